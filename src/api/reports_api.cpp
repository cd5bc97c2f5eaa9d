#include "api/reports_api.h"

#include "api/order_answers.h"
#include "api/shapes.h"
#include "formats/csv.h"
#include "gate/shape.h"
#include "orders/reports.h"
#include "orders/stock_value.h"
#include "productflow/names.h"

namespace pf::api {
namespace {

constexpr std::chrono::days kReportDaysUsual{30};

constexpr std::string_view kCostAttribute = "cost_price";

struct ReportRooms {
  storage::Store& store;
  orders::Orders& orders;
  catalog::Products& products;
  stock::Stock& stock;
  access::Access& access;
  const Clock& clock;
};

Result<std::chrono::sys_days> day_of(const Call& call, const char* name, std::chrono::sys_days otherwise) {
  const auto text = call.query_value(name);
  if (!text) return otherwise;
  const auto time = parse_time(*text + "T00:00:00Z");  // what is longer than a day is no time then
  if (!time.ok()) return invalid(name, "format", std::string(name) + " must be a day such as 2026-11-24.");
  return std::chrono::floor<std::chrono::days>(*time);
}

std::string report_csv(const std::vector<orders::ReportRow>& rows, std::string_view group) {
  std::string out;
  formats::write_csv_row({std::string(group), "currency_code", "orders", "units", "sales", "units_returned",
                          "amount_refunded", "due", "on_time"},
                         true, out);
  for (const orders::ReportRow& row : rows)
    formats::write_csv_row(
        {row.key, std::string(row.currency.code()), std::to_string(row.orders), std::to_string(row.units),
         decimal({row.sales_minor, row.currency}), std::to_string(row.units_returned),
         decimal({row.refunded_minor, row.currency}), std::to_string(row.due), std::to_string(row.on_time)},
        true, out);
  return out;
}

Result<Answer> report(const ReportRooms& rooms, const Call& call) {
  const Time now = rooms.clock.now();
  const auto today = std::chrono::floor<std::chrono::days>(now);
  orders::ReportQuestion question{.now = now};
  PF_LET(question.to, day_of(call, "to", today));
  PF_LET(question.from, day_of(call, "from", question.to - kReportDaysUsual + std::chrono::days{1}));
  const std::string named = call.query_value("group").value_or("day");
  const auto group = value_named<orders::ReportGroup>(orders::kReportGroupNames, named);
  if (!group) return invalid("group", "unknown", "group must be one of " + in_words(orders::kReportGroupNames) + ".");
  question.group = *group;
  const auto format = call.query_value("format").value_or("json");
  if (format != "json" && format != "csv") return invalid("format", "unknown", "format must be json or csv.");
  if (const auto channel = call.query_value("channel")) question.channels = {*channel};
  if (call.limits && !call.limits->channels.empty()) {
    if (question.channels.empty()) question.channels = call.limits->channels;
    if (!call.limits->channel(question.channels[0]))
      return invalid("channel", "limits", "Your account does not see this channel.");
  }
  const auto read = rooms.store.read();
  PF_LET(const auto rows, orders::report(rooms.orders, read, question));
  const std::string from = rfc3339(Time(question.from)).substr(0, 10), to = rfc3339(Time(question.to)).substr(0, 10);
  if (format == "csv")
    return Answer{.raw = report_csv(rows, named),
                  .content_type = "text/csv; charset=utf-8",
                  .headers = {{"content-disposition",
                               "attachment; filename=\"report-" + named + "-" + from + "-" + to + ".csv\""}}};
  json::Value list = json::Value::array();
  for (const orders::ReportRow& row : rows)
    list.push(json::Value::object({{"key", row.key},
                                   {"currency_code", row.currency.code()},
                                   {"orders", row.orders},
                                   {"units", row.units},
                                   {"sales", money_value(Money{row.sales_minor, row.currency})},
                                   {"units_returned", row.units_returned},
                                   {"amount_refunded", money_value(Money{row.refunded_minor, row.currency})},
                                   {"due", row.due},
                                   {"on_time", row.on_time}}));
  return Answer{
      .body = data(json::Value::object({{"from", from}, {"to", to}, {"group", named}, {"rows", std::move(list)}}))};
}

// 4.5 in the shop's currency; {"amount": 4.5, "currency": "EUR"}; or a list of those, of which the shop's own counts.
std::optional<Money> cost_in(const json::Value& value, Currency shop) {
  if (const auto* list = value.as_array(); list != nullptr) {
    std::optional<Money> first;
    for (const json::Value& one : *list) {
      const auto cost = cost_in(one, shop);
      if (cost && cost->currency == shop) return cost;
      if (!first) first = cost;
    }
    return first;
  }
  if (value.as_object() != nullptr) {
    const json::Value* amount = value.find("amount");
    const json::Value* code = value.find("currency");
    const auto currency =
        code != nullptr && code->as_string() != nullptr ? Currency::parse(*code->as_string()) : Result<Currency>(shop);
    return amount != nullptr && currency.ok() ? cost_in(*amount, *currency) : std::nullopt;
  }
  const std::string text = value.as_string() != nullptr ? *value.as_string()
                           : value.is_null()            ? ""
                                                        : json::write(value);
  const auto cost = parse_money(text, shop);
  return cost.ok() && cost->minor >= 0 ? std::optional(*cost) : std::nullopt;
}

Result<std::optional<Money>> cost_of(const ReportRooms& rooms, const storage::Reader& read, std::string sku,
                                     const std::string& attribute, Currency shop) {
  for (std::size_t level = 0; level < catalog::kLevelsMax && !sku.empty(); ++level) {
    PF_LET(const auto product, rooms.products.find(read, sku));
    if (!product) break;
    const std::string* value = catalog::find_attribute(product->attributes, attribute);
    // A price has a value for each currency, under a name of its own.
    if (value == nullptr)
      value = catalog::find_attribute(product->attributes, attribute + "-" + std::string(shop.code()));
    if (value != nullptr) {
      PF_LET(const auto parsed, json::parse(*value));
      return cost_in(parsed, shop);
    }
    sku = product->parent;
  }
  return std::optional<Money>();
}

std::string stock_csv(const std::vector<orders::StockValueRow>& rows) {
  std::string out;
  formats::write_csv_row({"day", "pieces", "pieces_without_cost", "currency_code", "value"}, true, out);
  for (const auto& row : rows) {
    const std::string day = rfc3339(Time(row.day)).substr(0, 10);
    const auto line = [&](std::string code, std::string value) {
      formats::write_csv_row(
          {day, std::to_string(row.pieces), std::to_string(row.pieces_without_cost), std::move(code), std::move(value)},
          true, out);
    };
    for (const Money& value : row.values) line(std::string(value.currency.code()), decimal(value));
    if (row.values.empty()) line("", "");
  }
  return out;
}

Result<Answer> stock_report(const ReportRooms& rooms, const Call& call) {
  const auto today = std::chrono::floor<std::chrono::days>(rooms.clock.now());
  orders::StockValueQuestion question;
  PF_LET(question.to, day_of(call, "to", today));
  PF_LET(question.from, day_of(call, "from", question.to - kReportDaysUsual + std::chrono::days{1}));
  const auto format = call.query_value("format").value_or("json");
  if (format != "json" && format != "csv") return invalid("format", "unknown", "format must be json or csv.");
  const std::string attribute = call.query_value("cost").value_or(std::string(kCostAttribute));
  PF_LET(const auto settings, rooms.access.settings());
  PF_LET(const auto currency, Currency::parse(settings.currency));
  const auto read = rooms.store.read();
  question.cost_of = [&](std::string_view sku) { return cost_of(rooms, read, std::string(sku), attribute, currency); };
  PF_LET(const auto rows, orders::stock_value(rooms.stock, read, question));
  const std::string from = rfc3339(Time(question.from)).substr(0, 10), to = rfc3339(Time(question.to)).substr(0, 10);
  if (format == "csv")
    return Answer{
        .raw = stock_csv(rows),
        .content_type = "text/csv; charset=utf-8",
        .headers = {{"content-disposition", "attachment; filename=\"stock-value-" + from + "-" + to + ".csv\""}}};
  json::Value list = json::Value::array();
  for (const auto& row : rows) {
    json::Value values = json::Value::array();
    for (const Money& value : row.values)
      values.push(json::Value::object({{"currency_code", value.currency.code()}, {"value", money_value(value)}}));
    list.push(json::Value::object({{"day", rfc3339(Time(row.day)).substr(0, 10)},
                                   {"pieces", row.pieces},
                                   {"pieces_without_cost", row.pieces_without_cost},
                                   {"values", std::move(values)}}));
  }
  return Answer{
      .body = data(json::Value::object({{"from", from}, {"to", to}, {"cost", attribute}, {"rows", std::move(list)}}))};
}

}  // namespace

std::vector<Row> reports_routes(storage::Store& store, orders::Orders& orders, catalog::Products& products,
                                stock::Stock& stock, access::Access& access, const Clock& clock) {
  const auto with = handlers_with(ReportRooms{store, orders, products, stock, access, clock});
  return {
      {.method = Method::get,
       .path = "/api/v1/report",
       .permission = Permission::orders_read,
       .summary = "Sales, units, returns and shipping in time of the orders placed in a time (days in UTC)",
       .answer_schema = gate::data_shape(shapes::kReport),
       .handler = with(report),
       .query = {{"from", "The first day, 2026-11-01; 29 days before the last when absent."},
                 {"to", "The last day; today when absent. At most 366 days."},
                 {"group", "day (when absent), channel or category (the first of each product when it was ordered)."},
                 {"channel", "Of this channel alone."},
                 {"format", "json (when absent) or csv."}},
       .answer_types = {"text/csv"},
       .keeps = {.channels = true, .categories = false, .locales = true, .personal = true}},
      {.method = Method::get,
       .path = "/api/v1/report/stock-value",
       .permission = Permission::stock_read,
       .summary = "What the stock was worth at the end of each day (UTC): the ledger's pieces at today's cost",
       .answer_schema = gate::data_shape(shapes::kStockValue),
       .handler = with(stock_report),
       .query = {{"from", "The first day, 2026-11-01; 29 days before the last when absent."},
                 {"to", "The last day; today when absent. At most 366 days."},
                 {"cost", "The products' attribute that holds what a piece costs; cost_price when absent."},
                 {"format", "json (when absent) or csv."}},
       .answer_types = {"text/csv"}}};
}

}  // namespace pf::api
