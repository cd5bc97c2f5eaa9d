// The gate: every request is matched to a row, its actor found, its permission, freshness, body and rate checked, and
// only then the row's function is called. Errors become problem details in one place. Any thread.
#pragma once

#include <memory>

#include "gate/route.h"
#include "gate/router.h"
#include "productflow/clock.h"

namespace pf::gate {

class Repeats;

struct GateOptions {
  std::function<Result<access::Actor>(const http::Request&)>
      authenticate;  // nobody without credentials; Error for bad ones
  std::function<Result<>(const access::Actor&, const http::Request&)>
      check_csrf;                               // asked for unsafe methods of browser sessions
  std::function<std::string()> company_number;  // what X-Company-Id must be, when sent
  // Somebody who is known asked for what he may not: `why` is permission, limits or page (no token of our own page).
  // Told once an hour for each row and actor, so that nobody fills the log.
  std::function<void(const access::Actor&, const Row&, std::string_view why)> refused{};
  // A fault of ours was answered under this request id: what the answer kept to itself, for whoever mends it. `row`
  // null: outside of any. `what` is the kind of exception, never its text, which may hold what somebody sent; or a
  // room's own sentence. Once an hour for each.
  std::function<void(const std::string& request_id, const Row* row, const std::string& what)> fault{};
  std::function<http::Response(const http::Request&)> pages;  // everything that is not a row: the web interface
  Repeats* repeats = nullptr;                                 // remembers Idempotency-Keys; none: they do nothing
};

// Requests in a minute, above which 429 is answered. Signed-in programs may saturate the machine; strangers reach only
// sign-in, set-up and health, and what they may change costs a password hash each time.
inline constexpr std::uint32_t kKnownPerMinute = 6'000'000;
inline constexpr std::uint32_t kStrangerPerMinute = 1'200;
inline constexpr std::uint32_t kStrangerChangesPerMinute = 60;

class Gate {
 public:
  Gate(std::vector<Row> rows, GateOptions options, const Clock& clock);
  ~Gate();
  http::Response handle(const http::Request& request);
  // The same for an actor who is known already: the command line inside the process.
  http::Response dispatch(const http::Request& request, const access::Actor& actor);
  const std::vector<Row>& rows() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::gate
