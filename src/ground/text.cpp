#include "productflow/text.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace pf {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode_percent(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(plus_is_blank && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

// Reads exactly `digits` digits from the front.
std::optional<int> take_digits(std::string_view& in, std::size_t digits) {
  if (in.size() < digits) return std::nullopt;
  int value = 0;
  for (char c : in.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  in.remove_prefix(digits);
  return value;
}

bool take(std::string_view& in, char c) {
  if (!in.starts_with(c)) return false;
  in.remove_prefix(1);
  return true;
}

}  // namespace

std::string hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(kHexDigits[byte >> 4]);
    out.push_back(kHexDigits[byte & 15]);
  }
  return out;
}

std::optional<std::string> unhex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

std::string base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 6) {
      held -= 6;
      out.push_back(kBase64Url[(bits >> held) & 63]);
    }
  }
  if (held > 0) out.push_back(kBase64Url[(bits << (6 - held)) & 63]);
  return out;
}

std::optional<std::string> unbase64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (char c : text) {
    const std::size_t value = kBase64Url.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<char>((bits >> held) & 0xff));
    }
  }
  if ((bits & ((1u << held) - 1)) != 0) return std::nullopt;  // one text for one value
  return out;
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && lower_ascii(a) == lower_ascii(b);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<std::int64_t> parse_int(std::string_view digits) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

bool is_plain_ascii(std::string_view text) {
  constexpr std::uint64_t kEach = 0x0101010101010101u, kHigh = 0x80 * kEach;
  const auto plain = [](std::uint64_t eight) {
    const std::uint64_t below_blank = (eight - 0x20 * kEach) & ~eight, deleted = eight + kEach;  // 7f + 1 is high
    return ((eight | below_blank | deleted) & kHigh) == 0;
  };
  std::uint64_t eight = 0;
  std::size_t i = 0;
  for (; i + sizeof eight <= text.size(); i += sizeof eight) {
    std::memcpy(&eight, text.data() + i, sizeof eight);
    if (!plain(eight)) return false;
  }
  for (; i < text.size(); ++i)
    if (const auto byte = static_cast<unsigned char>(text[i]); byte < 0x20 || byte > 0x7e) return false;
  return true;
}

std::optional<std::size_t> first_bad_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    // Most text is ASCII: eight bytes at once.
    std::uint64_t eight = 0;
    while (i + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080u) != 0) break;
      i += sizeof eight;
    }
    if (i == text.size()) break;
    const unsigned char lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    // RFC 3629 section 4: the second byte's range depends on the first, the others are 80..BF.
    std::size_t length = 0;
    unsigned char low = 0x80, high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf)
      length = 2;
    else if (lead >= 0xe0 && lead <= 0xef)
      length = 3;
    else if (lead >= 0xf0 && lead <= 0xf4)
      length = 4;
    else
      return i;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
    if (i + length > text.size()) return i;
    if (byte(i + 1) < low || byte(i + 1) > high) return i;
    for (std::size_t k = 2; k < length; ++k)
      if (byte(i + k) < 0x80 || byte(i + k) > 0xbf) return i;
    i += length;
  }
  return std::nullopt;
}

std::optional<std::string> percent_decode(std::string_view text) {
  return decode_percent(text, false);
}
std::optional<std::string> form_decode(std::string_view text) {
  return decode_percent(text, true);
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back("0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4]);
      out.push_back("0123456789ABCDEF"[static_cast<unsigned char>(c) & 15]);
    }
  }
  return out;
}

std::string rfc3339(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 48> out{};
  const int written = std::snprintf(
      out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  std::string text(out.data(), static_cast<std::size_t>(written));
  if (const auto ms = clock.subseconds().count(); ms != 0) {
    std::string digits = std::to_string(ms);
    text += '.' + std::string(3 - digits.size(), '0') + digits;
  }
  return text + 'Z';
}

Result<Time> parse_time(std::string_view text) {
  const Error bad = error(ErrorCode::invalid,
                          "\"" + std::string(text.substr(0, 40)) + "\" is not a time such as 2026-11-24T12:00:00Z");
  std::string_view in = text;
  const auto year = take_digits(in, 4);
  if (!year || !take(in, '-')) return bad;
  const auto month = take_digits(in, 2);
  if (!month || !take(in, '-')) return bad;
  const auto day = take_digits(in, 2);
  if (!day) return bad;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return bad;
  Time time = std::chrono::sys_days{date};
  if (in.empty()) return time;

  if (!take(in, 'T') && !take(in, 't') && !take(in, ' ')) return bad;
  const auto hour = take_digits(in, 2);
  if (!hour || !take(in, ':')) return bad;
  const auto minute = take_digits(in, 2);
  if (!minute) return bad;
  std::optional<int> second = 0;
  if (take(in, ':')) second = take_digits(in, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return bad;  // 60: a leap second (RFC 3339 section 5.6)
  time += std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
  if (take(in, '.')) {
    int scale = 100, ms = 0, digits = 0;
    for (; !in.empty() && in.front() >= '0' && in.front() <= '9'; in.remove_prefix(1), ++digits, scale /= 10)
      ms += (in.front() - '0') * scale;
    if (digits == 0) return bad;
    time += milliseconds{ms};
  }
  take(in, ' ');  // "2026-05-14 11:23:45 +0100", as shops write it
  if (in.empty() || in == "Z" || in == "z" || in == "UTC") return time;
  const bool ahead = in.front() == '+';
  if (!ahead && in.front() != '-') return bad;
  in.remove_prefix(1);
  const auto offset_hours = take_digits(in, 2);
  if (!offset_hours) return bad;
  take(in, ':');
  const auto offset_minutes = take_digits(in, 2);
  if (!offset_minutes || !in.empty() || *offset_hours > 23 || *offset_minutes > 59) return bad;
  const auto offset = std::chrono::hours{*offset_hours} + std::chrono::minutes{*offset_minutes};
  return ahead ? time - offset : time + offset;
}

}  // namespace pf
