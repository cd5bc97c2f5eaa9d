// Exports as the systems of small sellers write them, by the names of their columns.
#include "sealed_orders.h"
#include "shop.h"

using namespace pf;
using namespace pf::test;
using enum orders::OrderStatus;

namespace {

std::string lines(std::initializer_list<std::string_view> all) {
  std::string out;
  for (const std::string_view one : all) out.append(one).append("\n");
  return out;
}

}  // namespace

TEST_CASE("orders of a table are sent, cancelled or unpaid where its status says so, in the words of the shops") {
  for (const char* column : {"Order Status", "Auftragsstatus", "Bestellstatus", "Statut"}) {
    INFO(column);
    ImportShop shop;
    shop.import("sku,title,brand,stock\nA-1,Mug,Merk,10\n");
    const std::string head = std::string("Order Number,") + column + ",SKU,Quantity,Item Cost\n";
    const Done done = shop.import(head +
                                  "1,Completed,A-1,2,10\n2,Cancelled,A-1,2,10\n3,Versendet,A-1,2,10\n4,Annul\xc3\xa9"
                                  "e,A-1,2,10\n5,Processing,A-1,2,10\n6,Not completed,A-1,2,10\n");
    CHECK_MESSAGE(done.counts.created == 6, done);
    CHECK(orders::status_of(shop.order("1")) == shipped);
    CHECK(orders::status_of(shop.order("2")) == cancelled);
    CHECK(orders::status_of(shop.order("3")) == shipped);
    CHECK(orders::status_of(shop.order("4")) == cancelled);
    CHECK(orders::status_of(shop.order("5")) == open);
    CHECK(orders::status_of(shop.order("6")) == open);
    CHECK(shop.available("A-1") == 6);
  }
}

TEST_CASE("an order of a table that waits for its money is no order to send") {
  ImportShop shop;
  shop.import(
      "Order Number,Order Status,SKU,Quantity,Item Cost\n1,Pending payment,A,1,5\n2,On hold,A,1,5\n"
      "3,Processing,A,1,5\n4,Pending,A,1,5\n");
  CHECK(orders::status_of(shop.order("1")) == awaiting_payment);
  CHECK(orders::status_of(shop.order("2")) == awaiting_payment);
  CHECK(orders::status_of(shop.order("3")) == open);
  CHECK(orders::status_of(shop.order("4")) == open);  // of what: it does not say
  shop.import(
      "Order Number,Payment status,Fulfillment status,SKU,Qty,Price\n5,Unpaid,Unfulfilled,A,1,5\n"
      "6,Paid,Unfulfilled,A,1,5\n7,Paid,Fulfilled,A,1,5\n");
  CHECK(orders::status_of(shop.order("5")) == awaiting_payment);
  CHECK(orders::status_of(shop.order("6")) == open);
  CHECK(orders::status_of(shop.order("7")) == shipped);
  // A payment cancels nothing: what of it was paid back it does not say.
  shop.import(
      "Order Number,Financial Status,Fulfillment Status,SKU,Quantity,Price\n11,refunded,,A,1,5\n"
      "12,refunded,fulfilled,A,1,5\n13,refunded,partial,A,2,5\n");
  CHECK(orders::status_of(shop.order("11")) == open);
  CHECK(orders::status_of(shop.order("12")) == shipped);
  CHECK(orders::status_of(shop.order("13")) == open);
  // What is paid waits for nothing, and what was sent, or is paid later, is no matter of this shop's.
  shop.import(
      "Order Number,Status,Payment Status,Payment Method,SKU,Quantity,Price\n21,On hold,Paid,,A,1,5\n"
      "22,In Bearbeitung,Pending,Nachnahme,A,1,5\n23,Processing,Unpaid,Invoice,A,1,5\n24,Shipped,Pending,,A,1,5\n"
      "25,Processing,Open,,A,1,5\n26,Processing,Authorized,,A,1,5\n27,Processing,Pending,PayPal,A,1,5\n");
  for (const char* number : {"21", "22", "23", "25", "26"}) {
    INFO(number);
    CHECK(orders::status_of(shop.order(number)) == open);
  }
  CHECK(orders::status_of(shop.order("24")) == shipped);
  CHECK(shop.order("24").paid);
  CHECK(orders::status_of(shop.order("27")) == awaiting_payment);
  shop.import("order_id,status,paid,sku,quantity,price\n28,Pending payment,2026-11-20,A,1,5\n");
  CHECK(orders::status_of(shop.order("28")) == open);
  // Of a payment that is completed nothing was sent.
  shop.import("Order Number,Status,Fulfillment status,SKU,Qty,Price\n8,Completed,Unfulfilled,A,1,5\n");
  CHECK(orders::status_of(shop.order("8")) == open);
}

TEST_CASE("what is completed is sent only where the word can be of nothing but the goods") {
  ImportShop shop;
  shop.import("Invoice Number,Order Number,Status,SKU,Quantity,Price\n1,1,Sent,A,1,5\n2,2,Completed,A,1,5\n");
  CHECK(orders::status_of(shop.order("1")) == open);
  CHECK(orders::status_of(shop.order("2")) == open);
  shop.import(
      "Order Number,Status,Payment status,SKU,Quantity,Price\n3,Completed,Completed,A,1,5\n4,Completed,Paid,A,1,5\n");
  CHECK(orders::status_of(shop.order("3")) == open);
  CHECK(shop.order("3").paid);
  CHECK(orders::status_of(shop.order("4")) == shipped);
  shop.import("Order Number,Status,SKU,Quantity,Price\n5,Sent,A,1,5\n6,Delivered,A,1,5\n");
  CHECK(orders::status_of(shop.order("5")) == open);
  CHECK(orders::status_of(shop.order("6")) == shipped);
}

TEST_CASE("a column of fulfilment overrules the status by few words, and others leave it alone") {
  ImportShop shop;
  shop.import(
      "Order Number,Status,Fulfillment Status,SKU,Quantity,Price\n1,Shipped,In transit,A,1,5\n2,Shipped,n/a,A,1,5\n"
      "3,Shipped,Not shipped,A,1,5\n4,Refunded,Fulfilled,A,1,5\n5,Cancelled,Shipped,A,1,5\n"
      "6,Refunded,Unfulfilled,A,1,5\n7,Refunded,Teilweise versendet,A,2,5\n8,Processing,Verzonden,A,1,5\n"
      "9,Processing,Cancelled,A,1,5\n");
  for (const char* number : {"1", "2", "4", "5", "8"}) {
    INFO(number);
    CHECK(orders::status_of(shop.order(number)) == shipped);
  }
  for (const char* number : {"3", "7", "9"}) {
    INFO(number);
    CHECK(orders::status_of(shop.order(number)) == open);
  }
  CHECK(orders::status_of(shop.order("6")) == cancelled);
  shop.import("Bestellnummer;Status;Lieferstatus;Artikelnummer;Menge;Preis\n11;Versendet;Sofort lieferbar;A;1;5\n");
  CHECK(orders::status_of(shop.order("11")) == shipped);
}

TEST_CASE("a line follows neither another's payment nor what it says itself of other pieces") {
  ImportShop shop;
  shop.import("Order Number,SKU,Quantity,Price,Payment Status\n1,A,1,5,Refunded\n1,B,1,5,Paid\n");
  CHECK(orders::status_of(shop.order("1")) == open);
  shop.import(
      "Order Number,SKU,Quantity,Price,Status,Payment Status\n2,A,1,5,Refunded,Refunded\n2,B,1,5,,Paid\n"
      "3,A,1,5,Refunded,\n3,B,1,5,,\n4,A,1,5,Shipped,Paid\n4,B,1,5,,Paid\n");
  CHECK(shop.order("2").lines[0].count.cancelled == 1);
  CHECK(shop.order("2").lines[1].count.cancelled == 0);
  CHECK(orders::status_of(shop.order("3")) == cancelled);
  CHECK(orders::status_of(shop.order("4")) == shipped);
  // One of two counts is there: the other is what is left.
  Done done = shop.import("order_id,sku,quantity,price,shipped,status\n5,A,2,5,1,Cancelled\n5,B,1,5,0,Open\n");
  CHECK_MESSAGE(done.counts.refused == 0, done);
  CHECK(shop.order("5").lines[0].count.shipped == 1);
  CHECK(shop.order("5").lines[0].count.cancelled == 1);
  CHECK(shop.order("5").lines[1].count.cancelled == 0);
  done = shop.import("order_id,sku,quantity,price,cancelled,status\n6,A,2,5,1,Shipped\n6,B,1,5,0,Open\n");
  CHECK_MESSAGE(done.counts.refused == 0, done);
  CHECK(shop.order("6").lines[0].count.shipped == 1);
  CHECK(shop.order("6").lines[1].count.shipped == 0);
}

TEST_CASE("lines of an order that say for themselves what became of them leave the others open") {
  ImportShop shop;
  shop.import(
      "order_id,sku,quantity,price,status\n1,A,2,5,delivered\n1,B,1,5,open\n2,A,2,5,shipped\n2,B,1,5,cancelled\n"
      "3,A,2,5,shipped\n3,B,1,5,\n4,A,1,5,open\n4,B,1,5,cancelled\n5,A,1,5,cancelled\n5,B,1,5,cancelled\n");
  CHECK(orders::status_of(shop.order("1")) == partially_shipped);
  CHECK(shop.order("1").lines[0].count.shipped == 2);
  CHECK(shop.order("1").lines[1].count.shipped == 0);
  CHECK(shop.order("2").lines[1].count.cancelled == 1);
  CHECK(orders::status_of(shop.order("2")) == shipped);
  CHECK(orders::status_of(shop.order("3")) == shipped);  // the first row says it of all
  CHECK(orders::status_of(shop.order("4")) == open);
  CHECK(shop.order("4").lines[1].count.cancelled == 1);
  CHECK(orders::status_of(shop.order("5")) == cancelled);
}

TEST_CASE("tiktok: the list of orders, with its currency in the amounts") {
  ImportShop shop;
  const Done done = shop.import(lines(
      {"Order ID,Order Status,Order Substatus,SKU ID,Seller SKU,Product Name,Variation,Quantity,SKU Unit Original "
       "Price,SKU Subtotal Before Discount,SKU Platform Discount,SKU Seller Discount,SKU Subtotal After "
       "Discount,Shipping Fee After Discount,Original Shipping Fee,Order Amount,Created Time,Buyer Message,Buyer "
       "Username,Recipient,Phone #,Country,Post Town,Detail Address,Payment Method",
       "Platform unique order ID.,Current order status.,,,Seller sku,Name.,,SKU sold quantity,,,,,,,,,,,,,,,,,",
       "576461413038785752\t,To ship,Awaiting shipment,17\t,TT-1,Mug,Blue,2,GBP 10.00,GBP 20.00,GBP 1.00,GBP 2.00,GBP "
       "17.00,GBP 3.00,GBP 3.00,GBP 20.00,25/11/2026 13:03:57\t,,quillon7,Zyx Quillonbury,(+44)7000000123,United "
       "Kingdom,London,Vexillology lane 7,PayPal",
       "576461413038785753\t,Completed,Completed,17\t,TT-1,Mug,Blue,1,GBP 10.00,GBP 10.00,GBP 0.00,GBP 0.00,GBP "
       "10.00,GBP 3.00,GBP 3.00,GBP 13.00,25/11/2026 13:03:57\t,,quillon7,Zyx Quillonbury,(+44)7000000123,United "
       "Kingdom,London,Vexillology lane 7,PayPal"}));
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK_MESSAGE(done.counts.refused == 1, done);  // the line that explains the names
  const auto order = shop.order("576461413038785752");
  CHECK(order.currency.code() == "GBP");
  CHECK(decimal(*order.total) == "20.00");
  CHECK(decimal(*order.shipping_cost) == "3.00");
  CHECK(decimal(*order.lines[0].price) == "8.50");
  CHECK(rfc3339(order.placed_at) == "2026-11-25T13:03:57Z");
  CHECK(orders::status_of(order) == open);
  CHECK(orders::status_of(shop.order("576461413038785753")) == shipped);
}

TEST_CASE("odoo: a quotation's further lines name no order and belong to the one above") {
  ImportShop shop;
  const Done done = shop.import(
      lines({"Order Reference,Order Date,Customer,Order Lines/Product/Internal Reference,Order Lines/Product,Order "
             "Lines/Quantity,Order Lines/Unit Price,Total,Status",
             "S00012,2026-11-20 10:11:12,Zyx Quillonbury,OD-1,[OD-1] Blue mug,2,9.95,24.90,Sales Order",
             ",,,,Thank you for the order,0,0,,", ",,,OD-2,[OD-2] Red mug,1,5.00,,",
             "S00014,2026-11-20 10:11:12,Zyx Quillonbury,OD-1,Mug,2,9.95,19.90,Quotation", ",,,OD-2,Mug,1,5.00,,",
             "S00015,2026-11-20 10:11:12,Zyx Quillonbury,OD-1,Mug,2,9.95,19.90,Quotation Sent",
             "S00013,2026-11-20 10:11:12,Zyx Quillonbury,OD-1,Mug,2,9.95,19.90,Cancelled"}));
  CHECK_MESSAGE(shop.order_count() == 2, done);
  CHECK(done.refusals().find("quotation") != std::string::npos);
  CHECK(shop.order("S00012").lines.size() == 2);
  CHECK(shop.order("S00012").lines[1].sku == "OD-2");
  CHECK(orders::status_of(shop.order("S00013")) == cancelled);
  CHECK(shop.import("Order Reference,Order Lines/Product/Internal Reference,Order Lines/Quantity\n,OD-2,1\n")
            .counts.refused == 1);
}

TEST_CASE("prestashop, wix, faire and french tables: time, total, postcode, surname and price have their names") {
  ImportShop shop;
  shop.import(
      "id_order,date_add,total_paid_tax_incl,total_shipping_tax_incl,product_reference,product_quantity,unit_price_tax_"
      "incl\n12,2026-11-20 10:11:12,24.9,4.95,PS-1,2,9.95\n");
  CHECK(rfc3339(shop.order("12").placed_at) == "2026-11-20T10:11:12Z");
  CHECK(decimal(*shop.order("12").total) == "24.90");
  CHECK(decimal(*shop.order("12").shipping_cost) == "4.95");
  shop.import(
      "Order number,SKU,Qty,Price,Recipient name,Delivery address,Delivery city,Delivery zip/postal code,Delivery "
      "country\nW1,A,1,5,Zyx Quillonbury,Vexillologylaan 77,Quillonstad,9876 ZX,NLD\n");
  shop.import(
      "Num\xc3\xa9ro de commande,R\xc3\xa9"
      "f\xc3\xa9rence vendeur,Quantit\xc3\xa9,Prix unitaire TTC,Total TTC,Nom,"
      "Pr\xc3\xa9nom,Date de commande\nF1,A,2,\"9,95\",\"19,90\",Quillonbury,Zyx,5 f\xc3\xa9vrier 2026\n");
  CHECK_FALSE(shop.order("F1").total);  // it may be the line's
  CHECK(decimal(*shop.order("F1").lines[0].price) == "9.95");
  CHECK(rfc3339(shop.order("F1").placed_at) == "2026-02-05T00:00:00Z");
  shop.import(
      "Order Date,Order Number,Retailer Name,Product Name,SKU,Quantity,Wholesale Price,Retail Price\n"
      "2026-11-20,FA1,Quill & Co,Mug,A,12,\xe2\x82\xac"
      "5.00,\xe2\x82\xac"
      "9.95\n");
  CHECK(decimal(*shop.order("FA1").lines[0].price) == "5.00");
}

TEST_CASE("ebay: of active listings the first row of an item lists what its variants are") {
  ImportShop shop;
  const std::string file = lines(
      {"Item number,Title,Variation details,Custom label (SKU),Available quantity,Format,Currency,Start price,eBay "
       "category 1 name,P:EAN",
       "324123456789,Blue mug,,EB-1,12,FIXED_PRICE,EUR,9.95,Mugs,4006381333931",
       "324123456790,Shirt,Color=Red;Blue,,9,FIXED_PRICE,EUR,19.95,Shirts,",
       "324123456790,Shirt,Color=Red,EB-2-R,4,FIXED_PRICE,EUR,19.95,Shirts,",
       "324123456790,Shirt,Color=Blue,EB-2-B,5,FIXED_PRICE,EUR,21.95,Shirts,",
       "324123456791,Cap,,,7,FIXED_PRICE,EUR,5.95,Caps,"});
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.counts.created == 5, done);
  CHECK(done.format == "ebay products");
  CHECK(shop.field("EB-1", "ean") == "4006381333931");
  CHECK(shop.available("EB-1") == 12);
  CHECK(shop.field("EB-2-B", "parent") == "324123456790");
  CHECK(shop.attribute("EB-2-B", "Color") == "Blue");
  CHECK(shop.price("EB-2-B") == "21.95");
  CHECK(shop.available("EB-2-R") == 4);
  CHECK(shop.available("324123456790") == 0);
  CHECK(shop.attribute("324123456790", "Color").empty());
  CHECK(shop.available("324123456791") == 7);
  CHECK(shop.import(file).counts.unchanged == 5);
}

TEST_CASE("shopify: the list of inventory is stock by location, as it lies there") {
  ImportShop shop;
  shop.import("sku,title\nSH-B,Mug\nSH-R,Mug\n");
  const std::string head =
      "Handle,Title,Option1 Name,Option1 Value,SKU,Barcode,HS Code,COO,Location,Bin name,Incoming (not "
      "editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current),On "
      "hand "
      "(new)\n";
  const Done done = shop.import(head +
                                "mug,Mug,Color,Blue,SH-B,4006381333931,,,main,A1,0,0,2,10,12,\n"
                                "mug,Mug,Color,Red,SH-R,,,,main,A1,not stocked,,,not stocked,not stocked,\n"
                                "mug,Mug,Color,Red,SH-R,,,,Elsewhere,,0,0,0,3,3,\n");
  CHECK(done.format == "stock");
  CHECK_MESSAGE(done.counts.changed == 1, done);
  CHECK(done.counts.unchanged == 1);
  CHECK(done.refusals().find("location unknown") != std::string::npos);
  CHECK(shop.available("SH-B") == 12);
  CHECK(shop.available("SH-R") == 0);
}

TEST_CASE("faire and matrixify: variants of a product, with what they cost and how many there are") {
  ImportShop shop;
  const Done faire = shop.import(lines(
      {"Product Name (English),Product Status,Product Token,Description (English),Option Status,SKU,GTIN,Option 1 "
       "Name,Option 1 Value,EUR Unit Wholesale Price,EUR Unit Retail Price,Option Image,On Hand Inventory,Product "
       "Images",
       "Mug,Published,p_1,A mug,Published,FM-B,4006381333931,Color,Blue,4.80,9.95,https://x/b.jpg,12,https://x/a.jpg "
       "https://x/c.jpg",
       "Mug,Published,p_1,A mug,Published,FM-R,,Color,Red,4.90,9.95,,7,"}));
  CHECK_MESSAGE(faire.format == "faire products", faire);
  CHECK(shop.field("p_1", "title") == "Mug");
  CHECK(shop.field("FM-R", "parent") == "p_1");
  CHECK(shop.attribute("FM-R", "Color") == "Red");
  CHECK(shop.price("FM-R") == "9.95");
  CHECK(shop.attribute("FM-R", "Variant EUR Wholesale Price") == "4.90");
  CHECK(shop.available("FM-R") == 7);
  const Done matrixify = shop.import(
      "ID,Handle,Command,Title,Body HTML,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant "
      "Cost,Variant "
      "Inventory Qty\n1,cup,MERGE,Cup,<p>Cup</p>,Merk,Color,Blue,MX-B,9.95,4.00,12\n1,cup,MERGE,,,,Color,Red,MX-R,9.95,"
      "4.00,7\n");
  CHECK_MESSAGE(matrixify.format == "matrixify products", matrixify);
  CHECK(shop.field("cup", "description") == "<p>Cup</p>");
  CHECK(shop.price("MX-R", "EUR", catalog::PriceKind::cost_price) == "4.00");
  CHECK(shop.import("Handle,Command,Title,Body HTML,Variant Price\nplate,MERGE,Plate,<p>x</p>,9.95\n").counts.created ==
        1);
}

TEST_CASE("items of bookkeeping and channels: the stock there is, and what is asked for it") {
  ImportShop shop;
  shop.import(
      "Item ID,Item Name,SKU,Rate,Purchase Rate,Opening Stock,Stock On Hand\n46,Mug,ZO-1,EUR 9.95,EUR 4.00,20,12.00\n");
  CHECK(shop.available("ZO-1") == 12);
  CHECK(shop.price("ZO-1") == "9.95");
  CHECK(shop.price("ZO-1", "EUR", catalog::PriceKind::purchase_price) == "4.00");
  shop.import("Product/Service Name,SKU,Sales Price / Rate,Quantity On Hand\nMug,QB-1,9.95,12\n");
  CHECK(shop.field("QB-1", "title") == "Mug");
  CHECK(shop.price("QB-1") == "9.95");
  shop.import(
      "SKU,Product Name,Lifecycle Status,Price,Currency,WPID,Primary Image URL,Inventory Count\n"
      "WM-1,Mug,ACTIVE,9.95,USD,0ABC,https://w/1.jpg,12\n");
  CHECK(shop.available("WM-1") == 12);
  CHECK(shop.field("WM-1", "images").find("https://w/1.jpg") != std::string::npos);
  shop.import(
      "listing_id,artist,title,release_id,status,price,media_condition\n123,Band,Record,372144,For Sale,29.95,Mint\n");
  CHECK(shop.field("123", "title") == "Record");
  shop.import("Sygnatura,Tytu\xc5\x82 oferty,Kod EAN,Liczba sztuk,Cena PL\nAL-1,Kubek,4006381333931,12,\"39,90\"\n");
  CHECK(shop.available("AL-1") == 12);
  CHECK(shop.price("AL-1") == "39.90");
  shop.import(
      "Token,Item Name,Variation Name,SKU,Price,Categories,Default Unit Cost\nT1,Cup,Regular,SQ-1,9.95,Kitchen,4.00\n");
  CHECK(shop.price("SQ-1", "EUR", catalog::PriceKind::cost_price) == "4.00");
  CHECK(shop.field("SQ-1", "categories").find("Kitchen") != std::string::npos);
}

TEST_CASE("sales that name a buyer's address, orders in XML, and what lies at Amazon make no products") {
  ImportShop shop;
  const Done sales = shop.import(
      "# de venta,Unidades,SKU,Comprador,DNI,Domicilio,Ciudad\n2000001,2,ML-1,Zyx Quillonbury,30111222,Calle "
      "1,Rosario\n");
  CHECK_MESSAGE(sales.failure.find("Comprador") != std::string::npos, sales);
  CHECK(shop.import(
                "<Order xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Order-2\"><ID>1</ID><OrderLine><LineItem>"
                "<ID>1</ID></LineItem></OrderLine><OrderLine><LineItem><ID>2</ID></LineItem></OrderLine></Order>")
            .failure.find("UBL") != std::string::npos);
  CHECK(shop.import("<ORDER version=\"2.1\"><ORDER_ITEM_LIST><ORDER_ITEM><LINE_ITEM_ID>1</LINE_ITEM_ID></ORDER_ITEM>"
                    "<ORDER_ITEM><LINE_ITEM_ID>2</LINE_ITEM_ID></ORDER_ITEM></ORDER_ITEM_LIST></ORDER>")
            .failure.find("openTRANS") != std::string::npos);
  CHECK(shop.import("Country,FNSKU,Merchant SKU,Available\nDE,X001,AM-1,50\n").failure.find("FBA") !=
        std::string::npos);
  CHECK(shop.import("Date,FNSKU,ASIN,MSKU,Quantity\n11/20/2026,X001,B0,AM-1,-1\n").failure.find("FBA") !=
        std::string::npos);
  CHECK_FALSE(shop.import("Date,FNSKU,ASIN,MSKU,Title,Quantity\n11/20/2026,X001,B0,AM-1,Mug,-1\n").failure.empty());
  // A seller's own table may have these numbers, and say whether an article is brought home.
  CHECK(shop.import("SKU,Title,FNSKU,MSKU,Price\nW-1,Mug,X001,AM-1,9.95\n").counts.created == 1);
  CHECK(shop.import("SKU,Nombre,Precio,Cantidad,Domicilio\nW-2,Taza,5,3,S\xc3\xad\n").counts.created == 1);
  CHECK(shop.import("promotion_id\tproduct_applicability\nP1\tall_products\n").failure.find("promotions") !=
        std::string::npos);
  CHECK_FALSE(shop.has("ML-1"));
  CHECK_FALSE(shop.has("AM-1"));
}

TEST_CASE("tills and shops: the seller's own number is the SKU, and prices and pieces of the first place are read") {
  ImportShop shop;
  const Done loyverse = shop.import(
      lines({"Handle,SKU,Name,Category,Description,Sold by weight,Option 1 name,Option 1 value,Cost,Barcode,Track "
             "stock,Available for sale [Main],Price [Main],In stock [Main],Low stock [Main]",
             "mug,LO-B,Mug,Mugs,A mug,N,Color,Blue,4.00,4006381333931,Y,Y,9.95,12,2",
             "mug,LO-R,,,,,Color,Red,4.00,,Y,Y,10.95,7,2"}));
  CHECK_MESSAGE(loyverse.format == "loyverse products", loyverse);
  CHECK(shop.field("LO-R", "parent") == "mug");
  CHECK(shop.attribute("LO-R", "Color") == "Red");
  CHECK(shop.price("LO-R") == "10.95");
  CHECK(shop.available("LO-R") == 7);
  CHECK(shop.field("mug", "title") == "Mug");
  shop.import("System ID,EAN,Custom SKU,Item,Qty.,Price\n2100001,,LR-1,Mug,12,$9.95\n2100002,,,Cup,3,$5.95\n");
  CHECK(shop.field("LR-1", "title") == "Mug");
  CHECK(shop.available("LR-1") == 12);
  CHECK(shop.has("2100002"));
  shop.import(
      "Item.id,Variation.id,Variation.number,Variation.isActive,ItemText.name1,VariationSalesPrice.price,"
      "VariationStock.netStock,ItemImage.url,VariationAttributeValues.attributeValues\n"
      "101,1001,PL-1,1,Tasse,9.95,12,https://p/a.jpg,\n101,1002,PL-1-R,0,Tasse,9.95,5,,Farbe:Rot\n");
  CHECK(json::write(shop.texts("PL-1")).find("101") == std::string::npos);  // no title in Indonesian
  CHECK(shop.attribute("PL-1", "Item.id") == "101");
  CHECK(shop.attribute("PL-1-R", "Farbe") == "Rot");
  CHECK(shop.field("PL-1", "images").find("https://p/a.jpg") != std::string::npos);
  CHECK(shop.field("PL-1-R", "enabled") == "false");
  shop.import("ean,merchant_product_simple_id,price,article_number\n4006381333931,ZA-1,9.95,AN1\n,ZA-2,9.95,AN1\n");
  CHECK(shop.has("ZA-2"));
  CHECK_FALSE(shop.has("AN1"));
}

TEST_CASE("a title that is a number is one") {
  ImportShop shop;
  const Done done =
      shop.import("Art.nr.;Omschrijving;EAN;Voorraad;VE\nGH-1;Mok blauw;;3;6\nNINETEEN EIGHTYFOUR;1984;;;\n");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(shop.field("NINETEEN EIGHTYFOUR", "title") == "1984");
}

TEST_CASE("orders of shops in German and Dutch: where they go, what they cost and what became of them") {
  ImportShop shop;
  const Done done = shop.import(
      lines({"Bestellnummer;Status;Vorname (Rechnung);Vorname (Lieferung);Nachname (Lieferung);Adresse 1&2 "
             "(Rechnung);Adresse "
             "1&2 (Lieferung);SKU;Menge;Artikelpreis;Gesamtsumme;Zahlungsmethode",
             "701;Fertiggestellt;Bill;Zyx;Quillonbury;Weg 1;Vexillologyweg 77;WD-1;2;9,95;24,85;PayPal",
             "702;In Wartestellung;Bill;Zyx;Quillonbury;Weg 1;Vexillologyweg 77;WD-1;2;9,95;24,85;PayPal"}));
  CHECK_MESSAGE(
      done.told("notice").find("Vorname (Lieferung), Adresse 1&2 (Lieferung), Gesamtsumme") != std::string::npos, done);
  CHECK(orders::status_of(shop.order("701")) == shipped);
  CHECK(orders::status_of(shop.order("702")) == awaiting_payment);
  CHECK(decimal(*shop.order("701").lines[0].price) == "9.95");
  CHECK(shop.order("701").payment_method == "PayPal");
  shop.import(
      "Ordernummer;Status;Artikelnummer;Aantal;Prijs incl. btw;Totaal incl. btw\n"
      "901;Wachten op betaling;MW-1;2;\xe2\x82\xac 9,95;\xe2\x82\xac 24,85\n902;Terugbetaald;MW-1;2;9,95;24,85\n");
  CHECK(orders::status_of(shop.order("901")) == awaiting_payment);
  CHECK(orders::status_of(shop.order("902")) == cancelled);
  CHECK(decimal(*shop.order("901").lines[0].price) == "9.95");
  CHECK_FALSE(shop.order("901").total);
  // The price is the article's, whatever is sent for how much.
  shop.import("Bestellnummer;Artikelnummer;Menge;Preis (Artikel);Preis (Versand)\n903;A;2;9,95;4,95\n");
  CHECK(decimal(*shop.order("903").lines[0].price) == "9.95");
}

TEST_CASE("movements of stock set none, and the name by which a buyer is known is left out of products") {
  ImportShop shop;
  shop.import("sku,title,brand,stock\nIA-1,Mug,Merk,12\n");
  CHECK(shop.import("Date,SKU,Movement,Quantity,Balance\n20-11-2026,IA-1,Sale,-1,11\n").failure.find("left it") !=
        std::string::npos);
  CHECK(shop.available("IA-1") == 12);
  for (const char* file :
       {"SKU,Title,Movement,Quantity\nW-1,Watch,Quartz,3\n",
        "Date,SKU,Movement,Quantity,Price\n20-11-2026,W-2,Quartz,3,99.95\n", "SKU,Movement,Quantity\nW-3,Quartz,3\n"}) {
    INFO(file);
    CHECK(shop.import(file).counts.created == 1);
  }
  const Done sold = shop.import("Item ID,Item title,Sale price,Currency,Buyer username\n99,Shoe,25.00,EUR,quillon7\n");
  CHECK_MESSAGE(sold.counts.created == 1, sold);
  CHECK(json::write(shop.product("99")).find("quillon7") == std::string::npos);
  CHECK(sold.told("notice").find("Buyer username") != std::string::npos);
}

TEST_CASE("price lists in Spanish, Italian and Polish: the code is the SKU, and the price with tax is what is asked") {
  ImportShop shop;
  shop.import(
      "Referencia;Nombre;Precio sin IVA;Precio con IVA;Existencias;EAN\nES-1;Taza;8,22;9,95;12;4006381333931\n");
  CHECK(shop.price("ES-1") == "9.95");
  shop.import("SKU;Nombre;Precio sin descuento;Precio con tapa\nES-2;Taza;8,22;9,95\n");
  CHECK(shop.price("ES-2").empty());
  shop.import("Codice;Nome;Prezzo di acquisto;Giacenza;EAN\nIT-1;Tazza;4,00;12;\n");
  CHECK(shop.field("IT-1", "title") == "Tazza");
  shop.import("Kod;Nazwa;Cena brutto;Cena netto;EAN\nPL-9;Kubek;39,90;32,44;\n");
  CHECK(shop.price("PL-9") == "39.90");
}

TEST_CASE("a code beside names of people is no SKU in any language") {
  ImportShop shop;
  for (const char* file :
       {"Codice,Nome,Cognome,Telefono,Citta\nC1,Zyx,Quillonbury,0612,Roma\n",
        "Kod,Nazwa,Ulica,Miasto,Telefon\nC1,Zyx Quillonbury,Lane 1,Warszawa,0612\n",
        "Codice;Nome;Cognome;Prezzo\nC1;Zyx;Quillonbury;5,00\n",
        "Kod;Imi\xc4\x99;Nazwisko;Cena\nC1;Zyx;Quillonbury;5,00\n", "Kod;Klient;Cena\nC1;Zyx Quillonbury;5,00\n",
        "C\xc3\xb3"
        "digo;Ciudad;Precio\nC1;Madrid;5,00\n",
        "Kod;Rabat;Cena\nC1;10%;5,00\n"}) {
    const Done done = shop.import(file);
    CHECK_MESSAGE(!done.failure.empty(), done);
  }
  CHECK_FALSE(shop.has("C1"));
  // Beside an article's own number such names are left out.
  const Done done = shop.import("SKU,Title,Apellidos\nC2,Mug,Quillonbury\n");
  CHECK_MESSAGE(done.told("notice").find("Apellidos") != std::string::npos, done);
  CHECK(json::write(shop.product("C2")).find("Quillonbury") == std::string::npos);
}

TEST_CASE("square: the list of orders calls its number Order, which is none elsewhere") {
  ImportShop shop;
  const Done done = shop.import(
      "Order,Order Date,Order State,Fulfillment Status,Currency,Order Total,Recipient Name,Recipient Address,Recipient "
      "Postal Code,Recipient City,Item Quantity,Item Name,Item SKU,Item Price\n"
      "SQ1,2026/11/20,OPEN,PROPOSED,EUR,24.90,Zyx Quillonbury,Vexillologylaan 77,9876 ZX,Quillonstad,2,Mug,A-1,9.95\n"
      "SQ2,2026/11/20,COMPLETED,COMPLETED,EUR,24.90,Zyx Quillonbury,Weg 1,9876 ZX,Quillonstad,2,Mug,A-1,9.95\n");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(decimal(*shop.order("SQ1").lines[0].price) == "9.95");
  CHECK(orders::status_of(shop.order("SQ1")) == open);
  CHECK(orders::status_of(shop.order("SQ2")) == shipped);
  CHECK(shop.import("Order,SKU,Title,Quantity\n1,P-1,Mug,4\n").counts.created == 1);
  shop.import("Order Date,Order,Item SKU,Item Qty,Item Price\n2026-11-20,1,P-1,1,5\n2026-11-21,1,P-2,1,5\n");
  CHECK(shop.order_count() == 2);
  CHECK(shop.has("P-1"));
}
