#include "catalog/unchanged.h"

#include <algorithm>

#include "catalog/association.h"
#include "catalog/fragments.h"
#include "catalog/record.h"

namespace pf::catalog {
namespace {

// Whether `json_bytes`, of our own writing, is this text.
bool is_text(std::string_view json_bytes, std::string_view text) {
  if (json_bytes.size() == text.size() + 2 && json_bytes.substr(1, text.size()) == text)
    return json_bytes.front() == '"' && text.find('\\') == std::string_view::npos;
  std::string quoted;
  json::write_string(text, quoted);
  return json_bytes == quoted;
}

// One segment, and where its next attribute is looked for first.
struct Segment {
  std::vector<Fragment> fields, attributes;
  std::size_t next = 0;

  bool read(std::string_view fragments) {
    return take_fragments(fragments, fields) && take_fragments(fragments, attributes);
  }
  const Fragment* attribute(std::string_view name) {
    if (next < attributes.size() && is_text(attributes[next].name, name)) return &attributes[next++];
    quoted_.clear();
    json::write_string(name, quoted_);
    const Fragment* found = find_fragment(attributes, quoted_, next);
    if (found != nullptr) next = static_cast<std::size_t>(found - attributes.data()) + 1;
    return found;
  }
  // An empty text stands for a field that is not there, in a common segment as null.
  bool has_field(std::string_view quoted_name, std::string_view text) const {
    const Fragment* field = find_fragment(fields, quoted_name);
    if (field == nullptr || field->value() == "null") return text.empty();
    return is_text(field->value(), text);
  }
  bool has_field_if_named(std::string_view quoted_name, const std::optional<std::string>& text) const {
    return !text || has_field(quoted_name, *text);
  }
  bool has_list_if_named(std::string_view quoted_name, const std::optional<std::vector<std::string>>& items) const {
    if (!items) return true;
    const Fragment* field = find_fragment(fields, quoted_name);
    if (field == nullptr) return false;
    std::string list = "[";
    for (const std::string& item : *items) {
      if (list.size() > 1) list += ',';
      json::write_string(item, list);
    }
    return field->value() == (list += ']');
  }
  bool has_images(const std::vector<std::string>& images) const {
    if (images.empty()) return true;
    const Fragment* field = find_fragment(fields, "\"images\"");
    const auto list = field != nullptr ? json::parse(field->value()) : Result<json::Value>(json::Value(nullptr));
    const auto* there = list.ok() ? list->as_array() : nullptr;
    return there != nullptr && std::ranges::all_of(images, [&](const std::string& image) {
             return std::ranges::any_of(*there, [&](const json::Value& one) {
               const auto* text = one.as_string();
               return text != nullptr && *text == image;
             });
           });
  }

 private:
  std::string quoted_{};
};

// Whether setting `value` whole leaves the fragment as it is; objects only where they are not merged.
bool is_value(const Fragment* fragment, const json::Value& value, bool merges) {
  if (fragment == nullptr || value.is_null() || (merges && value.as_object() != nullptr)) return false;
  if (const auto* text = value.as_string()) return is_text(fragment->value(), *text);
  return fragment->value() == json::write(value);
}

// Of the stored members, each named kind's links.
bool has_links(const Segment& common, const ProductChange& change) {
  if (change.associations.empty()) return true;
  const Fragment* field = find_fragment(common.fields, "\"associations\"");
  const auto stored =
      field != nullptr ? json::parse(field->value()) : Result<json::Value>(json::Value(json::Members{}));
  if (!stored.ok()) return false;
  std::vector<FieldFault> faults;
  for (const auto& [kind, value] : change.associations) {
    const auto* links = stored->find(kind);
    if (links_bytes(links_of(value, kind, faults)) != (links != nullptr ? json::write(*links) : std::string()))
      return false;
  }
  return faults.empty();
}

}  // namespace

bool leaves_unchanged(const StoredProduct& stored, const ProductChange& change, WriteMode mode,
                      const std::string& locale) {
  if (mode == WriteMode::replace || change.clear_attributes || change.clear_associations) return false;
  Segment common;
  if (!common.read(fragments_of_common(stored.common))) return false;
  if (!common.has_field_if_named("\"brand\"", change.brand) || !common.has_field_if_named("\"ean\"", change.ean) ||
      !common.has_field_if_named("\"family\"", change.family) ||
      (change.parent && !common.has_field("\"parent\"", change.parent->value_or(std::string()))) ||
      !common.has_list_if_named("\"categories\"", change.categories) ||
      !common.has_list_if_named("\"images\"", change.images) || !common.has_images(change.more_images))
    return false;
  if (change.enabled) {
    const Fragment* enabled = find_fragment(common.fields, "\"enabled\"");
    if (enabled == nullptr || (enabled->value() == "true") != *change.enabled) return false;
  }

  if (!has_links(common, change)) return false;

  const auto texts_in = [&](const std::string& wanted) {
    const auto found = std::ranges::find(stored.texts, wanted, &std::pair<std::string, std::string>::first);
    return found == stored.texts.end() ? nullptr : &found->second;
  };
  Segment own;
  if (const auto* bytes = texts_in(locale); bytes != nullptr && !own.read(fragments_of_texts(*bytes))) return false;
  if (!own.has_field_if_named("\"title\"", change.title) ||
      !own.has_field_if_named("\"description\"", change.description))
    return false;
  for (const auto& [name, value] : change.attributes) {
    const Fragment* found = common.attribute(name);
    if (found == nullptr) found = own.attribute(name);
    if (!is_value(found, value, change.merge_values)) return false;
  }
  for (const auto& [name, members] : change.texts) {
    Segment texts;
    if (const auto* bytes = texts_in(name); bytes == nullptr || !texts.read(fragments_of_texts(*bytes))) return false;
    for (const auto& [member, value] : members)
      if (member == "title" || member == "description") {
        if (value.as_string() == nullptr || !texts.has_field('"' + member + '"', *value.as_string())) return false;
      } else if (!is_value(texts.attribute(member), value, false)) {
        return false;
      }
  }
  return true;
}

}  // namespace pf::catalog
