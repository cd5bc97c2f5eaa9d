#include "load.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "productflow/text.h"

namespace pf::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Caller {
  int socket = -1;
  SSL* ssl = nullptr;
  std::string out, in;
  std::size_t sent = 0;
  bool waits_to_send = false;
  SteadyClock::time_point asked{};
  ~Caller() {
    SSL_free(ssl);
    if (socket >= 0) ::close(socket);
  }
};

struct FreeContext {
  void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
};

Result<> connect_to(Caller& caller, SSL_CTX* context, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  caller.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  setsockopt(caller.socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (::connect(caller.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return error(ErrorCode::unavailable, "Nobody listens on 127.0.0.1:" + std::to_string(port) + ".");
  caller.ssl = SSL_new(context);
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(caller.ssl), "127.0.0.1");
  SSL_set_fd(caller.ssl, caller.socket);
  if (SSL_connect(caller.ssl) != 1)
    return error(ErrorCode::unavailable, "The TLS handshake with 127.0.0.1:" + std::to_string(port) + " failed.");
  ::fcntl(caller.socket, F_SETFL, O_NONBLOCK);
  return {};
}

// The length of the whole answer at the start of `in`, 0 while it is not whole. Answers have a Content-Length: both
// servers write one to everything that is asked here.
std::size_t whole_answer(const std::string& in) {
  const std::size_t head = in.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  const std::string lower = lower_ascii(std::string_view(in).substr(0, head + 2));
  const std::size_t at = lower.find("\r\ncontent-length:");
  const std::size_t body =
      at == std::string::npos
          ? 0
          : static_cast<std::size_t>(
                parse_int(trim(std::string_view(lower).substr(at + 17, lower.find("\r\n", at + 17) - at - 17)))
                    .value_or(0));
  return in.size() >= head + 4 + body ? head + 4 + body : 0;
}

}  // namespace

double LoadFigures::percentile(double percent) const {
  if (milliseconds.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(milliseconds.size())));
  return milliseconds[std::clamp<std::size_t>(rank, 1, milliseconds.size()) - 1];
}

std::string request_bytes(const std::string& method, const std::string& target, const std::string& token,
                          const std::string& body, const std::string& type) {
  std::string text = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n";
  if (!token.empty()) text += "Authorization: Bearer " + token + "\r\n";
  if (!body.empty()) text += "Content-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}

Result<LoadFigures> run_load(const Load& load) {
  const std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_CTX_load_verify_locations(context.get(), load.ca.c_str(), nullptr) != 1)
    return error(ErrorCode::not_found, "The authority " + load.ca.string() + " cannot be read.");
  std::vector<Caller> callers(load.connections);
  for (Caller& caller : callers) PF_TRY(connect_to(caller, context.get(), load.port));

  LoadFigures figures;
  std::uint64_t asked = 0, open = 0;
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  const auto started = SteadyClock::now(), end = started + load.time;
  const auto watch = [&](std::size_t number, std::uint32_t events, int how) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = number;
    epoll_ctl(epoll, how, callers[number].socket, &event);
  };
  // Sends what it can; false when the connection is lost.
  const auto send = [&](Caller& caller, std::size_t number) {
    while (caller.sent < caller.out.size()) {
      std::size_t written = 0;
      if (SSL_write_ex(caller.ssl, caller.out.data() + caller.sent, caller.out.size() - caller.sent, &written) == 1) {
        caller.sent += written;
        continue;
      }
      if (SSL_get_error(caller.ssl, 0) != SSL_ERROR_WANT_WRITE) return false;
      if (!caller.waits_to_send) watch(number, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      caller.waits_to_send = true;
      return true;
    }
    if (caller.waits_to_send) watch(number, EPOLLIN, EPOLL_CTL_MOD);
    caller.waits_to_send = false;
    return true;
  };
  const auto ask = [&](Caller& caller, std::size_t number) {
    if (asked >= load.requests_max || SteadyClock::now() >= end) return true;
    caller.out = load.request_of(asked++);
    caller.sent = 0;
    caller.asked = SteadyClock::now();
    ++open;
    return send(caller, number);
  };
  const auto close_epoll = [&](Result<LoadFigures> out) {
    ::close(epoll);
    return out;
  };
  const Error lost = error(ErrorCode::unavailable, "The server closed a connection in the middle of the measurement.");
  for (std::size_t i = 0; i < callers.size(); ++i) {
    watch(i, EPOLLIN, EPOLL_CTL_ADD);
    if (!ask(callers[i], i)) return close_epoll(lost);
  }
  std::vector<epoll_event> events(load.connections);
  constexpr int kSilenceMax = 60'000;  // milliseconds without any answer: something hangs
  while (open > 0) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), kSilenceMax);
    if (count == 0) return close_epoll(error(ErrorCode::unavailable, "No answer came for a minute."));
    for (int i = 0; i < count; ++i) {
      const auto number = static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64);
      Caller& caller = callers[number];
      if (caller.sent < caller.out.size() && !send(caller, number)) return close_epoll(lost);
      for (;;) {
        char piece[32 << 10];
        std::size_t got = 0;
        if (SSL_read_ex(caller.ssl, piece, sizeof piece, &got) != 1) {
          if (SSL_get_error(caller.ssl, 0) != SSL_ERROR_WANT_READ) return close_epoll(lost);
          break;
        }
        caller.in.append(piece, got);
        const std::size_t size = whole_answer(caller.in);
        if (size == 0) continue;
        const auto took = SteadyClock::now() - caller.asked;
        const bool as_wanted = caller.in.compare(9, 3, std::to_string(load.status)) == 0;
        ++(as_wanted ? figures.answers : figures.others);
        if (!as_wanted && figures.first_other.empty()) figures.first_other = caller.in.substr(0, size);
        figures.milliseconds.push_back(std::chrono::duration<double, std::milli>(took).count());
        figures.last_body = caller.in.substr(caller.in.find("\r\n\r\n") + 4, size);
        caller.in.erase(0, size);
        --open;
        if (!ask(caller, number)) return close_epoll(lost);
      }
    }
  }
  figures.seconds = std::chrono::duration<double>(SteadyClock::now() - started).count();
  std::ranges::sort(figures.milliseconds);
  return close_epoll(std::move(figures));
}

Result<LoadFigures> run_checked(const Load& load) {
  PF_LET(auto figures, run_load(load));
  if (figures.others > 0)
    return error(ErrorCode::internal, "An answer was not the wanted one: " + figures.first_other.substr(0, 600));
  return figures;
}

}  // namespace pf::bench
