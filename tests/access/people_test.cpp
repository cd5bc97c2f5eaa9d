#include "crypto/factors.h"
#include "door.h"

using namespace pf;
using namespace pf::access;
using pf::test::Door;
using pf::test::kOwner;
using pf::test::kPassword;
using std::chrono::hours;

namespace {

// A shop with a role of its own, for whoever lets people and programs in.
struct StaffedShop : Door {
  Role staff{.name = "staff", .title = "Staff office"};
  StaffedShop() {
    REQUIRE(make_owner().ok());
    for (const auto one : {Permission::users, Permission::orders_read, Permission::tokens})
      staff.may.set(static_cast<std::size_t>(one));
    REQUIRE(access->save_role(system_actor(), staff, true).ok());
  }
};

template <class T>
void forbidden(const Result<T>& result) {
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == ErrorCode::forbidden);
}

}  // namespace

TEST_CASE("people: an invitation lets one person in, once, within three days") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto invited = *door.access->invite(system_actor(), {"Ann@example.com", "Ann", "packer"});
  CHECK(invited.second.state == Account::State::invited);
  CHECK_FALSE(door.try_in("ann@example.com", "", "192.0.2.1").ok());
  const auto join = [&](const std::string& code, const char* password) {
    return door.access->accept_invitation(code, password, {"198.51.100.1"});
  };
  CHECK_FALSE(join("", "quiet harbour lantern 42").ok());
  CHECK_FALSE(join(invited.first + "x", "quiet harbour lantern 42").ok());
  CHECK_FALSE(join(invited.second.id + ".", "quiet harbour lantern 42").ok());
  CHECK_FALSE(join(invited.first, "short").ok());
  REQUIRE(join(invited.first, "quiet harbour lantern 42").ok());
  CHECK_FALSE(join(invited.first, "another lantern in port 7").ok());
  CHECK(door.actor(door.sign_in("ann@example.com")).can(Permission::orders_write));
  CHECK_FALSE(door.actor(door.sign_in("ann@example.com")).can(Permission::settings_write));

  const auto late = *door.access->invite(system_actor(), {"late@example.com", "", "packer"});
  door.clock.pass(kInvitationLife);
  CHECK_FALSE(join(late.first, "quiet harbour lantern 42").ok());
  CHECK(door.times("invitation.refused") == 5);
  CHECK(door.times("user.join") == 1);
}

TEST_CASE("people: an invitation names every fault, and one e-mail is one account") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto wrong = door.access->invite(
      system_actor(), {"no mail", std::string(200, 'x'), "king", {.channels = {" "}, .personal = {"shoe size"}}});
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().faults.size() == 5);
  CHECK(door.access->invite(system_actor(), {"OWNER@example.com", "", "packer"}).error().code == ErrorCode::conflict);
}

TEST_CASE("people: whoever leaves is out at once, with every session and token") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto ann = door.join("ann@example.com", "manager");
  const auto one = door.sign_in("ann@example.com"), two = door.sign_in("ann@example.com");
  const auto token = *door.token("hers", {"orders.read"}, {}, door.actor(one));
  CHECK(door.comes_in(one));
  CHECK(door.access->authenticate(Door::with_token(token.first)).ok());
  REQUIRE(door.access->remove_account(system_actor(), ann.id).ok());
  CHECK_FALSE(door.comes_in(one));
  CHECK_FALSE(door.comes_in(two));
  CHECK_FALSE(door.access->authenticate(Door::with_token(token.first)).ok());
  CHECK_FALSE(door.try_in("ann@example.com", kPassword, "192.0.2.1").ok());
  CHECK(door.access->tokens()->empty());
  door.open();
  CHECK_FALSE(door.comes_in(one));
  CHECK(door.access->remove_account(system_actor(), ann.id).error().code == ErrorCode::not_found);
  CHECK(door.times("user.remove", ann.id) == 1);
}

TEST_CASE("people: a stopped account sleeps with its sessions and tokens, and wakes without sessions") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto ann = door.join("ann@example.com", "manager");
  const auto signed_in = door.sign_in("ann@example.com");
  const auto token = *door.token("hers", {"orders.read"}, {}, door.actor(signed_in));
  REQUIRE(door.access->change_account(system_actor(), ann.id, {.stopped = true}).ok());
  CHECK_FALSE(door.comes_in(signed_in));
  CHECK_FALSE(door.access->authenticate(Door::with_token(token.first)).ok());
  CHECK_FALSE(door.try_in("ann@example.com", kPassword, "192.0.2.1").ok());
  REQUIRE(door.access->change_account(system_actor(), ann.id, {.stopped = false}).ok());
  CHECK_FALSE(door.comes_in(signed_in));
  CHECK(door.try_in("ann@example.com", kPassword, "192.0.2.1").ok());
  CHECK(door.access->authenticate(Door::with_token(token.first)).ok());
}

TEST_CASE("people: a lesser role counts in an open session and for a token, from the next request on") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto ann = door.join("ann@example.com", "manager");
  const auto signed_in = door.sign_in("ann@example.com");
  const auto token = *door.token("hers", {"catalog.write", "orders.read"}, {}, door.actor(signed_in));
  CHECK(door.actor(signed_in).can(Permission::catalog_write));
  CHECK(door.actor(Door::with_token(token.first)).can(Permission::catalog_write));
  REQUIRE(door.access->change_account(system_actor(), ann.id, {.role = "packer"}).ok());
  CHECK_FALSE(door.actor(signed_in).can(Permission::catalog_write));
  CHECK(door.actor(signed_in).can(Permission::orders_write));
  CHECK_FALSE(door.actor(Door::with_token(token.first)).can(Permission::catalog_write));
  CHECK(door.actor(Door::with_token(token.first)).can(Permission::orders_read));
  for (const Actor& actor : {door.actor(signed_in), door.actor(Door::with_token(token.first))}) {
    REQUIRE(actor.limits);
    CHECK(actor.limits->personal == std::vector<std::string>{"shipping_customer", "phone_number"});
  }
  CHECK_FALSE(system_actor().limits);
}

TEST_CASE("people: nobody gives what he does not have, neither to people, roles nor tokens") {
  StaffedShop door;
  const auto clerk = door.join("staff@example.com", "staff");
  const auto other = door.join("other@example.com", "packer");
  const Actor by = door.actor(door.sign_in("staff@example.com"));
  forbidden(door.access->invite(by, {"x@example.com", "", "owner"}));
  forbidden(door.access->invite(by, {"x@example.com", "", "packer"}));
  CHECK(door.access->invite(by, {"x@example.com", "", "staff"}).ok());
  forbidden(door.access->change_account(by, other.id, {.role = "manager"}));
  forbidden(door.access->change_account(by, other.id, {.stopped = true}));
  forbidden(door.access->remove_account(by, other.id));
  forbidden(door.access->invite_again(by, door.access->accounts()[1].id, true));  // the owner
  Role more = door.staff;
  more.name = "more";
  more.may = all_permissions();
  forbidden(door.access->save_role(by, more, true));
  more.name = "staff";
  forbidden(door.access->save_role(by, more, false));
  forbidden(door.token("all", {"all"}, {}, by));
  CHECK(door.token("read", {"orders.read"}, {}, by).ok());
  CHECK(door.access->change_account(by, clerk.id, {.role = "staff"}).error().code == ErrorCode::conflict);  // himself
  CHECK(door.access->remove_account(by, clerk.id).error().code == ErrorCode::conflict);
}

TEST_CASE("people: what a person's token makes is that person's, and ends with him") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto ann = door.join("ann@example.com", "owner", {.channels = {"bol"}});
  const auto hers = *door.token("hers", {"all"}, {}, door.actor(door.sign_in("ann@example.com")));
  const Actor program = door.actor(Door::with_token(hers.first));
  CHECK(program.user == ann.id);
  const auto next = *door.token("made by hers", {"all"}, {}, program);
  CHECK(next.second.user == ann.id);
  CHECK(door.actor(Door::with_token(next.first)).limits->channels == std::vector<std::string>{"bol"});
  std::vector<std::string> gone;  // what other rooms keep of them goes in the same unit of work
  door.access->on_account_gone([&gone](storage::Write&, std::string_view id) -> Result<> {
    gone.emplace_back(id);
    if (gone.size() == 1) return error(ErrorCode::unavailable, "not now");
    return {};
  });
  CHECK(door.access->remove_account(system_actor(), ann.id).error().code == ErrorCode::unavailable);
  CHECK(door.access->account(ann.id).ok());
  REQUIRE(door.access->remove_token(system_actor(), hers.second.id).ok());
  REQUIRE(door.access->remove_account(system_actor(), ann.id).ok());
  CHECK(gone == std::vector<std::string>{ann.id, hers.second.id, ann.id});
  CHECK_FALSE(door.access->authenticate(Door::with_token(next.first)).ok());
  CHECK(door.access->tokens()->empty());
}

TEST_CASE("people: nobody changes his own rights or removes himself, not by a token of his own either") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto ann = door.join("ann@example.com", "owner");
  const auto hers = *door.token("hers", {"all"}, {}, door.actor(door.sign_in("ann@example.com")));
  const Actor program = door.actor(Door::with_token(hers.first));
  CHECK(door.access->change_account(program, ann.id, {.role = "packer"}).error().code == ErrorCode::conflict);
  CHECK(door.access->change_account(program, ann.id, {.limits = Limits{}}).error().code == ErrorCode::conflict);
  CHECK(door.access->remove_account(program, ann.id).error().code == ErrorCode::conflict);
  CHECK(door.access->change_account(program, ann.id, {.name = "Ann"}).ok());
}

TEST_CASE("people: whoever is limited gives nobody more than he sees, and no role of his own") {
  StaffedShop door;
  door.join("staff@example.com", "staff", {.channels = {"bol", "amazon"}});
  const auto free = door.join("free@example.com", "staff");
  const auto bol = door.join("bol@example.com", "staff", {.channels = {"bol"}});
  const Actor by = door.actor(door.sign_in("staff@example.com"));
  const Actor colleague = door.actor(door.sign_in("free@example.com"));
  forbidden(door.access->invite(by, {"x@example.com", "", "staff"}));
  forbidden(door.access->invite(by, {"x@example.com", "", "staff", {.channels = {"shopify"}}}));
  CHECK(door.access->invite(by, {"x@example.com", "", "staff", {.channels = {"amazon"}}}).ok());
  forbidden(door.access->change_account(by, free.id, {.name = "Free"}));
  forbidden(door.access->change_account(by, bol.id, {.limits = Limits{}}));
  CHECK(door.access->change_account(by, bol.id, {.limits = Limits{.channels = {"amazon"}}}).ok());
  forbidden(door.access->remove_account(by, free.id));
  forbidden(door.access->invite_again(by, free.id, false));
  forbidden(door.access->rotate_token(by, door.token("theirs", {"orders.read"}, {}, colleague)->second.id, hours{1}));
  forbidden(door.access->rotate_token(by, door.token("the machine's", {"orders.read"})->second.id, hours{1}));
  const auto own = *door.token("own", {"orders.read"}, {}, by);
  CHECK(door.access->rotate_token(by, own.second.id, hours{1}).ok());
  CHECK(door.actor(Door::with_token(own.first)).limits->channels == std::vector<std::string>{"bol", "amazon"});
  Role wide = door.staff;
  wide.name = "wide";
  forbidden(door.access->save_role(by, wide, true));
  wide.limits.channels = {"bol"};
  CHECK(door.access->save_role(by, wide, true).ok());
  forbidden(door.access->save_role(by, door.staff, false));
  door.staff.limits.channels = {"bol"};
  CHECK(door.access->save_role(colleague, door.staff, false).error().code == ErrorCode::conflict);  // his own role
  CHECK(door.access->save_role(system_actor(), door.staff, false).ok());
}

TEST_CASE("people: the last owner stays owner") {
  Door door;
  const auto owner = *door.make_owner();
  CHECK(door.access->remove_account(system_actor(), owner.id).error().code == ErrorCode::conflict);
  CHECK(door.access->change_account(system_actor(), owner.id, {.role = "packer"}).error().code == ErrorCode::conflict);
  CHECK(door.access->change_account(system_actor(), owner.id, {.stopped = true}).error().code == ErrorCode::conflict);
  static_cast<void>(door.access->invite(system_actor(), {"new@example.com", "", "owner"}));  // has not joined
  CHECK(door.access->remove_account(system_actor(), owner.id).error().code == ErrorCode::conflict);
  door.join("second@example.com", "owner");
  CHECK(door.access->remove_account(system_actor(), owner.id).ok());
}

TEST_CASE("people: another code for the lost password ends what was there before") {
  Door door;
  REQUIRE(door.make_owner().ok());
  const auto ann = door.join("ann@example.com", "packer");
  const auto signed_in = door.sign_in("ann@example.com");
  const auto again = *door.access->invite_again(system_actor(), ann.id, true);
  CHECK_FALSE(door.comes_in(signed_in));
  CHECK_FALSE(door.try_in("ann@example.com", kPassword, "192.0.2.1").ok());
  REQUIRE(door.access->accept_invitation(again.first, "another lantern in port 7", {"192.0.2.1"}).ok());
  CHECK(door.try_in("ann@example.com", "another lantern in port 7", "192.0.2.1").ok());
}

TEST_CASE("roles: a shop's own can be made, used, changed and, when nobody has them, removed") {
  Door door;
  REQUIRE(door.make_owner().ok());
  Role role{.name = "weekend", .title = "Weekend help", .limits = {.channels = {"bol"}}};
  role.may.set(static_cast<std::size_t>(Permission::orders_read));
  REQUIRE(door.access->save_role(system_actor(), role, true).ok());
  CHECK(door.access->save_role(system_actor(), role, true).error().code == ErrorCode::conflict);
  const auto ann = door.join("ann@example.com", "weekend", {.channels = {"bol", "amazon"}, .locales = {"nl-NL"}});
  const auto signed_in = door.sign_in("ann@example.com");
  CHECK(door.actor(signed_in).limits->channels == std::vector<std::string>{"bol"});
  CHECK(door.actor(signed_in).limits->locales == std::vector<std::string>{"nl-NL"});
  role.may.set(static_cast<std::size_t>(Permission::orders_write));
  REQUIRE(door.access->save_role(system_actor(), role, false).ok());
  CHECK(door.actor(signed_in).can(Permission::orders_write));
  CHECK(door.access->remove_role(system_actor(), "weekend").error().code == ErrorCode::conflict);
  REQUIRE(door.access->change_account(system_actor(), ann.id, {.role = "packer"}).ok());
  CHECK(door.access->remove_role(system_actor(), "weekend").ok());
  CHECK(door.access->remove_role(system_actor(), "packer").error().code == ErrorCode::conflict);
  CHECK(door.access->remove_role(system_actor(), "weekend").error().code == ErrorCode::not_found);
  role.limits.channels = {std::string(201, 'x')};  // as long as a person's limits may be, and no longer
  const auto endless = door.access->save_role(system_actor(), role, true);
  REQUIRE_FALSE(endless.ok());
  CHECK(endless.error().faults[0].field == "limits.channels");
  role.limits.channels.clear();
  for (const char* odd : {"", "Big", "a b", "../x"}) {
    role.name = odd;
    CHECK_FALSE(door.access->save_role(system_actor(), role, true).ok());
  }
}

TEST_CASE("roles: where one asks for a second factor, nobody works without") {
  Door door;
  REQUIRE(door.make_owner().ok());
  door.join("ann@example.com", "packer");
  const auto signed_in = door.sign_in("ann@example.com");
  CHECK(door.actor(signed_in).can(Permission::orders_read));
  REQUIRE(door.access->save_role(system_actor(), {.name = "packer", .second_factor = true}, false).ok());
  CHECK_FALSE(door.actor(signed_in).can(Permission::orders_read));
  CHECK(door.actor(signed_in).can(Permission::signed_in));  // enough to set one up
  CHECK(door.sign_in("ann@example.com").must_enrol);
  CHECK_FALSE(door.sign_in().must_enrol);  // the owner's role does not
  REQUIRE(door.access->save_policy(system_actor(), {.second_factor_for_all = true}).ok());
  CHECK(door.sign_in().must_enrol);
  const auto token = *door.token("machine", {"orders.read"});
  CHECK(door.actor(Door::with_token(token.first)).can(Permission::orders_read));  // programs have no phone
}

TEST_CASE("passwords: Amazon's policy wants all kinds of letters, a day between changes and a new one each year") {
  Door door;
  const auto owner = *door.make_owner();
  REQUIRE(door.access->save_policy(system_actor(), {.passwords = PasswordPolicy::amazon_dpp}).ok());
  const Actor by = Door::person(owner);
  const auto change = [&](const std::string& to) { return door.access->change_password(by, kPassword, to); };
  door.clock.pass(hours{24} - milliseconds{1});
  CHECK(change("Quiet-harbour-lantern-42").error().faults[0].code == "young");
  door.clock.pass(milliseconds{1});
  for (const char* weak : {"another lantern in port 7", "ANOTHER-LANTERN-IN-PORT-7", "Another-lantern-in-port",
                           "Anotherlanterninport7", "Own-Er-Owner-lantern-42!"})
    CHECK_MESSAGE(!change(weak).ok(), weak);
  REQUIRE(change("Quiet-harbour-lantern-42").ok());
  CHECK(
      door.access->change_password(by, "Quiet-harbour-lantern-42", "Quiet-harbour-lantern-43").error().faults[0].code ==
      "young");
  const auto in = [&] { return door.try_in(kOwner, "Quiet-harbour-lantern-42", "192.0.2.1"); };
  CHECK_FALSE(in()->must_change_password);
  door.clock.pass(kPasswordAgeMax);
  const auto old = *in();
  CHECK(old.must_change_password);
  CHECK_FALSE(door.actor(old).can(Permission::orders_read));
}

TEST_CASE("passwords: a shop that was made before the pepper still lets its owner in") {
  Door door;
  const auto owner = *door.make_owner();
  REQUIRE(door.store
              ->write([&](storage::Write& work) -> Result<> {
                const auto family = door.store->family("access");
                auto record = *json::parse(**work.get(family, "u" + owner.id));
                record.set("password", *crypto::hash_password(kPassword, {.passes = 1, .memory = 64u << 10}));
                record.erase("peppered");
                record.erase("state");
                work.put(family, "u" + owner.id, json::write(record));
                return {};
              })
              .ok());
  door.open();
  CHECK(door.try_in(kOwner, kPassword, "192.0.2.1").ok());
}

TEST_CASE("sessions: a person sees where he is signed in and ends one, or all others") {
  Door door;
  const auto owner = *door.make_owner();
  const auto here = door.sign_in(), there = door.sign_in(), elsewhere = door.sign_in();
  const auto list = *door.access->devices(owner.id);
  REQUIRE(list.size() == 3);
  const auto id_of = [&](const SignedIn& session) { return door.actor(session).session; };
  REQUIRE(door.access->end_device(door.actor(here), owner.id, id_of(there)).ok());
  CHECK_FALSE(door.comes_in(there));
  CHECK(door.access->end_device(door.actor(here), owner.id, "invented").error().code == ErrorCode::not_found);
  REQUIRE(door.access->end_devices(door.actor(here), owner.id).ok());
  CHECK(door.comes_in(here));
  CHECK_FALSE(door.comes_in(elsewhere));
  CHECK(door.access->devices(owner.id)->size() == 1);
  const auto ann = door.join("ann@example.com", "packer");
  CHECK(door.access->end_device(Door::person(ann), ann.id, id_of(here)).error().code == ErrorCode::not_found);
  CHECK(door.comes_in(here));
}

TEST_CASE("sessions: a cookie in another browser ends the session for both, and is told") {
  Door door;
  const auto owner = *door.make_owner();
  auto step = *door.access->sign_in(kOwner, kPassword, "", {"192.0.2.1", "Firefox of the owner"});
  const std::string cookie = step.done->cookie;
  CHECK(door.actor(Door::with_cookie(cookie, "Firefox of the owner")).kind == Actor::Kind::user);
  CHECK(door.actor(Door::with_cookie(cookie, "curl of a thief")).kind == Actor::Kind::nobody);
  CHECK(door.actor(Door::with_cookie(cookie, "Firefox of the owner")).kind == Actor::Kind::nobody);
  CHECK(door.times("session.stolen", owner.id) == 1);
}

TEST_CASE("sessions: a browser that was never here before is noticed, one that was is not") {
  Door door;
  const auto owner = *door.make_owner();
  const auto first = door.try_in(kOwner, kPassword, "192.0.2.1");
  CHECK(first->account.notices.empty());  // the very first is the one that set it up
  CHECK_FALSE(first->device.empty());
  const auto again = door.try_in(kOwner, kPassword, "192.0.2.2", first->device);
  CHECK(again->account.notices.empty());
  CHECK(again->device.empty());
  const auto strange = door.try_in(kOwner, kPassword, "203.0.113.9", "invented");
  REQUIRE(strange->account.notices.size() == 1);
  CHECK(strange->account.notices[0].address == "203.0.113.9");
  CHECK(door.times("session.open", "\"new_device\":true") == 1);
  REQUIRE(door.access->dismiss_notices(Door::person(owner)).ok());
  CHECK(door.access->account(owner.id)->notices.empty());
}

TEST_CASE("limits: what lies within others opens nothing that they keep closed") {
  const Limits outer{.channels = {"bol", "amazon"}, .categories = {"clothing"}};
  CHECK(lies_within(outer, outer));
  CHECK(lies_within(outer, {}));
  CHECK_FALSE(lies_within({}, outer));
  CHECK_FALSE(lies_within({.channels = {"bol"}}, outer));
  CHECK(lies_within({.channels = {"bol"}, .categories = {"clothing/shirts"}, .locales = {"nl-NL"}}, outer));
  CHECK_FALSE(lies_within({.channels = {"bol", "shopify"}, .categories = {"clothing"}}, outer));
  CHECK_FALSE(lies_within({.channels = {"bol"}, .categories = {"clothingline"}}, outer));
  CHECK(lies_within(both({.channels = {"shopify"}, .categories = {"clothing"}}, outer), outer));  // sees nothing
}

TEST_CASE("limits: what two lists have in common, and nothing where they have nothing") {
  const Limits one{.channels = {"bol", "amazon"}, .categories = {"clothing", "toys/wood"}};
  const Limits two{.channels = {"amazon"}, .categories = {"clothing/shirts", "toys"}, .locales = {"nl-NL"}};
  const Limits both_of = both(one, two);
  CHECK(both_of.channels == std::vector<std::string>{"amazon"});
  CHECK(both_of.category({"clothing/shirts/blue"}));
  CHECK(both_of.category({"x", "toys/wood"}));
  CHECK_FALSE(both_of.category({"clothing"}));
  CHECK_FALSE(both_of.category({"clothing/shirtsleeves"}));
  CHECK_FALSE(both_of.category({}));
  CHECK(both_of.locale("nl-NL"));
  CHECK_FALSE(both_of.locale("de-DE"));
  const Limits none = both(one, {.channels = {"shopify"}});
  for (const char* channel : {"bol", "amazon", "shopify"}) CHECK_FALSE(none.channel(channel));
}
