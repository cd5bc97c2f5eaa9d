#include "storage/memory_table.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

namespace pf::storage {
namespace {

// Of four entries one stands a level higher, so twelve levels are enough for sixteen million of them, which no memory
// table reaches.
constexpr std::size_t kLevelsMax = 12;
constexpr std::uint32_t kOneIn = 4;

// An entry is as RocksDB writes it: the length of its internal key, that key, the length of its value, the value. Right
// before it, the lowest level last, stand its links: the entries that follow it on its levels.
using Link = std::atomic<char*>;
static_assert(sizeof(Link) == sizeof(char*) && Link::is_always_lock_free);

Link& link_of(char* entry, std::size_t level) {
  return *(reinterpret_cast<Link*>(entry) - 1 - level);
}

// A length (varint32), and what follows.
std::string_view after_length(const char* at) {
  std::uint32_t length = 0;
  for (int shift = 0; shift <= 28; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    length |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return {at, length};
}

// An internal key ends in eight bytes: sequence number << 8 | kind, little-endian.
constexpr std::size_t kTrailerBytes = 8;
std::uint64_t trailer_of(std::string_view internal_key) {
  std::uint64_t number = 0;
  std::memcpy(&number, internal_key.data() + internal_key.size() - kTrailerBytes, kTrailerBytes);
  return number;
}
// By key, and of the same key what is newer first.
bool is_before(std::string_view a, std::string_view b) {
  const std::size_t a_size = a.size() - kTrailerBytes, b_size = b.size() - kTrailerBytes;
  const int order = std::memcmp(a.data(), b.data(), a_size < b_size ? a_size : b_size);
  if (order != 0) return order < 0;
  if (a_size != b_size) return a_size < b_size;
  return trailer_of(a) > trailer_of(b);
}

class MemoryTable final : public rocksdb::MemTableRep {
 public:
  explicit MemoryTable(rocksdb::Allocator* allocator) : MemTableRep(allocator) {
    before_.fill(head());
    after_.fill(nullptr);
  }

  rocksdb::KeyHandle Allocate(std::size_t bytes, char** entry) override {
    const std::size_t levels = random_levels();
    char* piece = nullptr;
    MemTableRep::Allocate(levels * sizeof(Link) + alignof(Link) - 1 + bytes, &piece);
    const auto past = reinterpret_cast<std::uintptr_t>(piece) % alignof(Link);
    if (past != 0) piece += alignof(Link) - past;
    *entry = piece + levels * sizeof(Link);
    for (std::size_t level = 0; level < levels; ++level) new (&link_of(*entry, level)) Link(nullptr);
    waiting_levels_ = levels;
    return *entry;
  }

  // The one that was allocated last. Where the last one went is known, and keys come mostly in order: then the search
  // goes up from there only as far as it must.
  void Insert(rocksdb::KeyHandle handle) override {
    char* const entry = static_cast<char*>(handle);
    const std::string_view key = after_length(entry);
    const std::size_t levels = waiting_levels_;
    std::size_t top = levels_.load(std::memory_order_relaxed);
    if (levels > top) levels_.store(top = levels, std::memory_order_relaxed);  // there, the head comes before all

    std::size_t level = top;
    char* at = head();
    if (before_[0] == head() || is_before(after_length(before_[0]), key)) {
      level = 0;
      while (level < top && after_[level] != nullptr && is_before(after_length(after_[level]), key)) ++level;
      if (level > 0) at = after_[level - 1];
    }
    while (level-- > 0) {
      char* next = link_of(at, level).load(std::memory_order_relaxed);
      while (next != nullptr && is_before(after_length(next), key)) {
        at = next;
        next = link_of(at, level).load(std::memory_order_relaxed);
      }
      before_[level] = at;
      after_[level] = next;
    }
    for (std::size_t i = 0; i < levels; ++i) {
      link_of(entry, i).store(after_[i], std::memory_order_relaxed);
      link_of(before_[i], i).store(entry, std::memory_order_release);  // from now on readers see it, whole
      before_[i] = entry;
    }
  }

  bool Contains(const char* entry) const override {
    const std::string_view key = after_length(entry);
    const char* found = at_or_after(key);
    return found != nullptr && !is_before(key, after_length(found));
  }
  std::size_t ApproximateMemoryUsage() override { return 0; }  // beyond what came of the allocator

  // Null pointers where there is none.
  char* first() const { return next_of(head(), 0); }
  char* last() const {
    return here(gap([](const char*) { return true; }).before);
  }
  char* at_or_after(std::string_view key) const { return gap_of(key).after; }
  char* before(std::string_view key) const { return here(gap_of(key).before); }
  static char* next_of(char* entry, std::size_t level) { return link_of(entry, level).load(std::memory_order_acquire); }

  Iterator* GetIterator(rocksdb::Arena* arena) override;
  Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override;

 private:
  // Behind the links that all levels begin with; no entry.
  char* head() const { return reinterpret_cast<char*>(const_cast<Link*>(links_.data() + links_.size())); }
  char* here(char* entry) const { return entry == head() ? nullptr : entry; }
  // Neighbours, as they were seen: another may come between them at any time, and would be the wrong answer to who asks
  // for what follows a key.
  struct Gap {
    char *before, *after;
  };
  // Behind the last of the entries that come first and of which `passes` is true.
  template <class Passes>
  Gap gap(Passes&& passes) const {
    Gap found{head(), nullptr};
    for (std::size_t level = levels_.load(std::memory_order_relaxed); level-- > 0;) {
      const char* const refused = found.after;  // by the level above
      for (;;) {
        char* const next = next_of(found.before, level);
        if (next == nullptr || next == refused || !passes(next)) {
          found.after = next;
          break;
        }
        found.before = next;
      }
    }
    return found;
  }
  Gap gap_of(std::string_view key) const {
    return gap([key](const char* entry) { return is_before(after_length(entry), key); });
  }
  std::size_t random_levels() {  // Marsaglia 2003, "Xorshift RNGs"
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    std::size_t levels = 1;
    for (std::uint32_t bits = random_; levels < kLevelsMax && bits % kOneIn == 0; bits /= kOneIn) ++levels;
    return levels;
  }

  std::array<Link, kLevelsMax> links_{};
  std::atomic<std::size_t> levels_{1};
  // The writer's alone. Where the last entry went: on each level what stands before it, or it itself, and what follows.
  std::array<char*, kLevelsMax> before_{}, after_{};
  std::uint32_t random_ = 2'463'534'242;
  std::size_t waiting_levels_ = 0;  // of the entry that was allocated last
};

class Walk final : public rocksdb::MemTableRep::Iterator {
 public:
  explicit Walk(const MemoryTable* table = nullptr) : table_(table) {}
  bool Valid() const override { return at_ != nullptr; }
  const char* key() const override { return at_; }
  void Next() override { at_ = MemoryTable::next_of(at_, 0); }
  void Prev() override { at_ = table_->before(after_length(at_)); }
  void Seek(const rocksdb::Slice& key, const char* entry) override { at_ = table_->at_or_after(wanted(key, entry)); }
  void SeekForPrev(const rocksdb::Slice& key, const char* entry) override {
    const std::string_view last = wanted(key, entry);
    at_ = table_->at_or_after(last);
    if (at_ == nullptr || is_before(last, after_length(at_))) at_ = table_->before(last);
  }
  void SeekToFirst() override { at_ = table_->first(); }
  void SeekToLast() override { at_ = table_->last(); }

 private:
  static std::string_view wanted(const rocksdb::Slice& key, const char* entry) {
    return entry != nullptr ? after_length(entry) : std::string_view(key.data(), key.size());
  }
  const MemoryTable* table_;
  char* at_ = nullptr;
};

// Memory of an arena, whose class RocksDB does not publish: it is an Allocator before all (its only base), and what
// takes from one is MemTableRep::Allocate().
class OnArena final : public rocksdb::MemTableRep {
 public:
  explicit OnArena(rocksdb::Arena* arena) : MemTableRep(reinterpret_cast<rocksdb::Allocator*>(arena)) {}
  void* piece(std::size_t bytes, std::size_t alignment) {
    char* piece = nullptr;
    MemTableRep::Allocate(bytes + alignment - 1, &piece);
    const auto past = reinterpret_cast<std::uintptr_t>(piece) % alignment;
    return past == 0 ? piece : piece + alignment - past;
  }
  void Insert(rocksdb::KeyHandle) override {}
  bool Contains(const char*) const override { return false; }
  std::size_t ApproximateMemoryUsage() override { return 0; }
  Iterator* GetIterator(rocksdb::Arena*) override { return nullptr; }
};

rocksdb::MemTableRep::Iterator* MemoryTable::GetIterator(rocksdb::Arena* arena) {
  if (arena == nullptr) return new Walk(this);
  return new (OnArena(arena).piece(sizeof(Walk), alignof(Walk))) Walk(this);
}
// MemTableRep::Get() asks for one without an arena and never gives it back, so each thread has one for that.
rocksdb::MemTableRep::Iterator* MemoryTable::GetDynamicPrefixIterator(rocksdb::Arena* arena) {
  if (arena != nullptr) return GetIterator(arena);
  thread_local Walk walk;
  walk = Walk(this);
  return &walk;
}

class MemoryTables final : public rocksdb::MemTableRepFactory {
 public:
  const char* Name() const override { return "productflow.memory_table"; }
  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator&, rocksdb::Allocator* allocator,
                                          const rocksdb::SliceTransform*, rocksdb::Logger*) override {
    return new MemoryTable(allocator);
  }
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> memory_tables() {
  return std::make_shared<MemoryTables>();
}

}  // namespace pf::storage
