#include <fmt/core.h>

#include "cli/commands.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

void add_audit_verify(Command& audit, Context& context) {
  struct Options : Common {
    bool recent = false;
  };
  const auto options = std::make_shared<Options>();
  Command command = audit.command("verify", "Check the log's chain and its signed checkpoints",
                                  "productflow audit verify --data DIR");
  options->add(command);
  command.flag("--recent", options->recent, "Only what came after the newest checkpoint: for logs of millions");
  command.does([options, &context] {
    const auto answer = context.ask(*options, "GET",
                                    std::string("/api/v1/audit/verify") + (options->recent ? "?since=checkpoint" : ""));
    context.end(*options, answer);
    if (answer.ok() && !*answer->find("data")->find("whole")->as_bool()) context.code = kFailed;
  });
}

struct Search : Common {
  std::string actor, action, object, from, to, text;
  void add(Command& command) {
    Common::add(command);
    command.option("--actor", actor, "Of this person or program alone: name or id");
    command.option("--action", action, "order.ship, or order for all that begins so");
    command.option("--object", object, "order:1000123, or order for all of that kind");
    command.option("--from", from, "Not before this day or time (UTC): 2026-11-01");
    command.option("--to", to, "Before this day or time (UTC)");
    command.option("--text", text, "Entries that hold this text");
  }
  std::string query() const {
    std::string out;
    for (const auto& [name, value] : {std::pair<const char*, const std::string&>{"actor", actor},
                                      {"action", action},
                                      {"object", object},
                                      {"from", from},
                                      {"to", to},
                                      {"q", text}})
      if (!value.empty()) out += "&" + std::string(name) + "=" + percent_encode(value);
    return out;
  }
};

// Calls `show` with every entry that fits, newest first, until it wants no more.
Result<> each_entry(const Context& context, const Search& search, const std::function<bool(const json::Value&)>& show) {
  for (std::string cursor = "0"; !cursor.empty();) {
    PF_LET(const auto answer,
           context.ask(search, "GET", "/api/v1/audit?per_page=200&cursor=" + cursor + search.query()));
    for (const json::Value& entry : *answer.find("data")->as_array())
      if (!show(entry)) return {};
    const std::string* next = answer.find("meta")->find("next_cursor")->as_string();
    cursor = next != nullptr ? *next : "";
  }
  return {};
}

void add_audit_list(Command& audit, Context& context) {
  struct Options : Search {
    std::string count = "50";
  };
  const auto options = std::make_shared<Options>();
  Command command = audit.command("list", "Search the log, newest first, a line each",
                                  "productflow audit list --data DIR --actor ann@example.com --action order");
  options->add(command);
  command.option("--count", options->count, "At most so many");
  command.does([options, &context] {
    auto left = parse_int(options->count).value_or(0);
    if (left < 1) return context.fail(invalid("--count", "format", "--count must be a number such as 50"));
    const auto done = each_entry(context, *options, [&](const json::Value& entry) {
      const auto text = [&](const char* name) { return *entry.find(name)->as_string(); };
      if (options->as_json)
        fmt::print("{}\n", json::write(entry));
      else
        fmt::print("{:>7}  {}  {:<24}  {:<24}  {}  {}\n", entry.find("number")->as_int().value_or(0), text("at"),
                   text("actor_name"), text("action"), text("object"), json::write(*entry.find("details")));
      return --left > 0;
    });
    if (!done.ok()) context.fail(done.error());
  });
}

void add_audit_export(Command& audit, Context& context) {
  const auto search = std::make_shared<Search>();
  Command command = audit.command("export", "Print the log, newest first, one JSON object a line",
                                  "productflow audit export --data DIR > audit.ndjson");
  search->add(command);
  command.does([search, &context] {
    const auto done = each_entry(context, *search, [](const json::Value& entry) {
      fmt::print("{}\n", json::write(entry));
      return true;
    });
    if (!done.ok()) context.fail(done.error());
  });
}

void add_audit_retention(Command& audit, Context& context) {
  struct Options : Common {
    std::string days;
    bool for_ever = false;
  };
  const auto options = std::make_shared<Options>();
  Command command = audit.command("retention", "Show or choose how long entries are kept: thirteen months at least",
                                  "productflow audit retention --data DIR --days 400");
  options->add(command);
  command.option("--days", options->days, "396 or more; older entries go within a day, up to a signed one");
  command.flag("--for-ever", options->for_ever, "Nothing is dropped, as in a new shop");
  command.not_together("--days", "--for-ever");
  command.does([options, &context] {
    if (options->days.empty() && !options->for_ever)
      return context.end(*options, context.ask(*options, "GET", "/api/v1/audit/state"));
    const auto days = parse_int(options->days);
    if (!options->for_ever && !days)
      return context.fail(invalid("--days", "format", "--days must be a number such as 400"));
    context.end(*options, context.ask(*options, "PUT", "/api/v1/audit/retention",
                                      json::Value::object({{"keep_days", options->for_ever ? json::Value(nullptr)
                                                                                           : json::Value(*days)}})));
  });
}

}  // namespace

void add_audit_commands(Command& app, Context& context) {
  Command audit = app.noun("audit", "The audit log");
  add_audit_list(audit, context);
  add_audit_verify(audit, context);
  add_audit_export(audit, context);
  add_audit_retention(audit, context);
}

}  // namespace pf::cli
