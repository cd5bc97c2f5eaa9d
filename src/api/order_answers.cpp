#include "api/order_answers.h"

#include <algorithm>

#include "vault/mask.h"

namespace pf::api {

using orders::Order;

json::Value money_value(const std::optional<Money>& amount) {
  return amount ? json::Value(json::Number{decimal(*amount)}) : json::Value(nullptr);
}
Result<orders::OrderId> order_id_of(const Call& call) {
  PF_LET(const auto number, path_number(call, "id", "order"));
  return orders::OrderId(number);
}

namespace {

// The marks that nobody has taken off.
json::Value attention_value(const Order& order) {
  json::Value marks = json::Value::array();
  for (const orders::Mark& mark : order.marks)
    if (!mark.dismissed)
      marks.push(json::Value::object({{"kind", name_of(orders::kAttentionNames, mark.kind)},
                                      {"order_id", mark.other.raw() != 0 ? json::Value(std::to_string(mark.other.raw()))
                                                                         : json::Value(nullptr)}}));
  return marks;
}

json::Value shares_value(const std::vector<stock::Share>& shares, const std::vector<stock::Location>& locations) {
  json::Value out = json::Value::array();
  for (const stock::Share& share : shares) {
    const stock::Location* location = stock::location_of(locations, share.location);
    out.push(json::Value::object({{"code", location != nullptr ? location->code : ""},
                                  {"name", location != nullptr ? location->name : ""},
                                  {"quantity", share.pieces}}));
  }
  return out;
}

}  // namespace

json::Value promised_value(const Order& order, const orders::Line& line,
                           const std::vector<stock::Location>& locations) {
  if (!orders::from_stock(order, line)) return json::Value::array();
  return shares_value(orders::promised_at(line), locations);
}

Result<json::Value> line_parts_value(const OrderRooms& rooms, const storage::Reader& read, const Order& order,
                                     const orders::Line& line, const std::vector<stock::Location>& locations) {
  if (line.parts.empty()) return json::Value(nullptr);
  PF_LET(const auto languages, rooms.products.languages(read));
  json::Value out = json::Value::array();
  for (const orders::LinePart& part : line.parts) {
    PF_LET(const auto product, rooms.products.find(read, part.sku));
    PF_LET(const auto title, rooms.products.title(read, part.sku, languages.standard()));
    const orders::LineCounters count = orders::counters_of(line, part);
    out.push(json::Value::object(
        {{"sku", part.sku},
         {"title", title.value_or("")},
         {"ean", product ? product->ean : ""},
         {"quantity", part.quantity},
         {"allocated", count.allocated},
         {"to_pick", orders::to_pick_of(line, part)},
         {"picked", count.picked},
         {"missing", count.missing},
         {"packed", count.packed},
         {"promised_at", orders::from_stock(order, line) ? shares_value(orders::promised_at(line, part), locations)
                                                         : json::Value::array()}}));
  }
  return out;
}

json::Value order_summary(const Order& order) {
  std::int64_t pieces = 0, shipped = 0, ready = 0, backordered = 0, returned = 0;
  for (const auto& line : order.lines) {
    pieces += line.count.ordered - line.count.cancelled;
    shipped += line.count.shipped;
    ready += line.count.allocated - line.count.later;
    backordered += line.count.backordered;
    returned += line.count.returned;
  }
  json::Value holds = json::Value::array();
  for (const auto& hold : order.holds) holds.push(hold_value(hold));
  return json::Value::object({{"id", std::to_string(order.id.raw())},
                              {"name", order.channel_order_id},
                              {"channel", order.channel},
                              {"channel_order_id", order.channel_order_id},
                              {"status", orders::status_name(orders::status_of(order))},
                              {"accepted", order.accepted},
                              {"paid", order.paid},
                              {"currency_code", order.currency.code()},
                              {"total", money_value(order.total)},
                              {"shipping_cost", money_value(order.shipping_cost)},
                              {"tax", money_value(order.tax)},
                              {"amount_paid", money_value(orders::paid_amount(order))},
                              {"amount_refunded", money_value(Money{order.refunded.total_minor, order.currency})},
                              {"country_code", order.country_code},
                              {"placed_at", rfc3339(order.placed_at)},
                              {"created_at", rfc3339(order.created_at)},
                              {"updated_at", rfc3339(order.updated_at)},
                              {"ship_by", moment(order.ship_by)},
                              {"pieces", pieces},
                              {"pieces_shipped", shipped},
                              {"pieces_ready", ready},
                              {"pieces_backordered", backordered},
                              {"pieces_returned", returned},
                              {"fulfilled_by", orders::kFulfilledBy[order.by_marketplace ? 1 : 0]},
                              {"fulfilment", name_of(orders::kStageNames, orders::stage_of(order))},
                              {"holds", std::move(holds)},
                              {"tags", texts(order.tags)},
                              {"attention", attention_value(order)}});
}

json::Value hold_value(const orders::Hold& hold) {
  return json::Value::object({{"id", std::to_string(hold.number)},
                              {"reason", name_of(orders::kHoldReasonNames, hold.reason)},
                              {"by", hold.by},
                              {"at", rfc3339(hold.at)}});
}

json::Value timeline_item(const OrderRooms& rooms, orders::OrderId id, const orders::Event& event, bool with_text) {
  json::Value item = json::Value::object(
      {{"number", event.number}, {"at", rfc3339(event.at)}, {"by", event.by}, {"kind", event.kind}});
  if (event.kind != "noted") {
    item.set("details", event.details);
    return item;
  }
  const json::Value* audience = event.details.find("for");
  item.set("for",
           audience != nullptr ? *audience : json::Value(name_of(orders::kAudienceNames, orders::Audience::team)));
  if (!with_text) return item;
  const auto text = rooms.orders.note_text(id, event);
  item.set("message", text ? json::Value(*text) : json::Value(nullptr));
  item.set("deleted", !text.has_value() && !rooms.vault.status().sealed);
  return item;
}

json::Value measure_value(std::int64_t measure) {
  return measure > 0 ? json::Value(measure) : json::Value(nullptr);
}
json::Value parcel_lines_value(const Order& order, const orders::Parcel& parcel) {
  json::Value lines = json::Value::array();
  for (const auto& [line, quantity] : parcel.lines)
    lines.push(json::Value::object({{"line", static_cast<std::uint64_t>(line)},
                                    {"sku", line < order.lines.size() ? order.lines[line].sku : ""},
                                    {"quantity", quantity}}));
  return lines;
}
json::Value shipments_value(const Order& order) {
  json::Value parcels = json::Value::array();
  for (const auto& parcel : order.parcels) {
    json::Value one = json::Value::object({{"identifier", parcel.identifier},
                                           {"method", parcel.method},
                                           {"track_and_trace", parcel.track_and_trace},
                                           {"shipped_at", rfc3339(parcel.at)},
                                           {"weight_grams", measure_value(parcel.weight_grams)},
                                           {"length_mm", measure_value(parcel.length_mm)},
                                           {"width_mm", measure_value(parcel.width_mm)},
                                           {"height_mm", measure_value(parcel.height_mm)},
                                           {"lines", parcel_lines_value(order, parcel)}});
    if (!parcel.together.empty()) {
      json::Value others = json::Value::array();
      for (const orders::OrderId other : parcel.together) others.push(std::to_string(other.raw()));
      one.set("together", std::move(others));
    }
    parcels.push(std::move(one));
  }
  return parcels;
}

namespace {

Result<json::Value> lines_of(const OrderRooms& rooms, const storage::Reader& read, const Order& order) {
  PF_LET(const auto locations, rooms.orders.locations(read));
  json::Value lines = json::Value::array();
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const auto& line = order.lines[i];
    PF_LET(const bool known, line.sku.empty() ? Result<bool>(false) : rooms.products.exists(read, line.sku));
    PF_LET(auto parts, line_parts_value(rooms, read, order, line, locations));
    json::Value one =
        json::Value::object({{"line", static_cast<std::uint64_t>(i)},
                             {"external_identifier", line.channel_line_id},
                             {"sku", line.sku},
                             {"channel_sku", line.channel_sku.empty() ? line.sku : line.channel_sku},
                             {"in_catalogue", known},
                             {"title", line.title},
                             {"quantity", line.count.ordered},
                             {"price", money_value(line.price)},
                             {"ordered", line.count.ordered},
                             {"cancelled", line.count.cancelled},
                             {"backordered", line.count.backordered},
                             {"allocated", line.count.allocated},
                             {"shipped", line.count.shipped},
                             {"picked", line.count.picked},
                             {"missing", line.count.missing},
                             {"packed", line.count.packed},
                             {"later", line.count.later},
                             {"promised_at", promised_value(order, line, locations)},
                             {"returned", line.count.returned},
                             {"returnable", line.count.returnable()},
                             {"refunded", line.count.refunded},
                             {"amount_refunded", money_value(Money{line.refunded_minor, order.currency})}});
    if (!parts.is_null()) one.set("parts", std::move(parts));
    lines.push(std::move(one));
  }
  return lines;
}

Result<json::Value> timeline_of(const OrderRooms& rooms, const storage::Reader& read, const Order& order) {
  PF_LET(const auto events, rooms.orders.events(read, order.id));
  json::Value timeline = json::Value::array();
  for (const auto& event : events) timeline.push(timeline_item(rooms, order.id, event, true));
  return timeline;
}

Result<json::Value> whole(const OrderRooms& rooms, const storage::Reader& read, const Order& order,
                          const vault::Buyer* at_hand) {
  json::Value out = order_summary(order);
  out.set("payment_method", order.payment_method);
  out.set("shipping_method", order.shipping_method);
  if (!order.cancel_reason.empty()) out.set("cancel_reason", order.cancel_reason);
  PF_LET(auto lines, lines_of(rooms, read, order));
  out.set("lines", std::move(lines));
  out.set("parcels", shipments_value(order));
  out.set("replaces_return", order.replaces != 0 ? json::Value(std::to_string(order.replaces)) : json::Value(nullptr));
  out.set("location", json::Value(nullptr));
  if (order.location) {
    PF_LET(const auto locations, rooms.orders.locations(read));
    if (const auto* chosen = stock::location_of(locations, *order.location)) out.set("location", chosen->code);
  }
  const auto paid = orders::paid_amount(order);
  const auto sum = [&](std::int64_t minor) { return money_value(Money{minor, order.currency}); };
  out.set("amount_balance", paid ? sum(paid->minor - order.refunded.total_minor) : json::Value(nullptr));
  out.set("amount_due", paid && order.total ? sum(std::max<std::int64_t>(order.total->minor - paid->minor, 0))
                                            : json::Value(nullptr));
  out.set("refunded", json::Value::object({{"shipping", sum(order.refunded.shipping_minor)},
                                           {"tax", sum(order.refunded.tax_minor)},
                                           {"other", sum(order.refunded.other_minor)}}));
  PF_LET(auto timeline, timeline_of(rooms, read, order));
  out.set("timeline", std::move(timeline));

  const bool gone = rooms.vault.state(order.person) == vault::PersonState::purged;
  json::Value buyer = json::Value::object(
      {{"state", gone ? "purged" : "present"}, {"purge_at", rfc3339(rooms.vault.purge_at(order.person))}});
  if (!gone) {
    auto masked = at_hand != nullptr ? Result<json::Value>(vault::masked(*at_hand))
                                     : rooms.vault.masked(read, order.subject(), order.person);
    if (masked.ok()) {
      buyer.set("masked", *std::move(masked));
    } else if (masked.error().code == ErrorCode::unavailable) {
      buyer.set("locked", masked.error().message);  // the order itself can be worked on
    } else {
      return masked.error();
    }
  }
  out.set("buyer", std::move(buyer));
  out.set("purge_at", rfc3339(rooms.vault.purge_at(order.person)));

  const auto status = orders::status_of(order);
  const bool open = status == orders::OrderStatus::open || status == orders::OrderStatus::partially_shipped;
  bool allocated = false, returnable = false;
  for (const auto& line : order.lines) {
    allocated = allocated || line.count.allocated > line.count.later;
    returnable = returnable || line.count.returnable() > 0;
  }
  out.set("can", json::Value::object(
                     {{"accept", open && !order.accepted},
                      {"ship", open && allocated && orders::may_leave(order).ok()},
                      {"hold", open || status == orders::OrderStatus::awaiting_payment},
                      {"edit", (open || status == orders::OrderStatus::awaiting_payment) && !order.by_marketplace},
                      {"cancel", open || status == orders::OrderStatus::awaiting_payment},
                      {"return", returnable},
                      {"refund", paid && paid->minor > order.refunded.total_minor},
                      {"reveal", !gone}}));
  return out;
}

}  // namespace

Result<Answer> order_answer(const OrderRooms& rooms, const Order& order, int status, const vault::Buyer* buyer) {
  PF_LET(auto body, whole(rooms, rooms.store.read(), order, buyer));
  return Answer{.status = status, .body = json::Value::object({{"data", std::move(body)}})};
}

}  // namespace pf::api
