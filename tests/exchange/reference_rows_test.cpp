#include "exchange/exporter.h"
#include "shop.h"

using namespace pf;
using namespace pf::test;

TEST_CASE("a table of reference records goes in, whatever its order, and comes out the same") {
  ImportShop shop;
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_TRY(
                    shop.products->models().describe(work, shop.clerk, catalog::ModelKind::reference_kind, "brand",
                                                     *json::parse(R"({"attributes":[{"code":"founded","type":"number"},
                                                   {"code":"story","type":"text","localisable":true},
                                                   {"code":"mother","type":"reference","reference_kind":"brand"}]})"),
                                                     catalog::DescribeMode::put));
                return {};
              })
              .ok());
  const std::string file =
      "reference_kind,code,founded,label@en,label@nl-NL,mother,story@en\n"
      "brand,acme,1950,Acme,Acme BV,zenith,\"Shoes, since long\"\n"
      "brand,zenith,,\"'=Zenith\",,,\n";
  const auto done = shop.import(file);
  INFO(done);
  CHECK(done.format == "reference records");
  CHECK(done.counts.created == 2);
  CHECK(done.adds_up());
  CHECK(shop.products->references().find(shop.store->read(), "brand", "zenith")->value().labels[0].second == "=Zenith");

  exchange::ExportQuestion question;
  question.kind = exchange::ExportKind::reference;
  question.reference_kind = "brand";
  std::string out;
  const auto sink = [&](std::string_view piece) {
    out += piece;
    return true;
  };
  REQUIRE(exchange::check_export(shop.rooms(), question).ok());
  REQUIRE(exchange::write_export(shop.rooms(), question, sink).ok());
  std::erase(out, '\r');
  CHECK(out == file);
  question.reference_kind = "planet";
  CHECK_FALSE(exchange::check_export(shop.rooms(), question).ok());

  const auto again = shop.import(file + "brand,bad,old,,,nobody,\nplanet,x,,,,,\n,y,,,,,\n");
  INFO(again);
  CHECK(again.counts.unchanged == 2);
  CHECK(again.counts.refused == 3);
  CHECK(again.refusals().find("4: values.founded number") != std::string::npos);
  CHECK(again.refusals().find("values.mother unknown names the record \"nobody\" of brand") != std::string::npos);
}
