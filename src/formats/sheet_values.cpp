#include "formats/sheet_values.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "formats/code_pages.h"

namespace pf::formats {
namespace {

constexpr int kSheetDigits = 15;  // a double holds 15 decimal digits whatever they are
constexpr std::size_t kShownDigits = 11;
constexpr double kLastDay = 2'958'465;  // 9999-12-31
constexpr std::int64_t kDayMs = 86'400'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "_x000D"
bool begins_as_escaped(std::string_view text) {
  return text.size() >= 6 && text.starts_with("_x") &&
         text.substr(2, 4).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}
// "_x000D_"
bool looks_escaped(std::string_view text) {
  return text.size() == 7 && begins_as_escaped(text) && text[6] == '_';
}
// A control character, which a parser would refuse, or make LF of if it is CR; U+FFFE or U+FFFF.
bool must_be_escaped(std::string_view text) {
  if (text.empty()) return false;
  if (static_cast<unsigned char>(text[0]) < 0x20) return text[0] != '\t' && text[0] != '\n';
  return text.starts_with("\xef\xbf\xbe") || text.starts_with("\xef\xbf\xbf");
}

// A plain decimal that is written as people would: no zeros in front or behind, no sign but -.
bool is_canonical(std::string_view text, std::size_t digits_max) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (whole.empty() || whole.size() + part.size() > digits_max || !std::ranges::all_of(whole, is_digit) ||
      !std::ranges::all_of(part, is_digit))
    return false;
  if (whole.size() > 1 && whole[0] == '0') return false;
  return point == std::string_view::npos || (!part.empty() && part.back() != '0');
}

std::string two_digits(std::int64_t number) {
  std::string out = std::to_string(number);
  return out.size() < 2 ? "0" + out : out;
}
std::string clock_text(std::int64_t ms) {
  std::string out = two_digits(ms / 3'600'000) + ":" + two_digits(ms / 60'000 % 60) + ":" + two_digits(ms / 1000 % 60);
  if (const auto rest = ms % 1000; rest != 0) {
    const std::string digits = std::to_string(1000 + rest);
    out += "." + digits.substr(1);
  }
  return out;
}
// Excel counts a 29th of February 1900, which never was, so the days before have another start.
std::string day_text(std::int64_t day, bool since_1904) {
  using namespace std::chrono;
  const sys_days start = since_1904 ? sys_days{year{1904} / 1 / 1}
                         : day < 60 ? sys_days{year{1899} / 12 / 31}
                                    : sys_days{year{1899} / 12 / 30};
  const year_month_day date{start + days{day}};
  return std::to_string(static_cast<int>(date.year())) + "-" + two_digits(static_cast<unsigned>(date.month())) + "-" +
         two_digits(static_cast<unsigned>(date.day()));
}

}  // namespace

NumberFormat number_format(std::string_view code) {
  using Kind = NumberFormat::Kind;
  bool year = false, month = false, day = false, clock = false, elapsed = false;
  std::size_t zeros = 0, others = 0;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = static_cast<char>(code[i] >= 'A' && code[i] <= 'Z' ? code[i] + 32 : code[i]);
    if (c == '"') {
      i = std::min(code.find('"', i + 1), code.size());
      ++others;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
      ++others;
    } else if (c == '[') {
      const std::size_t end = std::min(code.find(']', i), code.size());
      const char unit = i + 1 < end ? static_cast<char>(code[i + 1] | 0x20) : '\0';
      elapsed |=
          (unit == 'h' || unit == 'm' || unit == 's') && (end == i + 2 || (end == i + 3 && code[i + 2] == code[i + 1]));
      i = end;
      ++others;
    } else if (code.substr(i).starts_with("AM/PM") || code.substr(i).starts_with("am/pm")) {
      i += 4;
      clock = true;
    } else if (c == 'g' && code.substr(i).size() >= 7) {  // General, in any case, with or without a colour before it
      std::string word(code.substr(i, 7));
      for (char& letter : word) letter = static_cast<char>(letter | 0x20);
      if (word == "general") i += 6;
      ++others;
    } else {
      year |= c == 'y';
      month |= c == 'm';
      day |= c == 'd';
      clock |= c == 'h' || c == 's';
      c == '0' ? ++zeros : ++others;
    }
  }
  const bool date = year || day || (month && !clock && !elapsed);
  if (date) return {clock ? Kind::date_time : Kind::date};
  if (elapsed) return {Kind::elapsed};
  if (clock) return {Kind::time};
  if (zeros > 1 && others == 0) return {Kind::digits, zeros};
  return {};
}

NumberFormat built_in_number_format(unsigned id) {
  using Kind = NumberFormat::Kind;
  if (id >= 14 && id <= 17) return {Kind::date};
  if (id >= 18 && id <= 21) return {Kind::time};
  if (id == 22) return {Kind::date_time};
  if (id == 45 || id == 47) return {Kind::time};
  if (id == 46) return {Kind::elapsed};
  if (id >= 32 && id <= 35) return {Kind::time};  // of East Asian Excels, as the next
  if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return {Kind::date};
  return {};
}

std::string sheet_number(std::string_view written) {
  if (is_canonical(written, kSheetDigits)) return written == "-0" ? "0" : std::string(written);
  if (written.starts_with('+')) written.remove_prefix(1);
  double number = 0;
  const auto [end, fault] = std::from_chars(written.data(), written.data() + written.size(), number);
  if (fault != std::errc{} || end != written.data() + written.size() || !std::isfinite(number))
    return std::string(written);
  char shown[40];
  std::snprintf(shown, sizeof shown, "%.*e", kSheetDigits - 1, number);  // d.dddddddddddddde+XX
  const std::string_view all(shown);
  const bool negative = all.starts_with('-');
  const std::size_t e = all.find('e');
  std::string digits;
  for (const char c : all.substr(0, e))
    if (is_digit(c)) digits.push_back(c);
  int exponent = 0;
  const std::string_view power = all.substr(e + (all[e + 1] == '+' ? 2 : 1));
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  if (digits == "0") return "0";
  const auto size = static_cast<int>(digits.size());
  std::string out = negative ? "-" : "";
  if (exponent > 30 || exponent < -30) {  // nothing of a shop; plain it would be a line of zeros
    out += digits.substr(0, 1);
    if (size > 1) out += "." + digits.substr(1);
    return out + "E" + std::to_string(exponent);
  }
  if (exponent < 0) return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  if (exponent + 1 >= size) return out + digits + std::string(static_cast<std::size_t>(exponent + 1 - size), '0');
  const auto point = static_cast<std::size_t>(exponent + 1);
  return out + digits.substr(0, point) + "." + digits.substr(point);
}

std::string sheet_cell(std::string_view written, const NumberFormat& format, bool since_1904) {
  using Kind = NumberFormat::Kind;
  if (format.kind == Kind::number) return sheet_number(written);
  if (format.kind == Kind::digits) {
    std::string out = sheet_number(written);
    if (out.size() < format.digits && std::ranges::all_of(out, is_digit))
      out.insert(0, format.digits - out.size(), '0');
    return out;
  }
  double number = 0;
  const auto [end, fault] = std::from_chars(written.data(), written.data() + written.size(), number);
  if (fault != std::errc{} || end != written.data() + written.size() || !(number >= 0) || number >= kLastDay + 1)
    return sheet_number(written);
  const std::int64_t ms = std::llround(number * static_cast<double>(kDayMs));
  if (format.kind == Kind::elapsed || (ms < kDayMs && format.kind != Kind::date && !since_1904)) return clock_text(ms);
  if (ms / kDayMs == 0 && !since_1904) return sheet_number(written);  // "0 January 1900", a formula over an empty cell
  const bool clock = ms % kDayMs != 0 || format.kind == Kind::date_time;
  return day_text(ms / kDayMs, since_1904) + (clock ? "T" + clock_text(ms % kDayMs) : "");
}

bool is_sheet_number(std::string_view text) {
  return is_canonical(text, kShownDigits) && text != "-0";
}

std::string unescaped_sheet_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const std::string_view here = text.substr(i, 7); looks_escaped(here)) {
      std::uint32_t unit = 0;
      std::from_chars(here.data() + 2, here.data() + 6, unit, 16);
      // Halves of characters beyond U+FFFF are never written so.
      if (unit != 0 && (unit < 0xd800 || unit > 0xdfff)) {
        put_utf8(out, unit);
        i += 6;
        continue;
      }
    }
    out.push_back(text[i]);
  }
  return out;
}

void put_sheet_text(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (must_be_escaped(text.substr(i))) {
      if (c != '\xef') {
        const auto byte = static_cast<unsigned char>(c);
        out.append("_x00").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]).append(1, '_');
        continue;
      }
      out += text[i + 2] == '\xbe' ? "_xFFFE_" : "_xFFFF_";
      i += 2;
    } else if (begins_as_escaped(text.substr(i)) &&
               (text.substr(i + 6).starts_with('_') || must_be_escaped(text.substr(i + 6)))) {
      out += "_x005F_";  // what follows would end it
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace pf::formats
