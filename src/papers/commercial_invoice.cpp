#include "papers/commercial_invoice.h"

#include "papers/countries.h"
#include "papers/pick_list.h"
#include "papers/sheet.h"

namespace pf::papers {
namespace {

constexpr std::size_t kEnglish = 0;
constexpr double kPartyAt = kSheetLeft + 260, kPartyWidth = 225;
constexpr double kGoodsAt = kSheetLeft + 44, kTariffAt = kSheetLeft + 218, kOriginAt = kTariffAt + 66,
                 kWeightAt = kOriginAt + 40, kValueAt = kWeightAt + 56, kSumAt = kSheetRight - 72;

std::string kilograms(std::int64_t grams) {
  const std::string rest = std::to_string(1'000 + grams % 1'000).substr(1);
  return std::to_string(grams / 1'000) + "." + rest + " kg";
}
std::string amount(const CommercialInvoice& paper, std::int64_t minor) {
  return printed_amount({minor, paper.currency}, kEnglish);
}

double party(Sheet& sheet, double x, std::string_view title, const std::vector<std::string>& lines) {
  const double top = sheet.y;
  sheet.text(x, title, Font::bold);
  sheet.y -= kSheetLeading + 2;
  for (const std::string& line : lines)
    for (const std::string& part : PdfWriter::wrapped(line, kSheetSize, kPartyWidth)) {
      sheet.text(x, part);
      sheet.y -= kSheetLeading;
    }
  return std::exchange(sheet.y, top);
}

void head(Sheet& on, const CommercialInvoice& paper, bool first) {
  on.text(kSheetLeft, "Commercial invoice " + order_code(paper.order), Font::bold, first ? 14 : 10);
  draw_code(on.pdf(), kSheetRight, on.y + 10, 150, 30, order_code(paper.order));
  on.y -= first ? 46 : 40;
  if (first) {
    const orders::Seller& seller = paper.seller;
    std::vector<std::string> from{seller.name, seller.street,
                                  (seller.zip_code.empty() ? "" : seller.zip_code + " ") + seller.city,
                                  std::string(country_name(seller.country_code))};
    if (!paper.customs.eori.empty()) from.push_back("EORI " + paper.customs.eori);
    if (!seller.vat_number.empty()) from.push_back("VAT " + seller.vat_number);
    for (const std::string& more : {seller.phone_number, seller.email})
      if (!more.empty()) from.push_back(more);
    std::vector<std::string> to = paper.consignee;
    if (to.empty()) to = {"(the consignee's details are deleted or were never sent)"};
    if (!paper.phone.empty()) to.push_back(paper.phone);
    const double below_from = party(on, kSheetLeft, "Exporter / sender", from);
    on.y = std::min(below_from, party(on, kPartyAt, "Consignee", to)) - 8;
    for (const auto& [name, value] : std::initializer_list<std::pair<std::string_view, std::string>>{
             {"Date", paper.day},
             {"Order", paper.reference},
             {"Country of destination", std::string(country_name(paper.destination))},
             {"Reason for export", paper.customs.reason},
             {"Terms of delivery", paper.customs.incoterm + " (Incoterms 2020)"},
             {"Currency", std::string(paper.currency.code())}}) {
      on.text(kSheetLeft, name, Font::bold);
      on.text(kSheetLeft + 130, PdfWriter::cut(value, kSheetSize, kSheetRight - kSheetLeft - 130));
      on.y -= kSheetLeading;
    }
    on.y -= 12;
  }
  on.text(kSheetLeft, "Pieces", Font::bold);
  on.text(kGoodsAt, "Description of goods", Font::bold);
  on.text(kTariffAt, "HS code", Font::bold);
  on.text(kOriginAt, "Origin", Font::bold);
  on.text_right(kWeightAt + 52, "Net weight", Font::bold);
  on.text_right(kValueAt + 52, "Unit value", Font::bold);
  on.text_right(kSheetRight, "Value", Font::bold);
  on.pdf().line(kSheetLeft, on.y - 5, kSheetRight, on.y - 5);
  on.y -= 18;
}

}  // namespace

void draw_commercial_invoice(PdfWriter& pdf, const CommercialInvoice& paper) {
  bool first = true;
  Sheet sheet(pdf, kEnglish, [&](Sheet& on) { head(on, paper, std::exchange(first, false)); });
  std::int64_t goods = 0, grams = 0, pieces = 0;
  for (const CustomsLine& line : paper.lines) {
    const std::int64_t value = line.price_minor * line.pieces;
    goods += value;
    grams += line.grams * line.pieces;
    pieces += line.pieces;
    const Cell cells[]{{kSheetLeft, kGoodsAt - kSheetLeft - 4, std::to_string(line.pieces)},
                       {kGoodsAt, kTariffAt - kGoodsAt - 6,
                        line.sku.empty() ? line.description : line.description + " (" + line.sku + ")"},
                       {kTariffAt, kOriginAt - kTariffAt - 4, line.hs_code},
                       {kOriginAt, kWeightAt - kOriginAt - 4, line.origin},
                       {kWeightAt, 52, line.grams > 0 ? kilograms(line.grams * line.pieces) : "", Cell::Kind::right},
                       {kValueAt, 52, amount(paper, line.price_minor), Cell::Kind::right},
                       {kSumAt, kSheetRight - kSumAt, amount(paper, value), Cell::Kind::right}};
    sheet.row(cells);
  }
  sheet.room(kSheetLeading * 9);
  sheet.y -= 8;
  const auto total = [&](std::string_view name, const std::string& value, Font font = Font::plain) {
    sheet.text(kWeightAt - 60, name, font);
    sheet.text_right(kSheetRight, value, font);
    sheet.y -= kSheetLeading;
  };
  total("Pieces", std::to_string(pieces));
  if (grams > 0) total("Net weight", kilograms(grams));
  if (paper.gross_grams > 0) total("Gross weight", kilograms(paper.gross_grams));
  if (paper.parcels > 0) total("Parcels", std::to_string(paper.parcels));
  total("Value of the goods", amount(paper, goods));
  if (paper.shipping_minor != 0) total("Shipping", amount(paper, paper.shipping_minor));
  total("Total", printed_money({goods + paper.shipping_minor, paper.currency}, kEnglish), Font::bold);
  sheet.y -= 14;
  sheet.paragraph(
      "I declare that what this invoice says is true and correct, and that the goods are of the origin shown.");
  sheet.y -= 24;
  sheet.pdf().line(kSheetLeft, sheet.y, kSheetLeft + 200, sheet.y);
  sheet.pdf().line(kPartyAt, sheet.y, kPartyAt + 200, sheet.y);
  sheet.y -= kSheetLeading;
  sheet.text(kSheetLeft, "Name and signature");
  sheet.text(kPartyAt, "Place and date");
  sheet.number_pages();
}

}  // namespace pf::papers
