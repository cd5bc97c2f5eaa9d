// Stored on disk: do not change. Family "stock":
//   "L"                        -> JSON of the shop's locations (locations.cpp); none: the default alone
//   "l" sku                    -> be64 on_hand | be64 allocated, of all locations together; then, for each location but
//                                 the default that has pieces, ascending: be32 id | be64 on_hand | be64 allocated.
//                                 Bit 62 of the first number: some kit is made of it.
//       or, of a kit            -> ff 01, then of each part: be32 quantity | be16 bytes | sku
//   "k" part 00 kit             -> empty: the kit names this part
//   "m" sku 00 be64 number     -> JSON of a movement: at, by, reason, on_hand and allocated changes, loc (its location,
//                                 absent: the default), takes_back (the number of another, absent: none)
//   "n" sku                    -> be64 number of its last movement
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::stock {

inline constexpr std::string_view kStockFamily = "stock";
inline constexpr std::string_view kLocationsKey = "L";
inline std::string level_key(std::string_view sku) {
  return "l" + std::string(sku);
}
inline std::string kits_of_part_prefix(std::string_view part) {
  return "k" + std::string(part) + std::string(1, '\0');
}
inline std::string kit_of_part_key(std::string_view part, std::string_view kit) {
  return kits_of_part_prefix(part) + std::string(kit);
}
inline std::string last_movement_key(std::string_view sku) {
  return "n" + std::string(sku);
}
inline std::string movement_key(std::string_view sku, std::uint64_t number) {
  std::string key = "m" + std::string(sku) + std::string(1, '\0');
  put_be64(key, number);
  return key;
}

}  // namespace pf::stock
