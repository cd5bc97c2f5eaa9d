#include "team_shop.h"

using namespace pf;
using test::TeamShop;

namespace {

std::vector<teamwork::Nameable> staff() {
  std::vector<teamwork::Nameable> out{{.id = "u1", .email = "Anna@example.com", .name = "Anna"},
                                      {.id = "u2", .email = "ben@example.com"},
                                      {.id = "u3", .email = "sam@example.com"},
                                      {.id = "u4", .email = "sam@agency.example"}};
  teamwork::set_logins(out);
  return out;
}
std::string named(std::string_view text) {
  std::string out;
  for (const auto& one : teamwork::named_in(text, staff())) out += one.who.id + "=" + one.said + " ";
  return out;
}

}  // namespace

TEST_CASE("mentions: a login behind an @ names somebody, and everything else is text") {
  CHECK(named("@anna, look; so does @BEN.") == "u1=@anna u2=@BEN ");
  CHECK(named("@ben (@ben!)") == "u2=@ben ");
  CHECK(named("mail ben@ben.example or anna@example.com, @nobody, @benno, @ben.other, @, @@ben") == "");
  CHECK(named("@sam") == "");  // two have it
  CHECK(named("@sam@agency.example: yours. @Anna@Example.com.") == "u4=@sam@agency.example u1=@Anna@Example.com ");
}

TEST_CASE("mentions: who is named finds it until he has read it, and it goes with the comment and with him") {
  TeamShop shop;
  shop.write("A", R"({"title":"Mug"})");
  shop.write("B", R"({"title":"Jug"})");
  const auto people = staff();
  const auto say = [&](const char* sku, const char* text) {
    const auto done = shop.comments->add(shop.anna, catalog::Sku(sku), text, people);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    return done->id;
  };
  const auto unread = [&](const char* who) { return *shop.mentions->unread(shop.store->read(), who); };
  const auto told = [&](const char* who) {
    std::string out;
    const auto page = shop.mentions->list(shop.store->read(), who, {}, 10);
    for (const auto& one : page->mentions) out += one.sku + std::to_string(one.comment) + (one.read ? "r " : " ");
    return out;
  };
  const auto first = say("A", "@ben @anna which red?");  // she knows what she wrote
  say("A", "@ben?");
  say("B", "@ben @sam@example.com");
  shop.open();
  CHECK(unread("u1") == 0);
  CHECK((unread("u2") == 3 && told("u2") == "B1 A2 A1 "));
  const auto page = shop.mentions->list(shop.store->read(), "u2", {}, 2);
  CHECK(shop.mentions->list(shop.store->read(), "u2", page->next_cursor, 2)->mentions.at(0).comment == first);
  CHECK_FALSE(shop.mentions->list(shop.store->read(), "u2", "x", 2).ok());
  REQUIRE(shop.mentions->mark_read("u2", "A").ok());
  CHECK((unread("u2") == 1 && told("u2") == "B1 A2r A1r "));
  // Another text: who is still named has read it, who is named now is told, who is not loses it.
  REQUIRE(shop.comments->edit(shop.anna, "A", first, "@ben @sam@example.com which red is it?", people).ok());
  CHECK((unread("u2") == 1 && told("u3") == "A1 B1 "));
  REQUIRE(shop.comments->edit(shop.anna, "A", first, "@sam@example.com which red is it?", people).ok());
  CHECK(told("u2") == "B1 A2r ");
  REQUIRE(shop.comments->remove(shop.anna, "B", 1).ok());
  CHECK((unread("u2") == 0 && told("u2") == "A2r " && unread("u3") == 1));
  REQUIRE(shop.store->write([&](storage::Write& work) { return shop.mentions->forget_person(work, "u3"); }).ok());
  CHECK((unread("u3") == 0 && told("u3") == ""));

  std::string crowd;
  std::vector<teamwork::Nameable> many;
  for (std::size_t i = 0; i <= teamwork::kNamedInCommentMax; ++i) {
    many.push_back({.id = "m" + std::to_string(i), .email = "m" + std::to_string(i) + "@example.com"});
    crowd += "@m" + std::to_string(i) + " ";
  }
  teamwork::set_logins(many);
  CHECK(shop.comments->add(shop.anna, catalog::Sku("A"), crowd, many).error().faults.at(0).code == "too_many");
  // The oldest are forgotten, read or not.
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                for (std::uint64_t i = 0; i < teamwork::kMentionsMax + 2; ++i)
                  PF_TRY(shop.mentions->note(work, "u9", {.sku = "A", .comment = 1}));
                return {};
              })
              .ok());
  CHECK(unread("u9") == teamwork::kMentionsMax);
}
