#include <fmt/core.h>

#include "cli/commands.h"
#include "http/client.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

struct WebhookOptions : Common {
  std::string id, url, description, authority, host, since, delivery;
  std::vector<std::string> events;
  bool allow = false, own_network = false;
};
using WebhookWork = std::function<void(WebhookOptions&, Context&)>;

// A command about one webhook, or about all.
Command webhook_command(Command& webhook, Context& context, const char* name, const char* summary, const char* example,
                        const std::shared_ptr<WebhookOptions>& options, WebhookWork work) {
  Command command = webhook.command(name, summary, example);
  options->add(command);
  command.does([options, &context, work = std::move(work)] { work(*options, context); });
  return command;
}

std::string hook_path(const WebhookOptions& options, const std::string& rest = "") {
  return "/api/v1/webhook/" + percent_encode(options.id) + rest;
}

// The secret alone, once, for scripts; as JSON the whole.
void print_secret(const WebhookOptions& options, Context& context, const Result<json::Value>& answer) {
  if (!answer.ok() || options.as_json) return context.end(options, answer);
  fmt::print("{}\n", *answer->find("data")->find("secret")->as_string());
}

// A file's content, for an authority.
Result<std::string> read_text(const std::string& file) {
  PF_LET(const auto source, http::body_of_file(file));
  std::string text;
  for (;;) {
    PF_LET(const std::string piece, source());
    if (piece.empty()) return text;
    text += piece;
    constexpr std::size_t kAuthorityMost = 1u << 20;
    if (text.size() > kAuthorityMost) return error(ErrorCode::too_large, "The file " + file + " is no certificate.");
  }
}

Result<> add_host_facts(const WebhookOptions& options, json::Value& body) {
  if (options.own_network) body.set("private_network", true);
  if (options.authority.empty()) return {};
  PF_LET(const std::string pem, read_text(options.authority));
  body.set("authority", pem);
  return {};
}

void make_hook(WebhookOptions& options, Context& context) {
  json::Value types = json::Value::array();
  for (const std::string& type : options.events) types.push(type);
  json::Value body =
      json::Value::object({{"url", options.url}, {"description", options.description}, {"events", std::move(types)}});
  if (options.allow) body.set("allow_host", true);
  if (const auto added = add_host_facts(options, body); !added.ok()) return context.fail(added.error());
  print_secret(options, context, context.ask(options, "POST", "/api/v1/webhook", body));
}

void replay_hook(WebhookOptions& options, Context& context) {
  if (options.since.empty() == options.delivery.empty())
    return context.fail(invalid("since", "required", "Say --since a time, or --delivery a number."));
  if (!options.delivery.empty())
    return context.end(
        options,
        context.ask(options, "POST", hook_path(options, "/delivery/" + percent_encode(options.delivery) + "/replay")));
  context.end(options, context.ask(options, "POST", hook_path(options, "/replay"),
                                   json::Value::object({{"since", options.since}})));
}

}  // namespace

void add_webhook_commands(Command& app, Context& context) {
  Command webhook = app.noun("webhook", "Tell other programs what changes");
  const auto fresh = [] { return std::make_shared<WebhookOptions>(); };
  {
    const auto options = fresh();
    Command command =
        webhook_command(webhook, context, "new", "Make a webhook; prints its secret alone, once",
                        "productflow webhook new --data DIR --url https://hooks.example.com/pf --event order.created "
                        "--allow",
                        options, make_hook);
    command.option("--url", options->url, "Where to: https", Need::required);
    command.option("--event", options->events, "Such as order.created; all without");
    command.option("--description", options->description, "What it is for");
    command.flag("--allow", options->allow, "Allow the address's host, if it is not allowed yet");
    command.flag("--own-network", options->own_network, "With --allow: the host is in our own network");
    command.option("--authority", options->authority, "With --allow: a PEM file, the only authority trusted there");
  }
  webhook_command(
      webhook, context, "list", "List webhooks", "productflow webhook list --data DIR", fresh(),
      [](WebhookOptions& options, Context& to) { to.end(options, to.ask(options, "GET", "/api/v1/webhook")); });
  webhook_command(webhook, context, "hosts", "List the hosts that the shop may send to",
                  "productflow webhook hosts --data DIR", fresh(), [](WebhookOptions& options, Context& to) {
                    to.end(options, to.ask(options, "GET", "/api/v1/webhook-host"));
                  });
  const auto of_hook = [&](const char* name, const char* summary, const char* example, WebhookWork work) {
    const auto options = fresh();
    Command command = webhook_command(webhook, context, name, summary, example, options, std::move(work));
    command.option("id", options->id, "Its id, as listed", Need::required);
    return std::pair(command, options);
  };
  of_hook("log", "Show a webhook's newest deliveries", "productflow webhook log --data DIR ID",
          [](WebhookOptions& options, Context& to) {
            to.end(options, to.ask(options, "GET", hook_path(options, "/delivery")));
          });
  of_hook("test", "Send a test message", "productflow webhook test --data DIR ID",
          [](WebhookOptions& options, Context& to) {
            to.end(options, to.ask(options, "POST", hook_path(options, "/test")));
          });
  of_hook("secret", "A new secret, printed once; the old one works for another day",
          "productflow webhook secret --data DIR ID", [](WebhookOptions& options, Context& to) {
            print_secret(options, to, to.ask(options, "POST", hook_path(options, "/secret")));
          });
  of_hook("on", "Switch a webhook on", "productflow webhook on --data DIR ID",
          [](WebhookOptions& options, Context& to) {
            to.end(options, to.ask(options, "PATCH", hook_path(options), json::Value::object({{"enabled", true}})));
          });
  of_hook("off", "Switch a webhook off", "productflow webhook off --data DIR ID",
          [](WebhookOptions& options, Context& to) {
            to.end(options, to.ask(options, "PATCH", hook_path(options), json::Value::object({{"enabled", false}})));
          });
  of_hook("remove", "Remove a webhook and its deliveries", "productflow webhook remove --data DIR ID",
          [](WebhookOptions& options, Context& to) { to.end(options, to.ask(options, "DELETE", hook_path(options))); });
  auto [replay, replayed] =
      of_hook("replay", "Send again: everything since a time, or one delivery",
              "productflow webhook replay --data DIR ID --since 2026-11-26T00:00:00Z", replay_hook);
  replay.option("--since", replayed->since, "Such as 2026-11-26T00:00:00Z");
  replay.option("--delivery", replayed->delivery, "Its number, as webhook log shows it");
  replay.not_together("--since", "--delivery");
  {
    const auto options = fresh();
    Command command = webhook_command(
        webhook, context, "allow", "Allow a host to be sent to",
        "productflow webhook allow --data DIR hooks.example.com", options, [](WebhookOptions& asked, Context& to) {
          json::Value body = json::Value(json::Members{});
          if (const auto added = add_host_facts(asked, body); !added.ok()) return to.fail(added.error());
          to.end(asked, to.ask(asked, "PUT", "/api/v1/webhook-host/" + percent_encode(asked.host), body));
        });
    command.option("host", options->host, "A name or address, with a port where that is not 443", Need::required);
    command.flag("--own-network", options->own_network, "It is in our own network, or on this machine");
    command.option("--authority", options->authority, "A PEM file: the only authority that is trusted there");
  }
  {
    const auto options = fresh();
    Command command = webhook_command(
        webhook, context, "forbid", "Allow a host no longer", "productflow webhook forbid --data DIR hooks.example.com",
        options, [](WebhookOptions& asked, Context& to) {
          to.end(asked, to.ask(asked, "DELETE", "/api/v1/webhook-host/" + percent_encode(asked.host)));
        });
    command.option("host", options->host, "As listed", Need::required);
  }
}

}  // namespace pf::cli
