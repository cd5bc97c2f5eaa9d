#include "rule_shop.h"

using namespace pf;
using pf::test::RuleShop;

TEST_CASE("rules: what is kept obeys the rules, whether a person, a file or a bulk edit writes it") {
  RuleShop shop;
  const auto rule = shop.rule(
      R"({"name":"Spell Acme","when":{"conditions":[{"field":"brand","operator":"in","value":["acme","ACME inc"]}]},
          "then":[{"action":"set","field":"brand","value":"Acme"},{"action":"add","field":"categories","value":"own"}]})");
  shop.post("A", R"({"title":"T","brand":"ÁCMÉ"})");
  CHECK(shop.value("A", "brand") == "\"Acme\"");
  CHECK(shop.value("A", "categories") == R"(["own"])");
  shop.batch({{"B", R"({"title":"T","brand":"acme inc"})"}, {"C", R"({"title":"T","brand":"Other"})"}});
  CHECK(shop.value("B", "brand") == "\"Acme\"");
  CHECK(shop.value("C", "categories").empty());
  const auto actions = catalog::bulk_actions_of(test::parsed(R"([{"action":"set","field":"brand","value":"acme"}])"));
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                const std::vector<std::string> skus{"C"};
                PF_TRY(shop.products->edit_many(work, skus, *actions, {.by = shop.anna}));
                return {};
              })
              .ok());
  CHECK(shop.value("C", "brand") == "\"Acme\"");
  CHECK(shop.counts(rule).matched == 3);
  // What obeys already is left alone, and is no new version.
  CHECK(shop.batch({{"B", R"({"title":"T","brand":"acme inc"})"}})[0].outcome == catalog::Outcome::unchanged);
  CHECK(shop.record("B").version == 1);
}

TEST_CASE("rules: every value says which rule made it, and what people wrote stays theirs") {
  RuleShop shop;
  const auto rule = shop.rule(
      R"({"name":"Label","then":[{"action":"derive","field":"attributes.label","formula":"[brand] & ' ' & [title]"}]})");
  shop.post("A", R"({"title":"Mug","brand":"Acme"})");
  CHECK(shop.value("A", "attributes.label") == "\"Acme Mug\"");
  CHECK(shop.history("A") == "attributes.label=Label");  // what was written with it stands in the record
  shop.post("A", R"({"brand":"Beta","attributes":{"color":"red"}})");
  CHECK(shop.history("A") == "brand attributes.color attributes.label=Label");
  // A rename changes no history, and a person's own value gives way to the rule at once.
  shop.change(rule.id, R"({"name":"Names"})");
  shop.post("A", R"({"attributes":{"label":"By hand","color":"blue"}})");
  CHECK(shop.value("A", "attributes.label") == "\"Beta Mug\"");
  CHECK(shop.history("A") == "attributes.color");
  CHECK(shop.history("A", 1) == "brand attributes.color attributes.label=Label");
  const auto entry = catalog::decode_entry(
      catalog::encode_entry(shop.products->history().page(shop.store->read(), "A", {}, 2)->entries.at(1)));
  REQUIRE(entry.ok());
  CHECK(entry->changes.back().rule == catalog::RuleName{rule.id, "Label"});
  CHECK(entry->changes.front().rule.id == 0);
}

TEST_CASE("rules: the list is followed from the top, a rule may end it, and one that is off says nothing") {
  RuleShop shop;
  const auto first = shop.rule(
      R"({"name":"1","when":{"conditions":[{"field":"attributes.kind","operator":"eq","value":"cup"}]},
          "then":[{"action":"set","field":"family","value":"mugs"}],"stop":true})");
  const auto second = shop.rule(
      R"({"name":"2","when":{"conditions":[{"field":"family","operator":"empty","value":true}]},
          "then":[{"action":"set","field":"family","value":"other"}]})");
  const auto third = shop.rule(
      R"({"name":"3","when":{"formula":"[family] = 'other'"},"then":[{"action":"set","field":"attributes.seen","value":true}]})");
  shop.post("A", R"({"title":"T","attributes":{"kind":"Cup"}})");
  shop.post("B", R"({"title":"T"})");
  CHECK(shop.value("A", "family") == "\"mugs\"");
  CHECK(shop.value("A", "attributes.seen").empty());
  CHECK(shop.value("B", "family") == "\"other\"");
  CHECK(shop.value("B", "attributes.seen") == "true");
  shop.change(second.id, R"({"enabled":false})");
  shop.post("C", R"({"title":"T"})");
  CHECK(shop.value("C", "family").empty());
  const auto order = shop.rules->reorder(shop.anna, rules::On::product, {third.id, first.id, second.id});
  REQUIRE(order.ok());
  CHECK(shop.rules->list(shop.store->read())->front().id == third.id);
  CHECK(shop.rules->reorder(shop.anna, rules::On::product, {third.id, first.id}).error().faults[0].code == "stale");
  REQUIRE(shop.rules->remove(shop.anna, third.id, {}).ok());
  CHECK(shop.rules->find(shop.store->read(), third.id).error().code == ErrorCode::not_found);
  CHECK(shop.rule(R"({"name":"4","then":[{"action":"clear","field":"family"}]})").id == 4);  // no number comes again
}

TEST_CASE("rules: conditions ask for texts of a language, numbers, lists, categories with those below, and prices") {
  RuleShop shop;
  const auto holds = [&](std::string when) {
    const auto body = json::read_fields<rules::RuleBody>(test::parsed(
        R"({"name":"x","when":)" + when + R"(,"then":[{"action":"set","field":"attributes.hit","value":"1"}]})"));
    REQUIRE_MESSAGE(body.ok(), when);
    const auto read = shop.store->read();
    const auto rule = shop.rules->draft(read, 0, *body);
    REQUIRE_MESSAGE(rule.ok(), (rule.ok() ? when : rule.error().message));
    auto all = std::make_shared<rules::ProductRules>();
    REQUIRE(all->add(*rule).ok());
    rules::ProductRuling ruling(all);
    auto record = shop.record("A");
    auto offer = **shop.products->offer_of(read, "A");
    const auto ruled =
        ruling.apply(**shop.products->models().known(read), *shop.products->languages(read), record, offer);
    REQUIRE(ruled.ok());
    return ruled->failed.empty() ? (ruled->made.empty() ? "no" : "yes") : "failed";
  };
  const auto row = [&](const char* field, const char* op, const char* value, const char* locale = nullptr) {
    return std::string(holds(std::string(R"({"conditions":[{"field":")") + field + R"(","operator":")" + op +
                             R"(","value":)" + value +
                             (locale != nullptr ? std::string(R"(,"locale":")") + locale + "\"" : "") + "}]}"));
  };
  shop.post("A", R"({"title":"Blue Mug","brand":"Acme","categories":["home/kitchen/mugs"],"enabled":false,
                     "attributes":{"weight":12.5,"tags":["gift","new"],"when":"2026-02-01","size":{"amount":3,"unit":"METER"}},
                     "texts":{"nl-NL":{"title":"Blauwe mok"}}})",
            "en");
  shop.price("A", R"({"prices":{"EUR":{"sell_price":19.95}}})");
  CHECK(row("title", "like", "\"%blue%\"") == "yes");
  CHECK(row("title", "nlike", "\"blue\"") == "no");
  CHECK(row("title", "eq", "\"Blauwe mok\"") == "no");
  CHECK(row("title", "eq", "\"blauwe MOK\"", "nl-NL") == "yes");
  CHECK(row("attributes.weight", "gt", "5") == "yes");
  CHECK(row("attributes.weight", "lte", "\"12.50\"") == "yes");
  CHECK(row("attributes.weight", "between", "[5,12.5]") == "yes");
  CHECK(row("attributes.weight", "nbetween", "[5,12.5]") == "no");
  CHECK(row("attributes.weight", "nbetween", "[1,2]") == "yes");
  CHECK(row("attributes.weight", "lt", "12.5") == "no");
  CHECK(row("attributes.none", "lt", "12.5") == "no");
  CHECK(row("attributes.tags", "eq", "\"NEW\"") == "yes");
  CHECK(row("attributes.tags", "nin", "[\"gift\"]") == "no");
  CHECK(row("attributes.when", "gte", "\"2026-01-31\"") == "yes");
  CHECK(row("categories", "eq", "\"home/kitchen\"") == "yes");
  CHECK(row("categories", "eq", "\"home/kit\"") == "no");
  CHECK(row("categories", "direct", "[\"home/kitchen\"]") == "no");
  CHECK(row("categories", "direct", "[\"home/kitchen/mugs\"]") == "yes");
  CHECK(row("categories", "ndirect", "[\"home/kitchen\"]") == "yes");
  CHECK(row("categories", "direct_or_empty", "[\"home\"]") == "no");
  CHECK(row("attributes.none", "in_or_empty", "[\"x\"]") == "yes");
  CHECK(row("brand", "in_or_empty", "[\"x\",\"ACME\"]") == "yes");
  CHECK(row("brand", "in_or_empty", "[\"x\"]") == "no");
  CHECK(row("title", "starts", "\"blue*\"") == "yes");
  CHECK(row("title", "starts", "\"mug\"") == "no");
  CHECK(row("title", "starts", "\"*mug\"") == "yes");
  CHECK(row("enabled", "eq", "false") == "yes");
  CHECK(row("ean", "empty", "true") == "yes");
  CHECK(row("brand", "empty", "true") == "no");
  CHECK(row("prices.EUR.sell_price", "gte", "19.95") == "yes");
  CHECK(row("prices.USD.sell_price", "gte", "0") == "no");
  CHECK(std::string(holds(R"({"formula":"lower([brand]) = 'acme' and [attributes.weight] > 5"})")) == "yes");
  CHECK(std::string(holds(
            R"({"formula":"[title (nl-NL)] = 'Blauwe mok' and [unit.size] = 'METER' and [attributes.size] = 3"})")) ==
        "yes");
  CHECK(std::string(holds(R"({"formula":"contains([categories], 'kitchen') and [prices.EUR.sell_price] < 20"})")) ==
        "yes");
  CHECK(std::string(holds(R"({"formula":"[brand]"})")) == "failed");
  CHECK(std::string(holds(R"({"formula":"[brand] + 1 > 2"})")) == "failed");
  CHECK(std::string(holds(R"({"match":"any","conditions":[{"field":"brand","operator":"eq","value":"x"},
                              {"field":"sku","operator":"eq","value":"a"}]})")) == "yes");
  CHECK(std::string(holds(R"({"match":"any","conditions":[{"field":"brand","operator":"eq","value":"x"}]})")) == "no");
}

TEST_CASE("rules: whatever a list can be asked, a condition can ask too") {
  RuleShop shop;
  const auto read = shop.store->read();
  const auto fault_of = [&](std::string_view op, std::string_view field) {
    const std::string value = row_of(*operator_named(op)).takes == OperatorTakes::flag  ? "true"
                              : row_of(*operator_named(op)).takes == OperatorTakes::one ? R"("1")"
                                                                                        : R"(["1","2"])";
    const auto body = json::read_fields<rules::RuleBody>(test::parsed(
        R"({"name":"x","when":{"conditions":[{"field":")" + std::string(field) + R"(","operator":")" + std::string(op) +
        R"(","value":)" + value + R"(}]},"then":[{"action":"set","field":"brand","value":"1"}]})"));
    const auto rule = shop.rules->draft(read, 0, *body);
    return rule.ok() ? std::string() : rule.error().faults.at(0).field;
  };
  for (const OperatorRow& one : kOperators) {
    CAPTURE(std::string(one.name));
    CHECK(fault_of(one.name, "categories").empty());
  }
  CHECK(fault_of("direct", "brand") == "when.conditions[0].operator");
}

TEST_CASE("rules: a value is derived in each language that is named, and goes when there is nothing to make it of") {
  RuleShop shop;
  shop.rule(R"({"name":"Label","then":[{"action":"derive","field":"attributes.label","locales":["en","nl-NL"],
                "formula":"if(empty([title]), '', upper([title])) & ''"},
               {"action":"derive","field":"enabled","formula":"empty([brand]) = no"}]})");
  shop.post("A", R"({"title":"Mug","texts":{"nl-NL":{"title":"Mok"}}})", "en");
  CHECK(shop.value("A", "attributes.label", "en") == "\"MUG\"");
  CHECK(shop.value("A", "attributes.label", "nl-NL") == "\"MOK\"");
  CHECK(shop.value("A", "enabled") == "false");
  shop.post("A", R"({"title":"","brand":"B","texts":{"nl-NL":{"title":null}}})", "en");
  CHECK(shop.value("A", "attributes.label", "en").empty());
  CHECK(shop.value("A", "enabled") == "true");
}

TEST_CASE("rules: prices follow from each other, with the product's fields and within one unit of work") {
  RuleShop shop;
  const auto rule = shop.rule(
      R"({"name":"Margin","when":{"conditions":[{"field":"prices.EUR.purchase_price","operator":"gt","value":0}]},
          "then":[{"action":"derive","field":"prices.EUR.sell_price","formula":"round([prices.EUR.purchase_price] * 1.4, 2) + 0"}]})");
  shop.rule(R"({"name":"Dear","when":{"formula":"[prices.EUR.sell_price] > 100"},
               "then":[{"action":"add","field":"categories","value":"dear"}]})");
  shop.post("A", R"({"title":"T"})");
  shop.price("A", R"({"prices":{"EUR":{"purchase_price":100}}})");
  CHECK(shop.value("A", "prices.EUR.sell_price") == "140.00");
  CHECK(shop.value("A", "categories") == R"(["dear"])");
  CHECK(shop.history("A") == "categories=Dear");
  CHECK(shop.history("A", 1) == "prices.EUR.purchase_price prices.EUR.sell_price=Margin");
  shop.price("A", R"({"prices":{"EUR":{"sell_price":1}}})");
  CHECK(shop.value("A", "prices.EUR.sell_price") == "140.00");
  CHECK(shop.counts(rule).matched == 1);  // the second price came to nothing
  // The product alone is written: its offer obeys too.
  shop.rule(R"({"name":"Sale","when":{"formula":"[attributes.sale] = 'yes'"},
               "then":[{"action":"set","field":"prices.EUR.sell_price","value":5}]})");
  const auto out =
      shop.batch({{"A", R"({"attributes":{"sale":true}})"}, {"B", R"({"title":"T","attributes":{"sale":true}})"}});
  CHECK(shop.value("A", "prices.EUR.sell_price") == "5.00");
  CHECK(shop.value("B", "prices.EUR.sell_price") == "5.00");
  CHECK((out[0].repriced && !out[0].only_repriced));
  CHECK(shop.history("B") == "prices.EUR.sell_price=Sale");
  CHECK(shop.history("B", 1).empty());  // made by the file; its prices have the entry above
  // What an import did, rules included, is taken back as one.
  const catalog::Origin import{catalog::Origin::Kind::import, 1, 0};
  const auto touched = shop.products->history().touched(shop.store->read(), import, 0);
  REQUIRE((touched.ok() && *touched));
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_TRY(shop.products->undo(work, shop.anna, {catalog::Origin::Kind::undo, 2, 0}, **touched,
                                           shop.clock.now()));
                return {};
              })
              .ok());
  CHECK(shop.value("A", "prices.EUR.sell_price") == "140.00");
  CHECK(shop.value("A", "attributes.sale").empty());
  CHECK_FALSE(*shop.products->exists(shop.store->read(), "B"));
  CHECK(shop.counts(rule).failed == 0);
}

TEST_CASE("rules: what a rule cannot do leaves the value as it was, is told by rule and action, and refuses no write") {
  RuleShop shop;
  const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
    PF_TRY(shop.products->models().describe(work, shop.anna, catalog::ModelKind::attribute, "color",
                                            test::parsed(R"({"type":"choice","choices":[{"code":"red"}]})"),
                                            catalog::DescribeMode::put));
    PF_TRY(shop.products->models().describe(
        work, shop.anna, catalog::ModelKind::attribute, "weight",
        test::parsed(R"({"type":"measurement","unit_family":"Weight","unit":"GRAM"})"), catalog::DescribeMode::put));
    PF_TRY(shop.products->models().describe(work, shop.anna, catalog::ModelKind::attribute, "serial",
                                            test::parsed(R"({"type":"text","unique":true})"),
                                            catalog::DescribeMode::put));
    return {};
  });
  REQUIRE_MESSAGE(kept.ok(), (kept.ok() ? "" : kept.error().message));
  const auto rule = shop.rule(
      R"({"name":"Broken","then":[{"action":"set","field":"attributes.color","value":"pink"},
          {"action":"set","field":"attributes.weight","value":"500 g"},
          {"action":"derive","field":"prices.EUR.sell_price","formula":"10 / 3"},
          {"action":"set","field":"categories","value":["a//b"]},
          {"action":"set","field":"attributes.serial","value":"1"},
          {"action":"set","field":"family","value":"mugs"}]})");
  const auto out = shop.batch({{"A", R"({"title":"T","attributes":{"color":"red"},"categories":["c"]})"}});
  REQUIRE(out[0].outcome);
  CHECK(shop.value("A", "attributes.color") == "\"red\"");
  CHECK(shop.value("A", "attributes.weight") == R"({"amount":500,"unit":"GRAM"})");
  CHECK(shop.value("A", "prices.EUR.sell_price").empty());
  CHECK(shop.value("A", "categories") == R"(["c"])");
  CHECK(shop.value("A", "attributes.serial").empty());
  CHECK(shop.value("A", "family") == "\"mugs\"");
  std::string fields;
  for (const auto& notice : out[0].notices) fields += notice.field + " ";
  CHECK(fields == "attributes.color prices.EUR.sell_price attributes.serial categories ");
  CHECK(out[0].notices[0].message.find("The rule \"Broken\" (action 1) could not be followed: ") == 0);
  CHECK(out[0].notices[1].message.find("round(") != std::string::npos);
  CHECK(shop.counts(rule).failed == 4);
  CHECK(shop.counts(rule).failed_at == "A");
}

TEST_CASE("rules: an undo and a restore are not ruled, or what was taken back would come again") {
  RuleShop shop;
  shop.post("A", R"({"title":"T","brand":"acme"})");
  const auto rule = shop.rule(R"({"name":"Spell","when":{"formula":"[brand] = 'acme'"},
                                  "then":[{"action":"set","field":"brand","value":"Acme"}]})");
  const auto run = [&](std::uint64_t bulk) {
    std::vector<catalog::RowOutcome> out;
    const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
      const std::vector<std::string> skus{"A", "gone"};
      PF_LET(const auto all, shop.rules->for_products(work));
      const auto ruling = shop.rules->ruling(all);
      PF_LET(auto edited,
             shop.products->rule_many(work, skus, *ruling,
                                      {.by = shop.anna, .origin = {catalog::Origin::Kind::bulk, bulk, 0}}));
      out = std::move(edited.outcomes);
      return {};
    });
    REQUIRE(kept.ok());
    return out;
  };
  const auto out = run(7);
  CHECK(out[0].outcome == catalog::Outcome::changed);
  CHECK_FALSE(out[1].outcome);
  CHECK(shop.history("A") == "brand=Spell");
  const auto touched = shop.products->history().touched(shop.store->read(), {catalog::Origin::Kind::bulk, 7, 0}, 0);
  REQUIRE((touched.ok() && *touched));
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_TRY(shop.products->undo(work, shop.anna, {catalog::Origin::Kind::undo, 8, 0}, **touched,
                                           shop.clock.now()));
                return {};
              })
              .ok());
  CHECK(shop.value("A", "brand") == "\"acme\"");
  CHECK(run(9)[0].outcome == catalog::Outcome::changed);
  CHECK(run(10)[0].outcome == catalog::Outcome::unchanged);
  CHECK(shop.counts(rule).matched == 2);
}

TEST_CASE("rules: those that keep changing each other, or their own result, are named") {
  RuleShop shop;
  shop.post("A", R"({"title":"T","brand":"x"})");
  const auto warned = [&] {
    const auto all = shop.rules->warnings(shop.store->read());
    REQUIRE(all.ok());
    return all->size() == 1 ? (*all)[0] : std::to_string(all->size());
  };
  CHECK(warned() == "0");
  const auto grows =
      shop.rule(R"({"name":"Grows","then":[{"action":"derive","field":"title","formula":"[title] & '!'"}]})");
  CHECK(warned().find("\"Grows\" changes title (en) each time") != std::string::npos);
  shop.change(grows.id, R"({"enabled":false})");
  CHECK(warned() == "0");
  const auto one = shop.rule(R"({"name":"One","when":{"formula":"[brand] = 'x'"},
                                 "then":[{"action":"set","field":"brand","value":"y"}],"stop":true})");
  shop.rule(
      R"({"name":"Two","when":{"formula":"[brand] = 'y'"},"then":[{"action":"set","field":"brand","value":"x"}]})");
  CHECK(warned().find("\"One\" and \"Two\" keep changing brand") != std::string::npos);
  shop.change(one.id, R"({"enabled":false})");
  shop.rule(
      R"({"name":"Late","when":{"formula":"[family] = 'f'"},"then":[{"action":"set","field":"attributes.a","value":"1"}]})");
  shop.rule(R"({"name":"Later","then":[{"action":"set","field":"family","value":"f"}]})");
  CHECK(warned().find("\"Late\" changes attributes.a only when") != std::string::npos);
  // Told from what they say, though no product shows it yet.
  shop.rule(R"({"name":"To","when":{"conditions":[{"field":"attributes.b","operator":"eq","value":"1"}]},
                "then":[{"action":"set","field":"attributes.c","value":"2"}]})");
  shop.rule(R"json({"name":"Fro","then":[{"action":"derive","field":"attributes.b",
                                          "formula":"if([attributes.c] = '2', '3', '')"},
                                         {"action":"set","field":"attributes.d","value":"1"}]})json");
  const auto both = shop.rules->warnings(shop.store->read());
  REQUIRE((both.ok() && both->size() == 2));
  CHECK(
      (*both)[1].starts_with("The rules \"To\" and \"Fro\" go in a circle: each looks at what another changes "
                             "(attributes.c and attributes.b)."));
}

TEST_CASE("rules: what a rule lacks or has too much is told with its place, all at once") {
  RuleShop shop;
  CHECK(shop.refused(R"({"then":[{"action":"set","field":"brand","value":"x"}]})") == "name");
  CHECK(shop.refused(R"({"name":"x","on":"cart","locale":"?","then":[]})") == "on locale");
  CHECK(shop.refused(R"({"name":"x"})") == "then");
  CHECK(shop.refused(R"({"name":"x","when":{"match":"some","conditions":[{"field":"colour","operator":"is","value":1},
                         {"field":"brand","operator":"eq","value":""},{"field":"brand","operator":"empty","value":3},
                         {"field":"brand","operator":"in","value":[]}],"formula":"[brand"},"then":[]})") ==
        "when.match when.conditions[0].operator when.conditions[0].field when.conditions[1].value "
        "when.conditions[2].value when.conditions[3].value when.formula then");
  CHECK(
      shop.refused(
          R"({"name":"x","when":{"formula":"[colour] = 1"},"then":[{"action":"burn"},{"action":"set","field":"brand"}]})") ==
      "when.formula then[0].action then[1].value");
  CHECK(shop.refused(R"({"name":"x","then":[{"action":"raise","field":"prices.EUR.sell_price","value":5}]})") ==
        "then[0].action");
  CHECK(shop.refused(R"({"name":"x","then":[{"action":"set","field":"ean","value":"4006381333931"},
                         {"action":"set","field":"parent","value":"A"},{"action":"add","field":"images","value":"https://x/y"}]})") ==
        "then[0].field then[1].field then[2].field");
  CHECK(shop.refused(R"({"name":"x","then":[{"action":"derive","field":"brand","formula":"[brand"},
                         {"action":"derive","field":"brand"},{"action":"derive","field":"brand","formula":"1","value":2}]})") ==
        "then[0].formula then[1].formula");
  CHECK(shop.refused(R"({"name":"x","then":[{"action":"set","field":"brand","value":"x"}]})") == "none");
}

TEST_CASE("rules: who was second to change a rule is told so") {
  RuleShop shop;
  const auto rule = shop.rule(R"({"name":"x","then":[{"action":"clear","field":"brand"}]})");
  shop.change(rule.id, R"({"name":"y"})");
  rules::RuleBody body;
  body.name = "z";
  CHECK(shop.rules->change(shop.anna, rule.id, body, 1).error().faults.at(0).code == "stale");
  CHECK(shop.rules->remove(shop.anna, rule.id, 1).error().faults.at(0).code == "stale");
  CHECK(shop.rules->change(shop.anna, rule.id, body, 2)->version == 3);
  CHECK(shop.rules->change(shop.anna, rule.id, body, 3)->version == 3);  // the same again is nothing
}
