// The index: which documents hold which terms, kept in one family beside the records and written in the same unit of
// work as the change, so what is acknowledged is found. Knows documents by dense 32-bit number, fields and terms as
// bytes; no business word. Lists or compressed bitmaps (CRoaring) of documents per field, term and block of 65,536, and
// per value of an ordered column, for sorting and ranges; all changed by merges. Any thread; reads go by the caller's
// snapshot.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "productflow/result.h"
#include "search/entry.h"
#include "storage/store.h"

namespace pf::search {

using Document = std::uint32_t;
inline constexpr Document kNoDocument = UINT32_MAX;

// Words of a text for indexing and asking: Unicode NFKC, case folded, accents stripped, split at what is neither
// letter nor digit; at most kWordsMax words of kWordBytesMax bytes each.
inline constexpr std::size_t kWordsMax = 2'000;
inline constexpr std::size_t kWordBytesMax = 64;
std::vector<std::string> words_of(std::string_view text);
// Adds them as terms of each of `fields`.
void add_words(Entry& entry, std::initializer_list<std::string_view> fields, std::string_view text);
// The whole text folded the same way, for exact matches and sorting without case and accents.
std::string folded(std::string_view text);

class Documents;

// A filter. Build with the functions below.
struct Filter {
  enum class Kind { all, any_of, prefix, range, both, either, without, these, holding, found } kind = Kind::all;
  std::string field{};                            // or column
  std::vector<std::string> terms{};               // any_of; prefix: terms[0]
  std::optional<std::string> from{}, to{};        // range over a column: [from, to)
  std::vector<Filter> parts{};                    // both, either: all or one of them; without: not parts[0]
  std::vector<Document> documents{};              // these, which may be gone
  std::function<bool(std::string_view)> takes{};  // holding
  bool in_column = false;                         // the same: values of a column, not terms of a field
  std::size_t looked_at_max = 0;                  // the same
  std::shared_ptr<const Documents> found{};       // found
};
Filter everything();
Filter any_of(std::string field, std::vector<std::string> terms);
Filter prefix(std::string field, std::string term);
Filter in_range(std::string column, std::optional<std::string> from, std::optional<std::string> to);
Filter both(std::vector<Filter> parts);
Filter either(std::vector<Filter> parts);
Filter without(Filter part);
Filter these(std::vector<Document> documents);  // those of them that there are; REQUIRES: ascending
// By terms of a field, or values of a column, that say yes; each is asked once. Invalid ("too_many") where there are
// more than `at_most`: one walk through them all is the price.
Filter holding(std::string field, std::function<bool(std::string_view)> takes, std::size_t at_most);
Filter holding_in_column(std::string column, std::function<bool(std::string_view)> takes, std::size_t at_most);
Filter found(std::shared_ptr<const Documents> documents);  // what Index::found() found for another question

// An order by what the index has as terms, and in no column of its own: each document stands by its key, which its
// terms tell as well as it does itself.
struct Terms {
  std::string field{};                  // of the terms
  std::string has_field{}, has_term{};  // the term of all that hold any; no field: all do
  // A document's value there is its key as it is, before those by terms. Who has one in the first stands by that.
  std::vector<std::string> columns{};
  char mark = 0;  // begins the keys by terms: more than the first byte of any such value
  // Whether a term may be a key; none: every one may. No field: none is.
  std::function<bool(std::string_view term)> is_key{};
  // A term's key where that is not the mark and the term; columns count for nothing then.
  std::function<std::string(std::string_view term)> key_of{};
  // All terms by their keys, ascending, where somebody has them at hand; those of nobody may be among them. Else each
  // question makes them.
  using Ranked = std::vector<std::pair<std::string, std::string>>;  // key, term
  std::shared_ptr<const Ranked> ranked{};
  // The keys of these documents, ascending by number; empty: it has none. Of several terms that which comes first.
  std::function<Result<std::vector<std::string>>(std::span<const Document>)> keys_of{};
  // A document's key is by one of its terms, or by its value in the first column. Else it may have terms and values
  // that it does not stand by, such as those of another language, and each is asked.
  bool own = true;
  // A document's key is its value in the first of the columns that has one of it, and nothing else is; no field.
  bool in_turn = false;
};

// An order by a number that is kept elsewhere: that of each document, 0 for those behind the last.
struct Numbers {
  std::vector<std::int64_t> of{};
};

struct Sort {
  std::string column;  // with `terms` or `numbers`, their name in cursors
  bool descending = false;
  std::vector<Sort> then{};  // by which those of the same value stand; their own `then` is not looked at
  std::shared_ptr<const Terms> terms{};
  std::shared_ptr<const Numbers> numbers{};
};  // ties by document number, in the last one's direction; who has no value is last in either

// What keeps lists of millions quick, for a few more records a document. Sets of the documents whose values or words
// are alike in their beginnings, so that a range takes whole sets, a far page skips them, and the first letters of a
// word need no walk through every word that has them. Part of what is stored: an index keeps the one that it began
// with.
struct Coarse {
  // A column of 8 bytes, big-endian. Each of `shifts` makes sets of the values that are the same without that many of
  // their low bits; the largest first. With `each_begins_so`, all columns whose names begin with `name`.
  struct Column {
    std::string_view name;
    std::span<const std::uint8_t> shifts;
    bool each_begins_so = false;
  };
  // The one that says which sets `column` has, by that name; nothing where it has none.
  std::optional<Column> sets_of(std::string_view column) const;
  std::span<const Column> columns{};
  std::string_view words{};  // the field whose terms are asked by their beginnings
};

struct Page {
  std::vector<Document> documents;
  std::uint64_t total = 0;  // exact count of all matches
  std::string next_cursor;  // opaque, empty at the end; safe to show; holds the last value and document
};

class Index {
 public:
  static storage::Family family(std::string name);  // with the merge rule of bitmaps
  // What `coarse` names must outlive it.
  Index(storage::Store& store, std::string_view family_name, Coarse coarse = {});

  // Makes the coarse sets of an index from before they were kept, out of itself, and then is nothing. For the house,
  // before anybody asks. Killed at any instant, the next call completes it.
  Result<> complete(storage::Store& store) const;

  Result<Document> add_document(storage::Write& work);  // the next number; numbers are not given twice
  // Replaces what the document contributed by `after`; writes only what differs from `before`. A removed document has
  // an empty `after`; a new one an empty `before`.
  Result<> update(storage::Write& work, Document document, const Entry& before, const Entry& after);

  // At most `count` documents. With a cursor: what follows it, at constant cost at any depth; without: skips `offset`.
  // Invalid for a damaged cursor or one of another sort.
  Result<Page> page(const storage::Reader& read, const Filter& filter, const Sort& sort, std::size_t count,
                    std::string_view cursor = {}, std::uint64_t offset = 0) const;
  // The same of those who stand in `standing`, which has all documents as `sort` has them, and may have some that are
  // gone: a page at any place for some ms a million. Nothing where it lacks some.
  Result<std::optional<Page>> page_in(const storage::Reader& read, const Filter& filter, const Sort& sort,
                                      std::span<const Document> standing, std::size_t count,
                                      std::uint64_t offset) const;
  // Who stands right behind each of these, of all; kNoDocument: nobody.
  Result<std::vector<Document>> behind(const storage::Reader& read, const Sort& sort,
                                       std::span<const Document> documents) const;
  // For later questions.
  Result<std::shared_ptr<const Documents>> found(const storage::Reader& read, const Filter& filter) const;
  Result<std::uint64_t> count(const storage::Reader& read, const Filter& filter) const;
  // The first `limit` values of a column, as they are kept, ascending.
  std::vector<std::string> values(const storage::Reader& read, std::string_view column, std::size_t limit) const;
  Result<std::vector<Document>> documents(const storage::Reader& read, const Filter& filter) const;  // all, ascending
  // Each value of a column, as it is kept, ascending, with each document that has it; ends at the first error.
  using Tell = std::function<Result<>(std::string_view value, Document)>;
  Result<> each(const storage::Reader& read, std::string_view column, const Tell& tell) const;
  Result<> each_term(const storage::Reader& read, std::string_view field, const Tell& tell) const;  // the same
  // The first `limit` terms of a field in their order; of those that no document has any more, some may be among them.
  std::vector<std::string> terms(const storage::Reader& read, std::string_view field, std::size_t limit) const;
  // The most frequent `limit` terms of `field` among the matches, with exact counts, most frequent first; of several
  // fields at once for the price of finding the matches once.
  using Facet = std::vector<std::pair<std::string, std::uint64_t>>;
  Result<Facet> facet(const storage::Reader& read, const Filter& filter, std::string_view field,
                      std::size_t limit) const;
  Result<std::vector<Facet>> facets(const storage::Reader& read, const Filter& filter,
                                    std::span<const std::string> fields, std::size_t limit) const;

 private:
  Result<> each_key(const storage::Reader& read, char kind, std::string_view name, const Tell& tell) const;
  storage::FamilyRef family_;
  Coarse coarse_;
};

}  // namespace pf::search
