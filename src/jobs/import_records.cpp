#include "jobs/import_records.h"

#include "access/actor_record.h"
#include "exchange/mapping.h"
#include "json/members.h"
#include "productflow/text.h"

namespace pf::jobs {

// Names of files and columns come as they are, or cut; a record that is no text in UTF-8 could not be read again.
std::string readable(std::string_view text) {
  std::string out;
  while (const auto bad = first_bad_utf8(text)) {
    out.append(text.substr(0, *bad)).append("\xef\xbf\xbd");  // U+FFFD
    text.remove_prefix(*bad + 1);
  }
  return out.append(text);
}

// A row of the report says where something is wrong; a column's name of a hundred thousand letters would stand in each.
std::string brief(std::string_view text) {
  if (text.size() <= kReportTextBytesMax) return readable(text);
  std::size_t end = kReportTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not within a letter
  return readable(text.substr(0, end)) + "\xe2\x80\xa6";                            // an ellipsis
}

json::Value record_of(const Job& job) {
  return json::Value::object({{"status", job.status},
                              {"file_name", readable(job.file_name)},
                              {"format", job.format},
                              {"message", readable(job.message)},
                              {"by", job.by},
                              {"rows", job.counts.rows},
                              {"created", job.counts.created},
                              {"changed", job.counts.changed},
                              {"unchanged", job.counts.unchanged},
                              {"refused", job.counts.refused},
                              {"bytes", job.bytes},
                              {"bytes_read", job.bytes_read},
                              {"dry_run", job.dry_run},
                              {"resumed", job.resumed},
                              {"waits_for_vault", job.waits_for_vault},
                              {"same_as", job.same_as},
                              {"created_at", rfc3339(job.created_at)},
                              {"finished_at", rfc3339(job.finished_at)}});
}

Result<Job> job_of(std::uint64_t id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  const auto text = [&](const char* name) { return json::text_in(in, name); };
  const auto number = [&](const char* name) { return static_cast<std::uint64_t>(json::number_in(in, name)); };
  const auto time = [&](const char* name) {
    const auto t = parse_time(text(name));
    return t.ok() ? *t : Time{};
  };
  Job job{id,
          text("status"),
          text("file_name"),
          text("format"),
          text("message"),
          text("by"),
          {number("rows"), number("created"), number("changed"), number("unchanged"), number("refused")},
          number("bytes"),
          number("bytes_read"),
          json::flag_in(in, "dry_run"),
          json::flag_in(in, "resumed"),
          json::flag_in(in, "waits_for_vault"),
          time("created_at"),
          time("finished_at"),
          number("same_as")};
  return job;
}

json::Value request_record(const ImportRequest& request, const access::Actor& by) {
  json::Value out = json::Value::object({{"kind", request.kind},
                                         {"mode", static_cast<std::uint64_t>(request.mode)},
                                         {"mapping", request.mapping ? request.mapping->text : ""}});
  access::put_actor(out, by);
  return out;
}

json::Value counts_record(const exchange::Counts& counts) {
  json::Value out = json::Value::array();
  for (const std::uint64_t n : {counts.rows, counts.created, counts.changed, counts.unchanged, counts.refused})
    out.push(n);
  return out;
}
exchange::Counts counts_of(const json::Value* record) {
  exchange::Counts out;
  std::uint64_t* const fields[] = {&out.rows, &out.created, &out.changed, &out.unchanged, &out.refused};
  const auto* numbers = record != nullptr ? record->as_array() : nullptr;
  if (numbers == nullptr || numbers->size() != std::size(fields)) return out;
  for (std::size_t i = 0; i < std::size(fields); ++i)
    if (const auto* n = (*numbers)[i].as_number())
      *fields[i] = static_cast<std::uint64_t>(parse_int(n->text).value_or(0));
  return out;
}

// How far an import is, and how many rows its report has.
json::Value progress_record(const exchange::Progress& progress, std::uint64_t report_rows) {
  json::Value waiting = json::Value::array();
  for (const std::uint64_t one : progress.waiting) waiting.push(one);
  return json::Value::object({{"files", progress.files},
                              {"products", progress.products},
                              {"orders", progress.orders},
                              {"reports", progress.reports},
                              {"of_file", counts_record(progress.of_file)},
                              {"counts", counts_record(progress.counts)},
                              {"waiting", std::move(waiting)},
                              {"report_rows", report_rows}});
}

}  // namespace pf::jobs
