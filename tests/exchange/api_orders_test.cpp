// Orders as the APIs of marketplaces and shops answer them. The people in them are made up.
#include "sealed_orders.h"
#include "shop.h"

using namespace pf;
using namespace pf::test;

namespace {

const char* const kMiraklOrder = R"({"acceptance_decision_date":"2026-01-14T22:00:00Z","can_cancel":false,
  "can_shop_ship":true,"commercial_id":"8580226802","created_date":"2026-01-14T21:30:00Z","currency_iso_code":"EUR",
  "customer":{"billing_address":{"city":"Quillonstad","company":null,"country":"Nederland","country_iso_code":"NLD",
      "firstname":"Zo\u00eb","lastname":"Quillonbury","phone":"+31 97 0000 0123","state":null,
      "street_1":"Vexillologylaan 78","street_2":null,"zip_code":"9876 ZX"},
    "civility":"Mme","customer_id":"C9","firstname":"Zo\u00eb","lastname":"Quillonbury",
    "shipping_address":{"additional_info":"achterom","city":"Antwerpen","company":"Quill","country":"Belgique",
      "country_iso_code":"BEL","firstname":"Zo\u00eb","lastname":"Quillonbury","phone":null,"state":"",
      "street_1":"Vexillologylaan 77","street_2":"2 hoog","zip_code":"2000"}},
  "customer_debited_date":"2026-01-14T22:30:00.040Z","customer_notification_email":"zyx@notification.example",
  "fulfillment":{"center":{"code":"DEFAULT"}},"order_additional_fields":[],"order_id":"8580226802-A",
  "order_lines":[
    {"can_refund":true,"cancelations":[],"commission_fee":30.78,"offer_id":2130,"offer_sku":"MUG",
     "order_line_id":"8580226802-A-1","order_line_state":"SHIPPING","price":25.00,"price_unit":12.5,
     "product_sku":"P-1","product_title":"Mok","quantity":2,"refunds":[],"shipped_date":null,"shipping_price":4.95,
     "shipping_taxes":[{"amount":1.04,"code":"VAT"}],"taxes":[{"amount":4.00,"code":"A"},{"amount":1.25,"code":"B"}],
     "total_price":29.95},
    {"cancelations":[],"offer_sku":null,"order_line_id":"8580226802-A-2","order_line_state":"SHIPPING","price":5,
     "price_unit":5,"product_sku":"P-2","product_title":"Bord","quantity":1,"refunds":[],"shipping_price":0,
     "shipping_taxes":[],"taxes":[{"amount":1.05,"code":"A"}],"total_price":5}],
  "order_state":"SHIPPING","order_tax_mode":"TAX_INCLUDED","order_taxes":null,"payment_type":"Visa",
  "payment_workflow":"PAY_ON_ACCEPTANCE","price":30,"shipping_deadline":"2026-01-17T23:59:59.999Z",
  "shipping_price":4.95,"shipping_type_label":"Colis suivi","total_commission":30.78,"total_price":34.95})";
std::string mirakl_list(const std::string& order) {
  return R"({"orders":[)" + order + R"(],"total_count":1})";
}

const char* const kShopwareOrder = R"({"versionId":"0fa91ce3e96a4bc2be4bd9ce752c3425","autoIncrement":60,
  "orderNumber":"10060","orderDateTime":"2026-01-14T21:30:00.000+00:00","currencyFactor":1.0,
  "price":{"netPrice":29.37,"totalPrice":34.95,"calculatedTaxes":[{"tax":5.58,"taxRate":19,"price":34.95}],
    "positionPrice":30,"taxStatus":"gross","rawTotal":34.95},
  "amountTotal":34.95,"amountNet":29.37,"taxStatus":"gross","shippingTotal":4.95,"customerComment":"Quillonbury belt",
  "shippingCosts":{"unitPrice":4.95,"quantity":1,"totalPrice":4.95,"calculatedTaxes":[{"tax":0.79}]},
  "currency":{"isoCode":"EUR","factor":1},
  "orderCustomer":{"email":"zyx@shop.example","firstName":"Zo\u00eb","lastName":"Quillonbury","customerNumber":"9"},
  "billingAddressId":"b1","billingAddress":{"id":"b1","firstName":"Zo\u00eb","lastName":"Quillonbury",
    "street":"Vexillologylaan 78","zipcode":"9876 ZX","city":"Quillonstad","company":null,"phoneNumber":null,
    "country":{"iso":"NL","name":"Nederland"},"countryState":null},
  "addresses":null,
  "stateMachineState":{"technicalName":"in_progress","name":"In bearbeiding"},
  "deliveries":[{"trackingCodes":[],"shippingCosts":{"totalPrice":4.95},"shippingOrderAddressId":"s1",
    "stateMachineState":{"technicalName":"open"},"shippingMethod":{"name":null,"translated":{"name":"Standaard"}},
    "shippingOrderAddress":{"id":"s1","firstName":"Zo\u00eb","lastName":"Quillonbury","company":"Quill",
      "street":"Vexillologylaan 77","additionalAddressLine1":"2 hoog","zipcode":"2000","city":"Antwerpen",
      "phoneNumber":"+31 97 0000 0123","country":{"iso":"BE"},"countryState":{"name":"Antwerpen"}}}],
  "transactions":[{"stateMachineState":{"technicalName":"cancelled"},"paymentMethod":{"name":"Vooruitbetaling"}},
    {"stateMachineState":{"technicalName":"paid"},"paymentMethod":{"name":"iDEAL"}}],
  "lineItems":[
    {"id":"l1","parentId":null,"type":"product","label":"Mok","quantity":2,"payload":{"productNumber":"MUG"},
     "price":{"unitPrice":12.5,"quantity":2,"totalPrice":25,"calculatedTaxes":[{"tax":3.99,"taxRate":19}]}},
    {"id":"l2","parentId":null,"type":"container","label":"Set","quantity":1,"payload":[],
     "price":{"totalPrice":10,"calculatedTaxes":[{"tax":1.6}]}},
    {"id":"l3","parentId":"l2","type":"product","label":"Bord","quantity":1,"payload":{"productNumber":"PLATE"},
     "price":{"totalPrice":10,"calculatedTaxes":[{"tax":1.6}]}},
    {"id":"l4","parentId":null,"type":"promotion","label":"NEW5","quantity":1,"payload":{"code":"NEW5"},
     "price":{"totalPrice":-5,"calculatedTaxes":[{"tax":-0.8}]}}]})";
std::string shopware_list(const std::string& order) {
  return "{\"total\": 1,\n \"data\":[" + order + R"(],"aggregations":[]})";
}

const char* const kBigCommerceOrder = R"({"id":118,"customer_id":20,"date_created":"Wed, 14 Jan 2026 21:30:00 +0000",
  "date_shipped":"","status_id":11,"status":"Awaiting Fulfillment","custom_status":"Pak maar in",
  "subtotal_ex_tax":"24.7934","subtotal_inc_tax":"30.0000","shipping_cost_ex_tax":"4.0909",
  "shipping_cost_inc_tax":"4.9500","total_ex_tax":"28.8843","total_inc_tax":"34.9500","items_total":3,
  "items_shipped":1,"payment_method":"Credit Card","payment_status":"captured","refunded_amount":"0.0000",
  "currency_code":"USD","currency_exchange_rate":"1.0000000000","default_currency_code":"EUR",
  "staff_notes":"","customer_message":"Quillonbury belt","discount_amount":"0.0000","is_deleted":false,
  "billing_address":{"first_name":"Zo\u00eb","last_name":"Quillonbury","company":"","street_1":"Vexillologylaan 78",
    "street_2":"","city":"Quillonstad","state":"","zip":"9876 ZX","country":"Netherlands","country_iso2":"NL",
    "phone":"+31 97 0000 0123","email":"zyx@shop.example","form_fields":[]},
  "products":{"url":"https://api.bigcommerce.example/v2/orders/118/products","resource":"/orders/118/products"},
  "shipping_addresses":{"url":"https://api.bigcommerce.example/x","resource":"/orders/118/shipping_addresses"},
  "consignments":[{"pickups":[],"downloads":[],"email":{"gift_certificates":[]},"shipping":[{"id":51,
    "items_total":3,"shipping_method":"Flat Rate","cost_inc_tax":"4.9500","first_name":"Zo\u00eb",
    "last_name":"Quillonbury","company":"Quill","street_1":"Vexillologylaan 77","street_2":"2 hoog",
    "city":"Antwerpen","zip":"2000","country":"Belgium","country_iso2":"BE","state":"Antwerpen","phone":"",
    "line_items":[
      {"id":65,"product_id":77,"sku":"MUG","name":"Mug","type":"physical","base_price":"14.0000",
       "price_ex_tax":"10.3306","price_inc_tax":"14.0000","total_inc_tax":"28.0000","quantity":2,
       "quantity_shipped":1,"quantity_refunded":0,"is_refunded":false,"discounted_total_inc_tax":"25.0000",
       "applied_discounts":[{"id":"manual-discount","amount":"3.0000","target":"order"}]},
      {"id":66,"product_id":78,"sku":"","name":"Plate","type":"physical","price_ex_tax":"4.1322",
       "price_inc_tax":"5.0000","total_inc_tax":"5.0000","quantity":1,"quantity_shipped":0,"quantity_refunded":0}]}]}]})";

const char* const kAmazonOrder = R"({"orderId":"123-4567890-1234567",
  "orderAliases":[{"aliasId":"S-1","aliasType":"SELLER_ORDER_ID"}],"createdTime":"2026-01-14T21:30:00Z",
  "lastUpdatedTime":"2026-01-14T22:45:00Z","programs":["PRIME"],
  "salesChannel":{"channelName":"AMAZON","marketplaceId":"A1805IZSGTT6HS","marketplaceName":"Amazon.nl"},
  "buyer":{"buyerName":"Zo\u00eb Quillonbury","buyerEmail":"zyx@marketplace.example","buyerPurchaseOrderNumber":"PO 7"},
  "recipient":{"deliveryAddress":{"name":"Zo\u00eb Quillonbury","companyName":"Quill","addressLine1":"Vexillologylaan 77",
      "addressLine2":"2 hoog","addressLine3":"","city":"Antwerpen","stateOrRegion":"Antwerpen","postalCode":"2000",
      "countryCode":"BE","phone":"+31 97 0000 0123"},
    "deliveryPreference":{"addressInstruction":"Quillonbury belt"}},
  "proceeds":{"grandTotal":{"amount":"34.95","currencyCode":"EUR"},
    "breakdowns":[{"type":"ITEM","subtotal":{"amount":"30.00","currencyCode":"EUR"}}]},
  "fulfillment":{"fulfillmentStatus":"UNSHIPPED","fulfilledBy":"MERCHANT","fulfillmentServiceLevel":"STANDARD",
    "shipByWindow":{"earliestDateTime":"2026-01-15T00:00:00Z","latestDateTime":"2026-01-17T23:59:59Z"}},
  "orderItems":[
    {"orderItemId":"12345678901234","quantityOrdered":2,"product":{"asin":"B08N5WRWNW","title":"Mok","sellerSku":"MUG",
        "price":{"unitPrice":{"amount":"14.00","currencyCode":"EUR"}}},
     "proceeds":{"proceedsTotal":{"amount":"29.95","currencyCode":"EUR"},"breakdowns":[
        {"type":"ITEM","subtotal":{"amount":"28.00","currencyCode":"EUR"}},
        {"type":"SHIPPING","subtotal":{"amount":"4.95","currencyCode":"EUR"}},
        {"type":"DISCOUNT","subtotal":{"amount":"3.00","currencyCode":"EUR"},"detailedBreakdowns":[
          {"subtype":"ITEM","value":{"amount":"3.00","currencyCode":"EUR"}}]},
        {"type":"TAX","subtotal":{"amount":"4.86","currencyCode":"EUR"},"detailedBreakdowns":[
          {"subtype":"ITEM","value":{"amount":"4.00","currencyCode":"EUR"}},
          {"subtype":"SHIPPING","value":{"amount":"0.86","currencyCode":"EUR"}}]}]},
     "fulfillment":{"quantityFulfilled":0,"quantityUnfulfilled":2}},
    {"orderItemId":"12345678901235","quantityOrdered":1,"product":{"asin":"B08N5WRWNX","title":"Bord",
        "price":{"unitPrice":{"amount":"5.00","currencyCode":"EUR"}}},
     "fulfillment":{"quantityFulfilled":0,"quantityUnfulfilled":1}}]})";

// Two lines, the same in every one of them: two mugs of 12.50 and a plate of 5.00, for 34.95 with 4.95 for shipping.
void is_the_order(ImportShop& shop, const Done& done, const orders::Order& order, const char* channel) {
  CHECK(order.channel == channel);
  CHECK(order.currency.code() == "EUR");
  CHECK(rfc3339(order.placed_at) == "2026-01-14T21:30:00Z");
  CHECK(decimal(*order.total) == "34.95");
  CHECK(decimal(*order.shipping_cost) == "4.95");
  CHECK(order.country_code == "BE");
  CHECK(order.paid);
  REQUIRE(order.lines.size() == 2);
  CHECK(order.lines[0].sku == "MUG");
  CHECK(order.lines[0].count.ordered == 2);
  CHECK(decimal(*order.lines[0].price) == "12.50");
  holds_nobody(order, done);
  const std::string to = sealed(shop, order, vault::Field::shipping);
  for (const char* part :
       {"Zo\xc3\xab", "Quillonbury", "Quill\"", "Vexillologylaan 77", "2 hoog", "Antwerpen", "\"2000\"", "\"BE\""})
    CHECK_MESSAGE(to.find(part) != std::string::npos, std::string(part));
  CHECK(sealed(shop, order, vault::Field::phone) == "+31 97 0000 0123");
}
// The file is refused with this, and nothing of it is kept.
void is_refused(const std::string& file, const char* why) {
  ImportShop shop;
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.counts.refused == 1, done);
  CHECK_MESSAGE(done.refusals().find(why) != std::string::npos, done);
  CHECK(shop.order_count() == 0);
}

}  // namespace

TEST_CASE("mirakl: orders as its marketplaces answer their sellers") {
  ImportShop shop;
  const Done done = shop.import(mirakl_list(kMiraklOrder));
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.format == "mirakl orders");
  CHECK(done.told("notice").empty());
  const auto order = shop.order("8580226802-A");
  is_the_order(shop, done, order, "mirakl");
  CHECK(rfc3339(*order.ship_by) == "2026-01-17T23:59:59.999Z");
  CHECK(order.lines[1].sku == "P-2");  // the seller has no number of his own for it
  CHECK(decimal(*order.lines[1].price) == "5.00");
  CHECK(order.shipping_method == "Colis suivi");
  CHECK(sealed(shop, order, vault::Field::shipping).find("achterom") != std::string::npos);
  CHECK(sealed(shop, order, vault::Field::billing).find("Vexillologylaan 78") != std::string::npos);
  CHECK(sealed(shop, order, vault::Field::email) == "zyx@notification.example");
  CHECK(orders::status_of(order) == orders::OrderStatus::open);
  CHECK(shop.import(kMiraklOrder).counts.unchanged == 1);  // one alone
}

TEST_CASE("orders of an API are found wherever their list stands in its answer") {
  ImportShop shop;
  const std::string other = with(kMiraklOrder, R"("order_id":"8580226802-A")", R"("order_id":"B")");
  const Done done =
      shop.import(R"({"total_count":2,"offset":null,"orders":[)" + std::string(kMiraklOrder) + "," + other + "]}");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(done.counts.rows == 2);
  CHECK(done.format == "mirakl orders");
  CHECK(shop.import(R"({"orders":{"entity":"order","total":1,"aggregations":[],"elements":[)" +
                    std::string(kShopwareOrder) + R"(],"apiAlias":"dal_entity_search_result"},"paymentChangeable":[]})")
            .counts.created == 1);
  CHECK(
      shop.import(R"({"pagination":{"nextToken":"t"},"orders":[)" + std::string(kAmazonOrder) + "]}").counts.created ==
      1);
  // What is no order of a system is a table, as ever.
  CHECK(shop.import(R"({"total_count":1,"orders":[{"sku":"A","title":"Mug"}]})").counts.created == 1);
  CHECK(shop.has("A"));
}

TEST_CASE("an answer with several lists of orders has all of them, and its products are not left out for its orders") {
  const std::string other = with(kMiraklOrder, R"("order_id":"8580226802-A")", R"("order_id":"B")");
  ImportShop shop;
  CHECK(shop.import(R"({"page":1,"orders":[)" + std::string(kMiraklOrder) + R"(],"data":[)" + other + "]}")
            .counts.created == 2);
  for (const char* list : {"products", "items"}) {
    ImportShop mixed;
    const Done done =
        mixed.import(R"({"exported_at":"2026",")" + std::string(list) +
                     R"(":[{"sku":"P0","title":"Mug"},{"sku":"P1","title":"Plate"}],"orders":[)" + kMiraklOrder + "]}");
    CHECK_MESSAGE(mixed.has("P0"), done);
    CHECK(mixed.has("P1"));
  }
}

TEST_CASE("mirakl: prices without tax get what stands beside them") {
  const std::string net = with(kMiraklOrder, "TAX_INCLUDED", "TAX_EXCLUDED");
  {
    ImportShop shop;
    shop.import(net);
    const auto order = shop.order("8580226802-A");
    CHECK(decimal(*order.lines[0].price) == "15.13");  // 25.00 and 5.25 for two
    CHECK(decimal(*order.lines[1].price) == "6.05");
    CHECK(decimal(*order.shipping_cost) == "5.99");
    CHECK(decimal(*order.total) == "42.29");
  }
  ImportShop shop;  // where the platform adds up an order's tax
  shop.import(with(net, R"("order_taxes":null)", R"("order_taxes":[{"code":"VAT","total_amount":7.35}])"));
  CHECK(decimal(*shop.order("8580226802-A").total) == "42.30");
  is_refused(with(kMiraklOrder, "TAX_INCLUDED", "TAX_SOMETIMES"), "order_tax_mode value");
}

TEST_CASE("mirakl: what the states of orders and lines mean") {
  using enum orders::OrderStatus;
  const auto as = [](const char* state) {
    return with(kMiraklOrder, R"("order_state":"SHIPPING")", "\"order_state\":\"" + std::string(state) + "\"");
  };
  for (const auto& [state, meant] :
       {std::pair{"STAGING", awaiting_payment}, std::pair{"WAITING_ACCEPTANCE", awaiting_payment},
        std::pair{"WAITING_DEBIT", awaiting_payment}, std::pair{"WAITING_DEBIT_PAYMENT", awaiting_payment},
        std::pair{"SHIPPING", open}, std::pair{"SHIPPED", shipped}, std::pair{"TO_COLLECT", shipped},
        std::pair{"RECEIVED", shipped}, std::pair{"CLOSED", shipped}, std::pair{"REFUSED", cancelled},
        std::pair{"CANCELED", cancelled}}) {
    const std::string which = std::string(state);
    INFO(which);
    ImportShop shop;
    const Done done = shop.import(as(state));
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(done.told("notice").empty());
    CHECK(orders::status_of(shop.order("8580226802-A")) == meant);
  }
  is_refused(as("SHIPPED_MAYBE"), "order_state value");
  is_refused(with(kMiraklOrder, R"("order_state":"SHIPPING")", R"("order_state":null)"), "order_state value");
  // Without its address now it would never have one.
  const std::string address = std::string(kMiraklOrder).substr(std::string_view(kMiraklOrder).find(R"("shipping_add)"));
  is_refused(with(as("WAITING_ACCEPTANCE"), address.substr(0, address.find("}}") + 1), R"("shipping_address":null)"),
             "customer.shipping_address required");

  // A line of the order has gone its own way.
  const auto line_as = [](const char* state, const char* more) {
    return with(kMiraklOrder, R"("order_line_state":"SHIPPING","price":5)",
                "\"order_line_state\":\"" + std::string(state) + "\"," + more + "\"price\":5");
  };
  for (const auto& [state, more, left, sent] :
       {std::tuple{"REFUSED", "", 0, 0}, std::tuple{"CANCELED", "", 0, 0}, std::tuple{"REFUNDED", "", 0, 0},
        std::tuple{"REFUNDED", R"("shipped_date":"2026-01-15T10:00:00Z",)", 0, 1}, std::tuple{"SHIPPED", "", 0, 1},
        std::tuple{"INCIDENT_OPEN", "", 1, 0},
        std::tuple{"INCIDENT_OPEN", R"("shipped_date":"2026-01-15T10:00:00Z",)", 0, 1}}) {
    const std::string which = std::string(state) + more;
    INFO(which);
    ImportShop shop;
    CHECK(shop.import(line_as(state, more)).counts.created == 1);
    const auto count = shop.order("8580226802-A").lines[1].count;
    CHECK(count.shipped == sent);
    CHECK(count.ordered - count.shipped - count.cancelled == left);
  }
  is_refused(line_as("LOST", ""), "order_line_state value");
  // All pieces of a line were cancelled, and are counted no more.
  {
    ImportShop shop;
    shop.import(with(with(line_as("CANCELED", ""), R"("quantity":1)", R"("quantity":0)"), R"({"cancelations":[])",
                     R"({"cancelations":[{"amount":5,"quantity":1}])"));
    CHECK(shop.order("8580226802-A").lines[1].count.cancelled == 1);
  }
  ImportShop shop;
  CHECK(shop.import(with(kMiraklOrder, R"("cancelations":[])", R"("cancelations":[{"amount":12.5,"quantity":1}])"))
            .told("notice")
            .find("order_lines.cancelations partly") != std::string::npos);
  CHECK(shop.order("8580226802-A").lines[0].count.cancelled == 0);
  ImportShop other;
  CHECK(other.import(with(kMiraklOrder, R"("can_shop_ship":true)", R"("can_shop_ship":false)"))
            .told("notice")
            .find("can_shop_ship marketplace") != std::string::npos);
}

TEST_CASE("shopware: orders as its Admin API answers them as plain JSON") {
  ImportShop shop;
  const Done done = shop.import(shopware_list(kShopwareOrder), {}, 5);
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.format == "shopware orders");
  CHECK(done.told("notice").empty());
  const auto order = shop.order("10060");
  is_the_order(shop, done, order, "shopware");
  CHECK(order.payment_method == "iDEAL");
  CHECK(order.shipping_method == "Standaard");
  CHECK(order.lines[1].sku == "PLATE");  // of the set, which is none
  CHECK(decimal(*order.lines[1].price) == "10.00");
  CHECK(sealed(shop, order, vault::Field::email) == "zyx@shop.example");
  CHECK(sealed(shop, order, vault::Field::message) == "Quillonbury belt");
  CHECK(sealed(shop, order, vault::Field::billing).find("Vexillologylaan 78") != std::string::npos);
  CHECK(orders::status_of(order) == orders::OrderStatus::open);
  CHECK(shop.import(R"({"data":)" + std::string(kShopwareOrder) + "}").counts.unchanged == 1);
  const std::string other = with(kShopwareOrder, "\"10060\"", "\"10061\"");
  CHECK(shop.import(shopware_list(kShopwareOrder + ("," + other))).counts.created == 1);
  // The list is cut into its orders, each with the line at which it begins.
  std::string one = kShopwareOrder;
  std::erase(one, '\n');
  const Done two = shop.import("{\"total\":2,\n\"data\":[\n" + one + ",\n" + with(one, "in_progress", "parked") + "]}");
  CHECK_MESSAGE(two.refusals().starts_with("4:"), two);
}

TEST_CASE("shopware: prices without tax get what stands beside them, and the order's total has it") {
  ImportShop shop;
  shop.import(with(with(kShopwareOrder, R"("taxStatus":"gross","raw)", R"("taxStatus":"net","raw)"),
                   R"("totalPrice":34.95)", R"("totalPrice":40.53)"));
  const auto order = shop.order("10060");
  CHECK(decimal(*order.lines[0].price) == "14.50");  // 25.00 and 3.99 for two
  CHECK(decimal(*order.lines[1].price) == "11.60");
  CHECK(decimal(*order.shipping_cost) == "5.74");
  CHECK(decimal(*order.total) == "40.53");
  is_refused(with(kShopwareOrder, R"("taxStatus":"gross","raw)", R"("taxStatus":"both","raw)"), "taxStatus value");
}

TEST_CASE("shopware: what the states of orders, deliveries and payments mean") {
  using enum orders::OrderStatus;
  const auto as = [](const char* state, const char* delivery, const char* payment) {
    const auto named = [](const char* name) { return "\"technicalName\":\"" + std::string(name) + "\""; };
    return with(with(with(kShopwareOrder, R"("technicalName":"paid")", named(payment)), R"("technicalName":"open")",
                     named(delivery)),
                R"("technicalName":"in_progress")", named(state));
  };
  for (const auto& [state, delivery, payment, meant] :
       {std::tuple{"open", "open", "paid", open}, std::tuple{"open", "open", "open", awaiting_payment},
        std::tuple{"open", "open", "authorized", awaiting_payment},
        std::tuple{"open", "open", "paid_partially", awaiting_payment},
        std::tuple{"open", "open", "failed", awaiting_payment}, std::tuple{"open", "open", "refunded", cancelled},
        std::tuple{"open", "open", "refunded_partially", open}, std::tuple{"open", "shipped", "open", shipped},
        std::tuple{"open", "delivered", "paid", shipped}, std::tuple{"in_progress", "returned", "refunded", shipped},
        std::tuple{"completed", "open", "paid", shipped}, std::tuple{"cancelled", "open", "paid", cancelled},
        std::tuple{"cancelled", "cancelled", "cancelled", cancelled}}) {
    const std::string which = std::string(state) + " " + delivery + " " + payment;
    INFO(which);
    ImportShop shop;
    const Done done = shop.import(as(state, delivery, payment));
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(done.told("notice").empty());
    CHECK(orders::status_of(shop.order("10060")) == meant);
  }
  is_refused(as("parked", "open", "paid"), "stateMachineState value");
  is_refused(as("open", "lost", "paid"), "deliveries.stateMachineState value");
  is_refused(as("open", "shipped_partially", "paid"), "deliveries.stateMachineState partly");
  {
    ImportShop shop;  // a shop's own state of a payment
    const Done done = shop.import(as("open", "open", "voucher"));
    CHECK(done.told("notice").find("transactions.stateMachineState value") != std::string::npos);
    CHECK(orders::status_of(shop.order("10060")) == awaiting_payment);
  }
  ImportShop shop;
  CHECK(shop.import(as("open", "cancelled", "paid")).told("notice").find("deliveries.stateMachineState held") !=
        std::string::npos);
  CHECK(orders::status_of(shop.order("10060")) == open);
  // A rebate on the shipping costs stands as a delivery that is never sent.
  ImportShop other;
  other.import(with(as("open", "shipped", "paid"), R"("deliveries":[)",
                    R"("deliveries":[{"shippingCosts":{"totalPrice":-4.95},"stateMachineState":
                       {"technicalName":"open"}},)"));
  CHECK(orders::status_of(other.order("10060")) == shipped);
}

TEST_CASE("shopware: what was not asked for is asked for") {
  for (const auto& [from, to, why] :
       {std::tuple{R"("lineItems":[)", R"("lineItems":null,"x":[)", "lineItems required"},
        std::tuple{R"("currency":{"isoCode":"EUR","factor":1})", R"("currency":null)", "currency required"},
        std::tuple{R"("transactions":[)", R"("transactions":null,"x":[)", "transactions required"},
        std::tuple{R"("deliveries":[)", R"("deliveries":null,"x":[)", "deliveries required"},
        std::tuple{R"("country":{"iso":"BE"})", R"("country":null)", "country required"},
        std::tuple{R"({"technicalName":"open"})", "null", "deliveries.stateMachineState required"},
        std::tuple{R"({"technicalName":"paid"})", "null", "transactions.stateMachineState required"}})
    is_refused(with(kShopwareOrder, from, to), why);
  // In JSON:API the lines stand beside the orders.
  is_refused(R"({"data":[{"id":"1","type":"order","attributes":{"orderNumber":"10060","amountTotal":34.95},
    "relationships":{"lineItems":{"data":[{"type":"order_line_item","id":"l1"}]}}}],
    "included":[{"id":"l1","type":"order_line_item","attributes":{"label":"Mok"}}]})",
             "relationships json_api");
}

TEST_CASE("bigcommerce: orders as its API answers them, with what is included") {
  ImportShop shop;
  const Done done = shop.import("[" + std::string(kBigCommerceOrder) + "]");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.format == "bigcommerce orders");
  CHECK(done.told("notice").empty());
  const auto order = shop.order("118");
  is_the_order(shop, done, order, "bigcommerce");  // in the currency in which it was paid
  CHECK(order.lines[0].count.shipped == 1);
  CHECK(order.lines[1].title == "Plate");
  CHECK(decimal(*order.lines[1].price) == "5.00");
  CHECK(order.shipping_method == "Flat Rate");
  CHECK(sealed(shop, order, vault::Field::email) == "zyx@shop.example");
  CHECK(sealed(shop, order, vault::Field::message) == "Quillonbury belt");
  CHECK(orders::status_of(order) == orders::OrderStatus::partially_shipped);
  CHECK(shop.import(kBigCommerceOrder).counts.unchanged == 1);
}

TEST_CASE("bigcommerce: what the statuses mean, and what is not included") {
  using enum orders::OrderStatus;
  const std::string unsent = with(kBigCommerceOrder, R"("quantity_shipped":1)", R"("quantity_shipped":0)");
  const auto as = [](const std::string& order, const char* status) {
    return with(order, R"("status_id":11)", "\"status_id\":" + std::string(status));
  };
  for (const auto& [order, status, meant] :
       {std::tuple{unsent, "2", shipped}, std::tuple{unsent, "4", cancelled}, std::tuple{unsent, "5", cancelled},
        std::tuple{unsent, "6", cancelled}, std::tuple{unsent, "7", awaiting_payment}, std::tuple{unsent, "8", open},
        std::tuple{unsent, "9", open}, std::tuple{unsent, "10", shipped}, std::tuple{unsent, "11", open},
        std::tuple{unsent, "14", open}, std::tuple{std::string(kBigCommerceOrder), "3", partially_shipped},
        std::tuple{std::string(kBigCommerceOrder), "4", shipped}}) {
    const std::string which = std::string(status);
    INFO(which);
    ImportShop shop;
    const Done done = shop.import(as(order, status));
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(done.told("notice").empty());
    CHECK(orders::status_of(shop.order("118")) == meant);
  }
  for (const char* status : {"12", "13"}) {
    ImportShop shop;
    CHECK(shop.import(as(unsent, status)).told("notice").find("status_id held") != std::string::npos);
    CHECK(orders::status_of(shop.order("118")) == open);
  }
  for (const char* status : {"0", "1"}) is_refused(as(unsent, status), "status_id draft");
  for (const char* status : {"15", "-1", "\"11\"", "null", "[]"}) is_refused(as(unsent, status), "status_id value");
  is_refused(as(unsent, "3"), "products.quantity_shipped partly");
  {
    ImportShop shop;
    shop.import(with(unsent, R"("is_deleted":false)", R"("is_deleted":true)"));
    CHECK(orders::status_of(shop.order("118")) == cancelled);
  }
  {
    ImportShop shop;  // what was paid back is not to be sent
    shop.import(with(unsent, R"("quantity_refunded":0)", R"("quantity_refunded":1)"));
    CHECK(shop.order("118").lines[0].count.cancelled == 1);
  }
  const std::string bare = with(kBigCommerceOrder, R"("consignments":)", R"("others":)");
  is_refused(bare, "products required");
  const std::string filled = with(bare, R"("products":{"url")", R"("products":[{"id":65,"sku":"MUG","name":"Mug",
    "price_inc_tax":"12.50","quantity":2,"quantity_shipped":0,"quantity_refunded":0}],"x":{"url")");
  is_refused(filled, "shipping_addresses required");
  ImportShop shop;
  shop.import(with(filled, R"("shipping_addresses":{"url")", R"("shipping_addresses":[{"id":51,"first_name":"Zo",
    "last_name":"Quillonbury","street_1":"Vexillologylaan 77","country_iso2":"BE"}],"y":{"url")"));
  CHECK(decimal(*shop.order("118").lines[0].price) == "12.50");
  CHECK(shop.order("118").country_code == "BE");
  is_refused(with(kBigCommerceOrder, R"("shipping":[)",
                  R"("shipping":[{"id":50,"street_1":"Quillonlaan 1","line_items":[]},)"),
             "consignments.shipping several");
}

TEST_CASE("amazon: orders as its API answers them, with their items") {
  ImportShop shop;
  const Done done = shop.import(R"({"orders":[)" + std::string(kAmazonOrder) + R"(],"pagination":{"nextToken":"t"}})");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.format == "amazon orders");
  CHECK(done.told("notice").empty());
  const auto order = shop.order("123-4567890-1234567");
  is_the_order(shop, done, order, "amazon");  // the tax is within the prices, as the item's total shows
  CHECK(rfc3339(*order.ship_by) == "2026-01-17T23:59:59Z");
  CHECK(order.lines[1].sku == "B08N5WRWNX");
  CHECK(decimal(*order.lines[1].price) == "5.00");
  CHECK(order.shipping_method == "STANDARD");
  CHECK(sealed(shop, order, vault::Field::email) == "zyx@marketplace.example");
  CHECK(sealed(shop, order, vault::Field::message) == "Quillonbury belt");
  CHECK(sealed(shop, order, vault::Field::extra).find("PO 7") != std::string::npos);
  CHECK(orders::status_of(order) == orders::OrderStatus::open);
  CHECK(shop.import(kAmazonOrder).counts.unchanged == 1);
  // The same order of a flat file is no other.
  CHECK(shop.import("order-id\torder-item-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\n"
                    "123-4567890-1234567\t12345678901234\t2026-01-14T21:30:00+00:00\tMUG\tMok\t2\n")
            .counts.created == 0);
}

TEST_CASE("amazon: tax that stands beside prices is added to them") {
  ImportShop shop;
  std::string dollars =
      with(kAmazonOrder, R"("proceedsTotal":{"amount":"29.95")", R"("proceedsTotal":{"amount":"34.81")");
  shop.import(dollars);
  const auto order = shop.order("123-4567890-1234567");
  CHECK(decimal(*order.lines[0].price) == "14.50");
  CHECK(decimal(*order.shipping_cost) == "5.81");
  is_refused(with(kAmazonOrder, R"("amount":"28.00","currencyCode":"EUR")", R"("amount":"28.00","currencyCode":"USD")"),
             "orderItems.proceeds currency");
}

TEST_CASE("amazon: what the states mean, who sends it, and what is not included") {
  using enum orders::OrderStatus;
  const auto as = [](const char* state, const char* by = "MERCHANT") {
    return with(with(kAmazonOrder, "\"UNSHIPPED\"", "\"" + std::string(state) + "\""), "\"MERCHANT\"",
                "\"" + std::string(by) + "\"");
  };
  const auto partly = with(as("PARTIALLY_SHIPPED"), R"("quantityFulfilled":0)", R"("quantityFulfilled":1)");
  for (const auto& [text, meant, theirs] :
       {std::tuple{as("UNSHIPPED"), open, false}, std::tuple{as("SHIPPED"), shipped, false},
        std::tuple{as("CANCELLED"), cancelled, false}, std::tuple{partly, partially_shipped, false},
        std::tuple{as("UNSHIPPED", "AMAZON"), shipped, true},
        std::tuple{as("UNFULFILLABLE", "AMAZON"), cancelled, true}}) {
    ImportShop shop;
    const Done done = shop.import(text);
    CHECK_MESSAGE(done.counts.created == 1, done);
    const auto order = shop.order("123-4567890-1234567");
    CHECK(orders::status_of(order) == meant);
    CHECK(order.by_marketplace == theirs);
  }
  for (const char* state : {"PENDING", "PENDING_AVAILABILITY"})
    is_refused(as(state), "fulfillment.fulfillmentStatus draft");
  is_refused(as("ON_ITS_WAY"), "fulfillment.fulfillmentStatus value");
  is_refused(as("UNSHIPPED", "SOMEBODY"), "fulfillment.fulfilledBy value");
  is_refused(as("PARTIALLY_SHIPPED"), "orderItems.fulfillment required");
  is_refused(with(kAmazonOrder, R"("recipient":{)", R"("elsewhere":{)"), "recipient.deliveryAddress required");
  is_refused(with(kAmazonOrder, R"("fulfillment":{"fulfillmentStatus")", R"("x":{"fulfillmentStatus")"),
             "fulfillment required");

  const std::string item = R"("orderItemId":"12345678901234",)";
  ImportShop shop;
  const Done done = shop.import(with(kAmazonOrder, item, item + R"("cancellation":{"cancellationRequest":
    {"requester":"BUYER","cancelReason":"Quillonbury changed her mind"}},)"));
  CHECK(done.told("notice").find("cancellationRequest cancel") != std::string::npos);
  CHECK(done.told("notice").find("Quillonbury") == std::string::npos);
  CHECK(shop.order("123-4567890-1234567").lines[0].count.cancelled == 0);
  ImportShop other;
  other.import(
      with(kAmazonOrder, item, item + R"("cancellation":{"cancellationExecution":{"cancelledBy":"AMAZON"}},)"));
  CHECK(other.order("123-4567890-1234567").lines[0].count.cancelled == 2);
}

TEST_CASE("bigcommerce: consignments are one object, or a list of such") {
  std::string object = with(kBigCommerceOrder, R"("consignments":[{)", R"("consignments":{)");
  object.erase(object.rfind("]}"), 1);
  ImportShop shop;
  const Done done = shop.import("[" + object + "]");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(done.told("notice").empty());
  is_the_order(shop, done, shop.order("118"), "bigcommerce");
  CHECK(shop.import(kBigCommerceOrder).counts.unchanged == 1);
}

TEST_CASE("bigcommerce: what is not included is asked for, in one sentence") {
  const std::string link = R"({"url":"https://api.bigcommerce.example/x","resource":"/orders/118/x"})";
  const auto without_lines = [&](const char* lines) {
    std::string out = kBigCommerceOrder;
    const std::size_t from = out.find("\"line_items\":");
    return out.replace(from, out.rfind("}]}]}") - from, "\"line_items\":" + std::string(lines));
  };
  const std::string plain = with(kBigCommerceOrder, R"("consignments":)", "\"consignments\":" + link + ",\"x\":");
  for (const std::string& order : {plain, without_lines(("[" + link + "]").c_str()), without_lines(link.c_str())}) {
    ImportShop shop;
    const std::string told = shop.import(order).refusals();
    CHECK_MESSAGE(told.find("products required") != std::string::npos, told);
    CHECK_MESSAGE(told.find("consignment_structure=object") == told.rfind("consignment_structure=object"), told);
    CHECK_MESSAGE(told.find("quantity") == std::string::npos, told);
  }
  is_refused(with(plain, R"("products":{"url")", R"("products":[{"id":65,"type":"giftcertificate","quantity":1,
    "name":"Gift","price_inc_tax":"12.50"}],"z":{"url")"),
             "gift_certificates mailed");
  // With its lines and without an address it would never get one.
  is_refused(with(plain, R"("products":{"url")", R"("products":[{"id":65,"sku":"MUG","quantity":2,
    "price_inc_tax":"12.50"}],"z":{"url")"),
             "shipping_addresses required");
}

TEST_CASE("bigcommerce: what is fetched, downloaded or mailed has no address") {
  const auto by = [](const char* ways) {
    std::string out = with(kBigCommerceOrder, R"("quantity_shipped":1)", R"("quantity_shipped":0)");
    out = with(out, R"("pickups":[],"downloads":[],"email":{"gift_certificates":[]},"shipping":)", ways);
    return out;
  };
  for (const char* ways : {R"("shipping":[],"email":{"gift_certificates":[]},"pickups":[],"downloads":)",
                           R"("shipping":[],"downloads":[],"pickups":)"}) {
    ImportShop shop;
    const Done done = shop.import(by(ways));
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(orders::status_of(shop.order("118")) == orders::OrderStatus::open);
  }
  is_refused(by(R"("shipping":[],"downloads":[],"pickups":[],"email":{"gift_certificates":[{"line_items":[{"id":5,
    "name":"Gift","quantity":1}]}]},"x":)"),
             "gift_certificates mailed");
  ImportShop shop;
  CHECK(shop.import(by(R"("email":{"gift_certificates":[{"line_items":[{"id":5}]}]},"shipping":)"))
            .told("notice")
            .find("gift_certificates mailed") != std::string::npos);
  is_refused(with(kBigCommerceOrder, R"("street_1":"Vexillologylaan 77")", R"("street_1":" ")"),
             "consignments.shipping address");
}

TEST_CASE("bigcommerce: what was not paid, and what was paid back") {
  using enum orders::OrderStatus;
  const std::string unsent = with(kBigCommerceOrder, R"("quantity_shipped":1)", R"("quantity_shipped":0)");
  for (const auto& [payment, meant] :
       {std::pair{"captured", open}, std::pair{"", open}, std::pair{"partially refunded", open},
        std::pair{"authorized", awaiting_payment}, std::pair{"pending", awaiting_payment},
        std::pair{"held for review", awaiting_payment}, std::pair{"declined", awaiting_payment},
        std::pair{"void", awaiting_payment}, std::pair{"refunded", cancelled}}) {
    const std::string which = payment;
    INFO(which);
    ImportShop shop;
    shop.import(with(unsent, R"("payment_status":"captured")", "\"payment_status\":\"" + which + "\""));
    CHECK(orders::status_of(shop.order("118")) == meant);
  }
  // One mug was sent and one was paid back, which may be the same.
  ImportShop shop;
  CHECK(shop.import(with(kBigCommerceOrder, R"("quantity_refunded":0)", R"("quantity_refunded":1)"))
            .told("notice")
            .find("quantity_refunded partly") != std::string::npos);
  CHECK(shop.order("118").lines[0].count.cancelled == 0);
}

TEST_CASE("an address without a street or without anybody's name is no address of an order that is to be sent") {
  is_refused(with(kAmazonOrder, R"("addressLine1":"Vexillologylaan 77",)", ""), "recipient.deliveryAddress required");
  is_refused(with(with(kAmazonOrder, R"("name":"Zo\u00eb Quillonbury")", R"("name":"")"), R"("companyName":"Quill")",
                  R"("x":1)"),
             "recipient.deliveryAddress required");
  is_refused(with(kShopwareOrder, R"("street":"Vexillologylaan 77")", R"("street":null)"),
             "deliveries.shippingOrderAddress address");
  const std::string bare = with(kMiraklOrder, R"("street_1":"Vexillologylaan 77")", R"("street_1":null)");
  is_refused(bare, "customer.shipping_address address");
  is_refused(with(bare, R"("order_state":"SHIPPING")", R"("order_state":"WAITING_ACCEPTANCE")"),
             "customer.shipping_address required");
  for (const char* state : {"SHIPPED", "CANCELED"}) {
    ImportShop shop;  // nothing is to be sent any more
    CHECK(shop.import(with(bare, R"("order_state":"SHIPPING")", "\"order_state\":\"" + std::string(state) + "\""))
              .counts.created == 1);
  }
}

TEST_CASE("a line of no pieces that the channel cancelled is no line, and cancels the line that is known") {
  const std::string item = R"("orderItemId":"12345678901235",)";
  const std::string none = with(with(kAmazonOrder, item, item + R"("cancellation":{"cancellationExecution":
    {"cancelledBy":"MERCHANT"}},)"),
                                R"("quantityOrdered":1)", R"("quantityOrdered":0)");
  {
    ImportShop shop;
    const Done done = shop.import(none);
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(shop.order("123-4567890-1234567").lines.size() == 1);
    CHECK(shop.import(none).counts.unchanged == 1);
  }
  std::string all =
      with(with(kAmazonOrder, "\"UNSHIPPED\"", "\"CANCELLED\""), R"("quantityOrdered":2)", R"("quantityOrdered":0)");
  all = with(all, R"("quantityOrdered":1)", R"("quantityOrdered":0)");
  is_refused(all, "lines cancelled");
  ImportShop shop;
  shop.import(kAmazonOrder);
  CHECK(shop.import(none).counts.changed == 1);
  CHECK(shop.order("123-4567890-1234567").lines[1].count.cancelled == 1);
  CHECK(shop.order("123-4567890-1234567").lines[0].count.cancelled == 0);
  CHECK(shop.import(none).counts.unchanged == 1);
  CHECK(shop.import(all).counts.changed == 1);
  CHECK(orders::status_of(shop.order("123-4567890-1234567")) == orders::OrderStatus::cancelled);
  CHECK(shop.import(all).counts.unchanged == 1);

  for (const char* state : {"CANCELED", "REFUNDED"}) {
    ImportShop other;
    const Done done = other.import(with(with(kMiraklOrder, R"("order_line_state":"SHIPPING","price":5)",
                                             "\"order_line_state\":\"" + std::string(state) + "\",\"price\":5"),
                                        R"("quantity":1)", R"("quantity":0)"));
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(other.order("8580226802-A").lines.size() == 1);
  }
  // A line of no pieces that nobody cancelled is none.
  is_refused(with(kAmazonOrder, R"("quantityOrdered":1)", R"("quantityOrdered":0)"), "lines[1].quantity range");
}

TEST_CASE("pieces that the channel cancelled later are cancelled, as far as nobody has touched them") {
  const auto unsent = with(kBigCommerceOrder, R"("quantity_shipped":1)", R"("quantity_shipped":0)");
  const auto less = with(unsent, R"("quantity_refunded":0)", R"("quantity_refunded":1)");
  ImportShop shop;
  REQUIRE(shop.import("sku,title,brand,stock\nMUG,Mug,Delft,5\n").counts.created == 1);
  shop.import(unsent);
  CHECK(shop.order("118").lines[0].count.allocated == 2);
  CHECK(shop.import(less).counts.changed == 1);
  const auto order = shop.order("118");
  CHECK(order.lines[0].count.cancelled == 1);
  CHECK(order.lines[0].count.allocated == 1);
  CHECK(shop.import(less).counts.unchanged == 1);
  CHECK(shop.import(unsent).counts.unchanged == 1);  // never back
  CHECK(shop.order("118").lines[0].count.cancelled == 1);

  ImportShop marketplace;
  marketplace.import(kMiraklOrder);
  const std::string refused =
      with(kMiraklOrder, R"("order_line_state":"SHIPPING","price":5)", R"("order_line_state":"REFUSED","price":5)");
  CHECK(marketplace.import(refused).counts.changed == 1);
  CHECK(marketplace.order("8580226802-A").lines[1].count.cancelled == 1);
  CHECK(marketplace.import(refused).counts.unchanged == 1);
}

TEST_CASE("mirakl: the tax of an order as a whole is shared to the cent, and what has none is told") {
  std::string net = with(kMiraklOrder, "TAX_INCLUDED", "TAX_EXCLUDED");
  net = with(
      net,
      R"("shipping_taxes":[{"amount":1.04,"code":"VAT"}],"taxes":[{"amount":4.00,"code":"A"},{"amount":1.25,"code":"B"}])",
      R"("shipping_taxes":[],"taxes":[])");
  net = with(net, R"("taxes":[{"amount":1.05,"code":"A"}])", R"("taxes":[])");
  {
    ImportShop shop;
    const Done done =
        shop.import(with(net, R"("order_taxes":null)", R"("order_taxes":[{"code":"VAT","total_amount":7.34}])"));
    CHECK_MESSAGE(done.told("notice").empty(), done);
    const auto order = shop.order("8580226802-A");
    CHECK(decimal(*order.lines[0].price) == "15.13");  // 25.00 and 5.25 for two
    CHECK(decimal(*order.lines[1].price) == "6.05");
    CHECK(decimal(*order.shipping_cost) == "5.99");
    CHECK(decimal(*order.total) == "42.29");
  }
  for (const char* taxes : {"null", R"([{"code":"A","total_amount":5},{"code":"B","total_amount":2.34}])"}) {
    ImportShop shop;
    const Done done = shop.import(with(net, R"("order_taxes":null)", "\"order_taxes\":" + std::string(taxes)));
    CHECK_MESSAGE(done.told("notice").find("order_lines.taxes untaxed") != std::string::npos, done);
    CHECK(decimal(*shop.order("8580226802-A").lines[0].price) == "12.50");
  }
}

TEST_CASE("mirakl: each address has its own country") {
  ImportShop shop;
  shop.import(with(kMiraklOrder, R"("country":"Nederland","country_iso_code":"NLD")", R"("country":"Nederland")"));
  CHECK(sealed(shop, shop.order("8580226802-A"), vault::Field::billing).find("\"NL\"") != std::string::npos);
  CHECK(sealed(shop, shop.order("8580226802-A"), vault::Field::shipping).find("\"BE\"") != std::string::npos);
}

TEST_CASE("amazon: prices without what they came to are asked for, and tax and discounts count without their kinds") {
  const auto item = [](const char* proceeds) {
    std::string out = kAmazonOrder;
    const std::size_t from = out.find(R"("orderItems":[)");
    out.replace(from, std::string::npos,
                R"("orderItems":[{"orderItemId":"1","quantityOrdered":1,"product":{
      "sellerSku":"MUG","price":{"unitPrice":{"amount":"100.00","currencyCode":"USD"}}}, )" +
                    std::string(proceeds) + R"("fulfillment":{"quantityFulfilled":0}}]})");
    for (int i = 0; i < 2; ++i) out = with(out, R"("currencyCode":"EUR")", R"("currencyCode":"USD")");
    return out;
  };
  is_refused(item(""), "orderItems.proceeds required");
  is_refused(with(with(kAmazonOrder, R"("proceeds":{"proceedsTotal")", R"("x":{"proceedsTotal")"),
                  R"("proceeds":{"grandTotal")", R"("y":{"grandTotal")"),
             "orderItems.proceeds required");
  const auto usd = [](const char* amount) {
    return R"({"amount":")" + std::string(amount) + R"(","currencyCode":"USD"})";
  };
  const std::string goods = R"("proceeds":{"breakdowns":[{"type":"ITEM","subtotal":)" + usd("100.00") + "},";
  const std::string off = R"({"type":"DISCOUNT","subtotal":)" + usd("10.00");
  for (const auto& [more, price, shipping] :
       {std::tuple{R"({"type":"TAX","subtotal":)" + usd("8.25") + "}", "108.25", "0.00"},
        std::tuple{
            R"({"type":"SHIPPING","subtotal":)" + usd("10.00") + R"(},{"type":"TAX","subtotal":)" + usd("8.80") + "}",
            "108.00", "10.80"},
        std::tuple{off + R"(},{"type":"TAX","subtotal":)" + usd("7.42") + "}", "97.42", "0.00"},
        std::tuple{off + R"(,"detailedBreakdowns":[{"subtype":"ITEM","value":)" + usd("10.00") +
                       R"(}]},{"type":"TAX","subtotal":)" + usd("7.42") +
                       R"(,"detailedBreakdowns":[{"subtype":"ITEM","value":)" + usd("8.25") +
                       R"(},{"subtype":"DISCOUNT","value":)" + usd("-0.83") + "}]}",
                   "97.42", "0.00"}}) {
    const std::string which = more;
    INFO(which);
    ImportShop shop;
    const Done done = shop.import(item((goods + more + "]},").c_str()));
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(decimal(*shop.order("123-4567890-1234567").lines[0].price) == price);
    CHECK(decimal(*shop.order("123-4567890-1234567").shipping_cost) == shipping);
  }
}

TEST_CASE("amazon: an address has all the parts that its country writes") {
  ImportShop shop;
  shop.import(with(kAmazonOrder, R"("addressLine3":"")",
                   R"("addressLine3":"","neighborhood":"Kaboutersbuurt","municipality":"Elfendorp")"));
  CHECK(sealed(shop, shop.order("123-4567890-1234567"), vault::Field::shipping).find("Kaboutersbuurt, Elfendorp") !=
        std::string::npos);
}

TEST_CASE("shopware: one address, one line for a product with parts, and its buyer") {
  const auto beside = [](const char* street) {
    return with(kShopwareOrder, R"("deliveries":[)", R"("deliveries":[{"shippingCosts":{"totalPrice":1},
      "stateMachineState":{"technicalName":"open"},"shippingOrderAddress":{"id":"s2","firstName":"Zo\u00eb",
      "lastName":"Quillonbury","company":"Quill","zipcode":"2000","city":"Antwerpen","country":{"iso":"BE"},
      "street":")" + std::string(street) + "\"}},");
  };
  is_refused(beside("Vexillologylaan 1"), "deliveries.shippingOrderAddress several");
  {
    ImportShop shop;
    CHECK(shop.import(beside("Vexillologylaan 77")).counts.created == 1);  // two parcels to the same
  }
  is_refused(with(kShopwareOrder, R"("price":{"netPrice")", R"("price":null,"x":{"netPrice")"), "price required");
  is_refused(with(kShopwareOrder, R"("orderCustomer":{)", R"("orderCustomer":null,"y":{)"), "orderCustomer required");
  ImportShop shop;
  shop.import(with(kShopwareOrder, R"("type":"container","label":"Set","quantity":1,"payload":[])",
                   R"("type":"product","label":"Set","quantity":1,"payload":{"productNumber":"SET"})"));
  const auto order = shop.order("10060");
  REQUIRE(order.lines.size() == 2);
  CHECK(order.lines[1].sku == "SET");
}

TEST_CASE("prestashop: its orders name the buyer by numbers, which is told") {
  is_refused(
      R"({"orders":[{"id":5,"id_address_delivery":"5","id_address_invoice":"5","id_currency":"1","id_customer":"2",
    "current_state":"2","module":"ps_checkpayment","total_paid_tax_incl":"61.800000","reference":"KHWLILZLL",
    "associations":{"order_rows":[{"id":"11","product_id":"1","product_quantity":"1","product_reference":"demo_1",
    "unit_price_tax_incl":"22.940000"}]}}]})",
      "id_address_delivery required");
}

namespace {

// The value with each part of it, however deep, replaced by each of what no API writes there.
void put_variations(const json::Value& of, const std::function<void(json::Value)>& take) {
  static const std::vector<json::Value> kHostile = [] {
    json::Value deep = json::Value::array();
    for (int i = 0; i < 20; ++i) deep = json::Value(json::Array{deep});
    return std::vector<json::Value>{nullptr,
                                    true,
                                    -1,
                                    "Quillonbury",
                                    json::Number{"1e300"},
                                    json::Number{"9223372036854775807"},
                                    json::Number{"-99999999999999999999.999"},
                                    json::Value::array(),
                                    json::Value(json::Members{}),
                                    json::Value(json::Array{"Quillonbury", 7, nullptr}),
                                    deep};
  }();
  for (const json::Value& hostile : kHostile) take(hostile);
  if (const auto* members = of.as_object())
    for (const auto& [name, inner] : *members)
      put_variations(inner, [&, name = name](json::Value changed) {
        json::Value copy = of;
        take(copy.set(name, std::move(changed)));
      });
  if (const auto* items = of.as_array())
    for (std::size_t i = 0; i < items->size(); ++i)
      put_variations((*items)[i], [&](json::Value changed) {
        json::Value copy = of;
        (*copy.as_array())[i] = std::move(changed);
        take(std::move(copy));
      });
}

}  // namespace

TEST_CASE("a part of an order that is of another kind does not pass for none") {
  for (const auto& [order, from, to, why] :
       {std::tuple{kMiraklOrder, R"("order_taxes":null)", R"("order_taxes":{"total":4})", "order_taxes type"},
        std::tuple{kMiraklOrder, R"("cancelations":[])", R"("cancelations":"none")", "cancelations type"},
        std::tuple{kMiraklOrder, R"("customer":{)", R"("customer":["x"],"y":{)", "customer type"},
        std::tuple{kShopwareOrder, R"("price":{"netPrice")", R"("price":[34.95],"x":{"netPrice")", "price type"},
        std::tuple{kShopwareOrder, R"("shippingCosts":{"unitPrice")", R"("shippingCosts":4.95,"x":{"unitPrice")",
                   "shippingCosts type"},
        std::tuple{kShopwareOrder, R"("orderCustomer":{)", R"("orderCustomer":"x","y":{)", "orderCustomer type"},
        std::tuple{kBigCommerceOrder, R"("consignments":[)", R"("consignments":"x","y":[)", "consignments type"},
        std::tuple{kBigCommerceOrder, R"("billing_address":{)", R"("billing_address":"x","y":{)",
                   "billing_address type"},
        std::tuple{kAmazonOrder, R"("proceeds":{"grandTotal")", R"("proceeds":[1,2],"x":{"grandTotal")",
                   "proceeds type"},
        std::tuple{kAmazonOrder, R"("29.95","currencyCode":"EUR"},"breakdowns":[)",
                   R"("29.95","currencyCode":"EUR"},"breakdowns":{"type":"ITEM"},"x":[)", "proceeds type"},
        std::tuple{kAmazonOrder, R"("unitPrice":{"amount":"5.00","currencyCode":"EUR"})", R"("unitPrice":"5.00")",
                   "unitPrice type"}})
    is_refused(with(order, from, to), why);
}

TEST_CASE("an order of too many parts is refused before any of them is looked at") {
  std::string many = R"("cancelations":[{})";
  for (int i = 0; i < 100'000; ++i) many += ",{}";
  is_refused(mirakl_list(with(kMiraklOrder, R"("cancelations":[)", many)), " length holds more than 100,000");
  // What is wrong with several lines is said once.
  ImportShop shop;
  std::string order = kMiraklOrder;
  for (int i = 0; i < 2; ++i) order = with(order, R"("order_line_state":"SHIPPING")", R"("order_line_state":"LOST")");
  const std::string told = shop.import(order).refusals();
  CHECK(told.find("order_line_state value") == told.rfind("order_line_state value"));
  CHECK(told.find("order_line_state value") != std::string::npos);
}

TEST_CASE("a part of an order that no API writes so is refused or told, and nobody's name with it") {
  const char* order = nullptr;
  SUBCASE("mirakl") {
    order = kMiraklOrder;
  }
  SUBCASE("shopware") {
    order = kShopwareOrder;
  }
  SUBCASE("bigcommerce") {
    order = kBigCommerceOrder;
  }
  SUBCASE("amazon") {
    order = kAmazonOrder;
  }
  std::string file = order;  // the first says what the others are
  std::erase(file, '\n');
  std::size_t count = 1;
  const auto parsed = json::parse(file);
  REQUIRE(parsed.ok());
  put_variations(*parsed, [&](const json::Value& changed) {
    file += "\n" + json::write(changed);
    ++count;
  });
  ImportShop shop;
  const Done done = shop.import(file);
  CHECK(done.failure.empty());
  CHECK(done.counts.rows == count);
  CHECK(done.adds_up());
  CHECK(done.counts.created > 0);
  CHECK(done.counts.refused > count / 10);
  for (const char* outcome : {"refused", "notice"})
    for (const char* secret : {"Quillonbury", "Vexillologylaan", "zyx@", "97 0000"})
      CHECK_MESSAGE(done.told(outcome).find(secret) == std::string::npos, std::string(secret));
}
