// Units of work of which nothing is kept: each sees what those before it would have changed, and the disk as it is when
// it runs. For whoever wants to know what a long row of changes would come to. One thread; others read and write
// meanwhile.
#pragma once

#include "storage/pipeline.h"

namespace pf::storage {

class Pipeline::Rehearsal {
 public:
  explicit Rehearsal(Store& store);
  ~Rehearsal();
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;

  // As Store::write(), but that later units alone see it, and what it asks to be done after the commit is not done.
  Result<> write(const std::function<Result<>(Write&)>& decide);
  // Only looks: of what such a unit would change later ones see nothing.
  Result<> look(const std::function<Result<>(Write&)>& at) const;
  std::size_t bytes() const;  // that are remembered, in memory; reckoned
  void forget();

 private:
  Result<> run(Write& work, const std::function<Result<>(Write&)>& decide) const;

  Store& store_;
  std::unique_ptr<Write> so_far_;
};

}  // namespace pf::storage
