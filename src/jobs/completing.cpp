#include "jobs/completing.h"

#include <chrono>

namespace pf::jobs {
namespace {

// After a unit that could not be kept, such as on a full disk.
constexpr std::chrono::seconds kTryAgainAfter{30};

}  // namespace

Completing::Completing(storage::Store& store, catalog::Products& products)
    : store_(store), products_(products), worker_([this] { run(); }) {
  products_.models().listen([this] {
    const std::lock_guard lock(mutex_);
    asked_ = true;
    wake_.notify_one();
  });
}

Completing::~Completing() {
  products_.models().listen({});
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  worker_.join();
}

void Completing::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (!asked_) {
      wake_.wait(lock, [this] { return asked_ || stop_; });
      continue;
    }
    asked_ = false;
    lock.unlock();
    bool more = false;
    const auto waits = products_.waits(store_.read());
    Result<> kept;
    if (waits.ok() && *waits)
      kept = store_.write([&](storage::Write& work) -> Result<> {
        PF_LET(more, products_.complete_some(work, kCompletedAtOnce));
        return {};
      });
    lock.lock();
    if (more) asked_ = true;
    if (!kept.ok() && !stop_) {
      wake_.wait_for(lock, kTryAgainAfter, [this] { return stop_; });
      asked_ = true;
    }
  }
}

}  // namespace pf::jobs
