// What rules made of one product and its offer in one write. Only for this room.
#pragma once

#include <optional>

#include "catalog/offers.h"
#include "catalog/ruling.h"

namespace pf::catalog {

struct RuledWrite {
  Ruled ruled{};
  std::optional<Offer> before{}, after{};  // of its offer; the same where no rule is about offers
};

}  // namespace pf::catalog
