#include "catalog/history_entry.h"

#include <algorithm>
#include <array>

#include "catalog/catalog_keys.h"
#include "catalog/fragments.h"
#include "json/json.h"
#include "productflow/bytes.h"

namespace pf::catalog {
namespace {

constexpr std::pair<Field, std::string_view> kFieldPaths[] = {{Field::title, "title"},
                                                              {Field::description, "description"},
                                                              {Field::brand, "brand"},
                                                              {Field::ean, "ean"},
                                                              {Field::family, "family"},
                                                              {Field::parent, "parent"},
                                                              {Field::categories, "categories"},
                                                              {Field::images, "images"},
                                                              {Field::enabled, "enabled"},
                                                              {Field::offer_title, "offer.title"},
                                                              {Field::offer_proposition, "offer.proposition"}};
// Fields of which there are several, each with a name behind this.
constexpr std::pair<Field, std::string_view> kNamedPaths[] = {
    {Field::attribute, "attributes."}, {Field::association, "associations."}, {Field::price, "prices."}};

// In a field's place (history_entry.h). Stored on disk: do not change.
constexpr char kMadeByRule = '\x7f';

bool is_named(Field field) {
  return std::ranges::find(kNamedPaths, field, &std::pair<Field, std::string_view>::first) != std::end(kNamedPaths);
}

bool is_text_of_locale(Field field) {
  return field == Field::title || field == Field::description;
}

Error damaged_entry() {
  return error(ErrorCode::internal, "An entry of a product's history is damaged; run `productflow doctor`.");
}

void put_text(std::string& out, std::string_view text) {
  put_size(out, text.size());
  out += text;
}
bool take_text(std::string_view& in, std::string& out) {
  std::size_t size = 0;
  std::string_view bytes;
  if (!take_size(in, size) || !take_bytes(in, size, bytes)) return false;
  out = bytes;
  return true;
}

std::string json_text(std::string_view text) {
  std::string out;
  if (!text.empty()) json::write_string(text, out);
  return out;
}
std::string json_list(const std::vector<std::string>& list) {
  std::string out;
  if (list.empty()) return out;
  for (const auto& one : list) {
    out += out.empty() ? '[' : ',';
    json::write_string(one, out);
  }
  return out + ']';
}

class Differences {
 public:
  std::vector<FieldChange> out{};

  void text(Field field, const std::string& before, const std::string& after, const std::string& locale = {}) {
    if (before != after) out.push_back({{field, {}, locale}, json_text(before), json_text(after)});
  }
  void list(Field field, const std::vector<std::string>& before, const std::vector<std::string>& after) {
    if (before != after) out.push_back({{field, {}, {}}, json_list(before), json_list(after)});
  }
  void attributes(const Attributes& before, const Attributes& after, const std::string& locale = {},
                  Field field = Field::attribute) {
    if (before == after) return;
    std::size_t hint = 0;
    for (const auto& [name, value] : after) {
      const bool in_step = hint < before.size() && before[hint].first == name;
      const std::string* old = in_step ? &before[hint].second : find_attribute(before, name);
      if (in_step) ++hint;
      if (old == nullptr || *old != value)
        out.push_back({{field, name, locale}, old != nullptr ? *old : std::string(), value});
    }
    hint = 0;
    for (const auto& [name, value] : before) {
      if (hint < after.size() && after[hint].first == name) {
        ++hint;
        continue;
      }
      if (find_attribute(after, name) == nullptr) out.push_back({{field, name, locale}, value, {}});
    }
  }
  void texts(const Texts& before, const Texts& after, const std::string& locale) {
    text(Field::title, before.title, after.title, locale);
    text(Field::description, before.description, after.description, locale);
    attributes(before.attributes, after.attributes, locale);
  }
};

bool text_of_json(std::string_view bytes, std::string& out) {
  out.clear();
  if (bytes.empty()) return true;
  const auto value = json::parse(bytes);
  if (!value.ok() || value->as_string() == nullptr) return false;
  out = *value->as_string();
  return true;
}
bool list_of_json(std::string_view bytes, std::vector<std::string>& out) {
  out.clear();
  if (bytes.empty()) return true;
  const auto value = json::parse(bytes);
  if (!value.ok() || value->as_array() == nullptr) return false;
  for (const auto& one : *value->as_array()) {
    if (one.as_string() == nullptr) return false;
    out.push_back(*one.as_string());
  }
  return true;
}

void put_attribute(Attributes& in, const std::string& name, std::string_view bytes) {
  const auto at = std::find_if(in.begin(), in.end(), [&](const auto& one) { return one.first == name; });
  if (bytes.empty()) {
    if (at != in.end()) in.erase(at);
  } else if (at != in.end()) {
    at->second = bytes;
  } else {
    in.emplace_back(name, bytes);
  }
}

}  // namespace

bool is_of_offer(Field field) {
  return field >= Field::price && field <= Field::offer_proposition;
}

std::string field_path(const FieldName& at) {
  for (const auto& [field, path] : kNamedPaths)
    if (field == at.field) return std::string(path) + at.name;
  for (const auto& [field, path] : kFieldPaths)
    if (field == at.field) return std::string(path);
  return {};
}

std::string field_words(const FieldName& at) {
  return at.locale.empty() ? field_path(at) : field_path(at) + " (" + at.locale + ")";
}

std::optional<FieldName> field_named(std::string_view path, std::string_view locale) {
  FieldName out{{}, {}, std::string(locale)};
  for (const auto& [field, start] : kNamedPaths) {
    if (!path.starts_with(start) || path.size() == start.size()) continue;
    if (field != Field::attribute && !locale.empty()) return std::nullopt;
    out.field = field;
    out.name = path.substr(start.size());
    return out;
  }
  for (const auto& [field, name] : kFieldPaths) {
    if (name != path) continue;
    if (is_text_of_locale(field) == locale.empty()) return std::nullopt;
    out.field = field;
    return out;
  }
  return std::nullopt;
}

std::string encode_entry(const HistoryEntry& entry) {
  std::string out;
  std::size_t bytes = 48 + entry.by.size();
  for (const auto& change : entry.changes)
    bytes += change.at.name.size() + change.at.locale.size() + change.before.size() + change.after.size() + 16;
  out.reserve(bytes);
  out.push_back(keys::kRecordFormat);
  out.push_back(static_cast<char>(entry.action));
  out.push_back(static_cast<char>(entry.origin.kind));
  out.push_back(static_cast<char>(entry.by_kind));
  put_be64(out, static_cast<std::uint64_t>(entry.at.time_since_epoch().count()));
  put_size(out, entry.origin.id);
  put_size(out, entry.origin.row);
  put_text(out, entry.by);
  if (entry.origin.kind == Origin::Kind::draft) put_text(out, entry.origin.author);
  const RuleName* rule = nullptr;
  const auto put_change = [&](const FieldChange& change) {
    if (change.rule.id != 0 && (rule == nullptr || !(*rule == change.rule))) {
      rule = &change.rule;
      out.push_back(kMadeByRule);
      put_size(out, rule->id);
      put_text(out, rule->name);
    }
    out.push_back(static_cast<char>(change.at.field));
    if (is_named(change.at.field)) put_text(out, change.at.name);
    put_text(out, change.at.locale);
    put_text(out, change.before);
    put_text(out, change.after);
  };
  // A rule's mark counts until the next, so what no rule made comes first.
  for (const auto& change : entry.changes)
    if (change.rule.id == 0) put_change(change);
  for (const auto& change : entry.changes)
    if (change.rule.id != 0) put_change(change);
  return out;
}

Result<HistoryEntry> decode_entry(std::string_view in) {
  constexpr std::size_t kHead = 4 + 8;
  if (in.size() < kHead || in[0] != keys::kRecordFormat) return damaged_entry();
  HistoryEntry out;
  out.action = static_cast<HistoryEntry::Action>(in[1]);
  out.origin.kind = static_cast<Origin::Kind>(in[2]);
  out.by_kind = static_cast<access::Actor::Kind>(in[3]);
  if (out.action < HistoryEntry::Action::created || out.action > HistoryEntry::Action::deleted ||
      out.origin.kind > Origin::Kind::draft || out.by_kind > access::Actor::Kind::system)
    return damaged_entry();
  out.at = Time(milliseconds(static_cast<std::int64_t>(get_be64(in.substr(4)))));
  in.remove_prefix(kHead);
  std::size_t id = 0, row = 0;
  if (!take_size(in, id) || !take_size(in, row) || !take_text(in, out.by)) return damaged_entry();
  if (out.origin.kind == Origin::Kind::draft && !take_text(in, out.origin.author)) return damaged_entry();
  out.origin.id = id;
  out.origin.row = row;
  RuleName rule;
  while (!in.empty()) {
    if (in.front() == kMadeByRule) {
      std::size_t number = 0;
      in.remove_prefix(1);
      if (!take_size(in, number) || !take_text(in, rule.name)) return damaged_entry();
      rule.id = number;
      continue;
    }
    FieldChange change;
    change.rule = rule;
    change.at.field = static_cast<Field>(in.front());
    in.remove_prefix(1);
    if (change.at.field < Field::title || change.at.field > Field::offer_proposition) return damaged_entry();
    if (is_named(change.at.field) && !take_text(in, change.at.name)) return damaged_entry();
    if (!take_text(in, change.at.locale) || !take_text(in, change.before) || !take_text(in, change.after))
      return damaged_entry();
    out.changes.push_back(std::move(change));
  }
  return out;
}

std::vector<FieldChange> differences(const Record& before, const Record& after) {
  Differences diff;
  static const Texts kNone;
  // Both ascend by locale.
  auto old = before.texts.begin();
  for (const auto& [locale, texts] : after.texts) {
    for (; old != before.texts.end() && old->first < locale; ++old) diff.texts(old->second, kNone, old->first);
    const bool had = old != before.texts.end() && old->first == locale;
    diff.texts(had ? old->second : kNone, texts, locale);
    if (had) ++old;
  }
  for (; old != before.texts.end(); ++old) diff.texts(old->second, kNone, old->first);
  diff.text(Field::brand, before.brand, after.brand);
  diff.text(Field::ean, before.ean, after.ean);
  diff.text(Field::family, before.family, after.family);
  diff.text(Field::parent, before.parent, after.parent);
  diff.list(Field::categories, before.categories, after.categories);
  diff.list(Field::images, before.images, after.images);
  if (before.enabled != after.enabled)
    diff.out.push_back({{Field::enabled, {}, {}}, before.enabled ? "true" : "false", after.enabled ? "true" : "false"});
  diff.attributes(before.attributes, after.attributes);
  diff.attributes(before.associations, after.associations, {}, Field::association);
  return std::move(diff.out);
}

std::string value_of(const Record& record, const FieldName& at) {
  const Texts* texts = at.locale.empty() ? nullptr : record.texts_of(at.locale);
  switch (at.field) {
    case Field::title:
      return texts != nullptr ? json_text(texts->title) : std::string();
    case Field::description:
      return texts != nullptr ? json_text(texts->description) : std::string();
    case Field::brand:
      return json_text(record.brand);
    case Field::ean:
      return json_text(record.ean);
    case Field::family:
      return json_text(record.family);
    case Field::parent:
      return json_text(record.parent);
    case Field::categories:
      return json_list(record.categories);
    case Field::images:
      return json_list(record.images);
    case Field::enabled:
      return record.enabled ? "true" : "false";
    case Field::association: {
      const auto* links = find_attribute(record.associations, at.name);
      return links != nullptr ? *links : std::string();
    }
    case Field::price:
    case Field::offer_title:
    case Field::offer_proposition:
      break;  // offer_field() has these
    case Field::attribute: {
      if (!at.locale.empty() && texts == nullptr) return {};
      const auto* value = find_attribute(texts != nullptr ? texts->attributes : record.attributes, at.name);
      return value != nullptr ? *value : std::string();
    }
  }
  return {};
}

Result<> put_value(Record& record, const FieldName& at, std::string_view bytes) {
  bool good = true;
  const auto texts = [&]() -> Texts& { return record.texts_for(at.locale); };
  switch (at.field) {
    case Field::title:
      good = !at.locale.empty() && text_of_json(bytes, texts().title);
      break;
    case Field::description:
      good = !at.locale.empty() && text_of_json(bytes, texts().description);
      break;
    case Field::brand:
      good = text_of_json(bytes, record.brand);
      break;
    case Field::ean:
      good = text_of_json(bytes, record.ean);
      break;
    case Field::family:
      good = text_of_json(bytes, record.family);
      break;
    case Field::parent:
      good = text_of_json(bytes, record.parent);
      break;
    case Field::categories:
      good = list_of_json(bytes, record.categories);
      break;
    case Field::images:
      good = list_of_json(bytes, record.images);
      break;
    case Field::enabled:
      record.enabled = bytes != "false";
      break;
    case Field::association:
      put_attribute(record.associations, at.name, bytes);
      break;
    case Field::price:
    case Field::offer_title:
    case Field::offer_proposition:
      break;  // put_offer_field() has these
    case Field::attribute:
      put_attribute(at.locale.empty() ? record.attributes : texts().attributes, at.name, bytes);
      break;
  }
  if (!good) return damaged_entry();
  if (!at.locale.empty()) std::erase_if(record.texts, [](const auto& one) { return one.second.empty(); });
  return {};
}

json::Value value_of_bytes(std::string_view bytes) {
  if (bytes.empty()) return nullptr;
  auto value = json::parse(bytes);
  return value.ok() ? *std::move(value) : json::Value(nullptr);
}

void name_rules(std::vector<FieldChange>& changes, std::span<const MadeBy> made) {
  for (auto& change : changes)
    if (const auto by = std::ranges::find(made, change.at, &MadeBy::at); by != made.end()) change.rule = by->rule;
}

json::Value change_value(const FieldChange& change) {
  json::Value out =
      json::Value::object({{"field", field_path(change.at)},
                           {"locale", change.at.locale.empty() ? json::Value(nullptr) : json::Value(change.at.locale)},
                           {"before", value_of_bytes(change.before)},
                           {"after", value_of_bytes(change.after)}});
  if (change.rule.id != 0)
    out.set("rule", json::Value::object({{"id", std::to_string(change.rule.id)}, {"name", change.rule.name}}));
  return out;
}

}  // namespace pf::catalog
