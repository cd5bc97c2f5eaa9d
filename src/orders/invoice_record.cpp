#include "orders/invoice_record.h"

#include "json/members.h"
#include "orders/invoice_keys.h"
#include "orders/order_record.h"

namespace pf::orders {
namespace {

using json::flag_in, json::number_in, json::text_in;

struct SellerText {
  const char* name;
  std::string Seller::*text;
};
// Stored on disk: do not rename.
constexpr SellerText kSellerTexts[]{{"n", &Seller::name},
                                    {"st", &Seller::street},
                                    {"z", &Seller::zip_code},
                                    {"ci", &Seller::city},
                                    {"co", &Seller::country_code},
                                    {"vat", &Seller::vat_number},
                                    {"reg", &Seller::registration_number},
                                    {"iban", &Seller::iban},
                                    {"em", &Seller::email},
                                    {"ph", &Seller::phone_number},
                                    {"sb", &Seller::small_business_note},
                                    {"ft", &Seller::footer}};

json::Value seller_record(const Seller& seller) {
  json::Value out{json::Members{}};
  for (const auto& [name, text] : kSellerTexts)
    if (!(seller.*text).empty()) out.set(name, seller.*text);
  return out;
}
Seller seller_in(const json::Value& record) {
  Seller seller;
  if (const json::Value* in = record.find("seller"))
    for (const auto& [name, text] : kSellerTexts) seller.*text = text_in(*in, name);
  return seller;
}
Result<json::Value> parsed_record(std::string_view record) {
  PF_LET(auto in, json::parse(record));
  if (number_in(in, "v") != kInvoiceVersion)
    return error(ErrorCode::unsupported,
                 "An invoice was written by a newer ProductFlow. Start that one, or restore a backup.");
  return in;
}
VatRate rate_in(const json::Value& in, std::string_view name) {
  return static_cast<VatRate>(number_in(in, name));
}

}  // namespace

// Stored on disk: do not change; a new member is one that may lack, or a new version.
std::string write_invoice(const Invoice& invoice) {
  json::Value lines = json::Value::array(), rates = json::Value::array();
  for (const InvoiceLine& line : invoice.lines)
    lines.push(json::Value::object({{"p", name_of(kInvoicePartNames, line.part)},
                                    {"s", line.sku},
                                    {"t", line.title},
                                    {"q", line.quantity},
                                    {"m", line.amount_minor},
                                    {"r", line.rate}}));
  for (const RateTotal& one : invoice.rates)
    rates.push(json::Value::object({{"r", one.rate}, {"n", one.net_minor}, {"t", one.vat_minor}}));
  json::Value out = json::Value::object({{"v", kInvoiceVersion},
                                         {"kind", name_of(kInvoiceKindNames, invoice.kind)},
                                         {"y", invoice.year},
                                         {"no", static_cast<std::int64_t>(invoice.number)},
                                         {"name", invoice.name},
                                         {"ord", invoice.order.raw()},
                                         {"ch", invoice.channel},
                                         {"cho", invoice.channel_order_id},
                                         {"co", invoice.country_code},
                                         {"cur", invoice.currency.code()},
                                         {"at", stored_ms(invoice.at)},
                                         {"by", invoice.by},
                                         {"inc", invoice.amounts_include_vat},
                                         {"paid", invoice.paid},
                                         {"lines", std::move(lines)},
                                         {"rates", std::move(rates)},
                                         {"seller", seller_record(invoice.seller)}});
  if (!invoice.day.empty()) out.set("d", invoice.day);
  if (invoice.reverse_charge) out.set("rc", true);
  if (invoice.supplied_at) out.set("sup", stored_ms(*invoice.supplied_at));
  if (!invoice.of_invoice.empty()) out.set("of", invoice.of_invoice);
  if (!invoice.refund.empty()) out.set("ref", invoice.refund);
  return json::write(out);
}

Result<Invoice> read_invoice(std::string_view record) {
  PF_LET(const auto in, parsed_record(record));
  Invoice out;
  out.kind = value_named<InvoiceKind>(kInvoiceKindNames, text_in(in, "kind")).value_or(InvoiceKind::invoice);
  out.year = static_cast<int>(number_in(in, "y"));
  out.number = static_cast<std::uint32_t>(number_in(in, "no"));
  out.name = text_in(in, "name");
  out.order = OrderId(static_cast<std::uint64_t>(number_in(in, "ord")));
  out.channel = text_in(in, "ch");
  out.channel_order_id = text_in(in, "cho");
  out.country_code = text_in(in, "co");
  PF_LET(out.currency, Currency::parse(text_in(in, "cur")));
  out.at = stored_time(in, "at");
  out.day = text_in(in, "d");
  if (out.day.empty()) out.day = rfc3339(out.at).substr(0, 10);  // of before the shop's zone counted: UTC
  out.reverse_charge = flag_in(in, "rc");
  if (in.find("sup") != nullptr) out.supplied_at = stored_time(in, "sup");
  out.by = text_in(in, "by");
  out.amounts_include_vat = flag_in(in, "inc");
  out.paid = flag_in(in, "paid");
  out.of_invoice = text_in(in, "of");
  out.refund = text_in(in, "ref");
  if (const json::Value* lines = in.find("lines"); lines != nullptr && lines->as_array() != nullptr)
    for (const json::Value& line : *lines->as_array())
      out.lines.push_back({value_named<InvoicePart>(kInvoicePartNames, text_in(line, "p")).value_or(InvoicePart::other),
                           text_in(line, "s"), text_in(line, "t"), number_in(line, "q"), number_in(line, "m"),
                           rate_in(line, "r")});
  if (const json::Value* rates = in.find("rates"); rates != nullptr && rates->as_array() != nullptr)
    for (const json::Value& one : *rates->as_array())
      out.rates.push_back({rate_in(one, "r"), number_in(one, "n"), number_in(one, "t")});
  out.seller = seller_in(in);
  return out;
}

// Stored on disk: as write_invoice.
std::string write_settings(const InvoiceSettings& settings) {
  json::Value countries = json::Value::array();
  for (const CountryRate& one : settings.country_rates)
    countries.push(json::Value::object({{"c", one.country_code}, {"r", one.rate}}));
  json::Value out = json::Value::object({{"v", kInvoiceVersion},
                                         {"seller", seller_record(settings.seller)},
                                         {"inc", settings.prices_include_vat},
                                         {"countries", std::move(countries)},
                                         {"ip", settings.invoice_prefix},
                                         {"cp", settings.credit_note_prefix},
                                         {"year", settings.year_in_number}});
  if (settings.vat_rate) out.set("rate", *settings.vat_rate);
  return json::write(out);
}

Result<InvoiceSettings> read_settings(std::string_view record) {
  PF_LET(const auto in, parsed_record(record));
  InvoiceSettings out;
  out.seller = seller_in(in);
  out.prices_include_vat = flag_in(in, "inc");
  if (in.find("rate") != nullptr) out.vat_rate = rate_in(in, "rate");
  if (const json::Value* countries = in.find("countries"); countries != nullptr && countries->as_array() != nullptr)
    for (const json::Value& one : *countries->as_array())
      out.country_rates.push_back({text_in(one, "c"), rate_in(one, "r")});
  out.invoice_prefix = text_in(in, "ip");
  out.credit_note_prefix = text_in(in, "cp");
  out.year_in_number = flag_in(in, "year");
  return out;
}

}  // namespace pf::orders
