#include <doctest/doctest.h>
#include <sys/resource.h>

#include <latch>
#include <thread>
#include <vector>

#include "crypto/certificate.h"
#include "crypto/crypto.h"
#include "productflow/text.h"

using namespace pf;
using namespace pf::crypto;

TEST_CASE("crypto: hashes and derivations match their standards' vectors") {
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 pieces;
  pieces.add("a");
  pieces.add("bc");
  CHECK(pieces.finish() == sha256("abc"));
  // RFC 4231, test case 2
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // RFC 5869, test case 1
  const auto okm =
      hkdf_sha256(std::string(22, '\x0b'), *unhex("000102030405060708090a0b0c"), *unhex("f0f1f2f3f4f5f6f7f8f9"), 42);
  CHECK(hex(okm.bytes()) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST_CASE("crypto: AES-256-GCM matches NIST's vector and refuses every change") {
  // McGrew and Viega, test case 16
  const std::string key = *unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
                    nonce = *unhex("cafebabefacedbaddecaf888");
  const std::string plain = *unhex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba637b39");
  const std::string associated = *unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string sealed = gcm_seal(key, nonce, associated, plain);
  CHECK(hex(sealed).ends_with("76fc6ece0f4e1768cddf8853bb2d551b"));
  CHECK(gcm_open(key, nonce, associated, sealed)->bytes() == plain);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string bad = sealed;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    CHECK_FALSE(gcm_open(key, nonce, associated, bad).has_value());
  }
  CHECK_FALSE(gcm_open(key, nonce, "other", sealed).has_value());
  CHECK_FALSE(gcm_open(std::string(32, 'k'), nonce, associated, sealed).has_value());
  CHECK_FALSE(gcm_open(key, nonce, associated, "short").has_value());
  CHECK(gcm_open(key, nonce, "", gcm_seal(key, nonce, "", ""))->empty());
}

TEST_CASE("crypto: a signature matches RFC 8032 and holds for its message and key alone") {
  // RFC 8032, 7.1, test 2
  const auto key = signing_key_of(*unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  CHECK(hex(key.open) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string signature = sign(key, "\x72");
  CHECK(hex(signature) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
        "eeb00d291612bb0c00");
  CHECK(signature_holds(key.open, "\x72", signature));
  CHECK_FALSE(signature_holds(key.open, "\x73", signature));
  CHECK_FALSE(signature_holds(make_signing_key().open, "\x72", signature));
  CHECK_FALSE(signature_holds(key.open, "\x72", signature.substr(1)));
  CHECK_FALSE(signature_holds("", "\x72", signature));
}

TEST_CASE("crypto: a password is kept as Argon2id and recognised") {
  const auto hash = hash_password("quiet harbour lantern");
  REQUIRE(hash.ok());
  CHECK(hash->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
  CHECK(password_matches(*hash, "quiet harbour lantern"));
  CHECK_FALSE(password_matches(*hash, "quiet harbour lanterN"));
  CHECK_FALSE(password_matches("not a hash", "x"));
  CHECK(*hash_password("x") != *hash_password("x"));
}

TEST_CASE("crypto: many passwords that are tried at once take the memory of two") {
  const auto peak = [] {
    rusage used{};
    REQUIRE(getrusage(RUSAGE_SELF, &used) == 0);
    return static_cast<std::size_t>(used.ru_maxrss) << 10;
  };
  const auto hash = *hash_password("quiet harbour lantern");
  const std::size_t before = peak();
  std::latch all(8);
  std::vector<std::jthread> people;
  for (int i = 0; i < 8; ++i)
    people.emplace_back([&] {
      all.arrive_and_wait();
      static_cast<void>(password_matches(hash, "quiet harbour lanterN"));
    });
  people.clear();
  CHECK(peak() < before + 2 * PasswordCost{}.memory);  // one is in the peak before; all together they would add seven
}

TEST_CASE("crypto: secrets compare in constant time and differ when random") {
  CHECK(same_bytes("abc", "abc"));
  CHECK_FALSE(same_bytes("abc", "abd"));
  CHECK_FALSE(same_bytes("abc", "ab"));
  CHECK_FALSE(same_bytes(SecretBytes::random(32).bytes(), SecretBytes::random(32).bytes()));
  std::string text = "secret";
  wipe(text);
  CHECK(text.empty());
}

TEST_CASE("crypto: the authority issues certificates that end in time") {
  const Time now = *parse_time("2026-01-15T00:00:00Z");
  const auto authority = make_authority("ProductFlow at box", now);
  REQUIRE(authority.ok());
  const auto server = issue_server(*authority, {"localhost", "127.0.0.1", "::1", "box.example"}, now);
  REQUIRE(server.ok());
  CHECK(*expires_at(server->certificate_pem) == now - std::chrono::days{1} + kLeafLife);
  CHECK(*expires_at(authority->certificate_pem) > now + std::chrono::days{3600});
  CHECK(fingerprint_sha256(server->certificate_pem)->size() == 95);
  CHECK_FALSE(expires_at("-----BEGIN CERTIFICATE-----\nnot\n").ok());
  CHECK_FALSE(issue_server({authority->certificate_pem, "no key"}, {"localhost"}, now).ok());
  CHECK_FALSE(issue_server(*authority, {}, now).ok());
  CHECK_FALSE(issue_server(*authority, {"box,URI:http://elsewhere"}, now).ok());
  CHECK(issue_server(*authority, {std::string(60, 'a') + ".a-very-long-name.example"}, now).ok());
}
