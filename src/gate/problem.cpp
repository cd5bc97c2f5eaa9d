#include "gate/problem.h"

#include "json/json.h"

namespace pf::gate {
namespace {

constexpr int kRetryAfterSeconds = 2;
constexpr int kRetryWhenUnsealedSeconds = 60;  // a person has to come

struct Kind {
  int status;
  const char* name;
  const char* title;
};

Kind kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid:
      return {422, "invalid", "Some of the input needs attention"};
    case ErrorCode::unauthenticated:
      return {401, "unauthenticated", "Please sign in"};
    case ErrorCode::forbidden:
      return {403, "forbidden", "Not allowed"};
    case ErrorCode::not_found:
      return {404, "not-found", "Not found"};
    case ErrorCode::conflict:
      return {409, "conflict", "In conflict with what is there"};
    case ErrorCode::gone:
      return {410, "gone", "Gone for good"};
    case ErrorCode::too_large:
      return {413, "too-large", "Too large"};
    case ErrorCode::too_many:
      return {429, "too-many", "Too many requests"};
    case ErrorCode::unsupported:
      return {415, "unsupported", "Not a format that is read here"};
    case ErrorCode::storage_full:
      return {507, "storage-full", "The disk is nearly full"};
    case ErrorCode::unavailable:
      return {503, "unavailable", "Not available now"};
    case ErrorCode::internal:
      return {500, "internal", "A fault of ours"};
  }
  return {500, "internal", "A fault of ours"};
}

// A 403 that goes away once the person has typed the password again; the web interface looks for this kind.
bool wants_password(const Error& error) {
  return error.code == ErrorCode::forbidden && !error.faults.empty() && error.faults[0].code == "reauthenticate";
}

// A 503 that ends when somebody unseals the vault: whoever sends orders tries again later.
bool is_sealed(const Error& error) {
  return error.code == ErrorCode::unavailable && !error.faults.empty() && error.faults[0].code == "sealed";
}

}  // namespace

json::Value faults_value(std::span<const FieldFault> faults) {
  json::Value out = json::Value::array();
  for (const FieldFault& fault : faults)
    out.push(json::Value::object({{"field", fault.field}, {"code", fault.code}, {"message", fault.message}}));
  return out;
}

int status_of(const Error& error) {
  // RFC 9110 section 13.1.1: what If-Match named is no more.
  if (error.code == ErrorCode::conflict && !error.faults.empty() && error.faults[0].code == "stale") return 412;
  return kind_of(error.code).status;
}

http::Response problem(const Error& error, std::string_view request_id) {
  return problem(status_of(error), error, request_id);
}

http::Response problem(int status, const Error& error, std::string_view request_id) {
  const Kind kind = wants_password(error) ? Kind{403, "reauthentication-required", "Please confirm your password"}
                    : is_sealed(error)    ? Kind{503, "vault-sealed", "The vault is sealed"}
                    : status == 405       ? Kind{405, "method-not-allowed", "Not possible at this address"}
                                          : kind_of(error.code);
  json::Value body = json::Value::object({{"type", std::string("urn:productflow:problem:") + kind.name},
                                          {"title", kind.title},
                                          {"status", status},
                                          {"detail", error.message},
                                          {"message", error.message},
                                          {"errors", faults_value(error.faults)},
                                          {"request_id", request_id}});
  http::Response response{
      .status = status, .headers = {{"content-type", "application/problem+json"}}, .body = json::write(body)};
  if (status == 401) response.headers.emplace_back("www-authenticate", "Bearer");
  if (status == 429 || status == 503)
    response.headers.emplace_back("retry-after",
                                  std::to_string(is_sealed(error) ? kRetryWhenUnsealedSeconds : kRetryAfterSeconds));
  return response;
}

}  // namespace pf::gate
