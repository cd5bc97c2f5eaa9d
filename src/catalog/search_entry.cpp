#include "catalog/search_entry.h"

#include <algorithm>

#include "catalog/completeness.h"
#include "catalog/measurement.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kTermBytesMax = 96;     // of a folded value; longer ones are told apart by their hash
constexpr std::size_t kListTermsMax = 1'000;  // of one attribute's list that are found; no real choice has more

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t h = 14695981039346656037ull;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return h;
}

std::string bounded(std::string text) {
  if (text.size() <= kTermBytesMax) return text;
  std::string tail;
  put_be64(tail, fnv1a(text));
  text.resize(kTermBytesMax - 16);
  return text + hex(tail);
}

// Digits without leading and trailing zeros, and the power of ten of the first one: 0.00120 -> "12", -3.
struct PlainNumber {
  bool negative = false;
  std::string digits{};
  std::int64_t exponent = 0;
};

std::optional<PlainNumber> plain(std::string_view text) {
  PlainNumber out;
  if (text.size() > 100) return std::nullopt;
  if (!text.empty() && text[0] == '-') {
    out.negative = true;
    text.remove_prefix(1);
  }
  std::int64_t point = 0;
  std::size_t i = 0;
  const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  if (!digit(0)) return std::nullopt;
  for (; digit(i); ++i, ++point) out.digits += text[i];
  if (i < text.size() && text[i] == '.') {
    if (!digit(++i)) return std::nullopt;
    for (; digit(i); ++i) out.digits += text[i];
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    auto power = text.substr(i + 1);
    if (!power.empty() && power[0] == '+') power.remove_prefix(1);
    const auto whole = parse_int(power);
    if (!whole || *whole > 9'999 || *whole < -9'999) return std::nullopt;
    point += *whole;
    i = text.size();
  }
  if (i != text.size()) return std::nullopt;
  const auto first = out.digits.find_first_not_of('0');
  if (first == std::string::npos) return PlainNumber{};
  out.exponent = point - static_cast<std::int64_t>(first);
  out.digits.erase(0, first);
  out.digits.erase(out.digits.find_last_not_of('0') + 1);
  return out;
}

void add_ancestors(search::Entry& entry, const std::string& path) {
  for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1))
    entry.terms.emplace_back("category", path.substr(0, at));
  entry.terms.emplace_back("category", path);
}

// A value that stands alone: what it is called and how it sorts; nothing for objects.
void add_scalar(search::Entry& entry, const std::string& field, const json::Value& value) {
  if (const auto* s = value.as_string(); s != nullptr && !s->empty())
    entry.terms.emplace_back(field, name_term(*s));
  else if (const auto* b = value.as_bool())
    entry.terms.emplace_back(field, name_term(*b ? "true" : "false"));
  else if (const auto* n = value.as_number())
    entry.terms.emplace_back(field, name_term(number_key(n->text) ? canonical_number(n->text) : n->text));
}

// {"amount": 500, "unit": "GRAM"} -> "0.5"; nothing for other objects.
std::optional<std::string> standard_amount(std::string_view value, const Units& units) {
  const auto measured = measured_in(value);
  return measured ? units.in_standard_unit(measured->amount, measured->unit) : std::nullopt;
}
// What a unit of the shop's own stood for when the value was written counts before what may be built in since.
std::optional<std::string> standard_amount(std::string_view value, const Record& record) {
  const auto* amount = find_attribute(record.standards, value);
  return amount != nullptr ? std::optional(*amount) : standard_amount(value, *built_in_units());
}

// Only numbers, and texts that look like one, are put in order: two entries a value would more than double what an
// import of many text attributes writes. `at_locale` tells the column of one locale's value; `by` (a Record or Units)
// what an amount stands for.
template <class By>
void add_attribute(search::Entry& entry, const std::string& name, std::string_view bytes, const std::string& at_locale,
                   const By& by) {
  const std::string field = "a." + name;
  entry.terms.emplace_back("has", field);
  if (bytes.empty()) return;
  if (bytes[0] == '{') {
    // A measurement is found and sorted by its amount in the standard unit.
    const auto standard = standard_amount(bytes, by);
    const auto key = standard ? number_key(*standard) : std::nullopt;
    if (!key) return;
    entry.terms.emplace_back(field, name_term(*standard));
    entry.columns.emplace_back(field + at_locale, kNumberMark + *key);
    return;
  }
  const bool quoted = bytes[0] == '"';
  if (bytes[0] == '[' || (quoted && bytes.find('\\') != std::string_view::npos)) {
    const auto value = json::parse(bytes);
    if (!value.ok()) return;
    if (const auto* items = value->as_array()) {
      for (std::size_t i = 0; i < std::min(items->size(), kListTermsMax); ++i) add_scalar(entry, field, (*items)[i]);
    } else {
      add_scalar(entry, field, *value);
    }
    return;
  }
  const auto text = quoted ? bytes.substr(1, bytes.size() - 2) : bytes;
  if (text.empty()) return;
  const auto key = number_key(text);
  entry.terms.emplace_back(field, key && !quoted ? name_term(canonical_number(text)) : name_term(text));
  if (key) entry.columns.emplace_back(field + at_locale, kNumberMark + *key);
}

}  // namespace

std::string name_term_start(std::string_view text) {
  auto start = bounded(search::folded(text));
  start += '\x01';
  return start;
}

std::string name_term(std::string_view text) {
  auto term = name_term_start(text);
  if (text.size() <= kTermBytesMax && std::string_view(term).substr(0, term.size() - 1) != text) term += text;
  return term;
}

std::string name_of_term(std::string_view term) {
  const auto mark = term.find('\x01');
  if (mark == std::string_view::npos) return std::string(term);
  return std::string(mark + 1 < term.size() ? term.substr(mark + 1) : term.substr(0, mark));
}

// Positive: 0x03, exponent, digits. Negative: 0x01, both complemented, 0xff, so that -12 comes before -1.2 and -1.
std::optional<std::string> number_key(std::string_view text) {
  const auto number = plain(text);
  if (!number) return std::nullopt;
  if (number->digits.empty()) return std::string(1, '\x02');
  std::string magnitude;
  put_be16(magnitude, static_cast<std::uint16_t>(0x8000 + number->exponent));
  magnitude += number->digits;
  if (!number->negative) return '\x03' + magnitude;
  std::string out(1, '\x01');
  for (const char c : magnitude) out += static_cast<char>(~static_cast<unsigned char>(c));
  out += '\xff';
  return out;
}

std::string canonical_number(std::string_view text) {
  const auto number = plain(text);
  if (!number || number->digits.empty()) return "0";
  const auto& digits = number->digits;
  const auto whole = number->exponent;
  std::string out = number->negative ? "-" : "";
  if (whole > 60 || whole < -60)
    return out + digits + "e" + std::to_string(whole - static_cast<std::int64_t>(digits.size()));
  if (whole <= 0) return out + "0." + std::string(static_cast<std::size_t>(-whole), '0') + digits;
  const auto count = static_cast<std::size_t>(whole);
  if (digits.size() <= count) return out + digits + std::string(count - digits.size(), '0');
  return out + digits.substr(0, count) + "." + digits.substr(count);
}

std::string value_key(std::string_view text) {
  if (auto number = number_key(text)) return kNumberMark + *number;
  auto key = kTextMark + search::folded(text);
  if (key.size() > kKeyBytesMax) key.resize(kKeyBytesMax);
  return key;
}

std::string time_key(Time time) {
  std::string key;
  put_be64(key, static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ (1ull << 63));
  return key;
}

std::string money_key(std::int64_t minor) {
  std::string key;
  put_be64(key, static_cast<std::uint64_t>(minor) ^ (1ull << 63));
  return key;
}

search::Entry search_entry(const Record& r) {
  search::Entry e;
  e.terms.reserve(64 + r.attributes.size() * 2, 2'048);
  e.columns.reserve(8 + r.attributes.size(), 512);

  if (r.sku.size() >= kKeyBytesMax) e.terms.emplace_back("sku", r.sku);
  search::add_words(e, {"w.sku"}, r.sku);
  auto sku_key = r.sku;
  if (sku_key.size() > kKeyBytesMax) sku_key.resize(kKeyBytesMax);
  e.columns.emplace_back("sku", std::move(sku_key));
  e.columns.emplace_back("created_at", time_key(r.created));
  e.columns.emplace_back("updated_at", time_key(r.updated));
  e.terms.emplace_back("enabled", r.enabled ? "1" : "0");
  if (!r.ean.empty()) {
    e.terms.emplace_back("ean", r.ean);
    e.terms.emplace_back("has", "ean");
    e.columns.emplace_back("ean", r.ean);
  }
  if (!r.parent.empty()) {
    e.terms.emplace_back("parent", r.parent);
    e.terms.emplace_back("has", "parent");
  }
  for (const auto& [value, ignored] : r.standards)
    if (auto measured = measured_in(value)) e.terms.emplace_back(kUnitField, measured->unit);
  add_shared(e, r);
  add_completeness(e, r.completeness);
  return e;
}

Attributes standards_of(const Units& units, const Record& record) {
  Attributes out;
  if (&units == built_in_units().get()) return out;  // most shops, and each row of an import asks
  const auto look = [&](const Attributes& values) {
    for (const auto& [name, bytes] : values) {
      const auto measured = measured_in(bytes);
      const auto* unit = measured ? units.unit(measured->unit) : nullptr;
      if (unit == nullptr || unit->built_in || find_attribute(out, bytes) != nullptr) continue;
      if (auto amount = units.in_standard_unit(measured->amount, unit->code))
        out.emplace_back(bytes, *std::move(amount));
    }
  };
  look(record.attributes);
  for (const auto& [locale, texts] : record.texts) look(texts.attributes);
  return out;
}

void add_value(search::Entry& entry, const std::string& name, std::string_view json_bytes, const Units& units) {
  add_attribute(entry, name, json_bytes, "", units);
}

void add_shared(search::Entry& e, const Record& r) {
  if (!r.brand.empty()) {
    e.terms.emplace_back("brand", name_term(r.brand));
    e.terms.emplace_back("has", "brand");
    search::add_words(e, {"w.brand"}, r.brand);
    e.columns.emplace_back("brand", value_key(r.brand));
  }
  if (!r.family.empty()) {
    e.terms.emplace_back("family", r.family);
    e.terms.emplace_back("has", "family");
    e.columns.emplace_back("family", value_key(r.family));
  }
  for (const auto& path : r.categories) {
    add_ancestors(e, path);
    const auto is_below = [&](const std::string& other) {
      return other.size() > path.size() && other[path.size()] == '/' && other.starts_with(path);
    };
    if (r.categories.size() > 1 && std::ranges::any_of(r.categories, is_below))
      e.terms.emplace_back(kOwnCategoryField, path);
  }
  if (!r.categories.empty()) e.terms.emplace_back("has", "categories");
  if (!r.images.empty()) e.terms.emplace_back("has", "images");

  for (const auto& [locale, texts] : r.texts) {
    if (!texts.title.empty()) {
      search::add_words(e, {"w.title"}, texts.title);
      e.terms.emplace_back("has", "title");
      e.terms.emplace_back("has", "title@" + locale);
      e.columns.emplace_back("title@" + locale, value_key(texts.title));
    }
    if (!texts.description.empty()) {
      search::add_words(e, {"d"}, texts.description);
      e.terms.emplace_back("has", "description");
      e.terms.emplace_back("has", "description@" + locale);
    }
    for (const auto& [name, bytes] : texts.attributes) add_attribute(e, name, bytes, "@" + locale, r);
  }
  for (const auto& [name, bytes] : r.attributes) add_attribute(e, name, bytes, "", r);
}

}  // namespace pf::catalog
