// Stored on disk: do not change. Family "orders" (index in "order_index"):
//   "o" be64 id                          -> JSON of the order: never personal data
//   "e" be64 id be32 number              -> JSON of an event, append-only
//   "k" channel 00 channel order number  -> be64 id: one order, however often it is sent
//   "w" sku 00 be64 id                   -> nothing: a line waits for stock
//   "r" rid 16                           -> be64 id: whose buyer it is (nothing about him)
//   "u" be64 id                          -> nothing: an open order with a SKU that is no product's
//   "d" sku                              -> nothing: its product is gone, and open orders with it are to be marked
//   "f" be64 hash of wares and money      -> be64 when such an order was placed last, in ms (nothing about who)
//   "n"                                  -> be64 last id
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::orders {

inline constexpr std::string_view kOrdersFamily = "orders", kOrderIndexFamily = "order_index";
inline constexpr std::uint64_t kFirstOrderId = 100'001;
inline std::string order_key(std::uint64_t id) {
  std::string key = "o";
  put_be64(key, id);
  return key;
}
inline std::string events_prefix(std::uint64_t id) {
  std::string key = "e";
  put_be64(key, id);
  return key;
}
inline std::string event_key(std::uint64_t id, std::uint32_t number) {
  std::string key = events_prefix(id);
  put_be32(key, number);
  return key;
}
inline std::string channel_key(std::string_view channel, std::string_view number) {
  return "k" + std::string(channel) + std::string(1, '\0') + std::string(number);
}
inline std::string person_key(std::string_view rid) {
  return "r" + std::string(rid);
}
inline std::string wares_key(std::uint64_t hash) {
  std::string key = "f";
  put_be64(key, hash);
  return key;
}
inline std::string gone_key(std::string_view sku) {
  return "d" + std::string(sku);
}
inline std::string unknown_key(std::uint64_t id) {
  std::string key = "u";
  put_be64(key, id);
  return key;
}
inline constexpr std::string_view kWaitingPrefix = "w";
inline std::string waiting_prefix(std::string_view sku) {
  return std::string(kWaitingPrefix) + std::string(sku) + std::string(1, '\0');
}
inline std::string waiting_key(std::string_view sku, std::uint64_t id) {
  std::string key = waiting_prefix(sku);
  put_be64(key, id);
  return key;
}

}  // namespace pf::orders
