#include "storage/unit_of_work.h"

#include <cassert>

namespace pf::storage {

Write::Write(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Write::~Write() = default;

Result<std::optional<std::string>> Write::get(FamilyRef family, std::string_view key) const {
  impl_->note_read(family, key);
  auto known = impl_->known(family, key);
  if (!known.decided) {
    std::string value;
    const auto status = impl_->store.db->Get(impl_->read_options(), impl_->store.handle(family), slice(key), &value);
    if (!status.ok() && !status.IsNotFound()) return storage_error(status, "reading");
    if (status.ok()) known.record = std::move(value);
  }
  impl_->merge_into(family, known);
  return std::move(known.record);
}

Result<std::vector<std::optional<std::string>>> Write::get_many(FamilyRef family,
                                                                std::span<const std::string> keys) const {
  std::vector<Impl::Known> known(keys.size());
  impl_->note_reads(keys.size());
  std::vector<rocksdb::Slice> wanted;
  std::vector<std::size_t> of_wanted;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    impl_->note_read(family, keys[i]);
    known[i] = impl_->known(family, keys[i]);
    if (known[i].decided) continue;
    wanted.push_back(slice(keys[i]));
    of_wanted.push_back(i);
  }
  PF_TRY(impl_->store.look_up(impl_->read_options(), family, wanted, [&](std::size_t k, const rocksdb::Slice& value) {
    known[of_wanted[k]].record = value.ToString();
  }));
  std::vector<std::optional<std::string>> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    impl_->merge_into(family, known[i]);
    out[i] = std::move(known[i].record);
  }
  return out;
}

Cursor Write::scan(FamilyRef family, std::string_view from, std::string_view to) const {
  Changes& changes = impl_->families.at(family.index);
  impl_->note_walked(family, from, to);
  // A walk cannot look at what waits to be merged, so this family's merges become plain records first.
  const auto settle = [&](const Changes& merged) {
    for (std::size_t i = 0; merged.merging() && i < merged.all().size(); ++i) {
      const Change& change = *merged.all()[i];
      if (change.operand_bytes == 0) continue;
      if (const auto value = get(family, change.key); value.ok() && *value) {
        changes.put(change.key, **value);
        impl_->show_if_walked(family, change.key);
      }
    }
  };
  if (impl_->below != nullptr && !impl_->walked[family.index]) settle(impl_->below->families[family.index]);
  settle(changes);
  if (!impl_->walk)
    impl_->walk =
        std::make_unique<rocksdb::WriteBatchWithIndex>(rocksdb::BytewiseComparator(), 0, /*overwrite_key=*/true);
  if (!impl_->walked[family.index]) {
    impl_->walked[family.index] = true;
    impl_->show_all(family, *impl_);
  }
  auto impl = std::make_unique<Cursor::Impl>();
  impl->from = from;
  impl->to = to;
  impl->from_slice = impl->from;
  impl->to_slice = impl->to;
  rocksdb::ReadOptions options = impl_->read_options();
  options.iterate_lower_bound = &impl->from_slice;
  if (!impl->to.empty()) options.iterate_upper_bound = &impl->to_slice;
  auto* handle = impl_->store.handle(family);
  impl->it.reset(impl_->walk->NewIteratorWithBase(handle, impl_->store.db->NewIterator(options, handle), &options));
  impl->it->Seek(impl->from_slice);
  return Cursor(std::move(impl));
}

void Write::put(FamilyRef family, std::string_view key, std::string_view value) {
  impl_->families.at(family.index).put(key, value);
  impl_->show_if_walked(family, key);
}
void Write::erase(FamilyRef family, std::string_view key) {
  impl_->families.at(family.index).erase(key);
  impl_->show_if_walked(family, key);
}
void Write::merge(FamilyRef family, std::string_view key, std::string_view operand) {
  assert(impl_->store.merge_rules.contains(family.index));
  impl_->families.at(family.index).merge(key, operand);
}
void Write::merge_all(FamilyRef family, std::span<const std::string_view> keys, std::string_view operand) {
  assert(impl_->store.merge_rules.contains(family.index));
  impl_->families.at(family.index).merge_all(keys, operand);
}
void Write::after_commit(std::function<void()> action) {
  impl_->afterwards.push_back(std::move(action));
}
std::size_t Write::bytes() const {
  return impl_->bytes();
}

}  // namespace pf::storage
