// What an import tells of its rows, and how far it is with it.
#include "exchange/keeper_batch.h"

namespace pf::exchange {
namespace {

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

// Each file is a row; what became of the product stands at the first that was added.
void tell_files(const ProductItem& item, const std::vector<catalog::AddedImage>& became, RowReport product,
                std::vector<RowReport>& out) {
  using Added = catalog::AddedImage;
  auto at = std::ranges::find(became, Added::added);
  if (at == became.end()) at = std::ranges::find(became, Added::there);  // rules alone may have changed it
  const auto first = static_cast<std::size_t>(at - became.begin());
  // None was taken, and rules changed it all the same: a row of its own, or nobody would count that.
  if (at == became.end() && product.outcome != catalog::outcome_name(catalog::Outcome::unchanged)) {
    product.line = item.line;
    out.push_back(product);
  }
  for (std::size_t k = 0; k < became.size() && k <= item.more_lines.size(); ++k) {
    RowReport row{k == 0 ? item.line : item.more_lines[k - 1], "", product.sku};
    if (became[k] == Added::left) {
      row.outcome = "refused";
      row.errors = {{"file", "too_many",
                     "is " + item.files[k] + ", which finds no room: its product has " +
                         std::to_string(catalog::kImagesMax) + " images, and no more are kept"}};
    } else {
      row.outcome = became[k] == Added::added || k == first ? product.outcome : outcome_of(catalog::Outcome::unchanged);
      if (k == first) row.changes = std::move(product.changes);
    }
    out.push_back(std::move(row));
  }
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
Result<> Keeper::keep_set(storage::Write& work, const std::vector<SetBeside>& set) const {
  return options_.keep_set && !options_.dry_run && !set.empty() ? options_.keep_set(work, set) : Result<>();
}
Result<> Keeper::told(Telling telling) {
  progress_ = telling.progress;
  return report_(telling.rows);
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
    if (const auto became = batch.images.find(i); became != batch.images.end() && !refused) {
      tell_files(item, became->second, std::move(row), out);
      continue;
    }
    const std::size_t first = out.size();
    out.push_back(std::move(row));
    for (const std::uint64_t line : item.more_lines)
      out.push_back({line, out[first].outcome, out[first].sku, out[first].errors});
  }
  return out;
}

}  // namespace pf::exchange
