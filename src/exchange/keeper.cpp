#include "exchange/keeper.h"

#include <algorithm>
#include <unordered_set>

#include "productflow/text.h"
#include "stock/shelves.h"

namespace pf::exchange {
namespace {

// Of one unit of work. Each term of the index costs a record a batch, so larger is cheaper; but while a batch enters
// the log nobody else writes (some 10 us a row), and the whole of it is in memory.
constexpr std::size_t kBatchRows = 2'500;
constexpr std::size_t kBatchBytes = 8u << 20;

std::string outcome_of(catalog::Outcome outcome) {
  return std::string(catalog::outcome_name(outcome));
}

void note_change(RowReport& row) {
  if (row.outcome == "unchanged") row.outcome = outcome_of(catalog::Outcome::changed);
}

// Faults as the report shows them: never a value, since values may be a buyer's.
std::vector<FieldFault> faults_of(const Error& error) {
  if (!error.faults.empty()) return error.faults;
  return {{"", "refused", error.message}};
}

}  // namespace

bool Keeper::full(std::size_t bytes_read_since) const {
  return products.size() + orders.size() >= kBatchRows ||
         (bytes_read_since >= kBatchBytes && products.size() + orders.size() > 0);
}

void Keeper::count(const RowReport& row) {
  ++counts_.rows;
  if (row.outcome == "created")
    ++counts_.created;
  else if (row.outcome == "changed")
    ++counts_.changed;
  else if (row.outcome == "unchanged")
    ++counts_.unchanged;
  else
    ++counts_.refused;
}

Result<> Keeper::notice(std::uint64_t line, std::vector<FieldFault> faults) {
  return add_report({line, "notice", "", std::move(faults)});
}
Result<> Keeper::refuse(std::uint64_t line, std::vector<FieldFault> faults) {
  RowReport row{line, "refused", "", std::move(faults)};
  count(row);
  return add_report(std::move(row));
}
Result<> Keeper::add_report(RowReport row) {
  faults_waiting_ += row.errors.size();
  reports_.push_back(std::move(row));
  return reports_.size() >= kBatchRows || faults_waiting_ >= kBatchRows ? send_reports() : Result<>();
}
Result<> Keeper::send_reports() {
  faults_waiting_ = 0;
  return reports_.empty() ? Result<>() : report_(std::exchange(reports_, {}));
}

Result<> Keeper::keep(const std::string& locale) {
  std::vector<ProductItem> items = std::move(products);
  products.clear();
  // A file whose texts name no locale speaks a new shop's first language.
  std::string first;
  if (!items.empty() && !locale.empty()) {
    PF_LET(const auto languages, rooms_.products.languages(rooms_.store.read()));
    if (!languages.chosen) first = locale;
  }
  PF_TRY(name_by_ean(items));
  // A unit of work has one mode, and so many rows: at a file's end there may be many more.
  for (std::span<ProductItem> rest(items); !rest.empty();) {
    std::size_t size = 1;
    while (size < std::min(rest.size(), kBatchRows) && rest[size].must_exist == rest[0].must_exist) ++size;
    PF_TRY(keep_products(rest.first(size), first));
    rest = rest.subspan(size);
  }
  PF_TRY(keep_orders());
  return send_reports();
}

Result<> Keeper::name_by_ean(std::span<ProductItem> items) {
  for (ProductItem& item : items) {
    if ((!item.sku.empty() && !item.by_ean) || !item.change.ean || !item.faults.empty()) continue;
    const auto ean = catalog::parse_ean(*item.change.ean);
    if (!ean.ok()) {
      item.faults = ean.error().faults;
      continue;
    }
    catalog::ProductQuery query;
    query.where = {{"ean", catalog::Operator::eq, {*ean}}};
    query.count = 2;
    PF_LET(const auto known, rooms_.products.list(rooms_.store.read(), query));
    if (known.total > 1)
      item.faults.push_back({"ean", "ambiguous", "several products have this EAN, so a SKU is needed to tell which"});
    if (!known.skus.empty())
      item.sku = known.skus.front();
    else if (item.sku.empty())
      item.sku = *ean;
  }
  return {};
}

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
  PF_LET(auto levels, rooms_.stock.levels(work, skus));
  const bool somebody_waits = rooms_.orders.anybody_waits(work);
  std::unordered_set<std::string_view> changed;
  for (std::size_t i = 0; i < skus.size(); ++i) {
    const std::int64_t wanted = *items[of_sku[i]].stock;
    if (changed.contains(skus[i])) {  // by an earlier row
      PF_LET(levels[i], rooms_.stock.level(work, skus[i]));
    }
    if (levels[i].available() == wanted) continue;
    PF_TRY(rooms_.stock.set_available(work, options_.by, skus[i], wanted));
    if (somebody_waits) PF_TRY(rooms_.orders.fill_backorders(work, skus[i]));
    note_change(reports[of_sku[i]]);
    changed.insert(skus[i]);
  }
  return {};
}

Result<> Keeper::put_shelves(storage::Write& work, std::span<const ProductItem> items, std::span<const Written> written,
                             std::vector<RowReport>& reports) const {
  for (const Written& one : written) {
    if (!items[one.item].shelf) continue;
    PF_LET(const bool changed, stock::Shelves(rooms_.store).set(work, items[one.item].sku, *items[one.item].shelf));
    if (changed) note_change(reports[one.item]);
  }
  return {};
}

// From the history that the unit of work would leave.
Result<> Keeper::show_changes(const storage::Write& work, std::span<const ProductItem> items,
                              std::span<const Written> written, std::vector<RowReport>& reports) {
  constexpr std::size_t kChangesShownMax = 1'000;  // products; nobody reads more, and each is a record
  for (const Written& one : written) {
    RowReport& row = reports[one.item];
    if (row.outcome != outcome_of(catalog::Outcome::changed)) continue;
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

Result<> Keeper::keep_products(std::span<ProductItem> items, const std::string& locale) {
  if (items.empty()) return {};
  std::vector<RowReport> reports(items.size());
  std::vector<catalog::ProductRow> rows;
  std::vector<std::size_t> of_row;
  rows.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    ProductItem& item = items[i];
    reports[i] = {item.line, "refused", item.sku, item.faults};
    if (!item.faults.empty()) continue;
    if (options_.dry_run && item.must_exist && !item.is_row) {  // goes on about a row that was not kept
      reports[i].outcome = outcome_of(catalog::Outcome::unchanged);
      continue;
    }
    const auto sku = catalog::parse_sku(item.sku);
    if (!sku.ok()) {
      reports[i].errors = faults_of(sku.error());
      continue;
    }
    rows.push_back({*sku, std::move(item.change), item.locale, item.line});
    of_row.push_back(i);
  }
  const std::size_t missing_before = missing_parents_.size();
  const std::vector<RowReport> untouched = reports;
  std::vector<catalog::RowOutcome> outcomes;
  std::vector<Written> written;
  std::vector<std::string> repriced;
  // What takes long is prepared beside those who place orders meanwhile; what they change too is done after them.
  const auto prepare = [&](storage::Write& work) -> Result<> {
    reports = untouched;
    missing_parents_.resize(missing_before);
    written.clear();
    repriced.clear();
    PF_LET(const auto offers, offers_to_be(work, items, of_row, rows));
    const catalog::BatchOptions batch{.mode = items[0].must_exist ? catalog::WriteMode::update : options_.mode,
                                      .locale = locale,
                                      .forward_parents = true,
                                      .by = options_.by,
                                      .origin = options_.origin};
    PF_LET(outcomes, rooms_.products.upsert_many(work, rows, batch));
    for (std::size_t k = 0; k < outcomes.size(); ++k) {
      RowReport& row = reports[of_row[k]];
      const ProductItem& item = items[of_row[k]];
      if (!outcomes[k].outcome) {
        row.errors = faults_of(outcomes[k].error);
        continue;
      }
      row.outcome = outcome_of(*outcomes[k].outcome);
      row.errors = outcomes[k].notices;
      if (!outcomes[k].missing_parent.empty())
        missing_parents_.push_back({item.sku, outcomes[k].missing_parent, item.line});
      written.push_back({of_row[k], outcomes[k].document, outcomes[k].version});
    }
    return put_offers(work, items, written, reports, repriced);
  };
  const auto decide = [&](storage::Write& work) -> Result<> {
    events::Batch batch(rooms_.events, work);
    PF_TRY(rooms_.products.note_batch(work, options_.by, rows, outcomes));
    for (const std::string& sku : repriced) batch.note(events::type::kOfferUpdated, sku);
    PF_TRY(put_stock(work, items, written, reports));
    PF_TRY(put_shelves(work, items, written, reports));
    PF_TRY(batch.finish());
    if (!options_.dry_run) return {};
    PF_TRY(show_changes(work, items, written, reports));
    return error(ErrorCode::conflict, "dry run");  // everything was tried, nothing is kept
  };
  const auto done = rooms_.store.write_prepared(prepare, decide);
  if (!done.ok() && !options_.dry_run) {
    missing_parents_.resize(missing_before);
    if (done.error().code != ErrorCode::too_large || items.size() < 2) return done.error();
    // Rows of unusual size: in halves, until they fit.
    for (std::size_t k = 0; k < rows.size(); ++k) items[of_row[k]].change = std::move(rows[k].change);
    PF_TRY(keep_products(items.first(items.size() / 2), locale));
    return keep_products(items.subspan(items.size() / 2), locale);
  }
  tell(std::move(reports), items);
  return {};
}

// What was kept but needs a look is told beside the counts, as a notice.
void Keeper::tell(std::vector<RowReport> rows, std::span<const ProductItem> items) {
  std::vector<RowReport>& out = reports_;
  out.reserve(out.size() + rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RowReport& row = rows[i];
    const ProductItem& item = items[i];
    const bool refused = row.outcome == "refused";
    std::vector<FieldFault> notices = item.notices;
    if (!refused) notices.insert(notices.end(), row.errors.begin(), row.errors.end());
    if (!refused) row.errors.clear();
    if (!notices.empty()) out.push_back({row.line, "notice", row.sku, std::move(notices)});
    if (!item.is_row) {
      // No row of its own to count; its variants are kept without it, and this says why.
      if (refused) out.push_back({row.line, "notice", row.sku, row.errors});
      continue;
    }
    count(row);
    out.push_back(row);
    for (const std::uint64_t line : item.more_lines) {
      out.push_back({line, row.outcome, row.sku, row.errors});
      count(out.back());
    }
  }
}

Result<> Keeper::keep_orders() {
  if (orders.empty()) return {};
  std::vector<RowReport> reports;
  const auto done = rooms_.store.write([&](storage::Write& work) -> Result<> {
    reports.clear();
    for (const OrderItem& item : orders) {
      std::string outcome = "refused";
      std::vector<FieldFault> faults = item.faults;
      if (faults.empty()) {
        const auto placed = rooms_.orders.place_in(work, options_.by, item.order, orders::StockPolicy::backorder);
        if (placed.ok())
          outcome = outcome_of(placed->outcome);
        else if (placed.error().code == ErrorCode::invalid)
          faults = faults_of(placed.error());
        else
          return placed.error();
      }
      for (const std::uint64_t line : item.lines)
        reports.push_back({line, outcome, item.order.channel_order_id, faults});
    }
    if (options_.dry_run) return error(ErrorCode::conflict, "dry run");
    return {};
  });
  if (!done.ok() && !options_.dry_run) return done.error();
  orders.clear();
  for (RowReport& row : reports) {
    count(row);
    reports_.push_back(std::move(row));
  }
  return {};
}

Result<> Keeper::settle(const Party* party) {
  if (options_.dry_run) return {};
  for (std::size_t start = 0; start < missing_parents_.size(); start += kBatchRows) {
    const std::span<const Missing> part =
        std::span(missing_parents_).subspan(start, std::min(kBatchRows, missing_parents_.size() - start));
    std::vector<catalog::ParentLink> links;
    for (const Missing& missing : part)
      if (party != nullptr && party->referred(missing.parent) != missing.parent)
        links.push_back({catalog::Sku(missing.sku), catalog::Sku(party->referred(missing.parent))});
    if (!links.empty())
      PF_TRY(rooms_.store.write([&](storage::Write& work) -> Result<> {
        PF_TRY(rooms_.products.settle_parents(work, links, options_.by, options_.origin));
        events::Batch batch(rooms_.events, work);
        for (const auto& link : links) batch.note(events::type::kProductUpdated, link.sku.raw());
        return batch.finish();
      }));
    const auto read = rooms_.store.read();
    for (const Missing& missing : part) {
      const std::string parent = party != nullptr ? party->referred(missing.parent) : missing.parent;
      PF_LET(const bool there, rooms_.products.exists(read, parent));
      if (!there)
        reports_.push_back(
            {missing.line,
             "notice",
             missing.sku,
             {{"parent", "unknown",
               "there is no product " + parent + " yet; this one becomes its variant when it is imported"}}});
    }
    PF_TRY(send_reports());
  }
  return {};
}

}  // namespace pf::exchange
