#include "catalog/used_columns.h"

#include <algorithm>
#include <mutex>

#include "catalog/association.h"
#include "catalog/catalog_keys.h"
#include "catalog/offers.h"

namespace pf::catalog {
namespace {

using UsedKind = UsedColumn::Kind;

constexpr std::size_t kShapesMax = 10'000;  // in memory; a shop with more looks at each column of each product

bool is_plain_value(std::string_view bytes) {
  if (bytes.size() < 3 || bytes.front() != '"') return false;
  return bytes.find('\\') == std::string_view::npos || plain_text_of(bytes);
}

// Calls `column` with the kind, name and language of each column that the product has.
template <class Column>
void each_column(const Record& record, Column column) {
  const auto attributes = [&](const Attributes& list, std::string_view locale) {
    for (const auto& [name, bytes] : list) {
      column(UsedKind::attribute, name, locale);
      if (!is_plain_value(bytes)) column(UsedKind::json_attribute, name, locale);
    }
  };
  attributes(record.attributes, {});
  for (const auto& [locale, texts] : record.texts) {
    if (!texts.title.empty()) column(UsedKind::title, "", locale);
    if (!texts.description.empty()) column(UsedKind::description, "", locale);
    attributes(texts.attributes, locale);
  }
  for (const auto& [kind, bytes] : record.associations) {
    column(UsedKind::links, kind, "");
    if (std::ranges::any_of(links_of_bytes(bytes), [](const auto& link) { return link.quantity > 0; }))
      column(UsedKind::quantified_links, kind, "");
  }
}
template <class Column>
void each_column(const Offer& offer, Column column) {
  if (!offer.title.empty()) column(UsedKind::offer_title, "", "");
  if (!offer.proposition.empty()) column(UsedKind::proposition, "", "");
  for (const Prices& prices : offer.prices)
    for (std::size_t k = 0; k < kPriceKinds; ++k)
      if (prices.minor[k])
        column(UsedKind::price, std::string(prices.currency.code()) + static_cast<char>('0' + k), "");
}

std::string used_key(UsedKind kind, std::string_view name, std::string_view locale) {
  std::string key{keys::kUsedColumn, static_cast<char>(kind)};
  return key.append(name).append(1, '\0').append(locale);  // a name may hold any byte, a locale no NUL
}

template <class Holder>
std::uint64_t used_shape(const Holder& holder) {
  std::uint64_t shape = 14695981039346656037ull;
  const auto mix = [&](std::uint64_t part) { shape = (shape ^ part) * 1099511628211ull; };
  each_column(holder, [&](UsedKind kind, std::string_view name, std::string_view locale) {
    mix(static_cast<std::uint64_t>(kind));
    mix(std::hash<std::string_view>{}(name));
    mix(std::hash<std::string_view>{}(locale));
  });
  return shape;
}
template <class Holder>
std::vector<std::string> used_keys(const Holder& holder) {
  std::vector<std::string> keys;
  each_column(holder, [&](UsedKind kind, std::string_view name, std::string_view locale) {
    keys.push_back(used_key(kind, name, locale));
  });
  return keys;
}

}  // namespace

std::optional<std::string> plain_text_of(std::string_view bytes) {
  if (bytes.size() < 3 || bytes.front() != '"') return std::nullopt;
  std::string text;
  if (bytes.find('\\') == std::string_view::npos) {
    text.assign(bytes.substr(1, bytes.size() - 2));
  } else {
    const auto value = json::parse(bytes);
    if (!value.ok()) return std::nullopt;
    text = *value->as_string();
  }
  const auto fits = [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r'; };
  return std::ranges::all_of(text, fits) ? std::optional(std::move(text)) : std::nullopt;
}

Result<> UsedColumns::note(storage::Write& work, const Record& record) {
  // The first product of a shop: from here on they are all known.
  if (record.document == 0 && record.version == 1) work.put(family_, keys::used_columns_kept(), "\x01");
  const std::uint64_t shape = used_shape(record);
  return knows(shape) ? Result<>() : note(work, record.sku, shape, used_keys(record));
}
Result<> UsedColumns::note(storage::Write& work, std::string_view sku, const Offer& offer) {
  const std::uint64_t shape = used_shape(offer);
  return knows(shape) ? Result<>() : note(work, sku, shape, used_keys(offer));
}

bool UsedColumns::knows(std::uint64_t shape) const {
  const std::shared_lock lock(mutex_);
  return shapes_.contains(shape);
}

Result<> UsedColumns::note(storage::Write& work, std::string_view sku, std::uint64_t shape,
                           std::vector<std::string> keys) {
  {
    const std::shared_lock lock(mutex_);
    std::erase_if(keys, [&](const std::string& key) { return keys_.contains(key); });
  }
  PF_LET(const auto there, work.get_many(family_, keys));
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (!there[i]) work.put(family_, keys[i], sku);
  work.after_commit([this, shape, keys = std::move(keys)] {
    const std::unique_lock lock(mutex_);
    keys_.insert(keys.begin(), keys.end());
    if (shapes_.size() >= kShapesMax) shapes_.clear();
    shapes_.insert(shape);
  });
  return {};
}

Result<std::optional<std::vector<UsedColumn>>> UsedColumns::all(const storage::Reader& read) const {
  PF_LET(const auto kept, read.get(family_, keys::used_columns_kept()));
  if (!kept) return std::optional<std::vector<UsedColumn>>();
  std::vector<UsedColumn> out;
  const std::string from{keys::kUsedColumn, '\x01'}, to(1, keys::kUsedColumn + 1);
  for (auto row = read.scan(family_, from, to); row.valid(); row.next()) {
    const std::string_view key = row.key();
    const std::size_t end = key.rfind('\0');
    if (end == std::string_view::npos || end < 2) return error(ErrorCode::internal, "A used column is damaged.");
    out.push_back({static_cast<UsedKind>(key[1]), std::string(key.substr(2, end - 2)), std::string(key.substr(end + 1)),
                   std::string(row.value())});
  }
  return std::optional(std::move(out));
}

Result<bool> UsedColumns::by_language(const storage::Reader& read, std::string_view attribute) const {
  PF_LET(const auto kept, read.get(family_, keys::used_columns_kept()));
  if (!kept) return true;
  const std::string for_all = used_key(UsedKind::attribute, attribute, "");
  auto row = read.scan_prefix(family_, for_all);
  if (row.valid() && row.key() == for_all) row.next();
  return row.valid();
}

Result<> UsedColumns::keep(const std::vector<UsedColumn>& found) const {
  return store_.write([&](storage::Write& work) -> Result<> {
    for (const UsedColumn& one : found) work.put(family_, used_key(one.kind, one.name, one.locale), one.sku);
    work.put(family_, keys::used_columns_kept(), "\x01");
    return {};
  });
}

}  // namespace pf::catalog
