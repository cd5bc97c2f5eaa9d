// A clock that a test moves by hand.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "productflow/clock.h"

namespace pf::test {

class HandClock final : public Clock {
 public:
  explicit HandClock(Time start = Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 15}})
      : now_(start.time_since_epoch().count()) {}
  Time now() const override { return Time{milliseconds{now_}}; }
  milliseconds since_boot() const override { return milliseconds{boot_}; }
  std::string boot_id() const override { return boot_id_; }

  void pass(milliseconds d) {
    now_ += d.count();
    boot_ += d.count();
  }                                                               // time as everybody knows it
  void run(milliseconds d) { boot_ += d.count(); }                // uptime alone
  void set_wall(Time t) { now_ = t.time_since_epoch().count(); }  // somebody sets the clock
  void reboot(std::string id) {
    boot_ = 0;
    boot_id_ = std::move(id);
  }

 private:
  std::atomic<std::int64_t> now_, boot_{1000};
  std::string boot_id_ = "boot-1";
};

}  // namespace pf::test
