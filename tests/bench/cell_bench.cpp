// cell_bench [--rows N]: what it costs to read in a cell: its start, bytes through it and back, tables of 40 columns
// read here and there, small pictures. By itself: no shop, no disk. Prints a line each. Never a timed test.
#include <fmt/core.h>
#include <sys/resource.h>

#include <chrono>
#include <optional>

#include "arguments.h"
#include "cell/task.h"
#include "formats/cell_reading.h"
#include "formats/csv.h"
#include "formats/png.h"
#include "formats/xlsx_writer.h"
#include "pictures/pictures.h"
#include "rows.h"

namespace pf::bench {
namespace {

using CellWatch = std::chrono::steady_clock;

double seconds_of(const std::function<void()>& what) {
  const auto start = CellWatch::now();
  what();
  return std::chrono::duration<double>(CellWatch::now() - start).count();
}

void echo(cell::House& house) {
  for (;;) house.send('o', house.receive().body);
}
constexpr cell::Task kBenchTasks[] = {{"echo", echo}, formats::kReadFileTask, pictures::kShrinkTask};

std::uint64_t rows_in(const std::string& file, const formats::OpenReading& open) {
  std::uint64_t rows = 0;
  formats::MemorySource source(file);
  const auto reading = open(source);
  if (!reading.ok()) {
    fmt::print("{}\n", reading.error().message);
    return 0;
  }
  const auto opened = (*reading)->open();
  const auto take = [&](formats::TableRow&& row) -> Result<formats::ZipReader::Go> {
    rows += row.cells.size() == kColumns;
    return formats::ZipReader::Go::on;
  };
  if (opened.ok() && opened->kind == formats::OpenedFile::Kind::workbook)
    static_cast<void>((*reading)->sheet_rows(0, take));
  else if (opened.ok())
    static_cast<void>((*reading)->table_rows({0, true}, take));
  return rows;
}
// Of this process alone: it hardly moves when somebody else uses the machine.
double processor_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto of = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return of(use.ru_utime) + of(use.ru_stime);
}

void compare(const char* what, const std::string& file) {
  for (const bool in_cell : {false, true, false, true}) {
    std::uint64_t rows = 0;
    const double before = processor_seconds();
    const double seconds = seconds_of(
        [&] { rows = rows_in(file, in_cell ? formats::OpenReading(formats::open_in_cell) : formats::open_here); });
    fmt::print("{} read {}: {:.0f} rows/s ({} rows, {:.1f} MiB, {:.2f} s), {:.1f} us/row of this process\n", what,
               in_cell ? "in a cell" : "here     ", static_cast<double>(rows) / seconds, rows,
               static_cast<double>(file.size()) / (1 << 20), seconds,
               (processor_seconds() - before) / static_cast<double>(rows) * 1e6);
  }
}

void measure(std::uint64_t count) {
  constexpr int kStarts = 50;
  const double starts = seconds_of([&] {
    for (int i = 0; i < kStarts; ++i) {
      auto one = cell::Cell::start("echo", {});
      if (!one.ok()) fmt::print("{}\n", one.error().message);
    }
  });
  fmt::print("a cell started, shut in and ended: {:.2f} ms\n", starts / kStarts * 1000);
  auto one = cell::Cell::start("echo", {});
  if (!one.ok()) return;
  for (const std::string& layer : one->layers().hold) fmt::print("  holds: {}\n", layer);
  for (const std::string& layer : one->layers().lacking) fmt::print("  lacks: {}\n", layer);
  constexpr int kEchoes = 2'000;
  const std::string body(256u << 10, 'x');
  const double echoes = seconds_of([&] {
    for (int i = 0; i < kEchoes; ++i) static_cast<void>(one->send('g', body).ok() && one->receive().ok());
  });
  fmt::print("bytes to a cell and back: {:.0f} MiB/s each way\n", kEchoes / 4 / echoes);

  std::string csv = csv_header();
  std::vector<formats::XlsxWriter::Column> columns;
  std::string book;
  std::optional<formats::XlsxWriter> writer;
  formats::CsvReader reader(',', formats::CsvReader::Quotes::rfc4180);
  const auto add = [&](formats::TableRow&& row) -> Result<> {
    if (writer) return writer->row(row.cells);
    for (const std::string& name : row.cells) columns.push_back({name, name != "sku"});
    writer.emplace("products", columns, [&](std::string_view piece) {
      book += piece;
      return true;
    });
    return {};
  };
  static_cast<void>(reader.feed(csv, add));
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string line = csv_row(i);
    csv += line;
    static_cast<void>(reader.feed(line, add));
  }
  static_cast<void>(writer->finish());
  compare("CSV ", csv);
  compare("XLSX", book);

  std::vector<std::uint8_t> pixels(std::size_t{4'000} * 3'000 * 3);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i / 7 ^ i >> 13);
  const std::string picture = formats::write_png(4'000, 3'000, pixels);
  for (const bool in_cell : {false, true}) {
    const double seconds = seconds_of([&] {
      const auto made = in_cell ? pictures::shrink_in_cell(picture) : pictures::shrink(picture);
      if (!made.ok()) fmt::print("{}\n", made.error().message);
    });
    fmt::print("two small pictures of a PNG of 12 megapixels {}: {:.0f} ms\n", in_cell ? "in a cell" : "here",
               seconds * 1000);
  }
}

}  // namespace
}  // namespace pf::bench

int main(int argc, char** argv) {
  using namespace pf::bench;
  if (pf::cell::is_cell(argc, argv)) pf::cell::live(argc, argv, kBenchTasks);
  std::uint64_t rows = 30'000;
  if (const auto end =
          read_arguments(argc, argv, "What it costs to read in a cell", {{"--rows", &rows, "Rows of 40 columns"}}))
    return *end;
  measure(rows);
  return 0;
}
