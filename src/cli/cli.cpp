#include "cli/cli.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <cstdio>

#include "cli/terminal.h"
#include "json/json.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

namespace fs = std::filesystem;

int failed(const Error& error) {
  fmt::print(stderr, "productflow: {}\n", error.message);
  for (const FieldFault& fault : error.faults)
    if (fault.message != error.message) fmt::print(stderr, "  {}: {}\n", fault.field, fault.message);
  return kFailed;
}

// What every command that asks the house shares.
struct Common {
  std::string data;
  bool as_json = false;
  void add(CLI::App& command) {
    command.add_option("--data", data, "The data folder")->required();
    command.add_flag("--json", as_json, "Answer as JSON, for programs");
  }
};

class Commands {
 public:
  explicit Commands(const Ways& ways) : ways_(ways) {}

  Result<json::Value> ask(const Common& common, std::string method, std::string target, const json::Value& body = {},
                          bool create = false) const {
    PF_LET(const auto gateway, ways_.open(common.data, create));
    http::Request request{.method = std::move(method), .target = target};
    request.path = target.substr(0, target.find('?'));
    if (const std::size_t question = target.find('?'); question != std::string::npos)
      request.query = target.substr(question + 1);
    if (!body.is_null()) {
      request.headers.emplace_back("content-type", "application/json");
      request.body = json::write(body);
    }
    PF_LET(const auto response, gateway->call(std::move(request)));
    const auto answer = response.body.empty() ? Result<json::Value>(json::Value()) : json::parse(response.body);
    if (!answer.ok()) return error(ErrorCode::internal, "ProductFlow's answer could not be read.");
    if (response.status >= 400) {
      const json::Value* detail = answer->find("detail");
      Error refused = error(ErrorCode::invalid, detail != nullptr && detail->as_string() != nullptr
                                                    ? *detail->as_string()
                                                    : "ProductFlow refused the request.");
      if (const json::Value* faults = answer->find("errors"); faults != nullptr && faults->as_array() != nullptr)
        for (const json::Value& fault : *faults->as_array())
          if (const json::Value* field = fault.find("field"); field != nullptr && field->as_string() != nullptr)
            refused.faults.push_back({*field->as_string(), "", *fault.find("message")->as_string()});
      return refused;
    }
    return answer;
  }

  // The usual end of a command: shows `data` of the answer.
  int show_answer(const Common& common, const Result<json::Value>& answer) const {
    if (!answer.ok()) return failed(answer.error());
    if (common.as_json) {
      fmt::print("{}\n", json::write(*answer));
    } else if (const json::Value* data = answer->find("data")) {
      show(*data);
    }
    return kDone;
  }

 private:
  const Ways& ways_;
};

std::string example(const char* text) {
  return std::string("Example:\n  ") + text;
}

}  // namespace

int run(int argc, char** argv, const Ways& ways) {
  CLI::App app("ProductFlow: product content and order fulfilment on your own box.", "productflow");
  app.require_subcommand(1);
  app.footer("Try it: productflow demo\nHelp on a command: productflow COMMAND --help");
  const Commands commands(ways);
  int code = kDone;
  Common common;

  std::string data, listen = "127.0.0.1:8443", demo_listen = "127.0.0.1:8443";
  auto* serve = app.add_subcommand("serve", "Run the appliance; a new folder is set up in the browser");
  serve->add_option("--data", data, "The data folder, made when it is not there")->required();
  serve->add_option("--listen", listen, "ADDRESS:PORT")->capture_default_str();
  serve->footer(example("productflow serve --data /var/lib/productflow --listen 0.0.0.0:8443"));
  serve->callback([&] {
    if (const auto done = ways.serve(data, listen); !done.ok()) code = failed(done.error());
  });

  auto* demo = app.add_subcommand("demo", "Run a filled shop to try; prints its address, e-mail and password");
  demo->add_option("--data", data, "Keep it in this folder instead of a throw-away one");
  demo->add_option("--listen", demo_listen, "ADDRESS:PORT")->capture_default_str();
  demo->footer(example("productflow demo --listen 127.0.0.1:8443"));
  demo->callback([&] {
    if (const auto done = ways.demo(data, demo_listen); !done.ok()) code = failed(done.error());
  });

  std::string owner, shop_name, locale, currency;
  bool password_stdin = false;
  auto* init = app.add_subcommand("init", "Make a new data folder with its owner, for scripts");
  common.add(*init);
  init->add_option("--owner", owner, "The owner's e-mail")->required();
  init->add_flag("--password-stdin", password_stdin, "Read the password from standard input instead of asking");
  init->add_option("--shop-name", shop_name, "The shop's name");
  init->add_option("--locale", locale, "The shop's first language, such as nl-NL");
  init->add_option("--currency", currency, "ISO 4217, such as EUR");
  init->footer(
      example("productflow init --data /var/lib/productflow --owner you@example.com --password-stdin < password.txt"));
  init->callback([&] {
    json::Value body =
        json::Value::object({{"code", ""}, {"email", owner}, {"password", read_secret("Password for " + owner)}});
    if (!shop_name.empty()) body.set("shop_name", shop_name);
    if (!locale.empty()) body.set("locale", locale);
    if (!currency.empty()) body.set("currency", currency);
    const auto answer = commands.ask(common, "POST", "/api/v1/setup", body, true);
    code = commands.show_answer(common, answer);
    if (code == kDone && !common.as_json)
      fmt::print("The shop is set up. Start it with: productflow serve --data {}\n", common.data);
  });

  auto* token = app.add_subcommand("token", "Tokens for programs")->require_subcommand(1);
  std::string name, expires_at, id;
  std::vector<std::string> scopes;
  auto* token_new = token->add_subcommand("new", "Make a token; prints it alone, once");
  common.add(*token_new);
  token_new->add_option("--name", name, "What it is for")->required();
  token_new->add_option("--scope", scopes, "Permissions such as orders.read, or all")->required();
  token_new->add_option("--expires-at", expires_at, "Such as 2027-01-01T00:00:00Z");
  token_new->footer(example("productflow token new --data DIR --name warehouse --scope orders.read orders.write"));
  token_new->callback([&] {
    json::Value list = json::Value::array();
    for (const std::string& scope : scopes) list.push(scope);
    json::Value body = json::Value::object({{"name", name}, {"scopes", std::move(list)}});
    if (!expires_at.empty()) body.set("expires_at", expires_at);
    const auto answer = commands.ask(common, "POST", "/api/v1/token", body);
    if (!answer.ok() || common.as_json) {
      code = commands.show_answer(common, answer);
    } else {
      fmt::print("{}\n", *answer->find("data")->find("token")->as_string());
    }
  });
  auto* token_list = token->add_subcommand("list", "List tokens");
  common.add(*token_list);
  token_list->footer(example("productflow token list --data DIR"));
  token_list->callback([&] { code = commands.show_answer(common, commands.ask(common, "GET", "/api/v1/token")); });
  auto* token_remove = token->add_subcommand("remove", "Remove a token");
  common.add(*token_remove);
  token_remove->add_option("id", id, "Its id, as listed")->required();
  token_remove->footer(example("productflow token remove --data DIR 0123456789abcdef"));
  token_remove->callback([&] {
    code = commands.show_answer(common, commands.ask(common, "DELETE", "/api/v1/token/" + percent_encode(id)));
  });

  bool now = false, dry_run = false;
  auto* purge = app.add_subcommand("purge", "Destroy the buyers' data that is due");
  common.add(*purge);
  auto* now_flag = purge->add_flag("--now", now, "Do it now (the default)");
  purge->add_flag("--dry-run", dry_run, "Only say what is due")->excludes(now_flag);
  purge->footer(example("productflow purge --data DIR --dry-run"));
  purge->callback([&] {
    code = commands.show_answer(
        common, commands.ask(common, "POST", "/api/v1/vault/purge", json::Value::object({{"dry_run", dry_run}})));
  });

  auto* vault = app.add_subcommand("vault", "The vault of buyers' data")->require_subcommand(1);
  auto* vault_status = vault->add_subcommand("status", "The state of the key ring and the last purges");
  common.add(*vault_status);
  vault_status->footer(example("productflow vault status --data DIR"));
  vault_status->callback([&] { code = commands.show_answer(common, commands.ask(common, "GET", "/api/v1/vault")); });

  auto* audit = app.add_subcommand("audit", "The audit log")->require_subcommand(1);
  auto* audit_verify = audit->add_subcommand("verify", "Check the log's chain");
  common.add(*audit_verify);
  audit_verify->footer(example("productflow audit verify --data DIR"));
  audit_verify->callback([&] {
    const auto answer = commands.ask(common, "GET", "/api/v1/audit/verify");
    code = commands.show_answer(common, answer);
    if (answer.ok() && !*answer->find("data")->find("whole")->as_bool()) code = kFailed;
  });
  auto* audit_export = audit->add_subcommand("export", "Print the log, newest first, one JSON object a line");
  common.add(*audit_export);
  audit_export->footer(example("productflow audit export --data DIR > audit.ndjson"));
  audit_export->callback([&] {
    std::string cursor = "0";
    while (!cursor.empty()) {
      const auto answer = commands.ask(common, "GET", "/api/v1/audit?per_page=200&cursor=" + cursor);
      if (!answer.ok()) {
        code = failed(answer.error());
        return;
      }
      for (const json::Value& entry : *answer->find("data")->as_array()) fmt::print("{}\n", json::write(entry));
      const std::string* next = answer->find("meta")->find("next_cursor")->as_string();
      cursor = next != nullptr ? *next : "";
    }
  });

  auto* openapi = app.add_subcommand("openapi", "Print the API's OpenAPI 3.1 document");
  common.add(*openapi);
  openapi->footer(example("productflow openapi --data DIR > openapi.json"));
  openapi->callback([&] {
    common.as_json = true;
    code = commands.show_answer(common, commands.ask(common, "GET", "/api/v1/openapi.json"));
  });

  bool version_json = false;
  auto* version = app.add_subcommand("version", "Print the version, the linked libraries and their licences");
  version->add_flag("--json", version_json, "As JSON");
  version->callback([&] {
    if (version_json) {
      json::Value list = json::Value::array();
      for (const Library& library : ways.libraries)
        list.push(
            json::Value::object({{"name", library.name}, {"version", library.version}, {"licence", library.licence}}));
      fmt::print("{}\n", json::write(json::Value::object({{"version", ways.version}, {"libraries", std::move(list)}})));
      return;
    }
    fmt::print("ProductFlow {}\n", ways.version);
    for (const Library& library : ways.libraries)
      fmt::print("  {:<34} {:<22} {}\n", library.name, library.version, library.licence);
  });

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    return app.exit(asked_for_help) == 0 ? kDone : kFailed;
  } catch (const CLI::ParseError& wrong) {
    app.exit(wrong);
    return kWrongUsage;
  }
  return code;
}

}  // namespace pf::cli
