// The cell's side of cell_reading.h: does what the house says with open_here(), on bytes that it asks the house for.
#include <optional>

#include "formats/cell_messages.h"
#include "formats/cell_reading.h"

namespace pf::formats {
namespace {

using namespace message;

// The house's file, in pieces. Whoever reads on gets the next piece asked for before he has read this one, so that the
// house hands it over while he works.
class HouseFile final : public Source {
 public:
  HouseFile(cell::House& house, std::uint64_t size) : house_(house), size_(size) {}
  std::uint64_t size() const override { return size_; }
  void passes(unsigned times) override { house_.send(kPasses, cell::Packer().number(times).bytes()); }
  Result<std::string> read(std::uint64_t at, std::size_t count) override {
    if (at < piece_at_ || at >= piece_at_ + piece_.size()) {
      const bool on = at > 0 && at == piece_at_ + piece_.size();
      if (asked_ && next_at_ != at) wait_for_next();
      if (!asked_) ask(at);
      wait_for_next();
      piece_ = std::move(next_);
      piece_at_ = at;
      if (on && !piece_.empty()) ask(at + piece_.size());
    }
    return piece_.substr(static_cast<std::size_t>(at - piece_at_), count);
  }

  // What the house says of this file, and of batches.
  void listen() { take(house_.receive()); }
  void take(cell::Message&& said) {
    if (said.kind == kMore) {
      ++more_;
    } else if (said.kind == kEnough) {
      enough_ = true;
    } else if (said.kind == kBytes) {
      next_ = std::move(said.body);
      came_ = true;
    }
  }
  unsigned take_more() { return std::exchange(more_, 0); }
  bool enough() const { return enough_; }
  void begin() {
    more_ = 0;
    enough_ = false;
  }

 private:
  void ask(std::uint64_t at) {
    house_.send(kWant, cell::Packer().number(at).number(kWantBytes).bytes());
    next_at_ = at;
    asked_ = true;
  }
  void wait_for_next() {
    while (!came_) listen();
    came_ = asked_ = false;
  }
  cell::House& house_;
  const std::uint64_t size_;
  std::uint64_t piece_at_ = 0, next_at_ = 0;
  std::string piece_, next_;
  bool asked_ = false, came_ = false;
  unsigned more_ = 0;
  bool enough_ = false;
};

// Gathers what is read into batches, and waits when the house has enough of them.
class Batches {
 public:
  Batches(cell::House& house, HouseFile& file) : house_(house), file_(file) { file_.begin(); }
  cell::Packer& out() { return out_; }
  // Whether the house wants more.
  bool added() { return out_.bytes().size() < kBatchBytes ? !file_.enough() : flush(); }
  bool flush() {
    for (;;) {
      may_send_ += file_.take_more();
      if (may_send_ > 0 || file_.enough()) break;
      file_.listen();
    }
    if (file_.enough()) return false;
    if (out_.bytes().empty()) return true;
    --may_send_;
    house_.send(kBatch, out_.bytes());
    out_.clear();
    return true;
  }

 private:
  cell::House& house_;
  HouseFile& file_;
  cell::Packer out_;
  unsigned may_send_ = kBatchesAhead;
};

Error stopped() {
  return error(ErrorCode::gone, "Enough was seen.");
}

class Reader {
 public:
  Reader(cell::House& house, std::uint64_t size)
      : house_(house), file_(house, size), reading_(std::move(*open_here(file_))) {}

  void take(cell::Message&& said) { file_.take(std::move(said)); }
  Result<> obey(const cell::Message& command) {
    cell::Unpacker in(command.body);
    switch (command.kind) {
      case kOpen: {
        in.number();
        Written said;
        for (std::string* one : {&said.encoding, &said.delimiter, &said.quote, &said.keyed}) *one = in.text();
        return opened(reading_->open(said));
      }
      case kOpenEntry:
        return opened(reading_->open_entry(static_cast<std::size_t>(in.number())));
      case kTable: {
        TextTable table;
        if (in.byte() != 0) table.header = static_cast<std::size_t>(in.number());
        table.quoted = in.byte() != 0;
        return rows([&](const FileReading::TakeRow& take) { return reading_->table_rows(table, take); });
      }
      case kSheet: {
        const auto sheet = static_cast<std::size_t>(in.number());
        return rows([&](const FileReading::TakeRow& take) { return reading_->sheet_rows(sheet, take); });
      }
      case kXmlRows: {
        const auto path = static_cast<std::size_t>(in.number());
        return rows([&](const FileReading::TakeRow& take) { return reading_->xml_rows(path, take); });
      }
      case kValues: {
        Batches batches(house_, file_);
        return end_of(batches, reading_->json_values([&](JsonValue&& one) -> Result<ZipReader::Go> {
          batches.out().number(one.line).number(one.bytes).text(one.fault);
          pack_value(batches.out(), one.value);
          return batches.added() ? ZipReader::Go::on : ZipReader::Go::enough;
        }));
      }
      case kXmlRecords: {
        Batches batches(house_, file_);
        return end_of(batches, reading_->xml_records(
                                   static_cast<std::size_t>(in.number()), [&](XmlRecords::Record&& record) -> Result<> {
                                     batches.out().number(record.line).number(record.bytes).text(record.fault);
                                     pack_element(batches.out(), record.element);
                                     return batches.added() ? Result<>() : stopped();
                                   }));
      }
      case kEntryBytes: {
        Batches batches(house_, file_);
        return end_of(batches, reading_->entry_bytes(static_cast<std::size_t>(in.number()),
                                                     [&](std::string_view piece) -> Result<> {
                                                       batches.out().text(piece);
                                                       return batches.added() ? Result<>() : stopped();
                                                     }));
      }
      case kXmlTables:
        return xml_tables();
      case kXmlTable: {
        PF_LET(const XmlTable table, reading_->xml_table(static_cast<std::size_t>(in.number())));
        cell::Packer out;
        out.number(table.columns.size());
        for (const auto& column : table.columns) out.text(column.name).byte(column.list ? 1 : 0);
        house_.send(kDone, out.bytes());
        return {};
      }
      default:
        return error(ErrorCode::internal, "There is no such command.");
    }
  }

 private:
  template <class Read>
  Result<> rows(const Read& read) {
    Batches batches(house_, file_);
    return end_of(batches, read([&](TableRow&& row) -> Result<ZipReader::Go> {
                    pack_row(batches.out(), row);
                    return batches.added() ? ZipReader::Go::on : ZipReader::Go::enough;
                  }));
  }
  // What was gathered before an Error is sent before it.
  Result<> end_of(Batches& batches, const Result<>& how) {
    batches.flush();
    cell::Packer out;
    out.text(reading_->encoding());
    pack_error(out, how.ok() ? std::nullopt : std::optional(how.error()));
    house_.send(kDone, out.bytes());
    return {};
  }

  Result<> opened(const Result<OpenedFile>& read) {
    if (!read.ok()) return read.error();
    cell::Packer out;
    out.byte(static_cast<std::uint8_t>(read->kind)).text(read->first).text(read->start);
    out.byte(read->blank ? 1 : 0).byte(read->json ? 1 : 0);
    out.number(read->lines.size());
    for (const HeaderLine& line : read->lines) {
      out.number(line.line).number(line.cells.size());
      for (const std::string& one : line.cells) out.text(one);
    }
    pack_error(out, read->broken);
    out.number(read->sheets.size());
    for (const std::string& sheet : read->sheets) out.text(sheet);
    out.number(read->entries.size());
    for (const ZipEntry& entry : read->entries) out.text(entry.name).number(entry.bytes).byte(entry.folder ? 1 : 0);
    if (out.bytes().size() > cell::kMessageBytesMax)
      return error(ErrorCode::too_large,
                   "The archive's list of files is larger than 80 MiB. Split it and send its parts.");
    house_.send(kDone, out.bytes());
    return {};
  }

  Result<> xml_tables() {
    PF_LET(const XmlTables tables, reading_->xml_tables());
    cell::Packer out;
    out.text(tables.root).number(tables.paths.size());
    for (const XmlPath& path : tables.paths)
      out.number(path.parent)
          .text(path.name)
          .byte(static_cast<std::uint8_t>((path.attribute ? 1 : 0) | (path.text ? 2 : 0)))
          .number(path.count)
          .number(path.most_in_parent);
    out.number(tables.candidates.size());
    for (const std::size_t path : tables.candidates) out.number(path);
    pack_error(out, tables.broken);
    house_.send(kDone, out.bytes());
    return {};
  }

  cell::House& house_;
  HouseFile file_;
  std::unique_ptr<FileReading> reading_;
};

}  // namespace

void read_file_in_cell(cell::House& house) {
  std::optional<Reader> reader;
  for (;;) {
    cell::Message command = house.receive();
    if (reader && (command.kind == kMore || command.kind == kEnough || command.kind == kBytes)) {
      reader->take(std::move(command));  // of what has ended
      continue;
    }
    if (!reader) {
      cell::Unpacker size(command.body);
      reader.emplace(house, size.number());
    }
    if (const auto done = reader->obey(command); !done.ok()) house.send(done.error());
  }
}

}  // namespace pf::formats
