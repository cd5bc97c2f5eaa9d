#include "app/demo.h"

#include <map>

#include "app/demo_shop.h"
#include "app/house.h"
#include "crypto/crypto.h"
#include "productflow/text.h"
#include "stock/shelves.h"

namespace pf::app {
namespace {

constexpr std::chrono::hours kDemoShipWithin{72};  // what its channels promise; some orders are late already

// Starts in the past and is moved by hand. The machine's own boot is unlike it, so the real clock takes over afterwards
// as after a restart.
class TravellingClock final : public Clock {
 public:
  explicit TravellingClock(Time start) : now_(start) {}
  Time now() const override { return now_; }
  milliseconds since_boot() const override { return now_.time_since_epoch(); }
  std::string boot_id() const override { return "demo"; }
  void travel_to(Time time) { now_ = std::max(now_, time); }

 private:
  Time now_;
};

access::Actor demo_clerk() {
  access::Actor clerk = access::system_actor();
  clerk.name = "demo";
  return clerk;
}

Result<> add_products(House& house, const std::vector<DemoProduct>& products) {
  std::map<std::string, std::string> pictures;  // drawn once for all sizes of a colour
  std::vector<catalog::ProductRow> rows;
  PF_TRY(house.store->write([&](storage::Write& work) -> Result<> {
    PF_TRY(house.products->set_languages(work, demo_clerk(), {{"en-GB", "nl-NL", "de-DE", "fr-FR"}, true}));
    for (const DemoProduct& product : products) {
      catalog::ProductRow row{catalog::Sku(product.sku), product.change, "en-GB"};
      const std::string picture =
          std::to_string(static_cast<int>(product.shape)) + "/" +
          hex(std::string{static_cast<char>(product.colour.r), static_cast<char>(product.colour.g),
                          static_cast<char>(product.colour.b)}) +
          "/" + std::to_string(product.pattern % 4);
      if (!pictures.contains(picture)) {
        PF_LET(const auto stored,
               house.assets->put(work, draw_product(product.shape, product.colour, product.pattern)));
        pictures[picture] = "asset:" + stored.asset.id;
      }
      row.change.images = std::vector<std::string>{pictures[picture]};
      if (row.change.description && row.change.description->empty()) row.change.description.reset();
      rows.push_back(std::move(row));
    }
    return {};
  }));
  const Currency eur = *Currency::parse("EUR");
  stock::Shelves shelves(*house.store);
  std::size_t stands = 0;  // one product after the other along the shelves: 24 places a zone, 4 above each other
  return house.store->write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto outcomes, house.products->upsert_many(work, rows, {.locale = "en-GB", .by = demo_clerk()}));
    for (const auto& outcome : outcomes)
      if (!outcome.outcome) return outcome.error;
    for (const DemoProduct& product : products) {
      if (product.price_minor == 0) continue;
      catalog::OfferChange offer;
      offer.prices = {{"EUR", {{catalog::PriceKind::sell_price, decimal({product.price_minor, eur})}}}};
      PF_LET(const auto document, house.products->document(work, product.sku));
      PF_TRY(house.offers->upsert_read(work, catalog::Sku(product.sku), document.value_or(0), std::nullopt, offer));
      PF_TRY(house.stock->set_available(work, demo_clerk(), product.sku, product.stock));
      PF_TRY(shelves.set(work, product.sku,
                         std::string(1, static_cast<char>('A' + stands / 24 % 26)) + "-" +
                             std::to_string(stands / 4 % 6 + 1) + "-" + std::to_string(stands % 4 + 1)));
      ++stands;
    }
    return {};
  });
}

Result<> live_through(House& house, TravellingClock& clock, Time now, const std::vector<DemoOrder>& orders) {
  const access::Actor clerk = demo_clerk();
  struct Later {
    std::size_t order;
    orders::OrderId id;
  };
  std::multimap<Time, Later> later;  // what the clerk does some hours after an order came
  const auto work_until = [&](Time time) -> Result<> {
    while (!later.empty() && later.begin()->first <= time) {
      const auto [at, task] = *later.begin();
      later.erase(later.begin());
      clock.travel_to(at);
      const DemoOrder& demo = orders[task.order];
      if (demo.fate == DemoFate::cancelled) {
        PF_TRY(house.orders->cancel(clerk, task.id, "buyer changed their mind", {}));
        continue;
      }
      PF_TRY(house.orders->accept(clerk, task.id));
      if (demo.fate == DemoFate::accepted) continue;
      orders::Shipment shipment{"", demo.carrier, demo.track_and_trace, {}};
      if (demo.fate == DemoFate::shipped_in_part) {
        PF_LET(const auto order, house.orders->find(house.store->read(), task.id));
        for (std::size_t i = 0; i < order.lines.size() && shipment.lines.empty(); ++i)
          if (order.lines[i].count.allocated > 0) shipment.lines.emplace_back(i, 1);
      }
      const auto shipped = house.orders->ship(clerk, task.id, shipment);
      if (!shipped.ok() && shipped.error().code != ErrorCode::conflict)
        return shipped.error();  // out of stock: it waits
    }
    return {};
  };
  Time next_tick = clock.now();
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const Time at = now - orders[i].age;
    PF_TRY(work_until(at));
    clock.travel_to(at);
    if (clock.now() >= next_tick) {
      PF_TRY(house.vault->tick());
      next_tick = clock.now() + std::chrono::hours{24};
    }
    orders::PlaceOrder order = orders[i].order;
    order.ship_by = at + kDemoShipWithin;
    PF_LET(const auto placed, house.orders->place(clerk, order, orders::StockPolicy::backorder));
    if (!orders[i].note.empty()) PF_TRY(house.orders->note(clerk, placed.id, orders[i].note));
    if (orders[i].fate != DemoFate::waits)
      later.emplace(std::min(at + std::chrono::hours{static_cast<int>(3 + i % 17)}, now), Later{i, placed.id});
  }
  PF_TRY(work_until(now));
  clock.travel_to(now);
  return house.vault->tick();
}

}  // namespace

Result<> fill_demo(const std::filesystem::path& folder) {
  const Time now = system_clock().now();
  TravellingClock clock(now - std::chrono::days{kDemoDays} - std::chrono::hours{1});
  PF_LET(const auto house, House::open(folder, true, clock));
  PF_TRY(house->store->write([&](storage::Write& work) -> Result<> {
    PF_TRY(house->access->create_owner(work, kDemoOwner, base64url(crypto::random_bytes(18))));
    return house->access->save_settings(work, {.shop_name = "Little Harbour", .company_number = "1"});
  }));
  const auto products = demo_products();
  PF_TRY(add_products(*house, products));
  return live_through(*house, clock, now, demo_orders(products));
}

}  // namespace pf::app
