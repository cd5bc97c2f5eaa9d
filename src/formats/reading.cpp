#include "formats/reading.h"

#include <algorithm>

#include "formats/dialect.h"
#include "formats/encoding.h"
#include "formats/unpacked.h"
#include "formats/xlsx_reader.h"
#include "productflow/text.h"

namespace pf::formats {
namespace {

constexpr std::size_t kFilePieceBytes = 256u << 10;  // read at once
constexpr std::uint64_t kNameLinesMax = 60;          // of a header whose names have line ends in them
constexpr std::size_t kLookBytes = 256u << 10;       // a header of 5,000 names, below some lines of preamble
constexpr int kPackedDepthMax = 2;                   // a workbook in an archive, or a compressed file in one

Result<std::string> first_bytes_of(Source& file) {
  std::string out;
  while (out.size() < kFirstBytes) {
    PF_LET(const std::string piece, file.read(out.size(), kFirstBytes - out.size()));
    if (piece.empty()) break;
    out += piece;
  }
  return out;
}

Result<> each_piece(Source& file, const std::function<Result<>(std::string_view)>& take) {
  for (std::uint64_t at = 0;;) {
    PF_LET(const std::string piece, file.read(at, kFilePieceBytes));
    if (piece.empty()) return {};
    PF_TRY(take(piece));
    at += piece.size();
  }
}

bool begins_as_xml(std::string_view start) {
  if (start.starts_with("\xff\xfe<") || start.starts_with(std::string_view("\xfe\xff\0<", 4))) return true;  // UTF-16
  if (start.starts_with("\xef\xbb\xbf")) start.remove_prefix(3);
  start = trim(start);
  return start.starts_with("<?xml") || start.starts_with("<!--") || start.starts_with("<!DOCTYPE") ||
         (start.size() > 1 && start[0] == '<' && ((start[1] | 0x20) >= 'a' && (start[1] | 0x20) <= 'z'));
}

std::vector<std::string> cells_of_line(std::string_view line, const Dialect& dialect) {
  std::vector<std::string> cells;
  CsvReader reader(dialect);
  const auto take = [&](TableRow&& row) -> Result<> {
    cells = std::move(row.cells);
    return {};
  };
  if (!reader.feed(line, take).ok() || !reader.finish(take).ok()) cells.clear();
  return cells;
}

// Columns that are lined up with blanks: a blank before a quote is not part of the cell then.
bool is_padded(std::string_view line, std::string_view delimiter) {
  if (delimiter.size() > 1) return false;
  const auto names = split(line, delimiter[0]);
  const auto blank =
      std::ranges::count_if(names, [](std::string_view name) { return name.starts_with(' ') || name.ends_with(' '); });
  return blank * 2 > static_cast<std::ptrdiff_t>(names.size());
}

// Whether ASCII's own separators divide rows (1E) and cells (1F): the header has both, and the records below it as
// many.
bool is_separated(std::string_view text) {
  constexpr int kRecordsLookedAt = 8;
  const auto units_of = [&] {
    const std::size_t end = text.find('\x1e');
    if (end == std::string_view::npos) return std::ptrdiff_t{-1};  // it may be cut off
    const auto units = std::ranges::count(text.substr(0, end), '\x1f');
    text.remove_prefix(end + 1);
    return units;
  };
  if (text.find('\x1f') > text.find_first_of("\r\n\x1e")) return false;
  const std::ptrdiff_t header = units_of();
  if (header < 1) return false;
  for (int i = 0; i < kRecordsLookedAt; ++i)
    if (const std::ptrdiff_t units = units_of(); units != header) return units < 0 && i > 0;
  return true;
}

// `enough` ends a reading as an Error would, but is none.
struct Taking {
  const FileReading::TakeRow& take;
  bool enough = false;
  Result<> operator()(TableRow&& row) {
    PF_LET(const auto go, take(std::move(row)));
    if (go != ZipReader::Go::enough) return {};
    enough = true;
    return error(ErrorCode::gone, "Enough was seen.");
  }
  Result<> ended(Result<> how) const { return enough ? Result<>() : how; }
};

class OpenFile final : public FileReading {
 public:
  explicit OpenFile(Source& file) : file_(file) {}

  Result<OpenedFile> open(const Written& said) override {
    if (!can_be_obeyed(said)) return out_of_order();
    said_ = said;
    to_utf8_ = new_text();
    return open_packed(file_, 0);
  }
  Result<OpenedFile> open_entry(std::size_t entry) override {
    PF_TRY(find_entry(entry));
    entry_ = std::make_unique<UnpackedEntry>(*archive_, archive_->entries()[entry]);
    return open_packed(*entry_, 1);
  }
  Result<> entry_bytes(std::size_t entry, const TakePiece& take) override {
    PF_TRY(find_entry(entry));
    return archive_->read(archive_->entries()[entry], [&](std::string_view piece) -> Result<ZipReader::Go> {
      PF_TRY(take(piece));
      return ZipReader::Go::on;
    });
  }

  Result<> table_rows(const TextTable& table, const TakeRow& take) override {
    const bool known = table.header && *table.header < places_.size();
    Place place =
        known ? places_[*table.header]
              : Place{0, 1, {std::string(1, delimiter_of(trim(std::string_view(look_).substr(0, look_.find('\n')))))}};
    obey(place.dialect);
    if (!table.quoted && said_.quote.empty()) place.dialect.quotes = Dialect::Quotes::none;
    CsvReader csv(told_by_rows(std::string_view(look_).substr(place.at), place.dialect, text_ended_ && !broken_,
                               !said_.quote.empty()),
                  place.line);
    Taking taking{take};
    const auto row = [&](TableRow&& one) { return taking(std::move(one)); };
    const auto done = [&]() -> Result<> {
      PF_TRY(csv.feed(std::string_view(look_).substr(place.at), row));
      look_.clear();
      PF_TRY(rest_of_text([&](std::string_view text) { return csv.feed(text, row); }));
      return csv.finish(row);
    }();
    return taking.ended(done);
  }

  Result<> json_values(const TakeValue& take) override {
    if (current_ == nullptr) return out_of_order();
    JsonItems items;
    bool enough = false;
    const auto item = [&](JsonItem&& one) -> Result<> {
      JsonValue out{one.line, {}, {}, one.text.size()};
      if (auto value = json::parse(one.text); value.ok())
        out.value = *std::move(value);
      else
        out.fault = value.error().message;
      PF_LET(const auto go, take(std::move(out)));
      if (go != ZipReader::Go::enough) return {};
      enough = true;
      return error(ErrorCode::gone, "Enough was seen.");
    };
    auto done = each_text([&](std::string_view text) { return items.feed(text, item); });
    if (done.ok()) done = items.finish(item);
    return enough ? Result<>() : done;
  }
  std::string encoding() override { return std::string(to_utf8_.encoding()); }

  Result<> sheet_rows(std::size_t sheet, const TakeRow& take) override {
    if (!book_ || sheet >= book_->sheets().size()) return out_of_order();
    return book_->rows(sheet, take);
  }

  Result<XmlTables> xml_tables() override {
    if (current_ == nullptr) return out_of_order();
    current_->passes(2);
    survey_ = std::make_unique<XmlSurvey>(is_json_ ? Notation::json : Notation::xml, said_.keyed);
    Result<> end = each_of_tree([&](std::string_view piece) { return survey_->feed(piece); });
    if (end.ok()) end = survey_->finish();
    if (!end.ok() && end.error().code != ErrorCode::invalid) return end.error();
    XmlTables out{survey_->root(), survey_->paths(), survey_->candidates()};
    if (!end.ok()) out.broken = end.error();
    return out;
  }
  Result<XmlTable> xml_table(std::size_t path) override {
    if (!has_path(path)) return out_of_order();
    return XmlRows(*survey_, path).table();
  }
  Result<> xml_rows(std::size_t path, const TakeRow& take) override {
    if (!has_path(path)) return out_of_order();
    const XmlRows rows(*survey_, path);
    Taking taking{take};
    const auto done = xml_records(path, [&](XmlRecords::Record&& record) -> Result<> {
      TableRow row{record.line, {}, std::move(record.fault)};
      if (row.fault.empty() && is_lone_value(record.element))
        row.fault = "is one value or nothing under a key, where the other rows are objects";
      if (row.fault.empty()) row.cells = rows.cells(record.element);
      return taking(std::move(row));
    });
    return taking.ended(done);
  }
  Result<> xml_records(std::size_t path, const TakeRecord& take) override {
    if (!has_path(path)) return out_of_order();
    XmlRecords records(*survey_, path, take);
    PF_TRY(each_of_tree([&](std::string_view piece) { return records.feed(piece); }));
    return records.finish();
  }

 private:
  static Error out_of_order() { return error(ErrorCode::internal, "The file was asked for what it does not hold."); }
  bool has_path(std::size_t path) const { return survey_ && path < survey_->paths().size() && path > 0; }
  // A value among objects that stand under keys, or an object that holds nothing: {"A": {...}, "count": 1, "next":
  // null}.
  bool is_lone_value(const XmlElement& element) const {
    if (said_.keyed.empty()) return false;
    const auto& paths = survey_->paths();
    const auto is_member = [&](const XmlElement& one) { return !paths[one.path].attribute; };
    return paths[element.path].name == kJsonKeyed && std::ranges::none_of(element.children, is_member) &&
           std::ranges::any_of(paths[element.path].children,
                               [&](const auto& one) { return !paths[one.second].attribute; });
  }
  ToUtf8 new_text() const { return said_.encoding.empty() ? ToUtf8() : *ToUtf8::told(said_.encoding); }
  void obey(Dialect& dialect) const {
    if (!said_.delimiter.empty()) dialect.delimiter = said_.delimiter;
    if (said_.quote == "none") dialect.quotes = Dialect::Quotes::none;
    if (said_.quote.size() == 1) dialect.quote = said_.quote[0];
  }
  // The whole of a text, from its start, in UTF-8.
  Result<> each_text(const std::function<Result<>(std::string_view)>& take) {
    to_utf8_ = new_text();
    bool ended = false;
    for (std::uint64_t at = 0; !ended;) {
      PF_LET(const std::string piece, current_->read(at, kFilePieceBytes));
      at += piece.size();
      ended = piece.empty();
      PF_LET(const std::string text, read_text(piece, ended));
      PF_TRY(take(text));
    }
    return {};
  }
  Result<> each_of_tree(const std::function<Result<>(std::string_view)>& take) {
    return is_json_ ? each_text(take) : each_piece(*current_, take);
  }
  Result<> find_entry(std::size_t entry) {
    if (!archive_ || book_is_outer_ || entry >= archive_->entries().size()) return out_of_order();
    forget();
    return {};
  }
  // What belongs to the file that was open before.
  void forget() {
    book_.reset();
    survey_.reset();
    inner_.reset();
    inner_source_.reset();
    whole_.clear();
    gzip_.clear();
    entry_.reset();
    current_ = nullptr;
    look_.clear();
    places_.clear();
    to_utf8_ = new_text();
    broken_.reset();
    at_ = 0;
    text_ended_ = is_json_ = false;
  }

  Result<OpenedFile> open_packed(Source& file, int depth) {
    PF_LET(std::string first, first_bytes_of(file));
    const bool gzip = first.starts_with("\x1f\x8b"), zip = first.starts_with("PK\x03\x04");
    if ((gzip || zip) && depth > kPackedDepthMax - (gzip ? 1 : 0))
      return error(ErrorCode::unsupported, "This is packed in what is packed. Unpack it, and import the file in it.");
    if (gzip) {
      gzip_.push_back(std::make_unique<UnpackedGzip>(file));
      return open_packed(*gzip_.back(), depth + 1);
    }
    if (zip) return open_archive(file, depth);
    current_ = &file;
    OpenedFile out;
    out.first = std::move(first);
    if (begins_as_xml(out.first)) {
      out.kind = OpenedFile::Kind::xml;
      return out;
    }
    PF_TRY(look_at_text(out));
    return out;
  }

  Result<OpenedFile> open_archive(Source& file, int depth) {
    if (depth > 0) {  // only the outermost can be read at any place
      for (;;) {
        PF_LET(const std::string piece, file.read(whole_.size(), kFilePieceBytes));
        if (piece.empty()) break;
        if (whole_.size() + piece.size() > kInnerArchiveBytesMax)
          return error(
              ErrorCode::too_large,
              "The archive holds a workbook of more than 64 MiB. Unpack it, and import the workbook by itself.");
        whole_ += piece;
      }
      inner_source_ = std::make_unique<MemorySource>(whole_);
    }
    PF_LET(auto read, ZipReader::open(depth > 0 ? static_cast<Source&>(*inner_source_) : file));
    auto& kept = depth > 0 ? inner_ : archive_;
    kept = std::make_unique<ZipReader>(std::move(read));
    if (kept->find("content.xml") != nullptr && kept->find("mimetype") != nullptr)
      return error(ErrorCode::unsupported,
                   "This is an OpenDocument file (LibreOffice). Save it as Excel workbook (.xlsx) or CSV UTF-8 and "
                   "import that.");
    OpenedFile out;
    if (XlsxReader::is_workbook(*kept)) {
      PF_LET(auto book, XlsxReader::open(*kept));
      book_ = std::make_unique<XlsxReader>(std::move(book));
      book_is_outer_ = depth == 0;
      out.kind = OpenedFile::Kind::workbook;
      out.sheets = book_->sheets();
      return out;
    }
    if (depth > 0) return error(ErrorCode::unsupported, "This is an archive in an archive. Unpack it first.");
    if (kept->find("Index/Document.iwa") != nullptr)
      return error(ErrorCode::unsupported,
                   "This is a document of Apple's Numbers, Pages or Keynote. Export the table as CSV or Excel there "
                   "(File, Export To) and import that.");
    PF_TRY(take_the_only_archive());
    out.kind = OpenedFile::Kind::archive;
    out.entries = archive_->entries();
    return out;
  }

  // An archive that holds nothing but another one is that one: a mail program or a download page has packed it again.
  Result<> take_the_only_archive() {
    const ZipEntry* only = nullptr;
    for (const ZipEntry& entry : archive_->entries()) {
      const std::string_view name(entry.name);
      if (entry.folder || name.starts_with("__MACOSX/") || name.substr(name.rfind('/') + 1).starts_with('.')) continue;
      if (only != nullptr || !lower_ascii(name).ends_with(".zip")) return {};
      only = &entry;
    }
    if (only == nullptr) return {};
    PF_LET(wrapped_, archive_->read_all(*only, kInnerArchiveBytesMax));
    wrapped_source_ = std::make_unique<MemorySource>(wrapped_);
    PF_LET(auto read, ZipReader::open(*wrapped_source_));
    if (XlsxReader::is_workbook(read)) return {};
    archive_ = std::make_unique<ZipReader>(std::move(read));
    return {};
  }

  // The beginning of a text, and which of its lines might be its header.
  Result<> look_at_text(OpenedFile& out) {
    while (look_.size() < kLookBytes && !text_ended_) {
      auto piece = next_text();
      if (!piece.ok()) {  // a packed one that is damaged: what came before it counts
        if (look_.empty()) return piece.error();
        broken_ = out.broken = piece.error();
        break;
      }
      look_ += *piece;
    }
    const std::string_view text = trim(look_);
    out.blank = text.empty();
    // A table may begin so, where somebody says what divides it; what is said of an archive is for its tables alone.
    is_json_ = out.json =
        (said_.delimiter.empty() || archive_ != nullptr) && (text.starts_with('{') || text.starts_with('['));
    out.start = look_.substr(0, kStartBytes);
    if (out.json || out.blank) return {};
    std::string hint;
    std::uint64_t number = 1;
    std::string_view rest = look_;
    const bool separated = is_separated(look_);
    const std::string_view row_ends = separated ? "\x1e" : "\r\n";
    for (std::size_t i = 0; i < kPreambleLinesMax && !rest.empty(); ++i, ++number) {
      std::size_t end = rest.find_first_of(row_ends);
      const std::string_view line = trim(rest.substr(0, end));
      if (line.starts_with("sep=") && line.size() == 5) hint = line.substr(4);  // Excel's own hint
      // DATANORM's first record is not divided, those below it are.
      const bool datanorm = line.size() > 8 && line.starts_with("V ") &&
                            line.substr(2, 6).find_first_not_of("0123456789") == std::string_view::npos;
      Dialect dialect{!hint.empty() ? hint : datanorm ? ";" : delimiter_of(line, rest, separated)};
      dialect.separated = separated;
      obey(dialect);
      if (said_.quote.empty()) dialect.quote = quote_of(line, dialect.delimiter);
      std::vector<std::string> cells = cells_of_line(line, dialect);
      std::uint64_t lines = 1;
      // A name may be written in two lines: until its quote closes, they are one.
      for (std::size_t on = end; cells.empty() && !line.empty() && on < rest.size() && lines < kNameLinesMax; ++lines) {
        on += rest.substr(on).starts_with("\r\n") ? 2 : 1;
        on = std::min(rest.find_first_of(row_ends, on), rest.size());
        const std::string_view joined = rest.substr(0, on);
        Dialect then = dialect;
        if (hint.empty() && said_.delimiter.empty()) then.delimiter = delimiter_of(joined);
        cells = cells_of_line(joined, then);
        if (cells.empty()) continue;
        dialect = then;
        end = on < rest.size() ? on : std::string_view::npos;
      }
      if (dialect.quotes != Dialect::Quotes::none && is_padded(line, dialect.delimiter))
        dialect.quotes = Dialect::Quotes::padded;
      out.lines.push_back({number, cells});
      places_.push_back({look_.size() - rest.size(), number, dialect});
      if (!cells.empty()) number += lines - 1;
      if (end == std::string_view::npos) break;
      rest.remove_prefix(
          end +
          (rest.substr(end).starts_with("\r\n") || (separated && rest.substr(end).starts_with("\x1e\n")) ? 2 : 1));
    }
    return {};
  }
  Result<std::string> read_text(const std::string& piece, bool last) {
    std::string text = to_utf8_.feed(piece, last);
    if (to_utf8_.is_contradicted())
      return error(ErrorCode::unsupported, "The first bytes of this file say that it is " +
                                               std::string(to_utf8_.encoding()) +
                                               ", and the mapping says another encoding. Leave that out of the "
                                               "mapping.");
    if (to_utf8_.is_unreadable())
      return error(ErrorCode::unsupported,
                   "This text looks like Chinese, Japanese or Korean in an encoding that is not read here (GBK, Big5, "
                   "Shift_JIS or EUC-KR). Save it as CSV UTF-8 and import that.");
    return text;
  }
  Result<std::string> next_text() {
    PF_LET(const std::string piece, current_->read(at_, kFilePieceBytes));
    at_ += piece.size();
    text_ended_ = piece.empty();
    return read_text(piece, text_ended_);
  }
  Result<> rest_of_text(const std::function<Result<>(std::string_view)>& take) {
    while (!text_ended_ && !broken_) {
      const auto text = next_text();
      // What was read before is kept, as of a file that is cut off.
      if (!text.ok() && to_utf8_.is_unreadable()) return error(ErrorCode::invalid, text.error().message);
      if (!text.ok()) return text.error();
      PF_TRY(take(*text));
    }
    return broken_ ? Result<>(*broken_) : Result<>();
  }

  Source& file_;
  std::string wrapped_;  // of an archive that is all that another one holds
  std::unique_ptr<MemorySource> wrapped_source_;
  std::unique_ptr<ZipReader> archive_;  // the outermost, and what is open of it
  bool book_is_outer_ = false;
  std::unique_ptr<UnpackedEntry> entry_;
  std::vector<std::unique_ptr<UnpackedGzip>> gzip_;
  std::string whole_;  // of an archive in an archive, or of one that is compressed
  std::unique_ptr<MemorySource> inner_source_;
  std::unique_ptr<ZipReader> inner_;
  std::unique_ptr<XlsxReader> book_;
  std::unique_ptr<XmlSurvey> survey_;

  Source* current_ = nullptr;  // of text or XML
  Written said_;
  std::uint64_t at_ = 0;
  ToUtf8 to_utf8_;
  std::string look_;  // the text's beginning
  bool text_ended_ = false, is_json_ = false;
  std::optional<Error> broken_;
  struct Place {
    std::size_t at = 0;
    std::uint64_t line = 1;
    Dialect dialect{};
  };
  std::vector<Place> places_;  // of OpenedFile::lines, in the look
};

}  // namespace

bool can_be_obeyed(const Written& said) {
  return (said.encoding.empty() || ToUtf8::told(said.encoding)) &&
         (said.delimiter.empty() || delimiter_called(said.delimiter) == said.delimiter) &&
         (said.quote.empty() || is_quote_called(said.quote)) && said.keyed.size() <= kKeyedBytesMax;
}

Result<std::unique_ptr<FileReading>> open_here(Source& file) {
  return std::unique_ptr<FileReading>(std::make_unique<OpenFile>(file));
}

}  // namespace pf::formats
