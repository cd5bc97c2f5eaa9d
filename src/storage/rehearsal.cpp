#include "storage/rehearsal.h"

#include "storage/reads.h"
#include "storage/unit_of_work.h"

namespace pf::storage {
namespace {

// Beside its key, value and operands each change costs its own record, its places in the table and in the list of all,
// and room in the arena that is not used.
constexpr std::size_t kBytesOfOne = 200;

// Among those who hold a snapshot, so that no purge ends beside one.
struct Turn {
  Turn(LongWork& long_work, const void* line) : work(long_work) { work.begin(line); }
  ~Turn() { work.end(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  LongWork& work;
};

}  // namespace

Pipeline::Rehearsal::Rehearsal(Store& store) : store_(store) {
  forget();
}
Pipeline::Rehearsal::~Rehearsal() = default;

void Pipeline::Rehearsal::forget() {
  so_far_.reset(new Write(std::make_unique<Write::Impl>(*store_.impl_)));
}

Result<> Pipeline::Rehearsal::run(Write& work, const std::function<Result<>(Write&)>& decide) const {
  work.impl_->below = so_far_->impl_.get();
  work.impl_->is_kept = false;
  const Turn turn(store_.impl_->long_work, this);
  // Anew each time: held for long it would pin what a purge must destroy.
  const Store::Impl::Snapshot read(*store_.impl_);
  work.impl_->snapshot = read.snapshot;
  return decide(work);
}

Result<> Pipeline::Rehearsal::look(const std::function<Result<>(Write&)>& at) const {
  Write work(std::make_unique<Write::Impl>(*store_.impl_));
  return run(work, at);
}

Result<> Pipeline::Rehearsal::write(const std::function<Result<>(Write&)>& decide) {
  Write work(std::make_unique<Write::Impl>(*store_.impl_));
  PF_TRY(run(work, decide));
  Write::Impl& so_far = *so_far_->impl_;
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
  std::size_t changes = 0;
  for (const Changes& family : so_far_->impl_->families) changes += family.all().size();
  return so_far_->bytes() + changes * kBytesOfOne;
}

}  // namespace pf::storage
