// How a Family becomes a RocksDB column family, and how a Status becomes an Error. Only for this room.
#pragma once

#include <rocksdb/options.h>
#include <rocksdb/status.h>

#include "storage/store.h"

namespace pf::storage {

// One for the whole process: the memory budget of reads.
// At a million products, half of which are asked about, a third of the index.
inline constexpr std::size_t kBlockCacheBytes = 128u << 20;
// A family's share of changes that no table has yet, and of all families together. Only a long row of units of work
// comes near: else the log's bound below is reached before (quality.md: < 64 MiB idle).
inline constexpr std::size_t kFamilyBufferBytes = 48u << 20;
inline constexpr std::size_t kAllBuffersBytes = 96u << 20;
// A store that closes with more than this in its log writes tables first: to replay that at the next start takes longer
// than all the rest of a start.
inline constexpr std::uint64_t kReplayedBytes = 1u << 20;
// Bounds how long purged bytes may stay in a log (security.md 2.4).
// In a long row it may be more: each time the log is full, all families write tables, and what is changed over and
// over, which terms of an index are, is written once for each. Of 200,000 imported products of 1.8 kB this saves a
// seventh of the processor's time; 100 MiB saved no more. A purge writes tables first and so waits for neither.
inline constexpr std::uint64_t kLogBytesMax = 16u << 20, kLogBytesMaxOfLongRow = 44u << 20;

// New tables of a family wait until there are so many, since each time they are merged the whole of the next level is
// written anew: of 300,000 imported products 8 instead of RocksDB's 4 save a twelfth of the processor's time, 20 a
// tenth more. A read looks into all of them, so it is 20 only as long as a row of units of work is long.
inline constexpr int kNewTables = 8, kNewTablesOfLongRow = 20;
// So much was kept in one row of units: some 10,000 products.
inline constexpr std::size_t kLongRowBytes = 32u << 20;

rocksdb::DBOptions database_options();
rocksdb::ColumnFamilyOptions family_options(const Family& family, const std::shared_ptr<rocksdb::Cache>& cache);
Error storage_error(const rocksdb::Status& status, std::string_view doing);

}  // namespace pf::storage
