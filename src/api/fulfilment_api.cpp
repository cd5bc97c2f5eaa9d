#include "api/fulfilment_api.h"

#include <algorithm>

#include "api/limits.h"
#include "api/order_bodies.h"
#include "api/scan_lookup.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "json/fields.h"
#include "json/members.h"
#include "orders/fulfilment.h"

namespace pf::api {
namespace {

using orders::Order;

struct FulfilmentRooms {
  OrderRooms order;
  mutable orders::Fulfilment work;
};

struct ScanBody {
  std::optional<std::string> code, scan, parcel, part;
  std::optional<std::int64_t> line, quantity;
  template <class V>
  void fields(V& visit) {
    visit("code", code, "What was scanned: an EAN, UPC or GTIN, a SKU, or what the channel calls the line.");
    visit("line", line, "The line's number, counted from 0, of a piece that is chosen by hand. Either this or a code.");
    visit("part", part, "With line, of a kit: the SKU of its part that was chosen; all of its parts when absent.");
    visit("quantity", quantity, "Pieces, or kits where a kit's own label was scanned; 1 when absent.");
    visit("parcel", parcel, "When packing: the open parcel's name, or a new one's; the newest when absent.");
    visit("scan", scan, "The caller's own name of this scan: sent again with the same one, it counts once.");
  }
};
struct MissingBody {
  std::int64_t line = 0, quantity = 0;
  std::optional<std::string> scan, part;
  template <class V>
  void fields(V& visit) {
    visit("line", line, "The line's number, counted from 0.");
    visit("part", part, "Of a kit: the SKU of its part that is missing; all of its parts when absent.");
    visit("quantity", quantity, "Pieces that are not on their shelf.");
    visit("scan", scan, "The caller's own name of this message: sent again with the same one, it counts once.");
  }
};
struct LostBody {
  std::int64_t line = 0, quantity = 0;
  std::optional<std::string> location, scan, part;
  template <class V>
  void fields(V& visit) {
    visit("line", line, "The line's number, counted from 0.");
    visit("part", part, "Of a kit: the SKU of the part that is lost; may be absent where one part alone is missing.");
    visit("quantity", quantity, "Missing pieces that are not in the house any more.");
    visit("location", location,
          "The code of the stock location that misses them; where they were promised when absent.");
    visit("scan", scan, "The caller's own name of this message: sent again with the same one, it counts once.");
  }
};
struct MeasuresBody {
  std::optional<std::int64_t> weight_grams, length_mm, width_mm, height_mm;
  template <class V>
  void fields(V& visit) {
    visit("weight_grams", weight_grams, "With its packaging; unknown when absent.");
    visit("length_mm", length_mm, "Unknown when absent.");
    visit("width_mm", width_mm, "Unknown when absent.");
    visit("height_mm", height_mm, "Unknown when absent.");
  }
};

Result<std::size_t> line_of(std::int64_t line) {
  if (line < 0) return invalid("line", "range", "A line's number is 0 or more.");
  return static_cast<std::size_t>(line);
}

Result<orders::Scan> scan_of(const FulfilmentRooms& rooms, const Call& call, const ScanBody& body) {
  orders::Scan scan{.code = std::string(trim(body.code.value_or(""))),
                    .part = std::string(trim(body.part.value_or(""))),
                    .quantity = body.quantity.value_or(1),
                    .key = body.scan.value_or("")};
  if (!scan.part.empty() && !body.line) return invalid("part", "line", "A part is named with the kit's line.");
  if (scan.code.empty() == !body.line)
    return invalid("code", "required", "Send either what was scanned (code) or the number of a line.");
  PF_LET(scan.line, line_of(body.line.value_or(0)));
  PF_TRY(look_up_scan(rooms.order, call, scan));
  return scan;
}

Result<Answer> work_answer(const FulfilmentRooms& rooms, const Order& order, int status = 0) {
  const auto read = rooms.order.store.read();
  PF_LET(const auto locations, rooms.order.orders.locations(read));
  json::Value lines = json::Value::array();
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const auto& line = order.lines[i];
    std::string ean;
    if (!line.sku.empty()) {
      PF_LET(const auto product, rooms.order.products.find(read, line.sku));
      if (product) ean = product->ean;
    }
    PF_LET(auto parts, line_parts_value(rooms.order, read, order, line, locations));
    json::Value one = json::Value::object({{"line", static_cast<std::uint64_t>(i)},
                                           {"sku", line.sku},
                                           {"channel_sku", line.channel_sku.empty() ? line.sku : line.channel_sku},
                                           {"ean", ean},
                                           {"title", line.title},
                                           {"ordered", line.count.ordered},
                                           {"backordered", line.count.backordered},
                                           {"allocated", line.count.allocated},
                                           {"picked", line.count.picked},
                                           {"missing", line.count.missing},
                                           {"packed", line.count.packed},
                                           {"later", line.count.later},
                                           {"promised_at", promised_value(order, line, locations)},
                                           {"shipped", line.count.shipped}});
    if (!parts.is_null()) one.set("parts", std::move(parts));
    lines.push(std::move(one));
  }
  json::Value parcels = json::Value::array();
  for (const auto& parcel : order.packing)
    parcels.push(json::Value::object({{"identifier", parcel.identifier},
                                      {"weight_grams", measure_value(parcel.weight_grams)},
                                      {"length_mm", measure_value(parcel.length_mm)},
                                      {"width_mm", measure_value(parcel.width_mm)},
                                      {"height_mm", measure_value(parcel.height_mm)},
                                      {"lines", parcel_lines_value(order, parcel)}}));
  const auto order_status = orders::status_of(order);
  const bool open = order_status == orders::OrderStatus::open || order_status == orders::OrderStatus::partially_shipped;
  const auto may_leave = orders::may_leave(order);
  json::Value out = json::Value::object({{"id", std::to_string(order.id.raw())},
                                         {"channel", order.channel},
                                         {"channel_order_id", order.channel_order_id},
                                         {"status", orders::status_name(order_status)},
                                         {"fulfilment", pf::name_of(orders::kStageNames, orders::stage_of(order))},
                                         {"ship_by", moment(order.ship_by)},
                                         {"picking", order.picking},
                                         {"can_work", open && may_leave.ok()},
                                         {"held_because", may_leave.ok() ? "" : may_leave.error().message},
                                         {"lines", std::move(lines)},
                                         {"parcels", std::move(parcels)},
                                         {"next_parcel", orders::next_parcel(order)},
                                         {"parcels_shipped", static_cast<std::uint64_t>(order.parcels.size())}});
  PF_LET(const auto last, rooms.work.last(read, order));
  if (last)
    out.set("last", json::Value::object({{"event", last->number},
                                         {"kind", last->kind},
                                         {"line", json::number_in(last->details, "line")},
                                         {"sku", json::text_in(last->details, "sku")},
                                         {"quantity", json::number_in(last->details, "quantity")},
                                         {"by", last->by},
                                         {"at", rfc3339(last->at)}}));
  return Answer{.status = status, .body = data(std::move(out))};
}

Result<Answer> show_work(const FulfilmentRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.order.orders.find(rooms.order.store.read(), id));
  return work_answer(rooms, order);
}

Result<Answer> pick(const FulfilmentRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<ScanBody>(call.body));
  if (body.parcel) return invalid("parcel", "unknown", "Only packing puts pieces into a parcel.");
  PF_LET(const auto scan, scan_of(rooms, call, body));
  PF_LET(const Order order, rooms.work.pick(call.actor, id, scan));
  return work_answer(rooms, order);
}

Result<Answer> short_pick(const FulfilmentRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<MissingBody>(call.body));
  PF_LET(const std::size_t line, line_of(body.line));
  PF_LET(const Order order,
         rooms.work.miss(call.actor, id, line, body.quantity, body.scan.value_or(""), body.part.value_or("")));
  return work_answer(rooms, order);
}

Result<Answer> lose(const FulfilmentRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<LostBody>(call.body));
  PF_LET(const std::size_t line, line_of(body.line));
  PF_LET(const Order order, rooms.work.lose(call.actor, id, line, body.quantity, body.location.value_or(""),
                                            body.scan.value_or(""), body.part.value_or("")));
  return work_answer(rooms, order);
}

Result<Answer> pack(const FulfilmentRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<ScanBody>(call.body));
  PF_LET(const auto scan, scan_of(rooms, call, body));
  PF_LET(const Order order, rooms.work.pack(call.actor, id, scan, trim(body.parcel.value_or(""))));
  return work_answer(rooms, order);
}

Result<Answer> undo_scan(const FulfilmentRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto event, path_number(call, "event", "scan"));
  if (event > UINT32_MAX) return error(ErrorCode::not_found, "There is no such scan.");
  PF_LET(const Order order, rooms.work.undo(call.actor, id, static_cast<std::uint32_t>(event)));
  return work_answer(rooms, order);
}

Result<Answer> measure(const FulfilmentRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<MeasuresBody>(call.body));
  PF_LET(const Order order, rooms.work.measure(call.actor, id, call.path_value("parcel"),
                                               {body.weight_grams.value_or(0), body.length_mm.value_or(0),
                                                body.width_mm.value_or(0), body.height_mm.value_or(0)}));
  return work_answer(rooms, order);
}

Result<Answer> unpack(const FulfilmentRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.work.unpack(call.actor, id, call.path_value("parcel")));
  return work_answer(rooms, order);
}

}  // namespace

std::vector<Row> fulfilment_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                   catalog::Products& products) {
  const FulfilmentRooms rooms{{store, orders, vault, products}, orders::Fulfilment(orders)};
  const auto with = handlers_with(rooms);
  const auto own = own_order(store, orders);
  const auto row = [&](Method method, const char* path, const char* summary, gate::Handler handler,
                       auto&& body_schema) {
    Row out{.method = method,
            .path = path,
            .permission = method == Method::get ? Permission::orders_read : Permission::orders_write,
            .summary = summary,
            .answer_schema = gate::data_shape(shapes::kFulfilment),
            .handler = std::move(handler),
            .keeps = gate::kKeepsAll,
            .object = own};
    body_schema(out);
    return out;
  };
  const auto none = [](Row&) {};
  const auto takes = [](auto schema) {
    return [schema](Row& out) {
      out.accepts = BodyKind::json;
      out.body_schema = schema;
    };
  };
  return {
      row(Method::get, "/api/v1/order/{id}/fulfilment", "How far picking and packing of an order are", with(show_work),
          none),
      row(Method::post, "/api/v1/order/{id}/pick",
          "Count a scanned piece as picked; a wrong or surplus one is refused and named", with(pick),
          takes(json::schema<ScanBody>())),
      row(Method::post, "/api/v1/order/{id}/short", "Say that pieces are not on their shelf; the rest goes on",
          with(short_pick), takes(json::schema<MissingBody>())),
      row(Method::post, "/api/v1/order/{id}/lost",
          "Take missing pieces off the stock as lost; the order waits for others", with(lose),
          takes(json::schema<LostBody>())),
      row(Method::post, "/api/v1/order/{id}/pack", "Put a scanned piece into an open parcel", with(pack),
          takes(json::schema<ScanBody>())),
      row(Method::del, "/api/v1/order/{id}/scan/{event}",
          "Take one scan back: the number of its event; again is nothing", with(undo_scan), none),
      row(Method::put, "/api/v1/order/{id}/parcel/{parcel}", "Weight and size of an open parcel", with(measure),
          takes(json::schema<MeasuresBody>())),
      row(Method::del, "/api/v1/order/{id}/parcel/{parcel}", "Unpack an open parcel: its pieces are picked again",
          with(unpack), none),
  };
}

}  // namespace pf::api
