#include "app/house.h"

namespace pf::app {

std::vector<storage::Family> all_families(const vault::Vault::LiveMin& live_min,
                                          const archive::Archive::LiveYear& live_year) {
  std::vector<storage::Family> all;
  const auto add = [&](std::vector<storage::Family> of_room) {
    for (storage::Family& family : of_room) all.push_back(std::move(family));
  };
  add(access::Access::families());
  add(audit::Audit::families());
  add(events::Events::families());
  add(vault::Vault::families(live_min));
  add(archive::Archive::families(live_year));
  add(catalog::Products::families());
  add(stock::Stock::families());
  add(stock::Shelves::families());
  add(orders::Orders::families());
  add(orders::Batches::families());
  add(orders::Returns::families());
  add(orders::Refunds::families());
  add(orders::Invoices::families());
  add(rules::Rules::families());
  add(teamwork::Drafts::families());
  add(exchange::Profiles::families());
  add(exchange::Carriers::families());
  add(webhooks::Webhooks::families());
  add(jobs::Imports::families());
  add(gate::Repeats::families());
  return all;
}

}  // namespace pf::app
