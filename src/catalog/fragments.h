// How segments are put together: varints and fragments `"name":value` (record.h). Only for this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pf::catalog {

inline void put_size(std::string& out, std::size_t v) {
  while (v >= 0x80) {
    out.push_back(static_cast<char>((v & 0x7f) | 0x80));
    v >>= 7;
  }
  out.push_back(static_cast<char>(v));
}

inline bool take_size(std::string_view& in, std::size_t& out) {
  out = 0;
  for (unsigned shift = 0; shift < 35 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    out |= static_cast<std::size_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

inline bool take_bytes(std::string_view& in, std::size_t size, std::string_view& out) {
  if (size > in.size()) return false;
  out = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

struct Fragment {
  std::string_view name;   // quoted and escaped, which is one to one with the name itself
  std::string_view bytes;  // "name":value
  std::string_view value() const { return bytes.substr(name.size() + 1); }
};

inline bool take_fragment(std::string_view& in, Fragment& out) {
  std::size_t name = 0, all = 0;
  if (!take_size(in, name) || !take_size(in, all) || name + 1 > all || !take_bytes(in, all, out.bytes)) return false;
  out.name = out.bytes.substr(0, name);
  return true;
}

inline bool take_fragments(std::string_view& in, std::vector<Fragment>& out) {
  std::size_t count = 0;
  if (!take_size(in, count) || count > in.size()) return false;
  out.resize(count);
  for (auto& fragment : out)
    if (!take_fragment(in, fragment)) return false;
  return true;
}

// Near `hint` first: files and forms name attributes in the order in which they are stored.
inline const Fragment* find_fragment(const std::vector<Fragment>& in, std::string_view quoted_name,
                                     std::size_t hint = 0) {
  if (hint < in.size() && in[hint].name == quoted_name) return &in[hint];
  for (const auto& fragment : in)
    if (fragment.name == quoted_name) return &fragment;
  return nullptr;
}

}  // namespace pf::catalog
