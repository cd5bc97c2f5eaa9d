// A record written, merged and removed: what the body says, against the kind's description and what is there.
#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/changes.h"
#include "catalog/if_match.h"
#include "catalog/normal_value.h"
#include "catalog/reference_entry.h"
#include "catalog/reference_keys.h"
#include "catalog/reference_record.h"
#include "catalog/references.h"
#include "catalog/references_parts.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

Error no_such_reference(std::string_view kind, std::string_view code) {
  return error(ErrorCode::not_found, "There is no record \"" + std::string(code) + "\" of " + std::string(kind) + ".");
}

// Whether there may be a record of this code, and it is the one that was read.
Result<> may_write_over(const ReferenceRecord* before, std::string_view kind, std::string_view code, WriteMode mode,
                        std::string_view if_match) {
  const auto stamp =
      before != nullptr ? std::optional(Stamp{before->document, before->version}) : std::optional<Stamp>();
  if (!check_if_match(if_match, stamp).ok()) {
    Error stale_record = error(ErrorCode::conflict,
                               "Somebody changed this record after you read it, or deleted it. "
                               "Load it again and repeat your change.");
    stale_record.faults.push_back({"If-Match", "stale", stale_record.message});
    return stale_record;
  }
  if (mode == WriteMode::update && before == nullptr) return no_such_reference(kind, code);
  if (mode == WriteMode::create && before != nullptr) {
    Error clash = error(ErrorCode::conflict, "A record with the code \"" + std::string(code) + "\" exists already.");
    clash.faults.push_back({"code", "exists", clash.message});
    return clash;
  }
  return {};
}

Result<> check_body(const json::Value& body, std::string_view code) {
  if (body.as_object() == nullptr)
    return invalid("", "type", "A record is an object such as {\"labels\": {\"en\": \"Acme\"}, \"values\": {}}.");
  std::vector<FieldFault> faults;
  for (const auto& [name, value] : *body.as_object()) {
    if (name == "code" && (value.is_null() || (value.as_string() != nullptr && *value.as_string() == code))) continue;
    if (name == "code")
      faults.push_back({"code", "differs", "The body names another code than the address; it does not change."});
    else if (name != "labels" && name != "values")
      faults.push_back({name, "unknown", "is not part of a record; code, labels and values are"});
    else if (value.as_object() == nullptr && !value.is_null())
      faults.push_back({name, "type", "must be an object"});
  }
  if (!faults.empty()) return with_faults(Error{ErrorCode::invalid, {}, {}}, std::move(faults));
  return {};
}

// Labels and values as they would be, none of them looked at yet.
json::Value content_after(const ReferenceRecord* before, const json::Value& body, WriteMode mode) {
  json::Value content =
      reference_content(before != nullptr && mode != WriteMode::replace ? *before : ReferenceRecord{});
  json::Value patch = body;
  patch.erase("code");
  for (const char* part : {"labels", "values"})
    if (const auto* said = patch.find(part); said != nullptr && said->is_null()) {
      content.set(part, json::Value(json::Members{}));
      patch.erase(part);
    }
  merge_patch(content, patch);
  return content;
}

bool is_left_empty(const json::Value& value) {
  return value.is_null() || (value.as_string() != nullptr && value.as_string()->empty());
}

std::optional<json::Value> bounded_value(const KnownAttribute& attribute, const json::Value& value,
                                         const std::string& field, std::vector<FieldFault>& faults) {
  auto normal = normal_value(attribute, *built_in_units(), value, {}, {}, field, faults);
  if (normal && normal->as_string() != nullptr && normal->as_string()->size() > kReferenceTextBytesMax) {
    faults.push_back({field, "too_long", "has more than " + std::to_string(kReferenceTextBytesMax) + " bytes"});
    return std::nullopt;
  }
  return normal;
}

std::optional<json::Value> texts_of_locales(const KnownAttribute& attribute, const json::Value& value,
                                            const std::string& field, std::vector<FieldFault>& faults) {
  if (value.as_object() == nullptr) {
    faults.push_back({field, "type", "has a text for each language; write it as {\"en\": \"...\"}"});
    return std::nullopt;
  }
  json::Value texts{json::Members{}};
  for (const auto& [said_locale, text] : *value.as_object()) {
    const auto locale = parse_locale(said_locale);
    if (!locale.ok())
      faults.push_back({field + "." + said_locale, "locale", locale.error().message});
    else if (!is_left_empty(text))
      if (auto normal = bounded_value(attribute, text, field + "." + *locale, faults))
        texts.set(*locale, *std::move(normal));
  }
  if (texts.as_object()->empty()) return std::nullopt;
  return texts;
}

}  // namespace

Result<std::optional<json::Value>> References::settled_value(const storage::Reader& reader, std::string_view kind,
                                                             std::string_view code, const ReferenceAttribute& said,
                                                             const KnownAttribute& attribute, const json::Value& value,
                                                             const std::string& field,
                                                             std::vector<FieldFault>& faults) const {
  if (said.is_localisable()) return texts_of_locales(attribute, value, field, faults);
  auto normal = bounded_value(attribute, value, field, faults);
  if (!normal) return normal;
  if (said.type == "reference") {
    const std::string named = *normal->as_string(), of = attribute.said.reference_kind;
    PF_LET(auto meant, code_of(reader, of, named));
    if (!meant && !(of == kind && named == code)) {
      PF_LET(auto fault, no_such_record(reader, of, named, field));
      faults.push_back(std::move(fault));
      return std::optional<json::Value>();
    }
    normal = json::Value(meant ? *std::move(meant) : named);
  }
  if (const auto* text = normal->as_string(); said.type == "image" && text != nullptr && text->starts_with("asset:")) {
    PF_LET(const auto head, reader.get(assets_, keys::asset_head(std::string_view(*text).substr(6))));
    if (!head) faults.push_back({field, "unknown", "The upload " + *text + " does not exist; upload the image first."});
  }
  return normal;
}

Result<ReferenceRecord> References::record_of(const storage::Reader& reader, const KnownReferenceKind& known,
                                              const ReferenceRecord* before, std::string_view code,
                                              const json::Value& content, std::vector<FieldFault>& faults) const {
  ReferenceRecord after;
  after.kind = known.said.code;
  after.code = code;
  for (const auto& [locale, text] : *content.find("labels")->as_object()) {
    if (text.as_string() == nullptr)
      faults.push_back({"labels." + locale, "type", "must be a text"});
    else
      after.labels.emplace_back(locale, *text.as_string());
  }
  check_labels(after.labels, "labels", faults);
  const auto& described = known.said.attributes;
  for (const auto& [name, value] : *content.find("values")->as_object()) {
    const json::Value* was = before != nullptr ? before->values.find(name) : nullptr;
    if (was != nullptr && *was == value) {  // what was there stays until it is written again
      after.values.set(name, value);
      continue;
    }
    const std::string field = "values." + name;
    const auto at = std::ranges::find(described, name, &ReferenceAttribute::code);
    if (at == described.end()) {
      faults.push_back({field, "unknown", "is no attribute of " + after.kind + "; describe it first"});
      continue;
    }
    if (is_left_empty(value)) continue;
    PF_LET(auto settled,
           settled_value(reader, after.kind, code, *at,
                         *known.attributes[static_cast<std::size_t>(at - described.begin())], value, field, faults));
    if (settled) after.values.set(name, *std::move(settled));
  }
  if (json::write(reference_content(after)).size() > kReferenceBytesMax)
    faults.push_back({"", "too_large", "A record has at most " + std::to_string(kReferenceBytesMax >> 10) + " KiB."});
  return after;
}

Result<> References::keep(storage::Write& work, const ReferenceRecord* before, ReferenceRecord& after,
                          const access::Actor& by) {
  const Time now = clock_.now();
  after.created = before != nullptr ? before->created : now;
  after.updated = now;
  after.version = before != nullptr ? before->version + 1 : 1;
  if (before != nullptr) {
    after.document = before->document;
  } else {
    PF_LET(after.document, index_.add_document(work));
    if (after.document >= kReferencesMax) {  // numbers are not given twice, so only then may there be too many
      PF_LET(const auto all, index_.count(work, search::everything()));
      if (all >= kReferencesMax)
        return invalid("code", "too_many", "A shop has at most " + std::to_string(kReferencesMax) + " records.");
    }
    work.put(family_, keys::reference_document(after.document), keys::reference_name(after.kind, after.code));
  }
  work.put(family_, keys::reference(after.kind, after.code), encode_reference(after));
  PF_TRY(index_.update(work, after.document, before != nullptr ? reference_entry(*before) : search::Entry{},
                       reference_entry(after)));
  note_reference_change(work, family_, before, &after, by, now);
  return {};
}

Result<ReferenceWritten> References::write(storage::Write& work, const access::Actor& by, std::string_view kind,
                                           std::string_view code, const json::Value& body, WriteMode mode,
                                           std::string_view if_match, bool told) {
  PF_LET(const auto model, models_.known(work));
  const auto* known = model->reference_kind(kind);
  if (known == nullptr) return no_such_reference_kind(kind);
  PF_TRY(check_code(code, "code"));
  PF_LET(const auto found, find(work, kind, code));
  const ReferenceRecord* before = found ? &*found : nullptr;
  PF_TRY(may_write_over(before, kind, code, mode, if_match));
  PF_TRY(check_body(body, code));

  std::vector<FieldFault> faults;
  PF_LET(auto after, record_of(work, *known, before, code, content_after(before, body, mode), faults));
  if (!faults.empty()) return with_faults(Error{ErrorCode::invalid, {}, {}}, std::move(faults));

  ReferenceWritten out;
  if (before != nullptr && before->labels == after.labels && before->values == after.values) {
    out.record = *before;
    return out;
  }
  PF_TRY(keep(work, before, after, by));
  if (told)
    PF_TRY(audit_.append(work, by, before != nullptr ? "reference.change" : "reference.create",
                         "reference:" + std::string(kind) + "/" + std::string(code),
                         json::Value::object({{"version", after.version}})));
  out.outcome = before != nullptr ? Outcome::changed : Outcome::created;
  out.record = std::move(after);
  return out;
}

Result<> References::remove(storage::Write& work, const access::Actor& by, std::string_view kind, std::string_view code,
                            std::string_view if_match) {
  PF_LET(const auto model, models_.known(work));
  PF_LET(const auto before, find(work, kind, code));
  if (!before) return no_such_reference(kind, code);
  PF_TRY(check_if_match(if_match, Stamp{before->document, before->version}));
  PF_LET(auto used, uses(work, *model, kind, code));
  if (const auto* known = model->reference_kind(kind); known != nullptr)
    used.records -= std::ranges::any_of(known->said.attributes, [&](const ReferenceAttribute& attribute) {
      const auto* value = before->values.find(attribute.code);  // one that names itself may go
      return attribute.names(kind) && value != nullptr && value->as_string() != nullptr && *value->as_string() == code;
    });
  if (used.products + used.records > 0) {
    const auto counted = [](std::uint64_t n, const char* what) {
      return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
    };
    Error in_use =
        error(ErrorCode::conflict, "The record \"" + std::string(code) + "\" is named by " +
                                       counted(used.products, "product") + " and " + counted(used.records, "record") +
                                       ". Take it out there first, by a bulk edit for instance.");
    in_use.faults.push_back({"", "used", in_use.message});
    return in_use;
  }
  PF_TRY(index_.update(work, before->document, reference_entry(*before), search::Entry{}));
  work.erase(family_, keys::reference(kind, code));
  work.erase(family_, keys::reference_document(before->document));
  note_reference_change(work, family_, &*before, nullptr, by, clock_.now());
  return audit_.append(work, by, "reference.delete", "reference:" + std::string(kind) + "/" + std::string(code),
                       json::Value::object({{"version", before->version}}));
}

Result<> References::note_batch(storage::Write& work, const access::Actor& by, std::uint64_t created,
                                std::uint64_t changed) {
  return audit_.append(work, by, "reference.batch", "",
                       json::Value::object({{"created", created}, {"changed", changed}}));
}

}  // namespace pf::catalog
