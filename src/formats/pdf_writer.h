// Pages of text as PDF (ISO 32000-1), for lists that are printed: A4, the two standard fonts Helvetica and
// Helvetica-Bold, which every reader has, so nothing is embedded. What WinAnsi (Windows-1252) does not have, is printed
// as '?'. One document, one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pf::formats {

// In points, 1/72 inch; the origin is the page's lower left corner.
inline constexpr double kPdfPageWidth = 595, kPdfPageHeight = 842;

class PdfWriter {
 public:
  explicit PdfWriter(std::string_view title) : title_(title) { new_page(); }
  void new_page();
  enum class Font { plain, bold };
  void text(double x, double y, double size, Font font, std::string_view utf8);
  void line(double x1, double y1, double x2, double y2);
  void box(double x, double y, double width, double height);
  std::size_t pages() const { return pages_.size(); }
  std::string finish() const;

  // The parts of a text that fit beside each other into `width`, broken between words where that can be.
  static std::vector<std::string> wrapped(std::string_view utf8, double size, double width);

 private:
  std::string title_;
  std::vector<std::string> pages_;  // their content streams
};

}  // namespace pf::formats
