// The shop's rules: kept in their order, and compiled once for all that they are asked for. Functions that change
// something begin their own unit of work. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "audit/audit.h"
#include "catalog/products.h"
#include "productflow/clock.h"
#include "rules/order_rules.h"
#include "rules/product_rules.h"
#include "rules/rule.h"

namespace pf::rules {

class Rules {
 public:
  static std::vector<storage::Family> families();  // "rules"
  // `products` and `orders` are asked to come by here before they keep anything.
  Rules(storage::Store& store, catalog::Products& products, orders::Orders& orders, audit::Audit& audit,
        const Clock& clock);

  Result<std::vector<Rule>> list(const storage::Reader& read, std::optional<On> on = {}) const;  // in their order
  Result<Rule> find(const storage::Reader& read, std::uint64_t id) const;                        // or not_found
  Result<RuleCounts> counts(const storage::Reader& read, std::uint64_t id) const;

  // The last one of its kind. Invalid with every fault; conflict above kRulesMax.
  Result<Rule> create(const access::Actor& by, const RuleBody& body);
  // `read_version`: what the caller saw; conflict (first fault "stale") when it is no more.
  Result<Rule> change(const access::Actor& by, std::uint64_t id, const RuleBody& body,
                      std::optional<std::uint64_t> read_version);
  Result<> remove(const access::Actor& by, std::uint64_t id, std::optional<std::uint64_t> read_version);
  // All of a kind, in this order; conflict when `ids` are not they.
  Result<std::vector<Rule>> reorder(const access::Actor& by, On on, const std::vector<std::uint64_t>& ids);

  // The rule as `body` would make it (id 0: a new one), kept nowhere; for trying. Invalid with every fault.
  Result<Rule> draft(const storage::Reader& read, std::uint64_t id, const RuleBody& body) const;

  // Those in force, or the one named alone, whether it is in force or not; with `draft` in its place, or as the last.
  Result<std::shared_ptr<const ProductRules>> for_products(const storage::Reader& read, std::uint64_t only = 0,
                                                           const Rule* draft = nullptr) const;
  Result<std::shared_ptr<const OrderRules>> for_orders(const storage::Reader& read, std::uint64_t only = 0,
                                                       const Rule* draft = nullptr) const;
  // That keeps in its unit of work how often each has matched.
  std::unique_ptr<ProductRuling> ruling(std::shared_ptr<const ProductRules> rules) const;
  void count(storage::Write& work, const OrderRules& rules, const OrderRules::Asked& asked,
             const orders::Order& order) const;
  // The rules that send orders to this stock location, in force or not.
  Result<std::vector<Rule>> locating(const storage::Reader& read, std::string_view location) const;
  // What rules keep changing of each other, tried on the shop's first products; as sentences. Never of one `draft`
  // alone.
  Result<std::vector<std::string>> warnings(const storage::Reader& read) const;

 private:
  // As one reader sees them. Null where none is in force.
  struct InForce {
    std::uint64_t version = 0;
    std::shared_ptr<const ProductRules> products{};
    std::shared_ptr<const OrderRules> orders{};
  };
  Result<std::shared_ptr<const InForce>> in_force(const storage::Reader& read) const;
  Result<std::unique_ptr<catalog::Ruling>> begin(const storage::Reader& read) const;
  Result<std::vector<orders::OrderAct>> placed(storage::Write& work, const orders::Order& order) const;
  Result<> check(const storage::Reader& read, const Rule& rule) const;
  Result<> put(storage::Write& work, const access::Actor& by, Rule& rule) const;
  void count(storage::Write& work, std::uint64_t id, const Tally& tally) const;
  Result<> bump(storage::Write& work) const;

  storage::Store& store_;
  catalog::Products& products_;
  orders::Orders& orders_;
  audit::Audit& audit_;
  const Clock& clock_;
  const storage::FamilyRef family_;
  mutable std::mutex mutex_;  // guards what follows
  mutable std::shared_ptr<const InForce> newest_;
};

}  // namespace pf::rules
