#include "catalog/bulk_edit.h"
#include "catalog/offers.h"

#include "shop.h"

using namespace pf;
using namespace pf::catalog;
using pf::test::Shop;

namespace {

struct BulkShop : Shop {
  access::Actor by{};
  // Done to these products: an outcome's word or the first fault's field for each, divided by blanks.
  std::string edit(const std::vector<std::string>& skus, std::string_view actions, std::string_view locale = "en") {
    const auto read_actions = bulk_actions_of(test::parsed(actions));
    REQUIRE_MESSAGE(read_actions.ok(), read_actions.error().message);
    std::string out;
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto edited,
             products.edit_many(work, skus, *read_actions, {.locale = std::string(locale), .by = by}));
      for (const auto& outcome : edited.outcomes) {
        out += out.empty() ? "" : " ";
        out += outcome.outcome                ? std::string(outcome_name(*outcome.outcome))
               : outcome.error.faults.empty() ? std::string("refused")
                                              : outcome.error.faults[0].field;
      }
      return {};
    });
    REQUIRE_MESSAGE(kept.ok(), kept.error().message);
    return out;
  }
};

// The fields at fault, divided by blanks.
std::string refused_actions(std::string_view text) {
  const auto read = bulk_actions_of(test::parsed(text));
  if (read.ok()) return "none";
  std::string out;
  for (const auto& fault : read.error().faults) out += (out.empty() ? "" : " ") + fault.field;
  return out;
}

}  // namespace

TEST_CASE("bulk: fields are set and cleared, and a product that has the value already is unchanged") {
  BulkShop shop;
  shop.post("A", R"({"title":"T","brand":"Acme","family":"mugs","attributes":{"color":"red"}})");
  shop.post("B", R"({"title":"T","brand":"Beta"})");
  CHECK(shop.edit({"A", "B", "none"}, R"([{"action":"set","field":"brand","value":"Beta"}])") ==
        "changed unchanged refused");
  CHECK(shop.text("A", "version") == "2");
  CHECK(shop.text("B", "version") == "1");
  CHECK(shop.edit({"A", "B"}, R"([{"action":"set","field":"enabled","value":false},{"action":"clear","field":"family"},
                                  {"action":"set","field":"attributes.size","value":{"w":1}},
                                  {"action":"clear","field":"attributes.color"}])") == "changed changed");
  CHECK(shop.where("enabled", Operator::eq, {"0"}) == "A B");
  CHECK(shop.text("A", "family") == "null");
  CHECK(shop.attribute("A", "size") == R"({"w":1})");
  CHECK(shop.attribute("A", "color") == "absent");
}

TEST_CASE("bulk: texts are meant in the languages that are named, clear and replace without one in all of them") {
  BulkShop shop;
  shop.post(
      "A",
      R"({"title":"Red mug","description":"A mug","texts":{"nl-NL":{"title":"Rode mug"},"de-DE":{"title":"Rote Tasse"}}})",
      "en");
  CHECK(shop.edit({"A"}, R"([{"action":"replace","field":"title","find":"mug","with":"cup"}])") == "changed");
  CHECK(shop.text("A", "title", "en") == "Red cup");
  CHECK(shop.text("A", "title", "nl-NL") == "Rode cup");
  CHECK(shop.edit({"A"}, R"([{"action":"set","field":"title","locales":["nl-NL","de-DE"],"value":"X"}])") == "changed");
  CHECK(shop.text("A", "title", "en") == "Red cup");
  CHECK(shop.text("A", "title", "de-DE") == "X");
  CHECK(shop.edit({"A"}, R"([{"action":"set","field":"title","value":"Van hier"}])", "nl-NL") == "changed");
  CHECK(shop.text("A", "title", "nl-NL") == "Van hier");
  CHECK(shop.edit({"A"}, R"([{"action":"clear","field":"title","locales":["de-DE"]}])") == "changed");
  CHECK(shop.text("A", "title", "de-DE") == "Red cup");
  CHECK(shop.edit({"A"}, R"([{"action":"clear","field":"title"}])") == "changed");
  CHECK(shop.text("A", "title", "nl-NL") == "null");
  CHECK(shop.text("A", "description", "en") == "A mug");
  CHECK(shop.edit({"A"}, R"([{"action":"replace","field":"title","find":"mug","with":""}])") == "unchanged");
}

TEST_CASE("bulk: an attribute of one value a language is replaced and cleared in each, and set in the call's") {
  BulkShop shop;
  shop.post("A", R"({"title":"T","texts":{"en":{"fit":"slim fit"},"nl-NL":{"fit":"slim"}}})", "en");
  CHECK(shop.edit({"A"}, R"([{"action":"replace","field":"attributes.fit","find":"slim","with":"small"}])") ==
        "changed");
  CHECK(shop.attribute("A", "fit", "en") == "\"small fit\"");
  CHECK(shop.attribute("A", "fit", "nl-NL") == "\"small\"");
  CHECK(shop.edit({"A"}, R"([{"action":"set","field":"attributes.fit","value":"wijd"}])", "nl-NL") == "changed");
  CHECK(shop.attribute("A", "fit", "nl-NL") == "\"wijd\"");
  CHECK(shop.attribute("A", "fit", "en") == "\"small fit\"");
  CHECK(shop.edit({"A"}, R"([{"action":"clear","field":"attributes.fit"}])") == "changed");
  CHECK(shop.attribute("A", "fit", "en") == "absent");
  CHECK(shop.attribute("A", "fit", "nl-NL") == "absent");
}

TEST_CASE("bulk: lists take what they lack and give what they have; categories move with all below them") {
  BulkShop shop;
  shop.post("A",
            R"({"title":"T","categories":["kitchen/mugs","kitchenware"],"attributes":{"tags":["a","b"],"size":"M"}})");
  CHECK(shop.edit({"A"}, R"([{"action":"add","field":"categories","value":["sale","kitchen/mugs"]},
                             {"action":"move","from":"kitchen","to":"home/kitchen"}])") == "changed");
  CHECK(shop.text("A", "categories") == R"(["home/kitchen/mugs","kitchenware","sale"])");
  CHECK(shop.edit({"A"}, R"([{"action":"remove","field":"categories","value":"sale"},
                             {"action":"move","from":"kitchenware","to":"home/kitchen/mugs"}])") == "changed");
  CHECK(shop.text("A", "categories") == R"(["home/kitchen/mugs"])");
  CHECK(shop.edit({"A"}, R"([{"action":"add","field":"attributes.tags","value":"c"},
                             {"action":"remove","field":"attributes.tags","value":["a"]},
                             {"action":"add","field":"attributes.new","value":["x"]}])") == "changed");
  CHECK(shop.attribute("A", "tags") == R"(["b","c"])");
  CHECK(shop.attribute("A", "new") == R"(["x"])");
  CHECK(shop.edit({"A"}, R"([{"action":"remove","field":"attributes.tags","value":["b","c"]}])") == "changed");
  CHECK(shop.attribute("A", "tags") == "absent");
  CHECK(shop.edit({"A"}, R"([{"action":"add","field":"attributes.size","value":"L"}])") == "attributes.size");
  CHECK(shop.attribute("A", "size") == "\"M\"");
}

TEST_CASE("bulk: a product is refused where the rules for values refuse, and the others are kept") {
  BulkShop shop;
  shop.attribute_is("color", R"({"type":"choice","choices":[{"code":"red"},{"code":"blue"}]})");
  shop.post("A", R"({"title":"T","attributes":{"color":"red"}})");
  CHECK(shop.edit({"A"}, R"([{"action":"set","field":"attributes.color","value":"pink"}])") == "attributes.color");
  CHECK(shop.edit({"A"}, R"([{"action":"set","field":"attributes.color","value":"BLUE"}])") == "changed");
  CHECK(shop.attribute("A", "color") == "\"blue\"");
  shop.post("B", R"({"title":"T","parent":"A"})");
  CHECK(shop.edit({"A", "B"}, R"([{"action":"set","field":"parent","value":"B"}])") == "parent parent");
}

TEST_CASE("bulk: what an action lacks or has too much is told with its place, all at once") {
  CHECK(refused_actions("[]") == "actions");
  CHECK(refused_actions("{}") == "actions");
  CHECK(refused_actions(R"([{"action":"burn"},7,{"action":"set","field":"brand"}])") ==
        "actions[0].action actions[1] actions[2].value");
  CHECK(
      refused_actions(
          R"([{"action":"set","field":"sku","value":"x"},{"action":"set","field":"brand","locales":["en"],"value":"x"}])") ==
      "actions[0].field actions[1].field");
  CHECK(refused_actions(R"([{"action":"clear","field":"enabled"},{"action":"add","field":"brand","value":"x"}])") ==
        "actions[0].field actions[1].field");
  CHECK(
      refused_actions(
          R"([{"action":"replace","field":"title","find":"","with":"x"},{"action":"replace","field":"title","find":"x"}])") ==
      "actions[0].find actions[1].with");
  CHECK(refused_actions(R"([{"action":"move","from":"a"},{"action":"move","from":"a","to":"b","field":"x"}])") ==
        "actions[0].to actions[1].field");
  CHECK(refused_actions(
            R"([{"action":"set","field":"enabled","value":"yes"},{"action":"set","field":"title","value":5}])") ==
        "actions[0].value actions[1].value");
  CHECK(refused_actions(R"([{"action":"set","field":"title","locales":["?"],"value":"x"}])") == "actions[0].locales");
  CHECK(refused_actions(R"([{"action":"set","field":"offer.colour","value":"x"}])") == "actions[0].field");
  CHECK(refused_actions(R"([{"action":"set","field":"title","value":"x"}])") == "none");
}

TEST_CASE("bulk: prices are set, cleared and raised by a percentage, rounded half up in the currency's own digits") {
  const auto after = [](const char* actions) {
    const auto read = bulk_actions_of(test::parsed(actions));
    REQUIRE_MESSAGE(read.ok(), read.error().message);
    const auto change = offer_change_of(test::parsed(
        R"({"title":"T","prices":{"EUR":{"sell_price":19.95,"cost_price":0.05},"JPY":{"sell_price":999}}})"));
    Offer offer;
    REQUIRE(apply_change(offer, *change).ok());
    const auto done = bulk_offer(*read, offer);
    if (!done.ok()) return done.error().faults.at(0).field;
    auto value = offer_value(offer);
    return json::write(*value.find("prices"));
  };
  CHECK(after(R"([{"action":"raise","field":"prices.EUR.sell_price","value":10}])") ==
        R"({"EUR":{"sell_price":21.95,"cost_price":0.05},"JPY":{"sell_price":999}})");  // 21.945
  CHECK(after(R"([{"action":"raise","field":"prices.JPY.sell_price","value":"-2.5"}])") ==
        R"({"EUR":{"sell_price":19.95,"cost_price":0.05},"JPY":{"sell_price":974}})");  // 974.025
  CHECK(after(R"([{"action":"raise","field":"prices.USD.sell_price","value":5}])") ==
        R"({"EUR":{"sell_price":19.95,"cost_price":0.05},"JPY":{"sell_price":999}})");
  CHECK(after(R"([{"action":"clear","field":"prices.EUR.cost_price"},
                  {"action":"set","field":"prices.JPY.sell_price","value":"1000"}])") ==
        R"({"EUR":{"sell_price":19.95},"JPY":{"sell_price":1000}})");
  CHECK(after(R"([{"action":"set","field":"prices.JPY.sell_price","value":1.5}])") == "prices.JPY.sell_price");
  for (const char* wrong : {R"([{"action":"raise","field":"prices.EUR.sell_price","value":-100}])",
                            R"([{"action":"raise","field":"prices.EUR.sell_price","value":"1.234"}])",
                            R"([{"action":"raise","field":"brand","value":5}])",
                            R"([{"action":"add","field":"prices.EUR.sell_price","value":5}])",
                            R"([{"action":"set","field":"prices.EUR.price","value":5}])",
                            R"([{"action":"set","field":"prices.EUR.sell_price","value":true}])"})
    CHECK_FALSE_MESSAGE(bulk_actions_of(test::parsed(wrong)).ok(), wrong);
}

TEST_CASE("bulk: a limited person changes what he may change singly, and finds nothing else") {
  BulkShop shop;
  shop.post("A", R"({"title":"T","categories":["shoes/boots"],"texts":{"de":{"title":"D"}}})", "en");
  shop.post("B", R"({"title":"T","categories":["garden"]})", "en");
  auto limits = std::make_shared<access::Limits>();
  limits->categories = {"shoes"};
  limits->locales = {"en"};
  shop.by.limits = limits;
  CHECK(shop.edit({"A", "B"}, R"([{"action":"set","field":"title","value":"New"}])") == "changed refused");
  CHECK(shop.edit({"A"}, R"([{"action":"set","field":"title","locales":["de"],"value":"Neu"}])") == "locale");
  CHECK(shop.edit({"A"}, R"([{"action":"move","from":"shoes","to":"garden"}])") == "categories");
  CHECK(shop.edit({"A"}, R"([{"action":"move","from":"shoes/boots","to":"shoes"}])") == "changed");
  CHECK(shop.text("B", "title") == "T");
}
