#include "vault/time_keeper.h"

#include <algorithm>

namespace pf::vault {

TimeKeeper::TimeKeeper(const RingHeader& header, const Clock& clock)
    : clock_(clock), floor_(header.floor), anchor_(header.anchor), anchor_boot_(header.anchor_boot) {
  const bool same_boot = header.boot_id == clock.boot_id().substr(0, 40) && clock.since_boot() >= header.anchor_boot;
  if (same_boot) return;
  // Another boot: nothing but the wall clock tells how long the machine was off.
  const Time wall = clock.now();
  const bool believable = wall <= floor_ + kJumpAtBootMax;
  anchor_ = believable ? std::max(floor_, wall) : floor_;
  anchor_boot_ = clock.since_boot();
}

Time TimeKeeper::now() {
  const Time wall = clock_.now(), estimate = anchor_ + (clock_.since_boot() - anchor_boot_);
  alarm_.clear();
  Time t = wall;
  if (wall > estimate + kWallTolerance) {
    alarm_ = "set_forward: the clock is far ahead of the machine's running time. Nothing is destroyed early; set the clock right.";
    t = estimate;
  } else if (wall < estimate - kWallTolerance) {
    alarm_ = "set_back: the clock is far behind. Nothing comes back and the purge goes on; set the clock right.";
    t = estimate;
  }
  floor_ = std::max(floor_, t);
  return floor_;
}

}  // namespace pf::vault
