// Local time, for what shall happen at one: "every day at 7" is another moment in summer than in winter. The rules are
// the machine's own (/usr/share/zoneinfo, package tzdata), so they change with it and not with us. Values, any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf {

using LocalSeconds = std::chrono::local_seconds;  // what a clock on the wall shows

class Zone {
 public:
  // "Europe/Amsterdam"; "UTC" needs no file. Invalid (field "time_zone") for a name that the machine does not know.
  static Result<Zone> load(std::string_view name);
  // TZif as of RFC 8536; invalid for what is none.
  static Result<Zone> read(std::string_view tzif);

  LocalSeconds local(Time moment) const;
  // When a clock on the wall shows this: the first time, where it does so twice; where it never does (it was set
  // forward over it), as much later as it was set forward.
  Time moment(LocalSeconds local) const;

 private:
  struct Change {
    std::int64_t at = 0;  // seconds since 1970
    std::int64_t offset = 0;
  };
  // One of the two days of a year on which clocks are set, as POSIX's TZ writes it.
  struct Day {
    enum class Kind { julian, day, weekday } kind = Kind::day;
    int month = 0, week = 0, day = 0;
    std::int64_t seconds = 7'200;  // of that day, local time
    std::int64_t local(int year) const;
  };
  std::int64_t offset(std::int64_t at) const;
  bool read_rule(std::string_view text);
  std::vector<Change> changes_{};
  std::int64_t first_ = 0;  // before the first change
  bool ruled_ = false, summer_ = false;
  std::int64_t standard_offset_ = 0, summer_offset_ = 0;  // after the last change
  Day begins_{}, ends_{};
};

}  // namespace pf
