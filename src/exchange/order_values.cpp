// What cells of orders hold: whose they are, amounts, dates, countries.
#include <algorithm>
#include <array>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {

void put_field(vault::Buyer& buyer, vault::Field field, std::string_view text) {
  if (!trim(text).empty()) buyer.fields.emplace_back(field, vault::Private(std::string(trim(text))));
}

void put_address(vault::Buyer& buyer, vault::Field field,
                 const std::vector<std::pair<const char*, std::string_view>>& parts) {
  json::Value address{json::Members{}};
  for (const auto& [name, text] : parts)
    if (!trim(text).empty()) address.set(name, trim(text));
  if (!address.as_object()->empty()) buyer.fields.emplace_back(field, vault::Private(json::write(address)));
}

std::optional<Money> money_of(std::string_view text, Currency currency, const char* field,
                              std::vector<FieldFault>& faults) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  if (const auto amount = amount_of(text)) {
    const auto money = parse_money(amount->decimal, currency);
    if (money.ok()) return *money;
  }
  faults.push_back({field, "money", "is not an amount in " + std::string(currency.code()) + " such as 19.95"});
  return std::nullopt;
}

std::optional<Money> rounded_money(std::string decimal, Currency currency) {
  if (const std::size_t dot = decimal.find('.'); dot != std::string::npos) {
    const std::size_t digits = static_cast<std::size_t>(currency.digits());
    if (decimal.size() > dot + 1 + digits) {
      const bool up = decimal[dot + 1 + digits] >= '5';
      decimal.resize(dot + (digits > 0 ? 1 + digits : 0));
      const auto down = parse_money(decimal, currency);
      if (!down.ok()) return std::nullopt;
      return Money{down->minor + (up ? (decimal.starts_with('-') ? -1 : 1) : 0), currency};
    }
  }
  const auto money = parse_money(decimal, currency);
  return money.ok() ? std::optional(*money) : std::nullopt;
}

std::optional<Currency> currency_of(std::string_view text, const char* field, std::vector<FieldFault>& faults) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  const auto currency = Currency::parse(text);
  if (currency.ok()) return *currency;
  faults.push_back({field, "format", "is not a currency code of three capital letters (ISO 4217) such as EUR"});
  return std::nullopt;
}

std::optional<std::int64_t> pieces_of(std::string_view text, const char* field, std::vector<FieldFault>& faults) {
  const auto pieces = parse_int(trim(text));
  if (!pieces) faults.push_back({field, "type", "must be a whole number"});
  return pieces;
}

// By the first three letters, in the languages of the sites that write them.
std::optional<std::int64_t> month_named(std::string_view text) {
  constexpr std::array<std::string_view, 12> kEnglish{"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
  struct Other {
    std::string_view start;
    std::int64_t month;
  };
  static constexpr Other kOthers[] = {{"mrz", 3},
                                      {"m\xc3\xa4", 3},
                                      {"mai", 5},
                                      {"mei", 5},
                                      {"maj", 5},
                                      {"okt", 10},
                                      {"dez", 12},
                                      // French, Spanish, Italian
                                      {"f\xc3\xa9v", 2},
                                      {"avr", 4},
                                      {"juin", 6},
                                      {"juil", 7},
                                      {"ao\xc3\xbb", 8},
                                      {"d\xc3\xa9"
                                       "c",
                                       12},
                                      {"ene", 1},
                                      {"abr", 4},
                                      {"ago", 8},
                                      {"dic", 12},
                                      {"gen", 1},
                                      {"mag", 5},
                                      {"giu", 6},
                                      {"lug", 7},
                                      {"set", 9},
                                      {"ott", 10}};
  const std::string folded = lower_ascii(text);
  for (unsigned i = 0; i < kEnglish.size(); ++i)
    if (folded.starts_with(kEnglish[i])) return static_cast<std::int64_t>(i + 1);
  for (const Other& other : kOthers)
    if (folded.starts_with(other.start)) return other.month;
  return std::nullopt;
}

// In the languages of month_named, long and short; "mar" is a month before it is a French Tuesday.
bool is_weekday(std::string_view text) {
  constexpr std::string_view kDays[] = {
      "mon",       "tue",      "wed",     "thu",      "fri",       "sat",     "sun",      "monday",   "tuesday",
      "wednesday", "thursday", "friday",  "saturday", "sunday",    "montag",  "dienstag", "mittwoch", "donnerstag",
      "freitag",   "samstag",  "sonntag", "mo",       "di",        "mi",      "do",       "fr",       "sa",
      "so",        "maandag",  "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",   "ma",
      "wo",        "vr",       "za",      "zo",       "lundi",     "mardi",   "mercredi", "jeudi",    "vendredi",
      "samedi",    "dimanche", "lunes",   "martes",   "jueves",    "viernes", "domingo"};
  std::string folded = lower_ascii(text);
  if (folded.ends_with('.')) folded.pop_back();
  return std::ranges::find(kDays, folded) != std::end(kDays);
}

// "Nov 20, 2026, 10:05:00 AM", "20-Nov-26", "20 november 2026 9:05" as 2026-11-20 10:05:00.
std::optional<std::string> day_of_named_month(std::string_view text) {
  std::optional<std::int64_t> month, day, year, hour;
  std::string minutes;
  bool afternoon = false, morning = false;
  std::string plain(text);
  for (char& c : plain)
    if (c == ',' || c == '-') c = ' ';
  for (const std::string_view part : split(plain, ' ')) {
    const std::string_view word = trim(part);
    if (word.empty() || is_weekday(word)) continue;
    if (equals_ignoring_case(word, "GMT") || equals_ignoring_case(word, "UTC") || word == "Z") continue;
    if (equals_ignoring_case(word, "de")) continue;  // "20 de noviembre de 2026"
    if (equals_ignoring_case(word, "AM") || equals_ignoring_case(word, "PM")) {
      (word[0] == 'A' || word[0] == 'a' ? morning : afternoon) = true;
    } else if (const std::size_t colon = word.find(':'); colon != std::string_view::npos && !hour) {
      hour = parse_int(word.substr(0, colon));
      minutes = word.substr(colon);
      if (!hour || *hour < 0 || *hour > 23) return std::nullopt;
    } else if (const auto number = parse_int(word.ends_with('.') ? word.substr(0, word.size() - 1) : word)) {
      if (!day && *number >= 1 && *number <= 31)
        day = number;
      else if (!year && *number >= 0 && *number < 3000)
        year = *number < 100 ? 2000 + *number : *number;
      else
        return std::nullopt;
    } else if (const auto named = month_named(word); named && !month) {
      month = named;
    } else {
      return std::nullopt;
    }
  }
  if (!month || !day || !year || *year < 1000) return std::nullopt;
  if (hour && afternoon && *hour < 12) *hour += 12;
  if (hour && morning && *hour == 12) hour = 0;
  const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  std::string out = std::to_string(*year) + "-" + two(*month) + "-" + two(*day);
  if (!hour) return out;
  out += " " + two(*hour) + minutes;
  return std::ranges::count(minutes, ':') == 1 ? out + ":00" : out;
}

// "31-12-2026 14:05", "1.2.2026", "31/12/2026", "12/31/2026" as 2026-12-31 14:05:00. With - and . the day comes first;
// with / it must show by itself, since half of the world writes the month there.
std::optional<std::string> day_first(std::string_view text) {
  const auto two_of = [](std::string_view part) { return (part.size() < 2 ? "0" : "") + std::string(part); };
  // "2026/11/26", "2026.1.5", "20261126": the year tells by itself.
  constexpr std::size_t kCompact = 8;
  if (text.size() == kCompact && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
      (text.starts_with("19") || text.starts_with("20")))
    return std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" + std::string(text.substr(6));
  const std::size_t blank = std::min(text.find_first_of(" T"), text.size());
  const std::string_view date = text.substr(0, blank);
  std::string_view clock = trim(text.substr(blank));
  if (clock.starts_with("- ")) clock = trim(clock.substr(2));  // Mirakl's "26/11/2026 - 10:00:00"
  if (clock.starts_with('T')) clock.remove_prefix(1);
  const std::size_t mark = date.find_first_of("-./");
  if (mark == std::string_view::npos) return std::nullopt;
  const auto parts = split(date, date[mark]);
  if (parts.size() != 3) return std::nullopt;
  const bool year_first = parts[0].size() == 4 && parts[1].size() <= 2 && parts[2].size() <= 2;
  const auto with_clock = [&](std::string out) {
    if (clock.empty()) return out;
    // "10:05:00 PM"
    if (const std::string_view half = clock.substr(clock.size() - std::min<std::size_t>(2, clock.size()));
        equals_ignoring_case(half, "AM") || equals_ignoring_case(half, "PM")) {
      const std::string_view digits = trim(clock.substr(0, clock.size() - 2));
      const std::size_t colon = digits.find(':');
      auto hour = colon == std::string_view::npos ? std::nullopt : parse_int(digits.substr(0, colon));
      if (!hour || *hour < 1 || *hour > 12) return out + " " + std::string(clock);
      hour = *hour % 12 + (equals_ignoring_case(half, "PM") ? 12 : 0);
      out += (*hour < 10 ? " 0" : " ") + std::to_string(*hour) + std::string(digits.substr(colon));
      return std::ranges::count(digits, ':') == 1 ? out + ":00" : out;
    }
    out += (clock.find(':') == 1 ? " 0" : " ") + std::string(clock);
    return std::ranges::count(clock, ':') == 1 ? out + ":00" : out;
  };
  if (year_first && parse_int(parts[0]) && parse_int(parts[1]) && parse_int(parts[2]))
    return with_clock(std::string(parts[0]) + "-" + two_of(parts[1]) + "-" + two_of(parts[2]));
  // With dots nobody writes the year first in two figures.
  const bool short_year = date[mark] == '.' && parts[2].size() == 2;
  if (parts[0].size() > 2 || parts[1].size() > 2 || (parts[2].size() != 4 && !short_year)) return std::nullopt;
  auto day = parse_int(parts[0]), month = parse_int(parts[1]);
  if (!day || !month || !parse_int(parts[2])) return std::nullopt;
  if (date[mark] == '/' && *day <= 12 && *month <= 12 && *day != *month) return std::nullopt;
  if (date[mark] == '/' && *day <= 12 && *month > 12) std::swap(day, month);
  const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return with_clock((short_year ? "20" : "") + std::string(parts[2]) + "-" + two(*month) + "-" + two(*day));
}

std::optional<Time> time_of(std::string_view text, const char* field, std::vector<FieldFault>& faults) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  const auto time = parse_time(text);
  if (time.ok()) return *time;
  auto local = day_first(text);
  if (!local) local = day_of_named_month(text);
  if (local)
    if (const auto read = parse_time(*local); read.ok()) return *read;
  faults.push_back({field, "time",
                    local || text.find('/') == std::string_view::npos
                        ? "is not a time such as 2026-11-24T12:00:00Z"
                        : "may mean the day or the month first; write it such as 2026-11-24"});
  return std::nullopt;
}

Money with_tax(const Money& amount, const std::optional<Money>& tax) {
  const auto sum = tax ? add(amount, *tax) : Result<Money>(amount);
  return sum.ok() ? *sum : amount;
}

Money per_piece(const Money& whole, std::int64_t pieces) {
  const std::int64_t down = whole.minor / pieces;
  return {down + (whole.minor % pieces * 2 >= pieces ? 1 : 0), whole.currency};
}

std::optional<std::int64_t> share_of(std::int64_t whole, std::int64_t part, std::int64_t all) {
  constexpr std::int64_t kSharedMax = 3'000'000'000;  // two of them can still be multiplied
  if (whole < 0 || part < 0 || all <= 0 || part > all || whole > kSharedMax || all > kSharedMax) return std::nullopt;
  return whole * part / all;
}

std::string country_of(std::string_view text) {
  const bool code = text.size() == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
  if (code) return std::string(text);
  // Where small sellers send parcels, by ISO 3166's three letters and as they and their neighbours write it.
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"AT", "|aut|austria|österreich|oostenrijk|autriche|"},
      {"BE", "|bel|belgium|belgië|belgie|belgien|belgique|"},
      {"BG", "|bgr|bulgaria|bulgarije|bulgarien|bulgarie|"},
      {"CA", "|can|canada|kanada|"},
      {"CH", "|che|switzerland|schweiz|zwitserland|suisse|"},
      {"CZ", "|cze|czechia|czech republic|tschechien|tsjechië|"},
      {"DE", "|deu|germany|deutschland|duitsland|allemagne|"},
      {"DK", "|dnk|denmark|danmark|dänemark|denemarken|danemark|"},
      {"EE", "|est|estonia|estland|"},
      {"ES", "|esp|spain|españa|spanien|spanje|espagne|"},
      {"FI", "|fin|finland|finnland|suomi|finlande|"},
      {"FR", "|fra|france|frankreich|frankrijk|"},
      {"GB", "|gbr|united kingdom|great britain|uk|england|verenigd koninkrijk|vereinigtes königreich|royaume-uni|"},
      {"GR", "|grc|greece|griechenland|griekenland|"},
      {"HR", "|hrv|croatia|kroatien|kroatië|"},
      {"HU", "|hun|hungary|ungarn|hongarije|"},
      {"IE", "|irl|ireland|irland|ierland|"},
      {"IT", "|ita|italy|italia|italien|italië|italie|"},
      {"LT", "|ltu|lithuania|litauen|litouwen|"},
      {"LU", "|lux|luxembourg|luxemburg|"},
      {"LV", "|lva|latvia|lettland|letland|"},
      {"NL", "|nld|netherlands|the netherlands|nederland|niederlande|pays-bas|holland|"},
      {"NO", "|nor|norway|norge|norwegen|noorwegen|"},
      {"PL", "|pol|poland|polska|polen|pologne|"},
      {"PT", "|prt|portugal|"},
      {"RO", "|rou|romania|rumänien|roemenië|"},
      {"SE", "|swe|sweden|sverige|schweden|zweden|suède|"},
      {"SI", "|svn|slovenia|slowenien|slovenië|"},
      {"SK", "|svk|slovakia|slowakei|slowakije|"},
      {"US", "|usa|united states|united states of america|vereinigte staaten|verenigde staten|états-unis|"}};
  if (text.size() < 2) return {};
  const std::string wanted = "|" + lower_ascii(text) + "|";
  for (const auto& [country, names] : kNames)
    if (names.find(wanted) != std::string_view::npos) return std::string(country);
  return {};
}

}  // namespace pf::exchange
