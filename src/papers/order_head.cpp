#include "papers/order_head.h"

#include "papers/pick_list.h"
#include "productflow/text.h"

namespace pf::papers {
namespace {

using HeadWords = std::array<std::string_view, 4>;
constexpr HeadWords kOrder{"Order", "Bestelling", "Bestellung", "Commande"},
    kPlaced{"placed", "geplaatst", "vom", "du"};
constexpr double kHeadCodeWidth = 150, kHeadCodeHeight = 30, kHeadQrSide = 48, kHeadTitleSize = 14;

}  // namespace

std::string order_line(const orders::Order& order, std::size_t language) {
  return std::string(kOrder[language]) + " " + order.channel_order_id + ", " + std::string(kPlaced[language]) + " " +
         rfc3339(order.placed_at).substr(0, 10);
}

void order_head(Sheet& sheet, const orders::Order& order, std::string_view title, const std::vector<std::string>& lines,
                HeadCodes codes) {
  code_head(sheet, order_code(order.id), title, lines, codes);
}

void code_head(Sheet& sheet, std::string_view code, std::string_view title, const std::vector<std::string>& lines,
               HeadCodes codes) {
  const double top = sheet.y + kHeadTitleSize - 4;
  const double width =
      kSheetRight - kSheetLeft - kHeadCodeWidth - 12 - (codes == HeadCodes::bars_and_qr ? kHeadQrSide : 0);
  draw_code(sheet.pdf(), kSheetRight, top, kHeadCodeWidth, kHeadCodeHeight, code);
  if (codes == HeadCodes::bars_and_qr)
    draw_qr(sheet.pdf(), kSheetRight - kHeadCodeWidth - kHeadQrSide, top + 6, kHeadQrSide, code);
  sheet.text(kSheetLeft, PdfWriter::cut(title, kHeadTitleSize, width, Font::bold), Font::bold, kHeadTitleSize);
  sheet.y -= 18;
  for (const std::string& line : lines)
    for (const std::string& part : PdfWriter::wrapped(line, kSheetSize, width)) {
      sheet.text(kSheetLeft, part);
      sheet.y -= kSheetLeading;
    }
  sheet.y = std::min(sheet.y, top - kHeadCodeHeight - 14) - 12;
}

void end_of_head(Sheet& sheet) {
  sheet.pdf().line(kSheetLeft, sheet.y - 5, kSheetRight, sheet.y - 5);
  sheet.y -= 18;
}

}  // namespace pf::papers
