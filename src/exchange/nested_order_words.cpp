#include "exchange/nested_order_words.h"

#include <algorithm>
#include <utility>

#include "productflow/text.h"

namespace pf::exchange::nested {
namespace {

// Where `name` stands in a list of words that blanks divide, counted from 0. The lists are looked through as they are:
// a name is looked up once for each path of a file, and tables made of them would be larger than the words.
std::optional<std::uint8_t> place_in(std::string_view words, std::string_view name) {
  if (name.empty()) return std::nullopt;
  for (auto at = words.find(name); at != std::string_view::npos; at = words.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' '))
      return static_cast<std::uint8_t>(std::ranges::count(words.substr(0, at), ' '));
  }
  return std::nullopt;
}
bool is_among(std::string_view words, std::string_view name) {
  return place_in(words, name).has_value();
}

struct InsideRow {
  About around, to;
  std::string_view names;
};
constexpr std::string_view kShipping =
    "shippingaddress shippingaddresses deliveryaddress shipto shiptoaddress shipaddress deliverto recipient receiver "
    "consignee lieferadresse lieferanschrift verzendadres afleveradres bezorgadres adresselivraison adressedelivraison "
    "direccionenvio direcciondeenvio indirizzospedizione indirizzodispedizione addressshipping addressdelivery "
    "empfaenger empfänger deliveryparty finaldeliveryparty shippingorderaddress";
constexpr std::string_view kBilling =
    "billingaddress billing invoiceaddress billto billtoaddress billaddress invoiceto rechnungsadresse "
    "rechnungsanschrift factuuradres adressefacturation adressedefacturation direccionfacturacion "
    "direcciondefacturacion indirizzofatturazione indirizzodifatturazione addressbilling addressinvoice billinginfo "
    "billingdetails invoiceparty invoicerecipient";
constexpr InsideRow kInside[] = {
    {About::order, About::order,
     "header head orderheader orderhead orderinfo info general generalinfo orderdata totals ordertotals summary "
     "ordersummary amounts dates prices costs price kopf kopfdaten kop entete cabecera testata "
     "anticipatedmonetarytotal"},
    {About::order, About::box,
     "parties orderparties shipmentparties addresses adressen orderaddresses extensionattributes shippingassignments "
     "deliveries"},
    {About::order, About::buyer,
     "customer buyer client klant kunde kaeufer käufer koper besteller auftraggeber acheteur cliente comprador "
     "acquirente customerinfo customerdata customerdetails customeraddress buyerinfo buyerdata buyerdetails "
     "buyeraddress buyerparty buyercustomerparty ordercustomer orderedby kundendaten klantgegevens partnerid"},
    {About::order, About::shipping, kShipping},
    {About::order, About::billing, kBilling},
    {About::order, About::address, "address adres adresse anschrift party"},
    {About::order, About::delivery,
     "shipping delivery shippinginfo deliveryinfo shippingdetails deliverydetails shipmentdetails versand lieferung "
     "verzending levering livraison envio envío spedizione"},
    {About::order, About::way,
     "shippingmethod deliverymethod shippinglines shippingline shippingoption carrier versandart verzendmethode "
     "shipmentmethod"},
    {About::order, About::payment,
     "payment payments paymentinfo paymentdetails paymentmethod transactions zahlung betaling paiement pago pagamento"},
    {About::order, About::state, "status state statemachinestate orderstatus orderstate"},
    {About::order, About::money, "currency"},
    {About::delivery, About::way, "shippingmethod deliverymethod carrier method"},
    {About::way, About::way, "shippingmethod"},
    {About::payment, About::payment, "payment transaction paymentmethod method"},
    {About::line, About::product,
     "product item article artikel offer variant variation productvariant articleid productid shopproductdetails "
     "payload produit "
     "producto prodotto"},
    {About::line, About::price, "articleprice productpricefix price pricing prices amounts"},
    {About::line, About::house, "fulfilment fulfillment"},
    {About::product, About::product, "product variant variation productvariant item"},
    {About::product, About::own_id, "sellersitemidentification"},
    {About::product, About::world_id, "standarditemidentification"},
    {About::price, About::price, "price taxdetailsfix taxdetails"},
    {About::buyer, About::shipping, kShipping},
    {About::buyer, About::shipping, "shipping delivery"},
    {About::buyer, About::billing, kBilling},
    // Of any person: the same one.
    {About::address, About::address,
     "address adres adresse anschrift name names person contact contactdetails contactinfo postaladdress party "
     "partyname phone phones telephone telefon kontakt deliverylocation"},
};

struct LeafRow {
  About about;
  Field field;
  std::string_view names;  // of which the first is meant
};
constexpr LeafRow kLeaves[] = {
    {About::order, Field::number,
     "incrementid channelorderid orderincrementid ordernumber orderno ordernr ordernummer bestelnummer bestellnummer "
     "auftragsnummer auftragsnr numerocommande numérocommande numerodecommande numérodecommande numeropedido "
     "numerodepedido númeropedido numeroordine numerodordine salesordernumber salesorderno orderid salesorderid "
     "idorder"},
    {About::order, Field::plain_number, "number nummer no nr numero numéro code"},
    {About::order, Field::number_name, "name"},
    {About::order, Field::id, "id entityid reference referentie ref"},
    {About::order, Field::channel, "channel marketplace saleschannel kanaal kanal"},
    {About::order, Field::currency,
     "ordercurrencycode ordercurrency currencycode currencyisocode currencyiso currency pricecurrency isocurrency "
     "documentcurrencycode valuta währung waehrung devise moneda"},
    {About::order, Field::placed_at,
     "orderplaceddatetime orderplacedat orderdatetime orderdate dateorder placedat purchasedate besteldatum "
     "bestelldatum auftragsdatum datecommande datedecommande fechapedido fechadepedido dataordine createdat created "
     "datecreated createddate createdtime creationdate dateadd issuedate date datum fecha"},
    {About::order, Field::ship_by, "shipby latestshipdate latestshippingdate shippingdeadline verzendenvoor"},
    {About::order, Field::status, "orderstatus orderstate status state statut estado stato"},
    {About::order, Field::payment_status,
     "paymentstatus financialstatus displayfinancialstatus betaalstatus zahlungsstatus"},
    {About::order, Field::paid, "paid ispaid betaald bezahlt paye payé pagado pagato"},
    {About::order, Field::payment_method,
     "paymentmethod paymentmethodtitle paymentmethodname paymenttitle paymenttype zahlungsart zahlungsmethode "
     "betaalmethode betaalwijze modepaiement modedepaiement moyendepaiement metodopago metododepago formapago "
     "formadepago metodopagamento metododipagamento module"},
    {About::order, Field::shipping_method,
     "shippingmethod shippingmethodtitle shippingmethodname shippingdescription shippingtypelabel shippingtype "
     "shipmenttitle deliverymethod verzendmethode verzendwijze versandart modelivraison modedelivraison metodoenvio "
     "metododeenvio metodospedizione metododispedizione"},
    {About::order, Field::comment,
     "comment comments customernote customermessage customercomment customercomments buyernote message note notes "
     "remark remarks opmerking opmerkingen bemerkung kundenkommentar commentaire comentario nota"},
    {About::order, Field::tax, "taxamount totaltax taxtotal amounttax vatamount totalvat btwbedrag mwstbetrag"},
    {About::order, Field::includes_tax, "taxesincluded taxincluded pricesincludetax pricesincludetaxes"},
    {About::order, Field::tax_status, "taxstatus"},
    {About::delivery, Field::shipping_method, "shippingmethod deliverymethod shippingmethodtitle"},
    {About::delivery, Field::shipping_way, "method methodtitle service carrier type"},
    {About::way, Field::shipping_way, "name title methodtitle label description technicalname code"},
    {About::payment, Field::payment_method, "paymentmethod paymentmethodtitle paymentmethodname"},
    {About::payment, Field::payment_way,
     "name title methodtitle method distinguishablename technicalname type gateway provider code"},
    {About::state, Field::status, "technicalname code name value"},
    {About::money, Field::currency, "isocode code iso"},
    {About::line, Field::sku,
     "offersku sellersku merchantsku shopsku sku artikelnummer artikelnr articlenumber articleno articlenr articlecode "
     "artikelcode itemnumber itemno itemcode itemsku productcode productnumber productno productsku productreference "
     "supplieraid supplierpid merchantproductno defaultcode anr partnumber codearticle refarticle codigo codice "
     "codicearticolo reference référence referentie referencia"},
    {About::line, Field::ean, "ean gtin ean13 eancode gtin13 barcode productean internationalaid internationalpid upc"},
    {About::line, Field::quantity,
     "quantity qtyordered quantityordered orderedquantity orderedqty qty aantal besteldaantal menge anzahl stückzahl "
     "stueckzahl quantite quantité cantidad quantita quantità productquantity itemquantity itemqty quantitypurchased "
     "productuomqty "
     "orderquantity"},
    {About::line, Field::line_id,
     "orderitemid orderlineid orderlineitemid lineitemid lineid positionitemid idorderunit lineno linenumber itemid "
     "entityid id"},
    {About::line, Field::parent, "parentitemid parentlineid parentid"},
    {About::line, Field::title,
     "title producttitle productname itemname itemtitle articlename artikelname artikelbezeichnung name label "
     "descriptionshort productnaam naam omschrijving bezeichnung libelle libellé nom designation désignation nombre "
     "descripcion descripción nome descrizione productdescription itemdescription description"},
    {About::line, Field::price_unit, "priceunit"},
    {About::line, Field::price_basis,
     "pricequantity pricebasis pricebasequantity basequantity preiseinheit preismenge priceper"},
    {About::line, Field::line_tax,
     "linetax linetaxamount taxamount rowtax totaltax taxtotal totaltaxamount vatamount "
     "btwbedrag mwstbetrag pricetax"},
    {About::line, Field::tax_percent,
     "taxpercent taxpercentage vatpercent vatpercentage taxrate vatrate btwpercentage btwtarief steuersatz mwstsatz "
     "tauxtva tipoiva aliquotaiva"},
    {About::line, Field::shipped, "qtyshipped quantityshipped shippedquantity shippedqty"},
    {About::line, Field::cancelled,
     "qtycanceled qtycancelled quantitycancelled quantitycanceled cancelledquantity canceledquantity"},
    {About::product, Field::sku,
     "offersku sellersku merchantsku sku artikelnummer articlenumber articlecode artikelcode itemnumber productcode "
     "productnumber supplieraid supplierpid anr defaultcode reference"},
    {About::product, Field::ean, "ean gtin ean13 eancode gtin13 barcode internationalaid internationalpid upc"},
    {About::product, Field::title, "title producttitle name productname label descriptionshort naam bezeichnung nom"},
    {About::own_id, Field::sku, "id"},
    {About::world_id, Field::ean, "id"},
    {About::house, Field::house, "method"},
    {About::price, Field::price_basis, "pricequantity basequantity pricebasis"},
    {About::price, Field::tax_share, "tax"},
    {About::price, Field::tax_percent, "taxrate taxpercent vatrate"},
    {About::price, Field::line_tax, "linetax totaltax"},
    {About::price, Field::currency, "currency currencycode currencyid pricecurrency"},
    {About::price, Field::tax_status, "type"},
    // Of any person.
    {About::address, Field::email, "email emailaddress mail emailadres emailadresse courriel electronicmail correo"},
    {About::address, Field::phone,
     "phone phonenumber telephone telephonenumber mobile mobilephone cellphone tel phone1 deliveryphonenumber telefoon "
     "telefoonnummer telefon telefonnummer téléphone telefono teléfono"},
    {About::address, Field::name,
     "name fullname contactname displayname personname naam nom recipientname nombre nome"},
    {About::address, Field::first_name, "firstname first givenname voornaam vorname prenom prénom forename"},
    {About::address, Field::last_name,
     "lastname last surname familyname achternaam nachname nomdefamille apellido apellidos cognome"},
    {About::address, Field::company,
     "company companyname organisation organization businessname bedrijf bedrijfsnaam firma firmenname société "
     "societe empresa azienda name2"},
    {About::address, Field::street,
     "street streetname street1 streetaddress1 address1 addressline1 line1 streetline1 streetaddress address straat "
     "straatnaam adres "
     "strasse straße rue adresse calle via direccion dirección indirizzo"},
    {About::address, Field::house_number,
     "housenumber housenr houseno streetnumber huisnummer hausnummer buildingnumber number nummer"},
    {About::address, Field::addition, "housenumberextension housenumberaddition housenumberext toevoeging suffix"},
    {About::address, Field::address_2,
     "address2 street2 streetaddress2 addressline2 line2 streetline2 additionalstreet extraaddressinformation "
     "addresssupplement "
     "additionaladdressline1 adresszusatz additionalstreetname"},
    {About::address, Field::zip,
     "zip zipcode postcode postalcode postalzone plz codepostal codigopostal cap zippostalcode"},
    {About::address, Field::city,
     "city town cityname locality plaats woonplaats stad ort stadt ville ciudad città citta"},
    {About::address, Field::state, "state region province provincecode statecode regioncode stateorprovince provincia"},
    {About::address, Field::country,
     "countrycode countryisocode countryiso countrycodev2 countryiso2 countrycoded countryid iso2 landcode land pays "
     "country pais país paese identificationcode"},
    {About::address, Field::kind, "type addresstype kind role partyrole usage typ art soort"},
};

// Amounts, whose names may say besides whether tax is in them.
constexpr LeafRow kAmounts[] = {
    {About::order, Field::total,
     "grandtotal ordertotal amounttotal total totalprice totalamount totaal totaalbedrag totaalprijs gesamtbetrag "
     "gesamtsumme gesamtpreis totalpaid montanttotal totalcommande importetotal totale totalordervalue payableamount "
     "currenttotalpriceset totalpriceset"},
    {About::order, Field::shipping_cost,
     "shippingcost shippingcosts shippingamount shippingprice shippingtotal totalshipping shippingfee shippingcharge "
     "totalshippingprice shippingtotalcost verzendkosten versandkosten portokosten fraisdeport fraisport gastosenvio "
     "gastosdeenvio spesespedizione spesedispedizione costospedizione shipping deliverycost deliverycosts deliveryfee "
     "deliverycharge freight freightcost shipmentprice totalshippingpriceset"},
    {About::delivery, Field::shipping_cost,
     "shippingtotalcost shippingcost shippingcosts cost costs price amount fee total kosten preis prijs prix"},
    {About::payment, Field::total, "fullamount"},
    {About::line, Field::unit_price,
     "proratedunitprice discountedunitpriceset discountedunitprice unitprice priceperunit priceperpiece priceeach "
     "singleprice transactionprice originalunitpriceset stukprijs prijsperstuk einzelpreis stückpreis stueckpreis "
     "prixunitaire "
     "preciounitario prezzounitario"},
    {About::line, Field::price, "price itemprice productprice priceamount prijs preis prix precio prezzo"},
    {About::line, Field::line_total,
     "proratedlineprice discountedlineprice discountedtotalset linetotal rowtotal total totalprice lineprice "
     "totalamount "
     "lineamount itemtotal pricelineamount pricetotal linetotalprice regeltotaal totaalprijs totaal gesamtpreis "
     "positionssumme prixtotal preciototal importe prezzototale totale originaltotalset"},
    {About::price, Field::unit_price, "unitprice"},
    {About::price, Field::price, "priceamount amount value price"},
    {About::price, Field::line_total, "pricelineamount totalprice total"},
};
// By their very names.
struct ExactAmount {
  About about;
  Field field;
  Tax tax;
  std::string_view name;
};
constexpr ExactAmount kExactAmounts[] = {
    {About::order, Field::total, Tax::included, "priceincl"},  // Lightspeed's
    {About::order, Field::total, Tax::included, "taxinclusiveamount"},
    {About::line, Field::line_total, Tax::excluded, "pricesubtotal"},        // Odoo's
    {About::line, Field::line_total, Tax::excluded, "lineextensionamount"},  // UBL's
    {About::line, Field::unit_price, Tax::included, "itemvaluegrossprice"},  // of a line that is one piece
    {About::price, Field::price, Tax::included, "gross"},
    {About::price, Field::price, Tax::excluded, "net"},
};

struct TaxWord {
  std::string_view word;
  Tax tax;
};
// Longer ones before those that they end in.
constexpr TaxWord kTaxEnds[] = {{"includingtax", Tax::included},
                                {"includingvat", Tax::included},
                                {"incltax", Tax::included},
                                {"inclvat", Tax::included},
                                {"inclbtw", Tax::included},
                                {"inctax", Tax::included},
                                {"incvat", Tax::included},
                                {"incbtw", Tax::included},
                                {"taxincluded", Tax::included},
                                {"taxincl", Tax::included},
                                {"taxinc", Tax::included},
                                {"vatincluded", Tax::included},
                                {"vatincl", Tax::included},
                                {"withtax", Tax::included},
                                {"withvat", Tax::included},
                                {"inklmwst", Tax::included},
                                {"inclmwst", Tax::included},
                                {"ivaincluido", Tax::included},
                                {"ivaincluida", Tax::included},
                                {"ivainclusa", Tax::included},
                                {"ivacompresa", Tax::included},
                                {"incl", Tax::included},
                                {"inkl", Tax::included},
                                {"inc", Tax::included},
                                {"gross", Tax::included},
                                {"brutto", Tax::included},
                                {"ttc", Tax::included},
                                {"excludingtax", Tax::excluded},
                                {"excludingvat", Tax::excluded},
                                {"excltax", Tax::excluded},
                                {"exclvat", Tax::excluded},
                                {"exclbtw", Tax::excluded},
                                {"extax", Tax::excluded},
                                {"exvat", Tax::excluded},
                                {"exbtw", Tax::excluded},
                                {"taxexcluded", Tax::excluded},
                                {"taxexcl", Tax::excluded},
                                {"taxexc", Tax::excluded},
                                {"vatexcluded", Tax::excluded},
                                {"vatexcl", Tax::excluded},
                                {"withouttax", Tax::excluded},
                                {"withoutvat", Tax::excluded},
                                {"exklmwst", Tax::excluded},
                                {"exclmwst", Tax::excluded},
                                {"zzglmwst", Tax::excluded},
                                {"siniva", Tax::excluded},
                                {"sinimpuestos", Tax::excluded},
                                {"excl", Tax::excluded},
                                {"exkl", Tax::excluded},
                                {"netto", Tax::excluded},
                                {"net", Tax::excluded},
                                {"ex", Tax::excluded},
                                {"ht", Tax::excluded}};
constexpr TaxWord kTaxStarts[] = {
    {"gross", Tax::included}, {"brutto", Tax::included}, {"netto", Tax::excluded}, {"net", Tax::excluded}};

// What a leaf of any person means stands under `address`.
About table_of(About about) {
  return is_person(about) ? About::address : about;
}
std::optional<Meaning> leaf_called(About about, std::string_view name) {
  for (const LeafRow& row : kLeaves)
    if (row.about == table_of(about))
      if (const auto rank = place_in(row.names, name)) return Meaning{.field = row.field, .rank = *rank};
  return std::nullopt;
}

std::optional<Meaning> amount_called(About about, std::string_view name) {
  for (const ExactAmount& row : kExactAmounts)
    if (row.about == about && row.name == name) return Meaning{.field = row.field, .tax = row.tax};
  const auto called = [&](std::string_view bare, Tax tax) -> std::optional<Meaning> {
    for (const LeafRow& row : kAmounts)
      if (row.about == about)
        if (const auto rank = place_in(row.names, bare)) return Meaning{.field = row.field, .tax = tax, .rank = *rank};
    return std::nullopt;
  };
  if (const auto plain = called(name, Tax::unsaid)) return plain;
  for (const TaxWord& one : kTaxEnds)
    if (name.size() > one.word.size() && name.ends_with(one.word))
      if (const auto meant = called(name.substr(0, name.size() - one.word.size()), one.tax)) return meant;
  for (const TaxWord& one : kTaxStarts)
    if (name.size() > one.word.size() && name.starts_with(one.word))
      if (const auto meant = called(name.substr(one.word.size()), one.tax)) return meant;
  return std::nullopt;
}

// "shipping_firstname", "customerEmail", "addressBillingStreet": of the order, with whose it is in front.
std::optional<Meaning> persons_leaf_of_order(std::string_view name) {
  constexpr std::pair<std::string_view, About> kWhose[] = {{"shippingaddress", About::shipping},
                                                           {"deliveryaddress", About::shipping},
                                                           {"addressshipping", About::shipping},
                                                           {"shipto", About::shipping},
                                                           {"shipping", About::shipping},
                                                           {"delivery", About::shipping},
                                                           {"recipient", About::shipping},
                                                           {"liefer", About::shipping},
                                                           {"verzend", About::shipping},
                                                           {"billingaddress", About::billing},
                                                           {"addressbilling", About::billing},
                                                           {"billto", About::billing},
                                                           {"billing", About::billing},
                                                           {"invoice", About::billing},
                                                           {"rechnungs", About::billing},
                                                           {"factuur", About::billing},
                                                           {"customer", About::buyer},
                                                           {"buyer", About::buyer},
                                                           {"client", About::buyer},
                                                           {"klant", About::buyer},
                                                           {"kunden", About::buyer}};
  for (const auto& [whose, about] : kWhose) {
    if (!name.starts_with(whose)) continue;
    const std::string_view rest = name.substr(whose.size());
    auto meaning = leaf_called(About::address, rest);
    // An invoice's number is no house's, a customer's type nobody's address, and "delivery_state" is how far it is.
    if (!meaning || meaning->field == Field::kind || meaning->field == Field::state) continue;
    if (rest == "number" && !whose.starts_with("address")) continue;
    meaning->whose = about;
    return meaning;
  }
  if (is_among("customer buyer klant kunde client koper besteller käufer kaeufer", name))
    return Meaning{.field = Field::name, .whose = About::buyer};
  auto meaning = leaf_called(About::address, name);
  if (!meaning) return std::nullopt;
  // What can be nobody else's. A company, or a name alone, may be the seller's.
  constexpr Field kBuyers[] = {Field::email,  Field::phone, Field::first_name, Field::last_name,
                               Field::street, Field::zip,   Field::city};
  if (std::ranges::find(kBuyers, meaning->field) == std::end(kBuyers)) return std::nullopt;
  meaning->whose = About::buyer;
  return meaning;
}

}  // namespace

bool is_person(About about) {
  return about == About::buyer || about == About::shipping || about == About::billing || about == About::address;
}

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

About inside(About around, std::string_view name) {
  const auto look = [&](About where) {
    for (const InsideRow& row : kInside)
      if (row.around == where && is_among(row.names, name)) return row.to;
    return About::nothing;
  };
  if (is_person(around)) {
    if (const About of_buyer = around == About::buyer ? look(About::buyer) : About::nothing; of_buyer != About::nothing)
      return of_buyer;
    return look(About::address) == About::nothing ? About::nothing : around;
  }
  if (around == About::box) {  // what it holds is what the order would hold, but for what is said of the order
    const About of_order = look(About::order);
    return is_person(of_order) || of_order == About::delivery || of_order == About::way || of_order == About::box
               ? of_order
               : About::nothing;
  }
  return look(around);
}

int steps_to(std::string_view container) {
  constexpr std::string_view kFar =
      "contact contactdetails contactinfo kontakt product item article artikel offer produit producto prodotto";
  return is_among(kFar, container) ? 2 : 1;
}
bool is_scale(std::string_view name) {
  return is_among("divisor divider precision decimals decimalplaces fractiondigits scale exponent", name);
}

std::optional<Meaning> meaning_of(About about, std::string_view name) {
  if (const auto leaf = leaf_called(about, name)) return leaf;
  if (const auto amount = amount_called(about, name)) return amount;
  return about == About::order ? persons_leaf_of_order(name) : std::nullopt;
}

std::optional<Meaning> meaning_in_value(const Meaning& container, std::string_view leaf) {
  constexpr std::string_view amounts = "amount value",
                             codes = "code isocode iso iso2 identificationcode value text number";
  const auto is_amount = [&] {
    switch (container.field) {
      case Field::total:
      case Field::shipping_cost:
      case Field::unit_price:
      case Field::price:
      case Field::line_total:
        return true;
      default:
        return false;
    }
  }();
  Meaning meaning = container;
  if (is_amount) {
    if (leaf == "currency" || leaf == "currencycode" || leaf == "currencyid")
      return Meaning{Field::currency, Tax::unsaid, About::nothing, 50};  // behind what the order says itself
    if (leaf == "shopmoney") return meaning;
    if (leaf == "gross" || leaf == "net")
      meaning.tax = leaf == "gross" ? Tax::included : Tax::excluded;
    else if (!is_among(amounts, leaf))
      return std::nullopt;
    return container.tax == Tax::unsaid || meaning.tax == container.tax ? std::optional(meaning) : std::nullopt;
  }
  if (container.field == Field::country || container.field == Field::state) {
    if (leaf == "name") {
      meaning.rank = 100;  // behind its code
      return meaning;
    }
    return is_among(codes, leaf) ? std::optional(meaning) : std::nullopt;
  }
  return std::nullopt;
}

bool is_about_person(std::string_view name, bool strictly) {
  constexpr std::string_view more =
      "salutation aanhef anrede civility gender birthdate dateofbirth holder owner ccowner cardholder cardholdername "
      "accountholder holdername ownername payer payername payeremail iban";
  if (is_among(more, name)) return true;
  if (name == "title") return !strictly;
  const auto meaning = leaf_called(About::address, name);
  if (!meaning || meaning->field == Field::kind) return false;
  // What a way of paying or of sending has too.
  return !strictly || !is_among("name number nummer displayname state company nom naam nome nombre", name);
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
