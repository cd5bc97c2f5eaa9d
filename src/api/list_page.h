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
// Faults for page, per_page (1 to 200).
Result<Paging> paging_of(const gate::Call& call, std::uint64_t per_page = 15);
// Of a list that is walked by cursor alone and not counted: no numbers, no last page.
json::Value cursor_body(const gate::Call& call, json::Value data, std::uint64_t per_page,
                        const std::string& next_cursor);
json::Value list_body(const gate::Call& call, json::Value data, const Paging& paging, std::uint64_t total,
                      const std::string& next_cursor);

}  // namespace pf::api
