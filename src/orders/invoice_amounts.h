// What stands on an invoice, worked out of an order or a refund. Pure functions, any thread.
#pragma once

#include <span>

#include "orders/invoice.h"
#include "orders/orders.h"
#include "orders/refund.h"

namespace pf::orders {

// Of one invoice. Sums of a thousand lines times a rate stay within 63 bits.
inline constexpr std::int64_t kInvoiceMinorMax = 100'000'000'000'000;

struct LineRate {
  std::size_t line = 0;
  VatRate rate = 0;
};

// VAT is worked out of the sum of each rate and rounded once, half away from zero. With `charged` (what was charged
// beside the prices) the rates' tax is made to add up to it: the highest sum takes the difference.
std::vector<RateTotal> totals_per_rate(std::span<const InvoiceLine> lines, bool amounts_include_vat,
                                       std::optional<std::int64_t> charged);

// Lines and totals of the order's invoice: what is ordered and not cancelled, shipping, and what else its total holds.
// `rates`: of lines whose rate is another one than the country's. Says nothing of number and time. conflict, naming
// everything that lacks, for an order without amounts or a seller who has not said enough; invalid for bad rates.
// `reverse_charge`: goods to a business in another country of the EU, which reckons the VAT itself (2006/112/EC,
// article 138): every rate is 0 and the amounts are what they are; conflict where seller and place are not so, or where
// the order has tax beside its prices.
Result<Invoice> invoice_of(const Order& order, const InvoiceSettings& settings, std::span<const LineRate> rates,
                           bool reverse_charge = false);
// A credit note of what is left of an invoice after these; without lines when nothing is.
Invoice rest_of(const Invoice& invoice, std::span<const Invoice> credited);
// The same of a refund, by the rates of the order's invoice.
Result<Invoice> credit_note_of(const Order& order, const Refund& refund, const Invoice& invoice);

// What keeps these settings from being saved, all of it.
Result<> check_settings(const InvoiceSettings& settings);

}  // namespace pf::orders
