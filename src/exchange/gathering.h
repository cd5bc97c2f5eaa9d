// For order files in which several rows make one order.
#pragma once

#include <deque>
#include <unordered_map>

#include "exchange/values.h"

namespace pf::exchange {

// Rows of one order mostly stand together, but not in every report; so this many orders wait for further rows, which
// is some megabytes at most.
inline constexpr std::size_t kOpenOrdersMax = 2'000;

class Gathering : public Party {
 public:
  void row(const Row& row, std::vector<ProductItem>&, std::vector<OrderItem>& orders) override {
    const std::string key(key_of(row));
    if (key.empty()) {
      OrderItem refused;
      refused.lines.push_back(row.line);
      refused.faults.push_back({key_column(), "required", "is empty: the order cannot be told from others"});
      orders.push_back(std::move(refused));
      return;
    }
    auto known = by_key_.find(key);
    if (known == by_key_.end()) {
      while (open_.size() >= kOpenOrdersMax) take_oldest(orders);
      known = by_key_.emplace(key, taken_ + open_.size()).first;
      open_.emplace_back();
      open_.back().order.channel_order_id = key;
      first(row, open_.back());
    }
    OrderItem& item = open_[known->second - taken_];
    item.lines.push_back(row.line);
    line(row, item);
  }
  void flush(std::vector<ProductItem>&, std::vector<OrderItem>& orders) override {
    while (!open_.empty()) take_oldest(orders);
  }

 protected:
  virtual std::string_view key_of(const Row& row) const = 0;
  virtual const char* key_column() const = 0;
  virtual void first(const Row& row, OrderItem& item) = 0;  // what the order's first row says
  virtual void line(const Row& row, OrderItem& item) = 0;   // what every row says
  virtual void last(OrderItem&) {}                          // when all rows are there

 private:
  void take_oldest(std::vector<OrderItem>& orders) {
    last(open_.front());
    by_key_.erase(open_.front().order.channel_order_id);
    orders.push_back(std::move(open_.front()));
    open_.pop_front();
    ++taken_;
  }
  std::deque<OrderItem> open_;
  std::unordered_map<std::string, std::size_t> by_key_;  // -> place in the file's orders
  std::size_t taken_ = 0;
};

}  // namespace pf::exchange
