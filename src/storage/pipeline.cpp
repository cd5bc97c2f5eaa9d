#include "storage/pipeline.h"

#include <cassert>
#include <utility>

#include "storage/prepared.h"

namespace pf::storage {

struct Pipeline::Unit {
  std::function<Result<>(Write&)> prepare, decide;
  Store::Impl::Prepared work;
};

Pipeline::Pipeline(Store& store) : store_(store) {}
Pipeline::~Pipeline() {
  static_cast<void>(wait());
  if (is_long_) store_.impl_->long_row(false);
}

Result<> Pipeline::prepare(std::function<Result<>(Write&)> prepare, std::function<Result<>(Write&)> decide) {
  drop();
  PF_TRY(store_.impl_->guard.may_write());
  prepared_.reset(
      new Unit{std::move(prepare), std::move(decide), {*store_.impl_, this, kept_ ? &kept_->work : nullptr}});
  auto done = prepared_->work.prepare(prepared_->prepare);
  if (!done.ok()) drop();
  return done;
}

void Pipeline::drop() {
  prepared_.reset();
}

Result<> Pipeline::wait() {
  return keeping_.valid() ? keeping_.get() : Result<>();
}

void Pipeline::keep() {
  assert(prepared_ && !keeping_.valid());
  prepared_->work.stands_alone();
  kept_bytes_ += prepared_->work.bytes();
  const bool turns_long = !is_long_ && kept_bytes_ > kLongRowBytes;
  auto before = std::exchange(kept_, std::move(prepared_));
  keeping_ = keeper_.run(Worker::Task([this, unit = kept_.get(), before = std::move(before), turns_long]() mutable {
    if (turns_long) {
      store_.impl_->long_row(true, unit->work.merged());
      is_long_ = true;  // who waits for this task reads it
    }
    before.reset();  // some ten megabytes: the caller has more to do than this thread
    return unit->work.keep(unit->prepare, unit->decide);
  }));
}

}  // namespace pf::storage
