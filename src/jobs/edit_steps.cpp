// 1. How far a job is is kept in the unit of work of what it did: after a kill it goes on at the next product, and no
//    product is done twice.
// 2. A job that was cancelled or failed says so; what it had done stays, is in the history under its id, and can be
//    undone.
#include <algorithm>

#include "jobs/edit_state.h"
#include "json/members.h"
#include "productflow/text.h"

namespace pf::jobs {
namespace {

// Of an undo, each of which took something back and so may have let another product in: as often as an import tries.
constexpr std::uint64_t kPassesMax = 20;

// Stored on disk: do not rename a member.
json::Value ruled_value(const orders::OrderRuled& ruled) {
  json::Value holds = json::Value::array(), tags = json::Value::array();
  for (const std::uint32_t hold : ruled.holds) holds.push(hold);
  for (const std::string& tag : ruled.tags) tags.push(tag);
  json::Value out = json::Value::object({{"holds", std::move(holds)},
                                         {"tags", std::move(tags)},
                                         {"rerouted", ruled.rerouted},
                                         {"from", ruled.shipping_before},
                                         {"to", ruled.shipping_after}});
  if (ruled.relocated && ruled.location_before) out.set("location_before", *ruled.location_before);
  if (ruled.relocated && ruled.location_after) out.set("location_after", *ruled.location_after);
  return out;
}
orders::OrderRuled ruled_of(const json::Value& in) {
  orders::OrderRuled out;
  if (const auto* holds = in.find("holds"); holds != nullptr && holds->as_array() != nullptr)
    for (const auto& one : *holds->as_array())
      out.holds.push_back(static_cast<std::uint32_t>(one.as_int().value_or(0)));
  if (const auto* tags = in.find("tags"); tags != nullptr && tags->as_array() != nullptr)
    for (const auto& one : *tags->as_array())
      if (one.as_string() != nullptr) out.tags.push_back(*one.as_string());
  out.rerouted = json::flag_in(in, "rerouted");
  out.shipping_before = json::text_in(in, "from");
  out.shipping_after = json::text_in(in, "to");
  const auto location = [&](const char* name) {
    return in.find(name) != nullptr ? std::optional(static_cast<stock::LocationId>(json::number_in(in, name)))
                                    : std::nullopt;
  };
  out.location_before = location("location_before");
  out.location_after = location("location_after");
  out.relocated = out.location_after.has_value();
  return out;
}

// Stored on disk: see edits.h.
json::Value touched_value(const catalog::Touched& one) {
  json::Value out = json::Value::array();
  out.push(one.sku);
  out.push(static_cast<std::uint64_t>(one.document));
  out.push(one.version);
  out.push(one.created);
  out.push(one.offer_version);
  out.push(static_cast<std::int64_t>(one.offer_at.time_since_epoch().count()));
  return out;
}
std::optional<catalog::Touched> touched_of(const json::Value& in) {
  const auto* all = in.as_array();
  if (all == nullptr || all->size() != 6 || (*all)[0].as_string() == nullptr) return std::nullopt;
  const auto number = [&](std::size_t i) { return (*all)[i].as_int().value_or(0); };
  catalog::Touched out;
  out.sku = *(*all)[0].as_string();
  out.document = static_cast<std::uint32_t>(number(1));
  out.version = static_cast<std::uint64_t>(number(2));
  out.created = (*all)[3].as_bool() != nullptr && *(*all)[3].as_bool();
  out.offer_version = static_cast<decltype(out.offer_version)>(number(4));
  out.offer_at = Time(milliseconds(number(5)));
  return out;
}

// Adds what a rule did to the sums of a run.
void add_tally(json::Value& sums, const rules::Rule& rule, const rules::Tally& tally) {
  if (sums.as_array() == nullptr) sums = json::Value::array();
  const std::string id = std::to_string(rule.id);
  auto& all = *sums.as_array();
  auto found = std::ranges::find_if(all, [&](const json::Value& one) { return json::text_in(one, "id") == id; });
  if (found == all.end()) found = all.insert(all.end(), json::Value::object({{"id", id}, {"name", rule.name}}));
  for (const auto& [name, more] :
       {std::pair("matched", tally.matched), std::pair("changed", tally.changed), std::pair("failed", tally.failed)})
    found->set(name, static_cast<std::uint64_t>(json::number_in(*found, name)) + more);
}

}  // namespace

Result<std::vector<std::string>> Edits::next_names(const State& state, std::size_t at_once, std::size_t& of) const {
  std::vector<std::string> names;
  PF_LET(const auto record, store_.read().get(family_, selection_key(state.id, state.place)));
  if (!record) return names;
  PF_LET(const auto list, json::parse(*record));
  if (list.as_array() == nullptr) return error(ErrorCode::internal, "The selection of this bulk edit is damaged.");
  of = list.as_array()->size();
  for (std::size_t i = state.at; i < std::min<std::size_t>(of, state.at + at_once); ++i)
    if ((*list.as_array())[i].as_string() != nullptr) names.push_back(*(*list.as_array())[i].as_string());
  return names;
}

void Edits::went_on(storage::Write& work, State& state, std::size_t at_once, std::size_t of) const {
  state.at += at_once;
  if (state.at >= of) {
    work.erase(family_, selection_key(state.id, state.place));
    ++state.place;
    state.at = 0;
  }
  put(work, state);
}

Result<bool> Edits::bulk_step(const State& before, std::size_t at_once) {
  std::vector<catalog::BulkAction> actions;
  if (!before.of_rules) {
    PF_LET(actions, catalog::bulk_actions_of(before.actions));
  }
  std::size_t of = 0;
  PF_LET(const auto skus, next_names(before, at_once, of));
  if (skus.empty()) return false;
  catalog::Edited edited;
  std::unique_ptr<rules::ProductRuling> ruling;
  const auto prepare = [&](storage::Write& work) -> Result<> {
    const catalog::BatchOptions options{.locale = before.locale, .by = before.actor(), .origin = before.origin()};
    if (!before.of_rules) {
      PF_LET(edited, products_.edit_many(work, skus, actions, options));
      return {};
    }
    PF_LET(const auto rules, rules_.for_products(work, before.rule));
    if (!rules) return error(ErrorCode::conflict, "No rule is in force any more.");
    ruling = rules_.ruling(rules);
    PF_LET(edited, products_.rule_many(work, skus, *ruling, options));
    return {};
  };
  const auto decide = [&](storage::Write& work) -> Result<> {
    State state = before;
    for (std::size_t i = 0; i < skus.size(); ++i) {
      const auto& outcome = edited.outcomes[i];
      if (!outcome.outcome) {
        ++state.refused;
        auto faults = outcome.error.faults;
        if (faults.empty()) faults.push_back({"", "refused", outcome.error.message});
        put_row(work, state, skus[i], "refused", faults);
      } else if (*outcome.outcome == catalog::Outcome::unchanged) {
        ++state.unchanged;
      } else {
        ++state.changed;
      }
      if (!outcome.notices.empty()) put_row(work, state, skus[i], "notice", outcome.notices);
    }
    for (std::size_t i = 0; ruling && i < ruling->tallies().size(); ++i)
      add_tally(state.rules, ruling->rules().all()[i].rule, ruling->tallies()[i]);
    PF_TRY(products_.note_batch(work, state.actor(), edited.rows, edited.outcomes));
    state.done += skus.size();
    went_on(work, state, at_once, of);
    return {};
  };
  PF_TRY(store_.write_prepared(prepare, decide));
  return true;
}

Result<bool> Edits::orders_step(const State& before, std::size_t at_once) {
  std::size_t of = 0;
  PF_LET(const auto ids, next_names(before, at_once, of));
  if (ids.empty()) return false;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    State state = before;
    PF_LET(const auto rules, rules_.for_orders(work, before.rule));
    if (!rules) return error(ErrorCode::conflict, "No rule is in force any more.");
    for (const auto& text : ids) {
      const orders::OrderId id(static_cast<std::uint64_t>(parse_int(text).value_or(0)));
      const auto order = orders_.find(work, id);
      if (!order.ok()) {
        if (order.error().code != ErrorCode::not_found) return order.error();
        ++state.refused;
        put_row(work, state, text, "refused", {{"", "unknown", order.error().message}});
        continue;
      }
      PF_LET(const auto asked, rules->ask(work, products_, *order));
      PF_LET(const auto ruled, orders_.follow(work, id, asked.acts));
      std::vector<FieldFault> notices;
      for (const auto& [i, why] : asked.failed) notices.push_back({"", "rule", why});
      if (!notices.empty()) put_row(work, state, text, "notice", notices);
      rules_.count(work, *rules, asked, *order);
      for (const std::size_t i : asked.matched)
        add_tally(state.rules, rules->all()[i].rule, {.matched = 1, .changed = ruled.empty() ? 0u : 1u});
      ruled.empty() ? ++state.unchanged : ++state.changed;
      if (!ruled.empty()) work.put(family_, touched_order_key(state.id, id.raw()), json::write(ruled_value(ruled)));
    }
    state.done += ids.size();
    went_on(work, state, at_once, of);
    return {};
  }));
  return true;
}

// `place`: the last order that was looked at.
Result<bool> Edits::orders_undo_step(const State& before, std::size_t at_once) {
  bool more = false;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    State state = before;
    std::vector<std::pair<std::uint64_t, json::Value>> some;
    {
      const auto read = store_.read();
      for (auto row = read.scan(family_, touched_order_key(before.undoes.id, before.place + 1),
                                edit_key('t', before.undoes.id + 1));
           row.valid() && some.size() < at_once; row.next()) {
        PF_LET(auto value, json::parse(row.value()));
        some.emplace_back(get_be64(row.key().substr(9)), std::move(value));
      }
    }
    for (const auto& [id, value] : some) {
      PF_LET(const bool undone, orders_.unfollow(work, state.actor(), orders::OrderId(id), ruled_of(value)));
      undone ? ++state.changed : ++state.unchanged;
      state.place = id;
    }
    more = !some.empty();
    state.done += some.size();
    put(work, state);
    return {};
  }));
  return more;
}

// Those that wait in this pass, and what is left of the records they are in: nothing, or the rest of the last.
Result<std::vector<catalog::Touched>> Edits::next_waiting(
    const State& state, std::size_t at_once, std::vector<std::pair<std::string, std::string>>& left) const {
  std::vector<catalog::Touched> out;
  const auto read = store_.read();
  for (auto row = read.scan(family_, selection_key(state.id, 0), selection_key(state.id, state.until));
       row.valid() && out.size() < at_once; row.next()) {
    PF_LET(const auto list, json::parse(row.value()));
    json::Value rest = json::Value::array();
    if (list.as_array() != nullptr)
      for (const auto& one : *list.as_array()) {
        auto touched = touched_of(one);
        if (!touched) return error(ErrorCode::internal, "What waits in this undo is damaged.");
        if (out.size() < at_once)
          out.push_back(*std::move(touched));
        else
          rest.push(one);
      }
    left.emplace_back(row.key(), rest.as_array()->empty() ? std::string() : json::write(rest));
  }
  std::ranges::reverse(out);  // of a chain each waits for the next, mostly
  return out;
}

Result<bool> Edits::undo_step(const State& before, std::size_t at_once) {
  using Stage = State::Stage;
  PF_LET(const bool more, before.stage == Stage::house   ? undo_trail_step(before, ImportTrail::Part::house, at_once)
                          : before.stage == Stage::model ? undo_trail_step(before, ImportTrail::Part::model, at_once)
                                                         : undo_products_step(before, at_once));
  if (more) return true;
  if (before.stage == Stage::model || before.undoes.kind != catalog::Origin::Kind::import) return false;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    State state = before;
    state.stage = before.stage == Stage::house ? Stage::products : Stage::model;
    state.trail = State::kWholeTrail;
    put(work, state);
    return {};
  }));
  return true;
}

Result<bool> Edits::undo_products_step(const State& before, std::size_t at_once) {
  const bool first = before.pass == 1;  // later ones are about what waited
  std::vector<catalog::Touched> some;
  std::size_t touched_in_all = 0;
  std::vector<std::pair<std::string, std::string>> left;
  if (first) {
    PF_LET(const auto touched, products_.history().touched(store_.read(), before.undoes, before.place));
    touched_in_all = touched ? touched->size() : 0;
    for (std::size_t i = before.at; i < touched_in_all && some.size() < at_once; ++i) some.push_back((*touched)[i]);
  } else {
    PF_LET(some, next_waiting(before, at_once, left));
  }
  if (some.empty()) {
    if (before.waiting == 0 || before.last) return false;
    PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
      State state = before;
      ++state.pass;
      state.last = !state.progressed || state.pass == kPassesMax;
      state.progressed = false;
      state.until = state.next;
      state.waiting = 0;
      put(work, state);
      return {};
    }));
    return true;
  }
  std::vector<catalog::Undone> undone;
  const auto prepare = [&](storage::Write& work) -> Result<> {
    PF_LET(undone, products_.undo(work, before.actor(), before.origin(), some, before.unit_ended));
    return {};
  };
  const auto decide = [&](storage::Write& work) -> Result<> {
    using What = catalog::Undone::Outcome;
    State state = before;
    json::Value waiting = json::Value::array();
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto& one = undone[i];
      if (one.outcome == What::waits && !state.last) {
        waiting.push(touched_value(some[i]));
        ++state.waiting;
        continue;
      }
      state.deleted += one.outcome == What::deleted;
      state.changed += one.outcome == What::restored;
      state.unchanged += one.outcome == What::nothing;
      state.progressed |= one.outcome == What::deleted || one.outcome == What::restored;
      if (one.faults.empty()) continue;
      ++state.collided;
      put_row(work, state, some[i].sku, "collided", one.faults);
    }
    PF_TRY(products_.note_undo(work, state.actor(), some, undone));
    for (const auto& [key, rest] : left) rest.empty() ? work.erase(family_, key) : work.put(family_, key, rest);
    if (!waiting.as_array()->empty()) work.put(family_, selection_key(state.id, state.next++), json::write(waiting));
    if (first) {
      state.done += some.size();
      state.at += some.size();
      if (state.at >= touched_in_all) {
        ++state.place;
        state.at = 0;
      }
    }
    put(work, state);
    return {};
  };
  PF_TRY(store_.write_prepared(prepare, decide));
  return true;
}

}  // namespace pf::jobs
