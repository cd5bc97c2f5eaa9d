// Bytes of reference records as they are stored (reference_keys.h). Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "catalog/references.h"

namespace pf::catalog {

std::string encode_reference(const ReferenceRecord& record);
// Internal for what is damaged.
Result<ReferenceRecord> decode_reference(std::string_view kind, std::string_view code, std::string_view in);
Error damaged_reference();
json::Value reference_labels(const Labels& labels);               // locale -> text
json::Value reference_content(const ReferenceRecord& record);  // "labels" and "values"

}  // namespace pf::catalog
