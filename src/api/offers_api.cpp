#include "api/offers_api.h"

#include "api/history_api.h"
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

Result<std::optional<std::int64_t>> pieces_in(const json::Value& body, const std::string& field) {
  const json::Value* sent = body.find("qty_available");
  if (sent == nullptr || sent->is_null()) return std::optional<std::int64_t>{};
  auto pieces = sent->as_int();
  if (!pieces && sent->as_string() != nullptr) pieces = parse_int(*sent->as_string());
  if (!pieces) return invalid(field, "type", field + " must be a whole number");
  return pieces;
}

// What the writer had before them, of the fields that they change.
struct Seen {
  catalog::Offer offer{};
  std::optional<std::int64_t> pieces{};
};
Result<std::optional<Seen>> seen_in(const json::Value* sent) {
  if (sent == nullptr) return std::optional<Seen>{};
  Seen out;
  auto change = catalog::offer_change_of(*sent);
  auto kept = change.ok() ? catalog::apply_change(out.offer, *change) : Result<>{change.error()};
  if (!kept.ok()) {
    Error wrong = kept.error();
    for (auto& fault : wrong.faults) fault.field = fault.field.empty() ? "seen" : "seen." + fault.field;
    return wrong;
  }
  PF_LET(const auto pieces, pieces_in(*sent, "seen.qty_available"));
  out.pieces = pieces;
  return std::optional<Seen>{std::move(out)};
}

// The fields that this change and somebody else's made different things of, since the writer looked.
Result<json::Value> conflicts_of(const OfferRooms& rooms, const storage::Reader& read, const std::string& sku,
                                 const Seen& seen, const catalog::OfferChange& change,
                                 const std::optional<std::int64_t>& pieces) {
  json::Value out = json::Value::array();
  const auto tell = [&](std::string field, json::Value was, json::Value theirs, json::Value mine) {
    out.push(json::Value::object({{"field", std::move(field)},
                                  {"locale", json::Value{}},
                                  {"was", std::move(was)},
                                  {"theirs", std::move(theirs)},
                                  {"mine", std::move(mine)}}));
  };
  PF_LET(const auto there, rooms.offers.find(read, sku));
  const auto now = there.value_or(catalog::Offer{});
  auto wanted = now;
  PF_TRY(catalog::apply_change(wanted, change));
  for (const auto& one : catalog::offer_differences(&now, &wanted))
    if (auto was = catalog::offer_field(seen.offer, one.at); was != one.before)
      tell(catalog::field_path(one.at), catalog::value_of_bytes(was), catalog::value_of_bytes(one.before),
           catalog::value_of_bytes(one.after));
  if (!pieces || !seen.pieces) return out;
  PF_LET(const auto level, rooms.stock.level(read, sku));
  if (level.available() != *seen.pieces && level.available() != *pieces)
    tell("qty_available", *seen.pieces, level.available(), *pieces);
  return out;
}

Result<Answer> change(const OfferRooms& rooms, const Call& call) {
  const std::string& sku = call.path_value("sku");
  PF_LET(const auto parsed, catalog::parse_sku(sku));
  json::Value body = call.body;
  body.erase("seen");
  PF_LET(const auto offer, catalog::offer_change_of(body));
  PF_LET(const auto seen, seen_in(call.body.find("seen")));
  PF_LET(const auto quantity, pieces_in(call.body, "qty_available"));
  bool created = false;
  json::Value conflicts = json::Value::array();
  const auto kept = rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const bool there, rooms.products.exists(work, sku));
    if (!there) return no_product(sku);
    if (seen) {
      PF_LET(auto found, conflicts_of(rooms, work, sku, *seen, offer, quantity));
      if (!found.as_array()->empty()) {
        conflicts = std::move(found);
        return Error{ErrorCode::conflict,
                     "Somebody else changed the same of this offer since you looked.",
                     {{"seen", "stale", "Look at what they made of it, and send what shall be."}}};
      }
    }
    PF_LET(const auto outcome, rooms.offers.upsert(work, call.actor, parsed, offer));
    created = outcome == catalog::Outcome::created;
    if (!quantity) return {};
    PF_TRY(rooms.stock.set_available(work, call.actor, sku, *quantity));
    return rooms.orders.fill_backorders(work, sku);
  });
  if (!kept.ok() && !conflicts.as_array()->empty())
    return conflicts_answer(kept.error(), std::move(conflicts), "", call.request.id);
  PF_TRY(kept);
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
       .summary = "Create or change a product's offer. `seen` may hold what the writer saw of the fields that they "
                  "change: what somebody else made something else of since is told (412, conflicts).",
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
