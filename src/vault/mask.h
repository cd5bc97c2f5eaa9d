// What a list may show of a buyer without leave: first letters and the country. Pure functions.
#pragma once

#include "json/json.h"
#include "vault/vault.h"

namespace pf::vault {

json::Value masked_field(Field field, std::string_view text);
json::Value masked(const Buyer& buyer);  // of every field, in their order

}  // namespace pf::vault
