// DATANORM 4 and 5, in which German wholesalers send their articles: records of a letter and cells without names, where
// a line V says whose they are and in which version. Read from published descriptions of the records A and B; what the
// format's owner sells as its specification was not at hand. Texts (T, D) and prices (P) may stand in records of their
// own, before the articles or behind them; a text is told by a number that an article names.
#include <algorithm>
#include <map>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Where the cells of a record A stand.
struct Places {
  std::size_t text, unit, kind, per, price, discount, group, long_text;
};
constexpr Places kVersion4{4, 8, 6, 7, 9, 10, 11, 12}, kVersion5{3, 5, 6, 7, 8, 9, 10, 23};

// Of the texts that wait for their articles, and of what is remembered of articles: a catalogue has some megabytes.
constexpr std::size_t kHeldBytesMax = std::size_t{64} << 20;
// A text is copied for each article that names it: what is given at once, before it is kept, and what a file may come
// to, which is far above a catalogue of half a million articles with 1,000 letters each.
constexpr std::size_t kCopiesAtOnceBytes = std::size_t{8} << 20, kCopiesBytesMax = std::size_t{1} << 30;

struct LongText {
  std::vector<std::uint64_t> lines{};
  std::string text{};
  std::size_t given = 0;  // to so many of the articles that name it
};

class DatanormProducts final : public Party {
 public:
  DatanormProducts(bool fifth, std::string currency)
      : at_(fifth ? kVersion5 : kVersion4), fifth_(fifth), currency_(std::move(currency)) {}
  std::string name() const override { return "datanorm products"; }
  bool quoted() const override { return false; }
  bool ragged() const override { return true; }
  std::string locale() const override { return "de"; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    const std::string_view record = row.cell(std::optional<std::size_t>(0));
    if (record == "A") {
      push_held(products);
      article(row);
    } else if (record == "B" && held_ && held_->more_lines.size() < kMoreRowsMax &&
               held_->sku == row.cell(std::optional<std::size_t>(2))) {
      held_->more_lines.push_back(row.line);
      more(row, *held_);
    } else if (record == "B") {
      push_held(products);
      held_.emplace();
      held_->line = row.line;
      held_->sku = row.cell(std::optional<std::size_t>(2));
      held_->must_exist = true;
      more(row, *held_);
    } else if (record == "T") {
      long_text(row, products);
    } else if (record == "D") {
      dimension(row, products);
    } else if (record == "P") {
      push_held(products);
      fifth_ ? price_of_fifth(row, products) : prices(row, products);
    } else {
      refuse(row, products, why_left(record));
    }
  }
  // Texts come behind all articles, whatever came first in the file.
  void flush(std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    push_held(products);
    for (std::size_t bytes = 0; !texts_.empty() && bytes < kCopiesAtOnceBytes;) {
      LongText& one = texts_.begin()->second;
      const auto of = wanted_.find(texts_.begin()->first);
      if (of == wanted_.end()) {
        for (const std::uint64_t line : one.lines) {
          ProductItem& other = products.emplace_back();
          other.line = line;
          other.faults.push_back({"Textnummer", "unknown",
                                  "is of a text that no article of this file names, or only one that has a text of its "
                                  "own (D); put the file of the articles and "
                                  "that of the texts into one"});
          bytes += sizeof other;
        }
        texts_.erase(texts_.begin());
        continue;
      }
      ProductItem& item = products.emplace_back();
      item.line = one.lines.front();
      item.is_row = one.given == 0;
      if (item.is_row) item.more_lines.assign(one.lines.begin() + 1, one.lines.end());
      item.must_exist = true;
      item.sku = std::move(of->second[one.given]);
      if (copied_bytes_ + one.text.size() <= kCopiesBytesMax)
        item.change.description = one.text;
      else
        item.faults.push_back({"Textnummer", "too_large",
                               "is of a text with which the descriptions of this file would have more than 1 GiB "
                               "together; divide the file"});
      if (item.faults.empty()) copied_bytes_ += one.text.size();
      bytes += sizeof item + one.text.size();
      if (++one.given == of->second.size()) texts_.erase(texts_.begin());
    }
    if (texts_.empty()) wanted_.clear();
  }
  bool has_more() const override { return !texts_.empty(); }
  std::vector<FieldFault> remarks() const override {
    if (!prices_alone_) return {};
    return {{"", "prices",
             "These prices are for as many pieces as the article's own record says, which stands in another file: they "
             "were kept as the attributes Listenpreis and Nettopreis. Put the file of the articles and this one into "
             "one, and what the shop pays becomes the purchase price."}};
  }

 private:
  void push_held(std::vector<ProductItem>& products) {
    if (held_) products.push_back(*std::exchange(held_, std::nullopt));
  }

  static void refuse(const Row& row, std::vector<ProductItem>& products, std::string why) {
    ProductItem& other = products.emplace_back();
    other.line = row.line;
    other.faults.push_back({"Satzart", "record", std::move(why)});
  }
  static std::string why_left(std::string_view record) {
    constexpr std::pair<std::string_view, std::string_view> kRecords[] = {
        {"S", "is the name of a group of goods; articles keep its code as the attribute Warengruppe"},
        {"R", "is the discount of a group, off the list's price; articles keep its code as the attribute Rabattgruppe"},
        {"Z", "is a price by quantity or a surcharge, which are not kept"},
        {"J", "is a part of a set, which are not read"},
        {"C", "is a piece of work and no article"},
        {"G", "names a file of a picture; pictures come by their address, or in a ZIP beside a table of the products"},
        {"K", "is about the customer's number, and no article"},
        {"E", "is the end of the file, or a text that others are put into, and no article"},
        {"V", "is the head of another file, and no article"}};
    for (const auto& [one, why] : kRecords)
      if (one == record) return std::string(why);
    return "is a record of another kind than articles (A, B), texts (T, D) and prices (P)";
  }
  bool may_hold(std::size_t bytes) {
    if (held_bytes_ + bytes > kHeldBytesMax) return false;
    held_bytes_ += bytes;
    return true;
  }

  static std::string too_many_lines() {
    return "is beyond the " + std::to_string(kMoreRowsMax) + " lines that a text may have";
  }
  static std::string too_long() {
    return "is beyond the " + std::to_string(catalog::kDescriptionBytesMax >> 10) + " KiB that a description may have";
  }

  // "T;N;number;;1;;one line;2;;another"; of version 5 one line a record.
  void long_text(const Row& row, std::vector<ProductItem>& products) {
    const std::string number(row.cell(std::optional<std::size_t>(2)));
    std::string text(row.cell(std::optional<std::size_t>(fifth_ ? 5 : 6)));
    if (const auto second = row.cell(std::optional<std::size_t>(9)); !fifth_ && !second.empty())
      text.append(1, '\n').append(second);
    if (number.empty()) return refuse(row, products, "is a text without the number by which articles name it");
    const auto known = texts_.find(number);
    if (known != texts_.end() && known->second.lines.size() >= kMoreRowsMax)
      return refuse(row, products, too_many_lines());
    if ((known == texts_.end() ? 0 : known->second.text.size() + 1) + text.size() > catalog::kDescriptionBytesMax)
      return refuse(row, products, too_long());
    if (!may_hold(number.size() + text.size() + 64))
      return refuse(row, products, "is a text beyond the 64 MiB of them that one file may have; divide the file");
    LongText& one = texts_[number];
    if (!one.lines.empty()) one.text += '\n';
    one.text += text;
    one.lines.push_back(row.line);
  }

  // "D;N;article;1;F;;one line;2;F;;another"; it goes before a text with a number.
  void dimension(const Row& row, std::vector<ProductItem>& products) {
    const std::string sku(row.cell(std::optional<std::size_t>(2)));
    std::string text;
    for (const std::size_t column : {std::size_t{6}, std::size_t{10}})
      if (const auto line = row.cell(std::optional<std::size_t>(column)); !line.empty())
        text.append(text.empty() ? "" : "\n").append(line);
    if (!held_ || held_->sku != sku) {
      push_held(products);
      if (text.size() > catalog::kDescriptionBytesMax) return refuse(row, products, too_long());
      held_.emplace();
      held_->line = row.line;
      held_->sku = sku;
      held_->must_exist = true;
      if (sku.empty()) held_->faults.push_back({"Artikelnummer", "required", "is empty"});
    } else {
      if (held_->more_lines.size() >= kMoreRowsMax) return refuse(row, products, too_many_lines());
      const auto& before = held_->change.description;
      if ((before ? before->size() + 1 : 0) + text.size() > catalog::kDescriptionBytesMax)
        return refuse(row, products, too_long());
      held_->more_lines.push_back(row.line);
    }
    // "1;T;number": a text by its number, which only articles name here.
    for (const std::size_t column : {std::size_t{5}, std::size_t{9}})
      if (!row.cell(std::optional<std::size_t>(column)).empty() &&
          row.cell(std::optional<std::size_t>(column + 1)).empty() && held_->notices.size() < kMoreRowsMax)
        held_->notices.push_back({"Textnummer", "left",
                                  "names in its line " + std::to_string(row.line) +
                                      " a text by its number, which is read of articles (A) alone; that text was left "
                                      "out of the description"});
    if (text.empty()) return;  // nothing that could go before a text with a number
    std::optional<std::string>& whole = held_->change.description;
    if (!whole)
      whole = std::move(text);
    else
      whole->append(1, '\n').append(text);
    if (const auto of = wanted_.find(held_text_);
        of != wanted_.end() && !of->second.empty() && of->second.back() == sku) {
      of->second.pop_back();
      if (of->second.empty()) wanted_.erase(of);
    }
  }

  // "P;A;article;kind;price;discount's kind;discount;..." of up to three articles, nine cells each.
  void prices(const Row& row, std::vector<ProductItem>& products) {
    constexpr std::size_t kFirst = 2, kWidth = 9, kSets = 3;
    bool first = true;
    for (std::size_t set = 0; set < kSets; ++set) {
      const auto cell = [&](std::size_t i) { return row.cell(std::optional<std::size_t>(kFirst + set * kWidth + i)); };
      if (cell(0).empty()) continue;
      ProductItem& item = products.emplace_back();
      item.line = row.line;
      item.is_row = std::exchange(first, false);
      item.must_exist = true;
      item.sku = cell(0);
      const auto cents = parse_int(cell(2));
      if (!cents || *cents <= 0) {
        if (item.is_row) item.faults.push_back({"Preis", "money", "is not a price in cents"});
        continue;
      }
      // One discount off the list's price, in hundredths of a percent, or what it is multiplied by, in thousandths.
      std::optional<std::int64_t> net;
      const auto discount = parse_int(cell(4));
      constexpr std::int64_t kWhole = 10'000, kMillis = 1'000, kPriceMax = 100'000'000'000;
      if (cell(1) == "2") net = *cents;
      if (cell(1) != "2" && discount && *discount > 0 && *cents < kPriceMax && cell(5).empty() && cell(7).empty()) {
        if (cell(3) == "1" && *discount < kWhole) net = (*cents * (kWhole - *discount) + kWhole / 2) / kWhole;
        if (cell(3) == "2" && *discount < kWhole) net = (*cents * *discount + kMillis / 2) / kMillis;
      }
      if (cell(1) != "2") item.change.attributes.emplace_back("Listenpreis", decimal(Money{*cents, Currency{}}));
      const auto per = per_.find(item.sku);
      if (net && per != per_.end() && *net % per->second == 0)
        put_price(item, decimal(Money{*net / per->second, Currency{}}), catalog::PriceKind::purchase_price, currency_,
                  "Preis");
      else if (net)
        item.change.attributes.emplace_back("Nettopreis", decimal(Money{*net, Currency{}}));
      prices_alone_ = prices_alone_ || per == per_.end();
    }
    if (first) refuse(row, products, "names no article");
  }

  // "P;article;kind;per;price;discount's group", which some write with "A" in front, as version 4 does.
  void price_of_fifth(const Row& row, std::vector<ProductItem>& products) {
    const auto cell = [&](std::size_t i) { return row.cell(std::optional<std::size_t>(i)); };
    const std::size_t at = (cell(1) == "A" || cell(1) == "N") && !parse_int(cell(2)).has_value() ? 2 : 1;
    const auto cents = parse_int(cell(at + 3)), per = parse_int(cell(at + 2));
    const std::string_view kind = cell(at + 1);
    if ((kind != "1" && kind != "2") || !cents || *cents <= 0 || !per || *per <= 0)
      return refuse(
          row, products,
          "is a price in which article, kind, number of pieces and price do not stand where they are known to");
    ProductItem& item = products.emplace_back();
    item.line = row.line;
    item.must_exist = true;
    item.sku = cell(at);
    if (kind == "2" && *cents % *per == 0)
      put_price(item, decimal(Money{*cents / *per, Currency{}}), catalog::PriceKind::purchase_price, currency_,
                "Preis");
    else
      item.change.attributes.emplace_back(kind == "2" ? "Nettopreis" : "Listenpreis",
                                          decimal(Money{*cents, Currency{}}));
    if (*per != 1) item.change.attributes.emplace_back("Preiseinheit", std::to_string(*per));
  }

  void article(const Row& row) {
    ProductItem& item = held_.emplace();
    item.line = row.line;
    item.sku = row.cell(std::optional<std::size_t>(2));
    if (item.sku.empty()) item.faults.push_back({"Artikelnummer", "required", "is empty"});
    if (row.cell(std::optional<std::size_t>(1)) == "L")
      item.faults.push_back(
          {"Satzart", "delete", "says that the wholesaler has the article no more; remove it by hand"});
    std::string title(row.cell(at_.text));
    if (const auto second = row.cell(at_.text + 1); !second.empty())
      title += (title.empty() ? "" : " ") + std::string(second);
    if (!title.empty()) item.change.title = title;
    const auto attribute = [&](const char* name, std::size_t column) {
      if (!row.cell(column).empty()) item.change.attributes.emplace_back(name, std::string(row.cell(column)));
    };
    attribute("Mengeneinheit", at_.unit);
    attribute("Rabattgruppe", at_.discount);
    attribute("Warengruppe", at_.group);
    price(row, item);
    held_text_ = row.cell(at_.long_text);
    if (!held_text_.empty() && !item.sku.empty() && may_hold(held_text_.size() + item.sku.size() + 64))
      wanted_[held_text_].push_back(item.sku);
  }

  // In cents, for 1, 10, 100 or 1,000 pieces, without tax. What the shop pays is a price; a list's, off which there is
  // a discount that another file has, stays an attribute.
  void price(const Row& row, ProductItem& item) {
    const auto cents = parse_int(row.cell(at_.price));
    auto per = parse_int(row.cell(at_.per)).value_or(fifth_ ? 1 : 0);
    if (!fifth_) per = per == 1 ? 10 : per == 2 ? 100 : per == 3 ? 1'000 : 1;
    if (per > 0 && may_hold(item.sku.size() + 64)) per_.insert_or_assign(item.sku, per);
    if (!cents || *cents <= 0) return;
    const std::string written = decimal(Money{*cents, Currency{}});
    const bool bought = row.cell(at_.kind) == "2";
    if (bought && per > 0 && *cents % per == 0)
      put_price(item, decimal(Money{*cents / per, Currency{}}), catalog::PriceKind::purchase_price, currency_, "Preis");
    else
      item.change.attributes.emplace_back(bought ? "Nettopreis" : "Listenpreis", written);
    if (per != 1) item.change.attributes.emplace_back("Preiseinheit", std::to_string(per));
  }

  static void more(const Row& row, ProductItem& item) {
    constexpr std::size_t kBehindNumber = 3;
    const auto is_there = [](const auto& one) { return one.first == "Matchcode"; };
    if (const auto word = row.cell(kBehindNumber);
        !word.empty() && std::ranges::none_of(item.change.attributes, is_there))
      item.change.attributes.emplace_back("Matchcode", std::string(word));
    for (std::size_t i = kBehindNumber + 1; i < row.cells.size() && !item.change.ean; ++i)
      if (const auto ean = row.cell(i); ean.size() >= 12 && is_number(ean) && catalog::parse_ean(ean).ok())
        item.change.ean = std::string(ean);
  }

  const Places at_;
  const bool fifth_;
  const std::string currency_;
  std::optional<ProductItem> held_;  // until it is known that no record B or D says more about it
  std::string held_text_{};          // the number of its text
  std::map<std::string, LongText> texts_{};
  std::map<std::string, std::vector<std::string>> wanted_{};  // number of a text -> SKUs
  std::map<std::string, std::int64_t> per_{};                 // SKU -> for how many pieces its price is
  std::size_t held_bytes_ = 0, copied_bytes_ = 0;
  bool prices_alone_ = false;
};

}  // namespace

// "V 201126Lieferant ... 04EUR", "V;050;A;20261120;EUR;Lieferant".
std::unique_ptr<Party> datanorm_products(const Header& header) {
  const auto& names = header.names();
  if (names.empty()) return nullptr;
  constexpr std::size_t kCurrencyAt = 4;
  if (names.size() > kCurrencyAt && names[0] == "V" && names[1] == "050")
    return std::make_unique<DatanormProducts>(
        true, Currency::parse(names[kCurrencyAt]).ok() ? names[kCurrencyAt] : std::string(catalog::kListCurrency));
  const std::string& line = names[0];
  if (names.size() != 1 || line.size() < 13 || !line.starts_with("V ") || !is_number(line.substr(2, 6))) return nullptr;
  const std::string_view end = std::string_view(line).substr(line.size() - 5);
  if (!end.starts_with("04") || !Currency::parse(end.substr(2)).ok()) return nullptr;
  return std::make_unique<DatanormProducts>(false, std::string(end.substr(2)));
}

}  // namespace pf::exchange
