// A product as one channel lists it: its texts in one language, its price in one currency, its pictures and its page at
// public addresses. What it lacks comes from the products above it (catalog/inheritance.h), what the channel has of its
// own (catalog/marketplace_offers.h) goes before the base offer. What a shop paid is never a field.
//
// Fields that a formula may name:
//   sku, parent, family, brand, ean, enabled ("yes" or "no"), title, offer_title, proposition
//   description; plain_description        without HTML
//   categories; category                  paths, a line each; the first
//   images; image, more_images            public addresses, a line each; the first, the others
//   link                                  the product's page in the shop
//   price, base_price, suggested_retail_price, currency       decimals; the profile's currency
//   stock                                 pieces for sale, never below 0
//   locale, channel, created_at, updated_at
//   attributes.color, or color where no field has that name: a list is a line for each, a measurement "500 g"
//   title@nl-NL, description@nl-NL, plain_description@nl-NL, attributes.color@nl-NL     in another language of the shop
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/languages.h"
#include "catalog/marketplace_offers.h"
#include "exchange/importer.h"

namespace pf::exchange {

struct ListingTerms {
  std::string locale{}, channel{}, currency{};  // empty: the shop's first language; no channel; EUR
  std::string link{};                           // "https://shop.example/p/{sku}"; {ean}, {parent}, {locale} too
  // Where pictures that are kept here can be fetched: "https://pim.shop.example/feed/<key>/image/"; empty: nowhere.
  std::string pictures{};
};

// What is known of one product; the rooms' own values.
struct Listed {
  const catalog::Record& record;
  const catalog::Offer* offer = nullptr;
  const catalog::MarketplaceOffer* there = nullptr;  // of the channel
  std::int64_t available = 0;
  json::Value inherited{};                                         // catalog/inheritance.h
  std::map<std::string, json::Value, std::less<>> inherited_in{};  // the same in other languages, that the walk names
};

// "title@nl-NL": the name and the language; none where the whole is a name. Views of `field`.
std::pair<std::string_view, std::string> in_language(std::string_view field);

class Listing {
 public:
  Listing(ListingTerms terms, const catalog::Languages& languages);
  // A field's text; empty when the product has none.
  std::string field(const Listed& product, std::string_view name) const;
  const ListingTerms& terms() const { return terms_; }

 private:
  // Whose words: those languages in their order, with what comes from above in the first of them.
  struct Voice {
    const std::vector<std::string>& locales;
    const json::Value& inherited;
  };
  std::string text(const Listed& product, std::string_view name, const Voice& voice) const;
  std::string common(const Listed& product, const std::string& own, std::string_view name) const;
  std::vector<std::string> list(const Listed& product, const std::vector<std::string>& own,
                                std::string_view name) const;
  std::string attribute(const Listed& product, std::string_view name, const Voice& voice) const;
  // A text or an attribute; nothing where it is neither.
  std::optional<std::string> said_in(const Listed& product, std::string_view name, const Voice& voice) const;
  std::string price(const Listed& product, catalog::PriceKind kind) const;
  std::string address(const std::string& image) const;
  std::string link(const Listed& product) const;

  const ListingTerms terms_;
  const std::vector<std::string> locales_;                                 // the reader's, and those that lend to it
  std::map<std::string, std::vector<std::string>, std::less<>> others_{};  // the same of each language of the shop
};

// Faults of a link with places: field "link".
Result<> check_link(std::string_view link);
// HTML as a person reads it: no tags, entities as their letters, a line for each paragraph.
std::string without_html(std::string_view html);
// The products that a question means, page by page, in order of SKU unless it asks otherwise; each page is one read.
// Products that the channel does not sell, and with `without_heads` those that are but the head of their variants, are
// left out. `product` ends the walk by an Error.
struct Walk {
  catalog::ProductQuery question{};
  bool without_heads = true;
  std::vector<std::string> locales{};  // that fields name besides the terms' own
};
Result<> each_listed(const Rooms& rooms, const Walk& walk, const ListingTerms& terms,
                     const std::function<Result<>(const Listing&, const Listed&)>& product);

}  // namespace pf::exchange
