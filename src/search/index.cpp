#include "search/index.h"

#include <algorithm>
#include <functional>

#include "search/answer.h"

namespace pf::search {
namespace {

// In order, each once.
using Sorted = std::vector<Pairs::Pair>;

Sorted in_order(Sorted pairs) {
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}
Sorted terms_of(const Entry& entry) {
  return in_order(Sorted(entry.terms.begin(), entry.terms.end()));
}
// The beginnings of the terms that are asked by them, under the fields of their lengths.
Sorted beginnings_of(const Entry& entry, std::string_view words, const std::vector<std::string>& fields) {
  Sorted pairs;
  if (words.empty()) return pairs;
  for (const auto& [field, term] : entry.terms)
    if (field == words)
      for (std::size_t i = 0; i < kBeginnings.size(); ++i)
        if (term.size() >= kBeginnings[i]) pairs.emplace_back(fields[i], term.substr(0, kBeginnings[i]));
  return in_order(std::move(pairs));
}
std::vector<std::string> beginnings_fields(std::string_view words) {
  std::vector<std::string> fields;
  for (const std::size_t length : kBeginnings) fields.push_back(beginnings_field(words, length));
  return fields;
}
// Which sets an index has, to be compared.
std::string name_of(const Coarse& coarse) {
  std::string name(coarse.words);
  for (const auto& column : coarse.columns) {
    name.append(1, '\0').append(column.name).append(column.each_begins_so ? "*" : "");
    for (const std::uint8_t shift : column.shifts) name.append("/").append(std::to_string(shift));
  }
  return name;
}
// By column; of two values for one the last counts.
Sorted columns_of(const Entry& entry) {
  Sorted columns;
  columns.reserve(entry.columns.size());
  for (const auto& [column, value] : entry.columns) columns.emplace_back(column, kept(value));
  using Pair = Pairs::Pair;
  std::ranges::stable_sort(columns, {}, &Pair::first);
  // Not std::ranges::unique, which clang 14, the fuzzers' compiler, cannot read in libstdc++ 12.
  const auto same = std::unique(columns.rbegin(), columns.rend(),
                                [](const Pair& one, const Pair& other) { return one.first == other.first; });
  columns.erase(columns.begin(), same.base());
  return columns;
}
const std::string_view* value_in(const Sorted& columns, std::string_view column) {
  const auto found = std::ranges::lower_bound(columns, column, {}, &Pairs::Pair::first);
  return found == columns.end() || found->first != column ? nullptr : &found->second;
}

// Keys one behind the other: a product has a hundred and more.
class Keys {
 public:
  void add(std::string_view key) {
    size_ += key.copy(room(key.size()), key.size());
    end();
  }
  void add(char kind, std::string_view field, std::string_view term, std::uint16_t block) {
    size_ += write_term_key(room(term_key_bytes_max(field, term)), kind, field, term, block);
    end();
  }
  std::vector<std::string_view> views() const {
    std::vector<std::string_view> out;
    out.reserve(ends_.size());
    std::size_t start = 0;
    for (const std::size_t end : ends_) {
      out.push_back(std::string_view(bytes_).substr(start, end - start));
      start = end;
    }
    return out;
  }

 private:
  void end() {
    if (ends_.empty()) ends_.reserve(256);  // of most products all
    ends_.push_back(size_);
  }
  char* room(std::size_t more) {
    if (size_ + more > bytes_.size()) bytes_.resize(std::max<std::size_t>(4'096, 2 * (size_ + more)));
    return bytes_.data() + size_;
  }
  std::string bytes_{};
  std::size_t size_ = 0;  // of them that are keys
  std::vector<std::size_t> ends_{};
};

// Gathers what changes for one document, and merges it into the index at once.
class Changes {
 public:
  Changes(Document document, const Coarse& coarse) : document_(document), coarse_(coarse) {}
  void all(bool add) { keys(add).add(all_key(block_of(document_))); }
  void term(std::string_view field, std::string_view term, bool add) { set(kTermKey, field, term, add); }
  void terms(const Sorted& before, const Sorted& after) {
    for (const auto& [field, name] : before)
      if (!std::ranges::binary_search(after, std::pair(field, name))) term(field, name, false);
    for (const auto& [field, name] : after)
      if (!std::ranges::binary_search(before, std::pair(field, name))) term(field, name, true);
  }
  void value(std::string_view column, std::string_view value, bool add) {
    set(kColumnKey, column, value, add);
    if (value.size() != 8) return;
    const auto sets = coarse_.sets_of(column);
    if (!sets) return;
    for (const std::uint8_t shift : sets->shifts)
      keys(add).add(
          key_.start(kSetKey, column).byte(shift).be64(get_be64(value) >> shift).be16(block_of(document_)).view());
  }
  void new_value(std::string_view column, std::string_view value, bool first) {
    put_value(operand_of(column), within_chunk(document_), value);
    if (first) set(kTermKey, kHasColumnField, column, true);
  }
  void no_value(std::string_view column) {
    drop_value(operand_of(column), within_chunk(document_));
    set(kTermKey, kHasColumnField, column, false);
  }
  void merge(storage::Write& work, storage::FamilyRef family) {
    for (const bool add : {false, true}) {
      std::string operand;
      put_document(operand, within_block(document_), add);
      work.merge_all(family, keys(add).views(), operand);
    }
    for (const auto& [key, operand] : values_) work.merge(family, key, operand);
  }

 private:
  Keys& keys(bool add) { return add ? added_ : removed_; }
  void set(char kind, std::string_view field, std::string_view term, bool add) {
    keys(add).add(kind, field, term, block_of(document_));
  }
  std::string& operand_of(std::string_view column) {
    return values_.emplace_back(values_key(column, chunk_of(document_)), std::string()).second;
  }

  Document document_;
  const Coarse& coarse_;
  Keys added_{}, removed_{};
  std::vector<std::pair<std::string, std::string>> values_{};  // key of a chunk, operand
  Key key_{kTermKey, ""};
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
Filter these(std::vector<Document> documents) {
  return {.kind = Filter::Kind::these, .documents = std::move(documents)};
}
Filter holding(std::string field, std::function<bool(std::string_view)> takes, std::size_t at_most) {
  return {
      .kind = Filter::Kind::holding, .field = std::move(field), .takes = std::move(takes), .looked_at_max = at_most};
}
Filter holding_in_column(std::string column, std::function<bool(std::string_view)> takes, std::size_t at_most) {
  Filter out = holding(std::move(column), std::move(takes), at_most);
  out.in_column = true;
  return out;
}
Filter found(std::shared_ptr<const Documents> documents) {
  return {.kind = Filter::Kind::found, .found = std::move(documents)};
}
Filter without(Filter part) {
  return {.kind = Filter::Kind::without, .parts = {std::move(part)}};
}

storage::Family Index::family(std::string name) {
  return {.name = std::move(name),
          .kind = storage::Family::Kind::walked,
          .is_empty = is_empty_record,
          .merge = merge_records,
          .fold = fold_operands};
}

std::optional<Coarse::Column> Coarse::sets_of(std::string_view column) const {
  for (const Column& one : columns)
    if (one.each_begins_so ? column.starts_with(one.name) : column == one.name)
      return Column{column, one.shifts, one.each_begins_so};
  return std::nullopt;
}

Index::Index(storage::Store& store, std::string_view family_name, Coarse coarse)
    : family_(store.family(family_name)), coarse_(coarse) {}

namespace {

// Of records of an index, one behind the other, makes the sets' records: their documents under other keys.
class Completing {
 public:
  Completing(storage::Store& store, storage::FamilyRef family, const Coarse& coarse)
      : store_(store), family_(family), coarse_(coarse), fields_(beginnings_fields(coarse.words)) {}

  // All keys of `prefix`; `sets_of` names the keys that each one's documents belong to as well.
  Result<> take(const std::string& prefix, const std::function<void(std::string_view, Keys&)>& sets_of) {
    std::string from = prefix, to = prefix;
    to.back() = static_cast<char>(to.back() + 1);
    while (!from.empty()) {
      const auto read = store_.read();
      auto row = read.scan(family_, from, to);
      PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
        for (; row.valid() && work.bytes() < kCompletedBytes; row.next()) {
          Keys keys;
          sets_of(row.key(), keys);
          work.merge_all(family_, keys.views(), operand_of(BlockRecord(row.value())));
        }
        from = row.valid() ? std::string(row.key()) : std::string();
        return {};
      }));
    }
    return {};
  }
  Result<> all() {
    for (const auto& column : coarse_.columns)
      PF_TRY(take(kColumnKey + std::string(column.name), [&](std::string_view key, Keys& keys) {
        const std::string_view name = key_name(key);
        if (!column.each_begins_so && name != column.name) return;
        const std::string value = unescaped(escaped_term(key, name));
        if (value.size() != 8) return;
        for (const std::uint8_t shift : column.shifts)
          keys.add(set_key(name, shift, get_be64(value) >> shift, key_block(key)));
      }));
    if (coarse_.words.empty()) return {};
    return take(Key(kTermKey, coarse_.words).bytes(), [&](std::string_view key, Keys& keys) {
      const std::string term = unescaped(escaped_term(key, coarse_.words));
      for (std::size_t i = 0; i < kBeginnings.size(); ++i)
        if (term.size() >= kBeginnings[i])
          keys.add(term_key(kTermKey, fields_[i], std::string_view(term).substr(0, kBeginnings[i]), key_block(key)));
    });
  }

 private:
  static constexpr std::size_t kCompletedBytes = 4u << 20;  // of a unit of work
  static std::string operand_of(BlockRecord record) {
    std::string operand;
    const Bitmap documents = std::move(record).take();
    std::vector<std::uint32_t> all(roaring_bitmap_get_cardinality(documents.get()));
    roaring_bitmap_to_uint32_array(documents.get(), all.data());
    for (const std::uint32_t document : all) put_document(operand, static_cast<std::uint16_t>(document), true);
    return operand;
  }
  storage::Store& store_;
  storage::FamilyRef family_;
  const Coarse& coarse_;
  std::vector<std::string> fields_;
};

}  // namespace

Result<> Index::complete(storage::Store& store) const {
  const std::string wanted = name_of(coarse_);
  if (wanted.empty()) return {};
  PF_LET(const auto has, store.read().get(family_, kCoarseKey));
  if (has == wanted) return {};
  if (has) return error(ErrorCode::unsupported, "A newer ProductFlow has written this index: start that one.");
  PF_TRY(Completing(store, family_, coarse_).all());
  // Thousands of merges wait for each set's record, and every question would go through them again until the tables
  // are rewritten one day.
  const std::string sets(1, kSetKey), beginnings = std::string(1, kTermKey) + '\x02';
  for (const std::string& from : {sets, beginnings}) {
    std::string to = from;
    to.back() = static_cast<char>(to.back() + 1);
    PF_TRY(store.rewrite_range(family_, from, to));
  }
  return store.write([&](storage::Write& work) -> Result<> {
    work.put(family_, kCoarseKey, wanted);
    return {};
  });
}

Result<Document> Index::add_document(storage::Write& work) {
  PF_LET(const auto record, work.get(family_, kNextDocumentKey));
  const Document document = record && record->size() == 4 ? get_be32(*record) : 0;
  std::string next;
  put_be32(next, document + 1);
  work.put(family_, kNextDocumentKey, next);
  return document;
}

Result<> Index::update(storage::Write& work, Document document, const Entry& before, const Entry& after) {
  const bool gone = after.terms.empty() && after.columns.empty();
  const bool was_gone = before.terms.empty() && before.columns.empty();
  Changes changes(document, coarse_);
  const auto fields = beginnings_fields(coarse_.words);
  if (gone != was_gone) changes.all(!gone);
  if (was_gone) {  // nothing to compare with; the same term twice is merged once
    for (const auto& [field, term] : after.terms) changes.term(field, term, true);
    for (const auto& [field, term] : beginnings_of(after, coarse_.words, fields)) changes.term(field, term, true);
  } else {
    changes.terms(terms_of(before), terms_of(after));
    changes.terms(beginnings_of(before, coarse_.words, fields), beginnings_of(after, coarse_.words, fields));
  }

  const Sorted old_columns = columns_of(before), new_columns = columns_of(after);
  for (const auto& [column, value] : old_columns) {
    const auto* now = value_in(new_columns, column);
    if (now != nullptr && *now == value) continue;
    changes.value(column, value, false);
    if (now == nullptr) changes.no_value(column);
  }
  for (const auto& [column, value] : new_columns) {
    const auto* was = value_in(old_columns, column);
    if (was != nullptr && *was == value) continue;
    changes.value(column, value, true);
    changes.new_value(column, value, was == nullptr);
  }
  changes.merge(work, family_);
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
  const Answer answer(read, family_, coarse_);
  PF_LET(const Documents hits, answer.matching(filter));
  return answer.page(hits, sort, count, after, offset);
}

Result<std::optional<Page>> Index::page_in(const storage::Reader& read, const Filter& filter, const Sort& sort,
                                           std::span<const Document> standing, std::size_t count,
                                           std::uint64_t offset) const {
  const Answer answer(read, family_, coarse_);
  PF_LET(const Documents hits, answer.matching(filter));
  return answer.page_in(hits, sort, standing, count, offset);
}

Result<std::vector<Document>> Index::behind(const storage::Reader& read, const Sort& sort,
                                            std::span<const Document> documents) const {
  const Answer answer(read, family_, coarse_);
  PF_LET(const Documents all, answer.matching(everything()));
  std::vector<Document> out;
  for (const Document document : documents) {
    PF_LET(const Place place, answer.place_of(document, sort));
    PF_LET(const Page next, answer.page(all, sort, 1, place, 0));
    out.push_back(next.documents.empty() ? kNoDocument : next.documents.front());
  }
  return out;
}

Result<std::shared_ptr<const Documents>> Index::found(const storage::Reader& read, const Filter& filter) const {
  PF_LET(Documents hits, Answer(read, family_, coarse_).matching(filter));
  return std::make_shared<const Documents>(std::move(hits));
}

Result<std::uint64_t> Index::count(const storage::Reader& read, const Filter& filter) const {
  PF_LET(const Documents hits, Answer(read, family_, coarse_).matching(filter));
  return hits.count();
}

std::vector<std::string> Index::values(const storage::Reader& read, std::string_view column, std::size_t limit) const {
  std::vector<std::string> all;
  for (auto row = read.scan_prefix(family_, Key(kColumnKey, column).bytes()); row.valid() && all.size() < limit;
       row.next()) {
    std::string value = unescaped(escaped_term(row.key(), column));
    // Of one value there is a record a block; emptied ones wait to be dropped.
    if (!is_empty_record(row.value()) && (all.empty() || all.back() != value)) all.push_back(std::move(value));
  }
  return all;
}

Result<std::vector<Document>> Index::documents(const storage::Reader& read, const Filter& filter) const {
  PF_LET(const auto found, Answer(read, family_, coarse_).matching(filter));
  return found.list();
}

Result<> Index::each_key(const storage::Reader& read, char kind, std::string_view name, const Tell& tell) const {
  for (auto row = read.scan_prefix(family_, Key(kind, name).bytes()); row.valid(); row.next()) {
    const BlockRecord record(row.value());
    const std::uint16_t block = key_block(row.key());
    const std::string value = unescaped(escaped_term(row.key(), name));
    if (record.is_list()) {
      for (std::size_t i = 0; i < record.size(); ++i)
        PF_TRY(tell(value, static_cast<Document>(block) << 16 | record[i]));
      continue;
    }
    Union all;
    all.add(block, BlockRecord(row.value()));
    for (const Document document : std::move(all).take().list()) PF_TRY(tell(value, document));
  }
  return {};
}

Result<> Index::each(const storage::Reader& read, std::string_view column, const Tell& tell) const {
  return each_key(read, kColumnKey, column, tell);
}

Result<> Index::each_term(const storage::Reader& read, std::string_view field, const Tell& tell) const {
  return each_key(read, kTermKey, field, tell);
}

std::vector<std::string> Index::terms(const storage::Reader& read, std::string_view field, std::size_t limit) const {
  return terms_in(read, family_, field, limit);
}

Result<Index::Facet> Index::facet(const storage::Reader& read, const Filter& filter, std::string_view field,
                                  std::size_t limit) const {
  const std::string name(field);
  PF_LET(auto one, facets(read, filter, std::span(&name, 1), limit));
  return std::move(one.front());
}

Result<std::vector<Index::Facet>> Index::facets(const storage::Reader& read, const Filter& filter,
                                                std::span<const std::string> fields, std::size_t limit) const {
  std::vector<Facet> out;
  if (fields.empty()) return out;
  const Answer answer(read, family_, coarse_);
  PF_LET(const Documents hits, answer.matching(filter));
  for (const std::string& field : fields) {
    PF_LET(auto facet, answer.facet(hits, field, limit));
    out.push_back(std::move(facet));
  }
  return out;
}

}  // namespace pf::search
