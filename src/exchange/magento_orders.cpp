// Orders as Magento 2 answers them by REST: GET /V1/orders/{id}, and GET /V1/orders, whose list is `items`.
#include <algorithm>
#include <map>

#include "exchange/json_orders.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr AddressNames kMagentoNames{.first = "firstname",
                                     .last = "lastname",
                                     .company = "company",
                                     .street = "street",
                                     .zip = "postcode",
                                     .city = "city",
                                     .state = "region",
                                     .country = "country_id",
                                     .vat = "vat_id",
                                     .phone = "telephone"};

// What a row of an order came to: before tax, the tax, what of it a discount on prices with tax took, the discount.
struct MagentoRow {
  std::int64_t net = 0, tax = 0, compensation = 0, discount = 0;
};
MagentoRow magento_row(const json::Value& in, Currency currency, std::vector<FieldFault>& faults) {
  const auto minor = [&](const char* name, const char* field) { return minor_told(in, name, field, currency, faults); };
  return {minor("row_total", "items.row_total"), minor("tax_amount", "items.tax_amount"),
          minor("discount_tax_compensation_amount", "items.discount_tax_compensation_amount"),
          minor("discount_amount", "items.discount_amount")};
}

// The row of a product that was chosen for a configurable one, or of a part of a bundle: it is its parent's line.
bool is_magento_child(const json::Value& in) {
  const std::string parent = words_in(in, "parent_item_id");
  const json::Value* held = in.find("parent_item");
  return (!parent.empty() && parent != "0") || (held != nullptr && held->as_object() != nullptr);
}
std::string magento_parent(const json::Value& in) {
  return is_set(in, "parent_item_id") ? words_in(in, "parent_item_id")
                                      : words_in(part_in(in, "parent_item"), "item_id");
}

std::optional<Money> magento_price(const json::Value& in, const MagentoRow& parts, std::int64_t pieces,
                                   Currency currency, std::vector<FieldFault>& faults) {
  const auto of_piece = [&](std::int64_t whole) { return per_piece({whole, currency}, pieces); };
  const auto either = [](std::int64_t own, std::int64_t of_parts) { return own != 0 ? own : of_parts; };
  const MagentoRow own = magento_row(in, currency, faults);
  const std::int64_t off = either(own.discount, parts.discount);
  if (is_set(in, "row_total") && is_set(in, "tax_amount"))
    return of_piece(either(own.net, parts.net) + either(own.tax, parts.tax) +
                    either(own.compensation, parts.compensation) - off);
  if (const auto whole = amount_told(in, "row_total_incl_tax", "items.row_total_incl_tax", currency, faults))
    return of_piece(whole->minor - off);
  const char* price = is_set(in, "price_incl_tax") ? "price_incl_tax" : "price";
  return amount_told(in, price, "items.price_incl_tax", currency, faults);
}

void put_magento_lines(const json::Value& in, Currency currency, OrderItem& item) {
  // Of a bundle some shops write the tax and the discount with its parts alone.
  std::map<std::string, MagentoRow> of_parts;
  for (const json::Value& one : list_in(in, "items")) {
    if (!is_magento_child(one)) continue;
    const MagentoRow part = magento_row(one, currency, item.faults);
    MagentoRow& sum = of_parts[magento_parent(one)];
    sum.net += part.net;
    sum.tax += part.tax;
    sum.compensation += part.compensation;
    sum.discount += part.discount;
  }
  for (const json::Value& one : list_in(in, "items")) {
    text_told(one, "parent_item_id", "items.parent_item_id", item.faults);
    if (is_magento_child(one)) continue;
    orders::PlaceLine line{.channel_line_id = text_told(one, "item_id", "items.item_id", item.faults),
                           .sku = text_told(one, "sku", "items.sku", item.faults),
                           .title = text_told(one, "name", "items.name", item.faults)};
    const std::string ordered = words_in(one, "qty_ordered");
    if (const auto amount = amount_of(ordered); amount && !whole_pieces(ordered)) {
      line.quantity = 1;  // 1.5 metres of cloth are one piece to pick, as of WooCommerce
      line.title += " \u00d7 " + ordered;
      line.shipped = words_in(one, "qty_shipped") == ordered ? 1 : 0;
      const bool back = words_in(one, "qty_canceled") == ordered || words_in(one, "qty_refunded") == ordered;
      line.cancelled = back && line.shipped == 0 ? 1 : 0;
    } else {
      line.quantity = pieces_told(one, "qty_ordered", "items.qty_ordered", item.faults);
      line.shipped = pieces_told(one, "qty_shipped", "items.qty_shipped", item.faults);
      // What was paid back is not to be sent, unless it was.
      const std::int64_t back = pieces_told(one, "qty_canceled", "items.qty_canceled", item.faults) +
                                pieces_told(one, "qty_refunded", "items.qty_refunded", item.faults);
      line.cancelled = std::clamp<std::int64_t>(back, 0, std::max<std::int64_t>(0, line.quantity - line.shipped));
    }
    const auto parts = of_parts.find(words_in(one, "item_id"));
    if (line.quantity > 0)
      line.price = magento_price(one, parts != of_parts.end() ? parts->second : MagentoRow{}, line.quantity, currency,
                                 item.faults);
    if (parts != of_parts.end()) of_parts.erase(parts);
    item.order.lines.push_back(std::move(line));
  }
  if (!of_parts.empty())  // or it would be left out without a word
    tell(item.faults, "items.parent_item_id", "unknown", "names a row that is not in this order");
}

// After the lines, which tell whether anything was sent. A shop may name statuses, but states are Magento's own.
void put_magento_state(const json::Value& in, Currency currency, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  const auto due = amount_told(in, "total_due", "total_due", currency, item.faults);
  const bool nothing_due = due && due->minor <= 0;
  const std::string state = text_told(in, "state", "state", item.faults);
  order.paid =
      state == "processing" || state == "complete" || state == "closed" || (nothing_due && state != "payment_review");
  if (state == "complete") {
    order.channel_status = "shipped";
  } else if (state == "canceled") {
    order.channel_status = "cancelled";
  } else if (state == "closed") {
    const bool sent = std::ranges::any_of(order.lines, [](const auto& line) { return line.shipped > 0; });
    if (!sent) order.channel_status = "cancelled";
    for (orders::PlaceLine& line : order.lines)
      if (sent) line.cancelled = std::max<std::int64_t>(0, line.quantity - line.shipped);
  } else if (state == "holded") {
    tell(item.notices, "state", "held", "is holded: Magento holds this order back. Hold it here by hand");
  } else if (state != "new" && state != "pending_payment" && state != "processing" && state != "payment_review") {
    tell(item.faults, "state", "value",
         "is none of Magento's states: new, pending_payment, processing, complete, closed, canceled, "
         "holded, payment_review");
  }
}

}  // namespace

bool is_magento_order(const json::Value& in) {
  const json::Value* items = in.find("items");
  return items != nullptr && items->as_array() != nullptr && in.find("increment_id") != nullptr &&
         in.find("order_currency_code") != nullptr;
}

OrderItem magento_order(const json::Value& in) {
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  order.channel = "magento";
  order.channel_order_id = text_told(in, "increment_id", "increment_id", item.faults);
  if (order.channel_order_id.empty()) order.channel_order_id = words_in(in, "entity_id");
  order.currency = currency_of(words_in(in, "order_currency_code"), "order_currency_code", item.faults);
  if (!order.currency) {  // nothing can be counted
    if (item.faults.empty()) tell(item.faults, "order_currency_code", "required", "is empty");
    return item;
  }
  const Currency currency = *order.currency;
  order.placed_at = time_of(text_told(in, "created_at", "created_at", item.faults), "created_at", item.faults);
  order.total = amount_told(in, "grand_total", "grand_total", currency, item.faults);
  order.shipping_cost = amount_told(in, "shipping_incl_tax", "shipping_incl_tax", currency, item.faults);
  order.shipping_method = words_in(in, "shipping_description");
  order.payment_method = words_in(part_in(in, "payment"), "method");
  put_magento_lines(in, currency, item);
  put_magento_state(in, currency, item);
  const json::Array& assigned = list_in(part_in(in, "extension_attributes"), "shipping_assignments");
  const json::Value& billing = part_in(in, "billing_address");
  const json::Value& shipping =
      assigned.empty() ? no_part() : part_in(part_in(assigned.front(), "shipping"), "address");
  put_addresses(order, shipping, billing, kMagentoNames);
  put_field(order.buyer, vault::Field::email, words_in(in, "customer_email"));
  return item;
}

}  // namespace pf::exchange
