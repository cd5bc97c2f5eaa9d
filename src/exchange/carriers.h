// The carriers' formats: those that came with the executable, and the shop's own, kept. Changes are audited in the same
// unit of work. Any thread.
//
// On disk (family "carriers"; do not change): "f" name -> a format of the shop's own, its document.
#pragma once

#include "audit/audit.h"
#include "exchange/carrier_format.h"
#include "storage/store.h"

namespace pf::exchange {

inline constexpr std::size_t kOwnCarriersMax = 100;

class Carriers {
 public:
  static std::vector<storage::Family> families();  // "carriers"
  Carriers(storage::Store& store, audit::Audit& audit);
  Result<std::vector<CarrierFormat>> list(const storage::Reader& read) const;  // ours and the shop's own, by name
  Result<CarrierFormat> find(const storage::Reader& read, std::string_view name) const;  // not_found with the names
  Result<CarrierFormat> keep(const access::Actor& by, std::string_view document);        // conflict for a name of ours
  Result<> remove(const access::Actor& by, std::string_view name);

 private:
  storage::Store& store_;
  audit::Audit& audit_;
  const storage::FamilyRef family_;
};

}  // namespace pf::exchange
