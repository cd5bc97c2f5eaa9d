#include "vault/certificate.h"

#include "productflow/text.h"
#include "small_vault.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::vault;
using std::chrono::days;
using std::chrono::hours;

namespace {

// Three purges, each with something to tell.
struct Purged : test::SmallVault {
  storage::FamilyRef family = store->family("vault");
  Purged() {
    for (int i = 0; i < 3; ++i) {
      seal("A-" + std::to_string(i));
      clock.pass(days{31});
      REQUIRE(vault->purge(access::system_actor(), false).ok());
    }
  }
  void put(const std::string& key, const std::optional<std::string>& value) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  value ? work.put(family, key, *value) : work.erase(family, key);
                  return {};
                })
                .ok());
  }
  std::string record(std::uint64_t number) { return **store->read().get(family, certificate_key(number)); }
  std::string fault() { return vault->verify_certificates(store->read())->fault; }
};

}  // namespace

TEST_CASE("certificate: a purge says what was destroyed, from when to when, and never whose it was") {
  test::SmallVault world;
  world.clock.pass(hours{5});
  const auto ref = world.seal("A-1");
  world.seal("A-2");
  world.clock.pass(days{31});
  const auto done = world.vault->purge(access::system_actor(), false);
  REQUIRE(done.ok());
  CHECK(done->certificate == 1);
  const auto one = *world.vault->certificate(world.store->read(), 1);
  REQUIRE(one.has_value());
  const auto text = [&](const char* name) { return *one->body.find(name)->as_string(); };
  CHECK(text("kind") == "purge");
  CHECK(text("at") == rfc3339(world.vault->now()));
  CHECK(text("gone_before") == rfc3339(Time{hours{done->live_min}}));
  CHECK(one->body.find("records")->as_int() == 8);
  CHECK(one->body.find("index_records")->as_int() == 8);
  CHECK(one->body.find("keys_destroyed")->as_int() == 1);
  CHECK(one->body.find("index_keys_destroyed")->as_int() == 1);
  CHECK(one->body.find("slots")->as_array()->size() == 2);
  CHECK(*one->body.find("clean")->as_bool());
  for (const std::string& word : {std::string("Quillonbury"), std::string("A-1"), hex(ref.rid), std::string("zyx")})
    CHECK(one->statement.find(word) == std::string::npos);
  // Anybody with the open key can check the very bytes.
  CHECK(crypto::signature_holds(world.vault->signing_key(), one->statement, one->signature));
  CHECK(*unbase64url(text("key")) == world.vault->signing_key());
  const auto entry = (*world.audit->page(world.store->read(), 0, 1))[0];
  CHECK(entry.object == "certificate:1");
  CHECK(*entry.details.find("certificate_hash")->as_string() == hex(one->hash));
}

TEST_CASE("certificate: they form a chain without gaps in time, also across restarts" * test::whole) {
  Purged world;
  world.reopen();
  world.seal("B");
  world.clock.pass(days{31});
  REQUIRE(world.vault->purge(access::system_actor(), false).ok());
  CHECK(world.fault().empty());
  const auto verdict = *world.vault->verify_certificates(world.store->read());
  CHECK(verdict.certificates == 4);
  CHECK(verdict.keys.size() == 1);
  CHECK(verdict.unvouched.empty());
  const auto purges = *world.vault->purges(world.store->read(), 10);
  REQUIRE(purges.size() == 4);
  for (std::size_t i = 0; i + 1 < purges.size(); ++i) CHECK(purges[i].gone_before == purges[i + 1].live_min);
  CHECK(world.vault->certificates(world.store->read(), 3, 10)->size() == 2);
  CHECK_FALSE(*world.vault->certificate(world.store->read(), 5));
}

TEST_CASE("certificate: keys that died without one, because of a crash, are in the next") {
  test::SmallVault world;
  world.seal("A-1");
  world.clock.pass(days{31});
  world.reopen();  // the keys die here
  CHECK(world.vault->status().live_keys == 0);
  CHECK(world.vault->purges(world.store->read(), 10)->empty());
  world.reopen();
  REQUIRE(world.vault->tick().ok());
  const auto purges = *world.vault->purges(world.store->read(), 10);
  REQUIRE(purges.size() == 1);
  CHECK(purges[0].keys_destroyed == 1);
  CHECK(purges[0].index_keys_destroyed == 1);
  CHECK(world.records() == 0);
}

TEST_CASE("certificate: an altered, missing, swapped, foreign or cut-off one is found and named") {
  Purged world;
  const std::string one = world.record(1), two = world.record(2), three = world.record(3);
  for (std::size_t byte = 0; byte < two.size(); ++byte) {
    std::string bad = two;
    bad[byte] = static_cast<char>(bad[byte] ^ 1);
    world.put(certificate_key(2), bad);
    REQUIRE_MESSAGE(world.fault().starts_with("Certificate 2"), byte);
  }
  world.put(certificate_key(2), three);
  CHECK(world.fault() == "Certificate 2 says another number: it was moved.");
  world.put(certificate_key(2), std::nullopt);
  CHECK(world.fault() == "Certificate 2 is missing.");
  world.put(certificate_key(2), "short");
  CHECK(world.fault() == "Certificate 2 is damaged.");
  world.put(certificate_key(2), two);
  world.put(certificate_key(3), std::nullopt);
  CHECK(world.fault().find("cut off") != std::string::npos);
  world.put(certificate_key(3), three);
  CHECK(world.fault().empty());

  // Somebody who signs anew with a key of his own: the chain holds by itself, but the change of key is not vouched for.
  const Signer stranger{crypto::make_signing_key(), "00"};
  REQUIRE(world.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_TRY(certify(work, world.family, stranger, "purge", world.clock.now(), {}));
                return {};
              })
              .ok());
  const auto verdict = *world.vault->verify_certificates(world.store->read());
  CHECK(verdict.fault.empty());
  CHECK(verdict.keys.size() == 2);
  CHECK(verdict.unvouched == std::vector<std::uint64_t>{4});
}

TEST_CASE("certificate: a lost ring's successor signs with a new key, and the verdict says so") {
  Purged world;
  const std::string before = world.vault->signing_key();
  world.close();
  std::filesystem::remove_all(world.folder.path() / "keyring");
  world.reopen();
  CHECK(world.vault->signing_key() != before);
  REQUIRE(world.vault->purge(access::system_actor(), false).ok());
  access::Actor owner = access::system_actor();
  owner.kind = access::Actor::Kind::user;
  REQUIRE(world.vault->purge(owner, false).ok());  // asked for by a person: worth a certificate
  CHECK(world.vault->verify_certificates(world.store->read())->unvouched == std::vector<std::uint64_t>{4});
}
