#include "catalog/marketplace_offers.h"

#include <algorithm>

#include "catalog/catalog_keys.h"
#include "productflow/bytes.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::catalog {
namespace {

constexpr std::size_t kMarketplaceHead = 1 + 1 + 8;
constexpr std::size_t kMarketplaceBytesMax = 40;  // as an order's channel
constexpr std::int64_t kMarketplacePiecesMax = 1'000'000'000;
constexpr std::string_view kCountKey = "n";

std::string prefix_of(std::string_view sku) {
  return std::string("o").append(sku).append(1, '\0');
}

bool is_marketplace(std::string_view name) {
  return !name.empty() && name.size() <= kMarketplaceBytesMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

std::string record_of(const MarketplaceOffer& offer) {
  std::string out(1, keys::kRecordFormat);
  out.push_back(offer.enabled ? '\x01' : '\x00');
  put_be64(out, offer.quantity_max ? static_cast<std::uint64_t>(*offer.quantity_max) + 1 : 0);
  return out.append(offer_record(offer.terms));
}

Result<MarketplaceOffer> read_record(std::string_view key, std::string_view record) {
  const std::size_t end = key.find('\0');
  if (record.size() <= kMarketplaceHead || record[0] != keys::kRecordFormat || end == std::string_view::npos)
    return error(ErrorCode::internal, "A marketplace offer's record is damaged; restore it from a backup.");
  MarketplaceOffer out;
  out.sku = key.substr(1, end - 1);
  out.marketplace = key.substr(end + 1);
  out.enabled = record[1] == '\x01';
  if (const std::uint64_t most = get_be64(record.substr(2)); most > 0)
    out.quantity_max = static_cast<std::int64_t>(most - 1);
  PF_LET(out.terms, offer_of_record(record.substr(kMarketplaceHead)));
  return out;
}

Result<std::uint64_t> counted(const storage::Reader& read, storage::FamilyRef family) {
  PF_LET(const auto record, read.get(family, kCountKey));
  return record && record->size() == 8 ? get_be64(*record) : 0;
}

Result<> count_on(storage::Write& work, storage::FamilyRef family, std::int64_t more) {
  PF_LET(const std::uint64_t before, counted(work, family));
  std::string bytes;
  put_be64(bytes, before + static_cast<std::uint64_t>(more));
  work.put(family, kCountKey, bytes);
  return {};
}

}  // namespace

Result<MarketplaceOfferChange> marketplace_offer_change_of(const json::Value& body) {
  const auto* members = body.as_object();
  if (members == nullptr)
    return invalid("", "type", "A marketplace offer is an object such as {\"marketplace\": \"bol\"}.");
  MarketplaceOfferChange out;
  json::Value rest{json::Members{}};
  Faults faults;
  const auto wrong = [&](const char* field, const char* code, const char* message) {
    faults.add(field, code, message);
  };
  for (const auto& [name, value] : *members) {
    const std::string* text = value.as_string();  // forms have texts alone
    if (name == "marketplace") {
      out.marketplace = text != nullptr ? *text : "";
    } else if (name == "enabled") {
      if (value.as_bool() != nullptr)
        out.enabled = *value.as_bool();
      else if (text != nullptr && (*text == "1" || *text == "true" || *text == "0" || *text == "false"))
        out.enabled = *text == "1" || *text == "true";
      else
        wrong("enabled", "type", "enabled must be true or false");
    } else if (name == "qty_available") {
      const auto number = text != nullptr ? parse_int(*text) : value.as_int();
      if (value.is_null() || (text != nullptr && text->empty()))
        out.quantity_max = std::optional<std::int64_t>();
      else if (!number || *number < 0 || *number > kMarketplacePiecesMax)
        wrong("qty_available", "range", "qty_available must be a whole number from 0 to 1,000,000,000");
      else
        out.quantity_max = std::optional<std::int64_t>(*number);
    } else {
      rest.set(name, value);
    }
  }
  if (!is_marketplace(out.marketplace))
    wrong("marketplace", out.marketplace.empty() ? "required" : "format",
          "marketplace must be the marketplace's name, such as bol: up to 40 of a-z 0-9 _ - .");
  auto terms = offer_change_of(rest);
  if (!terms.ok()) faults.take(terms.error());
  PF_TRY(std::move(faults).checked());
  out.terms = *std::move(terms);
  return out;
}

MarketplaceOffers::MarketplaceOffers(storage::Store& store, Products& products, audit::Audit& audit, const Clock& clock,
                                     events::Events* events)
    : products_(products),
      audit_(audit),
      clock_(clock),
      events_(events),
      family_(store.family(keys::kMarketplaceOffers)) {}

std::string MarketplaceOffers::place_of(const MarketplaceOffer& offer) {
  return prefix_of(offer.sku) + offer.marketplace;
}

Result<std::uint64_t> MarketplaceOffers::count(const storage::Reader& read) const {
  return counted(read, family_);
}

Result<std::vector<MarketplaceOffer>> MarketplaceOffers::of_product(const storage::Reader& read,
                                                                    std::string_view sku) const {
  std::vector<MarketplaceOffer> all;
  for (auto row = read.scan_prefix(family_, prefix_of(sku)); row.valid(); row.next()) {
    PF_LET(auto one, read_record(row.key(), row.value()));
    all.push_back(std::move(one));
  }
  return all;
}

Result<std::vector<MarketplaceOffer>> MarketplaceOffers::after(const storage::Reader& read, std::string_view cursor,
                                                               std::size_t count) const {
  std::vector<MarketplaceOffer> all;
  const std::string from = cursor.starts_with('o') ? std::string(cursor).append(1, '\0') : "o";
  for (auto row = read.scan(family_, from, "p"); row.valid() && all.size() < count; row.next()) {
    PF_LET(auto one, read_record(row.key(), row.value()));
    all.push_back(std::move(one));
  }
  return all;
}

Result<Outcome> MarketplaceOffers::upsert(storage::Write& work, const access::Actor& by, const Sku& sku,
                                          const MarketplaceOfferChange& change) {
  PF_LET(const bool there, products_.exists(work, sku.raw()));
  if (!there)
    return error(ErrorCode::not_found,
                 "There is no product with the SKU \"" + sku.raw() + "\"; create it before its offers.");
  PF_LET(const auto others, of_product(work, sku.raw()));
  MarketplaceOffer after{.sku = sku.raw(), .marketplace = change.marketplace};
  bool known = false;
  for (const MarketplaceOffer& one : others)
    if (one.marketplace == change.marketplace) {
      after = one;
      known = true;
    }
  const std::string before = known ? record_of(after) : std::string();
  if (!known && others.size() >= kMarketplacesOfProductMax)
    return error(ErrorCode::too_many, "A product has offers on at most 100 marketplaces.");
  if (change.enabled) after.enabled = *change.enabled;
  if (change.quantity_max) after.quantity_max = *change.quantity_max;
  PF_TRY(apply_change(after.terms, change.terms));
  if (known && record_of(after) == before) return Outcome::unchanged;
  ++after.terms.version;
  after.terms.updated = clock_.now();
  work.put(family_, place_of(after), record_of(after));
  if (!known) PF_TRY(count_on(work, family_, 1));
  if (events_ != nullptr) PF_TRY(events_->add_sku(work, events::type::kOfferUpdated, sku.raw()));
  PF_TRY(audit_.append(work, by, known ? "offer.change" : "offer.create", "product:" + sku.raw(),
                       json::Value::object({{"marketplace", after.marketplace}, {"version", after.terms.version}})));
  return known ? Outcome::changed : Outcome::created;
}

Result<> remove_marketplace_offers(storage::Write& work, storage::FamilyRef family, std::string_view sku) {
  std::vector<std::string> gone;
  for (auto row = work.scan_prefix(family, prefix_of(sku)); row.valid(); row.next()) gone.emplace_back(row.key());
  for (const std::string& key : gone) work.erase(family, key);
  return gone.empty() ? Result<>() : count_on(work, family, -static_cast<std::int64_t>(gone.size()));
}

}  // namespace pf::catalog
