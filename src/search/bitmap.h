// Sets of documents, a compressed bitmap a block. Only for this room.
#pragma once

#include <roaring/roaring.h>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "search/index_keys.h"
#include "storage/store.h"

namespace pf::search {

struct FreeBitmap {
  void operator()(roaring_bitmap_t* p) const { roaring_bitmap_free(p); }
};
using Bitmap = std::unique_ptr<roaring_bitmap_t, FreeBitmap>;

Bitmap read_bitmap(std::string_view record);  // an empty one for damaged bytes
std::string operand(std::uint32_t document, bool add);
storage::MergeRule bitmap_merge();

// Documents over all blocks. Blocks without any are left out.
class Documents {
 public:
  void add(std::uint32_t document);
  void unite(std::uint16_t block, Bitmap bitmap);
  void unite(Documents other);
  void keep(const Documents& other);  // intersection
  void remove(const Documents& other);
  bool contains(std::uint32_t document) const;
  std::uint64_t count() const;
  std::uint64_t count_common(std::uint16_t block, const roaring_bitmap_t* other) const;
  std::vector<std::uint32_t> list() const;  // ascending

 private:
  std::map<std::uint16_t, Bitmap> blocks_;
};

}  // namespace pf::search
