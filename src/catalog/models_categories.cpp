// The tree of categories: where each stands.
#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/changes.h"
#include "catalog/models.h"
#include "productflow/bytes.h"

namespace pf::catalog {

Result<std::vector<CategoryPlace>> Models::place_categories(storage::Write& work, const access::Actor& by,
                                                            const std::vector<CategoryPlace>& places,
                                                            std::string_view path) {
  if (places.size() > kPlacedAtOnce)
    return invalid("categories", "too_many",
                   "At most " + std::to_string(kPlacedAtOnce) + " categories are placed in one change.");
  PF_LET(const auto model, known(work));
  auto next = std::make_shared<Model>(*model);
  next->version = model->version + 1;
  next->below = std::make_shared<Model::Below>();
  std::vector<CategoryPlace> before;
  std::vector<std::string> touched;
  for (const auto& place : places) {
    PF_LET(const auto name, parse_category(place.path));
    const auto at = next->categories.find(name);
    const bool there = at != next->categories.end();
    Category said = there ? at->second->said : Category{.path = name};
    const Category was = said;
    const auto slash = name.rfind('/');
    const auto by_path = slash == std::string::npos ? std::string() : name.substr(0, slash);
    said.parent = place.parent == by_path ? std::string() : place.parent;
    said.top = place.parent.empty() && !by_path.empty();
    said.position = place.position;
    const bool empty = said.labels.empty() && said.parent.empty() && !said.top;
    if (!place.described && empty) {
      if (!there) continue;
      next->categories.erase(name);
      work.erase(family_, keys::described(keys::kCategory, name));
    } else if (there && was.parent == said.parent && was.top == said.top && was.position == said.position) {
      continue;
    } else {
      auto known_now = std::make_shared<Known<Category>>();
      known_now->said = said;
      known_now->version = next->version;
      next->categories.insert_or_assign(name, std::move(known_now));
      touched.push_back(name);
    }
    before.push_back({name, was.top || !was.parent.empty() ? was.parent : by_path, was.position, there});
  }
  if (before.empty()) return before;
  std::vector<FieldFault> faults;
  for (const auto& name : touched)
    for (auto& fault : next->faults_of(next->categories.find(name)->second->said)) faults.push_back(std::move(fault));
  // What was forgotten may have been somebody's parent.
  for (const auto& [name, one] : next->categories)
    if (!one->said.parent.empty() && !next->categories.contains(one->said.parent))
      faults.push_back({"parent", "unknown", "The category " + name + " still stands below " + one->said.parent + "."});
  if (next->categories.size() > kCategoriesDescribedMax)
    faults.push_back(
        {"path", "too_many", "At most " + std::to_string(kCategoriesDescribedMax) + " categories can be described."});
  if (!faults.empty()) return invalid_for(std::move(faults));
  for (const auto& name : touched) {
    std::string record(1, keys::kRecordFormat);
    put_be64(record, next->version);
    json::write(json::write_fields(next->categories.find(name)->second->said), record);
    work.put(family_, keys::described(keys::kCategory, name), record);
  }
  const std::uint64_t version = next->version;
  const auto moved = std::ranges::find(before, path, &CategoryPlace::path);
  const std::string from = moved != before.end() ? moved->parent : std::string();
  const std::string to(next->category_above(path));
  keep(work, *model, std::move(next));
  PF_TRY(audit_.append(work, by, "category.move", "category:" + std::string(path),
                       json::Value::object({{"version", version},
                                            {"from", from},
                                            {"to", to},
                                            {"categories", static_cast<std::uint64_t>(before.size())}})));
  return before;
}

}  // namespace pf::catalog
