// Keys and bytes of reference records. Stored on disk: do not change or renumber; a new kind takes a new mark.
//
// Family "references":
//   0x01 kind 0x00 code                                   a record: format, be32 document, be64 version, be64 created,
//                                                         be64 updated (ms), {"labels", "values"}
//   0x02 be32 document                                    kind 0x00 code
//   0x03 kind 0x00 code 0x00 be32 document be64 version   one change: format, {"at", "action", "kind", "by", "fields"}
//   0x04 kind                                             the last change of one: be32 document, be64 version, be64
//                                                         (ms) when; lacks until there is one
// Family "reference_index": owned by search::Index; its fields and columns are in reference_entry.h.
// A code holds no control characters, so 0x00 ends it for sure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::catalog::keys {

inline constexpr std::string_view kReferences = "references";
inline constexpr std::string_view kReferenceIndex = "reference_index";

inline constexpr char kReference = '\x01';
inline constexpr char kReferenceDocument = '\x02';
inline constexpr char kReferenceChange = '\x03';
inline constexpr char kReferenceState = '\x04';
inline constexpr char kReferenceFormat = 1;

inline std::string reference_name(std::string_view kind, std::string_view code) {
  return std::string(kind).append(1, '\0').append(code);
}
inline std::string references(std::string_view kind) {
  return std::string(1, kReference).append(kind).append(1, '\0');
}
inline std::string reference(std::string_view kind, std::string_view code) {
  return references(kind).append(code);
}
inline std::string reference_document(std::uint32_t document) {
  std::string key(1, kReferenceDocument);
  put_be32(key, document);
  return key;
}
inline std::string reference_state(std::string_view kind) {
  return std::string(1, kReferenceState).append(kind);
}
inline std::string reference_changes(std::string_view kind, std::string_view code) {
  return std::string(1, kReferenceChange).append(reference_name(kind, code)).append(1, '\0');
}
inline std::string reference_change(std::string_view kind, std::string_view code, std::uint32_t document,
                                    std::uint64_t version) {
  std::string key = reference_changes(kind, code);
  put_be32(key, document);
  put_be64(key, version);
  return key;
}

}  // namespace pf::catalog::keys
