// The shop into files: products, orders, stock or what is described of the catalogue as CSV, XLSX, JSON, NDJSON or XML,
// written piece by piece. The memory is that of one page and of the columns' names, whatever the shop holds; every page
// is a short read of its own, so a record that changes meanwhile comes out as it was or as it became. Holds no buyer.
// Any thread.
#pragma once

#include "exchange/importer.h"

namespace pf::exchange {

using ExportSink = std::function<bool(std::string_view)>;  // false: nobody reads any more

// Stock is a row for each SKU with what is for sale; by location a row for each place where it lies, with what is free
// there. Both are read back.
// From `attribute` on: what is described, each a table in Akeneo's columns; `description` is all of these in a ZIP, and
// `catalogue` has the reference records, the pictures and the products beside them.
enum class ExportKind {
  product,
  order,
  stock,
  stock_by_location,
  reference,
  attribute,
  attribute_option,
  attribute_group,
  family,
  family_variant,
  category,
  channel,
  association_type,
  reference_kind,
  measurement_family,
  locale,
  currency,
  description,
  catalogue
};
enum class ExportFormat { csv, xlsx, json, ndjson, xml, zip };
std::optional<ExportKind> export_kind(std::string_view name);
std::optional<ExportFormat> export_format(std::string_view name);  // of a table; zip is none
constexpr bool is_described(ExportKind kind) {
  return kind >= ExportKind::attribute && kind <= ExportKind::currency;
}
constexpr bool is_whole(ExportKind kind) {  // an archive
  return kind >= ExportKind::description;
}
// "attribute_options", as Akeneo calls the file; without an ending.
std::string_view export_file_name(ExportKind kind);
std::string_view content_type(ExportFormat format);

struct ExportQuestion {
  ExportKind kind = ExportKind::product;
  ExportFormat format = ExportFormat::csv;
  catalog::ProductQuery products{};  // what of them, in which order; pages are the exporter's
  bool inherited = false;  // variants with what they have from above: for other programs, since it would come back as
                           // values of their own
  orders::OrderQuery orders{};
  std::string reference_kind{};  // of reference records
};

// Whether the question can be answered, before the first byte goes out: faults of filters and sort.
Result<> check_export(const Rooms& rooms, const ExportQuestion& question);
// Another text whenever the same question of products and stock may be answered with other bytes: for what there is and
// is described, and for how we write it. REQUIRES, of both: rooms.events, which counts the changes
Result<std::string> catalogue_mark(const Rooms& rooms, const storage::Reader& read);
// The same of this question, of whatever kind.
Result<std::string> export_mark(const Rooms& rooms, const storage::Reader& read, const ExportQuestion& question);
// An Error cuts it off, after which the file is not whole; `unavailable` when the peer has gone.
Result<> write_export(const Rooms& rooms, const ExportQuestion& question, const ExportSink& sink);

}  // namespace pf::exchange
