// What a shop has described of its catalogue, as of one moment: attributes, their groups, families, categories and
// channels. Never changes once it is made (Models makes the next one), so it is shared and read without a lock; a
// product that is written asks it by hash, and one that nobody described anything for costs nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog/association.h"
#include "catalog/attribute.h"
#include "catalog/family.h"
#include "catalog/measurement_family.h"
#include "catalog/reference.h"
#include "search/pattern.h"

namespace pf::catalog {

// Of the whole model; each is read when the shop starts and kept in memory.
inline constexpr std::size_t kAttributesDescribedMax = 5'000;
inline constexpr std::size_t kFamiliesMax = 5'000;
inline constexpr std::size_t kCategoriesDescribedMax = 20'000;  // the largest published catalogue has 14,000
inline constexpr std::size_t kGroupsMax = 1'000;
inline constexpr std::size_t kChannelsMax = 30;  // each has a completeness of every product

// `said` as it was written in `version` of the model.
template <class T>
struct Known {
  T said{};
  std::uint64_t version = 0;
};

struct KnownAttribute : Known<Attribute> {
  AttributeType type = AttributeType::text;
  std::optional<search::Pattern> pattern{};
  std::unordered_map<std::string, std::size_t> choice_named{};  // folded code or label -> place in said.choices
};

struct KnownReferenceKind : Known<ReferenceKind> {
  std::vector<std::shared_ptr<const KnownAttribute>> attributes{};  // beside said.attributes
};

// A family with what it has of those above it: theirs first; what it says itself of one of them counts.
struct ResolvedFamily {
  std::vector<FamilyAttribute> attributes{};
  std::vector<std::vector<std::string>> axes{};
  std::string label_attribute{}, image_attribute{};
};

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
};
template <class T>
using ByName = std::unordered_map<std::string, std::shared_ptr<const T>, NameHash, std::equal_to<>>;

// What the name of a product's attribute means: description-webshop is the attribute description in the channel
// webshop, price-EUR the price in euros, weight-unit the unit of weight.
struct Cell {
  const KnownAttribute* attribute = nullptr;  // null: free
  std::string_view channel{}, currency{};
  bool is_unit = false;
  // Of a free one that names an attribute with a value per channel, and behind it what is none: description-nope.
  std::string_view no_channel{};
};

struct Model {
  std::uint64_t version = 0;  // counts up with every change
  ByName<KnownAttribute> attributes{};
  ByName<Known<Family>> families{};
  ByName<Known<AttributeGroup>> groups{};
  std::map<std::string, std::shared_ptr<const Known<Category>>, std::less<>> categories{};  // by path
  std::map<std::string, std::shared_ptr<const Known<Channel>>, std::less<>> channels{};
  std::map<std::string, std::shared_ptr<const Known<AssociationType>>, std::less<>> association_types{};
  std::map<std::string, std::shared_ptr<const KnownReferenceKind>, std::less<>> reference_kinds{};
  std::map<std::string, std::shared_ptr<const Known<MeasurementFamily>>, std::less<>> measurement_families{};
  // Made of the above by settle(), or by settle_after() where it is not what it was before.
  ByName<ResolvedFamily> resolved{};
  std::vector<std::shared_ptr<const KnownAttribute>> unique{};      // those that are
  std::vector<std::shared_ptr<const KnownAttribute>> references{};  // those that hold codes of reference records
  std::shared_ptr<const Units> units = built_in_units();            // those, and the shop's own
  // Category -> those that name it as their parent; made by whoever asks first, so that describing many costs nothing.
  struct Below {
    std::once_flag once{};
    std::multimap<std::string, std::string, std::less<>> of{};
  };
  std::shared_ptr<Below> below = std::make_shared<Below>();  // shared: a copy whose categories are the same may keep it

  bool checks_values() const { return !attributes.empty(); }
  const KnownAttribute* attribute(std::string_view code) const;           // null pointer if nobody described it
  const ResolvedFamily* family(std::string_view code) const;              // the same
  const KnownReferenceKind* reference_kind(std::string_view code) const;  // the same
  Cell cell(std::string_view name) const;
  // The names under which products hold values of an attribute that is no price: one, or one a channel.
  std::vector<std::string> cells_of(const Attribute& attribute) const;
  // Whether a family is that one or below it.
  bool is_family_below(std::string_view code, std::string_view ancestor) const;
  // That category and those whose `parent` leads to it, by their paths; for questions about a whole tree.
  std::vector<std::string> with_those_below(std::string_view category) const;
  // The category above, as it is described, else as the path says it; empty: none, it stands at the top.
  std::string_view category_above(std::string_view path) const;
  void settle();
  void settle_after(const Model& before);

  // What they name that is not there, or leads in a circle.
  std::vector<FieldFault> faults_of(const Attribute& attribute) const;
  std::vector<FieldFault> faults_of(const Family& family) const;
  std::vector<FieldFault> faults_of(const Category& category) const;
  std::vector<FieldFault> faults_of(const AttributeGroup& group) const;
  std::vector<FieldFault> faults_of(const Channel& channel) const;
  std::vector<FieldFault> faults_of(const AssociationType& type) const;
  std::vector<FieldFault> faults_of(const ReferenceKind& kind) const;
  std::vector<FieldFault> faults_of(const MeasurementFamily& family) const;
};

std::shared_ptr<const KnownReferenceKind> known_reference_kind(ReferenceKind said, std::uint64_t version);
std::shared_ptr<const KnownAttribute> known_attribute(Attribute said, std::uint64_t version);

}  // namespace pf::catalog
