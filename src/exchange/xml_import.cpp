// XML files. What repeats in them is a row; which of the things that repeat is meant, and what its names mean, is told
// as for any other table. Our own export and WordPress's are known by their structure.
#include <algorithm>
#include <map>
#include <set>

#include "exchange/importing.h"
#include "exchange/preview.h"
#include "exchange/product_columns.h"
#include "exchange/xml_values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kTablesMax = 100;  // of a file that are tried, the most likely first

// Names that differ in case alone would be two columns of one name.
std::vector<std::string> unlike_each_other(std::vector<std::string> names) {
  std::set<std::string> seen;
  for (std::string& name : names)
    for (int more = 2; !seen.insert(lower_ascii(name)).second; ++more) name += "." + std::to_string(more);
  return names;
}

// BMEcat and others put a product's texts into an element of their own; what is called so means so wherever it stands,
// if nothing else is.
std::string_view inner_name(std::string_view name) {
  constexpr std::string_view kMeantAnywhere[] = {"sku",   "ean",   "gtin",  "international_pid", "description_short",
                                                 "brand", "title", "ean13", "manufacturer_name", "description_long"};
  const std::string_view last = name.substr(name.rfind('.') + 1);
  const bool meant = std::ranges::find(kMeantAnywhere, lower_ascii(last)) != std::end(kMeantAnywhere);
  return meant ? last : name;
}

// Only inside what `repeats`: around a single product stands who knows what.
std::vector<std::string> names_of(const formats::XmlTable& table, bool repeats) {
  std::vector<std::string> names;
  std::map<std::string, int> count;
  for (const auto& column : table.columns) ++count[lower_ascii(inner_name(column.name))];
  for (const auto& column : table.columns) {
    const std::string_view inner = inner_name(column.name);
    names.emplace_back(repeats && count[lower_ascii(inner)] == 1 ? inner : column.name);
  }
  return unlike_each_other(std::move(names));
}

}  // namespace

Result<> Importer::Impl::read_xml(formats::FileReading& file) {
  PF_LET(const formats::XmlTables found, file.xml_tables());
  if (lower_ascii(found.root) == "html") return web_page();

  std::size_t path = 0;
  Result<> header_fault;
  if (const auto own = own_records(found.paths); own) {
    path = *own;
    values = true;
  } else {
    for (std::size_t i = 0; i < std::min(found.candidates.size(), kTablesMax); ++i) {
      const std::size_t one = found.candidates[i];
      PF_LET(const formats::XmlTable table, file.xml_table(one));
      std::vector<std::string> names = names_of(table, found.paths[one].most_in_parent > 1);
      const Header known_names(names);
      const auto known = party_for(known_names, options.kind, options.mapping);
      if (!known.ok() && header_fault.ok()) header_fault = known.error();
      const bool any = options.preview != nullptr && options.preview->any_header && could_be_header(names);
      if (!any && (!known.ok() || !*known)) continue;
      if (known.ok() && *known &&
          (*known)->name() == "products") {  // whose lists are lists of the catalogue, where the name means nothing
        const auto columns = product_columns(known_names);
        for (std::size_t column = 0; column < names.size(); ++column)
          if (table.columns[column].list && columns[column].kind == ProductColumn::Kind::attribute)
            names[column] += ":json";
      }
      PF_TRY(open_header(names));
      path = one;
      break;
    }
  }
  if (path == 0) {
    if (found.broken)
      return error(ErrorCode::invalid, "The file cannot be read as XML: " + found.broken->message + ".");
    if (!header_fault.ok()) return header_fault;
    return error(ErrorCode::unsupported,
                 "This XML is not understood here: none of the elements that repeat in it tells products apart, by an "
                 "element or attribute such as sku, ean or g:id.");
  }

  Result<> ours;  // what ended it, when it was not the file
  const auto end = values
                       ? file.xml_records(path,
                                          [&](formats::XmlRecords::Record&& record) -> Result<> {
                                            bytes_since_keep += record.bytes;
                                            if (record.fault.empty())
                                              return ours = take(record.line, own_value(found.paths, record.element));
                                            ++items;
                                            return ours = keeper.refuse(record.line, {{"", "row", record.fault}});
                                          })
                       : file.xml_rows(path, [&](formats::TableRow&& row) -> Result<formats::ZipReader::Go> {
                           count_bytes(row);
                           ours = take(std::move(row));
                           if (!ours.ok()) return ours.error();
                           return formats::ZipReader::Go::on;
                         });
  return ours.ok() ? finish(end) : ours;
}

}  // namespace pf::exchange
