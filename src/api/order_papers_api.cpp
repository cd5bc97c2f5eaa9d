#include "api/order_papers_api.h"

#include <algorithm>

#include "api/limits.h"
#include "api/order_answers.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "papers/packing_slip.h"
#include "papers/pick_list.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using orders::Order;

// A page's link cannot choose what it accepts, so it asks by `format`.
bool wants_pdf(const Call& call) {
  return call.query_value("format") == "pdf" || header(call, "accept").starts_with("application/pdf");
}
Answer pdf_answer(std::string pdf, const std::string& name) {
  return Answer{.raw = std::move(pdf),
                .content_type = "application/pdf",
                .headers = {{"content-disposition", "inline; filename=\"" + name + ".pdf\""}, {"vary", "Accept"}}};
}
json::Value lines_value(const Order& order, const std::vector<std::pair<std::size_t, std::int64_t>>& pieces) {
  json::Value lines = json::Value::array();
  for (const auto& [number, count] : pieces)
    if (number < order.lines.size())
      lines.push(json::Value::object({{"line", static_cast<std::uint64_t>(number)},
                                      {"sku", order.lines[number].sku},
                                      {"title", order.lines[number].title},
                                      {"quantity", count}}));
  return lines;
}

Result<Answer> picking(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const Order order, rooms.orders.find(rooms.store.read(), id));
  PF_TRY(orders::may_leave(order));
  if (wants_pdf(call)) return pdf_answer(papers::pick_list(order), "picking-" + std::to_string(id.raw()));
  return Answer{.body =
                    data(json::Value::object({{"id", std::to_string(id.raw())},
                                              {"channel", order.channel},
                                              {"channel_order_id", order.channel_order_id},
                                              {"lines", lines_value(order, papers::packed_lines(order, nullptr))}}))};
}

Result<Answer> packing(const OrderRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  const auto read = rooms.store.read();
  PF_LET(const Order order, rooms.orders.find(read, id));
  const orders::Parcel* parcel = nullptr;
  if (const auto wanted = call.query_value("parcel")) {
    const auto found = std::ranges::find(order.parcels, *wanted, &orders::Parcel::identifier);
    if (found == order.parcels.end()) return error(ErrorCode::not_found, "The order has no such parcel.");
    parcel = &*found;
  } else {
    PF_TRY(orders::may_leave(order));
  }
  std::vector<std::string> notes;
  PF_LET(const auto events, rooms.orders.events(read, id));
  for (const auto& event : events) {
    const json::Value* audience = event.details.find("for");
    if (event.kind != "noted" || audience == nullptr) continue;  // the team's own stay in the house
    if (auto text = rooms.orders.note_text(id, event)) notes.push_back(*std::move(text));
  }
  if (wants_pdf(call))
    return pdf_answer(papers::packing_slip(order, parcel, notes, call.query_value("language").value_or(call.locale)),
                      "packing-" + std::to_string(id.raw()));
  return Answer{.body = data(json::Value::object(
                    {{"id", std::to_string(id.raw())},
                     {"channel", order.channel},
                     {"channel_order_id", order.channel_order_id},
                     {"parcel", parcel != nullptr ? json::Value(parcel->identifier) : json::Value(nullptr)},
                     {"lines", lines_value(order, papers::packed_lines(order, parcel))},
                     {"notes", texts(notes)}}))};
}

}  // namespace

std::vector<Row> order_papers_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                     catalog::Products& products) {
  const OrderRooms rooms{store, orders, vault, products};
  const auto with = handlers_with(rooms);
  const auto own = own_order(store, orders);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/order/{id}/picking",
       .permission = P::orders_read,
       .summary = "What to pick for an order; as PDF with Accept: application/pdf",
       .answer_schema = gate::data_shape(shapes::kPicking),
       .handler = with(picking),
       .query = {{"format", "pdf: as PDF, whatever is accepted."}},
       .answer_types = {"application/pdf"},
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/order/{id}/packing-slip",
       .permission = P::orders_read,
       .summary = "What lies in a parcel, and the notes for the buyer; as PDF with Accept: application/pdf",
       .answer_schema = gate::data_shape(shapes::kPackingSlip),
       .handler = with(packing),
       .query = {{"parcel", "The parcel's identifier; what is ready to be sent when absent."},
                 {"language", "Of the PDF's words: en, nl, de or fr; the first of Accept-Language when absent."},
                 {"format", "pdf: as PDF, whatever is accepted."}},
       .answer_types = {"application/pdf"},
       .keeps = gate::kKeepsAll,
       .object = own},
  };
}

}  // namespace pf::api
