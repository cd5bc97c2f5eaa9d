#include "api/dashboard_api.h"

#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

using catalog::Condition;
using catalog::Operator;

constexpr int kChartDays = 90;
constexpr std::int64_t kLowBelow = 5;  // pieces; a product that sells once a day is gone by the end of the week

struct DashboardRooms {
  storage::Store& store;
  const access::Access& access;
  catalog::Products& products;
  stock::Stock& stock;
  orders::Orders& orders;
  const Clock& clock;
};

const Condition kToShip{"status", Operator::in, {"open", "partially_shipped"}};
const Condition kNotHeld{"held", Operator::eq, {"false"}};
const Condition kOurs{"fulfilled_by", Operator::eq, {"shop"}};

Result<json::Value> orders_value(const DashboardRooms& rooms, const storage::Reader& read) {
  json::Value out{json::Members{}};
  const auto count = [&](const char* name, std::vector<Condition> where) -> Result<> {
    PF_LET(const auto found, rooms.orders.count(read, {.where = std::move(where)}));
    out.set(name, found);
    return {};
  };
  PF_TRY(count("to_ship", {kToShip, kOurs, kNotHeld}));
  PF_TRY(count("late", {kToShip, kOurs, {"ship_by", Operator::lt, {rfc3339(rooms.clock.now())}}}));
  PF_TRY(count("held", {{"status", Operator::in, {"open", "partially_shipped", "awaiting_payment"}},
                        {"held", Operator::eq, {"true"}}}));
  PF_TRY(count("backordered", {{"backordered", Operator::eq, {"true"}}}));
  PF_TRY(count("awaiting_payment", {{"status", Operator::eq, {"awaiting_payment"}}}));
  return out;
}

Result<json::Value> products_value(const DashboardRooms& rooms, const storage::Reader& read) {
  json::Value out{json::Members{}};
  const auto count = [&](const char* name, std::vector<Condition> where) -> Result<> {
    PF_LET(const auto page, rooms.products.list(read, {.where = std::move(where), .count = 1}));
    out.set(name, page.total);
    return {};
  };
  PF_TRY(count("total", {}));
  PF_TRY(count("disabled", {{"enabled", Operator::eq, {"0"}}}));
  PF_TRY(count("without_image", {{"images", Operator::empty, {"1"}}}));
  PF_TRY(count("without_description", {{"description", Operator::empty, {"1"}}}));
  PF_TRY(count("without_ean", {{"ean", Operator::empty, {"1"}}}));
  PF_TRY(count("incomplete", {{"completeness", Operator::lt, {"100"}}}));
  return out;
}

Result<json::Value> days_value(const DashboardRooms& rooms, const storage::Reader& read) {
  const auto today = std::chrono::floor<std::chrono::days>(rooms.clock.now());
  json::Value out = json::Value::array();
  for (auto day = today - std::chrono::days{kChartDays - 1}; day <= today; day += std::chrono::days{1}) {
    PF_LET(const auto placed,
           rooms.orders.count(read,
                              {.where = {{"placed_at", Operator::gte, {rfc3339(Time(day))}},
                                         {"placed_at", Operator::lt, {rfc3339(Time(day + std::chrono::days{1}))}}}}));
    out.push(json::Value::object({{"day", rfc3339(Time(day)).substr(0, 10)}, {"orders", placed}}));
  }
  return out;
}

Result<Answer> show(const DashboardRooms& rooms, const Call& call) {
  const auto read = rooms.store.read();
  json::Value data{json::Members{}};
  const access::Limits* limits = call.limits.get();
  const bool all_channels = limits == nullptr || limits->channels.empty();
  const bool all_categories = limits == nullptr || limits->categories.empty();
  if (call.actor.can(access::Permission::orders_read) && all_channels) {
    PF_LET(auto orders, orders_value(rooms, read));
    PF_LET(auto days, days_value(rooms, read));
    data.set("orders", std::move(orders));
    data.set("per_day", std::move(days));
  }
  if (call.actor.can(access::Permission::catalog_read) && all_categories) {
    PF_LET(auto products, products_value(rooms, read));
    data.set("products", std::move(products));
  }
  if (call.actor.can(access::Permission::stock_read) && all_categories) {
    PF_LET(const auto short_of, rooms.stock.shortages(read, kLowBelow));
    data.set(
        "stock",
        json::Value::object(
            {{"looked_at", short_of.looked}, {"out", short_of.out}, {"low", short_of.low}, {"low_below", kLowBelow}}));
  }
  if (call.actor.can(access::Permission::users)) {
    PF_LET(const Time due, rooms.access.review_due());
    data.set("review", json::Value::object({{"due_at", rfc3339(due)}, {"overdue", rooms.clock.now() >= due}}));
  }
  return Answer{.body = json::Value::object({{"data", std::move(data)}})};
}

}  // namespace

std::vector<gate::Row> dashboard_routes(storage::Store& store, const access::Access& access,
                                        catalog::Products& products, stock::Stock& stock, orders::Orders& orders,
                                        const Clock& clock) {
  const DashboardRooms rooms{store, access, products, stock, orders, clock};
  return {{.method = gate::Method::get,
           .path = "/api/v1/dashboard",
           .permission = access::Permission::signed_in,
           .summary = "What waits today: orders to ship, late and backordered; incomplete products; low stock; orders "
                      "placed on each of the last 90 days (UTC); when the access review is due. Each part only for who "
                      "may read all of it.",
           .answer_schema = gate::data_shape(shapes::kDashboard),
           .handler = [rooms](const Call& call) { return show(rooms, call); },
           .keeps = gate::kKeepsAll}};
}

}  // namespace pf::api
