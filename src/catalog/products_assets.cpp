// Which products show which upload (assets.h), so that one is deleted only when nothing shows it.
//
// 1. For each upload that a product names, among its images or as the value of an attribute, there is one key
//    (catalog_keys.h), written and erased with the product.
// 2. A product without uploads costs a look at its images and the first bytes of its values.
#include <algorithm>

#include "catalog/catalog_keys.h"
#include "catalog/products.h"

namespace pf::catalog {
namespace {

constexpr std::string_view kAssetMark = "asset:", kAssetValue = "\"asset:";
constexpr std::size_t kAssetUsesCounted = 10'000;  // beyond, a number tells nobody more
constexpr std::size_t kNotedAtOnce = 2'000;        // products of one unit of work of prepare()

// In their order, each once.
std::vector<std::string_view> assets_of(const Record* record) {
  std::vector<std::string_view> out;
  if (record == nullptr) return out;
  for (const std::string& image : record->images)
    if (image.starts_with(kAssetMark)) out.push_back(std::string_view(image).substr(kAssetMark.size()));
  const auto values = [&](const Attributes& attributes) {
    for (const auto& [name, bytes] : attributes)
      if (bytes.starts_with(kAssetValue))
        out.push_back(std::string_view(bytes).substr(kAssetValue.size(), bytes.size() - kAssetValue.size() - 1));
  };
  values(record->attributes);
  for (const auto& [locale, texts] : record->texts) values(texts.attributes);
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string uses_kept_key() {
  return std::string(1, keys::kAssetUsesKept);
}

}  // namespace

void Products::put_asset_uses(storage::Write& work, const Record* before, const Record* after) const {
  const auto had = assets_of(before), has = assets_of(after);
  if (had == has) return;
  for (const auto id : had)
    if (!std::ranges::binary_search(has, id)) work.erase(assets_, keys::asset_use(id, before->sku));
  for (const auto id : has)
    if (!std::ranges::binary_search(had, id)) work.put(assets_, keys::asset_use(id, after->sku), {});
}

Result<Products::AssetUses> Products::asset_uses(const storage::Reader& reader, std::string_view id,
                                                 std::size_t skus) const {
  AssetUses out;
  const auto start = keys::asset_uses(id);
  for (auto row = reader.scan_prefix(assets_, start); row.valid(); row.next()) {
    if (out.products >= kAssetUsesCounted) {
      out.more = true;
      break;
    }
    ++out.products;
    if (out.skus.size() < skus) out.skus.emplace_back(row.key().substr(start.size()));
  }
  PF_LET(const auto model, models_.known(reader));
  PF_LET(out.records, references_.image_uses(reader, *model, "asset:" + std::string(id)));
  return out;
}

Result<> Products::remove_asset(storage::Write& work, const access::Actor& by, std::string_view id) {
  PF_LET(const auto head, work.get(assets_, keys::asset_head(id)));
  if (!head) return error(ErrorCode::not_found, "There is no upload with this id.");
  PF_LET(const auto kept, work.get(assets_, uses_kept_key()));
  if (!kept)
    return error(ErrorCode::unavailable, "It is not known yet who shows this upload. Start the appliance anew.");
  PF_LET(const auto used, asset_uses(work, id, 1));
  if (used.products + used.records > 0) {
    Error in_use = error(ErrorCode::conflict,
                         "This upload is shown by " + std::to_string(used.products) + (used.more ? " or more" : "") +
                             " products" + (used.skus.empty() ? "" : ", such as \"" + used.skus[0] + "\",") + " and " +
                             std::to_string(used.records) +
                             " reference records. Take it out there first, by a bulk edit for instance.");
    in_use.faults.push_back({"", "used", in_use.message});
    return in_use;
  }
  work.erase(assets_, keys::asset_head(id));
  for (const char mark : {keys::kAssetPart, keys::kAssetThumbnail}) {
    std::vector<std::string> all;
    for (auto row = work.scan_prefix(assets_, std::string(1, mark).append(id)); row.valid(); row.next())
      all.emplace_back(row.key());
    for (const auto& key : all) work.erase(assets_, key);
  }
  return audit_.append(work, by, "asset.delete", "asset:" + std::string(id), json::Value{json::Members{}});
}

Result<> Products::prepare(storage::Store& store) {
  PF_TRY(index_.complete(store));
  PF_TRY(prepare_inherited(store));
  PF_TRY(prepare_own_categories(store));
  {
    PF_LET(const auto kept, store.read().get(assets_, uses_kept_key()));
    if (kept) return {};
  }
  // Whoever names an upload has its mark in the bytes of a segment; the others are passed over without being read
  // apart.
  std::string from(1, keys::kSegment);
  for (bool more = true; more;) {
    more = false;
    std::vector<std::string> skus;
    {
      const auto read = store.read();
      auto row = read.scan(products_, from, std::string(1, keys::kDocument));
      for (std::size_t seen = 0; row.valid(); row.next()) {
        if (skus.size() >= kNotedAtOnce || ++seen > 100 * kNotedAtOnce) {
          more = true;
          from = std::string(row.key());
          break;
        }
        if (row.value().find(kAssetMark) == std::string_view::npos) continue;
        const auto key = row.key().substr(1);
        std::string sku(key.substr(0, key.find('\0')));
        if (skus.empty() || skus.back() != sku) skus.push_back(std::move(sku));
      }
    }
    PF_TRY(store.write([&](storage::Write& work) -> Result<> {
      for (const auto& sku : skus) {
        PF_LET(const auto record, find(work, sku));
        if (record) put_asset_uses(work, nullptr, &*record);
      }
      if (!more) work.put(assets_, uses_kept_key(), std::string(1, '\x01'));
      return {};
    }));
  }
  return {};
}

}  // namespace pf::catalog
