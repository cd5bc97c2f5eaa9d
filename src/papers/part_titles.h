// What the parts of kits are called, by SKU: an order knows what it sold, the catalogue what that is made of.
#pragma once

#include <map>
#include <string>

namespace pf::papers {

using PartTitles = std::map<std::string, std::string, std::less<>>;

}  // namespace pf::papers
