// Walks every row of a gate and knocks where nobody should come in: no row may be without its guard. Every request here
// is refused before a row's function runs, so it is safe on a house with data.
#pragma once

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "gate/gate.h"
#include "gate/openapi.h"
#include "json/json.h"
#include "productflow/text.h"

namespace pf::test {

inline std::string path_of(const gate::Row& row) {
  std::string path;
  for (const auto segment : split(row.path, '/'))
    if (!segment.empty()) path += segment.starts_with('{') ? "/1" : "/" + std::string(segment);
  return path;
}

inline http::Request knock(const gate::Row& row, std::string query = {}) {
  http::Request request{
      .method = std::string(gate::method_name(row.method)), .path = path_of(row), .query = std::move(query)};
  request.target = request.path + (request.query.empty() ? "" : "?" + request.query);
  request.id = "walk";
  return request;
}

// RFC 9457 and what api.md adds to it.
inline void check_problem(const http::Response& response, int status) {
  CHECK(response.status == status);
  const auto* type = http::find_header(response.headers, "content-type");
  CHECK((type != nullptr && *type == "application/problem+json"));
  const auto body = json::parse(response.body);
  REQUIRE(body.ok());
  for (const char* name : {"type", "title", "detail", "message", "request_id"})
    CHECK_MESSAGE((body->find(name) != nullptr && body->find(name)->as_string() != nullptr &&
                   !body->find(name)->as_string()->empty()),
                  name);
  CHECK(body->find("status")->as_int() == status);
  CHECK(*body->find("message") == *body->find("detail"));
  CHECK(body->find("errors")->as_array() != nullptr);
}

inline void walk_rows(gate::Gate& gate) {
  using access::Actor;
  using access::Permission;
  const Actor nobody;
  Actor bare;  // somebody without a single right
  bare.kind = Actor::Kind::user;
  bare.id = bare.name = "bare";
  Actor stale = bare;  // all rights, but signed in long ago
  stale.may = access::all_permissions();
  Actor all = stale;
  all.fresh = true;

  std::set<std::string> seen;
  for (const gate::Row& row : gate.rows()) {
    const std::string name = std::string(gate::method_name(row.method)) + " " + row.path;
    INFO(name);
    CHECK_MESSAGE(seen.insert(name).second, "two rows for one address");
    CHECK(row.path.starts_with('/'));
    CHECK_FALSE(row.summary.empty());
    CHECK((row.success >= 200 && row.success < 300));
    CHECK(row.handler != nullptr);
    if (row.accepts == gate::BodyKind::json) CHECK_MESSAGE(!row.body_schema.is_null(), "a body without a schema");

    if (row.permission != Permission::none) {
      check_problem(gate.dispatch(knock(row), nobody), 401);
      if (row.permission != Permission::signed_in) check_problem(gate.dispatch(knock(row), bare), 403);
      Actor almost = all;  // everything but the one right
      almost.may.reset(static_cast<std::size_t>(row.permission));
      if (row.permission != Permission::signed_in) check_problem(gate.dispatch(knock(row), almost), 403);
      if (row.fresh_sign_in) {
        const auto refused = gate.dispatch(knock(row), stale);
        check_problem(refused, 403);
        CHECK(refused.body.find("reauthentication-required") != std::string::npos);
      }
    } else {
      CHECK_MESSAGE(row.accepts != gate::BodyKind::multipart, "strangers must not upload");
      CHECK_MESSAGE(row.accepts != gate::BodyKind::ndjson, "strangers must not upload");
    }

    const auto unknown = gate.dispatch(knock(row, "no_such_parameter=1"), all);
    check_problem(unknown, 422);
    CHECK(unknown.body.find("no_such_parameter") != std::string::npos);
    check_problem(gate.dispatch(knock(row, "a=%ff"), all), 400);

    if (row.method != gate::Method::get) {
      http::Request large = knock(row);
      large.headers = {{"content-type", "application/json"}, {"content-length", std::to_string(row.body_max + 1)}};
      check_problem(gate.dispatch(large, all), 413);
      http::Request strange = knock(row);
      strange.headers = {{"content-type", "application/x-strange"}};
      strange.body = "x";
      if (row.accepts == gate::BodyKind::none)
        check_problem(gate.dispatch(strange, all), 422);
      else if (row.accepts != gate::BodyKind::multipart)
        check_problem(gate.dispatch(strange, all), 415);
      http::Request broken = knock(row);
      broken.headers = {{"content-type", "application/json"}};
      broken.body = "{\"a\":";
      if (row.accepts == gate::BodyKind::json) check_problem(gate.dispatch(broken, all), 400);
    }
    http::Request wrong = knock(row);
    wrong.method = "TRACE";
    const auto refused = gate.dispatch(wrong, all);
    check_problem(refused, 405);
    CHECK(http::find_header(refused.headers, "allow") != nullptr);
  }

  const json::Value document = gate::openapi(gate.rows(), "1");
  std::set<std::string> operations;
  for (const gate::Row& row : gate.rows()) {
    const auto* path = document.find("paths")->find(row.path);
    REQUIRE_MESSAGE(path != nullptr, row.path);
    const auto* operation = path->find(lower_ascii(gate::method_name(row.method)));
    REQUIRE_MESSAGE(operation != nullptr, row.path);
    CHECK_MESSAGE(operations.insert(*operation->find("operationId")->as_string()).second, row.path);
  }
}

}  // namespace pf::test
