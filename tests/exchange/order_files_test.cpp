#include <cstring>

#include "reference_csv.h"
#include "sealed_orders.h"
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
  CHECK_MESSAGE(done.refusals().find("2: lines cancelled") != std::string::npos, done);
  CHECK(orders::status_of(shop.order("2")) == orders::OrderStatus::shipped);
  CHECK(decimal(*shop.order("2").total) == "21.50");  // in America the tax comes on top
  CHECK(decimal(*shop.order("2").lines[0].price) == "10.75");
  CHECK(orders::status_of(shop.order("3")) == orders::OrderStatus::shipped);
  CHECK(orders::status_of(shop.order("4")) == orders::OrderStatus::awaiting_payment);
  CHECK(shop.available("A") == 9);
}

TEST_CASE("amazon: an order that is known is cancelled where all of its lines are of no pieces") {
  const auto file = [](const char* status, const char* quantity) {
    return "amazon-order-id\tpurchase-date\torder-status\tsku\tproduct-name\tquantity\n"
           "402-1\t2026-01-14T21:30:00+00:00\t" +
           std::string(status) + "\tMUG\tMug\t" + quantity + "\n";
  };
  ImportShop shop;
  REQUIRE(shop.import(file("Unshipped", "2")).counts.created == 1);
  CHECK(shop.import(file("Cancelled", "0")).counts.changed == 1);
  CHECK(orders::status_of(shop.order("402-1")) == orders::OrderStatus::cancelled);
  CHECK(shop.import(file("Cancelled", "0")).counts.unchanged == 1);
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

namespace {

const char* const kMagentoOrder = R"({"base_currency_code":"USD","created_at":"2026-01-14 21:30:00",
  "customer_email":"zyx@shop.example","customer_firstname":"Zyx","discount_amount":-12.1,"entity_id":3,
  "grand_total":122.85,"increment_id":"000000003","order_currency_code":"EUR","shipping_description":"Flat Rate - Fixed",
  "shipping_incl_tax":4.95,"state":"processing","status":"packing_now","total_due":0,"total_paid":122.85,
  "items":[
    {"item_id":10,"sku":"MH01-S-Gray","name":"Hoodie","product_type":"configurable","qty_ordered":2,"qty_shipped":1,
     "qty_canceled":0,"qty_refunded":0,"price":50,"price_incl_tax":60.5,"row_total":100,"row_total_incl_tax":121,
     "tax_amount":18.9,"discount_amount":12.1,"discount_tax_compensation_amount":2.1},
    {"item_id":11,"parent_item_id":10,"sku":"MH01-S-Gray","name":"Hoodie-S-Gray","product_type":"simple",
     "qty_ordered":2,"price":0,"row_total":0,"tax_amount":0,"parent_item":{"item_id":10,"sku":"MH01-S-Gray"}},
    {"item_id":20,"sku":"KIT","name":"Kit","product_type":"bundle","qty_ordered":1,"qty_shipped":0,
     "price_incl_tax":10,"row_total":9,"tax_amount":0,"discount_amount":0},
    {"item_id":21,"parent_item_id":20,"sku":"KIT-A","name":"Ball","product_type":"simple","qty_ordered":1,
     "row_total":9,"tax_amount":1,"discount_amount":0.9}],
  "billing_address":{"firstname":"Zo\u00eb","lastname":"Quillonbury","street":["Vexillologylaan 77","2 hoog"],
    "city":"Quillonstad","postcode":"9876 ZX","country_id":"NL","telephone":"+31 97 0000 0123"},
  "payment":{"method":"banktransfer","additional_information":["Quillonbury"]},
  "extension_attributes":{"shipping_assignments":[{"shipping":{"address":{"firstname":"Zo\u00eb",
    "lastname":"Quillonbury","company":"Quill","street":["Vexillologylaan 77","2 hoog"],"city":"Antwerpen",
    "region":"Antwerpen","postcode":"2000","country_id":"BE","telephone":"+31 97 0000 0123"},
    "method":"flatrate_flatrate"}}]}})";
std::string magento_list(const std::string& order) {
  return R"({"items":[)" + order + R"(],"search_criteria":{"filter_groups":[]},"total_count":1})";
}

const char* const kBolOrder = R"({"orderId":"A2K8290LP8","pickupPoint":false,
  "orderPlacedDateTime":"2026-01-14T23:30:00+02:00",
  "shipmentDetails":{"salutation":"MALE","firstName":"Zo\u00eb","surname":"Quillonbury","streetName":"Vexillologylaan",
    "houseNumber":"77","houseNumberExtension":"A","zipCode":"9876 ZX","city":"Quillonstad","countryCode":"NL",
    "email":"zyx@verkopen.example","deliveryPhoneNumber":"+31 97 0000 0123","language":"nl"},
  "billingDetails":{"firstName":"Zo\u00eb","surname":"Quillonbury","streetName":"Vexillologylaan","houseNumber":"78",
    "zipCode":"9876 ZX","city":"Quillonstad","countryCode":"NL","email":"zyx@verkopen.example"},
  "orderItems":[
    {"orderItemId":"2012345678","cancellationRequest":false,"fulfilment":{"method":"FBR","distributionParty":"RETAILER",
      "latestDeliveryDate":"2026-01-17"},"offer":{"offerId":"6ff736b5","reference":"MUG"},
     "product":{"ean":"8421152081990","title":"Mok"},"quantity":3,"quantityShipped":1,"quantityCancelled":1,
     "unitPrice":12.99,"commission":2.5,"latestChangedDateTime":"2026-01-14T23:30:00+02:00"},
    {"orderItemId":"2012345679","cancellationRequest":false,"fulfilment":{"method":"FBR"},
     "offer":{"offerId":"6ff736b6"},"product":{"ean":"8421152081990","title":"Bord"},"quantity":1,
     "quantityShipped":0,"quantityCancelled":0,"unitPrice":5}]})";

const char* const kVendureOrder = R"({"id":"7","code":"T3EPGJKTVZPBD6Z9","state":"PaymentSettled",
  "orderPlacedAt":"2026-01-14T21:30:00.000Z","currencyCode":"EUR","totalWithTax":2995,"shippingWithTax":495,
  "shippingLines":[{"shippingMethod":{"code":"standard","name":"Standard Shipping"}}],
  "payments":[{"method":"ideal","state":"Declined"},{"method":"card","state":"Settled"}],
  "customer":{"emailAddress":"zyx@shop.example","firstName":"Zo\u00eb","lastName":"Quillonbury",
    "phoneNumber":"+31 97 0000 0123"},
  "shippingAddress":{"fullName":"Zo\u00eb Quillonbury","company":"","streetLine1":"Vexillologylaan 77",
    "streetLine2":"2 hoog","city":"Quillonstad","province":"","postalCode":"9876 ZX","countryCode":"NL",
    "phoneNumber":null},
  "billingAddress":null,
  "lines":[{"id":"11","quantity":2,"proratedUnitPriceWithTax":1000,"unitPriceWithTax":1250,
    "productVariant":{"sku":"M-1","name":"Mug"}},
    {"id":"12","quantity":1,"unitPriceWithTax":500,"productVariant":{"sku":"H-1","name":"Hat"}}]})";
std::string vendure_list(const std::string& orders, const std::string& before = "") {
  return "{\n  \"data\": {\n    \"orders\": {" + before + "\n      \"items\": [" + orders + "], \"totalItems\": 1}}}";
}

}  // namespace

TEST_CASE("magento: orders as its REST API answers them, a line for each that the buyer chose") {
  ImportShop shop;
  const std::string file = magento_list(kMagentoOrder);
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.format == "magento orders");
  const auto order = shop.order("000000003");
  CHECK(order.channel == "magento");
  CHECK(order.currency.code() == "EUR");
  CHECK(rfc3339(order.placed_at) == "2026-01-14T21:30:00Z");
  CHECK(decimal(*order.total) == "122.85");
  CHECK(decimal(*order.shipping_cost) == "4.95");
  CHECK(order.payment_method == "banktransfer");
  CHECK(order.shipping_method == "Flat Rate - Fixed");
  CHECK(order.country_code == "BE");
  CHECK(order.paid);
  REQUIRE(order.lines.size() == 2);
  CHECK(order.lines[0].sku == "MH01-S-Gray");
  CHECK(decimal(*order.lines[0].price) == "54.45");  // 108.90 for two, after the discount
  CHECK(order.lines[0].count.shipped == 1);
  CHECK(order.lines[1].sku == "KIT");
  CHECK(decimal(*order.lines[1].price) == "9.10");  // its tax and discount stand with its part
  CHECK(orders::status_of(order) == orders::OrderStatus::partially_shipped);
  holds_nobody(order, done);
  const std::string to = sealed(shop, order, vault::Field::shipping);
  for (const char* part : {"Zo\xc3\xab", "Quillonbury", "Vexillologylaan 77", "2 hoog", "Antwerpen", "\"2000\"", "BE"})
    CHECK_MESSAGE(to.find(part) != std::string::npos, std::string(part));
  CHECK(sealed(shop, order, vault::Field::billing).find("9876 ZX") != std::string::npos);
  CHECK(sealed(shop, order, vault::Field::email) == "zyx@shop.example");
  CHECK(sealed(shop, order, vault::Field::phone) == "+31 97 0000 0123");
  CHECK(shop.import(file).counts.unchanged == 1);
  CHECK(shop.import(kMagentoOrder).counts.unchanged == 1);  // one order alone
}

TEST_CASE("magento: what the states mean, and one that is none") {
  const std::string unsent = with(kMagentoOrder, "\"qty_shipped\":1", "\"qty_shipped\":0");
  const auto state_of = [&](const std::string& text, const char* state, const char* due) {
    ImportShop shop;
    const Done done =
        shop.import(with(with(text, R"("state":"processing")", "\"state\":\"" + std::string(state) + "\""),
                         R"("total_due":0)", "\"total_due\":" + std::string(due)));
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(done.told("notice").empty() == (std::string(state) != "holded"));
    return orders::status_of(shop.order("000000003"));
  };
  using enum orders::OrderStatus;
  CHECK(state_of(unsent, "processing", "122.85") == open);
  CHECK(state_of(unsent, "new", "122.85") == awaiting_payment);
  CHECK(state_of(unsent, "new", "0") == open);
  CHECK(state_of(unsent, "new", "null") == awaiting_payment);  // not told: not taken for paid
  CHECK(state_of(unsent, "pending_payment", "122.85") == awaiting_payment);
  CHECK(state_of(unsent, "payment_review", "0") == awaiting_payment);
  CHECK(state_of(unsent, "holded", "0") == open);
  CHECK(state_of(unsent, "canceled", "0") == cancelled);
  CHECK(state_of(unsent, "complete", "0") == shipped);
  CHECK(state_of(unsent, "closed", "0") == cancelled);       // paid back before it was sent
  CHECK(state_of(kMagentoOrder, "closed", "0") == shipped);  // and after

  ImportShop shop;
  const auto refused = [&](const char* from, const char* to) {
    const Done done = shop.import(with(kMagentoOrder, from, to));
    CHECK_MESSAGE(done.counts.refused == 1, done);
    CHECK(shop.order_count() == 0);
    return done.refusals();
  };
  CHECK(refused(R"("state":"processing")", R"("state":"fraud")").find("state value") != std::string::npos);
  CHECK(refused(R"("state":"processing",)", "").find("state value") != std::string::npos);
  CHECK(refused(R"("state":"processing")", R"("state":{"a":1})").find("state type") != std::string::npos);
  CHECK(refused(R"("grand_total":122.85)", R"("grand_total":[1])").find("grand_total money") != std::string::npos);
  CHECK(refused(R"("total_due":0)", R"("total_due":"none")").find("total_due money") != std::string::npos);
  CHECK(refused(R"("qty_shipped":1)", R"("qty_shipped":true)").find("qty_shipped type") != std::string::npos);
  CHECK(refused(R"("qty_ordered":2,"qty_shipped":1)", R"("qty_ordered":9223372036854775807,"qty_shipped":1)")
            .find("qty_ordered type") != std::string::npos);
  CHECK(refused(R"("parent_item_id":20)", R"("parent_item_id":19)").find("parent_item_id unknown") !=
        std::string::npos);
  CHECK(refused(R"("parent_item_id":20)", R"("parent_item_id":true)").find("parent_item_id type") != std::string::npos);
  CHECK(refused(R"("sku":"MH01-S-Gray","name":"Hoodie","p)", R"("sku":["x"],"name":"Hoodie","p)")
            .find("items.sku type") != std::string::npos);
  CHECK(
      refused(R"("order_currency_code":"EUR")", R"("order_currency_code":null)").find("order_currency_code required") !=
      std::string::npos);
}

TEST_CASE("magento: a list of its products is none of orders") {
  ImportShop shop;
  const Done done = shop.import(R"({"items":[{"id":1,"sku":"A","name":"Mug","status":1},
    {"id":2,"sku":"B","name":"Hat","status":1}],"search_criteria":{},"total_count":2})");
  CHECK(shop.order_count() == 0);
  CHECK_MESSAGE(done.counts.created == 2, done);
}

TEST_CASE("bol: an order as its retailer API answers it") {
  ImportShop shop;
  const Done done = shop.import(kBolOrder);
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.format == "bol orders");
  const auto order = shop.order("A2K8290LP8");
  CHECK(order.channel == "bol");
  CHECK(order.currency.code() == "EUR");
  CHECK(rfc3339(order.placed_at) == "2026-01-14T21:30:00Z");
  CHECK(decimal(*order.total) == "43.97");
  CHECK(order.paid);
  CHECK_FALSE(order.by_marketplace);
  REQUIRE(order.lines.size() == 2);
  CHECK(order.lines[0].sku == "MUG");
  CHECK(order.lines[0].channel_line_id == "2012345678");
  CHECK(decimal(*order.lines[0].price) == "12.99");
  CHECK(order.lines[0].count.shipped == 1);
  CHECK(order.lines[0].count.cancelled == 1);
  CHECK(order.lines[1].sku == "8421152081990");  // no reference of the seller's
  holds_nobody(order, done);
  const std::string to = sealed(shop, order, vault::Field::shipping);
  for (const char* part : {"Zo\xc3\xab", "Quillonbury", "Vexillologylaan", "\"77\"", "\"A\"", "9876 ZX", "NL"})
    CHECK_MESSAGE(to.find(part) != std::string::npos, std::string(part));
  CHECK(sealed(shop, order, vault::Field::billing).find("\"78\"") != std::string::npos);
  CHECK(sealed(shop, order, vault::Field::email) == "zyx@verkopen.example");
  CHECK(sealed(shop, order, vault::Field::phone) == "+31 97 0000 0123");
  CHECK(shop.import(R"({"orders":[)" + std::string(kBolOrder) + "]}").counts.unchanged == 1);
}

TEST_CASE("bol: who sends it, what the buyer asks, and the list that has no buyers") {
  const std::string asked = with(kBolOrder, R"("cancellationRequest":false)", R"("cancellationRequest":true)");
  const std::string partly = with(kBolOrder, "\"FBR\"", "\"FBB\""), theirs = with(partly, "\"FBR\"", "\"FBB\"");
  SUBCASE("a request to cancel is told, and nothing is cancelled by it") {
    ImportShop shop;
    const Done done = shop.import(asked);
    CHECK_MESSAGE(done.told("notice").find("cancellationRequest") != std::string::npos, done);
    CHECK(shop.order("A2K8290LP8").lines[0].count.cancelled == 1);
  }
  SUBCASE("what bol sends is never of our stock") {
    ImportShop shop;
    CHECK(shop.import(theirs).counts.created == 1);
    const auto order = shop.order("A2K8290LP8");
    CHECK(order.by_marketplace);
    CHECK(orders::status_of(order) == orders::OrderStatus::shipped);
  }
  SUBCASE("and of an order of both kinds ours alone is to be sent") {
    ImportShop shop;
    const Done done = shop.import(partly);
    CHECK(done.told("notice").find("fulfilment.method") != std::string::npos);
    const auto order = shop.order("A2K8290LP8");
    CHECK_FALSE(order.by_marketplace);
    CHECK(order.lines[0].count.shipped == 2);
    CHECK(order.lines[1].count.shipped == 0);
  }
  SUBCASE("all of it cancelled") {
    ImportShop shop;
    shop.import(with(
        with(kBolOrder, R"("quantityShipped":1,"quantityCancelled":1)", R"("quantityShipped":0,"quantityCancelled":3)"),
        R"("quantityShipped":0,"quantityCancelled":0)", R"("quantityShipped":0,"quantityCancelled":1)"));
    CHECK(orders::status_of(shop.order("A2K8290LP8")) == orders::OrderStatus::cancelled);
  }
  SUBCASE("refused") {
    ImportShop shop;
    const auto refused = [&](const std::string& text) {
      const Done done = shop.import(text);
      CHECK_MESSAGE(done.counts.refused == 1, done);
      CHECK(shop.order_count() == 0);
      return done.refusals();
    };
    CHECK(refused(R"({"orders":[{"orderId":"A","orderPlacedDateTime":"2026-01-14T23:30:00+02:00","orderItems":[
      {"orderItemId":"1","ean":"8421152081990","fulfilmentMethod":"FBR","quantity":1}]}]})")
              .find("shipmentDetails required") != std::string::npos);
    CHECK(refused(with(kBolOrder, "\"FBR\"", "\"FBX\"")).find("fulfilment.method value") != std::string::npos);
    CHECK(refused(with(kBolOrder, R"("cancellationRequest":false)", R"("cancellationRequest":"yes")"))
              .find("cancellationRequest type") != std::string::npos);
    CHECK(refused(with(kBolOrder, R"("unitPrice":12.99)", R"("unitPrice":"free")")).find("unitPrice money") !=
          std::string::npos);
  }
}

TEST_CASE("vendure: orders as its GraphQL API answers them, with money in cents") {
  ImportShop shop;
  const Done done = shop.import(vendure_list(kVendureOrder), {}, 7);
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.format == "vendure orders");
  const auto order = shop.order("T3EPGJKTVZPBD6Z9");
  CHECK(order.channel == "vendure");
  CHECK(rfc3339(order.placed_at) == "2026-01-14T21:30:00Z");
  CHECK(decimal(*order.total) == "29.95");
  CHECK(decimal(*order.shipping_cost) == "4.95");
  CHECK(order.payment_method == "card");
  CHECK(order.shipping_method == "Standard Shipping");
  CHECK(order.country_code == "NL");
  REQUIRE(order.lines.size() == 2);
  CHECK(decimal(*order.lines[0].price) == "10.00");
  CHECK(decimal(*order.lines[1].price) == "5.00");
  CHECK(orders::status_of(order) == orders::OrderStatus::open);
  holds_nobody(order, done);
  const std::string to = sealed(shop, order, vault::Field::shipping);
  for (const char* part : {"Zo\xc3\xab Quillonbury", "Vexillologylaan 77", "2 hoog", "9876 ZX", "NL"})
    CHECK_MESSAGE(to.find(part) != std::string::npos, std::string(part));
  CHECK(sealed(shop, order, vault::Field::email) == "zyx@shop.example");
  CHECK(sealed(shop, order, vault::Field::phone) == "+31 97 0000 0123");
  CHECK(shop.import(vendure_list(kVendureOrder, R"("totalItems": 1,)")).counts.unchanged == 1);
  CHECK(shop.import(R"({"data":{"order":)" + std::string(kVendureOrder) + "}}").counts.unchanged == 1);
  const std::string other = with(kVendureOrder, "T3EPGJKTVZPBD6Z9", "OTHER");
  CHECK(shop.import(vendure_list(kVendureOrder + ("," + other))).counts.created == 1);
}

TEST_CASE("vendure: what the states mean, and carts") {
  const auto import_as = [](ImportShop& shop, std::string text, const char* state) {
    return shop.import(
        with(std::move(text), R"("state":"PaymentSettled")", "\"state\":\"" + std::string(state) + "\""));
  };
  using enum orders::OrderStatus;
  for (const auto& expected :
       {std::pair{"PaymentSettled", open}, std::pair{"PaymentAuthorized", awaiting_payment},
        std::pair{"ArrangingPayment", awaiting_payment}, std::pair{"ArrangingAdditionalPayment", awaiting_payment},
        std::pair{"Cancelled", cancelled}, std::pair{"Shipped", shipped}, std::pair{"Delivered", shipped}}) {
    INFO(std::string(expected.first));
    ImportShop shop;
    const Done done = import_as(shop, kVendureOrder, expected.first);
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(done.told("notice").empty());
    CHECK(orders::status_of(shop.order("T3EPGJKTVZPBD6Z9")) == expected.second);
  }
  for (const char* state : {"AddingItems", "Draft", "Created"}) {
    ImportShop shop;
    CHECK(import_as(shop, kVendureOrder, state).refusals().find("state draft") != std::string::npos);
    CHECK(shop.order_count() == 0);
  }
  ImportShop shop;
  CHECK(import_as(shop, with(kVendureOrder, "\"Settled\"", "\"Created\""), "InPreparation")
            .told("notice")
            .find("state") != std::string::npos);
  CHECK(orders::status_of(shop.order("T3EPGJKTVZPBD6Z9")) == awaiting_payment);
  CHECK(import_as(shop, with(kVendureOrder, "T3EPGJKTVZPBD6Z9", "B"), "InPreparation").counts.created == 1);
  CHECK(orders::status_of(shop.order("B")) == open);  // its payment is settled

  // Which pieces were sent must be known, or they would be sent again.
  const std::string third = with(kVendureOrder, "T3EPGJKTVZPBD6Z9", "C");
  CHECK(import_as(shop, third, "PartiallyShipped").refusals().find("state partly") != std::string::npos);
  import_as(shop, with(third, R"("id":"11",)", R"("id":"11","fulfillmentLines":[{"quantity":1,"fulfillment":
    {"state":"Shipped"}},{"quantity":1,"fulfillment":{"state":"Cancelled"}}],)"),
            "PartiallyShipped");
  CHECK(shop.order("C").lines[0].count.shipped == 1);
  CHECK(orders::status_of(shop.order("C")) == partially_shipped);

  const std::string fourth = with(kVendureOrder, "T3EPGJKTVZPBD6Z9", "D");
  CHECK(shop.import(with(fourth, "2995", "29.95")).refusals().find("totalWithTax money") != std::string::npos);
  CHECK(shop.import(with(fourth, "\"EUR\"", "\"JPY\"")).refusals().find("currencyCode value") != std::string::npos);
  CHECK(shop.import(with(fourth, R"("quantity":2)", R"("quantity":"two")")).refusals().find("lines.quantity type") !=
        std::string::npos);
  CHECK(shop.import(with(fourth, R"("PaymentSettled")", "7")).told("notice").find("state") != std::string::npos);
  CHECK(shop.import(with(fourth, R"("PaymentSettled")", "null")).counts.refused == 0);
}

TEST_CASE("vendure: what is cancelled leaves the quantity, and comes off what was bought") {
  ImportShop shop;
  const std::string bought = with(with(kVendureOrder, R"("quantity":2,)", R"("orderPlacedQuantity":2,"quantity":2,)"),
                                  R"("quantity":1,)", R"("orderPlacedQuantity":1,"quantity":1,)");
  const std::string part = with(bought, R"("quantity":2,)", R"("quantity":1,)");
  const std::string none = with(part, R"(,"quantity":1,)", R"(,"quantity":0,)");
  CHECK(shop.import(part).counts.created == 1);
  CHECK(shop.order("T3EPGJKTVZPBD6Z9").lines[0].count.ordered == 2);
  CHECK(shop.order("T3EPGJKTVZPBD6Z9").lines[0].count.cancelled == 1);
  const std::string gone = with(with(none, R"(,"quantity":1,)", R"(,"quantity":0,)"), "PaymentSettled", "Cancelled");
  CHECK(shop.import(gone).counts.changed == 1);
  CHECK(orders::status_of(shop.order("T3EPGJKTVZPBD6Z9")) == orders::OrderStatus::cancelled);
  const Done bare = shop.import(with(kVendureOrder, R"("quantity":2,)", R"("quantity":0,)"));
  CHECK(bare.refusals().find("lines.quantity cancelled") != std::string::npos);
}
