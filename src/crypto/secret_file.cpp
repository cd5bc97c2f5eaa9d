#include "crypto/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace pf::crypto {

std::optional<SecretBytes> read_at_most(const std::filesystem::path& path, std::size_t limit) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat about {};
  const bool regular = file >= 0 && ::fstat(file, &about) == 0 && S_ISREG(about.st_mode);
  if (regular && (about.st_mode & 077) != 0) ::fchmod(file, about.st_mode & 0700);
  SecretBytes bytes(limit + 1);
  std::size_t size = 0;
  ssize_t got = regular ? 1 : -1;
  while (got > 0 && size < bytes.size()) {
    do got = ::read(file, bytes.data() + size, bytes.size() - size);
    while (got < 0 && errno == EINTR);
    if (got > 0) size += static_cast<std::size_t>(got);
  }
  if (file >= 0) ::close(file);
  if (got < 0) return std::nullopt;
  return SecretBytes::copy_of(bytes.bytes().substr(0, size));
}

Result<SecretBytes> read_secret_file(const std::filesystem::path& path, std::size_t size) {
  auto bytes = read_at_most(path, size);
  if (bytes && bytes->size() == size) return *std::move(bytes);
  return error(ErrorCode::unavailable, "The file " + path.string() + " cannot be read. It must hold " +
                                           std::to_string(size) +
                                           " bytes and belong to the user who runs ProductFlow; put it back from a "
                                           "backup.");
}

}  // namespace pf::crypto
