// The machine's part of the doctor: the process, limits, clock, memory, open ports, the way in by SSH.
#include <fmt/core.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "app/doctor.h"
#include "app/hardening.h"
#include "app/ssh_rules.h"
#include "cell/cell.h"
#include "formats/cell_reading.h"
#include "productflow/text.h"

namespace pf::app {
namespace {

namespace fs = std::filesystem;
using cli::Finding;
using cli::Health;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

// "Name:   value" of a file such as /proc/PID/status.
std::string value_in(const std::string& text, std::string_view name) {
  for (std::string_view line : split(text, '\n'))
    if (line.starts_with(name) && line.substr(name.size()).starts_with(":"))
      return std::string(trim(line.substr(name.size() + 1)));
  return {};
}

void examine_process(std::vector<Finding>& findings, int server) {
  const std::string status = text_of(server != 0 ? "/proc/" + std::to_string(server) + "/status" : "/proc/self/status");
  const std::string user = value_in(status, "Uid");
  if (server != 0 && user.starts_with("0"))
    findings.push_back({"user", Health::warning, "The server runs as root: a fault in it would own the machine.",
                        "Run it as a user of its own, to whom the data folder belongs."});
  else if (server != 0)
    findings.push_back({"user", Health::ok, "The server does not run as root."});
  if (server != 0) {
    const bool no_gain = value_in(status, "NoNewPrivs") == "1", filtered = value_in(status, "Seccomp") == "2";
    findings.push_back(no_gain ? Finding{"privileges", Health::ok, "The server cannot gain rights."}
                               : Finding{"privileges", Health::fault,
                                         "The server could gain rights by starting other programs.",
                                         "Restart it; if this stays, its kernel is older than Linux 3.5."});
    findings.push_back(filtered ? Finding{"system calls", Health::ok, "The kernel filters the server's system calls."}
                                : Finding{"system calls", Health::warning,
                                          "The kernel does not filter the server's system calls.",
                                          "Run it under systemd with SystemCallFilter=@system-service seccomp landlock_create_ruleset "
                                          "landlock_restrict_self."});
  }
  const auto lacking = harden_process();
  if (lacking.empty())
    findings.push_back(
        {"hardening", Health::ok, "This machine lets ProductFlow close core dumps, its memory and executable pages."});
  for (const std::string& one : lacking)
    findings.push_back({"hardening", Health::warning, "On this machine " + one + ".", "A newer kernel closes this."});
}

// A cell is started as for an import, and does nothing.
void examine_cell(std::vector<Finding>& findings) {
  const auto cell = cell::Cell::start(formats::kReadFileTask.name, {});
  if (!cell.ok()) {
    findings.push_back(
        {"sandbox", Health::fault, cell.error().message,
         "Allow the system call seccomp; in a container, do not run it with a profile that forbids it."});
    return;
  }
  for (const std::string& layer : cell->layers().lacking)
    findings.push_back({"sandbox", Health::warning,
                        "The process that reads files of others is shut in without one of its layers: " + layer + ".",
                        "A newer kernel, or one that allows user namespaces, closes this. The others hold."});
  std::string held;
  for (const std::string& layer : cell->layers().hold) held += (held.empty() ? "" : ", ") + layer;
  if (cell->layers().lacking.empty())
    findings.push_back({"sandbox", Health::ok, "Files of others are read in a process that is shut in: " + held + "."});
}

void examine_limits(std::vector<Finding>& findings) {
  constexpr rlim_t kFilesWanted = 4'096;  // 2,048 connections, and table files of a large shop
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    const std::string says = files.rlim_max == RLIM_INFINITY
                                 ? "No limit on open files."
                                 : fmt::format("{} files may be open at once.", files.rlim_max);
    findings.push_back(files.rlim_max >= kFilesWanted
                           ? Finding{"open files", Health::ok, says}
                           : Finding{"open files", Health::warning,
                                     says + " A busy shop needs " + std::to_string(kFilesWanted) + ".",
                                     "Raise LimitNOFILE= in the systemd unit, or ulimit -Hn."});
  }
  constexpr rlim_t kLockedWanted = 1u << 20;  // the key ring's keys and those in use
  rlimit locked{};
  if (getrlimit(RLIMIT_MEMLOCK, &locked) == 0 && locked.rlim_max < kLockedWanted && ::geteuid() != 0)
    findings.push_back(
        {"locked memory", Health::warning,
         fmt::format("Only {} KiB of memory may be locked, so keys could be swapped out.", locked.rlim_max / 1024),
         "Set LimitMEMLOCK=64M in the systemd unit."});
  else
    findings.push_back({"locked memory", Health::ok, "Keys can be kept out of swap."});
  const std::string memory = text_of("/proc/meminfo");
  const auto mib = [&](const char* name) {
    return parse_int(std::string_view(value_in(memory, name)).substr(0, value_in(memory, name).find(' '))).value_or(0) /
           1024;
  };
  constexpr std::int64_t kMemoryWanted = 1'024;
  const std::string says = fmt::format("{} MiB, of which {} MiB can be had now.", mib("MemTotal"), mib("MemAvailable"));
  findings.push_back(
      mib("MemAvailable") >= kMemoryWanted / 2
          ? Finding{"memory", Health::ok, says}
          : Finding{"memory", Health::warning, says, "Stop other programs, or add memory: 1 GiB is comfortable."});
  if (mib("SwapTotal") > 0)
    findings.push_back({"swap", Health::warning, "Swap is on: a buyer's address that was shown may be written to it.",
                        "Encrypt it, switch it off with swapoff -a, or set MemorySwapMax=0 in the systemd unit."});
  else
    findings.push_back({"swap", Health::ok, "Swap is off."});
}

void examine_clock(std::vector<Finding>& findings) {
  timex state{};
  const bool synchronised = adjtimex(&state) != -1 && (state.status & STA_UNSYNC) == 0;
  findings.push_back(synchronised ? Finding{"clock", Health::ok, "The clock is kept right over the network."}
                                  : Finding{"clock", Health::warning,
                                            "Nothing keeps the clock right; buyers' data is destroyed by it.",
                                            "timedatectl set-ntp true, or install chrony."});
}

// Ports that other machines reach: listening, and not on a loopback address (proc(5), /proc/net/tcp).
std::set<std::int64_t> open_ports() {
  std::set<std::int64_t> ports;
  for (const char* file : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::istringstream lines(text_of(file));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      std::istringstream fields(line);
      std::string number, local, remote, state;
      fields >> number >> local >> remote >> state;
      const std::size_t colon = local.find(':');
      if (state != "0A" || colon == std::string::npos) continue;
      const std::string address = local.substr(0, colon);
      const bool loopback = (address.size() == 8 && address.ends_with("7F")) ||
                            address == "00000000000000000000000001000000" ||
                            (address.starts_with("0000000000000000FFFF0000") && address.ends_with("7F"));
      if (!loopback) ports.insert(std::strtol(local.c_str() + colon + 1, nullptr, 16));
    }
  }
  return ports;
}

void examine_ports(std::vector<Finding>& findings) {
  static const std::map<std::int64_t, const char*> kRisky{
      {21, "FTP"},       {23, "Telnet"},   {111, "rpcbind"},        {139, "Samba"},
      {445, "Samba"},    {2375, "Docker"}, {3306, "MySQL"},         {5432, "PostgreSQL"},
      {5900, "VNC"},     {6379, "Redis"},  {9200, "Elasticsearch"}, {11211, "memcached"},
      {27017, "MongoDB"}};
  std::string all, risky;
  for (const std::int64_t port : open_ports()) {
    all += (all.empty() ? "" : ", ") + std::to_string(port);
    if (const auto found = kRisky.find(port); found != kRisky.end())
      risky += (risky.empty() ? "" : ", ") + std::to_string(port) + " (" + found->second + ")";
  }
  if (!risky.empty())
    findings.push_back({"open ports", Health::warning,
                        "Other machines can reach " + risky + ". All open ones: " + all + ".",
                        "Let these listen on 127.0.0.1 only, or close them with a firewall."});
  else
    findings.push_back(
        {"open ports", Health::ok,
         all.empty() ? "Other machines reach nothing here." : "Other machines can reach port " + all + "."});
}

// The account that the data folder belongs to; empty when it has no name.
std::string owner_of(const fs::path& data) {
  struct stat info {};
  if (::stat(data.c_str(), &info) != 0) return {};
  const passwd* account = ::getpwuid(info.st_uid);
  return account == nullptr ? std::string() : account->pw_name;
}

void examine_ssh(std::vector<Finding>& findings, const fs::path& data) {
  std::error_code fault;
  const fs::path file = "/etc/ssh/sshd_config";
  if (!fs::exists(file, fault)) {
    findings.push_back({"SSH", Health::ok, "No SSH server is set up here."});
    return;
  }
  std::set<fs::path> included;
  for (const auto& entry : fs::directory_iterator("/etc/ssh/sshd_config.d", fault))
    if (entry.path().extension() == ".conf") included.insert(entry.path());
  std::vector<std::string> texts;  // included files come first on Debian
  for (const fs::path& one : included) texts.push_back(text_of(one));
  texts.push_back(text_of(file));
  const SshRules rules(texts);
  std::string bad;
  if (rules.setting("PasswordAuthentication", "yes") != "no") bad += " Passwords are enough to come in.";
  if (rules.setting("PermitRootLogin", "prohibit-password") == "yes") bad += " root may come in with a password.";
  findings.push_back(bad.empty()
                         ? Finding{"SSH", Health::ok, "The SSH server takes keys only."}
                         : Finding{"SSH", Health::warning, std::string(trim(bad)),
                                   "Set PasswordAuthentication no and PermitRootLogin no in " + file.string() + "."});
  findings.push_back(ssh_finding(rules, owner_of(data)));
}

}  // namespace

void examine_host(std::vector<Finding>& findings, const fs::path& data, int server) {
  utsname system{};
  uname(&system);
  findings.push_back({"system", Health::ok, std::string("Linux ") + system.release + " on " + system.machine + "."});
  examine_process(findings, server);
  examine_cell(findings);
  examine_limits(findings);
  examine_clock(findings);
  examine_ports(findings);
  examine_ssh(findings, data);
}

}  // namespace pf::app
