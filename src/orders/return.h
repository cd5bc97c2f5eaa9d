// The returns' nouns. Plain values. A return holds no personal data: what the buyer wrote becomes a sealed note of the
// order.
//
//   requested --approve--> approved --receive some--> received --close--> closed
//   requested --refuse--> refused           approved --close (nothing came)--> closed
//
// The counters of its lines are the truth; the status is derived from them and from what was decided.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/product_list.h"
#include "orders/order.h"

namespace pf::orders {

using ReturnId = Id<struct ReturnIdTag, std::uint64_t>;  // shown in decimal, from 5001 upwards

// Stored on disk and told on the wire by name: do not rename.
enum class ReturnReason { unwanted, damaged, defective, wrong_item, late, other };
inline constexpr std::array<std::string_view, 6> kReturnReasonNames{"unwanted",   "damaged", "defective",
                                                                    "wrong_item", "late",    "other"};

enum class ReturnStatus { requested, approved, received, refused, closed };
inline constexpr std::array<std::string_view, 5> kReturnStatusNames{"requested", "approved", "received", "refused",
                                                                    "closed"};

// Pieces of one line of the order: restocked + damaged + discarded <= received <= asked.
struct ReturnLine {
  std::size_t line = 0;  // its number in the order
  std::int64_t asked = 0, received = 0, restocked = 0, damaged = 0, discarded = 0;
  std::int64_t judged() const { return restocked + damaged + discarded; }
  friend bool operator==(const ReturnLine&, const ReturnLine&) = default;
};
// What is known of a line now: totals, not what was added. Absent: as before.
struct ReturnTotals {
  std::size_t line = 0;
  std::optional<std::int64_t> received{}, restocked{}, damaged{}, discarded{};
};
struct Return {
  ReturnId id{};
  std::uint32_t document = 0;  // in the index
  OrderId order{};
  std::string channel, channel_order_id;  // of the order, for lists
  std::string reference;                  // the channel's or the caller's own number of it; may be empty
  ReturnReason reason = ReturnReason::other;
  bool approved = false, refused = false, closed = false;
  std::string by;  // who entered it
  Time created_at{}, updated_at{};
  std::vector<ReturnLine> lines{};
  OrderId replacement{};  // the order that replaces what came back
};
ReturnStatus status_of(const Return& ret);

struct RequestReturn {
  OrderId order{};
  std::string reference{};  // the same one again for the same order is the same return
  ReturnReason reason = ReturnReason::other;
  std::string message{};  // the buyer's words or ours; becomes a sealed note of the order
  bool approved = false;  // at once, by whoever enters it
  std::vector<std::pair<std::size_t, std::int64_t>> lines{};  // line number, pieces; none: all that can come back
};

// What the buyer gets in place of what he sends back.
struct Replacement {
  std::vector<PlaceLine> lines{};  // none: the pieces of the return, for nothing
  vault::Buyer buyer{};            // where it goes, when the order's own buyer is not to be taken over
  std::string country_code{};      // of that
};

// `where`: status, channel, order_id, reason by eq, neq, in and nin; created_at and updated_at (RFC 3339) and id by eq,
// gt, gte, lt and lte. `sort`: created_at, updated_at or id; the first key decides.
struct ReturnQuery {
  std::string text{};  // words of the return's, the order's and the channel's number, and of the reference
  std::vector<catalog::Condition> where{};
  std::vector<catalog::SortKey> sort{};  // none: newest first
  std::size_t count = 15;
  std::uint64_t offset = 0;  // ignored with a cursor
  std::string cursor{};
  bool with_status_counts = false;  // among what fits but for its conditions on the status
};
struct ReturnPage {
  std::vector<Return> returns;
  std::uint64_t total = 0;
  std::string next_cursor;
  std::vector<std::pair<std::string, std::uint64_t>> status_counts;
};

}  // namespace pf::orders
