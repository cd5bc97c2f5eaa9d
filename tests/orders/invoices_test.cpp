#include "orders/invoices.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "orders/order_shop.h"
#include "productflow/text.h"

using namespace pf;
using namespace pf::orders;
using test::Shop;

namespace {

InvoiceSettings dutch() {
  InvoiceSettings out;
  out.seller = {.name = "Łódzka Herbata",
                .street = "Keizersgracht 1",
                .zip_code = "1015 AA",
                .city = "Amsterdam",
                .country_code = "NL",
                .vat_number = "NL001234567B01",
                .iban = "NL91ABNA0417164300"};
  out.vat_rate = 2100;
  out.country_rates = {{"DE", 1900}, {"US", 0}};
  return out;
}

// As a channel sends it; nothing where a price is not known.
std::optional<Money> sum_of(const PlaceOrder& order) {
  std::int64_t sum = (order.shipping_cost ? order.shipping_cost->minor : 0) + (order.tax ? order.tax->minor : 0);
  for (const auto& line : order.lines) {
    if (!line.price) return std::nullopt;
    sum += line.price->minor * line.quantity;
  }
  return Money{sum, *order.currency};
}

struct InvoicingShop : Shop {
  InvoicingShop() { REQUIRE(invoices->save_settings(clerk, dutch()).ok()); }
  OrderId place(
      const std::string& number, std::int64_t pieces, std::int64_t price_minor,
      const std::function<void(PlaceOrder&)>& more = [](PlaceOrder&) {}) {
    auto order = test::order_of(number, pieces);
    order.lines[0].price = Money{price_minor, *order.currency};
    order.country_code = "NL";
    more(order);
    if (!order.total) order.total = sum_of(order);
    const auto placed = orders->place(clerk, order, StockPolicy::backorder);
    REQUIRE_MESSAGE(placed.ok(), (placed.ok() ? "" : placed.error().message));
    return placed->id;
  }
  Invoice make(OrderId id, std::vector<LineRate> rates = {}) {
    const auto made = invoices->make(clerk, id, rates);
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    return made->invoice;
  }
  std::vector<std::uint32_t> numbers(InvoiceKind kind = InvoiceKind::invoice, int year = 0) {
    std::vector<std::uint32_t> all;
    std::string cursor;
    do {
      const auto page = invoices->list(store->read(), kind, year, cursor, 7);
      REQUIRE(page.ok());
      for (const auto& one : page->invoices) all.push_back(one.number);
      cursor = page->next_cursor;
    } while (!cursor.empty());
    return all;
  }
};

Money euros(std::int64_t minor) {
  return {minor, *Currency::parse("EUR")};
}

}  // namespace

TEST_CASE("invoices: VAT is worked out of the sum of each rate, and what the buyer paid is the total") {
  InvoicingShop shop;
  const auto id = shop.place("I-1", 3, 1995, [](PlaceOrder& order) {
    order.lines.push_back({"2", "BOOK", "A book", 1, euros(1000)});
    order.shipping_cost = euros(495);
    order.total = euros(3 * 1995 + 1000 + 495 - 200);  // the channel gave a discount
  });
  const auto invoice = shop.make(id, {{1, 900}});
  CHECK(invoice.name.starts_with("INV-20"));
  CHECK(invoice.name.ends_with("-0001"));
  REQUIRE(invoice.lines.size() == 4);
  CHECK(invoice.lines[1].rate == 900);
  CHECK(invoice.lines[2] == InvoiceLine{InvoicePart::shipping, "", "", 0, 495, 2100});
  CHECK(invoice.lines[3] == InvoiceLine{InvoicePart::other, "", "", 0, -200, 2100});
  // (5985 + 495 - 200) * 21 / 121 = 1089.92; 1000 * 9 / 109 = 82.57
  CHECK(invoice.rates == std::vector<RateTotal>{{2100, 5190, 1090}, {900, 917, 83}});
  CHECK(invoice.gross_minor() == 7280);
  CHECK(invoice.gross_minor() == shop.find(id).total->minor);
  const auto again = shop.invoices->make(shop.clerk, id, {});
  REQUIRE(again.ok());
  CHECK(again->outcome == catalog::Outcome::unchanged);
  CHECK(again->invoice.lines == invoice.lines);
  CHECK(shop.numbers() == std::vector<std::uint32_t>{1});
  const auto events = *shop.orders->events(shop.store->read(), id);
  CHECK(std::ranges::count(events, "invoiced", &Event::kind) == 1);
}

TEST_CASE("invoices: the rate is that of where it is sent, and prices may be without VAT") {
  InvoicingShop shop;
  CHECK(shop.make(shop.place("D-1", 1, 11900, [](PlaceOrder& order) { order.country_code = "DE"; })).rates ==
        std::vector<RateTotal>{{1900, 10000, 1900}});
  CHECK(shop.make(shop.place("U-1", 1, 10000, [](PlaceOrder& order) { order.country_code = "US"; })).rates ==
        std::vector<RateTotal>{{0, 10000, 0}});
  // Tax beside the prices is what was charged, however the channel rounded it.
  const auto beside = shop.make(shop.place("T-1", 3, 333, [](PlaceOrder& order) { order.tax = euros(211); }));
  CHECK_FALSE(beside.amounts_include_vat);
  CHECK(beside.rates == std::vector<RateTotal>{{2100, 999, 211}});
  CHECK(beside.gross_minor() == 1210);
  const auto odd = shop.place("T-2", 1, 1000, [](PlaceOrder& order) { order.tax = euros(90); });
  CHECK(shop.invoices->make(shop.clerk, odd, {}).error().code == ErrorCode::conflict);
  CHECK(shop.make(odd, {{0, 900}}).vat_minor() == 90);
  auto without = dutch();
  without.prices_include_vat = false;
  REQUIRE(shop.invoices->save_settings(shop.clerk, without).ok());
  CHECK(shop.make(shop.place("N-1", 1, 1000)).rates == std::vector<RateTotal>{{2100, 1000, 210}});
  // Yen have no cents.
  const auto yen = shop.make(shop.place("Y-1", 1, 1000, [](PlaceOrder& order) {
    order.currency = *Currency::parse("JPY");
    order.lines[0].price = Money{1003, *order.currency};
  }));
  CHECK(yen.vat_minor() == 211);
}

TEST_CASE("invoices: a small business charges no VAT and says why") {
  InvoicingShop shop;
  auto small = dutch();
  small.seller.vat_number.clear();
  small.seller.small_business_note = "Kleinunternehmer, § 19 UStG";
  small.vat_rate.reset();
  REQUIRE(shop.invoices->save_settings(shop.clerk, small).ok());
  const auto id = shop.place("S-1", 1, 1000);
  CHECK(shop.invoices->make(shop.clerk, id, std::vector<LineRate>{{0, 900}}).error().code == ErrorCode::invalid);
  const auto invoice = shop.make(id);
  CHECK(invoice.rates == std::vector<RateTotal>{{0, 1000, 0}});
  CHECK(invoice.seller.small_business_note == "Kleinunternehmer, § 19 UStG");
}

TEST_CASE("invoices: what keeps one from being made is all said, and takes no number") {
  Shop bare;
  auto order = test::order_of("B-1");
  const auto id = bare.orders->place(bare.clerk, order, StockPolicy::backorder)->id;
  const auto refused = bare.invoices->make(bare.clerk, id, {});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().faults.size() == 6);  // name, street, city, country, VAT number, rate
  REQUIRE(bare.invoices->save_settings(bare.clerk, dutch()).ok());
  auto priceless = test::order_of("B-2");
  priceless.lines[0].price.reset();
  const auto other = bare.orders->place(bare.clerk, priceless, StockPolicy::backorder)->id;
  CHECK(bare.invoices->make(bare.clerk, other, {}).error().code == ErrorCode::conflict);
  REQUIRE(bare.orders->cancel(bare.clerk, id, "no stock", {}).ok());
  CHECK(bare.invoices->make(bare.clerk, id, {}).error().code == ErrorCode::conflict);
  CHECK(bare.invoices->make(bare.clerk, OrderId(7), {}).error().code == ErrorCode::not_found);
  auto whole = test::order_of("B-3");
  whole.total = sum_of(whole);
  const auto good = bare.orders->place(bare.clerk, whole, StockPolicy::backorder)->id;
  const auto bad_rate = bare.invoices->make(bare.clerk, good, std::vector<LineRate>{{0, 10'001}, {3, 0}});
  CHECK(bad_rate.error().faults.size() == 2);
  CHECK(bare.invoices->make(bare.clerk, good, {})->invoice.number == 1);
}

TEST_CASE("invoices: settings that cannot be are refused, each fault named") {
  Shop shop;
  auto bad = dutch();
  bad.seller.iban = "NL91ABNA0417164301";
  bad.seller.country_code = "nl";
  bad.seller.name = std::string(201, 'x');
  bad.vat_rate = 10'001;
  bad.country_rates = {{"DE", 1900}, {"DE", 700}, {"Germany", -1}};
  bad.invoice_prefix = "IN/";
  const auto refused = shop.invoices->save_settings(shop.clerk, bad);
  REQUIRE_FALSE(refused.ok());
  std::set<std::string> fields;
  for (const auto& fault : refused.error().faults) fields.insert(fault.field);
  CHECK(fields == std::set<std::string>{"seller.iban", "seller.country_code", "seller.name", "vat_rate",
                                        "country_rates[0].country_code", "country_rates[1].country_code",
                                        "country_rates[2].country_code", "country_rates[2].rate", "invoice_prefix"});
  auto same = dutch();
  same.credit_note_prefix = same.invoice_prefix;
  CHECK_FALSE(shop.invoices->save_settings(shop.clerk, same).ok());
  const auto good = dutch();
  REQUIRE(shop.invoices->save_settings(shop.clerk, good).ok());
  const auto read = *shop.invoices->settings(shop.store->read());
  CHECK(read.seller == good.seller);
  CHECK(read.country_rates == good.country_rates);
  CHECK(read.vat_rate == good.vat_rate);
}

TEST_CASE("invoices: a refund is credited once, by the invoice's rates, and never more than was invoiced") {
  InvoicingShop shop;
  const auto id = shop.place("C-1", 2, 1210, [](PlaceOrder& order) {
    order.lines.push_back({"2", "BOOK", "A book", 1, euros(1090)});
    order.shipping_cost = euros(121);
  });
  REQUIRE(shop.refunds->give_back(shop.clerk, id, {.lines = {{0, 1, {}}, {1, 1, {}}}, .shipping = euros(121)}).ok());
  CHECK(shop.invoices->credit(shop.clerk, id, "REF01").error().code == ErrorCode::conflict);  // no invoice yet
  const auto invoice = shop.make(id, {{1, 900}});
  const auto note = shop.invoices->credit(shop.clerk, id, "REF01");
  REQUIRE_MESSAGE(note.ok(), (note.ok() ? "" : note.error().message));
  CHECK(note->invoice.kind == InvoiceKind::credit_note);
  CHECK(note->invoice.name.starts_with("CN-"));
  CHECK(note->invoice.of_invoice == invoice.name);
  CHECK(note->invoice.rates == std::vector<RateTotal>{{2100, 1100, 231}, {900, 1000, 90}});
  CHECK(shop.invoices->credit(shop.clerk, id, "REF01")->outcome == catalog::Outcome::unchanged);
  CHECK(shop.invoices->credit(shop.clerk, id, "REF02").error().code == ErrorCode::not_found);
  CHECK(shop.numbers(InvoiceKind::credit_note) == std::vector<std::uint32_t>{1});
  const auto all = *shop.invoices->of_order(shop.store->read(), id);
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == invoice.name);

  // What was cancelled before the invoice is not on it, so its refund is not credited.
  const auto part = shop.place("C-2", 3, 1000);
  REQUIRE(shop.orders->cancel(shop.clerk, part, "", {{0, 2}}).ok());
  REQUIRE(shop.refunds->give_back(shop.clerk, part, {.lines = {{0, 2, {}}}}).ok());
  CHECK(shop.make(part).gross_minor() == 1000);
  CHECK(shop.invoices->credit(shop.clerk, part, "REF01").error().code == ErrorCode::conflict);
  CHECK(shop.numbers(InvoiceKind::credit_note) == std::vector<std::uint32_t>{1});
}

TEST_CASE("invoices: numbers begin anew each year, and settings that would give one twice are refused") {
  InvoicingShop shop;
  const auto first = shop.make(shop.place("Y-1", 1, 1000));
  shop.clock.pass(std::chrono::hours{24 * 366});
  const auto next = shop.make(shop.place("Y-2", 1, 1000));
  CHECK(next.number == 1);
  CHECK(next.year == first.year + 1);
  CHECK(next.name != first.name);
  // Numbers without a year, whose prefix has one.
  auto odd = dutch();
  odd.year_in_number = false;
  odd.invoice_prefix = "INV-" + std::to_string(next.year) + "-";
  REQUIRE(shop.invoices->save_settings(shop.clerk, odd).ok());
  const auto third = shop.place("Y-3", 1, 1000);
  CHECK(shop.invoices->make(shop.clerk, third, {}).error().code == ErrorCode::conflict);
  REQUIRE(shop.invoices->save_settings(shop.clerk, dutch()).ok());
  CHECK(shop.make(third).number == 2);
  CHECK(shop.numbers(InvoiceKind::invoice, first.year).size() == 1);
  CHECK(shop.numbers(InvoiceKind::invoice, next.year) == std::vector<std::uint32_t>{2, 1});
  CHECK(shop.numbers().size() == 3);
}

TEST_CASE(
    "invoices: callers who race get numbers without a gap, none twice, whatever fails between and after restarts") {
  InvoicingShop shop;
  std::mt19937 random(6);
  std::set<std::string> names;
  std::size_t made = 0;
  for (int round = 0; round < 4; ++round) {
    std::vector<OrderId> ids;
    for (int i = 0; i < 12; ++i) {
      const bool fails = random() % 3 == 0;
      ids.push_back(shop.place("R-" + std::to_string(round) + "-" + std::to_string(i), 1, 1000, [&](PlaceOrder& order) {
        if (fails) order.lines[0].price.reset();  // nobody knows what it costs
      }));
    }
    std::vector<std::thread> callers;
    std::mutex lock;
    for (int caller = 0; caller < 4; ++caller) {
      std::ranges::shuffle(ids, random);
      callers.emplace_back([&, mine = ids] {
        for (const auto id : mine) {
          const auto got = shop.invoices->make(shop.clerk, id, {});
          if (!got.ok()) continue;
          const std::lock_guard held(lock);
          names.insert(got->invoice.name);
          made += got->outcome == catalog::Outcome::created;
        }
      });
    }
    for (auto& caller : callers) caller.join();
    shop.close();
    shop.open();
  }
  CHECK(names.size() == made);
  CHECK(made > 20);
  auto numbers = shop.numbers();
  REQUIRE(numbers.size() == made);
  for (std::size_t i = 0; i < numbers.size(); ++i) CHECK(numbers[i] == made - i);
}

TEST_CASE("pain 13, numbers with gaps: an edited order has its invoice credited and gets another, without one") {
  InvoicingShop shop;
  const auto id = shop.place("E-1", 2, 1210);
  CHECK(shop.invoices->correct(shop.clerk, id, {}).error().code == ErrorCode::conflict);  // there is none yet
  const auto first = shop.make(id);
  CHECK(shop.invoices->correct(shop.clerk, id, {}).error().code == ErrorCode::conflict);  // nothing has changed
  REQUIRE(shop.orders->edit(shop.clerk, id, {.lines = {{.line = 0, .quantity = 3}}}).ok());
  const auto corrected = shop.invoices->correct(shop.clerk, id, {});
  REQUIRE_MESSAGE(corrected.ok(), (corrected.ok() ? "" : corrected.error().message));
  CHECK(corrected->credit_note.of_invoice == first.name);
  CHECK(corrected->credit_note.lines == first.lines);
  CHECK(corrected->credit_note.gross_minor() == 2420);
  CHECK(corrected->invoice.number == 2);
  CHECK(corrected->invoice.gross_minor() == 3630);
  CHECK(shop.make(id).name == corrected->invoice.name);  // again is the one that holds now

  // A refund that was credited stays so: what is left of the invoice is, and the refund on the next one.
  REQUIRE(shop.refunds->give_back(shop.clerk, id, {.lines = {{0, 1, {}}}}).ok());
  REQUIRE(shop.invoices->credit(shop.clerk, id, "REF01").ok());
  REQUIRE(shop.orders->edit(shop.clerk, id, {.shipping_cost = euros(121)}).ok());
  const auto again = shop.invoices->correct(shop.clerk, id, {});
  REQUIRE_MESSAGE(again.ok(), (again.ok() ? "" : again.error().message));
  CHECK(again->credit_note.rates == std::vector<RateTotal>{{2100, 2000, 420}});
  CHECK(again->invoice.gross_minor() == 3751);
  std::int64_t sum = 0;
  const auto all = *shop.invoices->of_order(shop.store->read(), id);
  for (const auto& one : all) sum += one.kind == InvoiceKind::invoice ? one.gross_minor() : -one.gross_minor();
  CHECK(sum == 3751 - 1210);  // what the order costs less what went back
  CHECK(shop.invoices->credit(shop.clerk, id, "REF01")->invoice.of_invoice == again->invoice.name);
  CHECK(shop.numbers() == std::vector<std::uint32_t>{3, 2, 1});
  CHECK(shop.numbers(InvoiceKind::credit_note) == std::vector<std::uint32_t>{4, 3, 2, 1});
}

TEST_CASE("invoices: goods to a business of another EU country bear no VAT, if the vault has its number") {
  InvoicingShop shop;
  const auto abroad = [&](const std::string& number, const std::string& vat, const char* country = "DE") {
    return shop.place(number, 1, 1000, [&](PlaceOrder& order) {
      order.country_code = country;
      order.buyer.fields.emplace_back(
          vault::Field::billing, vault::Private(R"({"company_name":"Vexillum GmbH","vat_number":")" + vat + "\"}"));
    });
  };
  const auto id = abroad("B-1", "DE 123.456.789");
  const auto made = shop.invoices->make(shop.clerk, id, {}, true);
  REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
  CHECK(made->invoice.reverse_charge);
  CHECK(made->invoice.rates == std::vector<RateTotal>{{0, 1000, 0}});
  CHECK(shop.invoices->find(shop.store->read(), made->invoice.name)->reverse_charge);
  for (const auto& other : {abroad("B-2", ""), abroad("B-3", "US123456789"), abroad("B-4", "NL001234567B01", "NL"),
                            abroad("B-5", "CHE123456789", "CH"), shop.place("B-6", 1, 1000, [](PlaceOrder& order) {
                              order.country_code = "DE";
                              order.tax = euros(190);
                            })})
    CHECK(shop.invoices->make(shop.clerk, other, {}, true).error().code == ErrorCode::conflict);
  const auto late = abroad("B-7", "FR12345678901", "FR");
  shop.clock.pass(std::chrono::hours{31 * 24});
  CHECK(shop.invoices->make(shop.clerk, late, {}, true).error().code == ErrorCode::gone);
  CHECK(shop.make(late).gross_minor() == 1000);
  access::Actor packer = shop.clerk;
  packer.may.reset(static_cast<std::size_t>(access::Permission::buyer_reveal));
  CHECK(shop.invoices->make(packer, abroad("B-8", "DE123456789"), {}, true).error().code == ErrorCode::forbidden);
}

TEST_CASE("pain 14, the wrong day: days and years of invoices are those of the shop's own time zone") {
  InvoicingShop shop;
  shop.invoices->in_zone([] { return *Zone::load("Europe/Amsterdam"); });
  const auto made_at = [&](const char* time, const std::string& number) {
    shop.clock.pass(*parse_time(time) - shop.clock.now());
    return shop.make(shop.place(number, 1, 1000));
  };
  const auto year = [](Time time) {
    return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
  };
  const std::string now = std::to_string(year(shop.clock.now())), next = std::to_string(year(shop.clock.now()) + 1);
  const auto old_year = made_at((now + "-12-31T22:59:00Z").c_str(), "Z-1");
  CHECK(old_year.day == now + "-12-31");
  const auto new_year = made_at((now + "-12-31T23:01:00Z").c_str(), "Z-2");
  CHECK(new_year.day == next + "-01-01");
  CHECK(new_year.name == "INV-" + next + "-0001");
}

TEST_CASE("invoices: what is made goes into the archive in the same unit of work, and what that refuses is not made") {
  InvoicingShop shop;
  bool full = true;
  std::vector<std::string> archived;
  shop.invoices->on_made([&](storage::Write&, const access::Actor&, const Order&, const Invoice& invoice) -> Result<> {
    if (full) return error(ErrorCode::unavailable, "The vault is sealed.");
    archived.push_back(invoice.name);
    return {};
  });
  const auto id = shop.place("A-1", 1, 1000);
  CHECK_FALSE(shop.invoices->make(shop.clerk, id, {}).ok());
  full = false;
  CHECK(shop.make(id).number == 1);
  CHECK(archived.size() == 1);
}

TEST_CASE("invoices: a record holds no word of the buyer") {
  InvoicingShop shop;
  const auto id = shop.place("P-1", 1, 1000);
  REQUIRE(shop.refunds->give_back(shop.clerk, id, {.message = "Zyxander called", .lines = {{0, 1, {}}}}).ok());
  shop.make(id);
  REQUIRE(shop.invoices->credit(shop.clerk, id, "REF01").ok());
  std::size_t records = 0;
  const auto read = shop.store->read();
  for (auto row = read.scan(shop.store->family("invoices"), "", ""); row.valid(); row.next(), ++records)
    for (const char* word : {"Zyxander", "Quillonbury", "9876", "zyx.quillon"})
      CHECK(row.value().find(word) == std::string_view::npos);
  CHECK(records >= 9);
}
