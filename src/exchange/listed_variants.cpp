#include "exchange/listed_variants.h"

#include <algorithm>
#include <array>

#include "exchange/named_values.h"
#include "exchange/personal_columns.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// The members of a product that list its variants, and of a variant's description.
constexpr std::array<std::string_view, 8> kVariantLists{"variants",      "variants.variant",     "variations",
                                                        "variants.item", "variations.variation", "product_variants",
                                                        "skus",          "combinations"};
constexpr std::string_view kOptionLists[] = {"options", "attributes", "option_values", "selectedoptions",
                                             "optionvalues"};

void put_member(const std::string& name, const json::Value& value, std::string_view currency, ProductItem& item) {
  const std::string_view code = currency.empty() ? catalog::kListCurrency : currency;
  const std::string* text = value.as_string();
  if (text == nullptr || text->empty()) return;
  if (name == "sku")
    item.sku = *text;
  else if (name == "price")
    put_price(item, *text, catalog::PriceKind::sell_price, code, "variants.price");
  else if (name == "compare_at_price")
    put_price(item, *text, catalog::PriceKind::base_price, code, "variants.compare_at_price");
  else if (name == "inventory_quantity" || name == "stock" || name == "quantity" || name == "stock_quantity")
    put_stock(item, *text, "variants." + name);
  else if ((name == "barcode" || name == "ean" || name == "gtin") && catalog::parse_ean(*text).ok())
    item.change.ean = *text;
  else if (name != "id" && name != "title" && !name.starts_with("option") && !personal_column(name).surely)
    item.change.attributes.emplace_back(name, *text);
}

// What a variant is told apart by: {"Size": "S"}, [{"name": "Size", "value": "S"}], option1 under the product's name.
std::vector<std::pair<std::string, std::string>> choices_of(const json::Value& variant, const json::Array* all) {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t k = 0; k < 3; ++k) {
    const std::string number = "option" + std::to_string(k + 1);
    const json::Value* value = variant.find(number);
    if (value == nullptr || value->as_string() == nullptr || value->as_string()->empty() ||
        *value->as_string() == "Default Title")
      continue;
    const json::Value* name = all != nullptr && k < all->size() ? (*all)[k].find("name") : nullptr;
    out.emplace_back(name != nullptr && name->as_string() != nullptr ? *name->as_string() : number,
                     *value->as_string());
  }
  for (const auto& [member, value] : *variant.as_object()) {
    if (std::ranges::find(kOptionLists, std::string_view(lower_ascii(member))) == std::end(kOptionLists)) continue;
    if (const auto* members = value.as_object())
      for (const auto& [name, one] : *members)
        if (one.as_string() != nullptr && !one.as_string()->empty()) out.emplace_back(name, *one.as_string());
    if (const auto* listed = value.as_array())
      for (const json::Value& one : *listed)
        if (const auto named = named_value(one); named && named->value != nullptr)
          out.emplace_back(*named->name, *named->value);
  }
  return out;
}

}  // namespace

bool ListedVariants::in(const Header& header) {
  return std::ranges::any_of(kVariantLists, [&](std::string_view name) {
    return header.has(name) || header.has(std::string(name) + ":json");
  });
}

ListedVariants::ListedVariants(const Header& header) {
  for (const std::string_view name : kVariantLists)
    if (!column_) column_ = header.has(name) ? header.find(name) : header.find(std::string(name) + ":json");
  for (const char* name : {"handle", "slug"})
    if (!handle_) handle_ = header.find(name);
  options_ = header.has("options") ? header.find("options") : header.find("options:json");
}

bool ListedVariants::take(std::size_t column, std::string_view cell) {
  if (column != column_) return false;
  if (!cell.starts_with('[')) return false;
  auto parsed = json::parse(cell);
  const auto* all = parsed.ok() ? parsed->as_array() : nullptr;
  if (all == nullptr || all->empty() || all->size() > kListedVariantsMax) return false;
  const bool objects = std::ranges::all_of(*all, [](const json::Value& one) {
    return one.find("sku") != nullptr || one.find("price") != nullptr || one.find("option1") != nullptr;
  });
  if (objects) listed_ = *all;
  return objects;
}
void ListedVariants::put(const Row& row, std::string_view currency, std::vector<ProductItem>& products) {
  if (listed_.empty()) return;
  const std::vector<json::Value> all = std::exchange(listed_, {});
  const std::size_t parent_at = products.size() - 1;
  // The name that it has in addresses says more than another shop's number.
  std::string parent = products[parent_at].sku;
  if (const auto handle = row.cell(handle_); !handle.empty() && (parent.empty() || !row.header->has("sku")))
    parent = handle;
  if (parent.empty()) return;  // refused
  std::erase_if(products[parent_at].faults, [](const FieldFault& fault) { return fault.code == "required"; });
  products[parent_at].sku = parent;
  const auto options = json::parse(row.cell(options_));
  const json::Array* named = options.ok() ? options->as_array() : nullptr;
  // One without a choice is the product itself, unless it has another number.
  const json::Value* number = all.front().find("sku");
  const bool another = row.header->has("sku") && number != nullptr && number->as_string() != nullptr &&
                       !number->as_string()->empty() && *number->as_string() != parent;
  const bool single = all.size() == 1 && !another && choices_of(all.front(), named).empty();
  for (const json::Value& variant : all) {
    const auto choices = choices_of(variant, named);
    ProductItem made;
    made.line = row.line;
    made.is_row = false;
    for (const auto& [member, value] : *variant.as_object()) put_member(lower_ascii(member), value, currency, made);
    if (single) {
      ProductItem& only = products[parent_at];
      if (!made.sku.empty() && !row.header->has("sku")) only.sku = made.sku;
      // What the product says by itself goes before.
      if (!only.offer) only.offer = std::move(made.offer);
      if (!only.stock) only.stock = made.stock;
      if (!only.change.ean) only.change.ean = made.change.ean;
      for (auto& one : made.change.attributes)
        if (std::ranges::find(only.change.attributes, one.first, [](const auto& had) { return had.first; }) ==
            only.change.attributes.end())
          only.change.attributes.push_back(std::move(one));
      return;
    }
    if (made.sku.empty() && !choices.empty()) {
      made.sku = parent;
      for (const auto& choice : choices) made.sku += "-" + slug_of(choice.second);
      made.notices.push_back({"sku", "made", "is empty; the variant was given the SKU " + made.sku});
    }
    if (made.sku.empty())
      made.faults.push_back({"sku", "required", "is empty: the product cannot be told from others"});
    if (made.sku != parent) made.change.parent = parent;
    for (const auto& [name, value] : choices) made.change.attributes.emplace_back(name, value);
    products.push_back(std::move(made));
  }
}

}  // namespace pf::exchange
