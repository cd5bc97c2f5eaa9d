#include "api/invoices_api.h"

#include <algorithm>

#include "api/limits.h"
#include "api/list_page.h"
#include "api/order_answers.h"
#include "api/order_papers.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "papers/address.h"
#include "papers/invoice_paper.h"

namespace pf::api {
namespace {

using orders::Invoice;
using orders::InvoiceSettings;

struct InvoiceRooms {
  storage::Store& store;
  orders::Orders& orders;
  orders::Invoices& invoices;
  vault::Vault& vault;
};

constexpr std::size_t kInvoicesOfPaperMax = 200;  // as orders of other papers

struct SellerBody {
  std::optional<std::string> name, street, zip_code, city, country_code, vat_number, registration_number, iban, email,
      phone_number, small_business_note, footer;
  template <class V>
  void fields(V& visit) {
    visit("name", name, "The seller's full name.");
    visit("street", street, "Street and number.");
    visit("zip_code", zip_code, "Postcode.");
    visit("city", city, "City.");
    visit("country_code", country_code, "ISO 3166, two capital letters.");
    visit("vat_number", vat_number, "VAT number.");
    visit("registration_number", registration_number, "Number in the register of companies.");
    visit("iban", iban, "Where who has not paid may pay.");
    visit("email", email, "For questions.");
    visit("phone_number", phone_number, "For questions.");
    visit("small_business_note", small_business_note,
          "Why no VAT is charged, such as the article of the law; where it stands, every rate is 0.");
    visit("footer", footer, "Whatever else shall stand on each.");
  }
};
struct CountryRateBody {
  std::string country_code;
  json::Decimal rate;
  template <class V>
  void fields(V& visit) {
    visit("country_code", country_code, "Where it is sent: ISO 3166, two capital letters.");
    visit("rate", rate, "In percent.");
  }
};
struct SettingsBody {
  std::optional<SellerBody> seller;
  std::optional<bool> prices_include_vat, year_in_number;
  std::optional<json::Decimal> vat_rate;
  std::vector<CountryRateBody> country_rates;
  std::optional<std::string> invoice_prefix, credit_note_prefix;
  template <class V>
  void fields(V& visit) {
    visit("seller", seller, "As he is named on invoices.");
    visit(
        "prices_include_vat", prices_include_vat,
        "Whether the prices of orders hold the VAT; true when absent. An order that has tax beside its prices says so "
        "itself.");
    visit("vat_rate", vat_rate, "In percent, where no country has its own.");
    visit("country_rates", country_rates, "Rates by where it is sent.");
    visit("invoice_prefix", invoice_prefix, "Begins invoices' numbers; INV- when absent.");
    visit("credit_note_prefix", credit_note_prefix, "Begins credit notes' numbers; CN- when absent.");
    visit("year_in_number", year_in_number, "INV-2026-0001, from 1 again each year (UTC); true when absent.");
  }
};
struct LineRateBody {
  std::int64_t line = 0;
  json::Decimal rate;
  template <class V>
  void fields(V& visit) {
    visit("line", line, "The line's number, counted from 0.");
    visit("rate", rate, "In percent.");
  }
};
struct InvoiceBody {
  std::vector<LineRateBody> rates;
  template <class V>
  void fields(V& visit) {
    visit("rates", rates, "Of lines whose rate of VAT is another one than the settings say, such as books.");
  }
};

const Currency kHundredths{};  // two digits: a percentage is read and written as an amount of them

json::Value rate_value(orders::VatRate rate) {
  return json::Value(json::Number{decimal({rate, kHundredths})});
}
orders::VatRate rate_of(Error& faults, const std::string& field, const json::Decimal& percent) {
  const auto rate = parse_money(percent.text, kHundredths);
  if (rate.ok() && rate->minor >= 0 && rate->minor <= orders::kVatRateMax)
    return static_cast<orders::VatRate>(rate->minor);
  faults.faults.push_back({field, "range", "must be a percentage from 0 to 100 with at most two decimals"});
  return 0;
}

json::Value seller_value(const orders::Seller& seller) {
  return json::Value::object({{"name", seller.name},
                              {"street", seller.street},
                              {"zip_code", seller.zip_code},
                              {"city", seller.city},
                              {"country_code", seller.country_code},
                              {"vat_number", seller.vat_number},
                              {"registration_number", seller.registration_number},
                              {"iban", seller.iban},
                              {"email", seller.email},
                              {"phone_number", seller.phone_number},
                              {"small_business_note", seller.small_business_note},
                              {"footer", seller.footer}});
}

json::Value invoice_value(const Invoice& invoice) {
  const auto money = [&](std::int64_t minor) { return money_value(Money{minor, invoice.currency}); };
  json::Value lines = json::Value::array(), rates = json::Value::array();
  for (const auto& line : invoice.lines)
    lines.push(json::Value::object({{"part", name_of(orders::kInvoicePartNames, line.part)},
                                    {"sku", line.sku},
                                    {"title", line.title},
                                    {"quantity", line.quantity},
                                    {"amount", money(line.amount_minor)},
                                    {"rate", rate_value(line.rate)}}));
  for (const auto& one : invoice.rates)
    rates.push(json::Value::object(
        {{"rate", rate_value(one.rate)}, {"net", money(one.net_minor)}, {"vat", money(one.vat_minor)}}));
  const auto text_or_null = [](const std::string& text) { return text.empty() ? json::Value() : json::Value(text); };
  return json::Value::object({{"name", invoice.name},
                              {"kind", name_of(orders::kInvoiceKindNames, invoice.kind)},
                              {"year", invoice.year != 0 ? json::Value(invoice.year) : json::Value()},
                              {"number", static_cast<std::uint64_t>(invoice.number)},
                              {"order_id", std::to_string(invoice.order.raw())},
                              {"channel", invoice.channel},
                              {"channel_order_id", invoice.channel_order_id},
                              {"country_code", invoice.country_code},
                              {"currency_code", invoice.currency.code()},
                              {"at", rfc3339(invoice.at)},
                              {"supplied_at", moment(invoice.supplied_at)},
                              {"by", invoice.by},
                              {"paid", invoice.paid},
                              {"amounts_include_vat", invoice.amounts_include_vat},
                              {"of_invoice", text_or_null(invoice.of_invoice)},
                              {"refund", text_or_null(invoice.refund)},
                              {"net", money(invoice.net_minor())},
                              {"vat", money(invoice.vat_minor())},
                              {"gross", money(invoice.gross_minor())},
                              {"rates", std::move(rates)},
                              {"lines", std::move(lines)},
                              {"seller", seller_value(invoice.seller)}});
}

json::Value invoice_settings_value(const InvoiceSettings& settings) {
  json::Value countries = json::Value::array();
  for (const auto& one : settings.country_rates)
    countries.push(json::Value::object({{"country_code", one.country_code}, {"rate", rate_value(one.rate)}}));
  return json::Value::object({{"seller", seller_value(settings.seller)},
                              {"prices_include_vat", settings.prices_include_vat},
                              {"vat_rate", settings.vat_rate ? rate_value(*settings.vat_rate) : json::Value()},
                              {"country_rates", std::move(countries)},
                              {"invoice_prefix", settings.invoice_prefix},
                              {"credit_note_prefix", settings.credit_note_prefix},
                              {"year_in_number", settings.year_in_number}});
}

Result<InvoiceSettings> settings_of(const SettingsBody& body) {
  InvoiceSettings out;
  Error faults{ErrorCode::invalid, "", {}};
  if (body.seller) {
    const SellerBody& in = *body.seller;
    const auto text = [](const std::optional<std::string>& value) { return std::string(trim(value.value_or(""))); };
    out.seller = {text(in.name),
                  text(in.street),
                  text(in.zip_code),
                  text(in.city),
                  text(in.country_code),
                  text(in.vat_number),
                  text(in.registration_number),
                  text(in.iban),
                  text(in.email),
                  text(in.phone_number),
                  text(in.small_business_note),
                  text(in.footer)};
    std::erase(out.seller.iban, ' ');  // people write it in groups
  }
  out.prices_include_vat = body.prices_include_vat.value_or(true);
  out.year_in_number = body.year_in_number.value_or(true);
  if (body.invoice_prefix) out.invoice_prefix = *body.invoice_prefix;
  if (body.credit_note_prefix) out.credit_note_prefix = *body.credit_note_prefix;
  if (body.vat_rate) out.vat_rate = rate_of(faults, "vat_rate", *body.vat_rate);
  for (std::size_t i = 0; i < body.country_rates.size(); ++i)
    out.country_rates.push_back(
        {body.country_rates[i].country_code,
         rate_of(faults, "country_rates[" + std::to_string(i) + "].rate", body.country_rates[i].rate)});
  if (const auto rest = orders::check_settings(out); !rest.ok())
    faults.faults.insert(faults.faults.end(), rest.error().faults.begin(), rest.error().faults.end());
  if (faults.faults.empty()) return out;
  faults.message = faults.faults[0].field + " " + faults.faults[0].message;
  return faults;
}

Result<Answer> show_invoice_settings(const InvoiceRooms& rooms, const Call&) {
  PF_LET(const auto settings, rooms.invoices.settings(rooms.store.read()));
  return Answer{.body = data(invoice_settings_value(settings))};
}

Result<Answer> save_invoice_settings(const InvoiceRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<SettingsBody>(call.body));
  PF_LET(const auto settings, settings_of(body));
  PF_TRY(rooms.invoices.save_settings(call.actor, settings));
  return Answer{.body = data(invoice_settings_value(settings))};
}

Answer made_answer(const orders::Invoices::Made& made) {
  return Answer{.status = made.outcome == catalog::Outcome::created ? 201 : 200,
                .body = data(invoice_value(made.invoice))};
}

Result<Answer> make_invoice(const InvoiceRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<InvoiceBody>(call.body));
  Error faults{ErrorCode::invalid, "", {}};
  std::vector<orders::LineRate> rates;
  for (std::size_t i = 0; i < body.rates.size(); ++i) {
    const auto& one = body.rates[i];
    rates.push_back({one.line < 0 ? SIZE_MAX : static_cast<std::size_t>(one.line),
                     rate_of(faults, "rates[" + std::to_string(i) + "].rate", one.rate)});
  }
  if (!faults.faults.empty()) {
    faults.message = faults.faults[0].field + " " + faults.faults[0].message;
    return faults;
  }
  PF_LET(const auto made, rooms.invoices.make(call.actor, id, rates));
  return made_answer(made);
}

Result<Answer> make_credit_note(const InvoiceRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto made, rooms.invoices.credit(call.actor, id, call.path_value("refund")));
  return made_answer(made);
}

Result<Answer> invoices_of_order(const InvoiceRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  const auto read = rooms.store.read();
  PF_LET(const auto order, rooms.orders.find(read, id));
  PF_LET(const auto all, rooms.invoices.of_order(read, order.id));
  json::Value list = json::Value::array();
  for (const auto& one : all) list.push(invoice_value(one));
  return Answer{.body = data(std::move(list))};
}

Result<Answer> list_invoices(const InvoiceRooms& rooms, const Call& call) {
  PF_LET(const auto paging, paging_of(call));
  const auto kind =
      value_named<orders::InvoiceKind>(orders::kInvoiceKindNames, call.query_value("kind").value_or("invoice"));
  if (!kind) return invalid("kind", "value", "kind can be " + in_words(orders::kInvoiceKindNames));
  const auto year = parse_int(call.query_value("year").value_or("0"));
  if (!year || *year < 0 || *year > 9'999) return invalid("year", "range", "year is one, such as 2026");
  const auto cursor = unbase64url(paging.cursor);
  if (!cursor) return invalid("cursor", "format", "cursor is not one that an answer gave");
  PF_LET(const auto page, rooms.invoices.list(rooms.store.read(), *kind, static_cast<int>(*year), *cursor,
                                              static_cast<std::size_t>(paging.per_page)));
  json::Value list = json::Value::array();
  for (const auto& one : page.invoices)
    if (!call.limits || call.limits->channel(one.channel)) list.push(invoice_value(one));
  return Answer{.body = cursor_body(call, std::move(list), paging.per_page, base64url(page.next_cursor))};
}

Result<Answer> show_invoice(const InvoiceRooms& rooms, const Call& call) {
  PF_LET(const auto invoice, rooms.invoices.find(rooms.store.read(), call.path_value("name")));
  return Answer{.body = data(invoice_value(invoice))};
}

Result<Answer> invoice_papers(const InvoiceRooms& rooms, const Call& call) {
  const std::string names = call.query_value("invoices").value_or("");
  const auto asked = split(names, ',');
  if (asked.size() > kInvoicesOfPaperMax)
    return invalid("invoices", "length", "At most 200 invoices are printed at once; take them in parts.");
  const auto allowed = [&](vault::Field field) { return !call.limits || call.limits->field(vault::field_name(field)); };
  if (!allowed(vault::Field::billing))
    return error(ErrorCode::forbidden, "Your account may not see who pays, and an invoice says it.");
  std::vector<Invoice> invoices;
  std::vector<vault::PersonRef> persons;
  {
    const auto read = rooms.store.read();
    for (const auto name : asked) {
      PF_LET(auto invoice, rooms.invoices.find(read, trim(name)));
      if (call.limits && !call.limits->channel(invoice.channel))
        return error(ErrorCode::not_found, "There is no such invoice.");
      PF_LET(const auto order, rooms.orders.find(read, invoice.order));
      invoices.push_back(std::move(invoice));
      persons.push_back(order.person);
    }
  }
  formats::PdfWriter pdf(invoices.size() == 1 ? invoices[0].name : "Invoices");
  for (std::size_t i = 0; i < invoices.size(); ++i) {
    papers::InvoiceBuyer who;
    const auto buyer =
        rooms.orders.reveal(call.actor, invoices[i].order, call.query_value("reason").value_or("invoice"));
    if (buyer.ok()) {
      const vault::Private* address = buyer->find(vault::Field::billing);
      if (address == nullptr && allowed(vault::Field::shipping)) address = buyer->find(vault::Field::shipping);
      if (address != nullptr)
        who.address = papers::address_lines(*address, invoices[i].seller.country_code, papers::VatNumber::with);
    } else if (buyer.error().code == ErrorCode::gone) {
      who.gone = true;
      who.gone_since = gone_since(rooms.vault, persons[i]);
    } else {
      return buyer.error();
    }
    papers::draw_invoice(pdf, invoices[i], who, paper_language(call));
  }
  return private_pdf(pdf.finish(), invoices.size() == 1 ? invoices[0].name : "invoices");
}

}  // namespace

std::vector<Row> invoices_routes(storage::Store& store, orders::Orders& orders, orders::Invoices& invoices,
                                 vault::Vault& vault) {
  const InvoiceRooms rooms{store, orders, invoices, vault};
  const auto with = handlers_with(rooms);
  const auto own = own_order(store, orders);
  const auto own_invoice = [&store, &invoices](const Call& call) -> Result<> {
    PF_LET(const auto invoice, invoices.find(store.read(), call.path_value("name")));
    if (call.limits->channel(invoice.channel)) return {};
    return error(ErrorCode::not_found, "There is no such invoice.");
  };
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/invoice-settings",
       .permission = P::settings_read,
       .summary = "Show how the seller is named on invoices, the rates of VAT and how invoices are numbered",
       .answer_schema = gate::data_shape(shapes::kInvoiceSettings),
       .handler = with(show_invoice_settings),
       .keeps = gate::kKeepsAll},
      {.method = Method::put,
       .path = "/api/v1/invoice-settings",
       .permission = P::settings_write,
       .summary =
           "Say how the seller is named on invoices, the rates of VAT and how invoices are numbered; replaces all",
       .accepts = BodyKind::json,
       .body_schema = json::schema<SettingsBody>(),
       .answer_schema = gate::data_shape(shapes::kInvoiceSettings),
       .handler = with(save_invoice_settings),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/order/{id}/invoice",
       .permission = P::orders_read,
       .summary = "List an order's invoice and credit notes",
       .answer_schema = gate::data_shape(shapes::kInvoices),
       .handler = with(invoices_of_order),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/order/{id}/invoice",
       .permission = P::orders_write,
       .summary = "Make an order's invoice with the next number of its series; again is the same invoice",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<InvoiceBody>(),
       .answer_schema = gate::data_shape(shapes::kInvoice),
       .handler = with(make_invoice),
       .other_success = 200,
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/order/{id}/refund/{refund}/credit-note",
       .permission = P::orders_write,
       .summary = "Make the credit note of a refund with the next number of its series; again is the same note",
       .success = 201,
       .answer_schema = gate::data_shape(shapes::kInvoice),
       .handler = with(make_credit_note),
       .other_success = 200,
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/invoice",
       .permission = P::orders_read,
       .summary = "List invoices or credit notes, newest first",
       .answer_schema = gate::page_shape(shapes::kInvoice),
       .handler = with(list_invoices),
       .query = {{"kind", "invoice (when absent) or credit_note."},
                 {"year", "Of the series; every one when absent."},
                 {"per_page", "At most 200; 15 when absent."},
                 {"cursor", "meta.next_cursor of the page before."}},
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/invoice/{name}",
       .permission = P::orders_read,
       .summary = "Show an invoice or a credit note by its number",
       .answer_schema = gate::data_shape(shapes::kInvoice),
       .handler = with(show_invoice),
       .keeps = gate::kKeepsAll,
       .object = own_invoice},
      {.method = Method::get,
       .path = "/api/v1/paper/invoice",
       .permission = P::buyer_reveal,
       .summary = "Print invoices and credit notes with their buyers, as long as they are there; an audit entry each",
       .handler = with(invoice_papers),
       .query = {{"invoices", "Numbers with commas between, at most 200."},
                 kPaperLanguage,
                 {"reason", "Why the buyers are revealed; that an invoice is printed when absent."}},
       .answer_types = {"application/pdf"},
       .fresh_sign_in = true,
       .keeps = gate::kKeepsAll},
  };
}

}  // namespace pf::api
