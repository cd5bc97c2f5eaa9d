#include "gate/gate.h"

#include "gate/told.h"
#include "small_house.h"
#include "walk_rows.h"

using namespace pf;
using test::check_problem;
using test::SmallHouse;
using Kind = access::Actor::Kind;

TEST_CASE("gate: no row is without its guard") {
  SmallHouse house;
  test::walk_rows(*house.gate);
  CHECK(house.calls == 0);
}

TEST_CASE("gate: a SKU in the address may hold a slash, blanks and percent signs") {
  SmallHouse house;
  const auto sku = [&](const std::string& encoded) {
    const auto answer = house.send("GET", "/api/v1/product/" + encoded);
    return answer.status == 200 ? *SmallHouse::json_of(answer).find("path")->find("sku")->as_string()
                                : std::to_string(answer.status);
  };
  CHECK(sku("A%2FB%20C%25D") == "A/B C%D");
  CHECK(sku("A+B") == "A+B");
  CHECK(sku("caf%C3%A9") == "café");
  CHECK(sku("%2e%2e") == "..");
  CHECK(sku("A/B") == "404");
  CHECK(sku("%ff") == "400");  // not UTF-8
  CHECK(sku("a%00b") == "400");
  CHECK(sku("%zz") == "400");
  CHECK(sku("") == "404");
  CHECK(house.send("GET", "/api/v1/product/A/").status == 200);  // as the public client sometimes writes it
  CHECK(SmallHouse::json_of(house.send("GET", "/api/v1/product/new")) == json::Value("word"));
  CHECK(SmallHouse::json_of(house.send("GET", "/api/v1/product/%6eew")).find("path") !=
        nullptr);  // decoded after routing: the product "new"
}

TEST_CASE("gate: a wrong method is told which ones fit, an unknown address that it is unknown") {
  SmallHouse house;
  const auto refused = house.send("PATCH", "/api/v1/product/A");
  check_problem(refused, 405);
  CHECK(SmallHouse::header(refused, "allow") == "GET, HEAD, POST");
  CHECK(SmallHouse::header(refused, "ratelimit-limit") != "");
  const auto asked = house.send("OPTIONS", "/api/v1/product/A");
  CHECK(asked.status == 204);
  CHECK(SmallHouse::header(asked, "allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(SmallHouse::header(house.send("DELETE", "/api/v1/product/new"), "allow") == "GET, HEAD, POST");  // each once
  check_problem(house.send("OPTIONS", "/api/v1/nothing"), 404);
  check_problem(house.send("GET", "/api/v1/nothing"), 404);
  check_problem(house.send("GET", "/api/v1/product"), 404);
  check_problem(house.send("GET", "/api/v1/../healthz"), 404);
  CHECK(house.send("HEAD", "/api/v1/product/A").status == 200);
}

TEST_CASE("gate: bodies come as JSON or as a form with brackets, and as nothing else") {
  SmallHouse house;
  auto answer = house.send("POST", "/api/v1/product/A", R"({"title":"x","count":3})");
  CHECK(answer.status == 201);
  CHECK(SmallHouse::header(answer, "content-type") == "application/json");
  const http::Headers form{{"content-type", "application/x-www-form-urlencoded; charset=UTF-8"}};
  answer = house.send("POST", "/api/v1/product/A", "title=Blue+shirt&count=3", form);
  CHECK(answer.status == 201);
  CHECK(*SmallHouse::json_of(answer).find("body")->find("title")->as_string() == "Blue shirt");

  check_problem(house.send("POST", "/api/v1/product/A", "{\"title\":", {}), 400);
  check_problem(house.send("POST", "/api/v1/product/A", std::string(5'000, '[')), 400);
  check_problem(house.send("POST", "/api/v1/product/A", "title=%f", form), 400);
  check_problem(house.send("POST", "/api/v1/product/A", "<x/>", {{"content-type", "text/xml"}}), 415);
  check_problem(house.send("POST", "/api/v1/product/A", "{}", {{"content-type", "application/json; charset=utf-16"}}),
                415);
  check_problem(house.send("POST", "/api/v1/product/A", std::string(2u << 20, ' ')), 413);

  answer = house.send("POST", "/api/v1/product/A", R"({"titel":"x","count":"many"})");
  check_problem(answer, 422);
  const auto body = SmallHouse::json_of(answer);
  std::string fields;
  for (const auto& fault : *body.find("errors")->as_array()) fields += *fault.find("field")->as_string() + " ";
  CHECK(fields == "title count titel ");  // every fault at once
}

TEST_CASE("gate: a request that takes no body takes an object without fields, as many clients send it") {
  SmallHouse house;
  CHECK(house.send("DELETE", "/api/v1/shop", "{}").status == 204);
  CHECK(house.send("DELETE", "/api/v1/shop", " {}\n").status == 204);
  check_problem(house.send("DELETE", "/api/v1/shop", R"({"title":"x"})"), 422);
  check_problem(house.send("DELETE", "/api/v1/shop", "[]"), 422);
}

TEST_CASE("gate: parameters that a row does not know are refused by name") {
  SmallHouse house;
  auto answer = house.send("GET", "/api/v1/product/A?locale=nl&brand%5Beq%5D=Acme&sort[0]=-a&sort[]=b");
  CHECK(answer.status == 200);
  CHECK(SmallHouse::json_of(answer).find("query")->as_array()->size() == 4);
  answer = house.send("GET", "/api/v1/product/A?locale=nl&lcoale=nl");
  check_problem(answer, 422);
  CHECK(answer.body.find("lcoale") != std::string::npos);
  CHECK(answer.body.find("Known are locale") != std::string::npos);
  check_problem(house.send("GET", "/api/v1/product/A?locale=%ff"), 400);
  check_problem(house.send("GET", "/healthz?x"), 422);
}

TEST_CASE("gate: the first language of Accept-Language picks the texts") {
  SmallHouse house;
  const auto locale = [&](const char* header) {
    return *SmallHouse::json_of(house.send("GET", "/healthz", "", {{"accept-language", header}}))
                .find("locale")
                ->as_string();
  };
  CHECK(locale("nl-NL,nl;q=0.9,en;q=0.8") == "nl-NL");
  CHECK(locale("en;q=0.5") == "en");
  CHECK(locale("*") == "");
  CHECK(locale("nl\"><script>") == "");
}

TEST_CASE("gate: another company's number is refused") {
  SmallHouse house;
  CHECK(house.send("GET", "/api/v1/product/A", "", {{"x-company-id", "7"}}).status == 200);
  check_problem(house.send("GET", "/api/v1/product/A", "", {{"x-company-id", "8"}}), 422);
}

TEST_CASE("gate: a browser's change needs its CSRF token, a program's does not") {
  SmallHouse house;
  house.be(Kind::user);
  house.actor.session = "s1";
  house.csrf_is_right = false;
  check_problem(house.send("POST", "/api/v1/product/A", R"({"title":"x"})"), 403);
  CHECK(house.send("GET", "/api/v1/product/A").status == 200);
  house.be(Kind::token);
  CHECK(house.send("POST", "/api/v1/product/A", R"({"title":"x"})").status == 201);
}

TEST_CASE("gate: who asks for what he may not is told to the log, once an hour for each thing") {
  SmallHouse house;
  house.be(Kind::user);
  house.actor.name = "ann";
  house.actor.session = "s1";
  house.actor.may.reset();
  for (int i = 0; i < 50; ++i) check_problem(house.send("GET", "/api/v1/product/A"), 403);
  check_problem(house.send("POST", "/api/v1/product/A", R"({"title":"x"})"), 403);
  house.actor.may = access::all_permissions();
  house.csrf_is_right = false;
  check_problem(house.send("POST", "/api/v1/product/A", R"({"title":"x"})"), 403);
  CHECK(house.refused == std::vector<std::string>{"ann /api/v1/product/{sku} permission",
                                                  "ann /api/v1/product/{sku} permission",
                                                  "ann /api/v1/product/{sku} page"});
  house.actor.may.reset();
  house.clock.pass(std::chrono::hours{1});
  check_problem(house.send("GET", "/api/v1/product/A"), 403);
  CHECK(house.refused.size() == 4);
  house.be(Kind::nobody);  // whoever is not known is a stranger, and counted elsewhere
  check_problem(house.send("GET", "/api/v1/product/A"), 401);
  CHECK(house.refused.size() == 4);
  gate::Told told;  // thousands of actors fill neither log nor memory
  std::size_t first = 0;
  for (std::size_t i = 0; i < 3 * gate::Told::kMax; ++i)
    first += told.first(std::to_string(i), house.clock.since_boot());
  CHECK(first == gate::Told::kMax);
}

TEST_CASE("gate: dangerous actions ask for the password once more") {
  SmallHouse house;
  house.be(Kind::user);
  const auto refused = house.send("DELETE", "/api/v1/shop");
  check_problem(refused, 403);
  CHECK(*SmallHouse::json_of(refused).find("type")->as_string() == "urn:productflow:problem:reauthentication-required");
  house.actor.fresh = true;
  const auto done = house.send("DELETE", "/api/v1/shop");
  CHECK(done.status == 204);
  CHECK(done.body.empty());
}

TEST_CASE("gate: a fault of ours tells nothing of the machine") {
  SmallHouse house;
  const auto answer = house.send("POST", "/api/v1/product/A", R"({"title":"throw"})");
  check_problem(answer, 500);
  CHECK(answer.body.find("secret") == std::string::npos);
  CHECK(answer.body.find("r1") != std::string::npos);
  check_problem(house.send("POST", "/api/v1/product/A", R"({"title":"throw"})"), 500);
  REQUIRE(house.faults.size() == 1);  // its administrator hears of it, once, and no more than its kind
  CHECK(house.faults[0].starts_with("r1 /api/v1/product/{sku} "));
  CHECK(house.faults[0].find("runtime_error") != std::string::npos);
  CHECK(house.faults[0].find("secret") == std::string::npos);
}

TEST_CASE("gate: who asks too often is told when to come back") {
  SmallHouse house;
  house.be(Kind::nobody);
  http::Response answer;
  for (std::uint32_t i = 0; i < gate::kStrangerChangesPerMinute; ++i)
    answer = house.send("POST", "/api/v1/session", R"({"title":"x"})");
  CHECK(answer.status == 200);
  CHECK(SmallHouse::header(answer, "ratelimit-remaining") == "0");
  answer = house.send("POST", "/api/v1/session", R"({"title":"x"})");
  check_problem(answer, 429);
  CHECK(parse_int(SmallHouse::header(answer, "retry-after")).value_or(0) > 0);
  CHECK(house.send("GET", "/healthz").status == 200);  // looking is counted apart
  house.be(Kind::token);
  CHECK(house.send("GET", "/api/v1/product/A").status == 200);  // and those we know are not held up
  house.be(Kind::nobody);
  house.clock.pass(std::chrono::minutes{1});
  CHECK(house.send("POST", "/api/v1/session", R"({"title":"x"})").status == 200);
}

TEST_CASE("gate: a flood from an address does not make its monitor believe that we are ill") {
  SmallHouse house;
  house.be(Kind::nobody);
  for (std::uint32_t i = 0; i <= gate::kStrangerPerMinute; ++i) static_cast<void>(house.send("GET", "/api/v1/nothing"));
  check_problem(house.send("GET", "/api/v1/nothing"), 429);
  const auto well = house.send("GET", "/healthz");
  CHECK(well.status == 200);
  CHECK(SmallHouse::header(well, "ratelimit-remaining") == "0");
}

TEST_CASE("gate: wrong credentials are refused, and who goes on is told to wait") {
  SmallHouse house;
  house.bad_credentials = error(ErrorCode::unauthenticated, "This token is not known.");
  const auto refused = house.send("GET", "/api/v1/product/A");
  check_problem(refused, 401);
  CHECK(SmallHouse::header(refused, "www-authenticate") == "Bearer");
  for (std::uint32_t i = 0; i < gate::kStrangerPerMinute; ++i) static_cast<void>(house.send("GET", "/healthz"));
  check_problem(house.send("GET", "/api/v1/product/A"), 429);
}

TEST_CASE("gate: an upload without an announced length ends at the row's limit") {
  SmallHouse house;
  const auto upload = [&](std::size_t pieces) {
    http::Request request{.method = "POST",
                          .target = "/api/v1/import",
                          .path = "/api/v1/import",
                          .headers = {{"content-type", "multipart/form-data; boundary=x"}}};
    request.id = "r1";
    request.body_source = [left = pieces]() mutable -> Result<std::string> {
      return left-- > 0 ? std::string(64u << 10, 'x') : std::string();
    };
    return house.gate->handle(request);
  };
  CHECK(upload(32).body == std::to_string(2u << 20));
  check_problem(upload(33), 413);
}

TEST_CASE("gate: the command line passes through the same guard") {
  SmallHouse house;
  house.be(Kind::nobody);
  http::Request request{.method = "GET", .target = "/api/v1/product/A", .path = "/api/v1/product/A"};
  access::Actor admin;
  admin.kind = Kind::local_admin;
  admin.name = "admin";
  CHECK(house.gate->dispatch(request, admin).status == 403);
  admin.may = access::all_permissions();
  const auto answer = house.gate->dispatch(request, admin);
  CHECK(answer.status == 200);
  CHECK(answer.body.find("\"admin\"") != std::string::npos);
}

TEST_CASE("gate: whoever sees a part of a buyer alone decides neither about people nor about programs") {
  SmallHouse house;
  house.be(Kind::user);
  CHECK(house.send("GET", "/api/v1/user").status == 200);
  CHECK(house.send("GET", "/api/v1/token").status == 200);
  house.actor.limits = std::make_shared<const access::Limits>(access::Limits{.personal = {"shipping_customer"}});
  check_problem(house.send("GET", "/api/v1/user"), 403);
  check_problem(house.send("GET", "/api/v1/token"), 403);
  CHECK(house.send("GET", "/api/v1/product/A").status == 200);
}
