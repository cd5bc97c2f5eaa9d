// The house: every room built on the data folder, from the ground up, and the gate in front. Members die from last to
// first, so nobody outlives what he stands on.
#pragma once

#include <filesystem>
#include <memory>

#include "access/access.h"
#include "api/event_streams.h"
#include "api/kept_exports.h"
#include "archive/archive.h"
#include "audit/audit.h"
#include "audit/checkpoints.h"
#include "catalog/assets.h"
#include "catalog/marketplace_offers.h"
#include "catalog/offers.h"
#include "catalog/products.h"
#include "catalog/thumbnails.h"
#include "events/events.h"
#include "exchange/carriers.h"
#include "exchange/profiles.h"
#include "gate/gate.h"
#include "gate/repeats.h"
#include "jobs/completing.h"
#include "jobs/edits.h"
#include "jobs/imports.h"
#include "jobs/maintenance.h"
#include "jobs/saved_mappings.h"
#include "jobs/schedules.h"
#include "orders/batches.h"
#include "orders/invoices.h"
#include "orders/orders.h"
#include "orders/refunds.h"
#include "orders/returns.h"
#include "rules/rules.h"
#include "stock/availability.h"
#include "stock/stock.h"
#include "storage/store.h"
#include "teamwork/comments.h"
#include "teamwork/drafts.h"
#include "teamwork/tasks.h"
#include "teamwork/views.h"
#include "vault/vault.h"
#include "webhooks/webhooks.h"

namespace pf::app {

// One line per room; src/app/families.cpp.
std::vector<storage::Family> all_families(const vault::Vault::LiveMin& live_min,
                                          const archive::Archive::LiveYear& live_year);

class House {
 public:
  // `create` makes a new folder; without it a missing one is an error.
  static Result<std::unique_ptr<House>> open(const std::filesystem::path& folder, bool create, const Clock& clock);
  ~House();

  const std::filesystem::path& folder() const { return folder_; }
  const Clock& clock() const { return clock_; }

 private:
  House(std::filesystem::path folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}
  std::filesystem::path folder_;
  const Clock& clock_;
  vault::Vault::LiveMin live_min_ = std::make_shared<std::atomic<std::uint32_t>>(0);
  archive::Archive::LiveYear live_year_ = std::make_shared<std::atomic<std::uint16_t>>(std::uint16_t{0});

 public:
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<audit::Audit> audit;
  std::unique_ptr<events::Events> events;
  std::unique_ptr<audit::Checkpoints> checkpoints;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<archive::Archive> archive;
  std::unique_ptr<Clock> trusted_clock;  // the vault's time, for access
  std::unique_ptr<access::Access> access;
  std::unique_ptr<catalog::Products> products;
  std::unique_ptr<catalog::Offers> offers;
  std::unique_ptr<catalog::MarketplaceOffers> marketplace_offers;
  std::unique_ptr<catalog::Assets> assets;
  std::unique_ptr<catalog::Thumbnails> thumbnails;
  std::unique_ptr<stock::Stock> stock;
  std::unique_ptr<stock::Locations> locations;
  std::unique_ptr<stock::Availability> availability;
  std::unique_ptr<orders::Orders> orders;
  std::unique_ptr<orders::Batches> batches;
  std::unique_ptr<orders::Returns> returns;
  std::unique_ptr<orders::Refunds> refunds;
  std::unique_ptr<orders::Invoices> invoices;
  std::unique_ptr<rules::Rules> rules;
  std::unique_ptr<teamwork::Drafts> drafts;
  std::unique_ptr<teamwork::Mentions> mentions;
  std::unique_ptr<teamwork::Comments> comments;
  std::unique_ptr<teamwork::Tasks> tasks;
  std::unique_ptr<teamwork::Views> views;
  std::unique_ptr<exchange::Profiles> profiles;
  std::unique_ptr<exchange::Carriers> carriers;
  std::unique_ptr<jobs::Imports> imports;
  std::unique_ptr<jobs::Edits> edits;
  std::unique_ptr<api::EventStreams> streams;
  std::unique_ptr<api::KeptExports> kept_exports;
  std::unique_ptr<webhooks::Webhooks> webhooks;
  std::unique_ptr<jobs::SavedMappings> mappings;
  std::unique_ptr<jobs::Schedules> schedules;
  std::unique_ptr<jobs::Completing> completing;
  std::unique_ptr<jobs::Maintenance> sales_recount;
  std::unique_ptr<jobs::Maintenance> index_rebuild;
  std::unique_ptr<gate::Repeats> repeats;
  std::unique_ptr<gate::Gate> gate;
};

// Every route of the house, one line per door; src/app/routes.cpp.
std::vector<gate::Row> all_routes(House& house);

}  // namespace pf::app
