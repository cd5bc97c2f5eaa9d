#include <rocksdb/cache.h>
#include <rocksdb/utilities/checkpoint.h>

#include <cassert>

#include "productflow/text.h"
#include "storage/prepared.h"

namespace pf::storage {
namespace {

// Stored on disk (kFormatKey): raise it when what an older one wrote would be read wrongly.
//   1  before the first release
//   2  the search index has lists beside bitmaps, ordered columns in bitmaps, and values in chunks
//   3  the search index has folded operands; what 2 wrote is read as it is
constexpr int kFormatVersion = 3, kFormatOldest = 2;

}  // namespace

// Puts what changed into the log; REQUIRES: the writer lock. The number that wait_until_durable() wants.
Result<std::uint64_t> Store::Impl::append(rocksdb::WriteBatch& batch, std::size_t bytes) {
  if (bytes > kUnitBytesMax)
    return error(ErrorCode::too_large, "This change is too large to be kept at once (over " +
                                           std::to_string(kUnitBytesMax >> 20) + " MiB). Split it into smaller parts.");
  if (batch.Count() > 0) {
    const auto status = db->Write(rocksdb::WriteOptions(), &batch);
    if (!status.ok()) return storage_error(status, "writing");
    ++appended;
  }
  // A unit that changed nothing waits too: what it saw, and answers by, may be somebody's who still waits.
  return appended.load();
}

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
    if (family.fold) impl->fold_rules.emplace(static_cast<std::uint32_t>(descriptors.size()), family.fold);
    descriptors.emplace_back(family.name, family_options(family, cache));
  }
  for (const std::string& name : on_disk)
    // Without its rules a family's log entries could not be replayed, and what follows them would be lost.
    if (name != rocksdb::kDefaultColumnFamilyName && !impl->refs.contains(name))
      return error(ErrorCode::unsupported,
                   "The data in " + folder.string() + " has a part \"" + name +
                       "\" that this ProductFlow does not know. Install the version that wrote it, or a newer one.");

  // New families are made at once: DB::Open would make each by itself, and write down and read back every option of all
  // of them each time, which took most of a new shop's start.
  const auto is_new = [&](const rocksdb::ColumnFamilyDescriptor& one) {
    return one.name != rocksdb::kDefaultColumnFamilyName && std::ranges::find(on_disk, one.name) == on_disk.end();
  };
  std::vector<rocksdb::ColumnFamilyDescriptor> present, missing;
  for (const auto& one : descriptors) (is_new(one) ? missing : present).push_back(one);
  rocksdb::DB* db = nullptr;
  auto status = rocksdb::DB::Open(db_options, db_path.string(), present, &impl->handles, &db);
  impl->db.reset(db);
  if (status.ok() && !missing.empty()) {
    std::vector<rocksdb::ColumnFamilyHandle*> made;
    status = db->CreateColumnFamilies(missing, &made);
    impl->handles.insert(impl->handles.end(), made.begin(), made.end());
  }
  if (!status.ok()) return storage_error(status, "opening " + folder.string());
  for (const auto& one : descriptors)
    impl->by_ref.push_back(
        *std::ranges::find(impl->handles, one.name, [](const auto* handle) { return handle->GetName(); }));

  auto store = std::unique_ptr<Store>(new Store(std::move(impl)));
  const FamilyRef meta = store->family(kMetaFamily);
  PF_LET(const auto version, store->read().get(meta, kFormatKey));
  const auto number = version ? parse_int(*version) : std::optional<std::int64_t>();
  if (!version || (number && *number >= kFormatOldest && *number < kFormatVersion)) {
    PF_TRY(store->write_even_when_full([&](Write& work) -> Result<> {
      work.put(meta, kFormatKey, std::to_string(kFormatVersion));
      return {};
    }));
  } else if (number && *number < kFormatOldest) {
    return error(ErrorCode::unsupported,
                 "The data in " + folder.string() + " was written by a ProductFlow before its first release (format " +
                     version->substr(0, 20) + "). Export it with that version, and import it into a new data folder.");
  } else if (!number || *number > kFormatVersion) {
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
    impl_->tell_prepared(*work.impl_);
    work.impl_->fill_batch();
    PF_LET(ticket, impl_->append(work.impl_->batch, work.impl_->bytes()));
  }
  PF_TRY(impl_->wait_until_durable(ticket));
  for (const auto& action : work.impl_->afterwards) action();
  return {};
}

Result<> Store::flush_all() {
  return impl_->flush();
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
