#include "exchange/description_export.h"

#include <algorithm>
#include <set>

#include "catalog/languages.h"
#include "exchange/description_cells.h"
#include "exchange/party.h"
#include "exchange/product_export.h"
#include "exchange/reference_export.h"
#include "formats/zip_writer.h"
#include "json/members.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using catalog::Model;
using catalog::ModelKind;

constexpr std::size_t kPicturesAtOnce = 500;  // that are looked up; their bytes come one by one
constexpr std::string_view kLabels = "label-*", kRequirements = "requirements-*";

struct DescribedRow {
  Cells cells{};
  json::Value foreign{json::Members{}};  // cells of another system, where they change nothing
  std::string code{};
  json::Value said{json::Members{}};  // what the row must be read as
};

struct DescribedTable {
  ExportKind kind;
  ModelKind of = ModelKind::attribute;
  std::vector<std::string_view> layout{};  // Akeneo's columns, in the order of its files
  std::vector<std::string> requirements{};
  std::vector<DescribedRow> rows{};
};

// What a description says that stands in the rows of another table.
void leave_to_others(ModelKind kind, json::Value& said) {
  if (kind == ModelKind::attribute) said.erase("choices");
  if (kind != ModelKind::family) return;
  said.erase("axes");
  if (json::Value foreign = *said.find("foreign"); foreign.erase(kForeignVariants))
    said.set("foreign", std::move(foreign));
}

// Channels in an order in which each family names those that it requires, as far as there is one; so that reading the
// columns from the left gives the same lists again.
std::vector<std::string> channels_in_order(const std::vector<DescribedRow>& families) {
  std::set<std::string> open;
  std::set<std::pair<std::string, std::string>> before;
  for (const DescribedRow& row : families)
    for (const json::Value& one : *row.said.find("attributes")->as_array()) {
      const json::Array& required = *one.find("required")->as_array();
      for (std::size_t i = 0; i < required.size(); ++i) {
        open.insert(*required[i].as_string());
        if (i > 0) before.emplace(*required[i - 1].as_string(), *required[i].as_string());
      }
    }
  std::vector<std::string> out;
  while (!open.empty()) {
    const auto is_first = [&](const std::string& channel) {
      return std::ranges::none_of(before, [&](const auto& pair) {
        return pair.second == channel && pair.first != channel && open.contains(pair.first);
      });
    };
    auto next = std::ranges::find_if(open, is_first);
    if (next == open.end()) next = open.begin();  // two families disagree
    out.push_back(*next);
    open.erase(next);
  }
  return out;
}

// Those above first, neighbours by their place.
std::vector<const json::Value*> categories_in_order(const Model& model, const json::Value& all) {
  std::map<std::string, std::vector<const json::Value*>> below;
  for (const json::Value& one : *all.as_array()) {
    const std::string above(model.category_above(json::text_in(one, "path")));
    below[model.categories.contains(above) ? above : std::string()].push_back(&one);
  }
  std::vector<const json::Value*> out, open(below[""].rbegin(), below[""].rend());
  while (!open.empty()) {
    const json::Value* one = open.back();
    open.pop_back();
    out.push_back(one);
    const auto inner = below.find(json::text_in(*one, "path"));
    if (inner != below.end()) open.insert(open.end(), inner->second.rbegin(), inner->second.rend());
  }
  return out;
}

void add_options(const Model& model, DescribedTable& table) {
  const json::Value all = catalog::described_all(model, ModelKind::attribute);
  for (const json::Value& one : *all.as_array()) {
    const std::string attribute = json::text_in(one, "code");
    std::size_t position = 0;
    for (const catalog::Choice& choice : model.attribute(attribute)->said.choices) {
      DescribedRow& row = table.rows.emplace_back();
      row.code = attribute;
      row.said = json::write_fields(choice);
      row.cells = {{"code", choice.code}, {"attribute", attribute}, {"sort_order", std::to_string(++position)}};
      put_labels(row.cells, *row.said.find("labels"));
    }
  }
}

// The rows that another system had of a family's variants, the first of them as the family says it now.
void add_variants(const Model& model, DescribedTable& table) {
  const json::Value all = catalog::described_all(model, ModelKind::family);
  for (const json::Value& family : *all.as_array()) {
    const json::Array& axes = *family.find("axes")->as_array();
    if (axes.empty()) continue;
    const std::string code = json::text_in(family, "code");
    Cells now;
    for (std::size_t level = 0; level < axes.size(); ++level)
      now.emplace("variant-axes_" + std::to_string(level + 1), cell_of_codes(axes[level]));
    auto rows = json::parse(json::text_in(*family.find("foreign"), kForeignVariants));
    if (!rows.ok() || rows->as_array() == nullptr || rows->as_array()->empty())
      rows = json::Value(json::Array{json::Value::object({{"code", code}})});
    for (const json::Value& one : *rows->as_array()) {
      DescribedRow& row = table.rows.emplace_back();
      row.code = code;
      for (const auto& [column, cell] : *one.as_object())
        if (cell.as_string() != nullptr) row.cells.emplace(column, *cell.as_string());
      row.cells.insert_or_assign("family", code);
      if (&one != &rows->as_array()->front()) continue;  // of which nothing is read but that it is kept
      row.said = json::Value::object({{"axes", json::Value(axes)}});
      Cells kept;
      for (const auto& [column, cell] : row.cells)
        if (column.starts_with("variant-axes_")) kept.emplace(column, cell);
      if (kept == now) continue;
      if (const json::Value* foreign = family.find("foreign")->find(kForeignVariants))
        row.said.set("foreign", json::Value::object({{std::string(kForeignVariants), *foreign}}));
      std::erase_if(row.cells, [](const auto& cell) { return cell.first.starts_with("variant-a"); });
      row.cells.insert(now.begin(), now.end());
    }
  }
}

// What the shop says of them, without what is built in.
json::Value families_of_units(const Model& model) {
  json::Value out = json::Value::array();
  for (const auto& [code, known] : model.measurement_families) out.push(json::write_fields(known->said));
  return out;
}

DescribedTable table_of(const Model& model, ExportKind kind) {
  DescribedTable out{.kind = kind};
  switch (kind) {
    case ExportKind::attribute_option:
      out.layout = {"code", kLabels, "attribute", "sort_order"};
      add_options(model, out);
      return out;
    case ExportKind::family_variant:
      out.of = ModelKind::family;
      out.layout = {"code",
                    "family",
                    kLabels,
                    "variant-axes_1",
                    "variant-axes_2",
                    "variant-attributes_1",
                    "variant-attributes_2"};
      add_variants(model, out);
      return out;
    case ExportKind::attribute_group:
      out.of = ModelKind::group;
      out.layout = {"code", "sort_order", kLabels};
      break;
    case ExportKind::family:
      out.of = ModelKind::family;
      out.layout = {"code", kLabels, "attributes", "attribute_as_image", "attribute_as_label", kRequirements};
      break;
    case ExportKind::category:
      out.of = ModelKind::category;
      out.layout = {"code", "parent", kLabels, kPositionColumn};
      break;
    case ExportKind::channel:
      out.of = ModelKind::channel;
      out.layout = {"code", kLabels, "currencies", "locales", "tree", "conversion_units"};
      break;
    case ExportKind::association_type:
      out.of = ModelKind::association_type;
      out.layout = {"code", kLabels, "is_quantified", "is_two_way"};
      break;
    case ExportKind::reference_kind:
      out.of = ModelKind::reference_kind;
      out.layout = {"code", kLabels, kKindAttributes};
      break;
    case ExportKind::measurement_family:
      out.of = ModelKind::measurement_family;
      out.layout = {"code", kLabels, "standard_unit", kFamilyUnits};
      break;
    default:
      out.layout = {"code",
                    kLabels,
                    "allowed_extensions",
                    "auto_option_sorting",
                    "available_locales",
                    "date_max",
                    "date_min",
                    "decimals_allowed",
                    "default_metric_unit",
                    "group",
                    "localizable",
                    "max_characters",
                    "max_file_size",
                    "metric_family",
                    "minimum_input_length",
                    "negative_allowed",
                    "number_max",
                    "number_min",
                    "reference_data_name",
                    "scopable",
                    "sort_order",
                    "type",
                    "unique",
                    "useable_as_grid_filter",
                    "validation_regexp",
                    "validation_rule",
                    "wysiwyg_enabled"};
  }
  const json::Value all =
      out.of == ModelKind::measurement_family ? families_of_units(model) : catalog::described_all(model, out.of);
  std::vector<const json::Value*> order;
  if (out.of == ModelKind::category)
    order = categories_in_order(model, all);
  else
    for (const json::Value& one : *all.as_array()) order.push_back(&one);
  for (const json::Value* one : order) {
    DescribedRow& row = out.rows.emplace_back();
    row.code = json::text_in(*one, out.of == ModelKind::category ? "path" : "code");
    row.said = *one;
    row.said.erase("choices_count");
    leave_to_others(out.of, row.said);
    row.cells = akeneo_cells(out.of, row.said);
    if (const json::Value* foreign = row.said.find("foreign")) row.foreign = *foreign;
    if (out.of == ModelKind::category)
      if (const std::string above(model.category_above(row.code)); model.categories.contains(above))
        row.cells.insert_or_assign("parent", above);
  }
  if (out.of == ModelKind::family) out.requirements = channels_in_order(out.rows);
  return out;
}

// Akeneo's columns, those that other systems have besides, and ours at the end. Of two names that differ in case alone
// one has a column.
std::vector<std::string> columns_of(const DescribedTable& table) {
  std::set<std::string> labels, others;
  for (const DescribedRow& row : table.rows) {
    for (const auto& [column, ignored] : row.cells) (column.starts_with("label-") ? labels : others).insert(column);
    for (const auto& [column, ignored] : *row.foreign.as_object()) others.insert(column);
  }
  std::vector<std::string> out;
  std::set<std::string> seen{std::string(kOwnFacts)};
  const auto add = [&](const std::string& column) {
    if (seen.insert(lower_ascii(column)).second) out.push_back(column);
  };
  for (const std::string_view column : table.layout)
    if (column == kLabels)
      for (const std::string& label : labels) add(label);
    else if (column == kRequirements)
      for (const std::string& channel : table.requirements) add("requirements-" + channel);
    else
      add(std::string(column));
  for (const std::string& column : others)
    if (!column.starts_with("requirements-")) add(column);
  out.emplace_back(kOwnFacts);
  return out;
}

// What the importer reads of a row.
class Reading {
 public:
  Reading(const DescribedTable& table, const Header& header) : table_(table), header_(header) {}
  json::Value of(std::vector<std::string> cells) const {
    const auto party = akeneo_model(header_);
    if (!party) return json::Value(json::Members{});
    std::vector<ProductItem> products;
    std::vector<OrderItem> orders;
    party->row(Row{.line = 1, .header = &header_, .cells = std::move(cells)}, products, orders);
    const DescribingItem& item = party->describing.back();
    if (table_.kind == ExportKind::attribute_option || table_.kind == ExportKind::family_variant) return item.body;
    auto said = catalog::as_described(table_.of, item.code, item.body);
    json::Value out = said.ok() ? *std::move(said) : item.body;
    if (!said.ok() && out.find("foreign") == nullptr) out.set("foreign", json::Value(json::Members{}));
    leave_to_others(table_.of, out);
    return out;
  }

 private:
  const DescribedTable& table_;
  const Header& header_;
};

std::vector<std::string> cells_in(const std::vector<std::string>& columns, const Cells& cells) {
  std::vector<std::string> out(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (const auto at = cells.find(columns[i]); at != cells.end()) out[i] = at->second;
  return out;
}

// The row with as much of what another system said as changes nothing of what it says here, and in its last cell what
// else must be said.
std::vector<std::string> whole_row(const std::vector<std::string>& columns, const DescribedRow& row,
                                   const Reading& reading) {
  const auto apart_from_foreign = [](json::Value said) {
    said.erase("foreign");
    return said;
  };
  Cells cells = row.cells;
  json::Value said = reading.of(cells_in(columns, cells));
  if (!row.foreign.as_object()->empty()) {
    const json::Value plain = apart_from_foreign(said);
    const auto with = [&](Cells next) {
      json::Value then = reading.of(cells_in(columns, next));
      if (!(apart_from_foreign(then) == plain)) return false;
      cells = std::move(next);
      said = std::move(then);
      return true;
    };
    Cells all = cells;
    for (const auto& [column, cell] : *row.foreign.as_object()) all.insert_or_assign(column, *cell.as_string());
    if (!with(std::move(all)))
      for (const auto& [column, cell] : *row.foreign.as_object()) {
        Cells next = cells;
        next.insert_or_assign(column, *cell.as_string());
        with(std::move(next));
      }
  }
  std::vector<std::string> out = cells_in(columns, cells);
  if (!row.said.as_object()->empty())
    if (const auto patch = patch_between(said, row.said)) out.back() = json::write(*patch);
  return out;
}

Result<> write_table(const DescribedTable& table, ExportWriter& out) {
  const std::vector<std::string> columns = columns_of(table);
  const Header header(columns);
  const Reading reading(table, header);
  PF_TRY(out.row(columns));
  for (const DescribedRow& row : table.rows) PF_TRY(out.row(whole_row(columns, row, reading)));
  return {};
}

// Languages and currencies, as Akeneo lists them.
std::vector<std::vector<std::string>> list_of_shop(const Model& model, const catalog::Languages& languages,
                                                   ExportKind kind) {
  std::vector<std::vector<std::string>> out;
  if (kind == ExportKind::locale) {
    out.push_back({"code", "is_activated"});
    if (!languages.chosen) return out;  // a new shop's first text decides
    const auto as_akeneo = [](std::string locale) {
      std::ranges::replace(locale, '-', '_');
      return locale;
    };
    const bool lent = !languages.fallbacks.empty();
    if (lent) out[0].emplace_back(kFallbackColumn);
    for (const std::string& locale : languages.locales) {
      auto& row = out.emplace_back(std::vector<std::string>{as_akeneo(locale), "1"});
      if (!lent) continue;
      const auto lender = languages.fallbacks.find(locale);
      row.push_back(lender == languages.fallbacks.end() ? std::string() : as_akeneo(lender->second));
    }
    return out;
  }
  std::set<std::string> used;
  for (const auto& [code, channel] : model.channels)
    used.insert(channel->said.currencies.begin(), channel->said.currencies.end());
  for (const auto& [code, attribute] : model.attributes)
    used.insert(attribute->said.currencies.begin(), attribute->said.currencies.end());
  out.push_back({"code", "activated"});
  for (const std::string& currency : used) out.push_back({currency, "1"});
  return out;
}

bool is_list(ExportKind kind) {
  return kind == ExportKind::locale || kind == ExportKind::currency;
}

// Whether there was a row.
Result<bool> write_kind(const Model& model, const catalog::Languages& languages, ExportKind kind, ExportFormat format,
                        bool empty_too, const std::function<Result<>()>& begin, const ExportSink& sink) {
  const auto list = is_list(kind) ? list_of_shop(model, languages, kind) : std::vector<std::vector<std::string>>();
  const DescribedTable table = is_list(kind) ? DescribedTable{.kind = kind} : table_of(model, kind);
  if (!empty_too && list.size() < 2 && table.rows.empty()) return false;
  PF_TRY(begin());
  ExportWriter out(format, std::string(is_list(kind) ? "list" : "description"), sink, true);
  PF_TRY(out.begin());
  for (const auto& row : list) PF_TRY(out.row(row));
  if (!is_list(kind)) PF_TRY(write_table(table, out));
  PF_TRY(out.end());
  return true;
}

}  // namespace

Result<> write_description(const Rooms& rooms, ExportKind kind, ExportFormat format, const ExportSink& sink) {
  const auto read = rooms.store.read();
  PF_LET(const auto model, rooms.products.models().known(read));
  PF_LET(const auto languages, rooms.products.languages(read));
  PF_TRY(write_kind(
      *model, languages, kind, format, true, [] { return Result<>(); }, sink));
  return {};
}

Result<> write_description_archive(const Rooms& rooms, bool whole, const ExportSink& sink) {
  formats::ZipWriter zip(sink);
  Result<> packed;
  const ExportSink into = [&](std::string_view piece) {
    packed = zip.write(piece);
    return packed.ok();
  };
  // The archive's own fault, where it was that.
  const auto end = [&](const Result<>& written) -> Result<> {
    PF_TRY(packed);
    PF_TRY(written);
    return zip.end();
  };
  const auto read = rooms.store.read();
  PF_LET(const auto model, rooms.products.models().known(read));
  PF_LET(const auto languages, rooms.products.languages(read));
  using enum ExportKind;
  for (const ExportKind kind : {locale, currency, channel, category, attribute_group, association_type, reference_kind,
                                measurement_family, attribute, attribute_option, family, family_variant}) {
    const std::string name = std::string(export_file_name(kind)) + ".csv";
    const auto written = write_kind(
        *model, languages, kind, ExportFormat::csv, false, [&] { return zip.begin(name); }, into);
    if (written.ok() && !*written) continue;
    PF_TRY(end(written.ok() ? Result<>() : Result<>(written.error())));
  }
  if (!whole) return zip.finish();
  std::vector<std::string> kinds;
  for (const auto& [code, kind] : model->reference_kinds) {
    PF_LET(const auto some, rooms.products.references().list(read, code, {.count = 1}));
    if (!some.records.empty()) kinds.push_back(code);
  }
  const auto table = [&](const char* name, const std::function<Result<>(ExportWriter&)>& rows) -> Result<> {
    PF_TRY(zip.begin(name));
    ExportWriter out(ExportFormat::csv, "row", into);
    return end([&]() -> Result<> {
      PF_TRY(rows(out));
      return out.end();
    }());
  };
  if (!kinds.empty())
    PF_TRY(table("reference_records.csv", [&](ExportWriter& out) { return write_references(rooms, kinds, out); }));
  // Pictures that are kept here, under the names by which products know them.
  for (std::string after; rooms.assets != nullptr;) {
    PF_LET(const auto page, rooms.assets->page(rooms.store.read(), after, kPicturesAtOnce));
    for (const catalog::Asset& one : page) {
      PF_LET(const auto bytes, rooms.assets->bytes(rooms.store.read(), one.id));
      if (!bytes) continue;
      const std::string type = one.content_type.substr(one.content_type.find('/') + 1);
      PF_TRY(zip.begin("pictures/" + one.id + "." + type));
      PF_TRY(zip.write(*bytes));
      PF_TRY(zip.end());
    }
    if (page.size() < kPicturesAtOnce) break;
    after = page.back().id;
  }
  catalog::ProductQuery any;
  any.count = 1;
  PF_LET(const auto some, rooms.products.list(read, any));
  if (!some.skus.empty())
    PF_TRY(table("products.csv", [&](ExportWriter& out) { return write_products_table(rooms, {}, false, out); }));
  return zip.finish();
}

}  // namespace pf::exchange
