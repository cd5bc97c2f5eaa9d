// Sets of documents, a compressed bitmap a block. Only for this room.
#pragma once

#include <map>
#include <vector>

#include "search/index_records.h"

namespace pf::search {

// Documents over all blocks. Blocks without any are left out.
class Documents {
 public:
  void unite(std::uint16_t block, BlockRecord record);
  void unite(Documents other);
  void keep(const Documents& other);  // intersection
  Documents without(const Documents& other) const;
  std::uint64_t count() const;
  std::uint64_t count_common(std::uint16_t block, const BlockRecord& record) const;
  std::vector<std::uint32_t> list() const;                                                  // ascending
  std::vector<std::uint32_t> common(std::uint16_t block, const BlockRecord& record) const;  // ascending

 private:
  std::map<std::uint16_t, Bitmap> blocks_;
};

}  // namespace pf::search
