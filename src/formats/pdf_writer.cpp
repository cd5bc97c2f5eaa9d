#include "formats/pdf_writer.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "productflow/text.h"

namespace pf::formats {
namespace {

constexpr std::array<const char*, 2> kFontNames{"DejaVuSans", "DejaVuSans-Bold"};

const TrueType& font_of(PdfWriter::Font font) {
  return font == PdfWriter::Font::bold ? bold_font() : plain_font();
}

// REQUIRES: not empty. The next letter; U+FFFD for a byte that begins none, so that nothing here may crash.
char32_t next_letter(std::string_view& utf8) {
  const auto first = static_cast<unsigned char>(utf8[0]);
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  char32_t letter = size == 1 ? first : first & (0xffu >> (size + 1));
  bool whole = size <= utf8.size() && (first < 0x80 || first >= 0xc0);
  for (std::size_t i = 1; whole && i < size; ++i) {
    const auto next = static_cast<unsigned char>(utf8[i]);
    whole = (next & 0xc0) == 0x80;
    letter = (letter << 6) | (next & 0x3fu);
  }
  utf8.remove_prefix(whole ? size : 1);
  if (letter > 0x10ffff || (letter >= 0xd800 && letter <= 0xdfff)) whole = false;
  return whole ? letter : U'\ufffd';
}

// What takes no room and leaves no ink: soft hyphens, joiners, marks of direction and of variants.
bool is_silent(char32_t letter) {
  return letter == 0xad || (letter >= 0x200b && letter <= 0x200f) || (letter >= 0x202a && letter <= 0x202e) ||
         (letter >= 0x2060 && letter <= 0x2064) || (letter >= 0xfe00 && letter <= 0xfe0f) || letter == 0xfeff;
}
bool is_blank(char32_t letter) {
  return letter <= 0x20 || letter == 0x7f || (letter >= 0x2028 && letter <= 0x2029);
}
Glyph glyph_in(const TrueType& font, char32_t letter) {
  return font.glyph_of(is_blank(letter) ? U' ' : letter);
}
double advance(const TrueType& font, char32_t letter, double size) {
  return is_silent(letter) ? 0 : font.width_of(glyph_in(font, letter)) * size / 1000;
}

template <class... Numbers>
std::string printed(const char* form, Numbers... numbers) {
  char out[160];
  const int size = std::snprintf(out, sizeof out, form, numbers...);
  return std::string(out, static_cast<std::size_t>(std::clamp(size, 0, static_cast<int>(sizeof out) - 1)));
}

// A letter in UTF-16, as four or eight hexadecimal digits.
std::string utf16_hex(char32_t letter) {
  if (letter < 0x10000) return printed("%04X", static_cast<unsigned>(letter));
  const auto above = static_cast<unsigned>(letter) - 0x10000;
  return printed("%04X%04X", 0xd800 + (above >> 10), 0xdc00 + (above & 0x3ff));
}

std::string stream_of(const std::string& bytes, const std::string& more = "") {
  uLongf size = compressBound(bytes.size());
  std::string packed(size, '\0');
  // Fails for want of memory alone; then the stream stands as it is.
  const bool smaller = compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                                 reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 6) == Z_OK;
  if (smaller) packed.resize(size);
  return "<< " + more + (smaller ? "/Filter /FlateDecode " : "") + "/Length " +
         std::to_string(smaller ? packed.size() : bytes.size()) + " >>\nstream\n" + (smaller ? packed : bytes) +
         "\nendstream";
}

// Which letters the glyphs are (ISO 32000-1, 9.10.3).
std::string letters_of(const std::map<Glyph, char32_t>& used) {
  constexpr std::size_t kRowsMax = 100;  // of one block
  std::string out =
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
      "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
      "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
  std::size_t left = used.size(), open = 0;
  for (const auto& [glyph, letter] : used) {
    if (open == 0) {
      open = std::min(left, kRowsMax);
      out += std::to_string(open) + " beginbfchar\n";
    }
    out += printed("<%04X> <", static_cast<unsigned>(glyph)) + utf16_hex(letter) + ">\n";
    --left;
    if (--open == 0) out += "endbfchar\n";
  }
  return out + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
}

std::string widths_of(const TrueType& font, const std::map<Glyph, char32_t>& used) {
  std::string out = "[ ";
  for (const auto& [glyph, letter] : used)
    out += std::to_string(glyph) + " [" + std::to_string(font.width_of(glyph)) + "] ";
  return out + "]";
}

// Six capitals that name the part of the font that is embedded (9.6.4): told by which glyphs they are.
std::string tag_of(const std::map<Glyph, char32_t>& used) {
  std::uint32_t sum = 2166136261u;  // FNV-1a
  for (const auto& [glyph, letter] : used) sum = (sum ^ glyph) * 16777619u;
  std::string tag;
  for (int i = 0; i < 6; ++i, sum /= 26) tag.push_back(static_cast<char>('A' + sum % 26));
  return tag;
}

}  // namespace

void PdfWriter::new_page(PdfPage page) {
  pages_.push_back({page, ""});
  at_ = pages_.size() - 1;
}

void PdfWriter::text(double x, double y, double size, Font font, std::string_view utf8) {
  const TrueType& type = font_of(font);
  auto& used = used_[font == Font::bold];
  std::string glyphs;
  while (!utf8.empty()) {
    const char32_t letter = next_letter(utf8);
    if (is_silent(letter)) continue;
    const Glyph glyph = glyph_in(type, letter);
    used.emplace(glyph, glyph == 0 ? U'\ufffd' : is_blank(letter) ? U' ' : letter);
    glyphs += printed("%04X", static_cast<unsigned>(glyph));
  }
  if (glyphs.empty()) return;
  pages_[at_].content +=
      printed("BT /F%d %.2f Tf %.2f %.2f Td <", font == Font::bold ? 2 : 1, size, x, y) + glyphs + "> Tj ET\n";
}
void PdfWriter::text_right(double x, double y, double size, Font font, std::string_view utf8) {
  text(x - width_of(utf8, size, font), y, size, font, utf8);
}
void PdfWriter::line(double x1, double y1, double x2, double y2) {
  pages_[at_].content += printed("0.5 w %.2f %.2f m %.2f %.2f l S\n", x1, y1, x2, y2);
}
void PdfWriter::box(double x, double y, double width, double height) {
  pages_[at_].content += printed("0.7 w %.2f %.2f %.2f %.2f re S\n", x, y, width, height);
}
void PdfWriter::bar(double x, double y, double width, double height) {
  pages_[at_].content += printed("%.3f %.3f %.3f %.3f re f\n", x, y, width, height);
}

double PdfWriter::width_of(std::string_view utf8, double size, Font font) {
  double width = 0;
  while (!utf8.empty()) width += advance(font_of(font), next_letter(utf8), size);
  return width;
}

std::vector<std::string> PdfWriter::wrapped(std::string_view utf8, double size, double width, Font font) {
  std::vector<std::string> lines;
  std::string line;
  double at = 0;
  std::size_t blank = std::string::npos;  // the last one in `line`
  while (!utf8.empty()) {
    const std::string_view before = utf8;
    const char32_t letter = next_letter(utf8);
    const std::string_view bytes = before.substr(0, before.size() - utf8.size());
    if (is_blank(letter)) blank = line.size();
    line.append(bytes);
    at += advance(font_of(font), letter, size);
    if (at <= width || line.size() <= bytes.size() || is_blank(letter)) continue;  // blanks may stand in the margin
    std::string rest;
    if (blank != std::string::npos && blank > 0) {
      rest = line.substr(std::min(line.size(), blank + 1));
      line.resize(blank);
    } else {
      rest = line.substr(line.size() - bytes.size());
      line.resize(line.size() - bytes.size());
    }
    lines.push_back(std::exchange(line, rest));
    at = width_of(line, size, font);
    blank = std::string::npos;
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

std::string PdfWriter::cut(std::string_view utf8, double size, double width, Font font) {
  if (width_of(utf8, size, font) <= width) return std::string(utf8);
  constexpr std::string_view kEllipsis = "\xe2\x80\xa6";
  double left = width - width_of(kEllipsis, size, font);
  std::string out;
  for (;;) {  // ends before the text does, which is too wide
    const std::string_view before = utf8;
    if (utf8.empty()) break;
    left -= advance(font_of(font), next_letter(utf8), size);
    if (left < 0) break;
    out.append(before.substr(0, before.size() - utf8.size()));
  }
  return out.append(kEllipsis);
}

std::string PdfWriter::finish() const {
  // 1 catalogue, 2 pages, 3 facts, then of each of the two fonts 4 to 8 and 9 to 13: itself, what it is made of, its
  // measures, its glyphs, their letters; then of each page itself and its content.
  constexpr std::size_t kFirstFont = 4, kOfFont = 5, kFirstPage = kFirstFont + 2 * kOfFont;
  std::vector<std::string> objects;
  std::string kids;
  for (std::size_t i = 0; i < pages_.size(); ++i) kids += std::to_string(kFirstPage + 2 * i) + " 0 R ";
  objects.push_back("<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>");
  objects.push_back("<< /Type /Pages /Kids [ " + kids + "] /Count " + std::to_string(pages_.size()) + " >>");
  std::string title = "FEFF";
  for (std::string_view left = title_; !left.empty();) title += utf16_hex(next_letter(left));
  objects.push_back("<< /Title <" + title + "> /Producer (ProductFlow) >>");
  for (std::size_t i = 0; i < kFontNames.size(); ++i) {
    const TrueType& type = font_of(i == 0 ? Font::plain : Font::bold);
    std::set<Glyph> glyphs;
    for (const auto& [glyph, letter] : used_[i]) glyphs.insert(glyph);
    const std::string name = tag_of(used_[i]) + "+" + kFontNames[i];
    const auto object = [&](std::size_t part) { return std::to_string(kFirstFont + kOfFont * i + part) + " 0 R"; };
    objects.push_back("<< /Type /Font /Subtype /Type0 /BaseFont /" + name +
                      " /Encoding /Identity-H /DescendantFonts [ " + object(1) + " ] /ToUnicode " + object(4) + " >>");
    objects.push_back("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /" + name +
                      " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /CIDToGIDMap "
                      "/Identity /DW " +
                      std::to_string(type.width_of(0)) + " /W " + widths_of(type, used_[i]) + " /FontDescriptor " +
                      object(2) + " >>");
    const auto measures = type.measures();
    objects.push_back(
        "<< /Type /FontDescriptor /FontName /" + name +
        printed(" /Flags 4 /FontBBox [ %d %d %d %d ] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV %d ",
                measures.box[0], measures.box[1], measures.box[2], measures.box[3], measures.ascent, measures.descent,
                729, i == 0 ? 80 : 140) +  // of DejaVu Sans: the height of an H, the width of its stems
        "/FontFile2 " +
        object(3) + " >>");
    const std::string file = type.subset(glyphs);
    objects.push_back(stream_of(file, "/Length1 " + std::to_string(file.size()) + " "));
    objects.push_back(stream_of(letters_of(used_[i])));
  }
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    objects.push_back(
        printed("<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 %.2f %.2f ] /Resources << /Font << /F1 %zu 0 R /F2 %zu 0 "
                "R >> >> /Contents %zu 0 R >>",
                pages_[i].size.width, pages_[i].size.height, kFirstFont, kFirstFont + kOfFont, kFirstPage + 2 * i + 1));
    objects.push_back(stream_of(pages_[i].content));
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
  for (const std::size_t place : places) out += printed("%010zu 00000 n \n", place);
  return out + "trailer\n<< /Size " + count + " /Root 1 0 R /Info 3 0 R >>\nstartxref\n" + std::to_string(table) +
         "\n%%EOF\n";
}

}  // namespace pf::formats
