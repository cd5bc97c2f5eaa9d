// Order files: Amazon's flat files and Shopify's CSV, where several rows make one order.
#include "exchange/order_files.h"

#include "productflow/text.h"

namespace pf::exchange {
namespace {

std::string country_of(std::string_view text) {
  const bool code = text.size() == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
  return code ? std::string(text) : std::string();
}
// Shopify writes 'before postcodes and phone numbers, so that spreadsheets leave them alone.
std::string_view unquoted(std::string_view text) {
  return text.starts_with('\'') ? text.substr(1) : text;
}

// Rows of one order stand together.
class Gathering : public Party {
 public:
  void row(const Row& row, std::vector<ProductItem>&, std::vector<OrderItem>& orders) override {
    const std::string key(key_of(row));
    if (key.empty()) {
      OrderItem refused;
      refused.lines.push_back(row.line);
      refused.faults.push_back({key_column(), "required", "is empty: the order cannot be told from others"});
      orders.push_back(std::move(refused));
      return;
    }
    if (!open_ || open_->order.channel_order_id != key) {
      flush(orders);
      open_.emplace();
      open_->order.channel_order_id = key;
      first(row, *open_);
    }
    open_->lines.push_back(row.line);
    line(row, *open_);
  }
  void flush(std::vector<OrderItem>& orders) override {
    if (open_) orders.push_back(*std::move(open_));
    open_.reset();
  }

 protected:
  virtual std::string_view key_of(const Row& row) const = 0;
  virtual const char* key_column() const = 0;
  virtual void first(const Row& row, OrderItem& item) = 0;
  virtual void line(const Row& row, OrderItem& item) = 0;

 private:
  std::optional<OrderItem> open_;
};

class AmazonOrders final : public Gathering {
 public:
  std::string name() const override { return "amazon orders"; }
  bool quoted() const override { return false; }

 protected:
  std::string_view key_of(const Row& row) const override { return row.cell("order-id"); }
  const char* key_column() const override { return "order-id"; }
  void first(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    order.channel = "amazon";
    order.placed_at = time_of(row.cell("purchase-date"), "purchase-date", item.faults);
    order.ship_by = time_of(row.cell("promise-date").empty() ? row.cell("latest-ship-date") : row.cell("promise-date"),
                            "promise-date", item.faults);
    order.shipping_method = row.cell("ship-service-level");
    order.country_code = country_of(row.cell("ship-country"));
    if (const auto currency = row.cell("currency"); !currency.empty()) {
      const auto parsed = Currency::parse(currency);
      if (parsed.ok())
        order.currency = *parsed;
      else
        item.faults.push_back({"currency", "format", parsed.error().message});
    }
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
                 {"zip_code", row.cell("bill-postal-code")},
                 {"city", row.cell("bill-city")},
                 {"state", row.cell("bill-state")},
                 {"country_code", row.cell("bill-country")}});
    put_field(order.buyer, vault::Field::email, row.cell("buyer-email"));
    put_field(order.buyer, vault::Field::phone,
              row.cell("ship-phone-number").empty() ? row.cell("buyer-phone-number") : row.cell("ship-phone-number"));
    put_field(order.buyer, vault::Field::message, row.cell("delivery-Instructions"));
  }
  void line(const Row& row, OrderItem& item) override {
    orders::PlaceLine line;
    line.channel_line_id = row.cell("order-item-id");
    for (const auto& known : item.order.lines)  // a row may repeat for each promotion
      if (!line.channel_line_id.empty() && known.channel_line_id == line.channel_line_id) return;
    line.sku = row.cell("sku");
    line.title = row.cell("product-name");
    const auto quantity = parse_int(row.cell("quantity-purchased"));
    if (!quantity) item.faults.push_back({"quantity-purchased", "type", "must be a whole number"});
    line.quantity = quantity.value_or(0);
    if (item.order.currency && quantity && *quantity > 0)  // item-price is for the whole line
      if (auto price = money_of(row.cell("item-price"), *item.order.currency, "item-price", item.faults))
        line.price = Money{price->minor / *quantity, price->currency};
    item.order.lines.push_back(std::move(line));
  }
};

class ShopifyOrders final : public Gathering {
 public:
  std::string name() const override { return "shopify orders"; }

 protected:
  std::string_view key_of(const Row& row) const override { return row.cell("Name"); }
  const char* key_column() const override { return "Name"; }
  void first(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    order.channel = "shopify";
    if (const auto currency = row.cell("Currency"); !currency.empty()) {
      const auto parsed = Currency::parse(currency);
      if (parsed.ok())
        order.currency = *parsed;
      else
        item.faults.push_back({"Currency", "format", parsed.error().message});
    }
    const Currency currency = order.currency.value_or(Currency{});
    order.placed_at = time_of(row.cell("Created at"), "Created at", item.faults);
    order.total = money_of(row.cell("Total"), currency, "Total", item.faults);
    order.shipping_cost = money_of(row.cell("Shipping"), currency, "Shipping", item.faults);
    order.shipping_method = row.cell("Shipping Method");
    order.payment_method = row.cell("Payment Method");
    order.country_code = country_of(row.cell("Shipping Country"));
    const std::string financial = lower_ascii(row.cell("Financial Status")),
                      fulfilment = lower_ascii(row.cell("Fulfillment Status"));
    order.paid = financial != "pending" && financial != "authorized" && financial != "voided";
    if (!row.cell("Cancelled at").empty() || !row.cell("Canceled at").empty())
      order.channel_status = "cancelled";
    else if (fulfilment == "fulfilled")
      order.channel_status = "shipped";
    const auto address = [&](const std::string& prefix, vault::Field field) {
      put_address(order.buyer, field,
                  {{"first_name", row.cell(prefix + "Name")},
                   {"company_name", row.cell(prefix + "Company")},
                   {"street_name", row.cell(prefix + "Address1")},
                   {"address_2", row.cell(prefix + "Address2")},
                   {"zip_code", unquoted(row.cell(prefix + "Zip"))},
                   {"city", row.cell(prefix + "City")},
                   {"state", row.cell(prefix + "Province")},
                   {"country_code", row.cell(prefix + "Country")}});
    };
    address("Shipping ", vault::Field::shipping);
    address("Billing ", vault::Field::billing);
    put_field(order.buyer, vault::Field::email, row.cell("Email"));
    put_field(order.buyer, vault::Field::phone,
              unquoted(row.cell("Phone").empty() ? row.cell("Shipping Phone") : row.cell("Phone")));
    put_field(order.buyer, vault::Field::message, row.cell("Notes"));
  }
  void line(const Row& row, OrderItem& item) override {
    orders::PlaceLine line;
    line.channel_line_id = std::to_string(item.order.lines.size() + 1);
    line.sku = row.cell("Lineitem sku");
    line.title = row.cell("Lineitem name");
    const auto quantity = parse_int(row.cell("Lineitem quantity"));
    if (!quantity) item.faults.push_back({"Lineitem quantity", "type", "must be a whole number"});
    line.quantity = quantity.value_or(0);
    line.price =
        money_of(row.cell("Lineitem price"), item.order.currency.value_or(Currency{}), "Lineitem price", item.faults);
    item.order.lines.push_back(std::move(line));
  }
};

}  // namespace

std::unique_ptr<Party> order_party(const Header& header) {
  if (header.has("order-id") && header.has("order-item-id") && header.has("quantity-purchased"))
    return std::make_unique<AmazonOrders>();
  if (header.has("name") && header.has("lineitem quantity") && header.has("lineitem name") &&
      header.has("financial status"))
    return std::make_unique<ShopifyOrders>();
  return nullptr;
}

}  // namespace pf::exchange
