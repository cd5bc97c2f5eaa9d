// The frames of an export's formats: rows of cells for CSV and XLSX, objects for the others. One thread.
#pragma once

#include "exchange/exporter.h"
#include "formats/xlsx_writer.h"

namespace pf::exchange {

class ExportWriter {
 public:
  // `item` names one record in XML: "product".
  // `codes`: its cells are codes and settings, divided by ';' as Akeneo has them, and texts in a spreadsheet.
  ExportWriter(ExportFormat format, std::string item, const ExportSink& sink, bool codes = false)
      : format_(format), item_(std::move(item)), codes_(codes), sink_(sink) {}

  bool is_table() const { return format_ == ExportFormat::csv || format_ == ExportFormat::xlsx; }
  Result<> begin();
  Result<> row(const std::vector<std::string>& cells);  // of a table; the first is the header
  Result<> object(std::string_view json_bytes);         // the others
  Result<> end();

 private:
  Result<> send_if_large();
  Result<> send();
  const ExportFormat format_;
  const std::string item_;
  const bool codes_;
  const ExportSink& sink_;
  std::string buffer_;
  std::unique_ptr<formats::XlsxWriter> workbook_;
  bool first_ = true;
};

}  // namespace pf::exchange
