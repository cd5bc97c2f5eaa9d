// Shopify's orders CSV: an order's own columns are filled in its first row, each row carries a line.
#include <algorithm>

#include "exchange/gathering.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Shopify writes ' before postcodes and phone numbers, so that spreadsheets leave them alone.
std::string_view unquoted(std::string_view text) {
  return text.starts_with('\'') ? text.substr(1) : text;
}

// "NL BTW 21%" -> 2100 hundredths of a percent.
std::optional<std::int64_t> rate_in(std::string_view tax_name) {
  const std::size_t percent = tax_name.rfind('%');
  if (percent == std::string_view::npos) return std::nullopt;
  std::string_view digits = trim(tax_name.substr(0, percent));
  const std::size_t start = digits.find_last_not_of("0123456789.,");
  if (start != std::string_view::npos) digits.remove_prefix(start + 1);
  const auto amount = amount_of(digits);
  if (!amount) return std::nullopt;
  const auto rate = parse_money(amount->decimal, Currency{});  // two digits, as a rate has
  return rate.ok() ? std::optional(rate->minor) : std::nullopt;
}

// Squarespace writes the same table, with the order's number under another name.
class ShopifyOrders final : public Gathering {
 public:
  explicit ShopifyOrders(const Header& header) : key_(header.has("name") ? "Name" : "Order ID") {}
  std::string name() const override { return std::string(channel()) + " orders"; }

 protected:
  std::string_view key_of(const Row& row) const override { return row.cell(key_); }
  const char* key_column() const override { return key_; }
  std::string_view channel() const { return std::string_view(key_) == "Name" ? "shopify" : "squarespace"; }

  void first(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    order.channel = channel();
    order.currency = currency_of(row.cell("Currency"), "Currency", item.faults);
    const Currency currency = order.currency.value_or(Currency{});
    order.placed_at = time_of(row.cell("Created at"), "Created at", item.faults);
    order.total = money_of(row.cell("Total"), currency, "Total", item.faults);
    order.shipping_cost = money_of(row.cell("Shipping"), currency, "Shipping", item.faults);
    order.shipping_method = row.cell("Shipping Method");
    order.payment_method = row.cell("Payment Method");
    order.country_code = country_of(row.cell("Shipping Country"));
    const std::string financial = lower_ascii(row.cell("Financial Status")),
                      fulfilment = lower_ascii(row.cell("Fulfillment Status"));
    order.paid = financial != "pending" && financial != "authorized" && financial != "voided" &&
                 financial != "partially_paid" && financial != "expired";
    if (fulfilment == "fulfilled")
      order.channel_status = "shipped";
    else if (!row.cell("Cancelled at").empty() || !row.cell("Canceled at").empty() ||
             (financial == "refunded" && fulfilment != "partial"))
      order.channel_status = "cancelled";
    rate_ = std::nullopt;
    // Prices are without tax when the taxes come on top of what they add up to.
    std::vector<FieldFault> ignored;
    const auto subtotal = money_of(row.cell("Subtotal"), currency, "", ignored),
               taxes = money_of(row.cell("Taxes"), currency, "", ignored);
    if (subtotal && taxes && order.total && taxes->minor > 0 &&
        order.total->minor == subtotal->minor + taxes->minor + (order.shipping_cost ? order.shipping_cost->minor : 0))
      rate_ = rate_in(row.cell("Tax 1 Name"));
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
    if (const auto notes = row.cell("Note Attributes"); !notes.empty())
      put_field(order.buyer, vault::Field::extra, json::write(json::Value::object({{"note_attributes", notes}})));
  }

  void line(const Row& row, OrderItem& item) override {
    orders::PlaceLine line;
    line.channel_line_id = std::to_string(item.order.lines.size() + 1);
    line.sku = row.cell("Lineitem sku");
    line.title = row.cell("Lineitem name");
    line.quantity = pieces_of(row.cell("Lineitem quantity"), "Lineitem quantity", item.faults).value_or(0);
    if (equals_ignoring_case(row.cell("Lineitem fulfillment status"), "fulfilled")) line.shipped = line.quantity;
    line.price =
        money_of(row.cell("Lineitem price"), item.order.currency.value_or(Currency{}), "Lineitem price", item.faults);
    const bool taxable = !equals_ignoring_case(row.cell("Lineitem taxable"), "false");
    if (line.price && rate_ && taxable) line.price->minor += (line.price->minor * *rate_ + 5'000) / 10'000;
    item.order.lines.push_back(std::move(line));
  }

 private:
  const char* const key_;
  std::optional<std::int64_t> rate_;  // of the tax on top, for the order whose rows are being read
};

}  // namespace

std::unique_ptr<Party> shopify_orders(const Header& header) {
  if (!(header.has("name") || header.has("order id")) || !header.has("lineitem quantity") ||
      !header.has("lineitem name") || !header.has("lineitem price"))
    return nullptr;
  return std::make_unique<ShopifyOrders>(header);
}

}  // namespace pf::exchange
