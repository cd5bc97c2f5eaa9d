// Products into files that the importer reads back without a change: CSV and XLSX with the columns of
// product_columns.h, and objects of the API's shape with the texts of every locale.
#pragma once

#include "exchange/export_writer.h"

namespace pf::exchange {

// The SKUs that the question means, page by page, each page one read; the question's own page does not count. In order
// of SKU unless it asks otherwise.
Result<> each_page(
    const Rooms& rooms, catalog::ProductQuery query,
    const std::function<Result<>(const storage::Reader& read, const std::vector<std::string>& skus)>& page);
// `inherited`: variants with what they have from those above them.
Result<> write_products_table(const Rooms& rooms, const catalog::ProductQuery& query, bool inherited,
                              ExportWriter& out);
Result<> write_products_objects(const Rooms& rooms, const catalog::ProductQuery& query, bool inherited,
                                ExportWriter& out);

}  // namespace pf::exchange
