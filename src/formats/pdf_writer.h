// Pages of text, lines and bars as PDF (ISO 32000-1), for what is printed. Texts are written in the built-in font
// (DejaVu Sans: Latin, Greek, Cyrillic), of which each document carries the glyphs that it uses, and which letters they
// are, so that text can be found and copied. A letter that the font lacks is printed as its sign for what is missing.
// Streams are compressed. One document, one thread.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/true_type.h"

namespace pf::formats {

// In points, 1/72 inch; the origin is a page's lower left corner.
struct PdfPage {
  double width = 595.28, height = 841.89;  // A4, ISO 216: 210 mm by 297 mm
};
constexpr double points(double millimetres) {
  return millimetres * 72 / 25.4;
}

class PdfWriter {
 public:
  enum class Font { plain, bold };
  // Begins with no page.
  explicit PdfWriter(std::string_view title) : title_(title) {}
  void new_page(PdfPage page = {});
  // REQUIRES, all of these: there is a page. They draw on the newest, or on that of turn_to.
  void text(double x, double y, double size, Font font, std::string_view utf8);
  void text_right(double x, double y, double size, Font font, std::string_view utf8);  // ends at x
  void line(double x1, double y1, double x2, double y2);
  void box(double x, double y, double width, double height);
  void bar(double x, double y, double width, double height);  // filled
  void turn_to(std::size_t page) { at_ = page - 1; }          // REQUIRES: 1 <= page <= pages()
  std::size_t pages() const { return pages_.size(); }
  std::string finish() const;

  static double width_of(std::string_view utf8, double size, Font font);
  // The parts of a text that fit beside each other into `width`, broken between words where that can be. At least one.
  static std::vector<std::string> wrapped(std::string_view utf8, double size, double width, Font font = Font::plain);
  // The text, or as much of its beginning as fits with an ellipsis behind it.
  static std::string cut(std::string_view utf8, double size, double width, Font font = Font::plain);

 private:
  struct Page {
    PdfPage size;
    std::string content;
  };
  std::string title_;
  std::vector<Page> pages_;
  std::size_t at_ = 0;
  std::array<std::map<Glyph, char32_t>, 2> used_;  // by font: what each glyph stands for
};

}  // namespace pf::formats
