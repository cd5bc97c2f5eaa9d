// A store in a throw-away folder with families of every kind.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>

#include "storage/store.h"
#include "support/temp_folder.h"

namespace pf::storage {

inline std::string joining(std::optional<std::string_view> old_value, std::span<const std::string_view> operands) {
  std::string out(old_value.value_or(""));
  for (const auto& operand : operands) out.append(operand);
  return out;
}

struct Shop {
  test::TempFolder folder;
  std::shared_ptr<std::atomic<char>> dead_below = std::make_shared<std::atomic<char>>('\0');
  std::unique_ptr<Store> store;
  FamilyRef things, sealed, joined;

  Shop() { open(); }
  std::vector<Family> families() {
    return {{.name = "things"},
            {.name = "sealed",
             .kind = Family::Kind::sealed,
             .is_dead = [limit = dead_below](std::string_view key) { return !key.empty() && key[0] < limit->load(); },
             .cut_bytes = 1},
            {.name = "joined", .merge = joining}};
  }
  void open(OpenOptions options = {.create_if_missing = true, .free_bytes_reserve = 0}) {
    store.reset();
    auto opened = Store::open(folder.path(), families(), options);
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().message));
    store = *std::move(opened);
    things = store->family("things");
    sealed = store->family("sealed");
    joined = store->family("joined");
  }
  Result<> put(FamilyRef family, const std::string& key, const std::string& value) {
    return store->write([&](Write& work) -> Result<> {
      work.put(family, key, value);
      return {};
    });
  }
  std::string get(FamilyRef family, const std::string& key) {
    return (*store->read().get(family, key)).value_or("none");
  }
  std::string keys(const Reader& read, FamilyRef family) {
    std::string all;
    for (auto row = read.scan(family, "", ""); row.valid(); row.next()) all += std::string(row.key()) + " ";
    return all;
  }
  bool on_disk(std::string_view needle) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      if (bytes.find(needle) != std::string::npos) return true;
    }
    return false;
  }
};

// The files as a kill would leave them: nothing flushed, nothing closed. A kill is one moment and a copy is not, so it
// is taken again where the store has tidied away meanwhile: CURRENT would name a manifest that is gone.
inline void copy_as_killed(const std::filesystem::path& from, const std::filesystem::path& to) {
  namespace fs = std::filesystem;
  const auto names = [&] {
    std::set<std::string> out;
    for (const auto& entry : fs::directory_iterator(from / "db")) out.insert(entry.path().filename());
    return out;
  };
  for (bool same = false; !same;) {
    fs::remove_all(to / "db");
    fs::create_directories(to / "db");
    const auto before = names();
    std::error_code vanished;
    for (const std::string& name : before)
      if (!vanished) fs::copy_file(from / "db" / name, to / "db" / name, vanished);
    same = !vanished && names() == before;
  }
}

}  // namespace pf::storage
