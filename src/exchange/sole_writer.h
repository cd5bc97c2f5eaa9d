// Whether an import was the only one who changed products, offers and stock while it ran. If it was, what it left is
// what its file says, and the same file would change nothing for as long as nobody else changes anything.
#pragma once

#include "events/events.h"

namespace pf::exchange {

class SoleWriter {
 public:
  explicit SoleWriter(const events::Events* events) : events_(events), so_far_(events != nullptr) {}

  // Before the first unit of work.
  Result<> begin(const storage::Reader& read) { return leave(read); }
  // The first and the last thing in each unit of work, under the writer lock.
  Result<> enter(const storage::Reader& work) {
    PF_LET(const std::uint64_t now, number(work));
    if (now != left_) so_far_ = false;
    return {};
  }
  Result<> leave(const storage::Reader& work) {
    PF_LET(left_, number(work));
    return {};
  }
  // A unit of work was not kept, so that nobody knows any more who counted.
  void failed() { so_far_ = false; }

  // Whether nobody else did, up to `read`.
  Result<bool> is_sole(const storage::Reader& read) const {
    PF_LET(const std::uint64_t now, number(read));
    return so_far_ && now == left_;
  }

 private:
  Result<std::uint64_t> number(const storage::Reader& read) const {
    if (events_ == nullptr) return std::uint64_t{0};
    PF_LET(const auto state, events_->catalogue_state(read));
    return state.number;
  }
  const events::Events* events_;
  bool so_far_;
  std::uint64_t left_ = 0;
};

}  // namespace pf::exchange
