// The batches: which rows are kept together, and how.
#include "exchange/keeper_batch.h"

namespace pf::exchange {

Keeper::Keeper(const Rooms& rooms, const ImportOptions& options, Report report, Progress& progress, Progress& resume,
               Trial& trial, SoleWriter& sole)
    : rooms_(rooms),
      options_(options),
      report_(std::move(report)),
      progress_(progress),
      resume_(resume),
      trial_(trial),
      sole_(sole),
      pipeline_(rooms.store) {}
Keeper::~Keeper() = default;

bool Keeper::full(std::size_t bytes_read_since) const {
  return products.size() + orders.size() >= kBatchRows ||
         (bytes_read_since >= kBatchBytes && products.size() + orders.size() > 0);
}

Result<> Keeper::keep(const std::string& locale) {
  std::vector<ProductItem> items = std::move(products);
  products.clear();
  products.reserve(std::min(items.size(), kBatchRows));  // the next are most likely as many
  waiting_locale_ = locale;
  pass_over(items);
  SaidAbove above;
  for (std::span<ProductItem> rest = items; !rest.empty();) {
    PF_LET(const std::size_t named, name_by_ean(rest, above, false));
    PF_TRY(know_locations(rest.first(named)));
    PF_TRY(keep_named(rest.first(named), locale));
    rest = rest.subspan(named);
  }
  if (!orders.empty()) {
    PF_TRY(settle_products());
    PF_TRY(keep_orders());
  }
  return {};
}

// A unit of work has one mode, and so many rows: at a file's end there may be many more.
Result<> Keeper::keep_named(std::span<ProductItem> items, const std::string& locale) {
  for (std::size_t at = 0; at < items.size();) {
    std::size_t end = at + 1;
    while (end < std::min(items.size(), at + kBatchRows) && items[end].must_exist == items[at].must_exist) ++end;
    const auto from = items.begin() + static_cast<std::ptrdiff_t>(at);
    PF_TRY(keep_products({std::move_iterator(from), std::move_iterator(from + static_cast<std::ptrdiff_t>(end - at))},
                         locale, products_read_));
    products_read_ += end - at;
    at = end;
  }
  return {};
}

Result<> Keeper::finish() {
  PF_TRY(settle_products());
  return send_reports();
}

// What takes long, beside those who place orders meanwhile.
std::function<Result<>(storage::Write&)> Keeper::preparing(const std::shared_ptr<Batch>& whole) const {
  return [this, whole](storage::Write& work) -> Result<> {
    Batch& batch = *whole;
    batch.reports = batch.untouched;
    batch.missing_parents.clear();
    batch.images.clear();
    batch.written.clear();
    batch.repriced.clear();
    const auto& items = batch.items;
    // A file whose texts name no locale speaks a new shop's first language.
    std::string first;
    if (!batch.locale.empty()) {
      PF_LET(const auto languages, rooms_.products.languages(work));
      if (!languages.chosen) first = batch.locale;
    }
    PF_LET(const auto offers, offers_to_be(work, items, batch.of_row, batch.rows));
    const catalog::BatchOptions how{.mode = items[0].must_exist ? catalog::WriteMode::update : options_.mode,
                                    .locale = first,
                                    .forward_parents = true,
                                    .by = options_.by,
                                    .origin = options_.origin};
    PF_LET(batch.outcomes, rooms_.products.upsert_many(work, batch.rows, how));
    for (std::size_t k = 0; k < batch.outcomes.size(); ++k) {
      catalog::RowOutcome& outcome = batch.outcomes[k];
      RowReport& row = batch.reports[batch.of_row[k]];
      const ProductItem& item = items[batch.of_row[k]];
      if (!outcome.outcome) {
        row.errors = faults_of(outcome.error);
        if (outcome.error.code == ErrorCode::not_found && !item.where_unknown.empty())
          for (FieldFault& fault : row.errors)
            if (fault.message == outcome.error.message) fault = {"sku", "unknown", std::string(item.where_unknown)};
        continue;
      }
      row.outcome = outcome_of(*outcome.outcome);
      if (!item.files.empty()) batch.images.emplace(batch.of_row[k], std::move(outcome.images));
      row.errors = outcome.notices;
      if (!outcome.missing_parent.empty())
        batch.missing_parents.push_back({item.sku, outcome.missing_parent, item.line});
      batch.written.push_back({batch.of_row[k], outcome.document, outcome.version});
    }
    return put_offers(work, items, batch.written, batch.reports, batch.repriced);
  };
}

// What those who place orders change too, after them.
std::function<Result<>(storage::Write&)> Keeper::deciding(const std::shared_ptr<Batch>& whole) {
  return [this, whole](storage::Write& work) -> Result<> {
    Batch& batch = *whole;
    PF_TRY(sole_.enter());
    events::Batch events(rooms_.events, work);
    PF_TRY(rooms_.products.note_batch(work, options_.by, batch.rows, batch.outcomes));
    for (const std::string& sku : batch.repriced) events.note(events::type::kOfferUpdated, sku);
    PF_TRY(put_stock(work, batch.items, batch.written, batch.reports));
    PF_TRY(put_shelves(work, batch.items, batch.written, batch.reports));
    PF_TRY(events.finish());
    PF_TRY(sole_.leave(work));
    if (options_.dry_run) return show_changes(work, batch.items, batch.written, batch.reports);
    batch.telling = telling_of(batch, batch.read);
    return keep_told(work, batch.telling);
  };
}

Result<> Keeper::keep_products(std::vector<ProductItem> items, const std::string& locale,
                               std::optional<std::uint64_t> first, std::vector<std::uint64_t> again) {
  if (items.empty()) return {};
  auto batch = std::make_shared<Batch>();
  batch->first = first;
  batch->again = std::move(again);
  batch->items = std::move(items);
  batch->locale = locale;
  batch->read = std::exchange(reports_, {});
  faults_waiting_ = 0;
  batch->untouched.resize(batch->items.size());
  batch->rows.reserve(batch->items.size());
  for (std::size_t i = 0; i < batch->items.size(); ++i) {
    ProductItem& item = batch->items[i];
    RowReport& report = batch->untouched[i];
    report = {item.line, "refused", item.sku, item.faults};
    const auto sku = catalog::parse_sku(item.sku);
    if (!sku.ok()) {
      if (item.faults.empty()) report.errors = faults_of(sku.error());
      continue;
    }
    item.change.wrong = item.faults;  // so that what the catalogue finds is told beside them
    batch->rows.push_back({*sku, std::move(item.change), item.locale, item.line});
    batch->of_row.push_back(i);
  }
  if (options_.dry_run) return try_out(batch);
  PF_TRY(keep_prepared());
  preparing_ = std::move(batch);
  prepared_ = preparer_.run(storage::Worker::Task([this, batch = preparing_] { return prepare(batch); }));
  return {};
}

Result<> Keeper::prepare(const std::shared_ptr<Batch>& batch) {
  return pipeline_.prepare(preparing(batch), deciding(batch));
}

Result<> Keeper::keep_prepared() {
  if (!preparing_) return {};
  auto batch = std::move(preparing_);
  auto prepared = prepared_.get();
  if (const auto before = pipeline_.wait(); before.ok()) {
    PF_TRY(follow_up(before));
  } else {
    pipeline_.drop();  // or halves of the one before would wait for it
    PF_TRY(follow_up(before));
    prepared = prepare(batch);
  }
  PF_TRY(prepared);
  keeping_ = std::move(batch);
  pipeline_.keep();
  return {};
}

Result<> Keeper::settle_products() {
  PF_TRY(keep_prepared());
  return follow_up(pipeline_.wait());
}

Result<> Keeper::try_out(const std::shared_ptr<Batch>& batch) {
  const auto tried = write([&](storage::Write& work) -> Result<> {
    PF_TRY(preparing(batch)(work));
    return deciding(batch)(work);
  });
  if (!tried.ok() && tried.error().code == ErrorCode::too_large) return keep_in_halves(*batch);
  PF_TRY(tried);
  missing_parents_.insert(missing_parents_.end(), batch->missing_parents.begin(), batch->missing_parents.end());
  const std::uint64_t line = batch->items.back().line;
  PF_TRY(tell_alone(*batch));
  if (!trial_.has_forgotten()) return {};
  return notice(line, {{"", "tried_alone",
                        "This try would change more than can be held at once: the rows below were tried as if those "
                        "above were not in the file. The import itself has no such limit."}});
}

Result<> Keeper::write(const std::function<Result<>(storage::Write&)>& decide) {
  return options_.dry_run ? trial_.write(decide) : rooms_.store.write(decide);
}
Result<> Keeper::look(const std::function<Result<>(const storage::Reader&)>& at) {
  return options_.dry_run ? trial_.look(at) : at(rooms_.store.read());
}

Result<> Keeper::follow_up(const Result<>& kept) {
  if (!keeping_) return {};
  const std::shared_ptr<Batch> batch = std::move(keeping_);
  if (!kept.ok()) sole_.failed();
  if (!kept.ok() && kept.error().code == ErrorCode::too_large) return keep_in_halves(*batch);
  PF_TRY(kept);
  missing_parents_.insert(missing_parents_.end(), batch->missing_parents.begin(), batch->missing_parents.end());
  set_aside(*batch);
  return told(std::move(batch->telling));
}

// Rows of unusual size, until they fit.
Result<> Keeper::keep_in_halves(Batch& batch) {
  if (batch.items.size() < 2) {
    batch.reports = std::move(batch.untouched);
    batch.reports[0].outcome = "refused";
    batch.reports[0].errors = {{"", "too_large", "is too large to be kept at once"}};
    return tell_alone(batch);
  }
  for (std::size_t k = 0; k < batch.rows.size(); ++k)
    batch.items[batch.of_row[k]].change = std::move(batch.rows[k].change);
  reports_.insert(reports_.begin(), std::move_iterator(batch.read.begin()), std::move_iterator(batch.read.end()));
  const std::size_t half = batch.items.size() / 2;
  const auto middle = batch.items.begin() + static_cast<std::ptrdiff_t>(half);
  const auto of_half = [&](std::size_t from, std::size_t to) {
    return batch.again.empty() ? std::vector<std::uint64_t>()
                               : std::vector(batch.again.begin() + static_cast<std::ptrdiff_t>(from),
                                             batch.again.begin() + static_cast<std::ptrdiff_t>(to));
  };
  const auto second = batch.first ? std::optional(*batch.first + half) : std::nullopt;
  const std::size_t count = batch.items.size();
  PF_TRY(keep_products({std::move_iterator(batch.items.begin()), std::move_iterator(middle)}, batch.locale, batch.first,
                       of_half(0, half)));
  PF_TRY(keep_products({std::move_iterator(middle), std::move_iterator(batch.items.end())}, batch.locale, second,
                       of_half(half, count)));
  return settle_products();
}

Result<> Keeper::keep_orders() {
  const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(resume_.orders, orders.size()));
  orders.erase(orders.begin(), orders.begin() + static_cast<std::ptrdiff_t>(known));
  resume_.orders -= known;
  if (orders.empty()) return {};
  Telling all;
  PF_TRY(write([&](storage::Write& work) -> Result<> {
    std::vector<RowReport> reports;
    for (const OrderItem& item : orders) {
      std::string outcome = "refused";
      std::vector<FieldFault> faults = item.faults, notices = item.notices;
      if (faults.empty()) {
        const auto placed = rooms_.orders.place_in(work, options_.by, item.order, orders::StockPolicy::backorder);
        if (placed.ok()) {
          outcome = outcome_of(placed->outcome);
          if (placed->cancel_by_hand > 0)
            notices.push_back({"lines", "picked",
                               "were partly cancelled at the channel after they were picked or packed here. Cancel the "
                               "pieces in order " +
                                   std::to_string(placed->id.raw()) + ", and put them back"});
        }
        if (!placed.ok() && placed.error().code == ErrorCode::invalid)
          faults = faults_of(placed.error());
        else if (!placed.ok())
          return placed.error();
      }
      for (const std::uint64_t line : item.lines)
        reports.push_back({line, outcome, item.order.channel_order_id, faults});
      if (outcome != "refused" && !notices.empty() && !item.lines.empty())
        reports.push_back({item.lines.front(), "notice", item.order.channel_order_id, std::move(notices)});
    }
    all = telling(reports_, std::move(reports), 0, orders.size());
    return options_.dry_run ? Result<>() : keep_told(work, all);
  }));
  if (options_.dry_run && options_.keep_told)
    PF_TRY(rooms_.store.write([&](storage::Write& work) { return keep_told(work, all); }));
  orders.clear();
  reports_.clear();
  faults_waiting_ = 0;
  return told(std::move(all));
}

}  // namespace pf::exchange
