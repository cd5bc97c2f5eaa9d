#include "exchange/keeper.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Of one unit of work. Each term of the index costs a record a batch, so larger is cheaper; but while a batch enters
// the log nobody else writes (some 10 us a row), and the whole of it is in memory.
constexpr std::size_t kBatchRows = 2'500;
constexpr std::size_t kBatchBytes = 8u << 20;
// Of rows that wait: they must be one unit of work with their terms of the index (storage::kUnitBytesMax).
constexpr std::size_t kWaitingBytesMax = 32u << 20;
// Of rows that wait, from the last to the first and back: each lets one more of a chain in, wherever it stands.
constexpr std::size_t kTriesMax = 20;

void count(const RowReport& row, Counts& counts) {
  if (row.outcome == "notice") return;
  ++counts.rows;
  if (row.outcome == "created")
    ++counts.created;
  else if (row.outcome == "changed")
    ++counts.changed;
  else if (row.outcome == "unchanged")
    ++counts.unchanged;
  else
    ++counts.refused;
}

std::size_t bytes_of_value(const json::Value& value) {
  std::size_t bytes = sizeof value;
  if (const auto* text = value.as_string()) bytes += text->size();
  if (const auto* number = value.as_number()) bytes += number->text.size();
  if (const auto* all = value.as_array())
    for (const json::Value& one : *all) bytes += bytes_of_value(one);
  if (const auto* members = value.as_object())
    for (const auto& [name, one] : *members) bytes += name.size() + bytes_of_value(one);
  return bytes;
}
// What is large in it.
std::size_t bytes_of_change(const catalog::ProductChange& change) {
  std::size_t bytes = sizeof(ProductItem);
  for (const auto* text : {&change.title, &change.description})
    if (*text) bytes += (*text)->size();
  for (const auto* list : {&change.categories, &change.images})
    if (*list)
      for (const std::string& one : **list) bytes += sizeof one + one.size();
  for (const auto* values : {&change.attributes, &change.associations})
    for (const auto& [name, value] : *values) bytes += name.size() + bytes_of_value(value);
  for (const auto& [locale, members] : change.texts)
    for (const auto& [name, value] : members) bytes += name.size() + bytes_of_value(value);
  return bytes;
}

}  // namespace

std::string outcome_of(catalog::Outcome outcome) {
  return std::string(catalog::outcome_name(outcome));
}

void note_change(RowReport& row) {
  if (row.outcome == "unchanged") row.outcome = outcome_of(catalog::Outcome::changed);
}

std::vector<FieldFault> faults_of(const Error& error) {
  if (!error.faults.empty()) return error.faults;
  return {{"", "refused", error.message}};
}

bool Keeper::full(std::size_t bytes_read_since) const {
  return products.size() + orders.size() >= kBatchRows ||
         (bytes_read_since >= kBatchBytes && products.size() + orders.size() > 0);
}

Result<> Keeper::notice(std::uint64_t line, std::vector<FieldFault> faults) {
  return add_report({line, "notice", "", std::move(faults)});
}
Result<> Keeper::refuse(std::uint64_t line, std::vector<FieldFault> faults) {
  return add_report({line, "refused", "", std::move(faults)});
}
Result<> Keeper::add_report(RowReport row) {
  if (resume_.reports > 0) {
    --resume_.reports;
    return {};
  }
  faults_waiting_ += row.errors.size();
  reports_.push_back(std::move(row));
  return reports_.size() >= kBatchRows || faults_waiting_ >= kBatchRows ? finish() : Result<>();
}
Result<> Keeper::send_reports() {
  faults_waiting_ = 0;
  if (reports_.empty()) return {};
  Telling all = telling(std::exchange(reports_, {}), {}, 0, 0);
  if (options_.keep_told) PF_TRY(rooms_.store.write([&](storage::Write& work) { return keep_told(work, all); }));
  return told(std::move(all));
}

Keeper::Telling Keeper::telling(std::vector<RowReport> read, std::vector<RowReport> kept, std::size_t products_kept,
                                std::size_t orders_kept) const {
  Telling out{std::move(read), progress_};
  out.progress.reports += out.rows.size();
  out.progress.products += products_kept;
  out.progress.orders += orders_kept;
  out.rows.insert(out.rows.end(), std::move_iterator(kept.begin()), std::move_iterator(kept.end()));
  if (!of_file.empty())
    for (RowReport& row : out.rows) row.file = of_file;
  for (Counts* counts : {&out.progress.of_file, &out.progress.counts})
    for (const RowReport& row : out.rows) count(row, *counts);
  return out;
}
Result<> Keeper::keep_told(storage::Write& work, const Telling& telling) const {
  return options_.keep_told ? options_.keep_told(work, telling.rows, telling.progress) : Result<>();
}
Result<> Keeper::told(Telling telling) {
  progress_ = telling.progress;
  return report_(telling.rows);
}

// What an import that was cut off had kept; variants of it may still wait for their parents.
void Keeper::pass_over(std::vector<ProductItem>& items) {
  const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(resume_.products, items.size()));
  // Those that waited then wait now.
  std::vector<std::size_t> wait;
  for (std::size_t i = 0; i < known; ++i)
    if (std::ranges::binary_search(resume_.waiting, products_read_ + i)) wait.push_back(i);
  note_overtaken(std::span(items).first(known), wait, [&](std::size_t i) { return products_read_ + i; });
  for (const std::size_t one : wait) {
    waiting_bytes_ += bytes_of_change(items[one].change);
    waiting_.push_back(items[one]);
    waiting_at_.push_back(products_read_ + one);
  }
  for (std::size_t i = 0; i < known; ++i)
    if (const auto& parent = items[i].change.parent; parent && *parent && !(*parent)->empty())
      missing_parents_.push_back({items[i].sku, **parent, items[i].line});
  items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(known));
  resume_.products -= known;
  products_read_ += known;
}

Result<> Keeper::keep(const std::string& locale) {
  std::vector<ProductItem> items = std::move(products);
  products.clear();
  waiting_locale_ = locale;
  pass_over(items);
  PF_TRY(name_by_ean(items));
  PF_TRY(know_locations(items));
  // A unit of work has one mode, and so many rows: at a file's end there may be many more.
  for (std::size_t at = 0; at < items.size();) {
    std::size_t end = at + 1;
    while (end < std::min(items.size(), at + kBatchRows) && items[end].must_exist == items[at].must_exist) ++end;
    const auto from = items.begin() + static_cast<std::ptrdiff_t>(at);
    PF_TRY(keep_products({std::move_iterator(from), std::move_iterator(from + static_cast<std::ptrdiff_t>(end - at))},
                         locale, products_read_));
    products_read_ += end - at;
    at = end;
  }
  if (!orders.empty()) {
    PF_TRY(settle_products());
    PF_TRY(keep_orders());
  }
  return {};
}

Result<> Keeper::finish() {
  PF_TRY(settle_products());
  return send_reports();
}

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

// Rows that are one unit of work, and what became of them. What the unit's two steps make is made anew by each run.
struct Keeper::Batch {
  std::vector<ProductItem> items;
  std::string locale;
  std::vector<RowReport> read;                // what reading told meanwhile
  std::vector<RowReport> untouched, reports;  // one an item
  std::vector<catalog::ProductRow> rows;      // of those that may be kept
  std::vector<std::size_t> of_row;            // their items
  std::vector<catalog::RowOutcome> outcomes;
  std::vector<Written> written;
  std::vector<std::string> repriced;
  std::vector<Missing> missing_parents;
  Telling telling;
  std::optional<std::uint64_t> first;  // which of the file's products the first item is; none: they are tried again
  std::vector<std::uint64_t> again;    // then, which each is
  std::vector<std::size_t> waiting;    // items that are to wait
  std::size_t waiting_bytes = 0;       // of these
  const catalog::ProductChange& change_of(std::size_t item) const {
    return rows[static_cast<std::size_t>(std::ranges::lower_bound(of_row, item) - of_row.begin())].change;
  }
  std::uint64_t place_of(std::size_t item) const { return first ? *first + item : again[item]; }
};

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

// What takes long, beside those who place orders meanwhile.
std::function<Result<>(storage::Write&)> Keeper::preparing(const std::shared_ptr<Batch>& whole) const {
  return [this, whole](storage::Write& work) -> Result<> {
    Batch& batch = *whole;
    batch.reports = batch.untouched;
    batch.missing_parents.clear();
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
      const catalog::RowOutcome& outcome = batch.outcomes[k];
      RowReport& row = batch.reports[batch.of_row[k]];
      const ProductItem& item = items[batch.of_row[k]];
      if (!outcome.outcome) {
        row.errors = faults_of(outcome.error);
        continue;
      }
      row.outcome = outcome_of(*outcome.outcome);
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

Result<> Keeper::tell_alone(Batch& batch) {
  Telling all = telling_of(batch, std::move(batch.read));
  if (options_.keep_told) PF_TRY(rooms_.store.write([&](storage::Write& work) { return keep_told(work, all); }));
  set_aside(batch);
  return told(std::move(all));
}

Keeper::Telling Keeper::telling_of(Batch& batch, std::vector<RowReport> read) const {
  auto reports = told_of(batch);
  Telling out = telling(std::move(read), std::move(reports), batch.first ? batch.items.size() : 0, 0);
  for (const std::uint64_t one : batch.again) std::erase(out.progress.waiting, one);
  for (const std::size_t one : batch.waiting) out.progress.waiting.push_back(batch.place_of(one));
  std::ranges::sort(out.progress.waiting);
  return out;
}

bool Keeper::may_wait(const Batch& batch, std::size_t item) const {
  if (!(batch.first || may_wait_again_) || batch.items[item].must_exist || !batch.items[item].faults.empty())
    return false;
  // They must be one unit of work.
  if (batch.first && progress_.waiting.size() + batch.waiting.size() >= kBatchRows) return false;
  if (batch.first && waiting_bytes_ + batch.waiting_bytes >= kWaitingBytesMax) return false;
  const auto& faults = batch.reports[item].errors;
  return !faults.empty() &&
         std::ranges::all_of(faults, [](const FieldFault& one) { return one.code == "twin" || one.code == "taken"; });
}

void Keeper::set_aside(Batch& batch) {
  note_overtaken(batch.items, batch.waiting, [&](std::size_t i) { return batch.place_of(i); });
  for (const std::size_t one : batch.waiting) {
    const auto k = static_cast<std::size_t>(std::ranges::find(batch.of_row, one) - batch.of_row.begin());
    batch.items[one].change = std::move(batch.rows[k].change);
    waiting_bytes_ += bytes_of_change(batch.items[one].change);
    waiting_.push_back(std::move(batch.items[one]));
    waiting_at_.push_back(batch.place_of(one));
  }
  batch.waiting.clear();
}

// Of several rows about one product the last is what it becomes, so one that waited has had its turn.
void Keeper::note_overtaken(std::span<const ProductItem> items, std::span<const std::size_t> wait,
                            const std::function<std::uint64_t(std::size_t)>& place_of) {
  if (waiting_.empty() && wait.empty()) return;
  std::unordered_set<std::string_view> waiting;
  for (const ProductItem& one : waiting_) waiting.insert(one.sku);
  auto next = wait.begin();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (waiting.contains(items[i].sku)) {
      std::uint64_t& last = overtaken_[items[i].sku];
      last = std::max(last, place_of(i));
    }
    if (next == wait.end() || *next != i) continue;
    waiting.insert(items[i].sku);
    ++next;
  }
}

Result<> Keeper::try_again() {
  if (waiting_.empty()) return {};
  bool stuck = false;  // one more try would come to the same
  for (std::size_t i = 0; i < waiting_.size(); ++i)
    if (const auto last = overtaken_.find(waiting_[i].sku); last != overtaken_.end() && waiting_at_[i] < last->second)
      waiting_[i].faults.push_back(
          {"sku", "twin",
           "had values that another product had when it was this row's turn; a later row is about the "
           "same product, so this one was not tried again"});
  PF_TRY(name_by_ean(waiting_));
  for (std::size_t tries = 0; !waiting_.empty(); ++tries) {
    const std::size_t before = waiting_.size();
    std::ranges::reverse(waiting_);
    std::ranges::reverse(waiting_at_);
    may_wait_again_ = tries + 1 < kTriesMax && !stuck;
    waiting_bytes_ = 0;
    PF_TRY(keep_products(std::exchange(waiting_, {}), waiting_locale_, std::nullopt, std::exchange(waiting_at_, {})));
    PF_TRY(settle_products());
    stuck = waiting_.size() == before;
  }
  return {};
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

// What became of each row. What was kept but needs a look is told beside the counts, as a notice.
std::vector<RowReport> Keeper::told_of(Batch& batch) const {
  std::vector<RowReport> out;
  out.reserve(batch.reports.size());
  batch.waiting.clear();
  batch.waiting_bytes = 0;
  for (std::size_t i = 0; i < batch.reports.size(); ++i) {
    if (batch.reports[i].outcome == "refused" && may_wait(batch, i)) {
      batch.waiting.push_back(i);
      batch.waiting_bytes += bytes_of_change(batch.change_of(i));
      continue;
    }
    RowReport row = std::move(batch.reports[i]);
    const ProductItem& item = batch.items[i];
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
    out.push_back(row);
    for (const std::uint64_t line : item.more_lines) out.push_back({line, row.outcome, row.sku, row.errors});
  }
  return out;
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
      if (outcome != "refused" && !item.notices.empty() && !item.lines.empty())
        reports.push_back({item.lines.front(), "notice", item.order.channel_order_id, item.notices});
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
