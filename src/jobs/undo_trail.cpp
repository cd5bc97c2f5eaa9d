// The part of an undo that is about what an import set beside products (import_trail.h): the last first, so that each
// finds what it left. What somebody set since stays as it is and is told.
#include <algorithm>

#include "catalog/limited.h"
#include "catalog/reference_record.h"
#include "jobs/edit_state.h"
#include "json/fields.h"
#include "json/members.h"
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
  const auto done = rooms_.stock.take_back(work, state.actor(), set.sku, set.moved);
  if (!done.ok()) {
    if (!is_refusal(done.error())) return done.error();
    return TakenBack{TakenBack::What::stays, faults_in(done.error(), "stock")};
  }
  if (!*done) return TakenBack{};
  const bool more = std::ranges::any_of(set.moved.pieces, [](const stock::Share& share) { return share.pieces < 0; });
  if (more && orders_.anybody_waits(work)) PF_TRY(orders_.fill_backorders(work, set.sku));
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

// Whether products have links of this kind. Where the one that had some has none any more, others may: `in_doubt`.
Result<bool> Edits::has_links(const storage::Reader& read, std::string_view kind, bool in_doubt) const {
  PF_LET(const auto used, products_.used_columns().all(read));
  if (!used) return true;
  for (const catalog::UsedColumn& column : *used) {
    if (column.kind != catalog::UsedColumn::Kind::links || column.name != kind) continue;
    PF_LET(const auto record, products_.find(read, column.sku));
    return in_doubt ||
           (record && std::ranges::any_of(record->associations, [&](const auto& one) { return one.first == kind; }));
  }
  return false;
}

// Products that hold what would mean something else, or nothing, if it were described as before.
Result<std::vector<FieldFault>> Edits::uses_of(const storage::Reader& read, const catalog::Model& model, ModelKind kind,
                                               const exchange::SetRecord& set) const {
  const bool goes = set.before.is_null();
  if (kind == ModelKind::attribute && !goes) {
    const auto* is = model.attribute(set.code);
    if (is == nullptr) return std::vector<FieldFault>();
    PF_LET(const auto was, json::read_fields<catalog::Attribute>(set.before));
    if (was.type == is->said.type && was.localisable == is->said.localisable && was.per_channel == is->said.per_channel)
      return products_.uses_of_choices(read, is->said, was);
    return products_.uses_of(read, kind, set.code);
  }
  if (kind == ModelKind::association_type && (goes || !json::flag_in(set.before, "parts"))) {
    const auto said = model.association_types.find(set.code);
    PF_LET(const bool linked,
           has_links(read, set.code, said != model.association_types.end() && said->second->said.parts));
    if (linked)
      return std::vector<FieldFault>{
          {set.kind, "in_use", "Products have links of it by now, so it was left as it is."}};
  }
  if (kind == ModelKind::channel && goes) {
    PF_LET(const auto cells, products_.attribute_uses(read));
    for (const auto& [cell, count] : cells)
      if (count > 0 && model.cell(cell).channel == set.code)
        return std::vector<FieldFault>{
            {set.kind, "in_use", "Products have values for it by now, so it was left as it is."}};
  }
  return goes ? products_.uses_of(read, kind, set.code) : std::vector<FieldFault>();
}

Result<Edits::TakenBack> Edits::take_back(storage::Write& work, const State& state, const exchange::SetRecord& set) {
  if (set.reference) return take_back_reference(work, state, set);
  const auto kind = std::ranges::find(kKinds, set.kind, catalog::model_kind_name);
  if (kind == std::end(kKinds)) return error(ErrorCode::internal, "What this import described is damaged.");
  auto& models = products_.models();
  PF_LET(const auto model, models.known(work));
  const auto now = catalog::described(*model, *kind, set.code);
  if ((now ? now->value : json::Value()) == set.before) return TakenBack{};
  if (!now || !ImportTrail::is_as_left(now->value, set)) return TakenBack{TakenBack::What::stays, {set_anew(set.kind)}};
  PF_LET(auto uses, uses_of(work, *model, *kind, set));
  if (!uses.empty()) return TakenBack{TakenBack::What::stays, std::move(uses)};
  Result<> done;
  if (set.before.is_null()) {
    done = models.forget(work, state.actor(), *kind, set.code);
  } else {
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
  if (!now || !ImportTrail::is_as_left(said, set)) return TakenBack{TakenBack::What::stays, {set_anew(set.kind)}};
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
  State state = before;
  const auto take_some = [&](storage::Write& work) -> Result<> {
    state = before;
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
    return {};
  };
  const auto put_state = [&](storage::Write& work) -> Result<> {
    put(work, state);
    return {};
  };
  // Ledgers are walked through, while orders go on to be placed.
  if (part == ImportTrail::Part::house) {
    PF_TRY(store_.write_prepared(take_some, put_state));
  } else {
    PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
      PF_TRY(take_some(work));
      return put_state(work);
    }));
  }
  return true;
}

}  // namespace pf::jobs
