#include "storage/changes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <random>
#include <span>
#include <utility>

namespace pf::storage {
namespace {

constexpr std::size_t kFirstSlots = 32;
constexpr std::size_t kIndexOperandBytes = 3;  // of nearly all merges: search's put_document()

// A key that is being sorted, with the eight bytes of it that are compared now.
struct Item {
  std::uint64_t bytes = 0;
  Change* change = nullptr;
};

std::uint64_t word_at(const char* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}
std::uint32_t half_word_at(const char* bytes) {
  std::uint32_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Eight bytes at a time, mixed by the two halves of a product (as wyhash does, Wang Yi 2019). Keys come from strangers'
// files: nobody can choose some that collide without the number that each start of the program draws.
std::size_t hash_of(std::string_view key) {
  static const std::uint64_t drawn = std::uint64_t{std::random_device{}()} << 32 | std::random_device{}();
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ull;
  const auto mixed = [](std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::uint64_t hash = drawn ^ key.size();
  const char* at = key.data();
  std::size_t left = key.size();
  for (; left >= 8; at += 8, left -= 8) hash = mixed(hash ^ word_at(at), kOdd);
  std::uint64_t rest = 0;
  if (left >= 4)
    rest = std::uint64_t{half_word_at(at)} << 32 | half_word_at(at + left - 4);
  else
    for (; left > 0; --left) rest = rest << 8 | static_cast<unsigned char>(*at++);
  return mixed(hash ^ rest, kOdd);
}

// Keys are short: a call would take longer than the comparison.
bool is_same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() < 8) return a == b;
  for (std::size_t i = 0; i + 8 < a.size(); i += 8)
    if (word_at(a.data() + i) != word_at(b.data() + i)) return false;
  const std::size_t last = a.size() - 8;
  return word_at(a.data() + last) == word_at(b.data() + last);
}

std::uint64_t eight_bytes(std::string_view key, std::size_t at) {
  unsigned char piece[8] = {};
  if (at + 8 <= key.size())
    std::memcpy(piece, key.data() + at, 8);  // of a size that is known, and so no call
  else if (at < key.size())
    std::memcpy(piece, key.data() + at, key.size() - at);
  std::uint64_t number = 0;
  for (const unsigned char byte : piece) number = number << 8 | byte;
  return number;
}

// By their eight bytes, a byte a round from the last to the first, passing over bytes that all have in common: most of
// the eight, where keys begin with the same column.
void order_by_bytes(std::span<Item> items, std::uint64_t differing, std::vector<Item>& room) {
  room.resize(std::max(room.size(), items.size()));
  Item *from = items.data(), *to = room.data();
  for (unsigned shift = 0; shift < 64; shift += 8) {
    if ((differing >> shift & 0xff) == 0) continue;
    std::array<std::uint32_t, 256> place{};
    for (std::size_t i = 0; i < items.size(); ++i) ++place[from[i].bytes >> shift & 0xff];
    std::uint32_t before = 0;
    for (std::uint32_t& one : place) before += std::exchange(one, before);
    for (std::size_t i = 0; i < items.size(); ++i) to[place[from[i].bytes >> shift & 0xff]++] = from[i];
    std::swap(from, to);
  }
  if (from != items.data()) std::copy(from, from + items.size(), items.data());
}

// Sorts by eight bytes at a time, since most keys begin alike and are far apart in memory: what is compared are numbers
// that stand together. Where a key ends, zeros are put; of those that then are alike to the end the shorter comes
// first.
void sort(std::span<Item> items, std::size_t at, std::vector<Item>& room) {
  constexpr std::size_t kFew = 8, kMany = 256, kAhead = 8;  // kAhead: memory is asked for that much before it is needed
  if (items.size() <= kFew) {
    std::ranges::sort(items, [](const Item& a, const Item& b) { return a.change->key < b.change->key; });
    return;
  }
  std::uint64_t differing = 0;
  bool longer = false;  // than what has been looked at
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i + kAhead < items.size()) {
      __builtin_prefetch(items[i + kAhead].change);
      __builtin_prefetch(items[i + kAhead].change + 1);  // its key, which touch() keeps right behind it
    }
    items[i].bytes = eight_bytes(items[i].change->key, at);
    differing |= items[i].bytes ^ items[0].bytes;
    longer |= items[i].change->key.size() > at;
  }
  if (!longer) {
    std::ranges::sort(items, {}, [](const Item& item) { return item.change->key.size(); });
    return;
  }
  if (items.size() >= kMany)
    order_by_bytes(items, differing, room);
  else if (differing != 0)
    std::ranges::sort(items, {}, &Item::bytes);
  for (std::size_t begin = 0; begin < items.size();) {
    std::size_t end = begin + 1;
    while (end < items.size() && items[end].bytes == items[begin].bytes) ++end;
    if (end - begin > 1) sort(items.subspan(begin, end - begin), at + 8, room);
    begin = end;
  }
}

}  // namespace

std::string_view Changes::keep(std::string_view text) {
  if (text.empty()) return {};
  char* copy = static_cast<char*>(arena_.allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  bytes_ += text.size();
  return {copy, text.size()};
}

std::size_t Changes::slot_of(std::string_view key, std::size_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].change != nullptr && (slots_[at].hash != hash || !is_same(slots_[at].change->key, key)))
    at = (at + 1) & mask;
  return at;
}

const Change* Changes::find(std::string_view key) const {
  if (slots_.empty()) return nullptr;
  return slots_[slot_of(key, hash_of(key))].change;
}

Change& Changes::touch(std::string_view key, std::size_t hash) {
  Slot& slot = slots_[slot_of(key, hash)];
  if (slot.change == nullptr) {
    slot = {hash, new (arena_.allocate(sizeof(Change), alignof(Change))) Change};
    slot.change->key = keep(key);
    all_.push_back(slot.change);
  }
  if (!slot.change->waits) {
    slot.change->waits = true;
    waiting_.push_back(slot.change);
  }
  return *slot.change;
}

void Changes::make_room(std::size_t more) {
  std::size_t wanted = std::max(slots_.size(), kFirstSlots);
  while (wanted < (all_.size() + more) * 2) wanted *= 2;
  if (wanted == slots_.size()) return;
  std::vector<Slot> old(std::max(wanted, slots_.size() * 4));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.change == nullptr) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].change != nullptr) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

void Changes::set(std::string_view key, Change::Record record, std::string_view value) {
  make_room(1);
  Change& change = touch(key, hash_of(key));
  change.record = record;
  change.record_waits = true;
  change.value = keep(value);
  if (change.operand_bytes > 0) --merging_;
  change.operand_bytes = change.operand_bytes_taken = 0;  // merged into what is no more
}
void Changes::put(std::string_view key, std::string_view value) {
  set(key, Change::Record::put, value);
}
void Changes::erase(std::string_view key) {
  set(key, Change::Record::erased, {});
}

void Changes::merge(std::string_view key, std::string_view operand) {
  if (operand.empty()) return;
  make_room(1);
  append(touch(key, hash_of(key)), operand);
}

// A table of a large unit does not fit the processor's cache, so what will be needed is asked for before it is: waiting
// for a hundred keys one after the other was half of what an index entry cost.
void Changes::merge_all(std::span<const std::string_view> keys, std::string_view operand) {
  if (operand.empty()) return;
  make_room(keys.size());
  const std::size_t mask = slots_.size() - 1;
  hashes_.clear();
  for (const std::string_view key : keys) {
    hashes_.push_back(hash_of(key));
    __builtin_prefetch(&slots_[hashes_.back() & mask]);
  }
  for (const std::size_t hash : hashes_)
    if (const Change* change = slots_[hash & mask].change) {
      __builtin_prefetch(change);
      __builtin_prefetch(change + 1);  // its key, which touch() keeps right behind it
    }
  for (const std::size_t hash : hashes_)
    if (const Change* change = slots_[hash & mask].change) __builtin_prefetch(change->operands + change->operand_bytes);
  ++merges_;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Change& change = touch(keys[i], hashes_[i]);
    if (std::exchange(change.merged_by, merges_) != merges_) append(change, operand);
  }
}

void Changes::append(Change& change, std::string_view operand) {
  if (change.operand_bytes == 0) ++merging_;
  const std::size_t wanted = change.operand_bytes + operand.size();
  if (wanted > change.operand_room) {
    const std::size_t room = std::max<std::size_t>(wanted, change.operand_bytes * 2u);
    char* bytes = static_cast<char*>(arena_.allocate(room, 1));
    if (change.operand_bytes > 0) std::memcpy(bytes, change.operands, change.operand_bytes);
    change.operands = bytes;
    change.operand_room = static_cast<std::uint32_t>(room);
  }
  char* const end = change.operands + change.operand_bytes;
  if (operand.size() == kIndexOperandBytes)
    std::memcpy(end, operand.data(), kIndexOperandBytes);  // of a size that is known, and so no call
  else
    std::memcpy(end, operand.data(), operand.size());
  change.operand_bytes = static_cast<std::uint32_t>(wanted);
  bytes_ += operand.size();
}

std::vector<Change*> Changes::take_sorted() {
  std::vector<Item> items(waiting_.size());
  for (std::size_t i = 0; i < items.size(); ++i) items[i].change = waiting_[i];
  std::vector<Item> room;
  sort(items, 0, room);
  for (std::size_t i = 0; i < items.size(); ++i) waiting_[i] = items[i].change;
  return std::exchange(waiting_, {});
}

}  // namespace pf::storage
