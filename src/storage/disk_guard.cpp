#include "storage/disk_guard.h"

#include <sys/statvfs.h>

namespace pf::storage {

DiskGuard::DiskGuard(std::filesystem::path folder, std::uint64_t free_bytes_reserve)
    : folder_(std::move(folder)), reserve_(free_bytes_reserve) {}

std::uint64_t DiskGuard::free_bytes() const {
  struct statvfs figures {};
  if (statvfs(folder_.c_str(), &figures) != 0) return 0;
  return std::uint64_t{figures.f_bavail} * figures.f_frsize;
}

Result<> DiskGuard::may_write() const {
  const std::uint64_t free = free_bytes();
  if (free >= reserve_) return {};
  constexpr std::uint64_t kMiB = 1u << 20;
  return error(
      ErrorCode::storage_full,
      "The disk is nearly full: " + std::to_string(free / kMiB) + " MiB are free and " +
          std::to_string(reserve_ / kMiB) +
          " MiB are kept in reserve. Nothing was changed; reading goes on. Free some space on the disk that holds " +
          folder_.string() + ".");
}

}  // namespace pf::storage
