#include "catalog/normal_value.h"

#include <algorithm>
#include <set>

#include "catalog/harmless_html.h"
#include "catalog/measurement.h"
#include "catalog/product.h"
#include "catalog/search_entry.h"
#include "catalog/value_texts.h"
#include "productflow/money.h"
#include "productflow/text.h"
#include "search/index.h"

namespace pf::catalog {
namespace {

using Type = AttributeType;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// The file's name of an image or file: an upload, an address, or a path as a catalogue's archive has it.
bool is_file_place(std::string_view text) {
  if (check_image(text).ok()) return true;
  return !text.empty() && text.size() <= kImageBytesMax && text.find("://") == std::string_view::npos &&
         text.find("..") == std::string_view::npos && text.front() != '/' &&
         text.find_first_of("\"<>\\^`{|}\t\r\n") == std::string_view::npos;
}

// One value against one attribute; tells its faults under one field.
class Check {
 public:
  Check(const KnownAttribute& known, const Units& units, const std::string& field, std::vector<FieldFault>& faults)
      : known_(known), a_(known.said), units_(units), field_(field), faults_(faults) {}

  std::optional<json::Value> value(const json::Value& in, std::string_view unit, std::string_view currency) {
    switch (known_.type) {
      case Type::text:
      case Type::rich_text:
      case Type::identifier:
        return text(in);
      case Type::reference:
        return a_.reference_kind.empty() ? text(in) : reference(in);
      case Type::references:
        return references(in);
      case Type::number:
      case Type::decimal:
        return number(in);
      case Type::yes_no:
        return yes_no(in);
      case Type::date:
        return date(in);
      case Type::choice:
        return choice(in);
      case Type::choices:
        return choices(in);
      case Type::measurement:
        return measurement(in, unit);
      case Type::price:
        return price(in, currency);
      case Type::image:
      case Type::file:
        return file(in);
      case Type::link:
        return link(in);
      case Type::table:
        return table(in);
    }
    return std::nullopt;
  }

 private:
  std::nullopt_t fault(std::string code, std::string message) {
    faults_.push_back({field_, std::move(code), std::move(message)});
    return std::nullopt;
  }

  // A text, or a number as it is written.
  static std::optional<std::string> written(const json::Value& in) {
    if (const auto* s = in.as_string()) return *s;
    if (const auto* n = in.as_number()) return n->text;
    return std::nullopt;
  }

  std::optional<json::Value> text(const json::Value& in) {
    auto said = written(in);
    if (!said) return fault("type", "must be a text");
    if (known_.type == Type::identifier) {
      said = std::string(trim(*said));
      if (a_.check == "gtin") {
        const auto ean = parse_ean(*said);
        if (!ean.ok()) return fault(ean.error().faults[0].code, ean.error().message);
        said = *ean;
      } else if (a_.check == "isbn") {
        const auto isbn = isbn13(*said);
        if (!isbn)
          return fault("check_digit",
                       "This is not an ISBN: it has 10 or 13 digits, the last of which checks the others.");
        said = *isbn;
      }
    }
    if (known_.type == Type::rich_text) said = harmless_html(*said);
    const auto length = characters(*said);
    const auto& v = a_.validation;
    if (v.length_min && length < static_cast<std::size_t>(*v.length_min))
      fault("too_short",
            "has " + std::to_string(length) + " characters; at least " + std::to_string(*v.length_min) + " are needed");
    if (v.length_max && length > static_cast<std::size_t>(*v.length_max))
      fault("too_long",
            "has " + std::to_string(length) + " characters; at most " + std::to_string(*v.length_max) + " are taken");
    if (known_.pattern && !known_.pattern->matches(*said))
      fault("pattern", "is not written as it must be: " + *v.pattern);
    return json::Value(*std::move(said));
  }

  // Within the attribute's bounds; `amount` is canonical.
  bool in_bounds(const std::string& amount) {
    const auto& v = a_.validation;
    const auto key = number_key(amount);
    const std::size_t faults_before = faults_.size();
    const std::string unit = known_.type == Type::measurement ? " " + a_.unit : "";
    if (v.number_min && key < number_key(v.number_min->text))
      fault("range", "is less than " + v.number_min->text + unit);
    if (v.number_max && key > number_key(v.number_max->text))
      fault("range", "is more than " + v.number_max->text + unit);
    return faults_.size() == faults_before;
  }
  bool few_decimals(const std::string& amount) {
    const auto point = amount.find('.');
    if (!a_.validation.decimals_max || point == std::string::npos ||
        amount.size() - point - 1 <= static_cast<std::size_t>(*a_.validation.decimals_max))
      return true;
    fault("decimals", "has more than " + std::to_string(*a_.validation.decimals_max) + " digits behind the point");
    return false;
  }

  std::optional<json::Value> number(const json::Value& in) {
    const auto said = written(in);
    const auto amount = said ? plain_number(*said) : std::nullopt;
    const bool whole = known_.type == Type::number;
    if (!amount || (whole && amount->find('.') != std::string::npos))
      return fault("number", whole ? "must be a whole number such as 12" : "must be a number such as 12.5");
    const bool few = few_decimals(*amount);
    if (!in_bounds(*amount) || !few) return std::nullopt;
    return json::Value(json::Number{*amount});
  }

  std::optional<json::Value> yes_no(const json::Value& in) {
    if (in.as_bool() != nullptr) return in;
    const auto said = written(in);
    const std::string folded = said ? lower_ascii(trim(*said)) : std::string();
    for (const char* yes : {"1", "true", "yes", "ja", "oui"})
      if (folded == yes) return json::Value(true);
    for (const char* no : {"0", "false", "no", "nee", "nein", "non"})
      if (folded == no) return json::Value(false);
    return fault("yes_no", "must be yes or no (true, false, 1, 0)");
  }

  std::optional<json::Value> date(const json::Value& in) {
    const auto* said = in.as_string();
    auto day = said != nullptr ? iso_date(*said) : std::nullopt;
    if (!day) return fault("date", "must be a day such as 2026-01-31");
    const auto& v = a_.validation;
    if (v.date_min && *day < *v.date_min) return fault("range", "is before " + *v.date_min);
    if (v.date_max && *day > *v.date_max) return fault("range", "is after " + *v.date_max);
    return json::Value(*std::move(day));
  }

  std::optional<std::string> choice_code(std::string_view said) {
    const auto name = trim(said);
    auto at = known_.choice_named.find(std::string(name));
    if (at == known_.choice_named.end()) at = known_.choice_named.find(search::folded(name));
    if (at != known_.choice_named.end()) return a_.choices[at->second].code;
    constexpr std::size_t kShown = 8;  // enough to see how they are written
    std::string known;
    for (std::size_t i = 0; i < std::min(kShown, a_.choices.size()); ++i)
      known += (i == 0 ? "" : ", ") + a_.choices[i].code;
    if (a_.choices.size() > kShown) known += " and " + std::to_string(a_.choices.size() - kShown) + " more";
    fault("choice",
          a_.choices.empty() ? "has no choices yet; describe them first" : "is none of the choices: " + known);
    return std::nullopt;
  }
  // Whether there is such a record is References::settle()'s to look up.
  std::optional<json::Value> reference(const json::Value& in) {
    const auto said = written(in);
    if (!said || trim(*said).empty()) return fault("type", "must be the code of one record of " + a_.reference_kind);
    return json::Value(trim(*said));
  }
  std::optional<json::Value> references(const json::Value& in) {
    const auto said = listed(in, "must be a list of codes of records of " + a_.reference_kind);
    if (!said) return std::nullopt;
    if (said->size() > kReferencesOfValueMax)
      return fault("too_many", "names more than " + std::to_string(kReferencesOfValueMax) + " records");
    json::Value out = json::Value::array();
    for (const auto& one : *said) out.push(one);
    return out;
  }
  // A list, or its parts between commas.
  std::optional<std::vector<std::string>> listed(const json::Value& in, const std::string& wanted) {
    std::vector<std::string> said;
    if (const auto* items = in.as_array()) {
      for (const auto& item : *items) {
        auto one = written(item);
        if (!one) return fault("type", wanted);
        if (!trim(*one).empty()) said.emplace_back(trim(*one));
      }
    } else if (const auto whole = written(in)) {
      for (const auto part : split(*whole, ','))
        if (!trim(part).empty()) said.emplace_back(trim(part));
    } else {
      return fault("type", wanted);
    }
    return said;
  }
  std::optional<json::Value> choice(const json::Value& in) {
    const auto said = written(in);
    if (!said) return fault("type", "must be the code of one choice");
    auto code = choice_code(*said);
    if (!code) return std::nullopt;
    return json::Value(*std::move(code));
  }
  std::optional<json::Value> choices(const json::Value& in) {
    const auto said = listed(in, "must be a list of the choices' codes");
    if (!said) return std::nullopt;
    json::Value out = json::Value::array();
    std::set<std::string> seen;
    bool good = true;
    for (const auto& one : *said) {
      auto code = choice_code(one);
      if (!code)
        good = false;
      else if (seen.insert(*code).second)
        out.push(*std::move(code));
    }
    if (!good) return std::nullopt;
    return out;
  }

  std::optional<json::Value> measurement(const json::Value& in, std::string_view unit_of_cell) {
    const auto* family = units_.family(a_.unit_family);
    std::optional<std::string> said = written(in);
    std::string unit_said(trim(unit_of_cell));
    if (const auto* amount = in.find("amount")) {
      said = written(*amount);
      if (const auto* unit = in.find("unit"); unit != nullptr && !unit->is_null()) {
        if (unit->as_string() == nullptr) return fault("unit", "names a unit that is no text");
        unit_said = *unit->as_string();
      }
    }
    if (!said || family == nullptr)
      return fault("type", "must be an amount and a unit: {\"amount\": 12.5, \"unit\": \"" + a_.unit + "\"}");
    std::string_view amount_said = trim(*said);
    if (unit_said.empty()) {
      const auto [number, behind] = amount_and_unit(amount_said, *family);
      unit_said = behind;
      amount_said = number;
    }
    const auto amount = plain_number(amount_said);
    if (!amount) return fault("number", "must be an amount such as 12.5, with or without a unit");
    const auto* unit = family->unit(unit_said.empty() ? a_.unit : unit_said);
    if (unit == nullptr) return fault("unit", "has a unit that is none of " + family->known());
    const bool few = few_decimals(*amount);
    if (!in_bounds_of_unit(*amount, *unit, *family) || !few) return std::nullopt;
    return json::Value::object({{"amount", json::Number{*amount}}, {"unit", unit->code}});
  }
  bool in_bounds_of_unit(const std::string& amount, const Unit& unit, const UnitFamily& family) {
    if (unit.code == a_.unit) return in_bounds(amount);
    const auto standard = units_.in_standard_unit(amount, unit.code);
    const auto* of = family.unit(a_.unit);
    const auto bound = [&](const std::optional<json::Decimal>& limit) {
      return limit && of != nullptr ? units_.in_standard_unit(limit->text, of->code) : std::nullopt;
    };
    if (!standard) return fault("number", "is an amount that cannot be converted"), false;
    const auto key = number_key(*standard);
    if (const auto min = bound(a_.validation.number_min); min && key < number_key(*min))
      return fault("range", "is less than " + a_.validation.number_min->text + " " + a_.unit), false;
    if (const auto max = bound(a_.validation.number_max); max && key > number_key(*max))
      return fault("range", "is more than " + a_.validation.number_max->text + " " + a_.unit), false;
    return true;
  }

  std::optional<json::Value> price(const json::Value& in, std::string_view currency) {
    if (!a_.currencies.empty() && std::ranges::find(a_.currencies, currency) == a_.currencies.end()) {
      std::string known;
      for (const auto& one : a_.currencies) known += (known.empty() ? "" : ", ") + one;
      return fault("currency", "is in a currency that is none of " + known);
    }
    const auto said = written(in);
    const auto amount = said ? plain_number(*said) : std::nullopt;
    const auto parsed = Currency::parse(currency);
    if (!parsed.ok()) return fault("currency", "names no currency such as EUR");
    const auto money = amount ? parse_money(*amount, *parsed) : Result<Money>(Error{});
    if (!money.ok())
      return fault("amount", "must be an amount such as 19.95, with at most " + std::to_string(parsed->digits()) +
                                 " digits behind the point");
    if (!in_bounds(*amount)) return std::nullopt;
    return json::Value(json::Number{decimal(*money)});
  }

  std::optional<json::Value> file(const json::Value& in) {
    const auto* said = in.as_string();
    if (said == nullptr || !is_file_place(*said))
      return fault("file", "must name an upload (asset:<id>), an address (https://...) or a file");
    const auto& ends = a_.validation.extensions;
    if (!ends.empty() && !said->starts_with("asset:")) {
      const std::string path = lower_ascii(std::string_view(*said).substr(0, said->find_first_of("?#")));
      const auto fits = [&](const std::string& end) { return path.ends_with('.' + end); };
      if (std::ranges::none_of(ends, fits)) {
        std::string known;
        for (const auto& end : ends) known += (known.empty() ? "" : ", ") + end;
        return fault("extension", "must be a file of one of the kinds " + known);
      }
    }
    return in;
  }

  std::optional<json::Value> link(const json::Value& in) {
    if (const auto* one = in.as_string()) {
      if (const auto sku = parse_sku(trim(*one)); !sku.ok()) return fault("sku", sku.error().message);
      return json::Value(trim(*one));
    }
    const auto* items = in.as_array();
    if (items == nullptr) return fault("type", "must be the SKU of a product, or a list of them");
    json::Value out = json::Value::array();
    std::set<std::string> seen;
    for (const auto& item : *items) {
      if (item.as_string() == nullptr) return fault("type", "must be the SKU of a product, or a list of them");
      const auto sku = parse_sku(trim(*item.as_string()));
      if (!sku.ok()) return fault("sku", sku.error().message);
      if (seen.insert(sku->raw()).second) out.push(sku->raw());
    }
    return out;
  }

  std::optional<json::Value> table(const json::Value& in) {
    json::Value rows = in;
    if (const auto* text_said = in.as_string())
      if (auto parsed = json::parse(*text_said); parsed.ok()) rows = *std::move(parsed);
    const auto* list = rows.as_array();
    if (list == nullptr) return fault("type", "must be a list of rows such as [{\"" + a_.columns[0].code + "\": 1}]");
    if (list->size() > kTableRowsMax)
      return fault("too_many", "has more than " + std::to_string(kTableRowsMax) + " rows");
    json::Value out = json::Value::array();
    const std::size_t before = faults_.size();
    for (std::size_t i = 0; i < list->size(); ++i) out.push(row((*list)[i], i + 1));
    if (faults_.size() != before) return std::nullopt;
    return out;
  }
  json::Value row(const json::Value& in, std::size_t number_of_row) {
    json::Value out{json::Members{}};
    const auto bad = [&](const std::string& what) {
      if (faults_.size() < kFaultsMax) fault("table", "row " + std::to_string(number_of_row) + " " + what);
    };
    const auto* cells = in.as_object();
    if (cells == nullptr) return bad("is no object of columns"), out;
    for (const auto& [name, cell] : *cells) {
      const auto column = std::ranges::find(a_.columns, name, &TableColumn::code);
      if (column == a_.columns.end()) {
        bad("has a column that the table has not: " + name.substr(0, kNameBytesMax));
        continue;
      }
      if (cell.is_null()) continue;
      const auto said = written(cell);
      if (column->type == "yes_no" && cell.as_bool() != nullptr)
        out.set(name, cell);
      else if (column->type == "text" && said)
        out.set(name, *said);
      else if (const auto amount = said ? plain_number(*said) : std::nullopt; column->type == "number" && amount)
        out.set(name, json::Number{*amount});
      else
        bad("must have " +
            std::string(column->type == "number"   ? "a number"
                        : column->type == "yes_no" ? "true or false"
                                                   : "a text") +
            " in " + name);
    }
    return out;
  }

  static constexpr std::size_t kFaultsMax = 100;  // of one change's tables; more help nobody
  const KnownAttribute& known_;
  const Attribute& a_;
  const Units& units_;
  const std::string& field_;
  std::vector<FieldFault>& faults_;
};

}  // namespace

std::optional<json::Value> normal_value(const KnownAttribute& attribute, const Units& units, const json::Value& value,
                                        std::string_view unit, std::string_view currency, const std::string& field,
                                        std::vector<FieldFault>& faults) {
  return Check(attribute, units, field, faults).value(value, unit, currency);
}

}  // namespace pf::catalog
