// What is said between the house and the cell that reads a file. Both run the same executable, so nothing of it is
// stored anywhere, and it may change with it.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "cell/wire.h"
#include "formats/reading.h"

namespace pf::formats::message {

// House to cell: what to do.
inline constexpr char kOpen = 'o', kOpenEntry = 'e', kTable = 't', kValues = 'i', kSheet = 's', kXmlTables = 'x',
                      kXmlTable = 'y', kXmlRows = 'r', kXmlRecords = 'l', kEntryBytes = 'z';
// House to cell, on the way.
inline constexpr char kBytes = 'b';   // of the file, as was asked; none: its end, or it cannot be read
inline constexpr char kMore = 'm';    // one more batch may be sent
inline constexpr char kEnough = 'n';  // no more of it
// Cell to house.
inline constexpr char kWant = 'w';    // bytes of the file: place, count
inline constexpr char kPasses = 'p';  // how often it goes through the file
inline constexpr char kBatch = 'k';   // rows, items, records or pieces
inline constexpr char kDone = 'd';  // the command's answer; of rows and the like: the text's encoding, and how it ended

inline constexpr std::size_t kBatchBytes = 128u << 10;  // of one, when rows are smaller
inline constexpr unsigned kBatchesAhead = 4;            // that wait for the house; with kBatchBytes below a pipe's size
inline constexpr std::size_t kWantBytes = 512u << 10;   // of the file, at once

// Of a row: the columns of an XML table may end with a text in all its languages.
inline constexpr std::size_t kCellsMax = kColumnsMax + kXmlLanguagesMax + 2;

inline void pack_row(cell::Packer& out, const TableRow& row) {
  out.number(row.line).text(row.fault).number(row.remarks.size());
  for (const auto& remark : row.remarks) out.number(remark.column).text(remark.message);
  out.number(row.cells.size());
  for (const std::string& one : row.cells) out.text(one);
}
inline TableRow unpack_row(cell::Unpacker& in) {
  TableRow row;
  row.line = in.number();
  row.fault = in.text();
  for (std::size_t i = in.count(kColumnsMax); i > 0; --i) {
    const auto column = static_cast<std::size_t>(in.number());
    row.remarks.push_back({column, std::string(in.text())});
  }
  const std::size_t cells = in.count(kCellsMax);
  row.cells.reserve(cells);
  for (std::size_t i = cells; i > 0; --i) row.cells.emplace_back(in.text());
  return row;
}

inline void pack_element(cell::Packer& out, const XmlElement& element) {
  out.number(element.path).text(element.text).number(element.children.size());
  for (const XmlElement& child : element.children) pack_element(out, child);
}
// `depth`: how many levels may still be below; `bytes`: what the record may still take in memory, as XmlRecords counts.
inline bool unpack_element(cell::Unpacker& in, std::size_t paths, std::size_t depth, std::size_t& bytes,
                           XmlElement& out) {
  out.path = static_cast<std::size_t>(in.number());
  const std::string_view text = in.text();
  const std::size_t size = sizeof(XmlElement) + text.size();
  if (in.failed() || out.path >= paths || size > bytes) return false;
  bytes -= size;
  out.text = text;
  std::size_t children = in.count(bytes / sizeof(XmlElement));
  if (in.failed() || (children > 0 && depth == 0)) return false;
  for (; children > 0; --children)
    if (!unpack_element(in, paths, depth - 1, bytes, out.children.emplace_back())) return false;
  return true;
}

// A JSON value: its kind, then what it holds. What comes back is looked at as text would be: names that are distinct,
// numbers that are some, text that is UTF-8.
void pack_value(cell::Packer& out, const json::Value& value);
// `depth`: how many levels may still be below; `values`: how many there may still be, each of which took a byte of the
// file.
bool unpack_value(cell::Unpacker& in, int depth, std::size_t& values, json::Value& out);

inline void pack_error(cell::Packer& out, const std::optional<Error>& error) {
  out.byte(error ? 1 : 0);
  if (error) out.byte(static_cast<std::uint8_t>(error->code)).text(error->message);
}
inline std::optional<Error> unpack_error(cell::Unpacker& in) {
  if (in.byte() == 0) return std::nullopt;
  const std::uint8_t code = in.byte();
  return error(
      code <= static_cast<std::uint8_t>(ErrorCode::internal) ? static_cast<ErrorCode>(code) : ErrorCode::invalid,
      cell::clean_text(in.text()));
}

}  // namespace pf::formats::message
