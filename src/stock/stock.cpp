// 1. A SKU's one record holds the sums and the share of each location but the default, whose share is the rest: both
//    change in one write, so locations always add up to the level.
// 2. At every location 0 <= allocated <= on_hand. Each change of a share is a movement in the ledger.
#include "stock/stock.h"

#include <algorithm>
#include <set>

#include "json/json.h"
#include "json/members.h"
#include "productflow/text.h"
#include "stock/kit_record.h"
#include "stock/stock_keys.h"

namespace pf::stock {
namespace {

constexpr std::int64_t kPiecesMax = 1'000'000'000;  // of one SKU; sums stay far from 63 bits
constexpr std::size_t kSumBytes = 16, kShareBytes = 20;
// Reasons of movements: to a number, and back from it.
constexpr std::string_view kSet = "set", kCounted = "counted", kTakenBack = "taken_back";

bool is_level(std::string_view record) {
  return record.size() >= kSumBytes && !is_kit(record) && (record.size() - kSumBytes) % kShareBytes == 0;
}
Level sum_of(std::string_view record) {
  if (!is_level(record)) return {};
  return {static_cast<std::int64_t>(get_be64(record) & ~kPartOfKits),
          static_cast<std::int64_t>(get_be64(record.substr(8)))};
}
// All of it, and the default location may always ship.
bool lies_at_default(const std::optional<std::string>& record) {
  return !record || record->size() <= kSumBytes;
}
// The default location first, then the others in the record's order.
std::vector<Place> places_of(std::string_view record) {
  std::vector<Place> places{{kDefaultLocation, sum_of(record)}};
  if (!is_level(record)) return places;
  for (std::string_view rest = record.substr(kSumBytes); !rest.empty(); rest.remove_prefix(kShareBytes)) {
    const Place place{
        get_be32(rest),
        {static_cast<std::int64_t>(get_be64(rest.substr(4))), static_cast<std::int64_t>(get_be64(rest.substr(12)))}};
    places[0].level.on_hand -= place.level.on_hand;
    places[0].level.allocated -= place.level.allocated;
    places.push_back(place);
  }
  return places;
}
std::string record_of(std::span<const Place> places, bool part_of_kits) {
  std::string out, shares;
  const auto put = [](std::string& to, std::int64_t number) { put_be64(to, static_cast<std::uint64_t>(number)); };
  Level sum;
  for (const Place& place : places) {
    sum.on_hand += place.level.on_hand;
    sum.allocated += place.level.allocated;
    if (place.location == kDefaultLocation || place.level == Level{}) continue;
    put_be32(shares, place.location);
    put(shares, place.level.on_hand);
    put(shares, place.level.allocated);
  }
  put_be64(out, static_cast<std::uint64_t>(sum.on_hand) | (part_of_kits ? kPartOfKits : 0));
  put(out, sum.allocated);
  return out + shares;
}

// Works levels out of records; reads the locations once, and only if a SKU lies at more than the default one.
class Levels {
 public:
  Levels(const storage::Reader& read, storage::FamilyRef family) : read_(read), family_(family) {}
  Result<Level> of(std::string_view record) {
    if (is_kit(record)) {
      PF_LET(const auto parts, parts_at_the_bottom(read_, family_, parts_of(record)));
      std::optional<std::int64_t> least;
      for (const Part& part : parts) {
        PF_LET(const auto of_part, read_.get(family_, level_key(part.sku)));
        PF_LET(const Level level, of_part ? of(*of_part) : Result<Level>(Level{}));
        least = std::min(least.value_or(INT64_MAX), std::max<std::int64_t>(level.available(), 0) / part.quantity);
      }
      return Level{.on_hand = least.value_or(0), .kit = true};
    }
    Level level = sum_of(record);
    if (record.size() <= kSumBytes) return level;
    if (locations_.empty()) {
      PF_LET(locations_, read_locations(read_, family_));
    }
    for (const Place& place : places_of(record)) {
      const Location* at = location_of(locations_, place.location);
      if (at == nullptr || !at->sells()) level.withheld += place.level.available();
    }
    return level;
  }

 private:
  const storage::Reader& read_;
  storage::FamilyRef family_;
  std::vector<Location> locations_{};
};

Error unknown_location() {
  return invalid("location", "unknown", "There is no such stock location.");
}

}  // namespace

std::vector<storage::Family> Stock::families() {
  return {{.name = std::string(kStockFamily)}};
}
Stock::Stock(storage::Store& store, const Clock& clock, events::Events* events)
    : clock_(clock), events_(events), family_(store.family(kStockFamily)) {}

Result<Level> Stock::level(const storage::Reader& read, std::string_view sku) const {
  PF_LET(const auto record, read.get(family_, level_key(sku)));
  return record ? Levels(read, family_).of(*record) : Level{};
}

Result<std::vector<Level>> Stock::levels(const storage::Reader& read, std::span<const std::string> skus) const {
  PF_LET(const auto all, stored(read, skus));
  std::vector<Level> levels;
  levels.reserve(all.size());
  for (const Stored& one : all) levels.push_back(one.level);
  return levels;
}

Result<std::vector<Stock::Stored>> Stock::stored(const storage::Reader& read, std::span<const std::string> skus) const {
  std::vector<std::string> keys;
  keys.reserve(skus.size());
  for (const std::string& sku : skus) keys.push_back(level_key(sku));
  PF_LET(auto records, read.get_many(family_, keys));
  Levels of(read, family_);
  std::vector<Stored> all;
  all.reserve(records.size());
  for (auto& record : records) {
    PF_LET(const Level level, record ? of.of(*record) : Result<Level>(Level{}));
    all.push_back({level, std::move(record)});
  }
  return all;
}

Result<std::vector<Place>> Stock::places(const storage::Reader& read, std::string_view sku) const {
  PF_LET(const auto record, read.get(family_, level_key(sku)));
  if (record && is_kit(*record)) return kit_places(read, sku);
  return places_of(record ? *record : std::string_view());
}

Result<Place> Stock::place_of(const storage::Reader& read, std::string_view sku, LocationId at) const {
  PF_LET(const auto record, read.get(family_, level_key(sku)));
  if (record && is_kit(*record)) return has_no_own_pieces(sku);
  const auto all = places_of(record ? *record : std::string_view());
  const auto found = std::ranges::find(all, at, &Place::location);
  return found == all.end() ? Place{at, {}} : *found;
}

Result<> Stock::move(storage::Write& work, std::string_view sku, LocationId at, std::int64_t on_hand,
                     std::int64_t allocated, const Why& why) {
  PF_LET(const auto before, work.get(family_, level_key(sku)));
  return move(work, sku, before, at, on_hand, allocated, why);
}

Result<> Stock::move(storage::Write& work, std::string_view sku, const std::optional<std::string>& before,
                     LocationId at, std::int64_t on_hand, std::int64_t allocated, const Why& why) {
  if (before && is_kit(*before)) return has_no_own_pieces(sku);
  const bool of_kits = before && is_part_of_kits(*before);
  auto places = places_of(before ? *before : std::string_view());
  auto place = std::ranges::lower_bound(places, at, {}, &Place::location);
  if (place == places.end() || place->location != at) place = places.insert(place, {at, {}});
  Level& level = place->level;
  level.on_hand += on_hand;
  level.allocated += allocated;
  if (level.on_hand < 0 || level.allocated < 0 || level.allocated > level.on_hand)
    return error(ErrorCode::conflict, "The stock of " + std::string(sku) +
                                          " does not allow that: it would fall below what is promised to orders.");
  work.put(family_, level_key(sku), record_of(places, of_kits));

  std::uint64_t number = 1;
  if (before) {  // else nothing ever moved
    PF_LET(const auto last, work.get(family_, last_movement_key(sku)));
    if (last && last->size() == 8) number = get_be64(*last) + 1;
  }
  std::string number_bytes;
  put_be64(number_bytes, number);
  work.put(family_, last_movement_key(sku), number_bytes);
  json::Value movement = json::Value::object({{"at", rfc3339(clock_.now())},
                                              {"by", why.by},
                                              {"reason", why.reason},
                                              {"on_hand", on_hand},
                                              {"allocated", allocated}});
  if (at != kDefaultLocation) movement.set("loc", at);
  if (why.takes_back != nullptr) {
    json::Value range = json::Value::array();
    range.push(why.takes_back->first);
    range.push(why.takes_back->last);
    movement.set("takes_back", std::move(range));
  }
  if (why.moved != nullptr) why.moved->add(at, on_hand, number);
  work.put(family_, movement_key(sku, number), json::write(movement));
  if (of_kits) PF_TRY(tell_kits(work, sku));
  return events_ != nullptr ? events_->add_sku(work, events::type::kStockUpdated, sku) : Result<>();
}

Result<> Stock::takes_pieces(const storage::Reader& read, LocationId at) const {
  if (at == kDefaultLocation) return {};
  PF_LET(const auto all, read_locations(read, family_));
  const Location* location = location_of(all, at);
  if (location == nullptr) return unknown_location();
  if (!location->active)
    return error(ErrorCode::conflict, "The stock location " + location->name + " is not active and takes no pieces.");
  return {};
}

Result<Given> Stock::allocate(storage::Write& work, std::string_view sku, std::int64_t wanted,
                              std::optional<LocationId> prefer) {
  PF_LET(const auto record, work.get(family_, level_key(sku)));
  Given given;
  if (record && is_kit(*record)) {
    given.kit = true;
    return given;
  }
  const auto promise = [&](LocationId at, std::int64_t pieces) -> Result<> {
    if (pieces <= 0) return {};
    given.pieces += pieces;
    if (at != kDefaultLocation) given.elsewhere.push_back({at, pieces});
    return move(work, sku, at, 0, pieces, {"system", "allocated"});
  };
  if (lies_at_default(record)) {
    given.pieces = std::clamp<std::int64_t>(sum_of(record ? *record : std::string_view()).available(), 0, wanted);
    if (given.pieces > 0) PF_TRY(move(work, sku, record, kDefaultLocation, 0, given.pieces, {"system", "allocated"}));
    return given;
  }
  PF_LET(const auto locations, read_locations(work, family_));
  const auto places = places_of(*record);
  std::vector<Share> free;  // by rank, the preferred one first
  for (const Location& location : locations) {
    const auto place = std::ranges::find(places, location.id, &Place::location);
    if (place == places.end() || !location.sells() || place->level.available() <= 0) continue;
    free.insert(prefer == location.id ? free.begin() : free.end(), {location.id, place->level.available()});
  }
  if (!free.empty() && prefer == free.front().location) {
    PF_TRY(promise(free.front().location, std::min(free.front().pieces, wanted)));
    free.erase(free.begin());
  }
  const std::int64_t left = wanted - given.pieces;
  const auto whole = std::ranges::find_if(free, [&](const Share& one) { return one.pieces >= left; });
  if (whole != free.end()) {
    PF_TRY(promise(whole->location, left));
    return given;
  }
  for (const Share& one : free) PF_TRY(promise(one.location, std::min(one.pieces, wanted - given.pieces)));
  return given;
}

Result<std::vector<Share>> Stock::gather(storage::Write& work, std::string_view sku, std::span<const Share> promised,
                                         LocationId at) {
  PF_TRY(takes_pieces(work, at));
  std::vector<Share> now;
  const auto add = [&](LocationId location, std::int64_t pieces) {
    if (pieces == 0) return;
    const auto there = std::ranges::find(now, location, &Share::location);
    if (there == now.end())
      now.push_back({location, pieces});
    else
      there->pieces += pieces;
  };
  for (const Share& share : promised) {
    PF_LET(const Place place, place_of(work, sku, at));
    const std::int64_t moved =
        share.location == at ? 0 : std::clamp<std::int64_t>(place.level.available(), 0, share.pieces);
    if (moved > 0) {
      PF_TRY(move(work, sku, share.location, 0, -moved, {"system", "released"}));
      PF_TRY(move(work, sku, at, 0, moved, {"system", "allocated"}));
    }
    add(at, moved);
    add(share.location, share.pieces - moved);
  }
  return now;
}

Result<> Stock::release(storage::Write& work, std::string_view sku, std::span<const Share> pieces) {
  for (const Share& share : pieces)
    if (share.pieces != 0) PF_TRY(move(work, sku, share.location, 0, -share.pieces, {"system", "released"}));
  return {};
}

Result<> Stock::ship(storage::Write& work, std::string_view sku, std::span<const Share> pieces) {
  for (const Share& share : pieces)
    if (share.pieces != 0) PF_TRY(move(work, sku, share.location, -share.pieces, -share.pieces, {"system", "shipped"}));
  return {};
}

Result<> Stock::write_off(storage::Write& work, const access::Actor& by, std::string_view sku,
                          std::span<const Share> pieces, std::string_view reason) {
  for (const Share& share : pieces)
    if (share.pieces != 0) PF_TRY(move(work, sku, share.location, -share.pieces, -share.pieces, {by.name, reason}));
  return {};
}

Result<> Stock::restock(storage::Write& work, const access::Actor& by, std::string_view sku, std::int64_t pieces,
                        std::string_view reason, LocationId at) {
  if (pieces == 0) return {};
  PF_TRY(takes_pieces(work, at));
  PF_LET(const Level level, this->level(work, sku));
  if (pieces < 0 || level.on_hand > kPiecesMax - pieces)
    return error(ErrorCode::conflict, "The stock of " + std::string(sku) + " cannot rise above 1,000,000,000.");
  return move(work, sku, at, pieces, 0, {by.name, reason});
}

Result<> Stock::set_available(storage::Write& work, const access::Actor& by, std::string_view sku,
                              std::int64_t available, Moved* moved) {
  const std::string one(sku);
  PF_LET(const auto now, stored(work, std::span(&one, 1)));
  return set_available(work, by, sku, now.front(), available, moved);
}

Result<> Stock::set_available(storage::Write& work, const access::Actor& by, std::string_view sku, const Stored& now,
                              std::int64_t available, Moved* moved) {
  if (available < 0 || available > kPiecesMax)
    return invalid("qty_available", "range", "The quantity must be between 0 and 1,000,000,000.");
  const auto& record = now.record;
  std::int64_t more = available - now.level.available();
  if (more == 0) return {};
  const Why why{.by = by.name, .reason = kSet, .moved = moved};
  if (lies_at_default(record)) return move(work, sku, record, kDefaultLocation, more, 0, why);
  PF_LET(const auto at_default, place_of(work, sku, kDefaultLocation));
  const std::int64_t there = std::max(more, -at_default.level.available());
  if (there != 0) PF_TRY(move(work, sku, kDefaultLocation, there, 0, why));
  more -= there;
  if (more == 0) return {};
  PF_LET(const auto locations, read_locations(work, family_));
  PF_LET(const auto all, places(work, sku));
  for (auto location = locations.rbegin(); location != locations.rend() && more < 0; ++location) {
    const auto place = std::ranges::find(all, location->id, &Place::location);
    if (place == all.end() || location->id == kDefaultLocation || !location->sells()) continue;
    const std::int64_t fewer = std::min(-more, place->level.available());
    if (fewer > 0) PF_TRY(move(work, sku, location->id, -fewer, 0, why));
    more += fewer;
  }
  return {};
}

Result<bool> Stock::set_free_at(storage::Write& work, const access::Actor& by, std::string_view sku, LocationId at,
                                std::int64_t free, Moved* moved) {
  if (free < 0 || free > kPiecesMax)
    return invalid("available", "range", "The quantity must be between 0 and 1,000,000,000.");
  PF_LET(const Place place, place_of(work, sku, at));
  const std::int64_t change = free - place.level.available();
  if (change == 0) return false;
  PF_TRY(change_free(work, sku, at, change, {.by = by.name, .reason = kSet, .moved = moved}));
  return true;
}

Result<> Stock::count_at(storage::Write& work, const access::Actor& by, std::string_view sku, LocationId at,
                         std::int64_t on_hand, std::string_view reason) {
  if (on_hand < 0 || on_hand > kPiecesMax)
    return invalid("on_hand", "range", "The quantity must be between 0 and 1,000,000,000.");
  PF_LET(const Place place, place_of(work, sku, at));
  return adjust(work, by, sku, at, on_hand - place.level.on_hand, reason);
}

Result<> Stock::adjust(storage::Write& work, const access::Actor& by, std::string_view sku, LocationId at,
                       std::int64_t change, std::string_view reason) {
  return change_free(work, sku, at, change, {by.name, reason});
}

Result<> Stock::change_free(storage::Write& work, std::string_view sku, LocationId at, std::int64_t change,
                            const Why& why) {
  if (change == 0) return {};
  if (change > 0) PF_TRY(takes_pieces(work, at));
  PF_LET(const Place place, place_of(work, sku, at));
  PF_LET(const Level level, this->level(work, sku));
  if (change > kPiecesMax || level.on_hand > kPiecesMax - change)
    return error(ErrorCode::conflict, "The stock of " + std::string(sku) + " cannot rise above 1,000,000,000.");
  if (change < -place.level.available())
    return error(ErrorCode::conflict,
                 "Of " + std::string(sku) + " there are " + std::to_string(place.level.on_hand) + " here, and " +
                     std::to_string(place.level.allocated) +
                     " of them are promised to orders, so no fewer than that can stay. Take the promise off first: say "
                     "in the order that the pieces are lost, or cancel them.");
  return move(work, sku, at, change, 0, why);
}

void Moved::add(LocationId at, std::int64_t change, std::uint64_t movement) {
  if (first == 0) first = movement;
  last = movement;
  const auto known = std::ranges::find(pieces, at, &Share::location);
  if (known == pieces.end())
    pieces.push_back({at, change});
  else
    known->pieces += change;
}

Result<Stock::Since> Stock::since(const storage::Reader& read, std::string_view sku, const Moved& moved) const {
  std::set<std::uint64_t> set;  // movements to a number, wherever: one of all locations together moves some of them
  const std::size_t prefix = movement_key(sku, 0).size() - 8;
  std::size_t looked = 0;
  for (auto row = read.scan(family_, movement_key(sku, moved.last + 1), movement_key(sku, UINT64_MAX)); row.valid();
       row.next()) {
    if (++looked > kMovedSinceMax) return Since::too_much;
    const std::string_view text = row.value();  // most are of orders
    if (text.find(kSet) == text.npos && text.find(kCounted) == text.npos && text.find(kTakenBack) == text.npos)
      continue;
    PF_LET(const auto body, json::parse(text));
    const std::string reason = json::text_in(body, "reason");
    if (reason == kSet || reason == kCounted) set.insert(get_be64(row.key().substr(prefix)));
    const json::Value* range = body.find("takes_back");
    if (range == nullptr || range->as_array() == nullptr || range->as_array()->size() != 2) continue;
    const auto number = [&](std::size_t i) {
      return static_cast<std::uint64_t>((*range->as_array())[i].as_int().value_or(0));
    };
    if (number(0) == moved.first && number(1) == moved.last) return Since::taken_back;
    set.erase(set.lower_bound(number(0)), set.upper_bound(number(1)));
  }
  return set.empty() ? Since::nothing : Since::set;
}

Result<bool> Stock::take_back(storage::Write& work, const access::Actor& by, std::string_view sku, const Moved& moved) {
  PF_LET(const Since since, this->since(work, sku, moved));
  if (since == Since::taken_back) return false;
  if (since == Since::set)
    return error(ErrorCode::conflict, "Its stock was counted or set again since, so it was left as it is.");
  if (since == Since::too_much)
    return error(ErrorCode::conflict, "Its stock has moved more than " + std::to_string(kMovedSinceMax) +
                                          " times since, so it was left as it is.");
  for (const Share& share : moved.pieces) {
    PF_LET(const Place place, place_of(work, sku, share.location));
    if (share.pieces > place.level.available())
      return error(ErrorCode::conflict,
                   "Fewer pieces are free than would go back, as some were sold, promised or moved since, so its stock "
                   "was left as it is.");
    if (share.pieces < 0) PF_TRY(takes_pieces(work, share.location));
  }
  for (const Share& share : moved.pieces)
    PF_TRY(change_free(work, sku, share.location, -share.pieces,
                       {.by = by.name, .reason = kTakenBack, .takes_back = &moved}));
  return true;
}

Result<> Stock::transfer(storage::Write& work, const access::Actor& by, std::string_view sku, LocationId from,
                         LocationId to, std::int64_t pieces) {
  if (from == to) return invalid("to", "same", "Choose two different locations.");
  if (pieces < 1 || pieces > kPiecesMax)
    return invalid("quantity", "range", "The quantity must be between 1 and 1,000,000,000.");
  PF_TRY(takes_pieces(work, to));
  PF_LET(const Place place, place_of(work, sku, from));
  if (place.level.available() < pieces) {
    Error few = error(ErrorCode::conflict, "Only " + std::to_string(place.level.available()) + " pieces of " +
                                               std::string(sku) + " are free there; " +
                                               std::to_string(place.level.allocated) + " are promised to orders.");
    few.faults.push_back({"quantity", "stock", few.message});
    return few;
  }
  PF_TRY(move(work, sku, from, -pieces, 0, {by.name, "transferred"}));
  return move(work, sku, to, pieces, 0, {by.name, "transferred"});
}

Result<std::vector<Stock::Movement>> Stock::movements(const storage::Reader& read, std::string_view sku) const {
  std::vector<Movement> all;
  const std::string prefix = movement_key(sku, 0).substr(0, sku.size() + 2);
  for (auto row = read.scan_prefix(family_, prefix); row.valid(); row.next()) {
    PF_LET(const auto body, json::parse(row.value()));
    const auto number = [&](const char* name) {
      return body.find(name) != nullptr ? body.find(name)->as_int().value_or(0) : 0;
    };
    const auto text = [&](const char* name) {
      return body.find(name) != nullptr && body.find(name)->as_string() != nullptr ? *body.find(name)->as_string()
                                                                                   : std::string();
    };
    all.push_back({parse_time(text("at")).ok() ? *parse_time(text("at")) : Time{}, text("by"), text("reason"),
                   number("on_hand"), number("allocated"), static_cast<LocationId>(number("loc"))});
  }
  return all;
}

Result<std::vector<std::pair<std::string, Level>>> Stock::list(const storage::Reader& read, std::string_view after,
                                                               std::size_t count) const {
  std::vector<std::pair<std::string, Level>> all;
  Levels of(read, family_);
  auto row = read.scan(family_, level_key(after), "m");
  if (row.valid() && !after.empty() && row.key() == level_key(after)) row.next();
  for (; row.valid() && all.size() < count; row.next()) {
    if (!is_level(row.value()) && !is_kit(row.value())) continue;
    PF_LET(const Level level, of.of(row.value()));
    all.emplace_back(row.key().substr(1), level);
  }
  return all;
}

Result<Stock::Shortages> Stock::shortages(const storage::Reader& read, std::int64_t low_below) const {
  Shortages found;
  Levels of(read, family_);
  for (auto row = read.scan(family_, level_key(""), "m"); row.valid() && found.looked < kShortagesLooked; row.next()) {
    if (!is_level(row.value()) && !is_kit(row.value())) continue;
    ++found.looked;
    PF_LET(const Level level, of.of(row.value()));
    if (level.available() <= 0)
      ++found.out;
    else if (level.available() < low_below)
      ++found.low;
  }
  return found;
}

}  // namespace pf::stock
