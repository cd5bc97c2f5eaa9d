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

using orders::Order;

struct CarrierRooms {
  OrderRooms order;
  access::Access& access;
  orders::Invoices& invoices;
  exchange::Carriers& carriers;
  const Clock& clock;
};

constexpr std::size_t kTermBytesMax = 50;  // of a service or an account: codes and numbers of the carrier

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
  const bool ready = std::ranges::any_of(order.lines, [](const auto& line) { return line.count.allocated > line.count.later; });
  if (!ready || status == orders::OrderStatus::cancelled || status == orders::OrderStatus::awaiting_payment)
    return error(ErrorCode::conflict, "Nothing of it waits for a label.");
  parcels.push_back(nullptr);
  return parcels;
}

struct Addressed {
  json::Value address{};
  std::string email{}, phone{};
};
// With an audit entry.
Result<Addressed> addressed(const CarrierRooms& rooms, const Call& call, const Order& order, std::string_view why) {
  PF_LET(const auto buyer, rooms.order.orders.reveal(call.actor, order.id, why));
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
  PF_LET(const auto invoicing, rooms.invoices.settings(rooms.order.store.read()));
  terms.seller = invoicing.seller;
  if (terms.seller.name.empty()) {
    PF_LET(const auto settings, rooms.access.settings());
    terms.seller.name = settings.shop_name;
  }
  return terms;
}

Error gathered(ErrorCode code, std::vector<FieldFault> faults) {
  Error out{code, "", std::move(faults)};
  for (std::size_t i = 0; i < std::min<std::size_t>(out.faults.size(), 3); ++i)
    out.message += (out.message.empty() ? "" : " ") + out.faults[i].message;
  return out;
}

// All or nothing, so that no parcel is without its label unnoticed. Made in memory and sent; it is kept nowhere.
Result<Answer> label_file(const CarrierRooms& rooms, const Call& call) {
  if (call.limits && !call.limits->field(vault::field_name(vault::Field::shipping)))
    return error(ErrorCode::forbidden, "Your account may not see where buyers live, and a label says it.");
  PF_LET(const auto format,
         rooms.carriers.find(rooms.order.store.read(), call.query_value("format").value_or("generic")));
  PF_LET(const auto terms, terms_of(rooms, call));
  std::vector<Order> orders;
  {
    const auto read = rooms.order.store.read();
    PF_LET(orders, asked_orders_of(rooms.order, read, call));
  }
  std::vector<FieldFault> faults;
  std::size_t rows = 0;
  for (const Order& order : orders) {
    const auto parcels = parcels_for_labels(order);
    if (!parcels.ok())
      faults.push_back({"orders", "not_ready", "Order " + order_named(order) + ": " + parcels.error().message});
    else
      rows += parcels->size();
  }
  if (!faults.empty()) return gathered(ErrorCode::conflict, std::move(faults));
  if (format.rows_max > 0 && rows > format.rows_max)
    return invalid("orders", "length",
                   "These are " + std::to_string(rows) + " parcels, and " + format.table.title + " reads at most " +
                       std::to_string(format.rows_max) + " at once; take them in parts.");
  const std::string why = call.query_value("reason").value_or("label file: " + format.table.name);
  std::string file;
  exchange::put_carrier_header(format, file);
  for (const Order& order : orders) {
    auto buyer = addressed(rooms, call, order, why);
    if (!buyer.ok()) {
      if (buyer.error().code != ErrorCode::gone && buyer.error().code != ErrorCode::conflict) return buyer.error();
      faults.push_back({"orders", "no_address", "Order " + order_named(order) + ": " + buyer.error().message});
      continue;
    }
    PF_LET(const auto parcels, parcels_for_labels(order));
    for (const orders::Parcel* parcel : parcels) {
      const exchange::Consignment one{order, parcel, buyer->address, buyer->email, buyer->phone};
      const auto row = exchange::carrier_row(format, terms, one);
      for (const FieldFault& fault : row.faults)
        faults.push_back({"orders", fault.code,
                          "Parcel " + order_named(order, parcel) + ": " + fault.field + " " + fault.message + "."});
      exchange::put_carrier_row(format, row.cells, file);
    }
  }
  if (!faults.empty()) return gathered(ErrorCode::invalid, std::move(faults));
  std::string type(exchange::content_type(format.table.layout));
  if (format.encoding == exchange::CarrierFormat::Encoding::windows1252) type += "; charset=windows-1252";
  return Answer{.raw = std::move(file),
                .content_type = std::move(type),
                .headers = {{"content-disposition", "attachment; filename=\"labels-" + format.table.name + "." +
                                                        std::string(exchange::file_ending(format.table.layout)) + "\""},
                            {"cache-control", "no-store"}}};
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
  return {
      {.method = Method::get,
       .path = "/api/v1/carrier-file",
       .permission = P::buyer_reveal,
       .summary =
           "The file that a carrier's label program reads, of the parcels of several orders; reveals each buyer, "
           "with an audit entry each",
       .handler = with(label_file),
       .query = {{"orders", "Order numbers with commas between, at most 200."},
                 {"format", "A name of GET /api/v1/carrier-format; generic when absent."},
                 {"service", "The carrier's product, where the format has a place for it."},
                 {"account", "The shop's number with the carrier, likewise."},
                 {"reason", "Why the buyers are revealed; that a label file is made when absent."}},
       .answer_types = {"text/csv", "text/tab-separated-values"},
       .fresh_sign_in = true,
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
