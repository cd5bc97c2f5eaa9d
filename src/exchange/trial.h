// What a dry run has described so far: nothing of it is kept, and what comes after it, in the same archive too, is
// judged as if it were. Empty of a run that keeps what it reads.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/products.h"
#include "exchange/party.h"

namespace pf::exchange {

struct Trial {
  std::shared_ptr<const catalog::Model> model{};  // as what was described would leave it

  // A record that would be made.
  void note(const ReferenceItem& item);
  // For as long as it lives, the unit of work sees what those before it described; null where there is nothing.
  std::unique_ptr<catalog::Models::Assumed> assuming(catalog::Products& products, storage::Write& work) const;
  // Makes the records that these rows name, for them to find.
  Result<> make_records_again(catalog::Products& products, storage::Write& work, const access::Actor& by,
                              std::span<const catalog::ProductRow> rows) const;

 private:
  std::vector<ReferenceItem> records_{};                              // with their labels alone
  std::unordered_multimap<std::string, std::size_t> record_named_{};  // code or label in small letters -> its place
};

}  // namespace pf::exchange
