#include "stock/stock.h"

#include <algorithm>

#include "json/json.h"
#include "productflow/text.h"
#include "stock/stock_keys.h"

namespace pf::stock {
namespace {

constexpr std::int64_t kPiecesMax = 1'000'000'000;  // of one SKU; sums stay far from 63 bits

Level level_of(std::string_view record) {
  if (record.size() != 16) return {};
  return {static_cast<std::int64_t>(get_be64(record)), static_cast<std::int64_t>(get_be64(record.substr(8)))};
}

}  // namespace

std::vector<storage::Family> Stock::families() {
  return {{.name = std::string(kStockFamily)}};
}
Stock::Stock(storage::Store& store, const Clock& clock, events::Events* events)
    : clock_(clock), events_(events), family_(store.family(kStockFamily)) {}

Result<Level> Stock::level(const storage::Reader& read, std::string_view sku) const {
  PF_LET(const auto record, read.get(family_, level_key(sku)));
  return record ? level_of(*record) : Level{};
}

Result<std::vector<Level>> Stock::levels(const storage::Reader& read, std::span<const std::string> skus) const {
  std::vector<std::string> keys;
  keys.reserve(skus.size());
  for (const std::string& sku : skus) keys.push_back(level_key(sku));
  PF_LET(const auto records, read.get_many(family_, keys));
  std::vector<Level> levels;
  levels.reserve(records.size());
  for (const auto& record : records) levels.push_back(record ? level_of(*record) : Level{});
  return levels;
}

Result<> Stock::move(storage::Write& work, std::string_view sku, std::int64_t on_hand, std::int64_t allocated,
                     std::string_view by, std::string_view reason) {
  PF_LET(const auto before, work.get(family_, level_key(sku)));
  Level level = before ? level_of(*before) : Level{};
  level.on_hand += on_hand;
  level.allocated += allocated;
  if (level.on_hand < 0 || level.allocated < 0 || level.allocated > level.on_hand)
    return error(ErrorCode::conflict, "The stock of " + std::string(sku) +
                                          " does not allow that: it would fall below what is promised to orders.");
  std::string record;
  put_be64(record, static_cast<std::uint64_t>(level.on_hand));
  put_be64(record, static_cast<std::uint64_t>(level.allocated));
  work.put(family_, level_key(sku), record);

  std::uint64_t number = 1;
  if (before) {  // else nothing ever moved
    PF_LET(const auto last, work.get(family_, last_movement_key(sku)));
    if (last && last->size() == 8) number = get_be64(*last) + 1;
  }
  std::string number_bytes;
  put_be64(number_bytes, number);
  work.put(family_, last_movement_key(sku), number_bytes);
  work.put(family_, movement_key(sku, number),
           json::write(json::Value::object({{"at", rfc3339(clock_.now())},
                                            {"by", by},
                                            {"reason", reason},
                                            {"on_hand", on_hand},
                                            {"allocated", allocated}})));
  return events_ != nullptr ? events_->add_sku(work, events::type::kStockUpdated, sku) : Result<>();
}

Result<std::int64_t> Stock::allocate(storage::Write& work, std::string_view sku, std::int64_t wanted) {
  PF_LET(const Level level, this->level(work, sku));
  const std::int64_t given = std::clamp<std::int64_t>(level.available(), 0, wanted);
  if (given > 0) PF_TRY(move(work, sku, 0, given, "system", "allocated"));
  return given;
}

Result<> Stock::release(storage::Write& work, std::string_view sku, std::int64_t pieces) {
  return pieces == 0 ? Result<>() : move(work, sku, 0, -pieces, "system", "released");
}

Result<> Stock::ship(storage::Write& work, std::string_view sku, std::int64_t pieces) {
  return pieces == 0 ? Result<>() : move(work, sku, -pieces, -pieces, "system", "shipped");
}

Result<> Stock::restock(storage::Write& work, const access::Actor& by, std::string_view sku, std::int64_t pieces,
                        std::string_view reason) {
  if (pieces == 0) return {};
  PF_LET(const Level level, this->level(work, sku));
  if (pieces < 0 || level.on_hand > kPiecesMax - pieces)
    return error(ErrorCode::conflict, "The stock of " + std::string(sku) + " cannot rise above 1,000,000,000.");
  return move(work, sku, pieces, 0, by.name, reason);
}

Result<> Stock::set_available(storage::Write& work, const access::Actor& by, std::string_view sku,
                              std::int64_t available) {
  if (available < 0 || available > kPiecesMax)
    return invalid("qty_available", "range", "The quantity must be between 0 and 1,000,000,000.");
  PF_LET(const Level level, this->level(work, sku));
  if (level.available() == available) return {};
  return move(work, sku, available - level.available(), 0, by.name, "set");
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
                   number("on_hand"), number("allocated")});
  }
  return all;
}

Result<std::vector<std::pair<std::string, Level>>> Stock::list(const storage::Reader& read, std::string_view after,
                                                               std::size_t count) const {
  std::vector<std::pair<std::string, Level>> all;
  auto row = read.scan(family_, level_key(after), "m");
  if (row.valid() && !after.empty() && row.key() == level_key(after)) row.next();
  for (; row.valid() && all.size() < count; row.next())
    if (row.value().size() == 16) all.emplace_back(row.key().substr(1), level_of(row.value()));
  return all;
}

Result<Stock::Shortages> Stock::shortages(const storage::Reader& read, std::int64_t low_below) const {
  Shortages found;
  for (auto row = read.scan(family_, level_key(""), "m"); row.valid() && found.looked < kShortagesLooked; row.next()) {
    if (row.value().size() != 16) continue;
    ++found.looked;
    const std::int64_t available = level_of(row.value()).available();
    if (available <= 0)
      ++found.out;
    else if (available < low_below)
      ++found.low;
  }
  return found;
}

}  // namespace pf::stock
