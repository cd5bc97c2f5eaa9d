#include <fmt/core.h>

#include "cli/commands.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

json::Value texts(const std::vector<std::string>& list) {
  json::Value out = json::Value::array();
  for (const std::string& one : list) out.push(one);
  return out;
}

// People are named by e-mail on the command line and by id in the API.
Result<std::string> id_of(const Context& context, const Common& common, const std::string& email) {
  PF_LET(const auto answer, context.ask(common, "GET", "/api/v1/user"));
  for (const json::Value& person : *answer.find("data")->as_array())
    if (equals_ignoring_case(*person.find("email")->as_string(), email) || *person.find("id")->as_string() == email)
      return *person.find("id")->as_string();
  return error(ErrorCode::not_found, "There is nobody with the e-mail " + email + ". See: productflow user list");
}

void print_code(const json::Value& answer) {
  fmt::print("{}\n", *answer.find("data")->find("code")->as_string());
}

void add_user_list(Command& user, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = user.command("list", "List people, their roles and factors", "productflow user list --data DIR");
  common->add(command);
  command.does([common, &context] { context.end(*common, context.ask(*common, "GET", "/api/v1/user")); });
}

void add_invite(Command& user, Context& context) {
  struct Options : Common {
    std::string email, name, role;
    std::vector<std::string> channels, categories, locales, personal;
  };
  const auto options = std::make_shared<Options>();
  Command command =
      user.command("invite", "Invite somebody; prints the one-time code alone, for https://HOST/join",
                   "productflow user invite --data DIR --email ann@example.com --role packer --channel bol");
  options->add(command);
  command.option("--email", options->email, "Whose account it is", Need::required);
  command.option("--role", options->role, "Such as packer; see: productflow user roles", Need::required);
  command.option("--name", options->name, "How colleagues call the person");
  command.option("--channel", options->channels, "Orders of these channels alone");
  command.option("--category", options->categories, "Products in and below these alone");
  command.option("--locale", options->locales, "Texts of these languages alone");
  command.option("--personal", options->personal,
                 "Of a buyer, these fields alone: shipping_customer, phone_number ...");
  command.does([options, &context] {
    const json::Value limits = json::Value::object({{"channels", texts(options->channels)},
                                                    {"categories", texts(options->categories)},
                                                    {"locales", texts(options->locales)},
                                                    {"personal", texts(options->personal)}});
    const auto answer = context.ask(
        *options, "POST", "/api/v1/user",
        json::Value::object(
            {{"email", options->email}, {"name", options->name}, {"role", options->role}, {"limits", limits}}));
    if (!answer.ok() || options->as_json) return context.end(*options, answer);
    print_code(*answer);
  });
}

void add_reset(Command& user, Context& context) {
  struct Options : Common {
    std::string email;
    bool factors = false;
  };
  const auto options = std::make_shared<Options>();
  Command command = user.command("reset", "Another one-time code, for a lost password; prints it alone",
                                 "productflow user reset --data DIR ann@example.com --factors");
  options->add(command);
  command.option("email", options->email, "Whose", Need::required);
  command.flag("--factors", options->factors, "The second factors are lost too");
  command.does([options, &context] {
    const auto id = id_of(context, *options, options->email);
    if (!id.ok()) return context.fail(id.error());
    const auto answer = context.ask(*options, "POST", "/api/v1/user/" + percent_encode(*id) + "/invitation",
                                    json::Value::object({{"drop_factors", options->factors}}));
    if (!answer.ok() || options->as_json) return context.end(*options, answer);
    print_code(*answer);
  });
}

// One change of a person; `body` null removes.
void add_change(Command& user, Context& context, const char* name, const char* summary, const json::Value& body) {
  struct Options : Common {
    std::string email;
  };
  const auto options = std::make_shared<Options>();
  Command command = user.command(name, summary, fmt::format("productflow user {} --data DIR ann@example.com", name));
  options->add(command);
  command.option("email", options->email, "Who", Need::required);
  command.does([options, &context, body] {
    const auto id = id_of(context, *options, options->email);
    if (!id.ok()) return context.fail(id.error());
    context.end(*options, context.ask(*options, body.is_null() ? "DELETE" : "PATCH",
                                      "/api/v1/user/" + percent_encode(*id), body));
  });
}

void add_role(Command& user, Context& context) {
  struct Options : Common {
    std::string email, role;
  };
  const auto options = std::make_shared<Options>();
  Command command =
      user.command("role", "Give a person another role", "productflow user role --data DIR ann@example.com manager");
  options->add(command);
  command.option("email", options->email, "Who", Need::required);
  command.option("role", options->role, "The role", Need::required);
  command.does([options, &context] {
    const auto id = id_of(context, *options, options->email);
    if (!id.ok()) return context.fail(id.error());
    context.end(*options, context.ask(*options, "PATCH", "/api/v1/user/" + percent_encode(*id),
                                      json::Value::object({{"role", options->role}})));
  });
}

void add_roles(Command& user, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = user.command("roles", "List roles and what each may do", "productflow user roles --data DIR");
  common->add(command);
  command.does([common, &context] { context.end(*common, context.ask(*common, "GET", "/api/v1/role")); });
}

void add_review(Command& user, Context& context) {
  const auto common = std::make_shared<Common>();
  Command command = user.command("review", "Show when the access review is due, whom it is about, and those before",
                                 "productflow user review --data DIR");
  common->add(command);
  command.does([common, &context] { context.end(*common, context.ask(*common, "GET", "/api/v1/access-review")); });
}

}  // namespace

void add_user_commands(Command& app, Context& context) {
  Command user = app.noun("user", "People");
  add_user_list(user, context);
  add_invite(user, context);
  add_reset(user, context);
  add_role(user, context);
  add_roles(user, context);
  add_review(user, context);
  add_change(user, context, "stop", "Stop an account; its sessions and tokens end at once",
             json::Value::object({{"stopped", true}}));
  add_change(user, context, "wake", "Let a stopped account work again", json::Value::object({{"stopped", false}}));
  add_change(user, context, "remove", "Remove a person; sessions and tokens end at once", json::Value());
}

}  // namespace pf::cli
