#include "crypto/factors.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include <memory>

#include "crypto/bytes.h"

namespace pf::crypto {
namespace {

using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;

Key key_of(const char* type, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>> params(OSSL_PARAM_BLD_to_param(builder));
  const std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  return Key(key);
}

bool holds(EVP_PKEY* key, std::string_view message, std::string_view signature) {
  if (key == nullptr) return false;
  const std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  return context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
}

// Whatever OpenSSL says about a stranger's bytes stays out of the thread's error queue, which TLS reads.
struct QuietErrors {
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
};

}  // namespace

std::string hmac_sha1(std::string_view key, std::string_view data) {
  std::string out(20, '\0');
  unsigned size = 0;
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), bytes(data), data.size(),
           reinterpret_cast<unsigned char*>(out.data()), &size) == nullptr)
    return {};
  return out;
}

bool es256_holds(std::string_view x, std::string_view y, std::string_view message, std::string_view signature) {
  constexpr std::size_t kCoordinateBytes = 32;
  if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) return false;
  const QuietErrors quiet;
  const std::string point = '\x04' + std::string(x) + std::string(y);
  const Builder builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
    return false;
  return holds(key_of("EC", builder.get()).get(), message, signature);
}

bool rs256_holds(std::string_view modulus, std::string_view exponent, std::string_view message,
                 std::string_view signature) {
  constexpr std::size_t kModulusBytesMin = 256, kModulusBytesMax = 512, kExponentBytesMax = 8;
  if (modulus.size() < kModulusBytesMin || modulus.size() > kModulusBytesMax || exponent.empty() ||
      exponent.size() > kExponentBytesMax)
    return false;
  const QuietErrors quiet;
  const Number n(BN_bin2bn(bytes(modulus), static_cast<int>(modulus.size()), nullptr));
  const Number e(BN_bin2bn(bytes(exponent), static_cast<int>(exponent.size()), nullptr));
  const Builder builder(OSSL_PARAM_BLD_new());
  if (n == nullptr || e == nullptr || builder == nullptr ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return false;
  return holds(key_of("RSA", builder.get()).get(), message, signature);
}

}  // namespace pf::crypto
