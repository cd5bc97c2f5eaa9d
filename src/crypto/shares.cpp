#include "crypto/shares.h"

#include <sodium.h>

#include <array>
#include <new>

extern "C" {
#include <libgfshare.h>
}

namespace pf::crypto {
namespace {

constexpr unsigned char kNeeded = 2;

// Wiped by the library when it goes.
struct Context {
  gfshare_ctx* handle;
  explicit Context(gfshare_ctx* made) : handle(made) {
    if (handle == nullptr) throw std::bad_alloc();
  }
  ~Context() { gfshare_ctx_free(handle); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

void use_our_random_source() {
  [[maybe_unused]] static const bool set = [] {
    gfshare_fill_rand = [](unsigned char* out, unsigned int size) { randombytes_buf(out, size); };
    return true;
  }();
}

}  // namespace

std::vector<Share> split_secret(std::string_view secret) {
  use_our_random_source();
  std::array<unsigned char, kShares> numbers{1, 2, 3};
  const Context context(
      gfshare_ctx_init_enc(numbers.data(), kShares, kNeeded, static_cast<unsigned int>(secret.size())));
  SecretBytes copy = SecretBytes::copy_of(secret);
  gfshare_ctx_enc_setsecret(context.handle, copy.data());
  std::vector<Share> shares;
  for (unsigned char at = 0; at < kShares; ++at) {
    shares.push_back({numbers[at], SecretBytes(secret.size())});
    gfshare_ctx_enc_getshare(context.handle, at, shares.back().bytes.data());
  }
  return shares;
}

std::optional<SecretBytes> join_shares(const Share& one, const Share& other) {
  const auto is_number = [](std::uint8_t number) { return number >= 1 && number <= kShares; };
  if (one.number == other.number || !is_number(one.number) || !is_number(other.number) || one.bytes.empty() ||
      one.bytes.size() != other.bytes.size())
    return std::nullopt;
  use_our_random_source();  // it is wiped with noise
  std::array<unsigned char, kNeeded> numbers{one.number, other.number};
  const Context context(gfshare_ctx_init_dec(numbers.data(), kNeeded, static_cast<unsigned int>(one.bytes.size())));
  unsigned char at = 0;
  for (const Share* share : {&one, &other}) {
    SecretBytes copy = SecretBytes::copy_of(share->bytes.bytes());
    gfshare_ctx_dec_giveshare(context.handle, at++, copy.data());
  }
  SecretBytes secret(one.bytes.size());
  gfshare_ctx_dec_extract(context.handle, secret.data());
  return secret;
}

}  // namespace pf::crypto
