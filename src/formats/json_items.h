// JSON files, in pieces: one value, a list, a list inside an object ({"data": [...]}, {"orders": [...]},
// {"total": 2, "data": [...]}, {"data": {"orders": {"items": [...]}}}), or a value a line (NDJSON). Lists and lines are
// read value by value, so their memory is that of one value.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "productflow/result.h"

namespace pf::formats {

inline constexpr std::size_t kJsonItemBytesMax = 8u << 20;  // of one value: a product or an order, pictures left out

struct JsonItem {
  std::uint64_t line = 0;  // where it starts
  std::string text{};
};

// Cuts a JSON text into its items. One thread.
class JsonItems {
 public:
  // Its Error ends the reading, as does that of `item`.
  Result<> feed(std::string_view text, const std::function<Result<>(JsonItem&&)>& item);
  // Gives the last item; `invalid` naming the line when the text ends inside one.
  Result<> finish(const std::function<Result<>(JsonItem&&)>& item);

 private:
  Result<> take(const std::function<Result<>(JsonItem&&)>& item);
  bool opens_list();

  enum class At { start, items, done } at_ = At::start;
  bool in_list_ = false, in_text_ = false, escaped_ = false;
  int depth_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t line_ = 1;
  JsonItem item_{};
};

// Whether a member of this name is the one that a file is about, whatever stands beside it: "data", "orders", ...
bool is_json_wrapper(std::string_view name);

}  // namespace pf::formats
