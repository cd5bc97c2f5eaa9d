#include "stock/availability.h"

#include <set>

#include "stock/stock_keys.h"

namespace pf::stock {
namespace {

constexpr std::size_t kSome = 1'000;  // levels or events read at once

void put_number(search::Numbers& numbers, search::Document document, std::int64_t number) {
  if (numbers.of.size() <= document) {
    if (number == 0) return;
    numbers.of.resize(document + 1);
  }
  numbers.of[document] = number;
}

}  // namespace

Availability::Availability(storage::Store& store, const Stock& stock, const catalog::Products& products,
                           const events::Events& events)
    : stock_(stock), products_(products), events_(events), family_(store.family(kStockFamily)) {}

Result<std::shared_ptr<const search::Numbers>> Availability::numbers(const storage::Reader& read) {
  const std::lock_guard lock(mutex_);
  PF_LET(const auto last, events_.last(read));
  PF_LET(const auto locations, read.get(family_, kLocationsKey));
  PF_LET(const auto first, events_.first(read));
  const std::string places = locations.value_or(std::string());
  // A place that sells no more takes what lies there from every product, and no event names them.
  const bool anew =
      !numbers_ || places != locations_ || first > event_ + 1 || (last > event_ && last - event_ > kEventsFollowedMax);
  if (anew)
    PF_TRY(read_all(read));
  else if (last > event_)
    PF_TRY(follow(read, last));
  event_ = std::max(event_, last);
  locations_ = places;
  return numbers_;
}

// Levels and products both stand in the order of their SKUs, so one walk through each finds who belongs together.
Result<> Availability::read_all(const storage::Reader& read) {
  auto numbers = std::make_shared<search::Numbers>();
  std::vector<std::pair<std::string, Level>> levels;
  std::size_t at = 0;
  bool more = true;
  const auto reach = [&](std::string_view sku) -> Result<> {  // the first level that does not stand before it
    for (; more; ++at) {
      if (at == levels.size()) {
        const std::string after = levels.empty() ? std::string() : levels.back().first;
        PF_LET(levels, stock_.list(read, after, kSome));
        at = 0;
        more = !levels.empty();
        if (!more) break;
      }
      if (levels[at].first >= sku) break;
    }
    return {};
  };
  PF_TRY(products_.each_document(read, [&](std::string_view sku, search::Document document) -> Result<> {
    PF_TRY(reach(sku));
    if (more && levels[at].first == sku) put_number(*numbers, document, levels[at].second.available());
    return {};
  }));
  numbers_ = std::move(numbers);
  return {};
}

Result<> Availability::follow(const storage::Reader& read, std::uint64_t last) {
  std::set<std::string> changed;
  for (std::uint64_t from = event_; from < last;) {
    PF_LET(const auto some, events_.after(read, from, kSome));
    if (some.empty()) break;
    for (const auto& event : some) {
      from = event.number;
      if (event.type != events::type::kStockUpdated && !event.type.starts_with("product.")) continue;
      const json::Value* skus = event.data.find("skus");
      if (skus == nullptr || skus->as_array() == nullptr) continue;
      for (const json::Value& sku : *skus->as_array())
        if (sku.as_string() != nullptr) changed.insert(*sku.as_string());
    }
  }
  if (changed.empty()) return {};
  auto numbers = std::make_shared<search::Numbers>(*numbers_);
  const std::vector<std::string> skus(changed.begin(), changed.end());
  PF_LET(const auto levels, stock_.levels(read, skus));
  for (std::size_t i = 0; i < skus.size(); ++i) {
    PF_LET(const auto document, products_.document(read, skus[i]));
    if (document) put_number(*numbers, *document, levels[i].available());
  }
  numbers_ = std::move(numbers);
  return {};
}

}  // namespace pf::stock
