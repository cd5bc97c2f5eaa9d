// Records asked for by words, conditions and an order.
#include <algorithm>

#include "catalog/changes.h"
#include "catalog/reference_entry.h"
#include "catalog/reference_record.h"
#include "catalog/references.h"
#include "catalog/references_parts.h"
#include "catalog/search_entry.h"
#include "productflow/text.h"

namespace pf::catalog {

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
  if (known == nullptr) return no_such_reference_kind(kind);
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

}  // namespace pf::catalog
