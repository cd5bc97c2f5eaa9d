#include "app/doctor.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "app/ssh_rules.h"
#include "cli/context.h"
#include "json/json.h"
#include "json/members.h"
#include "productflow/text.h"

namespace pf::app {
namespace {

using cli::Health;

// The process that listens at the admin socket; 0 when nobody does. SO_PEERCRED names who called listen() (unix(7)).
int server_at(const std::filesystem::path& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.string().size() >= sizeof address.sun_path) return 0;
  std::strncpy(address.sun_path, socket_path.c_str(), sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return 0;
  ucred who{};
  socklen_t size = sizeof who;
  const bool there = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0;
  ::close(socket);
  return there ? who.pid : 0;
}

// The `data` of what the shop answers.
Result<json::Value> ask(cli::Gateway& shop, const char* target) {
  PF_LET(const auto answer, cli::ask(shop, cli::request_for("GET", target)));
  const json::Value* data = answer.find("data");
  return data != nullptr ? *data : json::Value();
}

void examine_log(std::vector<cli::Finding>& findings, cli::Gateway& shop) {
  const auto verdict = ask(shop, "/api/v1/audit/verify?since=checkpoint"), state = ask(shop, "/api/v1/audit/state");
  const std::string fault = !verdict.ok() ? verdict.error().message
                            : !state.ok() ? state.error().message
                                          : json::text_in(*verdict, "fault");
  if (!fault.empty())
    findings.push_back({"audit log", Health::fault, fault,
                        "Keep a copy of the data folder as it is, then run: productflow audit verify"});
  else if (const std::string failure = json::text_in(*state, "failure"); !failure.empty())
    findings.push_back({"audit log", Health::fault,
                        "No checkpoint is signed since " + json::text_in(*state, "failing_since") + ": " + failure,
                        "Until then, somebody with the database could write the log anew unseen."});
  else
    findings.push_back({"audit log", Health::ok, "Its chain holds since the newest signed checkpoint."});
}

void examine_shop(std::vector<cli::Finding>& findings, int server,
                  const std::function<Result<std::unique_ptr<cli::Gateway>>()>& open) {
  const auto shop = open();  // once: without a server each opening reads the whole database in
  const auto vault = shop.ok() ? ask(**shop, "/api/v1/vault") : Result<json::Value>(shop.error());
  if (!vault.ok()) {
    findings.push_back({"shop", Health::fault, vault.error().message, "Nothing else works until this is put right."});
    return;
  }
  findings.push_back({"shop", Health::ok,
                      server != 0 ? "The server runs (process " + std::to_string(server) + ") and answers."
                                  : "The data can be opened. The server does not run."});
  examine_log(findings, **shop);
  const std::string alarm = json::text_in(*vault, "clock_alarm"), ring = json::text_in(*vault, "ring_warning");
  if (alarm.empty())
    findings.push_back({"vault's clock", Health::ok, "The clock agrees with the time that the vault has seen."});
  else
    findings.push_back(
        {"vault's clock", Health::fault, alarm, "Set the clock right; buyers' data is locked or destroyed by it."});
  if (const json::Value* sealed = vault->find("sealed");
      sealed != nullptr && sealed->as_bool() != nullptr && *sealed->as_bool())
    findings.push_back(
        {"vault", Health::warning,
         "It is sealed: orders and buyers' details are refused. " + json::text_in(*vault, "sealed_because"),
         "Unseal it in the running shop: productflow vault unseal --data DIR"});
  else
    findings.push_back({"vault", Health::ok, "It is open: orders are taken in and buyers can be shown."});
  if (!ring.empty()) findings.push_back({"key ring", Health::warning, ring, "See the manual on the key ring's disk."});
}

}  // namespace

cli::Finding ssh_finding(const SshRules& rules, const std::string& owner) {
  if (owner.empty()) return {"SSH to the shop", Health::ok, "Nobody can come in as the data folder's owner."};
  const std::string command = rules.setting_of(owner, "ForceCommand", "");
  const std::string ways = lower_ascii(rules.setting_of(owner, "AuthenticationMethods", "any"));
  std::string bad;
  if (command.find("productflow shell ") == std::string::npos)
    bad += " " + owner + " finds a shell of the machine, and all of the shop's files.";
  for (const std::string_view way : split(ways, ' '))
    if (!trim(way).empty() && way.find("publickey,keyboard-interactive") == std::string_view::npos) {
      bad += " One factor is enough to come in as " + owner + ".";
      break;
    }
  if (lower_ascii(rules.setting_of(owner, "DisableForwarding", "no")) != "yes")
    bad += " Ports may be forwarded past the firewall.";
  const std::string jail = rules.setting_of(owner, "ChrootDirectory", "none");
  if (bad.empty())
    return {"SSH to the shop", Health::ok,
            owner + " needs a key and a second factor, and finds our commands alone, " +
                (lower_ascii(jail) == "none" ? "with the whole file system around them (sshd-config --jail closes it)."
                                             : "jailed in " + jail + ".")};
  return {
      "SSH to the shop", Health::warning, std::string(trim(bad)),
      "Put what this prints into /etc/ssh/sshd_config.d/productflow.conf: productflow sshd-config --data DIR --user " +
          owner};
}

std::vector<cli::Finding> examine(const std::filesystem::path& data, const Clock& clock,
                                  const std::function<Result<std::unique_ptr<cli::Gateway>>()>& open) {
  std::vector<cli::Finding> findings;
  std::error_code fault;
  if (!std::filesystem::is_directory(data / "db", fault)) {
    findings.push_back({"shop", Health::fault, "There is no shop in " + data.string() + ".",
                        "Name the data folder, or make one: productflow init --data DIR --owner you@example.com"});
    examine_host(findings, data, 0);
    return findings;
  }
  std::vector<cli::Finding> of_folder;
  examine_folder(of_folder, data, clock.now());  // first: opening the shop closes a key that stands open
  const int server = server_at(data / "admin.sock");
  examine_shop(findings, server, open);
  findings.insert(findings.end(), of_folder.begin(), of_folder.end());
  examine_host(findings, data, server);
  return findings;
}

}  // namespace pf::app
