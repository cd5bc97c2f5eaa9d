// The only file of the benchmark that includes httplib.h, as src/http/engine.cpp is in the product.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#include <httplib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine.h"

namespace pf::bench {

Result<HelloServer> HelloServer::start(const std::filesystem::path& certificate, const std::filesystem::path& key,
                                       const std::string& body) {
  int out[2];
  if (pipe(out) != 0) return error(ErrorCode::unavailable, "No pipe can be made.");
  const pid_t process = fork();
  if (process == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(out[0]);
    httplib::SSLServer server(certificate.c_str(), key.c_str());
    server.new_task_queue = [] { return new httplib::ThreadPool(64); };  // it needs a thread for every connection
    server.set_keep_alive_max_count(1'000'000'000);
    server.set_tcp_nodelay(true);
    server.Get(".*", [&](const httplib::Request&, httplib::Response& response) {
      response.set_content(body, "application/json");
    });
    const int port = server.bind_to_any_port("127.0.0.1");
    if (write(out[1], &port, sizeof port) != sizeof port) _exit(1);
    server.listen_after_bind();
    _exit(0);
  }
  close(out[1]);
  int port = 0;
  const bool listens = read(out[0], &port, sizeof port) == sizeof port && port > 0;
  close(out[0]);
  HelloServer server(process, static_cast<std::uint16_t>(port));
  if (!listens) return error(ErrorCode::unavailable, "cpp-httplib's own server did not start.");
  return server;
}

HelloServer::~HelloServer() {
  if (process_ <= 0) return;
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

}  // namespace pf::bench
