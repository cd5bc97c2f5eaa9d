#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>

#include "cli/commands.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

namespace fs = std::filesystem;

// Never over an older one: a key that is in use is not lost by a second call.
Result<> write_new(const fs::path& path, std::string_view text, int mode) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!written)
    return error(ErrorCode::conflict, "The file " + path.string() + " is there already or cannot be written.");
  return {};
}

void add_client_new(Command& client, Context& context) {
  struct Options : Common {
    std::string name, out, days, password_file;
    std::vector<std::string> scopes, ranges;
  };
  const auto options = std::make_shared<Options>();
  Command command = client.command(
      "new", "Make a program's certificate and key: files for curl, and a PKCS#12 bundle with a password",
      "productflow client new --data DIR --name warehouse --scope orders.read --out ./warehouse");
  options->add(command);
  command.option("--name", options->name, "What it is for", Need::required);
  command.option("--scope", options->scopes, "Permissions such as orders.read, or all", Need::required);
  command.option("--out", options->out, "A folder for the files, made when it is not there", Need::required);
  command.option("--range", options->ranges, "Where it may come from, such as 192.0.2.0/24");
  command.option("--days", options->days, "How long it holds, at most 397; 365 otherwise");
  command.option("--password-file", options->password_file, "Holds the password of the PKCS#12 bundle");
  command.does([options, &context] {
    const auto made = [&]() -> Result<json::Value> {
      json::Value scopes = json::Value::array(), ranges = json::Value::array();
      for (const auto& one : options->scopes) scopes.push(one);
      for (const auto& one : options->ranges) ranges.push(one);
      json::Value body =
          json::Value::object({{"name", options->name}, {"scopes", std::move(scopes)}, {"ranges", std::move(ranges)}});
      if (!options->days.empty()) {
        const auto days = parse_int(options->days);
        if (!days) return invalid("days", "type", "--days must be a whole number.");
        body.set("days", *days);
      }
      if (!options->password_file.empty()) {
        std::string password(4096, '\0');
        const int file = ::open(options->password_file.c_str(), O_RDONLY | O_CLOEXEC);
        const ssize_t got = file < 0 ? -1 : ::read(file, password.data(), password.size());
        if (file >= 0) ::close(file);
        if (got < 0) return invalid("password_file", "unreadable", "The file with the password cannot be read.");
        password.resize(static_cast<std::size_t>(got));
        body.set("password", trim(password));
      }
      std::error_code fault;
      fs::create_directories(options->out, fault);
      if (fault) return invalid("out", "unwritable", "The folder " + options->out + " cannot be made.");
      return context.ask(*options, "POST", "/api/v1/client", body);
    }();
    if (!made.ok()) return context.fail(made.error());
    const json::Value& data = *made->find("data");
    const auto text = [&](const char* name) { return *data.find(name)->as_string(); };
    const fs::path out = options->out;
    const auto kept = [&]() -> Result<> {
      PF_TRY(write_new(out / "client.pem", text("certificate") + text("key"), 0600));
      PF_TRY(write_new(out / "ca.pem", text("authority"), 0644));
      PF_TRY(write_new(out / "curl.conf", "cacert = \"ca.pem\"\ncert = \"client.pem\"\n", 0644));
      if (!text("pkcs12").empty())
        PF_TRY(write_new(out / "client.p12", unbase64url(text("pkcs12")).value_or(""), 0600));
      return {};
    }();
    if (!kept.ok()) {
      // Nobody has the key, so the certificate must not stay either.
      static_cast<void>(context.ask(*options, "DELETE", "/api/v1/token/" + percent_encode(text("id"))));
      return context.fail(kept.error());
    }
    if (options->as_json) {
      json::Value shown = data;
      shown.erase("key");
      shown.erase("pkcs12");
      fmt::print("{}\n", json::write(shown));
      return;
    }
    fmt::print(
        "{}: client.pem, ca.pem, curl.conf{}\nTry it there: curl --config curl.conf https://HOST:8443/api/v1/order\n",
        options->out, text("pkcs12").empty() ? "" : ", client.p12");
  });
}

}  // namespace

void add_client_commands(Command& app, Context& context) {
  Command client = app.noun("client", "Programs that prove themselves by a certificate; listed and removed as tokens");
  add_client_new(client, context);
}

}  // namespace pf::cli
