// The base offer of a product: what it is called when sold, its delivery promise and its prices. How many there are is
// the stock room's; the doors put both together. One offer a product; it goes when the product goes.
//
// On disk (family "offers", key: the SKU): format, be64 version, be64 updated (ms), then the JSON of offer_value()
// without sku and times. Prices are indexed beside the product, so that lists sort and filter by them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/actor.h"
#include "catalog/products.h"
#include "json/json.h"
#include "productflow/money.h"

namespace pf::catalog {

inline constexpr std::size_t kOfferCurrenciesMax = 50;
inline constexpr std::size_t kPropositionBytesMax = 1'000;

enum class PriceKind { sell_price, base_price, suggested_retail_price, purchase_price, cost_price };
inline constexpr std::size_t kPriceKinds = 5;
std::string_view price_name(PriceKind kind);

struct Prices {
  Currency currency{};
  std::optional<std::int64_t> minor[kPriceKinds]{};  // by PriceKind
  std::optional<Money> price(PriceKind kind) const;
  friend bool operator==(const Prices&, const Prices&) = default;
};

struct Offer {
  std::string title{}, proposition{};  // empty: none; the title is then the product's
  std::vector<Prices> prices{};        // by currency code, ascending
  std::uint64_t version = 0;
  Time updated{};
  const Prices* prices_in(std::string_view currency) const;  // null pointer if there are none
};

// An absent field stays; an empty text clears; a price set to nothing goes, and so does a currency without prices.
struct PriceChange {
  PriceKind kind{};
  std::optional<std::string> decimal{};
};  // "19.95"
struct OfferChange {
  std::optional<std::string> title{}, proposition{};
  std::vector<std::pair<std::string, std::vector<PriceChange>>> prices{};  // currency -> its changes
  std::vector<std::string> drop_currencies{};
  bool replace = false;  // what is not named goes
};

// {"title", "proposition", "prices": {"EUR": {"sell_price": 19.95 or "19.95" or null, ...} or null}}; every fault at
// once, unknown names refused. `qty_available` is left to the caller, who reads it from the same body.
Result<OfferChange> offer_change_of(const json::Value& body);
// {"title", "proposition", "prices": {"EUR": {"sell_price": 19.95, ...}}, "updated_at"}; prices as JSON decimals.
json::Value offer_value(const Offer& offer);

// For the history: who wrote it, and at which version the product was.
struct OfferNote {
  const access::Actor& by;
  Origin origin{};
  std::uint64_t product_version = 0;
  std::span<const MadeBy> made{};  // by rules
};

class Offers {
 public:
  // `events` null: changes are told to nobody.
  Offers(storage::Store& store, Products& products, audit::Audit& audit, const Clock& clock,
         events::Events* events = nullptr);

  Result<std::optional<Offer>> find(const storage::Reader& reader, std::string_view sku) const;
  // As many answers as SKUs, in one read; for lists.
  Result<std::vector<std::optional<Offer>>> find_many(const storage::Reader& reader,
                                                      std::span<const std::string> skus) const;
  // SKUs that have an offer, in their order, from the first > `after`.
  Result<std::vector<std::string>> skus_after(const storage::Reader& reader, std::string_view after,
                                              std::size_t count) const;
  Result<std::uint64_t> count(const storage::Reader& read) const;

  // not_found when there is no such product.
  Result<Outcome> upsert(storage::Write& work, const access::Actor& by, const Sku& sku, const OfferChange& change,
                         const Origin& origin = {});
  // The same for one of a batch whose products and offers (find_many) `work` has read, without audit entry or event:
  // the job writes them for all. REQUIRES: `before` is what `work` has now.
  // Without a `note` nothing is told to the history, as for a product that the same unit of work makes: its offer goes
  // with it. `touched` gets what History::note_touched() needs. `ruling`: whose rules have their say; null: none.
  Result<Outcome> upsert_read(storage::Write& work, const Sku& sku, std::uint32_t document,
                              const std::optional<Offer>& before, const OfferChange& change,
                              const OfferNote* note = nullptr, std::vector<Touched>* touched = nullptr,
                              Ruling* ruling = nullptr);
  Result<> remove(storage::Write& work, const access::Actor& by, const Sku& sku);  // not_found if there is none

 private:
  Products& products_;
  audit::Audit& audit_;
  const Clock& clock_;
  events::Events* const events_;
  storage::FamilyRef family_;
};

// For what is kept like an offer (marketplace_offers.h): its record, and a change to it with every fault at once.
std::string offer_record(const Offer& offer);
Result<Offer> offer_of_record(std::string_view record);
Result<> apply_change(Offer& offer, const OfferChange& change);

// What differs, a null pointer being no offer: prices.EUR.sell_price, offer.title, offer.proposition.
std::vector<FieldChange> offer_differences(const Offer* before, const Offer* after);
bool names_price(std::string_view name);                           // EUR.sell_price
std::string offer_field(const Offer& offer, const FieldName& at);  // JSON bytes; empty: none
// Adds to `change` what sets one field, empty bytes taking it away; an Error (internal) for bytes that are no such
// value.
Result<> name_offer_field(OfferChange& change, const FieldName& at, std::string_view json_bytes);
// The same, done.
Result<> put_offer_field(Offer& offer, const FieldName& at, std::string_view json_bytes);
// Writes `after` (its version and time are set here; none: the offer goes) with its part of the index and its entry in
// the history. REQUIRES: it differs from `before`, which is what `work` has now.
Result<> keep_offer(Products& products, storage::Write& work, storage::FamilyRef family, const Sku& sku,
                    std::uint32_t document, const std::optional<Offer>& before, std::optional<Offer>& after, Time now,
                    const OfferNote* note);

// What the stored offer adds to its product's search entry: price.<currency> columns, and what it has.
Result<search::Entry> offer_entry(std::string_view stored);

}  // namespace pf::catalog
