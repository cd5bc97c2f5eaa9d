// What is described of the catalogue as Akeneo's files say it: the cells of each thing's row. The importer asks for
// them too, to see which cells of a file its description does not say (catalog::Foreign).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/models.h"
#include "json/json.h"

namespace pf::exchange {

// The last column of our exports, the sign by which they are known: a patch (RFC 7396) of what the other columns make
// of a row, where these cannot say all of it.
inline constexpr std::string_view kOwnFacts = "productflow:json";
// Of categories: their place among their neighbours. Akeneo has them in the order of its file.
inline constexpr std::string_view kPositionColumn = "position";
// Of locales: the one whose texts it takes where it has none. Akeneo's have no such thing.
inline constexpr std::string_view kFallbackColumn = "fallback";
// Of kinds of reference records: what they are told apart by, and hold.
inline constexpr std::string_view kKindAttributes = "attributes:json";
// Of families of units: their units.
inline constexpr std::string_view kFamilyUnits = "units:json";
// Of a family, under what other systems say of it: the rows of its variants, which it has one way of itself.
inline constexpr std::string_view kForeignVariants = "family_variants";
inline constexpr std::size_t kVariantLevels = 3;  // that have a column; Akeneo's files have two

using Cells = std::map<std::string, std::string, std::less<>>;  // column -> cell, the filled ones

// `value` as catalog::described() gives it. Of a family without its variants, of an attribute without its choices.
Cells akeneo_cells(catalog::ModelKind kind, const json::Value& value);
void put_labels(Cells& cells, const json::Value& labels);
// Codes as list_of() reads them.
std::string cell_of_codes(const json::Value& codes);

// What must be said of `from` to make it `to` (RFC 7396); nothing where they are the same.
std::optional<json::Value> patch_between(const json::Value& from, const json::Value& to);
// The patch that does what `patch` does and then `later`.
void compose_patch(json::Value& patch, const json::Value& later);

}  // namespace pf::exchange
