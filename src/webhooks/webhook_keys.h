// Keys of the family "webhooks". Stored on disk: do not change or renumber. A hook's id is 36 characters, always.
//   "a" place                         Host, JSON
//   "h" id                            Hook, JSON
//   "s" id 'n' | 'o'                  its secret, the new one and the one before: nonce, AES-256-GCM
//   "n" id                            be64: the number of its last delivery
//   "d" id be64 number                Delivery, JSON
//   "q" id be64 due (ms) be64 number  be64 event: a delivery that waits
//   "f"                               be64: the log of events has been read up to here
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"
#include "productflow/clock.h"

namespace pf::webhooks::keys {

inline constexpr std::string_view kFamily = "webhooks", kFannedOut = "f";
inline constexpr std::size_t kIdBytes = 36;

inline std::string with(char mark, std::string_view rest) {
  return std::string(1, mark).append(rest);
}
inline std::string number(std::string_view id) {
  return with('n', id);
}
inline std::string host(std::string_view place) {
  return with('a', place);
}
inline std::string hook(std::string_view id) {
  return with('h', id);
}
inline std::string secret(std::string_view id, char which) {
  return with('s', id) + which;
}
inline std::string deliveries(std::string_view id) {
  return with('d', id);
}
inline std::string delivery(std::string_view id, std::uint64_t number) {
  std::string key = deliveries(id);
  put_be64(key, number);
  return key;
}
inline std::string queue(std::string_view id) {
  return with('q', id);
}
inline std::string waiting(std::string_view id, Time due, std::uint64_t number) {
  std::string key = queue(id);
  put_be64(key, static_cast<std::uint64_t>(due.time_since_epoch().count()));
  put_be64(key, number);
  return key;
}

}  // namespace pf::webhooks::keys
