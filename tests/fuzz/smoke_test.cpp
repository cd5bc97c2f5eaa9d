// Every target for a moment, with any compiler: seeds that are whole, and mutations of them by a dice whose seed is
// said. What libFuzzer does for minutes (tests/fuzz/run) is guided by coverage; this is not, and is its beginning.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "backup/backup.h"
#include "crypto/crypto.h"
#include "formats/cell_messages.h"
#include "formats/png.h"
#include "formats/true_type.h"
#include "formats/xlsx_writer.h"
#include "formats/zip_writer.h"
#include "pictures/pictures.h"
#include "productflow/bytes.h"
#include "productflow/text.h"
#include "targets.h"
#include "vault/key_provider.h"
#include "vault/master_format.h"
#include "vault/ring_format.h"

using namespace pf;
using namespace std::string_literals;

namespace {

constexpr int kRounds = 8'000;  // some hundred for each target

std::string entry(char kind, const std::string& path, const std::string& bytes) {
  std::string out(1, kind);
  put_be16(out, static_cast<std::uint16_t>(path.size()));
  out += path;
  put_be64(out, bytes.size());
  return out + bytes + crypto::sha256(bytes);
}

constexpr std::string_view kSheet =
    "<row r=\"2\"><c r=\"B2\" s=\"1\" t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>x</t></is></c><c "
    "t=\"e\"><v>#N/A</v></c>"
    "<c s=\"1\"><v>4.2545E4</v></c></row>";
constexpr std::string_view kFeed =
    "<?xml version=\"1.0\"?><rss xmlns:g=\"http://base.google.com/ns/1.0\"><c><item "
    "a=\"1\"><g:id>A</g:id><i>1</i><i><j>2</j>"
    "</i></item><item><g:id>B</g:id><k><l/><l>3</l></k></item></c></rss>";

std::string a_workbook() {
  std::string out;
  formats::XlsxWriter writer("products", {{"sku"}, {"n"}}, [&](std::string_view piece) {
    out += piece;
    return true;
  });
  static_cast<void>(writer.row({"A", "1"}));
  static_cast<void>(writer.finish());
  return out;
}

struct Seed {
  const char* target;
  std::string bytes;
};

std::string zone_file(const char* name) {
  std::ifstream in("/usr/share/zoneinfo/" + std::string(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string an_archive() {
  std::string out;
  formats::ZipWriter zip([&](std::string_view piece) {
    out += piece;
    return true;
  });
  for (const auto& [name, content] :
       {std::pair("a/products.csv", "sku,title\nA,b\n"), std::pair("b.json", "[{\"sku\":\"A\"}]")}) {
    static_cast<void>(zip.begin(name));
    static_cast<void>(zip.write(content));
    static_cast<void>(zip.end());
  }
  static_cast<void>(zip.finish());
  return out;
}

// A font of two glyphs, the first made of glyph `of`.
std::string a_font(char of) {
  const std::string parts = std::string("\xff\xff\0\0\0\0\0\0\0\0\0\0\0", 13) + of + std::string(2, '\0'),
                    plain("\0\1\0\0\0\0\0\0\0\0\0\0", 12);
  std::string head(54, '\0'), lines(36, '\0'), profile(32, '\0'), cmap(40, '\0'), loca;
  head[18] = 8;   // units of the size: 2,048
  head[51] = 1;   // places of 32 bits
  lines[35] = 2;  // measured glyphs
  profile[5] = 2;
  cmap[13] = 12;  // its format
  cmap[27] = 1;   // runs
  cmap[31] = cmap[35] = 'a';
  cmap[39] = 1;
  for (const std::size_t at : {std::size_t{0}, parts.size(), parts.size() + plain.size()})
    put_be32(loca, static_cast<std::uint32_t>(at));
  const std::vector<std::pair<std::string, std::string>> tables{
      {"cmap", cmap}, {"glyf", parts + plain}, {"head", head}, {"hhea", lines}, {"hmtx", std::string(8, '\2')},
      {"loca", loca}, {"maxp", profile}};
  std::string out("\0\1\0\0\0\x07\0\0\0\0\0\0", 12);
  std::size_t at = out.size() + 16 * tables.size();
  for (const auto& [tag, content] : tables) {
    out += tag;
    put_be32(out, 0);
    put_be32(out, static_cast<std::uint32_t>(at));
    put_be32(out, static_cast<std::uint32_t>(content.size()));
    at += content.size();
  }
  for (const auto& [tag, content] : tables) out += content;
  return out;
}

std::string cell_row() {
  cell::Packer out;
  formats::message::pack_row(out, {3, {"a", "b"}, "", {{0, "formula"}}});
  return out.bytes();
}
std::string cell_element() {
  cell::Packer out;
  formats::message::pack_element(out, {1, "t", {{2, "u", {}}}});
  return out.bytes();
}

// What an authenticator says of a new key: {"fmt": "none", "attStmt": {}, "authData": ...}.
std::string passkey() {
  std::string data = crypto::sha256("shop.local") + std::string("\x45\0\0\0\1", 5) + std::string(16, '\0');
  data += std::string("\0\4abcd", 6);
  data += std::string("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", 10) + std::string(32, 'x') + "\x22\x58\x20" +
          std::string(32, 'y');
  return "\xa3\x63"
         "fmt\x64none\x67"
         "attStmt\xa0\x68"
         "authData\x58" +
         std::string(1, static_cast<char>(data.size())) + data;
}

// Small cases of what was found and mended; they stay.
std::vector<Seed> finds() {
  std::string deep;  // an empty list within as many lists as JSON may have
  for (int level = 0; level < json::kDepthMax; ++level) deep += std::string("\5\1", 2);
  return {{"workbook", "@a_x000D\x1f"},    // a text whose end and the next character would be one escape
          {"data_file", "a" + a_font(0)},  // a glyph that is made of itself, for ever
          {"answer", deep + std::string("\5\0", 2)},
          {"answer",
           "\3\x0b"
           "1E144444444"},  // an exponent below JSON's reader's bound
          {"answer",
           "\3\x16"
           "1E14444444444444444444"},  // and one beyond it
          {"word",
           "+31 6 1234\xe2\x80\x84"
           "5"}};  // a telephone number whose last two bytes are half a letter
}

std::vector<Seed> seeds() {
  const std::string key(vault::kKeyBytes, 'k'), id(vault::kRingIdBytes, 'r');
  vault::MasterPage page{7, vault::KeyProvider::passphrase, "", std::string(16, 's'), {}, {}};
  vault::seal_keys(page, std::string(vault::kKeyBytes, 'x'), {key, key});
  const std::string picture = formats::write_png(9, 7, std::vector<std::uint8_t>(9 * 7 * 3, 0x50));
  std::string record;
  put_be32(record, 5);
  record += "Jansen";
  record.resize(64, '\0');
  std::string sums;
  put_be64(sums, 1);
  put_be64(sums, 4);
  const std::string whole = entry(0, "", R"({"made_at":"2026-11-25T00:00:00Z","shop":"x","version":"1"})") +
                            entry(1, "db/CURRENT", "abcd") + entry(2, "", sums);
  std::vector<Seed> all{
      {"ring", std::string(1, '\1') + vault::header_page({.ring_id = id, .generation = 3, .boot_id = "boot"}, key)},
      {"ring", std::string(1, '\0') + vault::header_page({.ring_id = id, .generation = 3, .boot_id = "boot"}, key)},
      {"ring", std::string("\3\0\0", 3) + vault::live_slot(vault::KeyType::data, 0, id, key, key)},
      {"ring", std::string("\2\0\5", 3) + vault::tombstone_slot(vault::KeyType::data, 5)},
      {"ring", std::string(1, '\5') + vault::master_page(page)},
      {"ring", std::string(1, '\4') + vault::master_page(page)},
      {"record", std::string(1, '\1') + record},
      {"backup", std::string(1, '\1') + whole},
      {"backup", std::string(1, '\3') + whole},
      {"backup", std::string(1, '\0') + "PFBACKUP" + std::string(200, 'x')},
      {"escrow", std::string(1, '\1') + whole},
      {"workbook", std::string(1, '\0') + a_workbook()},
      {"workbook", std::string(1, '\1') + std::string(kSheet)},
      {"workbook",
       std::string(1, '\2') + "<sst><si><t>a_x000D_</t></si><si><r><t>b</t></r><rPh><t>c</t></rPh></si></sst>"},
      {"workbook",
       std::string(1, '\3') + "<numFmt numFmtId=\"164\" formatCode=\"[h]:mm&quot;x&quot;\"/><xf numFmtId=\"164\"/>"},
      {"workbook", std::string("\5\x1f\x8b\x08\0\0\0\0\0\0\3\x4b\x04\0\x43\xbe\xb7\xe8\1\0\0\0", 22)},
      {"xml", std::string(1, '\4') + std::string(kFeed)},
      {"xml", "\7<!DOCTYPE l SYSTEM \"x\"><l><p a=\"&eacute;\">&nbsp;&Yuml;</p><p a='&hearts;'>&amp;</p></l>"},
      {"table", std::string("\4\3") + "sku;title\nA;\"b\"\"c\nd\"\r\nB;\xe9\n"},
      {"table", std::string("\x50\2") +
                    "sku||title||x\nA||\"b \\\"c\\\" |\nd\"||\\N\r\nB|||\\\n||\\"},  // behind a long delimiter
      {"table",
       std::string("\x27\7") + "'sku'~|~'title'\n'A'~|~'it\\'s'\n'\xc4\xd0\xca\xbf\xb6\xac'~|~\\N\n"},  // as is told
      {"table", std::string("\xc0\2") + "sku\x1ftitle\x1e\nA\x1f\"b\nc\x1e"},
      {"formula",
       "if([Price] > 10.5 and not empty(value), round([Price] * 1.21, 2) & \" EUR\", lookup([Size], \"S\", 1, "
       "\"L\", 2))\n12.5"},
      {"formula", "replace(upper(trim([A b])), \"X\", date([A b], \"dd-mm-yyyy\"))\n 01-02-2026 "},
      {"picture", picture},
      {"picture", pictures::shrink(picture)->large.bytes},
      {"picture", std::string("GIF89a\2\0\1\0\x80\0\0\xff\0\0\0\0\xff,\0\0\0\0\2\0\1\0\0\2\2\x44\x0a\0;", 35)},
      {"data_file", "x" + picture},
      {"data_file", "x" + zone_file("Europe/Amsterdam")},
      {"data_file", "x" + zone_file("America/New_York")},
      {"data_file", "a" + formats::plain_font().subset({0, 36, 68, 102})},
      {"data_file", "a" + a_font(1)},
      {"file", "\x7f" + a_workbook()},
      {"file", "\x07" + an_archive()},
      {"file", "\x07sku,title\nA,b\nB,\"c\nd\"\n"},
      {"file", "\x09{\"orders\": [{\"id\": 1, \"line_items\": [{\"sku\": \"A\"}]}, {\"id\": 2}]}"},
      {"file", "\x05{\"sku\": \"A\", \"price\": {\"EUR\": 1.5}}\n{\"sku\": \"B\", \"tags\": [\"a\", \"b\"]}\n"},
      {"file", "\x05" + std::string(kFeed)},
      {"file",
       "\x85{\"A\": {\"title\": \"a\", \"x\": {\"y\": [1, {}]}}, \"\": 7, \"B\": [{\"t\": null}, [2]]}\n{\"C\": "
       "true}\n"},
      {"file", "\x86[{\"b\": 1, \"a\": {\"A/b\": {\"*\": {\"key\": \"k\"}}, \"A\": \"one\"}}]"},
      {"file", "\x87sku||'a||b'||c\n'1'||2||'x\ny'\n"},
      {"file", "\x88sku\xa7title\nA\xa7\xca\xef\xfd\n"},
      {"answer", cell_row()},
      {"answer", cell_element()},
      {"definition",
       R"x({"name": "my_shop", "title": "My", "about": "x", "layout": "csv", "delimiter": ";", "columns": [
        {"name": "id", "from": "[sku]", "required": true, "length_max": 50}, {"name": "staat", "from":
        "first([condition], 'new')", "one_of": ["new", "used"]}, {"name": "p", "from": "[images]", "type": "url",
        "list_max": 10, "separator": "|"}]})x"},
      {"definition",
       R"x({"name": "our_courier", "title": "C", "about": "x", "layout": "csv", "delimiter": ";", "carrier":
        "C", "encoding": "windows-1252", "header": true, "rows_max": 100, "sources": ["https://a.b"], "unconfirmed":
        ["name"], "columns": [{"name": "name", "from": "[name1]", "required": true, "length_max": 35}]})x"},
      {"definition",
       R"x({"columns": [{"column": "Kleur", "to": "color", "values": {"rood": "red"}}, {"column": "N", "to":
        "sell_price.EUR", "as": "round(value * 1.21, 2)"}, {"to": "title", "as": "[M] & ' '"}], "select": "ean", "records":
        "$/a/*", "encoding": "koi8-r", "delimiter": "tab", "quote": "none"})x"},
      {"definition", R"x({"name": "r", "on": "product", "when": {"match": "any", "conditions": [{"field": "brand",
        "operator": "in", "value": ["a", "b"]}], "formula": "[brand] = 'x'"}, "then": [{"action": "set", "field":
        "attributes.label", "value": "x"}, {"action": "derive", "field": "title", "formula": "[brand]"}]})x"},
      {"definition", R"x({"on": "order", "name": "o", "then": [{"action": "hold", "reason": "fraud"}, {"action": "tag",
        "tag": "gift"}, {"action": "route", "method": "DHL"}], "when": {"conditions": [{"field": "total", "operator":
        "gt", "value": 10}]}})x"},
      {"definition",
       R"x({"sku": "A", "title": "t", "images": ["https://a.b/c.png"], "categories": ["a/b"], "attributes":
        {"weight": {"value": 1, "unit": "kg"}}, "offer": {"prices": {"EUR": {"sell_price": "1.00"}}}})x"},
      {"definition", R"x({"id": 5, "number": "5", "status": "processing", "currency": "EUR", "total": "10.00",
        "date_created": "2026-01-01T00:00:00", "billing": {"first_name": "x", "country": "NL"}, "line_items": [{"sku":
        "A", "quantity": 1, "price": 10, "name": "a"}]})x"},
      {"condition",
       R"x({"conditions": [{"field": "abc", "operator": "lte", "value": 10}, {"field": "a", "operator": "like",
        "value": "x"}], "formula": "[ab] > 5"})x"
       "\n7"},
      {"party", "\0sku,title,sell_price.EUR,color,stock\nA,b,19.95,red,5\nB,,\"1,234\",x,-1\n"s},
      {"party", "\0{\"Art\": \"sku\", \"Prijs\": {\"to\": \"sell_price\", \"as\": \"value * 2\"}}\nArt,Prijs\nA,1\n"s},
      {"party",
       "\0Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\na,T,Size,S,A-S,1.00,\na,,,M,"
       "A-M,2,https://a.b/c.jpg\n"s},
      {"party",
       "\0ID,Type,SKU,Name,Parent,Regular price,Categories,Attribute 1 name,Attribute 1 value(s)\n1,variable,A,n,,,a > "
       "b,S,\"x, y\"\n2,variation,A1,n,id:1,5,,S,x\n"s},
      {"party",
       "\0order-id,order-item-id,purchase-date,buyer-name,sku,quantity-purchased,item-price,currency,ship-country\n1,1,"
       "2026-01-01T00:00:00+00:00,x,A,1,5.00,EUR,NL\n"s},
      {"party", "\0sku,family,categories,name-nl_NL,price-EUR,X_SELL-products\nA,f,c,n,5.00,\"B,C\"\n"s},
      {"party",
       "\0handleId,fieldType,name,sku,price,surcharge,productOptionName1,productOptionDescription1\n"
       "p,Product,n,A,5,,S,M\np,Variant,,,,1,S,M\n"s},
      {"party",
       "\0TITLE,MATERIALS,VARIATION 1 TYPE,VARIATION 1 NAME,VARIATION 1 VALUES,SKU\nm,c,t,n,\"R,B\",\"A,B\"\n"s},
      {"party", "\0V,050,A,20261120,EUR,L\nA,N,A,t,u,STK,2,100,12500,R,H\nB,N,A,M,4006381333931\nT,1\n"s},
      {"party", "\2order_id,order_total,line_item_1\n1,5,name:n|sku:A|quantity:2|total:5\n"s},
      {"party", "\4parcel reference,tracking number\n1-P1,3SABC\n"s},
      {"party", "\2order_id,sku,quantity,price,name,country\n1,A,1,5,x,NL\n"s},
      {"value", "EUR 1.045,99"},
      {"value", "2026-11-26T12:00:00.250+01:00"},
      {"value", "a > b / c, d\\, e | f"},
      {"value", "name-nl_NL"},
      {"value", "(\\d{2,3})-[a-z]+"},
      {"request",
       "\0\x07GET /api/v1/product?q=a%20b&brand[in]=x HTTP/1.1\r\nHost: shop.local\r\nCookie: a=b; "
       "pf_session=x\r\nAccept-Encoding: gzip;q=0.5, *\r\nIf-None-Match: W/\"a\", \"b\"\r\n\r\n"s},
      {"request",
       "\0\x05POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nA: "
       "b\r\n\r\n"s},
      {"request",
       "\1\x09xy\n--xy\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nsku\r\n--xy\r\n"
       "Content-Disposition: form-data; name=kind\r\n\r\nproduct\r\n--xy--\r\n"s},
      {"request", "\2\1brand[eq]=a&sku[]=b&sort=-sku&page=2&per_page=50&q=red+shoe&x=1&a[b][0]=c&a[b][1]=%C3%A9"s},
      {"request", "\3\1https://hooks.example.com:8443/a?b=c"s},
      {"request", "\3\1::ffff:10.0.0.1"s},
      {"document", R"x({"a": [1, -2.5e10, "\u00e9\ud83d\ude00", null, true], "b": {"c": {}}})x"},
      {"authenticator", "\0" + passkey()},
      {"authenticator", "\1\xa2\x01\x02\x83\x40\x60\x20"s},
      {"word", "nl_NL"},
      {"word", "1234.56.78.90"},
      {"word", "4006381333931"},
      {"word", "NL123456789B01"},
      {"word", "PF100123-PACK01"},
      {"word", "2026-11-30"},
      {"word", "home/garden & more"},
      {"word", "https://shop.example/p/{sku}?a={attribute:color}"},
      {"word", "Ren\xc3\xa9 <b>Jansen</b><br/>+31 (0)6 1234 5678 &amp; 1234 AB"},
      {"word", R"x({"first_name": "A", "last_name": "B", "zip_code": "1234 AB", "country_code": "NL"})x"},
      {"word", base64url("\1\1\0\5price\0\0\0\7x"s)},
      {"word", vault::new_shares()[0] + vault::new_shares()[1]},
      {"word", backup::secret_key_text(crypto::box_keys_of(std::string(crypto::kBoxKeyBytes, 'b')))},
      {"word", backup::open_key_text(crypto::box_keys_of(std::string(crypto::kBoxKeyBytes, 'b')).open)},
      {"paper",
       "\x40\1Mug, blue\nA longer line that is broken between its words, and Donaudampfschifffahrtsgesellschaft"s},
      {"paper",
       "\x08\4"
       R"x({"company_name": "C", "street_name": "S", "house_number": "1", "country_code": "FR"})x"},
      {"paper",
       "\x40\xf0"
       "BCD\n002\n1\nSCT\n\nShop\nNL91ABNA0417164300\nEUR10.00"},
      {"server_answer",
       "x\5HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: \"a\"\r\n\r\nabc"},
      {"server_answer", "x\5HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n"},
      {"server_answer", "x\2HTTP/1.1 302 Found\r\nLocation: https://a.b/\r\n\r\nmoved"}};
  // What fuzzers found, and what was written against it.
  for (const Seed& found : finds()) all.push_back(found);
  return all;
}

}  // namespace

TEST_CASE("fuzz: parsers stand whatever bytes come") {
  const char* given = std::getenv("PF_FUZZ_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
  INFO("seed " << seed);
  MESSAGE("seed " << seed << ", " << kRounds << " mutations for " << std::size(fuzz::kTargets) << " targets");
  std::mt19937_64 dice(seed);
  const auto all = seeds();
  // For tests/fuzz/run: what its fuzzers begin with.
  if (const char* folder = std::getenv("PF_FUZZ_SEEDS"); folder != nullptr) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto of = std::filesystem::path(folder) / all[i].target;
      std::filesystem::create_directories(of);
      std::ofstream(of / ("seed-" + std::to_string(i)), std::ios::binary) << all[i].bytes;
    }
    return;
  }
  const auto run = [](const fuzz::Target& target, const std::string& bytes) {
    target.run(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  };
  for (const fuzz::Target& target : fuzz::kTargets) {
    run(target, "");
    CHECK(std::ranges::any_of(all, [&](const Seed& one) { return std::string_view(one.target) == target.name; }));
    for (const Seed& whole : all) run(target, whole.bytes);
  }
  for (int round = 0; round < kRounds; ++round) {
    const Seed& whole = all[dice() % all.size()];
    std::string bytes = whole.bytes;
    for (std::uint64_t times = 1 + dice() % 4; times > 0; --times) {
      const std::size_t at = bytes.empty() ? 0 : dice() % bytes.size();
      switch (dice() % 5) {
        case 0:
          if (!bytes.empty()) bytes[at] = static_cast<char>(dice());
          break;
        case 1:
          bytes.resize(at);
          break;
        case 2:
          bytes.insert(at, std::string(dice() % 40, static_cast<char>(dice())));
          break;
        case 3:  // a number at its edge, where lengths stand
          if (bytes.size() >= at + 4) bytes.replace(at, 4, std::string(4, dice() % 2 == 0 ? '\xff' : '\0'));
          break;
        default:
          bytes += all[dice() % all.size()].bytes.substr(0, dice() % 200);
      }
    }
    // Mostly its own target; the others see strange beginnings now and then.
    const bool own = dice() % 8 != 0;
    const auto& other = fuzz::kTargets[dice() % std::size(fuzz::kTargets)];
    run(own ? *std::ranges::find(fuzz::kTargets, std::string_view(whole.target),
                                 [](const fuzz::Target& one) { return std::string_view(one.name); })
            : other,
        bytes);
  }
  // A target that finds a fault ends the process.
}
