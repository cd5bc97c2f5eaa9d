#include "crypto/private_file.h"

#include <fcntl.h>
#include <unistd.h>

namespace pf::crypto {

Result<> write_private_file(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::path beside = path;
  beside += ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool written = file >= 0 && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                       ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  std::error_code failed;
  if (written) std::filesystem::rename(beside, path, failed);
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool kept = folder >= 0 && ::fsync(folder) == 0;
  if (folder >= 0) ::close(folder);
  if (written && !failed && kept) return {};
  return error(ErrorCode::unavailable, "The file " + path.string() +
                                           " cannot be written. Make sure that its disk has space and that the folder "
                                           "belongs to the user who runs ProductFlow.");
}

Result<SecretBytes> read_secret_file(const std::filesystem::path& path, std::size_t size) {
  SecretBytes bytes(size);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  const bool whole = file >= 0 && ::read(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  if (file >= 0) ::close(file);
  if (whole) return bytes;
  return error(ErrorCode::unavailable, "The file " + path.string() + " cannot be read. It must hold " +
                                           std::to_string(size) +
                                           " bytes and belong to the user who runs ProductFlow; put it back from a "
                                           "backup.");
}

}  // namespace pf::crypto
