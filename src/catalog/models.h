// Keeps what a shop describes of its catalogue (model.h): attributes, groups, families, categories, channels, kinds of
// associations and of reference records, families of units.
//
// 1. The store is the truth. In memory is the newest model that is on disk; a unit of work or an older read whose model
//    is another one reads its own, by one look at the version, so nobody checks by rules of another moment.
// 2. Every change counts the version up, is checked against the whole model, and is told to the audit log.
// Any thread; those with a Write inside a unit of work only.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <span>

#include "access/actor.h"
#include "audit/audit.h"
#include "catalog/model.h"
#include "storage/store.h"

namespace pf::catalog {

enum class ModelKind {
  attribute,
  group,
  family,
  category,
  channel,
  association_type,
  reference_kind,
  measurement_family
};
std::string_view model_kind_name(ModelKind kind);  // "attribute", "attribute-group", ...

enum class DescribeMode { put, patch };  // put: what is not named has its default; patch: RFC 7396, creates too

struct Described {
  bool created = false, changed = false;
  std::string etag{};
  json::Value value{};  // as it is now
};

// Where a category stands: `described` false where nobody has said anything of it.
struct CategoryPlace {
  std::string path{}, parent{};  // parent empty: it stands at the top
  std::int64_t position = 0;
  bool described = true;
};
inline constexpr std::size_t kPlacedAtOnce = 5'000;  // categories of one change of the tree

class Models {
 public:
  Models(storage::Store& store, audit::Audit& audit);

  // As `reader` sees it. An Error only for damaged data or a failing disk.
  Result<std::shared_ptr<const Model>> known(const storage::Reader& reader) const;

  // While it lives, `work` sees `model` instead of its own: a trial goes on behind others that were not kept. What the
  // unit of work describes by itself comes upon it.
  class Assumed {
   public:
    Assumed(const Models& models, storage::Write& work, std::shared_ptr<const Model> model);
    ~Assumed();
    Assumed(const Assumed&) = delete;
    Assumed& operator=(const Assumed&) = delete;

   private:
    const Models& models_;
    const void* const of_;
  };

  // Calls `heard` after each unit of work that left products to be completed (Products::complete_some), from the
  // thread that wrote it; nothing ends it. It must not write by itself.
  void listen(std::function<void()> heard);
  void tell_after(storage::Write& work) const;

  // Asked when kinds of links come to make kits, or no more, in the unit of work that says so.
  using PartsChanged = std::function<Result<>(storage::Write&, const Model& before, const Model& after)>;
  void on_parts(PartsChanged changed) { parts_changed_ = std::move(changed); }

  // Asked, in the unit of work that says so, when units of the shop's own come to stand for other amounts, or go.
  using UnitsChanged = std::function<Result<>(storage::Write&, std::span<const std::string> units)>;
  void on_units(UnitsChanged changed) { units_changed_ = std::move(changed); }

  // Every fault at once; conflict (first fault "stale") for an If-Match that is no more. `code` is a category's path.
  Result<Described> describe(storage::Write& work, const access::Actor& by, ModelKind kind, std::string_view code,
                             const json::Value& body, DescribeMode mode, std::string_view if_match = {});
  // Puts categories in their places, all in one change with one entry in the audit log (`action`, of `path`); products
  // stay in them. One with `described` false is forgotten where nothing else was said of it. Invalid for a circle.
  // Answers how those that changed were before: given to this function, they stand so again.
  Result<std::vector<CategoryPlace>> place_categories(storage::Write& work, const access::Actor& by,
                                                      const std::vector<CategoryPlace>& places, std::string_view path);
  // not_found if there is none; conflict while others name it.
  Result<> forget(storage::Write& work, const access::Actor& by, ModelKind kind, std::string_view code,
                  std::string_view if_match = {});

 private:
  Result<std::shared_ptr<const Model>> load(const storage::Reader& reader, std::uint64_t version) const;
  void publish(std::shared_ptr<const Model> model) const;
  void keep(storage::Write& work, const Model& before, std::shared_ptr<Model> next) const;
  Result<> may_change(storage::Write& work, const Model& model, const MeasurementFamily& before,
                      const MeasurementFamily* after) const;
  void unsettle(storage::Write& work, const Model& before, const Model& next) const;

  audit::Audit& audit_;
  const storage::FamilyRef family_, references_;
  mutable std::mutex mutex_;  // guards what follows
  mutable std::shared_ptr<const Model> newest_;
  // What a unit of work has made of it and not kept yet: whoever describes much in one does not read all for each.
  mutable const void* unkept_of_ = nullptr;
  mutable std::shared_ptr<const Model> unkept_;
  mutable std::map<const void*, std::shared_ptr<const Model>> assumed_;  // by unit of work
  mutable std::atomic<std::size_t> trials_ = 0;  // that are assumed: none, nearly always, which costs no lock
  std::function<void()> heard_;
  PartsChanged parts_changed_{};
  UnitsChanged units_changed_{};
};

// What describe() would make of a body in a shop that has nothing of that name, as it is kept; faults of what it says
// by itself, which does not include names of other things, such as units.
Result<json::Value> as_described(ModelKind kind, std::string_view code, const json::Value& body);
// As the API answers one; nothing if it is not described. Families of units that are built in are there without, and
// have no ETag then.
std::optional<Described> described(const Model& model, ModelKind kind, std::string_view code);
// All of a kind in the order in which people see them; an attribute's choices are left out, their number is told.
json::Value described_all(const Model& model, ModelKind kind);
json::Value model_schema(ModelKind kind);

}  // namespace pf::catalog
