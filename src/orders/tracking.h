// Tracking numbers of parcels, which a carrier's program gives when the label is printed: before the parcel leaves, or
// after it. Joins the caller's unit of work.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "orders/orders.h"

namespace pf::orders {

// What a carrier is told to print on the label of a parcel and hands back: "100123-PACK01"; of an order without parcels
// "100123".
std::string parcel_reference(OrderId order, std::string_view parcel);
// What it means, also as our papers' bars have it ("PF100123"); nothing for what is none.
struct ParcelNamed {
  OrderId order{};
  std::string parcel{};
};
std::optional<ParcelNamed> parcel_reference_of(std::string_view text);

struct Tracked {
  std::string parcel{};  // empty: the only one, or the only one without a number
  std::string method{};  // empty: as it is
  std::string track_and_trace{};
};
// Of an open parcel or one that has left; what it was stays in the timeline, and whoever was told of the parcel is told
// again (shipment.updated). A parcel that several orders share has one number: it is theirs too. The same again is
// unchanged. not_found without such a parcel; conflict when
// none is named and several could be meant.
Result<catalog::Outcome> track(storage::Write& work, Orders& orders, const access::Actor& by, OrderId id,
                               const Tracked& tracked);

}  // namespace pf::orders
