// What a channel's file looks like, as data: its columns, what stands in each, and what the channel asks of it. A new
// channel is a document and no C++; ours are in channel_formats/, an owner's own ones are sent over the API.
//
//   {"name": "my_shop", "title": "My shop's CSV", "about": "Products for my shop",
//    "layout": "csv", "delimiter": ";",
//    "columns": [
//      {"name": "id", "from": "[sku]", "required": true, "length_max": 50},
//      {"name": "prijs", "from": "[price] & ' ' & [currency]", "required": true, "type": "price"},
//      {"name": "staat", "from": "first([condition], 'new')", "one_of": ["new", "used"]},
//      {"name": "plaatjes", "from": "[images]", "type": "url", "list_max": 10, "separator": "|"}]}
//
// `layout`: csv (with `delimiter`, by default a comma), tsv (no quotes: a tab or line end becomes a blank), rss
// (RSS 2.0 with Google's namespace g), xml (`root` and `item` name its elements, by default products and product),
// ndjson. `from` is a formula (expression/README.md) over the fields of a product in a channel (listing.h); of a column
// that is a list, each line of its text is one item. `type`: text, number, whole, price ("19.95 EUR"), url, gtin. In
// rss and xml a name with a slash is an element inside another: "g:shipping/g:country". Values, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/formula.h"
#include "json/json.h"
#include "productflow/result.h"

namespace pf::exchange {

inline constexpr std::size_t kFormatBytesMax = 256u << 10;
inline constexpr std::size_t kFormatColumnsMax = 500, kFormatChoicesMax = 10'000, kFormatListMax = 250;
inline constexpr std::size_t kFormatNameBytesMax = 60, kFormatTitleBytesMax = 200, kColumnNameBytesMax = 200;

struct FormatColumn {
  enum class Type { text, number, whole, price, url, gtin };
  std::string name{};  // the header's, or the element's
  expression::Formula from;
  Type type = Type::text;
  bool required = false;
  std::size_t length_max = 0;         // characters; 0: any
  std::vector<std::string> one_of{};  // none: anything
  std::size_t list_max = 0;           // 0: one value
  std::string separator = ",";        // of a list in one cell
};

struct ChannelFormat {
  enum class Layout { csv, tsv, rss, xml, ndjson };
  std::string name{}, title{}, about{};
  Layout layout = Layout::csv;
  char delimiter = ',';
  std::string root = "products", item = "product";
  std::vector<FormatColumn> columns{};
  bool own = false;    // the shop's; else one of ours
  std::string text{};  // the document as it was sent
};

// Invalid with every fault at once; fields are "columns[2].from" and the like.
Result<ChannelFormat> parse_channel_format(std::string_view text);
Result<FormatColumn> format_column(const json::Value& in, const std::string& field);

std::optional<ChannelFormat::Layout> layout_named(std::string_view name);
std::string_view layout_name(ChannelFormat::Layout layout);
std::string_view content_type(ChannelFormat::Layout layout);
std::string_view file_ending(ChannelFormat::Layout layout);  // "csv", "xml"

// What is wrong with a cell by its column, nothing when it is fine. `value` of a list is one item of it.
std::optional<FieldFault> cell_fault(const FormatColumn& column, std::string_view value);
// The items of a list's text, without empty ones.
std::vector<std::string_view> lines_of(std::string_view text);

// Those that came with the executable, by name; parsed once.
const std::vector<ChannelFormat>& built_in_formats();

}  // namespace pf::exchange
