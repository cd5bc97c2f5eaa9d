// Invoices and their settings as they are stored. Only for this room.
#pragma once

#include "orders/invoice.h"

namespace pf::orders {

std::string write_invoice(const Invoice& invoice);
Result<Invoice> read_invoice(std::string_view record);
std::string write_settings(const InvoiceSettings& settings);
Result<InvoiceSettings> read_settings(std::string_view record);

}  // namespace pf::orders
