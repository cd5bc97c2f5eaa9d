// A batch and its scans as bytes on disk (batch_keys.h). Only for this room.
#pragma once

#include <string>
#include <string_view>

#include "orders/batches.h"

namespace pf::orders {

std::string write_batch(const Batch& batch);
Result<Batch> read_batch(BatchId id, std::string_view record);
std::string write_done(const Batches::Done& done);
Result<Batches::Done> read_done(std::uint32_t number, std::string_view record);

}  // namespace pf::orders
