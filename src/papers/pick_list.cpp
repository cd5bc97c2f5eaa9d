#include "papers/pick_list.h"

#include "formats/pdf_writer.h"
#include "productflow/text.h"

namespace pf::papers {
namespace {

using formats::PdfWriter;
constexpr double kLeft = 50, kRight = formats::kPdfPageWidth - 50, kTop = formats::kPdfPageHeight - 60, kBottom = 60;
constexpr double kBoxAt = kLeft, kPiecesAt = kLeft + 26, kSkuAt = kLeft + 70, kTitleAt = kLeft + 210;
constexpr double kSize = 10, kLeading = 13;

double heading(PdfWriter& pdf, const orders::Order& order) {
  double y = kTop;
  pdf.text(kLeft, y, 16, PdfWriter::Font::bold, "Pick list " + std::to_string(order.id.raw()));
  pdf.text(kRight - 50, y, kSize, PdfWriter::Font::plain, "Page " + std::to_string(pdf.pages()));
  y -= 18;
  pdf.text(kLeft, y, kSize, PdfWriter::Font::plain,
           order.channel + " " + order.channel_order_id + ", placed " + rfc3339(order.placed_at).substr(0, 10) +
               (order.ship_by ? ", ship by " + rfc3339(*order.ship_by).substr(0, 10) : ""));
  y -= 26;
  pdf.text(kPiecesAt, y, kSize, PdfWriter::Font::bold, "Pieces");
  pdf.text(kSkuAt, y, kSize, PdfWriter::Font::bold, "SKU");
  pdf.text(kTitleAt, y, kSize, PdfWriter::Font::bold, "Title");
  pdf.line(kLeft, y - 5, kRight, y - 5);
  return y - 20;
}

}  // namespace

std::string pick_list(const orders::Order& order) {
  PdfWriter pdf("Pick list " + std::to_string(order.id.raw()));
  double y = heading(pdf, order);
  std::int64_t pieces = 0;
  for (const auto& line : order.lines) {
    if (line.count.allocated == 0) continue;
    pieces += line.count.allocated;
    const auto sku = PdfWriter::wrapped(line.sku, kSize, kTitleAt - kSkuAt - 8);
    const auto title = PdfWriter::wrapped(line.title, kSize, kRight - kTitleAt);
    const std::size_t rows = std::max(sku.size(), title.size());
    if (y - kLeading * static_cast<double>(rows) < kBottom) {
      pdf.new_page();
      y = heading(pdf, order);
    }
    pdf.box(kBoxAt, y - 1, 9, 9);
    pdf.text(kPiecesAt, y, kSize, PdfWriter::Font::bold, std::to_string(line.count.allocated));
    for (std::size_t i = 0; i < rows && y > kBottom / 2; ++i, y -= kLeading) {
      if (i < sku.size()) pdf.text(kSkuAt, y, kSize, PdfWriter::Font::plain, sku[i]);
      if (i < title.size()) pdf.text(kTitleAt, y, kSize, PdfWriter::Font::plain, title[i]);
    }
    pdf.line(kLeft, y + 5, kRight, y + 5);
    y -= 8;
  }
  pdf.text(kPiecesAt, y - 4, kSize, PdfWriter::Font::bold,
           pieces == 0 ? "Nothing of this order is in stock."
                       : std::to_string(pieces) + (pieces == 1 ? " piece" : " pieces"));
  return pdf.finish();
}

}  // namespace pf::papers
