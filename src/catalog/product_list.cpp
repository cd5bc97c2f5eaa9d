// Answers a question to the product list from the index, and turns its documents back into products.
#include "catalog/product_list.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <map>

#include "catalog/above.h"
#include "catalog/above_documents.h"
#include "catalog/catalog_keys.h"
#include "catalog/known_terms.h"
#include "catalog/product_filter.h"
#include "catalog/products.h"
#include "catalog/search_entry.h"
#include "catalog/standing.h"
#include "productflow/names.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kCountsMax = 10'000;  // categories, families or brands listed at once
// Different values of one column that are looked into for a part of them: a tenth of a second's work.
constexpr std::size_t kLookedIntoMax = 200'000;

// Variants of one product that are looked at for their own variants: some 50 ms.
constexpr std::size_t kVariantsLookedMax = 10'000;
constexpr std::string_view kAncestor = "ancestor";

using search::Filter;

// `numbers`: how many pieces of each are available.
Result<Filter> stock_filter(const Condition& condition, const search::Numbers& numbers) {
  using Op = Operator;
  constexpr std::array kAsked{Op::eq,  Op::neq,     Op::gt,       Op::gte, Op::lt,
                              Op::lte, Op::between, Op::nbetween, Op::in,  Op::nin};
  if (std::ranges::find(kAsked, condition.op) == kAsked.end())
    return invalid(condition.column, "operator",
                   "stock is asked by eq, neq, gt, gte, lt, lte, between, nbetween, in and nin.");
  std::vector<std::int64_t> values;
  for (const std::string& value : condition.values) {
    const auto number = parse_int(value);
    if (!number)
      return invalid(condition.column, "number", "stock is a whole number; \"" + value.substr(0, 100) + "\" is none.");
    values.push_back(*number);
  }
  const bool several = condition.op == Op::in || condition.op == Op::nin;
  const bool is_span = condition.op == Op::between || condition.op == Op::nbetween;
  if (is_span ? values.size() != 2 : !several && values.empty())
    return invalid(condition.column, "value", "stock is compared with a number, and is between two, such as 10,20.");
  const auto is_one_of = [&](std::int64_t pieces) { return std::ranges::find(values, pieces) != values.end(); };
  const auto is_within = [&](std::int64_t pieces) { return pieces >= values[0] && pieces <= values[1]; };
  const auto fits = [&](std::int64_t pieces) {
    switch (condition.op) {
      case Op::eq:
      case Op::in:
        return is_one_of(pieces);
      case Op::neq:
      case Op::nin:
        return !is_one_of(pieces);
      case Op::gt:
        return pieces > values[0];
      case Op::gte:
        return pieces >= values[0];
      case Op::lt:
        return pieces < values[0];
      case Op::lte:
        return pieces <= values[0];
      case Op::between:
        return is_within(pieces);
      case Op::nbetween:
        return !is_within(pieces);
      default:
        return false;
    }
  };
  // Whom nobody has counted has none, and is not among the numbers: where those fit, the others are named.
  const bool none_fits = fits(0);
  std::vector<search::Document> named;
  for (search::Document one = 0; one < numbers.of.size(); ++one)
    if (fits(numbers.of[one]) != none_fits) named.push_back(one);
  Filter found = search::these(std::move(named));
  if (!none_fits) return found;
  return search::without(std::move(found));
}

// Runs of white space become one blank, and case and accents do not count.
std::string compared_as(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view(" \t\r\n\f\v").find(c) == std::string_view::npos)
      out.push_back(c);
    else if (!out.empty() && out.back() != ' ')
      out.push_back(' ');
  }
  return search::folded(trim(out));
}

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Tags of words within a line; others begin or end one.
bool is_within_line(std::string_view tag) {
  constexpr std::array<std::string_view, 22> kNames{"a",    "abbr",   "b",   "big", "cite", "code", "del", "em",
                                                    "font", "i",      "ins", "kbd", "mark", "q",    "s",   "small",
                                                    "span", "strong", "sub", "sup", "u",    "wbr"};
  if (tag.starts_with('/')) tag.remove_prefix(1);
  const auto end = std::ranges::find_if(tag, [](char c) { return !is_ascii_letter(c); });
  const std::string name = lower_ascii(tag.substr(0, static_cast<std::size_t>(end - tag.begin())));
  return std::ranges::find(kNames, name) != kNames.end();
}

// What a person sees of a description.
std::string seen_of(std::string_view html) {
  constexpr std::array<std::pair<std::string_view, char>, 7> kEntities{{{"&amp;", '&'},
                                                                        {"&lt;", '<'},
                                                                        {"&gt;", '>'},
                                                                        {"&quot;", '"'},
                                                                        {"&apos;", '\''},
                                                                        {"&#39;", '\''},
                                                                        {"&nbsp;", ' '}}};
  std::string text;
  const std::size_t last_end = html.rfind('>');
  for (std::size_t at = 0; at < html.size();) {
    const std::string_view rest = html.substr(at);
    const bool is_tag = rest.front() == '<' && last_end != std::string_view::npos && at < last_end &&
                        (is_ascii_letter(rest[1]) || rest[1] == '/' || rest[1] == '!');
    if (is_tag) {
      const auto end = rest.find('>');
      if (!is_within_line(rest.substr(1, end - 1))) text.push_back(' ');
      at += end + 1;
      continue;
    }
    const auto* entity = kEntities.end();
    if (rest.front() == '&')
      entity = std::ranges::find_if(kEntities, [&](const auto& one) { return rest.starts_with(one.first); });
    text.push_back(entity != kEntities.end() ? entity->second : rest.front());
    at += entity != kEntities.end() ? entity->first.size() : 1;
  }
  return compared_as(text);
}

// What one question has read of descriptions, whatever it asks of them.
struct DescriptionsRead {
  std::size_t products = 0, bytes = 0;
};
struct DescriptionOf {
  std::string text{};
  std::size_t bytes = 0;  // read for it
};

// Those whose description is one of these texts, or begins so: whoever has all words of it is read. As it was written,
// or as it is seen.
Result<Filter> described_as(const Condition& condition, DescriptionsRead& done,
                            const std::function<Result<std::vector<search::Document>>(const Filter&)>& with,
                            const std::function<Result<DescriptionOf>(search::Document)>& description_of) {
  constexpr std::size_t kDescriptionsReadMax = 1'000;      // some 50 us each
  constexpr std::size_t kDescriptionBytesMax = 16u << 20;  // of their products
  const auto too_many = [&](const std::string& how_many) {
    return invalid(condition.column, "too_many",
                   how_many + ", which are not all read; say more of them, ask for fewer at once, or ask with like.");
  };
  const bool starts = condition.op == Operator::starts;
  std::vector<search::Document> some;
  std::vector<std::pair<std::string, std::string>> wanted;  // as written, as seen
  for (const std::string& value : condition.values) {
    wanted.emplace_back(compared_as(value), seen_of(value));
    std::vector<Filter> any;  // the index has the words of tags too
    for (const auto& text : {wanted.back().first, wanted.back().second}) {
      const auto words = search::words_of(text);
      std::vector<Filter> all;
      for (std::size_t i = 0; i < words.size(); ++i)
        all.push_back(starts && i + 1 == words.size() ? search::prefix("d", words[i])
                                                      : search::any_of("d", {words[i]}));
      if (!all.empty()) any.push_back(search::both(std::move(all)));
      if (wanted.back().first == wanted.back().second) break;
    }
    if (any.empty())
      return invalid(condition.column, "value", "Say words of the description; empty finds those that have none.");
    PF_LET(const auto more, with(search::either(std::move(any))));
    std::vector<search::Document> both;
    std::ranges::set_union(some, more, std::back_inserter(both));
    some = std::move(both);
    if (some.size() > kDescriptionsReadMax - done.products)
      return too_many("More than " + std::to_string(kDescriptionsReadMax) +
                      " products have the words of the descriptions asked for");
  }
  std::vector<search::Document> same;
  for (const search::Document document : some) {
    PF_LET(const auto description, description_of(document));
    ++done.products;
    done.bytes += description.bytes;
    if (done.bytes > kDescriptionBytesMax)
      return too_many("The products that have the words of the descriptions asked for are larger than " +
                      std::to_string(kDescriptionBytesMax >> 20) + " MiB");
    const std::string written = compared_as(description.text), seen = seen_of(description.text);
    const auto is = [&](std::string_view text, std::string_view asked) {
      return starts ? text.starts_with(asked) : text == asked;
    };
    if (std::ranges::any_of(wanted, [&](const auto& one) {
          return is(written, one.first) || is(seen, one.first) || (!one.second.empty() && is(seen, one.second));
        }))
      same.push_back(document);
  }
  return search::these(std::move(same));
}

}  // namespace

// A name that is neither a field nor an attribute that somebody described or some product has is a slip, which would
// find nothing, or everything. Under "attributes." any name may be asked for: products that have it may still come.
Result<> Products::check_columns(const storage::Reader& read, const Model& model, const ProductQuery& query) const {
  Error faults{ErrorCode::invalid, {}, {}};
  const auto check = [&](const std::string& name, const std::string& field) -> Result<> {
    if (name.starts_with("completeness.") || name.starts_with("variants.")) {
      const std::size_t dot = name.find('.') + 1;
      const std::string channel = name.substr(dot, name.find('@') - dot);
      const bool is_of_all = model.channels.empty() && channel == kEveryChannel;
      if (!model.channels.contains(channel) && !is_of_all)
        faults.faults.push_back({field, "unknown",
                                 "There is no channel \"" + channel.substr(0, 100) + "\"; write " +
                                     name.substr(0, dot) + "<channel>, or " + name.substr(0, dot) +
                                     "<channel>@<locale>."});
      return {};
    }
    const auto column = list_column(name, {});
    if (!column.field.starts_with("a.") || name.starts_with("attributes.")) return {};
    const std::string attribute = column.field.substr(2);
    if (model.cell(attribute).attribute != nullptr) return {};
    PF_LET(const auto uses, index_.count(read, search::any_of("has", {column.field})));
    if (uses == 0)
      faults.faults.push_back({field, "unknown",
                               "\"" + attribute.substr(0, 100) +
                                   "\" is neither a field of products nor an attribute that one of them has."});
    return {};
  };
  const auto is_stock = [&](const std::string& column) { return column == kStock && stock_numbers_; };
  for (const auto& condition : query.where)
    if (!is_stock(condition.column)) PF_TRY(check(condition.column, condition.column));
  for (const auto& key : query.sort)
    if (!is_stock(key.column)) PF_TRY(check(key.column, "sort"));
  for (const auto& name : query.facets) PF_TRY(check(name, "facets"));
  if (faults.faults.empty()) return {};
  faults.message = faults.faults.front().message;
  return faults;
}

// Above a product are at most two others, so those with such a parent, and those whose parent has one.
Result<> Products::mean_ancestors(const storage::Reader& read, ProductQuery& query) const {
  for (auto& condition : query.where) {
    if (condition.column != kAncestor) continue;
    using Op = Operator;
    constexpr std::array kAsked{Op::eq, Op::neq, Op::in, Op::nin, Op::in_or_empty, Op::empty};
    if (std::ranges::find(kAsked, condition.op) == kAsked.end())
      return invalid(condition.column, "operator", "ancestor is asked by eq, neq, in, nin, in_or_empty and empty.");
    condition.column = "parent";
    if (condition.op == Op::empty) continue;
    PF_LET(const auto below, index_.page(read, search::any_of("parent", condition.values), search::Sort{"created_at"},
                                         kVariantsLookedMax));
    if (below.total > kVariantsLookedMax)
      return invalid(std::string(kAncestor), "too_many",
                     "More than " + std::to_string(kVariantsLookedMax) +
                         " products stand directly below that, which are not all looked into; ask for their parent.");
    std::vector<std::string> wanted;
    for (const auto document : below.documents) wanted.push_back(keys::document(document));
    PF_LET(auto skus, read.get_many(products_, wanted));
    for (auto& sku : skus)
      if (sku) condition.values.push_back(*std::move(sku));
  }
  return {};
}

Result<search::Filter> Products::variants_filter(const storage::Reader& read, const Condition& condition) const {
  constexpr std::array<std::string_view, 4> kNames{"all_complete", "all_incomplete", "some_complete",
                                                   "some_incomplete"};
  const bool negated = condition.op == Operator::neq || condition.op == Operator::nin;
  if (!negated && condition.op != Operator::eq && condition.op != Operator::in)
    return invalid(condition.column, "operator", condition.column + " is asked by eq, neq, in and nin.");
  std::string column = "completeness" + condition.column.substr(std::string_view("variants").size());
  if (column.ends_with(kInEachLanguage)) column.resize(column.size() - kInEachLanguage.size());  // which the least is
  const std::string whole = value_key("100");
  PF_LET(const auto complete, index_.documents(read, search::in_range(column, whole, std::nullopt)));
  PF_LET(const auto incomplete, index_.documents(read, search::in_range(column, std::nullopt, whole)));
  PF_LET(const auto above, above_documents_->of(read));
  std::vector<Filter> any;
  for (const std::string& value : condition.values) {
    const auto asked = value_named<VariantsDone>(kNames, value);
    if (!asked)
      return invalid(condition.column, "value",
                     condition.column + " is all_complete, all_incomplete, some_complete or some_incomplete.");
    any.push_back(search::these(with_variants(*asked, *above, complete, incomplete)));
  }
  Filter found = any.empty() ? no_product() : one_or_all(std::move(any), search::either);
  if (!negated) return found;
  return search::without(std::move(found));
}

Result<search::Sort> Products::sort_of(const storage::Reader& read, const Model& model, const Languages& langs,
                                       const ProductQuery& query, const std::string& locale) const {
  if (query.sort.empty()) return search::Sort{"created_at", true};
  std::vector<search::Sort> keys;
  for (const auto& key : query.sort) {
    if (key.column == kStock && stock_numbers_) {
      PF_LET(auto numbers, stock_numbers_(read));
      keys.push_back({key.column, key.descending, {}, {}, std::move(numbers)});
      continue;
    }
    const auto column = list_column(key.column, locale);
    if (column.field.starts_with("a.")) {
      PF_LET(auto by_attribute, attribute_order(read, model, langs, key, locale));
      keys.push_back(std::move(by_attribute));
      continue;
    }
    PF_LET(auto by_field, field_order(read, model, langs, key, locale));
    if (by_field) {
      keys.push_back(*std::move(by_field));
      continue;
    }
    if (column.sorted.empty() || column.sorted.ends_with(kInEachLanguage))
      return invalid("sort", "column",
                     "Products cannot be sorted by " + key.column +
                         "; use sku, title, brand, family, category, parent, ean, enabled, created_at, updated_at, "
                         "price, stock, completeness or an attribute.");
    keys.push_back({column.sorted, key.descending});
  }
  search::Sort first = std::move(keys.front());
  first.then.assign(std::move_iterator(keys.begin() + 1), std::move_iterator(keys.end()));
  return first;
}

Result<ProductPage> Products::list(const storage::Reader& read, const ProductQuery& query) const {
  PF_LET(const auto langs, languages(read));
  ProductPage out;
  out.locale = langs.for_reading(query.locale);
  PF_LET(const auto model, models_.known(read));
  // The label of a record is a word of the products that name it, where not too many are called so.
  AlsoMeant also;
  ProductQuery meant;
  const bool by_ancestor = std::ranges::find(query.where, kAncestor, &Condition::column) != query.where.end();
  if (by_ancestor || !model->references.empty()) meant = query;
  if (by_ancestor) PF_TRY(mean_ancestors(read, meant));
  if (!model->references.empty()) {
    PF_TRY(mean_references(read, *model, meant));
    also = [&](const std::string& word) -> Result<std::vector<Filter>> {
      constexpr std::size_t kLabelledMax = 1'000;  // a word that more have in common tells no product apart
      std::vector<Filter> any;
      std::map<std::string_view, std::vector<std::string>> of_kind;
      for (const auto& attribute : model->references) {
        const std::string& kind = attribute->said.reference_kind;
        auto known = of_kind.find(kind);
        if (known == of_kind.end()) {
          PF_LET(auto codes, references_.codes_like(read, kind, word, kLabelledMax));
          if (codes.size() > kLabelledMax) codes.clear();
          for (auto& code : codes) code = name_term(code);
          known = of_kind.emplace(kind, std::move(codes)).first;
        }
        const auto& terms = known->second;
        if (terms.empty()) continue;
        for (const auto& cell : model->cells_of(attribute->said)) any.push_back(search::any_of("a." + cell, terms));
      }
      return any;
    };
  }
  PF_TRY(check_columns(read, *model, query));
  const Holding holding = [&](const Condition& condition, const ListColumn& column, std::string_view text,
                              bool at_end) -> Result<Filter> {
    const std::string part = search::folded(text);
    const bool is_folded = column.kind == ListColumn::Kind::name || column.kind == ListColumn::Kind::words;
    const auto takes = [part, at_end, is_folded](std::string_view term) {
      const std::string_view kept = term.substr(0, term.find('\x01'));
      const std::string own = is_folded ? std::string() : search::folded(kept);
      const std::string_view in = is_folded ? kept : own;
      return at_end ? in.ends_with(part) : in.find(part) != std::string_view::npos;
    };
    Filter filter = search::holding(column.field, takes, kLookedIntoMax);
    if (column.field == "sku")  // in its column, but for long ones
      filter = search::either({std::move(filter), search::holding_in_column(column.sorted, takes, kLookedIntoMax)});
    PF_LET(const auto beside, told_to_nobody(read));
    auto found = known_parts_->of(read, index_, beside, column.field + (at_end ? "\x01" : "\x02") + part, filter);
    if (!found.ok() && !found.error().faults.empty() && found.error().faults.front().code == "too_many")
      return invalid(condition.column, "too_many",
                     condition.column + " has more than " + std::to_string(kLookedIntoMax) +
                         " different values, which are not all looked into; ask for how it begins.");
    return found;
  };
  Reading reading{.model = *model,
                  .languages = langs,
                  .locale = out.locale,
                  .now = clock_.now(),
                  .holding = holding,
                  .of_variants = [&](const Condition& condition) { return variants_filter(read, condition); }};
  DescriptionsRead described;
  reading.of_description = [&](const Condition& condition) -> Result<Filter> {
    PF_LET(auto same, described_as(
                          condition, described, [&](const Filter& words) { return index_.documents(read, words); },
                          [&](search::Document document) -> Result<DescriptionOf> {
                            PF_LET(const auto sku, read.get(products_, keys::document(document)));
                            PF_LET(const auto record, find(read, sku.value_or(std::string())));
                            if (!record) return DescriptionOf{};
                            PF_LET(const auto whole, with_inherited(read, *record));
                            for (const std::string& locale : langs.lending(out.locale))
                              if (const auto* texts = whole.texts_of(locale); texts && !texts->description.empty())
                                return DescriptionOf{texts->description, Above::size_of(whole)};
                            return DescriptionOf{{}, Above::size_of(whole)};
                          }));
    if (condition.op == Operator::neq || condition.op == Operator::nin) return search::without(std::move(same));
    if (condition.op != Operator::in_or_empty) return same;
    return search::either(
        {std::move(same), search::without(search::any_of("has", {list_column("description", out.locale).has}))});
  };
  if (stock_numbers_)
    reading.of_stock = [&](const Condition& condition) -> Result<Filter> {
      PF_LET(const auto numbers, stock_numbers_(read));
      return stock_filter(condition, *numbers);
    };
  const ProductQuery& asked = also || by_ancestor ? meant : query;
  std::optional<Filter> words;
  if (!trim(query.text).empty()) {
    PF_LET(words, words_filter(kWordFields, query.text, also));
  }
  PF_LET(auto filter, filter_of(reading, asked, words));
  PF_LET(const auto sort, sort_of(read, *model, langs, query, out.locale));
  const auto page_of = [&]() -> Result<search::Page> {
    if (query.cursor.empty() && is_far(sort, query.offset)) {
      PF_LET(const auto order, standing_->of(read, query));
      if (order) {
        PF_LET(auto far, index_.page_in(read, filter, sort, *order, std::min(query.count, kListMax), query.offset));
        if (far) return *std::move(far);
      }
    }
    return index_.page(read, filter, sort, std::min(query.count, kListMax), query.cursor, query.offset);
  };
  PF_LET(auto page, page_of());
  if (words && page.total == 0 && !query.skus_only) {
    // A word that no product has may be one that was mistyped; those that some have mean what they say. For a person
    // who looks: what is edited or exported is what was asked for.
    const auto all = search::words_of(query.text);
    std::vector<Filter> meant_words;
    for (std::size_t i = 0; i < all.size(); ++i) {
      PF_LET(auto one, word_filter(kWordFields, all[i], i + 1 == all.size(), also));
      PF_LET(const auto count, index_.count(read, one));
      out.similar = out.similar || count == 0;
      meant_words.push_back(count == 0 ? near_filter(all[i]) : std::move(one));
    }
    if (out.similar) {
      words = one_or_all(std::move(meant_words), search::both);
      described = {};
      PF_LET(filter, filter_of(reading, asked, words));
      PF_LET(page, page_of());
      out.similar = page.total > 0;
    }
  }
  out.total = page.total;
  out.next_cursor = std::move(page.next_cursor);

  std::vector<std::string> wanted;
  wanted.reserve(page.documents.size());
  for (const auto document : page.documents) wanted.push_back(keys::document(document));
  PF_LET(auto skus, read.get_many(products_, wanted));
  for (auto& sku : skus)
    if (sku) out.skus.push_back(*std::move(sku));
  if (query.skus_only) return out;
  PF_LET(auto products, product_jsons(read, out.skus, out.locale));
  for (std::size_t i = 0; i < products.size(); ++i) {
    if (!products[i])
      return error(ErrorCode::internal,
                   "The search index names the product \"" + out.skus[i] + "\", which is not there.");
    out.products.push_back(*std::move(products[i]));
  }
  if (query.facets.size() > kFacetsMax)
    return invalid("facets", "too_many", "A list counts at most " + std::to_string(kFacetsMax) + " facets at once.");
  std::vector<ListColumn> columns;
  std::vector<std::string> fields;
  for (const auto& name : query.facets) {
    columns.push_back(list_column(name, out.locale));
    if (columns.back().field.empty()) return invalid("facets", "column", "Products cannot be counted by " + name + ".");
    fields.push_back(columns.back().field);
  }
  PF_LET(auto facets, index_.facets(read, filter, fields, kFacetTermsMax));
  for (std::size_t i = 0; i < facets.size(); ++i) {
    for (auto& [term, count] : facets[i]) {
      if (columns[i].kind == ListColumn::Kind::name)
        term = name_of_term(term);
      else if (columns[i].kind == ListColumn::Kind::flag)
        term = term == "1" ? "true" : "false";
    }
    out.facets.push_back({query.facets[i], std::move(facets[i])});
  }
  return out;
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> Products::attribute_uses(const storage::Reader& read) const {
  PF_LET(const auto has, index_.facet(read, search::everything(), "has", kCountsMax));
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const auto& [term, count] : has)
    if (term.starts_with("a.")) out.emplace_back(term.substr(2), count);
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::uint64_t> Products::count_in(const storage::Reader& read, std::vector<std::string> categories) const {
  return index_.count(read, search::any_of("category", std::move(categories)));
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> Products::counts(const storage::Reader& read,
                                                                            std::string_view name) const {
  const auto column = list_column(std::string(name), {});
  if (column.field.empty())
    return invalid("column", "column", "Products cannot be counted by " + std::string(name) + ".");
  PF_LET(auto counts, index_.facet(read, search::everything(), column.field, kCountsMax));
  if (column.kind == ListColumn::Kind::name)
    for (auto& [term, count] : counts) term = name_of_term(term);
  std::sort(counts.begin(), counts.end());
  return counts;
}

}  // namespace pf::catalog
