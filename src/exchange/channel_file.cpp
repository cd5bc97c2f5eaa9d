#include "exchange/channel_file.h"

#include <algorithm>

#include "exchange/xml_values.h"
#include "formats/csv.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using Layout = ChannelFormat::Layout;

constexpr std::size_t kChannelPieceBytes = 64u << 10;  // of one call of the sink, which is one TLS record and a bit

// Texts of products may hold what XML has no letter for; nobody misses a control character.
void write_for_xml(std::string_view text, std::string& out) {
  if (fits_xml(text)) return write_escaped(text, out);
  std::string clean;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i, 3);
    if (rest == "\xef\xbf\xbe" || rest == "\xef\xbf\xbf")
      i += 2;
    else if (static_cast<unsigned char>(text[i]) >= 0x20 || text[i] == '\t' || text[i] == '\n' || text[i] == '\r')
      clean += text[i];
  }
  write_escaped(clean, out);
}

void put_element(std::string_view name, std::string_view value, std::string& out) {
  out.append("<").append(name).append(">");
  write_for_xml(value, out);
  out.append("</").append(name).append(">");
}

// The cell of a table: the items of a list in one.
std::string joined_cell(const FormatColumn& column, const std::string& text) {
  if (column.list_max == 0) return text;
  std::string out;
  for (const std::string_view item : lines_of(text)) out.append(out.empty() ? "" : column.separator).append(item);
  return out;
}

}  // namespace

std::vector<std::string> locales_of(const ChannelFormat& format) {
  std::vector<std::string> out;
  for (const FormatColumn& column : format.columns)
    for (const std::string& field : column.from.columns())
      if (auto locale = in_language(field).second; !locale.empty() && std::ranges::find(out, locale) == out.end())
        out.push_back(std::move(locale));
  return out;
}

ChannelRow channel_row(const ChannelFormat& format, const Listing& listing, const Listed& product) {
  ChannelRow out;
  out.cells.reserve(format.columns.size());
  std::vector<std::string> fields;
  std::vector<std::string_view> views;
  for (const FormatColumn& column : format.columns) {
    fields.clear();
    views.clear();
    for (const std::string& name : column.from.columns()) fields.push_back(listing.field(product, name));
    for (const std::string& field : fields) views.emplace_back(field);
    auto cell = column.from.work_out(views, {}, listing.convert());
    if (!cell.ok()) out.faults.push_back({column.name, "formula", cell.error().message});
    out.cells.push_back(cell.ok() ? *std::move(cell) : std::string());
    if (!cell.ok()) continue;
    std::string& text = out.cells.back();
    if (column.list_max == 0) {
      if (auto fault = cell_fault(column, text)) out.faults.push_back(*std::move(fault));
      continue;
    }
    const auto items = lines_of(text);
    if (items.empty())
      if (auto fault = cell_fault(column, {})) out.faults.push_back(*std::move(fault));
    std::string kept;
    for (std::size_t i = 0; i < std::min(items.size(), column.list_max); ++i) {
      if (auto fault = cell_fault(column, items[i])) out.faults.push_back(*std::move(fault));
      kept.append(i > 0 ? "\n" : "").append(items[i]);
    }
    text = std::move(kept);
  }
  return out;
}

Result<> ChannelFile::begin() {
  if (format_.layout == Layout::rss) {
    buffer_ =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\">"
        "<channel>";
    put_element("title", title_, buffer_);
    put_element("link", link_, buffer_);
    put_element("description", title_, buffer_);
    buffer_ += '\n';
  } else if (format_.layout == Layout::xml) {
    buffer_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + format_.root + ">\n";
  } else if (format_.layout != Layout::ndjson) {
    std::vector<std::string> names;
    for (const FormatColumn& column : format_.columns) names.push_back(column.name);
    return row(names);
  }
  return {};
}

void ChannelFile::write_elements(const std::vector<std::string>& cells) {
  const std::string_view item = format_.layout == Layout::rss ? std::string_view("item") : format_.item;
  buffer_.append("<").append(item).append(">");
  std::string_view open;  // the element around, of names with a slash
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    const std::string_view path = format_.columns[i].name;
    const std::size_t slash = path.find('/');
    const std::string_view around = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    if (around != open) {
      if (!open.empty()) buffer_.append("</").append(open).append(">");
      if (!around.empty()) buffer_.append("<").append(around).append(">");
      open = around;
    }
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    if (format_.columns[i].list_max == 0)
      put_element(name, cells[i], buffer_);
    else
      for (const std::string_view one : lines_of(cells[i])) put_element(name, one, buffer_);
  }
  if (!open.empty()) buffer_.append("</").append(open).append(">");
  buffer_.append("</").append(item).append(">\n");
}

void ChannelFile::write_object(const std::vector<std::string>& cells) {
  bool first = true;
  buffer_ += '{';
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const FormatColumn& column = format_.columns[i];
    if (cells[i].empty()) continue;
    if (!std::exchange(first, false)) buffer_ += ',';
    json::write_string(column.name, buffer_);
    buffer_ += ':';
    if (column.list_max == 0) {
      json::write_string(cells[i], buffer_);
      continue;
    }
    json::Value list = json::Value::array();
    for (const std::string_view one : lines_of(cells[i])) list.push(one);
    json::write(list, buffer_);
  }
  buffer_ += "}\n";
}

Result<> ChannelFile::row(const std::vector<std::string>& cells) {
  switch (format_.layout) {
    case Layout::csv: {
      std::vector<std::string> out;
      for (std::size_t i = 0; i < cells.size(); ++i) out.push_back(joined_cell(format_.columns[i], cells[i]));
      formats::write_csv_row(out, false, buffer_, format_.delimiter);
      break;
    }
    case Layout::tsv:
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) buffer_ += '\t';
        for (const char c : joined_cell(format_.columns[i], cells[i]))
          buffer_ += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
      }
      buffer_ += '\n';
      break;
    case Layout::rss:
    case Layout::xml:
      write_elements(cells);
      break;
    case Layout::ndjson:
      write_object(cells);
      break;
  }
  return send_if_large();
}

Result<> ChannelFile::end() {
  if (format_.layout == Layout::rss) buffer_ += "</channel></rss>\n";
  if (format_.layout == Layout::xml) buffer_ += "</" + format_.root + ">\n";
  return send();
}

Result<> ChannelFile::send_if_large() {
  return buffer_.size() >= kChannelPieceBytes ? send() : Result<>();
}
Result<> ChannelFile::send() {
  if (!sink_(buffer_)) return error(ErrorCode::unavailable, "The reader of the export has gone.");
  buffer_.clear();
  return {};
}

}  // namespace pf::exchange
