// Makes the search index anew from the records, compares it with the one that serves every list, and mends that one
// where they differ: part after part, in the background, at low priority, while people go on. One rebuild at a time;
// the latest is kept with what it came to. Any thread.
//
//   running -> done | failed | cancelled        a restart: the part it was in begins again, and `resumed` says so
//
// Stored on disk (family "jobs", beside imports.h, edits.h and recounts.h; do not change): "b" -> JSON of the latest
// rebuild, whose "format_version" is 1.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "audit/audit.h"
#include "search/rebuild.h"

namespace pf::jobs {

// What has an index of its own.
struct IndexPart {
  std::string name{};                                                      // "products"
  std::function<Result<std::uint64_t>(const storage::Reader&)> documents;  // about how many, for the progress alone
  std::function<Result<search::Rebuilt>(storage::Store&, const std::filesystem::path& folder, const search::Watch&)>
      rebuild;
};

struct IndexRebuild {
  std::string status{};  // empty: there was none
  std::string message{}, by{};
  std::string part{};  // which one it is in, or ended in
  bool resumed = false;
  std::uint64_t documents = 0, of = 0;  // looked at, of about so many in all parts; 0: unknown
  std::uint64_t mended = 0;             // places of the index, in the parts that are finished
  Time created_at{}, finished_at{};
  bool ended() const { return status != "running"; }
};

class IndexRebuilds {
 public:
  // `folder` is this job's alone: made and removed by it. REQUIRES: `parts` is not empty; what they call outlives this.
  IndexRebuilds(storage::Store& store, std::vector<IndexPart> parts, audit::Audit& audit, const Clock& clock,
                std::filesystem::path folder);
  ~IndexRebuilds();  // ends at the next documents; begins again after the next start
  IndexRebuilds(const IndexRebuilds&) = delete;
  IndexRebuilds& operator=(const IndexRebuilds&) = delete;

  Result<IndexRebuild> start(const access::Actor& by);  // the one that is running, if one is
  Result<IndexRebuild> cancel();                        // the running one, if one is; what was mended stays
  Result<IndexRebuild> latest(const storage::Reader& read) const;

 private:
  Result<IndexRebuild> kept(const storage::Reader& read) const;
  void put(storage::Write& work, const IndexRebuild& rebuild) const;
  void run();
  Result<> rebuild();  // the one that is kept as running, to its end or until it is stopped
  void end(const char* status, const std::string& message);
  void tidy() const;

  storage::Store& store_;
  const std::vector<IndexPart> parts_;
  audit::Audit& audit_;
  const Clock& clock_;
  const std::filesystem::path folder_;
  const storage::FamilyRef family_;
  std::atomic<std::uint64_t> looked_at_{0};           // documents of the running one
  std::atomic<bool> cancelled_{false}, stop_{false};  // written under the mutex
  std::mutex mutex_;                                  // guards asked_; beginning and cancelling are one at a time
  bool asked_ = false;
  std::condition_variable wake_;
  std::thread worker_;  // last: starts when the others are there
};

}  // namespace pf::jobs
