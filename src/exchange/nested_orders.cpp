#include "exchange/nested_orders.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::exchange {
namespace {

using nested::About;
using nested::Field;
using nested::Meaning;
using Paths = std::vector<formats::XmlPath>;

// Steps of looking for orders: each element that could be one is walked through, and a file may hold many of them.
constexpr std::size_t kLookStepsMax = 4 * formats::kXmlPathsMax;
constexpr std::size_t kLeftBytesMax = 500;     // of a notice
constexpr std::size_t kLeftNameBytesMax = 40;  // longer ones are no names but what somebody keeps under them

class NestedSurvey {
 public:
  NestedSurvey(const Paths& paths, bool json) : paths_(paths), persons_below_(paths.size()) {
    for (const formats::XmlPath& path : paths) bare_.push_back(nested::bare_name(path.name));
    for (std::size_t at = paths.size(); at-- > 1;) {
      if (nested::is_about_person(bare_[at], true)) persons_below_[at] = true;
      if (persons_below_[at]) persons_below_[paths[at].parent] = true;
    }
    // Parents come before their children.
    around_.resize(paths.size());
    if (!paths.empty()) around_[0] = {true, !json};
    for (std::size_t at = 1; at < paths.size(); ++at) {
      const Around& above = around_[paths[at].parent];
      Around& here = around_[at];
      const bool word = nested::is_order(bare_[at]);
      here.may_hold = above.may_hold && !paths[at].attribute;
      if (json) {
        here.may_hold = here.may_hold && (at == 1 || word || nested::is_wrapper(bare_[at]));
        here.called = above.called || word;
        here.candidate = here.may_hold && at > 1 && !paths[at].children.empty();
      } else {
        here.may_hold = here.may_hold && !nested::is_other_paper(paths[at].name);
        here.called = true;
        here.candidate = here.may_hold && word && !paths[at].children.empty();
      }
    }
  }

  std::optional<NestedOrders> look() {
    std::optional<NestedOrders> found;
    for (std::size_t at = 1; at < paths_.size() && steps_ < kLookStepsMax; ++at) {
      if (!around_[at].candidate || (found && is_in(at, found->order))) continue;
      auto one = orders_at(at);
      if (!one) continue;
      if (found) return std::nullopt;  // in two places: which of them is meant nobody knows
      found = std::move(one);
    }
    return steps_ < kLookStepsMax ? std::move(found) : std::nullopt;
  }

 private:
  struct Around {
    bool may_hold = false, called = false, candidate = false;
  };
  struct Seen {
    bool address = false, buyer = false, supplier = false, sign = false, own_id = false, order_id = false;
    bool other = false;
    std::uint64_t order_fields = 0;
    bool has(Field field) const { return (order_fields >> static_cast<unsigned>(field) & 1) != 0; }
  };

  bool is_in(std::size_t at, std::size_t outer) const {
    while (at > outer) at = paths_[at].parent;
    return at == outer;
  }
  bool has_elements(std::size_t at) const {
    return std::ranges::any_of(paths_[at].children, [&](const auto& one) { return !paths_[one.second].attribute; });
  }
  static std::uint64_t bit(Field field) { return std::uint64_t{1} << static_cast<unsigned>(field); }

  // What the leaves right in `at` say, if it is about that.
  std::uint64_t said_in(std::size_t at, About about) {
    std::uint64_t out = 0;
    for (const auto& [key, child] : paths_[at].children) {
      ++steps_;
      if (!paths_[child].text) continue;
      if (const auto meaning = nested::meaning_of(about, bare_[child])) out |= bit(meaning->field);
    }
    return out;
  }
  bool is_line(std::size_t at, bool& by_piece) {
    std::uint64_t said = said_in(at, About::line), product = 0;
    by_piece = (said & bit(Field::quantity)) == 0 && nested::is_piece(bare_[at]);
    for (const auto& [key, child] : paths_[at].children)
      if (has_elements(child) || !paths_[child].text) {
        const About about = nested::inside(About::line, bare_[child]);
        if (about == About::product) product |= said_in(child, about);
      }
    const std::uint64_t what = said | product;
    return (by_piece || (said & bit(Field::quantity)) != 0) &&
           (what & (bit(Field::sku) | bit(Field::ean) | bit(Field::title))) != 0;
  }
  // The lines of the order at `order`, outermost first. 0: none, or none for sure.
  std::size_t lines_in(std::size_t order, bool& by_piece, bool& order_word) {
    struct Place {
      std::size_t path;
      bool among_lines, order_word;
    };
    std::vector<Place> level{{order, false, false}};
    while (!level.empty() && steps_ < kLookStepsMax) {
      std::vector<Place> next;
      std::size_t line = 0, lines = 0;
      for (const Place& place : level)
        for (const auto& [key, child] : paths_[place.path].children) {
          ++steps_;
          if (paths_[child].attribute || paths_[child].children.empty()) continue;
          const bool word = nested::is_lines(bare_[child]);
          if (!word && !nested::is_around_lines(bare_[child]) &&
              nested::inside(About::order, bare_[child]) != About::order)
            continue;
          const Place here{child, place.among_lines || word,
                           place.order_word || (word && bare_[child].starts_with("order"))};
          bool piece = false;
          if (here.among_lines && is_line(child, piece)) {
            line = child;
            ++lines;
            by_piece = piece;
            order_word = here.order_word;
          }
          next.push_back(here);
        }
      if (lines > 0) return lines == 1 ? line : 0;
      level = std::move(next);
    }
    return 0;
  }

  std::optional<NestedOrders> orders_at(std::size_t order) {
    NestedOrders out;
    out.order = order;
    bool order_word = false;
    out.line = lines_in(order, out.by_piece, order_word);
    if (out.line == 0) return std::nullopt;
    out.leaves.resize(paths_.size());
    out.persons.resize(paths_.size());
    on_way_.assign(paths_.size(), false);
    steps_ += paths_.size() / 8;  // so that a file of many such elements comes to its end
    for (std::size_t at = out.line; at > order; at = paths_[at].parent) on_way_[at] = true;
    Seen seen;
    seen.sign = order_word;
    collect(order, About::order, 0, out, seen);
    collect(out.line, About::line, 0, out, seen);
    look_for_others(order, out.line, seen);
    const bool number = seen.has(Field::number), any_number = number || seen.has(Field::plain_number) ||
                                                              seen.has(Field::number_name) || seen.has(Field::id);
    if (!any_number || seen.other || (!seen.has(Field::placed_at) && !seen.address)) return std::nullopt;
    if (seen.supplier && !seen.buyer) return std::nullopt;  // what the shop itself ordered
    // An item of some list: what a parcel or a refund says of its order looks so too, but says less.
    if (!around_[order].called &&
        (!seen.sign || !seen.address || !seen.has(Field::placed_at) || (seen.own_id && seen.order_id)))
      return std::nullopt;
    const auto& line = paths_[out.line].children;
    const auto names_line = [&](std::string_view name) {
      return std::ranges::any_of(line, [&](const auto& one) { return bare_[one.second] == name; });
    };
    out.minor_units = names_line("productvariant") && std::ranges::any_of(paths_[order].children, [&](const auto& one) {
                        return bare_[one.second] == "totalwithtax";
                      });
    return out;
  }
  void look_for_others(std::size_t order, std::size_t line, Seen& seen) {
    for (const auto& [key, child] : paths_[order].children) {
      const std::string& name = bare_[child];
      ++steps_;
      seen.sign = seen.sign || nested::is_order_sign(name);
      seen.other = seen.other || nested::is_sign_of_other(name, around_[order].called);
      seen.own_id = seen.own_id || name == "id" || name == "entityid";
      seen.order_id = seen.order_id || name == "orderid";
    }
    bool own = false, of_another = false;
    for (const auto& [key, child] : paths_[line].children) {
      const std::string& name = bare_[child];
      ++steps_;
      own = own || name == "id" || name == "entityid";
      of_another = of_another || name == "orderitemid" || name == "orderlineid";
      // Goods come in by what the shop ordered itself.
      seen.other = seen.other || name == "qtyreceived" || name == "quantityreceived" || name == "receivedquantity";
    }
    seen.other = seen.other || (own && of_another);
  }

  void note_left(std::size_t at, NestedOrders& out) const {
    std::string_view name = paths_[at].name;
    if (name.starts_with('@')) name.remove_prefix(1);
    if (name.starts_with("xmlns") || name.starts_with("xsi:") || name.starts_with("xml:")) return;
    const bool is_name = name.size() <= kLeftNameBytesMax && std::ranges::all_of(name, [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                  c == '_' || c == '-' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
                         });
    if (!is_name || out.left.size() + name.size() > kLeftBytesMax)
      out.more_left = true;
    else
      out.left.append(out.left.empty() ? "" : ", ").append(name);
  }
  void put(std::size_t at, About about, const Meaning& meaning, std::uint16_t depth, NestedOrders& out,
           Seen& seen) const {
    using Of = NestedOrders::Of;
    const bool person = nested::is_person(about) || meaning.whose != About::nothing;
    const bool line = about == About::line || about == About::product || about == About::price ||
                      about == About::house || about == About::own_id || about == About::world_id;
    out.leaves[at] = {person ? Of::person : line ? Of::line : Of::order, meaning, depth};
    if (person) {
      seen.address =
          seen.address || meaning.field == Field::street || meaning.field == Field::zip || meaning.field == Field::city;
      seen.buyer = seen.buyer || meaning.whose == About::buyer;
    } else if (!line) {
      seen.order_fields |= bit(meaning.field);
    }
  }

  // What stands in `at`, itself about `about`; not in lines, unless it is one.
  void collect(std::size_t at, About about, std::uint16_t depth, NestedOrders& out, Seen& seen) {
    for (const auto& [key, child] : paths_[at].children) {
      ++steps_;
      const formats::XmlPath& node = paths_[child];
      const std::string& name = bare_[child];
      if (on_way_[child]) {
        // Nothing of the way to the lines, but for a head that holds them beside the rest.
        if (child != out.line && about == About::order && nested::inside(about, name) == About::order)
          collect(child, About::order, static_cast<std::uint16_t>(depth + 1), out, seen);
        continue;
      }
      if (about == About::order) seen.supplier = seen.supplier || nested::is_supplier(name);
      const auto meaning = about == About::box ? std::nullopt : nested::meaning_of(about, name);
      if (node.text && meaning) put(child, about, *meaning, depth, out, seen);
      bool read = node.text && meaning;
      if (!node.attribute && !node.children.empty())
        read = collect_container(child, about, meaning, depth, out, seen) || read;
      if (!read && (about == About::order || about == About::line || nested::is_person(about))) note_left(child, out);
    }
  }
  // Whether something in it may be read.
  bool collect_container(std::size_t at, About around, const std::optional<Meaning>& meaning, std::uint16_t depth,
                         NestedOrders& out, Seen& seen) {
    const std::string& name = bare_[at];
    const auto inner = static_cast<std::uint16_t>(depth + nested::steps_to(name));
    const bool repeats = paths_[at].most_in_parent > 1;
    About about = nested::inside(around, name);
    // {"amount": 1210, "divisor": 100} is no amount of 1,210.
    if ((about == About::price || about == About::nothing) &&
        std::ranges::any_of(paths_[at].children, [&](const auto& one) { return nested::is_scale(bare_[one.second]); }))
      return false;
    // A text with attributes says of itself what they say: "<total currency="EUR">".
    if (about == About::nothing || (!has_elements(at) && paths_[at].text && !nested::is_person(about)))
      return meaning && collect_value(at, around, *meaning, inner, out, seen);
    if (about == About::delivery && (persons_below_[at] || holds_person(at))) about = About::shipping;
    if (nested::is_person(about)) return collect_person(at, around, about, inner, out, seen);
    if ((about == About::way || about == About::payment) && persons_below_[at]) return false;
    const bool list = about == About::way || about == About::payment || about == About::box;
    if (repeats && !list) return false;  // a list of its own: totals, taxes, prices by quantity
    collect(at, about, inner, out, seen);
    return true;
  }
  bool holds_person(std::size_t at) const {
    return std::ranges::any_of(paths_[at].children,
                               [&](const auto& one) { return nested::is_about_person(bare_[one.second], false); });
  }
  bool collect_person(std::size_t at, About around, About about, std::uint16_t depth, NestedOrders& out, Seen& seen) {
    if (nested::is_person(around) && about == around) {  // the same one
      if (paths_[at].most_in_parent > 1) return false;
      collect(at, about, depth, out, seen);
      return true;
    }
    if (about == About::address) {
      const bool says_whose = std::ranges::any_of(paths_[at].children, [&](const auto& one) {
        const auto meaning = nested::meaning_of(About::address, bare_[one.second]);
        return paths_[one.second].text && meaning && meaning->field == Field::kind;
      });
      // The order's own address, without a word, is its buyer's; one of several, or a party, may be anybody's.
      if (!says_whose && (around == About::box || bare_[at] == "party" || paths_[at].most_in_parent > 1)) return false;
      if (!says_whose) about = About::buyer;
    }
    out.persons[at] = about;
    seen.buyer = seen.buyer || about == About::buyer || about == About::address;
    collect(at, about, 0, out, seen);
    return true;
  }
  // "unitPrice": {"amount": 9.99, "currency": "EUR"}, also with {"shopMoney": ...} or {"gross": ...} between.
  bool collect_value(std::size_t at, About around, const Meaning& meaning, std::uint16_t depth, NestedOrders& out,
                     Seen& seen) {
    const auto& children = paths_[at].children;
    bool any = false;
    for (const auto& [key, child] : children) {
      ++steps_;
      const auto inner = nested::meaning_in_value(meaning, bare_[child]);
      if (inner && has_elements(child) && paths_[child].most_in_parent <= 1) {
        any = collect_value(child, around, *inner, static_cast<std::uint16_t>(depth + 1), out, seen) || any;
      } else if (inner && paths_[child].text && bare_[child] != "shopmoney") {
        put(child, around, *inner, depth, out, seen);
        any = true;
      }
    }
    return any;
  }

  const Paths& paths_;
  std::vector<std::string> bare_;
  std::vector<bool> persons_below_;  // of every path: whether a leaf about a person stands in it
  std::vector<Around> around_;
  std::vector<bool> on_way_;  // of every path: whether it is the line, or around it
  std::size_t steps_ = 0;
};

}  // namespace

std::optional<NestedOrders> nested_orders(const std::vector<formats::XmlPath>& paths, bool json) {
  return NestedSurvey(paths, json).look();
}

}  // namespace pf::exchange
