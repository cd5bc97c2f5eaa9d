// Shopify's product CSV. Rows of one Handle stand together: the first carries the product, each with option values or a
// SKU a variant, the rest further pictures. A product with one variant and no options is one product of ours; else the
// Handle becomes the parent.
#include <algorithm>
#include <set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

class ShopifyProducts final : public Party {
 public:
  explicit ShopifyProducts(const Header& header) {
    static const std::set<std::string, std::less<>> fields{"handle",
                                                           "title",
                                                           "body (html)",
                                                           "vendor",
                                                           "published",
                                                           "variant sku",
                                                           "variant price",
                                                           "image src",
                                                           "variant compare at price",
                                                           "variant inventory qty",
                                                           "variant barcode",
                                                           "variant image",
                                                           "cost per item",
                                                           "option1 name",
                                                           "option1 value",
                                                           "option2 name",
                                                           "option2 value",
                                                           "option3 name",
                                                           "option3 value",
                                                           "status",
                                                           "collections"};
    for (std::size_t i = 0; i < header.names().size(); ++i) {
      const std::string folded = lower_ascii(header.names()[i]);
      if (folded.empty() || fields.contains(folded)) continue;
      // "Variant Price USD", as others have it.
      constexpr std::string_view kPriceIn = "variant price ";
      constexpr std::size_t kCodeLetters = 3;
      if (folded.starts_with(kPriceIn) && folded.size() == kPriceIn.size() + kCodeLetters) {
        prices_.emplace_back(i, folded.substr(kPriceIn.size()));
        continue;
      }
      (folded.starts_with("variant ") ? of_variant_ : of_product_).push_back(i);
    }
  }
  std::string name() const override { return "shopify products"; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>& orders) override {
    const std::string handle(row.cell("Handle"));
    if (handle.empty()) {
      ProductItem refused;
      refused.line = row.line;
      refused.faults.push_back({"Handle", "required", "is empty: the product cannot be told from others"});
      products.push_back(std::move(refused));
      return;
    }
    if (handle != handle_) {
      flush(products, orders);
      handle_ = handle;
      start(row);
    }
    const bool variant =
        !row.cell("Option1 Value").empty() || !row.cell("Variant SKU").empty() || !row.cell("Variant Price").empty();
    if (variant || variants_.empty())
      add_variant(row);
    else
      variants_.back().more_lines.push_back(row.line);
    // An address has no blank; Squarespace puts several into one cell.
    for (const std::string_view image : split(row.cell("Image Src"), ' '))
      if (!trim(image).empty()) images_.emplace_back(trim(image));
  }

  void flush(std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    if (handle_.empty()) return;
    if (!images_.empty()) put_images(product_, images_, joined(images_), "Image Src");
    const bool single = variants_.size() == 1 && !options_;
    // Whose SKU is the handle is the product itself, of whom the others are variants.
    const auto itself = std::ranges::find(variants_, handle_, &ProductItem::sku);
    if (single || itself != variants_.end()) {
      ProductItem& only = single ? variants_.front() : *itself;
      catalog::ProductChange& change = product_.change;
      change.attributes.insert(change.attributes.end(), only.change.attributes.begin(), only.change.attributes.end());
      change.ean = only.change.ean;
      if (!change.images) change.images = only.change.images;
      only.change = std::move(change);
      if (only.sku.empty()) only.sku = handle_;
      std::rotate(variants_.begin(), variants_.begin() + (&only - variants_.data()),
                  variants_.begin() + (&only - variants_.data()) + 1);
      for (std::size_t i = 1; i < variants_.size(); ++i) belong(i);
    } else {
      product_.sku = handle_;
      product_.line = variants_.front().line;
      product_.is_row = false;
      for (std::size_t i = 0; i < variants_.size(); ++i) belong(i);
      products.push_back(std::move(product_));
    }
    for (ProductItem& variant : variants_) products.push_back(std::move(variant));
    variants_.clear();
    images_.clear();
    product_ = {};
    options_ = false;
    handle_.clear();
  }

 private:
  void belong(std::size_t i) {
    ProductItem& variant = variants_[i];
    variant.change.parent = handle_;
    variant.change.enabled = product_.change.enabled;
    if (!variant.sku.empty()) return;
    variant.sku = handle_ + "-" + std::to_string(i + 1);
    variant.notices.push_back({"Variant SKU", "made", "is empty; the variant was given the SKU " + variant.sku});
  }
  void start(const Row& row) {
    catalog::ProductChange& change = product_.change;
    if (const auto text = row.cell("Title"); !text.empty()) change.title = text;
    if (const auto text = row.cell("Body (HTML)"); !text.empty()) change.description = text;
    if (const auto text = row.cell("Vendor"); !text.empty()) change.brand = text;
    // Squarespace's, "/clothes, /clothes/new".
    if (const auto paths = row.cell("Collections"); !paths.empty()) {
      change.categories = list_of(paths);
      for (std::string& path : *change.categories)
        if (path.starts_with('/')) path.erase(0, 1);
    }
    const auto status = row.cell("Status");
    change.enabled = status.empty() ? yes_or_no(row.cell("Published")) : equals_ignoring_case(status, "active");
    for (const std::size_t i : of_product_)
      if (const auto value = row.cell(i); !value.empty())
        change.attributes.emplace_back(row.header->names()[i], std::string(value));
    for (std::size_t k = 0; k < 3; ++k) option_names_[k] = row.cell("Option" + std::to_string(k + 1) + " Name");
    options_ =
        !option_names_[0].empty() && !(option_names_[0] == "Title" && row.cell("Option1 Value") == "Default Title");
  }

  void add_variant(const Row& row) {
    ProductItem item;
    item.line = row.line;
    item.sku = row.cell("Variant SKU");
    if (item.sku.starts_with('\'')) item.sku.erase(0, 1);
    std::string made = handle_;
    for (std::size_t k = 0; k < 3 && options_; ++k)
      if (const auto value = row.cell("Option" + std::to_string(k + 1) + " Value"); !value.empty()) {
        made += "-" + slug_of(value);
        item.change.attributes.emplace_back(
            option_names_[k].empty() ? "Option" + std::to_string(k + 1) : option_names_[k], std::string(value));
      }
    if (item.sku.empty() && made != handle_) {  // the same again when the file is sent again
      item.sku = made;
      item.notices.push_back({"Variant SKU", "made", "is empty; the variant was given the SKU " + made});
    }
    for (const std::size_t i : of_variant_)
      if (const auto value = row.cell(i); !value.empty())
        item.change.attributes.emplace_back(row.header->names()[i], std::string(value));
    put_ean(item, row.cell("Variant Barcode"), "Variant Barcode");
    if (!item.change.ean && !row.cell("Variant Barcode").empty())
      item.change.attributes.emplace_back("Variant Barcode", std::string(row.cell("Variant Barcode")));
    if (const std::string image(row.cell("Variant Image")); !image.empty())
      put_images(item, {image}, image, "Variant Image");
    put_price(item, row.cell("Variant Price"), catalog::PriceKind::sell_price, catalog::kListCurrency, "Variant Price");
    for (const auto& [column, currency] : prices_)
      put_price(item, row.cell(column), catalog::PriceKind::sell_price, currency, row.header->names()[column]);
    put_price(item, row.cell("Variant Compare At Price"), catalog::PriceKind::base_price, catalog::kListCurrency,
              "Variant Compare At Price");
    put_price(item, row.cell("Cost per item"), catalog::PriceKind::cost_price, catalog::kListCurrency, "Cost per item");
    put_stock(item, row.cell("Variant Inventory Qty"), "Variant Inventory Qty");
    variants_.push_back(std::move(item));
  }

  static std::string joined(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
    return out;
  }

  std::vector<std::size_t> of_product_, of_variant_;
  std::vector<std::pair<std::size_t, std::string>> prices_;  // columns, currencies
  std::string handle_, option_names_[3];
  bool options_ = false;
  ProductItem product_;
  std::vector<ProductItem> variants_;
  std::vector<std::string> images_;
};

}  // namespace

std::unique_ptr<Party> shopify_products(const Header& header) {
  if (!header.has("handle") || !header.has("title") || !(header.has("variant sku") || header.has("variant price")))
    return nullptr;
  // Matrixify's names: a dialect
  if (header.has("body html") && header.has("command") && header.has("variant sku")) return nullptr;
  return std::make_unique<ShopifyProducts>(header);
}

}  // namespace pf::exchange
