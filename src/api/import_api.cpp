#include "api/import_api.h"

#include <algorithm>

#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "exchange/mapping.h"
#include "exchange/preview.h"
#include "gate/multipart.h"
#include "gate/problem.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct ImportRooms {
  storage::Store& store;
  jobs::Imports& imports;
};

constexpr std::size_t kPreviewBytesMax = 16u << 20;
constexpr std::uint64_t kFormOverhead = 1u << 20;  // boundaries and the other fields

json::Value job_value(const jobs::Job& job) {
  const bool ended = job.status != "queued" && job.status != "running";
  const std::uint64_t percent = ended ? 100 : job.bytes == 0 ? 0 : job.bytes_read * 100 / job.bytes;
  return json::Value::object(
      {{"id", std::to_string(job.id)},
       {"status", job.status},
       {"progress", percent},
       {"file_name", job.file_name},
       {"format", job.format},
       {"dry_run", job.dry_run},
       {"resumed", job.resumed},
       {"waits_for", job.waits_for_vault ? json::Value("vault") : json::Value(nullptr)},
       {"same_as", job.same_as > 0 ? json::Value(std::to_string(job.same_as)) : json::Value(nullptr)},
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
// What of the form makes the mapping.
struct MappingFields {
  std::string mapping{};
  json::Members said{};  // members of it that may be fields of their own
};
Result<> take_mapping(MappingFields&& fields, jobs::ImportRequest& request) {
  if (!fields.said.empty()) {
    auto whole = json::parse(fields.mapping.empty() ? R"({"columns": []})" : fields.mapping);
    if (!whole.ok() || whole->find("columns") == nullptr)
      return invalid("mapping", "columns",
                     "Beside encoding, delimiter, quote or records, a mapping is an object with columns: "
                     "{\"columns\": [...]}.");
    for (auto& [name, value] : fields.said) whole->set(name, std::move(value));
    fields.mapping = json::write(*whole);
  }
  if (fields.mapping.empty()) return {};
  PF_LET(auto mapping, exchange::parse_mapping(fields.mapping));
  request.mapping = std::make_shared<const exchange::Mapping>(std::move(mapping));
  return {};
}

// One field of the form that is not the file.
Result<> take_field(const std::string& name, const std::string& value, jobs::ImportRequest& request,
                    MappingFields& fields) {
  if (name == "kind") {
    if (value != "product" && value != "order" && value != "stock" && value != "tracking" && value != "model" &&
        value != "reference" && !value.empty())
      return invalid("kind", "unknown", "kind can be product, order, stock, tracking, model or reference");
    request.kind = value;
  } else if (name == "mode") {
    if (value == "upsert" || value.empty())
      request.mode = catalog::WriteMode::upsert;
    else if (value == "create")
      request.mode = catalog::WriteMode::create;
    else if (value == "update")
      request.mode = catalog::WriteMode::update;
    else
      return invalid("mode", "unknown", "mode can be upsert, create or update");
  } else if (name == "dry_run") {
    if (value != "1" && value != "true" && value != "0" && value != "false" && !value.empty())
      return invalid("dry_run", "type", "dry_run must be true or false");
    request.dry_run = value == "1" || value == "true";
  } else if (name == "mapping") {
    fields.mapping = value;
  } else if (name == "encoding" || name == "delimiter" || name == "quote" || name == "records") {
    if (!value.empty()) fields.said.emplace_back(name, value);
  } else {
    return invalid(name.substr(0, 60), "unknown",
                   "The form's fields are kind, mode, dry_run, mapping, encoding, delimiter, quote, records and file.");
  }
  return {};
}

// Fields may stand before or behind the file; `file` is called when it comes.
Result<> read_form(const Call& call, jobs::ImportRequest& request,
                   const std::function<Result<>(gate::Multipart&)>& file) {
  PF_LET(auto form, gate::Multipart::open(call.request));
  bool seen = false;
  MappingFields fields;
  for (;;) {
    PF_LET(const auto part, form.next());
    if (!part)
      return seen ? take_mapping(std::move(fields), request)
                  : invalid("file", "required", "The form has no field named file.");
    if (part->name != "file") {
      PF_LET(const std::string value, form.read_all(exchange::kMappingBytesMax));
      PF_TRY(take_field(part->name, value, request, fields));
      continue;
    }
    if (seen) return invalid("file", "twice", "The form has two fields named file; send one after the other.");
    seen = true;
    request.file_name = part->filename;
    PF_TRY(file(form));
  }
}

Result<Answer> start(const ImportRooms& rooms, const Call& call) {
  jobs::ImportRequest request;
  std::optional<jobs::Job> spooled;
  const auto read = read_form(call, request, [&](gate::Multipart& form) -> Result<> {
    PF_LET(spooled, rooms.imports.spool(call.actor, [&form] { return form.read(); }));
    return {};
  });
  const auto started = read.ok() ? rooms.imports.start(call.actor, *spooled, request) : Result<jobs::Job>(read.error());
  if (started.ok()) return Answer{.body = data(job_value(*started))};
  if (spooled) rooms.imports.drop(*spooled);
  return started.error();
}

json::Value preview_value(const exchange::Preview& seen, const std::optional<std::string>& mapping) {
  json::Value columns = json::Value::array(), rows = json::Value::array(), tables = json::Value::array();
  for (const auto& column : seen.columns) {
    json::Value samples = json::Value::array();
    for (const std::string& sample : column.samples) samples.push(sample);
    columns.push(json::Value::object({{"name", column.name}, {"samples", std::move(samples)}, {"to", column.to}}));
  }
  for (const auto& item : seen.items) {
    json::Value fields = json::Value::array();
    for (const auto& [name, value] : item.fields) fields.push(json::Value::object({{"name", name}, {"value", value}}));
    rows.push(json::Value::object(
        {{"line", item.line}, {"fields", std::move(fields)}, {"errors", gate::faults_value(item.faults)}}));
  }
  constexpr std::size_t kColumnsShown = 20;  // of a table that is not chosen: enough to know it again
  for (const auto& table : seen.tables) {
    json::Value names = json::Value::array(), sample = json::Value::array();
    for (std::size_t i = 0; i < table.columns.size() && i < kColumnsShown; ++i) {
      names.push(table.columns[i]);
      sample.push(i < table.sample.size() ? table.sample[i] : std::string());
    }
    tables.push(json::Value::object({{"records", table.records},
                                     {"count", table.count},
                                     {"columns", std::move(names)},
                                     {"sample", std::move(sample)}}));
  }
  return json::Value::object({{"format", seen.format},
                              {"problem", seen.problem},
                              {"columns", std::move(columns)},
                              {"records", seen.records},
                              {"encoding", seen.encoding},
                              {"tables", std::move(tables)},
                              {"mapping", mapping ? json::parse(*mapping).value() : json::Value(nullptr)},
                              {"rows", std::move(rows)}});
}

// In memory: only a beginning is looked at, but a workbook's list of parts stands at its end.
Result<Answer> preview(const ImportRooms& rooms, const Call& call) {
  jobs::ImportRequest request;
  std::string file;
  PF_TRY(read_form(call, request, [&](gate::Multipart& form) -> Result<> {
    for (;;) {
      PF_LET(const std::string piece, form.read());
      if (piece.empty()) return {};
      if (file.size() + piece.size() > kPreviewBytesMax)
        return error(ErrorCode::too_large, "Of a file above 16 MiB send the beginning, or import it with dry_run.");
      file += piece;
    }
  }));
  const exchange::ImportOptions options{.by = call.actor, .mapping = request.mapping, .kind = request.kind};
  formats::MemorySource source(file);
  PF_LET(const auto seen, exchange::preview(rooms.imports.rooms(), options, source));
  std::vector<std::string> header;
  for (const auto& column : seen.columns) header.push_back(column.name);
  const auto read = rooms.store.read();
  PF_LET(auto mapping, rooms.imports.mapping_of(read, header));
  // Which of a file's tables was meant the last time is known by its columns.
  for (std::size_t i = 0; i < seen.tables.size() && !mapping && !request.mapping; ++i) {
    PF_LET(mapping, rooms.imports.mapping_of(read, seen.tables[i].columns));
  }
  return Answer{.body = data(preview_value(seen, mapping))};
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
  PF_LET(const auto id, path_number(call, "id", "import"));
  PF_LET(const auto job, rooms.imports.find(rooms.store.read(), id));
  if (!job) return error(ErrorCode::not_found, "There is no import " + std::to_string(id) + ".");
  return Answer{.body = data(job_value(*job))};
}

Result<Answer> rows(const ImportRooms& rooms, const Call& call) {
  constexpr std::uint64_t kRowsShown = 50;  // without another wish
  PF_LET(const auto id, path_number(call, "id", "import"));
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
  PF_LET(const auto id, path_number(call, "id", "import"));
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
       .summary = "Import a file: fields file, kind, mode, dry_run, mapping (which column becomes what), "
                  "and encoding, delimiter, quote and records, which a mapping can say too",
       .success = 202,
       .accepts = BodyKind::multipart,
       .body_schema = gate::shape(shapes::kImportForm),
       .answer_schema = gate::data_shape(shapes::kImport),
       .handler = with(start),
       .body_max = jobs::kImportFileBytesMax + kFormOverhead},
      {.method = Method::post,
       .path = "/api/v1/import/preview",
       .permission = P::imports,
       .summary = "Look at a file: its columns, what they would become, and its first rows as they would be kept",
       .accepts = BodyKind::multipart,
       .body_schema = gate::shape(shapes::kPreviewForm),
       .answer_schema = gate::data_shape(shapes::kImportPreview),
       .handler = with(preview),
       .body_max = kPreviewBytesMax + kFormOverhead},
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
       .query =
           {{"outcome[eq]",
             "refused, notice, or, of a dry run, changed (the first 1,000, with what would become of their fields)."},
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
