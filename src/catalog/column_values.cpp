#include "catalog/column_values.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "catalog/catalog_keys.h"
#include "catalog/fragments.h"
#include "catalog/inheritance.h"
#include "catalog/measurement.h"
#include "catalog/record.h"
#include "json/json.h"
#include "productflow/faults.h"

namespace pf::catalog {
namespace {

constexpr std::string_view kOfAttributes = "attributes.";
constexpr std::size_t kNameShown = 100;  // bytes of a stranger's name in an answer

// What a stranger wrote, short enough to be repeated.
std::string shown_name(std::string_view name) {
  std::size_t size = std::min(name.size(), kNameShown);
  while (size > 0 && size < name.size() && (static_cast<unsigned char>(name[size]) & 0xc0) == 0x80) --size;
  return "\"" + std::string(name.substr(0, size)) + "\"";
}

// A segment's attributes; the views are into `bytes`, which does not move.
struct SegmentValues {
  std::string bytes{};
  std::vector<Fragment> attributes{};

  Result<> read(std::string_view behind_head) {
    std::vector<Fragment> fields;
    if (!take_fragments(behind_head, fields) || !take_fragments(behind_head, attributes))
      return error(ErrorCode::internal, "A product's record is damaged.");
    return {};
  }
  // What stands there and says something.
  std::optional<std::string_view> value(std::string_view quoted, std::size_t hint) const {
    const auto* found = find_fragment(attributes, quoted, hint);
    if (found == nullptr || !says_something(found->value())) return std::nullopt;
    return found->value();
  }
};

struct ShownRecord {
  std::string sku{}, parent{};
  SegmentValues common{};
  std::vector<SegmentValues> texts{};  // beside the locales that are read; empty without
};

struct Found {
  std::string_view bytes{}, from{}, locale{};
};

// A column with what is the same for all rows.
struct Reading {
  const ValueColumn* column = nullptr;
  std::string quoted{};                // the name as segments have it
  std::vector<std::size_t> locales{};  // places among those that are read: its own, then those that lend
  bool inherited = true;
  const KnownAttribute* attribute = nullptr;  // null: nobody described it
};

class ColumnReader {
 public:
  ColumnReader(const storage::Store& store, const Products& products, const storage::Reader& reader)
      : products_(products), reader_(reader), family_(store.family(keys::kProducts)) {}

  Result<std::vector<std::string>> read(std::span<const std::string> skus, std::span<const ValueColumn> columns,
                                        std::string_view locale) {
    PF_LET(languages_, products_.languages(reader_));
    PF_LET(model_, products_.models().known(reader_));
    labels_in_ = languages_.lending(locale);
    for (const ValueColumn& column : columns) add(column, locale);
    PF_TRY(load(skus));
    std::vector<std::vector<std::optional<Found>>> found(skus.size());
    for (std::size_t i = 0; i < skus.size(); ++i) {
      const auto line = line_of(skus[i]);
      for (const Reading& reading : readings_) found[i].push_back(value_of(reading, line));
    }
    PF_TRY(check_known(found));
    PF_TRY(read_records(found));
    std::vector<std::string> out(skus.size());
    for (std::size_t i = 0; i < skus.size(); ++i) out[i] = written(found[i]);
    return out;
  }

 private:
  void add(const ValueColumn& column, std::string_view locale) {
    Reading reading{.column = &column};
    json::write_string(column.name, reading.quoted);
    for (const auto& one : languages_.lending(column.locale.empty() ? locale : std::string_view(column.locale))) {
      const auto at = std::ranges::find(locales_, one);
      reading.locales.push_back(static_cast<std::size_t>(at - locales_.begin()));
      if (at == locales_.end()) locales_.push_back(one);
    }
    reading.inherited = is_inherited(*model_, column.name);
    const auto cell = model_->cell(column.name);
    if (!cell.is_unit) reading.attribute = cell.attribute;
    described_.push_back(cell.attribute != nullptr);
    readings_.push_back(std::move(reading));
  }

  // The products, and level by level those above whoever lacks something.
  Result<> load(std::span<const std::string> skus) {
    std::vector<std::string> wanted(skus.begin(), skus.end());
    for (std::size_t level = 0; level < kLevelsMax && !wanted.empty(); ++level) {
      PF_TRY(load_these(wanted));
      std::vector<std::string> above;
      for (const auto& sku : wanted) {
        const auto& record = *records_.at(sku);
        if (!record.parent.empty() && !records_.contains(record.parent) && lacks_something(record) &&
            std::ranges::find(above, record.parent) == above.end())
          above.push_back(record.parent);
      }
      wanted = std::move(above);
    }
    return {};
  }

  Result<> load_these(std::vector<std::string>& skus) {
    std::vector<std::string> wanted;
    const std::size_t each = 1 + locales_.size();
    wanted.reserve(skus.size() * each);
    for (const auto& sku : skus) {
      wanted.push_back(keys::common(sku));
      for (const auto& locale : locales_) wanted.push_back(keys::texts(sku, locale));
    }
    PF_LET(auto found, reader_.get_many(family_, wanted));
    for (std::size_t i = 0; i < skus.size(); ++i) {
      auto record = std::make_unique<ShownRecord>();
      record->sku = skus[i];
      record->texts.resize(locales_.size());
      if (auto& common = found[i * each]) {  // one that went meanwhile, or a parent that has yet to come, has nothing
        record->common.bytes = *std::move(common);
        PF_LET(record->parent, parent_of(record->common.bytes));
        PF_TRY(record->common.read(fragments_of_common(record->common.bytes)));
        for (std::size_t k = 0; k < locales_.size(); ++k)
          if (auto& texts = found[i * each + 1 + k]) {
            record->texts[k].bytes = *std::move(texts);
            PF_TRY(record->texts[k].read(fragments_of_texts(record->texts[k].bytes)));
          }
      }
      records_.emplace(skus[i], std::move(record));
    }
    return {};
  }

  bool lacks_something(const ShownRecord& record) const {
    return std::ranges::any_of(readings_, [&](const Reading& reading) {
      return reading.inherited && !record.common.value(reading.quoted, 0) &&
             !record.texts[reading.locales.front()].value(reading.quoted, 0);
    });
  }

  std::vector<const ShownRecord*> line_of(const std::string& sku) const {
    std::vector<const ShownRecord*> out;
    for (auto at = records_.find(sku); at != records_.end() && out.size() < kLevelsMax;
         at = records_.find(at->second->parent))
      out.push_back(at->second.get());
    return out;
  }

  // First what is for everybody or in the language asked for, anywhere in the line, then what those that lend have.
  std::optional<Found> value_of(const Reading& reading, const std::vector<const ShownRecord*>& line) const {
    for (std::size_t lends = 0; lends < reading.locales.size(); ++lends)
      for (std::size_t level = 0; level < line.size() && (level == 0 || reading.inherited); ++level) {
        const ShownRecord& record = *line[level];
        const std::string_view from = level == 0 ? std::string_view() : std::string_view(record.sku);
        if (lends == 0)
          if (const auto bytes = record.common.value(reading.quoted, 0)) return Found{*bytes, from, {}};
        if (const auto bytes = record.texts[reading.locales[lends]].value(reading.quoted, 0))
          return Found{*bytes, from, lends == 0 ? std::string_view() : locales_[reading.locales[lends]]};
      }
    return std::nullopt;
  }

  // A name that is none would be an empty column that nobody wonders at.
  Result<> check_known(const std::vector<std::vector<std::optional<Found>>>& found) const {
    Faults faults;
    for (std::size_t c = 0; c < readings_.size(); ++c) {
      if (described_[c] || std::ranges::any_of(found, [&](const auto& row) { return row[c].has_value(); })) continue;
      ProductQuery any;
      any.where.push_back(
          {.column = std::string(kOfAttributes) + readings_[c].column->name, .op = Operator::empty, .values = {"0"}});
      any.count = 1;
      any.skus_only = true;
      PF_LET(const auto page, products_.list(reader_, any));
      if (page.total == 0)
        faults.add("columns", "unknown",
                   shown_name(readings_[c].column->name) +
                       " is neither an attribute that somebody described nor one that a product has.");
    }
    return std::move(faults).checked();
  }

  // --- what people read for codes

  static std::vector<std::string> codes_in(std::string_view bytes) {
    std::vector<std::string> out;
    const auto value = json::parse(bytes);
    if (!value.ok()) return out;
    if (const auto* text = value->as_string()) out.push_back(*text);
    if (const auto* list = value->as_array())
      for (const auto& one : *list)
        if (one.as_string() != nullptr) out.push_back(*one.as_string());
    return out;
  }

  Result<> read_records(const std::vector<std::vector<std::optional<Found>>>& found) {
    std::map<std::string, std::vector<std::string>> wanted;  // kind -> codes
    for (std::size_t c = 0; c < readings_.size(); ++c) {
      const auto* attribute = readings_[c].attribute;
      if (attribute == nullptr || attribute->said.reference_kind.empty()) continue;
      auto& codes = wanted[attribute->said.reference_kind];
      for (const auto& row : found)
        if (row[c])
          for (auto& code : codes_in(row[c]->bytes)) codes.push_back(std::move(code));
    }
    for (auto& [kind, codes] : wanted) {
      std::ranges::sort(codes);
      codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
      PF_LET(const auto records, products_.references().find_many(reader_, kind, codes));
      for (std::size_t i = 0; i < codes.size(); ++i)
        if (records[i]) record_labels_[kind].emplace(codes[i], label_in(records[i]->labels, codes[i]));
    }
    return {};
  }

  // In the reader's language, else in one that lends to it, else in any.
  std::string label_in(const Labels& labels, const std::string& code) const {
    for (const auto& locale : labels_in_)
      if (auto label = label_of(labels, code, locale); label != "[" + code + "]") return label;
    return labels.empty() ? code : labels.front().second;
  }

  std::string choice_label(const KnownAttribute& attribute, const std::string& code) const {
    const auto& choices = attribute.said.choices;
    const auto at = attribute.choice_named.find(code);
    if (at == attribute.choice_named.end() || choices[at->second].code != code) return code;  // a choice that went
    return label_in(choices[at->second].labels, code);
  }

  // `,"label":...`, or nothing where the value is what people read.
  std::string label_member(const Reading& reading, std::string_view bytes) {
    const auto* attribute = reading.attribute;
    if (attribute == nullptr) return {};
    if (attribute->type == AttributeType::measurement) {
      const auto value = json::parse(bytes);
      const auto* unit = value.ok() && value->as_object() != nullptr ? value->find("unit") : nullptr;
      const auto* code = unit != nullptr ? unit->as_string() : nullptr;
      const auto* known = code != nullptr ? model_->units->unit(*code) : nullptr;
      if (known == nullptr) return {};
      std::string out = ",\"label\":";
      json::write_string(known->symbol.empty() ? label_in(known->labels, known->code) : known->symbol, out);
      return out;
    }
    const bool choice = attribute->type == AttributeType::choice || attribute->type == AttributeType::choices;
    const std::string& kind = attribute->said.reference_kind;
    if (!choice && kind.empty()) return {};
    const auto label = [&](const std::string& code) {
      if (choice) return choice_label(*attribute, code);
      const auto& of_kind = record_labels_[kind];
      const auto at = of_kind.find(code);
      return at == of_kind.end() ? code : at->second;
    };
    const auto codes = codes_in(bytes);
    if (codes.empty()) return {};
    std::string out = ",\"label\":";
    if (bytes.front() == '"') {
      json::write_string(label(codes.front()), out);
      return out;
    }
    out += '[';
    for (std::size_t i = 0; i < codes.size(); ++i) {
      if (i > 0) out += ',';
      json::write_string(label(codes[i]), out);
    }
    return out += ']';
  }

  std::string written(const std::vector<std::optional<Found>>& row) {
    std::string out = "{";
    for (std::size_t c = 0; c < readings_.size(); ++c) {
      if (!row[c]) continue;
      if (out.size() > 1) out += ',';
      json::write_string(readings_[c].column->said, out);
      out.append(":{\"value\":").append(row[c]->bytes).append(label_member(readings_[c], row[c]->bytes));
      for (const auto& [name, text] : {std::pair("from", row[c]->from), std::pair("locale", row[c]->locale)}) {
        if (text.empty()) continue;
        out.append(",\"").append(name).append("\":");
        json::write_string(text, out);
      }
      out += '}';
    }
    return out += '}';
  }

  const Products& products_;
  const storage::Reader& reader_;
  const storage::FamilyRef family_;
  Languages languages_{};
  std::shared_ptr<const Model> model_{};
  std::vector<std::string> labels_in_{};
  std::vector<std::string> locales_{};  // whose texts are read
  std::vector<Reading> readings_{};
  std::vector<bool> described_{};  // beside readings_
  std::unordered_map<std::string, std::unique_ptr<ShownRecord>> records_{};
  std::map<std::string, std::map<std::string, std::string>> record_labels_{};  // kind -> code -> label
};

}  // namespace

Result<std::vector<ValueColumn>> value_columns(std::span<const std::string> said, const Languages& languages) {
  std::vector<ValueColumn> out;
  Faults faults;
  const auto fault = [&](const char* code, std::string message) { faults.add("columns", code, std::move(message)); };
  for (const std::string& one : said) {
    if (std::ranges::find(out, one, &ValueColumn::said) != out.end()) continue;
    if (!one.starts_with(kOfAttributes) || one.size() == kOfAttributes.size()) {
      fault("unknown", shown_name(one) + " is no column of values; write attributes.CODE, or attributes.CODE@LOCALE.");
      continue;
    }
    if (out.size() == kValueColumnsMax) {
      fault("too_many", "A list shows at most " + std::to_string(kValueColumnsMax) + " columns of values at once.");
      break;
    }
    ValueColumn column{.said = one, .name = one.substr(kOfAttributes.size()), .locale = {}};
    if (const auto at = column.name.rfind('@'); at != std::string::npos && at > 0) {
      auto locale = parse_locale(std::string_view(column.name).substr(at + 1));
      if (locale.ok() && !languages.has(*locale))
        fault("locale", shown_name(one) + " is in no language of the shop.");
      else if (locale.ok()) {
        column.locale = *std::move(locale);
        column.name.resize(at);
      }
    }
    out.push_back(std::move(column));
  }
  PF_TRY(std::move(faults).checked());
  return out;
}

Result<std::vector<std::string>> column_jsons(const storage::Store& store, const Products& products,
                                              const storage::Reader& reader, std::span<const std::string> skus,
                                              std::span<const ValueColumn> columns, std::string_view locale) {
  return ColumnReader(store, products, reader).read(skus, columns, locale);
}

}  // namespace pf::catalog
