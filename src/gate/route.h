// One row per route, and the only way to be reachable: guard, dispatcher, OpenAPI document and the test that walks
// every row read the same table. A handler is three lines: read the body, call the room, write the answer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/actor.h"
#include "access/limits.h"
#include "http/message.h"
#include "json/fields.h"
#include "productflow/result.h"

namespace pf::gate {

enum class Method { get, post, put, patch, del };

// Parsed and checked before the handler runs.
struct Call {
  const access::Actor& actor;
  const http::Request& request;
  std::vector<std::pair<std::string, std::string>> path{};   // {sku} -> decoded after routing: may hold '/', ' ', '%'
  std::vector<std::pair<std::string, std::string>> query{};  // decoded, in order; names such as "brand[eq]", "status[]"
  json::Value body{};  // JSON, or a form with bracketed names as nested objects; null when there is none
  std::shared_ptr<const access::Limits> limits{};  // of the actor; null: none. Shared with all of the same person
  std::string locale{};                            // first locale of Accept-Language that is well formed, else empty

  const std::string& path_value(std::string_view name) const;           // REQUIRES: the row's path names it
  std::optional<std::string> query_value(std::string_view name) const;  // the first, or nothing
};

struct Answer {
  int status = 0;      // 0: the row's success status
  json::Value body{};  // written as application/json; null sends none
  std::string raw{};   // sent as `content_type` instead of `body` when content_type is set
  std::string content_type{};
  http::Headers headers{};
  std::function<void(const http::BodySink&)> stream{};      // with content_type
  std::optional<std::uint64_t> from_byte{};                 // of the stream, as http::Response's
  std::function<void(std::shared_ptr<http::Live>)> live{};  // with content_type
};

using Handler = std::function<Result<Answer>(const Call&)>;

enum class BodyKind { none, json, ndjson, multipart };    // json also takes a form; ndjson and multipart are streamed
inline constexpr std::uint64_t kSmallBodyMax = 1u << 20;  // collected whole before a worker is taken (security.md 8.2)

// Which of an actor's limits (access::Limits) a row keeps to, by itself or because it touches nothing of that kind. A
// row refuses whoever is limited in a way that it does not keep to, so a forgotten row shows too little, never too
// much. Personal fields concern only the rows that reveal them.
struct Keeps {
  bool channels = false, categories = false, locales = false, personal = false;
};
inline constexpr Keeps kKeepsAll{true, true, true, true};

struct Row {
  Method method;
  std::string path;               // "/api/v1/product/{sku}"
  access::Permission permission;  // Permission::none: open to everybody (health, sign-in)
  std::string summary;            // one sentence, for OpenAPI and for the refusal
  int success = 200;
  BodyKind accepts = BodyKind::none;
  json::Value body_schema{};  // json::schema<ShipmentBody>(), null if none
  json::Value answer_schema{};
  Handler handler;
  std::uint64_t body_max = kSmallBodyMax;  // bytes; above kSmallBodyMax the body arrives by body_source
  std::vector<std::pair<std::string, std::string>> query{};  // accepted parameter -> what it does; "*[op]" for filters
  std::vector<std::string> answer_types{};  // other than application/json, which `answer_schema` describes
  int other_success = 0;                    // 200 of what is 201 when it made something, or the other way round
  bool fresh_sign_in = false;               // needs a sign-in or re-authentication within kSudoWindow (5 minutes)
  Keeps keeps{};
  // For an actor with limits: not_found when the object that the path names is outside of them.
  std::function<Result<>(const Call&)> object{};
};

}  // namespace pf::gate
