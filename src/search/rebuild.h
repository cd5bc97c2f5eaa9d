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

// Called now and then with how many documents were looked at so far; false: stop.
using Watch = std::function<bool(std::uint64_t documents)>;

// Where an index comes from.
struct Source {
  using Tell = std::function<Result<>(Document, Entry)>;
  // Tells of some hundred documents behind `place` (empty: from the first), and moves it; whether more follow.
  std::function<Result<bool>(const storage::Reader&, std::string& place, const Tell&)> some;
  // What the document contributes now; an empty entry if it is gone.
  std::function<Result<Entry>(const storage::Reader&, Document)> entry_of;
};

// `family` and `coarse` are the index's own. `folder` is made for the time being, on a disk with room for another index
// of that size, and removed again. `conflict` when `watch` said to stop; what was mended by then stays.
Result<Rebuilt> rebuild(storage::Store& store, std::string_view family, const Coarse& coarse, const Source& source,
                        const std::filesystem::path& folder, const Watch& watch);

}  // namespace pf::search
