// The packing slip of one parcel, to be put into it: what is in it, and what the shop has to say to its buyer. It names
// no buyer: the address is the label's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/pdf_writer.h"
#include "orders/orders.h"
#include "papers/part_titles.h"

namespace pf::papers {

// Adds its pages. `language`: of its words, as in Accept-Language; English for what is not known. `parcel` null: what
// is ready now. Below a kit stands what it is made of, by these titles.
void draw_packing_slip(formats::PdfWriter& pdf, const orders::Order& order, const orders::Parcel* parcel,
                       const std::vector<std::string>& notes, std::string_view language, const PartTitles& titles = {});
std::string packing_slip(const orders::Order& order, const orders::Parcel* parcel,
                         const std::vector<std::string>& notes, std::string_view language,
                         const PartTitles& titles = {});
// Line number and pieces of `parcel`, or of what is ready now.
std::vector<std::pair<std::size_t, std::int64_t>> packed_lines(const orders::Order& order,
                                                               const orders::Parcel* parcel);

}  // namespace pf::papers
