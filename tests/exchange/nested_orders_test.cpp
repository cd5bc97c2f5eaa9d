// Orders that hold their lines, buyer and addresses inside them: files as marketplaces, shops and ERP programs write
// them, each small; and files that look so and must not be taken for orders, or must not be misread.
#include <set>

#include "exchange/nested_orders.h"
#include "exchange/preview.h"
#include "shop.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::test;

namespace {

std::string money_said(const std::optional<Money>& money) {
  return money ? decimal(*money) : std::string();
}
// All of an order that everybody may see.
std::string outside_of_the_vault(const orders::Order& order) {
  std::string out = rfc3339(order.placed_at) + " " + std::string(order.currency.code()) + " " +
                    money_said(order.total) + " " + money_said(order.shipping_cost) + " | " + order.payment_method +
                    " | " + order.shipping_method + " | " + std::string(orders::status_name(orders::status_of(order))) +
                    " " + order.country_code + " |";
  for (const orders::Line& line : order.lines)
    out += " " + std::to_string(line.count.ordered) + " x " + line.sku + " " + line.title + " " +
           money_said(line.price) + ";";
  return out;
}
// Delivery, bill, e-mail, telephone, message; "nobody" of whom nothing is known.
std::string buyer_of(ImportShop& shop, const orders::Order& order) {
  const auto buyer = shop.orders->reveal(shop.clerk, order.id, "test");
  if (!buyer.ok()) return "nobody";
  std::string out;
  using vault::Field;
  for (const Field field : {Field::shipping, Field::billing, Field::email, Field::phone, Field::message}) {
    if (field != Field::shipping) out += " / ";
    const vault::Private* said = buyer->find(field);
    if (said == nullptr) continue;
    if (field != Field::shipping && field != Field::billing) {
      out += said->in_the_clear();
      continue;
    }
    const auto address = json::parse(said->in_the_clear());
    std::string parts;
    for (const auto& [name, value] : *address->as_object()) parts += (parts.empty() ? "" : ", ") + *value.as_string();
    out += parts;
  }
  return out;
}
bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::string kBuyer =
    "<customer><first_name>Jan</first_name><last_name>Jansen</last_name><email>jan@example.com</email><phone>0612345678"
    "</phone><address><street>Dorpsstraat 1</street><zip>1234AB</zip><city>Ede</city></address></customer>";
const std::string kLines = "<lines><line><sku>A</sku><quantity>2</quantity><price>12.10</price></line></lines>";
// An order of Jan Jansen, with more in it.
std::string order_with(std::string_view more, const std::string& lines = kLines, const std::string& buyer = kBuyer) {
  return "<orders><order><number>N-1</number><date>2026-11-20</date>" + buyer + lines + std::string(more) +
         "</order></orders>";
}
std::string line_with(std::string_view said) {
  return "<lines><line><sku>A</sku>" + std::string(said) + "</line></lines>";
}

}  // namespace

TEST_CASE("nested orders: each system's order is read whole, its buyer into the vault alone, and once") {
  struct File {
    const char* of;
    std::string content;
    const char *id, *order, *buyer;
  };
  const File files[] = {
      {"Magento",
       R"~({"items":[{"base_currency_code":"EUR","base_grand_total":29.15,"billing_address_id":9,"created_at":")~"
       R"~(2026-11-20 10:05:00","customer_email":"eva.de.wit@example.com","customer_firstname":"Eva","customer_)~"
       R"~(lastname":"de Wit","customer_is_guest":0,"entity_id":42,"grand_total":29.15,"increment_id":"00000004)~"
       R"~(2","order_currency_code":"EUR","protect_code":"x","quote_id":77,"shipping_amount":4.09,"shipping_des)~"
       R"~(cription":"Flat Rate - Fixed","shipping_incl_tax":4.95,"state":"processing","status":"processing","s)~"
       R"~(tore_name":"Main Website","subtotal":20.0,"tax_amount":4.2,"total_qty_ordered":2,"items":[{"item_id")~"
       R"~(:101,"order_id":42,"sku":"A","name":"Mok","product_type":"configurable","qty_ordered":2,"qty_shipped)~"
       R"~(":0,"qty_canceled":0,"qty_invoiced":0,"price":10,"price_incl_tax":12.1,"row_total":20,"row_total_inc)~"
       R"~(l_tax":24.2,"tax_amount":4.2,"tax_percent":21,"discount_amount":0},{"item_id":102,"order_id":42,"par)~"
       R"~(ent_item_id":101,"sku":"A","name":"Mok rood","product_type":"simple","qty_ordered":2,"price":0,"pare)~"
       R"~(nt_item":{"item_id":101,"sku":"Z","qty_ordered":2}}],"billing_address":{"address_type":"billing","ci)~"
       R"~(ty":"Gent","country_id":"BE","email":"eva.de.wit@example.com","entity_id":9,"firstname":"Eva","lastn)~"
       R"~(ame":"de Wit","parent_id":42,"postcode":"9000","street":["Kerkweg 1","achter"],"telephone":"04701234)~"
       R"~(56"},"payment":{"account_status":null,"additional_information":["Check / Money order"],"cc_last4":nu)~"
       R"~(ll,"entity_id":3,"method":"checkmo","parent_id":42},"status_histories":[{"comment":"x","status":"pen)~"
       R"~(ding"}],"extension_attributes":{"shipping_assignments":[{"shipping":{"address":{"address_type":"ship)~"
       R"~(ping","city":"Lier","country_id":"BE","firstname":"Jan","lastname":"Peeters","postcode":"2500","stre)~"
       R"~(et":["Markt 5"],"telephone":"0470999999"},"method":"flatrate_flatrate","total":{"base_shipping_amoun)~"
       R"~(t":4.09}},"items":[{"sku":"A","qty_ordered":2,"name":"x"}]}]}}],"search_criteria":{"page_size":10},")~"
       R"~(total_count":1})~",
       "000000042", "2026-11-20T10:05:00Z EUR 29.15 4.95 | checkmo | Flat Rate - Fixed | open BE | 2 x A Mok 12.10;",
       "Jan, Peeters, Markt 5, 2500, Lier, BE / Eva, de Wit, Kerkweg 1 achter, 9000, Gent, BE / eva.de.wit@example.com "
       "/ 0470999999 / "},
      {"Vendure, in cents",
       R"~({"data":{"orders":{"items":[{"id":"5","code":"VT3S8ND","active":false,"state":"PaymentSettled","orde)~"
       R"~(rPlacedAt":"2026-11-20T10:05:00.000Z","currencyCode":"EUR","totalWithTax":2915,"total":2409,"shippin)~"
       R"~(gWithTax":495,"shipping":409,"customer":{"id":"3","title":"Mr","firstName":"Eva","lastName":"de Wit")~"
       R"~(,"emailAddress":"eva@example.com","phoneNumber":"0470123456"},"shippingAddress":{"fullName":"Jan Pee)~"
       R"~(ters","company":"","streetLine1":"Markt 5","streetLine2":"","city":"Lier","province":"","postalCode")~"
       R"~(:"2500","country":"Belgium","countryCode":"BE","phoneNumber":""},"billingAddress":{"fullName":"","st)~"
       R"~(reetLine1":""},"shippingLines":[{"shippingMethod":{"id":"1","code":"standard-shipping","name":"Stand)~"
       R"~(ard Shipping"}}],"payments":[{"id":"1","method":"standard-payment","amount":2915,"state":"Settled",")~"
       R"~(transactionId":"t"}],"lines":[{"id":"7","quantity":2,"unitPrice":1000,"unitPriceWithTax":1210,"lineP)~"
       R"~(riceWithTax":2420,"taxRate":21,"productVariant":{"id":"1","sku":"A","name":"Mok","price":99900}}]}],)~"
       R"~("totalItems":1}}})~",
       "VT3S8ND",
       "2026-11-20T10:05:00Z EUR 29.15 4.95 | standard-payment | Standard Shipping | open BE | 2 x A Mok 12.10;",
       "Jan Peeters, Markt 5, 2500, Lier, BE /  / eva@example.com / 0470123456 / "},
      {"bol's retailer API",
       R"~({"orderId":"1043946570","pickupPoint":false,"orderPlacedDateTime":"2026-11-20T10:05:00+01:00","shipm)~"
       R"~(entDetails":{"salutation":"FEMALE","firstName":"Eva","surname":"de Wit","streetName":"Kerkweg","hous)~"
       R"~(eNumber":"1","houseNumberExtension":"A","extraAddressInformation":"achter","zipCode":"1234AB","city")~"
       R"~(:"Utrecht","countryCode":"NL","email":"2hafnkq@verkopen.example","language":"nl","deliveryPhoneNumbe)~"
       R"~(r":"0470123456"},"billingDetails":{"salutation":"MALE","firstName":"Jan","surname":"Peeters","street)~"
       R"~(Name":"Markt","houseNumber":"5","zipCode":"5678CD","city":"Breda","countryCode":"NL","email":"jan@ve)~"
       R"~(rkopen.example"},"orderItems":[{"orderItemId":"6042823871","cancellationRequest":false,"fulfilment":)~"
       R"~({"method":"FBR","distributionParty":"RETAILER","latestDeliveryDate":"2026-11-22"},"offer":{"offerId")~"
       R"~(:"8f6183e3","reference":"A"},"product":{"ean":"4006381333931","title":"Mok"},"quantity":2,"quantityS)~"
       R"~(hipped":0,"quantityCancelled":0,"unitPrice":12.1,"commission":5.18,"additionalServices":[]}]})~",
       "1043946570", "2026-11-20T09:05:00Z EUR   |  |  | open NL | 2 x A Mok 12.10;",
       "Eva, de Wit, Kerkweg, 1, A, achter, 1234AB, Utrecht, NL / Jan, Peeters, Markt, 5, 5678CD, Breda, NL / "
       "2hafnkq@verkopen.example / 0470123456 / "},
      {"Mirakl",
       R"~({"orders":[{"commercial_id":"C1","order_id":"C1-A","created_date":"2026-11-20T10:05:00Z","order_stat)~"
       R"~(e":"SHIPPING","currency_iso_code":"EUR","price":24.2,"total_price":29.15,"total_commission":3.1,"shi)~"
       R"~(pping_price":4.95,"shipping_type_code":"STD","shipping_type_label":"Standard","payment_type":"PAY_ON)~"
       R"~(_ACCEPTANCE","paymentType":"CREDIT_CARD","shipping_deadline":"2026-11-22T10:05:00Z","customer":{"cus)~"
       R"~(tomer_id":"cu1","civility":"Mme","firstname":"Eva","lastname":"de Wit","locale":"fr_FR","billing_add)~"
       R"~(ress":{"city":"Gent","country":"Belgique","country_iso_code":"BE","firstname":"Eva","lastname":"de W)~"
       R"~(it","street_1":"Kerkweg 1","street_2":"achter","zip_code":"9000"},"shipping_address":{"city":"Lier",)~"
       R"~("country":"Belgique","country_iso_code":"BE","firstname":"Jan","lastname":"Peeters","street_1":"Mark)~"
       R"~(t 5","zip_code":"2500","phone":"0470123456"}},"order_lines":[{"order_line_id":"C1-A-1","order_line_i)~"
       R"~(ndex":1,"order_line_state":"SHIPPING","offer_id":2041,"offer_sku":"A","product_sku":"MKP9","product_)~"
       R"~(title":"Mok","quantity":2,"price":24.2,"price_unit":12.1,"total_price":29.15,"shipping_price":4.95,")~"
       R"~(taxes":[],"cancelations":[],"refunds":[]}],"has_invoice":false}],"total_count":1})~",
       "C1-A", "2026-11-20T10:05:00Z EUR 29.15 4.95 |  | Standard | open BE | 2 x A Mok 12.10;",
       "Jan, Peeters, Markt 5, 2500, Lier, BE / Eva, de Wit, Kerkweg 1, achter, 9000, Gent, BE /  / 0470123456 / "},
      {"Shopware 6",
       R"~({"total":1,"data":[{"id":"0189","orderNumber":"10017","orderDateTime":"2026-11-20T10:05:00.000+00:00)~"
       R"~(","amountTotal":29.15,"amountNet":24.09,"positionPrice":24.2,"shippingTotal":4.95,"taxStatus":"gross)~"
       R"~(","currency":{"isoCode":"EUR","name":"Euro","factor":1},"price":{"netPrice":24.09,"totalPrice":29.15)~"
       R"~(,"taxStatus":"gross"},"orderCustomer":{"email":"eva@example.com","firstName":"Eva","lastName":"de Wi)~"
       R"~(t","customerNumber":"10001","company":null,"title":"Dr."},"billingAddress":{"firstName":"Eva","lastN)~"
       R"~(ame":"de Wit","street":"Kerkweg 1","zipcode":"9000","city":"Gent","country":{"iso":"BE","name":"Belg)~"
       R"~(ien"},"phoneNumber":null},"deliveries":[{"shippingOrderAddress":{"firstName":"Jan","lastName":"Peete)~"
       R"~(rs","street":"Markt 5","zipcode":"2500","city":"Lier","country":{"iso":"BE","name":"Belgien"}},"ship)~"
       R"~(pingMethod":{"name":"Standard","technicalName":"shipping_standard"},"trackingCodes":[],"positions":[)~"
       R"~({"quantity":2,"label":"x"}],"stateMachineState":{"technicalName":"open","name":"Offen"}}],"transacti)~"
       R"~(ons":[{"paymentMethod":{"name":"Vorkasse","technicalName":"payment_prepayment"},"stateMachineState":)~"
       R"~({"technicalName":"paid"}}],"stateMachineState":{"technicalName":"in_progress","name":"In Bearbeitung)~"
       R"~("},"lineItems":[{"id":"a1","label":"Mok","quantity":2,"unitPrice":12.1,"totalPrice":24.2,"type":"pro)~"
       R"~(duct","payload":{"productNumber":"A"},"price":{"unitPrice":12.1,"totalPrice":24.2,"quantity":2}},{"i)~"
       R"~(d":"a2","label":"Gutschein","quantity":1,"unitPrice":-5,"totalPrice":-5,"type":"promotion","payload")~"
       R"~(:{"code":"X"}}]}]})~",
       "10017", "2026-11-20T10:05:00Z EUR 29.15 4.95 | Vorkasse | Standard | open BE | 2 x A Mok 12.10;",
       "Jan, Peeters, Markt 5, 2500, Lier, BE / Eva, de Wit, Kerkweg 1, 9000, Gent, BE / eva@example.com /  / "},
      {"BigCommerce",
       R"~([{"id":118,"customer_id":7,"date_created":"Fri, 20 Nov 2026 10:05:00 +0000","status_id":11,"status":)~"
       R"~("Awaiting Fulfillment","subtotal_ex_tax":"20.0000","subtotal_inc_tax":"24.2000","shipping_cost_ex_ta)~"
       R"~(x":"4.0900","shipping_cost_inc_tax":"4.9500","total_ex_tax":"24.0900","total_inc_tax":"29.1500","ite)~"
       R"~(ms_total":2,"payment_method":"Bank Deposit","payment_status":"","currency_code":"EUR","default_curre)~"
       R"~(ncy_code":"EUR","staff_notes":"","customer_message":"graag bellen","cart_id":"c9","channel_id":1,"or)~"
       R"~(der_source":"www","billing_address":{"first_name":"Eva","last_name":"de Wit","company":"","street_1")~"
       R"~(:"Kerkweg 1","street_2":"","city":"Gent","state":"","zip":"9000","country":"Belgium","country_iso2":)~"
       R"~("BE","phone":"0470123456","email":"eva@example.com"},"shipping_addresses":[{"first_name":"Jan","last)~"
       R"~(_name":"Peeters","street_1":"Markt 5","city":"Lier","zip":"2500","country":"Belgium","country_iso2":)~"
       R"~("BE","shipping_method":"Flat Rate","cost_inc_tax":"4.95"}],"products":[{"id":5,"order_id":118,"produ)~"
       R"~(ct_id":99,"name":"Mok","sku":"A","quantity":2,"base_price":"10.0000","price_ex_tax":"10.0000","price)~"
       R"~(_inc_tax":"12.1000","price_tax":"2.1000","total_ex_tax":"20.0000","total_inc_tax":"24.2000","total_t)~"
       R"~(ax":"4.2000","quantity_shipped":0,"quantity_refunded":0}]}])~",
       "118", "2026-11-20T10:05:00Z EUR 29.15 4.95 | Bank Deposit |  | open BE | 2 x A Mok 12.10;",
       "Jan, Peeters, Markt 5, 2500, Lier, BE / Eva, de Wit, Kerkweg 1, 9000, Gent, BE / eva@example.com / 0470123456 "
       "/ graag bellen"},
      {"PrestaShop",
       R"~(<?xml version="1.0" encoding="UTF-8"?><prestashop xmlns:xlink="http://www.w3.org/1999/xlink"><order>)~"
       R"~(<id><![CDATA[5]]></id><id_address_delivery xlink:href="http://x/api/addresses/4"><![CDATA[4]]></id_a)~"
       R"~(ddress_delivery><id_customer xlink:href="http://x">1</id_customer><current_state>2</current_state><m)~"
       R"~(odule>ps_wirepayment</module><invoice_number>0</invoice_number><invoice_date>0000-00-00 00:00:00</in)~"
       R"~(voice_date><delivery_number>0</delivery_number><delivery_date>0000-00-00</delivery_date><valid>1</va)~"
       R"~(lid><date_add>2026-11-20 10:05:00</date_add><reference>KHWLILZLL</reference><payment>Bank wire</paym)~"
       R"~(ent><total_paid>29.150000</total_paid><total_paid_tax_incl>29.150000</total_paid_tax_incl><total_pai)~"
       R"~(d_tax_excl>24.090000</total_paid_tax_excl><total_shipping_tax_incl>4.950000</total_shipping_tax_incl)~"
       R"~(><associations><order_rows nodeType="order_row" virtualEntity="true"><order_row><id>9</id><product_i)~"
       R"~(d xlink:href="http://x">1</product_id><product_quantity>2</product_quantity><product_name>Mok</produ)~"
       R"~(ct_name><product_reference>A</product_reference><product_ean13></product_ean13><product_price>10.000)~"
       R"~(000</product_price><unit_price_tax_incl>12.100000</unit_price_tax_incl><unit_price_tax_excl>10.00000)~"
       R"~(0</unit_price_tax_excl></order_row></order_rows></associations></order></prestashop>)~",
       "5", "2026-11-20T10:05:00Z EUR 29.15 4.95 | ps_wirepayment |  | open  | 2 x A Mok 12.10;", "nobody"},
      {"Lightspeed",
       R"~({"orders":[{"id":1,"createdAt":"2026-11-20T10:05:00+00:00","number":"ORD100001","status":"processing)~"
       R"~(_awaiting_shipment","isPaid":true,"priceExcl":24.09,"priceIncl":29.15,"email":"eva@example.com","fir)~"
       R"~(stname":"Eva","lastname":"de Wit","phone":"0470123456","addressBillingName":"Eva de Wit","addressBil)~"
       R"~(lingStreet":"Kerkweg","addressBillingNumber":"1","addressBillingZipcode":"9000","addressBillingCity")~"
       R"~(:"Gent","addressBillingCountry":{"code":"be","title":"Belgium"},"addressShippingName":"Jan Peeters",)~"
       R"~("addressShippingStreet":"Markt","addressShippingNumber":"5","addressShippingZipcode":"2500","address)~"
       R"~(ShippingCity":"Lier","addressShippingCountry":{"code":"be","title":"Belgium"},"paymentTitle":"iDEAL")~"
       R"~(,"shipmentTitle":"PostNL","shipmentPriceIncl":4.95,"shipmentPriceExcl":4.09,"products":{"resource":{)~"
       R"~("id":false,"url":"u","embedded":[{"id":3,"articleCode":"A","ean":"","sku":"","productTitle":"Mok","q)~"
       R"~(uantityOrdered":2,"basePriceIncl":12.1,"priceIncl":24.2,"priceExcl":20}]}}}]})~",
       "ORD100001", "2026-11-20T10:05:00Z EUR 29.15 4.95 | iDEAL | PostNL | open BE | 2 x A Mok 12.10;",
       "Jan Peeters, Markt, 5, 2500, Lier, BE / Eva de Wit, Kerkweg, 1, 9000, Gent, BE / eva@example.com / 0470123456 "
       "/ "},
      {"openTRANS 1.0, with prices for a hundred and without tax",
       R"~(<?xml version="1.0"?><ORDER version="1.0" xmlns="http://www.opentrans.org/XMLSchema/1.0" type="stand)~"
       R"~(ard"><ORDER_HEADER><CONTROL_INFO><GENERATION_DATE>2026-11-20T10:05:00</GENERATION_DATE></CONTROL_INF)~"
       R"~(O><ORDER_INFO><ORDER_ID>PLEX-141269</ORDER_ID><ORDER_DATE>2026-11-20T10:05:00+01:00</ORDER_DATE><ORD)~"
       R"~(ER_PARTIES><BUYER_PARTY><PARTY><PARTY_ID type="buyer_specific">9</PARTY_ID><ADDRESS><NAME>De Wit BV<)~"
       R"~(/NAME><CONTACT><CONTACT_NAME>Eva de Wit</CONTACT_NAME><EMAIL>eva@example.com</EMAIL></CONTACT><STREE)~"
       R"~(T>Kerkweg 1</STREET><ZIP>9000</ZIP><CITY>Gent</CITY><COUNTRY>BE</COUNTRY></ADDRESS></PARTY></BUYER_P)~"
       R"~(ARTY><SUPPLIER_PARTY><PARTY><ADDRESS><NAME>Wij zelf</NAME><STREET>Onze straat 9</STREET><CITY>Ulm</C)~"
       R"~(ITY></ADDRESS></PARTY></SUPPLIER_PARTY><SHIPMENT_PARTIES><DELIVERY_PARTY><PARTY><ADDRESS><NAME>Jan P)~"
       R"~(eeters</NAME><STREET>Markt 5</STREET><ZIP>2500</ZIP><CITY>Lier</CITY><COUNTRY>BE</COUNTRY></ADDRESS>)~"
       R"~(</PARTY></DELIVERY_PARTY></SHIPMENT_PARTIES></ORDER_PARTIES><PRICE_CURRENCY>EUR</PRICE_CURRENCY><REM)~"
       R"~(ARK type="general">snel</REMARK></ORDER_INFO></ORDER_HEADER><ORDER_ITEM_LIST><ORDER_ITEM><LINE_ITEM_)~"
       R"~(ID>1</LINE_ITEM_ID><ARTICLE_ID><SUPPLIER_AID>A</SUPPLIER_AID><DESCRIPTION_SHORT>Mok</DESCRIPTION_SHO)~"
       R"~(RT></ARTICLE_ID><QUANTITY>200</QUANTITY><ORDER_UNIT>PCE</ORDER_UNIT><ARTICLE_PRICE type="net_list"><)~"
       R"~(PRICE_AMOUNT>10.00</PRICE_AMOUNT><PRICE_LINE_AMOUNT>20.00</PRICE_LINE_AMOUNT><PRICE_QUANTITY>100</PR)~"
       R"~(ICE_QUANTITY><TAX>0.21</TAX></ARTICLE_PRICE></ORDER_ITEM></ORDER_ITEM_LIST><ORDER_SUMMARY><TOTAL_ITE)~"
       R"~(M_NUM>1</TOTAL_ITEM_NUM><TOTAL_AMOUNT>20.00</TOTAL_AMOUNT></ORDER_SUMMARY></ORDER>)~",
       "PLEX-141269", "2026-11-20T09:05:00Z EUR   |  |  | open BE | 200 x A Mok 0.12;",
       "Jan Peeters, Markt 5, 2500, Lier, BE / De Wit BV, Kerkweg 1, 9000, Gent, BE / eva@example.com /  / snel"},
      {"openTRANS 2.1",
       R"~(<?xml version="1.0"?><ORDER version="2.1" type="standard" xmlns="http://www.opentrans.org/XMLSchema/)~"
       R"~(2.1" xmlns:bmecat="http://www.bmecat.org/bmecat/2005"><ORDER_HEADER><ORDER_INFO><ORDER_ID>OT-2</ORDE)~"
       R"~(R_ID><ORDER_DATE>2026-11-20T10:05:00+01:00</ORDER_DATE><PARTIES><PARTY><bmecat:PARTY_ID type="buyer_)~"
       R"~(specific">1</bmecat:PARTY_ID><PARTY_ROLE>supplier</PARTY_ROLE><ADDRESS><bmecat:NAME>Wij zelf</bmecat)~"
       R"~(:NAME><bmecat:STREET>Onze straat 9</bmecat:STREET><bmecat:CITY>Ulm</bmecat:CITY></ADDRESS></PARTY><P)~"
       R"~(ARTY><PARTY_ROLE>buyer</PARTY_ROLE><ADDRESS><bmecat:NAME>Eva de Wit</bmecat:NAME><bmecat:STREET>Kerk)~"
       R"~(weg 1</bmecat:STREET><bmecat:ZIP>9000</bmecat:ZIP><bmecat:CITY>Gent</bmecat:CITY><bmecat:COUNTRY_COD)~"
       R"~(ED>BE</bmecat:COUNTRY_CODED></ADDRESS></PARTY><PARTY><PARTY_ROLE>delivery</PARTY_ROLE><ADDRESS><bmec)~"
       R"~(at:NAME>Jan Peeters</bmecat:NAME><bmecat:STREET>Markt 5</bmecat:STREET><bmecat:ZIP>2500</bmecat:ZIP>)~"
       R"~(<bmecat:CITY>Lier</bmecat:CITY><bmecat:COUNTRY_CODED>BE</bmecat:COUNTRY_CODED></ADDRESS></PARTY></PA)~"
       R"~(RTIES><bmecat:CURRENCY>EUR</bmecat:CURRENCY></ORDER_INFO></ORDER_HEADER><ORDER_ITEM_LIST><ORDER_ITEM)~"
       R"~(><LINE_ITEM_ID>1</LINE_ITEM_ID><PRODUCT_ID><bmecat:SUPPLIER_PID>A</bmecat:SUPPLIER_PID><bmecat:DESCR)~"
       R"~(IPTION_SHORT>Mok</bmecat:DESCRIPTION_SHORT></PRODUCT_ID><QUANTITY>2</QUANTITY><bmecat:ORDER_UNIT>C62)~"
       R"~(</bmecat:ORDER_UNIT><PRODUCT_PRICE_FIX><bmecat:PRICE_AMOUNT>12.10</bmecat:PRICE_AMOUNT></PRODUCT_PRI)~"
       R"~(CE_FIX><PRICE_LINE_AMOUNT>24.20</PRICE_LINE_AMOUNT></ORDER_ITEM></ORDER_ITEM_LIST><ORDER_SUMMARY><TO)~"
       R"~(TAL_ITEM_NUM>1</TOTAL_ITEM_NUM><TOTAL_AMOUNT>24.20</TOTAL_AMOUNT></ORDER_SUMMARY></ORDER>)~",
       "OT-2", "2026-11-20T09:05:00Z EUR 24.20  |  |  | open BE | 2 x A Mok 12.10;",
       "Jan Peeters, Markt 5, 2500, Lier, BE / Eva de Wit, Kerkweg 1, 9000, Gent, BE /  /  / "},
      {"Afterbuy",
       R"~(<?xml version="1.0" encoding="utf-8"?><Afterbuy><CallStatus>Success</CallStatus><Result><HasMoreItem)~"
       R"~(s>0</HasMoreItems><Orders><Order><InvoiceNumber>0</InvoiceNumber><OrderID>123456789</OrderID><OrderD)~"
       R"~(ate>20.11.2026 10:05:00</OrderDate><OrderIDAlt>1</OrderIDAlt><UserComment>bitte klingeln</UserCommen)~"
       R"~(t><PaymentInfo><PaymentID>PAYPAL</PaymentID><PaymentMethod>PayPal</PaymentMethod><AlreadyPaid>29,15<)~"
       R"~(/AlreadyPaid><FullAmount>29,15</FullAmount><PaymentStatus>Completed</PaymentStatus></PaymentInfo><Bu)~"
       R"~(yerInfo><BillingAddress><AfterbuyUserID>9</AfterbuyUserID><UserIDPlattform>evadw</UserIDPlattform><F)~"
       R"~(irstName>Eva</FirstName><LastName>de Wit</LastName><Title>Frau</Title><Company></Company><Street>Ker)~"
       R"~(kweg 1</Street><PostalCode>9000</PostalCode><City>Gent</City><Country>B</Country><CountryISO>BE</Cou)~"
       R"~(ntryISO><Phone>0470123456</Phone><Mail>eva@example.com</Mail></BillingAddress><ShippingAddress><Firs)~"
       R"~(tName>Jan</FirstName><LastName>Peeters</LastName><Street>Markt 5</Street><PostalCode>2500</PostalCod)~"
       R"~(e><City>Lier</City><CountryISO>BE</CountryISO></ShippingAddress></BuyerInfo><SoldItems><ItemsInOrder)~"
       R"~(>1</ItemsInOrder><SoldItem><ItemID>77</ItemID><Anr>A</Anr><ItemTitle>Mok</ItemTitle><ItemQuantity>2<)~"
       R"~(/ItemQuantity><ItemPrice>12,10</ItemPrice><TaxRate>21,00</TaxRate><ItemPlatformName>ebay</ItemPlatfo)~"
       R"~(rmName></SoldItem></SoldItems><ShippingInfo><ShippingMethod>DHL Paket</ShippingMethod><ShippingCost>)~"
       R"~(4,95</ShippingCost><ShippingTotalCost>4,95</ShippingTotalCost></ShippingInfo></Order></Orders></Resu)~"
       R"~(lt></Afterbuy>)~",
       "123456789", "2026-11-20T10:05:00Z EUR 29.15 4.95 | PayPal | DHL Paket | open BE | 2 x A Mok 12.10;",
       "Jan, Peeters, Markt 5, 2500, Lier, BE / Eva, de Wit, Kerkweg 1, 9000, Gent, BE / eva@example.com / 0470123456 "
       "/ "},
      {"Shopify GraphQL",
       R"~({"data":{"orders":{"edges":[{"cursor":"x","node":{"id":"gid://shopify/Order/1","name":"#1001","creat)~"
       R"~(edAt":"2026-11-20T10:05:00Z","email":"eva@example.com","displayFinancialStatus":"PAID","displayFulfi)~"
       R"~(llmentStatus":"UNFULFILLED","currencyCode":"EUR","totalPriceSet":{"shopMoney":{"amount":"29.15","cur)~"
       R"~(rencyCode":"EUR"},"presentmentMoney":{"amount":"32.00","currencyCode":"USD"}},"totalShippingPriceSet)~"
       R"~(":{"shopMoney":{"amount":"4.95","currencyCode":"EUR"}},"customer":{"firstName":"Eva","lastName":"de )~"
       R"~(Wit","email":"eva@example.com"},"shippingAddress":{"name":"Jan Peeters","address1":"Markt 5","addres)~"
       R"~(s2":null,"zip":"2500","city":"Lier","countryCodeV2":"BE","phone":null},"billingAddress":{"name":"Eva)~"
       R"~( de Wit","address1":"Kerkweg 1","zip":"9000","city":"Gent","countryCodeV2":"BE"},"shippingLine":{"ti)~"
       R"~(tle":"Standard","code":"STD"},"lineItems":{"edges":[{"node":{"id":"gid://shopify/LineItem/2","sku":")~"
       R"~(A","title":"Mok","quantity":2,"originalUnitPriceSet":{"shopMoney":{"amount":"12.10","currencyCode":")~"
       R"~(EUR"}},"variant":{"id":"v","sku":"A-OTHER","title":"Rood"}}}]}}}],"pageInfo":{"hasNextPage":false}}})~"
       R"~(})~",
       "#1001", "2026-11-20T10:05:00Z EUR 29.15 4.95 |  | Standard | open BE | 2 x A Mok 12.10;",
       "Jan Peeters, Markt 5, 2500, Lier, BE / Eva de Wit, Kerkweg 1, 9000, Gent, BE / eva@example.com /  / "},
      {"Odoo",
       R"~({"jsonrpc":"2.0","id":1,"result":[{"id":17,"name":"S00017","state":"sale","date_order":"2026-11-20 1)~"
       R"~(0:05:00","amount_untaxed":20.0,"amount_tax":4.2,"amount_total":24.2,"currency_id":{"id":1,"name":"EU)~"
       R"~(R"},"partner_id":{"id":9,"name":"Eva de Wit","street":"Kerkweg 1","zip":"9000","city":"Gent","countr)~"
       R"~(y_id":{"id":20,"name":"Belgium","code":"BE"},"email":"eva@example.com"},"user_id":{"id":2,"name":"Ve)~"
       R"~(rkoper Wij","email":"ik@winkel.example"},"order_line":[{"id":31,"product_id":{"id":5,"default_code":)~"
       R"~("A","name":"Mok"},"name":"[A] Mok","product_uom_qty":2.0,"qty_delivered":0.0,"qty_invoiced":0.0,"pri)~"
       R"~(ce_unit":10.0,"price_subtotal":20.0,"price_tax":4.2,"price_total":24.2}]}]})~",
       "S00017", "2026-11-20T10:05:00Z EUR 24.20  |  |  | open BE | 2 x A [A] Mok 12.10;",
       "Eva de Wit, Kerkweg 1, 9000, Gent, BE /  / eva@example.com /  / "},
      {"Otto, a piece a line",
       R"~({"resources":[{"salesOrderId":"s7","orderNumber":"OT-7","orderDate":"2026-11-20T10:05:00Z","position)~"
       R"~(Items":[{"positionItemId":"p1","fulfillmentStatus":"PROCESSABLE","itemValueGrossPrice":{"amount":9.9)~"
       R"~(9,"currency":"EUR"},"product":{"sku":"A","productTitle":"Mok"}},{"positionItemId":"p2","itemValueGro)~"
       R"~(ssPrice":{"amount":9.99,"currency":"EUR"},"product":{"sku":"A","productTitle":"Mok"}}],"deliveryAddr)~"
       R"~(ess":{"firstName":"Mia","lastName":"Ek","street":"Weg","houseNumber":"1","zipCode":"24103","city":"K)~"
       R"~(iel","countryCode":"DEU"}}]})~",
       "OT-7", "2026-11-20T10:05:00Z EUR   |  |  | open DE | 1 x A Mok 9.99; 1 x A Mok 9.99;",
       "Mia, Ek, Weg, 1, 24103, Kiel, DE /  /  /  / "},
      {"Dutch",
       R"~(<bestellingen><bestelling><bestelnummer>NL-1</bestelnummer><besteldatum>20-11-2026 10:05</besteldatu)~"
       R"~(m><klant><voornaam>Eva</voornaam><achternaam>de Wit</achternaam><email>eva@example.com</email><adres)~"
       R"~(><straat>Kerkweg</straat><huisnummer>1</huisnummer><postcode>9000</postcode><plaats>Gent</plaats><la)~"
       R"~(nd>België</land></adres></klant><afleveradres><naam>Jan Peeters</naam><straat>Markt</straat><huisnum)~"
       R"~(mer>5</huisnummer><postcode>2500</postcode><plaats>Lier</plaats><land>BE</land></afleveradres><verko)~"
       R"~(per><naam>Wij zelf</naam><straat>Onze straat 9</straat><email>ik@winkel.example</email></verkoper><b)~"
       R"~(estelregels><bestelregel><artikelnummer>A</artikelnummer><omschrijving>Mok</omschrijving><aantal>2</)~"
       R"~(aantal><stukprijs>12,10</stukprijs></bestelregel></bestelregels><verzendkosten>4,95</verzendkosten><)~"
       R"~(totaal>29,15</totaal><betaalmethode>iDEAL</betaalmethode><verzendmethode>PostNL</verzendmethode></be)~"
       R"~(stelling></bestellingen>)~",
       "NL-1", "2026-11-20T10:05:00Z EUR 29.15 4.95 | iDEAL | PostNL | open BE | 2 x A Mok 12.10;",
       "Jan Peeters, Markt, 5, 2500, Lier, BE / Eva, de Wit, Kerkweg, 1, 9000, Gent, BE / eva@example.com /  / "},
      {"German, in attributes",
       R"~(<Bestellungen><Bestellung nr="DE-1" datum="2026-11-20"><Kunde><Vorname>Eva</Vorname><Nachname>de Wit)~"
       R"~(</Nachname><Anschrift><Strasse>Kerkweg 1</Strasse><PLZ>9000</PLZ><Ort>Gent</Ort><Land>BE</Land></Ans)~"
       R"~(chrift></Kunde><Positionen><Position><Artikelnummer>A</Artikelnummer><Bezeichnung>Mok</Bezeichnung><)~"
       R"~(Menge>2</Menge><PreisNetto>10,00</PreisNetto><Steuersatz>21</Steuersatz></Position></Positionen><Ges)~"
       R"~(amtbetrag waehrung="EUR">24,20</Gesamtbetrag></Bestellung></Bestellungen>)~",
       "DE-1", "2026-11-20T00:00:00Z EUR 24.20  |  |  | open BE | 2 x A Mok 12.10;",
       "Eva, de Wit, Kerkweg 1, 9000, Gent, BE /  /  /  / "},
      {"French",
       R"~({"commandes":[{"numero":"FR-1","date":"2026-11-20","client":{"nom":"de Wit","prenom":"Eva","adresse")~"
       R"~(:"Kerkweg 1","code_postal":"9000","ville":"Gent","pays":"France"},"lignes":[{"reference":"A","design)~"
       R"~(ation":"Mok","quantite":2,"prix_unitaire_ht":10,"taux_tva":21}],"total_ttc":24.2,"mode_paiement":"Ca)~"
       R"~(rte bancaire"}]})~",
       "FR-1", "2026-11-20T00:00:00Z EUR 24.20  | Carte bancaire |  | open FR | 2 x A Mok 12.10;",
       "Eva, de Wit, Kerkweg 1, 9000, Gent, FR /  /  /  / "},
      {"Spanish",
       R"~({"pedidos":[{"numero_pedido":"ES-1","fecha":"2026-11-20","cliente":{"nombre":"Eva","apellidos":"de W)~"
       R"~(it","direccion":"Kerkweg 1","codigo_postal":"9000","ciudad":"Gent","pais":"España"},"lineas":[{"codi)~"
       R"~(go":"A","descripcion":"Mok","cantidad":2,"precio":12.1}],"total":24.2}]})~",
       "ES-1", "2026-11-20T00:00:00Z EUR 24.20  |  |  | open ES | 2 x A Mok 12.10;",
       "Eva, de Wit, Kerkweg 1, 9000, Gent, ES /  /  /  / "},
      {"Italian, where a price is that of the line",
       R"~(<ordini><ordine><numero>IT-1</numero><data_ordine>2026-11-20</data_ordine><cliente><nome>Eva</nome><)~"
       R"~(cognome>de Wit</cognome><indirizzo>Kerkweg 1</indirizzo><cap>90100</cap><citta>Roma</citta></cliente)~"
       R"~(><righe><riga><codice>A</codice><descrizione>Mok</descrizione><quantita>2</quantita><prezzo>24,20</p)~"
       R"~(rezzo></riga></righe><totale>24,20</totale></ordine></ordini>)~",
       "IT-1", "2026-11-20T00:00:00Z EUR 24.20  |  |  | open  | 2 x A Mok 12.10;",
       "Eva, de Wit, Kerkweg 1, 90100, Roma /  /  /  / "},
      {"UBL, without tax",
       R"~(<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" xmlns:cac="urn:oasis:names:speci)~"
       R"~(fication:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:sc)~"
       R"~(hema:xsd:CommonBasicComponents-2"><cbc:ID>UBL-1</cbc:ID><cbc:IssueDate>2026-11-20</cbc:IssueDate><cb)~"
       R"~(c:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cac:BuyerCustomerParty><cac:Party><cac:PartyNa)~"
       R"~(me><cbc:Name>De Wit BV</cbc:Name></cac:PartyName><cac:PostalAddress><cbc:StreetName>Kerkweg</cbc:Str)~"
       R"~(eetName><cbc:BuildingNumber>1</cbc:BuildingNumber><cbc:CityName>Gent</cbc:CityName><cbc:PostalZone>9)~"
       R"~(000</cbc:PostalZone><cac:Country><cbc:IdentificationCode>BE</cbc:IdentificationCode></cac:Country></)~"
       R"~(cac:PostalAddress><cac:Contact><cbc:Name>Eva</cbc:Name><cbc:ElectronicMail>eva@example.com</cbc:Elec)~"
       R"~(tronicMail></cac:Contact></cac:Party></cac:BuyerCustomerParty><cac:SellerSupplierParty><cac:Party><c)~"
       R"~(ac:PartyName><cbc:Name>Wij</cbc:Name></cac:PartyName></cac:Party></cac:SellerSupplierParty><cac:Anti)~"
       R"~(cipatedMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">20.00</cbc:LineExtensionAmount><cbc:T)~"
       R"~(axInclusiveAmount currencyID="EUR">24.20</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR")~"
       R"~(>24.20</cbc:PayableAmount></cac:AnticipatedMonetaryTotal><cac:OrderLine><cac:LineItem><cbc:ID>1</cbc)~"
       R"~(:ID><cbc:Quantity unitCode="C62">2</cbc:Quantity><cbc:LineExtensionAmount currencyID="EUR">20.00</cb)~"
       R"~(c:LineExtensionAmount><cbc:TotalTaxAmount currencyID="EUR">4.20</cbc:TotalTaxAmount><cac:Price><cbc:)~"
       R"~(PriceAmount currencyID="EUR">10.00</cbc:PriceAmount></cac:Price><cac:Item><cbc:Name>Mok</cbc:Name><c)~"
       R"~(ac:SellersItemIdentification><cbc:ID>A</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:Line)~"
       R"~(Item></cac:OrderLine></Order>)~",
       "UBL-1", "2026-11-20T00:00:00Z EUR 24.20  |  |  | open BE | 2 x A Mok 12.10;",
       "De Wit BV, Kerkweg, 1, 9000, Gent, BE /  / eva@example.com /  / "},
      {"eBay's Trading API",
       R"~(<GetOrdersResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Success</Ack><OrderArray><Order><Ord)~"
       R"~(erID>26-1</OrderID><OrderStatus>Completed</OrderStatus><AmountPaid currencyID="EUR">29.15</AmountPai)~"
       R"~(d><CreatedTime>2026-11-20T10:05:00.000Z</CreatedTime><Total currencyID="EUR">29.15</Total><ShippingA)~"
       R"~(ddress><Name>Jan Peeters</Name><Street1>Markt 5</Street1><CityName>Lier</CityName><Country>BE</Count)~"
       R"~(ry><PostalCode>2500</PostalCode><Phone>0470</Phone></ShippingAddress><TransactionArray><Transaction>)~"
       R"~(<Buyer><Email>eva@example.com</Email></Buyer><Item><ItemID>1</ItemID><Title>Mok</Title><SKU>A</SKU><)~"
       R"~(/Item><QuantityPurchased>2</QuantityPurchased><TransactionPrice currencyID="EUR">12.1</TransactionPr)~"
       R"~(ice><OrderLineItemID>1-2</OrderLineItemID></Transaction></TransactionArray></Order></OrderArray></Ge)~"
       R"~(tOrdersResponse>)~",
       "26-1", "2026-11-20T10:05:00Z EUR 29.15  |  |  | open BE | 2 x A Mok 12.10;",
       "Jan Peeters, Markt 5, 2500, Lier, BE /  /  / 0470 / "},
      {"Saleor",
       R"~({"data":{"orders":{"edges":[{"node":{"id":"T3","number":"21","created":"2026-11-20T10:05:00Z","statu)~"
       R"~(s":"UNFULFILLED","isPaid":true,"userEmail":"eva@example.com","total":{"gross":{"amount":24.2,"curren)~"
       R"~(cy":"EUR"},"net":{"amount":20}},"shippingAddress":{"firstName":"Jan","lastName":"Peeters","streetAdd)~"
       R"~(ress1":"Markt 5","streetAddress2":"","city":"LIER","postalCode":"2500","country":{"code":"BE","count)~"
       R"~(ry":"Belgium"},"phone":""},"lines":[{"id":"L1","productName":"Mok","productSku":"A","quantity":2,"un)~"
       R"~(itPrice":{"gross":{"amount":12.1,"currency":"EUR"},"net":{"amount":10}}}]}}]}}})~",
       "21", "2026-11-20T10:05:00Z EUR 24.20  |  |  | open BE | 2 x A Mok 12.10;",
       "Jan, Peeters, Markt 5, 2500, LIER, BE /  /  /  / "},
      {"plain",
       R"~({"orders":[{"orderNumber":"P-1","createdAt":"2026-11-20T10:05:00Z","currency":"EUR","total":29.15,"s)~"
       R"~(hippingCost":4.95,"buyer":{"name":"Eva de Wit","email":"eva@example.com","address":{"street":"Kerkwe)~"
       R"~(g 1","zip":"9000","city":"Gent","country":"BE"}},"lines":[{"sku":"A","quantity":2,"price":12.1}]}]})~",
       "P-1", "2026-11-20T10:05:00Z EUR 29.15 4.95 |  |  | open BE | 2 x A  12.10;",
       "Eva de Wit, Kerkweg 1, 9000, Gent, BE /  / eva@example.com /  / "},
  };
  for (const File& file : files) {
    CAPTURE(std::string(file.of));
    ImportShop shop;
    const Done tried = shop.import(file.content, {.dry_run = true});
    CHECK_MESSAGE(tried.counts.created == 1, tried);
    CHECK(shop.order_count() == 0);
    const Done done = shop.import(file.content);
    CHECK_MESSAGE(done.counts.created == 1, done);
    CHECK(done.counts.rows == 1);
    CHECK(done.format == "orders");
    const auto order = shop.order(file.id);
    const std::string outside = outside_of_the_vault(order);
    CHECK(outside == file.order);
    CHECK(buyer_of(shop, order) == file.buyer);
    for (const char* word : {"Eva", "Wit", "Jan", "Peeters", "Kerkweg", "Markt", "example.com", "0470", "Mia"})
      CHECK_MESSAGE(!holds(outside + order.channel_order_id + order.channel, word), word);
    CHECK(shop.import(file.content).counts.unchanged == 1);
    CHECK(shop.order_count() == 1);
  }
}

TEST_CASE("nested orders: whoever bought ends in no field outside of the vault, whatever he is written into") {
  struct File {
    std::string content, told;
  };
  const File files[] = {
      {order_with("<shipping>Jan Jansen, Dorpsstraat 1</shipping>"), "shipping_cost left is no amount"},
      {order_with("<shipto>Jan Jansen</shipto>"), ""},
      {order_with("<payment><name>J. Jansen</name></payment>"), "payment_method left is no way"},
      {order_with("<payment><method>Visa</method><holder>Jan Jansen</holder></payment>"), "left out: payment."},
      {order_with("<delivery><title>Mr</title></delivery>"), ""},
      {order_with("<delivery><method>Piet Puk</method></delivery>"), "shipping_method left is no way"},
      {order_with("<shipping><name>Piet Puk</name><method>Piet Puk</method></shipping>"), ""},
      {order_with("<shipping_method>DHL to Jansen</shipping_method>"), "shipping_method person"},
      {order_with("<shipping_method>at DORPSSTRAAT-1</shipping_method>"), "shipping_method person"},
      {order_with("<shipping_method>DHL, M\u00dcLLER</shipping_method>", kLines,
                  "<customer><last_name>M\u00fcller</last_name></customer>"),
       "shipping_method person"},
      {order_with("", line_with("<quantity>2</quantity><title>For JANSEN, Jan</title>")), "lines.title person"},
      {order_with("<payment_method>call 06-12345678</payment_method>"), "payment_method person"},
      {order_with("", line_with("<quantity>2</quantity><title>Mug for Jan Jansen</title>")), "lines.title person"},
      {order_with("", line_with("<quantity>2</quantity><id>jan@example.com</id>")), ""},
  };
  for (const File& file : files) {
    CAPTURE(file.content);
    ImportShop shop;
    const Done done = shop.import(file.content);
    REQUIRE_MESSAGE(done.counts.created == 1, done);
    CHECK_MESSAGE(holds(done.told("notice"), file.told), done.told("notice"));
    const auto order = shop.order("N-1");
    std::string outside = outside_of_the_vault(order);
    for (const orders::Line& line : order.lines) outside += line.channel_line_id;
    for (const char* word : {"Jan", "jan@", "Puk", "Mr", "Dorps", "DORPS", "12345678", "LLER", "JANSEN"})
      CHECK_MESSAGE(!holds(outside, word), outside);
  }
  // What must be there is refused with it, and nobody is named in the refusal.
  for (const std::string& content :
       {"<orders><order><number>JANSEN-7</number><date>2026-11-20</date>" + kBuyer + kLines + "</order></orders>",
        "<orders><order><number>Jan Jansen 7</number><date>2026-11-20</date>" + kBuyer + kLines + "</order></orders>",
        "<orders><order><number>06-12345678</number><date>2026-11-20</date>" + kBuyer + kLines + "</order></orders>",
        order_with("", "<lines><line><sku>jan@example.com</sku><quantity>2</quantity></line></lines>")}) {
    ImportShop shop;
    const Done done = shop.import(content);
    CHECK_MESSAGE(done.counts.refused == 1, done);
    CHECK(holds(done.refusals(), "person holds what is said of the buyer"));
    for (const auto& row : done.rows)
      for (const char* word : {"Jan", "JANSEN", "jan@", "12345678"}) {
        CHECK(!holds(row.sku, word));
        for (const auto& fault : row.errors) CHECK(!holds(fault.message, word));
      }
    CHECK(shop.order_count() == 0);
  }
  // A thing may be called as somebody is.
  ImportShop shop;
  CHECK(shop.import(order_with("", line_with("<quantity>1</quantity><title>Jansen chair</title>"))).counts.created ==
        1);
  CHECK(shop.order("N-1").lines[0].title == "Jansen chair");
}

TEST_CASE("nested orders: of two texts for one field the nearer is meant, and where neither is, neither is taken") {
  const auto imported = [](const std::string& content) {
    ImportShop shop;
    const Done done = shop.import(content);
    if (done.counts.created == 0) return done.refusals();
    const auto order = shop.order("N-1");
    return outside_of_the_vault(order) + buyer_of(shop, order) + done.told("notice");
  };
  // The product stands before what the line says, and its price is the catalogue's.
  const std::string line = imported(order_with(
      "",
      "<lines><line><product><sku>P</sku><title>Of the catalogue</title><price>99.00</price></product><sku>A</sku>"
      "<quantity>2</quantity><title>Mug</title></line></lines>"));
  CHECK_MESSAGE(holds(line, "2 x A Mug ;"), line);
  // Billing before shipping, and the other way round.
  const std::string bill = "<billing_address><name>Bill</name><street>B 1</street><city>Bonn</city></billing_address>",
                    ship =
                        "<shipping_address><name>Ship</name><street>S 1</street><city>Jena</city></shipping_address>";
  for (const std::string& both : {bill + ship, ship + bill})
    CHECK(holds(imported(order_with(both, kLines, "")), "Ship, S 1, Jena / Bill, B 1, Bonn"));
  // A product's number and an offer's are as near.
  CHECK(holds(imported(order_with("",
                                  "<lines><line><product><sku>P</sku></product><offer><sku>Q</sku></offer><quantity>2"
                                  "</quantity></line></lines>")),
              "lines.sku ambiguous"));
  CHECK(holds(imported(R"({"orders":[{"number":"N-1","date":"2026-11-20","shipping_addresses":[{"name":"Jan","street":)"
                       R"("S 1"},{"name":"Piet","street":"P 1"}],"lines":[{"sku":"A","quantity":1}]}]})"),
              "shipping_address ambiguous"));
  CHECK(holds(imported(order_with("<a/><status><name>open</name></status><status><name>shipped</name></status>")),
              "status"));
  const std::string paid =
      imported(order_with("<payments><payment><method>visa</method></payment><payment><method>paypal</method></payment>"
                          "</payments>"));
  CHECK_MESSAGE((holds(paid, "payment_method ambiguous") && !holds(paid, "visa") && !holds(paid, "paypal")), paid);
  // The variant that was sold is nearer than its product, and somebody nearer than whom to ask there.
  CHECK(holds(imported(order_with("",
                                  "<lines><line><item><sku>P</sku></item><variant><sku>V</sku></variant><quantity>2"
                                  "</quantity></line></lines>")),
              "2 x V "));
  CHECK(holds(imported(order_with("", kLines,
                                  "<buyer><contact><name>Eva</name></contact><party_name><name>Acme</name></party_name>"
                                  "<city>Ede</city></buyer>")),
              "Acme, Ede"));
  // Said in several ways, all the same.
  CHECK(holds(imported(order_with("<shipping_address><name>Jan Jansen</name><street>S 1</street></shipping_address>"
                                  "<shipping_city>Ede</shipping_city>")),
              "Ede"));
}

TEST_CASE("nested orders: what names orders and is none is refused as ever") {
  const std::string inner = "<order><number>1</number><date>2026-11-20</date>" + kBuyer + kLines + "</order>";
  const std::string lines = R"([{"sku":"A","quantity":1,"price":3}])";
  const std::string who = R"("customer":{"name":"Jan","street":"S 1","city":"Ede"})";
  const std::string files[] = {
      "<BMECAT><T_NEW_CATALOG><ARTICLE><SUPPLIER_AID>A</SUPPLIER_AID><ARTICLE_ORDER_DETAILS><ORDER_UNIT>C62</"
      "ORDER_UNIT>"
      "<QUANTITY_MIN>1</QUANTITY_MIN></ARTICLE_ORDER_DETAILS></ARTICLE></T_NEW_CATALOG></BMECAT>",
      "<shop><product><sku>A</sku><title>Mug</title><order><number>1</number><date>2026-11-20</"
      "date><items><item><sku>A6"
      "</sku><quantity>6</quantity></item></items></order></product></shop>",
      "<list><order_unit><number>1</number><date>2026-11-20</date><items><item><sku>A6</sku><quantity>6</quantity></"
      "item>"
      "</items></order_unit></list>",
      "<refunds><refund>" + inner + "</refund></refunds>",
      "<Invoices><Invoice>" + inner + "</Invoice></Invoices>",
      "<DespatchAdvice>" + inner + "</DespatchAdvice>",
      "<shipments><shipment>" + inner + "</shipment></shipments>",
      "<carts><cart>" + inner + "</cart></carts>",
      "<DraftOrders>" + inner + "</DraftOrders>",
      "<Quotations>" + inner + "</Quotations>",
      "<PurchaseOrders><PurchaseOrder><number>1</number><date>2026-11-20</date>" + kLines +
          "</PurchaseOrder></PurchaseOrders>",
      order_with("<supplier><name>Acme</name></supplier><delivery_address><name>We</name><street>Own 1</street>"
                 "</delivery_address>",
                 kLines, ""),
      order_with("", "<lines><line><sku>A</sku><quantity>2</quantity><qty_received>0</qty_received></line></lines>"),
      order_with("<valid_until>2026-12-01</valid_until>"),
      "<all><orders>" + inner + "</orders><old>" + inner + "</old></all>",
      R"({"items":[{"increment_id":"1","order_id":42,"entity_id":5,"created_at":"2026-11-20 10:00:00","billing_address")"
      R"(:{"street":["x"],"city":"y"},"items":[{"entity_id":1,"order_item_id":9,"sku":"A","qty":2}]}]})",
      R"({"items":[{"id":1,"created_at":"2026-11-20","reserved_order_id":"",)" + who + R"(,"items":)" + lines + "}]}",
      R"({"orders":[{"number":"1","date":"2026-11-20","cart_token":"x",)" + who + R"(,"lines":)" + lines + "}]}",
      R"({"data":[{"id":1,"orderNumber":"7","createdAt":"2026-11-20","trackingNumber":"3S",)" + who + R"(,"items":)" +
          lines + "}]}",
      R"({"data":[{"id":1,"order_id":"7","created_at":"2026-11-20",)" + who + R"(,"items":)" + lines + "}]}",
      R"({"returns":[{"orderNumber":"7","date":"2026-11-20",)" + who + R"(,"items":)" + lines + "}]}",
      R"({"data":[{"number":"7","date":"2026-11-20",)" + who + R"(,"items":)" + lines + "}]}",
      R"({"orders":[{"number":"7",)" + who + R"(,"total":3}]})",
      R"({"orders":[{"number":"7","customer":{"name":"Jan"},"lines":)" + lines + "}]}",
      R"({"orders":[{"date":"2026-11-20",)" + who + R"(,"lines":)" + lines + "}]}",
      R"({"a":1,"orders":[{"number":"7","date":"2026-11-20",)" + who + R"(,"items":)" + lines + R"(,"lines":)" + lines +
          "}]}",
  };
  for (const std::string& content : files) {
    CAPTURE(content);
    ImportShop shop;
    shop.import(content);
    CHECK(shop.order_count() == 0);
  }
  // What was a catalogue stays one, whatever stands beside it.
  ImportShop both;
  both.import(
      "<shop><products><product><sku>A</sku><title>Mug</title></product><product><sku>B</sku><title>Cap</title>"
      "</product></products><orders>" +
      inner + "</orders></shop>");
  CHECK(both.order_count() == 0);
  CHECK(both.has("B"));
  // The same in the right place is one, so that it is the place that counts.
  ImportShop shop;
  CHECK(shop.import("<orders>" + inner + "</orders>").counts.created == 1);
  // Who has not placed it is told.
  for (const char* state : {"draft", "quotation", "AddingItems", "sent"}) {
    const Done done = shop.import(order_with("<state>" + std::string(state) + "</state>"));
    CHECK_MESSAGE(holds(done.refusals(), "status draft may say that the buyer has not placed this order"), done);
  }
}

TEST_CASE("nested orders: the seller's own people and places are nobody") {
  ImportShop shop;
  const std::string own =
      "<contact><name>Seller</name><street>Own 1</street><city>Own</city></contact><merchant><address><street>Own 1"
      "</street></address></merchant><store><address><street>Own 2</street></address></store><employee><firstname>Emp"
      "</firstname><email>emp@example.com</email></employee><seller><shipping_address><street>Own 3</street>"
      "</shipping_address></seller><addresses><address type=\"sender\"><street>Own 4</street></address><address "
      "type=\"shop\"><street>Own 5</street></address></addresses>";
  const Done done = shop.import(order_with(own));
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(holds(done.told("notice"), "contact, employee, merchant, seller, store"));
  CHECK(buyer_of(shop, shop.order("N-1")) ==
        "Jan, Jansen, Dorpsstraat 1, 1234AB, Ede /  / jan@example.com / 0612345678 / ");
  ImportShop other;
  CHECK(other.import(order_with(own, kLines, "")).counts.created == 1);
  CHECK(buyer_of(other, other.order("N-1")) == "nobody");
}

TEST_CASE("nested orders: a line's price is that of one piece, with its tax, or there is none") {
  struct Line {
    const char *said, *more, *price;
    bool told = false;
  };
  const Line lines[] = {
      {"<quantity>2</quantity><price>12.10</price>", "", "12.10"},
      {"<quantity>2</quantity><price>12.10</price><tax_amount>4.20</tax_amount>", "", "12.10"},
      {"<quantity>2</quantity><total>24.20</total><tax_amount>4.20</tax_amount>", "", "12.10"},
      {"<quantity>2</quantity><price_excl_tax>10.00</price_excl_tax><tax_amount>4.20</tax_amount>", "", "12.10"},
      {"<quantity>2</quantity><net_price>10</net_price><vat_rate>21</vat_rate>", "", "12.10"},
      {"<quantity>2</quantity><net_price>10</net_price><vat_rate>0.21</vat_rate>", "", "12.10"},
      {"<quantity>2</quantity><net_price>10.00</net_price>", "", "", true},
      {"<quantity>2</quantity><net_price>10.00</net_price><price>10.00</price>", "", "", true},
      {"<quantity>2</quantity><net_price>10.00</net_price><gross_price>12.10</gross_price>", "", "12.10"},
      {"<quantity>2</quantity><price>10.00</price>", "<prices_include_tax>false</prices_include_tax>", "", true},
      {"<quantity>2</quantity><price>24.20</price>", "<total>24.20</total>", "12.10"},
      {"<quantity>2</quantity><price>24.20</price>", "<total>48.40</total>", "24.20"},
      {"<quantity>2</quantity><price>24.20</price>", "<total>29.15</total><shipping_cost>4.95</shipping_cost>",
       "12.10"},
      {"<quantity>2</quantity><price>24.20</price><line_total>24.20</line_total>", "", "12.10"},
      {"<quantity>2</quantity><price>12.10</price><line_total>24.20</line_total>", "", "12.10"},
      {"<quantity>200</quantity><price>12.50</price><priceunit>100</priceunit><total>25.00</total>", "", "0.13"},
      {"<quantity>200</quantity><price>12.50</price><priceunit>100</priceunit>", "", "", true},
      {"<quantity>2</quantity><price>25.00</price><price_unit>12.50</price_unit>", "", "12.50"},
      {"<quantity>200</quantity><unit_price>12.50</unit_price><price_quantity>100</price_quantity>", "", "0.13"},
      {"<quantity>3.0000</quantity><unit_price_incl_tax>1.23456</unit_price_incl_tax>", "", "1.23"},
      {"<quantity>9223372036854775807</quantity><price>92233720368547758.07</price>", "", "refused"},
      {"<quantity>2</quantity><total>20.00</total><total_tax>4.20</total_tax>",
       "<total>29.15</total><shipping_total>4.95</shipping_total>", "", true},
      {"<quantity>2</quantity><total>24.20</total><total_tax>4.20</total_tax>",
       "<total>29.15</total><shipping_total>4.95</shipping_total>", "12.10"},
      {"<quantity>2</quantity><price><amount>1210</amount><divisor>100</divisor></price>", "", ""},
      {"<quantity>2</quantity><price><gross><amount>12.10</amount></gross><net><amount>10</amount></net></price>", "",
       "12.10"},
      {"<quantity>some</quantity><price>1.00</price>", "", "refused"},
      {"<quantity>1</quantity><price>cheap</price>", "", "refused"},
  };
  for (const Line& line : lines) {
    CAPTURE(std::string(line.said));
    CAPTURE(std::string(line.more));
    ImportShop shop;
    const Done done = shop.import(order_with(line.more, line_with(line.said)));
    if (line.price == std::string_view("refused")) {
      CHECK_MESSAGE(done.counts.refused == 1, done);
      continue;
    }
    REQUIRE_MESSAGE(done.counts.created == 1, done);
    CHECK(money_said(shop.order("N-1").lines[0].price) == line.price);
    CHECK(holds(done.told("notice"), "lines.price undecided") == line.told);
  }
  // Of sets the parts, and discounts, are no lines.
  ImportShop shop;
  const Done done = shop.import(order_with(
      "",
      "<lines><line><line_id>1</line_id><sku>SET</sku><quantity>1</quantity></line><line><line_id>2</line_id>"
      "<parent_id>1</parent_id><sku>A</sku><quantity>2</quantity></line><line><title>Coupon</title><quantity>1"
      "</quantity><price>-5.00</price></line></lines>"));
  REQUIRE_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.order("N-1").lines.size() == 1);
  CHECK(holds(done.told("notice"), "lines part"));
  CHECK(holds(done.told("notice"), "lines discount"));
}

TEST_CASE("nested orders: only words that surely mean it say that an order was sent, cancelled or not paid") {
  struct Word {
    const char *status, *is;
    bool told;
  };
  for (const Word& word : {Word{"received", "open", true},
                           {"CLOSED", "open", true},
                           {"complete", "open", true},
                           {"Cancelled", "cancelled", false},
                           {"verzonden", "shipped", false},
                           {"not shipped", "open", true},
                           {"processing", "open", false},
                           {"awaiting payment", "awaiting_payment", false}}) {
    CAPTURE(std::string(word.status));
    ImportShop shop;
    const Done done = shop.import(order_with("<status>" + std::string(word.status) + "</status>"));
    REQUIRE_MESSAGE(done.counts.created == 1, done);
    CHECK(orders::status_name(orders::status_of(shop.order("N-1"))) == word.is);
    CHECK(holds(done.told("notice"), "status unknown") == word.told);
  }
}

TEST_CASE("nested orders: what the marketplace sends itself is not the shop's to send") {
  const auto of = [](const char* first, const char* second) {
    return R"({"orderId":"1","orderPlacedDateTime":"2026-11-20T10:05:00Z","shipmentDetails":{"firstName":"Eva","city":"U",)"
           R"("streetName":"K"},"orderItems":[{"orderItemId":"1","fulfilment":{"method":")" +
           std::string(first) +
           R"("},"offer":{"reference":"A"},"quantity":1,"unitPrice":1},{"orderItemId":"2","fulfilment":{"method":")" +
           second + R"("},"offer":{"reference":"B"},"quantity":1,"unitPrice":1}]})";
  };
  ImportShop shop;
  CHECK(holds(shop.import(of("FBR", "FBB")).refusals(), "lines mixed"));
  CHECK(shop.import(of("FBB", "FBB")).counts.created == 1);
  CHECK(shop.order("1").by_marketplace);
}

TEST_CASE("nested orders: a file made to be slow is given up within steps that are counted") {
  // 3,000 elements that could be orders inside each other's neighbours, each with lines, none with a date or a number.
  std::vector<formats::XmlPath> paths(1);
  const auto add = [&](std::size_t parent, std::string name, bool text) {
    formats::XmlPath path;
    path.name = name;
    path.parent = parent;
    path.text = text;
    path.most_in_parent = 2;
    paths.push_back(path);
    paths[parent].children[name] = paths.size() - 1;
    return paths.size() - 1;
  };
  const std::size_t root = add(0, "root", false);
  for (int i = 0; i < 3'000; ++i) {
    const std::size_t order = add(add(root, "x" + std::to_string(i), false), "order", false);
    const std::size_t line = add(order, "line", false);
    add(line, "sku", true);
    add(line, "quantity", true);
  }
  CHECK(!exchange::nested_orders(paths, false));
  std::string lines = "<lines>";
  for (int i = 0; i < 1'001; ++i) lines += "<line><sku>A</sku><quantity>x</quantity></line>";
  ImportShop long_one;
  const Done refused = long_one.import(order_with("", lines + "</lines>"));
  CHECK(refused.refusals() == "1: lines length must have at most 1,000 lines;\n");
  // One order that holds 3,000 addresses is refused, not searched for each of them.
  std::string addresses;
  for (int i = 0; i < 3'000; ++i)
    addresses += "<buyer><name>Somebody " + std::to_string(i) + "</name><street>Street " + std::to_string(i) +
                 "</street></buyer>";
  ImportShop shop;
  const Done done =
      shop.import(order_with(addresses + "<shipping_method>" + std::string(1 << 20, 's') + "</shipping_method>"));
  CHECK_MESSAGE(holds(done.refusals(), "buyer ambiguous"), done);
  CHECK(shop.order_count() == 0);
}

TEST_CASE("nested orders: many in a file are kept each by itself, and a bad one stops no other") {
  std::string file = "<orders>";
  for (int i = 0; i < 300; ++i)
    file += "<order><number>N-" + std::to_string(i) + "</number><date>" + (i == 7 ? "soon" : "2026-11-20") + "</date>" +
            kBuyer + kLines + "</order>\n";
  ImportShop shop;
  const Done done = shop.import(file + "</orders>");
  CHECK_MESSAGE(done.counts.created == 299, done);
  CHECK_MESSAGE(holds(done.refusals(), "8: placed_at time is not a time"), done);
  CHECK(done.adds_up());
}

TEST_CASE("nested orders: names of an order that mean nothing are told, and what is no name is not repeated") {
  ImportShop shop;
  const Done done = shop.import(
      R"({"orders":[{"number":"1","date":"2026-11-20","gift wrap":1,"loyalty_points":3,"jan@example.com":{"x":1},)"
      R"("customer":{"name":"Jan","city":"Ede","salutation":"Mr"},"lines":[{"sku":"A","quantity":1,"engraving":"x"}]}]})");
  CHECK_MESSAGE(done.counts.created == 1, done);
  const std::string told = done.told("notice");
  CHECK_MESSAGE(holds(told, "were left out: salutation, loyalty_points, engraving, and others."), told);
  CHECK(!holds(told, "jan@"));
}

TEST_CASE("nested orders: a look before they are kept shows what they would be, and nobody's name") {
  ImportShop shop;
  const std::string file = order_with("<total>24.20</total><payment_method>iDEAL</payment_method>");
  formats::MemorySource source(file);
  const auto seen = exchange::preview(shop.rooms(), {}, source);
  REQUIRE(seen.ok());
  CHECK(seen->format == "orders");
  REQUIRE(seen->items.size() == 1);
  std::string shown;
  for (const auto& [name, value] : seen->items[0].fields) shown += name + "=" + value + "; ";
  CHECK(shown ==
        "channel_order_id=N-1; channel=manual; placed_at=2026-11-20T00:00:00Z; total=24.20; payment_method=iDEAL; "
        "sku=2 \u00d7 A; price=12.10; ");
  CHECK(shop.order_count() == 0);
}
