#include "papers/order_head.h"

#include "papers/pick_list.h"
#include "productflow/text.h"

namespace pf::papers {
namespace {

using HeadWords = std::array<std::string_view, 4>;
constexpr HeadWords kOrder{"Order", "Bestelling", "Bestellung", "Commande"},
    kPlaced{"placed", "geplaatst", "vom", "du"};
constexpr double kHeadCodeWidth = 150, kHeadCodeHeight = 30, kHeadTitleSize = 14;

}  // namespace

std::string order_line(const orders::Order& order, std::size_t language) {
  return std::string(kOrder[language]) + " " + order.channel_order_id + ", " + std::string(kPlaced[language]) + " " +
         rfc3339(order.placed_at).substr(0, 10);
}

void order_head(Sheet& sheet, const orders::Order& order, std::string_view title,
                const std::vector<std::string>& lines) {
  code_head(sheet, order_code(order.id), title, lines);
}

void code_head(Sheet& sheet, std::string_view code, std::string_view title, const std::vector<std::string>& lines) {
  const double top = sheet.y + kHeadTitleSize - 4;
  const double width = kSheetRight - kSheetLeft - kHeadCodeWidth - 12;
  draw_code(sheet.pdf(), kSheetRight, top, kHeadCodeWidth, kHeadCodeHeight, code);
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
