// Where a product stands: its shelf place, such as "A-03-2", which is what a walk through the shelves is sorted by. The
// zone is the text before the first '-' ("A"). One place a SKU; none is fine. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/result.h"
#include "storage/store.h"

namespace pf::stock {

inline constexpr std::size_t kShelfBytesMax = 40;  // more is no label on a shelf

// The place as it is kept: trimmed; invalid with what is wrong with it. Empty: none.
Result<std::string> shelf_of(std::string_view written);
std::string_view zone_of(std::string_view shelf);
// As people count: A-2 before before B-1, letters without case. Places that only differ in case or zeros are
// told apart by their bytes, so that it is an order. None comes last.
bool shelf_before(std::string_view a, std::string_view b);

class Shelves {
 public:
  static std::vector<storage::Family> families();  // "shelves"
  explicit Shelves(storage::Store& store) : family_(store.family("shelves")) {}
  Result<std::string> find(const storage::Reader& read, std::string_view sku) const;  // empty: none
  // As many answers as SKUs, in one read.
  Result<std::vector<std::string>> find_many(const storage::Reader& read, std::span<const std::string> skus) const;
  // Whether it became another. Empty takes it away. Joins the caller's unit of work.
  Result<bool> set(storage::Write& work, std::string_view sku, std::string_view shelf);

 private:
  storage::FamilyRef family_;
};

}  // namespace pf::stock
