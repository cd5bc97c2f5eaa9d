// The bytes of a backup, for this room alone; described in backup.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/crypto.h"
#include "productflow/bytes.h"

namespace pf::backup {

inline constexpr std::string_view kMagic = "PFBACKUP";
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kRecipientBytes = 8, kSumBytes = 32;
enum class EntryKind : std::uint8_t { about = 0, file = 1, end = 2 };

inline std::string recipient_of(std::string_view open_key) {
  return crypto::sha256(open_key).substr(0, kRecipientBytes);
}
inline std::string entry_head(EntryKind kind, std::string_view path, std::uint64_t size) {
  std::string head(1, static_cast<char>(kind));
  put_be16(head, static_cast<std::uint16_t>(path.size()));
  head.append(path);
  put_be64(head, size);
  return head;
}

}  // namespace pf::backup
