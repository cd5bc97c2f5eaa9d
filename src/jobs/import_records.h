// Imports as they are kept on disk: their members' names and meaning stay.
#pragma once

#include "jobs/imports.h"

namespace pf::jobs {

// A row of the report says where something is wrong; a column's name of a hundred thousand letters would stand in each.
std::string brief(std::string_view text);
json::Value record_of(const Job& job);
Result<Job> job_of(std::uint64_t id, std::string_view record);
json::Value request_record(const ImportRequest& request, const access::Actor& by);
exchange::Counts counts_of(const json::Value* record);
// How far an import is, and how many rows its report has.
json::Value progress_record(const exchange::Progress& progress, std::uint64_t report_rows);

}  // namespace pf::jobs
