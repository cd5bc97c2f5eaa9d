// The reference records of one kind as a table that the importer reads again (reference_rows.cpp), or as objects.
#pragma once

#include <string>

#include "exchange/export_writer.h"

namespace pf::exchange {

Result<> write_references(const Rooms& rooms, const std::string& kind, ExportWriter& out);

}  // namespace pf::exchange
