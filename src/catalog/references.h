// Keeps reference records (reference.h) beside the products that name them: found by code, label and words, checked
// when a product is written, never deleted while something names them.
//
// 1. A record and its entry in the index are written in one unit of work, with an entry of its own history.
// 2. What names a record is found in the indexes of products and records, by the code as it is written there; so a use
//    count is exact, and no second list can disagree with it.
// Any thread; those with a Write inside a unit of work only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/actor.h"
#include "audit/audit.h"
#include "catalog/models.h"
#include "catalog/product.h"
#include "catalog/product_list.h"
#include "catalog/reference.h"
#include "productflow/clock.h"
#include "search/index.h"
#include "storage/store.h"

namespace pf::catalog {

inline constexpr std::size_t kReferenceMatchesMax = 10'000;  // records whose label a filter may mean at once

struct ReferenceQuery {
  std::string text{};              // words of code, labels and texts; the last one may be a beginning
  std::vector<Condition> where{};  // code, incomplete, or an attribute of the kind
  std::string sort{};              // code (the default), label, updated_at
  bool descending = false;
  std::size_t count = 15;
  std::uint64_t offset = 0;
  std::string cursor{};
  std::string locale{};  // of sort=label
};
struct ReferencePage {
  std::vector<ReferenceRecord> records{};
  std::uint64_t total = 0;
  std::string next_cursor{};
};
struct ReferenceUses {
  std::uint64_t products = 0, records = 0;
};
struct ReferenceWritten {
  Outcome outcome = Outcome::unchanged;
  ReferenceRecord record{};
};

class References {
 public:
  static std::vector<storage::Family> families();  // "references", "reference_index"
  // `products`: the products' index.
  References(storage::Store& store, audit::Audit& audit, const Clock& clock, const Models& models,
             const search::Index& products);

  Result<std::optional<ReferenceRecord>> find(const storage::Reader& reader, std::string_view kind,
                                              std::string_view code) const;
  // Labels of those that are there, for whoever shows codes; in the order of `codes`.
  Result<std::vector<std::optional<ReferenceRecord>>> find_many(const storage::Reader& reader, std::string_view kind,
                                                                const std::vector<std::string>& codes) const;
  // The code that is meant: written so, or in another case, or the label of exactly one record.
  Result<std::optional<std::string>> code_of(const storage::Reader& reader, std::string_view kind,
                                             std::string_view said) const;
  // Invalid for what the kind has not; not_found for a kind that nobody described.
  Result<ReferencePage> list(const storage::Reader& reader, std::string_view kind, const ReferenceQuery& query) const;
  // Bytes that are others after every change of records of the kind.
  Result<std::string> state(const storage::Reader& reader, std::string_view kind) const;
  // Codes of records with these words, at most `most` and one more.
  Result<std::vector<std::string>> codes_like(const storage::Reader& reader, std::string_view kind,
                                              std::string_view text, std::size_t most) const;
  Result<ReferenceUses> uses(const storage::Reader& reader, const Model& model, std::string_view kind,
                             std::string_view code) const;
  // How many records show this picture ("asset:<id>").
  Result<std::uint64_t> image_uses(const storage::Reader& reader, const Model& model, std::string_view image) const;
  Result<std::uint64_t> count(const storage::Reader& reader, std::string_view kind) const;
  // Newest first: {"at", "action", "by", "fields": [{"field", "was", "is"}]}.
  Result<std::vector<json::Value>> history(const storage::Reader& reader, std::string_view kind,
                                           std::string_view code) const;

  // `body`: {"labels", "values"}, merged into what is there (null removes), or with WriteMode::replace instead of it.
  // Every fault at once. `told` false: the caller writes an audit entry for many.
  Result<ReferenceWritten> write(storage::Write& work, const access::Actor& by, std::string_view kind,
                                 std::string_view code, const json::Value& body, WriteMode mode,
                                 std::string_view if_match = {}, bool told = true);
  // One audit entry for many that were written untold.
  Result<> note_batch(storage::Write& work, const access::Actor& by, std::uint64_t created, std::uint64_t changed);
  // Conflict while products or records name it, with how many.
  Result<> remove(storage::Write& work, const access::Actor& by, std::string_view kind, std::string_view code,
                  std::string_view if_match = {});

  // What lookups of one unit of work have found, so that an import asks once for each brand.
  using Known = std::unordered_map<std::string, std::optional<std::string>>;
  // Puts the codes that are meant in the place of what a change says of attributes that hold them; faults for those
  // that mean no record, each with the nearest one. REQUIRES: check_values() has seen it.
  Result<> settle(const storage::Reader& reader, const Model& model, ProductChange& change,
                  std::vector<FieldFault>& faults, Known& known) const;

 private:
  // The steps of write(): each adds the faults that it finds.
  // One value as it is kept; nothing for one that is none.
  Result<std::optional<json::Value>> settled_value(const storage::Reader& reader, std::string_view kind,
                                                   std::string_view code, const ReferenceAttribute& said,
                                                   const KnownAttribute& attribute, const json::Value& value,
                                                   const std::string& field, std::vector<FieldFault>& faults) const;
  // The record that `content` makes; `before` null: there is none yet.
  Result<ReferenceRecord> record_of(const storage::Reader& reader, const KnownReferenceKind& known,
                                    const ReferenceRecord* before, std::string_view code, const json::Value& content,
                                    std::vector<FieldFault>& faults) const;
  // Writes it with its part of the index and its history, and sets its number, version and times.
  Result<> keep(storage::Write& work, const ReferenceRecord* before, ReferenceRecord& after, const access::Actor& by);
  Result<std::string> nearest(const storage::Reader& reader, std::string_view kind, std::string_view said) const;
  Result<FieldFault> no_such_record(const storage::Reader& reader, std::string_view kind, std::string_view said,
                                    std::string field) const;
  Result<std::vector<std::string>> names_of(const storage::Reader& reader,
                                            const std::vector<search::Document>& documents) const;

  audit::Audit& audit_;
  const Clock& clock_;
  const Models& models_;
  const search::Index& products_;
  search::Index index_;
  storage::FamilyRef family_, assets_;
};

std::string reference_etag(const ReferenceRecord& record);
// {"code", "label", "labels", "values", "version", ...} as the API and exports show it.
json::Value reference_value(const ReferenceKind& kind, const ReferenceRecord& record, std::string_view locale);

}  // namespace pf::catalog
