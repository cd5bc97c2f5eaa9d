// Files for the carriers' label programs, and the tracking numbers that come back.
#include "exchange/carriers.h"

#include "exchange/carrier_file.h"
#include "orders/fulfilment.h"
#include "orders/tracking.h"
#include "reference_csv.h"
#include "shop.h"
#include "stock/shelves.h"

using namespace pf;
using namespace pf::test;

namespace {

const exchange::CarrierFormat& format_named(std::string_view name) {
  const auto& all = exchange::built_in_carriers();
  const auto found = std::ranges::find(all, name, [](const auto& one) { return one.table.name; });
  REQUIRE(found != all.end());
  return *found;
}

struct Bench : ImportShop {
  orders::OrderId id{};
  json::Value address = *json::parse(
      R"({"first_name":"Zyxander","last_name":"Łukasz","company_name":"","street_name":"Kerkstraat","house_number":"12",
          "house_number_addition":"b","zip_code":"1234 AB","city":"Köln","country_code":"NL"})");
  exchange::CarrierTerms terms{.seller = {.name = "Little Harbour",
                                          .street = "Kade 1a",
                                          .zip_code = "8861 AA",
                                          .city = "Harlingen",
                                          .country_code = "NL"},
                               .date = "2026-11-26"};

  Bench() { id = placed("C-1"); }
  orders::OrderId placed(const std::string& number, const std::string& channel = "manual") {
    orders::PlaceOrder order;
    order.channel = channel;
    order.channel_order_id = number;
    order.currency = *Currency::parse("EUR");
    order.lines.push_back({"1", "CUP", "Cup; blue", 3, Money{1250, *order.currency}});
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  PF_LET(const auto level, stock->level(work, "CUP"));
                  return stock->set_available(work, clerk, "CUP", level.available() + 3);
                })
                .ok());
    return orders->place(clerk, order, orders::StockPolicy::backorder)->id;
  }
  orders::Order order() { return *orders->find(store->read(), id); }
  // Two parcels: two cups of 1.25 kg, one cup that nobody weighed.
  void pack() {
    orders::Fulfilment work(*orders);
    REQUIRE(work.pack(clerk, id, {.line = 0, .quantity = 2}).ok());
    REQUIRE(work.measure(clerk, id, "PACK01", {.weight_grams = 1'250, .length_mm = 305}).ok());
    REQUIRE(work.pack(clerk, id, {.line = 0, .quantity = 1}, "BOX-2").ok());
  }
  exchange::CarrierRow row(std::string_view format, const orders::Order& of, std::size_t parcel = 0) {
    return exchange::carrier_row(
        format_named(format), terms,
        {of, of.packing.empty() ? nullptr : &of.packing[parcel], address, "z@example.com", "0612345678"});
  }
  std::string cell(std::string_view format, std::string_view column, std::size_t parcel = 0) {
    const auto of = order();
    const auto cells = row(format, of, parcel).cells;
    const auto& columns = format_named(format).table.columns;
    const auto at = std::ranges::find(columns, column, &exchange::FormatColumn::name);
    REQUIRE_MESSAGE(at != columns.end(), std::string(column));
    return cells[static_cast<std::size_t>(at - columns.begin())];
  }
};
std::vector<std::string> faults_of(const exchange::CarrierRow& row) {
  std::vector<std::string> out;
  for (const auto& one : row.faults) out.push_back(one.field + " " + one.code);
  return out;
}

}  // namespace

TEST_CASE("carriers: each format that came along has its sources, names what none confirms, and writes a parcel") {
  Bench bench;
  bench.pack();
  bench.terms.service = "V01";  // DHL's online franking takes none by itself
  const auto order = bench.order();
  CHECK(exchange::built_in_carriers().size() == 7);
  for (const auto& format : exchange::built_in_carriers()) {
    CAPTURE(format.table.name);
    CHECK((format.table.name == "generic" || !format.sources.empty()));
    const auto row = bench.row(format.table.name, order);
    CHECK(faults_of(row).empty());
    CHECK(row.cells.size() == format.table.columns.size());
    std::string file;
    exchange::put_carrier_header(format, file);
    exchange::put_carrier_row(format, row.cells, file);
    const auto rows = reference_csv(file, format.table.delimiter);
    REQUIRE(rows.size() == (format.header ? 2 : 1));
    CHECK(rows.back() == row.cells);
  }
  CHECK(bench.cell("generic", "reference") == std::to_string(bench.id.raw()) + "-PACK01");
  CHECK(bench.cell("generic", "weight_kg") == "1.25");
  CHECK(bench.cell("generic", "length_cm") == "30.5");
  CHECK(bench.cell("generic", "weight_kg", 1).empty());
  CHECK(bench.cell("generic", "contents") == "Cup; blue");
  CHECK(bench.cell("generic", "value") == "25.00");
  CHECK(bench.cell("dpd", "recipient_house_no") == "12 b");
  CHECK(bench.cell("dhl_business", "Gewicht") == "1,25");
  CHECK(bench.cell("dhl_business", "Sendungsdatum") == "2026-11-26");
  CHECK(bench.cell("dhl_online", "SEND_HOUSENUMBER") == "1a");
  CHECK(bench.cell("dhl_online", "SEND_STREET") == "Kade");
  CHECK(bench.cell("dhl_online", "RECV_COUNTRY") == "NLD");
  CHECK(bench.cell("postnl", "Zipcode") == "1234AB");
  CHECK(bench.cell("gls", "weight_grams") == "1250");
  CHECK(bench.cell("ups_worldship", "Reference Number 1").ends_with("-PACK01"));
}

TEST_CASE("carriers: Western programs get their letters, and what they cannot read, or is too long, is a fault") {
  Bench bench;
  CHECK(bench.cell("ups_worldship", "Company or Name") == "Zyxander Lukasz");  // Polish letters become their base
  CHECK(bench.cell("ups_worldship", "City or Town") == "K\xf6ln");
  CHECK(bench.cell("dpd", "recipient_city") == "Köln");
  CHECK(exchange::to_windows1252("€ Œ’") == "\x80 \x8c\x92");
  CHECK_FALSE(exchange::to_windows1252("Αθήνα"));
  const auto order = bench.order();
  bench.address.set("city", "Αθήνα");
  CHECK(faults_of(bench.row("ups_worldship", order)) == std::vector<std::string>{"City or Town letters"});
  CHECK(bench.row("dpd", order).faults.empty());
  bench.address.set("city", std::string(36, 'x'));
  bench.address.set("street_name", "Line\nbreak");
  CHECK(faults_of(bench.row("dpd", order)) == std::vector<std::string>{"recipient_city too_long"});
  CHECK(bench.cell("dpd", "recipient_street") == "Line break");
  bench.address = json::Value(json::Members{});
  CHECK(faults_of(bench.row("generic", order)) ==
        std::vector<std::string>{"street required", "city required", "country_code required"});
}

TEST_CASE("carriers: a shop's own format is kept, and one with mistakes is refused with all of them") {
  Bench bench;
  exchange::Carriers carriers(*bench.store, *bench.audit);
  const auto bad = carriers.keep(bench.clerk, R"({"name":"ours","layout":"xml","encoding":"ebcdic","rows_max":0,
      "unconfirmed":["none"],"columns":[{"name":"a","from":"[streat]"},{"name":"b","from":"[street]","list_max":2}]})");
  REQUIRE_FALSE(bad.ok());
  std::vector<std::string> fields;
  for (const auto& fault : bad.error().faults) fields.push_back(fault.field);
  CHECK(fields == std::vector<std::string>{"encoding", "rows_max", "layout", "columns[0].from", "columns[1].list_max",
                                           "unconfirmed"});
  const std::string document =
      R"({"name":"ours","carrier":"Bike","columns":[{"name":"to","from":"[name] & ', ' & [city]","required":true}]})";
  REQUIRE(carriers.keep(bench.clerk, document).ok());
  CHECK(carriers.keep(bench.clerk, R"({"name":"dpd","columns":[{"name":"a","from":"[city]"}]})").error().code ==
        ErrorCode::conflict);
  const auto read = bench.store->read();
  CHECK(carriers.list(read)->size() == 8);
  const auto own = carriers.find(read, "ours");
  REQUIRE(own.ok());
  CHECK(own->own);
  CHECK(exchange::carrier_row(*own, bench.terms, {bench.order(), nullptr, bench.address}).cells[0] ==
        "Zyxander Łukasz, Köln");
  CHECK(carriers.find(read, "nobody").error().message.find("dpd, generic, gls") != std::string::npos);
  REQUIRE(carriers.remove(bench.clerk, "ours").ok());
  CHECK_FALSE(carriers.remove(bench.clerk, "ours").ok());
  CHECK_FALSE(carriers.remove(bench.clerk, "gls").ok());
}

TEST_CASE("carriers: tracking numbers come back by reference, once, and what means no parcel or several is refused") {
  Bench bench;
  bench.pack();
  const std::string number = std::to_string(bench.id.raw());
  const auto second = bench.placed("SAME", "bol"), third = bench.placed("SAME", "amazon"),
             unpacked = bench.placed("NONE");
  REQUIRE(bench.orders->ship(bench.clerk, second, {}).ok());
  const std::string file = "Sendungsreferenz;Sendungsnummer;Carrier\n" + number +
                           "-PACK01;JJD01;DHL\nC-1;JJD02;DHL\nPF" + std::to_string(second.raw()) +
                           ";JJD03;\nSAME;JJD04;\nNONE;JJD05;\nNOBODY;JJD06;\n" + number + "-BOX-9;JJD07;\n;JJD08;\n" +
                           number + "-PACK01;;\n";
  const auto done = bench.import(file);
  INFO(done);
  CHECK(done.failure.empty());
  CHECK(done.format == "tracking");
  CHECK(done.adds_up());
  CHECK(done.counts.changed == 3);
  CHECK(done.counts.refused == 6);
  for (const char* why : {"5: reference ambiguous", "6:  refused Order ", "7: reference unknown", "has no parcel BOX-9",
                          "9: Sendungsreferenz required", "10: Sendungsnummer required"})
    CHECK_MESSAGE(done.refusals().find(why) != std::string::npos, std::string(why));
  const auto order = bench.order();
  CHECK(order.packing[0].track_and_trace == "JJD01");
  CHECK(order.packing[0].method == "DHL");
  CHECK(order.packing[1].track_and_trace == "JJD02");  // the one that had none yet
  CHECK(bench.orders->find(bench.store->read(), second)->parcels[0].track_and_trace == "JJD03");
  CHECK(bench.import(file).counts.unchanged == 3);
  // The label's number goes with the parcel when it leaves.
  REQUIRE(bench.orders->ship(bench.clerk, bench.id, {"PACK01", "", ""}).ok());
  CHECK(bench.order().parcels[0].track_and_trace == "JJD01");
  CHECK(bench.order().parcels[0].method == "DHL");
  const auto events = *bench.orders->events(bench.store->read(), bench.id);
  CHECK(std::ranges::count(events, "tracked", &orders::Event::kind) == 2);
  (void)third;
  (void)unpacked;
}

TEST_CASE("carriers: shelf places come with a stock table or by themselves, and empty cells change nothing") {
  Bench bench;
  REQUIRE(bench.import("sku,title\nCUP,Cup\nPOT,Pot\n").counts.created == 2);
  const auto both = bench.import("sku,stock,shelf\nCUP,7,A-03-2\nPOT,,B-1\nNONE,1,C-1\n");
  INFO(both);
  CHECK(both.format == "stock");
  CHECK(both.counts.changed == 2);
  CHECK(both.counts.refused == 1);
  CHECK(bench.import("sku;lagerplatz\nPOT;B-1\nCUP;\n").counts.unchanged == 2);
  CHECK(bench.import("sku;bin\nPOT;" + std::string(41, 'B') + "\n").counts.refused == 1);
  stock::Shelves shelves(*bench.store);
  CHECK(*shelves.find(bench.store->read(), "CUP") == "A-03-2");
  CHECK(*shelves.find(bench.store->read(), "POT") == "B-1");
  CHECK(bench.stock->level(bench.store->read(), "CUP")->available() == 7);
}
