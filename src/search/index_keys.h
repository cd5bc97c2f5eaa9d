// Stored on disk: do not change. One family holds:
//   'p' field 00 term* 00 01 be16 block    -> the documents with that term (index_records.h)
//   'c' column 00 value* 00 01 be16 block  -> the documents with that value; walked for sorting and ranges
//   'v' column 00 be32 chunk               -> the values of 256 neighbouring documents, for sorting few hits
//   'a' be16 block                         -> all documents
//   's' column 00 u8 shift be64 set be16 block -> the documents whose value, shifted right by so many bits, is `set`
//   'p' 02 length field 00 beginning* 00 01 be16 block -> the documents with a term that begins so (kBeginnings)
//   'n'                                    -> be32 next document number
//   'm'                                    -> which sets ('s', 'p' 02) the index has (Coarse)
// A block is 65,536 documents. * with 00 written as 00 FF, so that order is kept and the end (00 01) is plain. Fields
// and columns hold no 00.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "productflow/bytes.h"

namespace pf::search {

inline constexpr char kTermKey = 'p', kColumnKey = 'c', kValuesKey = 'v', kAllKey = 'a', kSetKey = 's';
inline constexpr std::string_view kNextDocumentKey = "n", kCoarseKey = "m";
// Terms of this field are column names: which documents have a value there.
inline constexpr std::string_view kHasColumnField = "\x01has";
inline constexpr std::size_t kColumnBytesMax = 128;  // of a value kept for sorting; longer ones tie
inline std::string_view kept(std::string_view value) {
  return value.substr(0, kColumnBytesMax);
}

inline std::uint16_t block_of(std::uint32_t document) {
  return static_cast<std::uint16_t>(document >> 16);
}
inline std::uint16_t within_block(std::uint32_t document) {
  return static_cast<std::uint16_t>(document & 0xffff);
}
inline std::uint32_t chunk_of(std::uint32_t document) {
  return document >> 8;
}
inline unsigned char within_chunk(std::uint32_t document) {
  return static_cast<unsigned char>(document & 0xff);
}

// So many bytes of a term's beginning have sets. Of a number of eight digits, as orders have, four leave a thousand
// terms that are walked for the fifth (1 us each), and what is shorter than a length is ten sets of it for each digit.
inline constexpr std::array<std::size_t, 2> kBeginnings{2, 4};
inline std::string beginnings_field(std::string_view field, std::size_t length) {
  return std::string{'\x02', static_cast<char>('0' + length)} + std::string(field);
}

// A key in the making, in bytes that are used again: an import makes a hundred of them a row, so each piece is a copy
// and no call into the string.
class Key {
 public:
  Key(char kind, std::string_view name) { start(kind, name); }
  Key& start(char kind, std::string_view name) {
    size_ = 0;
    return byte(static_cast<std::uint8_t>(kind)).raw(name).byte(0);
  }
  Key& escaped(std::string_view text) {
    if (text.find('\0') == std::string_view::npos) return raw(text);
    for (const char c : text) {
      byte(static_cast<std::uint8_t>(c));
      if (c == '\0') byte(0xff);
    }
    return *this;
  }
  Key& end() { return raw(std::string_view("\0\1", 2)); }
  Key& be16(std::uint16_t number) { return big_endian(number); }
  Key& byte(std::uint8_t value) { return big_endian(value); }
  Key& be64(std::uint64_t number) { return big_endian(number); }
  Key& be32(std::uint32_t number) { return big_endian(number); }
  std::string_view view() const { return {bytes_.data(), size_}; }  // until the next piece
  std::string bytes() const { return std::string(view()); }

 private:
  char* room(std::size_t more) {
    if (size_ + more > bytes_.size()) bytes_.resize(2 * (size_ + more));
    return bytes_.data() + std::exchange(size_, size_ + more);
  }
  Key& raw(std::string_view piece) {
    if (!piece.empty()) std::memcpy(room(piece.size()), piece.data(), piece.size());
    return *this;
  }
  template <class Number>
  Key& big_endian(Number number) {
    char* out = room(sizeof number);
    for (std::size_t i = sizeof number; i-- > 0; number = static_cast<Number>(number >> 4 >> 4))
      out[i] = static_cast<char>(number & 0xff);
    return *this;
  }

  std::string bytes_ = std::string(128, '\0');  // most keys are shorter
  std::size_t size_ = 0;                        // of them that are the key
};

// Everything in `field` that starts with `term`; all blocks of exactly `term`.
inline std::string term_prefix(char kind, std::string_view field, std::string_view term) {
  return Key(kind, field).escaped(term).bytes();
}
inline std::string term_blocks(char kind, std::string_view field, std::string_view term) {
  return Key(kind, field).escaped(term).end().bytes();
}
inline constexpr std::string_view kBehindBlocks = "\xff\xff\xff";  // of one term
// One of these blocks, written in one go into `out`, which has room for so many bytes; how many were written. An import
// makes a hundred and more of them a row.
inline std::size_t term_key_bytes_max(std::string_view field, std::string_view term) {
  return 2 + field.size() + 2 * term.size() + 4;
}
inline std::size_t write_term_key(char* out, char kind, std::string_view field, std::string_view term,
                                  std::uint16_t block) {
  char* at = out;
  *at++ = kind;
  at += field.copy(at, field.size());
  *at++ = '\0';
  for (;;) {
    const std::size_t zero = std::min(term.find('\0'), term.size());
    at += term.copy(at, zero);
    if (zero == term.size()) break;
    *at++ = '\0';
    *at++ = '\xff';
    term.remove_prefix(zero + 1);
  }
  *at++ = '\0';
  *at++ = '\1';
  *at++ = static_cast<char>(block >> 8);
  *at++ = static_cast<char>(block & 0xff);
  return static_cast<std::size_t>(at - out);
}
inline std::string term_key(char kind, std::string_view field, std::string_view term, std::uint16_t block) {
  std::string key(term_key_bytes_max(field, term), '\0');
  key.resize(write_term_key(key.data(), kind, field, term, block));
  return key;
}
// The first key of that set; with `block`, that one.
inline std::string set_key(std::string_view column, std::uint8_t shift, std::uint64_t set, std::uint16_t block = 0) {
  return Key(kSetKey, column).byte(shift).be64(set).be16(block).bytes();
}
// REQUIRES: a set's key
inline std::uint64_t key_set(std::string_view key) {
  return key.size() < 10 ? 0 : get_be64(key.substr(key.size() - 10));
}
inline std::string all_key(std::uint16_t block) {
  std::string key(1, kAllKey);
  put_be16(key, block);
  return key;
}
inline std::string values_key(std::string_view column, std::uint32_t chunk) {
  return Key(kValuesKey, column).be32(chunk).bytes();
}
// The field or column of a key. Nothing for a damaged one.
inline std::string_view key_name(std::string_view key) {
  return key.empty() ? key : key.substr(1, std::min(key.find('\0', 1), key.size()) - 1);
}
// What stands behind the field or column of a key, up to its block; escaped as it is. Nothing for a damaged key.
inline std::string_view escaped_term(std::string_view key, std::string_view field) {
  constexpr std::size_t kAround = 2 + 2 + 2;  // kind and 00; 00 01; block
  return key.size() < field.size() + kAround ? std::string_view()
                                             : key.substr(field.size() + 2, key.size() - field.size() - kAround);
}
inline std::string unescaped(std::string_view escaped) {
  std::string text;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    text.push_back(escaped[i]);
    if (escaped[i] == '\0') ++i;
  }
  return text;
}
inline std::uint16_t key_block(std::string_view key) {
  return key.size() < 2 ? std::uint16_t{0} : get_be16(key.substr(key.size() - 2));
}

}  // namespace pf::search
