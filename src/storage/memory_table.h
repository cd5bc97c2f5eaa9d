// The changes that no table has yet, in key order: a skip list (Pugh 1990, "Skip lists: a probabilistic alternative to
// balanced trees") in place of RocksDB's own. Debian builds that one with its assertions, which compare each key twice
// more; and it forgets where the last key went, where a unit of work brings its keys in order. Only for this room.
#pragma once

#include <rocksdb/memtablerep.h>

#include <memory>

namespace pf::storage {

// For families in bytewise order, without prefix extractor, and one writer at a time
// (allow_concurrent_memtable_write = false); any number of readers beside it.
std::shared_ptr<rocksdb::MemTableRepFactory> memory_tables();

}  // namespace pf::storage
