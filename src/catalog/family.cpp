#include "catalog/family.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "catalog/product.h"
#include "productflow/money.h"

namespace pf::catalog {
namespace {

using Faulty = std::vector<FieldFault>;

constexpr std::array<std::string_view, 9> kFields{"sku",    "title",  "description", "brand", "ean",
                                                  "family", "parent", "categories",  "images"};

void take(Faulty& faults, const Result<>& checked, const std::string& field) {
  if (checked.ok()) return;
  for (const auto& fault : checked.error().faults) faults.push_back({field, fault.code, fault.message});
}

}  // namespace

bool is_product_field(std::string_view code) {
  return std::ranges::find(kFields, code) != kFields.end();
}

std::vector<FieldFault> check_family(Family& f) {
  Faulty faults;
  take(faults, check_code(f.code, "code"), "code");
  check_foreign(f.foreign, faults);
  check_labels(f.labels, "labels", faults);
  if (!f.parent.empty() && f.parent == f.code)
    faults.push_back({"parent", "itself", "A family cannot be its own parent."});
  if (f.attributes.size() > kFamilyAttributesMax)
    faults.push_back(
        {"attributes", "too_many", "A family has at most " + std::to_string(kFamilyAttributesMax) + " attributes."});
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < f.attributes.size(); ++i) {
    const std::string at = "attributes[" + std::to_string(i) + "].code";
    const auto& code = f.attributes[i].code;
    take(faults, check_code(code, "code"), at);
    if (!seen.insert(code).second) faults.push_back({at, "repeated", "The attribute " + code + " is there twice."});
  }
  if (f.axes.size() > kAxisLevelsMax)
    faults.push_back({"axes", "too_many", "Variants go at most " + std::to_string(kAxisLevelsMax) + " levels deep."});
  std::unordered_set<std::string_view> axes;
  for (std::size_t level = 0; level < f.axes.size(); ++level) {
    const std::string at = "axes[" + std::to_string(level) + "]";
    if (f.axes[level].empty()) faults.push_back({at, "required", "A level of variants differs in something; name it."});
    if (f.axes[level].size() > kAxesMax)
      faults.push_back({at, "too_many", "A level has at most " + std::to_string(kAxesMax) + " axes."});
    for (std::size_t i = 0; i < f.axes[level].size(); ++i)
      if (!axes.insert(f.axes[level][i]).second)
        faults.push_back(
            {at + "[" + std::to_string(i) + "]", "repeated", "The axis " + f.axes[level][i] + " is there twice."});
  }
  return faults;
}

std::vector<FieldFault> check_category(Category& c) {
  Faulty faults;
  if (auto path = parse_category(c.path); !path.ok())
    faults.push_back({"path", path.error().faults[0].code, path.error().message});
  else
    c.path = *std::move(path);
  check_labels(c.labels, "labels", faults);
  if (!c.parent.empty()) {
    if (auto parent = parse_category(c.parent); !parent.ok())
      faults.push_back({"parent", parent.error().faults[0].code, parent.error().message});
    else if ((c.parent = *std::move(parent)) == c.path)
      faults.push_back({"parent", "itself", "A category cannot be its own parent."});
  }
  return faults;
}

std::vector<FieldFault> check_group(AttributeGroup& g) {
  Faulty faults;
  take(faults, check_code(g.code, "code"), "code");
  check_labels(g.labels, "labels", faults);
  return faults;
}

std::vector<FieldFault> check_channel(Channel& c) {
  Faulty faults;
  check_foreign(c.foreign, faults);
  take(faults, check_code(c.code, "code"), "code");
  const bool plain = std::ranges::all_of(c.code, [](char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_';
  });
  if (!plain)
    faults.push_back({"code", "characters",
                      "A channel's code holds letters, digits and _ alone; it ends the names of "
                      "cells such as description-webshop."});
  else if (c.code == "unit" || Currency::parse(c.code).ok())
    faults.push_back({"code", "reserved",
                      "A channel is not called unit, nor as a currency is: those end the names of other cells."});
  check_labels(c.labels, "labels", faults);
  if (c.locales.size() > kChannelLocalesMax)
    faults.push_back(
        {"locales", "too_many", "A channel has at most " + std::to_string(kChannelLocalesMax) + " languages."});
  for (std::size_t i = 0; i < c.locales.size(); ++i) {
    const std::string at = "locales[" + std::to_string(i) + "]";
    if (auto locale = parse_locale(c.locales[i]); !locale.ok())
      faults.push_back({at, "locale", locale.error().message});
    else
      c.locales[i] = *std::move(locale);
  }
  for (std::size_t i = 0; i < c.currencies.size(); ++i)
    if (!Currency::parse(c.currencies[i]).ok())
      faults.push_back({"currencies[" + std::to_string(i) + "]", "currency", "This is not a currency such as EUR."});
  return faults;
}

}  // namespace pf::catalog
