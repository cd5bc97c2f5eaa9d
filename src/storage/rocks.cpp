#include "storage/rocks.h"

#include <rocksdb/cache.h>
#include <rocksdb/compaction_filter.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/merge_operator.h>
#include <rocksdb/sst_partitioner.h>
#include <rocksdb/table.h>
#include <sys/resource.h>

#include <thread>

#include "storage/memory_table.h"

namespace pf::storage {
namespace {

std::string_view view(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

class DeadRecords final : public rocksdb::CompactionFilter {
 public:
  explicit DeadRecords(const Family& family) : is_dead_(family.is_dead), is_empty_(family.is_empty) {}
  const char* Name() const override { return "productflow.dead_records"; }
  bool Filter(int, const rocksdb::Slice& key, const rocksdb::Slice& value, std::string*, bool*) const override {
    return (is_dead_ && is_dead_(view(key))) || (is_empty_ && is_empty_(view(value)));
  }

 private:
  std::function<bool(std::string_view)> is_dead_, is_empty_;
};

class DeadRecordsFactory final : public rocksdb::CompactionFilterFactory {
 public:
  explicit DeadRecordsFactory(const Family& family) : family_(family) {}
  const char* Name() const override { return "productflow.dead_records"; }
  bool ShouldFilterTableFileCreation(rocksdb::TableFileCreationReason reason) const override {
    return reason == rocksdb::TableFileCreationReason::kFlush ||
           reason == rocksdb::TableFileCreationReason::kCompaction;
  }
  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context&) override {
    return std::make_unique<DeadRecords>(family_);
  }

 private:
  Family family_;
};

class Merger final : public rocksdb::MergeOperator {
 public:
  explicit Merger(const Family& family) : rule_(*family.merge), fold_(family.fold) {}
  const char* Name() const override { return "productflow.merge"; }
  bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput* out) const override {
    std::optional<std::string_view> old_value;
    if (in.existing_value != nullptr) old_value = view(*in.existing_value);
    std::vector<std::string_view> operands;
    operands.reserve(in.operand_list.size());
    for (const rocksdb::Slice& operand : in.operand_list) operands.push_back(view(operand));
    out->new_value = rule_(old_value, operands);
    return true;
  }
  bool PartialMergeMulti(const rocksdb::Slice&, const std::deque<rocksdb::Slice>& list, std::string* out,
                         rocksdb::Logger*) const override {
    out->clear();
    if (fold_) {
      std::vector<std::string_view> operands;
      for (const rocksdb::Slice& operand : list) operands.push_back(view(operand));
      *out = fold_(operands);
      return true;
    }
    for (const rocksdb::Slice& operand : list) out->append(operand.data(), operand.size());
    return true;
  }

 private:
  MergeRule rule_;
  FoldRule fold_;
};

// Who asks and who imports come before merges, which must keep up all the same: beside threads that take all they can
// get, one of this niceness has a quarter of its share, and an import leaves more than that idle. With RocksDB's own
// lowest priority (19) new tables piled up until writes were held back.
class GentleMerges final : public rocksdb::EventListener {
 public:
  void OnCompactionBegin(rocksdb::DB*, const rocksdb::CompactionJobInfo&) override {
    thread_local const bool gentle = ::setpriority(PRIO_PROCESS, 0, kNiceness) == 0;  // of this thread alone
    static_cast<void>(gentle);
  }

 private:
  static constexpr int kNiceness = 5;
};

}  // namespace

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.allow_concurrent_memtable_write = false;  // memory_table.h; all writes are under one lock anyway
  // A flush and two merges at once: behind one merge of the largest family the new tables of all others would pile up
  // until writes are held back, which took a third of the time of an import into 400,000 products.
  options.max_background_jobs = 3;
  options.listeners.push_back(std::make_shared<GentleMerges>());
  // A torn end of the log was never acknowledged; damage before it must stop the start, not silently drop the rest.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.atomic_flush = true;  // a flush of all families drops the whole log (security.md 2.2)
  options.max_total_wal_size = kLogBytesMax;
  options.db_write_buffer_size = kAllBuffersBytes;
  options.WAL_ttl_seconds = 0;  // an archive would keep what was purged
  options.WAL_size_limit_MB = 0;
  options.recycle_log_file_num = 0;
  options.max_open_files = -1;  // needed by ttl and periodic compaction
  // Every change of the set of tables starts a new manifest: an old one names the first and last keys of tables that
  // are gone, and among those are search tokens of buyers that are erased.
  options.max_manifest_file_size = 1;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 1u << 20;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.bytes_per_sync = 1u << 20;
  options.skip_stats_update_on_db_open = true;
  return options;
}

rocksdb::ColumnFamilyOptions family_options(const Family& family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.memtable_factory = memory_tables();
  options.write_buffer_size = kFamilyBufferBytes;
  options.max_write_buffer_number = 3;
  options.level0_file_num_compaction_trigger = kNewTables;
  options.level0_slowdown_writes_trigger = 4 * kNewTablesOfLongRow;
  options.level0_stop_writes_trigger = 6 * kNewTablesOfLongRow;
  options.level_compaction_dynamic_level_bytes = true;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  // A look-up unpacks one block, a walk all of them.
  const bool walked = family.kind == Family::Kind::walked;
  table.block_size = walked ? 16u << 10 : 4u << 10;
  if (!walked) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));  // 1 % false positives
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  if (family.merge) options.merge_operator = std::make_shared<Merger>(family);

  if (family.kind == Family::Kind::sealed) {  // security.md 2.4
    options.compression = rocksdb::kNoCompression;
    options.bottommost_compression = rocksdb::kNoCompression;
    options.periodic_compaction_seconds = 86'400;
    options.ttl = 86'400;
    if (family.cut_bytes > 0)
      options.sst_partitioner_factory = rocksdb::NewSstPartitionerFixedPrefixFactory(family.cut_bytes);
  } else {
    // Zstandard would make tables a fifth smaller, and a read from one of them three times as long.
    options.compression = rocksdb::kLZ4Compression;
    // What is new is merged soon, and compressed then.
    options.compression_per_level = {rocksdb::kNoCompression, rocksdb::kLZ4Compression};
  }
  if (family.is_dead || family.is_empty)
    options.compaction_filter_factory = std::make_shared<DeadRecordsFactory>(family);
  return options;
}

Error storage_error(const rocksdb::Status& status, std::string_view doing) {
  const std::string what = "Storage failed while " + std::string(doing) + ": ";
  if (status.IsNoSpace())
    return error(ErrorCode::storage_full, what + "the disk is full. Free some space and start ProductFlow again.");
  if (status.IsCorruption())
    return error(ErrorCode::internal, what + "damaged data was found. Stop ProductFlow and restore a backup.");
  if (status.IsIOError())
    return error(ErrorCode::internal,
                 what + "the disk reported an error. Check the disk, then start ProductFlow again.");
  return error(ErrorCode::internal, what + status.ToString());
}

}  // namespace pf::storage
