#include "exchange/values.h"

#include <algorithm>
#include <array>

#include "productflow/text.h"

namespace pf::exchange {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Sign {
  std::string_view text, currency;
};
// Signs that stand for one currency wherever they are met; kr and ¥ do not.
constexpr std::array<Sign, 5> kSigns{{{"€", "EUR"}, {"US$", "USD"}, {"$", "USD"}, {"£", "GBP"}, {"zł", "PLN"}}};

// Takes a currency's sign or code off either end.
std::string take_currency(std::string_view& text) {
  for (const Sign& sign : kSigns) {
    if (text.starts_with(sign.text))
      text.remove_prefix(sign.text.size());
    else if (text.ends_with(sign.text))
      text.remove_suffix(sign.text.size());
    else
      continue;
    text = trim(text);
    return std::string(sign.currency);
  }
  if (text.size() > 3) {
    if (const auto front = Currency::parse(text.substr(0, 3)); front.ok()) {
      text = trim(text.substr(3));
      return std::string(front->code());
    }
    if (const auto back = Currency::parse(text.substr(text.size() - 3)); back.ok()) {
      text = trim(text.substr(0, text.size() - 3));
      return std::string(back->code());
    }
  }
  return {};
}

// With plain blanks for those that do not break, and ' for all that groups digits beside . and ,: "1 234,56",
// "1’234.50".
std::string with_plain_marks(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::string_view mark = text.substr(i, 1), meant = mark;
    for (const auto& [odd, plain] : {std::pair<std::string_view, std::string_view>{"\u00a0", " "},
                                     {"\u202f", " "},
                                     {"\u2009", " "},
                                     {"\u2019", "'"}})
      if (text.substr(i).starts_with(odd)) {
        mark = odd;
        meant = plain;
      }
    out += meant;
    i += mark.size();
  }
  for (std::size_t i = 1; i + 1 < out.size(); ++i)
    if (out[i] == ' ' && is_digit(out[i - 1]) && is_digit(out[i + 1])) out[i] = '\'';
  return out;
}

// "12,-" and "12.--" of a shop's price tag.
void drop_dashes(std::string_view& text) {
  const std::size_t end = text.find_last_not_of('-');
  if (end == std::string_view::npos || end == 0 || end + 1 == text.size() || (text[end] != ',' && text[end] != '.'))
    return;
  text = text.substr(0, end);
}

}  // namespace

std::optional<Amount> amount_of(std::string_view written) {
  Amount out;
  const std::string plain = with_plain_marks(written);
  std::string_view text = trim(plain);
  const bool negative = text.starts_with('-');
  if (negative) text = trim(text.substr(1));
  out.currency = take_currency(text);
  drop_dashes(text);
  const auto groups = std::ranges::count(text, '\'');
  std::string ungrouped;
  if (groups > 0) {  // of three digits each, and nothing else groups
    const std::size_t end = std::min(text.find_first_of(".,"), text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\'') {
        ungrouped += text[i];
      } else if (i == 0 || i > end || (end - i) % 4 != 0) {
        return std::nullopt;
      }
    }
    text = ungrouped;
    if (std::ranges::count(text, '.') + std::ranges::count(text, ',') > 1) return std::nullopt;
  }
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.' || c == ','; }))
    return std::nullopt;
  const auto dots = std::ranges::count(text, '.'), commas = std::ranges::count(text, ',');
  char point = '.';
  if (dots > 0 && commas > 0)
    point = text.rfind('.') > text.rfind(',') ? '.' : ',';  // the last one divides, the other groups
  else if (commas == 1)
    point = ',';
  const auto points = point == '.' ? dots : commas;
  if (points > 1 || (commas > 1 && point == '.' && dots == 0)) return std::nullopt;
  const std::size_t at = text.find(point);
  // "1,234" is twelve hundred to one reader and one and a bit to the other.
  if (point == ',' && dots == 0 && groups == 0 && text.size() - at - 1 == 3) return std::nullopt;
  const std::string_view whole = text.substr(0, at);
  if (negative) out.decimal = "-";
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (is_digit(whole[i]))
      out.decimal += whole[i];
    else if ((whole.size() - i) % 4 != 0)  // groups are of three
      return std::nullopt;
  }
  if (whole.empty()) out.decimal += '0';
  if (at != std::string_view::npos && at + 1 < text.size()) out.decimal += "." + std::string(text.substr(at + 1));
  return out;
}

void put_price(ProductItem& item, std::string_view text, catalog::PriceKind kind, std::string_view currency,
               const std::string& column) {
  text = trim(text);
  if (text.empty()) return;
  const auto amount = amount_of(text);
  const auto notice = [&](const std::string& message) { item.notices.push_back({column, "money", message}); };
  if (!amount) return notice("is not an amount such as 19.95; the product was kept without it");
  std::string code = amount->currency.empty() ? std::string(currency) : amount->currency;
  for (char& c : code)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  const auto parsed = Currency::parse(code);
  if (!parsed.ok()) return notice("names no currency such as EUR; the product was kept without it");
  const auto money = parse_money(amount->decimal, *parsed);
  if (!money.ok() || money->minor < 0)
    return notice("has more decimals than " + code + " has, or is below zero; the product was kept without it");
  if (!item.offer) item.offer.emplace();
  auto& prices = item.offer->prices;
  auto at = std::ranges::find(prices, code, &std::pair<std::string, std::vector<catalog::PriceChange>>::first);
  if (at == prices.end()) at = prices.insert(at, {code, {}});
  at->second.push_back({kind, amount->decimal});
}

std::optional<std::int64_t> whole_pieces(std::string_view text) {
  text = trim(text);
  std::size_t dot = text.find('.');
  // "7,0" and "7,00"; "7,000" may be thousands.
  if (dot == std::string_view::npos && text.find(',') != std::string_view::npos && text.size() - text.find(',') <= 3)
    dot = text.find(',');
  if (dot != std::string_view::npos && text.find_first_not_of('0', dot + 1) == std::string_view::npos)
    text = text.substr(0, dot);
  return parse_int(text);
}

void put_stock(ProductItem& item, std::string_view text, const std::string& column) {
  if (trim(text).empty()) return;
  if (const auto pieces = whole_pieces(text)) {
    item.stock = std::max<std::int64_t>(*pieces, 0);
    if (*pieces < 0) item.notices.push_back({column, "range", "is below zero; the stock was set to 0"});
    return;
  }
  // Whether there is any, where nobody counts: "InStock", "Ja", "+", "Unlimited".
  std::string word = lower_ascii(trim(text));
  std::erase_if(word, [](char c) { return c == ' ' || c == '_' || c == '-'; });
  constexpr std::string_view kUncounted[] = {"instock",     "outofstock", "unlimited",  "available",   "unavailable",
                                             "onbackorder", "preorder",   "backorder",  "parent",      "+",
                                             "verfügbar",   "lieferbar",  "opvoorraad", "uitverkocht", "disponible",
                                             "disponibile", "enstock"};
  if (yes_or_no(text) || std::ranges::find(kUncounted, std::string_view(word)) != std::end(kUncounted))
    item.change.attributes.emplace_back(column, std::string(trim(text)));
  else
    item.notices.push_back({column, "type", "is not a whole number of pieces; the stock was left as it is"});
}

void put_ean(ProductItem& item, std::string_view text, const std::string& column) {
  text = trim(text);
  if (text.starts_with('\'')) text.remove_prefix(1);  // keeps spreadsheets from making 4.01E+12 of it
  if (text.empty()) return;
  const auto ean = catalog::parse_ean(text);
  if (ean.ok())
    item.change.ean = *ean;
  else
    item.notices.push_back({column, "ean", ean.error().message + " It was kept as an attribute."});
}

void put_images(ProductItem& item, std::vector<std::string> images, std::string_view cell, const std::string& column) {
  if (images.empty()) return;
  if (std::ranges::all_of(images, [](const std::string& image) { return catalog::check_image(image).ok(); }))
    item.change.images = std::move(images);
  else
    item.change.attributes.emplace_back(column, cell);
}

std::optional<bool> yes_or_no(std::string_view text) {
  const std::string folded = lower_ascii(trim(text));
  for (const char* yes : {"1",   "true",      "yes",  "y",    "ja",    "j",         "oui",  "si",  "enabled", "active",
                          "on",  "published", "waar", "wahr", "vrai",  "verdadero", "vero", "aan", "sí",      "sì",
                          "tak", "ano",       "áno",  "sim",  "kyllä", "igen",      "da",   "да",  "jo",      "evet"})
    if (folded == yes) return true;
  for (const char* no : {"0",   "false", "no",  "n",      "nee",    "nein", "non",   "disabled", "inactive",
                         "off", "draft", "-1",  "onwaar", "falsch", "faux", "falso", "uit",      "nie",
                         "ne",  "não",   "nao", "ei",     "nem",    "нет",  "nej",   "nei",      "hayır"})
    if (folded == no) return false;
  return std::nullopt;
}

std::vector<std::string> list_of(std::string_view cell, char separator) {
  std::vector<std::string> items;
  std::string item;
  const auto take = [&] {
    if (!trim(item).empty()) items.emplace_back(trim(item));
    item.clear();
  };
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] == '\\' && i + 1 < cell.size() && cell[i + 1] == separator)
      item.push_back(cell[++i]);
    else if (cell[i] == separator)
      take();
    else
      item.push_back(cell[i]);
  }
  take();
  return items;
}

json::Members& texts_of(ProductItem& item, const std::string& locale) {
  for (auto& [name, members] : item.change.texts)
    if (name == locale) return members;
  return item.change.texts.emplace_back(locale, json::Members{}).second;
}

std::string category_path(std::string_view text) {
  std::string path;
  for (std::string_view part : split(text, '>')) path += (path.empty() ? "" : "/") + std::string(trim(part));
  return path;
}

std::string slug_of(std::string_view text) {
  std::string out;
  for (const char c : lower_ascii(text)) {
    if (is_digit(c) || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80)
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return out.substr(0, 200);
}

std::optional<std::string> locale_in(std::string_view part) {
  const bool language = part.size() >= 2 && part[0] >= 'a' && part[0] <= 'z' && part[1] >= 'a' && part[1] <= 'z';
  if (!language || (part.size() != 2 && (part.size() < 5 || (part[2] != '_' && part[2] != '-')))) return std::nullopt;
  if (part.size() > 2 && (part[3] < 'A' || part[3] > 'Z')) return std::nullopt;  // a region or a script
  auto locale = catalog::parse_locale(part);
  return locale.ok() ? std::optional(*std::move(locale)) : std::nullopt;
}

}  // namespace pf::exchange
