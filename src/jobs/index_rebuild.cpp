#include "jobs/index_rebuild.h"

#include <algorithm>

namespace pf::jobs {
namespace {

// Of a part: all its documents are looked at, then what was made of them is compared.
constexpr std::int64_t kComparedPercent = 20;  // of the time; a quarter, with the counting, of 30,000 products

// How far it is when of this part so many documents are looked at, of about `in_part`.
std::int64_t percent_of(std::int64_t in_parts_before, std::int64_t of, std::int64_t in_part, std::int64_t looked_at,
                        std::int64_t compared) {
  if (of <= 0) return 0;
  const std::int64_t made = in_part > 0 ? std::min<std::int64_t>(looked_at * 100 / in_part, 100) : 0;
  const std::int64_t of_part = (made * (100 - kComparedPercent) + compared * kComparedPercent) / 100;
  return std::clamp<std::int64_t>((in_parts_before * 100 + in_part * of_part) / of, 0, 99);
}

}  // namespace

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
    const MaintenanceRun before = run;
    const auto about = part->documents(store.read());
    const std::int64_t in_part = about.ok() ? static_cast<std::int64_t>(*about) : 0;
    const auto count = [&](const search::Rebuilt& so_far, unsigned compared) {
      run.numbers["documents"] = before.number("documents") + static_cast<std::int64_t>(so_far.documents);
      run.numbers["mended"] = before.number("mended") + static_cast<std::int64_t>(so_far.mended);
      run.percent = percent_of(before.number("documents"), run.number("of"), in_part,
                               static_cast<std::int64_t>(so_far.documents), compared);
    };
    search::Watch rebuild;
    rebuild.goes_on = [&](const search::Rebuilt& so_far, unsigned compared) {
      count(so_far, compared);
      return watch.goes_on(run);
    };
    // Kept with what it mends: a run that begins the part again goes on counting.
    rebuild.mends = [&](storage::Write& work, std::uint64_t mended) {
      MaintenanceRun now = before;
      now.numbers["mended"] += static_cast<std::int64_t>(mended);
      watch.keep(work, now);
    };
    PF_LET(const auto rebuilt, part->rebuild(store, folder, rebuild));
    count(rebuilt, 100);
    if (++part == parts.end()) return false;
    run.part = part->name;
    return true;
  };
  return task;
}

}  // namespace pf::jobs
