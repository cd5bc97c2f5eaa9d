// JSON files: WooCommerce's orders as its REST v3 answers them: one, a list, or either inside {"data": ...}.
#include "exchange/party.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Texts are usual; numbers occur where texts are expected.
std::string text_in(const json::Value& in, std::string_view name) {
  const json::Value* value = in.find(name);
  if (value == nullptr) return {};
  if (value->as_string() != nullptr) return *value->as_string();
  return value->as_number() != nullptr ? value->as_number()->text : std::string();
}

bool is_woo_order(const json::Value& value) {
  return value.find("line_items") != nullptr && value.find("billing") != nullptr && value.find("id") != nullptr &&
         value.find("status") != nullptr;
}

void put_woo_address(vault::Buyer& buyer, vault::Field field, const json::Value* in) {
  if (in == nullptr || in->as_object() == nullptr) return;
  const std::string first = text_in(*in, "first_name"), last = text_in(*in, "last_name"),
                    company = text_in(*in, "company"), street = text_in(*in, "address_1"),
                    more = text_in(*in, "address_2"), city = text_in(*in, "city"), state = text_in(*in, "state"),
                    zip = text_in(*in, "postcode"), country = text_in(*in, "country");
  put_address(buyer, field,
              {{"first_name", first},
               {"last_name", last},
               {"company_name", company},
               {"street_name", street},
               {"address_2", more},
               {"city", city},
               {"state", state},
               {"zip_code", zip},
               {"country_code", country}});
}

OrderItem woo_order(const json::Value& in, std::uint64_t number) {
  OrderItem item;
  item.lines.push_back(number);
  orders::PlaceOrder& order = item.order;
  order.channel = "woocommerce";
  order.channel_order_id = text_in(in, "number").empty() ? text_in(in, "id") : text_in(in, "number");
  const auto currency = Currency::parse(text_in(in, "currency"));
  if (currency.ok())
    order.currency = *currency;
  else
    item.faults.push_back({"currency", "format", currency.error().message});
  const Currency money = order.currency.value_or(Currency{});
  order.placed_at =
      time_of(text_in(in, "date_created_gmt").empty() ? text_in(in, "date_created") : text_in(in, "date_created_gmt"),
              "date_created", item.faults);
  order.total = money_of(text_in(in, "total"), money, "total", item.faults);
  order.shipping_cost = money_of(text_in(in, "shipping_total"), money, "shipping_total", item.faults);
  order.payment_method = text_in(in, "payment_method_title");
  const std::string status = text_in(in, "status");
  order.paid = status != "pending" && status != "on-hold" && status != "failed" && status != "auto-draft";
  if (status == "completed") order.channel_status = "shipped";
  if (status == "cancelled" || status == "refunded" || status == "trash") order.channel_status = "cancelled";
  if (const json::Value* lines = in.find("line_items"); lines != nullptr && lines->as_array() != nullptr)
    for (const json::Value& one : *lines->as_array()) {
      orders::PlaceLine line{text_in(one, "id"), text_in(one, "sku"), text_in(one, "name"), 0, {}};
      const auto quantity = parse_int(text_in(one, "quantity"));
      if (!quantity) item.faults.push_back({"line_items.quantity", "type", "must be a whole number"});
      line.quantity = quantity.value_or(0);
      // The line's total is after discount and without tax; the shop's price is of one piece.
      std::vector<FieldFault> ignored;
      const auto total = money_of(text_in(one, "total"), money, "total", ignored),
                 tax = money_of(text_in(one, "total_tax"), money, "total_tax", ignored);
      if (total && quantity && *quantity > 0)
        line.price = Money{(total->minor + (tax ? tax->minor : 0)) / *quantity, money};
      order.lines.push_back(std::move(line));
    }
  put_woo_address(order.buyer, vault::Field::shipping, in.find("shipping"));
  put_woo_address(order.buyer, vault::Field::billing, in.find("billing"));
  if (const json::Value* billing = in.find("billing")) {
    put_field(order.buyer, vault::Field::email, text_in(*billing, "email"));
    put_field(order.buyer, vault::Field::phone, text_in(*billing, "phone"));
  }
  put_field(order.buyer, vault::Field::message, text_in(in, "customer_note"));
  if (const json::Value* shipping = in.find("shipping"))
    if (const std::string country = text_in(*shipping, "country"); country.size() == 2) order.country_code = country;
  return item;
}

}  // namespace

Result<std::string> json_items(const json::Value& file, std::vector<ProductItem>&, std::vector<OrderItem>& orders) {
  const json::Value* content = file.find("data") != nullptr && !is_woo_order(file) ? file.find("data") : &file;
  std::vector<const json::Value*> all;
  if (content->as_array() != nullptr)
    for (const json::Value& one : *content->as_array()) all.push_back(&one);
  else
    all.push_back(content);
  for (const json::Value* one : all)
    if (!is_woo_order(*one))
      return error(ErrorCode::unsupported, "This JSON is not a WooCommerce order or a list of them.");
  for (std::size_t i = 0; i < all.size(); ++i) orders.push_back(woo_order(*all[i], i + 1));
  return std::string("woocommerce orders");
}

}  // namespace pf::exchange
