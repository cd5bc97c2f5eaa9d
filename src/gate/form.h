// Queries and forms, decoded. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/json.h"

namespace pf::gate {

inline constexpr std::size_t kPairsMax = 2'000;  // of a query or a form
inline constexpr std::size_t kFormDepthMax = 8;  // a[b][c]...

// "a=1&b[]=x" as pairs, decoded, in order. Error for bad percent signs, bytes that are not UTF-8, too many pairs.
Result<std::vector<std::pair<std::string, std::string>>> decode_pairs(std::string_view text);

// application/x-www-form-urlencoded in PHP's manner: prices[EUR][sell_price]=19.95, lines[0][sku]=A, tags[]=x. Values
// are texts; names that are all 0, 1, 2 ... become lists.
Result<json::Value> decode_form(std::string_view text);

}  // namespace pf::gate
