// Numbers as big-endian bytes, so that key order is number order. Used by every *_keys.h; changing these changes
// what is on disk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pf {

inline void put_be16(std::string& out, std::uint16_t v) {
  const char bytes[]{static_cast<char>(v >> 8), static_cast<char>(v)};
  out.append(bytes, sizeof bytes);
}
inline void put_be32(std::string& out, std::uint32_t v) {
  const char bytes[]{static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8),
                     static_cast<char>(v)};
  out.append(bytes, sizeof bytes);
}
inline void put_be64(std::string& out, std::uint64_t v) {
  put_be32(out, static_cast<std::uint32_t>(v >> 32));
  put_be32(out, static_cast<std::uint32_t>(v & 0xffffffff));
}
// REQUIRES: in.size() >= 2, 4, 8. Reads from the front.
inline std::uint16_t get_be16(std::string_view in) {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(in[0]) << 8) | static_cast<unsigned char>(in[1]));
}
inline std::uint32_t get_be32(std::string_view in) {
  return (static_cast<std::uint32_t>(get_be16(in)) << 16) | get_be16(in.substr(2));
}
inline std::uint64_t get_be64(std::string_view in) {
  return (static_cast<std::uint64_t>(get_be32(in)) << 32) | get_be32(in.substr(4));
}

}  // namespace pf
