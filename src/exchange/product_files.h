// The parties whose files hold products.
#pragma once

#include "exchange/party.h"

namespace pf::exchange {

std::unique_ptr<Party> product_party(const Header& header);

}  // namespace pf::exchange
