#include "storage/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <utility>

namespace pf::storage {

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const auto path = folder / "LOCK";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return error(ErrorCode::unavailable,
                 "The data folder " + folder.string() +
                     " cannot be written. Check that it belongs to the user who runs ProductFlow.");
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    return error(ErrorCode::conflict, "Another ProductFlow is already using the data folder " + folder.string() +
                                          ". Stop it first, or use another folder.");
  }
  return FolderLock(file);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace pf::storage
