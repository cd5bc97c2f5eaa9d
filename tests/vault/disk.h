// The calls by which the ring reaches the disk, in the test's hands: a process that dies at the n-th byte it writes,
// and loops that do not wait for the disk. Replaces libc's pwrite, fsync and fdatasync in this executable.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pf::test {

// After so many bytes more a write is cut off and Died thrown: the file is as kill -9 would leave it.
struct Died {};
void die_after(std::uint64_t bytes);
std::uint64_t bytes_written();  // by pwrite and write to files, since the start
const std::uint64_t* writes_ended_at(
    std::size_t* count);  // bytes_written() after each of the last writes; at most 4,096

// While it lives the disk is full: pwrite fails once so many bytes more are written.
struct FullDisk {
  explicit FullDisk(std::uint64_t bytes = 0);
  ~FullDisk();
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
};

// While it lives nothing is synced: a killed process loses nothing that it has written, only a machine does.
struct NoSync {
  NoSync();
  ~NoSync();
  NoSync(const NoSync&) = delete;
  NoSync& operator=(const NoSync&) = delete;
};

}  // namespace pf::test
