#include "papers/packing_slip.h"

#include <algorithm>
#include <array>

#include "formats/pdf_writer.h"
#include "productflow/text.h"

namespace pf::papers {
namespace {

using formats::PdfWriter;
constexpr double kSlipLeft = 50, kSlipRight = formats::kPdfPageWidth - 50, kSlipTop = formats::kPdfPageHeight - 60,
                 kSlipBottom = 60;
constexpr double kSlipSkuAt = kSlipLeft + 60, kSlipTitleAt = kSlipLeft + 200;
constexpr double kSlipSize = 10, kSlipLeading = 13;

constexpr std::size_t kRowsTogether = 40;  // of one line; a page holds some 45

struct SlipWords {
  std::string_view language, slip, order, placed, parcel, pieces, title, note, page;
};
constexpr std::array<SlipWords, 4> kSlipWords{{
    {"en", "Packing slip", "Order", "placed", "Parcel", "Pieces", "Article", "For you", "Page"},
    {"nl", "Pakbon", "Bestelling", "geplaatst", "Pakket", "Stuks", "Artikel", "Voor u", "Pagina"},
    {"de", "Packzettel", "Bestellung", "vom", "Paket", "Stück", "Artikel", "Für Sie", "Seite"},
    {"fr", "Bon de livraison", "Commande", "du", "Colis", "Pièces", "Article", "Pour vous", "Page"},
}};

const SlipWords& words_for(std::string_view language) {
  for (const SlipWords& words : kSlipWords)
    if (lower_ascii(language.substr(0, 2)) == words.language) return words;
  return kSlipWords.front();
}

class Slip {
 public:
  Slip(const orders::Order& order, const orders::Parcel* parcel, const SlipWords& words)
      : order_(order), parcel_(parcel), words_(words), pdf_(std::string(words.slip) + " " + order.channel_order_id) {
    head();
  }
  void line(const orders::Line& line, std::int64_t pieces) {
    const auto sku = PdfWriter::wrapped(line.sku, kSlipSize, kSlipTitleAt - kSlipSkuAt - 8);
    const auto title = PdfWriter::wrapped(line.title, kSlipSize, kSlipRight - kSlipTitleAt);
    const std::size_t rows = std::max({sku.size(), title.size(), std::size_t{1}});
    // A line stays together, unless it is longer than a page's worth.
    if (rows < kRowsTogether && y_ - kSlipLeading * static_cast<double>(rows - 1) < kSlipBottom) turn();
    for (std::size_t i = 0; i < rows; ++i) {
      room();
      if (i == 0) pdf_.text(kSlipLeft, y_, kSlipSize, PdfWriter::Font::bold, std::to_string(pieces));
      if (i < sku.size()) pdf_.text(kSlipSkuAt, y_, kSlipSize, PdfWriter::Font::plain, sku[i]);
      if (i < title.size()) pdf_.text(kSlipTitleAt, y_, kSlipSize, PdfWriter::Font::plain, title[i]);
      y_ -= kSlipLeading;
    }
    pdf_.line(kSlipLeft, y_ + 5, kSlipRight, y_ + 5);
    y_ -= 8;
  }
  void note(std::string_view text) {
    for (const auto paragraph : split(text, '\n'))
      for (const std::string& row : PdfWriter::wrapped(trim(paragraph), kSlipSize, kSlipRight - kSlipLeft)) {
        room();
        pdf_.text(kSlipLeft, y_, kSlipSize, PdfWriter::Font::plain, row);
        y_ -= kSlipLeading;
      }
    y_ -= 6;
  }
  void note_heading() {
    y_ -= 12;
    room();
    pdf_.text(kSlipLeft, y_, kSlipSize, PdfWriter::Font::bold, words_.note);
    y_ -= kSlipLeading + 3;
  }
  std::string finish() const { return pdf_.finish(); }

 private:
  void head() {
    y_ = kSlipTop;
    pdf_.text(kSlipLeft, y_, 16, PdfWriter::Font::bold, words_.slip);
    pdf_.text(kSlipRight - 50, y_, kSlipSize, PdfWriter::Font::plain,
              std::string(words_.page) + " " + std::to_string(pdf_.pages()));
    y_ -= 20;
    pdf_.text(kSlipLeft, y_, kSlipSize, PdfWriter::Font::plain,
              std::string(words_.order) + " " + order_.channel_order_id + ", " + std::string(words_.placed) + " " +
                  rfc3339(order_.placed_at).substr(0, 10));
    if (parcel_ != nullptr) {
      y_ -= kSlipLeading;
      std::string parcel = std::string(words_.parcel) + " " + parcel_->identifier;
      for (const std::string& part : {parcel_->method, parcel_->track_and_trace})
        if (!part.empty()) parcel += ", " + part;
      pdf_.text(kSlipLeft, y_, kSlipSize, PdfWriter::Font::plain, parcel);
    }
    y_ -= 26;
    pdf_.text(kSlipLeft, y_, kSlipSize, PdfWriter::Font::bold, words_.pieces);
    pdf_.text(kSlipSkuAt, y_, kSlipSize, PdfWriter::Font::bold, "SKU");
    pdf_.text(kSlipTitleAt, y_, kSlipSize, PdfWriter::Font::bold, words_.title);
    pdf_.line(kSlipLeft, y_ - 5, kSlipRight, y_ - 5);
    y_ -= 20;
  }
  void turn() {
    pdf_.new_page();
    head();
  }
  void room() {
    if (y_ < kSlipBottom) turn();
  }

  const orders::Order& order_;
  const orders::Parcel* parcel_;
  const SlipWords& words_;
  PdfWriter pdf_;
  double y_ = 0;
};

}  // namespace

std::vector<std::pair<std::size_t, std::int64_t>> packed_lines(const orders::Order& order,
                                                               const orders::Parcel* parcel) {
  if (parcel != nullptr) return parcel->lines;
  std::vector<std::pair<std::size_t, std::int64_t>> ready;
  for (std::size_t i = 0; i < order.lines.size(); ++i)
    if (order.lines[i].count.allocated > 0) ready.emplace_back(i, order.lines[i].count.allocated);
  return ready;
}

std::string packing_slip(const orders::Order& order, const orders::Parcel* parcel,
                         const std::vector<std::string>& notes, std::string_view language) {
  Slip slip(order, parcel, words_for(language));
  for (const auto& [number, pieces] : packed_lines(order, parcel))
    if (number < order.lines.size()) slip.line(order.lines[number], pieces);
  if (!notes.empty()) slip.note_heading();
  for (const std::string& note : notes) slip.note(note);
  return slip.finish();
}

}  // namespace pf::papers
