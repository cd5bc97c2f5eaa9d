#include "gate/gate.h"

#include <algorithm>
#include <typeinfo>

#include "crypto/crypto.h"
#include "gate/form.h"
#include "gate/meter.h"
#include "gate/problem.h"
#include "gate/repeats.h"
#include "gate/told.h"
#include "productflow/text.h"

namespace pf::gate {
namespace {

std::string first_locale(const http::Request& request) {
  const std::string* header = http::find_header(request.headers, "accept-language");
  if (header == nullptr) return {};
  const std::string_view first = trim(std::string_view(*header).substr(0, header->find_first_of(",;")));
  const bool plain = !first.empty() && first.size() <= 35 && std::ranges::all_of(first, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  return plain ? std::string(first) : std::string();
}

bool is_unsafe(std::string_view method) {
  return method != "GET" && method != "HEAD";
}

std::string media_type(const http::Request& request) {
  const std::string* type = http::find_header(request.headers, "content-type");
  return type == nullptr ? std::string() : lower_ascii(trim(std::string_view(*type).substr(0, type->find(';'))));
}

bool is_utf8(const http::Request& request) {
  const std::string* type = http::find_header(request.headers, "content-type");
  const std::string lower = type == nullptr ? std::string() : lower_ascii(*type);
  const std::size_t at = lower.find("charset=");
  if (at == std::string::npos) return true;
  const std::string_view named = trim(std::string_view(lower).substr(at + 8, lower.find(';', at) - at - 8));
  return named == "utf-8" || named == "\"utf-8\"" || named == "us-ascii" || named == "utf8";
}

Error wrong_type(std::string_view wanted) {
  return error(ErrorCode::unsupported, "Please send the body as " + std::string(wanted) + ".");
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kMiB = 1u << 20;
  return bytes >= kMiB ? std::to_string(bytes / kMiB) + " MiB" : std::to_string(bytes / 1024 + 1) + " KiB";
}

Error too_large(std::uint64_t bytes, std::uint64_t most) {
  return error(ErrorCode::too_large, "The body has " + (bytes > 0 ? size_text(bytes) : "more") + "; at most " +
                                         size_text(most) + " are taken here. Split the file and send its parts.");
}

// Ends with too_large once more than `most` bytes came, whatever was announced.
http::BodySource limited(http::BodySource source, std::uint64_t most) {
  return [source = std::move(source), most, total = std::uint64_t{0}]() mutable -> Result<std::string> {
    PF_LET(std::string piece, source());
    total += piece.size();
    if (total > most) return too_large(0, most);
    return piece;
  };
}

// "brand[eq]" fits "*[op]", "sort[0]" fits "sort[]".
bool is_listed(const Row& row, const std::string& name) {
  const std::size_t open = name.rfind('[');
  const bool bracketed = open != std::string::npos && open > 0 && name.back() == ']';
  return std::ranges::any_of(row.query, [&](const auto& listed) {
    return listed.first == name ||
           (bracketed && (listed.first == "*[op]" || listed.first == name.substr(0, open) + "[]"));
  });
}

Result<> check_query(const Row& row, const Call& call) {
  Error faults{ErrorCode::invalid, {}, {}};
  for (const auto& [name, value] : call.query)
    if (!is_listed(row, name))
      faults.faults.push_back({name.substr(0, 100), "unknown", "This request has no parameter of that name."});
  if (faults.faults.empty()) return {};
  std::string known;
  for (const auto& [name, summary] : row.query) known += (known.empty() ? "" : ", ") + name;
  faults.message = "The address has a parameter that is not known here: " + faults.faults[0].field + "." +
                   (known.empty() ? " This request takes none." : " Known are " + known + ".");
  return faults;
}

// Whether somebody so limited may use the row at all. Whoever may see a part of a buyer alone decides neither about
// people nor about programs: they might see all.
bool keeps(const Row& row, const access::Limits& limits) {
  using access::Permission;
  const bool personal = row.permission == Permission::buyer_reveal || row.permission == Permission::users ||
                        row.permission == Permission::tokens;
  return (limits.channels.empty() || row.keeps.channels) && (limits.categories.empty() || row.keeps.categories) &&
         (limits.locales.empty() || row.keeps.locales) && (limits.personal.empty() || row.keeps.personal || !personal);
}

// What a request has found out about itself, for the headers of its answer.
struct Progress {
  access::Actor actor{};
  Meter::Reading reading{};
  bool unreadable = false;  // the body or query could not even be read: 400; what was read and is wrong is 422
};

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
  Impl(std::vector<Row> r, GateOptions o, const Clock& c)
      : rows(std::move(r)), router(rows), options(std::move(o)), clock(c) {}
  const std::vector<Row> rows;
  const Router router;
  const GateOptions options;
  const Clock& clock;
  Meter meter;
  Told told;

  Result<> read_body(const Row& row, const http::Request& request, Call& call, Progress& progress) const {
    const std::string* length = http::find_header(request.headers, "content-length");
    const std::uint64_t announced =
        length == nullptr ? request.body.size() : static_cast<std::uint64_t>(parse_int(*length).value_or(0));
    if (announced > row.body_max || request.body.size() > row.body_max)
      return too_large(std::max<std::uint64_t>(announced, request.body.size()), row.body_max);
    const bool empty = request.body.empty() && !request.body_source;
    const std::string type = media_type(request);
    if (!empty && !is_utf8(request)) return wrong_type("UTF-8");
    switch (row.accepts) {
      case BodyKind::none:
        // Many clients send an object without fields where they have nothing to say.
        if (!empty && trim(request.body) != "{}") return error(ErrorCode::invalid, "This request takes no body.");
        return {};
      case BodyKind::json: {
        if (request.body_source) return too_large(announced, kSmallBodyMax);
        if (empty) return {};
        const bool form = type == "application/x-www-form-urlencoded";
        if (!form && type != "application/json" && type != "application/merge-patch+json")
          return wrong_type("application/json");
        auto body = form ? decode_form(request.body) : json::parse(request.body);
        progress.unreadable = !body.ok();
        PF_LET(call.body, std::move(body));
        return {};
      }
      case BodyKind::ndjson:
        return type == "application/x-ndjson" || type == "application/ndjson"
                   ? Result<>()
                   : wrong_type("application/x-ndjson, one object per line");
      case BodyKind::multipart:
        return {};  // the handler reads it, and says what it wants when it is something else
    }
    return {};
  }

  // Who it is, and whether that one may come in so often. `row` null: nothing that is there.
  Result<> identify(const http::Request& request, const Row* row, Progress& progress) {
    auto actor = options.authenticate(request);
    const bool stranger = !actor.ok() || actor->kind == access::Actor::Kind::nobody;
    // A stranger's changes (sign-in, set-up) and wrong credentials cost most and are wanted least.
    const bool dear = stranger && (!actor.ok() || is_unsafe(request.method));
    progress.reading = meter.count((!stranger ? "actor:" + actor->id
                                    : dear    ? "dear:" + request.peer.address
                                              : "address:" + request.peer.address),
                                   !stranger            ? kKnownPerMinute
                                   : dear && actor.ok() ? kStrangerChangesPerMinute
                                                        : kStrangerPerMinute,
                                   clock.since_boot());
    // Whoever floods us must not make a monitor behind the same address believe that we are ill.
    const bool health = row != nullptr && row->permission == access::Permission::none && row->method == Method::get &&
                        stranger && !dear;
    if (health)
      progress.reading.over = false;
    else if (progress.reading.over)
      return error(ErrorCode::too_many, "Too many requests. Please wait a moment and try again.");
    PF_LET(progress.actor, std::move(actor));
    return {};
  }

  void tell_refused(const access::Actor& actor, const Row& row, std::string_view why) {
    if (options.refused &&
        told.first(actor.id + " " + std::string(method_name(row.method)) + " " + row.path + " " + std::string(why),
                   clock.since_boot()))
      options.refused(actor, row, why);
  }

  void tell_fault(const http::Request& request, const Row* row, const std::string& what) {
    if (options.fault && told.first("fault " + (row != nullptr ? row->path : "") + " " + what, clock.since_boot()))
      options.fault(request.id, row, what);
  }

  Result<> permit(const Row& row, const http::Request& request, const Progress& progress) {
    const access::Actor& actor = progress.actor;
    const bool stranger = actor.kind == access::Actor::Kind::nobody;
    if (row.permission != access::Permission::none) {
      if (stranger)
        return error(ErrorCode::unauthenticated, "Please sign in, or send a token as Authorization: Bearer.");
      if (!actor.can(row.permission)) {
        tell_refused(actor, row, "permission");
        return error(ErrorCode::forbidden, "This needs the permission " +
                                               std::string(access::permission_name(row.permission)) + ", which " +
                                               actor.name + " does not have.");
      }
      if (actor.limits && !keeps(row, *actor.limits)) {
        tell_refused(actor, row, "limits");
        return error(ErrorCode::forbidden,
                     "Your account is limited to a part of the shop, and this concerns all of it.");
      }
      if (row.fresh_sign_in && !actor.fresh) {
        Error again = error(ErrorCode::forbidden, "Please confirm your password first.");
        again.faults.push_back({"session", "reauthenticate", "Confirm your password, then repeat this."});
        return again;
      }
    }
    if (!actor.session.empty() && is_unsafe(request.method)) {
      auto from_page = options.check_csrf(actor, request);
      if (!from_page.ok()) {
        tell_refused(actor, row, "page");
        return from_page;
      }
    }
    if (const std::string* company = http::find_header(request.headers, "x-company-id");
        company != nullptr && !stranger && trim(*company) != options.company_number())
      return invalid(
          "X-Company-Id", "unknown",
          "X-Company-Id " + company->substr(0, 20) + " is not this company's number; it stands under Settings.");
    return {};
  }

  http::Response done(const Row& row, Answer answer) const {
    http::Response response{.status = answer.status != 0 ? answer.status : row.success,
                            .headers = std::move(answer.headers)};
    response.stream = std::move(answer.stream);
    response.from_byte = answer.from_byte;
    response.live = std::move(answer.live);
    if (!answer.content_type.empty()) {
      response.headers.emplace_back("content-type", answer.content_type);
      response.body = std::move(answer.raw);
    } else if (!answer.body.is_null()) {
      response.headers.emplace_back("content-type",
                                    "application/json");  // without parameters: a public client wants it so
      response.body = json::write(answer.body);
    }
    return response;
  }

  Result<http::Response> run(const Row& row, const Call& call) const {
    const std::string* key = http::find_header(call.request.headers, "idempotency-key");
    const access::Actor& actor = call.actor;
    if (key == nullptr || options.repeats == nullptr || row.method != Method::post ||
        actor.kind == access::Actor::Kind::nobody) {
      PF_LET(Answer answer, row.handler(call));
      return done(row, std::move(answer));
    }
    // A large body is not held, so it is known by its length alone.
    const std::string* length = http::find_header(call.request.headers, "content-length");
    const std::string fingerprint = call.request.target + '\n' + media_type(call.request) + '\n' +
                                    (call.request.body_source ? (length != nullptr ? *length : "") : call.request.body);
    PF_LET(auto earlier, options.repeats->begin(actor.id, *key, fingerprint));
    if (earlier) {
      earlier->headers.emplace_back("idempotency-replayed", "true");
      return *std::move(earlier);
    }
    Result<Answer> answer = error(ErrorCode::internal, "A fault of ours.");
    try {
      answer = row.handler(call);
    } catch (...) {
      options.repeats->leave(actor.id, *key);
      throw;
    }
    if (!answer.ok()) {
      options.repeats->forget(actor.id, *key);
      return answer.error();
    }
    http::Response response = done(row, *std::move(answer));
    // An answer that nobody may keep is not kept here either; sent again, it is made again.
    const std::string* keeping = http::find_header(response.headers, "cache-control");
    if (keeping != nullptr && keeping->find("no-store") != std::string::npos)
      options.repeats->forget(actor.id, *key);
    else
      options.repeats->finish(actor.id, *key, response);
    return response;
  }

  Result<http::Response> pass(const Router::Match& match, const http::Request& request, Progress& progress) {
    const Row& row = *match.row;
    PF_TRY(permit(row, request, progress));
    if (!request.body_source) return call(match, request, progress);
    http::Request bounded = request;
    bounded.body_source = limited(request.body_source, row.body_max);
    return call(match, bounded, progress);
  }

  Result<http::Response> call(const Router::Match& match, const http::Request& request, Progress& progress) const {
    const Row& row = *match.row;
    Call call{.actor = progress.actor, .request = request};
    call.path = match.path;
    auto query = decode_pairs(request.query);
    progress.unreadable = !query.ok();
    PF_LET(call.query, std::move(query));
    PF_TRY(check_query(row, call));
    call.locale = first_locale(request);
    call.limits = progress.actor.limits;
    if (row.object && call.limits) PF_TRY(row.object(call));
    PF_TRY(read_body(row, request, call, progress));
    return run(row, call);
  }

  // No row fits. What is below /api counts like every other request; a page is counted by nobody.
  Result<http::Response> nowhere(const Router::Match& match, const http::Request& request, Progress& progress) {
    const bool page = !request.path.starts_with("/api/") && match.allowed.empty();
    if (page && options.pages) return options.pages(request);
    PF_TRY(identify(request, nullptr, progress));
    if (!match.allowed.empty() && request.method == "OPTIONS")  // without CORS: nobody else's page may call us
      return http::Response{.status = 204, .headers = {{"allow", match.allowed + ", OPTIONS"}}};
    if (!match.allowed.empty()) {
      http::Response response = problem(
          405, error(ErrorCode::invalid, request.method + " is not possible here. Possible: " + match.allowed + "."),
          request.id);
      response.headers.emplace_back("allow", match.allowed);
      return response;
    }
    return problem(error(ErrorCode::not_found, "There is nothing at this address."), request.id);
  }

  // `actor` null: find out who it is.
  http::Response handle(const http::Request& request, const access::Actor* actor) {
    const Router::Match match = router.find(request.method, request.path);
    Progress progress;
    std::string what;  // was thrown
    auto answered = [&]() -> Result<http::Response> {
      try {
        if (match.undecodable)
          return problem(400, error(ErrorCode::invalid, "The address is not percent-encoded UTF-8."), request.id);
        if (match.row == nullptr) return nowhere(match, request, progress);
        if (actor != nullptr)
          progress.actor = *actor;
        else
          PF_TRY(identify(request, match.row, progress));
        return pass(match, request, progress);
      } catch (const std::bad_alloc&) {
        return error(ErrorCode::unavailable, "There is not enough memory for this now. Please try again.");
      } catch (const std::exception& thrown) {  // its text may name what nobody outside should read
        what = typeid(thrown).name();
        return error(ErrorCode::internal, "A fault of ours. Please tell us the request_id " + request.id + ".");
      }
    }();
    if (!answered.ok() && answered.error().code == ErrorCode::internal)
      tell_fault(request, match.row, what.empty() ? answered.error().message : what);
    http::Response response;
    if (answered.ok())
      response = *std::move(answered);
    else if (progress.unreadable && answered.error().code == ErrorCode::invalid)
      response = problem(400, answered.error(), request.id);
    else
      response = problem(answered.error(), request.id);
    if (progress.reading.limit > 0) {
      response.headers.emplace_back("ratelimit-limit", std::to_string(progress.reading.limit));
      response.headers.emplace_back("ratelimit-remaining", std::to_string(progress.reading.left));
      response.headers.emplace_back("ratelimit-reset", std::to_string(progress.reading.seconds_to_reset));
      if (progress.reading.over) {
        std::erase_if(response.headers, [](const auto& header) { return header.first == "retry-after"; });
        response.headers.emplace_back("retry-after", std::to_string(progress.reading.seconds_to_reset));
      }
    }
    return response;
  }
};

Gate::Gate(std::vector<Row> rows, GateOptions options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(rows), std::move(options), clock)) {}
Gate::~Gate() = default;
const std::vector<Row>& Gate::rows() const {
  return impl_->rows;
}
http::Response Gate::handle(const http::Request& request) {
  return impl_->handle(request, nullptr);
}
http::Response Gate::dispatch(const http::Request& request, const access::Actor& actor) {
  return impl_->handle(request, &actor);
}

}  // namespace pf::gate
