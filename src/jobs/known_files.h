// Files that an import has just read, by what they are and what was asked for: while nothing has changed since, the
// same one once more has each row unchanged, and is not read. Forgotten at a restart, which may read files differently.
// One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "exchange/importer.h"

namespace pf::jobs {

inline constexpr std::size_t kFilesKnownMax = 100;  // some 300 bytes each; more than anybody's schedules read in turn

struct KnownFile {
  std::string what{};  // SHA-256 of its bytes, and of what was asked for
  std::string mark{};  // exchange::repeat_mark() when it had been read
  std::uint64_t import = 0, rows = 0;
  std::string format{};
};

class KnownFiles {
 public:
  void note(KnownFile file) {
    std::erase_if(files_, [&](const KnownFile& one) { return one.what == file.what; });
    files_.push_back(std::move(file));
    if (files_.size() > kFilesKnownMax) files_.pop_front();
  }
  // The one that was read, if each of its rows would be unchanged now.
  Result<std::optional<KnownFile>> find(const exchange::Rooms& rooms, const std::string& what) const {
    for (const KnownFile& one : files_)
      if (one.what == what) {
        PF_LET(const std::string now, exchange::repeat_mark(rooms, rooms.store.read()));
        return !now.empty() && now == one.mark ? std::optional(one) : std::nullopt;
      }
    return std::optional<KnownFile>();
  }

 private:
  std::deque<KnownFile> files_;  // the oldest first
};

}  // namespace pf::jobs
