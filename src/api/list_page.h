// The envelope of lists: data, meta, links, and which page is asked for.
#pragma once

#include <string>

#include "gate/route.h"

namespace pf::api {

struct Paging {
  std::uint64_t page = 1, per_page = 15;
  std::string cursor{};
  std::uint64_t offset() const { return (page - 1) * per_page; }
};
Result<Paging> paging_of(const gate::Call& call);  // faults for page, per_page (1 to 200)
json::Value list_body(const gate::Call& call, json::Value data, const Paging& paging, std::uint64_t total,
                      const std::string& next_cursor);

}  // namespace pf::api
