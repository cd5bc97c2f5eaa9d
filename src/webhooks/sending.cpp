// What the deliverer asks for and tells: events into deliveries, what is due, how it went, what may be forgotten.
#include <algorithm>

#include "productflow/text.h"
#include "webhooks/destination.h"
#include "webhooks/webhook_keys.h"
#include "webhooks/webhook_records.h"
#include "webhooks/webhooks.h"

namespace pf::webhooks {
namespace {

constexpr std::size_t kTidyAtOnce = 5'000;

bool wants(const Hook& hook, std::string_view type) {
  return hook.types.empty() || std::ranges::find(hook.types, type) != hook.types.end();
}

// Up to a fifth more, so that what failed together does not come back together.
milliseconds with_jitter(std::chrono::seconds wait) {
  const auto thousandths = get_be16(crypto::random_bytes(2)) % 200;
  return milliseconds(wait) + milliseconds(wait) * thousandths / 1'000;
}

}  // namespace

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
    work.put(family_, keys::kFannedOut, record_of_number(news.back().number));
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
