// Answers one question against one snapshot. Only for this room.
#pragma once

#include "search/documents.h"
#include "search/index.h"

namespace pf::search {

// Where a page starts: after this value and document.
struct Place {
  std::string value;
  Document document = 0;
};
std::string write_cursor(const Sort& sort, const Place& place);
Result<Place> read_cursor(const Sort& sort, std::string_view cursor);

class Answer {
 public:
  Answer(const storage::Reader& read, storage::FamilyRef family) : read_(read), family_(family) {}

  // `among`: where given, others than these are of no interest, and may be there or not.
  Result<Documents> matching(const Filter& filter, const Documents* among = nullptr) const;
  // At most `count` of `hits` in order, and where the next page starts.
  Result<Page> page(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                    std::uint64_t offset) const;
  Result<std::vector<std::pair<std::string, std::uint64_t>>> facet(const Documents& hits, std::string_view field,
                                                                   std::size_t limit) const;

 private:
  class Collector;
  Documents united(std::string_view prefix) const;
  Result<Documents> in_column(const Filter& filter, const Documents* among) const;
  Result<Documents> with_values_in(const Filter& filter, const Documents* among) const;
  Result<Page> sorted(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
                      std::uint64_t offset) const;
  Page walked(const Documents& hits, const Sort& sort, std::size_t count, const std::optional<Place>& after,
              std::uint64_t offset) const;
  void walk_without_value(const Documents& hits, const Sort& sort, const std::optional<Place>& after,
                          Collector& found) const;
  void walk_column(const Documents& hits, const Sort& sort, const std::optional<Place>& after, Collector& found) const;

  const storage::Reader& read_;
  storage::FamilyRef family_;
};

}  // namespace pf::search
