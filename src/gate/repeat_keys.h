// Stored on disk: do not change or renumber. Family "repeats", what was asked with an Idempotency-Key; gone after a
// day.
//   "k" SHA-256(actor id 0x00 key)   -> be64 milliseconds since 1970 | state (1 started, 2 done) | HMAC-SHA-256 of
//                                       the request under a key of the pepper (SHA-256 alone before that)
//                                       | when done: nonce (12 bytes) | AES-256-GCM of the answer | tag
//   "t" be64 milliseconds | hash     -> empty; the same in order of time
// The answer's key lives in the process alone: an answer may show a token or a buyer, and must not outlive either on
// disk.
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::gate::keys {

inline constexpr std::string_view kRepeats = "repeats";
inline constexpr char kStarted = '\x01', kDone = '\x02';

inline std::string repeat(std::string_view hash) {
  return "k" + std::string(hash);
}
inline std::string repeat_time(std::uint64_t milliseconds, std::string_view hash) {
  std::string key = "t";
  put_be64(key, milliseconds);
  key += hash;
  return key;
}

}  // namespace pf::gate::keys
