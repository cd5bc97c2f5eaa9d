// One caller's long row of units of work, each prepared while the one before it is being kept: what takes the processor
// and what takes the log go on at once. A unit sees what those before it made, kept or not.
//
// One thread uses it, in this order, for each unit: prepare(), wait() for the unit before, keep(). What keep() was
// given is on disk when the next wait() says so.
#pragma once

#include <future>
#include <memory>

#include "storage/store.h"
#include "storage/worker.h"

namespace pf::storage {

class Pipeline {
 public:
  class Rehearsal;  // rehearsal.h: nothing of it is kept

  explicit Pipeline(Store& store);
  ~Pipeline();  // waits for what is being kept
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // As Store::write_prepared(): `prepare` runs now, and may run once more on another thread, under the writer lock; so
  // may `decide`. What they refer to must live until wait(). A unit that was prepared and not kept is dropped.
  Result<> prepare(std::function<Result<>(Write&)> prepare, std::function<Result<>(Write&)> decide);
  void drop();
  // How the unit that is being kept ended: as Store::write(). Nothing to wait for is well.
  Result<> wait();
  void keep();  // REQUIRES: a unit is prepared, and wait() since the last keep()

 private:
  struct Unit;
  Store& store_;
  std::unique_ptr<Unit> prepared_, kept_;  // kept_: being kept, or so until the next one is
  std::future<Result<>> keeping_;
  std::size_t kept_bytes_ = 0;
  bool is_long_ = false;  // the store knows of it
  Worker keeper_;
};

}  // namespace pf::storage
