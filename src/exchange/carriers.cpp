#include "exchange/carriers.h"

#include <algorithm>

namespace pf::exchange {
namespace {

std::string carrier_key(std::string_view name) {
  return "f" + std::string(name);
}
bool is_ours(std::string_view name) {
  return std::ranges::any_of(built_in_carriers(), [&](const CarrierFormat& one) { return one.table.name == name; });
}

}  // namespace

std::vector<storage::Family> Carriers::families() {
  return {{.name = "carriers"}};
}
Carriers::Carriers(storage::Store& store, audit::Audit& audit)
    : store_(store), audit_(audit), family_(store.family("carriers")) {}

Result<std::vector<CarrierFormat>> Carriers::list(const storage::Reader& read) const {
  std::vector<CarrierFormat> all = built_in_carriers();
  for (auto row = read.scan_prefix(family_, "f"); row.valid(); row.next()) {
    PF_LET(auto own, parse_carrier_format(row.value()));
    own.own = true;
    all.push_back(std::move(own));
  }
  std::ranges::sort(all, {}, [](const CarrierFormat& one) { return one.table.name; });
  return all;
}

Result<CarrierFormat> Carriers::find(const storage::Reader& read, std::string_view name) const {
  PF_LET(auto all, list(read));
  std::string names;
  for (CarrierFormat& one : all) {
    if (one.table.name == name) return std::move(one);
    names.append(names.empty() ? "" : ", ").append(one.table.name);
  }
  return error(ErrorCode::not_found, "There is no such carrier format; there are " + names + ".");
}

Result<CarrierFormat> Carriers::keep(const access::Actor& by, std::string_view document) {
  PF_LET(auto format, parse_carrier_format(document));
  format.own = true;
  const std::string& name = format.table.name;
  if (is_ours(name))
    return error(ErrorCode::conflict, "The format " + name + " came with the appliance. Give yours another name.");
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, work.get(family_, carrier_key(name)));
    std::size_t kept = 0;
    for (auto row = work.scan_prefix(family_, "f"); row.valid(); row.next()) ++kept;
    if (!before && kept >= kOwnCarriersMax)
      return error(ErrorCode::conflict, "A shop has at most 100 formats of its own. Remove one first.");
    work.put(family_, carrier_key(name), document);
    return audit_.append(work, by, "carrier_format.keep", "carrier_format:" + name, {});
  }));
  return format;
}

Result<> Carriers::remove(const access::Actor& by, std::string_view name) {
  if (is_ours(name)) return error(ErrorCode::conflict, "The format came with the appliance and stays with it.");
  return store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, work.get(family_, carrier_key(name)));
    if (!before) return error(ErrorCode::not_found, "There is no such carrier format.");
    work.erase(family_, carrier_key(name));
    return audit_.append(work, by, "carrier_format.remove", "carrier_format:" + std::string(name), {});
  });
}

}  // namespace pf::exchange
