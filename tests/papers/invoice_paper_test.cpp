#include "papers/invoice_paper.h"

#include <doctest/doctest.h>

#include "orders/invoice_amounts.h"
#include "papers/commercial_invoice.h"
#include "productflow/text.h"

#include "support/pdf_reader.h"

using namespace pf;

namespace {

orders::Invoice an_invoice(std::size_t lines) {
  orders::Invoice out;
  out.name = "INV-2026-0001";
  out.channel_order_id = "Łódź-42";
  out.at = *parse_time("2026-11-26");
  out.day = "2026-11-26";
  out.seller = {.name = "Łódzka Herbata",
                .street = "Keizersgracht 1",
                .zip_code = "1015 AA",
                .city = "Amsterdam",
                .country_code = "NL",
                .vat_number = "NL001234567B01",
                .iban = "NL91ABNA0417164300"};
  for (std::size_t i = 0; i < lines; ++i)
    out.lines.push_back(
        {orders::InvoicePart::article, "POT-" + std::to_string(i), "Чайник", 2, 246'912, i % 2 == 0 ? 2100 : 550});
  out.rates = orders::totals_per_rate(out.lines, true, std::nullopt);
  return out;
}
bool has(const std::string& all, std::string_view text) {
  return all.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("invoice papers: seller, buyer, lines, VAT of each rate and the total, in the reader's language") {
  const auto invoice = an_invoice(2);
  const auto all = test::read_pdf(papers::invoice_paper(invoice, {{"Zażółć Gęślą", "POLAND"}}, "de")).all();
  for (const char* text : {"Rechnung", "INV-2026-0001", "Łódzka Herbata", "Zażółć Gęślą", "Чайник (POT-1)", "1.234,56",
                           "2.469,12", "21 %", "5,5 %", "4.938,24\u00a0EUR", "USt-IdNr.\u00a0NL001234567B01",
                           "Bitte überweisen Sie den Gesamtbetrag auf NL91ABNA0417164300", "Seite 1 von 1"})
    CHECK_MESSAGE(has(all, text), std::string(text));
  auto paid = invoice;
  paid.paid = true;
  const auto english = test::read_pdf(papers::invoice_paper(paid, {{"Zażółć Gęślą"}}, "en")).all();
  for (const char* text : {"Invoice", "4,938.24\u00a0EUR", "5.5 %", "Paid."})
    CHECK_MESSAGE(has(english, text), std::string(text));
  CHECK_FALSE(has(english, "transfer"));
}

TEST_CASE("invoice papers: an unpaid one in euros has the banks' code for its amount, and no other has") {
  auto invoice = an_invoice(2);
  CHECK(papers::credit_transfer_code(invoice) ==
        "BCD\n002\n1\nSCT\n\nŁódzka Herbata\nNL91ABNA0417164300\nEUR4938.24\n\n\nINV-2026-0001");
  CHECK(has(test::read_pdf(papers::invoice_paper(invoice, {}, "en")).all(), "Scan this code with your bank's app."));
  auto long_name = invoice;
  for (int i = 0; i < 30; ++i) long_name.seller.name += "Łód";
  CHECK(has(papers::credit_transfer_code(long_name), "\nNL91"));
  CHECK(papers::credit_transfer_code(long_name).size() < 331);
  for (const auto& change : std::initializer_list<void (*)(orders::Invoice&)>{
           [](orders::Invoice& one) { one.paid = true; }, [](orders::Invoice& one) { one.seller.iban.clear(); },
           [](orders::Invoice& one) { one.kind = orders::InvoiceKind::credit_note; },
           [](orders::Invoice& one) { one.currency = *Currency::parse("SEK"); },
           [](orders::Invoice& one) { one.rates.clear(); }}) {
    auto other = invoice;
    change(other);
    CHECK(papers::credit_transfer_code(other).empty());
  }
}

TEST_CASE("invoice papers: one without VAT for a business abroad says why in the reader's language") {
  auto invoice = an_invoice(1);
  invoice.reverse_charge = true;
  invoice.lines[0].rate = 0;
  invoice.rates = orders::totals_per_rate(invoice.lines, true, std::nullopt);
  CHECK(has(test::read_pdf(papers::invoice_paper(invoice, {{"Vexillum GmbH", "DE123456789"}}, "nl")).all(),
            "Btw verlegd."));
  CHECK(has(test::read_pdf(papers::invoice_paper(invoice, {}, "de")).all(), "Steuerschuldnerschaft"));
}

TEST_CASE("commercial invoices: what customs read, added up, over pages when there is much") {
  papers::CommercialInvoice paper{.order = orders::OrderId(100'001),
                                  .reference = "shopify #1001",
                                  .day = "2026-11-26",
                                  .seller = an_invoice(1).seller,
                                  .customs = {.eori = "NL123456789"},
                                  .destination = "US",
                                  .consignee = {"Zyxander Quillonbury", "1 Main St", "UNITED STATES"},
                                  .phone = "+1 555 0100"};
  for (int i = 0; i < 60; ++i)
    paper.lines.push_back({2, "POT-" + std::to_string(i), "Чайник", "691200", "PL", 450, 1'250});
  paper.shipping_minor = 2'500;
  formats::PdfWriter pdf("Commercial invoices");
  papers::draw_commercial_invoice(pdf, paper);
  paper.consignee.clear();
  paper.lines.resize(1);
  papers::draw_commercial_invoice(pdf, paper);
  const auto read = test::read_pdf(pdf.finish());
  CHECK(read.pages.size() >= 3);
  const auto all = read.all();
  for (const char* text : {"Commercial invoice PF100001", "EORI NL123456789", "Zyxander Quillonbury", "+1 555 0100",
                           "DAP (Incoterms 2020)", "691200", "0.900 kg", "54.000 kg", "12.50", "1,525.00\u00a0EUR",
                           "Page 1 of 1", "(the consignee's details"})
    CHECK_MESSAGE(has(all, text), std::string(text));
}

TEST_CASE("invoice papers: after the purge it is printed without the buyer, and says why") {
  const auto all =
      test::read_pdf(
          papers::invoice_paper(an_invoice(1), {.gone = true, .gone_since = parse_time("2026-10-26").value()}, "en"))
          .all();
  CHECK(has(all, "The buyer's details were deleted on 2026-10-26,"));
  CHECK(has(all, "2,469.12\u00a0EUR"));
  const auto erased = test::read_pdf(papers::invoice_paper(an_invoice(1), {.gone = true}, "nl")).all();
  CHECK(has(erased, "De gegevens van de koper zijn verwijderd, zoals"));
}

TEST_CASE("invoice papers: a small business's has no column of VAT but its reason, a credit note names its invoice") {
  auto note = an_invoice(1);
  note.kind = orders::InvoiceKind::credit_note;
  note.name = "CN-2026-0001";
  note.of_invoice = "INV-2026-0001";
  note.seller.small_business_note = "Kleinunternehmer, § 19 UStG";
  note.lines[0].rate = 0;
  note.rates = orders::totals_per_rate(note.lines, true, std::nullopt);
  const auto all = test::read_pdf(papers::invoice_paper(note, {{"Zażółć Gęślą"}}, "fr")).all();
  for (const char* text : {"Avoir", "CN-2026-0001", "Rectifie la facture", "INV-2026-0001",
                           "Kleinunternehmer, § 19 UStG", "2\u202f469,12\u00a0EUR"})
    CHECK_MESSAGE(has(all, text), std::string(text));
  CHECK_FALSE(has(all, "Taux de TVA"));
  CHECK_FALSE(has(all, "Veuillez"));
}

TEST_CASE("invoice papers: many lines go on over pages, and the totals stay together") {
  const auto read = test::read_pdf(papers::invoice_paper(an_invoice(90), {{"Zażółć Gęślą"}}, "nl"));
  REQUIRE(read.pages.size() > 2);
  const std::string last = read.pages.back().all();
  CHECK(has(last, "Btw-tarief"));
  CHECK(has(last, "222.220,80\u00a0EUR"));
  CHECK(has(read.pages[1].all(), "Factuur INV-2026-0001"));
  std::size_t lines = 0;
  for (const auto& text : read.pages)
    for (const auto& one : text.texts) lines += one.text.starts_with("Чайник (");
  CHECK(lines == 90);
}
