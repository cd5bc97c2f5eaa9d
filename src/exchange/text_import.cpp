// Text files: CSV and its relatives, JSON. And files that are neither, told by how they begin.
#include <algorithm>

#include "exchange/importing.h"
#include "exchange/preview.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Files that are no text, by how they begin, and what to do with them.
struct Foreign {
  std::string_view start, advice;
};
constexpr Foreign kForeign[] = {
    {"\xd0\xcf\x11\xe0",
     "This is an old Excel workbook (.xls), or one that is protected by a password. Save it as Excel workbook (.xlsx) "
     "without a password and import that."},
    {"PK\x05\x06", "This is a ZIP archive with nothing in it."},
    {"%PDF", "This is a PDF. Export the data as CSV, TSV or JSON instead."},
    {"\x89PNG", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
    {"\xff\xd8\xff", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
    {"GIF8", "This is a picture. Pictures are uploaded at the product, or named by their address in a column."},
};

// Why it is nothing that could be read.
Result<> text_of(const formats::OpenedFile& opened) {
  if (opened.blank) return error(ErrorCode::invalid, "The file is empty.");
  const std::string_view start = trim(opened.start);
  for (const Foreign& foreign : kForeign)
    if (start.starts_with(foreign.start) || opened.first.starts_with(foreign.start))
      return error(ErrorCode::unsupported, std::string(foreign.advice));
  const auto nuls = std::ranges::count(opened.start, '\0');
  if (nuls * 100 > static_cast<std::ptrdiff_t>(opened.start.size()))  // fewer are damage
    return error(ErrorCode::unsupported,
                 "This is not a text file: it holds bytes that no text has. Save it as CSV UTF-8 and import that.");
  return {};
}

}  // namespace

Result<> Importer::Impl::read_text(formats::FileReading& file, const formats::OpenedFile& opened) {
  if (const auto text = text_of(opened); !text.ok()) return opened.broken ? Result<>(*opened.broken) : text;
  Result<> ours;  // what ended it, when it was not the file
  Result<> end;
  if (opened.json) {
    values = true;
    end = file.json_items([&](formats::JsonItem&& item) -> Result<> {
      bytes_since_keep += item.text.size();
      return ours = take(std::move(item));
    });
  } else {
    text_table = true;
    end = file.table_rows(division_of(opened), [&](formats::TableRow&& row) -> Result<formats::ZipReader::Go> {
      count_bytes(row);
      ours = take(std::move(row));
      if (!ours.ok()) return ours.error();
      return formats::ZipReader::Go::on;
    });
  }
  encoding = file.encoding();
  return ours.ok() ? finish(end) : ours;
}

// Which line is the header: it may stand below a preamble. And with it the quoting.
formats::TextTable Importer::Impl::division_of(const formats::OpenedFile& opened) const {
  for (std::size_t i = 0; i < opened.lines.size(); ++i) {
    const std::vector<std::string>& names = opened.lines[i].cells;
    if (names.empty()) continue;
    const auto known = party_for(Header(names), options.kind, options.mapping);
    const bool any = options.preview != nullptr && options.preview->any_header && could_be_header(names);
    if (any || !known.ok() || *known) return {i, !(known.ok() && *known) || (*known)->quoted()};
  }
  return {};
}

}  // namespace pf::exchange
