#include "vault/time_keeper.h"

#include <algorithm>

namespace pf::vault {

TimeKeeper::TimeKeeper(const RingHeader& header, const Clock& clock)
    : clock_(clock),
      floor_(header.floor),
      anchor_(header.anchor),
      anchor_boot_(header.anchor_boot),
      jump_(header.jump) {
  const std::string boot = clock.boot_id().substr(0, kBootIdBytes);
  if (!boot.empty() && header.boot_id == boot && clock.since_boot() >= header.anchor_boot) return;
  // Another boot: nothing but the wall clock tells how long the machine was off.
  const Time wall = clock.now();
  if (wall <= floor_ + kJumpAtBootMax) {
    jump_ = Time{};
    anchor_at(std::max(floor_, wall));
  } else {
    if (jump_ == Time{}) jump_ = floor_;
    anchor_at(floor_);
  }
}

void TimeKeeper::anchor_at(Time t) {
  anchor_ = t;
  anchor_boot_ = clock_.since_boot();
  moved_ = true;
}

void TimeKeeper::believe_the_wall() {
  jump_ = Time{};
  anchor_at(std::max(floor_, clock_.now()));
}

void TimeKeeper::at_least(Time t) {
  if (t > now()) anchor_at(floor_ = t);
}

Time TimeKeeper::now() {
  const Time wall = clock_.now();
  const auto estimate = [&] { return anchor_ + (clock_.since_boot() - anchor_boot_); };
  alarm_ = {};
  if (wall > estimate() + kWallTolerance) {
    const bool waited = jump_ != Time{} && estimate() >= jump_ + kJumpAtBootWait;
    if (waited || floor_ < kClockSurelySet) {
      believe_the_wall();
    } else {
      alarm_ =
          "set_forward: the clock stands far ahead of the time this machine has run. Nothing is destroyed early, and "
          "buyers who would be gone by that clock cannot be read. Set the clock right, or confirm that it is right.";
    }
  } else if (jump_ != Time{}) {
    jump_ = Time{};
    moved_ = true;
  }
  const Time by_wall = alarm_.empty() ? wall : Time{};
  floor_ = std::max({floor_, estimate(), by_wall});
  if (wall + kBackNoticed < floor_)
    alarm_ =
        "set_back: the clock stands behind the time this machine knows. Nothing comes back and the purge goes on. Set "
        "the clock right.";
  if (alarm_.empty() && clock_.since_boot() - anchor_boot_ >= kAnchorLife) anchor_at(floor_);
  return floor_;
}

Time TimeKeeper::doubted() {
  const Time t = now();
  return std::max(t, alarm_.starts_with("set_forward") ? clock_.now() : t);
}

void TimeKeeper::write_to(RingHeader& header) {
  header.floor = now();
  header.anchor = anchor_;
  header.anchor_boot = anchor_boot_;
  header.jump = jump_;
  header.boot_id = clock_.boot_id().substr(0, kBootIdBytes);
  moved_ = false;
}

}  // namespace pf::vault
