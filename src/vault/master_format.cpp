#include "vault/master_format.h"

#include "crypto/passphrase.h"
#include "productflow/bytes.h"

namespace pf::vault {
namespace {

constexpr std::string_view kMagic = "PFMASTER";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kSaltBytes = crypto::kPassphraseSaltBytes,
                      kHeadBytes = 8 + 4 + 8 + 1 + 1 + 2 + kSaltBytes + 4 + 4;
constexpr std::size_t kSealedKeyBytes = crypto::kGcmNonceBytes + kKeyBytes + crypto::kGcmTagBytes;

std::string head_of(const MasterPage& page, std::size_t keys) {
  std::string head(kMagic);
  put_be32(head, kVersion);
  put_be64(head, page.generation);
  head.push_back(static_cast<char>(page.provider));
  head.push_back(static_cast<char>(keys));
  put_be16(head, static_cast<std::uint16_t>(page.place.size()));
  head += page.salt;
  put_be32(head, page.cost.passes);
  put_be32(head, page.cost.memory_kib);
  return head + page.place;
}

std::string binding(const std::string& head, std::size_t place) {
  std::string bound = "pf.master.v1" + head;
  bound.push_back(static_cast<char>(place));
  return bound;
}

}  // namespace

crypto::SecretBytes lock_key(std::string_view provider_secret, std::string_view salt) {
  return crypto::hkdf_sha256(provider_secret, salt, "pf/v1/kek", crypto::kGcmKeyBytes);
}

void seal_keys(MasterPage& page, std::string_view lock_key, const std::vector<std::string_view>& keys) {
  const std::string head = head_of(page, keys.size());
  page.sealed_keys.clear();
  for (std::size_t at = 0; at < keys.size(); ++at) {
    const std::string nonce = crypto::random_bytes(crypto::kGcmNonceBytes);
    page.sealed_keys.push_back(nonce + crypto::gcm_seal(lock_key, nonce, binding(head, at), keys[at]));
  }
}

std::optional<std::vector<crypto::SecretBytes>> open_keys(const MasterPage& page, std::string_view lock_key) {
  const std::string head = head_of(page, page.sealed_keys.size());
  std::vector<crypto::SecretBytes> keys;
  for (std::size_t at = 0; at < page.sealed_keys.size(); ++at) {
    const std::string_view sealed = page.sealed_keys[at];
    auto key = crypto::gcm_open(lock_key, sealed.substr(0, crypto::kGcmNonceBytes), binding(head, at),
                                sealed.substr(crypto::kGcmNonceBytes));
    if (!key) return std::nullopt;
    keys.push_back(*std::move(key));
  }
  return keys;
}

std::string master_page(const MasterPage& page) {
  std::string bytes = head_of(page, page.sealed_keys.size());
  for (const std::string& key : page.sealed_keys) bytes += key;
  put_be32(bytes, crc32(bytes));
  bytes.resize(kPageBytes, '\0');
  return bytes;
}

std::optional<MasterPage> read_master_page(std::string_view bytes) {
  if (bytes.size() != kPageBytes || !bytes.starts_with(kMagic) || get_be32(bytes.substr(8)) != kVersion)
    return std::nullopt;
  MasterPage page;
  page.generation = get_be64(bytes.substr(12));
  page.provider = static_cast<KeyProvider>(bytes[20]);
  const auto keys = static_cast<unsigned char>(bytes[21]);
  const std::size_t place = get_be16(bytes.substr(22));
  if (provider_name(page.provider).empty() || keys < 1 || keys > 2 || place > kKeyPlaceBytesMax) return std::nullopt;
  page.salt = bytes.substr(24, kSaltBytes);
  page.cost = {get_be32(bytes.substr(24 + kSaltBytes)), get_be32(bytes.substr(28 + kSaltBytes))};
  page.place = bytes.substr(kHeadBytes, place);
  std::size_t at = kHeadBytes + place;
  for (unsigned key = 0; key < keys; ++key, at += kSealedKeyBytes)
    page.sealed_keys.emplace_back(bytes.substr(at, kSealedKeyBytes));
  if (get_be32(bytes.substr(at)) != crc32(bytes.substr(0, at))) return std::nullopt;
  return page;
}

}  // namespace pf::vault
