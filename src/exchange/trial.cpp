#include "exchange/trial.h"

#include "exchange/keeper.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {

std::unique_ptr<catalog::Models::Assumed> Trial::assuming(catalog::Products& products, storage::Write& work) const {
  if (!model) return nullptr;
  return std::make_unique<catalog::Models::Assumed>(products.models(), work, model);
}

void Trial::note(const ReferenceItem& item) {
  ReferenceItem made;
  made.kind = item.kind;
  made.code = item.code;
  const json::Value* labels = item.body.find("labels");
  made.body = json::Value::object({{"labels", labels != nullptr ? *labels : json::Value(json::Members{})}});
  const std::size_t at = records_.size();
  record_named_.emplace(lower_ascii(made.code), at);
  if (labels != nullptr && labels->as_object() != nullptr)
    for (const auto& [locale, label] : *labels->as_object())
      if (label.as_string() != nullptr) record_named_.emplace(lower_ascii(*label.as_string()), at);
  records_.push_back(std::move(made));
}

Result<> Trial::make_records_again(catalog::Products& products, storage::Write& work, const access::Actor& by,
                                   std::span<const catalog::ProductRow> rows) const {
  if (records_.empty()) return {};
  PF_LET(const auto known, products.models().known(work));
  std::vector<bool> named(records_.size());
  const auto see_text = [&](const std::string& kind, const std::string& text) {
    for (auto [at, end] = record_named_.equal_range(lower_ascii(trim(text))); at != end; ++at)
      if (records_[at->second].kind == kind) named[at->second] = true;
  };
  const auto see = [&](const json::Members& members) {
    for (const auto& [name, value] : members) {
      const auto cell = known->cell(name);
      if (cell.attribute == nullptr || cell.attribute->said.reference_kind.empty()) continue;
      const std::string& kind = cell.attribute->said.reference_kind;
      if (const auto* text = value.as_string(); text != nullptr) {
        see_text(kind, *text);
        for (const std::string& one : list_of(*text)) see_text(kind, one);
      } else if (const auto* list = value.as_array(); list != nullptr) {
        for (const json::Value& one : *list)
          if (one.as_string() != nullptr) see_text(kind, *one.as_string());
      }
    }
  };
  for (const auto& row : rows) {
    see(row.change.attributes);
    for (const auto& [locale, members] : row.change.texts) see(members);
  }
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (!named[i]) continue;
    const ReferenceItem& one = records_[i];
    const auto made =
        products.references().write(work, by, one.kind, one.code, one.body, catalog::WriteMode::upsert, {}, false);
    if (!made.ok() && made.error().code != ErrorCode::invalid && made.error().code != ErrorCode::conflict)
      return made.error();
  }
  return {};
}

Result<> Keeper::show_changes(const storage::Write& work, std::span<const ProductItem> items,
                              std::span<const Written> written, std::vector<RowReport>& reports) {
  constexpr std::size_t kChangesShownMax = 1'000;  // products; nobody reads more, and each is a record
  for (const Written& one : written) {
    RowReport& row = reports[one.item];
    if (row.outcome != catalog::outcome_name(catalog::Outcome::changed)) continue;
    if (changes_shown_ == kChangesShownMax) return {};
    ++changes_shown_;
    const std::string& sku = items[one.item].sku;
    PF_LET(auto of_offer, rooms_.products.offer_changes(rooms_.store.read(), work, sku));
    PF_LET(auto entry, rooms_.products.history().find(work, sku, one.document, one.version));
    if (entry && entry->origin.kind == options_.origin.kind && entry->origin.id == options_.origin.id)
      row.changes = std::move(entry->changes);
    for (auto& change : of_offer) row.changes.push_back(std::move(change));
  }
  return {};
}

}  // namespace pf::exchange
