#include "papers/pick_list.h"

#include "papers/order_head.h"
#include "papers/sheet.h"
#include "productflow/text.h"

namespace pf::papers {
namespace {

using Words = std::array<std::string_view, 4>;
constexpr Words kPickList{"Pick list", "Picklijst", "Pickliste", "Liste de prélèvement"};
constexpr Words kPieces{"Pieces", "Stuks", "Stück", "Pièces"}, kTitle{"Title", "Titel", "Titel", "Titre"};
constexpr Words kNothing{"Nothing of this order is in stock.", "Niets van deze bestelling is op voorraad.",
                         "Nichts von dieser Bestellung ist auf Lager.", "Rien de cette commande n'est en stock."};
constexpr Words kOne{"1 piece", "1 stuk", "1 Stück", "1 pièce"}, kMany{"pieces", "stuks", "Stück", "pièces"};

constexpr Words kShipBy{"ship by", "verzenden vóór", "Versand bis", "à expédier avant le"};

constexpr double kBoxAt = kSheetLeft, kPiecesAt = kSheetLeft + 18, kSkuAt = kSheetLeft + 62,
                 kTitleAt = kSheetLeft + 168, kCodeAt = kSheetRight - 150;

}  // namespace

std::string order_code(orders::OrderId id) {
  return "PF" + std::to_string(id.raw());
}

void draw_pick_list(PdfWriter& pdf, const orders::Order& order, const std::vector<std::string>& codes,
                    std::string_view language, const PartTitles& titles) {
  const std::size_t column = language_column(language);
  std::vector<std::string> lines{order_line(order, column), order.channel};
  if (order.ship_by) lines.back() += ", " + std::string(kShipBy[column]) + " " + rfc3339(*order.ship_by).substr(0, 10);
  Sheet sheet(pdf, column, [&](Sheet& on) {
    order_head(on, order, std::string(kPickList[column]) + " " + std::to_string(order.id.raw()), lines);
    on.text(kPiecesAt, kPieces[column], Font::bold);
    on.text(kSkuAt, "SKU", Font::bold);
    on.text(kTitleAt, kTitle[column], Font::bold);
    end_of_head(on);
  });
  std::int64_t pieces = 0;
  std::size_t at = 0;  // in the codes
  const auto row = [&](std::int64_t now, const std::string& sku, const std::string& title) {
    const std::string code = at < codes.size() ? codes[at] : "";
    ++at;
    if (now == 0) return;
    pieces += now;
    const Cell cells[]{{kBoxAt, 10, "", Cell::Kind::box},
                       {kPiecesAt, 34, std::to_string(now), Cell::Kind::left, Font::bold},
                       {kSkuAt, kTitleAt - kSkuAt - 8, sku},
                       {kTitleAt, kCodeAt - kTitleAt - 8, title},
                       {kCodeAt, kSheetRight - kCodeAt, code, Cell::Kind::code}};
    sheet.row(cells);
  };
  for (const auto& line : order.lines) {
    const std::int64_t now = line.count.allocated - line.count.later;
    if (line.parts.empty()) row(now, line.sku, line.title);
    for (const auto& part : line.parts) {  // what lies on a shelf are a kit's parts
      const auto known = titles.find(part.sku);
      row(now * part.quantity, part.sku,
          (known != titles.end() && !known->second.empty() ? known->second + " " : "") + "(" + line.title + ")");
    }
  }
  sheet.room(kSheetLeading + 4);
  sheet.y -= 4;
  sheet.text(kPiecesAt,
             pieces == 0   ? std::string(kNothing[column])
             : pieces == 1 ? std::string(kOne[column])
                           : std::to_string(pieces) + " " + std::string(kMany[column]),
             Font::bold);
  sheet.number_pages();
}

std::string pick_list(const orders::Order& order, const std::vector<std::string>& codes, std::string_view language,
                      const PartTitles& titles) {
  PdfWriter pdf(std::string(kPickList[language_column(language)]) + " " + std::to_string(order.id.raw()));
  draw_pick_list(pdf, order, codes, language, titles);
  return pdf.finish();
}

}  // namespace pf::papers
