#include "webhooks/webhook_records.h"

#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::webhooks {
namespace {

json::Value stored(const std::optional<Time>& time) {
  return time ? json::Value(rfc3339(*time)) : json::Value(nullptr);
}

// Reads members of one record; what is missing is as in a new value.
struct Members {
  const json::Value& in;
  std::string text(const char* name) const {
    const json::Value* value = in.find(name);
    return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
  }
  bool flag(const char* name) const {
    const json::Value* value = in.find(name);
    return value != nullptr && value->as_bool() != nullptr && *value->as_bool();
  }
  std::int64_t number(const char* name) const {
    const json::Value* value = in.find(name);
    return value != nullptr ? value->as_int().value_or(0) : 0;
  }
  std::optional<Time> maybe_time(const char* name) const {
    const auto parsed = parse_time(text(name));
    return parsed.ok() ? std::optional<Time>(*parsed) : std::nullopt;
  }
  Time time(const char* name) const { return maybe_time(name).value_or(Time{}); }
};

}  // namespace

std::string_view status_name(DeliveryStatus status) {
  switch (status) {
    case DeliveryStatus::pending:
      return "pending";
    case DeliveryStatus::delivered:
      return "delivered";
    case DeliveryStatus::failed:
      return "failed";
  }
  return "";
}

std::string record_of(const Host& host) {
  return json::write(json::Value::object({{"private_network", host.private_network},
                                          {"authority", host.authority},
                                          {"by", host.by},
                                          {"at", rfc3339(host.at)}}));
}

Result<Host> host_of_record(std::string_view place, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  const Members of{in};
  return Host{std::string(place), of.flag("private_network"), of.text("authority"), of.text("by"), of.time("at")};
}

std::string record_of(const Hook& hook) {
  json::Value types = json::Value::array();
  for (const std::string& type : hook.types) types.push(type);
  return json::write(json::Value::object({{"url", hook.url},
                                          {"description", hook.description},
                                          {"types", std::move(types)},
                                          {"enabled", hook.enabled},
                                          {"disabled_because", hook.disabled_because},
                                          {"from", hook.from},
                                          {"failing_since", stored(hook.failing_since)},
                                          {"old_secret_until", stored(hook.old_secret_until)},
                                          {"by", hook.by},
                                          {"created_at", rfc3339(hook.created_at)},
                                          {"updated_at", rfc3339(hook.updated_at)}}));
}

Result<Hook> hook_of_record(std::string_view id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  const Members of{in};
  Hook hook;
  hook.id = id;
  hook.url = of.text("url");
  hook.description = of.text("description");
  if (const json::Value* types = in.find("types"); types != nullptr && types->as_array() != nullptr)
    for (const json::Value& type : *types->as_array())
      if (type.as_string() != nullptr) hook.types.push_back(*type.as_string());
  hook.enabled = of.flag("enabled");
  hook.disabled_because = of.text("disabled_because");
  hook.from = static_cast<std::uint64_t>(of.number("from"));
  hook.failing_since = of.maybe_time("failing_since");
  hook.old_secret_until = of.maybe_time("old_secret_until");
  hook.by = of.text("by");
  hook.created_at = of.time("created_at");
  hook.updated_at = of.time("updated_at");
  return hook;
}

std::string record_of(const Delivery& delivery) {
  json::Value attempts = json::Value::array();
  for (const Attempt& attempt : delivery.attempts)
    attempts.push(json::Value::object({{"at", rfc3339(attempt.at)},
                                       {"status", attempt.status},
                                       {"took", std::int64_t{attempt.took.count()}},
                                       {"answer", attempt.answer}}));
  return json::write(json::Value::object({{"event", delivery.event},
                                          {"type", delivery.type},
                                          {"event_at", rfc3339(delivery.event_at)},
                                          {"created_at", rfc3339(delivery.created_at)},
                                          {"status", status_name(delivery.status)},
                                          {"tries", delivery.tries},
                                          {"next_at", stored(delivery.next_at)},
                                          {"attempts", std::move(attempts)}}));
}

Result<Delivery> delivery_of_record(std::uint64_t number, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  const Members of{in};
  Delivery delivery;
  delivery.number = number;
  delivery.event = static_cast<std::uint64_t>(of.number("event"));
  delivery.type = of.text("type");
  delivery.event_at = of.time("event_at");
  delivery.created_at = of.time("created_at");
  const std::string status = of.text("status");
  delivery.status = status == "delivered" ? DeliveryStatus::delivered
                    : status == "failed"  ? DeliveryStatus::failed
                                          : DeliveryStatus::pending;
  delivery.tries = static_cast<std::uint32_t>(of.number("tries"));
  delivery.next_at = of.maybe_time("next_at");
  if (const json::Value* attempts = in.find("attempts"); attempts != nullptr && attempts->as_array() != nullptr)
    for (const json::Value& one : *attempts->as_array()) {
      const Members its{one};
      delivery.attempts.push_back({its.time("at"), static_cast<int>(its.number("status")),
                                   milliseconds(its.number("took")), its.text("answer")});
    }
  return delivery;
}

std::string record_of_number(std::uint64_t number) {
  std::string out;
  put_be64(out, number);
  return out;
}

std::string object_name(std::string_view id) {
  return "webhook:" + std::string(id);
}

}  // namespace pf::webhooks
