#include "exchange/export_writer.h"

#include <algorithm>

#include "exchange/xml_values.h"
#include "formats/csv.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;  // of one call of the sink, which is one TLS record and a bit

// What people call things by stays text in a spreadsheet, where a column of numbers would lose its zeros at the first
// edit; so do titles.
bool may_be_number(std::string_view column) {
  constexpr std::string_view kTexts[] = {
      "sku",        "parent",          "family", "brand", "ean",         "enabled",     "order_id", "channel_order_id",
      "categories", "channel_line_id", "images", "title", "offer_title", "proposition", "channel",  "description"};
  return std::ranges::find(kTexts, column.substr(0, column.find('@'))) == std::end(kTexts);
}

}  // namespace

Result<> ExportWriter::begin() {
  if (format_ == ExportFormat::json) buffer_ = "{\"data\":[";
  if (format_ == ExportFormat::xml) buffer_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + item_ + "s>\n";
  return {};
}

Result<> ExportWriter::row(const std::vector<std::string>& cells) {
  if (format_ == ExportFormat::csv) {
    formats::write_csv_row(cells, true, buffer_, codes_ ? ';' : ',');
  } else if (workbook_) {
    PF_TRY(workbook_->row(cells));
  } else {
    std::vector<formats::XlsxWriter::Column> columns;
    for (const std::string& name : cells) columns.push_back({name, !codes_ && may_be_number(name)});
    workbook_ = std::make_unique<formats::XlsxWriter>(item_ + "s", std::move(columns), [this](std::string_view piece) {
      buffer_ += piece;
      return true;
    });
  }
  return send_if_large();
}

Result<> ExportWriter::object(std::string_view json_bytes) {
  switch (format_) {
    case ExportFormat::csv:
    case ExportFormat::xlsx:
    case ExportFormat::zip:
      break;
    case ExportFormat::json:
      buffer_ += first_ ? "\n" : ",\n";
      buffer_ += json_bytes;
      break;
    case ExportFormat::ndjson:
      buffer_ += json_bytes;
      buffer_ += '\n';
      break;
    case ExportFormat::xml: {
      PF_LET(const auto value, json::parse(json_bytes));
      buffer_ += "<" + item_ + ">";
      write_xml_members(value, buffer_);
      buffer_ += "</" + item_ + ">\n";
      break;
    }
  }
  first_ = false;
  return send_if_large();
}

Result<> ExportWriter::end() {
  if (workbook_) PF_TRY(workbook_->finish());
  if (format_ == ExportFormat::json) buffer_ += "\n]}\n";
  if (format_ == ExportFormat::xml) buffer_ += "</" + item_ + "s>\n";
  return send();
}

Result<> ExportWriter::send_if_large() {
  return buffer_.size() >= kPieceBytes ? send() : Result<>();
}
Result<> ExportWriter::send() {
  if (!sink_(buffer_)) return error(ErrorCode::unavailable, "The reader of the export has gone.");
  buffer_.clear();
  return {};
}

}  // namespace pf::exchange
