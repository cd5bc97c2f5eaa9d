#include "catalog/references.h"

#include "shop.h"

using namespace pf;
using catalog::ModelKind;
using catalog::Operator;
using catalog::WriteMode;
using pf::test::parsed;

namespace {

struct BrandShop : test::Shop {
  BrandShop() {
    REQUIRE(describe(ModelKind::reference_kind, "designer", R"({"labels":{"en":"Designer"}})").ok());
    const auto brand = describe(ModelKind::reference_kind, "brand", R"({"labels":{"en":"Brand","nl":"Merk"},
      "attributes":[{"code":"country","type":"choice","required":true,"choices":[{"code":"NL","labels":{"en":"Netherlands"}}]},
                    {"code":"story","type":"text","localisable":true},{"code":"founded","type":"number"},
                    {"code":"designer","type":"reference","reference_kind":"designer"}]})");
    REQUIRE_MESSAGE(brand.ok(), brand.error().message);
    attribute_is("maker", R"({"type":"reference","reference_kind":"brand"})");
    attribute_is("labels", R"({"type":"references","reference_kind":"brand"})");
  }
  Result<catalog::ReferenceWritten> keep(std::string_view kind, std::string_view code, std::string_view body,
                                         WriteMode mode = WriteMode::upsert, std::string_view if_match = {}) {
    Result<catalog::ReferenceWritten> out = error(ErrorCode::internal, "not run");
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      out = products.references().write(work, access::system_actor(), kind, code, parsed(body), mode, if_match);
      if (!out.ok()) return out.error();
      return {};
    });
    if (!kept.ok()) return kept.error();
    return out;
  }
  catalog::ReferenceRecord brand(std::string_view code, std::string_view body) {
    auto done = keep("brand", code, body);
    REQUIRE_MESSAGE(done.ok(), done.error().message);
    return done->record;
  }
  Result<> forget_record(std::string_view kind, std::string_view code) {
    return store->write(
        [&](storage::Write& work) { return products.references().remove(work, access::system_actor(), kind, code); });
  }
  std::string codes(catalog::ReferenceQuery query, std::string_view kind = "brand") {
    const auto page = products.references().list(store->read(), kind, query);
    REQUIRE_MESSAGE(page.ok(), page.error().message);
    std::string out;
    for (const auto& record : page->records) out += (out.empty() ? "" : " ") + record.code;
    return out + " of " + std::to_string(page->total);
  }
};

}  // namespace

TEST_CASE("references: a record is checked, merged, found by its words, and remembers what it was") {
  BrandShop shop;
  REQUIRE(shop.keep("designer", "jan", R"({"labels":{"en":"Jan Jansen"}})").ok());
  auto acme = shop.brand("acme", R"({"labels":{"en":"Acme Shoes","nl_NL":"Acme Schoenen"},
    "values":{"country":"Netherlands","story":{"en":"Since long"},"founded":"1950","designer":"Jan Jansen"}})");
  CHECK(json::write(acme.values) == R"({"country":"NL","story":{"en":"Since long"},"founded":1950,"designer":"jan"})");
  shop.brand("bolt", R"({"labels":{"en":"Bolt"}})");
  CHECK(shop.codes({}) == "acme bolt of 2");
  CHECK(shop.codes({.text = "scho"}) == "acme of 1");
  CHECK(shop.codes({.where = {{"founded", Operator::eq, {"1950"}}}}) == "acme of 1");
  CHECK(shop.codes({.where = {{"incomplete", Operator::eq, {"true"}}}}) == "bolt of 1");
  CHECK(shop.codes({.sort = "label", .descending = true, .locale = "en"}) == "bolt acme of 2");

  // A patch merges, null removes; a replace leaves what it names alone.
  acme = shop.brand("acme", R"({"labels":{"nl-NL":null},"values":{"founded":null,"story":{"nl":"Al lang"}}})");
  CHECK(json::write(acme.values) == R"({"country":"NL","story":{"en":"Since long","nl":"Al lang"},"designer":"jan"})");
  CHECK(acme.version == 2);
  CHECK(shop.keep("brand", "acme", R"({"labels":{}})", WriteMode::upsert)->outcome == catalog::Outcome::unchanged);
  CHECK_FALSE(shop.keep("brand", "acme", R"({"labels":{}})", WriteMode::replace, "\"1-0\"").ok());
  const auto history = shop.products.references().history(shop.store->read(), "brand", "acme");
  REQUIRE(history.ok());
  REQUIRE(history->size() == 2);
  CHECK(
      json::write(*(*history)[0].find("fields")).find(R"({"field":"labels.nl-NL","was":"Acme Schoenen","is":null})") !=
      std::string::npos);

  // Every fault at once, by name, with what may be meant.
  const auto bad =
      shop.keep("brand", "worse", R"({"values":{"country":"XX","founded":"old","designer":"jam","size":1}})");
  REQUIRE_FALSE(bad.ok());
  std::string all;
  for (const auto& fault : bad.error().faults) all += fault.field + ": " + fault.message + "\n";
  CHECK(bad.error().faults.size() == 4);
  CHECK_MESSAGE(all.find("is \"jan\" meant?") != std::string::npos, all);
  CHECK(shop.keep("planet", "x", "{}").error().code == ErrorCode::not_found);
}

TEST_CASE("references: products hold codes of records that are there, found by their labels") {
  BrandShop shop;
  shop.brand("acme", R"({"labels":{"en":"Acme Shoes"}})");
  shop.brand("bolt", R"({"labels":{"en":"Bolt"}})");
  shop.post("A", R"({"title":"Sandal","attributes":{"maker":"ACME shoes","labels":"bolt, Acme Shoes,bolt"}})");
  CHECK(shop.attribute("A", "maker") == R"("acme")");
  CHECK(shop.attribute("A", "labels") == R"(["bolt","acme"])");
  const auto refused = shop.refused("B", R"({"title":"B","attributes":{"maker":"acmi","labels":["x"]}})");
  REQUIRE(refused.faults.size() == 2);
  CHECK(refused.faults[0].field == "attributes.maker");
  CHECK(refused.faults[0].message ==
        "names the record \"acmi\" of brand, which is not there; is \"acme\" meant? Else make it first");
  CHECK(refused.faults[1].field == "attributes.labels");

  shop.post("C", R"({"title":"Boot","attributes":{"maker":"bolt"}})");
  CHECK(shop.where("maker", Operator::eq, {"Acme Shoes"}) == "A");
  CHECK(shop.where("attributes.maker", Operator::neq, {"acme"}) == "C");
  CHECK(shop.where("maker", Operator::like, {"sho"}) == "A");
  CHECK(shop.search("shoes sandal") == "A");
  CHECK(shop.search("bolt") == "A C");
  CHECK(shop.search("bolt boot") == "C");

  // A batch: one look-up a brand, a refused row stops no other.
  std::vector<catalog::ProductRow> rows;
  for (const char* maker : {"Bolt", "nobody", "bolt"}) {
    rows.emplace_back();
    rows.back().sku = shop.sku("R" + std::to_string(rows.size()));
    rows.back().change.attributes.emplace_back("maker", json::Value(maker));
  }
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(const auto outcomes, shop.products.upsert_many(work, rows, {}));
                CHECK(outcomes[0].outcome == catalog::Outcome::created);
                CHECK_FALSE(outcomes[1].outcome);
                CHECK(outcomes[2].outcome == catalog::Outcome::created);
                return {};
              })
              .ok());

  // What is named stays; the kind stays while it has records, and while an attribute names it.
  const auto used = shop.forget_record("brand", "bolt");
  REQUIRE_FALSE(used.ok());
  CHECK(used.error().message.find("named by 4 products and 0 records") != std::string::npos);
  shop.brand("free", R"({"labels":{"en":"Free"}})");
  CHECK(shop.forget_record("brand", "free").ok());
  CHECK_FALSE(shop.forget(ModelKind::reference_kind, "designer").ok());
  CHECK_FALSE(shop.forget(ModelKind::reference_kind, "brand").ok());
  CHECK_FALSE(shop.describe(ModelKind::attribute, "x", R"({"type":"references"})").ok());
  CHECK_FALSE(shop.describe(ModelKind::attribute, "x", R"({"type":"reference","reference_kind":"planet"})").ok());

  // What a product was is given back only while its record is there.
  shop.patch("A", R"({"attributes":{"labels":null,"maker":"bolt"}})");
  CHECK(shop.forget_record("brand", "acme").ok());
  const auto back = shop.store->write([&](storage::Write& work) -> Result<> {
    PF_TRY(shop.products.restore(work, access::system_actor(), shop.sku("A"), 1, {}));
    return {};
  });
  REQUIRE_FALSE(back.ok());
  CHECK(back.error().faults[0].field == "attributes.maker");
}
