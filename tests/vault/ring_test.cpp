#include "vault/ring.h"

#include "master_folder.h"
#include "support/whole.h"

using namespace pf;
using namespace pf::vault;
using test::kHour;

namespace {

struct RingFolder {
  test::TempFolder folder;
  test::HandClock clock;
  test::NoSync quick;
  std::filesystem::path file = folder.path() / "ring.bin", master = folder.path() / "master.key";

  Ring open() {
    auto ring = Ring::open(folder.path(), clock);
    REQUIRE_MESSAGE(ring.ok(), (ring.ok() ? "" : ring.error().message));
    return *std::move(ring);
  }
  std::string refusal() {
    const auto ring = Ring::open(folder.path(), clock);
    if (ring.ok()) return "";
    CHECK(ring.error().code == ErrorCode::unavailable);
    return ring.error().message;
  }
  std::string bytes() const { return test::file_bytes(file); }
  void write(const std::string& all) { test::overwrite(file, all); }
  static std::string key(const Ring& ring, std::uint32_t epoch) {
    const auto live = ring.live_key(KeyType::data, epoch);
    return live ? std::string(*live) : "";
  }
};

constexpr std::size_t at(std::size_t copy, std::uint32_t epoch) {
  return copy + (epoch % kDataSlots) * kSlotBytes;
}

}  // namespace

TEST_CASE("ring: a key that was made is there after a restart, and stays the same") {
  RingFolder world;
  std::string made;
  {
    Ring ring = world.open();
    made = std::string(**ring.key_to_seal(KeyType::data, kHour));
    CHECK(made == **ring.key_to_seal(KeyType::data, kHour));
    CHECK(made != **ring.key_to_seal(KeyType::data, kHour + 1));
    CHECK_FALSE(ring.live_key(KeyType::data, kHour + 2));
    CHECK_FALSE(ring.live_key(KeyType::index, kHour));
  }
  const Ring ring = world.open();
  CHECK(RingFolder::key(ring, kHour) == made);
  CHECK(ring.live_hours().size() == 2);
  CHECK(world.bytes().find(made) == std::string::npos);  // wrapped
}

TEST_CASE("ring: both files are readable by their owner alone, and their sizes are fixed") {
  RingFolder world;
  world.open();
  using std::filesystem::perms;
  CHECK(std::filesystem::status(world.file).permissions() == (perms::owner_read | perms::owner_write));
  CHECK(std::filesystem::status(world.master).permissions() == (perms::owner_read | perms::owner_write));
  CHECK(std::filesystem::status(world.folder.path()).permissions() == perms::owner_all);
  CHECK(world.bytes().size() == kRingBytes);
}

TEST_CASE("ring: a destroyed key is on neither copy, does not come back and is not made anew") {
  RingFolder world;
  std::string before;
  {
    Ring ring = world.open();
    for (std::uint32_t epoch = kHour; epoch < kHour + 30; ++epoch) REQUIRE(*ring.key_to_seal(KeyType::data, epoch));
    REQUIRE(*ring.key_to_seal(KeyType::index, kHour / 24));
    before = world.bytes();
    REQUIRE(ring.destroy_below(kHour + 10).ok());
    REQUIRE(ring.destroy_below(kHour + 10).ok());
    const auto graves = ring.graves(kHour, kHour + 10);
    REQUIRE(graves.size() == 10);
    CHECK(graves[0].key.number == kHour);
    CHECK(graves[0].slot == kHour % kDataSlots);
    CHECK(ring.graves(kHour + 4, kHour + 10).size() == 6);
    CHECK(ring.graves(kHour + 10, kHour + 30).empty());
    CHECK_FALSE(ring.owes_destruction());
    for (std::uint32_t epoch = kHour; epoch < kHour + 30; ++epoch)
      CHECK(ring.live_key(KeyType::data, epoch).has_value() == (epoch >= kHour + 10));
    CHECK_FALSE(*ring.key_to_seal(KeyType::data, kHour + 3));
    CHECK_FALSE(*ring.key_to_seal(KeyType::data, kHour - 1));  // never made, and too late for it
  }
  const std::string after = world.bytes();
  for (const std::size_t copy : {kCopyA, kCopyB})
    for (std::uint32_t epoch = kHour; epoch < kHour + 30; ++epoch) {
      const bool dead = epoch < kHour + 10;
      CHECK((after.find(before.substr(at(copy, epoch) + 8, 60)) == std::string::npos) == dead);
    }
  Ring ring = world.open();
  CHECK_FALSE(ring.live_key(KeyType::data, kHour));
  CHECK_FALSE(*ring.key_to_seal(KeyType::data, kHour + 3));
  CHECK(ring.live_hours().size() == 20);
}

TEST_CASE("ring: a slot serves the hour that lies a round later") {
  RingFolder world;
  Ring ring = world.open();
  REQUIRE(*ring.key_to_seal(KeyType::data, kHour));
  const auto full = ring.key_to_seal(KeyType::data, kHour + kDataSlots);
  REQUIRE_FALSE(full.ok());  // the key there lives
  CHECK(full.error().message.find("purge") != std::string::npos);
  REQUIRE(ring.destroy_below(kHour + 1).ok());
  CHECK(*ring.key_to_seal(KeyType::data, kHour + kDataSlots));
  CHECK(RingFolder::key(world.open(), kHour + kDataSlots) == RingFolder::key(ring, kHour + kDataSlots));
}

TEST_CASE("ring: every flipped byte is survived by the other copy, or refused" * test::whole) {
  RingFolder world;
  std::string first, second;
  {
    Ring ring = world.open();
    first = std::string(**ring.key_to_seal(KeyType::data, kHour));
    second = std::string(**ring.key_to_seal(KeyType::data, kHour + 1));
    REQUIRE(ring.write_header(ring.header()).ok());  // both pages are written
  }
  const std::string whole = world.bytes();
  const auto flip = [&](std::size_t byte) {
    std::string bad = whole;
    bad[byte] = static_cast<char>(bad[byte] ^ 0x41);
    world.write(bad);
  };
  // Header pages: what is covered and the checksum, of either page.
  for (const std::size_t page : {std::size_t{0}, kPageBytes})
    for (std::size_t byte = 0; byte < 256; ++byte) {
      flip(page + byte);
      const Ring ring = world.open();
      REQUIRE(RingFolder::key(ring, kHour) == first);
    }
  // Slots, of either copy; what was damaged is mended.
  for (const std::size_t copy : {kCopyA, kCopyB})
    for (std::size_t byte = 0; byte < kSlotBytes; ++byte) {
      flip(at(copy, kHour) + byte);
      {
        const Ring ring = world.open();
        REQUIRE(RingFolder::key(ring, kHour) == first);
        REQUIRE(RingFolder::key(ring, kHour + 1) == second);
      }
      const std::string after = world.bytes();
      const std::string a = after.substr(at(kCopyA, kHour), kSlotBytes),
                        b = after.substr(at(kCopyB, kHour), kSlotBytes);
      REQUIRE(a == b);
    }
}

TEST_CASE("ring: a slot that is damaged in both copies costs its own hour alone, and is told") {
  RingFolder world;
  std::string second;
  {
    Ring ring = world.open();
    REQUIRE(*ring.key_to_seal(KeyType::data, kHour));
    second = std::string(**ring.key_to_seal(KeyType::data, kHour + 1));
  }
  std::string bad = world.bytes();
  for (const std::size_t copy : {kCopyA, kCopyB})
    bad[at(copy, kHour) + 30] = static_cast<char>(bad[at(copy, kHour) + 30] ^ 1);
  world.write(bad);
  Ring ring = world.open();
  CHECK_FALSE(ring.live_key(KeyType::data, kHour));
  CHECK(RingFolder::key(ring, kHour + 1) == second);
  CHECK(ring.warning().find("1 keys") != std::string::npos);
  // When whatever it held is dead, its bytes are overwritten too.
  REQUIRE(ring.destroy_below(kHour + 1).ok());
  const std::string after = world.bytes();
  for (const std::size_t copy : {kCopyA, kCopyB})
    CHECK(after.substr(at(copy, kHour), kSlotBytes) != bad.substr(at(copy, kHour), kSlotBytes));
}

TEST_CASE("ring: a truncated, longer, empty or foreign file is refused by name") {
  RingFolder world;
  {
    Ring ring = world.open();
    REQUIRE(*ring.key_to_seal(KeyType::data, kHour));
  }
  const std::string whole = world.bytes();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kPageBytes, kCopyA, kCopyB, kRingBytes - 1}) {
    world.write(whole.substr(0, size));
    CHECK(world.refusal().find("truncated") != std::string::npos);
  }
  world.write(whole + "x");
  CHECK(world.refusal().find("truncated") != std::string::npos);
  world.write(std::string(kRingBytes, '\0'));
  CHECK(world.refusal().find("damaged") != std::string::npos);
  world.write(crypto::random_bytes(kRingBytes));
  CHECK(world.refusal().find("damaged") != std::string::npos);
  std::string no_head = whole;
  for (std::size_t byte : {std::size_t{40}, kPageBytes + 40}) no_head[byte] = static_cast<char>(no_head[byte] ^ 1);
  world.write(no_head);
  CHECK(world.refusal().find("damaged") != std::string::npos);
  world.write(whole);
  CHECK(world.refusal().empty());
}

TEST_CASE("ring: a missing, short, long or wrong master key is refused by name and replaces nothing") {
  RingFolder world;
  { world.open(); }
  const std::string right = test::file_bytes(world.master);
  REQUIRE(right.size() == kKeyBytes);
  std::filesystem::remove(world.master);
  CHECK(world.refusal().find("missing") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(world.master));
  for (const std::string& wrong : {right.substr(1), right + "x", std::string()}) {
    test::overwrite(world.master, wrong);
    CHECK(world.refusal().find("32 bytes") != std::string::npos);
  }
  test::overwrite(world.master, std::string(kKeyBytes, 'x'));
  CHECK(world.refusal().find("another ring's") != std::string::npos);
  test::overwrite(world.master, right);
  CHECK(world.refusal().empty());
}

TEST_CASE("ring: a write torn at any byte, of a key made or destroyed, leaves the key whole or dead for good" *
          test::whole) {
  RingFolder world;
  std::string key;
  { world.open(); }
  const std::string empty = world.bytes();
  {
    Ring ring = world.open();
    key = std::string(**ring.key_to_seal(KeyType::data, kHour));
  }
  const std::string made = world.bytes();
  const auto with = [](std::string base, const std::string& from, std::size_t where, std::size_t size) {
    return base.replace(where, size, from.substr(where, size));
  };
  for (std::size_t cut = 0; cut <= kSlotBytes; ++cut) {
    world.write(with(empty, made, at(kCopyA, kHour), cut));  // copy A of a new key, torn: it was never used
    {
      Ring ring = world.open();
      const std::string got = RingFolder::key(ring, kHour);
      REQUIRE((got.empty() || got == key));
      REQUIRE(*ring.key_to_seal(KeyType::data, kHour));
    }
    world.write(with(with(empty, made, at(kCopyA, kHour), kSlotBytes), made, at(kCopyB, kHour), cut));  // copy B
    REQUIRE(RingFolder::key(world.open(), kHour) == key);
  }

  // Destroying: the header is first, then noise and tombstone in A, then in B. Cut at every byte of each step.
  std::string headed;
  {
    world.write(made);
    Ring ring = world.open();
    RingHeader header = ring.header();
    header.destroyed_upto = kHour + 1;
    REQUIRE(ring.write_header(header).ok());
    headed = world.bytes();
  }
  const std::string grave = tombstone_slot(KeyType::data, kHour), noise = crypto::random_bytes(kSlotBytes);
  std::string state = headed;
  for (const std::size_t copy : {kCopyA, kCopyB})
    for (const std::string& step : {noise, grave})
      for (std::size_t cut = 1; cut <= kSlotBytes; ++cut) {
        state.replace(at(copy, kHour), cut, step.substr(0, cut));
        world.write(state);
        const Ring ring = world.open();
        REQUIRE_FALSE(ring.live_key(KeyType::data, kHour));
        const std::string after = world.bytes();
        for (const std::size_t each : {kCopyA, kCopyB})
          REQUIRE(after.find(made.substr(at(each, kHour) + 20, 32)) == std::string::npos);
      }
}

TEST_CASE("ring: a slot copied in from another place or another ring opens nothing") {
  RingFolder world, stranger;
  std::string first;
  {
    Ring ring = world.open(), other = stranger.open();
    first = std::string(**ring.key_to_seal(KeyType::data, kHour));
    REQUIRE(*ring.key_to_seal(KeyType::data, kHour + 1));
    REQUIRE(*other.key_to_seal(KeyType::data, kHour));
  }
  const std::string whole = world.bytes(), foreign = stranger.bytes();
  std::string bad = whole;
  for (const std::size_t copy : {kCopyA, kCopyB})
    bad.replace(at(copy, kHour), kSlotBytes, foreign.substr(at(copy, kHour), kSlotBytes));
  world.write(bad);
  {
    const Ring ring = world.open();
    CHECK_FALSE(ring.live_key(KeyType::data, kHour));
    CHECK(ring.live_key(KeyType::data, kHour + 1));
    CHECK_FALSE(ring.warning().empty());
  }
  bad = whole;
  for (const std::size_t copy : {kCopyA, kCopyB})
    bad.replace(at(copy, kHour + 1), kSlotBytes, whole.substr(at(copy, kHour), kSlotBytes));
  world.write(bad);
  const Ring ring = world.open();
  CHECK_FALSE(ring.live_key(KeyType::data, kHour + 1));
  CHECK(RingFolder::key(ring, kHour) == first);
}

TEST_CASE("ring: a link in its place is not followed") {
  RingFolder world;
  { world.open(); }
  const auto elsewhere = world.folder.path() / "elsewhere";
  std::filesystem::rename(world.file, elsewhere);
  std::filesystem::create_symlink(elsewhere, world.file);
  CHECK(world.refusal().find("cannot be opened") != std::string::npos);
}
