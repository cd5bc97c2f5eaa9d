// One buyer as a person: find, export, erase, and the proof that a text is gone.
#include <cstdio>
#include <iostream>

#include "cli/commands.h"

namespace pf::cli {
namespace {

// What stands on a command line is seen by everybody on the box, so "-" takes the next line of standard input.
std::string or_from_input(std::string value) {
  if (value != "-") return value;
  std::string line;
  std::getline(std::cin, line);
  return line;
}

struct Person : Common {
  std::string email, phone, zip_code, name;
  void add(Command& command) {
    Common::add(command);
    command.option("--email", email, "The buyer's e-mail address, or - to read it from standard input");
    command.option("--phone", phone, "The phone number, or -");
    command.option("--postcode", zip_code, "The postcode, or -");
    command.option("--name", name, "First and last name, or -");
  }
  json::Value body() const {
    json::Value out{json::Members{}};
    const auto set = [&](const char* field, const std::string& value) {
      if (!value.empty()) out.set(field, or_from_input(value));
    };
    set("email", email);
    set("phone_number", phone);
    set("zip_code", zip_code);
    set("name", name);
    return out;
  }
};

void add_find(Command& vault, Context& context) {
  const auto person = std::make_shared<Person>();
  Command command = vault.command("find", "The orders of a buyer, masked; exact values only",
                                  "productflow vault find --data DIR --email jan@example.com");
  person->add(command);
  command.does([person, &context] {
    context.end(*person, context.ask(*person, "POST", "/api/v1/buyer/search", person->body()));
  });
}

void add_buyer_export(Command& vault, Context& context) {
  struct Options : Person {
    std::string reason;
  };
  const auto options = std::make_shared<Options>();
  Command command =
      vault.command("export", "Everything that is held about a buyer, as JSON (GDPR article 15)",
                    "productflow vault export --data DIR --email - --reason \"request of 24 November\" > person.json");
  options->add(command);
  command.option("--reason", options->reason, "Why; kept in the audit log", Need::required);
  command.does([options, &context] {
    json::Value body = options->body();
    body.set("reason", options->reason);
    options->as_json = true;  // a file for the person who asked
    context.end(*options, context.ask(*options, "POST", "/api/v1/buyer/export", body));
  });
}

void add_erase(Command& vault, Context& context) {
  struct Options : Person {
    std::vector<std::string> orders;
    std::string reason;
    bool dry_run = false;
  };
  const auto options = std::make_shared<Options>();
  Command command =
      vault.command("erase", "Erase a buyer's data now, with a certificate (GDPR article 17); the orders stay",
                    "productflow vault erase --data DIR --email - --reason \"request of 24 November\" --dry-run");
  options->add(command);
  command.option("--order", options->orders, "Order numbers, instead of what the buyer is called");
  command.option("--reason", options->reason, "Why; kept in the audit log", Need::required);
  command.flag("--dry-run", options->dry_run, "Only say whose data would go");
  command.does([options, &context] {
    json::Value body = options->body();
    if (!options->orders.empty()) {
      json::Value list = json::Value::array();
      for (const std::string& order : options->orders) list.push(order);
      body.set("orders", std::move(list));
    }
    body.set("reason", options->reason);
    body.set("dry_run", options->dry_run);
    context.end(*options, context.ask(*options, "POST", "/api/v1/buyer/erase", body));
  });
}

void add_prove(Command& vault, Context& context) {
  struct Options : Common {
    std::string text, in;
  };
  const auto options = std::make_shared<Options>();
  Command command = vault.command(
      "prove", "Look for a text in everything that was ever written: says gone (and ends with 0), or where it is (1)",
      "productflow vault prove \"Jan Jansen\" --data DIR\n  productflow vault prove - --data DIR --in /mnt/backup < "
      "name.txt");
  options->add(command);
  command.option("text", options->text, "The text, 4 to 1,000 bytes, or - to read it from standard input",
                 Need::required);
  command.option("--in", options->in, "Look through this folder instead, such as a copy of DIR");
  command.does([options, &context] {
    json::Value body = json::Value::object({{"text", or_from_input(options->text)}});
    if (!options->in.empty()) body.set("in", std::filesystem::absolute(options->in).string());
    const auto answer = context.ask(*options, "POST", "/api/v1/vault/prove", body);
    context.end(*options, answer);
    if (answer.ok() && !*answer->find("data")->find("gone")->as_bool()) context.code = kFailed;
  });
}

}  // namespace

void add_buyer_commands(Command& vault, Context& context) {
  add_find(vault, context);
  add_buyer_export(vault, context);
  add_erase(vault, context);
  add_prove(vault, context);
}

}  // namespace pf::cli
