#include "catalog/inheritance.h"

#include <algorithm>
#include <unordered_set>

#include "json/json.h"

namespace pf::catalog {
namespace {

void add_text_bytes(Attributes& to, const char* name, const std::string& text) {
  if (text.empty()) return;
  std::string quoted;
  json::write_string(text, quoted);
  to.emplace_back(name, std::move(quoted));
}

void add_list_bytes(Attributes& to, const char* name, const std::vector<std::string>& list) {
  if (list.empty()) return;
  json::Value all = json::Value::array();
  for (const auto& one : list) all.push(one);
  to.emplace_back(name, json::write(all));
}

const Attributes* attributes_in(const Record& record, std::string_view locale) {
  const auto* texts = record.texts_of(locale);
  return texts != nullptr ? &texts->attributes : nullptr;
}

// A product's fields that its variants inherit, in one language and for everybody.
Attributes fields_in(const Record& record, std::string_view locale) {
  Attributes out;
  if (const auto* texts = record.texts_of(locale)) {
    add_text_bytes(out, "title", texts->title);
    add_text_bytes(out, "description", texts->description);
  }
  add_text_bytes(out, "brand", record.brand);
  add_text_bytes(out, "family", record.family);
  add_list_bytes(out, "categories", record.categories);
  add_list_bytes(out, "images", record.images);
  return out;
}

// Collects `"name":{"value":...,"from":...,"overridden":...}`, the first found of each name.
class Inherited {
 public:
  void take(const Attributes& values, const std::string& from, const auto& has_own, const auto& counts) {
    for (const auto& [name, bytes] : values) {
      if (!says_something(bytes) || !counts(name) || !seen_.insert(name).second) continue;
      if (!out_.empty()) out_ += ',';
      json::write_string(name, out_);
      out_.append(":{\"value\":").append(bytes).append(",\"from\":");
      json::write_string(from, out_);
      out_ += has_own(name) ? ",\"overridden\":true}" : ",\"overridden\":false}";
    }
  }
  const std::string& members() const { return out_; }

 private:
  std::unordered_set<std::string> seen_{};
  std::string out_{};
};

bool has_value(const Attributes* in, std::string_view name) {
  const auto* bytes = in != nullptr ? find_attribute(*in, name) : nullptr;
  return bytes != nullptr && says_something(*bytes);
}

}  // namespace

bool says_something(std::string_view bytes) {
  return bytes != "\"\"" && bytes != "[]" && bytes != "{}" && bytes != "null";
}

bool is_inherited(const Model& model, std::string_view attribute) {
  return std::ranges::none_of(model.unique, [&](const auto& known) { return known->said.code == attribute; });
}

Record with_inherited(const Model& model, std::span<const Record* const> line) {
  Record out = *line.front();
  // An attribute is for everybody or per language, never both: whoever has it one way does not get it the other way.
  const auto put = [&](Attributes& to, const std::string& name, const std::string& bytes) {
    for (auto& [known, old] : to)
      if (known == name) {
        if (!says_something(old)) old = bytes;
        return;
      }
    to.emplace_back(name, bytes);
  };
  for (const Record* above : line.subspan(1)) {
    const Record had = out;
    const auto has_in_a_language = [&](const std::string& name) {
      return std::ranges::any_of(had.texts,
                                 [&](const auto& texts) { return has_value(&texts.second.attributes, name); });
    };
    for (auto [to, from] : {std::pair(&out.brand, &above->brand), {&out.family, &above->family}})
      if (to->empty()) *to = *from;
    for (auto [to, from] : {std::pair(&out.categories, &above->categories), {&out.images, &above->images}})
      if (to->empty()) *to = *from;
    for (const auto& [name, bytes] : above->attributes)
      if (is_inherited(model, name) && says_something(bytes) && !has_in_a_language(name))
        put(out.attributes, name, bytes);
    for (const auto& [locale, texts] : above->texts) {
      Texts& mine = out.texts_for(locale);
      if (mine.title.empty()) mine.title = texts.title;
      if (mine.description.empty()) mine.description = texts.description;
      for (const auto& [name, bytes] : texts.attributes)
        if (is_inherited(model, name) && says_something(bytes) && !has_value(&had.attributes, name))
          put(mine.attributes, name, bytes);
      if (mine.empty()) std::erase_if(out.texts, [](const auto& one) { return one.second.empty(); });
    }
  }
  return out;
}

std::string inherited_json(const Model& model, std::span<const Record* const> line, std::string_view locale,
                           std::string_view default_locale) {
  Inherited fields, attributes;
  const Record& own = *line.front();
  const auto any = [](std::string_view) { return true; };
  const auto counts = [&](std::string_view name) { return is_inherited(model, name); };
  // First what is for everybody or in the language asked for, then what is in the shop's first one.
  for (const std::string_view in : {locale, default_locale}) {
    const Attributes own_fields = fields_in(own, in);
    const auto has_field = [&](std::string_view name) { return has_value(&own_fields, name); };
    const auto has_attribute = [&](std::string_view name) {
      return has_value(&own.attributes, name) || has_value(attributes_in(own, locale), name) ||
             has_value(attributes_in(own, in), name);
    };
    for (const Record* above : line.subspan(1)) {
      fields.take(fields_in(*above, in), above->sku, has_field, any);
      attributes.take(above->attributes, above->sku, has_attribute, counts);
      if (const auto* texts = attributes_in(*above, in)) attributes.take(*texts, above->sku, has_attribute, counts);
    }
    if (locale == default_locale) break;
  }
  std::string out = "{" + fields.members();
  if (!fields.members().empty()) out += ',';
  return out + "\"attributes\":{" + attributes.members() + "}}";
}

}  // namespace pf::catalog
