// Questions to the order list, as plain values; orders.h answers them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/product_list.h"
#include "orders/order.h"

namespace pf::orders {

// `where`: status, channel, country_code, sku, channel_order_id (or its other name, "name"), accepted, backordered,
// hold (its reason), held, tag, fulfilled_by (shop or marketplace), fulfilment (kStageNames but for none), short,
// attention (kAttentionNames), needs_attention and later by eq, neq, in and nin, and of these sku, channel_order_id and
// tag by starts, like and nlike too (of a beginning, or with '*' in front of any part), tag by empty and in_or_empty;
// placed_at, created_at and ship_by (RFC 3339), total and id by eq, gt, gte, lt, lte, between and nbetween; ship_by and
// total also by empty. `sort`: placed_at, created_at,
// ship_by, total or id; the first key decides.
struct OrderQuery {
  std::string text{};  // words of the order number, the channel's number, SKUs or titles; the last may be a beginning
  std::vector<catalog::Condition> where{};
  std::vector<catalog::SortKey> sort{};  // none: newest first
  std::size_t count = 15;
  std::uint64_t offset = 0;  // ignored with a cursor
  std::string cursor{};
  bool with_status_counts = false;     // among what fits but for its conditions on the status
  bool with_attention_counts = false;  // the same, but for its conditions on attention
  bool with_tag_counts = false;        // among what fits, the kTagsCounted most frequent
};

}  // namespace pf::orders
