// Writes a table as an XLSX workbook (ISO/IEC 29500-1, transitional), row by row, in the memory of one row. Texts are
// texts, whatever they begin with; the first row stays in view. A sheet that is full is followed by another with the
// same header, which XlsxReader's users may read on. One thread.
#pragma once

#include <vector>

#include "formats/zip_writer.h"

namespace pf::formats {

inline constexpr std::size_t kSheetRowsMax = 1'048'576;    // Excel's, the header included
inline constexpr std::size_t kSheetCellUnitsMax = 32'767;  // Excel's, in UTF-16; a longer one makes it repair the file
inline constexpr std::uint64_t kSheetBytesMax = 3ull << 30;  // of a sheet's XML; below kZipBytesMax by a row's size
inline constexpr std::size_t kLeftOutMax = 1'000;            // cells that are named one by one at the end

class XlsxWriter {
 public:
  struct Column {
    std::string name;
    bool numbers = true;  // false: always texts, such as codes
  };
  // `name`: of the sheet, ASCII letters. `rows_max` is for tests. REQUIRES: the sink's false ends it, see ZipWriter.
  XlsxWriter(std::string name, std::vector<Column> columns, ZipWriter::Sink sink, std::size_t rows_max = kSheetRowsMax);
  // A text that is the plain form of a number is written as one where its column allows. A cell that is too long for
  // Excel stays empty, and is named on a last sheet by its row's first cell, its column and its length.
  Result<> row(const std::vector<std::string>& cells);
  Result<> finish();

 private:
  Result<> begin_sheet();
  Result<> end_sheet();
  Result<> part(std::string_view name, std::string_view content);
  void put_row(const std::vector<std::string>& cells, bool header);
  struct LeftOut {
    std::string row, column;
    std::size_t units = 0;
  };
  const std::string name_;
  const std::vector<Column> columns_;
  std::vector<std::string> letters_;  // "A", ..., "AAA"
  ZipWriter zip_;
  const std::size_t rows_max_;
  std::size_t sheets_ = 0, rows_ = 0;
  std::vector<std::string> sheet_names_;
  std::vector<LeftOut> left_out_;
  std::size_t left_out_count_ = 0;
  std::string buffer_;
};

}  // namespace pf::formats
