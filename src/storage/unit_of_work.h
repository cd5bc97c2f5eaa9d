// A unit of work in the making: what it has changed and not kept yet, and what it has looked at. Only for this room.
#pragma once

#include <rocksdb/utilities/write_batch_with_index.h>

#include <array>
#include <deque>
#include <unordered_set>

#include "storage/changes.h"
#include "storage/store_inside.h"

namespace pf::storage {

struct Write::Impl {
  Store::Impl& store;
  // What this unit builds on and has not been kept either: it is read through, and never changed here. At most one lies
  // below another (kLayersMax).
  const Impl* below = nullptr;
  static constexpr std::size_t kLayersMax = 2;
  std::pmr::monotonic_buffer_resource arena{};
  std::deque<Changes> families{};  // by FamilyRef::index
  // Only a unit that walks a family gets an ordered view of its records.
  std::unique_ptr<rocksdb::WriteBatchWithIndex> walk{};
  std::vector<bool> walked{};  // by FamilyRef::index
  rocksdb::WriteBatch batch{};
  static constexpr std::size_t kFoldedBytes = 256;  // of operands; below, a fold costs what it saves
  std::vector<std::function<void()>> afterwards{};

  // While the unit is prepared outside the writer lock it reads a snapshot, which is not its own, and remembers what it
  // asked.
  const rocksdb::Snapshot* snapshot = nullptr;
  bool is_kept = true;                          // once it is whole; a rehearsal's is not, and need not remember
  std::unordered_set<std::size_t> keys_read{};  // by key_mark()
  std::vector<std::vector<std::pair<std::string, std::string>>> ranges_read{};  // [from, to) by FamilyRef::index

  explicit Impl(Store::Impl& s) : store(s), walked(s.by_ref.size()), ranges_read(s.by_ref.size()) {
    for (std::size_t i = 0; i < s.by_ref.size(); ++i) families.emplace_back(arena);
  }
  static std::size_t key_mark(std::uint32_t family, std::string_view key) {
    return std::hash<std::string_view>{}(key)*31 + family;
  }
  void note_read(FamilyRef family, std::string_view key) {
    if (snapshot != nullptr && is_kept) keys_read.insert(key_mark(family.index, key));
  }
  void note_reads(std::size_t more) {  // so many are to be noted
    if (snapshot != nullptr && is_kept) keys_read.reserve(keys_read.size() + more);
  }
  void note_walked(FamilyRef family, std::string_view from, std::string_view to) {
    if (snapshot != nullptr && is_kept) ranges_read[family.index].emplace_back(from, to);
  }
  rocksdb::ReadOptions read_options() const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    return options;
  }
  // Whether it looked at what somebody has changed since.
  bool is_outdated_by(std::uint32_t family, std::string_view key) const {
    if (keys_read.contains(key_mark(family, key))) return true;
    return std::ranges::any_of(ranges_read[family], [&](const auto& range) {
      return key >= range.first && (range.second.empty() || key < range.second);
    });
  }

  void show(FamilyRef family, const Change* change) {
    if (change->record == Change::Record::put)
      walk->Put(store.handle(family), slice(change->key), slice(change->value));
    else if (change->record == Change::Record::erased)
      walk->Delete(store.handle(family), slice(change->key));
  }
  // Of this layer and those below it, the lowest first.
  void show_all(FamilyRef family, const Impl& layer) {
    if (layer.below != nullptr) show_all(family, *layer.below);
    for (const Change* change : layer.families[family.index].all()) show(family, change);
  }
  void show_if_walked(FamilyRef family, std::string_view key) {
    if (walked[family.index]) show(family, families[family.index].find(key));
  }
  // What the waiting merges make of a record.
  void merge_into(FamilyRef family, const Change* change, std::optional<std::string>& record) const {
    if (change == nullptr || change->operand_bytes == 0) return;
    const std::string_view operands = change->merged();
    record = store.merge_rules.at(family.index)(record ? std::optional<std::string_view>(*record) : std::nullopt,
                                                std::span(&operands, 1));
  }
  // What has not been kept says of a record, and below it the database.
  struct Known {
    bool decided = false;  // put or erased: the database need not be asked
    std::optional<std::string> record{};
    std::array<const Change*, kLayersMax> merges{};  // that come upon it, the newest first
    std::size_t merging = 0;
  };
  Known known(FamilyRef family, std::string_view key) const {
    Known out;
    for (const Impl* layer = this; layer != nullptr && !out.decided; layer = layer->below) {
      const Change* change = layer->families[family.index].find(key);
      if (change == nullptr) continue;
      if (change->operand_bytes > 0) out.merges.at(out.merging++) = change;
      out.decided = change->record != Change::Record::untouched;
      if (change->record == Change::Record::put) out.record = std::string(change->value);
    }
    return out;
  }
  void merge_into(FamilyRef family, Known& known) const {
    while (known.merging > 0) merge_into(family, known.merges[--known.merging], known.record);
  }
  std::size_t bytes() const {
    std::size_t sum = below != nullptr ? below->bytes() : 0;
    for (const Changes& changes : families) sum += changes.bytes();
    return sum;
  }

  // Moves what changed into the batch, in key order, which the memtable takes fastest.
  void fill_batch() {
    std::size_t records = 0;
    for (const Changes& changes : families) records += changes.all().size();
    constexpr std::size_t kHeadBytes = 16;  // of a record: its kind, family and lengths
    batch = rocksdb::WriteBatch(bytes() + records * kHeadBytes);
    fill(batch);
  }
  void fill(rocksdb::WriteBatch& into) {
    struct Into {
      rocksdb::WriteBatch& batch;
      rocksdb::ColumnFamilyHandle* handle;
      const FoldRule* fold;
      void put(std::string_view key, std::string_view value) { batch.Put(handle, slice(key), slice(value)); }
      void erase(std::string_view key) { batch.Delete(handle, slice(key)); }
      // Many operands are folded here once, instead of travelling through the log, a memory table and a table first.
      void merge(std::string_view key, std::string_view operands) {
        if (fold == nullptr || operands.size() < kFoldedBytes)
          batch.Merge(handle, slice(key), slice(operands));
        else
          batch.Merge(handle, slice(key), slice((*fold)(std::span(&operands, 1))));
      }
    };
    for (std::uint32_t i = 0; i < families.size(); ++i) {
      const auto fold = store.fold_rules.find(i);
      families[i].take(Into{into, store.by_ref[i], fold == store.fold_rules.end() ? nullptr : &fold->second});
    }
  }
};

}  // namespace pf::storage
