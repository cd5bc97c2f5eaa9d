#include "exchange/product_columns.h"

#include <algorithm>
#include <map>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using Kind = ProductColumn::Kind;

constexpr std::string_view kAttributes = "attributes.", kAssociations = "associations.", kJson = ":json";

struct Names {
  Kind kind;
  std::vector<std::string_view> names;  // folded; the first that a header has is meant, the others stay attributes
};

const std::vector<Names>& names_of_fields() {
  static const std::vector<Names> all{
      {Kind::sku,
       {"sku",
        "item_sku",
        "seller-sku",
        "seller_sku",
        "seller sku",
        "variant sku",
        "product sku",
        "product_sku",
        "shop_sku",
        "offer-sku",
        "custom sku",
        "custom label",
        "customlabel",
        "product code/sku",
        "item_code",
        "item code",
        "product code",
        "product_code",
        "product_number",
        "productnumber",
        "artikelnummer",
        "artikelcode",
        "article number",
        "article_number",
        "article code",
        "item number",
        "item no",
        "votre référence",
        "référence",
        "reference",
        "reference #",
        "referentie",
        "codice articolo",
        "codice prodotto",
        "referencia",
        "materialnummer",
        "internal reference",
        "interne referentie",
        "g:id",
        "article",
        "supplier_aid",
        "supplier_pid",
        "artnr",
        "artikelnr",
        "artikelnr.",
        "artikel-nr",
        "artikel-nr.",
        "art-nr",
        "art.-nr.",
        "art. nr.",
        "default_code",
        "variation.number",
        "sku-offre",
        "prod_id",
        "productcode",
        "productnummer",
        "item id",
        "merchantproductno",
        "merchant_product_simple_id",
        "referencecode",
        "kod produktu",
        "indeks",
        "nummer",
        "code",
        "item_id",
        "product_id",
        "productid",
        "id"}},
      {Kind::title,
       {"title",
        "name",
        "product name",
        "product_name",
        "product-name",
        "item_name",
        "item-name",
        "item name",
        "product title",
        "titel",
        "naam",
        "productnaam",
        "bezeichnung",
        "produktname",
        "artikelname",
        "artikelnaam",
        "nom",
        "titre",
        "nombre",
        "titolo",
        "g:title",
        "productname",
        "libellé",
        "désignation",
        "título",
        "libellé court panier",
        "itemtext.name1",
        "bezeichnung1",
        "produkttitel",
        "artikelbezeichnung",
        "description_short",
        "kurzbezeichnung",
        "materialkurztext",
        "omschrijving kort",
        "korte omschrijving",
        "artikelomschrijving",
        "nome",
        "nome prodotto",
        "nombre del producto",
        "nom du produit",
        "nazwa",
        "customer-facing name",
        "item title",
        "item"}},
      {Kind::description,
       {"description",
        "product description",
        "product_description",
        "item-description",
        "long description",
        "long_description",
        "body (html)",
        "omschrijving",
        "beschrijving",
        "productomschrijving",
        "beschreibung",
        "descripción",
        "descrizione",
        "g:description",
        "description_long",
        "libellé long",
        "itemtext.description",
        "langtext",
        "artikelbeschreibung",
        "extra omschrijving",
        "lange omschrijving",
        "uitgebreide omschrijving",
        "longdescription",
        "sales description",
        "product beschrijving",
        "descrizione estesa",
        "opis",
        "description produit"}},
      {Kind::brand,
       {"brand",
        "brand_name",
        "brand name",
        "merk",
        "marke",
        "marque",
        "marca",
        "manufacturer",
        "vendor",
        "hersteller",
        "fabrikant",
        "g:brand",
        "manufacturer_name",
        "brand.name",
        "brandname",
        "itemmanufacturer.name",
        "c:brand",
        "producent",
        "fabricant",
        "produttore",
        "fabricante",
        "manufacturername",
        "herstellername"}},
      {Kind::ean,
       {"ean",
        "gtin",
        "ean13",
        "ean-13",
        "ean code",
        "ean_code",
        "eancode",
        "gtin13",
        "gtin-13",
        "barcode",
        "upc",
        "gtin, upc, ean, or isbn",
        "isbn",
        "g:gtin",
        "p:ean",
        "product upc/ean",
        "ean/gtin",
        "ean nummer",
        "streepjescode",
        "code-barres",
        "código de barras",
        "codice a barre",
        "international_pid",
        "international_aid",
        "code ean",
        "código ean",
        "codice ean",
        "ean/upc",
        "upc/ean",
        "upc/ean/isbn",
        "ean-upc",
        "eans",
        "product:ean",
        "barcodes",
        "strichcode",
        "product_upc",
        "global trade number",
        "variationbarcode.code"}},
      {Kind::family, {"family", "attribute_set_code", "product_family"}},
      {Kind::parent,
       {"parent", "parent_sku", "parent sku", "parent-sku", "g:item_group_id", "parentsku", "parentmerchantproductno",
        "vater-artikelnummer", "vaterartikelnummer", "identifizierungsspalte vaterartikel", "référence parent",
        "hoofdartikel", "parent product code"}},
      {Kind::categories,
       {"categories",
        "category",
        "categorie",
        "categorieën",
        "kategorie",
        "kategorien",
        "catégorie",
        "catégories",
        "category path",
        "category_path",
        "g:product_type",
        "product_type path",
        "categorytext",
        "ebay category 1 name",
        "category name",
        "category_name",
        "productgroep",
        "artikelgroep",
        "warengruppe",
        "product category",
        "product_category",
        "categorypath",
        "categorytrail",
        "shop_cat",
        "merchant_category",
        "categoría",
        "categorías",
        "categoria",
        "rubrik",
        "kategoria",
        "artikelgruppe"}},
      {Kind::images,
       {"images",
        "image",
        "image url",
        "image_url",
        "image urls",
        "image_link",
        "main_image",
        "main image",
        "picture",
        "pictures",
        "afbeelding",
        "afbeeldingen",
        "bild",
        "bilder",
        "g:image_link",
        "imgurl",
        "item photo url",
        "picurl",
        "picture url",
        "photo",
        "photos",
        "mediaassets",
        "image_main",
        "imageurl",
        "imageurls",
        "bild-url",
        "bild url",
        "hoofdafbeelding",
        "image_url_1",
        "imagen",
        "immagine",
        "url image",
        "image src",
        "main_image_url",
        "main image url",
        "foto",
        "productimageurl",
        "highpic",
        "afbeelding-locatie",
        "cover_media_url",
        "hosted image urls",
        "zdjęcie",
        "bild 1 pfad/url",
        "product_media_main_image_url",
        "photo_url",
        "image url 1"}},
      {Kind::more_images,
       {"more_images", "g:additional_image_link", "additional_image_link", "additional image urls", "additional_images",
        "extraimageurl1", "additional images"}},
      {Kind::enabled,
       {"enabled", "is_enabled", "active", "actief", "aktiv", "product_online", "is visible", "product visible?",
        "visible", "product_is_available", "isenabled", "attivo", "activo", "actif"}},
      {Kind::price,
       {"price",
        "sell_price",
        "selling price",
        "selling_price",
        "prijs",
        "verkoopprijs",
        "preis",
        "verkaufspreis",
        "vk-preis",
        "vk preis",
        "prix",
        "precio",
        "prezzo",
        "bundlepricesprice",
        "unit price",
        "g:price",
        "price_vat",
        "standard_price",
        "price_gross",
        "brutto-vk",
        "vk brutto",
        "prix de vente",
        "prix ttc",
        "prix final",
        "start price",
        "precio de venta",
        "startprice",
        "regulärer preis",
        "reguliere prijs",
        "normale prijs",
        "prix régulier",
        "precio normal",
        "preis brutto",
        "bruttopreis",
        "sales price",
        "salesprice",
        "offers.price",
        "vkpreis1",
        "variationsalesprice.price"}},
      {Kind::stock,
       {"stock",
        "quantity",
        "qty",
        "qty_available",
        "stock quantity",
        "stock_quantity",
        "stockamount",
        "voorraad",
        "aantal",
        "bestand",
        "lagerbestand",
        "menge",
        "inventory",
        "available",
        "on hand",
        "on_hand",
        "quantité",
        "cantidad",
        "available quantity",
        "inventory quantity",
        "stock level",
        "current stock level",
        "lagerbestand gesamt",
        "qty.",
        "quantità",
        "existencias",
        "bestand aktuell",
        "quantity on hand",
        "instock",
        "current stock",
        "aantal op voorraad",
        "vrije voorraad",
        "voorraadaantal",
        "quantité en stock",
        "quantité disponible",
        "giacenza",
        "disponibilità",
        "frei verwendbar",
        "verfügbarer bestand",
        "stan magazynowy",
        "aggregateqty",
        "product_quantity",
        "availability quantity",
        "variationstock.netstock"}},
      {Kind::offer_title, {"offer_title"}},
      {Kind::proposition, {"proposition"}},
  };
  return all;
}

std::optional<catalog::PriceKind> price_kind(std::string_view name) {
  for (std::size_t i = 0; i < catalog::kPriceKinds; ++i)
    if (catalog::price_name(static_cast<catalog::PriceKind>(i)) == name) return static_cast<catalog::PriceKind>(i);
  return std::nullopt;
}

// ISO 4217's, in use in 2026. Three letters behind "price" may be anything: VAT, net, min, old.
bool is_known_currency(std::string_view code) {
  static constexpr std::string_view kCodes =
      "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
      "CNY "
      "COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR "
      "ILS "
      "INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT "
      "MOP "
      "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD "
      "SCR "
      "SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND "
      "VUV "
      "WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";
  return code.size() == 3 && kCodes.find(code) % 4 == 0;  // npos is odd
}

// "sell_price.EUR", "price-EUR", "price (USD)", "price EUR"
std::optional<ProductColumn> price_of(std::string_view name) {
  if (name.ends_with(')')) name.remove_suffix(1);
  if (name.size() < 5) return std::nullopt;
  std::string code(name.substr(name.size() - 3));
  for (char& c : code)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  const auto currency = Currency::parse(code);
  if (!currency.ok() || !is_known_currency(code)) return std::nullopt;
  std::string_view start = name.substr(0, name.size() - 3);
  const auto end = start.find_last_not_of(" (.-_");
  if (end == std::string_view::npos || end + 1 == start.size()) return std::nullopt;
  const std::string folded = lower_ascii(start.substr(0, end + 1));
  const auto kind = folded == "price" ? std::optional(catalog::PriceKind::sell_price) : price_kind(folded);
  if (!kind) return std::nullopt;
  return ProductColumn{.kind = Kind::price, .price = *kind, .currency = std::string(currency->code())};
}

// What our own export writes, and may be written by hand.
ProductColumn own_column(std::string_view name) {
  ProductColumn out;
  out.json = name.size() > kJson.size() && name.ends_with(kJson);
  if (out.json) name.remove_suffix(kJson.size());
  if (out.json && name == "attributes") return {.kind = Kind::all_attributes, .json = true};
  if (out.json && name == "texts") return {.kind = Kind::all_texts, .json = true};
  if (name.size() > kAssociations.size() && name.starts_with(kAssociations)) {
    out.kind = Kind::association;
    out.name = name.substr(kAssociations.size());
    return out;
  }
  const bool prefixed = name.starts_with(kAttributes);
  if (prefixed) name.remove_prefix(kAttributes.size());
  if (prefixed && name.starts_with('"')) {
    const std::size_t end = name.rfind('"');
    const auto quoted = json::parse(name.substr(0, end + 1));
    if (quoted.ok() && quoted->as_string() != nullptr) {
      out.name = *quoted->as_string();
      if (end + 1 < name.size() && name[end + 1] == '@') {
        const auto locale = catalog::parse_locale(name.substr(end + 2));
        if (locale.ok()) out.locale = *locale;
      }
      return out;
    }
  }
  if (const std::size_t at = name.rfind('@'); at != std::string_view::npos && at > 0)
    if (auto locale = catalog::parse_locale(name.substr(at + 1)); locale.ok()) {
      out.locale = *std::move(locale);
      name = name.substr(0, at);
    }
  out.name = name;
  if (!prefixed && !out.locale.empty() && !out.json) {
    if (equals_ignoring_case(name, "title")) out.kind = Kind::title;
    if (equals_ignoring_case(name, "description")) out.kind = Kind::description;
  }
  return out;
}

bool is_text_name(std::string_view plain, Kind kind) {
  for (const Names& field : names_of_fields())
    if (field.kind == kind && std::ranges::find(field.names, plain) != field.names.end()) return true;
  return false;
}

// "NL_Title_Short", "DE_Description_Long": the language in front, as Lightspeed writes it.
std::optional<ProductColumn> text_after_language(std::string_view name) {
  if (name.size() < 8 || name[2] != '_') return std::nullopt;
  const std::string folded = lower_ascii(name);
  const auto locale = locale_in(std::string_view(folded).substr(0, 2));
  if (!locale || name[0] < 'A' || name[0] > 'Z') return std::nullopt;
  const std::string_view rest = std::string_view(folded).substr(3);
  if (rest == "title_short" || rest == "title") return ProductColumn{.kind = Kind::title, .locale = *locale};
  if (rest == "description_long" || rest == "description")
    return ProductColumn{.kind = Kind::description, .locale = *locale};
  return std::nullopt;
}

// "name:en", "title_nl", "omschrijving nl-NL", "description.de_DE" of a title or description.
std::optional<ProductColumn> localised_text(std::string_view name) {
  if (auto text = text_after_language(name)) return text;
  constexpr std::size_t kLocaleMax = 9;  // "(zh_Hans)" and what divides it
  for (std::size_t cut = name.size(); cut-- > 1 && name.size() - cut <= kLocaleMax + 1;) {
    if (std::string_view(".:- (_@").find(name[cut]) == std::string_view::npos) continue;
    std::string_view end = name.substr(cut + 1);
    if (end.ends_with(')')) end.remove_suffix(1);
    const auto locale = locale_in(end);
    if (!locale) continue;
    const std::string folded = lower_ascii(trim(name.substr(0, cut)));
    for (const Names& field : names_of_fields())
      if ((field.kind == Kind::title || field.kind == Kind::description) &&
          std::ranges::find(field.names, folded) != field.names.end())
        return ProductColumn{.kind = field.kind, .locale = *locale};
  }
  return std::nullopt;
}

// As others write the same name: "Image Link" and "image-link" for image_link, "* Name" of a form, "Custom label
// (SKU)", "Categories (x,y,z...)". What stands in brackets is left out only where it says nothing else about the
// column.
std::string plainly(std::string_view name) {
  std::string out = lower_ascii(name);
  for (char& c : out)
    if (c == '_' || c == '-' || c == '*') c = ' ';
  for (const std::string_view remark :
       {"(x,y,z...)", "(0/1)", "(jpeg)", "(url)", "(sku)", "(ean)", "(stk.)", "(stk)", "(stuks)", "(pcs)"})
    if (trim(out).ends_with(remark)) out = std::string(trim(trim(out).substr(0, trim(out).size() - remark.size())));
  return std::string(trim(out));
}

// "Image 2", "bild_3", "IMAGE10", "product image url 1": one of several pictures.
bool is_numbered_picture(std::string_view name) {
  const std::string plain = plainly(name);
  const std::size_t end = plain.find_last_not_of("0123456789");
  if (end == std::string::npos || end + 1 == plain.size() || plain.size() - end > 3) return false;
  const std::string_view word = trim(std::string_view(plain).substr(0, end + 1));
  for (const std::string_view known : {"image",
                                       "image url",
                                       "image link",
                                       "product image",
                                       "product image url",
                                       "picture",
                                       "picture url",
                                       "photo",
                                       "bild",
                                       "bild url",
                                       "afbeelding",
                                       "foto",
                                       "imagen",
                                       "immagine",
                                       "other image url",
                                       "product image file",
                                       "product media gallery image url",
                                       "media image",
                                       "extraimageurl",
                                       "additional image url"})
    if (word == known) return true;
  return false;
}

// What a word in a price's name says. Each word must say something: "shipping price" and "price group" are no prices.
enum class PriceWord { none, filler, sells, retail, sale, suggested, before, bought, cost, net };
PriceWord price_word(std::string_view word) {
  struct Meaning {
    PriceWord meaning;
    std::string_view words;  // between blanks
  };
  static constexpr Meaning kMeanings[] = {
      {PriceWord::sells,
       " vk vkpreis verkoopprijs verkaufspreis verkoop verkauf sell selling sales vente venta vendita site shop "
       "webshop "
       "bruttopreis bundle "},
      {PriceWord::retail, " retail "},
      {PriceWord::sale, " sale "},
      {PriceWord::suggested,
       " msrp rrp uvp uvpe adviesprijs consumentenadviesprijs recommended suggested conseillé pvp "},
      {PriceWord::before, " old oud oude former was pseudo compare vanprijs streichpreis alter ancien "},
      {PriceWord::bought,
       " ek ekpreis inkoop inkoopprijs einkaufspreis einkauf purchase wholesale supply buying achat acquisto compra "},
      {PriceWord::cost, " cost kostprijs coste "},
      {PriceWord::net, " net netto excl exclusief exkl ex excluded excluding ht nettopreis "},
      {PriceWord::filler,
       " price prices preis prijs prix precio prezzo cena product item artikel incl inkl inclusief including included "
       "inc inclusa tax vat btw mwst ust tva ttc iva gross "
       "brutto bruto the of in at to de d di std standard standaard regular reguliere normal start current default "
       "durchschnittlicher average gemiddelde "}};
  for (const Meaning& one : kMeanings) {
    const std::size_t at = one.words.find(" " + std::string(word) + " ");
    if (at != std::string_view::npos) return one.meaning;
  }
  return PriceWord::none;
}

// "VK-Preis brutto (EUR)", "Prijs incl. BTW", "Price_Old", "formerPrice", "prix d'achat". A price at which somebody
// else buys is without tax; one at which the shop sells must not be.
struct WordedPrice {
  catalog::PriceKind kind{};
  std::string currency{};
  bool net = false, retail = false, sale = false;  // retail, sale: sold at, unless another price is
};
std::optional<WordedPrice> worded_price(std::string_view name) {
  std::vector<std::string> words;
  char before = ' ';
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i).starts_with("\u20ac")) {
      words.emplace_back("eur");
      i += 2;
      before = ' ';
      continue;
    }
    const char c = name[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    if (!letter && c != ' ' && std::string_view("_-()[]/.,:*'").find(c) == std::string_view::npos) return std::nullopt;
    const bool begins = letter && (before == ' ' || (c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z'));
    if (begins) words.emplace_back();
    if (letter) words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    before = letter ? c : ' ';
  }
  constexpr std::size_t kWordsMax = 8;
  if (words.empty() || words.size() > kWordsMax) return std::nullopt;
  // One of them must be a price by itself.
  constexpr std::string_view kPrices =
      " price prices preis prijs prix precio prezzo cena vk vkpreis verkoopprijs verkaufspreis bruttopreis msrp rrp "
      "uvp "
      "uvpe adviesprijs consumentenadviesprijs vanprijs streichpreis ek ekpreis inkoopprijs einkaufspreis cost "
      "kostprijs "
      "coste ";
  WordedPrice out;
  std::optional<catalog::PriceKind> kind;
  bool price = false;
  for (const std::string& word : words) {
    price = price || kPrices.find(" " + word + " ") != std::string_view::npos;
    switch (price_word(word)) {
      case PriceWord::none: {
        std::string code = word;
        for (char& c : code)
          if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        if (!is_known_currency(code)) return std::nullopt;
        out.currency = code;
        break;
      }
      case PriceWord::filler:
      case PriceWord::sells:
        break;
      case PriceWord::retail:
        out.retail = true;
        break;
      case PriceWord::sale:
        out.sale = true;
        break;
      case PriceWord::suggested:
        kind = catalog::PriceKind::suggested_retail_price;
        break;
      case PriceWord::before:
        kind = catalog::PriceKind::base_price;
        break;
      case PriceWord::bought:
        kind = catalog::PriceKind::purchase_price;
        break;
      case PriceWord::cost:
        kind = catalog::PriceKind::cost_price;
        break;
      case PriceWord::net:
        out.net = true;
        break;
    }
  }
  if (!price) return std::nullopt;
  if (kind) out.retail = false;
  out.kind = kind.value_or(catalog::PriceKind::sell_price);
  return out;
}

bool is_field_name(std::string_view folded) {
  for (const Names& field : names_of_fields())
    if (std::ranges::find(field.names, folded) != field.names.end()) return true;
  return price_kind(folded) || price_of(folded) || localised_text(folded) || worded_price(folded);
}

void put_worded_prices(const std::vector<std::string>& names, std::vector<ProductColumn>& columns,
                       std::vector<bool>& done) {
  const auto has = [&](catalog::PriceKind kind, std::string_view currency) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (done[i] && columns[i].kind == Kind::price && columns[i].price == kind && columns[i].currency == currency)
        return true;
    return false;
  };
  std::vector<std::optional<WordedPrice>> worded(names.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!done[i]) worded[i] = worded_price(names[i]);
  for (const int rank : {0, 1, 2})
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!worded[i] || (worded[i]->sale ? 2 : worded[i]->retail ? 1 : 0) != rank) continue;
      WordedPrice& meant = *worded[i];
      const bool bought =
          meant.kind == catalog::PriceKind::purchase_price || meant.kind == catalog::PriceKind::cost_price;
      if (meant.net && !bought) continue;
      if (rank == 1 && has(meant.kind, meant.currency)) meant.kind = catalog::PriceKind::suggested_retail_price;
      if (has(meant.kind, meant.currency)) continue;
      columns[i] = {.kind = Kind::price, .price = meant.kind, .currency = meant.currency};
      done[i] = true;
    }
}

// Who may be called about a product is a person, and fields of products are seen by everybody.
void leave_people(const std::vector<std::string>& names, std::vector<ProductColumn>& columns, std::vector<bool>& done) {
  constexpr std::string_view kPersons[] = {
      "contactpersoon",      "contact person",      "contact name",  "contactnaam",
      "ansprechpartner",     "ansprechperson",      "kontaktperson", "personne de contact",
      "persona de contacto", "persona di contatto", "contact"};
  constexpr std::string_view kReached[] = {
      "telefoon",  "telefoonnummer", "tel",   "tel.",   "phone",       "phone number",  "mobile",
      "mobiel",    "mobil",          "handy", "fax",    "telefon",     "telefono",      "teléfono",
      "téléphone", "telephone",      "email", "e mail", "e mailadres", "email address", "emailadres"};
  const auto is_person = [&](std::string_view plain) {
    return std::ranges::any_of(kPersons, [&](std::string_view one) {
      return plain == one || (plain.starts_with(one) && plain.size() > one.size() && plain[one.size()] == ' ');
    });
  };
  bool any = false;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!done[i] && is_person(plainly(names[i]))) {
      columns[i].kind = Kind::left;
      any = done[i] = true;
    }
  for (std::size_t i = 0; any && i < names.size(); ++i)
    if (!done[i] && std::ranges::find(kReached, plainly(names[i])) != std::end(kReached)) {
      columns[i].kind = Kind::left;
      done[i] = true;
    }
}

// Wholesalers call an article's name its description: "Artikelcode;Omschrijving;Prijs". So it is where no column is
// the title, and one has a price, an EAN or pieces.
void take_description_for_title(const std::vector<std::string>& names, std::vector<ProductColumn>& columns) {
  const auto where = [&](Kind kind) {
    return static_cast<std::size_t>(std::ranges::find(columns, kind, &ProductColumn::kind) - columns.begin());
  };
  const std::size_t at = where(Kind::description), none = columns.size(), sku = where(Kind::sku);
  if (at == none || where(Kind::title) != none || !columns[at].locale.empty()) return;
  if (where(Kind::price) == none && where(Kind::ean) == none && where(Kind::stock) == none) return;
  const std::string word = plainly(names[at]), key = sku == none ? std::string() : plainly(names[sku]);
  const bool coded = key.find("code") != std::string::npos || key.ends_with(" no") || key.ends_with("number");
  if (word != "omschrijving" && word != "descrizione" && word != "descripción" && !(word == "description" && coded))
    return;
  columns[at].kind = Kind::title;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (columns[i].kind == Kind::attribute && is_text_name(plainly(names[i]), Kind::description)) {
      columns[i] = {.kind = Kind::description};
      return;
    }
}

// Of the fields that no column was found for by its very name.
void as_others_write(const std::vector<std::string>& names, std::vector<ProductColumn>& columns,
                     std::vector<bool>& done) {
  std::vector<std::string> plain;
  for (const std::string& name : names) plain.push_back(plainly(name));
  const auto found = [&](Kind kind) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (done[i] && columns[i].kind == kind && columns[i].currency.empty()) return true;
    return false;
  };
  for (const Names& field : names_of_fields()) {
    if (found(field.kind)) continue;
    for (const std::string_view name : field.names) {
      const auto at = std::ranges::find(plain, plainly(name));
      const auto i = static_cast<std::size_t>(at - plain.begin());
      if (at == plain.end() || done[i]) continue;
      columns[i].kind = field.kind;
      done[i] = true;
      break;
    }
  }
  put_worded_prices(names, columns, done);
  bool first = !found(Kind::images);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (done[i] || !is_numbered_picture(names[i])) continue;
    columns[i].kind = std::exchange(first, false) ? Kind::images : Kind::more_images;
    done[i] = true;
  }
}

}  // namespace

bool is_own_export(const Header& header) {
  return header.has("attributes:json") && header.has("texts:json");
}

std::vector<ProductColumn> product_columns(const Header& header) {
  const auto& names = header.names();
  std::vector<ProductColumn> out(names.size());
  std::vector<bool> done(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (auto price = price_of(names[i])) {
      out[i] = *std::move(price);
      done[i] = true;
    }
  }
  const bool own = is_own_export(header);
  for (const Names& field : names_of_fields()) {
    for (const std::string_view name : field.names) {
      const auto at = header.find(name);
      if (!at || done[*at] || (own && name != field.names.front())) continue;
      out[*at].kind = field.kind;
      if (const auto kind = price_kind(name)) out[*at].price = *kind;
      done[*at] = true;
      break;
    }
  }
  if (!own) {
    as_others_write(names, out, done);
    leave_people(names, out, done);
  }
  // Odoo's words: what Amazon sells for is what it costs there.
  if (const auto sold = header.find("list_price"), cost = header.find("standard_price"); !own && sold && cost) {
    out[*sold] = {.kind = Kind::price};
    out[*cost] = {.kind = Kind::price, .price = catalog::PriceKind::cost_price};
    done[*sold] = done[*cost] = true;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (done[i]) continue;
    if (names[i].empty()) {  // a spreadsheet's numbers of rows, a remark beside the table
      out[i].name = "column " + std::to_string(i + 1);
      continue;
    }
    // "image" that stands again: importer.cpp has numbered it.
    const std::size_t dot = names[i].rfind('.');
    if (const auto first = dot == std::string::npos ? std::nullopt : header.find(names[i].substr(0, dot));
        first && out[*first].kind == Kind::images && parse_int(names[i].substr(dot + 1)).value_or(0) > 1) {
      out[i].kind = Kind::more_images;
      continue;
    }
    auto text = own ? std::nullopt : localised_text(names[i]);
    out[i] = text ? *std::move(text) : own_column(names[i]);
  }
  if (!own) take_description_for_title(names, out);
  return out;
}

std::string attribute_column(std::string_view name, std::string_view locale, bool json) {
  const bool odd = name.empty() || trim(name).size() != name.size() || name.find('@') != std::string_view::npos ||
                   name.starts_with('"') || name.ends_with(kJson) ||
                   std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  std::string out;
  if (odd) {
    out = kAttributes;
    json::write_string(name, out);
  } else {
    if (is_field_name(lower_ascii(name)) || name.starts_with(kAttributes) || name.starts_with(kAssociations))
      out = kAttributes;
    out += name;
  }
  if (!locale.empty()) out.append(1, '@').append(locale);
  if (json) out += kJson;
  return out;
}

std::string association_column(std::string_view kind, bool json) {
  return std::string(kAssociations).append(kind).append(json ? kJson : std::string_view());
}

std::string price_column(catalog::PriceKind kind, std::string_view currency) {
  return std::string(catalog::price_name(kind)).append(1, '.').append(currency);
}

std::string column_name(const ProductColumn& column) {
  switch (column.kind) {
    case Kind::attribute:
      return attribute_column(column.name, column.locale, column.json);
    case Kind::association:
      return association_column(column.name, column.json);
    case Kind::all_attributes:
      return "attributes:json";
    case Kind::all_texts:
      return "texts:json";
    case Kind::price:
      if (!column.currency.empty()) return price_column(column.price, column.currency);
      return std::string(catalog::price_name(column.price));
    default:
      break;
  }
  for (const Names& field : names_of_fields())
    if (field.kind == column.kind)
      return std::string(field.names.front()) + (column.locale.empty() ? "" : "@" + column.locale);
  return {};
}

}  // namespace pf::exchange
