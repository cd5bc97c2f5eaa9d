// What the files of commands share: how a command asks the house, shows the answer and says how it ended. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/cli.h"
#include "cli/command.h"
#include "json/json.h"

namespace pf::cli {

// The options of every command that asks the house.
struct Common {
  std::string data;
  bool as_json = false;
  void add(Command& command);
};

class Context {
 public:
  explicit Context(const Ways& lent) : ways(lent) {}

  const Ways& ways;
  int code = kDone;  // of the process

  // The house behind the data folder, for a command that asks more than once.
  Result<std::unique_ptr<Gateway>> open(const Common& common, bool create = false) const {
    return ways.open(common.data, create);
  }
  // The answer's JSON; a refusal comes as an Error with its faults. `create` makes a missing data folder.
  Result<json::Value> ask(const Common& common, std::string method, std::string target, const json::Value& body = {},
                          bool create = false) const;
  // The usual end of a command: shows `data` of the answer, or says why there is none, and sets `code`.
  void end(const Common& common, const Result<json::Value>& answer);
  // Says on standard error what went wrong, with every fault, and sets `code` to kFailed.
  void fail(const Error& error);
};

// A request with this target, split as the gate wants it.
http::Request request_for(std::string method, std::string target);
Result<json::Value> ask(Gateway& gateway, http::Request request);
// The JSON of an answer of the API, or its refusal as an Error.
Result<json::Value> read_answer(const http::Response& response);

}  // namespace pf::cli
