#include "catalog/assets.h"

#include "productflow/bytes.h"
#include "shop.h"

using namespace pf;
using namespace pf::catalog;
using pf::test::Shop;

namespace {

std::string png(std::size_t bytes, std::uint32_t width = 16, std::uint32_t height = 16) {
  std::string out("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  put_be32(out, width);
  put_be32(out, height);
  out.append("\x08\x06\0\0\0", 5);
  for (std::size_t i = 0; out.size() < bytes; ++i) out += static_cast<char>(i * 31 >> 3);
  return out;
}

Result<StoredAsset> put(Shop& shop, Assets& assets, std::string_view bytes) {
  Result<StoredAsset> out = error(ErrorCode::internal, "not run");
  const auto kept = shop.store->write([&](storage::Write& work) -> Result<> {
    out = assets.put(work, bytes);
    if (!out.ok()) return out.error();
    return {};
  });
  if (!kept.ok()) return kept.error();
  return out;
}

}  // namespace

TEST_CASE("a picture comes back byte for byte, is kept once, and may then be a product's image") {
  Shop shop;
  Assets assets(*shop.store, shop.clock);
  const std::string big = png(3 * kAssetPartBytes + 17), small = png(kAssetPartBytes), tiny = png(100);
  const auto first = put(shop, assets, big);
  REQUIRE(first.ok());
  CHECK(first->created);
  CHECK(first->asset.content_type == "image/png");
  CHECK(first->asset.id.size() == 64);
  CHECK(*assets.bytes(shop.store->read(), first->asset.id) == big);
  for (const auto& other : {small, tiny}) {
    const auto second = put(shop, assets, other);
    CHECK(*assets.bytes(shop.store->read(), second->asset.id) == other);
  }
  CHECK_FALSE(put(shop, assets, big)->created);
  CHECK(assets.page(shop.store->read(), "", 10)->size() == 3);
  CHECK(assets.page(shop.store->read(), assets.page(shop.store->read(), "", 1)->at(0).id, 10)->size() == 2);
  CHECK(shop.post("A", R"({"images":["asset:)" + first->asset.id + R"("]})").outcome == Outcome::created);
  CHECK(shop.refused("A", R"({"images":["asset:)" + std::string(64, '0') + R"("]})").faults.at(0).code == "unknown");
}

TEST_CASE("a picture that is only described has no bytes, and one that is there stays whole") {
  Shop shop;
  Assets assets(*shop.store, shop.clock);
  const auto kept = put(shop, assets, png(100));
  REQUIRE(kept.ok());
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                PF_LET(const auto same, assets.describe(work, png(100)));
                CHECK_FALSE(same.created);
                PF_LET(const auto other, assets.describe(work, png(200)));
                CHECK(other.created);
                PF_LET(const auto found, assets.find(work, other.asset.id));
                CHECK((found && found->bytes == 200));
                CHECK_FALSE(assets.bytes(work, other.asset.id).ok());
                CHECK(assets.describe(work, "text").error().code == ErrorCode::unsupported);
                return {};
              })
              .ok());
  CHECK(*assets.bytes(shop.store->read(), kept->asset.id) == png(100));
}

TEST_CASE("what is no picture, too large or a pixel bomb is refused") {
  Shop shop;
  Assets assets(*shop.store, shop.clock);
  CHECK(put(shop, assets, "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>").error().code ==
        ErrorCode::unsupported);
  CHECK(put(shop, assets, "").error().code == ErrorCode::unsupported);
  CHECK(put(shop, assets, png(kAssetBytesMax + 1)).error().code == ErrorCode::too_large);
  CHECK(put(shop, assets, png(100, 65'535, 65'535)).error().code == ErrorCode::too_large);
  CHECK(put(shop, assets, png(100, 0, 5)).error().code == ErrorCode::unsupported);
  CHECK(assets.page(shop.store->read(), "", 10)->empty());
  CHECK_FALSE(assets.find(shop.store->read(), "nonsense")->has_value());
}

TEST_CASE("an upload is deleted when nothing shows it, and what showed it before that was kept is found") {
  Shop shop;
  Assets assets(*shop.store, shop.clock);
  const auto face = put(shop, assets, png(3 * kAssetPartBytes)), swatch = put(shop, assets, png(200));
  const auto remove = [&](const std::string& id) {
    return shop.store->write(
        [&](storage::Write& work) { return shop.products.remove_asset(work, access::system_actor(), id); });
  };
  const auto uses = [&](const std::string& id) { return shop.products.asset_uses(shop.store->read(), id, 10)->skus; };
  shop.post("A", R"({"images":["asset:)" + face->asset.id + R"("],"attributes":{"swatch":"asset:)" + swatch->asset.id +
                     R"("}})");
  CHECK(remove(face->asset.id).error().code == ErrorCode::unavailable);  // as after an update, before the first start
  REQUIRE(shop.store
              ->write([&](storage::Write& work) -> Result<> {
                work.erase(shop.store->family("assets"), "\x04" + face->asset.id + std::string(1, '\0') + "A");
                return {};
              })
              .ok());
  CHECK(uses(face->asset.id).empty());
  REQUIRE(shop.products.prepare(*shop.store).ok());
  CHECK(uses(face->asset.id) == std::vector<std::string>{"A"});
  CHECK(remove(face->asset.id).error().message.find("1 products, such as \"A\"") != std::string::npos);
  CHECK(remove(swatch->asset.id).error().code == ErrorCode::conflict);
  shop.patch("A", R"({"attributes":{"swatch":null}})");
  CHECK(remove(swatch->asset.id).ok());
  REQUIRE(shop.remove("A").ok());
  CHECK(remove(face->asset.id).ok());
  CHECK_FALSE(assets.find(shop.store->read(), face->asset.id)->has_value());
  CHECK(remove(face->asset.id).error().code == ErrorCode::not_found);
  for (auto row = shop.store->read().scan(shop.store->family("assets"), "", "\x05"); row.valid(); row.next())
    FAIL("something of an upload is left");
}
