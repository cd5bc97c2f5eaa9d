// What a dry run has changed so far: nothing of it is kept, and what comes after it, in the same archive too, is judged
// as if it were. Empty of a run that keeps what it reads.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "catalog/products.h"
#include "storage/rehearsal.h"

namespace pf::exchange {

class Trial {
 public:
  Trial(storage::Store& store, const catalog::Models& models) : models_(models), tried_(store) {}

  // As Store::write() would, for those that come after it.
  Result<> write(const std::function<Result<>(storage::Write&)>& decide);
  Result<> look(const std::function<Result<>(const storage::Reader&)>& at) const;
  // Of little, that what is tried next needs: it is forgotten with that and never before.
  Result<> note(const std::function<Result<>(storage::Write&)>& decide) { return tried_.write(decide); }
  // Whether it has had to forget what was tried, since it was asked the last time.
  bool has_forgotten() { return std::exchange(forgot_, false); }

 private:
  const catalog::Models& models_;
  storage::Pipeline::Rehearsal tried_;
  std::shared_ptr<const catalog::Model> model_{};  // as what was described would leave it
  bool forgot_ = false;
};

}  // namespace pf::exchange
