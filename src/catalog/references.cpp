#include "catalog/references.h"

#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/changes.h"
#include "catalog/if_match.h"
#include "catalog/normal_value.h"
#include "catalog/reference_entry.h"
#include "catalog/reference_keys.h"
#include "catalog/reference_record.h"
#include "catalog/search_entry.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

Error no_such_kind(std::string_view kind) {
  return error(ErrorCode::not_found, "Nobody described the kind of reference records \"" + std::string(kind) + "\".");
}
Error no_such_reference(std::string_view kind, std::string_view code) {
  return error(ErrorCode::not_found, "There is no record \"" + std::string(code) + "\" of " + std::string(kind) + ".");
}

// How many letters must change; at most `most` + 1 is told.
std::size_t distance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size() + most || b.size() > a.size() + most) return most + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i), least = row[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
      least = std::min(least, row[j]);
    }
    if (least > most) return most + 1;
  }
  return row[b.size()];
}

FieldFault unknown_record(std::string_view kind, std::string_view said, std::string field, const std::string& near) {
  return FieldFault{std::move(field), "unknown",
                    "names the record \"" + std::string(said.substr(0, kNameBytesMax)) + "\" of " + std::string(kind) +
                        ", which is not there" +
                        (near.empty() ? "; make it first" : "; is \"" + near + "\" meant? Else make it first")};
}

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

void note_change(storage::Write& work, storage::FamilyRef family, const ReferenceRecord* before,
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

// --- what a write says, by itself ---

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
  auto normal = normal_value(attribute, value, {}, {}, field, faults);
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

std::vector<storage::Family> References::families() {
  return {storage::Family{.name = std::string(keys::kReferences)},
          search::Index::family(std::string(keys::kReferenceIndex))};
}

References::References(storage::Store& store, audit::Audit& audit, const Clock& clock, const Models& models,
                       const search::Index& products)
    : audit_(audit),
      clock_(clock),
      models_(models),
      products_(products),
      index_(store, keys::kReferenceIndex),
      family_(store.family(keys::kReferences)),
      assets_(store.family(keys::kAssets)) {}

// --- reading ---

Result<std::optional<ReferenceRecord>> References::find(const storage::Reader& reader, std::string_view kind,
                                                        std::string_view code) const {
  PF_LET(const auto bytes, reader.get(family_, keys::reference(kind, code)));
  if (!bytes) return std::optional<ReferenceRecord>();
  PF_LET(auto record, decode_reference(kind, code, *bytes));
  return std::optional<ReferenceRecord>(std::move(record));
}

Result<std::vector<std::optional<ReferenceRecord>>> References::find_many(const storage::Reader& reader,
                                                                          std::string_view kind,
                                                                          const std::vector<std::string>& codes) const {
  std::vector<std::string> wanted;
  for (const auto& code : codes) wanted.push_back(keys::reference(kind, code));
  PF_LET(const auto found, reader.get_many(family_, wanted));
  std::vector<std::optional<ReferenceRecord>> out(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (found[i]) {
      PF_LET(out[i], decode_reference(kind, codes[i], *found[i]));
    }
  return out;
}

Result<std::vector<std::string>> References::names_of(const storage::Reader& reader,
                                                      const std::vector<search::Document>& documents) const {
  std::vector<std::string> wanted, out;
  for (const auto document : documents) wanted.push_back(keys::reference_document(document));
  PF_LET(const auto names, reader.get_many(family_, wanted));
  for (const auto& name : names) {
    if (!name) return damaged_reference();
    out.push_back(name->substr(name->find('\0') + 1));
  }
  return out;
}

Result<std::optional<std::string>> References::code_of(const storage::Reader& reader, std::string_view kind,
                                                       std::string_view said) const {
  PF_LET(const auto exact, reader.get(family_, keys::reference(kind, said)));
  if (exact) return std::optional<std::string>(said);
  PF_LET(const auto found, index_.page(reader, search::prefix("n." + std::string(kind), name_term_start(said)),
                                       {reference_code_column(kind), false}, 2));
  if (found.documents.size() != 1) return std::optional<std::string>();
  PF_LET(auto names, names_of(reader, found.documents));
  return std::optional<std::string>(std::move(names[0]));
}

Result<std::vector<std::string>> References::codes_like(const storage::Reader& reader, std::string_view kind,
                                                        std::string_view text, std::size_t most) const {
  PF_LET(const auto found,
         index_.page(reader, references_with_words(kind, text), {reference_code_column(kind), false}, most + 1));
  return names_of(reader, found.documents);
}

Result<ReferencePage> References::list(const storage::Reader& reader, std::string_view kind,
                                       const ReferenceQuery& query) const {
  PF_LET(const auto model, models_.known(reader));
  const auto* known = model->reference_kind(kind);
  if (known == nullptr) return no_such_kind(kind);
  std::vector<search::Filter> all{references_of_kind(kind)};
  if (!trim(query.text).empty()) all.push_back(references_with_words(kind, query.text));
  std::vector<FieldFault> faults;
  for (const auto& condition : query.where) {
    const std::string& column = condition.column;
    const Operator op = condition.op;
    const auto& values = condition.values;
    const auto& attributes = known->said.attributes;
    const bool is_code = column == "code", is_incomplete = column == "incomplete";
    const std::string name = column.starts_with("values.") ? column.substr(7) : column;
    const bool is_attribute = std::ranges::find(attributes, name, &ReferenceAttribute::code) != attributes.end();
    if (!is_code && !is_incomplete && !is_attribute) {
      faults.push_back({column, "column",
                        "Records have no column " + column +
                            "; code, incomplete and what is "
                            "described of the kind are ones."});
      continue;
    }
    const auto flag = [&]() -> std::optional<bool> {
      if (values.empty()) return std::nullopt;
      if (values[0] == "1" || values[0] == "true") return true;
      if (values[0] == "0" || values[0] == "false") return false;
      return std::nullopt;
    };
    std::optional<search::Filter> filter;
    if (is_incomplete) {
      if (op != Operator::eq || !flag()) {
        faults.push_back({column, "operator", "is asked for as incomplete[eq]=true or false"});
        continue;
      }
      std::vector<search::Filter> lacking{no_references()};
      for (const auto& attribute : attributes)
        if (attribute.is_required())
          lacking.push_back(search::without(search::any_of("has." + std::string(kind), {attribute.code})));
      filter = search::either(std::move(lacking));
      if (!*flag()) filter = search::without(*std::move(filter));
    } else if (op == Operator::empty) {
      if (is_code || !flag()) {
        faults.push_back({column, "operator", "empty takes true or false, of an attribute"});
        continue;
      }
      filter = search::any_of("has." + std::string(kind), {name});
      if (*flag()) filter = search::without(*std::move(filter));
    } else if (op == Operator::eq || op == Operator::in || op == Operator::neq || op == Operator::nin ||
               op == Operator::like) {
      std::vector<search::Filter> any{no_references()};
      const std::string field = is_code ? "n." + std::string(kind) : reference_filter_field(kind, name);
      for (const auto& value : values) {
        auto start = name_term_start(op == Operator::like ? std::string_view(value).substr(0, value.find('*')) : value);
        if (op == Operator::like) start.pop_back();
        any.push_back(search::prefix(field, std::move(start)));
        if (op != Operator::like && !is_code && number_key(value))
          any.push_back(search::prefix(field, name_term_start(canonical_number(value))));
      }
      filter = search::either(std::move(any));
      if (op == Operator::neq || op == Operator::nin) filter = search::without(*std::move(filter));
    } else {
      faults.push_back({column, "operator", "is asked for with eq, neq, in, nin, like or empty"});
      continue;
    }
    all.push_back(*std::move(filter));
  }
  const std::string sort = query.sort.empty() ? "code" : query.sort;
  if (sort != "code" && sort != "label" && sort != "updated_at")
    faults.push_back({"sort", "column", "Records are sorted by code, label or updated_at."});
  if (!faults.empty()) return with_faults(Error{ErrorCode::invalid, {}, {}}, std::move(faults));
  const std::string column = sort == "code"    ? reference_code_column(kind)
                             : sort == "label" ? reference_label_column(kind, query.locale)
                                               : reference_updated_column(kind);
  PF_LET(auto page, index_.page(reader, search::both(std::move(all)), {column, query.descending},
                                std::min(query.count, kListMax), query.cursor, query.offset));
  ReferencePage out;
  out.total = page.total;
  out.next_cursor = std::move(page.next_cursor);
  PF_LET(const auto codes, names_of(reader, page.documents));
  PF_LET(auto records, find_many(reader, kind, codes));
  for (auto& record : records) {
    if (!record) return damaged_reference();
    out.records.push_back(*std::move(record));
  }
  return out;
}

Result<std::string> References::state(const storage::Reader& reader, std::string_view kind) const {
  PF_LET(auto last, reader.get(family_, keys::reference_state(kind)));
  return std::move(last).value_or("");
}

Result<std::uint64_t> References::count(const storage::Reader& reader, std::string_view kind) const {
  return index_.count(reader, references_of_kind(kind));
}

Result<ReferenceUses> References::uses(const storage::Reader& reader, const Model& model, std::string_view kind,
                                       std::string_view code) const {
  ReferenceUses out;
  std::vector<search::Filter> any;
  for (const auto& attribute : model.references)
    if (attribute->said.reference_kind == kind)
      for (const auto& cell : model.cells_of(attribute->said))
        any.push_back(search::any_of("a." + cell, {name_term(code)}));
  if (!any.empty()) {
    PF_LET(out.products, products_.count(reader, search::either(std::move(any))));
  }
  any.clear();
  for (const auto& [other, known] : model.reference_kinds)
    for (const auto& attribute : known->said.attributes)
      if (attribute.names(kind))
        any.push_back(search::any_of(reference_filter_field(other, attribute.code), {name_term(code)}));
  if (!any.empty()) {
    PF_LET(out.records, index_.count(reader, search::either(std::move(any))));
  }
  return out;
}

Result<std::uint64_t> References::image_uses(const storage::Reader& reader, const Model& model,
                                             std::string_view image) const {
  std::vector<search::Filter> any;
  for (const auto& [kind, known] : model.reference_kinds)
    for (const auto& attribute : known->said.attributes)
      if (attribute.type == "image")
        any.push_back(search::any_of(reference_filter_field(kind, attribute.code), {name_term(image)}));
  if (any.empty()) return std::uint64_t{0};
  return index_.count(reader, search::either(std::move(any)));
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

// --- changing ---

Result<std::string> References::nearest(const storage::Reader& reader, std::string_view kind,
                                        std::string_view said) const {
  constexpr std::size_t kLookedAt = 300;  // neighbours that begin alike; what is mistyped at its end is among them
  const std::string wanted = search::folded(said);
  const std::size_t most = std::max<std::size_t>(1, wanted.size() / 4);
  std::string best;
  std::size_t best_distance = most + 1;
  const auto look = [&](const std::string& code, std::string_view as) {
    const auto far = distance(wanted, search::folded(as), most);
    if (far < best_distance) {
      best_distance = far;
      best = code;
    }
  };
  auto start = name_term_start(said);
  start.resize(std::min<std::size_t>(start.size() - 1, 1));
  PF_LET(const auto alike, index_.page(reader, search::prefix("n." + std::string(kind), start),
                                       {reference_code_column(kind), false}, kLookedAt));
  PF_LET(const auto codes, names_of(reader, alike.documents));
  PF_LET(const auto records, find_many(reader, kind, codes));
  for (const auto& record : records) {
    if (!record) continue;
    look(record->code, record->code);
    for (const auto& [locale, label] : record->labels) look(record->code, label);
  }
  return best;
}

Result<FieldFault> References::no_such_record(const storage::Reader& reader, std::string_view kind,
                                              std::string_view said, std::string field) const {
  PF_LET(const auto near, nearest(reader, kind, said));
  return unknown_record(kind, said, std::move(field), near);
}

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
  note_change(work, family_, before, &after, by, now);
  return {};
}

Result<ReferenceWritten> References::write(storage::Write& work, const access::Actor& by, std::string_view kind,
                                           std::string_view code, const json::Value& body, WriteMode mode,
                                           std::string_view if_match, bool told) {
  PF_LET(const auto model, models_.known(work));
  const auto* known = model->reference_kind(kind);
  if (known == nullptr) return no_such_kind(kind);
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
  note_change(work, family_, &*before, nullptr, by, clock_.now());
  return audit_.append(work, by, "reference.delete", "reference:" + std::string(kind) + "/" + std::string(code),
                       json::Value::object({{"version", before->version}}));
}

Result<> References::note_batch(storage::Write& work, const access::Actor& by, std::uint64_t created,
                                std::uint64_t changed) {
  return audit_.append(work, by, "reference.batch", "",
                       json::Value::object({{"created", created}, {"changed", changed}}));
}

// --- what products say ---

Result<> References::settle(const storage::Reader& reader, const Model& model, ProductChange& change,
                            std::vector<FieldFault>& faults, Known& known) const {
  constexpr std::size_t kKnownMax = 100'000;  // of one unit of work; a look-up is some microseconds
  // Among so many names of one unit of work an unknown one is told with the nearest: a search of a millisecond, which a
  // file whose column is all wrong must not cost at every row.
  constexpr std::size_t kSuggestedAmong = 200;
  const auto meant = [&](const std::string& kind, const std::string& said,
                         const std::string& field) -> Result<std::optional<std::string>> {
    const auto name = keys::reference_name(kind, said);
    auto at = known.find(name);
    const bool fresh = at == known.end();
    if (fresh) {
      PF_LET(auto code, code_of(reader, kind, said));
      if (known.size() >= kKnownMax) known.clear();
      at = known.emplace(name, std::move(code)).first;
    }
    if (!at->second) {
      PF_LET(const auto near, fresh&& known.size() <= kSuggestedAmong ? nearest(reader, kind, said) : std::string());
      faults.push_back(unknown_record(kind, said, field, near));
    }
    return at->second;
  };
  const auto each = [&](json::Members& members, const std::string& path) -> Result<> {
    for (auto& [name, value] : members) {
      const auto cell = model.cell(name);
      if (cell.attribute == nullptr || cell.attribute->said.reference_kind.empty()) continue;
      const std::string& kind = cell.attribute->said.reference_kind;
      if (const auto* said = value.as_string(); said != nullptr && !said->empty()) {
        PF_LET(auto code, meant(kind, *said, path + name));
        if (code) value = json::Value(*std::move(code));
      } else if (const auto* list = value.as_array()) {
        json::Value out = json::Value::array();
        for (const auto& one : *list) {
          if (one.as_string() == nullptr) continue;
          PF_LET(auto code, meant(kind, *one.as_string(), path + name));
          if (code && std::ranges::find(*out.as_array(), json::Value(*code)) == out.as_array()->end())
            out.push(*std::move(code));
        }
        value = std::move(out);
      }
    }
    return {};
  };
  PF_TRY(each(change.attributes, "attributes."));
  for (auto& [locale, members] : change.texts) PF_TRY(each(members, "texts." + locale + "."));
  return {};
}

// --- as it is shown ---

std::string reference_etag(const ReferenceRecord& record) {
  return etag_of(Stamp{record.document, record.version});
}

json::Value reference_value(const ReferenceKind& kind, const ReferenceRecord& record, std::string_view locale) {
  json::Value missing = json::Value::array();
  for (auto& code : missing_of(kind, record)) missing.push(std::move(code));
  return json::Value::object({{"code", record.code},
                              {"label", label_of(record.labels, record.code, locale)},
                              {"labels", reference_labels(record.labels)},
                              {"values", record.values},
                              {"missing", std::move(missing)},
                              {"version", record.version},
                              {"created_at", rfc3339(record.created)},
                              {"updated_at", rfc3339(record.updated)}});
}

}  // namespace pf::catalog
