// Products into files that the importer reads back without a change: CSV and XLSX with the columns of
// product_columns.h, and objects of the API's shape with the texts of every locale.
#pragma once

#include "exchange/export_writer.h"

namespace pf::exchange {

Result<> write_products_table(const Rooms& rooms, const catalog::ProductQuery& query, ExportWriter& out);
Result<> write_products_objects(const Rooms& rooms, const catalog::ProductQuery& query, ExportWriter& out);

}  // namespace pf::exchange
