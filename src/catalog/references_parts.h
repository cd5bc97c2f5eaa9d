// Small parts that the files of references share. Only for them.
#pragma once

#include <string_view>

#include "catalog/references.h"

namespace pf::catalog {

Error no_such_reference_kind(std::string_view kind);
// An entry of the record's own history (references_history.cpp); either is null where there is no record.
void note_reference_change(storage::Write& work, storage::FamilyRef family, const ReferenceRecord* before,
                           const ReferenceRecord* after, const access::Actor& by, Time now);

}  // namespace pf::catalog
