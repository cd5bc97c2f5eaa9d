// The top of an order's papers: what it is, which order, and the order's code. Only for this room.
#pragma once

#include "orders/orders.h"
#include "papers/sheet.h"

namespace pf::papers {

// How the order's code stands there; the QR code is for telephones, on what goes along with the goods.
enum class HeadCodes { bars, bars_and_qr };

// "Order A1B2C3, placed 2026-11-20"
std::string order_line(const orders::Order& order, std::size_t language);
// The title and `lines` on the left, the code on the right. Leaves y at the names of the columns.
void code_head(Sheet& sheet, std::string_view code, std::string_view title, const std::vector<std::string>& lines,
               HeadCodes codes = HeadCodes::bars);
// The same with the order's own code.
void order_head(Sheet& sheet, const orders::Order& order, std::string_view title, const std::vector<std::string>& lines,
                HeadCodes codes = HeadCodes::bars);
// The rule below the names of the columns.
void end_of_head(Sheet& sheet);

}  // namespace pf::papers
