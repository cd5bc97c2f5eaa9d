#include <cstring>

#include "reference_csv.h"
#include "shop.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;

namespace fs = std::filesystem;

namespace {

// Rows for a header: named cells, the others empty.
std::string rows_for(const std::string& header, char delimiter,
                     const std::vector<std::map<std::string, std::string>>& rows) {
  const auto names = reference_csv(header, delimiter)[0];
  std::string out = header.substr(0, header.find_last_not_of("\r\n") + 1) + "\n";
  for (const auto& row : rows) {
    std::size_t used = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) out += delimiter;
      const auto cell = row.find(names[i]);
      if (cell == row.end()) continue;
      out += cell->second;
      ++used;
    }
    // Only what this header has is filled; a test may offer more.
    REQUIRE(used > 0);
    out += "\n";
  }
  return out;
}

std::string utf16(const std::string& utf8) {  // of ASCII and Latin-1 letters
  std::string out = "\xff\xfe";
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) {
      out += utf8[i];
    } else {
      out += static_cast<char>(((byte & 3) << 6) | (static_cast<unsigned char>(utf8[i + 1]) & 63));
      ++i;
    }
    out += '\0';
  }
  return out;
}
std::string latin1(const std::string& utf8) {
  const std::string wide = utf16(utf8);
  std::string out;
  for (std::size_t i = 2; i < wide.size(); i += 2) out += wide[i];
  return out;
}

const std::vector<std::map<std::string, std::string>> kAmazonRows{
    {{"order-id", "302-1"},
     {"amazon-order-id", "302-1"},
     {"order-item-id", "11"},
     {"purchase-date", "2026-01-14T23:30:00+02:00"},
     {"sku", "A-1"},
     {"product-name", "5\" pipe"},
     {"quantity-purchased", "3"},
     {"quantity", "3"},
     {"quantity-shipped", "1"},
     {"quantity-to-ship", "2"},
     {"currency", "EUR"},
     {"item-price", "30.00"},
     {"item-tax", "4.79"},
     {"shipping-price", "4.95"},
     {"shipping-tax", "0.79"},
     {"recipient-name", "Zo\xc3\xab Quillonbury"},
     {"ship-address-1", "Vexillologylaan 77"},
     {"ship-city", "Quillonstad"},
     {"ship-postal-code", "9876 ZX"},
     {"ship-country", "NL"},
     {"buyer-email", "zyx@marketplace.example"},
     {"promise-date", "2026-01-17T22:59:59+00:00"},
     {"latest-ship-date", "2026-01-17T22:59:59+00:00"},
     {"order-status", "Unshipped"},
     {"item-status", "Unshipped"},
     {"fulfillment-channel", "Merchant"},
     {"item-promotion-discount", "1.00"}},
    {{"order-id", "302-2"},
     {"amazon-order-id", "302-2"},
     {"order-item-id", "21"},
     {"purchase-date", "2026-01-15T01:00:00+00:00"},
     {"sku", "B-1"},
     {"product-name", "Mug"},
     {"quantity-purchased", "1"},
     {"quantity", "1"},
     {"currency", "EUR"},
     {"item-price", "9.99"},
     {"recipient-name", "Bob"},
     {"ship-country", "DE"},
     {"order-status", "Unshipped"}},
    {{"order-id", "302-1"},
     {"amazon-order-id", "302-1"},
     {"order-item-id", "12"},
     {"purchase-date", "2026-01-14T23:30:00+02:00"},
     {"sku", "A-2"},
     {"product-name", "Tape"},
     {"quantity-purchased", "2"},
     {"quantity", "2"},
     {"currency", "EUR"},
     {"item-price", "5.00"},
     {"shipping-price", "0.00"}},
};

}  // namespace

TEST_CASE("pain 10, no address by Amazon's API: its reports, in UTF-8, Latin-1 and UTF-16, give the same orders" *
          test::whole) {
  const auto folder = shared_data() / "csv-headers";
  if (skipped_without(folder)) return;
  for (const char* name : {"amazon_unshipped_official_27.tsv", "amazon_unshipped_sellercentral_IN_2025.tsv",
                           "amazon_order_report_EU_mws.tsv", "amazon_order_report_full_new.tsv",
                           "amazon_all_orders_by_last_update_official.tsv"}) {
    INFO(std::string(name));
    const std::string file = rows_for(content_of(folder / name), '\t', kAmazonRows);
    const bool priced = std::strstr(name, "unshipped") == nullptr;
    const bool named = std::strstr(name, "by_last_update") == nullptr;
    for (const std::string& bytes : {file, latin1(file), utf16(file), "\xef\xbb\xbf" + file}) {
      ImportShop shop;
      const Done done = shop.import(bytes);
      CHECK_MESSAGE(done.counts.created == 3, done);  // rows; two orders
      CHECK(done.adds_up());
      CHECK(shop.order_count() == 2);
      const auto order = shop.order("302-1");
      CHECK(order.channel == "amazon");
      CHECK(rfc3339(order.placed_at) == "2026-01-14T21:30:00Z");
      REQUIRE(order.lines.size() == 2);  // though another order's row stands between
      CHECK(order.lines[0].title == "5\" pipe");
      CHECK(order.lines[0].count.ordered == 3);
      CHECK(order.lines[1].sku == "A-2");
      CHECK(order.country_code == "NL");
      if (priced) {
        CHECK(decimal(*order.lines[0].price) == "10.00");
        CHECK(decimal(*order.lines[1].price) == "2.50");
        CHECK(decimal(*order.total) == "38.95");  // 30 + 5 + 4.95 - 1: European prices hold their tax
        CHECK(decimal(*order.shipping_cost) == "4.95");
      } else {
        CHECK_FALSE(order.total.has_value());
        CHECK_FALSE(order.lines[0].price.has_value());
        CHECK(order.lines[0].count.shipped == 1);
        CHECK(orders::status_of(order) == orders::OrderStatus::partially_shipped);
        CHECK(rfc3339(*order.ship_by) == "2026-01-17T22:59:59Z");
      }
      if (named) {
        const auto buyer = shop.orders->reveal(shop.clerk, order.id, "test");
        REQUIRE(buyer.ok());
        CHECK(buyer->find(vault::Field::shipping)->in_the_clear().find("Zo\xc3\xab") != std::string::npos);
        CHECK(buyer->find(vault::Field::email)->in_the_clear() == "zyx@marketplace.example");
      }
      const Done again = shop.import(bytes);
      CHECK_MESSAGE(again.counts.unchanged == 3, again);
      CHECK(shop.order_count() == 2);
    }
  }
}

TEST_CASE("amazon: what is cancelled, sent or sent by Amazon never touches our stock") {
  ImportShop shop;
  shop.import("sku,title\nA,one\n");
  shop.import("sku,stock\nA,10\n");
  const std::string header =
      "amazon-order-id\tpurchase-date\torder-status\tfulfillment-channel\tsku\tproduct-name\titem-"
      "status\tquantity\tcurrency\titem-price\titem-tax\n";
  const Done done = shop.import(header +
                                "1\t2026-01-14T10:00:00Z\tCancelled\tMerchant\tA\tx\tCancelled\t0\tUSD\t\t\n"
                                "2\t2026-01-14T10:00:00Z\tShipped\tMerchant\tA\tx\tShipped\t2\tUSD\t20.00\t1.50\n"
                                "3\t2026-01-14T10:00:00Z\tPending\tAmazon\tA\tx\tUnshipped\t1\tUSD\t10.00\t0.75\n"
                                "4\t2026-01-14T10:00:00Z\tPending\tMerchant\tA\tx\tUnshipped\t1\tUSD\t10.00\t0.75\n");
  CHECK_MESSAGE(done.counts.created == 3, done);
  CHECK_MESSAGE(done.refusals().find("2: quantity cancelled") != std::string::npos, done);
  CHECK(orders::status_of(shop.order("2")) == orders::OrderStatus::shipped);
  CHECK(decimal(*shop.order("2").total) == "21.50");  // in America the tax comes on top
  CHECK(decimal(*shop.order("2").lines[0].price) == "10.75");
  CHECK(orders::status_of(shop.order("3")) == orders::OrderStatus::shipped);
  CHECK(orders::status_of(shop.order("4")) == orders::OrderStatus::awaiting_payment);
  CHECK(shop.available("A") == 9);
}

TEST_CASE("shopify: the export of 79 columns, several rows an order") {
  const auto path = shared_data() / "csv-headers" / "shopify_orders_export_79.csv";
  if (skipped_without(path)) return;
  const std::string header = content_of(path);
  const std::string file = rows_for(header, ',',
                                    {{{"Name", "#1001"},
                                      {"Email", "zyx@example.com"},
                                      {"Financial Status", "paid"},
                                      {"Fulfillment Status", "partial"},
                                      {"Currency", "EUR"},
                                      {"Subtotal", "25.00"},
                                      {"Shipping", "4.95"},
                                      {"Taxes", "5.20"},
                                      {"Total", "29.95"},
                                      {"Created at", "2026-01-14 00:23:45 +0100"},
                                      {"Lineitem quantity", "2"},
                                      {"Lineitem name", "\"Shirt, blue\""},
                                      {"Lineitem price", "10.00"},
                                      {"Lineitem sku", "S-1"},
                                      {"Lineitem fulfillment status", "fulfilled"},
                                      {"Shipping Name", "Zo\xc3\xab Quillonbury"},
                                      {"Shipping Zip", "'9876 ZX"},
                                      {"Shipping Country", "NL"},
                                      {"Phone", "'+31 97 0000 0123"},
                                      {"Tax 1 Name", "NL BTW 21%"},
                                      {"Tax 1 Value", "5.20"}},
                                     {{"Name", "#1001"},
                                      {"Email", "zyx@example.com"},
                                      {"Lineitem quantity", "1"},
                                      {"Lineitem name", "Mug"},
                                      {"Lineitem price", "5.00"},
                                      {"Lineitem sku", "M-1"},
                                      {"Lineitem fulfillment status", "pending"}},
                                     {{"Name", "#1002"},
                                      {"Financial Status", "refunded"},
                                      {"Fulfillment Status", "unfulfilled"},
                                      {"Currency", "USD"},
                                      {"Subtotal", "100.00"},
                                      {"Shipping", "0.00"},
                                      {"Taxes", "8.25"},
                                      {"Total", "108.25"},
                                      {"Created at", "2026-01-14 11:00:00 -0500"},
                                      {"Lineitem quantity", "1"},
                                      {"Lineitem name", "Hat"},
                                      {"Lineitem price", "100.00"},
                                      {"Tax 1 Name", "Texas State Tax 8.25%"}},
                                     {{"Name", "#1003"},
                                      {"Financial Status", "pending"},
                                      {"Currency", "EUR"},
                                      {"Total", "1.00"},
                                      {"Created at", "2026-01-14 11:00:00 +0000"},
                                      {"Lineitem quantity", "1"},
                                      {"Lineitem name", "Hat"},
                                      {"Lineitem price", "1.00"}}});
  ImportShop shop;
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.counts.created == 4, done);
  CHECK(shop.order_count() == 3);
  const auto order = shop.order("#1001");
  REQUIRE(order.lines.size() == 2);
  CHECK(rfc3339(order.placed_at) == "2026-01-13T23:23:45Z");
  CHECK(decimal(*order.total) == "29.95");
  CHECK(decimal(*order.lines[0].price) == "10.00");
  CHECK(order.lines[0].count.shipped == 2);
  CHECK(orders::status_of(order) == orders::OrderStatus::partially_shipped);
  CHECK(orders::status_of(shop.order("#1002")) == orders::OrderStatus::cancelled);
  CHECK(decimal(*shop.order("#1002").lines[0].price) == "108.25");  // tax on top, so that a piece costs what was paid
  CHECK(orders::status_of(shop.order("#1003")) == orders::OrderStatus::awaiting_payment);
  const auto buyer = shop.orders->reveal(shop.clerk, order.id, "test");
  REQUIRE(buyer.ok());
  CHECK(buyer->find(vault::Field::phone)->in_the_clear() == "+31 97 0000 0123");
  CHECK(buyer->find(vault::Field::shipping)->in_the_clear().find("\"9876 ZX\"") != std::string::npos);
  CHECK(shop.import(file).counts.unchanged == 4);

  SUBCASE("and what was sent there since is sent here too, once, out of our stock") {
    shop.import("sku,title\nM-1,Mug\n");
    shop.import("sku,stock\nM-1,5\n");
    CHECK(shop.order("#1001").lines[1].count.allocated == 1);
    std::string later = file;
    later.replace(later.find(",partial,"), 9, ",fulfilled,");
    CHECK_MESSAGE(shop.import(later).counts.changed == 2, "both rows of the order");
    CHECK(orders::status_of(shop.order("#1001")) == orders::OrderStatus::shipped);
    CHECK(shop.stock->level(shop.store->read(), "M-1")->on_hand == 4);
    CHECK(shop.import(later).counts.unchanged == 4);
  }
}

TEST_CASE("order rows that make no sense are refused without repeating what they hold") {
  ImportShop shop;
  const Done done = shop.import(
      "order-id\torder-item-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\trecipient-"
      "name\n"
      "1\t1\tZyxander\tA\tx\tQuillonbury\tEUR\tVexillology\tBob\n"
      "\t1\t2026-01-14\tA\tx\t1\tEUR\t1\tBob\n"
      "3\t1\t2026-01-14\tA\tx\t1\tEUR\t1.00\tBob\n");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.counts.refused == 2);
  const std::string all = done.refusals() + done.told("notice") + done.failure;
  for (const char* secret : {"Zyxander", "Quillonbury", "Vexillology", "Bob"})
    CHECK_MESSAGE(all.find(secret) == std::string::npos, std::string(secret));
  CHECK(all.find("2: purchase-date time") != std::string::npos);
  CHECK(all.find("3: order-id required") != std::string::npos);
}

TEST_CASE("every JSON file of the web shops is read as orders or refused with a reason" * test::whole) {
  if (skipped_without(shared_data() / "woocommerce-ios-fixtures")) return;
  std::size_t files = 0, orders = 0;
  for (const char* name : {"woocommerce-ios-fixtures", "woocommerce-docs", "shopify-fixtures"})
    for (const auto& entry : fs::directory_iterator(shared_data() / name)) {
      if (entry.path().extension() != ".json") continue;
      ++files;
      ImportShop shop;
      const Done done = shop.import(content_of(entry.path()));
      INFO(entry.path().string());
      CHECK(done.adds_up());
      CHECK((!done.failure.empty() || done.counts.rows > 0));
      for (const auto& row : done.rows)
        if (row.outcome == "refused") CHECK(!row.errors.empty());
      orders += shop.order_count();
      if (std::getenv("PF_SHOW") != nullptr) std::cout << entry.path().filename() << " " << done;
      if (done.counts.created == 0) continue;
      const Done again = shop.import(content_of(entry.path()));
      CHECK_MESSAGE(again.counts.unchanged == done.counts.created, again);
    }
  CHECK(files > 75);
  CHECK(orders > 30);
}

TEST_CASE("woocommerce: an order's amounts, time, status and buyer") {
  const auto path = shared_data() / "woocommerce-ios-fixtures" / "order.json";
  if (skipped_without(path)) return;
  const std::string bytes = content_of(path);
  const auto file = json::parse(bytes);
  const json::Value& in = *file->find("data");
  ImportShop shop;
  CHECK(shop.import(bytes).counts.created == 1);
  const auto order = shop.order(*in.find("number")->as_string());
  CHECK(decimal(*order.total) == *in.find("total")->as_string());
  CHECK(rfc3339(order.placed_at) == *in.find("date_created_gmt")->as_string() + "Z");
  const auto& lines = *in.find("line_items")->as_array();
  REQUIRE(order.lines.size() == lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CHECK(order.lines[i].sku == *lines[i].find("sku")->as_string());
    const auto pieces = lines[i].find("quantity")->as_int();
    CHECK(order.lines[i].count.ordered == pieces.value_or(1));
    if (!pieces) CHECK(order.lines[i].title.ends_with("\u00d7 1.5"));
    const auto total = parse_money(*lines[i].find("total")->as_string(), order.currency);
    const auto tax = parse_money(*lines[i].find("total_tax")->as_string(), order.currency);
    CHECK(order.lines[i].price->minor * order.lines[i].count.ordered - total->minor - tax->minor <=
          order.lines[i].count.ordered);
  }
}

TEST_CASE("shopify: orders as its API answers them") {
  const auto folder = shared_data() / "shopify-fixtures";
  if (skipped_without(folder)) return;
  ImportShop shop;
  const Done bare = shop.import(content_of(folder / "orders.json"));
  CHECK_MESSAGE(bare.format == "shopify orders", bare);
  CHECK_MESSAGE(bare.refusals().find("lines required") != std::string::npos, bare);  // this answer leaves them out
  const Done done = shop.import(content_of(folder / "order.json"));
  CHECK_MESSAGE(done.counts.created == 1, done);
  const auto in = json::parse(content_of(folder / "order.json"));
  const json::Value& sent = *in->find("order");
  const auto order = shop.order(*sent.find("name")->as_string());
  CHECK(decimal(*order.total) == *sent.find("total_price")->as_string());
  CHECK(order.currency.code() == *sent.find("currency")->as_string());
  CHECK(order.placed_at == *parse_time(*sent.find("created_at")->as_string()));
  CHECK(order.lines.size() == sent.find("line_items")->as_array()->size());
}

TEST_CASE("etsy: sold order items, with American dates and one shipping fee an order") {
  const auto folder = shared_data() / "csv-headers";
  if (skipped_without(folder)) return;
  const std::string file = rows_for(content_of(folder / "etsy_sold_order_items.csv"), ',',
                                    {{{"Sale Date", "07/28/25"},
                                      {"Item Name", "Mug"},
                                      {"Quantity", "2"},
                                      {"Price", "10.00"},
                                      {"Order Shipping", "4.95"},
                                      {"Order Sales Tax", "1.00"},
                                      {"Item Total", "20.00"},
                                      {"Currency", "EUR"},
                                      {"Transaction ID", "T1"},
                                      {"Date Paid", "07/28/2025"},
                                      {"Ship Name", "Zyxander Quillonbury"},
                                      {"Ship Country", "The Netherlands"},
                                      {"Order ID", "900"},
                                      {"SKU", "M-1"}},
                                     {{"Sale Date", "07/28/25"},
                                      {"Item Name", "Hat"},
                                      {"Quantity", "1"},
                                      {"Price", "5.00"},
                                      {"Order Shipping", "4.95"},
                                      {"Item Total", "5.00"},
                                      {"Currency", "EUR"},
                                      {"Transaction ID", "T2"},
                                      {"Date Shipped", "07/29/2025"},
                                      {"Order ID", "900"}}});
  ImportShop shop;
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.counts.created == 2, done);
  const auto order = shop.order("900");
  CHECK(rfc3339(order.placed_at) == "2025-07-28T00:00:00Z");
  CHECK(decimal(*order.total) == "30.95");
  CHECK(decimal(*order.lines[0].price) == "10.00");
  CHECK(orders::status_of(order) == orders::OrderStatus::partially_shipped);
  CHECK(shop.import(file).counts.unchanged == 2);
  CHECK(shop.import(content_of(folder / "etsy_sold_orders.csv")).failure.find("Order Items") != std::string::npos);
}

TEST_CASE("ebay: the orders report, with a preamble, signs, named months and a footer") {
  const auto path = shared_data() / "csv-headers" / "ebay_orders_report_51.csv";
  if (skipped_without(path)) return;
  const std::string file = "\n" +
                           rows_for(content_of(path), ',',
                                    {{{"Sales Record Number", "1"},
                                      {"Order Number", "12-1"},
                                      {"Buyer Name", "Zyxander"},
                                      {"Item Title", "Mug"},
                                      {"Item Number", "77"},
                                      {"Custom Label", "M-1"},
                                      {"Quantity", "2"},
                                      {"Sold For", "$10.00"},
                                      {"Shipping And Handling", "$4.95"},
                                      {"Total Price", "$24.95"},
                                      {"Sale Date", "Jul-21-25"},
                                      {"Paid On Date", "Jul-21-25"},
                                      {"Ship By Date", "Jul-23-25"},
                                      {"Transaction ID", "T9"},
                                      {"Ship To Country", "United States"}}}) +
                           "\n1,record(s) downloaded\nSeller ID : x\n";
  ImportShop shop;
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.counts.rows == 1);
  const auto order = shop.order("12-1");
  CHECK(order.currency.code() == "USD");
  CHECK(decimal(*order.total) == "24.95");
  CHECK(rfc3339(order.placed_at) == "2025-07-21T00:00:00Z");
  CHECK(rfc3339(*order.ship_by) == "2025-07-23T00:00:00Z");
  CHECK(order.lines[0].sku == "M-1");
  CHECK(shop.import(file).counts.unchanged == 1);
}
