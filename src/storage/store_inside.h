// What the store's own files share: cursors, the open database and its group commit. Only for this room.
//
// Invariants (any file of this room that writes keeps them)
//  1. At most one thread decides (`writer`). Batches reach the log in the order they were decided.
//  2. `appended` counts batches in the log, `durable` those covered by an fsync; write() returns only when its own
//     batch, and every one it saw, is durable.
//  3. After a failed fsync nothing is written any more: what is on disk is unknown until the next start.
#pragma once

#include <rocksdb/db.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>

#include "storage/disk_guard.h"
#include "storage/folder_lock.h"
#include "storage/long_work.h"
#include "storage/rocks.h"
#include "storage/store.h"

namespace pf::storage {

namespace fs = std::filesystem;

// Stored on disk: the store's own family, and its keys.
inline constexpr std::string_view kMetaFamily = "meta";
inline constexpr std::string_view kFormatKey = "format";  // kFormatVersion, decimal
inline constexpr std::string_view kRolledKey = "rolled";  // of no meaning (forget_old_tables)

inline std::string_view view(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}
inline rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

// What a live table file of one family spans.
inline bool overlaps(const rocksdb::LiveFileMetaData& file, std::string_view from, std::string_view to) {
  return (to.empty() || file.smallestkey < to) && file.largestkey >= from;
}

struct Cursor::Impl {
  std::string from, to;
  rocksdb::Slice from_slice, to_slice;
  std::unique_ptr<rocksdb::Iterator> it;
};

struct Store::Impl {
  Impl(fs::path folder_path, FolderLock held, const OpenOptions& options)
      : folder(std::move(folder_path)), lock(std::move(held)), guard(folder, options.free_bytes_reserve) {}
  ~Impl() {
    if (db && unflushed_bytes() > kReplayedBytes && guard.may_write().ok()) static_cast<void>(flush());
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
    if (db) db->Close();
  }

  fs::path folder;
  FolderLock lock;  // released last
  DiskGuard guard;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  // all of them, to be given back
  std::vector<rocksdb::ColumnFamilyHandle*> by_ref;   // FamilyRef::index -> handle
  std::map<std::string, std::uint32_t, std::less<>> refs;
  std::map<std::uint32_t, MergeRule> merge_rules;  // by FamilyRef::index
  std::map<std::uint32_t, FoldRule> fold_rules;    // by FamilyRef::index

  class Prepared;
  using Snapshot = Read::Impl;      // reads.h; for those of this room whom Read does not know
  LongWork long_work;               // a purge, or units of work that are being prepared. Begun before `writer` is taken
  std::mutex writer;                // invariant 1; guards the one below
  std::vector<Prepared*> prepared;  // that want to know what others keep
  std::atomic<std::uint64_t> appended{0};
  std::mutex sync_mutex;  // guards the four below
  std::condition_variable synced;
  std::uint64_t durable = 0;
  bool syncing = false;
  std::optional<Error> broken;  // invariant 3
  std::atomic<std::uint64_t> fsyncs{0};

  std::mutex long_rows_mutex;  // guards the two below
  int long_rows = 0;
  std::vector<std::uint32_t> long_row_families;  // by FamilyRef::index
  mutable std::mutex reads_mutex;                // guards `reads`
  std::multimap<std::chrono::steady_clock::time_point, const void*> reads;
  std::mutex copies_mutex;
  std::vector<fs::path> copies;  // checkpoints, of which some may be there still: their files are ours

  rocksdb::ColumnFamilyHandle* handle(FamilyRef ref) const { return by_ref.at(ref.index); }

  Result<> fault() {
    const std::lock_guard guard_lock(sync_mutex);
    if (broken) return *broken;
    return {};
  }

  // Long rows of units of work, each once at its begin and end: as long as there is one, new tables of the families
  // that the first one merges into, which are indexes, wait longer to be merged, and the log may be longer. No more
  // than speed depends on it. RocksDB writes, syncs and reads again all options of all families for each that is set.
  void long_row(bool begins, const std::vector<std::uint32_t>& merged = {}) {
    const std::lock_guard counting(long_rows_mutex);
    long_rows += begins ? 1 : -1;
    if (long_rows != (begins ? 1 : 0)) return;
    if (begins) long_row_families = merged;
    const std::string log = std::to_string(begins ? kLogBytesMaxOfLongRow : kLogBytesMax);
    static_cast<void>(db->SetDBOptions({{"max_total_wal_size", log}}));
    const std::string tables = std::to_string(begins ? kNewTablesOfLongRow : kNewTables);
    for (const std::uint32_t family : long_row_families)
      static_cast<void>(db->SetOptions(by_ref.at(family), {{"level0_file_num_compaction_trigger", tables}}));
  }

  Result<std::uint64_t> append(rocksdb::WriteBatch& batch, std::size_t bytes);
  // Looks records up, and tells each that is there by its place among `keys`, in any order.
  using Found = std::function<void(std::size_t, const rocksdb::Slice&)>;
  Result<> look_up(const rocksdb::ReadOptions& options, FamilyRef family, std::span<const rocksdb::Slice> keys,
                   const Found& found) const;
  void tell_prepared(const Write::Impl& work);

  // Group commit: whoever comes first syncs for everybody whose batch is in the log by then.
  Result<> wait_until_durable(std::uint64_t ticket) {
    std::unique_lock lock_sync(sync_mutex);
    while (durable < ticket) {
      if (broken) return *broken;
      if (syncing) {
        synced.wait(lock_sync);
        continue;
      }
      syncing = true;
      const std::uint64_t covered = appended.load();
      lock_sync.unlock();
      const rocksdb::Status status = db->SyncWAL();
      ++fsyncs;
      lock_sync.lock();
      syncing = false;
      if (status.ok())
        durable = std::max(durable, covered);
      else
        broken = storage_error(status, "writing to the disk");
      synced.notify_all();
    }
    return {};
  }

  std::uint64_t unflushed_bytes() const {
    std::uint64_t sum = 0;
    for (auto* family : handles) {
      std::uint64_t bytes = 0;
      if (db->GetIntProperty(family, rocksdb::DB::Properties::kCurSizeActiveMemTable, &bytes)) sum += bytes;
    }
    return sum;
  }

  Result<> flush() {
    rocksdb::FlushOptions options;
    options.wait = true;
    const auto status = db->Flush(options, handles);
    if (!status.ok()) return storage_error(status, "writing tables");
    return {};
  }

  // After a compaction: a new manifest begins with the tables as they were before the change that begins it, so it
  // takes one more change, however small, until none names the old tables' keys.
  Result<> forget_old_tables() {
    {
      const std::lock_guard writing(writer);
      PF_TRY(fault());
      const auto status =
          db->Put(rocksdb::WriteOptions(), by_ref.at(refs.find(kMetaFamily)->second), slice(kRolledKey), "");
      if (!status.ok()) return storage_error(status, "purging");
      ++appended;
    }
    return flush();
  }

  // A checkpoint on the same file system shares our files: what is purged here lives on there.
  bool is_copied() {
    const std::lock_guard lock_copies(copies_mutex);
    std::error_code fault;
    std::erase_if(copies, [&](const fs::path& copy) { return !fs::exists(copy, fault); });
    return !copies.empty();
  }

  std::vector<rocksdb::LiveFileMetaData> live_files(std::span<const FamilyRef> families, std::string_view from,
                                                    std::string_view to) const {
    std::vector<rocksdb::LiveFileMetaData> all, wanted;
    db->GetLiveFilesMetaData(&all);
    for (const FamilyRef ref : families)
      for (const auto& file : all)
        if (file.column_family_name == handle(ref)->GetName() && overlaps(file, from, to)) wanted.push_back(file);
    return wanted;
  }
};

}  // namespace pf::storage
