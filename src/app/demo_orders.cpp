// The demo's orders: invented buyers of five countries who buy the demo's products, and what became of their parcels.
#include <algorithm>
#include <array>
#include <string_view>

#include "app/demo_shop.h"

namespace pf::app {
namespace {

// Invented people: common names, streets that every town has, reserved mail domains and numbers.
struct Country {
  std::string_view code;
  std::array<std::string_view, 8> first, last;
  std::array<std::string_view, 5> streets;
  std::array<std::string_view, 5> cities, zips;
  std::string_view phone;  // a range kept free for fiction, or never given out
};
constexpr std::array<Country, 5> kCountries{{
    {"NL",
     {"Sanne", "Daan", "Fleur", "Bram", "Lotte", "Thijs", "Noor", "Ruben"},
     {"de Vries", "Bakker", "Visser", "Smit", "Meijer", "Mulder", "de Groot", "Bos"},
     {"Dorpsstraat", "Kerklaan", "Molenweg", "Stationsstraat", "Lindelaan"},
     {"Utrecht", "Groningen", "Breda", "Zwolle", "Haarlem"},
     {"3512 AB", "9711 CD", "4811 EF", "8011 GH", "2011 JK"},
     "+31 97 0000 0"},
    {"DE",
     {"Anna", "Lukas", "Mia", "Jonas", "Clara", "Felix", "Jule", "Moritz"},
     {"Müller", "Schmidt", "Weber", "Schäfer", "Koch", "Lehmann", "Krüger", "Vogel"},
     {"Hauptstraße", "Gartenweg", "Schulstraße", "Bergstraße", "Lindenallee"},
     {"Köln", "Leipzig", "Bremen", "Freiburg", "Kassel"},
     {"50667", "04109", "28195", "79098", "34117"},
     "+49 30 23125 "},
    {"FR",
     {"Camille", "Hugo", "Élise", "Louis", "Chloé", "Gabriel", "Inès", "Théo"},
     {"Martin", "Bernard", "Lefèvre", "Moreau", "Girard", "Fournier", "Mercier", "Blanc"},
     {"rue de l’Église", "rue des Lilas", "avenue du Parc", "rue du Moulin", "place du Marché"},
     {"Lyon", "Nantes", "Lille", "Tours", "Dijon"},
     {"69002", "44000", "59000", "37000", "21000"},
     "+33 6 39 98 0"},
    {"BE",
     {"Emma", "Lucas", "Marie", "Arthur", "Louise", "Victor", "Juliette", "Seppe"},
     {"Peeters", "Janssens", "Maes", "Dubois", "Lambert", "Claes", "Wouters", "Dupont"},
     {"Kerkstraat", "Nieuwstraat", "rue Haute", "Molenstraat", "Veldstraat"},
     {"Gent", "Antwerpen", "Namur", "Leuven", "Liège"},
     {"9000", "2000", "5000", "3000", "4000"},
     "+32 455 00 0"},
    {"GB",
     {"Olivia", "George", "Amelia", "Harry", "Isla", "Jack", "Freya", "Oscar"},
     {"Smith", "Jones", "Taylor", "Brown", "Evans", "Walker", "Hughes", "Clarke"},
     {"High Street", "Mill Lane", "Church Road", "Station Road", "Park Avenue"},
     {"Leeds", "Bristol", "York", "Norwich", "Exeter"},
     {"LS1 4AP", "BS1 5TR", "YO1 7HH", "NR2 1TF", "EX1 1GE"},
     "+44 7700 900"},
}};

constexpr std::array<std::string_view, 6> kMessages{"Please leave it with the neighbours if I am not in.",
                                                    "It is a present, could you leave out the invoice?",
                                                    "The bell does not work, please knock.",
                                                    "I need it before the weekend if possible.",
                                                    "Delivery after 5 pm would be lovely.",
                                                    "Could you wrap the mug twice? The last one broke."};
constexpr std::array<std::string_view, 4> kNotes{"Customer called: wants both parcels together.",
                                                 "Fragile: double box.", "Checked stock by hand, fine.",
                                                 "Add a thank-you card."};
constexpr std::array<std::string_view, 4> kCarriers{"PostNL", "DHL", "DPD", "GLS"};

json::Value address_of(const Country& country, Dice& dice, std::string& first, std::string& last) {
  first = dice.pick(country.first);
  last = dice.pick(country.last);
  const std::size_t town = dice.below(country.cities.size());
  json::Value address = json::Value::object({{"first_name", first},
                                             {"last_name", last},
                                             {"street_name", dice.pick(country.streets)},
                                             {"house_number", std::to_string(1 + dice.below(180))},
                                             {"zip_code", country.zips[town]},
                                             {"city", country.cities[town]},
                                             {"country_code", country.code}});
  if (dice.below(6) == 0) address.set("house_number_addition", dice.below(2) == 0 ? "A" : "2");
  return address;
}

std::string digits(Dice& dice, std::size_t count) {
  std::string out;
  while (count-- > 0) out.push_back(static_cast<char>('0' + dice.below(10)));
  return out;
}

// As each channel numbers its own orders.
std::string number_at(std::string_view channel, std::size_t nth, Dice& dice) {
  if (channel == "amazon") return "406-" + digits(dice, 7) + "-" + digits(dice, 7);
  if (channel == "bol") return "C0" + digits(dice, 8);
  if (channel == "shopify") return "#" + std::to_string(1001 + nth);
  return std::to_string(7400 + nth);
}

std::string mail_name(std::string_view name) {
  std::string out;
  for (char c : name)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) out.push_back(static_cast<char>(c | 0x20));
  return out;
}

DemoFate fate_at(milliseconds age, Dice& dice) {
  const std::size_t roll = dice.below(100);
  if (roll < 4) return DemoFate::cancelled;
  if (age > std::chrono::hours{24 * 3}) return roll < 97 ? DemoFate::shipped : DemoFate::shipped_in_part;
  if (age > std::chrono::hours{30})
    return roll < 60 ? DemoFate::shipped : roll < 75 ? DemoFate::shipped_in_part : DemoFate::accepted;
  return roll < 30 ? DemoFate::accepted : DemoFate::waits;
}

}  // namespace

std::uint64_t Dice::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

std::vector<DemoOrder> demo_orders(const std::vector<DemoProduct>& products) {
  Dice dice(3007);
  std::vector<const DemoProduct*> sold;
  for (const DemoProduct& product : products)
    if (product.price_minor > 0) sold.push_back(&product);
  const Currency eur = *Currency::parse("EUR");
  constexpr std::array<std::string_view, 4> kChannels{"amazon", "bol", "shopify", "woocommerce"};

  std::vector<milliseconds> ages;
  for (std::size_t i = 0; i < kDemoOrders; ++i) {
    // A third of the orders in the last week, so that there is work to do.
    const std::int64_t days = i % 3 == 0 ? 7 : kDemoDays;
    ages.push_back(milliseconds{static_cast<std::int64_t>(dice.below(static_cast<std::size_t>(days) * 86'400'000))});
  }
  std::ranges::sort(ages, std::greater<>{});

  std::vector<DemoOrder> orders;
  for (std::size_t i = 0; i < kDemoOrders; ++i) {
    DemoOrder demo;
    demo.age = ages[i];
    orders::PlaceOrder& order = demo.order;
    order.channel = dice.pick(kChannels);
    order.channel_order_id = number_at(order.channel, i, dice);
    order.currency = eur;
    order.payment_method = order.channel == "shopify" || order.channel == "woocommerce" ? "iDEAL" : "marketplace";
    order.shipping_method = dice.below(5) == 0 ? "express" : "standard";
    std::int64_t total = 0;
    for (std::size_t lines = 1 + dice.below(10) / 6 + dice.below(10) / 8; lines > 0; --lines) {
      const DemoProduct& product = *sold[dice.below(sold.size())];
      orders::PlaceLine line;
      line.channel_line_id = std::to_string(order.lines.size() + 1);
      line.sku = product.sku;
      line.title = *product.change.title;
      line.quantity = 1 + static_cast<std::int64_t>(dice.below(8) / 6);
      line.price = Money{product.price_minor, eur};
      total += product.price_minor * line.quantity;
      order.lines.push_back(std::move(line));
    }
    order.shipping_cost = Money{total >= 5000 ? 0 : 495, eur};
    order.total = Money{total + order.shipping_cost->minor, eur};

    const Country& country = kCountries[dice.below(20) < 11 ? 0 : 1 + dice.below(4)];
    order.country_code = std::string(country.code);
    std::string first, last;
    const json::Value address = address_of(country, dice, first, last);
    auto& fields = order.buyer.fields;
    fields.emplace_back(vault::Field::shipping, vault::Private(json::write(address)));
    fields.emplace_back(vault::Field::billing, vault::Private(json::write(address)));
    fields.emplace_back(vault::Field::email,
                        vault::Private(mail_name(first) + "." + mail_name(last) + digits(dice, 2) + "@example.com"));
    fields.emplace_back(vault::Field::phone, vault::Private(std::string(country.phone) + digits(dice, 3)));
    if (dice.below(6) == 0)
      fields.emplace_back(vault::Field::message, vault::Private(std::string(dice.pick(kMessages))));

    demo.fate = fate_at(demo.age, dice);
    demo.carrier = dice.pick(kCarriers);
    demo.track_and_trace = "3S" + code_of(order.channel.substr(0, 3)) + digits(dice, 9);
    if (dice.below(9) == 0) demo.note = dice.pick(kNotes);
    orders.push_back(std::move(demo));
  }
  return orders;
}

}  // namespace pf::app
