// Kits on disk: what a level record is instead, for a product that is made of others (stock_keys.h). Only for this
// room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/bytes.h"
#include "stock/stock.h"
#include "stock/stock_keys.h"

namespace pf::stock {

// Stored on disk: do not change. No level begins so, since it would be below zero.
inline constexpr std::string_view kKitMark("\xff\x01", 2);
inline constexpr std::uint64_t kPartOfKits = 1ull << 62;  // of a level's first number; pieces stay far below
inline bool is_kit(std::string_view record) {
  return record.starts_with(kKitMark[0]);
}
inline bool is_part_of_kits(std::string_view level_record) {
  return level_record.size() >= 8 && (get_be64(level_record) & kPartOfKits) != 0;
}
std::string kit_record(std::span<const Part> parts);
std::vector<Part> parts_of(std::string_view kit_record);

// What these parts are made of in the end, by SKU.
Result<std::vector<Part>> parts_at_the_bottom(const storage::Reader& read, storage::FamilyRef family,
                                              std::vector<Part> parts);
Error has_no_own_pieces(std::string_view sku);  // why a kit's stock cannot be set

}  // namespace pf::stock
