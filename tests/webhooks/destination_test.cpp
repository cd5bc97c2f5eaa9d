#include "webhooks/destination.h"

#include <doctest/doctest.h>

#include "productflow/text.h"
#include "webhooks/signing.h"

using namespace pf;

TEST_CASE("webhooks: an address is taken apart, and what hides something is refused") {
  const auto plain = webhooks::destination_of("https://Hooks.Example.com/a/b?c=d");
  REQUIRE(plain.ok());
  CHECK(plain->host == "hooks.example.com");
  CHECK(plain->port == 443);
  CHECK(plain->target == "/a/b?c=d");
  CHECK(plain->place() == "hooks.example.com");
  CHECK(webhooks::destination_of("https://h.example")->target == "/");
  CHECK(webhooks::destination_of("https://h.example?x")->target == "/?x");
  CHECK(webhooks::destination_of("https://h.example:8443/")->place() == "h.example:8443");
  CHECK(webhooks::destination_of("HTTPS://h.example:443/")->place() == "h.example");
  CHECK(webhooks::destination_of("https://[FD00::1]:8443/x")->place() == "[fd00::1]:8443");
  for (const char* bad : {"http://h.example/",
                          "https://",
                          "https:///x",
                          "ftp://h",
                          "https://a@h.example/",
                          "https://a:b@h.example/",
                          "https://h.example/#x",
                          "https://h.example:0/",
                          "https://h.example:99999/",
                          "https://h.example:/",
                          "https://h.example:8a/",
                          "https://h example/",
                          "https://h.example/\r\nX: y",
                          "https://h\\.example/",
                          "https://b\xc3\xbc"
                          "cher.example/",
                          "https://[::1/",
                          "https://[h.example]/",
                          "https://-h.example/",
                          "https://.example/",
                          "https://a..example/",
                          "https://h_x.example/",
                          "",
                          "//h.example/"})
    CHECK_FALSE_MESSAGE(webhooks::destination_of(bad).ok(), bad);
  // Who asks may be told elsewhere than in the address, so that fault is known from the others.
  CHECK(webhooks::destination_of("https://me:you@h.example/").error().faults[0].code == webhooks::kHoldsUser);
  CHECK(webhooks::destination_of("http://me:you@h.example/").error().faults[0].code == "format");
}

// The example of the specification's reference libraries (standard-webhooks/standard-webhooks, libraries/*/test).
TEST_CASE("webhooks: a signature is the one of Standard Webhooks") {
  const std::string secret = *unbase64url("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const std::string secrets[] = {secret};
  CHECK(webhooks::secret_text(secret) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  CHECK(webhooks::signature(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  const std::string both[] = {secret, std::string(32, 'x')};
  const std::string two = webhooks::signature(both, "msg_1", 1, "{}");
  CHECK(two.starts_with("v1,"));
  CHECK(two.find(" v1,") != std::string::npos);
  CHECK(webhooks::base64("a") == "YQ==");
  CHECK(webhooks::base64("\xfb\xff") == "+/8=");
}
