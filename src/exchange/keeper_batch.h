// Rows of products that are one unit of work. For the files of the keeper alone.
#pragma once

#include <algorithm>

#include "exchange/keeper.h"

namespace pf::exchange {

// Of one unit of work. Each term of the index costs a record a batch, so larger is cheaper; but while a batch enters
// the log nobody else writes (some 10 us a row), and the whole of it is in memory.
inline constexpr std::size_t kBatchRows = 2'500;
inline constexpr std::size_t kBatchBytes = 8u << 20;

std::size_t bytes_of_change(const catalog::ProductChange& change);  // what is large in it

// Rows that are one unit of work, and what became of them. What the unit's two steps make is made anew by each run.
struct Keeper::Batch {
  std::vector<ProductItem> items;
  std::string locale;
  std::vector<RowReport> read;                // what reading told meanwhile
  std::vector<RowReport> untouched, reports;  // one an item
  std::vector<catalog::ProductRow> rows;      // of those that may be kept
  std::vector<std::size_t> of_row;            // their items
  std::vector<catalog::RowOutcome> outcomes;
  std::unordered_map<std::size_t, std::vector<catalog::AddedImage>> images;  // item -> of its files
  std::vector<Written> written;
  std::vector<std::string> repriced;
  std::vector<Missing> missing_parents;
  Telling telling;
  std::optional<std::uint64_t> first;  // which of the file's products the first item is; none: they are tried again
  std::vector<std::uint64_t> again;    // then, which each is
  std::vector<std::size_t> waiting;    // items that are to wait
  std::size_t waiting_bytes = 0;       // of these
  const catalog::ProductChange& change_of(std::size_t item) const {
    return rows[static_cast<std::size_t>(std::ranges::lower_bound(of_row, item) - of_row.begin())].change;
  }
  std::uint64_t place_of(std::size_t item) const { return first ? *first + item : again[item]; }
};

// What rows above say of EANs.
struct Keeper::SaidAbove {
  struct Row {
    std::string ean{};
    std::uint64_t line = 0;
    bool kept = false;  // or refused by now; else it is still to be kept
  };
  std::unordered_map<std::string, Row> of_sku;
  std::unordered_map<std::string, std::vector<std::string>> skus_of;  // who was said to have an EAN, once

  void note(const std::string& sku, const std::string& ean, std::uint64_t line) {
    Row& row = of_sku[sku];
    if (row.ean != ean && !ean.empty()) skus_of[ean].push_back(sku);
    row = {ean, line, false};
  }
  bool has(const std::string& sku, const std::string& ean) const {
    const auto row = of_sku.find(sku);
    return row != of_sku.end() && row->second.ean == ean;
  }
};

}  // namespace pf::exchange
