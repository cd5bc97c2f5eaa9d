// What one unit of work knows of the products above those that it writes, so that a parent is read once for all its
// variants, and how many variants have followed their parents in it. One thread, one unit of work.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "catalog/measurement.h"
#include "catalog/model.h"
#include "catalog/record.h"

namespace pf::catalog {

// Variants that follow a change of those above them in its own unit of work: a fifth of a second. The others follow in
// the background.
inline constexpr std::size_t kVariantsAtOnce = 1'000;
// Of a unit of work, beyond which variants do not follow in it, for the sake of those who wait to write: long texts
// have many words. A thousand variants with 2 kB of text from above stay below it, or two hundred with 10 kB.
inline constexpr std::size_t kFollowedBytesMax = 4u << 20;
// The same of a product's own write, which is left without what it inherits: what people wrote must fit
// (storage::kUnitBytesMax).
inline constexpr std::size_t kInheritingBytesMax = 32u << 20;

inline constexpr std::size_t kVariantsComparedMax = 100'000;  // of one product
// Of a product with more variants nobody says that some are alike: they would be looked through with each of its
// writes.
inline constexpr std::size_t kTwinsHintedMax = 1'000;

// What the variants of one product differ in: attributes of the family, the `own` first ones those of their level.
struct Axes {
  std::vector<std::string> codes{};
  std::size_t own = 0;
  std::shared_ptr<const Units> units{};  // those of the shop, in which one measurement is as much as another
  friend bool operator==(const Axes&, const Axes&) = default;
};
// Who has which values of them (products_variants.cpp); older shops may hold several with the same.
struct Siblings {
  Axes axes{};
  std::unordered_multimap<std::string, std::string> by_values{};  // -> SKU
};

// Changes of one unit of work that take what another variant has while that one's own change is still to come: whether
// they may is known when all of them are there. Two variants change places so.
struct Crossings {
  struct Met {
    std::string sku{}, parent{};
    Axes axes{};
    std::string values{};  // that it is to have
  };
  std::function<bool(const std::string& sku)> still_to_come{};  // empty: nobody waits for anything
  std::vector<Met> met{};
  std::unordered_set<std::string> agreed{};  // who may, whatever stands there now
};

class Above {
 public:
  bool knows_siblings() const { return !siblings_.empty(); }
  Siblings* siblings_of(const std::string& parent) {  // null pointer: not looked up yet
    const auto at = siblings_.find(parent);
    return at != siblings_.end() ? &at->second : nullptr;
  }
  Siblings& keep_siblings(const std::string& parent, Siblings all) {
    constexpr std::size_t kSiblingsKnownMax = 2 * kVariantsComparedMax;  // some 20 MB
    siblings_known_ += all.by_values.size() + 1;
    if (siblings_known_ > kSiblingsKnownMax) {
      siblings_.clear();
      siblings_known_ = all.by_values.size() + 1;
    }
    return siblings_.insert_or_assign(parent, std::move(all)).first->second;
  }

  // Null: not looked up yet. What it holds: nothing where there is no such product. Good until the next make_room().
  const std::optional<Record>* find(const std::string& sku) const {
    const auto at = known_.find(sku);
    return at != known_.end() ? &at->second : nullptr;
  }
  const std::optional<Record>& keep(const std::string& sku, std::optional<Record> record) {
    if (record) bytes_ += size_of(*record);
    return known_.insert_or_assign(sku, std::move(record)).first->second;
  }
  void forget(const std::string& sku) {  // it is being written
    if (!known_.empty()) known_.erase(sku);
  }
  void make_room() {
    constexpr std::size_t kKnownMax = 100, kKnownBytesMax = 8u << 20;  // files have variants near their parents
    if (known_.size() <= kKnownMax && bytes_ <= kKnownBytesMax) return;
    known_.clear();
    bytes_ = 0;
  }

  Crossings crossings{};
  std::size_t followed = 0;
  std::size_t siblings_read = 0;
  bool told_to_nobody = false;  // noted in this unit: Products::told_to_nobody
  bool any_parents = false;     // some product of the shop has variants, as of now
  bool looked_for_parents = false;
  static std::size_t size_of(const Record& record) {
    std::size_t out = 0;
    const auto add = [&](const Attributes& attributes) {
      for (const auto& [name, bytes] : attributes) out += name.size() + bytes.size();
    };
    add(record.attributes);
    for (const auto& [locale, texts] : record.texts) {
      out += texts.title.size() + texts.description.size();
      add(texts.attributes);
    }
    return out;
  }

 private:
  std::unordered_map<std::string, std::optional<Record>> known_{};
  std::size_t bytes_ = 0;                                 // of what was kept since it was empty
  std::unordered_map<std::string, Siblings> siblings_{};  // by parent
  std::size_t siblings_known_ = 0;
};

// Of the variants that stand `level` below the top of `line`; nothing where nobody said.
std::optional<Axes> axes_of(const Model& model, std::span<const Record* const> line, std::size_t level);
bool any_twins(const Siblings& siblings);
// Keeps in step who has which values; `after` null: the product goes.
void note_sibling(Above& above, const Record* before, const Record* after);

}  // namespace pf::catalog
