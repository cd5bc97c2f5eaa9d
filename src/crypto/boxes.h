// Sealing for somebody who holds a key pair, and long streams: X25519 sealed boxes and the XChaCha20-Poly1305
// secretstream of libsodium. Any thread; a stream by one at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/crypto.h"

namespace pf::crypto {

inline constexpr std::size_t kBoxKeyBytes = 32, kBoxSealBytes = 48;  // of a key; what a seal adds
struct BoxKeys {
  SecretBytes secret;
  std::string open;
};
BoxKeys make_box_keys();
BoxKeys box_keys_of(std::string_view secret);  // REQUIRES: 32 bytes
// Only who has the secret half opens it. REQUIRES: open 32 bytes. Nothing when `open` is no key at all.
std::optional<std::string> box_seal(std::string_view open, std::string_view bytes);
std::optional<SecretBytes> box_open(const BoxKeys& keys, std::string_view sealed);

inline constexpr std::size_t kStreamKeyBytes = 32, kStreamHeadBytes = 24, kStreamSealBytes = 17;
enum class Piece { more, last };
// Pieces open only in their order, with the same bound bytes, and the end cannot be cut off unnoticed.
class StreamSeal {
 public:
  explicit StreamSeal(std::string_view key);  // REQUIRES: 32 bytes, used for one stream
  ~StreamSeal();
  const std::string& head() const { return head_; }
  std::string seal(std::string_view plain, std::string_view bound, Piece piece);

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::string head_;
};
class StreamOpen {
 public:
  StreamOpen(std::string_view key, std::string_view head);  // REQUIRES: 32 and 24 bytes
  ~StreamOpen();
  // Nothing when it was altered, moved or belongs elsewhere.
  std::optional<std::pair<std::string, Piece>> open(std::string_view sealed, std::string_view bound);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pf::crypto
