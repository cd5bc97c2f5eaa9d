// An order as it is stored, and what it contributes to the index. Only for this room.
#pragma once

#include <array>

#include "orders/list_filter.h"
#include "orders/orders.h"

namespace pf::orders {

std::string write_order(const Order& order);
Result<Order> read_order(OrderId id, std::string_view record);
search::Entry index_entry(const Order& order);

// As few as keep a walk below some thousand records at ten million orders, since each is a merge more an order. Of
// milliseconds: some 3 days and 17 minutes. Of minor units, whose documents lie in every block, in steps of sixteen:
// 40.96, 2.56 and 0.16. Of numbers, which follow the documents': 4,096. Part of what is stored.
inline constexpr std::array<std::uint8_t, 2> kTimeSets{28, 20};
inline constexpr std::array<std::uint8_t, 3> kAmountSets{12, 8, 4};
inline constexpr std::array<std::uint8_t, 1> kNumberSets{12};
inline constexpr std::array<search::Coarse::Column, 5> kOrderSets{{{"placed_at", kTimeSets},
                                                                   {"created_at", kTimeSets},
                                                                   {"ship_by", kTimeSets},
                                                                   {"total", kAmountSets},
                                                                   {"id", kNumberSets}}};
inline constexpr search::Coarse kOrderCoarse{kOrderSets, "q"};
// Times in stored records: milliseconds.
json::Value stored_ms(Time time);
Time stored_time(const json::Value& in, std::string_view name);

}  // namespace pf::orders
