#include "storage/read_through.h"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "storage/store.h"
#include "support/temp_folder.h"

using namespace pf;
using namespace pf::storage;

namespace {

bool says(const std::filesystem::path& folder, std::string_view ending, std::string_view needle) {
  bool found = false;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || !entry.path().filename().string().ends_with(ending)) continue;
    const auto read = read_through(entry.path(), needle.size(),
                                   [&](std::string_view bytes) { found = found || bytes.find(needle) != bytes.npos; });
    REQUIRE(read.ok());
  }
  return found;
}
// All files' bytes as they lie on the disk.
std::string raw(const std::filesystem::path& folder) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += test::file_bytes(entry.path()) + '\n';
  return bytes;
}
void put(Store& store, const std::string& key, const std::string& value) {
  REQUIRE(store
              .write([&](Write& work) -> Result<> {
                work.put(store.family("things"), key, value);
                return {};
              })
              .ok());
}

}  // namespace

TEST_CASE("read through: a text that compression hides from grep is found in the table") {
  test::TempFolder folder;
  auto store = std::move(
      *Store::open(folder.path(), {{.name = "things"}}, {.create_if_missing = true, .free_bytes_reserve = 0}));
  // So alike that only their differences are stored.
  for (int i = 0; i < 400; ++i)
    put(*store, "k" + std::to_string(1'000 + i),
        "the same beginning of every record, Zyxander of Quillonstad, number " + std::to_string(i));
  REQUIRE(store->flush_all().ok());
  // A new table is compressed when it is merged with others, which waits until there are some.
  const auto hidden = [&] { return raw(folder.path()).find("Zyxander of Quillonstad, number 377") == std::string::npos; };
  for (int i = 0; i < 500 && !hidden(); ++i) {
    for (const char* key : {"a", "z"}) put(*store, key, std::to_string(i));  // around the others
    REQUIRE(store->flush_all().ok());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(hidden());
  CHECK(says(folder.path(), ".sst", "Zyxander of Quillonstad, number 377"));
  CHECK_FALSE(says(folder.path(), ".sst", "Zyxander of Quillonstad, number 400"));
}

TEST_CASE("read through: a text that the log's blocks cut in two is found whole") {
  test::TempFolder folder;
  auto store = std::move(
      *Store::open(folder.path(), {{.name = "things"}}, {.create_if_missing = true, .free_bytes_reserve = 0}));
  std::string value;
  for (int i = 0; value.size() < 100'000; ++i) value += "[Zyxander-" + std::to_string(100'000 + i) + "]";
  put(*store, "long", value);
  // A record of 100 kB lies across blocks of 32 KiB: some number is cut.
  const std::string bytes = raw(folder.path());
  bool cut = false;
  for (int i = 0; i < 5'000 && !cut; ++i) {
    const std::string needle = "[Zyxander-" + std::to_string(100'000 + i) + "]";
    if (value.find(needle) == std::string::npos) break;
    if (bytes.find(needle) != std::string::npos) continue;
    cut = true;
    CHECK(says(folder.path(), ".log", needle));
  }
  CHECK(cut);
}

TEST_CASE("read through: what lies across two pieces of a plain file is found; a missing file is none") {
  test::TempFolder folder;
  const auto file = folder.path() / "upload.csv";
  {
    std::ofstream out(file, std::ios::binary);
    out << std::string((1u << 20) - 4, 'x') << "Zyxander" << std::string(100, 'y');
  }
  CHECK(says(folder.path(), ".csv", "Zyxander"));
  const auto missing = read_through(folder.path() / "nothing", 10, [](std::string_view) {});
  REQUIRE(missing.ok());
  CHECK_FALSE(*missing);
}

TEST_CASE("read through: a table or log of garbage is said to be unreadable, or read as it is, and harms nobody") {
  test::TempFolder folder;
  const auto table = folder.path() / "000001.sst", log = folder.path() / "000002.log";
  std::string garbage;
  for (int i = 0; i < 70'000; ++i) garbage.push_back(static_cast<char>(i * 7 % 256));
  for (const auto& file : {table, log}) {
    std::ofstream out(file, std::ios::binary);
    out << garbage << "Zyxander";
  }
  CHECK_FALSE(read_through(table, 10, [](std::string_view) {}).ok());
  CHECK(says(folder.path(), ".log", "Zyxander"));
}
