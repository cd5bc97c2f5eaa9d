// An address as a post wants it on a parcel. Only for this room and the doors that hand one in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vault/vault.h"

namespace pf::papers {

enum class VatNumber { without, with };

// The lines of a sealed address in the clear: company, name, street, place and, where it is not `home` (an ISO 3166
// code), the country in capitals. Of what is not known there is no line. With the VAT number as invoices want it.
std::vector<std::string> address_lines(const vault::Private& address, std::string_view home,
                                       VatNumber vat_number = VatNumber::without);

}  // namespace pf::papers
