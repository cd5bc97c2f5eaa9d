#include <algorithm>
#include <array>

#include "api/conditions.h"
#include "api/list_answer.h"
#include "api/product_question.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/teamwork_api.h"
#include "gate/form.h"
#include "gate/list.h"
#include "gate/shape.h"
#include "productflow/faults.h"
#include "productflow/zone.h"

namespace pf::api {
namespace {

using teamwork::Task;

constexpr std::array<std::string_view, 2> kTaskFacets{"status", "assignee"};
constexpr std::string_view kMe = "me";

// The day that the shop's calendar shows.
Result<teamwork::Day> shop_today(const TeamRooms& rooms) {
  PF_LET(const auto settings, rooms.access.settings());
  const auto zone = Zone::load(settings.time_zone);
  const Time now = rooms.clock.now();
  if (!zone.ok()) return std::chrono::floor<std::chrono::days>(now);  // a machine without time zones
  return teamwork::Day(std::chrono::floor<std::chrono::days>(zone->local(now)).time_since_epoch());
}

json::Value task_person(const teamwork::Person& person) {
  return person.id.empty() ? json::Value(nullptr) : json::Value::object({{"id", person.id}, {"name", person.name}});
}

json::Value task_value(const Call& call, const Task& task, teamwork::Day today) {
  return json::Value::object({{"id", std::to_string(task.id)},
                              {"version", task.version},
                              {"title", task.title},
                              {"comment", task.comment},
                              {"skus", texts(task.skus)},
                              {"query", task.query.empty() ? json::Value(nullptr) : json::Value(task.query)},
                              {"assignee", task_person(task.assignee)},
                              {"due", task.due ? json::Value(teamwork::day_text(*task.due)) : json::Value(nullptr)},
                              {"overdue", !task.done && task.due && *task.due < today},
                              {"status", task.done ? "done" : "open"},
                              {"by", json::Value::object({{"id", task.by.id}, {"name", task.by.name}})},
                              {"done_by", task.done ? json::Value(task.done_by) : json::Value(nullptr)},
                              {"done_at", moment(task.done_at)},
                              {"created_at", rfc3339(task.created_at)},
                              {"updated_at", rfc3339(task.updated_at)},
                              {"removable", task.by.id == call.actor.id || call.actor.can(Permission::catalog_write)}});
}

bool is_confined(const Call& call) {
  return call.limits && !call.limits->categories.empty();
}

Result<Task> asked_task(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto id, path_number(call, "id", "task"));
  PF_LET(auto task, rooms.tasks.find(rooms.store.read(), id));
  if (is_confined(call) && task.by.id != call.actor.id && task.assignee.id != call.actor.id)
    return error(ErrorCode::not_found, "There is no task " + std::to_string(id) + ".");
  return task;
}

Result<Answer> list_tasks(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto asked, gate::list_question(call, {.columns = {}, .sortable = {}, .parameters = {"overdue"}}));
  for (const auto& facet : asked.facets)
    if (std::ranges::find(kTaskFacets, facet) == kTaskFacets.end())
      return invalid("facets", "unknown", "Tasks are counted by " + in_words(kTaskFacets) + ".");
  PF_LET(const auto today, shop_today(rooms));
  auto where = conditions(asked);
  for (auto& condition : where)
    if (condition.column == "assignee" || condition.column == "by")
      for (auto& value : condition.values)
        if (value == kMe) value = call.actor.id;
  if (const auto overdue = call.query_value("overdue")) {
    if (*overdue != "1") return invalid("overdue", "value", "overdue is 1, or is left out.");
    where.push_back({"due", catalog::Operator::lt, {teamwork::day_text(today)}});
    where.push_back({"status", catalog::Operator::eq, {"open"}});
  }
  PF_LET(const auto page, rooms.tasks.list(rooms.store.read(), {.text = asked.text,
                                                                .where = std::move(where),
                                                                .sort = sort_keys(asked),
                                                                .count = static_cast<std::size_t>(asked.per_page),
                                                                .offset = asked.offset(),
                                                                .cursor = asked.cursor,
                                                                .own = is_confined(call) ? call.actor.id : "",
                                                                .facets = asked.facets}));
  std::vector<std::string> items;
  for (const Task& task : page.tasks) {
    PF_LET(const json::Value shown, with_fields(task_value(call, task, today), asked.fields, "A task"));
    items.push_back(json::write(shown));
  }
  std::vector<std::pair<std::string_view, const FacetCounts*>> facets;
  for (std::size_t i = 0; i < page.facets.size(); ++i) facets.emplace_back(asked.facets[i], &page.facets[i]);
  return Answer{
      .raw = list_answer(call, items, page.total, asked.per_page, asked.page, page.next_cursor, facets_extra(facets)),
      .content_type = "application/json"};
}

struct TaskBody {
  std::optional<std::string> title, comment, query, assignee, due, status;
  std::optional<std::vector<std::string>> skus;
  std::optional<std::uint64_t> version;
  template <class V>
  void fields(V& visit) {
    visit("title", title, "What is to be done, in a line.");
    visit("comment", comment, "More about it; at most 4,000 bytes.");
    visit("skus", skus, "Products, at most 200.");
    visit("query", query, "Or all products of a list, as in its address: family[eq]=shirts&enabled=1.");
    visit("assignee", assignee, "The id of one of GET colleague, or me; empty: whoever.");
    visit("due", due, "A day of the shop's calendar: 2026-11-30; empty: none.");
    visit("status", status, "open or done.");
    visit("version", version, "Of the task, as you saw it; 409 when it has changed.");
  }
};

Result<teamwork::TaskChange> task_change_of(const TeamRooms& rooms, const Call& call, const TaskBody& body) {
  teamwork::TaskChange out{.title = body.title, .comment = body.comment, .query = body.query, .skus = body.skus};
  Faults faults;
  if (body.query && !body.query->empty()) {
    // The question is asked later, so it is tried now.
    auto pairs = gate::decode_pairs(*body.query);
    const auto tried = [&]() -> Result<> {
      PF_TRY(pairs);
      const Call listed{.actor = call.actor, .request = call.request, .query = *pairs, .locale = call.locale};
      PF_TRY(product_question(listed));
      return {};
    }();
    if (!tried.ok()) faults.add("query", "query", tried.error().message);
  }
  if (body.assignee) {
    const std::string id = *body.assignee == kMe ? call.actor.id : *body.assignee;
    const auto known = colleagues(rooms);
    const auto found = std::ranges::find(known, id, &access::Account::id);
    if (id.empty())
      out.assignee = teamwork::Person{};
    else if (found == known.end())
      faults.add("assignee", "unknown", "There is no such colleague who may work on products.");
    else
      out.assignee = teamwork::Person{found->id, found->name.empty() ? found->email : found->name};
  }
  if (body.due) {
    const auto day = teamwork::parse_day(*body.due);
    if (body.due->empty())
      out.due = std::optional<teamwork::Day>();
    else if (!day)
      faults.add("due", "date", "due is a day such as 2026-11-30.");
    else
      out.due = day;
  }
  if (body.status) {
    if (*body.status != "open" && *body.status != "done") faults.add("status", "value", "status is open or done.");
    out.done = *body.status == "done";
  }
  PF_TRY(std::move(faults).checked());
  return out;
}

Result<Answer> task_answer(const TeamRooms& rooms, const Call& call, const Task& task) {
  PF_LET(const auto today, shop_today(rooms));
  return Answer{.body = data(task_value(call, task, today))};
}

Result<Answer> show_task(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto task, asked_task(rooms, call));
  return task_answer(rooms, call, task);
}

Result<Answer> create_task(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<TaskBody>(call.body));
  PF_LET(const auto said, task_change_of(rooms, call, body));
  PF_LET(const auto task, rooms.tasks.create(call.actor, said));
  return task_answer(rooms, call, task);
}

Result<Answer> change_task(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto before, asked_task(rooms, call));
  PF_LET(const auto body, json::read_fields<TaskBody>(call.body));
  PF_LET(const auto said, task_change_of(rooms, call, body));
  PF_LET(const auto task, rooms.tasks.change(call.actor, before.id, said, body.version));
  return task_answer(rooms, call, task);
}

Result<Answer> remove_task(const TeamRooms& rooms, const Call& call) {
  PF_LET(const auto before, asked_task(rooms, call));
  PF_TRY(rooms.tasks.remove(call.actor, before.id));
  return Answer{.status = 204};
}

Result<Answer> list_colleagues(const TeamRooms& rooms, const Call&) {
  json::Value all = json::Value::array();
  for (const auto& one : nameable(rooms))
    all.push(
        json::Value::object({{"id", one.id}, {"name", one.name.empty() ? one.email : one.name}, {"login", one.login}}));
  return Answer{.body = data(std::move(all))};
}

// For the number in the menu: a few bitmaps are counted.
Result<Answer> show_waiting(const TeamRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  PF_LET(const auto today, shop_today(rooms));
  PF_LET(const auto mine, rooms.tasks.mine(read, call.actor.id, today));
  std::vector<catalog::Condition> open{{"status", catalog::Operator::eq, {"open"}}};
  if (!call.actor.can(Permission::catalog_write)) open.push_back({"author", catalog::Operator::eq, {call.actor.id}});
  if (is_confined(call)) open.push_back({"category", catalog::Operator::in, call.limits->categories});
  PF_LET(const auto drafts, rooms.drafts.count(read, open));
  PF_LET(const auto mentions, rooms.mentions.unread(read, person_asking(call)));
  return Answer{.body = data(json::Value::object(
                    {{"drafts", drafts}, {"tasks", mine.open}, {"overdue", mine.overdue}, {"mentions", mentions}}))};
}

}  // namespace

std::vector<access::Account> colleagues(const TeamRooms& rooms) {
  const auto roles = rooms.access.roles();
  auto all = rooms.access.accounts();
  std::erase_if(all, [&](const access::Account& account) {
    const auto role = std::ranges::find(roles, account.role, &access::Role::name);
    return account.state == access::Account::State::stopped || role == roles.end() ||
           !role->may.test(static_cast<std::size_t>(Permission::catalog_propose));
  });
  return all;
}

std::vector<teamwork::Nameable> nameable(const TeamRooms& rooms) {
  std::vector<teamwork::Nameable> out;
  for (const auto& account : colleagues(rooms))
    out.push_back({.id = account.id, .email = account.email, .name = account.name});
  teamwork::set_logins(out);
  return out;
}

std::vector<Row> tasks_routes(const TeamRooms& rooms) {
  const auto with = handlers_with(rooms);
  using P = Permission;
  auto list_query = gate::list_parameters();
  for (auto& [name, summary] : list_query) {
    if (name == "q") summary = "Words of the title, the comment and the SKUs.";
    if (name == "sort")
      summary = "due, created_at, updated_at or id; - in front for descending. Newest first without it.";
    if (name == "*[op]")
      summary =
          "status (open, done), assignee and by (an id, or me) and sku by eq, neq, in and nin; due (a day) by eq, gt, "
          "gte, lt, lte and empty; created_at, updated_at and id by eq, gt, gte, lt and lte.";
  }
  list_query.emplace_back("overdue", "1: open ones whose day is over.");
  list_query.emplace_back("facets", "Counts by status or assignee, divided by commas.");
  const auto task_shape = gate::data_shape(shapes::kTask);
  return {
      {.method = Method::get,
       .path = "/api/v1/task",
       .permission = P::catalog_read,
       .summary = "List tasks; whoever is limited to some categories finds those that he made or was given.",
       .answer_schema = gate::list_shape(shapes::kTask),
       .handler = with(list_tasks),
       .query = list_query,
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/task",
       .permission = P::catalog_propose,
       .summary = "Make a task of some products, of a list, or of neither.",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<TaskBody>(),
       .answer_schema = task_shape,
       .handler = with(create_task),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/task/{id}",
       .permission = P::catalog_read,
       .summary = "Show a task.",
       .answer_schema = task_shape,
       .handler = with(show_task),
       .keeps = gate::kKeepsAll},
      {.method = Method::patch,
       .path = "/api/v1/task/{id}",
       .permission = P::catalog_propose,
       .summary = "Change a task: what is absent stays; status done finishes it.",
       .accepts = BodyKind::json,
       .body_schema = json::schema<TaskBody>(),
       .answer_schema = task_shape,
       .handler = with(change_task),
       .keeps = gate::kKeepsAll},
      {.method = Method::del,
       .path = "/api/v1/task/{id}",
       .permission = P::catalog_propose,
       .summary = "Remove a task: one's own, or any for who may change products.",
       .success = 204,
       .handler = with(remove_task),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/colleague",
       .permission = P::catalog_read,
       .summary = "List whom a task may be given to, or a comment may name: login is what stands behind the @.",
       .answer_schema = gate::data_shape(shapes::kColleagues),
       .handler = with(list_colleagues),
       .keeps = gate::kKeepsAll},
      {.method = Method::get,
       .path = "/api/v1/teamwork",
       .permission = P::catalog_read,
       .summary =
           "Count what waits for whoever asks: open drafts, his open tasks, those that are overdue, mentions not read.",
       .answer_schema = gate::data_shape(shapes::kWaiting),
       .handler = with(show_waiting),
       .keeps = gate::kKeepsAll},
  };
}

}  // namespace pf::api
