#include "webhooks/webhooks.h"

#include <algorithm>

#include "http/outbound.h"
#include "productflow/faults.h"
#include "productflow/text.h"
#include "webhooks/destination.h"
#include "webhooks/signing.h"
#include "webhooks/webhook_keys.h"
#include "webhooks/webhook_records.h"

namespace pf::webhooks {
namespace {

// RFC 9562 version 4.
std::string new_id() {
  std::string bytes = crypto::random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string out = hex(bytes);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) out.insert(at, "-");
  return out;
}

Error no_hook() {
  return error(ErrorCode::not_found, "There is no such webhook.");
}
Error is_off() {
  return error(ErrorCode::conflict, "The webhook is switched off. Switch it on first.");
}

// Reads the records of a prefix that is followed by a hook's id or a place.
template <class Read>
auto read_all(const storage::Reader& read, storage::FamilyRef family, std::string_view prefix, Read of_record)
    -> Result<std::vector<typename decltype(of_record("", ""))::value_type>> {
  std::vector<typename decltype(of_record("", ""))::value_type> all;
  for (auto row = read.scan_prefix(family, prefix); row.valid(); row.next()) {
    PF_LET(auto one, of_record(row.key().substr(1), row.value()));
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

std::vector<storage::Family> Webhooks::families() {
  return {{.name = std::string(keys::kFamily)}};
}

Webhooks::Webhooks(storage::Store& store, events::Events& events, audit::Audit& audit, const Clock& clock,
                   std::string_view pepper)
    : store_(store),
      events_(events),
      audit_(audit),
      clock_(clock),
      key_(crypto::hkdf_sha256(pepper, "", "pf/v1/webhook-secrets", crypto::kGcmKeyBytes)),
      family_(store.family(keys::kFamily)) {}

// ---- hosts

Result<std::vector<Host>> Webhooks::hosts(const storage::Reader& read) const {
  return read_all(read, family_, "a", host_of_record);
}

Result<std::optional<Host>> Webhooks::host(const storage::Reader& read, std::string_view place) const {
  PF_LET(const auto record, read.get(family_, keys::host(place)));
  if (!record) return std::optional<Host>{};
  PF_LET(auto found, host_of_record(place, *record));
  return std::optional<Host>(std::move(found));
}

Result<Host> Webhooks::allow(const access::Actor& by, const Host& wanted) {
  PF_LET(const auto place, place_of(trim(wanted.place)));
  if (wanted.authority.size() > kAuthorityBytesMax)
    return invalid("authority", "length", "The authority must have at most 64 KiB.");
  if (!wanted.authority.empty()) PF_TRY(http::check_authority(wanted.authority));
  Host host{place.place(), wanted.private_network, wanted.authority, by.name, clock_.now()};
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto all, hosts(work));
    if (all.size() >= kHostsMax && std::ranges::none_of(all, [&](const Host& one) { return one.place == host.place; }))
      return error(ErrorCode::too_many, "There are 100 allowed hosts already. Remove one that is not needed.");
    work.put(family_, keys::host(host.place), record_of(host));
    return audit_.append(
        work, by, "webhook.allow_host", "host:" + host.place,
        json::Value::object({{"private_network", host.private_network}, {"own_authority", !host.authority.empty()}}));
  }));
  return host;
}

Result<> Webhooks::forbid(const access::Actor& by, std::string_view place) {
  return store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto there, host(work, place));
    if (!there) return error(ErrorCode::not_found, "That host is not allowed, so there is nothing to remove.");
    work.erase(family_, keys::host(place));
    return audit_.append(work, by, "webhook.forbid_host", "host:" + std::string(place), json::Value(json::Members{}));
  });
}

// ---- hooks

Result<std::vector<Hook>> Webhooks::hooks(const storage::Reader& read) const {
  PF_LET(auto all, read_all(read, family_, "h", hook_of_record));
  std::ranges::sort(
      all, [](const Hook& a, const Hook& b) { return std::tie(a.created_at, a.id) < std::tie(b.created_at, b.id); });
  return all;
}

Result<Hook> Webhooks::hook(const storage::Reader& read, std::string_view id) const {
  if (id.size() != keys::kIdBytes) return no_hook();
  PF_LET(const auto record, read.get(family_, keys::hook(id)));
  if (!record) return no_hook();
  return hook_of_record(id, *record);
}

void Webhooks::put(storage::Write& work, const Hook& hook) {
  work.put(family_, keys::hook(hook.id), record_of(hook));
}

Result<> Webhooks::check(const storage::Reader& read, const HookChange& change, bool create) const {
  Faults faults;
  if (change.url) {
    const auto to = destination_of(*change.url);
    if (!to.ok()) {
      faults.take(to.error());
    } else {
      PF_LET(const auto allowed, host(read, to->place()));
      if (!allowed)
        faults.add("url", "host_not_allowed",
                   "Nothing is sent to " + to->place() +
                       " before the owner has allowed that host: under Settings, Webhooks, or by PUT "
                       "/api/v1/webhook-host/" +
                       percent_encode(to->place()) + ".");
    }
  } else if (create) {
    faults.add("url", "required", "url is required: the receiver's address");
  }
  if (change.description && (change.description->size() > kDescriptionBytesMax || first_bad_utf8(*change.description)))
    faults.add("description", "length", "The description must have at most 200 bytes.");
  if (change.types)
    for (std::size_t i = 0; i < change.types->size(); ++i)
      if (!events::is_type((*change.types)[i]))
        faults.add("events[" + std::to_string(i) + "]", "unknown",
                   "There is no event \"" + (*change.types)[i].substr(0, 60) + "\".");
  return std::move(faults).checked();
}

Result<> Webhooks::put_secret(storage::Write& work, std::string_view id, char which, std::string_view secret) {
  const std::string nonce = crypto::random_bytes(crypto::kGcmNonceBytes);
  work.put(family_, keys::secret(id, which), nonce + crypto::gcm_seal(key_.bytes(), nonce, id, secret));
  return {};
}

Result<std::string> Webhooks::secret(const storage::Reader& read, std::string_view id, char which) const {
  PF_LET(const auto sealed, read.get(family_, keys::secret(id, which)));
  const Error lost = error(ErrorCode::internal, "The webhook's secret cannot be opened. Give it a new one.");
  if (!sealed || sealed->size() < crypto::kGcmNonceBytes) return lost;
  const auto opened = crypto::gcm_open(key_.bytes(), std::string_view(*sealed).substr(0, crypto::kGcmNonceBytes), id,
                                       std::string_view(*sealed).substr(crypto::kGcmNonceBytes));
  if (!opened) return lost;
  return std::string(opened->bytes());
}

Result<std::pair<Hook, std::string>> Webhooks::create(const access::Actor& by, const HookChange& wanted) {
  Hook hook;
  hook.id = new_id();
  hook.url = wanted.url.value_or("");
  hook.description = wanted.description.value_or("");
  hook.types = wanted.types.value_or(std::vector<std::string>{});
  hook.enabled = wanted.enabled.value_or(true);
  hook.by = by.name;
  hook.created_at = hook.updated_at = clock_.now();
  const std::string secret_bytes = crypto::random_bytes(kSecretBytes);
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_TRY(check(work, wanted, true));
    PF_LET(const auto all, hooks(work));
    if (all.size() >= kHooksMax)
      return error(ErrorCode::too_many, "There are 50 webhooks already. Remove one that is not needed.");
    PF_LET(const std::uint64_t last, events_.last(work));
    hook.from = last + 1;
    put(work, hook);
    PF_TRY(put_secret(work, hook.id, 'n', secret_bytes));
    work.after_commit([this] { listener_(); });
    // Paths of receivers may be secrets: the log names the host.
    return audit_.append(work, by, "webhook.create", object_name(hook.id),
                         json::Value::object({{"host", destination_of(hook.url)->place()}}));
  }));
  return std::pair(hook, secret_text(secret_bytes));
}

Result<Hook> Webhooks::change(const access::Actor& by, std::string_view id, const HookChange& change) {
  Hook after;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(after, hook(work, id));
    PF_TRY(check(work, change, false));
    json::Value fields = json::Value::array();
    const auto set = [&](const char* name, auto& field, const auto& wanted) {
      if (!wanted || field == *wanted) return;
      field = *wanted;
      fields.push(name);
    };
    set("url", after.url, change.url);
    set("description", after.description, change.description);
    set("events", after.types, change.types);
    const bool was_on = after.enabled;
    set("enabled", after.enabled, change.enabled);
    if (fields.as_array() == nullptr || fields.as_array()->empty()) return {};
    if (!was_on && after.enabled) {
      PF_LET(const std::uint64_t last, events_.last(work));
      after.from = last + 1;  // what happened meanwhile is sent when it is asked for: replay_since()
      after.failing_since.reset();
      after.disabled_because.clear();
    }
    after.updated_at = clock_.now();
    put(work, after);
    work.after_commit([this] { listener_(); });
    return audit_.append(work, by, "webhook.change", object_name(id), json::Value::object({{"fields", fields}}));
  }));
  return after;
}

Result<> Webhooks::remove(const access::Actor& by, std::string_view id) {
  return store_.write([&](storage::Write& work) -> Result<> {
    PF_TRY(hook(work, id));
    std::vector<std::string> gone{keys::hook(id), keys::number(id), keys::secret(id, 'n'), keys::secret(id, 'o')};
    for (const std::string& prefix : {keys::deliveries(id), keys::queue(id)})
      for (auto row = work.scan_prefix(family_, prefix); row.valid(); row.next()) gone.emplace_back(row.key());
    for (const std::string& key : gone) work.erase(family_, key);
    return audit_.append(work, by, "webhook.remove", object_name(id), json::Value(json::Members{}));
  });
}

Result<std::pair<Hook, std::string>> Webhooks::rotate(const access::Actor& by, std::string_view id) {
  Hook after;
  const std::string fresh = crypto::random_bytes(kSecretBytes);
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(after, hook(work, id));
    PF_LET(const std::string before, secret(work, id, 'n'));
    after.old_secret_until = clock_.now() + kSecretOverlap;
    after.updated_at = clock_.now();
    PF_TRY(put_secret(work, id, 'o', before));
    PF_TRY(put_secret(work, id, 'n', fresh));
    put(work, after);
    return audit_.append(work, by, "webhook.rotate", object_name(id), json::Value(json::Members{}));
  }));
  return std::pair(after, secret_text(fresh));
}

// ---- deliveries

void Webhooks::put(storage::Write& work, std::string_view id, const Delivery& delivery, const Delivery* before) {
  if (before != nullptr && before->next_at) work.erase(family_, keys::waiting(id, *before->next_at, delivery.number));
  work.put(family_, keys::delivery(id, delivery.number), record_of(delivery));
  if (delivery.next_at)
    work.put(family_, keys::waiting(id, *delivery.next_at, delivery.number), record_of_number(delivery.event));
}

Result<Delivery> Webhooks::add_delivery(storage::Write& work, std::string_view id, std::uint64_t event,
                                        std::string_view type, Time event_at) {
  PF_LET(const auto last, work.get(family_, keys::number(id)));
  Delivery delivery;
  delivery.number = (last && last->size() == 8 ? get_be64(*last) : 0) + 1;
  delivery.event = event;
  delivery.type = type;
  delivery.event_at = event_at;
  delivery.created_at = clock_.now();
  delivery.next_at = delivery.created_at;
  work.put(family_, keys::number(id), record_of_number(delivery.number));
  put(work, id, delivery, nullptr);
  return delivery;
}

Result<Delivery> Webhooks::delivery(const storage::Reader& read, std::string_view id, std::uint64_t number) const {
  PF_TRY(hook(read, id));
  PF_LET(const auto record, read.get(family_, keys::delivery(id, number)));
  if (!record) return error(ErrorCode::not_found, "The webhook has no delivery " + std::to_string(number) + ".");
  return delivery_of_record(number, *record);
}

Result<Webhooks::Page> Webhooks::deliveries(const storage::Reader& read, std::string_view id,
                                            std::optional<DeliveryStatus> status, std::uint64_t before,
                                            std::size_t count) const {
  PF_TRY(hook(read, id));
  Page page;
  const std::string start = keys::deliveries(id), end = keys::delivery(id, before == 0 ? ~std::uint64_t{0} : before);
  auto row = read.scan(family_, start, end);
  for (row.seek_for_prev(end); row.valid(); row.prev()) {
    PF_LET(auto one, delivery_of_record(get_be64(row.key().substr(start.size())), row.value()));
    if (status && one.status != *status) continue;
    page.more = page.deliveries.size() == count;
    if (page.more) break;
    page.deliveries.push_back(std::move(one));
  }
  return page;
}

Result<Delivery> Webhooks::replay(const access::Actor& by, std::string_view id, std::uint64_t number) {
  Delivery after;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const Hook of, hook(work, id));
    if (!of.enabled) return is_off();
    PF_LET(const Delivery before, delivery(work, id, number));
    PF_LET(const std::uint64_t first, events_.first(work));
    if (before.event != 0 && before.event < first)
      return error(ErrorCode::gone, "The event of this delivery is kept no longer.");
    after = before;
    after.status = DeliveryStatus::pending;
    after.tries = 0;
    after.next_at = clock_.now();
    put(work, id, after, &before);
    work.after_commit([this] { listener_(); });
    return audit_.append(work, by, "webhook.replay", object_name(id), json::Value::object({{"deliveries", 1}}));
  }));
  return after;
}

Result<std::size_t> Webhooks::replay_since(const access::Actor& by, std::string_view id, Time since) {
  std::size_t made = 0;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    made = 0;
    PF_LET(const Hook of, hook(work, id));
    if (!of.enabled) return is_off();
    PF_LET(std::uint64_t next, events_.since(work, since));
    for (;;) {
      PF_LET(const auto some, events_.after(work, next - 1, 500));
      for (const events::Event& event : some) {
        if (!wants(of, event.type)) continue;
        if (++made > kReplayMax)
          return error(ErrorCode::too_large, "More than 10,000 events happened since then. Ask for a later time.");
        PF_TRY(add_delivery(work, id, event.number, event.type, event.at));
      }
      if (some.empty()) break;
      next = some.back().number + 1;
    }
    work.after_commit([this] { listener_(); });
    return audit_.append(work, by, "webhook.replay", object_name(id),
                         json::Value::object({{"deliveries", std::uint64_t{made}}, {"since", rfc3339(since)}}));
  }));
  return made;
}

Result<Delivery> Webhooks::test(const access::Actor& by, std::string_view id) {
  Delivery made;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const Hook of, hook(work, id));
    if (!of.enabled) return is_off();
    PF_LET(made, add_delivery(work, id, 0, kTestType, clock_.now()));
    work.after_commit([this] { listener_(); });
    return audit_.append(work, by, "webhook.test", object_name(id), json::Value(json::Members{}));
  }));
  return made;
}

}  // namespace pf::webhooks
