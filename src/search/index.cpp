#include "search/index.h"

#include <algorithm>
#include <map>

#include "productflow/text.h"
#include "search/bitmap.h"
#include "search/index_keys.h"

namespace pf::search {
namespace {

// Up to this many hits, reading their values and sorting them beats walking the column (about 1 us a value).
constexpr std::size_t kFewHits = 4096;
constexpr char kCursorVersion = 1;

// In order, each once.
using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

Pairs pairs_of(const std::vector<std::pair<std::string, std::string>>& list) {
  Pairs pairs(list.begin(), list.end());
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}
std::string_view kept(std::string_view value) {
  return value.substr(0, kColumnBytesMax);
}

// Where a page starts: after this value and document.
struct Place {
  std::string value;
  Document document = 0;
};

std::string write_cursor(const Sort& sort, const Place& place) {
  std::string bytes{kCursorVersion, sort.descending ? '\1' : '\0'};
  put_be16(bytes, static_cast<std::uint16_t>(sort.column.size()));
  bytes += sort.column;
  put_be32(bytes, place.document);
  return base64url(bytes + place.value);
}

Result<Place> read_cursor(const Sort& sort, std::string_view cursor) {
  const Error bad =
      invalid("cursor", "invalid", "The cursor does not belong to this list. Start again from its first page.");
  const auto bytes = unbase64url(cursor);
  if (!bytes || bytes->size() < 8 || (*bytes)[0] != kCursorVersion || ((*bytes)[1] == '\1') != sort.descending)
    return bad;
  const std::size_t name = get_be16(std::string_view(*bytes).substr(2));
  if (bytes->size() < 8 + name || bytes->substr(4, name) != sort.column) return bad;
  return Place{bytes->substr(8 + name), get_be32(std::string_view(*bytes).substr(4 + name))};
}

// Evaluates one filter against one snapshot.
class Search {
 public:
  Search(const storage::Reader& read, storage::FamilyRef family) : read_(read), family_(family) {}

  Result<Documents> matching(const Filter& filter) const {
    switch (filter.kind) {
      case Filter::Kind::all:
        return united("a");
      case Filter::Kind::any_of: {
        Documents all;
        for (const std::string& term : filter.terms) {
          PF_LET(auto documents, united(posting_key(filter.field, term)));
          all.unite(std::move(documents));
        }
        return all;
      }
      case Filter::Kind::prefix:
        return united(posting_prefix(filter.field, filter.terms.at(0)));
      case Filter::Kind::range:
        return in_column(filter);
      case Filter::Kind::both: {
        std::optional<Documents> common;
        for (const Filter& part : filter.parts) {
          if (part.kind == Filter::Kind::all && filter.parts.size() > 1) continue;
          PF_LET(auto documents, matching(part));
          if (common)
            common->keep(documents);
          else
            common = std::move(documents);
          if (common->count() == 0) return Documents();
        }
        if (common) return *std::move(common);
        return united("a");
      }
      case Filter::Kind::either: {
        Documents all;
        for (const Filter& part : filter.parts) {
          PF_LET(auto documents, matching(part));
          all.unite(std::move(documents));
        }
        return all;
      }
      case Filter::Kind::without: {
        PF_LET(auto all, united("a"));
        PF_LET(const auto unwanted, matching(filter.parts.at(0)));
        all.remove(unwanted);
        return all;
      }
    }
    return Documents();
  }

  // Few hits: read their values, sort, cut.
  Result<Page> sorted(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                      std::uint64_t offset) const {
    const std::vector<Document> documents = hits.list();
    std::vector<std::string> keys;
    keys.reserve(documents.size());
    for (const Document document : documents) keys.push_back(value_key(sort.column, document));
    PF_LET(const auto values, read_.get_many(family_, keys));
    std::vector<std::pair<std::string_view, Document>> order;
    order.reserve(documents.size());
    for (std::size_t i = 0; i < documents.size(); ++i)
      order.emplace_back(values[i] ? std::string_view(*values[i]) : std::string_view(), documents[i]);
    if (sort.descending)
      std::ranges::sort(order, std::greater<>{});
    else
      std::ranges::sort(order);

    Page page;
    std::size_t start = static_cast<std::size_t>(std::min<std::uint64_t>(offset, order.size()));
    if (after) {
      const std::pair<std::string_view, Document> place(after->value, after->document);
      const auto first = sort.descending ? std::ranges::upper_bound(order, place, std::greater<>{})
                                         : std::ranges::upper_bound(order, place);
      start = static_cast<std::size_t>(first - order.begin());
    }
    for (std::size_t i = start; i < order.size() && page.documents.size() < count; ++i)
      page.documents.push_back(order[i].second);
    const std::size_t end = start + page.documents.size();
    if (!page.documents.empty() && end < order.size())
      page.next_cursor = write_cursor(sort, {std::string(order[end - 1].first), order[end - 1].second});
    return page;
  }

  // Many hits: walk the column in order and keep what is among them. Documents without a value stand where an empty
  // one would: first ascending, last descending.
  Result<Page> walked(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                      std::uint64_t offset) const {
    Collector found{count, offset, {}};
    if (!sort.descending && (!after || after->value.empty())) PF_TRY(walk_without_value(hits, sort, after, found));
    walk_column(hits, sort, after, found);
    if (sort.descending) PF_TRY(walk_without_value(hits, sort, after, found));
    Page page;
    const bool more = found.places.size() > count;
    if (more) found.places.pop_back();
    for (const Place& place : found.places) page.documents.push_back(place.document);
    if (more) page.next_cursor = write_cursor(sort, found.places.back());
    return page;
  }

  Result<std::vector<std::pair<std::string, std::uint64_t>>> facet(const Documents& hits, std::string_view field,
                                                                   std::size_t limit) const {
    std::vector<std::pair<std::string, std::uint64_t>> counts;
    const std::string start = name_key('p', field);
    for (auto row = read_.scan_prefix(family_, start); row.valid(); row.next()) {
      const std::string_view key = row.key();
      if (key.size() < start.size() + 4) continue;
      const std::string_view term = key.substr(start.size(), key.size() - start.size() - 4);
      const std::uint64_t common =
          hits.count_common(get_be16(key.substr(key.size() - 2)), read_bitmap(row.value()).get());
      if (!counts.empty() && counts.back().first == term)
        counts.back().second += common;
      else
        counts.emplace_back(term, common);
    }
    std::erase_if(counts, [](const auto& entry) { return entry.second == 0; });
    std::ranges::stable_sort(counts, std::greater<>{}, &std::pair<std::string, std::uint64_t>::second);
    if (counts.size() > limit) counts.resize(limit);
    return counts;
  }

 private:
  struct Collector {
    std::size_t count;
    std::uint64_t skip;
    std::vector<Place> places;
    bool full() const { return places.size() > count; }  // one more than asked tells that there is a next page
    void take(std::string value, Document document) {
      if (skip > 0)
        --skip;
      else
        places.push_back({std::move(value), document});
    }
  };

  Result<Documents> united(std::string_view prefix) const {
    Documents all;
    for (auto row = read_.scan_prefix(family_, prefix); row.valid(); row.next())
      if (row.key().size() >= 3) all.unite(get_be16(row.key().substr(row.key().size() - 2)), read_bitmap(row.value()));
    return all;
  }

  Result<Documents> in_column(const Filter& filter) const {
    Documents all;
    const std::string start = name_key('c', filter.field);
    const std::string from = filter.from ? column_from(filter.field, kept(*filter.from)) : start;
    std::string to = filter.to ? column_from(filter.field, kept(*filter.to)) : name_key('c', filter.field);
    if (!filter.to) to.back() = '\1';
    for (auto row = read_.scan(family_, from, to); row.valid(); row.next()) all.add(column_document(row.key()));
    return all;
  }

  Result<> walk_without_value(const Documents& hits, const Sort& sort, const std::optional<Place>& after,
                              Collector& found) const {
    PF_LET(const auto have, united(posting_key(kHasColumnField, sort.column)));
    Documents rest;
    for (const Document document : hits.list())
      if (!have.contains(document)) rest.add(document);
    std::vector<Document> list = rest.list();
    if (sort.descending) std::ranges::reverse(list);
    for (const Document document : list) {
      if (found.full()) break;
      if (after && after->value.empty() &&
          (sort.descending ? document >= after->document : document <= after->document))
        continue;
      found.take({}, document);
    }
    return {};
  }

  void walk_column(const Documents& hits, const Sort& sort, const std::optional<Place>& after, Collector& found) const {
    const std::string from = name_key('c', sort.column);
    std::string to = from;
    to.back() = '\1';
    auto row = read_.scan(family_, from, to);
    if (after && (!after->value.empty() || sort.descending)) {
      if (after->value.empty()) return;  // descending, already among those without a value
      const std::string place = column_key(sort.column, after->value, after->document);
      if (sort.descending) {
        row.seek_for_prev(place);
        if (row.valid() && row.key() == place) row.prev();
      } else {
        row.seek(place);
        if (row.valid() && row.key() == place) row.next();
      }
    } else if (sort.descending) {
      row.seek_for_prev(to);
    }
    for (; row.valid() && !found.full(); sort.descending ? row.prev() : row.next()) {
      const Document document = column_document(row.key());
      if (hits.contains(document)) found.take(column_value(row.key(), sort.column), document);
    }
  }

  const storage::Reader& read_;
  storage::FamilyRef family_;
};

}  // namespace

Filter everything() {
  return {};
}
Filter any_of(std::string field, std::vector<std::string> terms) {
  return {.kind = Filter::Kind::any_of, .field = std::move(field), .terms = std::move(terms)};
}
Filter prefix(std::string field, std::string term) {
  return {.kind = Filter::Kind::prefix, .field = std::move(field), .terms = {std::move(term)}};
}
Filter in_range(std::string column, std::optional<std::string> from, std::optional<std::string> to) {
  return {.kind = Filter::Kind::range, .field = std::move(column), .from = std::move(from), .to = std::move(to)};
}
Filter both(std::vector<Filter> parts) {
  return {.kind = Filter::Kind::both, .parts = std::move(parts)};
}
Filter either(std::vector<Filter> parts) {
  return {.kind = Filter::Kind::either, .parts = std::move(parts)};
}
Filter without(Filter part) {
  return {.kind = Filter::Kind::without, .parts = {std::move(part)}};
}

storage::Family Index::family(std::string name) {
  return {.name = std::move(name), .merge = bitmap_merge()};
}

Index::Index(storage::Store& store, std::string_view family_name) : family_(store.family(family_name)) {}

Result<Document> Index::add_document(storage::Write& work) {
  PF_LET(const auto record, work.get(family_, kNextDocumentKey));
  const Document document = record && record->size() == 4 ? get_be32(*record) : 0;
  std::string next;
  put_be32(next, document + 1);
  work.put(family_, kNextDocumentKey, next);
  work.merge(family_, all_key(block_of(document)), operand(document, true));
  return document;
}

Result<> Index::update(storage::Write& work, Document document, const Entry& before, const Entry& after) {
  const std::uint16_t block = block_of(document);
  const std::string add = operand(document, true), remove = operand(document, false);

  const Pairs old_terms = pairs_of(before.terms), new_terms = pairs_of(after.terms);
  for (const auto& term : old_terms)
    if (!std::ranges::binary_search(new_terms, term))
      work.merge(family_, posting_key(term.first, term.second, block), remove);
  for (const auto& term : new_terms)
    if (!std::ranges::binary_search(old_terms, term))
      work.merge(family_, posting_key(term.first, term.second, block), add);

  std::map<std::string_view, std::string_view> old_columns, new_columns;
  for (const auto& [column, value] : before.columns) old_columns[column] = kept(value);
  for (const auto& [column, value] : after.columns) new_columns[column] = kept(value);
  for (const auto& [column, value] : old_columns) {
    const auto now = new_columns.find(column);
    if (now != new_columns.end() && now->second == value) continue;
    work.erase(family_, column_key(column, value, document));
    if (now == new_columns.end()) {
      work.erase(family_, value_key(column, document));
      work.merge(family_, posting_key(kHasColumnField, column, block), remove);
    }
  }
  for (const auto& [column, value] : new_columns) {
    const auto was = old_columns.find(column);
    if (was != old_columns.end() && was->second == value) continue;
    work.put(family_, column_key(column, value, document), {});
    work.put(family_, value_key(column, document), value);
    if (was == old_columns.end()) work.merge(family_, posting_key(kHasColumnField, column, block), add);
  }

  const bool gone = after.terms.empty() && after.columns.empty();
  const bool was_gone = before.terms.empty() && before.columns.empty();
  if (gone != was_gone) work.merge(family_, all_key(block), gone ? remove : add);
  return {};
}

Result<Page> Index::page(const storage::Reader& read, const Filter& filter, const Sort& sort, std::size_t count,
                         std::string_view cursor, std::uint64_t offset) const {
  std::optional<Place> after;
  if (!cursor.empty()) {
    PF_LET(auto place, read_cursor(sort, cursor));
    after = std::move(place);
    offset = 0;
  }
  const Search search(read, family_);
  PF_LET(const Documents hits, search.matching(filter));
  const std::uint64_t total = hits.count();
  PF_LET(Page page, total <= kFewHits ? search.sorted(hits, sort, count, after, offset)
                                      : search.walked(hits, sort, count, after, offset));
  page.total = total;
  return page;
}

Result<std::uint64_t> Index::count(const storage::Reader& read, const Filter& filter) const {
  PF_LET(const Documents hits, Search(read, family_).matching(filter));
  return hits.count();
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> Index::facet(const storage::Reader& read,
                                                                        const Filter& filter, std::string_view field,
                                                                        std::size_t limit) const {
  const Search search(read, family_);
  PF_LET(const Documents hits, search.matching(filter));
  return search.facet(hits, field, limit);
}

}  // namespace pf::search
