#include "access/cbor.h"

#include <limits>

namespace pf::access {

std::uint64_t Cbor::head(unsigned& kind) {
  kind = 8;
  if (failed_ || rest_.empty()) {
    failed_ = true;
    return 0;
  }
  const auto first = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  kind = first >> 5;
  const unsigned small = first & 31;
  if (small < 24) return small;
  const std::size_t size = small < 28 ? std::size_t{1} << (small - 24) : 0;
  if (size == 0 || rest_.size() < size) {
    failed_ = true;
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(rest_[i]);
  rest_.remove_prefix(size);
  return value;
}

std::int64_t Cbor::number() {
  unsigned kind = 0;
  const std::uint64_t value = head(kind);
  if (kind > 1 || value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) failed_ = true;
  if (failed_) return 0;
  return kind == 0 ? static_cast<std::int64_t>(value) : -1 - static_cast<std::int64_t>(value);
}

std::string_view Cbor::string(unsigned wanted) {
  unsigned kind = 0;
  const std::uint64_t size = head(kind);
  if (kind != wanted || size > rest_.size()) failed_ = true;
  if (failed_) return {};
  const std::string_view out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return out;
}
std::string_view Cbor::bytes() {
  return string(2);
}
std::string_view Cbor::text() {
  return string(3);
}

std::uint64_t Cbor::map() {
  unsigned kind = 0;
  const std::uint64_t pairs = head(kind);
  if (kind != 5 || pairs > rest_.size()) failed_ = true;
  return failed_ ? 0 : pairs;
}

void Cbor::skip() {
  skip(0);
}
void Cbor::skip(int depth) {
  unsigned kind = 0;
  const std::uint64_t value = head(kind);
  if (failed_) return;
  // Everything that has a length or members takes at least a byte for each.
  if (depth > kDepthMax || (kind >= 2 && kind <= 5 && value > rest_.size())) {
    failed_ = true;
    return;
  }
  switch (kind) {
    case 0:
    case 1:
    case 7:
      return;
    case 2:
    case 3:
      rest_.remove_prefix(value);
      return;
    case 4:
    case 5:
      for (std::uint64_t i = 0; i < (kind == 5 ? value * 2 : value) && !failed_; ++i) skip(depth + 1);
      return;
    default:
      failed_ = true;
  }
}

}  // namespace pf::access
