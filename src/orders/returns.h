// What comes back: from the request to pieces in stock again. Every change joins the order's own counters, events and
// the stock in one unit of work, so two returns cannot bring back the same piece and a piece is restocked once. Any
// thread.
#pragma once

#include <functional>
#include <span>

#include "orders/orders.h"
#include "orders/return.h"

namespace pf::orders {

inline constexpr std::size_t kReturnsMax = 200;         // of one order, refused ones too: its page still shows them
inline constexpr std::size_t kReferenceBytesMax = 100;  // of one return

class Returns {
 public:
  static std::vector<storage::Family> families();  // "returns", "return_index"
  // `events` null: changes are told to nobody.
  Returns(storage::Store& store, Orders& orders, stock::Stock& stock, audit::Audit& audit, const Clock& clock,
          events::Events* events = nullptr);

  struct Requested {
    Return ret;
    catalog::Outcome outcome = catalog::Outcome::created;  // unchanged: that reference was known
  };
  // Claims the pieces, so that no other return can. conflict, with every line at fault, for more than was shipped and
  // is not in another return.
  Result<Requested> request(const access::Actor& by, const RequestReturn& asked);
  // Again is nothing; conflict once it is refused, or closed.
  Result<Return> approve(const access::Actor& by, ReturnId id);
  // Gives the claimed pieces back. `message`, if any, becomes a note of the order. Again is nothing.
  Result<Return> refuse(const access::Actor& by, ReturnId id, std::string_view message = {});
  // What has come so far and what became of it: totals of the lines that are named, never less than before, so that
  // sending them again changes nothing. Newly restocked pieces go into stock, and from there to who waits; of an order
  // that the marketplace ships they do not, since they never were in it.
  // `location`: the code of the stock location that restocked pieces go to; empty: each to where it left from.
  Result<Return> receive(const access::Actor& by, ReturnId id, std::span<const ReturnTotals> totals,
                         std::string_view location = {});
  // Makes the order that replaces what comes back: of the channel "manual", linked both ways, once a return; again is
  // the same order. conflict before the return is approved; `gone` when the buyer's details are and no others are
  // given.
  Result<Return> replace(const access::Actor& by, ReturnId id, const Replacement& what);
  // Nothing more will come. conflict while it is not decided on, or pieces that came are not judged. Again is nothing.
  Result<Return> close(const access::Actor& by, ReturnId id);

  Result<Return> find(const storage::Reader& read, ReturnId id) const;  // not_found with a sentence
  Result<std::vector<Return>> of_order(const storage::Reader& read, OrderId order) const;
  // Invalid, with every fault, for a column, operator or value that the list does not have.
  Result<ReturnPage> list(const storage::Reader& read, const ReturnQuery& query) const;

 private:
  Result<Return> change(const access::Actor& by, ReturnId id, std::string_view action,
                        const std::function<Result<>(storage::Write&, Return&, Order&)>& how);
  Result<> save(storage::Write& work, const Return* before, Return& after);
  // Where they left from, or where somebody chose.
  Result<> restock(storage::Write& work, const access::Actor& by, Line& sold, std::int64_t pieces,
                   const stock::Location* chosen, const std::vector<stock::Location>& locations);

  storage::Store& store_;
  Orders& orders_;
  stock::Stock& stock_;
  audit::Audit& audit_;
  const Clock& clock_;
  events::Events* const told_;
  search::Index index_;
  storage::FamilyRef family_;
};

}  // namespace pf::orders
