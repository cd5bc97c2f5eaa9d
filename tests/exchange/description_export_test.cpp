#include "exchange/exporter.h"
#include "formats/zip_reader.h"
#include "shop.h"

using namespace pf;
using namespace pf::test;
using catalog::ModelKind;
using exchange::ExportKind;

namespace {

std::string described_as(ImportShop& shop, ExportKind kind,
                         exchange::ExportFormat format = exchange::ExportFormat::csv) {
  std::string out;
  exchange::ExportQuestion question;
  question.kind = kind;
  question.format = format;
  const auto done = exchange::write_export(shop.rooms(), question, [&](std::string_view piece) {
    out += piece;
    return true;
  });
  REQUIRE_MESSAGE(done.ok(), done.error().message);
  return out;
}
std::map<std::string, std::string> files_in(const std::string& archive) {
  formats::MemorySource source(archive);
  auto reader = formats::ZipReader::open(source);
  REQUIRE(reader.ok());
  std::map<std::string, std::string> out;
  for (const auto& entry : reader->entries()) out[entry.name] = *reader->read_all(entry, 16u << 20);
  return out;
}
void describe(ImportShop& shop, ModelKind kind, const char* code, const char* body) {
  const auto done = shop.store->write([&](storage::Write& work) -> Result<> {
    PF_TRY(
        shop.products->models().describe(work, shop.clerk, kind, code, *json::parse(body), catalog::DescribeMode::put));
    return {};
  });
  const std::string why = done.ok() ? std::string() : code + (": " + done.error().message);
  REQUIRE_MESSAGE(done.ok(), why);
}

// All that can be said of each kind, and what a spreadsheet or a list of codes may stumble over.
void describe_all(ImportShop& shop) {
  const auto languages = shop.store->write([&](storage::Write& work) {
    return shop.products->set_languages(
        work, shop.clerk,
        {.locales = {"nl-NL", "en", "zh-Hans-CN"}, .chosen = true, .fallbacks = {{"zh-Hans-CN", "en"}}});
  });
  REQUIRE(languages.ok());
  describe(
      shop, ModelKind::channel, "web",
      R"({"labels":{"en":"Web","zh-Hans-CN":"网"},"locales":["nl-NL","en"],"currencies":["EUR","JPY"],"category":"clothing"})");
  describe(shop, ModelKind::channel, "app", R"({"foreign":{"conversion_units":"weight:GRAM"}})");
  describe(shop, ModelKind::channel, "App", "{}");
  describe(shop, ModelKind::group, "look", R"({"labels":{"en":"=Look"},"position":3})");
  describe(shop, ModelKind::association_type, "SET", R"({"quantified":true,"parts":true})");
  describe(shop, ModelKind::reference_kind, "maker", R"({"labels":{"en":"Maker"}})");
  describe(shop, ModelKind::reference_kind, "brand",
           R"({"attributes":[{"code":"made by","type":"reference","reference_kind":"maker","required":true}]})");
  describe(shop, ModelKind::reference_kind, "maker",
           R"({"labels":{"en":"Maker"},"attributes":[{"code":"best","type":"reference","reference_kind":"brand"},
                {"code":"rival","type":"reference","reference_kind":"maker"}]})");
  describe(shop, ModelKind::measurement_family, "Packaging",
           R"({"labels":{"en":"Packaging"},"standard_unit":"EACH","units":[{"code":"BOX","symbol":"bx; \"x\"",
               "labels":{"zh-Hans-CN":"盒"},"to_standard":[{"operator":"mul","value":"12.50"}]},{"code":"EACH"}]})");
  describe(shop, ModelKind::measurement_family, "Weight",
           R"({"units":[{"code":"GRAM","labels":{"nl-NL":"Gram"}},
                        {"code":"STONE","to_standard":[{"operator":"mul","value":"6.35029318"}]}]})");
  describe(shop, ModelKind::category, "clothing", R"({"labels":{"en":" Clothing "},"position":2})");
  describe(shop, ModelKind::category, "clothing/shirts", R"({"position":1})");
  describe(shop, ModelKind::category, "clothing/socks", R"({"parent":"clothing","position":1})");
  describe(shop, ModelKind::category, "sale/socks", R"({"top":true})");
  describe(shop, ModelKind::category, "sale/left", R"({"labels":{"nl-NL":"Restjes"}})");
  for (const auto& [code, body] : std::initializer_list<std::pair<const char*, const char*>>{
           {"name", R"({"localisable":true,"group":"look","position":2,"unique":false,
                        "validation":{"length_min":2,"length_max":80,"pattern":"-?[A-Z/]\\$"}})"},
           {"sku", R"({"type":"identifier","unique":true,"check":"gtin"})"},
           {"text", R"({"type":"rich_text","per_channel":true})"},
           {"weight", R"({"type":"measurement","unit_family":"Weight","unit":"GRAM",
                          "validation":{"number_min":0,"number_max":10.50,"decimals_max":2}})"},
           {"content", R"({"type":"measurement","unit_family":"Packaging","unit":"BOX",
                           "foreign":{"max_file_size":"10"}})"},
           {"pieces", R"({"type":"number","validation":{"number_min":-5}})"},
           {"share", R"({"type":"decimal","validation":{"decimals_max":0}})"},
           {"price", R"({"type":"price","currencies":["EUR","USD"],"validation":{"number_min":0}})"},
           {"day", R"({"type":"date","validation":{"date_min":"2026-01-31"}})"},
           {"photo", R"({"type":"image","validation":{"extensions":["png","jpg"]}})"},
           {"site", R"({"type":"link"})"},
           {"care", R"({"type":"table","columns":[{"code":"part","type":"text","labels":{"en":"Part"}}]})"},
           {"brand", R"({"type":"reference","reference_kind":"brand"})"},
           {"loose",
            R"({"type":"reference","foreign":{"type":"pim_reference_data_multiselect","available_locales":"nl_NL"}})"},
           {"brands", R"({"type":"references","reference_kind":"brand"})"},
           {"size", R"({"type":"choice","choices":[{"code":"M","labels":{"en":"@M"}},{"code":"a,b\\"},{"code":"L"}]})"},
           {"color", R"({"type":"choices","choices":[{"code":"red","labels":{"nl-NL":"rood","en":"red\nish"}}]})"}})
    describe(shop, ModelKind::attribute, code, body);
  describe(
      shop, ModelKind::family, "things",
      R"({"labels":{"en":"Things"},"attributes":[{"code":"sku","required":["*"]},{"code":"name","required":["web","app","App"]},
               {"code":"size"},{"code":"brand"},{"code":"pieces"}],"axes":[["size"],["brand"],["pieces"]],"label_attribute":"name"})");
  describe(
      shop, ModelKind::family, "a thing",
      R"({"parent":"things","attributes":[{"code":"photo","required":["web","app"]},{"code":"title"}],"image_attribute":"photo"})");
  describe(shop, ModelKind::family, "other",
           R"({"attributes":[{"code":"size"}],"axes":[["size"]],
               "foreign":{"family_variants":"[{\"code\":\"by_size\",\"label-nl_NL\":\"Maat\",\"variant-axes_1\":\"size\"},{\"code\":\"more\"}]"}})");
  describe(shop, ModelKind::family, "moved",  // its variants differ otherwise since
           R"({"attributes":[{"code":"size"},{"code":"brand"}],"axes":[["brand"]],
               "foreign":{"family_variants":"[{\"code\":\"by_size\",\"variant-attributes_1\":\"sku\",\"variant-axes_1\":\"size\"}]"}})");
  const auto filled = shop.import(
      "reference_kind,code,label@en,made by,best,rival\nmaker,acme,Acme,,Tools,zenith\nbrand,tools,Tools,acme,,\n"
      "maker,zenith,,,,acme\nbrand,lost,,nobody,,\n");
  REQUIRE_MESSAGE((filled.counts.created == 3 && filled.counts.refused == 1), filled);
  std::string picture;
  const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto stored, shop.assets->put(work, std::string_view("GIF89a\x02\0\x02\0and more", 18)));
    picture = "asset:" + stored.asset.id;
    return {};
  });
  REQUIRE(kept.ok());
  REQUIRE(shop.import("sku,title@nl-NL,family,size,brand,content,images\nP-1,Ding,things,M,tools,2,\"" + picture +
                      ",https://a.test/b.png\"\n")
              .counts.created == 1);
}

}  // namespace

TEST_CASE("a whole catalogue fills an empty shop from one file, and comes out of it byte by byte") {
  ImportShop shop;
  describe_all(shop);
  const std::string whole = described_as(shop, ExportKind::catalogue);
  const Done again = shop.import(whole);
  CHECK_MESSAGE(again.counts.unchanged == again.counts.rows, again);
  CHECK(again.counts.rows > 30);
  CHECK(again.failure.empty());

  ImportShop other;
  // A trial sees what the files before would have described, and keeps nothing of it.
  const Done trial = other.import(whole, {.dry_run = true});
  CHECK(other.products->models().known(other.store->read()).value()->version == 0);
  CHECK(!other.has("P-1"));
  const Done done = other.import(whole);
  CHECK_MESSAGE((trial.counts.refused == 0 && trial.counts.created == done.counts.created &&
                 trial.counts.changed == done.counts.changed),
                trial, "\n", done);
  CHECK_MESSAGE((done.failure.empty() && done.counts.refused == 0), done);
  CHECK(done.counts.unchanged == 3);  // currencies, of which a shop has no list
  CHECK(other.field("P-1", "brand") == "tools");
  const auto files = files_in(whole);
  for (const auto& file : files_in(described_as(other, ExportKind::catalogue)))
    CHECK_MESSAGE((files.at(file.first) == file.second), file.first, "\n", files.at(file.first), "\n", file.second);
  CHECK((described_as(other, ExportKind::catalogue) == whole));
  CHECK((described_as(other, ExportKind::description) == described_as(shop, ExportKind::description)));
  CHECK(files.size() == 15);
  CHECK(other.attribute("P-1", "content") == R"({"amount":2,"unit":"BOX"})");
}

TEST_CASE("each table of a description is Akeneo's, and is known again as it stands and as a workbook") {
  ImportShop shop;
  describe_all(shop);
  CHECK(described_as(shop, ExportKind::attribute_option) ==
        "code;label-en;label-nl_NL;attribute;sort_order;productflow:json\r\n"
        "red;\"red\nish\";rood;color;1;\r\n"
        "M;\"'@M\";;size;1;\r\n"
        "a,b\\;;;size;2;\r\n"
        "L;;;size;3;\r\n");
  CHECK(described_as(shop, ExportKind::category) ==
        "code;parent;label-en;label-nl_NL;position;productflow:json\r\n"
        "sale/left;;;Restjes;0;\r\n"
        "sale/socks;;;;0;\"{\"\"top\"\":true}\"\r\n"
        "clothing;;\" Clothing \";;2;\"{\"\"labels\"\":{\"\"en\"\":\"\" Clothing \"\"}}\"\r\n"
        "clothing/shirts;clothing;;;1;\r\n"
        "clothing/socks;clothing;;;1;\"{\"\"parent\"\":\"\"clothing\"\"}\"\r\n");
  const std::string variants = described_as(shop, ExportKind::family_variant);
  CHECK(
      variants ==
      "code;family;label-nl_NL;variant-axes_1;variant-axes_2;variant-attributes_1;variant-attributes_2;variant-axes_3;"
      "productflow:json\r\n"
      "by_size;moved;;brand;;;;;\"{\"\"foreign\"\":{\"\"family_variants\"\":\"\"[{\\\"\"code\\\"\":\\\"\"by_size\\\"\","
      "\\\"\"variant-attributes_1\\\"\":\\\"\"sku\\\"\",\\\"\"variant-axes_1\\\"\":\\\"\"size\\\"\"}]\"\"}}\"\r\n"
      "by_size;other;Maat;size;;;;;\r\nmore;other;;;;;;;\r\n"
      "things;things;;size;brand;;;pieces;\r\n");
  for (const ExportKind kind :
       {ExportKind::attribute, ExportKind::attribute_option, ExportKind::attribute_group, ExportKind::family,
        ExportKind::family_variant, ExportKind::category, ExportKind::channel, ExportKind::association_type,
        ExportKind::reference_kind, ExportKind::measurement_family, ExportKind::locale})
    for (const auto format : {exchange::ExportFormat::csv, exchange::ExportFormat::xlsx}) {
      const Done done = shop.import(described_as(shop, kind, format), {.kind = "model"});
      CHECK_MESSAGE((done.failure.empty() && done.counts.rows > 0 && done.counts.unchanged == done.counts.rows),
                    std::string(exchange::export_file_name(kind)), done);
    }
}

TEST_CASE("what Akeneo says and is not meant here goes back, until the shop says otherwise") {
  ImportShop shop;
  const std::string attributes =
      "code;label-en_US;available_locales;decimals_allowed;default_metric_unit;group;localizable;max_file_size;"
      "metric_family;scopable;sort_order;type;unique;useable_as_grid_filter;validation_rule;wysiwyg_enabled\n"
      "note;Note;;;;look;0;;;0;4;pim_catalog_textarea;0;1;;0\n"
      "site;;en_US;;;look;0;;;0;5;pim_catalog_text;0;0;url;\n";
  CHECK(shop.import(attributes).counts.created == 2);
  const std::string out = described_as(shop, ExportKind::attribute);
  CHECK_MESSAGE(out.find("pim_catalog_textarea;0;1;;;0;\r\n") != std::string::npos, out);
  CHECK_MESSAGE(out.find("site;;;;en_US;;;;;look;0;;;;;;;;;0;5;pim_catalog_text;0;0;;url;;\r\n") != std::string::npos,
                out);
  CHECK(shop.import(attributes).counts.unchanged == 2);
  describe(shop, ModelKind::attribute, "note",
           R"({"type":"rich_text","foreign":{"type":"pim_catalog_text","wysiwyg_enabled":"0","max_file_size":"10"}})");
  // Its type is another now, so that what was said of the old one is for us alone.
  CHECK(described_as(shop, ExportKind::attribute)
            .find("note;;;;;;;;;0;;10;;;;;;;0;0;pim_catalog_textarea;0;;;;1;\"{\"\"foreign\"\":{\"\"type\"\":\"\"pim_"
                  "catalog_"
                  "text\"\",\"\"wysiwyg_enabled\"\":\"\"0\"\"}}\"") != std::string::npos);
  CHECK(shop.import(described_as(shop, ExportKind::attribute)).counts.unchanged == 2);
}

TEST_CASE("Akeneo's lists are told from products, and say what becomes of them") {
  ImportShop shop;
  Done done = shop.import("code;is_activated\nen_US;1\naf_ZA;0\nnl_NL;1\nnowhere_;1\n");
  CHECK(done.format == "akeneo locales");
  CHECK_MESSAGE((done.counts.created == 2 && done.counts.unchanged == 1 && done.counts.refused == 1), done);
  CHECK(shop.products->languages(shop.store->read())->locales == std::vector<std::string>{"en-US", "nl-NL"});
  done = shop.import("code;is_activated;fallback\nen_US;1;nl_NL\nnl_NL;1;en_US\nde_DE;1;xx_XX\n");
  CHECK_MESSAGE((done.counts.changed == 1 && done.counts.created == 1), done);
  CHECK(done.refusals().find("circle") != std::string::npos);
  CHECK(done.told("notice").find("does not have the language xx-XX") != std::string::npos);
  CHECK(shop.import("code;is_activated\nfr_FR;1\n").counts.created == 1);
  CHECK(shop.products->languages(shop.store->read())->fallbacks.size() == 1);
  done = shop.import("code;activated\nEUR;1\nADP;0\nXYZ9;1\n");
  CHECK(done.format == "akeneo currencies");
  CHECK_MESSAGE((done.counts.unchanged == 2 && done.counts.refused == 1), done);
  done = shop.import("code\naf_ZA\nen_US\n");
  CHECK(done.format == "akeneo locales");
  CHECK(done.counts.unchanged == 2);
  CHECK(done.told("notice").find("does not say which of these languages are used") != std::string::npos);
  CHECK(shop.import("code\nRELATED\n").counts.unchanged == 1);
  done = shop.import("code;label-en_US\nRELATED;Related\n");
  CHECK(done.format == "akeneo group types");
  CHECK(done.refusals().find("type of groups of products") != std::string::npos);
  done = shop.import("code;type;label-en_US\npromotion;RELATED;Promotion\nplain;RELATED;\n");
  CHECK(done.format == "akeneo groups");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(!shop.has("promotion"));
  const auto groups = shop.products->models().known(shop.store->read()).value()->attribute("groups")->said;
  CHECK((groups.type == "choices" && groups.choices[0].labels.at(0).second == "Promotion"));
  CHECK(shop.import("sku,groups,family,categories\nG-1,\"promotion,plain\",,\n").counts.created == 1);
  CHECK(shop.attribute("G-1", "groups") == R"(["promotion","plain"])");
}

TEST_CASE("whole Akeneo catalogues come out as they went in") {
  for (const char* name : {"icecat_demo_dev", "catalog_modeling", "technical"}) {
    const auto folder = shared_data() / "akeneo" / name;
    if (skipped_without(folder)) return;
    ImportShop shop;
    for (const char* file :
         {"locales", "currencies", "group_types", "groups", "channels", "categories", "attribute_groups",
          "association_types", "attributes", "attribute_options", "families", "family_variants"})
      CHECK(shop.import(content_of(folder / (std::string(file) + ".csv"))).failure.empty());
    const std::string description = described_as(shop, ExportKind::description);
    const Done again = shop.import(description);
    CHECK_MESSAGE(again.counts.unchanged == again.counts.rows, again);
    ImportShop other;
    CHECK(other.import(description).counts.refused == 0);
    CHECK((described_as(other, ExportKind::description) == description));
  }
}
