#include "rules/product_cells.h"

#include <algorithm>

#include "catalog/record.h"

namespace pf::rules {
namespace {

using catalog::Field;

// What a JSON value is to a formula: its texts. Of a measurement the amount.
void texts_of(const json::Value& value, Values& out) {
  if (const auto* text = value.as_string())
    out.push_back(*text);
  else if (const auto* number = value.as_number())
    out.push_back(number->text);
  else if (const auto* flag = value.as_bool())
    out.emplace_back(*flag ? "yes" : "no");
  else if (const auto* list = value.as_array())
    for (const auto& one : *list) texts_of(one, out);
  else if (const auto* amount = value.find("amount"))
    texts_of(*amount, out);
}

void texts_of_bytes(std::string_view bytes, Values& out) {
  if (bytes.empty()) return;
  // Most values are a plain text.
  if (bytes.size() >= 2 && bytes.front() == '"' && bytes.find('\\') == std::string_view::npos) {
    if (bytes.size() > 2) out.emplace_back(bytes.substr(1, bytes.size() - 2));
    return;
  }
  if (const auto value = json::parse(bytes); value.ok()) texts_of(*value, out);
  std::erase(out, std::string());
}

void plain(const std::string& text, Values& out) {
  if (!text.empty()) out.push_back(text);
}

}  // namespace

Result<std::size_t> ProductCells::named(std::string_view field, std::string_view locale) {
  ProductCell cell;
  if (!locale.empty()) {
    PF_LET(cell.at.locale, catalog::parse_locale(locale));
  }
  if (field == "sku") {
    cell.kind = ProductCell::Kind::sku;
  } else if (field.starts_with("unit.") && field.size() > 5) {
    cell.kind = ProductCell::Kind::unit;
    cell.at.field = Field::attribute;
    cell.at.name = field.substr(5);
  } else {
    auto named = catalog::field_named(field, cell.at.locale);
    // A title has a language; where none is named it is the rule's.
    if (!named && cell.at.locale.empty()) {
      named = catalog::field_named(field, "en");
      if (named) named->locale.clear();
    }
    if (!named || named->field == Field::association ||
        (named->field == Field::price && !catalog::names_price(named->name)))
      return invalid("field", "unknown",
                     "is no field of a product: sku, title, description, brand, ean, family, parent, categories, "
                     "images, enabled, attributes.NAME, unit.NAME (of a measurement), prices.EUR.sell_price, "
                     "offer.title or offer.proposition; only texts and attributes have languages");
    cell.at = *std::move(named);
  }
  const auto known = std::ranges::find(all_, cell);
  if (known != all_.end()) return static_cast<std::size_t>(known - all_.begin());
  all_.push_back(std::move(cell));
  return all_.size() - 1;
}

bool ProductCells::about_offers() const {
  return std::ranges::any_of(all_, [](const ProductCell& cell) { return catalog::is_of_offer(cell.at.field); });
}

Result<> ProductSubject::values(std::size_t number, Values& out) const {
  const ProductCell& cell = cells[number];
  if (cell.kind == ProductCell::Kind::sku) {
    out.push_back(record.sku);
    return {};
  }
  const catalog::FieldName& at = cell.at;
  const auto texts_in = [&](const std::string& of) { return record.texts_of(of); };
  // Whose texts are asked, in turn; one that is named alone counts.
  const std::string* const languages[] = {at.locale.empty() ? &locale : &at.locale,
                                          at.locale.empty() ? &standard : nullptr};
  switch (at.field) {
    case Field::title:
    case Field::description:
      for (const auto* of : languages) {
        const auto* texts = of != nullptr ? texts_in(*of) : nullptr;
        if (texts == nullptr) continue;
        plain(at.field == Field::title ? texts->title : texts->description, out);
        if (!out.empty()) break;
      }
      return {};
    case Field::attribute: {
      const std::string* bytes = at.locale.empty() ? catalog::find_attribute(record.attributes, at.name) : nullptr;
      for (const auto* of : languages) {
        const auto* texts = bytes == nullptr && of != nullptr ? texts_in(*of) : nullptr;
        if (texts != nullptr) bytes = catalog::find_attribute(texts->attributes, at.name);
      }
      if (bytes == nullptr) return {};
      if (cell.kind != ProductCell::Kind::unit) {
        texts_of_bytes(*bytes, out);
      } else if (const auto value = json::parse(*bytes); value.ok() && value->find("unit") != nullptr) {
        texts_of(*value->find("unit"), out);
      }
      return {};
    }
    case Field::brand:
      plain(record.brand, out);
      return {};
    case Field::ean:
      plain(record.ean, out);
      return {};
    case Field::family:
      plain(record.family, out);
      return {};
    case Field::parent:
      plain(record.parent, out);
      return {};
    case Field::categories:
      out = record.categories;
      return {};
    case Field::images:
      out = record.images;
      return {};
    case Field::enabled:
      out.emplace_back(record.enabled ? "yes" : "no");
      return {};
    case Field::association:
      return {};
    case Field::price:
    case Field::offer_title:
    case Field::offer_proposition:
      texts_of_bytes(catalog::offer_field(offer, at), out);
      return {};
  }
  return {};
}

bool may_change(const catalog::FieldName& at) {
  return at.field != Field::ean && at.field != Field::parent && at.field != Field::images &&
         at.field != Field::association;
}

}  // namespace pf::rules
