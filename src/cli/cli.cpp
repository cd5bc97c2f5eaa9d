#include "cli/cli.h"

#include "cli/commands.h"

namespace pf::cli {

int run(int argc, char** argv, const Ways& ways) {
  CommandLine line("ProductFlow: product content and order fulfilment on your own box.", "productflow",
                   "Try it: productflow demo\nHelp on a command: productflow COMMAND --help");
  Context context(ways);
  add_serve_commands(line.top(), context);
  add_shop_commands(line.top(), context);
  add_user_commands(line.top(), context);
  add_token_commands(line.top(), context);
  add_client_commands(line.top(), context);
  add_webhook_commands(line.top(), context);
  add_vault_commands(line.top(), context);
  add_backup_commands(line.top(), context);
  add_audit_commands(line.top(), context);
  add_order_commands(line.top(), context);
  add_exchange_commands(line.top(), context);
  add_schedule_commands(line.top(), context);
  add_maintenance_commands(line.top(), context);
  add_doctor_commands(line.top(), context);
  add_ssh_commands(line.top(), context);
  add_about_commands(line.top(), context, line);
  return line.parse(argc, argv) == CommandLine::Parsed::wrong ? kWrongUsage : context.code;
}

}  // namespace pf::cli
