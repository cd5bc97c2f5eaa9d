#include "productflow/files.h"

#include <fcntl.h>
#include <unistd.h>

namespace pf {

Result<> replace_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
  std::filesystem::path beside = path;
  beside += ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  const bool written = file >= 0 && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                       ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  std::error_code failed;
  if (written) std::filesystem::rename(beside, path, failed);
  if (written && !failed && sync_folder(path.parent_path())) return {};
  return error(ErrorCode::unavailable, "The file " + path.string() +
                                           " cannot be written. Make sure that its disk has space and that the folder "
                                           "belongs to the user who runs ProductFlow.");
}

bool sync_folder(const std::filesystem::path& folder) {
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = handle >= 0 && ::fsync(handle) == 0;
  if (handle >= 0) ::close(handle);
  return done;
}

}  // namespace pf
