#include "catalog/bulk_edit.h"

#include <algorithm>

#include "catalog/association.h"
#include "catalog/changes.h"
#include "catalog/offers.h"
#include "catalog/record.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

using Kind = BulkAction::Kind;

constexpr std::pair<std::string_view, Kind> kActionNames[] = {
    {"set", Kind::set},         {"clear", Kind::clear}, {"add", Kind::add},    {"remove", Kind::remove},
    {"replace", Kind::replace}, {"move", Kind::move},   {"raise", Kind::raise}};

bool is_list_field(Field field) {
  return field == Field::categories || field == Field::images;
}
bool is_links(Field field) {
  return field == Field::association;
}
bool is_localised(Field field) {
  return field == Field::title || field == Field::description || field == Field::attribute;
}

// A percentage in hundredths of a per cent: "2.5" is 250.
std::optional<std::int64_t> basis_points(const json::Value& value) {
  constexpr std::int64_t kMost = 1'000 * 100, kLeast = -100 * 100;
  std::string_view text = value.as_number() != nullptr   ? std::string_view(value.as_number()->text)
                          : value.as_string() != nullptr ? trim(*value.as_string())
                                                         : std::string_view();
  const bool below = text.starts_with('-');
  if (below) text.remove_prefix(1);
  const auto point = text.find('.');
  std::string digits(text.substr(0, point));
  const auto behind = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (digits.empty() || digits.size() > 4 || behind.size() > 2 || (point != std::string_view::npos && behind.empty()))
    return std::nullopt;
  digits.append(behind).append(2 - behind.size(), '0');
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  const auto whole = parse_int(digits);
  if (!whole) return std::nullopt;
  const std::int64_t points = below ? -*whole : *whole;
  return points > kLeast && points <= kMost ? std::optional(points) : std::nullopt;
}

class ActionReader {
 public:
  explicit ActionReader(Error& faults) : faults_(faults) {}

  void read(const json::Value& in, const std::string& path, BulkAction& out) {
    const auto* members = in.as_object();
    if (members == nullptr) return fault(path, "type", "An action is an object such as {\"action\": \"set\", ...}.");
    std::optional<Kind> kind;
    if (const auto* name = text(in, "action"); name != nullptr)
      for (const auto& [word, one] : kActionNames)
        if (word == *name) kind = one;
    if (!kind) return fault(path + ".action", "unknown", "is set, clear, add, remove, replace, move or raise");
    out.kind = *kind;
    const bool moves = *kind == Kind::move;
    const bool has_value = *kind == Kind::set || *kind == Kind::add || *kind == Kind::remove || *kind == Kind::raise;
    for (const auto& [name, ignored] : *members)
      if (name != "action" && !(moves ? name == "from" || name == "to"
                                      : name == "field" || name == "locales" || (has_value && name == "value") ||
                                            (*kind == Kind::replace && (name == "find" || name == "with"))))
        fault(path + "." + name, "unknown", "is not part of this action");
    if (moves) return read_move(in, path, out);
    read_field(in, path, out);
    if (has_value) read_value(in, path, out);
    if (*kind != Kind::replace) return;
    const auto* find = text(in, "find");
    const auto* with = text(in, "with");
    if (find == nullptr || find->empty())
      fault(path + ".find", "required", "Give the text to find.");
    else
      out.find = *find;
    if (with == nullptr)
      fault(path + ".with", "required", "Give the text to put in its place; an empty one takes it away.");
    else
      out.with = *with;
  }

 private:
  void fault(std::string field, std::string code, std::string message) {
    faults_.faults.push_back({std::move(field), std::move(code), std::move(message)});
  }
  static const std::string* text(const json::Value& in, std::string_view name) {
    const auto* value = in.find(name);
    return value != nullptr ? value->as_string() : nullptr;
  }

  void read_move(const json::Value& in, const std::string& path, BulkAction& out) {
    out.at.field = Field::categories;
    for (const auto& [name, to] : {std::pair("from", &out.find), std::pair("to", &out.with)}) {
      const auto* said = text(in, name);
      auto category = said != nullptr ? parse_category(*said) : invalid(name, "required", "Give a category's path.");
      if (category.ok())
        *to = *std::move(category);
      else
        fault(path + "." + name, "category", category.error().message);
    }
  }

  void read_field(const json::Value& in, const std::string& path, BulkAction& out) {
    if (const auto* list = in.find("locales"); list != nullptr && !list->is_null()) {
      if (list->as_array() == nullptr || list->as_array()->empty() || list->as_array()->size() > kBulkLocalesMax)
        return fault(path + ".locales", "type", "is a list of languages such as [\"nl-NL\"], or left out");
      for (const auto& one : *list->as_array()) {
        auto locale = one.as_string() != nullptr ? parse_locale(*one.as_string())
                                                 : invalid("locales", "type", "A language is a text such as nl-NL.");
        if (!locale.ok()) return fault(path + ".locales", "locale", locale.error().message);
        out.locales.push_back(*std::move(locale));
      }
    }
    const auto* name = text(in, "field");
    // A title has a locale and a brand has none; an attribute may have one or not.
    auto named = name == nullptr ? std::nullopt : field_named(*name, out.locales.empty() ? "" : out.locales[0]);
    if (!named && name != nullptr && out.locales.empty()) named = field_named(*name, "en");
    if (!named)
      return fault(path + ".field", "unknown",
                   "is title, description, brand, ean, family, parent, categories, images, enabled or "
                   "attributes.NAME, associations.KIND, prices.EUR.sell_price, offer.title or offer.proposition; only "
                   "texts and attributes have locales");
    named->locale.clear();
    out.at = *std::move(named);
    const Kind kind = out.kind;
    const Field field = out.at.field;
    if (field == Field::price && !names_price(out.at.name))
      fault(path + ".field", "unknown", "A price is named by its currency and kind, such as prices.EUR.sell_price.");
    if (is_of_offer(field) && kind != Kind::set && kind != Kind::clear && kind != Kind::raise)
      fault(path + ".field", "action", "What belongs to an offer is set or cleared, and prices are raised.");
    if (kind == Kind::raise && field != Field::price)
      fault(path + ".field", "action", "Only prices are raised by a percentage.");
    if (is_of_offer(field)) return;
    if (kind == Kind::clear && field == Field::enabled)
      fault(path + ".field", "action", "A product is on or off; set it.");
    if ((kind == Kind::add || kind == Kind::remove) && !is_list_field(field) && field != Field::attribute &&
        !is_links(field))
      fault(path + ".field", "action", "Only categories, images, associations and attributes hold several values.");
    if (kind == Kind::replace && (field == Field::enabled || field == Field::ean || field == Field::parent ||
                                  is_list_field(field) || is_links(field)))
      fault(path + ".field", "action",
            "Texts are found and replaced in title, description, brand, family and attributes.");
  }

  void read_value(const json::Value& in, const std::string& path, BulkAction& out) {
    const auto* value = in.find("value");
    if (value == nullptr || value->is_null())
      return fault(path + ".value", "required",
                   out.kind == Kind::set ? "Give the value; clear takes one away." : "Give the value.");
    out.value = *value;
    if (is_links(out.at.field)) return read_links(path, out);
    if (out.kind == Kind::raise) {
      if (!basis_points(out.value))
        fault(path + ".value", "range",
              "is a percentage above -100 and at most 1000, with two digits behind the point at most");
      return;
    }
    if (out.at.field == Field::price) {
      if (value->as_number() == nullptr && value->as_string() == nullptr)
        fault(path + ".value", "type", "is an amount such as 19.95");
      return;
    }
    const bool listed = out.kind != Kind::set || is_list_field(out.at.field);
    if (listed && out.value.as_array() == nullptr) out.value = json::Value(json::Array{*value});
    if (listed && out.at.field != Field::attribute)
      for (const auto& one : *out.value.as_array())
        if (one.as_string() == nullptr) return fault(path + ".value", "type", "is a text or a list of texts");
    if (out.at.field == Field::enabled && value->as_bool() == nullptr)
      fault(path + ".value", "type", "is true or false");
    else if (out.at.field != Field::enabled && out.at.field != Field::attribute && !listed &&
             value->as_string() == nullptr)
      fault(path + ".value", "type", "is a text");
  }

  void read_links(const std::string& path, BulkAction& out) {
    if (out.value.as_array() == nullptr) out.value = json::Value(json::Array{out.value});
    const std::string links = links_bytes(links_of(out.value, path + ".value", faults_.faults));
    if (auto normal = json::parse(links); normal.ok()) out.value = *std::move(normal);
  }

  Error& faults_;
};

// Of links, the product counts and not how many.
bool same_item(const json::Value& a, const json::Value& b) {
  const auto *sku = a.find("sku"), *other = b.find("sku");
  return sku != nullptr && other != nullptr ? *sku == *other : a == b;
}

void put_in_list(json::Array& list, const json::Array& values) {
  for (const auto& value : values)
    if (std::ranges::none_of(list, [&](const auto& one) { return same_item(one, value); })) list.push_back(value);
}
void take_from_list(json::Array& list, const json::Array& values) {
  std::erase_if(list, [&](const auto& one) {
    return std::ranges::any_of(values, [&](const auto& value) { return same_item(one, value); });
  });
}

std::string replaced(std::string_view text, std::string_view find, std::string_view with) {
  std::string out;
  for (;;) {
    const auto at = text.find(find);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += with;
    text.remove_prefix(at + find.size());
  }
}
// In texts, and in the texts of a list.
void replace_in(json::Value& value, const std::string& find, const std::string& with) {
  if (const auto* text = value.as_string(); text != nullptr) {
    if (text->find(find) != std::string::npos) value = json::Value(replaced(*text, find, with));
  } else if (auto* list = value.as_array()) {
    for (auto& one : *list) replace_in(one, find, with);
  }
}

// "a/b/c" with "a/b" moved to "x": "x/c".
std::string moved(const std::string& path, const std::string& from, const std::string& to) {
  if (path == from) return to;
  return path.starts_with(from + "/") ? to + path.substr(from.size()) : path;
}

}  // namespace

std::vector<FieldName> bulk_cells(const BulkAction& action, const Record& record, const std::string& locale) {
  std::vector<FieldName> all;
  const auto with_locale = [&](const std::string& of) {
    all.push_back(action.at);
    all.back().locale = of;
  };
  if (!is_localised(action.at.field)) {
    all.push_back(action.at);
    return all;
  }
  if (!action.locales.empty()) {
    for (const auto& of : action.locales) with_locale(of);
    return all;
  }
  const bool everywhere = action.kind != Kind::set;
  if (everywhere)
    for (const auto& [of, ignored] : record.texts) {
      FieldName at = action.at;
      at.locale = of;
      if (!value_of(record, at).empty()) with_locale(of);
    }
  if (!all.empty()) return all;
  // An attribute that has one value a language goes to the language of the call, as with any write.
  const bool is_attribute = action.at.field == Field::attribute;
  const bool per_locale =
      !is_attribute || std::any_of(record.texts.begin(), record.texts.end(), [&](const auto& texts) {
        return find_attribute(texts.second.attributes, action.at.name) != nullptr;
      });
  with_locale(per_locale ? locale : std::string());
  return all;
}

Result<std::string> bulk_value(const BulkAction& action, const FieldName& cell, const std::string& before) {
  if (action.kind == Kind::clear) return std::string();
  if (action.kind == Kind::set) {
    const auto* text = action.value.as_string();
    const bool none = text != nullptr && text->empty() && cell.field != Field::attribute;
    return none ? std::string() : json::write(action.value);
  }
  if (before.empty() && action.kind != Kind::add) return std::string();
  json::Value value = json::Value::array();
  if (!before.empty()) {
    PF_LET(value, json::parse(before));
  }
  if (action.kind == Kind::replace) {
    replace_in(value, action.find, action.with);
  } else {
    if (value.as_array() == nullptr)
      return invalid(field_path(cell), "type", "holds one value and no list; set it instead.");
    if (action.kind == Kind::add) {
      put_in_list(*value.as_array(), *action.value.as_array());
    } else if (action.kind == Kind::remove) {
      take_from_list(*value.as_array(), *action.value.as_array());
    } else {  // move
      json::Array paths;
      for (const auto& path : *value.as_array())
        if (path.as_string() != nullptr)
          put_in_list(paths, {json::Value(moved(*path.as_string(), action.find, action.with))});
      value = json::Value(std::move(paths));
    }
  }
  const bool empty = value.as_array() != nullptr ? value.as_array()->empty()
                                                 : value.as_string() != nullptr && value.as_string()->empty();
  return empty ? std::string() : json::write(value);
}

Result<std::vector<BulkAction>> bulk_actions_of(const json::Value& list) {
  const auto* items = list.as_array();
  if (items == nullptr || items->empty() || items->size() > kBulkActionsMax)
    return invalid("actions", "count",
                   "Name one to " + std::to_string(kBulkActionsMax) +
                       " actions: [{\"action\": \"set\", \"field\": \"brand\", \"value\": \"Acme\"}].");
  std::vector<BulkAction> out(items->size());
  Error faults{ErrorCode::invalid, {}, {}};
  ActionReader reader(faults);
  for (std::size_t i = 0; i < items->size(); ++i)
    reader.read((*items)[i], "actions[" + std::to_string(i) + "]", out[i]);
  if (!faults.faults.empty()) return with_faults(std::move(faults), {});
  return out;
}

json::Value bulk_actions_schema() {
  const auto text = [] { return json::Value::object({{"type", "string"}}); };
  json::Value names = json::Value::array();
  for (const auto& [name, ignored] : kActionNames) names.push(name);
  json::Value required = json::Value::array();
  required.push("action");
  return json::Value::object(
      {{"type", "array"},
       {"maxItems", std::uint64_t{kBulkActionsMax}},
       {"items",
        json::Value::object(
            {{"type", "object"},
             {"required", std::move(required)},
             {"properties",
              json::Value::object({{"action", json::Value::object({{"type", "string"}, {"enum", std::move(names)}})},
                                   {"field", text()},
                                   {"locales", json::Value::object({{"type", "array"}, {"items", text()}})},
                                   {"value", json::Value(json::Members{})},
                                   {"find", text()},
                                   {"with", text()},
                                   {"from", text()},
                                   {"to", text()}})}})}});
}

bool names_offer(const std::vector<BulkAction>& actions) {
  return std::ranges::any_of(actions, [](const auto& action) { return is_of_offer(action.at.field); });
}

Result<> bulk_offer(const std::vector<BulkAction>& actions, Offer& offer) {
  for (const auto& action : actions) {
    if (!is_of_offer(action.at.field)) continue;
    if (action.kind == Kind::raise) {
      const std::string_view code = std::string_view(action.at.name).substr(0, 3);
      for (auto& prices : offer.prices)
        for (std::size_t k = 0; k < kPriceKinds && prices.currency.code() == code; ++k) {
          auto& minor = prices.minor[k];
          if (!minor || price_name(static_cast<PriceKind>(k)) != std::string_view(action.at.name).substr(4)) continue;
          const std::int64_t factor = 10'000 + basis_points(action.value).value_or(0);
          if (*minor > INT64_MAX / factor - 1)
            return invalid(field_path(action.at), "range", "This price would be more than can be kept.");
          minor = (*minor * factor + 5'000) / 10'000;  // no price is below zero
        }
      continue;
    }
    if (action.at.field != Field::price) {
      const auto* text = action.kind == Kind::set ? action.value.as_string() : nullptr;
      OfferChange change;
      (action.at.field == Field::offer_title ? change.title : change.proposition) =
          text != nullptr ? *text : std::string();
      PF_TRY(apply_change(offer, change));
      continue;
    }
    json::Value kinds{json::Members{}};
    kinds.set(action.at.name.substr(4), action.kind == Kind::set ? action.value : json::Value());
    json::Value currencies{json::Members{}};
    currencies.set(action.at.name.substr(0, 3), std::move(kinds));
    PF_LET(const auto change, offer_change_of(json::Value::object({{"prices", std::move(currencies)}})));
    PF_TRY(apply_change(offer, change));
  }
  return {};
}

ProductChange change_between(const Record& before, const Record& after) {
  ProductChange change;
  for (const auto& [at, was, bytes, rule] : differences(before, after)) {
    json::Value value;
    if (!bytes.empty()) {
      if (auto parsed = json::parse(bytes); parsed.ok()) value = *std::move(parsed);
    }
    if (!at.locale.empty()) {
      const std::string& locale = at.locale;
      const auto texts = std::ranges::find(change.texts, locale, &std::pair<std::string, json::Members>::first);
      auto& members =
          texts != change.texts.end() ? texts->second : change.texts.emplace_back(at.locale, json::Members{}).second;
      members.emplace_back(at.field == Field::attribute ? at.name : field_path(at), std::move(value));
      continue;
    }
    switch (at.field) {
      case Field::brand:
        change.brand = after.brand;
        break;
      case Field::ean:
        change.ean = after.ean;
        break;
      case Field::family:
        change.family = after.family;
        break;
      case Field::parent:
        change.parent = after.parent.empty() ? std::optional<std::string>() : std::optional(after.parent);
        break;
      case Field::categories:
        change.categories = after.categories;
        break;
      case Field::images:
        change.images = after.images;
        break;
      case Field::enabled:
        change.enabled = after.enabled;
        break;
      case Field::attribute:
        change.attributes.emplace_back(at.name, std::move(value));
        break;
      case Field::association:
        change.associations.emplace_back(at.name, std::move(value));
        break;
      case Field::title:
      case Field::description:
      case Field::price:
      case Field::offer_title:
      case Field::offer_proposition:
        break;
    }
  }
  return change;
}

Result<ProductChange> bulk_change(const std::vector<BulkAction>& actions, const Record& record,
                                  const std::string& locale) {
  Record after = record;
  for (const auto& action : actions) {
    if (is_of_offer(action.at.field)) continue;  // bulk_offer() does these
    for (const auto& cell : bulk_cells(action, after, locale)) {
      PF_LET(const auto bytes, bulk_value(action, cell, value_of(after, cell)));
      PF_TRY(put_value(after, cell, bytes));
    }
  }
  return change_between(record, after);
}

}  // namespace pf::catalog
