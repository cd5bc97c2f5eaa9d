// In which order the products of a batch are gathered, and for which slots.
#include <algorithm>
#include <map>

#include "orders/batches.h"
#include "orders/order_parts.h"
#include "orders/scan_parts.h"

namespace pf::orders {

Result<std::vector<WalkStep>> Batches::walk(const storage::Reader& read, const std::vector<Order>& orders) const {
  std::vector<WalkStep> steps;
  std::map<std::string, std::size_t> by_sku;
  for (std::size_t slot = 0; slot < orders.size(); ++slot) {
    const bool may = workable(orders[slot]).ok();
    for (std::size_t at = 0; at < orders[slot].lines.size(); ++at) {
      const Line& line = orders[slot].lines[at];
      const auto add = [&](const std::string& sku, const std::string& title, WalkPlace place, std::int64_t to_pick) {
        place.missing = may ? place.missing : 0;
        place.wanted = place.picked + (may ? place.missing + to_pick : 0);
        if (place.wanted <= 0) return;
        std::size_t step = steps.size();
        if (!sku.empty()) step = by_sku.try_emplace(sku, step).first->second;
        if (step == steps.size()) steps.push_back({"", sku, title, {}});
        if (steps[step].title.empty()) steps[step].title = title;
        steps[step].places.push_back(std::move(place));
      };
      const WalkPlace place{.slot = slot + 1, .order = orders[slot].id, .line = at};
      if (line.parts.empty()) {
        WalkPlace whole = place;
        whole.picked = line.count.picked;
        whole.missing = line.count.missing;
        add(line.sku, line.title, whole, line.count.to_pick());
      }
      for (const LinePart& part : line.parts) {
        WalkPlace of_part = place;
        of_part.of_kit = true;
        of_part.picked = part.picked;
        of_part.missing = part.missing;
        add(part.sku, "", of_part, to_pick_of(line, part));
      }
    }
  }
  std::vector<std::string> skus;
  for (const WalkStep& step : steps) skus.push_back(step.sku);
  PF_LET(auto shelves, shelves_.find_many(read, skus));
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i].shelf = std::move(shelves[i]);
  std::ranges::stable_sort(steps, [](const WalkStep& a, const WalkStep& b) {
    return a.shelf != b.shelf ? stock::shelf_before(a.shelf, b.shelf) : a.sku < b.sku;
  });
  return steps;
}

}  // namespace pf::orders
