// Other people's servers, played by our own: the ones that behave, and the ones that do not.
#include "http/outbound.h"

#include <doctest/doctest.h>

#include <fstream>
#include <latch>
#include <stdexcept>
#include <thread>

#include "http/local_ca.h"
#include "http/server.h"
#include "support/temp_folder.h"

using namespace pf;

namespace {

struct Receiver {
  test::TempFolder folder;
  std::unique_ptr<http::Server> server;
  std::string authority;
  std::atomic<bool> stop{false};

  explicit Receiver(http::Handler handler, const char* address = "127.0.0.1") {
    const auto tls = *http::ensure_tls_files(folder.path() / "tls", "127.0.0.1", system_clock().now());
    server = std::move(*http::Server::open(
        {.address = address, .certificate = tls.certificate, .key = tls.key, .handler = std::move(handler)}));
    server->start();
    std::ifstream in(tls.ca);
    authority.assign(std::istreambuf_iterator<char>(in), {});
  }
  http::Outbound to(std::string host = "127.0.0.1") const {
    return {.host = std::move(host),
            .port = server->port(),
            .target = "/hook?x=1",
            .headers = {{"webhook-id", "msg_1"}},
            .body = "{}",
            .authority = authority,
            .private_network = true};
  }
};

http::Response plain(int status, std::string body = {}) {
  return {.status = status, .headers = {{"content-type", "text/plain"}}, .body = std::move(body)};
}

}  // namespace

TEST_CASE("outbound: addresses inside a network are never taken for the internet") {
  for (const char* inside : {"127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                             "100.64.0.1", "::1", "fd00::1", "fc00::1"}) {
    CHECK_FALSE_MESSAGE(http::is_public_address(inside), inside);
    CHECK_MESSAGE(http::is_private_address(inside), inside);
  }
  for (const char* never : {"0.0.0.0",          "169.254.169.254",
                            "169.254.0.1",      "224.0.0.1",
                            "255.255.255.255",  "192.0.2.1",
                            "198.51.100.1",     "203.0.113.1",
                            "198.18.0.1",       "::",
                            "fe80::1",          "ff02::1",
                            "::ffff:127.0.0.1", "::ffff:8.8.8.8",
                            "64:ff9b::7f00:1",  "2002:7f00:1::",
                            "2001::1",          "2001:db8::1",
                            "fec0::1",          "::127.0.0.1",
                            "nonsense",         "",
                            "127.0.0.1 ",       "0x7f.1",
                            "2130706433"}) {
    CHECK_FALSE_MESSAGE(http::is_public_address(never), never);
    if (std::string_view(never) != "::ffff:127.0.0.1") CHECK_FALSE_MESSAGE(http::is_private_address(never), never);
  }
  for (const char* outside :
       {"8.8.8.8", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"}) {
    CHECK_MESSAGE(http::is_public_address(outside), outside);
    CHECK_FALSE_MESSAGE(http::is_private_address(outside), outside);
  }
}

TEST_CASE("outbound: a message arrives as it was sent, and the answer comes back") {
  std::string seen;
  Receiver receiver([&](const http::Request& request) {
    seen = request.method + " " + request.target + " " + *http::find_header(request.headers, "webhook-id") + " " +
           *http::find_header(request.headers, "host") + " " + request.body;
    return plain(202, "thank you");
  });
  const auto answer = http::post(receiver.to(), receiver.stop);
  REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? "" : answer.error().message));
  CHECK(answer->status == 202);
  CHECK(answer->body == "thank you");
  CHECK(seen == "POST /hook?x=1 msg_1 127.0.0.1:" + std::to_string(receiver.server->port()) + " {}");
}

TEST_CASE("outbound: without leave nothing in one's own network is connected to, by name or by address") {
  Receiver receiver([](const http::Request&) { return plain(200); });
  for (const char* host : {"127.0.0.1", "localhost", "Shop.localhost"}) {
    auto request = receiver.to(host);
    request.private_network = false;
    const auto answer = http::post(request, receiver.stop);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().code == ErrorCode::forbidden);
    CHECK(answer.error().message.find("inside a network") != std::string::npos);
  }
  CHECK(receiver.server->figures().requests == 0);
}

TEST_CASE("outbound: a certificate of another authority, or of another name, is not trusted") {
  Receiver receiver([](const http::Request&) { return plain(200); });
  auto request = receiver.to();
  request.authority.clear();  // what the machine trusts
  auto answer = http::post(request, receiver.stop);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().message.find("not trusted") != std::string::npos);
  const test::TempFolder other;
  const auto tls = *http::ensure_tls_files(other.path(), "127.0.0.1", system_clock().now());
  std::ifstream in(tls.ca);
  request.authority.assign(std::istreambuf_iterator<char>(in), {});
  answer = http::post(request, receiver.stop);
  CHECK_FALSE(answer.ok());
  Receiver elsewhere([](const http::Request&) { return plain(200); },
                     "127.0.0.2");  // which its certificate does not say
  answer = http::post(elsewhere.to("127.0.0.2"), elsewhere.stop);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().message.find("not trusted") != std::string::npos);
  CHECK(receiver.server->figures().requests == 0);
  CHECK_FALSE(http::check_authority("no certificate").ok());
  CHECK(http::check_authority(receiver.authority).ok());
}

TEST_CASE("outbound: a redirect is an answer and nothing else") {
  std::atomic<int> asked{0};
  Receiver receiver([&](const http::Request&) {
    ++asked;
    auto answer = plain(307);
    answer.headers.emplace_back("location", "https://127.0.0.1/elsewhere");
    return answer;
  });
  const auto answer = http::post(receiver.to(), receiver.stop);
  REQUIRE(answer.ok());
  CHECK(answer->status == 307);
  CHECK(asked == 1);
}

TEST_CASE("outbound: an endless answer is cut, and one that never comes is given up") {
  std::latch done(1);
  Receiver receiver([&](const http::Request& request) {
    if (request.path == "/slow") {
      done.wait();
      return plain(200);
    }
    http::Response endless{.headers = {{"content-type", "text/plain"}}};
    endless.stream = [](const http::BodySink& sink) {
      const std::string piece(16u << 10, 'x');
      while (sink(piece)) {
      }
    };
    return endless;
  });
  const auto endless = http::post(receiver.to(), receiver.stop);
  REQUIRE(endless.ok());
  CHECK(endless->status == 200);
  CHECK(endless->body.size() == http::kOutboundAnswerBytesMax);

  auto slow = receiver.to();
  slow.target = "/slow";
  slow.time = std::chrono::milliseconds{150};
  const auto late = http::post(slow, receiver.stop);
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().message.find("no answer") != std::string::npos);

  slow.time = std::chrono::seconds{60};
  slow.silence = std::chrono::milliseconds{150};
  CHECK(http::post(slow, receiver.stop).error().message.find("silent") != std::string::npos);

  slow.silence = slow.time;
  std::thread stopping([&] { receiver.stop = true; });
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(http::post(slow, receiver.stop).ok());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{20});
  stopping.join();
  done.count_down();
}

TEST_CASE("outbound: a file is fetched whole or not at all, piece by piece, and none of it where there is none") {
  const std::string large(300'000, 'x');
  Receiver receiver([&](const http::Request& request) {
    if (request.target == "/none") return plain(404, "no such thing");
    if (request.target == "/streamed") {
      http::Response response{.status = 200, .headers = {{"content-type", "text/csv"}, {"etag", "\"1\""}}};
      response.stream = [&](const http::BodySink& sink) {
        sink(large.substr(0, 100'000)) && sink(large.substr(100'000));
      };
      return response;
    }
    if (request.target == "/cut") {
      http::Response response{.status = 200, .headers = {{"content-type", "text/csv"}}};
      response.stream = [&](const http::BodySink& sink) {
        sink(large);
        throw std::runtime_error("the disk failed");
      };
      return response;
    }
    return plain(200, request.method + " " + request.target + " " + large);
  });
  std::string got;
  const auto fetched = [&](const char* target) {
    got.clear();
    auto request = receiver.to();
    request.target = target;
    request.body.clear();
    return http::fetch(request, receiver.stop, [&](std::string_view piece) {
      got += piece;
      return got.size() < 1'000'000;
    });
  };
  auto answer = fetched("/whole");
  REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? "" : answer.error().message));
  CHECK((got == "GET /whole " + large));
  answer = fetched("/streamed");
  REQUIRE(answer.ok());
  CHECK((got == large));
  CHECK(*http::find_header(answer->headers, "etag") == "\"1\"");
  answer = fetched("/none");
  REQUIRE(answer.ok());
  CHECK(answer->status == 404);
  CHECK(got.empty());
  CHECK_FALSE(fetched("/cut").ok());
  auto request = receiver.to();
  request.target = "/whole";
  const auto enough = http::fetch(request, receiver.stop, [](std::string_view) { return false; });
  REQUIRE_FALSE(enough.ok());
  CHECK(enough.error().code == ErrorCode::too_large);
}
