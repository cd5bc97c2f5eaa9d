#include "vault/ring.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "productflow/bytes.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "PFRING01";
constexpr std::size_t kPage = 4096, kSlots = 1024, kSlotBytes = 128, kKeyBytes = 32, kIdBytes = 16;
constexpr std::size_t kDataSlots = 896;  // more than 721 live epochs; the rest is for index keys, more than 32 live days
constexpr std::size_t kCopyA = 2 * kPage, kCopyB = kCopyA + kSlots * kSlotBytes, kRingBytes = kCopyB + kSlots * kSlotBytes;
constexpr std::size_t kHeaderBytes = 8 + 16 + 8 + 4 + 4 + 8 + 8 + 8 + 4 + 41, kHmacBytes = 32;
constexpr std::uint8_t kEmpty = 0, kLive = 1, kDestroyed = 2;

std::size_t slot_of(KeyType type, std::uint32_t number) {
  return type == KeyType::data ? number % kDataSlots : kDataSlots + number % (kSlots - kDataSlots);
}

std::uint32_t crc32(std::string_view bytes) {  // ISO 3309, as in zlib
  std::uint32_t crc = 0xffffffff;
  for (char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1)));
  }
  return ~crc;
}

Error ring_error(std::string what) { return error(ErrorCode::unavailable, std::move(what)); }

bool write_at(int file, std::size_t at, std::string_view bytes) {
  return ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(bytes.size()) && ::fdatasync(file) == 0;
}
std::string read_at(int file, std::size_t at, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(file, bytes.data(), size, static_cast<off_t>(at));
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

std::string header_bytes(const RingHeader& header) {
  std::string out(kMagic);
  out += header.ring_id;
  put_be64(out, header.generation);
  put_be32(out, static_cast<std::uint32_t>(std::chrono::seconds(kEpoch).count()));
  put_be32(out, kRetentionEpochs);
  put_be64(out, static_cast<std::uint64_t>(header.floor.time_since_epoch().count()));
  put_be64(out, static_cast<std::uint64_t>(header.anchor.time_since_epoch().count()));
  put_be64(out, static_cast<std::uint64_t>(header.anchor_boot.count()));
  put_be32(out, header.destroyed_upto);
  out.push_back(static_cast<char>(header.boot_id.size()));
  out += header.boot_id + std::string(40 - header.boot_id.size(), '\0');
  return out;
}

std::optional<RingHeader> read_header(std::string_view page, std::string_view key) {
  if (page.size() < kHeaderBytes + kHmacBytes || !page.starts_with(kMagic)) return std::nullopt;
  if (!crypto::same_bytes(crypto::hmac_sha256(key, page.substr(0, kHeaderBytes)), page.substr(kHeaderBytes, kHmacBytes))) return std::nullopt;
  RingHeader header;
  header.ring_id = page.substr(8, kIdBytes);
  header.generation = get_be64(page.substr(24));
  header.floor = Time{milliseconds{static_cast<std::int64_t>(get_be64(page.substr(40)))}};
  header.anchor = Time{milliseconds{static_cast<std::int64_t>(get_be64(page.substr(48)))}};
  header.anchor_boot = milliseconds{static_cast<std::int64_t>(get_be64(page.substr(56)))};
  header.destroyed_upto = get_be32(page.substr(64));
  const auto length = static_cast<unsigned char>(page[68]);
  header.boot_id = page.substr(69, std::min<std::size_t>(length, 40));
  return header;
}

// 32 random bytes, made once. The owner's disk protects them; later releases wrap them.
Result<crypto::SecretBytes> master_key(const fs::path& path, bool make) {
  if (make) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    const auto key = crypto::SecretBytes::random(kKeyBytes);
    const bool written = file >= 0 && ::write(file, key.bytes().data(), kKeyBytes) == static_cast<ssize_t>(kKeyBytes) && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!written) return ring_error("The master key " + path.string() + " cannot be written.");
  }
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return ring_error("The master key " + path.string() + " is missing or cannot be read. Put it back; without it nobody can read buyers' data.");
  crypto::SecretBytes key(kKeyBytes);
  const ssize_t got = ::read(file, key.data(), kKeyBytes);
  ::close(file);
  if (got != static_cast<ssize_t>(kKeyBytes)) return ring_error("The master key " + path.string() + " is damaged: it must have 32 bytes.");
  return key;
}

void sync_folder(const fs::path& folder) {
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

}  // namespace

Ring::Ring(Ring&& other) noexcept
    : file_(std::exchange(other.file_, -1)), header_(std::move(other.header_)), keys_(std::move(other.keys_)), wrap_key_(std::move(other.wrap_key_)),
      header_key_(std::move(other.header_key_)), rid_key_(std::move(other.rid_key_)) {
  std::memcpy(slots_, other.slots_, sizeof slots_);
}
Ring::~Ring() {
  if (file_ >= 0) ::close(file_);
}

Result<Ring> Ring::open(const fs::path& folder, Time now, milliseconds since_boot, std::string_view boot_id) {
  std::error_code fault;
  fs::create_directories(folder, fault);
  fs::permissions(folder, fs::perms::owner_all, fault);
  const fs::path path = folder / "ring.bin", master_path = folder / "master.key";
  // The ring is made last, so its absence beside a master key is an interrupted first start.
  const bool fresh = !fs::exists(path, fault);

  Ring ring;
  PF_LET(const auto master, master_key(master_path, fresh && !fs::exists(master_path, fault)));
  ring.wrap_key_ = crypto::hkdf_sha256(master.bytes(), "", "pf/v1/wrap", kKeyBytes);
  ring.header_key_ = crypto::hkdf_sha256(master.bytes(), "", "pf/v1/floor", kKeyBytes);
  ring.rid_key_ = crypto::hkdf_sha256(master.bytes(), "", "pf/v1/rid", kKeyBytes);
  ring.keys_ = crypto::SecretBytes(kSlots * kKeyBytes);

  if (fresh) {
    const fs::path making = folder / "ring.making";  // holds no key yet, so a rename does no harm
    ring.file_ = ::open(making.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (ring.file_ < 0 || ::posix_fallocate(ring.file_, 0, static_cast<off_t>(kRingBytes)) != 0 || !write_at(ring.file_, 0, std::string(kRingBytes, '\0')))
      return ring_error("The key ring " + path.string() + " cannot be made. Check the disk's space and the folder's owner.");
    PF_TRY(ring.write_header({.ring_id = crypto::random_bytes(kIdBytes), .floor = now, .anchor = now, .anchor_boot = since_boot, .boot_id = std::string(boot_id.substr(0, 40))}));
    fs::rename(making, path, fault);
    if (fault) return ring_error("The key ring " + path.string() + " cannot be made: " + fault.message() + ".");
    sync_folder(folder);
    return ring;
  }

  ring.file_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (ring.file_ < 0) return ring_error("The key ring " + path.string() + " cannot be opened. Check its owner.");
  struct stat info {};
  if (::fstat(ring.file_, &info) != 0 || static_cast<std::size_t>(info.st_size) != kRingBytes)
    return ring_error("The key ring " + path.string() + " is truncated: it must have " + std::to_string(kRingBytes) + " bytes. Buyers' data cannot be read without it.");
  std::optional<RingHeader> best;
  for (const std::size_t page : {std::size_t{0}, kPage})
    if (auto header = read_header(read_at(ring.file_, page, kPage), ring.header_key_.bytes()); header && (!best || header->generation > best->generation))
      best = std::move(header);
  if (!best) return ring_error("The key ring " + path.string() + " is damaged, or its master key is of another ring. Put back the master key that belongs to it.");
  ring.header_ = *std::move(best);
  PF_TRY(ring.load_slots());
  return ring;
}

Result<> Ring::write_header(RingHeader header) {
  header.generation = header_.generation + 1;
  std::string page = header_bytes(header);
  page += crypto::hmac_sha256(header_key_.bytes(), page);
  page.resize(kPage, '\0');
  // The other page stays whole, whatever happens while this one is written.
  if (!write_at(file_, header.generation % 2 == 0 ? 0 : kPage, page)) return ring_error("The key ring cannot be written. Check the disk.");
  header_ = std::move(header);
  return {};
}

std::string Ring::slot_binding(KeyType type, std::uint32_t number) const {
  std::string binding = "pf.slot.v1" + header_.ring_id;
  put_be32(binding, number);
  binding.push_back(static_cast<char>(type));
  return binding;
}

std::string Ring::sealed_slot(std::size_t, KeyType type, std::uint32_t number, std::string_view key) const {
  std::string bytes;
  put_be32(bytes, number);
  bytes.push_back(static_cast<char>(type));
  bytes.push_back(static_cast<char>(kLive));
  put_be16(bytes, 0);
  const std::string nonce = crypto::random_bytes(crypto::kGcmNonceBytes);
  bytes += nonce + crypto::gcm_seal(wrap_key_.bytes(), nonce, slot_binding(type, number), key);
  put_be32(bytes, crc32(bytes));
  bytes.resize(kSlotBytes, '\0');
  return bytes;
}

Result<> Ring::write_slot(std::size_t slot, bool copy_b, std::string_view bytes) {
  if (!write_at(file_, (copy_b ? kCopyB : kCopyA) + slot * kSlotBytes, bytes)) return ring_error("The key ring cannot be written. Check the disk.");
  return {};
}

Result<> Ring::destroy_slot(std::size_t slot) {
  std::string tombstone;
  put_be32(tombstone, slots_[slot].number);
  tombstone.push_back(static_cast<char>(slots_[slot].type));
  tombstone.push_back(static_cast<char>(kDestroyed));
  tombstone.resize(68, '\0');
  put_be32(tombstone, crc32(tombstone));
  tombstone.resize(kSlotBytes, '\0');
  for (const bool copy_b : {false, true}) {  // random bytes first, so that no half-written tombstone leaves key bytes
    PF_TRY(write_slot(slot, copy_b, crypto::random_bytes(kSlotBytes)));
    PF_TRY(write_slot(slot, copy_b, tombstone));
  }
  std::memset(keys_.data() + slot * kKeyBytes, 0, kKeyBytes);
  slots_[slot].state = kDestroyed;
  return {};
}

Result<> Ring::load_slots() {
  const std::string area_a = read_at(file_, kCopyA, kSlots * kSlotBytes), area_b = read_at(file_, kCopyB, kSlots * kSlotBytes);
  if (area_a.size() != kSlots * kSlotBytes || area_b.size() != kSlots * kSlotBytes) return ring_error("The key ring cannot be read. Check the disk.");
  std::uint32_t unreadable = 0;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    const std::string_view a = std::string_view(area_a).substr(slot * kSlotBytes, kSlotBytes), b = std::string_view(area_b).substr(slot * kSlotBytes, kSlotBytes);
    const auto whole = [](std::string_view bytes) { return get_be32(bytes.substr(68)) == crc32(bytes.substr(0, 68)); };
    const auto is_live = [&](std::string_view bytes) { return whole(bytes) && bytes[5] == static_cast<char>(kLive); };
    // A is written first, both when a key is made and when it is destroyed. A tombstone in either copy wins.
    const bool tombstone = (whole(a) && a[5] == static_cast<char>(kDestroyed)) || (whole(b) && b[5] == static_cast<char>(kDestroyed));
    const std::string_view live = is_live(a) ? a : is_live(b) ? b : std::string_view{};
    if (live.empty()) {
      if (tombstone) {
        const std::string_view stone = whole(a) && a[5] == static_cast<char>(kDestroyed) ? a : b;
        slots_[slot] = {get_be32(stone), static_cast<std::uint8_t>(stone[4]), kDestroyed};
        if (!(whole(a) && whole(b))) PF_TRY(destroy_slot(slot));
      }
      continue;
    }
    slots_[slot] = {get_be32(live), static_cast<std::uint8_t>(live[4]), kLive};
    const bool is_data = slots_[slot].type == static_cast<std::uint8_t>(KeyType::data);
    const std::uint32_t number = slots_[slot].number;
    const bool due = is_data ? number < header_.destroyed_upto : (number + 1) * kEpochsPerDay <= header_.destroyed_upto;
    // A new key over the tombstone of an old one: B still holds the old tombstone, of another number.
    const bool own_tombstone = (whole(a) && a[5] == static_cast<char>(kDestroyed) && get_be32(a) == number) || (whole(b) && b[5] == static_cast<char>(kDestroyed) && get_be32(b) == number);
    if (due || own_tombstone) {  // a crash interrupted its destruction
      PF_TRY(destroy_slot(slot));
      continue;
    }
    const auto type = static_cast<KeyType>(slots_[slot].type);
    const auto key = crypto::gcm_open(wrap_key_.bytes(), live.substr(8, 12), slot_binding(type, number), live.substr(20, 48));
    if (!key) {
      ++unreadable;
      slots_[slot].state = kEmpty;
      continue;
    }
    std::memcpy(keys_.data() + slot * kKeyBytes, key->bytes().data(), kKeyBytes);
    if (a != b) {  // the other copy was not reached, or the disk lost it
      PF_TRY(write_slot(slot, false, live));
      PF_TRY(write_slot(slot, true, live));
    }
  }
  if (unreadable > 0) return ring_error(std::to_string(unreadable) + " keys of the ring do not open. The ring was altered, or slots of another ring were copied in.");
  return {};
}

std::optional<std::string_view> Ring::live_key(KeyType type, std::uint32_t number) const {
  const std::size_t slot = slot_of(type, number);
  const Slot& found = slots_[slot];
  if (found.state != kLive || found.number != number || found.type != static_cast<std::uint8_t>(type)) return std::nullopt;
  return keys_.bytes().substr(slot * kKeyBytes, kKeyBytes);
}

Result<std::optional<std::string_view>> Ring::key(KeyType type, std::uint32_t number, bool make) {
  if (const auto there = live_key(type, number)) return there;
  const std::size_t slot = slot_of(type, number);
  const bool gone = slots_[slot].state == kDestroyed && slots_[slot].number == number;
  const bool before_floor = type == KeyType::data ? number < header_.destroyed_upto : (number + 1) * kEpochsPerDay <= header_.destroyed_upto;
  if (!make || gone || before_floor) return std::optional<std::string_view>{};
  if (slots_[slot].state == kLive) return ring_error("The key ring has no room for another hour. The purge must run first.");
  const auto made = crypto::SecretBytes::random(kKeyBytes);
  const std::string bytes = sealed_slot(slot, type, number, made.bytes());
  PF_TRY(write_slot(slot, false, bytes));
  PF_TRY(write_slot(slot, true, bytes));
  std::memcpy(keys_.data() + slot * kKeyBytes, made.bytes().data(), kKeyBytes);
  slots_[slot] = {number, static_cast<std::uint8_t>(type), kLive};
  return live_key(type, number);
}

Result<std::uint32_t> Ring::destroy_below(std::uint32_t epoch) {
  if (epoch > header_.destroyed_upto) {
    RingHeader next = header_;
    next.destroyed_upto = epoch;
    PF_TRY(write_header(std::move(next)));
  }
  std::uint32_t destroyed = 0;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (slots_[slot].state != kLive) continue;
    const bool is_data = slots_[slot].type == static_cast<std::uint8_t>(KeyType::data);
    if (is_data ? slots_[slot].number >= epoch : (slots_[slot].number + 1) * kEpochsPerDay > epoch) continue;
    PF_TRY(destroy_slot(slot));
    destroyed += is_data;
  }
  return destroyed;
}

std::uint32_t Ring::live_data_keys() const {
  std::uint32_t count = 0;
  for (const Slot& slot : slots_) count += slot.state == kLive && slot.type == static_cast<std::uint8_t>(KeyType::data);
  return count;
}

}  // namespace pf::vault
