#include "cli/download.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>

#include "cli/context.h"
#include "productflow/files.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kAskAgainEvery{500};
constexpr int kOpenedAgainMax = 10;  // each time another export has just ended

class Output {
 public:
  explicit Output(const std::string& name) : name_(name) {}
  ~Output() {
    if (file_ < 0 || name_.empty()) return;
    ::unlink(beside_.c_str());
    ::close(file_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Result<> open() {
    if (name_.empty()) {
      file_ = STDOUT_FILENO;
      return {};
    }
    std::error_code fault;
    const fs::file_status before = fs::status(name_, fault);
    const auto kind = before.type();
    if (kind != fs::file_type::regular && kind != fs::file_type::not_found)
      return error(ErrorCode::invalid,
                   name_.string() + " is no file. Name a file, or leave --out away for standard output.");
    if (kind == fs::file_type::regular) {
      fs::path meant = fs::canonical(name_, fault);  // what a link means, not the link
      if (!fault) name_ = std::move(meant);
    }
    beside_ = name_;
    beside_ += ".part";
    // What nobody else may read is not read meanwhile either.
    const bool replaces = kind == fs::file_type::regular;
    const mode_t mode = replaces ? static_cast<mode_t>(before.permissions() & fs::perms::all) : 0666;
    PF_TRY(lock(mode));
    if (replaces && ::fchmod(file_, mode) != 0) return cannot("given the rights that it has");
    return restart();
  }
  // False at once where it failed; fault() says why.
  bool write(std::string_view piece) {
    while (!piece.empty()) {
      const ssize_t done = ::write(file_, piece.data(), piece.size());
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) {
        fault_ = errno;
        return false;
      }
      bytes_ += static_cast<std::uint64_t>(done);
      piece.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
  }
  bool failed() const { return fault_ != 0; }
  Error fault() const {
    return error(ErrorCode::unavailable, (name_.empty() ? "Standard output" : beside_.string()) +
                                             " could not be written: " + std::strerror(fault_) + ".");
  }
  bool can_restart() const { return !name_.empty() || bytes_ == 0; }
  Result<> restart() {
    if (!name_.empty() && (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0)) return cannot("written");
    bytes_ = 0;
    return {};
  }
  Result<> keep() {
    if (name_.empty()) return {};
    if (::fsync(file_) != 0) return cannot("written to its end");
    std::error_code fault;
    fs::rename(beside_, name_, fault);
    if (fault) return cannot("put in its place");
    ::close(std::exchange(file_, -1));
    const fs::path folder = name_.parent_path();
    return sync_folder(folder.empty() ? "." : folder) ? Result<>() : cannot("put in its place for good");
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  // Opens what is beside it, for us alone. Whoever had it until now may have put it in its place between our open and
  // our lock: then the name means another file than we hold, or none, and ours is a finished export.
  Result<> lock(mode_t mode) {
    for (int times = 0; times < kOpenedAgainMax; ++times) {
      constexpr int kHow = O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
      int opened = ::open(beside_.c_str(), kHow | O_CREAT | O_EXCL, mode);
      const bool made = opened >= 0;  // a share may say that it is somebody else's all the same
      if (!made && errno == EEXIST) {
        opened = ::open(beside_.c_str(), kHow);
        if (opened < 0 && errno == ENOENT) continue;  // put in its place meanwhile
      }
      if (opened < 0 && errno != ENXIO && errno != ELOOP) return cannot("written");  // of a pipe, of a link
      struct stat held {};
      struct stat named {};
      const bool is_ours =
          opened >= 0 && ::fstat(opened, &held) == 0 && S_ISREG(held.st_mode) && (made || held.st_uid == ::geteuid());
      const bool locked = is_ours && ::flock(opened, LOCK_EX | LOCK_NB) == 0;
      if (locked && ::lstat(beside_.c_str(), &named) == 0 && named.st_dev == held.st_dev &&
          named.st_ino == held.st_ino) {
        file_ = opened;
        return {};
      }
      if (opened >= 0) ::close(opened);
      if (!is_ours)
        return error(ErrorCode::conflict, beside_.string() + " is no file of yours. Remove it, or name another file.");
      if (!locked) break;
    }
    return error(ErrorCode::conflict, "Another export is writing " + beside_.string() + " at this moment.");
  }
  Error cannot(const char* what) const {
    return error(ErrorCode::unavailable,
                 "The file " + name_.string() + " cannot be " + what + ": " + std::strerror(errno) + ".");
  }
  fs::path name_, beside_{};
  int file_ = -1;
  int fault_ = 0;
  std::uint64_t bytes_ = 0;
};

// What comes of one asking: the file's ETag, and whether it begins anew.
class Asking {
 public:
  Asking(Gateway& gateway, const std::string& address, Output& output)
      : gateway_(gateway), address_(address), output_(output) {}

  // Whether the file is whole. `unavailable`: the server has gone, and may be asked again.
  Result<> once() {
    const std::uint64_t had = output_.bytes();
    http::Request request = request_for("GET", address_);
    if (had > 0 && !tag_.empty())
      request.headers = {{"range", "bytes=" + std::to_string(had) + "-"}, {"if-range", tag_}};
    final_ = answered_ = false;
    const auto answer = gateway_.call(
        std::move(request), [this](std::string_view piece) { return output_.write(piece); },
        [&](const http::Response& head) { return began(head, had); });
    if (output_.failed() || (!answer.ok() && final_)) {
      final_ = true;
      return output_.failed() ? output_.fault() : answer.error();
    }
    if (!answer.ok()) return answer.error();
    const std::string* range = http::find_header(answer->headers, "content-range");
    // Nothing was missing but the end of the last answer.
    if (answer->status == 416 && range != nullptr && *range == "bytes */" + std::to_string(had)) return {};
    if (answer->status < 400) return {};
    const bool busy = had > 0 && answer->status >= 500;  // it has only just come back
    final_ = !busy;
    const auto refused = read_answer(*answer);
    const Error said = refused.ok() ? error(ErrorCode::unavailable, "ProductFlow refused the rest.") : refused.error();
    return busy ? error(ErrorCode::unavailable, said.message) : said;
  }
  bool is_final() const { return final_; }     // of an Error: asking again is of no use
  bool answered() const { return answered_; }  // of an Error: the server is there, and yet there is no more

 private:
  Result<> began(const http::Response& head, std::uint64_t had) {
    answered_ = true;
    if (head.status >= 400) return {};
    const std::string* range = http::find_header(head.headers, "content-range");
    if (head.status == 206) {
      if (range != nullptr && range->starts_with("bytes " + std::to_string(had) + "-")) return {};
      final_ = true;
      return error(ErrorCode::internal, "ProductFlow answered with another part of the file than was asked for.");
    }
    // All of it, since what is in it was changed: nothing of both may be in one file.
    if (!output_.can_restart()) {
      final_ = true;
      return error(
          ErrorCode::conflict,
          "The shop was changed while ProductFlow was away, and standard output cannot be taken back: what was "
          "written is not whole. Export again, best with --out FILE.");
    }
    const std::string* tag = http::find_header(head.headers, "etag");
    tag_ = tag != nullptr ? *tag : "";
    auto restarted = output_.restart();
    final_ = !restarted.ok();
    return restarted;
  }
  Gateway& gateway_;
  const std::string& address_;
  Output& output_;
  std::string tag_{};
  bool final_ = false, answered_ = false;
};

Error ended_too_early(std::uint64_t bytes, const std::string& answered, const std::string& out) {
  const std::string for_long = " within " + std::to_string(kServerReturnsIn.count()) + " seconds. ";
  return error(
      ErrorCode::unavailable,
      (!answered.empty()
           ? "ProductFlow answers, and yet the export did not get beyond " + std::to_string(bytes) + " bytes" + for_long
           : "ProductFlow went away after " + std::to_string(bytes) + " bytes and did not go on" + for_long) +
          (out.empty() ? "What was written to standard output is not whole. " : out + " is as it was. ") +
          (!answered.empty() ? answered + " Run productflow doctor, and export again."
                             : "Start ProductFlow, and export again."));
}

}  // namespace

Result<std::uint64_t> download(Gateway& gateway, const std::string& address, const std::string& out) {
  using std::chrono::steady_clock;
  Output output(out);
  PF_TRY(output.open());
  Asking asking(gateway, address, output);
  std::uint64_t most = 0;
  auto until = steady_clock::now() + kServerReturnsIn;
  for (bool told = false;;) {
    const auto done = asking.once();
    if (done.ok()) break;
    if (asking.is_final() || done.error().code != ErrorCode::unavailable || (output.bytes() == 0 && most == 0))
      return done.error();
    if (output.bytes() > most) {
      most = output.bytes();
      until = steady_clock::now() + kServerReturnsIn;
      told = false;
    }
    if (steady_clock::now() >= until)
      return ended_too_early(most, asking.answered() ? done.error().message : std::string(), out);
    if (!told)
      fmt::print(stderr,
                 "productflow: The export broke off after {} bytes; it goes on when ProductFlow sends the rest.\n",
                 most);
    told = true;
    std::this_thread::sleep_for(kAskAgainEvery);
  }
  PF_TRY(output.keep());
  return output.bytes();
}

}  // namespace pf::cli
