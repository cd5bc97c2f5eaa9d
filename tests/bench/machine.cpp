#include "machine.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "productflow/text.h"

namespace pf::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

}  // namespace

Result<double> fdatasyncs_per_second(const std::filesystem::path& folder, std::chrono::milliseconds time) {
  const std::string path = folder / "fdatasync";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return error(ErrorCode::unavailable, path + " cannot be written.");
  const std::string block(4096, 'x');
  std::uint64_t count = 0;
  const auto start = SteadyClock::now();
  while (SteadyClock::now() - start < time) {
    if (::write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size()) || ::fdatasync(file) != 0) {
      ::close(file);
      return error(ErrorCode::unavailable, path + " cannot be written.");
    }
    ++count;
  }
  const double seconds = seconds_since(start);
  ::close(file);
  ::unlink(path.c_str());
  return static_cast<double>(count) / seconds;
}

Result<double> bare_rocksdb_rows_per_second(const std::filesystem::path& folder, const std::vector<std::string>& rows,
                                            std::size_t batch) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  if (const auto status = rocksdb::DB::Open(options, (folder / "bare").string(), &opened); !status.ok())
    return error(ErrorCode::unavailable, "RocksDB: " + status.ToString());
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const auto start = SteadyClock::now();
  for (std::size_t at = 0; at < rows.size(); at += batch) {
    rocksdb::WriteBatch writes;
    for (std::size_t i = at; i < std::min(rows.size(), at + batch); ++i) {
      char key[24];
      const int size = std::snprintf(key, sizeof key, "row-%012zu", i);
      writes.Put(rocksdb::Slice(key, static_cast<std::size_t>(size)), rows[i]);
    }
    if (const auto status = db->Write(synced, &writes); !status.ok())
      return error(ErrorCode::unavailable, "RocksDB: " + status.ToString());
  }
  const double seconds = seconds_since(start);
  db->Close();
  std::error_code ignored;
  std::filesystem::remove_all(folder / "bare", ignored);
  return static_cast<double>(rows.size()) / seconds;
}

std::string machine_name() {
  std::string processor = "unknown processor";
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) processor = trim(std::string_view(line).substr(line.find(':') + 1));
  utsname kernel{};
  uname(&kernel);
  std::ifstream load("/proc/loadavg");
  std::string busy;
  load >> busy;
  return processor + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores, Linux " + kernel.release +
         ", load at start " + busy;
}

}  // namespace pf::bench
