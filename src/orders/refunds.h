// Money that goes back, in parts: never more than was paid, in total and of each line, of shipping and of tax, and what
// is sent twice is given once. Joins the order's own sums and events in one unit of work. Any thread.
#pragma once

#include "orders/orders.h"
#include "orders/refund.h"
#include "orders/returns.h"

namespace pf::orders {

inline constexpr std::size_t kRefundsMax = 200;          // of one order: its page still shows them
inline constexpr std::size_t kIdentifierBytesMax = 100;  // of one refund

class Refunds {
 public:
  static std::vector<storage::Family> families();  // "refunds"
  // `events` null: changes are told to nobody.
  Refunds(storage::Store& store, Orders& orders, Returns& returns, audit::Audit& audit, const Clock& clock,
          events::Events* events = nullptr);

  struct Given {
    Order order;
    Refund refund;
    catalog::Outcome outcome =
        catalog::Outcome::created;  // unchanged: that identifier was known, with the same content
  };
  // conflict, with every component at fault, for more than is left of it; for an order that is not paid or whose
  // amounts nobody knows; and for a known identifier with another content.
  Result<Given> give_back(const access::Actor& by, OrderId id, const GiveBack& asked);
  Result<std::vector<Refund>> of_order(const storage::Reader& read, OrderId id) const;  // oldest first

 private:
  storage::Store& store_;
  Orders& orders_;
  Returns& returns_;
  audit::Audit& audit_;
  const Clock& clock_;
  events::Events* const told_;
  storage::FamilyRef family_;
};

}  // namespace pf::orders
