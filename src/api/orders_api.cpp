#include "api/orders_api.h"

#include <algorithm>

#include "api/conditions.h"
#include "api/limits.h"
#include "api/list_answer.h"
#include "api/list_page.h"
#include "api/order_answers.h"
#include "api/order_bodies.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/list.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using orders::Order;

constexpr std::uint64_t kMarketplacesShown = 15;

Result<Answer> list(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto asked, gate::list_question(call, {.columns = {}, .sortable = {}, .parameters = {}}));
  for (const auto& facet : asked.facets)
    if (facet != "status" && facet != "tag" && facet != "attention")
      return invalid("facets", "unknown",
                     "Orders are counted by status, attention and tag: facets=status,attention,tag.");
  const auto counted = [&](const char* facet) { return std::ranges::find(asked.facets, facet) != asked.facets.end(); };
  auto where = conditions(asked);
  if (call.limits) confine(where, "channel", catalog::Operator::in, call.limits->channels);
  const orders::OrderQuery query{.text = asked.text,
                                 .where = std::move(where),
                                 .sort = sort_keys(asked),
                                 .count = static_cast<std::size_t>(asked.per_page),
                                 .offset = asked.offset(),
                                 .cursor = asked.cursor,
                                 .with_status_counts = counted("status"),
                                 .with_attention_counts = counted("attention"),
                                 .with_tag_counts = counted("tag")};
  const auto read = rooms.store.read();
  PF_LET(const auto page, rooms.orders.list(read, query));
  std::vector<std::string> items;
  for (const Order& order : page.orders) {
    PF_LET(const json::Value shown, with_fields(order_summary(order), asked.fields, "An order"));
    items.push_back(json::write(shown));
  }
  std::vector<std::pair<std::string_view, const FacetCounts*>> facets;
  if (query.with_status_counts) facets.emplace_back("status", &page.status_counts);
  if (query.with_attention_counts) facets.emplace_back("attention", &page.attention_counts);
  if (query.with_tag_counts) facets.emplace_back("tag", &page.tag_counts);
  return Answer{
      .raw = list_answer(call, items, page.total, asked.per_page, asked.page, page.next_cursor, facets_extra(facets)),
      .content_type = "application/json"};
}

Result<Answer> place(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<OrderBody>(call.body));
  PF_LET(const auto order, place_order_of(body));
  if (call.limits && !call.limits->channel(order.channel))
    return invalid("channel", "limits", "Your account may not place orders of this channel.");
  const auto policy =
      call.query_value("stock") == "required" ? orders::StockPolicy::required : orders::StockPolicy::backorder;
  PF_LET(const auto placed, rooms.orders.place(call.actor, order, policy));
  const bool is_new = placed.outcome == catalog::Outcome::created;
  return order_answer(rooms, placed.order, is_new ? 201 : 200, is_new ? &order.buyer : nullptr);
}

Result<Answer> show(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.orders.find(rooms.store.read(), id));
  return order_answer(rooms, order);
}

Result<Answer> accept(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.orders.accept(call.actor, id));
  return order_answer(rooms, order);
}

Result<Answer> ship(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body,
         json::read_fields<ShipmentBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  PF_LET(const Order order,
         rooms.orders.ship(call.actor, id,
                           {body.identifier.value_or(""), body.method.value_or(""), body.track_and_trace.value_or(""),
                            pieces_of(body.lines), body.location.value_or("")}));
  return order_answer(rooms, order, 201);
}

Result<Answer> shipments(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.orders.find(rooms.store.read(), id));
  return Answer{.body = json::Value::object({{"data", shipments_value(order)}})};
}

Result<Answer> cancel(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body,
         json::read_fields<CancelBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  const auto picked = value_named<orders::PickedFate>(orders::kPickedFateNames, body.picked.value_or("restock"));
  if (!picked) return invalid("picked", "value", "picked is restock or damaged.");
  const auto missing = value_named<orders::MissingFate>(orders::kMissingFateNames, body.missing.value_or("restock"));
  if (!missing) return invalid("missing", "value", "missing is restock or lost.");
  PF_LET(const Order order,
         rooms.orders.cancel(call.actor, id, body.reason.value_or(""), pieces_of(body.lines), {*picked, *missing}));
  return order_answer(rooms, order);
}

Result<Answer> cancellations(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.orders.find(rooms.store.read(), id));
  json::Value lines = json::Value::array();
  for (std::size_t i = 0; i < order.lines.size(); ++i)
    if (order.lines[i].count.cancelled > 0)
      lines.push(json::Value::object({{"line", static_cast<std::uint64_t>(i)},
                                      {"sku", order.lines[i].sku},
                                      {"quantity", order.lines[i].count.cancelled}}));
  return Answer{.body = json::Value::object(
                    {{"data", json::Value::object({{"reason", order.cancel_reason}, {"lines", std::move(lines)}})}})};
}

// The product of a new line's SKU gives it a title; only one that the person may know.
Result<> describe(const OrderRooms& rooms, const Call& call, const std::string& at, orders::EditLine& line) {
  if (line.line || line.sku.empty()) return {};
  const auto read = rooms.store.read();
  const auto product = rooms.products.find(read, line.sku);
  if (!product.ok() || !*product || (call.limits && !call.limits->category((*product)->categories)))
    return invalid(at + "sku", "unknown", "There is no product with this SKU.");
  if (!line.title.empty()) return {};
  PF_LET(const auto title, rooms.products.title(read, line.sku, call.locale));
  line.title = title.value_or("");
  return {};
}

Result<Answer> edit(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<EditBody>(call.body));
  PF_LET(const Order before, rooms.orders.find(rooms.store.read(), id));
  const auto money = [&](const std::string& field, const std::optional<json::Decimal>& text,
                         std::optional<Money>& to) -> Result<> {
    if (!text) return {};
    const auto amount = parse_money(text->text, before.currency);
    if (!amount.ok()) return invalid(field, "amount", amount.error().message);
    to = *amount;
    return {};
  };
  orders::OrderEdit edit{.message = body.message.value_or(""), .key = body.edit.value_or("")};
  PF_TRY(money("shipping_cost", body.shipping_cost, edit.shipping_cost));
  for (std::size_t i = 0; i < body.lines.size(); ++i) {
    const EditLineBody& in = body.lines[i];
    const std::string at = "lines[" + std::to_string(i) + "].";
    orders::EditLine line{.quantity = in.quantity, .sku = in.sku.value_or(""), .title = in.title.value_or("")};
    if (in.line) line.line = *in.line < 0 ? SIZE_MAX : static_cast<std::size_t>(*in.line);
    if (in.line && (in.sku || in.title || in.price))
      return invalid(at + "line", "unknown", "A line that there is keeps its product, title and price.");
    PF_TRY(money(at + "price", in.price, line.price));
    PF_TRY(describe(rooms, call, at, line));
    edit.lines.push_back(std::move(line));
  }
  PF_LET(const Order order, rooms.orders.edit(call.actor, id, edit));
  return order_answer(rooms, order);
}

Result<Answer> link_line(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<LinkBody>(call.body));
  const auto line = parse_int(call.path_value("line"));
  if (!line || *line < 0) return error(ErrorCode::not_found, "The order has no such line.");
  const auto product = rooms.products.find(rooms.store.read(), body.sku);
  if (!product.ok() || !*product || (call.limits && !call.limits->category((*product)->categories)))
    return invalid("sku", "unknown", "There is no product with this SKU.");
  PF_LET(const Order order, rooms.orders.link_line(call.actor, id, static_cast<std::size_t>(*line), body.sku));
  return order_answer(rooms, order);
}

Result<Answer> customer(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto buyer, rooms.orders.reveal(call.actor, id, call.query_value("reason").value_or("")));
  json::Value data{json::Members{}};
  for (const auto& [field, text] : buyer.fields) {
    if (call.limits && !call.limits->field(vault::field_name(field))) continue;
    const auto object = json::parse(text.in_the_clear());
    const bool structured =
        field == vault::Field::shipping || field == vault::Field::billing || field == vault::Field::extra;
    data.set(vault::field_name(field), structured && object.ok() ? *object : json::Value(text.in_the_clear()));
  }
  return Answer{.body = json::Value::object({{"data", std::move(data)}})};
}

// The hosted service asks each of these for one of three; ours take and give orders alone.
Result<bool> fits_marketplaces(const Call& call) {
  bool fits = true;
  for (const char* name : {"supports", "enabled", "configured"}) {
    const auto wanted = call.query_value(name);
    if (!wanted || *wanted == "orders" || *wanted == "1" || *wanted == "true") continue;
    if (*wanted != "offers" && *wanted != "content" && *wanted != "0" && *wanted != "false")
      return invalid(name, "value", std::string(name) + " can be orders, offers or content");
    fits = false;
  }
  return fits;
}

Result<Answer> marketplaces(const OrderRooms&, const Call& call) {
  PF_LET(const bool fits, fits_marketplaces(call));
  json::Value list = json::Value::array();
  // Channels whose files are understood at sight; connectors of their own come with the channels room.
  for (const char* name : {"amazon", "bol", "manual", "shopify", "woocommerce"})
    if (fits)
      list.push(json::Value::object(
          {{"name", name}, {"supports", json::Value(json::Array{"orders"})}, {"enabled", true}, {"configured", true}}));
  return Answer{.body = list_body(call, std::move(list), {.per_page = kMarketplacesShown}, fits ? 5 : 0, "")};
}

}  // namespace

std::vector<Row> orders_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                               catalog::Products& products) {
  const OrderRooms rooms{store, orders, vault, products};
  const auto with = handlers_with(rooms);
  auto list_query = gate::list_parameters();
  for (auto& [name, summary] : list_query) {
    if (name == "q")
      summary = "Words of the order number, the channel's number, SKUs or titles; the last may be a beginning.";
    if (name == "sort")
      summary =
          "placed_at, created_at, ship_by, total or id; - in front for descending. A further key orders those that are "
          "equal in the one before.";
    if (name == "*[op]")
      summary =
          "status, channel, country_code, sku, channel_order_id, accepted, backordered, hold, held, tag, "
          "attention (unknown_sku, duplicate), needs_attention, later and fulfilled_by by eq, neq, "
          "in and nin; sku, channel_order_id and tag by starts, like (how it begins; *text any part) and nlike too, "
          "tag by empty and in_or_empty; placed_at, created_at, ship_by, total and id by eq, gt, gte, lt, lte, between "
          "and nbetween; status[] is one of several.";
  }
  list_query.emplace_back("facets", "status and attention: counts for tabs; tag: how many orders have which tags.");
  const auto own = own_order(store, orders);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/order",
       .permission = P::orders_read,
       .summary = "List orders",
       .answer_schema = gate::list_shape(shapes::kOrderInList),
       .handler = with(list),
       .query = list_query,
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/order",
       .permission = P::orders_write,
       .summary = "Place an order; the same channel number again is the same order",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<OrderBody>(),
       .answer_schema = gate::data_shape(shapes::kOrder),
       .handler = with(place),
       .query = {{"stock", "required: refuse the whole order when a line has no stock."}},
       .other_success = 200,
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/order/{id}",
       .permission = P::orders_read,
       .summary = "Show an order, its buyer masked",
       .answer_schema = gate::data_shape(shapes::kOrder),
       .handler = with(show),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::patch,
       .path = "/api/v1/order/{id}",
       .permission = P::orders_write,
       .summary = "Change what has not been shipped: quantities, lines, shipping cost; stock and total follow",
       .accepts = BodyKind::json,
       .body_schema = json::schema<EditBody>(),
       .answer_schema = gate::data_shape(shapes::kOrder),
       .handler = with(edit),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::put,
       .path = "/api/v1/order/{id}/accept",
       .permission = P::orders_write,
       .summary = "Accept an order",
       .accepts = BodyKind::json,
       .body_schema = gate::shape("{}"),
       .answer_schema = gate::data_shape(shapes::kOrder),
       .handler = with(accept),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/order/{id}/shipment",
       .permission = P::orders_read,
       .summary = "List an order's parcels",
       .answer_schema = gate::data_shape(shapes::kParcels),
       .handler = with(shipments),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/order/{id}/shipment",
       .permission = P::orders_write,
       .summary = "Ship a parcel",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<ShipmentBody>(),
       .answer_schema = gate::data_shape(shapes::kOrder),
       .handler = with(ship),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/order/{id}/cancel",
       .permission = P::orders_read,
       .summary = "What of an order was cancelled",
       .answer_schema = gate::data_shape(shapes::kCancellation),
       .handler = with(cancellations),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/order/{id}/cancel",
       .permission = P::orders_write,
       .summary = "Cancel what has not been shipped",
       .accepts = BodyKind::json,
       .body_schema = json::schema<CancelBody>(),
       .answer_schema = gate::data_shape(shapes::kOrder),
       .handler = with(cancel),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::put,
       .path = "/api/v1/order/{id}/line/{line}",
       .permission = P::orders_write,
       .summary = "Say which product a line is of, when its channel's number is no product's",
       .accepts = BodyKind::json,
       .body_schema = json::schema<LinkBody>(),
       .answer_schema = gate::data_shape(shapes::kOrder),
       .handler = with(link_line),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/order/{id}/customer",
       .permission = P::buyer_reveal,
       .summary = "Reveal the buyer; leaves an audit entry",
       .answer_schema = gate::data_shape(shapes::kCustomer),
       .handler = with(customer),
       .query = {{"reason", "Why; required."}},
       .fresh_sign_in = true,
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/marketplace",
       .permission = P::orders_read,
       .summary = "List the channels that are understood",
       .answer_schema = gate::list_shape(shapes::kMarketplace),
       .handler = with(marketplaces),
       .query = {{"supports", "orders, offers or content."},
                 {"enabled", "The same: what is switched on."},
                 {"configured", "The same: what is set up."}},
       .keeps = gate::kKeepsAll},
  };
}

}  // namespace pf::api
