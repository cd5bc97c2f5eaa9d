// What is described of the catalogue as files in Akeneo's columns, which the importer reads back whole: the last column
// says what these cannot (description_cells.h). The model is in memory, and so are the cells of one table.
#pragma once

#include "exchange/export_writer.h"

namespace pf::exchange {

// REQUIRES: is_described(kind); csv or xlsx
Result<> write_description(const Rooms& rooms, ExportKind kind, ExportFormat format, const ExportSink& sink);
// A ZIP of all these tables that have rows; `whole`: and of the reference records and products.
Result<> write_description_archive(const Rooms& rooms, bool whole, const ExportSink& sink);

}  // namespace pf::exchange
