#include "catalog/inheritance.h"

#include <algorithm>
#include <unordered_map>
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

Record inherited_only(const Model& model, std::span<const Record* const> line) {
  // An attribute is for everybody or per language, never both: whoever has it one way does not get it the other way.
  // What is nearer than the product that is being looked at says which.
  using Names = std::unordered_set<std::string_view>;
  Names for_all, in_some;
  std::vector<std::pair<std::string_view, Names>> in_language;
  const auto names_in = [&](std::string_view locale) -> Names& {
    for (auto& [known, names] : in_language)
      if (known == locale) return names;
    return in_language.emplace_back(locale, Names{}).second;
  };
  const auto note = [&](const Record& record) {
    for (const auto& [name, bytes] : record.attributes)
      if (says_something(bytes)) for_all.insert(name);
    for (const auto& [locale, texts] : record.texts) {
      Names& names = names_in(locale);
      for (const auto& [name, bytes] : texts.attributes)
        if (says_something(bytes)) {
          names.insert(name);
          in_some.insert(name);
        }
    }
  };
  const Record& own = *line.front();
  note(own);
  Record out;
  for (const Record* above : line.subspan(1)) {
    const auto take = [](const auto& mine, auto& to, const auto& from) {
      if (mine.empty() && to.empty()) to = from;
    };
    take(own.brand, out.brand, above->brand);
    take(own.family, out.family, above->family);
    take(own.categories, out.categories, above->categories);
    take(own.images, out.images, above->images);
    for (const auto& [name, bytes] : above->attributes)
      if (says_something(bytes) && !for_all.contains(name) && !in_some.contains(name) && is_inherited(model, name))
        out.attributes.emplace_back(name, bytes);
    for (const auto& [locale, texts] : above->texts) {
      static const Texts kNothing;
      const Texts* mine = own.texts_of(locale);
      if (mine == nullptr) mine = &kNothing;
      Texts& to = out.texts_for(locale);
      take(mine->title, to.title, texts.title);
      take(mine->description, to.description, texts.description);
      const Names& nearer = names_in(locale);
      for (const auto& [name, bytes] : texts.attributes)
        if (says_something(bytes) && !for_all.contains(name) && !nearer.contains(name) && is_inherited(model, name))
          to.attributes.emplace_back(name, bytes);
    }
    note(*above);
  }
  std::erase_if(out.texts, [](const auto& one) { return one.second.empty(); });
  return out;
}

Record with_inherited(const Model& model, std::span<const Record* const> line) {
  Record out = *line.front();
  if (line.size() < 2) return out;
  Record lacked = inherited_only(model, line);
  const auto fill = [](auto& to, auto& from) {
    if (to.empty()) to = std::move(from);
  };
  const auto fill_values = [](Attributes& to, Attributes& from) {  // what stands there says nothing
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < to.size(); ++i) places.emplace(to[i].first, i);
    for (auto& [name, bytes] : from)
      if (const auto at = places.find(name); at != places.end())
        to[at->second].second = std::move(bytes);
      else
        to.emplace_back(name, std::move(bytes));
  };
  fill(out.brand, lacked.brand);
  fill(out.family, lacked.family);
  fill(out.categories, lacked.categories);
  fill(out.images, lacked.images);
  fill_values(out.attributes, lacked.attributes);
  for (auto& [locale, texts] : lacked.texts) {
    Texts& mine = out.texts_for(locale);
    fill(mine.title, texts.title);
    fill(mine.description, texts.description);
    fill_values(mine.attributes, texts.attributes);
  }
  return out;
}

bool passes_on_the_same(const Record& a, const Record& b) {
  return a.parent == b.parent && a.brand == b.brand && a.family == b.family && a.categories == b.categories &&
         a.images == b.images && a.attributes == b.attributes && a.texts == b.texts && a.standards == b.standards;
}

std::string inherited_json(const Model& model, std::span<const Record* const> line,
                           std::span<const std::string> locales) {
  Inherited fields, attributes;
  const Record& own = *line.front();
  const auto any = [](std::string_view) { return true; };
  const auto counts = [&](std::string_view name) { return is_inherited(model, name); };
  // First what is for everybody or in the language asked for, then what those that lend to it have.
  for (std::size_t lends = 0; lends < locales.size(); ++lends) {
    const std::string_view in = locales[lends];
    const Attributes own_fields = fields_in(own, in);
    const auto has_field = [&](std::string_view name) { return has_value(&own_fields, name); };
    const auto has_attribute = [&](std::string_view name) {
      if (has_value(&own.attributes, name)) return true;
      for (const std::string& one : locales.first(lends + 1))
        if (has_value(attributes_in(own, one), name)) return true;
      return false;
    };
    for (const Record* above : line.subspan(1)) {
      fields.take(fields_in(*above, in), above->sku, has_field, any);
      attributes.take(above->attributes, above->sku, has_attribute, counts);
      if (const auto* texts = attributes_in(*above, in)) attributes.take(*texts, above->sku, has_attribute, counts);
    }
  }
  std::string out = "{" + fields.members();
  if (!fields.members().empty()) out += ',';
  return out + "\"attributes\":{" + attributes.members() + "}}";
}

}  // namespace pf::catalog
