#include "audit/audit.h"

#include "audit/audit_keys.h"
#include "crypto/crypto.h"
#include "json/members.h"
#include "productflow/text.h"

namespace pf::audit {
namespace {

Result<Place> place_at(const storage::Reader& read, storage::FamilyRef family, std::string_view key) {
  PF_LET(const auto bytes, read.get(family, key));
  if (!bytes) return Place{};
  if (bytes->size() != 8 + kHashBytes)
    return error(ErrorCode::internal, "The audit log's ends are damaged. Run: productflow audit verify");
  return Place{get_be64(*bytes), bytes->substr(8)};
}
std::string place_bytes(const Place& place) {
  std::string bytes;
  put_be64(bytes, place.number);
  return bytes.append(place.hash);
}

// The hash covers the one before, the entry's place and its bytes, so nothing can be altered, moved or left out.
std::string chained(std::string_view previous, std::uint64_t number, std::string_view body) {
  std::string covered(previous);
  put_be64(covered, number);
  covered.append(body);
  return crypto::sha256(covered);
}

Result<Entry> read_entry(std::uint64_t number, std::string_view record) {
  const Error damaged = error(ErrorCode::internal,
                              "Audit entry " + std::to_string(number) + " is damaged. Run: productflow audit verify");
  if (record.size() < kHashBytes) return damaged;
  const auto body = json::parse(record.substr(0, record.size() - kHashBytes));
  if (!body.ok()) return damaged;
  const auto at = parse_time(json::text_in(*body, "at"));
  if (!at.ok()) return damaged;
  Entry entry{number,
              *at,
              json::text_in(*body, "actor_kind"),
              json::text_in(*body, "actor_id"),
              json::text_in(*body, "actor_name"),
              json::text_in(*body, "action"),
              json::text_in(*body, "object"),
              {},
              hex(record.substr(record.size() - kHashBytes))};
  if (const json::Value* details = body->find("details")) entry.details = *details;
  return entry;
}

}  // namespace

std::vector<storage::Family> Audit::families() {
  return {{.name = std::string(kAuditFamily)}};
}

Audit::Audit(storage::Store& store, const Clock& clock) : clock_(clock), family_(store.family(kAuditFamily)) {}

Result<> Audit::append(storage::Write& work, const access::Actor& by, std::string_view action, std::string_view object,
                       json::Value details) {
  if (listener_) PF_TRY(listener_(work, action, details));
  PF_LET(Place head, place_at(work, family_, kHeadKey));
  json::Value body = json::Value::object({{"at", rfc3339(clock_.now())},
                                          {"actor_kind", access::actor_kind_name(by.kind)},
                                          {"actor_id", by.id},
                                          {"actor_name", by.name},
                                          {"action", action},
                                          {"object", object}});
  body.set("details", std::move(details));
  std::string record = json::write(body);
  head.hash = chained(head.hash, ++head.number, record);
  work.put(family_, entry_key(head.number), record.append(head.hash));
  work.put(family_, kHeadKey, place_bytes(head));
  return {};
}

Result<std::vector<Entry>> Audit::page(const storage::Reader& read, std::uint64_t before, std::size_t count) const {
  std::vector<Entry> entries;
  const std::string end = entry_key(before == 0 ? UINT64_MAX : before);
  PF_LET(const Place begins, begin(read));
  auto row = read.scan(family_, entry_key(begins.number + 1), end);
  for (row.seek_for_prev(end); row.valid() && entries.size() < count; row.prev()) {
    PF_LET(auto entry, read_entry(get_be64(row.key().substr(1)), row.value()));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<Verdict> Audit::verify(const storage::Reader& read) const {
  PF_LET(const Place begins, begin(read));
  return verify(read, begins);
}

Result<Verdict> Audit::verify(const storage::Reader& read, const Place& from, std::uint64_t to) const {
  Verdict verdict;
  Place chain = from;
  for (auto row = read.scan(family_, entry_key(from.number + 1), "f"); row.valid() && chain.number < to; row.next()) {
    const std::uint64_t number = row.key().size() == 9 ? get_be64(row.key().substr(1)) : 0;
    const std::string_view record = row.value();
    ++verdict.entries;
    if (number != chain.number + 1) {
      verdict.fault = "Entry " + std::to_string(chain.number + 1) + " is missing.";
      return verdict;
    }
    if (record.size() < kHashBytes) {
      verdict.fault = "Entry " + std::to_string(number) + " is damaged.";
      return verdict;
    }
    const std::string hash = chained(chain.hash, number, record.substr(0, record.size() - kHashBytes));
    if (hash != record.substr(record.size() - kHashBytes)) {
      verdict.fault = "Entry " + std::to_string(number) + " was altered or moved.";
      return verdict;
    }
    chain = {number, hash};
  }
  PF_LET(Place end, place_at(read, family_, kHeadKey));
  if (chain.number < to && chain != end)
    verdict.fault = "The log ends at entry " + std::to_string(chain.number) + ", but " + std::to_string(end.number) +
                    " entries were written: its end was cut off.";
  return verdict;
}

// ---- how long entries are kept

Result<std::optional<std::int64_t>> Audit::keep_days(const storage::Reader& read) const {
  PF_LET(const auto bytes, read.get(family_, kKeepKey));
  if (!bytes || bytes->size() != 8) return std::optional<std::int64_t>{};  // damaged: nothing is dropped
  return std::optional<std::int64_t>(static_cast<std::int64_t>(get_be64(*bytes)));
}

Result<> Audit::set_keep_days(storage::Write& work, const access::Actor& by, std::optional<std::int64_t> days) {
  if (days && (*days < kKeepDaysMin || *days > kKeepDaysMax))
    return invalid("keep_days", "range", "keep_days must be from 396 (thirteen months) to 36600, or nothing: for ever");
  if (days) {
    std::string bytes;
    put_be64(bytes, static_cast<std::uint64_t>(*days));
    work.put(family_, kKeepKey, bytes);
  } else {
    work.erase(family_, kKeepKey);
  }
  return append(work, by, "audit.retention", "",
                json::Value::object({{"keep_days", days ? json::Value(*days) : json::Value(nullptr)}}));
}

Result<Place> Audit::begin(const storage::Reader& read) const {
  return place_at(read, family_, kBeginKey);
}

Result<> Audit::drop_to(storage::Write& work, const Place& last) {
  work.put(family_, kBeginKey, place_bytes(last));
  return {};
}

Result<std::size_t> Audit::sweep(storage::Store& store, std::size_t count) const {
  std::size_t erased = 0;
  PF_TRY(store.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const Place begins, begin(work));
    for (auto row = work.scan(family_, entry_key(0), entry_key(begins.number + 1)); row.valid() && erased < count;
         row.next()) {
      work.erase(family_, row.key());
      ++erased;
    }
    return {};
  }));
  return erased;
}

}  // namespace pf::audit
