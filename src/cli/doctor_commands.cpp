// doctor and certificate: how the machine and the data folder are.
#include <fmt/core.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

const char* name_of(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warning:
      return "warning";
    case Health::fault:
      return "fault";
  }
  return "";
}

std::string painted_name(Health health) {
  const Colour colour = health == Health::ok ? Colour::green : health == Health::warning ? Colour::yellow : Colour::red;
  return painted(colour, fmt::format("{:<8}", name_of(health)));
}

void show_findings(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    fmt::print("{} {:<28} {}\n", painted_name(finding.health), finding.about, finding.says);
    if (!finding.advice.empty()) fmt::print("{:<38}-> {}\n", "", finding.advice);
  }
  const auto count = [&](Health health) { return std::ranges::count(findings, health, &Finding::health); };
  fmt::print("\n{} checks: {} ok, {} warnings, {} faults\n", findings.size(), count(Health::ok), count(Health::warning),
             count(Health::fault));
}

void add_doctor(Command& top, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = top.command("doctor", "Check the machine and the data folder; fails on a fault",
                                "productflow doctor --data /var/lib/productflow");
  common->add(command);
  command.does([common, &context] {
    const auto findings = context.ways.doctor(common->data);
    if (std::ranges::count(findings, Health::fault, &Finding::health) > 0) context.code = kFailed;
    if (!common->as_json) return show_findings(findings);
    json::Value all = json::Value::array();
    for (const Finding& finding : findings)
      all.push(json::Value::object({{"about", finding.about},
                                    {"health", name_of(finding.health)},
                                    {"says", finding.says},
                                    {"advice", finding.advice.empty() ? json::Value() : json::Value(finding.advice)}}));
    fmt::print("{}\n", json::write(json::Value::object({{"data", std::move(all)}})));
  });
}

void add_certificate(Command& top, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = top.command(
      "certificate", "Show the fingerprint and the end of the local authority and of the server's certificate",
      "productflow certificate --data DIR\n"
      "Compare the fingerprint with what a browser shows before you trust DIR/tls/ca.pem there.");
  common->add(command);
  command.does([common, &context] {
    const auto found = context.ways.certificates(common->data);
    if (!found.ok()) return context.fail(found.error());
    json::Value all = json::Value::array();
    for (const CertificateFacts& one : *found)
      all.push(json::Value::object({{"certificate", one.what},
                                    {"file", one.file},
                                    {"sha256", one.fingerprint},
                                    {"expires_at", rfc3339(one.expires_at)},
                                    {"own", one.own}}));
    context.end(*common, json::Value::object({{"data", std::move(all)}}));
  });
}

}  // namespace

void add_doctor_commands(Command& top, Context& context) {
  add_doctor(top, context);
  add_certificate(top, context);
}

}  // namespace pf::cli
