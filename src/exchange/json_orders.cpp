// Orders as the web shops' APIs answer them: WooCommerce REST v3 and Shopify's REST Admin API. Amounts are texts as a
// rule and numbers now and then. And our own, as our exports have them; they hold no buyer. Others have files of their
// own.
#include "exchange/json_orders.h"

#include <algorithm>
#include <set>

#include "exchange/json_meaning.h"
#include "productflow/text.h"

namespace pf::exchange {

std::string words_in(const json::Value& in, std::string_view name) {
  const json::Value* value = in.find(name);
  if (value == nullptr) return {};
  if (value->as_string() != nullptr) return *value->as_string();
  return value->as_number() != nullptr ? value->as_number()->text : std::string();
}
const json::Array& list_in(const json::Value& in, std::string_view name) {
  static const json::Array none;
  const json::Value* value = in.find(name);
  return value != nullptr && value->as_array() != nullptr ? *value->as_array() : none;
}
const json::Value& no_part() {
  static const json::Value none{json::Members{}};
  return none;
}
const json::Value& part_in(const json::Value& in, std::string_view name) {
  const json::Value* value = in.find(name);
  return value != nullptr && value->as_object() != nullptr ? *value : no_part();
}
bool is_set(const json::Value& in, std::string_view name) {
  const json::Value* value = in.find(name);
  return value != nullptr && !value->is_null() && !words_in(in, name).empty();
}

std::string text_told(const json::Value& in, std::string_view name, const char* field,
                      std::vector<FieldFault>& faults) {
  const json::Value* value = in.find(name);
  if (value != nullptr && !value->is_null() && value->as_string() == nullptr && value->as_number() == nullptr)
    tell(faults, field, "type", "is neither a text nor a number");
  return words_in(in, name);
}
std::optional<Money> amount_told(const json::Value& in, std::string_view name, const char* field, Currency currency,
                                 std::vector<FieldFault>& faults) {
  const json::Value* value = in.find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  const auto money = rounded_money(words_in(in, name), currency);
  if (money && money->minor <= kAmountMax && money->minor >= -kAmountMax) return money;
  tell(faults, field, "money", "is not an amount such as 19.95");
  return std::nullopt;
}
std::int64_t pieces_told(const json::Value& in, std::string_view name, const char* field,
                         std::vector<FieldFault>& faults) {
  constexpr std::int64_t kPiecesMax = 1'000'000'000;  // so that a few of them can be added; a line has fewer
  const json::Value* value = in.find(name);
  if (value == nullptr || value->is_null()) return 0;
  const auto pieces = whole_pieces(words_in(in, name));
  if (pieces && *pieces >= 0 && *pieces <= kPiecesMax) return *pieces;
  tell(faults, field, "type", "must be a whole number");
  return 0;
}
bool flag_told(const json::Value& in, std::string_view name, const char* field, std::vector<FieldFault>& faults) {
  const json::Value* value = in.find(name);
  if (value == nullptr || value->is_null()) return false;
  if (value->as_bool() == nullptr) tell(faults, field, "type", "must be true or false");
  return value->as_bool() != nullptr && *value->as_bool();
}

std::int64_t minor_told(const json::Value& in, std::string_view name, const char* field, Currency currency,
                        std::vector<FieldFault>& faults) {
  const auto money = amount_told(in, name, field, currency, faults);
  return money ? money->minor : 0;
}
std::int64_t sum_told(const json::Array& list, std::string_view name, const char* field, Currency currency,
                      std::vector<FieldFault>& faults) {
  std::int64_t out = 0;
  for (const json::Value& one : list) out += minor_told(one, name, field, currency, faults);
  return out;
}
void tell(std::vector<FieldFault>& to, const char* field, const char* code, std::string_view message) {
  to.push_back({field, code, std::string(message)});
}
void tell_unknown_state(std::vector<FieldFault>& to, const char* field, const char* system) {
  tell(to, field, "value",
       "is no state of " + std::string(system) + "'s own, so that nobody can tell what is to be done with the order");
}

const json::Value& part_told(const json::Value& in, std::string_view name, const char* field,
                             std::vector<FieldFault>& faults) {
  const json::Value* value = in.find(name);
  const bool empty =
      value == nullptr || value->is_null() || (value->as_array() != nullptr && value->as_array()->empty());
  if (!empty && value->as_object() == nullptr) tell(faults, field, "type", "must have members of its own");
  return part_in(in, name);
}
const json::Array& list_told(const json::Value& in, std::string_view name, const char* field,
                             std::vector<FieldFault>& faults) {
  const json::Value* value = in.find(name);
  if (value != nullptr && !value->is_null() && value->as_array() == nullptr)
    tell(faults, field, "type", "must be a list");
  return list_in(in, name);
}

namespace {

std::string words_at(const json::Value& in, std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return words_in(in, name);
  return words_in(part_in(in, name.substr(0, dot)), name.substr(dot + 1));
}

void put_named_address(vault::Buyer& buyer, vault::Field field, const json::Value& in, const AddressNames& names) {
  std::string street = words_at(in, names.street), more = words_at(in, names.more);
  for (const json::Value& line : list_in(in, names.street)) {
    if (line.as_string() == nullptr) continue;
    std::string& to = street.empty() ? street : more;
    to += (to.empty() ? "" : ", ") + *line.as_string();
  }
  const std::string first = words_at(in, names.first), last = words_at(in, names.last),
                    company = words_at(in, names.company), number = words_at(in, names.number),
                    addition = words_at(in, names.addition), third = words_at(in, names.third),
                    zip = words_at(in, names.zip), city = words_at(in, names.city), state = words_at(in, names.state),
                    country = words_at(in, names.country), code = country_of(country), vat = words_at(in, names.vat);
  put_address(buyer, field,
              {{"first_name", first},
               {"last_name", last},
               {"company_name", company},
               {"street_name", street},
               {"house_number", number},
               {"house_number_addition", addition},
               {"address_2", more},
               {"address_3", third},
               {"zip_code", zip},
               {"city", city},
               {"state", state},
               {"country_code", code.empty() ? country : code},
               {"vat_number", vat}});
}

}  // namespace

bool is_address(const json::Value& address, const AddressNames& names) {
  const auto has = [&](std::string_view name) { return !trim(words_at(address, name)).empty(); };
  const bool lines = std::ranges::any_of(list_in(address, names.street), [](const json::Value& line) {
    return line.as_string() != nullptr && !trim(*line.as_string()).empty();
  });
  return (lines || has(names.street)) && (has(names.first) || has(names.last) || has(names.company));
}

void put_addresses(orders::PlaceOrder& order, const json::Value& shipping, const json::Value& billing,
                   const AddressNames& names, std::string_view phone) {
  put_named_address(order.buyer, vault::Field::shipping, shipping, names);
  put_named_address(order.buyer, vault::Field::billing, billing, names);
  std::string called;
  for (const json::Value* address : {&shipping, &billing}) {
    if (called.empty()) called = words_at(*address, names.phone);
    if (order.country_code.empty()) order.country_code = country_of(words_at(*address, names.country));
  }
  put_field(order.buyer, vault::Field::phone, called.empty() ? phone : called);
}

namespace {

std::optional<Money> amount_in(const json::Value& in, std::string_view name, Currency currency) {
  return rounded_money(words_in(in, name), currency);
}
std::int64_t minor_in(const json::Value& in, std::string_view name, Currency currency) {
  const auto money = amount_in(in, name, currency);
  return money ? money->minor : 0;
}
std::optional<Money> total_in(const json::Value& in, const char* name, Currency currency,
                              std::vector<FieldFault>& faults) {
  const auto money = amount_in(in, name, currency);
  if (!money && is_set(in, name)) tell(faults, name, "money", "is not an amount such as 19.95");
  return money;
}

constexpr AddressNames kWooNames{.first = "first_name",
                                 .last = "last_name",
                                 .company = "company",
                                 .street = "address_1",
                                 .more = "address_2",
                                 .zip = "postcode",
                                 .city = "city",
                                 .state = "state",
                                 .country = "country"};
constexpr AddressNames kShopifyNames{.first = "first_name",
                                     .last = "last_name",
                                     .company = "company",
                                     .street = "address1",
                                     .more = "address2",
                                     .zip = "zip",
                                     .city = "city",
                                     .state = "province",
                                     .country = "country_code"};

// ---- WooCommerce

void put_woo_lines(const json::Value& in, Currency currency, OrderItem& item) {
  for (const json::Value& one : list_in(in, "line_items")) {
    orders::PlaceLine line{
        .channel_line_id = words_in(one, "id"), .sku = words_in(one, "sku"), .title = words_in(one, "name")};
    if (line.sku.empty() && line.title.empty()) line.title = "Product " + words_in(one, "product_id");
    const std::string quantity = words_in(one, "quantity");
    if (const auto amount = amount_of(quantity); amount && !parse_int(quantity)) {
      line.quantity = 1;  // 1.5 metres of cloth are one piece to pick; what was sold stays in its name and price
      line.title += " \u00d7 " + quantity;
    } else {
      line.quantity = pieces_of(quantity, "line_items.quantity", item.faults).value_or(0);
    }
    // The line's total is after discount and without tax; the shop's price is of one piece.
    if (const auto total = amount_in(one, "total", currency); total && line.quantity > 0)
      line.price = per_piece(with_tax(*total, amount_in(one, "total_tax", currency)), line.quantity);
    item.order.lines.push_back(std::move(line));
  }
}

void put_woo_status(const json::Value& in, OrderItem& item) {
  const std::string status = words_in(in, "status");
  orders::PlaceOrder& order = item.order;
  if (status.ends_with("draft"))
    tell(item.faults, "status", "draft", "is " + status + ": the buyer has not placed this order");
  order.paid = status != "pending" && status != "on-hold" && status != "failed";
  const bool completed = status == "completed" || is_set(in, "date_completed") || is_set(in, "date_completed_gmt");
  if (status == "cancelled" || status == "trash" || (status == "refunded" && !completed))
    order.channel_status = "cancelled";
  else if (completed)
    order.channel_status = "shipped";
}

OrderItem woo_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = "woocommerce";
  order.channel_order_id = words_in(in, "number").empty() ? words_in(in, "id") : words_in(in, "number");
  order.currency = currency_of(words_in(in, "currency"), "currency", item.faults);
  const Currency currency = order.currency.value_or(Currency{});
  const char* date = is_set(in, "date_created_gmt") ? "date_created_gmt" : "date_created";
  order.placed_at = time_of(words_in(in, date), date, item.faults);
  order.total = total_in(in, "total", currency, item.faults);
  if (auto shipping = total_in(in, "shipping_total", currency, item.faults)) {
    shipping->minor += minor_in(in, "shipping_tax", currency);
    order.shipping_cost = shipping;
  }
  order.payment_method = words_in(in, "payment_method_title");
  for (const json::Value& shipping : list_in(in, "shipping_lines"))
    if (order.shipping_method.empty()) order.shipping_method = words_in(shipping, "method_title");
  put_woo_status(in, item);
  put_woo_lines(in, currency, item);
  const json::Value& billing = part_in(in, "billing");
  put_addresses(order, part_in(in, "shipping"), billing, kWooNames, words_in(billing, "phone"));
  put_field(order.buyer, vault::Field::email, words_in(billing, "email"));
  put_field(order.buyer, vault::Field::message, words_in(in, "customer_note"));
  return item;
}

// ---- Shopify

OrderItem shopify_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = "shopify";
  order.channel_order_id = is_set(in, "name") ? words_in(in, "name") : words_in(in, "id");
  order.currency = currency_of(words_in(in, "currency"), "currency", item.faults);
  const Currency currency = order.currency.value_or(Currency{});
  order.placed_at = time_of(words_in(in, "created_at"), "created_at", item.faults);
  order.total = total_in(in, "total_price", currency, item.faults);
  std::int64_t shipping = 0;
  for (const json::Value& one : list_in(in, "shipping_lines")) {
    shipping += minor_in(one, "price", currency);
    if (order.shipping_method.empty()) order.shipping_method = words_in(one, "title");
  }
  order.shipping_cost = Money{shipping, currency};
  order.payment_method = words_in(in, "gateway");
  for (const json::Value& gateway : list_in(in, "payment_gateway_names"))
    if (order.payment_method.empty() && gateway.as_string() != nullptr) order.payment_method = *gateway.as_string();
  const std::string financial = words_in(in, "financial_status"), fulfilment = words_in(in, "fulfillment_status");
  order.paid = financial != "pending" && financial != "authorized" && financial != "voided" &&
               financial != "partially_paid" && financial != "expired";
  if (fulfilment == "fulfilled")
    order.channel_status = "shipped";
  else if (is_set(in, "cancelled_at") || (financial == "refunded" && fulfilment != "partial"))
    order.channel_status = "cancelled";

  const json::Value* included = in.find("taxes_included");
  const bool on_top = included != nullptr && included->as_bool() != nullptr && !*included->as_bool();
  for (const json::Value& one : list_in(in, "line_items")) {
    orders::PlaceLine line{.channel_line_id = words_in(one, "id"),
                           .sku = words_in(one, "sku"),
                           .title = is_set(one, "name") ? words_in(one, "name") : words_in(one, "title")};
    line.quantity = pieces_of(words_in(one, "quantity"), "line_items.quantity", item.faults).value_or(0);
    line.price = total_in(one, "price", currency, item.faults);
    std::int64_t tax = 0;
    for (const json::Value& part : list_in(one, "tax_lines")) tax += minor_in(part, "price", currency);
    if (line.price && on_top && line.quantity > 0)
      line.price = Money{line.price->minor + per_piece({tax, currency}, line.quantity).minor, currency};
    if (words_in(one, "fulfillment_status") == "fulfilled") line.shipped = line.quantity;
    order.lines.push_back(std::move(line));
  }
  put_addresses(order, part_in(in, "shipping_address"), part_in(in, "billing_address"), kShopifyNames,
                words_in(in, "phone"));
  put_field(order.buyer, vault::Field::email, words_in(in, "email"));
  put_field(order.buyer, vault::Field::message, words_in(in, "note"));
  return item;
}

// ---- ours, as exports and the API have them

bool flag_in(const json::Value& in, std::string_view name, bool otherwise) {
  const json::Value* value = in.find(name);
  return value != nullptr && value->as_bool() != nullptr ? *value->as_bool() : otherwise;
}

OrderItem own_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = words_in(in, "channel").empty() ? "manual" : lower_ascii(words_in(in, "channel"));
  order.channel_order_id = words_in(in, "channel_order_id");
  order.currency = currency_of(words_in(in, "currency_code"), "currency_code", item.faults);
  const Currency currency = order.currency.value_or(Currency{});
  order.placed_at = time_of(words_in(in, "placed_at"), "placed_at", item.faults);
  order.ship_by = time_of(words_in(in, "ship_by"), "ship_by", item.faults);
  order.total = total_in(in, "total", currency, item.faults);
  order.shipping_cost = total_in(in, "shipping_cost", currency, item.faults);
  order.paid = flag_in(in, "paid", true);
  order.payment_method = words_in(in, "payment_method");
  order.shipping_method = words_in(in, "shipping_method");
  order.country_code = country_of(words_in(in, "country_code"));
  if (words_in(in, "status") == "cancelled") order.channel_status = "cancelled";
  for (const json::Value& one : list_in(in, "lines")) {
    orders::PlaceLine line{.channel_line_id = words_in(one, "channel_line_id"),
                           .sku = words_in(one, "sku"),
                           .title = words_in(one, "title")};
    line.quantity = pieces_of(words_in(one, "quantity"), "lines.quantity", item.faults).value_or(0);
    line.price = total_in(one, "price", currency, item.faults);
    if (is_set(one, "shipped"))
      line.shipped = pieces_of(words_in(one, "shipped"), "lines.shipped", item.faults).value_or(0);
    if (is_set(one, "cancelled"))
      line.cancelled = pieces_of(words_in(one, "cancelled"), "lines.cancelled", item.faults).value_or(0);
    order.lines.push_back(std::move(line));
  }
  return item;
}

// No honest order holds so many lines, taxes, payments and parcels in all; a hostile one would be told of each.
constexpr std::size_t kListedMax = 100'000;
std::size_t count_listed(const json::Value& in) {
  std::size_t out = 0;
  if (const auto* members = in.as_object())
    for (const auto& [name, inner] : *members) out += count_listed(inner);
  if (const auto* items = in.as_array())
    for (const json::Value& inner : *items) out += 1 + count_listed(inner);
  return out;
}

// What is said of several lines in the same words, which name none of them, is said once.
void say_once(std::vector<FieldFault>& faults) {
  std::set<std::string> said;
  std::erase_if(faults, [&](const FieldFault& one) {
    return !said.insert(one.field + '\0' + one.code + '\0' + one.message).second;
  });
}

}  // namespace

std::optional<OrderItem> order_in(const json::Value& value, std::string& format) {
  struct Kind {
    const char* format;
    bool (*is)(const json::Value&);
    OrderItem (*read)(const json::Value&);
  };
  static constexpr Kind kKinds[] = {{"magento orders", is_magento_order, magento_order},
                                    {"bol orders", is_bol_order, bol_order},
                                    {"vendure orders", is_vendure_order, vendure_order},
                                    {"mirakl orders", is_mirakl_order, mirakl_order},
                                    {"shopware orders", is_shopware_order, shopware_order},
                                    {"bigcommerce orders", is_bigcommerce_order, bigcommerce_order},
                                    {"amazon orders", is_amazon_order, amazon_order},
                                    {"prestashop orders", is_prestashop_order, prestashop_order}};
  for (const Kind& kind : kKinds)
    if (kind.is(value)) {
      format = kind.format;
      OrderItem item;
      if (count_listed(value) <= kListedMax)
        item = kind.read(value);
      else
        tell(item.faults, "", "length", "holds more than 100,000 things in its lists, which no order does");
      say_once(item.faults);
      say_once(item.notices);
      return item;
    }
  if (value.find("id") == nullptr) return std::nullopt;
  if (value.find("line_items") != nullptr && value.find("billing") != nullptr && value.find("status") != nullptr) {
    format = "woocommerce orders";
    return woo_order(value);
  }
  if (value.find("financial_status") != nullptr && value.find("total_price") != nullptr) {
    format = "shopify orders";
    return shopify_order(value);
  }
  if (const auto* lines = value.find("lines");
      lines != nullptr && lines->as_array() != nullptr && value.find("channel_order_id") != nullptr) {
    format = "orders";
    return own_order(value);
  }
  return std::nullopt;
}

}  // namespace pf::exchange
