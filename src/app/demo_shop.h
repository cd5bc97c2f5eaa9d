// The believable shop of `productflow demo`: a deterministic generator of products in families with variants and four
// locales, and of orders with invented buyers. Pure data; demo.cpp puts it into a house.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/demo_pictures.h"
#include "catalog/product.h"
#include "orders/order.h"

namespace pf::app {

inline constexpr std::size_t kDemoProducts = 600;
inline constexpr std::size_t kDemoOrders = 300;
inline constexpr int kDemoDays = 40;  // longer than the vault remembers, so some buyers are forgotten already

// The same numbers from the same seed on every machine (SplitMix64, Steele et al. 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }  // REQUIRES: n > 0
  template <class List>
  const auto& pick(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::uint64_t state_;
};

// "mug" -> "MUG", as it stands in the demo's SKUs and tracking numbers.
std::string code_of(std::string_view word);

struct DemoProduct {
  std::string sku;
  catalog::ProductChange change;  // default locale en-GB, texts for nl-NL, de-DE and fr-FR; images left empty
  std::int64_t price_minor = 0;   // EUR; 0 for a parent, which is not sold itself
  std::int64_t stock = 0;
  Shape shape = Shape::mug;
  Colour colour{};
  unsigned pattern = 0;
};
std::vector<DemoProduct> demo_products();

// What happens to the order after it was placed.
enum class DemoFate { waits, accepted, shipped, shipped_in_part, cancelled };
struct DemoOrder {
  milliseconds age{};        // placed this long before now; oldest first
  orders::PlaceOrder order;  // placed_at left empty
  DemoFate fate = DemoFate::waits;
  std::string carrier, track_and_trace;
  std::string note;
};
std::vector<DemoOrder> demo_orders(const std::vector<DemoProduct>& products);

}  // namespace pf::app
