#include "api/customs_api.h"

#include <algorithm>
#include <cmath>

#include "api/limits.h"
#include "api/order_ids.h"
#include "api/order_papers.h"
#include "api/shapes.h"
#include "catalog/measurement.h"
#include "gate/shape.h"
#include "json/fields.h"
#include "json/members.h"
#include "orders/vat_area.h"
#include "papers/address.h"
#include "papers/commercial_invoice.h"
#include "productflow/faults.h"

namespace pf::api {
namespace {

using orders::CustomsSettings;
using orders::Order;

struct CustomsRooms {
  OrderRooms order;
  orders::Invoices& invoices;
  const Clock& clock;
};

struct CustomsBody {
  std::optional<std::string> eori, incoterm, reason, hs_code_attribute, origin_attribute, weight_attribute, weight_unit,
      origin;
  template <class V>
  void fields(V& visit) {
    visit("eori", eori, "The seller's number with customs, such as NL123456789.");
    visit("incoterm", incoterm, "DAP (when absent), DDP, EXW, FCA, CPT, CIP or DPU.");
    visit("reason", reason, "sale (when absent), gift, sample, return, repair or other.");
    visit("hs_code_attribute", hs_code_attribute, "Which of a product's attributes holds its tariff number.");
    visit("origin_attribute", origin_attribute, "Which holds its country of origin (ISO 3166).");
    visit("weight_attribute", weight_attribute, "Which holds its weight.");
    visit("weight_unit", weight_unit, "g (when absent), kg, lb or oz: of weights that name none.");
    visit("origin", origin, "ISO 3166, of products that say nothing.");
  }
};

json::Value customs_value(const CustomsSettings& settings) {
  return json::Value::object({{"eori", settings.eori},
                              {"incoterm", settings.incoterm},
                              {"reason", settings.reason},
                              {"hs_code_attribute", settings.hs_code_attribute},
                              {"origin_attribute", settings.origin_attribute},
                              {"weight_attribute", settings.weight_attribute},
                              {"weight_unit", settings.weight_unit},
                              {"origin", settings.origin}});
}

Result<Answer> show_customs(const CustomsRooms& rooms, const Call&) {
  PF_LET(const auto settings, rooms.invoices.customs(rooms.order.store.read()));
  return Answer{.body = data(customs_value(settings))};
}

Result<Answer> save_customs(const CustomsRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<CustomsBody>(call.body));
  CustomsSettings out;
  for (const auto& [from, to] : std::initializer_list<std::pair<const std::optional<std::string>*, std::string*>>{
           {&body.eori, &out.eori},
           {&body.incoterm, &out.incoterm},
           {&body.reason, &out.reason},
           {&body.hs_code_attribute, &out.hs_code_attribute},
           {&body.origin_attribute, &out.origin_attribute},
           {&body.weight_attribute, &out.weight_attribute},
           {&body.weight_unit, &out.weight_unit},
           {&body.origin, &out.origin}})
    if (*from) *to = trim(**from);
  PF_TRY(rooms.invoices.save_customs(call.actor, out));
  return Answer{.body = data(customs_value(out))};
}

// A product's attribute as JSON, its own or of the product that it is a variant of; null where there is none.
Result<json::Value> attribute_of(const CustomsRooms& rooms, const storage::Reader& read, std::string sku,
                                 const std::string& name) {
  if (name.empty()) return json::Value();
  for (std::size_t level = 0; level < catalog::kLevelsMax && !sku.empty(); ++level) {
    PF_LET(const auto product, rooms.order.products.find(read, sku));
    if (!product) break;
    if (const std::string* value = catalog::find_attribute(product->attributes, name); value != nullptr)
      return json::parse(*value);
    sku = product->parent;
  }
  return json::Value();
}

std::string text_of(const json::Value& value) {
  if (value.as_string() != nullptr) return *value.as_string();
  return value.is_null() ? std::string() : json::write(value);
}

// 250, "0.25 kg" or {"amount": 0.25, "unit": "KILOGRAM"}; zero for what is no weight.
std::int64_t grams_of(const json::Value& value, const std::string& unit, const catalog::Units& units) {
  std::string amount = text_of(value), of = unit;
  if (value.as_object() != nullptr) {
    amount = value.find("amount") != nullptr ? text_of(*value.find("amount")) : "";
    of = json::text_in(value, "unit");
  } else if (const std::size_t blank = amount.find(' '); blank != std::string::npos) {
    of = trim(std::string_view(amount).substr(blank));
    amount.resize(blank);
  }
  std::ranges::replace(amount, ',', '.');
  const auto grams = units.converted(amount, of, "g");
  if (!grams) return 0;
  const double number = std::strtod(grams->c_str(), nullptr);
  constexpr double kGramsMax = 1e9;  // a thousand tonnes
  return number > 0 && number < kGramsMax ? std::max<std::int64_t>(1, std::llround(number)) : 0;
}

// What is sent, with all that customs want; what lacks goes to `faults`, a line each.
Result<std::vector<papers::CustomsLine>> goods_of(const CustomsRooms& rooms, const storage::Reader& read,
                                                  const Order& order, const CustomsSettings& settings, Faults& faults) {
  std::vector<papers::CustomsLine> lines;
  PF_LET(const auto model, rooms.order.products.models().known(read));
  for (const auto& line : order.lines) {
    const std::int64_t pieces = line.count.ordered - line.count.cancelled;
    if (pieces <= 0) continue;
    papers::CustomsLine out{
        .pieces = pieces, .sku = line.sku, .description = line.title.empty() ? line.sku : line.title};
    PF_LET(const auto tariff, attribute_of(rooms, read, line.sku, settings.hs_code_attribute));
    PF_LET(const auto origin, attribute_of(rooms, read, line.sku, settings.origin_attribute));
    PF_LET(const auto weight, attribute_of(rooms, read, line.sku, settings.weight_attribute));
    out.hs_code = orders::hs_code_of(text_of(tariff));
    out.origin = text_of(origin).empty() ? settings.origin : text_of(origin);
    out.grams = grams_of(weight, settings.weight_unit, *model->units);
    if (line.price) out.price_minor = line.price->minor;
    std::string lacks;
    const auto need = [&](bool there, const std::string& what) {
      if (!there) lacks += (lacks.empty() ? "" : ", ") + what;
    };
    need(!out.hs_code.empty(), "HS code (attribute " + settings.hs_code_attribute + ")");
    need(!out.origin.empty(), "country of origin (attribute " + settings.origin_attribute + ")");
    need(out.grams > 0 || settings.weight_attribute.empty(), "weight (attribute " + settings.weight_attribute + ")");
    need(line.price.has_value(), "price");
    if (!lacks.empty())
      faults.add("orders", "lacks",
                 "Order " + std::to_string(order.id.raw()) + ", " + (line.sku.empty() ? line.title : line.sku) +
                     " lacks: " + lacks + ".");
    lines.push_back(std::move(out));
  }
  return lines;
}

Result<Answer> commercial_invoices(const CustomsRooms& rooms, const Call& call) {
  const auto allowed = [&](vault::Field field) { return !call.limits || call.limits->field(vault::field_name(field)); };
  if (!allowed(vault::Field::shipping))
    return error(ErrorCode::forbidden, "Your account may not see where buyers live, and this paper says it.");
  std::vector<papers::CommercialInvoice> all;
  std::vector<Order> orders;
  {
    const auto read = rooms.order.store.read();
    PF_LET(orders, asked_orders_of(rooms.order, read, call));
    PF_LET(const auto customs, rooms.invoices.customs(read));
    PF_LET(const auto invoicing, rooms.invoices.settings(read));
    const orders::Seller& seller = invoicing.seller;
    Faults faults(ErrorCode::conflict);
    if (seller.name.empty() || seller.country_code.empty())
      faults.add("seller", "required", "Say in the settings for invoices who sends, and from where.");
    for (const Order& order : orders) {
      if (!orders::passes_customs(seller.country_code, order.country_code) && !seller.country_code.empty())
        faults.add("orders", "customs",
                   "Order " + std::to_string(order.id.raw()) + " goes to " +
                       (order.country_code.empty() ? "a country that is not known" : order.country_code) +
                       ", where no customs are between.");
      papers::CommercialInvoice paper{.order = order.id,
                                      .reference = order.channel + " " + order.channel_order_id,
                                      .day = rooms.invoices.day(rooms.clock.now()),
                                      .seller = seller,
                                      .customs = customs,
                                      .destination = order.country_code,
                                      .currency = order.currency};
      PF_LET(paper.lines, goods_of(rooms, read, order, customs, faults));
      if (order.shipping_cost) paper.shipping_minor = order.shipping_cost->minor;
      for (const auto* parcels : {&order.packing, &order.parcels})
        for (const auto& parcel : *parcels) {
          ++paper.parcels;
          paper.gross_grams += parcel.weight_grams;
        }
      all.push_back(std::move(paper));
    }
    PF_TRY(std::move(faults).checked());
  }
  formats::PdfWriter pdf("Commercial invoices");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto buyer =
        rooms.order.orders.reveal(call.actor, orders[i].id, call.query_value("reason").value_or("commercial invoice"));
    if (!buyer.ok() && buyer.error().code != ErrorCode::gone) return buyer.error();
    if (buyer.ok()) {
      if (const auto* address = buyer->find(vault::Field::shipping); address != nullptr)
        all[i].consignee = papers::address_lines(*address, all[i].seller.country_code);
      if (const auto* phone = buyer->find(vault::Field::phone); phone != nullptr && allowed(vault::Field::phone))
        all[i].phone = phone->in_the_clear();
    }
    papers::draw_commercial_invoice(pdf, all[i]);
  }
  return private_pdf(pdf.finish(), "commercial-invoices");
}

}  // namespace

std::vector<Row> customs_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                catalog::Products& products, orders::Invoices& invoices, const Clock& clock) {
  const auto with = handlers_with(CustomsRooms{{store, orders, vault, products}, invoices, clock});
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/customs-settings",
       .permission = P::settings_read,
       .summary = "Show what the shop says to customs, and which attributes hold tariff number, origin and weight",
       .answer_schema = gate::data_shape(shapes::kCustomsSettings),
       .handler = with(show_customs),
       .keeps = gate::kKeepsAll},
      {.method = Method::put,
       .path = "/api/v1/customs-settings",
       .permission = P::settings_write,
       .summary = "Say what customs are told, and which attributes hold tariff number, origin and weight; replaces all",
       .accepts = BodyKind::json,
       .body_schema = json::schema<CustomsBody>(),
       .answer_schema = gate::data_shape(shapes::kCustomsSettings),
       .handler = with(save_customs),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/paper/commercial-invoice",
       .permission = P::buyer_reveal,
       .summary = "Print the commercial invoices of orders that pass customs; reveals each buyer, an audit entry each",
       .handler = with(commercial_invoices),
       .query = {{"orders", "Order numbers with commas between, at most 200."},
                 {"language", "Taken, as other papers do; customs read English."},
                 {"reason", "Why the buyers are revealed; that the paper is printed when absent."}},
       .answer_types = {"application/pdf"},
       .fresh_sign_in = true,
       .keeps = gate::kKeepsAll},
  };
}

}  // namespace pf::api
