// One order of a file whose orders hold their lines, buyer and addresses: what its elements say, by the meaning that
// each has in the file, and the guard that no word about its buyer is in what stays outside of the vault.
#include <algorithm>
#include <map>
#include <span>

#include "exchange/nested_orders.h"
#include "exchange/values.h"
#include "orders/orders.h"
#include "productflow/text.h"
#include "vault/vault.h"

namespace pf::exchange {
namespace {

using nested::About;
using nested::Field;
using nested::Tax;
using Leaf = NestedOrders::Leaf;

constexpr const char* kTornNotice = "stands in the order more than once and differs, so it was left out";
constexpr const char* kTornFault =
    "stands in the order more than once and differs, so that nobody knows which is meant; leave one of them in the "
    "file";

bool is_figure(char c) {
  return c >= '0' && c <= '9';
}

void tell(std::vector<FieldFault>& to, const char* field, const char* code, const char* message) {
  to.push_back({field, code, message});
}

// What the leaves of an order, of one of its lines or of a person say. A few each.
class Sayings {
 public:
  void put(const Leaf& leaf, std::size_t path, std::string_view text) {
    const nested::Meaning& meaning = leaf.meaning;
    Said* said = nullptr;
    for (Said& one : said_)
      if (one.field == meaning.field && one.tax == meaning.tax) said = &one;
    if (said == nullptr) {
      said_.push_back({meaning.field, meaning.tax, std::string(text), leaf.depth, meaning.rank, path});
    } else if (leaf.depth != said->depth ? leaf.depth < said->depth : meaning.rank < said->rank) {
      *said = {meaning.field, meaning.tax, std::string(text), leaf.depth, meaning.rank, path};
    } else if (leaf.depth == said->depth && meaning.rank == said->rank && text != said->text) {
      if (meaning.field == Field::street && path == said->path)
        said->text.append(" ").append(text);  // a street in two lines
      else
        said->torn = true;
    }
  }
  bool empty() const { return said_.empty(); }
  bool is_torn(Field field, Tax tax = Tax::unsaid) const {
    const Said* said = find(field, tax);
    return said != nullptr && said->torn;
  }
  // Nothing where it is torn.
  std::string_view get(Field field, Tax tax = Tax::unsaid) const {
    const Said* said = find(field, tax);
    return said == nullptr || said->torn ? std::string_view() : std::string_view(said->text);
  }
  // Of persons, whose leaves differ where there are two of them.
  bool contradicts(const Sayings& other) const {
    for (const Said& one : said_)
      if (const Said* said = other.find(one.field, one.tax);
          said != nullptr && one.field != Field::kind && said->text != one.text)
        return true;
    return false;
  }
  void fill_from(const Sayings& other) {
    for (const Said& one : other.said_)
      if (find(one.field, one.tax) == nullptr) said_.push_back(one);
  }
  void lend(const Sayings& other, std::span<const Field> fields) {
    for (const Field field : fields)
      if (find(field, Tax::unsaid) != nullptr) return;
    for (const Field field : fields)
      if (const Said* said = other.find(field, Tax::unsaid)) said_.push_back(*said);
  }
  struct Said {
    Field field = Field::none;
    Tax tax = Tax::unsaid;
    std::string text{};
    std::uint16_t depth = 0;
    std::uint8_t rank = 0;
    std::size_t path = 0;
    bool torn = false;
  };
  const std::vector<Said>& all() const { return said_; }

 private:
  const Said* find(Field field, Tax tax) const {
    for (const Said& one : said_)
      if (one.field == field && one.tax == tax) return &one;
    return nullptr;
  }
  std::vector<Said> said_;
};

struct Somebody {
  About about = About::nothing;
  std::size_t depth = 0;  // in the order's record
  Sayings said{};
};

struct Heard {
  Sayings order{};
  std::vector<Sayings> lines{};
  std::vector<Somebody> persons{};  // the first is the buyer as the order itself names him; and so on
  bool odd_address = false;
};

constexpr std::size_t kNobody = ~std::size_t{0};
constexpr About kByName[] = {About::buyer, About::shipping, About::billing};

void hear(const NestedOrders& orders, const formats::XmlElement& element, std::size_t person, std::size_t depth,
          Heard& heard) {
  for (const formats::XmlElement& child : element.children) {
    if (child.path == orders.line) heard.lines.emplace_back();
    const Leaf& leaf = orders.leaves[child.path];
    if (const std::string_view text = trim(child.text); leaf.of != NestedOrders::Of::nobody && !text.empty()) {
      if (leaf.of == NestedOrders::Of::line) {
        if (!heard.lines.empty()) heard.lines.back().put(leaf, child.path, text);
      } else if (leaf.of == NestedOrders::Of::order) {
        heard.order.put(leaf, child.path, text);
      } else if (leaf.meaning.whose != About::nothing) {
        const auto which = std::ranges::find(kByName, leaf.meaning.whose) - std::begin(kByName);
        heard.persons[static_cast<std::size_t>(which)].said.put(leaf, child.path, text);
      } else if (person != kNobody) {
        heard.persons[person].said.put(leaf, child.path, text);
      }
    }
    std::size_t whose = person;
    if (About about = orders.persons[child.path]; about != About::nothing) {
      if (about == About::address) {
        about = About::nothing;
        for (const formats::XmlElement& word : child.children)
          if (orders.leaves[word.path].meaning.field == Field::kind && about == About::nothing)
            about = nested::kind_of_address(trim(word.text));
        heard.odd_address = heard.odd_address || about == About::nothing;
        if (about == About::address) about = About::nothing;  // the seller's own
      }
      whose = heard.persons.size();
      heard.persons.push_back({about, depth, {}});
    }
    hear(orders, child, whose, depth + 1, heard);
  }
}

// ---- people

// All that is said of one of them, unless it is said twice and differs.
Sayings person_of(const Heard& heard, About about, const char* field, std::vector<FieldFault>& faults) {
  std::vector<const Somebody*> all;
  for (const Somebody& one : heard.persons)
    if (one.about == about && !one.said.empty()) all.push_back(&one);
  std::ranges::stable_sort(all, {}, &Somebody::depth);
  Sayings out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!out.contradicts(all[i]->said)) {
      out.fill_from(all[i]->said);
    } else if (all[i]->depth == all[0]->depth) {
      tell(faults, field, "ambiguous", kTornFault);
      break;
    }  // else the nearer one is meant
  }
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

// ---- the guard

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
    sku = sku || guard.tells(line.sku);
    if (guard.tells(line.channel_line_id)) line.channel_line_id.clear();  // nothing needs it
    if (!guard.tells(line.title)) continue;
    line.title.clear();
    title = true;
  }
  if (sku) tell(item.faults, "lines.sku", "person", kPersonFault);
  if (title) tell(item.notices, "lines.title", "person", kPersonNotice);
}

// ---- the order

struct NestedOrderReader {
  const NestedOrders& orders;
  const Heard& heard;
  OrderItem item{};
  Currency currency{};

  std::string_view word(Field field) {
    if (heard.order.is_torn(field)) note_torn(field);
    return heard.order.get(field);
  }
  void note_torn(Field field) {
    const char* name = field == Field::placed_at                                         ? "placed_at"
                       : field == Field::ship_by                                         ? "ship_by"
                       : field == Field::status                                          ? "status"
                       : field == Field::payment_method || field == Field::payment_way   ? "payment_method"
                       : field == Field::shipping_method || field == Field::shipping_way ? "shipping_method"
                       : field == Field::comment                                         ? "comment"
                       : field == Field::channel                                         ? "channel"
                                                                                         : "paid";
    tell(item.notices, name, "ambiguous", kTornNotice);
  }

  // A name may be a number ("S00017", "#1001"), and is then what people know an order by.
  void put_number() {
    std::string& number = item.order.channel_order_id;
    for (const Field field : {Field::number, Field::plain_number, Field::number_name, Field::id}) {
      if (heard.order.is_torn(field)) {
        tell(item.faults, "channel_order_id", "ambiguous", kTornFault);
        return;
      }
      const std::string_view text = heard.order.get(field);
      if (text.empty()) continue;
      if (field == Field::number_name &&
          (std::ranges::none_of(text, is_figure) || text.find_first_of(" \t@") != std::string_view::npos))
        continue;
      number = text;
      return;
    }
    tell(item.faults, "channel_order_id", "required", "is empty: the order cannot be told from others");
  }

  static std::string capitals(std::string_view text) {
    std::string out(text);
    for (char& c : out)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
  }
  void put_currency() {
    std::string said;
    bool several = heard.order.is_torn(Field::currency);
    const auto hears = [&](std::string_view text) {
      if (text.empty()) return;
      std::string code = capitals(text);
      several = several || (!said.empty() && said != code);
      said = std::move(code);
    };
    const auto of_amounts = [&](const Sayings& in, Field field) {
      for (const Tax tax : {Tax::unsaid, Tax::included, Tax::excluded})
        if (const auto amount = amount_of(in.get(field, tax))) hears(amount->currency);
    };
    hears(heard.order.get(Field::currency));
    of_amounts(heard.order, Field::total);
    for (const Sayings& line : heard.lines) {
      hears(line.get(Field::currency));
      for (const Field field : {Field::unit_price, Field::price, Field::line_total}) of_amounts(line, field);
    }
    if (several)
      tell(item.faults, "currency", "ambiguous", kTornFault);
    else
      item.order.currency = currency_of(said, "currency", item.faults);
    currency = item.order.currency.value_or(Currency{});
  }

  static bool says_net(const Sayings& line) {  // openTRANS: <ARTICLE_PRICE type="net_list">
    return nested::bare_name(line.get(Field::tax_status)).starts_with("net");
  }
  std::optional<Money> money(std::string_view text, const char* field) {
    if (text.empty()) return std::nullopt;
    auto amount = nested::amount_said(text, currency, orders.minor_units);
    if (!amount) money_of(text, currency, field, item.faults);
    return amount;
  }
  bool is_net() const {
    if (std::ranges::any_of(heard.lines, says_net)) return true;
    if (yes_or_no(heard.order.get(Field::includes_tax)) == std::optional(false)) return true;
    return nested::bare_name(heard.order.get(Field::tax_status)) == "net";
  }
  // With its tax, as far as the names say that.
  std::optional<Money> amount(Field field, const char* name) {
    for (const Tax tax : {Tax::included, Tax::unsaid, Tax::excluded})
      if (heard.order.is_torn(field, tax)) {
        tell(item.notices, name, "ambiguous", kTornNotice);
        return std::nullopt;
      }
    const auto get = [&](Tax tax) { return heard.order.get(field, tax); };
    if (!get(Tax::included).empty()) return money(get(Tax::included), name);
    const bool net = is_net();
    if (!get(Tax::unsaid).empty() && !net) {
      // "<shipping>" is what it costs where it holds an amount, and nothing where it does not.
      const auto plain = nested::amount_said(get(Tax::unsaid), currency, orders.minor_units);
      if (field == Field::shipping_cost && !plain) {
        tell(item.notices, name, "left", "is no amount; it was left out");
        return std::nullopt;
      }
      return money(get(Tax::unsaid), name);
    }
    const std::string_view bare = get(Tax::excluded).empty() ? get(Tax::unsaid) : get(Tax::excluded);
    if (bare.empty()) return std::nullopt;
    const std::string_view tax = field == Field::total ? heard.order.get(Field::tax) : std::string_view();
    if (const auto without = money(bare, name); without && !tax.empty())
      if (const auto of_tax = money(tax, name)) return with_tax(*without, of_tax);
    tell(item.notices, name, "left", "is told without its tax; it was left out");
    return std::nullopt;
  }

  std::string method(Field exact, Field way) {
    constexpr std::size_t kMethodBytesMax = 200;
    if (const std::string_view text = word(exact); !text.empty()) return std::string(text.substr(0, kMethodBytesMax));
    const std::string_view text = word(way);
    if (text.empty() || nested::is_known_way(text)) return std::string(text);
    tell(item.notices, exact == Field::payment_method ? "payment_method" : "shipping_method", "left",
         "is no way of paying or of sending that is known here, so it was left out");
    return {};
  }

  void put_status() {
    orders::PlaceOrder& order = item.order;
    order.paid = yes_or_no(word(Field::paid)).value_or(true);
    const std::string_view payment = word(Field::payment_status), said = word(Field::status);
    if (nested::status_said(payment) == nested::Status::unpaid || nested::bare_name(payment) == "pending")
      order.paid = false;
    if (said.empty()) return;
    switch (nested::status_said(said)) {
      case nested::Status::open:
        break;
      case nested::Status::cancelled:
        order.channel_status = "cancelled";
        break;
      case nested::Status::shipped:
        order.channel_status = "shipped";
        break;
      case nested::Status::unpaid:
        order.paid = false;
        break;
      case nested::Status::not_placed:
        tell(item.faults, "status", "draft",
             "may say that the buyer has not placed this order (a draft, a quotation or a cart)");
        break;
      case nested::Status::unknown:
        tell(item.notices, "status", "unknown",
             "is no word that surely means sent or cancelled, so the order was taken as open; look "
             "whether it is");
    }
  }

  // ---- lines

  // Lines that are parts of another one: what was chosen of it (Magento), or what a set is made of.
  std::vector<bool> parts() {
    std::map<std::string_view, std::string_view> skus;
    for (const Sayings& line : heard.lines) skus.emplace(line.get(Field::line_id), line.get(Field::sku));
    std::vector<bool> out;
    bool told = false;
    for (const Sayings& line : heard.lines) {
      const std::string_view parent = line.get(Field::parent);
      const auto whole = skus.find(parent);
      const bool part = !parent.empty() && parent != line.get(Field::line_id) && whole != skus.end();
      out.push_back(part);
      told = told || (part && whole->second != line.get(Field::sku));
    }
    if (told)
      tell(item.notices, "lines", "part", "that are parts of another one were left out: that one stands for them");
    return out;
  }

  void put_lines() {
    if (heard.lines.size() > orders::kLinesMax)
      return tell(item.faults, "lines", "length", "must have at most 1,000 lines");
    const std::vector<bool> part = parts();
    std::vector<nested::PricedLine> priced;
    bool discounts = false, torn = false, house_torn = false, undecided = false;
    std::size_t by_marketplace = 0;
    const bool net = is_net();
    for (std::size_t i = 0; i < heard.lines.size(); ++i) {
      if (part[i]) continue;
      const Sayings& said = heard.lines[i];
      for (const Field field : {Field::sku, Field::ean, Field::quantity}) torn = torn || said.is_torn(field);
      house_torn = house_torn || said.is_torn(Field::house);
      orders::PlaceLine line{.channel_line_id = std::string(said.get(Field::line_id)),
                             .sku = std::string(said.get(Field::sku)),
                             .title = std::string(said.get(Field::title))};
      if (line.sku.empty()) line.sku = said.get(Field::ean);
      nested::PricedLine price;
      for (const Tax tax : {Tax::unsaid, Tax::included, Tax::excluded}) {
        const auto at = static_cast<std::size_t>(tax);
        price.said.unit[at] = said.get(Field::unit_price, tax);
        price.said.price[at] = said.get(Field::price, tax);
        price.said.total[at] = said.get(Field::line_total, tax);
      }
      if (line.sku.empty() && takes_off(price.said)) {
        discounts = true;
        continue;
      }
      price.said.price_unit = said.get(Field::price_unit);
      price.said.basis = said.get(Field::price_basis);
      price.said.tax = said.get(Field::line_tax);
      price.said.tax_percent = said.get(Field::tax_percent);
      price.said.tax_share = said.get(Field::tax_share);
      price.said.net = net;
      const std::string_view quantity = said.get(Field::quantity);
      if (orders.by_piece) {
        line.quantity = 1;
      } else {
        const auto pieces = whole_pieces(quantity);  // "2.0000"
        line.quantity = pieces ? *pieces : pieces_of(quantity, "lines.quantity", item.faults).value_or(0);
      }
      for (const auto& [field, pieces] :
           {std::pair(Field::shipped, &line.shipped), std::pair(Field::cancelled, &line.cancelled)})
        if (const std::string_view told = said.get(field); !told.empty()) *pieces = whole_pieces(told).value_or(0);
      by_marketplace += said.get(Field::house) == "FBB";  // bol's own house
      price.quantity = line.quantity;
      priced.push_back(price);
      item.order.lines.push_back(std::move(line));
    }
    nested::decide_prices(priced, currency, orders.minor_units, item.order.total, item.order.shipping_cost,
                          item.faults);
    for (std::size_t i = 0; i < priced.size(); ++i) {
      item.order.lines[i].price = priced[i].price;
      undecided = undecided || priced[i].undecided;
    }
    item.order.by_marketplace = by_marketplace > 0 && by_marketplace == item.order.lines.size();
    if (torn) tell(item.faults, "lines.sku", "ambiguous", kTornFault);
    if (house_torn || (by_marketplace > 0 && !item.order.by_marketplace))
      tell(item.faults, "lines", "mixed",
           "are sent by the marketplace in part; put those that the shop sends into an order of their "
           "own");
    if (discounts) tell(item.notices, "lines", "discount", "that are discounts were left out");
    if (undecided)
      tell(item.notices, "lines.price", "undecided",
           "is not told for sure by the amounts of its line (is tax in them, and for how many pieces "
           "are they?), so it was left out");
  }
  static bool takes_off(const nested::LinePrice& said) {
    for (const auto* texts : {&said.unit, &said.price, &said.total})
      for (const std::string_view text : *texts)
        if (text.starts_with('-')) return true;
    return false;
  }

  void read() {
    orders::PlaceOrder& order = item.order;
    const std::string channel = lower_ascii(word(Field::channel));
    order.channel = vault::is_channel(channel) ? channel : "manual";
    put_number();
    put_currency();
    std::string_view placed = word(Field::placed_at);
    if (constexpr std::string_view kMail = " +0000"; placed.ends_with(kMail)) placed.remove_suffix(kMail.size());
    order.placed_at = time_of(placed, "placed_at", item.faults);
    order.ship_by = time_of(word(Field::ship_by), "ship_by", item.faults);
    order.total = amount(Field::total, "total");
    order.shipping_cost = amount(Field::shipping_cost, "shipping_cost");
    order.payment_method = method(Field::payment_method, Field::payment_way);
    order.shipping_method = method(Field::shipping_method, Field::shipping_way);
    put_status();
    put_lines();
    put_buyer(heard, item);
    keep_people_out(heard, item);
  }
};

}  // namespace

OrderItem nested_order(const NestedOrders& orders, const formats::XmlElement& record) {
  Heard heard;
  for (const About about : kByName) heard.persons.push_back({about, 0, {}});
  hear(orders, record, kNobody, 1, heard);
  NestedOrderReader reader{orders, heard};
  reader.read();
  return std::move(reader.item);
}

}  // namespace pf::exchange
