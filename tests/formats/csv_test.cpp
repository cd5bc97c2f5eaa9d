#include "formats/csv.h"

#include <doctest/doctest.h>

#include "formats/dialect.h"
#include "formats/encoding.h"

using namespace pf;
using namespace pf::formats;

namespace {
using Rows = std::vector<std::vector<std::string>>;
Rows rows_of(const std::vector<std::string>& pieces, char delimiter = ',',
             CsvReader::Quotes quotes = CsvReader::Quotes::rfc4180) {
  CsvReader reader(delimiter, quotes);
  Rows rows;
  const auto take = [&](TableRow&& row) -> Result<> {
    rows.push_back(std::move(row.cells));
    return {};
  };
  for (const std::string& piece : pieces) REQUIRE(reader.feed(piece, take).ok());
  REQUIRE(reader.finish(take).ok());
  return rows;
}
}  // namespace

TEST_CASE("csv: quotes, newlines inside, all line ends and ragged rows, wherever the pieces are cut") {
  const std::string file = "a,b,c\r\n\"x \"\"y\"\"\",\"line\r\nbreak\",\n\n1,2\r3,,5,6\n\"\",q\"q,'last'";
  const Rows expected{
      {"a", "b", "c"}, {"x \"y\"", "line\r\nbreak", ""}, {"1", "2"}, {"3", "", "5", "6"}, {"", "q\"q", "'last'"}};
  CHECK(rows_of({file}) == expected);
  for (std::size_t cut = 1; cut < file.size(); ++cut)
    CHECK_MESSAGE(rows_of({file.substr(0, cut), file.substr(cut)}) == expected, cut);
}

TEST_CASE("csv: lines are counted as an editor counts them, and a cut-off file names where") {
  CsvReader reader(',', CsvReader::Quotes::rfc4180);
  std::vector<std::uint64_t> lines;
  const auto take = [&](TableRow&& row) -> Result<> {
    lines.push_back(row.line);
    return {};
  };
  REQUIRE(reader.feed("h\r\n\"two\r\nlines\"\r\n\r\nafter\nx,\"cut", take).ok());
  const auto end = reader.finish(take);
  CHECK(lines == std::vector<std::uint64_t>{1, 2, 5});
  CHECK(reader.blank_lines() == 1);
  REQUIRE_FALSE(end.ok());
  CHECK(end.error().message.starts_with("line 6:"));
}

TEST_CASE("csv: Amazon's files have no quoting, and the header tells the delimiter") {
  CHECK(rows_of({"a\tb\n5\" pipe\t\"x\n"}, '\t', CsvReader::Quotes::none) == Rows{{"a", "b"}, {"5\" pipe", "\"x"}});
  CHECK(delimiter_of("sku;\"a,b,c,d\";title") == ';');
  CHECK(delimiter_of("order-id\torder-item-id") == '\t');
  CHECK(delimiter_of("a|b,c|d") == '|');
  CHECK(delimiter_of("alone") == ',');
  CHECK(delimiter_of("sku^title, short^price~net") == '^');
  CHECK(delimiter_of("sku\x1ftitle") == '\x1f');
}

TEST_CASE("csv: a row above a limit is told as such, and the next one is read as if nothing had been") {
  const auto faults_of = [](const std::string& text) {
    CsvReader reader(',', CsvReader::Quotes::rfc4180);
    std::string faults;
    const auto take = [&](TableRow&& row) -> Result<> {
      faults += std::to_string(row.line) + ":" + (row.fault.empty() ? row.cells.back() : row.fault) + " ";
      return {};
    };
    for (std::size_t at = 0; at < text.size(); at += 1 << 16)
      REQUIRE(reader.feed(std::string_view(text).substr(at, 1 << 16), take).ok());
    REQUIRE(reader.finish(take).ok());
    return faults;
  };
  CHECK(faults_of("a,b\n1,\"" + std::string(10 << 20, 'x') + "\"\n2,good\n") ==
        "1:b 2:has a cell larger than 4 MiB 3:good ");
  CHECK(faults_of("a,b\n1," + std::string(10 << 20, 'x') + "\n2,good\n") ==
        "1:b 2:has a cell larger than 4 MiB 3:good ");
  std::string wide = "a,b\n1";
  for (int i = 0; i < 20; ++i) wide += ",\"" + std::string(4 << 20, 'x') + "\"";
  CHECK(faults_of(wide + "\n2,good\n") == "1:b 2:is larger than 64 MiB 3:good ");
  CHECK(faults_of("a,b\n" + std::string(5 << 20, 'x') + ",\n2,good\n") == "1:b 2:has a cell larger than 4 MiB 3:good ");
  CHECK(faults_of("a,b\n" + std::string(100'000, ',') + "\n2,good\n") == "1:b 2:has more than 5,000 columns 3:good ");
}

TEST_CASE("csv: columns lined up with blanks keep their quotes out of the cells") {
  CHECK(rows_of({"name  , list\nFoo   , \"a, b\"  \n , \"c\"\"d\"\n"}, ',', CsvReader::Quotes::padded) ==
        Rows{{"name  ", "list"}, {"Foo   ", "a, b"}, {"", "c\"d"}});
}

TEST_CASE("csv: what is written is read back, and formulas are disarmed for people") {
  std::string out;
  write_csv_row({"plain", "a,b", "say \"hi\"", "two\nlines", "=1+1"}, false, out);
  CHECK(rows_of({out}) == Rows{{"plain", "a,b", "say \"hi\"", "two\nlines", "=1+1"}});
  out.clear();
  write_csv_row({"a,b", "c;d", "say \"hi\""}, false, out, ';');
  CHECK(out.starts_with("a,b;\"c;d\";"));
  CHECK(rows_of({out}, ';') == Rows{{"a,b", "c;d", "say \"hi\""}});
  out.clear();
  write_csv_row({"=1+1", "-5", "-5+1", "@x", "'quoted", "it's"}, true, out);
  CHECK(rows_of({out}) == Rows{{"'=1+1", "-5", "'-5+1", "'@x", "''quoted", "it's"}});
}

TEST_CASE("encoding: one damaged byte does not turn the accents of a UTF-8 file into others") {
  ToUtf8 reader;
  std::string out = reader.feed("Cr\xc3\xa8me\n", false);
  out += reader.feed(
      "dam\xff"
      "aged\n\xc3\xa9t\xc3\xa9\n",
      true);
  CHECK(out ==
        "Cr\xc3\xa8me\ndam\xff"
        "aged\n\xc3\xa9t\xc3\xa9\n");
  CHECK(reader.encoding() == "UTF-8");
}

TEST_CASE("encoding: UTF-16 without its mark is read as what it is") {
  CHECK(ToUtf8().feed(std::string_view("s\0k\0u\0\n\0", 8), true) == "sku\n");
  CHECK(ToUtf8().feed(std::string_view("\0s\0k\0u\0\n", 8), true) == "sku\n");
}

TEST_CASE("encoding: UTF-8, UTF-16 and Windows-1252 give the same text, wherever the pieces are cut") {
  const std::string text = "Crème – 5 € 😀";
  const std::string utf16(
      "\xff\xfe"
      "C\0r\0\xe8\0m\0e\0 \0\x13\x20 \0005\0 \0\xac\x20 \0\x3d\xd8\x00\xde",
      30);
  for (std::size_t cut = 3; cut < text.size(); ++cut) {
    ToUtf8 reader;
    std::string out = reader.feed("\xef\xbb\xbf" + text.substr(0, cut), false);
    CHECK(out + reader.feed(text.substr(cut), true) == text);
  }
  for (std::size_t cut = 2; cut < utf16.size(); ++cut) {
    ToUtf8 reader;
    std::string out = reader.feed(utf16.substr(0, cut), false);
    CHECK(out + reader.feed(utf16.substr(cut), true) == text);
    CHECK(reader.encoding() == "UTF-16LE");
  }
  ToUtf8 latin;
  CHECK(latin.feed("Cr\xe8me \x96 5 \x80", true) == "Crème – 5 €");
  CHECK(latin.encoding() == "Windows-1252");
}
