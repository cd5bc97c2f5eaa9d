// Tasks: who does what until when, of some products or of all that a question finds. Functions that change something
// begin their own unit of work. Any thread.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "catalog/product_list.h"
#include "events/events.h"
#include "search/index.h"
#include "storage/store.h"
#include "teamwork/person.h"

namespace pf::teamwork {

inline constexpr std::size_t kTaskTitleBytesMax = 200;  // a line of a list
inline constexpr std::size_t kTaskCommentBytesMax = 4'000;
inline constexpr std::size_t kTaskSkusMax = 200;          // named one by one: a page of the grid; more are a question
inline constexpr std::size_t kTaskQueryBytesMax = 4'000;  // the address of a list, with many filters
inline constexpr std::uint64_t kOpenTasksMax = 10'000;
inline constexpr std::uint64_t kDoneTasksMax = 20'000;  // the oldest are forgotten

using Day = std::chrono::sys_days;  // of the shop's calendar
std::string day_text(Day day);      // "2026-11-30"
std::optional<Day> parse_day(std::string_view text);

struct Task {
  std::uint64_t id = 0, version = 1;
  std::string title{}, comment{};
  std::vector<std::string> skus{};
  std::string query{};  // of the product list: "family[eq]=shirts"; instead of SKUs
  Person assignee{};    // id empty: whoever
  std::optional<Day> due{};
  bool done = false;
  Person by{};
  std::string done_by{};
  Time created_at{}, updated_at{};
  std::optional<Time> done_at{};
};

// What is absent stays as it is.
struct TaskChange {
  std::optional<std::string> title{}, comment{}, query{};
  std::optional<std::vector<std::string>> skus{};
  std::optional<Person> assignee{};
  std::optional<std::optional<Day>> due{};
  std::optional<bool> done{};
};

// `where`: status (open, done), assignee, by and sku by eq, neq, in and nin; due ("2026-11-30") by eq, gt, gte, lt, lte
// and empty; created_at, updated_at and id as in every list. `sort`: due, created_at, updated_at or id; none: newest
// first. A task without a day stands where the last of all days would.
struct TaskQuery {
  std::string text{};  // words of title and comment, SKUs
  std::vector<catalog::Condition> where{};
  std::vector<catalog::SortKey> sort{};
  std::size_t count = 15;
  std::uint64_t offset = 0;  // ignored with a cursor
  std::string cursor{};
  std::string own{};                  // only what this person has made or been given; empty: all
  std::vector<std::string> facets{};  // status or assignee
};
struct TaskPage {
  std::vector<Task> tasks{};
  std::uint64_t total = 0;
  std::string next_cursor{};
  std::vector<std::vector<std::pair<std::string, std::uint64_t>>> facets{};
};

class Tasks {
 public:
  // `done_max`: so many done tasks are kept, the newest.
  Tasks(storage::Store& store, audit::Audit& audit, const Clock& clock, events::Events* events = nullptr,
        std::uint64_t done_max = kDoneTasksMax);

  Result<Task> find(const storage::Reader& read, std::uint64_t id) const;  // or not_found
  Result<TaskPage> list(const storage::Reader& read, const TaskQuery& query) const;
  struct Mine {
    std::uint64_t open = 0, overdue = 0;
  };
  Result<Mine> mine(const storage::Reader& read, std::string_view person, Day today) const;

  // Invalid with every fault.
  Result<Task> create(const access::Actor& by, const TaskChange& said);
  // `read_version`: what the caller saw; conflict (first fault "stale") when it is no more.
  Result<Task> change(const access::Actor& by, std::uint64_t id, const TaskChange& said,
                      std::optional<std::uint64_t> read_version);
  // By whoever made it, or may change products.
  Result<> remove(const access::Actor& by, std::uint64_t id);

 private:
  Result<> save(storage::Write& work, const Task* before, Task& after);
  Result<> tell(storage::Write& work, const Task& task, bool is_new);
  storage::Store& store_;
  audit::Audit& audit_;
  const Clock& clock_;
  events::Events* const events_;
  const std::uint64_t done_max_;
  search::Index index_;
  storage::FamilyRef family_;
};

}  // namespace pf::teamwork
