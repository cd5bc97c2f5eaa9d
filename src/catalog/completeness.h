// How far a product is for each channel and language of its family, and what is missing: filled required cells of all
// required cells. Kept with the product and written in its unit of work; derived, so it is no change by itself.
//
//   {"percent": 50, "channels": {"web": {"nl-NL": {"percent": 50, "missing": ["description", "color"]}}},
//    "hints": ["twins", "no_image", "short_title@nl-NL"]}
//
// `percent` is the least of all; a shop without channels has one that is called "*". What a variant lacks itself it has
// from those above it (inheritance.h). A product that has variants needs neither what they differ in nor what is unique
// to a piece. Stored on disk as part of the record (record.h): do not rename.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "catalog/languages.h"
#include "catalog/model.h"
#include "catalog/record.h"
#include "search/index.h"

namespace pf::catalog {

// Shorter texts say too little to be found or bought by; a hint, never a refusal.
inline constexpr std::size_t kTitleShortBelow = 15;        // characters
inline constexpr std::size_t kDescriptionShortBelow = 80;  // the same

// Of one product, so that no model makes its record grow beyond measure: further channels and languages are not looked
// at, and of what is missing in one so many are named (the percentage counts all).
inline constexpr std::size_t kCompletenessCellsMax = 300, kMissingNamedMax = 50;

// The JSON above, or nothing when nobody described the family. `line`: the product, its parent, the parent's parent.
std::string completeness_of(const Model& model, const Languages& languages, std::span<const Record* const> line,
                            bool has_variants, bool has_twins = false);
// Of a product with variants that are alike in what they are to differ in.
inline constexpr std::string_view kTwinsHint = "twins";
// The family that counts: the product's own, else that of the nearest above.
const std::string& family_in(std::span<const Record* const> line);

// What the index knows of it: columns completeness, completeness.<channel>, completeness.<channel>@<locale>; terms
// hint.
void add_completeness(search::Entry& entry, std::string_view completeness);

}  // namespace pf::catalog
