#include "audit/audit.h"

#include "audit/audit_keys.h"
#include "crypto/crypto.h"
#include "productflow/text.h"

namespace pf::audit {
namespace {

struct Head {
  std::uint64_t number = 0;
  std::string hash = std::string(kHashBytes, '\0');  // before the first entry
};

Result<Head> head_of(const storage::Reader& read, storage::FamilyRef family) {
  PF_LET(const auto bytes, read.get(family, kHeadKey));
  if (!bytes) return Head{};
  if (bytes->size() != 8 + kHashBytes)
    return error(ErrorCode::internal, "The audit log's head is damaged. Run: productflow audit verify");
  return Head{get_be64(*bytes), bytes->substr(8)};
}

// The hash covers the one before, the entry's place and its bytes, so nothing can be altered, moved or left out.
std::string chained(std::string_view previous, std::uint64_t number, std::string_view body) {
  std::string covered(previous);
  put_be64(covered, number);
  covered.append(body);
  return crypto::sha256(covered);
}

std::string text_in(const json::Value& body, std::string_view name) {
  const json::Value* value = body.find(name);
  return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
}

Result<Entry> read_entry(std::uint64_t number, std::string_view record) {
  const Error damaged = error(ErrorCode::internal,
                              "Audit entry " + std::to_string(number) + " is damaged. Run: productflow audit verify");
  if (record.size() < kHashBytes) return damaged;
  const auto body = json::parse(record.substr(0, record.size() - kHashBytes));
  if (!body.ok()) return damaged;
  const auto at = parse_time(text_in(*body, "at"));
  if (!at.ok()) return damaged;
  Entry entry{number,
              *at,
              text_in(*body, "actor_kind"),
              text_in(*body, "actor_id"),
              text_in(*body, "actor_name"),
              text_in(*body, "action"),
              text_in(*body, "object"),
              {},
              hex(record.substr(record.size() - kHashBytes))};
  if (const json::Value* details = body->find("details")) entry.details = *details;
  return entry;
}

std::string_view kind_name(access::Actor::Kind kind) {
  switch (kind) {
    case access::Actor::Kind::nobody:
      return "nobody";
    case access::Actor::Kind::user:
      return "user";
    case access::Actor::Kind::token:
      return "token";
    case access::Actor::Kind::local_admin:
      return "local_admin";
    case access::Actor::Kind::system:
      return "system";
  }
  return "";
}

}  // namespace

std::vector<storage::Family> Audit::families() {
  return {{.name = std::string(kAuditFamily)}};
}

Audit::Audit(storage::Store& store, const Clock& clock) : clock_(clock), family_(store.family(kAuditFamily)) {}

Result<> Audit::append(storage::Write& work, const access::Actor& by, std::string_view action, std::string_view object,
                       json::Value details) {
  PF_LET(Head head, head_of(work, family_));
  json::Value body = json::Value::object({{"at", rfc3339(clock_.now())},
                                          {"actor_kind", kind_name(by.kind)},
                                          {"actor_id", by.id},
                                          {"actor_name", by.name},
                                          {"action", action},
                                          {"object", object}});
  body.set("details", std::move(details));
  std::string record = json::write(body);
  head.hash = chained(head.hash, ++head.number, record);
  work.put(family_, entry_key(head.number), record.append(head.hash));
  std::string head_bytes;
  put_be64(head_bytes, head.number);
  work.put(family_, kHeadKey, head_bytes.append(head.hash));
  return {};
}

Result<std::vector<Entry>> Audit::page(const storage::Reader& read, std::uint64_t before, std::size_t count) const {
  std::vector<Entry> entries;
  const std::string end = entry_key(before == 0 ? UINT64_MAX : before);
  auto row = read.scan(family_, entry_key(0), end);
  for (row.seek_for_prev(end); row.valid() && entries.size() < count; row.prev()) {
    PF_LET(auto entry, read_entry(get_be64(row.key().substr(1)), row.value()));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<Verdict> Audit::verify(const storage::Reader& read) const {
  Verdict verdict;
  Head chain;
  for (auto row = read.scan_prefix(family_, "e"); row.valid(); row.next()) {
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
  PF_LET(const Head head, head_of(read, family_));
  if (head.number != chain.number || head.hash != chain.hash)
    verdict.fault = "The log ends at entry " + std::to_string(chain.number) + ", but " + std::to_string(head.number) +
                    " entries were written: its end was cut off.";
  return verdict;
}

}  // namespace pf::audit
