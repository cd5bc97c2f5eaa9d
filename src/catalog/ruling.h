// Where the shop's own rules reach into a write: a room above makes of each product that is about to be kept what its
// rules say, in the unit of work that keeps it. So what is acknowledged obeys the rules, and a rule's own result is no
// change that would wake it again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "catalog/history_entry.h"
#include "catalog/languages.h"
#include "catalog/model.h"

namespace pf::catalog {

struct Offer;

// What rules did to one product.
struct Ruled {
  std::vector<MadeBy> made{};        // each field whose value is other than before, with the rule that changed it last
  std::vector<FieldFault> failed{};  // what could not be done, by rule and action: such a value stays as it was
};

// The rules as one unit of work sees them. One thread.
class Ruling {
 public:
  virtual ~Ruling() = default;
  virtual bool about_offers() const = 0;  // whether any looks at offers, or changes them
  // In place. Whatever cannot be done is left out, so a write is never refused for a rule.
  virtual Result<Ruled> apply(const Model& model, const Languages& languages, Record& record, Offer& offer) = 0;
  // Keeps how often each has matched. At the end of the unit of work.
  virtual Result<> finish(storage::Write& work) = 0;
};
// A null pointer where no rule is in force: then a write costs one look at that.
using BeginRuling = std::function<Result<std::unique_ptr<Ruling>>(const storage::Reader&)>;

}  // namespace pf::catalog
