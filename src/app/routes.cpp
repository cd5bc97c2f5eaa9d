#include "api/access_api.h"
#include "api/archive_api.h"
#include "api/audit_api.h"
#include "api/backup_api.h"
#include "api/batches_api.h"
#include "api/buyers_api.h"
#include "api/carriers_api.h"
#include "api/customs_api.h"
#include "api/dashboard_api.h"
#include "api/edits_api.h"
#include "api/event_api.h"
#include "api/export_api.h"
#include "api/feed_api.h"
#include "api/fulfilment_api.h"
#include "api/import_api.h"
#include "api/invoice_settings_api.h"
#include "api/invoices_api.h"
#include "api/maintenance_api.h"
#include "api/mappings_api.h"
#include "api/marketplace_offers_api.h"
#include "api/offers_api.h"
#include "api/order_papers_api.h"
#include "api/order_remarks_api.h"
#include "api/orders_api.h"
#include "api/people_api.h"
#include "api/products_api.h"
#include "api/profiles_api.h"
#include "api/programs_api.h"
#include "api/refunds_api.h"
#include "api/reports_api.h"
#include "api/returns_api.h"
#include "api/review_api.h"
#include "api/rules_api.h"
#include "api/schedules_api.h"
#include "api/session_api.h"
#include "api/shelves_api.h"
#include "api/stock_api.h"
#include "api/teamwork_api.h"
#include "api/together_api.h"
#include "api/vault_api.h"
#include "api/views_api.h"
#include "api/webhook_api.h"
#include "app/house.h"
#include "gate/openapi.h"
#include "gate/shape.h"
#include "productflow_libraries.h"

namespace pf::app {

std::vector<gate::Row> all_routes(House& house) {
  std::vector<gate::Row> all;
  const auto add = [&](std::vector<gate::Row> of_door) {
    for (gate::Row& row : of_door) all.push_back(std::move(row));
  };
  add(api::access_routes(*house.store, *house.access, *house.audit, *house.products, *house.vault, *house.checkpoints,
                         house.clock(), [&house] {
                           std::uint64_t off = 0;
                           if (const auto hooks = house.webhooks->hooks(house.store->read()); hooks.ok())
                             for (const auto& hook : *hooks) off += !hook.disabled_because.empty();
                           return std::vector<api::Figure>{
                               {"productflow_event_streams", "Readers of live events now.", house.streams->open()},
                               {"productflow_webhooks_disabled", "Webhooks that were switched off for failing.", off},
                               {"productflow_schedules_failing", "Schedules whose last run failed.",
                                house.schedules->failing()}};
                         }));
  add(api::session_routes(*house.access, house.clock()));
  add(api::people_routes(*house.access));
  add(api::review_routes(*house.access, *house.checkpoints, house.clock()));
  add(api::programs_routes(*house.access, house.folder() / "tls", house.clock()));
  add(api::products_routes(
      {*house.store, *house.products, *house.offers, *house.assets, *house.thumbnails, *house.stock}));
  add(api::offers_routes(*house.store, *house.offers, *house.products, *house.stock, *house.orders));
  add(api::stock_routes(*house.store, *house.products, *house.stock, *house.locations, *house.orders, *house.rules));
  add(api::marketplace_offers_routes(*house.store, *house.marketplace_offers, *house.products, *house.stock));
  add(api::orders_routes(*house.store, *house.orders, *house.vault, *house.products));
  add(api::together_routes(*house.store, *house.orders, *house.vault, *house.products));
  add(api::order_papers_routes(*house.store, *house.orders, *house.vault, *house.products, *house.access,
                               *house.invoices));
  add(api::fulfilment_routes(*house.store, *house.orders, *house.vault, *house.products));
  add(api::batches_routes(*house.store, *house.orders, *house.vault, *house.products, *house.batches));
  add(api::carriers_routes(*house.store, *house.orders, *house.vault, *house.products, *house.access, *house.invoices,
                           *house.carriers, house.clock()));
  add(api::shelves_routes(*house.store, *house.products, *house.audit, *house.events));
  add(api::order_remarks_routes(*house.store, *house.orders, *house.vault, *house.products));
  add(api::returns_routes(*house.store, *house.orders, *house.returns));
  add(api::refunds_routes(*house.store, *house.orders, *house.refunds, *house.vault, *house.products));
  add(api::invoice_settings_routes(*house.store, *house.invoices));
  add(api::invoices_routes(*house.store, *house.orders, *house.invoices, *house.vault));
  add(api::customs_routes(*house.store, *house.orders, *house.vault, *house.products, *house.invoices, house.clock()));
  add(api::archive_routes(*house.store, *house.archive, *house.invoices));
  add(api::reports_routes(*house.store, *house.orders, *house.products, *house.stock, *house.access, house.clock()));
  add(api::maintenance_routes(*house.store, *house.sales_recount, *house.index_rebuild));
  add(api::dashboard_routes(*house.store, *house.access, *house.products, *house.stock, *house.orders, house.clock()));
  add(api::event_routes(*house.streams));
  add(api::import_routes(*house.store, *house.imports));
  add(api::edits_routes(*house.store, *house.products, *house.imports, *house.edits));
  add(api::rules_routes({*house.store, *house.products, *house.orders, *house.rules, *house.edits}));
  add(api::teamwork_routes({*house.store, *house.products, *house.drafts, *house.comments, *house.mentions,
                            *house.tasks, *house.access, house.clock()}));
  add(api::export_routes({.store = *house.store,
                          .products = *house.products,
                          .offers = *house.offers,
                          .stock = *house.stock,
                          .orders = *house.orders,
                          .events = house.events.get(),
                          .assets = house.assets.get()},
                         *house.kept_exports));
  add(api::profile_routes(*house.profiles, *house.kept_exports));
  add(api::feed_routes(*house.profiles, *house.assets, *house.audit, house.clock()));
  add(api::mapping_routes(*house.store, *house.mappings));
  add(api::schedule_routes(*house.store, *house.schedules, *house.access));
  add(api::buyers_routes(*house.store, *house.orders, *house.vault, *house.audit, *house.archive, *house.invoices,
                         house.folder()));
  add(api::backup_routes(*house.store, *house.vault, *house.audit, *house.archive, house.folder(), kProductVersion));
  add(api::audit_routes(*house.store, *house.audit, *house.checkpoints));
  add(api::vault_routes(*house.store, *house.vault, *house.audit));
  add(api::vault_key_routes(*house.store, *house.vault));
  add(api::webhook_routes(*house.store, *house.webhooks));

  const api::ViewRooms views{*house.store, *house.products, *house.orders, *house.views, house.clock()};
  add(api::views_routes(views));
  api::follow_views(all, views);

  // The document describes itself too, so it is made when it is asked for.
  all.push_back({.method = gate::Method::get,
                 .path = "/api/v1/openapi.json",
                 .permission = access::Permission::signed_in,
                 .summary = "This API as an OpenAPI 3.1 document",
                 .answer_schema = gate::shape(R"({"openapi":"text","info":"any","paths":{"*":"any"},"*":"any"})"),
                 .handler = [&house](const gate::Call&) -> Result<gate::Answer> {
                   return gate::Answer{.body = gate::openapi(house.gate->rows(), kProductVersion)};
                 },
                 .keeps = gate::kKeepsAll});
  return all;
}

}  // namespace pf::app
