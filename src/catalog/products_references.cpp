// Reference records (references.h) as products name them: in what a rule or an undo makes of them, and in questions to
// their list.
#include <algorithm>

#include "catalog/bulk_edit.h"
#include "catalog/products.h"
#include "productflow/text.h"

namespace pf::catalog {

Result<std::vector<FieldFault>> Products::unknown_references(const storage::Reader& reader, const Model& model,
                                                             const Record& before, const Record& after) const {
  std::vector<FieldFault> faults;
  if (model.references.empty()) return faults;
  ProductChange named = change_between(before, after);
  References::Known known;
  PF_TRY(references_.settle(reader, model, named, faults, known));
  return faults;
}

Result<> Products::settle_ruled(const storage::Reader& reader, const Model& model, const Record& before, Record& record,
                                Ruled& ruled) const {
  References::Known known;
  for (const auto& change : differences(before, record)) {
    if (change.at.field != Field::attribute || change.after.empty()) continue;
    const auto cell = model.cell(change.at.name);
    if (cell.attribute == nullptr || cell.attribute->said.reference_kind.empty()) continue;
    PF_LET(auto value, json::parse(change.after));
    ProductChange one;
    one.attributes.emplace_back(change.at.name, std::move(value));
    std::vector<FieldFault> faults;
    PF_TRY(references_.settle(reader, model, one, faults, known));
    if (faults.empty()) {
      PF_TRY(put_value(record, change.at, json::write(one.attributes[0].second)));
      continue;
    }
    PF_TRY(put_value(record, change.at, change.before));
    std::erase_if(ruled.made, [&](const MadeBy& made) { return made.at == change.at; });
    for (auto& fault : faults) ruled.failed.push_back(std::move(fault));
  }
  return {};
}

Result<> Products::mean_references(const storage::Reader& reader, const Model& model, ProductQuery& query) const {
  for (auto& condition : query.where) {
    if (condition.op == Operator::empty) continue;
    const std::string_view column = condition.column;
    const auto cell = model.cell(column.starts_with("attributes.") ? column.substr(11) : column);
    if (cell.attribute == nullptr || cell.attribute->said.reference_kind.empty()) continue;
    const std::string& kind = cell.attribute->said.reference_kind;
    if (condition.op != Operator::like && condition.op != Operator::nlike) {
      for (auto& value : condition.values) {
        PF_LET(auto code, references_.code_of(reader, kind, value));
        if (code) value = *std::move(code);
      }
      continue;
    }
    std::vector<std::string> codes;
    for (const auto& value : condition.values) {
      PF_LET(auto some, references_.codes_like(reader, kind, value, kReferenceMatchesMax));
      if (some.size() > kReferenceMatchesMax)
        return invalid(condition.column, "too_many",
                       "\"" + value + "\" means more than " + std::to_string(kReferenceMatchesMax) + " records of " +
                           kind + "; write more of it.");
      codes.insert(codes.end(), some.begin(), some.end());
    }
    condition.op = condition.op == Operator::like ? Operator::in : Operator::nin;
    condition.values = std::move(codes);
  }
  return {};
}

}  // namespace pf::catalog
