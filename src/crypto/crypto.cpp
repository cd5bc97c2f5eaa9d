#include "crypto/crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sodium.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <semaphore>
#include <utility>

#include "crypto/bytes.h"

namespace pf::crypto {
namespace {

void start_sodium() {
  static const int started = sodium_init();
  if (started < 0) std::abort();  // no random source: nothing here would be safe
}

struct CipherContext {
  EVP_CIPHER_CTX* raw = EVP_CIPHER_CTX_new();
  CipherContext() { must(raw != nullptr); }
  ~CipherContext() { EVP_CIPHER_CTX_free(raw); }
  CipherContext(const CipherContext&) = delete;
  CipherContext& operator=(const CipherContext&) = delete;
};

// Fetched once: a fetch by name takes longer than sealing a short record.
const EVP_CIPHER* aes_gcm() {
  static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return cipher;
}

}  // namespace

void wipe(std::string& text) {
  text.resize(text.capacity());  // what was erased or moved away may still lie behind the end
  sodium_memzero(text.data(), text.size());
  text.clear();
}

std::string random_bytes(std::size_t size) {
  start_sodium();
  std::string out(size, '\0');
  randombytes_buf(out.data(), size);
  return out;
}

bool same_bytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string sha256(std::string_view data) {
  std::string out(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(bytes(out), bytes(data), data.size());
  return out;
}

// By OpenSSL, which uses the processor's instructions for it: four times libsodium's speed, and whole files go through.
struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};
Sha256::Sha256() : state_(std::make_unique<State>()) {
  must(state_->context != nullptr && EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;
void Sha256::add(std::string_view data) {
  must(EVP_DigestUpdate(state_->context.get(), data.data(), data.size()) == 1);
}
std::string Sha256::finish() {
  std::string out(crypto_hash_sha256_BYTES, '\0');
  must(EVP_DigestFinal_ex(state_->context.get(), bytes(out), nullptr) == 1);
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes(data), data.size());
  std::string out(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_final(&state, bytes(out));
  sodium_memzero(&state, sizeof state);
  return out;
}

SecretBytes hkdf_sha256(std::string_view key, std::string_view salt, std::string_view info, std::size_t size) {
  static EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  must(kdf != nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  must(context != nullptr);
  char digest[] = "SHA256";
  // OpenSSL's parameters are not const, though they are only read.
  const auto octets = [](const char* name, std::string_view value) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(value.empty() ? "" : value.data()), value.size());
  };
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                   octets(OSSL_KDF_PARAM_KEY, key), octets(OSSL_KDF_PARAM_SALT, salt),
                                   octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  SecretBytes out(size);
  must(EVP_KDF_derive(context, out.data(), size, parameters) == 1);
  EVP_KDF_CTX_free(context);
  return out;
}

std::string gcm_seal(std::string_view key, std::string_view nonce, std::string_view associated,
                     std::string_view plain) {
  must(key.size() == kGcmKeyBytes && nonce.size() == kGcmNonceBytes && plain.size() <= kGcmPlainBytesMax);
  CipherContext context;
  std::string out(plain.size() + kGcmTagBytes, '\0');
  int written = 0;
  must(EVP_EncryptInit_ex2(context.raw, aes_gcm(), bytes(key), bytes(nonce), nullptr) == 1);
  must(EVP_EncryptUpdate(context.raw, nullptr, &written, bytes(associated), static_cast<int>(associated.size())) == 1);
  must(EVP_EncryptUpdate(context.raw, bytes(out), &written, bytes(plain), static_cast<int>(plain.size())) == 1);
  must(EVP_EncryptFinal_ex(context.raw, bytes(out) + written, &written) == 1);
  must(EVP_CIPHER_CTX_ctrl(context.raw, EVP_CTRL_AEAD_GET_TAG, kGcmTagBytes, out.data() + plain.size()) == 1);
  return out;
}

std::optional<SecretBytes> gcm_open(std::string_view key, std::string_view nonce, std::string_view associated,
                                    std::string_view sealed) {
  if (key.size() != kGcmKeyBytes || nonce.size() != kGcmNonceBytes || sealed.size() < kGcmTagBytes ||
      sealed.size() - kGcmTagBytes > kGcmPlainBytesMax)
    return std::nullopt;
  const std::size_t size = sealed.size() - kGcmTagBytes;
  CipherContext context;
  SecretBytes out(size);
  std::string tag(sealed.substr(size));
  int written = 0;
  must(EVP_DecryptInit_ex2(context.raw, aes_gcm(), bytes(key), bytes(nonce), nullptr) == 1);
  must(EVP_DecryptUpdate(context.raw, nullptr, &written, bytes(associated), static_cast<int>(associated.size())) == 1);
  must(EVP_DecryptUpdate(context.raw, out.data(), &written, bytes(sealed), static_cast<int>(size)) == 1);
  must(EVP_CIPHER_CTX_ctrl(context.raw, EVP_CTRL_AEAD_SET_TAG, kGcmTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context.raw, out.data() + written, &written) != 1) return std::nullopt;
  return out;
}

SigningKey make_signing_key() {
  return signing_key_of(SecretBytes::random(crypto_sign_SEEDBYTES).bytes());
}

SigningKey signing_key_of(std::string_view seed) {
  start_sodium();
  must(seed.size() == crypto_sign_SEEDBYTES);
  SigningKey key{SecretBytes(crypto_sign_SECRETKEYBYTES), std::string(crypto_sign_PUBLICKEYBYTES, '\0')};
  must(crypto_sign_seed_keypair(bytes(key.open), key.secret.data(), bytes(seed)) == 0);
  return key;
}

std::string sign(const SigningKey& key, std::string_view message) {
  std::string signature(kSignatureBytes, '\0');
  must(crypto_sign_detached(bytes(signature), nullptr, bytes(message), message.size(), bytes(key.secret.bytes())) == 0);
  return signature;
}

bool signature_holds(std::string_view open_key, std::string_view message, std::string_view signature) {
  return open_key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == kSignatureBytes &&
         crypto_sign_verify_detached(bytes(signature), bytes(message), message.size(), bytes(open_key)) == 0;
}

namespace {

// Two cores work on two; more at once would be 64 MiB each for nothing, and a crowd of guesses the box's memory.
std::counting_semaphore<> password_places{2};
struct PasswordPlace {
  PasswordPlace() { password_places.acquire(); }
  ~PasswordPlace() { password_places.release(); }
  PasswordPlace(const PasswordPlace&) = delete;
  PasswordPlace& operator=(const PasswordPlace&) = delete;
};

}  // namespace

Result<std::string> hash_password(std::string_view password, const PasswordCost& cost) {
  start_sodium();
  const PasswordPlace place;
  std::string out(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost.passes, cost.memory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    return error(ErrorCode::unavailable, "There is not enough memory to check a password now. Please try again.");
  out.resize(std::strlen(out.c_str()));
  return out;
}

bool password_matches(std::string_view hash, std::string_view password) {
  start_sodium();
  const PasswordPlace place;
  const std::string text(hash);  // the library wants a terminated string
  return crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0;
}

}  // namespace pf::crypto
