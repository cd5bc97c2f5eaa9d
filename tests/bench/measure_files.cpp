#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "http/client.h"
#include "measure.h"
#include "productflow/text.h"
#include "rows.h"

namespace pf::bench {
namespace {

namespace fs = std::filesystem;
using FilesWatch = std::chrono::steady_clock;

constexpr std::size_t kImportRowsMax = 100'000;  // of each format: files of some 240 MB at most
constexpr const char* kFormats[] = {"csv", "xlsx", "xml", "json", "ndjson"};

double since(FilesWatch::time_point start) {
  return std::chrono::duration<double>(FilesWatch::now() - start).count();
}

struct Fetched {
  double first = 0, seconds = 0;  // to the first byte of the body, to its last
  std::uint64_t bytes = 0;
  double before = 0, most = 0;  // MiB of the server
  int status = 0;
  std::string etag{};
};
// A file of the server to `sink`; how it went and what it took of the server's memory.
Result<Fetched> fetch(const Appliance& appliance, http::Request request, const http::BodySink& sink) {
  Fetched out{.before = appliance.figures().resident_mib};
  std::atomic<bool> done{false};
  std::thread watch([&] {
    for (; !done; std::this_thread::sleep_for(std::chrono::milliseconds{20}))
      out.most = std::max(out.most, appliance.figures().resident_mib);
  });
  const auto start = FilesWatch::now();
  const auto answer = http::ask({"127.0.0.1", appliance.port(), appliance.ca()}, request, [&](std::string_view piece) {
    if (out.bytes == 0) out.first = since(start);
    out.bytes += piece.size();
    return sink(piece);
  });
  out.seconds = since(start);
  done = true;
  watch.join();
  if (!answer.ok()) return answer.error();
  if (answer->status >= 400) return error(ErrorCode::internal, request.target + " was refused: " + answer->body);
  out.status = answer->status;
  for (const auto& [name, value] : answer->headers)
    if (lower_ascii(name) == "etag") out.etag = value;
  return out;
}
http::Request asked(const std::string& target, const std::string& token) {
  http::Request request{.method = "GET", .target = target};
  if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
  return request;
}
const auto kNowhere = [](std::string_view) { return true; };

void show(Table& table, const std::string& what, double rows, const Fetched& file) {
  table.row({what, whole(rows / file.seconds) + " rows/s",
             fmt::format("first byte {} ms, {} MB", decimals(file.first * 1e3, 0),
                         decimals(static_cast<double>(file.bytes) / 1e6, 0)),
             "", ""});
  table.row({"  memory of the server, before and most",
             fmt::format("{} MiB, {} MiB", decimals(file.before, 0), decimals(file.most, 0))});
}

Result<> exports(Table& table, const Appliance& appliance, const Shop& shop) {
  const double rows = static_cast<double>(shop.products);
  table.heading("Files of " + whole(rows) + " products, fetched and thrown away");
  // Once before: the store reads into its cache, which is no export's memory.
  PF_TRY(fetch(appliance, asked("/api/v1/export?format=ndjson", shop.token), kNowhere));
  for (const char* format : kFormats) {
    PF_LET(const auto file,
           fetch(appliance, asked(std::string("/api/v1/export?format=") + format, shop.token), kNowhere));
    show(table, std::string("export, ") + format, rows, file);
  }
  const auto post = [&](const std::string& target, const std::string& body) {
    return appliance.ask(
        {.method = "POST", .target = target, .headers = {{"content-type", "application/json"}}, .body = body},
        shop.token);
  };
  PF_LET(const auto profile, post("/api/v1/export-profile",
                                  R"({"name": "Feed", "format": "product_xml", "locale": "en", "currency": "EUR",)"
                                  R"( "link": "https://shop.example/p/{sku}"})"));
  const std::string id = *profile.find("data")->find("id")->as_string();
  PF_LET(const auto opened, post("/api/v1/export-profile/" + id + "/feed", "{}"));
  const std::string& path = *opened.find("data")->find("path")->as_string();
  http::Request request = asked(path, "");
  PF_LET(const auto plain, fetch(appliance, request, kNowhere));
  show(table, "feed, XML", rows, plain);
  request.headers.emplace_back("accept-encoding", "gzip");
  PF_LET(const auto packed, fetch(appliance, request, kNowhere));
  show(table, "feed, XML, gzip", rows, packed);
  request.headers.emplace_back("if-none-match", packed.etag);
  PF_LET(const auto known, fetch(appliance, request, kNowhere));
  if (known.status != 304) return error(ErrorCode::internal, "The feed was sent again, though nothing had changed.");
  table.row({"feed, asked again and unchanged (304)", decimals(known.seconds * 1e3, 1) + " ms, a new connection"});
  return {};
}

// The most that any process below the server's has held meanwhile, MiB: the cell that reads the file.
class CellWatch {
 public:
  explicit CellWatch(const Appliance& appliance)
      : thread_([this, &appliance] {
          for (; !done_; std::this_thread::sleep_for(std::chrono::milliseconds{20}))
            for (const pid_t child : appliance.children()) most_ = std::max(most_, figures_of(child).peak_mib);
        }) {}
  double most() {
    done_ = true;
    thread_.join();
    return most_;
  }

 private:
  std::atomic<bool> done_{false};
  double most_ = 0;
  std::thread thread_;
};

Result<> imports(const Plan& plan, Table& table, const Appliance& from, const Shop& shop) {
  const double rows = static_cast<double>(shop.products);
  table.heading("The same " + whole(rows) + " products from files, each into a new shop");
  for (const char* format : kFormats) {
    const auto path = plan.folder / (std::string("products.") + format);
    {
      std::ofstream out(path, std::ios::binary);
      PF_TRY(fetch(from, asked(std::string("/api/v1/export?format=") + format, shop.token),
                   [&](std::string_view piece) { return static_cast<bool>(out << piece); }));
    }
    Shop fresh{.data = plan.folder / "fresh"};
    fs::remove_all(fresh.data);
    PF_LET(fresh.token, Appliance::make_shop(plan.executable, fresh.data));
    PF_LET(const auto appliance, Appliance::start(plan.executable, fresh.data));
    for (const char* count : {"created", "unchanged"}) {
      std::ifstream in(path, std::ios::binary);
      std::string piece(kPieceBytes, '\0');
      const double before = appliance.figures().cpu_seconds;
      CellWatch cell(appliance);
      const auto piece_of = [&] {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        return piece.substr(0, static_cast<std::size_t>(in.gcount()));
      };
      // With the same wish its bytes would be known, and nothing read.
      const char* const mode = std::string_view(count) == "created" ? "upsert" : "update";
      const auto done = import_file(appliance, fresh, "product", piece_of, mode);
      const double most = cell.most();
      if (!done.ok()) return done.error();
      if (done->counts.find(count)->as_int().value_or(-1) != static_cast<std::int64_t>(shop.products))
        return error(ErrorCode::internal,
                     fmt::format("{}: all should be {}: {}", format, count, json::write(done->counts)));
      const auto figures = appliance.figures();
      table.row({fmt::format("import, {}, {}", format, count), whole(rows / done->seconds) + " rows/s",
                 fmt::format("server {} us/row, {} MiB; cell {} MiB",
                             decimals((figures.cpu_seconds - before) / rows * 1e6, 1), decimals(figures.peak_mib, 0),
                             decimals(most, 0)),
                 "",
                 std::string_view(format) == "xlsx" && std::string_view(count) == "created" ? "10,000 rows/s" : ""});
    }
    fs::remove(path);
  }
  return {};
}

}  // namespace

Result<> measure_files(const Plan& plan, Table& table) {
  Shop shop{.data = plan.folder / "shop"};
  const auto token = plan.folder / "token";
  const bool is_there = fs::exists(token);
  if (is_there) {
    std::ifstream(token) >> shop.token >> shop.products;
  } else {
    PF_LET(shop.token, Appliance::make_shop(plan.executable, shop.data));
  }
  PF_LET(const auto appliance, Appliance::start(plan.executable, shop.data));
  if (!is_there) {
    PF_TRY(measure_import(plan, table, appliance, shop, std::min(plan.many, kImportRowsMax)));
    PF_TRY(imports(plan, table, appliance, shop));
    if (plan.many > kImportRowsMax) PF_TRY(measure_import(plan, table, appliance, shop, plan.many));
    std::ofstream(token) << shop.token << ' ' << shop.products << '\n';
  }
  return exports(table, appliance, shop);
}

}  // namespace pf::bench
