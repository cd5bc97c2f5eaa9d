// The real executable on a data folder, as a user starts it. One at a time; ends with its object.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "http/message.h"
#include "json/json.h"

namespace pf::bench {

// What the kernel says of a process.
struct ProcessFigures {
  double resident_mib = 0, peak_mib = 0;
  double cpu_seconds = 0;  // of all its threads, in user and kernel
};
ProcessFigures figures_of(pid_t process);

// Runs a command of the executable to its end; what it printed. Error with its output when it did not end well.
Result<std::string> run_command(const std::filesystem::path& executable, const std::string& arguments,
                                const std::string& input = {});

class Appliance {
 public:
  // A new data folder with an owner and a token for everything; returns the token.
  static Result<std::string> make_shop(const std::filesystem::path& executable, const std::filesystem::path& data);
  // Returns when it printed "ready".
  static Result<Appliance> start(const std::filesystem::path& executable, const std::filesystem::path& data);
  Appliance(Appliance&& other) noexcept
      : process_(std::exchange(other.process_, -1)), port_(other.port_), data_(std::move(other.data_)) {}
  Appliance& operator=(Appliance&&) = delete;
  ~Appliance();

  std::uint16_t port() const { return port_; }
  std::filesystem::path ca() const { return data_ / "tls" / "ca.pem"; }
  ProcessFigures figures() const { return figures_of(process_); }
  std::vector<pid_t> children() const;  // cells
  // One request by the product's own client; the answer's JSON, or what it refused.
  Result<json::Value> ask(http::Request request, const std::string& token) const;

 private:
  Appliance(pid_t process, std::filesystem::path data) : process_(process), data_(std::move(data)) {}
  pid_t process_;
  std::uint16_t port_ = 0;
  std::filesystem::path data_;
};

}  // namespace pf::bench
