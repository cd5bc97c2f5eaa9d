#include "catalog/limited.h"

namespace pf::catalog {

Result<> may_become(const access::Limits& limits, const Model& model, const std::vector<std::string>& categories,
                    std::string_view locale, const ProductChange& change) {
  const auto refused = [](const char* field, std::string why) {
    Error out = error(ErrorCode::forbidden, std::move(why));
    out.faults.push_back({field, "limits", out.message});
    return out;
  };
  const auto tongue = [&](std::string_view tag) {
    return refused("locale", "Your account may not write texts in " + std::string(tag) + ".");
  };
  if (!limits.category(categories))
    return refused("categories", "Your account is limited to some categories; the product must be in one.");
  if ((change.title || change.description) && !limits.locale(locale)) return tongue(locale);
  for (const auto& [name, value] : change.attributes) {
    const auto cell = model.cell(name);
    if (cell.attribute != nullptr && cell.attribute->said.localisable && !limits.locale(locale)) return tongue(locale);
  }
  for (const auto& [tag, texts] : change.texts)
    if (!limits.locale(tag)) return tongue(tag);
  return {};
}

FieldFault beyond_limits(std::string field) {
  return {std::move(field), "limits", "Your account is limited and may not change this, so it was left as it is."};
}

}  // namespace pf::catalog
