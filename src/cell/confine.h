// Shuts the calling process in, for good. One thread; the inside of task.cpp.
#pragma once

#include <string>
#include <vector>

#include "cell/cell.h"
#include "productflow/result.h"

namespace pf::cell {

// Names what holds and what this kernel lacks. An Error where system calls cannot be filtered.
Result<Layers> confine(unsigned cpu_seconds, std::size_t memory_bytes);

}  // namespace pf::cell
