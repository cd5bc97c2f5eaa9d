#include "formats/pdf_writer.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "productflow/text.h"

namespace pf::formats {
namespace {

// Windows-1252's letters between 0x80 and 0x9f, by their code points.
constexpr std::array<std::pair<std::uint32_t, unsigned char>, 27> kWinAnsi{
    {{0x20AC, 0x80}, {0x201A, 0x82}, {0x0192, 0x83}, {0x201E, 0x84}, {0x2026, 0x85}, {0x2020, 0x86}, {0x2021, 0x87},
     {0x02C6, 0x88}, {0x2030, 0x89}, {0x0160, 0x8A}, {0x2039, 0x8B}, {0x0152, 0x8C}, {0x017D, 0x8E}, {0x2018, 0x91},
     {0x2019, 0x92}, {0x201C, 0x93}, {0x201D, 0x94}, {0x2022, 0x95}, {0x2013, 0x96}, {0x2014, 0x97}, {0x02DC, 0x98},
     {0x2122, 0x99}, {0x0161, 0x9A}, {0x203A, 0x9B}, {0x0153, 0x9C}, {0x017E, 0x9E}, {0x0178, 0x9F}}};

// Widths of Helvetica from ' ' to '~' in thousandths of the size (Adobe Font Metrics 4.1); of all others an 'e'.
constexpr std::array<short, 95> kWidths{278,  278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
                                        556,  556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
                                        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
                                        667,  778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
                                        333,  556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
                                        556,  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584};

// REQUIRES: well-formed UTF-8, as all texts of the shop are. The next letter's code point.
std::uint32_t next_letter(std::string_view& utf8) {
  const auto first = static_cast<unsigned char>(utf8[0]);
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  std::uint32_t letter = size == 1 ? first : first & (0xff >> (size + 1));
  for (std::size_t i = 1; i < size && i < utf8.size(); ++i)
    letter = (letter << 6) | (static_cast<unsigned char>(utf8[i]) & 0x3f);
  utf8.remove_prefix(std::min(size, utf8.size()));
  return letter;
}

unsigned char win_ansi(std::uint32_t letter) {
  if ((letter >= 0x20 && letter < 0x7f) || (letter >= 0xa0 && letter <= 0xff))
    return static_cast<unsigned char>(letter);
  for (const auto& [code, byte] : kWinAnsi)
    if (code == letter) return byte;
  return letter < 0x20 ? ' ' : '?';
}

double width_of(unsigned char letter, double size) {
  const short width = letter >= 0x20 && letter < 0x7f ? kWidths[letter - 0x20u] : short{556};
  return width * size / 1000;
}

// "(text)" with what a string of PDF must not hold as it is escaped.
std::string string_of(std::string_view utf8) {
  std::string out = "(";
  while (!utf8.empty()) {
    const unsigned char byte = win_ansi(next_letter(utf8));
    if (byte == '(' || byte == ')' || byte == '\\') out.push_back('\\');
    out.push_back(static_cast<char>(byte));
  }
  return out + ")";
}

std::string numbers(const char* form, double a, double b, double c = 0, double d = 0) {
  char out[128];
  std::snprintf(out, sizeof out, form, a, b, c, d);
  return out;
}

}  // namespace

void PdfWriter::new_page() {
  pages_.emplace_back();
}

void PdfWriter::text(double x, double y, double size, Font font, std::string_view utf8) {
  pages_.back() += std::string("BT /") + (font == Font::bold ? "F2" : "F1") + numbers(" %.1f Tf %.2f ", size, x) +
                   numbers("%.2f Td ", y, 0) + string_of(utf8) + " Tj ET\n";
}
void PdfWriter::line(double x1, double y1, double x2, double y2) {
  pages_.back() += numbers("0.5 w %.2f %.2f m %.2f %.2f l S\n", x1, y1, x2, y2);
}
void PdfWriter::box(double x, double y, double width, double height) {
  pages_.back() += numbers("0.7 w %.2f %.2f %.2f %.2f re S\n", x, y, width, height);
}

std::vector<std::string> PdfWriter::wrapped(std::string_view utf8, double size, double width) {
  std::vector<std::string> lines;
  std::string line;
  double at = 0;
  std::size_t blank = std::string::npos;  // the last one in `line`
  while (!utf8.empty()) {
    const std::string_view before = utf8;
    const unsigned char letter = win_ansi(next_letter(utf8));
    if (letter == ' ') blank = line.size();
    line.append(before.substr(0, before.size() - utf8.size()));
    at += width_of(letter, size);
    if (at <= width || line.size() <= 1) continue;
    std::string rest;
    if (blank != std::string::npos && blank > 0) {
      rest = line.substr(std::min(line.size(), blank + 1));
      line.resize(blank);
    } else {
      const std::size_t last = before.size() - utf8.size();
      rest = line.substr(line.size() - last);
      line.resize(line.size() - last);
    }
    lines.push_back(std::exchange(line, rest));
    at = 0;
    blank = std::string::npos;
    for (std::string_view left = line; !left.empty();) at += width_of(win_ansi(next_letter(left)), size);
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

std::string PdfWriter::finish() const {
  std::vector<std::string> objects;  // 1 catalogue, 2 pages, 3 and 4 fonts, 5 facts, then a page and its content each
  std::string kids;
  for (std::size_t i = 0; i < pages_.size(); ++i) kids += std::to_string(6 + 2 * i) + " 0 R ";
  objects.push_back("<< /Type /Catalog /Pages 2 0 R >>");
  objects.push_back("<< /Type /Pages /Kids [ " + kids + "] /Count " + std::to_string(pages_.size()) + " >>");
  for (const char* font : {"Helvetica", "Helvetica-Bold"})
    objects.push_back(std::string("<< /Type /Font /Subtype /Type1 /BaseFont /") + font +
                      " /Encoding /WinAnsiEncoding >>");
  objects.push_back("<< /Title " + string_of(title_) + " /Producer (ProductFlow) >>");
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    objects.push_back(
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> "
        ">> /Contents " +
        std::to_string(7 + 2 * i) + " 0 R >>");
    objects.push_back("<< /Length " + std::to_string(pages_[i].size()) + " >>\nstream\n" + pages_[i] + "endstream");
  }
  std::string out = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n";  // four high bytes: a file of bytes, not of text
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    places.push_back(out.size());
    out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::size_t table = out.size();
  const std::string count = std::to_string(objects.size() + 1);
  out += "xref\n0 " + count + "\n0000000000 65535 f \n";
  for (const std::size_t place : places) {
    char entry[32];
    std::snprintf(entry, sizeof entry, "%010zu 00000 n \n", place);
    out += entry;
  }
  return out + "trailer\n<< /Size " + count + " /Root 1 0 R /Info 5 0 R >>\nstartxref\n" + std::to_string(table) +
         "\n%%EOF\n";
}

}  // namespace pf::formats
