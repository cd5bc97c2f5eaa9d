// One wish for many products: set, clear, add, remove, find and replace, move between categories. Pure: what a product
// becomes is told as a change like any other, so the same rules hold for it.
#pragma once

#include <string>
#include <vector>

#include "catalog/history_entry.h"
#include "catalog/product.h"
#include "json/json.h"

namespace pf::catalog {

struct Offer;

inline constexpr std::size_t kBulkActionsMax = 50;
inline constexpr std::size_t kBulkLocalesMax = 100;  // as many as a shop has languages

struct BulkAction {
  enum class Kind {
    set,      // the value, whatever was there
    clear,    // without locales: in every one
    add,      // to a list what it lacks
    remove,   // from a list what it has
    replace,  // every `find` in texts by `with`; without locales: in every one
    move,     // a category, with all below it, to another place
    raise,    // a price by a percentage, or lower it by one below zero; rounded half away from zero
  } kind = Kind::set;
  FieldName at{};                      // its locale is not used
  std::vector<std::string> locales{};  // empty: see kind; for set: of the call, or for everybody
  json::Value value{};  // of set, add and remove; of raise: the percentage, with at most two digits behind the point
  std::string find{}, with{};  // of replace; of move: the paths from and to
};

// [{"action": "set", "field": "attributes.color", "locales": ["nl-NL"], "value": "rood"}, {"action": "replace",
//   "field": "title", "find": "colour", "with": "color"}, {"action": "move", "from": "a/b", "to": "c"}]
// Every fault at once, as actions[0].field; unknown names refused.
Result<std::vector<BulkAction>> bulk_actions_of(const json::Value& list);
json::Value bulk_actions_schema();

// What the actions, one after the other, make of this product; an empty change if nothing. `locale`: of texts for which
// no locale is named. Invalid where a field is not of the kind that an action needs.
Result<ProductChange> bulk_change(const std::vector<BulkAction>& actions, const Record& record,
                                  const std::string& locale);
// The same by parts, for rules: which values one action is about, and what it makes of one of them (JSON bytes; empty:
// none). Not for what belongs to an offer.
std::vector<FieldName> bulk_cells(const BulkAction& action, const Record& record, const std::string& locale);
Result<std::string> bulk_value(const BulkAction& action, const FieldName& cell, const std::string& before);
// What they make of its offer; the fields of an offer are prices.EUR.sell_price, offer.title and offer.proposition.
// Invalid for what no price can be.
Result<> bulk_offer(const std::vector<BulkAction>& actions, Offer& offer);
bool names_offer(const std::vector<BulkAction>& actions);
// A change that makes `after` of `before`, both of the same product.
ProductChange change_between(const Record& before, const Record& after);

}  // namespace pf::catalog
