#include "papers/address_label.h"

#include <algorithm>
#include <tuple>

#include "papers/pick_list.h"
#include "papers/sheet.h"
#include "productflow/text.h"

namespace pf::papers {
namespace {

using LabelWords = std::array<std::string_view, 4>;
constexpr LabelWords kLabels{"Address labels", "Adresetiketten", "Adressetiketten", "Étiquettes d'adresse"};
constexpr LabelWords kAsk{"Ask the marketplace for the address.", "Vraag het adres aan de marktplaats.",
                          "Fragen Sie den Marktplatz nach der Adresse.", "Demandez l'adresse à la place de marché."};

constexpr double kAddressSizeMax = 20, kAddressSizeMin = 6, kAddressLeading = 1.3;  // of the size
constexpr double kAddressLines = 5;  // a label has room for so many at its largest size
constexpr double kSmallSize = 6.5;
constexpr double kCodeFrom = formats::points(60);  // a lower label has no room for bars
constexpr double kLabelCodeHeight = 26, kLabelQrSide = formats::points(12);

// The largest size at which every line fits beside and below the others, and the lines as they are then: whole if that
// can be, else broken, else each cut, since a postcode below is worth more than the end of a name.
std::pair<double, std::vector<std::string>> fitted(const std::vector<std::string>& lines, double width, double height) {
  const double largest = std::clamp(height / kAddressLines / kAddressLeading, kAddressSizeMin, kAddressSizeMax);
  for (double size = largest; size >= kAddressSizeMin; size -= 0.5) {
    std::vector<std::string> broken;
    for (const std::string& line : lines)
      for (std::string& part : PdfWriter::wrapped(line, size, width)) broken.push_back(std::move(part));
    const bool whole = broken.size() == lines.size() || size <= largest / 2;
    if (whole && size * kAddressLeading * static_cast<double>(broken.size()) <= height)
      return {size, std::move(broken)};
  }
  std::vector<std::string> cut;
  for (const std::string& line : lines) cut.push_back(PdfWriter::cut(line, kAddressSizeMin, width));
  return {kAddressSizeMin, std::move(cut)};
}

void draw_label(PdfWriter& pdf, const AddressLabel& label, double left, double bottom, double width, double height,
                std::string_view sender, std::size_t language) {
  const double margin = formats::points(height < kCodeFrom ? 4 : 7);
  const double inside = width - 2 * margin;
  double top = bottom + height - margin;
  const double low = bottom + margin;
  if (!sender.empty()) {
    top -= kSmallSize;
    pdf.text(left + margin, top, kSmallSize, Font::plain, PdfWriter::cut(sender, kSmallSize, inside));
    top -= 3;
    pdf.line(left + margin, top, left + width - margin, top);
    top -= 4;
  }
  double floor = low + kSmallSize + 3;
  pdf.text(left + margin, low, kSmallSize, Font::plain,
           PdfWriter::cut(label.reference, kSmallSize, height < kCodeFrom ? inside - kLabelQrSide - 4 : inside * 0.45));
  if (height >= kCodeFrom && draw_code(pdf, left + width - margin, low + kLabelCodeHeight + kSmallSize + 1,
                                       inside * 0.5, kLabelCodeHeight, order_code(label.order)))
    floor = low + kLabelCodeHeight + kSmallSize + 8;
  // A lower one has a QR code beside the address instead of bars.
  const double qr = height < kCodeFrom && draw_qr(pdf, left + width - margin - kLabelQrSide, low + kLabelQrSide,
                                                  kLabelQrSide, order_code(label.order))
                        ? kLabelQrSide + 4
                        : 0;
  double size = kSheetSize;
  std::vector<std::string> lines;
  if (label.address.empty()) {
    for (const std::string& text : {gone_words(label.gone_since, language) + ".", std::string(kAsk[language])})
      for (std::string& part : PdfWriter::wrapped(text, size, inside - qr)) lines.push_back(std::move(part));
  } else {
    std::tie(size, lines) = fitted(label.address, inside - qr, top - floor);
  }
  const double leading = size * kAddressLeading, room = top - floor - leading * static_cast<double>(lines.size());
  double y = top - size - std::max(room, 0.0) / 4;  // not hard below the sender
  for (const std::string& line : lines) {
    if (y < low) break;  // a label for fewer lines than any address has
    pdf.text(left + margin, y, size, Font::plain, line);
    y -= leading;
  }
}

}  // namespace

std::string address_labels(const std::vector<AddressLabel>& labels, const LabelPaper& paper, int used,
                           std::string_view sender, std::string_view language) {
  const std::size_t column = language_column(language);
  PdfWriter pdf(kLabels[column]);
  const double width = formats::points(paper.width_mm), height = formats::points(paper.height_mm);
  const int on_page = paper.columns * paper.rows;
  int at = std::clamp(used, 0, on_page - 1);
  pdf.new_page({width, height});
  for (const AddressLabel& label : labels) {
    if (at == on_page) {
      pdf.new_page({width, height});
      at = 0;
    }
    const double wide = width / paper.columns, high = height / paper.rows;
    draw_label(pdf, label, wide * (at % paper.columns), height - high * (at / paper.columns + 1), wide, high, sender,
               column);
    ++at;
  }
  return pdf.finish();
}

}  // namespace pf::papers
