// Orders as Amazon's Selling Partner API answers them since its version 2026-01-01, each with its items: GET
// /orders/2026-01-01/orders, {"orders": [...]}, or one. By Amazon's own model,
// github.com/amzn/selling-partner-api-models (orders-api-model/orders_2026-01-01.json). The version before it keeps the
// items elsewhere and is not read. They are the same orders as those of Amazon's flat files (amazon_orders.cpp).
#include <algorithm>
#include <cstdlib>

#include "exchange/json_orders.h"

namespace pf::exchange {
namespace {

constexpr AddressNames kAmazonNames{.first = "name",
                                    .company = "companyName",
                                    .street = "addressLine1",
                                    .more = "addressLine2",
                                    .third = "addressLine3",
                                    .zip = "postalCode",
                                    .city = "city",
                                    .state = "stateOrRegion",
                                    .country = "countryCode",
                                    .phone = "phone"};

// Some countries' addresses have more parts than lines.
json::Value amazon_address(json::Value address) {
  std::string more = words_in(address, "addressLine3");
  for (const char* part : {"neighborhood", "districtOrCounty", "municipality"})
    if (is_set(address, part)) more += (more.empty() ? "" : ", ") + words_in(address, part);
  if (!more.empty()) address.set("addressLine3", more);
  return address;
}

void tell_not_included(const char* field, OrderItem& item) {
  tell(item.faults, field, "required",
       "is missing. Ask Amazon for the orders with includedData=BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT");
}

// {"amount": "19.95", "currencyCode": "EUR"}, in the order's currency.
std::optional<Money> amazon_money(const json::Value& in, std::string_view name, const char* field, Currency currency,
                                  std::vector<FieldFault>& faults) {
  const json::Value& money = part_told(in, name, field, faults);
  if (is_set(money, "currencyCode") && words_in(money, "currencyCode") != currency.code()) {
    tell(faults, field, "currency", "is in another currency than the order");
    return std::nullopt;
  }
  return amount_told(money, "amount", field, currency, faults);
}

// What an item came to, by kinds; of the tax and the discount also what falls on the goods and on the shipping.
struct AmazonProceeds {
  bool told = false;
  std::int64_t goods = 0, shipping = 0, other = 0, tax = 0, discount = 0;
  std::int64_t tax_of_goods = 0, tax_of_shipping = 0, discount_of_goods = 0, discount_of_shipping = 0;
  std::optional<Money> total{};
};
AmazonProceeds amazon_proceeds(const json::Value& in, Currency currency, std::vector<FieldFault>& faults) {
  constexpr const char* kField = "orderItems.proceeds";
  const auto minor = [&](const json::Value& of, const char* name) {
    const auto money = amazon_money(of, name, kField, currency, faults);
    return money ? money->minor : 0;
  };
  AmazonProceeds out;
  bool tax_by_kind = false, discount_by_kind = false;
  out.total = amazon_money(in, "proceedsTotal", kField, currency, faults);
  for (const json::Value& one : list_told(in, "breakdowns", kField, faults)) {
    const std::string type = words_in(one, "type");
    const std::int64_t sum = minor(one, "subtotal");
    out.told = out.told || type == "ITEM";
    (type == "ITEM"       ? out.goods
     : type == "SHIPPING" ? out.shipping
     : type == "TAX"      ? out.tax
     : type == "DISCOUNT" ? out.discount
                          : out.other) += type == "DISCOUNT" ? std::abs(sum) : sum;
    for (const json::Value& part : list_told(one, "detailedBreakdowns", kField, faults)) {
      const std::string of = words_in(part, "subtype");
      const std::int64_t value = minor(part, "value");
      tax_by_kind = tax_by_kind || type == "TAX";
      discount_by_kind = discount_by_kind || type == "DISCOUNT";
      if (type == "TAX" && of == "ITEM") out.tax_of_goods += value;
      if (type == "TAX" && of == "DISCOUNT") out.tax_of_goods -= std::abs(value);  // which a discount spares
      if (type == "TAX" && of == "SHIPPING") out.tax_of_shipping += value;
      if (type == "DISCOUNT" && of == "ITEM") out.discount_of_goods += std::abs(value);
      if (type == "DISCOUNT" && of == "SHIPPING") out.discount_of_shipping += std::abs(value);
    }
  }
  // Where nothing says on what they fall, a discount is of the goods first, and the tax of both by what they cost.
  if (!discount_by_kind) {
    out.discount_of_goods = std::min(out.discount, std::max<std::int64_t>(0, out.goods));
    out.discount_of_shipping = out.discount - out.discount_of_goods;
  }
  if (!tax_by_kind) {
    const std::int64_t goods = out.goods - out.discount_of_goods, shipping = out.shipping - out.discount_of_shipping;
    out.tax_of_shipping = share_of(out.tax, shipping, goods + shipping).value_or(0);
    out.tax_of_goods = out.tax - out.tax_of_shipping;
  }
  return out;
}

// Whether the tax comes on top of what stands beside it: where it is added up so, and where Amazon writes prices so and
// keeps the tax for itself.
bool is_amazon_tax_beside(const AmazonProceeds& all, const Currency& currency) {
  const std::int64_t parts = all.goods + all.shipping + all.other - all.discount;
  return (all.total && parts + all.tax == all.total->minor) || is_amazon_tax_on_top(currency);
}

// Says whether what the items came to is told, as far as their prices need it.
bool put_amazon_items(const json::Value& in, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  bool priced = false, untaxed = false;
  for (const json::Value& one : list_in(in, "orderItems")) {
    const json::Value &product = part_told(one, "product", "orderItems.product", item.faults),
                      &progress = part_told(one, "fulfillment", "orderItems.fulfillment", item.faults),
                      &cancelled = part_told(one, "cancellation", "orderItems.cancellation", item.faults);
    orders::PlaceLine line{.channel_line_id = text_told(one, "orderItemId", "orderItems.orderItemId", item.faults),
                           .sku = text_told(product, "sellerSku", "orderItems.product.sellerSku", item.faults),
                           .title = text_told(product, "title", "orderItems.product.title", item.faults)};
    if (line.sku.empty()) line.sku = text_told(product, "asin", "orderItems.product.asin", item.faults);
    line.quantity = pieces_told(one, "quantityOrdered", "orderItems.quantityOrdered", item.faults);
    line.shipped = pieces_told(progress, "quantityFulfilled", "orderItems.fulfillment.quantityFulfilled", item.faults);
    const std::int64_t left = std::max<std::int64_t>(0, line.quantity - line.shipped);
    if (!part_in(cancelled, "cancellationExecution").as_object()->empty()) {
      line.cancelled = left;
      line.gone = line.quantity == 0;
    }
    if (line.cancelled == 0 && left > 0 && !part_in(cancelled, "cancellationRequest").as_object()->empty())
      tell(item.notices, "orderItems.cancellation.cancellationRequest", "cancel",
           "says that the buyer asks to cancel this. It was not cancelled; answer it at Amazon");
    if (order.currency) {
      const AmazonProceeds all =
          amazon_proceeds(part_told(one, "proceeds", "orderItems.proceeds", item.faults), *order.currency, item.faults);
      const bool beside = is_amazon_tax_beside(all, *order.currency);
      const std::int64_t whole = all.goods + (beside ? all.tax_of_goods : 0) - all.discount_of_goods;
      if (all.told && line.quantity > 0)
        line.price = per_piece({whole, *order.currency}, line.quantity);
      else
        line.price = amazon_money(part_told(product, "price", "orderItems.product.price", item.faults), "unitPrice",
                                  "orderItems.product.price.unitPrice", *order.currency, item.faults);
      if (all.told)
        order.shipping_cost = Money{(order.shipping_cost ? order.shipping_cost->minor : 0) + all.shipping +
                                        (beside ? all.tax_of_shipping : 0) - all.discount_of_shipping,
                                    *order.currency};
      // The price of a product is without what beside it is told of tax and discounts.
      priced = priced || all.told;
      untaxed = untaxed || (!all.told && line.quantity > 0 && is_amazon_tax_on_top(*order.currency));
    }
    order.lines.push_back(std::move(line));
  }
  return priced && !untaxed;
}

// After the lines.
void put_amazon_status(const json::Value& in, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  const json::Value& fulfillment = part_in(in, "fulfillment");
  const std::string status = text_told(fulfillment, "fulfillmentStatus", "fulfillment.fulfillmentStatus", item.faults);
  const std::string by = text_told(fulfillment, "fulfilledBy", "fulfillment.fulfilledBy", item.faults);
  order.by_marketplace = by == "AMAZON";
  const bool has_address = is_address(part_in(part_in(in, "recipient"), "deliveryAddress"), kAmazonNames);
  if (fulfillment.as_object()->empty()) {
    tell_not_included("fulfillment", item);
  } else if (status == "PENDING" || status == "PENDING_AVAILABILITY") {
    tell(item.faults, "fulfillment.fulfillmentStatus", "draft",
         "is " + status +
             ": Amazon tells neither the address nor the prices before it has been paid. Import the "
             "order again then");
  } else if (status == "CANCELLED" || status == "UNFULFILLABLE") {
    order.channel_status = "cancelled";
    for (orders::PlaceLine& line : order.lines) line.gone = line.quantity == 0;
  } else if (status == "SHIPPED" ||
             (order.by_marketplace && (status == "UNSHIPPED" || status == "PARTIALLY_SHIPPED"))) {
    order.channel_status = "shipped";  // what Amazon sends never came out of our stock
  } else if (status != "UNSHIPPED" && status != "PARTIALLY_SHIPPED") {
    tell_unknown_state(item.faults, "fulfillment.fulfillmentStatus", "Amazon");
  } else if (by != "MERCHANT") {
    tell(item.faults, "fulfillment.fulfilledBy", "value", "must be MERCHANT (you send it) or AMAZON");
  } else if (!has_address) {  // the buyer is kept with the order when it is new, and not added to it later
    tell(item.faults, "recipient.deliveryAddress", "required",
         "has no street, or neither a name nor a company. Amazon tells them where the orders are asked for with "
         "includedData=RECIPIENT, by an application that has the role Direct-to-Consumer Shipping");
  } else if (status == "PARTIALLY_SHIPPED" &&
             std::ranges::none_of(order.lines, [](const auto& line) { return line.shipped > 0; })) {
    tell_not_included("orderItems.fulfillment", item);
  }
}

}  // namespace

bool is_amazon_order(const json::Value& in) {
  const json::Value* items = in.find("orderItems");
  return items != nullptr && items->as_array() != nullptr && in.find("orderId") != nullptr &&
         in.find("createdTime") != nullptr && in.find("salesChannel") != nullptr;
}

OrderItem amazon_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = "amazon";
  order.channel_order_id = text_told(in, "orderId", "orderId", item.faults);
  order.placed_at = time_of(text_told(in, "createdTime", "createdTime", item.faults), "createdTime", item.faults);
  const json::Value &fulfillment = part_in(in, "fulfillment"),
                    &proceeds = part_told(in, "proceeds", "proceeds", item.faults);
  std::string code = words_in(part_in(proceeds, "grandTotal"), "currencyCode");
  for (const json::Value& one : list_in(in, "orderItems"))
    if (code.empty()) code = words_in(part_in(part_in(part_in(one, "product"), "price"), "unitPrice"), "currencyCode");
  order.currency = currency_of(code, "proceeds.grandTotal.currencyCode", item.faults);
  if (order.currency)
    order.total = amazon_money(proceeds, "grandTotal", "proceeds.grandTotal", *order.currency, item.faults);
  order.ship_by = time_of(words_in(part_in(fulfillment, "shipByWindow"), "latestDateTime"),
                          "fulfillment.shipByWindow.latestDateTime", item.faults);
  order.shipping_method = words_in(fulfillment, "fulfillmentServiceLevel");
  const bool priced = put_amazon_items(in, item);
  put_amazon_status(in, item);
  if (order.currency && !priced && !order.channel_status && item.faults.empty())
    tell_not_included("orderItems.proceeds", item);
  if (!order.currency && item.faults.empty()) tell_not_included("proceeds.grandTotal", item);
  const json::Value &recipient = part_told(in, "recipient", "recipient", item.faults),
                    &buyer = part_told(in, "buyer", "buyer", item.faults);
  put_addresses(order,
                amazon_address(part_told(recipient, "deliveryAddress", "recipient.deliveryAddress", item.faults)),
                no_part(), kAmazonNames);
  put_field(order.buyer, vault::Field::email, words_in(buyer, "buyerEmail"));
  put_field(order.buyer, vault::Field::message,
            words_in(part_in(recipient, "deliveryPreference"), "addressInstruction"));
  if (const std::string number = words_in(buyer, "buyerPurchaseOrderNumber"); !number.empty())
    put_field(order.buyer, vault::Field::extra, json::write(json::Value::object({{"purchase_order_number", number}})));
  return item;
}

}  // namespace pf::exchange
