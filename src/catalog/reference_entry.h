// The index of reference records (names of fields and columns are stored on disk: do not change them). `kind` keeps
// those of different kinds apart, so that a page of one never walks through another.
//   kind            the kind's code                   n.<kind>   name_term() of the code and of each label
//   w.<kind>        words of code, labels and texts   has.<kind> attributes that have a value
//   f.<kind> 1f <attribute>   name_term() of values, of a reference its code
// What a record contributes follows from it alone, or taking it out after its kind has changed would leave parts
// behind. Columns: code.<kind>, label.<locale>.<kind>, updated.<kind>
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "catalog/references.h"
#include "search/index.h"

namespace pf::catalog {

search::Entry reference_entry(const ReferenceRecord& record);
std::string reference_filter_field(std::string_view kind, std::string_view attribute);
std::string reference_code_column(std::string_view kind);
std::string reference_label_column(std::string_view kind, std::string_view locale);
std::string reference_updated_column(std::string_view kind);
search::Filter references_of_kind(std::string_view kind);
search::Filter no_references();
// All of these words, the last one perhaps only begun.
search::Filter references_with_words(std::string_view kind, std::string_view text);

}  // namespace pf::catalog
