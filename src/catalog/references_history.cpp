// What became of each record: an entry of its own history with every change.
#include <algorithm>

#include "catalog/reference_keys.h"
#include "catalog/reference_record.h"
#include "catalog/references.h"
#include "catalog/references_parts.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

// One line a field, as history shows it: labels by locale, values by attribute.
json::Value differences_of(const ReferenceRecord* before, const ReferenceRecord* after) {
  static const ReferenceRecord kNone;
  const auto& old = before != nullptr ? *before : kNone;
  const auto& now = after != nullptr ? *after : kNone;
  json::Value out = json::Value::array();
  const auto compare = [&](const std::string& prefix, const json::Value& was, const json::Value& is) {
    const auto add = [&](const std::string& name, const json::Value& one, const json::Value& other) {
      out.push(json::Value::object({{"field", prefix + name}, {"was", one}, {"is", other}}));
    };
    for (const auto& [name, value] : *was.as_object())
      if (const auto* other = is.find(name); other == nullptr || !(*other == value))
        add(name, value, other != nullptr ? *other : json::Value());
    for (const auto& [name, value] : *is.as_object())
      if (was.find(name) == nullptr) add(name, json::Value(), value);
  };
  compare("labels.", reference_labels(old.labels), reference_labels(now.labels));
  compare("values.", old.values, now.values);
  return out;
}

}  // namespace

void note_reference_change(storage::Write& work, storage::FamilyRef family, const ReferenceRecord* before,
                           const ReferenceRecord* after, const access::Actor& by, Time now) {
  const ReferenceRecord& is = after != nullptr ? *after : *before;
  const std::uint64_t version = after != nullptr ? after->version : before->version + 1;
  std::string entry(1, keys::kReferenceFormat);
  json::write(
      json::Value::object({{"at", rfc3339(now)},
                           {"action", before == nullptr  ? "created"
                                      : after == nullptr ? "deleted"
                                                         : "changed"},
                           {"by", json::Value::object({{"kind", access::actor_kind_name(by.kind)}, {"name", by.name}})},
                           {"version", version},
                           {"fields", differences_of(before, after)}}),
      entry);
  work.put(family, keys::reference_change(is.kind, is.code, is.document, version), entry);
  if (version > kReferenceHistoryMax)
    work.erase(family, keys::reference_change(is.kind, is.code, is.document, version - kReferenceHistoryMax));
  std::string last;
  put_be32(last, is.document);
  put_be64(last, version);
  put_be64(last, static_cast<std::uint64_t>(now.time_since_epoch().count()));
  work.put(family, keys::reference_state(is.kind), last);
}

Result<std::vector<json::Value>> References::history(const storage::Reader& reader, std::string_view kind,
                                                     std::string_view code) const {
  std::vector<json::Value> out;
  const auto start = keys::reference_changes(kind, code);
  for (auto row = reader.scan_prefix(family_, start); row.valid(); row.next()) {
    auto entry = json::parse(row.value().substr(std::min<std::size_t>(1, row.value().size())));
    if (!entry.ok()) return damaged_reference();
    out.push_back(*std::move(entry));
  }
  std::ranges::reverse(out);
  return out;
}

}  // namespace pf::catalog
