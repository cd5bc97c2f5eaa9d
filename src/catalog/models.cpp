#include "catalog/models.h"

#include <algorithm>
#include <set>

#include "catalog/catalog_keys.h"
#include "catalog/changes.h"
#include "catalog/models_kinds.h"
#include "catalog/reference_keys.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kDescriptionHead = 1 + 8;

Error damaged_model() {
  return error(ErrorCode::internal,
               "A description of the catalogue is damaged; run `productflow doctor` and restore it from a backup.");
}

bool fits_if_match(std::string_view if_match, const std::string& etag) {
  if (trim(if_match).empty()) return true;
  for (auto part : split(if_match, ',')) {
    part = trim(part);
    if (part.starts_with("W/")) part.remove_prefix(2);
    if (!etag.empty() && (part == "*" || part == etag)) return true;
  }
  return false;
}

Error stale_description(bool there) {
  Error out =
      error(ErrorCode::conflict, there ? "Somebody changed this after you read it. Load it again and repeat your "
                                         "change."
                                       : "This is no longer there.");
  out.faults.push_back({"If-Match", "stale", out.message});
  return out;
}

// Why it cannot go: what names it.
std::string who_needs(const Model& model, ModelKind kind, std::string_view code) {
  const auto family_with = [&](auto&& needs) -> std::string {
    for (const auto& [name, known] : model.families)
      if (needs(known->said)) return "the family " + name;
    return {};
  };
  switch (kind) {
    case ModelKind::attribute:
      if (is_product_field(code)) return {};
      return family_with([&](const Family& f) {
        return std::ranges::find(f.attributes, code, &FamilyAttribute::code) != f.attributes.end();
      });
    case ModelKind::group:
      for (const auto& [name, known] : model.attributes)
        if (known->said.group == code) return "the attribute " + name;
      return {};
    case ModelKind::family:
      return family_with([&](const Family& f) { return f.parent == code; });
    case ModelKind::category:
      for (const auto& [path, known] : model.categories)
        if (known->said.parent == code) return "the category " + path;
      return {};
    case ModelKind::channel:
      return family_with([&](const Family& f) {
        return std::ranges::any_of(f.attributes, [&](const FamilyAttribute& a) {
          return std::ranges::find(a.required, code) != a.required.end();
        });
      });
    case ModelKind::association_type:
      return {};  // links of that kind become free ones
    case ModelKind::reference_kind:
      for (const auto& known : model.references)
        if (known->said.reference_kind == code) return "the attribute " + known->said.code;
      for (const auto& [name, known] : model.reference_kinds)
        if (name != code &&
            std::ranges::any_of(known->said.attributes, [&](const ReferenceAttribute& one) { return one.names(code); }))
          return "the kind of reference records " + name;
      return {};
    case ModelKind::measurement_family:
      if (built_in_units()->family(code) != nullptr) return {};  // of which only what is the shop's own goes
      for (const auto& [name, known] : model.attributes)
        if (known->said.unit_family == code) return "the attribute " + name;
      return {};
  }
  return {};
}

template <class T>
Result<> read_kind(const storage::Reader& reader, storage::FamilyRef family, Model& model) {
  const std::string start(1, Of<T>::mark);
  const json::Value defaults = json::write_fields(T{});  // of members that an older ProductFlow did not know
  for (auto row = reader.scan_prefix(family, start); row.valid(); row.next()) {
    const auto bytes = row.value();
    if (bytes.size() <= kDescriptionHead || bytes[0] != keys::kRecordFormat) return damaged_model();
    auto value = json::parse(bytes.substr(kDescriptionHead));
    if (!value.ok() || value->as_object() == nullptr) return damaged_model();
    for (const auto& [name, usual] : *defaults.as_object())
      if (value->find(name) == nullptr) value->set(name, usual);
    auto said = json::read_fields<T>(*value);
    if (!said.ok()) return damaged_model();
    Of<T>::all(model).emplace(std::string(row.key().substr(1)),
                              Of<T>::known(*std::move(said), get_be64(bytes.substr(1))));
  }
  return {};
}

}  // namespace

std::string_view model_kind_name(ModelKind kind) {
  switch (kind) {
    case ModelKind::attribute:
      return "attribute";
    case ModelKind::group:
      return "attribute-group";
    case ModelKind::family:
      return "family";
    case ModelKind::category:
      return "category";
    case ModelKind::association_type:
      return "association-type";
    case ModelKind::reference_kind:
      return "reference-kind";
    case ModelKind::measurement_family:
      return "measurement-family";
    case ModelKind::channel:
      break;
  }
  return "channel";
}

Models::Models(storage::Store& store, audit::Audit& audit)
    : audit_(audit), family_(store.family(keys::kModel)), references_(store.family(keys::kReferences)) {
  const auto read = store.read();
  // What cannot be read now is told to whoever asks first.
  if (auto model = known(read); model.ok()) publish(*std::move(model));
}

Result<std::shared_ptr<const Model>> Models::known(const storage::Reader& reader) const {
  if (trials_ > 0) {
    const std::lock_guard lock(mutex_);
    if (const auto at = assumed_.find(&reader); at != assumed_.end()) return at->second;
  }
  PF_LET(const auto bytes, reader.get(family_, keys::model_version()));
  const std::uint64_t version = bytes && bytes->size() == 8 ? get_be64(*bytes) : 0;
  {
    const std::lock_guard lock(mutex_);
    if (newest_ != nullptr && newest_->version == version) return newest_;
    // Only that very unit of work can see a version that nobody kept, and it has put its model here itself.
    if (unkept_of_ == &reader && unkept_ != nullptr && unkept_->version == version) return unkept_;
  }
  return load(reader, version);
}

Result<std::shared_ptr<const Model>> Models::load(const storage::Reader& reader, std::uint64_t version) const {
  auto model = std::make_shared<Model>();
  model->version = version;
  PF_TRY(read_kind<Attribute>(reader, family_, *model));
  PF_TRY(read_kind<AttributeGroup>(reader, family_, *model));
  PF_TRY(read_kind<Family>(reader, family_, *model));
  PF_TRY(read_kind<Category>(reader, family_, *model));
  PF_TRY(read_kind<Channel>(reader, family_, *model));
  PF_TRY(read_kind<AssociationType>(reader, family_, *model));
  PF_TRY(read_kind<ReferenceKind>(reader, family_, *model));
  PF_TRY(read_kind<MeasurementFamily>(reader, family_, *model));
  model->settle();
  return std::shared_ptr<const Model>(std::move(model));
}

Models::Assumed::Assumed(const Models& models, storage::Write& work, std::shared_ptr<const Model> model)
    : models_(models), of_(static_cast<const storage::Reader*>(&work)) {
  const std::lock_guard lock(models_.mutex_);
  models_.assumed_.insert_or_assign(of_, std::move(model));
  ++models_.trials_;
}
Models::Assumed::~Assumed() {
  const std::lock_guard lock(models_.mutex_);
  models_.assumed_.erase(of_);
  --models_.trials_;
}

void Models::publish(std::shared_ptr<const Model> model) const {
  const std::lock_guard lock(mutex_);
  if (newest_ == nullptr || newest_->version < model->version) newest_ = std::move(model);
  unkept_ = nullptr;
}

void Models::listen(std::function<void()> heard) {
  const std::lock_guard lock(mutex_);
  heard_ = std::move(heard);
}

void Models::tell_after(storage::Write& work) const {
  work.after_commit([this] {
    const std::lock_guard lock(mutex_);
    if (heard_) heard_();
  });
}

// Marks the families whose products may now be more or less complete than they say, and the variants where they inherit
// what they did not, or no more.
void Models::unsettle(storage::Write& work, const Model& before, const Model& next) const {
  std::set<std::string> codes;
  const bool channels = before.channels != next.channels;
  std::set<std::string_view> attributes;
  bool inherits_other = false;
  const auto is_unique = [](const KnownAttribute* one) { return one != nullptr && one->said.unique; };
  for (const auto* one : {&before, &next})
    for (const auto& [code, known] : one->attributes) {
      const auto* was = before.attribute(code);
      const auto* is = next.attribute(code);
      if (was == is) continue;
      if (is_unique(was) != is_unique(is)) inherits_other = true;
      if (was == nullptr || is == nullptr || was->type != is->type || was->said.localisable != is->said.localisable ||
          was->said.per_channel != is->said.per_channel || was->said.unique != is->said.unique ||
          was->said.currencies != is->said.currencies)
        attributes.insert(code);
    }
  const auto has_one = [&](const ResolvedFamily& family) {
    return std::ranges::any_of(family.attributes, [&](const auto& a) { return attributes.contains(a.code); });
  };
  const auto same = [](const ResolvedFamily& a, const ResolvedFamily& b) {
    return a.axes == b.axes && std::ranges::equal(a.attributes, b.attributes, [](const auto& x, const auto& y) {
             return x.code == y.code && x.required == y.required;
           });
  };
  for (const auto* one : {&before, &next})
    for (const auto& [code, resolved] : one->resolved) {
      const auto* was = before.family(code);
      const auto* is = next.family(code);
      if (channels || was == nullptr || is == nullptr || !same(*was, *is) || has_one(*resolved)) codes.insert(code);
    }
  for (const auto& code : codes) work.put(family_, keys::described(keys::kUnsettled, code), {});
  if (inherits_other) work.put(family_, std::string(1, keys::kAllFollowing), {});
  if (!codes.empty() || inherits_other) tell_after(work);
}

void Models::keep(storage::Write& work, const Model& before, std::shared_ptr<Model> next) const {
  std::string version;
  put_be64(version, next->version);
  work.put(family_, keys::model_version(), version);
  next->settle_after(before);
  unsettle(work, before, *next);
  {
    const std::lock_guard lock(mutex_);
    unkept_of_ = &work;
    unkept_ = next;
    if (const auto at = assumed_.find(static_cast<const storage::Reader*>(&work)); at != assumed_.end())
      at->second = next;
  }
  work.after_commit([this, next = std::shared_ptr<const Model>(std::move(next))] { publish(next); });
}

Result<Described> Models::describe(storage::Write& work, const access::Actor& by, ModelKind kind, std::string_view code,
                                   const json::Value& body, DescribeMode mode, std::string_view if_match) {
  PF_LET(const auto model, known(work));
  return for_kind(kind, [&]<class T>() -> Result<Described> {
    auto next = std::make_shared<Model>(*model);
    auto& all = Of<T>::all(*next);
    std::string name(code);
    if constexpr (Of<T>::kind == ModelKind::category) {
      PF_LET(name, parse_category(code));
    }
    const auto there = all.find(name);
    const bool is_there = there != all.end();
    if (!fits_if_match(if_match, is_there ? etag_of_version(there->second->version) : std::string()))
      return stale_description(is_there);
    json::Value base = json::write_fields(T{});
    if (is_there && mode == DescribeMode::patch) base = json::write_fields(there->second->said);
    PF_LET(auto said, read_over<T>(std::move(base), body, name));
    auto faults = Of<T>::check(said, model->units.get());
    for (auto& fault : model->faults_of(said)) faults.push_back(std::move(fault));
    if (!is_there && all.size() >= Of<T>::max)
      faults.push_back(
          {name_field<T>(), "too_many", "At most " + std::to_string(Of<T>::max) + " of this kind can be described."});
    if (!faults.empty()) return invalid_for(std::move(faults));
    const json::Value now = json::write_fields(said);
    if (is_there && json::write_fields(there->second->said) == now) return shown<T>(*there->second);
    if constexpr (Of<T>::kind == ModelKind::measurement_family)
      if (is_there) PF_TRY(may_change(work, *model, there->second->said, &said));
    next->version = model->version + 1;
    std::string record(1, keys::kRecordFormat);
    put_be64(record, next->version);
    json::write(now, record);
    work.put(family_, keys::described(Of<T>::mark, name), record);
    auto known = Of<T>::known(std::move(said), next->version);
    Described out = shown<T>(*known);
    out.created = !is_there;
    out.changed = true;
    all.insert_or_assign(name, std::move(known));
    const std::uint64_t version = next->version;
    if constexpr (Of<T>::kind == ModelKind::association_type) {
      const auto was = model->association_types.find(name);
      const bool made = was != model->association_types.end() && was->second->said.parts;
      if (parts_changed_ && next->association_types.find(name)->second->said.parts != made)
        PF_TRY(parts_changed_(work, *model, *next));
    }
    keep(work, *model, std::move(next));
    PF_TRY(audit_.append(work, by, std::string(Of<T>::word) + (is_there ? ".change" : ".create"),
                         std::string(Of<T>::word) + ":" + name, json::Value::object({{"version", version}})));
    return out;
  });
}

Result<> Models::forget(storage::Write& work, const access::Actor& by, ModelKind kind, std::string_view code,
                        std::string_view if_match) {
  PF_LET(const auto model, known(work));
  return for_kind(kind, [&]<class T>() -> Result<> {
    auto next = std::make_shared<Model>(*model);
    auto& all = Of<T>::all(*next);
    const auto there = all.find(code);
    if (!fits_if_match(if_match, there != all.end() ? etag_of_version(there->second->version) : std::string()))
      return stale_description(there != all.end());
    if (there == all.end())
      return error(ErrorCode::not_found,
                   "Nobody described the " + std::string(Of<T>::word) + " \"" + std::string(code) + "\".");
    if (const auto needed = who_needs(*model, kind, code); !needed.empty()) {
      Error named = error(ErrorCode::conflict, "It is still named by " + needed +
                                                   ". Take it out there first, so that nothing is lost unseen.");
      if constexpr (Of<T>::kind == ModelKind::measurement_family)
        named.faults.push_back({"code", "in_use", named.message});
      return named;
    }
    if constexpr (Of<T>::kind == ModelKind::reference_kind)
      if (work.scan_prefix(references_, keys::references(code)).valid())
        return error(ErrorCode::conflict, "It still has records. Delete them first, so that nothing is lost unseen.");
    const auto gone = there->second;
    if constexpr (Of<T>::kind == ModelKind::measurement_family) PF_TRY(may_change(work, *model, gone->said, nullptr));
    all.erase(there);
    if constexpr (Of<T>::kind == ModelKind::association_type)
      if (parts_changed_ && gone->said.parts) PF_TRY(parts_changed_(work, *model, *next));
    work.erase(family_, keys::described(Of<T>::mark, code));
    next->version = model->version + 1;
    const std::uint64_t version = next->version;
    keep(work, *model, std::move(next));
    return audit_.append(work, by, std::string(Of<T>::word) + ".delete",
                         std::string(Of<T>::word) + ":" + std::string(code),
                         json::Value::object({{"version", version}}));
  });
}

}  // namespace pf::catalog
