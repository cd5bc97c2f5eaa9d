// What a product contributes to the search index, and how a question names the same things. The names of fields and
// columns and the bytes of terms and sort keys are stored on disk: do not change them without rebuilding the index.
//
// Fields of terms
//   w.title, w.sku, w.brand   words, titles in every locale        d          words of description in every locale
//   ean, family, parent       exact                                has        names of what is filled in
//   sku       only where the column of that name holds a part      category   each path and its ancestors
//   enabled   "1" or "0"      brand, a.<attribute>                 name_term(): found without case and accents
//   category.own  of a product that is in a category and in one below it: the upper one, which the others say of all
//             that are below
//   unit      codes of the shop's own units that its values are in
//   inherited "category": of a variant that has none of its own (inherited_entry.h, which says what variants add)
// Columns: sku, title@<locale>, brand, family, ean, created_at, updated_at, a.<attribute>, a.<attribute>@<locale>,
// price.<currency> (offers.h), completeness and its parts, as are the terms `hint` (completeness.h)
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/measurement.h"
#include "catalog/record.h"
#include "search/index.h"

namespace pf::catalog {

inline constexpr std::size_t kKeyBytesMax = 120;  // of a sort key: the index keeps 128
// What an import writes is mostly this, so nothing stands in it twice: words are not gathered for questions to all
// fields (kWordFields), and a SKU is found by its column. Indexes from before hold that too (the fields `q` and `sku`),
// and nobody asks for it.
search::Entry search_entry(const Record& record);
// What words of a question are looked for in.
inline constexpr std::array<std::string_view, 5> kWordFields{"w.title", "w.sku", "w.brand", "ean", "d"};
// The part of it that variants inherit: brand, family, categories, images, texts, attributes.
void add_shared(search::Entry& entry, const Record& record);

// What Record::standards is to hold by the units of the shop, each value once.
Attributes standards_of(const Units& units, const Record& record);
// What one value of the attribute `name` adds, whatever its language, by the units of the shop.
void add_value(search::Entry& entry, const std::string& name, std::string_view json_bytes, const Units& units);
inline constexpr std::string_view kUnitField = "unit";
inline constexpr std::string_view kOwnCategoryField = "category.own";

// Prices of a million products lie in every block, and those between two amounts are some thousand values: sets of
// 163.84 and 5.12. Part of what is stored.
inline constexpr std::array<std::uint8_t, 2> kPriceSets{14, 9};
inline constexpr std::array<search::Coarse::Column, 1> kProductSets{{{"price.", kPriceSets, true}}};
inline constexpr search::Coarse kProductCoarse{.columns = kProductSets};

// A term that is found without case and accents and still knows how it was written: folded text, 0x01, the text itself
// when it differs. Long texts are cut and end in their hash.
std::string name_term(std::string_view text);
std::string name_term_start(std::string_view text);  // what all spellings of `text` begin with
std::string name_of_term(std::string_view term);     // as it was written, for facets

// Bytes that sort as the number does, whatever its length; nothing if the text is no number (JSON's form; exponents
// too).
std::optional<std::string> number_key(std::string_view text);
std::string canonical_number(std::string_view text);  // REQUIRES: number_key() has one. "1.50" and "15e-1" give "1.5"
// Numbers (and texts that look like one) before other texts; texts without case and accents.
std::string value_key(std::string_view text);
inline constexpr char kNumberMark = '\x10', kTextMark = '\x20';
std::string time_key(Time time);
std::string money_key(std::int64_t minor);  // negative amounts first

}  // namespace pf::catalog
