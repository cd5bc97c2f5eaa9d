#include "catalog/assets.h"

#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/image_kind.h"
#include "crypto/crypto.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kAssetHead = 1 + 8 + 4 + 4 + 8;

Error damaged_asset() {
  return error(ErrorCode::internal,
               "An uploaded image is damaged; run `productflow doctor` and restore it from a backup.");
}

std::string encode(const Asset& asset) {
  std::string out(1, keys::kRecordFormat);
  put_be64(out, asset.bytes);
  put_be32(out, asset.width);
  put_be32(out, asset.height);
  put_be64(out, static_cast<std::uint64_t>(asset.created.time_since_epoch().count()));
  return out += asset.content_type;
}

Result<Asset> decode(std::string_view id, std::string_view in) {
  if (in.size() <= kAssetHead || in[0] != keys::kRecordFormat) return damaged_asset();
  Asset out;
  out.id = id;
  out.bytes = get_be64(in.substr(1));
  out.width = get_be32(in.substr(9));
  out.height = get_be32(in.substr(13));
  out.created = Time{milliseconds{static_cast<std::int64_t>(get_be64(in.substr(17)))}};
  out.content_type = in.substr(kAssetHead);
  if (out.bytes > kAssetBytesMax) return damaged_asset();
  return out;
}

}  // namespace

Assets::Assets(storage::Store& store, const Clock& clock) : clock_(clock), family_(store.family(keys::kAssets)) {}

Result<StoredAsset> Assets::put(storage::Write& work, std::string_view bytes) {
  PF_LET(const auto out, describe(work, bytes));
  std::uint32_t part = 0;
  for (std::size_t at = 0; out.created && at < bytes.size(); at += kAssetPartBytes)
    work.put(family_, keys::asset_part(out.asset.id, part++), bytes.substr(at, kAssetPartBytes));
  return out;
}

Result<StoredAsset> Assets::describe(storage::Write& work, std::string_view bytes) {
  if (bytes.size() > kAssetBytesMax)
    return error(ErrorCode::too_large, "An image has at most " + std::to_string(kAssetBytesMax >> 20) +
                                           " MiB; make it smaller and upload it again.");
  const auto kind = image_kind(bytes);
  if (!kind) return error(ErrorCode::unsupported, "This file is no PNG, JPEG, GIF or WebP image.");
  if (std::uint64_t{kind->width} * kind->height > kAssetPixelsMax)
    return error(ErrorCode::too_large, "This image has " + std::to_string(kind->width) + " by " +
                                           std::to_string(kind->height) + " pixels; at most " +
                                           std::to_string(kAssetPixelsMax / 1'000'000) + " million are kept.");
  StoredAsset out;
  const std::string id = hex(crypto::sha256(bytes));
  PF_LET(const auto there, find(work, id));
  if (there) {
    out.asset = *there;
    return out;
  }
  out.created = true;
  out.asset = Asset{id, std::string(kind->content_type), bytes.size(), kind->width, kind->height, clock_.now()};
  work.put(family_, keys::asset_head(id), encode(out.asset));
  return out;
}

Result<std::optional<Asset>> Assets::find(const storage::Reader& reader, std::string_view id) const {
  PF_LET(const auto head, reader.get(family_, keys::asset_head(id)));
  if (!head) return std::optional<Asset>();
  PF_LET(auto asset, decode(id, *head));
  return std::optional<Asset>(std::move(asset));
}

Result<std::optional<std::string>> Assets::bytes(const storage::Reader& reader, std::string_view id) const {
  PF_LET(const auto asset, find(reader, id));
  if (!asset) return std::optional<std::string>();
  std::string out;
  out.reserve(asset->bytes);
  for (std::uint32_t part = 0; out.size() < asset->bytes; ++part) {
    PF_LET(const auto piece, reader.get(family_, keys::asset_part(id, part)));
    if (!piece || piece->empty()) return damaged_asset();
    out += *piece;
  }
  if (out.size() != asset->bytes) return damaged_asset();
  return std::optional<std::string>(std::move(out));
}

Result<std::vector<Asset>> Assets::page(const storage::Reader& reader, std::string_view after,
                                        std::size_t count) const {
  std::vector<Asset> out;
  std::string from(1, keys::kAssetHead);
  if (!after.empty()) from.append(after).append(1, '\0');
  auto cursor = reader.scan(family_, from, std::string(1, keys::kAssetPart));
  for (; cursor.valid() && out.size() < count; cursor.next()) {
    PF_LET(auto asset, decode(cursor.key().substr(1), cursor.value()));
    out.push_back(std::move(asset));
  }
  return out;
}

}  // namespace pf::catalog
