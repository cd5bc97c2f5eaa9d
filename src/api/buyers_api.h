// Buyers as people: found by what they are called, given what is held about them, erased, and proven gone.
#pragma once

#include <filesystem>

#include "archive/archive.h"
#include "gate/route.h"
#include "orders/invoices.h"
#include "orders/orders.h"

namespace pf::api {

// `folder` is the data folder, whose files a proof reads through.
std::vector<gate::Row> buyers_routes(storage::Store& store, orders::Orders& orders, vault::Vault& vault,
                                     audit::Audit& audit, archive::Archive& archive, orders::Invoices& invoices,
                                     std::filesystem::path folder);

}  // namespace pf::api
