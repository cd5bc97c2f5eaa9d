// What rows name otherwise than by SKU: a product by its EAN, a place of stock, a parent.
#include "exchange/keeper_batch.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Whether the EAN says which product is meant, wherever the row has its number from.
bool is_by_ean(const ProductItem& item) {
  return (item.sku.empty() || item.by_ean) && item.change.ean && item.faults.empty();
}

}  // namespace

Result<std::size_t> Keeper::name_by_ean(std::span<ProductItem> items, SaidAbove& above, bool all) {
  if (std::ranges::none_of(items, is_by_ean)) return items.size();
  PF_TRY(settle_products());  // a row before may have brought it
  for (auto& [sku, row] : above.of_sku) row.kept = true;
  std::size_t named = 0;
  PF_TRY(look([&](const storage::Reader& read) -> Result<> {
    constexpr std::size_t kSameEanMax = 20;  // products that are looked at; one is what there should be
    for (; named < items.size(); ++named) {
      ProductItem& item = items[named];
      if (!item.change.ean) continue;
      const auto parsed = catalog::parse_ean(*item.change.ean);
      const std::string ean = parsed.ok() ? *parsed : std::string();
      if (!is_by_ean(item)) {
        // A row that will be refused changes nothing; but who has its EAN it has said, where nobody else did.
        const bool refused = !item.faults.empty() || (!parsed.ok() && !trim(*item.change.ean).empty());
        if (!refused)
          above.note(item.sku, ean, item.line);
        else if (!item.sku.empty() && !ean.empty() && !above.of_sku.contains(item.sku))
          above.note(item.sku, ean, item.line);
        continue;
      }
      if (!parsed.ok()) {
        item.faults = parsed.error().faults;
        continue;
      }
      catalog::ProductQuery query;
      query.where = {{"ean", catalog::Operator::eq, {ean}}};
      query.count = kSameEanMax;
      PF_LET(const auto kept, rooms_.products.list(read, query));
      // Those that will have it when the rows above are kept.
      std::vector<std::string> known;
      for (const std::string& sku : kept.skus) {
        const auto said = above.of_sku.find(sku);
        if (said == above.of_sku.end() || said->second.kept || said->second.ean == ean) known.push_back(sku);
      }
      std::string giver;  // who is said to have it and has it not
      if (const auto said = above.skus_of.find(ean); said != above.skus_of.end())
        for (const std::string& sku : said->second) {
          if (known.size() > 1) break;  // enough to know that nobody knows
          if (!above.has(sku, ean) || std::ranges::find(known, sku) != known.end()) continue;
          if (above.of_sku.at(sku).kept)
            giver = sku;
          else
            known.push_back(sku);
        }
      const auto meant = [&](const std::vector<std::string>& skus) {
        return !skus.empty() ? skus.front() : item.sku.empty() ? ean : item.sku;
      };
      const bool same = meant(known) == meant(kept.skus) && (known.size() > 1) == (kept.skus.size() > 1);
      // Whether those above will be kept nobody knows before.
      if (!same && !all && named > 0) return {};
      item.sku = meant(known);
      if (known.size() > 1)
        item.faults.push_back({"ean", "ambiguous", "several products have this EAN, so a SKU is needed to tell which"});
      else if (!giver.empty() && giver != item.sku)
        item.faults.push_back({"ean", "not_kept",
                               "is that of the product in line " + std::to_string(above.of_sku.at(giver).line) +
                                   ", which was not kept; mend that row, and send both again"});
      if (item.faults.empty() && known.empty()) above.note(item.sku, ean, item.line);
    }
    return {};
  }));
  return named;
}

Result<> Keeper::know_locations(std::span<ProductItem> items) const {
  if (std::ranges::all_of(items, [](const ProductItem& item) { return item.location.empty(); })) return {};
  PF_LET(const auto known, rooms_.stock.locations(rooms_.store.read()));
  std::string codes;
  for (const stock::Location& one : known) codes.append(codes.empty() ? "" : ", ").append(one.code);
  for (ProductItem& item : items)
    if (!item.location.empty() && stock::location_named(known, item.location) == nullptr)
      item.faults.push_back({"location", "unknown", "is no stock location; there are: " + codes});
  return {};
}

Result<> Keeper::refer(const Party* party) {
  PF_TRY(finish());
  for (Missing& missing : missing_parents_)
    if (!missing.meant) missing.meant = party != nullptr ? party->referred(missing.parent) : missing.parent;
  return {};
}

Result<> Keeper::settle() {
  PF_TRY(finish());
  PF_TRY(try_again());
  for (std::size_t start = 0; start < missing_parents_.size(); start += kBatchRows) {
    const std::span<const Missing> part =
        std::span(missing_parents_).subspan(start, std::min(kBatchRows, missing_parents_.size() - start));
    std::vector<catalog::ParentLink> links;
    std::vector<Missing> of_link;
    std::vector<RowReport> unsettled;  // they keep the parent's other name, and this says why
    for (const Missing& missing : part)
      if (missing.meant && *missing.meant != missing.parent) {
        links.push_back({catalog::Sku(missing.sku), catalog::Sku(*missing.meant)});
        of_link.push_back(missing);
      }
    if (!links.empty())
      PF_TRY(write([&](storage::Write& work) -> Result<> {
        PF_TRY(sole_.enter());
        PF_LET(const auto outcomes, rooms_.products.settle_parents(work, links, options_.by, options_.origin));
        unsettled.clear();
        for (std::size_t i = 0; i < outcomes.size(); ++i)
          if (!outcomes[i].outcome && outcomes[i].error.code == ErrorCode::invalid)
            unsettled.push_back({of_link[i].line, "notice", of_link[i].sku, faults_of(outcomes[i].error)});
        events::Batch batch(rooms_.events, work);
        for (const auto& link : links) batch.note(events::type::kProductUpdated, link.sku.raw());
        PF_TRY(batch.finish());
        return sole_.leave(work);
      }));
    for (RowReport& row : unsettled) PF_TRY(add_report(std::move(row)));
    std::vector<RowReport> alone;
    PF_TRY(look([&](const storage::Reader& read) -> Result<> {
      for (const Missing& missing : part) {
        const std::string& parent = missing.meant ? *missing.meant : missing.parent;
        PF_LET(const bool there, rooms_.products.exists(read, parent));
        if (!there)
          alone.push_back(
              {missing.line,
               "notice",
               missing.sku,
               {{"parent", "unknown",
                 "there is no product " + parent + " yet; this one becomes its variant when it is imported"}}});
      }
      return {};
    }));
    for (RowReport& row : alone) PF_TRY(add_report(std::move(row)));
    PF_TRY(send_reports());
  }
  missing_parents_.clear();
  return {};
}

}  // namespace pf::exchange
