#include "catalog/history.h"

#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/fragments.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

// Marks of the family's keys. Stored on disk: do not renumber.
constexpr char kEntry = '\x01', kUnit = '\x02', kUnitSize = '\x03';
constexpr std::size_t kPlaceBytes = 4 + 8;                     // document, version
constexpr std::size_t kOfferPlaceBytes = kPlaceBytes + 8 + 8;  // of an offer's: time (ms), its version

std::string entries_of(std::string_view sku) {
  std::string key(1, kEntry);
  return key.append(sku).append(1, '\0');
}
std::string entry_key(std::string_view sku, std::uint32_t document, std::uint64_t version) {
  auto key = entries_of(sku);
  put_be32(key, document);
  put_be64(key, version);
  return key;
}
std::string entry_key(std::string_view sku, const HistoryEntry& entry) {
  auto key = entry_key(sku, entry.document, entry.version);
  if (entry.offer_version == 0) return key;
  put_be64(key, static_cast<std::uint64_t>(entry.at.time_since_epoch().count()));
  put_be64(key, entry.offer_version);
  return key;
}
std::string units_of(Origin::Kind kind) {
  return {kUnit, static_cast<char>(kind)};
}
std::string unit_key(const Origin& origin) {
  auto key = units_of(origin.kind);
  put_be64(key, origin.id);
  return key;
}
std::string unit_size_key(const Origin& origin) {
  std::string key{kUnitSize, static_cast<char>(origin.kind)};
  put_be64(key, origin.id);
  return key;
}
std::string past(std::string prefix) {  // the first key behind all that begin so, at whatever they end
  return prefix.append(kPlaceBytes + 1, '\xff');
}

Error damaged_history() {
  return error(ErrorCode::internal, "A product's history is damaged; run `productflow doctor`.");
}

Result<HistoryEntry> entry_at(const storage::Cursor& row, std::size_t prefix) {
  const bool of_offer = row.key().size() == prefix + kOfferPlaceBytes;
  if (row.key().size() != prefix + kPlaceBytes && !of_offer) return damaged_history();
  PF_LET(auto entry, decode_entry(row.value()));
  const auto place = row.key().substr(prefix);
  entry.document = get_be32(place);
  entry.version = get_be64(place.substr(4));
  if (of_offer) entry.offer_version = get_be64(place.substr(kPlaceBytes + 8));
  return entry;
}

std::string encode_touched(std::span<const Touched> touched) {
  std::string out(1, keys::kRecordFormat);
  for (const auto& one : touched) {
    put_size(out, one.sku.size());
    out += one.sku;
    put_be32(out, one.document);
    put_size(out, one.version);
    out.push_back(one.offer_version > 0 ? '\2' : one.created ? '\1' : '\0');
    if (one.offer_version == 0) continue;
    put_size(out, one.offer_version);
    put_be64(out, static_cast<std::uint64_t>(one.offer_at.time_since_epoch().count()));
  }
  return out;
}

Result<std::vector<Touched>> decode_touched(std::string_view in) {
  if (in.empty() || in[0] != keys::kRecordFormat) return damaged_history();
  in.remove_prefix(1);
  std::vector<Touched> out;
  while (!in.empty()) {
    Touched& one = out.emplace_back();
    std::size_t size = 0, version = 0;
    std::string_view bytes;
    if (!take_size(in, size) || !take_bytes(in, size, bytes)) return damaged_history();
    one.sku = bytes;
    if (!take_bytes(in, 4, bytes)) return damaged_history();
    one.document = get_be32(bytes);
    if (!take_size(in, version) || !take_bytes(in, 1, bytes)) return damaged_history();
    one.version = version;
    one.created = bytes[0] == '\1';
    if (bytes[0] != '\2') continue;
    if (!take_size(in, version) || !take_bytes(in, 8, bytes)) return damaged_history();
    one.offer_version = version;
    one.offer_at = Time(milliseconds(static_cast<std::int64_t>(get_be64(bytes))));
  }
  return out;
}

}  // namespace

storage::Family History::family() {
  return {.name = "history", .kind = storage::Family::Kind::walked};
}

History::History(storage::Store& store) : store_(store), family_(store.family("history")) {}

void History::write(storage::Write& work, std::string_view sku, const HistoryEntry& entry) const {
  work.put(family_, entry_key(sku, entry), encode_entry(entry));
}

Result<> History::note(storage::Write& work, const Record* before, const Record* after, const access::Actor& by,
                       const Origin& origin, Time now, std::vector<FieldChange> of_offer,
                       std::span<const MadeBy> made) const {
  const Record& is = after != nullptr ? *after : *before;
  HistoryEntry entry;
  entry.document = is.document;
  entry.version = after != nullptr ? after->version : before->version + 1;
  entry.at = now;
  entry.by_kind = by.kind;
  entry.by = by.name;
  entry.origin = origin;
  if (before == nullptr) {
    entry.action = HistoryEntry::Action::created;
    for (const auto& one : made)
      if (!is_of_offer(one.at.field)) entry.changes.push_back({one.at, {}, value_of(is, one.at), one.rule});
  } else {
    entry.action = after != nullptr ? HistoryEntry::Action::changed : HistoryEntry::Action::deleted;
    entry.changes = differences(*before, after != nullptr ? *after : Record{});
    if (after != nullptr && entry.changes.empty()) return {};
    entry.changes.insert(entry.changes.end(), of_offer.begin(), of_offer.end());
    name_rules(entry.changes, made);
  }
  write(work, is.sku, entry);
  // Products of one file count up together; by document number they are not all looked through at once.
  return (entry.version + entry.document) % kHistoryTrimEvery == 0 && before != nullptr ? trim(work, is.sku)
                                                                                        : Result<>();
}

Result<> History::note_offer(storage::Write& work, std::string_view sku, HistoryEntry entry) const {
  if (entry.changes.empty()) return {};
  entry.action = HistoryEntry::Action::changed;
  write(work, sku, entry);
  return (entry.offer_version + entry.document) % kHistoryTrimEvery == 0 ? trim(work, sku) : Result<>();
}

// What is kept already is looked at, not what this unit of work adds: a walk through its own changes would cost every
// later one of the batch twice.
Result<> History::trim(storage::Write& work, std::string_view sku) const {
  const auto prefix = entries_of(sku);
  const auto read = store_.read();
  std::size_t entries = 0, offers = 0, bytes = 0;
  std::vector<std::string> old;
  auto row = read.scan(family_, prefix, past(prefix));
  for (row.seek_for_prev(past(prefix)); row.valid(); row.prev()) {
    bytes += row.value().size();
    const bool of_offer = row.key().size() == prefix.size() + kOfferPlaceBytes;
    const bool too_many = of_offer ? ++offers > kOfferEntriesMax : ++entries > kHistoryEntriesMax;
    if (too_many || (bytes > kHistoryBytesMax && entries + offers > 1)) old.emplace_back(row.key());
  }
  for (const auto& key : old) work.erase(family_, key);
  return {};
}

Result<> History::note_touched(storage::Write& work, const Origin& origin, std::span<const Touched> touched) const {
  if (touched.empty()) return {};
  const auto prefix = unit_key(origin);
  PF_LET(const auto size, work.get(family_, unit_size_key(origin)));
  std::uint32_t number = size && size->size() == 4 ? get_be32(*size) : 0;
  if (number == 0) PF_TRY(forget_units(work, origin));
  for (; !touched.empty(); ++number) {
    const auto some = touched.first(std::min(touched.size(), kTouchedAtOnce));
    auto key = prefix;
    put_be32(key, number);
    work.put(family_, key, encode_touched(some));
    touched = touched.subspan(some.size());
  }
  std::string count;
  put_be32(count, number);
  work.put(family_, unit_size_key(origin), count);
  return {};
}

Result<> History::forget_units(storage::Write& work, const Origin& newest) const {
  if (newest.id <= kUnitsMax) return {};
  const Origin last{newest.kind, newest.id - kUnitsMax, 0};
  std::vector<std::string> old;
  const auto read = store_.read();
  for (const auto& [from, to] : {std::pair(units_of(last.kind), unit_key(last)),
                                 std::pair(unit_size_key({last.kind, 0, 0}), unit_size_key(last))})
    for (auto row = read.scan(family_, from, to); row.valid(); row.next()) old.emplace_back(row.key());
  for (const auto& key : old) work.erase(family_, key);
  return {};
}

Result<HistoryPage> History::page(const storage::Reader& read, std::string_view sku, std::string_view cursor,
                                  std::size_t count) const {
  const auto prefix = entries_of(sku);
  std::string end = past(prefix);
  if (!cursor.empty()) {
    const auto place = unhex(cursor);
    if (!place || (place->size() != kPlaceBytes && place->size() != kOfferPlaceBytes))
      return invalid("cursor", "cursor", "This cursor is not one of this list.");
    end = prefix + *place;
  }
  HistoryPage out;
  auto row = read.scan(family_, prefix, end);
  for (row.seek_for_prev(end); row.valid() && out.entries.size() < count; row.prev()) {
    PF_LET(auto entry, entry_at(row, prefix.size()));
    out.entries.push_back(std::move(entry));
  }
  if (row.valid() && !out.entries.empty()) {
    const auto& last = out.entries.back();
    out.next_cursor = hex(entry_key({}, last).substr(entries_of({}).size()));
  }
  return out;
}

Result<std::optional<HistoryEntry>> History::find(const storage::Reader& read, std::string_view sku,
                                                  std::uint32_t document, std::uint64_t version) const {
  PF_LET(const auto bytes, read.get(family_, entry_key(sku, document, version)));
  if (!bytes) return std::optional<HistoryEntry>();
  PF_LET(auto entry, decode_entry(*bytes));
  entry.document = document;
  entry.version = version;
  return std::optional<HistoryEntry>(std::move(entry));
}

Result<std::optional<HistoryEntry>> History::find_offer(const storage::Reader& read, const Touched& touched) const {
  HistoryEntry at;
  at.document = touched.document;
  at.version = touched.version;
  at.offer_version = touched.offer_version;
  at.at = touched.offer_at;
  PF_LET(const auto bytes, read.get(family_, entry_key(touched.sku, at)));
  if (!bytes) return std::optional<HistoryEntry>();
  PF_LET(auto entry, decode_entry(*bytes));
  return std::optional<HistoryEntry>(std::move(entry));
}

Result<Record> History::as_of(const storage::Reader& read, std::string_view sku, const Record* now,
                              std::uint64_t version) const {
  const auto never = [&] {
    return error(ErrorCode::not_found, "The product \"" + std::string(sku) + "\" has no version " +
                                           std::to_string(version) + "; its history names those it had.");
  };
  if (version == 0 || (now != nullptr && version > now->version)) return never();
  const auto prefix = entries_of(sku);
  Record out = now != nullptr ? *now : Record{};
  out.sku = sku;
  std::optional<std::uint64_t> oldest;  // entry that was taken back
  auto row = read.scan(family_, prefix, past(prefix));
  for (row.seek_for_prev(past(prefix)); row.valid(); row.prev()) {
    PF_LET(const auto entry, entry_at(row, prefix.size()));
    if (entry.offer_version > 0) continue;
    if (now == nullptr && !oldest) {
      if (entry.action != HistoryEntry::Action::deleted || version >= entry.version) return never();
      out.document = entry.document;
    }
    if (entry.document != out.document) break;
    if (entry.version <= version) {
      oldest = version + 1;
      break;
    }
    if (entry.action == HistoryEntry::Action::created) return never();
    oldest = entry.version;
    for (const auto& change : entry.changes) PF_TRY(put_value(out, change.at, change.before));
  }
  if (!oldest && now == nullptr) return never();
  const std::uint64_t begins = oldest ? *oldest : now->version + 1;
  if (begins > version + 1)
    return error(ErrorCode::gone, "Version " + std::to_string(version) + " of \"" + std::string(sku) +
                                      "\" is no longer kept; the history begins at version " +
                                      std::to_string(begins - 1) + ".");
  out.version = version;
  return out;
}

Result<std::optional<std::vector<Touched>>> History::touched(const storage::Reader& read, const Origin& unit,
                                                             std::uint64_t skip) const {
  const auto prefix = unit_key(unit);
  auto row = read.scan(family_, prefix, past(prefix));
  row.seek_for_prev(past(prefix));
  for (; skip > 0 && row.valid(); --skip) row.prev();
  if (!row.valid()) return std::optional<std::vector<Touched>>();
  PF_LET(auto out, decode_touched(row.value()));
  std::reverse(out.begin(), out.end());
  return std::optional<std::vector<Touched>>(std::move(out));
}

}  // namespace pf::catalog
