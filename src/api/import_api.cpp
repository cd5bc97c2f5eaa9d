#include "api/import_api.h"

#include <algorithm>

#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/multipart.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct ImportRooms {
  storage::Store& store;
  jobs::Imports& imports;
};

constexpr std::size_t kFieldBytesMax = 1'000;
constexpr std::uint64_t kFormOverhead = 1u << 20;  // boundaries and the other fields

json::Value job_value(const jobs::Job& job) {
  const bool ended = job.status != "queued" && job.status != "running";
  const std::uint64_t percent = ended ? 100 : job.bytes == 0 ? 0 : job.bytes_read * 100 / job.bytes;
  return json::Value::object({{"id", std::to_string(job.id)},
                              {"status", job.status},
                              {"progress", percent},
                              {"file_name", job.file_name},
                              {"format", job.format},
                              {"dry_run", job.dry_run},
                              {"message", job.message},
                              {"by", job.by},
                              {"bytes", job.bytes},
                              {"created_at", rfc3339(job.created_at)},
                              {"finished_at", ended ? json::Value(rfc3339(job.finished_at)) : json::Value(nullptr)},
                              {"counts", json::Value::object({{"rows", job.counts.rows},
                                                              {"created", job.counts.created},
                                                              {"changed", job.counts.changed},
                                                              {"unchanged", job.counts.unchanged},
                                                              {"refused", job.counts.refused}})}});
}
Result<std::uint64_t> import_id_of(const Call& call) {
  const auto id = parse_int(call.path_value("id"));
  if (!id || *id < 1) return error(ErrorCode::not_found, "There is no such import.");
  return static_cast<std::uint64_t>(*id);
}

// Fields may stand before or after the file; those after it are not seen, so they are refused rather than ignored.
Result<Answer> start(const ImportRooms& rooms, const Call& call) {
  PF_LET(auto form, gate::Multipart::open(call.request));
  jobs::ImportRequest request;
  for (;;) {
    PF_LET(const auto part, form.next());
    if (!part) return invalid("file", "required", "The form has no field named file.");
    if (part->name == "file") {
      request.file_name = part->filename;
      PF_LET(const auto job, rooms.imports.start(call.actor, request, [&form] { return form.read(); }));
      return Answer{.body = data(job_value(job))};
    }
    PF_LET(const std::string value, form.read_all(kFieldBytesMax));
    if (part->name == "kind") {
      if (value != "product" && value != "order" && value != "stock" && !value.empty())
        return invalid("kind", "unknown", "kind can be product, order, stock or model");
      request.kind = value;
    } else if (part->name == "mode") {
      if (value == "upsert" || value.empty())
        request.mode = catalog::WriteMode::upsert;
      else if (value == "create")
        request.mode = catalog::WriteMode::create;
      else if (value == "update")
        request.mode = catalog::WriteMode::update;
      else
        return invalid("mode", "unknown", "mode can be upsert, create or update");
    } else if (part->name == "dry_run") {
      request.dry_run = value == "1" || value == "true";
    } else {
      return invalid(part->name.substr(0, 60), "unknown", "The form's fields are kind, mode, dry_run and, last, file.");
    }
  }
}

Result<Answer> list(const ImportRooms& rooms, const Call& call) {
  PF_LET(const Paging paging, paging_of(call));
  const auto before = std::max<std::int64_t>(0, parse_int(paging.cursor).value_or(0));
  PF_LET(const auto jobs, rooms.imports.list(rooms.store.read(), static_cast<std::uint64_t>(before),
                                             static_cast<std::size_t>(paging.per_page)));
  json::Value all = json::Value::array();
  for (const auto& job : jobs) all.push(job_value(job));
  const bool more = jobs.size() == paging.per_page && jobs.back().id > 1;
  return Answer{.body = cursor_body(call, std::move(all), paging.per_page, more ? std::to_string(jobs.back().id) : "")};
}

Result<Answer> show(const ImportRooms& rooms, const Call& call) {
  PF_LET(const auto id, import_id_of(call));
  PF_LET(const auto job, rooms.imports.find(rooms.store.read(), id));
  if (!job) return error(ErrorCode::not_found, "There is no import " + std::to_string(id) + ".");
  return Answer{.body = data(job_value(*job))};
}

Result<Answer> rows(const ImportRooms& rooms, const Call& call) {
  constexpr std::uint64_t kRowsShown = 50;  // without another wish
  PF_LET(const auto id, import_id_of(call));
  PF_LET(const Paging paging, paging_of(call, kRowsShown));
  const auto after = std::max<std::int64_t>(0, parse_int(paging.cursor).value_or(0));
  PF_LET(auto found, rooms.imports.rows(rooms.store.read(), id, call.query_value("outcome[eq]").value_or(""),
                                        static_cast<std::uint64_t>(after), static_cast<std::size_t>(paging.per_page)));
  json::Value all = json::Value::array();
  const bool more = found.size() == paging.per_page;
  const std::uint64_t last = found.empty() ? 0 : found.back().first;
  for (auto& [number, row] : found) all.push(std::move(row));
  return Answer{.body = cursor_body(call, std::move(all), paging.per_page, more ? std::to_string(last) : "")};
}

Result<Answer> cancel(const ImportRooms& rooms, const Call& call) {
  PF_LET(const auto id, import_id_of(call));
  PF_TRY(rooms.imports.cancel(id));
  return show(rooms, call);
}

}  // namespace

std::vector<Row> import_routes(storage::Store& store, jobs::Imports& imports) {
  const ImportRooms rooms{store, imports};
  const auto with = handlers_with(rooms);
  const std::vector<std::pair<std::string, std::string>> paging{{"per_page", "1 to 200."},
                                                                {"cursor", "meta.next_cursor of the page before."}};
  using P = Permission;
  return {
      {.method = Method::post,
       .path = "/api/v1/import",
       .permission = P::imports,
       .summary = "Import a file: fields kind, mode, dry_run, and last file",
       .success = 202,
       .accepts = BodyKind::multipart,
       .body_schema = gate::shape(shapes::kImportForm),
       .answer_schema = gate::data_shape(shapes::kImport),
       .handler = with(start),
       .body_max = jobs::kImportFileBytesMax + kFormOverhead},
      {.method = Method::get,
       .path = "/api/v1/import",
       .permission = P::imports,
       .summary = "List imports, newest first",
       .answer_schema = gate::page_shape(shapes::kImport),
       .handler = with(list),
       .query = paging},
      {.method = Method::get,
       .path = "/api/v1/import/{id}",
       .permission = P::imports,
       .summary = "How far an import is, and its counts",
       .answer_schema = gate::data_shape(shapes::kImport),
       .handler = with(show)},
      {.method = Method::get,
       .path = "/api/v1/import/{id}/row",
       .permission = P::imports,
       .summary = "Rows of an import that need a look",
       .answer_schema = gate::page_shape(shapes::kImportRow),
       .handler = with(rows),
       .query = {{"outcome[eq]", "refused or notice."},
                 {"per_page", "1 to 200."},
                 {"cursor", "meta.next_cursor of the page before."}}},
      {.method = Method::post,
       .path = "/api/v1/import/{id}/cancel",
       .permission = P::imports,
       .summary = "Cancel an import at its next piece",
       .answer_schema = gate::data_shape(shapes::kImport),
       .handler = with(cancel)},
  };
}

}  // namespace pf::api
