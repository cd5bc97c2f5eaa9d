#include "vault/ring_format.h"

#include <algorithm>

#include "productflow/bytes.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

constexpr std::string_view kMagic = "PFRING01";
constexpr std::size_t kHeaderCovered = 224, kHmacBytes = 32, kHeaderCrcAt = 220;
constexpr std::size_t kSecretAt = 128, kSealedSecretBytes = crypto::kGcmNonceBytes + kKeyBytes + crypto::kGcmTagBytes;
constexpr std::size_t kSlotCovered = 68, kSlotNonceAt = 8, kSlotSealedAt = 20;

std::uint64_t millis(Time time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}
Time time_of(std::uint64_t millis) {
  return Time{milliseconds{static_cast<std::int64_t>(millis)}};
}

std::string slot_head(KeyType type, std::uint32_t number, SlotState state) {
  std::string out;
  put_be32(out, number);
  out.push_back(static_cast<char>(type));
  out.push_back(static_cast<char>(state));
  put_be16(out, 0);
  return out;
}

std::string finished(std::string slot) {
  slot.resize(kSlotCovered, '\0');
  put_be32(slot, crc32(slot));
  slot.resize(kSlotBytes, '\0');
  return slot;
}

std::string slot_binding(std::string_view ring_id, std::uint32_t number, KeyType type) {
  std::string out("pf.slot.v1");
  out.append(ring_id);
  put_be32(out, number);
  out.push_back(static_cast<char>(type));
  return out;
}

std::string secret_binding(std::string_view ring_id) {
  return std::string("pf.secrets.v1").append(ring_id);
}

// REQUIRES: a whole page that begins with the magic
std::optional<RingHeader> parse_header(std::string_view page) {
  const auto boot_size = static_cast<unsigned char>(page[76]);
  if (get_be32(page.substr(32)) != std::chrono::seconds(kEpoch).count() ||
      get_be32(page.substr(36)) != kRetentionEpochs || boot_size > kBootIdBytes)
    return std::nullopt;
  RingHeader header;
  header.ring_id = page.substr(8, kRingIdBytes);
  header.generation = get_be64(page.substr(24));
  header.floor = time_of(get_be64(page.substr(40)));
  header.anchor = time_of(get_be64(page.substr(48)));
  header.anchor_boot = milliseconds{static_cast<std::int64_t>(get_be64(page.substr(56)))};
  header.jump = time_of(get_be64(page.substr(64)));
  header.destroyed_upto = get_be32(page.substr(72));
  header.boot_id = page.substr(77, boot_size);
  header.sealed_secret = page.substr(kSecretAt, kSealedSecretBytes);
  if (header.sealed_secret.find_first_not_of('\0') == std::string::npos) header.sealed_secret.clear();
  return header;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1)));
  }
  return ~crc;
}

std::string seal_secret(std::string_view secret, std::string_view ring_id, std::string_view wrap_key) {
  const std::string nonce = crypto::random_bytes(crypto::kGcmNonceBytes);
  return nonce + crypto::gcm_seal(wrap_key, nonce, secret_binding(ring_id), secret);
}

std::optional<crypto::SecretBytes> open_secret(std::string_view sealed, std::string_view ring_id,
                                               std::string_view wrap_key) {
  if (sealed.size() != kSealedSecretBytes) return std::nullopt;
  return crypto::gcm_open(wrap_key, sealed.substr(0, crypto::kGcmNonceBytes), secret_binding(ring_id),
                          sealed.substr(crypto::kGcmNonceBytes));
}

std::string header_page(const RingHeader& header, std::string_view hmac_key) {
  const std::string boot = header.boot_id.substr(0, kBootIdBytes);
  std::string page(kMagic);
  page += header.ring_id;
  put_be64(page, header.generation);
  put_be32(page, static_cast<std::uint32_t>(std::chrono::seconds(kEpoch).count()));
  put_be32(page, kRetentionEpochs);
  put_be64(page, millis(header.floor));
  put_be64(page, millis(header.anchor));
  put_be64(page, static_cast<std::uint64_t>(header.anchor_boot.count()));
  put_be64(page, millis(header.jump));
  put_be32(page, header.destroyed_upto);
  page.push_back(static_cast<char>(boot.size()));
  page += boot;
  page.resize(kSecretAt, '\0');
  page += header.sealed_secret;
  page.resize(kHeaderCrcAt, '\0');
  put_be32(page, crc32(page));
  page += crypto::hmac_sha256(hmac_key, page);
  page.resize(kPageBytes, '\0');
  return page;
}

std::optional<RingHeader> read_header_page(std::string_view page, std::string_view hmac_key) {
  if (page.size() != kPageBytes || !page.starts_with(kMagic)) return std::nullopt;
  const std::string_view covered = page.substr(0, kHeaderCovered);
  if (!crypto::same_bytes(crypto::hmac_sha256(hmac_key, covered), page.substr(kHeaderCovered, kHmacBytes)))
    return std::nullopt;
  return parse_header(page);
}

std::optional<RingHeader> claimed_header(std::string_view page) {
  if (page.size() != kPageBytes || !page.starts_with(kMagic) ||
      get_be32(page.substr(kHeaderCrcAt)) != crc32(page.substr(0, kHeaderCrcAt)))
    return std::nullopt;
  return parse_header(page);
}

std::size_t slot_of(KeyType type, std::uint32_t number) {
  return type == KeyType::data ? number % kDataSlots : kDataSlots + number % (kSlots - kDataSlots);
}

bool key_is_dead(KeyType type, std::uint32_t number, std::uint32_t epoch) {
  return type == KeyType::data ? number < epoch : (std::uint64_t{number} + 1) * kEpochsPerDay <= epoch;
}

std::string live_slot(KeyType type, std::uint32_t number, std::string_view ring_id, std::string_view wrap_key,
                      std::string_view key) {
  const std::string nonce = crypto::random_bytes(crypto::kGcmNonceBytes);
  return finished(slot_head(type, number, SlotState::live) + nonce +
                  crypto::gcm_seal(wrap_key, nonce, slot_binding(ring_id, number, type), key));
}

std::string tombstone_slot(KeyType type, std::uint32_t number) {
  return finished(slot_head(type, number, SlotState::destroyed));
}

std::optional<Slot> read_any_slot(std::string_view bytes) {
  if (bytes.size() != kSlotBytes) return std::nullopt;
  const Slot read{get_be32(bytes), static_cast<KeyType>(bytes[4]), static_cast<SlotState>(bytes[5])};
  if (read.type != KeyType::data && read.type != KeyType::index && read.type != KeyType::archive) return std::nullopt;
  if (read.state != SlotState::live && read.state != SlotState::destroyed) return std::nullopt;
  // Last: most slots are blank, and two thousand checksums at each start are felt.
  if (get_be32(bytes.substr(kSlotCovered)) != crc32(bytes.substr(0, kSlotCovered))) return std::nullopt;
  return read;
}

std::optional<Slot> read_slot(std::string_view bytes, std::size_t slot) {
  const auto read = read_any_slot(bytes);
  if (!read || read->type == KeyType::archive || slot_of(read->type, read->number) != slot) return std::nullopt;
  return read;
}

std::optional<crypto::SecretBytes> open_slot(std::string_view bytes, std::string_view ring_id,
                                             std::string_view wrap_key) {
  if (bytes.size() != kSlotBytes) return std::nullopt;
  auto key = crypto::gcm_open(wrap_key, bytes.substr(kSlotNonceAt, crypto::kGcmNonceBytes),
                              slot_binding(ring_id, get_be32(bytes), static_cast<KeyType>(bytes[4])),
                              bytes.substr(kSlotSealedAt, kKeyBytes + crypto::kGcmTagBytes));
  if (key && key->size() != kKeyBytes) return std::nullopt;
  return key;
}

}  // namespace pf::vault
