// What the doctor makes of sshd's configuration.
#include "app/ssh_rules.h"

#include <doctest/doctest.h>

#include "app/doctor.h"

using namespace pf;
using app::SshRules;

namespace {
const std::string kOurs =
    "Match User productflow\n"
    "    AuthenticationMethods publickey,keyboard-interactive\n"
    "    PasswordAuthentication no\n"
    "    ForceCommand /usr/local/bin/productflow shell --data /var/lib/productflow\n"
    "    DisableForwarding yes\n";
}

TEST_CASE("ssh: the first value counts, and what a Match block says is for its users alone") {
  const SshRules rules({kOurs,
                        "# PermitRootLogin no\nPermitRootLogin=YES\nPermitRootLogin no\n"
                        "Match Group staff\n  PermitRootLogin no\n  X11Forwarding no\nMatch all\nX11Forwarding yes",
                        "X11Forwarding no\nForceCommand /bin/false"});
  CHECK(rules.setting("permitrootlogin", "") == "yes");
  CHECK(rules.setting("PasswordAuthentication", "yes") == "yes");  // said for one user, not for all
  CHECK(rules.setting("X11Forwarding", "") == "yes");
  CHECK(rules.setting_of("productflow", "PasswordAuthentication", "yes") == "no");
  CHECK(rules.setting_of("ann", "PasswordAuthentication", "yes") == "yes");
  // As sshd -T -C user=productflow answers: a block goes before what stands outside, wherever that stands.
  const SshRules late({"ForceCommand /bin/false\nDisableForwarding no\n" + kOurs});
  CHECK(late.setting_of("productflow", "ForceCommand", "").starts_with("/usr/local/bin/productflow shell"));
  CHECK(late.setting_of("productflow", "DisableForwarding", "") == "yes");
  CHECK(late.setting_of("ann", "ForceCommand", "") == "/bin/false");
}

TEST_CASE("ssh: the printed rules are good, and each that is missing is named") {
  CHECK(app::ssh_finding(SshRules({kOurs, ""}), "productflow").health == cli::Health::ok);
  CHECK(app::ssh_finding(SshRules({kOurs, ""}), "productflow").says.find("whole file system") != std::string::npos);
  CHECK(app::ssh_finding(SshRules({kOurs + "    ChrootDirectory /srv/jail\n"}), "productflow")
            .says.ends_with("jailed in /srv/jail."));
  const auto without = [&](const std::string& line) {
    std::string text = kOurs;
    const std::size_t at = text.find("    " + line);
    text.erase(at, text.find('\n', at) - at);
    return app::ssh_finding(SshRules({text, ""}), "productflow");
  };
  CHECK(without("ForceCommand").says.find("finds a shell") != std::string::npos);
  CHECK(without("AuthenticationMethods").says.find("One factor") != std::string::npos);
  CHECK(without("DisableForwarding").says.find("forwarded") != std::string::npos);
  const auto other = app::ssh_finding(SshRules({kOurs, ""}), "shop");
  CHECK(other.health == cli::Health::warning);
  CHECK(other.advice.find("--user shop") != std::string::npos);
  const std::string either = "Match all\nAuthenticationMethods publickey,keyboard-interactive publickey\n" + kOurs;
  CHECK(app::ssh_finding(SshRules({either}), "productflow").says.find("One factor") != std::string::npos);
}
