#include "exchange/carrier_format.h"

#include <algorithm>
#include <cstdlib>

#include "exchange/consignment.h"

namespace pf::exchange {
namespace {

// Made by CMake of carrier_formats/*.json.
constexpr std::string_view kCarrierDocuments[] = {
#include "carrier_formats.inc"
};

// Takes the members that a channel's format does not have.
class CarrierReader {
 public:
  explicit CarrierReader(CarrierFormat& out) : out_(out) {}
  std::vector<FieldFault> faults{};

  // Whether it was one of them.
  bool take(const std::string& name, const json::Value& value) {
    if (name == "carrier") {
      out_.carrier = text(name, value);
    } else if (name == "encoding") {
      const std::string encoding = text(name, value);
      out_.encoding = encoding == "windows-1252" ? CarrierFormat::Encoding::windows1252 : CarrierFormat::Encoding::utf8;
      if (encoding != "windows-1252" && encoding != "utf-8") fault(name, "unknown", "must be utf-8 or windows-1252");
    } else if (name == "header") {
      if (value.as_bool() == nullptr) fault(name, "type", "must be true or false");
      out_.header = value.as_bool() == nullptr || *value.as_bool();
    } else if (name == "rows_max") {
      const auto rows = value.as_int();
      if (!rows || *rows < 1 || *rows > static_cast<std::int64_t>(kCarrierRowsMax))
        fault(name, "range", "must be a whole number from 1 to 10,000");
      else
        out_.rows_max = static_cast<std::size_t>(*rows);
    } else if (name == "sources") {
      out_.sources = texts_of(name, value);
    } else if (name == "unconfirmed") {
      out_.unconfirmed = texts_of(name, value);
    } else {
      return false;
    }
    return true;
  }
  void fault(std::string field, std::string code, std::string message) {
    faults.push_back({std::move(field), std::move(code), std::move(message)});
  }

 private:
  std::string text(const std::string& field, const json::Value& value) {
    if (value.as_string() != nullptr && value.as_string()->size() <= kCarrierNameBytesMax) return *value.as_string();
    fault(field, "type", "must be a text of at most 100 bytes");
    return {};
  }
  std::vector<std::string> texts_of(const std::string& field, const json::Value& value) {
    std::vector<std::string> out;
    if (value.as_array() == nullptr || value.as_array()->size() > kCarrierNotesMax) {
      fault(field, "type", "must be a list of at most 500 texts");
      return out;
    }
    for (const json::Value& one : *value.as_array())
      if (one.as_string() != nullptr && one.as_string()->size() <= kCarrierNotesMax)
        out.push_back(*one.as_string());
      else
        fault(field, "type", "must be a list of texts of at most 500 bytes");
    return out;
  }
  CarrierFormat& out_;
};

}  // namespace

Result<CarrierFormat> parse_carrier_format(std::string_view text) {
  if (text.size() > kFormatBytesMax)
    return invalid("format", "too_long", "The description of a format has at most 256 KiB.");
  PF_LET(const auto in, json::parse(text));
  if (in.as_object() == nullptr) return invalid("format", "type", "The description of a format is a JSON object.");
  CarrierFormat out;
  CarrierReader reader(out);
  json::Value rest(json::Members{});
  for (const auto& [name, value] : *in.as_object())
    if (!reader.take(name, value)) rest.set(name, value);
  auto table = parse_channel_format(json::write(rest));
  if (!table.ok()) {
    if (table.error().code != ErrorCode::invalid) return table.error();
    for (const FieldFault& fault : table.error().faults) reader.faults.push_back(fault);
  } else {
    out.table = *std::move(table);
    if (out.table.layout != ChannelFormat::Layout::csv && out.table.layout != ChannelFormat::Layout::tsv)
      reader.fault("layout", "unknown", "must be csv or tsv: label programs read tables");
    for (std::size_t i = 0; i < out.table.columns.size(); ++i) {
      const FormatColumn& column = out.table.columns[i];
      const std::string at = "columns[" + std::to_string(i) + "]";
      if (column.list_max > 0) reader.fault(at + ".list_max", "unknown", "a label has no lists");
      for (const std::string& name : column.from.columns())
        if (std::ranges::find(consignment_fields(), name) == consignment_fields().end())
          reader.fault(
              at + ".from", "field",
              "names [" + name.substr(0, 60) + "], which a parcel does not have; it has street, zip_code, ...");
    }
    for (const std::string& name : out.unconfirmed)
      if (std::ranges::find(out.table.columns, name, &FormatColumn::name) == out.table.columns.end())
        reader.fault("unconfirmed", "unknown", "names " + name.substr(0, 60) + ", which is no column");
  }
  if (!reader.faults.empty()) {
    Error error{ErrorCode::invalid, "", std::move(reader.faults)};
    for (const FieldFault& fault : error.faults)
      error.message += (error.message.empty() ? "" : "; ") + fault.field + " " + fault.message;
    return error;
  }
  out.text = text;
  return out;
}

const std::vector<CarrierFormat>& built_in_carriers() {
  static const std::vector<CarrierFormat> all = [] {
    std::vector<CarrierFormat> out;
    for (const std::string_view document : kCarrierDocuments) {
      auto parsed = parse_carrier_format(document);
      if (!parsed.ok()) std::abort();  // a mistake in our own document, which every test of this room meets
      out.push_back(*std::move(parsed));
    }
    std::ranges::sort(out, {}, [](const CarrierFormat& one) { return one.table.name; });
    return out;
  }();
  return all;
}

}  // namespace pf::exchange
