#include "api/edit_answers.h"

#include "api/limits.h"
#include "api/product_question.h"
#include "api/rows.h"
#include "gate/form.h"
#include "gate/problem.h"

namespace pf::api {
namespace {

constexpr std::size_t kSelectedSkusMax = 10'000;  // named one by one; more are selected by a question

json::Value errors_value(const Error& why) {
  const std::vector<FieldFault> whole{{"", "refused", why.message}};
  return gate::faults_value(why.faults.empty() ? whole : why.faults);
}

}  // namespace

json::Value changes_value(const std::vector<catalog::FieldChange>& changes) {
  json::Value out = json::Value::array();
  for (const auto& change : changes) out.push(catalog::change_value(change));
  return out;
}

Result<json::Value> edit_value(const jobs::Edits& edits, const storage::Reader& read, const jobs::Edit& edit) {
  PF_LET(const auto undo, edits.undo_of(read, {catalog::Origin::Kind::bulk, edit.id, 0}));
  const auto undoes =
      json::Value::object({{"kind", edit.undoes.kind == catalog::Origin::Kind::import ? "import" : "bulk-edit"},
                           {"id", std::to_string(edit.undoes.id)}});
  const std::uint64_t percent = edit.ended() ? 100 : edit.total == 0 ? 0 : edit.done * 100 / edit.total;
  return json::Value::object(
      {{"id", std::to_string(edit.id)},
       {"kind", edit.is_undo    ? "undo"
                : edit.of_rules ? "rules"
                                : "bulk"},
       {"on", edit.of_orders ? "order" : "product"},
       {"rules", edit.of_rules ? edit.rules.is_null() ? json::Value::array() : edit.rules : json::Value(nullptr)},
       {"status", edit.status},
       {"progress", percent},
       {"message", edit.message},
       {"resumed", edit.resumed},
       {"by", edit.by},
       {"actions", edit.is_undo || edit.of_rules ? json::Value(nullptr) : edit.actions},
       {"undoes", edit.is_undo ? undoes : json::Value(nullptr)},
       {"undone_by", undo && !edit.is_undo ? json::Value(std::to_string(undo->id)) : json::Value(nullptr)},
       {"created_at", rfc3339(edit.created_at)},
       {"finished_at", edit.ended() ? json::Value(rfc3339(edit.finished_at)) : json::Value(nullptr)},
       {"counts", json::Value::object({{"products", edit.total},
                                       {"done", edit.done},
                                       {"changed", edit.changed},
                                       {"unchanged", edit.unchanged},
                                       {"refused", edit.refused},
                                       {"deleted", edit.deleted},
                                       {"collided", edit.collided}})}});
}

Result<std::vector<std::string>> selected_skus(storage::Store& store, const catalog::Products& products,
                                               const Call& call, const SelectBody& select, std::size_t count,
                                               std::uint64_t& total) {
  if (!select.query) {
    if (select.skus.empty()) return invalid("select.skus", "required", "Name products, or give a query.");
    if (select.skus.size() > kSelectedSkusMax)
      return invalid("select.skus", "count",
                     "At most " + std::to_string(kSelectedSkusMax) + " products are named; select more by a query.");
    for (std::size_t i = 0; i < select.skus.size(); ++i)
      if (auto good = catalog::parse_sku(select.skus[i]); !good.ok())
        return invalid("select.skus[" + std::to_string(i) + "]", "sku", good.error().message);
    total = select.skus.size();
    auto skus = select.skus;
    if (skus.size() > count) skus.resize(count);
    return skus;
  }
  if (!select.skus.empty()) return invalid("select", "both", "Give skus or a query, not both.");
  PF_LET(auto pairs, gate::decode_pairs(*select.query));
  Call listed{.actor = call.actor, .request = call.request, .query = std::move(pairs), .locale = call.locale};
  auto question = product_question(listed);
  if (!question.ok()) {
    Error why = question.error();
    for (auto& fault : why.faults) fault.field = "select.query " + fault.field;
    return why;
  }
  auto query = std::move(question->query);
  if (call.limits && !call.limits->categories.empty()) {  // as a list of them sees it
    confine(query.where, "category", catalog::Operator::in, call.limits->categories);
    query.where.back().as_written = true;
  }
  query.sort = {{"sku", false}};
  query.facets.clear();
  query.cursor.clear();
  query.offset = 0;
  query.skus_only = true;
  const auto read = store.read();
  std::vector<std::string> skus;
  do {
    query.count = std::min<std::size_t>(catalog::kListMax, count - skus.size());
    PF_LET(auto page, products.list(read, query));
    total = page.total;
    if (count > kPreviewProductsMax && total > jobs::kEditProductsMax) break;  // refused by whoever starts it
    skus.insert(skus.end(), std::make_move_iterator(page.skus.begin()), std::make_move_iterator(page.skus.end()));
    query.cursor = std::move(page.next_cursor);
  } while (!query.cursor.empty() && skus.size() < count);
  return skus;
}

Result<json::Value> edits_preview(storage::Store& store, const catalog::Products& products,
                                  const std::vector<std::string>& skus, std::uint64_t total, const std::string& locale,
                                  const std::function<Result<catalog::Edited>(storage::Write&)>& edit) {
  std::uint64_t changed = 0, unchanged = 0, refused = 0;
  json::Value samples, refusals;
  const auto prepare = [&](storage::Write& work) -> Result<> {
    changed = unchanged = refused = 0;
    samples = json::Value::array();
    refusals = json::Value::array();
    const auto read = store.read();
    PF_LET(const auto edited, edit(work));
    for (std::size_t i = 0; i < skus.size(); ++i) {
      const auto& outcome = edited.outcomes[i];
      if (outcome.outcome && !outcome.notices.empty() && refusals.as_array()->size() < kPreviewSamplesMax)
        refusals.push(json::Value::object({{"sku", skus[i]}, {"errors", gate::faults_value(outcome.notices)}}));
      if (!outcome.outcome) {
        ++refused;
        if (refusals.as_array()->size() < kPreviewSamplesMax)
          refusals.push(json::Value::object({{"sku", skus[i]}, {"errors", errors_value(outcome.error)}}));
      } else if (*outcome.outcome == catalog::Outcome::unchanged) {
        ++unchanged;
      } else if (++changed <= kPreviewSamplesMax) {
        PF_LET(const auto before, products.find(read, skus[i]));
        PF_LET(const auto after, products.find(work, skus[i]));
        PF_LET(const auto title, products.title(read, skus[i], locale));
        PF_LET(auto changes, products.offer_changes(read, work, skus[i]));
        if (before && after) {
          auto of_product = catalog::differences(*before, *after);
          changes.insert(changes.begin(), of_product.begin(), of_product.end());
        }
        catalog::name_rules(changes, outcome.made);
        samples.push(json::Value::object(
            {{"sku", skus[i]}, {"title", title.value_or("")}, {"changes", changes_value(changes)}}));
      }
    }
    return {};
  };
  bool tried = false;
  const auto done = store.write_prepared(prepare, [&](storage::Write&) -> Result<> {
    tried = true;
    return error(ErrorCode::conflict, "A preview keeps nothing.");
  });
  if (!tried) return done.error();
  return json::Value::object({{"products", total},
                              {"tried", std::uint64_t{skus.size()}},
                              {"changed", changed},
                              {"unchanged", unchanged},
                              {"refused", refused},
                              {"samples", std::move(samples)},
                              {"refusals", std::move(refusals)}});
}

}  // namespace pf::api
