// What keeps the vault's master key while the vault is sealed, and what a person hands in to unseal it. Plain values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/crypto.h"

namespace pf::vault {

// Stored on disk: do not renumber.
enum class KeyProvider : std::uint8_t {
  key_file = 1,    // 32 random bytes, beside the ring or where the owner wants them; opens by itself
  passphrase = 2,  // through Argon2id; starts sealed
  credential = 3,  // of systemd (LoadCredential=, LoadCredentialEncrypted=); opens by itself
  shares = 4,      // two of three texts; starts sealed
};
std::string_view provider_name(KeyProvider provider);  // "key_file", "passphrase", "credential", "shares"
std::optional<KeyProvider> provider_named(std::string_view name);

// Argon2id's cost. Half a second and 256 MiB, once at each unsealing: libsodium's MODERATE (security.md 3.2).
struct PassphraseCost {
  std::uint32_t passes = 3, memory_kib = 256u << 10;
};
// Whoever has the disk may guess without end: longer than a password of an account, whose guesses we count.
inline constexpr std::size_t kPassphraseBytesMin = 16, kPassphraseBytesMax = 1'024;
inline constexpr std::size_t kKeyPlaceBytesMax = 1'024;
// Of a credential: shorter ones could be guessed, longer ones are some other file.
inline constexpr std::size_t kCredentialBytesMin = 32, kCredentialBytesMax = 64u << 10;

struct KeyOffer {
  crypto::SecretBytes passphrase{};
  std::vector<std::string> shares{};  // "pf-share-1:..."
};
struct KeyChange {
  KeyProvider provider = KeyProvider::key_file;
  std::string place{};  // a key file's path (empty: beside the ring), or the credential's name
  crypto::SecretBytes passphrase{};
  std::vector<std::string> shares{};  // two of new_shares(): whoever hands them in has noted them down
  PassphraseCost cost{};
};
inline constexpr std::string_view kCredentialName = "productflow-master";  // unless the owner names another

// What becomes of a master key; made before any lock is taken, since a passphrase takes its time.
struct NewLock {
  KeyProvider provider = KeyProvider::key_file;
  std::string place{}, salt{};
  PassphraseCost cost{};
  crypto::SecretBytes secret{};  // what the provider gives: the key file's bytes, Argon2id's key, ...
};
// Faults name "passphrase", "path", "name" and "shares".
Result<NewLock> new_lock(const KeyChange& change);
// Three shares of a new secret, of no use until a change with two of them: a set that nobody has seen cannot come into
// force by a crash.
std::vector<std::string> new_shares();

// Secrets of providers.
Result<crypto::SecretBytes> read_key_file(const std::filesystem::path& path);
// Nothing when systemd gave none of this name.
Result<std::optional<crypto::SecretBytes>> read_credential(std::string_view name);
// invalid: "shares".
Result<crypto::SecretBytes> join_shares(const std::vector<std::string>& texts);

}  // namespace pf::vault
