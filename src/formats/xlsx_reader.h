// Reads XLSX workbooks (ISO/IEC 29500-1, transitional and strict) sheet by sheet and row by row. The memory is that of
// one row and of the workbook's shared texts, which the format keeps apart from the rows that use them. One thread.
#pragma once

#include <memory>

#include "formats/table_row.h"
#include "formats/zip_reader.h"

namespace pf::formats {

inline constexpr std::size_t kSharedTextBytesMax = 128u << 20;  // of a workbook; a quarter of the house's memory
inline constexpr std::size_t kSheetsMax = 1'000;
// Which cells are merged stands behind a sheet's rows, so a sheet is unpacked twice to learn it, unless it is so large
// that nobody has merged its cells by hand.
inline constexpr std::uint64_t kMergesLookedForMax = 64u << 20;  // bytes of the sheet, unpacked
inline constexpr std::size_t kMergesMax = 20'000;                // further ones are read as they are written

class XlsxReader {
 public:
  // Whether the archive is a workbook, by what it holds.
  static bool is_workbook(const ZipReader& archive);
  // Reads sheets' names, formats and shared texts. REQUIRES: archive outlives it. `unsupported` for relatives of the
  // format that are not read (binary workbooks), saying what to do.
  static Result<XlsxReader> open(ZipReader& archive);
  ~XlsxReader();
  XlsxReader(XlsxReader&&) noexcept;
  XlsxReader& operator=(XlsxReader&&) noexcept;

  // Names of the sheets that people see, in their order; charts are none.
  const std::vector<std::string>& sheets() const;
  // Rows that have a filled cell or an error, with the numbers that the sheet shows beside them as lines; cells that
  // are left out are empty, none follows the last filled one. A row above a limit comes with its fault. What stands in
  // cells that are merged over several rows is said of each row that says anything else.
  using TakeRow = std::function<Result<ZipReader::Go>(TableRow&&)>;
  Result<> rows(std::size_t sheet, const TakeRow& row);

 private:
  struct Impl;
  explicit XlsxReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::formats
