#include "catalog/thumbnails.h"

#include <atomic>
#include <thread>

#include "shop.h"

using namespace pf;
using namespace pf::catalog;
using pf::test::Shop;

namespace {

std::string keep(Shop& shop, Assets& assets, const std::string& more) {
  std::string id;
  const std::string gif = std::string("GIF89a\x02\0\x02\0", 10) + std::string(20, 'x') + more;  // its head alone is looked at
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(const auto kept, assets.put(work, gif));
                id = kept.asset.id;
                return {};
              })
              .ok());
  return id;
}

}  // namespace

TEST_CASE("a small picture is made once, whoever asks, and kept; a fault of the picture too, one of the machine not") {
  Shop shop;
  Assets assets(*shop.store, shop.clock);
  std::atomic<int> made{0};
  std::optional<Error> fault;
  Thumbnails thumbnails(*shop.store, assets, [&](std::string_view picture) -> Result<pictures::SmallPictures> {
    ++made;
    if (fault) return *fault;
    return pictures::SmallPictures{{1, 1, "image/webp", "small of " + std::to_string(picture.size())},
                                   {2, 2, "image/jpeg", "large"}};
  });
  const std::string id = keep(shop, assets, "");
  std::vector<std::thread> askers;
  std::atomic<int> same{0};
  for (int i = 0; i < 5; ++i)
    askers.emplace_back([&] {
      const auto one = thumbnails.find_or_make(id, pictures::kSmall);
      same += one.ok() && *one && (*one)->bytes == "small of 30" && (*one)->content_type == "image/webp";
    });
  for (auto& asker : askers) asker.join();
  CHECK(same == 5);
  CHECK(made == 1);
  CHECK((*thumbnails.find_or_make(id, pictures::kLarge))->bytes == "large");
  CHECK(made == 1);
  CHECK_FALSE(thumbnails.find_or_make("none", pictures::kSmall)->has_value());

  const std::string other = keep(shop, assets, "y");
  CHECK(thumbnails.problem(shop.store->read(), other)->empty());
  fault = error(ErrorCode::unavailable, "No cell.");
  CHECK(thumbnails.find_or_make(other, pictures::kSmall).error().code == ErrorCode::unavailable);
  fault = error(ErrorCode::invalid, "It is damaged.");
  CHECK((*thumbnails.find_or_make(other, pictures::kSmall))->problem == "It is damaged.");
  fault.reset();
  CHECK((*thumbnails.find_or_make(other, pictures::kLarge))->problem == "It is damaged.");
  CHECK(*thumbnails.problem(shop.store->read(), other) == "It is damaged.");
  CHECK(made == 3);
}
