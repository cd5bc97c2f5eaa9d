// Etsy's "sold order items" and eBay's orders report: a row an item, amounts with signs, dates as people write them.
#include <algorithm>
#include <array>

#include "exchange/gathering.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// "07/28/2025", "07/28/25" (American, as Etsy writes everywhere), "Jul-21-25", "21-Jul-25", and what time_of reads.
std::optional<Time> day_of(std::string_view text, const char* field, std::vector<FieldFault>& faults) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  const auto parts = split(text, text.find('/') != std::string_view::npos ? '/' : '-');
  if (parts.size() == 3 && parts[0].size() < 4) {
    const bool american = text.find('/') != std::string_view::npos;
    const auto first_month = month_named(parts[0]), second_month = month_named(parts[1]);
    std::int64_t month = 0;
    if (american)
      month = parse_int(parts[0]).value_or(0);
    else if (first_month || second_month)
      month = first_month ? *first_month : *second_month;
    const auto day = parse_int(american || first_month ? parts[1] : parts[0]), year = parse_int(parts[2]);
    if (day && year && month >= 1 && month <= 12 && *day >= 1 && *day <= 31 && *year >= 0 && *year < 3000) {
      const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year < 100 ? 2000 + *year : *year)},
                                             std::chrono::month{static_cast<unsigned>(month)},
                                             std::chrono::day{static_cast<unsigned>(*day)}};
      if (date.ok()) return Time{std::chrono::sys_days{date}};
    }
  }
  return time_of(text, field, faults);
}

class EtsyOrders final : public Gathering {
 public:
  std::string name() const override { return "etsy orders"; }

 protected:
  std::string_view key_of(const Row& row) const override { return row.cell("Order ID"); }
  const char* key_column() const override { return "Order ID"; }
  void first(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    order.channel = "etsy";
    order.currency = currency_of(row.cell("Currency"), "Currency", item.faults);
    const Currency currency = order.currency.value_or(Currency{});
    order.placed_at = day_of(row.cell("Sale Date"), "Sale Date", item.faults);
    order.paid = !row.header->has("Date Paid") || !row.cell("Date Paid").empty();
    order.payment_method = row.cell("Payment Type");
    order.shipping_cost = money_of(row.cell("Order Shipping"), currency, "Order Shipping", item.faults);
    const auto tax = money_of(row.cell("Order Sales Tax"), currency, "Order Sales Tax", item.faults);
    order.total = Money{(order.shipping_cost ? order.shipping_cost->minor : 0) + (tax ? tax->minor : 0), currency};
    order.country_code = country_of(row.cell("Ship Country"));
    put_address(order.buyer, vault::Field::shipping,
                {{"first_name", row.cell("Ship Name")},
                 {"street_name", row.cell("Ship Address1")},
                 {"address_2", row.cell("Ship Address2")},
                 {"zip_code", row.cell("Ship Zipcode")},
                 {"city", row.cell("Ship City")},
                 {"state", row.cell("Ship State")},
                 {"country_code", row.cell("Ship Country")}});
    if (const auto buyer = row.cell("Buyer"); !buyer.empty())
      put_field(order.buyer, vault::Field::extra, json::write(json::Value::object({{"buyer", buyer}})));
  }
  void line(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    const Currency currency = order.currency.value_or(Currency{});
    orders::PlaceLine line{.channel_line_id = std::string(row.cell("Transaction ID")),
                           .sku = std::string(row.cell("SKU")),
                           .title = std::string(row.cell("Item Name"))};
    if (const auto variation = row.cell("Variations"); !variation.empty())
      line.title += " (" + std::string(variation) + ")";
    line.quantity = pieces_of(row.cell("Quantity"), "Quantity", item.faults).value_or(0);
    line.price = money_of(row.cell("Price"), currency, "Price", item.faults);  // of one piece
    const auto whole = money_of(row.cell("Item Total"), currency, "Item Total", item.faults);
    const auto off = money_of(row.cell("Discount Amount"), currency, "Discount Amount", item.faults);
    order.total->minor += (whole        ? whole->minor
                           : line.price ? line.price->minor * line.quantity
                                        : 0) -
                          (off ? std::abs(off->minor) : 0);
    if (!row.cell("Date Shipped").empty()) line.shipped = std::max<std::int64_t>(line.quantity, 0);
    order.lines.push_back(std::move(line));
  }
};

class EbayOrders final : public Gathering {
 public:
  std::string name() const override { return "ebay orders"; }
  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>& orders) override {
    // "83 record(s) downloaded", "Seller ID : x" stand below the orders.
    const auto filled = std::ranges::count_if(row.cells, [](const std::string& cell) { return !trim(cell).empty(); });
    if (filled <= 2 && (key_of(row).empty() || key_of(row).find("record(s)") != std::string_view::npos)) return;
    Gathering::row(row, products, orders);
  }

 protected:
  std::string_view key_of(const Row& row) const override { return row.cell("Order Number"); }
  const char* key_column() const override { return "Order Number"; }
  // British sites post where American ones ship.
  static std::string_view to(const Row& row, const std::string& what) {
    const auto shipped = row.cell("Ship To " + what);
    return shipped.empty() ? row.cell("Post To " + what) : shipped;
  }
  void first(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    order.channel = "ebay";
    for (const char* column : {"Total Price", "Sold For"})
      if (const auto amount = amount_of(row.cell(column)); amount && !amount->currency.empty() && !order.currency)
        order.currency = currency_of(amount->currency, column, item.faults);
    const Currency currency = order.currency.value_or(Currency{});
    order.total = money_of(row.cell("Total Price"), currency, "Total Price", item.faults);
    order.shipping_cost = money_of(row.cell("Shipping And Handling"), currency, "Shipping And Handling", item.faults);
    order.placed_at = day_of(row.cell("Sale Date"), "Sale Date", item.faults);
    order.ship_by = day_of(row.cell("Ship By Date"), "Ship By Date", item.faults);
    order.paid = !row.cell("Paid On Date").empty();
    order.payment_method = row.cell("Payment Method");
    order.shipping_method = row.cell("Shipping Service");
    if (!row.cell("Shipped On Date").empty()) order.channel_status = "shipped";
    const auto country = to(row, "Country");
    order.country_code = country_of(country);
    const auto zip = to(row, "Zip");
    put_address(order.buyer, vault::Field::shipping,
                {{"first_name", to(row, "Name")},
                 {"street_name", to(row, "Address 1")},
                 {"address_2", to(row, "Address 2")},
                 {"zip_code", zip.empty() ? row.cell("Post To Postcode") : zip},
                 {"city", to(row, "City")},
                 {"state", to(row, "State")},
                 {"country_code", country}});
    put_address(order.buyer, vault::Field::billing,
                {{"first_name", row.cell("Buyer Name")},
                 {"street_name", row.cell("Buyer Address 1")},
                 {"address_2", row.cell("Buyer Address 2")},
                 {"zip_code", row.cell("Buyer Zip")},
                 {"city", row.cell("Buyer City")},
                 {"state", row.cell("Buyer State")},
                 {"country_code", row.cell("Buyer Country")}});
    put_field(order.buyer, vault::Field::email, row.cell("Buyer Email"));
    put_field(order.buyer, vault::Field::phone, to(row, "Phone"));
    put_field(order.buyer, vault::Field::message, row.cell("Buyer Note"));
  }
  void line(const Row& row, OrderItem& item) override {
    if (row.cell("Item Title").empty() && row.cell("Item Number").empty()) return;  // the sum above an order's items
    const Currency currency = item.order.currency.value_or(Currency{});
    orders::PlaceLine line{.channel_line_id = std::string(row.cell("Transaction ID")),
                           .sku = std::string(row.cell("Custom Label")),
                           .title = std::string(row.cell("Item Title"))};
    if (const auto variation = row.cell("Variation Details"); !variation.empty())
      line.title += " " + std::string(variation);
    line.quantity = pieces_of(row.cell("Quantity"), "Quantity", item.faults).value_or(0);
    line.price = money_of(row.cell("Sold For"), currency, "Sold For", item.faults);
    item.order.lines.push_back(std::move(line));
  }
};

}  // namespace

Result<std::unique_ptr<Party>> etsy_orders(const Header& header) {
  if (!header.has("Order ID") || !header.has("Sale Date")) return std::unique_ptr<Party>();
  if (header.has("Transaction ID") && header.has("Item Name"))
    return std::unique_ptr<Party>(std::make_unique<EtsyOrders>());
  if (header.has("Number of Items") && header.has("Order Total"))
    return error(ErrorCode::unsupported,
                 "This is Etsy's list of orders, which does not say what was sold. Download \"Order Items\" there "
                 "instead and import that.");
  return std::unique_ptr<Party>();
}

std::unique_ptr<Party> ebay_orders(const Header& header) {
  if (!header.has("Order Number") || !header.has("Custom Label") || !header.has("Sold For")) return nullptr;
  return std::make_unique<EbayOrders>();
}

}  // namespace pf::exchange
