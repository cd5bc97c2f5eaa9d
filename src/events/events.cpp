#include "events/events.h"

#include <algorithm>
#include <array>

#include "productflow/bytes.h"
#include "productflow/text.h"

// Stored on disk, do not change. Family "events":
//   "n"          be64: the last number that was given
//   "e" be64     number -> {"at", "type", "data"}
//   "c"          be64: the state of the catalogue; be64 (ms): since when
//   "o"          the same of orders; lacks until one changes
namespace pf::events {
namespace {

constexpr std::string_view kLastKey = "n", kCatalogueKey = "c", kOrdersKey = "o";

bool is_of_catalogue(std::string_view type) {
  return type.starts_with("product.") || type.starts_with("offer.") || type.starts_with("stock.");
}

std::string event_key(std::uint64_t number) {
  std::string key = "e";
  put_be64(key, number);
  return key;
}

Result<Event> event_of(std::string_view key, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  const json::Value *at = in.find("at"), *type = in.find("type"), *data = in.find("data");
  if (key.size() != 9 || at == nullptr || at->as_int() == std::nullopt || type == nullptr ||
      type->as_string() == nullptr || data == nullptr)
    return error(ErrorCode::internal, "A record of the log of events is damaged.");
  return Event{get_be64(key.substr(1)), Time(milliseconds(*at->as_int())), *type->as_string(), *data};
}

constexpr std::array kTypes{
    TypeInfo{type::kOrderCreated, "An order came in."},
    TypeInfo{type::kOrderUpdated,
             "An order was accepted, shipped, cancelled, held, released, tagged, noted, paid, or given stock."},
    TypeInfo{type::kOrderPurged, "A buyer's data was erased on request; the order stays."},
    TypeInfo{type::kShipmentCreated, "A parcel of an order left the house."},
    TypeInfo{type::kShipmentUpdated, "The carrier or tracking number of a parcel that had left was corrected."},
    TypeInfo{type::kReturnCreated, "Something of an order shall come back."},
    TypeInfo{type::kReturnUpdated, "A return was approved, refused, received in part or whole, or closed."},
    TypeInfo{type::kRefundCreated, "Money of an order was given back."},
    TypeInfo{type::kProductCreated, "Products are new."},
    TypeInfo{type::kProductUpdated, "Products were changed."},
    TypeInfo{type::kProductDeleted, "Products were deleted."},
    TypeInfo{type::kDraftCreated, "Somebody proposes changes of a product."},
    TypeInfo{type::kDraftUpdated, "A proposal was changed, withdrawn, approved or rejected, whole or in part."},
    TypeInfo{type::kCommentCreated, "Somebody said something about a product."},
    TypeInfo{type::kCommentUpdated, "A comment on a product was changed, resolved or removed."},
    TypeInfo{type::kTaskCreated, "Work was given to somebody."},
    TypeInfo{type::kTaskUpdated, "A task was changed, done, opened again or removed."},
    TypeInfo{type::kOfferUpdated, "Prices, title or delivery promise of offers were changed."},
    TypeInfo{type::kOfferDeleted, "Offers were removed."},
    TypeInfo{type::kStockUpdated, "The number of pieces changed: set, given to orders, shipped or released."},
    TypeInfo{type::kImportUpdated, "An import started, went on or ended."},
    TypeInfo{type::kVaultSealed, "The vault was sealed: buyers can neither be shown nor taken in."},
    TypeInfo{type::kVaultUnsealed, "The vault was opened again."},
    TypeInfo{type::kVaultPurged, "Keys of buyers' data that were due were destroyed."},
    TypeInfo{type::kWebhookDisabled, "A webhook was switched off, since its receiver failed for days."},
    TypeInfo{type::kScheduleFailed, "A scheduled import or export failed that had not failed before."},
};

}  // namespace

std::span<const TypeInfo> all_types() {
  return kTypes;
}
bool is_type(std::string_view name) {
  return std::ranges::any_of(kTypes, [&](const TypeInfo& one) { return one.name == name; });
}

std::string body_of(const Event& event) {
  return json::write(
      json::Value::object({{"type", event.type}, {"timestamp", rfc3339(event.at)}, {"data", event.data}}));
}

std::vector<storage::Family> Events::families() {
  return {{.name = "events", .kind = storage::Family::Kind::walked}};
}

Events::Events(storage::Store& store, const Clock& clock)
    : store_(store), clock_(clock), family_(store.family("events")) {}

Result<> Events::add(storage::Write& work, std::string_view type, json::Value data) {
  PF_LET(const std::uint64_t before, last(work));
  std::string number;
  put_be64(number, before + 1);
  work.put(family_, kLastKey, number);
  work.put(
      family_, event_key(before + 1),
      json::write(json::Value::object(
          {{"at", std::int64_t{clock_.now().time_since_epoch().count()}}, {"type", type}, {"data", std::move(data)}})));
  if (is_of_catalogue(type)) PF_TRY(note_catalogue(work));
  if (type.starts_with("order.")) PF_TRY(note(work, kOrdersKey));
  work.after_commit([this] { tell_news(); });
  return {};
}

Result<Events::State> Events::state(const storage::Reader& read, std::string_view key) const {
  PF_LET(const auto record, read.get(family_, key));
  if (!record || record->size() != 16) return State{};
  const auto at = static_cast<std::int64_t>(get_be64(std::string_view(*record).substr(8)));
  return State{get_be64(*record), Time(milliseconds(at))};
}

Result<> Events::note(storage::Write& work, std::string_view key) {
  PF_LET(const State before, state(work, key));
  std::string record;
  put_be64(record, before.number + 1);
  put_be64(record, static_cast<std::uint64_t>(clock_.now().time_since_epoch().count()));
  work.put(family_, key, record);
  return {};
}

Result<Events::State> Events::catalogue_state(const storage::Reader& read) const {
  return state(read, kCatalogueKey);
}
Result<Events::State> Events::orders_state(const storage::Reader& read) const {
  return state(read, kOrdersKey);
}
Result<> Events::note_catalogue(storage::Write& work) {
  return note(work, kCatalogueKey);
}

void Events::tell_news() {
  const std::lock_guard lock(listeners_mutex_);
  for (const auto& [number, listener] : listeners_) listener();
}

std::uint64_t Events::on_news(std::function<void()> listener) {
  const std::lock_guard lock(listeners_mutex_);
  listeners_.emplace(++listeners_made_, std::move(listener));
  return listeners_made_;
}

void Events::forget(std::uint64_t listener) {
  const std::lock_guard lock(listeners_mutex_);
  listeners_.erase(listener);
}

Result<> Events::add_skus(storage::Write& work, std::string_view type, std::span<const std::string> skus) {
  for (; !skus.empty(); skus = skus.subspan(std::min(kSkusMax, skus.size()))) {
    json::Value list = json::Value::array();
    for (const std::string& sku : skus.first(std::min(kSkusMax, skus.size()))) list.push(sku);
    PF_TRY(add(work, type, json::Value::object({{"skus", std::move(list)}})));
  }
  return {};
}

Result<> Events::add_sku(storage::Write& work, std::string_view type, std::string_view sku) {
  {
    const std::lock_guard lock(mutex_);
    if (open_ != nullptr && &open_->work_ == &work) {
      open_->note(type, sku);
      return {};
    }
  }
  const std::string one(sku);
  return add_skus(work, type, std::span(&one, 1));
}

Result<std::vector<Event>> Events::after(const storage::Reader& read, std::uint64_t after, std::size_t count) const {
  std::vector<Event> found;
  for (auto row = read.scan(family_, event_key(after + 1), "f"); row.valid() && found.size() < count; row.next()) {
    PF_LET(auto event, event_of(row.key(), row.value()));
    found.push_back(std::move(event));
  }
  return found;
}

Result<std::uint64_t> Events::last(const storage::Reader& read) const {
  PF_LET(const auto record, read.get(family_, kLastKey));
  return record && record->size() == 8 ? get_be64(*record) : 0;
}

Result<std::uint64_t> Events::first(const storage::Reader& read) const {
  auto row = read.scan(family_, "e", "f");
  if (row.valid()) return get_be64(row.key().substr(1));
  PF_LET(const std::uint64_t newest, last(read));
  return newest + 1;
}

// Times rise with numbers but for a clock that was set back, so halving finds the place, or one near it.
Result<std::uint64_t> Events::since(const storage::Reader& read, Time time) const {
  PF_LET(std::uint64_t low, first(read));
  PF_LET(const std::uint64_t newest, last(read));
  std::uint64_t high = newest + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    PF_LET(const auto one, after(read, middle - 1, 1));
    if (!one.empty() && one[0].at < time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

Result<std::size_t> Events::trim(std::uint64_t needed, std::size_t count) {
  std::vector<std::string> old;
  {
    const auto read = store_.read();
    PF_LET(const std::uint64_t newest, last(read));
    const Time limit = clock_.now() - kKeepTime;
    for (auto row = read.scan(family_, "e", event_key(needed)); row.valid() && old.size() < count; row.next()) {
      const auto event = event_of(row.key(), row.value());
      if (event.ok() && event->at >= limit && newest - event->number < kKeepMax) break;
      old.emplace_back(row.key());
    }
  }
  if (old.empty()) return std::size_t{0};
  PF_TRY(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    for (const std::string& key : old) work.erase(family_, key);
    return {};
  }));
  return old.size();
}

Batch::Batch(Events* events, storage::Write& work) : events_(events), work_(work) {
  if (events_ == nullptr) return;
  const std::lock_guard lock(events_->mutex_);
  events_->open_ = this;
}

Batch::~Batch() {
  if (events_ == nullptr) return;
  const std::lock_guard lock(events_->mutex_);
  if (events_->open_ == this) events_->open_ = nullptr;
}

void Batch::note(std::string_view type, std::string_view sku) {
  auto of_type = gathered_.find(type);
  if (of_type == gathered_.end()) of_type = gathered_.try_emplace(std::string(type)).first;
  // Rows of one SKU stand together as a rule; a name twice harms nobody.
  if (of_type->second.empty() || of_type->second.back() != sku) of_type->second.emplace_back(sku);
}

Result<> Batch::finish() {
  if (events_ == nullptr) return {};
  for (const auto& [type, skus] : gathered_) PF_TRY(events_->add_skus(work_, type, skus));
  gathered_.clear();
  return {};
}

}  // namespace pf::events
