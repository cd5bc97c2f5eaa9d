#include "jobs/saved_mappings.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "exchange/mapping.h"
#include "json/members.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::jobs {
namespace {

constexpr std::string_view kMappings = "n";
constexpr std::int64_t kSavedMappingFormat = 1;

std::string saved_mapping_key(std::string_view id) {
  return std::string(kMappings).append(id);
}

Result<SavedMapping> saved_mapping_of(std::string_view id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (json::number_in(in, "format_version") > kSavedMappingFormat)
    return error(ErrorCode::unsupported, "A mapping was kept by a newer ProductFlow.");
  const auto time = parse_time(json::text_in(in, "updated_at"));
  return SavedMapping{std::string(id), json::text_in(in, "name"), json::text_in(in, "mapping"), json::text_in(in, "by"),
                      time.ok() ? *time : Time{}};
}

}  // namespace

SavedMappings::SavedMappings(storage::Store& store, audit::Audit& audit, const Clock& clock)
    : store_(store), audit_(audit), clock_(clock), family_(store.family("jobs")) {}

Result<std::vector<SavedMapping>> SavedMappings::list(const storage::Reader& read) const {
  std::vector<SavedMapping> out;
  for (auto row = read.scan_prefix(family_, kMappings); row.valid(); row.next()) {
    PF_LET(auto one, saved_mapping_of(row.key().substr(1), row.value()));
    out.push_back(std::move(one));
  }
  std::ranges::sort(out, {}, [](const SavedMapping& one) { return std::pair(lower_ascii(one.name), one.id); });
  return out;
}

Result<SavedMapping> SavedMappings::find(const storage::Reader& read, std::string_view id) const {
  PF_LET(const auto record, read.get(family_, saved_mapping_key(id)));
  if (!record) return error(ErrorCode::not_found, "There is no such mapping.");
  return saved_mapping_of(id, *record);
}

Result<SavedMapping> SavedMappings::keep(const access::Actor& by, const std::string& id, std::string name,
                                         std::string mapping) {
  Faults faults;
  name = trim(name);
  if (name.empty() || name.size() > kMappingNameBytesMax) faults.add("name", "length", "must have 1 to 100 bytes");
  faults.take(exchange::parse_mapping(mapping));
  PF_TRY(std::move(faults).checked());
  SavedMapping kept{id.empty() ? hex(crypto::random_bytes(8)) : id, std::move(name), std::move(mapping), by.name,
                    clock_.now()};
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    if (!id.empty()) PF_TRY(find(work, id));
    PF_LET(const auto all, list(work));
    for (const SavedMapping& other : all)
      if (other.id != kept.id && equals_ignoring_case(other.name, kept.name)) {
        Error taken = error(ErrorCode::conflict, "There is a mapping called " + kept.name + " already.");
        taken.faults.push_back({"name", "taken", taken.message});
        return taken;
      }
    if (id.empty() && all.size() >= kSavedMappingsMax)
      return error(ErrorCode::conflict, "There are 200 mappings already. Remove those that nobody needs.");
    work.put(family_, saved_mapping_key(kept.id),
             json::write(json::Value::object({{"format_version", kSavedMappingFormat},
                                              {"name", kept.name},
                                              {"mapping", kept.mapping},
                                              {"by", kept.by},
                                              {"updated_at", rfc3339(kept.updated_at)}})));
    return audit_.append(work, by, id.empty() ? "import_mapping.create" : "import_mapping.change",
                         "import_mapping:" + kept.id, json::Value::object({{"name", kept.name}}));
  }));
  return kept;
}

Result<> SavedMappings::remove(const access::Actor& by, std::string_view id) {
  return store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const auto gone, find(work, id));
    work.erase(family_, saved_mapping_key(id));
    return audit_.append(work, by, "import_mapping.remove", "import_mapping:" + gone.id,
                         json::Value::object({{"name", gone.name}}));
  });
}

}  // namespace pf::jobs
