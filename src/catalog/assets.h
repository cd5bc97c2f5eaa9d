// Pictures that were uploaded, kept beside the products. An upload is known by the SHA-256 of its bytes, so the same
// picture is kept once and an id always means the same bytes: it may be cached for ever.
//
// PNG, JPEG, GIF and WebP are taken, told by their bytes. SVG is refused: it can hold scripts, and there is no way to
// serve it that is safe in every program that opens it.
//
// On disk (family "assets"): head: format, be64 bytes, be32 width, be32 height, be64 created (ms), content type; then
// the bytes in parts of kAssetPartBytes (catalog_keys.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/clock.h"
#include "productflow/result.h"
#include "storage/store.h"

namespace pf::catalog {

inline constexpr std::size_t kAssetBytesMax = 10u << 20;    // a print-quality JPEG; larger ones slow every channel
inline constexpr std::size_t kAssetPartBytes = 256u << 10;  // one read's piece of a streamed answer
inline constexpr std::uint64_t kAssetPixelsMax =
    100'000'000;  // a picture that says more is a bomb for whoever shows it

struct Asset {
  std::string id{};            // 64 hexadecimal digits
  std::string content_type{};  // "image/png"
  std::uint64_t bytes = 0;
  std::uint32_t width = 0, height = 0;
  Time created{};
};

struct StoredAsset {
  Asset asset{};
  bool created = false;  // false: the same bytes were here before
};

class Assets {
 public:
  Assets(storage::Store& store, const Clock& clock);  // its family is among Products::families()

  // unsupported for what is no picture of the four kinds, too_large above the limits.
  Result<StoredAsset> put(storage::Write& work, std::string_view bytes);
  // The same without the bytes, for a unit of work of which nothing is kept: products may name it there.
  Result<StoredAsset> describe(storage::Write& work, std::string_view bytes);
  Result<std::optional<Asset>> find(const storage::Reader& reader, std::string_view id) const;
  Result<std::optional<std::string>> bytes(const storage::Reader& reader, std::string_view id) const;
  // In order of id, the first > `after`.
  Result<std::vector<Asset>> page(const storage::Reader& reader, std::string_view after, std::size_t count) const;

 private:
  const Clock& clock_;
  storage::FamilyRef family_;
};

}  // namespace pf::catalog
