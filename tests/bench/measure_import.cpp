#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "machine.h"
#include "measure.h"
#include "rows.h"

namespace pf::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::uint64_t kFileRows = 200'000;  // some 350 MB: an upload has at most 512 MiB
constexpr std::size_t kBareBatch = 1'000;     // rows of one synced batch of the bare write rate

}  // namespace

Result<Imported> import_file(const Appliance& appliance, const Shop& shop, const std::string& kind,
                             const std::function<std::string()>& piece_of, const std::string& mode) {
  const std::string boundary = "productflow-bench-boundary";
  http::Request request{.method = "POST", .target = "/api/v1/import"};
  request.headers.emplace_back("content-type", "multipart/form-data; boundary=" + boundary);
  bool begun = false, ended = false;
  request.body_source = [&]() -> Result<std::string> {
    std::string piece;
    if (!std::exchange(begun, true))
      piece = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n" + kind + "\r\n--" +
              boundary + "\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\n" + mode + "\r\n--" + boundary +
              "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bench.csv\"\r\n\r\n";
    piece += piece_of();
    if (piece.empty() && !std::exchange(ended, true)) piece = "\r\n--" + boundary + "--\r\n";
    return piece;
  };
  const auto start = SteadyClock::now();
  PF_LET(const auto accepted, appliance.ask(std::move(request), shop.token));
  const std::string target = "/api/v1/import/" + *accepted.find("data")->find("id")->as_string();
  for (;;) {
    PF_LET(const auto state, appliance.ask({.method = "GET", .target = target}, shop.token));
    const json::Value& job = *state.find("data");
    const std::string status = *job.find("status")->as_string();
    if (status == "done")
      return Imported{std::chrono::duration<double>(SteadyClock::now() - start).count(), *job.find("counts")};
    if (status != "queued" && status != "running")
      return error(ErrorCode::internal, "The import ended as " + status + ": " + *job.find("message")->as_string());
    // The end is found within a fiftieth of the time. Asked a hundred times a second all along, as once, the questions
    // took seven hundredths of an import's time; no page asks so often.
    using std::chrono::milliseconds;
    const auto passed = std::chrono::duration_cast<milliseconds>(SteadyClock::now() - start);
    std::this_thread::sleep_for(std::clamp(passed / 50, milliseconds{2}, milliseconds{100}));
  }
}

namespace {

// The rows first..last-1 and how they are sent.
struct Rows {
  std::filesystem::path folder;
  Texts texts;
  std::uint64_t first, last;
};

// Sends them as one file and waits for the job's end. The file lies on the disk before it is sent: to make it takes the
// processor as long as a third of the import, and nobody's file is made while it is sent.
Result<Imported> import_rows(const Appliance& appliance, const Shop& shop, const std::string& mode, const Rows& rows) {
  const auto path = rows.folder / "rows.csv";
  {
    std::ofstream file(path, std::ios::binary);
    file << csv_header(rows.texts);
    for (std::uint64_t i = rows.first; i < rows.last; ++i) file << csv_row(i, rows.texts);
    if (!file.flush()) return error(ErrorCode::unavailable, "The rows cannot be written to " + path.string() + ".");
  }
  std::ifstream file(path, std::ios::binary);
  const auto piece_of = [&] {
    std::string piece(kPieceBytes, '\0');
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(file.gcount()));
    return piece;
  };
  auto done = import_file(appliance, shop, "product", piece_of, mode);
  std::filesystem::remove(path);
  return done;
}

// All of them, in as many files as it takes; the seconds. Each row must have the outcome `count`.
Result<double> import_all(const Appliance& appliance, const Shop& shop, const std::string& mode, const Rows& rows,
                          const char* count) {
  double seconds = 0;
  for (std::uint64_t at = rows.first; at < rows.last; at += kFileRows) {
    const std::uint64_t end = std::min(rows.last, at + kFileRows);
    PF_LET(const auto done, import_rows(appliance, shop, mode, {rows.folder, rows.texts, at, end}));
    if (done.counts.find(count)->as_int().value_or(-1) != static_cast<std::int64_t>(end - at))
      return error(ErrorCode::internal, fmt::format("The import should have {} {} rows, but counts {}.", count,
                                                    end - at, json::write(done.counts)));
    seconds += done.seconds;
  }
  return seconds;
}

}  // namespace

Result<> measure_import(const Plan& plan, Table& table, const Appliance& appliance, Shop& shop, std::size_t products,
                        Texts texts) {
  const std::uint64_t first = shop.products, rows = products - first;
  std::vector<std::string> lines;
  std::uint64_t bytes = 0;
  for (std::uint64_t i = first; i < products; ++i) bytes += lines.emplace_back(csv_row(i, texts)).size();
  PF_LET(const double bare, bare_rocksdb_rows_per_second(plan.folder, lines, kBareBatch));
  lines = {};
  const Rows sent{plan.folder, texts, first, products};
  const std::string name = fmt::format("{} rows of {} columns, {:.1f} kB each", whole(static_cast<double>(rows)),
                                       kColumns, static_cast<double>(bytes) / static_cast<double>(rows) / 1000);
  table.heading("Import: " + name + ", into a shop of " + whole(static_cast<double>(first)));
  const double cpu_before = appliance.figures().cpu_seconds;
  PF_LET(const double fresh, import_all(appliance, shop, "upsert", sent, "created"));
  const double cpu = appliance.figures().cpu_seconds - cpu_before;
  shop.products = products;
  const double rate = static_cast<double>(rows) / fresh;
  table.row({"import, new rows, file sent to job done", whole(rate) + " rows/s",
             "bare RocksDB, same bytes: " + whole(bare) + "/s", percent(rate, bare), "25,000 rows/s"});
  table.row({"  processor time of the server", decimals(cpu / static_cast<double>(rows) * 1e6, 1) + " us/row"});
  // With another wish than before the file is read, with the same again its bytes are known.
  for (const char* const what : {"import, nothing changed, read", "import, nothing changed, known by its bytes"}) {
    PF_LET(const double again, import_all(appliance, shop, "update", sent, "unchanged"));
    const double again_rate = static_cast<double>(rows) / again;
    table.row({what, whole(again_rate) + " rows/s", "bare RocksDB, same bytes: " + whole(bare) + "/s",
               percent(again_rate, bare), "100,000 rows/s"});
  }
  table.row({"  memory of the server, most so far", decimals(appliance.figures().peak_mib, 0) + " MiB"});
  return {};
}

Result<> measure_short_texts(const Plan& plan, Table& table) {
  Shop shop{.data = plan.folder / "short-texts"};
  PF_LET(shop.token, Appliance::make_shop(plan.executable, shop.data));
  {
    PF_LET(const auto appliance, Appliance::start(plan.executable, shop.data));
    PF_TRY(measure_import(plan, table, appliance, shop, plan.many, Texts::short_ones));
  }
  std::error_code ignored;
  std::filesystem::remove_all(shop.data, ignored);
  return {};
}

}  // namespace pf::bench
