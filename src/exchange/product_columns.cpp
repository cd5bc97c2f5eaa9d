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
        "item"}},
      {Kind::description,
       {"description", "product description", "product_description", "item-description", "long description",
        "long_description", "body (html)", "omschrijving", "beschrijving", "productomschrijving", "beschreibung",
        "descripción", "descrizione", "g:description", "description_long", "libellé long", "itemtext.description"}},
      {Kind::brand,
       {"brand", "brand_name", "brand name", "merk", "marke", "marque", "marca", "manufacturer", "vendor", "hersteller",
        "fabrikant", "g:brand", "manufacturer_name", "brand.name", "brandname", "itemmanufacturer.name"}},
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
        "variationbarcode.code"}},
      {Kind::family, {"family", "attribute_set_code", "product_family"}},
      {Kind::parent, {"parent", "parent_sku", "parent sku", "parent-sku", "g:item_group_id"}},
      {Kind::categories,
       {"categories", "category", "categorie", "categorieën", "kategorie", "kategorien", "catégorie", "catégories",
        "category path", "category_path", "g:product_type", "product_type path", "categorytext",
        "ebay category 1 name"}},
      {Kind::images, {"images",      "image",      "image url",    "image_url",   "image urls",     "image_link",
                      "main_image",  "main image", "picture",      "pictures",    "afbeelding",     "afbeeldingen",
                      "bild",        "bilder",     "g:image_link", "imgurl",      "item photo url", "picurl",
                      "picture url", "photo",      "photos",       "mediaassets", "image_main"}},
      {Kind::more_images, {"more_images", "g:additional_image_link", "additional_image_link", "additional image urls"}},
      {Kind::enabled, {"enabled", "is_enabled", "active", "actief", "aktiv", "product_online"}},
      {Kind::price, {"price",           "sell_price",      "selling price",
                     "selling_price",   "sale price",      "prijs",
                     "verkoopprijs",    "preis",           "verkaufspreis",
                     "vk-preis",        "vk preis",        "prix",
                     "precio",          "prezzo",          "bundlepricesprice",
                     "unit price",      "g:price",         "price_vat",
                     "standard_price",  "price_gross",     "brutto-vk",
                     "vk brutto",       "prix de vente",   "prix ttc",
                     "prix final",      "start price",     "precio de venta",
                     "regulärer preis", "reguliere prijs", "normale prijs",
                     "prix régulier",   "precio normal",   "preis brutto",
                     "bruttopreis",     "sales price",     "salesprice",
                     "offers.price",    "vkpreis1",        "variationsalesprice.price"}},
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

// "name:en", "title_nl", "omschrijving nl-NL", "description.de_DE" of a title or description.
std::optional<ProductColumn> localised_text(std::string_view name) {
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
  for (const std::string_view remark : {"(x,y,z...)", "(0/1)", "(jpeg)", "(url)", "(sku)", "(ean)"})
    if (trim(out).ends_with(remark)) out = std::string(trim(trim(out).substr(0, trim(out).size() - remark.size())));
  return std::string(trim(out));
}

// "Image 2", "bild_3", "IMAGE10", "product image url 1": one of several pictures.
bool is_numbered_picture(std::string_view name) {
  const std::string plain = plainly(name);
  const std::size_t end = plain.find_last_not_of("0123456789");
  if (end == std::string::npos || end + 1 == plain.size() || plain.size() - end > 3) return false;
  const std::string_view word = trim(std::string_view(plain).substr(0, end + 1));
  for (const std::string_view known :
       {"image", "image url", "image link", "product image", "product image url", "picture", "picture url", "photo",
        "bild", "bild url", "afbeelding", "foto", "imagen", "immagine"})
    if (word == known) return true;
  return false;
}

bool is_field_name(std::string_view folded) {
  for (const Names& field : names_of_fields())
    if (std::ranges::find(field.names, folded) != field.names.end()) return true;
  return price_kind(folded) || price_of(folded) || localised_text(folded);
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
  if (!own) as_others_write(names, out, done);
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
