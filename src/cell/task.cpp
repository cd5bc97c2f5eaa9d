#include "cell/task.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>

#include "cell/confine.h"

namespace pf::cell {
namespace {

constexpr std::string_view kCellCommand = "--cell";  // TASK HOUSE CPU_SECONDS MEMORY_BYTES
constexpr int kCellArguments = 6;
constexpr std::size_t kReadBytes = 256u << 10;

template <class Number>
Number number_of(const char* text) {
  Number number{};
  std::from_chars(text, text + std::strlen(text), number);
  return number;
}

void write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) _exit(0);  // nobody listens any more
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

}  // namespace

bool House::fill() {
  if (at_ > 0) {
    waiting_.erase(0, at_);
    at_ = 0;
  }
  const std::size_t before = waiting_.size();
  waiting_.resize(before + kReadBytes);
  ssize_t got = 0;
  do got = read(STDIN_FILENO, waiting_.data() + before, kReadBytes);
  while (got < 0 && errno == EINTR);
  waiting_.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
  return got > 0;
}

Message House::receive() {
  while (waiting_.size() - at_ < kMessageHead)
    if (!fill()) _exit(0);
  const std::size_t bytes = get_be32(std::string_view(waiting_).substr(at_ + 1));
  Message out{waiting_[at_]};
  at_ += kMessageHead;
  out.body.reserve(bytes);
  for (;;) {
    const std::size_t more = std::min(bytes - out.body.size(), waiting_.size() - at_);
    out.body.append(waiting_, at_, more);
    at_ += more;
    if (out.body.size() == bytes) return out;
    if (!fill()) _exit(0);
  }
}

void House::send(char kind, std::string_view body) {
  std::string head(1, kind);
  put_be32(head, static_cast<std::uint32_t>(body.size()));
  if (body.size() < 4'096) {  // one system call
    write_out(head.append(body));
    return;
  }
  write_out(head);
  write_out(body);
}

void House::send(const Error& error) {
  send(kFailed, Packer().byte(static_cast<std::uint8_t>(error.code)).text(error.message).bytes());
}

bool is_cell(int argc, char** argv) {
  return argc == kCellArguments && argv[1] == kCellCommand;
}

void live(int, char** argv, std::span<const Task> tasks) {
  // The house may have died before it could be told of.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != number_of<pid_t>(argv[3])) _exit(0);
  signal(SIGPIPE, SIG_IGN);
  // One thread: a single heap, which gives back what is large as soon as it is freed.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);

  House house;
  const auto confined = confine(number_of<unsigned>(argv[4]), number_of<std::size_t>(argv[5]));
  if (!confined.ok()) {
    house.send(confined.error());
    _exit(1);
  }
  Packer layers;
  for (const auto* list : {&confined->hold, &confined->lacking}) {
    layers.number(list->size());
    for (const std::string& one : *list) layers.text(one);
  }
  for (const Task& task : tasks) {
    if (task.name != argv[2]) continue;
    house.send(kReady, layers.bytes());
    try {
      task.run(house);
    } catch (const std::bad_alloc&) {
      house.send(error(ErrorCode::too_large, "It needs more memory to be read than a file may take."));
    } catch (const std::length_error&) {
      house.send(error(ErrorCode::too_large, "It needs more memory to be read than a file may take."));
    }
    _exit(0);
  }
  house.send(error(ErrorCode::internal, "There is no such task."));
  _exit(1);
}

}  // namespace pf::cell
