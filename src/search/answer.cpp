#include "search/answer.h"

#include <algorithm>

namespace pf::search {
namespace {

// So many values of a range are walked (0.2 us each); beyond, going through all documents' values is less.
constexpr std::size_t kWalkedMax = 16'384;

// The lowest value of 8 bytes that is not below `bound`; nothing when all are.
std::optional<std::uint64_t> lowest_from(std::string_view bound) {
  std::string head(bound.substr(0, 8));
  head.resize(8, '\0');
  const std::uint64_t value = get_be64(head);
  if (bound.size() <= 8) return value;
  return value == UINT64_MAX ? std::nullopt : std::optional(value + 1);
}

}  // namespace

std::vector<std::string> terms_in(const storage::Reader& read, storage::FamilyRef family, std::string_view field,
                                  std::size_t limit) {
  std::vector<std::string> all;
  for (auto row = read.scan_prefix(family, Key(kTermKey, field).bytes()); row.valid() && all.size() < limit;) {
    all.push_back(unescaped(escaped_term(row.key(), field)));
    row.seek(term_blocks(kTermKey, field, all.back()).append(kBehindBlocks));
  }
  return all;
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
    case Filter::Kind::these: {
      Documents all;
      for (auto from = filter.documents.begin(); from != filter.documents.end();) {
        const auto to =
            std::find_if(from, filter.documents.end(), [&](Document one) { return block_of(one) != block_of(*from); });
        all.add(block_of(*from), std::vector<Document>(from, to));
        from = to;
      }
      all.keep(united(std::string(1, kAllKey)));
      return all;
    }
    case Filter::Kind::holding:
      return holding(filter);
    case Filter::Kind::found:
      return filter.found->without({});
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

// One walk, in which each term is asked at its first record: to look up each one that says yes costs more.
Result<Documents> Answer::holding(const Filter& filter) const {
  const char kind = filter.in_column ? kColumnKey : kTermKey;
  Union all;
  std::string last;
  bool takes = false;
  std::size_t terms = 0;
  for (auto row = read_.scan_prefix(family_, Key(kind, filter.field).bytes()); row.valid(); row.next()) {
    const std::string_view term = escaped_term(row.key(), filter.field);
    if (terms == 0 || term != last) {
      if (++terms > filter.looked_at_max)
        return invalid(filter.field, "too_many",
                       filter.field + " has more than " + std::to_string(filter.looked_at_max) + " different values.");
      last = term;
      takes = filter.takes(term.find('\0') == std::string_view::npos ? term : unescaped(term));
    }
    if (takes) all.add(key_block(row.key()), BlockRecord(row.value()));
  }
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
