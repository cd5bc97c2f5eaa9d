// Akeneo's files that describe a catalogue: attributes, options, attribute groups, families, family variants,
// categories, channels and kinds of associations (CSV or XLSX). What has no counterpart here (rights in the grid, sizes
// of files, a family's further variants) is kept as it is, for the way back. Our own exports are these files too, with
// a column of what Akeneo's cannot say (description_cells.h), and one more kind: those of reference records.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "exchange/description_cells.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using catalog::ModelKind;

std::optional<std::int64_t> whole_number(std::string_view text) {
  return text.empty() ? std::nullopt : parse_int(text);
}
bool is_one(std::string_view text) {
  return text == "1" || text == "true";
}
json::Value text_list(std::string_view cell) {
  json::Value out = json::Value::array();
  for (auto& one : list_of(cell)) out.push(std::move(one));
  return out;
}
// A number as a JSON number, or the text for the reader to refuse.
void put_number(json::Value& to, const char* name, std::string_view text) {
  if (!text.empty()) to.set(name, text);
}

// "/^[a-z]+$/": the delimiters and anchors are PHP's; a pattern of ours means the whole text.
std::string plain_pattern(std::string_view text) {
  if (text.size() >= 2 && text.front() == '/')
    if (const auto end = text.rfind('/'); end > 0) text = text.substr(1, end - 1);
  if (text.starts_with('^')) text.remove_prefix(1);
  if (text.ends_with('$') && !text.ends_with("\\$")) text.remove_suffix(1);
  return std::string(text);
}

class AkeneoModel : public Party {
 public:
  explicit AkeneoModel(const Header& header) : own_(header.has(kOwnFacts)) {
    for (std::size_t i = 0; i < header.names().size(); ++i) {
      const auto& name = header.names()[i];
      if (!name.starts_with("label-")) continue;
      if (const auto locale = locale_in(std::string_view(name).substr(6))) labels_.emplace_back(i, *locale);
    }
  }
  bool describes() const override { return true; }
  void row(const Row& as_read, std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    Row row = as_read;
    if (own_ && row.guarded)
      for (std::string& cell : row.cells)
        if (cell.starts_with('\'')) cell.erase(0, 1);
    DescribingItem item;
    item.lines.push_back(row.line);
    item.code = row.cell("code");
    if (item.code.empty()) item.faults.push_back({"code", "required", "is empty: it cannot be told from others"});
    if (++rows_ > kDescribingRowsMax) item.faults.push_back(beyond_describing());
    read(row, item);
    if (has_foreign()) keep_foreign(row, item);
    if (const auto facts = row.cell(kOwnFacts); !facts.empty()) {
      const auto patch = json::parse(facts);
      if (patch.ok() && patch->as_object() != nullptr)
        compose_patch(item.body, *patch);
      else
        item.faults.push_back({std::string(kOwnFacts), "json", "is no JSON object"});
    }
    put(std::move(item), row);
  }

 protected:
  virtual void read(const Row& row, DescribingItem& item) = 0;
  virtual bool has_foreign() const { return false; }
  virtual void put(DescribingItem&& item, const Row&) { describing.push_back(std::move(item)); }
  json::Value labels_of(const Row& row) const {
    json::Value out{json::Members{}};
    for (const auto& [column, locale] : labels_)
      if (const auto label = row.cell(column); !label.empty()) out.set(locale, label);
    return out;
  }

 private:
  // The cells of which its description says nothing, or not the same.
  static void keep_foreign(const Row& row, DescribingItem& item) {
    if (!item.faults.empty()) return;
    const auto said = catalog::as_described(item.kind, item.code, item.body);
    if (!said.ok()) return;  // told when it is kept
    const Cells cells = akeneo_cells(item.kind, *said);
    json::Value foreign{json::Members{}};
    for (std::size_t i = 0; i < row.header->names().size(); ++i) {
      const std::string_view cell = row.cell(i);
      std::string name = lower_ascii(row.header->names()[i]);
      if (cell.empty() || name == kOwnFacts || name.starts_with("label-") || name.starts_with("requirements-"))
        continue;
      const auto ours = cells.find(name);
      if (ours != cells.end() ? ours->second != cell : !name.empty()) foreign.set(name, cell);
    }
    if (!foreign.as_object()->empty()) item.body.set("foreign", std::move(foreign));
  }
  const bool own_;
  std::vector<std::pair<std::size_t, std::string>> labels_;
  std::size_t rows_ = 0;
};

class AkeneoAttributes final : public AkeneoModel {
 public:
  using AkeneoModel::AkeneoModel;
  std::string name() const override { return "akeneo attributes"; }

 private:
  bool has_foreign() const override { return true; }
  static const char* type_of(const Row& row) {
    const std::string_view type = row.cell("type");
    constexpr std::pair<std::string_view, const char*> kTypes[] = {{"pim_catalog_identifier", "identifier"},
                                                                   {"pim_catalog_text", "text"},
                                                                   {"pim_catalog_simpleselect", "choice"},
                                                                   {"pim_catalog_multiselect", "choices"},
                                                                   {"pim_catalog_boolean", "yes_no"},
                                                                   {"pim_catalog_date", "date"},
                                                                   {"pim_catalog_metric", "measurement"},
                                                                   {"pim_catalog_price_collection", "price"},
                                                                   {"pim_catalog_image", "image"},
                                                                   {"pim_catalog_file", "file"},
                                                                   {"pim_reference_data_simpleselect", "reference"},
                                                                   {"pim_reference_data_multiselect", "reference"},
                                                                   {"akeneo_reference_entity", "reference"},
                                                                   {"akeneo_reference_entity_collection", "references"},
                                                                   {"pim_catalog_table", "text"}};
    if (type == "pim_catalog_textarea") return is_one(row.cell("wysiwyg_enabled")) ? "rich_text" : "text";
    if (type == "pim_catalog_number") return is_one(row.cell("decimals_allowed")) ? "decimal" : "number";
    for (const auto& [theirs, ours] : kTypes)
      if (theirs == type) return ours;
    return nullptr;
  }
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::attribute;
    const char* type = type_of(row);
    if (type == nullptr) {
      item.faults.push_back({"type", "unknown", "is no type of Akeneo's that is known here"});
      return;
    }
    const std::string_view ours = type;
    json::Value& body = item.body;
    body.set("type", ours);
    body.set("labels", labels_of(row));
    body.set("group", row.cell("group"));
    if (const auto position = whole_number(row.cell("sort_order"))) body.set("position", *position);
    body.set("localisable", is_one(row.cell("localizable")));
    body.set("per_channel", is_one(row.cell("scopable")));
    const bool may_be_unique =
        ours == "text" || ours == "number" || ours == "decimal" || ours == "identifier" || ours == "date";
    body.set("unique", may_be_unique && is_one(row.cell("unique")));
    // The kind must be described here first: Akeneo's files of attributes do not say what its records are.
    if (row.cell("type").starts_with("akeneo_reference_entity"))
      body.set("reference_kind", row.cell("reference_data_name"));
    if (ours == "measurement") {
      body.set("unit_family", row.cell("metric_family"));
      body.set("unit", row.cell("default_metric_unit"));
    }
    json::Value rules{json::Members{}};
    if (ours == "text" || ours == "rich_text" || ours == "identifier")
      if (const auto most = whole_number(row.cell("max_characters"))) rules.set("length_max", *most);
    if (ours == "number" || ours == "decimal" || ours == "measurement" || ours == "price") {
      put_number(rules, "number_min", row.cell("number_min"));
      put_number(rules, "number_max", row.cell("number_max"));
      if (row.cell("negative_allowed") == "0" && row.cell("number_min").empty() && ours != "price")
        rules.set("number_min", 0);
      if (ours == "measurement" && row.cell("decimals_allowed") == "0") rules.set("decimals_max", 0);
    }
    if (ours == "date") {
      if (!row.cell("date_min").empty()) rules.set("date_min", row.cell("date_min"));
      if (!row.cell("date_max").empty()) rules.set("date_max", row.cell("date_max"));
    }
    if ((ours == "text" || ours == "identifier") && row.cell("validation_rule") == "regexp")
      rules.set("pattern", plain_pattern(row.cell("validation_regexp")));
    if (ours == "image" || ours == "file") rules.set("extensions", text_list(row.cell("allowed_extensions")));
    body.set("validation", std::move(rules));
  }
};

// Every row is a choice of an attribute; those of one attribute are kept together, in their order.
class AkeneoOptions final : public AkeneoModel {
 public:
  using AkeneoModel::AkeneoModel;
  std::string name() const override { return "akeneo options"; }

 private:
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::attribute;
    item.is_choice = true;
    item.position = whole_number(row.cell("sort_order")).value_or(0);
    item.body = json::Value::object({{"code", item.code}, {"labels", labels_of(row)}});
    item.code = row.cell("attribute");
    if (item.code.empty()) item.faults.push_back({"attribute", "required", "is empty: whose choice is it?"});
  }
};

// Groups of products: those of a product are the values of its attribute `groups`, so a group is a choice of that.
class AkeneoProductGroups final : public AkeneoModel {
 public:
  using AkeneoModel::AkeneoModel;
  std::string name() const override { return "akeneo groups"; }

 private:
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::attribute;
    item.is_choice = true;
    item.made_as = "choices";
    item.position = static_cast<std::int64_t>(describing.size());
    item.body = json::Value::object({{"code", item.code}, {"labels", labels_of(row)}});
    item.code = "groups";
    if (!std::exchange(told_of_types_, true))
      item.told.emplace_back(row.line,
                             "the groups are choices of the attribute groups, which products have; their types mean "
                             "nothing here and are not kept");
  }
  bool told_of_types_ = false;
};

class AkeneoFamilies final : public AkeneoModel {
 public:
  explicit AkeneoFamilies(const Header& header) : AkeneoModel(header) {
    for (std::size_t i = 0; i < header.names().size(); ++i)
      if (const auto& name = header.names()[i]; name.starts_with("requirements-"))
        channels_.emplace_back(i, name.substr(13));
  }
  std::string name() const override { return "akeneo families"; }

 private:
  bool has_foreign() const override { return true; }
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::family;
    std::vector<std::pair<std::string, std::vector<std::string>>> attributes;
    const auto of = [&](const std::string& code) -> std::vector<std::string>& {
      for (auto& [known, required] : attributes)
        if (known == code) return required;
      return attributes.emplace_back(code, std::vector<std::string>{}).second;
    };
    for (const auto& code : list_of(row.cell("attributes"))) of(code);
    for (const auto& [column, channel] : channels_)
      for (const auto& code : list_of(row.cell(column))) of(code).push_back(channel);
    json::Value list = json::Value::array();
    for (const auto& [code, required] : attributes) {
      json::Value needed = json::Value::array();
      for (const auto& channel : required) needed.push(channel);
      list.push(json::Value::object({{"code", code}, {"required", std::move(needed)}}));
    }
    item.body = json::Value::object({{"labels", labels_of(row)},
                                     {"attributes", std::move(list)},
                                     {"label_attribute", row.cell("attribute_as_label")},
                                     {"image_attribute", row.cell("attribute_as_image")}});
  }
  std::vector<std::pair<std::size_t, std::string>> channels_;
};

// A family has one way in which its variants differ: the first of the file. All of its rows are kept with it besides,
// so that they go back whole; a row that an export makes anew of the family is not worth that.
class AkeneoFamilyVariants final : public AkeneoModel {
 public:
  using AkeneoModel::AkeneoModel;
  std::string name() const override { return "akeneo family variants"; }
  void flush(std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    for (DescribingItem& item : describing) {
      const auto rows = rows_of_.find(item.code);
      if (!item.faults.empty() || rows == rows_of_.end() ||
          (rows->second.size() == 1 && is_plain(rows->second[0], item)))
        continue;
      // Our own export says what was kept, where the family's variants differ otherwise now than its cells said.
      if (item.body.find("foreign") != nullptr) continue;
      std::string text = json::write(json::Value(rows->second));
      if (text.size() > catalog::kForeignBytesMax)
        item.told.emplace_back(item.lines.front(), "the family's variants are too many to be kept for the way back");
      else
        item.body.set("foreign", json::Value::object({{std::string(kForeignVariants), std::move(text)}}));
    }
  }

 private:
  static bool is_plain(const json::Value& row, const DescribingItem& item) {
    return std::ranges::all_of(*row.as_object(), [&](const auto& cell) {
      return cell.first.starts_with("variant-axes_") || (cell.first == "code" && *cell.second.as_string() == item.code);
    });
  }
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::family;
    item.code = row.cell("family");
    if (item.code.empty()) item.faults.push_back({"family", "required", "is empty: whose variants are these?"});
    item.must_exist = true;
    json::Value axes = json::Value::array();
    for (std::size_t level = 1; level <= kVariantLevels; ++level)
      if (const auto cell = row.cell("variant-axes_" + std::to_string(level)); !cell.empty())
        axes.push(text_list(cell));
    item.body = json::Value::object({{"axes", std::move(axes)}});
  }
  void put(DescribingItem&& item, const Row& row) override {
    if (!item.faults.empty()) {
      describing.push_back(std::move(item));
      return;
    }
    json::Value cells{json::Members{}};
    for (std::size_t i = 0; i < row.header->names().size(); ++i) {
      const auto& name = row.header->names()[i];
      if (!row.cell(i).empty() && !equals_ignoring_case(name, "family") && name != kOwnFacts)
        cells.set(name, row.cell(i));
    }
    rows_of_[item.code].push_back(std::move(cells));
    const auto [at, fresh] = place_.emplace(item.code, describing.size());
    if (fresh) {
      describing.push_back(std::move(item));
      return;
    }
    DescribingItem& first = describing[at->second];
    first.lines.push_back(row.line);
    first.told.emplace_back(
        row.line,
        "the family's variants differ by the first row of this file, since it can have one way only; "
        "this row is kept for the way back");
  }
  std::unordered_map<std::string, std::size_t> place_;
  std::unordered_map<std::string, json::Array> rows_of_;
};

class AkeneoCategories final : public AkeneoModel {
 public:
  using AkeneoModel::AkeneoModel;
  std::string name() const override { return "akeneo categories"; }

 private:
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::category;
    std::string_view parent = row.cell("parent");
    // Which the path says already.
    if (const auto slash = item.code.rfind('/'); slash != std::string::npos && parent == item.code.substr(0, slash))
      parent = {};
    item.body = json::Value::object({{"labels", labels_of(row)}, {"parent", parent}});
    // Else as the file has them.
    const auto position = whole_number(row.cell(kPositionColumn));
    item.body.set("position", position.value_or(static_cast<std::int64_t>(describing.size())));
  }
};

class AkeneoGroups final : public AkeneoModel {
 public:
  using AkeneoModel::AkeneoModel;
  std::string name() const override { return "akeneo attribute groups"; }

 private:
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::group;
    item.body = json::Value::object({{"labels", labels_of(row)}});
    if (const auto position = whole_number(row.cell("sort_order"))) item.body.set("position", *position);
  }
};

// Types of groups of products have a file of the same columns as older ones of these; Akeneo's own codes tell.
class AkeneoAssociationTypes final : public AkeneoModel {
 public:
  explicit AkeneoAssociationTypes(const Header& header)
      : AkeneoModel(header), may_be_groups_(!header.has("is_two_way") && !header.has("is_quantified")) {}
  std::string name() const override { return are_groups_ ? "akeneo group types" : "akeneo association types"; }
  void flush(std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    const auto has = [&](std::initializer_list<std::string_view> codes) {
      return std::ranges::any_of(
          describing, [&](const DescribingItem& item) { return std::ranges::find(codes, item.code) != codes.end(); });
    };
    are_groups_ = may_be_groups_ && has({"RELATED", "VARIANT"}) && !has({"X_SELL", "UPSELL", "SUBSTITUTION", "PACK"});
    if (!are_groups_) return;
    for (const DescribingItem& item : describing)
      listed.push_back({.line = item.lines.front(),
                        .faults = {{"code", "not_kept",
                                    "is a type of groups of products, which there are none of here; its labels are "
                                    "not kept"}}});
    describing.clear();
  }

 private:
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::association_type;
    item.body = json::Value::object({{"labels", labels_of(row)}});
    // Older files do not say; what the shop says of it stays then.
    if (!row.cell("is_two_way").empty()) item.body.set("two_way", is_one(row.cell("is_two_way")));
    if (!row.cell("is_quantified").empty()) item.body.set("quantified", is_one(row.cell("is_quantified")));
  }
  const bool may_be_groups_;
  bool are_groups_ = false;
};

// Ours alone: Akeneo has no file of its kinds of records.
class ReferenceKinds final : public AkeneoModel {
 public:
  using AkeneoModel::AkeneoModel;
  std::string name() const override { return "reference kinds"; }

 private:
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::reference_kind;
    item.body = json::Value::object({{"labels", labels_of(row)}});
    const auto attributes = json::parse(row.cell(kKindAttributes));
    if (attributes.ok() && attributes->as_array() != nullptr)
      item.body.set("attributes", *attributes);
    else
      item.faults.push_back({std::string(kKindAttributes), "json", "is no JSON list of attributes"});
  }
};

// Ours too: Akeneo has its families of units as JSON alone.
class MeasurementFamilies final : public AkeneoModel {
 public:
  using AkeneoModel::AkeneoModel;
  std::string name() const override { return std::string(kMeasurementFamilies); }

 private:
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::measurement_family;
    item.body = json::Value::object({{"labels", labels_of(row)}, {"standard_unit", row.cell("standard_unit")}});
    const auto units = json::parse(row.cell(kFamilyUnits));
    if (units.ok() && units->as_array() != nullptr)
      item.body.set("units", *units);
    else
      item.faults.push_back({std::string(kFamilyUnits), "json", "is no JSON list of units"});
  }
};

class AkeneoChannels final : public AkeneoModel {
 public:
  using AkeneoModel::AkeneoModel;
  std::string name() const override { return "akeneo channels"; }

 private:
  bool has_foreign() const override { return true; }
  void read(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::channel;
    item.body = json::Value::object({{"labels", labels_of(row)},
                                     {"locales", text_list(row.cell("locales"))},
                                     {"currencies", text_list(row.cell("currencies"))},
                                     {"category", row.cell(row.header->has("tree") ? "tree" : "category_tree")}});
  }
};

}  // namespace

std::unique_ptr<Party> akeneo_model(const Header& header) {
  if (!header.has("code")) return nullptr;
  const auto has = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::all_of(names, [&](std::string_view name) { return header.has(name); });
  };
  const bool labelled =
      std::ranges::any_of(header.names(), [](const auto& name) { return name.starts_with("label-"); });
  const auto only = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::all_of(header.names(), [&](const std::string& name) {
      return name.starts_with("label-") || name == kOwnFacts || std::ranges::find(names, name) != names.end();
    });
  };
  if (has({"type", "localizable", "scopable"})) return std::make_unique<AkeneoAttributes>(header);
  if (has({"family", "variant-axes_1"})) return std::make_unique<AkeneoFamilyVariants>(header);
  if (has({"attributes", "attribute_as_label"})) return std::make_unique<AkeneoFamilies>(header);
  if (has({"locales", "currencies"}) && (header.has("tree") || header.has("category_tree")))
    return std::make_unique<AkeneoChannels>(header);
  if (has({kKindAttributes}) && only({"code", kKindAttributes})) return std::make_unique<ReferenceKinds>(header);
  if (has({"type"}) && only({"code", "type"})) return std::make_unique<AkeneoProductGroups>(header);
  if (has({"standard_unit", kFamilyUnits}) && only({"code", "standard_unit", kFamilyUnits}))
    return std::make_unique<MeasurementFamilies>(header);
  if (!labelled && !header.has(kOwnFacts)) return nullptr;
  if (has({"attribute", "sort_order"}) && only({"code", "attribute", "sort_order"}))
    return std::make_unique<AkeneoOptions>(header);
  if (has({"parent"}) && only({"code", "parent", kPositionColumn})) return std::make_unique<AkeneoCategories>(header);
  // Which attributes are in a group their own file says too.
  if (has({"sort_order"}) && only({"code", "sort_order", "attributes"})) return std::make_unique<AkeneoGroups>(header);
  if (only({"code", "is_two_way", "is_quantified"})) return std::make_unique<AkeneoAssociationTypes>(header);
  return nullptr;
}

}  // namespace pf::exchange
