#include "exchange/importer.h"

#include <algorithm>

#include "exchange/archive_pictures.h"
#include "exchange/exporter.h"
#include "exchange/importing.h"
#include "exchange/mapping.h"
#include "exchange/preview.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kTrackingAtOnce = 200;  // of one unit of work: each reads and writes an order

std::string_view without_mark(std::string_view start) {
  if (start.starts_with("\xef\xbb\xbf")) start.remove_prefix(3);
  return trim(start);
}
bool is_web_page(std::string_view start) {
  const std::string folded = lower_ascii(without_mark(start).substr(0, 14));
  return folded.starts_with("<html") || folded == "<!doctype html";
}
// What programs of other makers call a workbook and is none.
std::string_view what_only_excel_reads(std::string_view start) {
  start = without_mark(start);
  if (lower_ascii(start.substr(0, 6)) == "<table")
    return "This is a table of a web page (HTML) under the name of a workbook. Open it in a spreadsheet program, save "
           "it as "
           "Excel workbook (.xlsx) or CSV UTF-8 and import that.";
  if (start.find("urn:schemas-microsoft-com:office:spreadsheet") != std::string_view::npos)
    return "This is an XML spreadsheet of Excel 2003. Open it in a spreadsheet program, save it as Excel workbook "
           "(.xlsx) or "
           "CSV UTF-8 and import that.";
  return {};
}

bool is_ean(std::string_view text) {
  constexpr std::size_t kShortest = 8;
  return text.size() >= kShortest && catalog::parse_ean(text).ok();
}
// What stands in a row and is no column's name: an EAN, a price, an address.
bool is_surely_value(std::string_view text) {
  const bool digit = text.find_first_of("0123456789") != std::string_view::npos;
  return is_ean(text) || text.starts_with("https://") || text.starts_with("http://") ||
         (digit && text.find_first_of(".,") != std::string_view::npos && amount_of(text));
}
// Of a table that begins with its values: what to do. Empty: it does not, or nobody can tell.
std::string_view what_has_no_header(const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::vector<std::string_view>> rows;
  for (const auto& line : lines) {
    std::vector<std::string_view> row;
    for (const std::string& cell : line) row.push_back(trim(cell));
    while (!row.empty() && row.back().empty()) row.pop_back();
    if (!row.empty()) rows.push_back(std::move(row));
  }
  if (rows.empty()) return {};
  const auto each_alone = [&](auto is) {
    return std::ranges::all_of(rows, [&](const auto& row) { return row.size() == 1 && is(row[0]); });
  };
  if (each_alone(is_ean))
    return "This is a list of EANs, which says nothing about their products. Put a line above it that names the "
           "column ean, and beside it a column of what is to be kept of them, such as title, price or stock.";
  constexpr std::size_t kLongestSku = 64;
  const auto is_number = [](std::string_view text) {
    return text.size() <= kLongestSku && text.find(' ') == std::string_view::npos &&
           text.find_first_of("0123456789") != std::string_view::npos;
  };
  if (rows.size() > 1 && each_alone(is_number))
    return "This is a list of article numbers, which says nothing about their products. Put a line above it that names "
           "the column sku, and beside it a column of what is to be kept of them, such as title, price or stock.";
  // The same kinds of values stand below each other from the first line on.
  const auto& first = rows.front();
  bool any = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!is_surely_value(first[i])) continue;
    any = true;
    for (const auto& row : rows)
      if (i < row.size() && !row[i].empty() && !is_surely_value(row[i]) && !whole_pieces(row[i])) return {};
  }
  if (first.size() < 2 || !any) return {};
  return "This table has no header: its first line holds values, and nothing says what they are. Put a line above it "
         "that names the columns, such as sku, title, price and stock.";
}

// Formulas convert by the shop's units, as they are when the import begins. A mapping that says only how the file is
// written is none of its columns.
ImportOptions with_units(const Rooms& rooms, ImportOptions options) {
  if (options.mapping == nullptr) return options;
  options.written = options.mapping->written;
  if (options.mapping->columns.empty() && options.mapping->records.empty()) options.mapping.reset();
  if (options.mapping == nullptr) return options;
  const auto model = rooms.products.models().known(rooms.store.read());
  if (!model.ok()) return options;  // told by who writes
  auto mapping = std::make_shared<Mapping>(*options.mapping);
  mapping->units = (*model)->units;
  options.mapping = std::move(mapping);
  return options;
}

}  // namespace

Result<> Importer::Impl::run(formats::FileReading& file, const formats::OpenedFile& opened) {
  if (opened.kind == formats::OpenedFile::Kind::workbook) return read_workbook(file, opened);
  if (is_web_page(opened.first)) return web_page();
  if (const auto advice = what_only_excel_reads(opened.first); !advice.empty())
    return error(ErrorCode::unsupported, std::string(advice));
  bool known_table = true;
  return opened.kind == formats::OpenedFile::Kind::xml ? read_tree(file, false, known_table) : read_text(file, opened);
}
Error Importer::Impl::web_page() {
  return error(ErrorCode::unsupported,
               "This is a web page, perhaps the sign-in page of the shop that the file should have come from. Sign in "
               "there, and download the file again.");
}

bool Importer::Impl::page_was_said() const {
  return !options.written.encoding.empty() && !lower_ascii(options.written.encoding).starts_with("utf");
}
bool Importer::Impl::maps_columns() const {
  return options.mapping != nullptr && !options.mapping->columns.empty();
}

void Importer::Impl::note_people(const Header& looked_at) {
  if (people_seen.empty()) people_seen = people_in(looked_at);
}

Error Importer::Impl::not_understood(bool mapped) const {
  if (mapped)
    return error(ErrorCode::unsupported,
                 "The file has none of the columns that the mapping names; is it the right one?");
  if (!people_seen.empty())
    return error(ErrorCode::unsupported,
                 "This is a list of people (" + people_seen.substr(0, 300) +
                     "), and holds neither products nor orders: for orders it needs columns for the order, the SKU "
                     "and the quantity. A mapping can say what its columns mean.");
  if (const auto advice = what_has_no_header(first_lines); !advice.empty())
    return error(ErrorCode::unsupported, std::string(advice));
  return error(
      ErrorCode::unsupported,
      "This is not a file that is understood here: the first line must name its columns, with sku or ean "
      "for products, sku and stock for stock, order_id, sku and quantity for orders, or be a file of a system that is "
      "known. A mapping can say what its columns mean.");
}

Result<> Importer::Impl::check_kind(const std::string& name, const Party* of) const {
  const std::string kind = name.ends_with("orders")                                             ? "order"
                           : name.ends_with("stock")                                            ? "stock"
                           : name.ends_with("tracking")                                         ? "tracking"
                           : name == "reference records"                                        ? "reference"
                           : name == kMeasurementFamilies || (of != nullptr && of->describes()) ? "model"
                                                                                                : "product";
  if (options.kind.empty() || options.kind == kind) return {};
  return error(ErrorCode::invalid, "This file holds " + name + ", but kind=" + options.kind + " was asked for.");
}

Result<> Importer::Impl::take(formats::TableRow&& row) {
  const bool plain = std::ranges::all_of(row.cells, is_plain_ascii);  // as most rows are
  const auto lines_in = [&](const std::vector<std::string>& cells) {
    std::uint64_t out = 1;
    if (plain) return out;
    for (const std::string& cell : cells)
      for (auto at = cell.find('\n'); at != std::string::npos; at = cell.find('\n', at + 1)) ++out;
    return out;
  };
  const bool after_gap = std::exchange(blank_before, false) || (next_line > 0 && row.line > next_line);
  next_line = row.line > 0 ? row.line + lines_in(row.cells) : 0;
  if (header && after_gap && row.fault.empty() && left_table.empty() && not_of_the_table(row.cells).empty() &&
      is_next_header(row))
    return options.preview != nullptr ? seen_enough() : open_next_table(row);
  if (!left_table.empty()) {
    if (std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).empty(); })) return {};
    ++items;
    return keeper.refuse(row.line, {{"", "second_table", left_table}});
  }
  if (!header) {
    if (!row.fault.empty()) return error(ErrorCode::invalid, "The header cannot be read: it " + row.fault + ".");
    if (given_header.empty()) return open_header(row.cells, row.line);
    PF_TRY(open_header(given_header, row.line));
  }
  const auto& names = header->names();
  const auto name_of = [&](std::size_t column) { return column < names.size() ? names[column] : std::string(); };
  if (!row.remarks.empty()) {
    std::vector<FieldFault> remarks;
    for (auto& [column, message] : row.remarks) remarks.push_back({name_of(column), "formula", std::move(message)});
    PF_TRY(keeper.notice(row.line, std::move(remarks)));
  }
  ++items;
  if (!row.fault.empty()) return keeper.refuse(row.line, {{"", "row", row.fault}});
  if (std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).empty(); })) {
    --items;
    blank_before = true;
    return {};  // ";;;;" is a blank row
  }
  if (std::string why = row.line > 0 && row.line < data_from
                            ? std::string("stands above the line at which the template says that its data begins")
                            : not_of_the_table(row.cells);
      !why.empty())
    return keeper.refuse(row.line, {{"", "no_data", std::move(why)}});
  // ="00123" is how programs tell a spreadsheet that a cell is text.
  if (text_table)
    for (std::string& cell : row.cells)
      if (cell.size() > 3 && cell[0] == '=' && cell[1] == '"' && cell.find('"', 2) == cell.size() - 1)
        cell = cell.substr(2, cell.size() - 3);
  for (std::size_t i = names.size(); i < row.cells.size() && !(party && party->ragged()); ++i)
    if (!trim(row.cells[i]).empty())
      return keeper.refuse(row.line, {{"", "columns",
                                       "has " + std::to_string(row.cells.size()) + " cells, but the header has " +
                                           std::to_string(names.size()) +
                                           " columns; a delimiter or a quote may be missing or too many"}});
  for (std::size_t i = 0; i < row.cells.size() && !plain; ++i) {
    if (first_bad_utf8(row.cells[i]))
      return keeper.refuse(row.line, {{name_of(i), "encoding", "holds bytes that are not text in UTF-8"}});
    if (page_was_said() && row.cells[i].find("\xef\xbf\xbd") != std::string::npos)
      return keeper.refuse(
          row.line, {{name_of(i), "encoding", "holds bytes that are no letters in " + options.written.encoding}});
    if (row.cells[i].find('\0') != std::string::npos)
      return keeper.refuse(row.line, {{name_of(i), "characters", "holds a NUL byte, which no text has"}});
  }
  if (options.preview != nullptr) options.preview->sample(row.cells);
  if (keeper.pictures != nullptr) {
    std::vector<FieldFault> faults;
    PF_TRY(keeper.pictures->put_into(row, names, faults));
    if (!faults.empty()) PF_TRY(keeper.notice(row.line, std::move(faults)));
  }
  const Row known{row.line, &*header, std::move(row.cells), text_table};
  if (party) party->row(known, keeper.products, keeper.orders);
  if (party && options.preview == nullptr && party->tracking.size() >= kTrackingAtOnce)
    PF_TRY(keeper.keep_tracking(std::exchange(party->tracking, {})));
  if (options.preview != nullptr) return options.preview->rows < kPreviewRows ? Result<>() : seen_enough();
  return keep_if_full();
}

Result<> Importer::Impl::take(formats::JsonValue&& one) {
  if (one.fault.empty()) return take(one.line, one.value);
  ++items;
  broken = one.fault;
  return keeper.refuse(one.line, {{"", "json", one.fault}});
}

Result<> Importer::Impl::take(std::uint64_t line, const json::Value& value) {
  JsonMeaning meaning = meaning_of(value);
  const bool known = meaning.product || meaning.order || meaning.described;
  if (const auto lists = known ? std::vector<const json::Array*>() : orders_listed(value); !lists.empty()) {
    for (const json::Array* list : lists)
      for (const json::Value& one : *list) PF_TRY(take(line, one));
    return {};
  }
  ++items;
  if (!known)
    return keeper.refuse(line, {{"", "unknown",
                                 "is neither a product (it would have sku) nor an order of a system that is known. A "
                                 "mapping can say what it is"}});
  if (json_format.empty()) {
    json_format = meaning.format;
    PF_TRY(check_kind(json_format, nullptr));
    if (options.preview != nullptr) options.preview->format = json_format;
  }
  if (meaning.format != json_format)
    return keeper.refuse(line, {{"", "mixed", "is not among " + json_format + ", which this file holds"}});
  if (meaning.described) {
    meaning.described->lines.push_back(line);
    for (auto& [of, text] : meaning.described->told) of = line;
    described.push_back(*std::move(meaning.described));
  } else if (meaning.product) {
    meaning.product->line = line;
    keeper.products.push_back(*std::move(meaning.product));
  } else {
    meaning.order->lines.push_back(line);
    keeper.orders.push_back(*std::move(meaning.order));
  }
  if (options.preview != nullptr) return ++options.preview->rows < kPreviewRows ? Result<>() : seen_enough();
  return keep_if_full();
}

Error Importer::Impl::seen_enough() {
  if (party) party->flush(keeper.products, keeper.orders);
  if (keeper.pictures != nullptr)
    for (ProductItem& item : keeper.products)
      if (item.change.images)
        for (std::string& image : *item.change.images) image = keeper.pictures->shown(image);
  options.preview->meant(keeper.products, keeper.orders);
  return error(ErrorCode::gone, "Enough was seen.");
}

Result<> Importer::Impl::keep() {
  bytes_since_keep = 0;
  return keeper.keep(party ? party->locale() : std::string());
}

Result<> Importer::Impl::keep_table() {
  do {
    if (party) party->flush(keeper.products, keeper.orders);
    PF_TRY(keep());
  } while (party && party->has_more());
  if (party) PF_TRY(keeper.keep_tracking(std::exchange(party->tracking, {})));
  if (party && !party->references.empty()) PF_TRY(keeper.keep_references(std::move(party->references)));
  if (party && !party->listed.empty()) PF_TRY(keeper.keep_list(std::move(party->listed)));
  if (party && party->describes()) PF_TRY(keeper.keep_describing(std::move(party->describing)));
  if (!described.empty()) PF_TRY(keeper.keep_describing(std::move(described)));
  PF_TRY(keeper.refer(party.get()));
  if (party && !std::exchange(remarked, true))
    for (FieldFault& remark : party->remarks()) PF_TRY(keeper.notice(0, {std::move(remark)}));
  return {};
}

Result<> Importer::Impl::finish(const Result<>& end) {
  if (!end.ok() && end.error().code != ErrorCode::invalid && end.error().code != ErrorCode::too_large) return end;
  if (options.preview != nullptr) return items > 0 ? Result<>(seen_enough()) : end;
  if (left_table.empty()) PF_TRY(keep_table());
  PF_TRY(keeper.settle());
  if (!end.ok()) {
    if (items == 0) return end.error();
    // Cut off: what came before is kept, and the place is told.
    const std::string& message = end.error().message;
    const auto line = message.starts_with("line ") ? parse_int(message.substr(5, message.find(':') - 5)) : std::nullopt;
    return keeper.refuse(last_line > 0 ? last_line + 1 : static_cast<std::uint64_t>(line.value_or(0)),
                         {{"", "cut_off", message}});
  }
  if (items == 1 && !broken.empty()) return error(ErrorCode::invalid, "The file cannot be read as JSON: " + broken);
  if (values && json_format.empty())
    return error(ErrorCode::unsupported,
                 items == 0 ? "The file holds an empty list; nothing was imported."
                            : "This file holds neither products (they would have sku) nor orders of a system that is "
                              "known.");
  if (!encoding.starts_with("UTF-") && !encoding.empty() && options.written.encoding.empty())
    PF_TRY(
        keeper.notice(0, {{"", "encoding",
                           "The file is not UTF-8; it was read as " + encoding +
                               ". Look at names with accents; if they are wrong, say which encoding it is (\"Read the "
                               "file otherwise\", or encoding in the mapping), or save it as UTF-8."}}));
  // Whoever sends the file may have changed that: what was said is obeyed all the same.
  if (begins_as_utf8 && page_was_said())
    PF_TRY(keeper.notice(0, {{"", "encoding",
                              "The file begins as good UTF-8, and was read as " + options.written.encoding +
                                  ", as the mapping says. Look at names with accents."}}));
  if (items == 0) return error(ErrorCode::invalid, "The file holds a header and no rows; nothing was imported.");
  return {};
}

Importer::Importer(const Rooms& rooms, ImportOptions options, Report report)
    : rooms_(rooms),
      options_(with_units(rooms, std::move(options))),
      report_(std::move(report)),
      progress_(options_.resume),
      resume_(options_.resume),
      trial_(std::make_unique<Trial>(rooms_.store, rooms_.products.models())),
      sole_(std::make_unique<SoleWriter>(rooms_)),
      impl_(std::make_unique<Impl>(rooms_, options_, report_, progress_, resume_, *trial_, *sole_)) {}
Importer::~Importer() = default;
std::vector<std::string> Importer::header() const {
  if (!impl_->first_names.empty()) return impl_->first_names;
  return impl_->header ? impl_->header->names() : std::vector<std::string>();
}
// Where a file made everything anew, each row of it made one product, so none speaks of what another one said.
Result<std::string> Importer::mark_of_rest() const {
  const Counts& all = progress_.counts;
  const bool each_made_one =
      options_.mode == catalog::WriteMode::upsert && all.created == all.rows && progress_.products == all.rows;
  const bool products_alone = progress_.files == 0 && progress_.orders == 0 && progress_.products >= all.rows;
  if (options_.dry_run || all.rows == 0 || !products_alone || !(each_made_one || all.unchanged == all.rows))
    return std::string();
  const auto read = rooms_.store.read();
  PF_LET(const bool sole, sole_->is_sole(read));
  return sole ? repeat_mark(rooms_, read) : Result<std::string>(std::string());
}
std::string Importer::format() const {
  if (!format_.empty()) return format_;
  if (!impl_->first_format.empty()) return impl_->first_format;
  return impl_->party ? impl_->party->name() : impl_->json_format;
}

Result<std::string> rows_mark(const Rooms& rooms, const storage::Reader& read) {
  if (rooms.events == nullptr) return std::string();
  PF_LET(std::string mark, catalogue_mark(rooms, read));
  PF_LET(const auto model, rooms.products.models().known(read));
  for (const auto& [code, kind] : model->reference_kinds) {  // rows name records by their labels
    PF_LET(const std::string records, rooms.products.references().state(read, code));
    mark.append(1, '\0').append(records);
  }
  return mark;
}

Result<std::string> repeat_mark(const Rooms& rooms, const storage::Reader& read) {
  PF_LET(const auto rules, rooms.products.ruling(read));
  return rules ? Result<std::string>(std::string()) : rows_mark(rooms, read);
}

}  // namespace pf::exchange
