// Reference records that name each other: none of them could be the first. They are made without what they name of each
// other, and then filled.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "catalog/model.h"
#include "exchange/party.h"

namespace pf::exchange {

// A row that names records which are not there, in these of its values.
struct WaitingRecord {
  const ReferenceItem* item = nullptr;
  std::vector<std::string> values{};
};

// Those whose names are all among those that are left, by code or by label; the others name what nobody brings.
std::vector<WaitingRecord> in_circles(const catalog::Model& model, std::span<const WaitingRecord> waiting);
// What is said of it apart from these values.
json::Value without_waiting(const WaitingRecord& record);

}  // namespace pf::exchange
