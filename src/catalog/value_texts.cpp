#include "catalog/value_texts.h"

#include <algorithm>
#include <chrono>

#include "catalog/measurement.h"
#include "catalog/product.h"
#include "catalog/search_entry.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::string> day_of(std::string_view year, std::string_view month, std::string_view day) {
  if (year.size() != 4 || month.size() > 2 || day.size() > 2 || !all_digits(year) || !all_digits(month) ||
      !all_digits(day))
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*parse_int(year))),
                                         std::chrono::month(static_cast<unsigned>(*parse_int(month))),
                                         std::chrono::day(static_cast<unsigned>(*parse_int(day)))};
  if (!date.ok()) return std::nullopt;
  const auto two = [](std::string_view part) { return (part.size() == 1 ? "0" : "") + std::string(part); };
  return std::string(year) + '-' + two(month) + '-' + two(day);
}

}  // namespace

std::optional<std::string> iso_date(std::string_view text) {
  text = trim(text);
  if (const auto time = text.find_first_of("T "); time != std::string_view::npos) {
    if (!parse_time(text).ok()) return std::nullopt;
    text = text.substr(0, time);
  }
  for (const char divider : {'-', '.', '/'}) {
    const auto parts = split(text, divider);
    if (parts.size() != 3) continue;
    if (parts[0].size() == 4) return day_of(parts[0], parts[1], parts[2]);
    // With '/' some write the month first; only where that cannot be meant is it clear.
    if (divider == '/' && parse_int(parts[0]).value_or(0) <= 12 && parts[0] != parts[1]) return std::nullopt;
    return day_of(parts[2], parts[1], parts[0]);
  }
  return std::nullopt;
}

std::optional<std::string> plain_number(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > kNumberBytesMax) return std::nullopt;
  std::string out(text);
  if (const auto comma = out.find(','); comma != std::string::npos) {
    if (out.find(',', comma + 1) != std::string::npos || out.find('.') != std::string::npos ||
        out.size() - comma - 1 == 3)
      return std::nullopt;
    out[comma] = '.';
  }
  if (!number_key(out)) return std::nullopt;
  out = canonical_number(out);
  if (out.find('e') != std::string::npos) return std::nullopt;
  return out;
}

std::optional<std::string> isbn13(std::string_view text) {
  std::string digits;
  for (const char c : trim(text))
    if (c != '-' && c != ' ') digits += c;
  if (digits.size() == 10) {
    int sum = 0;
    for (std::size_t i = 0; i < 10; ++i) {
      const bool ten = i == 9 && (digits[i] == 'X' || digits[i] == 'x');
      if (!ten && (digits[i] < '0' || digits[i] > '9')) return std::nullopt;
      sum += (ten ? 10 : digits[i] - '0') * static_cast<int>(10 - i);
    }
    if (sum % 11 != 0) return std::nullopt;
    digits = "978" + digits.substr(0, 9);
    int check = 0;
    for (std::size_t i = 0; i < 12; ++i) check += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return digits + static_cast<char>('0' + (10 - check % 10) % 10);
  }
  if (digits.size() != 13 || (!digits.starts_with("978") && !digits.starts_with("979"))) return std::nullopt;
  const auto ean = parse_ean(digits);
  return ean.ok() ? std::optional(*ean) : std::nullopt;
}

std::pair<std::string_view, std::string_view> amount_and_unit(std::string_view text, const UnitFamily& family) {
  text = trim(text);
  const auto split_at = [&](std::size_t end) { return std::pair(trim(text.substr(0, end)), trim(text.substr(end))); };
  // A unit may have a digit in its own name, and so may a number have a letter (1e3).
  const auto last = text.find_last_of("0123456789");
  if (last == std::string_view::npos) return {text, {}};
  const auto behind = split_at(last + 1);
  if (behind.second.empty() || family.unit(behind.second) == nullptr)
    for (std::size_t i = text.find_first_of("0123456789"); i < text.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      const bool letter = byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
      if (!letter) continue;
      if (const auto parts = split_at(i); family.unit(parts.second) != nullptr) return parts;
      break;
    }
  return behind;
}

std::optional<std::string> measured(const Attribute& attribute, const Units& units, std::string_view text) {
  const auto* family = units.family(attribute.unit_family);
  if (family == nullptr) return std::nullopt;
  const auto [amount_said, unit_said] = amount_and_unit(text, *family);
  const auto amount = plain_number(amount_said);
  const auto* unit = family->unit(unit_said.empty() ? std::string_view(attribute.unit) : unit_said);
  if (!amount || unit == nullptr) return std::nullopt;
  return units.in_standard_unit(*amount, unit->code);
}

}  // namespace pf::catalog
