#include "catalog/product_body.h"

#include <algorithm>

#include "catalog/association.h"
#include "catalog/languages.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

// That are told of one product: a body may hold half a million wrong names.
constexpr std::size_t kBodyFaultsMax = 200;

class Reader {
 public:
  Reader(BodyStyle style) : form_(style == BodyStyle::form) {
    out_.change.merge_values = style == BodyStyle::merge_patch;
  }

  Result<ProductBody> read(const json::Value& body) && {
    const auto* members = body.as_object();
    if (members == nullptr) return invalid("", "type", "A product is an object such as {\"title\": \"Blue shirt\"}.");
    for (const auto& [name, value] : *members) field(name, value);
    return std::move(out_);
  }

 private:
  void fault(std::string field, const char* code, std::string message) {
    if (out_.change.wrong.size() < kBodyFaultsMax)
      out_.change.wrong.push_back({std::move(field), code, std::move(message)});
  }

  void field(const std::string& name, const json::Value& value) {
    auto& c = out_.change;
    if (name == "title")
      text(name, value, c.title);
    else if (name == "description")
      text(name, value, c.description);
    else if (name == "brand")
      text(name, value, c.brand);
    else if (name == "ean")
      text(name, value, c.ean);
    else if (name == "family")
      text(name, value, c.family);
    else if (name == "parent")
      parent(value);
    else if (name == "categories")
      list(name, value, c.categories);
    else if (name == "images")
      list(name, value, c.images);
    else if (name == "enabled")
      enabled(value);
    else if (name == "attributes")
      attributes(value);
    else if (name == "associations" && !form_)
      associations(value);
    else if (name == "texts")
      texts(value);
    else if (name == "sku")
      text(name, value, out_.sku);
    else if (name == "locale")
      text(name, value, out_.locale);
    else if (name == "version")
      version(value);
    else if (name == "created_at" || name == "updated_at" || name == "completeness")
      return;
    else if (form_)
      out_.change.attributes.emplace_back(name, value);
    else
      fault(name, "unknown", "is not a field of a product; what is free goes into attributes");
  }

  void text(const std::string& name, const json::Value& value, std::optional<std::string>& out) {
    if (value.is_null())
      out = "";
    else if (const auto* s = value.as_string())
      out = *s;
    else
      fault(name, "type", "must be a text or null");
  }

  void parent(const json::Value& value) {
    if (value.is_null())
      out_.change.parent = std::optional<std::string>();
    else if (const auto* s = value.as_string())
      out_.change.parent = s->empty() ? std::optional<std::string>() : *s;
    else
      fault("parent", "type", "must be the parent's SKU or null");
  }

  void list(const std::string& name, const json::Value& value, std::optional<std::vector<std::string>>& out) {
    out.emplace();
    if (value.is_null()) return;
    const auto item = [&](const std::string& path, const json::Value& v) {
      if (const auto* s = v.as_string())
        out->push_back(*s);
      else
        fault(path, "type", "must be a text");
    };
    if (const auto* items = value.as_array()) {
      for (std::size_t i = 0; i < items->size(); ++i) item(name + "[" + std::to_string(i) + "]", (*items)[i]);
    } else if (const auto* members = value.as_object();
               form_ && members != nullptr) {  // categories[0]=...&categories[1]=...
      for (const auto& [index, v] : *members) item(name + "[" + index + "]", v);
    } else if (const auto* s = value.as_string(); form_ && s != nullptr) {
      if (!s->empty()) out->push_back(*s);
    } else {
      fault(name, "type", "must be a list of texts");
    }
  }

  void enabled(const json::Value& value) {
    const auto* s = form_ ? value.as_string() : nullptr;
    if (value.is_null())
      out_.change.enabled = true;
    else if (const auto* b = value.as_bool())
      out_.change.enabled = *b;
    else if (s != nullptr && (*s == "1" || *s == "true"))
      out_.change.enabled = true;
    else if (s != nullptr && (*s == "0" || *s == "false" || s->empty()))
      out_.change.enabled = false;
    else
      fault("enabled", "type", "must be true or false");
  }

  // What is put into a product is looked for among what it has, so half a million names would take minutes.
  bool few(const json::Members& members, const std::string& name, std::size_t most) {
    if (members.size() <= most) return true;
    fault(name, "too_many",
          "has " + std::to_string(members.size()) + " members, and at most " + std::to_string(most) + " are kept");
    return false;
  }
  void attributes(const json::Value& value) {
    if (value.is_null())
      out_.change.clear_attributes = true;
    else if (const auto* members = value.as_object()) {
      if (few(*members, "attributes", kAttributesMax))
        out_.change.attributes.insert(out_.change.attributes.end(), members->begin(), members->end());
    } else if (const auto* items = value.as_array(); form_ && items != nullptr && items->empty())
      return;
    else
      fault("attributes", "type", "must be an object such as {\"color\": \"blue\"}");
  }

  void associations(const json::Value& value) {
    if (value.is_null())
      out_.change.clear_associations = true;
    else if (const auto* members = value.as_object()) {
      if (few(*members, "associations", kLinkKindsMax))
        out_.change.associations.assign(members->begin(), members->end());
    } else
      fault("associations", "type", "must be an object such as {\"X_SELL\": [\"SKU-1\"]}");
  }

  void texts(const json::Value& value) {
    const auto* locales = value.as_object();
    if (locales == nullptr)
      return fault("texts", "type", "must be an object such as {\"nl-NL\": {\"title\": \"Blauw hemd\"}}");
    if (!few(*locales, "texts", kLanguagesMax)) return;
    for (const auto& [locale, members] : *locales) {
      if (members.as_object() == nullptr)
        fault("texts." + locale, "type", "must be an object such as {\"title\": \"Blauw hemd\"}");
      else if (few(*members.as_object(), "texts." + locale, kAttributesMax + 2))  // title and description
        out_.change.texts.emplace_back(locale, *members.as_object());
    }
  }

  void version(const json::Value& value) {
    auto whole = value.as_int();
    if (const auto* s = value.as_string(); form_ && s != nullptr) whole = parse_int(*s);
    if (whole && *whole > 0)
      out_.version = static_cast<std::uint64_t>(*whole);
    else
      fault("version", "type", "must be the version that was read");
  }

  bool form_;
  ProductBody out_{};
};

json::Value described(json::Value schema, const char* summary) {
  schema.set("description", summary);
  return schema;
}
json::Value type(const char* name) {
  return json::Value::object({{"type", name}});
}
json::Value or_null(const char* name) {
  return json::Value::object({{"type", json::Value(json::Array{name, "null"})}});
}
json::Value texts_list() {
  return json::Value::object({{"type", "array"}, {"items", type("string")}});
}

json::Value properties() {
  return json::Value::object({
      {"title", described(or_null("string"), "In the locale of the call.")},
      {"description", described(or_null("string"), "In the locale of the call; may be HTML.")},
      {"brand", or_null("string")},
      {"ean", described(or_null("string"), "GTIN-8, -12, -13 or -14 with the right check digit.")},
      {"family", or_null("string")},
      {"parent", described(or_null("string"), "SKU of the product that this one is a variant of.")},
      {"categories", described(texts_list(), "Paths such as clothing/shirts.")},
      {"attributes", described(type("object"), "Free names and any JSON values, kept as written; null removes one.")},
      {"associations",
       described(
           type("object"),
           "Links to other products by kind: {\"PACK\": [{\"sku\": \"A\", \"quantity\": 2}]}; a list of SKUs will do, "
           "and a kind that is not named stays.")},
      {"images", described(texts_list(), "https addresses, or asset:<id> of an upload.")},
      {"enabled", type("boolean")},
  });
}

}  // namespace

Result<ProductBody> product_body_of(const json::Value& body, BodyStyle style) {
  return Reader(style).read(body);
}

json::Value product_body_schema() {
  auto all = properties();
  all.set("texts",
          described(type("object"), "Further locales: {\"nl-NL\": {\"title\", \"description\", <attribute>}}."));
  all.set("locale", described(type("string"), "Whose texts title and description are, instead of Accept-Language."));
  all.set("version", described(type("integer"), "When sent, the write is refused unless this is the current version."));
  return json::Value::object({{"type", "object"}, {"properties", std::move(all)}});
}

json::Value product_answer_schema() {
  auto all = properties();
  all.set("sku", type("string"));
  all.set("locale", described(type("string"), "Whose texts these are."));
  all.set("version", described(type("integer"), "Counts up with every change."));
  all.set("completeness",
          described(type("object"),
                    "Where the family is described: percent (the least), per channel and locale with what is missing, "
                    "and hints such as no_image."));
  all.set("inherited",
          described(type("object"),
                    "With include=inherited: what it would have from those above it, each {value, from, overridden}, "
                    "and attributes of these."));
  all.set("columns",
          described(type("object"), "With columns: the value of each that has one, {value, label, from, locale}."));
  for (const char* name : {"created_at", "updated_at"})
    all.set(name, json::Value::object({{"type", "string"}, {"format", "date-time"}}));
  return json::Value::object({{"type", "object"}, {"properties", std::move(all)}});
}

}  // namespace pf::catalog
