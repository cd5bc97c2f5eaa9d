// The shop's own rules (ruling.h) within writes of products and offers.
//
// 1. A product is ruled once for each write, in the unit of work that keeps it. What rules make of its offer is kept
//    with it, unless the caller keeps the offer himself: then rules see the product with the offer as it will be, and
//    have their say about the offer when that is kept.
// 2. An undo and a restore are not ruled: what somebody takes back would come again at once.
#include "catalog/products.h"
#include "catalog/ruled_write.h"

namespace pf::catalog {

Result<std::unique_ptr<Ruling>> Products::ruling(const storage::Reader& read) const {
  if (!begin_ruling_) return std::unique_ptr<Ruling>();
  return begin_ruling_(read);
}

Result<RuledWrite> Products::rule(const storage::Reader& reader, const Model& model, const Languages& langs,
                                  Ruling& ruling, Record& record, const Offer* offer) const {
  RuledWrite out;
  if (ruling.about_offers() && offer == nullptr) {
    PF_LET(out.before, offer_of(reader, record.sku));
  }
  Offer priced = offer != nullptr ? *offer : out.before ? *out.before : Offer{};
  std::optional<Record> was;
  if (!model.references.empty()) was = record;
  PF_LET(out.ruled, ruling.apply(model, langs, record, priced));
  if (was) PF_TRY(settle_ruled(reader, model, *was, record, out.ruled));
  if (offer != nullptr || offer_differences(out.before ? &*out.before : nullptr, &priced).empty())
    out.after = out.before;
  else if (!offer_differences(nullptr, &priced).empty())
    out.after = std::move(priced);
  return out;
}

Result<bool> Products::keep_ruled_offer(storage::Write& work, RuledWrite& ruled, const Record& record,
                                        const access::Actor& by, const Origin& origin, std::vector<Touched>* touched) {
  auto& [made, before, after] = ruled;
  if (offer_differences(before ? &*before : nullptr, after ? &*after : nullptr).empty()) return false;
  const OfferNote note{by, origin, record.version, made.made};
  const Time now = clock_.now();
  PF_TRY(keep_offer(*this, work, offers_, Sku(record.sku), record.document, before, after, now, &note));
  if (touched != nullptr)
    touched->push_back({record.sku, record.document, record.version, false, (before ? before->version : 0) + 1, now});
  return true;
}

Result<Edited> Products::rule_many(storage::Write& work, std::span<const std::string> skus, Ruling& rules,
                                   const BatchOptions& options) {
  Edited out;
  out.rows.resize(skus.size());
  for (std::size_t i = 0; i < skus.size(); ++i) out.rows[i].sku = Sku(skus[i]);
  BatchOptions ruled = options;
  ruled.mode = WriteMode::update;
  ruled.ruling = &rules;
  PF_LET(out.outcomes, upsert_many(work, out.rows, ruled));
  return out;
}

Result<Ruled> Products::rule_offer(const storage::Reader& reader, Ruling& ruling, std::string_view sku,
                                   Offer& offer) const {
  if (!ruling.about_offers()) return Ruled{};
  PF_LET(auto record, find(reader, sku));
  if (!record) return Ruled{};
  PF_LET(const auto langs, languages(reader));
  PF_LET(const auto model, models_.known(reader));
  PF_LET(auto ruled, ruling.apply(*model, langs, *record, offer));
  std::erase_if(ruled.made, [](const MadeBy& one) { return !is_of_offer(one.at.field); });
  return ruled;
}

Result<> Products::rule_product(storage::Write& work, const access::Actor& by, const Sku& sku) {
  PF_LET(const auto rules, ruling(work));
  if (!rules || !rules->about_offers()) return {};
  PF_LET(const auto offer, offer_of(work, sku.raw()));
  const Offer kept = offer ? *offer : Offer{};
  ProductRow row;
  row.sku = sku;
  row.offer = &kept;
  const BatchOptions options{.mode = WriteMode::update, .by = by, .ruling = rules.get()};
  PF_LET(const auto outcomes, upsert_many(work, std::span(&row, 1), options));
  return note_batch(work, by, std::span(&row, 1), outcomes);
}

}  // namespace pf::catalog
