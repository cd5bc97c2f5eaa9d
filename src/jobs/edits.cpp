#include "jobs/edits.h"

#include <algorithm>

#include "jobs/edit_state.h"
#include "productflow/text.h"

namespace pf::jobs {

Edits::Edits(const exchange::Rooms& rooms, rules::Rules& rules, const Clock& clock)
    : rooms_(rooms),
      store_(rooms.store),
      products_(rooms.products),
      orders_(rooms.orders),
      rules_(rules),
      clock_(clock),
      family_(rooms.store.family("jobs")),
      trail_(rooms.store) {
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

Result<> open_orders(const storage::Reader& read, const orders::Orders& orders, std::vector<std::string>& numbers) {
  orders::OrderQuery query;
  query.where = {{"status", catalog::Operator::in, {"awaiting_payment", "open", "partially_shipped"}}};
  query.sort = {{"id", false}};
  PF_LET(const auto count, orders.walk(read, query, kEditProductsMax, [&](const orders::Order& order) {
    numbers.push_back(std::to_string(order.id.raw()));
    return Result<>();
  }));
  if (count <= kEditProductsMax) return {};
  return error(ErrorCode::too_large,
               "Rules are followed for at most " + std::to_string(kEditProductsMax) + " orders at a time.");
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
    if (unit.kind == catalog::Origin::Kind::import) {
      PF_LET(const auto beside, trail_.count(work, unit.id));
      state.total += beside;
      state.stage = State::Stage::house;
    }
    if (state.total == 0)
      return error(ErrorCode::conflict,
                   unit.kind == catalog::Origin::Kind::import
                       ? "It changed nothing that can be taken back, or is so long ago that what "
                         "it changed is no longer kept. Orders are not taken back: cancel them."
                   : state.of_orders ? "It changed no order, or is so long ago that what it changed is no longer "
                                       "kept."
                                     : "It changed no product, or is so long ago that what it changed is no "
                                       "longer kept.");
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

Result<bool> Edits::can_undo(const storage::Reader& read, const catalog::Origin& unit) const {
  PF_LET(const auto touched, products_.history().touched(read, unit, 0));
  if (touched || unit.kind != catalog::Origin::Kind::import) return touched.has_value();
  PF_LET(const auto beside, trail_.count(read, unit.id));
  return beside > 0;
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
      ended_.ring();
      return;
    }
    const auto more = step(id, at_once);
    if (more.ok() && *more) continue;
    if (!more.ok() && more.error().code == ErrorCode::too_large && at_once > 1) {
      at_once /= 2;  // products of unusual size
      continue;
    }
    static_cast<void>(more.ok() ? finish(id, "done", {}) : finish(id, "failed", more.error().message));
    ended_.ring();
    return;
  }
}

Result<bool> Edits::step(std::uint64_t id, std::size_t at_once) {
  PF_LET(auto state, load(store_.read(), id));
  if (!state) return false;
  state->status = "running";
  if (state->of_orders) return state->is_undo ? orders_undo_step(*state, at_once) : orders_step(*state, at_once);
  // An undo takes whole batches of an import, within which variants may change places.
  return state->is_undo ? undo_step(*state, at_once == kEditedAtOnce ? catalog::kTouchedAtOnce : at_once)
                        : bulk_step(*state, at_once);
}

}  // namespace pf::jobs
