#include "crypto/boxes.h"

#include <sodium.h>

#include "crypto/bytes.h"

namespace pf::crypto {
BoxKeys make_box_keys() {
  return box_keys_of(SecretBytes::random(kBoxKeyBytes).bytes());
}

BoxKeys box_keys_of(std::string_view secret) {
  must(secret.size() == kBoxKeyBytes);
  BoxKeys keys{SecretBytes::copy_of(secret), std::string(kBoxKeyBytes, '\0')};
  must(crypto_scalarmult_base(bytes(keys.open), bytes(secret)) == 0);
  return keys;
}

std::optional<std::string> box_seal(std::string_view open, std::string_view plain) {
  must(open.size() == kBoxKeyBytes);
  std::string sealed(plain.size() + kBoxSealBytes, '\0');
  if (crypto_box_seal(bytes(sealed), bytes(plain), plain.size(), bytes(open)) != 0) return std::nullopt;
  return sealed;
}

std::optional<SecretBytes> box_open(const BoxKeys& keys, std::string_view sealed) {
  if (sealed.size() < kBoxSealBytes) return std::nullopt;
  SecretBytes plain(sealed.size() - kBoxSealBytes);
  if (crypto_box_seal_open(plain.data(), bytes(sealed), sealed.size(), bytes(keys.open), bytes(keys.secret.bytes())) !=
      0)
    return std::nullopt;
  return plain;
}

struct StreamSeal::State {
  crypto_secretstream_xchacha20poly1305_state raw;
  ~State() { sodium_memzero(&raw, sizeof raw); }
};
StreamSeal::StreamSeal(std::string_view key) : state_(std::make_unique<State>()), head_(kStreamHeadBytes, '\0') {
  must(key.size() == kStreamKeyBytes && sodium_init() >= 0);
  must(crypto_secretstream_xchacha20poly1305_init_push(&state_->raw, bytes(head_), bytes(key)) == 0);
}
StreamSeal::~StreamSeal() = default;
std::string StreamSeal::seal(std::string_view plain, std::string_view bound, Piece piece) {
  std::string sealed(plain.size() + kStreamSealBytes, '\0');
  const auto tag =
      static_cast<unsigned char>(piece == Piece::last ? crypto_secretstream_xchacha20poly1305_tag_final()
                                                      : crypto_secretstream_xchacha20poly1305_tag_message());
  must(crypto_secretstream_xchacha20poly1305_push(&state_->raw, bytes(sealed), nullptr, bytes(plain), plain.size(),
                                                  bytes(bound), bound.size(), tag) == 0);
  return sealed;
}

struct StreamOpen::State {
  crypto_secretstream_xchacha20poly1305_state raw;
  ~State() { sodium_memzero(&raw, sizeof raw); }
};
StreamOpen::StreamOpen(std::string_view key, std::string_view head) : state_(std::make_unique<State>()) {
  must(key.size() == kStreamKeyBytes && head.size() == kStreamHeadBytes && sodium_init() >= 0);
  must(crypto_secretstream_xchacha20poly1305_init_pull(&state_->raw, bytes(head), bytes(key)) == 0);
}
StreamOpen::~StreamOpen() = default;
std::optional<std::pair<std::string, Piece>> StreamOpen::open(std::string_view sealed, std::string_view bound) {
  if (sealed.size() < kStreamSealBytes) return std::nullopt;
  std::string plain(sealed.size() - kStreamSealBytes, '\0');
  unsigned char tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull(&state_->raw, bytes(plain), nullptr, &tag, bytes(sealed),
                                                 sealed.size(), bytes(bound), bound.size()) != 0)
    return std::nullopt;
  return std::pair(std::move(plain),
                   tag == crypto_secretstream_xchacha20poly1305_tag_final() ? Piece::last : Piece::more);
}

}  // namespace pf::crypto
