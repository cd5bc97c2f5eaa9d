#include "search/documents.h"

namespace pf::search {
namespace {

void append(const roaring_bitmap_t* bitmap, std::uint16_t block, std::vector<std::uint32_t>& out) {
  const std::size_t start = out.size();
  out.resize(start + roaring_bitmap_get_cardinality(bitmap));
  roaring_bitmap_to_uint32_array(bitmap, out.data() + start);
  for (std::size_t i = start; i < out.size(); ++i) out[i] |= static_cast<std::uint32_t>(block) << 16;
}

}  // namespace

void Documents::unite(std::uint16_t block, BlockRecord record) {
  if (record.is_list() && record.size() == 0) return;
  Bitmap& mine = blocks_[block];
  if (!mine) {
    mine = std::move(record).take();
  } else if (record.is_list()) {
    for (std::size_t i = 0; i < record.size(); ++i) roaring_bitmap_add(mine.get(), record[i]);
  } else {
    roaring_bitmap_or_inplace(mine.get(), record.bitmap());
  }
}

void Documents::unite(Documents other) {
  for (auto& [block, bitmap] : other.blocks_) {
    Bitmap& mine = blocks_[block];
    if (!mine)
      mine = std::move(bitmap);
    else
      roaring_bitmap_or_inplace(mine.get(), bitmap.get());
  }
}

void Documents::keep(const Documents& other) {
  for (auto it = blocks_.begin(); it != blocks_.end();) {
    const auto theirs = other.blocks_.find(it->first);
    if (theirs != other.blocks_.end()) roaring_bitmap_and_inplace(it->second.get(), theirs->second.get());
    it = theirs == other.blocks_.end() || roaring_bitmap_is_empty(it->second.get()) ? blocks_.erase(it) : std::next(it);
  }
}

Documents Documents::without(const Documents& other) const {
  Documents rest;
  for (const auto& [block, bitmap] : blocks_) {
    const auto theirs = other.blocks_.find(block);
    Bitmap left(theirs == other.blocks_.end() ? roaring_bitmap_copy(bitmap.get())
                                              : roaring_bitmap_andnot(bitmap.get(), theirs->second.get()));
    if (!roaring_bitmap_is_empty(left.get())) rest.blocks_.emplace(block, std::move(left));
  }
  return rest;
}

std::uint64_t Documents::count() const {
  std::uint64_t total = 0;
  for (const auto& [block, bitmap] : blocks_) total += roaring_bitmap_get_cardinality(bitmap.get());
  return total;
}

std::uint64_t Documents::count_common(std::uint16_t block, const BlockRecord& record) const {
  const auto found = blocks_.find(block);
  if (found == blocks_.end()) return 0;
  if (!record.is_list()) return roaring_bitmap_and_cardinality(found->second.get(), record.bitmap());
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < record.size(); ++i) count += roaring_bitmap_contains(found->second.get(), record[i]);
  return count;
}

std::vector<std::uint32_t> Documents::list() const {
  std::vector<std::uint32_t> out;
  out.reserve(count());
  for (const auto& [block, bitmap] : blocks_) append(bitmap.get(), block, out);
  return out;
}

std::vector<std::uint32_t> Documents::common(std::uint16_t block, const BlockRecord& record) const {
  std::vector<std::uint32_t> out;
  const auto found = blocks_.find(block);
  if (found == blocks_.end()) return out;
  if (record.is_list()) {
    for (std::size_t i = 0; i < record.size(); ++i)
      if (roaring_bitmap_contains(found->second.get(), record[i]))
        out.push_back(static_cast<std::uint32_t>(block) << 16 | record[i]);
    return out;
  }
  const Bitmap both(roaring_bitmap_and(found->second.get(), record.bitmap()));
  append(both.get(), block, out);
  return out;
}

}  // namespace pf::search
