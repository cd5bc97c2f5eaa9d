// One order of a file whose orders hold their lines, buyer and addresses: what its elements say, by the meaning that
// each has in the file.
#include <algorithm>

#include "exchange/nested_order_sayings.h"
#include "exchange/values.h"
#include "orders/orders.h"
#include "productflow/text.h"
#include "vault/vault.h"

namespace pf::exchange {
namespace {

using nested::About;
using nested::Field;
using nested::Heard;
using nested::kTornFault;
using nested::kTornNotice;
using nested::Sayings;
using nested::Somebody;
using nested::Tax;
using nested::tell;
using Leaf = NestedOrders::Leaf;

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
      if (field == Field::number_name && (text.find_first_of("0123456789") == std::string_view::npos ||
                                          text.find_first_of(" \t@") != std::string_view::npos))
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
    std::vector<bool> out;
    bool told = false;
    for (const Sayings& line : heard.lines) {
      const std::string_view parent = line.get(Field::parent);
      const auto whole = std::ranges::find_if(heard.lines, [&](const Sayings& other) {
        return !parent.empty() && &other != &line && other.get(Field::line_id) == parent;
      });
      out.push_back(whole != heard.lines.end());
      told = told || (out.back() && whole->get(Field::sku) != line.get(Field::sku));
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
    nested::put_buyer(heard, item);
    nested::keep_people_out(heard, item);
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
