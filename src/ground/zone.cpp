#include "productflow/zone.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf {
namespace {

constexpr std::string_view kZoneFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kZoneNameBytesMax = 60, kZoneFileBytesMax = 256u << 10, kTzifHead = 44;
constexpr std::int64_t kDaySeconds = 86'400;

// Words of letters, digits, _, + and - with a slash between; so no path leads out of the folder.
bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > kZoneNameBytesMax) return false;
  for (const std::string_view part : split(name, '/'))
    if (part.empty() || !std::ranges::all_of(part, [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
                 c == '-';
        }))
      return false;
  return true;
}

// One piece after the other of a text in POSIX's form.
struct RuleReader {
  std::string_view rest;
  bool take(char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool name() {
    const std::size_t end = rest.starts_with('<') ? rest.find('>') + 1 : rest.find_first_of("0123456789+-,");
    if (end == 0 || rest.empty()) return false;
    rest.remove_prefix(std::min(end, rest.size()));
    return true;
  }
  std::optional<int> number() {
    std::size_t end = 0;
    int out = 0;
    for (; end < rest.size() && end < 4 && rest[end] >= '0' && rest[end] <= '9'; ++end)
      out = out * 10 + (rest[end] - '0');
    rest.remove_prefix(end);
    return end == 0 ? std::nullopt : std::optional(out);
  }
  // [+-]hh[:mm[:ss]]
  std::optional<std::int64_t> seconds() {
    const bool minus = take('-');
    if (!minus) take('+');
    std::int64_t out = 0;
    for (const std::int64_t unit : {3600, 60, 1}) {
      if (unit != 3600 && !take(':')) break;
      const auto part = number();
      if (!part) return std::nullopt;
      out += *part * unit;
    }
    return minus ? -out : out;
  }
};

}  // namespace

// Seconds since 1970 as if local time were UTC.
std::int64_t Zone::Day::local(int year) const {
  using namespace std::chrono;
  const auto first = sys_days{std::chrono::year{year} / January / 1};
  sys_days day_of_year = first;
  if (kind == Kind::weekday) {
    const auto of_month = std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month)};
    const std::chrono::weekday wanted{static_cast<unsigned>(day)};
    day_of_year =
        week == 5 ? sys_days{of_month / wanted[last]} : sys_days{of_month / wanted[static_cast<unsigned>(week)]};
  } else {
    const bool leap_day_counts = kind == Kind::day || !std::chrono::year{year}.is_leap() || day < 60;
    day_of_year = first + days{kind == Kind::julian ? day - (leap_day_counts ? 1 : 0) : day};
  }
  return std::int64_t{day_of_year.time_since_epoch().count()} * kDaySeconds + seconds;
}

bool Zone::read_rule(std::string_view text) {
  RuleReader in{text};
  if (!in.name()) return false;
  const auto standard = in.seconds();
  if (!standard) return false;
  standard_offset_ = -*standard;  // POSIX counts westwards
  summer_offset_ = standard_offset_ + 3600;
  ruled_ = true;
  if (in.rest.empty()) return true;
  if (!in.name()) return false;
  if (!in.rest.empty() && !in.rest.starts_with(',')) {
    const auto own = in.seconds();
    if (!own) return false;
    summer_offset_ = -*own;
  }
  for (Day* day : {&begins_, &ends_}) {
    if (!in.take(',')) return false;
    if (in.take('M')) {
      // An optional that is none is -1, which no part can be.
      const int month = in.number().value_or(-1);
      const int week = in.take('.') ? in.number().value_or(-1) : -1;
      const int weekday = in.take('.') ? in.number().value_or(-1) : -1;
      if (month < 1 || month > 12 || week < 1 || week > 5 || weekday < 0 || weekday > 6) return false;
      *day = {Day::Kind::weekday, month, week, weekday};
    } else {
      const bool julian = in.take('J');
      const auto number = in.number();
      if (!number || *number > 366 || (julian && *number < 1)) return false;
      *day = {julian ? Day::Kind::julian : Day::Kind::day, 0, 0, *number};
    }
    if (in.take('/')) {
      const auto time = in.seconds();
      if (!time) return false;
      day->seconds = *time;
    }
  }
  summer_ = in.rest.empty();
  return summer_;
}

Result<Zone> Zone::read(std::string_view tzif) {
  const Error damaged = invalid("time_zone", "format", "The machine's file of this time zone cannot be read.");
  struct Counts {
    std::size_t utc, standard, leaps, times, types, letters;
    std::size_t bytes(std::size_t time) const {
      return times * (time + 1) + types * 6 + letters + leaps * (time + 4) + standard + utc;
    }
  };
  const auto counts = [&](std::size_t at) -> std::optional<Counts> {
    if (tzif.size() < at + kTzifHead || tzif.substr(at, 4) != "TZif" || tzif[at + 4] < '2') return std::nullopt;
    const auto number = [&](std::size_t i) { return std::size_t{get_be32(tzif.substr(at + 20 + 4 * i, 4))}; };
    Counts out{number(0), number(1), number(2), number(3), number(4), number(5)};
    for (const std::size_t one : {out.utc, out.standard, out.leaps, out.times, out.types, out.letters})
      if (one > kZoneFileBytesMax) return std::nullopt;
    return out;
  };
  const auto old = counts(0);  // with times of 32 bits, which are skipped
  if (!old) return damaged;
  const std::size_t second = kTzifHead + old->bytes(4);
  const auto now = counts(second);
  if (!now || now->types == 0) return damaged;
  const std::size_t times = second + kTzifHead, kinds = times + now->times * 8, types = kinds + now->times;
  const std::size_t footer = times + now->bytes(8);
  if (tzif.size() < footer + 2 || tzif[footer] != '\n') return damaged;
  const auto offset_of = [&](std::size_t type) {
    return std::int64_t{static_cast<std::int32_t>(get_be32(tzif.substr(types + 6 * type, 4)))};
  };
  Zone out;
  out.first_ = offset_of(0);
  for (std::size_t i = 0; i < now->times; ++i) {
    const auto type = static_cast<unsigned char>(tzif[kinds + i]);
    if (type >= now->types) return damaged;
    out.changes_.push_back({static_cast<std::int64_t>(get_be64(tzif.substr(times + 8 * i, 8))), offset_of(type)});
  }
  const std::size_t end = tzif.find('\n', footer + 1);
  if (end == std::string_view::npos) return damaged;
  const std::string_view rule = tzif.substr(footer + 1, end - footer - 1);
  if (!rule.empty() && !out.read_rule(rule)) return damaged;
  return out;
}

Result<Zone> Zone::load(std::string_view name) {
  if (name == "UTC") {
    Zone utc;
    utc.ruled_ = true;
    return utc;
  }
  const Error unknown = invalid("time_zone", "unknown",
                                "The machine does not know the time zone " + std::string(name.substr(0, 60)) +
                                    ". Take one such as Europe/Amsterdam; if that is missing too, install tzdata.");
  if (!is_zone_name(name)) return unknown;
  std::ifstream in(std::string(kZoneFolder) + std::string(name), std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.good() && !in.eof()) return unknown;
  if (bytes.empty() || bytes.size() > kZoneFileBytesMax) return unknown;
  return read(bytes);
}

std::int64_t Zone::offset(std::int64_t at) const {
  if (!changes_.empty() && (at < changes_.back().at || !ruled_)) {
    const auto after = std::ranges::upper_bound(changes_, at, {}, &Change::at);
    return after == changes_.begin() ? first_ : std::prev(after)->offset;
  }
  if (!ruled_) return first_;
  if (!summer_) return standard_offset_;
  const auto local_day =
      std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds{std::chrono::seconds{at + standard_offset_}});
  const int year = int{std::chrono::year_month_day{local_day}.year()};
  const std::int64_t begins = begins_.local(year) - standard_offset_, ends = ends_.local(year) - summer_offset_;
  const bool summer = begins < ends ? at >= begins && at < ends : at >= begins || at < ends;
  return summer ? summer_offset_ : standard_offset_;
}

LocalSeconds Zone::local(Time moment) const {
  const std::int64_t at = std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
  return LocalSeconds{std::chrono::seconds{at + offset(at)}};
}

Time Zone::moment(LocalSeconds local) const {
  const std::int64_t shown = local.time_since_epoch().count();
  // What holds a day before and a day after: no zone sets its clocks twice in between.
  const std::int64_t before = offset(shown - kDaySeconds), after = offset(shown + kDaySeconds);
  const bool by_before = offset(shown - before) == before, by_after = offset(shown - after) == after;
  const std::int64_t taken = by_before && by_after ? std::max(before, after) : by_after ? after : before;
  return Time{std::chrono::seconds{shown - taken}};
}

}  // namespace pf
