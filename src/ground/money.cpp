#include "productflow/money.h"

#include <algorithm>
#include <array>
#include <limits>

namespace pf {
namespace {

// ISO 4217:2015 minor units that are not 2. https://www.iso.org/iso-4217-currency-codes.html
constexpr std::array<std::string_view, 17> kNoDigits{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                                     "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 7> kThreeDigits{"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr std::array<std::string_view, 2> kFourDigits{"CLF", "UYW"};

std::int64_t power_of_ten(int digits) {
  std::int64_t p = 1;
  while (digits-- > 0) p *= 10;
  return p;
}

Error bad_amount(std::string_view text) {
  return error(ErrorCode::invalid, "\"" + std::string(text.substr(0, 40)) + "\" is not an amount such as 19.95");
}

}  // namespace

Result<Currency> Currency::parse(std::string_view code) {
  const bool capitals = code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!capitals)
    return error(ErrorCode::invalid, "\"" + std::string(code.substr(0, 8)) +
                                         "\" is not a currency code of three capital letters (ISO 4217)");
  Currency currency;
  std::ranges::copy(code, currency.code_);
  return currency;
}

int Currency::digits() const {
  if (std::ranges::find(kNoDigits, code()) != kNoDigits.end()) return 0;
  if (std::ranges::find(kThreeDigits, code()) != kThreeDigits.end()) return 3;
  if (std::ranges::find(kFourDigits, code()) != kFourDigits.end()) return 4;
  return 2;
}

Result<Money> parse_money(std::string_view text, Currency currency) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const std::size_t dot = rest.find('.');
  const std::string_view whole = rest.substr(0, dot);
  std::string_view part = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
  if (whole.empty() || (dot != std::string_view::npos && part.empty())) return bad_amount(text);

  const auto digits = static_cast<std::size_t>(currency.digits());
  while (part.size() > digits && part.ends_with('0')) part.remove_suffix(1);
  if (part.size() > digits)
    return error(ErrorCode::invalid, "\"" + std::string(text.substr(0, 40)) + "\" has more decimals than " +
                                         std::string(currency.code()) + " has (" + std::to_string(digits) + ")");
  std::int64_t minor = 0;
  const auto take = [&](char c) {
    if (c < '0' || c > '9') return false;
    return !__builtin_mul_overflow(minor, std::int64_t{10}, &minor) &&
           !__builtin_add_overflow(minor, std::int64_t{c - '0'}, &minor);
  };
  for (char c : whole)
    if (!take(c)) return bad_amount(text);
  for (char c : part)
    if (!take(c)) return bad_amount(text);
  for (std::size_t i = part.size(); i < digits; ++i)
    if (!take('0')) return bad_amount(text);
  return Money{negative ? -minor : minor, currency};
}

std::string decimal(const Money& money) {
  const int digits = money.currency.digits();
  // Unsigned, so that the smallest number has a magnitude too.
  const auto magnitude =
      money.minor < 0 ? 0 - static_cast<std::uint64_t>(money.minor) : static_cast<std::uint64_t>(money.minor);
  const auto unit = static_cast<std::uint64_t>(power_of_ten(digits));
  std::string out = money.minor < 0 ? "-" : "";
  out += std::to_string(magnitude / unit);
  if (digits > 0) {
    std::string part = std::to_string(magnitude % unit);
    out += '.' + std::string(static_cast<std::size_t>(digits) - part.size(), '0') + part;
  }
  return out;
}

Result<Money> add(const Money& a, const Money& b) {
  if (a.currency != b.currency)
    return error(ErrorCode::invalid, "amounts in " + std::string(a.currency.code()) + " and " +
                                         std::string(b.currency.code()) + " cannot be added");
  Money sum = a;
  if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) return error(ErrorCode::invalid, "the sum is too large");
  return sum;
}

Result<Money> multiply(const Money& a, std::int64_t times) {
  Money product = a;
  if (__builtin_mul_overflow(a.minor, times, &product.minor))
    return error(ErrorCode::invalid, "the amount is too large");
  return product;
}

}  // namespace pf
