// sheet_bench [--rows N] [--keep FILE]: how many rows of 40 columns the formats room writes as XLSX and reads back, by
// itself: no shop, no disk. In one process; prints a line each. Never a timed test.
#include <fmt/core.h>

#include <chrono>
#include <fstream>

#include "arguments.h"
#include "formats/csv.h"
#include "formats/xlsx_reader.h"
#include "formats/xlsx_writer.h"
#include "rows.h"

namespace pf::bench {
namespace {

using SheetWatch = std::chrono::steady_clock;

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  formats::CsvReader reader(',', formats::CsvReader::Quotes::rfc4180);
  static_cast<void>(reader.feed(line, [&](formats::TableRow&& row) -> Result<> {
    cells = std::move(row.cells);
    return {};
  }));
  return cells;
}
void show(const char* what, std::uint64_t rows, SheetWatch::time_point start, std::size_t bytes) {
  const double seconds = std::chrono::duration<double>(SheetWatch::now() - start).count();
  fmt::print("{}: {} rows/s ({} rows, {:.1f} MiB of file, {:.2f} s)\n", what,
             static_cast<std::uint64_t>(static_cast<double>(rows) / seconds), rows,
             static_cast<double>(bytes) / (1 << 20), seconds);
}

// The same rows as Excel writes them: every text in the shared texts, once.
std::string with_shared_texts(const std::vector<std::vector<std::string>>& rows) {
  std::string texts, sheet, book;
  std::size_t count = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    sheet += "<row r=\"" + std::to_string(r + 1) + "\" spans=\"1:40\" x14ac:dyDescent=\"0.25\">";
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const std::string& cell = rows[r][c];
      const std::string letter(1, static_cast<char>('A' + c % 26));
      sheet += "<c r=\"" + (c < 26 ? letter : "A" + letter) + std::to_string(r + 1) + "\" s=\"1\" t=\"s\"><v>" +
               std::to_string(count++) + "</v></c>";
      texts += "<si><t>" + std::string(cell.empty() ? "x" : "") + cell + "</t></si>";
    }
    sheet += "</row>";
  }
  const std::string main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
  const std::string kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  formats::ZipWriter zip([&](std::string_view piece) {
    book += piece;
    return true;
  });
  for (const auto& [name, content] : std::vector<std::pair<std::string, std::string>>{
           {"xl/workbook.xml",
            "<workbook " + main + " xmlns:r=\"urn:r\"><sheets><sheet name=\"a\" r:id=\"1\"/></sheets></workbook>"},
           {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"1\" Type=\"" + kind +
                                              "worksheet\" Target=\"s.xml\"/><Relationship Id=\"2\" Type=\"" + kind +
                                              "sharedStrings\" Target=\"t.xml\"/></Relationships>"},
           {"xl/s.xml",
            "<worksheet " + main + " xmlns:x14ac=\"urn:x\"><sheetData>" + sheet + "</sheetData></worksheet>"},
           {"xl/t.xml", "<sst " + main + ">" + texts + "</sst>"}}) {
    static_cast<void>(zip.begin(name));
    static_cast<void>(zip.write(content));
    static_cast<void>(zip.end());
  }
  static_cast<void>(zip.finish());
  return book;
}

std::uint64_t read_all(const std::string& book) {
  std::uint64_t rows = 0;
  formats::MemorySource source(book);
  auto archive = formats::ZipReader::open(source);
  if (!archive.ok()) return 0;
  auto reader = formats::XlsxReader::open(*archive);
  if (!reader.ok()) return 0;
  static_cast<void>(reader->rows(0, [&](formats::TableRow&& row) -> Result<formats::ZipReader::Go> {
    rows += row.fault.empty() && row.cells.size() <= kColumns;
    return formats::ZipReader::Go::on;
  }));
  return rows;
}

}  // namespace
}  // namespace pf::bench

int main(int argc, char** argv) {
  using namespace pf;
  using namespace pf::bench;
  std::uint64_t count = 50'000;
  std::string keep;
  if (const auto end =
          read_arguments(argc, argv, "How fast XLSX is written and read, without a shop",
                         {{"--rows", &count, "Rows of 40 columns"}, {"--keep", &keep, "Write the workbook there"}})) {
    return *end;
  }

  std::vector<std::vector<std::string>> rows;
  for (std::uint64_t i = 0; i < count; ++i) rows.push_back(cells_of(csv_row(i)));
  std::vector<formats::XlsxWriter::Column> columns;
  for (const std::string& name : cells_of(csv_header())) columns.push_back({name, name != "sku"});

  std::string book;
  auto start = SheetWatch::now();
  formats::XlsxWriter writer("products", columns, [&](std::string_view piece) {
    book += piece;
    return true;
  });
  for (const auto& row : rows) static_cast<void>(writer.row(row));
  static_cast<void>(writer.finish());
  show("XLSX written", count, start, book.size());
  start = SheetWatch::now();
  const bool whole = read_all(book) == count + 1;
  show("XLSX read, inline texts", count, start, book.size());
  const std::string shared = with_shared_texts(rows);
  start = SheetWatch::now();
  const bool shared_whole = read_all(shared) == count;
  show("XLSX read, shared texts", count, start, shared.size());
  if (!keep.empty()) std::ofstream(keep, std::ios::binary) << book;
  if (!whole || !shared_whole) fmt::print("rows are missing\n");
  return whole && shared_whole ? 0 : 1;
}
