// WordPress's own export (WXR) of a shop: an <item> for each post, of which products and their variations are kept. A
// product's fields are in <wp:postmeta>, its terms in <category>; its pictures are posts of their own, named by number.
#include <algorithm>
#include <map>

#include "exchange/values.h"
#include "json/members.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Of the plug-in's own machinery, or taken up by a field: no attributes.
constexpr std::string_view kTakenMeta[] = {"_sku",
                                           "_regular_price",
                                           "_sale_price",
                                           "_price",
                                           "_stock",
                                           "_manage_stock",
                                           "_thumbnail_id",
                                           "_edit_lock",
                                           "_product_image_gallery",
                                           "_edit_last",
                                           "_product_attributes"};

struct Meta {
  std::string key, value;
};

class WordPressProducts final : public Party {
 public:
  std::string name() const override { return "wordpress products"; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    const std::string id(row.cell("wp:post_id")), type(row.cell("wp:post_type"));
    if (type == "attachment") url_of_id_[id] = row.cell("wp:attachment_url");
    if (type != "product" && type != "product_variation") {
      ++others_[type.substr(0, 40)];
      return;
    }
    ProductItem item;
    item.line = row.line;
    catalog::ProductChange& change = item.change;
    const std::vector<Meta> metas = metas_of(row.cell("wp:postmeta"));
    const auto meta = [&](std::string_view key) {
      const auto found = std::ranges::find(metas, key, &Meta::key);
      return found == metas.end() ? std::string() : found->value;
    };
    item.sku = meta("_sku");
    if (item.sku.empty()) item.sku = "woo-" + id;  // as the shop's CSV export would be read
    sku_of_id_["id:" + id] = item.sku;
    if (const auto parent = row.cell("wp:post_parent"); type == "product_variation" && !parent.empty())
      parents_.emplace_back(item.sku, "id:" + std::string(parent));
    if (const auto title = row.cell("title"); !title.empty()) change.title = title;
    const auto text = row.cell("content:encoded"), brief = row.cell("excerpt:encoded");
    if (!text.empty() || !brief.empty()) change.description = text.empty() ? brief : text;
    if (!text.empty() && !brief.empty()) change.attributes.emplace_back("Short description", std::string(brief));
    if (const auto status = row.cell("wp:status"); !status.empty()) change.enabled = status == "publish";
    put_terms(row.cell("category"), change);
    for (const Meta& one : metas) {
      if (one.value.empty() || std::ranges::find(kTakenMeta, one.key) != std::end(kTakenMeta)) continue;
      put_attribute(change, one.key.starts_with("attribute_") ? term_name(one.key.substr(10)) : one.key, one.value);
    }
    const std::string sale = meta("_sale_price"), regular = meta("_regular_price");
    put_price(item, sale.empty() ? regular : sale, catalog::PriceKind::sell_price, catalog::kListCurrency, "price");
    if (!sale.empty())
      put_price(item, regular, catalog::PriceKind::base_price, catalog::kListCurrency, "_regular_price");
    if (meta("_manage_stock") != "no") put_stock(item, meta("_stock"), "_stock");
    std::vector<std::string> pictures = list_of(meta("_thumbnail_id"));
    for (std::string& one : list_of(meta("_product_image_gallery"))) pictures.push_back(std::move(one));
    if (!pictures.empty()) pictures_.emplace_back(item.sku, std::move(pictures));
    products.push_back(std::move(item));
  }

  // Parents and pictures stand anywhere in the file, often behind what names them.
  void flush(std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    const auto add_to = [&](const std::string& sku) -> ProductItem& {
      ProductItem& item = products.emplace_back();
      item.is_row = false;
      item.must_exist = true;
      item.sku = sku;
      return item;
    };
    for (const auto& [sku, parent] : parents_) {
      ProductItem& item = add_to(sku);
      if (const auto known = sku_of_id_.find(parent); known != sku_of_id_.end())
        item.change.parent = known->second;
      else
        item.notices.push_back({"wp:post_parent", "parent", "is not in the file; the variation was kept without it"});
    }
    for (const auto& [sku, ids] : pictures_) {
      std::vector<std::string> urls;
      for (const std::string& id : ids)
        if (const auto url = url_of_id_.find(id); url != url_of_id_.end() && !url->second.empty())
          urls.push_back(url->second);
      if (urls.empty()) continue;
      ProductItem& item = add_to(sku);
      put_images(item, urls, urls.front(), "images");
    }
  }
  std::vector<FieldFault> remarks() const override {
    std::string all;
    for (const auto& [type, count] : others_)
      all += (all.empty() ? "" : ", ") + std::to_string(count) + " of the kind " + (type.empty() ? "\"\"" : type);
    if (all.empty()) return {};
    return {{"wp:post_type", "other", "Items of the file that are no products were left out: " + all + "."}};
  }

 private:
  static std::vector<Meta> metas_of(std::string_view cell) {
    std::vector<Meta> out;
    const auto list = json::parse(cell);
    if (!list.ok() || list->as_array() == nullptr) return out;
    for (const json::Value& one : *list->as_array())
      out.push_back({json::text_in(one, "wp:meta_key"), json::text_in(one, "wp:meta_value")});
    return out;
  }
  static std::string term_name(std::string name) { return name.starts_with("pa_") ? name.substr(3) : name; }
  static void put_attribute(catalog::ProductChange& change, const std::string& name, const std::string& value) {
    for (auto& [known, values] : change.attributes)
      if (known == name) {
        values = *values.as_string() + ", " + value;
        return;
      }
    change.attributes.emplace_back(name, value);
  }
  static void put_terms(std::string_view cell, catalog::ProductChange& change) {
    const auto list = json::parse(cell);
    if (!list.ok() || list->as_array() == nullptr) return;
    for (const json::Value& one : *list->as_array()) {
      const std::string domain = json::text_in(one, "domain"), value = json::text_in(one, "value");
      if (value.empty()) continue;
      if (domain == "product_cat") {
        if (!change.categories) change.categories.emplace();
        change.categories->push_back(category_path(value));
      } else {
        put_attribute(change,
                      domain == "product_type"  ? "Type"
                      : domain == "product_tag" ? "Tags"
                                                : term_name(domain),
                      value);
      }
    }
  }

  std::map<std::string, std::string> sku_of_id_, url_of_id_;
  std::vector<std::pair<std::string, std::string>> parents_;                // SKU, its parent's number
  std::vector<std::pair<std::string, std::vector<std::string>>> pictures_;  // SKU, numbers of posts
  std::map<std::string, std::uint64_t> others_;
};

}  // namespace

std::unique_ptr<Party> wordpress_products(const Header& header) {
  if (!header.has("wp:post_id") || !header.has("wp:post_type") || !header.has("wp:postmeta")) return nullptr;
  return std::make_unique<WordPressProducts>();
}

}  // namespace pf::exchange
