#include "vault/mask.h"

#include <algorithm>
#include <map>

#include "productflow/text.h"

namespace pf::vault {
namespace {

// "Jan de Vries" -> "J*** d*** V***". A word of one sign is hidden whole: a house number would be told otherwise.
std::string masked_text(std::string_view text) {
  std::string out;
  for (std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    std::size_t first = 1;
    while (first < word.size() && (static_cast<unsigned char>(word[first]) & 0xc0) == 0x80) ++first;
    if (!out.empty()) out.push_back(' ');
    if (first < word.size()) out.append(word.substr(0, first));
    out.append("***");
  }
  return out;
}

json::Value masked_address(std::string_view text) {
  const auto address = json::parse(text);
  json::Value out{json::Members{}};
  if (!address.ok() || address->as_object() == nullptr) return out;
  for (const auto& [name, value] : *address->as_object()) {
    const std::string* part = value.as_string();
    if (part == nullptr) continue;
    const bool country = name == "country_code" && part->size() == 2;
    out.set(name, country ? *part : masked_text(*part));
  }
  return out;
}

}  // namespace

json::Value masked_field(Field field, std::string_view text) {
  switch (field) {
    case Field::shipping:
    case Field::billing:
      return masked_address(text);
    case Field::email:
      return masked_text(text.substr(0, text.find('@'))) + "@***";
    case Field::phone: {
      const std::string_view end = text.size() < 6 ? "" : text.substr(text.size() - 2);
      const bool whole = std::ranges::all_of(end, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      return "***" + std::string(whole ? end : "");  // digits of other scripts are several bytes each
    }
    case Field::message:
    case Field::extra:
      return "***";
  }
  return "***";
}

json::Value masked(const Buyer& buyer) {
  std::map<Field, const Private*> fields;
  for (const auto& [field, text] : buyer.fields) fields[field] = &text;
  json::Value out{json::Members{}};
  for (const auto& [field, text] : fields) out.set(field_name(field), masked_field(field, text->in_the_clear()));
  return out;
}

}  // namespace pf::vault
