#include "jobs/index_rebuild.h"

#include <algorithm>

namespace pf::jobs {

// Stored on disk with the run (maintenance.h): do not rename a number. `of`: about so many documents in all parts; 0:
// unknown.
MaintenanceTask index_rebuild(storage::Store& store, std::vector<IndexPart> parts, std::filesystem::path folder) {
  MaintenanceTask task{.name = "rebuild of the index",
                       .key = "b",
                       .asked = "index.rebuild",
                       .ended = "index.rebuilt",
                       .counts = {"documents", "mended"},
                       .in_parts = true};
  task.begin = [parts](const storage::Reader& read, MaintenanceRun& run) -> Result<> {
    run.part = parts.front().name;
    for (const IndexPart& part : parts) {
      // It is read from the index that may be damaged: then the progress is not known, and the rebuild begins.
      const auto documents = part.documents(read);
      if (documents.ok()) run.numbers["of"] += static_cast<std::int64_t>(*documents);
    }
    return {};
  };
  task.step = [&store, parts = std::move(parts), folder = std::move(folder)](
                  MaintenanceRun& run, const MaintenanceWatch& watch) -> Result<bool> {
    auto part = std::ranges::find(parts, run.part, &IndexPart::name);
    if (part == parts.end()) part = parts.begin();  // kept by a version that had other parts
    const std::int64_t before = run.number("documents"), of = run.number("of");
    const auto looked_at = [&](std::uint64_t documents) {
      run.numbers["documents"] = before + static_cast<std::int64_t>(documents);
      // What is mended follows the last document, so it is whole when it is done.
      if (of > 0) run.percent = std::min<std::int64_t>(run.number("documents") * 100 / of, 99);
    };
    PF_LET(const auto rebuilt, part->rebuild(store, folder, [&](std::uint64_t documents) {
      looked_at(documents);
      return watch.goes_on(run);
    }));
    looked_at(rebuilt.documents);
    run.numbers["mended"] += static_cast<std::int64_t>(rebuilt.mended);
    if (++part == parts.end()) return false;
    run.part = part->name;
    return true;
  };
  return task;
}

}  // namespace pf::jobs
