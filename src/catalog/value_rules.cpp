#include "catalog/value_rules.h"

#include <algorithm>

#include "catalog/normal_value.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

using Type = AttributeType;

bool says_nothing(const json::Value& value) {
  return value.is_null() || (value.as_string() != nullptr && value.as_string()->empty());
}

// A change's values, one list (for everybody, or one locale) after the other.
class Values {
 public:
  Values(const Model& model, std::string locale, ProductChange& change, std::vector<FieldFault>& faults)
      : model_(model), locale_(std::move(locale)), change_(change), faults_(faults) {}

  void run() {
    fields();
    auto plain = std::move(change_.attributes);
    change_.attributes.clear();
    list(plain, nullptr, "attributes.");
    auto texts = std::move(change_.texts);
    change_.texts.clear();
    for (auto& [locale, members] : texts) {
      at_locale(locale);  // also one that is left empty
      list(members, &locale, "texts." + locale + ".");
    }
    for (auto& [locale, members] : moved_)
      for (auto& [name, value] : members) put(at_locale(locale), name, std::move(value));
  }

 private:
  json::Members& at_locale(const std::string& locale) {
    for (auto& [name, members] : change_.texts)
      if (name == locale) return members;
    return change_.texts.emplace_back(locale, json::Members{}).second;
  }
  static void put(json::Members& to, const std::string& name, json::Value value) {
    for (auto& [known, old] : to)
      if (known == name) {
        old = std::move(value);
        return;
      }
    to.emplace_back(name, std::move(value));
  }

  // The product's own fields may be described too.
  void fields() {
    field("title", change_.title);
    field("description", change_.description);
    field("brand", change_.brand);
    field("ean", change_.ean);
  }
  void field(const char* name, std::optional<std::string>& text) {
    if (!text || text->empty()) return;
    const auto* known = model_.attribute(name);
    if (known == nullptr || known->said.per_channel) return;
    const auto value = normal_value(*known, *model_.units, json::Value(*text), {}, {}, name, faults_);
    if (value && value->as_string() != nullptr) text = *value->as_string();
  }

  void list(json::Members& in, const std::string* locale, const std::string& path) {
    // A file has the unit in a column of its own, before or behind the amount.
    std::vector<std::pair<std::string, std::string>> units;
    for (const auto& [name, value] : in)
      if (const auto cell = model_.cell(name); cell.is_unit && value.as_string() != nullptr)
        units.emplace_back(name.substr(0, name.size() - 5), *value.as_string());
    for (auto& [name, value] : in) {
      const auto cell = model_.cell(name);
      if (locale != nullptr && (name == "title" || name == "description")) {  // the product's own field
        if (cell.attribute != nullptr && !cell.attribute->said.per_channel && value.as_string() != nullptr &&
            !value.as_string()->empty())
          if (auto good = normal_value(*cell.attribute, *model_.units, value, {}, {}, path + name, faults_))
            value = *std::move(good);
        put(at_locale(*locale), name, std::move(value));
      } else if (!cell.no_channel.empty() && !value.is_null()) {
        faults_.push_back({path + name, "channel", no_such_channel(cell.no_channel)});
      } else if (cell.attribute == nullptr) {
        if (locale == nullptr)
          change_.attributes.emplace_back(std::move(name), std::move(value));
        else
          put(at_locale(*locale), name, std::move(value));
      } else if (cell.is_unit) {
        unit(name, value, in, path);
      } else {
        described(cell, name, value, units, locale, path);
      }
    }
  }

  void unit(const std::string& name, const json::Value& value, const json::Members& in, const std::string& path) {
    if (says_nothing(value)) return;
    const std::string of = name.substr(0, name.size() - 5);
    const auto amount = std::ranges::find(in, of, &json::Members::value_type::first);
    if (amount == in.end() || amount->second.is_null())
      faults_.push_back({path + name, "amount", "is a unit without its amount; say " + of + " beside it"});
  }

  void described(const Cell& cell, const std::string& name, const json::Value& value,
                 const std::vector<std::pair<std::string, std::string>>& units, const std::string* locale,
                 const std::string& path) {
    const auto& a = cell.attribute->said;
    if (a.per_channel && cell.channel.empty() && !value.is_null()) return per_channel(name, value, units, locale, path);
    if (cell.attribute->type == AttributeType::price && cell.currency.empty() && !value.is_null())
      return per_currency(a, name, value, locale, path);
    const std::string field = path + name;
    if (locale != nullptr && !a.localisable) {
      faults_.push_back({field, "not_localisable", "has one value for all languages; leave the language out"});
      return;
    }
    if (says_nothing(value)) return keep(a, name, json::Value(nullptr), locale);
    const auto of = std::ranges::find(units, name, &std::pair<std::string, std::string>::first);
    auto normal = normal_value(*cell.attribute, *model_.units, value,
                               of == units.end() ? std::string_view() : of->second, cell.currency, field, faults_);
    if (normal) keep(a, name, *std::move(normal), locale);
  }

  void keep(const Attribute& a, const std::string& name, json::Value value, const std::string* locale) {
    if (locale != nullptr)
      put(at_locale(*locale), name, std::move(value));
    else if (!a.localisable)
      change_.attributes.emplace_back(name, std::move(value));
    else if (value.is_null())
      change_.attributes.emplace_back(name, std::move(value));  // goes from where it is
    else
      put(moved(locale_), name, std::move(value));
  }
  json::Members& moved(const std::string& locale) {
    for (auto& [name, members] : moved_)
      if (name == locale) return members;
    return moved_.emplace_back(locale, json::Members{}).second;
  }

  std::string no_such_channel(std::string_view name) const {
    std::string known;
    for (const auto& [channel, ignored] : model_.channels) known += (known.empty() ? "" : ", ") + channel;
    return "There is no channel " + std::string(name.substr(0, kNameBytesMax)) +
           (known.empty() ? "." : "; there are: " + known + ".");
  }

  void per_channel(const std::string& name, const json::Value& value,
                   const std::vector<std::pair<std::string, std::string>>& units, const std::string* locale,
                   const std::string& path) {
    const auto* members = value.as_object();
    if (members != nullptr) {
      for (const auto& [channel, one] : *members) {
        const std::string cell_name = name + "-" + channel;
        const auto cell = model_.cell(cell_name);
        if (cell.channel.empty())
          faults_.push_back({path + name, "channel", no_such_channel(channel)});
        else
          described(cell, cell_name, one, units, locale, path);
      }
      return;
    }
    std::string known;
    for (const auto& [channel, ignored] : model_.channels) known += (known.empty() ? "" : ", ") + name + "-" + channel;
    faults_.push_back({path + name, "channel",
                       known.empty() ? "has a value per channel, and no channel is described yet"
                                     : "has a value per channel; write it as " + known});
  }

  void per_currency(const Attribute& a, const std::string& name, const json::Value& value, const std::string* locale,
                    const std::string& path) {
    const auto one = [&](const std::string& currency, const json::Value& amount) {
      const std::string cell_name = name + "-" + currency;
      const auto cell = model_.cell(cell_name);
      if (cell.currency.empty())
        faults_.push_back({path + name, "currency", "names no currency such as EUR"});
      else
        described(cell, cell_name, amount, {}, locale, path);
    };
    if (const auto* members = value.as_object()) {
      for (const auto& [currency, amount] : *members) one(currency, amount);
    } else if (const auto* items = value.as_array()) {  // as Akeneo's API has it
      for (const auto& item : *items) {
        const auto *amount = item.find("amount"), *currency = item.find("currency");
        if (amount == nullptr || currency == nullptr || currency->as_string() == nullptr)
          faults_.push_back({path + name, "type", "must be amounts by currency such as {\"EUR\": 19.95}"});
        else
          one(*currency->as_string(), *amount);
      }
    } else if (a.currencies.size() == 1) {
      one(a.currencies[0], value);
    } else {
      faults_.push_back({path + name, "currency", "must say its currency: {\"EUR\": 19.95}"});
    }
  }

  const Model& model_;
  const std::string locale_;
  ProductChange& change_;
  std::vector<FieldFault>& faults_;
  std::vector<std::pair<std::string, json::Members>> moved_{};
};

}  // namespace

bool names_described(const Model& model, const ProductChange& change) {
  if (!change.associations.empty() && !model.association_types.empty()) return true;
  if (!model.checks_values()) return false;
  const auto any = [&](const json::Members& members) {
    return std::ranges::any_of(members, [&](const auto& one) {
      const auto cell = model.cell(one.first);
      return cell.attribute != nullptr || !cell.no_channel.empty();
    });
  };
  for (const auto& [name, text] :
       {std::pair<std::string_view, const std::optional<std::string>&>{"title", change.title},
        {"description", change.description},
        {"brand", change.brand},
        {"ean", change.ean}})
    if (text && model.attribute(name) != nullptr) return true;
  return any(change.attributes) ||
         std::ranges::any_of(change.texts, [&](const auto& texts) { return any(texts.second); });
}

void check_values(const Model& model, const std::string& locale, ProductChange& change,
                  std::vector<FieldFault>& faults) {
  check_links(model, change, faults);
  Values(model, locale, change, faults).run();
}

}  // namespace pf::catalog
