#include "exchange/export_writer.h"

#include <algorithm>

#include "formats/csv.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;  // of one call of the sink, which is one TLS record and a bit

// XML 1.0 has no way to write most control characters, and they mean nothing in a shop's text.
void write_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\r')
      out += "&#13;";  // a parser would make LF of it
    else if (byte >= 0x20 || c == '\t' || c == '\n')
      out += c;
  }
}

// A JSON value as elements: names are attributes of <field>, since a name may hold what an element's cannot.
void write_xml(const json::Value& value, std::string& out) {
  if (const auto* members = value.as_object()) {
    for (const auto& [name, member] : *members) {
      if (member.is_null()) continue;
      out += "<field name=\"";
      write_escaped(name, out);
      out += "\">";
      write_xml(member, out);
      out += "</field>";
    }
  } else if (const auto* items = value.as_array()) {
    for (const json::Value& item : *items) {
      out += "<value>";
      write_xml(item, out);
      out += "</value>";
    }
  } else if (const auto* text = value.as_string()) {
    write_escaped(*text, out);
  } else {
    out += json::write(value);
  }
}

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
    formats::write_csv_row(cells, true, buffer_);
  } else if (workbook_) {
    PF_TRY(workbook_->row(cells));
  } else {
    std::vector<formats::XlsxWriter::Column> columns;
    for (const std::string& name : cells) columns.push_back({name, may_be_number(name)});
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
      write_xml(value, buffer_);
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
