// 1. The list is gone through once, from the top; a rule sees what those above it made.
// 2. What a rule makes is checked like what a person writes. What cannot be stays as it was and is told by rule and
//    action; the rest counts.
// 3. A product that no rule changes is not copied.
#include "rules/product_rules.h"

#include <algorithm>

#include "catalog/changes.h"
#include "catalog/value_rules.h"
#include "json/members.h"
#include "productflow/faults.h"
#include "productflow/sentence.h"

namespace pf::rules {
namespace {

using catalog::BulkAction;
using catalog::Field;
using catalog::FieldName;
using catalog::MadeBy;

// As a bulk edit's actions, for its reader: a derived value must fit where a value that is set does.
json::Value as_bulk(const json::Value& action) {
  if (json::text_in(action, "action") != "derive" || action.as_object() == nullptr) return action;
  json::Value out = json::Value::object({{"action", "set"}});
  for (const auto& [name, value] : *action.as_object())
    if (name != "action" && name != "formula") out.set(name, value);
  if (json::text_in(action, "field") == "enabled")
    out.set("value", true);
  else
    out.set("value", "0");
  return out;
}

// "actions[0].field" of a bulk edit is "then[0].field" here.
std::string of_rule(const std::string& field) {
  return field.starts_with("actions") ? "then" + field.substr(7) : field;
}

bool is_at(const FieldName& at, std::string_view fault) {
  const std::string path = catalog::field_path(at);
  const auto begins = [&](const std::string& with) {
    return fault == with || fault.starts_with(with + "[") || fault.starts_with(with + ".");
  };
  if (begins(path)) return true;
  return !at.locale.empty() && begins("texts." + at.locale + "." + (at.field == Field::attribute ? at.name : path));
}

// The work on one product.
class ProductRun {
 public:
  ProductRun(const ProductRules& rules, std::vector<Tally>& tallies, const catalog::Model& model,
             const catalog::Languages& languages, catalog::Record& record, catalog::Offer& offer)
      : rules_(rules), tallies_(tallies), model_(model), languages_(languages), record_(record), offer_(offer) {}

  Result<catalog::Ruled> run() {
    for (std::size_t i = 0; i < rules_.all().size(); ++i) {
      const auto& rule = rules_.all()[i];
      const std::string& locale = rule.rule.locale.empty() ? languages_.standard() : rule.rule.locale;
      const auto holds = rule.when.holds(subject(locale));
      if (!holds.ok()) {
        if (holds.error().code != ErrorCode::invalid) return holds.error();
        fail(i, "", "when", holds.error().message);
        continue;
      }
      if (!*holds) continue;
      ++tallies_[i].matched;
      bool changed = false;
      for (std::size_t k = 0; k < rule.then.size(); ++k) {
        PF_LET(const bool acted, act(i, k, rule.then[k], locale));
        changed = changed || acted;
      }
      tallies_[i].changed += changed;
      if (rule.rule.stop) break;
    }
    PF_TRY(settle());
    catalog::Ruled out;
    for (const auto& touch : touched_) {
      const bool is_offer = is_of_offer(touch.at.field);
      if ((is_offer ? offer_field(offer_, touch.at) : value_of(record_, touch.at)) != touch.before)
        out.made.push_back({touch.at, name_of_rule(touch.rule)});
    }
    out.failed = std::move(failed_);
    return out;
  }

 private:
  struct Touch {
    FieldName at{};
    std::string before{};  // any rule touched it
    std::size_t rule = 0, action = 0;
  };

  ProductSubject subject(const std::string& locale) const {
    return {rules_.cells(), record_, offer_, locale, languages_.standard(), *model_.units};
  }
  catalog::RuleName name_of_rule(std::size_t rule) const {
    return {rules_.all()[rule].rule.id, rules_.all()[rule].rule.name};
  }
  void fail(std::size_t rule, const std::string& field, const std::string& part, const std::string& why) {
    const std::string what = "The rule \"" + rules_.all()[rule].rule.name + "\" (" + part +
                             ") could not be followed: " + why +
                             (field.empty() ? " It was passed over." : " The value stayed as it was.");
    auto& tally = tallies_[rule];
    ++tally.failed;
    if (tally.failure.empty()) {
      tally.failure = what;
      tally.failed_at = record_.sku;
    }
    failed_.push_back({field, "rule", what});
  }
  void fail(const Touch& touch, const std::string& why) {
    fail(touch.rule, field_words(touch.at), "action " + std::to_string(touch.action + 1), why);
  }

  Result<bool> act(std::size_t rule, std::size_t number, const ProductRules::Action& action,
                   const std::string& locale) {
    bool changed = false;
    for (const FieldName& cell : bulk_cells(action.bulk, record_, locale)) {
      const bool is_offer = is_of_offer(cell.field);
      const std::string before = is_offer ? offer_field(offer_, cell) : value_of(record_, cell);
      Touch touch{cell, before, rule, number};
      auto next = action.formula ? derived(*action.formula, action.bulk, cell, before, locale)
                  : is_offer     ? priced(action.bulk, cell)
                                 : bulk_value(action.bulk, cell, before);
      if (next.ok() && !is_offer && *next != before) next = normal(cell, *next, before);
      if (!next.ok()) {
        if (next.error().code != ErrorCode::invalid) return next.error();
        fail(touch,
             next.error().message + (action.formula && is_offer ? " Let its formula round(..., 2)." : std::string()));
        continue;
      }
      if (*next == before) continue;
      if (is_offer) {
        if (auto put = put_offer_field(offer_, cell, *next); !put.ok()) {
          fail(touch, put.error().message);
          continue;
        }
      } else {
        if (!original_) original_ = record_;
        PF_TRY(put_value(record_, cell, *next));
      }
      note(std::move(touch));
      changed = true;
    }
    return changed;
  }

  // The last rule that changed it counts, and what it was before the first one.
  void note(Touch touch) {
    const auto known = std::ranges::find(touched_, touch.at, &Touch::at);
    if (known == touched_.end()) return touched_.push_back(std::move(touch));
    known->rule = touch.rule;
    known->action = touch.action;
  }

  static Result<std::string> priced(const BulkAction& action, const FieldName& cell) {
    catalog::Offer alone;
    PF_TRY(bulk_offer({action}, alone));
    return offer_field(alone, cell);
  }

  Result<std::string> derived(const FieldFormula& formula, const BulkAction& action, const FieldName& cell,
                              const std::string& before, const std::string& locale) const {
    std::string value;
    if (!before.empty()) {
      PF_LET(const auto now, json::parse(before));
      value = now.as_string() != nullptr ? *now.as_string() : before;
    }
    const std::string& of = cell.locale.empty() ? locale : cell.locale;
    PF_LET(std::string text, formula.work_out(subject(of), value));
    if (text.empty()) return cell.field == Field::enabled ? before : std::string();
    if (cell.field == Field::enabled)
      return std::string(text == "no" || text == "false" || text == "0" ? "false" : "true");
    if (is_of_offer(cell.field)) {
      BulkAction set = action;
      set.value = json::Value(std::move(text));
      return priced(set, cell);
    }
    if (cell.field == Field::categories) return json::write(json::Value(json::Array{json::Value(std::move(text))}));
    return json::write(json::Value(std::move(text)));
  }

  // As a described attribute keeps it: "500 g" becomes an amount with its unit.
  Result<std::string> normal(const FieldName& cell, const std::string& next, const std::string& before) const {
    if (next.empty() || !model_.checks_values()) return next;
    catalog::Record was, is;
    was.sku = is.sku = record_.sku;
    PF_TRY(put_value(was, cell, before));
    PF_TRY(put_value(is, cell, next));
    auto change = change_between(was, is);
    if (!names_described(model_, change)) return next;
    if (cell.field == Field::attribute)
      if (const auto* known = model_.cell(cell.name).attribute; known != nullptr && known->said.unique)
        return invalid(field_path(cell), "unique", "No two products may have the same value, so no rule sets it.");
    std::vector<FieldFault> faults;
    check_values(model_, cell.locale.empty() ? languages_.standard() : cell.locale, change, faults);
    if (!faults.empty()) return invalid(faults[0].field, faults[0].code, faults[0].message);
    PF_LET(const auto applied, catalog::apply(&was, catalog::Sku(was.sku), change, catalog::WriteMode::update,
                                              languages_.standard(), languages_.standard()));
    std::string value = value_of(applied, cell);
    if (value.empty())
      return invalid(field_path(cell), "place",
                     "This attribute has a value for each language, channel or currency; name it.");
    return value;
  }

  void put_back(const Touch& touch) { static_cast<void>(put_value(record_, touch.at, touch.before)); }

  // What the rules for every write say of the whole; what does not fit goes back.
  Result<> settle() {
    if (!original_) return {};
    for (int round = 0; round < 2; ++round) {
      auto applied = catalog::apply(&*original_, catalog::Sku(record_.sku), change_between(*original_, record_),
                                    catalog::WriteMode::update, languages_.standard(), languages_.standard());
      if (applied.ok()) {
        record_ = *std::move(applied);
        return {};
      }
      bool mended = false;
      for (const auto& fault : applied.error().faults)
        for (const auto& touch : touched_) {
          if (is_of_offer(touch.at.field) || !is_at(touch.at, fault.field)) continue;
          put_back(touch);
          fail(touch, fault.message);
          mended = true;
        }
      if (mended && round == 0) continue;
      // Too much altogether: none of it.
      for (const auto& touch : touched_)
        if (!is_of_offer(touch.at.field)) fail(touch, applied.error().message);
      record_ = *original_;
      return {};
    }
    return {};
  }

  const ProductRules& rules_;
  std::vector<Tally>& tallies_;
  const catalog::Model& model_;
  const catalog::Languages& languages_;
  catalog::Record& record_;
  catalog::Offer& offer_;
  std::optional<catalog::Record> original_{};
  std::vector<Touch> touched_{};
  std::vector<FieldFault> failed_{};
};

}  // namespace

Result<> ProductRules::add(const Rule& rule) {
  Faults faults;
  ProductCells cells = cells_;
  const CellNamed cell_named = [&](std::string_view field, std::string_view locale) {
    return cells.named(field, locale);
  };
  Compiled out{rule, Condition::compile(rule.when, cell_named, faults), {}};
  bool prices = prices_;
  const auto* actions = rule.then.as_array();
  if (actions == nullptr || actions->empty() || actions->size() > kActionsMax) {
    faults.add("then", "count",
               "A rule has one to " + std::to_string(kActionsMax) +
                   " actions: [{\"action\": \"set\", \"field\": \"brand\", \"value\": \"Acme\"}].");
  } else {
    json::Array bulk;
    for (const auto& one : *actions) bulk.push_back(as_bulk(one));
    auto read = catalog::bulk_actions_of(json::Value(std::move(bulk)));
    if (!read.ok())
      for (auto& one : read.error().faults) faults.add(of_rule(one.field), one.code.c_str(), one.message);
    for (std::size_t i = 0; read.ok() && i < actions->size(); ++i) {
      const std::string at = "then[" + std::to_string(i) + "].";
      Action action{(*read)[i], {}};
      if (action.bulk.kind == BulkAction::Kind::raise)
        faults.add(
            at + "action", "again",
            "A rule is followed at every change, so a price would rise each time; derive it from another price.");
      if (!may_change(action.bulk.at))
        faults.add(
            at + "field", "field",
            "Rules change title, description, brand, family, categories, enabled, attributes, prices and the offer's "
            "texts; what else a product is belongs to people.");
      prices = prices || is_of_offer(action.bulk.at.field);
      if (json::text_in((*actions)[i], "action") == "derive") {
        auto formula = FieldFormula::parse(json::text_in((*actions)[i], "formula"), at + "formula", cell_named);
        if (formula.ok())
          action.formula = *std::move(formula);
        else
          faults.take(formula.error());
      }
      out.then.push_back(std::move(action));
    }
  }
  PF_TRY(std::move(faults).checked());
  cells_ = std::move(cells);
  prices_ = prices;
  rules_.push_back(std::move(out));
  return {};
}

ProductRuling::ProductRuling(std::shared_ptr<const ProductRules> rules, Keep keep)
    : rules_(std::move(rules)), keep_(std::move(keep)), tallies_(rules_->all().size()) {}

Result<catalog::Ruled> ProductRuling::apply(const catalog::Model& model, const catalog::Languages& languages,
                                            catalog::Record& record, catalog::Offer& offer) {
  return ProductRun(*rules_, tallies_, model, languages, record, offer).run();
}

Result<> ProductRuling::finish(storage::Write& work) {
  return keep_ ? keep_(work, *rules_, tallies_) : Result<>();
}

Result<std::vector<Unsettled>> unsettled(const std::shared_ptr<const ProductRules>& rules, const catalog::Model& model,
                                         const catalog::Languages& languages, catalog::Record record,
                                         catalog::Offer offer, const std::vector<MadeBy>& made) {
  ProductRuling again(rules);
  PF_LET(const auto second, again.apply(model, languages, record, offer));
  std::vector<Unsettled> out;
  for (const auto& one : second.made) {
    const auto first = std::ranges::find(made, one.at, &MadeBy::at);
    out.push_back({one.rule, first != made.end() ? first->rule : catalog::RuleName{}, one.at});
  }
  return out;
}

std::vector<std::string> sentences_of(const std::vector<Unsettled>& all) {
  std::vector<std::string> out;
  for (const auto& one : all) {
    const std::string field = field_words(one.at);
    std::string said;
    if (one.before.id == one.rule.id && !one.before.name.empty())
      said = "The rule \"" + one.rule.name + "\" changes " + field +
             " each time it is followed: what it makes is not " +
             "what it would make of it again. Let its formula start from other fields, or add a condition.";
    else if (!one.before.name.empty())
      said = "The rules \"" + one.before.name + "\" and \"" + one.rule.name + "\" keep changing " + field +
             " of each other. Give them conditions that do not both hold, or leave one of them out.";
    else
      said = "The rule \"" + one.rule.name + "\" changes " + field +
             " only when the rules are followed a second time, for what a later rule made. Move it below that rule.";
    if (std::ranges::find(out, said) == out.end()) out.push_back(std::move(said));
  }
  return out;
}

std::vector<std::string> circles_of(const ProductRules& rules, const std::vector<Unsettled>& known) {
  const auto& all = rules.all();
  const auto is_same = [](const FieldName& a, const FieldName& b) {  // an empty locale is whichever the rule speaks
    return a.field == b.field && a.name == b.name && (a.locale.empty() || b.locale.empty() || a.locale == b.locale);
  };
  // Each rule's cells that it looks at, and then whom it wakes, directly or by others.
  std::vector<std::vector<FieldName>> looks(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto cells = all[i].when.cells();
    for (const auto& action : all[i].then)
      if (action.formula) cells.insert(cells.end(), action.formula->cells().begin(), action.formula->cells().end());
    for (const std::size_t cell : cells)
      if (rules.cells()[cell].kind != ProductCell::Kind::sku) looks[i].push_back(rules.cells()[cell].at);
  }
  std::vector<std::vector<char>> wakes(all.size(), std::vector<char>(all.size()));
  std::vector<std::vector<std::string>> by(all.size());  // what of a rule's work wakes others
  for (std::size_t from = 0; from < all.size(); ++from)
    for (const auto& action : all[from].then)
      for (std::size_t to = 0; to < all.size(); ++to)
        if (to != from && std::ranges::any_of(looks[to], [&](const auto& at) { return is_same(at, action.bulk.at); })) {
          wakes[from][to] = 1;
          by[from].push_back(field_words(action.bulk.at));
        }
  for (std::size_t via = 0; via < all.size(); ++via)
    for (std::size_t from = 0; from < all.size(); ++from)
      for (std::size_t to = 0; wakes[from][via] && to < all.size(); ++to) wakes[from][to] |= wakes[via][to];
  std::vector<std::string> out;
  std::vector<char> told(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (told[i]) continue;
    std::vector<std::string> names, fields;
    std::vector<std::uint64_t> ids;
    for (std::size_t k = i; k < all.size(); ++k) {
      if (k != i && !(wakes[i][k] && wakes[k][i])) continue;
      told[k] = 1;
      ids.push_back(all[k].rule.id);
      names.push_back('"' + all[k].rule.name + '"');
      for (const auto& field : by[k])
        if (std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
    }
    const auto is_of_it = [&](const catalog::RuleName& rule) { return std::ranges::find(ids, rule.id) != ids.end(); };
    if (ids.size() < 2 || std::ranges::any_of(known, [&](const Unsettled& one) {
          return one.rule.id != one.before.id && is_of_it(one.rule) && is_of_it(one.before);
        }))
      continue;
    out.push_back("The rules " + in_sentence(names) + " go in a circle: each looks at what another changes (" +
                  in_sentence(fields) +
                  "). They are followed once, from the top, at every change, so they may undo or repeat each other's "
                  "work at the next one. Let one of them look at other fields, or leave one out.");
  }
  return out;
}

}  // namespace pf::rules
