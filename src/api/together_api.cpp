#include "api/together_api.h"

#include <algorithm>

#include "api/limits.h"
#include "api/order_bodies.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "json/fields.h"

namespace pf::api {
namespace {

using orders::Order;

Result<Answer> groups(const OrderRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  PF_LET(const auto found, rooms.orders.together(read));
  json::Value list = json::Value::array();
  for (const auto& group : found.groups) {
    json::Value of = json::Value::array();
    for (const Order& order : group.orders)
      if (!call.limits || call.limits->channel(order.channel)) of.push(order_summary(order));
    if (of.as_array()->size() < 2) continue;
    list.push(
        json::Value::object({{"shipping_method", group.orders.front().shipping_method}, {"orders", std::move(of)}}));
  }
  return Answer{
      .body = data(json::Value::object({{"groups", std::move(list)}, {"looked", found.looked}, {"open", found.open}}))};
}

struct TogetherBody {
  std::vector<std::string> orders;
  std::optional<std::string> identifier, method, track_and_trace;
  template <class V>
  void fields(V& visit) {
    visit("orders", orders, "The numbers of two to 20 orders of one buyer at one address.");
    visit("identifier", identifier,
          "The parcel's own name; where an order has an open parcel of that name, it leaves.");
    visit("method", method, "Carrier or service.");
    visit("track_and_trace", track_and_trace, "Tracking number.");
  }
};

Result<Answer> ship_together(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<TogetherBody>(call.body));
  std::vector<orders::OrderId> ids;
  for (std::size_t i = 0; i < body.orders.size(); ++i) {
    const auto number = parse_int(body.orders[i]);
    const orders::OrderId id(number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0);
    const auto order = rooms.orders.find(rooms.store.read(), id);
    if (!order.ok() || (call.limits && !call.limits->channel(order->channel)))
      return invalid("orders[" + std::to_string(i) + "]", "unknown",
                     "There is no order " + body.orders[i].substr(0, 20) + ".");
    ids.push_back(id);
  }
  PF_LET(const auto shipped, rooms.orders.ship_together(call.actor, ids,
                                                        {.identifier = body.identifier.value_or(""),
                                                         .method = body.method.value_or(""),
                                                         .track_and_trace = body.track_and_trace.value_or("")}));
  json::Value list = json::Value::array();
  for (const Order& order : shipped) list.push(order_summary(order));
  return Answer{.body = data(json::Value::object(
                    {{"identifier", shipped.front().parcels.back().identifier}, {"orders", std::move(list)}}))};
}

struct LaterBody {
  std::vector<PiecesBody> lines;
  template <class V>
  void fields(V& visit) {
    visit("lines", lines, "The pieces that leave later, and none else; none takes them back into the order.");
  }
};

Result<Answer> send_later(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<LaterBody>(call.body));
  PF_LET(const Order order, rooms.orders.send_later(call.actor, id, pieces_of(body.lines)));
  return order_answer(rooms, order);
}

struct ChosenLocationBody {
  std::optional<std::string> location;
  template <class V>
  void fields(V& visit) {
    visit("location", location, "The location's code; as the ranks say when absent.");
  }
};

Result<Answer> choose_location(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<ChosenLocationBody>(call.body));
  PF_LET(const Order order, rooms.orders.choose_location(call.actor, id, body.location.value_or("")));
  return order_answer(rooms, order);
}

Result<Answer> dismiss(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  const auto kind = value_named<orders::Attention>(orders::kAttentionNames, call.path_value("kind"));
  if (!kind) return error(ErrorCode::not_found, "A mark is one of " + in_words(orders::kAttentionNames) + ".");
  PF_LET(const Order order, rooms.orders.dismiss(call.actor, id, *kind));
  return order_answer(rooms, order);
}

}  // namespace

std::vector<Row> together_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                 catalog::Products& products) {
  const auto with = handlers_with(OrderRooms{store, orders, vault, products});
  const auto own = own_order(store, orders);
  using P = Permission;
  const auto on_order = [&](Method method, const char* path, const char* summary, gate::Handler handler) {
    return Row{.method = method,
               .path = path,
               .permission = P::orders_write,
               .summary = summary,
               .answer_schema = gate::data_shape(shapes::kOrder),
               .handler = std::move(handler),
               .keeps = gate::kKeepsAll,
               .object = own};
  };
  const auto takes = [](Row row, json::Value schema) {
    row.accepts = BodyKind::json;
    row.body_schema = std::move(schema);
    return row;
  };
  return {
      {.method = Method::get,
       .path = "/api/v1/together",
       .permission = P::orders_read,
       .summary = "Open orders that go to the same buyer and address by the same service: they may share a parcel",
       .answer_schema = gate::data_shape(shapes::kTogether),
       .handler = with(groups),
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/together",
       .permission = P::orders_write,
       .summary = "Ship what is ready of several orders in one parcel with one tracking number, all or none",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<TogetherBody>(),
       .answer_schema = gate::data_shape(shapes::kShippedTogether),
       .handler = with(ship_together),
       .keeps = gate::kKeepsAll},
      takes(on_order(Method::put, "/api/v1/order/{id}/later",
                     "Say which pieces leave later, with another parcel; they stay promised", with(send_later)),
            json::schema<LaterBody>()),
      takes(on_order(Method::put, "/api/v1/order/{id}/location", "Choose the stock location that an order leaves from",
                     with(choose_location)),
            json::schema<ChosenLocationBody>()),
      on_order(Method::del, "/api/v1/order/{id}/attention/{kind}",
               "Take a mark off an order: somebody looked, and it is all right", with(dismiss)),
  };
}

}  // namespace pf::api
