#include "jobs/index_rebuilds.h"

#include <sys/resource.h>

#include <algorithm>

#include "json/members.h"

namespace pf::jobs {
namespace {

constexpr std::string_view kRebuildKey = "b";
constexpr int kRebuildFormat = 1;
// Whoever asks for a list goes before: of a busy core this leaves the thread a quarter. Not less, since others wait for
// it while it mends.
constexpr int kRebuildNiceness = 5;

json::Value rebuild_moment(Time time) {
  return json::Value(static_cast<std::int64_t>(time.time_since_epoch().count()));
}
std::uint64_t rebuild_count(const json::Value& in, const char* name) {
  return static_cast<std::uint64_t>(json::number_in(in, name));
}

}  // namespace

IndexRebuilds::IndexRebuilds(storage::Store& store, std::vector<IndexPart> parts, audit::Audit& audit,
                             const Clock& clock, std::filesystem::path folder)
    : store_(store),
      parts_(std::move(parts)),
      audit_(audit),
      clock_(clock),
      folder_(std::move(folder)),
      family_(store.family("jobs")) {
  tidy();
  auto before = kept(store_.read());
  if (before.ok() && !before->ended()) {
    before->resumed = true;
    looked_at_ = before->documents;
    asked_ = store_
                 .write_even_when_full([&](storage::Write& work) -> Result<> {
                   put(work, *before);
                   return {};
                 })
                 .ok();
  }
  worker_ = std::thread([this] { run(); });
}

IndexRebuilds::~IndexRebuilds() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  worker_.join();
}

void IndexRebuilds::tidy() const {
  std::error_code ignored;  // what is left over is in nobody's way, and is tried again
  std::filesystem::remove_all(folder_, ignored);
}

// Stored on disk: do not rename a member.
void IndexRebuilds::put(storage::Write& work, const IndexRebuild& rebuild) const {
  work.put(family_, kRebuildKey,
           json::write(json::Value::object({{"format_version", kRebuildFormat},
                                            {"status", rebuild.status},
                                            {"message", rebuild.message},
                                            {"by", rebuild.by},
                                            {"part", rebuild.part},
                                            {"resumed", rebuild.resumed},
                                            {"documents", rebuild.documents},
                                            {"of", rebuild.of},
                                            {"mended", rebuild.mended},
                                            {"created", rebuild_moment(rebuild.created_at)},
                                            {"finished", rebuild_moment(rebuild.finished_at)}})));
}

Result<IndexRebuild> IndexRebuilds::kept(const storage::Reader& read) const {
  IndexRebuild out;
  PF_LET(const auto record, read.get(family_, kRebuildKey));
  if (!record) return out;
  PF_LET(const auto in, json::parse(*record));
  if (json::number_in(in, "format_version") != kRebuildFormat)
    return error(ErrorCode::unsupported, "A rebuild of the index was kept by a newer ProductFlow. Start that one.");
  out.status = json::text_in(in, "status");
  out.message = json::text_in(in, "message");
  out.by = json::text_in(in, "by");
  out.part = json::text_in(in, "part");
  out.resumed = json::flag_in(in, "resumed");
  out.documents = rebuild_count(in, "documents");
  out.of = rebuild_count(in, "of");
  out.mended = rebuild_count(in, "mended");
  out.created_at = Time(milliseconds(json::number_in(in, "created")));
  out.finished_at = Time(milliseconds(json::number_in(in, "finished")));
  return out;
}

Result<IndexRebuild> IndexRebuilds::latest(const storage::Reader& read) const {
  PF_LET(auto rebuild, kept(read));
  if (!rebuild.ended()) rebuild.documents = std::max(rebuild.documents, looked_at_.load());
  return rebuild;
}

Result<IndexRebuild> IndexRebuilds::start(const access::Actor& by) {
  const std::lock_guard lock(mutex_);
  IndexRebuild rebuild;
  bool begun = false;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(rebuild, kept(work));
    if (!rebuild.ended()) return {};
    begun = true;
    rebuild = {.status = "running", .by = by.name, .part = parts_.front().name, .created_at = clock_.now()};
    for (const IndexPart& part : parts_) {
      // It is read from the index that may be damaged: then the progress is not known, and the rebuild begins.
      const auto documents = part.documents(work);
      if (documents.ok()) rebuild.of += *documents;
    }
    put(work, rebuild);
    return audit_.append(work, by, "index.rebuild", "", json::Value::object({}));
  }));
  if (begun) {
    looked_at_ = 0;
    cancelled_ = false;
    asked_ = true;
    wake_.notify_all();
  }
  return rebuild;
}

Result<IndexRebuild> IndexRebuilds::cancel() {
  const std::lock_guard lock(mutex_);
  PF_LET(const auto now, latest(store_.read()));
  if (!now.ended()) {
    cancelled_ = asked_ = true;
    wake_.notify_all();
  }
  return now;
}

void IndexRebuilds::end(const char* status, const std::string& message) {
  static_cast<void>(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(auto rebuild, latest(work));
    rebuild.status = status;
    rebuild.message = message;
    rebuild.finished_at = clock_.now();
    put(work, rebuild);
    return audit_.append(
        work, access::system_actor(), "index.rebuilt", "",
        json::Value::object({{"status", status}, {"documents", rebuild.documents}, {"mended", rebuild.mended}}));
  }));
}

Result<> IndexRebuilds::rebuild() {
  PF_LET(auto rebuild, kept(store_.read()));
  auto part = std::ranges::find(parts_, rebuild.part, &IndexPart::name);
  if (part == parts_.end()) part = parts_.begin();  // kept by a version that had other parts
  while (part != parts_.end()) {
    const std::uint64_t before = rebuild.documents;
    looked_at_ = before;
    PF_LET(const auto rebuilt, part->rebuild(store_, folder_, [&](std::uint64_t documents) {
      looked_at_ = before + documents;
      return !stop_ && !cancelled_;
    }));
    rebuild.documents = before + rebuilt.documents;
    rebuild.mended += rebuilt.mended;
    looked_at_ = rebuild.documents;
    if (++part != parts_.end()) rebuild.part = part->name;
    PF_TRY(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
      // After the last part it is kept as running for a moment; killed there, that part is made once more.
      put(work, rebuild);
      return {};
    }));
  }
  return {};
}

void IndexRebuilds::run() {
  // Of this thread alone: on Linux a thread's niceness is its own. Without it the work is done all the same.
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, kRebuildNiceness));
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (!asked_) {
      wake_.wait(lock, [this] { return asked_ || stop_; });
      continue;
    }
    asked_ = false;
    lock.unlock();
    const auto now = kept(store_.read());
    if (now.ok() && !now->ended()) {
      const auto done = cancelled_ ? Result<>() : rebuild();
      if (done.ok() && !cancelled_) {
        end("done", {});
      } else if (cancelled_) {
        end("cancelled", "Cancelled. What was mended until then stays.");
      } else if (!stop_) {
        end("failed", done.error().message);
      }
      tidy();
    }
    lock.lock();
  }
}

}  // namespace pf::jobs
