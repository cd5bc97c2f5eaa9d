#include "exchange/mapping.h"

#include <algorithm>
#include <set>

#include "formats/dialect.h"
#include "formats/encoding.h"
#include "productflow/text.h"
#include "search/letters.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kNameBytesOfColumnMax = 1'000;

// Reads one entry of the mapping; faults are gathered.
class MappingReader {
 public:
  explicit MappingReader(std::vector<FieldFault>& faults) : faults_(faults) {}

  // What a column becomes: "title", null, or {"to": ..., "values": ..., "as": ...}.
  MappedColumn column(const std::string& field, std::string name, const json::Value& what) {
    MappedColumn out;
    out.column = trim(name);
    if (out.column.size() > kNameBytesOfColumnMax) fault(field, "too_long", "a column's name has at most 1,000 bytes");
    if (what.is_null()) return out;
    if (const std::string* to = what.as_string()) {
      out.to = trim(*to);
      if (out.to.empty()) fault(field, "required", "name what the column becomes, or null to leave it out");
      return out;
    }
    if (what.as_object() == nullptr) {
      fault(field, "type", "must be a name, null, or an object with to, values and as");
      return out;
    }
    for (const auto& [member, value] : *what.as_object()) {
      const std::string at = field + "." + member;
      if (member == "column" && value.as_string() != nullptr)
        continue;  // read by whoever calls
      else if (member == "to" && (value.is_null() || value.as_string() != nullptr))
        out.to = value.is_null() ? "" : std::string(trim(*value.as_string()));
      else if (member == "values" && value.as_object() != nullptr)
        values(at, *value.as_object(), out);
      else if (member == "as" && (value.is_null() || value.as_string() != nullptr))
        formula(at, value.is_null() ? "" : *value.as_string(), out);
      else
        fault(at, "unknown", "a column has column, to (a name or null), values (an object) and as (a formula)");
    }
    if (out.to.empty() && (out.as || !out.values.empty()))
      fault(field + ".to", "required", "say what the column becomes, since there are values or a formula for it");
    if (out.column.empty() && !out.as)
      fault(field + ".column", "required", "name a column of the file, or a formula that makes the value");
    return out;
  }
  void fault(std::string field, std::string code, std::string message) {
    faults_.push_back({std::move(field), std::move(code), std::move(message)});
  }

 private:
  void values(const std::string& field, const json::Members& members, MappedColumn& out) {
    if (members.size() > kMappedValuesMax)
      return fault(field, "too_many", "a column has at most " + std::to_string(kMappedValuesMax) + " values");
    for (const auto& [from, to] : members) {
      if (to.as_string() == nullptr)
        fault(field, "type", "what a value becomes must be a text");
      else
        out.values[search::lower(trim(from))] = *to.as_string();
    }
  }
  void formula(const std::string& field, const std::string& text, MappedColumn& out) {
    if (trim(text).empty()) return;
    auto parsed = expression::Formula::parse(text);
    if (parsed.ok())
      out.as = *std::move(parsed);
    else
      fault(field, parsed.error().faults.at(0).code, parsed.error().message);
  }
  std::vector<FieldFault>& faults_;
};

// How a text is written, as somebody says it. False: the mapping's member says nothing of that.
bool take_written(const std::string& member, const std::string& said, formats::Written& out, MappingReader& reader) {
  if (member == "encoding") {
    out.encoding = trim(said);
    if (!out.encoding.empty() && !formats::ToUtf8::told(out.encoding))
      reader.fault("mapping.encoding", "unknown", "an encoding is one of " + std::string(formats::kEncodings));
  } else if (member == "delimiter") {
    if (said.empty()) return true;
    const auto delimiter = formats::delimiter_called(said);
    if (!delimiter)
      reader.fault("mapping.delimiter", "invalid",
                   "a delimiter is tab, comma, semicolon, pipe or space, or some signs of at most 8 bytes that are no "
                   "letters, digits, quotes, line ends or backslashes");
    out.delimiter = delimiter.value_or(said);
  } else if (member == "quote") {
    out.quote = said;
    if (!said.empty() && !formats::is_quote_called(said))
      reader.fault("mapping.quote", "unknown", "a quote is \", ', ` or none");
  } else {
    return false;
  }
  return true;
}

// Rewrites rows into our own table and hands them to the party that reads it.
class MappedTable final : public Party {
 public:
  MappedTable(std::shared_ptr<const Mapping> mapping, const Header& from, Header to, std::unique_ptr<Party> party)
      : mapping_(std::move(mapping)), to_(std::move(to)), party_(std::move(party)) {
    for (const MappedColumn& column : mapping_->columns) {
      if (column.to.empty()) continue;
      Source source{.mapped = &column, .at = from.find(column.column)};
      if (column.as)
        for (const std::string& name : column.as->columns()) source.cells.push_back(from.find(name));
      sources_.push_back(std::move(source));
    }
    for (std::size_t i = sources_.size(); i < to_.names().size(); ++i)
      sources_.push_back({.at = from.find(to_.names()[i])});
  }
  std::string name() const override { return "mapped " + party_->name(); }
  std::string locale() const override { return party_->locale(); }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>& orders) override {
    Row out{.line = row.line, .header = &to_, .cells = {}};
    out.cells.resize(sources_.size());
    std::vector<FieldFault> faults;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      auto cell = cell_of(sources_[i], row);
      if (cell.ok())
        out.cells[i] = *std::move(cell);
      else
        faults.push_back({to_.names()[i], "formula", cell.error().message});
    }
    if (!faults.empty()) {
      ProductItem& refused = products.emplace_back();
      refused.line = row.line;
      if (const auto sku = to_.find("sku")) refused.sku = trim(out.cells[*sku]);
      refused.faults = std::move(faults);
      return;
    }
    const std::size_t before = products.size();
    party_->row(out, products, orders);
    for (std::size_t i = before; i < products.size(); ++i) products[i].by_ean = mapping_->by_ean;
  }
  void flush(std::vector<ProductItem>& products, std::vector<OrderItem>& orders) override {
    party_->flush(products, orders);
  }
  bool has_more() const override { return party_->has_more(); }
  std::string referred(const std::string& reference) const override { return party_->referred(reference); }
  std::vector<FieldFault> remarks() const override { return party_->remarks(); }

 private:
  struct Source {
    const MappedColumn* mapped = nullptr;  // null: as it is
    std::optional<std::size_t> at{};
    std::vector<std::optional<std::size_t>> cells{};  // that the formula names
  };
  Result<std::string> cell_of(const Source& source, const Row& row) const {
    const std::string_view raw =
        source.at && *source.at < row.cells.size() ? row.cells[*source.at] : std::string_view();
    if (source.mapped == nullptr) return std::string(raw);
    std::string value(raw);
    if (!source.mapped->values.empty())
      if (const auto known = source.mapped->values.find(search::lower(trim(raw))); known != source.mapped->values.end())
        value = known->second;
    if (!source.mapped->as) return value;
    std::vector<std::string_view> cells;
    for (const auto& at : source.cells) cells.push_back(row.cell(at));
    return source.mapped->as->work_out(cells, value, convert_);
  }

  const std::shared_ptr<const Mapping> mapping_;
  const expression::Convert convert_ = catalog::converting(mapping_->units);
  const Header to_;
  const std::unique_ptr<Party> party_;
  std::vector<Source> sources_;  // in the order of to_
};

}  // namespace

Result<Mapping> parse_mapping(std::string_view text) {
  if (text.size() > kMappingBytesMax)
    return invalid("mapping", "too_long",
                   "A mapping has at most " + std::to_string(kMappingBytesMax >> 10) + " KiB of JSON.");
  const auto parsed = json::parse(text);
  if (!parsed.ok() || parsed->as_object() == nullptr)
    return invalid("mapping", "json", "mapping must be a JSON object, such as {\"Artikel\": \"sku\"}");
  Mapping mapping;
  mapping.text = text;
  std::vector<FieldFault> faults;
  MappingReader reader(faults);
  const json::Value* list = parsed->find("columns");
  if (list != nullptr && list->as_array() != nullptr) {
    for (const auto& [member, value] : *parsed->as_object()) {
      const std::string* word = value.as_string();
      if (member == "select" && word != nullptr && (*word == "sku" || *word == "ean"))
        mapping.by_ean = *word == "ean";
      else if (member == "others" && word != nullptr && (*word == "keep" || *word == "leave"))
        mapping.keep_others = *word == "keep";
      else if (member == "records" && word != nullptr && word->size() <= kRecordsBytesMax)
        mapping.records = *word;
      else if (word != nullptr && take_written(member, *word, mapping.written, reader))
        continue;
      else if (member != "columns")
        reader.fault(
            "mapping." + member, "unknown",
            "a mapping has columns (a list), select (sku or ean), others (keep or leave), records (where they are in "
            "XML or JSON), and encoding, delimiter and quote (how a text is written)");
    }
    std::size_t number = 0;
    for (const json::Value& one : *list->as_array()) {
      const json::Value* name = one.find("column");
      mapping.columns.push_back(reader.column("mapping.columns[" + std::to_string(number++) + "]",
                                              name != nullptr && name->as_string() != nullptr ? *name->as_string() : "",
                                              one));
    }
  } else {
    for (const auto& [name, what] : *parsed->as_object())
      mapping.columns.push_back(reader.column("mapping." + name.substr(0, 100), name, what));
  }
  // The last step of such a path is any name.
  if (mapping.records.starts_with("$/") && mapping.records.ends_with("/*"))
    mapping.written.keyed = mapping.records.substr(0, mapping.records.size() - 2);
  if (mapping.columns.empty() && mapping.records.empty() && mapping.written == formats::Written())
    reader.fault("mapping", "required", "a mapping names at least one column");
  if (mapping.columns.size() > kMappedColumnsMax)
    reader.fault("mapping", "too_many", "a mapping has at most " + std::to_string(kMappedColumnsMax) + " columns");
  std::set<std::string> from, to;
  for (const MappedColumn& column : mapping.columns) {
    if (!column.to.empty() && !to.insert(lower_ascii(column.to)).second)
      reader.fault("mapping", "twice", "two columns become " + column.to.substr(0, 100) + "; one of them must be null");
    if (!column.column.empty() && column.to.empty() && !from.insert(lower_ascii(column.column)).second)
      reader.fault("mapping", "twice", "the column " + column.column.substr(0, 100) + " is left out twice");
  }
  if (faults.empty()) return mapping;
  Error all = error(ErrorCode::invalid, faults.front().message);
  all.faults = std::move(faults);
  return all;
}

Result<std::unique_ptr<Party>> mapped_party(const Header& header, std::string_view kind,
                                            const std::shared_ptr<const Mapping>& mapping) {
  std::vector<std::string> missing, names;
  std::set<std::string> used;
  bool any = false;
  const auto need = [&](const std::string& column) {
    if (column.empty()) return;
    used.insert(lower_ascii(column));
    if (header.has(column))
      any = true;
    else if (std::ranges::find(missing, column) == missing.end())
      missing.push_back(column);
  };
  for (const MappedColumn& column : mapping->columns) {
    need(column.column);
    if (column.as)
      for (const std::string& name : column.as->columns()) need(name);
    if (!column.to.empty()) names.push_back(column.to);
  }
  if (!any) return std::unique_ptr<Party>();
  if (!missing.empty()) {
    std::string list;
    for (std::size_t i = 0; i < missing.size() && i < 10; ++i)
      list += (i == 0 ? "\"" : ", \"") + missing[i].substr(0, 100) + "\"";
    return error(ErrorCode::invalid, "The mapping names columns that the file does not have: " + list + ".");
  }
  if (mapping->keep_others) {
    std::set<std::string> targets;
    for (const std::string& name : names) targets.insert(lower_ascii(name));
    for (const std::string& name : header.names()) {
      if (name.empty() || used.contains(lower_ascii(name))) continue;
      if (targets.contains(lower_ascii(name)))
        return error(ErrorCode::invalid,
                     "The mapping makes \"" + name.substr(0, 100) +
                         "\" of another column, but the file has a column of that name too. Say what "
                         "becomes of it; null leaves it out.");
      names.push_back(name);
    }
  }
  Header to(names);
  auto party = kind == "stock" ? stock_levels(to, true) : kind == "order" ? plain_orders(to) : stock_levels(to, false);
  if (!party && kind != "stock" && kind != "product") party = plain_orders(to);
  if (!party && kind != "stock" && kind != "order") party = plain_products(to);
  if (!party)
    return error(
        ErrorCode::invalid,
        "With this mapping nothing tells one product from another: let a column become sku or ean; for stock, sku "
        "and stock; for orders, channel_order_id, sku and quantity.");
  return std::unique_ptr<Party>(std::make_unique<MappedTable>(mapping, header, std::move(to), std::move(party)));
}

}  // namespace pf::exchange
