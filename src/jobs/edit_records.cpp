// What is kept of bulk edits, runs of rules and undos, and their reports.
#include "access/actor_record.h"
#include "gate/problem.h"
#include "jobs/edit_state.h"
#include "json/members.h"
#include "productflow/text.h"

namespace pf::jobs {

namespace {

// Stored on disk: do not rename a member. Of the limits those that products have.
json::Value limits_value(const std::shared_ptr<const access::Limits>& limits) {
  if (limits == nullptr) return nullptr;
  const auto list = [](const std::vector<std::string>& names) {
    json::Value out = json::Value::array();
    for (const auto& name : names) out.push(name);
    return out;
  };
  return json::Value::object({{"categories", list(limits->categories)}, {"locales", list(limits->locales)}});
}
std::shared_ptr<const access::Limits> limits_of(const json::Value* in) {
  if (in == nullptr || in->is_null()) return nullptr;
  auto out = std::make_shared<access::Limits>();
  for (auto [name, to] : {std::pair("categories", &out->categories), {"locales", &out->locales}})
    if (const auto* list = in->find(name); list != nullptr && list->as_array() != nullptr)
      for (const auto& one : *list->as_array())
        if (one.as_string() != nullptr) to->push_back(*one.as_string());
  return out;
}

}  // namespace

void Edits::put(storage::Write& work, const State& s) const {
  json::Value out =
      json::Value::object({{"is_undo", s.is_undo},
                           {"of_rules", s.of_rules},
                           {"of_orders", s.of_orders},
                           {"rule", s.rule},
                           {"rules", s.rules},
                           {"status", s.status},
                           {"message", s.message},
                           {"resumed", s.resumed},
                           {"limits", limits_value(s.begun.limits)},
                           {"actions", s.actions},
                           {"locale", s.locale},
                           {"undoes_kind", static_cast<std::uint64_t>(s.undoes.kind)},
                           {"undoes_id", s.undoes.id},
                           {"total", s.total},
                           {"done", s.done},
                           {"changed", s.changed},
                           {"unchanged", s.unchanged},
                           {"refused", s.refused},
                           {"deleted", s.deleted},
                           {"collided", s.collided},
                           {"place", s.place},
                           {"at", s.at},
                           {"pass", s.pass},
                           {"waiting", s.waiting},
                           {"next", s.next},
                           {"until", s.until},
                           {"progressed", s.progressed},
                           {"last", s.last},
                           {"rows", s.rows},
                           {"stage", static_cast<std::uint64_t>(s.stage)},
                           {"trail", s.trail},
                           {"trail_at", s.trail_at},
                           {"unit_ended", static_cast<std::int64_t>(s.unit_ended.time_since_epoch().count())},
                           {"created_at", rfc3339(s.created_at)},
                           {"finished_at", rfc3339(s.finished_at)}});
  access::put_actor(out, s.begun, "by");
  work.put(family_, edit_key('e', s.id), json::write(out));
}

Result<std::optional<Edits::State>> Edits::load(const storage::Reader& read, std::uint64_t id) const {
  PF_LET(const auto record, read.get(family_, edit_key('e', id)));
  if (!record) return std::optional<State>();
  PF_LET(const auto in, json::parse(*record));
  const auto text = [&](const char* name) { return json::text_in(in, name); };
  const auto number = [&](const char* name) { return static_cast<std::uint64_t>(json::number_in(in, name)); };
  const auto time = [&](const char* name) { return parse_time(text(name)).ok() ? *parse_time(text(name)) : Time{}; };
  State s;
  s.id = id;
  s.is_undo = json::flag_in(in, "is_undo");
  s.of_rules = json::flag_in(in, "of_rules");
  s.of_orders = json::flag_in(in, "of_orders");
  s.rule = number("rule");
  if (const auto* rules = in.find("rules")) s.rules = *rules;
  s.status = text("status");
  s.message = text("message");
  s.begun = access::actor_in(in, "by");
  s.begun.limits = limits_of(in.find("limits"));
  s.by = s.begun.name;
  s.by_id = s.begun.id;
  s.by_user = s.begun.user;
  s.resumed = json::flag_in(in, "resumed");
  if (const auto* actions = in.find("actions")) s.actions = *actions;
  s.locale = text("locale");
  s.undoes = {static_cast<catalog::Origin::Kind>(number("undoes_kind")), number("undoes_id"), 0};
  s.total = number("total");
  s.done = number("done");
  s.changed = number("changed");
  s.unchanged = number("unchanged");
  s.refused = number("refused");
  s.deleted = number("deleted");
  s.collided = number("collided");
  s.place = number("place");
  s.at = number("at");
  s.pass = number("pass");
  s.waiting = number("waiting");
  s.next = number("next");
  s.until = number("until");
  s.progressed = json::flag_in(in, "progressed");
  s.last = json::flag_in(in, "last");
  s.rows = number("rows");
  if (in.find("stage") != nullptr) {  // an older ProductFlow took products back alone
    s.stage = static_cast<State::Stage>(std::min<std::uint64_t>(number("stage"), 2));
    s.trail = number("trail");
    s.trail_at = number("trail_at");
  }
  s.unit_ended = Time(milliseconds(static_cast<std::int64_t>(number("unit_ended"))));
  s.created_at = time("created_at");
  s.finished_at = time("finished_at");
  // An older ProductFlow did not keep who waits: it is looked for anew, and what was taken back counts as unchanged.
  if (s.is_undo && !s.of_orders && !s.ended() && in.find("next") == nullptr) {
    s.pass = 1;
    s.place = s.at = s.waiting = s.done = s.rows = 0;
    s.changed = s.unchanged = s.deleted = s.collided = 0;
  }
  return std::optional<State>(std::move(s));
}

Result<std::optional<Edit>> Edits::find(const storage::Reader& read, std::uint64_t id) const {
  PF_LET(const auto state, load(read, id));
  return state ? std::optional<Edit>(*state) : std::optional<Edit>();
}

Result<std::optional<Edit>> Edits::undo_of(const storage::Reader& read, const catalog::Origin& unit) const {
  PF_LET(const auto id, read.get(family_, undo_key(unit)));
  if (!id || id->size() != 8) return std::optional<Edit>();
  return find(read, get_be64(*id));
}

Result<std::vector<Edit>> Edits::list(const storage::Reader& read, std::uint64_t before, std::size_t count) const {
  std::vector<Edit> out;
  const std::string end = before == 0 ? "f" : edit_key('e', before);
  auto row = read.scan(family_, "e", end);
  for (row.seek_for_prev(end); row.valid() && out.size() < count; row.prev()) {
    PF_LET(const auto state, load(read, get_be64(row.key().substr(1))));
    if (state) out.push_back(*state);
  }
  return out;
}

Result<std::vector<std::pair<std::uint64_t, json::Value>>> Edits::rows(const storage::Reader& read, std::uint64_t id,
                                                                       std::uint64_t after, std::size_t count) const {
  std::vector<std::pair<std::uint64_t, json::Value>> out;
  std::string from = edit_key('f', id);
  put_be64(from, after + 1);
  for (auto row = read.scan(family_, from, edit_key('f', id + 1)); row.valid() && out.size() < count; row.next()) {
    PF_LET(auto value, json::parse(row.value()));
    out.emplace_back(get_be64(row.key().substr(9)), std::move(value));
  }
  return out;
}

void Edits::put_row(storage::Write& work, State& state, const std::string& sku, const char* outcome,
                    const std::vector<FieldFault>& faults) const {
  auto key = edit_key('f', state.id);
  put_be64(key, ++state.rows);
  work.put(
      family_, key,
      json::write(json::Value::object({{"sku", sku}, {"outcome", outcome}, {"errors", gate::faults_value(faults)}})));
}

}  // namespace pf::jobs
