// Stored on disk: do not change.
//   "e" be64 number          -> JSON of the entry, without its hash and number, then 32 bytes of hash
//   "h"                      -> be64 number of the newest entry, then its hash: makes a cut-off end visible
//   "b"                      -> be64 number of the newest entry that was dropped, then its hash: where the chain begins
//   "k"                      -> be64 days that entries are kept; absent: for ever
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::audit {

inline constexpr std::string_view kAuditFamily = "audit";
inline constexpr std::string_view kHeadKey = "h", kBeginKey = "b", kKeepKey = "k";
inline constexpr std::size_t kHashBytes = 32;

inline std::string entry_key(std::uint64_t number) {
  std::string key = "e";
  put_be64(key, number);
  return key;
}

}  // namespace pf::audit
