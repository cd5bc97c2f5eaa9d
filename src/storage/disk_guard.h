// Keeps RocksDB from ever meeting a full disk: Debian's build would abort the process there (security.md 2.3).
#pragma once

#include <cstdint>
#include <filesystem>

#include "productflow/result.h"

namespace pf::storage {

class DiskGuard {
 public:
  DiskGuard(std::filesystem::path folder, std::uint64_t free_bytes_reserve);
  std::uint64_t free_bytes() const;  // for this user; 0 if it cannot be asked
  Result<> may_write() const;        // storage_full below the reserve

 private:
  std::filesystem::path folder_;
  std::uint64_t reserve_;
};

}  // namespace pf::storage
