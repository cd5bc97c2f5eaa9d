#include "storage/rehearsal.h"

#include "storage/reads.h"
#include "storage/unit_of_work.h"

namespace pf::storage {

Pipeline::Rehearsal::Rehearsal(Store& store) : store_(store) {
  forget();
}
Pipeline::Rehearsal::~Rehearsal() = default;

void Pipeline::Rehearsal::forget() {
  so_far_.reset(new Write(std::make_unique<Write::Impl>(*store_.impl_)));
}

Result<> Pipeline::Rehearsal::write(const std::function<Result<>(Write&)>& decide) {
  Write work(std::make_unique<Write::Impl>(*store_.impl_));
  Write::Impl& so_far = *so_far_->impl_;
  work.impl_->below = &so_far;
  work.impl_->is_kept = false;
  {
    const Store::Impl::Snapshot read(
        *store_.impl_);  // anew each time: held for long it would pin what a purge must destroy
    work.impl_->snapshot = read.snapshot;
    PF_TRY(decide(work));
  }
  if (work.bytes() - so_far.bytes() > kUnitBytesMax)
    return error(ErrorCode::too_large, "This change is too large to be tried at once.");
  for (std::size_t i = 0; i < so_far.families.size(); ++i)
    for (const Change* change : work.impl_->families[i].all()) {
      if (change->record == Change::Record::put) so_far.families[i].put(change->key, change->value);
      if (change->record == Change::Record::erased) so_far.families[i].erase(change->key);
      so_far.families[i].merge(change->key, change->merged());
    }
  return {};
}

std::size_t Pipeline::Rehearsal::bytes() const {
  return so_far_->bytes();
}

}  // namespace pf::storage
