// Follows the #include lines: rooms look down, never up; a third-party library is spoken to by one room.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

// From the ground up, as src/README.md draws it. A room may include those before it on its own floor's list.
const std::vector<std::pair<int, std::string>> kRooms{
    {0, "ground"},   {1, "storage"},  {1, "crypto"}, {1, "json"},   {1, "search"}, {1, "expression"}, {1, "cell"},
    {1, "formats"},  {1, "pictures"}, {1, "http"},   {2, "access"}, {2, "audit"},  {2, "events"},     {2, "vault"},
    {2, "archive"},  {2, "backup"},   {3, "catalog"},  {3, "stock"},  {3, "orders"}, {3, "papers"}, {3, "rules"},      {3, "teamwork"}, {3, "exchange"},
    {3, "webhooks"}, {4, "gate"},     {5, "jobs"},   {5, "api"},    {5, "cli"},    {5, "ui"},         {6, "app"}};

// Header prefix -> the one room that may include it.
const std::map<std::string, std::string> kSpokenToBy{{"rocksdb/", "storage"},
                                                     {"httplib.h", "http"},
                                                     {"sodium", "crypto"},
                                                     {"boost/json", "json"},
                                                     {"boost/multiprecision", "expression"},
                                                     {"roaring/", "search"},
                                                     {"utf8proc", "search"},
                                                     {"re2/", "search"},
                                                     {"CLI/", "cli"},
                                                     {"expat", "formats"},
                                                     {"minizip", "formats"},
                                                     {"seccomp.h", "cell"},
                                                     {"jpeglib.h", "pictures"},
                                                     {"png.h", "pictures"},
                                                     {"webp/", "pictures"},
                                                     {"gif_lib.h", "pictures"}};

struct Include {
  std::string file;
  int line;
  std::string target;
};

std::vector<Include> includes_of(const fs::path& root) {
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (entry.path().string().find("node_modules") != std::string::npos || (extension != ".h" && extension != ".cpp"))
      continue;
    std::ifstream in(entry.path());
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      if (!line.starts_with("#include")) continue;
      const auto open = line.find_first_of("<\"");
      const auto close = line.find_first_of(">\"", open + 1);
      if (open != std::string::npos && close != std::string::npos)
        found.push_back({fs::relative(entry.path(), root).string(), number, line.substr(open + 1, close - open - 1)});
    }
  }
  return found;
}

std::string room_of(const std::string& path) {
  const auto slash = path.find('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::size_t place_of(const std::string& room) {
  return static_cast<std::size_t>(std::ranges::find(kRooms, room, &std::pair<int, std::string>::second) -
                                  kRooms.begin());
}

// The words a person needs to mend the step, or nothing when the include is fine.
std::string fault_of(const Include& include) {
  const std::string from = room_of(include.file), to = room_of(include.target);
  const std::string where = include.file + ":" + std::to_string(include.line) + ": ";
  for (const auto& [prefix, room] : kSpokenToBy)
    if (include.target.starts_with(prefix) && from != room)
      return where + "<" + include.target + "> belongs to " + room + "/ alone";
  if (from.empty() || to.empty() || to == "productflow" || place_of(to) == kRooms.size()) return "";
  if (place_of(from) == kRooms.size()) return where + from + "/ is not a known room";
  if (to != from && place_of(to) >= place_of(from)) return where + from + "/ looks up at " + to + "/";
  const bool doors = kRooms[place_of(from)].first == 5 && kRooms[place_of(to)].first == 5;
  if (doors && to != from && !(from == "api" && to == "jobs"))
    return where + "the door " + from + "/ looks into the door " + to + "/";
  return "";
}

}  // namespace

TEST_CASE("structure: rooms look down, never up, and a library is spoken to by one room") {
  const auto includes = includes_of(fs::path(PF_SOURCE_DIR) / "src");
  REQUIRE(includes.size() > 100);
  for (const auto& include : includes) {
    const std::string fault = fault_of(include);
    CHECK_MESSAGE(fault.empty(), fault);
  }
}

TEST_CASE("structure: a step upwards is noticed") {
  CHECK(fault_of({"storage/store.cpp", 7, "orders/orders.h"}) == "storage/store.cpp:7: storage/ looks up at orders/");
  CHECK(fault_of({"orders/orders.cpp", 1, "rocksdb/db.h"}) ==
        "orders/orders.cpp:1: <rocksdb/db.h> belongs to storage/ alone");
  CHECK(fault_of({"cli/cli.cpp", 2, "api/orders_api.h"}) == "cli/cli.cpp:2: the door cli/ looks into the door api/");
  CHECK(fault_of({"orders/orders.cpp", 1, "stock/stock.h"}).empty());
  CHECK(fault_of({"orders/orders.cpp", 1, "productflow/result.h"}).empty());
}

TEST_CASE("structure: the ground floor needs nothing but the standard library") {
  for (const auto& include : includes_of(fs::path(PF_SOURCE_DIR) / "include"))
    CHECK_MESSAGE((include.target.starts_with("productflow/") || include.target.find('/') == std::string::npos),
                  include.file << " includes " << include.target);
}

// A test that is in no list is built by nobody, and never fails.
TEST_CASE("structure: every source stands in the list of its folder") {
  for (const char* tree : {"src", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(PF_SOURCE_DIR) / tree)) {
      if (entry.path().extension() != ".cpp" || entry.path().string().find("node_modules") != std::string::npos) continue;
      std::ifstream list(entry.path().parent_path() / "CMakeLists.txt");
      const std::string listed(std::istreambuf_iterator<char>(list), {});
      CHECK_MESSAGE(listed.find(entry.path().filename().string()) != std::string::npos,
                    entry.path().string() << " is not named in the CMakeLists.txt beside it");
    }
}

TEST_CASE("structure: every room says why it exists") {
  for (const auto& entry : kRooms)
    CHECK_MESSAGE(fs::exists(fs::path(PF_SOURCE_DIR) / "src" / entry.second / "README.md"),
                  "src/" << entry.second << "/README.md is missing");
}
