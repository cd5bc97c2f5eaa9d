#include "exchange/importer.h"

#include <algorithm>
#include <set>

#include "exchange/json_items.h"
#include "exchange/keeper.h"
#include "exchange/product_columns.h"
#include "formats/csv.h"
#include "formats/encoding.h"
#include "formats/xlsx_reader.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// What recognising a file may need: a header of 5,000 names, below some lines of preamble.
constexpr std::size_t kLookBytes = 256u << 10;
constexpr std::size_t kFilePieceBytes = 256u << 10;
constexpr std::size_t kPreambleLinesMax = 12;  // marketplaces put a title, a hint or blank lines above the header

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
    {"\x1f\x8b", "This file is compressed (gzip). Unpack it and import what is in it."},
    {"\x89PNG", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
    {"\xff\xd8\xff", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
    {"GIF8", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
    {"<?xml", "This is XML. Export the data as CSV, TSV or JSON instead."},
    {"<!DOCTYPE", "This is a web page, perhaps the sign-in page of the shop that the file should have come from."},
    {"<html", "This is a web page, perhaps the sign-in page of the shop that the file should have come from."},
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

}  // namespace

struct Importer::Impl {
  Impl(const Rooms& r, ImportOptions o, Report f) : options(std::move(o)), keeper(r, options, std::move(f)) {}
  const ImportOptions options;
  Keeper keeper;
  formats::ToUtf8 to_utf8;
  std::string look;         // the beginning, until the file is recognised
  std::string first_bytes;  // as they were sent
  bool recognised = false;
  std::unique_ptr<formats::CsvReader> csv;
  std::unique_ptr<JsonItems> json;
  std::optional<Header> header;
  std::unique_ptr<Party> party;
  std::string json_format;
  std::size_t bytes_since_keep = 0;
  std::uint64_t items = 0;

  Result<> recognise(bool last) {
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
      json = std::make_unique<JsonItems>();
      return json->feed(text, [this](JsonItem&& item) { return take(std::move(item)); });
    }
    return open_table(text);
  }

  // Finds the header, which may stand below a preamble, and with it delimiter, quoting and party.
  Result<> open_table(std::string_view text) {
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
      const auto known =
          line.empty() ? Result<std::unique_ptr<Party>>(std::unique_ptr<Party>()) : party_for(names, options.kind);
      if (!known.ok() || *known) {
        delimiter = divided_by;
        body = rest;
        first_line = line_number;
        if (known.ok()) quoted = (*known)->quoted();
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

  // Columns that are lined up with blanks: a blank before a quote is not part of the cell then.
  static bool is_padded(std::string_view line, char delimiter) {
    const auto names = split(line, delimiter);
    const auto blank = std::ranges::count_if(
        names, [](std::string_view name) { return name.starts_with(' ') || name.ends_with(' '); });
    return blank * 2 > static_cast<std::ptrdiff_t>(names.size());
  }

  Result<> open_header(const std::vector<std::string>& names) {
    header.emplace(names);
    PF_LET(party, party_for(*header, options.kind));
    if (!party) return not_understood();
    const bool exact = is_own_export(*header);  // which may tell Color from color
    std::set<std::string> seen;
    for (const std::string& name : header->names())
      if (!name.empty() && !seen.insert(exact ? name : lower_ascii(name)).second)
        return error(ErrorCode::invalid, "The header names the column \"" + name.substr(0, 100) +
                                             "\" twice. Rename one of them, so that it is clear which one counts.");
    return check_kind(party->name());
  }

  static Error not_understood() {
    return error(
        ErrorCode::unsupported,
        "This is not a file that is understood here: the first line must name its columns, with sku or ean "
        "for products, sku and stock for stock, or the columns of an order file of Amazon, eBay, Etsy or Shopify.");
  }

  Result<> check_kind(const std::string& name) const {
    const std::string kind = name.ends_with("orders") ? "order" : name == "stock" ? "stock" : "product";
    if (options.kind.empty() || options.kind == kind) return {};
    return error(ErrorCode::invalid, "This file holds " + name + ", but kind=" + options.kind + " was asked for.");
  }

  Result<> take(formats::TableRow&& row) {
    if (!header) {
      if (!row.fault.empty()) return error(ErrorCode::invalid, "The header cannot be read: it " + row.fault + ".");
      return open_header(row.cells);
    }
    for (const auto& [column, message] : row.remarks)
      PF_TRY(keeper.notice(row.line,
                           {column < header->names().size() ? header->names()[column] : "", "formula", message}));
    ++items;
    if (!row.fault.empty()) return keeper.refuse(row.line, "", {{"", "row", row.fault}});
    if (std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).empty(); })) {
      --items;
      return {};  // ";;;;" is a blank row
    }
    const auto& names = header->names();
    for (std::size_t i = names.size(); i < row.cells.size(); ++i)
      if (!trim(row.cells[i]).empty())
        return keeper.refuse(
            row.line, "",
            {{"", "columns",
              "has " + std::to_string(row.cells.size()) + " cells, but the header has " + std::to_string(names.size()) +
                  " columns; a delimiter or a quote may be missing or too many"}});
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::string name = i < names.size() ? names[i] : "";
      if (first_bad_utf8(row.cells[i]))
        return keeper.refuse(row.line, "", {{name, "encoding", "holds bytes that are not text in UTF-8"}});
      if (row.cells[i].find('\0') != std::string::npos)
        return keeper.refuse(row.line, "", {{name, "characters", "holds a NUL byte, which no text has"}});
    }
    const Row known{row.line, &*header, std::move(row.cells), csv != nullptr};
    party->row(known, keeper.products, keeper.orders);
    return keep_if_full();
  }

  Result<> take(JsonItem&& item) {
    ++items;
    auto value = json::parse(item.text);
    if (!value.ok()) {
      broken = value.error().message;
      return keeper.refuse(item.line, "", {{"", "json", value.error().message}});
    }
    JsonMeaning meaning = meaning_of(*value);
    if (!meaning.product && !meaning.order)
      return keeper.refuse(item.line, "",
                           {{"", "unknown",
                             "is neither a product (it would have sku) nor an order of WooCommerce or "
                             "Shopify (it would have id, line_items and a status)"}});
    if (json_format.empty()) {
      json_format = meaning.format;
      PF_TRY(check_kind(json_format));
    }
    if (meaning.format != json_format)
      return keeper.refuse(item.line, "", {{"", "mixed", "is not among " + json_format + ", which this file holds"}});
    if (meaning.product) {
      meaning.product->line = item.line;
      keeper.products.push_back(*std::move(meaning.product));
    } else {
      meaning.order->lines.push_back(item.line);
      keeper.orders.push_back(*std::move(meaning.order));
    }
    return keep_if_full();
  }

  Result<> keep_if_full() { return keeper.full(bytes_since_keep) ? keep() : Result<>(); }
  Result<> keep() {
    bytes_since_keep = 0;
    return keeper.keep(party ? party->locale() : std::string());
  }

  Result<> read(const std::string& text) {
    bytes_since_keep += text.size();
    if (csv) return csv->feed(text, [this](formats::TableRow&& row) { return take(std::move(row)); });
    if (json) return json->feed(text, [this](JsonItem&& item) { return take(std::move(item)); });
    look += text;
    return recognise(false);
  }

  Result<> feed(std::string_view piece, bool last) {
    constexpr std::size_t kMagicBytes = 16;  // longer than what any kind of file begins with
    if (first_bytes.size() < kMagicBytes) first_bytes += piece.substr(0, kMagicBytes - first_bytes.size());
    return read(to_utf8.feed(piece, last));
  }

  Result<> read_text(formats::Source& file) {
    for (std::uint64_t at = 0;;) {
      PF_LET(const std::string piece, file.read(at, kFilePieceBytes));
      PF_TRY(feed(piece, piece.empty()));
      if (piece.empty()) break;
      at += piece.size();
    }
    PF_TRY(recognise(true));
    return finish(csv ? csv->finish([this](formats::TableRow&& row) { return take(std::move(row)); })
                      : json->finish([this](JsonItem&& item) { return take(std::move(item)); }));
  }

  Result<> read_archive(formats::Source& file) {
    PF_LET(auto archive, formats::ZipReader::open(file));
    if (archive.find("content.xml") != nullptr && archive.find("mimetype") != nullptr)
      return error(ErrorCode::unsupported,
                   "This is an OpenDocument file (LibreOffice). Save it as Excel workbook (.xlsx) or CSV UTF-8 and "
                   "import that.");
    if (!formats::XlsxReader::is_workbook(archive))
      return error(ErrorCode::unsupported, "This is a ZIP archive. Unpack it, and import the files in it.");
    PF_LET(auto book, formats::XlsxReader::open(archive));
    return read_workbook(book);
  }

  // The first sheet in which a header is found holds the rows; further ones belong to it if they have the same header,
  // as our own export writes them when a sheet is full. Others are told.
  Result<> read_workbook(formats::XlsxReader& book) {
    using Go = formats::ZipReader::Go;
    Result<> ours;  // what ended it, when it was not the file
    const auto keep_row = [&](formats::TableRow&& row) -> Result<Go> {
      for (const std::string& cell : row.cells) bytes_since_keep += cell.size();
      last_line = row.line;
      ours = take(std::move(row));
      if (!ours.ok()) return ours.error();
      return Go::on;
    };
    std::vector<std::string> names;
    std::size_t rows = 0;
    for (std::size_t sheet = 0; sheet < book.sheets().size(); ++sheet) {
      bool belongs = !header, first = true;
      std::size_t looked = 0;
      const auto done = book.rows(sheet, [&](formats::TableRow&& row) -> Result<Go> {
        ++rows;
        if (header && !std::exchange(first, false)) return keep_row(std::move(row));
        if (header) {
          belongs = row.cells == names;
          return belongs ? Go::on : Go::enough;
        }
        const auto known = party_for(Header(row.cells), options.kind);
        if (known.ok() && !*known && row.fault.empty()) return ++looked < kPreambleLinesMax ? Go::on : Go::enough;
        names = row.cells;
        first = false;
        return keep_row(std::move(row));  // which opens it
      });
      if (!done.ok()) return ours.ok() && header ? finish(done) : done;
      if (!belongs && !first)
        PF_TRY(keeper.notice(
            0, {"", "sheet",
                "The sheet \"" + book.sheets()[sheet] + "\" was not read: its first row is not the same header."}));
    }
    if (rows == 0) return error(ErrorCode::invalid, "The workbook has no rows; nothing was imported.");
    if (!header) return not_understood();
    return finish({});
  }

  // `end`: how the file ended.
  Result<> finish(const Result<>& end) {
    if (!end.ok() && end.error().code != ErrorCode::invalid && end.error().code != ErrorCode::too_large) return end;
    if (party) party->flush(keeper.products, keeper.orders);
    PF_TRY(keep());
    PF_TRY(keeper.settle(party.get()));
    if (!end.ok()) {
      if (items == 0) return end.error();
      // Cut off: what came before is kept, and the place is told.
      const std::string& message = end.error().message;
      const auto line =
          message.starts_with("line ") ? parse_int(message.substr(5, message.find(':') - 5)) : std::nullopt;
      return keeper.refuse(last_line > 0 ? last_line + 1 : static_cast<std::uint64_t>(line.value_or(0)), "",
                           {{"", "cut_off", message}});
    }
    if (items == 1 && !broken.empty()) return error(ErrorCode::invalid, "The file cannot be read as JSON: " + broken);
    if (json && json_format.empty())
      return error(ErrorCode::unsupported,
                   items == 0 ? "The file holds an empty list; nothing was imported."
                              : "This JSON holds neither products (they would have sku) nor orders of WooCommerce or "
                                "Shopify (they would have id, line_items and a status).");
    if (to_utf8.encoding() == "Windows-1252")
      PF_TRY(keeper.notice(0, {"", "encoding",
                               "The file is not UTF-8; it was read as Windows-1252. Look at names with "
                               "accents, and save it as UTF-8 if they are wrong."}));
    if (items == 0) return error(ErrorCode::invalid, "The file holds a header and no rows; nothing was imported.");
    return {};
  }
  std::uint64_t last_line = 0;  // of a workbook
  std::string broken;           // why the last JSON value could not be read
};

Importer::Importer(const Rooms& rooms, ImportOptions options, Report report)
    : impl_(std::make_unique<Impl>(rooms, std::move(options), std::move(report))) {}
Importer::~Importer() = default;
const Counts& Importer::counts() const {
  return impl_->keeper.counts();
}
std::string Importer::format() const {
  return impl_->party ? impl_->party->name() : impl_->json_format;
}

Result<> Importer::run(formats::Source& file) {
  PF_LET(const std::string first, file.read(0, kFilePieceBytes));
  return first.starts_with("PK\x03\x04") ? impl_->read_archive(file) : impl_->read_text(file);
}

}  // namespace pf::exchange
