// Every target for a moment in every test run, with any compiler: seeds that are whole, and mutations of them by a dice
// whose seed is said. What libFuzzer does for minutes (preset fuzz) is guided by coverage; this is not.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "formats/png.h"
#include "formats/xlsx_writer.h"
#include "pictures/pictures.h"
#include "productflow/bytes.h"
#include "targets.h"
#include "vault/master_format.h"
#include "vault/ring_format.h"

using namespace pf;

namespace {

constexpr int kRounds = 2'500;

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

std::vector<std::string> seeds() {
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
  return {std::string(1, '\1') + vault::header_page({.ring_id = id, .generation = 3, .boot_id = "boot"}, key),
          std::string(1, '\0') + vault::header_page({.ring_id = id, .generation = 3, .boot_id = "boot"}, key),
          std::string("\3\0\0", 3) + vault::live_slot(vault::KeyType::data, 0, id, key, key),
          std::string("\2\0\5", 3) + vault::tombstone_slot(vault::KeyType::data, 5),
          std::string(1, '\5') + vault::master_page(page),
          std::string(1, '\4') + vault::master_page(page),
          std::string(1, '\1') + record,
          std::string(1, '\1') + whole,
          std::string(1, '\3') + whole,
          std::string(1, '\0') + "PFBACKUP" + std::string(200, 'x'),
          std::string(1, '\0') + a_workbook(),
          std::string(1, '\1') + std::string(kSheet),
          std::string(1, '\2') + "<sst><si><t>a_x000D_</t></si><si><r><t>b</t></r><rPh><t>c</t></rPh></si></sst>",
          std::string(1, '\3') + "<numFmt numFmtId=\"164\" formatCode=\"[h]:mm&quot;x&quot;\"/><xf numFmtId=\"164\"/>",
          std::string(1, '\4') + std::string(kFeed),
          std::string("\4\3") + "sku;title\nA;\"b\"\"c\nd\"\r\nB;\xe9\n",
          "if([Price] > 10.5 and not empty(value), round([Price] * 1.21, 2) & \" EUR\", lookup([Size], \"S\", 1, "
          "\"L\", 2))\n12.5",
          "replace(upper(trim([A b])), \"X\", date([A b], \"dd-mm-yyyy\"))\n 01-02-2026 ",
          picture,
          pictures::shrink(picture)->large.bytes,
          std::string("GIF89a\2\0\1\0\x80\0\0\xff\0\0\0\0\xff,\0\0\0\0\2\0\1\0\0\2\2\x44\x0a\0;", 35),
          std::string("\5\x1f\x8b\x08\0\0\0\0\0\0\3\x4b\x04\0\x43\xbe\xb7\xe8\1\0\0\0", 22)};
}

}  // namespace

TEST_CASE("fuzz: ring, record, backup, workbook, XML, table, picture and formula parsers stand whatever bytes come") {
  const char* given = std::getenv("PF_FUZZ_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
  INFO("seed " << seed);
  MESSAGE("seed " << seed << ", " << kRounds << " mutations for each of 9 targets");
  std::mt19937_64 dice(seed);
  const auto all = seeds();
  const auto each = [](const std::string& bytes) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    fuzz::ring(data, bytes.size());
    fuzz::record(data, bytes.size());
    fuzz::backup(data, bytes.size());
    fuzz::escrow(data, bytes.size());
    fuzz::workbook(data, bytes.size());
    fuzz::xml(data, bytes.size());
    fuzz::table(data, bytes.size());
    fuzz::picture(data, bytes.size());
    fuzz::formula(data, bytes.size());
  };
  each("");
  for (const std::string& whole : all) each(whole);
  for (int round = 0; round < kRounds; ++round) {
    std::string bytes = all[dice() % all.size()];
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
          bytes += all[dice() % all.size()].substr(0, dice() % 200);
      }
    }
    each(bytes);
  }
  // A target that finds a fault ends the process.
}
