// Orders documents by several keys: those of one value of a key by the next, and by their numbers behind the last.
#include <algorithm>

#include "search/ordering.h"

namespace pf::search {
namespace {

// Numbers as bytes that sort as they do.
std::string key_of_number(std::int64_t number) {
  std::string key;
  put_be64(key, static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63));
  return key;
}

}  // namespace

Result<Page> Answer::by_keys(const Documents& hits, const Sort& sort, std::size_t count,
                             const std::optional<Place>& after, std::uint64_t offset) const {
  Ordering ordering{.keys = {sort}, .after = {}, .count = count + 1, .skip = offset};  // one more tells of a next page
  ordering.keys.insert(ordering.keys.end(), sort.then.begin(), sort.then.end());
  if (after) {
    ordering.after = {after->value};
    ordering.after.insert(ordering.after.end(), after->then.begin(), after->then.end());
    ordering.after_document = after->document;
  }
  PF_TRY(order(ordering, hits, 0, after.has_value()));
  return page_of(std::move(ordering.found), sort, count);
}

Result<Page> Answer::page_of(std::vector<Document> found, const Sort& sort, std::size_t count) const {
  Page page;
  page.documents = std::move(found);
  if (page.documents.size() <= count) return page;
  page.documents.resize(count);
  PF_LET(const Place place, place_of(page.documents.back(), sort));
  page.next_cursor = write_cursor(sort, place);
  return page;
}

Result<Place> Answer::place_of(Document document, const Sort& sort) const {
  Documents alone;
  alone.add(block_of(document), {document});
  Place place{{}, document, {}};
  PF_LET(auto first, values_of(alone, sort));
  place.value = std::move(first.front().first);
  for (const Sort& key : sort.then) {
    PF_LET(auto one, values_of(alone, key));
    place.then.push_back(std::move(one.front().first));
  }
  return place;
}

// Who is a hit is a bit, so that to pass a million takes two ms.
Result<std::optional<Page>> Answer::page_in(const Documents& hits, const Sort& sort, std::span<const Document> standing,
                                            std::size_t count, std::uint64_t offset) const {
  const std::uint64_t total = hits.count();
  std::vector<Document> found;
  if (offset < total && count > 0) {
    if (standing.size() == total && is_everything(hits)) {
      const auto some = standing.subspan(static_cast<std::size_t>(offset));
      found.assign(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(std::min(some.size(), count + 1)));
    } else {
      std::vector<std::uint64_t> bits;
      for (const Document one : hits.list()) {
        if (one / 64 >= bits.size()) bits.resize(one / 64 + 1);
        bits[one / 64] |= std::uint64_t{1} << one % 64;
      }
      std::uint64_t skip = offset;
      for (const Document one : standing) {
        if (one / 64 >= bits.size() || (bits[one / 64] >> one % 64 & 1) == 0) continue;
        if (skip > 0) {
          --skip;
          continue;
        }
        found.push_back(one);
        if (found.size() > count) break;
      }
      if (found.size() <= count && offset + found.size() < total) return std::optional<Page>();
    }
  }
  PF_LET(Page page, page_of(std::move(found), sort, count));
  page.total = total;
  return std::optional<Page>(std::move(page));
}

// Finds what of `hits`, which are alike in the keys before `key`, the page has. `resumes`: they are alike in those with
// where it goes on, too.
Result<> Answer::order(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const {
  const std::uint64_t all = hits.count();
  if (!resumes && ordering.skip >= all) {
    ordering.skip -= all;
    return {};
  }
  if (key == ordering.keys.size()) {
    const bool descending = ordering.keys.back().descending;
    if (resumes)
      ordering.skip =
          descending ? all - hits.count_below(ordering.after_document) : hits.count_below(ordering.after_document + 1);
    for (const Document document : hits.part(ordering.skip, ordering.count - ordering.found.size(), descending))
      ordering.found.push_back(document);
    ordering.skip = 0;
    return {};
  }
  const auto keys = std::span(ordering.keys).subspan(key);
  const bool by_terms = std::ranges::any_of(keys, [](const Sort& one) { return one.terms != nullptr; });
  if (all <= (by_terms ? kFewAsked : kFewHits)) return order_few(ordering, hits, key, resumes);
  if (keys.front().numbers) return order_numbers(ordering, hits, key, resumes);
  if (keys.front().terms) return order_terms(ordering, hits, key, resumes);
  if (!ordering.is_last(key)) return order_groups(ordering, hits, key, resumes);
  std::optional<Place> after;
  if (resumes) after = Place{ordering.after[key], ordering.after_document, {}};
  const Sort sort{ordering.keys[key].column, ordering.keys[key].descending};
  PF_LET(const Page page, walked(hits, sort, ordering.count - ordering.found.size(), after, ordering.skip));
  ordering.skip = 0;
  ordering.found.insert(ordering.found.end(), page.documents.begin(), page.documents.end());
  return {};
}

Result<std::vector<Answer::Placed>> Answer::values_of(const Documents& documents, const Sort& sort) const {
  if (sort.numbers) {
    const auto& numbers = sort.numbers->of;
    std::vector<Placed> values;
    for (const Document one : documents.list())
      values.emplace_back(key_of_number(one < numbers.size() ? numbers[one] : 0), one);
    return values;
  }
  if (!sort.terms) {
    PF_LET(auto values, places(documents, sort));
    std::ranges::sort(values, {}, &Placed::second);
    return values;
  }
  if (sort.terms->in_turn) {
    std::vector<Placed> values;
    Documents left = documents.without({});
    for (const std::string& column : sort.terms->columns) {
      PF_LET(auto here, places(left, {column}));
      Documents stand;
      for (auto& [value, document] : here) {
        if (value.empty()) continue;
        stand.add(block_of(document), {document});
        values.emplace_back(std::move(value), document);
      }
      left.drop(stand);
    }
    for (const Document one : left.list()) values.emplace_back(std::string(), one);
    std::ranges::sort(values, {}, &Placed::second);
    return values;
  }
  const std::vector<Document> numbers = documents.list();
  PF_LET(auto keys, sort.terms->keys_of(numbers));
  std::vector<Placed> values;
  values.reserve(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) values.emplace_back(std::move(keys[i]), numbers[i]);
  return values;
}

// Few: read all their values, sort, cut.
Result<> Answer::order_few(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const {
  struct Row {
    std::vector<std::string> values;
    Document document;
  };
  const std::span<const Sort> keys = std::span(ordering.keys).subspan(key);
  std::vector<Row> rows;
  for (const Document document : hits.list()) rows.push_back({{}, document});
  for (const Sort& one : keys) {
    PF_LET(auto values, values_of(hits, one));
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].values.push_back(std::move(values[i].first));
  }
  const auto stands_before = [&](const Row& one, const Row& other) {
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (const auto order = in_order(one.values[i], other.values[i], keys[i].descending); order != 0) return order < 0;
    return keys.back().descending ? one.document > other.document : one.document < other.document;
  };
  std::ranges::sort(rows, stands_before);
  auto row = rows.begin();
  if (resumes) {
    const Row place{{ordering.after.begin() + static_cast<std::ptrdiff_t>(key), ordering.after.end()},
                    ordering.after_document};
    row = std::ranges::upper_bound(rows, place, stands_before);
  }
  for (; row != rows.end() && !ordering.full(); ++row) {
    if (ordering.skip > 0)
      --ordering.skip;
    else
      ordering.found.push_back(row->document);
  }
  return {};
}

// All are looked at, which is some ms a million; no more than the page needs are put in order.
Result<> Answer::order_numbers(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const {
  const Sort& sort = ordering.keys[key];
  const auto& numbers = sort.numbers->of;
  struct Row {
    std::int64_t number;
    Document document;
  };
  const bool descending = sort.descending, is_last = ordering.is_last(key);
  const auto stands_before = [descending](const Row& one, const Row& other) {
    if (one.number != other.number) return descending ? one.number > other.number : one.number < other.number;
    return descending ? one.document > other.document : one.document < other.document;
  };
  std::int64_t after = 0;
  if (resumes && ordering.after[key].size() == 8)
    after = static_cast<std::int64_t>(get_be64(ordering.after[key]) ^ (std::uint64_t{1} << 63));
  const Row place{after, ordering.after_document};
  // So many stand first that the page needs them; whoever stands behind as many need not be kept, unless another key
  // is to tell who of the same number does.
  constexpr std::uint64_t kKeptMax = 10'000;
  const std::uint64_t wanted = ordering.skip + ordering.count - ordering.found.size();
  const bool cuts = wanted <= kKeptMax;
  const auto kept = static_cast<std::size_t>(wanted);
  std::size_t cut_at = 2 * kept + 1'000;
  std::optional<Row> last;
  const auto is_behind = [&](const Row& row) {
    return is_last ? stands_before(*last, row) : descending ? row.number < last->number : row.number > last->number;
  };
  std::vector<Row> rows, tied;  // with the place's number: which of them are behind it the next key tells
  for (const Document one : hits.list()) {
    const Row row{one < numbers.size() ? numbers[one] : 0, one};
    const bool passed = is_last ? !stands_before(place, row) : descending ? row.number > after : row.number < after;
    if ((resumes && passed) || (last && is_behind(row))) continue;
    if (resumes && !is_last && row.number == after) {
      tied.push_back(row);
      continue;
    }
    rows.push_back(row);
    if (!cuts || rows.size() < cut_at) continue;
    const auto end = rows.begin() + static_cast<std::ptrdiff_t>(kept);
    std::nth_element(rows.begin(), end, rows.end(), stands_before);
    last = *end;
    std::erase_if(rows, is_behind);
    cut_at = 2 * rows.size() + 1'000;
  }
  if (is_last) {
    const auto skip = std::min<std::uint64_t>(ordering.skip, rows.size());
    ordering.skip -= skip;
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(skip);
    const auto count = std::min<std::size_t>(ordering.count - ordering.found.size(), rows.size() - skip);
    if (count == 0) return {};
    if (skip > 0) std::nth_element(rows.begin(), first, rows.end(), stands_before);
    std::partial_sort(first, first + static_cast<std::ptrdiff_t>(count), rows.end(), stands_before);
    for (std::size_t i = 0; i < count; ++i) ordering.found.push_back(first[static_cast<std::ptrdiff_t>(i)].document);
    return {};
  }
  rows.insert(rows.end(), tied.begin(), tied.end());
  std::ranges::sort(rows, stands_before);
  for (auto from = rows.begin(); from != rows.end() && !ordering.full();) {
    const auto to = std::find_if(from, rows.end(), [&](const Row& one) { return one.number != from->number; });
    if (descending) std::reverse(from, to);
    Documents group;
    std::vector<std::uint32_t> of_block;
    for (auto one = from; one != to; ++one) {
      of_block.push_back(one->document);
      if (one + 1 == to || block_of((one + 1)->document) != block_of(one->document)) {
        group.add(block_of(one->document), of_block);
        of_block.clear();
      }
    }
    PF_TRY(order(ordering, group, key + 1, resumes && from->number == after));
    from = to;
  }
  return {};
}

// Many: walk the key's column, and order those of each value by the next; then those without a value.
Result<> Answer::order_groups(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const {
  const Sort& sort = ordering.keys[key];
  const bool begins_later = resumes && !ordering.after[key].empty();
  if (!resumes || begins_later) {
    const std::string from = Key(kColumnKey, sort.column).bytes();
    std::string to = from;
    to.back() = '\1';
    auto row = read_.scan(family_, from, to);
    const std::string place = term_blocks(kColumnKey, sort.column, kept(begins_later ? ordering.after[key] : ""));
    if (sort.descending)
      row.seek_for_prev(begins_later ? place + "\xff\xff\xff" : to);
    else if (begins_later)
      row.seek(place);
    while (row.valid() && !ordering.full()) {
      const std::string value(escaped_term(row.key(), sort.column));
      Documents group;
      for (; row.valid() && escaped_term(row.key(), sort.column) == value; sort.descending ? row.prev() : row.next())
        if (auto here = hits.common(key_block(row.key()), BlockRecord(row.value())); !here.empty())
          group.add(key_block(row.key()), here);
      PF_TRY(order(ordering, group, key + 1, begins_later && unescaped(value) == kept(ordering.after[key])));
    }
  }
  if (ordering.full()) return {};
  return order(ordering, without_value(hits, sort.column), key + 1, resumes && !begins_later);
}

}  // namespace pf::search
