// Stored on disk: do not change. Family "returns" (index in "return_index"):
//   "o" be64 id                -> JSON of the return, "v" its version: never personal data
//   "t" be64 order be64 id     -> nothing: the returns of an order
//   "k" be64 order reference   -> be64 id: one return, however often it is asked for
//   "n"                        -> be64 last id
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::orders {

inline constexpr std::string_view kReturnsFamily = "returns", kReturnIndexFamily = "return_index";
inline constexpr std::uint64_t kFirstReturnId = 5'001;
inline constexpr int kReturnVersion = 1;  // of the record; a newer one is refused
inline constexpr std::string_view kLastReturnKey = "n";

inline std::string return_key(std::uint64_t id) {
  std::string key = "o";
  put_be64(key, id);
  return key;
}
inline std::string returns_prefix(std::uint64_t order) {
  std::string key = "t";
  put_be64(key, order);
  return key;
}
inline std::string return_of_key(std::uint64_t order, std::uint64_t id) {
  std::string key = returns_prefix(order);
  put_be64(key, id);
  return key;
}
inline std::string reference_key(std::uint64_t order, std::string_view reference) {
  std::string key = "k";
  put_be64(key, order);
  return key + std::string(reference);
}

}  // namespace pf::orders
