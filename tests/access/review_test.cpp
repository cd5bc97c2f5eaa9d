#include "access/review.h"

#include "crypto/crypto.h"
#include "door.h"

using namespace pf;
using namespace pf::access;
using pf::test::Door;
using pf::test::kPassword;

namespace {

struct ReviewShop : Door {
  Account owner = *make_owner();
  Account ann = join("ann@example.com", "packer");
  Account bob = join("bob@example.com", "manager");
  std::pair<std::string, Token> till = *token("till", {"orders.read"});
  Actor by = person(owner);
  Signer sign = [](std::string_view text) { return "signed:" + hex(crypto::sha256(text)); };

  ReviewDraft all_kept() const {
    return {.people = {{owner.id, true}, {ann.id, true}, {bob.id, true}},
            .programs = {{till.second.id, true}},
            .note = " ok "};
  }
};

}  // namespace

TEST_CASE("access review: who keeps his access is signed, who does not is out in the same moment") {
  ReviewShop shop;
  const auto hers = shop.sign_in("ann@example.com"), his = shop.sign_in("bob@example.com");
  CHECK(*shop.access->review_due() == shop.owner.created_at + kReviewEvery);
  auto draft = shop.all_kept();
  draft.people[1].keep = draft.programs[0].keep = false;
  const auto review = shop.access->sign_review(shop.by, draft, shop.sign);
  REQUIRE_MESSAGE(review.ok(), (review.ok() ? "" : review.error().message));
  CHECK_FALSE(shop.comes_in(hers));
  CHECK(shop.comes_in(his));
  CHECK(shop.access->account(shop.ann.id)->state == Account::State::stopped);
  CHECK_FALSE(shop.access->authenticate(Door::with_token(shop.till.first)).ok());
  CHECK(shop.times("access.review", review->signature) == 1);
  CHECK(shop.times("access.review", "\"stopped\":1") == 1);
  CHECK(shop.times("user.change", shop.ann.id) == 1);
  CHECK(shop.times("user.change", R"("before":{"role":"packer","state":"active")") == 1);  // as any other change of it
  CHECK(shop.times("user.change", R"("after":{"role":"packer","state":"stopped")") == 1);
  CHECK(shop.times("token.remove", shop.till.second.id) == 1);
  const auto kept = *shop.access->reviews(10);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].signature == shop.sign(kept[0].text));
  CHECK(*kept[0].content.find("note")->as_string() == "ok");
  CHECK(*shop.access->review_due() == shop.clock.now() + kReviewEvery);
}

TEST_CASE("access review: nobody is left out, invented or looked at twice") {
  ReviewShop shop;
  const auto refused = [&](const ReviewDraft& draft) {
    const auto review = shop.access->sign_review(shop.by, draft, shop.sign);
    REQUIRE_FALSE(review.ok());
    return review.error().code == ErrorCode::invalid ? review.error().faults.at(0).field : std::string("?");
  };
  auto draft = shop.all_kept();
  draft.people.pop_back();
  CHECK(refused(draft) == "people." + shop.bob.id);
  draft = shop.all_kept();
  draft.people.push_back({"invented", false});
  CHECK(refused(draft) == "people");
  draft = shop.all_kept();
  draft.people.push_back({shop.ann.id, false});
  CHECK(refused(draft) == "people");
  draft = shop.all_kept();
  draft.programs.clear();
  CHECK(refused(draft) == "programs." + shop.till.second.id);
  draft = shop.all_kept();
  draft.note = std::string(kReviewNoteBytesMax + 1, 'x');
  CHECK(refused(draft) == "note");
  CHECK(shop.access->reviews(10)->empty());
  CHECK(shop.times("access.review") == 0);
}

TEST_CASE("access review: it is signed by a person, who reaches no further than he does elsewhere") {
  ReviewShop shop;
  CHECK(shop.access->sign_review(system_actor(), shop.all_kept(), shop.sign).error().code == ErrorCode::forbidden);
  auto draft = shop.all_kept();
  draft.people[0].keep = false;
  CHECK(shop.access->sign_review(shop.by, draft, shop.sign).error().code == ErrorCode::conflict);  // himself
  Actor bob = Door::person(shop.bob);
  bob.may.reset(static_cast<std::size_t>(Permission::vault_manage));
  CHECK_FALSE(shop.access->sign_review(bob, draft, shop.sign).ok());  // the owner has more than he
  CHECK(shop.access->account(shop.owner.id)->state == Account::State::active);
  bob.may.reset(static_cast<std::size_t>(Permission::tokens));
  draft = shop.all_kept();
  draft.programs[0].keep = false;
  CHECK(shop.access->sign_review(bob, draft, shop.sign).error().code == ErrorCode::forbidden);
  CHECK(shop.access->authenticate(Door::with_token(shop.till.first)).ok());
}
