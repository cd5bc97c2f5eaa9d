// The server over real sockets: the admin socket here, TLS in tests/app with other clients than our own.
#include "http/server.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <latch>
#include <mutex>
#include <thread>

#include "http/client.h"
#include "http/limits.h"
#include "http/local_ca.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {

struct Running {
  test::TempFolder folder;
  std::unique_ptr<http::Server> server;
  std::filesystem::path admin = folder.path() / "admin.sock";

  explicit Running(http::Handler handler) {
    const auto tls = *http::ensure_tls_files(folder.path() / "tls", "127.0.0.1", system_clock().now());
    server = std::move(*http::Server::open(
        {.certificate = tls.certificate, .key = tls.key, .admin_socket = admin, .handler = std::move(handler)}));
    server->start();
  }
  http::Response ask(http::Request request) {
    auto answer = http::ask(admin, request);
    REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? "" : answer.error().message));
    return *std::move(answer);
  }
  // Sends raw bytes to the TLS port and returns what comes back until the end.
  std::string raw(std::string_view bytes) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
    std::string all;
    char piece[4096];
    for (ssize_t got; (got = ::recv(socket, piece, sizeof piece, 0)) > 0;)
      all.append(piece, static_cast<std::size_t>(got));
    ::close(socket);
    return all;
  }
};

}  // namespace

TEST_CASE("http: the admin socket knows who calls, and answers carry the security headers") {
  Running running([](const http::Request& request) {
    http::Response answer;
    answer.headers = {{"content-type", "application/json"}};
    answer.body = request.peer.local_user ? std::to_string(*request.peer.local_user) : "stranger";
    return answer;
  });
  const auto answer = running.ask({.method = "GET", .target = "/x"});
  CHECK(answer.status == 200);
  CHECK(answer.body == std::to_string(getuid()));
  CHECK(*http::find_header(answer.headers, "content-type") == "application/json");
  for (const char* name :
       {"date", "x-content-type-options", "content-security-policy", "x-request-id", "cache-control"})
    CHECK_MESSAGE(http::find_header(answer.headers, name) != nullptr, name);
  CHECK(http::find_header(answer.headers, "server") == nullptr);
}

TEST_CASE("http: small bodies arrive whole, large ones in pieces, both by length and by chunks") {
  Running running([](const http::Request& request) {
    std::size_t total = request.body.size();
    if (request.body_source)
      for (;;) {
        auto piece = request.body_source();
        if (!piece.ok() || piece->empty()) break;
        total += piece->size();
      }
    return http::Response{.headers = {{"content-type", "text/plain"}},
                          .body = std::string(request.body_source ? "large " : "small ") + std::to_string(total)};
  });
  CHECK(running.ask({.method = "POST", .target = "/", .body = std::string(1000, 'x')}).body == "small 1000");
  CHECK(running.ask({.method = "POST", .target = "/", .body = std::string(3u << 20, 'x')}).body == "large 3145728");
  for (const std::size_t pieces : {2u, 80u}) {
    http::Request chunked{.method = "POST", .target = "/"};
    chunked.body_source = [left = pieces]() mutable -> Result<std::string> {
      return left-- > 0 ? std::string(50'000, 'y') : std::string();
    };
    CHECK(running.ask(chunked).body == (pieces == 2 ? "small 100000" : "large 4000000"));
  }
}

TEST_CASE("http: an answer can be streamed") {
  Running running([](const http::Request&) {
    http::Response answer{.headers = {{"content-type", "text/csv"}}};
    answer.stream = [](const http::BodySink& sink) {
      for (int i = 0; i < 1000; ++i) sink("line " + std::to_string(i) + "\n");
    };
    return answer;
  });
  const auto answer = running.ask({.method = "GET", .target = "/"});
  CHECK(answer.body.starts_with("line 0\nline 1\n"));
  CHECK(answer.body.ends_with("line 999\n"));
}

TEST_CASE("http: a streamed answer goes on at the byte where another was cut off") {
  Running running([](const http::Request& request) {
    http::Response answer{.headers = {{"content-type", "text/csv"}, {"etag", "\"a\""}}};
    answer.from_byte = std::stoull(request.target.substr(1));
    answer.stream = [](const http::BodySink& sink) {
      for (int i = 0; i < 1000; ++i) sink("line " + std::to_string(1'000 + i) + "\n");  // 10 bytes each
    };
    return answer;
  });
  const auto from = [&](const std::string& byte) { return running.ask({.method = "GET", .target = "/" + byte}); };
  auto answer = from("9985");
  CHECK((answer.status == 206 && answer.body == "1998\nline 1999\n"));
  CHECK(*http::find_header(answer.headers, "content-range") == "bytes 9985-9999/10000");
  answer = from("10000");
  CHECK((answer.status == 416 && answer.body.empty()));
  CHECK(*http::find_header(answer.headers, "content-range") == "bytes */10000");
}

TEST_CASE("http: plain HTTP on the TLS port is sent to https, and garbage is not answered") {
  Running running([](const http::Request&) { return http::Response{}; });
  const std::string answer = running.raw("GET /products?x=1 HTTP/1.1\r\nHost: box:8443\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 308 "));
  CHECK(answer.find("location: https://box:8443/products?x=1\r\n") != std::string::npos);
  CHECK(running.raw("\x16garbage that is no handshake").find("HTTP") == std::string::npos);
}

TEST_CASE("http: connections that say nothing do not keep others waiting") {
  Running running([](const http::Request&) {
    return http::Response{.headers = {{"content-type", "text/plain"}}, .body = "here"};
  });
  std::vector<int> silent;
  for (int i = 0; i < 300; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(running.server->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    ::send(socket, "\x16", 1, MSG_NOSIGNAL);  // the first byte of a handshake that never comes
    silent.push_back(socket);
  }
  const auto start = std::chrono::steady_clock::now();
  CHECK(running.ask({.method = "GET", .target = "/"}).body == "here");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{2});
  for (const int socket : silent) ::close(socket);
}

TEST_CASE("http: many requests at once are all answered") {
  Running running([](const http::Request& request) {
    return http::Response{.headers = {{"content-type", "text/plain"}}, .body = request.path};
  });
  std::atomic<int> right{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 16; ++caller)
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 50; ++i) {
        const std::string path = "/" + std::to_string(caller) + "/" + std::to_string(i);
        const auto answer = http::ask(running.admin, {.method = "GET", .target = path});
        if (answer.ok() && answer->body == path) ++right;
      }
    });
  for (auto& caller : callers) caller.join();
  CHECK(right == 800);
}

namespace {

// A kept connection to the admin socket, which speaks HTTP without TLS.
struct Kept {
  int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  std::string received;
  explicit Kept(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const timeval most{30, 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) socket = -1;
  }
  ~Kept() { ::close(socket); }
  void send(const std::string& bytes) { ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  // The next answer's body; every answer here has a length. Empty when the connection ended.
  std::string body() {
    for (;;) {
      const std::size_t head = received.find("\r\n\r\n");
      const std::size_t at = received.find("content-length: ");
      if (head != std::string::npos && at < head) {
        const std::size_t size = std::stoul(received.substr(at + 16));
        if (received.size() >= head + 4 + size) {
          const std::string found = received.substr(head + 4, size);
          received.erase(0, head + 4 + size);
          return found;
        }
      }
      char piece[4096];
      const ssize_t got = ::recv(socket, piece, sizeof piece, 0);
      if (got <= 0) return {};
      received.append(piece, static_cast<std::size_t>(got));
    }
  }
};

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n";
}

}  // namespace

TEST_CASE("http: a kept connection gets its answers in order, also to what it sent ahead") {
  Running running([](const http::Request& request) {
    return http::Response{.headers = {{"content-type", "text/plain"}}, .body = request.path + request.body};
  });
  std::atomic<int> right{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller)
    callers.emplace_back([&, caller] {
      Kept kept(running.admin);
      for (int i = 0; i < 100; ++i) {
        const std::string path = "/" + std::to_string(caller) + "/" + std::to_string(i);
        kept.send(get(path) + "POST " + path + " HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhello" + get(path));
        if (kept.body() == path && kept.body() == path + "hello" && kept.body() == path) ++right;
      }
    });
  for (auto& caller : callers) caller.join();
  CHECK(right == 800);
}

TEST_CASE("http: reads that take long hold up nobody else") {
  std::latch quick_was_answered(1);
  Running running([&](const http::Request& request) {
    if (request.path == "/slow") quick_was_answered.wait();
    return http::Response{.headers = {{"content-type", "text/plain"}}, .body = request.path};
  });
  std::vector<std::unique_ptr<Kept>> slow;
  for (int i = 0; i < 6; ++i) {  // more than leader, deputy and the workers that are awake at first
    slow.push_back(std::make_unique<Kept>(running.admin));
    slow.back()->send(get("/slow"));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{50});
  Kept quick(running.admin);
  for (int i = 0; i < 20; ++i) {
    quick.send(get("/quick"));
    CHECK(quick.body() == "/quick");
  }
  quick_was_answered.count_down();
  for (auto& one : slow) CHECK(one->body() == "/slow");
}

TEST_CASE("http: a value never becomes a header of its own, and heads tell lengths as RFC 9110 says") {
  Running running([](const http::Request& request) {
    http::Response answer{.headers = {{"content-type", "text/plain"}, {"x-evil", "a\r\nset-cookie: stolen=1"}},
                          .body = "four"};
    if (request.path == "/nothing") answer = {.status = 204};
    return answer;
  });
  const auto answer = running.ask({.method = "GET", .target = "/"});
  CHECK(http::find_header(answer.headers, "set-cookie") == nullptr);
  CHECK(http::find_header(answer.headers, "x-evil") == nullptr);
  CHECK(*http::find_header(answer.headers, "content-length") == "4");
  const auto head = running.ask({.method = "HEAD", .target = "/"});
  CHECK(*http::find_header(head.headers, "content-length") == "4");
  CHECK(head.body.empty());
  CHECK(http::find_header(running.ask({.method = "GET", .target = "/nothing"}).headers, "content-length") == nullptr);
}

TEST_CASE("http: an answer that stays open brings what is put on its wire, and holds no worker") {
  std::mutex mutex;
  std::vector<std::shared_ptr<http::Live>> wires;
  std::condition_variable changed;
  Running running([&](const http::Request& request) {
    http::Response answer{.headers = {{"content-type", "text/event-stream"}}};
    if (request.path == "/live")
      answer.live = [&](std::shared_ptr<http::Live> live) {
        const std::lock_guard lock(mutex);
        wires.push_back(std::move(live));
        changed.notify_all();
      };
    else
      answer.body = "here";
    return answer;
  });
  const std::size_t kListeners = http::kStreamWorkers + http::kWorkers + 10;
  std::vector<std::thread> listeners;
  std::atomic<std::size_t> heard{0};
  for (std::size_t i = 0; i < kListeners; ++i)
    listeners.emplace_back([&] {
      const auto answer = http::ask(running.admin, {.method = "GET", .target = "/live"});
      if (answer.ok() && answer->body == "first\nsecond\n") ++heard;
    });
  {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds{30}, [&] { return wires.size() == kListeners; }));
  }
  CHECK(running.ask({.method = "GET", .target = "/"}).body == "here");
  for (const auto& wire : wires) CHECK(wire->send("first\n"));
  for (const auto& wire : wires) {
    CHECK(wire->send("second\n"));
    wire->end();
    CHECK_FALSE(wire->send("third\n"));
  }
  for (std::thread& listener : listeners) listener.join();
  CHECK(heard == kListeners);
}

TEST_CASE("http: a reader of an open answer who takes nothing is dropped, and his wire says so") {
  std::mutex mutex;
  std::shared_ptr<http::Live> wire;
  std::condition_variable changed;
  Running running([&](const http::Request&) {
    http::Response answer{.headers = {{"content-type", "text/event-stream"}}};
    answer.live = [&](std::shared_ptr<http::Live> live) {
      const std::lock_guard lock(mutex);
      wire = std::move(live);
      changed.notify_all();
    };
    return answer;
  });
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, running.admin.c_str(), sizeof address.sun_path - 1);
  REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  const std::string request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  REQUIRE(::send(socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()));
  {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds{30}, [&] { return wire != nullptr; }));
  }
  const std::string piece(64u << 10, 'x');
  std::size_t sent = 0;
  while (sent < 100'000 && wire->send(piece)) ++sent;
  CHECK(sent < 100'000);
  CHECK(wire->waiting() <= http::kLiveWaitingBytesMax + 2 * piece.size());
  ::close(socket);
}

TEST_CASE("http: a server stops at once although answers stay open, and their wires outlive it") {
  std::mutex mutex;
  std::shared_ptr<http::Live> wire;
  std::condition_variable changed;
  auto running = std::make_unique<Running>([&](const http::Request&) {
    http::Response answer{.headers = {{"content-type", "text/event-stream"}}};
    answer.live = [&](std::shared_ptr<http::Live> live) {
      const std::lock_guard lock(mutex);
      wire = std::move(live);
      changed.notify_all();
    };
    return answer;
  });
  std::thread listener(
      [admin = running->admin] { static_cast<void>(http::ask(admin, {.method = "GET", .target = "/"})); });
  {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds{30}, [&] { return wire != nullptr; }));
  }
  const auto start = std::chrono::steady_clock::now();
  running->server->stop();
  CHECK(std::chrono::steady_clock::now() - start < http::kStopTime);
  listener.join();
  running.reset();
  CHECK_FALSE(wire->send("too late"));
}
