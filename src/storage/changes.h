// What a unit of work has changed in one family and not kept yet, by key. Only for this room.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

namespace pf::storage {

// One key's change: a record put or erased, and after it the operands of merges, one behind the other.
struct Change {
  enum class Record : char { untouched, put, erased };
  std::string_view key{}, value{};
  char* operands = nullptr;
  std::uint32_t operand_bytes = 0, operand_room = 0;
  Record record = Record::untouched;
  // What of it no batch has taken yet.
  bool waits = false, record_waits = false;
  std::uint32_t operand_bytes_taken = 0;
  std::uint32_t merged_by = 0;  // the last merge_all() that named it

  std::string_view merged() const { return {operands, operand_bytes}; }
};

// A hash table: most of what is written is never read again in the same unit, and a batch of an import changes the same
// few thousand terms over and over, so neither pays for an order before the end.
class Changes {
 public:
  explicit Changes(std::pmr::memory_resource& arena) : arena_(arena) {}

  const Change* find(std::string_view key) const;          // null pointer if nothing was done to it
  void put(std::string_view key, std::string_view value);  // put and erase forget operands that wait
  void erase(std::string_view key);
  void merge(std::string_view key, std::string_view operand);                        // an empty operand changes nothing
  void merge_all(std::span<const std::string_view> keys, std::string_view operand);  // into a key named twice once

  const std::vector<Change*>& all() const { return all_; }
  // What changed since it was last asked, by key: for each its `put` or `erase`, then the `merge` that follows it.
  template <class Batch>
  void take(Batch&& batch);
  bool merging() const { return merging_ > 0; }  // whether operands wait
  std::size_t bytes() const { return bytes_; }

 private:
  struct Slot {
    std::size_t hash = 0;
    Change* change = nullptr;
  };
  std::size_t slot_of(std::string_view key, std::size_t hash) const;
  void make_room(std::size_t more);                       // for so many keys that are not there yet
  Change& touch(std::string_view key, std::size_t hash);  // REQUIRES: room for one
  void append(Change& change, std::string_view operand);
  void set(std::string_view key, Change::Record record, std::string_view value);
  std::string_view keep(std::string_view text);
  std::vector<Change*> take_sorted();

  std::pmr::memory_resource& arena_;  // of keys, values and operands; freed at once with the unit
  std::vector<Slot> slots_{};         // a power of two of them, at most half full; linear probing
  std::vector<Change*> all_{}, waiting_{};
  std::vector<std::size_t> hashes_{};  // of merge_all(), used again
  std::size_t bytes_ = 0, merging_ = 0;
  std::uint32_t merges_ = 0;  // calls of merge_all()
};

template <class Batch>
void Changes::take(Batch&& batch) {
  const std::vector<Change*> sorted = take_sorted();
  constexpr std::size_t kAhead = 8;  // they lie in memory as they came, so each is asked for before its turn
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    Change* const change = sorted[i];
    if (i + kAhead < sorted.size()) {
      __builtin_prefetch(sorted[i + kAhead]);
      __builtin_prefetch(sorted[i + kAhead / 2]->key.data());
      __builtin_prefetch(sorted[i + kAhead / 2]->operands);
    }
    if (change->record_waits && change->record == Change::Record::put) batch.put(change->key, change->value);
    if (change->record_waits && change->record == Change::Record::erased) batch.erase(change->key);
    if (const auto operands = change->merged().substr(change->operand_bytes_taken); !operands.empty())
      batch.merge(change->key, operands);
    change->waits = change->record_waits = false;
    change->operand_bytes_taken = change->operand_bytes;
  }
}

}  // namespace pf::storage
