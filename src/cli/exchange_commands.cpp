// import and export: the same jobs and files as in the browser.
#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <thread>

#include "cli/commands.h"
#include "cli/download.h"
#include "cli/terminal.h"
#include "crypto/crypto.h"
#include "http/client.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLookEvery{100};  // at a job that runs
const std::vector<std::string> kKinds{"product",
                                      "order",
                                      "stock",
                                      "stock_by_location",
                                      "reference",
                                      "attribute",
                                      "attribute_option",
                                      "attribute_group",
                                      "family",
                                      "family_variant",
                                      "category",
                                      "channel",
                                      "association_type",
                                      "reference_kind",
                                      "measurement_family",
                                      "locale",
                                      "currency",
                                      "description",
                                      "catalogue"},
    kImportKinds{"product", "order", "stock", "tracking", "model", "reference"};
constexpr std::size_t kMappingFileBytesMax = 1u << 20;  // no mapping is so large; the appliance takes less

struct ImportOptions : Common {
  std::string file, kind, mode = "upsert", mapping, encoding, delimiter, quote, records;
  bool dry_run = false;
};

// A multipart form (RFC 7578) with the file last, read while it is sent.
Result<http::BodySource> form_of(const ImportOptions& options, const std::string& boundary, Progress& progress) {
  PF_LET(auto file, http::body_of_file(options.file));
  std::string head;
  const auto field = [&](const char* name, const std::string& value) {
    if (!value.empty())
      head += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  };
  field("kind", options.kind);
  field("mode", options.mode);
  field("dry_run", options.dry_run ? "1" : "");
  if (!options.mapping.empty()) {
    PF_LET(auto mapping, http::body_of_file(options.mapping));
    std::string text;
    for (;;) {
      PF_LET(const std::string piece, mapping());
      if (piece.empty()) break;
      if ((text += piece).size() > kMappingFileBytesMax)
        return error(ErrorCode::too_large, options.mapping + " is larger than any mapping.");
    }
    field("mapping", text);
  }
  field("encoding", options.encoding);
  field("delimiter", options.delimiter);
  field("quote", options.quote);
  field("records", options.records);
  std::string name;
  for (const char c : fs::path(options.file).filename().string())  // as browsers write it (WHATWG HTML 4.10.21.8)
    name += c == '"' ? "%22" : c == '\r' ? "%0D" : c == '\n' ? "%0A" : std::string(1, c);
  head += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
          "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
  std::error_code fault;
  const std::uint64_t size = fs::file_size(options.file, fault);
  enum class Stage { form, content, end };
  return http::BodySource([file = std::move(file), head = std::move(head), tail = "\r\n--" + boundary + "--\r\n", size,
                           sent = std::uint64_t{0}, stage = Stage::form, &progress]() mutable -> Result<std::string> {
    if (stage == Stage::form) {
      stage = Stage::content;
      return std::exchange(head, {});
    }
    if (stage == Stage::end) return std::string();
    PF_LET(std::string piece, file());
    sent += piece.size();
    if (size > 0) progress.show(static_cast<unsigned>(std::min<std::uint64_t>(100, sent * 100 / size)));
    if (!piece.empty()) return piece;
    stage = Stage::end;
    return tail;
  });
}

Result<json::Value> send_file(Gateway& gateway, const ImportOptions& options) {
  const std::string boundary = "productflow-" + hex(crypto::random_bytes(16));
  Progress progress("sending  ");
  http::Request request = request_for("POST", "/api/v1/import");
  request.headers.emplace_back("content-type", "multipart/form-data; boundary=" + boundary);
  PF_LET(request.body_source, form_of(options, boundary, progress));
  return ask(gateway, std::move(request));
}

Result<json::Value> wait_for(Gateway& gateway, const std::string& id) {
  Progress progress("importing");
  for (;;) {
    PF_LET(const auto answer, ask(gateway, request_for("GET", "/api/v1/import/" + id)));
    const json::Value& job = *answer.find("data");
    const std::string& status = *job.find("status")->as_string();
    if (status != "queued" && status != "running") return job;
    progress.show(static_cast<unsigned>(job.find("progress")->as_int().value_or(0)));
    std::this_thread::sleep_for(kLookEvery);
  }
}

Result<json::Value> refused_rows(Gateway& gateway, const std::string& id) {
  json::Value all = json::Value::array();
  for (std::string cursor = "0"; !cursor.empty();) {
    PF_LET(const auto answer,
           ask(gateway, request_for("GET", "/api/v1/import/" + id +
                                               "/row?outcome%5Beq%5D=refused&per_page=200&cursor=" + cursor)));
    for (const json::Value& row : *answer.find("data")->as_array()) all.push(row);
    const std::string* next = answer.find("meta")->find("next_cursor")->as_string();
    cursor = next != nullptr ? *next : "";
  }
  return all;
}

std::string text_at(const json::Value& value, const char* name) {
  const json::Value* found = value.find(name);
  if (found == nullptr || found->is_null()) return {};
  return found->as_string() != nullptr ? *found->as_string() : json::write(*found);
}

void show_import(const json::Value& job, const json::Value& refused) {
  const json::Value& counts = *job.find("counts");
  const auto count = [&](const char* name) { return text_at(counts, name); };
  fmt::print("{}{}: {} rows, {} created, {} changed, {} unchanged, {} refused\n", text_at(job, "status"),
             text_at(job, "dry_run") == "true" ? " (only tried, nothing was kept)" : "", count("rows"),
             count("created"), count("changed"), count("unchanged"), count("refused"));
  if (const std::string message = text_at(job, "message"); !message.empty()) fmt::print("{}\n", message);
  if (const std::string same = text_at(job, "same_as"); !same.empty())
    fmt::print("The same file as in import {}, and nothing has changed since: it was not read again.\n", same);
  for (const json::Value& row : *refused.as_array()) {
    std::string reasons;
    if (const json::Value* errors = row.find("errors"); errors != nullptr && errors->as_array() != nullptr)
      for (const json::Value& fault : *errors->as_array())
        reasons += (reasons.empty() ? "" : "; ") + text_at(fault, "field") + " " + text_at(fault, "message");
    const std::string file = text_at(row, "file");
    fmt::print("{}{}line {}{}{}: {}\n", file, file.empty() ? "" : ", ", text_at(row, "line"),
               text_at(row, "sku").empty() ? "" : ", ", text_at(row, "sku"), reasons);
  }
}

void import_file(const ImportOptions& options, Context& context) {
  struct Outcome {
    json::Value job, refused;
  };
  const auto outcome = [&]() -> Result<Outcome> {
    PF_LET(const auto gateway, context.open(options));
    PF_LET(const auto accepted, send_file(*gateway, options));
    const std::string id = *accepted.find("data")->find("id")->as_string();
    PF_LET(auto job, wait_for(*gateway, id));
    PF_LET(auto refused, refused_rows(*gateway, id));
    return Outcome{std::move(job), std::move(refused)};
  }();
  if (!outcome.ok()) return context.fail(outcome.error());
  const bool whole = text_at(outcome->job, "status") == "done" && outcome->refused.as_array()->empty();
  if (options.as_json)
    fmt::print("{}\n", json::write(json::Value::object({{"data", outcome->job}, {"refused", outcome->refused}})));
  else
    show_import(outcome->job, outcome->refused);
  if (!whole) context.code = kFailed;
}

void add_import(Command& top, Context& context) {
  const auto options = std::make_shared<ImportOptions>();
  Command command =
      top.command("import", "Import a file; fails when a row was refused, and says which",
                  "productflow import --data DIR products.csv\n"
                  "  productflow import --data DIR --mode update --dry-run prices.csv\n"
                  "Exit code 0 means that every row of the file is in the shop. Rows without fault are kept "
                  "all the same.");
  options->add(command);
  command.option("file", options->file, "CSV, Excel (.xlsx), XML or JSON; what it holds is told by its columns",
                 Need::required);
  command.choice("--kind", options->kind, kImportKinds, "When it cannot be told");
  command.choice("--mode", options->mode, {"upsert", "create", "update"}, "What may happen to products");
  command.flag("--dry-run", options->dry_run, "Only try: nothing is kept");
  command.option("--mapping", options->mapping,
                 "A JSON file that says what the columns become: {\"Artikel\": \"sku\"}");
  command.option("--encoding", options->encoding,
                 "Of a text that is read wrongly: windows-1251, iso-8859-7, koi8-r ...");
  command.option("--delimiter", options->delimiter, "Of a table: tab, comma, semicolon, pipe, space, or the signs");
  command.option("--quote", options->quote, "Of a table: \", ', ` or none");
  command.option("--records", options->records,
                 "Where the rows are in XML or JSON: catalog/product, $/data; $/products/* where their keys tell them "
                 "apart, as the column key");
  command.does([options, &context] { import_file(*options, context); });
}

struct ExportOptions : Common {
  std::string kind = "product", reference_kind, format, profile, out;
};

// Where the file is asked for; a profile is named as on its page, or by its id.
Result<std::string> export_address(Gateway& gateway, const ExportOptions& options) {
  if (options.profile.empty()) {
    std::string address = "/api/v1/export?kind=" + percent_encode(options.kind);
    if (!options.format.empty()) address += "&format=" + percent_encode(options.format);
    if (!options.reference_kind.empty()) address += "&reference_kind=" + percent_encode(options.reference_kind);
    return address;
  }
  PF_LET(const auto answer, ask(gateway, request_for("GET", "/api/v1/export-profile")));
  for (const json::Value& one : *answer.find("data")->as_array())
    if (text_at(one, "name") == options.profile || text_at(one, "id") == options.profile)
      return "/api/v1/export-profile/" + text_at(one, "id") + "/file";
  return error(ErrorCode::not_found,
               "There is no export profile of that name. The page \"Exports and feeds\" has them.");
}

void export_file(const ExportOptions& options, Context& context) {
  const auto done = [&]() -> Result<std::uint64_t> {
    PF_LET(const auto gateway, context.open(options));
    PF_LET(const std::string address, export_address(*gateway, options));
    return download(*gateway, address, options.out);
  }();
  if (!done.ok()) return context.fail(done.error());
  if (options.as_json)
    fmt::print(
        options.out.empty() ? stderr : stdout, "{}\n",
        json::write(json::Value::object({{"data", json::Value::object({{"file", options.out}, {"bytes", *done}})}})));
  else if (!options.out.empty())
    fmt::print("{} bytes in {}\n", *done, options.out);
}

void add_export(Command& top, Context& context) {
  const auto options = std::make_shared<ExportOptions>();
  Command command = top.command("export", "Write products, orders or the description of the catalogue to a file",
                                "productflow export --data DIR --kind product --format csv --out products.csv\n"
                                "  productflow export --data DIR --kind attribute --out attributes.csv\n"
                                "  productflow export --data DIR --kind catalogue --out catalogue.zip\n"
                                "  productflow export --data DIR --profile \"Google NL\" --out feed.xml\n"
                                "A server that is restarted meanwhile is waited for, two minutes at most, and the "
                                "export goes on where it was; it begins anew where the shop was changed. FILE.part "
                                "is renamed to FILE when it is whole and on the disk; else FILE stays as it was.");
  options->add(command);
  command.choice("--kind", options->kind, kKinds,
                 "What to export; description is all that is described of the catalogue, catalogue the products too");
  command.option("--reference-kind", options->reference_kind, "Of --kind reference: which kind of records");
  command.choice("--format", options->format, {"csv", "xlsx", "json", "ndjson", "xml", "zip"},
                 "Of the file: csv unless it is said; zip for description and catalogue");
  command.option("--profile", options->profile, "An export profile by its name or id, instead of kind and format");
  command.option("--out", options->out, "The file, whole or not at all; without it, standard output");
  command.does([options, &context] { export_file(*options, context); });
}

}  // namespace

void add_exchange_commands(Command& top, Context& context) {
  add_import(top, context);
  add_export(top, context);
}

}  // namespace pf::cli
