// What lists, words, counts and orders see of what a variant inherits, and that it never stays behind.
#include "catalog/inherited_entry.h"

#include <random>

#include "catalog/above.h"
#include "catalog/catalog_keys.h"
#include "catalog/inheritance.h"
#include "rescan.h"

using namespace pf;
using namespace pf::catalog;

namespace {

struct FamilyShop : test::Shop {
  // Passes of the background until none waits; how many they were.
  int settle(std::size_t count = 100) {
    int passes = 0;
    for (bool more = true; more; ++passes)
      REQUIRE(store
                  ->write([&](storage::Write& work) -> Result<> {
                    PF_LET(more, products.complete_some(work, count));
                    return {};
                  })
                  .ok());
    return passes;
  }
  bool waits() { return *products.waits(store->read()); }
  static ProductRow row(const std::string& name, std::string_view body) {
    auto read_body = product_body_of(test::parsed(body), BodyStyle::json);
    REQUIRE(read_body.ok());
    return {sku(name), std::move(read_body->change)};
  }
  void batch(const std::vector<ProductRow>& rows, const Origin& origin = {}) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  const BatchOptions options{.forward_parents = true, .origin = origin};
                  PF_TRY(products.upsert_many(work, rows, options));
                  return {};
                })
                .ok());
  }
  std::string brand(std::string value) { return where("brand", Operator::eq, {std::move(value)}); }
  std::size_t kept() {
    const auto read = store->read();
    std::size_t out = 0;
    for (auto row = read.scan_prefix(store->family(keys::kProducts), std::string(1, keys::kInherited)); row.valid();
         row.next())
      ++out;
    return out;
  }
};

}  // namespace

TEST_CASE("filters, words, counts and orders see what a variant has from above, over three levels") {
  FamilyShop shop;
  shop.attribute_is("serial", R"({"unique":true})");
  shop.settle();
  shop.post("P", R"({"title":"Blue shirt","description":"Of cotton","brand":"Acme","ean":"4006381333931",
                     "categories":["clothing/shirts"],"images":["https://x.example/p.png"],
                     "attributes":{"color":"Blue","weight":9.5,"serial":"S-1"}})");
  shop.post("M", R"({"parent":"P","attributes":{"color":"Red"}})");
  shop.post("V", R"({"parent":"M","title":"Own words","attributes":{"weight":"","size":"L"}})");
  CHECK(shop.brand("acme") == "M P V");
  CHECK(shop.search("cotton shirt") == "M P");  // V has a title of its own, and P's description
  CHECK(shop.search("cotton") == "M P V");
  CHECK(shop.where("color", Operator::eq, {"red"}) == "M V");
  CHECK(shop.where("color", Operator::eq, {"blue"}) == "P");
  CHECK(shop.where("weight", Operator::gt, {"9"}) == "M P V");
  CHECK(shop.where("category", Operator::eq, {"clothing"}) == "M P V");
  CHECK(shop.where("images", Operator::empty, {"1"}) == "");
  CHECK(shop.where("ean", Operator::empty, {"1"}) == "M V");
  CHECK(shop.where("serial", Operator::eq, {"S-1"}) == "P");
  ProductQuery query;
  query.sort = {{"title", true}};
  query.facets = {"color", "category"};
  CHECK(shop.listed(query) == "V M P");
  CHECK(shop.page(query).facets[0].counts == decltype(Facet::counts){{"Red", 2}, {"Blue", 1}});
  query.where = {{"category", Operator::eq, {"clothing"}, true}};  // whoever is limited has what says so itself
  CHECK(shop.listed(query) == "P");

  // What the parent changes, clears and gets.
  const auto version = shop.text("V", "version");
  shop.patch("P", R"({"brand":"Zeta","description":null,"attributes":{"fit":"slim"}})");
  CHECK(shop.brand("zeta") == "M P V");
  CHECK(shop.brand("acme") == "");
  CHECK(shop.search("cotton") == "");
  CHECK(shop.where("fit", Operator::eq, {"slim"}) == "M P V");
  CHECK(shop.text("V", "version") == version);  // the variant was not written
  shop.patch("M", R"({"brand":"Mid"})");
  CHECK(shop.brand("mid") == "M V");
  shop.patch("M", R"({"brand":null,"attributes":{"color":null}})");
  CHECK(shop.brand("zeta") == "M P V");
  CHECK(shop.where("color", Operator::eq, {"blue"}) == "M P V");
  // A line is cut, a variant goes.
  test::index_is_a_rescan(shop);
  shop.patch("M", R"({"parent":null})");
  CHECK(shop.brand("zeta") == "P");
  CHECK_FALSE(shop.waits());
  test::index_is_a_rescan(shop);
  shop.patch("M", R"({"parent":"P"})");
  REQUIRE(shop.remove("V").ok());
  CHECK(shop.brand("zeta") == "M P");
  CHECK(shop.kept() == 1);
  REQUIRE(shop.remove("M").ok());
  CHECK(shop.kept() == 0);
  test::index_is_a_rescan(shop);
}

TEST_CASE("a parent that comes after its variants gives them what it has") {
  FamilyShop shop;
  shop.batch({shop.row("V-1", R"({"parent":"P"})"), shop.row("W", R"({"parent":"V-1"})")});
  shop.batch({shop.row("V-2", R"({"parent":"P","brand":"Own"})"), shop.row("P", R"({"brand":"Acme","title":"Hat"})")});
  CHECK(shop.brand("acme") == "P V-1 W");
  CHECK(shop.search("hat") == "P V-1 V-2 W");
  test::index_is_a_rescan(shop);
}

TEST_CASE("a parent of very many variants: what does not fit its unit of work follows, and outlives a restart") {
  FamilyShop shop;
  REQUIRE(shop.describe(ModelKind::family, "hats", R"({"attributes":[{"code":"brand","required":["*"]}]})").ok());
  std::vector<ProductRow> rows{shop.row("P", R"({"family":"hats","title":"Hats"})")};
  constexpr std::size_t kBeyond = 20;
  for (std::size_t i = 0; i < kVariantsAtOnce + kBeyond; ++i)
    rows.push_back(shop.row("V" + std::to_string(10'000 + i), R"({"parent":"P"})"));
  rows.push_back(shop.row("W", R"({"parent":"V11019"})"));
  shop.batch(rows);
  shop.settle(5'000);
  const auto found = [&](std::string column, Operator op, std::string value) {
    ProductQuery query;
    query.where = {{std::move(column), op, {std::move(value)}}};
    return shop.page(query).total;
  };
  CHECK(found("family", Operator::eq, "hats") == rows.size());
  CHECK(found("completeness", Operator::eq, "0") == rows.size());
  shop.patch("P", R"({"brand":"Acme","description":"<b>Warm</b>"})");
  CHECK(found("brand", Operator::eq, "acme") == 1 + kVariantsAtOnce);
  CHECK(shop.waits());
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(const bool more, shop.products.complete_some(work, kBeyond - 5));
                CHECK(more);
                return {};
              })
              .ok());
  CHECK(found("brand", Operator::eq, "acme") == rows.size() - 6);
  Products again(*shop.store, shop.audit, shop.clock);  // the process begins anew
  bool more = true;
  while (more)
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(more, again.complete_some(work, 3));
                  return {};
                })
                .ok());
  CHECK(found("brand", Operator::eq, "acme") == rows.size());
  CHECK(found("completeness", Operator::eq, "100") == rows.size());
  CHECK_FALSE(shop.waits());
  const auto described =
      shop.products.list(shop.store->read(), {.where = {{"description", Operator::eq, {"warm"}}}});  // each is read
  REQUIRE_FALSE(described.ok());
  CHECK(described.error().faults.front().code == "too_many");
}

TEST_CASE("a shop from before that was kept learns which categories are whose own, by any name, in variants too") {
  FamilyShop shop;
  shop.post("P", R"({"categories":["odd]","odd]/red","say \"so\"/x","say \"so\""]})");
  shop.post("V", R"({"parent":"P"})");
  shop.settle();
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                const auto products = shop.store->family(keys::kProducts);
                work.erase(shop.store->family(keys::kModel), std::string(1, keys::kOwnCategoriesKept));
                const auto is_own = [](const auto& term) { return term.first == kOwnCategoryField; };
                for (const char* name : {"P", "V"}) {
                  const auto record = **shop.products.find(work, name);
                  search::Entry was{.terms = {{"sku", name}}}, is = was, kept;
                  const auto bytes = *work.get(products, keys::inherited(record.document));
                  const auto all = bytes ? *decode_inherited(*bytes) : search_entry(record);
                  for (const auto& term : all.terms)
                    (is_own(term) ? was : kept).terms.emplace_back(term.first, term.second);
                  for (const auto& [column, value] : all.columns) kept.columns.emplace_back(column, value);
                  CHECK(was.terms.size() > 1);
                  if (bytes) work.put(products, keys::inherited(record.document), encode_inherited(kept));
                  PF_TRY(shop.products.index().update(work, record.document, was, is));
                }
                return {};
              })
              .ok());
  CHECK(shop.where("category", Operator::direct, {"odd]"}) == "");
  REQUIRE(shop.products.prepare(*shop.store).ok());
  shop.settle();
  CHECK(shop.where("category", Operator::direct, {"odd]"}) == "P V");
  test::index_is_a_rescan(shop);
}

TEST_CASE("an attribute that becomes unique is inherited no more; until all have followed, nobody is refused for it") {
  FamilyShop shop;
  shop.post("P", R"({"attributes":{"serial":"S-1","color":"red"}})");
  for (const char* name : {"V-1", "V-2", "V-3"}) shop.post(name, R"({"parent":"P"})");
  shop.attribute_is("serial", R"({"unique":true})");
  CHECK(shop.waits());
  CHECK(shop.refused("Q", R"({"attributes":{"serial":"S-1"}})").faults.at(0).message.find("\"P\"") !=
        std::string::npos);
  shop.patch("V-2", R"({"attributes":{"serial":"S-2"}})");
  CHECK(shop.refused("Q", R"({"attributes":{"serial":"S-2"}})").faults.at(0).message.find("V-2") != std::string::npos);
  // The variants follow in the unit that takes it from the parent; the model's own pass finds nothing more to do.
  shop.patch("P", R"({"attributes":{"serial":null}})");
  shop.post("Q", R"({"attributes":{"serial":"S-1"}})");
  shop.settle(2);
  test::index_is_a_rescan(shop);
  REQUIRE(shop.forget(ModelKind::attribute, "serial").ok());
  shop.patch("P", R"({"attributes":{"serial":"S-9"}})");
  shop.settle();
  CHECK(shop.where("serial", Operator::eq, {"S-9"}) == "P V-1 V-3");
  test::index_is_a_rescan(shop);
}

TEST_CASE("a shop from before has it after its first start, and lists go on meanwhile") {
  FamilyShop shop;
  shop.post("P", R"({"brand":"Acme"})");
  for (const char* name : {"V-1", "V-2", "V-3"}) shop.post(name, R"({"parent":"P"})");
  const auto products = shop.store->family(keys::kProducts);
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                for (const char* name : {"V-1", "V-2", "V-3"}) {
                  PF_LET(const auto document, shop.products.document(work, name));
                  PF_LET(const auto bytes, work.get(products, keys::inherited(*document)));
                  PF_LET(auto entry, decode_inherited(bytes.value_or(std::string())));
                  const search::Entry rest{{{"sku", name}}, {}};
                  add_entry(entry, search::Entry(rest));
                  PF_TRY(shop.products.index().update(work, *document, entry, rest));
                  work.erase(products, keys::inherited(*document));
                }
                for (const char* parent : {"P", ""}) work.erase(products, keys::parent(parent));
                return {};
              })
              .ok());
  REQUIRE(shop.products.prepare(*shop.store).ok());
  CHECK(shop.brand("acme") == "P");
  shop.patch("V-2", R"({"title":"Hat"})");
  CHECK(shop.brand("acme") == "P V-2");
  shop.patch("P", R"({"title":"Cap"})");  // the parent knows its variants
  CHECK(shop.search("cap") == "P V-1 V-3");
  shop.settle(1);
  test::index_is_a_rescan(shop);
  REQUIRE(shop.products.prepare(*shop.store).ok());
  CHECK_FALSE(shop.waits());
}

TEST_CASE("what an entry inherits comes back from its bytes, and no other bytes are read") {
  Model model;
  Record parent, variant;
  parent.sku = "P";
  parent.brand = "Acme";
  parent.categories = {"a/b"};
  parent.attributes = {{"color", R"("Blue")"}, {"weight", "9.5"}};
  parent.texts_for("en").title = "A hat of Acme";
  variant.sku = "V";
  variant.parent = "P";
  variant.attributes = {{"color", R"("Red")"}};
  const Record* line[] = {&variant, &parent};
  const auto entry = inherited_entry(model, line, search_entry(variant));
  const auto bytes = encode_inherited(entry);
  const auto back = decode_inherited(bytes);
  REQUIRE(back.ok());
  CHECK(back->terms == entry.terms);
  CHECK(back->columns == entry.columns);
  for (const auto& [field, ignored] : entry.terms) CHECK(field != "a.color");
  for (std::size_t size = 1; size < bytes.size(); ++size) CHECK_FALSE(decode_inherited(bytes.substr(0, size)).ok());
  CHECK_FALSE(decode_inherited(bytes + "x").ok());
  CHECK_FALSE(decode_inherited("\x02" + bytes.substr(1)).ok());
}

TEST_CASE("after random edits, deletions, imports, undos and changes of the model the index is a full rescan") {
  FamilyShop shop;
  std::mt19937 dice(20261127);
  const auto pick = [&](std::vector<std::string> from) { return from[dice() % from.size()]; };
  // Products of three levels: P-0 to P-3 stand highest, M-0 to M-7 between; anybody may be cut loose.
  const auto body_of = [&](const std::string& sku) {
    json::Value body{json::Members{}};
    if (sku[0] != 'P' && dice() % 2)
      body.set("parent", dice() % 6 == 0 ? json::Value(nullptr)
                         : sku[0] == 'M' ? json::Value("P-" + std::to_string(dice() % 4))
                                         : json::Value("M-" + std::to_string(dice() % 8)));
    if (dice() % 4 == 0) body.set("title", pick({"Blue shirt", "Red shirt", ""}));
    if (dice() % 4 == 0) body.set("description", pick({"Made of blue cotton", "Warm", ""}));
    if (dice() % 4 == 0) body.set("brand", pick({"Acme", "ACME", "Zeta", ""}));
    if (dice() % 4 == 0) body.set("family", pick({"shirts", "hats", ""}));
    if (dice() % 4 == 0)
      body.set("categories", dice() % 3 ? json::Value(json::Array{pick({"a/b", "a", "c/d"})}) : json::Value::array());
    if (dice() % 3 == 0) {
      json::Value attributes{json::Members{}};
      if (dice() % 2)
        attributes.set("color", dice() % 4 ? json::Value(pick({"Blue", "red", ""})) : json::Value(nullptr));
      if (dice() % 2)
        attributes.set("weight", dice() % 4 ? json::Value(json::Number{pick({"1", "9.50"})}) : json::Value(nullptr));
      if (dice() % 3 == 0)
        attributes.set("serial", dice() % 3 ? json::Value(std::to_string(dice() % 1'000)) : json::Value(nullptr));
      body.set("attributes", std::move(attributes));
    }
    if (dice() % 5 == 0)
      body.set("texts", test::parsed(R"({"nl-NL":{"title":")" + pick({"Blauw hemd", ""}) + R"(","fit":")" +
                                     pick({"ruim", "krap", ""}) + "\"}}"));
    return json::write(body);
  };
  const auto any = [&] {
    const auto kind = dice() % 8;
    return kind == 0  ? "P-" + std::to_string(dice() % 4)
           : kind < 3 ? "M-" + std::to_string(dice() % 8)
                      : "V-" + std::to_string(dice() % 20);
  };
  std::uint64_t import = 0;
  shop.attribute_is("color", "{}");
  for (int step = 0; step < 300; ++step) {
    const auto what = dice() % 20;
    if (what < 11) {
      const auto sku = any();
      (void)shop.write(sku, body_of(sku), dice() % 10 == 0 ? WriteMode::replace : WriteMode::upsert);
    } else if (what < 14) {
      (void)shop.remove(any());
    } else if (what < 17) {
      // Lowest first, so that parents come later in their file or in a later one.
      std::vector<ProductRow> rows;
      for (int i = 0; i < 6; ++i) {
        const auto sku = any();
        rows.push_back(shop.row(sku, body_of(sku)));
      }
      std::ranges::sort(rows, std::greater(), [](const ProductRow& one) { return one.sku.raw(); });
      shop.batch(rows, {Origin::Kind::import, ++import, 0});
    } else if (what < 18 && import > 0) {
      (void)shop.store->write([&](storage::Write& work) -> Result<> {
        const Origin of{Origin::Kind::import, 1 + dice() % import, 0};
        PF_LET(const auto touched, shop.products.history().touched(work, of, 0));
        const Origin undo{Origin::Kind::undo, of.id, 0};
        PF_TRY(shop.products.undo(work, access::system_actor(), undo, *touched, shop.clock.now()));
        return {};
      });
    } else if (what == 18) {
      shop.attribute_is("serial", dice() % 2 ? R"({"unique":true})" : "{}");
      REQUIRE(shop.describe(ModelKind::family, "shirts",
                            dice() % 2 ? R"({"attributes":[{"code":"color","required":["*"]}]})" : "{}")
                  .ok());
    } else {
      shop.settle(1 + dice() % 5);
    }
    shop.clock.pass(std::chrono::seconds(1));
    if (step % 100 == 99) {
      shop.settle();
      test::index_is_a_rescan(shop);
    }
  }
}
