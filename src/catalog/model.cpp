#include "catalog/model.h"

#include <algorithm>
#include <set>

#include "catalog/product.h"
#include "productflow/money.h"
#include "search/index.h"

namespace pf::catalog {
namespace {

template <class Map>
auto found_in(const Map& map, std::string_view name) -> decltype(map.begin()->second.get()) {
  const auto at = map.find(name);
  return at == map.end() ? nullptr : at->second.get();
}

// Axes tell variants apart for people and channels, so they are the same in every language and channel.
bool may_be_axis(const KnownAttribute& a) {
  using enum AttributeType;
  constexpr AttributeType kTypes[] = {choice, yes_no, measurement, text, number, reference, identifier};
  return std::ranges::find(kTypes, a.type) != std::end(kTypes) && !a.said.localisable && !a.said.per_channel;
}

}  // namespace

std::shared_ptr<const KnownAttribute> known_attribute(Attribute said, std::uint64_t version) {
  auto out = std::make_shared<KnownAttribute>();
  out->version = version;
  out->type = attribute_type(said.type).value_or(AttributeType::text);
  if (said.validation.pattern)
    if (auto pattern = search::Pattern::compile(*said.validation.pattern); pattern.ok())
      out->pattern = *std::move(pattern);
  for (std::size_t i = 0; i < said.choices.size(); ++i) out->choice_named.emplace(said.choices[i].code, i);
  // A code means itself whatever others are called; then codes in any case, then labels.
  for (std::size_t i = 0; i < said.choices.size(); ++i)
    out->choice_named.emplace(search::folded(said.choices[i].code), i);
  for (std::size_t i = 0; i < said.choices.size(); ++i)
    for (const auto& [locale, label] : said.choices[i].labels) out->choice_named.emplace(search::folded(label), i);
  out->said = std::move(said);
  return out;
}

std::shared_ptr<const KnownReferenceKind> known_reference_kind(ReferenceKind said, std::uint64_t version) {
  auto out = std::make_shared<KnownReferenceKind>();
  out->version = version;
  for (const auto& attribute : said.attributes) out->attributes.push_back(known_attribute(as_attribute(attribute), 0));
  out->said = std::move(said);
  return out;
}

const KnownReferenceKind* Model::reference_kind(std::string_view code) const {
  return found_in(reference_kinds, code);
}
std::vector<std::string> Model::cells_of(const Attribute& attribute) const {
  if (!attribute.per_channel) return {attribute.code};
  std::vector<std::string> out;
  for (const auto& [channel, ignored] : channels) out.push_back(attribute.code + "-" + channel);
  return out;
}

const KnownAttribute* Model::attribute(std::string_view code) const {
  return found_in(attributes, code);
}
const ResolvedFamily* Model::family(std::string_view code) const {
  return code.empty() ? nullptr : found_in(resolved, code);
}

Cell Model::cell(std::string_view name) const {
  if (attributes.empty()) return {};
  if (const auto* exact = attribute(name)) return {.attribute = exact};
  const auto last = name.rfind('-');
  if (last == std::string_view::npos || last == 0) return {};
  const auto end = name.substr(last + 1);
  auto rest = name.substr(0, last);
  const auto is_channel = [&](std::string_view text) { return channels.find(text) != channels.end(); };
  const auto ends = [&](const KnownAttribute& a, Cell& out) {
    out.attribute = &a;
    out.is_unit = a.type == AttributeType::measurement && end == "unit";
    if (a.type == AttributeType::price && Currency::parse(end).ok()) out.currency = end;
    return out.is_unit || !out.currency.empty();
  };
  Cell out;
  if (const auto* a = attribute(rest)) {
    if (ends(*a, out)) return out;
    if (a->said.per_channel && is_channel(end)) return {.attribute = a, .channel = end};
    if (a->said.per_channel && !channels.empty()) return {.no_channel = end};
    return {};
  }
  const auto middle = rest.rfind('-');
  if (middle == std::string_view::npos || middle == 0) return {};
  const auto channel = rest.substr(middle + 1);
  const auto* a = attribute(rest.substr(0, middle));
  if (a == nullptr || !a->said.per_channel || !is_channel(channel) || !ends(*a, out)) return {};
  out.channel = channel;
  return out;
}

bool Model::is_family_below(std::string_view code, std::string_view ancestor) const {
  for (std::size_t steps = 0; steps <= kFamilyParentsMax && !code.empty(); ++steps) {
    if (code == ancestor) return true;
    const auto* family = found_in(families, code);
    if (family == nullptr) return false;
    code = family->said.parent;
  }
  return false;
}

std::vector<std::string> Model::with_those_below(std::string_view category) const {
  std::vector<std::string> out{std::string(category)};
  std::set<std::string, std::less<>> seen{out[0]};
  std::call_once(below->once, [this] {
    for (const auto& [path, known] : categories)
      if (!known->said.parent.empty()) below->of.emplace(known->said.parent, path);
  });
  for (std::size_t next = 0; next < out.size(); ++next) {
    const std::string above = out[next];
    for (auto [at, end] = below->of.equal_range(above); at != end; ++at)
      if (seen.insert(at->second).second) out.push_back(at->second);
  }
  return out;
}

void Model::settle() {
  settle_after(Model{});
}

void Model::settle_after(const Model& before) {
  if (before.categories != categories) below = std::make_shared<Below>();
  if (before.measurement_families != measurement_families) {
    std::vector<const MeasurementFamily*> said;
    for (const auto& [code, known] : measurement_families) said.push_back(&known->said);
    units = units_with(said);
  }
  if (before.attributes != attributes) {
    unique.clear();
    references.clear();
    for (const auto& [code, known] : attributes) {
      if (known->said.unique) unique.push_back(known);
      if (!known->said.reference_kind.empty()) references.push_back(known);
    }
    for (auto* sorted : {&unique, &references})
      std::ranges::sort(*sorted, {}, [](const auto& a) -> const std::string& { return a->said.code; });
  }
  if (before.families == families) return;
  resolved.clear();
  for (const auto& [code, known] : families) {
    std::vector<const Family*> line;  // from the family upwards
    for (const Family* at = &known->said; at != nullptr && line.size() <= kFamilyParentsMax;) {
      line.push_back(at);
      const auto* above = found_in(families, at->parent);
      at = above != nullptr ? &above->said : nullptr;
    }
    auto out = std::make_shared<ResolvedFamily>();
    std::unordered_map<std::string_view, std::size_t> place;
    for (auto at = line.rbegin(); at != line.rend(); ++at) {
      for (const auto& attribute : (*at)->attributes) {
        const auto [where, fresh] = place.emplace(attribute.code, out->attributes.size());
        if (fresh)
          out->attributes.push_back(attribute);
        else
          out->attributes[where->second] = attribute;
      }
      if (!(*at)->axes.empty()) out->axes = (*at)->axes;
      if (!(*at)->label_attribute.empty()) out->label_attribute = (*at)->label_attribute;
      if (!(*at)->image_attribute.empty()) out->image_attribute = (*at)->image_attribute;
    }
    resolved.emplace(code, std::move(out));
  }
}

std::vector<FieldFault> Model::faults_of(const Attribute& a) const {
  if (a.reference_kind.empty() || reference_kind(a.reference_kind) != nullptr) return {};
  return {{"reference_kind", "unknown",
           "There is no kind of reference records " + a.reference_kind + "; describe it first."}};
}
std::vector<FieldFault> Model::faults_of(const ReferenceKind& kind) const {
  std::vector<FieldFault> faults;
  for (std::size_t i = 0; i < kind.attributes.size(); ++i) {
    const std::string named = kind.attributes[i].reference_kind.value_or("");
    if (!named.empty() && named != kind.code && reference_kind(named) == nullptr)
      faults.push_back({"attributes[" + std::to_string(i) + "].reference_kind", "unknown",
                        "There is no kind of reference records " + named + "; describe it first."});
  }
  return faults;
}
std::vector<FieldFault> Model::faults_of(const MeasurementFamily&) const {
  return {};  // its check has looked at the units of the others
}
std::vector<FieldFault> Model::faults_of(const AttributeGroup&) const {
  return {};
}
std::vector<FieldFault> Model::faults_of(const Channel&) const {
  return {};
}

std::vector<FieldFault> Model::faults_of(const AssociationType&) const {
  return {};
}

std::vector<FieldFault> Model::faults_of(const Family& f) const {
  std::vector<FieldFault> faults;
  if (!f.parent.empty() && f.parent != f.code) {
    std::size_t above = 0;
    for (std::string_view at = f.parent; !at.empty(); ++above) {
      if (at == f.code) {
        faults.push_back({"parent", "circle", "The family " + f.parent + " is itself below this one."});
        break;
      }
      const auto* family = found_in(families, at);
      if (family == nullptr) {
        faults.push_back({"parent", "unknown", "There is no family " + std::string(at) + "; describe it first."});
        break;
      }
      if (above >= kFamilyParentsMax) {
        faults.push_back({"parent", "too_deep",
                          "Families stand at most " + std::to_string(kFamilyParentsMax) + " above one another."});
        break;
      }
      at = family->said.parent;
    }
  }
  std::set<std::string_view> has;
  if (const auto* parent = family(f.parent))
    for (const auto& attribute : parent->attributes) has.insert(attribute.code);
  for (std::size_t i = 0; i < f.attributes.size(); ++i) {
    const auto& one = f.attributes[i];
    const std::string at = "attributes[" + std::to_string(i) + "]";
    has.insert(one.code);
    if (attribute(one.code) == nullptr && !is_product_field(one.code))
      faults.push_back({at + ".code", "unknown", "There is no attribute " + one.code + "; describe it first."});
    for (const auto& channel : one.required)
      if (channel != kEveryChannel && channels.find(channel) == channels.end())
        faults.push_back({at + ".required", "unknown",
                          "There is no channel " + channel + "; describe it first, or write * for every channel."});
  }
  for (std::size_t level = 0; level < f.axes.size(); ++level)
    for (std::size_t i = 0; i < f.axes[level].size(); ++i) {
      const auto& code = f.axes[level][i];
      const std::string at = "axes[" + std::to_string(level) + "][" + std::to_string(i) + "]";
      const auto* axis = attribute(code);
      if (axis == nullptr)
        faults.push_back({at, "unknown", "There is no attribute " + code + "; describe it first."});
      else if (!has.contains(code))
        faults.push_back(
            {at, "not_of_family", "Variants differ in attributes of their family; add " + code + " to it."});
      else if (!may_be_axis(*axis))
        faults.push_back({at, "type",
                          "Variants differ in a choice, yes_no, measurement, text, number, reference or identifier "
                          "that is the same in every language and channel; " +
                              code + " is not."});
    }
  for (const auto& [field, code] : {std::pair<const char*, const std::string&>{"label_attribute", f.label_attribute},
                                    {"image_attribute", f.image_attribute}})
    if (!code.empty() && !has.contains(code))
      faults.push_back({field, "not_of_family", "The family has no attribute " + code + "."});
  return faults;
}

std::string_view Model::category_above(std::string_view path) const {
  if (const auto* known = found_in(categories, path);
      known != nullptr && (known->said.top || !known->said.parent.empty()))
    return known->said.parent;
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::vector<FieldFault> Model::faults_of(const Category& c) const {
  if (c.top && !c.parent.empty())
    return {{"top", "both", "A category stands at the top or below " + c.parent + ", not both."}};
  // By paths too: what lies below it by its path cannot be above it.
  const auto slash = c.path.rfind('/');
  const std::string above =
      c.top || !c.parent.empty() || slash == std::string::npos ? c.parent : c.path.substr(0, slash);
  std::size_t steps = 0;
  for (std::string_view at = above; !at.empty() && steps <= 2 * kCategoryLevelsMax; at = category_above(at), ++steps)
    if (at == c.path) return {{"parent", "circle", "The category " + above + " is itself below this one."}};
  std::size_t levels = 0;
  for (std::string_view at = c.parent; !at.empty(); ++levels) {
    if (at == c.path) return {{"parent", "circle", "The category " + c.parent + " is itself below this one."}};
    if (levels >= kCategoryLevelsMax)
      return {{"parent", "too_deep",
               "Categories stand at most " + std::to_string(kCategoryLevelsMax) + " above one another."}};
    const auto* described = found_in(categories, at);
    if (described == nullptr)
      return {{"parent", "unknown", "There is no category " + std::string(at) + "; describe it first."}};
    at = described->said.parent;
  }
  return {};
}

}  // namespace pf::catalog
