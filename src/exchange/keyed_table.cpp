#include "exchange/keyed_table.h"

#include <algorithm>

#include "exchange/product_columns.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using Kind = ProductColumn::Kind;

constexpr std::string_view kKey = "key", kSku = "sku";
// The column of the keys; where a member is called so, too, it is told apart.
auto key_in(auto& names) {
  const auto beside = std::ranges::find(names, "key.@");
  return beside != names.end() ? beside : std::ranges::find(names, kKey);
}
// Numbers that anything has.
constexpr std::string_view kIds[] = {"id",         "_id",     "uid",       "uuid",     "code",   "key",
                                     "identifier", "number",  "nr",        "no",       "nummer", "guid",
                                     "product_id", "item_id", "productid", "objectid", "asin",   "slug"};
bool is_id(std::string_view name) {
  return std::ranges::find(kIds, std::string_view(lower_ascii(name))) != std::end(kIds);
}

bool all_of_letters(std::string_view text, bool upper) {
  return std::ranges::all_of(text, [&](char c) { return (!upper && c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}
// "nl", "nl-NL", "zh_Hans_CN"; "EUR".
bool is_language_or_currency(std::string_view key) {
  constexpr std::size_t kCurrencyLetters = 3, kLanguageLetters = 2;
  if (key.size() == kCurrencyLetters) return all_of_letters(key, true);
  const std::string_view language = key.substr(0, key.find_first_of("-_"));
  if (language.size() != kLanguageLetters || !all_of_letters(language, false)) return false;
  return key.size() == kLanguageLetters || (key.size() <= 10 && all_of_letters(key.substr(key.size() - 2), false));
}

// What an order, or a thing, has beside what it holds.
bool is_of_one_thing(std::string_view name) {
  std::string folded = lower_ascii(name);
  std::erase_if(folded, [](char c) { return c == '_' || c == '-'; });
  constexpr std::string_view kWhole[] = {"id", "sku", "ean", "gtin", "price", "customer", "buyer", "lineitems"};
  constexpr std::string_view kStarts[] = {"order", "billing", "shipping", "invoice", "cart", "checkout", "refund"};
  return std::ranges::find(kWhole, std::string_view(folded)) != std::end(kWhole) ||
         std::ranges::any_of(kStarts, [&](std::string_view start) { return folded.starts_with(start); });
}

// What is meant by the last of a dotted name's parts is good enough for this.
std::vector<std::string> last_parts(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names)
    if (std::string last = name.substr(name.rfind('.') + 1); std::ranges::find(out, last) == out.end())
      out.push_back(std::move(last));
  return out;
}

}  // namespace

bool could_be_rows(const formats::KeyedObjects& seen) {
  if (std::ranges::any_of(seen.beside, is_of_one_thing)) return false;
  std::size_t of_one = 0, fields = 0;
  for (const std::string& key : seen.keys) of_one += is_language_or_currency(key) ? 1 : 0;
  if (of_one * 2 >= seen.keys.size()) return false;
  std::vector<std::string> distinct = last_parts(seen.keys);
  for (const ProductColumn& column : product_columns(Header(distinct)))
    fields += column.kind == Kind::attribute ? 0 : 1;
  return fields < 2;
}

KeyedTable::KeyedTable(const formats::KeyedObjects& seen) {
  counting_ = seen.keys[0] == "0" || seen.keys[0] == "1";
  std::int64_t before = -1;
  for (const std::string& key : seen.keys) {
    const auto number = parse_int(key);
    counting_ = counting_ && number && *number > before;
    before = number.value_or(before);
  }
  const std::vector<std::string> names = last_parts(seen.names);
  std::size_t known = 0, unknown = 0;
  bool sold = false, title = false;
  for (const ProductColumn& column : product_columns(Header(names))) {
    const Kind kind = column.kind;
    sold = sold || kind == Kind::price || kind == Kind::stock || kind == Kind::ean || kind == Kind::brand;
    title = title || kind == Kind::title;
    ++(kind == Kind::attribute ? unknown : known);
  }
  goods_ = sold && (title || known > 1 || unknown == 0);
  const bool orders = std::ranges::find(names, "line_items") != names.end();
  understood_ = goods_ || orders || has_sku(names);
}

bool KeyedTable::has_sku(const std::vector<std::string>& names) const {
  const auto columns = product_columns(Header(names));
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].kind == Kind::sku && (counting_ || !is_id(names[i]))) return true;
  return false;
}

void KeyedTable::name_key(std::vector<std::string>& names) const {
  const auto key = key_in(names);
  if (key == names.end() || !goods_ || has_sku(names)) return;
  *key = kSku;
}

void KeyedTable::open(const std::vector<std::string>& names) {
  const auto told = key_in(names);
  key_is_sku_ = told == names.end();
  const auto key = key_is_sku_ ? std::ranges::find(names, kSku) : told;
  if (key == names.end()) return;
  key_ = static_cast<std::size_t>(key - names.begin());
  for (std::size_t i = 0; i < names.size(); ++i)
    if (i != *key_ && (!key_is_sku_ || is_id(names[i]))) numbers_.push_back(i);
}

void KeyedTable::leave_repeated(std::vector<std::string>& cells) const {
  if (!key_ || *key_ >= cells.size()) return;
  std::string& key = cells[*key_];
  if (!key_is_sku_ && counting_) key.clear();
  for (const std::size_t i : numbers_)
    if (i < cells.size() && cells[i] == key) (key_is_sku_ ? cells[i] : key).clear();
}

}  // namespace pf::exchange
