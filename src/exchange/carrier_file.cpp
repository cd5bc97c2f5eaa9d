#include "exchange/carrier_file.h"

#include "formats/code_pages.h"
#include "formats/csv.h"

namespace pf::exchange {
namespace {

// The base letters of U+0100 to U+017F (Latin Extended-A), as posts write names without accents; ? has none.
constexpr std::string_view kBaseLetters =
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi??JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo??"
    "RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUu"
    "WwYyYZzZzZz?";
static_assert(kBaseLetters.size() == 128);

std::optional<char> byte_of(std::uint32_t point) {
  if (point < 0x80 || (point >= 0xa0 && point <= 0xff)) return static_cast<char>(static_cast<unsigned char>(point));
  for (unsigned byte = 0x80; byte < 0xa0; ++byte)
    if (formats::point_of(formats::CodePage::windows1252, static_cast<unsigned char>(byte)) == point)
      return static_cast<char>(static_cast<unsigned char>(byte));
  if (point >= 0x100 && point < 0x180 && kBaseLetters[point - 0x100] != '?') return kBaseLetters[point - 0x100];
  switch (point) {
    case 0x218:
      return 'S';
    case 0x219:
      return 's';
    case 0x21a:
      return 'T';
    case 0x21b:
      return 't';
    default:
      return std::nullopt;
  }
}

// A label is one line a cell.
void flatten(std::string& cell) {
  for (char& c : cell)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
}

}  // namespace

std::optional<std::string> to_windows1252(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (i + length > utf8.size()) return std::nullopt;
    std::uint32_t point = length == 1 ? first : first & (0xffu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) point = (point << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3fu);
    const auto byte = byte_of(point);
    if (!byte) return std::nullopt;
    out += *byte;
    i += length;
  }
  return out;
}

CarrierRow carrier_row(const CarrierFormat& format, const CarrierTerms& terms, const Consignment& one) {
  CarrierRow out;
  std::vector<std::string> fields;
  std::vector<std::string_view> views;
  const expression::Convert convert = catalog::converting(terms.units);
  for (const FormatColumn& column : format.table.columns) {
    fields.clear();
    views.clear();
    for (const std::string& name : column.from.columns()) fields.push_back(consignment_field(one, terms, name));
    for (const std::string& field : fields) views.emplace_back(field);
    auto cell = column.from.work_out(views, {}, convert);
    if (!cell.ok()) {
      out.faults.push_back({column.name, "formula", "cannot be worked out"});  // its own words may hold an address
      out.cells.emplace_back();
      continue;
    }
    std::string text = *std::move(cell);
    flatten(text);
    if (auto fault = cell_fault(column, text)) out.faults.push_back(*std::move(fault));
    if (format.encoding == CarrierFormat::Encoding::windows1252) {
      if (auto written = to_windows1252(text))
        text = *std::move(written);
      else
        out.faults.push_back({column.name, "letters", "has letters that this carrier's program cannot read"});
    }
    out.cells.push_back(std::move(text));
  }
  return out;
}

void put_carrier_header(const CarrierFormat& format, std::string& out) {
  if (!format.header) return;
  std::vector<std::string> names;
  for (const FormatColumn& column : format.table.columns)
    names.push_back(format.encoding == CarrierFormat::Encoding::windows1252
                        ? to_windows1252(column.name).value_or(column.name)
                        : column.name);
  put_carrier_row(format, names, out);
}

void put_carrier_row(const CarrierFormat& format, const std::vector<std::string>& cells, std::string& out) {
  if (format.table.layout == ChannelFormat::Layout::csv)
    return formats::write_csv_row(cells, false, out, format.table.delimiter);
  for (std::size_t i = 0; i < cells.size(); ++i) out.append(i > 0 ? "\t" : "").append(cells[i]);
  out += "\r\n";
}

}  // namespace pf::exchange
