#include "api/product_question.h"

#include "api/conditions.h"
#include "gate/list.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

std::vector<std::string> words(std::string_view list) {
  std::vector<std::string> out;
  for (const auto part : split(list, ','))
    if (!trim(part).empty()) out.emplace_back(trim(part));
  return out;
}

}  // namespace

std::string wanted_locale(const gate::Call& call) {
  if (const auto asked = call.query_value("locale"); asked && !asked->empty()) return *asked;
  return call.locale;
}

Result<ProductView> product_view(const gate::Call& call) {
  ProductView out;
  if (const auto fields = call.query_value("fields")) out.fields = words(*fields);
  if (const auto columns = call.query_value("columns")) out.columns = words(*columns);
  if (const auto include = call.query_value("include")) {
    for (const auto& name : words(*include)) {
      if (name == "offer")
        out.offer = true;
      else if (name == "texts")
        out.texts = true;
      else if (name == "inherited")
        out.inherited = true;
      else
        return invalid("include", "unknown", "\"" + name + "\" cannot be included; offer, texts and inherited can.");
    }
  }
  return out;
}

Result<ProductQuestion> product_question(const gate::Call& call, Shows shows) {
  gate::ListRules any_column{.columns = {}, .sortable = {}, .parameters = {"include", "locale"}};
  if (shows == Shows::products) any_column.parameters.push_back("columns");
  PF_LET(auto asked, gate::list_question(call, any_column));
  ProductQuestion out;
  PF_LET(out.view, product_view(call));
  out.page = asked.page;
  out.query.text = std::move(asked.text);
  out.query.cursor = std::move(asked.cursor);
  out.query.count = asked.per_page;
  out.query.offset = asked.offset();
  out.query.facets = std::move(asked.facets);
  out.query.locale = wanted_locale(call);
  out.query.sort = sort_keys(asked);
  out.query.where = conditions(asked);
  return out;
}

namespace {

// Of what a variant has from above, what was asked for of the variant.
json::Value inherited_of(const json::Value& all, const std::vector<std::string>& fields) {
  json::Value out{json::Members{}}, attributes{json::Members{}};
  if (all.as_object() == nullptr) return all;
  const auto* values = all.find("attributes");
  for (const auto& name : fields)
    if (name.starts_with("attributes.")) {
      const auto* value = values != nullptr ? values->find(std::string_view(name).substr(11)) : nullptr;
      if (value != nullptr) attributes.set(name.substr(11), *value);
    } else if (name == "attributes") {
      if (values != nullptr) attributes = *values;
    } else if (const auto* value = all.find(name)) {
      out.set(name, *value);
    }
  out.set("attributes", std::move(attributes));
  return out;
}

}  // namespace

Result<std::string> projected(std::string product, const ProductView& view) {
  if (view.fields.empty()) return product;
  PF_LET(const auto whole, json::parse(product));
  json::Value out{json::Members{}};
  out.set("sku", *whole.find("sku"));
  json::Value attributes{json::Members{}};
  bool some_attributes = false;
  for (const auto& name : view.fields) {
    if (name.starts_with("attributes.")) {
      some_attributes = true;
      const auto* all = whole.find("attributes");
      if (const auto* value = all->find(std::string_view(name).substr(11))) attributes.set(name.substr(11), *value);
    } else if (const auto* value = whole.find(name)) {
      out.set(name, *value);
    }
  }
  if (some_attributes && out.find("attributes") == nullptr) out.set("attributes", std::move(attributes));
  for (const char* name : {"offer", "texts"})
    if (const auto* value = whole.find(name); value != nullptr && out.find(name) == nullptr) out.set(name, *value);
  if (const auto* value = whole.find("inherited")) out.set("inherited", inherited_of(*value, view.fields));
  return json::write(out);
}

}  // namespace pf::api
