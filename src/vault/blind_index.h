// Finding a buyer without reading any: exact values turned into tokens under a key that lives for a day. Pure
// functions.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vault/vault.h"

namespace pf::vault {

// How a value is compared: e-mail and name folded (NFKC, case, accents), phone as digits with the country code when it
// is known, postcode without blanks. Empty when nothing is left. Stored on disk as tokens: a change loses 30 days of
// finding.
std::string normalised(IndexField field, std::string_view value);
// HMAC under the day's key, 16 bytes.
std::string index_token(std::string_view day_secret, IndexField field, std::string_view normalised_value);
// What a buyer can be found by, normalised, without duplicates.
std::vector<std::pair<IndexField, std::string>> index_values(const Buyer& buyer);

}  // namespace pf::vault
