// A snapshot, listed with the store while it is held, so that a purge can say whom it waits for. Only for this room.
#pragma once

#include "storage/store_inside.h"

namespace pf::storage {

struct Read::Impl {
  Store::Impl& store;
  const rocksdb::Snapshot* snapshot;
  rocksdb::ReadOptions options{};
  std::multimap<std::chrono::steady_clock::time_point, const void*>::iterator listed{};

  explicit Impl(Store::Impl& s) : store(s), snapshot(s.db->GetSnapshot()) {
    options.snapshot = snapshot;
    const std::lock_guard lock(store.reads_mutex);
    listed = store.reads.emplace(std::chrono::steady_clock::now(), this);
  }
  ~Impl() {
    store.db->ReleaseSnapshot(snapshot);
    const std::lock_guard lock(store.reads_mutex);
    store.reads.erase(listed);
  }
};

}  // namespace pf::storage
