// Makes the search index anew from the records, compares it with the one that serves every list, and mends that one
// where they differ: a part a step. After a restart the part it was in begins again.
#pragma once

#include <filesystem>

#include "jobs/maintenance.h"
#include "search/rebuild.h"

namespace pf::jobs {

// What has an index of its own.
struct IndexPart {
  std::string name{};                                                      // "products"
  std::function<Result<std::uint64_t>(const storage::Reader&)> documents;  // about how many, for the progress alone
  std::function<Result<search::Rebuilt>(storage::Store&, const std::filesystem::path& folder, const search::Watch&)>
      rebuild;
};

// Counts documents that were looked at, and mended: places of the index. `folder` is this task's alone, made and
// removed by it. REQUIRES: `parts` is not empty.
MaintenanceTask index_rebuild(storage::Store& store, std::vector<IndexPart> parts, std::filesystem::path folder);

}  // namespace pf::jobs
