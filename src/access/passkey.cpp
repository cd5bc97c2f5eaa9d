#include "access/passkey.h"

#include <optional>

#include "access/access_impl.h"
#include "access/cbor.h"
#include "crypto/crypto.h"
#include "crypto/factors.h"
#include "json/json.h"
#include "productflow/text.h"

namespace pf::access {
namespace {

constexpr std::uint8_t kPresent = 0x01, kVerified = 0x04, kBackedUp = 0x10, kHasCredential = 0x40;
constexpr std::size_t kHashBytes = 32, kDataBytesMin = kHashBytes + 1 + 4, kGuidBytes = 16;
constexpr std::int64_t kEs256 = -7, kEdDsa = -8, kRs256 = -257;  // COSE algorithms

Error refused(const char* why) {
  return invalid("passkey", "refused", std::string("The passkey could not be used: ") + why + ".");
}

Result<> check_client_data(const PasskeyAsked& asked, std::string_view type, std::string_view client_data) {
  if (client_data.size() > kPasskeyBytesMax) return refused("its answer is too long");
  const auto data = json::parse(client_data);
  if (!data.ok()) return refused("its answer is not readable");
  if (text_in(*data, "type") != type) return refused("it answers another question");
  if (!crypto::same_bytes(text_in(*data, "challenge"), asked.challenge)) return refused("it answers an older question");
  if (text_in(*data, "origin") != asked.origin) return refused("it was asked by another site");
  const json::Value* framed = data->find("crossOrigin");
  if (framed != nullptr && framed->as_bool() != nullptr && *framed->as_bool())
    return refused("it was asked from within another site's page");
  return {};
}

struct Facts {
  std::uint8_t flags = 0;
  std::uint32_t count = 0;
  std::string_view rest;  // the credential, where there is one
};
Result<Facts> facts_of(const PasskeyAsked& asked, std::string_view data) {
  if (data.size() < kDataBytesMin || data.size() > kPasskeyBytesMax) return refused("its answer is not readable");
  if (!crypto::same_bytes(data.substr(0, kHashBytes), crypto::sha256(asked.rp_id)))
    return refused("it belongs to another site");
  Facts facts;
  facts.flags = static_cast<std::uint8_t>(data[kHashBytes]);
  for (std::size_t i = 0; i < 4; ++i)
    facts.count = facts.count << 8 | static_cast<unsigned char>(data[kHashBytes + 1 + i]);
  facts.rest = data.substr(kDataBytesMin);
  if ((facts.flags & kPresent) == 0) return refused("nobody touched it");
  return facts;
}

// RFC 9052 section 7: 1 kty, 3 alg; then by kty. Members that we do not need are skipped.
struct CoseKey {
  std::int64_t kty = 0, alg = 0, curve = 0;
  std::string_view a, b;  // x and y, or n and e
};
std::optional<CoseKey> read_key(Cbor& cbor) {
  CoseKey key;
  const std::uint64_t pairs = cbor.map();
  for (std::uint64_t i = 0; i < pairs && !cbor.failed(); ++i) {
    const std::int64_t label = cbor.number();
    if (label == 1)
      key.kty = cbor.number();
    else if (label == 3)
      key.alg = cbor.number();
    else if (label == -1 && key.kty == 3)
      key.a = cbor.bytes();
    else if (label == -1)
      key.curve = cbor.number();
    else if (label == -2)
      (key.kty == 3 ? key.b : key.a) = cbor.bytes();
    else if (label == -3)
      key.b = cbor.bytes();
    else
      cbor.skip();
  }
  if (cbor.failed()) return std::nullopt;
  return key;
}

bool known(const CoseKey& key) {
  return (key.alg == kEs256 && key.kty == 2 && key.curve == 1 && key.a.size() == 32 && key.b.size() == 32) ||
         (key.alg == kEdDsa && key.kty == 1 && key.curve == 6 && key.a.size() == 32) ||
         (key.alg == kRs256 && key.kty == 3 && key.a.size() >= 256 && !key.b.empty());
}

bool holds(const CoseKey& key, std::string_view message, std::string_view signature) {
  if (!known(key)) return false;
  if (key.alg == kEs256) return crypto::es256_holds(key.a, key.b, message, signature);
  if (key.alg == kEdDsa) return crypto::signature_holds(key.a, message, signature);
  return crypto::rs256_holds(key.a, key.b, message, signature);
}

}  // namespace

Result<NewPasskey> read_new_passkey(const PasskeyAsked& asked, std::string_view client_data,
                                    std::string_view attestation) {
  PF_TRY(check_client_data(asked, "webauthn.create", client_data));
  if (attestation.size() > kPasskeyBytesMax) return refused("its answer is too long");
  Cbor cbor(attestation);
  std::string_view data;
  const std::uint64_t pairs = cbor.map();
  for (std::uint64_t i = 0; i < pairs && !cbor.failed(); ++i) {
    if (cbor.text() == "authData")
      data = cbor.bytes();
    else
      cbor.skip();
  }
  if (cbor.failed()) return refused("its answer is not readable");
  PF_LET(const auto facts, facts_of(asked, data));
  if ((facts.flags & kHasCredential) == 0 || facts.rest.size() < kGuidBytes + 2)
    return refused("it says nothing about itself");
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(facts.rest[kGuidBytes]) << 8 |
                                             static_cast<unsigned char>(facts.rest[kGuidBytes + 1]));
  const std::string_view rest = facts.rest.substr(kGuidBytes + 2);
  constexpr std::size_t kIdBytesMax = 1023;  // WebAuthn section 7.1 step 17 of Level 2
  if (size == 0 || size > kIdBytesMax || rest.size() < size) return refused("its name is not readable");
  const std::string_view key_bytes = rest.substr(size);
  Cbor key_cbor(key_bytes);
  const auto key = read_key(key_cbor);
  if (!key || !known(*key)) return refused("its kind of key is none of ES256, EdDSA and RS256");
  return NewPasskey{std::string(rest.substr(0, size)),
                    std::string(key_bytes.substr(0, key_bytes.size() - key_cbor.rest().size())), facts.count,
                    (facts.flags & kVerified) != 0, (facts.flags & kBackedUp) != 0};
}

Result<PasskeyUsed> check_passkey(const PasskeyAsked& asked, std::string_view key, std::uint32_t last_count,
                                  std::string_view client_data, std::string_view authenticator_data,
                                  std::string_view signature) {
  PF_TRY(check_client_data(asked, "webauthn.get", client_data));
  PF_LET(const auto facts, facts_of(asked, authenticator_data));
  Cbor cbor(key);
  const auto cose = read_key(cbor);
  if (!cose || !holds(*cose, std::string(authenticator_data) + crypto::sha256(client_data), signature))
    return refused("its signature is not right");
  if ((facts.count != 0 || last_count != 0) && facts.count <= last_count)
    return refused("it seems to have been copied. Remove it from your account and make a new one");
  return PasskeyUsed{facts.count, (facts.flags & kVerified) != 0};
}

}  // namespace pf::access
