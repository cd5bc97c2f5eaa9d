// The people of an order: who he is to the vault, and the guard that nothing of it is said anywhere else.
#include <algorithm>

#include "exchange/nested_order_sayings.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange::nested {

void tell(std::vector<FieldFault>& to, const char* field, const char* code, const char* message) {
  to.push_back({field, code, message});
}

namespace {

bool is_figure(char c) {
  return c >= '0' && c <= '9';
}

// All that is said of one of them, unless it is said twice and differs.
Sayings person_of(const Heard& heard, About about, const char* field, std::vector<FieldFault>& faults) {
  std::size_t nearest = ~std::size_t{0};
  for (const Somebody& one : heard.persons)
    if (one.about == about && !one.said.empty()) nearest = std::min(nearest, one.depth);
  Sayings out;
  bool torn = false;
  for (const bool near : {true, false})
    for (const Somebody& one : heard.persons) {
      if (one.about != about || torn || (one.depth == nearest) != near) continue;
      const bool same = !out.contradicts(one.said);
      if (same) out.fill_from(one.said);
      torn = near && !same;  // of those that are farther away the nearer one is meant
    }
  if (torn) tell(faults, field, "ambiguous", kTornFault);
  if (std::ranges::any_of(out.all(), &Sayings::Said::torn)) tell(faults, field, "ambiguous", kTornFault);
  return out;
}

std::string country_said(std::string_view text) {
  std::string code(text);
  if (code.size() == 2)
    for (char& c : code)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return country_of(code);
}

void put_person(vault::Buyer& buyer, vault::Field field, const Sayings& said) {
  const std::string_view name = said.get(Field::name), country = said.get(Field::country);
  std::string_view first = said.get(Field::first_name), last = said.get(Field::last_name);
  // "nom" beside "prénom" is the family's, and "nombre" beside "apellidos" the first; one with both in it says no more.
  if (!first.empty() && last.empty() && name.find(first) == std::string_view::npos)
    last = name;
  else if (first.empty() && (last.empty() || name.find(last) == std::string_view::npos))
    first = name;
  const std::string code = country_said(country);
  put_address(buyer, field,
              {{"first_name", first},
               {"last_name", last},
               {"company_name", said.get(Field::company)},
               {"street_name", said.get(Field::street)},
               {"house_number", said.get(Field::house_number)},
               {"house_number_addition", said.get(Field::addition)},
               {"address_2", said.get(Field::address_2)},
               {"zip_code", said.get(Field::zip)},
               {"city", said.get(Field::city)},
               {"state", said.get(Field::state)},
               {"country_code", code.empty() ? country : code}});
}

}  // namespace

void put_buyer(const Heard& heard, OrderItem& item) {
  Sayings buyer = person_of(heard, About::buyer, "buyer", item.faults),
          shipping = person_of(heard, About::shipping, "shipping_address", item.faults),
          billing = person_of(heard, About::billing, "billing_address", item.faults);
  for (const auto& [field, name] : {std::pair(vault::Field::email, Field::email), {vault::Field::phone, Field::phone}})
    for (const Sayings* from : {&buyer, &shipping, &billing})
      if (const std::string_view text = from->get(name); !text.empty()) {
        put_field(item.order.buyer, field, text);
        break;
      }
  constexpr Field kPlace[] = {Field::street, Field::house_number, Field::addition, Field::address_2,
                              Field::zip,    Field::city,         Field::state,    Field::country};
  constexpr Field kName[] = {Field::name, Field::first_name, Field::last_name, Field::company};
  // The bill goes to the buyer, where the parcel goes elsewhere.
  if (billing.empty() && !shipping.get(Field::street).empty() && !buyer.get(Field::street).empty()) {
    billing.lend(buyer, kPlace);
    billing.lend(buyer, kName);
  }
  // Who has no address of delivery gets it where he lives, or where the bill goes.
  for (const Sayings* from : {&buyer, &billing}) {
    shipping.lend(*from, kPlace);
    shipping.lend(*from, kName);
  }
  put_person(item.order.buyer, vault::Field::shipping, shipping);
  put_person(item.order.buyer, vault::Field::billing, billing);
  put_field(item.order.buyer, vault::Field::message, heard.order.get(Field::comment));
  item.order.country_code = country_said(shipping.get(Field::country));
  if (heard.odd_address)
    tell(item.notices, "address", "left", "does not say whose it is in a way that is known here; it was left out");
}

namespace {

constexpr std::size_t kTellingBytesMin = 4;      // shorter texts are everywhere by chance
constexpr std::size_t kTellingBytesMax = 100;    // of longer ones the first words tell as much
constexpr std::size_t kGuardedBytesMax = 2'000;  // of a text; a longer one is refused when it is placed
constexpr std::size_t kTellingsMax = 40;         // texts about one buyer; an honest order has some twenty

// What is known of the people of an order, to be looked for in what stays outside of the vault.
class PersonGuard {
 public:
  explicit PersonGuard(const Heard& heard) {
    for (const Somebody& one : heard.persons) {
      for (const auto& [field, tax, text, depth, rank, path, torn] : one.said.all()) {
        if (field == Field::email || field == Field::street || field == Field::name || field == Field::phone)
          add(surely_, text);
        if (field == Field::first_name || field == Field::last_name || field == Field::company) add(names_, text);
        if (field == Field::phone) add(phones_, digits_of(text));
      }
      const std::string_view first = one.said.get(Field::first_name), last = one.said.get(Field::last_name);
      if (first.empty() || last.empty()) continue;
      add(surely_, std::string(first) + " " + std::string(last));
      add(surely_, std::string(last) + " " + std::string(first));
    }
  }
  bool too_many() const { return surely_.size() + names_.size() + phones_.size() > kTellingsMax; }
  // A number, or a thing that is called as somebody: "Rose chair" tells nothing of a Rose.
  bool tells(std::string_view text) const { return finds(text, false); }
  bool tells_at_all(std::string_view text) const { return finds(text, true); }

 private:
  static std::string digits_of(std::string_view text) {
    std::string out;
    for (const char c : text)
      if (is_figure(c)) out.push_back(c);
    return out;
  }
  static void add(std::vector<std::string>& to, std::string_view text) {
    if (to.size() > kTellingsMax) return;
    std::string folded = folded_of(text);
    if (folded.size() > kTellingBytesMax)
      folded.resize(std::min(folded.rfind(' ', kTellingBytesMax), kTellingBytesMax));
    if (folded.size() < kTellingBytesMin) return;
    if (std::ranges::find(to, folded) == to.end()) to.push_back(std::move(folded));
  }
  // Its words in small letters, one blank between them: "JANSEN,  Jan" is "jansen jan".
  static std::string folded_of(std::string_view text) {
    std::string out;
    for (const char c : lower_ascii(text.substr(0, kGuardedBytesMax))) {
      const auto byte = static_cast<unsigned char>(c);
      if ((c >= 'a' && c <= 'z') || is_figure(c) || byte >= 0x80) {
        // The capitals of Latin-1, in UTF-8.
        const bool capital = !out.empty() && out.back() == '\xc3' && byte >= 0x80 && byte <= 0x9e && byte != 0x97;
        out.push_back(capital ? static_cast<char>(byte + 0x20) : c);
      } else if (!out.empty() && out.back() != ' ') {
        out.push_back(' ');
      }
    }
    if (out.ends_with(' ')) out.pop_back();
    return out;
  }
  static bool holds(const std::string& text, const std::string& words) {
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
      const std::size_t end = at + words.size();
      if ((at == 0 || text[at - 1] == ' ') && (end == text.size() || text[end] == ' ')) return true;
    }
    return false;
  }
  bool finds(std::string_view text, bool names_too) const {
    if (text.size() < kTellingBytesMin) return false;
    const std::string folded = folded_of(text), digits = digits_of(folded);
    const auto held = [&](const std::string& words) { return holds(folded, words); };
    if (std::ranges::any_of(surely_, held) || std::ranges::find(names_, folded) != names_.end()) return true;
    if (names_too && std::ranges::any_of(names_, held)) return true;
    constexpr std::size_t kPhoneDigitsMin = 7;
    return std::ranges::any_of(phones_, [&](const std::string& phone) {
      return phone.size() >= kPhoneDigitsMin && digits.find(phone) != std::string::npos;
    });
  }
  std::vector<std::string> surely_, names_, phones_;
};

constexpr const char* kPersonNotice = "holds what is said of the buyer, so it was left out";
constexpr const char* kPersonFault =
    "holds what is said of the buyer, who is kept apart from the order; take that out of it";

}  // namespace

void keep_people_out(const Heard& heard, OrderItem& item) {
  orders::PlaceOrder& order = item.order;
  const PersonGuard guard(heard);
  const auto leave_out = [&](std::string& text, const char* field) {
    text.clear();
    tell(item.notices, field, "person", kPersonNotice);
  };
  const auto refuse = [&](std::string& text, const char* field) {
    text.clear();  // a report names orders by their number
    tell(item.faults, field, "person", kPersonFault);
  };
  if (guard.too_many()) tell(item.faults, "buyer", "ambiguous", kTornFault);
  if (guard.tells_at_all(order.shipping_method)) leave_out(order.shipping_method, "shipping_method");
  if (guard.tells_at_all(order.payment_method)) leave_out(order.payment_method, "payment_method");
  if (guard.tells_at_all(order.channel_order_id)) refuse(order.channel_order_id, "channel_order_id");
  if (guard.tells(order.channel)) refuse(order.channel, "channel");
  bool sku = false, title = false;
  for (orders::PlaceLine& line : order.lines) {
    if (guard.tells(line.sku)) {
      line.sku.clear();
      sku = true;
    }
    if (guard.tells(line.channel_line_id)) line.channel_line_id.clear();  // nothing needs it
    if (!guard.tells(line.title)) continue;
    line.title.clear();
    title = true;
  }
  if (sku) tell(item.faults, "lines.sku", "person", kPersonFault);
  if (title) tell(item.notices, "lines.title", "person", kPersonNotice);
}

}  // namespace pf::exchange::nested
