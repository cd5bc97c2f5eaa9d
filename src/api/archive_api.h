// The sealed archive of invoices: switched on and off, what lies in it, and one document of it.
#pragma once

#include "archive/archive.h"
#include "gate/route.h"
#include "orders/invoices.h"

namespace pf::api {

std::vector<gate::Row> archive_routes(storage::Store& store, archive::Archive& archive, orders::Invoices& invoices);

}  // namespace pf::api
