// Everything that a file in a data folder says, so that one can look for bytes in it: tables of the database are
// unpacked, records of its logs joined, all other files taken as they are. A running Store does not mind. Any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "productflow/result.h"

namespace pf::storage {

// Shows the file's raw bytes, in pieces that overlap by `overlap`, and then what is packed in it. False when the file
// is not there (any more); an Error when it cannot be read.
Result<bool> read_through(const std::filesystem::path& file, std::size_t overlap,
                          const std::function<void(std::string_view bytes)>& look);

}  // namespace pf::storage
