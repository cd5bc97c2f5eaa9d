// A shop with stock, orders and a clerk, on a real store in a throw-away folder.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "orders/batches.h"
#include "orders/invoices.h"
#include "orders/orders.h"
#include "orders/refunds.h"
#include "orders/returns.h"

#include "support/hand_clock.h"
#include "support/temp_folder.h"

namespace pf::test {

struct Shop {
  test::TempFolder folder;
  test::HandClock clock;
  vault::Vault::LiveMin live_min = std::make_shared<std::atomic<std::uint32_t>>(0);
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<audit::Audit> audit;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<stock::Stock> stock;
  std::unique_ptr<stock::Locations> locations;
  std::unique_ptr<events::Events> events;
  std::unique_ptr<pf::orders::Orders> orders;
  std::unique_ptr<pf::orders::Returns> returns;
  std::unique_ptr<pf::orders::Refunds> refunds;
  std::unique_ptr<pf::orders::Invoices> invoices;
  access::Actor clerk{access::Actor::Kind::user, "u1", "clerk", access::all_permissions(), "", true};

  Shop() { open(); }
  void open() {
    std::vector<storage::Family> families = audit::Audit::families();
    for (const auto& more :
         {vault::Vault::families(live_min), stock::Stock::families(), pf::orders::Orders::families(),
          pf::orders::Returns::families(), pf::orders::Refunds::families(), pf::orders::Invoices::families(),
          pf::orders::Batches::families(), stock::Shelves::families(), events::Events::families()})
      families.insert(families.end(), more.begin(), more.end());
    store =
        std::move(*storage::Store::open(folder.path(), families, {.create_if_missing = true, .free_bytes_reserve = 0}));
    audit = std::make_unique<audit::Audit>(*store, clock);
    vault = std::move(*vault::Vault::open(*store, *audit, clock, folder.path(), live_min));
    events = std::make_unique<events::Events>(*store, clock);
    stock = std::make_unique<stock::Stock>(*store, clock, events.get());
    locations = std::make_unique<stock::Locations>(*store, *audit);
    orders = std::make_unique<pf::orders::Orders>(*store, *stock, *vault, *audit, clock, events.get());
    returns = std::make_unique<pf::orders::Returns>(*store, *orders, *stock, *audit, clock, events.get());
    refunds = std::make_unique<pf::orders::Refunds>(*store, *orders, *returns, *audit, clock, events.get());
    invoices = std::make_unique<pf::orders::Invoices>(*store, *orders, *refunds, *audit, clock);
  }
  void close() {
    invoices.reset();
    refunds.reset();
    returns.reset();
    orders.reset();
    locations.reset();
    stock.reset();
    events.reset();
    vault.reset();
    audit.reset();
    store.reset();
  }
  void put_in_stock(const std::string& sku, std::int64_t pieces) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_TRY(stock->set_available(work, clerk, sku, pieces));
                  return orders->fill_backorders(work, sku);
                })
                .ok());
  }
  void put_at(const std::string& sku, stock::LocationId at, std::int64_t on_hand) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_TRY(stock->count_at(work, clerk, sku, at, on_hand));
                  return orders->fill_backorders(work, sku);
                })
                .ok());
  }
  // What lies at a location: on hand, allocated.
  stock::Level at(const std::string& sku, stock::LocationId location) {
    const auto places = *stock->places(store->read(), sku);
    for (const auto& place : places)
      if (place.location == location) return place.level;
    return {};
  }
  pf::orders::Order find(pf::orders::OrderId id) { return *orders->find(store->read(), id); }
  stock::Level level(const std::string& sku) { return *stock->level(store->read(), sku); }
};

inline orders::PlaceOrder order_of(const std::string& number, std::int64_t quantity = 1,
                                   const std::string& sku = "A-1") {
  orders::PlaceOrder order;
  order.channel = "manual";
  order.channel_order_id = number;
  order.currency = *Currency::parse("EUR");
  order.lines.push_back({"1", sku, "Something", quantity, Money{1995, *order.currency}});
  order.buyer.fields.emplace_back(
      vault::Field::shipping,
      vault::Private(
          R"({"first_name":"Zyxander","last_name":"Quillonbury","zip_code":"9876 ZX","country_code":"NL"})"));
  order.buyer.fields.emplace_back(vault::Field::email, vault::Private("zyx.quillon@example.com"));
  return order;
}

}  // namespace pf::test
