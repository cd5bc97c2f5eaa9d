// Hosts, hooks and their deliveries, kept. Changing hosts and hooks is audited in the same unit of work. Any thread.
//
// A hook is told every event from `from` on that it wants, by a delivery each; those are made by the deliverer from the
// log of events, together with the place up to which the log has been read, so none is forgotten and none is doubled.
// A receiver may still get one twice, since its answer may be lost: the id of the message is then the same.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/actor.h"
#include "audit/audit.h"
#include "crypto/crypto.h"
#include "events/events.h"
#include "productflow/clock.h"
#include "webhooks/webhook.h"

namespace pf::webhooks {

inline constexpr std::size_t kHooksMax = 50, kHostsMax = 100;
inline constexpr std::size_t kDescriptionBytesMax = 200, kAuthorityBytesMax = 64u << 10;
inline constexpr std::size_t kAttemptsKept = 10;        // of one delivery: all of one round
inline constexpr std::size_t kAnswerBytesKept = 1'000;  // enough for a sentence about what was wrong
inline constexpr std::chrono::hours kSecretOverlap{24};
// Nothing arrived for so long: switched off. Longer than a delivery is tried (three days), so that a long week-end is
// survived by what fell into it.
inline constexpr std::chrono::days kDisableAfter{5};
inline constexpr std::chrono::days kDeliveriesKept{7};  // as long as their events
// After the first attempt, at once, these follow: the specification's own schedule, three days in all.
inline constexpr std::chrono::seconds kRetryAfter[] = {
    std::chrono::seconds{5}, std::chrono::minutes{5}, std::chrono::minutes{30},
    std::chrono::hours{2},   std::chrono::hours{5},   std::chrono::hours{10},
    std::chrono::hours{14},  std::chrono::hours{20},  std::chrono::hours{24}};

struct HookChange {
  std::optional<std::string> url{}, description{};
  std::optional<std::vector<std::string>> types{};
  std::optional<bool> enabled{};
};

class Webhooks {
 public:
  static std::vector<storage::Family> families();  // "webhooks"
  // Secrets are sealed under a key made of `pepper`, which is not in the store.
  Webhooks(storage::Store& store, events::Events& events, audit::Audit& audit, const Clock& clock,
           std::string_view pepper);

  // ---- where to
  Result<std::vector<Host>> hosts(const storage::Reader& read) const;  // by place
  Result<Host> allow(const access::Actor& by, const Host& host);       // or changes; faults name its fields
  Result<> forbid(const access::Actor& by, std::string_view place);    // its hooks stay, and fail
  Result<std::optional<Host>> host(const storage::Reader& read, std::string_view place) const;

  // ---- what to whom. The secret's text is shown once. Faults name url (also for a host that is not allowed), events.
  Result<std::pair<Hook, std::string>> create(const access::Actor& by, const HookChange& hook);
  Result<Hook> change(const access::Actor& by, std::string_view id, const HookChange& change);
  Result<> remove(const access::Actor& by, std::string_view id);
  // The old one signs too for kSecretOverlap.
  Result<std::pair<Hook, std::string>> rotate(const access::Actor& by, std::string_view id);
  Result<std::vector<Hook>> hooks(const storage::Reader& read) const;  // oldest first
  Result<Hook> hook(const storage::Reader& read, std::string_view id) const;

  // ---- deliveries
  struct Page {
    std::vector<Delivery> deliveries;
    bool more = false;
  };
  // Newest first, with number < before (0: from the newest); `status` nothing: any.
  Result<Page> deliveries(const storage::Reader& read, std::string_view id, std::optional<DeliveryStatus> status,
                          std::uint64_t before, std::size_t count) const;
  Result<Delivery> delivery(const storage::Reader& read, std::string_view id, std::uint64_t number) const;
  // Once more, with all attempts before it; conflict while the hook is off. gone when its event is kept no longer.
  Result<Delivery> replay(const access::Actor& by, std::string_view id, std::uint64_t number);
  // A delivery for every event since then that the hook wants, whether it had one or not; how many, at most
  // kReplayMax.
  static constexpr std::size_t kReplayMax = 10'000;
  Result<std::size_t> replay_since(const access::Actor& by, std::string_view id, Time since);
  Result<Delivery> test(const access::Actor& by, std::string_view id);

  // ---- for the deliverer
  // Makes deliveries of the next events; how many events it has read: none, when it is at the end.
  Result<std::size_t> fan_out(std::size_t events_max);
  struct Due {
    std::string hook;
    std::uint64_t delivery = 0;
    Time at{};
  };
  // The next of each hook that is on, by time.
  Result<std::vector<Due>> due(const storage::Reader& read) const;
  struct Message {
    Hook hook;
    Host host;
    Delivery delivery;
    std::string id, body;
    std::vector<std::string> secrets;
  };
  // What is to be sent; an Error says why it cannot be, for the attempt.
  Result<Message> message(const storage::Reader& read, const Due& due) const;
  // What came of it. `retry_after`: what the receiver asked for.
  Result<> note(const Due& due, const Attempt& attempt, std::optional<std::chrono::seconds> retry_after);
  // Forgets old deliveries and events; for a timer, about once an hour.
  Result<> tidy();

  // Called when something may be due earlier than before. For the house, before anybody writes.
  void on_due(std::function<void()> listener) { listener_ = std::move(listener); }

 private:
  Result<> check(const storage::Reader& read, const HookChange& change, bool create) const;
  Result<> put_secret(storage::Write& work, std::string_view id, char which, std::string_view secret);
  Result<std::string> secret(const storage::Reader& read, std::string_view id, char which) const;
  void put(storage::Write& work, const Hook& hook);
  void put(storage::Write& work, std::string_view id, const Delivery& delivery, const Delivery* before);
  Result<Delivery> add_delivery(storage::Write& work, std::string_view id, std::uint64_t event, std::string_view type,
                                Time event_at);
  Result<> drop_waiting(storage::Write& work, std::string_view id, std::string_view why);
  Result<> switch_off(storage::Write& work, Hook& hook, std::string why);

  storage::Store& store_;
  events::Events& events_;
  audit::Audit& audit_;
  const Clock& clock_;
  const crypto::SecretBytes key_;
  const storage::FamilyRef family_;
  std::function<void()> listener_ = [] {};
};

}  // namespace pf::webhooks
