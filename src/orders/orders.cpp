// An order as it is kept: found, changed in one unit of work with its events, its index entry, its sums and who is
// told.
#include "orders/orders.h"

#include <algorithm>

#include "json/members.h"
#include "orders/line_kits.h"
#include "orders/order_keys.h"
#include "orders/order_parts.h"
#include "orders/order_record.h"
#include "orders/sale_totals.h"

namespace pf::orders {

json::Value numbers_of(const std::vector<OrderId>& ids) {
  json::Value out = json::Value::array();
  for (const OrderId id : ids) out.push(std::to_string(id.raw()));
  return out;
}

std::vector<storage::Family> Orders::families() {
  return {{.name = std::string(kOrdersFamily)},
          search::Index::family(std::string(kOrderIndexFamily)),
          sale_totals_family()};
}

Orders::Orders(storage::Store& store, stock::Stock& stock, vault::Vault& vault, audit::Audit& audit, const Clock& clock,
               events::Events* events)
    : store_(store),
      stock_(stock),
      vault_(vault),
      audit_(audit),
      clock_(clock),
      told_(events),
      index_(store, kOrderIndexFamily, kOrderCoarse),
      family_(store.family(kOrdersFamily)),
      totals_(store.family(kSaleTotalsFamily)) {}

Result<> Orders::append_event(storage::Write& work, Order& order, const access::Actor& by, std::string_view kind,
                              json::Value details) {
  work.put(family_, event_key(order.id.raw(), ++order.events),
           json::write(json::Value::object(
               {{"at", rfc3339(clock_.now())}, {"by", by.name}, {"kind", kind}, {"details", std::move(details)}})));
  return {};
}

Result<> Orders::save(storage::Write& work, const Order* before, Order& after) {
  after.updated_at = clock_.now();
  PF_TRY(categorise(work, before, after));
  count_sale(work, totals_, before, after);
  work.put(family_, order_key(after.id.raw()), write_order(after));
  // A kit waits for itself, since it may become another, and for each of its parts.
  for (const Line& line : after.lines)
    if (line.count.backordered > 0)
      for (const std::string& sku : stock_skus(line)) work.put(family_, waiting_key(sku, after.id.raw()), {});
  if (before != nullptr)
    for (const Line& line : before->lines)
      if (line.count.backordered > 0)
        for (const std::string& sku : stock_skus(line))
          if (std::ranges::none_of(after.lines,
                                   [&](const Line& now) { return now.count.backordered > 0 && takes_from(now, sku); }))
            work.erase(family_, waiting_key(sku, after.id.raw()));
  const auto waits_for_product = [](const Order& order) {
    const OrderStatus status = status_of(order);
    return status != OrderStatus::shipped && status != OrderStatus::cancelled &&
           std::ranges::any_of(order.marks,
                               [](const Mark& mark) { return mark.kind == Attention::unknown_sku && !mark.dismissed; });
  };
  if (const bool waits = waits_for_product(after); waits != (before != nullptr && waits_for_product(*before))) {
    if (waits)
      work.put(family_, unknown_key(after.id.raw()), {});
    else
      work.erase(family_, unknown_key(after.id.raw()));
  }
  PF_TRY(tell(work, before, after));
  return index_.update(work, after.document, before != nullptr ? index_entry(*before) : search::Entry{},
                       index_entry(after));
}

// What names no person: the order, its channel's number, its state.
Result<> Orders::tell(storage::Write& work, const Order* before, const Order& after) {
  if (told_ == nullptr) return {};
  const json::Value data = json::Value::object({{"id", std::to_string(after.id.raw())},
                                                {"channel", after.channel},
                                                {"channel_order_id", after.channel_order_id},
                                                {"status", status_name(status_of(after))}});
  PF_TRY(told_->add(work, before == nullptr ? events::type::kOrderCreated : events::type::kOrderUpdated, data));
  if (before == nullptr) return {};
  for (std::size_t i = 0; i < after.parcels.size(); ++i) {
    const Parcel& now = after.parcels[i];
    const Parcel* was = i < before->parcels.size() ? &before->parcels[i] : nullptr;
    if (was != nullptr && was->method == now.method && was->track_and_trace == now.track_and_trace) continue;
    json::Value parcel = data;
    parcel.set("shipment", now.identifier);
    PF_TRY(told_->add(work, was == nullptr ? events::type::kShipmentCreated : events::type::kShipmentUpdated,
                      std::move(parcel)));
  }
  if (before->person.epoch != vault::kErasedEpoch && after.person.epoch == vault::kErasedEpoch)
    PF_TRY(told_->add(work, events::type::kOrderPurged, data));
  return {};
}

Result<Order> Orders::find(const storage::Reader& read, OrderId id) const {
  PF_LET(const auto record, read.get(family_, order_key(id.raw())));
  if (!record) return error(ErrorCode::not_found, "There is no order " + std::to_string(id.raw()) + ".");
  return read_order(id, *record);
}

Result<std::vector<Event>> Orders::events(const storage::Reader& read, OrderId id) const {
  return events_after(read, id, 0, SIZE_MAX);
}

Result<std::vector<Event>> Orders::events_after(const storage::Reader& read, OrderId id, std::uint32_t after,
                                                std::size_t count) const {
  std::vector<Event> found;
  if (after == UINT32_MAX) return found;
  for (auto row = read.scan(family_, event_key(id.raw(), after + 1), events_prefix(id.raw() + 1));
       row.valid() && found.size() < count; row.next()) {
    PF_LET(const auto body, json::parse(row.value()));
    const auto at = parse_time(json::text_in(body, "at"));
    found.push_back({get_be32(row.key().substr(9)), at.ok() ? *at : Time{}, json::text_in(body, "by"),
                     json::text_in(body, "kind"),
                     body.find("details") != nullptr ? *body.find("details") : json::Value()});
  }
  return found;
}

Result<std::vector<Event>> Orders::events_remembered(const storage::Reader& read, const Order& order) const {
  return events_after(read, order.id, before_remembered(order), SIZE_MAX);
}

Result<bool> Orders::heard_before(const storage::Reader& read, const Order& order, std::string_view member,
                                  std::string_view key) const {
  if (key.empty()) return false;
  PF_LET(const auto recent, events_remembered(read, order));
  return std::ranges::any_of(recent, [&](const Event& one) { return json::text_in(one.details, member) == key; });
}

Result<Order> Orders::change(const access::Actor& by, OrderId id, std::string_view action,
                             const std::function<Result<>(storage::Write&, Order&)>& how) {
  Order order;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(order, change_in(work, by, id, action, [&](Order& changed) { return how(work, changed); }));
    return {};
  }));
  return order;
}

Result<Order> Orders::change_in(storage::Write& work, const access::Actor& by, OrderId id, std::string_view action,
                                const std::function<Result<>(Order&)>& how) {
  PF_LET(Order order, find(work, id));
  const Order before = order;
  PF_TRY(how(order));
  if (order.events == before.events) return order;
  PF_TRY(save(work, &before, order));
  PF_TRY(audit_.append(work, by, action, object_name(id), {}));
  return order;
}

Result<Order> Orders::accept(const access::Actor& by, OrderId id) {
  return change(by, id, "order.accept", [&](storage::Write& work, Order& order) -> Result<> {
    const OrderStatus status = status_of(order);
    if (status == OrderStatus::cancelled)
      return error(ErrorCode::conflict, "The order is cancelled and cannot be accepted.");
    if (order.accepted) return {};
    order.accepted = true;
    return append_event(work, order, by, "accepted", {});
  });
}

}  // namespace pf::orders
