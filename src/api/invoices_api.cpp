#include "api/invoices_api.h"

#include <algorithm>

#include "api/invoice_answers.h"
#include "api/limits.h"
#include "api/list_page.h"
#include "api/order_answers.h"
#include "api/order_papers.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "formats/csv.h"
#include "gate/shape.h"
#include "papers/address.h"
#include "papers/invoice_paper.h"
#include "productflow/faults.h"

namespace pf::api {
namespace {

using orders::Invoice;

struct InvoiceRooms {
  storage::Store& store;
  orders::Orders& orders;
  orders::Invoices& invoices;
  vault::Vault& vault;
};

constexpr std::size_t kInvoicesAtOnce = 500;      // read from the store for a file
constexpr std::size_t kCsvBytesMax = 64u << 20;   // of one file: some 400,000 invoices
constexpr std::size_t kInvoicesOfPaperMax = 200;  // as orders of other papers

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
  std::optional<bool> reverse_charge;
  template <class V>
  void fields(V& visit) {
    visit("rates", rates, "Of lines whose rate of VAT is another one than the settings say, such as books.");
    visit("reverse_charge", reverse_charge,
          "true: goods to a business in another EU country, whose VAT number the order has, without VAT.");
  }
};

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
                              {"date", invoice.day},
                              {"supplied_at", moment(invoice.supplied_at)},
                              {"by", invoice.by},
                              {"paid", invoice.paid},
                              {"amounts_include_vat", invoice.amounts_include_vat},
                              {"reverse_charge", invoice.reverse_charge},
                              {"of_invoice", text_or_null(invoice.of_invoice)},
                              {"refund", text_or_null(invoice.refund)},
                              {"net", money(invoice.net_minor())},
                              {"vat", money(invoice.vat_minor())},
                              {"gross", money(invoice.gross_minor())},
                              {"rates", std::move(rates)},
                              {"lines", std::move(lines)},
                              {"seller", seller_value(invoice.seller)}});
}

Answer made_answer(const orders::Invoices::Made& made) {
  return Answer{.status = made.outcome == catalog::Outcome::created ? 201 : 200,
                .body = data(invoice_value(made.invoice))};
}

Result<std::vector<orders::LineRate>> rates_of(const InvoiceBody& body) {
  Faults faults;
  std::vector<orders::LineRate> rates;
  for (std::size_t i = 0; i < body.rates.size(); ++i) {
    const auto& one = body.rates[i];
    rates.push_back({one.line < 0 ? SIZE_MAX : static_cast<std::size_t>(one.line),
                     rate_of(faults, "rates[" + std::to_string(i) + "].rate", one.rate)});
  }
  PF_TRY(std::move(faults).checked());
  return rates;
}

Result<Answer> make_invoice(const InvoiceRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<InvoiceBody>(call.body));
  PF_LET(const auto rates, rates_of(body));
  PF_LET(const auto made, rooms.invoices.make(call.actor, id, rates, body.reverse_charge.value_or(false)));
  return made_answer(made);
}

Result<Answer> correct_invoice(const InvoiceRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<InvoiceBody>(call.body));
  PF_LET(const auto rates, rates_of(body));
  PF_LET(const auto made, rooms.invoices.correct(call.actor, id, rates, body.reverse_charge.value_or(false)));
  json::Value list = json::Value::array();
  if (!made.credit_note.name.empty()) list.push(invoice_value(made.credit_note));
  list.push(invoice_value(made.invoice));
  return Answer{.status = 201, .body = data(std::move(list))};
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

// One row for each rate of each invoice, newest first: what a tax return adds up.
Result<Answer> invoices_csv(const InvoiceRooms& rooms, const Call& call, orders::InvoiceKind kind, int year) {
  const auto read = rooms.store.read();
  std::string out, cursor;
  formats::write_csv_row({"name", "kind", "at", "order_id", "channel", "channel_order_id", "country_code",
                          "currency_code", "of_invoice", "rate", "net", "vat", "gross"},
                         true, out);
  do {
    PF_LET(const auto page, rooms.invoices.list(read, kind, year, cursor, kInvoicesAtOnce));
    for (const Invoice& one : page.invoices) {
      if (call.limits && !call.limits->channel(one.channel)) continue;
      const auto money = [&](std::int64_t minor) { return decimal({minor, one.currency}); };
      for (const auto& total : one.rates)
        formats::write_csv_row(
            {one.name, std::string(name_of(orders::kInvoiceKindNames, one.kind)), rfc3339(one.at),
             std::to_string(one.order.raw()), one.channel, one.channel_order_id, one.country_code,
             std::string(one.currency.code()), one.of_invoice, decimal({total.rate, kHundredths}),
             money(total.net_minor), money(total.vat_minor), money(total.net_minor + total.vat_minor)},
            true, out);
    }
    cursor = page.next_cursor;
    if (out.size() > kCsvBytesMax)
      return error(ErrorCode::too_large, "That is more than one file should hold: ask for one year.");
  } while (!cursor.empty());
  return Answer{.raw = std::move(out),
                .content_type = "text/csv; charset=utf-8",
                .headers = {{"content-disposition", "attachment; filename=\"" +
                                                        std::string(name_of(orders::kInvoiceKindNames, kind)) +
                                                        (year > 0 ? "s-" + std::to_string(year) : "s") + ".csv\""}}};
}

Result<Answer> list_invoices(const InvoiceRooms& rooms, const Call& call) {
  PF_LET(const auto paging, paging_of(call));
  const auto kind =
      value_named<orders::InvoiceKind>(orders::kInvoiceKindNames, call.query_value("kind").value_or("invoice"));
  if (!kind) return invalid("kind", "value", "kind can be " + in_words(orders::kInvoiceKindNames));
  const auto year = parse_int(call.query_value("year").value_or("0"));
  if (!year || *year < 0 || *year > 9'999) return invalid("year", "range", "year is one, such as 2026");
  const std::string format = call.query_value("format").value_or("json");
  if (format == "csv") return invoices_csv(rooms, call, *kind, static_cast<int>(*year));
  if (format != "json") return invalid("format", "value", "format can be json or csv");
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
       .path = "/api/v1/order/{id}/invoice/correction",
       .permission = P::orders_write,
       .summary = "Credit an order's invoice and make another, for an order that was changed since; both or neither",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<InvoiceBody>(),
       .answer_schema = gate::data_shape(shapes::kInvoices),
       .handler = with(correct_invoice),
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
                 {"cursor", "meta.next_cursor of the page before."},
                 {"format", "json (when absent), or csv: all of them, a row for each rate."}},
       .answer_types = {"text/csv"},
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
