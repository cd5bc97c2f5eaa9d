#include "storage/unit_of_work.h"

#include <cassert>

namespace pf::storage {

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

}  // namespace pf::storage
