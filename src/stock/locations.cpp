#include "stock/locations.h"

#include <algorithm>

#include "json/members.h"
#include "productflow/faults.h"
#include "productflow/text.h"
#include "stock/stock_keys.h"

namespace pf::stock {
namespace {

constexpr std::int64_t kLocationsVersion = 1;

// On disk (kLocationsKey): {"v", "list": [{"id", "code", "name", "rank", "ship", "on"}]}. Do not change.
std::string locations_record(const std::vector<Location>& all) {
  json::Value list = json::Value::array();
  for (const Location& one : all)
    list.push(json::Value::object({{"id", one.id},
                                   {"code", one.code},
                                   {"name", one.name},
                                   {"rank", one.rank},
                                   {"ship", one.may_ship},
                                   {"on", one.active}}));
  return json::write(json::Value::object({{"v", kLocationsVersion}, {"list", std::move(list)}}));
}

bool is_code(std::string_view code) {
  return !code.empty() && code.size() <= kLocationCodeBytesMax && std::ranges::all_of(code, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Result<> apply(Location& location, const LocationChange& what) {
  Faults faults;
  location.name = what.name ? std::string(trim(*what.name)) : location.name;
  location.rank = what.rank.value_or(location.rank);
  location.may_ship = what.may_ship.value_or(location.may_ship);
  location.active = what.active.value_or(location.active);
  if (location.name.empty() || location.name.size() > kLocationNameBytesMax || first_bad_utf8(location.name))
    faults.add("name", "length", "must have 1 to 100 bytes of UTF-8");
  if (location.rank < 0 || location.rank > kLocationRankMax) faults.add("rank", "range", "must be between 0 and 1,000");
  PF_TRY(std::move(faults).checked());
  if (location.id == kDefaultLocation && !location.sells())
    return error(
        ErrorCode::conflict,
        "The default location is where pieces are that name no other, so it stays active and may always ship.");
  return {};
}

}  // namespace

Result<std::vector<Location>> read_locations(const storage::Reader& read, storage::FamilyRef stock) {
  PF_LET(const auto record, read.get(stock, kLocationsKey));
  if (!record) return std::vector<Location>{Location{}};
  PF_LET(const auto in, json::parse(*record));
  if (json::number_in(in, "v") != kLocationsVersion)
    return error(ErrorCode::unsupported,
                 "The stock locations were written by a newer ProductFlow. Start that one, or restore a backup.");
  std::vector<Location> all;
  if (const json::Value* list = in.find("list"); list != nullptr && list->as_array() != nullptr)
    for (const json::Value& one : *list->as_array())
      all.push_back({static_cast<LocationId>(json::number_in(one, "id")), json::text_in(one, "code"),
                     json::text_in(one, "name"), json::number_in(one, "rank"), json::flag_in(one, "ship"),
                     json::flag_in(one, "on")});
  if (location_of(all, kDefaultLocation) == nullptr) all.emplace_back();
  std::ranges::stable_sort(all, {}, [](const Location& one) { return std::pair(one.rank, one.id); });
  return all;
}

const Location* location_named(const std::vector<Location>& all, std::string_view code) {
  const auto found = std::ranges::find(all, code, &Location::code);
  return found == all.end() ? nullptr : &*found;
}
const Location* location_of(const std::vector<Location>& all, LocationId id) {
  const auto found = std::ranges::find(all, id, &Location::id);
  return found == all.end() ? nullptr : &*found;
}

Locations::Locations(storage::Store& store, audit::Audit& audit)
    : store_(store), audit_(audit), family_(store.family(kStockFamily)) {}

Result<std::vector<Location>> Locations::all(const storage::Reader& read) const {
  return read_locations(read, family_);
}

Result<Location> Locations::find(const storage::Reader& read, std::string_view code) const {
  PF_LET(const auto known, all(read));
  if (const Location* one = location_named(known, code)) return *one;
  std::string codes;
  for (const Location& one : known) codes.append(codes.empty() ? "" : ", ").append(one.code);
  return error(ErrorCode::not_found,
               "There is no stock location \"" + std::string(code.substr(0, 60)) + "\"; there are: " + codes + ".");
}

Result<Location> Locations::create(const access::Actor& by, std::string_view code, const LocationChange& what) {
  if (!is_code(code))
    return invalid("code", "format", "A location's code is made of at most 40 lower-case letters, digits, _ and -.");
  Location made;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(auto known, all(work));
    if (location_named(known, code) != nullptr)
      return error(ErrorCode::conflict, "There is a stock location " + std::string(code) + " already.");
    if (known.size() >= kLocationsMax)
      return error(ErrorCode::conflict, "A shop has at most 20 stock locations. Use one that is not active any more.");
    made = {};
    for (const Location& one : known) {
      made.id = std::max(made.id, one.id + 1);
      made.rank = std::min(std::max(made.rank, one.rank + 1), kLocationRankMax);
    }
    made.code = made.name = code;
    PF_TRY(apply(made, what));
    known.push_back(made);
    work.put(family_, kLocationsKey, locations_record(known));
    return audit_.append(work, by, "location.create", "location:" + made.code, {});
  }));
  return made;
}

Result<Location> Locations::change(const access::Actor& by, std::string_view code, const LocationChange& what) {
  Location changed;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(changed, find(work, code));
    const Location before = changed;
    PF_TRY(apply(changed, what));
    if (changed == before) return {};
    PF_LET(auto known, all(work));
    *std::ranges::find(known, changed.id, &Location::id) = changed;
    work.put(family_, kLocationsKey, locations_record(known));
    return audit_.append(work, by, "location.change", "location:" + changed.code, {});
  }));
  return changed;
}

}  // namespace pf::stock
