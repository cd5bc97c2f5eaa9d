#include "archive/archive_ring.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "productflow/files.h"

namespace pf::archive {
namespace {

using vault::KeyType;
using vault::kSlotBytes;

constexpr std::string_view kMagic = "PFARCH01";
constexpr std::size_t kCopyA = 4'096, kCopyB = kCopyA + kArchiveSlots * kSlotBytes;
static_assert(kArchiveRingBytes == kCopyB + kArchiveSlots * kSlotBytes);

Error cannot_write() {
  return error(ErrorCode::unavailable, "The archive's keys cannot be written. Check the disk.");
}
bool write_at(int file, std::size_t at, std::string_view bytes) {
  return ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(bytes.size()) &&
         ::fdatasync(file) == 0;
}
std::string read_at(int file, std::size_t at, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(file, bytes.data(), size, static_cast<off_t>(at));
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}
std::size_t slot_of_year(std::uint16_t year) {
  return year % kArchiveSlots;
}

}  // namespace

ArchiveRing::~ArchiveRing() {
  if (file_ >= 0) ::close(file_);
}

Result<> ArchiveRing::open() {
  file_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file_ < 0 && errno == ENOENT) return {};
  struct stat info {};
  if (file_ < 0 || ::fstat(file_, &info) != 0 || !S_ISREG(info.st_mode) ||
      static_cast<std::size_t>(info.st_size) != kArchiveRingBytes || read_at(file_, 0, kMagic.size()) != kMagic)
    return error(ErrorCode::unavailable, "The archive's keys " + path_.string() +
                                             " are damaged or cannot be opened. Put back the file from an escrow; "
                                             "without it no archived document can be read.");
  for (std::size_t slot = 0; slot < kArchiveSlots; ++slot)
    for (const std::size_t copy : {kCopyB, kCopyA})  // A last: it was written first
      if (const auto one = vault::read_any_slot(read_at(file_, copy + slot * kSlotBytes, kSlotBytes));
          one && one->type == KeyType::archive && slot_of_year(static_cast<std::uint16_t>(one->number)) == slot)
        slots_[slot] = one;
  return {};
}

// It gets its name last and holds no key before.
Result<> ArchiveRing::make() {
  const std::filesystem::path making = path_.string() + ".making";
  file_ = ::open(making.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  std::string bytes(kMagic);
  bytes.resize(kArchiveRingBytes, '\0');
  std::error_code fault;
  if (file_ < 0 || !write_at(file_, 0, bytes) || ::fsync(file_) != 0) return cannot_write();
  std::filesystem::rename(making, path_, fault);
  return fault || !sync_folder(path_.parent_path()) ? cannot_write() : Result<>();
}

Result<> ArchiveRing::put(std::size_t slot, std::string_view bytes) {
  for (const std::size_t copy : {kCopyA, kCopyB})
    if (!write_at(file_, copy + slot * kSlotBytes, bytes)) return cannot_write();
  slots_[slot] = vault::read_any_slot(bytes);
  return {};
}

bool ArchiveRing::lives(std::uint16_t year) const {
  const auto& slot = slots_[slot_of_year(year)];
  return slot && slot->state == vault::SlotState::live && slot->number == year;
}

std::optional<crypto::SecretBytes> ArchiveRing::key(std::uint16_t year, std::string_view shop,
                                                    std::string_view wrap) const {
  if (!lives(year)) return std::nullopt;
  for (const std::size_t copy : {kCopyA, kCopyB}) {
    const std::string bytes = read_at(file_, copy + slot_of_year(year) * kSlotBytes, kSlotBytes);
    const auto slot = vault::read_any_slot(bytes);
    if (!slot || slot->state != vault::SlotState::live || slot->number != year) continue;
    if (auto key = vault::open_slot(bytes, shop, wrap)) return key;
  }
  return std::nullopt;
}

Result<crypto::SecretBytes> ArchiveRing::key_for_sealing(std::uint16_t year, std::string_view shop,
                                                         std::string_view wrap) {
  if (lives(year)) {
    if (auto there = key(year, shop, wrap)) return *std::move(there);
    return error(ErrorCode::unavailable,
                 "The archive's key for this year does not open: it is another shop's, or damaged. Put back "
                 "keyring/archive.bin from an escrow.");
  }
  if (file_ < 0) PF_TRY(make());
  auto made = crypto::SecretBytes::random(vault::kKeyBytes);
  PF_TRY(put(slot_of_year(year), vault::live_slot(KeyType::archive, year, shop, wrap, made.bytes())));
  return made;
}

Result<> ArchiveRing::destroy_below(std::uint16_t year) {
  for (std::size_t slot = 0; slot < kArchiveSlots; ++slot) {
    const auto there = slots_[slot];
    if (!there || there->state != vault::SlotState::live || there->number >= year) continue;
    const std::string tombstone = vault::tombstone_slot(KeyType::archive, there->number);
    for (const std::size_t copy : {kCopyA, kCopyB}) {
      const std::size_t at = copy + slot * kSlotBytes;
      // Random bytes first, so that no half-written tombstone leaves bytes of a key.
      if (!write_at(file_, at, crypto::random_bytes(kSlotBytes)) || !write_at(file_, at, tombstone))
        return cannot_write();
      if (read_at(file_, at, kSlotBytes) != tombstone) return cannot_write();
    }
    slots_[slot] = vault::read_any_slot(tombstone);
  }
  return {};
}

std::vector<std::uint16_t> ArchiveRing::destroyed_from(std::uint16_t year) const {
  std::vector<std::uint16_t> years;
  for (const auto& slot : slots_)
    if (slot && slot->state == vault::SlotState::destroyed && slot->number >= year)
      years.push_back(static_cast<std::uint16_t>(slot->number));
  std::ranges::sort(years);
  return years;
}

Result<crypto::SecretBytes> ArchiveRing::bytes() const {
  if (file_ < 0) return crypto::SecretBytes();
  const std::string all = read_at(file_, 0, kArchiveRingBytes);
  if (all.size() != kArchiveRingBytes)
    return error(ErrorCode::unavailable, "The archive's keys cannot be read. Check the disk.");
  return crypto::SecretBytes::copy_of(all);
}

}  // namespace pf::archive
