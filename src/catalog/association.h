// Links from a product to others: what goes with it, replaces it, or makes up a bundle. Each kind of link has a code,
// as an attribute has; a shop may describe one (labels, whether it goes both ways, whether it has quantities), and what
// nobody described is free. A link is kept by the product that says it and is found from the other side by an index, so
// that two sides cannot disagree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/attribute.h"
#include "catalog/record.h"
#include "json/json.h"

namespace pf::catalog {

struct Model;
struct ProductChange;

inline constexpr std::size_t kLinksMax = 1'000;                  // of one kind, from one product
inline constexpr std::size_t kLinkKindsMax = 50;                 // of one product
inline constexpr std::size_t kAssociationTypesMax = 500;         // that a shop describes
inline constexpr std::int64_t kLinkQuantityMax = 2'147'483'647;  // as Akeneo has it
inline constexpr std::size_t kLinksShownMax = 1'000;             // that lead to one product
// Products that name one that is deleted lose that link with it, up to so many; what others still name is not shown.
inline constexpr std::size_t kUnlinkedAtOnce = 500;

// Stored as JSON in the family "model": do not rename a field.
struct AssociationType {
  std::string code{};
  Labels labels{};
  bool two_way = false, quantified = false, parts = false;
  template <class V>
  void fields(V& visit) {
    visit("code", code, "What products name it by: X_SELL.");
    visit("labels", labels, "What people see, by locale.");
    visit("two_way", two_way, "Whether a link counts for both products.");
    visit("quantified", quantified, "Whether a link says how many, as the parts of a bundle do.");
    visit(
        "parts", parts,
        "Whether the linked products make up the whole: a product with such links is a kit, whose stock is that of its "
        "parts.");
  }
};
std::vector<FieldFault> check_association_type(AssociationType& type);
// What a shop has that described none: cross-sell, up-sell, substitution, pack with quantities.
const std::vector<AssociationType>& usual_association_types();

// What such links say: so many of each make one. None for a product that is no kit.
struct Link;
std::vector<Link> kit_parts(const Model& model, const Record& record);

struct Link {
  std::string sku{};
  std::int64_t quantity = 0;  // 0: none was said
  friend bool operator==(const Link&, const Link&) = default;
};

// [{"sku":"A"},{"sku":"B","quantity":2}], as it is stored and answered; empty for none.
std::string links_bytes(const std::vector<Link>& links);
// Of the above, or of a list of SKUs; the first of several to the same product counts. Every fault at once, below
// `field`.
std::vector<Link> links_of(const json::Value& value, const std::string& field, std::vector<FieldFault>& faults);
std::vector<Link> links_of_bytes(std::string_view stored);
// Of all kinds, ascending, each once.
std::vector<std::string> linked_skus(const Record& record);
// The record without its links to these; whether there was one.
bool unlink(Record& record, std::string_view sku);
// What to say of products that are linked to and not there.
std::vector<FieldFault> link_faults(const std::vector<std::string>& missing);
// A quantity where the kind has none.
void check_links(const Model& model, const ProductChange& change, std::vector<FieldFault>& faults);

}  // namespace pf::catalog
