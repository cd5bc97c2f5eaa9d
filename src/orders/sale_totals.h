// What was sold, added up as orders change: sums of each day, channel and currency, raised in the unit of work that
// changes an order, so a report of ten million orders reads some hundred records. They hold no personal data and
// nothing of a single order. Only for this room.
//
// Stored on disk: do not change. Family "sale_totals":
//   "d" be32 day, channel 00 currency  -> the sums, under the empty name
//   "c" be32 day, channel 00 currency  -> the same by category: its name, empty for lines without one
//   "v"                                -> "1": everything that was ever sold is in the sums
// A day counts from 1970 in UTC, with its first bit turned, so that earlier ones sort before it. Record and operand are
// alike, and two of them one behind the other are their sum. For each name:
//   varint bytes of the name, the name; as zigzag varints: orders, units, units returned, sales, refunded, due, on
//   time; varint count of what follows: zigzag minute since 1970 of a ship-by, zigzag orders that wait to be shipped by
//   then
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "orders/order.h"
#include "orders/orders.h"
#include "storage/store.h"

namespace pf::orders {

inline constexpr std::string_view kSaleTotalsFamily = "sale_totals";

// Of one name in one record. What came back and went back counts where the order was placed.
struct SaleSums {
  // Of more than any shop sells these wrap around, as what is taken away again does.
  std::int64_t orders = 0, units = 0, units_returned = 0, sales_minor = 0, refunded_minor = 0;
  std::int64_t due = 0, on_time = 0;               // shipped, with a ship-by; of these: in time
  std::map<std::int64_t, std::int64_t> waiting{};  // orders not yet shipped, by the minute of their ship-by
  void add(const SaleSums& other, std::int64_t times = 1);
  bool is_zero() const;
  bool operator==(const SaleSums&) const = default;
};
using SumsByName = std::map<std::string, SaleSums, std::less<>>;

enum class SaleKind : char { day = 'd', category = 'c' };
struct SaleKey {
  std::chrono::sys_days day{};
  std::string_view channel{}, currency{};
};
// Where the days from `day` on begin in the family.
std::string sales_from(SaleKind kind, std::chrono::sys_days day);
std::string sale_key(SaleKind kind, const Order& order);
SaleKey sale_key_of(std::string_view key);  // REQUIRES: of a record of sums
SumsByName read_sums(std::string_view record);

storage::Family sale_totals_family();
// What an order adds to the sums of its day, and of its categories.
SumsByName sums_of(const Order& order, SaleKind kind);
// Adds to the sums of a record.
void add_sums(storage::Write& work, storage::FamilyRef family, std::string_view key, const SumsByName& more);
// Brings the sums from what `before` added to what `after` does; writes nothing where that is the same.
void count_sale(storage::Write& work, storage::FamilyRef family, const Order* before, const Order& after);

}  // namespace pf::orders
