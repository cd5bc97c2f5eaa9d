#include "webhooks/webhooks.h"

#include <algorithm>

#include "http/outbound.h"
#include "productflow/text.h"
#include "webhooks/destination.h"
#include "webhooks/signing.h"
#include "webhooks/webhook_keys.h"
#include "webhooks/webhook_records.h"

namespace pf::webhooks {
namespace {

constexpr std::string_view kTestType = "webhook.test";
constexpr std::size_t kTidyAtOnce = 5'000;

// RFC 9562 version 4.
std::string new_id() {
  std::string bytes = crypto::random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string out = hex(bytes);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) out.insert(at, "-");
  return out;
}

std::string object_name(std::string_view id) {
  return "webhook:" + std::string(id);
}

Error no_hook() {
  return error(ErrorCode::not_found, "There is no such webhook.");
}
Error is_off() {
  return error(ErrorCode::conflict, "The webhook is switched off. Switch it on first.");
}

bool wants(const Hook& hook, std::string_view type) {
  return hook.types.empty() || std::ranges::find(hook.types, type) != hook.types.end();
}

std::string big_endian(std::uint64_t number) {
  std::string out;
  put_be64(out, number);
  return out;
}

// Up to a fifth more, so that what failed together does not come back together.
milliseconds with_jitter(std::chrono::seconds wait) {
  const auto thousandths = get_be16(crypto::random_bytes(2)) % 200;
  return milliseconds(wait) + milliseconds(wait) * thousandths / 1'000;
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
  Error faults{ErrorCode::invalid, "", {}};
  if (change.url) {
    const auto to = destination_of(*change.url);
    if (!to.ok()) {
      faults.faults = to.error().faults;
    } else {
      PF_LET(const auto allowed, host(read, to->place()));
      if (!allowed)
        faults.faults.push_back({"url", "host_not_allowed",
                                 "Nothing is sent to " + to->place() +
                                     " before the owner has allowed that host: under Settings, Webhooks, or by PUT "
                                     "/api/v1/webhook-host/" +
                                     percent_encode(to->place()) + "."});
    }
  } else if (create) {
    faults.faults.push_back({"url", "required", "url is required: the receiver's address"});
  }
  if (change.description && (change.description->size() > kDescriptionBytesMax || first_bad_utf8(*change.description)))
    faults.faults.push_back({"description", "length", "The description must have at most 200 bytes."});
  if (change.types)
    for (std::size_t i = 0; i < change.types->size(); ++i)
      if (!events::is_type((*change.types)[i]))
        faults.faults.push_back({"events[" + std::to_string(i) + "]", "unknown",
                                 "There is no event \"" + (*change.types)[i].substr(0, 60) + "\"."});
  if (faults.faults.empty()) return {};
  faults.message = faults.faults[0].message;
  return faults;
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
    work.put(family_, keys::waiting(id, *delivery.next_at, delivery.number), big_endian(delivery.event));
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
  work.put(family_, keys::number(id), big_endian(delivery.number));
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

// ---- for the deliverer

Result<std::size_t> Webhooks::fan_out(std::size_t events_max) {
  std::vector<events::Event> news;
  {
    const auto read = store_.read();
    PF_LET(const auto all, hooks(read));
    // With nobody to tell, nothing is read and nothing written; a hook says itself from where on it wants to be told.
    std::uint64_t from = ~std::uint64_t{0};
    for (const Hook& hook : all)
      if (hook.enabled) from = std::min(from, hook.from);
    if (from == ~std::uint64_t{0}) return std::size_t{0};
    PF_LET(const auto place, read.get(family_, keys::kFannedOut));
    const std::uint64_t done = place && place->size() == 8 ? get_be64(*place) : 0;
    PF_LET(news, events_.after(read, std::max(done, from - 1), events_max));
  }
  if (news.empty()) return std::size_t{0};
  PF_TRY(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const auto all, hooks(work));
    for (const events::Event& event : news)
      for (const Hook& hook : all)
        if (hook.enabled && event.number >= hook.from && wants(hook, event.type))
          PF_TRY(add_delivery(work, hook.id, event.number, event.type, event.at));
    work.put(family_, keys::kFannedOut, big_endian(news.back().number));
    return {};
  }));
  return news.size();
}

Result<std::vector<Webhooks::Due>> Webhooks::due(const storage::Reader& read) const {
  PF_LET(const auto all, hooks(read));
  std::vector<Due> out;
  for (const Hook& hook : all) {
    const std::string prefix = keys::queue(hook.id);
    auto row = read.scan_prefix(family_, prefix);
    if (!hook.enabled || !row.valid() || row.key().size() != prefix.size() + 16) continue;
    const std::string_view place = row.key().substr(prefix.size());
    out.push_back({hook.id, get_be64(place.substr(8)), Time(milliseconds(static_cast<std::int64_t>(get_be64(place))))});
  }
  std::ranges::sort(out, [](const Due& a, const Due& b) { return a.at < b.at; });
  return out;
}

Result<Webhooks::Message> Webhooks::message(const storage::Reader& read, const Due& due) const {
  Message out;
  PF_LET(out.hook, hook(read, due.hook));
  PF_LET(out.delivery, delivery(read, due.hook, due.delivery));
  PF_LET(const auto to, destination_of(out.hook.url));
  PF_LET(const auto allowed, host(read, to.place()));
  if (!allowed) return error(ErrorCode::forbidden, "The host " + to.place() + " is not allowed any more.");
  out.host = *allowed;
  if (out.delivery.event == 0) {
    out.id = "msg_" + due.hook + "_t" + std::to_string(due.delivery);
    out.body = events::body_of(
        {0, out.delivery.event_at, std::string(kTestType), json::Value::object({{"webhook", due.hook}})});
  } else {
    PF_LET(const auto event, events_.after(read, out.delivery.event - 1, 1));
    if (event.empty() || event[0].number != out.delivery.event)
      return error(ErrorCode::gone, "The event of this delivery is kept no longer.");
    out.id = "msg_" + due.hook + "_" + std::to_string(out.delivery.event);
    out.body = events::body_of(event[0]);
  }
  PF_LET(auto current, secret(read, due.hook, 'n'));
  out.secrets.push_back(std::move(current));
  if (out.hook.old_secret_until && clock_.now() < *out.hook.old_secret_until) {
    PF_LET(auto before, secret(read, due.hook, 'o'));
    out.secrets.push_back(std::move(before));
  }
  return out;
}

Result<> Webhooks::switch_off(storage::Write& work, Hook& hook, std::string why) {
  hook.enabled = false;
  hook.disabled_because = std::move(why);
  hook.updated_at = clock_.now();
  PF_TRY(audit_.append(work, access::system_actor(), "webhook.disable", object_name(hook.id),
                       json::Value::object({{"because", hook.disabled_because}})));
  return events_.add(work, events::type::kWebhookDisabled,
                     json::Value::object({{"id", hook.id}, {"because", hook.disabled_because}}));
}

Result<> Webhooks::note(const Due& due, const Attempt& attempt, std::optional<std::chrono::seconds> retry_after) {
  return store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    auto found = hook(work, due.hook);
    auto known = delivery(work, due.hook, due.delivery);
    if (!found.ok() || !known.ok()) return {};  // removed meanwhile
    Hook of = *std::move(found);
    const Delivery before = *known;
    Delivery after = *std::move(known);
    after.attempts.push_back(attempt);
    if (after.attempts.size() > kAttemptsKept) after.attempts.erase(after.attempts.begin());
    ++after.tries;
    after.next_at.reset();
    const Time now = clock_.now();
    if (attempt.status >= 200 && attempt.status < 300) {
      after.status = DeliveryStatus::delivered;
      if (std::exchange(of.failing_since, std::nullopt)) put(work, of);
    } else {
      if (after.tries > std::size(kRetryAfter)) {
        after.status = DeliveryStatus::failed;
      } else {
        const auto asked =
            std::min<std::chrono::seconds>(retry_after.value_or(std::chrono::seconds{0}), std::chrono::hours{24});
        after.next_at = now + std::max(with_jitter(kRetryAfter[after.tries - 1]), milliseconds(asked));
      }
      constexpr int kGone = 410;  // the receiver wants nothing more, says the specification
      const bool first = !of.failing_since;
      if (first) of.failing_since = now;
      if (attempt.status == kGone && of.enabled)
        PF_TRY(switch_off(work, of, "The receiver answered 410 Gone: it wants no more messages."));
      else if (of.enabled && now - *of.failing_since >= kDisableAfter)
        PF_TRY(switch_off(work, of, "Nothing has arrived at the receiver for 5 days."));
      if (first || !of.enabled) put(work, of);
    }
    put(work, due.hook, after, &before);
    return {};
  });
}

Result<> Webhooks::tidy() {
  PF_LET(const auto all, hooks(store_.read()));
  for (const Hook& hook : all)
    for (bool more = true; more;) {
      std::vector<std::pair<std::uint64_t, Delivery>> old;
      {
        const auto read = store_.read();
        const std::string prefix = keys::deliveries(hook.id);
        for (auto row = read.scan_prefix(family_, prefix); row.valid() && old.size() < kTidyAtOnce; row.next()) {
          const std::uint64_t number = get_be64(row.key().substr(prefix.size()));
          auto one = delivery_of_record(number, row.value());
          if (one.ok() && one->created_at >= clock_.now() - kDeliveriesKept) break;
          old.emplace_back(number, one.ok() ? *std::move(one) : Delivery{});
        }
      }
      more = old.size() == kTidyAtOnce;
      if (old.empty()) break;
      PF_TRY(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
        for (const auto& [number, one] : old) {
          if (one.next_at) work.erase(family_, keys::waiting(hook.id, *one.next_at, number));
          work.erase(family_, keys::delivery(hook.id, number));
        }
        return {};
      }));
    }
  // Events that somebody still has to be told stay.
  std::uint64_t needed = 0;
  {
    const auto read = store_.read();
    PF_LET(const std::uint64_t last, events_.last(read));
    needed = last + 1;
    PF_LET(const auto place, read.get(family_, keys::kFannedOut));
    for (const Hook& hook : all) {
      if (!hook.enabled) continue;
      needed = std::min(needed, std::max(hook.from, (place && place->size() == 8 ? get_be64(*place) : 0) + 1));
      for (auto row = read.scan_prefix(family_, keys::queue(hook.id)); row.valid(); row.next())
        if (const std::uint64_t event = row.value().size() == 8 ? get_be64(row.value()) : 0; event != 0)
          needed = std::min(needed, event);
    }
  }
  for (;;) {
    PF_LET(const std::size_t gone, events_.trim(needed, kTidyAtOnce));
    if (gone < kTidyAtOnce) return {};
  }
}

}  // namespace pf::webhooks
