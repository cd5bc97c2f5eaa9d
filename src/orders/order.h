// The orders' nouns. Plain values. An order record holds no personal data: that is sealed in the vault on the way in.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "productflow/clock.h"
#include "productflow/id.h"
#include "productflow/money.h"
#include "productflow/names.h"
#include "vault/vault.h"

namespace pf::orders {

using OrderId = Id<struct OrderIdTag, std::uint64_t>;  // shown in decimal, from 100001 upwards

struct PlaceLine {
  std::string channel_line_id{};  // the channel's own, empty if it has none
  std::string sku{};              // may be unknown to the catalogue (a free line, or a channel's own number)
  std::string title{};
  std::int64_t quantity = 0;     // > 0, unless `gone`
  std::optional<Money> price{};  // of one piece, tax included; absent when the source has none (Amazon unshipped)
  std::int64_t shipped = 0, cancelled = 0;  // pieces that the channel says are dealt with; never ours to allocate
  // The channel cancelled all of it and counts its pieces no more: no line of an order that is new, and of one that is
  // known all that is left of it.
  bool gone = false;
};

// One order as a door or an importer hands it in. `buyer` is sealed and never stored here.
struct PlaceOrder {
  std::string channel{};  // "manual", "amazon", "shopify", "woocommerce", "bol", ...: lower case
  std::string channel_order_id{};
  std::optional<Currency> currency{};
  std::optional<Time> placed_at{};
  std::optional<Time> ship_by{};
  std::optional<Money> shipping_cost{}, total{};
  std::optional<Money> tax{};  // charged beside the prices (sales tax); absent where prices include it
  std::string country_code{};  // of the shipping address; may stay after the purge
  std::string payment_method{}, shipping_method{};
  bool paid = true;
  bool by_marketplace = false;  // the marketplace ships it from its own house (FBA, FBB): never of our stock
  std::optional<std::string> channel_status{};  // "cancelled", "shipped" when the channel says so already
  std::vector<PlaceLine> lines{};
  vault::Buyer buyer{};
  OrderId buyer_of{};          // instead: the buyer of this order, taken over inside the vault
  std::uint64_t replaces = 0;  // the return whose pieces it replaces
};

// Per line, append-only truth (orders.md 4.1); they always add up to `ordered`.
// Beside that: returned <= claimed <= shipped, where claimed pieces are in a return that still counts on them, and
// refunded <= ordered.
struct LineCounters {
  std::int64_t ordered = 0, cancelled = 0, backordered = 0, allocated = 0, shipped = 0;
  std::int64_t claimed = 0, returned = 0, refunded = 0;
  // Of the allocated ones: taken from the shelf, looked for in vain, and (of the picked ones) lying in an open parcel.
  // packed <= picked, picked + missing <= allocated.
  std::int64_t picked = 0, missing = 0, packed = 0;
  // Of the allocated ones that nobody has touched: those that are to leave later, with another parcel.
  std::int64_t later = 0;  // picked + missing + later <= allocated
  std::int64_t to_pick() const { return allocated - picked - missing - later; }
  std::int64_t returnable() const { return shipped - claimed; }
};
// Who ships an order; of these only the second is indexed.
inline constexpr std::array<std::string_view, 2> kFulfilledBy{"shop", "marketplace"};

// Derived from the counters and `accepted`, never stored as truth.
//   open -> (accept) open, accepted -> (ship some) partially_shipped -> (ship all) shipped
//   anything not shipped -> (cancel all) cancelled
enum class OrderStatus { awaiting_payment, open, partially_shipped, shipped, cancelled };
std::string_view status_name(OrderStatus status);

// How far the work on what is allocated is; derived from the counters. What is missing is not waited for.
//   none -> (first piece) picking -> (all) picked -> (first packed) packing -> (all) packed; undoing leads back
enum class Stage { none, picking, picked, packing, packed };
inline constexpr std::array<std::string_view, 5> kStageNames{"none", "picking", "picked", "packing", "packed"};

// Why an order is held back. Stored on disk and told on the wire by name: do not rename.
enum class HoldReason { manual, fraud, address, stock, buyer_cancel_request, payment };
inline constexpr std::array<std::string_view, 6> kHoldReasonNames{
    "manual", "fraud", "address", "stock", "buyer_cancel_request", "payment"};

// Lies over whatever stage the order is in and changes nothing of it: neither counters nor the stock that is promised.
struct Hold {
  std::uint32_t number = 0;  // of the event that placed it, so never given twice
  HoldReason reason = HoldReason::manual;
  std::string by{};
  Time at{};
};

// Why a person has to look at an order. Lies over its state as a hold does, but keeps nothing back. Stored and told by
// name: do not rename.
//   unknown_sku    a line's number is no product's
//   duplicate      the same buyer ordered the same for the same money within a day (Mark::other)
enum class Attention { unknown_sku, duplicate };
inline constexpr std::array<std::string_view, 2> kAttentionNames{"unknown_sku", "duplicate"};
struct Mark {
  Attention kind = Attention::unknown_sku;
  OrderId other{};
  bool dismissed = false;  // somebody looked and said that it is all right; it is not said again
};

// What becomes of pieces that were taken from their shelf, or looked for in vain, when they are cancelled.
enum class PickedFate { restock, damaged };
enum class MissingFate { restock, lost };
inline constexpr std::array<std::string_view, 2> kPickedFateNames{"restock", "damaged"};
inline constexpr std::array<std::string_view, 2> kMissingFateNames{"restock", "lost"};

// Whom a note is for. Stored by name.
enum class Audience { team, buyer };
inline constexpr std::array<std::string_view, 2> kAudienceNames{"team", "buyer"};

enum class StockPolicy { backorder, required };  // required: refused whole with `conflict` when a line has no stock

}  // namespace pf::orders
