#include "app/house.h"

#include <fmt/core.h>

#include "access/pepper.h"
#include "app/archiving.h"
#include "backup/backup.h"
#include "catalog/association.h"
#include "catalog/catalog_keys.h"
#include "catalog/first_category.h"
#include "formats/cell_reading.h"
#include "jobs/index_rebuild.h"
#include "jobs/sales_recount.h"

#include "ui/ui.h"

namespace pf::app {

namespace {

std::vector<stock::Part> parts_of_links(std::span<const catalog::Link> links) {
  std::vector<stock::Part> parts;
  for (const catalog::Link& link : links) parts.push_back({link.sku, link.quantity});
  return parts;
}

// Passwords, codes and sessions go by the vault's time T: whoever sets the box's clock back does not bring back an
// expired token, and whoever sets it forward does not end everybody's session.
class TrustedClock final : public Clock {
 public:
  TrustedClock(const vault::Vault& vault, const Clock& clock) : vault_(vault), clock_(clock) {}
  Time now() const override { return vault_.now(); }
  milliseconds since_boot() const override { return clock_.since_boot(); }
  std::string boot_id() const override { return clock_.boot_id(); }

 private:
  const vault::Vault& vault_;
  const Clock& clock_;
};

// The vault stands below what tells of changes as much as beside it; what it does is in the audit log in the same unit.
Result<> tell_vault(events::Events& events, storage::Write& work, std::string_view action, const json::Value& details) {
  const json::Value nothing(json::Members{});
  if (action == "vault.seal") return events.add(work, events::type::kVaultSealed, nothing);
  if (action == "vault.unseal") return events.add(work, events::type::kVaultUnsealed, nothing);
  if (action != "vault.purge") return {};
  json::Value told = nothing;
  for (const char* name : {"gone_before", "keys_destroyed"})
    if (const json::Value* value = details.find(name); value != nullptr) told.set(name, *value);
  return events.add(work, events::type::kVaultPurged, std::move(told));
}

Result<std::uint64_t> products_in_index(const storage::Reader& read, const catalog::Products& products) {
  PF_LET(const auto page, products.list(read, {.count = 1, .skus_only = true}));
  return page.total;
}

std::vector<jobs::IndexPart> parts_of_index(catalog::Products& products, orders::Orders& orders) {
  return {{.name = "products",
           .documents = [&products](const storage::Reader& read) { return products_in_index(read, products); },
           .rebuild = [&products](storage::Store& store, const std::filesystem::path& folder,
                                  const search::Watch& watch) { return products.rebuild_index(store, folder, watch); }},
          {.name = "orders",
           .documents = [&orders](const storage::Reader& read) { return orders.count(read, {}); },
           .rebuild = [&orders](storage::Store& store, const std::filesystem::path& folder,
                                const search::Watch& watch) { return orders.rebuild_index(store, folder, watch); }}};
}

}  // namespace

House::~House() = default;

Result<std::unique_ptr<House>> House::open(const std::filesystem::path& folder, bool create, const Clock& clock) {
  auto house = std::unique_ptr<House>(new House(folder, clock));
  PF_LET(house->store, storage::Store::open(folder, all_families(house->live_min_, house->live_year_),
                                            {.create_if_missing = create}));
  storage::Store& store = *house->store;
  backup::tidy(folder);  // a copy that was being made holds files that the purge has dropped
  house->audit = std::make_unique<audit::Audit>(store, clock);
  house->events = std::make_unique<events::Events>(store, clock);
  events::Events* const events = house->events.get();
  house->audit->on_append([events](storage::Write& work, std::string_view action, const json::Value& details) {
    return tell_vault(*events, work, action, details);
  });
  PF_LET(house->checkpoints, audit::Checkpoints::open(store, *house->audit, clock, folder));
  PF_LET(house->vault, vault::Vault::open(store, *house->audit, clock, folder, house->live_min_));
  PF_LET(house->archive, archive::Archive::open(store, *house->vault, *house->audit, folder, house->live_year_));
  house->trusted_clock = std::make_unique<TrustedClock>(*house->vault, clock);
  PF_LET(const auto pepper, access::load_pepper(folder, store));
  house->access = std::make_unique<access::Access>(
      store, *house->trusted_clock, clock, pepper.bytes(),
      [&audit = *house->audit](storage::Write& work, const access::Actor& by, std::string_view action,
                               std::string_view object, json::Value details) {
        return audit.append(work, by, action, object, std::move(details));
      });
  house->products = std::make_unique<catalog::Products>(store, *house->audit, clock, events);
  house->offers = std::make_unique<catalog::Offers>(store, *house->products, *house->audit, clock, events);
  house->marketplace_offers =
      std::make_unique<catalog::MarketplaceOffers>(store, *house->products, *house->audit, clock, events);
  house->assets = std::make_unique<catalog::Assets>(store, clock);
  house->thumbnails = std::make_unique<catalog::Thumbnails>(store, *house->assets, pictures::shrink_in_cell);
  house->stock = std::make_unique<stock::Stock>(store, clock, events);
  house->locations = std::make_unique<stock::Locations>(store, *house->audit);
  house->orders = std::make_unique<orders::Orders>(store, *house->stock, *house->vault, *house->audit, clock, events);
  house->orders->categorise_by(
      [records = store.family(catalog::keys::kProducts)](const storage::Reader& read, std::string_view sku) {
        return catalog::first_category(read, records, sku);
      });
  PF_TRY(house->orders->prepare());
  PF_TRY(house->products->prepare(store));
  house->batches = std::make_unique<orders::Batches>(store, *house->orders, *house->audit, clock);
  house->returns =
      std::make_unique<orders::Returns>(store, *house->orders, *house->stock, *house->audit, clock, events);
  house->refunds =
      std::make_unique<orders::Refunds>(store, *house->orders, *house->returns, *house->audit, clock, events);
  house->invoices = std::make_unique<orders::Invoices>(store, *house->orders, *house->refunds, *house->audit, clock);
  archive_invoices(*house);
  house->orders->know_products([&products = *house->products](const storage::Reader& read, std::string_view sku) {
    return products.exists(read, sku);
  });
  house->products->on_kits(
      {.faults =
           [&stock = *house->stock](const storage::Reader& read, std::string_view sku,
                                    std::span<const catalog::Link> links) {
             return stock.kit_faults(read, sku, parts_of_links(links));
           },
       .keep = [&stock = *house->stock, &orders = *house->orders](storage::Write& work, std::string_view sku,
                                                                  std::span<const catalog::Link> links) -> Result<> {
         PF_TRY(stock.make_kit(work, sku, parts_of_links(links)));
         return orders.fill_backorders(work, sku, true);
       },
       .kits_of = [&stock = *house->stock](const storage::Reader& read,
                                           std::string_view part) { return stock.kits_of(read, part); }});
  house->availability = std::make_unique<stock::Availability>(store, *house->stock, *house->products, *house->events);
  house->products->on_stock(
      [&availability = *house->availability](const storage::Reader& read) { return availability.numbers(read); });
  house->products->on_gone([&orders = *house->orders](storage::Write& work, std::string_view sku) -> Result<> {
    orders.note_gone(work, sku);
    return {};
  });
  house->rules = std::make_unique<rules::Rules>(store, *house->products, *house->orders, *house->audit, clock);
  house->drafts =
      std::make_unique<teamwork::Drafts>(store, *house->products, *house->offers, *house->audit, clock, events);
  house->mentions = std::make_unique<teamwork::Mentions>(store);
  house->comments =
      std::make_unique<teamwork::Comments>(store, *house->products, *house->mentions, *house->audit, clock, events);
  house->tasks = std::make_unique<teamwork::Tasks>(store, *house->audit, clock, events);
  house->views = std::make_unique<teamwork::Views>(store, *house->audit, clock);
  house->access->on_account_gone(
      [&views = *house->views, &mentions = *house->mentions](storage::Write& work, std::string_view id) -> Result<> {
        PF_TRY(views.forget_owner(work, id));
        return mentions.forget_person(work, id);
      });

  const exchange::Rooms rooms{store,
                              *house->products,
                              *house->offers,
                              *house->stock,
                              *house->orders,
                              events,
                              house->marketplace_offers.get(),
                              formats::open_in_cell,
                              house->assets.get()};
  house->profiles = std::make_unique<exchange::Profiles>(rooms, *house->audit, clock);
  house->carriers = std::make_unique<exchange::Carriers>(store, *house->audit);
  house->imports = std::make_unique<jobs::Imports>(rooms, *house->vault, clock, folder / "spool");
  house->edits = std::make_unique<jobs::Edits>(rooms, *house->rules, clock);
  house->completing = std::make_unique<jobs::Completing>(store, *house->products);
  house->sales_recount =
      std::make_unique<jobs::Maintenance>(store, *house->audit, clock, jobs::sales_recount(store, *house->orders));
  // Within the spool, which imports tidy when they are opened.
  house->index_rebuild = std::make_unique<jobs::Maintenance>(
      store, *house->audit, clock,
      jobs::index_rebuild(store, parts_of_index(*house->products, *house->orders), folder / "spool" / "index-rebuild"));
  house->webhooks = std::make_unique<webhooks::Webhooks>(store, *events, *house->audit, clock, pepper.bytes());
  house->mappings = std::make_unique<jobs::SavedMappings>(store, *house->audit, clock);
  house->schedules = std::make_unique<jobs::Schedules>(*house->profiles, *house->imports, *house->mappings,
                                                       *house->rules, *house->edits, *house->webhooks, *house->audit,
                                                       clock, pepper.bytes(), folder / "exchange");

  House& whole = *house;
  house->streams = std::make_unique<api::EventStreams>(
      store, *events, *house->products,
      [&whole](const http::Request& request) { return whole.access->authenticate(request, false); }, clock);
  house->kept_exports = std::make_unique<api::KeptExports>(
      folder / "spool", [&whole](const http::Request& request) { return whole.access->authenticate(request, false); },
      clock);
  gate::GateOptions options;
  options.authenticate = [&whole](const http::Request& request) {
    // Looking at one's own session is not activity, or an open page would never be signed out.
    // Neither is what a page asks for by itself, to stay up to date.
    const bool prolong = request.path != "/api/v1/event" &&
                         !(request.method == "GET" && (request.path == "/api/v1/session" ||
                                                       http::find_header(request.headers, "x-unattended") != nullptr));
    return whole.access->authenticate(request, prolong);
  };
  options.check_csrf = [&whole](const access::Actor& actor, const http::Request& request) {
    return whole.access->check_csrf(actor, request);
  };
  options.company_number = [&whole] {
    const auto settings = whole.access->settings();
    return settings.ok() ? settings->company_number : std::string();
  };
  house->repeats = std::make_unique<gate::Repeats>(store, clock, pepper.bytes());
  options.repeats = house->repeats.get();
  options.refused = [&whole](const access::Actor& by, const gate::Row& row, std::string_view why) {
    // It is refused whether or not this can be written.
    static_cast<void>(whole.store->write([&](storage::Write& work) {
      return whole.audit->append(
          work, by, "access.refused", "",
          json::Value::object({{"method", gate::method_name(row.method)}, {"path", row.path}, {"why", why}}));
    }));
  };
  options.fault = [](const std::string& request_id, const gate::Row* row, const std::string& what) {
    fmt::print(stderr, "Request {} met a fault of ours at {}: {}\n", request_id,
               row != nullptr ? row->path : std::string("no row"), what);
  };
  options.pages = ui::page;
  house->gate = std::make_unique<gate::Gate>(all_routes(whole), std::move(options), clock);
  return house;
}

}  // namespace pf::app
