#include "exchange/channel_format.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include "catalog/product.h"
#include "catalog/value_texts.h"
#include "json/members.h"
#include "productflow/money.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using Layout = ChannelFormat::Layout;
using Type = FormatColumn::Type;

constexpr std::array<std::string_view, 5> kLayouts{"csv", "tsv", "rss", "xml", "ndjson"};
constexpr std::array<std::string_view, 6> kTypes{"text", "number", "whole", "price", "url", "gtin"};

// Made by CMake of channel_formats/*.json.
constexpr std::string_view kDocuments[] = {
#include "channel_formats.inc"
};

std::optional<std::size_t> place_among(std::span<const std::string_view> names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - names.begin()));
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// An element's name as XML has it, of ASCII letters: "g:id", "item_group".
bool is_element_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name.front()) && std::ranges::all_of(name, [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
  });
}

// Reads one document; faults are gathered.
class FormatReader {
 public:
  explicit FormatReader(std::vector<FieldFault>& faults) : faults_(faults) {}

  ChannelFormat format(const json::Value& in) {
    ChannelFormat out;
    for (const auto& [name, value] : *in.as_object()) {
      if (name == "name") {
        out.name = text(name, value, kFormatNameBytesMax);
      } else if (name == "title") {
        out.title = text(name, value, kFormatTitleBytesMax);
      } else if (name == "about") {
        out.about = text(name, value, 2'000);
      } else if (name == "layout") {
        if (const auto layout = layout_named(text(name, value, 20)))
          out.layout = *layout;
        else
          fault(name, "unknown", "must be csv, tsv, rss, xml or ndjson");
      } else if (name == "delimiter") {
        const std::string delimiter = text(name, value, 1);
        if (delimiter.size() == 1 && std::string_view(",;\t|").find(delimiter) != std::string_view::npos)
          out.delimiter = delimiter.front();
        else
          fault(name, "unknown", "must be a comma, a semicolon, a tab or a bar");
      } else if (name == "root" || name == "item") {
        std::string& element = name == "root" ? out.root : out.item;
        element = text(name, value, kColumnNameBytesMax);
        if (!is_element_name(element)) fault(name, "format", "must be an element's name such as products");
      } else if (name == "columns") {
        columns(value, out);
      } else {
        fault(name, "unknown", "a format has name, title, about, layout, delimiter, root, item and columns");
      }
    }
    if (!is_word(out.name)) fault("name", "format", "must be a word of small letters, digits and _ such as my_shop");
    if (out.title.empty()) out.title = out.name;
    if (out.columns.empty()) fault("columns", "required", "must name at least one column");
    check_names(out);
    return out;
  }

  std::optional<FormatColumn> column(const std::string& field, const json::Value& in) {
    if (in.as_object() == nullptr) {
      fault(field, "type", "must be an object with name and from");
      return std::nullopt;
    }
    std::string formula = "\"\"";
    std::optional<expression::Formula> from;
    std::string name;
    bool required = false;
    std::size_t length_max = 0, list_max = 0;
    Type type = Type::text;
    std::vector<std::string> one_of;
    std::string separator = ",";
    for (const auto& [member, value] : *in.as_object()) {
      const std::string at = field + "." + member;
      if (member == "name") {
        name = trim(text(at, value, kColumnNameBytesMax));
      } else if (member == "from") {
        auto parsed = expression::Formula::parse(text(at, value, expression::kFormulaBytesMax));
        if (parsed.ok())
          from = *std::move(parsed);
        else
          fault(at, "formula", parsed.error().message);
        formula.clear();
      } else if (member == "required" && value.as_bool() != nullptr) {
        required = *value.as_bool();
      } else if (member == "type") {
        if (const auto known = place_among(kTypes, text(at, value, 20)))
          type = static_cast<Type>(*known);
        else
          fault(at, "unknown", "must be text, number, whole, price, url or gtin");
      } else if (member == "length_max") {
        length_max = number(at, value, 1'000'000);
      } else if (member == "list_max") {
        list_max = number(at, value, kFormatListMax);
      } else if (member == "separator") {
        separator = text(at, value, 5);
      } else if (member == "one_of" && value.as_array() != nullptr) {
        if (value.as_array()->size() > kFormatChoicesMax) fault(at, "too_many", "at most 10,000 values can be named");
        for (const json::Value& one : *value.as_array()) one_of.push_back(text(at, one, 1'000));
      } else {
        fault(at, "unknown", "a column has name, from, type, required, length_max, one_of, list_max and separator");
      }
    }
    if (name.empty()) fault(field + ".name", "required", "is required: the column's header");
    if (!from && !formula.empty()) fault(field + ".from", "required", "is required: a formula such as [sku]");
    if (!from) return std::nullopt;
    return FormatColumn{.name = std::move(name),
                        .from = *std::move(from),
                        .type = type,
                        .required = required,
                        .length_max = length_max,
                        .one_of = std::move(one_of),
                        .list_max = list_max,
                        .separator = std::move(separator)};
  }
  void fault(std::string field, std::string code, std::string message) {
    faults_.push_back({std::move(field), std::move(code), std::move(message)});
  }

 private:
  static bool is_word(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
  }
  std::string text(const std::string& field, const json::Value& value, std::size_t bytes_max) {
    if (value.as_string() == nullptr) {
      fault(field, "type", "must be a text");
      return {};
    }
    if (value.as_string()->size() <= bytes_max) return *value.as_string();
    fault(field, "too_long", "must have at most " + std::to_string(bytes_max) + " bytes");
    return {};
  }
  std::size_t number(const std::string& field, const json::Value& value, std::int64_t most) {
    const auto number = value.as_int();
    if (number && *number >= 1 && *number <= most) return static_cast<std::size_t>(*number);
    fault(field, "range", "must be a whole number from 1 to " + std::to_string(most));
    return 0;
  }
  void columns(const json::Value& value, ChannelFormat& out) {
    if (value.as_array() == nullptr) return fault("columns", "type", "must be a list");
    if (value.as_array()->size() > kFormatColumnsMax)
      return fault("columns", "too_many", "a format has at most 500 columns");
    for (std::size_t i = 0; i < value.as_array()->size(); ++i)
      if (auto read = column("columns[" + std::to_string(i) + "]", (*value.as_array())[i]))
        out.columns.push_back(*std::move(read));
  }
  void check_names(const ChannelFormat& out) {
    const bool elements = out.layout == Layout::rss || out.layout == Layout::xml;
    std::vector<std::string> seen;
    for (std::size_t i = 0; i < out.columns.size(); ++i) {
      const std::string& name = out.columns[i].name;
      const std::string at = "columns[" + std::to_string(i) + "].name";
      if (std::ranges::find(seen, name) != seen.end()) fault(at, "twice", "another column has this name");
      seen.push_back(name);
      if (!elements || name.empty()) continue;
      const auto parts = split(name, '/');
      if (parts.size() > 2 || !std::ranges::all_of(parts, is_element_name))
        fault(at, "format", "must be an element's name such as g:id, or one inside another: g:shipping/g:price");
    }
  }
  std::vector<FieldFault>& faults_;
};

Error gathered_faults(std::vector<FieldFault> faults) {
  Error out{ErrorCode::invalid, "", std::move(faults)};
  for (const FieldFault& fault : out.faults)
    out.message += (out.message.empty() ? "" : "; ") + fault.field + " " + fault.message;
  return out;
}

bool is_price(std::string_view value) {
  const std::size_t blank = value.find(' ');
  if (blank == std::string_view::npos) return false;
  const auto currency = Currency::parse(value.substr(blank + 1));
  return currency.ok() && parse_money(value.substr(0, blank), *currency).ok() && !value.starts_with('-');
}

}  // namespace

std::optional<Layout> layout_named(std::string_view name) {
  const auto at = place_among(kLayouts, name);
  return at ? std::optional(static_cast<Layout>(*at)) : std::nullopt;
}
std::string_view layout_name(Layout layout) {
  return kLayouts[static_cast<std::size_t>(layout)];
}
std::string_view content_type(Layout layout) {
  switch (layout) {
    case Layout::csv:
      return "text/csv";
    case Layout::tsv:
      return "text/tab-separated-values";
    case Layout::rss:
    case Layout::xml:
      return "application/xml";
    case Layout::ndjson:
      return "application/x-ndjson";
  }
  return "";
}
std::string_view file_ending(Layout layout) {
  return layout == Layout::rss ? "xml" : layout == Layout::tsv ? "txt" : layout_name(layout);
}

Result<ChannelFormat> parse_channel_format(std::string_view text) {
  if (text.size() > kFormatBytesMax)
    return invalid("format", "too_long", "The description of a format has at most 256 KiB.");
  PF_LET(const auto in, json::parse(text));
  if (in.as_object() == nullptr) return invalid("format", "type", "The description of a format is a JSON object.");
  std::vector<FieldFault> faults;
  ChannelFormat out = FormatReader(faults).format(in);
  if (!faults.empty()) return gathered_faults(std::move(faults));
  out.text = text;
  return out;
}

Result<FormatColumn> format_column(const json::Value& in, const std::string& field) {
  std::vector<FieldFault> faults;
  auto out = FormatReader(faults).column(field, in);
  if (!faults.empty()) return gathered_faults(std::move(faults));
  return *std::move(out);
}

std::optional<FieldFault> cell_fault(const FormatColumn& column, std::string_view value) {
  const auto fault = [&](const char* code, std::string message) {
    return FieldFault{column.name, code, std::move(message)};
  };
  if (value.empty()) return column.required ? std::optional(fault("required", "is required and empty")) : std::nullopt;
  if (column.length_max > 0 && characters(value) > column.length_max)
    return fault("too_long", "has more than " + std::to_string(column.length_max) + " characters");
  if (!column.one_of.empty() && std::ranges::find(column.one_of, value) == column.one_of.end())
    return fault("not_one_of", "is none of the values that the channel knows");
  switch (column.type) {
    case Type::text:
      break;
    case Type::number:
      if (!catalog::plain_number(value)) return fault("number", "is no number");
      break;
    case Type::whole:
      if (const auto whole = parse_int(value); !whole || *whole < 0) return fault("whole", "is no whole number");
      break;
    case Type::price:
      if (!is_price(value)) return fault("price", "is no price such as 19.95 EUR");
      break;
    case Type::url:
      if (!(value.starts_with("https://") || value.starts_with("http://")) || value.find(' ') != std::string_view::npos)
        return fault("url", "is no address that begins with https://");
      break;
    case Type::gtin:
      if (!catalog::parse_ean(value).ok()) return fault("gtin", "is no GTIN: its check digit is wrong");
      break;
  }
  return std::nullopt;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (const std::string_view line : split(text, '\n'))
    if (!trim(line).empty()) out.push_back(trim(line));
  return out;
}

const std::vector<ChannelFormat>& built_in_formats() {
  static const std::vector<ChannelFormat> all = [] {
    std::vector<ChannelFormat> out;
    for (const std::string_view document : kDocuments) {
      auto parsed = parse_channel_format(document);
      if (!parsed.ok()) std::abort();  // a mistake in our own document, which every test of this room meets
      out.push_back(*std::move(parsed));
    }
    std::ranges::sort(out, {}, &ChannelFormat::name);
    return out;
  }();
  return all;
}

}  // namespace pf::exchange
