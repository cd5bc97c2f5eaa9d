// As much of CBOR (RFC 8949) as authenticators send: whole numbers, byte and text strings, arrays, maps, definite
// lengths. Reads in place; a fault makes the reader fail for good. One thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace pf::access {

class Cbor {
 public:
  explicit Cbor(std::string_view bytes) : rest_(bytes) {}
  bool failed() const { return failed_; }
  std::string_view rest() const { return rest_; }
  // Each fails when something else comes. What failed reads as 0 or empty.
  std::int64_t number();
  std::string_view bytes();
  std::string_view text();
  std::uint64_t map();  // pairs that follow
  void skip();          // one item, whatever it is

 private:
  static constexpr int kDepthMax = 8;
  std::uint64_t head(unsigned& kind);
  std::string_view string(unsigned wanted);
  void skip(int depth);

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace pf::access
