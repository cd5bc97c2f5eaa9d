#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "archive/archive_ring.h"
#include "backup/backup.h"
#include "productflow/bytes.h"

namespace pf::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMasterBytes = 32, kGenerationBytes = 8;
// Behind the ring: the archive's keys, or zeros, and this, which an escrow of before the archive has not.
constexpr std::string_view kArchiveMark = "PFARCHIV";
constexpr std::size_t kArchiveBytes = archive::kArchiveRingBytes + kArchiveMark.size();
constexpr std::size_t kEscrowBytesMax = 2u << 20;  // twice a ring of 264 KiB, and room

struct File {
  int handle;
  ~File() {
    if (handle >= 0) ::close(handle);
  }
};

Error cannot_write(const fs::path& file) {
  return error(ErrorCode::unavailable, "The file " + file.string() + " cannot be written. Check the medium.");
}

bool put_durably(int handle, std::size_t at, std::string_view bytes) {
  return ::pwrite(handle, bytes.data(), bytes.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(bytes.size()) &&
         ::fdatasync(handle) == 0;
}

}  // namespace

Result<std::string> seal_escrow(std::string_view open_key, std::uint64_t generation, std::string_view master,
                                std::string_view ring, std::string_view archive) {
  crypto::SecretBytes plain(master.size() + ring.size() + kArchiveBytes);  // zeros
  std::copy(master.begin(), master.end(), plain.data());
  std::copy(ring.begin(), ring.end(), plain.data() + master.size());
  std::copy(archive.begin(), archive.end(), plain.data() + master.size() + ring.size());
  std::copy(kArchiveMark.begin(), kArchiveMark.end(), plain.data() + plain.size() - kArchiveMark.size());
  const auto box = crypto::box_seal(open_key, plain.bytes());
  if (!box) return invalid("key", "format", "The key is no X25519 key.");
  std::string sealed;
  put_be64(sealed, generation);
  return sealed + *box;
}

Result<> write_escrow(const fs::path& path, std::string_view sealed) {
  const File file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  struct stat info {};
  if (file.handle < 0 || ::fstat(file.handle, &info) != 0) return cannot_write(path);
  const auto size = static_cast<std::size_t>(info.st_size);
  const std::size_t former = sealed.size() - std::min(sealed.size(), kArchiveBytes);  // of before the archive
  if (size != 0 && size != sealed.size() && size != 2 * sealed.size() && size != former && size != 2 * former)
    return error(ErrorCode::conflict, "The file " + path.string() + " is no escrow of this shop. Name another file.");
  // Never a new file beside it: the old keys must be overwritten where they lie.
  if (!put_durably(file.handle, 0, sealed) || !put_durably(file.handle, sealed.size(), sealed) ||
      ::fsync(file.handle) != 0)
    return cannot_write(path);
  return {};
}

std::optional<Escrow> open_escrow(std::string_view bytes, const crypto::BoxKeys& keys) {
  if (bytes.size() % 2 != 0 || bytes.size() / 2 <= kGenerationBytes + kMasterBytes) return std::nullopt;
  std::optional<Escrow> best;
  std::uint64_t newest = 0;
  for (const std::size_t at : {std::size_t{0}, bytes.size() / 2}) {
    const std::string_view copy = bytes.substr(at, bytes.size() / 2);
    const std::uint64_t generation = get_be64(copy);
    const auto opened = crypto::box_open(keys, copy.substr(kGenerationBytes));
    if (!opened || opened->size() <= kMasterBytes || (best && generation <= newest)) continue;
    newest = generation;
    std::string_view ring = opened->bytes().substr(kMasterBytes), archive;
    if (ring.ends_with(kArchiveMark) && ring.size() > kArchiveBytes) {
      archive = ring.substr(ring.size() - kArchiveBytes, archive::kArchiveRingBytes);
      ring.remove_suffix(kArchiveBytes);
      if (archive.find_first_not_of('\0') == std::string_view::npos) archive = {};
    }
    best = Escrow{crypto::SecretBytes::copy_of(opened->bytes().substr(0, kMasterBytes)),
                  crypto::SecretBytes::copy_of(ring), crypto::SecretBytes::copy_of(archive)};
  }
  return best;
}

Result<Escrow> read_escrow(const fs::path& path, const crypto::BoxKeys& keys) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(kEscrowBytesMax + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  auto escrow = bytes.size() > kEscrowBytesMax ? std::nullopt : open_escrow(bytes, keys);
  if (!escrow)
    return error(ErrorCode::invalid,
                 "The escrow " + path.string() + " does not open with this key, or is damaged in both copies.");
  return *std::move(escrow);
}

Result<> put_back_ring(const fs::path& folder, const Escrow& escrow) {
  const fs::path keyring = folder / "keyring";
  std::error_code fault;
  fs::create_directories(keyring, fault);
  fs::permissions(keyring, fs::perms::owner_all, fault);
  for (const auto& [name, bytes] :
       {std::pair{"master.key", escrow.master.bytes()}, std::pair{"ring.bin", escrow.ring.bytes()},
        std::pair{"archive.bin", escrow.archive.bytes()}}) {
    if (bytes.empty()) continue;
    const fs::path path = keyring / name;
    const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (file.handle < 0 || !put_durably(file.handle, 0, bytes)) return cannot_write(path);
  }
  return {};
}

}  // namespace pf::backup
