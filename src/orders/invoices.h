// Invoices and credit notes: numbered without gaps in each series, in the unit of work that makes them, so that neither
// a race nor a crash leaves a gap or gives a number twice. One invoice of an order at a time, one credit note of a
// refund on it; what is asked for again is the one that there is. They are never changed: an order that was changed
// since has its invoice credited and gets another. Any thread.
#pragma once

#include <functional>
#include <span>

#include "orders/customs.h"
#include "orders/invoice.h"
#include "orders/invoice_amounts.h"
#include "orders/orders.h"
#include "orders/refunds.h"
#include "productflow/zone.h"

namespace pf::orders {

class Invoices {
 public:
  static std::vector<storage::Family> families();  // "invoices"
  Invoices(storage::Store& store, Orders& orders, Refunds& refunds, audit::Audit& audit, const Clock& clock);

  // For the house, before anybody asks. In the unit of work that makes each: what it refuses is not made.
  using OnMade = std::function<Result<>(storage::Write&, const access::Actor&, const Order&, const Invoice&)>;
  void on_made(OnMade kept) { on_made_ = std::move(kept); }
  // Where the shop's days and years begin; UTC without.
  void in_zone(std::function<Zone()> zone) { zone_ = std::move(zone); }

  struct Made {
    Invoice invoice;
    catalog::Outcome outcome = catalog::Outcome::created;  // unchanged: it was there
  };
  // As invoice_of(); conflict too when the number that is next has been given under other settings.
  // `reverse_charge`: as invoice_of(); the vault must have the buyer's VAT number, which is looked at with an audit
  // entry.
  Result<Made> make(const access::Actor& by, OrderId order, std::span<const LineRate> rates,
                    bool reverse_charge = false);
  // Credits what is left of the order's invoice and makes another of the order as it is now, and credits on that what
  // refunds have credited on the former: all or nothing. conflict for an order without an invoice, or one whose next
  // would be the same.
  struct Corrected {
    Invoice credit_note, invoice;
  };
  Result<Corrected> correct(const access::Actor& by, OrderId order, std::span<const LineRate> rates,
                            bool reverse_charge = false);
  // not_found for a refund that there is not; conflict for an order without an invoice, and for more than it holds.
  Result<Made> credit(const access::Actor& by, OrderId order, std::string_view refund);

  Result<Invoice> find(const storage::Reader& read, std::string_view name) const;           // not_found with a sentence
  Result<std::vector<Invoice>> of_order(const storage::Reader& read, OrderId order) const;  // invoices first
  // Of one kind, newest first: at most `count` before `cursor` (empty: from the newest; else of an answer before).
  // `year` 0: every series.
  struct Page {
    std::vector<Invoice> invoices;
    std::string next_cursor{};
  };
  Result<Page> list(const storage::Reader& read, InvoiceKind kind, int year, std::string_view cursor,
                    std::size_t count) const;

  Result<InvoiceSettings> settings(const storage::Reader& read) const;
  Result<> save_settings(const access::Actor& by, const InvoiceSettings& settings);  // as check_settings()
  Result<CustomsSettings> customs(const storage::Reader& read) const;
  Result<> save_customs(const access::Actor& by, const CustomsSettings& settings);  // as check_customs()
  // The date of a moment in the shop's time zone.
  std::string day(Time at) const;

 private:
  // Gives the next number of its series, and keeps it with all that leads to it.
  Result<> keep(storage::Write& work, const access::Actor& by, Order& order, const InvoiceSettings& settings,
                Invoice& invoice);
  Result<Invoice> invoice_for(storage::Write& work, const access::Actor& by, const Order& order,
                              const InvoiceSettings& settings, std::span<const LineRate> rates, bool reverse_charge);
  Result<Invoice> at_place(const storage::Reader& read, std::string_view place) const;

  storage::Store& store_;
  Orders& orders_;
  Refunds& refunds_;
  audit::Audit& audit_;
  const Clock& clock_;
  storage::FamilyRef family_;
  LocalSeconds local(Time at) const;
  OnMade on_made_{};
  std::function<Zone()> zone_{};
};

}  // namespace pf::orders
