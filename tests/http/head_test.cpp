#include "http/head.h"

#include <doctest/doctest.h>

#include "http/body.h"

using namespace pf::http;

namespace {
int status_of(const std::string& text) {
  const ParsedHead parsed = parse_head(text);
  return parsed.head ? 200 : parsed.refusal.status;
}
}  // namespace

TEST_CASE("http: an ordinary head is taken apart") {
  const auto parsed = parse_head(
      "POST /api/v1/product/A%2F1?x=1&y HTTP/1.1\r\nHost: box:8443\r\nContent-Length: 12\r\nX-Any:  two words "
      "\r\nExpect: 100-continue\r\n\r\n");
  REQUIRE(parsed.head);
  CHECK(parsed.head->path == "/api/v1/product/A%2F1");
  CHECK(parsed.head->query == "x=1&y");
  CHECK(parsed.head->content_length == 12);
  CHECK(*find_header(parsed.head->headers, "x-any") == "two words");
  CHECK(parsed.head->keep_alive);
  CHECK(parsed.head->expects_continue);
}

TEST_CASE("http: what two readers could read differently is refused") {
  const std::string host = "Host: a\r\n";
  struct Row {
    std::string text;
    int status;
  };
  const std::vector<Row> rows{
      {"GET / HTTP/1.1\r\n\r\n", 400},                     // no Host
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},  // two
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"GET / HTTP/1.1\r\n" + host + "Content-Length: 1\r\n\r\n", 400},  // GET with a body
      {"GET / HTTP/1.1\r\n" + host + " folded: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + "Bad Name: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + "REMOTE_ADDR: 6.6.6.6\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + std::string("X: a\0b\r\n\r\n", 10), 400},
      {"GET / HTTP/1.1\r\n" + host + "X: a\nY: b\r\n\r\n", 400},
      {"GET http://other/ HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /a b HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /<x> HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET / HTTP/2.0\r\n" + host + "\r\n", 505},
      {"G@T / HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /" + std::string(3000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 414},
      {"GET / HTTP/1.1\r\n" + host + "X: " + std::string(17'000, 'a') + "\r\n\r\n", 431},
      {"POST / HTTP/1.1\r\n" + host + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\n", 415},
      {"GET / HTTP/1.1\r\n" + host + "Expect: tea\r\n\r\n", 417},
      {"\r\n\r\n", 400},
  };
  for (const Row& row : rows) CHECK_MESSAGE(status_of(row.text) == row.status, row.text.substr(0, 80));
  std::string many = "GET / HTTP/1.1\r\n" + host;
  for (int i = 0; i < 70; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  CHECK(status_of(many + "\r\n") == 431);
}

TEST_CASE("http: chunks are read wherever they are cut, and malformed ones are noticed") {
  Head head;
  head.chunked = true;
  const std::string sent = "5;x=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\nNEXT";
  for (std::size_t cut = 1; cut < sent.size(); ++cut) {
    BodyReader reader(head);
    std::string out;
    std::size_t used = reader.feed(sent.substr(0, cut), out);
    used += reader.feed(sent.substr(used), out);
    CHECK(reader.done());
    CHECK(out == "hello world");
    CHECK(sent.substr(used) == "NEXT");
  }
  for (const char* bad : {"x\r\n", "-1\r\n", "ffffffffffffffffff\r\n", "1\r\nab\r\n", "1\n", "\r\n"}) {
    BodyReader reader(head);
    std::string out;
    reader.feed(bad, out);
    CHECK_MESSAGE(reader.broken(), bad);
  }
}
