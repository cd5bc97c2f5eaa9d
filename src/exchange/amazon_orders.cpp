// Amazon's flat files: unshipped orders (no prices), order reports, all orders by last update. Tab separated, no
// quoting; columns come and go by country and year, so nothing but the key columns is relied on.
#include <algorithm>

#include "exchange/gathering.h"
#include "exchange/json_orders.h"
#include "productflow/text.h"

namespace pf::exchange {

// Where Amazon writes prices without the tax, which stands beside them; elsewhere it is inside.
bool is_amazon_tax_on_top(const Currency& currency) {
  return currency.code() == "USD" || currency.code() == "CAD";
}

namespace {

class AmazonOrders final : public Gathering {
 public:
  explicit AmazonOrders(const Header& header)
      : by_update_(header.has("amazon-order-id")), has_price_(header.has("item-price")) {}
  std::string name() const override { return "amazon orders"; }
  bool quoted() const override { return false; }

 protected:
  std::string_view key_of(const Row& row) const override { return row.cell(key_column()); }
  const char* key_column() const override { return by_update_ ? "amazon-order-id" : "order-id"; }

  void first(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    order.channel = "amazon";
    order.currency = currency_of(row.cell("currency"), "currency", item.faults);
    order.placed_at = time_of(row.cell("purchase-date"), "purchase-date", item.faults);
    const bool promise = !row.cell("promise-date").empty();
    order.ship_by = time_of(row.cell(promise ? "promise-date" : "latest-ship-date"),
                            promise ? "promise-date" : "latest-ship-date", item.faults);
    order.shipping_method = row.cell("ship-service-level");
    order.country_code = country_of(row.cell("ship-country"));
    const std::string status = lower_ascii(row.cell("order-status"));
    order.paid = !status.starts_with("pending");
    const bool by_amazon = equals_ignoring_case(row.cell("fulfillment-channel"), "amazon") ||
                           equals_ignoring_case(row.cell("fulfillment-channel"), "afn");
    order.by_marketplace = by_amazon;
    if (status.starts_with("cancel"))
      order.channel_status = "cancelled";
    else if (status.starts_with("shipped") || by_amazon)  // what Amazon sends never came out of our stock
      order.channel_status = "shipped";
    put_buyer(row, order);
  }

  void line(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    orders::PlaceLine line;
    line.channel_line_id = row.cell("order-item-id");
    for (const auto& known : order.lines)  // a row may repeat for each promotion
      if (!line.channel_line_id.empty() && known.channel_line_id == line.channel_line_id) return;
    line.sku = row.cell("sku");
    line.title = row.cell("product-name");
    const char* quantity_column = row.header->has("quantity-purchased") ? "quantity-purchased" : "quantity";
    line.quantity = pieces_of(row.cell(quantity_column), quantity_column, item.faults).value_or(0);
    if (const auto shipped = parse_int(row.cell("quantity-shipped")))
      line.shipped = std::clamp<std::int64_t>(*shipped, 0, line.quantity);
    const std::string status = lower_ascii(row.cell("item-status"));
    if (status.starts_with("cancel")) line.cancelled = line.quantity;
    line.gone = line.quantity == 0 && (status.starts_with("cancel") || order.channel_status == "cancelled");
    if (status.starts_with("shipped")) line.shipped = line.quantity;
    if (order.currency && has_price_) put_money(row, line, item);
    order.lines.push_back(std::move(line));
  }

 private:
  // item-price and item-tax are of the whole line.
  void put_money(const Row& row, orders::PlaceLine& line, OrderItem& item) const {
    orders::PlaceOrder& order = item.order;
    const auto amount = [&](const char* column) {
      const auto money = money_of(row.cell(column), *order.currency, column, item.faults);
      return money ? money->minor : 0;
    };
    const bool on_top = is_amazon_tax_on_top(*order.currency);
    const std::int64_t price = amount("item-price") + (on_top ? amount("item-tax") : 0);
    const std::int64_t shipping = amount("shipping-price") + (on_top ? amount("shipping-tax") : 0);
    const std::int64_t wrapping = amount("gift-wrap-price") + (on_top ? amount("gift-wrap-tax") : 0);
    // Written with and without a minus.
    const std::int64_t off = std::abs(amount("item-promotion-discount")) + std::abs(amount("ship-promotion-discount"));
    if (!row.cell("item-price").empty() && line.quantity > 0)
      line.price = per_piece({price, *order.currency}, line.quantity);
    if (row.cell("item-price").empty()) return;
    order.total = Money{(order.total ? order.total->minor : 0) + price + shipping + wrapping - off, *order.currency};
    order.shipping_cost = Money{(order.shipping_cost ? order.shipping_cost->minor : 0) + shipping, *order.currency};
  }

  static void put_buyer(const Row& row, orders::PlaceOrder& order) {
    put_address(order.buyer, vault::Field::shipping,
                {{"first_name", row.cell("recipient-name")},
                 {"street_name", row.cell("ship-address-1")},
                 {"address_2", row.cell("ship-address-2")},
                 {"address_3", row.cell("ship-address-3")},
                 {"zip_code", row.cell("ship-postal-code")},
                 {"city", row.cell("ship-city")},
                 {"state", row.cell("ship-state")},
                 {"country_code", row.cell("ship-country")}});
    put_address(order.buyer, vault::Field::billing,
                {{"first_name", row.cell("buyer-name")},
                 {"street_name", row.cell("bill-address-1")},
                 {"address_2", row.cell("bill-address-2")},
                 {"address_3", row.cell("bill-address-3")},
                 {"zip_code", row.cell("bill-postal-code")},
                 {"city", row.cell("bill-city")},
                 {"state", row.cell("bill-state")},
                 {"country_code", row.cell("bill-country")}});
    put_field(order.buyer, vault::Field::email, row.cell("buyer-email"));
    put_field(order.buyer, vault::Field::phone,
              row.cell("ship-phone-number").empty() ? row.cell("buyer-phone-number") : row.cell("ship-phone-number"));
    put_field(order.buyer, vault::Field::message, row.cell("delivery-Instructions"));
    if (const auto number = row.cell("purchase-order-number"); !number.empty())
      put_field(order.buyer, vault::Field::extra,
                json::write(json::Value::object({{"purchase_order_number", number}})));
  }

  const bool by_update_, has_price_;
};

}  // namespace

std::unique_ptr<Party> amazon_orders(const Header& header) {
  const bool report = header.has("order-id") && header.has("order-item-id") && header.has("quantity-purchased");
  const bool by_update = header.has("amazon-order-id") && header.has("sku") && header.has("quantity");
  if (!report && !by_update) return nullptr;
  return std::make_unique<AmazonOrders>(header);
}

}  // namespace pf::exchange
