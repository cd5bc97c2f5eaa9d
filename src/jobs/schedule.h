// What shall happen again and again: files written into a folder, read from one, fetched from an address, and the
// shop's rules followed for what is there. Plain values, and when the next time is. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::jobs {

// Either every so many minutes, counted from midnight in UTC, or at a local time on days of the week.
struct When {
  std::int64_t every_minutes = 0;  // 0: at `minute_of_day`
  int minute_of_day = 0;           // 7:30 is 450
  unsigned weekdays = 0;           // bit 0 is Sunday; none: every day
  std::string time_zone = "UTC";
};
inline constexpr std::int64_t kEveryMinutesMin = 1, kEveryMinutesMax = 24 * 60;
// "07:30" as minutes of a day, and back.
std::optional<int> minute_of_day(std::string_view text);
std::string clock_text(int minute_of_day);
// The first time after `after`. A local time that the day leaves out comes once, after the gap; one that it has twice
// comes once, the first time. An Error for a zone that the machine does not know.
Result<Time> next_time(const When& when, Time after);

enum class Task { export_folder, import_folder, import_url, rules };
std::string_view task_name(Task task);
std::optional<Task> task_named(std::string_view name);

struct Schedule {
  std::string id{};  // 16 hexadecimal digits
  std::string name{};
  Task task = Task::export_folder;
  When when{};
  bool enabled = true;
  std::string profile{};         // of an export: its id
  std::string folder{};          // below exchange/out or exchange/in; empty: that folder itself
  std::int64_t keep = 1;         // of an export: files, older ones go; 1: always the same name
  std::string url{};             // of import_url
  std::string username{};        // of import_url, for its server; the password is kept beside, sealed (schedules.h)
  std::string password_for{};    // the place that the kept password is for and alone goes to; empty: none is kept
  std::string kind = "product";  // of an import: product, stock or model, as files that hold buyers are not left lying
  std::string mode = "upsert";
  std::string mapping{};          // as exchange/mapping.h, or empty
  std::string mapping_id{};       // of a saved one instead (saved_mappings.h)
  std::string on = "product";     // of rules: product or order
  std::uint64_t rule = 0;         // of rules: one of them alone; 0: all that are in force
  std::string known{};            // what it was the last time: a feed's ETag, an export's state
  std::string known_since{};      // a feed's Last-Modified
  std::optional<Time> next_at{};  // nothing: never, it is off
  std::string last_status{}, last_message{};
  std::optional<Time> last_at{};
  std::string by{};
  Time created_at{}, updated_at{};
};

struct Run {
  std::uint64_t number = 0;
  Time started_at{}, finished_at{};
  std::string status{};   // done, unchanged, failed
  std::string message{};  // what came of it; of a failure what to do
};

}  // namespace pf::jobs
