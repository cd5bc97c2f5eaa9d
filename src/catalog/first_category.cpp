#include "catalog/first_category.h"

#include "catalog/catalog_keys.h"
#include "catalog/fragments.h"
#include "catalog/record.h"

namespace pf::catalog {

Result<std::string> first_category(const storage::Reader& read, storage::FamilyRef products, std::string_view sku) {
  PF_LET(const auto common, read.get(products, keys::common(sku)));
  if (!common) return std::string();
  std::vector<Fragment> fields;
  std::string_view rest = fragments_of_common(*common);
  if (!take_fragments(rest, fields)) return std::string();
  const Fragment* categories = find_fragment(fields, "\"categories\"");
  if (categories == nullptr) return std::string();
  PF_LET(const auto list, json::parse(categories->value()));
  const auto* paths = list.as_array();
  return paths != nullptr && !paths->empty() && (*paths)[0].as_string() != nullptr ? *(*paths)[0].as_string()
                                                                                    : std::string();
}

}  // namespace pf::catalog
