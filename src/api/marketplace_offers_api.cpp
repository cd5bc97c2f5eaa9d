#include "api/marketplace_offers_api.h"

#include <algorithm>

#include "api/limits.h"
#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct MarketplaceOfferRooms {
  storage::Store& store;
  catalog::MarketplaceOffers& offers;
  catalog::Products& products;
  stock::Stock& stock;
};

Result<json::Value> shown_there(const MarketplaceOfferRooms& rooms, const storage::Reader& read,
                                const catalog::MarketplaceOffer& offer) {
  PF_LET(const auto level, rooms.stock.level(read, offer.sku));
  const std::int64_t free = std::max<std::int64_t>(0, level.available());
  json::Value out =
      json::Value::object({{"sku", offer.sku},
                           {"marketplace", offer.marketplace},
                           {"enabled", offer.enabled},
                           {"qty_available", std::min(free, offer.quantity_max.value_or(free))},
                           {"qty_max", offer.quantity_max ? json::Value(*offer.quantity_max) : json::Value(nullptr)}});
  const json::Value stored = catalog::offer_value(offer.terms);
  for (const auto& [name, value] : *stored.as_object()) out.set(name, value);
  return out;
}

Result<json::Value> all_shown(const MarketplaceOfferRooms& rooms, const storage::Reader& read,
                              const std::vector<catalog::MarketplaceOffer>& offers) {
  json::Value list = json::Value::array();
  for (const auto& offer : offers) {
    PF_LET(auto one, shown_there(rooms, read, offer));
    list.push(std::move(one));
  }
  return list;
}

Result<Answer> list(const MarketplaceOfferRooms& rooms, const Call& call) {
  constexpr std::size_t kSkippedMax = 1'000'000;  // by page number; a cursor goes on at once
  PF_LET(const Paging paging, paging_of(call));
  const auto read = rooms.store.read();
  PF_LET(const std::uint64_t total, rooms.offers.count(read));
  const std::string after = paging.cursor.empty() ? "" : unbase64url(paging.cursor).value_or("");
  const std::size_t skip =
      paging.cursor.empty() ? std::min<std::size_t>(static_cast<std::size_t>(paging.offset()), kSkippedMax) : 0;
  PF_LET(auto offers, rooms.offers.after(read, after, skip + static_cast<std::size_t>(paging.per_page) + 1));
  offers.erase(offers.begin(), offers.begin() + static_cast<std::ptrdiff_t>(std::min(skip, offers.size())));
  const bool more = offers.size() > paging.per_page;
  if (more) offers.resize(static_cast<std::size_t>(paging.per_page));
  PF_LET(auto shown, all_shown(rooms, read, offers));
  return Answer{.body = list_body(call, std::move(shown), paging, total,
                                  more ? base64url(catalog::MarketplaceOffers::place_of(offers.back())) : "")};
}

Result<Answer> of_product(const MarketplaceOfferRooms& rooms, const Call& call) {
  const std::string& sku = call.path_value("sku");
  const auto read = rooms.store.read();
  PF_LET(const bool there, rooms.products.exists(read, sku));
  if (!there) return error(ErrorCode::not_found, "There is no product " + sku + ".");
  PF_LET(const auto offers, rooms.offers.of_product(read, sku));
  PF_LET(auto shown, all_shown(rooms, read, offers));
  return Answer{.body = data(std::move(shown))};
}

Result<Answer> change(const MarketplaceOfferRooms& rooms, const Call& call) {
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  PF_LET(const auto change, catalog::marketplace_offer_change_of(call.body));
  catalog::Outcome outcome = catalog::Outcome::unchanged;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(outcome, rooms.offers.upsert(work, call.actor, sku, change));
    return {};
  }));
  const auto read = rooms.store.read();
  PF_LET(const auto offers, rooms.offers.of_product(read, sku.raw()));
  for (const auto& offer : offers) {
    if (offer.marketplace != change.marketplace) continue;
    PF_LET(auto shown, shown_there(rooms, read, offer));
    return Answer{.status = outcome == catalog::Outcome::created ? 201 : 200, .body = data(std::move(shown))};
  }
  return error(ErrorCode::not_found, "The product was removed meanwhile.");
}

}  // namespace

std::vector<Row> marketplace_offers_routes(storage::Store& store, catalog::MarketplaceOffers& offers,
                                           catalog::Products& products, stock::Stock& stock) {
  const MarketplaceOfferRooms rooms{store, offers, products, stock};
  const auto with = handlers_with(rooms);
  const auto own = own_product(store, products);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/marketplace-offer",
       .permission = P::catalog_read,
       .summary = "List what products are offered for on marketplaces, by SKU",
       .answer_schema = gate::list_shape(shapes::kMarketplaceOffer),
       .handler = with(list),
       .query = {{"page", "From 1."}, {"per_page", "1 to 200."}, {"cursor", "meta.next_cursor of the page before."}},
       .keeps = {.channels = true, .locales = true, .personal = true}},
      {.method = Method::get,
       .path = "/api/v1/product/{sku}/marketplace-offer",
       .permission = P::catalog_read,
       .summary = "Show what a product is offered for on every marketplace",
       .answer_schema = gate::data_shape("[" + std::string(shapes::kMarketplaceOffer) + "]"),
       .handler = with(of_product),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/product/{sku}/marketplace-offer",
       .permission = P::catalog_write,
       .summary = "Create or change what a product is offered for on one marketplace",
       .accepts = BodyKind::json,
       .body_schema = gate::shape(shapes::kMarketplaceOfferBody),
       .answer_schema = gate::data_shape(shapes::kMarketplaceOffer),
       .handler = with(change),
       .other_success = 201,
       .keeps = gate::kKeepsAll,
       .object = own},
  };
}

}  // namespace pf::api
