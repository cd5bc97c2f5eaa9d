// Orders as Shopware 6's Admin API answers them to "Accept: application/json": POST /api/search/order,
// {"total": 1, "data": [...]}, or one as {"data": {...}}; and as its Store API answers a buyer,
// {"orders": {"elements": [...]}}. By Shopware's own source, github.com/shopware/shopware: Core/Checkout/Order
// (OrderDefinition, OrderLineItemDefinition, OrderAddressDefinition, OrderRouteResponse, and the states of orders,
// OrderDeliveryStates, OrderTransactionStates) and Core/Framework/Api/Response/Type/Api/JsonType. In its other form,
// JSON:API, an order's lines stand beside the list of orders: that is told.
#include <set>

#include "exchange/json_orders.h"

namespace pf::exchange {
namespace {

constexpr AddressNames kShopwareNames{.first = "firstName",
                                      .last = "lastName",
                                      .company = "company",
                                      .street = "street",
                                      .more = "additionalAddressLine1",
                                      .third = "additionalAddressLine2",
                                      .zip = "zipcode",
                                      .city = "city",
                                      .state = "countryState.name",
                                      .country = "country.iso",
                                      .vat = "vatId",
                                      .phone = "phoneNumber"};

// Shopware answers with what an order is associated with where it is asked for it, and else with null.
void tell_not_asked_for(const char* field, OrderItem& item) {
  tell(item.faults, field, "required",
       "is missing. Ask Shopware for the order with its associations: currency, orderCustomer, lineItems, "
       "billingAddress.country, deliveries.shippingOrderAddress.country, deliveries.stateMachineState, "
       "transactions.stateMachineState");
}
bool holds_list(const json::Value& in, std::string_view name) {
  const json::Value* value = in.find(name);
  return value != nullptr && value->as_array() != nullptr;
}
std::string technical_name(const json::Value& in) {
  return words_in(part_in(in, "stateMachineState"), "technicalName");
}

// Of a price that is calculated: with its taxes, which stand beside it where `net`.
std::optional<Money> shopware_price(const json::Value& in, bool net, const char* field, Currency currency,
                                    std::vector<FieldFault>& faults) {
  auto money = amount_told(in, "totalPrice", field, currency, faults);
  if (money && net)
    money->minor += sum_told(list_told(in, "calculatedTaxes", field, faults), "tax", field, currency, faults);
  return money;
}

// A promotion, a discount and a credit are no lines; the order's total is what is left after them. A container stands
// for the lines in it, a product with parts of its own is one line.
void put_shopware_lines(const json::Value& in, Currency currency, bool net, OrderItem& item) {
  std::set<std::string> parents, products;
  for (const json::Value& one : list_in(in, "lineItems")) {
    parents.insert(words_in(one, "parentId"));
    if (words_in(one, "type") == "product" && is_set(one, "id")) products.insert(words_in(one, "id"));
  }
  for (const json::Value& one : list_in(in, "lineItems")) {
    const std::string type = text_told(one, "type", "lineItems.type", item.faults);
    if (type == "promotion" || type == "discount" || type == "credit") continue;
    const std::string id = text_told(one, "id", "lineItems.id", item.faults);
    if (type != "product" && !id.empty() && parents.contains(id)) continue;
    if (products.contains(words_in(one, "parentId"))) continue;  // a part of that product, whose price has it
    orders::PlaceLine line{.channel_line_id = id,
                           .sku = text_told(part_told(one, "payload", "lineItems.payload", item.faults),
                                            "productNumber", "lineItems.payload.productNumber", item.faults),
                           .title = text_told(one, "label", "lineItems.label", item.faults)};
    line.quantity = pieces_told(one, "quantity", "lineItems.quantity", item.faults);
    const auto whole = shopware_price(part_told(one, "price", "lineItems.price", item.faults), net, "lineItems.price",
                                      currency, item.faults);
    if (whole && line.quantity > 0) line.price = per_piece(*whole, line.quantity);
    item.order.lines.push_back(std::move(line));
  }
}

// Whether it is paid for; says whether all was paid back.
bool put_shopware_payments(const json::Value& in, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  if (!holds_list(in, "transactions")) tell_not_asked_for("transactions", item);
  const json::Array& transactions = list_in(in, "transactions");
  bool refunded = false;
  order.paid = order.total && order.total->minor == 0;
  for (const json::Value& one : transactions) {
    const std::string state = technical_name(one);
    const json::Value& method = part_in(one, "paymentMethod");
    const bool settled = state == "paid" || state == "refunded_partially";
    if (order.payment_method.empty() || settled)
      order.payment_method =
          is_set(method, "name") ? words_in(method, "name") : words_in(part_in(method, "translated"), "name");
    order.paid = order.paid || settled;
    refunded = refunded || state == "refunded";
    if (state.empty())
      tell_not_asked_for("transactions.stateMachineState", item);
    else if (!settled && state != "refunded" && state != "open" && state != "paid_partially" && state != "cancelled" &&
             state != "reminded" && state != "authorized" && state != "in_progress" && state != "failed" &&
             state != "chargeback" && state != "unconfirmed")
      tell(item.notices, "transactions.stateMachineState", "value",
           "is no state of Shopware's own: this payment was taken as not made");
  }
  refunded = refunded && !order.paid;
  order.paid = order.paid || refunded;
  return refunded;
}

bool is_shopware_rebate(const json::Value& delivery) {  // of the shipping costs, which stands as a delivery of its own
  const std::string costs = words_in(part_in(delivery, "shippingCosts"), "totalPrice");
  return costs.starts_with('-') && costs.find_first_of("123456789") != std::string::npos;  // -0.0 is none
}

void put_shopware_state(const json::Value& in, bool refunded, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  if (!holds_list(in, "deliveries")) tell_not_asked_for("deliveries", item);
  std::size_t sent = 0, open = 0, dropped = 0, partly = 0;
  for (const json::Value& one : list_in(in, "deliveries")) {
    if (is_shopware_rebate(one)) continue;
    const std::string state = technical_name(one);
    if (state == "shipped" || state == "delivered" || state == "returned" || state == "returned_partially")
      ++sent;
    else if (state == "shipped_partially" || state == "delivered_partially")
      ++partly;
    else if (state == "open")
      ++open;
    else if (state == "cancelled")
      ++dropped;
    else if (state.empty())
      tell_not_asked_for("deliveries.stateMachineState", item);
    else
      tell_unknown_state(item.faults, "deliveries.stateMachineState", "Shopware");
  }
  const bool all_sent = sent > 0 && open + partly == 0;
  const std::string state = technical_name(in);
  if (all_sent) {
    order.channel_status = "shipped";
  } else if (state == "cancelled") {
    order.channel_status = "cancelled";
  } else if (partly > 0 || sent > 0) {  // taken as open, it would be sent twice
    tell(item.faults, "deliveries.stateMachineState", "partly",
         "says that a part was sent, and Shopware says of no piece which. Import the order once all "
         "of it was sent");
  } else if (state == "completed") {
    order.channel_status = "shipped";
  } else if (refunded) {
    order.channel_status = "cancelled";
  } else if (dropped > 0 && open == 0) {
    tell(item.notices, "deliveries.stateMachineState", "held",
         "is cancelled, and the order is not: it was taken as open. Hold it here by hand");
  }
  if (state.empty())
    tell_not_asked_for("stateMachineState", item);
  else if (state != "open" && state != "in_progress" && state != "completed" && state != "cancelled")
    tell_unknown_state(item.faults, "stateMachineState", "Shopware");
}

// An address is a part of what names it, or stands in the list of all of them.
const json::Value& shopware_address(const json::Value& order, const json::Value& of, const char* name,
                                    const char* id_name, std::vector<FieldFault>& faults) {
  const json::Value& own = part_told(of, name, name, faults);
  if (!own.as_object()->empty()) return own;
  const std::string id = words_in(of, id_name);
  for (const json::Value& one : list_in(order, "addresses"))
    if (!id.empty() && words_in(one, "id") == id) return one;
  return own;
}

void put_shopware_buyer(const json::Value& in, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  const json::Value& billing = shopware_address(in, in, "billingAddress", "billingAddressId", item.faults);
  const json::Value* to = &no_part();
  bool several = false;
  const auto called = [](const json::Value& address) {
    std::string out;
    for (const char* name : {"firstName", "lastName", "company", "street", "zipcode", "city"})
      out += words_in(address, name) + '\n';
    return out;
  };
  for (const json::Value& one : list_in(in, "deliveries")) {
    if (is_shopware_rebate(one)) continue;
    if (to != &no_part()) {
      several = several || called(shopware_address(in, one, "shippingOrderAddress", "shippingOrderAddressId",
                                                   item.faults)) != called(*to);
      continue;
    }
    to = &shopware_address(in, one, "shippingOrderAddress", "shippingOrderAddressId", item.faults);
    const json::Value& method = part_in(one, "shippingMethod");
    order.shipping_method =
        is_set(method, "name") ? words_in(method, "name") : words_in(part_in(method, "translated"), "name");
    // The buyer is kept with the order when it is new, and not added to it later.
    if (!order.channel_status && !is_set(part_in(*to, "country"), "iso"))
      tell_not_asked_for("deliveries.shippingOrderAddress.country", item);
    else if (!order.channel_status && !is_address(*to, kShopwareNames))
      tell(item.faults, "deliveries.shippingOrderAddress", "address",
           "has no street, or neither a name nor a company: nothing could be sent to it. Complete it in Shopware, or "
           "ask for it without includes that leave them out, and import the order again");
  }
  if (several && !order.channel_status)
    tell(item.faults, "deliveries.shippingOrderAddress", "several",
         "sends parts of this order to several addresses, and an order has one here. Enter it by "
         "hand, as several orders");
  const json::Value* buyer = in.find("orderCustomer");
  if (!order.channel_status && (buyer == nullptr || buyer->is_null())) tell_not_asked_for("orderCustomer", item);
  put_addresses(order, *to, billing, kShopwareNames);
  put_field(order.buyer, vault::Field::email,
            words_in(part_told(in, "orderCustomer", "orderCustomer", item.faults), "email"));
  put_field(order.buyer, vault::Field::message, words_in(in, "customerComment"));
}

bool is_shopware_json_api(const json::Value& in) {
  const json::Value* relationships = in.find("relationships");
  return words_in(in, "type") == "order" && relationships != nullptr && relationships->as_object() != nullptr &&
         part_in(in, "attributes").find("orderNumber") != nullptr;
}

}  // namespace

bool is_shopware_order(const json::Value& in) {
  return is_shopware_json_api(in) || (in.find("orderNumber") != nullptr && in.find("orderDateTime") != nullptr &&
                                      in.find("lineItems") != nullptr && in.find("stateMachineState") != nullptr);
}

OrderItem shopware_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = "shopware";
  if (is_shopware_json_api(in)) {
    order.channel_order_id = words_in(part_in(in, "attributes"), "orderNumber");
    tell(item.faults, "relationships", "json_api",
         "names the lines and the buyer, which stand elsewhere in this file: it is JSON:API. Ask "
         "Shopware again with the header Accept: application/json");
    return item;
  }
  order.channel_order_id = text_told(in, "orderNumber", "orderNumber", item.faults);
  order.currency = currency_of(words_in(part_in(in, "currency"), "isoCode"), "currency.isoCode", item.faults);
  if (!holds_list(in, "lineItems")) tell_not_asked_for("lineItems", item);
  if (!order.currency) {  // nothing can be counted
    if (item.faults.empty()) tell_not_asked_for("currency", item);
    return item;
  }
  const Currency currency = *order.currency;
  order.placed_at = time_of(text_told(in, "orderDateTime", "orderDateTime", item.faults), "orderDateTime", item.faults);
  const json::Value& price = part_told(in, "price", "price", item.faults);
  const std::string taxes = is_set(price, "taxStatus") ? words_in(price, "taxStatus") : words_in(in, "taxStatus");
  const bool net = taxes == "net";
  if (price.as_object()->empty() && item.faults.empty())
    tell_not_asked_for("price", item);
  else if (!net && taxes != "gross" && taxes != "tax-free")
    tell(item.faults, "price.taxStatus", "value", "must be gross, net or tax-free");
  // The whole order's price is with tax, whatever its lines' prices are.
  order.total = amount_told(price, "totalPrice", "price.totalPrice", currency, item.faults);
  order.shipping_cost = shopware_price(part_told(in, "shippingCosts", "shippingCosts", item.faults), net,
                                       "shippingCosts", currency, item.faults);
  put_shopware_lines(in, currency, net, item);
  const bool refunded = put_shopware_payments(in, item);
  put_shopware_state(in, refunded, item);
  put_shopware_buyer(in, item);
  return item;
}

}  // namespace pf::exchange
