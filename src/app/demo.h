// Fills a new folder with the demo's shop, by the product's own means: products in batches, orders placed, shipped and
// cancelled with a clock that travels from 40 days ago to now, so that the vault really forgets the first ten days.
#pragma once

#include <filesystem>
#include <string>

#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::app {

inline constexpr std::string_view kDemoOwner = "owner@example.com";
Result<> fill_demo(const std::filesystem::path& folder);

}  // namespace pf::app
