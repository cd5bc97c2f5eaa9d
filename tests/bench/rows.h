// The catalogues that are measured: made up, the same every time. 40 columns, as a shop's export has: title and text in
// three languages of some 50 words, 25 brands, 40 families, 26 attributes from two values to one for each row; or one
// language and texts of a dozen words, and 30 attributes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pf::bench {

inline constexpr std::size_t kColumns = 40;

enum class Texts { three_languages, short_ones };
// With their line ends.
std::string csv_header(Texts texts = Texts::three_languages);
std::string csv_row(std::uint64_t number, Texts texts = Texts::three_languages);
std::string sku_of(std::uint64_t number);   // "BENCH-000042"
std::string word_of(std::uint64_t number);  // of the texts
std::string brand_of(std::uint64_t number);
std::string ean_of(std::uint64_t number);  // with its check digit
// Orders as a shop of ten years has them: by the minute, the last one now; two lines each; all but the newest shipped
// or cancelled. Nothing of their buyers, who would be gone.
struct OrderRows {
  std::uint64_t orders = 0, products = 0;
  std::int64_t now = 0;  // seconds since 1970
};
std::string order_csv_header();
std::string order_csv_rows(const OrderRows& shop, std::uint64_t number);
std::int64_t order_time(const OrderRows& shop, std::uint64_t number);  // seconds since 1970
std::string order_channel(std::uint64_t number);
std::string order_channel_number(std::uint64_t number);                                        // "403-1234567-7654321"
std::string order_body(std::uint64_t number, std::uint64_t products, const std::string& run);  // JSON

}  // namespace pf::bench
