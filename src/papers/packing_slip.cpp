#include "papers/packing_slip.h"

#include "papers/order_head.h"
#include "papers/sheet.h"

namespace pf::papers {
namespace {

using SlipWords = std::array<std::string_view, 4>;
constexpr SlipWords kSlip{"Packing slip", "Pakbon", "Packzettel", "Bon de livraison"},
    kParcel{"Parcel", "Pakket", "Paket", "Colis"}, kSlipPieces{"Pieces", "Stuks", "Stück", "Pièces"},
    kArticle{"Article", "Artikel", "Artikel", "Article"}, kForYou{"For you", "Voor u", "Für Sie", "Pour vous"};

constexpr double kSlipSkuAt = kSheetLeft + 48, kSlipTitleAt = kSheetLeft + 190, kSlipPartIn = 12;

}  // namespace

std::vector<std::pair<std::size_t, std::int64_t>> packed_lines(const orders::Order& order,
                                                               const orders::Parcel* parcel) {
  if (parcel != nullptr) return parcel->lines;
  std::vector<std::pair<std::size_t, std::int64_t>> ready;
  for (std::size_t i = 0; i < order.lines.size(); ++i)
    if (const std::int64_t now = order.lines[i].count.allocated - order.lines[i].count.later; now > 0)
      ready.emplace_back(i, now);
  return ready;
}

void draw_packing_slip(PdfWriter& pdf, const orders::Order& order, const orders::Parcel* parcel,
                       const std::vector<std::string>& notes, std::string_view language, const PartTitles& titles) {
  const std::size_t column = language_column(language);
  std::vector<std::string> lines{order_line(order, column)};
  if (parcel != nullptr) {
    lines.push_back(std::string(kParcel[column]) + " " + parcel->identifier);
    for (const std::string& part : {parcel->method, parcel->track_and_trace})
      if (!part.empty()) lines.back() += ", " + part;
  }
  Sheet sheet(pdf, column, [&](Sheet& on) {
    order_head(on, order, kSlip[column], lines, HeadCodes::bars_and_qr);
    on.text(kSheetLeft, kSlipPieces[column], Font::bold);
    on.text(kSlipSkuAt, "SKU", Font::bold);
    on.text(kSlipTitleAt, kArticle[column], Font::bold);
    end_of_head(on);
  });
  for (const auto& [number, pieces] : packed_lines(order, parcel)) {
    if (number >= order.lines.size()) continue;
    const auto& line = order.lines[number];
    const Cell cells[]{{kSheetLeft, kSlipSkuAt - kSheetLeft - 6, std::to_string(pieces), Cell::Kind::left, Font::bold},
                       {kSlipSkuAt, kSlipTitleAt - kSlipSkuAt - 8, line.sku},
                       {kSlipTitleAt, kSheetRight - kSlipTitleAt, line.title}};
    sheet.row(cells);
    for (const auto& part : line.parts) {  // what the buyer finds in the box
      const auto known = titles.find(part.sku);
      const Cell of_kit[]{
          {kSlipSkuAt, kSlipTitleAt - kSlipSkuAt - 8, std::to_string(pieces * part.quantity) + " × " + part.sku},
          {kSlipTitleAt + kSlipPartIn, kSheetRight - kSlipTitleAt - kSlipPartIn,
           known != titles.end() ? known->second : ""}};
      sheet.row(of_kit);
    }
  }
  if (!notes.empty()) {
    sheet.y -= 10;
    sheet.room(3 * kSheetLeading);
    sheet.text(kSheetLeft, kForYou[column], Font::bold);
    sheet.y -= kSheetLeading + 3;
  }
  for (const std::string& note : notes) {
    sheet.paragraph(note);
    sheet.y -= 6;
  }
  sheet.number_pages();
}

std::string packing_slip(const orders::Order& order, const orders::Parcel* parcel,
                         const std::vector<std::string>& notes, std::string_view language, const PartTitles& titles) {
  PdfWriter pdf(std::string(kSlip[language_column(language)]) + " " + order.channel_order_id);
  draw_packing_slip(pdf, order, parcel, notes, language, titles);
  return pdf.finish();
}

}  // namespace pf::papers
