#include "catalog/association.h"

#include "catalog/bulk_edit.h"
#include "shop.h"

using namespace pf;
using catalog::ModelKind;
using catalog::WriteMode;

namespace {

struct LinkedShop : test::Shop {
  LinkedShop() {
    for (const char* name : {"CAMERA", "BAG", "LENS", "CARD"}) post(name, R"({"title":"x"})");
  }
  std::string links(std::string_view name) {
    const auto product = get(name);
    const auto* found = product.find("associations");
    return found == nullptr ? "none" : json::write(*found);
  }
  std::string linked_from(std::string_view name) {
    const auto found = products.linked_from(store->read(), name, 10);
    REQUIRE(found.ok());
    std::string out;
    for (const auto& one : *found) out += (out.empty() ? "" : " ") + one;
    return out;
  }
  std::vector<catalog::HistoryEntry> history(std::string_view name) {
    auto page = products.history().page(store->read(), name, {}, 10);
    REQUIRE(page.ok());
    return std::move(page->entries);
  }
  catalog::RowOutcome import_links(std::string_view name, const char* links, bool forward) {
    std::vector<catalog::ProductRow> rows(1);
    rows[0].sku = sku(name);
    rows[0].change.associations.emplace_back("X_SELL", test::parsed(links));
    catalog::RowOutcome out;
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(auto done, products.upsert_many(work, rows, {.forward_parents = forward}));
                  out = done[0];
                  return {};
                })
                .ok());
    return out;
  }
};

}  // namespace

TEST_CASE("a product names others by kind, with quantities in a bundle, and is found from the other side") {
  LinkedShop shop;
  shop.post("CAMERA", R"({"associations":{"X_SELL":["BAG","LENS","BAG"],"PACK":[{"sku":"CARD","quantity":2}]}})");
  CHECK(shop.links("CAMERA") == R"({"X_SELL":[{"sku":"BAG"},{"sku":"LENS"}],"PACK":[{"sku":"CARD","quantity":2}]})");
  CHECK(shop.linked_from("BAG") == "CAMERA");
  CHECK(shop.linked_from("CARD") == "CAMERA");
  CHECK(shop.linked_from("CAMERA") == "");
  // What GET gave may be sent back; a kind that is not named stays, null takes one away.
  CHECK(shop.write("CAMERA", shop.bytes("CAMERA")).value().outcome == catalog::Outcome::unchanged);
  shop.patch("CAMERA", R"({"associations":{"X_SELL":[{"sku":"LENS"}]}})");
  CHECK(shop.linked_from("BAG") == "");
  shop.patch("CAMERA", R"({"associations":{"PACK":null}})");
  CHECK(shop.links("CAMERA") == R"({"X_SELL":[{"sku":"LENS"}]})");
  REQUIRE(shop.write("CAMERA", R"({"title":"new"})", WriteMode::replace).ok());
  CHECK(shop.links("CAMERA") == "none");
  CHECK(shop.linked_from("LENS") == "");
}

TEST_CASE("a link to nothing, to itself or in no number of pieces is refused, all faults at once") {
  LinkedShop shop;
  const auto faults = shop.refused("CAMERA", R"({"associations":{"X_SELL":["CAMERA"],"PACK":[{"sku":"BAG","quantity":0},
      {"sku":"LENS","pieces":1},7],"no@kind":["BAG"]}})")
                          .faults;
  std::string said;
  for (const auto& fault : faults) said += fault.field + " " + fault.code + "; ";
  CHECK(said ==
        "associations.X_SELL itself; associations.PACK[0].quantity range; associations.PACK[1].pieces unknown; "
        "associations.PACK[2] type; associations.no@kind characters; ");
  const auto unknown = shop.refused("CAMERA", R"({"associations":{"X_SELL":["BAG","FILM"]}})").faults;
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].message == "The product \"FILM\" does not exist; create it first.");
  std::string many = "[";
  for (std::size_t i = 0; i <= catalog::kLinksMax; ++i) many += (i > 0 ? ",\"S" : "\"S") + std::to_string(i) + "\"";
  CHECK(shop.refused("CAMERA", "{\"associations\":{\"X_SELL\":" + many + "]}}").faults.at(0).code == "too_many");
}

TEST_CASE("a shop describes kinds of its own, and a kind without quantities takes none") {
  LinkedShop shop;
  REQUIRE(shop.describe(ModelKind::association_type, "FITS", R"({"labels":{"en":"Fits"},"two_way":true})").ok());
  CHECK(shop.refused("BAG", R"({"associations":{"FITS":[{"sku":"CAMERA","quantity":2}]}})").faults.at(0).code ==
        "quantity");
  shop.post("BAG", R"({"associations":{"FITS":["CAMERA"],"OWN":[{"sku":"CAMERA","quantity":2}]}})");
  CHECK(shop.model()->association_types.at("FITS")->said.two_way);
  REQUIRE(shop.forget(ModelKind::association_type, "FITS").ok());
  CHECK(shop.links("BAG").find("FITS") != std::string::npos);
  CHECK(shop.describe(ModelKind::association_type, "no@kind", "{}").error().faults.at(0).code == "characters");
}

TEST_CASE("a product that is deleted is taken out of those that name it, which their history tells") {
  LinkedShop shop;
  shop.post("CAMERA", R"({"associations":{"X_SELL":["BAG","LENS"]}})");
  shop.post("LENS", R"({"associations":{"X_SELL":["BAG"]}})");
  REQUIRE(shop.remove("BAG").ok());
  CHECK(shop.links("CAMERA") == R"({"X_SELL":[{"sku":"LENS"}]})");
  CHECK(shop.links("LENS") == "none");
  CHECK(shop.linked_from("BAG") == "");
  const auto entry = shop.history("CAMERA").at(0);
  REQUIRE(entry.changes.size() == 1);
  CHECK(catalog::field_path(entry.changes[0].at) == "associations.X_SELL");
  CHECK(entry.changes[0].before == R"([{"sku":"BAG"},{"sku":"LENS"}])");
  CHECK(entry.changes[0].after == R"([{"sku":"LENS"}])");
  // An older version comes back without the link to what is gone; with it, once that is there again.
  const auto restore = [&](std::uint64_t version) {
    return shop.store->write([&](storage::Write& work) -> Result<> {
      PF_TRY(shop.products.restore(work, access::system_actor(), test::Shop::sku("CAMERA"), version, {}, {}));
      return {};
    });
  };
  REQUIRE(restore(2).ok());
  CHECK(shop.links("CAMERA") == R"({"X_SELL":[{"sku":"LENS"}]})");
  shop.post("BAG", R"({"title":"again"})");
  REQUIRE(restore(2).ok());
  CHECK(shop.links("CAMERA") == R"({"X_SELL":[{"sku":"BAG"},{"sku":"LENS"}]})");
  CHECK(shop.linked_from("BAG") == "CAMERA");
}

TEST_CASE("a file may name products that come later; a program's lines may not") {
  LinkedShop shop;
  CHECK(shop.import_links("CAMERA", R"(["FILM"])", false).error.faults.at(0).code == "unknown");
  CHECK(shop.import_links("CAMERA", R"(["FILM"])", true).outcome == catalog::Outcome::changed);
  CHECK(shop.import_links("CAMERA", R"(["FILM"])", true).outcome == catalog::Outcome::unchanged);
  CHECK(shop.import_links("CAMERA", R"([{"sku":"FILM","quantity":1}])", true).outcome == catalog::Outcome::changed);
  shop.post("FILM", R"({"title":"Film"})");
  CHECK(shop.linked_from("FILM") == "CAMERA");
  // Two lines that name each other.
  std::vector<catalog::ProductRow> rows(2);
  rows[0].sku = test::Shop::sku("A");
  rows[0].change.associations.emplace_back("X_SELL", test::parsed(R"(["B"])"));
  rows[1].sku = test::Shop::sku("B");
  rows[1].change.associations.emplace_back("X_SELL", test::parsed(R"(["A"])"));
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(const auto done, shop.products.upsert_many(work, rows, {}));
                for (const auto& one : done) CHECK(one.outcome == catalog::Outcome::created);
                return {};
              })
              .ok());
  CHECK(shop.linked_from("B") == "A");
}

TEST_CASE("two people who link different kinds merge; the same kind is a conflict that shows both") {
  LinkedShop shop;
  const auto tag = shop.post("CAMERA", R"({"associations":{"X_SELL":["BAG"]}})").etag;
  const auto write = [&](const char* body) {
    const auto change = catalog::product_body_of(test::parsed(body), catalog::BodyStyle::merge_patch);
    std::vector<catalog::Clash> clashes;
    const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
      PF_TRY(shop.products.change(work, access::system_actor(), test::Shop::sku("CAMERA"), change->change,
                                  WriteMode::update, {}, tag, {}, &clashes));
      return {};
    });
    return kept.ok() ? std::string("kept") : clashes.empty() ? "refused" : clashes[0].theirs + " or " + clashes[0].mine;
  };
  CHECK(write(R"({"associations":{"X_SELL":["BAG","LENS"]}})") == "kept");
  CHECK(write(R"({"associations":{"PACK":["CARD"]}})") == "kept");
  CHECK(write(R"({"associations":{"X_SELL":["CARD"]}})") == R"([{"sku":"BAG"},{"sku":"LENS"}] or [{"sku":"CARD"}])");
  CHECK(shop.links("CAMERA") == R"({"X_SELL":[{"sku":"BAG"},{"sku":"LENS"}],"PACK":[{"sku":"CARD"}]})");
}

TEST_CASE("a bulk edit links many products, and takes a link out whatever its number") {
  LinkedShop shop;
  shop.post("CAMERA", R"({"associations":{"PACK":[{"sku":"BAG","quantity":3}]}})");
  const auto edit = [&](const char* actions) {
    const auto read = catalog::bulk_actions_of(test::parsed(actions));
    REQUIRE_MESSAGE(read.ok(), read.error().message);
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  const std::vector<std::string> skus{"CAMERA", "LENS"};
                  PF_TRY(shop.products.edit_many(work, skus, *read, {}));
                  return {};
                })
                .ok());
  };
  edit(R"([{"action":"add","field":"associations.PACK","value":["BAG",{"sku":"CARD","quantity":2}]}])");
  CHECK(shop.links("CAMERA") == R"({"PACK":[{"sku":"BAG","quantity":3},{"sku":"CARD","quantity":2}]})");
  CHECK(shop.links("LENS") == R"({"PACK":[{"sku":"BAG"},{"sku":"CARD","quantity":2}]})");
  edit(R"([{"action":"remove","field":"associations.PACK","value":"BAG"}])");
  CHECK(shop.links("CAMERA") == R"({"PACK":[{"sku":"CARD","quantity":2}]})");
  edit(R"([{"action":"clear","field":"associations.PACK"}])");
  CHECK(shop.links("LENS") == "none");
  CHECK_FALSE(catalog::bulk_actions_of(
                  test::parsed(R"([{"action":"replace","field":"associations.PACK","find":"a","with":"b"}])"))
                  .ok());
}

TEST_CASE("links of a kind with parts make a kit: kept with the product and with the kind, refused with the others' faults") {
  LinkedShop shop;
  std::map<std::string, std::string> kits;
  shop.products.on_kits({.faults = [](const storage::Reader&, std::string_view sku, std::span<const catalog::Link> links)
                             -> Result<std::vector<FieldFault>> {
                           if (links[0].sku != "CARD") return std::vector<FieldFault>();
                           return std::vector<FieldFault>{{"associations", "kit", std::string(sku) + " of cards"}};
                         },
                         .keep = [&](storage::Write&, std::string_view sku, std::span<const catalog::Link> links) -> Result<> {
                           std::string& made_of = kits[std::string(sku)];
                           made_of.clear();
                           for (const auto& link : links) made_of += std::to_string(link.quantity) + link.sku + " ";
                           return {};
                         },
                         .kits_of = [](const storage::Reader&, std::string_view part) -> Result<std::vector<std::string>> {
                           return part == "LENS" ? std::vector<std::string>{"CAMERA"} : std::vector<std::string>();
                         }});
  shop.post("CAMERA", R"({"associations":{"PACK":[{"sku":"BAG","quantity":2},"LENS"],"X_SELL":["CARD"]}})");
  CHECK(kits.empty());  // nobody has said that a pack is made of parts
  CHECK_FALSE(shop.describe(ModelKind::association_type, "PACK", R"({"parts":true})").ok());
  REQUIRE(shop.describe(ModelKind::association_type, "PACK", R"({"parts":true,"quantified":true})").ok());
  CHECK(kits["CAMERA"] == "2BAG 1LENS ");
  shop.patch("CAMERA", R"({"associations":{"PACK":["BAG"]}})");
  CHECK(kits["CAMERA"] == "1BAG ");
  const auto refused = shop.write("BAG", R"({"ean":"1","associations":{"PACK":["CARD"]}})", WriteMode::update);
  REQUIRE_FALSE(refused.ok());
  CHECK(shop.write("BAG", R"({"associations":{"PACK":["CARD"]}})", WriteMode::update).error().message == "BAG of cards");
  REQUIRE(shop.describe(ModelKind::association_type, "PACK", R"({"quantified":true})").ok());
  CHECK(kits["CAMERA"].empty());
}
