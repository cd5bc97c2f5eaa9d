// The fields of a product and its offer that rules may ask for. Only for this room.
#pragma once

#include "catalog/offers.h"
#include "rules/condition.h"

namespace pf::rules {

struct ProductCell {
  enum class Kind { sku, field, unit } kind = Kind::field;
  catalog::FieldName at{};  // its locale: the one that is named, empty for the subject's own
  friend bool operator==(const ProductCell&, const ProductCell&) = default;
};

// All that some rules ask for, each once.
class ProductCells {
 public:
  Result<std::size_t> named(std::string_view field, std::string_view locale);
  const ProductCell& operator[](std::size_t number) const { return all_[number]; }
  bool about_offers() const;

 private:
  std::vector<ProductCell> all_{};
};

// Texts in `locale`, or else in the shop's default language `standard`.
struct ProductSubject final : Subject {
  const ProductCells& cells;
  const catalog::Record& record;
  const catalog::Offer& offer;
  const std::string &locale, &standard;
  const catalog::Units& of_shop;
  ProductSubject(const ProductCells& all, const catalog::Record& product, const catalog::Offer& priced,
                 const std::string& own, const std::string& fallback, const catalog::Units& units_of_shop)
      : cells(all), record(product), offer(priced), locale(own), standard(fallback), of_shop(units_of_shop) {}
  const catalog::Units& units() const override { return of_shop; }
  Result<> values(std::size_t cell, Values& out) const override;
};

// What rules may change: what a product is (SKU, EAN, parent, pictures, links) belongs to people.
bool may_change(const catalog::FieldName& at);

}  // namespace pf::rules
