// The catalogue that is measured: made up, the same every time. 40 columns, as a shop's export has: texts of some 60
// words, 25 brands, 40 families, 30 attributes from two values to one for each row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pf::bench {

inline constexpr std::size_t kColumns = 40;

std::string csv_header();                   // with its line end
std::string csv_row(std::uint64_t number);  // with its line end
std::string sku_of(std::uint64_t number);   // "BENCH-000042"
std::string word_of(std::uint64_t number);  // of the texts
std::string brand_of(std::uint64_t number);
std::string ean_of(std::uint64_t number);                                                      // with its check digit
std::string order_body(std::uint64_t number, std::uint64_t products, const std::string& run);  // JSON

}  // namespace pf::bench
