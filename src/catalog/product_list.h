// Questions to the product list, as plain values; products.h answers them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "productflow/clock.h"
#include "productflow/operators.h"

namespace pf::catalog {

using pf::Operator;
// A time as lists may say it: "now", "now-7d", "now+2d". Nothing for other texts, and beyond a century.
std::optional<Time> time_from_now(std::string_view text, Time now);

// `column` is a field of the product (sku, title, description, brand, ean, family, parent, category, images, enabled,
// created_at, updated_at, price or price.USD; stock, the pieces available; completeness, completeness.<channel>, which
// is the least of its languages, completeness.<channel>@<locale>, and completeness.<channel>@* for what is so in each
// of them; variants, variants.<channel> and variants.<channel>@<locale> for those whose variants are all_complete,
// all_incomplete, some_complete or some_incomplete; ancestor, for the parent or what is above that; hint, such as
// no_image, short_title@nl-NL, or short_title in any language) or an attribute: "attributes.color", and plain "color"
// when no field has that name. A described measurement is compared in its unit, or in one that is named: "500 g".
// `empty` takes "1" (nothing filled in) or "0". `like` finds words, the last one by its beginning, in title,
// description, sku and brand, and the beginning of the value elsewhere; with '%' or '*' in front any part of the value,
// of its first 80 bytes. `starts` finds how a value begins, a title too. A description is compared as it is written and
// as it is seen, without its tags, in the language that the list shows. `nlike` finds what `like` does not, what has no
// value too. `in_or_empty` finds one of these values, or none at all. A
// category is also those below it; `direct` and `ndirect` mean it alone, and so does `direct_or_empty`, as in_or_empty.
// `between` takes the first and the last value meant, `nbetween` finds values below the first and above the last. Dates
// of attributes are compared as days. Times and days may be "now", "now-7d" or "now+2d".
struct Condition {
  std::string column{};
  Operator op = Operator::eq;
  // Several mean "one of them" for eq, in, in_or_empty, direct, direct_or_empty, starts and like, "none of them" for
  // neq, nin, ndirect and nlike.
  std::vector<std::string> values{};
  // A category is not also those that are described as below it, nor one that is inherited.
  bool as_written = false;
  bool days = false;  // the list finds out: the values are days, of an attribute that is described as a date
};

struct SortKey {
  // sku, title, brand, family, category (by its path, behind those below it; of several by the one that comes first),
  // parent, ean, enabled, created_at, updated_at, price, stock (pieces available; where a shop keeps
  // any), completeness, or an attribute:
  // text, identifier, number, date, yes or no, choice by its label (else its code), measurement in its standard unit,
  // price-EUR; of several values by the one that comes first. Texts that are numbers go before others, as numbers. By
  // language as products are shown: the reader's, else those that lend to it (languages.h); attributes.fabric@nl-NL
  // means that one alone. Products without a value are last, both ways.
  std::string column{};
  bool descending = false;
};

inline constexpr std::size_t kFacetsMax = 20;             // of one list: each walks the values of its field
inline constexpr std::size_t kFacetTermsMax = 200;        // of one facet; more do not fit any screen
inline constexpr std::string_view kListCurrency = "EUR";  // of sort=price and price[gt] without a currency
inline constexpr std::size_t kListMax = 1'000;            // products of one page, whoever asks

struct ProductQuery {
  std::string text{};              // words, all of which occur; the last one may be a beginning
  std::vector<Condition> where{};  // all hold
  std::vector<SortKey> sort{};     // none: newest first
  std::size_t count = 15;
  std::uint64_t offset = 0;  // ignored with a cursor
  std::string cursor{};
  std::vector<std::string> facets{};  // brand, family, category, parent, enabled, or an attribute
  std::string locale{};               // of the texts, whose own counts in filters; empty: the shop's default
  bool skus_only = false;             // without the products themselves
};

struct Facet {
  std::string column{};
  std::vector<std::pair<std::string, std::uint64_t>> counts{};  // value as written, products; most frequent first
};

struct ProductPage {
  std::vector<std::string> skus{};
  std::vector<std::string> products{};  // the bytes of each, as the API returns it
  std::uint64_t total = 0;
  std::string next_cursor{};  // empty at the end
  std::vector<Facet> facets{};
  std::string locale{};  // whose texts these are
  bool similar = false;  // none has the words of the text: these have words one typing error away
};

}  // namespace pf::catalog
