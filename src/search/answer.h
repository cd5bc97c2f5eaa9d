// Answers one question against one snapshot. Only for this room.
#pragma once

#include <compare>

#include "search/documents.h"
#include "search/index.h"

namespace pf::search {

// The first `limit` terms of a field in their order, each by one step, however many blocks it has.
std::vector<std::string> terms_in(const storage::Reader& read, storage::FamilyRef family, std::string_view field,
                                  std::size_t limit);

// Up to this many hits, reading their values and sorting them beats walking the column (about 1 us a value).
inline constexpr std::size_t kFewHits = 4096;
// Where a column has sets, a walk meets few of many, and so fewer values are worth to be read (some 5 us each, since in
// millions each hit stands in a chunk of its own).
inline constexpr std::size_t kFewOfSets = 512, kFewOfSet = 256;  // of all hits; of those in one set

// Where a page starts: after these values, one for each key, and document.
struct Place {
  std::string value;
  Document document = 0;
  std::vector<std::string> then{};  // the values of Sort::then
};
// So many documents are asked for what they are ordered by, from their records: 15 us each, as 50 terms to walk.
inline constexpr std::size_t kFewAsked = 512;

// As values stand in a list. Whoever has none is last in either direction: nobody sorts a list to look at blanks.
inline std::strong_ordering in_order(std::string_view one, std::string_view other, bool descending) {
  if (one.empty() != other.empty()) return one.empty() <=> other.empty();
  return descending ? other <=> one : one <=> other;
}
std::string write_cursor(const Sort& sort, const Place& place);
Result<Place> read_cursor(const Sort& sort, std::string_view cursor);

class Answer {
 public:
  Answer(const storage::Reader& read, storage::FamilyRef family, const Coarse& coarse)
      : read_(read), family_(family), coarse_(coarse) {}

  // `among`: where given, others than these are of no interest, and may be there or not.
  Result<Documents> matching(const Filter& filter, const Documents* among = nullptr) const;
  // At most `count` of `hits` in order, and where the next page starts.
  Result<Page> page(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                    std::uint64_t offset) const;
  // Index::page_in().
  Result<std::optional<Page>> page_in(const Documents& hits, const Sort& sort, std::span<const Document> standing,
                                      std::size_t count, std::uint64_t offset) const;
  Result<Place> place_of(Document document, const Sort& sort) const;
  Result<std::vector<std::pair<std::string, std::uint64_t>>> facet(const Documents& hits, std::string_view field,
                                                                   std::size_t limit) const;

 private:
  class Collector;
  struct Walk;
  Documents united(std::string_view prefix) const;
  Result<Documents> holding(const Filter& filter) const;
  // `found` is the page, and one more where there is a next one.
  Result<Page> page_of(std::vector<Document> found, const Sort& sort, std::size_t count) const;
  // What documents hold there, by value, then number; in the sort's direction, and last who holds nothing.
  using Placed = std::pair<std::string, Document>;
  static bool is_before(const Placed& one, const Placed& other, const Sort& sort);
  Documents without_value(const Documents& hits, std::string_view column) const;
  Result<std::vector<Placed>> places(const Documents& documents, const Sort& sort) const;
  Result<Documents> in_column(const Filter& filter, const Documents* among) const;
  Result<Documents> with_values_in(const Filter& filter, const Documents* among) const;
  Result<Page> sorted(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                      std::uint64_t offset) const;
  // By several keys, or by terms.
  struct Ordering;
  Result<Page> by_keys(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                       std::uint64_t offset) const;
  Result<> order(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const;
  Result<> order_few(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const;
  Result<> order_numbers(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const;
  Result<> order_groups(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const;
  Result<std::vector<Placed>> values_of(const Documents& documents, const Sort& sort) const;  // by document
  class Groups;
  Result<> order_terms(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const;
  Result<> order_some(Ordering& ordering, const Documents& some, std::size_t key, bool resumes) const;
  Result<> order_own(Ordering& ordering, const Documents& some, std::size_t key, bool resumes, Documents& none) const;
  Result<> order_read(Ordering& ordering, const Documents& some, std::size_t key, bool resumes, Documents& none) const;
  Result<> order_walked(Ordering& ordering, Documents& left, std::size_t key, bool resumes) const;
  Result<> order_asked(Ordering& ordering, const Documents& group, const std::string& value, std::size_t key,
                       bool resumes, Documents& left) const;
  Result<Page> walked(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                      std::uint64_t offset) const;
  Documents beginning(std::string_view field, std::string_view term) const;
  void cover(const Coarse::Column& column, std::size_t level, std::uint64_t first, std::uint64_t last,
             Union& all) const;
  bool is_everything(const Documents& hits) const;
  Result<> walk_sets(const Walk& walk, std::size_t level, std::uint64_t first, std::uint64_t last) const;
  Result<> take_few(const Walk& walk, Documents few) const;
  void walk_without_value(const Documents& hits, const Sort& sort, const std::optional<Place>& after,
                          Collector& found) const;
  void walk_column(const Walk& walk, const std::string& from, const std::string& to) const;

  const storage::Reader& read_;
  storage::FamilyRef family_;
  const Coarse& coarse_;
};

}  // namespace pf::search
