// The recipe that takes a range of records off the disk: out of tables, out of the log (security.md 2.4).
#include <rocksdb/convenience.h>

#include "storage/reads.h"

namespace pf::storage {
namespace {

constexpr std::string_view kCopied = "a copy of the database is being made and holds the old files; they go with it";

}  // namespace

Result<PurgeFigures> Store::purge_range(std::span<const FamilyRef> families, std::string_view from,
                                        std::string_view to) {
  const std::lock_guard alone(impl_->long_work);
  PurgeFigures figures;
  {
    const Read now = read();
    for (const FamilyRef family : families)
      for (auto row = now.scan(family, from, to); row.valid(); row.next()) ++figures.records_dropped;
  }
  for (const auto& file : impl_->live_files(families, from, to)) figures.bytes_dropped += file.size;
  figures.files_dropped = impl_->live_files(families, from, to).size();

  PF_TRY(flush_all());  // 1: the log lets go of the records
  const rocksdb::Slice begin = slice(from), end = slice(to);
  for (const FamilyRef family : families) {
    auto* handle = impl_->handle(family);
    const rocksdb::RangePtr range(&begin, to.empty() ? nullptr : &end);
    auto status = rocksdb::DeleteFilesInRanges(impl_->db.get(), handle, &range, 1,
                                               /*include_end=*/false);  // 2: whole files at once
    if (!status.ok()) return storage_error(status, "dropping purged files");
    if (!to.empty()) {
      const std::lock_guard writing(impl_->writer);
      PF_TRY(impl_->fault());
      status =
          impl_->db->DeleteRange(rocksdb::WriteOptions(), handle, begin, end);  // 3: what shares a file with the living
      if (!status.ok()) return storage_error(status, "purging");
      ++impl_->appended;
    }
    rocksdb::CompactRangeOptions options;
    options.exclusive_manual_compaction = true;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    status = impl_->db->CompactRange(options, handle, &begin, to.empty() ? nullptr : &end);
    if (!status.ok()) return storage_error(status, "purging");
  }
  PF_TRY(impl_->forget_old_tables());  // 4: the log that carries the deletion goes too, and the manifest that names the
                                       // tables

  // 5: look
  const auto left = impl_->live_files(families, from, to);
  const bool copied = impl_->is_copied();
  std::uint64_t snapshots = 0;
  impl_->db->GetIntProperty(rocksdb::DB::Properties::kNumSnapshots, &snapshots);
  if (snapshots > 0)
    figures.remaining =
        std::to_string(snapshots) + " reads are open and may still hold the old files; they go when those end";
  else if (!left.empty())
    figures.remaining = std::to_string(left.size()) + " table files still span the purged range";
  else if (copied)
    figures.remaining = std::string(kCopied);
  figures.clean = figures.remaining.empty();
  return figures;
}

Result<PurgeFigures> Store::rewrite_range(FamilyRef family, std::string_view from, std::string_view to) {
  const std::lock_guard alone(impl_->long_work);
  PF_TRY(flush_all());
  const rocksdb::Slice begin = slice(from), end = slice(to);
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = true;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const auto status = impl_->db->CompactRange(options, impl_->handle(family), &begin, to.empty() ? nullptr : &end);
  if (!status.ok()) return storage_error(status, "rewriting tables");
  PF_TRY(impl_->forget_old_tables());
  PurgeFigures figures;
  std::uint64_t snapshots = 0;
  impl_->db->GetIntProperty(rocksdb::DB::Properties::kNumSnapshots, &snapshots);
  if (snapshots > 0)
    figures.remaining =
        std::to_string(snapshots) + " reads are open and may still hold the old files; they go when those end";
  else if (impl_->is_copied())
    figures.remaining = std::string(kCopied);
  figures.clean = figures.remaining.empty();
  return figures;
}

}  // namespace pf::storage
