// The invoices' nouns. Plain values. An invoice holds numbers, what was sold, amounts and the seller: never who bought.
// The buyer's address is printed from the vault as long as he is in it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orders/order.h"

namespace pf::orders {

// Stored on disk: kinds by number in keys and by name in records. Do not renumber or rename.
enum class InvoiceKind : std::uint8_t { invoice, credit_note };
inline constexpr std::array<std::string_view, 2> kInvoiceKindNames{"invoice", "credit_note"};

// A rate of VAT in hundredths of a percent: 2100 is 21 %.
using VatRate = std::int32_t;
inline constexpr VatRate kVatRateMax = 10'000;

// As the law wants the seller named (2006/112/EC, article 226), and how he wants to be paid.
struct Seller {
  std::string name{}, street{}, zip_code{}, city{}, country_code{}, vat_number{}, registration_number{}, iban{}, email{},
      phone_number{};
  std::string small_business_note{};  // why no VAT is charged; not empty: every rate is 0
  std::string footer{};               // whatever else shall stand on each
  friend bool operator==(const Seller&, const Seller&) = default;
};

struct CountryRate {
  std::string country_code;
  VatRate rate = 0;
  friend bool operator==(const CountryRate&, const CountryRate&) = default;
};

struct InvoiceSettings {
  Seller seller;
  bool prices_include_vat = true;  // of orders that say nothing of tax beside their prices
  std::optional<VatRate> vat_rate{};
  std::vector<CountryRate> country_rates{};  // of where it is sent, instead
  std::string invoice_prefix = "INV-", credit_note_prefix = "CN-";
  bool year_in_number = true;  // INV-2026-0001, from 1 again each year; else INV-0001 for ever
};

// Stored by name.
enum class InvoicePart { article, shipping, other };
inline constexpr std::array<std::string_view, 3> kInvoicePartNames{"article", "shipping", "other"};

struct InvoiceLine {
  InvoicePart part = InvoicePart::article;
  std::string sku, title;
  std::int64_t quantity = 0;      // of articles; 0: an amount alone
  std::int64_t amount_minor = 0;  // of all pieces, with or without VAT as the invoice says; a discount is negative
  VatRate rate = 0;
  friend bool operator==(const InvoiceLine&, const InvoiceLine&) = default;
};
struct RateTotal {
  VatRate rate = 0;
  std::int64_t net_minor = 0, vat_minor = 0;
  friend bool operator==(const RateTotal&, const RateTotal&) = default;
};

struct Invoice {
  InvoiceKind kind = InvoiceKind::invoice;
  int year = 0;              // of its series; 0 where the number has none
  std::uint32_t number = 0;  // in its series, from 1 without gaps
  std::string name;          // "INV-2026-0001"
  OrderId order{};
  std::string channel, channel_order_id, country_code;
  Currency currency{};
  Time at{};
  std::string day{};                  // the date that it bears, in the shop's time zone: "2026-11-26"
  std::optional<Time> supplied_at{};  // when the last parcel had left by then
  std::string by;
  bool amounts_include_vat = true, paid = false;
  // Of goods to a business in another country of the EU: every rate is 0, and the paper says why.
  bool reverse_charge = false;
  std::string of_invoice, refund;  // of a credit note: what it corrects, and the refund that it is for
  std::vector<InvoiceLine> lines;
  std::vector<RateTotal> rates;  // one for each rate, the highest first
  Seller seller;

  std::int64_t net_minor() const;
  std::int64_t vat_minor() const;
  std::int64_t gross_minor() const { return net_minor() + vat_minor(); }
};

}  // namespace pf::orders
