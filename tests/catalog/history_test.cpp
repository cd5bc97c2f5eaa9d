#include "catalog/history.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "productflow/clock.h"
#include "productflow/text.h"

#include "rescan.h"

using namespace pf;
using namespace pf::catalog;
using pf::test::Shop;

namespace {

access::Actor person(const std::string& name) {
  access::Actor out = access::system_actor();
  out.kind = access::Actor::Kind::user;
  out.name = name;
  return out;
}

struct HistoryShop : Shop {
  std::vector<HistoryEntry> entries(std::string_view sku, std::size_t count = 1000) {
    auto page = products.history().page(store->read(), sku, {}, count);
    REQUIRE_MESSAGE(page.ok(), page.error().message);
    return page->entries;
  }
  // "title@en: "A" -> "B"; ..." of the newest entry.
  std::string newest(std::string_view sku) {
    const auto all = entries(sku, 1);
    REQUIRE(all.size() == 1);
    std::string out;
    for (const auto& change : all[0].changes)
      out += (out.empty() ? "" : "; ") + field_words(change.at) + ": " + (change.before.empty() ? "-" : change.before) +
             " > " + (change.after.empty() ? "-" : change.after);
    return out;
  }
  Result<Written> restore(std::string_view name, std::uint64_t version, std::vector<FieldName> fields = {},
                          std::string_view if_match = {}) {
    Result<Written> out = error(ErrorCode::internal, "not run");
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      out = products.restore(work, person("ann"), sku(name), version, fields, if_match);
      if (!out.ok()) return out.error();
      return {};
    });
    if (!kept.ok()) return kept.error();
    return out;
  }
  // One batch of an import or bulk edit.
  void unit(const Origin& origin, std::vector<std::pair<std::string, std::string>> rows) {
    std::vector<ProductRow> batch;
    for (const auto& [name, body] : rows) {
      auto read_body = product_body_of(test::parsed(body), BodyStyle::json);
      REQUIRE(read_body.ok());
      batch.push_back({sku(name), std::move(read_body->change), {}, batch.size() + 2});
    }
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(const auto outcomes,
                         products.upsert_many(work, batch,
                                              {.forward_parents = true, .by = person("ann"), .origin = origin}));
                  for (const auto& outcome : outcomes)
                    if (!outcome.outcome) return outcome.error;
                  return {};
                })
                .ok());
  }
  // Everything that the unit touched, taken back: outcomes by SKU, the last one counts.
  std::map<std::string, Undone> undo(const Origin& origin) {
    std::map<std::string, Undone> out;
    const Origin by_undo{Origin::Kind::undo, 77, 0};
    for (std::uint64_t skip = 0;; ++skip) {
      auto some = products.history().touched(store->read(), origin, skip);
      REQUIRE(some.ok());
      if (!*some) return out;
      REQUIRE(store
                  ->write([&](storage::Write& work) -> Result<> {
                    PF_LET(auto undone, products.undo(work, person("ann"), by_undo, **some, clock.now()));
                    PF_TRY(products.note_undo(work, person("ann"), **some, undone));
                    for (std::size_t i = 0; i < undone.size(); ++i) out[(*some)->at(i).sku] = std::move(undone[i]);
                    return {};
                  })
                  .ok());
    }
  }
  Result<Written> merge(std::string_view name, std::string_view body, const std::string& etag,
                        std::vector<Clash>& clashes) {
    PF_LET(auto read_body, product_body_of(test::parsed(body), BodyStyle::merge_patch));
    Result<Written> out = error(ErrorCode::internal, "not run");
    const auto kept = store->write([&](storage::Write& work) -> Result<> {
      out =
          products.change(work, person("ben"), sku(name), read_body.change, WriteMode::update, {}, etag, {}, &clashes);
      if (!out.ok()) return out.error();
      return {};
    });
    if (!kept.ok()) return kept.error();
    return out;
  }
};

const Origin kImport{Origin::Kind::import, 12, 0};

}  // namespace

TEST_CASE("history: every change is there field by field with what was and what is, newest first") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"Blue","brand":"Acme","categories":["a"],"attributes":{"color":"blue","size":3}})");
  CHECK(shop.entries("A-1").size() == 1);
  CHECK(shop.entries("A-1")[0].action == HistoryEntry::Action::created);
  CHECK(shop.entries("A-1")[0].changes.empty());
  shop.clock.pass(std::chrono::seconds(5));
  shop.post(
      "A-1",
      R"({"title":"Red","brand":"","categories":["a","b/c"],"enabled":false,"attributes":{"size":null,"fit":"slim"}})");
  CHECK(shop.newest("A-1") ==
        R"(title (en): "Blue" > "Red"; brand: "Acme" > -; categories: ["a"] > ["a","b/c"]; enabled: true > false; )"
        R"(attributes.fit: - > "slim"; attributes.size: 3 > -)");
  const auto all = shop.entries("A-1");
  CHECK(all[0].version == 2);
  CHECK(all[0].by == "system");
  CHECK(rfc3339(all[0].at) == "2026-01-15T00:00:05Z");
  shop.post("A-1", R"({"texts":{"nl-NL":{"title":"Rood","fit":"smal"}}})");
  CHECK(shop.newest("A-1") == R"(attributes.fit (en): - > "slim"; title (nl-NL): - > "Rood"; )"
                              R"(attributes.fit (nl-NL): - > "smal"; attributes.fit: "slim" > -)");
  shop.post("A-1", R"({"title":"Red"})");
  CHECK(shop.entries("A-1").size() == 3);
}

TEST_CASE("history: pages of it follow each other and neighbours do not mix") {
  HistoryShop shop;
  shop.post("A", R"({"title":"x"})");
  for (int i = 0; i < 9; ++i) {
    shop.post("A-1", R"({"title":")" + std::to_string(i) + R"("})");
    shop.post("A-10", R"({"title":")" + std::to_string(i) + R"("})");
  }
  std::vector<std::uint64_t> versions;
  std::string cursor;
  do {
    const auto page = shop.products.history().page(shop.store->read(), "A-1", cursor, 4);
    REQUIRE(page.ok());
    for (const auto& entry : page->entries) versions.push_back(entry.version);
    cursor = page->next_cursor;
  } while (!cursor.empty());
  CHECK(versions == std::vector<std::uint64_t>{9, 8, 7, 6, 5, 4, 3, 2, 1});
  CHECK_FALSE(shop.products.history().page(shop.store->read(), "A-1", "zz", 4).ok());
  CHECK_FALSE(shop.products.history().page(shop.store->read(), "A-1", "00ff", 4).ok());
}

TEST_CASE("history: a version is what it was, a field or the whole of it comes back, and that is in the history too") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"One","brand":"Acme","attributes":{"color":"blue"}})");
  shop.post("A-1", R"({"title":"Two","attributes":{"size":"M"}})");
  shop.post("A-1", R"({"title":"Three","brand":"Other","attributes":{"color":"red"}})");
  const auto second = shop.products.as_of(shop.store->read(), "A-1", 2);
  REQUIRE(second.ok());
  CHECK(second->texts_of("en")->title == "Two");
  CHECK(second->brand == "Acme");
  CHECK(*find_attribute(second->attributes, "color") == "\"blue\"");
  CHECK(*find_attribute(second->attributes, "size") == "\"M\"");
  CHECK(find_attribute(shop.products.as_of(shop.store->read(), "A-1", 1)->attributes, "size") == nullptr);
  CHECK(shop.products.as_of(shop.store->read(), "A-1", 4).error().code == ErrorCode::not_found);
  CHECK(shop.products.as_of(shop.store->read(), "A-1", 0).error().code == ErrorCode::not_found);

  REQUIRE(shop.restore("A-1", 1, {{Field::title, {}, "en"}}).ok());
  CHECK(shop.text("A-1", "title") == "One");
  CHECK(shop.text("A-1", "brand") == "Other");
  CHECK(shop.entries("A-1")[0].origin.kind == Origin::Kind::restore);
  CHECK(shop.entries("A-1")[0].origin.id == 1);
  CHECK(shop.entries("A-1")[0].by == "ann");
  REQUIRE(shop.restore("A-1", 2).ok());
  CHECK(shop.text("A-1", "title") == "Two");
  CHECK(shop.text("A-1", "brand") == "Acme");
  CHECK(shop.text("A-1", "version") == "5");
  CHECK(shop.restore("A-1", 2)->outcome == Outcome::unchanged);
  CHECK(shop.where("brand", Operator::eq, {"Acme"}) == "A-1");
}

TEST_CASE("history: what came to be one per language comes back for everybody whole") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"T","attributes":{"fit":"slim"}})");
  shop.post("A-1", R"({"texts":{"nl-NL":{"fit":"smal"}}})");
  REQUIRE(shop.restore("A-1", 1, {{Field::attribute, "fit", {}}}).ok());
  CHECK(shop.attribute("A-1", "fit", "nl-NL") == "\"slim\"");
  CHECK(shop.entries("A-1")[0].changes.size() == 3);
}

TEST_CASE("history: a deleted product comes back with all it had") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"One","brand":"Acme","attributes":{"color":"blue"},"texts":{"nl-NL":{"title":"Een"}}})");
  shop.post("A-1", R"({"brand":"Other"})");
  REQUIRE(shop.remove("A-1").ok());
  CHECK(shop.entries("A-1")[0].action == HistoryEntry::Action::deleted);
  CHECK(shop.restore("A-1", 3).error().code == ErrorCode::not_found);
  REQUIRE(shop.restore("A-1", 1).ok());
  CHECK(shop.text("A-1", "brand") == "Acme");
  CHECK(shop.text("A-1", "title", "nl-NL") == "Een");
  CHECK(shop.text("A-1", "version") == "1");
  CHECK(shop.entries("A-1").size() == 4);
  CHECK(shop.search("een") == "A-1");
  CHECK(shop.restore("nothing", 1).error().code == ErrorCode::not_found);
}

TEST_CASE("history: what the rules of today refuse does not come back") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"T","attributes":{"color":"pink"}})");
  shop.post("A-1", R"({"attributes":{"color":"red"}})");
  shop.attribute_is("color", R"({"type":"choice","choices":[{"code":"red"},{"code":"blue"}]})");
  const auto refused = shop.restore("A-1", 1);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().faults.at(0).field == "attributes.color");
  CHECK(shop.attribute("A-1", "color") == "\"red\"");
  shop.post("P", R"({"title":"Parent"})");
  shop.post("A-2", R"({"title":"V","parent":"P"})");
  shop.post("A-2", R"({"parent":null})");
  REQUIRE(shop.remove("P").ok());
  CHECK(shop.restore("A-2", 1).error().faults.at(0).field == "parent");
}

TEST_CASE("history: it is bounded, and a version that is no longer kept is said to be") {
  HistoryShop shop;
  const auto& history = shop.products.history();
  Record now;
  now.document = 5;
  // Changes the description so often, in units of ten.
  const auto change = [&](const std::string& sku, int times, const std::string& text) {
    now.sku = sku;
    now.version = 0;
    for (int i = 0; i < times; i += 10)
      REQUIRE(shop.store
                  ->write([&](storage::Write& work) -> Result<> {
                    for (int k = i; k < std::min(i + 10, times); ++k) {
                      const Record before = now;
                      now.texts_for("en").description = text + std::to_string(++now.version);
                      PF_TRY(history.note(work, now.version == 1 ? nullptr : &before, &now, person("ann"), {},
                                          shop.clock.now()));
                    }
                    return {};
                  })
                  .ok());
  };
  change("A-1", 300, "T");
  const auto kept = shop.entries("A-1").size();
  CHECK(kept >= kHistoryEntriesMax);
  CHECK(kept < kHistoryEntriesMax + kHistoryTrimEvery + 10);
  const auto read = shop.store->read();
  CHECK(history.as_of(read, "A-1", &now, 3).error().code == ErrorCode::gone);
  CHECK(history.as_of(read, "A-1", &now, 150)->texts_of("en")->description == "T150");
  const std::string large(kDescriptionBytesMax - 10, 'x');
  change("B", 60, large);
  std::size_t bytes = 0;
  for (const auto& entry : shop.entries("B")) bytes += encode_entry(entry).size();
  CHECK(bytes >= kHistoryBytesMax);
  CHECK(bytes < kHistoryBytesMax + (kHistoryTrimEvery + 11) * 2 * large.size());
}

TEST_CASE("history: a product of an older ProductFlow has one from its next change on") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"One"})");
  shop.post("A-1", R"({"title":"Two"})");
  const auto family = shop.store->family("history");
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                std::vector<std::string> all;
                for (auto row = work.scan(family, {}, {}); row.valid(); row.next()) all.emplace_back(row.key());
                for (const auto& key : all) work.erase(family, key);
                return {};
              })
              .ok());
  CHECK(shop.entries("A-1").empty());
  CHECK(shop.products.as_of(shop.store->read(), "A-1", 2)->texts_of("en")->title == "Two");
  CHECK(shop.products.as_of(shop.store->read(), "A-1", 1).error().code == ErrorCode::gone);
  shop.post("A-1", R"({"title":"Three"})");
  CHECK(shop.products.as_of(shop.store->read(), "A-1", 2)->texts_of("en")->title == "Two");
  CHECK(shop.products.as_of(shop.store->read(), "A-1", 1).error().code == ErrorCode::gone);
}

TEST_CASE("history: an entry comes back from its bytes as it was, and damaged bytes are refused") {
  HistoryEntry entry;
  entry.action = HistoryEntry::Action::changed;
  entry.at = Time(milliseconds(1'700'000'000'123));
  entry.by_kind = access::Actor::Kind::token;
  entry.by = "Größe";
  entry.origin = {Origin::Kind::import, 1'000'000, 70'000};
  entry.changes = {{{Field::title, {}, "nl-NL"}, R"("a")", R"("b")"},
                   {{Field::attribute, "color@x", {}}, {}, R"({"a":1})"},
                   {{Field::brand, {}, {}}, R"("Acme")", {}}};
  const auto bytes = encode_entry(entry);
  const auto read = decode_entry(bytes);
  REQUIRE(read.ok());
  CHECK(read->at == entry.at);
  CHECK(read->by == entry.by);
  CHECK(read->origin.row == 70'000);
  CHECK(read->changes == entry.changes);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    const auto part = decode_entry(std::string_view(bytes).substr(0, cut));
    if (part.ok()) CHECK(part->changes.size() < entry.changes.size());  // cut between two changes
  }
  CHECK_FALSE(decode_entry("\x02" + bytes.substr(1)).ok());
  CHECK_FALSE(decode_entry(std::string("\x01\x01\x09\x01", 4) + bytes.substr(4)).ok());
  for (const auto& [path, locale] :
       {std::pair("title", "en"), {"attributes.color", ""}, {"attributes.a.b", "en"}, {"enabled", ""}}) {
    const auto named = field_named(path, locale);
    REQUIRE(named);
    CHECK(field_path(*named) == path);
  }
  CHECK_FALSE(field_named("title", ""));
  CHECK_FALSE(field_named("brand", "en"));
  CHECK_FALSE(field_named("attributes.", ""));
  CHECK_FALSE(field_named("price", ""));
}

TEST_CASE("undo: what too many later imports have pushed out is forgotten, the others are not") {
  HistoryShop shop;
  const auto known = [&](std::uint64_t id) {
    return shop.products.history().touched(shop.store->read(), {Origin::Kind::import, id, 0}, 0)->has_value();
  };
  shop.unit({Origin::Kind::import, 3, 0}, {{"A-1", R"({"title":"1"})"}});
  shop.unit({Origin::Kind::import, 4, 0}, {{"A-1", R"({"title":"2"})"}});
  shop.unit({Origin::Kind::bulk, 3, 0}, {{"A-1", R"({"title":"3"})"}});
  shop.unit({Origin::Kind::import, 4 + kUnitsMax, 0}, {{"A-1", R"({"title":"4"})"}});
  CHECK_FALSE(known(3));
  CHECK(known(4));
  CHECK(known(4 + kUnitsMax));
  CHECK(shop.products.history().touched(shop.store->read(), {Origin::Kind::bulk, 3, 0}, 0)->has_value());
}

TEST_CASE("undo: what an import changed goes back, what it made goes, and its rows and its id are in the history") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"Old","brand":"Acme"})");
  shop.post("A-2", R"({"title":"Kept"})");
  shop.unit(
      kImport,
      {{"A-1", R"({"title":"New","brand":"Other"})"}, {"A-2", R"({"title":"Kept"})"}, {"N-1", R"({"title":"Made"})"}});
  const auto entry = shop.entries("A-1")[0];
  CHECK(entry.origin.kind == Origin::Kind::import);
  CHECK(entry.origin.id == 12);
  CHECK(entry.origin.row == 2);
  CHECK(shop.entries("N-1")[0].origin.row == 4);
  auto done = shop.undo(kImport);
  CHECK(done.size() == 2);
  CHECK(done.at("A-1").outcome == Undone::Outcome::restored);
  CHECK(done.at("N-1").outcome == Undone::Outcome::deleted);
  CHECK(shop.text("A-1", "title") == "Old");
  CHECK(shop.text("A-1", "brand") == "Acme");
  CHECK_FALSE(shop.there("N-1"));
  CHECK(shop.entries("A-1")[0].origin.kind == Origin::Kind::undo);
  done = shop.undo(kImport);  // twice is once
  CHECK(done.at("A-1").outcome == Undone::Outcome::nothing);
  CHECK(done.at("N-1").outcome == Undone::Outcome::nothing);
  CHECK(shop.entries("A-1").size() == 3);
}

TEST_CASE("undo: later edits are left alone and named, field by field") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"Old","brand":"Acme","attributes":{"fit":"slim"}})");
  shop.post("A-2", R"({"title":"Old"})");
  shop.unit(kImport, {{"A-1", R"({"title":"New","brand":"Other"})"},
                      {"A-2", R"({"title":"New"})"},
                      {"N-1", R"({"title":"Made"})"},
                      {"N-2", R"({"title":"Made"})"}});
  shop.post("A-1", R"({"title":"By hand"})");
  shop.post("N-1", R"({"brand":"By hand"})");
  REQUIRE(shop.remove("A-2").ok());
  const auto done = shop.undo(kImport);
  CHECK(done.at("A-1").outcome == Undone::Outcome::restored);
  REQUIRE(done.at("A-1").faults.size() == 1);
  CHECK(done.at("A-1").faults[0].field == "title (en)");
  CHECK(shop.text("A-1", "title") == "By hand");
  CHECK(shop.text("A-1", "brand") == "Acme");
  CHECK(done.at("N-1").outcome == Undone::Outcome::stays);
  CHECK(shop.there("N-1"));
  CHECK(done.at("N-2").outcome == Undone::Outcome::deleted);
  CHECK(done.at("A-2").outcome == Undone::Outcome::stays);
  CHECK(done.at("A-2").faults[0].code == "deleted");
}

TEST_CASE(
    "undo: a product that the import made goes although it was edited, once that was put back; not if priced since") {
  HistoryShop shop;
  shop.unit(kImport, {{"N-1", R"({"title":"Made"})"}, {"N-2", R"({"title":"Made"})"}, {"N-3", R"({"title":"Made"})"}});
  shop.post("N-1", R"({"title":"By hand"})");
  REQUIRE(shop.restore("N-1", 1).ok());
  const auto ended = shop.clock.now();
  shop.clock.pass(std::chrono::seconds(1));
  REQUIRE(
      shop.store
          ->write([&](storage::Write& work) -> Result<> {
            PF_LET(const auto change, offer_change_of(test::parsed(R"({"prices":{"EUR":{"sell_price":5}}})")));
            PF_TRY(shop.offers.upsert(work, person("ann"), Sku("N-2"), change));
            PF_LET(const auto some, shop.products.history().touched(work, kImport, 0));
            PF_LET(const auto done, shop.products.undo(work, person("ann"), {Origin::Kind::undo, 1, 0}, *some, ended));
            CHECK(done.at(1).outcome == Undone::Outcome::stays);
            CHECK(done.at(1).faults.at(0).field == "offer");
            CHECK(done.at(2).outcome == Undone::Outcome::deleted);
            return {};
          })
          .ok());
  CHECK(shop.there("N-2"));
  CHECK_FALSE(shop.there("N-1"));
}

TEST_CASE("undo: several changes of one product by one import go back to before the first") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"Old"})");
  shop.unit(kImport, {{"A-1", R"({"title":"First"})"}, {"N-1", R"({"title":"Made"})"}});
  shop.unit(kImport, {{"A-1", R"({"title":"Second","brand":"B"})"}, {"N-1", R"({"brand":"B"})"}});
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(const auto older, shop.products.history().touched(work, kImport, 1));
                PF_LET(const auto done,
                       shop.products.undo(work, person("ann"), {Origin::Kind::undo, 1, 0}, *older, shop.clock.now()));
                REQUIRE(done.size() == 2);  // the newer ones stand on these, and nobody else's
                for (const Undone& one : done) CHECK(one.outcome == Undone::Outcome::waits);
                return {};
              })
              .ok());
  shop.undo(kImport);
  CHECK(shop.text("A-1", "title") == "Old");
  CHECK(shop.text("A-1", "brand") == "null");
  CHECK_FALSE(shop.there("N-1"));
}

TEST_CASE("undo: a parent that the import made after its variants waits for them") {
  HistoryShop shop;
  shop.unit(kImport, {{"V-1", R"({"title":"Variant","parent":"P"})"}});
  shop.unit(kImport, {{"P", R"({"title":"Parent"})"}});
  auto done = shop.undo(kImport);
  CHECK(done.at("P").outcome == Undone::Outcome::waits);
  CHECK(done.at("V-1").outcome == Undone::Outcome::deleted);
  CHECK(shop.undo(kImport).at("P").outcome == Undone::Outcome::deleted);
}

TEST_CASE(
    "undo: a parent that a file had named before it was there is named again, one that was deleted since is not") {
  HistoryShop shop;
  shop.post("P", "{}");
  shop.post("V-1", R"({"parent":"P"})");
  shop.unit({Origin::Kind::import, 1, 0}, {{"V-2", R"({"title":"Early","parent":"NOT-YET"})"}});
  shop.unit(kImport, {{"V-1", R"({"parent":null})"}, {"V-2", R"({"parent":null})"}});
  REQUIRE(shop.remove("P").ok());
  const auto done = shop.undo(kImport);
  CHECK(done.at("V-2").outcome == Undone::Outcome::restored);
  CHECK(shop.text("V-2", "parent") == "NOT-YET");
  REQUIRE(done.at("V-1").faults.size() == 1);
  CHECK(done.at("V-1").faults[0].code == "unknown");
}

TEST_CASE("undo: an attribute whose other language was edited since stays as it is, never half") {
  HistoryShop shop;
  shop.post("A-1", R"({"title":"T","attributes":{"fit":"slim"}})");
  shop.unit(kImport, {{"A-1", R"({"texts":{"nl-NL":{"fit":"smal"}}})"}});
  shop.post("A-1", R"({"texts":{"nl-NL":{"fit":"nauw"}}})");
  const auto done = shop.undo(kImport);
  CHECK(done.at("A-1").outcome == Undone::Outcome::stays);
  CHECK(shop.attribute("A-1", "fit", "nl-NL") == "\"nauw\"");
  CHECK(shop.attribute("A-1", "fit", "en") == "\"slim\"");
}

TEST_CASE("two at once: changes of different fields go together, the same field is told with both values") {
  HistoryShop shop;
  const auto read = shop.post("A-1", R"({"title":"Old","brand":"Acme","attributes":{"color":"blue","size":"M"}})");
  shop.post("A-1", R"({"title":"Ann's","attributes":{"color":"red"}})");
  std::vector<Clash> clashes;
  const auto merged = shop.merge("A-1", R"({"brand":"Ben's","attributes":{"size":"L"}})", read.etag, clashes);
  REQUIRE_MESSAGE(merged.ok(), merged.error().message);
  CHECK(merged->merged);
  CHECK(clashes.empty());
  CHECK(shop.text("A-1", "title") == "Ann's");
  CHECK(shop.text("A-1", "brand") == "Ben's");
  CHECK(shop.attribute("A-1", "color") == "\"red\"");
  CHECK(shop.attribute("A-1", "size") == "\"L\"");

  const auto clash = shop.merge("A-1", R"({"title":"Ben's","ean":"4006381333931"})", read.etag, clashes);
  REQUIRE_FALSE(clash.ok());
  CHECK(clash.error().faults.at(0).code == "stale");
  CHECK(clash.error().faults.at(1).field == "title (en)");
  REQUIRE(clashes.size() == 1);
  CHECK(clashes[0].was == "\"Old\"");
  CHECK(clashes[0].theirs == "\"Ann's\"");
  CHECK(clashes[0].mine == "\"Ben's\"");
  CHECK(shop.text("A-1", "ean") == "null");
}

TEST_CASE("two at once: who sends back what he read takes nothing from the other") {
  HistoryShop shop;
  const auto read = shop.post("A-1", R"({"title":"Old","brand":"Acme"})");
  shop.post("A-1", R"({"title":"Ann's","categories":["new"]})");
  std::vector<Clash> clashes;
  REQUIRE(shop.merge("A-1", R"({"title":"Old","brand":"Ben's"})", read.etag, clashes).ok());
  CHECK(shop.text("A-1", "title") == "Ann's");
  CHECK(shop.text("A-1", "brand") == "Ben's");
  REQUIRE(shop.merge("A-1", R"({"title":"Ann's"})", read.etag, clashes).ok());  // the same wish twice is no conflict
}

TEST_CASE("two at once: a version that nobody knows any more, or of another product, is stale") {
  HistoryShop shop;
  const auto read = shop.post("A-1", R"({"title":"Old"})");
  REQUIRE(shop.remove("A-1").ok());
  shop.post("A-1", R"({"title":"Another"})");
  shop.post("A-1", R"({"title":"Another one"})");
  std::vector<Clash> clashes;
  for (const auto& etag : {read.etag, std::string("\"9-1\""), std::string("\"x\""), std::string("\"-1\"")}) {
    const auto refused = shop.merge("A-1", R"({"brand":"B"})", etag, clashes);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().faults.at(0).code == "stale");
  }
}

TEST_CASE("two at once: sixteen editors on overlapping products lose nothing, and the index is a full rescan") {
  HistoryShop shop;
  constexpr int kEditors = 16, kProducts = 5, kRounds = 9;
  for (int p = 0; p < kProducts; ++p) shop.post("P-" + std::to_string(p), R"({"title":"T","brand":"none"})");
  for (const char* variant : {"V-0", "V-1"}) shop.post(variant, R"({"parent":"P-0","attributes":{"own0":"its own"}})");
  std::atomic<int> refused{0};
  // What each editor last saw kept, in a field of his own and in one that all write.
  std::vector<std::map<std::string, std::string>> own(kEditors);
  std::vector<std::thread> editors;
  for (int e = 0; e < kEditors; ++e)
    editors.emplace_back([&, e] {
      std::mt19937 random(static_cast<unsigned>(e));
      for (int round = 0; round < kRounds; ++round) {
        const std::string name = "P-" + std::to_string(random() % kProducts);
        const auto etag = shop.products.etag(shop.store->read(), name);
        const std::string value = std::to_string(e) + "." + std::to_string(round);
        const bool shared = round % 3 == 0;
        ProductChange change;
        change.attributes.emplace_back("own" + std::to_string(e), json::Value(value));
        if (shared) change.brand = "brand " + value;
        std::vector<Clash> clashes;
        const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
          PF_TRY(shop.products.change(work, person("e" + std::to_string(e)), Sku(name), change, WriteMode::update, {},
                                      **etag, {}, &clashes));
          return {};
        });
        if (kept.ok())
          own[static_cast<std::size_t>(e)][name] = value;
        else
          ++refused;  // the brand: both values are told, nothing of the change is kept
      }
    });
  for (auto& editor : editors) editor.join();
  for (int e = 0; e < kEditors; ++e)
    for (const auto& [name, value] : own[static_cast<std::size_t>(e)])
      CHECK(shop.attribute(name, "own" + std::to_string(e)) == '"' + value + '"');
  std::size_t entries = 0;
  std::map<std::string, std::string> by_brand;
  std::string brand_of_variants;
  for (int p = 0; p < kProducts; ++p) {
    const auto name = "P-" + std::to_string(p);
    const auto all = shop.entries(name);
    entries += all.size() - 1;
    // Each entry begins where the one before ended: none wrote over what it had not seen.
    std::string brand = "\"none\"";
    for (auto entry = all.rbegin(); entry != all.rend(); ++entry)
      for (const auto& change : entry->changes)
        if (change.at.field == Field::brand) {
          CHECK(change.before == brand);
          brand = change.after;
        }
    auto& list = by_brand[test::parsed(brand).as_string()[0]];
    list += (list.empty() ? "" : " ") + name;
    if (p == 0) brand_of_variants = brand;
    for (int e = 0; e < kEditors; ++e) {
      const auto value = shop.attribute(name, "own" + std::to_string(e));
      if (value == "absent") continue;
      const auto found =
          " " + shop.where("attributes.own" + std::to_string(e), Operator::eq, {*test::parsed(value).as_string()}) +
          " ";
      CHECK(found.find(" " + name + " ") != std::string::npos);
    }
  }
  by_brand[*test::parsed(brand_of_variants).as_string()] += " V-0 V-1";
  for (const auto& [brand, names] : by_brand) CHECK(shop.where("brand", Operator::eq, {brand}) == names);
  test::index_is_a_rescan(shop);
  test::index_is_mended(shop);
  CHECK(entries + static_cast<std::size_t>(refused) == kEditors * kRounds);
}

TEST_CASE("restore: asks for the version that was read as every other change does") {
  HistoryShop shop;
  REQUIRE(shop.post("A-1", R"({"title":"One"})").outcome == Outcome::created);
  REQUIRE(shop.post("A-1", R"({"title":"Two"})").outcome == Outcome::changed);
  const std::string now = **shop.products.etag(shop.store->read(), "A-1");
  const auto stale = shop.restore("A-1", 1, {}, "\"1-0\"");
  REQUIRE_FALSE(stale.ok());
  CHECK(stale.error().faults.at(0).code == "stale");
  REQUIRE(shop.restore("A-1", 1, {}, "\"9-9\", W/" + now).ok());
  CHECK(shop.restore("A-1", 2, {}, "*").ok());  // RFC 9110: whatever there is
  CHECK(shop.restore("nothing", 1, {}, "*").error().faults.at(0).code == "stale");
}

namespace {

struct PricedShop : HistoryShop {
  void price(std::string_view name, std::string_view body, const Origin& origin = {}) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(const auto change, offer_change_of(test::parsed(body)));
                  if (!origin.is_unit()) {
                    PF_TRY(offers.upsert(work, person("ann"), sku(name), change));
                    return {};
                  }
                  PF_LET(const auto stamp, products.stamp(work, name));
                  PF_LET(const auto before, offers.find(work, name));
                  const auto by = person("ann");
                  const OfferNote note{by, origin, stamp->version};
                  std::vector<Touched> touched;
                  PF_TRY(offers.upsert_read(work, sku(name), stamp->document, before, change, &note, &touched));
                  return products.history().note_touched(work, origin, touched);
                })
                .ok());
    clock.pass(std::chrono::seconds(1));
  }
  std::string prices(std::string_view name) {
    const auto found = offers.find(store->read(), name);
    REQUIRE(found.ok());
    return *found ? json::write(*offer_value(**found).find("prices")) : "none";
  }
};

}  // namespace

TEST_CASE("history: prices and what else an offer says stand among the product's changes, in their order") {
  PricedShop shop;
  shop.post("A-1", R"({"title":"T"})");
  shop.price("A-1", R"({"proposition":"tomorrow","prices":{"EUR":{"sell_price":19.95}}})");
  CHECK(shop.newest("A-1") == R"(offer.proposition: - > "tomorrow"; prices.EUR.sell_price: - > 19.95)");
  shop.post("A-1", R"({"title":"U"})");
  shop.price("A-1", R"({"prices":{"EUR":{"sell_price":18,"base_price":20}}})");
  shop.price("A-1", R"({"prices":{"EUR":{"sell_price":18}}})");  // nothing new
  REQUIRE(shop.store->write([&](storage::Write& work) { return shop.offers.remove(work, person("bob"), Sku("A-1")); })
              .ok());
  std::string order;
  for (const auto& entry : shop.entries("A-1"))
    order += std::to_string(entry.version) +
             (entry.offer_version > 0 ? "/" + std::to_string(entry.offer_version) : "") + " " + entry.by + "; ";
  CHECK(order == "2/3 bob; 2/2 ann; 2 system; 1/1 ann; 1 system; ");
  // By pages, and a version of the product is what it was whatever the prices did.
  auto page = shop.products.history().page(shop.store->read(), "A-1", {}, 2);
  REQUIRE(page.ok());
  page = shop.products.history().page(shop.store->read(), "A-1", page->next_cursor, 2);
  REQUIRE(page.ok());
  CHECK(page->entries.at(0).version == 2);
  CHECK(page->entries.at(1).offer_version == 1);
  const auto was = shop.products.as_of(shop.store->read(), "A-1", 1);
  REQUIRE(was.ok());
  CHECK(was->texts.at(0).second.title == "T");
  REQUIRE(shop.restore("A-1", 1).ok());
  CHECK(shop.text("A-1", "title") == "T");
}

TEST_CASE("history: a deleted product tells its prices, and comes back with them") {
  PricedShop shop;
  shop.post("A-1", R"({"title":"T"})");
  shop.price("A-1", R"({"prices":{"EUR":{"sell_price":19.95},"JPY":{"cost_price":3000}}})");
  REQUIRE(shop.remove("A-1").ok());
  CHECK(shop.newest("A-1").find("prices.JPY.cost_price: 3000 > -") != std::string::npos);
  REQUIRE(shop.restore("A-1", 1).ok());
  CHECK(shop.prices("A-1") == R"({"EUR":{"sell_price":19.95},"JPY":{"cost_price":3000}})");
  CHECK(shop.where("price.EUR", Operator::eq, {"19.95"}) == "A-1");
}

TEST_CASE("history: prices that change by the hour push no other change out, and are bounded themselves") {
  PricedShop shop;
  shop.post("A-1", R"({"title":"T"})");
  shop.post("A-1", R"({"title":"U"})");
  for (std::size_t i = 0; i < kOfferEntriesMax + 2 * kHistoryTrimEvery; ++i)
    shop.price("A-1", "{\"prices\":{\"EUR\":{\"sell_price\":" + std::to_string(i + 1) + "}}}");
  const auto all = shop.entries("A-1");
  const auto offers = std::ranges::count_if(all, [](const auto& entry) { return entry.offer_version > 0; });
  CHECK(offers <= static_cast<std::ptrdiff_t>(kOfferEntriesMax + kHistoryTrimEvery));
  CHECK(offers >= static_cast<std::ptrdiff_t>(kOfferEntriesMax));
  CHECK(all.size() == static_cast<std::size_t>(offers) + 2);
}

TEST_CASE("undo: prices of an import go back, but those that somebody changed since, which are named") {
  PricedShop shop;
  for (const char* name : {"A-1", "A-2", "A-3"}) shop.post(name, R"({"title":"T"})");
  shop.price("A-1", R"({"prices":{"EUR":{"sell_price":10,"cost_price":5}}})");
  shop.price("A-2", R"({"prices":{"EUR":{"sell_price":10}}})");
  shop.price("A-1", R"({"prices":{"EUR":{"sell_price":11,"cost_price":6}}})", kImport);
  shop.price("A-2", R"({"prices":{"EUR":{"sell_price":11}}})", kImport);
  shop.price("A-3", R"({"prices":{"EUR":{"sell_price":11}}})", kImport);  // had none
  shop.price("A-1", R"({"prices":{"EUR":{"cost_price":7}}})");
  const auto done = shop.undo(kImport);
  CHECK(shop.prices("A-1") == R"({"EUR":{"sell_price":10.00,"cost_price":7.00}})");
  CHECK(done.at("A-1").outcome == Undone::Outcome::restored);
  CHECK(done.at("A-1").faults.at(0).field == "prices.EUR.cost_price");
  CHECK(shop.prices("A-2") == R"({"EUR":{"sell_price":10.00}})");
  CHECK(shop.prices("A-3") == "none");
  CHECK(shop.where("price.EUR", Operator::eq, {"11"}).empty());
  CHECK(shop.undo(kImport).at("A-2").outcome == Undone::Outcome::nothing);  // twice is once
}

TEST_CASE("undo: a bulk edit of prices and texts is one unit, and goes back whole") {
  PricedShop shop;
  shop.post("A-1", R"({"title":"T","brand":"Old"})");
  shop.post("A-2", R"({"title":"T","brand":"New"})");
  for (const char* name : {"A-1", "A-2"}) shop.price(name, R"({"prices":{"EUR":{"sell_price":10}}})");
  const Origin bulk{Origin::Kind::bulk, 5, 0};
  const auto actions = bulk_actions_of(test::parsed(
      R"([{"action":"set","field":"brand","value":"New"},{"action":"raise","field":"prices.EUR.sell_price","value":10}])"));
  REQUIRE(actions.ok());
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                const std::vector<std::string> skus{"A-1", "A-2", "NONE", "A-1"};
                PF_LET(const auto edited,
                       shop.products.edit_many(work, skus, *actions, {.by = person("ann"), .origin = bulk}));
                CHECK(edited.outcomes[0].outcome == Outcome::changed);
                CHECK_FALSE(edited.outcomes[0].only_repriced);
                CHECK(edited.outcomes[1].only_repriced);
                CHECK_FALSE(edited.outcomes[2].outcome.has_value());
                return shop.products.note_batch(work, person("ann"), edited.rows, edited.outcomes);
              })
              .ok());
  CHECK(shop.prices("A-1") == R"({"EUR":{"sell_price":11.00}})");
  CHECK(shop.newest("A-2") == "prices.EUR.sell_price: 10.00 > 11.00");
  shop.clock.pass(std::chrono::seconds(1));
  shop.undo(bulk);
  CHECK(shop.prices("A-1") == R"({"EUR":{"sell_price":10.00}})");
  CHECK(shop.prices("A-2") == R"({"EUR":{"sell_price":10.00}})");
  CHECK(shop.text("A-1", "brand") == "Old");
  CHECK(shop.text("A-2", "brand") == "New");
}
