// Mappings under a name (exchange/mapping.h), for files that come again and again: a schedule names one, and the page
// offers them. Changing one is audited in the same unit of work. Any thread.
//
// Stored on disk (family "jobs", beside imports.h; do not change): "n" id -> JSON of a mapping, whose "format_version"
// is 1. An id is 16 characters, always.
#pragma once

#include <string>
#include <vector>

#include "audit/audit.h"
#include "storage/store.h"

namespace pf::jobs {

inline constexpr std::size_t kSavedMappingsMax = 200, kMappingNameBytesMax = 100;

struct SavedMapping {
  std::string id{};  // 16 hexadecimal digits
  std::string name{};
  std::string mapping{};  // as exchange/mapping.h reads it
  std::string by{};       // who kept it last
  Time updated_at{};
};

class SavedMappings {
 public:
  SavedMappings(storage::Store& store, audit::Audit& audit, const Clock& clock);
  Result<std::vector<SavedMapping>> list(const storage::Reader& read) const;  // by name
  Result<SavedMapping> find(const storage::Reader& read, std::string_view id) const;
  // A new one, where `id` is empty. Every fault at once; conflict for a name that another has.
  Result<SavedMapping> keep(const access::Actor& by, const std::string& id, std::string name, std::string mapping);
  Result<> remove(const access::Actor& by, std::string_view id);  // schedules that name it fail, and say so

 private:
  storage::Store& store_;
  audit::Audit& audit_;
  const Clock& clock_;
  const storage::FamilyRef family_;
};

}  // namespace pf::jobs
