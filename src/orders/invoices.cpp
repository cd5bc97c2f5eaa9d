// 1. A number is taken, its record written and the order told in one unit of work, under the one-writer lock: what is
//    not kept has taken no number, and what is kept has the one after the last.
// 2. A name leads to one invoice for ever: settings that would give it again are refused, and no number is lost by it.
// 3. A record is written once.
#include "orders/invoices.h"

#include <algorithm>
#include <tuple>

#include "json/members.h"
#include "orders/invoice_keys.h"
#include "orders/invoice_record.h"
#include "orders/order_parts.h"

namespace pf::orders {
namespace {

constexpr std::size_t kNumberDigits = 4;  // at least; the ten-thousandth has five

std::string day_of(LocalSeconds time) {
  return rfc3339(Time(time.time_since_epoch())).substr(0, 10);
}
// The one that holds now: the newest.
std::vector<Invoice>::const_iterator current(const std::vector<Invoice>& of_order) {
  return std::ranges::max_element(of_order, {}, [](const Invoice& one) {
    return std::tuple(one.kind == InvoiceKind::invoice, one.at, one.year, one.number);
  });
}
bool is_current(const std::vector<Invoice>& of_order, std::vector<Invoice>::const_iterator one) {
  return one != of_order.end() && one->kind == InvoiceKind::invoice;
}
std::string name_for(const InvoiceSettings& settings, const Invoice& invoice) {
  std::string digits = std::to_string(invoice.number);
  if (digits.size() < kNumberDigits) digits.insert(0, kNumberDigits - digits.size(), '0');
  return (invoice.kind == InvoiceKind::invoice ? settings.invoice_prefix : settings.credit_note_prefix) +
         (invoice.year != 0 ? std::to_string(invoice.year) + "-" : "") + digits;
}

}  // namespace

std::vector<storage::Family> Invoices::families() {
  return {{.name = std::string(kInvoicesFamily)}};
}

Invoices::Invoices(storage::Store& store, Orders& orders, Refunds& refunds, audit::Audit& audit, const Clock& clock)
    : store_(store),
      orders_(orders),
      refunds_(refunds),
      audit_(audit),
      clock_(clock),
      family_(store.family(kInvoicesFamily)) {}

Result<Invoice> Invoices::at_place(const storage::Reader& read, std::string_view place) const {
  PF_LET(const auto record, read.get(family_, invoice_key(place)));
  return read_invoice(record.value_or(""));
}

Result<Invoice> Invoices::find(const storage::Reader& read, std::string_view name) const {
  PF_LET(const auto place, read.get(family_, invoice_name_key(name)));
  if (!place) return error(ErrorCode::not_found, "There is no such invoice.");
  return at_place(read, *place);
}

Result<std::vector<Invoice>> Invoices::of_order(const storage::Reader& read, OrderId order) const {
  std::vector<Invoice> found;
  for (auto row = read.scan_prefix(family_, invoices_of_order_prefix(order.raw())); row.valid(); row.next()) {
    PF_LET(auto invoice, at_place(read, row.key().substr(row.key().size() - kInvoicePlaceBytes)));
    found.push_back(std::move(invoice));
  }
  return found;
}

Result<Invoices::Page> Invoices::list(const storage::Reader& read, InvoiceKind kind, int year, std::string_view cursor,
                                      std::size_t count) const {
  const std::string first =
      invoice_key(invoice_place(static_cast<std::uint8_t>(kind), static_cast<std::uint16_t>(std::max(year, 0)), 0));
  const std::string last = invoice_key(invoice_place(
      static_cast<std::uint8_t>(kind), year > 0 ? static_cast<std::uint16_t>(year) : UINT16_MAX, UINT32_MAX));
  if (!cursor.empty() && cursor.size() != kInvoicePlaceBytes)
    return invalid("cursor", "format", "is not one that an answer gave");
  const std::string before = cursor.empty() ? last : std::min(last, invoice_key(cursor));
  auto row = read.scan(family_, first, "");
  row.seek_for_prev(before);
  if (row.valid() && !cursor.empty() && row.key() == before) row.prev();
  Page page;
  for (; row.valid() && row.key() >= first; row.prev()) {
    if (page.invoices.size() == count) {
      const Invoice& end = page.invoices.back();
      page.next_cursor =
          invoice_place(static_cast<std::uint8_t>(end.kind), static_cast<std::uint16_t>(end.year), end.number);
      break;
    }
    PF_LET(auto invoice, read_invoice(row.value()));
    page.invoices.push_back(std::move(invoice));
  }
  return page;
}

Result<InvoiceSettings> Invoices::settings(const storage::Reader& read) const {
  PF_LET(const auto record, read.get(family_, kInvoiceSettingsKey));
  if (!record) return InvoiceSettings{};
  return read_settings(*record);
}

Result<> Invoices::save_settings(const access::Actor& by, const InvoiceSettings& settings) {
  PF_TRY(check_settings(settings));
  return store_.write([&](storage::Write& work) -> Result<> {
    const std::string record = write_settings(settings);
    PF_LET(const auto before, work.get(family_, kInvoiceSettingsKey));
    if (before == record) return {};
    work.put(family_, kInvoiceSettingsKey, record);
    return audit_.append(work, by, "invoice.settings", "", {});
  });
}

Result<CustomsSettings> Invoices::customs(const storage::Reader& read) const {
  PF_LET(const auto record, read.get(family_, kCustomsSettingsKey));
  if (!record) return CustomsSettings{};
  return read_customs(*record);
}

Result<> Invoices::save_customs(const access::Actor& by, const CustomsSettings& settings) {
  PF_TRY(check_customs(settings));
  return store_.write([&](storage::Write& work) -> Result<> {
    const std::string record = write_customs(settings);
    PF_LET(const auto before, work.get(family_, kCustomsSettingsKey));
    if (before == record) return {};
    work.put(family_, kCustomsSettingsKey, record);
    return audit_.append(work, by, "customs.settings", "", {});
  });
}

LocalSeconds Invoices::local(Time at) const {
  if (zone_) return zone_().local(at);
  return LocalSeconds(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()));
}
std::string Invoices::day(Time at) const {
  return day_of(local(at));
}

Result<> Invoices::keep(storage::Write& work, const access::Actor& by, Order& order, const InvoiceSettings& settings,
                        Invoice& invoice) {
  invoice.at = clock_.now();
  invoice.by = by.name;
  const auto now = local(invoice.at);
  invoice.day = day_of(now);
  const auto year_now = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year();
  invoice.year = settings.year_in_number ? static_cast<int>(year_now) : 0;
  const auto kind = static_cast<std::uint8_t>(invoice.kind);
  const auto year = static_cast<std::uint16_t>(invoice.year);
  PF_LET(const auto last, work.get(family_, series_key(kind, year)));
  invoice.number = (last && last->size() == 4 ? get_be32(*last) : 0) + 1;
  invoice.name = name_for(settings, invoice);
  PF_LET(const auto taken, work.get(family_, invoice_name_key(invoice.name)));
  if (taken)
    return error(ErrorCode::conflict,
                 "The next number would be " + invoice.name +
                     ", which has been given already. Choose another prefix in the settings for invoices.");
  std::string number;
  put_be32(number, invoice.number);
  const std::string place = invoice_place(kind, year, invoice.number);
  work.put(family_, series_key(kind, year), number);
  work.put(family_, invoice_key(place), write_invoice(invoice));
  work.put(family_, invoice_name_key(invoice.name), place);
  work.put(family_, invoices_of_order_prefix(order.id.raw()) + place, "");
  if (!invoice.refund.empty()) work.put(family_, credit_key(order.id.raw(), invoice.refund), place);

  const Order before = order;
  const std::string amount = decimal({invoice.gross_minor(), invoice.currency});
  json::Value details = json::Value::object({{"invoice", invoice.name},
                                             {"amount", json::Value(json::Number{amount})},
                                             {"currency_code", invoice.currency.code()}});
  if (!invoice.refund.empty()) details.set("refund", invoice.refund);
  const bool credit = invoice.kind == InvoiceKind::credit_note;
  PF_TRY(orders_.append_event(work, order, by, credit ? "credited" : "invoiced", std::move(details)));
  PF_TRY(orders_.save(work, &before, order));
  if (on_made_) PF_TRY(on_made_(work, by, order, invoice));
  return audit_.append(work, by, credit ? "order.credit_note" : "order.invoice", object_name(order.id),
                       json::Value::object({{"invoice", invoice.name}, {"amount", amount}}));
}

Result<Invoice> Invoices::invoice_for(storage::Write& work, const access::Actor& by, const Order& order,
                                      const InvoiceSettings& settings, std::span<const LineRate> rates,
                                      bool reverse_charge) {
  PF_LET(auto invoice, invoice_of(order, settings, rates, reverse_charge));
  if (!reverse_charge) return invoice;
  PF_LET(const auto buyer, orders_.vault_.reveal(work, by, "VAT number of an invoice without VAT", order.subject(),
                                                 order.person, object_name(order.id)));
  const vault::Private* pays = buyer.find(vault::Field::billing);
  if (pays == nullptr) pays = buyer.find(vault::Field::shipping);
  const auto address = pays != nullptr ? json::parse(pays->in_the_clear()) : Result<json::Value>(json::Value());
  if (!address.ok() || !is_eu_vat_number(json::text_in(*address, "vat_number")))
    return error(
        ErrorCode::conflict,
        "VAT is left out for a business of another EU country alone, and the buyer's address has no VAT number "
        "of one, such as DE123456789.");
  return invoice;
}

Result<Invoices::Made> Invoices::make(const access::Actor& by, OrderId id, std::span<const LineRate> rates,
                                      bool reverse_charge) {
  Made made;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(Order order, orders_.find(work, id));
    PF_LET(const auto there, of_order(work, id));
    if (const auto invoice = current(there); is_current(there, invoice)) {
      made = {*invoice, catalog::Outcome::unchanged};
      return {};
    }
    PF_LET(const auto told, settings(work));
    PF_LET(made.invoice, invoice_for(work, by, order, told, rates, reverse_charge));
    return keep(work, by, order, told, made.invoice);
  }));
  return made;
}

Result<Invoices::Corrected> Invoices::correct(const access::Actor& by, OrderId id, std::span<const LineRate> rates,
                                              bool reverse_charge) {
  Corrected made;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(Order order, orders_.find(work, id));
    PF_LET(const auto there, of_order(work, id));
    const auto former = current(there);
    if (!is_current(there, former))
      return error(ErrorCode::conflict, "The order has no invoice that could be corrected. Make it first.");
    PF_LET(const auto told, settings(work));
    PF_LET(made.invoice, invoice_for(work, by, order, told, rates, reverse_charge));
    if (made.invoice.lines == former->lines && made.invoice.rates == former->rates &&
        made.invoice.reverse_charge == former->reverse_charge)
      return error(ErrorCode::conflict,
                   "Nothing of the order has changed since invoice " + former->name + ", so it stays as it is.");
    std::vector<Invoice> credited;
    for (const Invoice& one : there)
      if (one.kind == InvoiceKind::credit_note && one.of_invoice == former->name) credited.push_back(one);
    made.credit_note = rest_of(*former, credited);
    if (!made.credit_note.lines.empty()) PF_TRY(keep(work, by, order, told, made.credit_note));
    PF_TRY(keep(work, by, order, told, made.invoice));
    // What refunds have credited stands on the invoice that holds now.
    PF_LET(const auto refunds, refunds_.of_order(work, id));
    for (const Refund& refund : refunds) {
      if (std::ranges::find(credited, refund.identifier, &Invoice::refund) == credited.end()) continue;
      PF_LET(auto again, credit_note_of(order, refund, made.invoice));
      PF_TRY(keep(work, by, order, told, again));
    }
    return {};
  }));
  return made;
}

Result<Invoices::Made> Invoices::credit(const access::Actor& by, OrderId id, std::string_view refund) {
  Made made;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(Order order, orders_.find(work, id));
    PF_LET(const auto known, work.get(family_, credit_key(id.raw(), refund)));
    if (known) {
      PF_LET(made.invoice, at_place(work, *known));
      made.outcome = catalog::Outcome::unchanged;
      return {};
    }
    PF_LET(const auto refunds, refunds_.of_order(work, id));
    const auto of = std::ranges::find(refunds, refund, &Refund::identifier);
    if (of == refunds.end()) return error(ErrorCode::not_found, "The order has no such refund.");
    PF_LET(const auto there, of_order(work, id));
    const auto invoice = current(there);
    if (!is_current(there, invoice))
      return error(ErrorCode::conflict, "The order has no invoice that could be credited. Make it first.");
    PF_LET(made.invoice, credit_note_of(order, *of, *invoice));
    std::int64_t credited = made.invoice.gross_minor();
    for (const Invoice& one : there)
      if (one.kind == InvoiceKind::credit_note && one.of_invoice == invoice->name) credited += one.gross_minor();
    if (credited > invoice->gross_minor())
      return error(ErrorCode::conflict, "Invoice " + invoice->name + " is of " +
                                            decimal({invoice->gross_minor(), invoice->currency}) +
                                            ", less than would be credited then: what was cancelled before it was made "
                                            "is not on it.");
    PF_LET(const auto told, settings(work));
    return keep(work, by, order, told, made.invoice);
  }));
  return made;
}

}  // namespace pf::orders
