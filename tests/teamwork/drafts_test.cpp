#include <thread>

#include "team_shop.h"

using namespace pf;
using catalog::Operator;
using teamwork::DraftStatus;
using teamwork::FieldState;
using test::TeamShop;

TEST_CASE("drafts: a proposal leaves the product as it is; its approval is an edit that names both people") {
  TeamShop shop;
  shop.write("A", R"({"title":"Mug","brand":"Acme","family":"mugs","categories":["kitchen/mugs"],
                      "attributes":{"color":"red"}})");
  const auto draft = shop.propose(shop.anna, "A",
                                  R"({"title":"Big mug","brand":"Beta","attributes":{"color":"blue"},"enabled":true})");
  CHECK(TeamShop::told(draft) ==
        R"(title (en): "Mug" -> "Big mug", brand: "Acme" -> "Beta", attributes.color: "red" -> "blue")");
  CHECK(shop.record("A").version == 1);
  CHECK(shop.told_events() == std::vector<std::string>{"product.created", "draft.created"});
  CHECK(shop.found({{"status", Operator::eq, {"open"}}, {"author", Operator::eq, {"u1"}}}) == 1);
  CHECK(shop.found({{"family", Operator::eq, {"mugs"}}, {"field", Operator::eq, {"attributes.color"}}}, "big mu") == 0);
  CHECK(shop.found({{"category", Operator::in, {"kitchen"}}}, "anna mug") == 1);
  CHECK(shop.found({{"category", Operator::in, {"garden"}}}) == 0);

  const std::vector<catalog::FieldName> brand{TeamShop::at("brand")}, rest{TeamShop::at("title", "en")};
  REQUIRE(shop.drafts->decide(shop.rita, draft.id, {.approve = true, .fields = brand}).ok());
  CHECK(shop.value("A", "brand") == "\"Beta\"");
  CHECK(shop.value("A", "title", "en") == "\"Mug\"");
  const auto entry = shop.products->history().page(shop.store->read(), "A", {}, 1)->entries.at(0);
  CHECK(entry.by == "rita@example.com");
  CHECK(entry.origin.kind == catalog::Origin::Kind::draft);
  CHECK(entry.origin.id == draft.id);
  CHECK(entry.origin.author == "anna@example.com");
  CHECK(entry.changes.size() == 1);
  REQUIRE(shop.drafts->decide(shop.rita, draft.id, {.approve = false, .fields = rest, .word = "too long"}).ok());
  shop.open();  // what was told is on disk
  CHECK(shop.drafts->find(shop.store->read(), draft.id)->open());
  const auto last = shop.drafts->decide(shop.rita, draft.id, {.approve = true});
  REQUIRE(last.ok());
  CHECK(status_of(*last) == DraftStatus::partly);
  CHECK(last->fields[0].word == "too long");
  CHECK(last->fields[0].decided_by == "rita@example.com");
  CHECK(shop.value("A", "attributes.color") == "\"blue\"");
  CHECK(shop.drafts->decide(shop.rita, draft.id, {.approve = true}).error().faults[0].code == "closed");
  CHECK(shop.found({{"status", Operator::eq, {"partly"}}}) == 1);
  CHECK(shop.drafts->open_of(shop.store->read(), "A")->empty());
}

TEST_CASE("drafts: what somebody says again is what he says now, and what would change nothing is left out") {
  TeamShop shop;
  shop.write("A", R"({"title":"Mug","brand":"Acme"})");
  CHECK(shop.try_propose(shop.anna, "A", R"({"brand":"Acme"})").error().faults[0].code == "nothing");
  const auto first = shop.propose(shop.anna, "A", R"({"brand":"Beta","attributes":{"size":"L"}})");
  const auto again = shop.propose(shop.anna, "A", R"({"brand":"Gamma"})");
  CHECK(again.id == first.id);
  CHECK(TeamShop::told(again) == R"(brand: "Acme" -> "Gamma", attributes.size:  -> "L")");
  CHECK(shop.try_propose(shop.anna, "A", R"({"brand":"Gamma"})")->outcome == catalog::Outcome::unchanged);
  CHECK(TeamShop::told(shop.propose(shop.anna, "A", R"({"brand":"Acme"})")) == R"(attributes.size:  -> "L")");
  // Another person has a draft of his own, and changes no other's.
  const auto bens = shop.propose(shop.ben, "A", R"({"brand":"Delta"})");
  CHECK(bens.id != first.id);
  CHECK(shop.drafts->open_of(shop.store->read(), "A")->size() == 2);
  CHECK(*shop.drafts->count(shop.store->read(), {{"status", Operator::eq, {"open"}}}) == 2);
  CHECK(*shop.drafts->count(shop.store->read(), {{"author", Operator::eq, {"u2"}}}) == 1);
  CHECK(shop.drafts->withdraw(shop.ben, first.id).error().code == ErrorCode::forbidden);
  CHECK(shop.drafts->edit(shop.ben, first.id, "mine", {}).error().code == ErrorCode::forbidden);
  const auto empty = shop.drafts->edit(shop.anna, first.id, {}, {TeamShop::at("attributes.size")});
  REQUIRE(empty.ok());
  CHECK(status_of(*empty) == DraftStatus::withdrawn);
  REQUIRE(shop.drafts->withdraw(shop.ben, bens.id).ok());
  CHECK(shop.drafts->withdraw(shop.ben, bens.id).ok());  // again is nothing
  CHECK(shop.found({{"status", Operator::eq, {"open"}}}) == 0);
  CHECK(shop.propose(shop.ben, "A", R"({"brand":"Delta"})").id != bens.id);
}

TEST_CASE("drafts: a field that others changed meanwhile is a conflict until the reviewer has seen it") {
  TeamShop shop;
  shop.write("A", R"({"title":"Mug","brand":"Acme","attributes":{"color":"red","size":"L"}})");
  // Its author read the first version, and sends what he read of the size.
  shop.write("A", R"({"attributes":{"size":"XL"}})");
  const auto draft = shop.propose(shop.anna, "A", R"({"brand":"Beta","attributes":{"color":"blue","size":"L"}})", 1);
  CHECK(TeamShop::told(draft) == R"(brand: "Acme" -> "Beta", attributes.color: "red" -> "blue")");
  shop.write("A", R"({"brand":"Omega","title":"Cup"})");
  auto now = shop.drafts->now(shop.store->read(), draft);
  REQUIRE(now.ok());
  CHECK(now->fields[0].conflict);
  CHECK(now->fields[0].now == "\"Omega\"");
  CHECK_FALSE(now->fields[1].conflict);
  auto refused = shop.drafts->decide(shop.rita, draft.id, {.approve = true});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::conflict);
  REQUIRE(refused.error().faults.size() == 1);
  CHECK(refused.error().faults[0].field == "brand");
  CHECK(shop.value("A", "attributes.color") == "\"red\"");  // nothing by halves
  // The other field alone is none; nor is the one that the reviewer has looked at. What came after that look is.
  CHECK(
      shop.drafts->decide(shop.rita, draft.id, {.approve = true, .fields = {{TeamShop::at("attributes.color")}}}).ok());
  const auto looked = shop.record("A").version;
  shop.write("A", R"({"brand":"Sigma"})");
  CHECK_FALSE(shop.drafts->decide(shop.rita, draft.id, {.approve = true, .seen_version = looked}).ok());
  CHECK(shop.drafts->decide(shop.rita, draft.id, {.approve = true, .read_version = draft.version})
            .error()
            .faults[0]
            .code == "stale");
  shop.write("A", R"({"title":"Jug"})");
  REQUIRE(shop.drafts->decide(shop.rita, draft.id, {.approve = true, .seen_version = looked + 1}).ok());
  CHECK(shop.value("A", "brand") == "\"Beta\"");
  CHECK(shop.value("A", "title", "en") == "\"Jug\"");
}

TEST_CASE("drafts: prices are proposed and decided field by field, in the unit of work of the rest") {
  TeamShop shop;
  shop.write("A", R"({"title":"Mug","brand":"Acme"})");
  shop.price(R"({"sell_price":10,"cost_price":4})");
  const auto propose = [&](const char* change, const char* prices) {
    return shop.drafts->propose(
        shop.anna, catalog::Sku("A"),
        {.change = TeamShop::change_of(change), .offer = TeamShop::prices(prices), .locale = "en"});
  };
  const auto price = [&](const char* name) {
    const auto offer = shop.offers->find(shop.store->read(), "A");
    return catalog::offer_field(**offer, TeamShop::at(name));
  };
  CHECK(propose("{}", R"({"sell_price":"10.001"})").error().faults.at(0).field == "prices.EUR.sell_price");
  CHECK(propose("{}", R"({"sell_price":10})").error().faults.at(0).code == "nothing");
  REQUIRE(propose(R"({"brand":"Beta"})", R"({"sell_price":"9.50"})").ok());
  const auto draft = propose("{}", R"({"base_price":12,"cost_price":null})");
  REQUIRE(draft.ok());
  CHECK(TeamShop::told(draft->draft) ==
        R"(brand: "Acme" -> "Beta", prices.EUR.sell_price: 10.00 -> 9.50, prices.EUR.base_price:  -> 12.00, )"
        "prices.EUR.cost_price: 4.00 -> ");
  CHECK(price("prices.EUR.sell_price") == "10.00");

  shop.price(R"({"sell_price":11})");  // meanwhile: no other version of the product
  const auto now = shop.drafts->now(shop.store->read(), draft->draft);
  CHECK(now->fields[1].conflict);
  CHECK(now->fields[1].now == "11.00");
  const auto refused = shop.drafts->decide(shop.rita, draft->draft.id, {.approve = true, .seen_version = now->version});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().faults.at(0).field == "prices.EUR.sell_price");
  CHECK(shop.value("A", "brand") == "\"Acme\"");  // nothing by halves
  REQUIRE(shop.drafts
              ->decide(shop.rita, draft->draft.id,
                       {.approve = false, .fields = {{TeamShop::at("prices.EUR.base_price")}}, .word = "why?"})
              .ok());
  const auto done =
      shop.drafts->decide(shop.rita, draft->draft.id, {.approve = true, .seen_offer_version = now->offer_version});
  REQUIRE(done.ok());
  CHECK(status_of(*done) == DraftStatus::partly);
  CHECK(shop.value("A", "brand") == "\"Beta\"");
  CHECK(price("prices.EUR.sell_price") == "9.50");
  CHECK(price("prices.EUR.base_price").empty());
  CHECK(price("prices.EUR.cost_price").empty());
  const auto told = shop.products->history().page(shop.store->read(), "A", {}, 2);
  for (const auto& entry : told->entries) {
    CHECK(entry.origin.kind == catalog::Origin::Kind::draft);
    CHECK(entry.origin.author == "anna@example.com");
  }
}

TEST_CASE("drafts: what reviewers do at once is done once, against edits that go on") {
  TeamShop shop;
  shop.write("A", R"({"title":"Mug","brand":"0"})");
  std::size_t approved = 0, conflicts = 0;
  for (int round = 0; round < 6; ++round) {
    const auto draft = shop.propose(shop.anna, "A", R"({"brand":"wanted )" + std::to_string(round) + "\"}");
    std::atomic<std::size_t> ok{0}, refused{0};
    std::vector<std::thread> people;
    for (int i = 0; i < 2; ++i)
      people.emplace_back([&] {
        const auto done = shop.drafts->decide(shop.rita, draft.id, {.approve = true});
        ++(done.ok() ? ok : refused);
      });
    people.emplace_back([&] { shop.write("A", R"({"brand":"edited )" + std::to_string(round) + "\"}"); });
    for (auto& person : people) person.join();
    CHECK(ok <= 1);
    const bool mine = shop.drafts->find(shop.store->read(), draft.id)->fields[0].state == FieldState::approved;
    CHECK(mine == (ok == 1));
    approved += ok;
    conflicts += ok == 0;
    // Nothing vanished: whichever came last stands, and the other is in the history.
    std::string values;
    const auto entries = shop.products->history().page(shop.store->read(), "A", {}, 2)->entries;
    for (const auto& entry : entries)
      for (const auto& change : entry.changes) values += change.after;
    CHECK(values.find("edited " + std::to_string(round)) != values.npos);
    CHECK((values.find("wanted " + std::to_string(round)) != values.npos) == mine);
    if (!mine) REQUIRE(shop.drafts->decide(shop.rita, draft.id, {.approve = false}).ok());
  }
  CHECK(approved + conflicts == 6);
}

namespace {

// A shop's rule: the label follows from brand.
class Labels final : public catalog::Ruling {
 public:
  bool about_offers() const override { return false; }
  Result<catalog::Ruled> apply(const catalog::Model&, const catalog::Languages&, catalog::Record& record,
                               catalog::Offer&) override {
    const auto at = TeamShop::at("attributes.label");
    const std::string label = "\"" + record.brand + "!\"";
    catalog::Ruled out;
    if (catalog::value_of(record, at) == label) return out;
    PF_TRY(catalog::put_value(record, at, label));
    out.made.push_back({at, {1, "Label"}});
    return out;
  }
  Result<> finish(storage::Write&) override { return {}; }
};

}  // namespace

TEST_CASE("drafts: a proposal is checked as an edit is, twice; rules make theirs when it is approved") {
  TeamShop shop;
  shop.products->on_ruling([](const storage::Reader&) { return std::unique_ptr<catalog::Ruling>(new Labels); });
  shop.write("P", R"({"title":"All mugs"})");
  shop.write("A", R"({"title":"Mug","brand":"Acme"})");
  const auto faulty = shop.try_propose(shop.anna, "A", R"({"ean":"123","parent":"nowhere"})");
  REQUIRE_FALSE(faulty.ok());
  CHECK(faulty.error().faults.size() == 2);
  CHECK(shop.try_propose(shop.anna, "no such", R"({"brand":"B"})").error().code == ErrorCode::not_found);
  const auto mine = [](const catalog::Record&, const std::vector<catalog::FieldChange>&) -> Result<> {
    return error(ErrorCode::forbidden, "not yours");
  };
  CHECK(shop.drafts->propose(shop.anna, catalog::Sku("A"), {.change = TeamShop::change_of(R"({"brand":"B"})")}, mine)
            .error()
            .code == ErrorCode::forbidden);
  CHECK(shop.found({}) == 0);

  const auto draft = shop.propose(shop.anna, "A", R"({"brand":"Beta","parent":"P"})");
  CHECK(TeamShop::told(draft) == R"(brand: "Acme" -> "Beta", parent:  -> "P")");
  shop.remove("P");
  const auto late = shop.drafts->decide(shop.rita, draft.id, {.approve = true});
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().faults.at(0).field == "parent");
  CHECK(shop.drafts->find(shop.store->read(), draft.id)->fields[0].state == FieldState::open);
  CHECK(shop.drafts->decide(shop.rita, draft.id, {.approve = true, .fields = {{TeamShop::at("brand")}}}, mine)
            .error()
            .code == ErrorCode::forbidden);
  REQUIRE(shop.drafts->decide(shop.rita, draft.id, {.approve = true, .fields = {{TeamShop::at("brand")}}}).ok());
  CHECK(shop.value("A", "attributes.label") == "\"Beta!\"");

  shop.remove("A");
  CHECK_FALSE(shop.drafts->now(shop.store->read(), draft)->there);
  CHECK(shop.drafts->decide(shop.rita, draft.id, {.approve = true}).error().code == ErrorCode::not_found);
  CHECK(status_of(*shop.drafts->decide(shop.rita, draft.id, {.approve = false})) == DraftStatus::partly);
}

TEST_CASE("drafts: of what is closed the newest stay, and what is open stays anyway") {
  TeamShop shop;
  shop.write("A", R"({"title":"Mug"})");
  teamwork::Drafts few(*shop.store, *shop.products, *shop.offers, *shop.audit, shop.clock, nullptr, 2);
  const auto open = shop.propose(shop.ben, "A", R"({"brand":"Open"})");
  for (int i = 0; i < 5; ++i) {
    shop.clock.pass(std::chrono::seconds{1});
    REQUIRE(few.withdraw(shop.anna, shop.propose(shop.anna, "A", R"({"brand":"B"})").id).ok());
  }
  CHECK(shop.found({{"status", Operator::eq, {"withdrawn"}}}) <= 2);
  CHECK(few.find(shop.store->read(), open.id + 1).error().code == ErrorCode::not_found);
  CHECK(few.find(shop.store->read(), open.id + 5).ok());
  CHECK(few.find(shop.store->read(), open.id)->open());
  CHECK(shop.propose(shop.anna, "A", R"({"brand":"B"})").id == open.id + 6);  // no number comes again
}

TEST_CASE("drafts: texts of languages are fields of their own, and limits have names") {
  TeamShop shop;
  shop.write("A", R"({"title":"Mug","attributes":{"color":"red"}})");
  const auto draft =
      shop.propose(shop.anna, "A", R"({"texts":{"nl":{"title":"Mok","color":"rood"}},"attributes":{"note":"x"}})");
  // The colour was for everybody: what it was becomes the default language's, together with the new one.
  REQUIRE(draft.fields.size() == 5);
  REQUIRE(
      shop.drafts->decide(shop.rita, draft.id, {.approve = true, .fields = {{TeamShop::at("attributes.color", "nl")}}})
          .ok());
  CHECK(shop.value("A", "attributes.color", "nl") == "\"rood\"");
  CHECK(shop.value("A", "attributes.color", "en") == "\"red\"");
  CHECK(shop.value("A", "title", "nl").empty());
  std::string many = R"({"attributes":{)";
  for (std::size_t i = 0; i <= teamwork::kDraftFieldsMax; ++i)
    many += (i == 0 ? "\"a" : ",\"a") + std::to_string(i) + "\":1";
  CHECK(shop.try_propose(shop.ben, "A", many + "}}").error().code == ErrorCode::too_large);
  CHECK(
      shop.drafts->propose(shop.ben, catalog::Sku("A"), {.comment = std::string(3'000, 'x')}).error().faults[0].field ==
      "comment");
  for (std::size_t i = 1; i < teamwork::kOpenDraftsOfProductMax; ++i) {
    const auto id = "m" + std::to_string(i);
    shop.propose(TeamShop::person(id.c_str(), "many", {}), "A", R"({"brand":"B"})");
  }
  CHECK(shop.try_propose(shop.ben, "A", R"({"brand":"B"})").error().code == ErrorCode::conflict);
}
