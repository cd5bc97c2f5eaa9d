#include "catalog/reference_entry.h"

#include "catalog/normal_value.h"
#include "catalog/search_entry.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr char kBetween = '\x1f';  // no code holds one

}  // namespace

std::string reference_filter_field(std::string_view kind, std::string_view attribute) {
  return "f." + std::string(kind) + kBetween + std::string(attribute);
}
std::string reference_code_column(std::string_view kind) {
  return "code." + std::string(kind);
}
std::string reference_label_column(std::string_view kind, std::string_view locale) {
  return "label." + std::string(locale) + "." + std::string(kind);
}
std::string reference_updated_column(std::string_view kind) {
  return "updated." + std::string(kind);
}

search::Entry reference_entry(const ReferenceRecord& r) {
  search::Entry e;
  e.terms.emplace_back("kind", r.kind);
  e.terms.emplace_back("n." + r.kind, name_term(r.code));
  const auto words = [&](std::string_view text) {
    for (auto& word : search::words_of(text)) e.terms.emplace_back("w." + r.kind, std::move(word));
  };
  words(r.code);
  for (const auto& [locale, label] : r.labels) {
    e.terms.emplace_back("n." + r.kind, name_term(label));
    words(label);
    e.columns.emplace_back(reference_label_column(r.kind, locale), value_key(label));
  }
  e.columns.emplace_back(reference_code_column(r.kind), value_key(r.code));
  e.columns.emplace_back(reference_updated_column(r.kind), time_key(r.updated));
  for (const auto& [name, value] : *r.values.as_object()) {
    e.terms.emplace_back("has." + r.kind, name);
    const std::string field = reference_filter_field(r.kind, name);
    if (const auto* text = value.as_string())
      e.terms.emplace_back(field, name_term(*text));
    else if (const auto* number = value.as_number())
      e.terms.emplace_back(field, name_term(number_key(number->text) ? canonical_number(number->text) : number->text));
    else if (const auto* flag = value.as_bool())
      e.terms.emplace_back(field, name_term(*flag ? "true" : "false"));
    else if (const auto* texts = value.as_object())
      for (const auto& [locale, one] : *texts)
        if (one.as_string() != nullptr) {
          e.terms.emplace_back(field, name_term(*one.as_string()));
          words(*one.as_string());
        }
  }
  return e;
}

search::Filter references_of_kind(std::string_view kind) {
  return search::any_of("kind", {std::string(kind)});
}
search::Filter no_references() {
  return search::any_of("kind", {});
}

search::Filter references_with_words(std::string_view kind, std::string_view text) {
  const std::string field = "w." + std::string(kind);
  const auto words = search::words_of(text);
  if (words.empty()) return no_references();
  std::vector<search::Filter> all;
  for (std::size_t i = 0; i < words.size(); ++i)
    all.push_back(i + 1 == words.size() ? search::prefix(field, words[i]) : search::any_of(field, {words[i]}));
  return search::both(std::move(all));
}

}  // namespace pf::catalog
