// Orders as Vendure's GraphQL APIs answer them: {"data": {"orders": {"items": [...]}}}, or one as {"data": {"order":
// ..}}. Money is counted in hundredths, whatever the currency.
#include <algorithm>

#include "exchange/json_orders.h"

namespace pf::exchange {
namespace {

constexpr AddressNames kVendureNames{.first = "fullName",
                                     .company = "company",
                                     .street = "streetLine1",
                                     .more = "streetLine2",
                                     .zip = "postalCode",
                                     .city = "city",
                                     .state = "province",
                                     .country = "countryCode",
                                     .phone = "phoneNumber"};

std::optional<Money> vendure_money(const json::Value& in, std::string_view name, const char* field, Currency currency,
                                   std::vector<FieldFault>& faults) {
  const json::Value* value = in.find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (const auto minor = value->as_int(); minor && *minor <= kAmountMax && *minor >= -kAmountMax)
    return Money{*minor, currency};
  tell(faults, field, "money", "is not a whole number of cents, as Vendure writes money");
  return std::nullopt;
}

// Pieces of a line in parcels that have left, where the query asked for them.
std::int64_t vendure_sent(const json::Value& line, std::vector<FieldFault>& faults) {
  std::int64_t out = 0;
  for (const json::Value& one : list_in(line, "fulfillmentLines")) {
    const std::string state = words_in(part_in(one, "fulfillment"), "state");
    if (state == "Shipped" || state == "Delivered")
      out += pieces_told(one, "quantity", "lines.fulfillmentLines.quantity", faults);
  }
  return out;
}

void put_vendure_lines(const json::Value& in, Currency currency, OrderItem& item) {
  for (const json::Value& one : list_in(in, "lines")) {
    const json::Value& variant = part_in(one, "productVariant");
    orders::PlaceLine line{.channel_line_id = text_told(one, "id", "lines.id", item.faults),
                           .sku = text_told(variant, "sku", "lines.productVariant.sku", item.faults),
                           .title = text_told(variant, "name", "lines.productVariant.name", item.faults)};
    // Cancelled pieces leave the quantity; what was bought at first may stand beside it.
    const std::int64_t left = pieces_told(one, "quantity", "lines.quantity", item.faults);
    line.quantity = std::max(left, pieces_told(one, "orderPlacedQuantity", "lines.orderPlacedQuantity", item.faults));
    if (line.quantity == 0 && one.find("orderPlacedQuantity") == nullptr)
      tell(item.faults, "lines.quantity", "cancelled",
           "is 0, as Vendure writes what was cancelled. Ask for the lines' orderPlacedQuantity too");
    line.cancelled = line.quantity - left;
    line.shipped = std::min(vendure_sent(one, item.faults), left);
    for (const char* name : {"proratedUnitPriceWithTax", "discountedUnitPriceWithTax", "unitPriceWithTax"})
      if (!line.price) line.price = vendure_money(one, name, "lines.unitPriceWithTax", currency, item.faults);
    item.order.lines.push_back(std::move(line));
  }
}

// After the lines and with the payments. A shop may have states of its own beside Vendure's.
void put_vendure_state(const json::Value& in, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  bool settled = false;
  for (const json::Value& payment : list_in(in, "payments")) {
    const std::string state = words_in(payment, "state");
    if (order.payment_method.empty() || state == "Settled") order.payment_method = words_in(payment, "method");
    settled = settled || state == "Settled";
  }
  const std::string state = text_told(in, "state", "state", item.faults);
  const bool partly = state == "PartiallyShipped" || state == "PartiallyDelivered";
  order.paid = partly || state == "PaymentSettled" || state == "Shipped" || state == "Delivered";
  if (state == "Draft" || state == "AddingItems" || state == "Created") {
    tell(item.faults, "state", "draft", "is " + state + ": the buyer has not placed this order");
  } else if (state == "Cancelled") {
    order.channel_status = "cancelled";
  } else if (state == "Shipped" || state == "Delivered") {
    order.channel_status = "shipped";
  } else if (partly) {
    // Taken as open, it would be sent twice.
    if (std::ranges::none_of(order.lines, [](const auto& line) { return line.shipped > 0; }))
      tell(item.faults, "state", "partly",
           "says that a part was sent, and no line says which. Ask for the lines' fulfillmentLines too, "
           "with quantity and fulfillment.state");
  } else if (!order.paid && state != "PaymentAuthorized" && state != "ArrangingPayment" &&
             state != "ArrangingAdditionalPayment") {
    order.paid = settled;
    tell(item.notices, "state", "value",
         "is Modifying, or no state of Vendure's own: the order was taken as open, and as paid where "
         "one of its payments is Settled");
  }
}

}  // namespace

bool is_vendure_order(const json::Value& in) {
  const json::Value* lines = in.find("lines");
  return lines != nullptr && lines->as_array() != nullptr && in.find("code") != nullptr &&
         in.find("state") != nullptr && in.find("totalWithTax") != nullptr && in.find("currencyCode") != nullptr;
}

OrderItem vendure_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = "vendure";
  order.channel_order_id = text_told(in, "code", "code", item.faults);
  order.currency = currency_of(words_in(in, "currencyCode"), "currencyCode", item.faults);
  if (!order.currency || order.currency->digits() != 2) {
    if (item.faults.empty())
      tell(item.faults, "currencyCode", "value",
           "is no currency with two decimals: Vendure's amounts cannot be told for it");
    return item;
  }
  const Currency currency = *order.currency;
  const char* date = is_set(in, "orderPlacedAt") ? "orderPlacedAt" : "createdAt";
  order.placed_at = time_of(text_told(in, date, date, item.faults), date, item.faults);
  order.total = vendure_money(in, "totalWithTax", "totalWithTax", currency, item.faults);
  order.shipping_cost = vendure_money(in, "shippingWithTax", "shippingWithTax", currency, item.faults);
  for (const json::Value& one : list_in(in, "shippingLines")) {
    const json::Value& method = part_in(one, "shippingMethod");
    if (order.shipping_method.empty())
      order.shipping_method = words_in(method, is_set(method, "name") ? "name" : "code");
  }
  put_vendure_lines(in, currency, item);
  put_vendure_state(in, item);
  const json::Value& customer = part_in(in, "customer");
  put_addresses(order, part_in(in, "shippingAddress"), part_in(in, "billingAddress"), kVendureNames,
                words_in(customer, "phoneNumber"));
  put_field(order.buyer, vault::Field::email, words_in(customer, "emailAddress"));
  return item;
}

}  // namespace pf::exchange
