// Invariants
//  1. A Connection belongs to exactly one of: the epoll thread (`waiting`), a lane's queue, a worker.
//  2. Only the epoll thread adds, removes and times waiting connections; workers hand theirs back through `returned`.
#include "http/server.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "crypto/crypto.h"
#include "http/connection.h"
#include "http/engine.h"
#include "http/limits.h"
#include "http/tls.h"
#include "productflow/text.h"

namespace pf::http {
namespace {

using Owned = std::unique_ptr<Connection>;

constexpr std::size_t kReadBytes = 16u << 10;
constexpr int kTickMilliseconds = 200;  // how exact deadlines are

Moment now() { return std::chrono::steady_clock::now(); }

// A queue with its workers. Its limit keeps memory bounded when all of them are busy.
class Lane {
 public:
  Lane(unsigned workers, std::function<void(Owned)> work) : work_(std::move(work)) {
    for (unsigned i = 0; i < workers; ++i) threads_.emplace_back([this] { run(); });
  }
  ~Lane() { stop(); }
  bool push(Owned& connection) {  // leaves it with the caller when full
    {
      const std::lock_guard lock(mutex_);
      if (queue_.size() >= kQueueMax || stop_) return false;
      queue_.push_back(std::move(connection));
    }
    ready_.notify_one();
    return true;
  }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    ready_.notify_all();
    for (std::thread& thread : threads_)
      if (thread.joinable()) thread.join();
  }

 private:
  void run() {
    for (;;) {
      Owned next;
      {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [this] { return stop_ || !queue_.empty(); });
        if (stop_) return;
        next = std::move(queue_.front());
        queue_.pop_front();
      }
      work_(std::move(next));
    }
  }
  std::function<void(Owned)> work_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Owned> queue_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

std::string refusal_text(int status, const std::string& reason, bool with_hsts) {
  const std::string body = "{\"type\":\"about:blank\",\"title\":\"Request refused\",\"status\":" + std::to_string(status) + ",\"detail\":\"" + reason +
                           "\",\"message\":\"" + reason + "\",\"errors\":[]}";
  return "HTTP/1.1 " + std::to_string(status) + " Refused\r\nContent-Type: application/problem+json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n" +
         (with_hsts ? "Strict-Transport-Security: max-age=31536000\r\n" : "") + "\r\n" + body;
}

void add_default(Headers& headers, std::string_view name, std::string_view value) {
  if (find_header(headers, name) == nullptr) headers.emplace_back(name, value);
}

// On every answer; a handler's own value wins.
void add_security_headers(Response& response, const std::string& id) {
  add_default(response.headers, "strict-transport-security", "max-age=31536000");  // a year, ASVS 5.0 3.4.1
  add_default(response.headers, "x-content-type-options", "nosniff");
  add_default(response.headers, "x-frame-options", "DENY");
  add_default(response.headers, "referrer-policy", "no-referrer");
  add_default(response.headers, "cross-origin-opener-policy", "same-origin");
  add_default(response.headers, "cross-origin-resource-policy", "same-origin");
  add_default(response.headers, "permissions-policy", "camera=(), geolocation=(), microphone=(), usb=()");
  add_default(response.headers, "content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  add_default(response.headers, "cache-control", "no-store");
  add_default(response.headers, "x-request-id", id);
}

Result<int> listen_on(const std::string& address, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICHOST;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0)
    return error(ErrorCode::invalid, "\"" + address + "\" is not an address to listen on. Use one such as 127.0.0.1, 0.0.0.0 or ::1.");
  const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const bool listening = socket >= 0 && ::bind(socket, found->ai_addr, found->ai_addrlen) == 0 && ::listen(socket, kBacklog) == 0;
  const int fault = errno;
  freeaddrinfo(found);
  if (listening) return socket;
  if (socket >= 0) ::close(socket);
  return error(ErrorCode::unavailable, "Cannot listen on " + address + ":" + std::to_string(port) + ": " + std::strerror(fault) + ".");
}

Result<int> listen_at(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path)
    return error(ErrorCode::invalid, "The data folder's path is too long for its admin socket " + path.string() + ".");
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  ::unlink(path.c_str());  // left by a process that was killed; the folder lock says that nobody uses it
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const mode_t before = ::umask(0177);
  const bool listening = socket >= 0 && ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(socket, kBacklog) == 0;
  ::umask(before);
  if (listening) return socket;
  if (socket >= 0) ::close(socket);
  return error(ErrorCode::unavailable, "Cannot make the admin socket " + path.string() + ".");
}

std::string text_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
  if (address.ss_family == AF_INET6) inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text, sizeof text);
  return text;
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  int listener = -1, admin_listener = -1, epoll = -1, wake = -1;
  std::uint16_t port = 0;
  std::mutex context_mutex;
  TlsContext context;  // guarded by context_mutex
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Lane> lane, large_lane;
  std::thread door;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> requests{0}, refused{0}, dropped{0};
  std::atomic<std::size_t> open_connections{0};

  // Only the epoll thread:
  std::unordered_map<int, Owned> waiting;
  std::unordered_map<std::string, std::size_t> per_address;
  std::size_t collected_bytes = 0;

  std::mutex returned_mutex;
  std::vector<Owned> returned;  // from workers, to wait for the next request

  ~Impl() {
    for (const int socket : {listener, admin_listener, epoll, wake})
      if (socket >= 0) ::close(socket);
    if (!options.admin_socket.empty()) ::unlink(options.admin_socket.c_str());
  }

  // ---- the epoll thread

  void watch(int socket, std::uint32_t events, bool first) {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    epoll_ctl(epoll, first ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
  }
  void await(Connection& connection, Io io, bool first = false) {
    watch(connection.socket(), (io == Io::again_write ? std::uint32_t{EPOLLOUT} : std::uint32_t{EPOLLIN}) | EPOLLONESHOT | EPOLLRDHUP, first);
  }

  void run() {
    std::vector<epoll_event> events(256);
    Moment next_sweep = now();
    while (!stopping) {
      const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), kTickMilliseconds);
      for (int i = 0; i < count; ++i) {
        const int socket = events[static_cast<std::size_t>(i)].data.fd;
        if (socket == listener || socket == admin_listener) accept_all(socket);
        else if (socket == wake) take_back();
        else advance(socket);
      }
      if (now() >= next_sweep) {
        sweep();
        next_sweep = now() + std::chrono::milliseconds{kTickMilliseconds};
      }
    }
    waiting.clear();
  }

  void accept_all(int from) {
    for (;;) {
      sockaddr_storage address{};
      socklen_t size = sizeof address;
      const int socket = ::accept4(from, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) {
        // Out of descriptors: make room at once, or the listener would spin.
        if ((errno == EMFILE || errno == ENFILE) && drop_longest_waiting({})) continue;
        return;
      }
      Peer peer;
      if (from == admin_listener) {
        ucred who{};
        socklen_t who_size = sizeof who;
        if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &who_size) == 0) peer.local_user = who.uid;
      } else {
        const int yes = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        peer.address = text_of(address);
      }
      if (waiting.size() >= kConnectionsMax) drop_longest_waiting({});
      if (per_address[peer.address] >= kConnectionsPerAddressMax) drop_longest_waiting(peer.address);
      auto connection = std::make_unique<Connection>(socket, std::move(peer), from == admin_listener);
      connection->stage = connection->admin ? Connection::Stage::head : Connection::Stage::peek;
      connection->deadline = now() + kHandshakeTime;
      connection->waiting_since = now();
      ++open_connections;
      ++per_address[connection->peer.address];
      await(*connection, Io::again_read, true);
      waiting.emplace(socket, std::move(connection));
    }
  }

  Owned take(int socket) {
    auto node = waiting.extract(socket);
    Owned connection = std::move(node.mapped());
    collected_bytes -= connection->body.size();
    if (const auto of = per_address.find(connection->peer.address); of != per_address.end() && --of->second == 0) per_address.erase(of);
    return connection;
  }
  void drop(int socket) {
    take(socket);  // closed when it goes
    --open_connections;
  }
  bool drop_longest_waiting(const std::optional<std::string>& address) {
    const Connection* longest = nullptr;
    for (const auto& [socket, connection] : waiting)
      if ((!address || connection->peer.address == *address) && (longest == nullptr || connection->waiting_since < longest->waiting_since)) longest = connection.get();
    if (longest == nullptr) return false;
    ++dropped;
    drop(longest->socket());
    return true;
  }

  void sweep() {
    std::vector<int> late;
    const Moment moment = now();
    for (const auto& [socket, connection] : waiting)
      if (connection->deadline < moment) late.push_back(socket);
    for (const int socket : late) {
      Connection& connection = *waiting.at(socket);
      const bool mid_request = !connection.received.empty() || connection.stage == Connection::Stage::body;
      if (mid_request && connection.stage != Connection::Stage::handshake && connection.stage != Connection::Stage::peek)
        refuse(connection, {408, "The request took too long to arrive."});
      drop(socket);
    }
  }

  // Best effort: what does not fit the socket's buffer is lost, the connection goes anyway.
  void refuse(Connection& connection, const Refusal& refusal) {
    ++refused;
    std::size_t written = 0;
    connection.send(refusal_text(refusal.status, refusal.reason, connection.tls()), written);
    ::shutdown(connection.socket(), SHUT_WR);
  }

  void take_back() {
    std::uint64_t ignored = 0;
    while (::read(wake, &ignored, sizeof ignored) > 0) {
    }
    std::vector<Owned> back;
    {
      const std::lock_guard lock(returned_mutex);
      back.swap(returned);
    }
    for (Owned& connection : back) {
      const int socket = connection->socket();
      connection->stage = Connection::Stage::head;
      connection->head.reset();
      connection->body_reader.reset();
      connection->body.clear();
      connection->waiting_since = now();
      connection->deadline = now() + (connection->received.empty() ? std::chrono::steady_clock::duration(kIdleTime) : std::chrono::steady_clock::duration(kHeadTime));
      ++per_address[connection->peer.address];
      waiting.emplace(socket, std::move(connection));
      advance(socket);  // the next request may be here already, also inside TLS
    }
  }

  void advance(int socket) {
    const auto found = waiting.find(socket);
    if (found == waiting.end()) return;
    Connection& connection = *found->second;
    for (;;) {
      switch (connection.stage) {
        case Connection::Stage::peek: {
          unsigned char first = 0;
          const ssize_t got = ::recv(socket, &first, 1, MSG_PEEK | MSG_DONTWAIT);
          if (got < 0 && (errno == EAGAIN || errno == EINTR)) return await(connection, Io::again_read);
          if (got <= 0) return drop(socket);
          constexpr unsigned char kTlsHandshake = 0x16;  // RFC 8446 section 5.1
          if (first == kTlsHandshake) {
            const std::lock_guard lock(context_mutex);
            connection.start_tls(context.get());
          }
          connection.stage = first == kTlsHandshake ? Connection::Stage::handshake : Connection::Stage::redirect;
          break;
        }
        case Connection::Stage::handshake: {
          const Io io = connection.handshake();
          if (io == Io::closed) return drop(socket);
          if (io != Io::done) return await(connection, io);
          connection.stage = Connection::Stage::head;
          connection.deadline = now() + kHeadTime;
          break;
        }
        case Connection::Stage::redirect:
        case Connection::Stage::head: {
          if (const auto end = end_of_head(connection.received)) {
            if (connection.stage == Connection::Stage::redirect) {
              redirect(connection, *end);
              return drop(socket);
            }
            if (!take_head(connection, *end)) return drop(socket);
            break;
          }
          if (connection.received.size() > kHeadBytesMax) {
            refuse(connection, {431, "The request's head is larger than 16 KiB."});
            return drop(socket);
          }
          const bool idle = connection.received.empty();
          const Io io = connection.receive(kReadBytes);
          if (io == Io::closed) return drop(socket);
          if (idle && !connection.received.empty() && connection.stage == Connection::Stage::head) connection.deadline = now() + kHeadTime;
          if (io != Io::done) return await(connection, io);
          break;
        }
        case Connection::Stage::body: {
          const std::size_t before = connection.body.size();
          const std::size_t used = connection.body_reader->feed(connection.received, connection.body);
          connection.received.erase(0, used);
          collected_bytes += connection.body.size() - before;
          if (connection.body_reader->broken()) {
            refuse(connection, {400, "The body's chunks are malformed."});
            return drop(socket);
          }
          if (connection.body_reader->done()) return hand_over(socket, *lane);
          if (connection.body.size() > kSmallBodyBytesMax) return hand_over(socket, *large_lane);
          if (collected_bytes > kCollectedBytesMax) {
            refuse(connection, {503, "Too many uploads at once. Please try again in a moment."});
            return drop(socket);
          }
          const Io io = connection.receive(kReadBytes);
          if (io == Io::closed) return drop(socket);
          if (io != Io::done) return await(connection, io);
          break;
        }
      }
      if (waiting.find(socket) == waiting.end()) return;  // handed over
    }
  }

  // False when the connection must go.
  bool take_head(Connection& connection, std::size_t end) {
    ParsedHead parsed = parse_head(std::string_view(connection.received).substr(0, end));
    connection.received.erase(0, end);
    if (!parsed.head) {
      refuse(connection, parsed.refusal);
      return false;
    }
    connection.head = *std::move(parsed.head);
    connection.body_reader.emplace(*connection.head);
    const int socket = connection.socket();
    if (!connection.head->has_body()) {
      hand_over(socket, *lane);
    } else if (connection.head->content_length.value_or(0) > kSmallBodyBytesMax) {
      hand_over(socket, *large_lane);
    } else {
      if (connection.head->expects_continue) {
        std::size_t written = 0;
        connection.send("HTTP/1.1 100 Continue\r\n\r\n", written);
        connection.head->expects_continue = false;
      }
      connection.stage = Connection::Stage::body;
      connection.deadline = now() + kSmallBodyTime;
    }
    return true;
  }

  void hand_over(int socket, Lane& to) {
    Owned connection = take(socket);
    if (to.push(connection)) return;
    refuse(*connection, {503, "All workers are busy. Please try again in a moment."});
    --open_connections;
  }

  void redirect(Connection& connection, std::size_t end) {
    const ParsedHead parsed = parse_head(std::string_view(connection.received).substr(0, end));
    std::size_t written = 0;
    if (!parsed.head) {
      connection.send(refusal_text(400, "Please use https.", false), written);
      return;
    }
    const std::string* host = find_header(parsed.head->headers, "host");
    const std::string target = "https://" + (host != nullptr ? *host : options.address + ":" + std::to_string(port)) + parsed.head->target;
    connection.send("HTTP/1.1 308 Permanent Redirect\r\nLocation: " + target + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", written);
  }

  // ---- workers

  void answer(Owned connection, bool large) {
    Head& head = *connection->head;
    Request request;
    request.method = head.method;
    request.target = std::move(head.target);
    request.path = std::move(head.path);
    request.query = std::move(head.query);
    request.headers = std::move(head.headers);
    request.peer = connection->peer;
    request.id = hex(crypto::random_bytes(8));
    if (large) request.body_source = body_source(*connection);
    else request.body = std::move(connection->body);

    ++requests;
    const bool reuse = engine->answer(*connection, request, head.keep_alive && !stopping);
    const bool body_taken = !large || connection->body_reader->done();
    if (!reuse || !body_taken || stopping) {
      connection->close_gently();
      --open_connections;
      return;
    }
    {
      const std::lock_guard lock(returned_mutex);
      returned.push_back(std::move(connection));
    }
    const std::uint64_t one = 1;
    if (::write(wake, &one, sizeof one) < 0) return;  // the counter is full: the door wakes up anyway
  }

  BodySource body_source(Connection& connection) {
    return [&connection, started = now(), total = std::uint64_t{0}]() mutable -> Result<std::string> {
      if (connection.head->expects_continue) {
        connection.head->expects_continue = false;
        if (!connection.send_all("HTTP/1.1 100 Continue\r\n\r\n")) return error(ErrorCode::unavailable, "The connection was lost.");
      }
      std::string piece = std::move(connection.body);
      connection.body.clear();
      while (piece.empty()) {
        const std::size_t used = connection.body_reader->feed(connection.received, piece);
        connection.received.erase(0, used);
        if (connection.body_reader->broken()) return error(ErrorCode::invalid, "The body's chunks are malformed.");
        if (!piece.empty() || connection.body_reader->done()) break;
        if (connection.receive_waiting(kReadBytes * 4, now() + kReadStallTime) == Io::closed)
          return error(ErrorCode::unavailable, "The upload stopped before it was complete.");
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now() - started).count();
        total += connection.received.size();
        if (now() - started > kReadStallTime && total / static_cast<std::uint64_t>(seconds) < kUploadBytesPerSecondMin)
          return error(ErrorCode::unavailable, "The upload is too slow.");
      }
      return piece;
    };
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Server>> Server::open(ServerOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  PF_LET(impl->context, server_context(impl->options.certificate, impl->options.key));
  PF_LET(impl->listener, listen_on(impl->options.address, impl->options.port));
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(impl->listener, reinterpret_cast<sockaddr*>(&bound), &size);
  impl->port = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port : reinterpret_cast<sockaddr_in&>(bound).sin_port);
  if (!impl->options.admin_socket.empty()) {
    PF_LET(impl->admin_listener, listen_at(impl->options.admin_socket));
  }
  impl->epoll = epoll_create1(EPOLL_CLOEXEC);
  impl->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (impl->epoll < 0 || impl->wake < 0) return error(ErrorCode::unavailable, "The system has no room for another server.");
  impl->engine = std::make_unique<Engine>([handler = impl->options.handler](const Request& request) {
    Response response = handler(request);
    add_security_headers(response, request.id);
    return response;
  });
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::start() {
  Impl& in = *impl_;
  in.lane = std::make_unique<Lane>(kWorkers, [&in](Owned connection) { in.answer(std::move(connection), false); });
  in.large_lane = std::make_unique<Lane>(kLargeLaneWorkers, [&in](Owned connection) { in.answer(std::move(connection), true); });
  in.watch(in.wake, EPOLLIN, true);
  in.watch(in.listener, EPOLLIN, true);
  if (in.admin_listener >= 0) in.watch(in.admin_listener, EPOLLIN, true);
  in.door = std::thread([&in] { in.run(); });
}

void Server::stop() {
  if (impl_->stopping.exchange(true)) return;
  if (impl_->door.joinable()) impl_->door.join();
  if (impl_->lane) impl_->lane->stop();
  if (impl_->large_lane) impl_->large_lane->stop();
  impl_->returned.clear();
}

Server::~Server() { stop(); }

Result<> Server::reload_certificate() {
  PF_LET(auto context, server_context(impl_->options.certificate, impl_->options.key));
  const std::lock_guard lock(impl_->context_mutex);
  impl_->context = std::move(context);
  return {};
}

std::uint16_t Server::port() const { return impl_->port; }
ServerFigures Server::figures() const { return {impl_->requests, impl_->refused, impl_->dropped, impl_->open_connections}; }

}  // namespace pf::http
