// The parties whose files hold orders.
#pragma once

#include "exchange/party.h"

namespace pf::exchange {

std::unique_ptr<Party> order_party(const Header& header);

}  // namespace pf::exchange
