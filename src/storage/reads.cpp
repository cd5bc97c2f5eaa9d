// Snapshots and the cursors that walk them.
#include "storage/reads.h"

namespace pf::storage {
namespace {

// The first key after every key that starts with `prefix`; empty if there is none.
std::string after_prefix(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(end.back() + 1);
  return end;
}

}  // namespace

Cursor::Cursor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Cursor::Cursor(Cursor&&) noexcept = default;
Cursor& Cursor::operator=(Cursor&&) noexcept = default;
Cursor::~Cursor() = default;
void Cursor::seek(std::string_view key) {
  impl_->it->Seek(slice(std::max(key, std::string_view(impl_->from))));
}
void Cursor::seek_for_prev(std::string_view key) {
  if (!impl_->to.empty() && key >= impl_->to) {
    // Not SeekToLast: in a unit of work that would be the last of its own changes, even one past the end of the walk.
    impl_->it->SeekForPrev(slice(impl_->to));
    if (impl_->it->Valid() && impl_->it->key() == slice(impl_->to)) impl_->it->Prev();
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

}  // namespace pf::storage
