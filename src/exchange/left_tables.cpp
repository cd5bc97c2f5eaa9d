// Tables that are known and are no business of an import, as data: what tells them, and what to do instead. Read as
// anything else they would be orders that nobody placed, stock that is not there, or buyers among products.
#include <algorithm>
#include <vector>

#include "exchange/party.h"
#include "exchange/product_columns.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

struct LeftTable {
  std::vector<std::vector<std::string_view>> signs;  // columns, folded: all of one of these
  std::string_view advice;
  std::vector<ProductColumn::Kind> unless{};  // beside such columns the signs may be of products
  bool dated = false;                         // and only with a day in each row
};

[[gnu::cold]] const std::vector<LeftTable>& left_tables() {  // made once: for size
  using Kind = ProductColumn::Kind;
  static const std::vector<LeftTable> all{
      {{{"ean", "fixedamount", "percentage", "totalcost"}},
       "This file lists what bol takes for selling each EAN (its commissions), and no products: nothing was imported. "
       "A product's own cost is imported as the column cost_price beside its sku or ean."},
      {{{"return id"},        {"return_id"},       {"return-id"},
        {"return date"},      {"return-date"},     {"return_date"},
        {"return reason"},    {"return_reason"},   {"return-reason"},
        {"return number"},    {"rma number"},      {"retournummer"},
        {"reden retour"},     {"retourreden"},     {"retourennummer"},
        {"retourengrund"},    {"rücksendenummer"}, {"rücksendegrund"},
        {"numéro de retour"}, {"motif du retour"}, {"motivo de la devolución"}},
       "This file lists what customers sent back, and neither orders nor products: nothing was imported. A return is "
       "registered at its order, from where the goods go back into stock."},
      {{{"settlement id"},
        {"settlement-id"},
        {"payout id"},
        {"payout date"},
        {"fees", "order id"},
        {"arrival date (utc)"},
        {"settlement reference"},
        {"settlement amount"},
        {"uitbetalingsreferentie"}},
       "This file lists what a channel has paid out, and no orders: nothing was imported. Export the orders there, "
       "and import that file."},
      {{{"transaction id", "gross", "fee", "net"},
        {"transaktionscode", "brutto", "netto"},
        {"transactiereferentie", "bruto", "net"},
        {"numéro de transaction", "avant commission"},
        {"type", "fee", "net", "available on (utc)"},
        {"card last4"},
        {"customer facing amount"}},
       "This file lists payments, as PayPal and Stripe export them, and no orders: nothing was imported. Export the "
       "orders from the shop or channel in which they were placed, and import that file."},
      {{{"languageid", "name"}, {"language_id", "name"}, {"id_lang", "name"}},
       "This file says by numbers in which language its texts are, and what they stand for is known to the system "
       "alone "
       "that it comes from: nothing was imported. Keep the rows of one language, name it in the columns, such as "
       "title@fr, and import that."},
      {{{"reviewer"},
        {"reviewer_name"},
        {"reviewer name"},
        {"review_date", "rating"},
        {"review date", "rating"},
        {"review_text"},
        {"review text"},
        {"review title"},
        {"nickname", "rating"},
        {"review", "rating", "author"}},
       "This file lists what people think of products (reviews), and no products: nothing was imported."},
      {{{"tegenrekening", "af bij"},
        {"iban/bban", "munt"},
        {"auftragskonto", "buchungstag"},
        {"buchungstag", "verwendungszweck"},
        {"buchungsdatum", "verwendungszweck"},
        {"counterparty iban"},
        {"account number", "transaction type", "balance"}},
       "This is an account statement of a bank, and holds neither products nor orders: nothing was imported."},
      {{{"username", "total spend"},
        {"accepts email marketing"},
        {"customer id", "total spent"},
        {"customer since"},
        {"username", "email", "roles"}},
       "This file lists people, as customers or users of a shop, and neither products nor orders: nothing was "
       "imported. Buyers are kept here with their orders alone; export those."},
      {{{"reference", "new client"},
        {"reference", "new customer"},
        {"referentie", "nieuwe klant"},
        {"référence", "nouveau client"},
        {"reference", "nouveau client"},
        {"bestell-nr.", "neukunde"},
        {"referenz", "neukunde"},
        {"referencia", "nuevo cliente"},
        {"riferimento", "nuovo cliente"}},
       "This is the list of orders of PrestaShop's back office, which names no products: nothing was imported. Export "
       "the lines of the orders instead, a row for each (Advanced Parameters, Database: a query over the tables orders "
       "and order_detail, with id_order, product_reference and product_quantity), or connect the shop."},
      {{{"oxorderid", "oxartnum"}},
       "This file lists the lines of OXID's orders, and no products: nothing was imported. Join them with the table "
       "oxorder, so that each row has the order's number (order_id), the sku and the quantity, and import that."},
      {{{"fulfillment-channel-sku", "quantity available"}},
       "This file lists what lies in Amazon's warehouses (FBA), which is no stock of this shop: nothing was imported. "
       "Stock of your own is imported as the columns sku and stock."},
      {{{"fnsku", "merchant sku"}, {"fnsku", "msku"}},
       "This file lists what lies in Amazon's warehouses (FBA), which is no stock of this shop: nothing was imported. "
       "Stock of your own is imported as the columns sku and stock.",
       {Kind::sku, Kind::price, Kind::title}},
      {{{"movement", "quantity"},
        {"movement type", "quantity"},
        {"bewegungsart", "menge"},
        {"mutatie", "aantal"},
        {"mutatiesoort", "aantal"}},
       "This file lists what came into stock and what left it, and not what there is: nothing was imported. Export the "
       "present numbers of pieces, and import them as the columns sku and stock.",
       {Kind::title, Kind::price, Kind::ean, Kind::brand},
       true},
      {{{"promotion_id", "product_applicability"}},
       "This file lists Google's promotions, and no products: nothing was imported."},
      {{{"shipment-item-id", "quantity-shipped"}},
       "This is Amazon's report of what it has sent from its own warehouses: nothing was imported. Import the report "
       "of all orders instead, in which these are marked as sent by Amazon."},
      {{{"code", "assetfamilyidentifier"}, {"code", "end_of_use"}, {"asset", "channel", "reference_file"}},
       "This file lists Akeneo's assets, which are pictures here: nothing was imported. Name them by their address in "
       "a column image of the products, or put them into a ZIP beside the file of the products."},
      {{{"code", "referenceentityidentifier"}},
       "This file holds records of Akeneo's reference entities. They are kept here too, as reference records: rename "
       "the column referenceEntityIdentifier to reference_kind, and label-nl_NL to label@nl-NL, describe the kind and "
       "its attributes on the page Attributes, and import the file again."},
      {{{"attribute", "column", "code"}},
       "This file lists the options of Akeneo's table attributes, which there are none of here: nothing was imported. "
       "What products have in such attributes is kept with them as it is."}};
  return all;
}

// Numbers of papers about goods that were sold, or bought: what stands beside them are pieces that nobody has in stock.
struct Paper {
  std::vector<std::string_view> numbers;
  std::string_view advice;
};
const std::vector<Paper>& papers_of_goods() {
  static const std::vector<Paper> all{
      {{"factuurnummer", "factuurnr", "factuur nr", "rechnungsnummer", "rechnungsnr", "rechnungsnr.", "rechnung nr.",
        "invoice number", "invoice no", "invoice no.", "invoice #", "invoice id", "numéro de facture", "n° facture",
        "numero fattura", "número de factura"},
       "This table lists lines of invoices, and its numbers of pieces are what was sold: it was not read as products. "
       "As orders it needs a column for the order's number, such as order_id, beside the SKU and the quantity. A "
       "mapping can say what its columns mean."},
      {{"inkooporder", "inkoopordernummer", "inkooporder nr", "purchase order", "purchase order number", "po number",
        "po no.", "po #", "einkaufsbeleg", "einkaufsbelegnummer", "bon de commande"},
       "This table lists lines of orders to suppliers, and its numbers of pieces are what was ordered: it was not read "
       "as products. When the goods are there, import their new numbers of pieces as the columns sku and stock."}};
  return all;
}

}  // namespace

std::string known_and_left(const Header& header) {
  const auto has = [&](std::string_view name) { return header.has(name); };
  const auto fits = [&](const LeftTable& table) {
    constexpr std::string_view kDays[] = {"date", "datum", "fecha", "data", "date/time", "date and time"};
    if (table.dated && std::ranges::none_of(kDays, has)) return false;
    return table.unless.empty() || std::ranges::none_of(product_columns(header), [&](const ProductColumn& one) {
             return std::ranges::find(table.unless, one.kind) != table.unless.end();
           });
  };
  for (const LeftTable& table : left_tables())
    for (const auto& signs : table.signs)
      if (std::ranges::all_of(signs, has) && fits(table)) return std::string(table.advice);
  // DATANORM 3: "V 201126Wholesaler ..." and the version, 128 letters a record; version 4 ends in 04 and a currency.
  const auto& names = header.names();
  constexpr std::size_t kDateEnd = 8;
  const auto is_fourth = [](std::string_view line) {
    const std::string_view end = line.substr(line.size() - 5);
    return end.starts_with("04") && Currency::parse(end.substr(2)).ok();
  };
  if (names.size() == 1 && names[0].size() > kDateEnd && names[0].starts_with("V ") &&
      names[0].substr(2, kDateEnd - 2).find_first_not_of("0123456789") == std::string::npos && !is_fourth(names[0]))
    return "This is DATANORM in a version before 4, whose records have fixed widths and which is not read. Ask the "
           "wholesaler for version 4 or 5, which all of them have, or for a CSV.";
  return {};
}

std::string lines_of_papers(const Header& header) {
  for (const Paper& paper : papers_of_goods())
    if (std::ranges::any_of(paper.numbers, [&](std::string_view name) { return header.has(name); }))
      return std::string(paper.advice);
  return {};
}

}  // namespace pf::exchange
