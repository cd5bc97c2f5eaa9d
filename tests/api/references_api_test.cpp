#include "api/references_api.h"

#include "../catalog/shop.h"
#include "gate/gate.h"

using namespace pf;
using pf::test::parsed;

namespace {

struct ReferenceDoor : test::Shop {
  access::Actor actor = access::system_actor();
  gate::Gate gate{api::references_routes(*store, products), options(), clock};
  gate::GateOptions options() {
    gate::GateOptions out;
    out.authenticate = [this](const http::Request&) -> Result<access::Actor> { return actor; };
    out.check_csrf = [](const access::Actor&, const http::Request&) { return Result<>(); };
    out.company_number = [] { return std::string("1"); };
    return out;
  }
  http::Response send(std::string method, std::string path, std::string body = {}, http::Headers headers = {}) {
    http::Request request;
    request.method = std::move(method);
    const auto question = path.find('?');
    request.target = path;
    request.path = path.substr(0, question);
    if (question != std::string::npos) request.query = path.substr(question + 1);
    if (!body.empty()) headers.emplace_back("content-type", "application/json");
    request.body = std::move(body);
    request.headers = std::move(headers);
    return gate.handle(request);
  }
};

}  // namespace

TEST_CASE("reference records are made, listed, changed by whoever saw them last, and deleted while unused over HTTP") {
  ReferenceDoor door;
  REQUIRE(door.describe(catalog::ModelKind::reference_kind, "brand",
                        R"({"attributes":[{"code":"site","type":"text","required":true}]})")
              .ok());
  door.attribute_is("maker", R"({"type":"reference","reference_kind":"brand"})");
  CHECK(door.send("GET", "/api/v1/reference/planet").status == 404);
  CHECK(door.send("GET", "/api/v1/reference/brand/a%2Fb").status == 404);
  const auto made = door.send("PUT", "/api/v1/reference/brand/a%2Fb", R"({"labels":{"en":"A and B"}})");
  REQUIRE_MESSAGE(made.status == 201, made.body);
  const auto* etag = http::find_header(made.headers, "etag");
  REQUIRE(etag != nullptr);
  CHECK(json::write(*parsed(made.body).find("data")->find("missing")) == R"(["site"])");
  CHECK(
      door.send("PATCH", "/api/v1/reference/brand/a%2Fb", R"({"values":{"site":"ab.example"}})", {{"if-match", *etag}})
          .status == 200);
  CHECK(
      door.send("PATCH", "/api/v1/reference/brand/a%2Fb", R"({"values":{"site":"x"}})", {{"if-match", *etag}}).status ==
      412);
  CHECK(door.send("PATCH", "/api/v1/reference/brand/a%2Fb", R"({"price":1})").status == 422);
  door.post("P", R"({"title":"P","attributes":{"maker":"A and B"}})");
  const auto list = door.send("GET", "/api/v1/reference/brand?q=and&per_page=5&site[eq]=ab.example");
  REQUIRE_MESSAGE(list.status == 200, list.body);
  const auto listed = parsed(list.body);
  REQUIRE(listed.find("data")->as_array()->size() == 1);
  const auto& one = (*listed.find("data")->as_array())[0];
  CHECK(json::write(*one.find("code")) == R"("a/b")");
  CHECK(json::write(*one.find("products")) == "1");
  CHECK(door.send("GET", "/api/v1/reference/brand?planet[eq]=x").status == 422);
  CHECK(door.send("GET", "/api/v1/reference/brand/a%2Fb/history").status == 200);
  CHECK(door.send("DELETE", "/api/v1/reference/brand/a%2Fb").status == 409);
  REQUIRE(door.remove("P").ok());
  CHECK(door.send("DELETE", "/api/v1/reference/brand/a%2Fb").status == 204);
}
