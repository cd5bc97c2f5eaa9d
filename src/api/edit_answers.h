// What bulk edits and runs of rules have in common over HTTP: which products, a preview, and the job.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gate/route.h"
#include "jobs/edits.h"

namespace pf::api {

inline constexpr std::size_t kPreviewProductsMax = 1'000;  // tried for a preview, which answers at once
inline constexpr std::size_t kPreviewSamplesMax = 10;

struct SelectBody {
  std::vector<std::string> skus;
  std::optional<std::string> query;
  template <class V>
  void fields(V& visit) {
    visit("skus", skus, "These products.");
    visit("query", query, "Or all that a list with this address finds: q=mug&brand[eq]=Acme; empty: every product.");
  }
};

json::Value changes_value(const std::vector<catalog::FieldChange>& changes);
Result<json::Value> edit_value(const jobs::Edits& edits, const storage::Reader& read, const jobs::Edit& edit);
// All SKUs that the question finds, in their order; `total` of them when only the first `count` are wanted.
Result<std::vector<std::string>> selected_skus(storage::Store& store, const catalog::Products& products,
                                               const gate::Call& call, const SelectBody& select, std::size_t count,
                                               std::uint64_t& total);
// Tried in a unit of work that is given up: what it would do is what it will do.
Result<json::Value> edits_preview(storage::Store& store, const catalog::Products& products,
                                  const std::vector<std::string>& skus, std::uint64_t total, const std::string& locale,
                                  const std::function<Result<catalog::Edited>(storage::Write&)>& edit);

}  // namespace pf::api
