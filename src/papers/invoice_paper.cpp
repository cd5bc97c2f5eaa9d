#include "papers/invoice_paper.h"

#include "papers/countries.h"
#include "papers/sheet.h"
#include "productflow/text.h"

namespace pf::papers {
namespace {

using orders::Invoice;
using orders::InvoiceKind;
using orders::InvoicePart;

using InvoiceWords = std::array<std::string_view, 4>;
constexpr InvoiceWords kInvoice{"Invoice", "Factuur", "Rechnung", "Facture"},
    kCreditNote{"Credit note", "Creditnota", "Rechnungskorrektur", "Avoir"},
    kNumber{"Number", "Nummer", "Nummer", "Numéro"}, kDate{"Date", "Datum", "Datum", "Date"},
    kSupplied{"Supplied", "Geleverd", "Geliefert", "Livré le"},
    kOrderNumber{"Order", "Bestelling", "Bestellung", "Commande"},
    kCorrects{"Corrects invoice", "Corrigeert factuur", "Zu Rechnung", "Rectifie la facture"},
    kQuantity{"Pieces", "Stuks", "Stück", "Pièces"}, kWhat{"Article", "Artikel", "Artikel", "Article"},
    kUnitPrice{"Price", "Prijs", "Preis", "Prix"}, kVat{"VAT", "Btw", "USt.", "TVA"},
    kAmountWith{"Amount incl. VAT", "Bedrag incl. btw", "Betrag inkl. USt.", "Montant TTC"},
    kAmountWithout{"Amount excl. VAT", "Bedrag excl. btw", "Betrag ohne USt.", "Montant HT"},
    kShippingCost{"Shipping", "Verzendkosten", "Versand", "Livraison"},
    kDiscount{"Discount", "Korting", "Rabatt", "Remise"}, kOther{"Other amount", "Overig", "Sonstiges", "Autre"},
    kRate{"VAT rate", "Btw-tarief", "USt.-Satz", "Taux de TVA"}, kNet{"Net", "Netto", "Netto", "HT"},
    kTotal{"Total", "Totaal", "Gesamt", "Total"},
    kCredited{"Total credited", "Totaal gecrediteerd", "Gutgeschrieben", "Total crédité"},
    kPaid{"Paid.", "Betaald.", "Bezahlt.", "Payée."},
    kPleasePay{"Please transfer the total to", "Maak het totaal over naar", "Bitte überweisen Sie den Gesamtbetrag auf",
               "Veuillez virer le total à"},
    kScanToPay{"Scan this code with your bank's app.", "Scan deze code met de app van uw bank.",
               "Diesen Code mit der App Ihrer Bank scannen.", "Scannez ce code avec l'appli de votre banque."},
    kMention{"stating", "o.v.v.", "mit dem Verwendungszweck", "en indiquant"},
    kVatNumber{"VAT number", "Btw-nummer", "USt-IdNr.", "N° de TVA"},
    kRegistration{"Registration", "KvK", "Register", "Immatriculation"},
    kBuyerNone{"The channel has sent no address.", "Het kanaal heeft geen adres gestuurd.",
               "Der Kanal hat keine Adresse gesendet.", "Le canal n'a envoyé aucune adresse."},
    // 2006/112/EC, article 226 (11) and (11a); the countries' own words for it.
    kReverseCharge{
        "Intra-Community supply of goods, exempt from VAT (article 138 of Directive 2006/112/EC). Reverse "
        "charge: the customer accounts for the VAT.",
        "Intracommunautaire levering, 0 % btw (artikel 138 van Richtlijn 2006/112/EG). Btw verlegd.",
        "Steuerfreie innergemeinschaftliche Lieferung (Artikel 138 der Richtlinie 2006/112/EG). "
        "Steuerschuldnerschaft des Leistungsempfängers.",
        "Livraison intracommunautaire exonérée de TVA (article 138 de la directive 2006/112/CE). "
        "Autoliquidation."},
    kAsPromised{"as promised to him. Number and amounts of this paper are kept.",
                "zoals beloofd. Nummer en bedragen van dit stuk blijven bewaard.",
                "wie zugesagt. Nummer und Beträge dieses Belegs bleiben erhalten.",
                "comme promis. Le numéro et les montants de ce document sont conservés."};

constexpr std::string_view kNoBreak = "\xc2\xa0";  // numbers stay on one line
constexpr double kPiecesWidth = 40, kPriceAt = kSheetRight - 210, kVatAt = kSheetRight - 130, kColumn = 72,
                 kAmountAt = kSheetRight - 86, kAmountWidth = 86, kArticleAt = kSheetLeft + kPiecesWidth + 6;
constexpr double kTotalsAt = kSheetRight - 240, kNetEndsAt = kSheetRight - 90;
constexpr double kPayQrSide = formats::points(32);  // of some 45 modules
constexpr double kFactsAt = kSheetRight - 190, kFactsValueAt = kSheetRight - 105;

// The beginning of a text, of so many letters of Unicode at most.
std::string_view first_letters(std::string_view utf8, std::size_t letters) {
  for (std::size_t at = 0; at < utf8.size(); ++at)
    if ((utf8[at] & 0xc0) != 0x80 && letters-- == 0) return utf8.substr(0, at);
  return utf8;
}

std::string date_of(Time time) {
  return rfc3339(time).substr(0, 10);
}

void seller_block(Sheet& sheet, const orders::Seller& seller) {
  sheet.text(kSheetLeft, PdfWriter::cut(seller.name, 12, kFactsAt - kSheetLeft - 10, Font::bold), Font::bold, 12);
  sheet.y -= 14;
  std::string place = seller.zip_code;
  place.append(place.empty() ? "" : " ").append(seller.city);
  for (const std::string& line : {seller.street, place, std::string(country_name(seller.country_code))}) {
    if (line.empty()) continue;
    sheet.text(kSheetLeft, PdfWriter::cut(line, kSheetSize, kFactsAt - kSheetLeft - 10));
    sheet.y -= kSheetLeading;
  }
}

void facts_block(Sheet& sheet, const Invoice& invoice, std::size_t language) {
  const bool credit = invoice.kind == InvoiceKind::credit_note;
  std::vector<std::pair<std::string_view, std::string>> facts{{kNumber[language], invoice.name},
                                                              {kDate[language], invoice.day},
                                                              {kOrderNumber[language], invoice.channel_order_id}};
  if (credit) facts.emplace_back(kCorrects[language], invoice.of_invoice);
  if (!credit && invoice.supplied_at) facts.emplace_back(kSupplied[language], date_of(*invoice.supplied_at));
  for (const auto& [name, value] : facts) {
    sheet.text(kFactsAt, name);
    for (const std::string& part : PdfWriter::wrapped(value, kSheetSize, kSheetRight - kFactsValueAt, Font::bold)) {
      sheet.text(kFactsValueAt, part, Font::bold);
      sheet.y -= kSheetLeading;
    }
  }
}

void buyer_block(Sheet& sheet, const InvoiceBuyer& buyer, std::size_t language) {
  std::vector<std::string> lines = buyer.address;
  if (lines.empty())
    lines = {buyer.gone ? gone_words(buyer.gone_since, language) + ", " + std::string(kAsPromised[language])
                        : std::string(kBuyerNone[language])};
  for (const std::string& line : lines)
    for (const std::string& part : PdfWriter::wrapped(line, 9.5, kFactsAt - kSheetLeft - 20)) {
      sheet.text(kSheetLeft, part, Font::plain, 9.5);
      sheet.y -= kSheetLeading + 1;
    }
}

std::string name_of_line(const orders::InvoiceLine& line, std::size_t language) {
  if (line.part == InvoicePart::shipping) return std::string(kShippingCost[language]);
  if (line.part == InvoicePart::other)
    return std::string(line.amount_minor < 0 ? kDiscount[language] : kOther[language]);
  if (line.title.empty() || line.title == line.sku) return line.sku;
  return line.sku.empty() ? line.title : line.title + " (" + line.sku + ")";
}

void totals_block(Sheet& sheet, const Invoice& invoice, std::size_t language) {
  const auto money = [&](std::int64_t minor) { return printed_amount({minor, invoice.currency}, language); };
  sheet.room(kSheetLeading * (static_cast<double>(invoice.rates.size()) + 4));
  sheet.y -= 6;
  if (invoice.seller.small_business_note.empty()) {
    sheet.text(kTotalsAt, kRate[language], Font::bold);
    sheet.text_right(kNetEndsAt, kNet[language], Font::bold);
    sheet.text_right(kSheetRight, kVat[language], Font::bold);
    sheet.y -= kSheetLeading + 2;
    for (const auto& one : invoice.rates) {
      sheet.text(kTotalsAt, printed_rate(one.rate, language));
      sheet.text_right(kNetEndsAt, money(one.net_minor));
      sheet.text_right(kSheetRight, money(one.vat_minor));
      sheet.y -= kSheetLeading;
    }
    if (invoice.rates.size() > 1) {
      sheet.pdf().line(kTotalsAt, sheet.y + kSheetLeading - 4, kSheetRight, sheet.y + kSheetLeading - 4);
      sheet.y -= 2;
      sheet.text_right(kNetEndsAt, money(invoice.net_minor()));
      sheet.text_right(kSheetRight, money(invoice.vat_minor()));
      sheet.y -= kSheetLeading;
    }
    sheet.y -= 6;
  }
  const bool credit = invoice.kind == InvoiceKind::credit_note;
  sheet.text(kTotalsAt, credit ? kCredited[language] : kTotal[language], Font::bold, 11);
  sheet.text_right(kSheetRight, printed_money({invoice.gross_minor(), invoice.currency}, language), Font::bold, 11);
  sheet.y -= 26;
}

void closing_block(Sheet& sheet, const Invoice& invoice, std::size_t language) {
  const orders::Seller& seller = invoice.seller;
  if (invoice.kind == InvoiceKind::invoice) {
    if (invoice.paid)
      sheet.paragraph(kPaid[language]);
    else if (!seller.iban.empty()) {
      sheet.paragraph(std::string(kPleasePay[language]) + " " + seller.iban + ", " + std::string(kMention[language]) +
                      " " + invoice.name + ".");
      if (const std::string code = credit_transfer_code(invoice); !code.empty()) {
        sheet.room(kPayQrSide + 20);
        if (draw_qr(sheet.pdf(), kSheetLeft - 6, sheet.y + kSheetLeading - 2, kPayQrSide, code)) {
          sheet.text(kSheetLeft + kPayQrSide, kScanToPay[language]);
          sheet.y -= kPayQrSide;
        }
      }
    }
  }
  if (invoice.reverse_charge) sheet.paragraph(kReverseCharge[language]);
  sheet.paragraph(seller.small_business_note);
  sheet.paragraph(seller.footer);
  std::string legal;
  const auto add = [&](std::string_view name, std::string value) {
    if (value.empty()) return;
    for (std::size_t at = 0; (at = value.find(' ', at)) != std::string::npos;) value.replace(at, 1, kNoBreak);
    legal.append(legal.empty() ? "" : " · ")
        .append(name)
        .append(name.empty() ? std::string_view() : kNoBreak)
        .append(value);
  };
  add(kVatNumber[language], seller.vat_number);
  add(kRegistration[language], seller.registration_number);
  add("IBAN", seller.iban);
  add("", seller.email);
  add("", seller.phone_number);
  sheet.paragraph(legal);
}

}  // namespace

// EPC069-12, version 002, which needs no BIC within the EEA. Nothing for what it cannot say.
std::string credit_transfer_code(const Invoice& invoice) {
  constexpr std::int64_t kEpcMinorMax = 99'999'999'999;
  constexpr std::size_t kEpcNameLetters = 70;
  const std::int64_t minor = invoice.gross_minor();
  if (invoice.kind != InvoiceKind::invoice || invoice.paid || invoice.seller.iban.empty() ||
      invoice.currency.code() != "EUR" || minor <= 0 || minor > kEpcMinorMax)
    return {};
  return "BCD\n002\n1\nSCT\n\n" + std::string(first_letters(invoice.seller.name, kEpcNameLetters)) + "\n" +
         invoice.seller.iban + "\nEUR" + decimal({minor, invoice.currency}) + "\n\n\n" + invoice.name;
}

std::string printed_rate(orders::VatRate rate, std::size_t language) {
  std::string out = std::to_string(rate / 100);
  if (const int rest = rate % 100; rest != 0) {
    out += language == 0 ? "." : ",";
    out.push_back(static_cast<char>('0' + rest / 10));
    if (rest % 10 != 0) out.push_back(static_cast<char>('0' + rest % 10));
  }
  return out + " %";
}

void draw_invoice(PdfWriter& pdf, const Invoice& invoice, const InvoiceBuyer& buyer, std::string_view wanted) {
  const std::size_t language = language_column(wanted);
  const bool credit = invoice.kind == InvoiceKind::credit_note;
  const bool with_vat = invoice.seller.small_business_note.empty();
  const std::string title = std::string(credit ? kCreditNote[language] : kInvoice[language]);
  bool first = true;
  Sheet sheet(pdf, language, [&](Sheet& on) {
    if (std::exchange(first, false)) {
      const double top = on.y;
      seller_block(on, invoice.seller);
      const double below_seller = on.y;
      on.y = top;
      on.text(kFactsAt, PdfWriter::cut(title, 14, kSheetRight - kFactsAt, Font::bold), Font::bold, 14);
      on.y -= 20;
      facts_block(on, invoice, language);
      const double below_facts = on.y;
      on.y = std::min(below_seller, top - 70) - 16;
      buyer_block(on, buyer, language);
      on.y = std::min(on.y, below_facts) - 22;
    } else {
      on.text(kSheetLeft, title + " " + invoice.name, Font::bold, 10);
      on.y -= 24;
    }
    on.text_right(kSheetLeft + kPiecesWidth - 4, kQuantity[language], Font::bold);
    on.text(kArticleAt, kWhat[language], Font::bold);
    on.text_right(kPriceAt + kColumn, kUnitPrice[language], Font::bold);
    if (with_vat) on.text_right(kVatAt + 36, kVat[language], Font::bold);
    on.text_right(kSheetRight,
                  invoice.amounts_include_vat && with_vat ? kAmountWith[language]
                  : with_vat                              ? kAmountWithout[language]
                                                          : kTotal[language],
                  Font::bold);
    on.pdf().line(kSheetLeft, on.y - 5, kSheetRight, on.y - 5);
    on.y -= 18;
  });
  const auto money = [&](std::int64_t minor) { return printed_amount({minor, invoice.currency}, language); };
  for (const auto& line : invoice.lines) {
    // A price of one piece, where pieces and amount make one.
    const bool of_pieces = line.quantity > 0 && line.amount_minor % line.quantity == 0;
    const Cell cells[]{
        {kSheetLeft, kPiecesWidth - 4, line.quantity > 0 ? std::to_string(line.quantity) : "", Cell::Kind::right},
        {kArticleAt, kPriceAt - kArticleAt - 4, name_of_line(line, language)},
        {kPriceAt, kColumn, of_pieces ? money(line.amount_minor / line.quantity) : "", Cell::Kind::right},
        {kVatAt, 36, with_vat ? printed_rate(line.rate, language) : "", Cell::Kind::right},
        {kAmountAt, kAmountWidth, money(line.amount_minor), Cell::Kind::right}};
    sheet.row(cells);
  }
  totals_block(sheet, invoice, language);
  closing_block(sheet, invoice, language);
  sheet.number_pages();
}

std::string invoice_paper(const Invoice& invoice, const InvoiceBuyer& buyer, std::string_view language) {
  PdfWriter pdf(invoice.name);
  draw_invoice(pdf, invoice, buyer, language);
  return pdf.finish();
}

}  // namespace pf::papers
