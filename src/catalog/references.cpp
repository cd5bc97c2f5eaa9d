#include "catalog/references.h"

#include "catalog/catalog_keys.h"
#include "catalog/if_match.h"
#include "catalog/reference_entry.h"
#include "catalog/reference_keys.h"
#include "catalog/reference_record.h"
#include "catalog/references_parts.h"
#include "catalog/search_entry.h"
#include "productflow/text.h"

namespace pf::catalog {

Error no_such_reference_kind(std::string_view kind) {
  return error(ErrorCode::not_found, "Nobody described the kind of reference records \"" + std::string(kind) + "\".");
}

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
