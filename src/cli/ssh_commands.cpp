// The way in by SSH: what sshd must be told, and what somebody who comes in so finds, which is no shell of the machine.
#include <fmt/core.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "cli/commands.h"
#include "cli/words.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

// The snippet. DisableForwarding closes ports, agent and X11; each word is of sshd_config(5).
constexpr const char* kSnippet =
    R"(# Who administers ProductFlow over SSH. Put this into /etc/ssh/sshd_config.d/productflow.conf and reload sshd.
# A key and a second factor are asked for: what PAM asks on the keyboard, such as libpam-google-authenticator.
# Each person has a key of his own in ~{0}/.ssh/authorized_keys.
# Whoever comes in finds ProductFlow's commands and nothing else: no shell, no files, no forwarding.
# Once in force, it is checked by: productflow doctor
Match User {0}
    AuthenticationMethods publickey,keyboard-interactive
    PubkeyAuthentication yes
    KbdInteractiveAuthentication yes
    PasswordAuthentication no
    ForceCommand {1} shell --data {2}
    DisableForwarding yes
    PermitUserRC no
)";
// {0} jail, {1} executable, {2} data folder. sshd wants every folder on the way to the jail to be root's alone, and
// starts ForceCommand by the account's shell, which must be in the jail.
constexpr const char* kJail = R"(    ChrootDirectory {0}
# The file system ends at {0}. Make it once, and again after each update of ProductFlow, as root:
#   install -D {1} {0}{1}
#   install -D /bin/sh {0}/bin/sh
#   ldd /bin/sh {1} | grep -o '/[^ ]*[.]so[^ ]*' | sort -u | xargs -I% install -D % {0}%
#   mkdir -p {0}{2} && mount --bind {2} {0}{2}
# and for the next start of the machine, into /etc/fstab:
#   {2} {0}{2} none bind 0 0
)";
constexpr const char* kNoJail =
    "# To close the file system besides: productflow sshd-config --data {2} --jail /srv/productflow\n";

void add_sshd_config(Command& top, Context& context) {
  struct Options : Common {
    std::string user = "productflow", jail;
  };
  const auto options = std::make_shared<Options>();
  Command command = top.command("sshd-config", "Print what sshd must be told for administration over SSH",
                                "productflow sshd-config --data DIR > /etc/ssh/sshd_config.d/productflow.conf");
  options->add(command);
  command.option("--user", options->user, "Whom the data folder belongs to, and who comes in by SSH");
  command.option("--jail", options->jail, "A folder that is all of the file system for who comes in (ChrootDirectory)");
  command.does([options, &context] {
    std::error_code fault;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", fault);
    const auto data = std::filesystem::absolute(options->data, fault);
    if (!options->jail.empty() && (options->jail[0] != '/' || options->jail == "/"))
      return context.fail(invalid("--jail", "format", "Name the jail by its whole path, such as /srv/productflow."));
    std::string jail = std::filesystem::path(options->jail).lexically_normal().string();
    if (jail.ends_with('/')) jail.pop_back();
    for (const std::string& text : {options->user, self.string(), data.string(), "/" + jail})
      if (text.empty() || text.find_first_of(" \t\n\"'#%{}") != std::string::npos)
        return context.fail(
            invalid("--data", "format",
                    "\"" + text + "\" cannot stand in sshd's configuration: no blanks, quotes, % and braces."));
    fmt::print(fmt::runtime(kSnippet), options->user, self.string(), data.string());
    fmt::print(fmt::runtime(jail.empty() ? kNoJail : kJail), jail, self.string(), data.string());
  });
}

// What may be done from afar: nothing that reads or writes a file of the caller's choice, or that does not end.
constexpr std::array<std::string_view, 15> kFromAfar{
    "doctor",       "certificate",        "version",         "purge",        "audit list",
    "audit verify", "audit export",       "audit retention", "user",         "token",
    "vault status", "vault certificates", "vault seal",      "vault unseal", "vault retention"};

Result<> may_run(const std::vector<std::string>& words) {
  const std::string one = words.empty() ? "" : words[0], two = words.size() < 2 ? "" : one + " " + words[1];
  for (const std::string& word : words)
    if (word == "--data" || word.starts_with("--data="))
      return invalid("--data", "given", "The data folder is set for you; leave --data out.");
  for (const std::string_view known : kFromAfar)
    if (known == one || known == two) return {};
  std::string all;
  for (const std::string_view known : kFromAfar) all += (all.empty() ? "" : ", ") + std::string(known);
  return error(ErrorCode::forbidden, "\"" + (two.empty() ? one : two).substr(0, 60) +
                                         "\" is not done over SSH. These are: " + all +
                                         ". Each tells more with --help.");
}

int run_line(const std::string& data, std::string_view line, Context& context) {
  auto words = words_of(line);
  if (words.ok() && !words->empty() && words->front() == "productflow") words->erase(words->begin());
  const auto may = words.ok() ? may_run(*words) : Result<>(words.error());
  if (!may.ok()) {
    context.fail(may.error());
    return kFailed;
  }
  words->insert(words->begin(), "productflow");
  if ((*words)[1] != "version") words->insert(words->end(), {"--data", data});
  std::vector<char*> arguments;
  for (std::string& word : *words) arguments.push_back(word.data());
  return run(static_cast<int>(arguments.size()), arguments.data(), context.ways);
}

void add_shell(Command& top, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = top.command("shell", "For sshd's ForceCommand: ProductFlow's commands and nothing else",
                                "productflow shell --data DIR");
  common->add(command);
  command.does([common, &context] {
    if (const char* asked = std::getenv("SSH_ORIGINAL_COMMAND"); asked != nullptr) {
      context.code = run_line(common->data, asked, context);
      return;
    }
    for (std::string line; fmt::print("productflow> "), std::fflush(stdout), std::getline(std::cin, line);) {
      const std::string_view plain = trim(line);
      if (plain == "exit" || plain == "quit") return;
      if (!plain.empty()) static_cast<void>(run_line(common->data, plain, context));
    }
    fmt::print("\n");
    context.code = kDone;
  });
}

}  // namespace

void add_ssh_commands(Command& top, Context& context) {
  add_sshd_config(top, context);
  add_shell(top, context);
}

}  // namespace pf::cli
