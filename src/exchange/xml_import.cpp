// XML files, and JSON files of a shape that is not ours. What repeats in them is a row; which of the things that repeat
// is meant, and what its names mean, is told as for any other table, or by a mapping. Our own export and WordPress's
// are known by their structure.
#include <algorithm>
#include <map>
#include <set>

#include "exchange/feed_surroundings.h"
#include "exchange/importing.h"
#include "exchange/mapping.h"
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

// Elements that hold what is said of a product and say nothing themselves: "<pricing><price>", "<texts><name>".
bool is_container(std::string_view folded) {
  constexpr std::string_view kContainers[] = {
      "texts",          "text",        "content",         "details",         "info",        "pricing",
      "prices",         "identity",    "general",         "basic",           "data",        "inventory",
      "identification", "commercial",  "product_details", "article_details", "productdata", "base",
      "common",         "description", "stock_info",      "availability"};
  return std::ranges::find(kContainers, folded) != std::end(kContainers);
}
// What one record of a catalogue is called; around anything else that stands alone may be anything.
bool is_product_word(std::string_view name) {
  std::string folded = lower_ascii(name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1));
  constexpr std::string_view kWords[] = {"product", "item",    "article",  "artikel",   "produkt",
                                         "produit", "offer",   "shopitem", "tradeitem", "entry",
                                         "good",    "variant", "producto", "prodotto"};
  return std::ranges::find(kWords, std::string_view(folded)) != std::end(kWords);
}

// BMEcat and others put a product's texts into an element of their own; what is called so means so wherever it stands,
// if nothing else is.
std::string_view inner_name(std::string_view name) {
  constexpr std::string_view kMeantAnywhere[] = {"sku",
                                                 "ean",
                                                 "gtin",
                                                 "international_pid",
                                                 "description_short",
                                                 "brand",
                                                 "title",
                                                 "ean13",
                                                 "manufacturer_name",
                                                 "description_long",
                                                 "mime_source",
                                                 "brandname",
                                                 "tradeitemdescription"};
  constexpr std::string_view kMeantInside[] = {"price", "name", "stock", "quantity", "description", "category"};
  // Inside "pricing" it is how many the price is for.
  constexpr std::string_view kCounts[] = {"inventory", "stock_info", "availability"};
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (const std::size_t dot = name.rfind('.');
      dot != std::string_view::npos &&
      std::ranges::find(kMeantInside, lower_ascii(last.substr(0, last.find('@')))) != std::end(kMeantInside)) {
    const std::string_view above = name.substr(0, dot);
    const std::string around = lower_ascii(above.substr(above.rfind('.') + 1));
    const std::string what = lower_ascii(last.substr(0, last.find('@')));
    const bool counts = std::ranges::find(kCounts, std::string_view(around)) != std::end(kCounts);
    if (is_container(around) && (counts || (what != "stock" && what != "quantity"))) return last;
  }
  const std::string bare = lower_ascii(last.substr(0, last.find('@')));  // without its language
  const bool meant = std::ranges::find(kMeantAnywhere, bare) != std::end(kMeantAnywhere);
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
  // BMEcat names languages by three letters (ISO 639-2).
  constexpr std::pair<std::string_view, std::string_view> kLanguages[] = {
      {"@nld", "@nl"}, {"@dut", "@nl"}, {"@deu", "@de"}, {"@ger", "@de"}, {"@eng", "@en"}, {"@fra", "@fr"},
      {"@fre", "@fr"}, {"@spa", "@es"}, {"@ita", "@it"}, {"@por", "@pt"}, {"@pol", "@pl"}, {"@dan", "@da"},
      {"@swe", "@sv"}, {"@fin", "@fi"}, {"@nor", "@no"}, {"@ces", "@cs"}, {"@cze", "@cs"}, {"@hun", "@hu"}};
  for (std::string& name : names)
    for (const auto& [three, two] : kLanguages)
      if (lower_ascii(name).ends_with(three)) name.replace(name.size() - three.size(), three.size(), two);
  // A prefix is the document's own word, but for Google's; what is meant by the name behind it is meant.
  for (std::string& name : names) {
    const std::size_t colon = name.find(':');
    if (colon == std::string::npos || name.starts_with("g:") || name.find('.') < colon) continue;
    const std::string bare = name.substr(colon + 1);
    const bool alone =
        std::ranges::none_of(names, [&](const std::string& other) { return equals_ignoring_case(other, bare); });
    if (repeats && alone && product_columns(Header({bare}))[0].kind != ProductColumn::Kind::attribute) name = bare;
  }
  return unlike_each_other(std::move(names));
}

// "catalog/product", as a person would say it; of JSON "$" is an item of the file's list, "$/lines" what it holds.
std::string records_name(const formats::XmlTables& found, std::size_t path, bool json) {
  std::string out;
  for (std::size_t at = path; at != 0; at = found.paths[at].parent) {
    if (json && found.paths[at].parent == 0) break;  // the root, which the file does not have
    out = out.empty() ? found.paths[at].name : found.paths[at].name + "/" + out;
  }
  return out;
}

// Which of the things around the records repeats too, and what stands in it beside them: it is not read.
std::string left_around(const formats::XmlTables& found, std::size_t path, bool json) {
  constexpr std::size_t kNamesMax = 5;
  for (std::size_t at = found.paths[path].parent; at != 0; at = found.paths[at].parent) {
    if (found.paths[at].most_in_parent <= 1) continue;
    std::string names;
    std::size_t count = 0;
    for (const auto& [name, child] : found.paths[at].children)
      if ((found.paths[child].text || found.paths[child].attribute) && count++ < kNamesMax)
        names += (names.empty() ? "" : ", ") + name;
    if (count > kNamesMax) names += " and " + std::to_string(count - kNamesMax) + " more";
    if (count > 0) return records_name(found, at, json) + " (" + names + ")";
  }
  return {};
}

// Lines of an order, an invoice or a cart have SKUs and pieces too, and are neither stock nor a catalogue.
bool is_part_of_order(const std::vector<formats::XmlPath>& paths, std::size_t path) {
  constexpr std::string_view kOrders[] = {"order",    "salesorder", "purchaseorder", "weborder",   "invoice",
                                          "cart",     "basket",     "refund",        "creditnote", "shipment",
                                          "delivery", "bestelling", "factuur",       "bestellung", "auftrag",
                                          "rechnung", "commande",   "facture",       "pedido",     "ordine"};
  for (std::size_t at = paths[path].parent; at != 0; at = paths[at].parent) {
    std::string name = lower_ascii(paths[at].name.substr(paths[at].name.find(':') + 1));
    std::erase_if(name, [](char c) { return c == '_' || c == '-'; });
    if (std::ranges::find(kOrders, name) != std::end(kOrders)) return true;
  }
  return false;
}

// A channel's report on a feed has its own rows beside the products that it looked at.
bool is_of_report(const formats::XmlPath& path) {
  const auto has = [&](std::string_view name) { return path.children.contains(name); };
  return has("ResultMessageCode") || (has("sku") && has("severity") && has("message"));
}
// Whether it is one, and finds no fault.
bool is_good_report(const std::vector<formats::XmlPath>& paths) {
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(paths, [&](const formats::XmlPath& path) { return path.name == name; });
  };
  return (has("messagesProcessed") && has("messagesAccepted")) || (has("ProcessingReport") && has("MessagesProcessed"));
}

// Documents that hold no table of products, told by the root, or by an element that no other has.
std::string_view what_is_left(const formats::XmlTables& found) {
  const std::string root =
      lower_ascii(found.root.substr(found.root.find(':') == std::string::npos ? 0 : found.root.find(':') + 1));
  struct Document {
    std::string_view root, element, advice;
  };
  static constexpr Document kDocuments[] = {
      {"onixmessage", "",
       "This is ONIX, in which publishers tell of books; it is not read here. Ask for a CSV or an Excel workbook with "
       "ISBN, title, price and stock: the ISBN is imported as the column ean."},
      {"order", "OrderLine",
       "This is an order in UBL, which is not read here: nothing was imported. Export the orders with their items as "
       "CSV, a row for each item with order_id, sku and quantity, and import that."},
      {"order", "ORDER_ITEM_LIST",
       "This is an order in openTRANS, which is not read here: nothing was imported. Export the orders with their "
       "items "
       "as CSV, a row for each item with order_id, sku and quantity, and import that."},
      {"document", "BkToCstmrStmt",
       "This is an account statement of a bank (camt.053), and holds neither products nor orders: nothing was "
       "imported."},
      {"invoice", "", "This is an invoice (UBL), and holds neither a catalogue nor orders: nothing was imported."},
      {"creditnote", "",
       "This is a credit note (UBL), and holds neither a catalogue nor orders: nothing was imported."},
      {"crossindustryinvoice", "",
       "This is an invoice (ZUGFeRD, Factur-X), and holds neither a catalogue nor orders: nothing was imported."},
      {"prestashop", "total_paid_tax_incl",
       "These are orders as PrestaShop's webservice answers them. They name the buyers, the addresses and the currency "
       "by numbers that only PrestaShop knows, so that nothing could be sent by them. Export the orders with their "
       "buyers as CSV (Advanced Parameters, Database, a query) and import that."},
      {"icecat-interface", "files.index",
       "This is Icecat's index, which says where the data of each product is, and not the data: nothing was imported. "
       "Import the products' own files, or a CSV of Icecat."}};
  for (const Document& one : kDocuments) {
    if (root != one.root) continue;
    if (one.element.empty() || std::ranges::any_of(found.paths, [&](const formats::XmlPath& path) {
          return std::string_view(path.name).substr(
                     path.name.find(':') == std::string::npos ? 0 : path.name.find(':') + 1) == one.element;
        }))
      return one.advice;
  }
  return {};
}

bool is_part_of_records(const std::vector<formats::XmlPath>& paths, std::size_t path) {
  if (paths[path].name == "line_items") return true;
  for (std::size_t at = paths[path].parent; at != 0; at = paths[at].parent)
    if (paths[at].most_in_parent > 1 || paths[at].name == "line_items") return true;
  return false;
}

// Such as "jan@example.com", and not "M8@1.25".
bool is_email_address(std::string_view text) {
  const std::size_t at = text.find('@'), dot = text.rfind('.');
  return at != std::string_view::npos && at > 0 && dot != std::string_view::npos && dot > at + 1 &&
         text.size() > dot + 2 && text.find(' ') == std::string_view::npos &&
         text.substr(dot + 1).find_first_of("0123456789") == std::string_view::npos;
}

}  // namespace

// What is known of a file's tables, before any is read.
Result<> Importer::Impl::show_tables(formats::FileReading& file, const formats::XmlTables& found, bool json) {
  const bool repeats =
      std::ranges::any_of(found.candidates, [&](std::size_t one) { return found.paths[one].most_in_parent > 1; });
  for (const std::size_t one : found.candidates) {
    if (options.preview->tables.size() >= kPreviewTables) break;
    const std::string records = records_name(found, one, json);
    if (records.empty() || (repeats && found.paths[one].most_in_parent <= 1)) continue;
    PF_LET(const formats::XmlTable table, file.xml_table(one));
    std::vector<std::string> names =
        names_of(table, found.paths[one].most_in_parent > 1 || is_product_word(found.paths[one].name));
    if (!could_be_header(names)) continue;
    PreviewTable shown{.records = records, .count = found.paths[one].count, .columns = {}, .sample = {}};
    PF_TRY(file.xml_rows(one, [&](formats::TableRow&& row) -> Result<formats::ZipReader::Go> {
      shown.sample = std::move(row.cells);
      return formats::ZipReader::Go::enough;
    }));
    shown.columns = std::move(names);
    options.preview->show(std::move(shown));
  }
  return {};
}

Result<> Importer::Impl::read_tree(formats::FileReading& file, bool json, bool& known_table) {
  PF_LET(const formats::XmlTables found, file.xml_tables());
  if (!json && lower_ascii(found.root) == "html") return web_page();
  if (const auto advice = json || options.mapping != nullptr ? std::string_view() : what_is_left(found);
      !advice.empty())
    return error(ErrorCode::unsupported, std::string(advice));
  const std::string wanted = options.mapping != nullptr ? options.mapping->records : std::string();
  if (options.preview != nullptr && options.preview->tables.empty()) PF_TRY(show_tables(file, found, json));

  std::size_t path = 0;
  std::unique_ptr<FeedSurroundings> around;
  Result<> header_fault;
  std::vector<std::string> names_there;  // of the records that the mapping says
  if (const auto own = json || options.mapping != nullptr ? std::nullopt : own_records(found.paths); own) {
    path = *own;
    values = true;
  } else {
    std::vector<std::size_t> candidates = found.candidates;
    if (options.mapping == nullptr) {
      const auto others = std::stable_partition(candidates.begin(), candidates.end(),
                                                [&](std::size_t one) { return is_of_report(found.paths[one]); });
      if (others == candidates.begin() && is_good_report(found.paths))
        return error(ErrorCode::unsupported,
                     "This is a channel's report on a feed that it was sent, and it finds no fault with any product. "
                     "Nothing was imported, and nothing is to be done.");
    }
    for (std::size_t i = 0; i < candidates.size() && (i < kTablesMax || !wanted.empty()); ++i) {
      const std::size_t one = candidates[i];
      if (!wanted.empty() && records_name(found, one, json) != wanted) continue;
      const bool any_header = options.preview != nullptr && (options.preview->any_header || !wanted.empty());
      // What other records hold, and the lines of an order, a refund or a cart, are no catalogue, unless somebody says
      // so.
      if (options.mapping == nullptr && !any_header &&
          ((json && is_part_of_records(found.paths, one)) || is_part_of_order(found.paths, one)))
        continue;
      PF_LET(const formats::XmlTable table, file.xml_table(one));
      std::vector<std::string> names =
          names_of(table, found.paths[one].most_in_parent > 1 || is_product_word(found.paths[one].name));
      if (!wanted.empty()) names_there = names;
      const Header known_names(names);
      if (std::string advice = known_and_left(known_names); !advice.empty() && options.mapping == nullptr)
        return error(ErrorCode::unsupported, std::move(advice));
      std::vector<std::string> with_more = names;
      PF_LET(auto more, FeedSurroundings::of(file, found, one, with_more, options.mapping.get()));
      const auto known = party_for(maps_columns() ? Header(with_more) : known_names, options.kind, options.mapping);
      if (!known.ok() && header_fault.ok()) header_fault = known.error();
      if (known.ok() && !*known) note_people(known_names);
      const bool any = any_header && could_be_header(names);
      if (!any && (!known.ok() || !*known)) continue;
      if (known.ok() && *known && ((*known)->name() == "products" || (*known)->name() == "mapped products")) {
        names = std::move(with_more);
        around = std::move(more);
        PF_TRY(around->read(file));
      }
      // Lists of the catalogue, where the name means nothing. A mapping may name the column, so the preview leaves it
      // as it is, and says so of what it becomes.
      const auto columns = product_columns(known_names);
      for (std::size_t column = 0; column < table.columns.size(); ++column) {
        if (!table.columns[column].list || columns[column].kind != ProductColumn::Kind::attribute) continue;
        if (options.preview != nullptr)
          options.preview->lists.insert(names[column]);
        else if (known.ok() && *known && (*known)->name() == "products")
          names[column] += ":json";
      }
      PF_TRY(open_header(names));
      if (options.preview != nullptr) options.preview->records = records_name(found, one, json);
      path = one;
      break;
    }
  }
  if (path == 0) {
    if (json && options.mapping == nullptr) {
      known_table = false;
      return {};
    }
    if (found.broken)
      return error(ErrorCode::invalid, std::string("The file cannot be read as ") + (json ? "JSON" : "XML") + ": " +
                                           found.broken->message + ".");
    if (!header_fault.ok()) return header_fault;
    if (!people_seen.empty() && !maps_columns()) return not_understood(false);
    if (!names_there.empty() && !maps_columns()) {
      constexpr std::size_t kNamesMax = 10;
      std::string list;
      for (std::size_t i = 0; i < names_there.size() && i < kNamesMax; ++i)
        list += (i == 0 ? "" : ", ") + names_there[i].substr(0, 100);
      return error(ErrorCode::unsupported,
                   "The records are there, but nothing in them is understood at sight. Say in the "
                   "mapping which of their names becomes sku or ean: " +
                       list + (names_there.size() > kNamesMax ? ", ..." : "") + ".");
    }
    if (!wanted.empty() && names_there.empty()) {
      std::string list;
      std::size_t count = 0;
      for (const std::size_t one : found.candidates)
        if (const std::string at = records_name(found, one, json); !at.empty() && count++ < kPreviewTables)
          list += (list.empty() ? "" : ", ") + at;
      return error(ErrorCode::invalid, "The mapping says that the records are at " + wanted.substr(0, 200) +
                                           ", where the file has none" +
                                           (list.empty() ? "." : "; it has some at " + list + "."));
    }
    if (options.mapping != nullptr || !people_seen.empty()) return not_understood(maps_columns());
    return error(ErrorCode::unsupported,
                 "This XML is not understood here: none of the elements that repeat in it tells products apart, by an "
                 "element or attribute such as sku, ean or g:id. A mapping can say what its rows are.");
  }

  if (options.mapping == nullptr && options.preview == nullptr)
    if (const std::string left = left_around(found, path, json); !left.empty())
      PF_TRY(keeper.notice(0, {{"", "around",
                                "The rows are " + records_name(found, path, json) + ". What stands around them in " +
                                    left + " was not read; a mapping can take that for the rows."}}));
  Result<> ours;  // what ended it, when it was not the file
  const auto take_record = [&](formats::XmlRecords::Record&& record) -> Result<> {
    bytes_since_keep += record.bytes;
    if (record.fault.empty()) return ours = take(record.line, own_value(found.paths, record.element));
    ++items;
    return ours = keeper.refuse(record.line, {{"", "row", record.fault}});
  };
  std::optional<std::size_t> key_column;
  if (!options.written.keyed.empty() && header)
    key_column = header->has("key.@") ? header->find("key.@") : header->find("key");
  const auto take_row = [&](formats::TableRow&& row) -> Result<formats::ZipReader::Go> {
    if (around && row.fault.empty()) around->put_into(row.cells);
    count_bytes(row);
    if (key_column && *key_column < row.cells.size() && is_email_address(row.cells[*key_column])) {
      ++items;
      ours = keeper.refuse(row.line, {{"key", "people",
                                       "is an e-mail address: this list seems to be of people, and what is kept of "
                                       "products everybody sees"}});
    } else {
      ours = take(std::move(row));
    }
    if (!ours.ok()) return ours.error();
    return formats::ZipReader::Go::on;
  };
  const auto end = values ? file.xml_records(path, take_record) : file.xml_rows(path, take_row);
  if (ours.ok() && around && around->unsure() > 0 && options.preview == nullptr)
    PF_TRY(keeper.notice(
        0,
        {{"", "currency",
          "The prices name no currency, and such feeds are in CZK or in EUR, for Heureka in the Czech Republic or in "
          "Slovakia. Where the address ends in neither .cz nor .sk (products: " +
              std::to_string(around->unsure()) +
              ") they were taken as EUR. If they are not, map the price to sell_price.CZK."}}));
  return ours.ok() ? finish(end) : ours;
}

}  // namespace pf::exchange
