// What orders look like in answers. Only for the files of order rows.
#pragma once

#include "api/rows.h"
#include "catalog/products.h"
#include "orders/orders.h"
#include "vault/vault.h"

namespace pf::api {

struct OrderRooms {
  storage::Store& store;
  orders::Orders& orders;
  vault::Vault& vault;
  catalog::Products& products;
};

json::Value money_value(const std::optional<Money>& amount);  // a number, or null
Result<orders::OrderId> order_id_of(const gate::Call& call);  // of {id}; not_found for what is none
json::Value order_summary(const orders::Order& order);        // as in the list
// {"data": the whole order}, its buyer masked; `status` 0: the row's. `buyer`: where he is at hand, so that he need not
// be opened, which is a twentieth of a placement.
Result<gate::Answer> order_answer(const OrderRooms& rooms, const orders::Order& order, int status = 0,
                                  const vault::Buyer* buyer = nullptr);
// One entry of the timeline: a note with its text, when `with_text`.
json::Value timeline_item(const OrderRooms& rooms, orders::OrderId id, const orders::Event& event, bool with_text);
json::Value measure_value(std::int64_t measure);  // null for what is not known
json::Value parcel_lines_value(const orders::Order& order, const orders::Parcel& parcel);
json::Value shipments_value(const orders::Order& order);  // the parcels that have left
json::Value hold_value(const orders::Hold& hold);
// [{"code", "name", "quantity"}]: where a line's pieces are promised; empty for what is of no stock.
// The products that a kit's line is made of: [{"sku", "title", "ean", "quantity" (of one), "pieces", "picked", ...}];
// null for what is no kit.
Result<json::Value> line_parts_value(const OrderRooms& rooms, const storage::Reader& read, const orders::Order& order,
                                     const orders::Line& line, const std::vector<stock::Location>& locations);
json::Value promised_value(const orders::Order& order, const orders::Line& line,
                           const std::vector<stock::Location>& locations);

}  // namespace pf::api
