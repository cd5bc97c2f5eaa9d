// Bulk edits, runs of rules and undos as jobs: what they are about is fixed when they begin, each unit of work keeps
// its changes and how far the job is at once, and a restart goes on at that very place. Any thread.
//
//   queued -> running -> done | failed | cancelled        a restart: queued again, and `resumed` says so
//
// Stored on disk (family "jobs", beside imports.h): "e" be64 id -> JSON of the job; "f" be64 id be64 number -> JSON of
// a report row; "s" be64 id be32 number -> JSON array of SKUs that wait, of an undo of arrays [SKU, document, version,
// whether it was made, version and time of the offer] that wait for others; "u" be8 origin kind be64 id -> be64 id of
// the latest undo of that import or bulk edit; "t" be64 id be64 order -> JSON of what a run of rules did to an order.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "exchange/importer.h"
#include "jobs/bell.h"
#include "jobs/import_trail.h"
#include "rules/rules.h"

namespace pf::jobs {

inline constexpr std::size_t kEditProductsMax = 1'000'000;    // of one bulk edit
inline constexpr std::size_t kSelectionBytesMax = 32u << 20;  // SKUs of one bulk edit: half a unit of work
inline constexpr std::size_t kEditedAtOnce = 250;             // products of one unit of work: some 50 ms

struct Edit {
  std::uint64_t id = 0;
  bool is_undo = false;
  bool of_rules = false;   // a run of rules: all that are in force, or `rule` alone
  bool of_orders = false;  // of orders, not of products: a run of rules, or the undo of one
  std::uint64_t rule = 0;
  json::Value rules{};            // of a run: [{"id", "name", "matched", "changed", "failed"}] so far
  std::string status = "queued";  // queued, running, done, failed, cancelled
  std::string message{}, by{};
  std::string by_id{}, by_user{};     // who began it: the person, or his program and he
  bool resumed = false;               // a restart came between
  json::Value actions{};              // of a bulk edit, as they were sent
  std::string locale{};               // the same
  catalog::Origin undoes{};           // of an undo
  std::uint64_t total = 0, done = 0;  // products; of an undo whatever else there is, too
  std::uint64_t changed = 0, unchanged = 0, refused = 0, deleted = 0, collided = 0;
  Time created_at{}, finished_at{};
  bool ended() const { return status != "queued" && status != "running"; }
};

// Orders whose parcels have not left, which rules say how to work on; too_large above kEditProductsMax.
Result<> open_orders(const storage::Reader& read, const orders::Orders& orders, std::vector<std::string>& numbers);

class Edits {
 public:
  Edits(const exchange::Rooms& rooms, rules::Rules& rules, const Clock& clock);
  ~Edits();  // ends at the next unit of work; goes on after the next start
  Edits(const Edits&) = delete;
  Edits& operator=(const Edits&) = delete;

  // REQUIRES: `actions` is good (bulk_actions_of). Invalid without products, too_large above the limits.
  Result<Edit> start(const access::Actor& by, json::Value actions, std::string locale,
                     const std::vector<std::string>& skus);
  // Follows the rules that are in force, or `rule` alone (0: all), for these products, or orders by their numbers.
  Result<Edit> start_rules(const access::Actor& by, rules::On on, std::uint64_t rule,
                           const std::vector<std::string>& names);
  // Takes an import or a bulk edit back: what it did to products, and what an import set beside them. Conflict when it
  // changed nothing or is no longer known; the job that does it already, if one does. `unit_ended`: what was priced
  // later was priced by somebody else.
  Result<Edit> start_undo(const access::Actor& by, const catalog::Origin& unit, Time unit_ended);
  // Whether that unit has changed anything that is still known.
  Result<bool> can_undo(const storage::Reader& read, const catalog::Origin& unit) const;
  Bell& ended() { return ended_; }    // rings when a job has ended
  Result<> cancel(std::uint64_t id);  // what was done until then stays, and can be undone

  Result<std::optional<Edit>> find(const storage::Reader& read, std::uint64_t id) const;
  Result<std::optional<Edit>> undo_of(const storage::Reader& read, const catalog::Origin& unit) const;  // the latest
  Result<std::vector<Edit>> list(const storage::Reader& read, std::uint64_t before, std::size_t count) const;
  // Report rows after `after`, as JSON: {"sku", "outcome": refused or collided, "errors"}.
  Result<std::vector<std::pair<std::uint64_t, json::Value>>> rows(const storage::Reader& read, std::uint64_t id,
                                                                  std::uint64_t after, std::size_t count) const;

 private:
  struct State;  // an Edit with what only the job needs
  Result<std::optional<State>> load(const storage::Reader& read, std::uint64_t id) const;
  void put(storage::Write& work, const State& state) const;
  Result<std::uint64_t> next_id(const storage::Reader& read) const;
  void queue(std::uint64_t id);
  void run();
  void work_on(std::uint64_t id);
  Result<bool> step(std::uint64_t id, std::size_t at_once);  // whether more waits
  Result<bool> bulk_step(const State& before, std::size_t at_once);
  Result<bool> undo_step(const State& before, std::size_t at_once);
  Result<bool> undo_products_step(const State& before, std::size_t at_once);
  // undo_trail.cpp
  struct TakenBack;
  Result<bool> undo_trail_step(const State& before, ImportTrail::Part part, std::size_t at_once);
  Result<bool> may_take_back(const storage::Reader& read, const State& state, const exchange::SetBeside& set) const;
  Result<TakenBack> take_back(storage::Write& work, const State& state, const exchange::SetPieces& set);
  Result<TakenBack> take_back(storage::Write& work, const State& state, const exchange::SetShelf& set);
  Result<TakenBack> take_back(storage::Write& work, const State& state, const exchange::SetRecord& set);
  Result<TakenBack> take_back_reference(storage::Write& work, const State& state, const exchange::SetRecord& set);
  Result<std::vector<catalog::Touched>> next_waiting(const State& state, std::size_t at_once,
                                                     std::vector<std::pair<std::string, std::string>>& left) const;
  Result<bool> orders_step(const State& before, std::size_t at_once);
  Result<bool> orders_undo_step(const State& before, std::size_t at_once);
  Result<std::vector<std::string>> next_names(const State& state, std::size_t at_once, std::size_t& of) const;
  void went_on(storage::Write& work, State& state, std::size_t at_once, std::size_t of) const;
  Result<Edit> begin(State state, const std::vector<std::string>& names);
  void put_row(storage::Write& work, State& state, const std::string& sku, const char* outcome,
               const std::vector<FieldFault>& faults) const;
  Result<> finish(std::uint64_t id, const char* status, const std::string& message);

  const exchange::Rooms rooms_;
  storage::Store& store_;
  catalog::Products& products_;
  orders::Orders& orders_;
  rules::Rules& rules_;
  const Clock& clock_;
  const storage::FamilyRef family_;
  const ImportTrail trail_;
  std::mutex mutex_;  // guards the three below
  std::deque<std::uint64_t> queue_;
  std::vector<std::uint64_t> cancelled_;
  bool stop_ = false;
  std::condition_variable ready_;
  Bell ended_;
  std::thread worker_;  // last: starts when the others are there
};

}  // namespace pf::jobs
