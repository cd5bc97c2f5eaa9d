#include "gate/gate.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "gate/form.h"
#include "gate/problem.h"
#include "productflow/text.h"

namespace pf::gate {
namespace {

// Counts requests per minute and caller. Forgets everybody when the minute turns, so it stays small.
class Meter {
 public:
  struct Reading { std::uint32_t left; std::int64_t seconds_to_reset; bool over; };
  Reading count(const std::string& who, std::uint32_t limit, milliseconds since_boot) {
    const std::int64_t minute = since_boot.count() / 60'000;
    const std::lock_guard lock(mutex_);
    if (minute != minute_ || counts_.size() > kCallersMax) {
      counts_.clear();
      minute_ = minute;
    }
    const std::uint32_t used = ++counts_[who];
    return {used >= limit ? 0 : limit - used, 60 - (since_boot.count() / 1000) % 60, used > limit};
  }

 private:
  static constexpr std::size_t kCallersMax = 100'000;
  std::mutex mutex_;
  std::int64_t minute_ = -1;
  std::unordered_map<std::string, std::uint32_t> counts_;
};

std::string first_locale(const http::Request& request) {
  const std::string* header = http::find_header(request.headers, "accept-language");
  if (header == nullptr) return {};
  const std::string_view first = trim(std::string_view(*header).substr(0, header->find_first_of(",;")));
  const bool plain = !first.empty() && first.size() <= 35 && std::ranges::all_of(first, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  return plain ? std::string(first) : std::string();
}

bool is_unsafe(std::string_view method) { return method != "GET" && method != "HEAD"; }

std::string media_type(const http::Request& request) {
  const std::string* type = http::find_header(request.headers, "content-type");
  return type == nullptr ? std::string() : lower_ascii(trim(std::string_view(*type).substr(0, type->find(';'))));
}

Error wrong_type(std::string_view wanted) {
  return error(ErrorCode::unsupported, "Please send the body as " + std::string(wanted) + ".");
}

}  // namespace

const std::string& Call::path_value(std::string_view name) const {
  for (const auto& [key, value] : path)
    if (key == name) return value;
  static const std::string none;
  return none;
}

std::optional<std::string> Call::query_value(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return std::nullopt;
}

struct Gate::Impl {
  Impl(std::vector<Row> r, GateOptions o, const Clock& c) : rows(std::move(r)), router(rows), options(std::move(o)), clock(c) {}
  const std::vector<Row> rows;
  const Router router;
  const GateOptions options;
  const Clock& clock;
  Meter meter;

  Result<> read_body(const Row& row, const http::Request& request, Call& call) const {
    const std::string* length = http::find_header(request.headers, "content-length");
    const std::uint64_t announced = length == nullptr ? request.body.size() : static_cast<std::uint64_t>(parse_int(*length).value_or(0));
    if (announced > row.body_max || request.body.size() > row.body_max) {
      constexpr std::uint64_t kMiB = 1u << 20;
      return error(ErrorCode::too_large, "The upload has " + std::to_string(announced / kMiB) + " MiB; at most " + std::to_string(row.body_max / kMiB) + " MiB are taken here. Split the file and send its parts.");
    }
    const bool empty = request.body.empty() && !request.body_source;
    const std::string type = media_type(request);
    switch (row.accepts) {
      case BodyKind::none:
        if (!empty) return error(ErrorCode::invalid, "This request takes no body.");
        return {};
      case BodyKind::json: {
        if (request.body_source) return error(ErrorCode::too_large, "The body is larger than 1 MiB.");
        if (empty) return {};
        if (type == "application/x-www-form-urlencoded") {
          PF_LET(call.body, decode_form(request.body));
        } else if (type == "application/json" || type == "application/merge-patch+json") {
          PF_LET(call.body, json::parse(request.body));
        } else {
          return wrong_type("application/json");
        }
        return {};
      }
      case BodyKind::ndjson:
        return type == "application/x-ndjson" || type == "application/ndjson" ? Result<>() : wrong_type("application/x-ndjson, one object per line");
      case BodyKind::multipart:
        return {};  // the handler reads it, and says what it wants when it is something else
    }
    return {};
  }

  // Filled in as far as the request got; `actor` is set once it is known.
  Result<Answer> pass(const Router::Match& match, const http::Request& request, access::Actor& actor, Meter::Reading& reading) {
    const Row& row = *match.row;
    PF_LET(actor, options.authenticate(request));
    const bool stranger = actor.kind == access::Actor::Kind::nobody;
    reading = meter.count(stranger ? "address:" + request.peer.address : "actor:" + actor.id, stranger ? kStrangerPerMinute : kKnownPerMinute, clock.since_boot());
    if (reading.over) return error(ErrorCode::too_many, "Too many requests. Please wait a moment and try again.");
    if (row.permission != access::Permission::none) {
      if (stranger) return error(ErrorCode::unauthenticated, "Please sign in, or send a token as Authorization: Bearer.");
      if (!actor.can(row.permission))
        return error(ErrorCode::forbidden, "This needs the permission " + std::string(access::permission_name(row.permission)) + ", which " + actor.name + " does not have.");
      if (row.fresh_sign_in && !actor.fresh) {
        Error again = error(ErrorCode::forbidden, "Please confirm your password first.");
        again.faults.push_back({"session", "reauthenticate", "Confirm your password, then repeat this."});
        return again;
      }
    }
    if (!actor.session.empty() && is_unsafe(request.method)) PF_TRY(options.check_csrf(actor, request));
    if (const std::string* company = http::find_header(request.headers, "x-company-id"); company != nullptr && !stranger && trim(*company) != options.company_number())
      return invalid("X-Company-Id", "unknown", "X-Company-Id " + company->substr(0, 20) + " is not this company's number; it stands under Settings.");

    Call call{.actor = actor, .request = request};
    call.path = match.path;
    PF_LET(call.query, decode_pairs(request.query));
    call.locale = first_locale(request);
    PF_TRY(read_body(row, request, call));
    return row.handler(call);
  }

  http::Response refuse(const Error& error, const http::Request& request) const {
    // What could not even be read is 400; what was read and is wrong is 422.
    const bool unreadable = error.code == ErrorCode::invalid && error.faults.empty() && error.message.starts_with("the JSON ");
    return unreadable ? problem(400, error, request.id) : problem(error, request.id);
  }
};

Gate::Gate(std::vector<Row> rows, GateOptions options, const Clock& clock) : impl_(std::make_unique<Impl>(std::move(rows), std::move(options), clock)) {}
Gate::~Gate() = default;
const std::vector<Row>& Gate::rows() const { return impl_->rows; }

http::Response Gate::handle(const http::Request& request) {
  const Router::Match match = impl_->router.find(request.method, request.path);
  if (match.row == nullptr) {
    if (!match.allowed.empty()) {
      http::Response response = problem(405, error(ErrorCode::invalid, request.method + " is not possible here; " + match.allowed + " is."), request.id);
      response.headers.emplace_back("allow", match.allowed);
      return response;
    }
    if (!request.path.starts_with("/api/") && impl_->options.pages) return impl_->options.pages(request);
    return problem(error(ErrorCode::not_found, "There is nothing at this address."), request.id);
  }
  if (match.undecodable) return problem(400, error(ErrorCode::invalid, "The address is not percent-encoded UTF-8."), request.id);

  access::Actor actor;
  Meter::Reading reading{0, 60, false};
  Result<Answer> answer = [&]() -> Result<Answer> {
    try {
      return impl_->pass(match, request, actor, reading);
    } catch (const std::bad_alloc&) {
      return error(ErrorCode::unavailable, "There is not enough memory for this now. Please try again.");
    }
  }();
  http::Response response;
  if (!answer.ok()) {
    response = impl_->refuse(answer.error(), request);
  } else {
    response.status = answer->status != 0 ? answer->status : match.row->success;
    response.headers = std::move(answer->headers);
    response.stream = std::move(answer->stream);
    if (!answer->content_type.empty()) {
      response.headers.emplace_back("content-type", answer->content_type);
      response.body = std::move(answer->raw);
    } else if (!answer->body.is_null()) {
      response.headers.emplace_back("content-type", "application/json");  // without parameters: a public client wants it so
      response.body = json::write(answer->body);
    }
  }
  const std::uint32_t limit = actor.kind == access::Actor::Kind::nobody ? kStrangerPerMinute : kKnownPerMinute;
  response.headers.emplace_back("ratelimit-limit", std::to_string(limit));
  response.headers.emplace_back("ratelimit-remaining", std::to_string(reading.left));
  response.headers.emplace_back("ratelimit-reset", std::to_string(reading.seconds_to_reset));
  return response;
}

}  // namespace pf::gate
