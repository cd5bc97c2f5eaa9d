// A shop in a throw-away folder with every room that an import may touch, and files to import into it.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "exchange/carriers.h"
#include "exchange/importer.h"
#include "exchange/profiles.h"
#include "formats/cell_reading.h"
#include "productflow/text.h"
#include "stock/shelves.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

namespace pf::test {

// Real sample files that stand beside the project and are not part of it.
inline std::filesystem::path shared_data() {
  return std::filesystem::path(PF_SOURCE_DIR).parent_path() / "shared" / "data";
}
// For `if (skipped_without(...)) return;` at the start of a test.
inline bool skipped_without(const std::filesystem::path& path) {
  if (std::filesystem::exists(path)) return false;
  std::cout << "SKIPPED: there is no " << path.string() << "\n";
  return true;
}
inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path.string());
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

// What an import came to.
struct Done {
  exchange::Counts counts;
  std::string format, failure;  // failure empty: read to its end
  std::vector<exchange::RowReport> rows;

  bool adds_up() const { return counts.rows == counts.created + counts.changed + counts.unchanged + counts.refused; }
  // "3: Stock type is not a whole number" of every refused row.
  std::string refusals() const { return told("refused"); }
  std::string told(std::string_view outcome) const {
    std::string out;
    for (const auto& row : rows) {
      if (row.outcome != outcome) continue;
      out += std::to_string(row.line) + ":";
      for (const auto& fault : row.errors) out += " " + fault.field + " " + fault.code + " " + fault.message + ";";
      out += "\n";
    }
    return out;
  }
};
inline std::ostream& operator<<(std::ostream& out, const Done& done) {
  const auto& c = done.counts;
  return out << done.format << " rows " << c.rows << " created " << c.created << " changed " << c.changed
             << " unchanged " << c.unchanged << " refused " << c.refused << "\n"
             << done.failure << "\n"
             << done.refusals();
}

struct ImportShop {
  TempFolder folder;
  HandClock clock;
  vault::Vault::LiveMin live_min = std::make_shared<std::atomic<std::uint32_t>>(0);
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<audit::Audit> audit;
  std::unique_ptr<events::Events> events;  // null unless asked for
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<catalog::Products> products;
  std::unique_ptr<catalog::Offers> offers;
  std::unique_ptr<catalog::MarketplaceOffers> marketplace_offers;
  std::unique_ptr<catalog::Assets> assets;
  std::unique_ptr<stock::Stock> stock;
  std::unique_ptr<orders::Orders> orders;
#ifdef PF_CELL_PROBE
  formats::OpenReading open_file = [](formats::Source& file) { return formats::open_in_cell_of(file, PF_CELL_PROBE); };
#else
  formats::OpenReading open_file = formats::open_here;
#endif
  access::Actor clerk{access::Actor::Kind::user, "u1", "clerk", access::all_permissions(), "", true};

  struct WithEvents {};
  ImportShop() {
    build(false);
  }
  explicit ImportShop(WithEvents, const std::vector<storage::Family>& more = {}) {
    build(true, more);
  }
  void build(bool with_events, const std::vector<storage::Family>& others = {}) {
    std::vector<storage::Family> families = audit::Audit::families();
    for (const auto& more : {vault::Vault::families(live_min), catalog::Products::families(), stock::Stock::families(),
                             orders::Orders::families(), events::Events::families(), exchange::Profiles::families(),
                             exchange::Carriers::families(), stock::Shelves::families(), others})
      families.insert(families.end(), more.begin(), more.end());
    store =
        std::move(*storage::Store::open(folder.path(), families, {.create_if_missing = true, .free_bytes_reserve = 0}));
    audit = std::make_unique<audit::Audit>(*store, clock);
    if (with_events) events = std::make_unique<events::Events>(*store, clock);
    vault = std::move(*vault::Vault::open(*store, *audit, clock, folder.path(), live_min));
    products = std::make_unique<catalog::Products>(*store, *audit, clock, events.get());
    offers = std::make_unique<catalog::Offers>(*store, *products, *audit, clock, events.get());
    marketplace_offers = std::make_unique<catalog::MarketplaceOffers>(*store, *products, *audit, clock, events.get());
    assets = std::make_unique<catalog::Assets>(*store, clock);
    stock = std::make_unique<stock::Stock>(*store, clock, events.get());
    orders = std::make_unique<orders::Orders>(*store, *stock, *vault, *audit, clock, events.get());
  }
  exchange::Rooms rooms() {
    return {*store,    *products,   *offers, *stock, *orders, events.get(), marketplace_offers.get(),
            open_file, assets.get()};
  }

  // Read in pieces of `piece` bytes at most, as a job does.
  Done import(std::string_view file, exchange::ImportOptions options = {}, std::size_t piece = 256u << 10) {
    options.by = clerk;
    Done done;
    exchange::Importer importer(rooms(), options, [&](const std::vector<exchange::RowReport>& rows) -> Result<> {
      // As the job does: a unit of work of its own.
      PF_TRY(store->write([](storage::Write&) { return Result<>(); }));
      done.rows.insert(done.rows.end(), rows.begin(), rows.end());
      return {};
    });
    formats::MemorySource source(file, piece);
    const auto read = importer.run(source);
    done.counts = importer.counts();
    done.format = importer.format();
    if (!read.ok()) done.failure = read.error().message;
    return done;
  }

  json::Value product(std::string_view sku, std::string_view locale = {}) {
    const auto found = products->product_json(store->read(), sku, locale);
    REQUIRE_MESSAGE((found.ok() && found->has_value()), std::string(sku));
    return *json::parse(**found);
  }
  // The texts of every locale, none lent by another.
  json::Value texts(std::string_view sku) {
    const auto found = products->all_texts_json(store->read(), sku);
    REQUIRE_MESSAGE((found.ok() && found->has_value()), std::string(sku));
    return *json::parse(**found);
  }
  bool has(std::string_view sku) {
    return *products->exists(store->read(), sku);
  }
  // A field as text: "" for null and for what is not there.
  static std::string text(const json::Value& in, std::string_view name) {
    const json::Value* value = in.find(name);
    if (value == nullptr || value->is_null()) return {};
    return value->as_string() != nullptr ? *value->as_string() : json::write(*value);
  }
  std::string field(std::string_view sku, std::string_view name) {
    return text(product(sku), name);
  }
  std::string attribute(std::string_view sku, std::string_view name) {
    const auto all = product(sku);
    return text(*all.find("attributes"), name);
  }
  std::string price(std::string_view sku, std::string_view currency = "EUR",
                    catalog::PriceKind kind = catalog::PriceKind::sell_price) {
    const auto offer = offers->find(store->read(), sku);
    if (!offer.ok() || !*offer || (*offer)->prices_in(currency) == nullptr) return {};
    const auto money = (*offer)->prices_in(currency)->price(kind);
    return money ? decimal(*money) : std::string();
  }
  std::int64_t available(std::string_view sku) {
    return stock->level(store->read(), sku)->available();
  }

  orders::Order order(std::string_view channel_order_id) {
    orders::OrderQuery query;
    query.where = {{"channel_order_id", catalog::Operator::eq, {std::string(channel_order_id)}}};
    auto page = orders->list(store->read(), query);
    REQUIRE(page.ok());
    REQUIRE_MESSAGE(page->orders.size() == 1, std::string(channel_order_id));
    return page->orders[0];
  }
  std::size_t order_count() {
    auto page = orders->list(store->read(), {});
    REQUIRE(page.ok());
    return page->total;
  }
};

}  // namespace pf::test
