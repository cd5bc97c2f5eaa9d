// How invoices and credit notes come into the sealed archive, where the owner has switched it on.
#pragma once

#include "app/house.h"

namespace pf::app {

// In the unit of work that makes it, each is drawn as it is printed that day, with its buyer, and sealed. Also says
// where the invoices' days and years begin. For the house, before anybody asks.
void archive_invoices(House& house);

}  // namespace pf::app
