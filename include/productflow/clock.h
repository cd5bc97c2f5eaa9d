// Time comes in by constructor, so that a test moves it by hand. Never read a system clock elsewhere.
//
// Wall time is for people and records; elapsed time (CLOCK_BOOTTIME: also counts sleep, cannot be set) is for limits
// and for the vault's floor. Both callable from any thread.
#pragma once

#include <chrono>
#include <string>

namespace pf {

// A moment, milliseconds since 1970-01-01T00:00:00Z.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;                 // the wall clock; may be set back or forward by its owner
  virtual milliseconds since_boot() const = 0;  // never goes back within one boot
  virtual std::string boot_id() const = 0;      // differs after every boot; 36 characters on Linux
};

// The machine's clocks: CLOCK_REALTIME, CLOCK_BOOTTIME, /proc/sys/kernel/random/boot_id.
const Clock& system_clock();

}  // namespace pf
