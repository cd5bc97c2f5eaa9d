// 1. How far a job is is kept in the unit of work of what it did: after a kill it goes on at the next product, and no
//    product is done twice.
// 2. A job that was cancelled or failed says so; what it had done stays, is in the history under its id, and can be
//    undone.
#include "jobs/edits.h"

#include <algorithm>

#include "gate/problem.h"
#include "json/members.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::jobs {

struct Edits::State : Edit {
  access::Actor::Kind by_kind{};
  std::string by_id{}, by_user{};
  std::uint64_t place = 0, at = 0;      // record of the selection or of what was touched, and product in it
  std::uint64_t pass = 1, waiting = 0;  // of an undo: parents that wait for their variants
  Time unit_ended{};                    // of an undo: when what it takes back ended
  std::uint64_t rows = 0;               // of the report
  access::Actor actor() const {
    access::Actor out;
    out.kind = by_kind;
    out.id = by_id;
    out.name = by;
    out.user = by_user;
    return out;
  }
  catalog::Origin origin() const {
    return {is_undo ? catalog::Origin::Kind::undo : catalog::Origin::Kind::bulk, id, 0};
  }
  void begun_by(const access::Actor& actor_now, Time now) {
    by = actor_now.name;
    by_kind = actor_now.kind;
    by_id = actor_now.id;
    by_user = actor_now.user;
    created_at = now;
  }
};

namespace {

constexpr std::uint64_t kPassesMax = catalog::kLevelsMax;  // a parent is deleted in the pass after its variants

std::string edit_key(char mark, std::uint64_t id) {
  std::string key(1, mark);
  put_be64(key, id);
  return key;
}
std::string undo_key(const catalog::Origin& unit) {
  std::string key{'u', static_cast<char>(unit.kind)};
  put_be64(key, unit.id);
  return key;
}
std::string selection_key(std::uint64_t id, std::uint64_t number) {
  auto key = edit_key('s', id);
  put_be32(key, static_cast<std::uint32_t>(number));
  return key;
}

std::string touched_order_key(std::uint64_t id, std::uint64_t order) {
  auto key = edit_key('t', id);
  put_be64(key, order);
  return key;
}

// Stored on disk: do not rename a member.
json::Value ruled_value(const orders::OrderRuled& ruled) {
  json::Value holds = json::Value::array(), tags = json::Value::array();
  for (const std::uint32_t hold : ruled.holds) holds.push(hold);
  for (const std::string& tag : ruled.tags) tags.push(tag);
  return json::Value::object({{"holds", std::move(holds)},
                              {"tags", std::move(tags)},
                              {"rerouted", ruled.rerouted},
                              {"from", ruled.shipping_before},
                              {"to", ruled.shipping_after}});
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

Edits::Edits(storage::Store& store, catalog::Products& products, orders::Orders& orders, rules::Rules& rules,
             const Clock& clock)
    : store_(store), products_(products), orders_(orders), rules_(rules), clock_(clock), family_(store.family("jobs")) {
  std::vector<State> interrupted;
  {
    const auto read = store_.read();
    for (auto row = read.scan_prefix(family_, "e"); row.valid(); row.next()) {
      auto state = load(read, get_be64(row.key().substr(1)));
      if (state.ok() && *state && !(*state)->ended()) interrupted.push_back(**std::move(state));
    }
  }
  for (State& state : interrupted) {
    state.resumed = true;
    state.status = "queued";
    static_cast<void>(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
      put(work, state);
      return {};
    }));
    queue_.push_back(state.id);
  }
  worker_ = std::thread([this] { run(); });
}

Edits::~Edits() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  ready_.notify_all();
  worker_.join();
}

// --- what is kept ---

void Edits::put(storage::Write& work, const State& s) const {
  work.put(family_, edit_key('e', s.id),
           json::write(
               json::Value::object({{"is_undo", s.is_undo},
                                    {"of_rules", s.of_rules},
                                    {"of_orders", s.of_orders},
                                    {"rule", s.rule},
                                    {"rules", s.rules},
                                    {"status", s.status},
                                    {"message", s.message},
                                    {"by", s.by},
                                    {"by_kind", static_cast<std::uint64_t>(s.by_kind)},
                                    {"by_id", s.by_id},
                                    {"by_user", s.by_user},
                                    {"resumed", s.resumed},
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
                                    {"rows", s.rows},
                                    {"unit_ended", static_cast<std::int64_t>(s.unit_ended.time_since_epoch().count())},
                                    {"created_at", rfc3339(s.created_at)},
                                    {"finished_at", rfc3339(s.finished_at)}})));
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
  s.by = text("by");
  s.by_kind = static_cast<access::Actor::Kind>(number("by_kind"));
  s.by_id = text("by_id");
  s.by_user = text("by_user");
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
  s.rows = number("rows");
  s.unit_ended = Time(milliseconds(static_cast<std::int64_t>(number("unit_ended"))));
  s.created_at = time("created_at");
  s.finished_at = time("finished_at");
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

// --- beginning and ending ---

Result<std::uint64_t> Edits::next_id(const storage::Reader& read) const {
  auto row = read.scan(family_, "e", "f");
  row.seek_for_prev("f");
  return row.valid() ? get_be64(row.key().substr(1)) + 1 : 1;
}

void Edits::queue(std::uint64_t id) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(id);
  }
  ready_.notify_one();
}

Result<Edit> Edits::start(const access::Actor& by, json::Value actions, std::string locale,
                          const std::vector<std::string>& skus) {
  State state;
  state.actions = std::move(actions);
  state.locale = std::move(locale);
  state.begun_by(by, clock_.now());
  return begin(std::move(state), skus);
}

Result<Edit> Edits::start_rules(const access::Actor& by, rules::On on, std::uint64_t rule,
                                const std::vector<std::string>& names) {
  State state;
  state.of_rules = true;
  state.of_orders = on == rules::On::order;
  state.rule = rule;
  state.begun_by(by, clock_.now());
  return begin(std::move(state), names);
}

Result<Edit> Edits::begin(State state, const std::vector<std::string>& names) {
  if (names.empty())
    return invalid("select", "empty", state.of_orders ? "No order is selected." : "No product is selected.");
  std::size_t bytes = 0;
  for (const auto& name : names) bytes += name.size() + 3;
  if (names.size() > kEditProductsMax || bytes > kSelectionBytesMax)
    return error(ErrorCode::too_large, "A bulk edit is for at most " + std::to_string(kEditProductsMax) +
                                           " products. Select fewer, such as those of one brand.");
  state.total = names.size();
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(state.id, next_id(work));
    for (std::size_t begin = 0; begin < names.size(); begin += kEditedAtOnce) {
      json::Value list = json::Value::array();
      for (std::size_t i = begin; i < std::min(names.size(), begin + kEditedAtOnce); ++i) list.push(names[i]);
      work.put(family_, selection_key(state.id, begin / kEditedAtOnce), json::write(list));
    }
    put(work, state);
    if (state.of_orders && state.id > catalog::kUnitsMax) {  // as the history forgets what it touched of products
      std::vector<std::string> old;
      for (auto row = work.scan(family_, "t", edit_key('t', state.id - catalog::kUnitsMax)); row.valid(); row.next())
        old.emplace_back(row.key());
      for (const auto& key : old) work.erase(family_, key);
    }
    return {};
  }));
  queue(state.id);
  return Edit(state);
}

Result<Edit> Edits::start_undo(const access::Actor& by, const catalog::Origin& unit, Time unit_ended) {
  State state;
  std::optional<Edit> under_way;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(under_way, undo_of(work, unit));
    if (under_way && !under_way->ended()) return {};
    under_way.reset();
    if (unit.kind == catalog::Origin::Kind::bulk) {
      PF_LET(const auto undone, find(work, unit.id));
      state.of_orders = undone && undone->of_orders;
    }
    if (state.of_orders)
      for (auto row = work.scan_prefix(family_, edit_key('t', unit.id)); row.valid(); row.next()) ++state.total;
    for (std::uint64_t place = 0; !state.of_orders; ++place) {
      PF_LET(const auto touched, products_.history().touched(work, unit, place));
      if (!touched) break;
      state.total += touched->size();
    }
    if (state.total == 0)
      return error(ErrorCode::conflict, std::string("It changed no ") + (state.of_orders ? "order" : "product") +
                                            ", or is so long ago that what it changed is no longer kept.");
    PF_LET(state.id, next_id(work));
    state.is_undo = true;
    state.undoes = unit;
    state.unit_ended = unit_ended;
    state.begun_by(by, clock_.now());
    put(work, state);
    std::string id;
    put_be64(id, state.id);
    work.put(family_, undo_key(unit), id);
    return {};
  }));
  if (under_way) return *under_way;
  queue(state.id);
  return state;
}

Result<> Edits::cancel(std::uint64_t id) {
  PF_LET(const auto edit, find(store_.read(), id));
  if (!edit) return error(ErrorCode::not_found, "There is no bulk edit " + std::to_string(id) + ".");
  if (edit->ended()) return error(ErrorCode::conflict, "It has ended already.");
  const std::lock_guard lock(mutex_);
  cancelled_.push_back(id);
  return {};
}

Result<> Edits::finish(std::uint64_t id, const char* status, const std::string& message) {
  return store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(auto state, load(work, id));
    if (!state) return {};
    state->status = status;
    state->message = message;
    state->finished_at = clock_.now();
    put(work, *state);
    std::vector<std::string> waiting;
    for (auto row = work.scan_prefix(family_, edit_key('s', id)); row.valid(); row.next())
      waiting.emplace_back(row.key());
    for (const auto& key : waiting) work.erase(family_, key);
    return {};
  });
}

// --- the work ---

void Edits::run() {
  for (;;) {
    std::uint64_t id = 0;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return stop_ || !queue_.empty(); });
      if (stop_) return;
      id = queue_.front();
      queue_.pop_front();
    }
    work_on(id);
  }
}

void Edits::work_on(std::uint64_t id) {
  std::size_t at_once = kEditedAtOnce;
  for (;;) {
    bool cancelled = false;
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return;  // as it is: the next start goes on
      cancelled = std::erase(cancelled_, id) > 0;
    }
    if (cancelled) {
      static_cast<void>(finish(id, "cancelled", "Cancelled. What was done until then stays, and can be undone."));
      return;
    }
    const auto more = step(id, at_once);
    if (more.ok() && *more) continue;
    if (!more.ok() && more.error().code == ErrorCode::too_large && at_once > 1) {
      at_once /= 2;  // products of unusual size
      continue;
    }
    static_cast<void>(more.ok() ? finish(id, "done", {}) : finish(id, "failed", more.error().message));
    return;
  }
}

Result<bool> Edits::step(std::uint64_t id, std::size_t at_once) {
  PF_LET(auto state, load(store_.read(), id));
  if (!state) return false;
  state->status = "running";
  if (state->of_orders) return state->is_undo ? orders_undo_step(*state, at_once) : orders_step(*state, at_once);
  return state->is_undo ? undo_step(*state, at_once) : bulk_step(*state, at_once);
}

// What comes next of the selection; `of` gets how many its record has. None: it is at its end.
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

Result<bool> Edits::undo_step(const State& before, std::size_t at_once) {
  PF_LET(const auto touched, products_.history().touched(store_.read(), before.undoes, before.place));
  if (!touched && (before.waiting == 0 || before.pass >= kPassesMax)) return false;
  const bool first = before.pass == 1;  // later ones are about what waited
  std::vector<catalog::Touched> some;
  std::size_t looked = 0;
  for (std::size_t i = before.at; touched && i < touched->size() && some.size() < at_once; ++i, ++looked)
    if (first || (*touched)[i].created) some.push_back((*touched)[i]);
  std::vector<catalog::Undone> undone;
  const auto prepare = [&](storage::Write& work) -> Result<> {
    PF_LET(undone, products_.undo(work, before.actor(), before.origin(), some, before.unit_ended));
    return {};
  };
  const auto decide = [&](storage::Write& work) -> Result<> {
    using What = catalog::Undone::Outcome;
    State state = before;
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto& one = undone[i];
      const bool waits = one.outcome == What::waits;
      if (waits && state.pass < kPassesMax) {
        ++state.waiting;
        continue;
      }
      state.deleted += one.outcome == What::deleted;
      if (!first && !waits) continue;
      state.changed += one.outcome == What::restored;
      state.unchanged += one.outcome == What::nothing;
      if (one.faults.empty()) continue;
      ++state.collided;
      put_row(work, state, some[i].sku, "collided", one.faults);
    }
    PF_TRY(products_.note_undo(work, state.actor(), some, undone));
    if (first) state.done += looked;
    state.at += looked;
    if (!touched) {
      ++state.pass;
      state.place = state.at = state.waiting = 0;
    } else if (state.at >= touched->size()) {
      ++state.place;
      state.at = 0;
    }
    put(work, state);
    return {};
  };
  PF_TRY(store_.write_prepared(prepare, decide));
  return true;
}

}  // namespace pf::jobs
