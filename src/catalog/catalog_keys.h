// Keys and marks of the catalogue's records. Stored on disk: do not change or renumber; a new kind takes a new mark.
//
// Family "products" (kept together by SKU, so one product is one short stretch of the file):
//   0x01 sku 0x00                 common segment (record.h)
//   0x01 sku 0x00 locale          that locale's texts
//   0x02 be32 document            SKU of a document of the search index
//   0x03 parent 0x00 sku          empty value; the variants of a parent in key order
//   0x04                          the shop's languages (languages.h)
//   0x05 to 0x00 sku              empty value; the products whose associations name `to`, there or not
//   0x06 be32 document            what a variant adds to the index for what it inherits (inherited_entry.h)
//   0x07 parent                   empty value; has or had variants: who has none need not be walked for.
//                                 With no parent: some product of the shop has
//   0x08                          0x01 once all columns that products use are there (used_columns.h)
//   0x08 kind name 0x00 locale    such a column: SKU of a product that had it
// Family "product_index": owned by search::Index. Family "offers": sku -> offer (offers.h).
// Family "marketplace_offers": marketplace_offers.h. Family "history": history.h.
// Family "assets":
//   0x01 id                       an upload's description (assets.h)
//   0x02 id be32 part             its bytes in parts of kAssetPartBytes
//   0x04 id 0x00 sku              empty value; the products that show it
//   0x05                          0x01 once those of older shops are all there (products_assets.cpp)
//   0x03 id be32 side             its small picture of that longest side, or why there is none (thumbnails.h)
// Families "references" and "reference_index": reference_keys.h.
// Family "model" (what the shop describes, model.h):
//   0x00                          be64 version of the whole model
//   0x06 code                     products of that family whose completeness is still that of an earlier model: cursor
//   0x09 sku                      that product's variants have still to follow it: the last one that has, or nothing
//   0x0a                          so have all variants: the last key of 0x03 of family "products" that has, or nothing
//   0x0b                          0x01 once variants of older shops have been told to, and 0x07 of "products" is there
//   0x0d                          another text after each pass that changed what lists find products by and told nobody
//   0x0e                          0x01 once the index knows own categories (search_entry.h) of older shops' products,
//                                 and those whose variants may be alike are marked for completeness
//   kind code                     one description: format, be64 version of the model that wrote it, its JSON
// A SKU holds no control characters, so 0x00 ends it for sure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::catalog::keys {

inline constexpr std::string_view kProducts = "products";
inline constexpr std::string_view kProductIndex = "product_index";
inline constexpr std::string_view kOffers = "offers";
inline constexpr std::string_view kMarketplaceOffers = "marketplace_offers";
inline constexpr std::string_view kAssets = "assets";

inline constexpr std::string_view kModel = "model";

inline constexpr char kSegment = '\x01';
inline constexpr char kDocument = '\x02';
inline constexpr char kVariant = '\x03';
inline constexpr char kLanguages = '\x04';
inline constexpr char kLinked = '\x05';
inline constexpr char kInherited = '\x06';
inline constexpr char kParent = '\x07';
inline constexpr char kUsedColumn = '\x08';
inline constexpr char kAssetHead = '\x01';
inline constexpr char kAssetPart = '\x02';
inline constexpr char kAssetThumbnail = '\x03';
inline constexpr char kAssetUse = '\x04';
inline constexpr char kAssetUsesKept = '\x05';

inline constexpr char kModelVersion = '\x00';
inline constexpr char kAttribute = '\x01';
inline constexpr char kAttributeGroup = '\x02';
inline constexpr char kFamily = '\x03';
inline constexpr char kCategory = '\x04';
inline constexpr char kChannel = '\x05';
inline constexpr char kUnsettled = '\x06';
inline constexpr char kAssociationType = '\x07';
inline constexpr char kReferenceKind = '\x08';
inline constexpr char kFollowing = '\x09';
inline constexpr char kAllFollowing = '\x0a';
inline constexpr char kInheritedKept = '\x0b';
inline constexpr char kMeasurementFamily = '\x0c';
inline constexpr char kToldToNobody = '\x0d';
inline constexpr char kOwnCategoriesKept = '\x0e';

// First byte of every stored segment, offer and description; a new layout takes the next number and is read beside the
// old ones.
inline constexpr char kRecordFormat = 1;

inline std::string common(std::string_view sku) {
  std::string key(1, kSegment);
  key += sku;
  key += '\0';
  return key;
}
inline std::string texts(std::string_view sku, std::string_view locale) {
  return common(sku).append(locale);
}
inline std::string document(std::uint32_t number) {
  std::string key(1, kDocument);
  put_be32(key, number);
  return key;
}
inline std::string inherited(std::uint32_t number) {
  std::string key(1, kInherited);
  put_be32(key, number);
  return key;
}
inline std::string parent(std::string_view sku) {
  return std::string(1, kParent).append(sku);
}
inline std::string variants(std::string_view parent) {
  std::string key(1, kVariant);
  key += parent;
  key += '\0';
  return key;
}
inline std::string variant(std::string_view parent, std::string_view sku) {
  return variants(parent).append(sku);
}
inline std::string linked(std::string_view to) {
  std::string key(1, kLinked);
  key += to;
  key += '\0';
  return key;
}
inline std::string linked(std::string_view to, std::string_view sku) {
  return linked(to).append(sku);
}
inline std::string used_columns_kept() {
  return std::string(1, kUsedColumn);
}
inline std::string languages() {
  return std::string(1, kLanguages);
}
inline std::string model_version() {
  return std::string(1, kModelVersion);
}
inline std::string described(char kind, std::string_view code) {
  return std::string(1, kind).append(code);
}
inline std::string asset_head(std::string_view id) {
  return std::string(1, kAssetHead).append(id);
}
inline std::string asset_uses(std::string_view id) {
  return std::string(1, kAssetUse).append(id).append(1, '\0');
}
inline std::string asset_use(std::string_view id, std::string_view sku) {
  return asset_uses(id).append(sku);
}
inline std::string asset_thumbnail(std::string_view id, std::uint32_t side) {
  std::string key(1, kAssetThumbnail);
  key.append(id);
  put_be32(key, side);
  return key;
}
inline std::string asset_part(std::string_view id, std::uint32_t part) {
  std::string key(1, kAssetPart);
  key += id;
  put_be32(key, part);
  return key;
}

}  // namespace pf::catalog::keys
