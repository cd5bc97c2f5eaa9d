#include "appliance.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "http/client.h"
#include "productflow/text.h"

namespace pf::bench {
namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& text) {  // for the shell; no path of ours holds a quote
  return "'" + text + "'";
}

}  // namespace

ProcessFigures figures_of(pid_t process) {
  ProcessFigures figures;
  const std::string folder = "/proc/" + std::to_string(process);
  std::ifstream status(folder + "/status");
  for (std::string line; std::getline(status, line);) {
    const auto mib = [&] { return std::stod(line.substr(line.find_first_of("0123456789"))) / 1024; };
    if (line.starts_with("VmRSS:")) figures.resident_mib = mib();
    if (line.starts_with("VmHWM:")) figures.peak_mib = mib();
  }
  std::ifstream stat(folder + "/stat");
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  // proc(5): after the name in brackets, fields 14 and 15 are utime and stime in clock ticks.
  const auto fields = split(std::string_view(text).substr(std::min(text.size(), text.rfind(')') + 2)), ' ');
  if (fields.size() > 13)
    figures.cpu_seconds = static_cast<double>(parse_int(fields[11]).value_or(0) + parse_int(fields[12]).value_or(0)) /
                          static_cast<double>(sysconf(_SC_CLK_TCK));
  return figures;
}

std::vector<pid_t> Appliance::children() const {
  const auto command = [](pid_t process) {
    std::ifstream in("/proc/" + std::to_string(process) + "/cmdline");
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string own = command(process_);
  std::vector<pid_t> out;
  const std::string folder = "/proc/" + std::to_string(process_) + "/task";
  std::error_code gone;
  for (const auto& task : fs::directory_iterator(folder, gone)) {
    std::ifstream list(task.path() / "children");
    for (pid_t child = 0; list >> child;)
      if (command(child) != own) out.push_back(child);  // else it still is the server's copy, with its memory
  }
  return out;
}

Result<std::string> run_command(const fs::path& executable, const std::string& arguments, const std::string& input) {
  const std::string command =
      "printf %s " + quoted(input) + " | " + quoted(executable.string()) + " " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return error(ErrorCode::unavailable, "No process can be started.");
  std::string out;
  std::array<char, 4096> piece;
  while (const std::size_t got = fread(piece.data(), 1, piece.size(), pipe)) out.append(piece.data(), got);
  if (pclose(pipe) != 0) return error(ErrorCode::internal, "productflow " + arguments + " failed: " + out);
  return out;
}

Result<std::string> Appliance::make_shop(const fs::path& executable, const fs::path& data) {
  PF_TRY(run_command(executable, "init --data " + quoted(data.string()) + " --owner bench@example.com --password-stdin",
                     "quiet-harbour-lantern-42"));
  PF_LET(const std::string token,
         run_command(executable, "token new --data " + quoted(data.string()) + " --name bench --scope all"));
  return std::string(trim(token));
}

Result<Appliance> Appliance::start(const fs::path& executable, const fs::path& data) {
  int out[2];
  if (pipe(out) != 0) return error(ErrorCode::unavailable, "No pipe can be made.");
  const pid_t process = fork();
  if (process == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // nothing of a broken measurement stays behind
    dup2(out[1], STDOUT_FILENO);
    close(out[0]);
    close(out[1]);
    execl(executable.c_str(), executable.c_str(), "serve", "--data", data.c_str(), "--listen", "127.0.0.1:0", nullptr);
    _exit(127);
  }
  close(out[1]);
  Appliance appliance(process, data);
  std::string said;
  std::array<char, 512> piece;
  for (ssize_t got; said.find("ready https://") == std::string::npos || !said.ends_with('\n');) {
    got = read(out[0], piece.data(), piece.size());
    if (got <= 0) {
      close(out[0]);
      return error(ErrorCode::unavailable, executable.string() + " serve ended before it was ready.");
    }
    said.append(piece.data(), static_cast<std::size_t>(got));
  }
  close(out[0]);
  appliance.port_ =
      static_cast<std::uint16_t>(parse_int(trim(std::string_view(said).substr(said.rfind(':') + 1))).value_or(0));
  return appliance;
}

Appliance::~Appliance() {
  if (process_ <= 0) return;
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

Result<json::Value> Appliance::ask(http::Request request, const std::string& token) const {
  request.headers.emplace_back("authorization", "Bearer " + token);
  PF_LET(const auto response, http::ask(http::TlsEndpoint{"127.0.0.1", port_, ca()}, request));
  if (response.status >= 400) return error(ErrorCode::internal, request.target + ": " + response.body);
  return json::parse(response.body);
}

}  // namespace pf::bench
