// Stored on disk: do not change. One family holds:
//   'p' field 00 term* 00 01 be16 block   -> bitmap of the documents in that block of 65,536 (portable Roaring format)
//   'c' column 00 value* 00 01 be32 doc   -> nothing; walked for sorting and ranges
//   'v' column 00 be32 doc                -> the value, for sorting few hits
//   'a' be16 block                        -> bitmap of all documents
//   'n'                                   -> be32 next document number
// * with 00 written as 00 FF, so that order is kept and the end (00 01) is plain. Fields and columns hold no 00.
// Operands of a bitmap: any number of { u8 1 = add, 0 = remove; be16 document within the block }.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::search {

inline constexpr std::string_view kNextDocumentKey = "n";
// Terms of this field are column names: which documents have a value there.
inline constexpr std::string_view kHasColumnField = "\x01has";
inline constexpr std::size_t kColumnBytesMax = 128;  // of a value kept for sorting; longer ones tie

inline std::uint16_t block_of(std::uint32_t document) {
  return static_cast<std::uint16_t>(document >> 16);
}
inline std::uint16_t within_block(std::uint32_t document) {
  return static_cast<std::uint16_t>(document & 0xffff);
}

inline void put_escaped(std::string& out, std::string_view bytes) {
  for (char c : bytes) {
    out.push_back(c);
    if (c == '\0') out.push_back('\xff');
  }
}
inline std::string name_key(char kind, std::string_view name) {
  std::string key(1, kind);
  key.append(name).push_back('\0');
  return key;
}
// Everything that starts with `term` in `field`.
inline std::string posting_prefix(std::string_view field, std::string_view term) {
  std::string key = name_key('p', field);
  put_escaped(key, term);
  return key;
}
// All blocks of exactly `term`.
inline std::string posting_key(std::string_view field, std::string_view term) {
  return posting_prefix(field, term).append(std::string_view("\0\1", 2));
}
inline std::string posting_key(std::string_view field, std::string_view term, std::uint16_t block) {
  std::string key = posting_key(field, term);
  put_be16(key, block);
  return key;
}
inline std::string all_key(std::uint16_t block) {
  std::string key = "a";
  put_be16(key, block);
  return key;
}
inline std::string column_from(std::string_view column, std::string_view value) {
  std::string key = name_key('c', column);
  put_escaped(key, value);
  return key;
}
inline std::string column_key(std::string_view column, std::string_view value, std::uint32_t document) {
  std::string key = column_from(column, value).append(std::string_view("\0\1", 2));
  put_be32(key, document);
  return key;
}
inline std::string value_key(std::string_view column, std::uint32_t document) {
  std::string key = name_key('v', column);
  put_be32(key, document);
  return key;
}
// The value inside a column key; REQUIRES: made by column_key for `column`.
inline std::string column_value(std::string_view key, std::string_view column) {
  std::string_view escaped = key.substr(column.size() + 2, key.size() - column.size() - 2 - 2 - 4);
  std::string value;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    value.push_back(escaped[i]);
    if (escaped[i] == '\0') ++i;
  }
  return value;
}
inline std::uint32_t column_document(std::string_view key) {
  return get_be32(key.substr(key.size() - 4));
}

}  // namespace pf::search
