// The command line: one binary, subcommands. It is a door like the web interface: every command but serve and demo asks
// the same routes, through the admin socket when the server runs, on the opened house when it does not.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/client.h"
#include "productflow/clock.h"

namespace pf::cli {

// Stable: scripts rely on them.
inline constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2;

class Gateway {
 public:
  virtual ~Gateway() = default;
  // With a `sink`, the body of an answer that is no refusal goes there piece by piece, after its head to `heads`.
  // `unavailable` when the server went meanwhile: it may come back, and is then found again.
  virtual Result<http::Response> call(http::Request request, const http::BodySink& sink = {},
                                      const http::HeadSink& heads = {}) = 0;
};

struct Library {
  std::string name, version, licence;
};

// One line of `doctor`.
enum class Health { ok, warning, fault };
struct Finding {
  std::string about;  // two or three words
  Health health = Health::ok;
  std::string says;      // what is so, and what it means
  std::string advice{};  // what to do; empty when all is well
};

struct CertificateFacts {
  std::string what, file, fingerprint;  // SHA-256, hex with colons
  Time expires_at{};
  bool own = false;  // put there by the owner: not renewed by us
};

// What the roof lends us; a door does not look up.
struct Ways {
  std::string version;
  std::vector<Library> libraries;
  std::function<Result<>(const std::filesystem::path& data, const std::string& listen)> serve;
  std::function<Result<>(const std::filesystem::path& data, const std::string& listen)>
      demo;  // empty folder name: a throw-away one
  // `create` for init. Conflict when another process has the folder and does not answer.
  std::function<Result<std::unique_ptr<Gateway>>(const std::filesystem::path& data, bool create)> open;
  std::function<std::vector<Finding>(const std::filesystem::path& data)> doctor;
  std::function<Result<std::vector<CertificateFacts>>(const std::filesystem::path& data)> certificates;
};

int run(int argc, char** argv, const Ways& ways);

}  // namespace pf::cli
