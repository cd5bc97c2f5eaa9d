// What a piece of a line costs, with its tax, by the words of the amounts that the line says and by what they add up
// to. Nothing is guessed: what two readings allow is left out, but that a plain "price" is of one piece.
#include "exchange/nested_orders.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange::nested {
namespace {

constexpr std::int64_t kCountedMax = 1'000'000;  // pieces of a line; more are refused when it is placed
constexpr std::size_t kUnsaid = 0, kIncluded = 1, kExcluded = 2;  // Tax

bool about_equal(const std::optional<Money>& a, const std::optional<Money>& b, std::int64_t pieces) {
  if (!a || !b || pieces <= 0) return false;
  const std::int64_t much = pieces / 2 + 1;  // each piece's price is rounded by half a cent at most
  constexpr std::int64_t kComparedMax = std::int64_t{1} << 60;
  if (a->minor > kComparedMax || b->minor > kComparedMax || a->minor < -kComparedMax || b->minor < -kComparedMax)
    return false;
  const std::int64_t apart = a->minor - b->minor;
  return apart <= much && apart >= -much;
}
std::optional<Money> of_pieces(const std::optional<Money>& one, std::int64_t pieces) {
  if (!one) return std::nullopt;
  const auto all = multiply(*one, pieces);
  return all.ok() ? std::optional(*all) : std::nullopt;
}

// "21", "21.0000", "21 %", "0.21" in millionths. Nothing above 100 %.
std::optional<std::int64_t> millionths(std::string_view text) {
  while (!text.empty() && (text.back() == '%' || text.back() == ' ')) text.remove_suffix(1);
  const auto amount = amount_of(text);
  if (!amount || amount->decimal.starts_with('-')) return std::nullopt;
  const std::string& decimal = amount->decimal;
  const std::size_t dot = std::min(decimal.find('.'), decimal.size());
  const auto whole = parse_int(decimal.substr(0, dot));
  std::string rest = dot < decimal.size() ? decimal.substr(dot + 1) : std::string();
  rest.resize(6, '0');
  const auto part = parse_int(rest);
  if (!whole || !part || *whole > 100) return std::nullopt;
  // No rate is below one percent, so that is a share.
  return *whole == 0 ? *part : *whole * 10'000 + *part / 100;
}
std::optional<Money> with_rate(const std::optional<Money>& net, std::int64_t rate) {
  constexpr std::int64_t kTaxedMax = 900'000'000'000;  // of which the product below is still a number
  if (!net || net->minor > kTaxedMax || net->minor < 0) return std::nullopt;
  return Money{net->minor + (net->minor * rate + 500'000) / 1'000'000, net->currency};
}

class LinePricing {
 public:
  LinePricing(PricedLine& line, Currency currency, bool minor_units, std::vector<FieldFault>& faults)
      : line_(line), pieces_(line.quantity), currency_(currency), minor_units_(minor_units), faults_(faults) {}

  // Whether `price` is of a piece or of the line is left to the order.
  bool open() {
    LinePrice& said = line_.said;
    if (said.net)
      for (auto* texts : {&said.unit, &said.price, &said.total})
        if ((*texts)[kExcluded].empty()) std::swap((*texts)[kExcluded], (*texts)[kUnsaid]);
    const bool any = says_any();
    if (pieces_ <= 0 || pieces_ > kCountedMax || !any) return false;
    bool open = false;
    if (!read_basis())
      line_.price.reset();
    else if (!included(open) && !excluded()) {
      unsaid(open);
      line_.by_unsaid = line_.price.has_value();
    }
    line_.undecided = !line_.price;
    return open;
  }

 private:
  bool says_any() const {
    const LinePrice& said = line_.said;
    for (const auto* texts : {&said.unit, &said.price, &said.total})
      for (const std::string_view text : *texts)
        if (!text.empty()) return true;
    return !said.price_unit.empty();
  }
  std::optional<Money> money(std::string_view text) {
    if (text.empty()) return std::nullopt;
    auto amount = amount_said(text, currency_, minor_units_);
    if (!amount) money_of(text, currency_, "lines.price", faults_);
    return amount;
  }
  bool read_basis() {
    if (line_.said.basis.empty()) return true;
    const auto pieces = whole_pieces(line_.said.basis);
    if (!pieces || *pieces < 1 || *pieces > kCountedMax) return false;
    basis_ = *pieces;
    return true;
  }
  std::optional<Money> a_piece(const std::optional<Money>& price) const {
    return price ? std::optional(per_piece(*price, basis_)) : std::nullopt;
  }
  // A price that may be the line's, beside the line's total where that is told.
  bool one_of(const std::optional<Money>& price, const std::optional<Money>& total, bool& open) {
    if (price && (basis_ > 1 || about_equal(total, of_pieces(price, pieces_), pieces_))) {
      line_.price = a_piece(price);
    } else if (price && total && about_equal(total, price, 1)) {
      line_.price = per_piece(*total, pieces_);
    } else if (price) {
      line_.price = price;
      open = pieces_ > 1;
    } else if (total) {
      line_.price = per_piece(*total, pieces_);
    }
    return line_.price.has_value();
  }
  bool included(bool& open) {
    if (const auto unit = a_piece(money(line_.said.unit[kIncluded]))) {
      line_.price = unit;
      return true;
    }
    return one_of(money(line_.said.price[kIncluded]), money(line_.said.total[kIncluded]), open);
  }
  // Only with the tax that stands beside it.
  bool excluded() {
    const auto total = money(line_.said.total[kExcluded]);
    auto unit = a_piece(money(line_.said.unit[kExcluded]));
    if (!unit) unit = a_piece(money(line_.said.price[kExcluded]));
    if (!total && !unit) return false;
    net_ = unit ? unit : std::optional(per_piece(*total, pieces_));
    const std::optional<Money> whole = total ? total : of_pieces(unit, pieces_);
    if (const auto tax = money(line_.said.tax); tax && whole) {
      line_.price = per_piece(with_tax(*whole, tax), pieces_);
    } else {
      const std::string_view share = line_.said.tax_percent.empty() ? line_.said.tax_share : line_.said.tax_percent;
      if (const auto rate = share.empty() ? std::nullopt : millionths(share)) line_.price = with_rate(net_, *rate);
    }
    return line_.price.has_value();
  }
  void unsaid(bool& open) {
    const auto unit = a_piece(money(line_.said.unit[kUnsaid])), price = money(line_.said.price[kUnsaid]),
               total = money(line_.said.total[kUnsaid]);
    if (unit) {
      line_.price = unit;
    } else if (!line_.said.price_unit.empty()) {
      price_unit(price, total);
    } else {
      one_of(price, total, open);
    }
    // The same amount is said to be without tax.
    if (net_ && line_.price && about_equal(net_, line_.price, 1)) {
      line_.price.reset();
      open = false;
    }
  }
  // Mirakl's price of a piece, or for how many pieces the price is: whichever its line proves.
  void price_unit(const std::optional<Money>& price, const std::optional<Money>& total) {
    const auto as_price = amount_said(line_.said.price_unit, currency_, minor_units_);
    const auto as_basis = whole_pieces(line_.said.price_unit);
    const auto of_line = of_pieces(as_price, pieces_);
    const bool is_price = about_equal(price, of_line, pieces_) || about_equal(total, of_line, pieces_);
    bool is_basis = false;
    if (as_basis && *as_basis > 0 && *as_basis <= kCountedMax)
      if (const auto all = of_pieces(price, pieces_))
        is_basis = about_equal(total, per_piece(*all, *as_basis), pieces_);
    if (is_price && (!is_basis || as_price->minor == per_piece(*price, *as_basis).minor))
      line_.price = as_price;
    else if (is_basis && !is_price)
      line_.price = per_piece(*price, *as_basis);
  }

  PricedLine& line_;
  const std::int64_t pieces_;
  const Currency currency_;
  const bool minor_units_;
  std::vector<FieldFault>& faults_;
  std::int64_t basis_ = 1;
  std::optional<Money> net_{};
};

}  // namespace

std::optional<Money> amount_said(std::string_view text, Currency currency, bool minor_units) {
  if (minor_units) {
    const auto whole = parse_int(text);
    return whole ? std::optional(Money{*whole, currency}) : std::nullopt;
  }
  const auto amount = amount_of(text);
  return amount ? rounded_money(amount->decimal, currency) : std::nullopt;
}

// Whether the order comes to its total when each line's tax, which its name does not say to be left out, is added: then
// the prices are without it, or something else is amiss.
bool lacks_tax(const std::vector<PricedLine>& lines, const Money& total, const Money& shipping, bool minor_units) {
  std::optional<Money> plain = shipping, taxed = shipping;
  std::int64_t pieces = 0;
  bool any_tax = false;
  for (const PricedLine& line : lines) {
    const auto all = of_pieces(line.price, line.quantity);
    if (!all) return false;
    pieces += line.quantity;
    const auto tax = line.said.tax.empty() ? std::nullopt : amount_said(line.said.tax, total.currency, minor_units);
    any_tax = any_tax || (tax && tax->minor > 0);
    const auto sum = add(*plain, *all), with = add(*taxed, with_tax(*all, tax));
    if (!sum.ok() || !with.ok()) return false;
    plain = *sum;
    taxed = *with;
  }
  return any_tax && !about_equal(plain, total, pieces) && about_equal(taxed, total, pieces);
}

void decide_prices(std::vector<PricedLine>& lines, Currency currency, bool minor_units,
                   const std::optional<Money>& total, const std::optional<Money>& shipping,
                   std::vector<FieldFault>& faults) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (LinePricing(lines[i], currency, minor_units, faults).open()) open.push_back(i);
  if (!total) return;
  const auto doubt_tax = [&] {
    if (lacks_tax(lines, *total, shipping.value_or(Money{0, currency}), minor_units))
      for (PricedLine& line : lines)
        if (line.by_unsaid) {
          line.price.reset();
          line.undecided = true;
        }
  };
  if (open.empty()) return doubt_tax();
  // What all of them come to, the open ones read in either way.
  std::optional<Money> by_piece = shipping.value_or(Money{0, currency}), by_line = by_piece;
  std::int64_t pieces = 0;
  std::size_t next = 0;
  for (std::size_t i = 0; i < lines.size() && by_piece && by_line; ++i) {
    const bool is_open = next < open.size() && open[next] == i;
    next += is_open;
    const auto all = of_pieces(lines[i].price, lines[i].quantity);
    if (!all) return;
    pieces += lines[i].quantity;
    const auto sum = add(*by_piece, *all), other = add(*by_line, is_open ? *lines[i].price : *all);
    if (!sum.ok() || !other.ok()) return;
    by_piece = *sum;
    by_line = *other;
  }
  if (about_equal(by_line, total, pieces) && !about_equal(by_piece, total, pieces))
    for (const std::size_t i : open) lines[i].price = per_piece(*lines[i].price, lines[i].quantity);
  doubt_tax();
}

}  // namespace pf::exchange::nested
