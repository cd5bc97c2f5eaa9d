// The file that a carrier's label program reads, as data: a table's columns, what stands in each, and what the program
// takes. A new carrier is a document and no C++; ours are in carrier_formats/, a shop's own ones are sent over the API.
//
//   {"name": "our_courier", "title": "Our courier", "about": "...", "layout": "csv", "delimiter": ";",
//    "carrier": "Courier", "encoding": "windows-1252", "header": true, "rows_max": 100,
//    "sources": ["https://..."], "unconfirmed": ["weight"],
//    "columns": [{"name": "name", "from": "[name1]", "required": true, "length_max": 35}, ...]}
//
// Columns are those of a channel's format (channel_format.h) but for lists; their formulas name the fields of a
// consignment (consignment.h). `encoding`: utf-8 (when absent) or windows-1252, in which letters of Latin alphabets
// that it lacks become their base letters. `unconfirmed`: columns of which no public document tells name, place or
// length. Nothing is cut: an address that is too long is a fault, since half of one is somewhere else. Values, any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/channel_format.h"

namespace pf::exchange {

inline constexpr std::size_t kCarrierRowsMax = 10'000;  // that a format may allow
inline constexpr std::size_t kCarrierNameBytesMax = 100, kCarrierNotesMax = 500;

struct CarrierFormat {
  enum class Encoding { utf8, windows1252 };
  ChannelFormat table{};  // csv or tsv; its name is the format's
  std::string carrier{};  // what the parcels' method is; empty: no certain one
  Encoding encoding = Encoding::utf8;
  bool header = true;
  std::size_t rows_max = 0;  // of one file; 0: any
  std::vector<std::string> sources{}, unconfirmed{};
  bool own = false;    // the shop's; else one of ours
  std::string text{};  // the document as it was sent
};

// Invalid with every fault at once; fields are "columns[2].from" and the like.
Result<CarrierFormat> parse_carrier_format(std::string_view text);

// Those that came with the executable, by name; parsed once.
const std::vector<CarrierFormat>& built_in_carriers();

}  // namespace pf::exchange
