// The keys of the archive: one for each year at whose beginning documents die, in a small file beside the vault's ring
// (format: archive_keys.h). A key is on both copies before it is used, and is destroyed on both, in place. Holds no key
// in memory: each is unwrapped when it is asked for. Only for this room; not thread-safe.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/crypto.h"
#include "productflow/result.h"
#include "vault/ring_format.h"

namespace pf::archive {

// A year's key lives at most kYearsMax + 1 years, so no two that live share a slot.
inline constexpr std::size_t kArchiveSlots = 64;
inline constexpr std::size_t kArchiveRingBytes = 4'096 + 2 * kArchiveSlots * vault::kSlotBytes;  // of the file

class ArchiveRing {
 public:
  explicit ArchiveRing(std::filesystem::path path) : path_(std::move(path)) {}
  ArchiveRing(ArchiveRing&&) = delete;
  ~ArchiveRing();

  // Reads the file; none is an empty ring, and is made with the first key.
  Result<> open();
  // The key of that year; nothing if there is none, or not one of this shop.
  std::optional<crypto::SecretBytes> key(std::uint16_t year, std::string_view shop, std::string_view wrap) const;
  Result<crypto::SecretBytes> key_for_sealing(std::uint16_t year, std::string_view shop, std::string_view wrap);
  // Destroys the keys of the years below. Needs no key.
  Result<> destroy_below(std::uint16_t year);
  bool lives(std::uint16_t year) const;
  std::vector<std::uint16_t> destroyed_from(std::uint16_t year) const;  // ascending; from that year on
  Result<crypto::SecretBytes> bytes() const;                            // of the whole file; empty if there is none

 private:
  Result<> make();
  Result<> put(std::size_t slot, std::string_view bytes);

  std::filesystem::path path_;
  int file_ = -1;
  std::array<std::optional<vault::Slot>, kArchiveSlots> slots_{};
};

}  // namespace pf::archive
