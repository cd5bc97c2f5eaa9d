// Files read in a cell: as in this process, and by a cell that has been taken over.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "formats/cell_messages.h"
#include "formats/cell_reading.h"
#include "support/archive.h"

using namespace pf;
using namespace pf::formats;

namespace {

// All that a reading tells of a file, as text.
std::string told(FileReading& reading, const Result<OpenedFile>& opened, std::size_t most_rows) {
  if (!opened.ok()) return "refused: " + opened.error().message;
  std::string out = std::to_string(static_cast<int>(opened->kind)) + opened->start;
  std::size_t rows = 0;
  const auto row = [&](TableRow&& one) -> Result<ZipReader::Go> {
    out += "\n" + std::to_string(one.line) + one.fault;
    for (const std::string& value : one.cells) out += "|" + value.substr(0, 100);
    for (const auto& remark : one.remarks) out += "!" + std::to_string(remark.column) + remark.message;
    return ++rows < most_rows ? ZipReader::Go::on : ZipReader::Go::enough;
  };
  const auto end = [&](const Result<>& how) { out += how.ok() ? "\nend" : "\n" + how.error().message; };
  const auto tree = [&]() -> std::string {
    const auto tables = reading.xml_tables();
    if (!tables.ok()) return tables.error().message;
    for (const std::size_t path : tables->candidates) {
      const auto table = reading.xml_table(path);
      if (!table.ok()) return table.error().message;
      for (const auto& column : table->columns) out += "," + column.name + (column.list ? "[]" : "");
      end(reading.xml_rows(path, row));
      end(reading.xml_records(path, [&](XmlRecords::Record&& record) -> Result<> {
        out += "\n" + std::to_string(record.line) + record.fault + ":" + std::to_string(record.element.children.size());
        return {};
      }));
    }
    return "";
  };
  switch (opened->kind) {
    case OpenedFile::Kind::text:
      for (const HeaderLine& line : opened->lines)
        for (const std::string& name : line.cells) out += "," + name.substr(0, 100);
      if (opened->json)
        end(reading.json_values([&](JsonValue&& one) -> Result<ZipReader::Go> {
          out += "\n" + std::to_string(one.line) + one.fault + json::write(one.value);
          return ++rows < most_rows ? ZipReader::Go::on : ZipReader::Go::enough;
        }));
      else
        end(reading.table_rows({opened->lines.empty() ? std::nullopt : std::optional<std::size_t>(0), true}, row));
      out += reading.encoding();
      if (opened->json) out += tree();
      return out;
    case OpenedFile::Kind::workbook:
      for (std::size_t i = 0; i < opened->sheets.size(); ++i) {
        out += "\n" + opened->sheets[i];
        end(reading.sheet_rows(i, row));
      }
      return out;
    case OpenedFile::Kind::xml:
      out += tree();
      return out;
    case OpenedFile::Kind::archive:
      for (std::size_t i = 0; i < opened->entries.size(); ++i) {
        out += "\n[" + opened->entries[i].name + "]";
        out += told(reading, reading.open_entry(i), most_rows);
        std::size_t bytes = 0;
        end(reading.entry_bytes(i, [&](std::string_view piece) -> Result<> {
          bytes += piece.size();
          return {};
        }));
        out += std::to_string(bytes);
      }
      return out;
  }
  return out;
}

std::string here(std::string_view file, std::size_t most_rows = ~std::size_t{0}, const Written& said = {}) {
  MemorySource source(file);
  const auto reading = open_here(source);
  return told(**reading, (*reading)->open(said), most_rows);
}
std::string in_cell(std::string_view file, std::size_t most_rows = ~std::size_t{0}, const char* program = PF_CELL_PROBE,
                    const Written& said = {}) {
  MemorySource source(file, 100'000);
  const auto reading = open_in_cell_of(source, program);
  return reading.ok() ? told(**reading, (*reading)->open(said), most_rows) : reading.error().message;
}
// Where two answers part, for a person to see.
std::string parting(const std::string& a, const std::string& b) {
  if (a == b) return {};
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  at -= std::min<std::size_t>(at, 40);
  return a.substr(at, 200) + "\n--- but here ---\n" + b.substr(std::min(at, b.size()), 200);
}
bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string table(std::size_t rows) {
  std::string out = "title\nsku;stock;name\n";
  for (std::size_t i = 0; i < rows; ++i) out += "A-" + std::to_string(i) + ";12;\"a \"\"name\"\"\nof two lines\"\n";
  return out;
}

}  // namespace

TEST_CASE("a cell reads every kind of file as this process does, to its end or as far as it is wanted") {
  const std::string long_table = table(8'000),
                    feed = "<f><item id='1'><t xml:lang='nl'>a</t><i/><i>2</i></item><item id='2'/></f>";
  const std::string book = test::workbook_of(
      {{"one", "<row><c t='str'><v>sku</v></c></row><row><c t='e'><v>#N/A</v></c><c><v>7</v></c></row>"}, {"two", ""}});
  for (const std::string& file :
       {long_table, std::string(),
        std::string("\xff\xfe"
                    "a\0;\0b\0",
                    8),
        std::string("caf\xe9;b\n1;2"), std::string(R"({"orders": [{"id": 1}, {"id": "}"}], "x": 2})"),
        std::string("[{\"a\": 1"), std::string("a,b\n\"1,2\n3"), feed, feed.substr(0, feed.size() - 9),
        std::string("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), book, book.substr(0, book.size() / 2),
        test::zip_of({{"a/b.csv", table(3)}, {"c.xml", feed}, {"d.xlsx", book}, {"e", ""}})})
    CHECK(parting(in_cell(file), here(file)) == "");
  CHECK(parting(in_cell(long_table, 3), here(long_table, 3)) == "");
  // It goes on with the next thing after it was told that it is enough.
  const std::string two = test::zip_of({{"a.csv", long_table}, {"b.csv", long_table}});
  CHECK(parting(in_cell(two, 3), here(two, 3)) == "");
}

TEST_CASE("a cell obeys what somebody says of a file, and refuses words that cannot be obeyed") {
  constexpr std::size_t kAll = ~std::size_t{0};
  const auto as = [](std::string_view file, const Written& said) {
    const std::string out = in_cell(file, kAll, PF_CELL_PROBE, said);
    CHECK(parting(out, here(file, kAll, said)) == "");
    return out;
  };
  const std::string greek = "sku!name\nA!\xca\xef\xfd\xf0\xe1\n";  // two words are too few to tell by
  CHECK(has(as(greek, {.encoding = "ISO-8859-7", .delimiter = "!"}), "A|Κούπα\nendISO-8859-7"));
  CHECK(has(as("[a];'b;c'\n1;'2;3'\n", {.delimiter = ";", .quote = "'"}), "1|2;3\nend"));
  CHECK(has(as("\xef\xbb\xbfsku;name\n", {.encoding = "koi8-r"}), "say that it is UTF-8"));
  const std::string inner = test::zip_of({{"a.csv", greek}});
  CHECK(has(as(inner, {.encoding = "iso-8859-7", .delimiter = "!"}), "A|Κούπα\nendISO-8859-7"));
  CHECK(has(as(R"({"A": {"t": 1}, "B": {"t": 2}, "n": 3})", {.keyed = "$"}), ",key,t"));
  for (const Written& never :
       {Written{.encoding = "klingon"}, Written{.delimiter = "\n"}, Written{.delimiter = std::string(9, '!')},
        Written{.quote = "''"}, Written{.keyed = std::string(1'001, '$')}})
    CHECK(has(in_cell("a;b", kAll, PF_CELL_PROBE, never), "asked for what it does not hold"));
}

TEST_CASE("hostile files end in a clear message from the cell") {
  const std::string much(70u << 20, '0');  // as it is unpacked; the archive is a thousandth of it
  CHECK(has(in_cell(test::zip_of({{"a.csv", "sku,stock\n" + much}})), "swells to more than can be right"));
  const std::string large = in_cell("sku;name\nA;\"" + much.substr(0, 5u << 20) + "\"\nB;b\n");
  CHECK(has(large, "\n2has a cell larger than 4 MiB"));
  CHECK(has(large, "\n3|B|b\nend"));
  CHECK(has(in_cell(test::zip_of({{"../../etc/cron.d/a.csv", "sku\nA"}})), "would be written outside of it"));
  std::string laughs = "<!DOCTYPE l [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 10; ++i) {
    laughs += "<!ENTITY a" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) laughs += "&a" + std::to_string(i - 1) + ";";
    laughs += "\">";
  }
  CHECK(has(in_cell(laughs + "]><l>&a9;</l>"), "document type declaration"));
}

TEST_CASE("what ends the file ends the reading, as it said") {
  class Cancelled final : public Source {
   public:
    std::uint64_t size() const override { return 1u << 30; }
    Result<std::string> read(std::uint64_t at, std::size_t) override {
      if (at > 4u << 20) return error(ErrorCode::gone, "Cancelled.");
      return "sku;a\n" + table(2'000);
    }
  } source;
  const auto reading = open_in_cell_of(source, PF_CELL_PROBE);
  REQUIRE(reading.ok());
  REQUIRE((*reading)->open().ok());
  std::size_t rows = 0;
  const auto done = (*reading)->table_rows({0, true}, [&](TableRow&&) -> Result<ZipReader::Go> {
    ++rows;
    return ZipReader::Go::on;
  });
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().code == ErrorCode::gone);
  CHECK(rows > 1'000);
}

TEST_CASE("nothing that a cell answers is believed") {
  const auto said = [](char kind, const cell::Packer& body) {
    std::string out(1, kind);
    put_be32(out, static_cast<std::uint32_t>(body.bytes().size()));
    return out + body.bytes();
  };
  cell::Packer opened;  // a text with one line, and what it would be divided into
  opened.byte(0)
      .text("a;b")
      .text("a;b")
      .byte(0)
      .byte(0)
      .number(1)
      .number(1)
      .number(2)
      .text("a")
      .text("b")
      .byte(0)
      .number(0)
      .number(0);
  cell::Packer row;
  message::pack_row(row, {7, {"x", "y"}, "", {{1, "r"}}});
  const std::string whole = said(message::kDone, opened) + said(message::kBatch, row) +
                            said(message::kDone, cell::Packer().text("UTF-8").byte(0));
  CHECK(has(in_cell(whole, 9, PF_CELL_LIAR), "\n7|x|y!1r\nendUTF-8"));
  cell::Packer many;  // columns without end, of nothing
  many.number(1).text("").number(0).number(900'000);
  for (int i = 0; i < 900'000; ++i) many.byte(0);
  CHECK(has(in_cell(said(message::kDone, opened) + said(message::kBatch, many), 9, PF_CELL_LIAR), "answered nonsense"));
  std::mt19937 random(7);
  for (int i = 0; i < 40; ++i) {
    std::string broken = whole;
    for (int j = 0; j < 3; ++j) broken[random() % broken.size()] = static_cast<char>(random());
    if (i % 4 == 0) broken.resize(random() % broken.size());
    CHECK_FALSE(in_cell(broken, 9, PF_CELL_LIAR).empty());  // an answer or a refusal, and we are still here
  }
}
