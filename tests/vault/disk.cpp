#include "disk.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace {

std::atomic<std::uint64_t> written{0}, end{UINT64_MAX}, full{UINT64_MAX};
std::atomic<int> unsynced{0};
constexpr std::size_t kEndsMax = 4'096;
std::uint64_t ends[kEndsMax];
std::atomic<std::size_t> ends_count{0};

}  // namespace

extern "C" ssize_t pwrite(int file, const void* bytes, std::size_t size, off_t at) {
  const std::uint64_t before = written.load();
  if (end.load() <= before + size) {
    const std::size_t part = static_cast<std::size_t>(end.load() - before);
    ::syscall(SYS_pwrite64, file, bytes, part, at);
    end = UINT64_MAX;
    throw pf::test::Died{};
  }
  if (before + size > full.load()) {
    errno = ENOSPC;
    return -1;
  }
  const ssize_t done = ::syscall(SYS_pwrite64, file, bytes, size, at);
  written += size;
  if (const std::size_t place = ends_count++; place < kEndsMax) ends[place] = written.load();
  return done;
}
extern "C" int fdatasync(int file) {
  return unsynced.load() > 0 ? 0 : static_cast<int>(::syscall(SYS_fdatasync, file));
}
extern "C" int fsync(int file) {
  return unsynced.load() > 0 ? 0 : static_cast<int>(::syscall(SYS_fsync, file));
}

namespace pf::test {

void die_after(std::uint64_t bytes) {
  end = written.load() + bytes;
}
std::uint64_t bytes_written() {
  return written.load();
}
const std::uint64_t* writes_ended_at(std::size_t* count) {
  *count = ends_count.exchange(0);
  if (*count > kEndsMax) *count = kEndsMax;
  return ends;
}
FullDisk::FullDisk(std::uint64_t bytes) {
  full = written.load() + bytes;
}
FullDisk::~FullDisk() {
  full = UINT64_MAX;
}
NoSync::NoSync() {
  ++unsynced;
}
NoSync::~NoSync() {
  --unsynced;
}

}  // namespace pf::test
