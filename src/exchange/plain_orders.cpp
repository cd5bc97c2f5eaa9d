// Tables of orders that no party of its own knows: ours, and whatever has a column for the order, the SKU and the
// pieces. Our own names, which our export writes and a mapping may give: those of kOrderNames, first in each row.
#include <algorithm>
#include <array>
#include <set>

#include "exchange/gathering.h"
#include "exchange/personal_columns.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

enum Cell : std::size_t {
  kOrder,
  kSku,
  kQuantity,
  kChannel,
  kPlacedAt,
  kShipBy,
  kCurrency,
  kTotal,
  kShippingCost,
  kPaid,
  kPaymentMethod,
  kShippingMethod,
  kStatus,
  kFulfilment,
  kPaymentStatus,
  kLineId,
  kTitle,
  kPrice,
  kLineTotal,
  kLineTax,
  kShipped,
  kCancelled,
  kEmail,
  kPhone,
  kComment,
  kName,
  kFirstName,
  kLastName,
  kCompany,
  kStreet,
  kHouseNumber,
  kAddition,
  kAddress2,
  kZip,
  kCity,
  kState,
  kCountry,
  kCells
};

// Folded; the first that a header has is meant.
const std::array<std::vector<std::string_view>, kCells>& order_names() {
  static const std::array<std::vector<std::string_view>, kCells> all{{
      {"channel_order_id",   "order_id",         "order id",           "orderid",         "order number",
       "order_number",       "order-number",     "ordernumber",        "order no",        "order no.",
       "order reference",    "bestelnummer",     "ordernummer",        "bestellnummer",   "auftragsnummer",
       "order increment id", "increment id",     "order_increment_id", "numero d'ordine", "id_order",
       "numéro de commande", "número de pedido", "numero ordine",      "order #",         "order_reference",
       "order - number"},
      {"sku", "bestandseinheit", "id_offer", "merchantproductno", "product_sku", "item sku", "item_sku", "seller sku",
       "seller-sku", "offer sku", "product sku", "product code", "item code", "article number", "artikelnummer",
       "artikelcode", "artikelnr", "art-nr", "productcode", "signature", "sygnatura/sku", "référence vendeur",
       "sku reference no.", "product_reference", "order lines/product/internal reference",
       // Of the order, where another column is the product's.
       "référence", "reference code", "referentie", "referenz", "product id"},
      {"quantity", "qty", "quantity ordered", "quantity_ordered", "quantity purchased", "aantal", "menge", "anzahl",
       "quantité", "cantidad", "quantità", "item qty", "product quantity", "item_quantity", "item_qty_ordered",
       "qty ordered", "stückzahl", "order lines/quantity"},
      {"channel", "marketplace", "sales channel", "kanaal", "kanal"},
      {"placed_at",        "order date",      "order_date",    "orderdate",     "date",
       "created_at",       "created at",      "purchase date", "purchase-date", "date time order placed",
       "besteldatum",      "datum",           "bestelldatum",  "bestellt am",   "order creation date",
       "date de commande", "fecha",           "data ordine",   "date created",  "verkauft am",
       "ts_created_iso",   "order_date_time", "auftragsdatum", "aangemaakt op", "date - order date",
       "created time",     "date_add"},
      {"ship_by", "ship by", "latest ship date", "required date", "requireddate", "verzenden voor",
       "uiterste verzenddatum", "delivery_time_expires"},
      {"currency", "currency_code", "currency code", "valuta", "währung", "devise", "order_currency",
       "order_currency_code"},
      {"total", "order total", "order_total", "order total amount", "totaal", "gesamtbetrag", "grand_total",
       "total_incl", "gesamtpreis", "amount_total", "order value", "amount - order total", "order amount",
       "total_paid_tax_incl", "gesamtbetrag brutto"},
      {"shipping_cost", "shipping", "shipping cost", "freight", "verzendkosten", "versandkosten", "frais de port",
       "shipping_total", "order shipping amount", "shipping rate", "verpackung und versand", "shipping_price",
       "amount - shipping cost", "shipping total amount", "shipping fee after discount", "total_shipping_tax_incl"},
      {"paid", "is paid", "betaald", "bezahlt"},
      {"payment_method", "payment method", "betaalmethode", "zahlungsart", "payment method title", "betaalwijze",
       "zahlungsweise", "zahlungsmethode"},
      {"shipping_method", "shipping method", "verzendmethode", "versandart", "shipping method title",
       "delivery method"},
      {"status", "order status", "order_status", "orderstatus", "bestelstatus", "auftragsstatus", "bestellstatus",
       "statut", "order - status", "order state"},
      {"fulfillment_status", "fulfillment status", "fulfilment status", "verzendstatus", "versandstatus"},
      {"payment_status", "payment status", "financial status", "betaalstatus", "betalingsstatus", "zahlungsstatus"},
      {"channel_line_id", "line id", "line_id", "order item id", "order-item-id", "bestelitemnummer", "id_order_unit"},
      {"title",
       "product name",
       "product_name",
       "product",
       "item name",
       "item",
       "name of product",
       "omschrijving",
       "productnaam",
       "bezeichnung",
       "artikel",
       "artikelname",
       "artikelnaam",
       "produkttitel",
       "produktname",
       "titel",
       "libellé",
       "item_name",
       "product_title",
       "angebotstitel",
       "offername",
       "product description",
       "order lines/product"},
      {"price",
       "unit price",
       "unit_price",
       "unitprice",
       "item price",
       "item_price",
       "item-price",
       "prijs",
       "stukprijs",
       "preis",
       "einzelpreis",
       "prix unitaire",
       "precio",
       "item cost",
       "deal price",
       "prix",
       "item_price_incl_tax",
       "price_incl",
       "stückpreis",
       "verkauft für",
       "vk brutto",
       "price_vat_inc",
       "item value",
       "item unit price",
       "unit_price_tax_incl",
       "prix unitaire ttc",
       "price_incl_tax",
       "artikelpreis",
       "prijs incl. btw",
       "prijs incl btw",
       "stukprijs incl. btw",
       "wholesale price",
       "order lines/unit price"},
      {"line_total", "item_total", "line total", "regeltotaal", "sales", "sku subtotal after discount"},
      {"line_tax", "item_total_tax", "line tax"},
      {"shipped"},
      {"cancelled"},
      {"email", "e-mail", "customer email", "buyer email", "email address", "e-mailadres", "emailadres",
       "contact email", "e-mail des käufers", "billing email"},
      {"phone_number", "phone", "telephone", "telefoon", "telefon", "téléphone", "telefoonnummer", "telefonnummer",
       "recipient phone", "billing phone", "phone #", "customer phone number", "recipient phone number"},
      {"comment", "customer note", "note", "notes", "remarks", "opmerking", "bemerkung", "buyer's notes",
       "notes - from buyer", "note from customer", "buyer message"},
      {"name", "customer name", "customer", "ship name", "shipname", "recipient", "naam", "klant", "kunde", "nom",
       "kundenname", "klantnaam", "recipient name", "name des käufers", "buyer name", "retailer name"},
      {"first_name", "first name", "firstname", "voornaam", "vorname", "prénom", "shipping first name",
       "shipping address first name", "customer first name"},
      {"last_name", "last name", "lastname", "surname", "achternaam", "nachname", "shipping last name",
       "shipping address last name", "customer last name"},
      {"company_name", "company", "bedrijf", "firma", "société"},
      {"street_name",
       "street",
       "address",
       "address 1",
       "address1",
       "address 1&2",
       "adresse 1&2",
       "adres 1&2",
       "ship address",
       "shipaddress",
       "straat",
       "adres",
       "straße",
       "strasse",
       "adresse",
       "shipping street",
       "shipping address street 1",
       "shipping address 1",
       "versand an adresse 1",
       "address line 1",
       "shipping_address_1"},
      {"house_number", "house number", "huisnummer", "hausnummer", "shipping house number", "shipping number"},
      {"house_number_addition", "addition", "toevoeging"},
      {"address_2", "address 2", "address2", "address line 2"},
      {"zip_code", "zip", "zip code", "postal code", "postalcode", "postcode", "ship postal code", "shippostalcode",
       "plz", "code postal", "shipping postcode", "shipping zip", "shipping address zip", "shipping postal code",
       "zip/postal code"},
      {"city", "ship city", "shipcity", "plaats", "woonplaats", "stad", "ort", "stadt", "ville", "shipping city",
       "shipping address city", "post town"},
      {"state", "region", "province", "ship region", "shipregion"},
      {"country_code", "country", "ship country", "shipcountry", "land", "pays", "shipping country",
       "shipping address country", "country_id"},
  }};
  return all;
}

// Of every cell, the column that the header has for it: by its very name, or as others write it: "orderId",
// "first-name", "City (Shipping)", which goes before "City (Billing)".
using CellColumns = std::array<std::optional<std::size_t>, kCells>;
[[gnu::cold]] CellColumns columns_of_orders(const Header& header) {
  CellColumns at;
  // The last ones of a SKU's names may be the order's, and so come after all that others write.
  constexpr std::string_view kOfEither[] = {"référence", "reference code", "referentie", "referenz", "product id"};
  for (std::size_t i = 0; i < kCells; ++i)
    for (const std::string_view name : order_names()[i])
      if (!at[i] && std::ranges::find(kOfEither, name) == std::end(kOfEither)) at[i] = header.find(name);
  const auto letters = [](std::string_view name) {
    std::string out = lower_ascii(name.substr(0, name.find('(')));
    std::erase_if(out, [](char c) { return c == ' ' || c == '_' || c == '-'; });
    return out;
  };
  // "customer.firstName" of a tree is a buyer's; "manufacturer.city" is nobody's.
  const auto of_buyer = [](std::string_view path) {
    for (const std::string_view whose : {"customer", "buyer", "billing", "shipping", "recipient", "delivery"})
      if (lower_ascii(path).find(whose) != std::string::npos) return true;
    return false;
  };
  std::vector<std::string> names;
  for (const std::string_view name : header.names()) {
    const std::size_t dot = name.rfind('.');
    // "lineitems.variant.sku": of the line, whatever it is called.
    const std::string whole = letters(name.substr(0, name.find('.')));
    const bool of_line = whole == "lineitems" || whole == "lineitem" || whole == "orderlines" || whole == "orderline";
    const bool inner = dot != std::string_view::npos && (of_line || of_buyer(name.substr(0, dot)));
    names.push_back(letters(inner ? name.substr(dot + 1) : name));
  }
  const auto is_of = [&](std::size_t column, const char* remark) {
    return lower_ascii(header.names()[column]).find(remark) != std::string::npos;
  };
  for (std::size_t i = 0; i < kCells; ++i) {
    for (const std::string_view name : order_names()[i]) {
      if (at[i]) break;
      const std::string wanted = letters(name);
      for (std::size_t column = 0; column < names.size(); ++column) {
        if (names[column] != wanted || std::ranges::find(at, std::optional(column)) != at.end()) continue;
        if (!at[i] || (is_of(column, "(shipping)") && !is_of(*at[i], "(shipping)"))) at[i] = column;
      }
    }
  }
  // "Lieferung Vorname", "Postcode verzendadres": with whose it is around it.
  constexpr std::string_view kWhose[] = {"shipping",    "shipto",        "ship",       "delivery",     "recipient",
                                         "receiver",    "lieferadresse", "lieferung",  "liefer",       "versandnach",
                                         "versand",     "verzendadres",  "verzending", "afleveradres", "aflever",
                                         "bezorgadres", "livraison",     "spedizione", "envío"};
  const auto bare = [&](std::string_view name) {
    for (const std::string_view whose : kWhose) {
      if (name.size() > whose.size() && name.starts_with(whose)) return name.substr(whose.size());
      if (name.size() > whose.size() && name.ends_with(whose)) return name.substr(0, name.size() - whose.size());
    }
    return std::string_view();
  };
  for (std::size_t i = kEmail; i < kCells; ++i) {
    if (i == kComment) continue;
    for (std::size_t column = 0; column < names.size() && !at[i]; ++column) {
      const std::string_view name = bare(names[column]);
      if (name.empty() || std::ranges::find(at, std::optional(column)) != at.end()) continue;
      if (std::ranges::any_of(order_names()[i], [&](std::string_view one) { return letters(one) == name; }))
        at[i] = column;
    }
  }
  // Square's list; elsewhere "Order" is a place in a list.
  constexpr std::string_view kSquare[] = {"order date", "order state", "order total", "recipient name", "item sku"};
  if (!at[kOrder] && std::ranges::all_of(kSquare, [&](std::string_view name) { return header.has(name); }))
    at[kOrder] = header.find("order");
  // "Nom" beside "Prénom" is no whole name.
  if (at[kFirstName] && !at[kLastName] && at[kName] && letters(header.names()[*at[kName]]) == "nom")
    at[kLastName] = at[kName];
  return at;
}

// Whether a cell holds one of the words, and nothing else.
template <std::size_t N>
bool holds_one_of(std::string_view cell, const std::string_view (&words)[N]) {
  return std::ranges::find(words, lower_ascii(trim(cell))) != std::end(words);
}
constexpr std::string_view kSent[] = {"shipped",      "delivered", "fulfilled", "dispatched", "verzonden",
                                      "afgeleverd",   "versendet", "versandt",  "verschickt", "zugestellt",
                                      "ausgeliefert", "expédié",   "expédiée",  "livré",      "livrée",
                                      "enviado",      "entregado", "spedito",   "consegnato"};
// Of an order, of its payment or of its invoice.
constexpr std::string_view kDone[] = {"completed",     "complete",  "wc-completed", "fertiggestellt", "completado",
                                      "completato",    "complétée", "afgehandeld",  "voltooid",       "afgerond",
                                      "abgeschlossen", "terminé",   "terminée"};
constexpr std::string_view kNotSent[] = {
    "unfulfilled",    "not shipped", "partial", "partially shipped", "partially fulfilled", "nicht versendet",
    "niet verzonden", "offen",       "open"};
constexpr std::string_view kCalledOff[] = {"cancelled", "canceled", "wc-cancelled", "annullata", "geannuleerd",
                                           "storniert", "annulé",   "annulée",      "cancelado", "annullato"};
constexpr std::string_view kPaidBack[] = {"refunded",   "wc-refunded", "terugbetaald", "rückerstattet",
                                          "remboursée", "reembolsado", "rimborsato"};
// The words of an order that waits for its money, and those of a column of payments that say the same, or that it is
// there.
constexpr std::string_view kWaits[] = {"pending payment",
                                       "awaiting payment",
                                       "awaiting_payment",
                                       "unpaid",
                                       "on hold",
                                       "on-hold",
                                       "wc-pending",
                                       "zahlung ausstehend",
                                       "in wartestellung",
                                       "fehlgeschlagen",
                                       "wachten op betaling",
                                       "wachtend op betaling",
                                       "in de wacht",
                                       "mislukt",
                                       "en attente de paiement",
                                       "attente paiement",
                                       "pendiente de pago",
                                       "in attesa di pagamento",
                                       "wc-on-hold",
                                       "failed",
                                       "wc-failed"};
constexpr std::string_view kUnpaid[] = {"unpaid",           "not paid",       "pending",        "awaiting payment",
                                        "awaiting_payment", "partially_paid", "partially paid", "niet betaald",
                                        "onbetaald",        "openstaand",     "unbezahlt",      "nicht bezahlt"};
constexpr std::string_view kIsPaid[] = {"paid", "betaald", "bezahlt", "payé", "payée", "completed", "captured"};
// Ways to pay after the goods are there.
constexpr std::string_view kPaidLater[] = {
    "invoice",       "on invoice",   "on account",        "cash on delivery", "cod",
    "factuur",       "op factuur",   "op rekening",       "rembours",         "onder rembours",
    "rechnung",      "auf rechnung", "kauf auf rechnung", "rechnungskauf",    "nachnahme",
    "per nachnahme", "facture",      "sur facture",       "en compte",        "contre remboursement",
    "factura",       "a cuenta",     "contra reembolso",  "contrareembolso",  "fattura",
    "su fattura",    "in conto",     "contrassegno"};
// Numbers of papers that may be called completed while their goods wait.
constexpr std::string_view kInvoiceNumbers[] = {"factuurnummer", "rechnungsnummer",  "rechnungsnr",
                                                "rechnungsnr.",  "invoice number",   "invoice no",
                                                "invoice no.",   "numéro de facture"};
// "Teilweise versendet": some of it went.
bool is_in_part(std::string_view cell) {
  const std::string folded = lower_ascii(trim(cell));
  for (const std::string_view start :
       {"partial", "partly", "partiel", "parcial", "parzial", "teil", "gedeeltelijk", "deels"})
    if (folded.starts_with(start)) return true;
  return false;
}
enum class Fate { open, sent, cancelled };

class PlainOrders final : public Gathering {
 public:
  explicit PlainOrders(const Header& header) : at_(columns_of_orders(header)) {
    for (std::size_t i = 0; i < header.names().size(); ++i)
      if (lower_ascii(header.names()[i]).starts_with("line_item_") && !at_[kSku]) line_cells_.push_back(i);
    by_piece_ = !at_[kQuantity] && header.has("id_order_unit");
    goes_on_ = header.has("order lines/quantity");
    done_is_sent_ = !at_[kFulfilment] &&
                    std::ranges::none_of(kInvoiceNumbers, [&](std::string_view name) { return header.has(name); });
    if (header.has(order_names()[kOrder].front())) return;  // our own, which tells more than an order is made of
    constexpr std::size_t kNamesMax = 500;                  // bytes of a notice
    for (std::size_t i = 0; i < header.names().size(); ++i) {
      const std::string& name = header.names()[i];
      if (name.empty() || std::ranges::find(at_, std::optional(i)) != at_.end()) continue;
      if (std::ranges::find(line_cells_, i) != line_cells_.end()) continue;
      if (left_.size() + name.size() <= kNamesMax)
        left_.append(left_.empty() ? "" : ", ").append(name);
      else
        more_left_ = true;
    }
  }
  bool fits() const { return at_[kOrder] && (!line_cells_.empty() || (at_[kSku] && (at_[kQuantity] || by_piece_))); }
  // Who asks for lines must be told that there are none.
  bool lacks_lines(const Header& header) const {
    if (header.has("grand total (purchased)")) return true;  // Magento's, which calls its order's number ID
    return at_[kOrder] && !at_[kSku] && !at_[kQuantity] && (at_[kTotal] || (at_[kPlacedAt] && at_[kStatus]));
  }
  std::string name() const override { return "orders"; }
  std::vector<FieldFault> remarks() const override {
    if (left_.empty()) return {};
    return {{"", "left",
             "These columns mean nothing in an order and were left out: " + left_ + (more_left_ ? ", and others" : "") +
                 ". A mapping can say what they mean."}};
  }

 protected:
  std::string_view key_of(const Row& row) const override {
    if (!goes_on_) return row.cell(at_[kOrder]);
    if (!row.cell(at_[kOrder]).empty()) above_ = row.cell(at_[kOrder]);
    return above_;
  }
  const char* key_column() const override { return "channel_order_id"; }

  void first(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    const auto cell = [&](Cell which) { return row.cell(at_[which]); };
    order.channel = cell(kChannel).empty() ? "manual" : lower_ascii(cell(kChannel));
    order.currency = currency_of(cell(kCurrency), "currency", item.faults);
    // "GBP 20.00" says it where no column does.
    for (const Cell one : {kTotal, kPrice, kLineTotal, kShippingCost})
      if (cell(kCurrency).empty() && !order.currency)
        if (const auto amount = amount_of(cell(one)); amount && !amount->currency.empty())
          if (const auto currency = Currency::parse(amount->currency); currency.ok()) order.currency = *currency;
    const Currency currency = order.currency.value_or(Currency{});
    order.placed_at = time_of(cell(kPlacedAt), "placed_at", item.faults);
    order.ship_by = time_of(cell(kShipBy), "ship_by", item.faults);
    order.total = money_of(cell(kTotal), currency, "total", item.faults);
    order.shipping_cost = money_of(cell(kShippingCost), currency, "shipping_cost", item.faults);
    order.paid = yes_or_no(cell(kPaid)).value_or(!cell(kPaid).empty() || !waits_for_money(row));
    order.payment_method = cell(kPaymentMethod);
    order.shipping_method = cell(kShippingMethod);
    if (const Fate fate = fate_in(row); fate != Fate::open)
      order.channel_status = fate == Fate::sent ? "shipped" : "cancelled";
    if (goes_on_ && holds_one_of(cell(kStatus), {"quotation", "quotation sent", "draft"}))
      item.faults.push_back({"status", "quotation",
                             "says that this is a quotation, which nobody has ordered yet: confirm it in Odoo first"});
    order.country_code = country_of(cell(kCountry));
    put_address(order.buyer, vault::Field::shipping,
                {{"first_name", cell(kFirstName).empty() && cell(kLastName).empty() ? cell(kName) : cell(kFirstName)},
                 {"last_name", cell(kLastName)},
                 {"company_name", cell(kCompany)},
                 {"street_name", cell(kStreet)},
                 {"house_number", cell(kHouseNumber)},
                 {"house_number_addition", cell(kAddition)},
                 {"address_2", cell(kAddress2)},
                 {"zip_code", cell(kZip)},
                 {"city", cell(kCity)},
                 {"state", cell(kState)},
                 {"country_code", order.country_code.empty() ? cell(kCountry) : order.country_code}});
    put_field(order.buyer, vault::Field::email, cell(kEmail));
    put_field(order.buyer, vault::Field::phone, cell(kPhone));
    put_field(order.buyer, vault::Field::message, cell(kComment));
  }
  void line(const Row& row, OrderItem& item) override {
    // A note between Odoo's lines.
    if (goes_on_ && row.cell(at_[kSku]).empty() && whole_pieces(row.cell(at_[kQuantity])).value_or(0) == 0) return;
    const std::size_t before = item.order.lines.size();
    put_line(row, item);
    Fate fate = fate_in(row);
    // A silent row follows the order, unless its payment says something of its own.
    const std::string_view payment = row.cell(at_[kPaymentStatus]);
    if (const auto& whole = item.order.channel_status;
        whole && row.cell(at_[kStatus]).empty() && row.cell(at_[kFulfilment]).empty()) {
      const bool sent = *whole == "shipped";
      if (payment.empty() || (sent && holds_one_of(payment, kIsPaid))) fate = sent ? Fate::sent : Fate::cancelled;
    }
    for (std::size_t i = before; i < item.order.lines.size(); ++i) {
      orders::PlaceLine& one = item.order.lines[i];
      const auto all_but = [&](std::int64_t others) { return std::max<std::int64_t>(0, one.quantity - others); };
      if (fate == Fate::sent && !at_[kShipped]) one.shipped = all_but(one.cancelled);
      if (fate == Fate::cancelled && !at_[kCancelled]) one.cancelled = all_but(one.shipped);
    }
  }
  // Where each row says for itself what became of it, the order is what all of them say.
  void last(OrderItem& item) override {
    auto& order = item.order;
    if (order.lines.empty() || (at_[kShipped] && at_[kCancelled])) return;
    const auto all = [&](std::int64_t orders::PlaceLine::*pieces) {
      return std::ranges::all_of(order.lines,
                                 [&](const auto& one) { return one.quantity > 0 && one.*pieces >= one.quantity; });
    };
    const bool sent = !at_[kShipped] && all(&orders::PlaceLine::shipped);
    const bool cancelled = !at_[kCancelled] && all(&orders::PlaceLine::cancelled);
    if (sent || cancelled) {
      order.channel_status = sent ? "shipped" : "cancelled";
      for (auto& one : order.lines) (sent ? one.shipped : one.cancelled) = 0;
    } else if (order.channel_status) {
      const bool of_lines = *order.channel_status == "shipped" ? !at_[kShipped] : !at_[kCancelled];
      if (of_lines) order.channel_status.reset();
    }
  }
  void put_line(const Row& row, OrderItem& item) const {
    const auto cell = [&](Cell which) { return row.cell(at_[which]); };
    const Currency currency = item.order.currency.value_or(Currency{});
    for (const std::size_t i : line_cells_)
      if (!row.cell(i).empty()) put_line_cell(row.cell(i), currency, item);
    if (!line_cells_.empty()) return;
    orders::PlaceLine line{.channel_line_id = std::string(cell(kLineId)),
                           .sku = std::string(cell(kSku)),
                           .title = std::string(cell(kTitle))};
    line.quantity = by_piece_ ? 1 : whole_or_fault(cell(kQuantity), item.faults);
    line.price = money_of(cell(kPrice), currency, "price", item.faults);
    if (!at_[kPrice] && line.quantity > 0) {
      const auto total = money_of(cell(kLineTotal), currency, "line_total", item.faults),
                 tax = money_of(cell(kLineTax), currency, "line_tax", item.faults);
      if (total) line.price = per_piece(with_tax(*total, tax), line.quantity);
    }
    if (!cell(kShipped).empty()) line.shipped = pieces_of(cell(kShipped), "shipped", item.faults).value_or(0);
    if (!cell(kCancelled).empty()) line.cancelled = pieces_of(cell(kCancelled), "cancelled", item.faults).value_or(0);
    item.order.lines.push_back(std::move(line));
  }

 private:
  Fate fate_in(const Row& row) const {
    const std::string_view status = row.cell(at_[kStatus]), fulfilment = row.cell(at_[kFulfilment]);
    const bool paid_back = holds_one_of(status, kPaidBack);
    bool sent = holds_one_of(status, kSent) || (done_is_sent_ && holds_one_of(status, kDone) &&
                                                !equals_ignoring_case(status, row.cell(at_[kPaymentStatus])));
    bool cancelled = paid_back || holds_one_of(status, kCalledOff);
    // Kaufland's words for a unit that left; elsewhere it is the shop that received an order, or an invoice was sent.
    if (by_piece_ && holds_one_of(status, {"received", "sent"})) sent = true;
    // What is known of the goods goes before what is said of the order.
    if (holds_one_of(fulfilment, kSent) || holds_one_of(fulfilment, kDone)) {
      sent = true;
      cancelled = false;
    }
    if (holds_one_of(fulfilment, kNotSent)) sent = false;
    if (paid_back && is_in_part(fulfilment)) cancelled = false;
    if (cancelled) return Fate::cancelled;
    return sent && !at_[kShipped] ? Fate::sent : Fate::open;  // a table that counts them says so itself
  }
  bool waits_for_money(const Row& row) const {
    const std::string_view payment = row.cell(at_[kPaymentStatus]);
    if (holds_one_of(payment, kIsPaid)) return false;
    if (holds_one_of(row.cell(at_[kStatus]), kWaits)) return true;
    return holds_one_of(payment, kUnpaid) && !holds_one_of(row.cell(at_[kPaymentMethod]), kPaidLater) &&
           fate_in(row) != Fate::sent;
  }
  static std::int64_t whole_or_fault(std::string_view cell, std::vector<FieldFault>& faults) {
    const auto pieces = whole_pieces(cell);  // "2.0000"
    return pieces ? *pieces : pieces_of(cell, "quantity", faults).value_or(0);
  }
  // "name:Mug|product_id:12|sku:A|quantity:2|total:20.00": a line of the order in one cell.
  static void put_line_cell(std::string_view cell, Currency currency, OrderItem& item) {
    orders::PlaceLine line;
    line.quantity = 1;
    std::optional<Money> total, tax;
    for (const std::string_view part : split(cell, '|')) {
      const std::size_t colon = part.find(':');
      if (colon == std::string_view::npos) continue;
      const std::string name = lower_ascii(trim(part.substr(0, colon)));
      const std::string_view value = trim(part.substr(colon + 1));
      if (name == "sku") line.sku = value;
      if (name == "name") line.title = value;
      if (name == "quantity") line.quantity = whole_or_fault(value, item.faults);
      if (name == "total") total = money_of(value, currency, "line_item.total", item.faults);
      if (name == "total_tax" || name == "tax") tax = money_of(value, currency, "line_item.tax", item.faults);
    }
    if (total && line.quantity > 0) line.price = per_piece(with_tax(*total, tax), line.quantity);
    item.order.lines.push_back(std::move(line));
  }

  const CellColumns at_;
  std::vector<std::size_t> line_cells_;  // columns that hold a line each
  bool by_piece_ = false;                // a row is one piece
  bool done_is_sent_ = false;            // "Completed" can be said of nothing but the goods
  bool goes_on_ = false;                 // a row without an order's number belongs to the one above, as Odoo's do
  mutable std::string above_;            // its number
  std::string left_;                     // columns
  bool more_left_ = false;
};

}  // namespace

std::vector<std::string> order_columns(const Header& header) {
  std::vector<std::string> out(header.names().size());
  const CellColumns at = columns_of_orders(header);
  for (std::size_t i = 0; i < kCells; ++i)
    if (at[i]) out[*at[i]] = order_names()[i].front();
  return out;
}

namespace {

// The columns about people; none where they may be about something else.
std::set<std::size_t> columns_of_people(const Header& header) {
  constexpr std::size_t kFew = 3;  // columns that make an address; fewer are the place where a product is made
  const auto at = columns_of_orders(header);
  std::set<std::size_t> columns;
  for (const Cell one : {kFirstName, kLastName, kStreet, kHouseNumber, kZip, kCity, kEmail, kPhone})
    if (at[one]) columns.insert(*at[one]);
  std::size_t whose_own = 0;  // columns that say a person's name or where he is reached
  std::size_t buyers = 0;     // of them, those that can mean nothing else
  std::size_t maybe_buyers = 0;
  // A supplier's telephone and town may stand behind his name, and are left out beside his address of mail; a "name"
  // may be the product's.
  constexpr std::string_view kSuppliers[] = {"lieferant", "leverancier", "supplier", "fournisseur",
                                             "proveedor", "fornitore",   "vendor"};
  const bool of_supplier = at[kEmail] &&
                           std::ranges::any_of(kSuppliers, [&](std::string_view name) { return header.has(name); }) &&
                           !(at[kName] && at[kTitle]);
  // Where somebody is reached and where he lives is about him, whatever the street is called.
  bool surely = at[kFirstName] || at[kLastName] || at[kStreet] || at[kHouseNumber] ||
                ((at[kEmail] || at[kPhone]) && (at[kZip] || at[kCity]) && !of_supplier);
  // "customer_email", "Shipping address street 1", "Ship-to Name": what says whose it is.
  for (std::size_t i = 0; i < header.names().size(); ++i) {
    const PersonalColumn one = personal_column(header.names()[i]);
    if (!one.about) continue;
    columns.insert(i);
    surely = true;
    whose_own += one.himself;
    buyers += one.surely && !one.thing;
    maybe_buyers += one.thing;
  }
  // Who bought, beside the number of his invoice.
  if (at[kName])
    for (const std::string_view invoice : kInvoiceNumbers)
      if (const auto column = header.find(invoice)) {
        columns.insert({*column, *at[kName]});
        whose_own = 2;
      }
  // One that says who bought, beside where he lives, how many, or when.
  const bool sold = buyers > 0 && (columns.size() >= 2 || at[kQuantity] || at[kPlacedAt] || at[kOrder]);
  const bool maybe_sold = maybe_buyers > 0 && columns.size() >= 2;
  if ((surely && columns.size() >= kFew) || whose_own >= 2 || sold || maybe_sold) return columns;
  return {};
}

}  // namespace

std::string people_in(const Header& header) {
  std::string names;
  for (const std::size_t one : columns_of_people(header)) names += (names.empty() ? "" : ", ") + header.names()[one];
  return names;
}

bool lists_people(const Header& header) {
  const auto filled = std::ranges::count_if(header.names(), [](const std::string& name) { return !name.empty(); });
  return columns_of_people(header).size() * 2 > static_cast<std::size_t>(filled);
}

std::unique_ptr<Party> plain_orders(const Header& header) {
  auto party = std::make_unique<PlainOrders>(header);
  return party->fits() ? std::move(party) : nullptr;
}

bool orders_without_lines(const Header& header) {
  return PlainOrders(header).lacks_lines(header);
}

}  // namespace pf::exchange
