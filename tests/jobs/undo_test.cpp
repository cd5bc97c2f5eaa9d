// Imports that are taken back as a whole: what they set beside products as well.
#include <thread>

#include "exchange/shop.h"
#include "jobs/edits.h"
#include "jobs/imports.h"
#include "json/members.h"
#include "stock/shelves.h"
#include "support/archive.h"

using namespace pf;
using namespace pf::test;
using catalog::ModelKind;

namespace {

struct UndoShop : ImportShop {
  std::unique_ptr<rules::Rules> rules;
  std::unique_ptr<jobs::Imports> imports;
  std::unique_ptr<jobs::Edits> edits;

  static std::vector<storage::Family> more() {
    auto out = jobs::Imports::families();
    for (auto& family : rules::Rules::families()) out.push_back(std::move(family));
    return out;
  }
  UndoShop() : ImportShop(WithEvents{}, more()) {
    rules = std::make_unique<rules::Rules>(*store, *products, *orders, *audit, clock);
    imports = std::make_unique<jobs::Imports>(rooms(), *vault, clock, folder.path() / "spool");
    start();
  }
  void start() { edits = std::make_unique<jobs::Edits>(rooms(), *rules, clock); }
  jobs::Job imported(std::string file, bool dry_run = false) {
    auto spooled = imports->spool(clerk, [&]() -> Result<std::string> { return std::exchange(file, {}); });
    REQUIRE(spooled.ok());
    const auto started = imports->start(clerk, *spooled, {.file_name = "file.csv", .dry_run = dry_run});
    REQUIRE(started.ok());
    for (;;) {
      const auto job = imports->find(store->read(), started->id);
      REQUIRE((job.ok() && *job));
      if ((*job)->ended()) {
        REQUIRE_MESSAGE((*job)->status == "done", (*job)->message);
        INFO("report: " << report_of((*job)->id));
        CHECK((*job)->counts.refused == 0);
        return **job;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }
  std::string report_of(std::uint64_t id) {
    std::string out;
    const auto told = *imports->rows(store->read(), id, "refused", 0, 10);
    for (const auto& [number, row] : told) out += json::write(row) + "\n";
    return out;
  }
  static catalog::Origin unit(const jobs::Job& job) { return {catalog::Origin::Kind::import, job.id, 0}; }
  bool possible(const jobs::Job& job) { return *edits->can_undo(store->read(), unit(job)); }
  jobs::Edit ended(std::uint64_t id) {
    for (;;) {
      const auto edit = edits->find(store->read(), id);
      REQUIRE((edit.ok() && *edit));
      if ((*edit)->ended()) {
        REQUIRE_MESSAGE((*edit)->status == "done", (*edit)->message);
        CHECK((*edit)->done == (*edit)->total);
        return **edit;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }
  jobs::Edit undone(const jobs::Job& job, const access::Actor* by = nullptr) {
    const auto begun = edits->start_undo(by != nullptr ? *by : clerk, unit(job), job.finished_at);
    REQUIRE_MESSAGE(begun.ok(), begun.error().message);
    return ended(begun->id);
  }
  // "SKU: reason" of what was left alone.
  std::string left(const jobs::Edit& undo) {
    std::string out;
    const auto told = *edits->rows(store->read(), undo.id, 0, 1'000);
    for (const auto& [number, row] : told) {
      const json::Value& fault = row.find("errors")->as_array()->at(0);
      const std::string sku = json::text_in(row, "sku");
      out += (sku.empty() ? json::text_in(fault, "field") : sku) + ": " + json::text_in(fault, "message") + "\n";
    }
    return out;
  }
  std::int64_t available(const std::string& sku) { return stock->level(store->read(), sku)->available(); }
  std::string shelf(const std::string& sku) { return *stock::Shelves(*store).find(store->read(), sku); }
  void keep(const std::function<Result<>(storage::Write&)>& work) {
    const auto done = store->write(work);
    REQUIRE_MESSAGE(done.ok(), done.error().message);
  }
  std::optional<catalog::Described> described(ModelKind kind, const std::string& code) {
    return catalog::described(**products->models().known(store->read()), kind, code);
  }
};

}  // namespace

TEST_CASE("undo: what a file set as stock goes back, and what was sold or received since still counts") {
  UndoShop shop;
  shop.imported("sku,title,sell_price,stock\nA,Mug,1,5\nB,Cup,1,6\nC,Jug,1,0\nD,Pot,1,4\n");
  const auto job = shop.imported("sku,stock\nA,9\nB,2\nC,7\nD,4\n");
  CHECK(job.counts.changed == 3);
  CHECK(shop.possible(job));
  shop.keep([&](storage::Write& work) -> Result<> {
    PF_LET(const auto given, shop.stock->allocate(work, "A", 2));
    CHECK(given.pieces == 2);
    const stock::Share sold[] = {{stock::kDefaultLocation, 2}};
    PF_TRY(shop.stock->ship(work, "A", sold));
    return shop.stock->adjust(work, shop.clerk, "B", stock::kDefaultLocation, 1, "received");
  });
  const auto undo = shop.undone(job);
  CHECK((undo.changed == 3 && undo.collided == 0 && undo.total == 3));
  CHECK(shop.available("A") == 5 - 2);
  CHECK(shop.available("B") == 6 + 1);
  CHECK(shop.available("C") == 0);
  CHECK(shop.available("D") == 4);
  // Again, nothing moves.
  const auto again = shop.undone(job);
  CHECK((again.changed == 0 && again.unchanged == 3));
  CHECK(shop.available("A") == 5 - 2);
  const auto ledger = *shop.stock->movements(shop.store->read(), "C");
  CHECK((ledger.back().reason == "taken_back" && ledger.back().on_hand == -7));
}

TEST_CASE("undo: a number that somebody counted since, or whose pieces are promised, stays and is told") {
  UndoShop shop;
  shop.imported("sku,title,sell_price,stock\nA,Mug,1,5\nB,Cup,1,1\nC,Jug,1,1\n");
  const auto job = shop.imported("sku,stock\nA,9\nB,8\nC,3\n");
  shop.keep([&](storage::Write& work) -> Result<> {
    PF_TRY(shop.stock->count_at(work, shop.clerk, "A", stock::kDefaultLocation, 7));
    PF_LET(const auto given, shop.stock->allocate(work, "B", 4));
    CHECK(given.pieces == 4);
    return {};
  });
  const auto later = shop.imported("sku,stock\nC,30\n");
  const auto undo = shop.undone(job);
  CHECK((undo.changed == 0 && undo.collided == 3));
  CHECK(shop.available("A") == 7);
  CHECK(shop.available("B") == 4);
  CHECK(shop.available("C") == 30);
  CHECK(shop.left(undo).find("A: Its stock was counted or set again since") != std::string::npos);
  CHECK(shop.left(undo).find("B: Fewer pieces are free than would go back") != std::string::npos);
  // The later one first: then nobody has set it since.
  CHECK(shop.undone(later).changed == 1);
  CHECK(shop.available("C") == 3);
  CHECK(shop.undone(job).changed == 1);
  CHECK(shop.available("C") == 1);
}

TEST_CASE(
    "undo: a SKU that a file names twice goes back to what it was before both rows, and waiting orders get pieces") {
  UndoShop shop;
  shop.imported("sku,title,sell_price,stock\nA,Mug,1,5\n");
  const auto twice = shop.imported("sku,stock\nA,9\nA,2\n");
  CHECK(shop.available("A") == 2);
  const auto thousands = shop.imported("sku,stock\n" + [] {
    std::string rows;
    for (int i = 0; i < 6'000; ++i) rows += "A," + std::to_string(1'000 + i) + "\n";  // three units of work
    return rows;
  }());
  CHECK(shop.undone(twice).collided == 1);
  CHECK(shop.undone(thousands).changed == 3);
  CHECK(shop.available("A") == 2);
  CHECK(shop.undone(twice).changed == 1);
  CHECK(shop.available("A") == 5);
}

TEST_CASE("undo: pieces that come back are given to the orders that wait for them") {
  UndoShop shop;
  shop.imported("sku,title,sell_price,stock\nA,Mug,1,5\n");
  const auto job = shop.imported("sku,stock\nA,1\n");
  shop.imported("order_id,sku,quantity,price,currency\nO1,A,3,12.00,EUR\n");
  CHECK(shop.stock->level(shop.store->read(), "A")->allocated == 1);
  CHECK(shop.undone(job).changed == 1);
  CHECK(shop.stock->level(shop.store->read(), "A")->allocated == 3);
  CHECK(shop.available("A") == 2);
}

TEST_CASE("undo: of stock at several places all goes back or nothing, and a later number for all of them stays") {
  UndoShop shop;
  shop.imported("sku,title,sell_price,stock\nA,Mug,1,5\n");
  const auto second = stock::Locations(*shop.store, *shop.audit).create(shop.clerk, "two", {.name = "Two"});
  REQUIRE_MESSAGE(second.ok(), second.error().message);
  shop.keep([&](storage::Write& work) { return shop.stock->count_at(work, shop.clerk, "A", second->id, 10); });
  CHECK(shop.available("A") == 15);
  const auto job = shop.imported("sku,stock\nA,3\n");
  CHECK(shop.undone(job).changed == 1);
  CHECK(shop.available("A") == 15);
  const auto fewer = shop.imported("sku,stock\nA,2\n"), later = shop.imported("sku,stock\nA,20\n");
  CHECK(shop.undone(fewer).collided == 1);
  CHECK(shop.available("A") == 20);
  CHECK(shop.undone(later).changed == 1);
  CHECK(shop.undone(fewer).changed == 1);
  const auto places = *shop.stock->places(shop.store->read(), "A");
  CHECK((places[0].level.on_hand == 5 && places[1].level.on_hand == 10));
}

TEST_CASE("undo: a product that the import made stays when its pieces were counted since") {
  UndoShop shop;
  const auto job = shop.imported("sku,title,sell_price,stock\nA,Mug,1,12\nB,Cup,1,1\n");
  shop.keep([&](storage::Write& work) -> Result<> {
    return shop.stock->count_at(work, shop.clerk, "A", stock::kDefaultLocation, 15);
  });
  const auto undo = shop.undone(job);
  CHECK((undo.deleted == 1 && undo.collided == 2));
  CHECK((shop.has("A") && !shop.has("B")));
  CHECK(shop.available("A") == 15);
  CHECK(shop.left(undo).find("A: It has pieces in stock by now") != std::string::npos);
}

TEST_CASE("undo: what products were made or valued by since stays described") {
  UndoShop shop;
  const auto job = shop.imported("code;label-en_US;is_quantified;is_two_way\nBOX;Box;1;0\n");
  CHECK(job.counts.created == 1);
  const auto channel = shop.imported("code;label-en_US;locales;currencies;tree\nweb;Web;en_US;EUR;\n");
  CHECK(channel.counts.created == 1);
  const auto text = shop.imported(
      "code;label-en_US;type;group;localizable;scopable\nsize;Size;pim_catalog_text;;0;0\n"
      "blurb;Blurb;pim_catalog_text;;0;1\n");
  const auto number =
      shop.imported("code;label-en_US;type;group;localizable;scopable\nsize;Size;pim_catalog_number;;0;0\n");
  shop.imported("sku;title;size;blurb-web;associations.BOX\nA;Mug;5;Good;\nB;Set;6;Better;A\n");
  CHECK(shop.undone(number).collided == 1);
  CHECK(json::text_in(shop.described(ModelKind::attribute, "size")->value, "type") == "number");
  CHECK(shop.undone(channel).collided == 1);
  CHECK(shop.described(ModelKind::channel, "web"));
  CHECK(shop.undone(job).collided == 1);
  CHECK(shop.described(ModelKind::association_type, "BOX"));
  CHECK(shop.undone(text).collided == 2);
}

TEST_CASE("undo: a category that was written with blanks goes, too") {
  UndoShop shop;
  shop.imported("code;parent;label-en_US\nhome/pots;;Pots\n");
  const auto job = shop.imported("code;parent;label-en_US\nhome / mugs;;Mugs\nhome / pots;;Pans\n");
  CHECK((job.counts.created == 1 && job.counts.changed == 1));
  const auto undo = shop.undone(job);
  CHECK((undo.deleted == 1 && undo.changed == 1));
  CHECK_FALSE(shop.described(ModelKind::category, "home/mugs"));
  CHECK(json::text_in(*shop.described(ModelKind::category, "home/pots")->value.find("labels"), "en-US") == "Pots");
}

TEST_CASE("undo: an import of long ago is not taken back by half") {
  UndoShop shop;
  const auto job = shop.imported("sku,title,sell_price,stock\nA,Mug,1,5\n");
  CHECK(shop.possible(job));
  for (std::uint64_t i = 0; i < catalog::kUnitsMax; ++i) shop.imported("sku,title,sell_price\nA,Mug,1\n", true);
  CHECK_FALSE(shop.possible(job));
  CHECK_FALSE(shop.edits->start_undo(shop.clerk, shop.unit(job), job.finished_at).ok());
}

TEST_CASE("undo: products that an import made go with their stock; a shelf goes back unless it was changed since") {
  UndoShop shop;
  const auto made = shop.imported("sku,title,sell_price,stock\nA,Mug,1,12\nB,Cup,1,1\n");
  shop.imported("sku,stock,shelf\nA,12,A-1\nB,1,B-1\n");
  const auto job = shop.imported("sku,stock,shelf\nA,12,A-2\nB,1,B-2\n");
  CHECK(job.counts.changed == 2);
  shop.keep([&](storage::Write& work) -> Result<> {
    PF_LET(const bool moved, stock::Shelves(*shop.store).set(work, "B", "B-9"));
    CHECK(moved);
    return {};
  });
  const auto undo = shop.undone(job);
  CHECK((undo.changed == 1 && undo.collided == 1));
  CHECK(shop.shelf("A") == "A-1");
  CHECK(shop.shelf("B") == "B-9");
  CHECK(shop.left(undo) == "B: It was changed since, so it was left as it is.\n");
  CHECK(shop.undone(made).deleted == 2);
  CHECK_FALSE(shop.has("A"));
  CHECK(shop.available("A") == 0);
}

TEST_CASE("undo: what an import described of the catalogue is described as before, or not at all") {
  UndoShop shop;
  const std::string before =
      "code;label-en_US;type;group;localizable;scopable\ncolour;Colour;pim_catalog_text;;0;0\nsize;Size;pim_catalog_"
      "text;;0;0\n";
  shop.imported(before);
  const auto colour = shop.described(ModelKind::attribute, "colour");
  const auto job = shop.imported(
      "code;label-en_US;type;group;localizable;scopable\ncolour;Color;pim_catalog_text;;0;0\nweight;Weight;pim_catalog_"
      "number;;0;0\n"
      "size;Sizes;pim_catalog_text;;0;0\nused;Used;pim_catalog_text;;0;0\n");
  const auto parents = shop.imported("code;parent;label-en_US\nhome;;Home\nmugs;home;Mugs\n");
  CHECK(shop.possible(job));
  shop.imported("sku;title;used\nA;Mug;yes\n");
  shop.keep([&](storage::Write& work) -> Result<> {
    PF_TRY(shop.products->models().describe(work, shop.clerk, ModelKind::attribute, "size",
                                            *json::parse(R"({"labels":{"en-US":"Mine"}})"),
                                            catalog::DescribeMode::patch));
    return {};
  });
  const auto undo = shop.undone(job);
  CHECK((undo.changed == 1 && undo.deleted == 1 && undo.collided == 2));
  CHECK(shop.described(ModelKind::attribute, "colour")->value == colour->value);
  CHECK_FALSE(shop.described(ModelKind::attribute, "weight"));
  CHECK(json::text_in(*shop.described(ModelKind::attribute, "size")->value.find("labels"), "en-US") == "Mine");
  CHECK(shop.described(ModelKind::attribute, "used"));
  CHECK(shop.left(undo).find("attribute size: It was changed since") != std::string::npos);
  CHECK(shop.left(undo).find("attribute used: 1 product has a value of \"used\"") != std::string::npos);
  // Those below first, as they were made after.
  CHECK(shop.undone(parents).deleted == 2);
  CHECK_FALSE(shop.described(ModelKind::category, "home"));
}

TEST_CASE("undo: pictures that an archive added go, and those that were there or came since stay") {
  UndoShop shop;
  const std::string gif("GIF89a\x02\0\x02\0and more", 18);
  shop.imported("sku,images\nA,https://a.test/1\nB,\nC,\n");
  const std::string zip =
      zip_of({{"A_1.gif", gif + "1"}, {"a_2.gif", gif + "2"}, {"B.gif", gif}, {"C.gif", gif + "c"}});
  CHECK_FALSE(shop.possible(shop.imported(zip, true)));
  const auto job = shop.imported(zip);
  CHECK((job.counts.rows == 4 && job.counts.changed == 4));
  CHECK(shop.products->find(shop.store->read(), "A").value()->images.size() == 3);
  shop.imported("sku,images\nC,https://a.test/c\n");
  const auto undo = shop.undone(job);
  CHECK((undo.changed == 2 && undo.collided == 1));
  CHECK(shop.field("A", "images") == "[\"https://a.test/1\"]");
  CHECK(shop.field("B", "images") == "[]");
  CHECK(shop.field("C", "images") == "[\"https://a.test/c\"]");
}

TEST_CASE("undo: choices that products have got since stay where they are") {
  UndoShop shop;
  shop.imported("code;label-en_US;type;group;localizable;scopable\ncolour;Colour;pim_catalog_simpleselect;;0;0\n");
  shop.imported("code;attribute;label-en_US;sort_order\nred;colour;Red;1\n");
  const auto job = shop.imported("code;attribute;label-en_US;sort_order\nblue;colour;Blue;2\ngreen;colour;Green;3\n");
  const auto again = shop.imported("code;attribute;label-en_US;sort_order\nyellow;colour;Yellow;4\n");
  shop.imported("sku;title;colour\nA;Mug;blue\n");
  CHECK(shop.undone(again).changed == 1);
  const auto undo = shop.undone(job);
  CHECK(undo.collided == 1);
  CHECK(shop.left(undo).find("has the choice \"blue\"") != std::string::npos);
  CHECK(shop.described(ModelKind::attribute, "colour")->value.find("choices")->as_array()->size() == 3);
}

TEST_CASE("undo: reference records go back, those that named each other too") {
  UndoShop shop;
  shop.keep([&](storage::Write& work) -> Result<> {
    PF_TRY(shop.products->models().describe(
        work, shop.clerk, ModelKind::reference_kind, "brand",
        *json::parse(
            R"({"attributes":[{"code":"sister","type":"reference","reference_kind":"brand"},{"code":"since","type":"text"}]})"),
        catalog::DescribeMode::put));
    return {};
  });
  shop.imported("reference_kind,code,label@en,since\nbrand,acme,Acme,1900\n");
  const auto job = shop.imported(
      "reference_kind,code,label@en,since,sister\nbrand,acme,ACME,1901,\nbrand,one,One,,two\nbrand,two,Two,,one\n");
  CHECK(job.counts.created == 2);
  const auto undo = shop.undone(job);
  CHECK(undo.collided == 0);
  CHECK(undo.deleted == 2);
  const auto& references = shop.products->references();
  CHECK(references.find(shop.store->read(), "brand", "acme")->value().labels.begin()->second == "Acme");
  CHECK_FALSE(references.find(shop.store->read(), "brand", "one")->has_value());
  CHECK_FALSE(references.find(shop.store->read(), "brand", "two")->has_value());
}

TEST_CASE("undo: it goes on after a restart, takes nothing back twice, and a dry run leaves nothing to take back") {
  UndoShop shop;
  constexpr int kRows = 3'000;  // two units of work
  std::string made = "sku,title,sell_price,stock\n", set = "sku,stock\n";
  for (int i = 0; i < kRows; ++i) {
    made += "R" + std::to_string(i) + ",Row " + std::to_string(i) + ",1,5\n";
    set += "R" + std::to_string(i) + ",9\n";
  }
  shop.imported(made);
  CHECK_FALSE(shop.possible(shop.imported(set, true)));
  const auto job = shop.imported(set);
  const auto begun = shop.edits->start_undo(shop.clerk, shop.unit(job), job.finished_at);
  REQUIRE(begun.ok());
  while (shop.edits->find(shop.store->read(), begun->id)->value().done == 0) std::this_thread::yield();
  shop.edits.reset();
  shop.start();
  CHECK(shop.ended(begun->id).changed == kRows);
  for (const char* sku : {"R0", "R1500", "R2999"}) CHECK(shop.available(sku) == 5);
}

TEST_CASE("undo: whoever is limited takes back the stock of his products alone, and no descriptions") {
  UndoShop shop;
  shop.imported("sku,title,categories,stock\nA,Mug,kitchen,1\nB,Cup,garden,1\n");
  const auto job = shop.imported("sku,stock\nA,9\nB,9\n");
  const auto model = shop.imported("code;parent;label-en_US\nhome;;Home\n");
  access::Actor gardener = shop.clerk;
  auto limits = std::make_shared<access::Limits>();
  limits->categories = {"garden"};
  gardener.limits = limits;
  const auto undo = shop.undone(job, &gardener);
  CHECK((undo.changed == 1 && undo.collided == 1));
  CHECK((shop.available("A") == 9 && shop.available("B") == 1));
  CHECK(shop.undone(model, &gardener).collided == 1);
  CHECK(shop.described(ModelKind::category, "home"));
}

TEST_CASE("undo: orders are not taken back, which is said with what to do") {
  UndoShop shop;
  shop.imported("sku,title,sell_price,stock\nA,Mug,1,5\n");
  const auto job = shop.imported("order_id,sku,quantity,price,currency\nO1,A,1,12.00,EUR\n");
  CHECK(job.format == "orders");
  CHECK_FALSE(shop.possible(job));
  const auto begun = shop.edits->start_undo(shop.clerk, shop.unit(job), job.finished_at);
  REQUIRE_FALSE(begun.ok());
  CHECK(begun.error().message.find("orders are cancelled instead") != std::string::npos);
}
