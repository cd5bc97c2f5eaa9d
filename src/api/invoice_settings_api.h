// How the seller is named on invoices, the rates of VAT and how invoices are numbered.
#pragma once

#include "gate/route.h"
#include "orders/invoices.h"

namespace pf::api {

std::vector<gate::Row> invoice_settings_routes(storage::Store& store, orders::Invoices& invoices);

}  // namespace pf::api
