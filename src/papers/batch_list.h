// The pick list of a batch, to be printed: its products in the order of the walk, by zone and shelf, and how many of
// each go to which slot; then the slots with their orders' codes, to be put on the totes or scanned when packing. The
// batch's own code opens it on the warehouse page. It names no buyer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orders/batch.h"

namespace pf::papers {

// What the batch's bars say: "PB7".
std::string batch_code(orders::BatchId id);

// `steps`: as Batches::walk gives them. `codes`: by step, what its bars say; none where it is empty. `orders`: by slot.
// `language`: of its words, as in Accept-Language; English for what is not known.
std::string batch_list(const orders::Batch& batch, const std::vector<orders::WalkStep>& steps,
                       const std::vector<std::string>& codes, const std::vector<orders::Order>& orders,
                       std::string_view language);

}  // namespace pf::papers
