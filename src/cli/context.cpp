#include "cli/context.h"

#include <fmt/core.h>

#include <cstdio>

#include "cli/terminal.h"

namespace pf::cli {

void Common::add(Command& command) {
  command.option("--data", data, "The data folder", Need::required);
  command.flag("--json", as_json, "Answer as JSON, for programs");
}

Result<json::Value> read_answer(const http::Response& response) {
  const auto answer = response.body.empty() ? Result<json::Value>(json::Value()) : json::parse(response.body);
  if (!answer.ok()) return error(ErrorCode::internal, "ProductFlow's answer could not be read.");
  if (response.status < 400) return answer;
  const json::Value* detail = answer->find("detail");
  Error refused = error(ErrorCode::invalid, detail != nullptr && detail->as_string() != nullptr
                                                ? *detail->as_string()
                                                : "ProductFlow refused the request.");
  if (const json::Value* faults = answer->find("errors"); faults != nullptr && faults->as_array() != nullptr)
    for (const json::Value& fault : *faults->as_array())
      if (const json::Value* field = fault.find("field"); field != nullptr && field->as_string() != nullptr)
        refused.faults.push_back({*field->as_string(), "", *fault.find("message")->as_string()});
  return refused;
}

http::Request request_for(std::string method, std::string target) {
  http::Request request{.method = std::move(method), .target = std::move(target)};
  const std::size_t question = request.target.find('?');
  request.path = request.target.substr(0, question);
  if (question != std::string::npos) request.query = request.target.substr(question + 1);
  return request;
}

Result<json::Value> ask(Gateway& gateway, http::Request request) {
  PF_LET(const auto response, gateway.call(std::move(request)));
  return read_answer(response);
}

Result<json::Value> Context::ask(const Common& common, std::string method, std::string target, const json::Value& body,
                                 bool create) const {
  PF_LET(const auto gateway, open(common, create));
  http::Request request = request_for(std::move(method), std::move(target));
  if (!body.is_null()) {
    request.headers.emplace_back("content-type", "application/json");
    request.body = json::write(body);
  }
  return cli::ask(*gateway, std::move(request));
}

void Context::end(const Common& common, const Result<json::Value>& answer) {
  if (!answer.ok()) return fail(answer.error());
  if (common.as_json) {
    fmt::print("{}\n", json::write(*answer));
  } else if (const json::Value* data = answer->find("data")) {
    show(*data);
  }
}

void Context::fail(const Error& error) {
  fmt::print(stderr, "productflow: {}\n", error.message);
  for (const FieldFault& fault : error.faults)
    if (fault.message != error.message) fmt::print(stderr, "  {}: {}\n", fault.field, fault.message);
  code = kFailed;
}

}  // namespace pf::cli
