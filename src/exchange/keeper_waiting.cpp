// Rows that wait for the file's end, since another product still has what they are to have; and what an import that
// goes on passes over.
#include "exchange/keeper_batch.h"

namespace pf::exchange {
namespace {

// Of rows that wait: they must be one unit of work with their terms of the index (storage::kUnitBytesMax).
constexpr std::size_t kWaitingBytesMax = 32u << 20;
// Of rows that wait, from the last to the first and back: each lets one more of a chain in, wherever it stands.
constexpr std::size_t kTriesMax = 20;

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

}  // namespace

std::size_t bytes_of_change(const catalog::ProductChange& change) {
  std::size_t bytes = sizeof(ProductItem);
  for (const auto* text : {&change.title, &change.description})
    if (*text) bytes += (*text)->size();
  for (const auto* list : {&change.categories, &change.images})
    if (*list)
      for (const std::string& one : **list) bytes += sizeof one + one.size();
  for (const std::string& one : change.more_images) bytes += sizeof one + one.size();
  for (const auto* values : {&change.attributes, &change.associations})
    for (const auto& [name, value] : *values) bytes += name.size() + bytes_of_value(value);
  for (const auto& [locale, members] : change.texts)
    for (const auto& [name, value] : members) bytes += name.size() + bytes_of_value(value);
  return bytes;
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
  SaidAbove above;
  PF_TRY(name_by_ean(waiting_, above, true));
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

}  // namespace pf::exchange
