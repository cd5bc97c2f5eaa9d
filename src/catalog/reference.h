// Kinds of reference records: what products name instead of saying it each by itself ("brand", "designer", "material").
// A shop describes a kind with small attributes of its own; its records have a code, labels and values of those. An
// attribute of products of the type reference or references holds their codes. Plain values; the JSON of the kinds is
// stored and answered, as in attribute.h: do not rename a field or a type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/attribute.h"
#include "json/json.h"
#include "productflow/clock.h"

namespace pf::catalog {

inline constexpr std::size_t kReferenceKindsMax = 500;
inline constexpr std::size_t kReferenceAttributesMax = 50;  // of a kind: what is said of a brand, not of a product
inline constexpr std::size_t kReferenceTextBytesMax = 20'000;
inline constexpr std::size_t kReferenceBytesMax = 256u << 10;  // of one record, all languages together
inline constexpr std::uint32_t kReferencesMax = 2'000'000;     // of all kinds: twenty of 100,000
inline constexpr std::size_t kReferencesOfValueMax = 1'000;    // as many as of a list are found by filters
inline constexpr std::size_t kReferenceHistoryMax = 100;       // changes kept of one record

struct ReferenceAttribute {
  std::string code{};
  std::string type{"text"};
  Labels labels{};
  // Left out: no, and none; check_reference_kind() fills them in.
  std::optional<bool> localisable{}, required{};
  std::vector<Choice> choices{};
  std::optional<std::string> reference_kind{};
  bool is_localisable() const { return localisable.value_or(false); }
  bool is_required() const { return required.value_or(false); }
  bool names(std::string_view kind) const { return reference_kind && !kind.empty() && *reference_kind == kind; }
  template <class V>
  void fields(V& visit) {
    visit("code", code, "The value's name in records.");
    visit("type", type, "text, number, yes_no, choice, image or reference.");
    visit("labels", labels, "What people see, by locale.");
    visit("localisable", localisable, "Of a text: whether each language has its own.");
    visit("required", required, "Whether a record is complete only with it.");
    visit("choices", choices, "Of a choice, in their order.");
    visit("reference_kind", reference_kind, "Of a reference: the kind of the records that it names.");
  }
};

struct ReferenceKind {
  std::string code{};
  Labels labels{};
  std::vector<ReferenceAttribute> attributes{};
  template <class V>
  void fields(V& visit) {
    visit("code", code, "What attributes of products name as their kind.");
    visit("labels", labels, "What people see, by locale.");
    visit("attributes", attributes, "What its records say of themselves, in the order in which it is shown.");
  }
};

struct ReferenceRecord {
  std::uint32_t document = 0;  // of the records' search index
  std::uint64_t version = 0;
  Time created{}, updated{};
  std::string kind{}, code{};
  Labels labels{};
  json::Value values{json::Members{}};  // attribute -> value; of a localisable one an object of locales
};

// What must hold of a kind by itself; mends locales. Every fault at once. Whether what it names exists is Model's.
std::vector<FieldFault> check_reference_kind(ReferenceKind& kind);
// As an attribute of products would be checked, so that one set of rules says what a number is.
Attribute as_attribute(const ReferenceAttribute& attribute);
// Attributes that are required and that the record lacks, by their codes.
std::vector<std::string> missing_of(const ReferenceKind& kind, const ReferenceRecord& record);

}  // namespace pf::catalog
