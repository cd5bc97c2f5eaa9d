// Excel workbooks.
#include <algorithm>

#include "exchange/importing.h"
#include "exchange/preview.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Whether a cell is empty that has one behind it.
bool has_gaps(const std::vector<std::string>& cells) {
  std::size_t last = cells.size();
  while (last > 0 && trim(cells[last - 1]).empty()) --last;
  return std::any_of(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(last),
                     [](const std::string& cell) { return trim(cell).empty(); });
}

}  // namespace

// The first sheet in which a header is found holds the rows; further ones belong to it if they have the same header,
// as our own export writes them when a sheet is full. One that begins with another header which is understood is a
// table of its own, and imported too. Others are told.
Result<> Importer::Impl::read_workbook(formats::FileReading& file, const formats::OpenedFile& opened) {
  using Go = formats::ZipReader::Go;
  Result<> ours;  // what ended it, when it was not the file
  const auto keep_row = [&](formats::TableRow&& row) -> Result<Go> {
    count_bytes(row);
    last_line = row.line;
    ours = take(std::move(row));
    if (!ours.ok()) return ours.error();
    return Go::on;
  };
  std::vector<std::string> upper;  // the first line of a header that has two
  std::size_t rows = 0;
  for (std::size_t sheet = 0; sheet < opened.sheets.size(); ++sheet) {
    bool belongs = !header, first = true, lower_comes = false;
    blank_before = false;
    next_line = 0;
    left_table.clear();  // it ends with its sheet
    std::size_t looked = 0;
    std::optional<formats::TableRow> above;  // a header, unless the next row is it
    const auto done = file.sheet_rows(sheet, [&](formats::TableRow&& row) -> Result<Go> {
      ++rows;
      if (header && !std::exchange(first, false))
        return std::exchange(lower_comes, false) ? Result<Go>(Go::on) : keep_row(std::move(row));
      if (header) {
        if (!upper.empty() && row.cells == upper) {
          belongs = lower_comes = true;
          return Go::on;
        }
        belongs = Header(numbered(row.cells)).names() == header->names();
        if (!belongs && options.preview == nullptr && !maps_columns() && row.fault.empty() && is_next_header(row)) {
          const auto known = party_for(Header(numbered(row.cells)), options.kind, nullptr);
          if (known.ok() && *known && check_kind((*known)->name(), known->get()).ok()) {
            belongs = true;
            ours = open_next_table(row, opened.sheets[sheet]);
            if (!ours.ok()) return ours.error();
          }
        }
        return belongs ? Go::on : Go::enough;
      }
      if (!header && first_lines.size() < formats::kPreambleLinesMax) first_lines.push_back(row.cells);
      if (above) {
        if (const auto joined = joined_header(above->cells, row.cells); joined) {
          upper = std::exchange(above, std::nullopt)->cells;
          first = false;
          last_line = row.line;
          ours = open_header(*joined, row.line);
          return ours.ok() ? Result<Go>(Go::on) : Result<Go>(ours.error());
        }
        if (has_gaps(above->cells) && is_above_header(above->cells, row.cells)) above.reset();
      }
      if (above) {
        first = false;
        PF_LET(const Go go, keep_row(*std::exchange(above, std::nullopt)));
        return go == Go::on ? keep_row(std::move(row)) : Result<Go>(go);
      }
      const Header looked_at(numbered(row.cells));
      const auto known = party_for(looked_at, options.kind, options.mapping);
      if (known.ok() && !*known) note_people(looked_at);
      const bool any = options.preview != nullptr && options.preview->any_header && could_be_header(row.cells);
      if (!any && known.ok() && !*known && row.fault.empty())
        return ++looked < formats::kPreambleLinesMax ? Go::on : Go::enough;
      if (row.fault.empty() && ((known.ok() && *known) || maps_columns())) {
        above = std::move(row);
        return Go::on;
      }
      first = false;
      return keep_row(std::move(row));  // which opens it
    });
    if (above && !header && done.ok()) {
      PF_TRY(keep_row(*std::move(above)));
    }
    if (!ours.ok()) return ours;
    if (!done.ok()) return header ? finish(done) : done;
    if (!belongs && !first)
      PF_TRY(keeper.notice(
          0, {{"", "sheet",
               "The sheet \"" + opened.sheets[sheet] + "\" was not read: its first row is not the same header."}}));
  }
  if (rows == 0) return error(ErrorCode::invalid, "The workbook has no rows; nothing was imported.");
  if (!header) return not_understood(maps_columns());
  return finish({});
}

}  // namespace pf::exchange
