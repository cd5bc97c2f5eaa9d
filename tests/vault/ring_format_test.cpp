#include <doctest/doctest.h>

#include "productflow/bytes.h"
#include "vault/ring_format.h"
#include "vault/vault.h"

using namespace pf;
using namespace pf::vault;

namespace {

const std::string kRingId = "ring-id-of-16-by", kWrapKey(32, 'w'), kHeaderKey(32, 'h'), kSecret(32, 's');

RingHeader some_header() {
  return {.ring_id = kRingId,
          .generation = 7,
          .floor = Time{milliseconds{1'700'000'000'123}},
          .anchor = Time{milliseconds{1'700'000'000'001}},
          .anchor_boot = milliseconds{5'000},
          .jump = Time{milliseconds{9}},
          .destroyed_upto = 472'000,
          .boot_id = "9d9d2f2e-7f9a-4c43-9a53-000000000000"};
}

std::string flipped(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  return bytes;
}

}  // namespace

TEST_CASE("ring format: a header comes back as it was written") {
  const RingHeader header = some_header();
  const std::string page = header_page(header, kHeaderKey);
  REQUIRE(page.size() == kPageBytes);
  const auto read = read_header_page(page, kHeaderKey);
  REQUIRE(read.has_value());
  CHECK(read->ring_id == header.ring_id);
  CHECK(read->generation == header.generation);
  CHECK(read->floor == header.floor);
  CHECK(read->anchor == header.anchor);
  CHECK(read->anchor_boot == header.anchor_boot);
  CHECK(read->jump == header.jump);
  CHECK(read->destroyed_upto == header.destroyed_upto);
  CHECK(read->boot_id == header.boot_id);
}

TEST_CASE("ring format: a header with any flipped bit, another key or a wrong size is refused") {
  const std::string page = header_page(some_header(), kHeaderKey);
  for (std::size_t bit = 0; bit < 256 * 8; ++bit)  // what is covered, and the checksum
    REQUIRE_MESSAGE(!read_header_page(flipped(page, bit), kHeaderKey), bit);
  CHECK_FALSE(read_header_page(page, std::string(32, 'x')));
  CHECK_FALSE(read_header_page(page.substr(1), kHeaderKey));
  CHECK_FALSE(read_header_page(page + "x", kHeaderKey));
  CHECK_FALSE(read_header_page("", kHeaderKey));
  CHECK_FALSE(read_header_page(std::string(kPageBytes, '\0'), kHeaderKey));
  // Half a page of the state before: a torn write.
  RingHeader next = some_header();
  next.generation += 2;
  const std::string newer = header_page(next, kHeaderKey);
  for (std::size_t cut = 1; cut < 256; ++cut) {
    const std::string torn = newer.substr(0, cut) + page.substr(cut);
    if (torn != page && torn != newer) REQUIRE_MESSAGE(!read_header_page(torn, kHeaderKey), cut);
  }
}

TEST_CASE("ring format: a key comes back from its slot and from no other") {
  for (const auto& [type, number] : {std::pair{KeyType::data, 472'123u}, std::pair{KeyType::index, 19'671u},
                                     std::pair{KeyType::data, 0u}, std::pair{KeyType::data, 0xffffffffu}}) {
    const std::string bytes = live_slot(type, number, kRingId, kWrapKey, kSecret);
    const std::size_t place = slot_of(type, number);
    REQUIRE(place < kSlots);
    const auto slot = read_slot(bytes, place);
    REQUIRE(slot.has_value());
    CHECK(slot->number == number);
    CHECK(slot->type == type);
    CHECK(slot->state == SlotState::live);
    const auto key = open_slot(bytes, kRingId, kWrapKey);
    REQUIRE(key.has_value());
    CHECK(key->bytes() == kSecret);
    CHECK_FALSE(read_slot(bytes, (place + 1) % kSlots));
    CHECK_FALSE(open_slot(bytes, "another-ring-id!", kWrapKey));
    CHECK_FALSE(open_slot(bytes, kRingId, std::string(32, 'x')));
  }
}

TEST_CASE("ring format: a slot with any flipped bit, cut short or torn holds no key") {
  const std::string bytes = live_slot(KeyType::data, 472'123, kRingId, kWrapKey, kSecret);
  const std::size_t place = slot_of(KeyType::data, 472'123);
  for (std::size_t bit = 0; bit < 72 * 8; ++bit) {  // all that the checksum covers, and itself
    REQUIRE_MESSAGE(!read_slot(flipped(bytes, bit), place), bit);
  }
  for (std::size_t bit = 0; bit < 68 * 8; ++bit) {
    // Were the checksum mended by somebody, the seal still says no. (Byte 5 is the state, bytes 6 and 7 are unused.)
    if (bit / 8 >= 5 && bit / 8 <= 7) continue;
    REQUIRE_MESSAGE(!open_slot(flipped(bytes, bit), kRingId, kWrapKey), bit);
  }
  for (std::size_t size = 0; size < kSlotBytes; ++size) {
    CHECK_FALSE(read_slot(bytes.substr(0, size), place));
    CHECK_FALSE(open_slot(bytes.substr(0, size), kRingId, kWrapKey));
  }
  const std::string grave = tombstone_slot(KeyType::data, 472'123);
  for (std::size_t cut = 6; cut < 72; ++cut) {
    const std::string torn = grave.substr(0, cut) + bytes.substr(cut);
    if (torn != grave && torn != bytes) REQUIRE_MESSAGE(!read_slot(torn, place), cut);
  }
  CHECK_FALSE(read_slot(std::string(kSlotBytes, '\0'), 0));
}

TEST_CASE("ring format: a tombstone names what lies there and holds nothing of it") {
  const std::string grave = tombstone_slot(KeyType::index, 20'000);
  const auto slot = read_slot(grave, slot_of(KeyType::index, 20'000));
  REQUIRE(slot.has_value());
  CHECK(slot->state == SlotState::destroyed);
  CHECK(slot->number == 20'000);
  CHECK(grave.substr(8, 60) == std::string(60, '\0'));
  CHECK_FALSE(open_slot(grave, kRingId, kWrapKey));
}

TEST_CASE("ring format: keys that can live at once never share a slot") {
  constexpr std::uint32_t kFirst = 491'000;
  std::vector<bool> taken(kSlots);
  for (std::uint32_t epoch = kFirst; epoch <= kFirst + kRetentionEpochs; ++epoch) {
    const std::size_t place = slot_of(KeyType::data, epoch);
    REQUIRE_FALSE(taken[place]);
    taken[place] = true;
  }
  for (std::uint32_t day = kFirst / 24; day <= kFirst / 24 + 31; ++day) {
    const std::size_t place = slot_of(KeyType::index, day);
    REQUIRE_FALSE(taken[place]);
    taken[place] = true;
  }
}

TEST_CASE("ring format: a day's index key dies with the last hour of its day") {
  CHECK_FALSE(key_is_dead(KeyType::index, 100, 100 * 24));
  CHECK_FALSE(key_is_dead(KeyType::index, 100, 100 * 24 + 23));
  CHECK(key_is_dead(KeyType::index, 100, 101 * 24));
  CHECK_FALSE(key_is_dead(KeyType::data, 100, 100));
  CHECK(key_is_dead(KeyType::data, 100, 101));
  CHECK_FALSE(key_is_dead(KeyType::index, 0xffffffff, 0xffffffff));
}
