// Text files: CSV and its relatives, JSON. And files that are neither, told by how they begin.
#include <algorithm>

#include "exchange/importing.h"
#include "exchange/preview.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// What recognising a file may need: a header of 5,000 names, below some lines of preamble.
constexpr std::size_t kLookBytes = 256u << 10;

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
    {"GIF8", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
};

std::vector<std::string> cells_of_line(std::string_view line, char delimiter) {
  std::vector<std::string> cells;
  formats::CsvReader reader(delimiter, formats::CsvReader::Quotes::rfc4180);
  const auto take = [&](formats::TableRow&& row) -> Result<> {
    cells = std::move(row.cells);
    return {};
  };
  if (!reader.feed(line, take).ok() || !reader.finish(take).ok()) cells.clear();
  return cells;
}

// Columns that are lined up with blanks: a blank before a quote is not part of the cell then.
bool is_padded(std::string_view line, char delimiter) {
  const auto names = split(line, delimiter);
  const auto blank =
      std::ranges::count_if(names, [](std::string_view name) { return name.starts_with(' ') || name.ends_with(' '); });
  return blank * 2 > static_cast<std::ptrdiff_t>(names.size());
}

}  // namespace

Result<> Importer::Impl::recognise(bool last) {
  if (recognised || (!last && look.size() < kLookBytes)) return {};
  recognised = true;
  const std::string_view start = trim(look);
  if (start.empty()) return error(ErrorCode::invalid, "The file is empty.");
  for (const Foreign& foreign : kForeign)
    if (start.starts_with(foreign.start) || first_bytes.starts_with(foreign.start))
      return error(ErrorCode::unsupported, std::string(foreign.advice));
  const std::string_view begin = std::string_view(look).substr(0, 4096);
  if (std::ranges::count(begin, '\0') * 100 > static_cast<std::ptrdiff_t>(begin.size()))  // fewer are damage
    return error(ErrorCode::unsupported,
                 "This is not a text file: it holds bytes that no text has. Save it as CSV UTF-8 and import that.");
  const bool is_json = start.starts_with('{') || start.starts_with('[');
  std::string text = std::move(look);
  look.clear();
  if (is_json) {
    values = true;
    json = std::make_unique<JsonItems>();
    return json->feed(text, [this](JsonItem&& item) { return take(std::move(item)); });
  }
  return open_table(text);
}

// Finds the header, which may stand below a preamble, and with it delimiter, quoting and party.
Result<> Importer::Impl::open_table(std::string_view text) {
  char hint = 0;
  std::uint64_t line_number = 1, first_line = 1;
  std::string_view rest = text, body = text;
  char delimiter = 0;
  bool quoted = true, padded = false;
  for (std::size_t i = 0; i < kPreambleLinesMax && !rest.empty(); ++i, ++line_number) {
    const std::string_view line = trim(rest.substr(0, rest.find_first_of("\r\n")));
    if (line.starts_with("sep=") && line.size() == 5) hint = line[4];  // Excel's own hint
    const char divided_by = hint != 0 ? hint : formats::delimiter_of(line);
    const Header names(cells_of_line(line, divided_by));
    const auto known = line.empty() ? Result<std::unique_ptr<Party>>(std::unique_ptr<Party>())
                                    : party_for(names, options.kind, options.mapping);
    const bool any = options.preview != nullptr && options.preview->any_header && could_be_header(names.names());
    if (any || !known.ok() || *known) {
      delimiter = divided_by;
      body = rest;
      first_line = line_number;
      if (known.ok() && *known) quoted = (*known)->quoted();
      padded = is_padded(line, divided_by);
      break;
    }
    const std::size_t end = rest.find_first_of("\r\n");
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  if (delimiter == 0) delimiter = formats::delimiter_of(trim(text.substr(0, text.find('\n'))));
  csv = std::make_unique<formats::CsvReader>(delimiter,
                                             !quoted  ? formats::CsvReader::Quotes::none
                                             : padded ? formats::CsvReader::Quotes::padded
                                                      : formats::CsvReader::Quotes::rfc4180,
                                             first_line);
  return csv->feed(body, [this](formats::TableRow&& row) { return take(std::move(row)); });
}

Result<> Importer::Impl::read(const std::string& text) {
  bytes_since_keep += text.size();
  if (csv) return csv->feed(text, [this](formats::TableRow&& row) { return take(std::move(row)); });
  if (json) return json->feed(text, [this](JsonItem&& item) { return take(std::move(item)); });
  look += text;
  return recognise(false);
}

Result<> Importer::Impl::feed(std::string_view piece, bool last) {
  constexpr std::size_t kMagicBytes = 16;  // longer than what any kind of file begins with
  if (first_bytes.size() < kMagicBytes) first_bytes += piece.substr(0, kMagicBytes - first_bytes.size());
  return read(to_utf8.feed(piece, last));
}

Result<> Importer::Impl::read_text(formats::Source& file) {
  for (std::uint64_t at = 0;;) {
    const auto piece = file.read(at, kFilePieceBytes);
    if (!piece.ok()) {  // a packed one that is damaged: what came before it counts
      if (!recognised && (look.empty() || !recognise(true).ok())) return piece.error();
      return finish(piece.error());
    }
    PF_TRY(feed(*piece, piece->empty()));
    if (piece->empty()) break;
    at += piece->size();
  }
  PF_TRY(recognise(true));
  return finish(csv ? csv->finish([this](formats::TableRow&& row) { return take(std::move(row)); })
                    : json->finish([this](JsonItem&& item) { return take(std::move(item)); }));
}

}  // namespace pf::exchange
