#include "access/passkey.h"

#include <doctest/doctest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "access/cbor.h"
#include "crypto/crypto.h"
#include "door.h"

using namespace pf;
using namespace pf::access;
using pf::test::Door;
using pf::test::kOwner;
using pf::test::kPassword;

namespace {

constexpr char kPresent = 0x01, kVerified = 0x04, kHasCredential = 0x40;
const Caller kHere{"192.0.2.1", "", "", "shop.local:8443"};

// An authenticator with one Ed25519 passkey, as a security key or a phone is one.
struct Authenticator {
  crypto::SigningKey key = crypto::make_signing_key();
  std::string id = crypto::random_bytes(32);
  std::string rp_id = "shop.local", origin = "https://shop.local:8443";
  char flags = kPresent | kVerified;
  std::uint32_t count = 0;
  bool framed = false;

  static std::string head(int kind, std::size_t size) {
    std::string out(1, static_cast<char>(kind << 5 | (size < 24 ? static_cast<int>(size) : 25)));
    if (size >= 24) out += std::string{static_cast<char>(size >> 8), static_cast<char>(size & 255)};
    return out;
  }
  static std::string text(const std::string& s) { return head(3, s.size()) + s; }
  static std::string bytes(const std::string& s) { return head(2, s.size()) + s; }
  virtual ~Authenticator() = default;
  virtual std::string sign(const std::string& message) const { return crypto::sign(key, message); }
  // {1: 1, 3: -8, -1: 6, -2: x}
  virtual std::string cose() const { return std::string("\xa4\x01\x01\x03\x27\x20\x06\x21") + bytes(key.open); }
  std::string client_data(const char* type, const std::string& challenge) const {
    return json::write(
        json::Value::object({{"type", type}, {"challenge", challenge}, {"origin", origin}, {"crossOrigin", framed}}));
  }
  std::string facts(char more = 0) const {
    std::string out = crypto::sha256(rp_id);
    out.push_back(static_cast<char>(flags | more));
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(count >> shift));
    return out;
  }
  std::string attestation() const {
    const std::string data = facts(kHasCredential) + std::string(16, '\0') + std::string{'\0', 32} + id + cose();
    return head(5, 3) + text("fmt") + text("none") + text("attStmt") + head(5, 0) + text("authData") + bytes(data);
  }
  FactorAnswer answer(const std::string& challenge) {
    if (count > 0) ++count;
    FactorAnswer out;
    out.passkey_id = id;
    out.client_data = client_data("webauthn.get", challenge);
    out.authenticator_data = facts();
    out.signature = sign(out.authenticator_data + crypto::sha256(out.client_data));
    return out;
  }
};

// One whose key is RSA, as Windows keeps it in a TPM.
struct RsaAuthenticator final : Authenticator {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pair;
  explicit RsaAuthenticator(unsigned bits = 2048) : pair(EVP_RSA_gen(bits), EVP_PKEY_free) { REQUIRE(pair); }
  std::string number(const char* name) const {
    BIGNUM* value = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(pair.get(), name, &value) == 1);
    std::string out(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, reinterpret_cast<unsigned char*>(out.data()));
    BN_free(value);
    return out;
  }
  // {1: 3, 3: -257, -1: n, -2: e}
  std::string cose() const override {
    return std::string("\xa4\x01\x03\x03\x39\x01\x00\x20", 8) + bytes(number(OSSL_PKEY_PARAM_RSA_N)) + "\x21" +
           bytes(number(OSSL_PKEY_PARAM_RSA_E));
  }
  std::string sign(const std::string& message) const override {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> signing(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(pair.get())), '\0');
    std::size_t size = out.size();
    REQUIRE(EVP_DigestSignInit(signing.get(), nullptr, EVP_sha256(), nullptr, pair.get()) == 1);
    REQUIRE(EVP_DigestSign(signing.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                           reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1);
    return out;
  }
};

std::string challenge_of(const json::Value& question) {
  return *question.find("challenge")->as_string();
}

struct PasskeyShop : Door {
  Account owner = *make_owner();
  Authenticator phone;
  SignedIn here = *access->sign_in(kOwner, kPassword, "", kHere)->done;
  Actor by = actor(here);

  Result<std::vector<std::string>> enrol(Authenticator& device, const char* name = "My phone") {
    const auto begun = access->begin_passkey(by, kHere, "Harbour");
    REQUIRE(begun.ok());
    return access->finish_passkey(by, name, *begun->find("ticket")->as_string(),
                                  device.client_data("webauthn.create", challenge_of(*begun->find("question"))),
                                  device.attestation(), kHere);
  }
};

}  // namespace

TEST_CASE("passkeys: one signs in after the password, and alone when it knows its person") {
  PasskeyShop shop;
  const auto codes = shop.enrol(shop.phone);
  REQUIRE(codes.ok());
  CHECK(codes->size() == kRecoveryCodes);
  CHECK(shop.access->account(shop.owner.id)->passkeys[0].alone);
  const auto step = shop.access->sign_in(kOwner, kPassword, "", kHere);
  REQUIRE(step.ok());
  CHECK_FALSE(step->done);
  CHECK(step->ticket.passkey);
  CHECK_FALSE(step->ticket.totp);
  const auto second =
      shop.access->second_step(step->ticket.secret, shop.phone.answer(challenge_of(step->ticket.question)), kHere);
  REQUIRE(second.ok());
  CHECK(shop.comes_in(*second));

  const auto asked = *shop.access->ask_passkey(kHere);
  CHECK(asked.question.find("allowCredentials")->as_array()->empty());  // tells nobody who is here
  const auto alone = shop.access->second_step(asked.secret, shop.phone.answer(challenge_of(asked.question)), kHere);
  REQUIRE(alone.ok());
  CHECK(alone->account.email == kOwner);
  CHECK_FALSE(shop.access->second_step(asked.secret, shop.phone.answer(challenge_of(asked.question)), kHere).ok());
}

TEST_CASE("passkeys: one with an RSA key signs in, a bent signature and a short key do not") {
  PasskeyShop shop;
  RsaAuthenticator laptop;
  const auto enrolled = shop.enrol(laptop, "Laptop");
  REQUIRE_MESSAGE(enrolled.ok(), (enrolled.ok() ? "" : enrolled.error().message));
  const auto alone = [&](const std::function<void(FactorAnswer&)>& bend) {
    const auto asked = *shop.access->ask_passkey(kHere);
    auto answer = laptop.answer(challenge_of(asked.question));
    bend(answer);
    return shop.access->second_step(asked.secret, answer, kHere);
  };
  const auto in = alone([](FactorAnswer&) {});
  REQUIRE_MESSAGE(in.ok(), (in.ok() ? "" : in.error().message));
  CHECK(in->account.id == shop.owner.id);
  CHECK_FALSE(alone([](FactorAnswer& answer) { answer.signature[100] ^= 1; }).ok());
  CHECK_FALSE(alone([](FactorAnswer& answer) { answer.signature.pop_back(); }).ok());
  CHECK_FALSE(alone([](FactorAnswer& answer) { answer.signature.clear(); }).ok());
  const RsaAuthenticator other;
  CHECK_FALSE(alone([&](FactorAnswer& answer) {
                answer.signature = other.sign(answer.authenticator_data + crypto::sha256(answer.client_data));
              }).ok());
  RsaAuthenticator old(1024);
  const auto refused = shop.enrol(old, "Old");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().faults[0].field == "passkey");
}

TEST_CASE("passkeys: one that did not check its person is a second factor and no more") {
  PasskeyShop shop;
  shop.phone.flags = kPresent;
  REQUIRE(shop.enrol(shop.phone).ok());
  const auto asked = *shop.access->ask_passkey(kHere);
  const auto alone = shop.access->second_step(asked.secret, shop.phone.answer(challenge_of(asked.question)), kHere);
  REQUIRE_FALSE(alone.ok());
  CHECK(alone.error().faults[0].code == "unverified");
  const auto step = *shop.access->sign_in(kOwner, kPassword, "", kHere);
  CHECK(
      shop.access->second_step(step.ticket.secret, shop.phone.answer(challenge_of(step.ticket.question)), kHere).ok());
}

TEST_CASE("passkeys: an answer for another site, question, key or moment is refused and told") {
  PasskeyShop shop;
  REQUIRE(shop.enrol(shop.phone).ok());
  const auto refused = [&](
                           const std::function<void(Authenticator&)>& before,
                           const std::function<void(FactorAnswer&)>& after = [](FactorAnswer&) {}) {
    const auto step = *shop.access->sign_in(kOwner, kPassword, "", kHere);
    Authenticator device;
    device.key = crypto::signing_key_of(shop.phone.key.secret.bytes().substr(0, 32));
    device.id = shop.phone.id;
    before(device);
    auto answer = device.answer(challenge_of(step.ticket.question));
    after(answer);
    const auto result = shop.access->second_step(step.ticket.secret, answer, kHere);
    CHECK_FALSE(result.ok());
    shop.clock.pass(std::chrono::minutes{20});
  };
  refused([](Authenticator& d) { d.origin = "https://shop.local.evil.example"; });
  refused([](Authenticator& d) { d.origin = "http://shop.local:8443"; });
  refused([](Authenticator& d) { d.rp_id = "evil.example"; });
  refused([](Authenticator& d) { d.flags = kVerified; });  // nobody touched it
  refused([](Authenticator& d) { d.framed = true; });
  refused([](Authenticator& d) { d.key = crypto::make_signing_key(); });
  refused([](Authenticator& d) { d.id = std::string(32, 'x'); });
  refused([](Authenticator&) {}, [](FactorAnswer& a) { a.signature[3] ^= 1; });
  refused([](Authenticator&) {}, [](FactorAnswer& a) { a.authenticator_data[32] ^= 4; });
  refused([](Authenticator&) {}, [](FactorAnswer& a) { a.client_data += ' '; });
  refused([](Authenticator&) {}, [](FactorAnswer& a) { a.client_data = "{}"; });
  refused([](Authenticator&) {}, [](FactorAnswer& a) { a.authenticator_data = "short"; });
  CHECK(shop.times("session.refused", "\"factor\":\"passkey\"") == 12);
  // An answer to an older question.
  const auto old = challenge_of(shop.access->sign_in(kOwner, kPassword, "", kHere)->ticket.question);
  const auto step = *shop.access->sign_in(kOwner, kPassword, "", kHere);
  CHECK_FALSE(shop.access->second_step(step.ticket.secret, shop.phone.answer(old), kHere).ok());
  CHECK(
      shop.access->second_step(step.ticket.secret, shop.phone.answer(challenge_of(step.ticket.question)), kHere).ok());
}

TEST_CASE("passkeys: a copied authenticator betrays itself by its counter") {
  PasskeyShop shop;
  shop.phone.count = 7;
  REQUIRE(shop.enrol(shop.phone).ok());
  const auto in = [&] {
    const auto step = *shop.access->sign_in(kOwner, kPassword, "", kHere);
    return shop.access->second_step(step.ticket.secret, shop.phone.answer(challenge_of(step.ticket.question)), kHere)
        .ok();
  };
  CHECK(in());
  CHECK(in());
  shop.phone.count = 5;
  CHECK_FALSE(in());
}

TEST_CASE("passkeys: an enrolment that is old, foreign, broken or doubled is refused") {
  PasskeyShop shop;
  const auto begun = *shop.access->begin_passkey(shop.by, kHere, "Harbour");
  const std::string ticket = *begun.find("ticket")->as_string(), challenge = challenge_of(*begun.find("question"));
  const auto finish = [&](const Actor& by, const std::string& client_data, const std::string& attestation) {
    return shop.access->finish_passkey(by, "x", ticket, client_data, attestation, kHere).ok();
  };
  const std::string good = shop.phone.client_data("webauthn.create", challenge), whole = shop.phone.attestation();
  CHECK_FALSE(finish(shop.by, shop.phone.client_data("webauthn.get", challenge), whole));
  CHECK_FALSE(finish(shop.by, good, whole.substr(0, whole.size() - 10)));
  CHECK_FALSE(finish(shop.by, good, ""));
  Actor other = shop.by;
  other.session = "another";
  CHECK_FALSE(finish(other, good, whole));
  REQUIRE(shop.enrol(shop.phone).ok());
  CHECK(shop.enrol(shop.phone).error().code == ErrorCode::conflict);
  const auto late = *shop.access->begin_passkey(shop.by, kHere, "Harbour");
  shop.clock.pass(kTicketLife);
  Authenticator second;
  CHECK_FALSE(shop.access
                  ->finish_passkey(shop.by, "x", *late.find("ticket")->as_string(),
                                   second.client_data("webauthn.create", challenge_of(*late.find("question"))),
                                   second.attestation(), kHere)
                  .ok());
  const auto id = shop.access->account(shop.owner.id)->passkeys[0].id;
  REQUIRE(shop.access->remove_passkey(shop.by, id).ok());
  CHECK(shop.access->sign_in(kOwner, kPassword, "", kHere)->done);
}

TEST_CASE("passkeys: one confirms a dangerous action in place of the password") {
  PasskeyShop shop;
  REQUIRE(shop.enrol(shop.phone).ok());
  shop.clock.pass(kSudoWindow);
  CHECK_FALSE(shop.actor(shop.here).fresh);
  const auto asked = *shop.access->ask_passkey_again(shop.by, kHere);
  Caller with_cookie = kHere;
  with_cookie.session = shop.here.cookie;
  const auto confirmed =
      shop.access->confirm_passkey(shop.by, asked.secret, shop.phone.answer(challenge_of(asked.question)), with_cookie);
  REQUIRE(confirmed.ok());
  CHECK(shop.actor(*confirmed).fresh);
  CHECK_FALSE(shop.comes_in(shop.here));
  // Its ticket opens no session.
  const auto again = *shop.access->ask_passkey_again(shop.by, kHere);
  CHECK_FALSE(shop.access->second_step(again.secret, shop.phone.answer(challenge_of(again.question)), kHere).ok());
}

TEST_CASE("passkeys: hostile CBOR ends in an error, never in a crash") {
  const Authenticator device;
  const std::string good = device.attestation();
  const PasskeyAsked asked{"c", device.origin, device.rp_id};
  const std::string client_data = device.client_data("webauthn.create", "c");
  CHECK(read_new_passkey(asked, client_data, good).ok());
  for (std::size_t cut = 0; cut < good.size(); ++cut)
    CHECK_FALSE(read_new_passkey(asked, client_data, good.substr(0, cut)).ok());
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const int with : {0x00, 0x3b, 0x5b, 0x9b, 0xbb, 0xff}) {
      std::string bent = good;
      bent[at] = static_cast<char>(with);
      static_cast<void>(read_new_passkey(asked, client_data, bent));
    }
  std::string deep(1000, '\x81');
  Cbor cbor(deep);
  cbor.skip();
  CHECK(cbor.failed());
}
