#include "jobs/schedule.h"

#include <algorithm>
#include <array>

#include "productflow/text.h"
#include "productflow/zone.h"

namespace pf::jobs {
namespace {

constexpr std::array<std::string_view, 4> kTaskNames{"export_folder", "import_folder", "import_url",
                                                     "rules"};  // stored on disk

}  // namespace

std::string_view task_name(Task task) {
  return kTaskNames[static_cast<std::size_t>(task)];
}
std::optional<Task> task_named(std::string_view name) {
  const auto found = std::ranges::find(kTaskNames, name);
  return found == kTaskNames.end() ? std::nullopt : std::optional(static_cast<Task>(found - kTaskNames.begin()));
}

std::optional<int> minute_of_day(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 2 || parts[0].empty() || parts[0].size() > 2 || parts[1].size() != 2) return std::nullopt;
  const auto hour = parse_int(parts[0]), minute = parse_int(parts[1]);
  if (!hour || !minute || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59) return std::nullopt;
  return static_cast<int>(*hour * 60 + *minute);
}
std::string clock_text(int minute) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(minute / 60) + ":" + two(minute % 60);
}

Result<Time> next_time(const When& when, Time after) {
  using namespace std::chrono;
  if (when.every_minutes > 0) {
    const auto step = milliseconds{minutes{when.every_minutes}};
    const auto day = floor<days>(after);
    return std::min(Time{day + (floor<milliseconds>(after - day) / step + 1) * step}, Time{day + days{1}});
  }
  PF_LET(const auto zone, Zone::load(when.time_zone));
  const auto today = floor<days>(zone.local(after));
  for (days ahead{0}; ahead <= days{8}; ++ahead) {
    const local_days day = today + ahead;
    if (when.weekdays != 0 && (when.weekdays >> weekday{day}.c_encoding() & 1u) == 0) continue;
    if (const Time at = zone.moment(day + minutes{when.minute_of_day}); at > after) return at;
  }
  return invalid("weekdays", "value", "names no day of the week");
}

}  // namespace pf::jobs
