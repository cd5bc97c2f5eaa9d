#include "throw_away_folder.h"

#include <fmt/core.h>
#include <stdlib.h>

#include "machine.h"

namespace pf::bench {

int in_throw_away_folder(const std::string& program, const std::string& folder,
                         const std::function<Result<>(const std::filesystem::path& inside, Table& table)>& measure) {
  std::string name = folder + "/productflow-" + program + "-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    fmt::print(stderr, "{}: no folder can be made in {}\n", program, folder);
    return 1;
  }
  fmt::print("{}\n", machine_name());
  Table table;
  const auto done = measure(name, table);
  std::error_code ignored;
  std::filesystem::remove_all(name, ignored);
  if (!done.ok()) {
    fmt::print(stderr, "{}: {}\n", program, done.error().message);
    return 1;
  }
  fmt::print("\n{} rows measured\n", table.rows().size());
  return 0;
}

}  // namespace pf::bench
