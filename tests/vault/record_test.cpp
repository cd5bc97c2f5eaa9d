#include <doctest/doctest.h>

#include "productflow/bytes.h"
#include "vault/record.h"
#include "vault/vault_keys.h"

using namespace pf;
using namespace pf::vault;

namespace {

const std::string kSomeRing = "ring-id-of-16-by", kEpochKey(32, 'k'), kRid(16, 'r');
constexpr std::uint32_t kSomeHour = 491'000;
const Time kCreated{std::chrono::hours{kSomeHour} + std::chrono::minutes{12}};
const std::string kText = "Zyxander Quillonbury";

struct Sealed {
  Subject subject{"amazon", "028-1"};
  crypto::SecretBytes secret = record_secret(kEpochKey, kRid);
  std::string record = seal_record(secret.bytes(), kSomeHour, kCreated, {kSomeRing, subject, Field::email}, kText);

  std::optional<std::string> open(const Subject& as, Field field, std::uint32_t epoch = kSomeHour,
                                  Time created = kCreated, std::string_view ring = kSomeRing) const {
    return open_record(secret.bytes(), epoch, created, {ring, as, field}, record);
  }
};

}  // namespace

TEST_CASE("record: it opens for its own order, field, hour, time and shop, and for nothing else") {
  const Sealed sealed;
  CHECK(sealed.open(sealed.subject, Field::email) == kText);
  CHECK_FALSE(sealed.open({"amazon", "028-2"}, Field::email));
  CHECK_FALSE(sealed.open({"bol", "028-1"}, Field::email));
  CHECK_FALSE(sealed.open({"amazon0", "28-1"}, Field::email));  // the same letters, cut elsewhere
  CHECK_FALSE(sealed.open(sealed.subject, Field::phone));
  CHECK_FALSE(sealed.open(sealed.subject, Field::email, kSomeHour + 1));
  CHECK_FALSE(sealed.open(sealed.subject, Field::email, kSomeHour, kCreated + milliseconds{1}));
  CHECK_FALSE(sealed.open(sealed.subject, Field::email, kSomeHour, kCreated, "ring-id-of-anoth"));
  const auto other_order = record_secret(kEpochKey, std::string(16, 'q'));
  CHECK_FALSE(
      open_record(other_order.bytes(), kSomeHour, kCreated, {kSomeRing, sealed.subject, Field::email}, sealed.record));
  const auto other_hour = record_secret(std::string(32, 'x'), kRid);
  CHECK_FALSE(
      open_record(other_hour.bytes(), kSomeHour, kCreated, {kSomeRing, sealed.subject, Field::email}, sealed.record));
}

TEST_CASE("record: any flipped bit, missing or added byte is noticed") {
  const Sealed sealed;
  const Binding binding{kSomeRing, sealed.subject, Field::email};
  for (std::size_t bit = 0; bit < sealed.record.size() * 8; ++bit) {
    std::string bad = sealed.record;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    REQUIRE_MESSAGE(!open_record(sealed.secret.bytes(), kSomeHour, kCreated, binding, bad), bit);
  }
  for (std::size_t size = 0; size < sealed.record.size(); ++size)
    REQUIRE_FALSE(open_record(sealed.secret.bytes(), kSomeHour, kCreated, binding, sealed.record.substr(0, size)));
  CHECK_FALSE(open_record(sealed.secret.bytes(), kSomeHour, kCreated, binding, sealed.record + '\0'));
}

TEST_CASE("record: its size tells the length of the text only roughly") {
  const Subject subject{"amazon", "028-1"};
  const auto secret = record_secret(kEpochKey, kRid);
  const auto size_of = [&](std::size_t length) {
    const std::string text(length, 't');
    const std::string record =
        seal_record(secret.bytes(), kSomeHour, kCreated, {kSomeRing, subject, Field::message}, text);
    REQUIRE(open_record(secret.bytes(), kSomeHour, kCreated, {kSomeRing, subject, Field::message}, record) == text);
    return record.size() - kRecordHeadBytes - kNonceBytes - crypto::kGcmTagBytes;
  };
  CHECK(size_of(0) == 64);
  CHECK(size_of(1) == 64);
  CHECK(size_of(60) == 64);
  CHECK(size_of(61) == 128);
  CHECK(size_of(500) == 512);
  CHECK(size_of(kFieldBytesMax) == 2 * kFieldBytesMax);
}

TEST_CASE("record: two seals of the same text have nothing in common but their head") {
  const Sealed one, two;
  CHECK(one.record.substr(0, kRecordHeadBytes) == two.record.substr(0, kRecordHeadBytes));
  CHECK(one.record.substr(kRecordHeadBytes) != two.record.substr(kRecordHeadBytes));
  CHECK(one.record.find("Quillonbury") == std::string::npos);
}

TEST_CASE("record keys: they sort by hour, hold no personal data, and say which are dead") {
  const std::string key = record_key(kSomeHour, kRid, Field::phone);
  CHECK(key.size() == 2 + 4 + kRidBytes + 1);
  CHECK(key.starts_with(epoch_key(kSomeHour)));
  CHECK(epoch_key(kSomeHour) < epoch_key(kSomeHour + 1));
  CHECK(epoch_key(kSomeHour) < key);
  CHECK(key < epoch_key(kSomeHour + 1));
  CHECK_FALSE(record_is_dead(key, kSomeHour));
  CHECK(record_is_dead(key, kSomeHour + 1));
  CHECK_FALSE(record_is_dead("", kSomeHour));

  const std::uint16_t day = day_of(kSomeHour);
  const std::string hit = index_key(day, IndexField::email, std::string(16, 't'), kRid);
  CHECK(hit.size() == 2 + 1 + kTokenBytes + kRidBytes);
  CHECK_FALSE(index_is_dead(hit, day * 24u));
  CHECK_FALSE(index_is_dead(hit, day * 24u + 23));
  CHECK(index_is_dead(hit, (day + 1) * 24u));
  CHECK_FALSE(index_is_dead("", kSomeHour));
}
