// What passes between the house and a cell: messages of one kind and a body, and a body's parts. Each side may be
// lied to by the other, so every length is looked at before it is believed. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/bytes.h"

namespace pf::cell {

// A message: kind, be32 bytes, body.
inline constexpr std::size_t kMessageHead = 5;
inline constexpr std::size_t kMessageBytesMax = 80u << 20;  // the largest row of a table (64 MiB) and what is about it

struct Message {
  char kind = 0;
  std::string body{};
};

// Kinds that every task has; its own are lower-case letters.
inline constexpr char kReady = 'R';   // the first: which layers hold, or why none of it is done
inline constexpr char kFailed = 'E';  // an Error: code, message

// A text that a cell wrote, to be shown: one line of valid UTF-8, not without end.
std::string clean_text(std::string_view text);

class Packer {
 public:
  Packer& byte(std::uint8_t v) {
    out_.push_back(static_cast<char>(v));
    return *this;
  }
  Packer& number(std::uint64_t v) {  // most are small: LEB128
    for (; v >= 0x80; v >>= 7) out_.push_back(static_cast<char>(v | 0x80));
    out_.push_back(static_cast<char>(v));
    return *this;
  }
  Packer& text(std::string_view v) {
    number(v.size());
    out_ += v;
    return *this;
  }
  const std::string& bytes() const { return out_; }
  void clear() { out_.clear(); }

 private:
  std::string out_;
};

// Reads what a Packer wrote. What does not fit is read as nothing, once and for all: ask `whole()` at the end.
class Unpacker {
 public:
  explicit Unpacker(std::string_view in) : in_(in) {}
  std::uint8_t byte() {
    if (in_.empty()) return fail();
    const auto v = static_cast<std::uint8_t>(in_[0]);
    in_.remove_prefix(1);
    return v;
  }
  std::uint64_t number() {
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64 && !in_.empty(); shift += 7) {
      const std::uint8_t part = byte();
      v |= std::uint64_t{part & 0x7fu} << shift;
      if (part < 0x80) return v;
    }
    return fail();
  }
  // How many parts follow, each of at least one byte: more than there are bytes, or than there can be, is a lie.
  std::size_t count(std::size_t most) {
    const std::uint64_t v = number();
    return v > in_.size() || v > most ? fail() : static_cast<std::size_t>(v);
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (size > in_.size()) {
      fail();
      return {};
    }
    const std::string_view v = in_.substr(0, static_cast<std::size_t>(size));
    in_.remove_prefix(v.size());
    return v;
  }
  bool ended() const { return in_.empty(); }
  bool failed() const { return failed_; }
  bool whole() const { return !failed_ && in_.empty(); }

 private:
  std::uint8_t fail() {
    failed_ = true;
    in_ = {};
    return 0;
  }
  std::string_view in_;
  bool failed_ = false;
};

}  // namespace pf::cell
