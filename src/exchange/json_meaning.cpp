#include "exchange/json_meaning.h"

#include <algorithm>

#include "catalog/product_body.h"
#include "exchange/values.h"
#include "formats/json_items.h"
#include "productflow/text.h"
#include "stock/shelves.h"

namespace pf::exchange {
namespace {

std::optional<ProductItem> product_in(const json::Value& value, std::vector<FieldFault>& faults) {
  const json::Value* sku = value.find("sku");
  if (sku == nullptr || value.find("line_items") != nullptr) return std::nullopt;
  ProductItem item;
  json::Value body = value;
  if (const json::Value* offer = value.find("offer"); offer != nullptr && offer->as_object() != nullptr) {
    json::Value prices = *offer;
    for (const char* name : {"sku", "updated_at", "created_at", "version", "qty_available"}) prices.erase(name);
    auto change = catalog::offer_change_of(prices);
    if (change.ok())
      item.offer = *std::move(change);
    else
      item.faults = change.error().faults;
    body.erase("offer");
  }
  body.erase("version");  // counts the changes of the shop that the file came from
  auto read = catalog::product_body_of(body, catalog::BodyStyle::json);
  if (!read.ok()) {
    for (const FieldFault& fault : read.error().faults) item.faults.push_back(fault);
    if (sku->as_string() != nullptr) item.sku = *sku->as_string();
  } else {
    item.faults.insert(item.faults.end(), read->change.wrong.begin(), read->change.wrong.end());
    item.change = std::move(read->change);
    item.sku = read->sku.value_or("");
    item.locale = read->locale.value_or("");
  }
  if (item.sku.empty() && item.faults.empty()) faults.push_back({"sku", "required", "is empty"});
  return item;
}

// A level of stock, as our own export writes it and people may: {"sku": "A", "stock": 12}.
std::optional<ProductItem> level_in(const json::Value& value) {
  const json::Value *sku = value.find("sku"), *pieces = nullptr, *location = nullptr, *shelf = nullptr;
  for (const auto& [name, member] : *value.as_object()) {
    if (name == "qty_available" || name == "stock" || name == "quantity")
      pieces = &member;
    else if (name == "location" && member.as_string() != nullptr)
      location = &member;
    else if (name == "shelf" && member.as_string() != nullptr)
      shelf = &member;
    else if (name != "sku" && name != "on_hand" && name != "allocated" && name != "backordered")
      return std::nullopt;
  }
  if (sku == nullptr || sku->as_string() == nullptr || pieces == nullptr) return std::nullopt;
  ProductItem item;
  item.must_exist = true;
  item.sku = *sku->as_string();
  item.stock = pieces->as_string() != nullptr ? whole_pieces(*pieces->as_string()) : pieces->as_int();
  if (!item.stock || *item.stock < 0)
    item.faults.push_back({"stock", "type", "must be a whole number of pieces, none below zero"});
  if (location != nullptr) item.location = *location->as_string();
  if (shelf != nullptr && !shelf->as_string()->empty()) {
    auto stands = stock::shelf_of(*shelf->as_string());
    if (stands.ok())
      item.shelf = *std::move(stands);
    else
      item.faults.push_back({"shelf", stands.error().faults[0].code, stands.error().message});
  }
  return item;
}

}  // namespace

JsonMeaning meaning_of(const json::Value& value) {
  if (const auto* members = value.as_object()) {
    for (const auto& [name, inner] : *members)
      if (formats::is_json_wrapper(name) && inner.as_object() != nullptr && value.find("sku") == nullptr &&
          value.find("id") == nullptr)
        return meaning_of(inner);
    JsonMeaning out;
    // A product may tell the units that it is sold in.
    const bool product = value.find("sku") != nullptr || value.find("identifier") != nullptr;
    if (out.described = product ? std::nullopt : measurement_family_in(value); out.described) {
      out.format = kMeasurementFamilies;
      return out;
    }
    if (out.order = order_in(value, out.format); out.order) return out;
    if (out.product = level_in(value); out.product) {
      out.format = "stock";
      return out;
    }
    std::vector<FieldFault> faults;
    if (out.product = product_in(value, faults); out.product) {
      out.format = "productflow products";
      for (FieldFault& fault : faults) out.product->faults.push_back(std::move(fault));
      return out;
    }
  }
  return {};
}

namespace {

// Says whether nothing but orders is listed. Other things beside them are a table, which is not left out for them.
bool gather_orders(const json::Value& value, std::vector<const json::Array*>& lists) {
  const json::Members* members = value.as_object();
  if (members == nullptr) return true;
  for (const auto& [name, inner] : *members) {
    if (!formats::is_json_wrapper(name) && name != "elements") continue;  // as Shopware's Store API lists them
    std::string format;
    if (const json::Array* list = inner.as_array(); list != nullptr && !list->empty()) {
      if (order_in(list->front(), format))
        lists.push_back(list);
      else if (list->front().as_object() != nullptr)
        return false;
    }
    if (!gather_orders(inner, lists)) return false;
  }
  return true;
}

}  // namespace

std::vector<const json::Array*> orders_listed(const json::Value& value) {
  std::vector<const json::Array*> lists;
  if (!gather_orders(value, lists)) lists.clear();
  return lists;
}

Shape shape_of(const json::Value& value) {
  const JsonMeaning meaning = meaning_of(value);
  if (meaning.order || meaning.described) return Shape::ours;
  if (!meaning.product) return orders_listed(value).empty() ? Shape::foreign : Shape::ours;
  // A list of attributes, or a title in several languages, is how others write them.
  const json::Value *attributes = value.find("attributes"), *title = value.find("title");
  if ((attributes != nullptr && attributes->as_array() != nullptr) ||
      (title != nullptr && title->as_object() != nullptr))
    return Shape::foreign;
  // What none but we write; a misspelt member beside it is told.
  for (const char* own : {"attributes", "offer", "associations", "qty_available"})
    if (value.find(own) != nullptr) return Shape::ours;
  const auto unknown = [](const FieldFault& fault) { return fault.code == "unknown"; };
  return std::ranges::any_of(meaning.product->faults, unknown) ? Shape::foreign : Shape::either;
}

}  // namespace pf::exchange
