// What a header's columns name of languages and channels that the shop does not have. Pure function, any thread.
#pragma once

#include "catalog/languages.h"
#include "catalog/model.h"

namespace pf::exchange {

// A fault for each column such as title-nl_NL-nope, whose values become attributes that nobody looks for; and for each
// language that a file would bring to a shop that has chosen its own.
std::vector<FieldFault> unknown_suffixes(const std::vector<std::string>& columns, const catalog::Model& model,
                                         const catalog::Languages& languages);

}  // namespace pf::exchange
