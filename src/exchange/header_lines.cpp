// Which line of a table is its header, which stand above or below it and are none of its rows, and where another table
// begins.
#include <algorithm>
#include <map>
#include <set>

#include "exchange/column_suffixes.h"
#include "exchange/importing.h"
#include "exchange/mapping.h"
#include "exchange/preview.h"
#include "exchange/product_columns.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

std::string_view cell_at(const std::vector<std::string>& cells, std::size_t column) {
  return column < cells.size() ? trim(cells[column]) : std::string_view();
}

// A short word for a column, and nothing that stands in one.
bool is_second_name(std::string_view text) {
  constexpr std::size_t kLongestName = 40;  // bytes
  return !text.empty() && text.size() <= kLongestName && !amount_of(text) &&
         text.find("://") == std::string_view::npos && text.find('\n') == std::string_view::npos &&
         std::ranges::any_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
         });
}

}  // namespace

std::vector<std::string> Importer::Impl::numbered(const std::vector<std::string>& names) {
  if (is_own_export(Header(names))) return names;  // which may tell Color from color
  std::map<std::string, int> seen;
  std::vector<std::string> out = names;
  for (std::string& name : out)
    if (!trim(name).empty())
      if (const int count = ++seen[lower_ascii(trim(name))]; count > 1)
        name = std::string(trim(name)) + "." + std::to_string(count);
  return out;
}

bool Importer::Impl::is_above_header(const std::vector<std::string>& names,
                                     const std::vector<std::string>& next) const {
  const auto filled = [](const std::vector<std::string>& cells) {
    return std::ranges::count_if(cells, [](const std::string& cell) { return !trim(cell).empty(); });
  };
  const auto last =
      std::ranges::find_if(names.rbegin(), names.rend(), [](const std::string& cell) { return !trim(cell).empty(); });
  const bool gaps =
      std::find_if(last, names.rend(), [](const std::string& cell) { return trim(cell).empty(); }) != names.rend();
  // Or it says the same for people that the line below says for programs, as in Amazon's templates.
  const auto meaning = [&](const std::vector<std::string>& cells) {
    return std::ranges::count_if(product_columns(Header(numbered(cells))), [](const ProductColumn& column) {
      return column.kind != ProductColumn::Kind::attribute;
    });
  };
  constexpr std::ptrdiff_t kSurelyNames = 3;  // a product may be called "sku"
  if (filled(next) < filled(names)) return false;
  const auto known = party_for(Header(numbered(next)), options.kind, options.mapping);
  if (!known.ok() || !*known) return false;
  // A channel's own paths say more than any word.
  const bool labels = meaning(next) >= kSurelyNames || (*known)->name() == "amazon products";
  if (!labels && (!gaps || filled(next) <= filled(names))) return false;
  if (gaps) return true;
  const auto above = party_for(Header(numbered(names)), options.kind, options.mapping);
  return (*known)->name().ends_with("products") && above.ok() && *above && (*above)->name().ends_with("products");
}

// What tells it from a header and its first row: below the SKU or the EAN stands nothing, or the same again, as where
// cells are merged over both lines; and a name of the first line has names below it and to their right.
std::optional<std::vector<std::string>> Importer::Impl::joined_header(const std::vector<std::string>& upper,
                                                                      const std::vector<std::string>& lower) const {
  std::vector<std::string> names(std::max(upper.size(), lower.size()));
  std::vector<bool> tall(names.size());  // one cell over both lines
  std::string_view group;
  std::size_t in_group = 0;
  bool spans = false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view above = cell_at(upper, i), below = cell_at(lower, i);
    if (!above.empty() || below.empty()) {
      if (in_group == 1) return std::nullopt;
      group = above;
      in_group = 0;
    }
    if (below.empty() || equals_ignoring_case(above, below)) {
      names[i] = above;
      tall[i] = true;
      group = {};
      continue;
    }
    if (group.empty() || !is_second_name(below)) return std::nullopt;
    spans = ++in_group > 1 || spans;
    names[i] = std::string(group).append(1, ' ').append(below);
  }
  if (!spans || in_group == 1) return std::nullopt;
  std::set<std::string> seen;
  for (const std::string& name : names)
    if (!name.empty() && !seen.insert(lower_ascii(name)).second) return std::nullopt;
  const auto columns = product_columns(Header(names));
  bool keyed = false;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (columns[i].kind == ProductColumn::Kind::sku || columns[i].kind == ProductColumn::Kind::ean) {
      if (!tall[i]) return std::nullopt;
      keyed = true;
    }
  if (!keyed) return std::nullopt;
  // A mapping that was made when the first line alone was the header goes on with it.
  if (maps_columns()) {
    const auto before = party_for(Header(numbered(upper)), options.kind, options.mapping);
    if (before.ok() && *before) return std::nullopt;
  }
  const auto known = party_for(Header(names), options.kind, options.mapping);
  if (!known.ok() || !*known) return std::nullopt;
  const std::string format = (*known)->name();
  if (format != "products" && format != "stock" && !format.starts_with("mapped ")) return std::nullopt;
  return names;
}

std::string Importer::Impl::not_of_the_table(const std::vector<std::string>& cells) const {
  const auto& names = header->names();
  bool again = true, ruler = true;
  for (std::size_t i = 0; i < cells.size() && (again || ruler); ++i) {
    const std::string_view cell = trim(cells[i]);
    again = again && cell == (i < names.size() ? std::string_view(names[i]) : std::string_view());
    ruler = ruler && cell.find_first_not_of("-=+: ") == std::string_view::npos;
  }
  if (again) return "is the header again";
  constexpr std::size_t kShortestRuler = 3;
  if (ruler && std::ranges::any_of(cells, [](const std::string& cell) { return trim(cell).size() >= kShortestRuler; }))
    return "is a line that was drawn, and no data";
  constexpr std::uint64_t kTemplateLines = 4;  // below the header, where channels explain their templates
  if (items > kTemplateLines || options.mapping != nullptr) return {};
  const auto plain = [](std::string_view text) {
    std::string out = lower_ascii(trim(text));
    std::erase_if(out, [](char c) { return c == ' ' || c == '_' || c == '-' || c == '*'; });
    return out;
  };
  constexpr std::string_view kRules[] = {
      "mandatory",  "optional", "required",    "recommended", "conditional", "verplicht",  "optioneel",
      "aanbevolen", "pflicht",  "pflichtfeld", "empfohlen",   "obligatoire", "facultatif", "conditionallymandatory"};
  std::size_t filled = 0, called = 0, rules = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = plain(cells[i]);
    if (cell.empty()) continue;
    ++filled;
    called += i < names.size() && cell == plain(names[i]);
    rules += std::ranges::find(kRules, cell) != std::end(kRules);
  }
  // ERPNext's template, which says in front what its line is.
  const std::string front = plain(cells.empty() ? std::string_view() : std::string_view(cells[0]));
  for (const std::string_view word : {"mandatory:", "type:", "info:", "required:"})
    if (front == word) return "says what the columns are, and is no data";
  constexpr std::size_t kFew = 3;
  if (called >= kFew && called * 3 > filled) return "says what the columns are called, and is no data";
  if (rules >= 2 && rules * 2 > filled) return "says which columns must be filled, and is no data";
  return {};
}

Result<> Importer::Impl::open_header(const std::vector<std::string>& as_written, std::uint64_t line) {
  const std::vector<std::string> names = numbered(as_written);
  header.emplace(names);
  auto known = party_for(*header, options.kind, options.mapping);
  if (options.preview != nullptr) {
    if (known.ok()) party = *std::move(known);
    if (!party && !(options.preview->any_header && could_be_header(names)))
      return known.ok() ? not_understood(maps_columns()) : known.error();
    options.preview->open(header->names(), party.get(), known.ok() ? "" : known.error().message);
    return {};
  }
  PF_LET(party, std::move(known));
  if (!party) return not_understood(maps_columns());
  if (party->ragged()) return check_kind(party->name(), party.get());
  const bool exact = is_own_export(*header);
  // Of a table without a maker, what means nothing here may stand twice, and so may pictures. A mapping says by itself.
  const bool plain = party->name() == "products", by_mapping = maps_columns();
  const auto meant = product_columns(*header);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < as_written.size(); ++i) {
    const std::string name(trim(as_written[i]));
    if (name.empty() || seen.insert(exact ? name : lower_ascii(name)).second || by_mapping) continue;
    const auto first = exact ? std::nullopt : header->find(name);
    const auto kind = first ? meant[*first].kind : ProductColumn::Kind::sku;
    if (!plain || (kind != ProductColumn::Kind::attribute && kind != ProductColumn::Kind::images))
      return error(ErrorCode::invalid, "The header names the column \"" + name.substr(0, 100) +
                                           "\" twice. Rename one of them, so that it is clear which one counts; if "
                                           "two tables stand side by side, put one below the other.");
  }
  PF_TRY(check_kind(party->name(), party.get()));
  if (by_mapping || !party->name().ends_with("products")) return {};  // Akeneo's, others' and plain ones
  const auto read = rooms.store.read();
  PF_LET(const auto model, rooms.products.models().known(read));
  PF_LET(const auto languages, rooms.products.languages(read));
  auto unknown = unknown_suffixes(header->names(), *model, languages);
  return unknown.empty() ? Result<>() : keeper.notice(line, std::move(unknown));
}

bool Importer::Impl::is_next_header(const formats::TableRow& row) const {
  constexpr std::size_t kHeaderCellMax = 60;  // letters of a column's name
  std::set<std::string> seen;
  for (const std::string& cell : row.cells) {
    const std::string_view name = trim(cell);
    if (name.empty()) continue;
    if (name.size() > kHeaderCellMax || parse_int(name) || !seen.insert(lower_ascii(name)).second) return false;
  }
  if (seen.size() < 2) return false;
  const Header next(numbered(row.cells));
  const auto known = party_for(next, options.kind, nullptr);
  // Rows of people below a table are no products; "Customer | Acme Ltd" below it is a remark, and no header.
  return !known.ok() || *known || lists_people(next);
}

Result<> Importer::Impl::open_next_table(const formats::TableRow& row, const std::string& sheet) {
  const auto known = party_for(Header(numbered(row.cells)), options.kind, nullptr);
  const std::string at = "line " + std::to_string(row.line);
  if (first_format.empty()) {
    first_format = party->name();
    first_names = header->names();
  }
  PF_TRY(keep_table());
  if (maps_columns() || !known.ok() || !*known || !check_kind((*known)->name(), known->get()).ok()) {
    left_table = "belongs to a second table of this file, whose header is " + at + "; import that as a file of its own";
    return keeper.notice(row.line, {{"", "second_table",
                                     "A second table begins here. Its rows are not imported: put them, from " + at +
                                         " on, into a file of their own."}});
  }
  header.reset();
  party.reset();
  remarked = false;
  PF_TRY(open_header(row.cells, row.line));
  return keeper.notice(row.line, {{"", "second_table",
                                   (sheet.empty() ? "A second table begins here, which"
                                                  : "The sheet \"" + sheet + "\" holds a table of its own, which") +
                                       " is understood as " + party->name() + " and imported too."}});
}

}  // namespace pf::exchange
