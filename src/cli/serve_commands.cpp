
#include "cli/commands.h"

namespace pf::cli {

void add_serve_commands(Command& app, Context& context) {
  struct Options {
    std::string data, listen = "127.0.0.1:8443";
  };
  {
    const auto options = std::make_shared<Options>();
    Command serve = app.command("serve", "Run the appliance; a new folder is set up in the browser",
                                "productflow serve --data /var/lib/productflow --listen 0.0.0.0:8443");
    serve.option("--data", options->data, "The data folder, made when it is not there", Need::required);
    serve.option("--listen", options->listen, "ADDRESS:PORT");
    serve.does([options, &context] {
      if (const auto done = context.ways.serve(options->data, options->listen); !done.ok()) context.fail(done.error());
    });
  }
  {
    const auto options = std::make_shared<Options>();
    Command demo = app.command("demo", "Run a filled shop to try; prints its address, e-mail and password",
                               "productflow demo --listen 127.0.0.1:8443");
    demo.option("--data", options->data, "Keep it in this folder instead of a throw-away one");
    demo.option("--listen", options->listen, "ADDRESS:PORT");
    demo.does([options, &context] {
      if (const auto done = context.ways.demo(options->data, options->listen); !done.ok()) context.fail(done.error());
    });
  }
}

}  // namespace pf::cli
