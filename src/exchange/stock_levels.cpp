// Tables that hold nothing but numbers of pieces, and where they stand.
#include <algorithm>
#include <array>

#include "exchange/product_columns.h"
#include "exchange/values.h"
#include "productflow/text.h"
#include "stock/shelves.h"

namespace pf::exchange {
namespace {

constexpr std::array<std::string_view, 10> kShelfNames{
    "shelf",      "shelf place",    "bin",         "bin location", "location code",
    "lagerplatz", "magazijnplaats", "locatiecode", "emplacement",  "stellplatz"};

constexpr std::array<std::string_view, 9> kLocationNames{"location", "stock location",  "stock_location",
                                                         "lagerort", "voorraadlocatie", "warehouse",
                                                         "magazijn", "lager",           "entrepôt"};
// What our own export has beside it, and what others call the same.
constexpr std::array<std::string_view, 28> kBesideStock{
    "on_hand", "allocated", "backordered", "title", "reserved", "gereserveerd", "reserviert",
    // In what is counted, and when.
    "unit", "unit code", "unit of measure", "uom", "einheit", "mengeneinheit", "me", "eenheid", "unité", "unidad",
    "updated_at", "updated at", "last updated", "last_updated", "laatst bijgewerkt", "datum", "date", "stand",
    "stichtag", "peildatum", "timestamp"};

// Shopify's word for a place at which a product is not kept.
constexpr std::string_view kNotStocked = "not stocked";

class StockLevels final : public Party {
 public:
  // `by_ean`: `sku` is the column of an EAN.
  StockLevels(std::size_t sku, bool by_ean, std::optional<std::size_t> stock, std::optional<std::size_t> shelf,
              std::optional<std::size_t> location, bool titled)
      : sku_(sku), by_ean_(by_ean), stock_(stock), shelf_(shelf), location_(location), titled_(titled) {}
  std::string name() const override { return "stock"; }
  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    ProductItem& item = products.emplace_back();
    item.line = row.line;
    item.must_exist = true;
    item.where_unknown = titled_
                             ? "is of no product here, and a list of stock makes none; to make products of its rows, "
                               "import it again as products, new ones too"
                             : "is of no product here, and a list of stock makes none";
    item.sku = visible(row.cell(sku_));
    if (row.guarded && item.sku.starts_with('\'')) item.sku.erase(0, 1);
    if (item.sku.empty()) item.faults.push_back({row.header->names()[sku_], "required", "is empty"});
    if (by_ean_ && !item.sku.empty()) item.change.ean = std::exchange(item.sku, {});
    // Of a table with both, either may be empty, which leaves it as it is.
    const bool elsewhere = stock_ && equals_ignoring_case(trim(row.cell(stock_)), kNotStocked);
    if (stock_ && !elsewhere && (!shelf_ || !row.cell(stock_).empty())) {
      item.stock = whole_pieces(row.cell(stock_));
      if (!item.stock || *item.stock < 0)
        item.faults.push_back(
            {row.header->names()[*stock_], "type", "must be a whole number of pieces, none below zero"});
    }
    if (location_) item.location = trim(row.cell(location_));
    if (!shelf_ || row.cell(shelf_).empty()) return;
    std::string_view written = row.cell(shelf_);
    if (row.guarded && written.starts_with('\'')) written.remove_prefix(1);
    auto shelf = stock::shelf_of(written);
    if (shelf.ok())
      item.shelf = *std::move(shelf);
    else
      item.faults.push_back({row.header->names()[*shelf_], shelf.error().faults[0].code, shelf.error().message});
  }

 private:
  const std::size_t sku_;
  const bool by_ean_;
  const std::optional<std::size_t> stock_, shelf_, location_;
  const bool titled_;  // so that it could be of products as well
};

}  // namespace

std::unique_ptr<Party> stock_levels(const Header& header, bool asked_for) {
  const auto columns = product_columns(header);
  std::optional<std::size_t> sku, ean, stock, shelf, location;
  bool others = false, named = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string folded = lower_ascii(header.names()[i]);
    if (columns[i].kind == ProductColumn::Kind::sku)
      sku = i;
    else if (columns[i].kind == ProductColumn::Kind::ean)
      ean = i;
    else if (columns[i].kind == ProductColumn::Kind::stock)
      stock = i;
    else if (std::ranges::find(kShelfNames, folded) != kShelfNames.end())
      shelf = i;
    else if (std::ranges::find(kLocationNames, folded) != kLocationNames.end())
      location = i;
    else if (std::ranges::find(kBesideStock, folded) == kBesideStock.end())
      others = true;
    else
      named = named || folded == "title";
  }
  // Shopify's list of inventory: a row for each variant and place, what lies there as "On hand (current)".
  if (const auto on_hand = header.find("on hand (current)"); on_hand && location && header.has("handle") && sku) {
    return std::make_unique<StockLevels>(*sku, false, on_hand, std::nullopt, location, true);
  }
  // An EAN and a name may be of a new product; our own list of stock has the SKU.
  others = others || (named && !sku);
  // Beside a SKU the EAN is the product's, which a list of stock does not change.
  if (sku && ean && !asked_for) return nullptr;
  if ((!sku && !ean) || (!stock && !shelf) || (others && !asked_for)) return nullptr;
  return std::make_unique<StockLevels>(sku ? *sku : *ean, !sku, stock, shelf, location, header.has("title"));
}

}  // namespace pf::exchange
