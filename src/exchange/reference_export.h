// The reference records of some kinds as one table that the importer reads again (reference_rows.cpp), or as objects.
#pragma once

#include <string>

#include "exchange/export_writer.h"

namespace pf::exchange {

Result<> write_references(const Rooms& rooms, const std::vector<std::string>& kinds, ExportWriter& out);

}  // namespace pf::exchange
