// Stored on disk: do not change. Family "shelves":
//   sku -> JSON: "v" the version of the record, "at" the place. A new member is one that may lack, or a new version.
#include "stock/shelves.h"

#include <algorithm>

#include "json/members.h"
#include "productflow/text.h"

namespace pf::stock {
namespace {

constexpr int kShelfVersion = 1;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// The digits at the front of `text`, without leading zeros, which leave it.
std::string_view take_number(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const std::size_t length = static_cast<std::size_t>(end - text.begin());
  std::string_view number = text.substr(0, length);
  text.remove_prefix(length);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

Result<std::string> read_shelf(const std::optional<std::string>& record) {
  if (!record) return std::string();
  PF_LET(const auto in, json::parse(*record));
  if (json::number_in(in, "v") != kShelfVersion)
    return error(ErrorCode::unsupported,
                 "A shelf place was written by a newer ProductFlow. Start that one, or restore a backup.");
  return json::text_in(in, "at");
}

}  // namespace

std::vector<storage::Family> Shelves::families() {
  return {{.name = "shelves"}};
}

Result<std::string> shelf_of(std::string_view written) {
  const std::string_view shelf = trim(written);
  if (shelf.size() > kShelfBytesMax)
    return invalid("shelf", "length", "The shelf place must have at most 40 bytes, such as A-03-2.");
  if (first_bad_utf8(shelf)) return invalid("shelf", "encoding", "The shelf place must be UTF-8.");
  if (std::ranges::any_of(shelf, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return invalid("shelf", "characters", "The shelf place must be one line of letters, digits and signs.");
  return std::string(shelf);
}

std::string_view zone_of(std::string_view shelf) {
  return shelf.substr(0, shelf.find('-'));
}

bool shelf_before(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return !a.empty() && b.empty();
  std::string_view left = a, right = b;
  while (!left.empty() && !right.empty()) {
    if (is_digit(left.front()) && is_digit(right.front())) {
      const std::string_view one = take_number(left), other = take_number(right);
      if (one.size() != other.size()) return one.size() < other.size();
      if (one != other) return one < other;
      continue;
    }
    const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    const char one = fold(left.front()), other = fold(right.front());
    if (one != other) return static_cast<unsigned char>(one) < static_cast<unsigned char>(other);
    left.remove_prefix(1);
    right.remove_prefix(1);
  }
  return left.empty() != right.empty() ? left.empty() : a < b;
}

Result<std::string> Shelves::find(const storage::Reader& read, std::string_view sku) const {
  PF_LET(const auto record, read.get(family_, sku));
  return read_shelf(record);
}

Result<std::vector<std::string>> Shelves::find_many(const storage::Reader& read,
                                                    std::span<const std::string> skus) const {
  PF_LET(const auto records, read.get_many(family_, skus));
  std::vector<std::string> out;
  out.reserve(records.size());
  for (const auto& record : records) {
    PF_LET(auto shelf, read_shelf(record));
    out.push_back(std::move(shelf));
  }
  return out;
}

Result<bool> Shelves::set(storage::Write& work, std::string_view sku, std::string_view shelf) {
  PF_LET(const std::string wanted, shelf_of(shelf));
  PF_LET(const std::string before, find(work, sku));
  if (wanted == before) return false;
  if (wanted.empty())
    work.erase(family_, sku);
  else
    work.put(family_, sku, json::write(json::Value::object({{"v", kShelfVersion}, {"at", wanted}})));
  return true;
}

}  // namespace pf::stock
