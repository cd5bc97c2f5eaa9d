// JSON in which the rows are the members of an object, each under its key: {"SKU-1": {"title": ...}, "SKU-2": {...}},
// as PHP's json_encode writes an associative array, and Firebase whatever it keeps. Told by structure alone, from the
// beginning of the text; whether the keys name things is for those who know what names mean. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pf::formats {

inline constexpr std::size_t kKeyedRowsMin =
    3;  // an object that holds two alike, "billing" and "shipping", is no table
inline constexpr std::size_t kKeyedRowsSeen = 100;  // of whose keys and names is told
inline constexpr std::size_t kKeyedNamesMax = 500;  // that are told; a product has some dozens
inline constexpr std::size_t kKeyedDepthMax =
    3;  // objects around the rows: {"response": {"data": {"products": {...}}}}

struct KeyedObjects {
  std::vector<std::string> where{};   // members on the way to the object that holds the rows; none: it is the whole
  std::vector<std::string> beside{};  // what stands beside these
  std::vector<std::string> keys{};    // of the first rows
  std::vector<std::string> names{};   // of what the first rows hold, dotted where they hold objects
};

// `start`: of a text that begins with {, as much as is at hand. Nothing where the text is something else: each member
// that is seen has to be an object that has names in common with the others, and no second value may follow.
std::optional<KeyedObjects> keyed_objects_in(std::string_view start);

}  // namespace pf::formats
