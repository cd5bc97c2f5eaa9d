// By which words an order is told from other papers, and what some of its texts say.
#include <algorithm>
#include <utility>

#include "exchange/nested_order_words.h"
#include "productflow/text.h"

namespace pf::exchange::nested {

std::string bare_name(std::string_view name) {
  if (name.starts_with('@')) name.remove_prefix(1);
  std::string out = lower_ascii(name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1));
  std::erase_if(out, [](char c) { return c == '_' || c == '-' || c == '.' || c == ' '; });
  return out;
}

bool is_order(std::string_view name) {
  return is_among(
      "order orders orderlist orderarray salesorder salesorders weborder weborders customerorder customerorders "
      "orderentity salesorderentity bestelling bestellingen verkooporder verkooporders bestellung bestellungen auftrag "
      "auftraege aufträge kundenauftrag commande commandes pedido pedidos ordine ordini zamowienie zamowienia "
      "objednavka objednavky",
      name);
}
bool is_wrapper(std::string_view name) {
  return is_among(
      "$ data results result items edges node nodes records resources value response content body list entries docs "
      "rows payload member embedded",
      name);
}
bool is_lines(std::string_view name) {
  return is_among(
      "items item lines line orderlines orderline orderitems orderitem orderitemlist lineitems lineitem products "
      "product "
      "orderproducts orderproduct articles article artikel positions position positionen orderpositions orderposition "
      "positionitems positionitem orderunits orderunit rows row orderrows orderrow orderdetails orderdetail "
      "bestelregels "
      "bestelregel regels regel lignes ligne articoli articolo righe riga lineas linea líneas línea productos producto "
      "solditems solditem produits produit transactionarray transaction",
      name);
}
bool is_around_lines(std::string_view name) {
  return is_among("associations edges node nodes data resource embedded body", name);
}
bool is_piece(std::string_view name) {
  return is_among("positionitem positionitems orderunit orderunits", name);
}
bool is_order_sign(std::string_view name) {
  return is_among(
      "incrementid ordernumber orderno ordernr ordernummer bestelnummer bestellnummer auftragsnummer orderid "
      "salesorderid salesordernumber orderplacedat orderplaceddatetime dateorder orderdate orderdatetime ordersource "
      "orderstatus orderstate ordercurrencycode",
      name);
}
bool is_sign_of_other(std::string_view name, bool called_order) {
  constexpr std::string_view always =
      "validuntil quotenumber quotationnumber offertenummer angebotsnummer carttoken abandonedcheckouturl "
      "refundreason "
      "returnreason rmanumber supplierorderid supplierordernumber";
  constexpr std::string_view unless_called =
      "invoiceid invoicenumber invoiceno invoicedate factuurnummer rechnungsnummer refundid refundamount refundedat "
      "returnid returnnumber rmaid reason creditmemoid creditnotenumber shipmentid shipmentnumber shippedat "
      "shipmentdate trackingnumber trackingnumbers trackingcode trackingcompany tracks packages parcelid "
      "reservedorderid checkouttoken";
  return is_among(always, name) || (!called_order && is_among(unless_called, name));
}
bool is_supplier(std::string_view name) {
  return is_among(
      "supplier vendor leverancier lieferant fournisseur proveedor fornitore supplierid vendorid suppliername "
      "vendorname "
      "supplierparty suppliernumber suppliercode lieferantennummer leveranciernummer",
      name);
}

bool is_other_paper(std::string_view name) {
  constexpr std::size_t kPaperNameMax = 100;  // bytes; no order stands in what has a longer name
  if (name.size() > kPaperNameMax) return true;
  static constexpr std::string_view kAnywhere[] = {
      "invoice",  "refund",     "return",     "creditnote", "creditmemo",   "basket",     "wishlist",  "checkout",
      "shipment", "fulfil",     "despatch",   "dispatch",   "purchase",     "supplier",   "vendor",    "procurement",
      "inkoop",   "einkauf",    "catalog",    "katalog",    "payout",       "settlement", "factuur",   "cancellation",
      "facture",  "rechnung",   "gutschrift", "delivery",   "lieferschein", "pakbon",     "quotation", "offerte",
      "angebot",  "pricelist",  "bmecat",     "abandoned",  "subscription", "template",   "history",   "retour",
      "transfer", "production", "restock"};
  constexpr std::string_view kThings =
      "product products article articles artikel artikelen produkt produkte produit produits producto productos "
      "prodotto "
      "prodotti offer offers variant variants";
  constexpr std::string_view words = "cart carts quote quotes rma rmas draft drafts item items devis stock";
  const std::string bare = bare_name(name);
  if (is_among(words, bare) || is_among(kThings, bare) || bare.ends_with("cart") || bare.ends_with("carts"))
    return true;
  if (std::ranges::any_of(kAnywhere, [&](std::string_view word) { return bare.find(word) != std::string::npos; }))
    return true;
  // "DraftOrder", "quote_order", "cartOrder".
  std::string word;
  const auto ends = [&] { return is_among(words, lower_ascii(std::exchange(word, {}))); };
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter || (c >= 'A' && c <= 'Z' && !word.empty() && word.back() >= 'a'))
      if (ends()) return true;
    if (letter) word.push_back(c);
  }
  return ends();
}

About kind_of_address(std::string_view text) {
  constexpr std::string_view
      buyers = "buyer customer orderer orderedby besteller kunde klant client main default",
      shipping =
          "shipping delivery shipto deliverto shippingaddress deliveryaddress recipient consignee "
          "finaldelivery lieferadresse lieferung verzending verzendadres afleveradres bezorgadres "
          "livraison envio envío spedizione ship",
      billing =
          "billing invoice billto invoiceto billingaddress invoiceaddress invoicerecipient payer "
          "rechnung rechnungsadresse factuur factuuradres facturation facturacion facturación "
          "fatturazione bill";
  const std::string kind = bare_name(text);
  if (is_among(buyers, kind)) return About::buyer;
  if (is_among(shipping, kind)) return About::shipping;
  if (kind == "seller" || kind == "sender" || is_supplier(kind)) return About::address;
  return is_among(billing, kind) ? About::billing : About::nothing;
}

bool is_known_way(std::string_view text) {
  constexpr std::size_t kWayBytesMax = 60;  // longer texts say more than a way
  constexpr std::string_view words =
      "ideal paypal klarna visa mastercard maestro amex bancontact sofort giropay sepa stripe mollie adyen wire bank "
      "banktransfer transfer card creditcard invoice rechnung vorkasse prepayment cash cod checkmo check riverty "
      "afterpay billink przelewy24 twint eps satispay multibanco blik cashondelivery invoicepayment debit directdebit "
      "lastschrift kreditkarte nachnahme überweisung overboeking dhl postnl dpd gls ups fedex hermes bpost chronopost "
      "colissimo tnt usps ontrac correos brt flat flatrate standard express free pickup economy priority parcel "
      "mondialrelay budbee trunkrs dachser abholung afhalen verzending versand shipping delivery overnight letter";
  if (text.size() > kWayBytesMax) return false;
  std::string word;
  for (const char c : lower_ascii(text) + " ") {
    const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (part) {
      word.push_back(c);
    } else if (is_among(words, std::exchange(word, {}))) {
      return true;
    }
  }
  return false;
}

Status status_said(std::string_view text) {
  constexpr std::string_view
      cancelled =
          "cancelled canceled cancel storniert geannuleerd annulee annulée annule annulé cancelado cancelada anulado "
          "annullato annullata",
      shipped =
          "shipped dispatched delivered verzonden versendet versandt expediee expédiée expedie expédié "
          "enviado spedito spedita",
      unpaid =
          "unpaid pendingpayment awaitingpayment waitingpayment waitingforpayment paymentpending "
          "waitingdebitpayment processingawaitingpayment unbezahlt onbetaald paymentauthorized "
          "authorized partiallypaid",
      not_placed =
          "draft autodraft checkoutdraft cart quote quotation addingitems arrangingpayment staging "
          "checkout abandoned incomplete concept entwurf angebot offerte devis brouillon borrador "
          "bozza template sent",
      open =
          "open new pending processing paid confirmed accepted approved sale awaitingfulfillment "
          "awaitingshipment awaitingpickup waitingacceptance toship shipping readytoship processingawaitingshipment "
          "processingawaitingpickup onhold holded "
          "hold placed created inprogress unfulfilled paymentsettled paymentreceived payed "
          "inbehandeling nieuw betaald neu offen bezahlt bestaetigt bestätigt inbearbeitung nouveau "
          "nouvelle encours payee payée payé nuevo pagado nuovo pagato";
  const std::string status = bare_name(text);
  if (is_among(cancelled, status)) return Status::cancelled;
  if (is_among(shipped, status)) return Status::shipped;
  if (is_among(unpaid, status)) return Status::unpaid;
  if (is_among(not_placed, status)) return Status::not_placed;
  return is_among(open, status) ? Status::open : Status::unknown;
}

}  // namespace pf::exchange::nested
