// Schedules and their runs as they are stored. Only for this room.
#pragma once

#include "jobs/schedule.h"

namespace pf::jobs {

std::string schedule_record(const Schedule& schedule);
Result<Schedule> schedule_of_record(std::string_view id, std::string_view record);
std::string run_record(const Run& run);
Result<Run> run_of_record(std::uint64_t number, std::string_view record);

}  // namespace pf::jobs
