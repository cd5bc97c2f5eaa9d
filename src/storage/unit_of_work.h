// What a unit of work has changed and not kept yet. Only for this room.
#pragma once

#include <rocksdb/utilities/write_batch_with_index.h>

#include <memory_resource>
#include <unordered_map>

#include "storage/store_inside.h"

namespace pf::storage {

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

}  // namespace pf::storage
