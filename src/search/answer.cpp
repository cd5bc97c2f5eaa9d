#include "search/answer.h"

#include <algorithm>

#include "productflow/text.h"

namespace pf::search {
namespace {

// Up to this many hits, reading their values and sorting them beats walking the column (about 1 us a value).
constexpr std::size_t kFewHits = 4096;
// So many values of a range are walked (0.2 us each); beyond, going through all documents' values is less.
constexpr std::size_t kWalkedMax = 16'384;
// Where a column has sets, a walk meets few of many, and so fewer values are worth to be read (some 5 us each, since in
// millions each hit stands in a chunk of its own).
constexpr std::size_t kFewOfSets = 512, kFewOfSet = 256;  // of all hits; of those in one set
constexpr char kCursorVersion = 1, kCursorOfKeysVersion = 2;

// The lowest value of 8 bytes that is not below `bound`; nothing when all are.
std::optional<std::uint64_t> lowest_from(std::string_view bound) {
  std::string head(bound.substr(0, 8));
  head.resize(8, '\0');
  const std::uint64_t value = get_be64(head);
  if (bound.size() <= 8) return value;
  return value == UINT64_MAX ? std::nullopt : std::optional(value + 1);
}

}  // namespace

namespace {

void put_key(std::string& bytes, const Sort& sort) {
  bytes += sort.descending ? '\1' : '\0';
  put_be16(bytes, static_cast<std::uint16_t>(sort.column.size()));
  bytes += sort.column;
}

}  // namespace

// By one key: version, key, be32 document, its value. By several: version, each key, be32 document, for each be16 bytes
// and value.
std::string write_cursor(const Sort& sort, const Place& place) {
  std::string bytes{sort.then.empty() ? kCursorVersion : kCursorOfKeysVersion};
  put_key(bytes, sort);
  for (const Sort& key : sort.then) put_key(bytes, key);
  put_be32(bytes, place.document);
  if (sort.then.empty()) return base64url(bytes + place.value);
  const auto put_value = [&](const std::string& value) {
    put_be16(bytes, static_cast<std::uint16_t>(value.size()));
    bytes += value;
  };
  put_value(place.value);
  for (const std::string& value : place.then) put_value(value);
  return base64url(bytes);
}

Result<Place> read_cursor(const Sort& sort, std::string_view cursor) {
  const Error bad =
      invalid("cursor", "invalid", "The cursor does not belong to this list. Start again from its first page.");
  const auto decoded = unbase64url(cursor);
  std::string head{sort.then.empty() ? kCursorVersion : kCursorOfKeysVersion};
  put_key(head, sort);
  for (const Sort& key : sort.then) put_key(head, key);
  if (!decoded || !decoded->starts_with(head) || decoded->size() < head.size() + 4) return bad;
  std::string_view rest = std::string_view(*decoded).substr(head.size());
  Place place;
  place.document = get_be32(rest);
  rest.remove_prefix(4);
  if (sort.then.empty()) {
    place.value = rest;
    return place;
  }
  for (std::size_t key = 0; key <= sort.then.size(); ++key) {
    if (rest.size() < 2 || rest.size() < 2u + get_be16(rest)) return bad;
    const std::string value(rest.substr(2, get_be16(rest)));
    rest.remove_prefix(2 + value.size());
    if (key == 0)
      place.value = value;
    else
      place.then.push_back(value);
  }
  return rest.empty() ? Result<Place>(std::move(place)) : bad;
}

Result<Documents> Answer::matching(const Filter& filter, const Documents* among) const {
  switch (filter.kind) {
    case Filter::Kind::all:
      return united(std::string(1, kAllKey));
    case Filter::Kind::any_of: {
      Documents all;
      for (const std::string& term : filter.terms) all.unite(united(term_blocks(kTermKey, filter.field, term)));
      return all;
    }
    case Filter::Kind::prefix:
      return beginning(filter.field, filter.terms.at(0));
    case Filter::Kind::range:
      return in_column(filter, among);
    case Filter::Kind::both: {
      std::optional<Documents> common;
      // Ranges last: what they are asked for is fewer then.
      for (const bool ranges : {false, true})
        for (const Filter& part : filter.parts) {
          if ((part.kind == Filter::Kind::range) != ranges) continue;
          if (part.kind == Filter::Kind::all && filter.parts.size() > 1) continue;
          PF_LET(auto documents, matching(part, common ? &*common : among));
          if (common)
            common->keep(documents);
          else
            common = std::move(documents);
          if (common->count() == 0) return Documents();
        }
      if (common) return *std::move(common);
      return united(std::string(1, kAllKey));
    }
    case Filter::Kind::either: {
      Documents all;
      for (const Filter& part : filter.parts) {
        PF_LET(auto documents, matching(part, among));
        all.unite(std::move(documents));
      }
      return all;
    }
    case Filter::Kind::without: {
      PF_LET(const auto unwanted, matching(filter.parts.at(0), among));
      return united(std::string(1, kAllKey)).without(unwanted);
    }
  }
  return Documents();
}

Documents Answer::united(std::string_view prefix) const {
  Union all;
  for (auto row = read_.scan_prefix(family_, prefix); row.valid(); row.next())
    all.add(key_block(row.key()), BlockRecord(row.value()));
  return std::move(all).take();
}

// Terms of at least the shortest length of sets that reaches `term`, by their sets; and the term itself where it is
// shorter than that.
Documents Answer::beginning(std::string_view field, std::string_view term) const {
  const auto length = std::ranges::find_if(kBeginnings, [&](std::size_t one) { return one >= term.size(); });
  if (field != coarse_.words || length == kBeginnings.end() || term.empty())
    return united(term_prefix(kTermKey, field, term));
  const std::string sets = beginnings_field(field, *length);
  if (*length == term.size()) return united(term_blocks(kTermKey, sets, term));
  Documents all = united(term_prefix(kTermKey, sets, term));
  static_assert(kBeginnings == std::array<std::size_t, 2>{2, 4}, "at most one length is between two");
  all.unite(united(term_blocks(kTermKey, field, term)));
  return all;
}

// Values from `first` to `last`: whole sets of this level between, and what is cut at both ends from the next. More
// than half of the set that they lie in is that set, less what is outside: no document has two values, and so `all`,
// which keeps what is added an odd number of times, loses what is added again. It is some 150 records a set in
// millions, and so half of a set's parts at most are read instead of all. REQUIRES: beyond the first level, all of them
// lie in one set of the level before; `all` is odd.
void Answer::cover(const Coarse::Column& column, std::size_t level, std::uint64_t first, std::uint64_t last,
                   Union& all) const {
  const auto unite = [&](std::string_view from, std::string_view to) {
    for (auto row = read_.scan(family_, from, to); row.valid(); row.next())
      all.add(key_block(row.key()), BlockRecord(row.value()));
  };
  const auto unite_sets = [&](std::uint8_t shift, std::uint64_t from, std::uint64_t to) {
    unite(set_key(column.name, shift, from), set_key(column.name, shift, to, UINT16_MAX) + '\0');
  };
  const auto within = [](std::uint8_t shift) { return (std::uint64_t{1} << shift) - 1; };
  if (level > 0) {
    const std::uint8_t shift = column.shifts[level - 1];
    const std::uint64_t set = first >> shift, begin = set << shift, end = begin | within(shift);
    if (last - first > within(shift) / 2) {
      unite_sets(shift, set, set);
      if (first > begin) cover(column, level, begin, first - 1, all);
      if (last < end) cover(column, level, last + 1, end, all);
      return;
    }
  }
  if (level == column.shifts.size()) {
    std::string from, to;
    put_be64(from, first);
    put_be64(to, last);
    return unite(term_prefix(kColumnKey, column.name, from), term_key(kColumnKey, column.name, to, UINT16_MAX) + '\0');
  }
  const std::uint8_t shift = column.shifts[level];
  std::uint64_t from = first >> shift, to = last >> shift;
  const bool whole_begin = (first & within(shift)) == 0, whole_end = (last & within(shift)) == within(shift);
  if (from == to && !(whole_begin && whole_end)) return cover(column, level + 1, first, last, all);
  if (!whole_begin) cover(column, level + 1, first, from++ << shift | within(shift), all);
  if (!whole_end) cover(column, level + 1, to-- << shift, last, all);
  if (from <= to) unite_sets(shift, from, to);
}

Result<Documents> Answer::in_column(const Filter& filter, const Documents* among) const {
  const auto sets = coarse_.sets_of(filter.field);
  if (sets && (among == nullptr || among->count() > kFewOfSets)) {
    const auto first = filter.from ? lowest_from(kept(*filter.from)) : std::uint64_t{0};
    const auto end = filter.to ? lowest_from(kept(*filter.to)) : std::nullopt;
    if (!first || (end && *end <= *first)) return Documents();
    Union all(true);
    cover(*sets, 0, *first, end ? *end - 1 : UINT64_MAX, all);
    return std::move(all).take();
  }
  if (among == nullptr || among->count() > kFewHits) {
    std::string end = Key(kColumnKey, filter.field).bytes();
    end.back() = '\1';
    Union all;
    std::size_t walked = 0;
    auto row = read_.scan(family_,
                          term_prefix(kColumnKey, filter.field, filter.from ? kept(*filter.from) : std::string_view()),
                          filter.to ? term_prefix(kColumnKey, filter.field, kept(*filter.to)) : end);
    for (; row.valid() && walked < kWalkedMax; row.next(), ++walked)
      all.add(key_block(row.key()), BlockRecord(row.value()));
    if (!row.valid()) return std::move(all).take();
  }
  return with_values_in(filter, among);
}

// By each document's own value.
Result<Documents> Answer::with_values_in(const Filter& filter, const Documents* among) const {
  const std::string_view from = filter.from ? kept(*filter.from) : std::string_view();
  const std::string_view to = filter.to ? kept(*filter.to) : std::string_view();
  Union all;
  const auto look_in = [&](std::uint32_t chunk, std::string_view record) {
    const std::uint32_t first = chunk << 8;
    ChunkRecord values(record);
    unsigned char document = 0;
    for (std::string_view value; values.next(document, value);)
      if (value >= from && (!filter.to || value < to)) all.add(block_of(first), within_block(first | document));
  };
  if (among != nullptr && among->count() <= kFewHits) {
    const auto chunks = among->chunks();
    std::vector<std::string> keys;
    for (const std::uint32_t chunk : chunks) keys.push_back(values_key(filter.field, chunk));
    PF_LET(const auto records, read_.get_many(family_, keys));
    for (std::size_t i = 0; i < chunks.size(); ++i)
      if (records[i]) look_in(chunks[i], *records[i]);
  } else {
    const std::string prefix = Key(kValuesKey, filter.field).bytes();
    for (auto row = read_.scan_prefix(family_, prefix); row.valid(); row.next())
      if (row.key().size() == prefix.size() + 4) look_in(get_be32(row.key().substr(prefix.size())), row.value());
  }
  return std::move(all).take();
}

Result<Page> Answer::page(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                          std::uint64_t offset) const {
  const std::uint64_t total = hits.count();
  if (count == 0) {  // nobody wants to see any, and a page of none has no end to go on from
    Page none;
    none.total = total;
    return none;
  }
  if (!sort.then.empty()) {
    PF_LET(Page page, by_keys(hits, sort, count, after, offset));
    page.total = total;
    return page;
  }
  const std::size_t few = coarse_.sets_of(sort.column) ? kFewOfSets : kFewHits;
  PF_LET(Page page, total <= few ? sorted(hits, sort, count, after, offset) : walked(hits, sort, count, after, offset));
  page.total = total;
  return page;
}

Result<std::vector<Answer::Placed>> Answer::places(const Documents& hits, const Sort& sort) const {
  const std::vector<Document> documents = hits.list();
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < documents.size(); ++i)
    if (i == 0 || chunk_of(documents[i]) != chunk_of(documents[i - 1]))
      keys.push_back(values_key(sort.column, chunk_of(documents[i])));
  PF_LET(const auto chunks, read_.get_many(family_, keys));
  std::vector<Placed> order;
  order.reserve(documents.size());
  auto next = chunks.begin();
  ChunkRecord chunk("");
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (i == 0 || chunk_of(documents[i]) != chunk_of(documents[i - 1])) {
      chunk = ChunkRecord(*next ? std::string_view(**next) : std::string_view());
      ++next;
    }
    order.emplace_back(chunk.value_of(within_chunk(documents[i])), documents[i]);
  }
  if (sort.descending)
    std::ranges::sort(order, std::greater<>{});
  else
    std::ranges::sort(order);
  return order;
}

// Few hits: read their values, sort, cut.
Result<Page> Answer::sorted(const Documents& hits, const Sort& sort, std::size_t count,
                            const std::optional<Place>& after, std::uint64_t offset) const {
  PF_LET(const auto order, places(hits, sort));
  Page page;
  std::size_t start = static_cast<std::size_t>(std::min<std::uint64_t>(offset, order.size()));
  if (after) {
    const Placed place(after->value, after->document);
    const auto first = sort.descending ? std::ranges::upper_bound(order, place, std::greater<>{})
                                       : std::ranges::upper_bound(order, place);
    start = static_cast<std::size_t>(first - order.begin());
  }
  for (std::size_t i = start; i < order.size() && page.documents.size() < count; ++i)
    page.documents.push_back(order[i].second);
  const std::size_t end = start + page.documents.size();
  if (!page.documents.empty() && end < order.size())
    page.next_cursor = write_cursor(sort, {order[end - 1].first, order[end - 1].second});
  return page;
}

struct Answer::Ordering {
  std::vector<Sort> keys;
  std::vector<std::string> after;  // a value for each key, where a page goes on
  Document after_document = 0;
  std::size_t count;   // of documents that are wanted
  std::uint64_t skip;  // so many before them
  std::vector<Document> found{};

  bool full() const { return found.size() >= count; }
  bool is_last(std::size_t key) const { return key + 1 == keys.size(); }
};

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
  Page page;
  page.documents = std::move(ordering.found);
  if (page.documents.size() <= count) return page;
  page.documents.resize(count);
  Documents last;
  last.add(block_of(page.documents.back()), {page.documents.back()});
  Place place{{}, page.documents.back(), {}};
  for (std::size_t key = 0; key < ordering.keys.size(); ++key) {
    PF_LET(auto one, places(last, ordering.keys[key]));
    if (key == 0)
      place.value = std::move(one.front().first);
    else
      place.then.push_back(std::move(one.front().first));
  }
  page.next_cursor = write_cursor(sort, place);
  return page;
}

// Finds what of `hits`, which are alike in the keys before `key`, the page has. `resumes`: they are alike in those with
// where it goes on, too.
Result<> Answer::order(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const {
  const std::uint64_t all = hits.count();
  if (!resumes && ordering.skip >= all) {
    ordering.skip -= all;
    return {};
  }
  if (all <= kFewHits) return order_few(ordering, hits, key, resumes);
  if (!ordering.is_last(key)) return order_groups(ordering, hits, key, resumes);
  std::optional<Place> after;
  if (resumes) after = Place{ordering.after[key], ordering.after_document, {}};
  const Sort sort{ordering.keys[key].column, ordering.keys[key].descending};
  PF_LET(const Page page, walked(hits, sort, ordering.count - ordering.found.size(), after, ordering.skip));
  ordering.skip = 0;
  ordering.found.insert(ordering.found.end(), page.documents.begin(), page.documents.end());
  return {};
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
    PF_LET(auto values, places(hits, {one.column}));
    std::ranges::sort(values, {}, &Placed::second);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].values.push_back(std::move(values[i].first));
  }
  const auto is_before = [&](const Row& one, const Row& other) {
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (const auto order = one.values[i] <=> other.values[i]; order != 0)
        return keys[i].descending ? order > 0 : order < 0;
    return keys.back().descending ? one.document > other.document : one.document < other.document;
  };
  std::ranges::sort(rows, is_before);
  auto row = rows.begin();
  if (resumes) {
    const Row place{{ordering.after.begin() + static_cast<std::ptrdiff_t>(key), ordering.after.end()},
                    ordering.after_document};
    row = std::ranges::upper_bound(rows, place, is_before);
  }
  for (; row != rows.end() && !ordering.full(); ++row) {
    if (ordering.skip > 0)
      --ordering.skip;
    else
      ordering.found.push_back(row->document);
  }
  return {};
}

// Many: walk the key's column, and order those of each value by the next. Documents without a value stand where an
// empty one would.
Result<> Answer::order_groups(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const {
  const Sort& sort = ordering.keys[key];
  const auto without_value = [&]() -> Result<> {
    const Documents rest = hits.without(united(term_blocks(kTermKey, kHasColumnField, sort.column)));
    return order(ordering, rest, key + 1, resumes && ordering.after[key].empty());
  };
  if (!sort.descending && (!resumes || ordering.after[key].empty())) PF_TRY(without_value());
  if (!(resumes && sort.descending && ordering.after[key].empty())) {
    const std::string from = Key(kColumnKey, sort.column).bytes();
    std::string to = from;
    to.back() = '\1';
    auto row = read_.scan(family_, from, to);
    const bool begins_later = resumes && !ordering.after[key].empty();
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
  if (sort.descending && !ordering.full()) PF_TRY(without_value());
  return {};
}

// Gathers a page's places while a column is walked.
class Answer::Collector {
 public:
  Collector(std::size_t count, std::uint64_t skip, bool descending)
      : count_(count), skip_(skip), descending_(descending) {}

  bool full() const { return places_.size() > count_; }  // one more than asked tells that there is a next page
  std::size_t lacks() const { return count_ + 1 - places_.size(); }  // REQUIRES: !full()
  std::uint64_t skips() const { return skip_; }
  void skip(std::uint64_t documents) { skip_ -= documents; }  // REQUIRES: at most skips()
  // Documents of one value, ascending.
  void take(std::string_view value, std::vector<Document> documents) {
    if (skip_ >= documents.size()) {
      skip_ -= documents.size();
      return;
    }
    if (descending_) std::ranges::reverse(documents);
    for (std::size_t i = static_cast<std::size_t>(std::exchange(skip_, 0)); i < documents.size() && !full(); ++i)
      places_.push_back({std::string(value), documents[i]});
  }
  void take_one(std::string_view value, Document document) {
    if (skip_ > 0)
      --skip_;
    else if (!full())
      places_.push_back({std::string(value), document});
  }
  Page page(const Sort& sort) && {
    Page page;
    const bool more = full();
    if (more) places_.pop_back();
    for (const Place& place : places_) page.documents.push_back(place.document);
    if (more) page.next_cursor = write_cursor(sort, places_.back());
    return page;
  }

 private:
  std::size_t count_;
  std::uint64_t skip_;
  bool descending_;
  std::vector<Place> places_{};
};

struct Answer::Walk {
  const Documents& hits;
  const Sort& sort;
  const std::optional<Place>& after;
  Collector& found;
  std::optional<Coarse::Column> sets{};
  bool all = false;  // the hits are all documents, so that a record's own count is what they have in common
  std::uint64_t count(std::string_view key, std::string_view record) const {
    return all ? count_of(record) : hits.count_common(key_block(key), BlockRecord(record));
  }
  // Whether a page that begins behind `after` has this one.
  bool is_behind(std::string_view value, Document document) const {
    if (!after) return true;
    const auto order = std::pair(value, document) <=> std::pair(std::string_view(after->value), after->document);
    return sort.descending ? order < 0 : order > 0;
  }
};

// Many hits: walk the column in order and keep what is among them. Documents without a value stand where an empty one
// would: first ascending, last descending.
Result<Page> Answer::walked(const Documents& hits, const Sort& sort, std::size_t count,
                            const std::optional<Place>& after, std::uint64_t offset) const {
  Collector found(count, offset, sort.descending);
  if (!sort.descending && (!after || after->value.empty())) walk_without_value(hits, sort, after, found);
  if (!(after && after->value.empty() && sort.descending)) {  // else already among those without a value
    const bool resumes = after && !after->value.empty();
    const Walk walk{hits, sort, after, found, coarse_.sets_of(sort.column), is_everything(hits)};
    if (walk.sets && (!resumes || after->value.size() == 8)) {
      const std::uint64_t place = resumes ? get_be64(after->value) : 0;
      PF_TRY(sort.descending ? walk_sets(walk, 0, 0, resumes ? place : UINT64_MAX)
                             : walk_sets(walk, 0, place, UINT64_MAX));
    } else {
      const std::string from = Key(kColumnKey, sort.column).bytes();
      std::string to = from;
      to.back() = '\1';
      walk_column(walk, from, to);
    }
  }
  if (sort.descending) walk_without_value(hits, sort, after, found);
  return std::move(found).page(sort);
}

bool Answer::is_everything(const Documents& hits) const {
  std::uint64_t all = 0;
  for (auto row = read_.scan_prefix(family_, std::string(1, kAllKey)); row.valid(); row.next())
    all += count_of(row.value());
  return hits.count() == all;
}

void Answer::walk_without_value(const Documents& hits, const Sort& sort, const std::optional<Place>& after,
                                Collector& found) const {
  if (found.full()) return;
  const Documents rest = hits.without(united(term_blocks(kTermKey, kHasColumnField, sort.column)));
  const std::uint64_t all = rest.count();
  std::uint64_t skip = found.skips();
  if (after && after->value.empty())
    skip = sort.descending ? all - rest.count_below(after->document) : rest.count_below(after->document + 1);
  found.skip(std::min(found.skips(), all));
  for (const Document document : rest.part(skip, found.lacks(), sort.descending)) found.take_one({}, document);
}

// A set that holds few hits is read; one that is skipped whole is counted; else it is walked by its own sets.
// REQUIRES: `first` is where the walk begins, `last` where it ends, in ascending order.
Result<> Answer::walk_sets(const Walk& walk, std::size_t level, std::uint64_t first, std::uint64_t last) const {
  const Coarse::Column& column = *walk.sets;
  if (level == column.shifts.size()) {
    std::string from, to;
    put_be64(from, first);
    put_be64(to, last);
    walk_column(walk, term_key(kColumnKey, column.name, from, 0),
                term_key(kColumnKey, column.name, to, UINT16_MAX) + '\0');
    return {};
  }
  const std::uint8_t shift = column.shifts[level];
  const std::uint64_t within = (std::uint64_t{1} << shift) - 1;
  const bool descending = walk.sort.descending;
  const std::string end = set_key(column.name, shift, last >> shift, UINT16_MAX) + '\0';
  auto row = read_.scan(family_, set_key(column.name, shift, first >> shift), end);
  if (descending) row.seek_for_prev(end);
  const auto step = [&] { descending ? row.prev() : row.next(); };
  while (row.valid() && !walk.found.full()) {
    const std::uint64_t set = key_set(row.key());
    std::uint64_t count = 0;
    Documents few;
    for (; row.valid() && key_set(row.key()) == set; step()) {
      const std::uint64_t here = walk.count(row.key(), row.value());
      if (here > 0 && (count += here) <= kFewOfSet)
        few.add(key_block(row.key()), walk.hits.common(key_block(row.key()), BlockRecord(row.value())));
    }
    if (count == 0) continue;
    const std::uint64_t from = std::max(first, set << shift), to = std::min(last, set << shift | within);
    if (count <= walk.found.skips())  // only a walk without a cursor skips, and so the set is whole
      walk.found.skip(count);
    else
      PF_TRY(count <= kFewOfSet ? take_few(walk, std::move(few)) : walk_sets(walk, level + 1, from, to));
  }
  return {};
}

Result<> Answer::take_few(const Walk& walk, Documents few) const {
  PF_LET(const auto order, places(few, walk.sort));
  for (const auto& [value, document] : order)
    if (walk.is_behind(value, document)) walk.found.take_one(value, document);
  return {};
}

void Answer::walk_column(const Walk& walk, const std::string& from, const std::string& to) const {
  const Documents& hits = walk.hits;
  const Sort& sort = walk.sort;
  const std::optional<Place>& after = walk.after;
  Collector& found = walk.found;
  auto row = read_.scan(family_, from, to);
  const bool resumes = after && !after->value.empty();
  const std::string place =
      resumes ? term_key(kColumnKey, sort.column, kept(after->value), block_of(after->document)) : std::string();
  if (resumes && place >= from && place < to) {
    if (sort.descending)
      row.seek_for_prev(place);
    else
      row.seek(place);
  } else if (sort.descending) {
    row.seek_for_prev(to);
  }
  for (; row.valid() && !found.full(); sort.descending ? row.prev() : row.next()) {
    if (found.skips() > 0) {  // a page far behind: to count is less than to list
      if (const auto here = walk.count(row.key(), row.value()); here <= found.skips()) {
        found.skip(here);
        continue;
      }
    }
    const BlockRecord record(row.value());
    std::vector<Document> documents = hits.common(key_block(row.key()), record);
    if (resumes && row.key() == place)
      std::erase_if(documents, [&](Document document) {
        return sort.descending ? document >= after->document : document <= after->document;
      });
    if (!documents.empty()) found.take(unescaped(escaped_term(row.key(), sort.column)), std::move(documents));
  }
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> Answer::facet(const Documents& hits, std::string_view field,
                                                                         std::size_t limit) const {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  const Common among(hits);
  for (auto row = read_.scan_prefix(family_, Key(kTermKey, field).bytes()); row.valid(); row.next()) {
    const std::string_view term = escaped_term(row.key(), field);
    const std::uint64_t common = among.count(key_block(row.key()), BlockRecord(row.value()));
    if (common == 0) continue;
    if (!counts.empty() && counts.back().first == term)
      counts.back().second += common;
    else
      counts.emplace_back(term, common);
  }
  for (auto& [term, count] : counts) term = unescaped(term);
  std::ranges::stable_sort(counts, std::greater<>{}, &std::pair<std::string, std::uint64_t>::second);
  if (counts.size() > limit) counts.resize(limit);
  return counts;
}

}  // namespace pf::search
