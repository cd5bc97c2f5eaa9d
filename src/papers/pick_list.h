// The pick list of an order, to be printed: what to take, with a box to tick, and codes to scan: the order's opens it
// on the warehouse page, a line's counts a piece whose own code is missing. It names no buyer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/pdf_writer.h"
#include "orders/orders.h"
#include "papers/part_titles.h"

namespace pf::papers {

// What the order's bars say: "PF100001". The letters keep it apart from an EAN and from a channel's own number.
std::string order_code(orders::OrderId id);

// Adds its pages. A kit has a row for each of its parts. `codes`: by row, what its bars say; none where it is empty.
// `titles`: of the parts. `language`: of its words, as in
// Accept-Language; English for what is not known.
void draw_pick_list(formats::PdfWriter& pdf, const orders::Order& order, const std::vector<std::string>& codes,
                    std::string_view language, const PartTitles& titles = {});
std::string pick_list(const orders::Order& order, const std::vector<std::string>& codes, std::string_view language,
                      const PartTitles& titles = {});

}  // namespace pf::papers
