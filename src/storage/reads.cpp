// Snapshots and the cursors that walk them.
#include "storage/reads.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>

namespace pf::storage {
namespace {

// The first key after every key that starts with `prefix`; empty if there is none.
std::string after_prefix(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(end.back() + 1);
  return end;
}

// From so many keys on, a walk is tried; after so many of them it is known whether it pays.
constexpr std::size_t kWalkedMin = 256, kTried = 32;
// So many records are passed over on the way to the next key (0.4 us each); a look-up of its own takes 1.3 us, and a
// walk that must begin anew ten.
constexpr std::size_t kPassedMax = 4;

// An import looks up what lies side by side, since a file is mostly in the order of its SKUs: one walk past all of it
// is half of what as many look-ups cost. How many of the keys, in `order`, it came to before it did not pay.
Result<std::size_t> walk_past(rocksdb::Iterator& at, std::span<const rocksdb::Slice> keys,
                              std::span<const std::uint32_t> order,
                              const std::function<void(std::size_t, const rocksdb::Slice&)>& found) {
  std::size_t sought = 0, done = 0;
  for (; done < order.size(); ++done) {
    if (done >= kTried && sought * 2 > done) break;
    const rocksdb::Slice& key = keys[order[done]];
    if (done > 0) {
      for (std::size_t passed = 0; passed < kPassedMax && at.Valid() && at.key().compare(key) < 0; ++passed) at.Next();
      if (!at.Valid()) break;
    }
    if (done == 0 || at.key().compare(key) < 0) {
      at.Seek(key);
      ++sought;
    }
    if (!at.Valid()) break;  // neither this one nor any behind it
    if (at.key() == key) found(order[done], at.value());
  }
  if (!at.status().ok()) return storage_error(at.status(), "reading");
  return at.Valid() ? done : order.size();
}

}  // namespace

Result<> Store::Impl::look_up(const rocksdb::ReadOptions& options, FamilyRef family,
                              std::span<const rocksdb::Slice> keys, const Found& found) const {
  std::vector<std::uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0u);
  std::size_t done = 0;
  // To pass over a record with a merge rule is to merge it.
  if (keys.size() >= kWalkedMin && !merge_rules.contains(family.index)) {
    std::ranges::sort(order,
                      [&](std::uint32_t one, std::uint32_t other) { return keys[one].compare(keys[other]) < 0; });
    const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator(options, handle(family)));
    PF_LET(done, walk_past(*at, keys, order, found));
  }
  std::vector<rocksdb::Slice> rest;
  for (std::size_t i = done; i < order.size(); ++i) rest.push_back(keys[order[i]]);
  std::vector<rocksdb::PinnableSlice> values(rest.size());
  std::vector<rocksdb::Status> statuses(rest.size());
  db->MultiGet(options, handle(family), rest.size(), rest.data(), values.data(), statuses.data());
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (statuses[i].ok())
      found(order[done + i], values[i]);
    else if (!statuses[i].IsNotFound())
      return storage_error(statuses[i], "reading");
  }
  return {};
}

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
  std::vector<std::optional<std::string>> out(keys.size());
  PF_TRY(impl_->store.look_up(impl_->options, family, slices,
                              [&](std::size_t i, const rocksdb::Slice& value) { out[i] = value.ToString(); }));
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
