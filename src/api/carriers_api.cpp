#include "api/carriers_api.h"

#include <algorithm>

#include "api/limits.h"
#include "api/named_document.h"
#include "api/order_ids.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "exchange/carrier_file.h"
#include "gate/shape.h"
#include "orders/tracking.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using orders::Order, orders::OrderId;

struct CarrierRooms {
  OrderRooms order;
  access::Access& access;
  orders::Invoices& invoices;
  exchange::Carriers& carriers;
  const Clock& clock;
};

// As many numbers as an address of 8 KiB holds; half a second of looking.
constexpr std::size_t kLabelOrdersMax = 1'000;
constexpr std::size_t kRevealedAtOnce = 50;  // buyers in memory, in one unit of work
constexpr std::size_t kTermBytesMax = 50;    // of a service or an account: codes and numbers of the carrier

std::string order_named(const Order& order, const orders::Parcel* parcel = nullptr) {
  return orders::parcel_reference(order.id, parcel != nullptr ? parcel->identifier : "");
}

// What of an order needs a label: its open parcels; else those that left without a number; else all that is ready.
Result<std::vector<const orders::Parcel*>> parcels_for_labels(const Order& order) {
  std::vector<const orders::Parcel*> parcels;
  for (const auto& parcel : order.packing) parcels.push_back(&parcel);
  if (!parcels.empty()) {
    PF_TRY(orders::may_leave(order));
    return parcels;
  }
  const auto status = orders::status_of(order);
  if (status == orders::OrderStatus::shipped || status == orders::OrderStatus::partially_shipped)
    for (const auto& parcel : order.parcels)
      if (parcel.track_and_trace.empty()) parcels.push_back(&parcel);
  if (!parcels.empty()) return parcels;
  PF_TRY(orders::may_leave(order));
  const bool ready =
      std::ranges::any_of(order.lines, [](const auto& line) { return line.count.allocated > line.count.later; });
  if (!ready || status == orders::OrderStatus::cancelled || status == orders::OrderStatus::awaiting_payment)
    return error(ErrorCode::conflict, "Nothing of it waits for a label.");
  parcels.push_back(nullptr);
  return parcels;
}

struct Addressed {
  json::Value address{};
  std::string email{}, phone{};
};
// What a label says of a buyer, as far as the person may see it.
Result<Addressed> addressed(const Call& call, const vault::Buyer& buyer) {
  const auto sees = [&](vault::Field field) { return !call.limits || call.limits->field(vault::field_name(field)); };
  const auto text = [&](vault::Field field) {
    const vault::Private* value = sees(field) ? buyer.find(field) : nullptr;
    return value != nullptr ? value->in_the_clear() : std::string();
  };
  const std::string where =
      text(buyer.find(vault::Field::shipping) != nullptr ? vault::Field::shipping : vault::Field::billing);
  if (where.empty()) return error(ErrorCode::conflict, "Its channel has sent no address.");
  PF_LET(auto address, json::parse(where));
  return Addressed{std::move(address), text(vault::Field::email), text(vault::Field::phone)};
}

Result<exchange::CarrierTerms> terms_of(const CarrierRooms& rooms, const Call& call) {
  exchange::CarrierTerms terms{.service = call.query_value("service").value_or(""),
                               .account = call.query_value("account").value_or(""),
                               .date = rfc3339(rooms.clock.now()).substr(0, 10)};
  for (const auto& [name, text] : {std::pair("service", &terms.service), std::pair("account", &terms.account)})
    if (text->size() > kTermBytesMax || first_bad_utf8(*text))
      return invalid(name, "length", std::string(name) + " must have at most 50 bytes.");
  const auto read = rooms.order.store.read();
  PF_LET(const auto model, rooms.order.products.models().known(read));
  terms.units = model->units;
  PF_LET(const auto invoicing, rooms.invoices.settings(read));
  terms.seller = invoicing.seller;
  if (terms.seller.name.empty()) {
    PF_LET(const auto settings, rooms.access.settings());
    terms.seller.name = settings.shop_name;
  }
  return terms;
}

struct Refused {
  OrderId order{};
  std::string code{}, message{};  // names columns, never what stands in an address
};
// What a label file will be: each order is in it, or refused for a reason.
struct LabelPlan {
  exchange::CarrierFormat format{};
  exchange::CarrierTerms terms{};
  std::vector<OrderId> orders{};
  std::vector<Refused> refused{};
  std::uint64_t parcels = 0;
};

// The rows of one order; a refusal with every fault of all its parcels.
Result<std::vector<exchange::CarrierRow>> label_rows(const LabelPlan& plan, const Call& call, const Order& order,
                                                     const vault::Buyer& buyer) {
  PF_LET(const auto to, addressed(call, buyer));
  PF_LET(const auto parcels, parcels_for_labels(order));
  std::vector<exchange::CarrierRow> rows;
  Error faults{ErrorCode::invalid, "", {}};
  for (const orders::Parcel* parcel : parcels) {
    rows.push_back(exchange::carrier_row(plan.format, plan.terms, {order, parcel, to.address, to.email, to.phone}));
    for (const FieldFault& fault : rows.back().faults) {
      faults.faults.push_back(fault);
      faults.message += (faults.message.empty() ? "Parcel " : " Parcel ") + order_named(order, parcel) + ": " +
                        fault.field + " " + fault.message + ".";
    }
  }
  if (!faults.faults.empty()) return faults;
  return rows;
}

// Somebody who is forgotten, an order that is not ready, an address that does not fit: left out, and the rest goes on.
bool is_left_out(const Error& why) {
  return why.code == ErrorCode::gone || why.code == ErrorCode::conflict || why.code == ErrorCode::invalid;
}
std::string refusal_code(const Error& why) {
  if (why.code == ErrorCode::gone) return "gone";
  return why.faults.empty() ? "no_address" : why.faults[0].code;
}

// Looks into each address without showing it to anybody, so that what is refused is known before the file begins.
Result<LabelPlan> plan_labels(const CarrierRooms& rooms, const Call& call) {
  if (call.limits && !call.limits->field(vault::field_name(vault::Field::shipping)))
    return error(ErrorCode::forbidden, "Your account may not see where buyers live, and a label says it.");
  const auto read = rooms.order.store.read();
  LabelPlan plan;
  PF_LET(plan.format, rooms.carriers.find(read, call.query_value("format").value_or("generic")));
  PF_LET(plan.terms, terms_of(rooms, call));
  PF_LET(const auto ids, asked_orders(call, kLabelOrdersMax));
  for (const OrderId id : ids) {
    const auto order = rooms.order.orders.find(read, id);
    if (!order.ok() && order.error().code != ErrorCode::not_found) return order.error();
    if (!order.ok() || (call.limits && !call.limits->channel(order->channel))) {
      plan.refused.push_back({id, "unknown", "There is no order " + std::to_string(id.raw()) + "."});
      continue;
    }
    if (const auto ready = parcels_for_labels(*order); !ready.ok()) {
      plan.refused.push_back({id, "not_ready", ready.error().message});
      continue;
    }
    std::size_t rows = 0;
    const auto fit =
        rooms.order.vault.check(read, order->subject(), order->person, [&](const vault::Buyer& buyer) -> Result<> {
          PF_LET(const auto made, label_rows(plan, call, *order, buyer));
          rows = made.size();
          return {};
        });
    if (fit.ok()) {
      plan.orders.push_back(id);
      plan.parcels += rows;
      continue;
    }
    if (!is_left_out(fit.error())) return fit.error();
    plan.refused.push_back({id, refusal_code(fit.error()), fit.error().message});
  }
  if (plan.format.rows_max > 0 && plan.parcels > plan.format.rows_max)
    return invalid("orders", "length",
                   "These are " + std::to_string(plan.parcels) + " parcels, and " + plan.format.table.title +
                       " reads at most " + std::to_string(plan.format.rows_max) + " at once; take them in parts.");
  return plan;
}

Result<Answer> check_labels(const CarrierRooms& rooms, const Call& call) {
  PF_LET(const auto plan, plan_labels(rooms, call));
  json::Value refused = json::Value::array();
  for (const Refused& one : plan.refused)
    refused.push(json::Value::object(
        {{"order", std::to_string(one.order.raw())}, {"code", one.code}, {"message", one.message}}));
  return Answer{.body = data(json::Value::object({{"orders", std::uint64_t{plan.orders.size()}},
                                                  {"parcels", plan.parcels},
                                                  {"refused", std::move(refused)}}))};
}

// One order's rows, of a buyer who is revealed for it.
Result<> add_labels(const CarrierRooms& rooms, const Call& call, const LabelPlan& plan, OrderId id,
                    const vault::Buyer& buyer, std::string& file) {
  PF_LET(const Order order, rooms.order.orders.find(rooms.order.store.read(), id));
  PF_LET(const auto rows, label_rows(plan, call, order, buyer));
  for (const auto& row : rows) exchange::put_carrier_row(plan.format, row.cells, file);
  return {};
}

// Whole before its first byte: a file that ends in the middle may be taken for whole by a carrier's program, and a row
// without its address for one with. What is unfit by now is added to what the plan refuses. Buyers are revealed some at
// a time, so that in the clear there is little more than what is sent.
Result<std::string> write_labels(const CarrierRooms& rooms, const Call& call, LabelPlan& plan, const std::string& why) {
  std::string file;
  exchange::put_carrier_header(plan.format, file);
  const std::size_t header = file.size();
  const auto leave_out = [&](OrderId id, const Error& error) -> Result<> {
    if (!is_left_out(error)) return error;
    plan.refused.push_back({id, refusal_code(error), error.message});
    return {};
  };
  for (std::size_t from = 0; from < plan.orders.size(); from += kRevealedAtOnce) {
    const auto ids = std::span(plan.orders).subspan(from, std::min(kRevealedAtOnce, plan.orders.size() - from));
    const auto together = rooms.order.orders.reveal(call.actor, ids, why);  // all or none
    if (!together.ok() && !is_left_out(together.error())) return together.error();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (together.ok()) {
        if (const auto added = add_labels(rooms, call, plan, ids[i], (*together)[i], file); !added.ok())
          PF_TRY(leave_out(ids[i], added.error()));
        continue;
      }
      const auto alone = rooms.order.orders.reveal(call.actor, ids[i], why);
      const auto added = alone.ok() ? add_labels(rooms, call, plan, ids[i], *alone, file) : Result<>(alone.error());
      if (!added.ok()) PF_TRY(leave_out(ids[i], added.error()));
    }
  }
  if (file.size() == header) file.clear();
  return file;
}

// Why there is no file at all.
Error no_labels(const LabelPlan& plan) {
  Error none{ErrorCode::conflict, "", {}};
  for (const Refused& one : plan.refused) {
    none.faults.push_back({"orders", one.code, "Order " + std::to_string(one.order.raw()) + ": " + one.message});
    if (none.faults.size() <= 3) none.message += (none.message.empty() ? "" : " ") + none.faults.back().message;
  }
  return none;
}

// Of those that can have a label; who is left out is in a header, and check_labels() says why.
Result<Answer> label_file(const CarrierRooms& rooms, const Call& call) {
  PF_LET(auto plan, plan_labels(rooms, call));
  if (plan.orders.empty()) return no_labels(plan);
  const std::string why = call.query_value("reason").value_or("label file: " + plan.format.table.name);
  PF_LET(auto file, write_labels(rooms, call, plan, why));
  if (file.empty()) return no_labels(plan);
  std::string type(exchange::content_type(plan.format.table.layout));
  if (plan.format.encoding == exchange::CarrierFormat::Encoding::windows1252) type += "; charset=windows-1252";
  Answer answer{
      .raw = std::move(file),
      .content_type = std::move(type),
      .headers = {{"content-disposition", "attachment; filename=\"labels-" + plan.format.table.name + "." +
                                              std::string(exchange::file_ending(plan.format.table.layout)) + "\""},
                  {"cache-control", "no-store"}}};
  std::string numbers;
  for (const Refused& one : plan.refused)
    numbers.append(numbers.empty() ? "" : ",").append(std::to_string(one.order.raw()));
  if (!numbers.empty()) answer.headers.emplace_back("x-refused-orders", std::move(numbers));
  return answer;
}

json::Value carrier_value(const exchange::CarrierFormat& format) {
  return json::Value::object(
      {{"name", format.table.name},
       {"title", format.table.title},
       {"about", format.table.about},
       {"carrier", format.carrier},
       {"layout", exchange::layout_name(format.table.layout)},
       {"encoding", format.encoding == exchange::CarrierFormat::Encoding::windows1252 ? "windows-1252" : "utf-8"},
       {"columns", std::uint64_t{format.table.columns.size()}},
       {"unconfirmed", std::uint64_t{format.unconfirmed.size()}},
       {"sources", texts(format.sources)},
       {"own", format.own}});
}

Result<Answer> list_carriers(const CarrierRooms& rooms, const Call& call) {
  PF_LET(const auto all, rooms.carriers.list(rooms.order.store.read()));
  json::Value list = json::Value::array();
  for (const auto& one : all) list.push(carrier_value(one));
  return small_list(call, std::move(list));
}

Result<Answer> show_carrier(const CarrierRooms& rooms, const Call& call) {
  PF_LET(const auto format, rooms.carriers.find(rooms.order.store.read(), call.path_value("name")));
  PF_LET(auto document, json::parse(format.text));
  return Answer{.body = data(std::move(document))};
}

Result<Answer> put_carrier(const CarrierRooms& rooms, const Call& call) {
  PF_LET(const auto document, named_document(call));
  PF_LET(const auto format, rooms.carriers.keep(call.actor, json::write(document)));
  return Answer{.body = data(carrier_value(format))};
}

Result<Answer> remove_carrier(const CarrierRooms& rooms, const Call& call) {
  PF_TRY(rooms.carriers.remove(call.actor, call.path_value("name")));
  return Answer{};
}

struct TrackingBody {
  std::string track_and_trace;
  std::optional<std::string> method;
  template <class V>
  void fields(V& visit) {
    visit("track_and_trace", track_and_trace, "The carrier's tracking number.");
    visit("method", method, "Carrier or service; as it is when absent.");
  }
};
Result<Answer> track_parcel(const CarrierRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<TrackingBody>(call.body));
  PF_TRY(rooms.order.store.write([&](storage::Write& work) -> Result<> {
    PF_TRY(orders::track(work, rooms.order.orders, call.actor, id,
                         {call.path_value("parcel"), body.method.value_or(""), body.track_and_trace}));
    return {};
  }));
  PF_LET(const Order order, rooms.order.orders.find(rooms.order.store.read(), id));
  return order_answer(rooms.order, order);
}

}  // namespace

std::vector<Row> carriers_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                 catalog::Products& products, access::Access& access, orders::Invoices& invoices,
                                 exchange::Carriers& carriers, const Clock& clock) {
  const auto with = handlers_with(CarrierRooms{{store, orders, vault, products}, access, invoices, carriers, clock});
  using P = Permission;
  const decltype(Row::query) asked{{"orders", "Order numbers with commas between, at most 1,000."},
                                   {"format", "A name of GET /api/v1/carrier-format; generic when absent."},
                                   {"service", "The carrier's product, where the format has a place for it."},
                                   {"account", "The shop's number with the carrier, likewise."},
                                   {"reason", "Why the buyers are revealed; that a label file is made when absent."}};
  return {
      {.method = Method::get,
       .path = "/api/v1/carrier-file",
       .permission = P::buyer_reveal,
       .summary =
           "The file that a carrier's label program reads, of the parcels of several orders; reveals each buyer, "
           "with an audit entry each. Orders that can have no label are left out and named in x-refused-orders; "
           "GET /api/v1/carrier-file/check says why",
       .handler = with(label_file),
       .query = asked,
       .answer_types = {"text/csv", "text/tab-separated-values"},
       .fresh_sign_in = true,
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/carrier-file/check",
       .permission = P::buyer_reveal,
       .summary = "Which of several orders can have a label now, and why the others cannot; shows nobody's address",
       .answer_schema = gate::data_shape(shapes::kLabelCheck),
       .handler = with(check_labels),
       .query = asked,
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/carrier-format",
       .permission = P::orders_read,
       .summary = "The carriers' formats: ours, with what of them no public document confirms, and the shop's own",
       .answer_schema = gate::list_shape(shapes::kCarrierFormat),
       .handler = with(list_carriers),
       .query = small_list_parameters(),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/carrier-format/{name}",
       .permission = P::orders_read,
       .summary = "The description of a carrier's format, to read or to begin one's own with",
       .answer_schema = gate::data_shape(shapes::kCarrierDocument),
       .handler = with(show_carrier),
       .keeps = gate::kKeepsAll},
      {.method = Method::put,
       .path = "/api/v1/carrier-format/{name}",
       .permission = P::settings_write,
       .summary = "Keep a format of the shop's own: columns, and a formula over the parcel's fields for each",
       .accepts = BodyKind::json,
       .body_schema = gate::shape(shapes::kCarrierDocument),
       .answer_schema = gate::data_shape(shapes::kCarrierFormat),
       .handler = with(put_carrier)},
      {.method = Method::del,
       .path = "/api/v1/carrier-format/{name}",
       .permission = P::settings_write,
       .summary = "Remove a format of the shop's own",
       .success = 204,
       .handler = with(remove_carrier)},
      {.method = Method::put,
       .path = "/api/v1/order/{id}/parcel/{parcel}/tracking",
       .permission = P::orders_write,
       .summary = "The tracking number of a parcel, open or sent; again is nothing",
       .accepts = BodyKind::json,
       .body_schema = json::schema<TrackingBody>(),
       .answer_schema = gate::data_shape(shapes::kOrder),
       .handler = with(track_parcel),
       .keeps = gate::kKeepsAll,
       .object = own_order(store, orders)},
  };
}

}  // namespace pf::api
