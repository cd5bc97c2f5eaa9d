// Text files: CSV and its relatives, JSON. And files that are neither, told by how they begin.
#include <algorithm>

#include "exchange/importing.h"
#include "exchange/preview.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kLookedAtMax = 100;  // values of a JSON file, until one tells whose they are

// Files that are no text, by how they begin, and what to do with them.
struct Foreign {
  std::string_view start, advice;
};
constexpr Foreign kForeign[] = {
    {"\xd0\xcf\x11\xe0",
     "This is an old Excel workbook (.xls), or one that is protected by a password. Save it as Excel workbook (.xlsx) "
     "without a password and import that."},
    {"PK\x05\x06", "This is a ZIP archive with nothing in it."},
    {"%PDF", "This is a PDF. Export the data as CSV, TSV or JSON instead."},
    {"\x89PNG", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
    {"\xff\xd8\xff", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
    {"7z\xbc\xaf", "This is a 7-Zip archive. Unpack it, or pack the files as ZIP."},
    {"Rar!", "This is a RAR archive. Unpack it, or pack the files as ZIP."},
    {"BZh", "This is packed with bzip2. Unpack it, or pack it as ZIP or gzip."},
    {"\xfd"
     "7zXZ",
     "This is packed with xz. Unpack it, or pack it as ZIP or gzip."},
    {"\x28\xb5\x2f\xfd", "This is packed with Zstandard. Unpack it, or pack it as ZIP or gzip."},
    {"PAR1", "This is a Parquet file. Export the data as CSV or NDJSON instead."},
    {"SQLite format 3", "This is a database (SQLite). Export the table as CSV instead."},
    {"{\\rtf",
     "This is a text document (RTF). Save the table as Excel workbook (.xlsx) or as CSV UTF-8 and import that."},
    {"UNA:",
     "This is an EDIFACT message, which is not read here. Ask whoever sent it for a CSV or an Excel workbook; of a "
     "price list (PRICAT) for a table with article number, EAN, name and price."},
    {"UNB+",
     "This is an EDIFACT message, which is not read here. Ask whoever sent it for a CSV or an Excel workbook; of a "
     "price list (PRICAT) for a table with article number, EAN, name and price."},
    {"\"EXTF\";",
     "This is an accounting file for DATEV (EXTF), and holds neither products nor orders: nothing was imported."},
    {"EXTF;",
     "This is an accounting file for DATEV (EXTF), and holds neither products nor orders: nothing was imported."},
    {"\"DTVF\";",
     "This is an accounting file for DATEV (DTVF), and holds neither products nor orders: nothing was imported."},
    {"BEGIN:VCARD", "These are addresses of people (vCard), and neither products nor orders: nothing was imported."},
    {"BEGIN:VCALENDAR", "This is a calendar, and holds neither products nor orders: nothing was imported."},
    {":20:",
     "This is an account statement of a bank (MT940), and holds neither products nor orders: nothing was imported."},
    {"OFXHEADER",
     "This is an account statement of a bank (OFX), and holds neither products nor orders: nothing was imported."},
    {"GIF8", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
};

// A row of data, in which a cell may be called as a column is ("ean"): it has an article's number, or a price.
bool holds_numbers(const std::vector<std::string>& cells) {
  constexpr std::size_t kLongNumber = 8;  // digits; an EAN's fewest
  return std::ranges::any_of(cells, [](const std::string& cell) {
    const std::string_view text = trim(cell);
    return text.size() >= kLongNumber && text.find_first_not_of("0123456789") == std::string_view::npos;
  });
}

// Whether the first bytes of a file are letters beyond ASCII in UTF-8; the last may be cut.
bool is_good_utf8(std::string_view first) {
  if (is_plain_ascii(first)) return false;
  for (std::size_t cut = 0; cut <= 3 && cut < first.size(); ++cut)
    if (const auto kept = first.substr(0, first.size() - cut); !first_bad_utf8(kept)) return !is_plain_ascii(kept);
  return false;
}

// What a scanner writes: an EAN and how many there are, in each line, and no header.
bool is_bare_count(const formats::OpenedFile& opened) {
  constexpr std::size_t kShortestEan = 8, kPiecesMax = 6;  // digits
  for (const auto& line : opened.lines) {
    if (line.cells.size() == 1 && trim(line.cells[0]).empty()) continue;
    if (line.cells.size() != 2) return false;
    const std::string_view ean = trim(line.cells[0]), pieces = trim(line.cells[1]);
    if (ean.size() < kShortestEan || !catalog::parse_ean(ean).ok()) return false;
    if (pieces.empty() || pieces.size() > kPiecesMax || !whole_pieces(pieces)) return false;
  }
  return !opened.lines.empty();
}

// "Article     Description" with "----------  -----------" below it.
bool is_fixed_width(const formats::OpenedFile& opened) {
  return std::ranges::any_of(opened.lines, [](const auto& line) {
    if (line.cells.size() != 1) return false;
    const std::string_view text = trim(line.cells[0]);
    return text.find(' ') != std::string_view::npos && text.find_first_not_of("-= ") == std::string_view::npos;
  });
}

// Why it is nothing that could be read.
Result<> text_of(const formats::OpenedFile& opened) {
  if (opened.blank) return error(ErrorCode::invalid, "The file is empty.");
  const std::string_view start = trim(opened.start);
  for (const Foreign& foreign : kForeign)
    if (start.starts_with(foreign.start) || opened.first.starts_with(foreign.start))
      return error(ErrorCode::unsupported, std::string(foreign.advice));
  constexpr std::size_t kTarMarkAt = 257;  // POSIX: where "ustar" stands in the first head
  if (opened.first.size() > kTarMarkAt && std::string_view(opened.first).substr(kTarMarkAt).starts_with("ustar"))
    return error(ErrorCode::unsupported, "This is a tar archive. Unpack it, or pack the files as ZIP.");
  const auto nuls = std::ranges::count(opened.start, '\0');
  if (nuls * 100 > static_cast<std::ptrdiff_t>(opened.start.size()))  // fewer are damage
    return error(ErrorCode::unsupported,
                 "This is not a text file: it holds bytes that no text has. Save it as CSV UTF-8 and import that.");
  return {};
}

}  // namespace

Result<> Importer::Impl::read_text(formats::FileReading& file, const formats::OpenedFile& opened) {
  if (const auto text = text_of(opened); !text.ok()) return opened.broken ? Result<>(*opened.broken) : text;
  begins_as_utf8 = is_good_utf8(opened.first);
  if (opened.json) return read_json(file);
  text_table = true;
  for (const formats::HeaderLine& line : opened.lines) first_lines.push_back(line.cells);
  const formats::TextTable division = division_of(opened);
  if (!division.header && given_header.empty() && is_fixed_width(opened))
    return error(
        ErrorCode::unsupported,
        "The columns of this text stand below each other, divided by blanks alone, which is not read. Open it in "
        "a spreadsheet program with fixed widths, and save it as CSV UTF-8 or Excel workbook (.xlsx).");
  Result<> ours;  // what ended it, when it was not the file
  const Result<> end = file.table_rows(division, [&](formats::TableRow&& row) -> Result<formats::ZipReader::Go> {
    if (lines_above > 0) {
      --lines_above;
      return formats::ZipReader::Go::on;
    }
    count_bytes(row);
    ours = take(std::move(row));
    if (!ours.ok()) return ours.error();
    return formats::ZipReader::Go::on;
  });
  encoding = file.encoding();
  if (options.preview != nullptr) options.preview->encoding = encoding;
  return ours.ok() ? finish(end) : ours;
}

// Values of a shape that is known are taken one by one. Others are a table, as XML is: of the names at hand, or as a
// mapping says. What is neither is refused value by value, so that each is accounted for.
Result<> Importer::Impl::read_json(formats::FileReading& file) {
  using Go = formats::ZipReader::Go;
  bool ours_at_sight = options.mapping == nullptr;
  if (ours_at_sight) {
    std::size_t looked_at = 0;
    const auto looked = file.json_values([&](formats::JsonValue&& one) -> Result<Go> {
      const Shape shape = one.fault.empty() ? shape_of(one.value) : Shape::either;
      ours_at_sight = shape != Shape::foreign;
      return ++looked_at < kLookedAtMax && shape == Shape::either ? Go::on : Go::enough;
    });
    if (!looked.ok() && looked.error().code != ErrorCode::invalid && looked.error().code != ErrorCode::too_large)
      return looked;
    // One value that is too large for memory, or of which this is the beginning: as a tree it is read all the same.
    if (!looked.ok() && looked_at == 0) ours_at_sight = false;
  }
  if (!ours_at_sight) {
    bool known_table = true;
    const auto read = read_tree(file, true, known_table);
    if (!read.ok() || known_table) return read;
    if (options.preview != nullptr && !options.preview->tables.empty())
      return error(ErrorCode::unsupported,
                   "None of the names in this file are understood at sight. Say which of its things are the rows, and "
                   "what their members mean: one must become sku or ean.");
  }
  values = true;
  Result<> ours;  // what ended it, when it was not the file
  const auto end = file.json_values([&](formats::JsonValue&& one) -> Result<Go> {
    bytes_since_keep += one.bytes;
    ours = take(std::move(one));
    if (!ours.ok()) return ours.error();
    return Go::on;
  });
  encoding = file.encoding();
  return ours.ok() ? finish(end) : ours;
}

// Which line is the header: it may stand below a preamble. And with it the quoting.
formats::TextTable Importer::Impl::division_of(const formats::OpenedFile& opened) {
  if (options.mapping == nullptr && (options.kind.empty() || options.kind == "stock") && is_bare_count(opened)) {
    given_header = {"ean", "stock"};
    return {};
  }
  // Amazon's templates say in their first line where their data begins, behind an example.
  constexpr std::string_view kDataRow = "dataRow=";
  if (!opened.lines.empty())
    for (const std::string& cell : opened.lines[0].cells)
      if (const std::size_t at = cell.find(kDataRow); at != std::string::npos) {
        std::string_view number = std::string_view(cell).substr(at + kDataRow.size());
        number = number.substr(0, number.find_first_not_of("0123456789"));
        data_from = static_cast<std::uint64_t>(parse_int(number).value_or(0));
      }
  for (std::size_t i = 0; i < opened.lines.size(); ++i) {
    const std::vector<std::string>& names = opened.lines[i].cells;
    if (names.empty() || holds_numbers(names)) continue;
    const Header looked_at(numbered(names));
    const auto known = party_for(looked_at, options.kind, options.mapping);
    if (known.ok() && !*known) note_people(looked_at);
    const bool any = options.preview != nullptr && options.preview->any_header && could_be_header(names);
    if (i + 1 < opened.lines.size()) {
      if (auto joined = joined_header(names, opened.lines[i + 1].cells); joined) {
        given_header = *std::move(joined);
        lines_above = 2;
        return {i, true};
      }
    }
    if (i + 1 < opened.lines.size() && known.ok() && *known && is_above_header(names, opened.lines[i + 1].cells))
      continue;
    if (any || !known.ok() || *known) return {i, !(known.ok() && *known) || (*known)->quoted()};
  }
  return {};
}

}  // namespace pf::exchange
