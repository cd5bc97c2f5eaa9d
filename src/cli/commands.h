// Every group of subcommands, one line each; each has a file of its own. `context` outlives the command line.
#pragma once

#include "cli/context.h"

namespace pf::cli {

void add_serve_commands(Command& top, Context& context);    // serve, demo
void add_shop_commands(Command& top, Context& context);     // init
void add_user_commands(Command& top, Context& context);     // user list|invite|reset|role|roles|review|stop|wake|remove
void add_token_commands(Command& top, Context& context);    // token new|list|rotate|remove
void add_client_commands(Command& top, Context& context);   // client new
void add_webhook_commands(Command& top, Context& context);  // webhook new, list, ...
// purge, vault status|confirm-clock|certificates|seal|unseal|key|shares|retention
void add_vault_commands(Command& top, Context& context);
void add_backup_commands(Command& top, Context& context);    // backup-key, backup, verify, restore
void add_buyer_commands(Command& vault, Context& context);   // vault find|export|erase|prove
void add_audit_commands(Command& top, Context& context);     // audit list|verify|export|retention
void add_exchange_commands(Command& top, Context& context);  // import, export
void add_schedule_commands(Command& top, Context& context);  // schedule list|login
void add_order_commands(Command& top, Context& context);     // order list|show|ship|...
// reports recount, index rebuild
void add_maintenance_commands(Command& top, Context& context);
void add_doctor_commands(Command& top, Context& context);  // doctor, certificate
void add_ssh_commands(Command& top, Context& context);     // sshd-config, shell
// openapi, version, completion; `line` is that of `top`.
void add_about_commands(Command& top, Context& context, const CommandLine& line);

}  // namespace pf::cli
