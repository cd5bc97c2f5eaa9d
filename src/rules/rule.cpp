#include "rules/rule.h"

#include "catalog/changes.h"
#include "catalog/product.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::rules {

json::Value then_schema() {
  json::Value required = json::Value::array();
  required.push("action");
  return json::Value::object(
      {{"type", "array"},
       {"maxItems", std::uint64_t{kActionsMax}},
       {"items", json::Value::object(
                     {{"type", "object"},
                      {"required", std::move(required)},
                      {"properties", json::Value::object({{"action", json::Value::object({{"type", "string"}})}})}})}});
}

Result<Rule> rule_with(Rule rule, const RuleBody& body) {
  Faults faults;
  if (body.name) rule.name = trim(*body.name);
  if (rule.name.empty())
    faults.add("name", "required", "Give the rule a name; histories and orders tell who changed them by it.");
  else if (rule.name.size() > kRuleNameBytesMax || first_bad_utf8(rule.name) ||
           rule.name.find_first_of("\n\r\t") != std::string::npos)
    faults.add("name", "length", "A name is one line of at most " + std::to_string(kRuleNameBytesMax) + " bytes.");
  if (body.on) {
    const auto on = value_named<On>(kOnNames, *body.on);
    if (!on)
      faults.add("on", "value", "is product or order");
    else if (rule.id != 0 && *on != rule.on)
      faults.add("on", "fixed", "A rule stays what it is about; make another one.");
    else
      rule.on = *on;
  }
  if (body.locale) {
    rule.locale.clear();
    if (!trim(*body.locale).empty()) {
      auto locale = catalog::parse_locale(*body.locale);
      if (locale.ok())
        rule.locale = *std::move(locale);
      else
        faults.add("locale", "locale", locale.error().message);
    }
  }
  if (body.enabled) rule.enabled = *body.enabled;
  if (body.stop) rule.stop = *body.stop;
  if (body.when) rule.when = *body.when;
  if (!body.then.is_null()) rule.then = body.then;
  const std::size_t bytes = json::write(json::write_fields(rule.when)).size() + json::write(rule.then).size();
  if (bytes > kRuleBytesMax)
    faults.add("then", "too_large",
               "A rule has at most " + std::to_string(kRuleBytesMax >> 10) + " KiB; make two of it.");
  PF_TRY(std::move(faults).checked());
  return rule;
}

}  // namespace pf::rules
