// Units of work of which nothing is kept.
#include "storage/rehearsal.h"

#include <doctest/doctest.h>

#include "storage_shop.h"

using namespace pf;
using namespace pf::storage;

TEST_CASE("storage: what is rehearsed is seen by later units alone, and one that fails leaves the others") {
  Shop shop;
  REQUIRE(shop.put(shop.things, "kept", "1").ok());
  REQUIRE(shop.put(shop.things, "gone", "1").ok());
  Pipeline::Rehearsal row(*shop.store);
  bool acted = false;
  REQUIRE(row.write([&](Write& work) -> Result<> {
               work.put(shop.things, "made", "1");
               work.erase(shop.things, "gone");
               work.merge(shop.joined, "all", "x");
               work.after_commit([&] { acted = true; });
               return {};
             })
              .ok());
  CHECK_FALSE(row.write([&](Write& work) -> Result<> {
                   work.put(shop.things, "made", "2");
                   work.merge(shop.joined, "all", "lost");
                   return error(ErrorCode::conflict, "no");
                 })
                  .ok());
  REQUIRE(shop.put(shop.things, "other", "1").ok());  // somebody else's, which it sees
  std::string large(kUnitBytesMax + 1, 'x');
  CHECK(row.write([&](Write& work) -> Result<> {
             work.put(shop.things, "large", large);
             return {};
           })
            .error()
            .code == ErrorCode::too_large);
  const auto looks = [&](Write& work) -> Result<> {
    CHECK(work.get(shop.things, "made")->value_or("") == "1");
    CHECK_FALSE(work.get(shop.things, "gone")->has_value());
    CHECK(work.get(shop.joined, "all")->value_or("") == "x");
    CHECK(shop.keys(work, shop.things) == "kept made other ");
    CHECK(shop.keys(work, shop.joined) == "all ");
    return {};
  };
  CHECK(row.look(looks).ok());
  CHECK(row.write(looks).ok());
  CHECK(row.write(looks).ok());  // what a walk has settled is so, too
  const std::size_t bytes = row.bytes();
  CHECK(row.look([&](Write& work) -> Result<> {
             work.put(shop.things, "looked", large);
             return {};
           })
            .ok());
  CHECK(row.bytes() == bytes);
  CHECK_FALSE(acted);
  CHECK(shop.get(shop.things, "made") == "none");
  CHECK(shop.keys(shop.store->read(), shop.things) == "gone kept other ");
  row.forget();
  CHECK(row.write([&](Write& work) -> Result<> {
             CHECK(shop.keys(work, shop.things) == "gone kept other ");
             return {};
           })
            .ok());
}
