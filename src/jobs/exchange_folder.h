// DIR/exchange: where files come in from and go out to other programs of the house. Nothing outside of it is ever
// touched, whatever a schedule or a link in it says. Any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::jobs {

inline constexpr std::size_t kFolderNameBytesMax = 200, kWatchedFilesMax = 100;  // of one run
inline constexpr std::size_t kLinksToldMax = 20;  // names; a folder may hold any number of links
inline constexpr std::int64_t kKeepFilesMax = 1'000;
// A file that nobody has written to for so long is complete.
inline constexpr std::chrono::seconds kQuietBefore{10};

class ExchangeFolder {
 public:
  explicit ExchangeFolder(std::filesystem::path root) : root_(std::move(root)) {}

  // Words of letters, digits, '-', '_' and '.' with a slash between, none beginning with a dot. Faults name "folder".
  static Result<> check_name(std::string_view folder);
  // Made where it is not there yet. forbidden when a link leads out of the root.
  Result<std::filesystem::path> folder(std::string_view side, std::string_view name) const;  // side: "in" or "out"

  // Writes a file whole or not at all: beside it, synced, renamed.
  Result<> write(const std::filesystem::path& file,
                 const std::function<Result<>(const std::function<bool(std::string_view)>&)>& content) const;
  // Of files named STEM-....ENDING only the `keep` newest by name stay.
  void drop_old(const std::filesystem::path& folder, std::string_view stem, std::string_view ending,
                std::int64_t keep) const;

  struct Seen {
    std::vector<std::filesystem::path> complete{};  // in order of name
    bool waiting = false;                           // there are others, which may be being written
    // What is never read, as it may lead anywhere: the first names, and how many there are.
    std::vector<std::string> links{};
    std::size_t links_count = 0;
  };
  Result<Seen> look(const std::filesystem::path& folder, Time now) const;
  // Which bytes a name stood for: another file of its name, or a further write, is another.
  struct Content {
    std::uint64_t device = 0, number = 0, bytes = 0;
    std::int64_t seconds = 0, nanoseconds = 0;
    bool operator==(const Content&) const = default;
  };
  static Content content_of(int handle);
  // Moves a file into `to` (done or refused) beside it, with a report behind its name; never over another file. What is
  // not what was read stays where it is.
  enum class PutAway { moved, changed, gone };
  Result<PutAway> put_away(const std::filesystem::path& file, const Content& read, std::string_view to, Time now,
                           std::string_view report) const;

 private:
  const std::filesystem::path root_;
};

}  // namespace pf::jobs
