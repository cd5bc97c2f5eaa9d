#include "papers/batch_list.h"

#include "papers/order_head.h"
#include "papers/pick_list.h"
#include "papers/sheet.h"
#include "productflow/text.h"
#include "stock/shelves.h"

namespace pf::papers {
namespace {

using BatchWords = std::array<std::string_view, 4>;
constexpr BatchWords kBatch{"Batch", "Batch", "Sammelpick", "Lot"};
constexpr BatchWords kWalkOf{"Pick list of batch", "Picklijst van batch", "Pickliste des Sammelpicks",
                             "Liste de prélèvement du lot"};
constexpr BatchWords kOrdersIn{"orders", "bestellingen", "Bestellungen", "commandes"},
    kMadeBy{"made by", "gemaakt door", "erstellt von", "créé par"};
constexpr BatchWords kWalkZone{"Zone", "Zone", "Zone", "Zone"},
    kNoShelf{"Without a shelf place", "Zonder plaats", "Ohne Lagerplatz", "Sans emplacement"};
constexpr BatchWords kShelfName{"Place", "Plaats", "Platz", "Place"},
    kWalkArticle{"Article", "Artikel", "Artikel", "Article"},
    kSlotsName{"Slot × pieces", "Vak × stuks", "Fach × Stück", "Case × pièces"},
    kSlotName{"Slot", "Vak", "Fach", "Case"}, kSlotOrder{"Order", "Bestelling", "Bestellung", "Commande"};
constexpr BatchWords kAllPieces{"pieces in all", "stuks in totaal", "Stück insgesamt", "pièces en tout"};

constexpr double kWalkPiecesAt = kSheetLeft + 16, kShelfAt = kSheetLeft + 44, kWhatAt = kSheetLeft + 112,
                 kSlotsAt = kSheetLeft + 272, kWalkCodeAt = kSheetRight - 128;

std::string slots_text(const orders::WalkStep& step) {
  std::string out;
  for (const orders::WalkPlace& place : step.places)
    out.append(out.empty() ? "" : ", ")
        .append(std::to_string(place.slot))
        .append(" × ")
        .append(std::to_string(place.wanted));
  return out;
}

}  // namespace

std::string batch_code(orders::BatchId id) {
  return "PB" + std::to_string(id.raw());
}

std::string batch_list(const orders::Batch& batch, const std::vector<orders::WalkStep>& steps,
                       const std::vector<std::string>& codes, const std::vector<orders::Order>& orders,
                       std::string_view language) {
  const std::size_t column = language_column(language);
  const std::string number = std::to_string(batch.id.raw());
  const std::string name = std::string(kBatch[column]) + " " + number;
  PdfWriter pdf(name);
  const std::vector<std::string> lines{std::to_string(orders.size()) + " " + std::string(kOrdersIn[column]) + ", " +
                                       rfc3339(batch.created_at).substr(0, 10) + ", " + std::string(kMadeBy[column]) +
                                       " " + batch.by};
  bool walking = true;  // else the slots
  Sheet sheet(pdf, column, [&](Sheet& on) {
    code_head(on, batch_code(batch.id), std::string(kWalkOf[column]) + " " + number, lines);
    if (walking) {
      on.text(kShelfAt, kShelfName[column], Font::bold);
      on.text(kWhatAt, kWalkArticle[column], Font::bold);
      on.text(kSlotsAt, kSlotsName[column], Font::bold);
    } else {
      on.text(kSheetLeft, kSlotName[column], Font::bold);
      on.text(kWalkPiecesAt + 28, kSlotOrder[column], Font::bold);
    }
    end_of_head(on);
  });
  std::int64_t pieces = 0;
  std::optional<std::string> zone;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const orders::WalkStep& step = steps[i];
    const std::string here(stock::zone_of(step.shelf));
    if (zone != here) {
      zone = here;
      sheet.room(3 * kSheetLeading);  // a zone's name stays with its first row
      sheet.text(kSheetLeft, here.empty() ? std::string(kNoShelf[column]) : std::string(kWalkZone[column]) + " " + here,
                 Font::bold, 10.5);
      sheet.y -= kSheetLeading + 5;
    }
    const std::int64_t wanted = step.sum(&orders::WalkPlace::wanted);
    pieces += wanted;
    const std::string what = step.sku.empty() || step.sku == step.title ? step.title : step.sku + "  " + step.title;
    const Cell cells[]{
        {kSheetLeft, 10, "", Cell::Kind::box},
        {kWalkPiecesAt, kShelfAt - kWalkPiecesAt - 4, std::to_string(wanted), Cell::Kind::left, Font::bold},
        {kShelfAt, kWhatAt - kShelfAt - 6, step.shelf, Cell::Kind::left, Font::bold},
        {kWhatAt, kSlotsAt - kWhatAt - 8, what},
        {kSlotsAt, kWalkCodeAt - kSlotsAt - 6, slots_text(step), Cell::Kind::left, Font::bold},
        {kWalkCodeAt, kSheetRight - kWalkCodeAt, i < codes.size() ? codes[i] : "", Cell::Kind::code}};
    sheet.row(cells);
  }
  sheet.room(8 * kSheetLeading);  // the names of the columns stay with their first row
  sheet.y -= 4;
  sheet.text(kWalkPiecesAt, std::to_string(pieces) + " " + std::string(kAllPieces[column]), Font::bold);
  sheet.y -= 2 * kSheetLeading;
  walking = false;
  sheet.text(kSheetLeft, kSlotName[column], Font::bold);
  sheet.text(kWalkPiecesAt + 28, kSlotOrder[column], Font::bold);
  end_of_head(sheet);
  for (std::size_t slot = 0; slot < orders.size(); ++slot) {
    const Cell cells[]{{kSheetLeft, 36, std::to_string(slot + 1), Cell::Kind::left, Font::bold},
                       {kWalkPiecesAt + 28, kWalkCodeAt - kWalkPiecesAt - 40,
                        orders[slot].channel + " " + orders[slot].channel_order_id},
                       {kWalkCodeAt, kSheetRight - kWalkCodeAt, order_code(orders[slot].id), Cell::Kind::code}};
    sheet.row(cells);
  }
  sheet.number_pages();
  return pdf.finish();
}

}  // namespace pf::papers
