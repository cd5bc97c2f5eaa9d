// Imports as jobs: an upload is spooled to disk sealed, read by a worker in the background, and reported row by row.
// How far it is, is kept in the unit of work of what it did: killed at any instant and started again, it reads the file
// anew, passes over what was kept, and goes on (`resumed`). Any thread.
//
// Stored on disk (family "jobs"): "j" be64 id -> JSON of the job; "r" be64 id be64 number -> JSON of a report row;
// until it has ended, "q" be64 id -> JSON of what was asked for and by whom, "p" be64 id -> JSON of how far it is; "m"
// SHA-256 of a table's header (names in lower case, a line each) -> the mapping it was last imported with, as JSON.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

#include "exchange/importer.h"
#include "http/message.h"
#include "jobs/bell.h"
#include "jobs/known_files.h"
#include "vault/vault.h"

namespace pf::jobs {

inline constexpr std::size_t kReportTextBytesMax = 1'000;           // of a report row's field, message or SKU
inline constexpr std::uint64_t kImportFileBytesMax = 512ull << 20;  // as the largest file the compared systems take
inline constexpr std::size_t kQueueMax = 100;

struct Job {
  std::uint64_t id = 0;
  std::string status = "queued";  // queued, running, done, failed, cancelled
  std::string file_name, format, message, by;
  exchange::Counts counts{};
  std::uint64_t bytes = 0, bytes_read = 0;
  bool dry_run = false, resumed = false;
  bool waits_for_vault = false;  // it is sealed: the import goes on when somebody unseals it
  Time created_at{}, finished_at{};
  std::uint64_t same_as = 0;  // the import of the same file after which nothing had changed; 0: it was read
  std::string file_hash{};    // SHA-256 of the upload, until a restart; not kept
  bool ended() const { return status != "queued" && status != "running"; }
};

struct ImportRequest {
  std::string file_name, kind;
  catalog::WriteMode mode = catalog::WriteMode::upsert;
  bool dry_run = false;
  std::shared_ptr<const exchange::Mapping> mapping{};  // null: the columns are understood at sight
};

class Imports {
 public:
  static std::vector<storage::Family> families();  // "jobs"
  // Goes on with what was under way when the process before this one ended.
  Imports(const exchange::Rooms& rooms, vault::Vault& vault, const Clock& clock, std::filesystem::path spool);
  ~Imports();  // stops the worker at the next batch; the next start goes on there

  // Keeps the whole file, sealed, for an import whose wishes may still come: start() or drop() is next. too_large above
  // kImportFileBytesMax.
  Result<Job> spool(const access::Actor& by, const http::BodySource& file);
  // Queues it.
  Result<Job> start(const access::Actor& by, Job job, const ImportRequest& request);
  void drop(const Job& spooled) const;
  Result<> cancel(std::uint64_t id);
  Bell& ended() { return ended_; }  // rings when an import has ended
  // How a table with this header was mapped the last time, as JSON; nothing if it never was.
  Result<std::optional<std::string>> mapping_of(const storage::Reader& read,
                                                const std::vector<std::string>& header) const;
  const exchange::Rooms& rooms() const { return rooms_; }
  Result<std::optional<Job>> find(const storage::Reader& read, std::uint64_t id) const;
  Result<std::vector<Job>> list(const storage::Reader& read, std::uint64_t before,
                                std::size_t count) const;  // newest first
  // Report rows after `after`, as JSON; `outcome` empty: all.
  Result<std::vector<std::pair<std::uint64_t, json::Value>>> rows(const storage::Reader& read, std::uint64_t id,
                                                                  std::string_view outcome, std::uint64_t after,
                                                                  std::size_t count) const;

 private:
  struct Waiting {
    Job job;
    ImportRequest request;
    access::Actor by;
  };
  // What was under way, the first first.
  std::vector<Waiting> interrupted();
  void run();
  void work_on(Waiting task);
  Result<> wait_for_the_vault(std::uint64_t id);  // a second; how a reading ends that is to stop, or cancelled
  class Spooled;
  Result<> read_file(const Waiting& task, Job& job);
  Result<bool> is_known(const Waiting& task, Job& job) const;  // then it is done
  Result<> forget_report(std::uint64_t id) const;              // and how far it was
  Result<> look_in(Job& job, const exchange::Importer& importer, milliseconds& saved);
  Result<> put(storage::Write& work, const Job& job) const;
  Result<> save(const Job& job) const;
  std::filesystem::path spool_file(std::uint64_t id) const;

  const exchange::Rooms rooms_;
  vault::Vault& vault_;
  const Clock& clock_;
  const std::filesystem::path spool_;
  const storage::FamilyRef family_;
  std::mutex mutex_;  // guards queue_, cancelled_, next_id_, stop_
  std::condition_variable ready_;
  std::deque<Waiting> queue_;
  std::vector<std::uint64_t> cancelled_;
  std::uint64_t next_id_ = 1;
  bool stop_ = false;
  KnownFiles known_;  // the worker's
  Bell ended_;
  std::thread worker_;  // last: starts when the others are there
};

}  // namespace pf::jobs
