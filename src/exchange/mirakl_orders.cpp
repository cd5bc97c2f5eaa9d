// Orders as Mirakl's marketplaces answer their sellers: GET /api/orders (OR11, {"orders": [...]}) and its asynchronous
// exports (OR13 to OR15), which are alike. By Mirakl's own description of the seller's API, developer.mirakl.com:
// "Mirakl Platform, Rest Seller APIs, OR11 - List orders with pagination".
#include <algorithm>
#include <utility>

#include "exchange/json_orders.h"

namespace pf::exchange {
namespace {

constexpr AddressNames kMiraklNames{.first = "firstname",
                                    .last = "lastname",
                                    .company = "company",
                                    .street = "street_1",
                                    .more = "street_2",
                                    .third = "additional_info",
                                    .zip = "zip_code",
                                    .city = "city",
                                    .state = "state",
                                    .country = "country_iso_code",
                                    .phone = "phone"};

// With the country's name where it has no code.
json::Value mirakl_address(json::Value address) {
  if (!is_set(address, "country_iso_code") && is_set(address, "country"))
    address.set("country_iso_code", words_in(address, "country"));
  return address;
}

bool is_mirakl_sent(std::string_view state) {
  return state == "SHIPPED" || state == "TO_COLLECT" || state == "RECEIVED" || state == "CLOSED";
}

// What became of a line. Refunds and cancellations tell amounts: Mirakl calls their pieces informative.
void put_mirakl_line_state(const json::Value& in, orders::PlaceLine& line, OrderItem& item) {
  const std::string state = text_told(in, "order_line_state", "order_lines.order_line_state", item.faults);
  std::int64_t off = 0;
  for (const json::Value& one : list_told(in, "cancelations", "order_lines.cancelations", item.faults))
    off += pieces_told(one, "quantity", "order_lines.cancelations.quantity", item.faults);
  const bool sent = is_mirakl_sent(state) || is_set(in, "shipped_date");
  const bool refunded = state == "REFUNDED" || state == "WAITING_REFUND" || state == "WAITING_REFUND_PAYMENT";
  if (state == "REFUSED" || state == "CANCELED") {
    line.quantity = std::max(line.quantity, off);
    line.cancelled = line.quantity;
    line.gone = line.quantity == 0;
  } else if (sent) {
    line.shipped = line.quantity;
    line.gone = refunded && line.quantity == 0;
  } else if (refunded) {
    line.cancelled = line.quantity;
    line.gone = line.quantity == 0;
  } else if (state != "STAGING" && state != "WAITING_ACCEPTANCE" && state != "WAITING_DEBIT" &&
             state != "WAITING_DEBIT_PAYMENT" && state != "SHIPPING" && state != "INCIDENT_OPEN" &&
             state != "INCIDENT_CLOSED") {
    tell_unknown_state(item.faults, "order_lines.order_line_state", "Mirakl");
  } else if (off > 0 || !list_told(in, "refunds", "order_lines.refunds", item.faults).empty()) {
    tell(item.notices, "order_lines.cancelations", "partly",
         "says that a part of this was cancelled or refunded, by its amount. Nothing was cancelled "
         "here; look at the marketplace which pieces are still to be sent");
  }
}

// The taxes that come on top of the prices, where they do.
struct MiraklTaxes {
  bool told = false;  // of any line
  std::int64_t of_goods = 0, of_shipping = 0;
  std::vector<std::int64_t> prices{};  // of each line, without them
};

MiraklTaxes put_mirakl_lines(const json::Value& in, Currency currency, bool on_top, OrderItem& item) {
  MiraklTaxes all;
  for (const json::Value& one : list_in(in, "order_lines")) {
    orders::PlaceLine line{.channel_line_id = text_told(one, "order_line_id", "order_lines.order_line_id", item.faults),
                           .sku = text_told(one, "offer_sku", "order_lines.offer_sku", item.faults),
                           .title = text_told(one, "product_title", "order_lines.product_title", item.faults)};
    if (line.sku.empty()) line.sku = text_told(one, "product_sku", "order_lines.product_sku", item.faults);
    line.quantity = pieces_told(one, "quantity", "order_lines.quantity", item.faults);
    // The line's price is of all its pieces, after promotions and without shipping.
    auto price = amount_told(one, "price", "order_lines.price", currency, item.faults);
    all.prices.push_back(price ? price->minor : 0);
    if (on_top) {
      const json::Array &taxes = list_told(one, "taxes", "order_lines.taxes", item.faults),
                        &of_shipping = list_told(one, "shipping_taxes", "order_lines.shipping_taxes", item.faults);
      const std::int64_t tax = sum_told(taxes, "amount", "order_lines.taxes.amount", currency, item.faults);
      all.told = all.told || !taxes.empty() || !of_shipping.empty();
      if (price) price->minor += tax;
      all.of_goods += tax;
      all.of_shipping += sum_told(of_shipping, "amount", "order_lines.shipping_taxes.amount", currency, item.faults);
    }
    if (price && line.quantity > 0) line.price = per_piece(*price, line.quantity);
    put_mirakl_line_state(one, line, item);
    item.order.lines.push_back(std::move(line));
  }
  return all;
}

// Shares the tax of a whole order over its lines and its shipping by what they cost, to the cent: what is left of the
// rounding goes to the last of them. Says whether it could.
bool share_mirakl_tax(std::int64_t tax, const std::vector<std::int64_t>& prices, orders::PlaceOrder& order) {
  std::int64_t all = order.shipping_cost ? order.shipping_cost->minor : 0, part = 0, shared = 0;
  for (const std::int64_t price : prices) {
    if (price < 0) return false;
    all += price;
  }
  std::vector<std::int64_t> shares;
  for (const std::int64_t price : prices) {
    const auto until = share_of(tax, part += price, all);
    if (!until) return false;
    shares.push_back(*until - std::exchange(shared, *until));
  }
  if (!order.shipping_cost) {
    if (shared != tax) return false;
  } else {
    order.shipping_cost->minor += tax - shared;
  }
  for (std::size_t i = 0; i < shares.size(); ++i)
    if (orders::PlaceLine& line = order.lines[i]; line.price && line.quantity > 0)
      line.price = per_piece({prices[i] + shares[i], line.price->currency}, line.quantity);
  return true;
}

// After the lines.
void put_mirakl_state(const json::Value& in, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  const std::string state = text_told(in, "order_state", "order_state", item.faults);
  const bool waits = state == "STAGING" || state == "WAITING_ACCEPTANCE" || state == "WAITING_DEBIT" ||
                     state == "WAITING_DEBIT_PAYMENT";
  order.paid = state == "SHIPPING" || is_mirakl_sent(state);
  const bool dropped =
      std::ranges::all_of(order.lines, [](const auto& line) { return line.cancelled == line.quantity; });
  const json::Value& address = part_in(part_in(in, "customer"), "shipping_address");
  if (state == "REFUSED" || state == "CANCELED" || (state == "CLOSED" && dropped)) {
    order.channel_status = "cancelled";
  } else if (is_mirakl_sent(state)) {
    order.channel_status = "shipped";
  } else if (waits) {
    // Imported without, the order would never have an address.
    if (!is_address(address, kMiraklNames))
      tell(item.faults, "customer.shipping_address", "required",
           "is not told yet: Mirakl gives it once the order is accepted and paid for. Import the "
           "order again then");
  } else if (state != "SHIPPING") {
    tell_unknown_state(item.faults, "order_state", "Mirakl");
  } else if (!is_address(address, kMiraklNames)) {
    tell(item.faults, "customer.shipping_address", "address",
         "has no street, or neither a name nor a company: nothing could be sent to it. Ask the marketplace for it, and "
         "import the order again");
  } else if (const json::Value* may = in.find("can_shop_ship");
             may != nullptr && may->as_bool() != nullptr && !*may->as_bool()) {
    tell(item.notices, "can_shop_ship", "marketplace",
         "is false: the marketplace does not let you send this, and may send it itself. It was "
         "taken as yours to send; hold it here by hand if it is not");
  }
}

}  // namespace

bool is_mirakl_order(const json::Value& in) {
  const json::Value* lines = in.find("order_lines");
  return lines != nullptr && lines->as_array() != nullptr && in.find("order_id") != nullptr &&
         in.find("commercial_id") != nullptr && in.find("order_state") != nullptr &&
         in.find("currency_iso_code") != nullptr;
}

OrderItem mirakl_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = "mirakl";
  order.channel_order_id = text_told(in, "order_id", "order_id", item.faults);
  order.currency = currency_of(words_in(in, "currency_iso_code"), "currency_iso_code", item.faults);
  if (!order.currency) {  // nothing can be counted
    if (item.faults.empty()) tell(item.faults, "currency_iso_code", "required", "is empty");
    return item;
  }
  const Currency currency = *order.currency;
  order.placed_at = time_of(text_told(in, "created_date", "created_date", item.faults), "created_date", item.faults);
  order.ship_by =
      time_of(text_told(in, "shipping_deadline", "shipping_deadline", item.faults), "shipping_deadline", item.faults);
  const std::string mode = text_told(in, "order_tax_mode", "order_tax_mode", item.faults);
  const bool on_top = mode == "TAX_EXCLUDED";
  if (!on_top && mode != "TAX_INCLUDED" && !mode.empty())
    tell(item.faults, "order_tax_mode", "value", "must be TAX_INCLUDED or TAX_EXCLUDED");
  order.total = amount_told(in, "total_price", "total_price", currency, item.faults);
  order.shipping_cost = amount_told(in, "shipping_price", "shipping_price", currency, item.faults);
  order.payment_method = words_in(in, "payment_type");
  order.shipping_method = words_in(in, "shipping_type_label");
  const MiraklTaxes taxes = put_mirakl_lines(in, currency, on_top, item);
  // Some platforms add up the taxes of an order as a whole, which may be rounded otherwise.
  const json::Array& in_all = list_told(in, "order_taxes", "order_taxes", item.faults);
  const std::int64_t whole = sum_told(in_all, "total_amount", "order_taxes.total_amount", currency, item.faults);
  // Where they do so alone, each line has its share of it; which of several taxes is a line's nobody says.
  if (on_top && !taxes.told && (in_all.size() != 1 || !share_mirakl_tax(whole, taxes.prices, order)))
    tell(item.notices, "order_lines.taxes", "untaxed",
         "are none, where the prices are without tax: the lines and the shipping were taken without it. Look at the "
         "marketplace what their tax is");
  if (order.shipping_cost) order.shipping_cost->minor += taxes.of_shipping;
  if (order.total && on_top) order.total->minor += in_all.empty() ? taxes.of_goods + taxes.of_shipping : whole;
  put_mirakl_state(in, item);
  const json::Value &customer = part_told(in, "customer", "customer", item.faults),
                    &shipping = part_told(customer, "shipping_address", "customer.shipping_address", item.faults),
                    &billing = part_told(customer, "billing_address", "customer.billing_address", item.faults);
  put_addresses(order, mirakl_address(shipping), mirakl_address(billing), kMiraklNames);
  put_field(order.buyer, vault::Field::email, words_in(in, "customer_notification_email"));
  return item;
}

}  // namespace pf::exchange
