#include "api/webhook_api.h"

#include <algorithm>

#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "gate/shape.h"
#include "productflow/text.h"
#include "webhooks/destination.h"

namespace pf::api {
namespace {

struct WebhookRooms {
  storage::Store& store;
  webhooks::Webhooks& webhooks;
};

json::Value hook_value(const webhooks::Hook& hook) {
  return json::Value::object(
      {{"id", hook.id},
       {"uuid", hook.id},  // as the hosted service names it
       {"url", hook.url},
       {"description", hook.description},
       {"events", texts(hook.types)},
       {"enabled", hook.enabled},
       {"disabled_because", hook.disabled_because.empty() ? json::Value(nullptr) : json::Value(hook.disabled_because)},
       {"failing_since", moment(hook.failing_since)},
       {"old_secret_until", moment(hook.old_secret_until)},
       {"by", hook.by},
       {"created_at", rfc3339(hook.created_at)},
       {"updated_at", rfc3339(hook.updated_at)}});
}

json::Value host_value(const webhooks::Host& host) {
  return json::Value::object({{"host", host.place},
                              {"private_network", host.private_network},
                              {"authority", host.authority},
                              {"by", host.by},
                              {"created_at", rfc3339(host.at)}});
}

json::Value delivery_value(const webhooks::Delivery& delivery) {
  json::Value attempts = json::Value::array();
  for (const auto& attempt : delivery.attempts)
    attempts.push(
        json::Value::object({{"at", rfc3339(attempt.at)},
                             {"status", attempt.status == 0 ? json::Value(nullptr) : json::Value(attempt.status)},
                             {"milliseconds", std::int64_t{attempt.took.count()}},
                             {"answer", attempt.answer}}));
  return json::Value::object({{"id", std::to_string(delivery.number)},
                              {"event", delivery.event == 0 ? json::Value(nullptr) : json::Value(delivery.event)},
                              {"type", delivery.type},
                              {"event_at", rfc3339(delivery.event_at)},
                              {"created_at", rfc3339(delivery.created_at)},
                              {"status", webhooks::status_name(delivery.status)},
                              {"next_at", moment(delivery.next_at)},
                              {"attempts", std::move(attempts)}});
}

struct HookBody {
  std::optional<std::string> url, description, event;
  std::optional<std::vector<std::string>> events;
  std::optional<bool> enabled, allow_host, private_network;
  std::optional<std::string> authority;
  template <class V>
  void fields(V& visit) {
    visit("url", url, "Where to: https, at a host that is allowed.");
    visit("description", description, "What it is for.");
    visit("event", event, "One event alone; or several as events.");
    visit("events", events, "Names of GET /api/v1/webhook-event; none: all.");
    visit("enabled", enabled, "False: nothing is sent, and nothing is kept to be sent.");
    visit("allow_host", allow_host, "Allow the address's host too; needs the permission tokens.");
    visit("private_network", private_network, "With allow_host: the host is in the shop's own network.");
    visit("authority", authority, "With allow_host: PEM, the only authority that is trusted there.");
  }
};

struct HostBody {
  std::optional<bool> private_network;
  std::optional<std::string> authority;
  template <class V>
  void fields(V& visit) {
    visit("private_network", private_network, "Whether it may be in the shop's own network, or on this machine.");
    visit("authority", authority, "PEM: the only authority that is trusted there; the machine's own without.");
  }
};

struct ReplayBody {
  std::string since;
  template <class V>
  void fields(V& visit) {
    visit("since", since, "RFC 3339: every event from then on, at most a week back and 10,000.");
  }
};

json::Value body_or_nothing(const Call& call) {
  return call.body.is_null() ? json::Value(json::Members{}) : call.body;
}

Result<webhooks::HookChange> change_of(const HookBody& body) {
  webhooks::HookChange change{
      .url = body.url, .description = body.description, .types = body.events, .enabled = body.enabled};
  if (body.event && body.events) return invalid("event", "conflict", "Send event or events, not both.");
  if (body.event) change.types = std::vector<std::string>{*body.event};
  if (change.types)  // once each
    std::erase_if(*change.types, [seen = std::vector<std::string>()](const std::string& one) mutable {
      if (std::ranges::find(seen, one) != seen.end()) return true;
      seen.push_back(one);
      return false;
    });
  return change;
}

// What a body says about the host of its address.
Result<> allow_named_host(const WebhookRooms& rooms, const Call& call, const HookBody& body) {
  if (!body.allow_host.value_or(false)) {
    if (body.private_network || body.authority)
      return invalid("allow_host", "required",
                     "private_network and authority are about the host: send allow_host too.");
    return {};
  }
  if (!call.actor.can(Permission::tokens)) {
    Error refused = error(ErrorCode::forbidden, "Only who has the permission tokens allows hosts.");
    refused.faults.push_back({"allow_host", "permission", refused.message});
    return refused;
  }
  if (!body.url) return invalid("url", "required", "url is required: its host is to be allowed");
  PF_LET(const auto to, webhooks::destination_of(*body.url));
  PF_TRY(rooms.webhooks.allow(call.actor, {.place = to.place(),
                                           .private_network = body.private_network.value_or(false),
                                           .authority = body.authority.value_or("")}));
  return {};
}

Result<Answer> list_hooks(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto hooks, rooms.webhooks.hooks(rooms.store.read()));
  json::Value list = json::Value::array();
  for (const auto& hook : hooks) list.push(hook_value(hook));
  return small_list(call, std::move(list));
}

Result<Answer> show_hook(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto hook, rooms.webhooks.hook(rooms.store.read(), call.path_value("id")));
  return Answer{.body = data(hook_value(hook))};
}

Answer with_secret(const std::pair<webhooks::Hook, std::string>& made) {
  json::Value value = hook_value(made.first);
  value.set("secret", made.second);
  return {.body = data(std::move(value)), .headers = {{"cache-control", "no-store"}}};
}

Result<Answer> create_hook(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<HookBody>(body_or_nothing(call)));
  PF_LET(const auto change, change_of(body));
  PF_TRY(allow_named_host(rooms, call, body));
  PF_LET(const auto made, rooms.webhooks.create(call.actor, change));
  return with_secret(made);
}

Result<Answer> change_hook(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<HookBody>(body_or_nothing(call)));
  PF_LET(const auto change, change_of(body));
  PF_TRY(allow_named_host(rooms, call, body));
  PF_LET(const auto hook, rooms.webhooks.change(call.actor, call.path_value("id"), change));
  return Answer{.body = data(hook_value(hook))};
}

Result<Answer> remove_hook(const WebhookRooms& rooms, const Call& call) {
  PF_TRY(rooms.webhooks.remove(call.actor, call.path_value("id")));
  return Answer{};
}

Result<Answer> rotate_hook(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto made, rooms.webhooks.rotate(call.actor, call.path_value("id")));
  return with_secret(made);
}

Result<Answer> test_hook(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto made, rooms.webhooks.test(call.actor, call.path_value("id")));
  return Answer{.body = data(delivery_value(made))};
}

Result<std::uint64_t> number_of(const Call& call) {
  const auto number = parse_int(call.path_value("n"));
  if (!number || *number < 1) return error(ErrorCode::not_found, "There is no such delivery.");
  return static_cast<std::uint64_t>(*number);
}

Result<Answer> list_deliveries(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto paging, paging_of(call));
  const auto before = parse_int(paging.cursor).value_or(0);
  std::optional<webhooks::DeliveryStatus> status;
  if (const auto wanted = call.query_value("status[eq]")) {
    for (const auto one :
         {webhooks::DeliveryStatus::pending, webhooks::DeliveryStatus::delivered, webhooks::DeliveryStatus::failed})
      if (webhooks::status_name(one) == *wanted) status = one;
    if (!status) return invalid("status[eq]", "value", "status can be pending, delivered or failed");
  }
  PF_LET(const auto page, rooms.webhooks.deliveries(rooms.store.read(), call.path_value("id"), status,
                                                    static_cast<std::uint64_t>(std::max<std::int64_t>(before, 0)),
                                                    static_cast<std::size_t>(paging.per_page)));
  json::Value list = json::Value::array();
  for (const auto& delivery : page.deliveries) list.push(delivery_value(delivery));
  return Answer{.body = cursor_body(call, std::move(list), paging.per_page,
                                    page.more ? std::to_string(page.deliveries.back().number) : "")};
}

Result<Answer> show_delivery(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto number, number_of(call));
  PF_LET(const auto delivery, rooms.webhooks.delivery(rooms.store.read(), call.path_value("id"), number));
  return Answer{.body = data(delivery_value(delivery))};
}

Result<Answer> replay_one(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto number, number_of(call));
  PF_LET(const auto delivery, rooms.webhooks.replay(call.actor, call.path_value("id"), number));
  return Answer{.body = data(delivery_value(delivery))};
}

Result<Answer> replay_since(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ReplayBody>(body_or_nothing(call)));
  const auto since = parse_time(body.since);
  if (!since.ok()) return invalid("since", "format", "since must be a time such as 2026-11-26T00:00:00Z");
  PF_LET(const std::size_t made, rooms.webhooks.replay_since(call.actor, call.path_value("id"), *since));
  return Answer{.body = data(json::Value::object({{"deliveries", std::uint64_t{made}}}))};
}

Result<Answer> list_types(const WebhookRooms&, const Call& call) {
  json::Value list = json::Value::array();
  for (const auto& type : events::all_types())
    list.push(json::Value::object({{"name", type.name}, {"summary", type.meaning}}));
  return small_list(call, std::move(list));
}

Result<Answer> list_hosts(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto hosts, rooms.webhooks.hosts(rooms.store.read()));
  json::Value list = json::Value::array();
  for (const auto& host : hosts) list.push(host_value(host));
  return small_list(call, std::move(list));
}

Result<Answer> allow_host(const WebhookRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<HostBody>(body_or_nothing(call)));
  PF_LET(const auto host, rooms.webhooks.allow(call.actor, {.place = call.path_value("host"),
                                                            .private_network = body.private_network.value_or(false),
                                                            .authority = body.authority.value_or("")}));
  return Answer{.body = data(host_value(host))};
}

Result<Answer> forbid_host(const WebhookRooms& rooms, const Call& call) {
  PF_TRY(rooms.webhooks.forbid(call.actor, call.path_value("host")));
  return Answer{};
}

}  // namespace

std::vector<Row> webhook_routes(storage::Store& store, webhooks::Webhooks& webhooks) {
  const WebhookRooms rooms{store, webhooks};
  const auto with = handlers_with(rooms);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/webhook",
       .permission = P::settings_read,
       .summary = "List webhooks",
       .answer_schema = gate::list_shape(shapes::kWebhook),
       .handler = with(list_hooks),
       .query = small_list_parameters()},
      {.method = Method::post,
       .path = "/api/v1/webhook",
       .permission = P::settings_write,
       .summary = "Make a webhook (Standard Webhooks); its secret is shown once",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<HookBody>(),
       .answer_schema = gate::data_shape(shapes::kNewWebhook),
       .handler = with(create_hook),
       .fresh_sign_in = true},
      {.method = Method::get,
       .path = "/api/v1/webhook/{id}",
       .permission = P::settings_read,
       .summary = "Show a webhook",
       .answer_schema = gate::data_shape(shapes::kWebhook),
       .handler = with(show_hook)},
      {.method = Method::patch,
       .path = "/api/v1/webhook/{id}",
       .permission = P::settings_write,
       .summary = "Change a webhook, or switch it on and off",
       .accepts = BodyKind::json,
       .body_schema = json::schema<HookBody>(),
       .answer_schema = gate::data_shape(shapes::kWebhook),
       .handler = with(change_hook),
       .fresh_sign_in = true},
      {.method = Method::del,
       .path = "/api/v1/webhook/{id}",
       .permission = P::settings_write,
       .summary = "Remove a webhook and its deliveries",
       .success = 204,
       .handler = with(remove_hook),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/webhook/{id}/secret",
       .permission = P::settings_write,
       .summary = "A new secret, shown once; the old one signs too for another day",
       .success = 201,
       .accepts = BodyKind::none,
       .answer_schema = gate::data_shape(shapes::kNewWebhook),
       .handler = with(rotate_hook),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/webhook/{id}/test",
       .permission = P::settings_write,
       .summary = "Send a message of type webhook.test",
       .success = 202,
       .answer_schema = gate::data_shape(shapes::kDelivery),
       .handler = with(test_hook),
       .fresh_sign_in = true},
      {.method = Method::post,
       .path = "/api/v1/webhook/{id}/replay",
       .permission = P::settings_write,
       .summary = "Send every event since a time again",
       .success = 202,
       .accepts = BodyKind::json,
       .body_schema = json::schema<ReplayBody>(),
       .answer_schema = gate::data_shape(shapes::kReplayed),
       .handler = with(replay_since),
       .fresh_sign_in = true},
      {.method = Method::get,
       .path = "/api/v1/webhook/{id}/delivery",
       .permission = P::settings_read,
       .summary = "List a webhook's deliveries of the last week, newest first",
       .answer_schema = gate::page_shape(shapes::kDelivery),
       .handler = with(list_deliveries),
       .query = {{"status[eq]", "pending, delivered or failed."},
                 {"per_page", "1 to 200."},
                 {"cursor", "meta.next_cursor of the page before."}}},
      {.method = Method::get,
       .path = "/api/v1/webhook/{id}/delivery/{n}",
       .permission = P::settings_read,
       .summary = "Show a delivery and its attempts",
       .answer_schema = gate::data_shape(shapes::kDelivery),
       .handler = with(show_delivery)},
      {.method = Method::post,
       .path = "/api/v1/webhook/{id}/delivery/{n}/replay",
       .permission = P::settings_write,
       .summary = "Send a delivery again, under the same message id",
       .success = 202,
       .answer_schema = gate::data_shape(shapes::kDelivery),
       .handler = with(replay_one),
       .fresh_sign_in = true},
      {.method = Method::get,
       .path = "/api/v1/webhook-event",
       .permission = P::settings_read,
       .summary = "The events that a webhook can be told",
       .answer_schema = gate::list_shape(shapes::kWebhookEvent),
       .handler = with(list_types),
       .query = small_list_parameters()},
      {.method = Method::get,
       .path = "/api/v1/webhook-host",
       .permission = P::settings_read,
       .summary = "The hosts that the shop may send to; there is no connection to any other",
       .answer_schema = gate::list_shape(shapes::kWebhookHost),
       .handler = with(list_hosts),
       .query = small_list_parameters()},
      {.method = Method::put,
       .path = "/api/v1/webhook-host/{host}",
       .permission = P::tokens,
       .summary = "Allow a host, such as hooks.example.com or hooks.example.com:8443",
       .accepts = BodyKind::json,
       .body_schema = json::schema<HostBody>(),
       .answer_schema = gate::data_shape(shapes::kWebhookHost),
       .handler = with(allow_host),
       .fresh_sign_in = true},
      {.method = Method::del,
       .path = "/api/v1/webhook-host/{host}",
       .permission = P::tokens,
       .summary = "Allow a host no longer",
       .success = 204,
       .handler = with(forbid_host),
       .fresh_sign_in = true},
  };
}

}  // namespace pf::api
