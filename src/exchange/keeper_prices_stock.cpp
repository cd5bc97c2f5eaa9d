// What rows of products say beside the product itself: prices, pieces and where they stand.
#include <unordered_map>
#include <unordered_set>

#include "exchange/keeper.h"
#include "stock/shelves.h"

namespace pf::exchange {

// Rules that look at prices see a product with those that its row brings: `rows` get them, where they change.
Result<std::vector<catalog::Offer>> Keeper::offers_to_be(const storage::Reader& read,
                                                         std::span<const ProductItem> items,
                                                         std::span<const std::size_t> of_row,
                                                         std::span<catalog::ProductRow> rows) const {
  std::vector<catalog::Offer> offers;
  for (auto& row : rows) row.offer = nullptr;
  PF_LET(const auto rules, rooms_.products.ruling(read));
  if (!rules || !rules->about_offers()) return offers;
  std::vector<std::string> skus;
  for (const auto& row : rows) skus.push_back(row.sku.raw());
  PF_LET(const auto known, rooms_.offers.find_many(read, skus));
  offers.reserve(rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (!items[of_row[k]].offer) continue;
    catalog::Offer next = known[k] ? *known[k] : catalog::Offer{};
    if (!apply_change(next, *items[of_row[k]].offer).ok()) continue;  // told when it is to be kept
    if (offer_differences(known[k] ? &*known[k] : nullptr, &next).empty()) continue;
    rows[k].offer = &offers.emplace_back(std::move(next));
  }
  return offers;
}

// The offers of a batch whose products are written: read at once.
Result<> Keeper::put_offers(storage::Write& work, std::span<const ProductItem> items, std::span<const Written> written,
                            std::vector<RowReport>& reports, std::vector<std::string>& repriced) const {
  std::vector<std::string> skus;
  std::vector<Written> of_sku;
  for (const Written& one : written)
    if (items[one.item].offer) {
      skus.push_back(items[one.item].sku);
      of_sku.push_back(one);
    }
  if (skus.empty()) return {};
  PF_LET(auto offers, rooms_.offers.find_many(work, skus));
  PF_LET(const auto rules, rooms_.products.ruling(work));
  std::vector<catalog::Touched> touched;
  std::unordered_set<std::string_view> changed;
  for (std::size_t i = 0; i < skus.size(); ++i) {
    if (changed.contains(skus[i])) {  // by an earlier row
      PF_LET(offers[i], rooms_.offers.find(work, skus[i]));
    }
    RowReport& row = reports[of_sku[i].item];
    catalog::OfferNote note{options_.by, options_.origin, of_sku[i].version};
    note.origin.row = items[of_sku[i].item].line;
    // The offer of a product that this row made goes with it when the import is taken back.
    const bool made = row.outcome == outcome_of(catalog::Outcome::created);
    const auto priced =
        rooms_.offers.upsert_read(work, catalog::Sku(skus[i]), of_sku[i].document, offers[i],
                                  *items[of_sku[i].item].offer, made ? nullptr : &note, &touched, rules.get());
    if (!priced.ok()) {
      if (priced.error().code != ErrorCode::invalid) return priced.error();  // the disk's fault is no row's
      for (FieldFault& fault : faults_of(priced.error())) row.errors.push_back(std::move(fault));
    } else if (*priced != catalog::Outcome::unchanged) {
      note_change(row);
      repriced.push_back(skus[i]);
      changed.insert(skus[i]);
    }
  }
  if (options_.origin.is_unit()) PF_TRY(rooms_.products.history().note_touched(work, options_.origin, touched));
  return {};
}

Result<> Keeper::put_stock(storage::Write& work, std::span<const ProductItem> items, std::span<const Written> written,
                           std::vector<RowReport>& reports) const {
  std::vector<std::string> skus;
  std::vector<std::size_t> of_sku;
  for (const Written& one : written)
    if (items[one.item].stock) {
      skus.push_back(items[one.item].sku);
      of_sku.push_back(one.item);
    }
  if (skus.empty()) return {};
  PF_LET(auto stored, rooms_.stock.stored(work, skus));
  PF_LET(const auto locations, rooms_.stock.locations(work));
  std::unordered_set<std::string_view> changed;
  std::unordered_map<std::string_view, stock::Moved> moved;
  for (std::size_t i = 0; i < skus.size(); ++i) {
    const std::int64_t wanted = *items[of_sku[i]].stock;
    if (const auto* at = stock::location_named(locations, items[of_sku[i]].location); at != nullptr) {
      const auto set = rooms_.stock.set_free_at(work, options_.by, skus[i], at->id, wanted, &moved[skus[i]]);
      if (!set.ok() && set.error().code != ErrorCode::invalid && set.error().code != ErrorCode::conflict)
        return set.error();
      if (!set.ok()) {
        reports[of_sku[i]].errors.push_back({"location", "conflict", set.error().message});
        continue;
      }
      if (!*set) continue;
      note_change(reports[of_sku[i]]);
      changed.insert(skus[i]);
      continue;
    }
    if (changed.contains(skus[i])) {  // by an earlier row
      PF_LET(auto again, rooms_.stock.stored(work, std::span(&skus[i], 1)));
      stored[i] = std::move(again.front());
    }
    const stock::Level& level = stored[i].level;
    if (level.available() == wanted) continue;
    if (level.kit) {
      reports[of_sku[i]].errors.push_back(
          {"stock", "kit",
           skus[i] + " is a kit: how many there are follows from its parts, so give no number, or its own."});
      continue;
    }
    PF_TRY(rooms_.stock.set_available(work, options_.by, skus[i], stored[i], wanted, &moved[skus[i]]));
    note_change(reports[of_sku[i]]);
    changed.insert(skus[i]);
  }
  // Once all are counted: an order may take pieces of several, and the file's numbers are of before.
  if (rooms_.orders.anybody_waits(work))
    for (const std::string& sku : skus)
      if (changed.erase(sku) > 0) PF_TRY(rooms_.orders.fill_backorders(work, sku));
  std::vector<SetBeside> set_beside;
  for (const std::string& sku : skus)
    if (const auto of = moved.find(sku); of != moved.end() && of->second.first != 0)
      set_beside.push_back(SetPieces{sku, std::exchange(of->second, {})});  // of rows about one SKU once
  return keep_set(work, set_beside);
}

Result<> Keeper::put_shelves(storage::Write& work, std::span<const ProductItem> items, std::span<const Written> written,
                             std::vector<RowReport>& reports) const {
  stock::Shelves shelves(rooms_.store);
  std::vector<SetBeside> set_beside;
  for (const Written& one : written) {
    if (!items[one.item].shelf) continue;
    const std::string& sku = items[one.item].sku;
    PF_LET(std::string before, shelves.find(work, sku));
    PF_LET(const bool changed, shelves.set(work, sku, *items[one.item].shelf));
    if (!changed) continue;
    note_change(reports[one.item]);
    set_beside.push_back(SetShelf{sku, std::move(before), *items[one.item].shelf});
  }
  if (set_beside.empty()) return {};
  if (rooms_.events != nullptr) PF_TRY(rooms_.events->note_catalogue(work));  // exports of stock say it
  return keep_set(work, set_beside);
}

}  // namespace pf::exchange
