#include "orders/invoice_amounts.h"

#include <algorithm>
#include <map>

#include "orders/order_parts.h"
#include "orders/vat_area.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

constexpr std::size_t kSellerBytesMax = 200;  // of one of his texts; the footer may be some sentences
constexpr std::size_t kFooterBytesMax = 1'000;
constexpr std::size_t kPrefixBytesMax = 20;
constexpr std::size_t kCountryRatesMax = 300;  // there are fewer countries

// REQUIRES: b > 0. Half away from zero, as people round.
std::int64_t rounded(std::int64_t a, std::int64_t b) {
  return a >= 0 ? (a + b / 2) / b : -((-a + b / 2) / b);
}

Error conflict_of(std::vector<FieldFault> faults, const char* begin) {
  Error out = error(ErrorCode::conflict, begin + faults.front().message + ".");
  out.faults = std::move(faults);
  return out;
}

bool is_country(std::string_view code) {
  return code.size() == 2 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// ISO 13616: letters become two digits each, the first four characters go to the end, and the whole is 1 modulo 97.
bool is_iban(std::string_view iban) {
  if (iban.size() < 15 || iban.size() > 34 || !is_country(iban.substr(0, 2))) return false;
  int rest = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    if (c >= '0' && c <= '9')
      rest = (rest * 10 + (c - '0')) % 97;
    else if (c >= 'A' && c <= 'Z')
      rest = (rest * 100 + (c - 'A' + 10)) % 97;
    else
      return false;
  }
  return rest == 1;
}

// The rate of whatever goes along with the goods, such as shipping: that of the largest sum.
VatRate main_rate(std::span<const InvoiceLine> lines, VatRate otherwise) {
  std::map<VatRate, std::int64_t> sums;
  for (const InvoiceLine& line : lines) sums[line.rate] += line.amount_minor;
  const auto most = std::ranges::max_element(sums, {}, [](const auto& one) { return one.second; });
  return most == sums.end() ? otherwise : most->first;
}

VatRate rate_of_country(const InvoiceSettings& settings, std::string_view country) {
  const auto own = std::ranges::find(settings.country_rates, country, &CountryRate::country_code);
  return own != settings.country_rates.end() ? own->rate : settings.vat_rate.value_or(0);
}

// All that is against leaving VAT to the buyer.
Result<> may_leave_vat_to_buyer(const Order& order, const Seller& seller, bool small_business) {
  std::vector<FieldFault> against;
  if (small_business)
    against.push_back({"seller.small_business_note", "small_business", "the seller charges no VAT at all"});
  if (!is_in_eu(seller.country_code)) against.push_back({"seller.country_code", "eu", "the seller is not in the EU"});
  if (!is_in_eu(order.country_code) || order.country_code == seller.country_code)
    against.push_back({"country_code", "eu", "the order does not go to another country of the EU"});
  if (order.tax && order.tax->minor != 0) against.push_back({"tax", "charged", "the buyer has been charged tax"});
  return against.empty() ? Result<>() : conflict_of(std::move(against), "VAT cannot be left to the buyer: ");
}

void check_seller(const InvoiceSettings& settings, std::vector<FieldFault>& faults) {
  const Seller& seller = settings.seller;
  const auto need = [&](const char* field, const std::string& value, const char* what) {
    if (trim(value).empty()) faults.push_back({std::string("seller.") + field, "required", what});
  };
  need("name", seller.name, "the seller's name is not set");
  need("street", seller.street, "the seller's street is not set");
  need("city", seller.city, "the seller's city is not set");
  need("country_code", seller.country_code, "the seller's country is not set");
  if (!trim(seller.small_business_note).empty()) return;
  need("vat_number", seller.vat_number, "the seller's VAT number is not set, nor why he charges no VAT");
  if (!settings.vat_rate) faults.push_back({"vat_rate", "required", "the rate of VAT is not set"});
}

}  // namespace

std::int64_t Invoice::net_minor() const {
  std::int64_t sum = 0;
  for (const RateTotal& one : rates) sum += one.net_minor;
  return sum;
}
std::int64_t Invoice::vat_minor() const {
  std::int64_t sum = 0;
  for (const RateTotal& one : rates) sum += one.vat_minor;
  return sum;
}

std::vector<RateTotal> totals_per_rate(std::span<const InvoiceLine> lines, bool amounts_include_vat,
                                       std::optional<std::int64_t> charged) {
  std::map<VatRate, std::int64_t, std::greater<>> sums;
  for (const InvoiceLine& line : lines) sums[line.rate] += line.amount_minor;
  std::vector<RateTotal> totals;
  std::int64_t vat = 0;
  for (const auto& [rate, sum] : sums) {
    RateTotal one{rate, sum, rounded(sum * rate, amounts_include_vat ? kVatRateMax + rate : kVatRateMax)};
    if (amounts_include_vat) one.net_minor -= one.vat_minor;
    vat += one.vat_minor;
    totals.push_back(one);
  }
  if (charged && !totals.empty())
    std::ranges::max_element(totals, {}, &RateTotal::net_minor)->vat_minor += *charged - vat;
  return totals;
}

Result<Invoice> invoice_of(const Order& order, const InvoiceSettings& settings, std::span<const LineRate> rates,
                           bool reverse_charge) {
  std::vector<FieldFault> lacking;
  check_seller(settings, lacking);
  if (!lacking.empty()) return conflict_of(std::move(lacking), "No invoice can be made yet: ");
  if (status_of(order) == OrderStatus::cancelled)
    return error(ErrorCode::conflict, "The order is cancelled, so there is nothing to invoice.");
  if (!order.total)
    return error(ErrorCode::conflict,
                 "It is not known what this order costs: its channel has sent no amounts. Import them first.");
  const bool small_business = !trim(settings.seller.small_business_note).empty();
  if (reverse_charge) PF_TRY(may_leave_vat_to_buyer(order, settings.seller, small_business));
  const bool without_vat = small_business || reverse_charge;
  Error bad{ErrorCode::invalid, "", {}};
  std::map<std::size_t, VatRate> own_rates;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const std::string at = "rates[" + std::to_string(i) + "].";
    if (rates[i].line >= order.lines.size())
      bad.faults.push_back({at + "line", "unknown", "the order has no line " + std::to_string(rates[i].line)});
    else if (rates[i].rate < 0 || rates[i].rate > kVatRateMax)
      bad.faults.push_back({at + "rate", "range", "must be between 0 and 100 percent"});
    else if (without_vat && rates[i].rate != 0)
      bad.faults.push_back(
          small_business ? FieldFault{at + "rate", "small_business", "the seller charges no VAT, as his settings say"}
                         : FieldFault{at + "rate", "reverse_charge", "the buyer reckons the VAT himself"});
    else
      own_rates[rates[i].line] = rates[i].rate;
  }
  if (!bad.faults.empty()) {
    bad.message = bad.faults[0].message;
    return bad;
  }
  Invoice out;
  out.order = order.id;
  out.channel = order.channel;
  out.channel_order_id = order.channel_order_id;
  out.country_code = order.country_code;
  out.currency = order.currency;
  out.paid = order.paid;
  out.reverse_charge = reverse_charge;
  out.seller = settings.seller;
  out.amounts_include_vat = order.tax ? order.tax->minor == 0 : settings.prices_include_vat || without_vat;
  for (const Parcel& parcel : order.parcels)
    out.supplied_at = out.supplied_at ? std::max(*out.supplied_at, parcel.at) : parcel.at;

  const VatRate usual = without_vat ? 0 : rate_of_country(settings, order.country_code);
  std::int64_t whole = 0;  // what the order's own parts add up to, cancelled pieces too
  bool some_cancelled = false;
  const auto large = [&](std::int64_t amount) { return amount > kInvoiceMinorMax || amount < -kInvoiceMinorMax; };
  const Error too_large = error(ErrorCode::too_large, "The order's amounts are too large for an invoice.");
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const Line& line = order.lines[i];
    const std::int64_t pieces = line.count.ordered - line.count.cancelled;
    some_cancelled = some_cancelled || line.count.cancelled > 0;
    if (line.count.ordered == 0) continue;
    if (!line.price)
      return error(ErrorCode::conflict, "The price of line " + std::to_string(i) +
                                            " is not known: its channel has sent none. Import it first.");
    const auto amount = multiply(*line.price, pieces), ordered = multiply(*line.price, line.count.ordered);
    if (!amount.ok() || !ordered.ok() || large(ordered->minor) || large(whole += ordered->minor)) return too_large;
    const auto own = own_rates.find(i);
    if (pieces > 0)
      out.lines.push_back({InvoicePart::article, line.sku, line.title, pieces, amount->minor,
                           own != own_rates.end() ? own->second : usual});
  }
  const VatRate along = main_rate(out.lines, usual);
  const std::int64_t shipping = order.shipping_cost ? order.shipping_cost->minor : 0;
  const std::int64_t tax = order.tax ? order.tax->minor : 0;
  if (large(shipping) || large(tax) || large(order.total->minor)) return too_large;
  if (shipping != 0) out.lines.push_back({InvoicePart::shipping, "", "", 0, shipping, along});
  // Discounts and fees: what the channel's total has beside its parts.
  if (const std::int64_t other = order.total->minor - whole - shipping - tax; other != 0)
    out.lines.push_back({InvoicePart::other, "", "", 0, other, along});
  if (out.lines.empty()) return error(ErrorCode::conflict, "Nothing of the order is left to invoice.");
  // What was charged beside the prices is the tax, as long as it is for all that is invoiced.
  const bool charged = tax != 0 && !some_cancelled;
  out.rates =
      totals_per_rate(out.lines, out.amounts_include_vat, charged ? std::optional(tax) : std::optional<std::int64_t>());
  const auto reckoned = totals_per_rate(out.lines, out.amounts_include_vat, std::nullopt);
  std::int64_t off = 0;
  for (std::size_t i = 0; i < reckoned.size(); ++i) off += out.rates[i].vat_minor - reckoned[i].vat_minor;
  // Who rounds each line by itself may be off by half a unit a line, and by one for shipping and the rest.
  if (const auto most = static_cast<std::int64_t>(out.lines.size()) + 1; charged && (off > most || off < -most))
    return error(ErrorCode::conflict, "The order's tax is " + decimal(*order.tax) +
                                          ", and these rates of VAT would make it " +
                                          decimal({tax - off, order.currency}) + ": give the rates of its lines.");
  return out;
}

Result<Invoice> credit_note_of(const Order& order, const Refund& refund, const Invoice& invoice) {
  Invoice out = invoice;
  out.kind = InvoiceKind::credit_note;
  out.of_invoice = invoice.name;
  out.refund = refund.identifier;
  out.lines.clear();
  const auto rate_of = [&](const Line& line) {
    const auto found = std::ranges::find_if(invoice.lines, [&](const InvoiceLine& one) {
      return one.part == InvoicePart::article && one.sku == line.sku && one.title == line.title;
    });
    return found != invoice.lines.end() ? found->rate : main_rate(invoice.lines, 0);
  };
  for (const RefundLine& part : refund.lines) {
    if (part.line >= order.lines.size()) continue;
    const Line& line = order.lines[part.line];
    out.lines.push_back({InvoicePart::article, line.sku, line.title, part.quantity, part.amount_minor, rate_of(line)});
  }
  const VatRate along = main_rate(out.lines, main_rate(invoice.lines, 0));
  if (refund.shipping_minor != 0) out.lines.push_back({InvoicePart::shipping, "", "", 0, refund.shipping_minor, along});
  if (refund.other_minor != 0) out.lines.push_back({InvoicePart::other, "", "", 0, refund.other_minor, along});
  // A refund of tax alone has no amount that it is of.
  if (out.lines.empty()) out.lines.push_back({InvoicePart::other, "", "", 0, 0, along});
  const bool beside = order.tax && order.tax->minor != 0;
  out.rates = totals_per_rate(out.lines, out.amounts_include_vat,
                              beside ? std::optional(refund.tax_minor) : std::optional<std::int64_t>());
  return out;
}

Invoice rest_of(const Invoice& invoice, std::span<const Invoice> credited) {
  Invoice out = invoice;
  out.kind = InvoiceKind::credit_note;
  out.of_invoice = invoice.name;
  out.refund.clear();
  if (credited.empty()) return out;
  // Beside credit notes there are amounts left, a rate each, and no longer pieces.
  out.lines.clear();
  out.rates.clear();
  for (const RateTotal& whole : invoice.rates) {
    RateTotal left = whole;
    for (const Invoice& one : credited)
      for (const RateTotal& gone : one.rates)
        if (gone.rate == left.rate) {
          left.net_minor -= gone.net_minor;
          left.vat_minor -= gone.vat_minor;
        }
    if (left.net_minor == 0 && left.vat_minor == 0) continue;
    out.rates.push_back(left);
    out.lines.push_back({InvoicePart::other, "", "", 0,
                         left.net_minor + (invoice.amounts_include_vat ? left.vat_minor : 0), left.rate});
  }
  return out;
}

Result<> check_settings(const InvoiceSettings& settings) {
  Faults faults;
  const Seller& seller = settings.seller;
  for (const auto& [field, text] : std::initializer_list<std::pair<const char*, const std::string*>>{
           {"name", &seller.name},
           {"street", &seller.street},
           {"zip_code", &seller.zip_code},
           {"city", &seller.city},
           {"vat_number", &seller.vat_number},
           {"registration_number", &seller.registration_number},
           {"email", &seller.email},
           {"phone_number", &seller.phone_number},
           {"small_business_note", &seller.small_business_note}})
    check_text(faults, std::string("seller.") + field, *text, kSellerBytesMax);
  check_text(faults, "seller.footer", seller.footer, kFooterBytesMax);
  if (!seller.country_code.empty() && !is_country(seller.country_code))
    faults.add("seller.country_code", "format", "must be two capital letters (ISO 3166), such as NL");
  if (!seller.iban.empty() && !is_iban(seller.iban))
    faults.add("seller.iban", "check_digits", "is no IBAN: look at it again, digit by digit");
  const auto rate = [&](const std::string& field, VatRate value) {
    if (value < 0 || value > kVatRateMax) faults.add(field, "range", "must be between 0 and 100 percent");
  };
  if (settings.vat_rate) rate("vat_rate", *settings.vat_rate);
  if (settings.country_rates.size() > kCountryRatesMax)
    faults.add("country_rates", "length", "must have at most 300 countries");
  for (std::size_t i = 0; i < std::min(settings.country_rates.size(), kCountryRatesMax); ++i) {
    const CountryRate& one = settings.country_rates[i];
    const std::string at = "country_rates[" + std::to_string(i) + "].";
    if (!is_country(one.country_code))
      faults.add(at + "country_code", "format", "must be two capital letters (ISO 3166), such as DE");
    else if (std::ranges::count(settings.country_rates, one.country_code, &CountryRate::country_code) > 1)
      faults.add(at + "country_code", "twice", one.country_code + " is named twice");
    rate(at + "rate", one.rate);
  }
  for (const auto& [field, prefix] : std::initializer_list<std::pair<const char*, const std::string*>>{
           {"invoice_prefix", &settings.invoice_prefix}, {"credit_note_prefix", &settings.credit_note_prefix}})
    if (prefix->size() > kPrefixBytesMax || std::ranges::any_of(*prefix, [](char c) {
          return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                   c == '.');
        }))
      faults.add(field, "format", "is made of at most 20 letters, digits and . _ - alone");
  if (settings.invoice_prefix == settings.credit_note_prefix)
    faults.add("credit_note_prefix", "same", "must differ from the invoices'");
  return std::move(faults).checked();
}

}  // namespace pf::orders
