// One product, or several by SKU, as the API answers them.
#include <algorithm>
#include <unordered_map>

#include "catalog/above.h"
#include "catalog/any_case.h"
#include "catalog/catalog_keys.h"
#include "catalog/if_match.h"
#include "catalog/inheritance.h"
#include "catalog/products.h"

namespace pf::catalog {

Result<std::optional<std::string>> Products::product_json(const storage::Reader& reader, std::string_view sku,
                                                          std::string_view locale, std::string_view extra) const {
  PF_LET(auto shown, show(reader, sku, locale, extra));
  if (!shown) return std::optional<std::string>();
  return std::optional<std::string>(std::move(shown->json));
}

Result<std::optional<ShownProduct>> Products::show(const storage::Reader& reader, std::string_view sku,
                                                   std::string_view locale, std::string_view extra) const {
  PF_LET(const auto langs, languages(reader));
  const auto locales = langs.lending(locale);
  std::vector<std::string> wanted{keys::common(sku)};
  for (const auto& one : locales) wanted.push_back(keys::texts(sku, one));
  PF_LET(const auto found, reader.get_many(products_, wanted));
  if (!found[0]) return std::optional<ShownProduct>();
  ShownProduct out;
  PF_LET(out.json, joined(reader, sku, *found[0], locales.front(), std::span(found).subspan(1), extra));
  PF_LET(const auto stamp, stamp_of(*found[0]));
  out.etag = etag_of(stamp);
  return std::optional<ShownProduct>(std::move(out));
}

Result<std::string> Products::joined(const storage::Reader& reader, std::string_view sku, std::string_view common,
                                     std::string_view locale, std::span<const std::optional<std::string>> texts,
                                     std::string_view extra) const {
  const auto bytes_of = [](const std::optional<std::string>& segment) {
    return segment ? std::string_view(*segment) : std::string_view();
  };
  // Mostly one or two: a language has one locale, and the default lends.
  std::string lent(texts.size() > 1 ? bytes_of(texts[1]) : std::string_view());
  for (std::size_t i = 2; i < texts.size(); ++i)
    if (texts[i]) {
      PF_LET(lent, lend_texts(lent, *texts[i]));
    }
  if (texts[0] || !lent.empty()) return join_json(common, locale, bytes_of(texts[0]), lent, extra);
  // Rare: it has texts in neither, so any other is better than none.
  std::optional<std::string> other;
  PF_LET(const auto locales, locales_of(common));
  if (!locales.empty()) {
    PF_LET(other, reader.get(products_, keys::texts(sku, locales.front())));
  }
  return join_json(common, locale, {}, bytes_of(other), extra);
}

Result<std::vector<std::optional<std::string>>> Products::product_jsons(const storage::Reader& reader,
                                                                        std::span<const std::string> skus,
                                                                        std::string_view locale,
                                                                        std::span<const std::string> extras) const {
  PF_LET(const auto langs, languages(reader));
  const auto locales = langs.lending(locale);
  const std::size_t each = 1 + locales.size();
  std::vector<std::string> wanted;
  wanted.reserve(skus.size() * each);
  for (const auto& sku : skus) {
    wanted.push_back(keys::common(sku));
    for (const auto& one : locales) wanted.push_back(keys::texts(sku, one));
  }
  PF_LET(const auto found, reader.get_many(products_, wanted));
  std::vector<std::optional<std::string>> out(skus.size());
  for (std::size_t i = 0; i < skus.size(); ++i) {
    const auto* segments = &found[i * each];
    if (!segments[0]) continue;
    PF_LET(out[i], joined(reader, skus[i], *segments[0], locales.front(),
                          std::span(found).subspan(i * each + 1, locales.size()),
                          extras.empty() ? std::string_view() : extras[i]));
  }
  return out;
}

Result<std::optional<std::string>> Products::all_texts_json(const storage::Reader& reader, std::string_view sku) const {
  PF_LET(const auto common, reader.get(products_, keys::common(sku)));
  if (!common) return std::optional<std::string>();
  PF_LET(const auto locales, locales_of(*common));
  std::vector<std::pair<std::string, std::string>> segments;
  for (const auto& locale : locales) {
    PF_LET(auto bytes, reader.get(products_, keys::texts(sku, locale)));
    if (bytes) segments.emplace_back(locale, *std::move(bytes));
  }
  PF_LET(auto json_bytes, texts_json(segments));
  return std::optional<std::string>(std::move(json_bytes));
}

Result<Record> Products::load(const storage::Reader& reader, std::string_view common) const {
  std::vector<std::string> locales, wanted;
  PF_LET(auto record, decode_common(common, locales));
  if (locales.empty()) return record;
  for (const auto& locale : locales) wanted.push_back(keys::texts(record.sku, locale));
  PF_LET(const auto segments, reader.get_many(products_, wanted));
  for (std::size_t i = 0; i < locales.size(); ++i) {
    if (!segments[i]) continue;
    PF_LET(auto texts, decode_texts(*segments[i]));
    record.texts.emplace_back(locales[i], std::move(texts));
  }
  return record;
}

Result<std::vector<std::optional<std::string>>> Products::inherited_jsons(const storage::Reader& reader,
                                                                          std::span<const std::string> skus,
                                                                          std::string_view locale) const {
  PF_LET(const auto langs, languages(reader));
  PF_LET(const auto model, models_.known(reader));
  const auto locales = langs.lending(locale);
  std::unordered_map<std::string, std::optional<Record>> known;
  const auto look_up = [&](const std::string& sku) -> Result<const Record*> {
    auto at = known.find(sku);
    if (at == known.end()) {
      PF_LET(auto found, find(reader, sku));
      at = known.emplace(sku, std::move(found)).first;
    }
    return at->second ? &*at->second : nullptr;
  };
  std::vector<std::optional<std::string>> out(skus.size());
  for (std::size_t i = 0; i < skus.size(); ++i) {
    std::vector<const Record*> line;
    for (std::string at = skus[i]; !at.empty() && line.size() < kLevelsMax;) {
      PF_LET(const Record* record, look_up(at));
      if (record == nullptr) break;
      line.push_back(record);
      at = record->parent;
    }
    if (!line.empty()) out[i] = inherited_json(*model, line, locales);
  }
  return out;
}

Result<Record> Products::with_inherited(const storage::Reader& reader, const Record& record) const {
  PF_LET(const auto model, models_.known(reader));
  Above above;
  PF_LET(const auto line, line_of(reader, record, above));
  return catalog::with_inherited(*model, line);
}

Result<std::optional<Record>> Products::find(const storage::Reader& reader, std::string_view sku) const {
  PF_LET(const auto common, reader.get(products_, keys::common(sku)));
  if (!common) return std::optional<Record>();
  PF_LET(auto record, load(reader, *common));
  return std::optional<Record>(std::move(record));
}

Result<bool> Products::exists(const storage::Reader& reader, std::string_view sku) const {
  PF_LET(const auto common, reader.get(products_, keys::common(sku)));
  return common.has_value();
}

Result<std::vector<std::string>> skus_in_any_case(const Products& products, const storage::Reader& reader,
                                                  std::string_view sku, std::size_t at_most, std::size_t& looks) {
  constexpr std::size_t kLooksMax = 2'000;  // of one; each letter costs two, and shops write it in one case
  std::size_t left = std::min(looks, kLooksMax);
  looks -= left;  // what is not needed is given back
  std::vector<std::string> out;
  const auto look_at = [&](std::string whole) -> Result<> {
    PF_LET(const bool there, products.exists(reader, whole));
    if (there && out.size() < at_most && std::ranges::find(out, whole) == out.end()) out.push_back(std::move(whole));
    return {};
  };
  std::string capitals(sku), small(sku);
  for (char& c : capitals)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c ^ 0x20);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c ^ 0x20);
  PF_TRY(look_at(std::move(capitals)));
  PF_TRY(look_at(std::move(small)));
  const std::size_t in_one_case = out.size();
  std::vector<std::string> open{std::string()};  // beginnings that some SKU has
  for (; !open.empty() && out.size() < at_most && left >= 2; left -= 2) {
    std::string start = std::move(open.back());
    open.pop_back();
    const auto letter = [&] { return static_cast<char>(sku[start.size()] | 0x20); };
    while (start.size() < sku.size() && (letter() < 'a' || letter() > 'z')) start += sku[start.size()];
    if (start.size() == sku.size()) {
      PF_TRY(look_at(std::move(start)));
      continue;
    }
    for (const int capital : {0, 0x20}) {
      std::string longer = start + static_cast<char>(letter() ^ capital);
      if (longer.size() < sku.size()) {
        PF_LET(const auto next, products.skus_after(reader, longer, 1));
        if (next.empty() || !next[0].starts_with(longer)) continue;
      }
      open.push_back(std::move(longer));
    }
  }
  looks += left;
  const bool cut_short = !open.empty() && out.size() < at_most;
  if (cut_short && out.size() == 1) out.resize(in_one_case);  // there may be another beside one in mixed case
  std::ranges::sort(out);
  return out;
}

Result<std::optional<std::string>> Products::title(const storage::Reader& reader, std::string_view sku,
                                                   std::string_view locale) const {
  PF_LET(const auto record, find(reader, sku));
  if (!record) return std::optional<std::string>();
  PF_LET(const auto langs, languages(reader));
  for (const auto& wanted : langs.lending(locale))
    if (const auto* texts = record->texts_of(wanted); texts != nullptr && !texts->title.empty())
      return std::optional<std::string>(texts->title);
  for (const auto& [ignored, texts] : record->texts)
    if (!texts.title.empty()) return std::optional<std::string>(texts.title);
  return std::optional<std::string>(std::string());
}

Result<std::optional<std::string>> Products::etag(const storage::Reader& reader, std::string_view sku) const {
  PF_LET(const auto common, reader.get(products_, keys::common(sku)));
  if (!common) return std::optional<std::string>();
  PF_LET(const auto stamp, stamp_of(*common));
  return std::optional<std::string>(etag_of(stamp));
}

Result<std::optional<Stamp>> Products::stamp(const storage::Reader& reader, std::string_view sku) const {
  PF_LET(const auto common, reader.get(products_, keys::common(sku)));
  if (!common) return std::optional<Stamp>();
  PF_LET(const auto found, stamp_of(*common));
  return std::optional<Stamp>(found);
}

Result<std::optional<std::uint32_t>> Products::document(const storage::Reader& reader, std::string_view sku) const {
  PF_LET(const auto common, reader.get(products_, keys::common(sku)));
  if (!common) return std::optional<std::uint32_t>();
  PF_LET(const auto stamp, stamp_of(*common));
  return std::optional<std::uint32_t>(stamp.document);
}

Result<std::vector<std::string>> Products::variants(const storage::Reader& reader, std::string_view parent,
                                                    std::size_t at_most) const {
  std::vector<std::string> out;
  const auto start = keys::variants(parent);
  for (auto cursor = reader.scan_prefix(products_, start); cursor.valid() && out.size() < at_most; cursor.next())
    out.emplace_back(cursor.key().substr(start.size()));
  return out;
}

Result<std::vector<std::string>> Products::skus_after(const storage::Reader& reader, std::string_view after,
                                                      std::size_t count) const {
  // 0x01 follows every segment of `after`, and comes before the next SKU's first one.
  std::string from(1, keys::kSegment);
  if (!after.empty()) from.append(after).append(1, '\x01');
  std::vector<std::string> out;
  auto cursor = reader.scan(products_, from, std::string(1, keys::kDocument));
  while (cursor.valid() && out.size() < count) {
    const auto key = cursor.key().substr(1);
    out.emplace_back(key.substr(0, key.find('\0')));
    cursor.seek(std::string(1, keys::kSegment) + out.back() + '\x01');
  }
  return out;
}

Result<Languages> Products::languages(const storage::Reader& reader) const {
  return read_languages(reader, products_);
}

}  // namespace pf::catalog
