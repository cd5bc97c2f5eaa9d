// What a product is offered for on one marketplace, where that differs from its base offer: prices, title, promise, how
// many pieces the marketplace may see. What is not said here is as in the base offer. Goes when the product goes.
//
// On disk (family "marketplace_offers"): "o" sku 0x00 marketplace -> format, be8 enabled, be64 quantity_max + 1 (0:
// none), then an offer's record (offers.h); "n" -> be64 how many there are. Stored on disk: do not change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/offers.h"

namespace pf::catalog {

inline constexpr std::size_t kMarketplacesOfProductMax = 100;

struct MarketplaceOffer {
  std::string sku, marketplace;  // "bol"
  bool enabled = true;           // whether it is offered there at all
  std::optional<std::int64_t> quantity_max{};
  Offer terms{};
};

struct MarketplaceOfferChange {
  std::string marketplace;
  std::optional<bool> enabled{};
  std::optional<std::optional<std::int64_t>> quantity_max{};
  OfferChange terms{};
};
// {"marketplace", "enabled", "qty_available", and what an offer has}; every fault at once, unknown names refused. An
// absent field stays; `qty_available` null: as many as there are.
Result<MarketplaceOfferChange> marketplace_offer_change_of(const json::Value& body);

class MarketplaceOffers {
 public:
  // The family is one of Products::families(), which erases from it too.
  MarketplaceOffers(storage::Store& store, Products& products, audit::Audit& audit, const Clock& clock,
                    events::Events* events = nullptr);

  Result<std::vector<MarketplaceOffer>> of_product(const storage::Reader& read, std::string_view sku) const;
  // By SKU and marketplace, from the first after `cursor` (place_of() of the last one, or empty).
  Result<std::vector<MarketplaceOffer>> after(const storage::Reader& read, std::string_view cursor,
                                              std::size_t count) const;
  static std::string place_of(const MarketplaceOffer& offer);
  Result<std::uint64_t> count(const storage::Reader& read) const;

  // not_found when there is no such product.
  Result<Outcome> upsert(storage::Write& work, const access::Actor& by, const Sku& sku,
                         const MarketplaceOfferChange& change);

 private:
  Products& products_;
  audit::Audit& audit_;
  const Clock& clock_;
  events::Events* const events_;
  storage::FamilyRef family_;
};

// For Products::remove(): all of a product's, in the same unit.
Result<> remove_marketplace_offers(storage::Write& work, storage::FamilyRef family, std::string_view sku);

}  // namespace pf::catalog
