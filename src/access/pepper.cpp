#include "access/pepper.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/access_impl.h"

namespace pf::access {
namespace {

// Accounts of older versions are not peppered until their next password.
bool in_use(const storage::Store& store) {
  const auto read = store.read();
  for (auto row = read.scan_prefix(store.family(kAccessFamily), "u"); row.valid(); row.next()) {
    const auto record = json::parse(row.value());
    if (!record.ok() || flag_in(*record, "peppered")) return true;
    for (const char* keyed : {"invitation", "totp", "recovery", "devices"})
      if (record->find(keyed) != nullptr) return true;
  }
  return false;
}

}  // namespace

Result<crypto::SecretBytes> load_pepper(const std::filesystem::path& folder, const storage::Store& store) {
  const auto path = folder / "access.key", beside = folder / "access.key.new";
  const Error fault = error(ErrorCode::unavailable,
                            "The file " + path.string() +
                                " cannot be read. It must hold 32 bytes and belong to the user who runs ProductFlow; "
                                "put it back from a backup.");
  std::error_code unseen;
  const bool there = std::filesystem::exists(path, unseen);
  if (unseen) return fault;
  if (!there && in_use(store))
    return error(ErrorCode::unavailable, "The file " + path.string() +
                                             " is gone, and nobody can sign in without it: every password was made "
                                             "with it. Put it back from a backup.");
  if (!there) {
    const auto made = crypto::SecretBytes::random(kPepperBytes);
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    const bool written = file >= 0 &&
                         ::write(file, made.bytes().data(), made.size()) == static_cast<ssize_t>(made.size()) &&
                         ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    std::error_code failed;
    if (written) std::filesystem::rename(beside, path, failed);
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool kept = directory >= 0 && ::fsync(directory) == 0;
    if (directory >= 0) ::close(directory);
    if (!written || failed || !kept)
      return error(ErrorCode::unavailable, "The file " + path.string() +
                                               " cannot be written. Make sure that its disk has space and that "
                                               "the folder belongs to the user who runs ProductFlow.");
  }
  crypto::SecretBytes pepper(kPepperBytes);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  const bool whole = file >= 0 && ::read(file, pepper.data(), pepper.size()) == static_cast<ssize_t>(pepper.size());
  if (file >= 0) ::close(file);
  if (!whole) return fault;
  return pepper;
}

}  // namespace pf::access
