// Families, categories, groups of attributes and channels, as a shop describes them. A product may name a family or a
// category that nobody described: it is then a word, as it always was. Plain values; their JSON is stored and answered,
// as in attribute.h: do not rename a field.
#pragma once

#include "catalog/attribute.h"

namespace pf::catalog {

inline constexpr std::size_t kFamilyAttributesMax = 4'000;  // as many as a product has
inline constexpr std::size_t kFamilyParentsMax = 8;         // families above one another
inline constexpr std::size_t kAxesMax = 10;                 // of one level of variants
inline constexpr std::size_t kAxisLevelsMax = 3;            // variants of variants; levels are kLevelsMax
inline constexpr std::size_t kChannelLocalesMax = 100;
inline constexpr std::string_view kEveryChannel = "*";

struct FamilyAttribute {
  std::string code{};
  std::vector<std::string> required{};
  template <class V>
  void fields(V& visit) {
    visit("code", code, "An attribute, or a product's own field such as title, description, brand, ean or images.");
    visit("required", required, "The channels that a product is complete for only with it; * is every channel.");
  }
};

struct Family {
  std::string code{};
  Labels labels{};
  std::string parent{};
  std::vector<FamilyAttribute> attributes{};
  std::vector<std::vector<std::string>> axes{};
  std::string label_attribute{}, image_attribute{};
  Foreign foreign{};
  template <class V>
  void fields(V& visit) {
    visit("code", code, "What products hold as their family.");
    visit("labels", labels, "What people see, by locale.");
    visit("parent", parent, "The family whose attributes it has too; its own say more of the same attribute.");
    visit("attributes", attributes, "In the order in which they are shown.");
    visit("axes", axes, "What variants differ in, a list for each level: [[\"color\"], [\"size\"]].");
    visit("label_attribute", label_attribute, "The attribute that names a product.");
    visit("image_attribute", image_attribute, "The attribute that shows a product.");
    visit("foreign", foreign, "What another system said of it that has no meaning here, kept for its way back.");
  }
};

struct Category {
  std::string path{};
  Labels labels{};
  std::string parent{};
  bool top = false;
  std::int64_t position = 0;
  template <class V>
  void fields(V& visit) {
    visit("path", path, "What products hold: clothing/shirts, or another system's code.");
    visit("labels", labels, "What people see, by locale.");
    visit("parent", parent, "The category above, where the path does not say it.");
    visit("top", top, "Whether it stands at the top, whatever its path says.");
    visit("position", position, "Its place among its neighbours, from the smallest.");
  }
};

struct AttributeGroup {
  std::string code{};
  Labels labels{};
  std::int64_t position = 0;
  template <class V>
  void fields(V& visit) {
    visit("code", code, "What attributes name as their group.");
    visit("labels", labels, "What people see, by locale.");
    visit("position", position, "Its place among the groups, from the smallest.");
  }
};

struct Channel {
  std::string code{};
  Labels labels{};
  std::vector<std::string> locales{}, currencies{};
  std::string category{};
  Foreign foreign{};
  template <class V>
  void fields(V& visit) {
    visit("code", code, "The channel's name.");
    visit("labels", labels, "What people see, by locale.");
    visit("locales", locales, "The languages that a product needs there; none: those of the shop.");
    visit("currencies", currencies, "The currencies that a price needs there; none: any.");
    visit("category", category, "The category whose tree it sells.");
    visit("foreign", foreign, "What another system said of it that has no meaning here, kept for its way back.");
  }
};

// What must hold by itself; mends locales. Every fault at once. Whether what they name exists is Model's to say.
std::vector<FieldFault> check_family(Family& family);
std::vector<FieldFault> check_category(Category& category);
std::vector<FieldFault> check_group(AttributeGroup& group);
std::vector<FieldFault> check_channel(Channel& channel);

// A product's own field, which may be described and required as an attribute is.
bool is_product_field(std::string_view code);

}  // namespace pf::catalog
