#include "api/offers_api.h"

#include "api/limits.h"
#include "api/list_page.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct OfferRooms {
  storage::Store& store;
  catalog::Offers& offers;
  catalog::Products& products;
  stock::Stock& stock;
  orders::Orders& orders;
};

Result<json::Value> shown(const OfferRooms& rooms, const storage::Reader& read, const std::string& sku,
                          const catalog::Offer& offer) {
  PF_LET(const auto level, rooms.stock.level(read, sku));
  json::Value out = json::Value::object({{"sku", sku},
                                         {"qty_available", level.available()},
                                         {"qty_on_hand", level.on_hand},
                                         {"qty_allocated", level.allocated}});
  if (level.kit) out.set("kit", true);
  const json::Value stored = catalog::offer_value(offer);
  for (const auto& [name, value] : *stored.as_object()) out.set(name, value);
  return out;
}

Error no_product(const std::string& sku) {
  return error(ErrorCode::not_found, "There is no product " + sku + ".");
}

Result<Answer> show(const OfferRooms& rooms, const Call& call) {
  const std::string& sku = call.path_value("sku");
  const auto read = rooms.store.read();
  PF_LET(const bool there, rooms.products.exists(read, sku));
  if (!there) return no_product(sku);
  PF_LET(const auto offer, rooms.offers.find(read, sku));
  PF_LET(auto data, shown(rooms, read, sku, offer.value_or(catalog::Offer{})));
  return Answer{.body = json::Value::object({{"data", std::move(data)}})};
}

Result<Answer> change(const OfferRooms& rooms, const Call& call) {
  const std::string& sku = call.path_value("sku");
  PF_LET(const auto parsed, catalog::parse_sku(sku));
  PF_LET(const auto offer, catalog::offer_change_of(call.body));
  std::optional<std::int64_t> quantity;
  if (const json::Value* sent = call.body.find("qty_available"); sent != nullptr && !sent->is_null()) {
    quantity = sent->as_int();
    if (!quantity && sent->as_string() != nullptr) quantity = parse_int(*sent->as_string());
    if (!quantity) return invalid("qty_available", "type", "qty_available must be a whole number");
  }
  bool created = false;
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const bool there, rooms.products.exists(work, sku));
    if (!there) return no_product(sku);
    PF_LET(const auto outcome, rooms.offers.upsert(work, call.actor, parsed, offer));
    created = outcome == catalog::Outcome::created;
    if (!quantity) return {};
    PF_TRY(rooms.stock.set_available(work, call.actor, sku, *quantity));
    return rooms.orders.fill_backorders(work, sku);
  }));
  PF_LET(Answer answer, show(rooms, call));
  answer.status = created ? 201 : 200;
  return answer;
}

Result<Answer> remove(const OfferRooms& rooms, const Call& call) {
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  PF_TRY(rooms.store.write([&](storage::Write& work) { return rooms.offers.remove(work, call.actor, sku); }));
  return Answer{};
}

Result<Answer> list(const OfferRooms& rooms, const Call& call) {
  PF_LET(Paging paging, paging_of(call));
  const auto read = rooms.store.read();
  PF_LET(const auto total, rooms.offers.count(read));
  // The cursor of this list is the last SKU itself.
  std::string after = paging.cursor.empty() ? "" : unbase64url(paging.cursor).value_or("");
  const std::size_t skip = paging.cursor.empty() ? static_cast<std::size_t>(paging.offset()) : 0;
  PF_LET(auto skus,
         rooms.offers.skus_after(read, after, std::min<std::size_t>(skip, 10'000'000) + paging.per_page + 1));
  skus.erase(skus.begin(), skus.begin() + static_cast<std::ptrdiff_t>(std::min(skip, skus.size())));
  const bool more = skus.size() > paging.per_page;
  if (more) skus.resize(paging.per_page);
  PF_LET(const auto offers, rooms.offers.find_many(read, skus));
  json::Value data = json::Value::array();
  for (std::size_t i = 0; i < skus.size(); ++i) {
    PF_LET(auto one, shown(rooms, read, skus[i], offers[i].value_or(catalog::Offer{})));
    data.push(std::move(one));
  }
  return Answer{.body = list_body(call, std::move(data), paging, total, more ? base64url(skus.back()) : "")};
}

}  // namespace

std::vector<Row> offers_routes(storage::Store& store, catalog::Offers& offers, catalog::Products& products,
                               stock::Stock& stock, orders::Orders& orders) {
  const OfferRooms rooms{store, offers, products, stock, orders};
  const auto with = handlers_with(rooms);
  const std::vector<std::pair<std::string, std::string>> paging{
      {"page", "From 1."}, {"per_page", "1 to 200."}, {"cursor", "meta.next_cursor of the page before."}};
  const auto own = own_product(store, products);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/offer",
       .permission = P::catalog_read,
       .summary = "List offers",
       .answer_schema = gate::list_shape(shapes::kOffer),
       .handler = with(list),
       .query = paging,
       .keeps = {.channels = true, .locales = true, .personal = true}},
      {.method = Method::get,
       .path = "/api/v1/product/{sku}/offer",
       .permission = P::catalog_read,
       .summary = "Show a product's offer: prices and quantity",
       .answer_schema = gate::data_shape(shapes::kOffer),
       .handler = with(show),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/product/{sku}/offer",
       .permission = P::catalog_write,
       .summary = "Create or change a product's offer",
       .accepts = BodyKind::json,
       .body_schema = gate::shape(shapes::kOfferBody),
       .answer_schema = gate::data_shape(shapes::kOffer),
       .handler = with(change),
       .other_success = 201,
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::del,
       .path = "/api/v1/product/{sku}/offer",
       .permission = P::catalog_write,
       .summary = "Remove a product's offer",
       .success = 204,
       .handler = with(remove),
       .fresh_sign_in = true,
       .keeps = gate::kKeepsAll,
       .object = own},
  };
}

}  // namespace pf::api
