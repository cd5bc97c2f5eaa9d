// Tables of products whose rows lean on each other, or whose columns are called as nowhere else: web shops and channels
// as data. What a row is stands in one of its columns, a variant belongs to the product above it, its choices stand in
// pairs of columns or in one cell. Rows are rewritten into our own table, or into Shopify's where all rows of a product
// share a name.
#include <algorithm>
#include <map>
#include <set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

struct Dialect {
  std::string_view name;                     // of what is recognised
  std::vector<std::string_view> signs;       // columns of which it has all; one that ends in * is begun so
  std::vector<Pair> names{};                 // theirs -> ours; "inventory_*" is the first that begins so
  std::vector<std::string_view> unless{};    // columns that mean already what `names` would make of another
  bool handles = false;                      // becomes Shopify's table, by its Handle
  std::vector<std::string_view> carried{};   // of ours: an empty cell means that of the row above
  std::string_view kind{};                   // the column that says what a row is
  std::vector<std::string_view> variants{};  // its words, folded: of the product above
  std::vector<std::string_view> more{};      // says more about the product above, such as one of its pictures
  std::vector<Pair> of_variants{};           // theirs -> ours, in rows of variants
  std::string_view spare{};                  // the SKU, where a product has none
  std::vector<Pair> options{};               // columns: the choice's name, its value
  bool lists = false;              // a name and a value are lists, each with its place: "Size:select:0,Color:color:1"
  std::string_view option_cell{};  // "Size=S;Color=Red", "Größe:S|Farbe:rot"
  std::string_view prefix{};       // columns that begin so are attributes without it
  std::string_view pictures{};     // of `more`: the column with an address
  std::string_view surcharge{};    // on the product's price
  std::string_view maybe_ean{};    // holds one at times, and other numbers else
  Pair ids{};                      // columns: the row's number, and that of its parent
  bool sku_lists = false;          // a row is a product with all its variants: "A-R,A-B"
};

[[gnu::cold]] const std::vector<Dialect>& dialects() {  // made once: for size
  static const std::vector<Dialect> all{
      {.name = "wix products",
       .signs = {"handleid", "fieldtype"},
       .names = {{"collection", "categories"}, {"visible", "enabled"}, {"inventory", "stock"}},
       .kind = "fieldtype",
       .variants = {"variant"},
       .spare = "handleid",
       .options = {{"productOptionName1", "productOptionDescription1"},
                   {"productOptionName2", "productOptionDescription2"},
                   {"productOptionName3", "productOptionDescription3"}},
       .surcharge = "surcharge"},
      {.name = "bigcommerce products",
       .signs = {"item", "name", "sku", "options", "inventory tracking"},
       .names = {{"current stock", "stock"}, {"upc/ean", "ean"}},
       .kind = "item",
       .variants = {"variant"},
       .more = {"image", "video"},
       .option_cell = "options",
       .pictures = "image url (import)"},
      {.name = "bigcommerce products",
       .signs = {"item type", "product name", "product code/sku"},
       .kind = "item type",
       .variants = {"sku"},
       .more = {"rule"},
       .option_cell = "product name"},
      {.name = "ecwid products",
       .signs = {"type", "product_internal_id", "product_sku"},
       .names = {{"product_sku", "sku"},
                 {"product_brand", "brand"},
                 {"product_price", "sell_price"},
                 {"product_quantity", "stock"}},
       .kind = "type",
       .variants = {"product_variation"},
       .more = {"product_option", "product_file", "product_category"},
       .of_variants = {{"product_variation_sku", "sku"},
                       {"product_variation_price", "sell_price"},
                       {"product_variation_quantity", "stock"}},
       .prefix = "product_variation_option_"},
      {.name = "ebay products",
       .signs = {"relationship", "relationshipdetails"},
       .kind = "relationship",
       .variants = {"variation"},
       .option_cell = "relationshipdetails"},
      // Its report of active listings: the first row of an item that has variants lists what there is to choose.
      {.name = "ebay products",
       .signs = {"item number", "custom label (sku)", "available quantity"},
       .names = {{"custom label (sku)", "sku"}, {"item number", "attributes.Item number"}},
       .spare = "item number",
       .option_cell = "variation details",
       .ids = {"item number", "item number"}},
      {.name = "odoo products", .signs = {"external id", "internal reference"}, .kind = "external id", .more = {""}},
      {.name = "squarespace products",
       .signs = {"product id [non editable]", "variant id [non editable]"},
       .names = {{"product url", "Handle"},
                 {"title", "Title"},
                 {"description", "Body (HTML)"},
                 {"sku", "Variant SKU"},
                 {"option name 1", "Option1 Name"},
                 {"option value 1", "Option1 Value"},
                 {"option name 2", "Option2 Name"},
                 {"option value 2", "Option2 Value"},
                 {"option name 3", "Option3 Name"},
                 {"option value 3", "Option3 Value"},
                 {"price", "Variant Price"},
                 {"stock", "Variant Inventory Qty"},
                 {"visible", "Published"},
                 {"categories", "Collections"},
                 {"hosted image urls", "Image Src"}},
       .handles = true,
       .carried = {"Handle"}},
      {.name = "vend products",
       .signs = {"handle", "variant_option_one_name", "supply_price"},
       .names = {{"handle", "Handle"},
                 {"name", "Title"},
                 {"description", "Body (HTML)"},
                 {"sku", "Variant SKU"},
                 {"variant_option_one_name", "Option1 Name"},
                 {"variant_option_one_value", "Option1 Value"},
                 {"variant_option_two_name", "Option2 Name"},
                 {"variant_option_two_value", "Option2 Value"},
                 {"variant_option_three_name", "Option3 Name"},
                 {"variant_option_three_value", "Option3 Value"},
                 {"retail_price", "Variant Price"},
                 {"supply_price", "Cost per item"},
                 {"brand_name", "Vendor"},
                 {"active", "Published"},
                 {"inventory_*", "Variant Inventory Qty"}},
       .handles = true},
      {.name = "loyverse products",
       .signs = {"handle", "sold by weight", "option 1 name"},
       .names = {{"handle", "Handle"},
                 {"name", "Title"},
                 {"description", "Body (HTML)"},
                 {"category", "Collections"},
                 {"sku", "Variant SKU"},
                 {"option 1 name", "Option1 Name"},
                 {"option 1 value", "Option1 Value"},
                 {"option 2 name", "Option2 Name"},
                 {"option 2 value", "Option2 Value"},
                 {"option 3 name", "Option3 Name"},
                 {"option 3 value", "Option3 Value"},
                 {"cost", "Cost per item"},
                 {"barcode", "Variant Barcode"},
                 {"price [*", "Variant Price"},
                 {"in stock [*", "Variant Inventory Qty"}},
       .handles = true},
      {.name = "square products",
       .signs = {"token", "item name", "variation name"},
       .names = {{"item name", "Title"},
                 {"description", "Body (HTML)"},
                 {"sku", "Variant SKU"},
                 {"option name 1", "Option1 Name"},
                 {"option value 1", "Option1 Value"},
                 {"option name 2", "Option2 Name"},
                 {"option value 2", "Option2 Value"},
                 {"price", "Variant Price"},
                 {"gtin", "Variant Barcode"},
                 {"categories", "Collections"},
                 {"default unit cost", "Cost per item"},
                 {"current quantity *", "Variant Inventory Qty"}},
       .handles = true},
      {.name = "faire products",
       .signs = {"product token", "product name (english)", "option 1 name"},
       .names = {{"product token", "Handle"},
                 {"product name (english)", "Title"},
                 {"description (english)", "Body (HTML)"},
                 {"product images", "Image Src"},
                 {"option image", "Variant Image"},
                 {"sku", "Variant SKU"},
                 {"gtin", "Variant Barcode"},
                 {"on hand inventory", "Variant Inventory Qty"},
                 {"usd unit wholesale price", "Variant USD Wholesale Price"},
                 {"eur unit wholesale price", "Variant EUR Wholesale Price"},
                 {"gbp unit wholesale price", "Variant GBP Wholesale Price"},
                 {"option status", "Variant Option Status"},
                 {"usd unit retail price", "Variant Price USD"},
                 {"eur unit retail price", "Variant Price EUR"},
                 {"gbp unit retail price", "Variant Price GBP"},
                 {"option 1 name", "Option1 Name"},
                 {"option 1 value", "Option1 Value"},
                 {"option 2 name", "Option2 Name"},
                 {"option 2 value", "Option2 Value"},
                 {"option 3 name", "Option3 Name"},
                 {"option 3 value", "Option3 Value"}},
       .handles = true},
      // A spreadsheet of Shopify's products with what to do in each row.
      {.name = "matrixify products",
       .signs = {"handle", "command", "body html", "variant sku"},
       .names = {{"body html", "Body (HTML)"},
                 {"variant cost", "Cost per item"},
                 {"custom collections", "Collections"}},
       .handles = true},
      {.name = "discogs products",
       .signs = {"listing_id", "release_id", "media_condition"},
       .names = {{"listing_id", "sku"}}},
      {.name = "zoho products",
       .signs = {"item name", "sku", "rate", "purchase rate"},
       .names = {{"rate", "sell_price"},
                 {"purchase rate", "purchase_price"},
                 {"stock on hand", "stock"},
                 {"opening stock", "attributes.Opening Stock"}},
       .unless = {"price", "sell_price", "stock"}},
      {.name = "quickbooks products",
       .signs = {"product/service name", "sku", "sales price / rate"},
       .names = {{"product/service name", "title"}, {"sales price / rate", "sell_price"}},
       .unless = {"title", "price", "sell_price"}},
      {.name = "walmart products",
       .signs = {"sku", "wpid", "lifecycle status"},
       .names = {{"inventory count", "stock"}, {"primary image url", "image"}, {"primary category path", "categories"}},
       .unless = {"stock", "image", "categories"}},
      {.name = "shopware products",
       .signs = {"ordernumber", "mainnumber"},
       .names = {{"mainnumber", "Handle"},
                 {"name", "Title"},
                 {"description_long", "Body (HTML)"},
                 {"supplier", "Vendor"},
                 {"active", "Published"},
                 {"ordernumber", "Variant SKU"},
                 {"price_ek", "Variant Price"},
                 {"pseudoprice_ek", "Variant Compare At Price"},
                 {"purchaseprice", "Cost per item"},
                 {"instock", "Variant Inventory Qty"},
                 {"ean", "Variant Barcode"},
                 {"imageurl", "Image Src"}},
       .handles = true,
       .option_cell = "configuratoroptions"},
      {.name = "shopware products",
       .signs = {"id", "parent_id", "product_number"},
       .names = {{"product_number", "sku"}},
       .ids = {"id", "parent_id"}},
      // Its profiles of stock and of prices alone.
      {.name = "shopware products",
       .signs = {"ordernumber", "instock"},
       .names = {{"ordernumber", "sku"}, {"instock", "stock"}, {"_price", "attributes._price"}}},
      {.name = "medusa products",
       .signs = {"product handle", "product title", "variant sku"},
       .names = {{"product handle", "Handle"},
                 {"product title", "Title"},
                 {"product description", "Body (HTML)"},
                 {"product status", "Status"},
                 {"product image 1", "Image Src"},
                 {"variant sku", "Variant SKU"},
                 {"variant ean", "Variant Barcode"},
                 {"variant inventory quantity", "Variant Inventory Qty"},
                 {"price eur", "Variant Price EUR"},
                 {"price usd", "Variant Price USD"},
                 {"price gbp", "Variant Price GBP"},
                 {"price dkk", "Variant Price DKK"},
                 {"image 1 url", "Image Src"},
                 {"variant option 1 name", "Option1 Name"},
                 {"variant option 1 value", "Option1 Value"},
                 {"variant option 2 name", "Option2 Name"},
                 {"variant option 2 value", "Option2 Value"},
                 {"variant option 3 name", "Option3 Name"},
                 {"variant option 3 value", "Option3 Value"},
                 {"option 1 name", "Option1 Name"},
                 {"option 1 value", "Option1 Value"},
                 {"option 2 name", "Option2 Name"},
                 {"option 2 value", "Option2 Value"}},
       .handles = true},
      // A row for each warehouse, whose name is not the product's.
      {.name = "spryker products",
       .signs = {"concrete_sku", "is_never_out_of_stock"},
       .names = {{"concrete_sku", "sku"}, {"name", "attributes.warehouse"}}},
      {.name = "etsy products",
       .signs = {"title", "materials", "variation 1 type"},
       .options = {{"variation 1 name", "variation 1 values"}},
       .sku_lists = true},
      {.name = "lightspeed products",
       .signs = {"system id", "custom sku", "item"},
       .names = {{"custom sku", "sku"}},
       .spare = "system id"},
      {.name = "prestashop products",
       .signs = {"attribute (name:type:position)*", "value (value:position)*", "product reference"},
       .names = {{"product reference", "parent"}, {"reference", "sku"}},
       .options = {{"attribute (name:type:position)*", "value (value:position)*"}},
       .lists = true},
      {.name = "jtl products",
       .signs = {"artikelnummer", "identifizierungsspalte vaterartikel"},
       .names = {{"identifizierungsspalte vaterartikel", "parent"}, {"ek netto (für gld)", "purchase_price"}},
       .options = {{"variationsname 1", "variationswertname 1"},
                   {"variationsname 2", "variationswertname 2"},
                   {"variationsname 3", "variationswertname 3"}}},
      {.name = "opencart products",
       .signs = {"product_id", "model", "quantity", "stock_status_id"},
       .names = {{"name(*", "title"}, {"description(*", "description"}, {"status", "enabled"}},
       .spare = "model"},
      {.name = "plentymarkets products",
       .signs = {"variation.id", "variation.number"},
       .names = {{"variation.number", "sku"}, {"variation.isactive", "enabled"}, {"itemimage.url", "image"}},
       .option_cell = "variationattributevalues.attributevalues"},
      {.name = "kaufland products",
       .signs = {"id_offer", "amount", "ean"},
       .names = {{"id_offer", "sku"}, {"amount", "stock"}}},
      {.name = "billiger products", .signs = {"aid", "shop_cat"}, .names = {{"aid", "sku"}, {"desc", "description"}}},
      {.name = "sap products", .signs = {"material", "materialkurztext"}, .names = {{"material", "sku"}}},
      {.name = "stripe products",
       .signs = {"id", "name", "statement descriptor", "tax code"},
       .names = {{"sku (metadata)", "sku"}},
       .spare = "id"},
      {.name = "stripe products",
       .signs = {"price id", "product id", "product name", "amount"},
       .names = {{"product id", "sku"}, {"amount", "sell_price"}}},
      // Its templates since 2024, whose columns are paths: "item_name[marketplace_id=A1][language_tag=de_DE]#1.value".
      {.name = "amazon products",
       .signs = {"contribution_sku#*", "product_type#*"},
       .names = {{"contribution_sku#*", "sku"},
                 {"item_name[*", "title"},
                 {"brand[*", "brand"},
                 {"product_description[*", "description"},
                 {"child_parent_sku_relationship[*.parent_sku", "parent"},
                 {"purchasable_offer[*our_price#1.schedule#1.value_with_tax", "sell_price"},
                 {"fulfillment_availability#*.quantity", "stock"},
                 {"main_product_image_locator[*", "image"},
                 {"other_product_image_locator_1[*", "image 2"},
                 {"other_product_image_locator_2[*", "image 3"},
                 {"other_product_image_locator_3[*", "image 4"},
                 {"other_product_image_locator_4[*", "image 5"},
                 {"other_product_image_locator_5[*", "image 6"},
                 {"other_product_image_locator_6[*", "image 7"},
                 {"other_product_image_locator_7[*", "image 8"},
                 {"other_product_image_locator_8[*", "image 9"}},
       .maybe_ean = "amzn1.volt.ca.product_id_value"},
      {.name = "amazon products",
       .signs = {"händler-sku", "asin 1"},
       .names = {{"artikelbezeichnung", "title"}, {"artikelbeschreibung", "description"}, {"menge", "stock"}},
       .maybe_ean = "produkt-id"},
      {.name = "amazon products",
       .signs = {"sku-vendeur", "asin1"},
       .names = {{"nom-produit", "title"}, {"quantité", "stock"}},
       .maybe_ean = "id-produit"},
      {.name = "mirakl products",
       .signs = {"product-id", "product-id-type", "sku", "state"},
       .names = {{"description", "attributes.description"}},
       .maybe_ean = "product-id"},
      {.name = "mirakl products",
       .signs = {"offer sku", "product reference", "product reference type"},
       .names = {{"offer sku", "sku"}, {"product", "title"}},
       .maybe_ean = "product reference"},
      {.name = "fnac products",
       .signs = {"sku-vendeur", "reference-produit"},
       .names = {{"commentaire", "attributes.commentaire"}},
       .maybe_ean = "reference-produit"},
      {.name = "galaxus products",
       .signs = {"providerkey", "suggestedretailpriceinclvat_*"},
       .names = {{"suggestedretailpriceinclvat_*", "suggested_retail_price"},
                 {"salespriceexclvat", "attributes.SalesPriceExclVat"}}},
      {.name = "galaxus products",
       .signs = {"providerkey", "quantityonstock"},
       .names = {{"quantityonstock", "stock"}}},
      {.name = "gambio products",
       .signs = {"xtsol", "p_model"},
       .names = {{"p_model", "sku"},
                 {"p_stock", "stock"},
                 {"p_status", "enabled"},
                 {"p_cat.0", "categories"},
                 {"p_pricenotax", "attributes.p_priceNoTax"}}},
      {.name = "oxid products",
       .signs = {"oxid", "oxartnum"},
       .names = {{"oxartnum", "sku"},
                 {"oxactive", "enabled"},
                 {"oxtprice", "suggested_retail_price"},
                 {"oxbprice", "purchase_price"}},
       .ids = {"oxid", "oxparentid"}},
      {.name = "xt:commerce products",
       .signs = {"products_model", "products_master_model"},
       .names = {{"products_model", "sku"},
                 {"products_master_model", "parent"},
                 {"products_status", "enabled"},
                 {"products_price", "attributes.products_price"}}},
      {.name = "xentral products",
       .signs = {"nummer", "verkaufspreis1netto"},
       .names = {{"nummer", "sku"},
                 {"lager_menge_total", "stock"},
                 {"einkaufspreis1", "purchase_price"},
                 {"artikelkategorie_name", "categories"}}},
      {.name = "moneybird products",
       .signs = {"identificatie", "titel", "prijs", "grootboekrekening"},
       .names = {{"identificatie", "sku"}, {"prijs", "attributes.Prijs"}}},
      // Of Google's feed as a table; elsewhere the name says what kind of thing a shop's program sees in it.
      {.name = "google products",
       .signs = {"id", "title", "image_link", "product_type"},
       .names = {{"id", "sku"}, {"product_type", "categories"}}},
      {.name = "amazon products",
       .signs = {"external_product_id", "external_product_id_type"},
       .maybe_ean = "external_product_id"},
      {.name = "amazon products", .signs = {"seller-sku", "product-id", "product-id-type"}, .maybe_ean = "product-id"},
  };
  return all;
}

std::optional<std::size_t> column_of(const Header& header, std::string_view name) {
  if (const auto exact = header.find(name)) return exact;  // which may have a star itself
  const std::size_t star = name.rfind('*');
  if (star == std::string_view::npos) return std::nullopt;
  const std::string_view start = name.substr(0, star), end = name.substr(star + 1);
  for (std::size_t i = 0; i < header.names().size(); ++i)
    if (const std::string one = lower_ascii(header.names()[i]);
        one.size() >= start.size() + end.size() && one.starts_with(start) && one.ends_with(end))
      return i;
  return std::nullopt;
}

using Choices = std::vector<std::pair<std::string, std::string>>;

// "Size=S;Color=Red", "[S]Size=Small,[S]Color=Silver", "Type=Rectangle|Name=Color|Value=Red", "Größe:S|Farbe:rot".
Choices choices_in(std::string_view cell) {
  Choices out;
  std::string named;
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find_first_of("|;,"), cell.size());
    std::string_view one = trim(cell.substr(0, end));
    cell.remove_prefix(std::min(end + 1, cell.size()));
    if (one.starts_with('[') && one.find(']') != std::string_view::npos) one = trim(one.substr(one.find(']') + 1));
    const std::size_t is = one.find_first_of("=:");
    if (is == std::string_view::npos) {
      if (!out.empty() && !one.empty()) out.back().second += ", " + std::string(one);
      continue;
    }
    const std::string_view name = trim(one.substr(0, is)), value = trim(one.substr(is + 1));
    if (name == "Type") continue;
    if (name == "Name") {
      named = value;
    } else if (name == "Value" && !named.empty()) {
      out.emplace_back(std::exchange(named, {}), value);
    } else if (!name.empty() && !value.empty()) {
      out.emplace_back(name, value);
    }
  }
  return out;
}

class DialectTable final : public Party {
 public:
  DialectTable(const Dialect& dialect, const Header& theirs, std::vector<std::string> names,
               std::unique_ptr<Party> inner)
      : dialect_(dialect), ours_(std::move(names)), inner_(std::move(inner)) {
    const auto at = [&](std::string_view name) {
      return name.empty() ? std::optional<std::size_t>() : column_of(theirs, name);
    };
    kind_ = at(dialect.kind);
    spare_ = at(dialect.spare);
    option_cell_ = at(dialect.option_cell);
    pictures_ = at(dialect.pictures);
    surcharge_ = at(dialect.surcharge);
    maybe_ean_ = at(dialect.maybe_ean);
    id_ = at(dialect.ids.first);
    parent_id_ = at(dialect.ids.second);
    for (const auto& [name, value] : dialect.options)
      if (const auto names_at = at(name), values_at = at(value); names_at && values_at)
        options_.emplace_back(*names_at, *values_at);
    for (const auto& [name, to] : dialect.of_variants)
      if (const auto from = at(name)) of_variants_.emplace_back(*from, *ours_.find(to));
    for (const std::string_view name : dialect.carried)
      if (const auto one = ours_.find(name)) carried_.emplace_back(*one, std::string());
    sku_ = ours_.find(dialect.handles ? "Variant SKU" : "sku");
    if (!sku_)
      for (const std::string_view name : {"custom sku", "custom label (sku)", "customlabel", "internal reference",
                                          "product code/sku", "artikelnummer", "seller-sku", "item_sku", "reference"})
        if (!sku_) sku_ = ours_.find(name);
    title_ = theirs.find("item name") && dialect.handles ? theirs.find("item name") : theirs.find("title");
    handle_ = ours_.find("Handle");
    price_ = ours_.find("price");
    ean_ = ours_.find("ean");
  }
  std::string name() const override { return std::string(dialect_.name); }
  bool quoted() const override { return inner_->quoted(); }
  std::string locale() const override { return inner_->locale(); }
  std::vector<FieldFault> remarks() const override { return inner_->remarks(); }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>& orders) override {
    Row out{row.line, &ours_, row.cells, row.guarded};
    out.cells.resize(ours_.names().size());
    const std::string kind = kind_ ? lower_ascii(row.cell(kind_)) : std::string();
    const auto among = [&](const std::vector<std::string_view>& words) {
      return kind_ && std::ranges::find(words, kind) != words.end();
    };
    const bool keyed = sku_ && !row.cell(sku_).empty();
    if (among(dialect_.more) && held_ && !(kind.empty() && keyed)) return add_more(row, products);
    const bool variant = among(dialect_.variants);
    if (variant)
      for (const auto& [from, to] : of_variants_)
        if (!row.cell(from).empty()) out.cells[to] = std::exchange(out.cells[from], {});
    if (!variant && !keyed && spare_ && sku_) out.cells[*sku_] = row.cell(spare_);
    for (auto& [column, last] : carried_) {
      if (trim(out.cells[column]).empty())
        out.cells[column] = last;
      else
        last = out.cells[column];
    }
    if (maybe_ean_ && ean_ && out.cells[*ean_].empty() && catalog::parse_ean(row.cell(maybe_ean_)).ok())
      out.cells[*ean_] = row.cell(maybe_ean_);
    Choices choices;
    if (variant || dialect_.kind.empty()) choices = choices_of(row, out);
    if (dialect_.handles) {
      put_handle(row, choices, out);
      inner_->row(out, products, orders);
      return;
    }
    push_held(products);
    if (dialect_.sku_lists && put_list(row, out, choices, products, orders)) return;
    std::vector<ProductItem> made;
    inner_->row(out, made, orders);
    if (made.empty()) return;
    held_ = std::move(made.front());
    if (variant)
      belong(row, choices);
    else
      above_ = held_->sku;
    if (id_ && !row.cell(id_).empty()) ids_.emplace(row.cell(id_), held_->sku);
    if (parent_id_ && !row.cell(parent_id_).empty())
      held_->change.parent = referred("id:" + std::string(row.cell(parent_id_)));
    if (!variant && price_) base_price_ = row.cell(price_);
    // "Color=Red;Blue": all that its variants have, as are the pieces beside it.
    if (id_ && id_ == parent_id_ && row.cell(option_cell_).find(';') != std::string_view::npos &&
        held_->change.parent && *held_->change.parent && **held_->change.parent == held_->sku) {
      choices.clear();
      held_->stock.reset();
    }
    auto& attributes = held_->change.attributes;
    for (auto& [name, value] : choices) attributes.emplace_back(std::move(name), std::move(value));
    if (held_->change.parent && *held_->change.parent && **held_->change.parent == held_->sku)
      held_->change.parent.reset();
  }
  std::string referred(const std::string& reference) const override {
    const auto found = reference.starts_with("id:") ? ids_.find(std::string_view(reference).substr(3)) : ids_.end();
    return found == ids_.end() ? reference : found->second;
  }
  void flush(std::vector<ProductItem>& products, std::vector<OrderItem>& orders) override {
    push_held(products);
    inner_->flush(products, orders);
  }

 private:
  void push_held(std::vector<ProductItem>& products) {
    if (held_) products.push_back(*std::exchange(held_, std::nullopt));
  }

  // "A-R,A-B" with "Red,Blue": a parent by the product's name, and a variant for each. Without a SKU, the name is it.
  bool put_list(const Row& row, Row& out, const Choices& choices, std::vector<ProductItem>& products,
                std::vector<OrderItem>& orders) {
    if (!sku_) return false;
    const std::string parent = slug_of(row.cell(title_));
    const auto skus = list_of(row.cell(sku_));
    const auto values = choices.empty() ? std::vector<std::string>() : list_of(choices.front().second);
    if (skus.size() < 2 || skus.size() > kListedVariantsMax || skus.size() != values.size() || parent.empty()) {
      if (skus.empty()) out.cells[*sku_] = parent;
      return false;
    }
    out.cells[*sku_] = parent;
    std::vector<ProductItem> made;
    inner_->row(out, made, orders);
    if (made.empty()) return false;
    ProductItem whole = std::move(made.front());
    const auto offer = std::exchange(whole.offer, {});
    const auto faults = whole.faults;
    whole.is_row = false;
    whole.stock.reset();
    products.push_back(std::move(whole));
    for (std::size_t i = 0; i < skus.size(); ++i) {
      ProductItem one;
      one.line = row.line;
      one.is_row = i == 0;
      one.sku = skus[i];
      one.change.parent = parent;
      one.change.attributes.emplace_back(choices.front().first, values[i]);
      one.offer = offer;
      one.faults = faults;
      if (i == 0)
        one.notices.push_back(
            {"quantity", "shared", "is that of all variants together; the stock of each was left as it is"});
      products.push_back(std::move(one));
    }
    return true;
  }

  void add_more(const Row& row, std::vector<ProductItem>& products) {
    if (held_->more_lines.size() >= kMoreRowsMax) {
      ProductItem& other = products.emplace_back();
      other.line = row.line;
      other.faults.push_back({"", "too_many",
                              "goes on about " + held_->sku + ", which has more than " + std::to_string(kMoreRowsMax) +
                                  " rows; what they say beyond was not read"});
      return;
    }
    held_->more_lines.push_back(row.line);
    const auto image = row.cell(pictures_);
    if (!image.empty()) {
      auto images = held_->change.images.value_or(std::vector<std::string>());
      images.emplace_back(image);
      put_images(*held_, std::move(images), image, row.header->names()[*pictures_]);
      return;
    }
    std::string names;
    constexpr std::size_t kNamesMax = 200;  // bytes of a notice
    for (std::size_t i = 0; i < row.cells.size() && i < row.header->names().size() && names.size() < kNamesMax; ++i)
      if (i != kind_ && !row.cell(i).empty()) names += (names.empty() ? "" : ", ") + row.header->names()[i];
    if (names.empty()) return;
    held_->notices.push_back(
        {"", "left",
         "has a further row, in line " + std::to_string(row.line) + ", whose cells were not read: " + names});
  }

  Choices choices_of(const Row& row, Row& out) const {
    Choices all;
    if (option_cell_) {
      all = choices_in(row.cell(option_cell_));
      if (!all.empty()) out.cells[*option_cell_].clear();
    }
    for (const auto& [name_at, value_at] : options_) {
      const auto name = row.cell(name_at), value = row.cell(value_at);
      if (name.empty() || value.empty()) continue;
      if (dialect_.lists) {
        const auto names = list_of(name), values = list_of(value);
        for (std::size_t i = 0; i < names.size() && i < values.size(); ++i)
          all.emplace_back(names[i].substr(0, names[i].find(':')), values[i].substr(0, values[i].rfind(':')));
      } else {
        all.emplace_back(name, value);
      }
      out.cells[name_at].clear();
      out.cells[value_at].clear();
    }
    return all;
  }

  // Of the product above, with a SKU that is the same when the file is sent again.
  void belong(const Row& row, const Choices& choices) {
    if (!above_.empty() && (!held_->change.parent || !*held_->change.parent || (*held_->change.parent)->empty()))
      held_->change.parent = above_;
    if (held_->sku.empty() && !above_.empty() && !choices.empty()) {
      held_->sku = above_;
      for (const auto& [name, value] : choices) held_->sku += "-" + slug_of(value);
      std::erase_if(held_->faults, [](const FieldFault& fault) { return fault.code == "required"; });
      held_->notices.push_back({"sku", "made", "is empty; the variant was given the SKU " + held_->sku});
    }
    if (!surcharge_ || (price_ && !row.cell(price_).empty())) return;
    const auto base = amount_of(base_price_), more = amount_of(row.cell(surcharge_));
    const auto whole = base ? parse_money(base->decimal, Currency{}) : Result<Money>(Money{});
    const auto extra = more ? parse_money(more->decimal, Currency{}) : Result<Money>(Money{});
    if (!base || !whole.ok() || !extra.ok()) return;
    if (const auto sum = add(*whole, *extra); sum.ok())
      put_price(*held_, decimal(*sum), catalog::PriceKind::sell_price, catalog::kListCurrency, "surcharge");
  }

  void put_handle(const Row& row, const Choices& choices, Row& out) const {
    for (std::size_t k = 0; k < choices.size() && k < 3; ++k) {
      const std::string option = "Option" + std::to_string(k + 1);
      if (const auto at = ours_.find(option + " Name")) out.cells[*at] = choices[k].first;
      if (const auto at = ours_.find(option + " Value")) out.cells[*at] = choices[k].second;
    }
    if (!handle_) return;
    std::string& handle = out.cells[*handle_];
    if (trim(handle).empty() && title_) handle = slug_of(row.cell(title_));
    // The number of the main variant, which is a variant among others.
    if (option_cell_ && !choices.empty()) {
      const std::size_t dot = handle.rfind('.');
      handle = dot == std::string::npos || dot == 0 ? handle + "-main" : handle.substr(0, dot);
    }
  }

  const Dialect& dialect_;
  const Header ours_;
  const std::unique_ptr<Party> inner_;
  std::optional<std::size_t> id_, parent_id_, kind_, spare_, option_cell_, pictures_, surcharge_, maybe_ean_, sku_,
      title_, handle_, price_, ean_;
  std::vector<std::pair<std::size_t, std::size_t>> options_, of_variants_;
  std::vector<std::pair<std::size_t, std::string>> carried_;  // with the cell above
  std::optional<ProductItem> held_;                           // until no further row says more about it
  std::map<std::string, std::string, std::less<>> ids_;       // -> SKU
  std::string above_, base_price_;                            // of the product above
};

}  // namespace

std::unique_ptr<Party> dialect_products(const Header& header) {
  for (const Dialect& dialect : dialects()) {
    if (!std::ranges::all_of(dialect.signs, [&](std::string_view sign) { return column_of(header, sign).has_value(); }))
      continue;
    if (std::ranges::any_of(dialect.unless, [&](std::string_view name) { return header.has(name); })) continue;
    std::vector<std::string> names = header.names();
    std::set<std::size_t> renamed;
    for (const auto& [from, to] : dialect.names)
      if (const auto at = column_of(header, from)) {
        // What is called so already says something else.
        if (const auto other = header.find(to); other && *other != *at && !renamed.contains(*other))
          names[*other] = "attributes." + names[*other];
        names[*at] = to;
        renamed.insert(*at);
      }
    const auto need = [&](std::string_view name) {
      if (std::ranges::none_of(names, [&](const std::string& one) { return equals_ignoring_case(one, name); }))
        names.emplace_back(name);
    };
    for (const auto& [from, to] : dialect.of_variants) need(to);
    if (!dialect.prefix.empty())
      for (std::string& name : names)
        if (lower_ascii(name).starts_with(dialect.prefix) && name.size() > dialect.prefix.size())
          name.erase(0, dialect.prefix.size());
    if (dialect.handles)
      for (const char* name : {"Handle", "Title", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value",
                               "Option3 Name", "Option3 Value", "Variant SKU"})
        need(name);
    if (!dialect.maybe_ean.empty()) need("ean");
    if (!dialect.spare.empty()) need("sku");
    Header ours(names);
    auto inner = dialect.handles ? shopify_products(ours) : plain_products(ours);
    if (inner) return std::make_unique<DialectTable>(dialect, header, std::move(names), std::move(inner));
  }
  return nullptr;
}

}  // namespace pf::exchange
