// What tests do to the files of a shop that does not run:
//   stopped_shop sealed FOLDER   prints every value of the family "pii" as hexadecimal, a line each, so that a test can
//                                look for these bytes in the files later
//   stopped_shop damage FOLDER   takes what products and orders are found by out of their search indexes, and prints
//                                how many places that are: a document in a list each
#include <cstdio>
#include <string_view>

#include "app/house.h"
#include "catalog/catalog_keys.h"
#include "orders/order_keys.h"
#include "productflow/text.h"
#include "search/index_keys.h"
#include "search/index_records.h"

namespace {

using pf::storage::Store;

void print_sealed(const Store& store) {
  const auto read = store.read();
  for (auto row = read.scan(store.family("pii"), "", ""); row.valid(); row.next())
    std::printf("%s\n", pf::hex(row.value()).c_str());
}

pf::Result<> damage_index(Store& store) {
  std::uint64_t places = 0;
  PF_TRY(store.write([&](pf::storage::Write& work) -> pf::Result<> {
    for (const auto name : {pf::catalog::keys::kProductIndex, pf::orders::kOrderIndexFamily}) {
      const auto family = store.family(name);
      std::vector<std::string> keys;
      for (auto row = work.scan_prefix(family, std::string(1, pf::search::kTermKey)); row.valid(); row.next()) {
        places += roaring_bitmap_get_cardinality(pf::search::BlockRecord(row.value()).take().get());
        keys.emplace_back(row.key());
      }
      for (const std::string& key : keys) work.erase(family, key);
    }
    return {};
  }));
  std::printf("%llu\n", static_cast<unsigned long long>(places));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc == 3 ? argv[1] : "";
  if (what != "sealed" && what != "damage") return 2;
  const auto store = Store::open(argv[2], pf::app::all_families(nullptr, nullptr), {});
  auto done = store.ok() ? pf::Result<>() : pf::Result<>(store.error());
  if (done.ok() && what == "sealed") print_sealed(**store);
  if (done.ok() && what == "damage") done = damage_index(**store);
  if (!done.ok()) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done.ok() ? 0 : 1;
}
