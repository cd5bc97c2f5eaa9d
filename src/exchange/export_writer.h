// The frames of an export's formats: rows of cells for CSV, objects for the others. One thread.
#pragma once

#include "exchange/exporter.h"

namespace pf::exchange {

class ExportWriter {
 public:
  // `item` names one record in XML: "product".
  ExportWriter(ExportFormat format, std::string item, const ExportSink& sink)
      : format_(format), item_(std::move(item)), sink_(sink) {}

  Result<> begin();
  Result<> row(const std::vector<std::string>& cells);  // CSV
  Result<> object(std::string_view json_bytes);         // the others
  Result<> end();

 private:
  Result<> send_if_large();
  Result<> send();
  const ExportFormat format_;
  const std::string item_;
  const ExportSink& sink_;
  std::string buffer_;
  bool first_ = true;
};

}  // namespace pf::exchange
