// JSON in pieces, told as it is read, as strictly as json.h reads it (but that a name may stand twice): for files that
// are larger than memory. One value after the other, which is also NDJSON. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "json/json.h"

namespace pf::json {

inline constexpr std::size_t kStreamNameBytesMax = 1'000;  // of a member, all of which are kept by whoever listens

class Listener {
 public:
  virtual ~Listener() = default;
  // An Error ends the reading and is what feed() answers.
  virtual Result<> begin_object() = 0;
  virtual Result<> end_object() = 0;
  virtual Result<> begin_array() = 0;
  virtual Result<> end_array() = 0;
  virtual Result<> name(std::string_view name) = 0;
  // A text, a number as it was written, true, false, or "" for null; in pieces, the last of which says so.
  virtual Result<> scalar(std::string_view piece, bool last) = 0;
  // A line of NDJSON is no JSON: what was told of its value does not count. Of a value that does not begin with its line,
  // and of a first one that spans lines and so is no line of NDJSON, it is an Error of feed() instead.
  virtual Result<> broken(std::uint64_t line, std::string_view why) = 0;
};

class Stream {
 public:
  // REQUIRES: listener outlives it.
  explicit Stream(Listener& listener, int depth_max = kDepthMax);
  ~Stream();
  // `invalid` with the line for what is no JSON, too_large for a name above the limit.
  Result<> feed(std::string_view piece);
  Result<> finish();
  std::uint64_t line() const;  // where the value or piece that is told begins, or later; counted from 1

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::json
