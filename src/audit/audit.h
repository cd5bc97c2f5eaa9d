// What happened: a hash-chained log. An entry is written in the unit of work of the change it tells of, so there is
// no change without its entry. Never personal data, never a secret: details name fields and counts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "json/json.h"
#include "productflow/clock.h"
#include "storage/store.h"

namespace pf::audit {

struct Entry {
  std::uint64_t number = 0;  // 1, 2, 3 ... without gaps
  Time at{};
  std::string actor_kind, actor_id, actor_name;
  std::string action;     // "order.ship", "buyer.reveal", "session.open", "vault.purge"
  std::string object;     // "order:1000123", "product:A-1"; empty if none
  json::Value details{};  // an object; reasons, counts, names of changed fields
  std::string hash;       // hex SHA-256 over the previous hash and this entry's bytes
};

// An entry's place in the chain. The first one's hangs on number 0 and 32 zero bytes.
struct Place {
  std::uint64_t number = 0;
  std::string hash = std::string(32, '\0');  // SHA-256, bytes
  friend bool operator==(const Place&, const Place&) = default;
};

struct Verdict {
  std::uint64_t entries = 0;  // that were looked at
  std::string fault;          // empty when the chain holds; else which number breaks and how
};

// Thirteen months: Amazon's policy asks for 12 (DPP 2.6), and a year's review needs all of its year.
inline constexpr std::int64_t kKeepDaysMin = 396, kKeepDaysMax = 36'600;

class Audit {
 public:
  static std::vector<storage::Family> families();  // "audit"
  Audit(storage::Store& store, const Clock& clock);
  Result<> append(storage::Write& work, const access::Actor& by, std::string_view action, std::string_view object,
                  json::Value details);
  // Newest first, entries with number < before (0: from the newest), at most `count`.
  Result<std::vector<Entry>> page(const storage::Reader& read, std::uint64_t before, std::size_t count) const;
  // The whole chain, or from after `from` on, which whoever asks must know to be right; to its end, or to entry `to`.
  Result<Verdict> verify(const storage::Reader& read) const;
  Result<Verdict> verify(const storage::Reader& read, const Place& from, std::uint64_t to = UINT64_MAX) const;

  // ---- how long entries are kept. What is dropped leaves its end's place behind, so that the chain holds; whether it
  // was right to drop it, the signed checkpoints tell.
  Result<std::optional<std::int64_t>> keep_days(const storage::Reader& read) const;  // nothing: for ever
  Result<> set_keep_days(storage::Write& work, const access::Actor& by, std::optional<std::int64_t> days);
  Result<Place> begin(const storage::Reader& read) const;
  Result<> drop_to(storage::Write& work, const Place& last);  // takes them out of sight
  // Erases what is out of sight, at most `count` entries; how many.
  Result<std::size_t> sweep(storage::Store& store, std::size_t count) const;

  // Called within every append(), which fails when it does. For the house, before anybody writes.
  using Listener = std::function<Result<>(storage::Write& work, std::string_view action, const json::Value& details)>;
  void on_append(Listener listener) { listener_ = std::move(listener); }

 private:
  const Clock& clock_;
  storage::FamilyRef family_;
  Listener listener_;
};

}  // namespace pf::audit
