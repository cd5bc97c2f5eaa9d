// The OpenAPI 3.1 document, from the rows.
#pragma once

#include <string_view>
#include <vector>

#include "gate/route.h"

namespace pf::gate {

json::Value openapi(const std::vector<Row>& rows, std::string_view version);

}  // namespace pf::gate
