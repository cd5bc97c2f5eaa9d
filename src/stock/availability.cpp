#include "stock/availability.h"

#include "stock/stock_keys.h"

namespace pf::stock {
namespace {

constexpr std::size_t kSome = 1'000;  // levels read at once

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
    : stock_(stock),
      products_(products),
      family_(store.family(kStockFamily)),
      following_(&events, kEventsFollowedMax, [](std::string_view type) {
        return type == events::type::kStockUpdated || type.starts_with("product.");
      }) {}

Result<std::shared_ptr<const search::Numbers>> Availability::numbers(const storage::Reader& read) {
  const std::lock_guard lock(mutex_);
  // A place that sells no more takes what lies there from every product, and no event names them.
  PF_LET(auto locations, read.get(family_, kLocationsKey));
  PF_LET(const auto news, following_.news(read, std::move(locations).value_or(std::string())));
  if (news.anew)
    PF_TRY(read_all(read));
  else if (news.any())
    PF_TRY(follow(read, news));
  following_.seen(news);
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

Result<> Availability::follow(const storage::Reader& read, const events::News& news) {
  auto numbers = std::make_shared<search::Numbers>(*numbers_);
  const std::vector<std::string> skus(news.skus.begin(), news.skus.end());
  PF_LET(const auto levels, stock_.levels(read, skus));
  for (std::size_t i = 0; i < skus.size(); ++i) {
    PF_LET(const auto document, products_.document(read, skus[i]));
    if (document) put_number(*numbers, *document, levels[i].available());
  }
  numbers_ = std::move(numbers);
  return {};
}

}  // namespace pf::stock
