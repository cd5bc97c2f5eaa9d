// What a question to the product list means to the index: its columns, and the filter of its words and conditions. Pure
// but for what it is given to ask. Only for this room.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/languages.h"
#include "catalog/model.h"
#include "catalog/product_list.h"
#include "search/index.h"

namespace pf::catalog {

// What a column of a question is in the index.
struct ListColumn {
  enum class Kind { exact, name, words, flag, time, price, number } kind = Kind::exact;
  std::string field{};   // terms
  std::string sorted{};  // column, empty if it has none
  std::string words{};   // field of its words, empty if it has none
  std::string has{};     // term of "has"; empty: always filled in
};
// Ends the name of a completeness that is asked of each of a channel's languages.
inline constexpr std::string_view kInEachLanguage = "@*";
inline constexpr std::string_view kStock = "stock";  // pieces available, as a room above knows them
// variants, variants.web, variants.web@nl: how far the variants below are.
bool is_of_variants(std::string_view column);
// The index knows a description by its words alone: for these somebody has to read it.
bool compares_descriptions(const Condition& condition);
ListColumn list_column(const std::string& name, const std::string& locale);

// What a word may mean besides.
using AlsoMeant = std::function<Result<std::vector<search::Filter>>(const std::string& word)>;
// Those whose terms of a column hold such a text, or end with it.
using Holding =
    std::function<Result<search::Filter>(const Condition&, const ListColumn&, std::string_view, bool at_end)>;

search::Filter no_product();
search::Filter one_or_all(std::vector<search::Filter> parts, search::Filter (*combine)(std::vector<search::Filter>));
// A word in one of the fields; the last one of a text by its beginning.
Result<search::Filter> word_filter(std::span<const std::string_view> fields, const std::string& word, bool last,
                                   const AlsoMeant& also);
// All words of the text.
Result<search::Filter> words_filter(std::span<const std::string_view> fields, std::string_view text,
                                    const AlsoMeant& also);
// Words of titles, brands and SKUs that are one typing error away from it, and those that begin so.
search::Filter near_filter(const std::string& word);

// By what a question is read.
struct Reading {
  const Model& model;
  const Languages& languages;
  std::string locale;
  Time now;
  Holding holding;
  std::function<Result<search::Filter>(const Condition&)> of_variants{};  // whose column is_of_variants()
  std::function<Result<search::Filter>(const Condition&)> of_stock{};     // whose column is kStock; none: there is none
  std::function<Result<search::Filter>(const Condition&)> of_description{};  // compares_descriptions()
};
// `words`: what the query's text comes to; nothing when it has none. Every fault at once.
Result<search::Filter> filter_of(const Reading& reading, const ProductQuery& query,
                                 const std::optional<search::Filter>& words);

}  // namespace pf::catalog
