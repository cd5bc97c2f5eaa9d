#include "api/audit_api.h"

#include <algorithm>

#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

constexpr std::uint64_t kEntriesShown = 50;                   // without another wish
constexpr std::size_t kScanPage = 500, kScannedMax = 20'000;  // of one request that searches; the cursor goes on

struct RetentionBody {
  std::optional<std::int64_t> keep_days;
  template <class V>
  void fields(V& visit) {
    visit("keep_days", keep_days, "396 (thirteen months) to 36600; null: for ever.");
  }
};

struct AuditRooms {
  storage::Store& store;
  audit::Audit& audit;
  audit::Checkpoints& checkpoints;
};

json::Value entry_value(const audit::Entry& entry) {
  return json::Value::object({{"number", entry.number},
                              {"at", rfc3339(entry.at)},
                              {"actor_kind", entry.actor_kind},
                              {"actor_id", entry.actor_id},
                              {"actor_name", entry.actor_name},
                              {"action", entry.action},
                              {"object", entry.object},
                              {"details", entry.details},
                              {"hash", entry.hash}});
}

struct Filter {
  std::string actor, action, object, text;
  std::optional<Time> from{}, to{};
  bool any() const {
    return !actor.empty() || !action.empty() || !object.empty() || !text.empty() || from.has_value() || to.has_value();
  }
  // "order" fits "order.ship" and "order:1000123".
  static bool fits(std::string_view value, std::string_view wanted, char divider) {
    return wanted.empty() || value == wanted ||
           (value.size() > wanted.size() && value.starts_with(wanted) && value[wanted.size()] == divider);
  }
  bool holds(const audit::Entry& entry) const {
    const auto has = [&](std::string_view in) { return lower_ascii(in).find(text) != std::string::npos; };
    return (actor.empty() || entry.actor_id == actor || equals_ignoring_case(entry.actor_name, actor)) &&
           fits(entry.action, action, '.') && fits(entry.object, object, ':') && (!from || entry.at >= *from) &&
           (!to || entry.at < *to) &&
           (text.empty() || has(entry.actor_name) || has(entry.action) || has(entry.object) ||
            has(json::write(entry.details)));
  }
};

Result<Filter> filter_of(const Call& call) {
  const auto value = [&](const char* name) { return call.query_value(name).value_or(""); };
  Filter filter{value("actor"), value("action"), value("object"), lower_ascii(value("q"))};
  for (const auto& [name, to] :
       {std::pair<const char*, std::optional<Time>*>{"from", &filter.from}, {"to", &filter.to}})
    if (const std::string text = value(name); !text.empty()) {
      const auto time = parse_time(text.size() == 10 ? text + "T00:00:00Z" : text);
      if (!time.ok())
        return invalid(name, "format", std::string(name) + " must be a day or a time such as 2026-11-25T08:00:00Z");
      *to = *time;
    }
  return filter;
}

Result<Answer> page(const AuditRooms& rooms, const Call& call) {
  PF_LET(const Paging paging, paging_of(call, kEntriesShown));
  const auto count = static_cast<std::size_t>(paging.per_page);
  auto before = static_cast<std::uint64_t>(std::max<std::int64_t>(0, parse_int(paging.cursor).value_or(0)));
  PF_LET(const auto filter, filter_of(call));
  const std::size_t step = filter.any() ? kScanPage : count;
  json::Value list = json::Value::array();
  const auto read = rooms.store.read();
  bool more = true;
  for (std::size_t scanned = 0; more && scanned < kScannedMax && list.as_array()->size() < count;) {
    PF_LET(const auto entries, rooms.audit.page(read, before, step));
    more = entries.size() == step;
    for (const auto& entry : entries) {
      before = entry.number;
      ++scanned;
      // Entries are in the order of time, but for a clock that was set back: an hour's grace before giving up.
      if (filter.from && entry.at + std::chrono::hours{1} < *filter.from) more = false;
      if (filter.holds(entry)) list.push(entry_value(entry));
      if (list.as_array()->size() == count) {
        more = true;
        break;
      }
    }
    if (!filter.any()) break;
  }
  more = more && before > 1;
  return Answer{.body = cursor_body(call, std::move(list), count, more ? std::to_string(before) : "")};
}

Result<Answer> verify(const AuditRooms& rooms, const Call& call) {
  using Scope = audit::Checkpoints::Scope;
  const std::string since = call.query_value("since").value_or("");
  if (!since.empty() && since != "checkpoint")
    return invalid("since", "unknown", "since must be checkpoint, or left out to check all");
  PF_LET(const auto verdict, rooms.checkpoints.verify(since.empty() ? Scope::all : Scope::recent));
  const auto& newest = verdict.newest;
  return Answer{
      .body = json::Value::object(
          {{"data", json::Value::object({{"entries", verdict.chain.entries},
                                         {"whole", verdict.fault.empty()},
                                         {"fault", verdict.fault},
                                         {"checkpoints", verdict.checkpoints},
                                         {"newest_checkpoint",
                                          newest.number == 0 ? json::Value(nullptr)
                                                             : json::Value::object({{"number", newest.number},
                                                                                    {"hash", newest.hash},
                                                                                    {"at", rfc3339(newest.at)},
                                                                                    {"signature", newest.signature}})},
                                         {"key", verdict.key}})}})};
}

Result<Answer> state(const AuditRooms& rooms, const Call&) {
  const auto read = rooms.store.read();
  PF_LET(const auto days, rooms.audit.keep_days(read));
  PF_LET(const auto begins, rooms.audit.begin(read));
  const auto signing = rooms.checkpoints.signing();
  return Answer{.body = data(json::Value::object({{"keep_days", days ? json::Value(*days) : json::Value(nullptr)},
                                                  {"dropped", begins.number},
                                                  {"signed_at", moment(signing.signed_at)},
                                                  {"failure", signing.failure},
                                                  {"failing_since", moment(signing.failing_since)}}))};
}

Result<Answer> set_retention(const AuditRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<RetentionBody>(call.body));
  PF_TRY(rooms.store.write(
      [&](storage::Write& work) { return rooms.audit.set_keep_days(work, call.actor, body.keep_days); }));
  return state(rooms, call);
}

}  // namespace

std::vector<gate::Row> audit_routes(storage::Store& store, audit::Audit& audit, audit::Checkpoints& checkpoints) {
  const AuditRooms rooms{store, audit, checkpoints};
  const auto with = handlers_with(rooms);
  using P = access::Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/audit",
       .permission = P::audit_read,
       .summary = "The audit log, newest first",
       .answer_schema = gate::page_shape(shapes::kAuditEntry),
       .handler = with(page),
       .query = {{"cursor", "meta.next_cursor of the page before."},
                 {"per_page", "1 to 200."},
                 {"actor", "Of this person or program alone: id or name."},
                 {"action", "order.ship, or order for all that begins so."},
                 {"object", "order:1000123, or order for all of that kind."},
                 {"from", "Not before this day or time (UTC)."},
                 {"to", "Before this day or time (UTC)."},
                 {"q", "Entries that hold this text."}}},
      {.method = Method::get,
       .path = "/api/v1/audit/verify",
       .permission = P::audit_read,
       .summary = "Check the audit log's chain and its signed checkpoints",
       .answer_schema = gate::data_shape(
           R"({"entries":"count","whole":"bool","fault":"text","checkpoints":"count","newest_checkpoint":"any","key":"text"})"),
       .handler = with(verify),
       .query = {{"since", "checkpoint: only what came after the newest one; all when left out."}}},
      {.method = Method::get,
       .path = "/api/v1/audit/state",
       .permission = P::audit_read,
       .summary = "How long entries are kept, how many were dropped, and how the signing of checkpoints goes",
       .answer_schema = gate::data_shape(shapes::kAuditState),
       .handler = with(state)},
      {.method = Method::put,
       .path = "/api/v1/audit/retention",
       .permission = P::vault_manage,
       .summary = "Choose how long entries are kept: thirteen months at least; older ones go within a day",
       .accepts = BodyKind::json,
       .body_schema = json::schema<RetentionBody>(),
       .answer_schema = gate::data_shape(shapes::kAuditState),
       .handler = with(set_retention),
       .fresh_sign_in = true},
  };
}

}  // namespace pf::api
