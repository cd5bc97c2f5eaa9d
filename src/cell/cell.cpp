#include "cell/cell.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include "productflow/text.h"

namespace pf::cell {
namespace {

constexpr int kPipeBytes = 1 << 20;                // what every user may have, so that neither side waits for the other
constexpr std::size_t kReceiveBytes = 256u << 10;  // read at once
constexpr std::size_t kErrorTextMax = 2'000;       // of a cell's own words
constexpr std::size_t kLayersMax = 20;

using Watch = std::chrono::steady_clock;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

// A write to a process that ended is an answer here, not a signal to the whole process.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutPipeSignal() {
    const timespec now{};
    if (!was_pending_)
      while (sigtimedwait(&pipe_, nullptr, &now) == -1 && errno == EINTR) {
      }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

 private:
  sigset_t pipe_{}, before_{};
  bool was_pending_ = false;
};

Error not_started(int fault) {
  return error(ErrorCode::unavailable, std::string("The process that opens files of others could not be started (") +
                                           std::strerror(fault) +
                                           "). Try again; if it stays so, run `productflow doctor`.");
}

}  // namespace

std::string clean_text(std::string_view text) {
  text = text.substr(0, kErrorTextMax);
  text = text.substr(0, first_bad_utf8(text).value_or(text.size()));
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out;
}

struct Cell::Impl {
  Limits limits;
  pid_t process = -1;
  Descriptor to, from;
  std::string waiting;  // received and not yet taken
  std::size_t at = 0;
  Layers layers;
  std::optional<Error> ended;

  ~Impl() {
    if (process < 0) return;
    kill(process, SIGKILL);
    int status = 0;
    while (waitpid(process, &status, 0) == -1 && errno == EINTR) {
    }
  }

  Error end(Error why) {
    if (!ended) ended = std::move(why);
    if (process >= 0) kill(process, SIGKILL);
    return *ended;
  }
  // It said no more: how it died says why.
  Error died() {
    if (ended) return *ended;
    int status = 0;
    pid_t gone = 0;
    do gone = waitpid(process, &status, 0);
    while (gone == -1 && errno == EINTR);
    process = -1;
    ErrorCode code = ErrorCode::invalid;
    std::string how;
    if (gone != -1 && WIFSIGNALED(status)) {
      const int by = WTERMSIG(status);
      if (by == SIGSYS)
        how = "its reader tried to do what it may not, and was ended; it may be an attack";
      else if (by == SIGXCPU || by == SIGKILL) {
        code = ErrorCode::too_large;
        how = "reading it took more than the " + std::to_string(limits.cpu_seconds) +
              " seconds of processor time that it may take, or more memory than there is";
      } else {
        how = std::string("its reader broke down (") + strsignal(by) + "), alone";
      }
    } else {
      how = "its reader ended before it was done";
    }
    return end(error(code, "This cannot be opened: " + how + "."));
  }
  // It may be the machine that has no time, and not what was read.
  Error silent() {
    return end(error(ErrorCode::unavailable, "This cannot be opened now: its reader said nothing for " +
                                                 std::to_string(limits.patience.count() / 1000) +
                                                 " seconds and was ended. Try again when the machine has less to do."));
  }

  // Whether it can be read from (or written to) in time.
  Result<> wait(int fd, short what, Watch::time_point until) {
    for (;;) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - Watch::now()).count();
      if (left <= 0) return silent();
      pollfd one{fd, what, 0};
      const int ready = poll(&one, 1, static_cast<int>(left));
      if (ready > 0) return {};
      if (ready < 0 && errno != EINTR) return died();
    }
  }

  // A cell that cannot write reads nothing either: what it says is taken meanwhile.
  Result<> wait_to_write(Watch::time_point until) {
    for (;;) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - Watch::now()).count();
      if (left <= 0) return silent();
      pollfd both[] = {{to.get(), POLLOUT, 0}, {from.get(), POLLIN, 0}};
      const int ready = poll(both, waiting.size() - at < kMessageBytesMax ? 2 : 1, static_cast<int>(left));
      if (ready < 0 && errno != EINTR) return died();
      if (ready > 0 && both[0].revents != 0) return {};
      if (ready > 0) PF_TRY(fill());
    }
  }

  Result<> fill() {
    waiting.erase(0, std::exchange(at, 0));
    const auto until = Watch::now() + limits.patience;
    for (;;) {
      const std::size_t before = waiting.size();
      waiting.resize(before + kReceiveBytes);
      const ssize_t got = read(from.get(), waiting.data() + before, kReceiveBytes);
      const int fault = errno;
      waiting.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      if (got > 0) return {};
      if (got == 0) return died();
      if (fault == EAGAIN)
        PF_TRY(wait(from.get(), POLLIN, until));
      else if (fault != EINTR)
        return died();
    }
  }
};

Cell::Cell(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Cell::~Cell() = default;
Cell::Cell(Cell&&) noexcept = default;
Cell& Cell::operator=(Cell&&) noexcept = default;
const Layers& Cell::layers() const {
  return impl_->layers;
}
int Cell::process() const {
  return impl_->process;
}

Result<Cell> Cell::start(std::string_view task, const CellOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->limits = options.limits;
  int down[2], up[2];  // to the cell, from it
  if (pipe2(down, O_CLOEXEC) != 0) return not_started(errno);
  Descriptor its_in(down[0]);
  impl->to = Descriptor(down[1]);
  if (pipe2(up, O_CLOEXEC) != 0) return not_started(errno);
  impl->from = Descriptor(up[0]);
  Descriptor its_out(up[1]);
  for (const int fd : {down[1], up[0]}) {
    fcntl(fd, F_SETPIPE_SZ, kPipeBytes);  // less, where many pipes have used up the user's share
    fcntl(fd, F_SETFL, O_NONBLOCK);
  }

  const std::string name(task), house = std::to_string(getpid()), cpu = std::to_string(options.limits.cpu_seconds),
                                memory = std::to_string(options.limits.memory_bytes);
  std::string program = options.program;
  char own_name[] = "productflow", command[] = "--cell";
  char* const arguments[] = {own_name,
                             command,
                             const_cast<char*>(name.c_str()),
                             const_cast<char*>(house.c_str()),
                             const_cast<char*>(cpu.c_str()),
                             const_cast<char*>(memory.c_str()),
                             nullptr};
  char* const environment[] = {nullptr};

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, its_in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, its_out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);  // the workers' is not ours to hand on
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int fault = posix_spawn(&impl->process, program.c_str(), &files, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (fault != 0) {
    impl->process = -1;
    return not_started(fault);
  }
  its_in.reset();
  its_out.reset();

  Cell cell(std::move(impl));
  const auto first = cell.receive(kErrorTextMax * 2);
  if (!first.ok())
    return error(ErrorCode::unavailable,
                 "Files of others are not opened on this system, since the process that does so cannot be shut in: " +
                     first.error().message + ". Run `productflow doctor`.");
  Unpacker in(first->body);
  if (first->kind == kReady)
    for (auto* list : {&cell.impl_->layers.hold, &cell.impl_->layers.lacking})
      for (std::size_t i = in.count(kLayersMax); i > 0; --i) list->push_back(clean_text(in.text()));
  if (first->kind != kReady || !in.whole())
    return cell.impl_->end(error(ErrorCode::internal, "The process that opens files of others answers nonsense."));
  return cell;
}

Result<> Cell::send(char kind, std::string_view body) {
  Impl& in = *impl_;
  if (in.ended) return *in.ended;
  std::string head(1, kind);
  put_be32(head, static_cast<std::uint32_t>(body.size()));
  const WithoutPipeSignal quiet;
  const auto until = Watch::now() + in.limits.patience;
  std::string_view first = head;
  while (!first.empty() || !body.empty()) {
    const iovec parts[] = {{const_cast<char*>(first.data()), first.size()},
                           {const_cast<char*>(body.data()), body.size()}};
    const ssize_t done = writev(in.to.get(), parts, 2);
    if (done < 0) {
      if (errno == EAGAIN)
        PF_TRY(in.wait_to_write(until));
      else if (errno == EPIPE)  // it ended; receive() hears its last words, and tells how
        return {};
      else if (errno != EINTR)
        return in.died();
      continue;
    }
    const std::size_t of_first = std::min(first.size(), static_cast<std::size_t>(done));
    first.remove_prefix(of_first);
    body.remove_prefix(static_cast<std::size_t>(done) - of_first);
  }
  return {};
}

Result<Message> Cell::receive(std::size_t bytes_max) {
  Impl& in = *impl_;
  if (in.ended) return *in.ended;
  while (in.waiting.size() - in.at < kMessageHead) PF_TRY(in.fill());
  const std::size_t bytes = get_be32(std::string_view(in.waiting).substr(in.at + 1));
  if (bytes > std::min(bytes_max, kMessageBytesMax))
    return in.end(error(ErrorCode::invalid, "This cannot be opened: its reader answered more than it may."));
  Message out{in.waiting[in.at]};
  in.at += kMessageHead;
  for (;;) {
    const std::size_t more = std::min(bytes - out.body.size(), in.waiting.size() - in.at);
    out.body.append(in.waiting, in.at, more);  // grows by what came, not by what was announced
    in.at += more;
    if (out.body.size() == bytes) break;
    PF_TRY(in.fill());
  }
  if (out.kind != kFailed) return out;
  Unpacker fields(out.body);
  const std::uint8_t code = fields.byte();
  std::string message = clean_text(fields.text());
  const bool known = fields.whole() && code <= static_cast<std::uint8_t>(ErrorCode::internal);
  return error(known ? static_cast<ErrorCode>(code) : ErrorCode::invalid, std::move(message));
}

}  // namespace pf::cell
