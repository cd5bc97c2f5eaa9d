// How a plain table names what a product is: our own export's names, and what sellers call the same in the languages
// of our channels. A name that means nothing here is an attribute.
//
// Our own names, which the export writes and nothing else needs to be guessed for:
//   sku, parent, family, brand, ean, enabled, categories, images
//   title@nl-NL, description@nl-NL     text of a locale; without one, of the shop's first
//   color, color@nl-NL                 attribute; attributes.name when the name is a field's, attributes."a@b" as JSON
//                                      when it holds what a column's name cannot
//   color:json                         cells are JSON values: numbers, lists, texts with blanks at their ends
//   sell_price.EUR, ...                the kinds of catalog::PriceKind
//   offer_title, proposition           of the offer
//   associations.X_SELL                SKUs that the product is linked to, a list; with :json a list of links with
//                                      quantities (catalog/association.h)
//   attributes:json, texts:json        whatever has no column of its own; always the last two of an export, and the
//                                      sign by which it is known
// In our export a cell that a spreadsheet would run as a formula begins with ' (formats::write_csv_row); the importer
// takes it off again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/offers.h"
#include "exchange/party.h"

namespace pf::exchange {

struct ProductColumn {
  enum class Kind {
    attribute,
    sku,
    title,
    description,
    brand,
    ean,
    family,
    parent,
    categories,
    images,
    more_images,  // behind those of `images`
    enabled,
    price,
    stock,
    offer_title,
    proposition,
    association,
    left,  // of a person, of whom products hold nothing
    all_attributes,
    all_texts
  } kind = Kind::attribute;
  std::string name{}, locale{};  // of an attribute or a text; the kind of an association
  bool json = false;
  catalog::PriceKind price{};
  std::string currency{};  // empty: the shop's
};

// In the header's order.
std::vector<ProductColumn> product_columns(const Header& header);
bool is_own_export(const Header& header);

// The name of such a column in our own table.
std::string column_name(const ProductColumn& column);
// The column's name for an attribute in our export.
std::string association_column(std::string_view kind, bool json);
std::string attribute_column(std::string_view name, std::string_view locale, bool json);
std::string price_column(catalog::PriceKind kind, std::string_view currency);

}  // namespace pf::exchange
