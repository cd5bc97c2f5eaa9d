#include "vault/ring.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "productflow/files.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

namespace fs = std::filesystem;

Error ring_error(std::string what) {
  return error(ErrorCode::unavailable, std::move(what));
}
Error cannot_write() {
  return ring_error("The key ring cannot be written. Check the disk.");
}

bool put(int file, std::size_t at, std::string_view bytes) {
  return ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(bytes.size());
}
bool put_durably(int file, std::size_t at, std::string_view bytes) {
  return put(file, at, bytes) && ::fdatasync(file) == 0;
}
std::string get(int file, std::size_t at, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(file, bytes.data(), size, static_cast<off_t>(at));
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

std::string_view slot_in(std::string_view area, std::size_t slot) {
  return area.substr(slot * kSlotBytes, kSlotBytes);
}
bool is_blank(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

// File systems that write elsewhere instead of in place: what was overwritten may still lie on the disk.
std::string_view unfit_file_system(int file) {
  struct statfs info {};
  if (::fstatfs(file, &info) != 0) return {};
  switch (static_cast<std::uint32_t>(info.f_type)) {
    case 0x9123683e:
      return "btrfs";
    case 0x2fc12fc1:
      return "zfs";
    case 0x794c7630:
      return "overlay";
    case 0xca451a4e:
      return "bcachefs";
    case 0xf2f52010:
      return "f2fs";
    default:
      return {};
  }
}

}  // namespace

Ring::Ring(Ring&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      path_(std::move(other.path_)),
      header_(std::move(other.header_)),
      slots_(other.slots_),
      owed_(std::move(other.owed_)),
      spoilt_(std::move(other.spoilt_)),
      keys_(std::move(other.keys_)),
      master_key_(std::move(other.master_key_)),
      sealed_(other.sealed_),
      why_(std::move(other.why_)),
      master_(std::move(other.master_)),
      wrap_(std::move(other.wrap_)),
      former_(std::move(other.former_)),
      changing_(other.changing_),
      secret_key_(std::move(other.secret_key_)),
      damage_(std::move(other.damage_)),
      forged_(other.forged_),
      place_warning_(std::move(other.place_warning_)) {}

Ring::~Ring() {
  if (file_ >= 0) ::close(file_);
}

// It gets its name last, so its absence is a first start, finished or not, or a ring that was lost.
bool Ring::exists(const fs::path& folder) {
  std::error_code fault;
  return fs::exists(fs::symlink_status(folder / "ring.bin", fault));
}

Ring::Wrap Ring::wrap_of(std::string_view master) {
  return {crypto::hkdf_sha256(master, "", "pf/v1/wrap", kKeyBytes),
          crypto::hkdf_sha256(master, "", "pf/v1/floor", kKeyBytes)};
}

Result<Ring> Ring::open(const fs::path& folder, const Clock& clock, const RingKnown& known) {
  std::error_code fault;
  if (fs::create_directories(folder, fault)) sync_folder(folder.parent_path());
  fs::permissions(folder, fs::perms::owner_all, fault);

  const bool fresh = !exists(folder);
  PF_LET(auto master_key, MasterKey::open(folder, fresh));
  Ring ring(folder / "ring.bin", std::move(master_key));
  ring.keys_ = crypto::SecretBytes(kSlots * kKeyBytes);
  PF_LET(auto alone, ring.master_key_.open_alone());
  if (fresh) {
    if (!alone.keys) return ring_error("A new key ring cannot be made. " + alone.why);
    ring.master_ = std::move(alone.keys->next.empty() ? alone.keys->now : alone.keys->next);
    ring.changing_ = !alone.keys->next.empty();
    // The master key first: a ring that has its name is opened with what lies beside it.
    if (!ring.changing_) PF_TRY(ring.master_key_.settle(ring.master_.bytes()));
    PF_TRY(ring.make(clock));
    PF_TRY(ring.finish_change());
  } else {
    PF_TRY(ring.open_file());
    if (alone.keys) {
      PF_TRY(ring.open_with(*std::move(alone.keys), known));
    } else {
      ring.why_ = alone.why;
      PF_TRY(ring.load_claimed(known));
    }
  }
  if (const auto name = unfit_file_system(ring.file_); !name.empty())
    ring.place_warning_ =
        "The key ring lies on " + std::string(name) +
        ", which does not overwrite in place: destroyed keys may remain on the disk. Move the data folder "
        "to ext4 or xfs. ";
  return ring;
}

crypto::SecretBytes Ring::rid_key() const {
  return crypto::hkdf_sha256(master_.bytes(), "", "pf/v1/rid", kKeyBytes);
}

std::string Ring::warning() const {
  std::string all = damage_ + place_warning_;
  if (forged_)
    all +=
        "A page of the key ring's header was forged while the vault was sealed, or comes from another ring; it is not "
        "gone by. Somebody wrote to the data folder: find out who, and change the master key. ";
  if (changing_)
    all +=
        "A change of the master key is not finished: the new one holds, and what it wraps is written again every "
        "minute. Check the disk, and that the key file can be written. ";
  return all;
}

Result<> Ring::make(const Clock& clock) {
  wrap_ = wrap_of(master_.bytes());
  secret_key_ = crypto::SecretBytes::random(kKeyBytes);
  const fs::path making = path_.parent_path() / "ring.making";  // it holds no key yet, so renaming it does no harm
  const Error cannot =
      ring_error("The key ring " + path_.string() + " cannot be made. Check the disk's space and the folder's owner.");
  file_ = ::open(making.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ < 0 || !put(file_, 0, std::string(kRingBytes, '\0')) || ::fsync(file_) != 0) return cannot;
  const std::string id = crypto::random_bytes(kRingIdBytes);
  PF_TRY(write_header({.ring_id = id,
                       .floor = clock.now(),
                       .anchor = clock.now(),
                       .anchor_boot = clock.since_boot(),
                       .boot_id = clock.boot_id(),
                       .sealed_secret = seal_secret(secret_key_.bytes(), id, wrap_.slots.bytes())}));
  std::error_code fault;
  fs::rename(making, path_, fault);
  if (fault || !sync_folder(path_.parent_path())) return cannot;
  return {};
}

Result<> Ring::open_file() {
  file_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  struct stat info {};
  if (file_ < 0 || ::fstat(file_, &info) != 0)
    return ring_error("The key ring " + path_.string() + " cannot be opened. Check its owner.");
  ::fchmod(file_, 0600);
  if (!S_ISREG(info.st_mode) || static_cast<std::size_t>(info.st_size) != kRingBytes)
    return ring_error("The key ring " + path_.string() + " is truncated: it must have " + std::to_string(kRingBytes) +
                      " bytes. Put back the whole file; without it buyers' data cannot be read.");
  return {};
}

Result<> Ring::write_header(RingHeader header) {
  header.generation = header_.generation + 1;
  // The other page stays whole, whatever happens while this one is written.
  const std::size_t at = header.generation % 2 == 0 ? 0 : kPageBytes;
  if (!put_durably(file_, at, header_page(header, wrap_.header.bytes()))) return cannot_write();
  header_ = std::move(header);
  return {};
}

std::optional<RingHeader> Ring::newest_page(
    const std::function<std::optional<RingHeader>(std::string_view)>& read) const {
  std::optional<RingHeader> best;
  for (const std::size_t page : {std::size_t{0}, kPageBytes}) {
    auto header = read(get(file_, page, kPageBytes));
    if (header && (!best || header->generation > best->generation)) best = std::move(header);
  }
  return best;
}

// Without a key nobody can tell whether the header is the shop's own. Going by one that was forged destroys keys that
// should live, which its forger could have done with less; that it was forged is found when the ring is unsealed.
Result<> Ring::load_claimed(const RingKnown& known) {
  auto header = newest_page(claimed_header);
  if (!header) return ring_error("The key ring " + path_.string() + " is damaged. Put back the whole file.");
  header_ = *std::move(header);
  heed(known);
  sealed_ = true;
  return load_slots();
}

void Ring::heed(const RingKnown& known) {
  if (known.ring_id != header_.ring_id) return;
  header_.destroyed_upto = std::max(header_.destroyed_upto, known.destroyed_upto);
  header_.floor = std::max(header_.floor, known.floor);
}

Result<> Ring::open_with(MasterKey::Keys keys, const RingKnown& known) {
  changing_ = !keys.next.empty();
  wrap_ = wrap_of(changing_ ? keys.next.bytes() : keys.now.bytes());
  if (changing_) former_ = wrap_of(keys.now.bytes());
  forged_ = false;
  auto header = newest_page([&](std::string_view page) {
    auto read = read_header_page(page, wrap_.header.bytes());
    if (!read && changing_) read = read_header_page(page, former_.header.bytes());
    if (!read && claimed_header(page)) forged_ = true;  // whole, so no torn write
    return read;
  });
  if (!header)
    return ring_error("The key ring " + path_.string() +
                      " is damaged, or its master key is another ring's. Put back the master key that belongs to it.");
  header_ = *std::move(header);
  heed(known);
  PF_TRY(load_secret(keys.now.bytes()));
  master_ = std::move(changing_ ? keys.next : keys.now);
  sealed_ = false;
  why_.clear();
  slots_ = {};
  owed_.clear();
  spoilt_.clear();
  PF_TRY(load_slots());
  return changing_ ? finish_change() : master_key_.settle(master_.bytes());
}

Result<> Ring::load_secret(std::string_view master) {
  if (header_.sealed_secret.empty()) {
    secret_key_ = crypto::hkdf_sha256(master, header_.ring_id, "pf/v1/secret", kKeyBytes);
    header_.sealed_secret = seal_secret(secret_key_.bytes(), header_.ring_id, wrap_.slots.bytes());
    return {};
  }
  auto secret = open_secret(header_.sealed_secret, header_.ring_id, wrap_.slots.bytes());
  if (!secret && changing_) secret = open_secret(header_.sealed_secret, header_.ring_id, former_.slots.bytes());
  if (!secret) return ring_error("The key ring " + path_.string() + " is damaged. Put back the whole file.");
  secret_key_ = *std::move(secret);
  return {};
}

std::optional<crypto::SecretBytes> Ring::unwrap(std::string_view slot) const {
  auto key = open_slot(slot, header_.ring_id, wrap_.slots.bytes());
  return key || !changing_ ? std::move(key) : open_slot(slot, header_.ring_id, former_.slots.bytes());
}

void Ring::forget(std::string because) {
  keys_ = crypto::SecretBytes(kSlots * kKeyBytes);
  master_ = {};
  secret_key_ = {};
  wrap_ = {};
  former_ = {};
  changing_ = false;
  master_key_.forget();
  sealed_ = true;
  why_ = std::move(because);
}

void Ring::seal(std::string because) {
  // Where it fails, the page has both master keys and whoever unseals the ring finishes it.
  static_cast<void>(finish_change());
  forget(std::move(because));
}

Result<> Ring::unseal(const crypto::SecretBytes& provider_secret) {
  if (!sealed_) return {};
  const RingHeader header = header_;
  const std::string why = why_;
  const auto slots = slots_;
  const auto owed = owed_, spoilt = spoilt_;
  const auto opened = [&]() -> Result<> {
    PF_LET(auto keys, master_key_.open_with(provider_secret));
    return open_with(std::move(keys), {header_.ring_id, header_.destroyed_upto, header_.floor});
  }();
  if (opened.ok()) return {};
  // What it knew while it was sealed, by which retention goes on.
  forget(why);
  header_ = header;
  slots_ = slots;
  owed_ = owed;
  spoilt_ = spoilt;
  return opened;
}

Result<> Ring::change_master(NewLock lock) {
  PF_TRY(finish_change());
  PF_LET(auto next, master_key_.begin_change(std::move(lock), master_.bytes()));
  former_ = std::exchange(wrap_, wrap_of(next.bytes()));
  master_ = std::move(next);
  changing_ = true;
  return finish_change();
}

Result<> Ring::finish_change() {
  if (!changing_) return {};
  std::vector<std::pair<std::size_t, std::string>> anew;
  for (std::size_t slot = 0; slot < kSlots; ++slot)
    if (const Slot& key = slots_[slot]; key.state == SlotState::live)
      anew.emplace_back(slot, live_slot(key.type, key.number, header_.ring_id, wrap_.slots.bytes(),
                                        keys_.bytes().substr(slot * kKeyBytes, kKeyBytes)));
  for (const std::size_t copy : {kCopyA, kCopyB}) {
    for (const auto& [slot, bytes] : anew)
      if (!put(file_, copy + slot * kSlotBytes, bytes)) return cannot_write();
    if (::fdatasync(file_) != 0) return cannot_write();
  }
  header_.sealed_secret = seal_secret(secret_key_.bytes(), header_.ring_id, wrap_.slots.bytes());
  PF_TRY(write_header(header_));
  PF_TRY(write_header(header_));  // the other page was under the former key
  PF_TRY(master_key_.finish_change(master_.bytes()));
  former_ = {};
  changing_ = false;
  return {};
}

Result<> Ring::load_slots() {
  const std::string area_a = get(file_, kCopyA, kSlots * kSlotBytes), area_b = get(file_, kCopyB, kSlots * kSlotBytes);
  if (area_a.size() != kSlots * kSlotBytes || area_b.size() != kSlots * kSlotBytes)
    return ring_error("The key ring cannot be read. Check the disk.");
  std::vector<std::size_t> to_destroy;
  std::size_t damaged = 0;
  damage_.clear();
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    const std::string_view a = slot_in(area_a, slot), b = slot_in(area_b, slot);
    const auto of_a = read_slot(a, slot), of_b = read_slot(b, slot);
    const auto is = [](const std::optional<Slot>& of, SlotState state) { return of && of->state == state; };
    const bool live_a = is(of_a, SlotState::live), live_b = is(of_b, SlotState::live);
    if (!live_a && !live_b) {
      if (is(of_a, SlotState::destroyed))
        slots_[slot] = *of_a;
      else if (is(of_b, SlotState::destroyed))
        slots_[slot] = *of_b;
      else if (!is_blank(a) || !is_blank(b)) {
        spoilt_.push_back(slot);
        damaged += !is_blank(a) && !is_blank(b);  // with a blank B it is a key that was never used
      }
      // Whatever is half-written here may be the rest of a key.
      if (slots_[slot].state == SlotState::destroyed && a != b) to_destroy.push_back(slot);
      continue;
    }
    // A is written first, both when a key is made and when it is destroyed, so A is the newer where both are whole. A
    // tombstone of the same number in one copy means that its destruction was interrupted.
    const Slot live = live_a ? *of_a : *of_b;
    slots_[slot] = live;
    const auto buried = [&](const std::optional<Slot>& of) {
      return is(of, SlotState::destroyed) && of->number == live.number;
    };
    if (key_is_dead(live.type, live.number, header_.destroyed_upto) || buried(of_a) || buried(of_b) ||
        (is(of_a, SlotState::destroyed) && live_b)) {
      to_destroy.push_back(slot);
      continue;
    }
    if (sealed_) continue;  // whether it opens is seen when there is a key
    auto key = live_a ? unwrap(a) : std::nullopt;
    const bool from_a = key.has_value();
    if (!key && live_b && of_b->number == live.number) key = unwrap(b);
    if (!key) {
      slots_[slot] = {};
      spoilt_.push_back(slot);
      ++damaged;
      continue;
    }
    std::memcpy(keys_.data() + slot * kKeyBytes, key->bytes().data(), kKeyBytes);
    if (a != b) {  // one copy was not reached, or the disk lost it
      if (from_a ? !put_durably(file_, kCopyB + slot * kSlotBytes, a)
                 : !put_durably(file_, kCopyA + slot * kSlotBytes, b))
        return cannot_write();
    }
  }
  if (damaged > 0)
    damage_ = std::to_string(damaged) +
              " keys of the key ring are damaged in both copies, or were copied in from another ring: the buyers of "
              "those hours cannot be read. Check the disk. ";
  return to_destroy.empty() ? Result<>() : destroy(to_destroy);
}

// Nobody can say which key a spoilt slot held, but which it may have held: its numbers are a whole round apart.
std::vector<std::size_t> Ring::spoilt_and_dead(std::uint32_t epoch) {
  std::vector<std::size_t> dead;
  std::erase_if(spoilt_, [&](std::size_t slot) {
    if (slots_[slot].state == SlotState::live) return true;  // written anew
    const bool data = slot < kDataSlots;
    const auto round = static_cast<std::uint32_t>(data ? kDataSlots : kSlots - kDataSlots);
    const auto place = static_cast<std::uint32_t>(data ? slot : slot - kDataSlots);
    const std::uint32_t first = data ? epoch : epoch / kEpochsPerDay;
    const std::uint32_t last = data ? epoch + kRetentionEpochs : (epoch + kRetentionEpochs) / kEpochsPerDay;
    const std::uint32_t next = first + (place + round - first % round) % round;
    if (next <= last) return false;  // it may be alive
    slots_[slot] = {next - round, data ? KeyType::data : KeyType::index, SlotState::empty};
    dead.push_back(slot);
    return true;
  });
  return dead;
}

Result<> Ring::destroy(const std::vector<std::size_t>& slots) {
  owed_ = slots;
  for (const std::size_t copy : {kCopyA, kCopyB}) {
    // Random bytes first, so that no half-written tombstone leaves bytes of a key.
    for (const std::size_t slot : slots)
      if (!put(file_, copy + slot * kSlotBytes, crypto::random_bytes(kSlotBytes))) return cannot_write();
    if (::fdatasync(file_) != 0) return cannot_write();
    for (const std::size_t slot : slots)
      if (!put(file_, copy + slot * kSlotBytes, tombstone_slot(slots_[slot].type, slots_[slot].number)))
        return cannot_write();
    if (::fdatasync(file_) != 0) return cannot_write();
  }
  for (const std::size_t slot : slots) {
    std::memset(keys_.data() + slot * kKeyBytes, 0, kKeyBytes);
    slots_[slot].state = SlotState::destroyed;
  }
  PF_TRY(verify_gone(slots));
  owed_.clear();
  return {};
}

// Asks the device, not the page cache, where the file system allows it.
Result<> Ring::verify_gone(const std::vector<std::size_t>& slots) const {
  struct Free {
    void operator()(void* p) const { std::free(p); }
  };
  const std::unique_ptr<void, Free> buffer(std::aligned_alloc(kPageBytes, kRingBytes));
  if (!buffer) return ring_error("There is not enough memory to check the key ring. Please try again.");
  ssize_t got = -1;
  if (const int direct = ::open(path_.c_str(), O_RDONLY | O_DIRECT | O_CLOEXEC | O_NOFOLLOW); direct >= 0) {
    got = ::pread(direct, buffer.get(), kRingBytes, 0);
    ::close(direct);
  }
  if (got != static_cast<ssize_t>(kRingBytes)) got = ::pread(file_, buffer.get(), kRingBytes, 0);
  if (got != static_cast<ssize_t>(kRingBytes)) return ring_error("The key ring cannot be read. Check the disk.");
  const std::string_view ring(static_cast<const char*>(buffer.get()), kRingBytes);
  for (const std::size_t slot : slots)
    for (const std::size_t copy : {kCopyA, kCopyB})
      if (slot_in(ring.substr(copy), slot) != tombstone_slot(slots_[slot].type, slots_[slot].number))
        return ring_error(
            "The disk did not keep what was written to the key ring: a destroyed key may remain. Check the disk.");
  return {};
}

bool Ring::lives(KeyType type, std::uint32_t number) const {
  const Slot& found = slots_[slot_of(type, number)];
  return found.state == SlotState::live && found.number == number && found.type == type;
}

std::optional<std::string_view> Ring::live_key(KeyType type, std::uint32_t number) const {
  if (sealed_ || !lives(type, number)) return std::nullopt;
  return keys_.bytes().substr(slot_of(type, number) * kKeyBytes, kKeyBytes);
}

Result<std::optional<std::string_view>> Ring::key_to_seal(KeyType type, std::uint32_t number) {
  if (const auto there = live_key(type, number)) return there;
  const std::size_t slot = slot_of(type, number);
  const bool buried = slots_[slot].state == SlotState::destroyed && slots_[slot].number == number;
  if (buried || key_is_dead(type, number, header_.destroyed_upto)) return std::optional<std::string_view>{};
  if (slots_[slot].state == SlotState::live)
    return ring_error("The key ring has no room for another hour. The purge must run first.");
  const auto made = crypto::SecretBytes::random(kKeyBytes);
  const std::string bytes = live_slot(type, number, header_.ring_id, wrap_.slots.bytes(), made.bytes());
  if (!put_durably(file_, kCopyA + slot * kSlotBytes, bytes) || !put_durably(file_, kCopyB + slot * kSlotBytes, bytes))
    return cannot_write();
  std::memcpy(keys_.data() + slot * kKeyBytes, made.bytes().data(), kKeyBytes);
  slots_[slot] = {number, type, SlotState::live};
  return live_key(type, number);
}

Result<> Ring::destroy_below(std::uint32_t epoch) {
  if (epoch > header_.destroyed_upto && sealed_) {
    header_.destroyed_upto = epoch;  // the caller keeps it
  } else if (epoch > header_.destroyed_upto) {
    RingHeader next = header_;
    next.destroyed_upto = epoch;
    PF_TRY(write_header(std::move(next)));
  }
  std::vector<std::size_t> dead = spoilt_and_dead(epoch);
  dead.insert(dead.end(), owed_.begin(), owed_.end());
  for (std::size_t slot = 0; slot < kSlots; ++slot)
    if (slots_[slot].state == SlotState::live && key_is_dead(slots_[slot].type, slots_[slot].number, epoch) &&
        std::ranges::find(owed_, slot) == owed_.end())
      dead.push_back(slot);
  return dead.empty() ? Result<>() : destroy(dead);
}

std::vector<Ring::Grave> Ring::graves(std::uint32_t from, std::uint32_t upto) const {
  std::vector<Grave> found;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    const Slot& key = slots_[slot];
    if (key.state == SlotState::destroyed && !key_is_dead(key.type, key.number, from) &&
        key_is_dead(key.type, key.number, upto))
      found.push_back({key, slot});
  }
  std::ranges::sort(found, {}, [](const Grave& grave) { return grave.key.number; });
  return found;
}

Result<crypto::SecretBytes> Ring::bytes() const {
  crypto::SecretBytes all(kRingBytes);
  if (::pread(file_, all.data(), kRingBytes, 0) != static_cast<ssize_t>(kRingBytes))
    return ring_error("The key ring cannot be read. Check the disk.");
  return all;
}

std::vector<std::uint32_t> Ring::live_hours() const {
  std::vector<std::uint32_t> hours;
  for (const Slot& slot : slots_)
    if (slot.state == SlotState::live && slot.type == KeyType::data) hours.push_back(slot.number);
  std::ranges::sort(hours);
  return hours;
}

}  // namespace pf::vault
