// Mishaps around the key ring that once lost it: each test is named after the fault that was found.
#include <set>

#include "master_folder.h"
#include "vault/vault_impl.h"

using namespace pf;
using namespace pf::test;
using std::chrono::days;

namespace {

KeyChange to_file(const fs::path& path) {
  return {.provider = KeyProvider::key_file, .place = path.string()};
}

// A ring under a passphrase whose change to another was cut off when the new lock held already.
void cut_off_a_change(MasterFolder& world) {
  Ring ring = world.open();
  REQUIRE(*ring.key_to_seal(KeyType::data, kHour));
  REQUIRE(MasterFolder::change(ring, to_passphrase(kWords)).ok());
  die_after(kPageBytes + kSlotBytes / 2);
  REQUIRE_THROWS_AS(static_cast<void>(MasterFolder::change(ring, to_passphrase(kOther))), Died);
}

void put_under_passphrase(SmallVault& world) {
  REQUIRE(world.vault->change_key(access::system_actor(), to_passphrase(kWords)).ok());
}

}  // namespace

TEST_CASE("key file: the ring's own folder is no place to name, however it is spelt, and no key is lost over it") {
  for (const bool under_passphrase : {false, true}) {
    INFO(under_passphrase);
    MasterFolder world;
    TempFolder other;
    const fs::path link = other.path() / "link";
    fs::create_directory_symlink(world.folder.path(), link);
    std::string key;
    {
      Ring ring = world.open();
      key = std::string(**ring.key_to_seal(KeyType::data, kHour));
      if (under_passphrase) REQUIRE(MasterFolder::change(ring, to_passphrase(kWords)).ok());
      for (const fs::path& place : {world.key_file, world.folder.path() / "." / "master.key", link / "master.key",
                                    world.folder.path() / "other.key"}) {
        INFO(place);
        CHECK(fault_of(MasterFolder::change(ring, to_file(place))) == "path keyring");
      }
      CHECK(MasterFolder::key(ring, kHour) == key);
    }
    CHECK(MasterFolder::key(under_passphrase ? world.open(words(kWords)) : world.open(), kHour) == key);
  }
}

TEST_CASE(
    "key file: a ring whose page names the file beside it by its path keeps that file, and can be given another") {
  for (const bool by_link : {false, true}) {
    INFO(by_link);
    MasterFolder world;
    TempFolder other;
    fs::create_directory_symlink(world.folder.path(), other.path() / "link");
    std::string key;
    {
      Ring ring = world.open();
      key = std::string(**ring.key_to_seal(KeyType::data, kHour));
    }
    // As an earlier version wrote it.
    const auto secret = *read_key_file(world.key_file);
    std::string bytes = file_bytes(world.master_file);
    for (const std::size_t at : {std::size_t{0}, kPageBytes}) {
      MasterPage page = *read_master_page(bytes.substr(at, kPageBytes));
      const auto lock = lock_key(secret.bytes(), page.salt);
      const auto keys = *open_keys(page, lock.bytes());
      page.place = (by_link ? other.path() / "link" / "master.key" : world.key_file).string();
      seal_keys(page, lock.bytes(), {keys[0].bytes()});
      bytes.replace(at, kPageBytes, master_page(page));
    }
    overwrite(world.master_file, bytes);
    for (int start = 0; start < 2; ++start) {
      Ring ring = world.open();
      REQUIRE(MasterFolder::key(ring, kHour) == key);
      REQUIRE(fs::exists(world.key_file));
      if (start == 1) REQUIRE(MasterFolder::change(ring, {.provider = KeyProvider::key_file}).ok());
    }
    CHECK(MasterFolder::key(world.open(), kHour) == key);
    CHECK(file_bytes(world.key_file) != secret.bytes());
  }
}

TEST_CASE("ring: an unsealing that fails at its last write leaves the ring sealed and whole") {
  MasterFolder world;
  cut_off_a_change(world);
  Ring ring = world.open();
  REQUIRE(ring.is_sealed());
  const auto alive = ring.live_hours();
  std::size_t refused = 0;
  for (std::uint64_t room = 0;; room += kSlotBytes) {
    INFO(room);
    Result<> opened;
    {
      const FullDisk full(room);
      opened = MasterFolder::unseal(ring, words(kOther));
    }
    if (opened.ok()) break;
    ++refused;
    REQUIRE(ring.is_sealed());
    REQUIRE_FALSE(ring.is_changing());
    REQUIRE(ring.master().empty());
    REQUIRE(ring.secret_key().empty());
    REQUIRE_FALSE(ring.live_key(KeyType::data, kHour));
    REQUIRE(ring.live_hours() == alive);
  }
  CHECK(refused > 3);
  CHECK_FALSE(ring.is_sealed());
  CHECK_FALSE(MasterFolder::key(ring, kHour).empty());
  CHECK(MasterFolder::key(world.open(words(kOther)), kHour) == MasterFolder::key(ring, kHour));
}

TEST_CASE("ring: sealed on a full disk, it forgets every key all the same") {
  MasterFolder world;
  Ring ring = world.open();
  const std::string key(**ring.key_to_seal(KeyType::data, kHour));
  {
    const FullDisk full(kPageBytes);
    auto lock = *new_lock(to_passphrase(kWords));
    REQUIRE_FALSE(ring.change_master(std::move(lock)).ok());
    REQUIRE(ring.is_changing());
    ring.seal("test");
  }
  REQUIRE(ring.is_sealed());
  CHECK(ring.master().empty());
  REQUIRE(MasterFolder::unseal(ring, words(kWords)).ok());
  CHECK(MasterFolder::key(ring, kHour) == key);
}

TEST_CASE("ring: killed at any byte of a shop's first start, the next start opens it") {
  std::set<std::uint64_t> cuts;
  {
    MasterFolder world;
    std::size_t count = 0;
    writes_ended_at(&count);
    const std::uint64_t start = bytes_written();
    world.open();
    const std::uint64_t* ends = writes_ended_at(&count);
    for (std::size_t at = 0; at < count; ++at)
      for (const std::uint64_t cut : {ends[at] - 1, ends[at] + 1}) cuts.insert(cut - start);
    cuts.erase(bytes_written() + 1 - start);
  }
  REQUIRE(cuts.size() > 6);
  for (const std::uint64_t cut : cuts) {
    INFO("cut at byte " << cut);
    MasterFolder world;
    die_after(cut);
    REQUIRE_THROWS_AS(static_cast<void>(Ring::open(world.folder.path(), world.clock)), Died);
    std::string key;
    {
      Ring ring = world.open();
      key = std::string(**ring.key_to_seal(KeyType::data, kHour));
    }
    CHECK(MasterFolder::key(world.open(), kHour) == key);
  }
}

TEST_CASE("vault: one forged page of the ring's header is told of when it is unsealed, and T does not go back by it") {
  for (const int forged_days : {-20, 20}) {
    INFO(forged_days);
    SmallVault world;
    world.seal("S-1");
    put_under_passphrase(world);
    world.close();
    std::string bytes = file_bytes(world.ring_file());
    RingHeader newest = *claimed_header(bytes.substr(0, kPageBytes)),
               other = *claimed_header(bytes.substr(kPageBytes, kPageBytes));
    const Time genuine = std::max(newest.floor, other.floor);
    const std::size_t older_at = newest.generation > other.generation ? kPageBytes : 0;
    if (other.generation > newest.generation) std::swap(newest, other);
    newest.generation += 1;
    newest.floor += days{forged_days};
    newest.anchor = newest.floor;
    bytes.replace(older_at, kPageBytes, header_page(newest, std::string(32, 'x')));
    overwrite(world.ring_file(), bytes);
    if (forged_days < 0) world.clock.set_wall(genuine - days{20});
    world.clock.reboot("another boot");
    world.reopen();
    REQUIRE(world.vault->status().sealed);
    REQUIRE(world.vault->unseal(access::system_actor(), words(kWords)).ok());
    CHECK(world.vault->now() >= genuine);
    CHECK(world.vault->status().ring_warning.find("forged") != std::string::npos);
    bool told = false;
    const auto entries = *world.audit->page(world.store->read(), 0, 10);
    for (const auto& entry : entries) told = told || entry.action == "vault.header_forged";
    CHECK(told);
    world.close();
    bytes = file_bytes(world.ring_file());
    for (const std::size_t at : {std::size_t{0}, kPageBytes})
      if (const auto header = claimed_header(bytes.substr(at, kPageBytes)))
        CHECK(header->floor >= genuine - kFloorEvery);
  }
}

TEST_CASE("vault: a change of the master key that cannot be finished does not stop retention, and is told of") {
  SmallVault world;
  TempFolder stick;
  const fs::path file = stick.path() / "productflow.key", pulled = stick.path() / "pulled";
  const auto& by = access::system_actor();
  REQUIRE(world.vault->change_key(by, to_file(file)).ok());
  const auto ref = world.seal("S-1");
  {
    const FullDisk full(kKeyBytes + kPageBytes);
    REQUIRE(world.vault->change_key(by, to_file(file)).ok());  // the new lock holds
  }
  fs::rename(file, pulled);
  fs::create_directory(file);  // nothing can be written there
  world.clock.pass(days{31});
  CHECK_FALSE(world.vault->tick().ok());
  CHECK(world.vault->state(ref) == PersonState::purged);
  CHECK(world.vault->status().live_keys == 0);
  CHECK(world.records() == 0);
  CHECK(world.vault->status().ring_warning.find("not finished") != std::string::npos);
  fs::remove(file);
  fs::rename(pulled, file);
  REQUIRE(world.vault->tick().ok());
  CHECK(world.vault->status().ring_warning.find("not finished") == std::string::npos);
}

TEST_CASE("vault: sealed, each key that dies is counted once: an hour in which none died leaves no audit entry") {
  SmallVault world;
  world.seal("S-1");
  put_under_passphrase(world);
  world.reopen();
  const auto purges = [&] {
    std::size_t count = 0;
    const auto entries = *world.audit->page(world.store->read(), 0, 100);
    for (const auto& entry : entries) count += entry.action == "vault.purge";
    return count;
  };
  REQUIRE(world.vault->tick().ok());
  REQUIRE(purges() == 0);
  world.clock.pass(days{30});
  REQUIRE(world.vault->tick().ok());
  CHECK(purges() == 1);
  for (int empty_hour = 0; empty_hour < 2; ++empty_hour) {
    world.clock.pass(std::chrono::hours{1});
    REQUIRE(world.vault->tick().ok());
  }
  CHECK(purges() == 1);
  REQUIRE(world.vault->unseal(access::system_actor(), words(kWords)).ok());
  CHECK(world.vault->purges(world.store->read(), 1)->at(0).keys_destroyed == 1);  // and all once more when it is signed
}
