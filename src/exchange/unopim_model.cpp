// UnoPim's files that describe a catalogue: attributes, options, groups, families, categories and channels, each a row
// per locale (a family's: per attribute too); and links between products, a row each. What rows say of one thing is one
// description.
#include <algorithm>
#include <unordered_map>

#include "exchange/values.h"
#include "json/members.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using catalog::ModelKind;

json::Value codes_of(std::string_view cell) {
  json::Value out = json::Value::array();
  for (auto& one : list_of(cell)) out.push(std::move(one));
  return out;
}
bool is_set(std::string_view cell) {
  return cell == "1" || cell == "true";
}

class UnopimModel : public Party {
 public:
  bool describes() const override { return true; }
  void row(const Row& row, std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    const std::string code(row.cell("code"));
    const std::string owner(row.cell("attribute_code"));
    const auto [at, fresh] = place_.emplace(owner + '\0' + code, describing.size());
    if (fresh) describing.emplace_back();
    DescribingItem& item = describing[at->second];
    item.lines.push_back(row.line);
    if (fresh) {
      item.code = code;
      labels_.emplace_back(json::Members{});
      if (code.empty()) item.faults.push_back({"code", "required", "is empty: it cannot be told from others"});
      first(row, item);
    }
    const auto locale = locale_in(row.cell("locale"));
    const auto label = row.cell(row.header->has("label") ? "label" : "name");
    if (locale && !label.empty()) labels_[at->second].set(*locale, label);
    if (!locale && fresh) item.faults.push_back({"locale", "locale", "is not a locale such as en_US"});
    item.body.set("labels", labels_[at->second]);
    more(row, item);
  }

 protected:
  virtual void first(const Row& row, DescribingItem& item) = 0;
  virtual void more(const Row&, DescribingItem&) {}

 private:
  std::unordered_map<std::string, std::size_t> place_;
  std::vector<json::Value> labels_;
};

class UnopimAttributes final : public UnopimModel {
 public:
  std::string name() const override { return "unopim attributes"; }

 private:
  void first(const Row& row, DescribingItem& item) override {
    constexpr std::pair<std::string_view, const char*> kTypes[] = {
        {"text", "text"},   {"price", "price"},         {"boolean", "yes_no"},   {"select", "choice"},
        {"date", "date"},   {"multiselect", "choices"}, {"checkbox", "choices"}, {"datetime", "date"},
        {"image", "image"}, {"gallery", "image"},       {"file", "file"}};
    item.kind = ModelKind::attribute;
    const auto type = row.cell("type");
    std::string ours = type == "textarea" ? (is_set(row.cell("enable_wysiwyg")) ? "rich_text" : "text") : "";
    for (const auto& [theirs, known] : kTypes)
      if (type == theirs) ours = known;
    if (ours.empty()) {
      item.faults.push_back({"type", "unknown", "is no type of UnoPim's that is known here"});
      return;
    }
    const auto rule = row.cell("validation");
    if (ours == "text" && (rule == "number" || rule == "numeric" || rule == "decimal")) ours = "decimal";
    item.body.set("type", ours);
    if (const auto position = parse_int(row.cell("position"))) item.body.set("position", *position);
    item.body.set("localisable", is_set(row.cell("value_per_locale")));
    item.body.set("per_channel", is_set(row.cell("value_per_channel")));
    item.body.set("unique", (ours == "text" || ours == "decimal" || ours == "date") && is_set(row.cell("is_unique")));
    auto pattern = row.cell("regex_pattern");
    if (ours == "text" && rule == "regex" && !pattern.empty()) {
      if (pattern.size() > 1 && pattern.front() == '/' && pattern.rfind('/') > 0)
        pattern = pattern.substr(1, pattern.rfind('/') - 1);
      if (pattern.starts_with('^')) pattern.remove_prefix(1);
      if (pattern.ends_with('$')) pattern.remove_suffix(1);
      item.body.set("validation", json::Value::object({{"pattern", pattern}}));
    }
  }
};

class UnopimOptions final : public UnopimModel {
 public:
  std::string name() const override { return "unopim options"; }

 private:
  void first(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::attribute;
    item.is_choice = true;
    item.position = parse_int(row.cell("sort_order")).value_or(0);
    item.body.set("code", item.code);
    item.code = row.cell("attribute_code");
    if (item.code.empty()) item.faults.push_back({"attribute_code", "required", "is empty: whose choice is it?"});
  }
};

class UnopimGroups final : public UnopimModel {
 public:
  std::string name() const override { return "unopim attribute groups"; }

 private:
  void first(const Row&, DescribingItem& item) override { item.kind = ModelKind::group; }
};

class UnopimFamilies final : public UnopimModel {
 public:
  std::string name() const override { return "unopim families"; }

 private:
  void first(const Row&, DescribingItem& item) override {
    item.kind = ModelKind::family;
    item.body.set("attributes", json::Value::array());
  }
  void more(const Row& row, DescribingItem& item) override {
    json::Value all = *item.body.find("attributes");
    for (const std::string& code : list_of(row.cell("attributes"))) {
      const bool known = std::ranges::any_of(
          *all.as_array(), [&](const json::Value& one) { return json::text_in(one, "code") == code; });
      if (!known) all.push(json::Value::object({{"code", code}, {"required", codes_of(row.cell("completeness"))}}));
    }
    item.body.set("attributes", std::move(all));
  }
};

class UnopimCategories final : public UnopimModel {
 public:
  std::string name() const override { return "unopim categories"; }

 private:
  void first(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::category;
    // The root that every tree of UnoPim's has is no category of its own in the file.
    item.body.set("parent", row.cell("parent") == "root" ? std::string_view() : row.cell("parent"));
    item.body.set("position", static_cast<std::int64_t>(describing.size() - 1));
  }
};

class UnopimChannels final : public UnopimModel {
 public:
  std::string name() const override { return "unopim channels"; }

 private:
  void first(const Row& row, DescribingItem& item) override {
    item.kind = ModelKind::channel;
    item.body.set("locales", codes_of(row.cell("locales")));
    item.body.set("currencies", codes_of(row.cell("currencies")));
    const auto root = row.cell("root_category");
    item.body.set("category", root == "root" ? std::string_view() : root);
  }
};

// sku, association_type, related_sku[, quantity]: those of one product stand in any rows.
class UnopimLinks final : public Party {
 public:
  std::string name() const override { return "unopim product associations"; }

  void row(const Row& row, std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    const std::string sku(row.cell("sku")), kind(row.cell("association_type")), to(row.cell("related_sku"));
    if (sku.empty() || kind.empty() || to.empty()) {
      ProductItem refused;
      refused.line = row.line;
      refused.sku = sku;
      for (const char* column : {"sku", "association_type", "related_sku"})
        if (row.cell(column).empty()) refused.faults.push_back({column, "required", "is empty"});
      products.push_back(std::move(refused));
      return;
    }
    const auto [at, fresh] = place_.emplace(sku, items_.size());
    if (fresh) {
      items_.emplace_back();
      items_.back().line = row.line;
      items_.back().sku = sku;
      items_.back().must_exist = true;
    } else {
      items_[at->second].more_lines.push_back(row.line);
    }
    auto& all = items_[at->second].change.associations;
    auto known = std::ranges::find(all, kind, &std::pair<std::string, json::Value>::first);
    if (known == all.end()) known = all.insert(all.end(), {kind, json::Value::array()});
    json::Value link = json::Value::object({{"sku", to}});
    if (const auto pieces = row.cell("quantity"); !pieces.empty()) {
      if (const auto number = parse_int(pieces))
        link.set("quantity", *number);
      else
        link.set("quantity", pieces);  // told as a fault
    }
    known->second.push(std::move(link));
  }
  void flush(std::vector<ProductItem>& products, std::vector<OrderItem>&) override {
    for (ProductItem& item : items_) products.push_back(std::move(item));
    items_.clear();
    place_.clear();
  }

 private:
  std::vector<ProductItem> items_;
  std::unordered_map<std::string, std::size_t> place_;
};

}  // namespace

Result<std::unique_ptr<Party>> unopim_model(const Header& header) {
  const auto has = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::all_of(names, [&](std::string_view name) { return header.has(name); });
  };
  const auto only = [&](std::initializer_list<std::string_view> names) {
    return has(names) && std::ranges::all_of(header.names(), [&](const std::string& name) {
             return std::ranges::find(names, lower_ascii(name)) != names.end();
           });
  };
  const auto nothing_here = [](const char* what, const char* instead) {
    return error(ErrorCode::unsupported, std::string("This file lists ") + what + " of another system. " + instead);
  };
  std::unique_ptr<Party> out;
  if (has({"sku", "association_type", "related_sku"})) {
    out = std::make_unique<UnopimLinks>();
  } else if (has({"attribute_code", "code", "locale", "label"})) {
    out = std::make_unique<UnopimOptions>();
  } else if (has({"code", "locale", "attribute_group", "attributes"})) {
    out = std::make_unique<UnopimFamilies>();
  } else if (has({"locale", "code", "root_category", "locales", "currencies"})) {
    out = std::make_unique<UnopimChannels>();
  } else if (has({"code", "type", "locale", "name", "section", "value_per_locale"})) {
    return nothing_here("fields of categories", "Categories have names alone here, so there is nothing to keep.");
  } else if (only({"code", "type", "locale", "name"}) || has({"code", "type", "locale", "name", "value_per_locale"})) {
    out = std::make_unique<UnopimAttributes>();
  } else if (only({"locale", "code", "parent", "name"}) ||
             only({"locale", "code", "parent", "name", "productcounts"}) ||
             only({"locale", "code", "parent", "name", "description", "productcounts"})) {
    out = std::make_unique<UnopimCategories>();
  } else if (only({"code", "locale", "name"})) {
    out = std::make_unique<UnopimGroups>();
  } else if (only({"code", "name", "status"})) {
    return nothing_here("languages", "The shop's own are chosen under Settings, or come with the texts of a file.");
  } else if (only({"code", "name", "symbol", "decimal", "status"})) {
    return nothing_here("currencies", "A price may be in any of them; a channel says which it needs.");
  }
  return out;
}

}  // namespace pf::exchange
