// What this machine can do without us: the figures that ours stand beside.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "productflow/result.h"

namespace pf::bench {

// Appends of 4 KiB, each followed by fdatasync, a second.
Result<double> fdatasyncs_per_second(const std::filesystem::path& folder, std::chrono::milliseconds time);
// Rows a second that RocksDB with its own defaults keeps, a synced batch of `batch` rows at a time, each under the
// row's number.
Result<double> bare_rocksdb_rows_per_second(const std::filesystem::path& folder, const std::vector<std::string>& rows,
                                            std::size_t batch);
std::string machine_name();  // processor, cores, kernel, file system of the folder

// cpp-httplib's own SSLServer in a process of its own, which answers every GET with the same body.
class HelloServer {
 public:
  static Result<HelloServer> start(const std::filesystem::path& certificate, const std::filesystem::path& key,
                                   const std::string& body);
  HelloServer(HelloServer&& other) noexcept : process_(std::exchange(other.process_, -1)), port_(other.port_) {}
  HelloServer& operator=(HelloServer&&) = delete;
  ~HelloServer();
  std::uint16_t port() const { return port_; }
  pid_t process() const { return process_; }

 private:
  HelloServer(pid_t process, std::uint16_t port) : process_(process), port_(port) {}
  pid_t process_;
  std::uint16_t port_;
};

}  // namespace pf::bench
