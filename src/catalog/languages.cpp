#include "catalog/languages.h"

#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/product.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

std::string_view language_of(std::string_view locale) {
  return locale.substr(0, locale.find('-'));
}

}  // namespace

bool Languages::has(std::string_view locale) const {
  return std::find(locales.begin(), locales.end(), locale) != locales.end();
}

const std::string& Languages::for_reading(std::string_view wanted) const {
  auto parsed = wanted.empty() ? Result<std::string>(std::string()) : parse_locale(wanted);
  if (!parsed.ok() || parsed->empty()) return standard();
  for (const auto& locale : locales)
    if (locale == *parsed) return locale;
  for (const auto& locale : locales)
    if (locale == language_of(*parsed)) return locale;
  for (const auto& locale : locales)
    if (language_of(locale) == language_of(*parsed)) return locale;
  return standard();
}

std::vector<std::string> Languages::lending(std::string_view wanted) const {
  std::vector<std::string> out{for_reading(wanted)};
  const auto add = [&](const std::string& locale) {
    if (std::find(out.begin(), out.end(), locale) == out.end()) out.push_back(locale);
  };
  const auto add_chain = [&](std::string_view from) {  // no circle is ever kept
    for (auto at = fallbacks.find(from); at != fallbacks.end(); at = fallbacks.find(at->second)) add(at->second);
  };
  if (fallbacks.contains(out.front()))
    add_chain(std::string(out.front()));
  else
    for (const auto& locale : locales)
      if (language_of(locale) == language_of(out.front())) add(locale);
  add(standard());
  add_chain(standard());
  return out;
}

std::string Languages::for_writing(std::string_view wanted) const {
  auto parsed = wanted.empty() ? Result<std::string>(std::string()) : parse_locale(wanted);
  if (!parsed.ok() || parsed->empty()) return standard();
  if (has(*parsed) || parsed->find('-') != std::string::npos) return *parsed;
  for (const auto& locale : locales)
    if (language_of(locale) == *parsed) return locale;
  return *parsed;
}

Result<bool> Languages::learn(const std::string& first, const std::vector<std::string>& others) {
  std::vector<std::string> all = chosen ? locales : std::vector<std::string>{};
  const std::size_t known = all.size();
  const auto add = [&](const std::string& locale) {
    if (std::find(all.begin(), all.end(), locale) == all.end()) all.push_back(locale);
  };
  if (std::find(others.begin(), others.end(), first) != others.end()) add(first);
  for (const auto& locale : others) add(locale);
  if (all.size() == known) return false;
  if (all.size() > kLanguagesMax)
    return invalid(
        "locale", "too_many",
        "The shop has " + std::to_string(known) + " languages already; " + all.back() + " would be one too many.");
  locales = std::move(all);
  chosen = true;
  return true;
}

// Stored on disk: format byte, then the locales divided by line feeds; of format 2, which is written where a fallback
// is named, "nl-BE>de-DE" for one with its fallback. No locale holds '>'.
constexpr char kWithFallbacks = 2;

Result<Languages> read_languages(const storage::Reader& reader, storage::FamilyRef products) {
  PF_LET(const auto bytes, reader.get(products, keys::languages()));
  Languages out;
  if (!bytes || bytes->size() < 2) return out;
  out.chosen = true;
  out.locales.clear();
  for (const auto line : split(std::string_view(*bytes).substr(1), '\n')) {
    const auto mark = line.find('>');
    out.locales.emplace_back(line.substr(0, mark));
    if (mark != std::string_view::npos) out.fallbacks.emplace(line.substr(0, mark), line.substr(mark + 1));
  }
  return out;
}

Result<> write_languages(storage::Write& work, storage::FamilyRef products, const Languages& languages) {
  const auto& locales = languages.locales;
  if (locales.empty()) return invalid("languages", "required", "A shop has at least one language.");
  if (locales.size() > kLanguagesMax)
    return invalid("languages", "too_many", "A shop has at most " + std::to_string(kLanguagesMax) + " languages.");
  for (const auto& [locale, lender] : languages.fallbacks) {
    for (const auto& one : {locale, lender})
      if (!languages.has(one))
        return invalid("fallbacks." + locale, "unknown", "The shop does not have the language " + one + ".");
    std::string chain = locale;
    std::size_t steps = 0;  // one that leads into a circle of others ends, and they are told
    for (auto at = languages.fallbacks.find(locale);
         at != languages.fallbacks.end() && steps <= languages.fallbacks.size();
         at = languages.fallbacks.find(at->second), ++steps) {
      chain += " > " + at->second;
      if (at->second == locale)
        return invalid("fallbacks." + locale, "circle",
                       "Texts would be looked for in a circle: " + chain + ". Let one of them end it.");
    }
  }
  std::string bytes(1, languages.fallbacks.empty() ? keys::kRecordFormat : kWithFallbacks);
  for (std::size_t i = 0; i < locales.size(); ++i) {
    PF_LET(const auto locale, parse_locale(locales[i]));
    if (locale != locales[i])
      return invalid("languages", "locale", "Write the locale " + locales[i] + " as " + locale + ".");
    if (std::find(locales.begin(), locales.begin() + static_cast<std::ptrdiff_t>(i), locale) !=
        locales.begin() + static_cast<std::ptrdiff_t>(i))
      return invalid("languages", "repeated", "The language " + locale + " is listed twice.");
    if (i > 0) bytes += '\n';
    bytes += locale;
    if (const auto lender = languages.fallbacks.find(locale); lender != languages.fallbacks.end())
      bytes.append(1, '>').append(lender->second);
  }
  work.put(products, keys::languages(), bytes);
  return {};
}

}  // namespace pf::catalog
