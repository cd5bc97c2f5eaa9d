#include "api/export_api.h"

#include "api/conditions.h"
#include "api/product_question.h"
#include "api/resumable.h"
#include "api/rows.h"
#include "exchange/exporter.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

// What the export of a kind shows must be allowed to be read, too.
Permission reading(exchange::ExportKind kind) {
  switch (kind) {
    case exchange::ExportKind::product:
    case exchange::ExportKind::reference:
      return Permission::catalog_read;
    case exchange::ExportKind::order:
      return Permission::orders_read;
    case exchange::ExportKind::stock:
    case exchange::ExportKind::stock_by_location:
      return Permission::stock_read;
    default:  // what is described, and all products with it
      return Permission::catalog_read;
  }
}

constexpr std::string_view kDescribedKinds =
    "attribute, attribute_option, attribute_group, family, family_variant, category, channel, association_type, "
    "reference_kind, measurement_family, locale, currency";

Result<exchange::ExportQuestion> question_of(const Call& call) {
  exchange::ExportQuestion out;
  const auto kind = exchange::export_kind(call.query_value("kind").value_or("product"));
  if (!kind)
    return invalid("kind", "unknown",
                   "kind can be product, order, stock, stock_by_location, reference, " + std::string(kDescribedKinds) +
                       ", description or catalogue.");
  out.kind = *kind;
  if (exchange::is_whole(*kind)) {
    if (call.query_value("format").value_or("zip") != "zip")
      return invalid("format", "unknown",
                     "A " + std::string(exchange::export_file_name(*kind)) +
                         " is a ZIP archive of CSV files: leave format out, or say zip.");
    out.format = exchange::ExportFormat::zip;
  } else {
    const auto format = exchange::export_format(call.query_value("format").value_or("csv"));
    if (!format) return invalid("format", "unknown", "format can be csv, xlsx, json, ndjson or xml.");
    if (exchange::is_described(*kind) && *format != exchange::ExportFormat::csv &&
        *format != exchange::ExportFormat::xlsx)
      return invalid("format", "unknown",
                     "What is described of the catalogue is a table, csv or xlsx; as JSON it is read from its own "
                     "address, such as /api/v1/attribute.");
    out.format = *format;
  }
  Call filters = call;
  out.reference_kind = call.query_value("reference_kind").value_or("");
  const bool of_kind = *kind == exchange::ExportKind::reference;
  std::erase_if(filters.query, [&](const auto& one) {
    return one.first == "kind" || one.first == "format" || (of_kind && one.first == "reference_kind");
  });
  if (*kind == exchange::ExportKind::product) {
    PF_LET(auto asked, product_question(filters));
    if (asked.view.offer || asked.view.texts)
      return invalid("include", "unknown", "An export holds offers and texts anyway; only inherited can be included.");
    out.products = std::move(asked.query);
    out.inherited = asked.view.inherited;
  } else {
    PF_LET(const auto asked, gate::list_question(filters, {.columns = {}, .sortable = {}, .parameters = {}}));
    if (*kind != exchange::ExportKind::order && (!asked.where.empty() || !asked.text.empty() || !asked.sort.empty()))
      return invalid("kind", "filters", "This export is always whole; it takes no filters.");
    out.orders.text = asked.text;
    out.orders.where = conditions(asked);
    out.orders.sort = sort_keys(asked);
  }
  return out;
}

struct ExportRooms {
  exchange::Rooms rooms;
  KeptExports& kept;
};

Result<Answer> export_file(const ExportRooms& all, const Call& call) {
  const exchange::Rooms& rooms = all.rooms;
  PF_LET(const auto question, question_of(call));
  if (!call.actor.can(reading(question.kind)))
    return error(ErrorCode::forbidden, "This export needs the right " +
                                           std::string(access::permission_name(reading(question.kind))) + " besides.");
  PF_TRY(exchange::check_export(rooms, question));
  const std::string name = std::string(exchange::export_file_name(question.kind)) + "." +
                           (exchange::is_whole(question.kind) ? "zip" : call.query_value("format").value_or("csv"));
  return resumable(
      all.kept, call,
      {.content_type = std::string(exchange::content_type(question.format)),
       .name = name,
       .mark = [rooms, question] { return exchange::export_mark(rooms, rooms.store.read(), question); },
       .write = [rooms,
                 question](const http::BodySink& sink) { return exchange::write_export(rooms, question, sink); }});
}

}  // namespace

std::vector<Row> export_routes(const exchange::Rooms& rooms, KeptExports& kept) {
  auto query = gate::list_parameters();
  query.insert(query.begin(),
               {{"kind",
                 "product (the default), order, stock (a row for each SKU, what is for sale), "
                 "stock_by_location (a row for each place, what is free there), reference; a table of what "
                 "is described of the catalogue, in Akeneo's columns: " +
                     std::string(kDescribedKinds) +
                     "; description (all of these in a ZIP) or catalogue (the reference records, pictures and "
                     "products too; importing it fills another shop)."},
                {"reference_kind", "Of kind=reference: which kind of records."},
                {"format",
                 "csv (the default), xlsx, json, ndjson or xml; of what is described csv or xlsx; of "
                 "description and catalogue zip."}});
  query.emplace_back("include", "Of products: inherited, for variants with what they have from above.");
  query.emplace_back("locale", "Whose texts q=, filters and sort=title mean.");
  return {{.method = Method::get,
           .path = "/api/v1/export",
           .permission = Permission::exports,
           .summary =
               "Download products, orders, stock, reference records or what is described of the catalogue as a "
               "file, by the "
               "filters of their lists. A download that was cut off goes on (Range: bytes=N- with If-Range) with the "
               "same bytes for ten minutes, whatever is changed meanwhile, and later as long as nothing in it has "
               "changed; else it is answered whole. A Range that names no ETag is refused (412) unless a single "
               "download can be meant.",
           .handler = [all = ExportRooms{rooms, kept}](const Call& call) { return export_file(all, call); },
           .query = std::move(query),
           .answer_types = {"text/csv", std::string(exchange::content_type(exchange::ExportFormat::xlsx)),
                            "application/json", "application/x-ndjson", "application/xml", "application/zip"}}};
}

}  // namespace pf::api
