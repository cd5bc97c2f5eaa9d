#include "api/stock_api.h"

#include <algorithm>

#include "api/limits.h"
#include "api/list_page.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "json/fields.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct StockRooms {
  storage::Store& store;
  stock::Stock& stock;
  stock::Locations& locations;
  orders::Orders& orders;
  catalog::Products& products;
  const rules::Rules& rules;
};

json::Value level_value(const stock::Level& level) {
  return json::Value::object(
      {{"on_hand", level.on_hand}, {"allocated", level.allocated}, {"available", level.available()}});
}

Result<Answer> stock_list(const StockRooms& rooms, const Call& call) {
  PF_LET(const Paging paging, paging_of(call));
  const auto read = rooms.store.read();
  PF_LET(const auto rows, rooms.stock.list(read, unbase64url(paging.cursor).value_or(""), paging.per_page));
  json::Value list = json::Value::array();
  for (const auto& [sku, level] : rows) {
    json::Value one = level_value(level);
    one.set("sku", sku);
    one.set("kit", level.kit);
    list.push(std::move(one));
  }
  const bool full = rows.size() == paging.per_page;
  return Answer{.body = cursor_body(call, std::move(list), paging.per_page, full ? base64url(rows.back().first) : "")};
}

Result<Answer> stock_of(const StockRooms& rooms, const Call& call) {
  const std::string& sku = call.path_value("sku");
  const auto read = rooms.store.read();
  PF_LET(const auto level, rooms.stock.level(read, sku));
  PF_LET(const auto places, rooms.stock.places(read, sku));
  PF_LET(const auto known, rooms.locations.all(read));
  PF_LET(const auto movements, rooms.stock.movements(read, sku));
  json::Value at = json::Value::array();
  for (const stock::Location& location : known) {
    const auto place = std::ranges::find(places, location.id, &stock::Place::location);
    if (place == places.end() && !location.active) continue;
    json::Value one = level_value(place != places.end() ? place->level : stock::Level{});
    one.set("code", location.code);
    one.set("name", location.name);
    one.set("may_ship", location.sells());
    one.set("active", location.active);
    at.push(std::move(one));
  }
  json::Value ledger = json::Value::array();
  for (const auto& m : movements) {
    const stock::Location* location = stock::location_of(known, m.location);
    ledger.push(json::Value::object({{"at", rfc3339(m.at)},
                                     {"by", m.by},
                                     {"reason", m.reason},
                                     {"on_hand", m.on_hand},
                                     {"allocated", m.allocated},
                                     {"location", location != nullptr ? location->code : ""}}));
  }
  json::Value out = level_value(level);
  out.set("sku", sku);
  out.set("withheld", level.withheld);
  out.set("kit", level.kit);
  PF_LET(const auto kit, rooms.stock.kit(read, sku));
  if (kit) {
    PF_LET(const auto languages, rooms.products.languages(read));
    json::Value parts = json::Value::array();
    for (std::size_t i = 0; i < kit->parts.size(); ++i) {
      PF_LET(const auto title, rooms.products.title(read, kit->parts[i].sku, languages.for_reading(call.locale)));
      parts.push(json::Value::object({{"sku", kit->parts[i].sku},
                                      {"title", title.value_or("")},
                                      {"quantity", kit->parts[i].quantity},
                                      {"available", kit->levels[i].available()}}));
    }
    out.set("made_of", std::move(parts));
    out.set("scarcest", kit->parts[kit->scarcest].sku);
  }
  PF_LET(const auto kits, rooms.stock.kits_of(read, sku));
  out.set("part_of", texts(kits));
  out.set("locations", std::move(at));
  out.set("movements", std::move(ledger));
  return Answer{.body = data(std::move(out))};
}

struct StockBody {
  std::optional<std::int64_t> available, on_hand, change;
  std::optional<std::string> location, reason;
  template <class V>
  void fields(V& visit) {
    visit("available", available, "Pieces for sale now: of all locations together, or of the one that is named.");
    visit("on_hand", on_hand, "Or: pieces that were counted at the location, those for orders too.");
    visit("change", change, "Or: so many pieces more, or fewer with a minus, at the location.");
    visit("location", location, "The location's code; the default one when absent.");
    visit("reason", reason,
          "Of a count or change: counted, received, found, damaged, lost, own_use or correction. It stands in the "
          "ledger.");
  }
};

Result<Answer> set_stock(const StockRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<StockBody>(call.body));
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  if (body.available.has_value() + body.on_hand.has_value() + body.change.has_value() != 1)
    return invalid("available", "required", "Send one of available, on_hand and change.");
  if (body.reason && body.available)
    return invalid("reason", "unknown", "What is said to be available has no reason; a count or a change has.");
  if (body.reason && std::ranges::find(stock::kAdjustReasons, *body.reason) == stock::kAdjustReasons.end())
    return invalid("reason", "value", "The reason is one of " + in_words(stock::kAdjustReasons) + ".");
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    stock::LocationId at = stock::kDefaultLocation;
    if (body.location) {
      PF_LET(const auto location, rooms.locations.find(work, *body.location));
      at = location.id;
    }
    if (body.available && body.location) {
      PF_TRY(rooms.stock.set_free_at(work, call.actor, sku.raw(), at, *body.available));
    } else if (body.available) {
      PF_TRY(rooms.stock.set_available(work, call.actor, sku.raw(), *body.available));
    } else if (body.on_hand) {
      PF_TRY(rooms.stock.count_at(work, call.actor, sku.raw(), at, *body.on_hand, body.reason.value_or("counted")));
    } else {
      PF_TRY(rooms.stock.adjust(work, call.actor, sku.raw(), at, *body.change, body.reason.value_or("correction")));
    }
    return rooms.orders.fill_backorders(work, sku.raw());
  }));
  return stock_of(rooms, call);
}

struct TransferBody {
  std::string from, to;
  std::int64_t quantity = 0;
  template <class V>
  void fields(V& visit) {
    visit("from", from, "The code of the location that gives them.");
    visit("to", to, "The code of the location that gets them.");
    visit("quantity", quantity, "Pieces; those that are promised to orders stay.");
  }
};

Result<Answer> transfer(const StockRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<TransferBody>(call.body));
  PF_LET(const auto sku, catalog::parse_sku(call.path_value("sku")));
  PF_TRY(rooms.store.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto from, rooms.locations.find(work, body.from));
    PF_LET(const auto to, rooms.locations.find(work, body.to));
    PF_TRY(rooms.stock.transfer(work, call.actor, sku.raw(), from.id, to.id, body.quantity));
    return rooms.orders.fill_backorders(work, sku.raw());
  }));
  return stock_of(rooms, call);
}

// ---- the locations themselves

// With the rules that send orders there, since those pass it over while it sells nothing.
Result<json::Value> location_value(const StockRooms& rooms, const stock::Location& location) {
  PF_LET(const auto rules, rooms.rules.locating(rooms.store.read(), location.code));
  json::Value named = json::Value::array();
  for (const rules::Rule& rule : rules)
    named.push(json::Value::object({{"id", std::to_string(rule.id)}, {"name", rule.name}, {"enabled", rule.enabled}}));
  return json::Value::object({{"code", location.code},
                              {"name", location.name},
                              {"rank", location.rank},
                              {"may_ship", location.may_ship},
                              {"active", location.active},
                              {"default", location.id == stock::kDefaultLocation},
                              {"rules", std::move(named)}});
}

struct LocationBody {
  std::optional<std::string> code, name;
  std::optional<std::int64_t> rank;
  std::optional<bool> may_ship, active;
  template <class V>
  void fields(V& visit) {
    visit("code", code,
          "How it is named in files, rules and here: lower-case letters, digits, _ and -. Never changes.");
    visit("name", name, "How people call it; the code when absent.");
    visit("rank", rank, "Pieces for orders come from the lowest rank first; the last one when absent.");
    visit("may_ship", may_ship, "Whether its pieces are for sale; true when absent. The default location always may.");
    visit("active", active, "Whether it is still used: false takes no pieces and sells none.");
  }
};
stock::LocationChange change_of(const LocationBody& body) {
  return {body.name, body.rank, body.may_ship, body.active};
}

Result<Answer> list_locations(const StockRooms& rooms, const Call&) {
  PF_LET(const auto known, rooms.locations.all(rooms.store.read()));
  json::Value list = json::Value::array();
  for (const auto& location : known) {
    PF_LET(auto value, location_value(rooms, location));
    list.push(std::move(value));
  }
  return Answer{.body = data(std::move(list))};
}

Result<Answer> create_location(const StockRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<LocationBody>(call.body));
  PF_LET(const auto made, rooms.locations.create(call.actor, body.code.value_or(""), change_of(body)));
  PF_LET(auto value, location_value(rooms, made));
  return Answer{.body = data(std::move(value))};
}

Result<Answer> change_location(const StockRooms& rooms, const Call& call) {
  PF_LET(const auto body, json::read_fields<LocationBody>(call.body));
  const std::string& code = call.path_value("code");
  if (body.code && *body.code != code)
    return invalid("code", "fixed", "A location keeps its code, since orders, files and rules name it.");
  PF_LET(const auto before, rooms.locations.find(rooms.store.read(), code));
  PF_LET(const auto changed, rooms.locations.change(call.actor, code, change_of(body)));
  if (changed.sells() && !before.sells()) PF_TRY(rooms.orders.fill_everybody());  // its pieces are for sale now
  PF_LET(auto value, location_value(rooms, changed));
  return Answer{.body = data(std::move(value))};
}

}  // namespace

std::vector<Row> stock_routes(storage::Store& store, catalog::Products& products, stock::Stock& stock,
                              stock::Locations& locations, orders::Orders& orders, const rules::Rules& rules) {
  const auto with = handlers_with(StockRooms{store, stock, locations, orders, products, rules});
  const auto own = own_product(store, products);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/stock",
       .permission = P::stock_read,
       .summary = "List stock levels",
       .answer_schema = gate::page_shape(shapes::kStock),
       .handler = with(stock_list),
       .query = {{"per_page", "1 to 200."}, {"cursor", "meta.next_cursor of the page before."}},
       .keeps = {.channels = true, .locales = true, .personal = true}},
      {.method = Method::get,
       .path = "/api/v1/stock/{sku}",
       .permission = P::stock_read,
       .summary = "Show a SKU's stock at each location, and its movements",
       .answer_schema = gate::data_shape(shapes::kStockLedger),
       .handler = with(stock_of),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/stock/{sku}",
       .permission = P::stock_write,
       .summary = "Set how many pieces are for sale, say how many were counted, or add and take off with a reason",
       .accepts = BodyKind::json,
       .body_schema = json::schema<StockBody>(),
       .answer_schema = gate::data_shape(shapes::kStockLedger),
       .handler = with(set_stock),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/stock/{sku}/transfer",
       .permission = P::stock_write,
       .summary = "Move free pieces from one location to another",
       .accepts = BodyKind::json,
       .body_schema = json::schema<TransferBody>(),
       .answer_schema = gate::data_shape(shapes::kStockLedger),
       .handler = with(transfer),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::get,
       .path = "/api/v1/location",
       .permission = P::stock_read,
       .summary = "List the shop's stock locations, by rank; the default one always exists",
       .answer_schema = gate::data_shape(shapes::kLocations),
       .handler = with(list_locations),
       .keeps = gate::kKeepsAll},
      {.method = Method::post,
       .path = "/api/v1/location",
       .permission = P::settings_write,
       .summary = "Create a stock location",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<LocationBody>(),
       .answer_schema = gate::data_shape(shapes::kLocation),
       .handler = with(create_location),
       .keeps = gate::kKeepsAll},
      {.method = Method::patch,
       .path = "/api/v1/location/{code}",
       .permission = P::settings_write,
       .summary = "Rename or rank a stock location, say whether it ships, or close it; what is absent stays",
       .accepts = BodyKind::json,
       .body_schema = json::schema<LocationBody>(),
       .answer_schema = gate::data_shape(shapes::kLocation),
       .handler = with(change_location),
       .keeps = gate::kKeepsAll},
  };
}

}  // namespace pf::api
