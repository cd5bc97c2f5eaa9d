#include "formats/pdf_writer.h"

#include <doctest/doctest.h>

using namespace pf;
using formats::PdfWriter;

TEST_CASE("pdf: what stands where is found by the table at the end") {
  PdfWriter pdf("Pick list");
  pdf.text(50, 700, 10, PdfWriter::Font::plain, "Caf\xc3\xa9 (50%) \\ \xe2\x82\xac 3 \xc5\x81");
  pdf.new_page();
  pdf.box(1, 2, 3, 4);
  const std::string file = pdf.finish();
  CHECK(file.starts_with("%PDF-1.4\n"));
  CHECK(file.ends_with("%%EOF\n"));
  CHECK(file.find("(Caf\xe9 \\(50%\\) \\\\ \x80 3 ?) Tj") != std::string::npos);
  CHECK(file.find("/Count 2") != std::string::npos);
  const std::size_t start = std::stoul(file.substr(file.rfind("startxref\n") + 10));
  REQUIRE(file.substr(start, 5) == "xref\n");
  const std::size_t count = std::stoul(file.substr(start + 7));
  REQUIRE(count == 10);  // none, five of the document, two of each page
  for (std::size_t i = 1; i < count; ++i) {
    const std::size_t entry = file.find('\n', start + 5) + 1 + i * 20;
    const std::size_t place = std::stoul(file.substr(entry, 10));
    CHECK(file.substr(place).starts_with(std::to_string(i) + " 0 obj\n"));
  }
}

TEST_CASE("pdf: a long title is broken between words, and a long word where it must be") {
  const auto lines = PdfWriter::wrapped("Blue cotton shirt with long sleeves", 10, 80);
  REQUIRE(lines.size() > 1);
  CHECK(lines[0] == "Blue cotton shirt");
  const auto word = PdfWriter::wrapped(std::string(100, 'W'), 10, 50);
  CHECK(word.size() > 10);
  std::string joined;
  for (const auto& line : word) joined += line;
  CHECK(joined == std::string(100, 'W'));
  CHECK(PdfWriter::wrapped("", 10, 50).size() == 1);
  CHECK(PdfWriter::wrapped("W", 10, 1).size() == 1);
}
