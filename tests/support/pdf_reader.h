// Reads back what formats::PdfWriter writes, the way a reader of PDF does: by the table at the end, each stream
// unpacked, letters by what the fonts say that their glyphs are. Fails the test where the file is not whole.
#pragma once

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace pf::test {

struct PdfText {
  double x, y, size;
  std::string font, text;
};
struct PdfBar {
  double x, y, width, height;
};
struct PdfPageRead {
  double width = 0, height = 0;
  std::vector<PdfText> texts;
  std::vector<PdfBar> bars;
  // All texts, one a line.
  std::string all() const {
    std::string out;
    for (const PdfText& one : texts) out += one.text + "\n";
    return out;
  }
};
struct PdfRead {
  std::vector<std::string> objects;  // from 1; their streams unpacked
  std::vector<PdfPageRead> pages;
  std::string all() const {
    std::string out;
    for (const PdfPageRead& page : pages) out += page.all();
    return out;
  }
};

namespace pdf {

inline std::size_t number_after(const std::string& text, const std::string& name, std::size_t from = 0) {
  const std::size_t at = text.find(name, from);
  REQUIRE_MESSAGE(at != std::string::npos, "no " << name << " in " << text.substr(0, 200));
  return std::strtoul(text.c_str() + at + name.size(), nullptr, 10);
}

inline std::string inflated(const std::string& packed) {
  std::string out(packed.size() * 4 + 1024, '\0');
  for (;;) {
    uLongf size = out.size();
    const int result = uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                                  reinterpret_cast<const Bytef*>(packed.data()), packed.size());
    if (result == Z_BUF_ERROR && out.size() < (64u << 20)) {
      out.resize(out.size() * 2);
      continue;
    }
    REQUIRE(result == Z_OK);
    out.resize(size);
    return out;
  }
}

inline std::string utf8_of(const std::string& utf16_hex) {
  std::string out;
  for (std::size_t i = 0; i + 4 <= utf16_hex.size(); i += 4) {
    std::uint32_t letter = static_cast<std::uint32_t>(std::stoul(utf16_hex.substr(i, 4), nullptr, 16));
    if (letter >= 0xd800 && letter < 0xdc00) {
      i += 4;
      letter = 0x10000 + ((letter & 0x3ff) << 10) +
               (static_cast<std::uint32_t>(std::stoul(utf16_hex.substr(i, 4), nullptr, 16)) & 0x3ff);
    }
    const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (letter < 0x80) {
      put(letter);
    } else if (letter < 0x800) {
      put(0xc0 | (letter >> 6));
      put(0x80 | (letter & 0x3f));
    } else if (letter < 0x10000) {
      put(0xe0 | (letter >> 12));
      put(0x80 | ((letter >> 6) & 0x3f));
      put(0x80 | (letter & 0x3f));
    } else {
      put(0xf0 | (letter >> 18));
      put(0x80 | ((letter >> 12) & 0x3f));
      put(0x80 | ((letter >> 6) & 0x3f));
      put(0x80 | (letter & 0x3f));
    }
  }
  return out;
}

inline std::map<std::string, std::string> letters_of(const std::string& table) {
  std::map<std::string, std::string> letters;
  std::size_t at = 0;
  while ((at = table.find("beginbfchar\n", at)) != std::string::npos) {
    at += 12;
    while (table[at] == '<') {
      const std::size_t end = table.find(">\n", at);
      const std::string row = table.substr(at + 1, end - at - 1);
      letters[row.substr(0, 4)] = utf8_of(row.substr(7));
      at = end + 2;
    }
  }
  return letters;
}

}  // namespace pdf

inline PdfRead read_pdf(const std::string& file) {
  PdfRead out;
  REQUIRE(file.starts_with("%PDF-1.4\n"));
  REQUIRE(file.ends_with("%%EOF\n"));
  const std::size_t table = std::stoul(file.substr(file.rfind("startxref\n") + 10));
  REQUIRE(file.substr(table, 7) == "xref\n0 ");
  const std::size_t count = std::stoul(file.substr(table + 7));
  const std::size_t rows = file.find('\n', table + 7) + 1;
  out.objects.emplace_back();
  for (std::size_t i = 1; i < count; ++i) {
    const std::size_t place = std::stoul(file.substr(rows + i * 20, 10));
    const std::string begin = std::to_string(i) + " 0 obj\n";
    REQUIRE(file.compare(place, begin.size(), begin) == 0);
    std::string object = file.substr(place + begin.size(), file.find("\nendobj\n", place) - place - begin.size());
    if (const std::size_t stream = object.find("stream\n"); stream != std::string::npos) {
      const std::size_t size = pdf::number_after(object, "/Length ");
      const std::string bytes = file.substr(place + begin.size() + stream + 7, size);
      REQUIRE(file.compare(place + begin.size() + stream + 7 + size, 10, "\nendstream") == 0);
      object = object.substr(0, stream) + pdf::inflated(bytes);
    }
    out.objects.push_back(std::move(object));
  }
  std::size_t kid = out.objects.at(2).find("/Kids [ ") + 8;
  while (out.objects[2][kid] != ']') {
    const std::string& object = out.objects.at(std::stoul(out.objects[2].substr(kid)));
    kid = out.objects[2].find("R ", kid) + 2;
    PdfPageRead page;
    REQUIRE(std::sscanf(object.c_str() + object.find("/MediaBox"), "/MediaBox [ 0 0 %lf %lf ]", &page.width,
                        &page.height) == 2);
    std::map<std::string, std::map<std::string, std::string>> letters;
    for (const char* font : {"F1", "F2"}) {
      const std::string& of = out.objects.at(pdf::number_after(object, std::string("/") + font + " "));
      letters[font] = pdf::letters_of(out.objects.at(pdf::number_after(of, "/ToUnicode ")));
    }
    const std::string& stream = out.objects.at(pdf::number_after(object, "/Contents "));
    const std::string content = stream.substr(stream.find(">>\n") + 3);
    for (std::size_t at = 0; at < content.size();) {
      const std::size_t end = std::min(content.find('\n', at), content.size());
      const std::string row = content.substr(at, end - at);
      at = end + 1;
      PdfText text{};
      PdfBar bar{};
      char font[3] = {};
      int glyphs = 0;
      if (std::sscanf(row.c_str(), "BT /%2s %lf Tf %lf %lf Td <%n", font, &text.size, &text.x, &text.y, &glyphs) == 4) {
        text.font = font;
        for (auto i = static_cast<std::size_t>(glyphs); row.at(i) != '>'; i += 4) {
          const auto letter = letters[font].find(row.substr(i, 4));
          REQUIRE_MESSAGE(letter != letters[font].end(), "a glyph whose letter is not told");
          text.text += letter->second;
        }
        page.texts.push_back(text);
      } else if (row.ends_with(" re f") &&
                 std::sscanf(row.c_str(), "%lf %lf %lf %lf", &bar.x, &bar.y, &bar.width, &bar.height) == 4) {
        page.bars.push_back(bar);
      }
    }
    out.pages.push_back(std::move(page));
  }
  return out;
}

}  // namespace pf::test
