// WooCommerce's product CSV, all generations: the shop's own export, its importer's sample, and what plugins write.
#include <algorithm>
#include <set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

class WooCommerceProducts final : public Party {
 public:
  explicit WooCommerceProducts(const Header& header) {
    static const std::set<std::string, std::less<>> fields{"sku",           "name",   "description", "published",
                                                           "categories",    "images", "parent",      "sale price",
                                                           "regular price", "stock"};
    for (std::size_t i = 0; i < header.names().size(); ++i) {
      const std::string folded = lower_ascii(header.names()[i]);
      if (folded.empty() || fields.contains(folded)) continue;
      if (folded.starts_with("attribute ") && folded.ends_with(" name")) {
        const std::string start = folded.substr(0, folded.size() - 5);
        pairs_.push_back({i, header.find(start + " value(s)")});
      } else if (!(folded.starts_with("attribute ") && folded.ends_with(" value(s)"))) {
        others_.push_back(i);
      }
    }
  }
  std::string name() const override { return "woocommerce products"; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    ProductItem item;
    item.line = row.line;
    catalog::ProductChange& change = item.change;
    std::string parent(row.cell("Parent"));
    if (parent.starts_with("id:")) parent = referred(parent);
    item.sku = sku_of(row, parent, item);
    if (item.sku.empty()) {
      item.faults.push_back({"SKU", "required",
                             "is empty, and so are ID and Name: the product cannot be told from "
                             "others"});
      products.push_back(std::move(item));
      return;
    }
    if (const auto id = row.cell("ID"); !id.empty()) sku_of_id_["id:" + std::string(id)] = item.sku;
    if (!parent.empty()) change.parent = parent;
    if (const auto title = row.cell("Name"); !title.empty()) change.title = title;
    const auto text = row.cell("Description"), brief = row.cell("Short description");
    if (!text.empty() || !brief.empty()) change.description = text.empty() ? brief : text;
    if (const auto published = row.cell("Published"); !published.empty()) change.enabled = published == "1";
    if (const auto cell = row.cell("Categories"); !cell.empty()) {
      change.categories.emplace();
      for (const std::string& path : list_of(cell)) change.categories->push_back(category_path(path));
    }
    if (const auto cell = row.cell("Images"); !cell.empty()) put_images(item, list_of(cell), cell, "Images");
    if (const auto cell = row.cell("GTIN, UPC, EAN, or ISBN"); !cell.empty())
      put_ean(item, cell, "GTIN, UPC, EAN, or ISBN");
    for (const Pair& pair : pairs_) {
      const auto what = row.cell(pair.name), values = row.cell(pair.values);
      if (!what.empty() && !values.empty())
        change.attributes.emplace_back(std::string(what), std::string(values));
      else if (!what.empty() || !values.empty())
        change.attributes.emplace_back(row.header->names()[what.empty() ? *pair.values : pair.name],
                                       std::string(what.empty() ? values : what));
    }
    for (const std::size_t i : others_)
      if (const auto value = row.cell(i); !value.empty())
        change.attributes.emplace_back(row.header->names()[i], std::string(value));

    const auto sale = row.cell("Sale price"), regular = row.cell("Regular price");
    put_price(item, sale.empty() ? regular : sale, catalog::PriceKind::sell_price, catalog::kListCurrency,
              sale.empty() ? "Regular price" : "Sale price");
    if (!sale.empty())
      put_price(item, regular, catalog::PriceKind::base_price, catalog::kListCurrency, "Regular price");
    // What is not counted has a translated word there.
    if (const auto stock = row.cell("Stock"); whole_pieces(stock) || stock.find_first_of("0123456789") == 0)
      put_stock(item, stock, "Stock");
    products.push_back(std::move(item));
  }

  std::string referred(const std::string& reference) const override {
    const auto known = sku_of_id_.find(reference);
    return known == sku_of_id_.end() ? reference : known->second;
  }

 private:
  struct Pair {
    std::size_t name;
    std::optional<std::size_t> values;
  };
  // Many shops give variations no SKU. The ID is the shop's number for it; without that the parent and its choices, or
  // the name: the same again when the file is sent again.
  std::string sku_of(const Row& row, const std::string& parent, ProductItem& item) const {
    if (const auto sku = row.cell("SKU"); !sku.empty()) return std::string(sku);
    if (const auto id = row.cell("ID"); !id.empty()) return "woo-" + std::string(id);
    std::string made = parent;
    if (made.empty()) {
      made = slug_of(row.cell("Name"));
    } else {
      for (const Pair& pair : pairs_)
        if (const std::string value = slug_of(row.cell(pair.values)); !value.empty()) made += "-" + value;
      if (made == parent) made = slug_of(row.cell("Name"));
    }
    if (!made.empty()) item.notices.push_back({"SKU", "made", "is empty; the product was given the SKU " + made});
    return made;
  }

  std::vector<Pair> pairs_;
  std::vector<std::size_t> others_;
  std::map<std::string, std::string> sku_of_id_;
};

}  // namespace

namespace {

// A shop in another language exports its columns in that. # is a number.
struct Translated {
  std::string_view name;
  std::vector<std::string_view> others;
};
const std::vector<Translated>& translations() {
  static const std::vector<Translated> all{
      {"Type", {"Typ", "Tipo"}},
      {"SKU", {"Artikelnummer", "UGS", "COD", "Artikelnr."}},
      {"GTIN, UPC, EAN, or ISBN",
       {"GTIN, UPC, EAN oder ISBN", "GTIN, UPC, EAN, of ISBN", "GTIN, UPC, EAN ou ISBN", "GTIN, UPC, EAN o ISBN"}},
      {"Name", {"Naam", "Nom", "Nombre", "Nome"}},
      {"Published", {"Veröffentlicht", "Gepubliceerd", "Publié", "Publicado", "Pubblicato"}},
      {"Visibility in catalog",
       {"Sichtbarkeit im Katalog", "Zichtbaarheid in catalogus", "Visibilité dans le catalogue",
        "Visibilidad en el catálogo", "Visibilità nel catalogo"}},
      {"Short description",
       {"Kurzbeschreibung", "Korte beschrijving", "Description courte", "Descripción corta", "Breve descrizione"}},
      {"Description", {"Beschreibung", "Beschrijving", "Descripción", "Descrizione"}},
      {"Stock", {"Lager", "Lagerbestand", "Bestand", "Voorraad", "Inventario", "Magazzino"}},
      {"Sale price",
       {"Angebotspreis", "Actieprijs", "Aanbiedingsprijs", "Tarif promo", "Precio rebajado", "Prezzo in offerta"}},
      {"Regular price",
       {"Regulärer Preis", "Reguliere prijs", "Normale prijs", "Tarif régulier", "Precio normal", "Prezzo di listino"}},
      {"Categories", {"Kategorien", "Categorieën", "Catégories", "Categorías", "Categorie"}},
      {"Images", {"Bilder", "Afbeeldingen", "Imágenes", "Immagini"}},
      {"Parent", {"Übergeordnetes Produkt", "Übergeordnet", "Eltern", "Hoofd", "Hoofdproduct", "Superior", "Genitore"}},
      {"Attribute # name",
       {"Attribut # Name", "Naam eigenschap #", "Attribuut # naam", "Nom de l’attribut #", "Nom de l'attribut #",
        "Nombre del atributo #", "Nome dell'attributo #"}},
      {"Attribute # value(s)",
       {"Attribut # Wert(e)", "Waarde(n) eigenschap #", "Attribuut # waarde(n)", "Valeur(s) de l’attribut #",
        "Valeur(s) de l'attribut #", "Valor(es) del atributo #", "Valore dell'attributo #"}}};
  return all;
}

// Whether `name` is `pattern` with a number for its #; `number` becomes that.
bool is_like(std::string_view name, std::string_view pattern, std::string& number) {
  const std::size_t at = pattern.find('#');
  if (at == std::string_view::npos) return equals_ignoring_case(name, pattern);
  const std::string_view start = pattern.substr(0, at), end = pattern.substr(at + 1);
  if (name.size() <= start.size() + end.size() || !equals_ignoring_case(name.substr(0, start.size()), start) ||
      !equals_ignoring_case(name.substr(name.size() - end.size()), end))
    return false;
  number = name.substr(start.size(), name.size() - start.size() - end.size());
  return parse_int(number).has_value();
}

// Its rows under the names that WooCommerceProducts knows.
class TranslatedWooCommerce final : public Party {
 public:
  explicit TranslatedWooCommerce(const std::vector<std::string>& names) : header_(names), inner_(header_) {}
  std::string name() const override { return inner_.name(); }
  std::string referred(const std::string& reference) const override { return inner_.referred(reference); }
  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>& orders) override {
    inner_.row({row.line, &header_, row.cells, row.guarded}, products, orders);
  }

 private:
  const Header header_;
  WooCommerceProducts inner_;
};

std::vector<std::string> in_english(const std::vector<std::string>& names) {
  std::vector<std::string> out = names;
  for (std::string& name : out)
    for (const Translated& one : translations()) {
      std::string number;
      if (std::ranges::none_of(one.others, [&](std::string_view other) { return is_like(name, other, number); }))
        continue;
      name = one.name;
      if (const std::size_t at = name.find('#'); at != std::string::npos) name.replace(at, 1, number);
      break;
    }
  return out;
}

}  // namespace

std::unique_ptr<Party> woocommerce_products(const Header& header) {
  // By a column that no other shop has.
  for (const Translated& one : translations())
    if (one.name == "Visibility in catalog" &&
        std::ranges::any_of(one.others, [&](std::string_view name) { return header.has(name); }))
      if (const auto names = in_english(header.names()); Header(names).has("sku"))
        return std::make_unique<TranslatedWooCommerce>(names);
  if (!header.has("sku") || !header.has("type") || !header.has("name") ||
      !(header.has("regular price") || header.has("visibility in catalog")))
    return nullptr;
  return std::make_unique<WooCommerceProducts>(header);
}

}  // namespace pf::exchange
