// The shop's languages: the first is the default, which lends its text where another language has none. Before it lend
// the other locales of a reader's language, in the shop's order: nl-BE, nl-NL, en. A locale may name another that lends
// instead, and that one its own: gsw, de-CH, de-DE, en.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/result.h"
#include "storage/store.h"

namespace pf::catalog {

inline constexpr std::size_t kLanguagesMax = 100;         // every product may hold texts in each
inline constexpr std::string_view kFirstLanguage = "en";  // of a new shop, until the owner chooses

struct Languages {
  std::vector<std::string> locales{std::string(kFirstLanguage)};  // never empty
  bool chosen = false;                                            // false: a new shop, whose first text decides
  std::map<std::string, std::string, std::less<>> fallbacks{};    // locale -> the one that lends to it first
  const std::string& standard() const { return locales.front(); }
  bool has(std::string_view locale) const;

  // Whose text a reader who asked for `wanted` sees: that locale, else the same language, else the default.
  const std::string& for_reading(std::string_view wanted) const;
  // Whose texts he sees where that one has none: what for_reading() gives, and behind it those who lend to it.
  std::vector<std::string> lending(std::string_view wanted) const;
  // Which locale a text sent with `wanted` belongs to: itself, except that a bare language ("nl") means the shop's
  // regional one ("nl-NL") when there is no bare one, and nothing means the default.
  std::string for_writing(std::string_view wanted) const;
  // Adds the locales that texts came in, `first` before the others; true if one was new. The first one of a new shop
  // becomes its default. Invalid when the shop would have more than kLanguagesMax.
  Result<bool> learn(const std::string& first, const std::vector<std::string>& others);
};

Result<Languages> read_languages(const storage::Reader& reader, storage::FamilyRef products);
// Faults: no locale, one that is not well formed, a repeated one, more than kLanguagesMax; a fallback that is none of
// them, or leads back to where it started.
Result<> write_languages(storage::Write& work, storage::FamilyRef products, const Languages& languages);

}  // namespace pf::catalog
