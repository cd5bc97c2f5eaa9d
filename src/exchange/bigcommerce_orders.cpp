// Orders as BigCommerce answers them: GET /v2/orders?include=consignments.line_items&consignment_structure=object, a
// list, or one with its number behind /v2/orders; without the second the consignments are a list of such objects.
// Without what is included the lines are an address alone; their own answer (GET /v2/orders/{id}/products) may stand in
// their place. By BigCommerce's own description, github.com/bigcommerce/api-specs (reference/orders.v2.oas2.yml), and
// its list of statuses.
#include <algorithm>

#include "exchange/json_orders.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr AddressNames kBigCommerceNames{.first = "first_name",
                                         .last = "last_name",
                                         .company = "company",
                                         .street = "street_1",
                                         .more = "street_2",
                                         .zip = "zip",
                                         .city = "city",
                                         .state = "state",
                                         .country = "country_iso2",
                                         .phone = "phone"};

// What BigCommerce numbers so; a shop may give them names of its own.
enum class BigCommerceStatus {
  incomplete = 0,
  pending = 1,
  shipped = 2,
  partially_shipped = 3,
  refunded = 4,
  cancelled = 5,
  declined = 6,
  awaiting_payment = 7,
  awaiting_pickup = 8,
  awaiting_shipment = 9,
  completed = 10,
  awaiting_fulfillment = 11,
  manual_verification = 12,
  disputed = 13,
  partially_refunded = 14
};

bool is_bigcommerce_link(const json::Value& value) {  // what is not included is named by its address
  return value.find("url") != nullptr && value.find("resource") != nullptr;
}

// An order's consignments, whether one object has them all or a list does.
std::vector<const json::Value*> bigcommerce_consignments(const json::Value& in) {
  std::vector<const json::Value*> out;
  const json::Value* all = in.find("consignments");
  if (all != nullptr && all->as_object() != nullptr && !is_bigcommerce_link(*all)) out.push_back(all);
  for (const json::Value& one : list_in(in, "consignments"))
    if (one.as_object() != nullptr && !is_bigcommerce_link(one)) out.push_back(&one);
  return out;
}

void put_bigcommerce_line(const json::Value& one, Currency currency, OrderItem& item) {
  orders::PlaceLine line{.channel_line_id = text_told(one, "id", "products.id", item.faults),
                         .sku = text_told(one, "sku", "products.sku", item.faults),
                         .title = text_told(one, "name", "products.name", item.faults)};
  line.quantity = pieces_told(one, "quantity", "products.quantity", item.faults);
  line.shipped = pieces_told(one, "quantity_shipped", "products.quantity_shipped", item.faults);
  // What was paid back is not to be sent, unless it was: of pieces that were sent and others that were paid back nobody
  // says whether they are the same.
  const std::int64_t refunded = pieces_told(one, "quantity_refunded", "products.quantity_refunded", item.faults);
  if (line.shipped == 0)
    line.cancelled = std::min(refunded, line.quantity);
  else if (refunded > 0 && line.shipped < line.quantity)
    tell(item.notices, "products.quantity_refunded", "partly",
         "says that pieces were paid back, where others were sent, or the same. Nothing was cancelled here; look at "
         "BigCommerce which pieces are still to be sent");
  line.price = amount_told(one, "price_inc_tax", "products.price_inc_tax", currency, item.faults);
  const auto whole =
      amount_told(one, "discounted_total_inc_tax", "products.discounted_total_inc_tax", currency, item.faults);
  if (whole && line.quantity > 0) line.price = per_piece(*whole, line.quantity);
  item.order.lines.push_back(std::move(line));
}

// Where the parcels go to, of an order with its consignments; of several it is the first.
struct BigCommerceShipping {
  const json::Value* first = nullptr;
  std::size_t count = 0;
};
BigCommerceShipping bigcommerce_shipping(const json::Value& in) {
  BigCommerceShipping out;
  const auto look = [&](const json::Array& list) {
    for (const json::Value& one : list)
      if (one.as_object() != nullptr && !is_bigcommerce_link(one) && ++out.count == 1) out.first = &one;
  };
  for (const json::Value* consignment : bigcommerce_consignments(in)) look(list_in(*consignment, "shipping"));
  if (out.first == nullptr) look(list_in(in, "shipping_addresses"));
  return out;
}

// Says whether there are parcels to send: what is fetched, downloaded or mailed needs no address.
bool put_bigcommerce_lines(const json::Value& in, Currency currency, OrderItem& item) {
  const auto consignments = bigcommerce_consignments(in);
  const json::Value* all = in.find("consignments");
  if (all != nullptr && !all->is_null() && all->as_object() == nullptr)
    list_told(in, "consignments", "consignments", item.faults);
  bool parcels = false, fetched = false, certificates = false;
  std::vector<const json::Value*> included;
  for (const json::Value* consignment : consignments) {
    for (const char* way : {"shipping", "pickups", "downloads"})
      for (const json::Value& part : list_told(*consignment, way, "consignments", item.faults)) {
        const bool here = std::string_view(way) == "shipping";
        (here ? parcels : fetched) = true;
        if (!is_bigcommerce_link(part_in(part, "line_items")))
          for (const json::Value& one : list_told(part, "line_items", "consignments.line_items", item.faults))
            if (!is_bigcommerce_link(one)) included.push_back(&one);
      }
    const json::Value& mailed = part_told(*consignment, "email", "consignments.email", item.faults);
    if (!list_told(mailed, "gift_certificates", "consignments.email.gift_certificates", item.faults).empty())
      certificates = true;
  }
  for (const json::Value& one : list_in(in, "products")) {
    if (is_bigcommerce_link(one)) continue;
    const std::string type = words_in(one, "type");
    certificates = certificates || type == "giftcertificate";
    if (type == "giftcertificate") continue;
    if (!fetched && type != "digital") parcels = true;
    put_bigcommerce_line(one, currency, item);
  }
  if (item.order.lines.empty())
    for (const json::Value* one : included) put_bigcommerce_line(*one, currency, item);
  if (!item.order.lines.empty()) {
    if (certificates)
      tell(item.notices, "consignments.email.gift_certificates", "mailed",
           "are mailed to their receivers by BigCommerce: they became no lines of this order");
  } else if (certificates && !parcels && !fetched) {
    tell(item.faults, "consignments.email.gift_certificates", "mailed",
         "are all that this order holds. BigCommerce mails them to their receivers, so there is nothing to import");
  } else {
    tell(item.faults, "products", "required",
         "is no list of lines. Ask BigCommerce for the orders with them: "
         "/v2/orders?include=consignments.line_items&consignment_structure=object");
  }
  return parcels;
}

// After the lines.
void put_bigcommerce_status(const json::Value& in, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  const bool sent = std::ranges::any_of(order.lines, [](const auto& line) { return line.shipped > 0; });
  const auto number = in.find("status_id")->as_int();
  using enum BigCommerceStatus;
  if (!number || *number < static_cast<int>(incomplete) || *number > static_cast<int>(partially_refunded)) {
    tell_unknown_state(item.faults, "status_id", "BigCommerce");
    return;
  }
  const auto status = static_cast<BigCommerceStatus>(*number);
  const std::string payment = lower_ascii(words_in(in, "payment_status"));
  order.paid = status != awaiting_payment && payment != "authorized" && payment != "pending" &&
               payment != "capture pending" && payment != "held for review" && payment != "declined" &&
               payment != "void" && payment != "void pending";
  if (status == incomplete || status == pending) {
    tell(item.faults, "status_id", "draft", "is " + std::to_string(*number) + ": the buyer has not placed this order");
  } else if (status == shipped || status == completed) {
    order.channel_status = "shipped";
  } else if (status == cancelled || status == declined || status == refunded || (payment == "refunded" && !sent) ||
             flag_told(in, "is_deleted", "is_deleted", item.faults)) {
    if (!sent) order.channel_status = "cancelled";
    for (orders::PlaceLine& line : order.lines)  // what was sent before stays so
      if (sent) line.cancelled = std::max<std::int64_t>(0, line.quantity - line.shipped);
  } else if (status == manual_verification || status == disputed) {
    tell(item.notices, "status_id", "held",
         "is Manual Verification Required or Disputed: BigCommerce holds this order back. Hold it "
         "here by hand");
  } else if (status == partially_shipped && !sent) {  // taken as open, it would be sent twice
    tell(item.faults, "products.quantity_shipped", "partly",
         "says of no line that it was sent, where the order's status says that a part was");
  }
}

}  // namespace

bool is_bigcommerce_order(const json::Value& in) {
  return in.find("id") != nullptr && in.find("status_id") != nullptr && in.find("total_inc_tax") != nullptr &&
         in.find("date_created") != nullptr && in.find("billing_address") != nullptr &&
         (in.find("products") != nullptr || in.find("consignments") != nullptr);
}

OrderItem bigcommerce_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = "bigcommerce";
  order.channel_order_id = text_told(in, "id", "id", item.faults);
  // The buyer may have been shown prices in another currency than he pays in, which is the default one.
  const char* code = is_set(in, "default_currency_code") ? "default_currency_code" : "currency_code";
  order.currency = currency_of(words_in(in, code), code, item.faults);
  if (!order.currency) {  // nothing can be counted
    if (item.faults.empty()) tell(item.faults, "currency_code", "required", "is empty");
    return item;
  }
  const Currency currency = *order.currency;
  std::string date = text_told(in, "date_created", "date_created", item.faults);
  constexpr std::string_view kUtc = " +0000";  // as mails have it; BigCommerce writes no other
  if (date.ends_with(kUtc)) date.resize(date.size() - kUtc.size());
  order.placed_at = time_of(date, "date_created", item.faults);
  order.total = amount_told(in, "total_inc_tax", "total_inc_tax", currency, item.faults);
  order.shipping_cost = amount_told(in, "shipping_cost_inc_tax", "shipping_cost_inc_tax", currency, item.faults);
  order.payment_method = words_in(in, "payment_method");
  const bool parcels = put_bigcommerce_lines(in, currency, item);
  put_bigcommerce_status(in, item);
  const BigCommerceShipping to = bigcommerce_shipping(in);
  const json::Value &billing = part_told(in, "billing_address", "billing_address", item.faults),
                    &shipping = to.first != nullptr ? *to.first : no_part();
  order.shipping_method = words_in(shipping, "shipping_method");
  if (to.count > 1 && !order.channel_status)
    tell(item.faults, "consignments.shipping", "several",
         "sends parts of this order to several addresses, and an order has one here. Enter it by "
         "hand, as several orders");
  const bool fetched = in.find("status_id")->as_int() == static_cast<int>(BigCommerceStatus::awaiting_pickup);
  if (parcels && !fetched && !order.channel_status && !order.lines.empty()) {
    if (to.first == nullptr)
      tell(item.faults, "shipping_addresses", "required",
           "is no list of addresses. Ask BigCommerce for the orders with them: "
           "/v2/orders?include=consignments.line_items&consignment_structure=object");
    else if (!is_address(shipping, kBigCommerceNames))
      tell(item.faults, "consignments.shipping", "address",
           "has no street, or neither a name nor a company: nothing could be sent to it. Complete it at BigCommerce, "
           "and import the order again");
  }
  put_addresses(order, shipping, billing, kBigCommerceNames);
  put_field(order.buyer, vault::Field::email, words_in(billing, "email"));
  put_field(order.buyer, vault::Field::message, words_in(in, "customer_message"));
  return item;
}

}  // namespace pf::exchange
