#include "exchange/exporter.h"

#include <algorithm>

#include "exchange/description_export.h"
#include "exchange/export_writer.h"
#include "exchange/product_export.h"
#include "exchange/reference_export.h"
#include "productflow/text.h"
#include "stock/shelves.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kPage = 500;  // records of one read: some milliseconds, some megabytes at most

std::string amount(const std::optional<Money>& money) {
  return money ? decimal(*money) : std::string();
}
json::Value amount_json(const std::optional<Money>& money) {
  return money ? json::Value(json::Number{decimal(*money)}) : json::Value(nullptr);
}
std::string time(const std::optional<Time>& at) {
  return at ? rfc3339(*at) : std::string();
}

// Every order, page by page.
Result<> each_order(const Rooms& rooms, orders::OrderQuery query,
                    const std::function<Result<>(const orders::Order&)>& order) {
  query.count = kPage;
  query.offset = 0;
  do {
    PF_LET(const auto page, rooms.orders.list(rooms.store.read(), query));
    for (const orders::Order& one : page.orders) PF_TRY(order(one));
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
  return {};
}

// No buyer, nothing that a clerk wrote about one, no tracking number, which leads to a door.
Result<> write_orders_table(const Rooms& rooms, const orders::OrderQuery& query, ExportWriter& out) {
  PF_TRY(out.row({"order_id",
                  "channel",
                  "channel_order_id",
                  "status",
                  "placed_at",
                  "ship_by",
                  "currency",
                  "total",
                  "shipping_cost",
                  "paid",
                  "accepted",
                  "country_code",
                  "payment_method",
                  "shipping_method",
                  "line",
                  "channel_line_id",
                  "sku",
                  "title",
                  "quantity",
                  "price",
                  "shipped",
                  "cancelled",
                  "allocated",
                  "backordered"}));
  return each_order(rooms, query, [&](const orders::Order& order) -> Result<> {
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
      const orders::Line& line = order.lines[i];
      PF_TRY(out.row({std::to_string(order.id.raw()),
                      order.channel,
                      order.channel_order_id,
                      std::string(orders::status_name(orders::status_of(order))),
                      rfc3339(order.placed_at),
                      time(order.ship_by),
                      std::string(order.currency.code()),
                      amount(order.total),
                      amount(order.shipping_cost),
                      order.paid ? "1" : "0",
                      order.accepted ? "1" : "0",
                      order.country_code,
                      order.payment_method,
                      order.shipping_method,
                      std::to_string(i + 1),
                      line.channel_line_id,
                      line.sku,
                      line.title,
                      std::to_string(line.count.ordered),
                      amount(line.price),
                      std::to_string(line.count.shipped),
                      std::to_string(line.count.cancelled),
                      std::to_string(line.count.allocated),
                      std::to_string(line.count.backordered)}));
    }
    return {};
  });
}

Result<> write_orders_objects(const Rooms& rooms, const orders::OrderQuery& query, ExportWriter& out) {
  return each_order(rooms, query, [&](const orders::Order& order) -> Result<> {
    json::Value lines = json::Value::array();
    for (const orders::Line& line : order.lines)
      lines.push(json::Value::object({{"channel_line_id", line.channel_line_id},
                                      {"sku", line.sku},
                                      {"title", line.title},
                                      {"quantity", line.count.ordered},
                                      {"price", amount_json(line.price)},
                                      {"shipped", line.count.shipped},
                                      {"cancelled", line.count.cancelled},
                                      {"allocated", line.count.allocated},
                                      {"backordered", line.count.backordered}}));
    return out.object(json::write(
        json::Value::object({{"id", std::to_string(order.id.raw())},
                             {"channel", order.channel},
                             {"channel_order_id", order.channel_order_id},
                             {"status", orders::status_name(orders::status_of(order))},
                             {"placed_at", rfc3339(order.placed_at)},
                             {"ship_by", order.ship_by ? json::Value(rfc3339(*order.ship_by)) : json::Value(nullptr)},
                             {"currency_code", order.currency.code()},
                             {"total", amount_json(order.total)},
                             {"shipping_cost", amount_json(order.shipping_cost)},
                             {"paid", order.paid},
                             {"accepted", order.accepted},
                             {"country_code", order.country_code},
                             {"payment_method", order.payment_method},
                             {"shipping_method", order.shipping_method},
                             {"lines", std::move(lines)}})));
  });
}

// One row; `location` null: of all together.
Result<> write_level(ExportWriter& out, const std::string& sku, const stock::Location* location,
                     const stock::Level& level, const std::string& shelf) {
  if (out.is_table()) {
    std::vector<std::string> cells{sku, std::to_string(level.available()), std::to_string(level.on_hand),
                                   std::to_string(level.allocated), shelf};
    if (location != nullptr) cells.insert(cells.begin() + 1, location->code);
    return out.row(cells);
  }
  json::Value one = json::Value::object({{"sku", sku}});
  if (location != nullptr) one.set("location", location->code);
  one.set("qty_available", level.available());
  one.set("on_hand", level.on_hand);
  one.set("allocated", level.allocated);
  if (!shelf.empty()) one.set("shelf", shelf);
  return out.object(json::write(one));
}

Result<> write_stock(const Rooms& rooms, bool by_location, ExportWriter& out) {
  if (out.is_table())
    PF_TRY(out.row(by_location ? std::vector<std::string>{"sku", "location", "stock", "on_hand", "allocated", "shelf"}
                               : std::vector<std::string>{"sku", "stock", "on_hand", "allocated", "shelf"}));
  const stock::Shelves shelves(rooms.store);
  for (std::string after;;) {
    const auto read = rooms.store.read();
    PF_LET(const auto page, rooms.stock.list(read, after, kPage));
    PF_LET(const auto locations, rooms.stock.locations(read));
    std::vector<std::string> skus;
    for (const auto& row : page) skus.push_back(row.first);
    PF_LET(const auto stands, shelves.find_many(read, skus));
    for (std::size_t i = 0; i < page.size(); ++i) {
      if (!by_location) {
        PF_TRY(write_level(out, page[i].first, nullptr, page[i].second, stands[i]));
        continue;
      }
      PF_LET(const auto places, rooms.stock.places(read, page[i].first));
      for (const stock::Place& place : places)
        if (const auto* location = stock::location_of(locations, place.location); location != nullptr)
          PF_TRY(write_level(out, page[i].first, location, place.level, stands[i]));
    }
    if (page.size() < kPage) return {};
    after = page.back().first;
  }
}

}  // namespace

namespace {

struct KindNames {
  std::string_view name, file;
};
constexpr KindNames kKindNames[] = {{"product", "products"},
                                    {"order", "orders"},
                                    {"stock", "stocks"},
                                    {"stock_by_location", "stock_by_locations"},
                                    {"reference", "references"},
                                    {"attribute", "attributes"},
                                    {"attribute_option", "attribute_options"},
                                    {"attribute_group", "attribute_groups"},
                                    {"family", "families"},
                                    {"family_variant", "family_variants"},
                                    {"category", "categories"},
                                    {"channel", "channels"},
                                    {"association_type", "association_types"},
                                    {"reference_kind", "reference_kinds"},
                                    {"measurement_family", "measurement_families"},
                                    {"locale", "locales"},
                                    {"currency", "currencies"},
                                    {"description", "description"},
                                    {"catalogue", "catalogue"}};
static_assert(std::size(kKindNames) == static_cast<std::size_t>(ExportKind::catalogue) + 1);

}  // namespace

std::optional<ExportKind> export_kind(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kKindNames); ++i)
    if (kKindNames[i].name == name) return static_cast<ExportKind>(i);
  return std::nullopt;
}
std::string_view export_file_name(ExportKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)].file;
}
std::optional<ExportFormat> export_format(std::string_view name) {
  if (name == "csv") return ExportFormat::csv;
  if (name == "xlsx") return ExportFormat::xlsx;
  if (name == "json") return ExportFormat::json;
  if (name == "ndjson") return ExportFormat::ndjson;
  if (name == "xml") return ExportFormat::xml;
  return std::nullopt;
}
std::string_view content_type(ExportFormat format) {
  switch (format) {
    case ExportFormat::csv:
      return "text/csv";
    case ExportFormat::xlsx:
      return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    case ExportFormat::json:
      return "application/json";
    case ExportFormat::ndjson:
      return "application/x-ndjson";
    case ExportFormat::xml:
      return "application/xml";
    case ExportFormat::zip:
      return "application/zip";
  }
  return "";
}

Result<std::string> catalogue_mark(const Rooms& rooms, const storage::Reader& read) {
  // Raised when the same products come out as other bytes: whoever holds a file of before then fetches it anew.
  constexpr std::string_view kFileLayout = "1";
  std::string mark(kFileLayout);
  const auto add = [&](std::string_view part) { mark.append(1, '\0').append(part); };
  if (rooms.events != nullptr) {
    PF_LET(const auto catalogue, rooms.events->catalogue_state(read));
    add(std::to_string(catalogue.number));
    add(std::to_string(catalogue.at.time_since_epoch().count()));  // a restored backup counts on from its own number
  }
  PF_LET(const auto model, rooms.products.models().known(read));
  add(std::to_string(model->version));  // filters go by categories, and by units
  PF_LET(const auto languages, rooms.products.languages(read));
  for (const std::string& locale : languages.locales) add(locale);
  PF_LET(const auto locations, rooms.stock.locations(read));
  for (const stock::Location& one : locations) add(one.code + (one.sells() ? "+" : "-"));
  return mark;
}

Result<std::string> export_mark(const Rooms& rooms, const storage::Reader& read, const ExportQuestion& question) {
  // A change of what there is of other kinds shall break no download, so each kind has a state of its own.
  constexpr std::string_view kFileLayout = "1";  // as in catalogue_mark
  std::string mark(kFileLayout);
  switch (question.kind) {
    case ExportKind::product:
    case ExportKind::stock:
    case ExportKind::stock_by_location:
      return catalogue_mark(rooms, read);
    case ExportKind::order: {
      PF_LET(const auto orders, rooms.events->orders_state(read));
      return mark + " " + std::to_string(orders.number) + " " + std::to_string(orders.at.time_since_epoch().count());
    }
    case ExportKind::reference: {
      PF_LET(const auto model, rooms.products.models().known(read));  // the kind may be another of the same name
      PF_LET(const std::string records, rooms.products.references().state(read, question.reference_kind));
      return mark + " " + std::to_string(model->version) + " " + records;
    }
    default: {
      PF_LET(mark, question.kind == ExportKind::catalogue ? catalogue_mark(rooms, read) : Result<std::string>(mark));
      PF_LET(const auto model, rooms.products.models().known(read));
      mark += " " + std::to_string(model->version);
      PF_LET(const auto languages, rooms.products.languages(read));
      for (const std::string& locale : languages.locales) mark += " " + locale;
      for (const auto& [locale, lender] : languages.fallbacks) mark += " " + locale + ">" + lender;
      if (question.kind != ExportKind::catalogue) break;
      // Pictures come and change nothing of the catalogue before a product names them.
      constexpr std::size_t kAssetsAtOnce = 1'000;
      for (std::string after; rooms.assets != nullptr;) {
        PF_LET(const auto page, rooms.assets->page(read, after, kAssetsAtOnce));
        if (!page.empty()) after = page.back().id;
        mark += " " + std::to_string(page.size()) + after.substr(0, 16);
        for (const auto& one : page) mark += one.id.substr(0, 8);
        if (page.size() < kAssetsAtOnce) break;
      }
      for (const auto& [code, kind] : model->reference_kinds) {
        PF_LET(const std::string records, rooms.products.references().state(read, code));
        mark += " " + records;
      }
      break;
    }
  }
  return mark;
}

Result<> check_export(const Rooms& rooms, const ExportQuestion& question) {
  if (question.kind == ExportKind::product) {
    catalog::ProductQuery query = question.products;
    query.count = 1;
    PF_TRY(rooms.products.list(rooms.store.read(), query));
  }
  if (question.kind == ExportKind::order) {
    orders::OrderQuery query = question.orders;
    query.count = 1;
    PF_TRY(rooms.orders.list(rooms.store.read(), query));
  }
  if (question.kind == ExportKind::reference)
    PF_TRY(rooms.products.references().list(rooms.store.read(), question.reference_kind, {.count = 1}));
  return {};
}

Result<> write_export(const Rooms& rooms, const ExportQuestion& question, const ExportSink& sink) {
  if (is_whole(question.kind)) return write_description_archive(rooms, question.kind == ExportKind::catalogue, sink);
  if (is_described(question.kind)) return write_description(rooms, question.kind, question.format, sink);
  const char* item = question.kind == ExportKind::product     ? "product"
                     : question.kind == ExportKind::order     ? "order"
                     : question.kind == ExportKind::reference ? "record"
                                                              : "level";
  ExportWriter out(question.format, item, sink);
  PF_TRY(out.begin());
  switch (question.kind) {
    case ExportKind::product:
      PF_TRY(out.is_table() ? write_products_table(rooms, question.products, question.inherited, out)
                            : write_products_objects(rooms, question.products, question.inherited, out));
      break;
    case ExportKind::order:
      PF_TRY(out.is_table() ? write_orders_table(rooms, question.orders, out)
                            : write_orders_objects(rooms, question.orders, out));
      break;
    case ExportKind::stock:
    case ExportKind::stock_by_location:
      PF_TRY(write_stock(rooms, question.kind == ExportKind::stock_by_location, out));
      break;
    case ExportKind::reference:
      PF_TRY(write_references(rooms, {question.reference_kind}, out));
      break;
    default:
      break;  // above
  }
  return out.end();
}

}  // namespace pf::exchange
