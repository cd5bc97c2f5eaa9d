// DATANORM 4 and 5, in which German wholesalers send their articles: records of a letter and cells without names, where
// a line V says whose they are and in which version. Read from published descriptions of the records A and B; what the
// format's owner sells as its specification was not at hand.
#include <algorithm>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Where the cells of a record A stand.
struct Places {
  std::size_t text, unit, kind, per, price, discount, group;
};
constexpr Places kVersion4{4, 8, 6, 7, 9, 10, 11}, kVersion5{3, 5, 6, 7, 8, 9, 10};

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
    } else {
      ProductItem& other = products.emplace_back();
      other.line = row.line;
      other.faults.push_back({"Satzart", "record",
                              "is a record of another kind than A and B, the articles; texts, prices and groups apart "
                              "from them are not read"});
    }
  }
  void flush(std::vector<ProductItem>& products, std::vector<OrderItem>&) override { push_held(products); }

 private:
  void push_held(std::vector<ProductItem>& products) {
    if (held_) products.push_back(*std::exchange(held_, std::nullopt));
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
  }

  // In cents, for 1, 10, 100 or 1,000 pieces, without tax. What the shop pays is a price; a list's, off which there is
  // a discount that another file has, stays an attribute.
  void price(const Row& row, ProductItem& item) const {
    const auto cents = parse_int(row.cell(at_.price));
    auto per = parse_int(row.cell(at_.per)).value_or(fifth_ ? 1 : 0);
    if (!cents || *cents <= 0) return;
    if (!fifth_) per = per == 1 ? 10 : per == 2 ? 100 : per == 3 ? 1'000 : 1;
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
  std::optional<ProductItem> held_;  // until it is known that no record B says more about it
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
