#include "teamwork/tasks.h"

#include <algorithm>

#include "catalog/product.h"
#include "orders/list_filter.h"
#include "productflow/faults.h"
#include "productflow/text.h"
#include "teamwork/teamwork_keys.h"

namespace pf::teamwork {
namespace {

using orders::ColumnKind;

constexpr std::array<orders::ListColumn, 8> kTaskColumns{{{"status", "status", ColumnKind::term},
                                                          {"assignee", "assignee", ColumnKind::term},
                                                          {"by", "by", ColumnKind::term},
                                                          {"sku", "sku", ColumnKind::term},
                                                          {"due", "due", ColumnKind::number, true},
                                                          {"created_at", "created_at", ColumnKind::time},
                                                          {"updated_at", "updated_at", ColumnKind::time},
                                                          {"id", "id", ColumnKind::number}}};
constexpr orders::ListColumns kTaskList{"list of tasks", kTaskColumns, "due, created_at, updated_at or id",
                                        "created_at"};
constexpr std::size_t kAssigneesShown = 100;  // of a facet
constexpr std::size_t kDoneForgottenAtOnce = 2;

// By which lists are sorted: what has no day stands where the last of all days would.
constexpr std::string_view kDueOrder = "due_order";
constexpr std::int64_t kNoDay = INT64_MAX;

std::string_view status_word(bool done) {
  return done ? "done" : "open";
}

std::int64_t number_of_day(Day day) {
  return day.time_since_epoch().count();
}

// Stored on disk: do not change; a new member is one that may lack, or a new version of the format.
std::string write_task(const Task& task) {
  json::Value skus = json::Value::array();
  for (const auto& sku : task.skus) skus.push(sku);
  json::Value out = json::Value::object({{"v", kTaskFormat},
                                         {"n", task.version},
                                         {"t", task.title},
                                         {"c", task.comment},
                                         {"sku", std::move(skus)},
                                         {"q", task.query},
                                         {"to", stored_person(task.assignee)},
                                         {"ok", task.done},
                                         {"by", stored_person(task.by)},
                                         {"db", task.done_by},
                                         {"cr", stored_moment(task.created_at)},
                                         {"up", stored_moment(task.updated_at)}});
  if (task.due) out.set("due", number_of_day(*task.due));
  if (task.done_at) out.set("da", stored_moment(*task.done_at));
  return json::write(out);
}

Result<Task> read_task(std::uint64_t id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (json::number_in(in, "v") != kTaskFormat)
    return error(ErrorCode::unsupported, "The task " + std::to_string(id) +
                                             " was written by a newer ProductFlow. Start that one, or restore a "
                                             "backup.");
  Task task{.id = id,
            .version = static_cast<std::uint64_t>(json::number_in(in, "n")),
            .title = json::text_in(in, "t"),
            .comment = json::text_in(in, "c"),
            .query = json::text_in(in, "q"),
            .assignee = person_in(in, "to"),
            .done = json::flag_in(in, "ok"),
            .by = person_in(in, "by"),
            .done_by = json::text_in(in, "db"),
            .created_at = moment_in(in, "cr"),
            .updated_at = moment_in(in, "up")};
  if (const auto* all = in.find("sku"); all != nullptr && all->as_array() != nullptr)
    for (const auto& one : *all->as_array())
      if (one.as_string() != nullptr) task.skus.push_back(*one.as_string());
  if (in.find("due") != nullptr) task.due = Day(std::chrono::days(json::number_in(in, "due")));
  if (in.find("da") != nullptr) task.done_at = moment_in(in, "da");
  return task;
}

search::Entry index_entry(const Task& task) {
  search::Entry entry;
  entry.terms = {{"status", std::string(status_word(task.done))}, {"by", task.by.id}};
  if (!task.assignee.id.empty()) entry.terms.emplace_back("assignee", task.assignee.id);
  for (const auto& sku : task.skus) {
    entry.terms.emplace_back("sku", sku);
    for (auto& word : search::words_of(sku)) entry.terms.emplace_back("q", std::move(word));
  }
  for (const auto* text : {&task.title, &task.comment})
    for (auto& word : search::words_of(*text)) entry.terms.emplace_back("q", std::move(word));
  if (task.due) entry.columns.emplace_back("due", orders::sortable(number_of_day(*task.due)));
  entry.columns.emplace_back(kDueOrder, orders::sortable(task.due ? number_of_day(*task.due) : kNoDay));
  entry.columns.emplace_back("created_at", orders::sortable(task.created_at));
  entry.columns.emplace_back("updated_at", orders::sortable(task.updated_at));
  entry.columns.emplace_back("id", orders::sortable(static_cast<std::int64_t>(task.id)));
  return entry;
}

// Days as the index has them; every one that is none is a fault.
Result<std::vector<catalog::Condition>> with_days(std::vector<catalog::Condition> where) {
  Faults faults;
  for (auto& condition : where) {
    if (condition.column != "due" || condition.op == catalog::Operator::empty) continue;
    for (auto& value : condition.values) {
      const auto day = parse_day(value);
      if (day)
        value = std::to_string(number_of_day(*day));
      else
        faults.add("due", "date", "due is a day such as 2026-11-30.");
    }
  }
  PF_TRY(std::move(faults).checked());
  return where;
}

void check_line(Faults& faults, const char* field, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max)
    faults.add(field, "length", "This text has at most " + std::to_string(bytes_max) + " bytes.");
  else if (first_bad_utf8(text))
    faults.add(field, "encoding", "This text is not valid UTF-8.");
}

Result<> check_task(const Task& task) {
  Faults faults;
  if (task.title.empty()) faults.add("title", "required", "Say in a few words what is to be done.");
  check_line(faults, "title", task.title, kTaskTitleBytesMax);
  check_line(faults, "comment", task.comment, kTaskCommentBytesMax);
  check_line(faults, "query", task.query, kTaskQueryBytesMax);
  if (task.skus.size() > kTaskSkusMax)
    faults.add(
        "skus", "count",
        "A task names at most " + std::to_string(kTaskSkusMax) + " products; give the query of a list for more.");
  if (!task.skus.empty() && !task.query.empty()) faults.add("query", "both", "Give skus or a query, not both.");
  for (std::size_t i = 0; i < std::min(task.skus.size(), kTaskSkusMax); ++i)
    if (const auto good = catalog::parse_sku(task.skus[i]); !good.ok())
      faults.add("skus[" + std::to_string(i) + "]", "sku", good.error().message);
  return std::move(faults).checked();
}

Task with_change(Task task, const TaskChange& said) {
  if (said.title) task.title = std::string(trim(*said.title));
  if (said.comment) task.comment = std::string(trim(*said.comment));
  if (said.query) task.query = *said.query;
  if (said.skus) task.skus = *said.skus;
  if (said.assignee) task.assignee = *said.assignee;
  if (said.due) task.due = *said.due;
  return task;
}

json::Value task_details(const Task& task) {
  return json::Value::object({{"title", task.title}, {"assignee", task.assignee.name}});
}

}  // namespace

std::string day_text(Day day) {
  return rfc3339(Time(day)).substr(0, 10);
}

std::optional<Day> parse_day(std::string_view text) {
  constexpr std::size_t kDayBytes = 10;  // a time would be another day elsewhere
  if (text.size() != kDayBytes) return std::nullopt;
  const auto time = parse_time(text);
  if (!time.ok()) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*time);
}

Tasks::Tasks(storage::Store& store, audit::Audit& audit, const Clock& clock, events::Events* events,
             std::uint64_t done_max)
    : store_(store),
      audit_(audit),
      clock_(clock),
      events_(events),
      done_max_(done_max),
      index_(store, kTaskIndexFamily),
      family_(store.family(kTeamworkFamily)) {}

Result<Task> Tasks::find(const storage::Reader& read, std::uint64_t id) const {
  PF_LET(const auto record, read.get(family_, numbered_key('t', id)));
  if (!record) return error(ErrorCode::not_found, "There is no task " + std::to_string(id) + ".");
  return read_task(id, *record);
}

Result<TaskPage> Tasks::list(const storage::Reader& read, const TaskQuery& query) const {
  PF_LET(const auto where, with_days(query.where));
  const auto own = [&](search::Filter filter) {
    if (query.own.empty()) return filter;
    return search::both({std::move(filter),
                         search::either({search::any_of("assignee", {query.own}), search::any_of("by", {query.own})})});
  };
  PF_LET(auto filter, orders::list_filter(kTaskList, query.text, where));
  PF_LET(search::Sort sort, orders::list_sort(kTaskList, query.sort));
  if (sort.column == "due") sort.column = kDueOrder;
  for (search::Sort& key : sort.then)
    if (key.column == "due") key.column = kDueOrder;
  PF_LET(const auto found, index_.page(read, own(std::move(filter)), sort, query.count, query.cursor, query.offset));
  TaskPage page;
  page.total = found.total;
  page.next_cursor = found.next_cursor;
  for (const search::Document document : found.documents) {
    PF_LET(auto task, find(read, std::uint64_t{document} + 1));
    page.tasks.push_back(std::move(task));
  }
  for (const auto& facet : query.facets) {
    PF_LET(auto rest, orders::list_filter(kTaskList, query.text, where, facet));
    PF_LET(auto counts, index_.facet(read, own(std::move(rest)), facet, kAssigneesShown));
    page.facets.push_back(std::move(counts));
  }
  return page;
}

Result<Tasks::Mine> Tasks::mine(const storage::Reader& read, std::string_view person, Day today) const {
  const auto open = search::both(
      {search::any_of("status", {std::string(status_word(false))}), search::any_of("assignee", {std::string(person)})});
  Mine out;
  PF_LET(out.open, index_.count(read, open));
  if (out.open == 0) return out;
  PF_LET(
      out.overdue,
      index_.count(
          read, search::both({open, search::in_range("due", std::nullopt, orders::sortable(number_of_day(today)))})));
  return out;
}

Result<> Tasks::tell(storage::Write& work, const Task& task, bool is_new) {
  if (events_ == nullptr) return {};
  return events_->add(
      work, is_new ? events::type::kTaskCreated : events::type::kTaskUpdated,
      json::Value::object(
          {{"id", std::to_string(task.id)}, {"status", status_word(task.done)}, {"assignee", task.assignee.id}}));
}

Result<> Tasks::save(storage::Write& work, const Task* before, Task& after) {
  after.updated_at = clock_.now();
  if (before != nullptr) ++after.version;
  work.put(family_, numbered_key('t', after.id), write_task(after));
  PF_TRY(index_.update(work, static_cast<search::Document>(after.id - 1),
                       before != nullptr ? index_entry(*before) : search::Entry{}, index_entry(after)));
  PF_TRY(tell(work, after, before == nullptr));
  if (!after.done) return {};
  const auto done = search::any_of("status", {std::string(status_word(true))});
  PF_LET(const auto oldest, index_.page(work, done, {"updated_at", false}, kDoneForgottenAtOnce));
  if (oldest.total <= done_max_) return {};
  for (const auto document : oldest.documents) {
    PF_LET(const auto task, find(work, std::uint64_t{document} + 1));
    PF_TRY(index_.update(work, document, index_entry(task), search::Entry{}));
    work.erase(family_, numbered_key('t', task.id));
  }
  return {};
}

Result<Task> Tasks::create(const access::Actor& by, const TaskChange& said) {
  Task task = with_change({}, said);
  PF_TRY(check_task(task));
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto open, index_.count(work, search::any_of("status", {std::string(status_word(false))})));
    if (open >= kOpenTasksMax)
      return error(ErrorCode::conflict,
                   "There are " + std::to_string(kOpenTasksMax) + " open tasks. Finish or remove some first.");
    PF_LET(const auto document, index_.add_document(work));
    task.id = std::uint64_t{document} + 1;
    task.by = person_of(by);
    task.created_at = clock_.now();
    PF_TRY(save(work, nullptr, task));
    return audit_.append(work, by, "task.create", "task:" + std::to_string(task.id), task_details(task));
  }));
  return task;
}

Result<Task> Tasks::change(const access::Actor& by, std::uint64_t id, const TaskChange& said,
                           std::optional<std::uint64_t> read_version) {
  Task task;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, find(work, id));
    if (read_version && *read_version != before.version) {
      Error stale = error(ErrorCode::conflict, "Somebody has changed the task since you read it. Load it again.");
      stale.faults.push_back({"version", "stale", stale.message});
      return stale;
    }
    task = with_change(before, said);
    PF_TRY(check_task(task));
    if (said.done && *said.done != before.done) {
      task.done = *said.done;
      task.done_at = task.done ? std::optional(clock_.now()) : std::nullopt;
      task.done_by = task.done ? by.name : std::string();
    }
    if (write_task(task) == write_task(before)) return {};
    PF_TRY(save(work, &before, task));
    return audit_.append(work, by, task.done && !before.done ? "task.done" : "task.change",
                         "task:" + std::to_string(id), task_details(task));
  }));
  return task;
}

Result<> Tasks::remove(const access::Actor& by, std::uint64_t id) {
  return store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto task, find(work, id));
    if (task.by.id != by.id && !by.can(access::Permission::catalog_write))
      return error(ErrorCode::forbidden,
                   "A task is removed by whoever made it, or by somebody who may change products.");
    PF_TRY(index_.update(work, static_cast<search::Document>(id - 1), index_entry(task), search::Entry{}));
    work.erase(family_, numbered_key('t', id));
    PF_TRY(tell(work, task, false));
    return audit_.append(work, by, "task.delete", "task:" + std::to_string(id), task_details(task));
  });
}

}  // namespace pf::teamwork
