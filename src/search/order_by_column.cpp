// Orders documents by the values of one column: those of few are read and sorted, for many the column is walked.
#include <algorithm>

#include "search/answer.h"

namespace pf::search {

Result<Page> Answer::page(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                          std::uint64_t offset) const {
  const std::uint64_t total = hits.count();
  if (count == 0) {  // nobody wants to see any, and a page of none has no end to go on from
    Page none;
    none.total = total;
    return none;
  }
  if (!sort.then.empty() || sort.terms || sort.numbers) {
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
  std::ranges::sort(order, [&](const Placed& one, const Placed& other) { return is_before(one, other, sort); });
  return order;
}

bool Answer::is_before(const Placed& one, const Placed& other, const Sort& sort) {
  if (const auto order = in_order(one.first, other.first, sort.descending); order != 0) return order < 0;
  return sort.descending ? one.second > other.second : one.second < other.second;
}

// Few hits: read their values, sort, cut.
Result<Page> Answer::sorted(const Documents& hits, const Sort& sort, std::size_t count,
                            const std::optional<Place>& after, std::uint64_t offset) const {
  PF_LET(const auto order, places(hits, sort));
  Page page;
  std::size_t start = static_cast<std::size_t>(std::min<std::uint64_t>(offset, order.size()));
  if (after) {
    const Placed place(after->value, after->document);
    const auto first = std::ranges::upper_bound(
        order, place, [&](const Placed& one, const Placed& other) { return is_before(one, other, sort); });
    start = static_cast<std::size_t>(first - order.begin());
  }
  for (std::size_t i = start; i < order.size() && page.documents.size() < count; ++i)
    page.documents.push_back(order[i].second);
  const std::size_t end = start + page.documents.size();
  if (!page.documents.empty() && end < order.size())
    page.next_cursor = write_cursor(sort, {order[end - 1].first, order[end - 1].second});
  return page;
}

// Gathers a page's places while a column is walked.
class Answer::Collector {
 public:
  Collector(std::size_t count, std::uint64_t skip, bool descending)
      : count_(count), skip_(skip), descending_(descending) {}

  bool full() const { return found_.size() > count_; }  // one more than asked tells that there is a next page
  std::size_t lacks() const { return count_ + 1 - found_.size(); }  // REQUIRES: !full()
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
      put(value, documents[i]);
  }
  void take_one(std::string_view value, Document document) {
    if (skip_ > 0)
      --skip_;
    else if (!full())
      put(value, document);
  }
  Page page(const Sort& sort) && {
    Page page;
    if (full()) {
      found_.pop_back();
      page.next_cursor = write_cursor(sort, {last_value_, found_.back()});
    }
    page.documents = std::move(found_);
    return page;
  }

 private:
  void put(std::string_view value, Document document) {
    found_.push_back(document);
    if (found_.size() == count_) last_value_ = value;
  }
  std::size_t count_;
  std::uint64_t skip_;
  bool descending_;
  std::vector<Document> found_{};
  std::string last_value_{};  // of the last one that the page has
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
    return is_before({after->value, after->document}, {std::string(value), document}, sort);
  }
};

// Many hits: walk the column in order and keep what is among them; then those without a value.
Result<Page> Answer::walked(const Documents& hits, const Sort& sort, std::size_t count,
                            const std::optional<Place>& after, std::uint64_t offset) const {
  Collector found(count, offset, sort.descending);
  if (!(after && after->value.empty())) {  // else already among those without a value
    const bool resumes = after.has_value();
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
  walk_without_value(hits, sort, after, found);
  return std::move(found).page(sort);
}

bool Answer::is_everything(const Documents& hits) const {
  std::uint64_t all = 0;
  for (auto row = read_.scan_prefix(family_, std::string(1, kAllKey)); row.valid(); row.next())
    all += count_of(row.value());
  return hits.count() == all;
}

Documents Answer::without_value(const Documents& hits, std::string_view column) const {
  return hits.without(united(term_blocks(kTermKey, kHasColumnField, column)));
}

void Answer::walk_without_value(const Documents& hits, const Sort& sort, const std::optional<Place>& after,
                                Collector& found) const {
  if (found.full()) return;
  const Documents rest = without_value(hits, sort.column);
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

}  // namespace pf::search
