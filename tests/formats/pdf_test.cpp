#include "formats/pdf_writer.h"

#include <doctest/doctest.h>

#include "productflow/bytes.h"

#include "support/pdf_reader.h"

using namespace pf;
using formats::PdfWriter;
using Font = formats::PdfWriter::Font;

TEST_CASE("pdf: Latin with all accents, Greek and Cyrillic are printed, found and copied") {
  const std::string texts[]{"Zażółć gęślą jaźń, Łódź",
                            "Příliš žluťoučký kůň",
                            "Đặng Thị Ngọc Ánh",
                            "Ελληνική Δημοκρατία",
                            "ᾠδὴ τῇ Ἀθηνᾷ",
                            "Съешь ещё этих мягких булок",
                            "Їжак, ґанок",
                            "Ğüşİ ıÇö",
                            "Þórður Æsir ßẞ",
                            "€ 3 – „so“ … ™ №"};
  PdfWriter pdf("Łódź Αθήνα");
  pdf.new_page();
  double y = 800;
  for (const std::string& text : texts) {
    pdf.text(50, y -= 20, 10, Font::plain, text);
    pdf.text(300, y, 10, Font::bold, text);
  }
  const std::string file = pdf.finish();
  const auto read = test::read_pdf(file);
  REQUIRE(read.pages.size() == 1);
  REQUIRE(read.pages[0].texts.size() == 2 * std::size(texts));
  for (std::size_t i = 0; i < std::size(texts); ++i) {
    CHECK(read.pages[0].texts[2 * i].text == texts[i]);
    CHECK(read.pages[0].texts[2 * i + 1].text == texts[i]);
    CHECK(read.pages[0].texts[2 * i + 1].font == "F2");
  }
  CHECK(file.find("/Title <FEFF014100F3006401") != std::string::npos);
  CHECK(file.size() < 60'000);  // the fonts' glyphs that are used, not the fonts
}

TEST_CASE("pdf: what the font lacks is printed as missing, and broken bytes crash nothing") {
  PdfWriter pdf("\xff");
  pdf.new_page();
  pdf.text(50, 700, 10, Font::plain, "茶 🎁 \xf0\x9f \xc3 \x80 \xed\xa0\x80 \xf7\xbf\xbf\xbf end");
  pdf.text(50, 600, 10, Font::plain,
           "soft\xc2\xad"
           "hyphen\xe2\x80\x8b\ttab");
  pdf.text(50, 500, 10, Font::plain, "");
  const auto read = test::read_pdf(pdf.finish());
  REQUIRE(read.pages[0].texts.size() == 2);
  const std::string& missing = read.pages[0].texts[0].text;
  CHECK(missing.starts_with("\xef\xbf\xbd \xef\xbf\xbd "));
  CHECK(missing.ends_with(" end"));
  CHECK(read.pages[0].texts[1].text == "softhyphen tab");
}

TEST_CASE("pdf: the part of the font that is embedded holds the outlines of what is used, and of their parts") {
  const auto& font = formats::plain_font();
  const auto e = font.glyph_of(U'é'), plain = font.glyph_of(U'e'), x = font.glyph_of(U'x');
  REQUIRE(e != 0);
  CHECK(font.glyph_of(U'茶') == 0);
  CHECK(font.width_of(e) == font.width_of(plain));
  const std::string part = font.subset({e});
  const auto table = [&](std::string_view tag) {
    for (std::size_t i = 0; i < get_be16(std::string_view(part).substr(4)); ++i)
      if (part.compare(12 + 16 * i, 4, tag) == 0)
        return part.substr(get_be32(std::string_view(part).substr(20 + 16 * i)),
                           get_be32(std::string_view(part).substr(24 + 16 * i)));
    return std::string();
  };
  const std::string places = table("loca");
  REQUIRE(places.size() > 4u * e + 4);
  const auto bytes_of = [&](formats::Glyph glyph) {
    return get_be32(std::string_view(places).substr(4u * glyph + 4)) -
           get_be32(std::string_view(places).substr(4u * glyph));
  };
  CHECK(bytes_of(e) > 0);
  CHECK(bytes_of(plain) > 0);  // é is made of it
  CHECK(bytes_of(x) == 0);
  CHECK(get_be16(std::string_view(table("maxp")).substr(4)) * 4u + 4 == places.size());
  CHECK(part.size() < 6'000);
}

TEST_CASE("pdf: bytes that are no font are refused, wherever they end") {
  const std::string whole = formats::plain_font().subset({formats::plain_font().glyph_of(U'a')});
  CHECK_FALSE(formats::TrueType::read(whole).ok());  // it has no letters any more
  for (std::size_t size = 0; size < whole.size(); size += 7)
    CHECK_FALSE(formats::TrueType::read(whole.substr(0, size)).ok());
}

TEST_CASE("pdf: pages have their own sizes, and can be gone back to") {
  PdfWriter pdf("Labels");
  pdf.new_page({200, 300});
  pdf.new_page();
  pdf.text(10, 10, 8, Font::plain, "second");
  pdf.turn_to(1);
  pdf.bar(1, 2, 3, 4);
  const auto read = test::read_pdf(pdf.finish());
  REQUIRE(read.pages.size() == 2);
  CHECK(read.pages[0].width == 200);
  CHECK(read.pages[1].height == doctest::Approx(841.89));
  CHECK(read.pages[0].bars.size() == 1);
  CHECK(read.pages[1].texts[0].text == "second");
}

TEST_CASE("pdf: a long title is broken between words, and a long word where it must be") {
  const auto lines = PdfWriter::wrapped("Blue cotton shirt with long sleeves", 10, 95);
  REQUIRE(lines.size() > 1);
  CHECK(lines[0] == "Blue cotton shirt");
  const auto word = PdfWriter::wrapped(std::string(100, 'W'), 10, 50);
  CHECK(word.size() > 10);
  std::string joined;
  for (const auto& line : word) joined += line;
  CHECK(joined == std::string(100, 'W'));
  for (const auto& line : PdfWriter::wrapped("Съешь ещё этих мягких французских булок, да выпей чаю", 10, 60))
    CHECK(PdfWriter::width_of(line, 10, Font::plain) <= 60);
  CHECK(PdfWriter::wrapped("", 10, 50).size() == 1);
  CHECK(PdfWriter::wrapped("W", 10, 1).size() == 1);
  CHECK(PdfWriter::wrapped("Łó", 10, 1) == std::vector<std::string>{"Ł", "ó"});
}

TEST_CASE("pdf: what does not fit is cut with an ellipsis") {
  CHECK(PdfWriter::cut("Cup", 10, 100) == "Cup");
  const std::string cut = PdfWriter::cut("Łódź Łódź Łódź Łódź", 10, 40);
  CHECK(cut.starts_with("Łód"));
  CHECK(cut.ends_with("…"));
  CHECK(PdfWriter::width_of(cut, 10, Font::plain) <= 40);
}
