#include "app/ways.h"

#include <fmt/core.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>

#include "app/certificates.h"
#include "app/demo.h"
#include "app/doctor.h"
#include "app/serve.h"
#include "crypto/crypto.h"
#include "http/client.h"
#include "productflow/text.h"
#include "productflow_libraries.h"

namespace pf::app {
namespace {

namespace fs = std::filesystem;

// One line that scripts wait for, at once.
void say(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

class RunningServer final : public cli::Gateway {
 public:
  explicit RunningServer(fs::path socket) : socket_(std::move(socket)) {}
  Result<http::Response> call(http::Request request, const http::BodySink& sink, const http::HeadSink& heads) override {
    return http::ask(socket_, request, sink, heads);
  }

 private:
  fs::path socket_;
};

class OpenedHouse final : public cli::Gateway {
 public:
  explicit OpenedHouse(std::unique_ptr<House> house) : house_(std::move(house)) {}
  Result<http::Response> call(http::Request request, const http::BodySink& sink, const http::HeadSink& heads) override {
    request.peer.local_user = ::getuid();
    request.id = hex(crypto::random_bytes(8));
    http::Response response = house_->gate->handle(request);
    if (heads) PF_TRY(heads(response));
    if (response.stream) {
      try {
        response.stream([&](std::string_view piece) {
          if (sink) return sink(piece);
          response.body += piece;
          return true;
        });
      } catch (const std::exception&) {
        return error(ErrorCode::internal, "The answer ended before it was whole.");
      }
      response.stream = nullptr;
    } else if (sink && response.status < 400) {
      sink(std::exchange(response.body, {}));
    }
    return response;
  }

 private:
  std::unique_ptr<House> house_;
};

Result<std::unique_ptr<cli::Gateway>> open(const fs::path& data, bool create) {
  const fs::path socket = data / "admin.sock";
  std::error_code fault;
  if (fs::exists(socket, fault)) {
    // Somebody may listen there; a socket that a killed server left behind does not answer.
    const auto answer = http::ask(socket, {.method = "GET", .target = "/healthz"});
    if (answer.ok()) return std::unique_ptr<cli::Gateway>(std::make_unique<RunningServer>(socket));
  }
  PF_LET(auto house, House::open(data, create, system_clock()));
  return std::unique_ptr<cli::Gateway>(std::make_unique<OpenedHouse>(std::move(house)));
}

Result<> serve_folder(const fs::path& data, const std::string& listen) {
  PF_LET(const auto where, parse_listen(listen));
  PF_LET(const auto house, House::open(data, true, system_clock()));
  PF_LET(const bool owner, house->access->has_owner());
  const std::string code = owner ? "" : house->access->new_set_up_code();
  return serve(*house, where, [&](const std::string& url) {
    if (!owner) say("Set up this shop at " + url + "/ with the code " + code + " (valid for one hour)");
    say("ready " + url);
  });
}

Result<> demo(const fs::path& folder, const std::string& listen) {
  PF_LET(const auto where, parse_listen(listen));
  fs::path data = folder;
  const bool throw_away = data.empty();
  if (throw_away) {
    std::string name = (fs::temp_directory_path() / "productflow-demo-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      return error(ErrorCode::unavailable,
                   "A throw-away folder cannot be made in " + fs::temp_directory_path().string() + ".");
    data = name;
  }
  const auto result = [&]() -> Result<> {
    if (!fs::exists(data / "db")) {
      say("Filling a shop with 600 products and 300 orders in " + data.string());
      PF_TRY(fill_demo(data));
    }
    PF_LET(const auto house, House::open(data, false, system_clock()));
    const std::string password = base64url(crypto::random_bytes(12));
    PF_TRY(house->access->reset_owner_password(password));
    return serve(*house, where, [&](const std::string& url) {
      say("address  " + url + "/");
      say("e-mail   " + std::string(kDemoOwner));
      say("password " + password);
      say("authority " + (data / "tls" / "ca.pem").string());
      say("ready " + url);
    });
  }();
  std::error_code ignored;
  if (throw_away) fs::remove_all(data, ignored);
  return result;
}

}  // namespace

cli::Ways ways() {
  cli::Ways ways;
  ways.version = kProductVersion;
  for (const LinkedLibrary& library : kLinkedLibraries)
    ways.libraries.push_back({library.name, library.version, library.licence});
  ways.serve = serve_folder;
  ways.demo = demo;
  ways.open = open;
  ways.doctor = [](const fs::path& data) { return examine(data, system_clock(), [&] { return open(data, false); }); };
  ways.certificates = certificates_of;
  return ways;
}

}  // namespace pf::app
