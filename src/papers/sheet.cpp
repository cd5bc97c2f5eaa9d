#include "papers/sheet.h"

#include <algorithm>
#include <array>

#include "formats/code128.h"
#include "formats/qr.h"
#include "productflow/text.h"

namespace pf::papers {
namespace {

constexpr double kRowsTogether = 0.6;  // of a page's height: a longer row may be broken
// A module of Code 128: scanners for shops read from 0.19 mm on, and above 0.33 mm nothing is gained.
constexpr double kModuleMin = formats::points(0.19), kModuleMax = formats::points(0.33);
// Telephones read smaller ones, printers for labels do not print them.
constexpr double kQrModuleMin = formats::points(0.33);
constexpr double kCodeHeight = 17, kCodeTextSize = 6.5;

}  // namespace

std::size_t language_column(std::string_view language) {
  const auto found = std::ranges::find(kLanguages, lower_ascii(language.substr(0, 2)));
  return found == kLanguages.end() ? 0 : static_cast<std::size_t>(found - kLanguages.begin());
}

std::string gone_words(const std::optional<Time>& since, std::size_t language) {
  constexpr std::array<std::string_view, 4> kGone{
      "The buyer's details were deleted", "De gegevens van de koper zijn verwijderd", "Die Käuferdaten wurden gelöscht",
      "Les données de l'acheteur ont été supprimées"};
  constexpr std::array<std::string_view, 4> kOn{"on", "op", "am", "le"};
  std::string out(kGone[language]);
  if (since) out.append(" ").append(kOn[language]).append(" ").append(rfc3339(*since).substr(0, 10));
  return out;
}

bool draw_code(PdfWriter& pdf, double right, double top, double width, double height, std::string_view text) {
  const auto widths = formats::code128(text);
  if (!widths) return false;
  int modules = 2 * formats::kCode128QuietModules;
  for (const char one : *widths) modules += one - '0';
  const double module = std::min(kModuleMax, width / modules);
  if (module < kModuleMin) return false;
  double x = right - module * (modules - formats::kCode128QuietModules);
  bool is_bar = true;
  for (const char one : *widths) {
    const double wide = module * (one - '0');
    if (is_bar) pdf.bar(x, top - height, wide, height);
    is_bar = !is_bar;
    x += wide;
  }
  const double middle = right - module * modules / 2;
  pdf.text(middle - PdfWriter::width_of(text, kCodeTextSize, Font::plain) / 2, top - height - kCodeTextSize - 1,
           kCodeTextSize, Font::plain, text);
  return true;
}

bool draw_qr(PdfWriter& pdf, double left, double top, double side, std::string_view text) {
  const auto code = formats::qr_code(text);
  if (!code) return false;
  const double module = side / (code->size + 2 * formats::kQrQuietModules);
  if (module < kQrModuleMin) return false;
  const double from = left + module * formats::kQrQuietModules, high = top - module * formats::kQrQuietModules;
  for (int y = 0; y < code->size; ++y)
    for (int x = 0; x < code->size; ++x) {
      int run = 0;  // neighbours in one bar, so that no hair of white is between them
      while (x + run < code->size && code->dark(x + run, y)) ++run;
      if (run == 0) continue;
      pdf.bar(from + module * x, high - module * (y + 1), module * run, module);
      x += run;
    }
  return true;
}

std::string printed_amount(const Money& money, std::size_t language) {
  constexpr std::array<std::string_view, 4> kGroups{",", ".", ".", "\xe2\x80\xaf"}, kPoints{".", ",", ",", ","};
  const std::string plain = decimal(money);
  const std::size_t sign = plain.starts_with('-') ? 1 : 0, point = std::min(plain.find('.'), plain.size());
  std::string out(sign == 1 ? "-" : "");
  for (std::size_t i = sign; i < point; ++i) {
    if (i > sign && (point - i) % 3 == 0) out += kGroups[language];
    out.push_back(plain[i]);
  }
  if (point < plain.size()) out.append(kPoints[language]).append(plain.substr(point + 1));
  return out;
}
std::string printed_money(const Money& money, std::size_t language) {
  return printed_amount(money, language).append("\xc2\xa0").append(money.currency.code());
}

Sheet::Sheet(PdfWriter& pdf, std::size_t language, std::function<void(Sheet&)> head)
    : pdf_(pdf), language_(language), first_page_(pdf.pages() + 1), head_(std::move(head)) {
  turn();
}

void Sheet::turn() {
  pdf_.new_page();
  y = kSheetTop;
  head_(*this);
}
void Sheet::room(double height) {
  if (y - height + kSheetLeading < kSheetBottom) turn();
}
void Sheet::text(double x, std::string_view utf8, Font font, double size) {
  pdf_.text(x, y, size, font, utf8);
}
void Sheet::text_right(double x, std::string_view utf8, Font font, double size) {
  pdf_.text_right(x, y, size, font, utf8);
}

void Sheet::row(std::span<const Cell> cells) {
  std::vector<std::vector<std::string>> broken;
  std::size_t rows = 1;
  double height = kSheetLeading;
  for (const Cell& cell : cells) {
    const bool written = cell.kind == Cell::Kind::left || cell.kind == Cell::Kind::right;
    broken.push_back(written ? PdfWriter::wrapped(cell.text, kSheetSize, cell.width, cell.font)
                             : std::vector<std::string>());
    rows = std::max(rows, broken.back().size());
    if (cell.kind == Cell::Kind::code && formats::code128(cell.text)) height = kCodeHeight + kCodeTextSize + 4;
  }
  height = std::max(height, kSheetLeading * static_cast<double>(rows));
  if (height < kRowsTogether * (kSheetTop - kSheetBottom)) room(height);
  const double first = y;
  double bottom = y - height;
  for (const Cell& cell : cells) {
    if (cell.kind == Cell::Kind::code)
      draw_code(pdf_, cell.x + cell.width, first + kSheetSize - 1, cell.width, kCodeHeight, cell.text);
    if (cell.kind == Cell::Kind::box) pdf_.box(cell.x, first - 1, 8, 8);
  }
  for (std::size_t i = 0; i < rows; ++i) {
    if (y < kSheetBottom) {
      turn();
      bottom = y;
    }
    for (std::size_t k = 0; k < cells.size(); ++k) {
      if (i >= broken[k].size()) continue;
      if (cells[k].kind == Cell::Kind::right)
        text_right(cells[k].x + cells[k].width, broken[k][i], cells[k].font);
      else
        text(cells[k].x, broken[k][i], cells[k].font);
    }
    y -= kSheetLeading;
  }
  y = std::min(y, bottom);
  pdf_.line(kSheetLeft, y + kSheetLeading - 4, kSheetRight, y + kSheetLeading - 4);
  y -= 5;
}

void Sheet::paragraph(std::string_view utf8) {
  if (utf8.empty()) return;
  for (const auto part : split(utf8, '\n'))
    for (const std::string& line : PdfWriter::wrapped(trim(part), kSheetSize, kSheetRight - kSheetLeft)) {
      room(kSheetLeading);
      text(kSheetLeft, line);
      y -= kSheetLeading;
    }
}

void Sheet::number_pages() {
  constexpr std::array<std::string_view, 4> kPage{"Page", "Pagina", "Seite", "Page"}, kOf{"of", "van", "von", "sur"};
  const std::size_t last = pdf_.pages(), all = last - first_page_ + 1;
  for (std::size_t page = first_page_; page <= last; ++page) {
    pdf_.turn_to(page);
    pdf_.text_right(kSheetRight, kSheetBottom - 28, 7.5, Font::plain,
                    std::string(kPage[language_]) + " " + std::to_string(page - first_page_ + 1) + " " +
                        std::string(kOf[language_]) + " " + std::to_string(all));
  }
}

}  // namespace pf::papers
