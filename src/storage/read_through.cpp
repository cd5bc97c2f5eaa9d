#include "storage/read_through.h"

#include <rocksdb/merge_operator.h>
#include <rocksdb/sst_file_reader.h>

#include <fstream>

namespace pf::storage {
namespace {

namespace fs = std::filesystem;
using Look = std::function<void(std::string_view)>;

constexpr std::size_t kPieceBytes = 1u << 20;

// Shows operands one by one instead of merging them: what they mean does not matter here.
class Shown final : public rocksdb::MergeOperator {
 public:
  explicit Shown(const Look& look) : look_(look) {}
  const char* Name() const override { return "productflow.merge"; }
  bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput*) const override {
    if (in.existing_value != nullptr) look_({in.existing_value->data(), in.existing_value->size()});
    for (const rocksdb::Slice& operand : in.operand_list) look_({operand.data(), operand.size()});
    return true;
  }

 private:
  const Look& look_;
};

Error cannot_read(const fs::path& file) {
  return error(ErrorCode::unavailable, "The file " + file.string() + " cannot be read. Check its owner and the disk.");
}

bool is_gone(const fs::path& file) {
  std::error_code fault;
  return !fs::exists(file, fault);
}

Result<> unpack_table(const fs::path& file, const Look& look) {
  rocksdb::Options options;
  options.merge_operator = std::make_shared<Shown>(look);
  rocksdb::SstFileReader reader(options);
  if (!reader.Open(file.string()).ok()) return cannot_read(file);
  rocksdb::ReadOptions read;
  read.ignore_range_deletions = true;  // what is only marked as deleted is still there
  read.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> row(reader.NewIterator(read));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    look({row->key().data(), row->key().size()});
    look({row->value().data(), row->value().size()});
  }
  return row->status().ok() ? Result<>() : Result<>(cannot_read(file));
}

// A log is blocks of 32 KiB; in each, pieces of records behind a head of 7 bytes (crc 4, length 2, type 1: whole,
// first, middle, last). As in RocksDB's db/log_format.h.
void join_log(std::string_view log, const Look& look) {
  constexpr std::size_t kBlock = 32u << 10, kHead = 7;
  enum { whole = 1, first = 2, middle = 3, last = 4 };
  std::string record;
  for (std::size_t block = 0; block < log.size(); block += kBlock) {
    std::string_view rest = log.substr(block, kBlock);
    while (rest.size() > kHead) {
      const std::size_t length =
          static_cast<unsigned char>(rest[4]) | static_cast<unsigned>(static_cast<unsigned char>(rest[5])) << 8;
      const int type = rest[6];
      if (type < whole || type > last || length > rest.size() - kHead) break;  // the rest of a block is filled up
      if (type == whole || type == first) record.clear();
      record.append(rest.substr(kHead, length));
      if (type == whole || type == last) look(record);
      rest.remove_prefix(kHead + length);
    }
  }
}

}  // namespace

Result<bool> read_through(const fs::path& file, std::size_t overlap, const Look& look) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    if (is_gone(file)) return false;
    return cannot_read(file);
  }
  const std::string name = file.filename().string();
  const bool log = name.ends_with(".log") || name.starts_with("MANIFEST-");
  std::string piece, whole_log;
  std::string buffer(kPieceBytes, '\0');
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const std::string_view got(buffer.data(), static_cast<std::size_t>(in.gcount()));
    if (got.empty()) break;
    piece.append(got);
    look(piece);
    piece.erase(0, piece.size() - std::min(piece.size(), overlap));
    if (log) whole_log.append(got);
  }
  if (in.bad()) return cannot_read(file);
  if (log) join_log(whole_log, look);
  if (name.ends_with(".sst")) {
    const auto unpacked = unpack_table(file, look);
    if (!unpacked.ok() && !is_gone(file)) return unpacked.error();
  }
  return true;
}

}  // namespace pf::storage
