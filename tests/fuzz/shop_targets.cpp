// What a shop's files and people's own definitions mean: formats as data, rules, mappings, tables of other systems; and
// what the machine and the house itself hand over: time zones, fonts, what a cell answers.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "catalog/image_kind.h"
#include "catalog/measurement.h"
#include "catalog/product_body.h"
#include "cell/wire.h"
#include "exchange/carrier_format.h"
#include "exchange/json_meaning.h"
#include "exchange/mapping.h"
#include "exchange/party.h"
#include "exchange/values.h"
#include "formats/cell_messages.h"
#include "formats/csv.h"
#include "formats/reading.h"
#include "formats/true_type.h"
#include "jobs/schedule.h"
#include "json/fields.h"
#include "productflow/money.h"
#include "productflow/text.h"
#include "productflow/zone.h"
#include "rules/condition.h"
#include "rules/order_rules.h"
#include "rules/product_rules.h"
#include "search/letters.h"
#include "search/pattern.h"
#include "targets.h"

namespace pf::fuzz {
namespace {

void must_stand(bool rule) {
  if (!rule) std::abort();
}
template <class T>
void must_say(const Result<T>& result) {
  must_stand(result.ok() || !result.error().message.empty());
}

// Whatever is uploaded, to the last row of what it seems to be.
Result<> read_opened(formats::FileReading& reading, const formats::OpenedFile& file) {
  using formats::OpenedFile;
  using Go = Result<formats::ZipReader::Go>;
  const auto row = [](formats::TableRow&& one) -> Go {
    must_stand(one.cells.size() <= formats::message::kCellsMax);
    return formats::ZipReader::Go::on;
  };
  if (file.kind == OpenedFile::Kind::workbook) {
    for (std::size_t i = 0; i < file.sheets.size() && i < 3; ++i) PF_TRY(reading.sheet_rows(i, row));
  } else if (file.kind == OpenedFile::Kind::xml) {
    PF_LET(const auto tables, reading.xml_tables());
    if (!tables.candidates.empty()) PF_TRY(reading.xml_rows(tables.candidates[0], row));
  } else if (file.kind == OpenedFile::Kind::text && file.json) {
    // What is cut into values is the same as what a cell hands over; as a tree it is read as well.
    PF_LET(const auto tables, reading.xml_tables());
    for (std::size_t i = 0; i < tables.candidates.size() && i < 2; ++i) {
      PF_LET(const auto table, reading.xml_table(tables.candidates[i]));
      PF_TRY(reading.xml_rows(tables.candidates[i], [&](formats::TableRow&& one) -> Go {
        must_stand(!one.fault.empty() || one.cells.size() == table.columns.size());
        return row(std::move(one));
      }));
    }
    return reading.json_values([](formats::JsonValue&& one) -> Go {
      must_stand(one.line > 0 && one.bytes <= formats::kJsonItemBytesMax);
      cell::Packer out;
      formats::message::pack_value(out, one.value);
      cell::Unpacker in(out.bytes());
      json::Value back;
      std::size_t values = one.bytes;
      must_stand(formats::message::unpack_value(in, json::kDepthMax, values, back) && in.whole() && back == one.value);
      return formats::ZipReader::Go::on;
    });
  } else if (file.kind == OpenedFile::Kind::text) {
    PF_TRY(reading.table_rows({file.lines.empty() ? std::nullopt : std::optional<std::size_t>(0), true}, row));
  }
  return {};
}

std::string_view next_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

class Table final : public rules::Subject {
 public:
  explicit Table(std::string_view cell) : cell_(cell) {}
  const catalog::Units& units() const override { return *catalog::built_in_units(); }
  Result<> values(std::size_t cell, rules::Values& out) const override {
    for (std::size_t i = 0; i < cell % 4; ++i) out.push_back(cell_);
    return {};
  }

 private:
  std::string cell_;
};

}  // namespace

void file(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  formats::MemorySource source(bytes, 1 + data[0]);
  const auto reading = formats::open_here(source);
  must_stand(reading.ok());
  // Read as somebody might say that it is.
  static const formats::Written kSaid[] = {{},
                                           {.keyed = "$"},
                                           {.keyed = "$/a"},
                                           {"utf-8", "||", "'", {}},
                                           {"iso-8859-7", "\xc2\xa7", "none", "$/a/b"},
                                           {"utf-16le", "", "`", "$"}};
  const auto opened = (*reading)->open(kSaid[data[0] < 0x80 ? 0 : data[0] % std::size(kSaid)]);
  must_say(opened);
  if (!opened.ok()) return;
  if (opened->kind != formats::OpenedFile::Kind::archive) return must_say(read_opened(**reading, *opened));
  for (std::size_t i = 0; i < opened->entries.size() && i < 3; ++i) {
    const auto entry = (*reading)->open_entry(i);
    must_say(entry);
    if (entry.ok()) must_say(read_opened(**reading, *entry));
    must_say((*reading)->entry_bytes(i, [](std::string_view) { return Result<>(); }));
  }
}

// What a cell said, that somebody may have taken over.
void answer(const std::uint8_t* data, std::size_t size) {
  using namespace formats::message;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (cell::Unpacker in(bytes); !in.ended() && !in.failed();) {
    const auto row = unpack_row(in);
    must_stand(row.cells.size() <= kCellsMax && row.remarks.size() <= formats::kColumnsMax);
  }
  cell::Unpacker element(bytes), error(bytes), json(bytes);
  json::Value value;
  std::size_t values = 1'000;
  if (unpack_value(json, json::kDepthMax, values, value)) must_stand(json::parse(json::write(value)).ok());
  formats::XmlElement read;
  std::size_t left = 10'000;
  if (unpack_element(element, 100, formats::kXmlDepthMax, left, read)) must_stand(read.path < 100 && left <= 10'000);
  if (const auto fault = unpack_error(error)) must_stand(!first_bad_utf8(fault->message));
}

// Definitions that a shop sends as JSON. What is understood is understood again as it was kept.
void definition(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto format = exchange::parse_channel_format(text);
  must_say(format);
  if (format.ok()) must_stand(exchange::parse_channel_format(format->text).ok());
  const auto carrier = exchange::parse_carrier_format(text);
  must_say(carrier);
  if (carrier.ok()) must_stand(exchange::parse_carrier_format(carrier->text).ok());
  const auto mapping = exchange::parse_mapping(text);
  must_say(mapping);
  const auto value = json::parse(text);
  if (!value.ok()) return;
  for (const auto style : {catalog::BodyStyle::json, catalog::BodyStyle::merge_patch, catalog::BodyStyle::form})
    must_say(catalog::product_body_of(*value, style));
  const auto meaning = exchange::meaning_of(*value);
  must_stand(!(meaning.product && meaning.order));
  static_cast<void>(exchange::orders_listed(*value));
  const auto said = json::read_fields<rules::RuleBody>(*value);
  must_say(said);
  if (!said.ok()) return;
  const auto rule = rules::rule_with({}, *said);
  must_say(rule);
  if (!rule.ok()) return;
  if (rule->on == rules::On::product) {
    rules::ProductRules all;
    must_say(all.add(*rule));
  } else {
    rules::OrderRules all;
    must_say(all.add(*rule));
  }
}

// A line of JSON that is a condition, and what the fields hold.
void condition(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto value = json::parse(next_line(rest));
  if (!value.ok()) return;
  const auto said = json::read_fields<rules::WhenSaid>(*value);
  if (!said.ok()) return;
  Faults faults;
  const auto named = [](std::string_view field, std::string_view) -> Result<std::size_t> {
    if (field.starts_with('x')) return error(ErrorCode::invalid, "There is no such field.");
    return field.size();
  };
  const auto compiled = rules::Condition::compile(*said, named, faults);
  if (!faults.empty()) return;
  const Table table(rest);
  const auto once = compiled.holds(table), again = compiled.holds(table);
  must_say(once);
  must_stand(once.ok() == again.ok() && (!once.ok() || *once == *again));
}

// A table as any of the systems that are known would have written it; each row ends in one item or more, or waits.
void party(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  constexpr std::string_view kKinds[] = {"", "product", "order", "stock", "tracking", "model"};
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::shared_ptr<const exchange::Mapping> mapping;
  if (text.starts_with('{'))
    if (auto parsed = exchange::parse_mapping(next_line(text)); parsed.ok())
      mapping = std::make_shared<const exchange::Mapping>(*std::move(parsed));
  std::optional<exchange::Header> header;
  std::unique_ptr<exchange::Party> known;
  std::vector<exchange::ProductItem> products;
  std::vector<exchange::OrderItem> orders;
  formats::CsvReader csv(',', formats::CsvReader::Quotes::rfc4180);
  const auto take = [&](formats::TableRow&& row) -> Result<> {
    if (!row.fault.empty()) return {};
    for (const std::string& cell : row.cells)
      if (first_bad_utf8(cell) || cell.find('\0') != std::string::npos) return {};
    if (!header) {
      header.emplace(row.cells);
      PF_LET(known, exchange::party_for(*header, kKinds[data[0] % std::size(kKinds)], mapping));
      return known ? Result<>() : error(ErrorCode::unsupported, "Not known.");
    }
    if (row.cells.size() > header->names().size() && !known->ragged()) return {};
    known->row({row.line, &*header, std::move(row.cells), true}, products, orders);
    return {};
  };
  const auto fed = csv.feed(text, take);
  const auto done = fed.ok() ? csv.finish(take) : fed;
  must_say(done);
  if (!known) return;
  known->flush(products, orders);
  must_stand(!known->name().empty());
  static_cast<void>(known->remarks());
  for (const auto& item : products)
    for (const FieldFault& fault : item.faults) must_stand(!fault.message.empty());
}

// One cell, as values of every kind.
void value(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (first_bad_utf8(text)) {
    must_stand(search::lower(text).size() > 0);
    return;
  }
  if (const auto amount = exchange::amount_of(text)) {
    must_stand(amount->currency.empty() || amount->currency.size() == 3);
    const auto money = parse_money(amount->decimal, *Currency::parse("EUR"));
    if (money.ok()) must_stand(parse_money(decimal(*money), money->currency)->minor == money->minor);
  }
  static_cast<void>(exchange::whole_pieces(text));
  static_cast<void>(exchange::yes_or_no(text));
  static_cast<void>(exchange::category_path(text));
  static_cast<void>(exchange::slug_of(text));
  static_cast<void>(exchange::country_of(text));
  for (const std::string& one : exchange::list_of(text)) must_stand(!one.empty());
  if (const auto locale = exchange::locale_in(text)) must_stand(!locale->empty());
  if (const auto time = parse_time(text); time.ok()) must_stand(parse_time(rfc3339(*time)).ok());
  must_stand(!first_bad_utf8(search::lower(text)) && !first_bad_utf8(search::upper(text)));
  if (const auto minute = jobs::minute_of_day(text))
    must_stand(jobs::minute_of_day(jobs::clock_text(*minute)) == minute);
  const auto pattern = search::Pattern::compile(text.substr(0, text.find('\n')));
  must_say(pattern);
  if (pattern.ok()) static_cast<void>(pattern->found_in(text));
}

// What the machine and the house bring along: time zones, fonts; and pictures by their heads.
void data_file(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (const auto zone = Zone::read(bytes); zone.ok())
    for (const std::int64_t second : {-3'000'000'000LL, 0LL, 1'800'000'000LL, 7'000'000'000LL}) {
      const auto local = zone->local(Time{std::chrono::seconds{second}});
      static_cast<void>(zone->moment(local));
    }
  else
    must_say(zone);
  if (const auto font = formats::TrueType::read(std::string(bytes)); font.ok()) {
    const auto glyph = font->glyph_of(U'a' + data[0]);
    static_cast<void>(font->width_of(glyph));
    static_cast<void>(font->measures());
    static_cast<void>(font->subset({0, glyph, static_cast<formats::Glyph>(data[0])}));
  }
  if (const auto kind = catalog::image_kind(bytes)) must_stand(kind->width > 0 && kind->height > 0);
}

}  // namespace pf::fuzz
