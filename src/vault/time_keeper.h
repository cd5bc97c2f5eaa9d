// T, the vault's own time (README.md, "Clock"): never goes back, never slower than the machine's uptime, and follows
// the wall clock forward only as far as uptime bears it out. Arithmetic on what the ring's header remembers; one thread
// at a time.
#pragma once

#include <string>
#include <string_view>

#include "productflow/clock.h"
#include "vault/ring_format.h"

namespace pf::vault {

// Time-server corrections and slow clocks pass; a jump beyond needs a person.
inline constexpr std::chrono::hours kWallTolerance{2};
// So much behind T, somebody set the clock back.
inline constexpr std::chrono::minutes kBackNoticed{5};
// The wall clock is believed anew after so much uptime, so that small corrections do not add up to an alarm; and
// whoever moves the clock two hours at a time gains no more than two hours a day.
inline constexpr std::chrono::hours kAnchorLife{24};
// A machine that was off this long is believed; beyond, its owner is asked,
inline constexpr std::chrono::days kJumpAtBootMax{45};
// and without an answer the wall clock holds after so much uptime: privacy wins.
inline constexpr std::chrono::hours kJumpAtBootWait{72};
// Before this year no ring was made: the machine's clock was not set yet, so whatever it is set to is believed.
inline constexpr Time kClockSurelySet{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}};

class TimeKeeper {
 public:
  TimeKeeper(const RingHeader& header, const Clock& clock);
  Time now();  // moves T forward
  // What expires before this may not be read: T, or the wall clock while it stands doubtfully far ahead of T.
  Time doubted();
  std::string_view alarm() const { return alarm_; }  // of the last now(); empty, or "set_back: ..", "set_forward: .."
  void at_least(Time t);                             // T was there already: a ring that was unsealed knows better
  void believe_the_wall();                           // its owner says that it is right
  bool moved() const { return moved_; }              // since write_to: the ring should remember
  void write_to(RingHeader& header);

 private:
  void anchor_at(Time t);

  const Clock& clock_;
  Time floor_, anchor_;
  milliseconds anchor_boot_;
  Time jump_;  // T when a boot was first met with a wall clock too far ahead; 0: none
  bool moved_ = true;
  std::string_view alarm_;
};

}  // namespace pf::vault
