// The log of what changed. Numbers rise by one without gaps, in the order in which changes were kept. Functions that
// add join the caller's unit of work. Any thread.
//
// Products and stock change by the thousand, so their events name up to kSkusMax SKUs at once: a file of a million rows
// is ten thousand events.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "productflow/clock.h"
#include "storage/store.h"

namespace pf::events {

inline constexpr std::size_t kSkusMax = 100;            // of one event: with the longest SKUs still below 32 KiB
inline constexpr std::chrono::hours kKeepTime{7 * 24};  // a reader that was away for a week reads everything anew
inline constexpr std::uint64_t kKeepMax = 1'000'000;    // some 200 MB; above, the oldest go before their time

// Names on the wire; never renamed.
namespace type {
inline constexpr std::string_view kOrderCreated = "order.created";
inline constexpr std::string_view kOrderUpdated = "order.updated";
inline constexpr std::string_view kOrderPurged = "order.purged";
inline constexpr std::string_view kShipmentCreated = "shipment.created";
inline constexpr std::string_view kShipmentUpdated = "shipment.updated";
inline constexpr std::string_view kReturnCreated = "return.created";
inline constexpr std::string_view kReturnUpdated = "return.updated";
inline constexpr std::string_view kRefundCreated = "refund.created";
inline constexpr std::string_view kProductCreated = "product.created";
inline constexpr std::string_view kProductUpdated = "product.updated";
inline constexpr std::string_view kProductDeleted = "product.deleted";
inline constexpr std::string_view kDraftCreated = "draft.created";
inline constexpr std::string_view kDraftUpdated = "draft.updated";
inline constexpr std::string_view kCommentCreated = "comment.created";
inline constexpr std::string_view kCommentUpdated = "comment.updated";
inline constexpr std::string_view kTaskCreated = "task.created";
inline constexpr std::string_view kTaskUpdated = "task.updated";
inline constexpr std::string_view kOfferUpdated = "offer.updated";
inline constexpr std::string_view kOfferDeleted = "offer.deleted";
inline constexpr std::string_view kStockUpdated = "stock.updated";
inline constexpr std::string_view kImportUpdated = "import.updated";
inline constexpr std::string_view kVaultSealed = "vault.sealed";
inline constexpr std::string_view kVaultUnsealed = "vault.unsealed";
inline constexpr std::string_view kVaultPurged = "vault.purged";
inline constexpr std::string_view kWebhookDisabled = "webhook.disabled";
inline constexpr std::string_view kScheduleFailed = "schedule.failed";
}  // namespace type
struct TypeInfo {
  std::string_view name, meaning;
};
std::span<const TypeInfo> all_types();
bool is_type(std::string_view name);

struct Event {
  std::uint64_t number = 0;
  Time at{};
  std::string type;
  json::Value data{};  // an object
};
// {"type", "timestamp", "data"}: what is sent, as Standard Webhooks has it.
std::string body_of(const Event& event);

class Batch;

class Events {
 public:
  static std::vector<storage::Family> families();  // "events"
  Events(storage::Store& store, const Clock& clock);

  Result<> add(storage::Write& work, std::string_view type, json::Value data);
  // {"skus": [...]}, in as many events as it takes; none for none.
  Result<> add_skus(storage::Write& work, std::string_view type, std::span<const std::string> skus);
  // The same for one; gathered with others where a Batch of this unit of work is open.
  Result<> add_sku(storage::Write& work, std::string_view type, std::string_view sku);

  // Events with number > `after`, oldest first, at most `count`.
  Result<std::vector<Event>> after(const storage::Reader& read, std::uint64_t after, std::size_t count) const;
  Result<std::uint64_t> last(const storage::Reader& read) const;   // 0: none was ever
  Result<std::uint64_t> first(const storage::Reader& read) const;  // the oldest that is kept; last() + 1 if none is
  // The state of the catalogue: another number after every unit of work that changed products, offers, stock or what
  // lists find them by. Whoever has made something of them knows by it whether that still holds. 0: since ever.
  struct State {
    std::uint64_t number = 0;
    Time at{};  // since when
  };
  Result<State> catalogue_state(const storage::Reader& read) const;
  // The same of orders: another number after every unit of work that changed one.
  Result<State> orders_state(const storage::Reader& read) const;
  // Events of products, offers and stock do so by themselves; this is for changes that are told to nobody.
  Result<> note_catalogue(storage::Write& work);
  // Number of the first event at or after `time`; last() + 1 if there is none.
  Result<std::uint64_t> since(const storage::Reader& read, Time time) const;

  // Called after a unit with events was kept, by its thread: must be quick. Until forgotten; afterwards never again.
  std::uint64_t on_news(std::function<void()> listener);
  void forget(std::uint64_t listener);

  // Forgets what is older than kKeepTime or above kKeepMax, but nothing from `needed` on; how many, at most `count`.
  Result<std::size_t> trim(std::uint64_t needed, std::size_t count);

 private:
  friend class Batch;
  Result<State> state(const storage::Reader& read, std::string_view key) const;
  Result<> note(storage::Write& work, std::string_view key);
  storage::Store& store_;
  const Clock& clock_;
  const storage::FamilyRef family_;
  void tell_news();
  std::mutex listeners_mutex_;
  std::map<std::uint64_t, std::function<void()>> listeners_;  // guarded by listeners_mutex_
  std::uint64_t listeners_made_ = 0;                          // the same
  std::mutex mutex_;
  Batch* open_ = nullptr;  // guarded by mutex_
};

// Gathers the SKUs of one unit of work while it lives, so that a batch is told by few events. Only inside the function
// that decides a unit; of two at once, one that is kept and one that is tried, the later gathers.
class Batch {
 public:
  Batch(Events* events, storage::Write& work);  // null: everything does nothing
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  void note(std::string_view type, std::string_view sku);
  Result<> finish();  // writes what was gathered

 private:
  friend class Events;
  Events* events_;
  storage::Write& work_;
  std::map<std::string, std::vector<std::string>, std::less<>> gathered_;
};

}  // namespace pf::events
