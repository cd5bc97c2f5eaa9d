#include "api/shelves_api.h"

#include "api/limits.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "stock/shelves.h"

namespace pf::api {
namespace {

struct ShelfRooms {
  storage::Store& store;
  audit::Audit& audit;
  events::Events& events;
};

struct ShelfBody {
  std::string shelf;
  template <class V>
  void fields(V& visit) {
    visit("shelf", shelf, "Such as A-03-2; what stands before the first - is the zone. Empty: none.");
  }
};

Result<Answer> show(const ShelfRooms& rooms, const Call& call) {
  const std::string& sku = call.path_value("sku");
  PF_LET(const std::string shelf, stock::Shelves(rooms.store).find(rooms.store.read(), sku));
  return Answer{.body = data(json::Value::object(
                    {{"sku", sku}, {"shelf", shelf}, {"zone", std::string(stock::zone_of(shelf))}}))};
}

Result<Answer> set(const ShelfRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<ShelfBody>(call.body));
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  stock::Shelves shelves(rooms.store);
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const std::string before, shelves.find(work, sku.raw()));
    PF_LET(const bool changed, shelves.set(work, sku.raw(), body.shelf));
    if (!changed) return {};
    PF_LET(const std::string after, shelves.find(work, sku.raw()));
    PF_TRY(rooms.events.note_catalogue(work));  // exports of stock say it
    return rooms.audit.append(work, call.actor, "stock.shelf", "product:" + sku.raw(),
                              json::Value::object({{"before", before}, {"after", after}}));
  }));
  return show(rooms, call);
}

}  // namespace

std::vector<Row> shelves_routes(storage::Store& store, catalog::Products& products, audit::Audit& audit,
                                events::Events& events) {
  const auto with = handlers_with(ShelfRooms{store, audit, events});
  const auto own = own_product(store, products);
  return {
      {.method = Method::get,
       .path = "/api/v1/stock/{sku}/shelf",
       .permission = Permission::stock_read,
       .summary = "Where a product stands in the warehouse",
       .answer_schema = gate::data_shape(shapes::kShelf),
       .handler = with(show),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::put,
       .path = "/api/v1/stock/{sku}/shelf",
       .permission = Permission::stock_write,
       .summary = "Say where a product stands; walks of batches go by it",
       .accepts = BodyKind::json,
       .body_schema = json::schema<ShelfBody>(),
       .answer_schema = gate::data_shape(shapes::kShelf),
       .handler = with(set),
       .keeps = gate::kKeepsAll,
       .object = own},
  };
}

}  // namespace pf::api
