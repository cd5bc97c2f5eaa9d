#include "audit/checkpoints.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "audit/audit_keys.h"
#include "crypto/secret_file.h"
#include "productflow/bytes.h"
#include "productflow/files.h"
#include "productflow/text.h"

namespace pf::audit {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kSeedBytes = 32;
constexpr std::string_view kDropped = "dropped ";
constexpr std::size_t kSweepCount = 10'000;  // entries of one unit of work: a few megabytes

std::string signed_text(const Checkpoint& one) {
  std::string text = one.dropped ? "pf/v1/audit-dropped" : "pf/v1/audit-checkpoint";
  text.push_back('\0');
  put_be64(text, one.number);
  return text + one.hash + rfc3339(one.at);
}

std::string line_of(const Checkpoint& one) {
  return std::string(one.dropped ? kDropped : "") + std::to_string(one.number) + " " + one.hash + " " +
         rfc3339(one.at) + " " + one.signature + "\n";
}
std::optional<Checkpoint> read_line(std::string_view line) {
  const bool dropped = line.starts_with(kDropped);
  if (dropped) line.remove_prefix(kDropped.size());
  const auto parts = split(line, ' ');
  if (parts.size() != 4) return std::nullopt;
  const auto number = parse_int(parts[0]);
  const auto at = parse_time(parts[2]);
  if (!number || *number < 1 || !at.ok()) return std::nullopt;
  return Checkpoint{static_cast<std::uint64_t>(*number), std::string(parts[1]), *at, std::string(parts[3]), dropped};
}

Error unreadable(const fs::path& path) {
  return error(ErrorCode::unavailable,
               "The file " + path.string() +
                   " cannot be read or written. Make sure that its disk has space and that it belongs to the user who "
                   "runs ProductFlow.");
}

// The whole file; empty when there is none, which is not the same as one that cannot be read.
Result<std::string> read_file(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return errno == ENOENT ? Result<std::string>(std::string()) : unreadable(path);
  std::string text;
  char part[16'384];
  ssize_t got = 0;
  while ((got = ::read(file, part, sizeof part)) > 0) text.append(part, static_cast<std::size_t>(got));
  ::close(file);
  if (got < 0) return unreadable(path);
  return text;
}

// All of it or nothing: what a full disk took half of is taken back.
Result<> append_durably(const fs::path& path, std::string_view text) {
  const bool is_new = !fs::exists(path);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct stat before {};
  bool done = file >= 0 && ::fstat(file, &before) == 0;
  if (done) {
    done = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    if (!done) static_cast<void>(::ftruncate(file, before.st_size) == 0 && ::fsync(file) == 0);  // or mend() will
  }
  if (file >= 0) ::close(file);
  return done && (!is_new || sync_folder(path.parent_path())) ? Result<>() : Result<>(unreadable(path));
}

Place place_of(const Checkpoint& one) {
  return {one.number, unhex(one.hash).value_or("")};
}

}  // namespace

bool Checkpoints::holds(const Checkpoint& one) const {
  const auto signature = unbase64url(one.signature);
  return signature && crypto::signature_holds(key_.open, signed_text(one), *signature);
}

std::string Checkpoints::sign_text(std::string_view purpose, std::string_view text) const {
  return base64url(crypto::sign(key_, std::string(purpose) + '\0' + std::string(text)));
}

bool Checkpoints::text_holds(std::string_view purpose, std::string_view text, std::string_view signature) const {
  const auto bytes = unbase64url(signature);
  return bytes && crypto::signature_holds(key_.open, std::string(purpose) + '\0' + std::string(text), *bytes);
}

std::string Checkpoints::open_key() const {
  return base64url(key_.open);
}

Result<std::unique_ptr<Checkpoints>> Checkpoints::open(storage::Store& store, Audit& audit, const Clock& clock,
                                                       const fs::path& folder) {
  const fs::path path = folder / kCheckpointsKey;
  std::error_code unseen;
  if (!fs::exists(path, unseen) && !unseen)
    PF_TRY(replace_file(path, crypto::SecretBytes::random(kSeedBytes).bytes(), 0600));
  PF_LET(const auto seed, crypto::read_secret_file(path, kSeedBytes));
  std::unique_ptr<Checkpoints> made(new Checkpoints(store, audit, clock, folder, crypto::signing_key_of(seed.bytes())));
  PF_TRY(made->mend());
  return made;
}

// A line without its end was never acknowledged. And the newest whole one is where signing goes on: years of lines need
// no look at each start.
Result<> Checkpoints::mend() {
  const fs::path path = folder_ / kCheckpointsFile;
  PF_LET(std::string text, read_file(path));
  if (const std::size_t whole = text.rfind('\n') + 1; whole < text.size()) {  // npos + 1: none is whole
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    const bool cut = file >= 0 && ::ftruncate(file, static_cast<off_t>(whole)) == 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!cut) return unreadable(path);
    PF_TRY(store_.write_even_when_full([&](storage::Write& work) {
      return audit_.append(work, access::system_actor(), "audit.checkpoint_torn", "",
                           json::Value::object({{"bytes", text.size() - whole}}));
    }));
    text.resize(whole);
  }
  const auto lines = split(text, '\n');
  for (auto line = lines.rbegin(); line != lines.rend() && newest_.number == 0; ++line)
    if (const auto one = read_line(*line); one && !one->dropped && holds(*one)) newest_ = *one;
  if (newest_.number != 0) signing_.signed_at = newest_.at;
  return {};
}

// The place up to which the chain is vouched for.
Result<Place> Checkpoints::known(const storage::Reader& read) const {
  PF_LET(Place begins, audit_.begin(read));
  return newest_.number > begins.number ? place_of(newest_) : begins;
}

Result<> Checkpoints::sign_newest() {
  const auto read_now = store_.read();
  PF_LET(const auto newest, audit_.page(read_now, 0, 1));
  PF_LET(const Place from, known(read_now));
  if (newest.empty() || newest[0].number == from.number) return {};
  PF_LET(const auto since, audit_.verify(read_now, from));
  if (!since.fault.empty())
    return error(ErrorCode::conflict,
                 since.fault + " No checkpoint is signed over that. Run: productflow audit verify");
  Checkpoint one{newest[0].number, newest[0].hash, clock_.now(), {}, false};
  one.signature = base64url(crypto::sign(key_, signed_text(one)));
  PF_TRY(append_durably(folder_ / kCheckpointsFile, line_of(one)));
  newest_ = one;
  return {};
}

Result<> Checkpoints::sign() {
  const std::lock_guard lock(mutex_);
  auto done = sign_newest();
  const std::lock_guard told(signing_mutex_);
  if (done.ok()) {
    signing_ = {.signed_at = clock_.now()};
  } else {
    signing_.failure = done.error().message;
    if (!signing_.failing_since) signing_.failing_since = clock_.now();
  }
  return done;
}

Signing Checkpoints::signing() const {
  const std::lock_guard lock(signing_mutex_);
  return signing_;
}

Result<Checkpoints::Lines> Checkpoints::read() const {
  PF_LET(const std::string text, read_file(folder_ / kCheckpointsFile));
  return lines_of(text);
}

Checkpoints::Lines Checkpoints::lines_of(std::string_view text) const {
  Lines lines;
  std::size_t number = 0, begin = 0;
  while (begin < text.size()) {
    ++number;
    const std::size_t end = text.find('\n', begin);
    const std::string_view line = text.substr(begin, end - begin);
    begin = end == std::string_view::npos ? text.size() : end + 1;
    const auto one = end == std::string_view::npos ? std::nullopt : read_line(line);
    auto& of_kind = one && one->dropped ? lines.drops : lines.checkpoints;
    // A drop that a crash had kept from being done is signed once more.
    const std::uint64_t least = of_kind.empty() ? 1 : of_kind.back().number + (one && one->dropped ? 0 : 1);
    if (one && holds(*one) && one->number >= least)
      of_kind.push_back(*one);
    else if (lines.fault.empty())
      lines.fault = "Line " + std::to_string(number) + " of " + std::string(kCheckpointsFile) + " was altered.";
  }
  return lines;
}

Result<SignedVerdict> Checkpoints::verify(Scope scope) const {
  std::unique_lock lock(mutex_);  // file and database as of one moment; the long look goes on beside who signs
  const auto read_now = store_.read();
  PF_LET(const std::string text, read_file(folder_ / kCheckpointsFile));
  lock.unlock();
  SignedVerdict verdict;
  verdict.key = open_key();
  const Lines lines = lines_of(text);
  PF_LET(const Place begins, audit_.begin(read_now));
  verdict.checkpoints = lines.checkpoints.size();
  if (!lines.checkpoints.empty()) verdict.newest = lines.checkpoints.back();
  const bool from_newest = scope == Scope::recent && verdict.newest.number > begins.number;
  PF_LET(verdict.chain, audit_.verify(read_now, from_newest ? place_of(verdict.newest) : begins));
  verdict.fault = verdict.chain.fault.empty() ? lines.fault : verdict.chain.fault;
  const auto allowed = [&](const Checkpoint& drop) { return place_of(drop) == begins; };
  if (verdict.fault.empty() && begins.number > 0 && std::ranges::none_of(lines.drops, allowed))
    verdict.fault = "Entries up to " + std::to_string(begins.number) +
                    " are gone, and no signature says that they were old enough.";
  for (const Checkpoint& one : lines.checkpoints) {
    if (!verdict.fault.empty()) break;
    if (one.number <= begins.number || (from_newest && one.number < verdict.newest.number)) continue;
    PF_LET(const auto entry, audit_.page(read_now, one.number + 1, 1));
    if (entry.empty() || entry[0].number != one.number)
      verdict.fault = "Entry " + std::to_string(one.number) + " was signed on " + rfc3339(one.at) +
                      " and is gone: the log's end was cut off.";
    else if (entry[0].hash != one.hash)
      verdict.fault = "Entry " + std::to_string(one.number) + " is not the one that was signed on " + rfc3339(one.at) +
                      ": the log was written anew.";
  }
  return verdict;
}

// ---- what is old enough

// The lines that still tell something: this drop, and the checkpoints after it.
Result<> Checkpoints::keep_after(const Checkpoint& drop) {
  PF_LET(const auto lines, read());
  if (!lines.fault.empty()) return {};  // evidence
  std::string text = line_of(drop);
  for (const Checkpoint& one : lines.checkpoints)
    if (one.number > drop.number) text += line_of(one);
  return replace_file(folder_ / kCheckpointsFile, text, 0600);
}

Result<> Checkpoints::sweep() {
  for (std::size_t swept = kSweepCount; swept == kSweepCount;) {
    PF_LET(swept, audit_.sweep(store_, kSweepCount));
  }
  return {};
}

Result<std::uint64_t> Checkpoints::drop_old() {
  const std::lock_guard lock(mutex_);
  PF_TRY(sweep());  // what an earlier call was kept from finishing
  const auto read_now = store_.read();
  PF_LET(const auto days, audit_.keep_days(read_now));
  if (!days) return std::uint64_t{0};
  PF_LET(const Place begins, audit_.begin(read_now));
  PF_LET(const auto lines, read());
  const Time until = clock_.now() - std::chrono::days{*days};
  const auto last = std::ranges::find_if(lines.checkpoints.rbegin(), lines.checkpoints.rend(),
                                         [&](const Checkpoint& one) { return one.at <= until; });
  if (last == lines.checkpoints.rend() || last->number <= begins.number) return std::uint64_t{0};
  PF_LET(const auto old, audit_.verify(read_now, begins, last->number));
  PF_LET(const auto entry, audit_.page(read_now, last->number + 1, 1));
  const bool as_signed = !entry.empty() && entry[0].number == last->number && entry[0].hash == last->hash;
  if (!lines.fault.empty() || !old.fault.empty() || !as_signed)
    return error(ErrorCode::conflict,
                 "The old part of the audit log does not hold, so it is kept. Run: productflow audit verify");
  Checkpoint drop{last->number, last->hash, clock_.now(), {}, true};
  drop.signature = base64url(crypto::sign(key_, signed_text(drop)));
  PF_TRY(append_durably(folder_ / kCheckpointsFile, line_of(drop)));
  const std::uint64_t count = drop.number - begins.number;
  PF_TRY(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_TRY(audit_.drop_to(work, place_of(drop)));
    return audit_.append(work, access::system_actor(), "audit.drop", "",
                         json::Value::object({{"up_to", drop.number}, {"entries", count}, {"keep_days", *days}}));
  }));
  PF_TRY(keep_after(drop));
  PF_TRY(sweep());
  return count;
}

}  // namespace pf::audit
