#include "app/serve.h"

#include <fmt/core.h>
#include <signal.h>

#include "app/hardening.h"
#include "app/heartbeat.h"
#include "http/local_ca.h"
#include "http/server.h"
#include "productflow/text.h"
#include "webhooks/deliverer.h"

namespace pf::app {
namespace {

constexpr std::chrono::seconds kBeatEvery{20};  // the vault looks for what is due; hours are exact enough for it
constexpr int kBeatsPerDay = 24 * 60 * 60 / 20, kBeatsPerHour = 60 * 60 / 20;

// Hourly. Standard error is where systemd's journal, and whoever watches it, hears of what nobody asked for; /metrics
// and the page of the log say it too.
void look_after_log(House& house) {
  const bool failed_before = !house.checkpoints->signing().failure.empty();
  const auto done = house.checkpoints->sign();
  if (!done.ok() && !failed_before)
    fmt::print(stderr, "The audit log's checkpoint could not be signed: {}\n", done.error().message);
  if (done.ok() && failed_before) fmt::print(stderr, "The audit log's checkpoints are signed again.\n");
}

// Daily. A clock that somebody set forward makes nothing old.
void drop_old_entries(House& house) {
  if (!house.vault->status().clock_alarm.empty()) return;
  if (const auto done = house.checkpoints->drop_old(); !done.ok())
    fmt::print(stderr, "Old entries of the audit log are kept: {}\n", done.error().message);
}

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

Result<Listen> parse_listen(std::string_view text) {
  const Error bad =
      invalid("listen", "format",
              "\"" + std::string(text.substr(0, 60)) + "\" is not ADDRESS:PORT such as 127.0.0.1:8443 or 0.0.0.0:8443");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad;
  std::string_view address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const auto port = parse_int(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65'535) return bad;
  return Listen{address.empty() ? "0.0.0.0" : std::string(address), static_cast<std::uint16_t>(*port)};
}

Result<> serve(House& house, const Listen& listen, const std::function<void(const std::string& url)>& announce) {
  // Before any thread starts, so that all inherit it and only sigwait below meets them.
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  const auto tls_folder = house.folder() / "tls";
  PF_LET(const auto tls, http::ensure_tls_files(tls_folder, listen.address, house.clock().now()));
  PF_TRY(http::client_authority(tls_folder, house.clock().now()));
  PF_LET(
      const auto server,
      http::Server::open({.address = listen.address,
                          .port = listen.port,
                          .certificate = tls.certificate,
                          .key = tls.key,
                          .client_ca = tls_folder / "clients.pem",
                          .admin_socket = house.folder() / "admin.sock",
                          .handler = [&house](const http::Request& request) { return house.gate->handle(request); }}));
  static_cast<void>(harden_process());

  PF_TRY(house.vault->tick());  // what fell due while we were away goes before the first answer
  PF_TRY(house.archive->tick());
  int beats = 0;
  const Heartbeat heartbeat(kBeatEvery, [&] {
    static_cast<void>(house.vault->tick());         // a failing disk shows in the next write
    static_cast<void>(house.orders->look_again());  // the same; the next beat looks again
    static_cast<void>(house.archive->tick());
    if (++beats % kBeatsPerHour == 0) {
      look_after_log(house);
      static_cast<void>(house.access->tidy_sessions());  // what has run out opens nothing; the next hour tries again
      static_cast<void>(house.webhooks->tidy());         // the same
    }
    if (beats % kBeatsPerDay != kBeatsPerHour) return;  // an hour after the start, for a box that is off at night
    drop_old_entries(house);
    if (const auto files = http::ensure_tls_files(tls_folder, listen.address, house.clock().now());
        files.ok() && files->renewed)
      static_cast<void>(server->reload_certificate());
  });
  house.schedules->start();
  const webhooks::Deliverer deliverer(*house.store, *house.events, *house.webhooks, house.clock());
  server->start();
  const bool any = listen.address == "0.0.0.0" || listen.address == "::";
  const std::string host = any                                             ? "localhost"
                           : listen.address.find(':') != std::string::npos ? "[" + listen.address + "]"
                                                                           : listen.address;
  announce("https://" + host + ":" + std::to_string(server->port()));

  for (int got = 0; sigwait(&signals, &got) == 0;) {
    if (got != SIGHUP) break;
    static_cast<void>(server->reload_certificate());  // the owner has put another one there
  }
  house.kept_exports->stop();
  server->stop();
  return house.checkpoints->sign();
}

}  // namespace pf::app
