#include "jobs/exchange_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "productflow/files.h"
#include "productflow/text.h"

namespace pf::jobs {
namespace {

namespace files = std::filesystem;

constexpr std::size_t kPutAwayNameBytesMax = 215;  // 255 without a stamp, a number and ".report.json"
constexpr std::size_t kEndingBytesMax = 20;
// Names of files that are being written, as programs call them.
constexpr std::string_view kUnfinished[] = {".part", ".tmp", ".new", ".filepart", ".crdownload"};

Error cannot(const files::path& path, const char* what) {
  return error(ErrorCode::unavailable,
               path.string() + " cannot be " + what +
                   ". Make sure that its disk has space and that the folder belongs to the user "
                   "who runs ProductFlow.");
}

// 2026-11-26T070000Z, which is a file's name everywhere.
std::string stamp(Time now) {
  std::string out = rfc3339(std::chrono::floor<std::chrono::seconds>(now));
  std::erase(out, ':');
  return out;
}

ExchangeFolder::Content content_of_stat(const struct stat& seen) {
  return {seen.st_dev, seen.st_ino, static_cast<std::uint64_t>(seen.st_size), seen.st_mtim.tv_sec,
          seen.st_mtim.tv_nsec};
}

// Whether a program has it open for writing, however long it has been quiet: then the kernel gives no lease (fcntl(2)).
// It tells so only of files of the user who runs us, and not on every file system; else quiet is all that is known.
bool is_being_written(const files::path& file) {
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (handle < 0) return false;
  // Whoever opens it in the instant of the lease makes the kernel send us a signal: one that is nothing by default.
  bool written = false;
  if (::fcntl(handle, F_SETSIG, SIGURG) == 0) {
    written = ::fcntl(handle, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
    if (!written) ::fcntl(handle, F_SETLEASE, F_UNLCK);
  }
  ::close(handle);
  return written;
}

// A name that has room for a stamp before it and a report's ending behind it; its own ending stays.
std::string shortened(const files::path& name) {
  std::string ending = name.extension().string(), stem = name.stem().string();
  if (ending.size() > kEndingBytesMax) stem += std::exchange(ending, {});
  if (stem.size() + ending.size() <= kPutAwayNameBytesMax) return stem + ending;
  stem.resize(kPutAwayNameBytesMax - ending.size());
  while (!stem.empty() && (static_cast<unsigned char>(stem.back()) & 0xC0) == 0x80) stem.pop_back();
  if (!stem.empty() && (static_cast<unsigned char>(stem.back()) & 0x80) != 0) stem.pop_back();  // a letter's first byte
  return stem + ending;
}

}  // namespace

Result<> ExchangeFolder::check_name(std::string_view folder) {
  if (folder.empty()) return {};
  const Error bad = invalid("folder", "format",
                            "must be a folder below exchange/in or exchange/out, such as supplier or shop/feeds, of "
                            "letters, digits, - and _");
  if (folder.size() > kFolderNameBytesMax) return bad;
  for (const std::string_view part : split(folder, '/'))
    if (part.empty() || part.starts_with('.') || part == "done" || part == "refused" ||
        !std::ranges::all_of(part, [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                 c == '.';
        }))
      return bad;
  return {};
}

Result<files::path> ExchangeFolder::folder(std::string_view side, std::string_view name) const {
  PF_TRY(check_name(name));
  std::error_code failed;
  files::create_directories(root_ / side, failed);
  if (failed) return cannot(root_ / side, "made");
  const files::path root = files::canonical(root_ / side, failed);
  if (failed) return cannot(root_ / side, "found");
  files::path path = root;
  for (const std::string_view part : split(name, '/')) {
    if (part.empty()) continue;
    path /= part;
    // One level at a time: what is a link may lead anywhere.
    const auto kind = files::symlink_status(path, failed).type();
    if (kind == files::file_type::symlink)
      return error(ErrorCode::forbidden,
                   path.string() + " is a link. Only folders inside of " + root_.string() + " are read and written.");
    if (kind == files::file_type::not_found) files::create_directory(path, failed);
    if (!files::is_directory(path, failed)) return cannot(path, "made");
  }
  return path;
}

Result<> ExchangeFolder::write(
    const files::path& file,
    const std::function<Result<>(const std::function<bool(std::string_view)>&)>& content) const {
  const files::path beside = file.parent_path() / ("." + file.filename().string() + ".part");
  ::unlink(beside.c_str());
  const int handle = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (handle < 0) return cannot(file, "written");
  bool whole = true;
  const auto done = content([&](std::string_view piece) {
    while (whole && !piece.empty()) {
      const ssize_t written = ::write(handle, piece.data(), piece.size());
      if (written < 0 && errno == EINTR) continue;
      whole = written > 0;
      if (whole) piece.remove_prefix(static_cast<std::size_t>(written));
    }
    return whole;
  });
  whole = whole && ::fsync(handle) == 0;
  ::close(handle);
  std::error_code failed;
  if (whole && done.ok()) files::rename(beside, file, failed);
  if (whole && done.ok() && !failed && sync_folder(file.parent_path())) return {};
  ::unlink(beside.c_str());
  return whole && !done.ok() ? done : cannot(file, "written");
}

void ExchangeFolder::drop_old(const files::path& folder, std::string_view stem, std::string_view ending,
                              std::int64_t keep) const {
  std::vector<files::path> found;
  std::error_code failed;
  const std::string start = std::string(stem) + "-";
  for (auto one = files::directory_iterator(folder, failed); !failed && one != files::directory_iterator();
       one.increment(failed)) {
    const std::string name = one->path().filename().string();
    const bool stamped = name.size() == start.size() + 18 + ending.size() && name.starts_with(start) &&
                         name.ends_with(ending) && name[start.size() + 10] == 'T';
    if (stamped && one->is_regular_file(failed)) found.push_back(one->path());
  }
  std::ranges::sort(found, std::greater<>());
  for (std::size_t i = static_cast<std::size_t>(keep); i < found.size(); ++i) files::remove(found[i], failed);
}

Result<ExchangeFolder::Seen> ExchangeFolder::look(const files::path& folder, Time now) const {
  Seen out;
  std::error_code failed;
  for (auto one = files::directory_iterator(folder, failed); !failed && one != files::directory_iterator();
       one.increment(failed)) {
    const std::string name = one->path().filename().string();
    struct stat seen {};
    if (::lstat(one->path().c_str(), &seen) != 0 || name.starts_with('.')) continue;
    if (S_ISLNK(seen.st_mode)) {
      ++out.links_count;
      out.links.insert(std::ranges::upper_bound(out.links, name), name);
      if (out.links.size() > kLinksToldMax) out.links.pop_back();
    }
    if (!S_ISREG(seen.st_mode)) continue;
    const bool unfinished = std::ranges::any_of(kUnfinished, [&](std::string_view end) { return name.ends_with(end); });
    const auto written = Time{std::chrono::seconds{seen.st_mtim.tv_sec}};
    const auto quiet = now > written ? now - written : written - now;  // a strange clock is not waited for
    if (unfinished || quiet < kQuietBefore || is_being_written(one->path()))
      out.waiting = true;
    else
      out.complete.push_back(one->path());
  }
  if (failed) return cannot(folder, "read");
  std::ranges::sort(out.complete);
  if (out.complete.size() > kWatchedFilesMax) {
    out.complete.resize(kWatchedFilesMax);
    out.waiting = true;
  }
  return out;
}

ExchangeFolder::Content ExchangeFolder::content_of(int handle) {
  struct stat seen {};
  return ::fstat(handle, &seen) == 0 ? content_of_stat(seen) : Content{};
}

Result<ExchangeFolder::PutAway> ExchangeFolder::put_away(const files::path& file, const Content& read,
                                                         std::string_view to, Time now, std::string_view report) const {
  const files::path folder = file.parent_path() / to;
  std::error_code failed;
  if (files::symlink_status(folder, failed).type() == files::file_type::symlink)
    return cannot(folder, "used: it is a link");
  files::create_directory(folder, failed);
  const std::string name = stamp(now) + "-" + shortened(file.filename());
  files::path target = folder / name;
  for (int more = 2; files::exists(target, failed); ++more) target = folder / (name + "." + std::to_string(more));
  struct stat seen {};
  if (::lstat(file.c_str(), &seen) != 0) return errno == ENOENT ? PutAway::gone : PutAway::changed;
  if (content_of_stat(seen) != read) return PutAway::changed;
  files::rename(file, target, failed);
  if (failed == std::errc::no_such_file_or_directory) return PutAway::gone;
  if (failed) return cannot(file, "moved");
  if (report.empty()) return PutAway::moved;
  files::path beside = target;
  beside += ".report.json";
  PF_TRY(replace_file(beside, report, 0640));
  return PutAway::moved;
}

}  // namespace pf::jobs
