#include "exchange/repeated_rows.h"

#include <algorithm>
#include <array>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// "language" alone may be that of a book.
constexpr std::array<std::string_view, 5> kLanguageNames{"locale", "locale_code", "language code", "language_code",
                                                         "lang code"};
constexpr std::array<std::string_view, 14> kFromNames{
    "min_qty",  "min qty",       "minimum quantity", "min_quantity", "min quantity", "from quantity", "from qty",
    "qty from", "quantity from", "tier_price_qty",   "tier qty",     "staffelmenge", "vanaf aantal",  "aantal vanaf"};

}  // namespace

RepeatedRows::RepeatedRows(const Header& header, const std::vector<ProductColumn>& columns,
                           std::optional<std::size_t> currency)
    : currency_(currency) {
  const auto named = [&](const auto& names) {
    for (const std::string_view name : names)
      if (const auto at = header.find(name)) return at;
    return std::optional<std::size_t>();
  };
  language_ = named(kLanguageNames);
  from_ = named(kFromNames);
  if (language_) language_name_ = columns[*language_].name;
  if (currency_) currency_name_ = columns[*currency_].name;
  if (from_) from_name_ = columns[*from_].name;
}

void RepeatedRows::look(const Row& row, std::vector<ProductItem>& products) {
  ProductItem& item = products.back();
  const std::string_view language = row.cell(language_);
  const auto from = whole_pieces(row.cell(from_));
  const bool below = item.sku == last_sku_;
  ProductItem* before = products.size() > 1 ? &products[products.size() - 2] : nullptr;
  if (before != nullptr && before->sku != item.sku) before = nullptr;
  const bool new_one = seen_.size() < kSeenMax && seen_.insert(std::hash<std::string_view>()(item.sku)).second;
  if (!below) {
    last_sku_ = item.sku;
    // What each row of most files goes through, into memory that is there.
    last_title_.assign(item.change.title ? std::string_view(*item.change.title) : std::string_view());
    images_.clear();
    if (item.change.images) images_ = *item.change.images;
    first_images_ = products.size() - 1;
    least_.clear();
    translated_.clear();
    if (from && item.offer)
      for (const auto& price : item.offer->prices) least_.emplace_back(price.first, *from);
  }
  std::string last_language;
  if (language_) last_language = std::exchange(last_language_, std::string(language));
  if (!below && (new_one || seen_.size() >= kSeenMax)) return;
  if (below && !language.empty() && language != last_language && put_language(item, before, language, last_language))
    return;
  if (below && from && item.offer && leave_steps(item, before, *from, row.header->names()[*from_])) return;
  if (below && gather_images(item, products)) return;
  // Its price in another currency.
  if (below && currency_ && before != nullptr && before->offer && item.offer && !item.stock &&
      std::ranges::none_of(item.offer->prices, [&](const auto& price) {
        return std::ranges::any_of(before->offer->prices, [&](const auto& had) { return had.first == price.first; });
      }))
    return void(std::erase_if(item.change.attributes, [&](const auto& one) { return one.first == currency_name_; }));
  if (repeats_told_++ < kRepeatsTold)
    item.notices.push_back(
        {"sku", "repeats", "stands in a row above too; where the two say different things, this one counts"});
}
// Each row says the same in another language.
bool RepeatedRows::put_language(ProductItem& item, ProductItem* before, std::string_view language,
                                const std::string& last) {
  const auto locale = locale_in(language), other = locale_in(last);
  if (!locale || !other) return false;
  const auto named = [&](const auto& one) { return one.first == language_name_; };
  std::erase_if(item.change.attributes, named);
  item.locale = *locale;
  if (before == nullptr || before->sku != item.sku) return true;
  std::erase_if(before->change.attributes, named);
  if (before->locale.empty()) before->locale = *other;
  // What differs is a text of its language, as the title is. Of very wide tables nothing is compared.
  if (std::max(item.change.attributes.size(), before->change.attributes.size()) > kComparedMax) return true;
  for (const auto& [name, value] : item.change.attributes)
    for (const auto& had : before->change.attributes)
      if (had.first == name && !(had.second == value)) translated_.insert(name);
  const auto move_texts = [&](ProductItem& one, const std::string& to) {
    std::erase_if(one.change.attributes, [&](auto& attribute) {
      if (!translated_.contains(attribute.first)) return false;
      texts_of(one, to).push_back(std::move(attribute));
      return true;
    });
  };
  move_texts(*before, *other);
  move_texts(item, *locale);
  return true;
}
// Prices from so many pieces on have no place here: that of the fewest counts.
bool RepeatedRows::leave_steps(ProductItem& item, ProductItem* before, std::int64_t from, const std::string& column) {
  bool other = false, left = false;
  for (const auto& [code, least] : least_) other = other || least != from;
  std::erase_if(item.offer->prices, [&](const auto& price) {
    const auto known = std::ranges::find(least_, price.first, &std::pair<std::string, std::int64_t>::first);
    if (known == least_.end()) {
      least_.emplace_back(price.first, from);
      return false;
    }
    if (from <= known->second) return false;
    left = true;
    return true;
  });
  if (!other && !left) return false;
  if (left)
    item.notices.push_back({column, "steps",
                            "is from how many pieces on this price is asked, which has no place here: the price of "
                            "the fewest was kept"});
  // Of whom the row says nothing else.
  const auto same = [&](const auto& one) {
    return before == nullptr || one.first == from_name_ ||
           std::ranges::find(before->change.attributes, one.first, [](const auto& had) { return had.first; }) !=
               before->change.attributes.end();
  };
  if (left && item.change.attributes.size() <= kComparedMax) std::erase_if(item.change.attributes, same);
  return true;
}
// "sku;image;position": a row for each picture.
bool RepeatedRows::gather_images(ProductItem& item, std::vector<ProductItem>& products) {
  if (!item.change.images || images_.size() >= kMoreRowsMax || item.offer || item.stock ||
      (item.change.title && *item.change.title != last_title_))
    return false;
  for (const std::string& image : *item.change.images)
    if (std::ranges::find(images_, image) == images_.end()) images_.push_back(image);
  if (first_images_ < products.size() - 1 && products[first_images_].sku == item.sku) {
    products[first_images_].change.images = images_;
    item.change.images.reset();
  } else {
    item.change.images = images_;
  }
  std::string names;
  constexpr std::size_t kNamesMax = 200;  // bytes of a notice
  for (const auto& one : item.change.attributes)
    if (names.size() < kNamesMax) names += (names.empty() ? "" : ", ") + one.first;
  if (!names.empty())
    item.notices.push_back(
        {"", "left", "is about a further picture, beside which these cells were not read: " + names});
  item.change.attributes.clear();
  return true;
}

}  // namespace pf::exchange
