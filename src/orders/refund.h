// The refunds' nouns. Plain values. Money that was given back, at the channel or by the shop's own hand: recorded here,
// so that nothing is given back twice. A refund moves no goods and changes nothing of what may be shipped.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orders/order.h"
#include "orders/return.h"

namespace pf::orders {

// Stored on disk and told on the wire by name: do not rename.
enum class RefundReason { returned, cancelled, damaged, late, price, goodwill, other };
inline constexpr std::array<std::string_view, 7> kRefundReasonNames{"returned", "cancelled", "damaged", "late",
                                                                    "price",    "goodwill",  "other"};

// Of one line: pieces, an amount (in the order's currency, its tax included), or both.
struct RefundLine {
  std::size_t line = 0;
  std::int64_t quantity = 0, amount_minor = 0;
  friend bool operator==(const RefundLine&, const RefundLine&) = default;
};
struct Refund {
  std::uint32_t number = 0;  // of the order's refunds, from 1
  std::string identifier;    // REF01, or the caller's own
  RefundReason reason = RefundReason::other;
  std::optional<ReturnId> of_return{};
  std::vector<RefundLine> lines{};
  std::int64_t shipping_minor = 0, tax_minor = 0, other_minor = 0;
  std::string by;
  Time at{};
  std::int64_t total_minor() const;  // REQUIRES: checked, so that it does not overflow
};

struct GiveBackLine {
  std::size_t line = 0;
  std::int64_t quantity = 0;
  std::optional<Money> amount{};  // absent: the quantity's price
};
struct GiveBack {
  std::string identifier{};  // the same one of an order again is the same refund
  RefundReason reason = RefundReason::other;
  std::string message{};  // becomes a sealed note of the order
  std::optional<ReturnId> of_return{};
  std::vector<GiveBackLine> lines{};
  std::optional<Money> shipping{}, tax{}, other{};  // other: ad hoc, bounded by what was paid alone
};

}  // namespace pf::orders
