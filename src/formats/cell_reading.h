// A file read in a cell: the same reading, in a process that has nothing to lose (src/cell). The house hands it the
// bytes it asks for and checks all that it answers.
#pragma once

#include <string>

#include "cell/cell.h"
#include "cell/task.h"
#include "formats/reading.h"

namespace pf::formats {

// The processor time of a file of 512 MiB that unpacks to 16 GiB, on a slow machine; a loop ends here.
inline constexpr unsigned kReadingSecondsMax = 1'800;
// A workbook's shared texts (128 MiB, and as much again while they grow), one row and an archive's list.
inline constexpr std::size_t kReadingMemoryMax = 768u << 20;

// What the cell does, for main().
void read_file_in_cell(cell::House& house);
inline constexpr cell::Task kReadFileTask{"read-file", read_file_in_cell};

// Starts a cell for the file. `unavailable` where there can be none: then the file is not read.
Result<std::unique_ptr<FileReading>> open_in_cell(Source& file);
Result<std::unique_ptr<FileReading>> open_in_cell_of(Source& file, const std::string& program);

}  // namespace pf::formats
