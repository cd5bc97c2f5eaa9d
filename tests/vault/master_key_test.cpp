#include <unistd.h>

#include <random>
#include <set>

#include "master_folder.h"

using namespace pf;
using namespace pf::test;

TEST_CASE("master key: sealed, the ring tells which hours live and opens none; its passphrase alone unseals it") {
  MasterFolder world;
  std::string first;
  {
    Ring ring = world.open();
    CHECK(ring.master_key().provider() == KeyProvider::key_file);
    first = std::string(**ring.key_to_seal(KeyType::data, kHour));
    REQUIRE(*ring.key_to_seal(KeyType::data, kHour + 1));
    REQUIRE(MasterFolder::change(ring, to_passphrase(kWords)).ok());
    CHECK(MasterFolder::key(ring, kHour) == first);  // open all the while
    CHECK_FALSE(fs::exists(world.key_file));         // the key file of before is destroyed
    REQUIRE(*ring.key_to_seal(KeyType::data, kHour + 2));
  }
  Ring ring = world.open();
  REQUIRE(ring.is_sealed());
  CHECK(ring.sealed_because().find("passphrase") != std::string::npos);
  CHECK(ring.lives(KeyType::data, kHour));
  CHECK(ring.live_hours().size() == 3);
  CHECK_FALSE(ring.live_key(KeyType::data, kHour));
  CHECK(fault_of(MasterFolder::unseal(ring, {})) == "passphrase required");
  CHECK(fault_of(MasterFolder::unseal(ring, words(kOther))) == "passphrase wrong");
  REQUIRE(ring.is_sealed());
  REQUIRE(MasterFolder::unseal(ring, words(kWords)).ok());
  CHECK(MasterFolder::key(ring, kHour) == first);
  REQUIRE(*ring.key_to_seal(KeyType::data, kHour + 3));

  ring.seal("test");
  CHECK_FALSE(ring.live_key(KeyType::data, kHour + 3));
  CHECK(ring.master().empty());
  REQUIRE(MasterFolder::unseal(ring, words(kWords)).ok());
  CHECK(MasterFolder::key(ring, kHour) == first);
}

TEST_CASE("master key: any two of three shares unseal; one alone, twins, old and mistyped ones are refused by name") {
  MasterFolder world;
  const auto old = new_shares(), shares = new_shares();
  std::string first;
  {
    Ring ring = world.open();
    first = std::string(**ring.key_to_seal(KeyType::data, kHour));
    KeyChange unseen{.provider = KeyProvider::shares};
    CHECK(fault_of(MasterFolder::change(ring, unseen)) == "shares count");  // nobody would have them
    REQUIRE(MasterFolder::change(ring, to_shares(old)).ok());
    REQUIRE(MasterFolder::change(ring, to_shares(shares)).ok());
  }
  Ring ring = world.open();
  CHECK(fault_of(MasterFolder::unseal(ring, {})) == "shares required");
  CHECK(fault_of(MasterFolder::unseal(ring, two(shares[1], shares[1]))) == "shares same");
  CHECK(fault_of(MasterFolder::unseal(ring, two(shares[1], old[2]))) == "shares set");
  CHECK(fault_of(MasterFolder::unseal(ring, two(old[0], old[1]))) == "shares wrong");
  std::string mistyped = shares[0];
  mistyped[30] = mistyped[30] == 'a' ? 'b' : 'a';
  CHECK(fault_of(MasterFolder::unseal(ring, two(mistyped, shares[1]))) == "shares[0] format");
  CHECK(fault_of(MasterFolder::unseal(ring, two(shares[1], "words"))) == "shares[1] format");
  for (const auto& [a, b] : {std::pair{0, 1}, std::pair{1, 2}, std::pair{2, 0}}) {
    CHECK(MasterFolder::key(
              world.open(two(shares[static_cast<std::size_t>(a)], "  " + shares[static_cast<std::size_t>(b)] + "\n")),
              kHour) == first);
  }
}

TEST_CASE("master key: a key file elsewhere opens by itself; when its medium is gone the shop starts sealed") {
  MasterFolder world;
  test::TempFolder stick;
  const fs::path file = stick.path() / "productflow.key";
  std::string first;
  {
    Ring ring = world.open();
    first = std::string(**ring.key_to_seal(KeyType::data, kHour));
    CHECK(fault_of(MasterFolder::change(ring, {.provider = KeyProvider::key_file, .place = "relative.key"})) ==
          "path format");
    test::overwrite(file, "something of the owner's");
    CHECK(fault_of(MasterFolder::change(ring, {.provider = KeyProvider::key_file, .place = file.string()})) ==
          "path taken");
    CHECK(test::file_bytes(file) == "something of the owner's");
    fs::remove(file);
    REQUIRE(MasterFolder::change(ring, {.provider = KeyProvider::key_file, .place = file.string()}).ok());
  }
  CHECK_FALSE(fs::exists(world.key_file));
  CHECK((fs::status(file).permissions() & fs::perms::others_all) == fs::perms::none);
  CHECK(MasterFolder::key(world.open(), kHour) == first);

  fs::rename(file, stick.path() / "pulled");
  {
    Ring ring = world.open();
    REQUIRE(ring.is_sealed());
    CHECK(ring.sealed_because().find(file.string()) != std::string::npos);
    CHECK_FALSE(MasterFolder::unseal(ring, {}).ok());
    fs::rename(stick.path() / "pulled", file);
    REQUIRE(MasterFolder::unseal(ring, {}).ok());
    CHECK(MasterFolder::key(ring, kHour) == first);
    // Rotated in place: the old file's bytes are gone, the new ones open.
    const std::string before = test::file_bytes(file);
    REQUIRE(MasterFolder::change(ring, {.provider = KeyProvider::key_file, .place = file.string()}).ok());
    CHECK(test::file_bytes(file) != before);
    CHECK(test::files_holding(stick.path(), before).empty());
  }
  CHECK(MasterFolder::key(world.open(), kHour) == first);
  // And back beside the ring.
  {
    Ring ring = world.open();
    REQUIRE(MasterFolder::change(ring, {.provider = KeyProvider::key_file}).ok());
  }
  CHECK(MasterFolder::key(world.open(), kHour) == first);
}

TEST_CASE("master key: a credential of systemd opens by itself, and without it the shop starts sealed") {
  MasterFolder world;
  test::TempFolder given;
  std::string first;
  ::unsetenv("CREDENTIALS_DIRECTORY");
  KeyChange change{.provider = KeyProvider::credential, .place = "shop-key"};
  {
    Ring ring = world.open();
    first = std::string(**ring.key_to_seal(KeyType::data, kHour));
    CHECK(fault_of(MasterFolder::change(ring, change)) == "name absent");
    ::setenv("CREDENTIALS_DIRECTORY", given.path().c_str(), 1);
    test::overwrite(given.path() / "shop-key", "short");
    CHECK(fault_of(MasterFolder::change(ring, change)).find("32 to 65,536") != std::string::npos);
    test::overwrite(given.path() / "shop-key", crypto::random_bytes(48));
    CHECK(fault_of(MasterFolder::change(ring, {.provider = KeyProvider::credential, .place = "../x"})) ==
          "name format");
    REQUIRE(MasterFolder::change(ring, change).ok());
  }
  CHECK(MasterFolder::key(world.open(), kHour) == first);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  CHECK(world.open().is_sealed());
  ::setenv("CREDENTIALS_DIRECTORY", given.path().c_str(), 1);
  test::overwrite(given.path() / "shop-key", crypto::random_bytes(48));
  const auto wrong = Ring::open(world.folder.path(), world.clock);
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message.find("another ring's") != std::string::npos);
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_CASE("master key: after a change nothing in the folder opens with what opened before") {
  MasterFolder world;
  {
    Ring ring = world.open();
    REQUIRE(*ring.key_to_seal(KeyType::data, kHour));
  }
  const auto before = world.files();
  const std::string old_key = before.at("master.key");
  {
    Ring ring = world.open();
    REQUIRE(MasterFolder::change(ring, {.provider = KeyProvider::key_file}).ok());
  }
  CHECK(test::files_holding(world.folder.path(), old_key).empty());
  // Every sealed piece of before is overwritten: of the master key in both pages, of the hour's key in both copies.
  for (const std::size_t page : {std::size_t{0}, kPageBytes})
    CHECK(test::files_holding(world.folder.path(), before.at("master.bin").substr(page + 48 + 12, 48)).empty());
  for (const std::size_t copy : {kCopyA, kCopyB})
    CHECK(test::files_holding(world.folder.path(),
                              before.at("ring.bin").substr(copy + (kHour % kDataSlots) * kSlotBytes + 8, 60))
              .empty());
  test::overwrite(world.key_file, old_key);
  CHECK_FALSE(Ring::open(world.folder.path(), world.clock).ok());
}

TEST_CASE("master key: a ring of the first version, with a bare key beside it, opens and can be given another lock") {
  MasterFolder world;
  const std::string master = crypto::random_bytes(kKeyBytes), id = crypto::random_bytes(kRingIdBytes),
                    key = crypto::random_bytes(kKeyBytes);
  const auto wrap = crypto::hkdf_sha256(master, "", "pf/v1/wrap", kKeyBytes),
             header_key = crypto::hkdf_sha256(master, "", "pf/v1/floor", kKeyBytes);
  std::string bytes(kRingBytes, '\0');
  RingHeader header{.ring_id = id, .generation = 7, .floor = world.clock.now()};
  std::string page = header_page(header, header_key.bytes());
  page.replace(128, 96, std::string(96, '\0'));  // neither secrets' key nor checksum
  page.replace(224, 32, crypto::hmac_sha256(header_key.bytes(), page.substr(0, 224)));
  bytes.replace(kPageBytes, kPageBytes, page);
  const std::string slot = live_slot(KeyType::data, kHour, id, wrap.bytes(), key);
  for (const std::size_t copy : {kCopyA, kCopyB})
    bytes.replace(copy + (kHour % kDataSlots) * kSlotBytes, kSlotBytes, slot);
  test::overwrite(world.folder.path() / "ring.bin", bytes);
  test::overwrite(world.key_file, master);

  const std::string secret(crypto::hkdf_sha256(master, id, "pf/v1/secret", kKeyBytes).bytes());
  {
    Ring ring = world.open();
    CHECK(MasterFolder::key(ring, kHour) == key);
    CHECK(ring.secret_key().bytes() == secret);
    REQUIRE(MasterFolder::change(ring, to_passphrase(kWords)).ok());
  }
  Ring ring = world.open(words(kWords));
  CHECK(MasterFolder::key(ring, kHour) == key);
  CHECK(ring.secret_key().bytes() == secret);  // what it seals in the database opens as before
}

TEST_CASE("master key: both pages damaged are refused by name; one is mended from the other") {
  MasterFolder world;
  { world.open(); }
  const std::string whole = test::file_bytes(world.master_file);
  for (const std::size_t page : {std::size_t{0}, kPageBytes})
    for (std::size_t byte = 0; byte < 112; ++byte) {  // all that is not zeros behind the checksum
      std::string bad = whole;
      bad[page + byte] = static_cast<char>(bad[page + byte] ^ 0x21);
      test::overwrite(world.master_file, bad);
      REQUIRE_FALSE(world.open().is_sealed());
      const std::string after = test::file_bytes(world.master_file);
      REQUIRE(read_master_page(after.substr(0, kPageBytes)));
      REQUIRE(read_master_page(after.substr(kPageBytes)));
    }
  for (const std::string& bad : {std::string(), whole.substr(1), whole + "x", std::string(kMasterFileBytes, '\0'),
                                 crypto::random_bytes(kMasterFileBytes)}) {
    test::overwrite(world.master_file, bad);
    const auto refused = Ring::open(world.folder.path(), world.clock);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("damaged") != std::string::npos);
  }
}

TEST_CASE("master key: a lost ring under a passphrase is not replaced behind its owner's back") {
  MasterFolder world;
  {
    Ring ring = world.open();
    REQUIRE(MasterFolder::change(ring, to_passphrase(kWords)).ok());
  }
  fs::remove(world.folder.path() / "ring.bin");
  const auto refused = Ring::open(world.folder.path(), world.clock);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("lost") != std::string::npos);
}

TEST_CASE("master key: a header forged while the ring was sealed is found when it is unsealed") {
  MasterFolder world;
  {
    Ring ring = world.open();
    REQUIRE(*ring.key_to_seal(KeyType::data, kHour));
    REQUIRE(MasterFolder::change(ring, to_passphrase(kWords)).ok());
  }
  std::string forged = test::file_bytes(world.folder.path() / "ring.bin");
  for (const std::size_t page : {std::size_t{0}, kPageBytes}) {
    auto header = *claimed_header(forged.substr(page, kPageBytes));
    header.generation += 2;
    header.floor -= std::chrono::days{20};
    forged.replace(page, kPageBytes, header_page(header, std::string(32, 'x')));
  }
  test::overwrite(world.folder.path() / "ring.bin", forged);
  Ring ring = world.open();
  REQUIRE(ring.is_sealed());
  const auto refused = MasterFolder::unseal(ring, words(kWords));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("damaged") != std::string::npos);
  CHECK(ring.is_sealed());
}

TEST_CASE("master key: killed at any byte of a change, exactly one of the old and the new lock opens every key") {
  const char* given = std::getenv("PF_KILL_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 dice(seed);
  const auto first_shares = new_shares(), second_shares = new_shares();
  struct Lock {
    const char* name;
    std::function<KeyChange()> change;
    std::function<KeyOffer()> offer;
  };
  const Lock file{"key file", [] { return KeyChange{}; }, [] { return KeyOffer{}; }};
  const Lock phrase{"passphrase", [] { return to_passphrase(kWords); }, [] { return words(kWords); }};
  const Lock other{"another passphrase", [] { return to_passphrase(kOther); }, [] { return words(kOther); }};
  const Lock three{"shares", [&] { return to_shares(first_shares); },
                   [&] { return two(first_shares[1], first_shares[2]); }};
  std::size_t kills = 0;
  for (const auto& way : {std::pair{&file, &file}, std::pair{&file, &phrase}, std::pair{&phrase, &other},
                          std::pair{&phrase, &three}, std::pair{&three, &file}}) {
    const Lock *from = way.first, *to = way.second;
    INFO(from->name << " to " << to->name);
    MasterFolder world;
    std::string keys[3], secret;
    {
      Ring ring = world.open();
      for (std::uint32_t hour = 0; hour < 3; ++hour)
        keys[hour] = std::string(**ring.key_to_seal(KeyType::data, kHour + hour));
      secret = std::string(ring.secret_key().bytes());
      if (from != &file) REQUIRE(MasterFolder::change(ring, from->change()).ok());
    }
    const auto before = world.files();
    const bool same = from == to;  // a key file for a key file: the folder alone tells which
    const auto ring_before = [&] { return from == &file ? world.open() : world.open(from->offer()); };
    // How much a whole change writes, and where each of its writes ends.
    std::set<std::uint64_t> cuts;
    std::uint64_t whole = 0;
    {
      Ring ring = ring_before();
      std::size_t count = 0;
      test::writes_ended_at(&count);
      const std::uint64_t start = test::bytes_written();
      REQUIRE(MasterFolder::change(ring, to->change()).ok());
      whole = test::bytes_written() - start;
      const std::uint64_t* ends = test::writes_ended_at(&count);
      for (std::size_t at = 0; at < count; ++at)
        for (const std::uint64_t near : {ends[at] - 60, ends[at]})
          if (near > start && near - start <= whole) cuts.insert(near - start);
    }
    for (int extra = 0; extra < 3; ++extra) cuts.insert(1 + dice() % whole);
    for (const std::uint64_t cut : cuts) {
      INFO("cut at byte " << cut << " of " << whole);
      world.put_back(before);
      {
        Ring ring = ring_before();
        test::die_after(cut);
        REQUIRE_THROWS_AS(static_cast<void>(MasterFolder::change(ring, to->change())), test::Died);
      }
      ++kills;
      auto ring = Ring::open(world.folder.path(), world.clock);
      REQUIRE_MESSAGE(ring.ok(), ring.error().message);
      const Lock* holds = from;
      if (!same) {
        holds = ring->master_key().provider() == to->change().provider ? to : from;
        if (from->change().provider == to->change().provider && MasterFolder::unseal(*ring, from->offer()).ok())
          holds = from;
        const Lock* not_held = holds == to ? from : to;
        if (ring->is_sealed() && not_held != &file) REQUIRE_FALSE(MasterFolder::unseal(*ring, not_held->offer()).ok());
      }
      if (ring->is_sealed()) {
        const auto done = MasterFolder::unseal(*ring, holds->offer());
        REQUIRE_MESSAGE(done.ok(), done.error().message);
      }
      for (std::uint32_t hour = 0; hour < 3; ++hour) REQUIRE(MasterFolder::key(*ring, kHour + hour) == keys[hour]);
      REQUIRE(ring->secret_key().bytes() == secret);
      REQUIRE(ring->warning().find("damaged") == std::string::npos);
      // What it left is mended: the next start finds nothing to do, and no second key file.
      { const Ring closed = *std::move(ring); }
      const auto mended = world.files();
      REQUIRE_FALSE(mended.contains("master.key.next"));
      REQUIRE(mended.contains("master.key") == (holds == &file));
      if (holds == &file)
        world.open();
      else
        world.open(holds->offer());
      REQUIRE(world.files() == mended);
    }
  }
  MESSAGE(kills << " kills, seed " << seed);
}
