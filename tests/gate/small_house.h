// A gate with a few rows that say what reached them.
#pragma once

#include <doctest/doctest.h>

#include <memory>

#include "gate/gate.h"
#include "gate/repeats.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"

namespace pf::test {

struct TitleBody {
  std::string title;
  std::optional<std::int64_t> count;
  template <class V>
  void fields(V& visit) {
    visit("title", title, "A title.");
    visit("count", count, "A number.");
  }
};

struct SmallHouse {
  HandClock clock;
  access::Actor actor = access::system_actor();
  std::optional<Error> bad_credentials{};
  bool csrf_is_right = true;
  std::vector<std::string> refused{}, faults{};  // as the log and the administrator are told
  int calls = 0;                                 // that reached a row's function
  gate::Repeats* repeats = nullptr;
  std::unique_ptr<gate::Gate> gate;

  explicit SmallHouse(gate::Repeats* with_repeats = nullptr) : repeats(with_repeats) {
    gate::GateOptions options;
    options.authenticate = [this](const http::Request&) -> Result<access::Actor> {
      if (bad_credentials) return *bad_credentials;
      return actor;
    };
    options.check_csrf = [this](const access::Actor&, const http::Request&) -> Result<> {
      return csrf_is_right ? Result<>() : error(ErrorCode::forbidden, "The page is too old; please load it again.");
    };
    options.company_number = [] { return std::string("7"); };
    options.refused = [this](const access::Actor& by, const gate::Row& row, std::string_view why) {
      refused.push_back(by.name + " " + row.path + " " + std::string(why));
    };
    options.fault = [this](const std::string& id, const gate::Row* row, const std::string& what) {
      faults.push_back(id + " " + row->path + " " + what);
    };
    options.repeats = repeats;
    gate = std::make_unique<gate::Gate>(rows(), std::move(options), clock);
  }

  std::vector<gate::Row> rows() {
    using access::Permission;
    using gate::Answer;
    using gate::BodyKind;
    using gate::Call;
    using gate::Method;
    const auto echo = [this](const Call& call) -> Result<Answer> {
      ++calls;
      json::Value query = json::Value::array();
      for (const auto& [name, value] : call.query) query.push(name + "=" + value);
      json::Value path{json::Members{}};
      for (const auto& [name, value] : call.path) path.set(name, value);
      return Answer{.body = json::Value::object({{"path", path},
                                                 {"query", query},
                                                 {"body", call.body},
                                                 {"locale", call.locale},
                                                 {"actor", call.actor.name}})};
    };
    return {
        {.method = Method::get,
         .path = "/healthz",
         .permission = Permission::none,
         .summary = "Well?",
         .handler = echo},
        {.method = Method::post,
         .path = "/api/v1/session",
         .permission = Permission::none,
         .summary = "Sign in",
         .accepts = BodyKind::json,
         .body_schema = json::schema<TitleBody>(),
         .handler = echo},
        {.method = Method::get,
         .path = "/api/v1/product/{sku}",
         .permission = Permission::catalog_read,
         .summary = "Show",
         .handler = echo,
         .query = {{"locale", "A language."}, {"sort[]", "Order."}, {"*[op]", "Filters."}}},
        {.method = Method::post,
         .path = "/api/v1/product/{sku}",
         .permission = Permission::catalog_write,
         .summary = "Write",
         .success = 201,
         .accepts = BodyKind::json,
         .body_schema = json::schema<TitleBody>(),
         .handler = [echo](const Call& call) -> Result<Answer> {
           PF_LET(const auto body, json::read_fields<TitleBody>(call.body));
           if (body.title == "throw") throw std::runtime_error("secret of the machine");
           if (body.title == "a person") {
             Answer answer = *echo(call);
             answer.headers = {{"cache-control", "no-store"}};
             return answer;
           }
           if (body.title == "taken") return error(ErrorCode::conflict, "There is one already.");
           return echo(call);
         }},
        {.method = Method::get,
         .path = "/api/v1/product/new",
         .permission = Permission::signed_in,
         .summary = "A word beside a parameter",
         .handler = [](const Call&) -> Result<Answer> { return Answer{.body = "word"}; }},
        {.method = Method::post,
         .path = "/api/v1/import",
         .permission = Permission::imports,
         .summary = "Upload",
         .accepts = BodyKind::multipart,
         .handler = [](const Call& call) -> Result<Answer> {
           std::size_t total = call.request.body.size();
           while (call.request.body_source) {
             PF_LET(const auto piece, call.request.body_source());
             if (piece.empty()) break;
             total += piece.size();
           }
           return Answer{.body = json::Value(static_cast<std::uint64_t>(total))};
         },
         .body_max = 2u << 20},
        {.method = Method::get,
         .path = "/api/v1/user",
         .permission = Permission::users,
         .summary = "People",
         .handler = echo},
        {.method = Method::get,
         .path = "/api/v1/token",
         .permission = Permission::tokens,
         .summary = "Programs",
         .handler = echo},
        {.method = Method::del,
         .path = "/api/v1/shop",
         .permission = Permission::settings_write,
         .summary = "Dangerous",
         .success = 204,
         .handler = [this](const Call&) -> Result<Answer> {
           ++calls;
           return Answer{};
         },
         .fresh_sign_in = true},
    };
  }

  http::Response send(std::string method, std::string target, std::string body = {}, http::Headers headers = {}) {
    http::Request request{.method = std::move(method), .target = std::move(target)};
    const auto mark = request.target.find('?');
    request.path = request.target.substr(0, mark);
    if (mark != std::string::npos) request.query = request.target.substr(mark + 1);
    if (!body.empty() && http::find_header(headers, "content-type") == nullptr)
      headers.emplace_back("content-type", "application/json");
    request.body = std::move(body);
    request.headers = std::move(headers);
    request.peer.address = "192.0.2.1";
    request.id = "r1";
    return gate->handle(request);
  }
  static json::Value json_of(const http::Response& response) {
    const auto value = json::parse(response.body);
    REQUIRE_MESSAGE(value.ok(), response.body);
    return *value;
  }
  static std::string header(const http::Response& response, std::string_view name) {
    const auto* value = http::find_header(response.headers, name);
    return value == nullptr ? std::string() : *value;
  }
  void be(access::Actor::Kind kind) {
    actor = {};
    actor.kind = kind;
    if (kind != access::Actor::Kind::nobody) {
      actor.id = actor.name = "someone";
      actor.may = access::all_permissions();
    }
  }
};

}  // namespace pf::test
