// What rows name otherwise than by SKU: a product by its EAN, a place of stock, a parent.
#include <unordered_map>

#include "exchange/keeper_batch.h"
#include "productflow/text.h"

namespace pf::exchange {

Result<> Keeper::name_by_ean(std::span<ProductItem> items) {
  const auto is_by_ean = [](const ProductItem& item) {
    return (item.sku.empty() || item.by_ean) && item.change.ean && item.faults.empty();
  };
  if (std::ranges::none_of(items, is_by_ean)) return {};
  PF_TRY(settle_products());  // a row before may have brought it
  return look([&](const storage::Reader& read) -> Result<> {
    constexpr std::size_t kSameEanMax = 20;  // products that are looked at; one is what there should be
    // What rows above say, which are kept with these: the EAN that each product will have, and who had one of them.
    std::unordered_map<std::string, std::string> ean_of;
    std::unordered_map<std::string, std::vector<std::string>> skus_of;
    for (ProductItem& item : items) {
      if (!item.change.ean || !item.faults.empty()) continue;
      const auto parsed = catalog::parse_ean(*item.change.ean);
      const std::string ean = parsed.ok() ? *parsed : std::string();
      if (is_by_ean(item)) {
        if (!parsed.ok()) {
          item.faults = parsed.error().faults;
          continue;
        }
        catalog::ProductQuery query;
        query.where = {{"ean", catalog::Operator::eq, {ean}}};
        query.count = kSameEanMax;
        PF_LET(const auto kept, rooms_.products.list(read, query));
        std::vector<std::string> known;
        for (const std::string& sku : kept.skus)
          if (!ean_of.contains(sku)) known.push_back(sku);
        if (const auto above = skus_of.find(ean); above != skus_of.end())
          for (const std::string& sku : above->second)
            if (ean_of.at(sku) == ean && std::ranges::find(known, sku) == known.end()) known.push_back(sku);
        if (known.size() > 1)
          item.faults.push_back(
              {"ean", "ambiguous", "several products have this EAN, so a SKU is needed to tell which"});
        if (!known.empty())
          item.sku = known.front();
        else if (item.sku.empty())
          item.sku = ean;
        if (!item.faults.empty()) continue;
      } else if (!parsed.ok() && !trim(*item.change.ean).empty()) {
        continue;  // will be refused, and changes nothing
      }
      std::string& had = ean_of[item.sku];
      if (had == ean) continue;
      had = ean;
      if (!ean.empty()) skus_of[ean].push_back(item.sku);
    }
    return {};
  });
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
