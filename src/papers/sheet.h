// A paper of A4 pages: a head that stands on each, rows of columns that go on over pages, and which page of how many it
// is. Several papers may follow each other in one document. Only for this room.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/pdf_writer.h"
#include "productflow/clock.h"
#include "productflow/money.h"

namespace pf::papers {

using formats::PdfWriter;
using Font = PdfWriter::Font;

inline constexpr double kSheetLeft = 50, kSheetRight = formats::PdfPage{}.width - 50;
inline constexpr double kSheetTop = formats::PdfPage{}.height - 56, kSheetBottom = 62;
inline constexpr double kSheetSize = 8.5, kSheetLeading = 12;

// en, nl, de, fr: a table of words has four columns.
inline constexpr std::array<std::string_view, 4> kLanguages{"en", "nl", "de", "fr"};
// The column of a language as in Accept-Language; English for what is not known.
std::size_t language_column(std::string_view language);

// "The buyer's details were deleted on 2026-10-26", or without a day where nobody knows it.
std::string gone_words(const std::optional<Time>& since, std::size_t language);

struct Cell {
  double x = 0, width = 0;
  std::string text{};
  enum class Kind {
    left,
    right,  // ends at x + width
    code,   // as bars, if they fit
    box     // to tick
  } kind = Kind::left;
  Font font = Font::plain;
};

// A text as Code 128 with the text below, within a box whose upper right corner is given: false, and nothing drawn,
// where it would be too fine to be read or has letters that it cannot say.
bool draw_code(PdfWriter& pdf, double right, double top, double width, double height, std::string_view text);
// A text as a QR code whose upper left corner is given, white around it included: false, and nothing drawn, where it
// would be too fine to be read or is too long.
bool draw_qr(PdfWriter& pdf, double left, double top, double side, std::string_view text);
// With the signs of the language for groups of digits and for decimals: "1,234.50" in English.
std::string printed_amount(const Money& money, std::size_t language);
std::string printed_money(const Money& money, std::size_t language);  // with its currency behind

class Sheet {
 public:
  // `head` draws the top of every page and leaves `y` below it.
  Sheet(PdfWriter& pdf, std::size_t language, std::function<void(Sheet&)> head);
  double y = 0;  // of the next line of text

  void text(double x, std::string_view utf8, Font font = Font::plain, double size = kSheetSize);
  void text_right(double x, std::string_view utf8, Font font = Font::plain, double size = kSheetSize);
  void room(double height);  // turns the page where less is left
  // Cells beside each other, each broken into its width. Stays on one page, unless it is longer than most of one.
  void row(std::span<const Cell> cells);
  // Lines of text, each broken into the page's width; the empty text is none.
  void paragraph(std::string_view utf8);
  // "Page 1 of 3" on each; the last thing to do.
  void number_pages();
  PdfWriter& pdf() { return pdf_; }

 private:
  void turn();
  PdfWriter& pdf_;
  const std::size_t language_, first_page_;
  const std::function<void(Sheet&)> head_;
};

}  // namespace pf::papers
