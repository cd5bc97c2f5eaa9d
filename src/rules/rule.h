// A rule of the shop: when something is so, then this is done. Plain values, as the API reads and answers them and as
// they are stored (rule_keys.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/fields.h"
#include "productflow/clock.h"
#include "productflow/names.h"

namespace pf::rules {

inline constexpr std::size_t kRulesMax = 200;            // of products, and as many of orders: all are asked for each
inline constexpr std::size_t kRuleNameBytesMax = 100;    // a line of a list; it stands in every history that it makes
inline constexpr std::size_t kConditionsMax = 50;        // of one rule; more are a formula, or two rules
inline constexpr std::size_t kConditionValuesMax = 500;  // of one condition: a list of SKUs or brands
inline constexpr std::size_t kActionsMax = 20;           // of one rule
inline constexpr std::size_t kRuleBytesMax = 64u << 10;  // as it is stored

// What a rule is about. Stored by name.
enum class On { product, order };
inline constexpr std::array<std::string_view, 2> kOnNames{"product", "order"};

struct ConditionSaid {
  std::string field{}, op{};
  json::Value value{};
  std::optional<std::string> locale{};
  template <class V>
  void fields(V& visit) {
    visit("field", field, "brand, attributes.color, prices.EUR.sell_price; of an order channel, total, skus.");
    visit("operator", op,
          "As in lists: eq, neq, gt, gte, lt, lte, between, nbetween, in, nin, in_or_empty, direct, ndirect, "
          "direct_or_empty (a category itself, not those below), starts, like (contains), nlike or empty.");
    visit("value", value,
          "What it is compared with: for those that take several a list, for between and nbetween one of two, for "
          "empty true or false.");
    visit("locale", locale, "Whose text is meant, instead of the rule's.");
  }
};

struct WhenSaid {
  std::optional<std::string> match{}, formula{};
  std::vector<ConditionSaid> conditions{};
  template <class V>
  void fields(V& visit) {
    visit("match", match, "all (as without it) or any of the conditions.");
    visit("conditions", conditions, "None, and no formula: always.");
    visit("formula", formula, "Must be yes too: lower([brand]) = \"acme\" and [attributes.weight] > 5.");
  }
};

// What is absent stays as it is; of a new rule: is as the summary says.
struct RuleBody {
  std::optional<std::string> name{}, on{}, locale{};
  std::optional<bool> enabled{}, stop{};
  std::optional<WhenSaid> when{};
  json::Value then{};
  template <class V>
  void fields(V& visit) {
    visit("name", name, "What it is called in lists and histories.");
    visit("on", on, "product (as without it) or order; stays.");
    visit("enabled", enabled, "Whether it is in force; true without it.");
    visit("locale", locale, "Whose texts are meant where none is named; empty: the shop's default language.");
    visit("when", when, "What must be so.");
    visit("then", then,
          "A list of actions. Of a product: as a bulk edit's (set, clear, add, remove, replace, move), or "
          "{\"action\": \"derive\", \"field\": \"attributes.label\", \"formula\": \"[brand] & [title]\"}. Of an order: "
          "{\"action\": \"hold\", \"reason\": \"fraud\"}, {\"action\": \"tag\", \"tag\": \"gift\"}, {\"action\": "
          "\"note\", "
          "\"message\": \"...\"}, {\"action\": \"route\", \"method\": \"DHL Express\"}.");
    visit("stop", stop, "Whether no later rule is asked where this one matched.");
  }
};

struct Rule {
  std::uint64_t id = 0, version = 1;
  std::int64_t position = 0;  // its place among those of the same kind
  std::string name{}, locale{};
  On on = On::product;
  bool enabled = true, stop = false;
  WhenSaid when{};
  json::Value then{};
  std::string by{};  // who wrote it last
  Time updated_at{};
};

// How often it has matched since it was made, and what it could not do last.
struct RuleCounts {
  std::uint64_t matched = 0, changed = 0, failed = 0;
  std::string failure{}, failed_at{};  // sentence; the product's SKU
};

json::Value then_schema();
// The rule with what `body` says. Invalid with every fault: when.conditions[0].field, when.formula, then[1].value.
Result<Rule> rule_with(Rule rule, const RuleBody& body);

}  // namespace pf::rules
