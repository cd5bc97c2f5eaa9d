// A pick batch: several orders that are picked in one walk past the shelves. Plain values; no personal data.
//
//   open --all that can be is picked or said to be missing--> picked     picked --undo--> open
//   open --stop--> stopped, and what was not picked waits in its order as before
//
// Its orders have slots, 1 to N: the totes on the cart. A scanned piece goes to the first slot that needs it. What is
// picked stands in the orders' own counters, so a batch can be left, and its orders worked on one by one.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "orders/orders.h"

namespace pf::orders {

using BatchId = Id<struct BatchIdTag, std::uint64_t>;  // shown in decimal, from 1 upwards

// Told on the wire by name: do not rename.
enum class BatchStatus { open, picked, stopped };
inline constexpr std::array<std::string_view, 3> kBatchStatusNames{"open", "picked", "stopped"};

struct Batch {
  BatchId id{};
  BatchStatus status = BatchStatus::open;
  std::string by{};  // who made it
  Time created_at{}, updated_at{};
  std::uint32_t scans = 0;
  std::vector<OrderId> orders{};        // the first has slot 1
  std::vector<std::string> channels{};  // of its orders, each once
};

// One step of the walk: a product at its shelf, and the slots that get pieces of it.
struct WalkPlace {
  std::size_t slot = 0;  // from 1
  OrderId order{};
  std::size_t line = 0;
  std::int64_t wanted = 0, picked = 0, missing = 0;  // picked and missing are of the wanted
  bool of_kit = false;                               // the step's product is a part of the line's kit
  std::int64_t open() const { return wanted - picked - missing; }
};
struct WalkStep {
  std::string shelf{}, sku{}, title{};
  std::vector<WalkPlace> places{};  // by slot
  std::int64_t sum(std::int64_t WalkPlace::*what) const {
    std::int64_t all = 0;
    for (const WalkPlace& place : places) all += place.*what;
    return all;
  }
};

}  // namespace pf::orders
