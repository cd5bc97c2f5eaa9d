// The part of an undo that is about what an import set beside products (import_trail.h): the last first, so that each
// finds what it left. What somebody set since stays as it is and is told.
#include <algorithm>

#include "catalog/limited.h"
#include "catalog/reference_record.h"
#include "jobs/edit_state.h"
#include "json/fields.h"
#include "stock/shelves.h"

namespace pf::jobs {
namespace {

using catalog::ModelKind;

constexpr ModelKind kKinds[] = {ModelKind::attribute,      ModelKind::group,
                                ModelKind::family,         ModelKind::category,
                                ModelKind::channel,        ModelKind::association_type,
                                ModelKind::reference_kind, ModelKind::measurement_family};

std::vector<FieldFault> faults_in(const Error& why, const std::string& field) {
  return why.faults.empty() ? std::vector<FieldFault>{{field, "conflict", why.message}} : why.faults;
}
// What has no product's page is named by the fault: "attribute colour", "brand acme".
std::vector<FieldFault> named(const exchange::SetRecord& set, std::vector<FieldFault> faults) {
  for (FieldFault& fault : faults) fault.field = set.kind + " " + set.code;
  return faults;
}
// What refuses one thing alone; others are of the disk.
bool is_refusal(const Error& why) {
  return why.code == ErrorCode::invalid || why.code == ErrorCode::conflict || why.code == ErrorCode::not_found;
}
const std::string& sku_of(const exchange::SetBeside& set) {
  const auto* pieces = std::get_if<exchange::SetPieces>(&set);
  return pieces != nullptr ? pieces->sku : std::get<exchange::SetShelf>(set).sku;
}
FieldFault set_anew(const std::string& field) {
  return {field, "changed", "It was changed since, so it was left as it is."};
}

}  // namespace

// What of it was taken back: one thing each.
struct Edits::TakenBack {
  enum class What { nothing, restored, deleted, stays } what = What::nothing;
  std::vector<FieldFault> faults{};
};

Result<Edits::TakenBack> Edits::take_back(storage::Write& work, const State& state, const exchange::SetPieces& set) {
  if (const auto done = rooms_.stock.take_back(work, state.actor(), set.sku, set.moved); !done.ok()) {
    if (!is_refusal(done.error())) return done.error();
    return TakenBack{TakenBack::What::stays, faults_in(done.error(), "stock")};
  }
  if (set.moved.change < 0 && orders_.anybody_waits(work)) PF_TRY(orders_.fill_backorders(work, set.sku));
  return TakenBack{TakenBack::What::restored};
}

Result<Edits::TakenBack> Edits::take_back(storage::Write& work, const State&, const exchange::SetShelf& set) {
  stock::Shelves shelves(store_);
  PF_LET(const std::string now, shelves.find(work, set.sku));
  if (now == set.before) return TakenBack{};
  if (now != set.after) return TakenBack{TakenBack::What::stays, {set_anew("shelf")}};
  PF_TRY(shelves.set(work, set.sku, set.before));
  if (rooms_.events != nullptr) PF_TRY(rooms_.events->note_catalogue(work));  // exports of stock say it
  return TakenBack{TakenBack::What::restored};
}

Result<Edits::TakenBack> Edits::take_back(storage::Write& work, const State& state, const exchange::SetRecord& set) {
  if (set.reference) return take_back_reference(work, state, set);
  const auto kind = std::ranges::find(kKinds, set.kind, catalog::model_kind_name);
  if (kind == std::end(kKinds)) return error(ErrorCode::internal, "What this import described is damaged.");
  auto& models = products_.models();
  PF_LET(const auto model, models.known(work));
  const auto now = catalog::described(*model, *kind, set.code);
  if ((now ? now->value : json::Value()) == set.before) return TakenBack{};
  if (!now || now->value != set.after) return TakenBack{TakenBack::What::stays, {set_anew(set.kind)}};
  Result<> done;
  if (set.before.is_null()) {
    PF_LET(auto uses, products_.uses_of(work, *kind, set.code));
    if (!uses.empty()) return TakenBack{TakenBack::What::stays, std::move(uses)};
    done = models.forget(work, state.actor(), *kind, set.code);
  } else {
    if (const auto* is = model->attribute(set.code); *kind == ModelKind::attribute && is != nullptr) {
      PF_LET(const auto was, json::read_fields<catalog::Attribute>(set.before));
      PF_LET(auto uses, products_.uses_of_choices(work, is->said, was));
      if (!uses.empty()) return TakenBack{TakenBack::What::stays, std::move(uses)};
    }
    const auto described =
        models.describe(work, state.actor(), *kind, set.code, set.before, catalog::DescribeMode::put);
    if (!described.ok()) done = described.error();
  }
  if (!done.ok() && !is_refusal(done.error())) return done.error();
  if (!done.ok()) return TakenBack{TakenBack::What::stays, faults_in(done.error(), set.kind)};
  return TakenBack{set.before.is_null() ? TakenBack::What::deleted : TakenBack::What::restored};
}

Result<Edits::TakenBack> Edits::take_back_reference(storage::Write& work, const State& state,
                                                    const exchange::SetRecord& set) {
  auto& references = products_.references();
  PF_LET(const auto now, references.find(work, set.kind, set.code));
  const json::Value said = now ? catalog::reference_content(*now) : json::Value();
  if (said == set.before) return TakenBack{};
  if (said != set.after) return TakenBack{TakenBack::What::stays, {set_anew(set.kind)}};
  Result<> done;
  if (set.before.is_null()) {
    done = references.remove(work, state.actor(), set.kind, set.code);
  } else if (const auto written =
                 references.write(work, state.actor(), set.kind, set.code, set.before, catalog::WriteMode::replace);
             !written.ok()) {
    done = written.error();
  }
  if (!done.ok() && !is_refusal(done.error())) return done.error();
  if (!done.ok()) return TakenBack{TakenBack::What::stays, faults_in(done.error(), set.kind)};
  return TakenBack{set.before.is_null() ? TakenBack::What::deleted : TakenBack::What::restored};
}

// Whoever is limited takes back what is of his products alone, and describes nothing.
Result<bool> Edits::may_take_back(const storage::Reader& read, const State& state,
                                  const exchange::SetBeside& set) const {
  const auto& limits = state.actor().limits;
  if (limits == nullptr) return true;
  if (std::holds_alternative<exchange::SetRecord>(set)) return false;
  PF_LET(const auto record, products_.find(read, sku_of(set)));
  return !record || limits->category(record->categories);
}

Result<bool> Edits::undo_trail_step(const State& before, ImportTrail::Part part, std::size_t at_once) {
  PF_LET(const auto some, trail_.last(store_.read(), before.undoes.id, part, before.trail));
  if (!some) return false;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    State state = before;
    for (std::size_t i = 0; i < at_once && state.trail_at < some->set.size(); ++i, ++state.trail_at, ++state.done) {
      const exchange::SetBeside& one = some->set[some->set.size() - 1 - state.trail_at];
      TakenBack back;
      PF_LET(const bool may, may_take_back(work, state, one));
      if (may) {
        PF_LET(back, std::visit([&](const auto& set) { return take_back(work, state, set); }, one));
      } else {
        back = {TakenBack::What::stays, {catalog::beyond_limits("")}};
      }
      state.changed += back.what == TakenBack::What::restored;
      state.deleted += back.what == TakenBack::What::deleted;
      state.unchanged += back.what == TakenBack::What::nothing;
      if (back.what != TakenBack::What::stays) continue;
      ++state.collided;
      if (const auto* record = std::get_if<exchange::SetRecord>(&one))
        put_row(work, state, "", "collided", named(*record, std::move(back.faults)));
      else
        put_row(work, state, sku_of(one), "collided", back.faults);
    }
    if (state.trail_at >= some->set.size()) {
      state.trail = some->number;
      state.trail_at = 0;
    }
    put(work, state);
    return {};
  }));
  return true;
}

}  // namespace pf::jobs
