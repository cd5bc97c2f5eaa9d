#include "exchange/json_items.h"

#include <algorithm>

#include "catalog/product_body.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// The member whose list or object is what a file is about, whatever stands beside it.
constexpr std::string_view kWrappers[] = {"data", "orders", "order", "products", "product", "items"};
bool is_wrapper(std::string_view name) {
  return std::ranges::find(kWrappers, name) != std::end(kWrappers);
}

}  // namespace

// Whether what was gathered is `{ "orders" :`, so that the bracket that follows opens the list of items.
bool JsonItems::opens_list() {
  std::string_view text = trim(item_.text);
  if (!text.starts_with('{') || !text.ends_with(':')) return false;
  text = trim(text.substr(1, text.size() - 2));
  return text.size() > 2 && text.front() == '"' && text.back() == '"' && is_wrapper(text.substr(1, text.size() - 2));
}

Result<> JsonItems::take(const std::function<Result<>(JsonItem&&)>& item) {
  JsonItem done = std::move(item_);
  item_ = {};
  in_text_ = escaped_ = false;
  depth_ = 0;
  if (trim(done.text).empty()) return {};
  ++taken_;
  return item(std::move(done));
}

Result<> JsonItems::feed(std::string_view text, const std::function<Result<>(JsonItem&&)>& item) {
  for (const char c : text) {
    if (c == '\n') ++line_;
    if (at_ == At::done) continue;
    if (at_ == At::start) {
      if (is_blank(c)) continue;
      at_ = At::items;
      if (c == '[') {
        in_list_ = true;
        continue;
      }
    }
    const bool lines = !in_list_ && taken_ > 0;
    if (item_.text.empty() && (is_blank(c) || (in_list_ && c == ','))) continue;
    if (lines && c == '\n') {
      PF_TRY(take(item));
      continue;
    }
    if (item_.text.empty()) item_.line = line_;
    if (item_.text.size() >= kJsonItemBytesMax)
      return error(ErrorCode::too_large, "line " + std::to_string(item_.line) + ": a value is larger than " +
                                             std::to_string(kJsonItemBytesMax >> 20) + " MiB");
    if (in_text_) {
      item_.text.push_back(c);
      if (escaped_)
        escaped_ = false;
      else if (c == '\\')
        escaped_ = true;
      else if (c == '"')
        in_text_ = false;
      continue;
    }
    if (in_list_ && depth_ == 0 && (c == ',' || c == ']')) {
      PF_TRY(take(item));
      if (c == ']') at_ = At::done;
      continue;
    }
    if (c == '[' && depth_ == 1 && !in_list_ && taken_ == 0 && opens_list()) {
      in_list_ = true;
      item_ = {};
      depth_ = 0;
      continue;
    }
    item_.text.push_back(c);
    if (c == '"') in_text_ = true;
    if (c == '{' || c == '[') ++depth_;
    if ((c == '}' || c == ']') && --depth_ <= 0 && !lines) PF_TRY(take(item));
  }
  return {};
}

Result<> JsonItems::finish(const std::function<Result<>(JsonItem&&)>& item) {
  const bool cut_off = !trim(item_.text).empty() && (depth_ > 0 || in_text_);
  if (cut_off && (in_list_ || taken_ == 0))
    return error(ErrorCode::invalid, "line " + std::to_string(item_.line) +
                                         ": the file ends inside a value that begins here; it seems to be cut off");
  PF_TRY(take(item));
  if (in_list_ && at_ != At::done)
    return error(ErrorCode::invalid,
                 "line " + std::to_string(line_) + ": the file ends inside its list; it seems to be cut off");
  return {};
}

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
    item.change = std::move(read->change);
    item.sku = read->sku.value_or("");
    item.locale = read->locale.value_or("");
  }
  if (item.sku.empty() && item.faults.empty()) faults.push_back({"sku", "required", "is empty"});
  return item;
}

// A level of stock, as our own export writes it and people may: {"sku": "A", "stock": 12}.
std::optional<ProductItem> level_in(const json::Value& value) {
  const json::Value *sku = value.find("sku"), *pieces = nullptr;
  for (const auto& [name, member] : *value.as_object()) {
    if (name == "qty_available" || name == "stock" || name == "quantity")
      pieces = &member;
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
  return item;
}

}  // namespace

JsonMeaning meaning_of(const json::Value& value) {
  if (const auto* members = value.as_object()) {
    for (const auto& [name, inner] : *members)
      if (is_wrapper(name) && inner.as_object() != nullptr && value.find("sku") == nullptr &&
          value.find("id") == nullptr)
        return meaning_of(inner);
    JsonMeaning out;
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

}  // namespace pf::exchange
