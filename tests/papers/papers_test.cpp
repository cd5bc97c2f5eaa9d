#include <doctest/doctest.h>

#include "papers/address.h"
#include "papers/address_label.h"
#include "papers/batch_list.h"
#include "papers/countries.h"
#include "papers/packing_slip.h"
#include "papers/pick_list.h"
#include "productflow/text.h"

#include "support/code128_reader.h"
#include "support/pdf_reader.h"

using namespace pf;

namespace {

orders::Order an_order(std::size_t lines) {
  orders::Order order;
  order.id = orders::OrderId(100'123);
  order.channel = "bol";
  order.channel_order_id = "Łódź-42";
  order.placed_at = *parse_time("2026-11-20");
  order.ship_by = *parse_time("2026-11-22");
  for (std::size_t i = 0; i < lines; ++i) {
    orders::Line line;
    line.sku = "SKU-" + std::to_string(i);
    line.title = "Чайник номер " + std::to_string(i);
    line.count.ordered = line.count.allocated = 2;
    order.lines.push_back(line);
  }
  return order;
}
std::vector<std::string> codes_of(const orders::Order& order) {
  std::vector<std::string> codes;
  for (const auto& line : order.lines) codes.push_back(line.sku);
  return codes;
}
bool within(const test::PdfPageRead& page) {
  for (const auto& text : page.texts) {
    const auto font = text.font == "F2" ? formats::PdfWriter::Font::bold : formats::PdfWriter::Font::plain;
    if (text.x < 0 || text.x + formats::PdfWriter::width_of(text.text, text.size, font) > page.width + 0.1 ||
        text.y < 0 || text.y + text.size > page.height + 0.1)
      return false;
  }
  for (const auto& bar : page.bars)
    if (bar.x < 0 || bar.x + bar.width > page.width || bar.y < 0) return false;
  return true;
}

}  // namespace

TEST_CASE("papers: a pick list's codes open the order and count its lines, as a scanner reads them") {
  const auto order = an_order(3);
  const auto read = test::read_pdf(papers::pick_list(order, {"4006381333931", "SKU-1", "no bars for Łódź"}, "en"));
  REQUIRE(read.pages.size() == 1);
  CHECK(test::codes_on(read.pages[0].bars) == std::vector<std::string>{"PF100123", "4006381333931", "SKU-1"});
  const std::string all = read.all();
  for (const char* text : {"Pick list 100123", "Order Łódź-42, placed 2026-11-20", "bol, ship by 2026-11-22",
                           "PF100123", "Чайник номер 2", "6 pieces", "Page 1 of 1"})
    CHECK_MESSAGE(all.find(text) != std::string::npos, std::string(text));
}

TEST_CASE("papers: a pick list of many lines goes on over pages, each with its head, its number and its code") {
  const auto order = an_order(120);
  const auto read = test::read_pdf(papers::pick_list(order, codes_of(order), "de"));
  REQUIRE(read.pages.size() > 2);
  std::size_t lines = 0;
  for (std::size_t i = 0; i < read.pages.size(); ++i) {
    const auto& page = read.pages[i];
    CHECK(within(page));
    const std::string all = page.all();
    CHECK(all.find("Pickliste 100123\n") != std::string::npos);
    CHECK(all.find("Seite " + std::to_string(i + 1) + " von " + std::to_string(read.pages.size()) + "\n") !=
          std::string::npos);
    const auto codes = test::codes_on(page.bars);
    CHECK(codes.at(0) == "PF100123");
    lines += codes.size() - 1;
  }
  CHECK(lines == 120);
  CHECK(read.all().find("240 Stück") != std::string::npos);
}

TEST_CASE("papers: nothing runs out of its column or its page, however long") {
  auto order = an_order(3);
  order.channel_order_id = std::string(300, 'W');
  order.lines[0].title = std::string(2'000, 'W');
  order.lines[1].title.clear();
  for (int i = 0; i < 3'000; ++i) order.lines[1].title += "Wörter ";
  order.lines[1].sku = std::string(400, 'S');
  const auto read = test::read_pdf(papers::pick_list(order, codes_of(order), "fr"));
  for (const auto& page : read.pages) CHECK(within(page));
  // The title's column ends where the codes begin.
  for (const auto& page : read.pages)
    for (const auto& text : page.texts)
      if (text.x > 200 && text.text.starts_with("WWW"))
        CHECK(text.x + formats::PdfWriter::width_of(text.text, text.size, formats::PdfWriter::Font::plain) < 396);
  for (const auto& page : test::read_pdf(papers::packing_slip(order, nullptr, {std::string(3'000, 'n')}, "nl")).pages)
    CHECK(within(page));
}

TEST_CASE("papers: a packing slip says what is in its parcel, with the order's code, and nothing of the team") {
  auto order = an_order(2);
  order.parcels.push_back({"PACK01", "DHL", "JJD01", order.placed_at, {{1, 1}}});
  const auto read = test::read_pdf(papers::packing_slip(order, &order.parcels[0], {"Dziękujemy!\nΕυχαριστούμε"}, "nl"));
  REQUIRE(read.pages.size() == 1);
  const std::string all = read.all();
  for (const char* text : {"Pakbon", "Pakket PACK01, DHL, JJD01", "Чайник номер 1", "Voor u", "Dziękujemy!",
                           "Ευχαριστούμε", "Pagina 1 van 1"})
    CHECK_MESSAGE(all.find(text) != std::string::npos, std::string(text));
  CHECK(all.find("Чайник номер 0") == std::string::npos);
  CHECK(test::codes_on(read.pages[0].bars) == std::vector<std::string>{"PF100123"});
  const auto squares = std::ranges::count_if(read.pages[0].bars, [](const auto& bar) { return bar.height < 5; });
  CHECK(squares > 21 * 3);  // and as a QR code
}

TEST_CASE("papers: several orders in one document are each numbered by themselves") {
  formats::PdfWriter pdf("Pick lists");
  const auto long_one = an_order(60), short_one = an_order(1);
  papers::draw_pick_list(pdf, long_one, codes_of(long_one), "en");
  papers::draw_pick_list(pdf, short_one, codes_of(short_one), "en");
  const auto read = test::read_pdf(pdf.finish());
  REQUIRE(read.pages.size() > 2);
  CHECK(read.pages.front().all().find("Page 1 of " + std::to_string(read.pages.size() - 1)) != std::string::npos);
  CHECK(read.pages.back().all().find("Page 1 of 1\n") != std::string::npos);
}

TEST_CASE("papers: an address has the order of its country, and the country only abroad") {
  const auto lines = [](const char* json, const char* home) {
    return papers::address_lines(vault::Private(json), home);
  };
  using Lines = std::vector<std::string>;
  CHECK(lines(R"({"first_name":"Zażółć","last_name":"Gęślą","street_name":"ul. Łąkowa","house_number":"5",
                  "house_number_addition":"a","zip_code":"90-001","city":"Łódź","country_code":"PL"})",
              "NL") == Lines{"Zażółć Gęślą", "ul. Łąkowa 5 a", "90-001 Łódź", "POLAND"});
  CHECK(lines(R"({"company_name":"Tea Ltd","last_name":"Smith","street_name":"Baker Street","house_number":"221b",
                  "zip_code":"NW1 6XE","city":"London","country_code":"GB"})",
              "GB") == Lines{"Tea Ltd", "Smith", "221b Baker Street", "London NW1 6XE"});
  CHECK(lines(R"({"last_name":"Doe","street_name":"1 Main St","city":"Austin","state":"TX","zip_code":"78701",
                  "country_code":"US"})",
              "NL") == Lines{"Doe", "1 Main St", "Austin TX 78701", "UNITED STATES"});
  CHECK(lines("{}", "NL").empty());
  CHECK(lines("not json", "NL").empty());
  CHECK(papers::country_name("NL") == "Netherlands");
  CHECK(papers::country_name("ZZ") == "ZZ");
}

TEST_CASE("papers: labels fill their sheets from the first that is left, each with its order's code where it fits") {
  std::vector<papers::AddressLabel> labels;
  for (std::uint64_t i = 0; i < 9; ++i)
    labels.push_back(
        {orders::OrderId(100'001 + i), "bol " + std::to_string(i), {"Ζαχαρίας Παπαδόπουλος", "Οδός 1", "GREECE"}});
  const auto on = [&](std::string_view name, int used) {
    const auto* paper = std::ranges::find(papers::kLabelPapers, name, &papers::LabelPaper::name);
    return test::read_pdf(papers::address_labels(labels, *paper, used, "Łódzka Herbata", "en"));
  };
  CHECK(on("a6", 0).pages.size() == 9);
  CHECK(on("100x150", 0).pages.at(0).width == doctest::Approx(283.46).epsilon(0.001));
  const auto sheets = on("a4_2x4", 3);
  REQUIRE(sheets.pages.size() == 2);
  CHECK(test::codes_on(sheets.pages[0].bars) ==
        std::vector<std::string>{"PF100001", "PF100002", "PF100003", "PF100004", "PF100005"});
  CHECK(test::codes_on(sheets.pages[1].bars).size() == 4);
  CHECK(on("a4_2x4", 0).pages.size() == 2);
  const auto small = on("a4_3x8", 0);
  REQUIRE(small.pages.size() == 1);
  CHECK(test::codes_on(small.pages[0].bars).empty());
  CHECK(small.pages[0].bars.size() > 9 * 21);  // a QR code each, of 21 rows
  for (const auto* read : {&sheets, &small})
    for (const auto& page : read->pages) CHECK(within(page));
  CHECK(small.all().find("Ζαχαρίας Παπαδόπουλος") != std::string::npos);
  CHECK(small.all().find("Łódzka Herbata") != std::string::npos);
}

TEST_CASE("papers: a label of a buyer who is gone says so, and one with a very long address holds it") {
  papers::AddressLabel gone{orders::OrderId(100'001), "bol 1", {}, parse_time("2026-10-26").value()};
  papers::AddressLabel wide{
      orders::OrderId(100'002), "bol 2", {std::string(120, 'W'), std::string(120, 'm'), "1234 AB"}, {}};
  for (const auto& paper : papers::kLabelPapers) {
    const auto read = test::read_pdf(papers::address_labels({gone, wide}, paper, 0, std::string(200, 'S'), "nl"));
    for (const auto& page : read.pages) CHECK(within(page));
    CHECK(read.all().find("2026-10-26") != std::string::npos);
    CHECK(read.all().find("1234 AB") != std::string::npos);
  }
}

TEST_CASE(
    "papers: a batch's list goes by zone, says which slot gets what, and bears the batch's and the totes' codes") {
  orders::Batch batch;
  batch.id = orders::BatchId(7);
  batch.by = "Mia";
  batch.created_at = *parse_time("2026-11-26");
  std::vector<orders::Order> totes{an_order(1), an_order(1)};
  totes[1].id = orders::OrderId(100'124);
  std::vector<orders::WalkStep> steps;
  std::vector<std::string> codes;
  for (int i = 0; i < 60; ++i) {
    const std::string shelf = i < 50 ? (i < 25 ? "A-" : "KOEL-") + std::to_string(i) : "";
    steps.push_back({shelf, "SKU-" + std::to_string(i), "Чайник", {{1, totes[0].id, 0, 2}, {2, totes[1].id, 0, 3}}});
    codes.push_back("SKU-" + std::to_string(i));
  }
  const auto read = test::read_pdf(papers::batch_list(batch, steps, codes, totes, "nl"));
  REQUIRE(read.pages.size() > 2);
  const std::string all = read.all();
  for (const char* text :
       {"Picklijst van batch 7", "2 bestellingen, 2026-11-26, gemaakt door Mia", "Zone A", "Zone KOEL", "Zonder plaats",
        "KOEL-49", "1 × 2, 2 × 3", "300 stuks in totaal", "bol Łódź-42"})
    CHECK_MESSAGE(all.find(text) != std::string::npos, std::string(text));
  std::vector<std::string> found;
  for (const auto& page : read.pages) {
    CHECK(within(page));
    for (const std::string& code : test::codes_on(page.bars))
      if (code.starts_with("P")) found.push_back(code);
  }
  CHECK(std::ranges::count(found, "PB7") == static_cast<std::ptrdiff_t>(read.pages.size()));
  CHECK(std::ranges::count(found, "PF100123") == 1);
  CHECK(std::ranges::count(found, "PF100124") == 1);
}
