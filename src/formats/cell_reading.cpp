#include "formats/cell_reading.h"

#include <algorithm>
#include <utility>

#include "formats/cell_messages.h"
#include "formats/xlsx_reader.h"

namespace pf::formats {
namespace {

using namespace message;

constexpr milliseconds kReadingPatience{120'000};  // a slow disk under a large archive says nothing for long

Error nonsense() {
  return error(
      ErrorCode::invalid,
      "The file cannot be read: the process that reads it answered nonsense, perhaps because the file is an attack.");
}

class CellReading final : public FileReading {
 public:
  CellReading(cell::Cell cell, Source& file) : cell_(std::move(cell)), file_(file) {}

  Result<OpenedFile> open(const Written& said) override {
    cell::Packer out;
    out.number(file_.size()).text(said.encoding).text(said.delimiter).text(said.quote).text(said.keyed);
    return opened(kOpen, out);
  }
  Result<OpenedFile> open_entry(std::size_t entry) override { return opened(kOpenEntry, cell::Packer().number(entry)); }

  Result<> table_rows(const TextTable& table, const TakeRow& take) override {
    cell::Packer out;
    out.byte(table.header ? 1 : 0);
    if (table.header) out.number(*table.header);
    return rows(kTable, out.byte(table.quoted ? 1 : 0), take);
  }
  Result<> sheet_rows(std::size_t sheet, const TakeRow& take) override {
    return rows(kSheet, cell::Packer().number(sheet), take);
  }
  Result<> xml_rows(std::size_t path, const TakeRow& take) override {
    return rows(kXmlRows, cell::Packer().number(path), take);
  }
  std::string encoding() override { return encoding_; }

  Result<> json_values(const TakeValue& take) override {
    return stream(kValues, {}, [&](cell::Unpacker& in) -> Result<ZipReader::Go> {
      JsonValue one;
      one.line = in.number();
      one.bytes = static_cast<std::size_t>(in.number());
      one.fault = cell::clean_text(in.text());
      std::size_t values = std::max<std::size_t>(1, one.bytes);
      if (one.bytes > kJsonItemBytesMax || !unpack_value(in, json::kDepthMax, values, one.value)) return nonsense();
      return take(std::move(one));
    });
  }
  Result<> entry_bytes(std::size_t entry, const TakePiece& take) override {
    return stream(kEntryBytes, cell::Packer().number(entry), [&](cell::Unpacker& in) -> Result<ZipReader::Go> {
      const std::string_view piece = in.text();
      if (in.failed()) return nonsense();
      PF_TRY(take(piece));
      return ZipReader::Go::on;
    });
  }
  Result<> xml_records(std::size_t path, const TakeRecord& take) override {
    return stream(kXmlRecords, cell::Packer().number(path), [&](cell::Unpacker& in) -> Result<ZipReader::Go> {
      XmlRecords::Record record;
      record.line = in.number();
      record.bytes = static_cast<std::size_t>(in.number());
      record.fault = in.text();
      std::size_t bytes = kXmlRecordBytesMax;
      if (!unpack_element(in, paths_, kXmlDepthMax, bytes, record.element)) return nonsense();
      PF_TRY(take(std::move(record)));
      return ZipReader::Go::on;
    });
  }

  Result<XmlTables> xml_tables() override {
    PF_LET(const std::string answer, ask(kXmlTables, {}));
    cell::Unpacker in(answer);
    XmlTables out;
    out.root = in.text();
    const std::size_t count = in.count(kXmlPathsMax);
    for (std::size_t i = 0; i < count; ++i) {
      XmlPath path;
      path.parent = static_cast<std::size_t>(in.number());
      path.name = in.text();
      const auto kind = in.byte();
      path.attribute = (kind & 1) != 0;
      path.text = (kind & 2) != 0;
      path.count = in.number();
      path.most_in_parent = in.number();
      if (in.failed() || (i > 0 && path.parent >= i) || path.name.size() > kXmlNameBytesMax) return nonsense();
      if (i > 0) out.paths[path.parent].children.emplace(path.name, i);
      out.paths.push_back(std::move(path));
    }
    for (std::size_t i = in.count(count); i > 0; --i) {
      out.candidates.push_back(static_cast<std::size_t>(in.number()));
      if (out.candidates.back() == 0 || out.candidates.back() >= count) return nonsense();
    }
    out.broken = unpack_error(in);
    if (!in.whole()) return nonsense();
    paths_ = count;
    return out;
  }
  Result<XmlTable> xml_table(std::size_t path) override {
    PF_LET(const std::string answer, ask(kXmlTable, cell::Packer().number(path)));
    cell::Unpacker in(answer);
    XmlTable out{path, {}};
    for (std::size_t i = in.count(kCellsMax); i > 0; --i) {
      std::string name(in.text());
      out.columns.push_back({std::move(name), in.byte() != 0});
    }
    if (!in.whole()) return nonsense();
    return out;
  }

 private:
  // Answers what the cell wants to know until it is something else.
  Result<cell::Message> next() {
    for (;;) {
      auto said = cell_.receive();
      if (!said.ok()) return file_fault_ ? *file_fault_ : said.error();
      cell::Unpacker in(said->body);
      if (said->kind == kPasses) {
        file_.passes(static_cast<unsigned>(std::clamp<std::uint64_t>(in.number(), 1, 10)));
      } else if (said->kind == kWant) {
        const std::uint64_t at = in.number(), count = in.number();
        if (!in.whole()) return nonsense();
        PF_TRY(cell_.send(kBytes, bytes_at(at, static_cast<std::size_t>(std::min<std::uint64_t>(count, 4u << 20)))));
      } else {
        return said;
      }
    }
  }
  // Of the file; its Error is kept for whoever reads, and ends the file for the cell.
  std::string bytes_at(std::uint64_t at, std::size_t count) {
    std::string out;
    while (out.size() < count && !file_fault_) {
      auto piece = file_.read(at + out.size(), count - out.size());
      if (!piece.ok()) {
        file_fault_ = piece.error();
        break;
      }
      if (piece->empty()) break;
      if (out.empty() && piece->size() >= kWantBytes / 2) return *std::move(piece);
      out += *piece;
    }
    return out;
  }

  Result<std::string> ask(char command, const cell::Packer& with) {
    PF_TRY(cell_.send(command, with.bytes()));
    PF_LET(cell::Message answer, next());
    if (file_fault_) return *file_fault_;
    if (answer.kind != kDone) return nonsense();
    return std::move(answer.body);
  }

  // Batches, until it is done, `take` has enough, or it fails.
  template <class TakeOne>
  Result<> stream(char command, const cell::Packer& with, const TakeOne& take) {
    PF_TRY(cell_.send(command, with.bytes()));
    for (;;) {
      PF_LET(const cell::Message said, next());
      if (said.kind == kDone) return file_fault_ ? Result<>(*file_fault_) : ended(said);
      if (said.kind != kBatch) return nonsense();
      cell::Unpacker in(said.body);
      while (!in.ended()) {
        const auto go = take(in);
        if (in.failed()) return nonsense();
        if (go.ok() && *go == ZipReader::Go::on) continue;
        PF_TRY(stop());
        return go.ok() ? Result<>() : Result<>(go.error());
      }
      PF_TRY(cell_.send(kMore, {}));
    }
  }
  // How a stream ended.
  Result<> ended(const cell::Message& said) {
    cell::Unpacker in(said.body);
    encoding_ = cell::clean_text(in.text());
    const auto fault = unpack_error(in);
    if (!in.whole()) return nonsense();
    return fault ? Result<>(*fault) : Result<>();
  }
  // Lets the cell go on to the next command: what is under way is thrown away, however it ends.
  Result<> stop() {
    PF_TRY(cell_.send(kEnough, {}));
    for (;;) {
      PF_LET(const cell::Message said, next());
      if (file_fault_) return *file_fault_;
      if (said.kind == kBatch) continue;
      if (said.kind != kDone) return nonsense();
      static_cast<void>(ended(said));
      return {};
    }
  }

  Result<> rows(char command, const cell::Packer& with, const TakeRow& take) {
    return stream(command, with, [&](cell::Unpacker& in) -> Result<ZipReader::Go> {
      TableRow row = unpack_row(in);
      if (in.failed()) return nonsense();
      return take(std::move(row));
    });
  }

  Result<OpenedFile> opened(char command, const cell::Packer& with) {
    PF_LET(const std::string answer, ask(command, with));
    cell::Unpacker in(answer);
    OpenedFile out;
    const std::uint8_t kind = in.byte();
    if (kind > static_cast<std::uint8_t>(OpenedFile::Kind::archive)) return nonsense();
    out.kind = static_cast<OpenedFile::Kind>(kind);
    out.first = in.text();
    out.start = in.text();
    out.blank = in.byte() != 0;
    out.json = in.byte() != 0;
    const std::size_t lines = in.count(kPreambleLinesMax);
    for (std::size_t i = 0; i < lines; ++i) {
      HeaderLine line{in.number(), {}};
      for (std::size_t cells = in.count(kColumnsMax); cells > 0; --cells) line.cells.emplace_back(in.text());
      out.lines.push_back(std::move(line));
    }
    out.broken = unpack_error(in);
    for (std::size_t i = in.count(kSheetsMax); i > 0; --i) out.sheets.emplace_back(in.text());
    for (std::size_t i = in.count(kZipEntriesMax); i > 0; --i) {
      ZipEntry entry;
      entry.name = in.text();
      entry.bytes = in.number();
      entry.folder = in.byte() != 0;
      out.entries.push_back(std::move(entry));
    }
    if (!in.whole()) return nonsense();
    return out;
  }

  cell::Cell cell_;
  Source& file_;
  std::optional<Error> file_fault_;
  std::string encoding_;
  std::size_t paths_ = 0;
};

}  // namespace

Result<std::unique_ptr<FileReading>> open_in_cell_of(Source& file, const std::string& program) {
  PF_LET(auto cell,
         cell::Cell::start(kReadFileTask.name, {{kReadingSecondsMax, kReadingMemoryMax, kReadingPatience}, program}));
  return std::unique_ptr<FileReading>(std::make_unique<CellReading>(std::move(cell), file));
}
Result<std::unique_ptr<FileReading>> open_in_cell(Source& file) {
  return open_in_cell_of(file, cell::CellOptions{}.program);
}

}  // namespace pf::formats
