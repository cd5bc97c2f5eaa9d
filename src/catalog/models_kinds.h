// What is special about each kind that describes the catalogue, so that the rest of models*.cpp is written once.
#pragma once

#include <string>

#include "catalog/catalog_keys.h"
#include "catalog/changes.h"
#include "catalog/models.h"

namespace pf::catalog {

template <class T>
struct Of;
template <>
struct Of<Attribute> {
  static constexpr ModelKind kind = ModelKind::attribute;
  static constexpr char mark = keys::kAttribute;
  static constexpr const char* word = "attribute";
  static constexpr std::size_t max = kAttributesDescribedMax;
  static auto& all(auto& model) { return model.attributes; }
  static std::string& name(Attribute& a) { return a.code; }
  static auto check(Attribute& a, const Units* units) { return check_attribute(a, units); }
  static auto known(Attribute a, std::uint64_t version) { return known_attribute(std::move(a), version); }
};
template <class T>
struct PlainKind {
  static std::shared_ptr<const Known<T>> known(T said, std::uint64_t version) {
    auto out = std::make_shared<Known<T>>();
    out->said = std::move(said);
    out->version = version;
    return out;
  }
};
template <>
struct Of<AttributeGroup> : PlainKind<AttributeGroup> {
  static constexpr ModelKind kind = ModelKind::group;
  static constexpr char mark = keys::kAttributeGroup;
  static constexpr const char* word = "group";
  static constexpr std::size_t max = kGroupsMax;
  static auto& all(auto& model) { return model.groups; }
  static std::string& name(AttributeGroup& g) { return g.code; }
  static auto check(AttributeGroup& g, const Units*) { return check_group(g); }
};
template <>
struct Of<Family> : PlainKind<Family> {
  static constexpr ModelKind kind = ModelKind::family;
  static constexpr char mark = keys::kFamily;
  static constexpr const char* word = "family";
  static constexpr std::size_t max = kFamiliesMax;
  static auto& all(auto& model) { return model.families; }
  static std::string& name(Family& f) { return f.code; }
  static auto check(Family& f, const Units*) { return check_family(f); }
};
template <>
struct Of<Category> : PlainKind<Category> {
  static constexpr ModelKind kind = ModelKind::category;
  static constexpr char mark = keys::kCategory;
  static constexpr const char* word = "category";
  static constexpr std::size_t max = kCategoriesDescribedMax;
  static auto& all(auto& model) { return model.categories; }
  static std::string& name(Category& c) { return c.path; }
  static auto check(Category& c, const Units*) { return check_category(c); }
};
template <>
struct Of<Channel> : PlainKind<Channel> {
  static constexpr ModelKind kind = ModelKind::channel;
  static constexpr char mark = keys::kChannel;
  static constexpr const char* word = "channel";
  static constexpr std::size_t max = kChannelsMax;
  static auto& all(auto& model) { return model.channels; }
  static std::string& name(Channel& c) { return c.code; }
  static auto check(Channel& c, const Units*) { return check_channel(c); }
};

template <>
struct Of<AssociationType> : PlainKind<AssociationType> {
  static constexpr ModelKind kind = ModelKind::association_type;
  static constexpr char mark = keys::kAssociationType;
  static constexpr const char* word = "association-type";
  static constexpr std::size_t max = kAssociationTypesMax;
  static auto& all(auto& model) { return model.association_types; }
  static std::string& name(AssociationType& t) { return t.code; }
  static auto check(AssociationType& t, const Units*) { return check_association_type(t); }
};

template <>
struct Of<ReferenceKind> {
  static constexpr ModelKind kind = ModelKind::reference_kind;
  static constexpr char mark = keys::kReferenceKind;
  static constexpr const char* word = "reference-kind";
  static constexpr std::size_t max = kReferenceKindsMax;
  static auto& all(auto& model) { return model.reference_kinds; }
  static std::string& name(ReferenceKind& k) { return k.code; }
  static auto check(ReferenceKind& k, const Units*) { return check_reference_kind(k); }
  static auto known(ReferenceKind k, std::uint64_t version) { return known_reference_kind(std::move(k), version); }
};

template <>
struct Of<MeasurementFamily> : PlainKind<MeasurementFamily> {
  static constexpr ModelKind kind = ModelKind::measurement_family;
  static constexpr char mark = keys::kMeasurementFamily;
  static constexpr const char* word = "measurement-family";
  static constexpr std::size_t max = kMeasurementFamiliesMax;
  static auto& all(auto& model) { return model.measurement_families; }
  static std::string& name(MeasurementFamily& f) { return f.code; }
  static auto check(MeasurementFamily& f, const Units* units) {
    return check_measurement_family(f, units != nullptr ? *units : *built_in_units());
  }
};

// Calls `with` as with.operator()<Attribute>() and so on.
template <class With>
auto for_kind(ModelKind kind, With&& with) {
  switch (kind) {
    case ModelKind::attribute:
      return with.template operator()<Attribute>();
    case ModelKind::group:
      return with.template operator()<AttributeGroup>();
    case ModelKind::family:
      return with.template operator()<Family>();
    case ModelKind::category:
      return with.template operator()<Category>();
    case ModelKind::association_type:
      return with.template operator()<AssociationType>();
    case ModelKind::reference_kind:
      return with.template operator()<ReferenceKind>();
    case ModelKind::measurement_family:
      return with.template operator()<MeasurementFamily>();
    case ModelKind::channel:
      break;
  }
  return with.template operator()<Channel>();
}

template <class T>
std::string name_field() {
  return Of<T>::kind == ModelKind::category ? "path" : "code";
}

inline std::string etag_of_version(std::uint64_t version) {
  return '"' + std::to_string(version) + '"';
}

inline json::Value shown_family(const MeasurementFamily* said, const UnitFamily* built_in) {
  return json::write_fields(whole_family(said, built_in));
}

template <class T>
Described shown(const Known<T>& known) {
  Described out{.etag = etag_of_version(known.version)};
  if constexpr (std::is_same_v<T, MeasurementFamily>)
    out.value = shown_family(&known.said, built_in_units()->family(known.said.code));
  else
    out.value = json::write_fields(known.said);
  return out;
}

// The kind of that name as `body` makes it of `base`, unchecked.
template <class T>
Result<T> read_over(json::Value base, const json::Value& body, std::string_view name) {
  if (body.as_object() == nullptr)
    return invalid("", "type", "This is described by an object such as {\"labels\": {}}.");
  const std::string field = name_field<T>();
  if (const auto* said = body.find(field);
      said != nullptr && !said->is_null() && (said->as_string() == nullptr || *said->as_string() != name))
    return invalid(field, "differs", "The body names another " + field + " than the address; it does not change.");
  merge_patch(base, body);
  const json::Value defaults = json::write_fields(T{});  // null takes a field back to its default
  json::Value whole{json::Members{}};
  for (const auto& [member, value] : *defaults.as_object())
    whole.set(member, base.find(member) != nullptr ? *base.find(member) : value);
  for (const auto& [member, value] : *base.as_object())
    if (whole.find(member) == nullptr) whole.set(member, value);  // unknown ones are told by the reader
  whole.set(field, name);
  return json::read_fields<T>(whole);
}

}  // namespace pf::catalog
