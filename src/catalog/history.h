// The history of products: an entry a change, written in the change's own unit of work, and under each import and bulk
// edit which products it touched, so that the whole of it can be taken back. Functions that note join the caller's unit
// of work. Any thread.
//
// On disk (family "history"):
//   0x01 sku 0x00 be32 document be64 version              one entry (history_entry.h)
//   0x02 origin kind, be64 id, be32 number                products that a unit of work touched: format, then for each
//                                                         text sku, be32 document, varint version, created
//   0x03 origin kind, be64 id                             be32 how many such records there are
// A SKU's entries stay when the product is deleted, as long as those of any other.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/history_entry.h"
#include "storage/store.h"

namespace pf::catalog {

// Of one SKU, newest first; looked at every kHistoryTrimEvery-th change, so that many may wait for a while.
inline constexpr std::size_t kHistoryEntriesMax = 200;     // as many as the compared systems show
inline constexpr std::size_t kOfferEntriesMax = 100;       // besides: prices that change by the hour push no text out
inline constexpr std::size_t kHistoryBytesMax = 4u << 20;  // eight times a description changed from largest to largest
inline constexpr std::uint64_t kHistoryTrimEvery = 16;
// Imports, and bulk edits, whose touched products are still known: some months of daily files.
inline constexpr std::uint64_t kUnitsMax = 200;
inline constexpr std::size_t kTouchedAtOnce = 2'500;  // products of one record, as a batch of an import has

// A product that a unit touched, and with which version.
struct Touched {
  std::string sku{};
  std::uint32_t document = 0;
  std::uint64_t version = 0;
  bool created = false;
  std::uint64_t offer_version = 0;  // its offer was, and the product was not, at
  Time offer_at{};
};

struct HistoryPage {
  std::vector<HistoryEntry> entries{};  // newest first
  std::string next_cursor{};            // empty at the end
};

class History {
 public:
  static storage::Family family();
  explicit History(storage::Store& store);

  // `before` null: created; `after` null: deleted, `of_offer` with it. Nothing when nothing differs. `made`: by rules.
  Result<> note(storage::Write& work, const Record* before, const Record* after, const access::Actor& by,
                const Origin& origin, Time now, std::vector<FieldChange> of_offer = {},
                std::span<const MadeBy> made = {}) const;
  // Of its offer, whose `offer_version` this is, while the product was at `version`.
  Result<> note_offer(storage::Write& work, std::string_view sku, HistoryEntry entry) const;
  // REQUIRES: origin.is_unit()
  Result<> note_touched(storage::Write& work, const Origin& origin, std::span<const Touched> touched) const;

  // At most `count` entries, newest first. Invalid for a damaged cursor.
  Result<HistoryPage> page(const storage::Reader& read, std::string_view sku, std::string_view cursor,
                           std::size_t count) const;
  Result<std::optional<HistoryEntry>> find(const storage::Reader& read, std::string_view sku, std::uint32_t document,
                                           std::uint64_t version) const;
  // The same of a change of its offer.
  Result<std::optional<HistoryEntry>> find_offer(const storage::Reader& read, const Touched& touched) const;
  // The product as it was after version `version`; `now` null: it is gone, and its last life counts. not_found for a
  // version that never was, gone for one that is no longer kept.
  Result<Record> as_of(const storage::Reader& read, std::string_view sku, const Record* now,
                       std::uint64_t version) const;

  // What a unit touched, the last first, `skip` records of it left out; nothing at the end.
  Result<std::optional<std::vector<Touched>>> touched(const storage::Reader& read, const Origin& unit,
                                                      std::uint64_t skip) const;

 private:
  void write(storage::Write& work, std::string_view sku, const HistoryEntry& entry) const;
  Result<> trim(storage::Write& work, std::string_view sku) const;
  Result<> forget_units(storage::Write& work, const Origin& newest) const;
  storage::Store& store_;
  storage::FamilyRef family_;
};

}  // namespace pf::catalog
