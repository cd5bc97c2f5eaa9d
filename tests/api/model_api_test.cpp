#include "api/model_api.h"

#include <set>

#include "../catalog/shop.h"
#include "gate/gate.h"

using namespace pf;
using pf::test::parsed;

namespace {

struct ModelDoor : test::Shop {
  access::Actor actor = access::system_actor();
  gate::Gate gate{api::model_routes(*store, products), options(), clock};
  gate::GateOptions options() {
    gate::GateOptions out;
    out.authenticate = [this](const http::Request&) -> Result<access::Actor> { return actor; };
    out.check_csrf = [](const access::Actor&, const http::Request&) { return Result<>(); };
    out.company_number = [] { return std::string("1"); };
    return out;
  }
  http::Response send(std::string method, std::string path, std::string body = {}, http::Headers headers = {},
                      std::string query = {}) {
    http::Request request;
    request.query = std::move(query);
    request.method = std::move(method);
    request.target = request.path = std::move(path);
    if (!body.empty()) headers.emplace_back("content-type", "application/json");
    request.body = std::move(body);
    request.headers = std::move(headers);
    return gate.handle(request);
  }
  std::string data(const std::string& path) {
    const auto answer = send("GET", path);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return json::write(*parsed(answer.body).find("data"));
  }
};

}  // namespace

TEST_CASE("a family is described over HTTP, listed with what products use, and taken back") {
  ModelDoor door;
  door.post("A",
            R"({"title":"A","family":"mugs","categories":["kitchen/mugs"],"attributes":{"color":"red","glaze":"x"}})");
  CHECK(door.data("/api/v1/family") == R"([{"code":"mugs","products":1}])");
  CHECK(door.send("GET", "/api/v1/family/mugs").status == 404);
  const auto attribute = door.send("PUT", "/api/v1/attribute/color",
                                   R"({"type":"choice","labels":{"en":"Colour"},"choices":[{"code":"red"}]})");
  REQUIRE_MESSAGE(attribute.status == 201, attribute.body);
  const auto* etag = http::find_header(attribute.headers, "etag");
  REQUIRE(etag != nullptr);
  CHECK(door.send("PATCH", "/api/v1/attribute/color", R"({"group":"look"})", {{"if-match", *etag}}).status == 200);
  CHECK(door.send("PATCH", "/api/v1/attribute/color", R"({"group":"x"})", {{"if-match", *etag}}).status == 412);
  CHECK(door.send("PUT", "/api/v1/family/mugs",
                  R"({"labels":{"en":"Mugs"},"attributes":[{"code":"color","required":["*"]}]})")
            .status == 201);
  CHECK(door.data("/api/v1/family") ==
        R"([{"code":"mugs","products":1,"described":true,"labels":{"en":"Mugs"},"parent":null,"attributes":1}])");
  const auto attributes = parsed(door.data("/api/v1/attribute"));
  REQUIRE(attributes.as_array()->size() == 2);
  const auto& color = attributes.as_array()->at(0);
  CHECK(*color.find("code")->as_string() == "color");
  CHECK(color.find("choices_count")->as_int() == 1);
  CHECK(color.find("products")->as_int() == 1);
  const auto& glaze = attributes.as_array()->at(1);
  CHECK(*glaze.find("code")->as_string() == "glaze");
  CHECK(json::write(*glaze.find("described")) == "false");
  CHECK(door.send("DELETE", "/api/v1/attribute/color", "", {}, "force=1").status == 409);  // the family names it
  // What products hold is asked about first, and nothing has happened until then.
  const std::string without_red = R"({"type":"choice","choices":[{"code":"blue"}]})";
  const auto asked = door.send("PUT", "/api/v1/attribute/color", without_red);
  CHECK(asked.status == 409);
  const auto faults = *parsed(asked.body).find("errors");
  REQUIRE_MESSAGE(faults.as_array()->size() == 1, asked.body);
  CHECK(json::write(*faults.as_array()->at(0).find("field")) == R"("choices.red")");
  CHECK(json::write(*faults.as_array()->at(0).find("code")) == R"("in_use")");
  CHECK(
      faults.as_array()->at(0).find("message")->as_string()->starts_with("1 product has the choice \"red\" of color"));
  CHECK(door.data("/api/v1/attribute/color").find("red") != std::string::npos);
  CHECK(door.send("PATCH", "/api/v1/attribute/color", R"({"choices":[{"code":"red"},{"code":"green"}]})").status ==
        200);
  CHECK(door.send("PUT", "/api/v1/attribute/color", without_red, {}, "force=1").status == 200);
  for (const char* path : {"/api/v1/family/mugs", "/api/v1/attribute/color", "/api/v1/category/kitchen"}) {
    INFO(path);
    if (std::string_view(path).ends_with("kitchen")) REQUIRE(door.send("PUT", path, "{}").status == 201);
    CHECK(door.send("DELETE", path).body.find("1 product has") != std::string::npos);
    CHECK(door.send("DELETE", path, "", {}, "force=1").status == 204);
  }
  CHECK(door.data("/api/v1/family").find("\"products\":1") != std::string::npos);
}

TEST_CASE("a description with faults names them all, and says nothing of what was there") {
  ModelDoor door;
  const auto refused = door.send("PUT", "/api/v1/attribute/x", R"({"type":"colour","labels":{"zz--":"a"},"unit":"m"})");
  CHECK(refused.status == 422);
  std::set<std::string> fields;
  const auto body = parsed(refused.body);
  for (const auto& fault : *body.find("errors")->as_array()) fields.insert(*fault.find("field")->as_string());
  CHECK(fields.contains("type"));
  CHECK(fields.contains("labels.zz--"));
  CHECK(door.data("/api/v1/attribute") == "[]");
}

TEST_CASE("categories keep their paths in an address, and those below by name are counted once") {
  ModelDoor door;
  CHECK(door.send("PUT", "/api/v1/category/kitchen%2Fmugs", R"({"labels":{"nl-NL":"Mokken"},"position":3})").status ==
        201);
  CHECK(door.send("PUT", "/api/v1/category/master", "{}").status == 201);
  CHECK(door.send("PUT", "/api/v1/category/b", R"({"parent":"master"})").status == 201);
  CHECK(door.send("PUT", "/api/v1/category/c", R"({"parent":"master"})").status == 201);
  door.post("A", R"({"title":"A","categories":["b","c","kitchen/mugs"]})");
  const auto all = parsed(door.data("/api/v1/category"));
  std::string seen;
  for (const auto& one : *all.as_array())
    seen += *one.find("path")->as_string() + "<" +
            (one.find("parent")->is_null() ? "" : *one.find("parent")->as_string()) + ":" +
            json::write(*one.find("products")) + " ";
  CHECK(seen == "b<master:1 c<master:1 kitchen<:1 kitchen/mugs<kitchen:1 master<:1 ");
  CHECK(door.data("/api/v1/category/kitchen%2Fmugs") ==
        R"({"path":"kitchen/mugs","labels":{"nl-NL":"Mokken"},"parent":"","top":false,"position":3})");
}

TEST_CASE("categories are moved in the tree in one change, circles are refused, and a move is taken back") {
  ModelDoor door;
  door.post("A", R"({"title":"A","categories":["shoes/boots","sale","garden"]})");
  REQUIRE(door.send("PUT", "/api/v1/category/sale", R"({"labels":{"en":"Sale"}})").status == 201);
  const auto tree = [&] {
    std::string out;
    const auto list = parsed(door.data("/api/v1/category"));
    for (const auto& one : *list.as_array())
      out += json::write(*one.find("path")) + "<" + json::write(*one.find("parent")) +
             (one.find("position") != nullptr ? json::write(*one.find("position")) : std::string()) + " ";
    return out;
  };
  const std::string before = tree();
  const auto moved = door.send("POST", "/api/v1/category/garden/move", R"({"parent":"shoes","before":"shoes/boots"})");
  REQUIRE_MESSAGE(moved.status == 200, moved.body);
  CHECK(tree() == R"("garden"<"shoes"0 "sale"<null0 "shoes"<null0 "shoes/boots"<"shoes"1 )");
  CHECK(door.where("category", catalog::Operator::eq, {"shoes"}) == "A");
  CHECK(door.get("A").find("categories")->as_array()->size() == 3);  // products stay where they are
  CHECK(door.send("POST", "/api/v1/category/shoes/move", R"({"parent":"garden"})").status == 422);
  CHECK(door.send("POST", "/api/v1/category/shoes/move", R"({"parent":"shoes/boots"})").status == 422);
  CHECK(door.send("POST", "/api/v1/category/nothing/move", "{}").status == 404);
  const auto back =
      door.send("PUT", "/api/v1/category-order",
                R"({"categories":)" + json::write(*parsed(moved.body).find("data")->find("before")) + "}");
  REQUIRE_MESSAGE(back.status == 200, back.body);
  CHECK(tree() == before);
  // One whose path names another goes to the top as well, and what stood above it may then stand below.
  const auto up = door.send("POST", "/api/v1/category/shoes%2Fboots/move", R"({"parent":null,"before":"sale"})");
  REQUIRE_MESSAGE(up.status == 200, up.body);
  CHECK(tree() == R"("garden"<null0 "sale"<null2 "shoes"<null3 "shoes/boots"<null1 )");
  REQUIRE(door.send("POST", "/api/v1/category/shoes/move", R"({"parent":"shoes/boots"})").status == 200);
  CHECK(door.send("POST", "/api/v1/category/shoes%2Fboots/move", R"({"parent":"shoes"})").status == 422);
  CHECK(door.send("PATCH", "/api/v1/category/shoes%2Fboots", R"({"parent":"sale"})").status == 422);
  CHECK(door.where("category", catalog::Operator::eq, {"shoes/boots"}) == "A");
  REQUIRE(door.send("POST", "/api/v1/category/shoes/move", R"({"parent":null})").status == 200);
  REQUIRE(door.send("PUT", "/api/v1/category-order",
                    R"({"categories":)" + json::write(*parsed(up.body).find("data")->find("before")) + "}")
              .status == 200);
  CHECK(parsed(door.data("/api/v1/category")).as_array()->at(3).find("parent")->as_string() != nullptr);
}
