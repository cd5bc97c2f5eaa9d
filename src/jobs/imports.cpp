#include "jobs/imports.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "access/actor_record.h"
#include "crypto/crypto.h"
#include "exchange/mapping.h"
#include "jobs/import_records.h"
#include "jobs/import_trail.h"
#include "json/members.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::jobs {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 256u << 10;    // sealed at once
constexpr std::uint64_t kPiecesBetweenLooks = 64;  // at the free space: 16 MiB
constexpr milliseconds kProgressEvery{500};        // each is an fsync; people do not look more often

std::string job_key(std::uint64_t id) {
  std::string key = "j";
  put_be64(key, id);
  return key;
}
std::string row_prefix(std::uint64_t id) {
  std::string key = "r";
  put_be64(key, id);
  return key;
}
std::string request_key(std::uint64_t id) {
  std::string key = "q";
  put_be64(key, id);
  return key;
}
std::string progress_key(std::uint64_t id) {
  std::string key = "p";
  put_be64(key, id);
  return key;
}
std::string mapping_key(const std::vector<std::string>& header) {
  std::string names;
  for (const std::string& name : header) names.append(lower_ascii(trim(name))).append(1, '\n');
  return "m" + crypto::sha256(names);
}
std::string label(std::uint64_t id, std::uint64_t piece) {
  return "spool:" + std::to_string(id) + ":" + std::to_string(piece);
}

// Which file it is, and what was asked for, whether it is tried or done.
std::string what_of(const Job& job, const ImportRequest& request) {
  return job.file_hash + request.kind + '\0' + std::to_string(static_cast<int>(request.mode)) + '\0' +
         (request.mapping ? request.mapping->text : "");
}

// The worker is to stop; the next start goes on.
Error stopping() {
  Error out = error(ErrorCode::unavailable, "ProductFlow is being stopped; the import goes on at its next start.");
  out.faults.push_back({"", "stopping", ""});
  return out;
}
Error cancelled_on_the_way() {
  return error(ErrorCode::gone, "Cancelled. What was kept until then stays.");
}
bool is_stopping(const Error& error) {
  return error.code == ErrorCode::unavailable && !error.faults.empty() && error.faults[0].code == "stopping";
}

// A job that was acknowledged must find its file after the power went.
bool is_on_disk(const fs::path& file) {
  for (const fs::path& one : {file, file.parent_path()}) {
    const int descriptor = ::open(one.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool synced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!synced) return false;
  }
  return true;
}

// How one file was written says nothing of the next one with such columns, which were found without it.
std::string of_columns(const exchange::Mapping& mapping) {
  auto all = json::parse(mapping.text);
  auto* members = all.ok() ? all->as_object() : nullptr;
  if (members == nullptr || mapping.written == formats::Written{.keyed = mapping.written.keyed}) return mapping.text;
  std::erase_if(*members, [](const auto& one) {
    return one.first == "encoding" || one.first == "delimiter" || one.first == "quote";
  });
  return json::write(*all);
}

}  // namespace

std::vector<storage::Family> Imports::families() {
  return {{.name = "jobs"}};
}
fs::path Imports::spool_file(std::uint64_t id) const {
  return spool_ / (std::to_string(id) + ".bin");
}

Imports::Imports(const exchange::Rooms& rooms, vault::Vault& vault, const Clock& clock, fs::path spool)
    : rooms_(rooms), vault_(vault), clock_(clock), spool_(std::move(spool)), family_(rooms.store.family("jobs")) {
  std::error_code ignored;
  fs::create_directories(spool_, ignored);
  fs::permissions(spool_, fs::perms::owner_all, ignored);
  std::set<fs::path> wanted;
  for (Waiting& task : interrupted()) {
    wanted.insert(spool_file(task.job.id));
    queue_.push_back(std::move(task));
  }
  std::vector<fs::path> left;  // of uploads that never became a job, or whose job has ended
  for (fs::directory_iterator file(spool_, ignored), end; !ignored && file != end; file.increment(ignored))
    if (!wanted.contains(file->path())) left.push_back(file->path());
  for (const fs::path& file : left) fs::remove_all(file, ignored);
  worker_ = std::thread([this] { run(); });
}

std::vector<Imports::Waiting> Imports::interrupted() {
  std::vector<Waiting> found;
  const auto read = rooms_.store.read();
  for (auto row = read.scan_prefix(family_, "j"); row.valid(); row.next()) {
    next_id_ = get_be64(row.key().substr(1)) + 1;
    auto job = job_of(next_id_ - 1, row.value());
    if (job.ok() && (job->status == "queued" || job->status == "running")) found.push_back({*std::move(job), {}, {}});
  }
  std::vector<Waiting> resumable;
  for (Waiting& task : found) {
    const auto record = read.get(family_, request_key(task.job.id));
    const auto in = record.ok() && *record ? json::parse(**record) : Result<json::Value>(json::Value(nullptr));
    std::error_code missing;
    if (!in.ok() || in->is_null() || !fs::exists(spool_file(task.job.id), missing)) {
      task.job.status = "failed";
      task.job.message =
          "ProductFlow was restarted before the whole file had been kept. Send it again, nothing is doubled.";
      task.job.finished_at = clock_.now();
      static_cast<void>(save(task.job));
      continue;
    }
    task.job.resumed = task.job.status == "running";
    task.request.file_name = task.job.file_name;
    task.request.kind = json::text_in(*in, "kind");
    task.request.mode = static_cast<catalog::WriteMode>(json::number_in(*in, "mode"));
    task.request.dry_run = task.job.dry_run;
    if (const std::string mapping = json::text_in(*in, "mapping"); !mapping.empty())
      if (auto known = exchange::parse_mapping(mapping); known.ok())
        task.request.mapping = std::make_shared<const exchange::Mapping>(*std::move(known));
    task.by = access::actor_in(*in);
    resumable.push_back(std::move(task));
  }
  return resumable;
}

Imports::~Imports() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  ready_.notify_all();
  worker_.join();
}

Result<> Imports::put(storage::Write& work, const Job& job) const {
  work.put(family_, job_key(job.id), json::write(record_of(job)));
  if (job.status != "queued" && job.status != "running") {
    work.erase(family_, request_key(job.id));
    work.erase(family_, progress_key(job.id));
  }
  if (rooms_.events == nullptr) return {};
  return rooms_.events->add(work, events::type::kImportUpdated,
                            json::Value::object({{"id", std::to_string(job.id)},
                                                 {"status", job.status},
                                                 {"rows", job.counts.rows},
                                                 {"refused", job.counts.refused}}));
}
Result<> Imports::save(const Job& job) const {
  return rooms_.store.write_even_when_full([&](storage::Write& work) { return put(work, job); });
}

Result<Job> Imports::spool(const access::Actor& by, const http::BodySource& file) {
  Job job;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= kQueueMax)
      return error(ErrorCode::too_many, "There are 100 imports waiting already. Please wait until some are done.");
    job.id = next_id_++;
  }
  job.by = by.name;
  job.created_at = clock_.now();

  std::ofstream out(spool_file(job.id), std::ios::binary | std::ios::trunc);
  std::string gathered;
  crypto::Sha256 hash;
  std::uint64_t pieces = 0;
  // Uploads take nothing of the reserve, which the purge needs.
  const auto room_is_left = [&] { return rooms_.store.write([](storage::Write&) { return Result<>(); }); };
  // Every piece but the last has kPieceBytes, so that a place in the file can be found.
  const auto flush = [&](std::size_t bytes) -> Result<> {
    if (bytes == 0) return {};
    PF_LET(const std::string sealed,
           vault_.seal_blob(label(job.id, pieces++), std::string_view(gathered).substr(0, bytes)));
    std::string size;
    put_be32(size, static_cast<std::uint32_t>(sealed.size()));
    out << size << sealed;
    gathered.erase(0, bytes);
    if (pieces % kPiecesBetweenLooks == 0) PF_TRY(room_is_left());
    if (!out)
      return error(ErrorCode::storage_full, "The upload could not be kept: the disk is full. Nothing was imported.");
    return {};
  };
  const auto spooled = [&]() -> Result<> {
    PF_TRY(room_is_left());
    for (;;) {
      PF_LET(const std::string piece, file());
      if (piece.empty()) return flush(gathered.size());
      job.bytes += piece.size();
      if (job.bytes > kImportFileBytesMax)
        return error(ErrorCode::too_large, "The file is larger than " + std::to_string(kImportFileBytesMax >> 20) +
                                               " MiB. Split it and send its parts.");
      hash.add(piece);
      gathered += piece;
      while (gathered.size() >= kPieceBytes) PF_TRY(flush(kPieceBytes));
    }
  }();
  out.close();
  job.file_hash = hash.finish();
  if (spooled.ok() && is_on_disk(spool_file(job.id))) return job;
  drop(job);
  if (!spooled.ok()) return spooled.error();
  return error(ErrorCode::storage_full, "The upload could not be written to the disk. Nothing was imported.");
}

void Imports::drop(const Job& spooled) const {
  std::error_code ignored;
  fs::remove(spool_file(spooled.id), ignored);
}

Result<Job> Imports::start(const access::Actor& by, Job job, const ImportRequest& request) {
  job.file_name = request.file_name.substr(0, 200);
  job.dry_run = request.dry_run;
  PF_TRY(rooms_.store.write([&](storage::Write& work) -> Result<> {
    work.put(family_, request_key(job.id), json::write(request_record(request, by)));
    return put(work, job);
  }));
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({job, request, by});
  }
  ready_.notify_one();
  return job;
}

void Imports::run() {
  for (;;) {
    std::optional<Waiting> task;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return stop_ || !queue_.empty(); });
      if (stop_) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    work_on(*std::move(task));
  }
}

void Imports::work_on(Waiting task) {
  Job job = task.job;
  job.status = "running";
  static_cast<void>(save(job));
  auto done = read_file(task, job);
  while (!done.ok() && vault::is_sealed_error(done.error())) {  // it goes on when somebody unseals it
    if (!std::exchange(job.waits_for_vault, true)) static_cast<void>(save(job));
    done = wait_for_the_vault(job.id);
    if (done.ok()) done = read_file(task, job);
  }
  job.waits_for_vault = false;
  if (!done.ok() && is_stopping(done.error())) return;
  job.status = done.ok() ? "done" : done.error().code == ErrorCode::gone ? "cancelled" : "failed";
  if (!done.ok()) job.message = done.error().message;
  if (!done.ok() && done.error().code == ErrorCode::storage_full && job.counts.rows > 0 && !job.dry_run)
    job.message =
        "The disk ran nearly full before the whole file had been kept. The rows that are counted here are kept. Free "
        "some space on it and send the file again, nothing is doubled.";
  job.finished_at = clock_.now();
  static_cast<void>(save(job));
  ended_.ring();
  std::error_code ignored;
  fs::remove(spool_file(job.id), ignored);
}

Result<> Imports::wait_for_the_vault(std::uint64_t id) {
  std::unique_lock lock(mutex_);
  if (ready_.wait_for(lock, std::chrono::seconds(1), [this] { return stop_; })) return stopping();
  if (std::erase(cancelled_, id) > 0) return cancelled_on_the_way();
  return {};
}

// The sealed upload, readable at any place: one piece is in the clear at a time, in memory.
class Imports::Spooled final : public formats::Source {
 public:
  Spooled(const Imports& imports, Job& job, std::function<Result<>()> between)
      : imports_(imports), job_(job), between_(std::move(between)), in_(imports.spool_file(job.id), std::ios::binary) {}

  // Finds where the pieces lie.
  Result<> open() {
    const std::uint64_t pieces = (job_.bytes + kPieceBytes - 1) / kPieceBytes;
    std::uint64_t at = 0;
    for (std::uint64_t i = 0; i < pieces; ++i) {
      char size[4];
      in_.seekg(static_cast<std::streamoff>(at));
      if (!in_.read(size, 4)) return damaged();
      places_.push_back({at + 4, get_be32(std::string_view(size, 4))});
      at += 4 + places_.back().bytes;
    }
    return {};
  }
  std::uint64_t size() const override { return job_.bytes; }
  void passes(unsigned times) override { passes_ = std::max(1u, times); }

  Result<std::string> read(std::uint64_t at, std::size_t count) override {
    if (at >= job_.bytes) return std::string();
    const std::uint64_t piece = at / kPieceBytes;
    if (piece != open_piece_) {
      PF_TRY(between_());
      const Place& place = places_[piece];
      std::string sealed(place.bytes, '\0');
      in_.seekg(static_cast<std::streamoff>(place.at));
      if (!in_.read(sealed.data(), static_cast<std::streamsize>(sealed.size()))) return damaged();
      PF_LET(plain_, imports_.vault_.open_blob(label(job_.id, piece), sealed));
      open_piece_ = piece;
      if (std::exchange(job_.waits_for_vault, false)) PF_TRY(imports_.save(job_));
      read_ += plain_.size();
      job_.bytes_read = std::min(job_.bytes, read_ / passes_);  // an archive's end is read before its middle
    }
    return plain_.substr(static_cast<std::size_t>(at % kPieceBytes), count);
  }

 private:
  static Error damaged() { return error(ErrorCode::internal, "The spooled upload is damaged."); }
  struct Place {
    std::uint64_t at = 0;
    std::uint32_t bytes = 0;
  };
  const Imports& imports_;
  Job& job_;
  const std::function<Result<>()> between_;
  std::ifstream in_;
  std::vector<Place> places_;
  std::string plain_;
  std::uint64_t open_piece_ = ~std::uint64_t{0}, read_ = 0;
  unsigned passes_ = 1;
};

Result<> Imports::read_file(const Waiting& task, Job& job) {
  PF_LET(const bool known, is_known(task, job));
  if (known) return {};
  std::uint64_t report_rows = 0;
  milliseconds saved = clock_.since_boot();
  exchange::ImportOptions options{.by = task.by,
                                  .mode = task.request.mode,
                                  .dry_run = task.request.dry_run,
                                  .mapping = task.request.mapping,
                                  .origin = {catalog::Origin::Kind::import, job.id, 0},
                                  .kind = task.request.kind};
  PF_LET(auto place, rooms_.store.read().get(family_, progress_key(job.id)));
  // What a dry run had tried went with the process, and its rows may lean on it.
  if (place && job.dry_run) {
    PF_TRY(forget_report(job.id));
    place.reset();
  }
  if (place) {
    PF_LET(const auto in, json::parse(*place));
    const auto number = [&](const char* name) { return static_cast<std::uint64_t>(json::number_in(in, name)); };
    options.resume = {number("files"),
                      number("products"),
                      number("orders"),
                      number("reports"),
                      counts_of(in.find("of_file")),
                      counts_of(in.find("counts"))};
    if (const auto* waiting = in.find("waiting"); waiting != nullptr && waiting->as_array() != nullptr)
      for (const json::Value& one : *waiting->as_array())
        options.resume.waiting.push_back(static_cast<std::uint64_t>(one.as_int().value_or(0)));
    report_rows = number("report_rows");
  }
  options.keep_told = [&](storage::Write& work, const std::vector<exchange::RowReport>& reports,
                          const exchange::Progress& progress) -> Result<> {
    for (const auto& report : reports) {
      const bool refused = report.outcome == "refused" || report.outcome == "notice";
      if (!refused && report.changes.empty()) continue;  // counted; the report names what needs a look
      json::Value changes = json::Value::array();
      for (const auto& change : report.changes) changes.push(catalog::change_value(change));
      json::Value errors = json::Value::array();
      for (const FieldFault& fault : report.errors)
        errors.push(json::Value::object(
            {{"field", brief(fault.field)}, {"code", fault.code}, {"message", brief(fault.message)}}));
      json::Value row = json::Value::object({{"line", report.line},
                                             {"outcome", report.outcome},
                                             {"sku", brief(report.sku)},
                                             {"errors", std::move(errors)},
                                             {"changes", std::move(changes)}});
      if (!report.file.empty()) row.set("file", brief(report.file));
      std::string key = row_prefix(job.id);
      put_be64(key, ++report_rows);
      work.put(family_, key, json::write(row));
    }
    work.put(family_, progress_key(job.id), json::write(progress_record(progress, report_rows)));
    return {};
  };
  options.keep_set = [&, trail = ImportTrail(rooms_.store)](storage::Write& work,
                                                            const std::vector<exchange::SetBeside>& set) {
    return trail.note(work, job.id, set);
  };
  exchange::Importer importer(rooms_, options, [&](const std::vector<exchange::RowReport>&) {
    return look_in(job, importer, saved);  // of a file that is packed, one piece may give many batches
  });
  Spooled file(*this, job, [&] { return look_in(job, importer, saved); });
  const auto result = [&]() -> Result<> {
    PF_TRY(file.open());
    return importer.run(file);
  }();
  job.counts = importer.counts();
  job.format = importer.format();
  const exchange::Mapping* mapping = task.request.mapping.get();
  if (result.ok() && mapping != nullptr && !(mapping->columns.empty() && mapping->records.empty()))
    PF_TRY(rooms_.store.write([&](storage::Write& work) -> Result<> {
      work.put(family_, mapping_key(importer.header()), of_columns(*mapping));
      return {};
    }));
  // One that went on after a break does not know what others did in it.
  if (result.ok() && !place && report_rows == 0 && !job.file_hash.empty()) {
    PF_LET(const std::string mark, importer.mark_of_rest());
    if (!mark.empty()) known_.note({what_of(job, task.request), mark, job.id, job.counts.rows, job.format});
  }
  return result;
}

Result<> Imports::forget_report(std::uint64_t id) const {
  constexpr std::size_t kErasedAtOnce = 100'000;  // a unit of work of some megabytes
  for (bool more = true; more;)
    PF_TRY(rooms_.store.write([&](storage::Write& work) -> Result<> {
      std::vector<std::string> rows;
      for (auto row = work.scan_prefix(family_, row_prefix(id)); row.valid() && rows.size() < kErasedAtOnce; row.next())
        rows.emplace_back(row.key());
      for (const std::string& key : rows) work.erase(family_, key);
      more = rows.size() == kErasedAtOnce;
      if (!more) work.erase(family_, progress_key(id));
      return {};
    }));
  return {};
}

Result<bool> Imports::is_known(const Waiting& task, Job& job) const {
  // Who is confined to some products learns nothing of the others.
  if (job.file_hash.empty() || task.by.limits != nullptr) return false;
  PF_LET(const auto known, known_.find(rooms_, what_of(job, task.request)));
  if (!known) return false;
  job.same_as = known->import;
  job.format = known->format;
  job.bytes_read = job.bytes;
  job.counts = {.rows = known->rows, .unchanged = known->rows};
  return true;
}

// Between two pieces and two batches: how far it is, and whether somebody wants it to end.
Result<> Imports::look_in(Job& job, const exchange::Importer& importer, milliseconds& saved) {
  job.counts = importer.counts();
  job.format = importer.format();
  if (clock_.since_boot() - saved >= kProgressEvery) {
    PF_TRY(save(job));
    saved = clock_.since_boot();
  }
  const std::lock_guard lock(mutex_);
  if (stop_) return stopping();
  if (std::erase(cancelled_, job.id) > 0) return cancelled_on_the_way();
  return {};
}

Result<> Imports::cancel(std::uint64_t id) {
  PF_LET(const auto job, find(rooms_.store.read(), id));
  if (!job) return error(ErrorCode::not_found, "There is no import " + std::to_string(id) + ".");
  if (job->status != "queued" && job->status != "running")
    return error(ErrorCode::conflict, "The import has ended already.");
  const std::lock_guard lock(mutex_);
  cancelled_.push_back(id);
  return {};
}

Result<std::optional<std::string>> Imports::mapping_of(const storage::Reader& read,
                                                       const std::vector<std::string>& header) const {
  return read.get(family_, mapping_key(header));
}

Result<std::optional<Job>> Imports::find(const storage::Reader& read, std::uint64_t id) const {
  PF_LET(const auto record, read.get(family_, job_key(id)));
  if (!record) return std::optional<Job>{};
  PF_LET(auto job, job_of(id, *record));
  return std::optional<Job>(std::move(job));
}

Result<std::vector<Job>> Imports::list(const storage::Reader& read, std::uint64_t before, std::size_t count) const {
  std::vector<Job> jobs;
  const std::string end = before == 0 ? "k" : job_key(before);
  auto row = read.scan(family_, "j", end);
  for (row.seek_for_prev(end); row.valid() && jobs.size() < count; row.prev()) {
    PF_LET(auto job, job_of(get_be64(row.key().substr(1)), row.value()));
    jobs.push_back(std::move(job));
  }
  return jobs;
}

Result<std::vector<std::pair<std::uint64_t, json::Value>>> Imports::rows(const storage::Reader& read, std::uint64_t id,
                                                                         std::string_view outcome, std::uint64_t after,
                                                                         std::size_t count) const {
  std::vector<std::pair<std::uint64_t, json::Value>> found;
  std::string from = row_prefix(id);
  put_be64(from, after + 1);
  for (auto row = read.scan(family_, from, row_prefix(id + 1)); row.valid() && found.size() < count; row.next()) {
    PF_LET(auto value, json::parse(row.value()));
    if (!outcome.empty() && *value.find("outcome")->as_string() != outcome) continue;
    found.emplace_back(get_be64(row.key().substr(9)), std::move(value));
  }
  return found;
}

}  // namespace pf::jobs
