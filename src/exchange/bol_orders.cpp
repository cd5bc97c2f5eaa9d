// Orders as bol's retailer API (v10) answers them: GET /retailer/orders/{order-id}. GET /retailer/orders lists them
// without the buyer and the prices.
#include <algorithm>

#include "exchange/json_orders.h"

namespace pf::exchange {
namespace {

constexpr AddressNames kBolNames{.first = "firstName",
                                 .last = "surname",
                                 .company = "company",
                                 .street = "streetName",
                                 .number = "houseNumber",
                                 .addition = "houseNumberExtension",
                                 .more = "extraAddressInformation",
                                 .zip = "zipCode",
                                 .city = "city",
                                 .country = "countryCode",
                                 .vat = "vatNumber",
                                 .phone = "deliveryPhoneNumber"};

void put_bol_lines(const json::Value& in, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  const Currency currency = *order.currency;
  std::vector<std::size_t> theirs;  // lines that bol sends
  for (const json::Value& one : list_in(in, "orderItems")) {
    const json::Value &offer = part_in(one, "offer"), &product = part_in(one, "product");
    orders::PlaceLine line{.channel_line_id = text_told(one, "orderItemId", "orderItems.orderItemId", item.faults),
                           .sku = text_told(offer, "reference", "orderItems.offer.reference", item.faults),
                           .title = text_told(product, "title", "orderItems.product.title", item.faults)};
    if (line.sku.empty()) line.sku = text_told(product, "ean", "orderItems.product.ean", item.faults);
    line.quantity = pieces_told(one, "quantity", "orderItems.quantity", item.faults);
    line.shipped = pieces_told(one, "quantityShipped", "orderItems.quantityShipped", item.faults);
    line.cancelled = pieces_told(one, "quantityCancelled", "orderItems.quantityCancelled", item.faults);
    line.price = amount_told(one, "unitPrice", "orderItems.unitPrice", currency, item.faults);
    if (line.price && line.quantity <= kAmountMax / std::max<std::int64_t>(1, line.price->minor))
      order.total = with_tax({line.price->minor * line.quantity, currency}, order.total);
    const std::string method = words_in(part_in(one, "fulfilment"), "method");
    if (method == "FBB")
      theirs.push_back(order.lines.size());
    else if (method != "FBR")
      tell(item.faults, "orderItems.fulfilment.method", "value", "must be FBR (you send it) or FBB (bol does)");
    if (flag_told(one, "cancellationRequest", "orderItems.cancellationRequest", item.faults) &&
        line.shipped + line.cancelled < line.quantity)
      tell(item.notices, "orderItems.cancellationRequest", "cancel",
           "is true: the buyer asks to cancel this. It was not cancelled; answer it at bol");
    order.lines.push_back(std::move(line));
  }
  // What bol sends never came out of our stock.
  order.by_marketplace = !theirs.empty() && theirs.size() == order.lines.size();
  for (const std::size_t at : theirs)
    order.lines[at].shipped = std::max<std::int64_t>(0, order.lines[at].quantity - order.lines[at].cancelled);
  if (!theirs.empty() && !order.by_marketplace)
    tell(item.notices, "orderItems.fulfilment.method", "marketplace",
         "is FBB for a part of this order: bol sends it, and it was taken as sent");
  const auto dropped = [](const auto& line) { return line.quantity > 0 && line.cancelled == line.quantity; };
  if (std::ranges::all_of(order.lines, dropped))
    order.channel_status = "cancelled";
  else if (order.by_marketplace)
    order.channel_status = "shipped";
}

}  // namespace

bool is_bol_order(const json::Value& in) {
  const json::Value* items = in.find("orderItems");
  return items != nullptr && items->as_array() != nullptr && in.find("orderId") != nullptr &&
         in.find("orderPlacedDateTime") != nullptr;
}

OrderItem bol_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = "bol";
  order.channel_order_id = text_told(in, "orderId", "orderId", item.faults);
  order.currency = *Currency::parse("EUR");  // bol sells in no other
  order.placed_at = time_of(text_told(in, "orderPlacedDateTime", "orderPlacedDateTime", item.faults),
                            "orderPlacedDateTime", item.faults);
  const json::Value* to = in.find("shipmentDetails");
  if (to == nullptr || to->as_object() == nullptr) {
    tell(item.faults, "shipmentDetails", "required",
         "is missing: bol's list of orders has no buyers and no prices. Ask for each order by its "
         "number (GET /retailer/orders/ORDER-ID) and import those");
    return item;
  }
  put_bol_lines(in, item);
  put_addresses(order, *to, part_in(in, "billingDetails"), kBolNames);
  put_field(order.buyer, vault::Field::email, words_in(*to, "email"));
  return item;
}

}  // namespace pf::exchange
