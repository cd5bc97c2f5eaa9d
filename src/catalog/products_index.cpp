// What the index has of a product, from all that it comes of, to make the index anew.
#include "catalog/catalog_keys.h"
#include "catalog/inherited_entry.h"
#include "catalog/offers.h"
#include "catalog/products.h"
#include "catalog/search_entry.h"

namespace pf::catalog {

Result<search::Entry> Products::whole_entry(const storage::Reader& reader, const Record& record) const {
  search::Entry entry = search_entry(record);
  PF_LET(const auto inherited, reader.get(products_, keys::inherited(record.document)));
  PF_LET(const auto from_above, decode_inherited(inherited.value_or(std::string())));
  add_entry(entry, from_above);
  PF_LET(const auto offer, reader.get(offers_, record.sku));
  if (offer) {
    PF_LET(const auto prices, offer_entry(*offer));
    add_entry(entry, prices);
  }
  return entry;
}

Result<> Products::each_document(const storage::Reader& read,
                                 const std::function<Result<>(std::string_view sku, search::Document)>& tell) const {
  return index_.each(read, "sku", [&](std::string_view sku, search::Document document) -> Result<> {
    if (sku.size() < kKeyBytesMax) return tell(sku, document);
    PF_LET(const auto whole, read.get(products_, keys::document(document)));
    return whole ? tell(*whole, document) : Result<>();
  });
}

Result<search::Rebuilt> Products::rebuild_index(storage::Store& store, const std::filesystem::path& folder,
                                                const search::Watch& watch) {
  constexpr std::size_t kSome = 200;
  search::Source source;
  source.some = [this](const storage::Reader& read, std::string& place,
                       const search::Source::Tell& tell) -> Result<bool> {
    PF_LET(const auto skus, skus_after(read, place, kSome));
    for (const std::string& sku : skus) {
      PF_LET(const auto record, find(read, sku));
      if (!record) continue;
      PF_LET(auto entry, whole_entry(read, *record));
      PF_TRY(tell(record->document, std::move(entry)));
    }
    if (!skus.empty()) place = skus.back();
    return skus.size() == kSome;
  };
  source.entry_of = [this](const storage::Reader& read, search::Document document) -> Result<search::Entry> {
    PF_LET(const auto sku, read.get(products_, keys::document(document)));
    if (!sku) return search::Entry{};
    PF_LET(const auto record, find(read, *sku));
    if (!record || record->document != document) return search::Entry{};
    return whole_entry(read, *record);
  };
  search::Watch noting = watch;
  noting.mends = [&](storage::Write& work, std::uint64_t mended) {
    note_told_to_nobody(work);
    if (watch.mends) watch.mends(work, mended);
  };
  return search::rebuild(store, keys::kProductIndex, kProductCoarse, source, folder, noting);
}

}  // namespace pf::catalog
