#include "api/returns_api.h"

#include "api/conditions.h"
#include "api/limits.h"
#include "api/list_answer.h"
#include "api/order_answers.h"
#include "api/return_bodies.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/list.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using orders::Return;
using orders::ReturnStatus;

struct ReturnRooms {
  storage::Store& store;
  orders::Orders& orders;
  orders::Returns& returns;
};

Result<orders::ReturnId> return_id_of(const Call& call) {
  PF_LET(const auto number, path_number(call, "id", "return"));
  return orders::ReturnId(number);
}

json::Value return_summary(const Return& ret) {
  std::int64_t asked = 0, received = 0, restocked = 0;
  for (const auto& line : ret.lines) {
    asked += line.asked;
    received += line.received;
    restocked += line.restocked;
  }
  return json::Value::object({{"id", std::to_string(ret.id.raw())},
                              {"order_id", std::to_string(ret.order.raw())},
                              {"channel", ret.channel},
                              {"channel_order_id", ret.channel_order_id},
                              {"reference", ret.reference},
                              {"reason", name_of(orders::kReturnReasonNames, ret.reason)},
                              {"status", name_of(orders::kReturnStatusNames, status_of(ret))},
                              {"by", ret.by},
                              {"created_at", rfc3339(ret.created_at)},
                              {"updated_at", rfc3339(ret.updated_at)},
                              {"pieces", asked},
                              {"pieces_received", received},
                              {"pieces_restocked", restocked}});
}

Result<Answer> return_answer(const ReturnRooms& rooms, const Return& ret, int status = 0) {
  PF_LET(const auto order, rooms.orders.find(rooms.store.read(), ret.order));
  json::Value out = return_summary(ret);
  json::Value lines = json::Value::array();
  bool judged = true;
  for (const auto& line : ret.lines) {
    judged = judged && line.judged() == line.received;
    const bool known = line.line < order.lines.size();
    lines.push(json::Value::object({{"line", static_cast<std::uint64_t>(line.line)},
                                    {"sku", known ? order.lines[line.line].sku : ""},
                                    {"title", known ? order.lines[line.line].title : ""},
                                    {"quantity", line.asked},
                                    {"received", line.received},
                                    {"restocked", line.restocked},
                                    {"damaged", line.damaged},
                                    {"discarded", line.discarded}}));
  }
  out.set("lines", std::move(lines));
  out.set("replacement_id",
          ret.replacement.raw() != 0 ? json::Value(std::to_string(ret.replacement.raw())) : json::Value(nullptr));
  out.set("fulfilled_by", orders::kFulfilledBy[order.by_marketplace ? 1 : 0]);
  const ReturnStatus at = status_of(ret);
  const bool decided = at == ReturnStatus::approved || at == ReturnStatus::received;
  out.set("can", json::Value::object(
                     {{"approve", at == ReturnStatus::requested},
                      {"refuse", at == ReturnStatus::requested},
                      {"receive", decided},
                      {"replace", ret.approved && !ret.refused && ret.replacement.raw() == 0 && !order.by_marketplace},
                      {"close", decided && judged}}));
  return Answer{.status = status, .body = data(std::move(out))};
}

Result<Answer> list(const ReturnRooms& rooms, const Call& call) {
  PF_LET(const auto asked, gate::list_question(call, {.columns = {}, .sortable = {}, .parameters = {}}));
  for (const auto& facet : asked.facets)
    if (facet != "status") return invalid("facets", "unknown", "Returns are counted by status alone: facets=status.");
  auto where = conditions(asked);
  if (call.limits) confine(where, "channel", catalog::Operator::in, call.limits->channels);
  const orders::ReturnQuery query{.text = asked.text,
                                  .where = std::move(where),
                                  .sort = sort_keys(asked),
                                  .count = static_cast<std::size_t>(asked.per_page),
                                  .offset = asked.offset(),
                                  .cursor = asked.cursor,
                                  .with_status_counts = !asked.facets.empty()};
  PF_LET(const auto page, rooms.returns.list(rooms.store.read(), query));
  std::vector<std::string> items;
  for (const Return& ret : page.returns) {
    PF_LET(const json::Value shown, with_fields(return_summary(ret), asked.fields, "A return"));
    items.push_back(json::write(shown));
  }
  std::vector<std::pair<std::string_view, const FacetCounts*>> facets;
  if (query.with_status_counts) facets.emplace_back("status", &page.status_counts);
  return Answer{
      .raw = list_answer(call, items, page.total, asked.per_page, asked.page, page.next_cursor, facets_extra(facets)),
      .content_type = "application/json"};
}

Result<Answer> of_order(const ReturnRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  const auto read = rooms.store.read();
  PF_LET(const auto order, rooms.orders.find(read, id));
  PF_LET(const auto all, rooms.returns.of_order(read, order.id));
  json::Value list = json::Value::array();
  for (const Return& ret : all) list.push(return_summary(ret));
  return Answer{.body = data(std::move(list))};
}

Result<Answer> request(const ReturnRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ReturnBody>(call.body));
  const auto order = parse_int(body.order_id);
  const Error unknown = error(ErrorCode::not_found, "There is no order " + body.order_id.substr(0, 20) + ".");
  if (!order || *order < 1) return unknown;
  const auto reason = value_named<orders::ReturnReason>(orders::kReturnReasonNames, body.reason.value_or("other"));
  if (!reason) {
    return invalid("reason", "unknown", "The reason is one of " + in_words(orders::kReturnReasonNames) + ".");
  }
  const orders::OrderId id(static_cast<std::uint64_t>(*order));
  PF_LET(const auto of, rooms.orders.find(rooms.store.read(), id));
  if (call.limits && !call.limits->channel(of.channel)) return unknown;
  PF_LET(const auto made, rooms.returns.request(call.actor, {.order = id,
                                                             .reference = body.reference.value_or(""),
                                                             .reason = *reason,
                                                             .message = body.message.value_or(""),
                                                             .approved = body.approved.value_or(false),
                                                             .lines = pieces_of(body.lines)}));
  return return_answer(rooms, made.ret, made.outcome == catalog::Outcome::created ? 201 : 200);
}

Result<Answer> show(const ReturnRooms& rooms, const Call& call) {
  PF_LET(const auto id, return_id_of(call));
  PF_LET(const Return ret, rooms.returns.find(rooms.store.read(), id));
  return return_answer(rooms, ret);
}

Result<Answer> approve(const ReturnRooms& rooms, const Call& call) {
  PF_LET(const auto id, return_id_of(call));
  PF_LET(const Return ret, rooms.returns.approve(call.actor, id));
  return return_answer(rooms, ret);
}

Result<Answer> refuse(const ReturnRooms& rooms, const Call& call) {
  PF_LET(const auto id, return_id_of(call));
  PF_LET(const auto body,
         json::read_fields<RefusalBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  PF_LET(const Return ret, rooms.returns.refuse(call.actor, id, body.message.value_or("")));
  return return_answer(rooms, ret);
}

Result<Answer> receive(const ReturnRooms& rooms, const Call& call) {
  PF_LET(const auto id, return_id_of(call));
  PF_LET(const auto body, json::read_fields<ReceiptBody>(call.body));
  std::vector<orders::ReturnTotals> totals;
  for (const auto& line : body.lines)
    totals.push_back({line.line < 0 ? SIZE_MAX : static_cast<std::size_t>(line.line), line.received, line.restocked,
                      line.damaged, line.discarded});
  PF_LET(const Return ret, rooms.returns.receive(call.actor, id, totals, body.location.value_or("")));
  return return_answer(rooms, ret);
}

Result<Answer> replace(const ReturnRooms& rooms, const Call& call) {
  PF_LET(const auto id, return_id_of(call));
  PF_LET(const auto body,
         json::read_fields<ReplacementBody>(call.body.is_null() ? json::Value(json::Members{}) : call.body));
  const auto read = rooms.store.read();
  PF_LET(const Return before, rooms.returns.find(read, id));
  PF_LET(const auto sold, rooms.orders.find(read, before.order));
  // An order of these lines and this buyer, read as every other is.
  OrderBody as_order;
  as_order.channel_order_id = sold.channel_order_id;
  as_order.currency_code = std::string(sold.currency.code());
  as_order.lines = body.lines;
  as_order.email = body.email;
  as_order.phone_number = body.phone_number;
  as_order.shipping_customer = body.shipping_customer;
  PF_LET(auto order, place_order_of(as_order));
  PF_LET(const Return ret, rooms.returns.replace(call.actor, id,
                                                 {.lines = std::move(order.lines),
                                                  .buyer = std::move(order.buyer),
                                                  .country_code = std::move(order.country_code)}));
  return return_answer(rooms, ret);
}

Result<Answer> close(const ReturnRooms& rooms, const Call& call) {
  PF_LET(const auto id, return_id_of(call));
  PF_LET(const Return ret, rooms.returns.close(call.actor, id));
  return return_answer(rooms, ret);
}

ObjectCheck own_return(storage::Store& store, const orders::Returns& returns) {
  return [&store, &returns](const gate::Call& call) -> Result<> {
    if (call.limits->channels.empty()) return {};
    PF_LET(const auto id, return_id_of(call));
    PF_LET(const Return ret, returns.find(store.read(), id));
    if (call.limits->channel(ret.channel)) return {};
    return error(ErrorCode::not_found, "There is no return " + std::to_string(id.raw()) + ".");
  };
}

}  // namespace

std::vector<Row> returns_routes(storage::Store& store, orders::Orders& orders, orders::Returns& returns) {
  const ReturnRooms rooms{store, orders, returns};
  const auto with = handlers_with(rooms);
  auto list_query = gate::list_parameters();
  for (auto& [name, summary] : list_query) {
    if (name == "q") summary = "Words of the return's, the order's or the channel's number, or of the reference.";
    if (name == "sort") summary = "created_at, updated_at or id; - in front for descending. A further key orders those that are equal in the one before.";
    if (name == "*[op]")
      summary =
          "status, channel, order_id and reason by eq, neq, in and nin; created_at, updated_at and id by eq, gt, gte, "
          "lt and lte; status[] is one of several.";
  }
  list_query.emplace_back("facets", "status: counts for tabs.");
  const auto own = own_return(store, returns);
  const auto return_shape = gate::data_shape(shapes::kReturn);
  using P = Permission;
  const auto step = [&](const char* path, const char* summary, json::Value body, gate::Handler handler) {
    return Row{.method = Method::put,
               .path = path,
               .permission = P::orders_write,
               .summary = summary,
               .accepts = BodyKind::json,
               .body_schema = std::move(body),
               .answer_schema = return_shape,
               .handler = std::move(handler),
               .keeps = gate::kKeepsAll,
               .object = own};
  };
  return {
      {.method = Method::get,
       .path = "/api/v1/return",
       .permission = P::orders_read,
       .summary = "List returns",
       .answer_schema = gate::list_shape(shapes::kReturnInList),
       .handler = with(list),
       .query = list_query,
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/return",
       .permission = P::orders_write,
       .summary = "Enter what of an order shall come back; the same reference again is the same return",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<ReturnBody>(),
       .answer_schema = return_shape,
       .handler = with(request),
       .other_success = 200,
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/return/{id}",
       .permission = P::orders_read,
       .summary = "Show a return",
       .answer_schema = return_shape,
       .handler = with(show),
       .keeps = gate::kKeepsAll,
       .object = own},
      step("/api/v1/return/{id}/approve", "Approve a return", gate::shape("{}"), with(approve)),
      step("/api/v1/return/{id}/refuse", "Refuse a return; its pieces may be asked for again",
           json::schema<RefusalBody>(), with(refuse)),
      step("/api/v1/return/{id}/receipt",
           "What came and what became of it, in totals: sending it again changes nothing", json::schema<ReceiptBody>(),
           with(receive)),
      step("/api/v1/return/{id}/replacement",
           "Make the order that replaces what comes back, once; it is of the channel manual and linked both ways",
           json::schema<ReplacementBody>(), with(replace)),
      step("/api/v1/return/{id}/close", "Close a return: nothing more will come", gate::shape("{}"), with(close)),
      {.method = Method::get,
       .path = "/api/v1/order/{id}/return",
       .permission = P::orders_read,
       .summary = "List an order's returns",
       .answer_schema = gate::data_shape(shapes::kReturnsOfOrder),
       .handler = with(of_order),
       .keeps = gate::kKeepsAll,
       .object = own_order(store, orders)},
  };
}

}  // namespace pf::api
