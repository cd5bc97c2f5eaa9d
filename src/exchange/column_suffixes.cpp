#include "exchange/column_suffixes.h"

#include <algorithm>
#include <set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kNotedMax = 50;  // columns; who has more mistyped them all in the same way

bool may_have_languages(const catalog::Model& model, std::string_view base) {
  const std::string folded = lower_ascii(base);
  if (folded == "title" || folded == "name" || folded == "description") return true;
  const auto* known = model.attribute(base);
  return known != nullptr && (known->said.localisable || known->said.per_channel);
}

}  // namespace

std::vector<FieldFault> unknown_suffixes(const std::vector<std::string>& columns, const catalog::Model& model,
                                         const catalog::Languages& languages) {
  std::vector<FieldFault> out;
  std::set<std::string> told;
  std::string channels;
  for (const auto& [code, ignored] : model.channels) channels += (channels.empty() ? "" : ", ") + code;
  const auto note_language = [&](const std::string& column, const std::string& locale) {
    if (!languages.chosen || languages.has(locale) || !told.insert(locale).second) return;
    out.push_back({column, "language",
                   "brings texts in " + locale +
                       ", which the shop does not have: it becomes one of its languages. If the "
                       "column's name is mistyped, take the import back and mend it"});
  };
  for (const std::string& column : columns) {
    if (out.size() >= kNotedMax) break;
    if (const auto at = column.rfind('@'); at != std::string::npos && at > 0) {
      if (const auto locale = catalog::parse_locale(std::string_view(column).substr(at + 1)); locale.ok())
        note_language(column, *locale);
      continue;
    }
    const auto parts = split(column, '-');
    if (parts.size() < 2 || !may_have_languages(model, parts[0])) continue;
    std::optional<std::string> locale;
    std::vector<std::string_view> others;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (!locale && parts[i].find('_') != std::string_view::npos) {
        locale = locale_in(parts[i]);
        if (locale) continue;
      }
      others.push_back(parts[i]);
    }
    if (locale) note_language(column, *locale);
    for (const auto other : others) {
      if (model.channels.contains(other) || other == "unit" || Currency::parse(other).ok()) continue;
      if (locale && !channels.empty())
        out.push_back({column, "channel",
                       "names no channel in " + std::string(other) + "; there are: " + channels +
                           ". Its values are kept as an attribute of that name"});
    }
  }
  return out;
}

}  // namespace pf::exchange
