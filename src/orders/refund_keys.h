// Stored on disk: do not change. Family "refunds":
//   "o" be64 order be32 number   -> JSON of the refund, "v" its version; append-only, never personal data
//   "k" be64 order identifier    -> be32 number: one refund, however often it is sent
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::orders {

inline constexpr std::string_view kRefundsFamily = "refunds";
inline constexpr int kRefundVersion = 1;  // of the record; a newer one is refused

inline std::string refunds_prefix(std::uint64_t order) {
  std::string key = "o";
  put_be64(key, order);
  return key;
}
inline std::string refund_key(std::uint64_t order, std::uint32_t number) {
  std::string key = refunds_prefix(order);
  put_be32(key, number);
  return key;
}
inline std::string identifier_key(std::uint64_t order, std::string_view identifier) {
  std::string key = "k";
  put_be64(key, order);
  return key + std::string(identifier);
}

}  // namespace pf::orders
