// The questions that people ask of their orders all day, at millions of them; each of one caller and of other words
// every time.
#include <fmt/core.h>

#include <algorithm>
#include <ctime>

#include "load.h"
#include "measure.h"
#include "productflow/text.h"
#include "rows.h"

namespace pf::bench {
namespace {

constexpr std::uint64_t kFileOrders = 500'000;  // some 130 MB: an upload has at most 512 MiB
constexpr std::uint64_t kFirstId = 100'001;     // of orders, as src/orders/order_keys.h

struct Asked {
  std::string name;
  std::function<std::string(std::uint64_t)> query;  // the n-th one, behind per_page
};

std::string is(const std::string& column, const std::string& op, const std::string& value) {
  return "&" + column + "%5B" + op + "%5D=" + percent_encode(value);
}
std::string text(std::uint64_t value) {
  return std::to_string(value);
}
std::string moment(std::int64_t seconds) {
  char out[32];
  const auto at = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&at, &parts);
  std::strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return out;
}

std::vector<Asked> all_questions(const OrderRows& rows, std::uint64_t middle, const std::string& cursor) {
  constexpr std::int64_t kDay = 86'400;
  const std::uint64_t pages = std::max<std::uint64_t>(1, rows.orders / 50);
  const auto any = [=](std::uint64_t n) { return n * 7'919'777 % rows.orders; };  // scattered over the years
  const auto day = [=](std::uint64_t n) { return order_time(rows, any(n)) / kDay * kDay; };
  const auto days = [=](const char* column, std::uint64_t n, std::int64_t count) {
    return is(column, "gte", moment(day(n))) + is(column, "lt", moment(day(n) + count * kDay));
  };
  return {
      {"first page, tabs with counts", [](auto) { return "&facets=status"; }},
      {"tab: shipped, tabs with counts", [](auto) { return is("status", "eq", "shipped") + "&facets=status"; }},
      {"tab: open, sort: ship-by (the queue)", [](auto) { return is("status", "eq", "open") + "&sort=ship_by"; }},
      {"open and late",
       [=](auto) { return is("status", "eq", "open") + is("ship_by", "lt", moment(rows.now)) + "&sort=ship_by"; }},
      {"page by number, near", [](auto n) { return "&page=" + text(2 + n % 20); }},
      {"page by number, in the middle", [=](auto n) { return "&page=" + text(middle + n % 50); }},
      {"page by number, in the middle, sort: total",
       [=](auto n) { return "&sort=total&page=" + text(middle + n % 50); }},
      {"page by number, the last ones",
       [=](auto n) { return "&page=" + text(pages - n % std::min<std::uint64_t>(50, pages)); }},
      {"page by cursor, in the middle", [=](auto) { return "&cursor=" + percent_encode(cursor); }},
      {"text: an order's number", [=](auto n) { return "&q=" + text(kFirstId + any(n)); }},
      {"text: its first four digits", [=](auto n) { return "&q=" + text(kFirstId + any(n)).substr(0, 4); }},
      {"text: one digit", [](auto n) { return "&q=" + text(1 + n % 9); }},
      {"text: the channel's number", [=](auto n) { return "&q=" + order_channel_number(any(n)); }},
      {"text: the beginning of the channel's number",
       [=](auto n) { return "&q=" + order_channel_number(any(n)).substr(0, 7); }},
      {"text: a SKU", [=](auto n) { return "&q=" + sku_of(n * 101 % rows.products); }},
      {"text: a word of a title", [](auto n) { return "&q=" + word_of(n * 31); }},
      {"text: two words of titles", [](auto n) { return "&q=" + word_of(n * 31) + "%20" + word_of(n * 17 + 5); }},
      {"text: the beginning of a word", [](auto n) { return "&q=" + word_of(n * 31).substr(0, 2 + n % 3); }},
      {"filter: the channel's number",
       [=](auto n) { return is("channel_order_id", "eq", order_channel_number(any(n))); }},
      {"filter: SKU", [=](auto n) { return is("sku", "eq", sku_of(n * 101 % rows.products)); }},
      {"filter: SKU, sort: total",
       [=](auto n) { return is("sku", "eq", sku_of(n * 101 % rows.products)) + "&sort=-total"; }},
      {"filter: tag, tags with counts", [](auto) { return is("tag", "eq", "abroad") + "&facets=tag"; }},
      {"filter: channel", [](auto n) { return is("channel", "eq", order_channel(n)); }},
      {"filter: channel and a month",
       [=](auto n) { return is("channel", "eq", order_channel(n)) + days("placed_at", n, 30); }},
      {"filter: channel and a year, sort: total",
       [=](auto n) { return is("channel", "eq", order_channel(n)) + days("placed_at", n, 365) + "&sort=-total"; }},
      {"filter: a day to ship by, country",
       [=](auto n) { return is("country_code", "eq", "DE") + days("ship_by", n, 1); }},
      {"filter: total between two amounts",
       [](auto n) { return is("total", "gte", text(50 + n % 50)) + is("total", "lt", text(51 + n % 50)); }},
      {"filter: any status but shipped, cancelled", [](auto) { return is("status", "nin", "shipped,cancelled"); }},
      {"filter: waits for stock", [](auto) { return is("backordered", "eq", "true"); }},
      {"sort: total, descending", [](auto) { return "&sort=-total"; }},
      {"sort: ship-by", [](auto) { return "&sort=ship_by"; }},
      {"sort: number, descending", [](auto) { return "&sort=-id"; }},
  };
}

OrderRows rows_of(const Plan& plan, const Shop& shop) {
  // Of this morning, so that a shop that is kept is asked for the days that it has.
  return {plan.orders, shop.products, std::time(nullptr) / 86'400 * 86'400};
}

Result<> import_orders(const Plan& plan, Table& table, const Appliance& appliance, const Shop& shop,
                       const OrderRows& rows) {
  // Some have a tag, as shops have them: by a rule.
  PF_TRY(appliance.ask({.method = "POST",
                        .target = "/api/v1/rule",
                        .headers = {{"content-type", "application/json"}},
                        .body = R"({"name":"Abroad","on":"order","when":{"conditions":[{"field":"country_code",)"
                                R"("operator":"eq","value":"DE"}]},"then":[{"action":"tag","tag":"abroad"}]})"},
                       shop.token));
  const double before = appliance.figures().cpu_seconds;
  double seconds = 0;
  for (std::uint64_t at = 0; at < rows.orders; at += kFileOrders) {
    std::uint64_t next = at;
    const std::uint64_t end = std::min(rows.orders, at + kFileOrders);
    bool begun = false;
    PF_LET(const auto done, import_file(appliance, shop, "order", [&] {
             std::string piece = std::exchange(begun, true) ? "" : order_csv_header();
             while (next < end && piece.size() < kPieceBytes) piece += order_csv_rows(rows, next++);
             return piece;
           }));
    if (done.counts.find("created")->as_int().value_or(-1) != static_cast<std::int64_t>(2 * (end - at)))  // rows
      return error(ErrorCode::internal,
                   fmt::format("{} orders should have come, but it counts {}.", end - at, json::write(done.counts)));
    seconds += done.seconds;
    if (rows.orders > kFileOrders) fmt::print(stderr, "{} orders in {:.0f} s\n", end, seconds);
  }
  const double cpu = appliance.figures().cpu_seconds - before, count = static_cast<double>(rows.orders);
  table.row({"import of orders of two lines", whole(count / seconds) + " orders/s",
             "processor: " + decimals(cpu / count * 1e6, 0) + " us/order"});
  const auto size = [](const std::filesystem::path& folder) {
    double bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
      if (file.is_regular_file()) bytes += static_cast<double>(file.file_size());
    return bytes;
  };
  table.row({"  the store on disk", decimals(size(plan.folder) / 1e9, 2) + " GB",
             decimals(size(plan.folder) / count, 0) + " bytes an order"});
  return {};
}

}  // namespace

Result<> measure_order_import(const Plan& plan, Table& table, const Appliance& appliance, const Shop& shop) {
  const OrderRows rows = rows_of(plan, shop);
  table.heading("Fill the shop with " + whole(static_cast<double>(rows.orders)) + " orders");
  return import_orders(plan, table, appliance, shop, rows);
}

Result<> measure_order_lists(const Plan& plan, Table& table, const Appliance& appliance, const Shop& shop) {
  const OrderRows rows = rows_of(plan, shop);
  const std::string orders = whole(static_cast<double>(rows.orders)) + " orders";
  table.heading("Lists of " + orders + ", 50 a page, one caller");
  Load load{.port = appliance.port(), .ca = appliance.ca(), .connections = 1, .time = std::chrono::minutes{1}};
  const auto ask = [&](const std::function<std::string(std::uint64_t)>& query, std::size_t times) {
    load.request_of = [&](std::uint64_t n) {
      return request_bytes("GET", "/api/v1/order?per_page=50" + query(n), shop.token);
    };
    load.requests_max = times;
    return run_checked(load);
  };
  const std::uint64_t middle = std::max<std::uint64_t>(1, rows.orders / 2 / 50);
  PF_LET(const auto jumped, ask([&](std::uint64_t) { return "&page=" + text(middle); }, 1));
  PF_LET(const auto page, json::parse(jumped.last_body));
  const std::string* cursor = page.find("meta")->find("next_cursor")->as_string();
  if (cursor == nullptr) return error(ErrorCode::internal, "The page in the middle names no next one.");
  for (const Asked& one : all_questions(rows, middle, *cursor)) {
    PF_TRY(ask(one.query, std::max<std::size_t>(1, plan.questions / 10)));  // warm: a shop is asked all day
    const double before = appliance.figures().cpu_seconds;
    PF_LET(const auto figures, ask(one.query, plan.questions));
    const double cpu = appliance.figures().cpu_seconds - before;
    table.row({one.name, "p99 " + decimals(figures.percentile(99), 2) + " ms",
               "p50 " + decimals(figures.percentile(50), 2) + " ms",
               "cpu " + decimals(cpu / static_cast<double>(figures.answers) * 1e3, 1) + " ms", "p99 < 20 ms"});
  }
  const auto memory = appliance.figures();
  table.row({"memory, " + orders, decimals(memory.resident_mib, 0) + " MiB",
             "most: " + decimals(memory.peak_mib, 0) + " MiB", "", "< 512 MiB"});
  return {};
}

}  // namespace pf::bench
