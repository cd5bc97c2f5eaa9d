#include "crypto/shares.h"

#include <doctest/doctest.h>

#include "crypto/passphrase.h"
#include "productflow/text.h"

using namespace pf;
using namespace pf::crypto;

namespace {

Share copy_of(const Share& share) {
  return {share.number, SecretBytes::copy_of(share.bytes.bytes())};
}

// libsodium's encoding of hashes: base64 without padding.
std::string plain_base64(std::string_view bytes) {
  std::string text = base64url(bytes);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  return text;
}

}  // namespace

TEST_CASE("shares: any two of three give the secret back, in either order; one alone and a pair of twins do not") {
  for (int round = 0; round < 50; ++round) {
    const std::string secret = random_bytes(32);
    const auto shares = split_secret(secret);
    REQUIRE(shares.size() == kShares);
    for (std::size_t a = 0; a < kShares; ++a)
      for (std::size_t b = 0; b < kShares; ++b) {
        const auto joined = join_shares(shares[a], shares[b]);
        REQUIRE(joined.has_value() == (a != b));
        if (joined) REQUIRE(joined->bytes() == secret);
      }
    // With numbers 1, 2, 3 and a straight line the three add up to the secret, whatever the field's polynomial.
    for (std::size_t at = 0; at < secret.size(); ++at) {
      char sum = 0;
      for (const Share& share : shares) sum = static_cast<char>(sum ^ share.bytes.bytes()[at]);
      REQUIRE(sum == secret[at]);
    }
    for (const Share& share : shares) REQUIRE(share.bytes.bytes() != secret);
  }
}

TEST_CASE("shares: the arithmetic is that of the field with x^8 + x^4 + x^3 + x^2 + 1, which shares on paper rely on") {
  // The line 0x80 x has 0x80 at 1 and 0x1d at 2.
  const auto joined = join_shares({1, SecretBytes::copy_of("\x80")}, {2, SecretBytes::copy_of("\x1d")});
  REQUIRE(joined);
  CHECK(joined->bytes() == std::string(1, '\0'));
  // 0x55 + 0x80 x.
  CHECK(join_shares({1, SecretBytes::copy_of("\xd5")}, {2, SecretBytes::copy_of("\x48")})->bytes() == "\x55");
}

TEST_CASE("shares: what is no pair of shares is refused, and a damaged one gives another secret") {
  const auto shares = split_secret("0123456789abcdef");
  CHECK_FALSE(join_shares({0, SecretBytes::copy_of("a")}, {1, SecretBytes::copy_of("b")}));
  CHECK_FALSE(join_shares({4, SecretBytes::copy_of("a")}, {1, SecretBytes::copy_of("b")}));
  CHECK_FALSE(join_shares({1, SecretBytes()}, {2, SecretBytes()}));
  CHECK_FALSE(join_shares({2, SecretBytes::copy_of("ab")}, shares[0]));
  Share bad = copy_of(shares[1]);
  bad.bytes.data()[3] ^= 1;
  CHECK(join_shares(shares[0], bad)->bytes() != "0123456789abcdef");
}

TEST_CASE("passphrase: the key is Argon2id's, and changes with passphrase, salt and cost") {
  const std::string salt = "0123456789abcdef";
  const auto key = key_of_passphrase("four quiet words more", salt, 2, 64);
  REQUIRE(key);
  // The library's own check of hashes agrees.
  CHECK(password_matches("$argon2id$v=19$m=64,t=2,p=1$" + plain_base64(salt) + "$" + plain_base64(key->bytes()),
                         "four quiet words more"));
  CHECK(key_of_passphrase("four quiet words more", salt, 2, 64)->bytes() == key->bytes());
  CHECK(key_of_passphrase("Four quiet words more", salt, 2, 64)->bytes() != key->bytes());
  CHECK(key_of_passphrase("four quiet words more", "0123456789abcdeg", 2, 64)->bytes() != key->bytes());
  CHECK(key_of_passphrase("four quiet words more", salt, 3, 64)->bytes() != key->bytes());
  CHECK(key_of_passphrase("four quiet words more", salt, 2, 65)->bytes() != key->bytes());
  // Whatever a damaged file asks for.
  CHECK_FALSE(key_of_passphrase("x", "short", 2, 64));
  CHECK_FALSE(key_of_passphrase("x", salt, 0, 64));
  CHECK_FALSE(key_of_passphrase("x", salt, 2, 1));
  CHECK_FALSE(key_of_passphrase("x", salt, 2, 0xffff'ffffu));
  CHECK_FALSE(key_of_passphrase("x", salt, 0xffff'ffffu, 64));
}
