#include <doctest/doctest.h>

#include "formats/sheet_values.h"
#include "formats/xlsx_reader.h"
#include "formats/xlsx_writer.h"
#include "support/archive.h"

using namespace pf;
using namespace pf::formats;
using namespace pf::test;

namespace {

// "line: a|b|c" of every row; a fault or a refusal as a line of its own.
std::string read_sheet(const std::string& bytes, std::size_t sheet = 0, std::size_t piece = std::string::npos) {
  MemorySource source(bytes, piece);
  auto archive = ZipReader::open(source);
  if (!archive.ok()) return archive.error().message;
  auto book = XlsxReader::open(*archive);
  if (!book.ok()) return book.error().message;
  std::string out;
  const auto done = book->rows(sheet, [&](TableRow&& row) -> Result<ZipReader::Go> {
    out += std::to_string(row.line) + ":";
    for (std::size_t i = 0; i < row.cells.size(); ++i) out += (i == 0 ? " " : "|") + row.cells[i];
    if (!row.fault.empty()) out += " fault " + row.fault;
    for (const auto& remark : row.remarks) out += " remark " + std::to_string(remark.column) + " " + remark.message;
    out += "\n";
    return ZipReader::Go::on;
  });
  return done.ok() ? out : out + done.error().message;
}
std::string read_rows(const std::string& rows, const std::string& shared = "") {
  return read_sheet(workbook_of({{"One", rows}}, shared));
}

}  // namespace

TEST_CASE("xlsx: shared, inline and formula texts, runs without their phonetic reading, wherever the pieces are cut") {
  const std::string book = workbook_of(
      {{"One",
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"
        "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><r><t>in</t></r><r><t xml:space=\"preserve\"> "
        "runs</t></r></is></c>"
        "<c r=\"B2\" t=\"str\"><f>A1&amp;\"x\"</f><v>sku &lt;x&gt;</v></c></row>"}},
      "<si><t>sku</t></si><si><r><t>Ti</t></r><r><t>tle</t></r><rPh sb=\"0\" eb=\"1\"><t>spoken</t></rPh></si>");
  const std::string expected = "1: sku|Title\n2: in runs|sku <x>\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string::npos})
    CHECK(read_sheet(book, 0, piece) == expected);
}

TEST_CASE("xlsx: cells stand where their reference says, and what is left out is empty") {
  CHECK(read_rows("<row r=\"3\"><c r=\"B3\"><v>1</v></c><c r=\"AA3\"><v>2</v></c></row><row r=\"4\"/>"
                  "<row r=\"7\"><c r=\"A7\" s=\"0\"/><c r=\"B7\" t=\"inlineStr\"><is><t></t></is></c></row>"
                  "<row><c><v>5</v></c><c/><c><v>6</v></c></row>") == "3: |1|||||||||||||||||||||||||2\n8: 5||6\n");
}

TEST_CASE("xlsx: an error is read as empty and told; a formula's result is what counts") {
  CHECK(
      read_rows("<row r=\"2\"><c r=\"A2\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c><c r=\"B2\"><f>1+1</f><v>2</v></c>"
                "<c r=\"C2\" t=\"b\"><v>1</v></c><c r=\"D2\" t=\"b\"><v>0</v></c><c r=\"E2\"><f>A1</f></c><c r=\"F2\" "
                "t=\"str\"><f>\"\"</f><v></v></c></row>") ==
      "2: |2|true|false remark 0 holds the spreadsheet's error #DIV/0!; it was read as empty remark 4 holds a "
      "formula without its result; it was read as empty. Open the workbook in a spreadsheet program and save it, which "
      "calculates\n");
}

TEST_CASE("xlsx: numbers are what people see, and long ones stay whole") {
  for (const auto& number : {std::pair{"0.30000000000000004", "0.3"},
                             {"19.949999999999999", "19.95"},
                             {"8711253001234", "8711253001234"},
                             {"8.711253001234E+12", "8711253001234"},
                             {"8711253001234.0", "8711253001234"},
                             {"1E-3", "0.001"},
                             {"1.0", "1"},
                             {"-0", "0"},
                             {"-12.50", "-12.5"},
                             {"+5", "5"},
                             {"007", "7"},
                             {"123456789012345678", "123456789012346000"},
                             {"1e300", "1E300"},
                             {"99999999999999999999999999", "100000000000000000000000000"},
                             {"0", "0"},
                             {"text", "text"},
                             {"1e999", "1e999"},
                             {"", ""}})
    CHECK_MESSAGE(sheet_number(number.first) == number.second, number.first);
}

TEST_CASE("xlsx: dates are told by their number format and come out as ISO 8601") {
  const auto shown = [](const char* written, const char* code, bool since_1904 = false) {
    return sheet_cell(written, number_format(code), since_1904);
  };
  CHECK(shown("42545", "M/D/YYYY") == "2016-06-24");
  CHECK(shown("42545.5", "M/D/YYYY") == "2016-06-24T12:00:00");  // hidden, but there
  CHECK(shown("42545", "dd-mm-yyyy hh:mm") == "2016-06-24T00:00:00");
  CHECK(shown("42545.000115740741", "[$-413]d mmmm yyyy;@") == "2016-06-24T00:00:10");
  CHECK(shown("0.4375", "h:mm AM/PM") == "10:30:00");
  CHECK(shown("1.5", "[h]:mm:ss") == "36:00:00");
  CHECK(shown("42545.25", "mm:ss") == "2016-06-24T06:00:00");
  CHECK(shown("1", "yyyy") == "1900-01-01");
  CHECK(shown("59", "yyyy") == "1900-02-28");
  CHECK(shown("61", "yyyy") == "1900-03-01");
  CHECK(shown("0", "yyyy") == "0");
  CHECK(shown("-1", "yyyy") == "-1");
  CHECK(shown("2958465", "yyyy") == "9999-12-31");
  CHECK(shown("2958466", "yyyy") == "2958466");
  CHECK(shown("41083", "yyyy-mm-dd", true) == "2016-06-24");
  CHECK(shown("0", "yyyy-mm-dd", true) == "1904-01-01");
  CHECK(shown("nonsense", "yyyy") == "nonsense");
  for (const char* number : {"General", "GENERAL", "[Red]General", "0.00", "#,##0.00 \"dy\"", "0.00E+00", "_(* #,##0_)",
                             "\\d0", "@", "0%", "", "[Blue]0", "\"unclosed", "[", "\\"})
    CHECK_MESSAGE(number_format(number) == NumberFormat{}, number);
  CHECK(sheet_cell("42545", built_in_number_format(14), false) == "2016-06-24");
  CHECK(sheet_cell("42545", built_in_number_format(0), false) == "42545");
  CHECK(sheet_cell("12345678905", number_format("0000000000000"), false) == "0012345678905");
  CHECK(sheet_cell("-5", number_format("0000"), false) == "-5");
}

TEST_CASE("xlsx: a cell's style says its format, and a workbook of an old Mac counts from 1904") {
  const std::string rows =
      "<row><c s=\"1\"><v>42545</v></c><c s=\"0\"><v>42545</v></c><c s=\"99\"><v>42545</v></c></row>";
  const std::string formats = "<numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>";
  const std::string styles = "<xf numFmtId=\"0\"/><xf numFmtId=\"164\"/>";
  CHECK(read_sheet(workbook_of({{"One", rows}}, "", formats, styles)) == "1: 2016-06-24|42545|42545\n");
  CHECK(read_sheet(workbook_of({{"One", rows}}, "", formats, styles, "<workbookPr date1904=\"1\"/>")) ==
        "1: 2020-06-25|42545|42545\n");
}

TEST_CASE("xlsx: what XML cannot hold comes back from its _x000D_ form") {
  CHECK(unescaped_sheet_text("a_x000D_b_x005F_x0041__xZZZZ__x0000__xD800_") == "a\rb_x0041__xZZZZ__x0000__xD800_");
  CHECK(read_rows("<row><c t=\"s\"><v>0</v></c></row>", "<si><t>a_x000D_\nb</t></si>") == "1: a\r\nb\n");
}

TEST_CASE("xlsx: sheets that nobody sees are not read, and a workbook without a visible one says so") {
  const std::string book = workbook_of({{"Lists", sheet_rows({{"hidden"}}), "hidden"},
                                        {"Codes", sheet_rows({{"hidden"}}), "veryHidden"},
                                        {"Products", sheet_rows({{"seen"}})}});
  CHECK(read_sheet(book) == "1: seen\n");
  CHECK(read_sheet(workbook_of({{"Lists", "", "hidden"}})).find("no sheet that can be seen") != std::string::npos);
}

TEST_CASE("xlsx: prefixes of namespaces do not matter, as programs write them") {
  const std::string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  std::string book = workbook_of({{"One", ""}});
  const std::string sheet =
      "<x:worksheet xmlns:x=\"" + main +
      "\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" t=\"inlineStr\"><x:is><x:t>found</x:t></x:is></x:c>"
      "</x:row></x:sheetData></x:worksheet>";
  MemorySource source(book);
  auto archive = ZipReader::open(source);
  Parts parts;
  for (const auto& entry : archive->entries())
    parts.emplace_back(entry.name,
                       entry.name == "xl/worksheets/sheet1.xml" ? sheet : *archive->read_all(entry, 1 << 20));
  CHECK(read_sheet(zip_of(parts)) == "1: found\n");
}

TEST_CASE("xlsx: a row above a limit comes with its fault, and the next one is read as if nothing had been") {
  const std::string large(5 << 20, 'x');
  CHECK(read_rows("<row>" + inline_cell(large) + "</row><row>" + inline_cell("good") + "</row>") ==
        "1: fault has a cell larger than 4 MiB\n2: good\n");
  CHECK(read_rows("<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>2</v></c></row>") ==
        "1: fault has more than 5,000 columns\n2: 2\n");
  CHECK(read_rows("<row><c t=\"s\"><v>9</v></c></row>").find("names a text that the workbook does not hold") !=
        std::string::npos);
  // One shared text in many cells of a row.
  std::string cells;
  for (int i = 0; i < 40; ++i) cells += "<c t=\"s\"><v>0</v></c>";
  CHECK(read_rows("<row>" + cells + "</row><row><c><v>2</v></c></row>",
                  "<si><t>" + std::string(2 << 20, 'y') + "</t></si>")
            .find("fault is larger than 64 MiB\n2: 2\n") != std::string::npos);
}

TEST_CASE("xlsx: what is no workbook says what it is") {
  CHECK(read_sheet("PK\x03\x04 and nothing else").find("damaged or cut off") != std::string::npos);
  CHECK(read_sheet(zip_of({{"[Content_Types].xml", ""}, {"word/document.xml", ""}})).find("Word") != std::string::npos);
  CHECK(read_sheet(zip_of({{"[Content_Types].xml", ""}, {"xl/workbook.bin", ""}})).find("binary Excel") !=
        std::string::npos);
  CHECK(read_sheet(zip_of({{"[Content_Types].xml", "<Types/>"}})).find("part of it is missing") != std::string::npos);
  CHECK(read_rows("<row><c><v>1</v></row>")
            .find("workbook is damaged: xl/worksheets/sheet1.xml, line 1: the XML is not") != std::string::npos);
  const std::string book = workbook_of({{"One", sheet_rows({{"sku"}, {"A"}})}});
  for (std::size_t cut = 1; cut < book.size(); cut += 11)
    CHECK_MESSAGE(read_sheet(book.substr(0, cut)).find("damaged or cut off") != std::string::npos, cut);
}

namespace {
std::string written(const std::vector<std::vector<std::string>>& rows, std::size_t rows_max = kSheetRowsMax) {
  std::string out;
  std::vector<XlsxWriter::Column> columns;
  for (const std::string& name : rows[0]) columns.push_back({name, name != "sku"});
  XlsxWriter writer(
      "products", columns,
      [&](std::string_view piece) {
        out += piece;
        return true;
      },
      rows_max);
  for (std::size_t i = 1; i < rows.size(); ++i) REQUIRE(writer.row(rows[i]).ok());
  REQUIRE(writer.finish().ok());
  return out;
}
std::string part_of(const std::string& book, const std::string& name) {
  MemorySource source(book);
  auto archive = ZipReader::open(source);
  REQUIRE(archive.ok());
  REQUIRE(archive->find(name) != nullptr);
  return *archive->read_all(*archive->find(name), 1 << 20);
}
}  // namespace

TEST_CASE("xlsx: what is written is read back, whatever the texts hold") {
  const std::vector<std::vector<std::string>> rows{
      {"sku", "title", "value"},
      {"0012", "=HYPERLINK(\"x\")", "19.95"},
      {"5", "-cmd|' /C calc'!A0", "-5"},
      {"A&B<>", " blanks ", "1.50"},
      {"'quoted", "two\r\nlines\ttab", "8711253001234"},
      {"a_x000D_b", "_x005F_", "007"},
      {"a_x000D\x1f", "_x000D_x0041_", "_x000D\xef\xbf\xbf"},
      {"\xf0\x9f\x98\x80", "\x01\x1f", "1E5"},
      {"\xef\xbf\xbe", "", ""},
  };
  std::string expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    expected += std::to_string(i + 1) + ": " + rows[i][0];
    for (std::size_t k = 1; k < 3; ++k)
      if (!rows[i][k].empty()) expected += "|" + rows[i][k];
    expected += "\n";
  }
  const std::string book = written(rows);
  CHECK(read_sheet(book) == expected);
  CHECK((written(rows) == book));
  const std::string sheet = part_of(book, "xl/worksheets/sheet1.xml");
  CHECK(sheet.find("<f>") == std::string::npos);
  // Numbers are numbers where nothing is lost: no zero in front or behind, few enough digits, no code.
  for (const char* number : {"<v>19.95</v>", "<v>-5</v>"}) CHECK(sheet.find(number) != std::string::npos);
  for (const char* text : {">0012<", ">5<", ">1.50<", ">8711253001234<", ">007<", ">1E5<"})
    CHECK_MESSAGE(sheet.find("<t xml:space=\"preserve\"" + std::string(text)) != std::string::npos, text);
}

TEST_CASE("xlsx: a full sheet is followed by another with the same header") {
  const std::string book = written({{"sku", "n"}, {"A", "1"}, {"B", "2"}, {"C", "3"}}, 3);
  CHECK(read_sheet(book, 0) == "1: sku|n\n2: A|1\n3: B|2\n");
  CHECK(read_sheet(book, 1) == "1: sku|n\n2: C|3\n");
}

TEST_CASE("xlsx: a text that Excel cannot hold stays out of its cell and is named at the end") {
  std::string longest;
  for (std::size_t i = 0; i < kSheetCellUnitsMax; ++i) longest += "\xc3\xa4";
  const std::string book = written({{"sku", "text"}, {"A", longest}, {"B", longest + "x"}});
  CHECK((read_sheet(book, 0) == "1: sku|text\n2: A|" + longest + "\n3: B\n"));
  CHECK(read_sheet(book, 1).find("1: 1 cells are longer") == 0);
  CHECK(read_sheet(book, 1).find("2: B|text|32768") != std::string::npos);
}

TEST_CASE("xlsx: a reader that has gone ends the writing") {
  int calls = 0;
  XlsxWriter writer("products", {{"sku"}}, [&](std::string_view) { return ++calls < 3; });
  const auto done = writer.row({"A"});
  CHECK_FALSE(done.ok());
  CHECK(done.error().code == ErrorCode::unavailable);
}
