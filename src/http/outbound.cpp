#include "http/outbound.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "http/connection.h"
#include "http/outbound_answer.h"
#include "http/tls.h"
#include "productflow/text.h"

namespace pf::http {
namespace {

using std::chrono::steady_clock;
constexpr int kLookMilliseconds = 100;  // how soon a stop is noticed
constexpr std::size_t kAnswerPieceBytes = 16u << 10;

// ---- addresses

struct Network {
  std::array<unsigned char, 16> bytes;
  unsigned bits;
};
// IPv4 addresses are looked at as ::ffff:a.b.c.d.
std::array<unsigned char, 16> mapped(std::uint32_t address) {
  std::array<unsigned char, 16> out{};
  out[10] = out[11] = 0xff;
  for (int i = 0; i < 4; ++i)
    out[static_cast<std::size_t>(12 + i)] = static_cast<unsigned char>(address >> (24 - 8 * i));
  return out;
}
Network four(std::uint32_t address, unsigned bits) {
  return {mapped(address), 96 + bits};
}
Network six(std::initializer_list<unsigned char> first, unsigned bits) {
  Network out{{}, bits};
  std::ranges::copy(first, out.bytes.begin());
  return out;
}
bool within(const std::array<unsigned char, 16>& address, const Network& network) {
  for (unsigned bit = 0; bit < network.bits; ++bit) {
    const unsigned char mask = static_cast<unsigned char>(0x80 >> (bit % 8));
    if ((address[bit / 8] & mask) != (network.bytes[bit / 8] & mask)) return false;
  }
  return true;
}
std::optional<std::array<unsigned char, 16>> bytes_of_address(std::string_view text) {
  const std::string copy(text);
  in_addr v4{};
  if (inet_pton(AF_INET, copy.c_str(), &v4) == 1) return mapped(ntohl(v4.s_addr));
  std::array<unsigned char, 16> v6{};
  if (inet_pton(AF_INET6, copy.c_str(), v6.data()) == 1) return v6;
  return std::nullopt;
}

// RFC 6890 and its registries of special-purpose addresses (IANA, 2025).
const std::vector<Network>& private_networks() {
  static const std::vector<Network> all{
      four(0x0A000000, 8),  four(0xAC100000, 12),
      four(0xC0A80000, 16), four(0x64400000, 10),                                        // RFC 1918, RFC 6598
      four(0x7F000000, 8),  six({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128),  // this machine
      six({0xfc}, 7)};                                                                   // RFC 4193
  return all;
}
const std::vector<Network>& other_special_networks() {
  static const std::vector<Network> all{four(0x00000000, 8),  // this network
                                        four(0xA9FE0000, 16),
                                        six({0xfe, 0x80}, 10),  // a link's own
                                        four(0xC0000000, 24),
                                        four(0xC0000200, 24),
                                        four(0xC6336400, 24),  // protocols, documentation
                                        four(0xCB007100, 24),
                                        four(0xC6120000, 15),
                                        four(0xC0586300, 24),  // documentation, benchmarks, 6to4
                                        four(0xE0000000, 4),
                                        four(0xF0000000, 4),
                                        six({0xff}, 8),                                 // groups, reserved, broadcast
                                        six({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 96),  // unspecified, IPv4-compatible
                                        six({0, 0x64, 0xff, 0x9b}, 32),
                                        six({0x20, 0x02}, 16),
                                        six({0x20, 0x01}, 23),  // NAT64, 6to4, Teredo and others
                                        six({0x20, 0x01, 0x0d, 0xb8}, 32),
                                        six({0x3f, 0xff}, 20),
                                        six({0x01}, 8),  // documentation, discard
                                        six({0xfe, 0xc0}, 10),
                                        six({0x5f}, 16)};  // site-local, segment routing
  return all;
}

// ---- the look-up, given up when it takes too long

Error gave_up() {
  return error(ErrorCode::unavailable, "ProductFlow was stopped meanwhile.");
}

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
  std::string text;
};

std::vector<Address> addresses_of(const std::string& host, const std::string& port, int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags;
  addrinfo* list = nullptr;
  std::vector<Address> found;
  if (getaddrinfo(host.c_str(), port.c_str(), &wanted, &list) != 0) return found;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    Address address;
    if (one->ai_addrlen > sizeof address.bytes) continue;
    std::memcpy(&address.bytes, one->ai_addr, one->ai_addrlen);
    address.size = one->ai_addrlen;
    char text[INET6_ADDRSTRLEN] = "";
    if (one->ai_family == AF_INET)
      inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(one->ai_addr)->sin_addr, text, sizeof text);
    else if (one->ai_family == AF_INET6)
      inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(one->ai_addr)->sin6_addr, text, sizeof text);
    address.text = text;
    found.push_back(std::move(address));
  }
  freeaddrinfo(list);
  return found;
}

// What a thread of its own finds: the system's resolver knows no deadline, so it is left behind where it takes too
// long.
struct Lookup {
  std::mutex mutex;
  std::condition_variable ended;
  bool done = false;           // guarded by mutex
  std::vector<Address> found;  // the same
};

Result<std::vector<Address>> look_up(const Outbound& request, const std::atomic<bool>& stop) {
  const Error unknown = error(ErrorCode::unavailable, "The address of " + request.host + " could not be found.");
  const std::string port = std::to_string(request.port);
  if (bytes_of_address(request.host)) return addresses_of(request.host, port, AI_NUMERICHOST);
  // This machine by definition, whatever its resolver knows or is told (RFC 6761 section 6.3).
  if (const std::string name = lower_ascii(request.host); name == "localhost" || name.ends_with(".localhost")) {
    auto own = addresses_of("127.0.0.1", port, AI_NUMERICHOST);
    for (Address& address : addresses_of("::1", port, AI_NUMERICHOST)) own.push_back(std::move(address));
    return own;
  }
  const auto lookup = std::make_shared<Lookup>();  // shared: whoever ends last drops it
  std::thread([lookup, host = request.host, port] {
    auto found = addresses_of(host, port, AI_ADDRCONFIG);
    {
      const std::lock_guard lock(lookup->mutex);
      lookup->found = std::move(found);
      lookup->done = true;
    }
    lookup->ended.notify_all();
  }).detach();
  const auto until = steady_clock::now() + kOutboundConnectTime;
  std::unique_lock lock(lookup->mutex);
  while (!lookup->done) {
    if (stop) return gave_up();
    if (steady_clock::now() >= until) return unknown;
    lookup->ended.wait_for(lock, std::chrono::milliseconds{kLookMilliseconds});
  }
  if (lookup->found.empty()) return unknown;
  return std::move(lookup->found);
}

// ---- the connection

struct CloseSocket {
  int socket = -1;
  ~CloseSocket() {
    if (socket >= 0) ::close(socket);
  }
};

// Ready for `events` before `until`: else says why not.
Result<> ready(int socket, short events, Moment until, const std::atomic<bool>& stop, const Error& late) {
  for (;;) {
    if (stop) return gave_up();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now()).count();
    if (left <= 0) return late;
    pollfd waited{socket, events, 0};
    const int got = ::poll(&waited, 1, static_cast<int>(std::min<long>(left, kLookMilliseconds)));
    if (got > 0) return {};
    if (got < 0 && errno != EINTR) return late;
  }
}

Result<int> connect_to(const Outbound& request, const std::vector<Address>& addresses, const std::atomic<bool>& stop) {
  std::string refused;
  for (const Address& address : addresses) {
    const bool allowed =
        is_public_address(address.text) || (request.private_network && is_private_address(address.text));
    if (!allowed) {
      refused = address.text;
      continue;
    }
    CloseSocket own{::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (own.socket < 0) continue;
    const Error late = error(ErrorCode::unavailable, "The server did not take the connection in time.");
    if (::connect(own.socket, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) != 0) {
      if (errno != EINPROGRESS) continue;
      const auto connected = ready(own.socket, POLLOUT, steady_clock::now() + kOutboundConnectTime, stop, late);
      if (!connected.ok()) return connected.error();
      int fault = 0;
      socklen_t size = sizeof fault;
      if (getsockopt(own.socket, SOL_SOCKET, SO_ERROR, &fault, &size) != 0 || fault != 0) continue;
    }
    return std::exchange(own.socket, -1);
  }
  if (!refused.empty())
    return error(ErrorCode::forbidden,
                 request.host + " is at " + refused +
                     (request.private_network ? ", which is never a server's own address."
                                              : ", inside a network; that was not allowed for this host."));
  return error(ErrorCode::unavailable,
               request.host + ", port " + std::to_string(request.port) + ", does not take connections.");
}

class OutboundWire {
 public:
  OutboundWire(int socket, Moment until, std::chrono::milliseconds silence, const std::atomic<bool>& stop)
      : own_{socket}, until_(until), silence_(silence), stop_(stop) {}
  ~OutboundWire() { ssl_.reset(); }

  Result<> start_tls(SSL_CTX* context, const std::string& host) {
    const Error bad = error(ErrorCode::unavailable, "TLS with " + host + " failed.");
    ssl_.reset(SSL_new(context));
    if (!ssl_ || SSL_set_fd(ssl_.get(), own_.socket) != 1) return bad;
    if (bytes_of_address(host)) {
      if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str()) != 1) return bad;
    } else {
      SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      if (SSL_set1_host(ssl_.get(), host.c_str()) != 1 || SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) != 1)
        return bad;
    }
    const auto until = std::min(until_, steady_clock::now() + kOutboundConnectTime);
    for (;;) {
      ERR_clear_error();
      const int result = SSL_connect(ssl_.get());
      if (result == 1) return {};
      const int fault = SSL_get_error(ssl_.get(), result);
      if (fault != SSL_ERROR_WANT_READ && fault != SSL_ERROR_WANT_WRITE) {
        const long verdict = SSL_get_verify_result(ssl_.get());
        ERR_clear_error();
        if (verdict != X509_V_OK)
          return error(ErrorCode::unavailable, "The certificate of " + host +
                                                   " is not trusted: " + X509_verify_cert_error_string(verdict) + ".");
        return bad;
      }
      PF_TRY(ready(own_.socket, fault == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, until, stop_,
                   error(ErrorCode::unavailable, "TLS with " + host + " did not come about in time.")));
    }
  }
  Result<> send(std::string_view bytes) {
    while (!bytes.empty()) {
      std::size_t sent = 0;
      ERR_clear_error();
      const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
      if (result == 1)
        bytes.remove_prefix(sent);
      else
        PF_TRY(wait(result));
    }
    return {};
  }
  // False at the end.
  Result<bool> receive(std::string& to) {
    char piece[kAnswerPieceBytes];
    for (;;) {
      std::size_t got = 0;
      ERR_clear_error();
      const int result = SSL_read_ex(ssl_.get(), piece, sizeof piece, &got);
      if (result == 1) {
        to.append(piece, got);
        return true;
      }
      const int fault = SSL_get_error(ssl_.get(), result);
      said_goodbye_ = fault == SSL_ERROR_ZERO_RETURN;
      if (said_goodbye_ || fault == SSL_ERROR_SYSCALL || fault == SSL_ERROR_SSL) return false;
      PF_TRY(wait(result));
    }
  }
  bool said_goodbye() const { return said_goodbye_; }

 private:
  Result<> wait(int result) {
    const int fault = SSL_get_error(ssl_.get(), result);
    if (fault != SSL_ERROR_WANT_READ && fault != SSL_ERROR_WANT_WRITE)
      return error(ErrorCode::unavailable, "The connection was lost.");
    const Moment silent = steady_clock::now() + silence_;
    return ready(
        own_.socket, fault == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, std::min(until_, silent), stop_,
        error(ErrorCode::unavailable, silent < until_ ? "The server fell silent." : "There was no answer in time."));
  }
  CloseSocket own_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  const Moment until_;
  const std::chrono::milliseconds silence_;
  bool said_goodbye_ = false;
  const std::atomic<bool>& stop_;
};

std::string host_header(const Outbound& request) {
  const bool v6 = request.host.find(':') != std::string::npos;
  std::string out = v6 ? "[" + request.host + "]" : request.host;
  if (request.port != 443) out += ":" + std::to_string(request.port);
  return out;
}

}  // namespace

Result<> check_authority(const std::string& pem) {
  PF_TRY(outbound_context(pem));
  return {};
}

bool is_private_address(std::string_view address) {
  const auto bytes = bytes_of_address(address);
  return bytes && std::ranges::any_of(private_networks(), [&](const Network& one) { return within(*bytes, one); });
}

bool is_public_address(std::string_view address) {
  const auto bytes = bytes_of_address(address);
  // An IPv6 address that holds an IPv4 one is looked at as what it holds; written so, nobody needs it.
  if (!bytes || (address.find(':') != std::string_view::npos && within(*bytes, four(0, 0)))) return false;
  const auto inside = [&](const Network& one) { return within(*bytes, one); };
  return std::ranges::none_of(private_networks(), inside) && std::ranges::none_of(other_special_networks(), inside);
}

namespace {

Result<OutboundAnswer> exchange_messages(std::string_view method, const Outbound& request,
                                         const std::atomic<bool>& stop, const BodySink* sink) {
  const Moment until = steady_clock::now() + request.time;
  PF_LET(const auto addresses, look_up(request, stop));
  PF_LET(const auto context, outbound_context(request.authority));
  PF_LET(const int socket, connect_to(request, addresses, stop));
  OutboundWire wire(socket, until, request.silence, stop);
  PF_TRY(wire.start_tls(context.get(), request.host));
  std::string head = std::string(method) + " " + request.target + " HTTP/1.1\r\nHost: " + host_header(request) +
                     "\r\nConnection: close\r\n";
  if (method != "GET") head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  for (const auto& [name, value] : request.headers) head += name + ": " + value + "\r\n";
  PF_TRY(wire.send(head + "\r\n" + request.body));
  PF_LET(auto answer, read_answer([&](std::string& to) { return wire.receive(to); }, sink));
  // A body without a length ends with the connection, and whether that was its end TLS alone can say (RFC 9112 section
  // 9.8).
  if (sink != nullptr && answer.status == 200 && !wire.said_goodbye() &&
      find_header(answer.headers, "content-length") == nullptr &&
      find_header(answer.headers, "transfer-encoding") == nullptr)
    return error(ErrorCode::unavailable,
                 "The answer says no length, and its connection broke off: it may be cut short.");
  return answer;
}

}  // namespace

Result<OutboundAnswer> post(const Outbound& request, const std::atomic<bool>& stop) {
  return exchange_messages("POST", request, stop, nullptr);
}
Result<OutboundAnswer> fetch(const Outbound& request, const std::atomic<bool>& stop, const BodySink& sink) {
  return exchange_messages("GET", request, stop, &sink);
}

}  // namespace pf::http
