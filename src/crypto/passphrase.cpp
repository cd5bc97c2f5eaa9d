#include "crypto/passphrase.h"

#include <sodium.h>

#include "crypto/bytes.h"

namespace pf::crypto {

std::optional<SecretBytes> key_of_passphrase(std::string_view passphrase, std::string_view salt, std::uint32_t passes,
                                             std::uint32_t memory_kib) {
  if (salt.size() != kPassphraseSaltBytes || passes < 1 || passes > kPassphrasePassesMax ||
      memory_kib > kPassphraseMemoryKibMax || sodium_init() < 0)
    return std::nullopt;
  SecretBytes key(kPassphraseKeyBytes);
  if (crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), bytes(salt), passes,
                    std::size_t{memory_kib} << 10, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return std::nullopt;
  return key;
}

}  // namespace pf::crypto
