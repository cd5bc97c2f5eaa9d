// What countries are called on parcels and invoices.
#pragma once

#include <string_view>

namespace pf::papers {

// In English, which posts everywhere read; the code itself where it is none of ISO 3166.
std::string_view country_name(std::string_view code);

}  // namespace pf::papers
