#include "app/archiving.h"

#include "papers/address.h"
#include "papers/invoice_paper.h"
#include "productflow/text.h"
#include "vault/archivist.h"

namespace pf::app {
namespace {

constexpr std::string_view kWhy = "kept in the sealed archive of invoices, as the settings say";

Zone zone_of(const access::Access& access) {
  const auto settings = access.settings();
  auto zone = settings.ok() ? Zone::load(settings->time_zone) : Zone::load("UTC");
  return zone.ok() ? *std::move(zone) : Zone();  // a machine without tzdata counts in UTC
}

Result<> archive_one(House& house, storage::Write& work, const orders::Order& order, const orders::Invoice& invoice) {
  PF_LET(const auto settings, house.archive->settings(work));
  if (!settings.on) return {};
  papers::InvoiceBuyer who;
  // Nobody sees it: the product looks, and the audit log says so.
  const auto buyer = house.vault->reveal(work, vault::archivist(), kWhy, order.subject(), order.person,
                                         "order:" + std::to_string(order.id.raw()));
  if (buyer.ok()) {
    const vault::Private* address = buyer->find(vault::Field::billing);
    if (address == nullptr) address = buyer->find(vault::Field::shipping);
    if (address != nullptr)
      who.address = papers::address_lines(*address, invoice.seller.country_code, papers::VatNumber::with);
  } else if (buyer.error().code == ErrorCode::gone) {
    who.gone = true;
    if (order.person.epoch != vault::kErasedEpoch) who.gone_since = house.vault->purge_at(order.person);
  } else {
    return buyer.error();
  }
  PF_LET(const auto languages, house.products->languages(work));
  const int year = static_cast<int>(parse_int(std::string_view(invoice.day).substr(0, 4)).value_or(0));
  return house.archive->keep(work, settings, invoice.name, year,
                             papers::invoice_paper(invoice, who, languages.standard()));
}

}  // namespace

void archive_invoices(House& house) {
  house.invoices->in_zone([&house] { return zone_of(*house.access); });
  house.invoices->on_made(
      [&house](storage::Write& work, const access::Actor&, const orders::Order& order, const orders::Invoice& invoice) {
        return archive_one(house, work, order, invoice);
      });
}

}  // namespace pf::app
