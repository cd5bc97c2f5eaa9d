#include "api/kept_exports.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <deque>
#include <stdexcept>

#include "crypto/crypto.h"

namespace pf::api {
namespace {

constexpr std::chrono::seconds kLookEvery{1};           // after sessions that ended, and what is too old
constexpr std::chrono::milliseconds kReaderEvery{200};  // while he waits: whether he is there
constexpr std::size_t kPieceBytes = 64u << 10;
constexpr std::uint64_t kLookAtDiskEvery = 16u << 20;  // bytes written

// A file without a name.
class NamelessFile {
 public:
  NamelessFile() = default;
  ~NamelessFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;
  bool open(const std::filesystem::path& folder) {
    std::string name = (folder / "export-XXXXXX").string();
    descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
    return descriptor_ >= 0 && ::unlink(name.c_str()) == 0;
  }
  bool append(std::string_view piece) {
    while (!piece.empty()) {
      const auto done = ::write(descriptor_, piece.data(), piece.size());
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return false;
      piece.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
  }
  // Up to `count` bytes; none at the end or on a failing disk.
  std::string read(std::uint64_t at, std::size_t count) const {
    std::string out(count, '\0');
    const auto done = ::pread(descriptor_, out.data(), count, static_cast<off_t>(at));
    out.resize(done > 0 ? static_cast<std::size_t>(done) : 0);
    return out;
  }
  std::uint64_t free_bytes() const {
    struct statvfs disk {};
    return ::fstatvfs(descriptor_, &disk) == 0 ? std::uint64_t{disk.f_bavail} * disk.f_frsize : 0;
  }

 private:
  int descriptor_ = -1;
};

}  // namespace

class KeptExports::Kept {
 public:
  enum class State { sent, written_on, whole, lost };

  Kept(Wish asked_for, Time now) : wish(std::move(asked_for)), used(now) {}

  // Remembers it at the end; at the front `most` bytes and a piece are remembered.
  void remember(std::string_view piece, std::size_t most) {
    if (!tail.empty() && tail.back().size() + piece.size() <= std::min(kPieceBytes, most / 4))
      tail.back().append(piece);
    else
      tail.emplace_back(piece);
    bytes += piece.size();
    while (bytes - from - tail.front().size() >= most && tail.size() > 1) {
      from += tail.front().size();
      tail.pop_front();
    }
  }

  const Wish wish;
  std::mutex mutex;  // guards what follows; taken after that of all
  std::condition_variable changed;
  State state = State::sent;
  bool superseded = false;            // somebody asked for the rest: its first reader is given up
  std::size_t readers = 0;            // of the rest
  Time used;                          // when it last had a reader
  std::uint64_t from = 0, bytes = 0;  // of the export: the first that is there, and how many there are
  std::deque<std::string> tail{};
  std::unique_ptr<NamelessFile> file{};  // instead of the tail; begins at `from`
  std::atomic<bool> dropped{false};
};

KeptExports::KeptExports(std::filesystem::path folder, Authenticate authenticate, const Clock& clock, KeptLimits limits)
    : folder_(std::move(folder)), authenticate_(std::move(authenticate)), clock_(clock), limits_(limits) {
  thread_ = std::thread([this] { look_after(); });
}

KeptExports::~KeptExports() {
  stop();
  thread_.join();
}

void KeptExports::stop() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  for (const auto& one : all_) one->dropped = true;
  all_.clear();
  changed_.notify_all();
}

std::size_t KeptExports::kept() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

const std::string& KeptExports::tag_of(const Kept& kept) {
  return kept.wish.tag;
}

bool KeptExports::add(const std::shared_ptr<Kept>& kept) {
  const std::lock_guard lock(mutex_);
  if (stop_) return false;
  const auto make_place = [&](std::size_t most, auto&& counts) {
    if (static_cast<std::size_t>(std::ranges::count_if(all_, counts)) < most) return true;
    const auto oldest = std::ranges::find_if(all_, [&](const auto& one) {
      if (!counts(one)) return false;
      const std::lock_guard its(one->mutex);
      return one->readers == 0 && (one->state != Kept::State::sent || one->superseded);
    });
    if (oldest == all_.end()) return false;
    (*oldest)->dropped = true;
    all_.erase(oldest);
    return true;
  };
  if (!make_place(kKeptOfPersonMax, [&](const auto& one) { return one->wish.person == kept->wish.person; }) ||
      !make_place(kKeptMax, [](const auto&) { return true; }))
    return false;
  all_.push_back(kept);
  changed_.notify_all();
  return true;
}

// Of the writing thread. False: it is not worth going on.
bool KeptExports::take(Kept& kept, std::string_view piece, const http::BodySink& sink) {
  bool to_reader = false;
  {
    std::unique_lock lock(kept.mutex);
    if (kept.state == Kept::State::sent) {
      // Who waits for the rest was promised what is remembered now.
      kept.remember(piece, kept.superseded ? SIZE_MAX : limits_.tail_bytes);
      to_reader = !kept.superseded;
    } else {
      kept.bytes += piece.size();
    }
  }
  if (to_reader && sink(piece)) return true;
  if (kept.dropped) return false;
  const std::lock_guard lock(kept.mutex);
  if (kept.state == Kept::State::sent) {  // the reader is gone
    kept.state = Kept::State::written_on;
    kept.used = clock_.now();
    kept.file = std::make_unique<NamelessFile>();
    if (!kept.file->open(folder_) || kept.file->free_bytes() < limits_.free_bytes) return false;
    for (const std::string& one : kept.tail)
      if (!kept.file->append(one)) return false;
    kept.tail.clear();
    return true;
  }
  const std::uint64_t kept_bytes = kept.bytes - kept.from;
  if (kept_bytes > limits_.file_bytes) return false;
  if (kept_bytes / kLookAtDiskEvery != (kept_bytes - piece.size()) / kLookAtDiskEvery &&
      kept.file->free_bytes() < limits_.free_bytes)
    return false;
  return kept.file->append(piece);
}

void KeptExports::send(Wish wish, const Write& write, const http::BodySink& sink) {
  const auto kept = std::make_shared<Kept>(std::move(wish), clock_.now());
  {
    const std::lock_guard lock(mutex_);
    broken_off_.push_back({crypto::sha256(kept->wish.asked), kept->wish.tag, kept->used});
    if (broken_off_.size() > kBrokenOffMax) broken_off_.pop_front();
  }
  if (!add(kept)) kept->dropped = true;
  Result<> done = error(ErrorCode::internal, "An export was not written to its end.");
  try {
    done = write([&](std::string_view piece) { return take(*kept, piece, sink); });
  } catch (const std::exception& cause) {
    done = error(ErrorCode::internal, cause.what());
  }
  bool sent = false;
  {
    const std::lock_guard lock(kept->mutex);
    sent = kept->state == Kept::State::sent && !kept->superseded;
    kept->state = done.ok() && !kept->dropped ? Kept::State::whole : Kept::State::lost;
    kept->used = clock_.now();
    kept->changed.notify_all();
  }
  if (!done.ok()) {
    const std::lock_guard lock(mutex_);
    std::erase(all_, kept);
  }
  if (!done.ok()) throw std::runtime_error(done.error().message);
  if (!sent) throw std::runtime_error("Its reader is gone.");
  arrived(kept->wish.tag);
}

void KeptExports::arrived(std::string_view tag) {
  const std::lock_guard lock(mutex_);
  std::erase_if(broken_off_, [&](const BrokenOff& one) { return one.tag == tag; });
}

// With mutex_ held.
bool KeptExports::is_sole(const Wish& wish) const {
  return std::ranges::none_of(broken_off_, [&, asked = crypto::sha256(wish.asked)](const BrokenOff& one) {
    return one.asked == asked && one.tag != wish.tag && clock_.now() - one.at < kMeantFor;
  });
}

std::shared_ptr<KeptExports::Kept> KeptExports::find(std::string_view asked, std::string_view tag, std::uint64_t byte) {
  const std::lock_guard lock(mutex_);
  for (auto one = all_.rbegin(); one != all_.rend(); ++one) {
    Kept& kept = **one;
    if (kept.wish.asked != asked || (!tag.empty() && kept.wish.tag != tag)) continue;
    const std::lock_guard its(kept.mutex);
    if (kept.state == Kept::State::lost || byte < kept.from) continue;
    if (tag.empty() && (!kept.file || !is_sole(kept.wish))) continue;
    kept.superseded = true;
    kept.used = clock_.now();
    return *one;
  }
  return nullptr;
}

void KeptExports::send_rest(Kept& kept, const http::BodySink& sink) const {
  const auto ended = [&kept] { return kept.state == Kept::State::whole || kept.state == Kept::State::lost; };
  struct Reading {
    Kept& of;
    const Clock& now;
    Reading(Kept& one, const Clock& clock) : of(one), now(clock) {
      const std::lock_guard lock(of.mutex);
      ++of.readers;
    }
    ~Reading() {
      const std::lock_guard lock(of.mutex);
      --of.readers;
      of.used = now.now();
    }
  } const reading(kept, clock_);
  std::uint64_t from = 0, bytes = 0;
  {
    std::unique_lock lock(kept.mutex);
    while (!kept.changed.wait_for(lock, kReaderEvery, ended)) {
      lock.unlock();
      if (!sink({})) return;
      lock.lock();
    }
    if (kept.state == Kept::State::lost) throw std::runtime_error("What an export holds could not be kept.");
    from = kept.from;
    bytes = kept.bytes;
  }
  // It changes no more: it is read without the lock.
  const std::string zeros(std::min<std::uint64_t>(from, kPieceBytes), '\0');
  for (std::uint64_t at = 0; at < from;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(zeros.size(), from - at));
    if (!sink(std::string_view(zeros).substr(0, count))) return;
    at += count;
  }
  for (const std::string& piece : kept.tail)
    if (!sink(piece)) return;
  if (!kept.file) return;
  for (std::uint64_t at = from; at < bytes;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, bytes - at));
    const std::string piece = kept.file->read(at - from, count);
    if (piece.empty()) throw std::runtime_error("What was kept of an export cannot be read.");
    if (!sink(piece)) return;
    at += piece.size();
  }
}

// Of the thread: lets go of what is too old, and of whose reader has signed out.
void KeptExports::look_after() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (all_.empty())
      changed_.wait(lock, [this] { return stop_ || !all_.empty(); });
    else
      changed_.wait_for(lock, kLookEvery, [this] { return stop_; });
    if (stop_) return;
    const auto now_kept = all_;
    lock.unlock();
    std::vector<std::shared_ptr<Kept>> gone;
    for (const auto& one : now_kept) {
      const auto who = authenticate_(one->wish.request);
      const bool there = who.ok() && who->id == one->wish.person;
      const std::lock_guard its(one->mutex);
      const bool has_reader = one->readers > 0 || (one->state == Kept::State::sent && !one->superseded);
      if (there && (has_reader || clock_.now() - one->used < kKeptFor)) continue;
      one->dropped = true;
      gone.push_back(one);
    }
    lock.lock();
    for (const auto& one : gone) std::erase(all_, one);
  }
}

}  // namespace pf::api
