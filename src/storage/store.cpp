// Invariants
//  1. At most one thread is inside a unit of work (writer_). Batches reach the log in the order they were decided.
//  2. `appended_` counts batches in the log, `durable_` those covered by an fsync; write() returns only when its own
//     batch is durable.
//  3. After a failed fsync nothing is written any more: what is on disk is unknown until the next start.
#include "storage/store.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/utilities/write_batch_with_index.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory_resource>
#include <mutex>
#include <unordered_map>

#include "productflow/text.h"
#include "storage/disk_guard.h"
#include "storage/folder_lock.h"
#include "storage/rocks.h"

namespace pf::storage {
namespace {

namespace fs = std::filesystem;

// Stored on disk in family "meta" under "format": raise it only together with a step in kMigrations.
constexpr int kFormatVersion = 1;
constexpr std::string_view kMetaFamily = "meta";
constexpr std::string_view kFormatKey = "format";

constexpr std::string_view kCopied = "a copy of the database is being made and holds the old files; they go with it";

std::string_view view(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}
rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

// The first key after every key that starts with `prefix`; empty if there is none.
std::string after_prefix(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(end.back() + 1);
  return end;
}

// What a live table file of one family spans.
bool overlaps(const rocksdb::LiveFileMetaData& file, std::string_view from, std::string_view to) {
  return (to.empty() || file.smallestkey < to) && file.largestkey >= from;
}

}  // namespace

// ---- cursors

struct Cursor::Impl {
  std::string from, to;
  rocksdb::Slice from_slice, to_slice;
  std::unique_ptr<rocksdb::Iterator> it;
};
Cursor::Cursor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Cursor::Cursor(Cursor&&) noexcept = default;
Cursor& Cursor::operator=(Cursor&&) noexcept = default;
Cursor::~Cursor() = default;
void Cursor::seek(std::string_view key) {
  impl_->it->Seek(slice(std::max(key, std::string_view(impl_->from))));
}
void Cursor::seek_for_prev(std::string_view key) {
  if (!impl_->to.empty() && key >= impl_->to) {
    impl_->it->SeekToLast();
  } else {
    impl_->it->SeekForPrev(slice(key));
  }
}
void Cursor::next() {
  impl_->it->Next();
}
void Cursor::prev() {
  impl_->it->Prev();
}
bool Cursor::valid() const {
  // A batch's own iterator does not know our bounds, so they are checked here for both kinds.
  return impl_->it->Valid() && view(impl_->it->key()) >= impl_->from &&
         (impl_->to.empty() || view(impl_->it->key()) < impl_->to);
}
std::string_view Cursor::key() const {
  return view(impl_->it->key());
}
std::string_view Cursor::value() const {
  return view(impl_->it->value());
}

Cursor Reader::scan_prefix(FamilyRef family, std::string_view prefix) const {
  return scan(family, prefix, after_prefix(prefix));
}

// ---- the store's inside

struct Store::Impl {
  Impl(fs::path folder_path, FolderLock held, const OpenOptions& options)
      : folder(std::move(folder_path)), lock(std::move(held)), guard(folder, options.free_bytes_reserve) {}
  ~Impl() {
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
    if (db) db->Close();
  }

  fs::path folder;
  FolderLock lock;  // released last
  DiskGuard guard;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  // all of them, in the order opened
  std::vector<rocksdb::ColumnFamilyHandle*> by_ref;   // FamilyRef::index -> handle
  std::map<std::string, std::uint32_t, std::less<>> refs;
  std::map<std::uint32_t, MergeRule> merge_rules;  // by FamilyRef::index

  std::mutex writer;  // invariant 1
  std::atomic<std::uint64_t> appended{0};
  std::mutex sync_mutex;  // guards the four below
  std::condition_variable synced;
  std::uint64_t durable = 0;
  bool syncing = false;
  std::optional<Error> broken;  // invariant 3
  std::atomic<std::uint64_t> fsyncs{0};

  mutable std::mutex reads_mutex;  // guards `reads`
  std::multimap<std::chrono::steady_clock::time_point, const void*> reads;
  std::mutex purge_mutex;  // one purge at a time
  std::mutex copies_mutex;
  std::vector<fs::path> copies;  // checkpoints, of which some may be there still: their files are ours

  rocksdb::ColumnFamilyHandle* handle(FamilyRef ref) const { return by_ref.at(ref.index); }

  Result<> fault() {
    const std::lock_guard guard_lock(sync_mutex);
    if (broken) return *broken;
    return {};
  }

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

// ---- reads

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
Read::Read(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Read::Read(Read&&) noexcept = default;
Read::~Read() = default;

Result<std::optional<std::string>> Read::get(FamilyRef family, std::string_view key) const {
  std::string value;
  const auto status = impl_->store.db->Get(impl_->options, impl_->store.handle(family), slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return storage_error(status, "reading");
  return std::optional<std::string>(std::move(value));
}

Result<std::vector<std::optional<std::string>>> Read::get_many(FamilyRef family,
                                                               std::span<const std::string> keys) const {
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const std::string& key : keys) slices.push_back(slice(key));
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  impl_->store.db->MultiGet(impl_->options, impl_->store.handle(family), slices.size(), slices.data(), values.data(),
                            statuses.data());
  std::vector<std::optional<std::string>> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok())
      out[i] = values[i].ToString();
    else if (!statuses[i].IsNotFound())
      return storage_error(statuses[i], "reading");
  }
  return out;
}

Cursor Read::scan(FamilyRef family, std::string_view from, std::string_view to) const {
  auto impl = std::make_unique<Cursor::Impl>();
  impl->from = from;
  impl->to = to;
  impl->from_slice = impl->from;
  impl->to_slice = impl->to;
  rocksdb::ReadOptions options = impl_->options;
  options.iterate_lower_bound = &impl->from_slice;
  if (!impl->to.empty()) options.iterate_upper_bound = &impl->to_slice;
  impl->it.reset(impl_->store.db->NewIterator(options, impl_->store.handle(family)));
  impl->it->Seek(impl->from_slice);
  return Cursor(std::move(impl));
}

// ---- units of work

// A unit of work remembers what it changes by hash: most of what is written is never read again in the same unit, and
// an indexed batch pays an ordered insert for each. Only a unit that walks a family gets an ordered view of it.
struct Write::Impl {
  template <class Value>
  using ByKey = std::pmr::unordered_map<std::string_view, Value>;  // keys, values and nodes are in `arena`

  // Merges of one key wait here, oldest first, and enter the log as one: a batch of an import changes the same few
  // thousand terms over and over.
  struct Operand {
    std::string_view bytes;
    Operand* next = nullptr;
  };
  struct Operands {
    Operand first{}, *last = nullptr;
    std::size_t count = 0;
    std::vector<std::string_view> views() const {
      std::vector<std::string_view> out;
      out.reserve(count);
      for (const Operand* one = &first; one != nullptr; one = one->next) out.push_back(one->bytes);
      return out;
    }
  };
  struct Changes {
    ByKey<std::optional<std::string_view>> records;  // nothing: erased
    ByKey<Operands> merges;                          // onto what `records` or the disk has
    bool walked = false;                             // its records are in `walk` too
    explicit Changes(std::pmr::memory_resource* from) : records(from), merges(from) {}
  };

  Store::Impl& store;
  std::pmr::monotonic_buffer_resource arena;  // freed at once with the unit
  std::vector<Changes> families{};            // by FamilyRef::index
  std::unique_ptr<rocksdb::WriteBatchWithIndex> walk{};
  std::size_t bytes = 0;
  std::vector<std::function<void()>> afterwards{};

  explicit Impl(Store::Impl& s) : store(s) {
    families.reserve(s.by_ref.size());
    for (std::size_t i = 0; i < s.by_ref.size(); ++i) families.emplace_back(&arena);
  }

  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* copy = static_cast<char*>(arena.allocate(text.size(), 1));
    std::ranges::copy(text, copy);
    bytes += text.size();
    return {copy, text.size()};
  }
  void set(FamilyRef family, std::string_view key, std::optional<std::string_view> value) {
    Changes& changes = families.at(family.index);
    if (!changes.merges.empty()) changes.merges.erase(key);
    auto known = changes.records.find(key);
    if (known == changes.records.end()) known = changes.records.emplace(keep(key), std::nullopt).first;
    known->second = value ? std::optional(keep(*value)) : std::nullopt;
    if (changes.walked) show(family, key, value);
  }
  void merge(FamilyRef family, std::string_view key, std::string_view operand) {
    auto& merges = families.at(family.index).merges;
    const auto known = merges.find(key);
    if (known == merges.end()) {
      merges.emplace(keep(key), Operands{.first = {.bytes = keep(operand)}, .last = nullptr, .count = 1});
      return;
    }
    Operands& waiting = known->second;
    auto* added = new (arena.allocate(sizeof(Operand), alignof(Operand))) Operand{.bytes = keep(operand)};
    (waiting.last != nullptr ? waiting.last->next : waiting.first.next) = added;
    waiting.last = added;
    ++waiting.count;
  }
  void show(FamilyRef family, std::string_view key, const std::optional<std::string_view>& record) {
    if (record)
      walk->Put(store.handle(family), slice(key), slice(*record));
    else
      walk->Delete(store.handle(family), slice(key));
  }
  // What the waiting merges make of a record.
  void merge_into(FamilyRef family, std::string_view key, std::optional<std::string>& record) const {
    const auto& merges = families[family.index].merges;
    if (merges.empty()) return;
    const auto waiting = merges.find(key);
    if (waiting == merges.end()) return;
    record = store.merge_rules.at(family.index)
                 .full(record ? std::optional<std::string_view>(*record) : std::nullopt, waiting->second.views());
  }
  // Everything as one batch, in key order, which the memtable takes fastest.
  void collect(rocksdb::WriteBatch& batch) const {
    const auto in_order = [](const auto& map) {
      std::vector<typename std::decay_t<decltype(map)>::const_pointer> order;
      order.reserve(map.size());
      for (const auto& entry : map) order.push_back(&entry);
      std::ranges::sort(order, [](const auto* a, const auto* b) { return a->first < b->first; });
      return order;
    };
    for (std::uint32_t i = 0; i < families.size(); ++i) {
      auto* handle = store.by_ref[i];
      for (const auto* entry : in_order(families[i].records))
        if (entry->second)
          batch.Put(handle, slice(entry->first), slice(*entry->second));
        else
          batch.Delete(handle, slice(entry->first));
      for (const auto* entry : in_order(families[i].merges)) {
        const Operands& waiting = entry->second;
        const auto one = waiting.count > 1 ? store.merge_rules.at(i).combine(waiting.views()) : std::nullopt;
        if (one)
          batch.Merge(handle, slice(entry->first), *one);
        else
          for (const Operand* each = &waiting.first; each != nullptr; each = each->next)
            batch.Merge(handle, slice(entry->first), slice(each->bytes));
      }
    }
  }
};
Write::Write(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Write::~Write() = default;

Result<std::optional<std::string>> Write::get(FamilyRef family, std::string_view key) const {
  const auto& records = impl_->families.at(family.index).records;
  std::optional<std::string> found;
  if (const auto known = records.find(key); known != records.end()) {
    if (known->second) found = std::string(*known->second);
  } else {
    std::string value;
    const auto status = impl_->store.db->Get(rocksdb::ReadOptions(), impl_->store.handle(family), slice(key), &value);
    if (!status.ok() && !status.IsNotFound()) return storage_error(status, "reading");
    if (status.ok()) found = std::move(value);
  }
  impl_->merge_into(family, key, found);
  return found;
}

Result<std::vector<std::optional<std::string>>> Write::get_many(FamilyRef family,
                                                                std::span<const std::string> keys) const {
  const auto& records = impl_->families.at(family.index).records;
  std::vector<std::optional<std::string>> out(keys.size());
  std::vector<rocksdb::Slice> wanted;
  std::vector<std::size_t> of_wanted;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const auto known = records.find(keys[i]); known != records.end()) {
      if (known->second) out[i] = std::string(*known->second);
    } else {
      wanted.push_back(slice(keys[i]));
      of_wanted.push_back(i);
    }
  }
  std::vector<rocksdb::PinnableSlice> values(wanted.size());
  std::vector<rocksdb::Status> statuses(wanted.size());
  impl_->store.db->MultiGet(rocksdb::ReadOptions(), impl_->store.handle(family), wanted.size(), wanted.data(),
                            values.data(), statuses.data());
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    if (statuses[k].ok())
      out[of_wanted[k]] = values[k].ToString();
    else if (!statuses[k].IsNotFound())
      return storage_error(statuses[k], "reading");
  }
  for (std::size_t i = 0; i < keys.size(); ++i) impl_->merge_into(family, keys[i], out[i]);
  return out;
}

Cursor Write::scan(FamilyRef family, std::string_view from, std::string_view to) const {
  Impl::Changes& changes = impl_->families.at(family.index);
  if (!impl_->walk)
    impl_->walk =
        std::make_unique<rocksdb::WriteBatchWithIndex>(rocksdb::BytewiseComparator(), 0, /*overwrite_key=*/true);
  if (!changes.walked) {
    changes.walked = true;
    for (const auto& [key, record] : changes.records) impl_->show(family, key, record);
  }
  // A walk cannot look at what waits, so this family's merges become plain records first.
  if (!changes.merges.empty()) {
    std::vector<std::pair<std::string, std::string>> settled;
    for (const auto& [key, operands] : changes.merges)
      if (auto value = get(family, key); value.ok() && *value) settled.emplace_back(key, **value);
    changes.merges.clear();
    for (const auto& [key, value] : settled) impl_->set(family, key, value);
  }
  auto impl = std::make_unique<Cursor::Impl>();
  impl->from = from;
  impl->to = to;
  impl->from_slice = impl->from;
  impl->to_slice = impl->to;
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &impl->from_slice;
  if (!impl->to.empty()) options.iterate_upper_bound = &impl->to_slice;
  auto* handle = impl_->store.handle(family);
  impl->it.reset(impl_->walk->NewIteratorWithBase(handle, impl_->store.db->NewIterator(options, handle), &options));
  impl->it->Seek(impl->from_slice);
  return Cursor(std::move(impl));
}

void Write::put(FamilyRef family, std::string_view key, std::string_view value) {
  impl_->set(family, key, value);
}
void Write::erase(FamilyRef family, std::string_view key) {
  impl_->set(family, key, std::nullopt);
}
void Write::merge(FamilyRef family, std::string_view key, std::string_view operand) {
  assert(impl_->store.merge_rules.contains(family.index));
  impl_->merge(family, key, operand);
}
void Write::after_commit(std::function<void()> action) {
  impl_->afterwards.push_back(std::move(action));
}
std::size_t Write::bytes() const {
  return impl_->bytes;
}

// ---- the store

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const fs::path& folder, std::vector<Family> families,
                                           const OpenOptions& options) {
  std::error_code fault;
  const fs::path db_path = folder / "db";
  const bool there = fs::exists(db_path / "CURRENT", fault);
  if (!there && !options.create_if_missing)
    return error(ErrorCode::not_found, "There is no ProductFlow data in " + folder.string() +
                                           ". Check the folder's name, or make it with: productflow init --data " +
                                           folder.string() + " --owner EMAIL");
  if (!there) {
    fs::create_directories(db_path, fault);
    if (fault)
      return error(ErrorCode::unavailable,
                   "The data folder " + folder.string() + " cannot be made: " + fault.message() + ".");
    fs::permissions(folder, fs::perms::owner_all, fault);
  }
  PF_LET(auto lock, FolderLock::take(folder));
  auto impl = std::make_unique<Impl>(folder, std::move(lock), options);
  if (!there) PF_TRY(impl->guard.may_write());

  families.push_back({.name = std::string(kMetaFamily)});
  std::vector<std::string> on_disk;
  rocksdb::DBOptions db_options = database_options();
  if (there) {
    const auto status = rocksdb::DB::ListColumnFamilies(db_options, db_path.string(), &on_disk);
    if (!status.ok()) return storage_error(status, "opening " + folder.string());
  }
  const auto cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors{
      {rocksdb::kDefaultColumnFamilyName, family_options({}, cache)}};
  for (const Family& family : families) {
    impl->refs.emplace(family.name, static_cast<std::uint32_t>(descriptors.size()));
    if (family.merge) impl->merge_rules.emplace(static_cast<std::uint32_t>(descriptors.size()), *family.merge);
    descriptors.emplace_back(family.name, family_options(family, cache));
  }
  for (const std::string& name : on_disk)
    // Without its rules a family's log entries could not be replayed, and what follows them would be lost.
    if (name != rocksdb::kDefaultColumnFamilyName && !impl->refs.contains(name))
      return error(ErrorCode::unsupported,
                   "The data in " + folder.string() + " has a part \"" + name +
                       "\" that this ProductFlow does not know. Install the version that wrote it, or a newer one.");

  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(db_options, db_path.string(), descriptors, &impl->handles, &db);
  impl->db.reset(db);
  if (!status.ok()) return storage_error(status, "opening " + folder.string());
  impl->by_ref = impl->handles;

  auto store = std::unique_ptr<Store>(new Store(std::move(impl)));
  const FamilyRef meta = store->family(kMetaFamily);
  PF_LET(const auto version, store->read().get(meta, kFormatKey));
  if (!version) {
    PF_TRY(store->write_even_when_full([&](Write& work) -> Result<> {
      work.put(meta, kFormatKey, std::to_string(kFormatVersion));
      return {};
    }));
  } else if (const auto number = parse_int(*version); !number || *number > kFormatVersion) {
    return error(ErrorCode::unsupported, "The data in " + folder.string() +
                                             " was written by a newer ProductFlow (format " + version->substr(0, 20) +
                                             ", this one reads up to " + std::to_string(kFormatVersion) +
                                             "). Install the newer version.");
  }
  return store;
}

FamilyRef Store::family(std::string_view name) const {
  const auto found = impl_->refs.find(name);
  assert(found != impl_->refs.end());
  return {found->second};
}

Read Store::read() const {
  return Read(std::make_unique<Read::Impl>(*impl_));
}

Result<> Store::write(const std::function<Result<>(Write&)>& decide) {
  PF_TRY(impl_->guard.may_write());
  return write_even_when_full(decide);
}

Result<> Store::write_even_when_full(const std::function<Result<>(Write&)>& decide) {
  Write work(std::make_unique<Write::Impl>(*impl_));
  std::uint64_t ticket = 0;
  {
    const std::lock_guard writing(impl_->writer);
    PF_TRY(impl_->fault());
    PF_TRY(decide(work));
    if (work.bytes() > kUnitBytesMax)
      return error(ErrorCode::too_large, "This change is too large to be kept at once (over " +
                                             std::to_string(kUnitBytesMax >> 20) +
                                             " MiB). Split it into smaller parts.");
    rocksdb::WriteBatch batch;
    work.impl_->collect(batch);
    if (batch.Count() > 0) {
      const auto status = impl_->db->Write(rocksdb::WriteOptions(), &batch);
      if (!status.ok()) return storage_error(status, "writing");
      ticket = ++impl_->appended;
    }
  }
  if (ticket > 0) PF_TRY(impl_->wait_until_durable(ticket));
  for (const auto& action : work.impl_->afterwards) action();
  return {};
}

Result<> Store::flush_all() {
  rocksdb::FlushOptions options;
  options.wait = true;
  const auto status = impl_->db->Flush(options, impl_->handles);
  if (!status.ok()) return storage_error(status, "writing tables");
  return {};
}

Result<PurgeFigures> Store::purge_range(std::span<const FamilyRef> families, std::string_view from,
                                        std::string_view to) {
  const std::lock_guard purging(impl_->purge_mutex);
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
  PF_TRY(flush_all());  // 4: the log that carries the deletion goes too

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
  const std::lock_guard purging(impl_->purge_mutex);
  PF_TRY(flush_all());
  const rocksdb::Slice begin = slice(from), end = slice(to);
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = true;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const auto status = impl_->db->CompactRange(options, impl_->handle(family), &begin, to.empty() ? nullptr : &end);
  if (!status.ok()) return storage_error(status, "rewriting tables");
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

Result<> Store::checkpoint(const fs::path& target) {
  rocksdb::Checkpoint* raw = nullptr;
  auto status = rocksdb::Checkpoint::Create(impl_->db.get(), &raw);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  if (status.ok()) status = checkpoint->CreateCheckpoint(target.string());
  if (!status.ok()) return storage_error(status, "copying the database to " + target.string());
  const std::lock_guard lock(impl_->copies_mutex);
  impl_->copies.push_back(target);
  return {};
}

StoreFigures Store::figures() const {
  StoreFigures figures;
  figures.free_bytes = impl_->guard.free_bytes();
  figures.refusing_writes = !impl_->guard.may_write().ok();
  figures.units_kept = impl_->appended.load();
  figures.fsyncs = impl_->fsyncs.load();
  for (auto* handle : impl_->handles) {
    std::uint64_t bytes = 0;
    if (impl_->db->GetIntProperty(handle, rocksdb::DB::Properties::kLiveSstFilesSize, &bytes))
      figures.live_bytes += bytes;
  }
  const std::lock_guard lock(impl_->reads_mutex);
  figures.reads_open = static_cast<std::uint32_t>(impl_->reads.size());
  return figures;
}

}  // namespace pf::storage
