// Export profiles: which products go to whom, in which format, language and currency. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/product_list.h"
#include "productflow/clock.h"

namespace pf::exchange {

struct Profile {
  std::string id{};  // 16 hexadecimal digits
  std::string name{};
  std::string format{};  // of built_in_formats(), the shop's own, or csv, xlsx, json, ndjson, xml: the whole export
  // Instead of a whole export's own: header and formula (channel_format.h). With csv, xml and ndjson.
  std::vector<std::pair<std::string, std::string>> columns{};
  std::string query{};                          // as the grid's address has it: "q=blue&brand[eq]=Acme&sort=-price"
  catalog::ProductQuery question{};             // what that means
  std::string locale{}, channel{}, currency{};  // as in ListingTerms
  bool enabled_only = true;                     // products that are for sale
  bool without_heads = true;                    // not those that are but the head of their variants
  bool with_faulty = false;                     // also what lacks something that the channel asks for
  std::string link{}, public_address{};  // the product's page; where this appliance is reached from outside, no path
  std::string picture_key{};             // stands in addresses of pictures that are kept here
  bool feed = false;                     // it can be fetched at an address of its own
  std::optional<Time> feed_since{};      // when that address was made
  std::string by{};
  Time created_at{}, updated_at{};
};

}  // namespace pf::exchange
