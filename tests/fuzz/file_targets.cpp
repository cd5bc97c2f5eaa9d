// Files that people upload, and what they do with their cells.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "expression/formula.h"
#include "formats/dialect.h"
#include "formats/encoding.h"
#include "formats/sheet_values.h"
#include "formats/unpacked.h"
#include "formats/xlsx_reader.h"
#include "formats/xlsx_writer.h"
#include "formats/xml_records.h"
#include "pictures/pictures.h"
#include "targets.h"

namespace pf::fuzz {
namespace {

using namespace pf::formats;

void must_hold(bool rule) {
  if (!rule) std::abort();
}

void read_workbook(std::string_view bytes, std::size_t piece) {
  MemorySource source(bytes, piece);
  auto archive = ZipReader::open(source);
  must_hold(archive.ok() || !archive.error().message.empty());
  if (!archive.ok()) return;
  auto book = XlsxReader::open(*archive);
  must_hold(book.ok() || !book.error().message.empty());
  if (!book.ok()) return;
  for (std::size_t sheet = 0; sheet < book->sheets().size(); ++sheet) {
    const auto done = book->rows(sheet, [&](TableRow&& row) -> Result<ZipReader::Go> {
      must_hold(row.cells.size() <= kColumnsMax);
      for (const std::string& cell : row.cells) must_hold(cell.size() <= kCellBytesMax);
      return ZipReader::Go::on;
    });
    must_hold(done.ok() || !done.error().message.empty());
  }
}

// A workbook whose sums are right around any sheet, texts or formats: what somebody with a ZIP program could have made.
std::string made_workbook(int which, std::string_view part) {
  const std::string kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  std::string out;
  ZipWriter zip([&](std::string_view piece) {
    out += piece;
    return true;
  });
  const auto put = [&](const char* name, const std::string& content) {
    must_hold(zip.begin(name).ok() && zip.write(content).ok() && zip.end().ok());
  };
  const std::string own(part);
  const std::string row = "<row><c s=\"1\" t=\"s\"><v>0</v></c><c s=\"1\"><v>42545.5</v></c></row>";
  put("xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"1\"/></sheets></workbook>");
  put("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"1\" Type=\"" + kind +
                                        "worksheet\" Target=\"s.xml\"/><Relationship Id=\"2\" Type=\"" + kind +
                                        "sharedStrings\" Target=\"t.xml\"/><Relationship Id=\"3\" Type=\"" + kind +
                                        "styles\" Target=\"f.xml\"/></Relationships>");
  put("xl/s.xml", "<worksheet><sheetData>" + (which == 1 ? own : row) + "</sheetData></worksheet>");
  put("xl/t.xml", which == 2 ? own : "<sst><si><t>text</t></si></sst>");
  put("xl/f.xml", "<styleSheet><cellXfs><xf/>" + (which == 3 ? own : "") + "</cellXfs></styleSheet>");
  must_hold(zip.finish().ok());
  return out;
}

// Whatever a cell holds comes back, and nothing becomes a number that was none. XML's own rules for characters hold.
void write_and_read(std::string_view text) {
  std::string cell(text.substr(0, 1'000));
  for (char& c : cell)
    if (c == '\0' || static_cast<unsigned char>(c) >= 0x80) c = 'x';
  std::string book, back;
  XlsxWriter writer("a", {{"a"}}, [&](std::string_view piece) {
    book += piece;
    return true;
  });
  must_hold(writer.row({cell}).ok() && writer.finish().ok());
  MemorySource source(book);
  auto archive = ZipReader::open(source);
  must_hold(archive.ok());
  auto reader = XlsxReader::open(*archive);
  must_hold(reader.ok());
  must_hold(reader
                ->rows(0,
                       [&](TableRow&& row) -> Result<ZipReader::Go> {
                         if (row.line == 2) back = row.cells.at(0);
                         return ZipReader::Go::on;
                       })
                .ok());
  must_hold(back == cell);
}

}  // namespace

void workbook(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 6) {
    case 5: {
      MemorySource source(bytes, 1 + data[0]);
      UnpackedGzip unpacked(source);
      for (std::uint64_t at = 0;;) {
        const auto piece = unpacked.read(at, 1'000);
        must_hold(piece.ok() || !piece.error().message.empty());
        if (!piece.ok() || piece->empty()) return;
        at += piece->size();
      }
    }
    case 0:
      return read_workbook(bytes, 1 + data[0]);
    case 4:
      static_cast<void>(
          sheet_cell(bytes.substr(0, bytes.find(' ')), number_format(bytes.substr(bytes.size() / 2)), false));
      return write_and_read(bytes);
    default:
      return read_workbook(made_workbook(data[0] % 6, bytes), std::string_view::npos);
  }
}

void xml(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = 1 + data[0];
  const auto feed = [&](auto& reader) -> Result<> {
    for (std::size_t at = 0; at < bytes.size(); at += step) PF_TRY(reader.feed(bytes.substr(at, step)));
    return reader.finish();
  };
  XmlSurvey survey;
  const auto surveyed = feed(survey);
  must_hold(surveyed.ok() || !surveyed.error().message.empty());
  const auto candidates = survey.candidates();
  for (std::size_t i = 0; i < candidates.size() && i < 3; ++i) {
    const XmlRows rows(survey, candidates[i]);
    std::uint64_t records = 0;
    XmlRecords reader(survey, candidates[i], [&](XmlRecords::Record&& record) -> Result<> {
      ++records;
      must_hold(rows.cells(record.element).size() == rows.table().columns.size());
      return {};
    });
    const auto done = feed(reader);
    must_hold(done.ok() == surveyed.ok());
    must_hold(!done.ok() || records == survey.paths()[candidates[i]].count);
  }
}

// In pieces of any size the rows are the same, and so is the fault at the end.
void table(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string_view kLong[] = {"", "||", "~|~", "\t|\t", "\x1f"};
  const std::string_view longer = kLong[data[0] / 48 % 5];
  Dialect dialect{longer.empty() ? std::string(1, ",;\t|"[data[0] % 4]) : std::string(longer),
                  static_cast<Dialect::Quotes>(data[0] / 4 % 3), '"', static_cast<Escapes>(data[0] / 12 % 4)};
  dialect.separated = longer == "\x1f";
  dialect.nulls = data[1] % 2 == 0;
  dialect.doubled = data[1] % 8 > 3;
  const auto told = told_by_rows(bytes, {delimiter_of(bytes.substr(0, bytes.find('\n')), bytes, dialect.separated)},
                                 data[0] % 2 == 0);
  must_hold(!told.delimiter.empty());
  const auto rows_of = [&](std::size_t step) {
    std::string rows;
    ToUtf8 text;
    CsvReader reader(data[1] % 4 == 3 ? told : dialect);
    const auto take = [&](TableRow&& row) -> Result<> {
      must_hold(row.cells.size() <= kColumnsMax);
      rows += std::to_string(row.line) + row.fault;
      for (const std::string& cell : row.cells) rows += '\1' + cell;
      return {};
    };
    Result<> done;
    for (std::size_t at = 0; at < bytes.size() && done.ok(); at += step)
      done = reader.feed(text.feed(bytes.substr(at, step), at + step >= bytes.size()), take);
    if (done.ok()) done = reader.finish(take);
    must_hold(done.ok() || !done.error().message.empty());
    return rows + (done.ok() ? "" : done.error().message);
  };
  const std::string whole = rows_of(bytes.size() + 1);
  must_hold(rows_of(1 + data[1]) == whole);
}

void picture(const std::uint8_t* data, std::size_t size) {
  const auto made = pictures::shrink({reinterpret_cast<const char*>(data), size});
  must_hold(made.ok() || !made.error().message.empty());
  if (!made.ok()) return;
  for (const auto* one : {&made->small, &made->large})
    must_hold(one->width > 0 && one->height > 0 && std::max(one->width, one->height) <= pictures::kLarge &&
              !one->bytes.empty());
}

void formula(const std::uint8_t* data, std::size_t size) {
  using namespace pf::expression;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view text = bytes.substr(0, bytes.find('\n'));
  const auto parsed = Formula::parse(text);
  must_hold(parsed.ok() || !parsed.error().message.empty());
  if (!parsed.ok()) return;
  must_hold(parsed->columns().size() <= kColumnsOfFormulaMax);
  const std::string_view cell = bytes.substr(std::min(bytes.size(), text.size() + 1));
  const std::vector<std::string_view> cells(parsed->columns().size(), cell);
  const Convert convert = [](std::string_view amount, std::string_view from, std::string_view to) {
    return from == to ? std::optional(std::string(amount)) : std::nullopt;
  };
  const auto once = parsed->work_out(cells, cell, convert), again = parsed->work_out(cells, cell, convert);
  must_hold(once.ok() == again.ok());
  must_hold(once.ok() ? *once == *again && once->size() <= std::max(kTextBytesMax, cell.size())
                      : !once.error().message.empty());
}

}  // namespace pf::fuzz
