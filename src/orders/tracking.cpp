#include "orders/tracking.h"

#include <algorithm>

#include "orders/order_parts.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

Result<Parcel*> parcel_to_track(Order& order, const Tracked& tracked) {
  std::vector<Parcel*> all;
  for (auto* parcels : {&order.packing, &order.parcels})
    for (Parcel& parcel : *parcels) all.push_back(&parcel);
  if (all.empty())
    return error(ErrorCode::conflict, "Order " + std::to_string(order.id.raw()) +
                                          " has no parcel yet: pack it, or ship it, and import the numbers then.");
  if (!tracked.parcel.empty()) {
    const auto found = std::ranges::find(all, tracked.parcel, &Parcel::identifier);
    if (found != all.end()) return *found;
    return error(ErrorCode::not_found, "Order " + std::to_string(order.id.raw()) + " has no parcel " +
                                           tracked.parcel.substr(0, kTextBytesMax) + ".");
  }
  if (all.size() == 1) return all[0];
  const auto same = std::ranges::find(all, tracked.track_and_trace, &Parcel::track_and_trace);
  if (same != all.end()) return *same;
  std::erase_if(all, [](const Parcel* parcel) { return !parcel->track_and_trace.empty(); });
  if (all.size() == 1) return all[0];
  return error(ErrorCode::conflict, "Order " + std::to_string(order.id.raw()) +
                                        " has several parcels: name the one that is meant, such as " +
                                        parcel_reference(order.id, "PACK01") + ".");
}

json::Value tracked_value(const Parcel& parcel) {
  return json::Value::object({{"method", parcel.method}, {"track_and_trace", parcel.track_and_trace}});
}

// What the timeline says; null: it is so already.
json::Value set_number(Parcel& parcel, const Tracked& tracked) {
  const std::string method = tracked.method.empty() ? parcel.method : tracked.method;
  if (parcel.track_and_trace == tracked.track_and_trace && parcel.method == method) return json::Value(nullptr);
  json::Value before = tracked_value(parcel);
  const bool corrected = !parcel.track_and_trace.empty();
  parcel.track_and_trace = tracked.track_and_trace;
  parcel.method = method;
  json::Value said = tracked_value(parcel);
  said.set("identifier", parcel.identifier);
  if (corrected) said.set("before", std::move(before));
  return said;
}

}  // namespace

std::string parcel_reference(OrderId order, std::string_view parcel) {
  std::string out = std::to_string(order.raw());
  return parcel.empty() ? out : out.append("-").append(parcel);
}

std::optional<ParcelNamed> parcel_reference_of(std::string_view text) {
  if (text.starts_with("PF") || text.starts_with("pf")) text.remove_prefix(2);
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto number = parse_int(text.substr(0, dash));
  if (!number || *number < 1 || text.front() == '-') return std::nullopt;
  return ParcelNamed{OrderId(static_cast<std::uint64_t>(*number)),
                     std::string(text.substr(std::min(dash + 1, text.size())))};
}

Result<catalog::Outcome> track(storage::Write& work, Orders& orders, const access::Actor& by, OrderId id,
                               const Tracked& tracked) {
  Faults faults;
  check_text(faults, "method", tracked.method, kTextBytesMax);
  check_text(faults, "track_and_trace", tracked.track_and_trace, kTextBytesMax);
  PF_TRY(std::move(faults).checked());
  auto outcome = catalog::Outcome::unchanged;
  std::vector<OrderId> together;
  std::string shared;
  PF_TRY(orders.change_in(work, by, id, "order.track", [&](Order& order) -> Result<> {
    PF_LET(Parcel * parcel, parcel_to_track(order, tracked));
    together = parcel->together;
    shared = parcel->identifier;
    json::Value said = set_number(*parcel, tracked);
    if (said.is_null()) return {};
    outcome = catalog::Outcome::changed;
    return orders.append_event(work, order, by, "tracked", std::move(said));
  }));
  for (const OrderId other : together)
    PF_TRY(orders.change_in(work, by, other, "order.track", [&](Order& order) -> Result<> {
      for (Parcel& parcel : order.parcels) {
        if (parcel.identifier != shared || std::ranges::find(parcel.together, id) == parcel.together.end()) continue;
        json::Value said = set_number(parcel, tracked);
        if (said.is_null()) return {};
        outcome = catalog::Outcome::changed;
        return orders.append_event(work, order, by, "tracked", std::move(said));
      }
      return {};
    }));
  return outcome;
}

}  // namespace pf::orders
