// sealed_records FOLDER: prints every value of the family "pii" as hexadecimal, a line each, so that a test can look
// for these bytes in the files later. The server must not run.
#include <cstdio>
#include <string>

#include "app/house.h"
#include "productflow/text.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto store = pf::storage::Store::open(argv[1], pf::app::all_families(nullptr, nullptr), {});
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.error().message.c_str());
    return 1;
  }
  const auto read = (*store)->read();
  for (auto row = read.scan((*store)->family("pii"), "", ""); row.valid(); row.next())
    std::printf("%s\n", pf::hex(row.value()).c_str());
  return 0;
}
