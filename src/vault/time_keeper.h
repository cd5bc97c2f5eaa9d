// T, the vault's own time (README.md, "Clock"): follows the wall clock only as far as the machine's uptime bears it out, and
// never goes back. Pure arithmetic on a ring header's anchor; one thread at a time.
#pragma once

#include <string>

#include "vault/ring.h"

namespace pf::vault {

inline constexpr std::chrono::hours kWallTolerance{2};     // NTP corrections and slow clocks; a jump beyond needs a person
inline constexpr std::chrono::days kJumpAtBootMax{45};     // a machine that was off this long is believed

class TimeKeeper {
 public:
  // Starts from what the ring remembers.
  TimeKeeper(const RingHeader& header, const Clock& clock);
  Time now();                                    // moves T forward
  const std::string& alarm() const { return alarm_; }
  // For the ring's header: where T is anchored in this boot.
  Time anchor() const { return anchor_; }
  milliseconds anchor_boot() const { return anchor_boot_; }

 private:
  const Clock& clock_;
  Time floor_, anchor_;
  milliseconds anchor_boot_;
  std::string alarm_;
};

}  // namespace pf::vault
