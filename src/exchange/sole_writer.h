// Whether an import was the only one who changed what its rows depend on while it ran. If it was, what it left is what
// its file says, and the same file would change nothing for as long as nobody else changes anything.
#pragma once

#include <string>

#include "exchange/importer.h"

namespace pf::exchange {

class SoleWriter {
 public:
  explicit SoleWriter(const Rooms& rooms) : rooms_(rooms) {}

  // Before the first unit of work.
  Result<> begin() { return leave(rooms_.store.read()); }
  // The first thing in each unit of work, under the writer lock; by what is kept, since the unit may have been
  // prepared.
  Result<> enter() {
    PF_LET(const bool sole, is_sole(rooms_.store.read()));
    so_far_ = so_far_ && sole;
    return {};
  }
  // The last thing in each.
  Result<> leave(const storage::Reader& work) {
    PF_LET(left_, rows_mark(rooms_, work));
    return {};
  }
  // A unit of work was not kept, so that nobody knows any more who changed what.
  void failed() { so_far_ = false; }

  // Whether nobody else did, up to `read`.
  Result<bool> is_sole(const storage::Reader& read) const {
    PF_LET(const std::string now, rows_mark(rooms_, read));
    return so_far_ && now == left_;
  }

 private:
  const Rooms& rooms_;
  bool so_far_ = true;
  std::string left_{};
};

}  // namespace pf::exchange
