// Makes an index anew beside the one in use, compares, and mends what is wrong in that one, which serves lists and
// takes changes all the time. Killed on the way it has done no harm, and begins again.
#pragma once

#include <filesystem>
#include <functional>

#include "search/index.h"

namespace pf::search {

struct Rebuilt {
  std::uint64_t documents = 0;  // that were looked at
  std::uint64_t mended = 0;     // places: a document too much or too few in a list, a value that was another
};

// Who looks on, if anybody does.
struct Watch {
  // Asked now and then, with what there is so far and how much of the index is compared, in percent, which begins when
  // all documents were looked at; false: stop.
  std::function<bool(const Rebuilt& so_far, unsigned compared)> goes_on{};
  // Called in each unit of work that mends, with all that is mended once it is kept, so that a count can be kept with
  // it.
  std::function<void(storage::Write&, std::uint64_t mended)> mends{};
};

// Where an index comes from.
struct Source {
  using Tell = std::function<Result<>(Document, Entry)>;
  // Tells of some hundred documents behind `place` (empty: from the first), and moves it; whether more follow.
  std::function<Result<bool>(const storage::Reader&, std::string& place, const Tell&)> some;
  // What the document contributes now; an empty entry if it is gone.
  std::function<Result<Entry>(const storage::Reader&, Document)> entry_of;
};

// `family` and `coarse` are the index's own. `folder` is made for the time being, on a disk with room for another index
// of that size, and removed again. `conflict` when it should not go on; what was mended by then stays.
Result<Rebuilt> rebuild(storage::Store& store, std::string_view family, const Coarse& coarse, const Source& source,
                        const std::filesystem::path& folder, const Watch& watch);

}  // namespace pf::search
