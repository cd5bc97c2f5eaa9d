#include "access/totp.h"

#include <doctest/doctest.h>

#include "access/tickets.h"
#include "door.h"

using namespace pf;
using namespace pf::access;
using pf::test::Door;
using pf::test::kOwner;
using pf::test::kPassword;

namespace {

const std::string kSecret = "12345678901234567890";  // RFC 6238 appendix B, SHA-1
Time at(std::int64_t seconds) {
  return Time{std::chrono::seconds{seconds}};
}
// What the app on the phone shows, for a secret as it was typed in by hand.
std::string unbase32(std::string_view text) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    held = held << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    if ((bits += 5) >= 8) out.push_back(static_cast<char>(held >> (bits -= 8)));
  }
  return out;
}

struct TotpShop : Door {
  std::string secret;
  std::vector<std::string> recovery;
  Account owner = *make_owner();
  TotpShop() {
    const auto signed_in = sign_in();
    const auto begun = access->begin_totp(actor(signed_in), "Harbour & Sons");
    REQUIRE(begun.ok());
    CHECK(begun->uri.starts_with("otpauth://totp/Harbour%20%26%20Sons:owner%40example.com?secret="));
    secret = unbase32(begun->secret);
    const auto done = access->finish_totp(actor(signed_in), code());
    REQUIRE(done.ok());
    recovery = *done;
    clock.pass(kTotpStep);
  }
  std::string code(std::int64_t steps = 0) const {
    return totp_code(secret, clock.now().time_since_epoch() / kTotpStep + steps);
  }
  Result<SignInStep> in(const std::string& with_code, const std::string& address = "192.0.2.1") {
    return access->sign_in(kOwner, kPassword, with_code, {address});
  }
};

}  // namespace

TEST_CASE("totp: the codes are those of RFC 6238") {
  for (const auto& [unix_time, expected] : {std::pair<std::int64_t, const char*>{59, "94287082"},
                                            {1111111109, "07081804"},
                                            {1111111111, "14050471"},
                                            {1234567890, "89005924"},
                                            {2000000000, "69279037"},
                                            {20000000000, "65353130"}}) {
    CHECK(totp_code(kSecret, unix_time / 30, 8) == expected);
    CHECK(totp_step(kSecret, std::string(expected).substr(2), at(unix_time), 0) == unix_time / 30);
  }
  CHECK(base32("") == "");
  CHECK(base32("f") == "MY");  // RFC 4648 section 10, without padding
  CHECK(base32("foobar") == "MZXW6YTBOI");
}

TEST_CASE("totp: a phone whose clock is half a minute off comes in, one that is a minute off does not") {
  const Time now = at(1234567890);
  const std::int64_t step = 1234567890 / 30;
  for (const std::int64_t off : {-1, 0, 1})
    CHECK(totp_step(kSecret, totp_code(kSecret, step + off), now, 0) == step + off);
  for (const std::int64_t off : {-3, -2, 2, 3}) CHECK_FALSE(totp_step(kSecret, totp_code(kSecret, step + off), now, 0));
}

TEST_CASE("totp: a code counts once, and so do the ones before it") {
  const Time now = at(1234567890);
  const std::int64_t step = 1234567890 / 30;
  CHECK_FALSE(totp_step(kSecret, totp_code(kSecret, step), now, step));
  CHECK_FALSE(totp_step(kSecret, totp_code(kSecret, step - 1), now, step));
  CHECK(totp_step(kSecret, totp_code(kSecret, step + 1), now, step) == step + 1);
  for (const char* odd : {"", "1", "00000", "0000000", "      ", "abcdef"})
    CHECK_FALSE(totp_step(kSecret, odd, now, 0));
}

TEST_CASE("totp: with an app the password alone opens no session") {
  TotpShop shop;
  const auto first = shop.in("");
  REQUIRE(first.ok());
  CHECK_FALSE(first->done);
  CHECK(first->ticket.totp);
  CHECK_FALSE(first->ticket.passkey);
  CHECK(shop.access->devices(shop.owner.id)->size() == 1);  // that of the enrolment
  const auto second = shop.access->second_step(first->ticket.secret, {.code = shop.code()}, {"192.0.2.1"});
  REQUIRE(second.ok());
  CHECK(shop.comes_in(*second));
  CHECK_FALSE(shop.access->second_step(first->ticket.secret, {.code = shop.code(1)}, {"192.0.2.1"}).ok());
  CHECK((*shop.access->devices(shop.owner.id))[0].factors == "password+code");
}

TEST_CASE("totp: a phone is in step with the machine's clock, also while the shop's own time is ahead of it") {
  TotpShop shop;
  shop.box.off = -std::chrono::hours{3};  // somebody had set the machine's clock forward, and back again
  const auto code = [&] { return totp_code(shop.secret, shop.box.now().time_since_epoch() / kTotpStep); };
  CHECK_FALSE(shop.in(code()).ok());  // older than the one that was used last
  shop.box.off = std::chrono::hours{3};
  CHECK_FALSE(shop.in(shop.code()).ok());
  const auto in = shop.in(code());
  REQUIRE(in.ok());
  CHECK(in->done.has_value());
}

TEST_CASE("totp: a code that was used is refused, by the same person and at the same moment") {
  TotpShop shop;
  const std::string code = shop.code();
  CHECK(shop.in(code)->done);
  const auto again = shop.in(code);
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().faults[0].field == "code");
  CHECK(shop.times("session.refused", "\"factor\":\"code\"") == 1);
  shop.clock.set_wall(shop.clock.now() - std::chrono::seconds{20});  // a clock that was set back brings none back
  CHECK_FALSE(shop.in(code).ok());
  CHECK_FALSE(shop.in(shop.code()).ok());
}

TEST_CASE("totp: a ticket is for five codes, five minutes, one address and one browser") {
  TotpShop shop;
  const auto ticket = shop.in("")->ticket.secret;
  CHECK_FALSE(shop.access->second_step(ticket, {.code = shop.code()}, {"203.0.113.9"}).ok());
  CHECK_FALSE(shop.access->second_step(ticket, {.code = shop.code()}, {"192.0.2.1"}).ok());  // ended by the stranger
  const auto other = shop.in("")->ticket.secret;
  CHECK_FALSE(shop.access->second_step(other, {.code = shop.code()}, {"192.0.2.1", "other browser"}).ok());
  const auto late = shop.in("")->ticket.secret;
  shop.clock.pass(kTicketLife);
  CHECK(shop.access->second_step(late, {.code = shop.code()}, {"192.0.2.1"}).error().code ==
        ErrorCode::unauthenticated);
  CHECK(shop.access->second_step("invented", {.code = shop.code()}, {"192.0.2.1"}).error().code ==
        ErrorCode::unauthenticated);
}

TEST_CASE("totp: a ticket ends with the password that it was given for, and when the account is stopped") {
  TotpShop shop;
  const auto second = [&](const SignInStep& first) {
    return shop.access->second_step(first.ticket.secret, {.code = shop.code()}, {"192.0.2.1"}).ok();
  };
  const auto before = *shop.in("");
  REQUIRE(shop.access->change_password(Door::person(shop.owner), kPassword, "another lantern in port 7").ok());
  CHECK_FALSE(second(before));
  const auto between = *shop.access->sign_in(kOwner, "another lantern in port 7", "", {"192.0.2.1"});
  REQUIRE_FALSE(between.ticket.secret.empty());
  shop.join("second@example.com", "owner");
  REQUIRE(shop.access->change_account(system_actor(), shop.owner.id, {.stopped = true}).ok());
  REQUIRE(shop.access->change_account(system_actor(), shop.owner.id, {.stopped = false}).ok());
  CHECK_FALSE(second(between));  // though the account works again
  CHECK(second(*shop.access->sign_in(kOwner, "another lantern in port 7", "", {"192.0.2.1"})));
}

TEST_CASE("totp: strangers who ask for one challenge after the other end nobody's ticket") {
  Tickets tickets;
  const Time now = at(1'800'000'000);
  const auto from = [&](const std::string& address, Pending::For what) {
    return tickets.keep({.what = what}, {.address = address}, now);
  };
  const auto there = [&](const std::string& ticket, const std::string& address, Pending::For what) {
    return tickets.take_try(ticket, what, {.address = address}, now).has_value();
  };
  const std::string right = from("192.0.2.1", Pending::For::sign_in);
  const std::string quiet = from("198.51.100.7", Pending::For::passkey);
  for (std::size_t i = 0; i < 3 * Tickets::kNetworkMax; ++i) from("203.0.113.9", Pending::For::passkey);
  for (int i = 0; i < 300; ++i) from("2001:db8:1:1::" + std::to_string(i), Pending::For::passkey);
  CHECK(there(right, "192.0.2.1", Pending::For::sign_in));
  CHECK(there(quiet, "198.51.100.7", Pending::For::passkey));
  for (std::size_t i = 0; i < Tickets::kAllMax + 20; ++i)  // with an address for each
    from("2001:db8:" + std::to_string(i) + "::1", Pending::For::passkey);
  CHECK(there(right, "192.0.2.1", Pending::For::sign_in));  // a password was right: no stranger's question ends it
}

TEST_CASE("totp: whoever has the password cannot try all codes, and the owner's own browser is not held up") {
  TotpShop shop;
  const auto mine = shop.in(shop.code());
  REQUIRE(mine->done);
  shop.clock.pass(kTotpStep);
  int tried = 0;
  for (int i = 0; i < 200; ++i) {  // from a hundred addresses, each with the right password
    const auto step = shop.in("00000" + std::to_string(i % 10), "203.0.113." + std::to_string(i % 100));
    tried += !step.ok() && step.error().code == ErrorCode::invalid;
  }
  CHECK(tried <= 10);
  CHECK(shop.in(shop.code(), "198.51.100.7").error().code == ErrorCode::too_many);
  const auto step = shop.access->sign_in(kOwner, kPassword, shop.code(), {"192.0.2.1", "", mine->done->device});
  REQUIRE(step.ok());
  CHECK(step->done.has_value());
}

TEST_CASE("recovery codes: each opens the door once, and none is on disk") {
  TotpShop shop;
  REQUIRE(shop.recovery.size() == kRecoveryCodes);
  CHECK(shop.in(shop.recovery[3])->done);
  CHECK_FALSE(shop.in(shop.recovery[3]).ok());
  CHECK(shop.in(" " + shop.recovery[4].substr(0, 5) + shop.recovery[4].substr(6) + " ")->done);  // without the hyphen
  CHECK(shop.access->account(shop.owner.id)->recovery_codes == kRecoveryCodes - 2);
  const auto fresh = shop.access->new_recovery_codes(Door::person(shop.owner));
  REQUIRE(fresh.ok());
  CHECK_FALSE(shop.in(shop.recovery[5]).ok());
  CHECK(shop.in((*fresh)[0])->done);
  REQUIRE(shop.store->flush_all().ok());
  const std::string secret = shop.secret;
  shop.access.reset();
  shop.store.reset();
  const std::string files = shop.files();
  for (const std::string& code : *fresh) CHECK(files.find(code.substr(6)) == std::string::npos);
  CHECK(files.find(secret) == std::string::npos);
  CHECK(files.find(base32(secret)) == std::string::npos);
}

TEST_CASE("totp: a wrong first code turns nothing on, and one's own app is removed with its recovery codes") {
  Door door;
  const auto owner = *door.make_owner();
  const Actor by = Door::person(owner);
  CHECK_FALSE(door.access->finish_totp(by, "123456").ok());  // none was begun
  const auto begun = *door.access->begin_totp(by, "Shop");
  CHECK_FALSE(door.access->finish_totp(by, "12345").ok());
  CHECK_FALSE(door.access->account(owner.id)->totp);
  CHECK(door.try_in(kOwner, kPassword, "192.0.2.1").ok());
  const std::string secret = unbase32(begun.secret);
  REQUIRE(door.access->finish_totp(by, totp_code(secret, door.clock.now().time_since_epoch() / kTotpStep)).ok());
  CHECK(door.access->account(owner.id)->totp);
  REQUIRE(door.access->remove_totp(by).ok());
  CHECK_FALSE(door.access->account(owner.id)->totp);
  CHECK(door.access->account(owner.id)->recovery_codes == 0);
  CHECK(door.try_in(kOwner, kPassword, "192.0.2.1").ok());
  CHECK(door.access->remove_totp(by).error().code == ErrorCode::not_found);
  CHECK_FALSE(door.access->begin_totp(system_actor(), "Shop").ok());  // no person
}
