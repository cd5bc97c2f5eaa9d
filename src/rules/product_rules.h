// The rules of products, compiled once and then asked for each product. ProductRules is a value that never changes: any
// thread. ProductRuling is of one unit of work: one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/bulk_edit.h"
#include "catalog/ruling.h"
#include "rules/product_cells.h"

namespace pf::rules {

class ProductRules {
 public:
  struct Action {
    catalog::BulkAction bulk{};  // of a derived value: what it must fit, as a value that is set
    std::optional<FieldFormula> formula{};
  };
  struct Compiled {
    Rule rule{};
    Condition when{};
    std::vector<Action> then{};
  };

  // Adds the rule as the last one. Invalid with every fault, as rule_with() names them.
  Result<> add(const Rule& rule);
  bool empty() const { return rules_.empty(); }
  const std::vector<Compiled>& all() const { return rules_; }
  const ProductCells& cells() const { return cells_; }
  bool about_offers() const { return prices_ || cells_.about_offers(); }

 private:
  ProductCells cells_{};
  std::vector<Compiled> rules_{};
  bool prices_ = false;
};

// What one rule did, to how many products.
struct Tally {
  std::uint64_t matched = 0, changed = 0, failed = 0;
  std::string failure{}, failed_at{};  // the first sentence, and its product's SKU
};

// A value that the rules would change once more if they were run again: what they make never comes to rest, or only
// later. By the rule that does so, and the one that had made the value before, if one had.
struct Unsettled {
  catalog::RuleName rule{}, before{};
  catalog::FieldName at{};
};

class ProductRuling final : public catalog::Ruling {
 public:
  using Keep = std::function<Result<>(storage::Write&, const ProductRules&, const std::vector<Tally>&)>;
  explicit ProductRuling(std::shared_ptr<const ProductRules> rules, Keep keep = {});

  bool about_offers() const override { return rules_->about_offers(); }
  Result<catalog::Ruled> apply(const catalog::Model& model, const catalog::Languages& languages,
                               catalog::Record& record, catalog::Offer& offer) override;
  Result<> finish(storage::Write& work) override;

  const std::vector<Tally>& tallies() const { return tallies_; }  // in the rules' order
  const ProductRules& rules() const { return *rules_; }

 private:
  const std::shared_ptr<const ProductRules> rules_;
  const Keep keep_;
  std::vector<Tally> tallies_;
};

// What a second run would change of a product that a first one has left so, `made` by rules.
Result<std::vector<Unsettled>> unsettled(const std::shared_ptr<const ProductRules>& rules, const catalog::Model& model,
                                         const catalog::Languages& languages, catalog::Record record,
                                         catalog::Offer offer, const std::vector<catalog::MadeBy>& made);
// The same as sentences, each pair of rules once.
std::vector<std::string> sentences_of(const std::vector<Unsettled>& all);
// Rules that look at what each other change, in a circle, whether or not any product shows it today: a sentence for
// each that `known` does not tell of. One that looks at what it changes itself is none: "if empty, fill it in" comes to
// rest.
std::vector<std::string> circles_of(const ProductRules& rules, const std::vector<Unsettled>& known);

}  // namespace pf::rules
