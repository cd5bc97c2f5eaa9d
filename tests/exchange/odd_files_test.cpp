// Files as people's programs write them and nobody would describe them: told by their structure.
#include <algorithm>
#include <array>
#include "exchange/mapping.h"

#include "shop.h"
#include "support/archive.h"

using namespace pf;
using namespace pf::test;

TEST_CASE("odd files: names above groups of columns are not the header, in text and in workbooks") {
  ImportShop shop;
  const Done done = shop.import("Article;;Price;;\nsku;title;net;gross;stock\nG-1;One;1,00;1,21;3,0\n");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.attribute("G-1", "net") == "1,00");
  CHECK(shop.available("G-1") == 3);
}

TEST_CASE("odd files: a column that means nothing here may stand twice, and so may pictures; what counts may not") {
  ImportShop shop;
  const Done done = shop.import(
      "sku,colour,colour,image,image,image\n"
      "D-1,red,blue,https://a.example/1.png,,https://a.example/3.png\n");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.attribute("D-1", "colour") == "red");
  CHECK(shop.attribute("D-1", "colour.2") == "blue");
  CHECK(shop.field("D-1", "images") == R"(["https://a.example/1.png","https://a.example/3.png"])");
  CHECK(shop.import("sku,price,price\nD-2,1,2\n").failure.find("\"price\" twice") != std::string::npos);
}

TEST_CASE("odd files: a sum below the table and a line about its maker are refused, not sold") {
  ImportShop shop;
  const Done done =
      shop.import("sku,title,price,stock\nB-1,One,1.00,2\nTotaal:,,1.00,2\n\nMade by Lister 3.1 on 26-11-2026\n");
  CHECK_MESSAGE((done.counts.created == 1 && done.counts.refused == 2), done);
  CHECK(shop.import("sku,title\nTotal,A cereal\n").counts.created == 1);  // which somebody sells
}

TEST_CASE("odd files: a shop that sold more than it had keeps none, and is told") {
  ImportShop shop;
  const Done done = shop.import("sku,title,price,stock\nA,Pot,1.00,-3\nB,Mug,1.00,0\n");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(shop.available("A") == 0);
  CHECK_MESSAGE(done.told("notice") == "2: stock range is below zero; the stock was set to 0;\n", done);
}

TEST_CASE("odd files: days come first where it is certain, and whoever may have meant two is asked") {
  ImportShop shop;
  const Done done = shop.import(
      "Bestelnummer;Artikelnummer;Aantal;Prijs;Datum\n"
      "1001;A-1;2;19,95;31-12-2025 "
      "9:05\n1002;A-2;1;5,00;1.2.2026\n1003;A-2;1;5,00;12/31/2025\n1004;A-3;1;5,00;01/02/2026\n"
      "1005;A-2;1;5,00;20260131\n1006;A-2;1;5,00;2026/1/31 9:05\n1007;A-2;1;5,00;31.01.26\n"
      "1008;A-2;1;5,00;Sat, 31 Jan 2026 09:05:00 GMT\n1009;A-2;1;5,00;31/01/2026 - 09:05:00\n");
  for (const char* order : {"1006", "1008", "1009"})
    CHECK(rfc3339(shop.order(order).placed_at) == "2026-01-31T09:05:00Z");
  for (const char* order : {"1005", "1007"}) CHECK(rfc3339(shop.order(order).placed_at) == "2026-01-31T00:00:00Z");
  CHECK_MESSAGE((done.counts.created == 8 && done.counts.refused == 1), done);
  CHECK(rfc3339(shop.order("1001").placed_at) == "2025-12-31T09:05:00Z");
  CHECK(rfc3339(shop.order("1002").placed_at) == "2026-02-01T00:00:00Z");
  CHECK(rfc3339(shop.order("1003").placed_at) == "2025-12-31T00:00:00Z");
  CHECK_MESSAGE(done.refusals().find("the day or the month first") != std::string::npos, done);
}

TEST_CASE("odd files: German names, a prefix that a document made up, an EAN that a spreadsheet rounded") {
  ImportShop shop;
  CHECK(shop.import("Artikelnr.;Bezeichnung;VK-Preis;Bestand\nN-1;Stuhl;1.299,00 EUR;12\n").counts.created == 1);
  CHECK(shop.price("N-1") == "1299.00");
  CHECK(shop.import("sku,title,price,currency\nN-5,Chair,12.50,USD\n").counts.created == 1);
  CHECK(shop.price("N-5", "USD") == "12.50");
  const Done xml = shop.import(
      "<n:list xmlns:n=\"urn:x\"><n:item><n:sku>N-2</n:sku><n:title><![CDATA[A & "
      "B]]></n:title><n:odd>1</n:odd></n:item>"
      "<n:item><n:sku>N-3</n:sku></n:item></n:list>");
  CHECK_MESSAGE(xml.counts.created == 2, xml);
  CHECK(shop.field("N-2", "title") == "A & B");
  CHECK(shop.attribute("N-2", "n:odd") == "1");
  CHECK(shop.import("sku;ean\nN-4;4,00638E+12\n").refusals().find("rounded by a spreadsheet") != std::string::npos);
}

TEST_CASE("odd files: lines of JSON belong to whom the first that tells it belongs") {
  ImportShop shop;
  const Done done =
      shop.import("{\"sku\":\"L-1\",\"title\":\"One\"}\n{\"title\":\"Two\",\"sku\":\"L-2\",\"extra\":{\"a\":1}}\n");
  CHECK_MESSAGE(done.counts.created == 2, done);
  CHECK(shop.attribute("L-2", "extra.a") == "1");
}

TEST_CASE("odd files: an import that was cut off in a second table goes on as if it had not been") {
  // The first table waits for a parent that the second one brings; nobody is told that it is missing.
  const std::string file =
      "sku,title,parent\nV-1,One,P\n,Nameless,\n\nsku,title,brand\nP,Parent\n,Nobody\nQ,Quite\n\nsku,stock\nV-1,5\nZ,"
      "1\n";
  ImportShop whole;
  std::vector<exchange::Progress> units;
  exchange::ImportOptions counting;
  counting.keep_told = [&](storage::Write&, const std::vector<exchange::RowReport>&, const exchange::Progress& now) {
    units.push_back(now);
    return Result<>();
  };
  const Done done = whole.import(file, counting);
  CHECK_MESSAGE((done.counts.rows == 7 && done.counts.created == 3 && done.counts.changed == 1), done);
  REQUIRE(units.size() >= 3);
  for (std::size_t cut = 1; cut < units.size(); ++cut) {
    ImportShop shop;
    exchange::Progress kept;
    std::size_t seen = 0;
    exchange::ImportOptions options;
    options.keep_told = [&](storage::Write&, const std::vector<exchange::RowReport>&, const exchange::Progress& now) {
      if (seen++ == cut) return Result<>(error(ErrorCode::unavailable, "killed"));
      kept = now;
      return Result<>();
    };
    CHECK_FALSE(shop.import(file, options).failure.empty());
    exchange::ImportOptions on;
    on.resume = kept;
    const Done rest = shop.import(file, on);
    INFO("cut off after " << cut << " of " << units.size() << " units: " << rest);
    CHECK(rest.counts.rows == done.counts.rows);
    CHECK(rest.counts.created == done.counts.created);
    CHECK(rest.counts.refused == done.counts.refused);
    CHECK(shop.field("V-1", "parent") == "P");
    CHECK(shop.available("V-1") == 5);
  }
}

TEST_CASE("odd files: what is to move from one product to another may stand far apart in a file, tried or done") {
  ImportShop shop;
  for (const auto& [kind, code, body] :
       {std::tuple{catalog::ModelKind::attribute, "color",
                   R"({"type":"choice","choices":[{"code":"red"},{"code":"blue"},{"code":"green"}]})"},
        {catalog::ModelKind::attribute, "serial", R"({"type":"text","unique":true})"},
        {catalog::ModelKind::family, "shirts", R"({"attributes":[{"code":"color"}],"axes":[["color"]]})"}})
    REQUIRE(shop.store
                ->write([&, of = kind, name = code, text = body](storage::Write& work) -> Result<> {
                  PF_TRY(shop.products->models().describe(work, shop.clerk, of, name, *json::parse(text),
                                                          catalog::DescribeMode::put));
                  return {};
                })
                .ok());
  REQUIRE(shop.import("sku,family,parent,color\nP,shirts,,\nA,shirts,P,red\nB,shirts,P,blue\nC,shirts,P,green\n")
              .counts.created == 4);
  std::string between;
  for (int i = 0; i < 2'600; ++i) between += ",,,red,S\n";  // more than a unit of work has; refused, which costs least
  const std::string file =
      "sku,family,parent,color,serial\nA,,,blue,\nA,,,blue,X1\nC,,,red,\nE,,LATE,,S1\nE2,,NEVER,,\n" + between +
      "B,,,green,\nD,shirts,P,red,\nF,,,,S1\nE,,,,S2\nLATE,,,,S9\n";
  // C takes A's colour, A takes B's, B takes C's; D wants what C gets; F takes what E gives away further down.
  const Done dry = shop.import(file, {.dry_run = true});
  CHECK_MESSAGE((dry.counts.created == 4 && dry.counts.changed == 4 && dry.counts.refused == 2'602), dry.counts.created,
                " ", dry.counts.changed, " ", dry.counts.refused);
  CHECK_FALSE(shop.has("E"));
  exchange::Progress kept;
  exchange::ImportOptions cut;
  std::size_t units = 0;
  cut.keep_told = [&](storage::Write&, const std::vector<exchange::RowReport>&, const exchange::Progress& now) {
    if (units++ == 1) return Result<>(error(ErrorCode::unavailable, "killed"));
    kept = now;
    return Result<>();
  };
  CHECK_FALSE(shop.import(file, cut).failure.empty());
  CHECK(kept.waiting.size() == 3);
  exchange::ImportOptions on;
  on.resume = kept;
  const Done done = shop.import(file, on);
  CHECK(std::tuple(done.counts.created, done.counts.changed, done.counts.unchanged, done.counts.refused) ==
        std::tuple(dry.counts.created, dry.counts.changed, dry.counts.unchanged, dry.counts.refused));
  CHECK(dry.told("notice") == done.told("notice"));
  CHECK(dry.told("notice").find("NEVER yet") != std::string::npos);
  CHECK(dry.refusals().ends_with(done.refusals()));  // which is told from where it went on
  CHECK(shop.attribute("A", "color") == "blue");
  CHECK(shop.attribute("B", "color") == "green");
  CHECK(shop.attribute("C", "color") == "red");
  // Of the two rows that waited for A the last is meant.
  CHECK(shop.attribute("A", "serial") == "X1");
}

namespace {

using Counted = std::array<std::uint64_t, 3>;  // created, changed, refused

struct OddFile {
  std::string_view name;
  std::string file;
  Counted counted{};         // of what was read; the rest is unchanged
  std::string_view told{};   // occurs in what is told: the failure, refusals, notices
  std::string_view holds{};  // "SKU field=value": a field, an attribute, or price; occurs afterwards
};

std::string in_utf16(std::u16string_view text, bool big) {
  std::string out;
  for (const char16_t c : text) {
    const char high = static_cast<char>(c >> 8), low = static_cast<char>(c & 0xff);
    out += big ? high : low;
    out += big ? low : high;
  }
  return out;
}
// A sheet for each of these, which hold rows as XML.
std::string book_of(const std::vector<std::string>& sheets, const std::string& settings = "<workbookPr/>") {
  std::vector<SheetPart> parts;
  for (const std::string& rows : sheets) parts.push_back({"S" + std::to_string(parts.size()), rows});
  return workbook_of(parts, "", "", "<xf/><xf numFmtId=\"14\"/>", settings);
}
// "a|b|#12|@45000": a row of texts, numbers and days.
std::string odd_row(std::string_view cells) {
  std::string out = "<row>";
  for (const std::string_view cell : split(cells, '|')) {
    if (cell.starts_with('#') || cell.starts_with('@'))
      out += std::string(cell[0] == '@' ? "<c s=\"1\"><v>" : "<c><v>").append(cell.substr(1)) + "</v></c>";
    else
      out += "<c t=\"inlineStr\"><is><t>" + std::string(cell) + "</t></is></c>";
  }
  return out + "</row>";
}

}  // namespace

TEST_CASE("odd files: whatever comes, its rows are accounted for, and a refusal says what the file is and what to do") {
  const std::string png = "\x89PNG\r\n\x1a\n";
  const std::vector<OddFile> files{
      {"Excel's own hint", "sep=;\r\nsku;title;price\r\nA;\"x;y\";1.234,50\r\n", {1}, "", "A price=1234.50"},
      {"UTF-16, little end", "\xff\xfe" + in_utf16(u"sku\ttitle\nA\té\n", false), {1}, "", "A title=é"},
      {"UTF-16, big end, no mark", in_utf16(u"sku;title\nA;Stuhl\n", true), {1}, "", "A title=Stuhl"},
      {"line ends of an old Macintosh", "sku,title\rA,One\rB,Two\r", {2}, "", "B title=Two"},
      {"its letters too", "sku,title\rA,Caf\x8e\r", {1}, "it was read as Macintosh", "A title=Café"},
      {"its letters alone", "sku,title\nA,Caf\x8e cr\x8fme\n", {1}, "it was read as Macintosh", "A title=Café crème"},
      {"letters of DOS", "sku;title\nA;T\x81r gr\x81n\n", {1}, "it was read as DOS", "A title=Tür grün"},
      {"French letters of DOS",
       "sku;title\nA;Cr\x8ame l\x82g\x8are de qualit\x82 sup\x82rieure\n",
       {1},
       "it was read as DOS (code page 850)",
       "A title=Crème légère de qualité supérieure"},
      {"Turkish letters",
       "sku;title\nA;K\xfd\xfel\xfdk erkek ayakkab\xfds\xfd, k\xfdrm\xfdz\xfd\n",
       {1},
       "it was read as Windows-1254",
       "A title=Kışlık erkek ayakkabısı, kırmızı"},
      {"Russian letters of Unix",
       "sku;title\nA;\xeb\xd5\xd2\xd4\xcb\xc1 \xda\xc9\xcd\xce\xd1\xd1 \xcd\xd5\xd6\xd3\xcb\xc1\xd1\n",
       {1},
       "it was read as KOI8-U",
       "A title=Куртка зимняя мужская"},
      {"Chinese of two bytes a character",
       "sku,title\nA,\xc4\xd0\xca\xbf\xb6\xac\xbc\xbe\xcd\xe2\xcc\xd7\xce\xc2\xc5\xaf\xca\xe6\xca\xca\n",
       {},
       "Save it as CSV UTF-8",
       ""},
      {"the same far behind its beginning",
       "sku,title\nA,One\n" + std::string(600u << 10, '\n') +
           "B,\xc4\xd0\xca\xbf\xb6\xac\xbc\xbe\xcd\xe2\xcc\xd7\xce\xc2\xc5\xaf\xca\xe6\xca\xca\n",
       {1, 0, 1},
       "Save it as CSV UTF-8",
       "A title=One"},
      {"what MySQL writes into a file",
       "\"sku\",\"title\",\"description\"\n\"A\",\"a \\\"b\\\" c\",\"two\\\nlines\"\n\"B\",\"Two\",\\N\n",
       {2},
       "",
       "A title=a \"b\" c"},
      {"paths, and a delimiter too many", "sku;path;title\nA;C:\\new\\;One;\nB;C:\\t\\;Two;\n", {2}, "", "A title=One"},
      {"a path at the end of rows that end early",
       "sku;title;path;note;price\nA;One;\"C:\\x\\\"\nB;Two;\"D:\\\"\n",
       {2},
       "",
       "B title=Two"},
      {"\\N beside paths", "sku;title;description\nA;Pipe\\new;\\N\nB;Two;x\n", {2}, "", "A title=Pipe\\new"},
      {"a column without a name", "sku||title\nA||One\nB|x|Two\n", {2}, "", "B title=Two"},
      {"US and RS inside of a text",
       "sku;title\nA;One\x1f"
       "half\x1ewhole\nB;Two\n",
       {1, 0, 1},
       "control characters",
       "B title=Two"},
      {"cells quoted by '", "'sku','title'\n'A','It\\'s, fine'\n", {1}, "", "A title=It's, fine"},
      {"a delimiter of two", "sku||title||price\nA||One|half||1.50\n", {1}, "", "A title=One|half"},
      {"one of three", "sku~|~title~|~price\nA~|~One|half~|~1.50\n", {1}, "", "A title=One|half"},
      {"a broken bar of Windows-1252", "sku\xa6title\nA\xa6One, two\n", {1}, "", "A title=One, two"},
      {"ASCII's own separators",
       "sku\x1ftitle\x1e"
       "A\x1fOne\x1e"
       "B\x1fTwo\x1e",
       {2},
       "",
       "B title=Two"},
      {"DATANORM 4",
       "V 201126Lieferant GmbH      04EUR\r\nA;N;A;00;Schraube M8;verzinkt;2;2;STK;12500;RG1;HW1;;\r\n"
       "B;N;A;SCHRAUBE;;;0;0;0;4006381333931;;;0;0;\r\nT;N;1;1;Langtext\r\n\x1a",
       {2, 0, 1},
       "is of a text that no article of this file names",
       "A title=Schraube M8 verzinkt"},
      {"DATANORM 4 with texts and a discounted price for 100 pieces",
       "V 201126Lieferant GmbH      04EUR\r\nT;N;L1;;1;;Zeile eins;2;;Zeile zwei\r\n"
       "A;N;A;50;Schraube;;1;2;STK;250000;RG1;HW1;L1;\r\nP;A;A;1;250000;1;4000;;;;;\r\nS;;HW1;Befestigung\r\n",
       {1, 2, 1},
       "is the name of a group of goods",
       "A description=Zeile eins\nZeile zwei"},
      {"DATANORM's article whose dimension names a text by its number, beside its own",
       "V 201126Lieferant GmbH      04EUR\r\nA;N;A;50;Schraube;;1;0;STK;;;;L1;\r\nD;N;A;1;T;B7;;;;;\r\n"
       "T;N;L1;;1;;Zeile eins;;;\r\n",
       {2, 1},
       "names in its line 3 a text by its number",
       "A description=Zeile eins"},
      {"DATPREIS alone, where nobody knows for how many pieces",
       "V 201126Lieferant GmbH      04EUR\r\nP;A;X;2;1500;;;;;;;\r\n",
       {0, 0, 1},
       "stands in another file",
       ""},
      {"DATANORM 3", "V 201126Lieferant GmbH             03\r\nAN12345\r\n", {}, "in a version before 4", ""},
      {"EDIFACT", "UNA:+.? 'UNB+UNOC:3+1+2'UNH+1+PRICAT:D:01B:UN'", {}, "EDIFACT message", ""},
      {"DATEV", "\"EXTF\";700;21;\"Buchungsstapel\"\nUmsatz;Konto\n1;2\n", {}, "for DATEV", ""},
      {"a scanner's count of what nobody knows", "4006381333931;12\n4006381333948;3\n", {0, 0, 2}, "no product", ""},
      {"a table on its side",
       "SKU;T-1;T-2\nNaam;Mok;Pet\nPrijs;12,50;9,50\n",
       {0, 0, 2},
       "seems to lie on its side",
       ""},
      {"headings between the rows",
       "Artikelnummer;Bezeichnung;Preis\nTASSEN;;\nA-1;Tasse;12,50\n",
       {1, 0, 1},
       "no product with the SKU",
       "A-1 price=12.50"},
      {"a number that anything has, beside a description",
       "No.;Description;Unit Price;Inventory\nA;Mug;12.5;3\n",
       {1},
       "",
       "A title=Mug"},
      {"DATANORM 5",
       "V;050;A;20261120;EUR;Lieferant;;\nA;N;A;Schraube;M8;STK;2;100;12500;RG1;HW1\n",
       {1},
       "",
       "A Preiseinheit=100"},
      {"a table's name above it", "Table 1\n\nsku,title\nA,One\n", {1}, "", "A title=One"},
      {"empty rows above", ";;\n;;\nsku;title;price\nA;One;1\n", {1}, "", "A price=1.00"},
      {"a column without a name", ",sku,title\n7,A,One\n", {1}, "", "A column 1=7"},
      {"the header again",
       "sku,title\nA,One\nsku,title\nB,Two\n",
       {2, 0, 1},
       "3:  no_data is the header again",
       "B title=Two"},
      {"a table of Markdown",
       "| sku | title |\n|-----|-------|\n| A | One |\n",
       {1, 0, 1},
       "is a line that was drawn",
       "A title=One"},
      {"a second table below the first",
       "sku,title\nA,One\n\nsku,stock\nA,5\nB,1\n",
       {1, 1, 1},
       "A second table begins here, which is understood as stock",
       "A title=One"},
      {"a second table that is none of ours",
       "sku,title\nA,One\n,\nean,firstName,surname,streetName\n4006381333931,Jan,Jansen,Straat\n",
       {1, 0, 1},
       "5:  second_table belongs to a second table of this file, whose header is line 4",
       "A title=One"},
      {"delimiters at the end", "sku;title;;;\nA;One;;;\n", {1}, "", "A title=One"},
      {"more cells than columns", "sku,title\nA,One,two\nB,Two\n", {1, 0, 1}, "2:  columns has 3 cells", "B title=Two"},
      {"a SKU twice", "sku,title\nA,One\nA,Two\n", {1, 1}, "", "A title=Two"},
      {"formulas that keep a text", "sku,title\n\"=\"\"007\"\"\",=SUM(A1)\n", {1}, "", "007 title==SUM(A1)"},
      {"a quote that never ends", "sku,title\nA,\"One\nB,Two\n", {}, "cut off", ""},
      {"a quote inside", "sku,title\nA,5\" pipe\n", {1}, "", "A title=5\" pipe"},
      {"thousands by blanks", "sku;price\nA;1\u00a0234,56 \u20ac\n", {1}, "", "A price=1234.56"},
      {"thousands by apostrophes", "sku;price\nA;1\u2019234.50\n", {1}, "", "A price=1234.50"},
      {"thousands that are none", "sku;price\nA;12 34,56\n", {1}, "is not an amount", "A price="},
      {"a price tag", "sku;price\nA;\u20ac 12,-\n", {1}, "", "A price=12.00"},
      {"NUL bytes",
       std::string("sku,title\nA,o\0ne\nB,two\n", 23) + std::string(300, ' '),
       {1, 0, 1},
       "NUL byte",
       "B title=two"},
      {"one column", "sku\nA\nB\n", {2}, "", ""},
      {"a header alone", "sku,title\n", {}, "a header and no rows", ""},
      {"a table of a page", "<table><tr><td>sku</td></tr></table>", {}, "table of a web page", ""},
      {"Excel 2003",
       "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>",
       {},
       "Excel 2003",
       ""},
      {"RTF", "{\\rtf1 sku;title}", {}, "(RTF)", ""},
      {"7-Zip", "7z\xbc\xaf\x27\x1c 1234", {}, "7-Zip", ""},
      {"RAR", "Rar!\x1a\x07 1234", {}, "RAR archive", ""},
      {"tar", "products.csv" + std::string(245, '\0') + "ustar" + std::string(300, '\0'), {}, "tar archive", ""},
      {"Numbers", zip_of({{"Index/Document.iwa", "x"}}), {}, "Numbers", ""},
      {"LibreOffice", zip_of({{"mimetype", "x"}, {"content.xml", "<x/>"}}), {}, "OpenDocument", ""},
      // Workbooks.
      {"names above groups, a cover, merged away",
       book_of({odd_row("Price list"), odd_row("sku|title") + odd_row("A|One")}),
       {1},
       "",
       "A title=One"},
      {"an EAN as a number, a day",
       book_of({odd_row("sku|title|ean|since") + odd_row("#12|One|#4006381333931|@45000")}),
       {1},
       "",
       "12 since=2023-03-15"},
      {"days from 1904",
       book_of({odd_row("sku|title|since") + odd_row("A|One|@43538")}, "<workbookPr date1904=\"1\"/>"),
       {1},
       "",
       "A since=2023-03-15"},
      {"a formula's error",
       book_of({odd_row("sku|title|price") +
                "<row><c t=\"str\"><v>A</v></c><c t=\"e\"><v>#N/A</v></c><c><f>1+2</f><v>3</v></c></row>"}),
       {1},
       "error #N/A",
       "A price=3.00"},
      {"an empty workbook", book_of({""}), {}, "no rows", ""},
      {"a table of its own in another sheet",
       book_of({odd_row("sku|title") + odd_row("A|One"), odd_row("sku|stock") + odd_row("A|#9"), odd_row("Remarks")}),
       {1, 1},
       "The sheet \"S1\" holds a table of its own, which is understood as stock",
       "A title=One"},
      {"cells merged over rows, whose value is of each",
       book_of({odd_row("sku|brand|title") + odd_row("A|Acme|One") + odd_row("B||Two") + odd_row("C||Three") +
                "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"B2:B3\"/></mergeCells><sheetData>"}),
       {3},
       "",
       "B brand=Acme"},
      {"a template's explanations",
       book_of({odd_row("seller_sku|product_name|price|quantity") +
                odd_row("Seller SKU|Product name|Retail price|Quantity") +
                odd_row("Mandatory|Mandatory|Optional|Mandatory") + odd_row("A|Mug|#12.5|#5")}),
       {1, 0, 2},
       "says which columns must be filled",
       "A price=12.50"},
      // XML and JSON.
      {"attributes, a namespace, CDATA",
       "<l xmlns=\"u\"><p sku=\"A\"><title><![CDATA[<b>A</b> & B]]></title></p><p sku=\"B\"/></l>",
       {2},
       "",
       "A title=<b>A</b> & B"},
      {"variants inside their products",
       "<s><p><name>Shirt</name><v><sku>A</sku></v><v><sku>B</sku></v></p><p><name>Hat</name><v><sku>C</sku></v></p></"
       "s>",
       {3},
       "What stands around them in s/p (name)",
       ""},
      {"XML that is cut off", "<l><p><sku>A</sku></p><p><sku>B</sku><ti", {1, 0, 1}, "cut off", ""},
      {"XML with a document type", "<!DOCTYPE p [<!ENTITY a \"b\">]><l><p><sku>&a;</sku></p></l>", {}, "DOCTYPE", ""},
      {"lines with lists in lists",
       "{\"sku\":\"A\",\"dims\":{\"w\":1,\"h\":[1,2]},\"list\":[{\"size\":\"S\"}]}\n\n{\"sku\":\"B\"}",
       {2},
       "",
       "A dims.h=[\"1\",\"2\"]"},
      {"values one behind the other",
       "{\"sku\":\"A\",\"title\":\"x\"}{\"sku\":\"B\",\"title\":\"y\"}",
       {2},
       "",
       "B title=y"},
      {"BMEcat 1.2, which names a document of rules",
       "<?xml version=\"1.0\"?><!DOCTYPE BMECAT SYSTEM \"bmecat_new_catalog_1_2.dtd\"><BMECAT><T><ARTICLE>"
       "<SUPPLIER_AID>A</SUPPLIER_AID><D><DESCRIPTION_SHORT>Kabel</DESCRIPTION_SHORT></D></ARTICLE></T></BMECAT>",
       {1},
       "",
       "A title=Kabel"},
      {"one product alone, with all in parts of it",
       "<product><identity><sku>A</sku></identity><texts><name>Mug</name></texts><pricing><price>12.50</price></"
       "pricing>"
       "<shipping><price>4.95</price></shipping></product>",
       {1},
       "",
       "A price=12.50"},
      {"values with a name, which are attributes, and a currency",
       "<yml_catalog><shop><offers><offer id=\"A\" available=\"true\"><name>Mug</name><price>250</price>"
       "<currencyId>EUR</currencyId><quantity_in_stock>5</quantity_in_stock><param name=\"Colour\">Red</param>"
       "<param name=\"Size\" unit=\"ml\">300</param></offer><offer id=\"B\"><name>Cup</name><price>1</price></offer>"
       "</offers></shop></yml_catalog>",
       {2},
       "",
       "A Size=300 ml"},
      {"ONIX", "<ONIXMessage><Product><ean>9780306406157</ean></Product></ONIXMessage>", {}, "This is ONIX", ""},
      {"things by their names",
       "{\"A\":{\"title\":\"One\"},\"B\":{\"title\":\"Two\"}}",
       {0, 0, 1},
       "neither products",
       ""},
      {"BMEcat's three letters for a language",
       "<BMECAT><T><PRODUCT><SUPPLIER_PID>A</SUPPLIER_PID><DETAILS><DESCRIPTION_SHORT "
       "lang=\"nld\">Schroef</DESCRIPTION_SHORT></DETAILS></PRODUCT><PRODUCT><SUPPLIER_PID>B</SUPPLIER_PID></PRODUCT></"
       "T></BMECAT>",
       {2},
       "",
       "A title=Schroef"},
      {"a product that tells its units",
       "[{\"sku\":\"A\",\"code\":\"X\",\"title\":\"Cable\",\"units\":[{\"code\":\"m\"}],\"standard_unit\":\"m\"}]",
       {1},
       "",
       "A standard_unit=m"},
      // Archives.
      {"pictures in folders",
       zip_of({{"f/p.csv", "sku,title,image\nA,One,img/a.png\n"}, {"f/img/a.png", png}, {"__MACOSX/._p.csv", "x"}}),
       {1},
       "names the file img/a.png, which was not kept",
       ""},
      {"an archive in an archive",
       zip_of({{"p.zip", zip_of({{"p.csv", "sku,title\nA,One\n"}})}, {"__MACOSX/._p.zip", "x"}}),
       {1},
       "",
       "A title=One"},
      {"archives beside each other",
       zip_of({{"a.zip", zip_of({{"p.csv", "sku\nA\n"}})}, {"b.zip", "x"}}),
       {},
       "archive in an archive",
       ""},
      {"a way out", zip_of({{"../p.csv", "sku\nA\n"}}), {}, "outside of it", ""},
      // Channels.
      {"Amazon's three lines",
       "TemplateType=x\tVersion=1\t\t\nSeller SKU\tProduct Name\tStandard "
       "Price\tQuantity\nitem_sku\titem_name\tstandard_price\tquantity\nA\tOne\t12.50\t4\n",
       {1},
       "",
       "A price=12.50"},
      {"Amazon's paths, with an example above the data",
       "settings=attributeRow=3&dataRow=5\t\t\t\nSKU\tArtikelname\tPreis\tTyp\ncontribution_sku#1.value\t"
       "item_name[marketplace_id=A1][language_tag=de_DE]#1.value\tpurchasable_offer[marketplace_id=A1]#1.our_price#1."
       "schedule#1.value_with_tax\tproduct_type#1.value\nABC123\tSneakers\t249.99\tHAT\nA\tHut\t29.95\tHAT\n",
       {1, 0, 1},
       "above the line at which the template says",
       "A price=29.95"},
      {"WooCommerce in German",
       "ID,Typ,Artikelnummer,Name,Sichtbarkeit im Katalog,Lager,Angebotspreis,Regulärer Preis,Attribut 1 Name,Attribut "
       "1 Wert(e)\n1,simple,A,Hemd,visible,5,\"15,00\",\"19,95\",Größe,S\n",
       {1},
       "",
       "A price=15.00"},
      {"Wix's word for stock that nobody counts",
       "handleId,fieldType,name,sku,price,inventory\np1,Product,Cap,A,20.0,InStock\n",
       {1},
       "",
       "A stock=InStock"},
      {"names for people above names for programs",
       "Seller SKU;Product title;Main image;EAN "
       "code\nshop_sku;title;image_main;ean\nA;Mug;https://x.example/1.jpg;4006381333931\n",
       {1},
       "",
       "A images=[\"https://x.example/1.jpg\"]"},
      {"a remark below", "# made by x\nsku,title\nA,One\n# end\n", {1, 0, 1}, "no product with the SKU", "A title=One"},
      {"Shopify's pictures in rows of their own",
       "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image "
       "Src\ns,Shirt,Size,S,A,9.95,https://x.example/1.jpg\ns,,,,,,https://x.example/2.jpg\n",
       {2},
       "",
       "s images=[\"https://x.example/1.jpg\",\"https://x.example/2.jpg\"]"},
      {"WooCommerce's pairs",
       "ID,Type,SKU,Name,Published,Regular price,Attribute 1 name,Attribute 1 "
       "value(s)\n1,simple,A,Hoodie,1,45,Color,Blue\n",
       {1},
       "",
       "A Color=Blue"},
      {"Magento's attributes and stores",
       "sku,store_view_code,attribute_set_code,product_type,name,additional_attributes\nA,,Default,simple,Bag,\"color="
       "Black,features=\"\"Light, large\"\"\"\nA,nl,,,Tas,\nA,shop2,,,Sac,\n",
       {1, 1, 1},
       "whose language is not known",
       "A features=Light, large"},
      {"Wix's variants, dearer than their product",
       "handleId,fieldType,name,sku,price,surcharge,inventory,productOptionName1,productOptionDescription1\n"
       "p1,Product,Shirt,A,20.0,,,Size,S;M\np1,Variant,,A-S,,2.5,5,Size,S\n",
       {2},
       "",
       "A-S price=22.50"},
      {"Squarespace's second variant",
       "Product ID [Non Editable],Variant ID [Non Editable],Product URL,Title,SKU,Option Name 1,Option Value 1,Price\n"
       "p,v1,shirt,Shirt,A,Size,S,20.00\n,v2,,,B,Size,M,20.00\n",
       {2},
       "",
       "B parent=shirt"},
      {"Shopware 5, where one variant is the main one",
       "ordernumber;mainnumber;name;price_EK;instock;configuratorOptions\n"
       "A.1;A.1;Shirt;19,99;5;Größe:S|Farbe:rot\nA.2;A.1;Shirt;19,99;7;Größe:M|Farbe:rot\n",
       {2},
       "",
       "A.1 parent=A"},
      {"Shopware 6, where numbers name the parents",
       "id;parent_id;product_number;stock;name;price_gross\n1b;2a;A.1;1;;\n2a;;A;1;Mug;5\n",
       {2},
       "",
       "A.1 parent=A"},
      {"BigCommerce, with pictures in rows of their own",
       "Item,ID,Name,SKU,Options,Inventory Tracking,Current Stock,Price,Image URL (Import)\n"
       "Product,1,Mug,A,,variant,0,12.50,\nImage,2,,,,,,,https://x.example/1.jpg\n"
       "Variant,3,,A-R,Type=Rectangle|Name=Color|Value=Red,,4,,\n",
       {3},
       "",
       "A images=[\"https://x.example/1.jpg\"]"},
      {"PrestaShop's combinations",
       "Product ID*;Product Reference;Attribute (Name:Type:Position)*;Value (Value:Position)*;Reference;Quantity\n"
       "1;P;Size:select:0,Color:color:1;S:0,White:1;A;5\n",
       {1},
       "",
       "A Color=White"},
      {"Etsy's variants in one row",
       "TITLE,MATERIALS,PRICE,CURRENCY_CODE,QUANTITY,VARIATION 1 TYPE,VARIATION 1 NAME,VARIATION 1 VALUES,SKU\n"
       "Blue mug,clay,12.50,EUR,5,Color,Colour,\"Red,Blue\",\"A,B\"\n",
       {1},
       "is that of all variants together",
       "B parent=blue-mug"},
      {"Odoo's further lines",
       "External ID,Internal Reference,Name,Sales Price,Cost,Values\np,A,Mug,12.5,5.0,Red\n,,,,,Blue\n",
       {2},
       "has a further row, in line 3, whose cells were not read: Values",
       "A price=12.50"},
      {"eBay's variations",
       "*Action(SiteID=Netherlands),Custom label (SKU),*Title,Relationship,RelationshipDetails,*StartPrice\n"
       "Revise,A,Shirt,,Size=S;M,19.95\n,A-S,,Variation,Size=S,19.95\n",
       {2},
       "",
       "A-S Size=S"},
      {"prices by their words",
       "Artikel-Nr.;Bezeichnung;EK-Preis netto;UVP;Preis netto;VK-Preis brutto (EUR)\nA;Tasse;8,50;24,99;16,80;19,99\n",
       {1},
       "",
       "A price=19.99"},
      {"a price without tax, which is not what the shop sells for",
       "sku;Prijs excl. BTW;Verzendprijs\nA;10,00;4,95\n",
       {1},
       "",
       "A price="},
      {"a wholesaler's description, which is the name, beside a person",
       "Artikelcode;Omschrijving;Prijs;Leverancier;Contactpersoon;Telefoon\nA;Mok;12,50;Acme;Jan Jansen;0612345678\n",
       {1},
       "were left out: Contactpersoon, Telefoon",
       "A title=Mok"},
      {"eBay",
       "*Action(SiteID=Germany|Version=1193),Custom label (SKU),Title,P:EAN,Price,Item photo "
       "URL\nAdd,A,Handy,4006381333931,99.95,https://x.example/1.jpg|https://x.example/2.jpg\n",
       {1},
       "",
       "A images=[\"https://x.example/1.jpg\",\"https://x.example/2.jpg\"]"},
      {"Etsy",
       "TITLE,DESCRIPTION,PRICE,QUANTITY,IMAGE1,IMAGE2,SKU\nMug,x,12.50,5,https://x.example/1.jpg,https://x.example/"
       "2.jpg,A\n",
       {1},
       "",
       "A images=[\"https://x.example/1.jpg\",\"https://x.example/2.jpg\"]"},
      {"Google's names with blanks",
       "id\ttitle\tlink\timage link\tprice\titem group id\nA\tMug\thttps://x.example\thttps://x.example/1.jpg\t12.50 "
       "EUR\t\n",
       {1},
       "",
       "A images=[\"https://x.example/1.jpg\"]"},
      {"PrestaShop",
       "Product ID;Active (0/1);Name *;Categories (x,y,z...);Reference #;EAN13;Quantity;Image URLs "
       "(x,y,z...)\n7;1;Mug;Home,Cups;A;4006381333931;5;https://x.example/1.jpg,https://x.example/2.jpg\n",
       {1},
       "",
       "A categories=[\"Home\",\"Cups\"]"},
      {"Cdiscount",
       "Votre référence;EAN;Libellé court panier;Image 1 (jpeg);Image 2 "
       "(jpeg);Prix\nA;4006381333931;Tasse;https://x.example/1.jpg;;12,50\n",
       {1},
       "",
       "A title=Tasse"},
      {"JTL",
       "Artikelnummer;Artikelname;Brutto-VK;Lagerbestand Gesamt;Bild 1;Bild 2\nA;Tasse;12,50;5;a.jpg;b.jpg\n",
       {1},
       "",
       "A Bild 2=b.jpg"},
      {"Shopware", "id;product_number;name;price_gross\nabc;A;Tasse;12.50\n", {1}, "", "A price=12.50"},
      {"an orders file of a plugin",
       "Order Number,Order Date,First Name (Billing),City (Billing),City (Shipping),SKU,Quantity (- Refund),Item "
       "Cost\n501,2026-11-01 10:00,Jan,Stad,Dorp,A,2,5.00\n",
       {1},
       "",
       ""},
      {"orders with a line in each cell",
       "order_id,order_date,order_total,order_currency,line_item_1,line_item_2\n"
       "77,\"Nov 20, 2026\",25.00,EUR,name:Mug|sku:A|quantity:2|total:20.00,name:Cap|sku:B|quantity:1|total:5.00\n",
       {1},
       "",
       ""},
      {"orders without their lines",
       "order_number;order_date_time;amount_total\n10001;2026-11-20T10:00:00Z;24.95\n",
       {},
       "list of orders without their lines",
       ""},
      {"buyers without their orders",
       "ean,firstName,surname,streetName,city\n4006381333931,Jan,Jansen,Straat,Stad\n",
       {},
       "holds people (firstName, surname, streetName, city)",
       ""},
      {"orders for a label program",
       "Order #,Order Date,Total,Name,Address Line 1,City,Postal Code,Country,Email,Item SKU,Item Name,Item Qty,Item "
       "Price\n7,2026-11-26,25.00,Jan Jansen,Straat 1,Stad,1234AB,NL,j@example.com,A,Mug,2,12.50\n",
       {1},
       "",
       ""},
      {"a list of what was sold to whom",
       "Artikelnummer;Omschrijving;Aantal;Prijs;Klantnaam;Woonplaats\nA;Mok;1;12,50;Jan Jansen;Stad\n",
       {},
       "holds people (Klantnaam, Woonplaats)",
       ""},
      {"products beside who bought them",
       "sku;title;Koper;E-mail koper\nA;Mok;Jan;j@example.com\n",
       {},
       "holds people",
       ""},
      {"an address of mail beside a product",
       "sku;title;E-mail\nA;Mok;j@example.com\n",
       {1},
       "were left out: E-mail",
       "A E-mail="},
      {"whoever owns it, in a table that is no list of buyers",
       "sku;title;Nom du client;Geburtsdatum;Customer group\nA;Mok;Jean;1.1.1980;Retail\n",
       {},
       "holds people (Nom du client, Geburtsdatum)",
       ""},
      {"one that it is reserved for",
       "sku;title;Reserved for\nA;Mok;Jan\n",
       {1},
       "were left out: Reserved for",
       "A Reserved for="},
      {"a class of shipping, which is nobody",
       "sku;title;Shipping class name;stock\nA;Mok;Parcel;3\n",
       {1},
       "",
       "A Shipping class name=Parcel"},
      {"OXID's lines of orders, with what buyers had engraved",
       "OXID;OXORDERID;OXAMOUNT;OXARTNUM;OXTITLE;OXPRICE;OXPERSPARAM\n1;9;1;A;Ring;12.50;For Jan\n",
       {},
       "lists the lines of OXID's orders",
       ""},
      {"a preamble that names whom the list is for",
       "Customer;Acme Ltd;Date;27 Nov 2026\n\n\nsku;title;price\nA;Mug;12.50\n\nCustomer;Acme Ltd;Date;27 Nov 2026\n",
       {1, 0, 1},
       "",
       "A price=12.50"},
      {"people below a table of products",
       "sku;title\nA;Mug\n\nVoornaam;Achternaam;Straat;Postcode\nJan;Jansen;S;1234AB\n",
       {1, 0, 1},
       "second table",
       "A title=Mug"},
      {"a running number beside the EAN",
       "Nr.;EAN;Omschrijving;Prijs\n1;4006381333931;Mok;12,50\n",
       {1},
       "",
       "4006381333931 Nr.=1"},
      {"copper, and whoever else",
       "Artikelnummer;Omschrijving;Aantal;Prijs;Koper;Kopersoort\nA;Buis;3;12,50;1;CU\n",
       {1},
       "were left out: Koper",
       "A Kopersoort=CU"},
      {"whose stock it is", "Owner;SKU;Title;Qty\nJan;A;Mug;3\n", {1}, "were left out: Owner", "A Owner="},
      {"a buyer where he lives",
       "sku;title;Koper;Woonplaats\nA;Mok;Jan;Stad\n",
       {},
       "holds people (Koper, Woonplaats)",
       ""},
      {"enamel, and where a dropshipper sends from",
       "sku;title;Emaille;Shipping transport;Ship From City;Ship From Zip;Ship From Name\nA;Mug;white;Air;Rome;1;X\n",
       {1},
       "",
       "A Emaille=white"},
      {"the supplier's number of a German master",
       "Artikelnummer;Bezeichnung;Bestellnummer Lieferant\nA;Tasse;B-9\n",
       {1},
       "",
       "A Bestellnummer Lieferant=B-9"},
      {"whom to ask at a supplier",
       "SKU;Titel;Lieferant;E-Mail;Telefon;Ort\nA;Tasse;Acme;j@example.com;030;Berlin\n",
       {1},
       "were left out: E-Mail, Telefon, Ort",
       "A Ort="},
      {"how many a price is for",
       "<l><p><sku>A</sku><pricing><quantity>100</quantity><price>12.50</price></pricing></p><p><sku>B</sku></p></l>",
       {2},
       "",
       "A pricing.quantity=100"},
      {"whether there is any",
       "sku;title;brand;In voorraad\nA;Mok;X;1\nB;Mok;X;7\n",
       {2},
       "says whether there is any",
       "A In voorraad=1"},
      {"a new product beside its stock", "EAN;title;stock\n4006381333931;Mug;5\n", {1}, "", "4006381333931 title=Mug"},
      {"lines of purchases",
       "Inkooporder;Leverancier;Artikelcode;Omschrijving;Aantal\nI1;Acme;A;Mok;10\n",
       {},
       "lines of orders to suppliers",
       ""},
      {"addresses alone", "Voornaam;Achternaam;Straat;Postcode\nJan;Jansen;S;1234AB\n", {}, "list of people", ""},
      {"payments",
       "Date,Name,Gross,Fee,Net,Transaction ID,Item ID,Quantity\n1,Jan,25,-1,24,T1,A,2\n",
       {},
       "lists payments",
       ""},
      {"PrestaShop's list of orders",
       "ID;Referentie;Nieuwe klant;Levering;Klant;Totaal\n5;KHW;0;NL;J. Jansen;61,80\n",
       {},
       "PrestaShop's back office",
       ""},
      {"buyers under other names",
       "increment,customer_email,customer_firstname,shipping_street,sku\n1,a@example.com,Jan,Str 1,A\n",
       {},
       "holds people (customer_email, customer_firstname, shipping_street)",
       ""},
      {"lines of orders",
       "<orders><order><number>1</number><items><item><sku>A</sku><qty>1</qty></item><item><sku>B</sku><qty>1</qty></"
       "item></items></order></orders>",
       {},
       "A mapping can say what its rows are",
       ""},
      {"what customers sent back",
       "Return ID,Order ID,SKU,Quantity,Return Reason,Customer Name\nR1,3001,A,1,Broken,Jan Jansen\n",
       {},
       "A return is registered at its order",
       ""},
      {"what a channel paid out",
       "date/time,settlement id,type,order id,sku,quantity,total\n1-11-2026,1,Order,302-1,A,1,10.50\n",
       {},
       "has paid out",
       ""},
      {"lines of invoices with their buyers",
       "Factuurnummer;Factuurdatum;Klant;Artikelcode;Omschrijving;Aantal;Prijs\nF1;2-11-2026;Jan "
       "Jansen;A;Stoel;2;10,00\n",
       {},
       "holds people (Factuurnummer, Klant)",
       ""},
      {"reviews",
       "sku,title,reviewer_name,reviewer_email,rating\nA,Mug,Jan,j@example.com,5\n",
       {},
       "what people think of products (reviews)",
       ""},
      {"orders whose columns say whose address it is",
       "Bestelnummer;EAN;Referentie;Aantal;Voornaam verzendadres;Postcode verzendadres;Aanhef "
       "factuuradres\n1234;4006381333931;A;1;Jan;1234AB;Dhr\n",
       {1},
       "left out: EAN, Aanhef factuuradres",
       ""},
      {"a row in which a cell is called as a column",
       "sku-offre;product-reference;product-reference-type;price;quantity\nA;4006381333931;ean;19,90;3\n",
       {1},
       "",
       "A price=19.90"},
      {"Odoo, where the standard price is the cost",
       "id,default_code,name,list_price,standard_price\n__export__.p_1,A,Desk,120.0,60.0\n",
       {1},
       "",
       "A price=120.00"},
      {"stock in a warehouse that nobody knows",
       "Artikelcode;Magazijn;Voorraad;Gereserveerd\nA;Utrecht;5;1\n",
       {0, 0, 1},
       "is no stock location",
       ""},
      {"a manufacturer's address",
       "sku,title,manufacturer name,manufacturer street,manufacturer city,manufacturer email\nA,Mug,Acme,Str "
       "1,Stad,a@example.com\n",
       {1},
       "",
       "A manufacturer city=Stad"},
      {"what nobody sees in a header", "\u200bsku,\u00a0title\u00a0\nA,One\n", {1}, "", "A title=One"},
      {"Lightspeed",
       "Internal_ID;Brand;NL_Title_Short;SKU;Price;Stock_Level\n1;Acme;Mok;A;12,50;7\n",
       {1},
       "",
       "A Stock_Level="},
  };
  ImportShop shop;  // one for all, which is empty again before each
  for (const OddFile& odd : files) {
    auto there = shop.products->skus_after(shop.store->read(), "", 100);
    REQUIRE(there.ok());
    // A parent cannot go before its variants.
    std::stable_partition(there->begin(), there->end(),
                          [&](const std::string& sku) { return !shop.field(sku, "parent").empty(); });
    for (const std::string& sku : *there)
      REQUIRE(shop.store
                  ->write([&](storage::Write& work) {
                    return shop.products->remove(work, shop.clerk, *catalog::parse_sku(sku));
                  })
                  .ok());
    const Done done = shop.import(odd.file);
    INFO(odd.name << ": " << done << done.told("notice"));
    CHECK(done.adds_up());
    const auto& c = done.counts;
    CHECK(Counted{c.created, c.changed, c.refused} == odd.counted);
    const std::string told = done.failure + done.refusals() + done.told("notice");
    CHECK(told.find(odd.told) != std::string::npos);
    if (odd.counted == Counted{}) CHECK_FALSE(done.failure.empty());
    if (odd.holds.empty()) continue;
    const std::size_t blank = odd.holds.find(' '), sign = odd.holds.find('=', blank);
    const std::string_view sku = odd.holds.substr(0, blank);
    const std::string name(odd.holds.substr(blank + 1, sign - blank - 1));
    std::string value = name == "price" ? shop.price(sku) : shop.field(sku, name);
    if (value.empty() && name != "price") value = shop.attribute(sku, name);
    CHECK(value == odd.holds.substr(sign + 1));
  }
}

TEST_CASE("odd files: a header in two lines is one, where its cells are merged, in text and in workbooks") {
  const auto merged = [](std::string_view refs) {
    std::string out = "</sheetData><mergeCells>";
    for (const std::string_view ref : split(refs, ' ')) out.append("<mergeCell ref=\"").append(ref).append("\"/>");
    return out + "</mergeCells><sheetData>";
  };
  const std::string upper = odd_row("SKU|Naam|Prijs||Afmetingen|||Voorraad"),
                    row = odd_row("A|Mok|#10|#12.1|#1|#2|#3|#7");
  for (const std::string& file :
       {book_of({upper + odd_row("||netto|bruto|L|B|H") + row + merged("C1:D1 E1:G1 A1:A2 B1:B2 H1:H2")}),
        book_of({upper + odd_row("||netto|bruto|L|B|H") + row}),
        book_of({odd_row("Prijslijst 2026") + upper + odd_row("SKU|Naam|netto|bruto|L|B|H|Voorraad") + row}),
        book_of({upper + odd_row("||netto|bruto|L|B|H") + row, upper + odd_row("||netto|bruto|L|B|H")}),
        std::string("SKU;Naam;Prijs;;Afmetingen;;;Voorraad\n;;netto;bruto;L;B;H;\nA;Mok;10;12,10;1;2;3;7\n"),
        std::string("Prijslijst\n\nSKU;Naam;Prijs;;Afmetingen;;;Voorraad\nSKU;Naam;netto;bruto;L;B;H;Voorraad\n"
                    "A;Mok;10;12,10;1;2;3;7\n")}) {
    ImportShop shop;
    const Done done = shop.import(file);
    CHECK_MESSAGE((done.counts.created == 1 && done.counts.rows == 1), done);
    CHECK(done.told("notice").empty());
    CHECK(shop.price("A") == "12.10");
    CHECK(shop.attribute("A", "Prijs netto") == "10");
    CHECK(shop.attribute("A", "Afmetingen L") == "1");
    CHECK(shop.attribute("A", "Afmetingen H") == "3");
    CHECK(shop.available("A") == 7);
    CHECK(shop.import(file).counts.unchanged == 1);
  }
  // The last of several columns may have the names; and sheets that go on have both lines.
  ImportShop shop;
  const std::string two = odd_row("EAN|Titel|Prijs") + odd_row("||excl.|incl.");
  CHECK(shop.import(book_of({two + odd_row("4006381333931|Een|#1|#2"), two + odd_row("8785073983116|Twee|#3|#4")}))
            .counts.created == 2);
  CHECK(shop.price("8785073983116") == "4.00");
  // What is a row, or a title, is none of a header.
  struct Other {
    std::string file, sku, attribute, value;
  };
  for (const Other& other :
       {Other{"sku;title;tags;;\nA1;Mok;rood;blauw;\n", "A1", "tags", "rood"},
        Other{"sku;title;tags;;\n;Mok;rood;blauw;\nA2;Pet;groen;;\n", "A2", "tags", "groen"},
        Other{"Artikelen;;;\nsku;title;netto;bruto\nA3;Mok;1;2\n", "A3", "netto", "1"},
        Other{"sku;Prijs;\n;12,50;13\nA4;1;2\n", "A4", "column 3", "2"},
        Other{"Basis;;Maten;\nsku;title;L;B\nA5;Mok;1;2\n", "A5", "L", "1"},
        Other{"sku;images;\n;https://x.example/a;https://x.example/b\nA6;;x\n", "A6", "column 3", "x"}}) {
    shop.import(other.file);
    REQUIRE_MESSAGE(shop.has(other.sku), other.file);
    CHECK_MESSAGE(shop.attribute(other.sku, other.attribute) == other.value, other.file);
  }
}

TEST_CASE("odd files: a mapping goes on with the header that it was made of, and may name that of two lines") {
  ImportShop shop;
  const std::string file = "SKU;Prijs;\n;netto;bruto\nA;10;12,10\n";
  const auto mapped = [&](const std::string& text) {
    const auto mapping = exchange::parse_mapping(text);
    REQUIRE(mapping.ok());
    return shop.import(file, {.mapping = std::make_shared<const exchange::Mapping>(*mapping)});
  };
  const Done before = mapped(R"({"SKU":"sku","Prijs":"cost_price"})");
  CHECK_MESSAGE((before.counts.created == 1 && before.counts.refused == 1), before);
  CHECK(shop.price("A", "EUR", catalog::PriceKind::cost_price) == "10.00");
  const Done now = mapped(R"({"SKU":"sku","Prijs netto":"purchase_price"})");
  CHECK_MESSAGE((now.counts.changed == 1 && now.counts.refused == 0), now);
  CHECK(shop.price("A", "EUR", catalog::PriceKind::purchase_price) == "10.00");
}

TEST_CASE("odd files: a table without a header, and a list of numbers alone, are told as what they are") {
  ImportShop shop;
  for (const std::string& table :
       {std::string("A-1;Mok;12,50;3\nA-2;Pet;9,95;1\n"), std::string("4006381333931,Mok,12.50\n"),
        std::string("1\thttps://x.example/1\tMok\n2\thttps://x.example/2\tPet\n"),
        book_of({odd_row("A-1|Mok|12.50|#3") + odd_row("A-2|Pet|9.95|#1")})})
    CHECK_MESSAGE(shop.import(table).failure.starts_with("This table has no header"), table.substr(0, 40));
  CHECK(shop.import("4006381333931\n8785073983116\n").failure.starts_with("This is a list of EANs"));
  CHECK(shop.import(book_of({odd_row("#4006381333931") + odd_row("#8785073983116")}))
            .failure.starts_with("This is a list of EANs"));
  CHECK(shop.import("A-1\nA-2\n\nA-3").failure.starts_with("This is a list of article numbers"));
  for (const char* other : {"Monat;2024;2025\nJan;5;7\n", "Dear Sir,\nplease find 12.50 enclosed\n",
                            "when;what\n1.5;x\n", "naam;prijs vanaf 12,50\nMok;x\n"})
    CHECK_MESSAGE(shop.import(other).failure.starts_with("This is not a file that is understood"), other);
}

TEST_CASE("odd files: a scanner's count without a header finds products by their EAN, and so does a list of stock") {
  ImportShop shop;
  CHECK(shop.import("sku,title,ean\nE-1,One,4006381333931\n").counts.created == 1);
  const Done done = shop.import("4006381333931;12\n4006381333948;3\n");
  CHECK_MESSAGE((done.counts.rows == 2 && done.counts.changed == 1 && done.counts.refused == 1), done);
  CHECK(shop.available("E-1") == 12);
  CHECK(shop.import("EAN;Voorraad\n4006381333931;7\n").counts.changed == 1);
  CHECK(shop.available("E-1") == 7);
}

TEST_CASE("odd files: DATANORM's texts stay within what a description may have, for however many articles") {
  ImportShop shop;
  const std::string line(32'700, 'x'), more(200'000, 'y');
  std::string file = "V 201126Lieferant GmbH      04EUR\r\n";
  for (int i = 0; i < 9; ++i) file += "T;N;L1;;1;;" + line + "\r\n";
  // More copies of the text than are given at once.
  for (int i = 0; i < 34; ++i) file += "A;N;" + std::to_string(i) + ";50;Schraube;;1;0;STK;;;;L1;\r\n";
  file += "A;N;D;50;Mutter;;1;0;STK;;;;;\r\nD;N;D;1;F;;" + more + "\r\nD;N;D;3;F;;" + more + "\r\n";
  const Done done = shop.import(file);
  CHECK_MESSAGE(done.counts.created == 36, done);
  CHECK_MESSAGE(done.refusals() ==
                    "10: Satzart record is beyond the 256 KiB that a description may have;\n"
                    "47: Satzart record is beyond the 256 KiB that a description may have;\n",
                done);
  CHECK(done.adds_up());
  CHECK(shop.field("0", "description").size() == 8 * (line.size() + 1) - 1);
  CHECK(shop.field("33", "description") == shop.field("0", "description"));
  CHECK(shop.field("D", "description") == more);
}

TEST_CASE("odd files: rows about one product give all its pictures, its texts in each language and its lowest step") {
  ImportShop shop;
  const std::string pictures =
      "sku;image;position\nP-1;https://a.example/1.jpg;1\nP-1;https://a.example/2.jpg;2\nP-2;https://a.example/"
      "3.jpg;1\n";
  const Done first = shop.import(pictures);
  CHECK_MESSAGE((first.adds_up() && first.counts.created == 2 && first.counts.refused == 0), first);
  CHECK(shop.field("P-1", "images") == R"(["https://a.example/1.jpg","https://a.example/2.jpg"])");
  CHECK(first.told("notice").find("a further picture") != std::string::npos);
  CHECK(shop.import(pictures).counts.unchanged == 3);

  const std::string texts = "sku;locale;name;meta\nT-1;en;Shirt;Buy it\nT-1;nl;Hemd;Koop het\n";
  CHECK(shop.import(texts).counts.refused == 0);
  CHECK(shop.field("T-1", "title") == "Shirt");
  CHECK(shop.attribute("T-1", "locale").empty());
  CHECK(shop.import(texts).counts.unchanged == 2);

  const std::string steps = "sku;title;min_qty;price\nS-1;Cup;1;10,00\nS-1;Cup;10;9,00\n";
  const Done priced = shop.import(steps);
  CHECK(shop.price("S-1") == "10.00");
  CHECK(priced.told("notice").find("from how many pieces on") != std::string::npos);
  CHECK(shop.import(steps).counts.unchanged == 2);
  // What may lie in stock stays stock, and what a column "from" counts is not known.
  shop.import("SKU;Quantity;Price\nQ-1;1;10,00\nQ-1;10;9,00\n");
  CHECK(shop.available("Q-1") == 10);
  shop.import("sku;title;price;from\nQ-2;Cup;10,00;20250101\nQ-2;Cup;12,00;20260101\n");
  CHECK(shop.price("Q-2") == "12.00");

  const Done twice = shop.import("sku;title\nD-1;One\nD-2;Two\nD-1;Uno\n");
  CHECK(twice.told("notice").find("stands in a row above too") != std::string::npos);
  CHECK(shop.field("D-1", "title") == "Uno");
}

TEST_CASE("odd files: a list of categories becomes paths of their names, whatever the file is called") {
  ImportShop shop;
  const std::string list =
      "category_id;parent_id;name\n4;2;Blue/green\n1;;Men\n2;1;Shirts\n5;77;Lost\n6;7;Round\n7;6;About\n;1;Nothing\n";
  const Done done = shop.import(list);
  CHECK_MESSAGE((done.format == "categories" && done.adds_up() && done.counts.created == 4), done);
  CHECK(done.counts.refused == 3);
  CHECK(done.refusals().find("round to itself") != std::string::npos);
  CHECK(done.told("notice").find("was put at the top") != std::string::npos);
  CHECK(shop.import(list).counts.unchanged == 4);
  CHECK(shop.import("Category Name,Parent Category Name\nTools,\nSaws,Tools\n").counts.created == 2);
  CHECK(shop.import("category code,parent,locale,name,slug\nt,,nl,Huis,huis\nt,,en,House,house\n").counts.created == 2);
  // Products and people have a parent, too, and stand in a category.
  CHECK(shop.import("code;parent;name;category id;material\nSH;;Shirt;4;Cotton\n").format != "categories");
  CHECK(shop.import("code;parent;name;category id\nSH;;Shirt;4\n").format != "categories");
  CHECK_FALSE(shop.import("Kategorie-ID;Parent;Name;E-Mail;Telefon\n1;;Eva Muster;e@x.de;1\n").failure.empty());
  CHECK(shop.import("id,parent_id,name,price\n1,,Mug,2\n").format == "products");
}

TEST_CASE("odd files: an EAN that is none is told beside a SKU, and who asks to delete is refused") {
  ImportShop shop;
  const Done done = shop.import(
      "reference;name;ean13;mode\nE-1;Mug;1234567890123;new\nE-2;Cup;0;new\nE-3;Pan;4006381333931;delete\n");
  CHECK_MESSAGE((done.adds_up() && done.counts.created == 2 && done.counts.refused == 1), done);
  CHECK(shop.attribute("E-1", "ean13") == "1234567890123");
  CHECK(done.told("notice").find("kept as an attribute") != std::string::npos);
  CHECK(shop.field("E-2", "ean").empty());
  CHECK(done.refusals().find("which no import does") != std::string::npos);
  CHECK(shop.import("ean;name\n1234567890123;Mug\n").counts.refused == 1);  // nothing else tells it
}

TEST_CASE("odd files: reviews are no products, and who wrote those that stand with a product is left out") {
  ImportShop shop;
  CHECK(shop.import("sku,title,review,reviewer\nA-1,Great,I love it,Eva\n").failure.find("reviews") !=
        std::string::npos);
  const Done done = shop.import(
      R"([{"sku":"A-1","name":"Mug","reviews":[{"rating":5,"comment":"nice","reviewerName":"Eva","reviewerEmail":"e@x.nl"}]}])");
  CHECK_MESSAGE(done.counts.created == 1, done);
  CHECK(shop.attribute("A-1", "reviews").find("e@x.nl") == std::string::npos);
  CHECK(shop.attribute("A-1", "reviews").find("nice") != std::string::npos);
  CHECK(done.told("notice").find("reviewerEmail") != std::string::npos);
}

TEST_CASE("odd files: a product that lists its variants becomes a parent with them, and objects are what they name") {
  ImportShop shop;
  const std::string file =
      R"({"products":[{"id":63,"title":"Shirt","handle":"shirt","images":[{"src":"https://a.example/1.jpg"}],)"
      R"("options":[{"name":"Size","values":["S","M"]}],"variants":[)"
      R"({"id":1,"sku":"S-S","price":"10.00","option1":"S","inventory_quantity":3},)"
      R"({"id":2,"price":"11.00","option1":"M","barcode":"4006381333931"}]}]})";
  const Done done = shop.import(file);
  CHECK_MESSAGE((done.adds_up() && done.counts.rows == 1 && done.counts.refused == 0), done);
  CHECK(shop.field("shirt", "images") == R"(["https://a.example/1.jpg"])");
  CHECK(shop.field("S-S", "parent") == "shirt");
  CHECK(shop.attribute("S-S", "Size") == "S");
  CHECK(shop.price("S-S") == "10.00");
  CHECK(shop.available("S-S") == 3);
  CHECK(shop.field("shirt-m", "ean") == "4006381333931");
  CHECK(shop.import(file).counts.unchanged == 1);
  const Done listed = shop.import(
      R"([{"sku":"W-1","name":"Mug","categories":[{"id":9,"name":"Cups"}],"attributes":[{"name":"Colour","value":"red"}]}])");
  CHECK_MESSAGE(listed.counts.created == 1, listed);
  CHECK(shop.field("W-1", "categories") == R"(["Cups"])");
  CHECK(shop.attribute("W-1", "Colour") == "red");
}

TEST_CASE("odd files: letters of Central Europe and Cyrillic are read where they are more than a name") {
  ImportShop shop;
  const Done polish = shop.import(
      "sku;title\nA-1;\xaf\xf3\xb3ta \xb3\xf3"
      "d\x9f \xe6ma, ksi\xb9\xbfka, ga\xb3\xb9zka, st\xf3\xb3, ma\xb3"
      "a szafka \x9c"
      "cienna, mo\xbfna\n");
  CHECK_MESSAGE(shop.field("A-1", "title").find("\u017b\u00f3\u0142ta \u0142\u00f3d\u017a \u0107ma") == 0, polish);
  CHECK(polish.told("notice").find("Windows-1250") != std::string::npos);
  for (const char* western : {"Disque pour \x8akoda, arri\xe8re, mod\xe8le \xe0 billes, \xe9"
                              "t\xe9",
                              "Sn\xf8rre \x8ei\x9e"
                              "ek, r\xf8"
                              "dgr\xf8"
                              "d p\xe5",
                              "10 cm\xb3"
                              "and 5 m\xb2 na\xefve",
                              "\x96\x96\x96\x96 Top \x96\x96\x96\x96 Cr\xe8me",
                              "Bougie \xab\xa0\xc9"
                              "clat d\x92\xe9t\xe9\xa0\xbb, Savon \xab\xa0\xc9pic\xe9\xa0\xbb, caf\xe9\xa0\xe9t\xe9",
                              "Caf\xe9\xa0table\xa0\xa3\xa0sale, D\xe9"
                              "cor\xa0lamp\xa0was\xa0\xa3\xa0now\xa0less\xa0\xa3"}) {
    const Done done = shop.import("sku;title\nW-1;" + std::string(western) + "\n");
    CHECK_MESSAGE(done.told("notice").find("Windows-1252") != std::string::npos, done.told("notice"));
    CHECK(done.counts.refused == 0);
  }
  const Done russian = shop.import("sku;title\nA-2;\xca\xf0\xe0\xf1\xed\xe0\xff \xf0\xf3\xe1\xe0\xf8\xea\xe0\n");
  CHECK_MESSAGE(shop.field("A-2", "title").find("\u041a\u0440\u0430\u0441\u043d\u0430\u044f") == 0, russian);
  const Done xml = shop.import(
      "<?xml version=\"1.0\" encoding=\"windows-1251\"?><products><product><sku>X-1</sku><title>\xd0\xf3\xe1</title>"
      "</product></products>");
  CHECK_MESSAGE(shop.field("X-1", "title") == "\u0420\u0443\u0431", xml);
  const Done turkish = shop.import(
      "<?xml version=\"1.0\" encoding=\"ISO-8859-9\"?><products><product><sku>X-2</sku><title>K\xfd\xfel\xfdk</title>"
      "</product></products>");
  CHECK_MESSAGE(shop.field("X-2", "title") == "K\u0131\u015fl\u0131k", turkish);
}

TEST_CASE("odd files: names in one word, in two lines or behind a sign, and blanks that nobody sees") {
  ImportShop shop;
  CHECK(shop.import("ArticleNumber;ArticleName;StockQuantity;SalesPriceGross\nC-1;One;4;20\n").counts.created == 1);
  CHECK(shop.available("C-1") == 4);
  CHECK(shop.price("C-1") == "20.00");
  CHECK(shop.import("\"Artikel-\nnummer\";Bezeichnung;\"Preis\n(EUR)\"\nC-2;Zwei;1,50\n").counts.created == 1);
  CHECK(shop.price("C-2") == "1.50");
  CHECK(shop.import("#sku;title\nC-3;Three\n").counts.created == 1);
  CHECK(shop.import("sku;title\n\u00a0"
                    "C-4\u200b;Four\n")
            .counts.created == 1);
  CHECK(shop.field("C-4", "title") == "Four");
  CHECK(shop.import("Artikelnummer;Bestand;Einheit;Stand\nC-4;7;Stk;27.11.2026\n").format == "stock");
  CHECK(shop.available("C-4") == 7);
  CHECK(shop.import("sku;title;category\nC-5;Five;\"Men\nSale\"\n").counts.created == 1);
  CHECK(shop.field("C-5", "categories") == R"(["Men","Sale"])");
  CHECK(shop.import("sku,title,initial_price,final_price\nC-6,Six,20,15\n").counts.created == 1);
  CHECK(shop.price("C-6") == "15.00");
}
