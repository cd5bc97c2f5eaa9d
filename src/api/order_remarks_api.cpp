#include "api/order_remarks_api.h"

#include "api/limits.h"
#include "api/list_page.h"
#include "api/order_answers.h"
#include "api/order_bodies.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using orders::Order;

json::Value holds_of(const Order& order) {
  json::Value list = json::Value::array();
  for (const auto& hold : order.holds) list.push(hold_value(hold));
  return list;
}

Result<Answer> holds(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.orders.find(rooms.store.read(), id));
  return Answer{.body = data(holds_of(order))};
}

Result<Answer> hold(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<HoldBody>(call.body));
  const auto reason = value_named<orders::HoldReason>(orders::kHoldReasonNames, body.reason);
  if (!reason) {
    return invalid("reason", "unknown", "The reason is one of " + in_words(orders::kHoldReasonNames) + ".");
  }
  PF_LET(const Order order, rooms.orders.hold(call.actor, id, *reason, body.message.value_or("")));
  return order_answer(rooms, order);
}

Result<Answer> release(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto number, path_number(call, "hold", "hold"));
  if (number > UINT32_MAX) return error(ErrorCode::not_found, "There is no such hold.");
  PF_LET(const Order order, rooms.orders.release(call.actor, id, static_cast<std::uint32_t>(number)));
  return order_answer(rooms, order);
}

Result<Answer> tags(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.orders.find(rooms.store.read(), id));
  return Answer{.body = data(texts(order.tags))};
}

Result<Answer> tag(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.orders.tag(call.actor, id, call.path_value("tag")));
  return order_answer(rooms, order);
}

Result<Answer> untag(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.orders.untag(call.actor, id, call.path_value("tag")));
  return order_answer(rooms, order);
}

Result<std::optional<orders::Audience>> audience_in(const std::optional<std::string>& name) {
  if (!name) return std::optional<orders::Audience>{};
  const auto audience = value_named<orders::Audience>(orders::kAudienceNames, *name);
  if (!audience) return invalid("for", "unknown", "A note is for the team or for the buyer.");
  return audience;
}

Result<Answer> add_note(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<NoteBody>(call.body));
  PF_LET(const auto audience, audience_in(body.audience));
  PF_TRY(rooms.orders.note(call.actor, id, body.message, audience.value_or(orders::Audience::team)));
  PF_LET(const Order order, rooms.orders.find(rooms.store.read(), id));
  return order_answer(rooms, order);
}

Result<Answer> notes(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto audience, audience_in(call.query_value("for")));
  const auto read = rooms.store.read();
  PF_LET(const Order order, rooms.orders.find(read, id));
  PF_LET(const auto events, rooms.orders.events(read, id));
  json::Value list = json::Value::array();
  for (const auto& event : events) {
    if (event.kind != "noted") continue;
    json::Value item = timeline_item(rooms, order.id, event, true);
    if (!audience || *item.find("for")->as_string() == name_of(orders::kAudienceNames, *audience))
      list.push(std::move(item));
  }
  return Answer{.body = data(std::move(list))};
}

// Entries are numbered from 1 without gaps, so the last number of a page is where the next begins.
Result<Answer> timeline(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Paging paging, paging_of(call));
  const auto read = rooms.store.read();
  PF_LET(const Order order, rooms.orders.find(read, id));
  const auto place =
      paging.cursor.empty()
          ? std::optional<std::int64_t>(static_cast<std::int64_t>(std::min<std::uint64_t>(paging.offset(), UINT32_MAX)))
          : parse_int(unbase64url(paging.cursor).value_or(""));
  if (!place || *place < 0 || *place > UINT32_MAX)
    return invalid("cursor", "invalid", "The cursor does not belong to this list. Start again from its first page.");
  PF_LET(const auto events, rooms.orders.events_after(read, id, static_cast<std::uint32_t>(*place),
                                                      static_cast<std::size_t>(paging.per_page)));
  json::Value list = json::Value::array();
  for (const auto& event : events) list.push(timeline_item(rooms, id, event, false));
  const bool more = !events.empty() && events.back().number < order.events;
  return Answer{.body = list_body(call, std::move(list), paging, order.events,
                                  more ? base64url(std::to_string(events.back().number)) : "")};
}

}  // namespace

std::vector<Row> order_remarks_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                      catalog::Products& products) {
  const OrderRooms rooms{store, orders, vault, products};
  const auto with = handlers_with(rooms);
  const auto own = own_order(store, orders);
  const auto order_shape = gate::data_shape(shapes::kOrder);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/order/{id}/hold",
       .permission = P::orders_read,
       .summary = "List the holds on an order",
       .answer_schema = gate::data_shape(shapes::kHolds),
       .handler = with(holds),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/order/{id}/hold",
       .permission = P::orders_write,
       .summary = "Hold an order back from picking and shipping",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<HoldBody>(),
       .answer_schema = order_shape,
       .handler = with(hold),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::del,
       .path = "/api/v1/order/{id}/hold/{hold}",
       .permission = P::orders_write,
       .summary = "Release a hold; the order goes on where it was",
       .answer_schema = order_shape,
       .handler = with(release),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/order/{id}/tag",
       .permission = P::orders_read,
       .summary = "List an order's tags",
       .answer_schema = gate::data_shape(R"(["text"])"),
       .handler = with(tags),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::put,
       .path = "/api/v1/order/{id}/tag/{tag}",
       .permission = P::orders_write,
       .summary = "Put a tag on an order; twice is once",
       .accepts = BodyKind::json,
       .body_schema = gate::shape("{}"),
       .answer_schema = order_shape,
       .handler = with(tag),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::del,
       .path = "/api/v1/order/{id}/tag/{tag}",
       .permission = P::orders_write,
       .summary = "Take a tag off an order",
       .answer_schema = order_shape,
       .handler = with(untag),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/order/{id}/note",
       .permission = P::orders_read,
       .summary = "List an order's notes",
       .answer_schema = gate::data_shape(shapes::kNotes),
       .handler = with(notes),
       .query = {{"for", "team or buyer: those alone."}},
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/order/{id}/note",
       .permission = P::orders_write,
       .summary = "Add a note for the team or for the buyer",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<NoteBody>(),
       .answer_schema = order_shape,
       .handler = with(add_note),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/order/{id}/timeline",
       .permission = P::orders_read,
       .summary = "Everything that happened to an order, oldest first; what notes say is left out",
       .answer_schema = gate::list_shape(shapes::kTimelineItem),
       .handler = with(timeline),
       .query = {{"page", "From 1."}, {"per_page", "1 to 200."}, {"cursor", "meta.next_cursor of the page before."}},
       .keeps = gate::kKeepsAll,
       .object = own},
  };
}

}  // namespace pf::api
