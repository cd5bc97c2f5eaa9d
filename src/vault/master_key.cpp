#include "vault/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vault/ring_format.h"

namespace pf::vault {
namespace {

struct File {
  int handle;
  explicit File(int h) : handle(h) {}
  ~File() {
    if (handle >= 0) ::close(handle);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

Error cannot(const std::filesystem::path& path, const char* why) {
  return error(ErrorCode::unavailable, "The master key " + path.string() + " " + why);
}

// One byte more than a key is asked for, so that a longer file is noticed.
Result<crypto::SecretBytes> read_key(const std::filesystem::path& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.handle < 0)
    return cannot(path, "is missing or cannot be read. Put it back; without it nobody can read buyers' data.");
  ::fchmod(file.handle, 0600);
  crypto::SecretBytes bytes(kKeyBytes + 1);
  if (::read(file.handle, bytes.data(), bytes.size()) != static_cast<ssize_t>(kKeyBytes))
    return cannot(path, "is damaged: it must have 32 bytes. Put back the one that belongs to this shop's key ring.");
  return crypto::SecretBytes::copy_of(bytes.bytes().substr(0, kKeyBytes));
}

}  // namespace

bool sync_folder(const std::filesystem::path& folder) {
  const File handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return handle.handle >= 0 && ::fsync(handle.handle) == 0;
}

Result<crypto::SecretBytes> master_key(const std::filesystem::path& folder, bool make) {
  const std::filesystem::path path = folder / "master.key";
  if (!make) return read_key(path);
  std::error_code fault;
  if (std::filesystem::file_size(path, fault) == kKeyBytes && !fault) return read_key(path);
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  auto key = crypto::SecretBytes::random(kKeyBytes);
  if (file.handle < 0 || ::write(file.handle, key.bytes().data(), kKeyBytes) != static_cast<ssize_t>(kKeyBytes) ||
      ::fsync(file.handle) != 0 || !sync_folder(folder))
    return cannot(path, "cannot be written. Check the disk's space and the folder's owner.");
  return key;
}

}  // namespace pf::vault
