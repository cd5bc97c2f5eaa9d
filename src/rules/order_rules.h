// The rules of orders, compiled once and then asked for each order. A value that never changes: any thread.
#pragma once

#include <string>
#include <vector>

#include "catalog/products.h"
#include "orders/order_ruling.h"
#include "orders/orders.h"
#include "rules/condition.h"

namespace pf::rules {

class OrderRules {
 public:
  struct Compiled {
    Rule rule{};
    Condition when{};
    std::vector<orders::OrderAct> then{};
  };
  // What happened when an order was shown to the rules: a place in all().
  struct Asked {
    std::vector<orders::OrderAct> acts{};
    std::vector<std::size_t> matched{};
    std::vector<std::pair<std::size_t, std::string>> failed{};  // whose condition could not be worked out, and why
  };

  // Adds the rule as the last one. Invalid with every fault.
  Result<> add(const Rule& rule);
  bool empty() const { return rules_.empty(); }
  const std::vector<Compiled>& all() const { return rules_; }
  // Nothing is changed. Reads the products of its lines where a rule asks for them.
  Result<Asked> ask(const storage::Reader& read, const catalog::Products& products, const orders::Order& order) const;

 private:
  std::vector<Compiled> rules_{};
};

}  // namespace pf::rules
