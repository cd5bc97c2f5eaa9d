// A unit of work that is prepared beside others and then kept: what Store::write_prepared() and Pipeline share. Only
// for this room.
#pragma once

#include "storage/reads.h"
#include "storage/unit_of_work.h"

namespace pf::storage {

using Step = std::function<Result<>(Write&)>;

class Store::Impl::Prepared {
 public:
  // Takes its snapshot; waits for a purge and for preparations of another line (who asks, by address). `before`: a unit
  // that may not have been kept yet, which this one is to follow: it is read through.
  Prepared(Store::Impl& store, const void* line, const Prepared* before = nullptr);
  ~Prepared();
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  Result<> prepare(const Step& step) { return step(*work_); }
  std::size_t bytes() const { return work_->bytes(); }  // as Write::bytes()
  std::vector<std::uint32_t> merged() const;            // FamilyRef::index of those that it merges into
  // The unit before has been kept or refused, and will be no more; from now on another may read this one through.
  void stands_alone();
  // Once, when the unit before has been kept or refused. `again` is what prepare() was given: it runs once more, under
  // the writer lock, when somebody has changed what it looked at. Returns when all is durable.
  Result<> keep(const Step& again, const Step& decide);

 private:
  friend struct Store::Impl;
  Result<std::uint64_t> append(const Step& again, const Step& decide, std::vector<std::function<void()>>& afterwards);
  void note(const Write::Impl& layer);  // somebody kept it
  bool is_outdated() const;
  void end();  // REQUIRES: the writer lock

  Store::Impl& store_;
  std::unique_ptr<Write> work_;
  // Guarded by the writer lock.
  std::optional<Read::Impl> read_{};  // until end()
  const Prepared* before_ = nullptr;  // until stands_alone(), if it had not been kept when this began
  bool settled_ = false;              // kept or refused
  // What others kept meanwhile: FamilyRef::index, key; or that all is another than it was read.
  std::vector<std::pair<std::uint32_t, std::string>> changed_{};
  bool misled_ = false;
};

}  // namespace pf::storage
