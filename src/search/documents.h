// Sets of documents, a compressed bitmap a block. Only for this room.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "search/index_records.h"

namespace pf::search {

// Documents over all blocks. Blocks without any are left out.
class Documents {
 public:
  void unite(Documents other);
  void add(std::uint16_t block, const std::vector<std::uint32_t>& documents);  // of that block
  void keep(const Documents& other);                                           // intersection
  void drop(const Documents& other);
  void drop(std::uint16_t block, const BlockRecord& record);
  Documents without(const Documents& other) const;
  Documents to_drop_from() const;  // a copy in which dropping one costs the same whatever else is there
  bool contains(std::uint32_t document) const;
  std::uint64_t count() const;
  std::uint64_t count_common(std::uint16_t block, const BlockRecord& record) const;
  std::vector<std::uint32_t> chunks() const;  // that hold any, ascending
  std::vector<std::uint32_t> list() const;    // ascending
  // At most `count` of them behind the first `skip`, ascending or descending.
  std::vector<std::uint32_t> part(std::uint64_t skip, std::size_t count, bool descending) const;
  std::uint64_t count_below(std::uint32_t document) const;
  std::vector<std::uint32_t> common(std::uint16_t block, const BlockRecord& record) const;  // ascending

 private:
  friend class Union;
  friend class Common;
  std::map<std::uint16_t, Bitmap> blocks_;
};

inline constexpr std::size_t kBlockWords = 65'536 / 64;
using BlockBits = std::array<std::uint64_t, kBlockWords>;

// Counts what each of many records has in common with the same documents, which must outlive it.
class Common {
 public:
  explicit Common(const Documents& documents);
  std::uint64_t count(std::uint16_t block, const BlockRecord& record) const;

 private:
  const Documents& documents_;
  std::map<std::uint16_t, std::unique_ptr<BlockBits>> bits_;  // of blocks with few of them
};

// Unites what many records hold: the terms that begin with some letters, or the values of a range. Few documents here
// and few there are bits set, since to unite small bitmaps again and again is to copy what was there each time.
class Union {
 public:
  // `odd`: keeps what was added an odd number of times, so that a part of what is there is taken out by adding it.
  explicit Union(bool odd = false) : odd_(odd) {}
  void add(std::uint16_t block, BlockRecord record);
  void add(std::uint16_t block, std::uint16_t within);
  Documents take() &&;

 private:
  struct Block {
    Bitmap whole{};  // the first record, and those of many documents
    std::unique_ptr<BlockBits> bits{};
  };
  template <class Number>
  void set(Block& mine, std::span<const Number> within) const;
  void join(roaring_bitmap_t* mine, const roaring_bitmap_t* other) const;
  bool odd_;
  std::map<std::uint16_t, Block> blocks_{};
};

}  // namespace pf::search
