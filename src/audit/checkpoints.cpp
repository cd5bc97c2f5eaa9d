#include "audit/checkpoints.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::audit {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kSeedBytes = 32;

std::string signed_text(const Checkpoint& one) {
  std::string text = "pf/v1/audit-checkpoint";
  text.push_back('\0');
  put_be64(text, one.number);
  return text + one.hash + rfc3339(one.at);
}

// One line: number, hash, time, signature.
std::string line_of(const Checkpoint& one) {
  return std::to_string(one.number) + " " + one.hash + " " + rfc3339(one.at) + " " + one.signature + "\n";
}
std::optional<Checkpoint> read_line(std::string_view line) {
  const auto parts = split(line, ' ');
  if (parts.size() != 4) return std::nullopt;
  const auto number = parse_int(parts[0]);
  const auto at = parse_time(parts[2]);
  if (!number || *number < 1 || !at.ok()) return std::nullopt;
  return Checkpoint{static_cast<std::uint64_t>(*number), std::string(parts[1]), *at, std::string(parts[3])};
}

Error unreadable(const fs::path& path) {
  return error(ErrorCode::unavailable, "The file " + path.string() + " cannot be read or written.");
}

Result<> append_durably(const fs::path& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool done =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  return done ? Result<>() : Result<>(unreadable(path));
}

}  // namespace

Result<std::unique_ptr<Checkpoints>> Checkpoints::open(storage::Store& store, const Audit& audit, const Clock& clock,
                                                       const fs::path& folder) {
  const fs::path path = folder / kCheckpointsKey;
  if (!fs::exists(path)) PF_TRY(append_durably(path, crypto::SecretBytes::random(kSeedBytes).bytes()));
  crypto::SecretBytes seed(kSeedBytes);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  const bool whole = file >= 0 && ::read(file, seed.data(), seed.size()) == static_cast<ssize_t>(seed.size());
  if (file >= 0) ::close(file);
  if (!whole) return unreadable(path);
  std::unique_ptr<Checkpoints> made(new Checkpoints(store, audit, clock, folder, crypto::signing_key_of(seed.bytes())));
  std::string fault;
  PF_LET(const auto known, made->read(fault));
  if (!known.empty()) made->last_ = known.back().number;
  return made;
}

Result<> Checkpoints::sign() {
  const std::lock_guard lock(mutex_);
  PF_LET(const auto newest, audit_.page(store_.read(), 0, 1));
  if (newest.empty() || newest[0].number <= last_) return {};
  Checkpoint one{newest[0].number, newest[0].hash, clock_.now(), {}};
  one.signature = base64url(crypto::sign(key_, signed_text(one)));
  PF_TRY(append_durably(folder_ / kCheckpointsFile, line_of(one)));
  last_ = one.number;
  return {};
}

Result<std::vector<Checkpoint>> Checkpoints::read(std::string& fault) const {
  std::vector<Checkpoint> all;
  std::ifstream in(folder_ / kCheckpointsFile, std::ios::binary);
  if (!in) return all;  // none was signed yet
  std::stringstream text;
  text << in.rdbuf();
  const std::string whole = text.str();
  std::size_t number = 0;
  for (std::string_view line : split(whole, '\n')) {
    ++number;
    if (line.empty()) continue;
    const auto one = read_line(line);
    const auto signature = one ? unbase64url(one->signature) : std::nullopt;
    if (signature && crypto::signature_holds(key_.open, signed_text(*one), *signature) &&
        (all.empty() || one->number > all.back().number)) {
      all.push_back(*one);
    } else if (fault.empty()) {
      fault = "Line " + std::to_string(number) + " of " + std::string(kCheckpointsFile) + " was altered.";
    }
  }
  return all;
}

Result<SignedVerdict> Checkpoints::verify() const {
  const std::lock_guard lock(mutex_);
  const auto read_now = store_.read();
  SignedVerdict verdict;
  PF_LET(verdict.chain, audit_.verify(read_now));
  verdict.key = base64url(key_.open);
  std::string fault;
  PF_LET(const auto all, read(fault));
  verdict.checkpoints = all.size();
  verdict.fault = verdict.chain.fault.empty() ? fault : verdict.chain.fault;
  if (!all.empty()) verdict.newest = all.back();
  for (const Checkpoint& one : all) {
    if (!verdict.fault.empty()) break;
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

}  // namespace pf::audit
