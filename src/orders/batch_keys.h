// Stored on disk: do not change. Family "batches":
//   "o" be64 id             -> JSON of the batch, "v" its version: never personal data
//   "s" be64 id be32 number -> JSON of a scan, "v" its version: which events of which orders it was
//   "k" be64 id key         -> be32 number: the caller's own name of a scan
//   "m" be64 order          -> be64 batch: the open batch that the order is in
//   "a" be64 id             -> nothing: open batches
//   "n"                     -> be64 last id
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::orders {

inline constexpr std::string_view kBatchesFamily = "batches";
inline constexpr int kBatchVersion = 1;  // of both records; a newer one is refused
inline constexpr std::string_view kLastBatchKey = "n", kBatchesPrefix = "o", kOpenBatchesPrefix = "a";

inline std::string batch_numbered(std::string_view prefix, std::uint64_t number) {
  std::string key(prefix);
  put_be64(key, number);
  return key;
}
inline std::string batch_key(std::uint64_t id) {
  return batch_numbered(kBatchesPrefix, id);
}
inline std::string open_batch_key(std::uint64_t id) {
  return batch_numbered(kOpenBatchesPrefix, id);
}
inline std::string batch_of_order_key(std::uint64_t order) {
  return batch_numbered("m", order);
}
inline std::string batch_scan_key(std::uint64_t id, std::uint32_t number) {
  std::string key = batch_numbered("s", id);
  put_be32(key, number);
  return key;
}
inline std::string batch_heard_key(std::uint64_t id, std::string_view key) {
  return batch_numbered("k", id).append(key);
}

}  // namespace pf::orders
