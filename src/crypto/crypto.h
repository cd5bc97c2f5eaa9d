// Cryptography by OpenSSL and libsodium, spoken to by this room alone. Plain functions over bytes; any thread.
// Secrets are SecretBytes: locked memory, wiped when they go, no formatter, no comparison but same_bytes().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "productflow/result.h"

namespace pf::crypto {

class SecretBytes {
 public:
  SecretBytes() = default;                 // empty
  explicit SecretBytes(std::size_t size);  // zeros, in memory that is never swapped out
  static SecretBytes copy_of(std::string_view bytes);
  static SecretBytes random(std::size_t size);
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes();

  std::string_view bytes() const { return {reinterpret_cast<const char*>(data_), size_}; }
  unsigned char* data() { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

void wipe(std::string& text);  // overwrites, then empties
std::string random_bytes(std::size_t size);
bool same_bytes(std::string_view a, std::string_view b);  // in constant time for equal lengths

std::string sha256(std::string_view data);  // 32 bytes
class Sha256 {                              // in pieces
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view data);
  std::string finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};
std::string hmac_sha256(std::string_view key, std::string_view data);  // 32 bytes, RFC 2104
SecretBytes hkdf_sha256(std::string_view key, std::string_view salt, std::string_view info,
                        std::size_t size);  // RFC 5869

// AES-256-GCM (NIST SP 800-38D). REQUIRES: key 32 bytes, nonce 12 bytes used once per key, plain within its limit.
inline constexpr std::size_t kGcmKeyBytes = 32, kGcmNonceBytes = 12, kGcmTagBytes = 16;
inline constexpr std::size_t kGcmPlainBytesMax = 1u << 30;  // OpenSSL counts in int; callers' limits are far below
std::string gcm_seal(std::string_view key, std::string_view nonce, std::string_view associated,
                     std::string_view plain);  // ciphertext | tag
// Nothing when key, nonce, associated data or any bit differs.
std::optional<SecretBytes> gcm_open(std::string_view key, std::string_view nonce, std::string_view associated,
                                    std::string_view sealed);

// Ed25519 (RFC 8032): who holds `secret` signs, everybody can check with `open`.
inline constexpr std::size_t kSignatureBytes = 64;
struct SigningKey {
  SecretBytes secret;  // 64 bytes: seed and public half, as libsodium keeps them
  std::string open;    // 32 bytes
};
SigningKey make_signing_key();
SigningKey signing_key_of(std::string_view seed);  // REQUIRES: 32 bytes, secret; the same seed gives the same key
std::string sign(const SigningKey& key, std::string_view message);
bool signature_holds(std::string_view open_key, std::string_view message, std::string_view signature);

// Interactive cost of libsodium's guide, one pass more: about 0.1 s on two cores, and two sign-ins at once stay below
// the memory budget.
struct PasswordCost {
  unsigned long long passes = 3;
  std::size_t memory = 64u << 20;  // bytes
};
// Argon2id (RFC 9106) with libsodium's encoding, which carries salt and cost. Two at a time; others wait for a place.
Result<std::string> hash_password(std::string_view password, const PasswordCost& cost = {});
bool password_matches(std::string_view hash, std::string_view password);

}  // namespace pf::crypto
